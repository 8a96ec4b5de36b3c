//! What makes two purchases the same: account, endpoint, photo, settings and count. Where webhooks go is left out.

use serde_json::Value;
use sha2::{Digest, Sha256};

/// Whose money it is: accounts of different APIs have nothing in common, so a sandbox's job never satisfies a real one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Owner {
    /// Scheme, host and port of the API.
    pub(crate) origin: String,
    /// The account's id.
    pub(crate) account: String,
}

/// Something to be bought once.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Purchase {
    pub(crate) owner: Owner,
    /// Below the API's base: `/renders`.
    pub(crate) endpoint: &'static str,
    /// SHA-256 of the photo's bytes as they were read, or of its exact URL.
    pub(crate) photo: [u8; 32],
    /// The photo in words: a file's name, a link.
    pub(crate) source: String,
    /// The request without photo, webhook and count.
    pub(crate) settings: Value,
    /// Variations that are asked for.
    pub(crate) count: u32,
}

impl Purchase {
    /// The same for the same purchase, whatever the order of members in its settings.
    pub(super) fn key(&self) -> [u8; 32] {
        self.digest(&[&self.photo, ordered(&self.settings).as_bytes(), &self.count.to_be_bytes()])
    }

    /// The same for requests whose renders cannot be told apart, since a render does not name its photo.
    pub(super) fn twin(&self) -> [u8; 32] {
        self.digest(&[b"", ordered(&self.settings).as_bytes(), &self.count.to_be_bytes()])
    }

    /// The same for all purchases with this photo.
    pub(super) fn photo_key(&self) -> [u8; 32] {
        self.digest(&[&self.photo])
    }

    fn digest(&self, parts: &[&[u8]]) -> [u8; 32] {
        let owner = [self.owner.origin.as_bytes(), self.owner.account.as_bytes(), self.endpoint.as_bytes()];
        let mut digest = Sha256::new();
        for part in owner.iter().chain(parts) {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part);
        }
        digest.finalize().into()
    }
}

/// JSON with the members of each object in order of their names.
fn ordered(value: &Value) -> String {
    match value {
        Value::Object(members) => {
            let mut names: Vec<_> = members.iter().collect();
            names.sort_by_key(|(name, _)| *name);
            let members: Vec<_> = names
                .into_iter()
                .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), ordered(value)))
                .collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(ordered).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn purchase() -> Purchase {
        Purchase {
            owner: Owner { origin: "https://api.example.com".into(), account: "u1".into() },
            endpoint: "/renders",
            photo: [1; 32],
            source: "a.jpg".into(),
            settings: json!({"config": {"type": "staging", "add_furniture": {"style": "modern", "room_type": "bed"}}}),
            count: 1,
        }
    }

    #[test]
    fn the_key_is_the_same_for_the_same_purchase_only() {
        let key = purchase().key();
        let reordered =
            json!({"config": {"add_furniture": {"room_type": "bed", "style": "modern"}, "type": "staging"}});
        assert_eq!(Purchase { settings: reordered, source: "b.jpg".into(), ..purchase() }.key(), key);
        let other_owner = |origin: &str, account: &str| Owner { origin: origin.into(), account: account.into() };
        for other in [
            Purchase { owner: other_owner("http://127.0.0.1:4010", "u1"), ..purchase() },
            Purchase { owner: other_owner("https://api.example.com", "u2"), ..purchase() },
            Purchase { owner: other_owner("https://api.example.comu", "1"), ..purchase() },
            Purchase { endpoint: "/renders/a/variations", ..purchase() },
            Purchase { photo: [2; 32], ..purchase() },
            Purchase { settings: json!({"config": {"type": "enhancement"}}), ..purchase() },
            Purchase { count: 2, ..purchase() },
        ] {
            assert_ne!(other.key(), key, "{other:?}");
        }
    }

    #[test]
    fn twins_differ_in_nothing_but_their_photo() {
        let twin = purchase().twin();
        assert_eq!(Purchase { photo: [2; 32], ..purchase() }.twin(), twin);
        assert_ne!(Purchase { count: 2, ..purchase() }.twin(), twin);
        assert_ne!(purchase().key(), twin);
        assert_eq!(Purchase { count: 2, ..purchase() }.photo_key(), purchase().photo_key());
    }
}
