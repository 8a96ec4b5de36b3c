//! Folders, CSV and JSON lines, and what is wrong with them.

use super::super::columns::COLUMNS;
use super::super::manifest::Manifest;
use super::*;
use crate::commands::render::settings::MEMBERS;

const MANIFEST: &str = "m.csv";

fn of_csv(text: &str, flags: &str) -> Result<Vec<Row>, Vec<String>> {
    let folder = folder(&[(MANIFEST, text), ("a.jpg", "1"), ("b c.jpg", "2"), ("copy.jpg", "1")]);
    let within = format!("{}/", folder.path().display());
    let wrong = |wrong: Vec<String>| wrong.iter().map(|why| why.replace(&within, "")).collect();
    read(&folder.path().join(MANIFEST), flags).map_err(wrong)
}

fn shown(rows: &[Row]) -> Vec<String> {
    let shown = |row: &Row| {
        let styles = row.wanted.styles().join("+");
        format!("{}: {} {} {styles} {}", row.place, row.label, row.wanted.room().unwrap_or("-"), row.wanted.count())
    };
    rows.iter().map(shown).collect()
}

#[test]
fn the_columns_are_the_photo_its_name_and_the_settings() {
    let mut expected = vec!["image", "name"];
    expected.extend(MEMBERS);
    assert_eq!(COLUMNS.values.iter().map(|column| column.text).collect::<Vec<_>>(), expected);
}

#[test]
fn a_csv_names_rows_by_their_line() {
    let text = "\u{feff}Image,room,STYLE,n,name,,\r\na.jpg,bed,\"modern, luxury\",2,Master,,\r\n\r\n,,,,,,\r\nb c.jpg,,,,,,\r\nhttps://a.example/x.jpg,kitchen\r\n";
    let rows = of_csv(text, "--room living --style coastal").expect("valid");
    assert_eq!(
        shown(&rows),
        [
            "m.csv row 2: a.jpg bed modern+luxury 4",
            "m.csv row 5: b c.jpg living coastal 1",
            "m.csv row 6: a.example/x.jpg kitchen coastal 1",
        ]
    );
    let quotes = "image,name\na.jpg,\"5\"\"\"\na.jpg,5\" wide\n\"a.jpg\",\"two\nlines\"\n";
    assert_eq!(of_csv(quotes, "--remove on").expect("valid").len(), 3);
    assert_eq!((rows[0].name.as_deref(), rows[1].name.as_deref()), (Some("Master"), None));
}

#[test]
fn spreadsheets_of_other_countries_separate_otherwise() {
    for text in ["image;room;style\na.jpg;bed;modern,luxury\n", "image\troom\tstyle\na.jpg\tbed\tmodern|luxury"] {
        assert_eq!(shown(&of_csv(text, "").expect("valid")), ["m.csv row 2: a.jpg bed modern+luxury 2"]);
    }
}

#[test]
fn every_bad_row_is_told_by_its_line() {
    let text = "image,room,style,variations\na.jpg,living,modren,1\na.jpg,living,modern,1\n,living,modern,\nmissing.jpg,living,modern,\n\
        a.jpg,,,\na.jpg,living,modern,many\na.jpg,living,modern,21\nftp://a.example/b.jpg,living,modern,1\na.jpg,living,modern,1,5\na.jpg,cave,modern,";
    assert_eq!(
        of_csv(text, "").expect_err("bad rows"),
        [
            r#"m.csv row 2: unknown style "modren" (did you mean "modern"?)"#,
            "m.csv row 4: it names no image",
            "m.csv row 5: cannot read missing.jpg: no such file or directory",
            "m.csv row 6: nothing to do: staging needs a room and a style to furnish with, or removal to empty the room",
            r#"m.csv row 7: variations: "many" is no number from 1 to 20"#,
            "m.csv row 8: 21 variations: a render has 1 to 20",
            "m.csv row 9: cannot send ftp://a.example/b.jpg: an image is an http(s) link without spaces or a data:image/…;base64, URL",
            "m.csv row 10: it has 5 cells, and the header has 4",
            r#"m.csv row 11: unknown room type "cave"; known: living, bed, kitchen, dining, home_office, outdoor, kids_room, bathroom (v1 only)"#,
        ]
    );
}

