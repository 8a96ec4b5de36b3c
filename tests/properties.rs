//! What holds for every JSON text: canonical JSON against serde_json where that is exact, and against itself.

use proptest::prelude::*;
use serde_json::{Map, Value};
use vsai::protocol::canonical_json::{CanonicalError, canonicalize, canonicalize_within, is_canonical_within};
use vsai::protocol::{Matched, Secret, SigningKey, Verifier};

/// Values that serde_json writes as Node does: integers that a double holds, and no key that looks like an integer.
fn value() -> impl Strategy<Value = Value> {
    let exact = -(1_i64 << 53)..=1 << 53;
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        exact.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let key = any::<String>()
        .prop_filter("looks like an integer", |key| !key.starts_with(|first: char| first.is_ascii_digit()));
    leaf.prop_recursive(6, 120, 24, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..24).prop_map(|members| Value::from(Map::from_iter(members))),
        ]
    })
}

/// JSON in every spelling: odd numbers, escapes, integer-like and duplicate keys.
fn text() -> impl Strategy<Value = String> {
    let plain = vec![
        "0",
        "-0",
        "1.50",
        "12.5e9",
        "-1e-3",
        "1E2",
        r#""""#,
        r#""\u0061\/""#,
        r#""\ud83D\ude00""#,
        " true ",
        "null\n",
    ];
    let odd = vec!["1e400", "-1e999", r#""\ud800""#, r#""\uDC00\ud800""#, "9007199254740993", "1e-400"];
    let leaf = prop_oneof![20 => prop::sample::select(plain), 1 => prop::sample::select(odd)].prop_map(str::to_owned);
    let key = prop::sample::select(vec![
        "a",
        "b",
        r"\u0061",
        "0",
        "1",
        "10",
        "9",
        "01",
        "4294967294",
        "4294967295",
        "é",
        r"\u00e9",
        "__proto__",
        "",
    ]);
    leaf.prop_recursive(5, 80, 20, move |inner| {
        let member = (key.clone(), inner.clone()).prop_map(|(key, value)| format!("\"{key}\": {value}"));
        prop_oneof![
            prop::collection::vec(inner, 0..4).prop_map(|values| format!("[{}]", values.join(","))),
            prop::collection::vec(member, 0..20).prop_map(|members| format!("{{{}}}", members.join(" ,"))),
        ]
    })
}

/// The value with all numbers as doubles, which is what they are in JavaScript.
fn doubles(value: &Value) -> Value {
    match value {
        Value::Number(number) => Value::from(number.as_f64().expect("a double") + 0.0),
        Value::Array(values) => values.iter().map(doubles).collect(),
        Value::Object(members) => members.iter().map(|(key, value)| (key.clone(), doubles(value))).collect(),
        other => other.clone(),
    }
}

/// Texts that may or may not be JSON, from the pieces that JSON is made of.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u", "d83d", "\\ude00", "\"a\":", "\"1\":", "\"0\":", "{\"b\":",
        "0", "-", "12.5", "e9", "1e400", "true", "null", " ", "\u{feff}", "é", "\u{0}",
    ]);
    prop::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat().into_bytes())
}

fn decimal() -> impl Strategy<Value = String> {
    let integer = prop_oneof![Just("0".to_owned()), (1_u64..10_u64.pow(17)).prop_map(|number| number.to_string())];
    let fraction = prop_oneof![
        Just(String::new()),
        (0_u64..10_u64.pow(17), 0_usize..17).prop_map(|(digits, most)| format!(".{digits:017}")[..most + 2].to_owned()),
        (0_usize..9, 0_u32..1_000).prop_map(|(zeros, digits)| format!(".{}{digits}", "0".repeat(zeros))),
    ];
    (any::<bool>(), integer, fraction).prop_map(|(minus, integer, fraction)| {
        let sign = if minus { "-" } else { "" };
        format!("{sign}{integer}{fraction}")
    })
}

