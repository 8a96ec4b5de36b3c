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
        self.text.push_str(if is_confidential(name) { "[redacted]" } else { value });
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

    fn end(&self) -> u32 {
        u32::try_from(self.text.len()).expect("a request's head is far smaller")
    }
}

fn is_confidential(name: &str) -> bool {
    let starts = |prefix: &str| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    name.eq_ignore_ascii_case("authorization") || name.eq_ignore_ascii_case("cookie") || starts("proxy-")
}

impl<N: AsRef<str>, V: AsRef<str>> FromIterator<(N, V)> for Headers {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(fields: I) -> Self {
        let fields = fields.into_iter();
        let mut headers = Self::with_capacity(fields.size_hint().0);
        fields.for_each(|(name, value)| headers.push(name.as_ref(), value.as_ref()));
        headers
    }
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
    }
}
