//! Strangers against `vsai listen`: it stays up, its memory stays bounded, and an honest sender gets its 200 within a second all
//! the while. A binary of its own, one attack after the other: the times mean nothing while other tests run.

mod home {
    //! What the sender asks of the suite.

    /// How long a condition may take to come true before a test fails.
    pub(crate) const PATIENCE: std::time::Duration = std::time::Duration::from_secs(60);
}
#[path = "suite/sender.rs"]
#[expect(dead_code, reason = "shared with the suite")]
mod sender;
#[path = "support/siege.rs"]
mod siege;

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use home::PATIENCE;
use sender::{Post, Wire, done, signature};
use siege::{crowd, withstand};

const MIB: usize = 1 << 20;

/// A well-formed signature of something else.
fn wrong_signature() -> String {
    signature("another secret", "")
}

/// A delivery whose signature is wrong, so that its canonical form is looked for.
fn forged(body: impl Into<Vec<u8>>) -> Post {
    Post::with(body, wrong_signature()).header("Connection", "close")
}

fn zeros() -> String {
    format!("[0{}]", ",0".repeat(MIB / 2 - 2))
}

/// A connection whose other end may close it whenever it likes.
fn connect(to: SocketAddr) -> Option<TcpStream> {
    let stream = TcpStream::connect(to).ok()?;
    stream.set_read_timeout(Some(PATIENCE)).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    Some(stream)
}

/// Sends all of it, which asks for the connection to be closed, and reads to the end; the statuses that came.
fn statuses(to: SocketAddr, bytes: &[u8]) -> Vec<u16> {
    let Some(mut stream) = connect(to) else { return Vec::new() };
    let _ = stream.write_all(bytes);
    let mut answers = Vec::new();
    let _ = stream.read_to_end(&mut answers);
    let text = String::from_utf8_lossy(&answers).into_owned();
    text.split("HTTP/1.").skip(1).filter_map(|answer| answer.get(2..5)?.parse().ok()).collect()
}

fn counted(statuses: impl IntoIterator<Item = u16>) -> BTreeMap<u16, usize> {
    let mut counted = BTreeMap::new();
    for status in statuses {
        *counted.entry(status).or_default() += 1;
    }
    counted
}

/// Sends pieces round by round to many connections at once, as far as they are taken.
fn in_rounds(to: SocketAddr, connections: usize, first: &[u8], piece: &[u8], rounds: usize) -> Vec<TcpStream> {
    let mut wires: Vec<_> = (0..connections).filter_map(|_| connect(to)).collect();
    wires.retain_mut(|wire| wire.write_all(first).is_ok());
    for _ in 0..rounds {
        wires.retain_mut(|wire| wire.write_all(piece).is_ok());
    }
    wires
}

#[test]
fn ten_thousand_idle_connections() {
    withstand("10,000 idle connections", |to| {
        let idle: Vec<_> = (0..10_000).filter_map(|_| connect(to)).collect();
        assert!(idle.len() > 9_000, "{}", idle.len());
        idle
    });
}

#[test]
fn slow_heads() {
    withstand("2,000 slow heads", |to| in_rounds(to, 2_000, b"POST / HTTP/1.1\r\nX-Slow: ", b"a", 200));
    withstand("512 heads of 7 KiB, not ended", |to| {
        let head = format!("POST / HTTP/1.1\r\nX-Long: {}", "a".repeat(7 * 1024));
        in_rounds(to, 512, head.as_bytes(), b"a", 200)
    });
}

#[test]
fn slow_bodies() {
    let small = forged(done("r", "v"));
    withstand("10,000 slow small bodies", |to| in_rounds(to, 10_000, &small.head(), b"{", 10));
    let large = forged(zeros());
    withstand("10,000 slow large bodies", |to| in_rounds(to, 10_000, &large.head(), b"[", 10));
    let begun = [large.head(), large.body()[..100_000].to_vec()].concat();
    withstand("1,000 large bodies that stall after 100 kB", |to| in_rounds(to, 1_000, &begun, b"0", 3));
    let almost = [large.head(), large.body()[..MIB - 100].to_vec()].concat();
    withstand("256 large bodies that stall before their end", |to| crowd(256, || in_rounds(to, 1, &almost, b"0", 3)));
}

#[test]
fn bodies_that_are_too_large() {
    let declared = forged(vec![b'0'; 3 * MIB]).bytes();
    let chunked = forged(vec![b'0'; 3 * MIB]).chunked().bytes();
    for (what, post) in [("128 oversize bodies", declared), ("128 oversize bodies in chunks", chunked)] {
        withstand(what, |to| {
            let answers = crowd(128, || statuses(to, &post));
            let answers = counted(answers.into_iter().flatten());
            assert_eq!(answers.values().sum::<usize>(), 128, "each is answered: {answers:?}");
            assert!(answers.keys().all(|status| [413, 503].contains(status)), "{answers:?}");
        });
    }
}

