//! Flags and rows, and the bodies that come of them.

use clap::Parser;
use serde_json::{Value, json};

use super::Settings;

#[derive(Debug, Parser)]
struct Flags {
    #[command(flatten)]
    settings: Settings,
}

fn settings(flags: &str) -> Settings {
    Flags::try_parse_from(["vsai"].into_iter().chain(flags.split_whitespace())).expect("flags").settings
}

fn body(flags: &str) -> Value {
    settings(flags).build().expect("complete").body
}

fn refused(flags: &str) -> String {
    settings(flags).build().expect_err("refused").message
}

#[test]
fn flags_become_the_documented_configs() {
    for (flags, config) in [
        (
            "--room living --style modern",
            json!({"type": "staging", "add_furniture": {"room_type": "living", "style": "modern"}}),
        ),
        ("--remove on", json!({"type": "staging", "remove_furniture": {"mode": "on"}})),
        (
            "--type staging --room bed --style coastal --remove auto --mask https://m.example/1.png --watermark --resolution 1536",
            json!({
                "type": "staging",
                "add_furniture": {"room_type": "bed", "style": "coastal"},
                "remove_furniture": {"mode": "auto", "mask_url": "https://m.example/1.png"},
                "add_virtually_staged_watermark": true,
                "output_resolution": 1536,
            }),
        ),
        (
            "--room bed --style coastal --base-variation var_1 --remove off --resolution default",
            json!({
                "type": "staging",
                "add_furniture": {"room_type": "bed", "style": "coastal", "base_variation_id": "var_1"},
                "remove_furniture": {"mode": "off"},
                "output_resolution": "default",
            }),
        ),
        ("--type daytodusk --sky golden", json!({"type": "daytodusk", "sky_style": "golden"})),
        ("--type day_to_dusk --sky blue", json!({"type": "day_to_dusk", "sky_style": "blue"})),
        ("--type enhancement --resolution 1536", json!({"type": "enhancement", "output_resolution": 1536})),
        (
            "--room cave --style neon --resolution 3072 --allow-unknown",
            json!({"type": "staging", "add_furniture": {"room_type": "cave", "style": "neon"}, "output_resolution": 3072}),
        ),
    ] {
        assert_eq!(body(flags), json!({"config": config, "variation_count": 1}), "{flags}");
    }
}

#[test]
fn several_styles_are_one_request_with_a_config_each() {
    let wanted = settings("--room living --style modern --style luxury --remove on -n 3").build().expect("complete");
    let config = |style: &str| {
        json!({
            "type": "staging",
            "add_furniture": {"room_type": "living", "style": style},
            "remove_furniture": {"mode": "on"},
            "variation_count": 3,
        })
    };
    assert_eq!(wanted.body, json!({"configs": [config("modern"), config("luxury")]}));
    assert_eq!((wanted.count(), wanted.room(), wanted.styles()), (6, Some("living"), vec!["modern", "luxury"]));
}

#[test]
fn what_was_set_counts() {
    let wanted = settings("--room living --style modern --set variation_count=4 --set config.add_furniture.style=new");
    let wanted = wanted.build().expect("complete");
    assert_eq!((wanted.count(), wanted.styles()), (4, vec!["new"]));
    for member in ["image_url=https://a.example/b.jpg", "image_urls[0]=x", "webhook_url=https://a.example/"] {
        let name = member.split(['=', '[']).next().expect("a name");
        let message = refused(&format!("--room living --style modern --set {member}"));
        assert!(message.starts_with(&format!("--set cannot change {name}:")), "{message}");
    }
}

