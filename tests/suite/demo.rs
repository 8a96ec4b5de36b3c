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
    let names = ["room.jpg", "staged-1.jpg", "staged-2.jpg", "staged-3.jpg", "emptied.jpg"];
    assert_eq!(of_kind("download").len(), names.len());
    let pictures = names.map(|name| std::fs::read(home.path().join("pictures").join(name)).expect(name));
    for (number, picture) in pictures.iter().enumerate() {
        assert!(picture.starts_with(b"\xff\xd8\xff") && picture.ends_with(b"\xff\xd9"), "{}", names[number]);
        assert!(!pictures[..number].contains(picture), "{} is a copy", names[number]);
    }
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
