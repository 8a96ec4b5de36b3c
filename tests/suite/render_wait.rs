//! `vsai render wait`, `get` of several and `list --all`: what scripts go by, and what a terminal shows meanwhile.

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use serde_json::{Value, json};
use snapbox::str;

use super::Home;
use super::api::{Answer, Api, full, json as answer_json};
use super::terminal::Terminal;

fn home_at(url: &str) -> Home {
    Home::new().variable("VSAI_API_URL", url).variable("VSAI_API_KEY", "vsai-sandbox-wait")
}

fn render(id: &str, statuses: &[&str]) -> Answer {
    let variation = |(at, status): (usize, &&str)| {
        let link = format!("https://r.example/{id}-{at}.jpg");
        let result = (*status == "done").then(|| json!({"url": link, "width": 3072}));
        json!({"id": format!("{id}-{at}"), "type": "staging", "status": status, "result": result, "score": 0.5})
    };
    let items: Vec<Value> = statuses.iter().enumerate().map(variation).collect();
    let render =
        json!({"id": id, "created_at": 1_700_000_000_000_i64, "variations": {"items": items}, "owner": {"a": 1}});
    answer_json(200, &render.to_string())
}

/// An API of renders that are as their ids say.
fn named() -> Api {
    Api::answering(|request| {
        let id = request.line.rsplit('/').next().expect("a path").split('?').next().expect("an id");
        match id {
            "good" => render(id, &["done", "done"]),
            "mixed" => render(id, &["done", "error"]),
            "bad" => render(id, &["error"]),
            "slow" => render(id, &["done", "rendering"]),
            "gone" => render(id, &["deleted"]),
            // As version 1 makes them.
            "Hq2YbQ8sZk3mP0aVtX1c" => render(id, &["done"]),
            _ => answer_json(404, r#"{"message":"Render not found"}"#),
        }
    })
}

/// An API that answers in turn, and goes on with the last answer.
fn in_turn(answers: Vec<fn() -> Answer>) -> Api {
    let number = AtomicUsize::new(0);
    Api::answering(move |_| answers[number.fetch_add(1, SeqCst).min(answers.len() - 1)]())
}

#[test]
fn wait_shows_each_render_and_who_told_of_its_end() {
    let api = named();
    let home = home_at(&api.url);
    home.check(
        "render wait good",
        str![[r#"
exit 0
--- stdout
good  [TIME] UTC  2 done
  good-0  staging     done  by poll  https://r.example/good-0.jpg
  good-1  staging     done  by poll  https://r.example/good-1.jpg
--- stderr
1 done; ended variations: 2 by poll; 2 reads

"#]],
    );
    home.check("render wait mixed --json", str![[r#"
exit 1
--- stdout
{"kind":"render","schema":"vsai.render/2","id":"mixed","status":"partial","created_at":[MILLISECONDS],"queued_at":null,"eta":null,"variations":[{"id":"mixed-0","type":"staging","status":"done","created_at":null,"eta":null,"results":[{"url":"https://r.example/mixed-0.jpg","optimized_url":null,"thumbnail_url":null,"other":{"width":3072}}],"base_variation_id":null,"error_message":null,"config":null,"by":"poll","other":{"score":0.5}},{"id":"mixed-1","type":"staging","status":"error","created_at":null,"eta":null,"results":[],"base_variation_id":null,"error_message":null,"config":null,"by":"poll","other":{"score":0.5}}],"other":{"owner":{"a":1}}}
{"kind":"summary","schema":"vsai.summary/1","renders":1,"done":0,"failed":1,"pending":0,"refused":0,"by_webhook":0,"by_poll":2,"polls":2,"webhook_never_came":0}
--- stderr
1 failed; ended variations: 2 by poll; 2 reads

"#]]);
    assert!(api.requests().iter().all(|request| request.line.starts_with("GET ")), "nothing is changed by waiting");
}

#[test]
fn the_exit_code_tells_how_all_have_ended() {
    let api = named();
    let home = home_at(&api.url);
    for (ids, code) in [
        ("good", 0),
        ("good good", 0),
        ("mixed", 1),
        ("bad gone", 1),
        ("good bad", 3),
        ("none", 1),
        ("good none", 3),
        ("none bad", 1),
        ("good slow --timeout 2s", 124),
        ("good --expect 2", 0),
        ("..", 2),
    ] {
        let output = home.run(&format!("render wait {ids} -q"));
        assert_eq!(output.status.code(), Some(code), "{ids}");
    }
    let refusing = Api::with_statuses(&[401]);
    assert_eq!(home_at(&refusing.url).run("render wait a b").status.code(), Some(4));
}

#[test]
fn a_timeout_says_what_is_not_done_and_how_to_go_on() {
    let api = named();
    let home = home_at(&api.url);
    home.check(
        "render wait slow --timeout 500ms --expect 2",
        str![[r#"
exit 124
--- stdout
slow  [TIME] UTC  1 pending  1 done
  slow-0  staging     done  by poll  https://r.example/slow-0.jpg
  slow-1  staging     rendering
--- stderr
1 not ended yet; ended variations: 1 by poll; 1 read
error: 500ms passed: not ended yet: slow
  hint: vsai render wait --expect 2 slow

"#]],
    );
    home.check(
        "render wait slow --timeout 0",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value '0' for '--timeout <DURATION>': it has to be longer than 0

"#]],
    );
    home.check(
        "render wait",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the following required arguments were not provided: <ID>...
  hint: vsai render wait <ID>...

"#]],
    );
}

#[test]
fn ctrl_c_stops_the_waiting_and_no_render() {
    let api = named();
    let home = home_at(&api.url);
    for (signal, code) in [("INT", 130), ("TERM", 143)] {
        let count = api.requests().len();
        let running = home.start("render wait slow");
        // With the second read, the first one has been taken in.
        api.wait_for(count + 2);
        running.signal(signal);
        let (exit, stdout, stderr) = running.end();
        assert_eq!(exit, Some(code));
        assert!(stdout.starts_with("slow  "), "what is known is shown: {stdout}");
        assert!(stderr.ends_with("the render goes on, nothing was cancelled: vsai render wait slow\n"), "{stderr}");
    }
    assert!(api.requests().iter().all(|request| request.line.starts_with("GET /v2/renders/slow?")));
}

#[test]
fn wait_survives_an_outage_and_says_so_once() {
    let outage = || full(503, "", "busy");
    let api = in_turn(vec![outage, outage, || render("r", &["done"])]);
    home_at(&api.url).check(
        "render wait r",
        str![[r#"
exit 0
--- stdout
r  [TIME] UTC  1 done
  r-0  staging     done  by poll  https://r.example/r-0.jpg
--- stderr
GET /renders/r at http://127.0.0.1:[PORT]: the API failed (503): busy; trying again in [WAIT] s
1 done; ended variations: 1 by poll; 4 reads

"#]],
    );
}

#[test]
fn ids_are_taken_as_they_are() {
    let api = named();
    let home = home_at(&api.url);
    home.check(
        "render get Hq2YbQ8sZk3mP0aVtX1c",
        str![[r#"
exit 0
--- stdout
Hq2YbQ8sZk3mP0aVtX1c  [TIME] UTC  1 done
  Hq2YbQ8sZk3mP0aVtX1c-0  staging     done  https://r.example/Hq2YbQ8sZk3mP0aVtX1c-0.jpg
--- stderr

"#]],
    );
    assert_eq!(home.run("render wait Hq2YbQ8sZk3mP0aVtX1c -q").status.code(), Some(0));
    assert!(api.requests().iter().all(|request| request.line.starts_with("GET /v2/renders/Hq2YbQ8sZk3mP0aVtX1c?")));
}

#[test]
fn get_shows_several_and_tells_which_are_not_there() {
    let api = named();
    let home = home_at(&api.url);
    home.check(
        "render get good none bad",
        str![[r#"
exit 3
--- stdout
good  [TIME] UTC  2 done
  good-0  staging     done  https://r.example/good-0.jpg
  good-1  staging     done  https://r.example/good-1.jpg
bad  [TIME] UTC  1 failed
  bad-0  staging     error
--- stderr
error: GET /renders/none at http://127.0.0.1:[PORT]: not found (404): Render not found
  hint: ids belong to one account: vsai whoami tells which is in use

"#]],
    );
    assert_eq!(home.run("render get none nothing").status.code(), Some(1));
    home.check("render get good --json", str![[r#"
exit 0
--- stdout
{"kind":"render","schema":"vsai.render/2","id":"good","status":"done","created_at":[MILLISECONDS],"queued_at":null,"eta":null,"variations":[{"id":"good-0","type":"staging","status":"done","created_at":null,"eta":null,"results":[{"url":"https://r.example/good-0.jpg","optimized_url":null,"thumbnail_url":null,"other":{"width":3072}}],"base_variation_id":null,"error_message":null,"config":null,"other":{"score":0.5}},{"id":"good-1","type":"staging","status":"done","created_at":null,"eta":null,"results":[{"url":"https://r.example/good-1.jpg","optimized_url":null,"thumbnail_url":null,"other":{"width":3072}}],"base_variation_id":null,"error_message":null,"config":null,"other":{"score":0.5}}],"other":{"owner":{"a":1}}}
--- stderr

"#]]);
}

#[test]
fn a_render_whose_variations_were_not_read_has_no_status() {
    let api = Api::answering(|request| {
        let page = r#""variations":{"next_cursor":"v1","items":[{"id":"v1","status":"done"}]}"#;
        match request.line.contains("?") {
            true => answer_json(200, &format!(r#"{{"items":[{{"id":"a"}},{{"id":"b",{page}}}],"next_cursor":null}}"#)),
            false => answer_json(404, "{}"),
        }
    });
    let lines = home_at(&api.url).stdout("render list --json");
    let renders: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).expect("JSON")).collect();
    assert_eq!((&renders[0]["variations"], renders[0].get("status")), (&json!([]), None));
    assert_eq!((renders[1]["variations"][0]["id"].as_str(), renders[1].get("status")), (Some("v1"), None));
}

/// Three pages of two renders each; `last` is the cursor of the last one.
fn paged(last: &'static str) -> Api {
    Api::answering(move |request| {
        let at = request.line.split("&cursor=").nth(1).map_or("0", |rest| &rest[1..2]);
        let next = match at {
            "0" => "\"c1\"",
            "1" => "\"c2\"",
            _ => last,
        };
        answer_json(200, &format!(r#"{{"items":[{{"id":"r{at}a"}},{{"id":"r{at}b"}}],"next_cursor":{next}}}"#))
    })
}

#[test]
fn list_all_goes_on_to_the_last_page() {
    let api = paged("null");
    let home = home_at(&api.url);
    assert_eq!(home.stdout("render list --all -q"), "r0a\nr0b\nr1a\nr1b\nr2a\nr2b");
    let lines: Vec<_> = api.requests().into_iter().map(|request| request.line).collect();
    let first = "GET /v2/renders?limit=100&order=desc";
    assert_eq!(lines[0], first);
    assert!(lines[1].contains("cursor=c1") && lines[2].contains("cursor=c2") && lines.len() == 3, "{lines:?}");
    let records = home.stdout("render list --all --limit 2 --cursor c1 --json");
    assert_eq!(records.lines().count(), 5);
    assert!(records.ends_with(r#""next_cursor":null}"#), "{records}");
}

#[test]
fn list_all_does_not_go_round_in_a_circle() {
    for last in ["\"c1\"", "\"c2\"", "\"c9\""] {
        let api = paged(last);
        let output = home_at(&api.url).run("render list --all");
        assert_eq!(output.status.code(), Some(3), "{last}");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).lines().count(),
            6 + usize::from(last == "\"c9\"") * 2,
            "{last}"
        );
        assert!(String::from_utf8_lossy(&output.stderr).contains("go round in a circle"), "{last}");
        assert!(api.requests().len() <= 5, "{last}");
    }
}

#[test]
fn a_list_that_breaks_off_says_where_it_goes_on() {
    let page = || answer_json(200, r#"{"items":[{"id":"a"}],"next_cursor":"it's"}"#);
    let api = in_turn(vec![page, || answer_json(401, "{}")]);
    home_at(&api.url).check(
        "render list --all --order asc",
        str![[r#"
exit 4
--- stdout
a
--- stderr
error: GET /renders at http://127.0.0.1:[PORT]: the API key was refused (401): {}
  hint: vsai login stores another key; vsai whoami tells which is used
  hint: the rest: vsai render list --all --order asc --cursor 'it'\''s'

"#]],
    );
}

#[test]
fn a_terminal_shows_a_line_for_each_render_until_it_is_done() {
    let api = in_turn(vec![|| render("r", &["done", "rendering"]), || render("r", &["done", "done"])]);
    let shown = |home: &Home, flags: &str| {
        let shown = Terminal::start(home, &format!("render wait r {flags}")).end();
        assert!(shown.starts_with("exit 0"), "{shown}");
        shown
    };
    let home = home_at(&api.url).variable("TERM", "xterm");
    let with_lines = shown(&home, "");
    assert!(with_lines.contains("r  1 of 2 done") && with_lines.contains("0:00"), "{with_lines}");
    // The line is wiped before the render is printed, and does not come back.
    let printed = with_lines.rfind("r  2023").expect("the render");
    assert!(!with_lines[printed..].contains("of 2 done"), "{with_lines}");
    for (home, flags) in [(&home, "-q"), (&home, "--json"), (&home_at(&api.url).variable("TERM", "dumb"), "")] {
        let api_shows = shown(home, flags);
        assert!(!api_shows.contains("of 2 done"), "{flags}: {api_shows}");
    }
}

#[test]
fn a_note_does_not_tear_the_line() {
    let api = in_turn(vec![|| render("r", &["rendering"]), || full(503, "", "busy"), || render("r", &["done"])]);
    let shown = Terminal::start(&home_at(&api.url).variable("TERM", "xterm"), "render wait r").end();
    let note = shown.find("GET /renders/r at").expect("the note");
    assert!(shown[..note].contains("0 of 1 done"), "{shown:?}");
    assert!(shown[..note].ends_with("\u{1b}[2K\r"), "the line is wiped first: {shown:?}");
}