#[test]
fn one_byte_chunks() {
    let post = forged("0").chunked();
    let bytes = [post.head(), b"1\r\n0\r\n".repeat(MIB / 4), b"0\r\n\r\n".to_vec()].concat();
    withstand("64 bodies of 256 KiB in chunks of one byte", |to| {
        crowd(64, || statuses(to, &bytes));
    });
}

#[test]
fn requests_sent_ahead_without_reading_the_answers() {
    let posts = forged(done("r", "v")).without("Connection").bytes().repeat(20_000);
    withstand("64 times 20,000 requests sent ahead", |to| {
        crowd(64, || {
            connect(to).map(|mut stream| {
                // The listener stops reading when nobody reads its answers.
                let _ = stream.set_write_timeout(Some(Duration::from_millis(500)));
                let _ = stream.write_all(&posts);
            })
        });
    });
}

#[test]
fn texts_that_are_costly_to_read() {
    let shapes = [
        ("128 of 1 MiB that is no UTF-8", vec![b'\xff'; MIB]),
        ("128 of 1 MiB of brackets", vec![b'['; MIB]),
        ("128 of 1 MiB of objects to be reordered", reordered().into_bytes()),
    ];
    for (what, body) in shapes {
        let post = forged(body).bytes();
        withstand(what, |to| {
            let answers = counted(crowd(128, || statuses(to, &post)).into_iter().flatten());
            assert!(answers.keys().all(|status| [401, 415, 503].contains(status)), "{answers:?}");
        });
    }
}

/// Objects whose members all have to move.
fn reordered() -> String {
    let member = ",{\"1\":0,\"0\":0}";
    format!("[0{}]", member.repeat((MIB - 3) / member.len()))
}

#[test]
fn two_hundred_and_fifty_six_large_texts_at_once() {
    let post = forged(zeros()).bytes();
    withstand("256 at once of 1 MiB of zeros", |to| {
        let answers = counted(crowd(256, || statuses(to, &post)).into_iter().flatten());
        assert_eq!(answers.values().sum::<usize>(), 256, "each is answered: {answers:?}");
        assert!(answers.keys().all(|status| [401, 503].contains(status)), "{answers:?}");
    });
    withstand("256 of them that leave before the answer", |to| {
        crowd(256, || connect(to).map(|mut stream| stream.write_all(&post)));
    });
}

#[test]
fn texts_small_enough_to_be_read_at_once() {
    let member = ",{\"1\":0,\"0\":0}";
    let post = forged(format!("[0{}]", member.repeat(4090 / member.len())));
    let posts = [post.clone().without("Connection").bytes().repeat(19), post.bytes()].concat();
    withstand("512 times 20 of 4 KiB to be reordered", |to| {
        crowd(512, || statuses(to, &posts));
    });
}

