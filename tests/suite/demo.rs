//! `vsai demo`.

use super::Home;

#[test]
fn shows_the_whole_loop_and_leaves_pictures() {
    let home = Home::new();
    let stdout = home.stdout("demo --dir pictures --json");
    let records: Vec<serde_json::Value> =
        stdout.lines().map(|line| serde_json::from_str(line).expect("a JSON record")).collect();
    let of_kind = |kind: &str| records.iter().filter(|record| record["kind"] == kind).collect::<Vec<_>>();
    let events = of_kind("event");
    assert_eq!(events.len(), 4);
    assert!(events.iter().all(|event| event["event_type"] == "done" && event["matched"] == "both"));
    let refused = of_kind("unverified");
    assert_eq!((refused.len(), &refused[0]["answered"]), (1, &401.into()));
    let names = ["staging-1.jpg", "staging-2.jpg", "staging-3.jpg", "removal-4.jpg"];
    let paths: Vec<_> = of_kind("download").iter().map(|record| record["path"].as_str().expect("a path")).collect();
    assert_eq!(paths, names.map(|name| format!("pictures/{name}")));
    let description: serde_json::Value = serde_json::from_str(&home.read("pictures/pictures.json")).expect("JSON");
    let before = description["pictures"][0]["before"].as_str().expect("the room as it was");
    let read = |name: &str| std::fs::read(home.path().join("pictures").join(name)).expect("there");
    let pictures = [read(before), read(names[0]), read(names[1]), read(names[2]), read(names[3])];
    for (number, picture) in pictures.iter().enumerate() {
        assert!(picture.starts_with(b"\xff\xd8\xff") && picture.ends_with(b"\xff\xd9"), "{number}");
        assert!(!pictures[..number].contains(picture), "{number} is a copy");
    }
    assert_eq!(home.read("pictures/index.html").matches("type=\"range\"").count(), 4);
    assert_eq!(of_kind("summary").len(), 1);
}

#[test]
fn a_folder_that_cannot_be_made_is_said_before_anything_starts() {
    let home = Home::new();
    home.file("file", "");
    home.check(
        "demo --dir file/pictures",
        snapbox::str![[r#"
exit 2
--- stdout
--- stderr
error: cannot write file/pictures: not a directory

"#]],
    );
}
