//! What is sent: only members that the API is known to take, checked before they cost anything.

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::super::Secret;
use super::RenderConfig;

/// The most variations that one render can have (seen in clients).
pub const MAX_VARIATIONS: u32 = 20;

/// The body member of POST /user/webhook-secret that is tried first; the real name is not documented.
pub const DEFAULT_SECRET_MEMBER: &str = "secret";

/// Why a request would be refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRequest {
    /// The documented pattern has two branches: a link without white space, or a base64 data URL.
    #[error("an image is an http(s) link without spaces or a data:image/…;base64, URL")]
    ImageUrl,
    /// Documented range.
    #[error("{0} variations: a render has 1 to 20")]
    VariationCount(u32),
    /// The same range for several configs together.
    #[error("{each} variations with each of {configs} configs are {}: a render has 20 at most", u64::from(*each) * *configs as u64)]
    TooManyVariations {
        /// Of each config.
        each: u32,
        /// How many configs.
        configs: usize,
    },
    /// A staging config that neither adds nor removes.
    #[error("nothing to do: neither furniture to add nor to remove")]
    NothingToDo,
}

/// Checks against the documented pattern
/// `^(https?:\/\/[^\s]+|data:image\/[a-zA-Z+]+;base64,[A-Za-z0-9+/=]+)$`.
///
/// # Errors
/// [`InvalidRequest::ImageUrl`].
pub fn check_image_url(url: &str) -> Result<(), InvalidRequest> {
    let link = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let valid = match link {
        Some(rest) => !rest.is_empty() && !rest.contains(is_ecmascript_space),
        None => is_data_url(url),
    };
    if valid { Ok(()) } else { Err(InvalidRequest::ImageUrl) }
}

/// `\s` of ECMAScript: unlike Rust's, with U+FEFF and without U+0085.
fn is_ecmascript_space(c: char) -> bool {
    c == '\u{feff}' || (c.is_whitespace() && c != '\u{85}')
}

fn is_data_url(url: &str) -> bool {
    let Some((subtype, data)) = url.strip_prefix("data:image/").and_then(|rest| rest.split_once(";base64,")) else {
        return false;
    };
    let all = |text: &str, allowed: fn(u8) -> bool| !text.is_empty() && text.bytes().all(allowed);
    all(subtype, |b| b.is_ascii_alphabetic() || b == b'+')
        && all(data, |b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'='))
}

/// The body of POST /renders with one config.
///
/// ```
/// use vsai::protocol::render::{CreateRender, StagingConfig};
/// let config = StagingConfig::default().add("living", "modern").build()?;
/// let body = CreateRender::new(config, "https://example.com/room.jpg")?.variation_count(3)?;
/// assert_eq!(
///     serde_json::to_string(&body).unwrap(),
///     r#"{"config":{"type":"staging","add_furniture":{"room_type":"living","style":"modern"}},"#.to_owned()
///         + r#""image_url":"https://example.com/room.jpg","variation_count":3}"#,
/// );
/// # Ok::<(), vsai::protocol::render::InvalidRequest>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CreateRender {
    config: RenderConfig,
    image_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    variation_count: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    wait_for_completion: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<String>,
}

impl CreateRender {
    /// One photo, one config.
    ///
    /// # Errors
    /// [`InvalidRequest::ImageUrl`].
    pub fn new(config: RenderConfig, image_url: impl Into<String>) -> Result<Self, InvalidRequest> {
        let image_url = image_url.into();
        check_image_url(&image_url)?;
        Ok(Self { config, image_url, variation_count: None, wait_for_completion: None, webhook_url: None })
    }

    /// How many pictures to make; one is charged whatever the number.
    ///
    /// # Errors
    /// [`InvalidRequest::VariationCount`] outside 1 to 20.
    pub fn variation_count(mut self, count: u32) -> Result<Self, InvalidRequest> {
        self.variation_count = Some(valid_count(count)?);
        Ok(self)
    }

    /// Asks for an answer only when the pictures are done.
    #[must_use]
    pub fn wait_for_completion(mut self) -> Self {
        self.wait_for_completion = Some(true);
        self
    }

    /// Gets one POST for each variation.
    #[must_use]
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }
}

/// The body of POST /renders/{id}/variations, and of POST /renders but for its photo.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CreateVariations {
    #[serde(flatten)]
    work: Work,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<String>,
}

/// What is made: with several configs, each has its own number of pictures (documented).
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
enum Work {
    One {
        config: RenderConfig,
        #[serde(skip_serializing_if = "Option::is_none")]
        variation_count: Option<u32>,
    },
    Several {
        configs: Vec<Counted>,
    },
}

#[derive(Debug, Clone, PartialEq, Serialize)]
struct Counted {
    #[serde(flatten)]
    config: RenderConfig,
    variation_count: u32,
}

impl CreateVariations {
    /// More pictures of a render that exists.
    pub fn new(config: RenderConfig) -> Self {
        Self { work: Work::One { config, variation_count: None }, webhook_url: None }
    }

