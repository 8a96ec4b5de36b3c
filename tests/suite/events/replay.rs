//! `vsai events replay`: what reaches the handler, what is refused before anything does, and how its answers are judged.

use std::process::Output;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::Value;
use snapbox::str;

use super::{distinct, ids, json, received, refused, variations};
use crate::api::{Answer, Api, Request, full};
use crate::home::{Home, shown};
use crate::listening::{of_kind, records};
use crate::sender::{DOCUMENTED, DOCUMENTED_SIGNATURE, Post, SECRET, done, signature};

/// Replays to a new handler that answers 200, and returns what came there.
#[track_caller]
fn replayed(home: &Home, arguments: &str) -> Vec<Request> {
    let handler = Api::with_statuses(&[200]);
    home.stdout(&format!("events replay {arguments} --to {}", handler.url));
    handler.requests()
}

/// An exit code and stderr, of a run in which the handler got nothing.
#[track_caller]
fn refuses(home: &Home, arguments: &str) -> (Option<i32>, String) {
    let handler = Api::with_statuses(&[200]);
    let output = home.run(&format!("events replay {arguments} --to {}", handler.url));
    assert_eq!(handler.requests().len(), 0, "{arguments}");
    refused(&output)
}

/// The record of the documented delivery, as a listener prints it.
fn record() -> (Home, String) {
    let (home, records) = received(&[Post::with(DOCUMENTED, DOCUMENTED_SIGNATURE)]);
    let record = of_kind(&records, "event")[0].to_string();
    (home, record)
}

#[test]
fn a_delivery_goes_out_byte_for_byte_with_its_signature_type_and_query() {
    let odd = "{ \"event_type\" : \"new\",\"n\":1e2,\"text\":\"\u{202e}\\u00e9\" }\n";
    let posts = [
        Post::with(DOCUMENTED, DOCUMENTED_SIGNATURE),
        Post::signed(odd).line("POST /?job=7 HTTP/1.1").header("Content-Type", "application/vnd.x+json"),
    ];
    let (home, records) = received(&posts);
    let ids = ids(&records);
    home.stdout("events export --dir exported");
    for from in [ids.join(" "), "--all".to_owned(), "--since 1h".to_owned()] {
        let requests = replayed(&home, &from);
        let [documented, odd_one] = requests.as_slice() else { panic!("{from}: {requests:?}") };
        assert_eq!(documented.body, DOCUMENTED);
        assert_eq!(documented.header("x-vsai-signature"), Some(DOCUMENTED_SIGNATURE));
        assert_eq!(documented.header("x-vsai-cli-event-id"), Some(ids[0].as_str()));
        assert_eq!(
            (documented.line.as_str(), documented.header("content-type")),
            ("POST /v2", Some("application/json"))
        );
        assert_eq!((odd_one.body.as_str(), odd_one.line.as_str()), (odd, "POST /v2?job=7"));
        assert_eq!(odd_one.header("x-vsai-signature"), Some(signature(SECRET, odd).as_str()));
        assert_eq!(odd_one.header("content-type"), Some("application/vnd.x+json"));
    }
    let mut bodies: Vec<_> = replayed(&home, "exported").into_iter().map(|request| request.body).collect();
    bodies.sort();
    assert_eq!(bodies, [odd, DOCUMENTED]);
}

#[test]
fn a_listener_verifies_what_is_replayed_as_the_same_events() {
    let (home, first) = received(&distinct(0..3));
    home.stdout("events export --dir exported");
    let listening = home.listen("--json --no-journal --count 3");
    home.stdout(&format!("events replay exported --to {}", listening.address));
    let (code, second) = listening.end_with_records();
    let (mut before, mut after) = (ids(&first), ids(&second));
    before.sort();
    after.sort();
    assert_eq!((code, before), (Some(0), after));
}

/// A journal grows while its own listener is replayed to; what comes then is not replayed again.
#[test]
fn a_replay_to_the_journals_own_listener_ends() {
    let page = 20;
    let (home, _) = received(&distinct(0..page));
    let listening = home.listen("");
    let output = home.stdout(&format!(
        "events replay --all --set variation_id=new --resign --secret-file secret --to {}",
        listening.address
    ));
    assert_eq!(output.lines().count(), page);
}

