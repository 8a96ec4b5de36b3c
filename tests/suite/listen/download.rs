//! `listen --download`: pictures of verified events on disk, beside the listening.

use serde_json::Value;
use snapbox::str;

use crate::api::Sandbox;
use crate::home::Home;
use crate::listening::{Listening, of_kind};
use crate::sender::SECRET;

const KEY: &str = "vsai-sandbox-listen-download";

/// A home whose account has the tests' secret.
fn home_at(sandbox: &Sandbox) -> Home {
    let home = Home::new().variable("VSAI_API_URL", &sandbox.url).variable("VSAI_API_KEY", KEY);
    home.confidential(KEY);
    home.file("secret", SECRET);
    home.stdout("secret set --from-file secret --yes");
    home
}

fn submit(home: &Home, listening: &Listening, more: &str) {
    let url = format!("http://{}/", listening.address);
    let photo = "https://example.com/room.jpg --room living --style modern";
    home.stdout(&format!("render create {photo} --webhook-url {url} {more}"));
}

fn saved(home: &Home, folder: &str) -> usize {
    let entries = std::fs::read_dir(home.path().join(folder)).expect("listed").flatten();
    entries.filter(|entry| entry.file_name().to_string_lossy().ends_with(".jpg")).count()
}

#[test]
fn what_was_waited_for_is_on_disk_at_the_end() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox);
    let listening = home.listen("--count 3 --download pictures --json");
    submit(&home, &listening, "-n 3");
    let (code, records) = listening.end_with_records();
    assert_eq!(code, Some(0));
    let downloads: Vec<&Value> = of_kind(&records, "download");
    assert_eq!((downloads.len(), saved(&home, "pictures")), (3, 3));
    assert!(downloads.iter().all(|record| home.path().join(record["path"].as_str().expect("a path")).exists()));
    assert_eq!(home.read("pictures/index.html").matches("<figure>").count(), 3);
}

#[test]
fn the_next_run_goes_on_with_what_came_before() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox);
    home.listen("--download pictures --timeout 100ms").end();
    // Nobody saves what comes now.
    let listening = home.listen("--count 2");
    submit(&home, &listening, "-n 2");
    assert_eq!(listening.end().0, Some(0));
    assert_eq!(saved(&home, "pictures"), 0);
    assert_eq!(home.listen("--download pictures --timeout 100ms").end().0, Some(0));
    assert_eq!(saved(&home, "pictures"), 2);
}

#[test]
fn without_a_key_the_events_own_links_are_used() {
    let sandbox = Sandbox::start("");
    let buyer = home_at(&sandbox);
    let home = Home::new().variable("VSAI_API_URL", &sandbox.url);
    let listening = home.listen("--count 1 --download pictures");
    submit(&buyer, &listening, "");
    assert_eq!(listening.end().0, Some(0));
    assert_eq!(saved(&home, "pictures"), 1);
}

#[test]
fn a_picture_that_cannot_be_saved_is_3_and_said() {
    let home = Home::new();
    let listening = home.listen("--count 1 --download pictures");
    let to = format!("--to {} --secret-file secret --fixed-ids", listening.address);
    home.stdout(&format!("trigger done {to} --set result.url=http://127.0.0.1:9/a.jpg"));
    let (code, _, stderr) = listening.end();
    assert_eq!(code, Some(3));
    assert!(stderr.contains("the link leads to 127.0.0.1, where no result can be"), "{stderr}");
    assert!(stderr.contains("\nlater: vsai render download rnd_") && stderr.contains(" --to pictures\n"), "{stderr}");
    assert_eq!(saved(&home, "pictures"), 0);
}

#[test]
fn there_has_to_be_a_journal() {
    let home = Home::new();
    home.file("secret", SECRET);
    home.check(
        "listen --port 0 --secret-file secret --no-journal --download pictures",
        str![[r#"
exit 2
--- stdout
--- stderr
no journal: what nobody reads here is lost, and nothing can be shown or replayed later
error: --no-journal leaves no events to save the pictures of

"#]],
    );
}