    /// So many pictures with each of these configs.
    ///
    /// ```
    /// use vsai::protocol::render::{CreateVariations, RenderConfig};
    /// let enhancement = RenderConfig::Enhancement { output_resolution: None };
    /// let body = CreateVariations::of_each(vec![enhancement.clone(), enhancement], 2)?;
    /// assert_eq!(
    ///     serde_json::to_string(&body).unwrap(),
    ///     r#"{"configs":[{"type":"enhancement","variation_count":2},{"type":"enhancement","variation_count":2}]}"#,
    /// );
    /// # Ok::<(), vsai::protocol::render::InvalidRequest>(())
    /// ```
    ///
    /// # Errors
    /// [`InvalidRequest::NothingToDo`] without a config, [`InvalidRequest::VariationCount`] and
    /// [`InvalidRequest::TooManyVariations`] outside 1 to 20 together.
    pub fn of_each(configs: Vec<RenderConfig>, each: u32) -> Result<Self, InvalidRequest> {
        let variation_count = valid_count(each)?;
        if u64::from(each) * configs.len() as u64 > u64::from(MAX_VARIATIONS) {
            return Err(InvalidRequest::TooManyVariations { each, configs: configs.len() });
        }
        let work = match <[RenderConfig; 1]>::try_from(configs) {
            Ok([config]) => Work::One { config, variation_count: Some(variation_count) },
            Err(none) if none.is_empty() => return Err(InvalidRequest::NothingToDo),
            Err(several) => {
                let counted = |config| Counted { config, variation_count };
                Work::Several { configs: several.into_iter().map(counted).collect() }
            }
        };
        Ok(Self { work, webhook_url: None })
    }

    /// Gets one POST for each variation.
    #[must_use]
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }
}

fn valid_count(count: u32) -> Result<u32, InvalidRequest> {
    if (1..=MAX_VARIATIONS).contains(&count) { Ok(count) } else { Err(InvalidRequest::VariationCount(count)) }
}

/// The body of POST /analyze.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Analyze {
    image_url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    webhook_url: Option<String>,
}

impl Analyze {
    /// Makes a mask of the furniture in a photo.
    ///
    /// # Errors
    /// [`InvalidRequest::ImageUrl`].
    pub fn new(image_url: impl Into<String>) -> Result<Self, InvalidRequest> {
        let image_url = image_url.into();
        check_image_url(&image_url)?;
        Ok(Self { image_url, webhook_url: None })
    }

    /// Gets a POST with the result; the answer then comes at once.
    #[must_use]
    pub fn webhook_url(mut self, url: impl Into<String>) -> Self {
        self.webhook_url = Some(url.into());
        self
    }
}

/// The body of POST /multi-view-compatability; the member's name is inferred.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MultiViewCheck {
    image_urls: [String; 2],
}

impl MultiViewCheck {
    /// Asks whether two photos show one room well enough.
    ///
    /// # Errors
    /// [`InvalidRequest::ImageUrl`].
    pub fn new(first: impl Into<String>, second: impl Into<String>) -> Result<Self, InvalidRequest> {
        let image_urls = [first.into(), second.into()];
        image_urls.iter().try_for_each(|url| check_image_url(url))?;
        Ok(Self { image_urls })
    }
}

/// The body of POST /user/webhook-secret: one member, whose name is a setting.
#[derive(Debug, Clone, Copy)]
pub struct SetSecret<'a> {
    /// The member's name: [`DEFAULT_SECRET_MEMBER`] unless the user knows better.
    pub member: &'a str,
    /// The new secret of the account.
    pub secret: &'a Secret,
}

impl Serialize for SetSecret<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut body = serializer.serialize_map(Some(1))?;
        body.serialize_entry(self.member, self.secret.expose())?;
        body.end()
    }
}

#[cfg(test)]
mod tests {
    use super::super::StagingConfig;
    use super::*;

    #[test]
    fn takes_the_documented_image_urls_and_no_others() {
        for (url, valid) in [
            ("https://example.com/room.jpg", true),
            ("http://localhost:8000/a?b=c#d", true),
            ("https://é", true),
            ("data:image/png;base64,iVBORw0KGgo=", true),
            ("data:image/svg+xml;base64,PHN2Zz4=", true),
            ("https://", false),
            ("HTTPS://example.com", false),
            ("https://example.com/my room.jpg", false),
            ("https://example.com/a\u{feff}b", false),
            ("https://example.com/a\u{85}b", true),
            ("https://example.com/a\n", false),
            ("room.jpg", false),
            ("file:///room.jpg", false),
            ("data:image/png;base64,", false),
            ("data:image/x-icon;base64,AAAA", false),
            ("data:image/png,AAAA", false),
            ("data:image/png;base64,AA_A", false),
            ("data:text/html;base64,AAAA", false),
            ("", false),
        ] {
            assert_eq!(check_image_url(url).is_ok(), valid, "{url:?}");
        }
    }

    #[test]
    fn refuses_what_the_api_would_refuse() {
        assert_eq!(StagingConfig::default().build(), Err(InvalidRequest::NothingToDo));
        let config = StagingConfig::default().remove("on").build().expect("valid");
        let body = CreateRender::new(config.clone(), "https://example.com/a.jpg").expect("valid");
        for count in [0, 21] {
            assert_eq!(body.clone().variation_count(count), Err(InvalidRequest::VariationCount(count)));
            assert!(CreateVariations::of_each(vec![config.clone()], count).is_err());
        }
        let several = |number, each| CreateVariations::of_each(vec![config.clone(); number], each);
        assert_eq!(several(3, 7), Err(InvalidRequest::TooManyVariations { each: 7, configs: 3 }));
        assert_eq!(several(0, 1), Err(InvalidRequest::NothingToDo));
        assert!(several(4, 5).is_ok());
        assert_eq!(CreateRender::new(config, "room.jpg"), Err(InvalidRequest::ImageUrl));
        assert!(MultiViewCheck::new("https://example.com/a.jpg", "b.jpg").is_err());
        assert!(Analyze::new("a.jpg").is_err());
    }

    #[test]
    fn the_secret_goes_under_the_member_that_is_set() {
        let secret = Secret::new("q\"uote").expect("not empty");
        let body = serde_json::to_string(&SetSecret { member: "webhookSecret", secret: &secret }).expect("JSON");
        assert_eq!(body, r#"{"webhookSecret":"q\"uote"}"#);
    }
}