#[test]
fn what_makes_no_sense_is_told_in_one_line() {
    for (flags, message) in [
        ("", "nothing to do: staging needs a room and a style to furnish with, or removal to empty the room"),
        (
            "--remove off",
            "nothing to do: staging needs a room and a style to furnish with, or removal to empty the room",
        ),
        (
            "--type dusk --sky blue",
            r#"unknown type "dusk" (did you mean "daytodusk"?); known: staging, day_to_dusk, daytodusk, enhancement"#,
        ),
        ("--type daytodusk", "daytodusk needs a sky: dusk, golden, blue"),
        ("--type daytodusk --sky blue --room living", "a room is for staging only, not for daytodusk"),
        ("--type enhancement --watermark", "a watermark is for staging only, not for enhancement"),
        ("--type enhancement --sky dusk", "a sky is for daytodusk only, not for enhancement"),
        ("--room living --style modern --sky dusk", "a sky is for daytodusk only, not for staging"),
        ("--room living --style modern --style modern", "style modern is given twice"),
        (
            "--room living --style modern --mask https://m.example/1.png",
            "a mask says what to take out, but nothing is taken out",
        ),
        (
            "--remove on --mask m.png",
            "cannot send the mask m.png: an image is an http(s) link without spaces or a data:image/…;base64, URL",
        ),
        (
            "--remove auto --base-variation v",
            "a base variation is an emptied picture to furnish: a room and a style go with it, and no removal",
        ),
        ("--remove automatic", r#"unknown removal mode "automatic" (did you mean "auto"?); known: off, auto, on"#),
        (
            "--type enhancement --resolution 1535",
            r#"unknown resolution "1535" (did you mean "1536"?); known: default, 1536"#,
        ),
        ("--type enhancement --resolution big --allow-unknown", r#"unknown resolution "big"; known: default, 1536"#),
        ("--remove on -n 21", "21 variations: a render has 1 to 20"),
        (
            "--room bed --style modern --style luxury --style coastal -n 7",
            "7 variations with each of 3 configs are 21: a render has 20 at most",
        ),
    ] {
        assert_eq!(refused(flags), message, "{flags}");
    }
    assert!(refused("--room living").starts_with("room living needs a style as well: standard, modern, "));
    assert!(refused("--style modern").starts_with("style modern needs a room as well: living, bed, "));
}

#[test]
fn multi_view_is_for_furnishing_living_rooms_and_bedrooms() {
    let checked = |flags: &str| settings(flags).build().expect("complete").check_multi_view().is_ok();
    assert!(checked("--room living --style modern --remove off"));
    assert!(checked("--room kitchen --style modern --allow-unknown"));
    for flags in [
        "--room kitchen --style modern",
        "--room living --style modern --style luxury",
        "--room living --style modern --remove auto",
        "--remove on",
        "--type daytodusk --sky blue",
    ] {
        assert!(!checked(flags), "{flags}");
    }
}

fn of_row(flags: &str, row: Value) -> Result<Value, String> {
    let settings = settings(flags).of_row(row.as_object().expect("an object"))?;
    settings.build().map(|wanted| wanted.body).map_err(|error| error.message)
}

#[test]
fn a_row_stands_above_the_flags() {
    for (flags, row, same_as) in [
        ("--room living --style modern", json!({"image": "a.jpg"}), "--room living --style modern"),
        (
            "--room living --style modern -n 2",
            json!({"room": " bed ", "variations": "3"}),
            "--room bed --style modern -n 3",
        ),
        (
            "--room bed --style modern",
            json!({"style": "luxury, coastal|modern"}),
            "--room bed --style luxury --style coastal --style modern",
        ),
        (
            "--room bed",
            json!({"style": ["luxury", "coastal"], "variations": 2}),
            "--room bed --style luxury --style coastal -n 2",
        ),
        (
            "--room bed --style modern --watermark",
            json!({"watermark": "No", "resolution": 1536}),
            "--room bed --style modern --resolution 1536",
        ),
        (
            "--remove on",
            json!({"watermark": true, "mask": "https://m.example/1"}),
            "--remove on --watermark --mask https://m.example/1",
        ),
        (
            "--room bed --style modern --watermark -n 2 --resolution 1536",
            json!({"type": "daytodusk", "sky": "blue"}),
            "--type daytodusk --sky blue -n 2 --resolution 1536",
        ),
        ("--type daytodusk --sky blue", json!({"type": "day_to_dusk"}), "--type day_to_dusk --sky blue"),
        ("--type daytodusk --sky blue", json!({"type": "staging", "remove": "on"}), "--remove on"),
    ] {
        assert_eq!(of_row(flags, row.clone()).expect("valid"), body(same_as), "{flags} {row}");
    }
}

#[test]
fn members_of_a_row_that_make_no_sense_are_named() {
    for (flags, row, message) in [
        ("--room bed", json!({"style": {"a": 1}}), r#"style: {"a":1} is no text"#),
        ("--remove on", json!({"watermark": "maybe"}), r#"watermark: "maybe" is neither yes nor no"#),
        ("--remove on", json!({"variations": "-1"}), r#"variations: "-1" is no number from 1 to 20"#),
        (
            "--config f.json",
            json!({"sky": "blue"}),
            "sky has no place in it: --config gives the whole config of every row",
        ),
    ] {
        assert_eq!(of_row(flags, row).expect_err("refused"), message);
    }
}
