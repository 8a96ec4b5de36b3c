//! What is told of one event.

use std::collections::HashMap;

use serde_json::{Value, json};
use snapbox::str;

use super::{distinct, ids, json, received};
use crate::sender::{Post, SECRET, done, failed, signature};

#[test]
fn an_event_is_shown_with_its_deliveries_and_its_payload() {
    let later = done("rnd_abc", "var_1").replace("1634567890123", "1634567890124");
    let (mut home, records) = received(&[
        Post::signed(done("rnd_abc", "var_1")).header("Cookie", "session=1"),
        Post::signed(later).line("POST /?job=7 HTTP/1.1"),
    ]);
    home.redact("[ID]", ids(&records).remove(0));
    let id = &ids(&records)[0];
    home.check(&format!("events show {id}"), str![[r#"
exit 0
--- stdout
[ID].1  done  rnd_abc  var_1
  received   [..] at /
  signature  matches the body, secret 282fdcd7
  body       214 bytes, SHA-256 a77f538af4b48a1e4f2bca5bf3d03dc17a579b10b467647502a85afe38697c9b
  deliveries
    [ID].1  [..]
    [ID].2  [..]  duplicate
{"render_id":"rnd_abc","variation_id":"var_1","variation_type":"staging","timestamp":1634567890123,"event_type":"done","result":{"url":"https://results.example.com/a.jpg","optimized_url":null,"thumbnail_url":null}}
--- stderr

"#]]);
    let second = home.stdout(&format!("events show {id}.2 --headers"));
    assert!(second.contains("at /?job=7\n") && second.contains("1634567890124"), "{second}");
    assert!(second.contains("    content-type: application/json\n"), "{second}");
    let first = home.stdout(&format!("events show {id} --headers"));
    assert!(first.contains("    cookie: [redacted]\n"), "{first}");
}

#[test]
fn scripts_get_a_record_in_which_the_event_is_one_too() {
    let (home, records) = received(&[Post::signed(failed("r", "v")), Post::signed(failed("r", "v"))]);
    let shown = json(&home, &format!("events show {}", ids(&records)[0])).remove(0);
    assert_eq!(shown["kind"], "event_history");
    assert_eq!(shown["event"], records.iter().find(|record| record["kind"] == "event").expect("one").clone());
    let names: Vec<_> = shown["deliveries"].as_array().expect("a list").iter().map(|one| &one["duplicate"]).collect();
    assert_eq!(names, [&json!(false), &json!(true)]);
    assert_eq!((&shown["attempts"], &shown["forwarded"]), (&json!([]), &Value::Null));
    assert_eq!(shown["received"]["length"], failed("r", "v").len());
}

#[test]
fn raw_is_the_verified_payload_byte_for_byte() {
    let canonical = "{\"event_type\":\"x\",\"text\":\"\u{202e}é\"}".to_owned();
    let reformatted = "{\n  \"event_type\": \"x\",\n  \"text\": \"\u{202e}é\"\n}\n".to_owned();
    let (home, records) = received(&[Post::with(reformatted.as_str(), signature(SECRET, &canonical))]);
    let id = &ids(&records)[0];
    let output = home.run(&format!("events show {id} --raw"));
    assert_eq!((output.status.code(), output.stdout), (Some(0), canonical.clone().into_bytes()));
    let shown = json(&home, &format!("events show {id}")).remove(0);
    assert_eq!(shown["received"]["length"], reformatted.len());
    let hash = home.bash(&format!("printf %s '{}\n' | sha256sum", reformatted.trim_end()));
    let hash = String::from_utf8(hash.stdout).expect("UTF-8");
    assert_eq!(shown["received"]["sha256"], hash.split(' ').next().expect("a hash"));
    let text = home.stdout(&format!("events show {id}"));
    assert!(text.contains("\"text\":\"é\"}") && text.contains("reformatted on the way"), "{text}");
}

#[test]
fn first_characters_name_a_recent_event_if_only_one_has_them() {
    let (home, records) = received(&distinct(0..40));
    let ids = ids(&records);
    let mut by_beginning: HashMap<&str, usize> = HashMap::new();
    ids.iter().for_each(|id| *by_beginning.entry(&id[..6]).or_default() += 1);
    let alone = ids.iter().find(|id| by_beginning[&id[..6]] == 1).expect("40 of 1024 beginnings");
    for name in [alone[..6].to_owned(), format!("{}.1", &alone[..6])] {
        assert_eq!(json(&home, &format!("events show {name}")).remove(0)["event"]["id"], **alone);
    }
    // Of 40 ids some begin alike: there are 32 digits.
    let several = ids.iter().find(|id| ids.iter().filter(|other| other[..5] == id[..5]).count() > 1).expect("two");
    let output = home.run(&format!("events show {}", &several[..5]));
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains(&format!("{} is the beginning of several events: evt_", &several[..5])), "{said}");
}

#[test]
fn what_is_not_there_is_an_error() {
    let (home, _) = received(&distinct(0..1));
    home.check(
        "events show evt_nothing.1",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no event evt_nothing.1 in the journal
  hint: vsai events list shows names

"#]],
    );
    home.check(
        "-p default events show ref_7",
        str![[r#"
exit 2
--- stdout
--- stderr
error: ref_7 is a refused delivery, not an event
  hint: vsai -p default events explain ref_7

"#]],
    );
}
