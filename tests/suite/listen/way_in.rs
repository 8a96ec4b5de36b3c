//! Webhooks that come in from outside: by a tunnel that is started, checked, watched and ended, or by a URL of the user's.

use std::fs;
use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::thread;

use serde_json::Value;
use snapbox::str;

use crate::home::{Home, send_signal};
use crate::listening::of_kind;
use crate::sender::{Post, SECRET, done};
use crate::tunnel::TUNNEL;

const RUNTIME_FILE: &str = ".local/share/vsai/run/listen-default.json";

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("JSON")
}

/// Address and path of a URL in a record.
fn parts(url: &Value) -> (SocketAddr, String) {
    let (address, path) =
        url.as_str().and_then(|url| url.strip_prefix("http://")?.split_once('/')).expect("a URL of this machine");
    (address.parse().expect("an address"), format!("/{path}"))
}

#[test]
fn a_way_in_that_never_opened_is_told_at_the_stop() {
    let home = Home::new();
    home.file("secret", SECRET);
    for way_in in ["--tunnel cmd:cat", "--public-url http://127.0.0.1:1/x"] {
        let output = home.run(&format!("listen --port 0 --secret-file secret --timeout 100ms --json {way_in}"));
        let records = crate::listening::records(std::str::from_utf8(&output.stdout).expect("UTF-8"));
        assert_eq!((output.status.code(), of_kind(&records, "ready").len()), (Some(0), 0), "{way_in}");
        assert_eq!(of_kind(&records, "warning")[0]["code"], "never_ready", "{way_in}");
    }
}

fn post(url: &Value, variation: &str) -> u16 {
    let (address, path) = parts(url);
    Post::signed(done("r", variation)).line(&format!("POST {path}?job=7 HTTP/1.1")).send(address).status
}

#[test]
fn events_come_in_through_a_tunnel_at_a_path_that_nobody_can_guess() {
    let home = Home::new();
    home.relay();
    let mut listening = home.listen_through(TUNNEL, "--json --ready-file ready");
    let ready = json(&listening.line("\"ready\""));
    let (public, path) = parts(&ready["url"]);
    let (local, local_path) = parts(&ready["local_url"]);
    assert!(path.starts_with("/w/") && path.len() == 19 && path == local_path, "{ready}");
    assert!(public == listening.address && public != local && u64::from(local.port()) == ready["port"], "{ready}");
    assert_eq!(json(&home.read("ready")), ready);
    assert_eq!(json(&home.read(RUNTIME_FILE))["url"], ready["url"]);
    assert_eq!(post(&ready["url"], "1"), 200);
    let elsewhere = [("/", 404), ("/w/", 404), (path.as_str(), 401)].map(|(path, status)| {
        let answer = Post::unsigned(done("r", "2")).line(&format!("POST {path} HTTP/1.1")).send(public);
        assert_eq!(answer.status, status, "{path}");
    });
    let told = home.stdout("--json trigger done --secret-file secret");
    assert!(told.contains(ready["local_url"].as_str().expect("a URL")), "what is made up takes no way round: {told}");
    let (code, records) = listening.interrupt_with_records();
    assert_eq!(code, Some(130));
    assert_eq!(of_kind(&records, "event").len(), 2);
    let summary = of_kind(&records, "summary")[0];
    assert_eq!(summary["unverified"], elsewhere.len(), "the check of the way in is no delivery: {summary}");
    home.tunnel_is_gone();
}

