//! The members of objects in another order, or with and without those that are null.

use std::borrow::Cow;

use super::Finding;
use super::tokens::{Token, Tokens, unquoted};

const MOST_DEPTH: usize = 128;
const KEEP_RAW: &str = "keep the request's raw body and verify that: what a typed model, a database's jsonb or a workflow tool writes again \
     is another text (Express: express.raw(), Flask: request.get_data(), PHP: php://input, Next.js: await request.text())";
const SIGN_ONCE: &str = "serialise once, then sign and post that one string, as `vsai sign FILE` does";

/// The members of events in the order of the vendor's documentation, and in the order of its examples.
const DOCUMENTED: [[&str; 13]; 2] = [
    [
        "render_id",
        "variation_id",
        "variation_type",
        "base_variation_id",
        "timestamp",
        "event_type",
        "result",
        "error_message",
        "status",
        "result_url",
        "url",
        "optimized_url",
        "thumbnail_url",
    ],
    [
        "render_id",
        "variation_id",
        "variation_type",
        "timestamp",
        "base_variation_id",
        "event_type",
        "result",
        "error_message",
        "status",
        "result_url",
        "url",
        "optimized_url",
        "thumbnail_url",
    ],
];
/// Members that may be null, each with one that shows where it belongs; as they are written in JSON.
const MAY_BE_NULL: [(&str, &str); 3] = [
    (r#""base_variation_id""#, r#""variation_id""#),
    (r#""optimized_url""#, r#""url""#),
    (r#""thumbnail_url""#, r#""url""#),
];

/// What is done to the members of every object.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Members {
    AsTheyAre,
    Sorted,
    ByLength,
    /// As in the documentation (0) or its examples (1).
    Documented(usize),
    WithNulls,
    WithoutNulls,
}

impl Members {
    pub(super) const ALL: [Self; 7] = [
        Self::AsTheyAre,
        Self::Sorted,
        Self::Documented(0),
        Self::Documented(1),
        Self::WithoutNulls,
        Self::WithNulls,
        Self::ByLength,
    ];

    pub(super) fn finding(self) -> Option<Finding> {
        Some(match self {
            Self::AsTheyAre => return None,
            Self::Sorted => Finding::new(
                "body_keys_sorted",
                "what was signed has the members of every object sorted by name (Go maps, `jq -S`, Python's sort_keys)",
                SIGN_ONCE,
            ),
            Self::ByLength => Finding::new(
                "body_keys_by_length",
                "what was signed has the members sorted by length, then by name, as PostgreSQL's jsonb and MySQL's JSON keep them",
                SIGN_ONCE,
            ),
            Self::Documented(_) => Finding::new(
                "body_keys_reordered",
                "the members were signed in the order of the API's documentation, and stand in another one here",
                KEEP_RAW,
            ),
            Self::WithNulls => Finding::new(
                "body_nulls_dropped",
                "the signed text had members that are null (such as \"thumbnail_url\":null), which the body lacks",
                KEEP_RAW,
            ),
            Self::WithoutNulls => Finding::new(
                "body_nulls_added",
                "the body has members that are null, which the signed text lacked",
                KEEP_RAW,
            ),
        })
    }

    /// The text with its members so arranged; none where that changes nothing or it nests too deep.
    pub(super) fn apply(self, text: &str) -> Option<Cow<'_, str>> {
        if self == Self::AsTheyAre {
            return Some(Cow::Borrowed(text));
        }
        let arranged = self.value(&mut Tokens::new(text), MOST_DEPTH)?;
        (arranged != text).then_some(arranged)
    }

    fn value<'a>(self, tokens: &mut Tokens<'a>, depth: usize) -> Option<Cow<'a, str>> {
        let depth = depth.checked_sub(1)?;
        match tokens.next()? {
            Token::Open('{') => Some(Cow::Owned(self.object(tokens, depth)?)),
            Token::Open(_) => Some(Cow::Owned(self.array(tokens, depth)?)),
            Token::Text(text) | Token::Plain(text) => Some(Cow::Borrowed(text)),
            _ => None,
        }
    }

    fn array(self, tokens: &mut Tokens<'_>, depth: usize) -> Option<String> {
        let mut out = String::from("[");
        while !matches!(tokens.peek()?, Token::Close(_)) {
            if tokens.peek()? == Token::Comma {
                tokens.next();
                out.push(',');
            }
            out.push_str(&self.value(tokens, depth)?);
        }
        tokens.next();
        out.push(']');
        Some(out)
    }

    fn object(self, tokens: &mut Tokens<'_>, depth: usize) -> Option<String> {
        let mut members: Vec<(&str, Cow<'_, str>)> = Vec::new();
        loop {
            match tokens.next()? {
                Token::Close(_) => break,
                Token::Text(key) => {
                    tokens.next();
                    members.push((key, self.value(tokens, depth)?));
                }
                _ => {}
            }
        }
        self.arrange(&mut members);
        let written: Vec<String> = members.iter().map(|(key, value)| format!("{key}:{value}")).collect();
        Some(format!("{{{}}}", written.join(",")))
    }

    fn arrange(self, members: &mut Vec<(&str, Cow<'_, str>)>) {
        match self {
            Self::AsTheyAre => {}
            Self::Sorted => members.sort_by_cached_key(|(key, _)| name(key)),
            Self::ByLength => members.sort_by_cached_key(|(key, _)| (name(key).len(), name(key))),
            Self::Documented(order) => sort_as_documented(members, order),
            Self::WithoutNulls => members.retain(|(_, value)| value != "null"),
            Self::WithNulls => {
                for (key, neighbour) in MAY_BE_NULL {
                    let has = |wanted: &str| members.iter().any(|(key, _)| *key == wanted);
                    if has(neighbour) && !has(key) {
                        members.push((key, Cow::Borrowed("null")));
                    }
                }
                sort_as_documented(members, 0);
            }
        }
    }
}

fn name(key: &str) -> String {
    unquoted(key).unwrap_or_else(|| key.to_owned())
}

fn sort_as_documented(members: &mut [(&str, Cow<'_, str>)], order: usize) {
    let place = |name: String| DOCUMENTED[order].iter().position(|known| *known == name).unwrap_or(usize::MAX);
    members.sort_by_cached_key(|(key, _)| place(name(key)));
}
