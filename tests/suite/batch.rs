//! `vsai render batch`: a shoot from its manifest to its pictures, and what stops it before and after it costs something.

use serde_json::Value;
use snapbox::str;

use super::Home;
use super::api::{Api, Sandbox};
use super::home::PATIENCE;
use super::listening::{of_kind, records};
use super::terminal::Terminal;

const KEY: &str = "vsai-sandbox-batch";

fn home_at(url: &str) -> Home {
    let home = Home::new().variable("VSAI_API_URL", url).variable("VSAI_API_KEY", KEY);
    home.confidential(KEY);
    home
}

/// A photo of its own for each number.
fn photo(home: &Home, name: &str, number: u8) {
    let fixture = format!("{}/tests/fixtures/photos/orientation-{number}.jpg", env!("CARGO_MANIFEST_DIR"));
    home.file(name, std::fs::read(fixture).expect("a fixture"));
}

const MANIFEST: &str = "image,room,style,n,remove,type,sky,name\n\
    photos/1.jpg,living,\"modern,luxury\",2,on,,,Living\n\
    photos/2.jpg,bed,coastal,,,,,\n\
    photos/2.jpg,,,,,daytodusk,golden,\n\
    photos/2.jpg,bed,coastal,,,,,\n\
    photos/3.jpg,,,,on,,,=SUM(A1)\n";

fn shoot(home: &Home) {
    (1..=3).for_each(|number| photo(home, &format!("photos/{number}.jpg"), number));
    home.file("rooms.csv", MANIFEST);
}

#[test]
fn a_shoot_is_paid_for_once_and_all_its_pictures_are_on_disk() {
    let sandbox = Sandbox::start("--photos 4");
    let home = home_at(&sandbox.url);
    shoot(&home);
    for photos in [4, 0] {
        let records = home.records("render batch rooms.csv --yes --download out -j 3", 0);
        assert_eq!(of_kind(&records, "plan")[0]["photos"], photos);
        let rows = of_kind(&records, "row");
        assert_eq!(rows.len(), 5);
        assert!(rows.iter().all(|row| row["status"] == "done" && row["render"].is_string()), "{rows:?}");
        let summary = of_kind(&records, "summary")[0];
        assert_eq!((&summary["photos"], &summary["pictures"]), (&photos.into(), &8.into()));
        for picture in rows.iter().flat_map(|row| row["pictures"].as_array().expect("pictures")) {
            let path = home.path().join("out").join(picture.as_str().expect("a name"));
            assert!(std::fs::read(path).expect("on disk").starts_with(&[0xFF, 0xD8, 0xFF]));
        }
    }
    let results: Value = serde_json::from_str(&home.read("out/results.json")).expect("JSON");
    let column = |name: &str| results.as_array().expect("rows").iter().map(|row| row[name].clone()).collect::<Vec<_>>();
    assert_eq!(column("row"), [2, 3, 4, 5, 6].map(Value::from));
    assert_eq!(column("render")[1], column("render")[3], "the same photo with the same settings");
    assert_eq!(column("photos"), [1, 1, 1, 0, 1].map(Value::from), "what was paid for by the first run counts");
    assert_eq!(column("type"), ["staging", "staging", "daytodusk", "staging", "staging"]);
    let csv = home.read("out/results.csv");
    assert!(csv.lines().last().expect("rows").contains(",'=SUM(A1),"), "{csv}");
    assert!(home.read("out/index.html").contains("=SUM(A1)"));
}