#[test]
fn the_ends_of_a_message_are_not_in_doubt() {
    let body = done("r", "v");
    let length = format!("Content-Length: {}\r\n", body.len());
    let signed = format!("X-VSAI-Signature: {}\r\n", signature(sender::SECRET, &body));
    let chunk = format!("{:x}\r\n{body}\r\n", body.len());
    let first = format!("POST / HTTP/1.1\r\nHost: x\r\n{signed}");
    let chunked = format!("{first}Transfer-Encoding: chunked\r\n");
    let old = format!("POST / HTTP/1.0\r\n{signed}");
    let huge = "f".repeat(17);
    let next = "GET /next HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    // What is answered to a message with another one behind it: the second is only read where the first has a clear end.
    let table: &[(&str, String, &[u16])] = &[
        ("as it should be", format!("{first}{length}\r\n{body}"), &[200, 404]),
        ("one length twice", format!("{first}{length}{length}\r\n{body}"), &[200, 404]),
        ("two lengths", format!("{first}{length}Content-Length: 5\r\n\r\n{body}"), &[400]),
        ("a list of lengths", format!("{first}Content-Length: 5, 5\r\n\r\n{body}"), &[400]),
        ("a length with a sign", format!("{first}Content-Length: +{}\r\n\r\n{body}", body.len()), &[400]),
        ("a negative length", format!("{first}Content-Length: -1\r\n\r\n{body}"), &[400]),
        ("a huge length", format!("{first}Content-Length: {}\r\n\r\n{body}", u64::MAX), &[431]),
        ("length and chunks", format!("{chunked}{length}\r\n{chunk}0\r\n\r\n"), &[200]),
        ("chunks and length", format!("{first}{length}Transfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n"), &[200]),
        ("another encoding", format!("{first}Transfer-Encoding: gzip\r\n\r\n{chunk}0\r\n\r\n"), &[400]),
        ("chunked, but not last", format!("{first}Transfer-Encoding: chunked, x\r\n\r\n{chunk}0\r\n\r\n"), &[400]),
        ("a space before the colon", format!("{first}Transfer-Encoding : chunked\r\n\r\n{chunk}0\r\n\r\n"), &[400]),
        ("a folded header", format!("{first}{length}X: a\r\n b\r\n\r\n{body}"), &[400]),
        ("chunks with trailers", format!("{chunked}\r\n{chunk}0\r\nX-Trailer: a\r\n\r\n"), &[200, 404]),
        (
            "a signature as trailer",
            format!("{}\r\n{chunk}0\r\n{signed}\r\n", chunked.replace(&signed, "")),
            &[401, 404],
        ),
        ("huge trailers", format!("{chunked}\r\n{chunk}0\r\nX: {}\r\n\r\n", "a".repeat(MIB)), &[400]),
        (
            "a chunk with an extension",
            format!("{chunked}\r\n{}0\r\n\r\n", chunk.replacen("\r\n", ";a=b\r\n", 1)),
            &[200, 404],
        ),
        (
            "huge extensions",
            format!("{chunked}\r\n{}", chunk.replacen("\r\n", &format!(";{}\r\n", "a".repeat(MIB)), 1)),
            &[400],
        ),
        ("a chunk of 2^68 bytes", format!("{chunked}\r\n{huge}\r\n{body}"), &[400]),
        ("a chunk without a size", format!("{chunked}\r\n\r\n{body}"), &[400]),
        ("a chunk with a sign", format!("{chunked}\r\n+{chunk}0\r\n\r\n"), &[400]),
        ("a chunk too short", format!("{chunked}\r\n5\r\n{body}\r\n0\r\n\r\n"), &[400]),
        ("no end of chunks", format!("{chunked}\r\n{chunk}"), &[400]),
        ("HTTP/1.0", format!("{old}{length}\r\n{body}"), &[200]),
        ("HTTP/1.0 kept alive", format!("{old}{length}Connection: keep-alive\r\n\r\n{body}"), &[200, 404]),
        ("HTTP/1.0 in chunks", format!("{old}Transfer-Encoding: chunked\r\n\r\n{chunk}0\r\n\r\n"), &[400]),
        ("HTTP/0.9", "POST /\r\n\r\n".to_owned(), &[400]),
        ("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_owned(), &[400]),
        ("no host", format!("{first}{length}\r\n{body}").replace("Host: x\r\n", ""), &[400, 404]),
        ("two hosts", format!("{first}Host: y\r\n{length}\r\n{body}"), &[400, 404]),
        ("another's host", format!("{first}{length}\r\n{body}").replace("POST /", "POST http://y/"), &[200, 404]),
        ("HEAD", "HEAD / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), &[405, 404]),
        ("OPTIONS", "OPTIONS / HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), &[405, 404]),
        ("OPTIONS of all", "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n".to_owned(), &[404, 404]),
        ("CONNECT", "CONNECT y:80 HTTP/1.1\r\nHost: y:80\r\n\r\n".to_owned(), &[404, 404]),
        ("an upgrade", format!("{first}{length}Connection: upgrade\r\nUpgrade: h2c\r\n\r\n{body}"), &[200, 404]),
        ("an expectation", format!("{first}{length}Expect: 100-continue\r\n\r\n{body}"), &[100, 200, 404]),
        ("an expectation too large", format!("{first}Content-Length: 9999999\r\nExpect: 100-continue\r\n\r\n"), &[413]),
        ("another expectation", format!("{first}{length}Expect: more\r\n\r\n{body}"), &[200, 404]),
        ("a NUL in a header", format!("{first}{length}X: a\0b\r\n\r\n{body}"), &[400]),
        ("a line feed alone", format!("{first}{length}\n{body}"), &[200, 404]),
        ("a carriage return in a header", format!("{first}X: a\rContent-Length: 5\r\n{length}\r\n{body}"), &[400]),
    ];
    withstand("every message whose end is in doubt", |to| {
        for (what, message, expected) in table {
            // Nothing is sent behind a message that ends its connection: it would reset it under the answer.
            let behind = if *expected == [200] { "" } else { next };
            let answers = statuses(to, format!("{message}{behind}").as_bytes());
            let was_cut_off = *expected == [400] && answers.is_empty();
            assert!(answers == *expected || was_cut_off, "{what}: {answers:?} to {message:.300}");
        }
    });
}

#[test]
fn a_large_honest_body_gets_in_between_slow_ones() {
    withstand("500 large bodies that stall, and an honest large one", |to| {
        let stalled = forged(zeros());
        let begun = [stalled.head(), stalled.body()[..1_000].to_vec()].concat();
        let _slow: Vec<_> =
            (0..500).filter_map(|_| connect(to)).map(|mut wire| wire.write_all(&begun).map(|()| wire)).collect();
        let mut wire = Wire::open(to);
        wire.write(&Post::signed(zeros()).bytes());
        assert_eq!(wire.answer().expect("an answer").status, 200);
    });
}