#[test]
fn a_tunnel_that_is_lost_comes_back_and_is_announced_anew() {
    let home = Home::new();
    home.relay();
    let mut listening = home.listen_through(TUNNEL, "--json --ready-file ready");
    let first = json(&listening.line("\"ready\""));
    send_signal(home.read("relay.pid").trim().parse().expect("a number"), "TERM");
    let lost = json(&listening.line("\"tunnel\""));
    assert!(lost["state"] == "lost" && lost["tool"] == "cmd" && lost["retry_in"].is_u64(), "{lost}");
    let back = json(&listening.line("\"tunnel\""));
    let warning = json(&listening.line("\"warning\""));
    let second = json(&listening.line("\"ready\""));
    assert!(back["state"] == "back" && back["url"] == second["url"], "{back} {second}");
    assert_ne!(parts(&first["url"]).0, parts(&second["url"]).0);
    assert_eq!(parts(&first["url"]).1, parts(&second["url"]).1);
    let old = first["url"].as_str().expect("a URL");
    assert!(warning["code"] == "url_changed" && warning["message"].as_str().is_some_and(|text| text.contains(old)));
    assert_eq!(json(&home.read("ready")), second);
    assert_eq!(json(&home.read(RUNTIME_FILE))["url"], second["url"]);
    assert_eq!(post(&second["url"], "1"), 200);
    let (_, records) = listening.interrupt_with_records();
    assert_eq!(of_kind(&records, "event").len(), 1);
    assert!(!home.path().join(RUNTIME_FILE).exists());
    home.tunnel_is_gone();
}

#[test]
fn no_process_of_a_tunnel_outlives_the_listener() {
    for (signal, code) in [("INT", Some(130)), ("TERM", Some(143)), ("KILL", None)] {
        let home = Home::new();
        home.relay();
        let listening = home.listen_through(TUNNEL, "");
        assert!(home.tunnel_is_there());
        listening.signal(signal);
        assert_eq!(listening.end().0, code);
        home.tunnel_is_gone();
    }
}

#[test]
fn a_tool_that_ignores_the_polite_signal_is_killed() {
    let home = Home::new();
    home.relay();
    let stubborn = "cmd:echo $$ >group; trap '' INT TERM; (trap '' TERM; sh relay {port}; while :; do sleep 1; done)";
    let listening = home.listen_through(stubborn, "");
    assert_eq!(listening.interrupt().0, Some(130));
    home.tunnel_is_gone();
}

#[test]
fn a_tool_sees_no_word_of_ours() {
    let home = Home::new().variable("VSAI_WEBHOOK_SECRET", SECRET).variable("OTHER", "seen");
    home.relay();
    let listening = home.listen_through("cmd:env >seen; echo $$ >group; sh relay {port}", "");
    let seen = home.read("seen");
    assert!(seen.contains("OTHER=seen") && !seen.contains("VSAI_"), "{seen}");
    listening.interrupt();
}

#[test]
fn cloudflared_is_called_for_a_quick_tunnel() {
    let path = std::env::var("PATH").expect("UTF-8");
    let home = Home::new();
    let home = {
        let folder = format!("{}:{path}", home.path().display());
        home.variable("PATH", &folder)
    };
    home.relay();
    // It stands in for the tool's part on this side: how it is called, and where the listener is.
    let tool = home.file("cloudflared", "#!/bin/sh\necho \"$*\" >called\nexec sh relay \"${6##*:}\"\n");
    fs::set_permissions(tool, fs::Permissions::from_mode(0o755)).expect("changed");
    let mut listening = home.listen_through("cloudflared", "--json");
    let ready = json(&listening.line("\"ready\""));
    let called = format!("tunnel --config /dev/null --no-autoupdate --url http://127.0.0.1:{}\n", ready["port"]);
    assert_eq!(home.read("called"), called);
    assert_eq!(post(&ready["url"], "1"), 200);
}