#[test]
fn a_header_that_is_not_understood_is_told() {
    for (text, why) in [
        ("image,styel\na.jpg,modern\n", r#"unknown column "styel" (did you mean "style"?); known: image, name, type,"#),
        ("image,room,Room\n", "column room is there twice"),
        ("image,n,variations\n", "column variations is there twice"),
        (
            "room,style\nbed,modern\n",
            "its first row has to name the columns, and image among them; there are image, name, type,",
        ),
        ("a.jpg,bed,modern\n", r#"unknown column "a.jpg"; known: image"#),
        ("image,room\n", "there is no row in it"),
        ("", "its first row has to name the columns"),
        (
            "image,name\r\na.jpg,\"two\r\nlines\"\r\na.jpg,\"5\"\" open\r\na.jpg,\r\n",
            "a quote that begins on line 4 is never closed",
        ),
    ] {
        let wrong = of_csv(text, "").expect_err("refused").remove(0);
        assert!(wrong.contains(&format!("from {MANIFEST}: {why}")), "{wrong}");
    }
}

#[test]
fn json_lines_have_the_same_members() {
    let text = "{\"image\":\"a.jpg\",\"style\":[\"modern\",\"luxury\"],\"room\":\"bed\",\"name\":null}\n\n{\"Image\":\"a.jpg\",\"type\":\"daytodusk\",\"sky\":\"blue\",\"n\":3}\n";
    let folder = folder(&[("m.jsonl", text), ("a.jpg", "1")]);
    let rows = read(&folder.path().join("m.jsonl"), "").expect("valid");
    assert_eq!(shown(&rows), ["m.jsonl line 1: a.jpg bed modern+luxury 2", "m.jsonl line 3: a.jpg -  3"]);
}

#[test]
fn every_bad_json_line_is_told() {
    let text = "{\"image\":\"a.jpg\"\n[]\n{\"image\":1}\n{\"image\":\"a.jpg\",\"rom\":\"bed\"}\n{\"image\":\"a.jpg\",\"n\":1,\"variations\":2}\n{}";
    let folder = folder(&[("m.jsonl", text), ("a.jpg", "1")]);
    assert_eq!(
        read(&folder.path().join("m.jsonl"), "--remove on").expect_err("bad lines"),
        [
            "m.jsonl line 1: it is not JSON: EOF while parsing an object at column 16",
            "m.jsonl line 2: it is no JSON object",
            "m.jsonl line 3: image: 1 is no text",
            "m.jsonl line 4: unknown column \"rom\" (did you mean \"room\"?); known: image, name, type, room, style, remove, mask, base_variation, watermark, resolution, sky, variations",
            "m.jsonl line 5: variations is there twice",
            "m.jsonl line 6: it names no image",
        ]
    );
}

#[test]
fn a_folder_gives_its_photos_by_name() {
    let folder = folder(&[
        ("b.JPG", "1"),
        ("a.png", "2"),
        ("c.webp", "3"),
        (".d.jpg", "4"),
        ("e.heic", "5"),
        ("notes.txt", "6"),
    ]);
    std::fs::create_dir(folder.path().join("f.jpg")).expect("made");
    let manifest = Manifest::read(folder.path()).expect("photos");
    assert_eq!((manifest.rows.len(), manifest.left_out), (3, 2));
    let rows = read(folder.path(), "--remove on").expect("valid");
    let labels: Vec<_> = rows.iter().map(|row| (row.place.row, row.label.as_str())).collect();
    assert_eq!(labels, [(1, "a.png"), (2, "b.JPG"), (3, "c.webp")]);
}

#[test]
fn what_is_no_batch_is_told() {
    let folder = folder(&[("a.jpg", "1"), ("b.txt", "b")]);
    let empty = tempfile::tempdir().expect("a folder");
    for (path, why) in [
        (folder.path().join("a.jpg"), "it is a photo"),
        (folder.path().join("b.txt"), "a manifest is a folder, or a file that ends in .csv or .jsonl"),
        (folder.path().join("photos"), "there is no such file or folder"),
        (empty.path().to_owned(), "there is no JPEG, PNG or WebP in it"),
    ] {
        let wrong = read(&path, "--remove on").expect_err("refused");
        assert_eq!(wrong, [format!("cannot make a batch from {}: {why}", path.display())]);
    }
}

#[test]
fn the_same_photo_with_the_same_settings_is_one() {
    let text = "image,style\na.jpg,modern\ncopy.jpg,modern\na.jpg,luxury\nb c.jpg,modern\ncopy.jpg,luxury\nhttps://a.example/1,modern\nhttps://a.example/1,modern";
    let rows = of_csv(text, "--room bed").expect("valid");
    let same: Vec<_> = rows.iter().map(|row| row.same_as).collect();
    assert_eq!(same, [None, Some(0), None, None, Some(2), None, Some(5)]);
}
