//! Records for other programs, and for later.

use std::fs;

use snapbox::str;

use super::{distinct, ids, json, receive, received, variations};
use crate::listening::of_kind;
use crate::sender::{Post, failed};

#[test]
fn lines_come_oldest_first_and_verify() {
    let (home, printed) = received(&distinct(0..70));
    let exported = json(&home, "events export");
    assert_eq!(exported.iter().collect::<Vec<_>>(), of_kind(&printed, "event"));
    let lines = home.stdout("events export");
    let verified = home.run_with("verify - --record --secret-file secret", lines.as_bytes());
    assert_eq!(verified.status.code(), Some(0));
    assert_eq!(variations(&home, "events export --variation v7"), ["v7"]);
}

#[test]
fn a_folder_gets_a_file_for_each_delivery_and_keeps_what_it_has() {
    let (mut home, records) = received(&[Post::signed(failed("r", "v")), Post::signed(failed("r", "v"))]);
    let id = ids(&records).remove(0);
    home.redact("[ID]", id.clone());
    home.check(
        "events export --dir some/folder",
        str![[r#"
exit 0
--- stdout
--- stderr
2 event records written to some/folder

"#]],
    );
    let [first, second] = [1, 2].map(|number| format!("some/folder/{id}.{number}.json"));
    home.check(
        &format!("verify {first} {second} --record --secret-file secret"),
        str![[r#"
exit 0
--- stdout
some/folder/[ID].1.json:1: ✓ verified (secret 282fdcd7)
some/folder/[ID].2.json:1: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
    let whole = home.read(&first);
    home.file(&first, &whole[..whole.len() / 2]);
    fs::remove_file(home.path().join(&second)).expect("removed");
    receive(&home, &distinct(0..1));
    let exported = json(&home, "events export --dir some/folder").remove(0);
    assert_eq!((&exported["written"], &exported["present"]), (&3.into(), &0.into()));
    assert_eq!(home.read(&first), whole, "what was broken off is written anew");
    let exported = json(&home, "events export --dir some/folder").remove(0);
    assert_eq!((&exported["written"], &exported["present"]), (&0.into(), &3.into()));
    assert_eq!(fs::read_dir(home.path().join("some/folder")).expect("listed").count(), 3);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error() {
    let (home, _) = received(&distinct(0..1));
    home.file("taken", "a file");
    home.check(
        "events export --dir taken",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot write taken: file exists

"#]],
    );
}
