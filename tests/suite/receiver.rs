//! The receiver of the vendor's documentation, on real Express 4 and 5: it takes what `vsai sign` signed, and agrees with
//! `vsai listen` wherever they are meant to agree.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;

use vsai::protocol::canonical_json::canonicalize_within;

use crate::home::{Home, Running};
use crate::listening::{Listening, of_kind};
use crate::sender::{Post, SECRET, Wire, done, signature};
use crate::texts::Texts;

const EXPRESS: [&str; 2] = ["express4", "express5"];

/// Starts the documented receiver.
#[track_caller]
pub(crate) fn receiver(express: &str, secret: &str) -> Listening {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let packages = root.join("target/node");
    let is_there = packages.join("node_modules").join(express).is_dir();
    assert!(is_there, "{express} is not in {}: run tests/run --install", packages.display());
    let mut node = Command::new("node");
    node.arg(root.join("tests/fixtures/receiver.mjs")).arg(packages).arg(express).env("WEBHOOK_SECRET", secret);
    Listening::wait(Running::new(node, express))
}

/// The files to sign: those that are kept, and others made anew for each run.
fn files(home: &Home) -> Vec<PathBuf> {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/payloads");
    let mut files: Vec<_> =
        std::fs::read_dir(kept).expect("a folder").map(|entry| entry.expect("an entry").path()).collect();
    assert!(files.len() >= 10);
    let made = Texts::new(fastrand::u64(..)).filter_map(|text| payload_with(&text)).take(300);
    files.extend(made.enumerate().map(|(number, payload)| home.file(&format!("made/{number}.json"), payload)));
    files
}

/// An event with a random member, of a size and depth that both ends take.
fn payload_with(text: &[u8]) -> Option<Vec<u8>> {
    let payload = [b"\t{ \"event_type\" :\"made\",\r\n\"member\": ", text, b"\n}\n"].concat();
    (payload.len() < 90_000 && canonicalize_within(&payload, 900).is_ok()).then_some(payload)
}

/// What `vsai sign` prints for each file, in one run.
fn signatures(home: &Home, files: &[PathBuf]) -> Vec<String> {
    let output = home.command("sign -q --secret-file secret").args(files).output().expect("started");
    assert!(output.status.success(), "{}", crate::home::shown(&output));
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    let signatures: Vec<_> = stdout.lines().map(|line| line[..64].to_owned()).collect();
    assert_eq!(signatures.len(), files.len());
    signatures
}

/// Sends on a connection that is kept and returns status and body.
fn exchange(wire: &mut Wire, post: &Post) -> (u16, String) {
    wire.write(&post.bytes());
    let answer = wire.answer().expect("an answer");
    (answer.status, answer.body)
}

#[test]
fn the_documented_receivers_accept_what_sign_produced_and_refuse_one_flipped_bit() {
    let home = Home::new();
    let secret = "schlüssel \u{1f511} 'quoted'";
    home.file("secret", secret);
    let files = files(&home);
    let signatures = signatures(&home, &files);
    for express in EXPRESS {
        let receiver = receiver(express, secret);
        let mut wire = Wire::open(receiver.address);
        for (file, signature) in files.iter().zip(&signatures) {
            let bytes = std::fs::read(file).expect("read");
            let shown = String::from_utf8_lossy(&bytes).into_owned();
            let (status, answer) = exchange(&mut wire, &Post::with(bytes.clone(), signature.as_str()));
            assert_eq!(status, 200, "{express}, {}: {answer}\n{shown}", file.display());
            let mut flipped = bytes;
            let at = shown.find("event_type").expect("each has one");
            flipped[at] ^= 1;
            let (status, _) = exchange(&mut wire, &Post::with(flipped, signature.as_str()));
            assert_eq!(status, 401, "{express}, {}\n{shown}", file.display());
        }
    }
}

#[test]
fn the_listener_passes_on_what_express_would_have_read() {
    let home = Home::new();
    home.file("secret", SECRET);
    let files = files(&home);
    let signatures = signatures(&home, &files);
    let listening = home.listen("--json");
    let express = receiver("express5", SECRET);
    let (mut ours, mut theirs) = (Wire::open(listening.address), Wire::open(express.address));
    let mut read_by_express = Vec::new();
    for (file, signature) in files.iter().zip(&signatures) {
        let post = Post::with(std::fs::read(file).expect("read"), signature.as_str());
        assert_eq!(exchange(&mut ours, &post).0, 200, "{}", file.display());
        read_by_express.push(exchange(&mut theirs, &post).1);
    }
    let (_, records) = listening.interrupt_with_records();
    let events = of_kind(&records, "event");
    assert_eq!(events.len(), files.len());
    for (event, read) in events.iter().zip(&read_by_express) {
        assert_eq!(event["payload"].as_str(), Some(read.as_str()));
        assert_ne!(event["matched"], "raw");
    }
}

/// Statuses of Express 4, Express 5 and the listener.
fn statuses(servers: [SocketAddr; 3], post: &Post) -> [u16; 3] {
    servers.map(|server| post.send(server).status)
}