#[test]
fn records_are_read_from_lines_laid_out_files_folders_and_standard_input() {
    let (home, records) = received(&distinct(0..3));
    let lines = home.stdout("events export") + "\n";
    let laid_out = serde_json::to_string_pretty(of_kind(&records, "event")[1]).expect("JSON");
    let others = "{\"kind\":\"ready\",\"url\":\"x\"}\n\n";
    home.file("lines.jsonl", format!("{others}{lines}"));
    home.file("folder/2.json", &laid_out);
    home.file("folder/10.JSON", lines.lines().next().expect("a line"));
    home.file("folder/notes.txt", "no record");
    home.file("folder/below/3.json", "no record");
    let sent = |requests: Vec<Request>| -> Vec<String> {
        requests.into_iter().map(|request| request.body.replace(&done("r", "v"), "")).collect()
    };
    let bodies = |numbers: &[usize]| -> Vec<String> { numbers.iter().map(|n| done("r", &format!("v{n}"))).collect() };
    assert_eq!(sent(replayed(&home, "lines.jsonl")), bodies(&[0, 1, 2]));
    assert_eq!(sent(replayed(&home, "folder lines.jsonl")), bodies(&[0, 1, 0, 1, 2]));
    let handler = Api::with_statuses(&[200]);
    let output = home.run_with(&format!("--json events replay - --to {}", handler.url), lines.as_bytes());
    let files: Vec<_> = crate::listening::records(str::from_utf8(&output.stdout).expect("UTF-8"));
    let files: Vec<_> = of_kind(&files, "forward").iter().map(|forward| forward["file"].clone()).collect();
    assert_eq!(files, ["-:1", "-:2", "-:3"]);
    assert_eq!(handler.requests().len(), 3);
}

#[test]
fn a_record_that_was_changed_is_refused_before_anything_is_sent() {
    let (home, record) = record();
    home.file("good.json", &record);
    let change = |from: &str, to: &str| {
        let changed = record.replacen(from, to, 1);
        assert_ne!(changed, record, "{from}");
        changed
    };
    for (record, reason) in [
        (change("\\\"done\\\"", "\\\"gone\\\""), "its event_type is not the payload's: the record was changed"),
        (change("\"variation_type\":\"staging\"", "\"variation_type\":\"x\""), "its body differs from its payload"),
        (change(DOCUMENTED_SIGNATURE, "1a0c"), "its X-VSAI-Signature header is malformed"),
        (
            change("x-vsai-signature", "x-other").replace("X-VSAI-Signature", "x-other"),
            "the event record has 0 X-VSAI-Signature headers",
        ),
        (change("\"payload\":", "\"payloads\":"), "the event record has no payload"),
        (change("\"event\"", "\"unverified\""), "there is no event record in bad.json"),
        ("gibberish".to_owned(), "it is not JSON"),
        ("[1]".to_owned(), "it is not a JSON record"),
        (String::new(), "there is no event record in bad.json"),
    ] {
        home.file("bad.json", &record);
        let (code, stderr) = refuses(&home, "good.json bad.json");
        assert_eq!(code, Some(2), "{record}: {stderr}");
        assert!(
            stderr.contains(reason) && stderr.contains("bad.json") && stderr.ends_with("nothing was sent\n"),
            "{stderr}"
        );
    }
}

