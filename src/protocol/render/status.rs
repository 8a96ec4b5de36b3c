//! Enums that stay open: a status or kind that is not known yet is kept as it is.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Defines an enum of texts that keeps a text it does not know.
macro_rules! open_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $text:literal,)* }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(from = "Value", into = "String")]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A text that is not known here.
            Other(String),
        }

        impl $name {
            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$variant,)*
                    other => Self::Other(other.to_owned()),
                }
            }
        }

        impl From<Value> for $name {
            fn from(value: Value) -> Self {
                value.as_str().map_or_else(|| Self::Other(value.to_string()), Self::from)
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.as_str().to_owned()
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }
    };
}

open_enum! {
    /// Where a variation or an analysis stands.
    VariationStatus {
        /// Not started.
        Idle = "idle",
        /// Waiting for its turn.
        Queued = "queued",
        /// In the making.
        Rendering = "rendering",
        /// Finished.
        Done = "done",
        /// Failed.
        Error = "error",
        /// Deleted since.
        Deleted = "deleted",
    }
}

impl Default for VariationStatus {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl VariationStatus {
    /// Whether nothing more will come: done, error or deleted. What is not known is not final.
    pub fn is_final(&self) -> bool {
        matches!(self, Self::Done | Self::Error | Self::Deleted)
    }
}

open_enum! {
    /// What a variation is.
    VariationKind {
        /// Furnished.
        Staging = "staging",
        /// Emptied.
        Removal = "removal",
        /// Day turned into dusk.
        DayToDusk = "daytodusk",
        /// Better light and colours.
        Enhancement = "enhancement",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn unknown_texts_are_kept_and_not_final() {
        for (value, text) in [(json!("upscaling"), "upscaling"), (json!(7), "7"), (json!("done"), "done")] {
            let status: VariationStatus = serde_json::from_value(value).expect("readable");
            assert_eq!((status.as_str(), status.is_final()), (text, text == "done"));
            assert_eq!(serde_json::to_value(&status).expect("JSON"), json!(text));
        }
        assert_eq!(VariationKind::from("video").to_string(), "video");
    }
}
