//! The account behind a key, and its photos.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::lenient;

/// GET /user.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, expecting = "an account")]
pub struct Account {
    /// Who the key belongs to.
    #[serde(deserialize_with = "lenient::object")]
    pub user: User,
    /// Photos in the period.
    #[serde(deserialize_with = "lenient::object")]
    pub photo_limit: PhotoBuckets,
    /// Photos used so far.
    #[serde(deserialize_with = "lenient::object")]
    pub photos_used_this_period: PhotoBuckets,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// The account behind a key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct User {
    /// E-mail address.
    #[serde(deserialize_with = "lenient::text")]
    pub email: Option<String>,
    /// Account id.
    #[serde(deserialize_with = "lenient::text")]
    pub uid: Option<String>,
    /// Members that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// Photo counts for each kind of work.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct PhotoBuckets {
    /// Staging and removal.
    pub staging: Option<PhotoCount>,
    /// Image editing.
    pub image_editing: Option<PhotoCount>,
    /// Kinds that are not known here.
    #[serde(flatten)]
    pub other: Map<String, Value>,
}

/// A number of photos: a number, or the text `UNLIMITED` (seen in a client).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Value", into = "Value")]
pub enum PhotoCount {
    /// So many.
    Number(u64),
    /// No limit.
    Unlimited,
    /// Neither a number nor `UNLIMITED`.
    Other(Value),
}

impl From<Value> for PhotoCount {
    fn from(value: Value) -> Self {
        match (value.as_u64(), value.as_str()) {
            (Some(number), _) => Self::Number(number),
            (None, Some(text)) if text.eq_ignore_ascii_case("unlimited") => Self::Unlimited,
            _ => Self::Other(value),
        }
    }
}

impl From<PhotoCount> for Value {
    fn from(count: PhotoCount) -> Self {
        match count {
            PhotoCount::Number(number) => number.into(),
            PhotoCount::Unlimited => "UNLIMITED".into(),
            PhotoCount::Other(value) => value,
        }
    }
}

impl fmt::Display for PhotoCount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(number) => write!(f, "{number}"),
            Self::Unlimited => f.write_str("unlimited"),
            Self::Other(value) => write!(f, "{value}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_photo_count_is_a_number_or_unlimited() {
        let account: Account = serde_json::from_value(json!({
            "user": {"email": "dev@example.com", "uid": "u1"},
            "photoLimit": {"staging": 150, "imageEditing": "UNLIMITED", "video": 3},
            "photosUsedThisPeriod": {"staging": -1},
        }))
        .expect("readable");
        assert_eq!(account.photo_limit.staging, Some(PhotoCount::Number(150)));
        assert_eq!(account.photo_limit.image_editing, Some(PhotoCount::Unlimited));
        assert_eq!(account.photo_limit.other["video"], 3);
        assert_eq!(account.photos_used_this_period.staging.expect("given").to_string(), "-1");
        assert_eq!(account.photos_used_this_period.image_editing, None);
    }

    #[test]
    fn groups_that_are_no_objects_count_as_empty() {
        let account: Account = serde_json::from_value(json!({"user": null, "photoLimit": 150})).expect("readable");
        assert_eq!(account, Account::default());
    }
}