fn written(value: &Value) -> String {
    value.to_string()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_serde_json_writes_is_canonical(value in value()) {
        let text = written(&value);
        prop_assert_eq!(canonicalize(text.as_bytes()), Ok(text));
    }

    #[test]
    fn white_space_leaves_no_trace(value in value()) {
        let pretty = serde_json::to_string_pretty(&value).expect("JSON");
        prop_assert_eq!(canonicalize(pretty.as_bytes()), Ok(written(&value)));
    }

    #[test]
    fn the_canonical_form_is_its_own(text in text()) {
        let canonical = canonicalize(text.as_bytes()).expect("JSON");
        prop_assert_eq!(canonicalize(canonical.as_bytes()), Ok(canonical));
    }

    #[test]
    fn a_text_is_canonical_exactly_when_its_canonical_form_is_the_same(text in text(), depth in 0_usize..6) {
        let canonical = canonicalize(text.as_bytes()).expect("JSON");
        // No string here holds white space.
        let compact = text.split_ascii_whitespace().collect();
        for text in [&text, &compact, &canonical] {
            let is_same = canonicalize_within(text.as_bytes(), depth).as_ref() == Ok(text);
            prop_assert_eq!(is_canonical_within(text, depth), is_same, "{}", text);
        }
    }

    #[test]
    fn what_is_no_json_is_not_canonical(text in pieces()) {
        let is_same = canonicalize(&text).is_ok_and(|canonical| canonical.as_bytes() == text);
        let text = String::from_utf8(text).expect("pieces of text");
        prop_assert_eq!(is_canonical_within(&text, usize::MAX), is_same);
    }

    #[test]
    fn a_refusal_points_into_the_text(text in pieces()) {
        if let Err(CanonicalError::Syntax { offset, .. }) = canonicalize(&text) {
            prop_assert!(offset <= text.len());
        }
    }

    #[test]
    fn what_stands_before_a_refusal_decides_it(text in pieces(), other in pieces()) {
        if let Err(CanonicalError::Syntax { offset, reason }) = canonicalize(&text)
            && offset < text.len()
        {
            let longer = [&text[..=offset], &other].concat();
            if std::str::from_utf8(&longer).is_ok() && reason != "expected a value" {
                prop_assert_eq!(canonicalize(&longer), Err(CanonicalError::Syntax { offset, reason }));
            }
        }
    }

    #[test]
    fn any_bytes_are_taken_or_refused(bytes: Vec<u8>, max_depth in 0_usize..4) {
        let valid = std::str::from_utf8(&bytes).map_err(|error| error.valid_up_to());
        match (canonicalize_within(&bytes, max_depth), valid) {
            (Err(CanonicalError::NotUtf8 { offset }), Err(first)) => prop_assert_eq!(offset, first),
            (Err(CanonicalError::NotUtf8 { .. }), Ok(_)) | (_, Err(_)) => prop_assert!(false, "UTF-8 was misjudged"),
            _ => {}
        }
    }

    #[test]
    fn the_same_values_stand_in_both(text in text()) {
        // serde_json refuses lone surrogates and numbers past the largest double.
        if let Ok(value) = serde_json::from_str::<Value>(&text) {
            let canonical = canonicalize(text.as_bytes()).expect("JSON");
            let canonical = serde_json::from_str(&canonical).expect("canonical JSON is JSON");
            prop_assert_eq!(doubles(&canonical), doubles(&value));
        }
    }

    #[test]
    fn a_number_is_the_shortest_of_its_double(text in decimal()) {
        let double: f64 = text.parse().expect("a decimal");
        prop_assert_eq!(canonicalize(text.as_bytes()), Ok(ryu_js::Buffer::new().format(double).to_owned()));
    }

    #[test]
    fn a_signature_covers_every_text_of_its_canonical_form(value in value()) {
        let secret = Secret::new("test-secret").expect("not empty");
        let signature = SigningKey::new(&secret).sign(written(&value).as_bytes());
        let spaced = format!(" {}", written(&value));
        let verified = Verifier::new(&[secret]).verify(spaced.as_bytes(), signature).expect("verified");
        prop_assert_eq!((verified.matched(), verified.text()), (Matched::Canonical, &*written(&value)));
    }
}
