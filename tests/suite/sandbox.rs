//! `vsai sandbox`, seen through the other commands as a user meets it.

use serde_json::Value;
use snapbox::str;

use super::Home;
use super::home::{Running, shown};
use super::sender::{Post, Wire};

/// A sandbox on a free port and the flags that reach it.
fn sandbox(home: &mut Home, flags: &str) -> (Running, String) {
    let mut running = home.start(&format!("sandbox --port 0 --speed 20 --json {flags}"));
    let ready: Value = serde_json::from_str(&running.line("\"ready\"")).expect("JSON");
    let url = ready["url"].as_str().expect("a URL").to_owned();
    home.redact("[SANDBOX]", url.trim_end_matches("/v2"));
    (running, format!("-p sandbox --api-url {url}"))
}

#[test]
fn the_built_in_profile_reaches_it_with_nothing_set() {
    let mut home = Home::new();
    let (_running, at) = sandbox(&mut home, "--photos 7");
    home.check(
        &format!("{at} whoami"),
        str![[r#"
exit 0
--- stdout
account        developer@example.com
uid            sandbox_[..]
staging        0 of 7 photos used, 7 left
image editing  0 photos used, no limit
profile        sandbox  (flag)
API            [SANDBOX]/v2  (flag)
API key        set  (default)
webhook secret not set
--- stderr

"#]],
    );
}

#[test]
fn a_listener_verifies_what_it_sends_and_a_proxy_is_left_out() {
    let mut home =
        Home::new().variable("http_proxy", "http://127.0.0.1:9").variable("HTTPS_PROXY", "http://127.0.0.1:9");
    let (mut sandbox, at) = sandbox(&mut home, "");
    home.file("secret", "test-secret");
    home.stdout(&format!("{at} secret set --from-file secret --yes"));
    let mut listener = home.start("listen --port 0 --json --secret-file secret --count 3");
    let ready: Value = serde_json::from_str(&listener.line("\"ready\"")).expect("JSON");
    let webhook = format!("{}?order=7", ready["url"].as_str().expect("a URL"));
    let create = "render create https://example.com/room.jpg --room living --style modern -n 3 --webhook-url";
    home.stdout(&format!("{at} {create} {webhook}"));
    for _ in 0..3 {
        let event: Value = serde_json::from_str(&listener.line("\"event\"")).expect("JSON");
        assert_eq!((&event["matched"], &event["event_type"]), (&"both".into(), &"done".into()), "{event}");
        let told: Value = serde_json::from_str(&sandbox.line("\"webhook\"")).expect("JSON");
        assert_eq!((told["status"].as_u64(), told["try"].as_u64()), (Some(200), Some(1)), "{told}");
    }
    assert_eq!(listener.end().0, Some(0));
}

#[test]
fn the_log_is_read_by_people() {
    let mut home = Home::new();
    let mut running = home.start("sandbox --port 0 --seed 7 --photos 0");
    let banner = running.note("sandbox at ");
    let url = banner.trim_start_matches("sandbox at ").trim_end_matches("  seed 7").to_owned();
    home.redact("[SANDBOX]", url.trim_end_matches("/v2"));
    home.check(
        &format!("-p sandbox --api-url {url} render create https://example.com/a.jpg --room bed --style modern"),
        str![[r#"
exit 5
--- stdout
--- stderr
error: POST /renders at [SANDBOX]: forbidden (403): Photo limit reached: 0 of 0 photos of this period are used
  hint: vsai whoami shows photos used and allowed

"#]],
    );
    let line = running.line("POST /v2/renders");
    let (_time, said) = line.split_once("  ").expect("a time");
    assert_eq!(said, "request  POST /v2/renders  403  Photo limit reached: 0 of 0 photos of this period are used");
}

#[test]
fn each_fault_is_the_flags() {
    for (flags, fault) in [
        ("--fail-rate 1", "fail"),
        ("--vanish-rate 1", "vanish"),
        ("--http-500-rate 1", "http-500"),
        ("--http-429-rate 1", "http-429"),
        ("--cut-rate 1", "cut"),
    ] {
        let mut home = Home::new();
        let (mut running, at) = sandbox(&mut home, flags);
        let (_, address) = at.split_once("http://").expect("a URL");
        let config = r#"{"type":"staging","add_furniture":{"room_type":"bed","style":"modern"}}"#;
        let request = Post::unsigned(format!(r#"{{"config":{config},"image_url":"https://example.com/a.jpg"}}"#));
        let request = request.line("POST /v2/renders HTTP/1.1").header("Authorization", "Api-Key vsai-sandbox");
        let mut wire = Wire::open(address.trim_end_matches("/v2").parse().expect("an address"));
        assert!(wire.write(&request.bytes()));
        let told: Value = serde_json::from_str(&running.line("\"fault\"")).expect("JSON");
        assert_eq!(told["fault"], fault, "{told}");
    }
}

#[test]
fn an_interrupt_ends_it_at_once() {
    let mut home = Home::new();
    let (running, _) = sandbox(&mut home, "");
    running.signal("INT");
    let (code, stdout, _) = running.end();
    assert_eq!((code, stdout.as_str()), (Some(130), ""));
}

#[test]
fn what_cannot_start_says_why() {
    let mut home = Home::new();
    home.check(
        "sandbox --fail-rate 2",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value '2' for '--fail-rate <RATE>': a rate is a number from 0 to 1

"#]],
    );
    home.check(
        "sandbox --speed 0",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value '0' for '--speed <FACTOR>': a speed is a number from 0.001 to 1000000

"#]],
    );
    home.check(
        "sandbox --fixed-ids",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the following required arguments were not provided: --seed <N>
  hint: vsai sandbox --seed <N> --fixed-ids

"#]],
    );
    home.check(
        "sandbox --photos many",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'many' for '--photos <N>': photos are a number, or `unlimited`

"#]],
    );
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("bound").port();
    home.redact("[PORT]", port.to_string());
    home.check(
        &format!("sandbox --port {port}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot listen on 127.0.0.1:[PORT]: address already in use
  hint: --port 0 takes any free port

"#]],
    );
}

#[test]
fn one_seed_with_fixed_ids_is_one_run() {
    let run = || {
        let mut home = Home::new();
        let (_running, at) = sandbox(&mut home, "--seed 5 --fixed-ids --http-500-rate 0.5");
        let create = format!("{at} render create https://example.com/a.jpg --room bed --style modern --json");
        let mut seen = Vec::new();
        for _ in 0..6 {
            let output = home.run(&create);
            let answer: Value = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", shown(&output)));
            seen.push((output.status.code(), answer["id"].clone()));
        }
        seen
    };
    let first = run();
    assert!(
        first.iter().any(|(code, _)| *code == Some(0)) && first.iter().any(|(code, _)| *code != Some(0)),
        "{first:?}"
    );
    assert_eq!(first, run());
}
