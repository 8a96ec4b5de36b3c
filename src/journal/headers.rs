//! The head of a delivery as it is kept: names and values in the order of arrival, without anybody's credentials.

use serde::{Deserialize, Serialize, Serializer};

/// Header fields, one text for all of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Vec<(String, String)>")]
pub(crate) struct Headers {
    text: String,
    /// Where each name and each value ends.
    ends: Vec<(u32, u32)>,
}

impl Headers {
    /// None yet, and room for so many.
    pub(crate) fn with_capacity(fields: usize) -> Self {
        Self { text: String::with_capacity(fields * 40), ends: Vec::with_capacity(fields) }
    }

    /// Adds a field; the value of one that carries credentials is left out.
    pub(crate) fn push(&mut self, name: &str, value: &str) {
        self.text.push_str(name);
        let name_end = self.end();
        self.text.push_str(if is_confidential(name) { REDACTED } else { value });
        self.ends.push((name_end, self.end()));
    }

    /// Names and values.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let mut start = 0;
        self.ends.iter().map(move |&(name_end, end)| {
            let (name_end, end) = (name_end as usize, end as usize);
            let field = (&self.text[start..name_end], &self.text[name_end..end]);
            start = end;
            field
        })
    }

    /// The same list of pairs in JSON as serde writes it, at a sixth of its cost where nothing has to be escaped.
    pub(super) fn to_json(&self) -> String {
        let is_plain = |byte: u8| matches!(byte, b' '..=b'~') & !matches!(byte, b'"' | b'\\');
        if !self.text.bytes().fold(true, |plain, byte| plain & is_plain(byte)) {
            return serde_json::to_string(self).expect("texts in lists serialise");
        }
        let mut json = String::with_capacity(self.text.len() + 8 * self.ends.len() + 2);
        json.push('[');
        for (index, (name, value)) in self.iter().enumerate() {
            json.push_str(if index == 0 { "[\"" } else { ",[\"" });
            json.push_str(name);
            json.push_str("\",\"");
            json.push_str(value);
            json.push_str("\"]");
        }
        json.push(']');
        json
    }

    fn end(&self) -> u32 {
        offset(self.text.len())
    }
}

fn offset(length: usize) -> u32 {
    u32::try_from(length).expect("a request's head is far smaller")
}

const REDACTED: &str = "[redacted]";

fn is_confidential(name: &str) -> bool {
    let starts = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    name.eq_ignore_ascii_case("authorization") || name.eq_ignore_ascii_case("cookie") || starts("proxy-")
}

/// What is not UTF-8 in a value is replaced.
impl<N: AsRef<str>, V: AsRef<[u8]>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let fields = fields.into_iter();
        let Self { text, mut ends } = Self::with_capacity(fields.size_hint().0);
        let mut bytes = text.into_bytes();
        for (name, value) in fields {
            let name = name.as_ref();
            bytes.extend_from_slice(name.as_bytes());
            let name_end = offset(bytes.len());
            bytes.extend_from_slice(if is_confidential(name) { REDACTED.as_bytes() } else { value.as_ref() });
            ends.push((name_end, offset(bytes.len())));
        }
        // One look at all of them is cheaper than one at each, and as strict: each name between them is ASCII.
        match String::from_utf8(bytes) {
            Ok(text) => Self { text, ends },
            Err(error) => replaced(error.as_bytes(), &ends),
        }
    }
}

fn replaced(bytes: &[u8], ends: &[(u32, u32)]) -> Headers {
    let mut headers = Headers::with_capacity(ends.len());
    let mut start = 0;
    for &(name_end, end) in ends {
        let (name_end, end) = (name_end as usize, end as usize);
        let [name, value] = [&bytes[start..name_end], &bytes[name_end..end]].map(String::from_utf8_lossy);
        headers.push(&name, &value);
        start = end;
    }
    headers
}

impl From<Vec<(String, String)>> for Headers {
    fn from(fields: Vec<(String, String)>) -> Self {
        fields.into_iter().collect()
    }
}

impl Serialize for Headers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_the_order_and_leaves_out_credentials() {
        let headers: Headers =
            [("host", "x"), ("Cookie", "a=1"), ("empty", ""), ("Proxy-Authorization", "Basic x")].into_iter().collect();
        let json = serde_json::to_string(&headers).expect("JSON");
        let kept = r#"[["host","x"],["Cookie","[redacted]"],["empty",""],["Proxy-Authorization","[redacted]"]]"#;
        assert_eq!(json, kept);
        assert_eq!(serde_json::from_str::<Headers>(&json).expect("headers"), headers);
        assert_eq!(headers.to_json(), json);
    }

    #[test]
    fn writes_json_as_serde_does_whatever_a_value_holds() {
        for value in ["", "plain ~!", "a\"b", "a\\b", "tab\t", "del\u{7f}", "é", "\u{1}"] {
            let headers: Headers = [("a", "x"), ("b", value), ("c", "")].into_iter().collect();
            assert_eq!(headers.to_json(), serde_json::to_string(&headers).expect("JSON"), "{value:?}");
        }
        assert_eq!(Headers::default().to_json(), "[]");
    }

    #[test]
    fn replaces_what_is_not_utf_8_in_its_own_value_only() {
        let fields: [(&str, &[u8]); 4] = [("a", b"\xc3"), ("b", "é".as_bytes()), ("cookie", b"\xff"), ("d", b"\xc3")];
        let headers: Headers = fields.into_iter().collect();
        let kept: Vec<_> = headers.iter().collect();
        assert_eq!(kept, [("a", "\u{fffd}"), ("b", "é"), ("cookie", "[redacted]"), ("d", "\u{fffd}")]);
    }
}
