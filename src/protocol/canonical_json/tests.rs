//! The rules one by one, the place and reason of every refusal, and what no generator would find.

use super::{CanonicalError, MAX_LENGTH, canonicalize, canonicalize_within};

#[test]
fn writes_what_json_stringify_writes() {
    for (text, canonical) in [
        (" { \"a\" : [ 1 , true , null ] } \n", r#"{"a":[1,true,null]}"#),
        ("\u{feff}{}", "{}"),
        ("[]", "[]"),
        ("1e400", "null"),
        ("[-0,-0.0,1.0,1E21,1e-7,9e20]", "[0,0,1,1e+21,1e-7,900000000000000000000]"),
        ("[9007199254740993,123456789012345,-999999999999999]", "[9007199254740992,123456789012345,-999999999999999]"),
        (r#""\u002f\/\u0008\u001F\u007f\u2028""#, "\"//\\b\\u001f\u{7f}\u{2028}\""),
        (r#""\uD83D\uDE00 \uD83D \uDE00 \uD83D\uD83D\uDE00""#, r#""😀 \ud83d \ude00 \ud83d😀""#),
        (
            r#"{"b":1,"4294967295":2,"4294967294":3,"a":4,"0":5,"01":6}"#,
            r#"{"0":5,"4294967294":3,"b":1,"4294967295":2,"a":4,"01":6}"#,
        ),
        (r#"{"a":1,"b":2,"\u0061":3}"#, r#"{"a":3,"b":2}"#),
        (r#"{"😀":1,"\ud83d\ude00":2,"\ud83d":3,"\uD83D":4}"#, r#"{"😀":2,"\ud83d":4}"#),
        (r#"{"__proto__":{"x":1},"a":2,"__proto__":{}}"#, r#"{"__proto__":{},"a":2}"#),
        (
            r#"{"a":{"2":{"y":1,"0":2},"1":0},"b":[{"9":1,"8":{"1":1,"0":0}}],"0":[]}"#,
            r#"{"0":[],"a":{"1":0,"2":{"0":2,"y":1}},"b":[{"8":{"0":0,"1":1},"9":1}]}"#,
        ),
        (r#"{"a":{"1":1,"0":0},"a":{"3":1,"2":0},"a":{"5":1,"4":0}}"#, r#"{"a":{"4":0,"5":1}}"#),
    ] {
        assert_eq!(canonicalize(text.as_bytes()).as_deref(), Ok(canonical), "{text}");
    }
}

#[test]
fn says_where_and_why_a_text_is_refused() {
    const ENDS: &str = "the text ends too early";
    for (text, offset, reason) in [
        ("", 0, ENDS),
        ("\u{feff} ", 4, ENDS),
        ("\u{feff}\u{feff}1", 3, "expected a value"),
        ("\u{a0}1", 0, "expected a value"),
        ("1\u{a0}", 1, "unexpected text after the value"),
        ("1\0", 1, "unexpected text after the value"),
        ("[1,]", 3, "expected a value"),
        ("[1", 2, ENDS),
        ("[1}", 2, "expected ',' or ']'"),
        (r#"{"a":1]"#, 6, "expected ',' or '}'"),
        (r#"{"a":1,}"#, 7, "expected a key in double quotes"),
        (r#"{"a" 1}"#, 5, "expected ':' after a key"),
        ("tru", 0, "expected a value"),
        ("[-]", 2, "no digit after the minus sign"),
        ("[01]", 2, "digit after a leading zero"),
        ("1.", 2, ENDS),
        ("[1.]", 3, "no digit after the decimal point"),
        ("[1e+]", 4, "no digit in the exponent"),
        ("\"a\tb\"", 2, "unescaped control character in a string"),
        (r#""\x""#, 2, "unknown escape in a string"),
        (r#""\u00g0""#, 5, "\\u without four hex digits"),
        (r#""\ud800\u""#, 9, "\\u without four hex digits"),
        (r#""\"#, 2, ENDS),
        (r#""\u00"#, 5, ENDS),
    ] {
        assert_eq!(canonicalize(text.as_bytes()), Err(CanonicalError::Syntax { offset, reason }), "{text}");
    }
    assert_eq!(canonicalize(b"[1,\"\xff\"]"), Err(CanonicalError::NotUtf8 { offset: 4 }));
}

#[test]
fn counts_the_depth_of_arrays_and_objects() {
    let text = br#"[{"a":[1]},2]"#;
    assert_eq!(canonicalize_within(text, 2), Err(CanonicalError::TooDeep { limit: 2 }));
    assert!(canonicalize_within(text, 3).is_ok());
    assert_eq!(canonicalize_within(b"1", 0).as_deref(), Ok("1"));
}

#[test]
fn refuses_what_is_longer_than_the_limit_unread() {
    assert_eq!(canonicalize(&vec![0; MAX_LENGTH + 1]), Err(CanonicalError::TooLong { limit: MAX_LENGTH }));
}

#[test]
fn many_members_merge_as_few_do() {
    for count in 1..80 {
        for distinct in 1..=count {
            let member = |index: usize, value: usize| format!("\"k{}\":{value}", index % distinct);
            let text: Vec<_> = (0..count).map(|index| member(index, index)).collect();
            let last = |place: usize| (count - 1 - place) / distinct * distinct + place;
            let canonical: Vec<_> = (0..distinct).map(|place| member(place, last(place))).collect();
            assert_eq!(
                canonicalize(format!("{{{}}}", text.join(",")).as_bytes()),
                Ok(format!("{{{}}}", canonical.join(",")))
            );
        }
    }
}

#[test]
fn any_depth_is_written_without_recursion() {
    let depth = 1_000_000;
    for (open, middle, close, canonical) in [
        ("[", "", "]", ["[", "", "]"]),
        (r#"{"a":"#, "0", "}", [r#"{"a":"#, "0", "}"]),
        (r#"{"a":"#, "0", r#","0":1}"#, [r#"{"0":1,"a":"#, "0", "}"]),
    ] {
        let nested =
            |[open, middle, close]: [&str; 3]| format!("{}{middle}{}", open.repeat(depth), close.repeat(depth));
        let written = canonicalize(nested([open, middle, close]).as_bytes()).expect("canonical");
        assert!(written == nested(canonical), "{open}…");
    }
}