#[test]
fn what_is_wrong_is_told_of_all_rows_and_nothing_is_sent() {
    let api = Api::with_statuses(&[500]);
    let home = home_at(&api.url);
    photo(&home, "a.jpg", 1);
    home.file("cut.jpg", [0xFF, 0xD8, 0xFF, 0xE0]);
    home.file(
        "rooms.csv",
        "image,room,style\na.jpg,living,modren\na.jpg,living,modern\ncut.jpg,bed,modern\nb.jpg,bed,modern\n",
    );
    home.check("render batch rooms.csv --yes", str![[r#"
exit 2
--- stdout
--- stderr
error: rooms.csv row 2: unknown style "modren" (did you mean "modern"?)
error: rooms.csv row 4: cannot send cut.jpg: the JPEG image is cut short: 4 bytes came, and they end before the picture does
error: rooms.csv row 5: cannot read b.jpg: no such file or directory
error: 3 of 4 rows of rooms.csv cannot be sent; none was

"#]]);
    home.file("rooms.csv", "image,room,styel\na.jpg,living,modern\n");
    home.check("render batch rooms.csv --yes", str![[r#"
exit 2
--- stdout
--- stderr
error: cannot make a batch from rooms.csv: unknown column "styel" (did you mean "style"?); known: image, name, type, room, style, remove, mask, base_variation, watermark, resolution, sky, variations

"#]]);
    home.check(
        "render batch a.jpg --remove on",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot make a batch from a.jpg: it is a photo
  hint: one photo goes with vsai render create

"#]],
    );
    home.check(
        "render batch . --remove on --download .",
        str![[r#"
exit 2
--- stdout
--- stderr
error: --download names the folder of the photos: the next run would take the pictures for photos
  hint: --download ./staged

"#]],
    );
    assert!(api.requests().is_empty());
}

#[test]
fn a_dry_run_needs_no_key_and_sends_nothing() {
    let home = Home::new();
    shoot(&home);
    home.check(
        "render batch rooms.csv --dry-run --max-photos 3",
        str![[r#"
exit 0
--- stdout
rooms.csv row 2  photos/1.jpg  living modern luxury ×4  1 photo
rooms.csv row 3  photos/2.jpg  bed coastal ×1  1 photo
rooms.csv row 4  photos/2.jpg  daytodusk ×1  1 photo
rooms.csv row 5  photos/2.jpg  bed coastal ×1  as rooms.csv row 3
rooms.csv row 6  photos/3.jpg  removal ×1  left out
--- stderr
it is not known what is paid for already: there is no API key for profile default
5 rows: 3 photos to be paid for, with 6 variations
  1 the same as an earlier row, which costs once
  1 left out by --max-photos

"#]],
    );
    home.check(
        "render batch photos --room living --style hamptons --dry-run -q",
        str![[r#"
exit 0
--- stdout
photos/1.jpg  living hamptons ×1  1 photo
photos/2.jpg  living hamptons ×1  1 photo
photos/3.jpg  living hamptons ×1  1 photo
--- stderr
warning: style hamptons is deprecated: the API may map it to another

"#]],
    );
}

#[test]
fn a_batch_does_not_pay_for_more_than_it_may() {
    let sandbox = Sandbox::start("--photos 2");
    let home = home_at(&sandbox.url);
    shoot(&home);
    let batch = "render batch photos --room living --style modern";
    home.check(
        &format!("{batch} --yes"),
        str![[r#"
exit 5
--- stdout
--- stderr
3 rows: 3 photos to be paid for, with 3 variations
  quota: 2 of 2 photos left
error: 3 photos would be paid for, but the account has 2 left
  hint: --max-photos 2 pays for the first 2

"#]],
    );
    home.check(
        &format!("{batch} --max-photos 2"),
        str![[r#"
exit 2
--- stdout
--- stderr
3 rows: 2 photos to be paid for, with 2 variations
  1 left out by --max-photos
  quota: 2 of 2 photos left
error: Pay for 2 photos? Nobody is there to answer
  hint: --yes

"#]],
    );
    let records = home.records(&format!("{batch} --max-photos 1 --yes -j 1"), 5);
    let statuses: Vec<_> = of_kind(&records, "row").iter().map(|row| row["status"].clone()).collect();
    assert_eq!(statuses, ["done", "not_sent", "not_sent"]);
    home.records(&format!("{batch} --max-photos 1 --yes -j 1"), 5);
    home.check(
        &format!("{batch} --max-photos 1 --yes"),
        str![[r#"
exit 5
--- stdout
--- stderr
3 rows: 1 photo to be paid for, with 1 variation
  2 done already
  quota: 0 of 2 photos left
error: 1 photo would be paid for, but the account has 0 left
  hint: vsai whoami shows photos used and allowed

"#]],
    );
}

#[test]
fn files_of_the_user_among_the_pictures_are_left_and_told_of() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    photo(&home, "photos/1.jpg", 1);
    let own = ["out/results.csv", "out/results.json", "out/index.html"];
    own.iter().for_each(|name| drop(home.file(name, "mine")));
    let output = home.run("render batch photos --room living --style modern --yes --download out -q");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{stderr}");
    for name in own {
        assert_eq!(home.read(name), "mine");
        assert!(stderr.contains(&format!("warning: {name} is not of vsai and was left as it is")), "{stderr}");
    }
}

#[test]
fn what_failed_comes_with_the_command_that_tries_it_again_for_nothing() {
    let sandbox = Sandbox::start("--fail-rate 1");
    let home = home_at(&sandbox.url);
    shoot(&home);
    home.file("rooms.csv", "image,room,style\nphotos/1.jpg,bed,coastal\n");
    let output = home.run("render batch rooms.csv --yes --watermark");
    let stderr = String::from_utf8_lossy(&output.stderr);
    let command = stderr.lines().find_map(|line| line.split_once("such as: vsai ")).expect("a command").1.to_owned();
    let [.., room, bed, style, coastal, watermark] = command.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{command}")
    };
    assert_eq!([room, bed, style, coastal, watermark], ["--room", "bed", "--style", "coastal", "--watermark"]);
    home.records(&command, 0);
}

#[test]
fn a_no_pays_for_nothing() {
    let api = Api::selling(|_| panic!("nothing is sold"));
    let home = home_at(&api.url);
    photo(&home, "photos/1.jpg", 1);
    let mut terminal = Terminal::start(&home, "render batch photos --room living --style modern");
    terminal.asks("Pay for 1 photo? [y/N] ").answer("n");
    let shown = terminal.end();
    assert!(shown.starts_with("exit 1") && shown.ends_with("error: nothing was sent, and nothing paid\n"), "{shown}");
    assert!(api.posts().is_empty());
}

#[test]
fn a_folder_without_settings_is_told_once_what_it_needs() {
    let home = Home::new();
    (1..=2).for_each(|number| photo(&home, &format!("photos/{number}.jpg"), number));
    home.check(
        "render batch photos --yes",
        str![[r#"
exit 2
--- stdout
--- stderr
error: nothing to do: staging needs a room and a style to furnish with, or removal to empty the room
  hint: --room living --style modern, or --remove on

"#]],
    );
}

#[test]
fn ctrl_c_pays_for_nothing_more_and_the_same_command_goes_on() {
    let slow = Sandbox::start("--speed 0.001");
    let home = home_at(&slow.url);
    shoot(&home);
    let mut batch = home.start("--json render batch photos --room living --style modern --yes -j 2");
    batch.line("\"plan\"");
    let deadline = std::time::Instant::now() + PATIENCE;
    while home.stdout("render list -q").is_empty() {
        assert!(std::time::Instant::now() < deadline, "nothing was paid for");
    }
    batch.signal("INT");
    let (code, stdout, _) = batch.end();
    assert_eq!(code, Some(130));
    let records = records(&stdout);
    let summary = of_kind(&records, "summary")[0];
    let [photos, waiting, not_sent] =
        ["photos", "waiting", "not_sent"].map(|name| summary[name].as_u64().expect("a number"));
    assert!(photos >= 1 && photos == waiting && photos + not_sent == 3 && not_sent >= 1, "{summary}");
    let plan = &home.records("render batch photos --room living --style modern --dry-run", 0)[0];
    assert_eq!((&plan["begun"], &plan["photos"]), (&photos.into(), &not_sent.into()));
}