#[test]
fn a_tunnel_that_does_not_come_about_is_explained() {
    let home = Home::new().variable("PATH", "/nowhere");
    home.file("secret", SECRET);
    home.check(
        "listen --port 0 --secret-file secret --tunnel cloudflared",
        str![[r#"
exit 2
--- stdout
--- stderr
waiting for cloudflared to say its public URL
error: cannot start cloudflared: it is not installed
  hint: brew install cloudflared, or https://developers.cloudflare.com/cloudflare-one/connections/connect-networks/downloads/

"#]],
    );
    let home = Home::new();
    home.file("secret", SECRET);
    for (command, expected) in [
        (
            "no-such-program {port}",
            str![[r#"
waiting for the tunnel's command to say its public URL
error: cannot start the tunnel's command: [..]no-such-program: [..]not found
  hint: is what it starts installed and in PATH?

"#]],
        ),
        (
            "echo first; echo 'the account is closed' >&2; exit 4",
            str![[r#"
waiting for the tunnel's command to say its public URL
error: the tunnel's command has ended with exit status: 4; the last that it said: the account is closed
  hint: -v shows all that the tool says

"#]],
        ),
    ] {
        let (code, stdout, stderr) = home.start_with_tunnel(&format!("cmd:{command}"), "").end();
        assert_eq!((code, stdout.as_str()), (Some(2), ""));
        home.compare_text(&stderr, expected);
    }
    home.check(
        "listen --tunnel cloudflare",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'cloudflare' for '--tunnel <TOOL>': a tunnel is cloudflared, ngrok or 'cmd:COMMAND' with {port} or {url} in it

"#]],
    );
}

/// Passes on what comes to a free port of this machine to where the file says that the listener is.
fn proxy(home: &Home) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = listener.local_addr().expect("bound");
    let file = home.path().join("port");
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let Ok(port) = fs::read_to_string(&file).unwrap_or_default().trim().parse::<u16>() else { continue };
            let Ok(behind) = TcpStream::connect(("127.0.0.1", port)) else { continue };
            for (mut from, mut to) in
                [(stream.try_clone().expect("cloned"), behind.try_clone().expect("cloned")), (behind, stream)]
            {
                thread::spawn(move || io::copy(&mut from, &mut to));
            }
        }
    });
    address
}

#[test]
fn a_url_of_the_users_is_checked_and_its_path_served() {
    let home = Home::new();
    home.file("secret", SECRET);
    let public = format!("http://{}/hooks/vsai", proxy(&home));
    // The command tells nothing: it only stands for a tunnel whose URL is known.
    let mut listening =
        home.start_with_tunnel("cmd:echo {port} >port; exec cat", &format!("--json --public-url {public}"));
    let ready = json(&listening.line("{"));
    assert!(ready["kind"] == "ready" && ready["url"] == public, "{ready}");
    assert_eq!(parts(&ready["local_url"]).1, "/hooks/vsai");
    assert_eq!(post(&ready["url"], "1"), 200);
    listening.signal("INT");
    assert_eq!(listening.end().0, Some(130));
}

#[test]
fn a_url_that_leads_elsewhere_is_announced_with_a_warning() {
    let home = Home::new();
    let elsewhere = home.listen("--json");
    let url = format!("http://{}/hook", elsewhere.address);
    let mut running = home.start(&format!("listen --port 0 --secret-file secret --json --public-url {url}"));
    let warning = json(&running.line("{"));
    let reason = format!("could not check that {url} leads to this listener: something else answered 404");
    assert!(warning["code"] == "not_checked" && warning["message"] == reason, "{warning}");
    assert_eq!(json(&running.line("\"ready\""))["url"], url);
    let (_, records) = elsewhere.interrupt_with_records();
    assert!(of_kind(&records, "event").is_empty());
}

#[test]
fn events_that_are_older_than_they_may_be_are_refused() {
    let home = Home::new();
    let listening = home.listen("--json --max-age 1h --unverified mark");
    let now = jiff::Timestamp::now().as_millisecond();
    let hour = 3_600_000;
    for (what, payload, status) in [
        ("fresh", done("r", "1").replace("1634567890123", &now.to_string()), 200),
        ("from a clock that is ahead", done("r", "2").replace("1634567890123", &(now + 2 * hour).to_string()), 200),
        ("old", done("r", "3").replace("1634567890123", &(now - 2 * hour).to_string()), 403),
        ("without a time", r#"{"event_type":"analysis_error","error_message":"m"}"#.to_owned(), 200),
    ] {
        assert_eq!(Post::signed(payload).send(listening.address).status, status, "{what}");
    }
    let (_, records) = listening.interrupt_with_records();
    assert_eq!(of_kind(&records, "event").len(), 3);
    let refused = of_kind(&records, "unverified");
    assert!(refused.len() == 1 && refused[0]["answered"] == 403, "{refused:?}");
    assert_eq!(refused[0]["reason"], "signed, but 7200 s old");
}