#[test]
fn all_that_is_wrong_is_told_at_once() {
    let (home, record) = record();
    home.file("good.json", record);
    home.file("lines.jsonl", "{\"kind\":\"page\"}\n\n{\"kind\":\"event\"}\n{\n");
    home.file("empty/notes.txt", "");
    home.compare(
        &home.run("events replay good.json evt_nobody ref_1 missing.json lines.jsonl empty --to 1"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no event evt_nobody in the journal
  hint: vsai events list shows names
error: ref_1 is a refused delivery, not an event
  hint: vsai events explain ref_1
error: cannot read missing.json: no such file or directory
error: cannot replay lines.jsonl:3: the event record has no payload
  hint: export it again; to send another payload, --set or --edit with --resign
error: cannot take a record from lines.jsonl:4: it is not JSON
  hint: a payload by itself is sent by vsai trigger --data FILE --to TARGET
error: there is no .json or .jsonl file in empty
  hint: vsai events export --dir DIR writes such a folder
nothing was sent

"#]],
    );
    for (arguments, exit) in [("- -", 2), ("good.json --all", 2), ("", 2), ("--edit --resign --all", 2)] {
        assert_eq!(refuses(&home, arguments).0, Some(exit), "{arguments}");
    }
    home.check(
        "events replay good.json",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the following required arguments were not provided: --to <TARGET>
  hint: vsai events replay --to <TARGET> <EVENT|FILE|DIR>...

"#]],
    );
}

#[test]
fn a_changed_payload_needs_a_new_signature_and_is_another_event() {
    let (home, records) = received(&[Post::with(DOCUMENTED, DOCUMENTED_SIGNATURE)]);
    let id = &ids(&records)[0];
    for flag in ["--set render_id=x", "--edit"] {
        let (code, stderr) = refuses(&home, &format!("{id} {flag}"));
        assert!(code == Some(2) && stderr.contains("the original signature would not fit"), "{stderr}");
    }
    let set = "--set result.url=http://localhost/a.jpg --set new=[1,1e2] --resign --secret-file secret";
    let request = replayed(&home, &format!("{id} {set}")).remove(0);
    let changed = DOCUMENTED.replace("https://results.example.com/image.jpg", "http://localhost/a.jpg");
    let changed = changed.strip_suffix('}').expect("an object").to_owned() + ",\"new\":[1,100]}";
    assert_eq!(request.body, changed);
    assert_eq!(request.header("x-vsai-signature"), Some(signature(SECRET, &changed).as_str()));
    assert_eq!(request.header("x-vsai-cli-event-id"), None);
    let shown = json(&home, &format!("events show {id}")).remove(0);
    assert_eq!(shown["attempts"], Value::Array(Vec::new()), "it was not this event");
}

#[test]
fn a_new_signature_is_made_with_the_live_secret() {
    let (home, records) = received(&[Post::with(DOCUMENTED, DOCUMENTED_SIGNATURE)]);
    let id = &ids(&records)[0];
    home.secret_file("new", "another-secret");
    let request = replayed(&home, &format!("{id} --resign --secret-file new")).remove(0);
    assert_eq!(request.body, DOCUMENTED);
    assert_eq!(request.header("x-vsai-signature"), Some(signature("another-secret", DOCUMENTED).as_str()));
    assert_eq!(request.header("x-vsai-cli-event-id"), Some(id.as_str()));
    let handler = Api::with_statuses(&[200]);
    let warned = home.run(&format!("events replay {id} -n 2 --secret-file new --to {}", handler.url));
    let warned = String::from_utf8(warned.stderr).expect("UTF-8");
    assert_eq!(warned.matches("is not that of a live secret; --resign makes one that is").count(), 1, "{warned}");
    let (code, stderr) = refuses(&home, &format!("{id} --resign"));
    assert!(code == Some(2) && stderr.contains("there is no webhook secret"), "{stderr}");
}

/// Runs with an editor that is this shell script.
fn edited(home: Home, script: &str, arguments: &str) -> (Output, Vec<Request>) {
    let home = home.variable("VISUAL", "sh editor.sh --wait").variable("EDITOR", "false");
    home.file("editor.sh", format!("shift\n{script}\n"));
    let handler = Api::with_statuses(&[200]);
    let output =
        home.run(&format!("events replay {arguments} --edit --resign --secret-file secret --to {}", handler.url));
    (output, handler.requests())
}

#[test]
fn an_editor_changes_the_payload_and_gets_no_secrets() {
    let (home, record) = record();
    home.file("good.json", record);
    let home = home.variable("VSAI_WEBHOOK_SECRET", "whsec-editor");
    let script = "grep -q '^  \"render_id\": \"rnd_abc123\",$' \"$1\" || exit 7
[ -z \"$(env | grep VSAI_)\" ] || exit 8
sed 's/rnd_abc123/rnd_edited/' \"$1\" > new && mv new \"$1\"";
    let (output, requests) = edited(home, script, "good.json");
    assert_eq!(output.status.code(), Some(0), "{}", shown(&output));
    let changed = DOCUMENTED.replace("rnd_abc123", "rnd_edited");
    assert_eq!(requests[0].body, changed);
    assert_eq!(requests[0].header("x-vsai-signature"), Some(signature(SECRET, &changed).as_str()));
}

#[test]
fn what_the_editor_leaves_unusable_is_not_sent() {
    for (script, reason) in [
        (":", "error: the payload of good.json was not changed; nothing was sent\n"),
        ("printf ' ' > \"$1\"", "error: the payload of good.json was emptied; nothing was sent\n"),
        ("echo '{\"a\":' > \"$1\"", "error: the edited payload of good.json cannot be taken: "),
        ("exit 3", "ended with exit status: 3 while it had the payload of good.json; nothing was sent\n"),
        ("rm \"$1\"", "payload.json: no such file or directory\n"),
    ] {
        let (home, record) = record();
        home.file("good.json", record);
        let (output, requests) = edited(home, script, "good.json");
        let stderr = String::from_utf8(output.stderr).expect("UTF-8");
        assert!(stderr.contains(reason) && requests.is_empty(), "{script}: {stderr}");
        assert_eq!(output.status.code(), Some(if script.starts_with("rm") { 2 } else { 1 }), "{script}: {stderr}");
    }
    let (home, record) = record();
    home.file("folder/good.json", &record);
    home.file("folder/other.json", &record);
    let (code, stderr) = refuses(&home, "folder --edit --resign --secret-file secret");
    assert!(code == Some(2) && stderr.matches("neither VISUAL nor EDITOR is set").count() == 1, "{stderr}");
    home.file("good.json", record);
    let (code, stderr) = refuses(&home, "good.json --edit --resign --secret-file secret --no-input");
    assert!(code == Some(2) && stderr.contains("--no-input forbids it"), "{stderr}");
    let home = home.variable("EDITOR", "/nowhere/editor --wait");
    let (code, stderr) = refuses(&home, "good.json --edit --resign --secret-file secret");
    assert_eq!(code, Some(2));
    assert!(
        stderr.starts_with("error: cannot start the editor \"/nowhere/editor --wait\": there is no such program\n"),
        "{stderr}"
    );
}

#[test]
fn the_answers_decide_how_it_ends() {
    let (mut home, _) = received(&distinct(0..3));
    home.stdout("events export --dir exported");
    for (statuses, flags, code, counts) in [
        (&[200][..], "", 0, [3, 0, 0]),
        (&[204], "", 1, [0, 3, 0]),
        (&[204], "--expect-status 2xx", 0, [3, 0, 0]),
        (&[200, 401, 404], "--expect-status 401-403 --expect-status 200", 1, [2, 1, 0]),
        (&[500], "--expect-status 500", 0, [3, 0, 0]),
        (&[302], "", 1, [0, 3, 0]),
    ] {
        let handler = Api::with_statuses(statuses);
        let output = home.run(&format!("--json events replay exported {flags} --to {}", handler.url));
        let summary = records(str::from_utf8(&output.stdout).expect("UTF-8")).pop().expect("a summary");
        let told = ["expected", "unexpected", "unanswered"].map(|name| summary[name].as_u64().expect("a number"));
        assert_eq!((output.status.code(), told), (Some(code), counts), "{statuses:?} {flags}");
    }
    let unreachable = home.run("events replay exported --to 127.0.0.1:1");
    assert_eq!(unreachable.status.code(), Some(6), "{}", shown(&unreachable));
    let silent =
        Api::answering(|request| if request.body.contains("v1") { Answer::Silence } else { full(200, "", "") });
    home.redact("[HANDLER]", silent.url.clone());
    home.redact("[HANDLER]", silent.url.trim_start_matches("http://"));
    let output = home.run(&format!("events replay --all --attempt-timeout 200ms --to {}", silent.url));
    assert_eq!(output.status.code(), Some(1), "{}", shown(&output));
    let stderr = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(
        stderr.contains("no answer within 200 ms")
            && stderr.ends_with("3 sent, 2 answered as expected, 1 not answered\n"),
        "{stderr}"
    );
}

#[test]
fn a_wrong_answer_is_told_with_the_file_that_it_was_to() {
    let (mut home, record) = record();
    home.file("fixtures/done.json", record);
    let handler = Api::answering(|_| full(500, "", "no \x1b[31mroom\n"));
    home.redact("[HANDLER]", handler.url.trim_start_matches("http://"));
    let output = home.run(&format!("events replay fixtures --to {}", handler.url));
    let stdout = String::from_utf8(output.stdout).expect("UTF-8");
    assert!(
        stdout.contains("  <--  500     POST ")
            && stdout.ends_with("  done rnd_abc123/var_xyz789\n                no [31mroom\n"),
        "{stdout}"
    );
    assert_eq!(
        String::from_utf8(output.stderr).expect("UTF-8"),
        "error: fixtures/done.json was answered 500 instead of 200\n1 sent, 0 answered as expected, 1 otherwise\n"
    );
}

#[test]
fn what_was_given_up_goes_to_the_handler_that_did_not_take_it_and_is_healed() {
    let (home, records) = received(&distinct(0..2));
    let id = &ids(&records)[1];
    let handler = Api::with_statuses(&[503, 503, 503, 503, 503, 503, 503, 503, 503, 503, 503, 503, 200]);
    home.secret_file("headers", "Authorization: Bearer hunter2\n");
    let forward = format!("--forward-to {} --from-start --variation v1 --retry-pause 1ms", handler.url);
    let mut tail = home.start(&format!("events tail {forward}"));
    tail.line("given up after 12 tries");
    tail.signal("INT");
    tail.end();
    assert_eq!(variations(&home, "events list --state failed"), ["v1"]);
    home.stdout("events replay --failed --header-file headers");
    let requests = handler.requests();
    assert_eq!((requests.len(), requests[12].body.as_str()), (13, done("r", "v1").as_str()));
    assert_eq!(requests[12].header("authorization"), Some("Bearer hunter2"));
    assert_eq!(variations(&home, "events list --state failed"), [""; 0]);
    assert_eq!(variations(&home, "events list --state delivered"), ["v1"]);
    let shown = json(&home, &format!("events show {id}")).remove(0);
    let attempts = shown["attempts"].as_array().expect("attempts");
    let last = attempts.last().expect("attempts");
    assert_eq!((&last["consumer"], &last["status"]), (&attempts[0]["consumer"], &200.into()));
    home.stdout("events replay --failed");
    assert_eq!(handler.requests().len(), 13, "nothing is failed any more");
}

#[test]
fn a_failure_is_settled_by_the_answer_that_is_expected_wherever_it_comes_from() {
    let (home, records) = received(&distinct(0..2));
    let ids = ids(&records);
    let old = Api::with_statuses(&[503]);
    let forward = format!("--forward-to {} --from-start --variation v1 --retry-pause 1ms", old.url);
    let mut tail = home.start(&format!("events tail {forward}"));
    tail.line("given up after 12 tries");
    tail.signal("INT");
    tail.end();
    let failed = || variations(&home, "events list --state failed");
    let status = |arguments: &str| home.run(&format!("events replay {arguments}")).status.code();
    // Replays by name and selection tell nothing of forwarding, neither good nor bad.
    let (good, bad) = (Api::with_statuses(&[200]), Api::with_statuses(&[500]));
    assert_eq!(status(&format!("{} --to {}", ids.join(" "), bad.url)), Some(1));
    assert_eq!(status(&format!("--all --to {}", good.url)), Some(0));
    assert_eq!(failed(), ["v1"]);
    // A miss settles nothing, and the next run goes to the old address all the same.
    for (arguments, expected) in
        [(format!("--to {}", bad.url), 1), (format!("--expect-status 500 --to {}", good.url), 1)]
    {
        assert_eq!(status(&format!("--failed {arguments}")), Some(expected));
        assert_eq!(failed(), ["v1"], "{arguments}");
    }
    assert_eq!(status("--failed"), Some(1));
    assert_eq!(old.requests().len(), 13);
    assert_eq!(status(&format!("--failed --to {}", good.url)), Some(0));
    assert_eq!(failed(), [""; 0]);
    assert_eq!(variations(&home, "events list --state delivered"), ["v1"]);
}

#[test]
fn a_replay_does_not_hide_that_an_event_still_waits() {
    let (home, _) = received(&distinct(0..1));
    let (old, new) = (Api::with_statuses(&[503]), Api::with_statuses(&[200]));
    let mut tail = home.start(&format!("events tail --forward-to {} --from-start --retry-pause 1h", old.url));
    tail.line("next try in");
    tail.signal("INT");
    tail.end();
    home.stdout(&format!("events replay --all --to {}", new.url));
    assert_eq!(variations(&home, "events list --state waiting"), ["v0"]);
}

#[test]
fn a_selection_leaves_duplicates_out() {
    let posts: Vec<Post> = [0, 1, 1, 0].into_iter().map(|n| Post::signed(done("r", &format!("v{n}")))).collect();
    let (home, _) = received(&posts);
    let bodies = |arguments: &str| -> Vec<String> {
        replayed(&home, arguments).into_iter().map(|request| request.body).collect()
    };
    assert_eq!(bodies("--all"), [done("r", "v0"), done("r", "v1")]);
    assert_eq!(bodies("--variation v1 -n 2"), [done("r", "v1"), done("r", "v1")]);
    let empty = home.run("events replay --events error --to 1");
    let stderr = String::from_utf8_lossy(&empty.stderr).into_owned();
    assert_eq!(empty.status.code(), Some(1), "{stderr}");
    assert!(stderr.ends_with("error: nothing was sent: the journal has no such event\n"), "{stderr}");
}

#[test]
fn without_a_journal_nothing_has_failed_and_nothing_else_can_be_sent() {
    let home = Home::new();
    assert_eq!(home.run("events replay --all --to 1").status.code(), Some(2));
    let summary = json(&home, "events replay --failed").remove(0);
    assert_eq!((&summary["kind"], &summary["sent"]), (&"summary".into(), &0.into()));
    assert_eq!(json(&home, "events stats")[0]["events"], 0);
    assert_eq!(json(&home, "events prune --older-than 1d --yes")[0]["deliveries"], 0);
}

#[test]
fn no_faster_than_the_rate() {
    let (home, _) = received(&distinct(0..1));
    let came = Arc::new(Mutex::new(Vec::new()));
    let coming = came.clone();
    let handler = Api::answering(move |_| {
        coming.lock().expect("not poisoned").push(Instant::now());
        full(200, "", "")
    });
    home.stdout(&format!("events replay --all -n 4 --rate 10/s --to {}", handler.url));
    let came = came.lock().expect("not poisoned");
    // The first one may be late, the last one is not early.
    assert!(came.len() == 4 && came[3] - came[0] >= Duration::from_millis(200), "{came:?}");
}

#[test]
fn a_dry_run_sends_nothing_and_shows_no_header_of_the_users() {
    let (mut home, record) = record();
    home.secret_file("headers", "Authorization: Bearer hunter2\n");
    home.file("good.json", record);
    home.redact("[VERSION]", env!("CARGO_PKG_VERSION"));
    home.check(
        "events replay good.json --to 3000/hook?a=1 --set result=null --resign --secret-file secret --header-file headers --dry-run",
        str![[r#"
exit 0
--- stdout
POST http://localhost:[PORT]/hook?a=1  good.json, changed
  content-type: application/json
  x-vsai-signature: 0d83dc8d5db538b0016607248acd316fe98bb9cb384f8805e56a0cc2f437396b
  {"render_id":"rnd_abc123","variation_id":"var_xyz789","variation_type":"staging","base_variation_id":"var_removal123","timestamp":1634567890123,"event_type":"done","result":null}
--- stderr

"#]],
    );
    let planned = json(&home, "events replay --all -n 2 --to 3000 --dry-run");
    assert_eq!((planned.len(), &planned[1]["payload"]), (2, &DOCUMENTED.into()));
    assert_eq!((&planned[0]["changed"], &planned[0]["target"]), (&false.into(), &"http://localhost:3000/".into()));
}

#[test]
fn the_first_signal_waits_for_the_answer_and_the_second_does_not() {
    let (home, _) = received(&distinct(0..2));
    let silent = Api::answering(|_| Answer::Silence);
    let running = home.start(&format!("events replay --all --to {}", silent.url));
    silent.wait_for(1);
    running.signal("INT");
    running.signal("TERM");
    let (code, stdout, stderr) = running.end();
    // Which of two that come at once is seen first is the system's business.
    assert!(matches!(code, Some(130 | 143)) && stdout.is_empty(), "{code:?} {stdout} {stderr}");
    assert_eq!(silent.requests().len(), 1);
}
