//! Bodies in the encoding of a form, a URL, an HTML page or base64.

use super::super::Finding;
use super::super::header::decode_base64;
use super::super::version::Version;
use super::KEEP_RAW;

/// Form fields that are looked at.
const MOST_FIELDS: usize = 8;
const POST_JSON: &str = "post the JSON itself, with `Content-Type: application/json`, as bytes: curl --data-binary, not -d or --data-urlencode";

pub(super) fn versions(text: &str) -> Vec<Version> {
    let mut versions = form_fields(text);
    let mut add = |bytes: Option<Vec<u8>>, code, what: &str, fix| {
        versions.extend(bytes.map(|bytes| Version::new(bytes, Finding::new(code, what, fix))));
    };
    add(
        percent_decoded(text, true),
        "body_percent_encoded",
        "the body is percent-encoded, and was signed decoded",
        POST_JSON,
    );
    add(
        percent_decoded(text, false),
        "body_percent_encoded",
        "the body is percent-encoded, and was signed decoded",
        POST_JSON,
    );
    add(from_base64(text), "body_base64", "the body is base64 of what was signed", KEEP_RAW);
    let what = "the body has HTML entities such as &quot; or &amp; for characters that were signed as they are";
    add(without_entities(text), "body_html_entities", what, KEEP_RAW);
    let what = "the body has blanks where plus signs were signed: it was decoded like a form";
    add(text.contains(' ').then(|| text.replace(' ', "+").into_bytes()), "body_plus_signs_lost", what, POST_JSON);
    versions
}

fn form_fields(text: &str) -> Vec<Version> {
    let name_ends = text.bytes().position(|byte| !(byte.is_ascii_alphanumeric() || b"_-.%[]".contains(&byte)));
    if name_ends.is_none_or(|end| end == 0 || text.as_bytes()[end] != b'=') {
        return Vec::new();
    }
    let fields = url::form_urlencoded::parse(text.as_bytes()).take(MOST_FIELDS).enumerate();
    fields
        .filter(|(_, (_, value))| value.trim_start().starts_with(['{', '[']))
        .map(|(index, (_, value))| {
            let what = format!("the body is a form, and was signed as its field {} alone", index + 1);
            Version::new(value.as_bytes(), Finding::new("body_form_encoded", what, POST_JSON))
        })
        .collect()
}

/// The bytes that `%XX` stand for; none where there are none.
pub(in super::super) fn percent_decoded(text: &str, plus_is_blank: bool) -> Option<Vec<u8>> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let hex = bytes.get(at + 1..at + 3).filter(|_| *byte == b'%').and_then(|digits| hex::decode(digits).ok());
        match hex {
            Some(decoded) => {
                out.extend(decoded);
                at += 3;
            }
            None => {
                out.push(if *byte == b'+' && plus_is_blank { b' ' } else { *byte });
                at += 1;
            }
        }
    }
    (out.len() < bytes.len()).then_some(out)
}

fn from_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let digits =
        text.strip_prefix("data:").and_then(|rest| rest.split_once(";base64,")).map_or(text, |(_, digits)| digits);
    decode_base64(digits)
}

fn without_entities(text: &str) -> Option<Vec<u8>> {
    let entities = [
        ("&quot;", "\""),
        ("&#34;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&amp;", "&"),
    ];
    let plain = entities.iter().fold(text.to_owned(), |text, (entity, char)| text.replace(entity, char));
    (plain != text).then(|| plain.into_bytes())
}
