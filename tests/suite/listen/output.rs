//! What people and other commands are told.

use std::net::TcpListener;

use serde_json::Value;
use snapbox::str;

use crate::home::Home;
use crate::listening::{Listening, of_kind};
use crate::sender::{Post, SECRET, done, failed};

const RUNTIME_FILE: &str = ".local/share/vsai/run/listen-default.json";

#[test]
fn events_go_to_stdout_and_all_about_them_to_stderr() {
    let mut home = Home::new();
    let listening = home.listen("--count 4");
    home.redact("[ADDRESS]", listening.address.to_string());
    for post in [
        Post::signed(done("rnd_abc", "var_1")),
        Post::signed(done("rnd_abc", "var_1")),
        Post::signed(failed("rnd_abc", "var_2")),
        Post::unsigned(failed("rnd_def", "var_3")),
        Post::signed(r#"{"event_type":"analysis_completion","result_url":"https://results.example.com/m.png"}"#),
        Post::signed("{ }"),
    ] {
        post.send(listening.address);
    }
    home.compare_end(
        listening.end(),
        str![[r#"
exit 0
--- stdout
[..]  -->  done    rnd_abc/var_1  staging   ✓ verified
[..]  -->  done    rnd_abc/var_1  staging   ✓ verified  duplicate
[..]  -->  error   rnd_abc/var_2  staging   ✓ verified
                the photo is too dark
[..]  -->  refused ref_1  "error"  "rnd_def"  no X-VSAI-Signature header  (160 bytes from 127.0.0.1, answered 401)  vsai events explain --secret-file secret ref_1
[..]  -->  analysis_completion ✓ verified
[..]  -->  unknown ✓ verified  raw bytes only: the documented receiver would refuse this
--- stderr
4 verified events, 1 reporting a failure, 1 duplicate, 1 signed over bytes that are not canonical, 1 not verified

"#]],
    );
}

#[test]
fn a_port_that_is_taken_is_named_with_a_way_out() {
    let mut home = Home::new();
    home.file("secret", SECRET);
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("bound").port();
    home.redact("[PORT]", port.to_string());
    home.check(
        &format!("listen --port {port} --secret-file secret"),
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
fn an_address_that_others_can_reach_is_warned_of() {
    let home = Home::new();
    home.file("secret", SECRET);
    let output = home.run("listen --port 0 --bind 0.0.0.0 --secret-file secret --timeout 10ms");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        said.starts_with("warning: listening on 0.0.0.0: everybody who can reach this machine can send to it\n"),
        "{said}"
    );
}

#[test]
fn scripts_and_other_commands_find_it_while_it_runs() {
    let home = Home::new();
    let mut listening = home.listen("--ready-file ready --json --path /hook");
    let ready: Value = serde_json::from_str(&listening.line("\"ready\"")).expect("JSON");
    let (port, pid) = (listening.address.port(), listening.pid());
    let url = format!("http://127.0.0.1:{port}/hook");
    assert_eq!((&ready["url"], &ready["port"], &ready["pid"]), (&url.as_str().into(), &port.into(), &pid.into()));
    let file: Value = serde_json::from_str(&home.read("ready")).expect("JSON");
    assert_eq!(file, ready);
    let running: Value = serde_json::from_str(&home.read(RUNTIME_FILE)).expect("JSON");
    assert_eq!((&running["url"], &running["port"], &running["pid"]), (&ready["url"], &ready["port"], &ready["pid"]));
    listening.interrupt();
    assert!(!home.path().join(RUNTIME_FILE).exists(), "it has ended");
}

#[test]
fn the_runtime_file_goes_away_however_it_ends_and_a_later_listener_keeps_its_own() {
    let home = Home::new();
    let first = home.listen("--count 1");
    let second = home.listen("");
    Post::signed(done("r", "v")).send(first.address);
    assert_eq!(first.end().0, Some(0));
    assert!(home.read(RUNTIME_FILE).contains(&second.address.port().to_string()));
    second.signal("TERM");
    second.end();
    assert!(!home.path().join(RUNTIME_FILE).exists());
}

#[test]
fn each_profile_has_a_runtime_file_of_its_own() {
    let home = Home::new();
    home.file("secret", SECRET);
    let listening = home.listen_as("-p sandbox", "--secret-file secret");
    assert!(home.read(".local/share/vsai/run/listen-sandbox.json").contains("\"url\""));
    assert!(!home.path().join(RUNTIME_FILE).exists());
    drop(listening);
}

#[test]
fn without_a_place_for_the_runtime_file_events_come_all_the_same() {
    let home = Home::new();
    home.file(".local", "a file where a folder should be");
    home.file("secret", SECRET);
    let mut running = home.start("listen --port 0 --secret-file secret --count 1 --no-journal");
    running.note("warning: other commands cannot find this listener");
    let listening = Listening::wait(running);
    Post::signed(done("r", "v")).send(listening.address);
    assert_eq!(listening.end().0, Some(0));
}

#[test]
fn without_a_place_for_the_journal_it_does_not_start_and_says_how_to_go_without() {
    let home = Home::new();
    home.file(".local", "a file where a folder should be");
    home.file("secret", SECRET);
    home.check(
        "listen --port 0 --secret-file secret",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the journal [HOME]/.local/share/vsai/journal/default.db: not a directory
  hint: --no-journal listens without one, and keeps nothing

"#]],
    );
}

#[test]
fn a_ready_file_that_cannot_be_written_stops_it() {
    let home = Home::new();
    home.file("secret", SECRET);
    let output = home.run("listen --port 0 --secret-file secret --ready-file nowhere/ready");
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2));
    assert!(said.ends_with("error: cannot write nowhere/ready: no such file or directory\n"), "{said}");
    assert!(!home.path().join(RUNTIME_FILE).exists());
}

#[test]
fn quiet_leaves_only_the_events() {
    let home = Home::new();
    home.file("secret", SECRET);
    let mut running = home.start("listen --port 0 --secret-file secret -q --count 1 --ready-file ready");
    let ready: Value = serde_json::from_str(&home.wait_for_file("ready")).expect("JSON");
    let port = ready["port"].as_u64().expect("a port") as u16;
    Post::signed(done("r", "v")).send(([127, 0, 0, 1], port).into());
    assert!(running.line("verified").contains("r/v"));
    assert_eq!(running.end(), (Some(0), String::new(), String::new()));
}

#[test]
fn every_record_names_its_kind_and_schema() {
    let home = Home::new();
    let listening = home.listen_as("", "--json --unverified mark --count 1");
    home.file("x", "");
    Post::unsigned("{}").send(listening.address);
    let (_, records) = listening.interrupt_with_records();
    let kinds: Vec<_> = records.iter().map(|record| record["kind"].as_str().expect("a text")).collect();
    assert_eq!(kinds, ["warning", "ready", "unverified", "summary"]);
    assert_eq!(of_kind(&records, "ready")[0]["secrets"], serde_json::json!([]));
}
