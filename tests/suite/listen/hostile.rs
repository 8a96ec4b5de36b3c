//! Text of strangers: it can neither steer a terminal nor break a line of JSON.

use crate::home::Home;
use crate::sender::{Post, Wire, signature};

/// ESC, CSI as C1, a bell, a carriage return, line ends, bidi controls and DEL, as JSON escapes and as they are.
const HOSTILE: &str = "\\u001b[31m\\u0007\\r\\n\u{9b}31m\u{85}\u{202e}\u{2066}\u{200f}\u{2028}\u{7f}x";

fn payload(event_type: &str) -> String {
    format!(
        r#"{{"event_type":"{event_type}","render_id":"r{HOSTILE}","variation_id":"v{HOSTILE}","variation_type":"t{HOSTILE}","timestamp":1,"error_message":"m{HOSTILE}","k{HOSTILE}":"{HOSTILE}"}}"#
    )
}

fn hostile_posts() -> Vec<Post> {
    let good = Post::signed(payload("error"));
    let header = format!("a\u{9b}31m\u{202e}{}", "\t");
    vec![
        good.clone().header("X-Hostile", header.as_str()),
        Post::signed(payload(HOSTILE)),
        good.clone().line("POST /?a=\u{202e}\u{9b}31m HTTP/1.1"),
        Post::unsigned(payload(HOSTILE)),
        Post::with(payload("error"), signature("other", "")),
        good.clone().line("POST /\u{202e}\u{9b}31m HTTP/1.1"),
        good.clone().header("Content-Encoding", "x\u{9b}31m\u{202e}"),
        good.clone().header("Content-Type", "a/b; charset=\u{9b}31m\u{202e}"),
        good.line("PO\u{9b}ST / HTTP/1.1"),
    ]
}

fn steers(text: &str) -> Option<char> {
    let controls = |c: &char| {
        (c.is_control() && *c != '\n')
            || ['\u{200e}', '\u{200f}', '\u{61c}', '\u{2028}', '\u{2029}'].contains(c)
            || ('\u{202a}'..='\u{202e}').contains(c)
            || ('\u{2066}'..='\u{2069}').contains(c)
    };
    text.chars().find(controls)
}

#[test]
fn it_is_neutral_in_what_people_read() {
    let home = Home::new();
    for arguments in ["", "--unverified mark"] {
        let listening = home.listen(arguments);
        for post in hostile_posts() {
            post.send(listening.address);
        }
        let (_, stdout, stderr) = listening.interrupt();
        assert_eq!((steers(&stdout), steers(&stderr)), (None, None), "{stdout:?} {stderr:?}");
        assert!(stdout.contains("r[31m31mx/v[31m31mx"), "{stdout}");
        // One line for each, and one more for each failure's message.
        assert_eq!(stdout.lines().filter(|line| line.contains("-->")).count(), stdout.lines().count() - 2, "{stdout}");
    }
}

#[test]
fn it_is_escaped_in_records() {
    let home = Home::new();
    for arguments in ["", "--unverified mark"] {
        let listening = home.listen(&format!("--json {arguments}"));
        for post in hostile_posts() {
            post.send(listening.address);
        }
        let (_, stdout, stderr) = listening.interrupt();
        assert_eq!((steers(&stdout), steers(&stderr)), (None, None), "{stdout:?} {stderr:?}");
        let records = crate::listening::records(&stdout);
        let events = crate::listening::of_kind(&records, "event");
        assert_eq!(events[0]["payload"], payload("error"), "escaped, not lost");
        assert_eq!(events[0]["body"], serde_json::from_str::<serde_json::Value>(&payload("error")).expect("JSON"));
        let plain: String = serde_json::from_str(&format!("\"{HOSTILE}\"")).expect("JSON");
        assert_eq!(events[0]["render_id"], format!("r{plain}"));
    }
}

#[test]
fn its_claims_and_addresses_are_cut_short() {
    let home = Home::new();
    let mut listening = home.listen("");
    // As much as fits into a head that is taken.
    let long = "x".repeat(7_000);
    for post in [
        Post::unsigned(format!(r#"{{"event_type":"{long}","render_id":"{long}","variation_id":"{long}"}}"#)),
        Post::unsigned("{}").line(&format!("POST /{long} HTTP/1.1")),
        Post::unsigned("{}").line(&format!("{long} / HTTP/1.1")),
        Post::unsigned("{}").header("Content-Encoding", long.as_str()),
        Post::unsigned("{}").header("Content-Type", format!("a/b; charset={long}")),
    ] {
        let answer = post.send(listening.address);
        assert!(answer.body.len() < 250, "{}", answer.body.len());
        let line = listening.line("refused");
        assert!(line.contains("xxx") && line.len() < 350, "{line}");
    }
}

#[test]
fn a_stranger_cannot_smuggle_a_second_delivery_into_the_body_of_a_first() {
    let home = Home::new();
    let listening = home.listen("");
    let mut wire = Wire::open(listening.address);
    let inner = Post::signed("{}").bytes();
    let outer = Post::unsigned(inner).header("Transfer-Encoding", "chunked");
    wire.write(&outer.bytes());
    let answer = wire.answer().expect("an answer");
    assert!((400..500).contains(&answer.status), "{answer:?}");
    wire.closed();
}