#[test]
fn the_listener_agrees_with_express_but_for_what_is_told_here() {
    let home = Home::new();
    let listening = home.listen("");
    let [four, five] = EXPRESS.map(|express| receiver(express, SECRET));
    let servers = [four.address, five.address, listening.address];
    let body = done("r", "v");
    let good = signature(SECRET, &body);
    let with = |body: &str| Post::with(body, signature(SECRET, body.replace(['\u{feff}', ' '], "")));
    let deep = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
    let of_size = |size: usize| format!("[\"{}\"]", "x".repeat(size - 4));
    for (what, post, expected) in [
        ("as the vendor sends it", Post::signed(body.as_str()), [200, 200, 200]),
        ("in chunks", Post::signed(body.as_str()).chunked(), [200, 200, 200]),
        ("reformatted", with("{ \"a\" : [ 1 , 2 ] }"), [200, 200, 200]),
        ("a byte order mark", with("\u{feff}{}"), [200, 200, 200]),
        ("a duplicate key", Post::with(r#"{"a":1,"a":2}"#, signature(SECRET, r#"{"a":2}"#)), [200, 200, 200]),
        ("an infinite number", Post::with("[1e400]", signature(SECRET, "[null]")), [200, 200, 200]),
        ("half a character", Post::signed(r#"["\ud800"]"#), [200, 200, 200]),
        ("a prototype", Post::signed(r#"{"__proto__":{"a":1}}"#), [200, 200, 200]),
        ("spaces around the signature", Post::with(body.as_str(), format!("  {good}  ")), [200, 200, 200]),
        ("unsigned", Post::unsigned(body.as_str()), [401, 401, 401]),
        ("another's signature", Post::with(body.as_str(), signature("other", &body)), [401, 401, 401]),
        ("upper case", Post::with(body.as_str(), good.to_uppercase()), [401, 401, 401]),
        ("a list", Post::with(body.as_str(), format!("{good}, {good}")), [401, 401, 401]),
        ("two headers", Post::signed(body.as_str()).header("X-VSAI-Signature", good.as_str()), [401, 401, 401]),
        (
            "Latin-1",
            Post::signed(body.as_str()).header("Content-Type", "application/json; charset=latin1"),
            [415, 415, 415],
        ),
        // Refused by both, in other words.
        ("no JSON", with("{}x"), [400, 400, 200]),
        ("cut short", Post::with(&body[..40], good.as_str()), [400, 400, 401]),
        ("a no-break space", Post::with("\u{a0}{}", signature(SECRET, "{}")), [400, 400, 401]),
        ("a NUL at the end", Post::with("{}\0", signature(SECRET, "{}")), [400, 400, 401]),
        ("two byte order marks", Post::with("\u{feff}\u{feff}{}", signature(SECRET, "{}")), [400, 400, 401]),
        // The listener takes more: signed bytes are verified whatever they are, with a warning where Express would refuse.
        ("signed as formatted", Post::signed("{ }"), [401, 401, 200]),
        ("signed with a byte order mark", Post::signed("\u{feff}{}"), [401, 401, 200]),
        ("a number", Post::signed("42"), [400, 400, 200]),
        ("larger than Express takes", Post::signed(of_size(150_000)), [413, 413, 200]),
        ("another content type", Post::signed(body.as_str()).header("Content-Type", "text/plain"), [401, 500, 200]),
        // The listener takes less: bytes that are no text, and depth that other readers do not survive.
        ("no UTF-8", Post::with(b"[\"\xff\"]", signature(SECRET, "[\"\u{fffd}\"]")), [200, 200, 415]),
        ("reformatted at the depth limit", with(&format!(" {}", deep(1_000))), [200, 200, 200]),
        ("reformatted past the depth limit", with(&format!(" {}", deep(1_001))), [200, 200, 401]),
        ("larger than the listener takes", Post::signed(of_size(1_100_000)), [413, 413, 413]),
    ] {
        assert_eq!(statuses(servers, &post), expected, "{what}");
    }
}

#[test]
fn the_listener_and_express_refuse_the_same_flipped_bits() {
    let home = Home::new();
    let listening = home.listen("");
    let [four, five] = EXPRESS.map(|express| receiver(express, SECRET));
    let mut wires = [four.address, five.address, listening.address].map(Wire::open);
    let body = "{\r\n \"event_type\":\"done\", \"n\":1e400, \"9\":9007199254740993, \"u\":\"\\u00e9\"}";
    let canonical = r#"{"9":9007199254740992,"event_type":"done","n":null,"u":"é"}"#;
    let good = signature(SECRET, canonical);
    let mut accepted = 0;
    for bit in 0..body.len() * 8 {
        let mut flipped = body.as_bytes().to_vec();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let post = Post::with(flipped.clone(), good.as_str());
        let verdicts = wires.each_mut().map(|wire| exchange(wire, &post).0 == 200);
        assert!(verdicts == [true; 3] || verdicts == [false; 3], "{verdicts:?} {}", String::from_utf8_lossy(&flipped));
        accepted += usize::from(verdicts[0]);
    }
    // White space for white space, a number for one of equal value, an escape in the other case.
    assert!((2..20).contains(&accepted), "{accepted}");
}
