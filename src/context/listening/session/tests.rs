//! A listener beside other work, over real sockets.

use std::path::Path;
use std::time::Duration;

use clap::Parser;

use super::*;
use crate::config::{Flags, RunningListener, Variables};
use crate::correlation::{job_of, with_job};
use crate::delivery::{Message, Sender, Target};
use crate::journal::{Page, Selection};
use crate::output::{ColorChoice, Format};
use crate::protocol::SigningKey;

const API: &str = "http://127.0.0.1:9/v2";

#[derive(Parser)]
struct Line {
    #[command(flatten)]
    listen: ListenArgs,
}

fn args(given: &[&str]) -> ListenArgs {
    Line::parse_from([&["vsai"], given].concat()).listen
}

fn context(home: &Path, api_url: &str) -> Context {
    let printer = Printer::new(Format::Human, true, false, ColorChoice::Never, true);
    let flags = Flags { profile: None, api_url: Some(api_url.to_owned()), ca_file: None };
    let variables = Variables::new([("VSAI_WEBHOOK_SECRET".to_owned(), "s".to_owned())]);
    Context::new(printer, flags, variables, Some(home.to_owned()), true)
}

fn event(variation: &str) -> Message {
    let body = format!(r#"{{"event_type":"done","render_id":"r","variation_id":"{variation}"}}"#);
    let signature = SigningKey::new(&Secret::new("s").expect("not empty")).sign(body.as_bytes());
    Message::json(body).signed(signature)
}

async fn post(url: &Url, message: &Message) -> Option<u16> {
    let sender = Sender::new(Duration::from_secs(10)).expect("a client");
    let target = Target::parse(url.as_str()).expect("a target");
    sender.post(&target, message).await.outcome.ok().map(|answer| answer.status.as_u16())
}

async fn next(events: &mut mpsc::Receiver<Box<EventRecord>>) -> Box<EventRecord> {
    tokio::time::timeout(Duration::from_secs(10), events.recv()).await.expect("in time").expect("an event")
}

fn found(home: &Path) -> Option<String> {
    RunningListener::find(&home.join("data"), "default").map(|listener| listener.url)
}

#[tokio::test]
async fn what_is_sent_to_its_url_comes_out_verified_once_and_is_kept() {
    let home = tempfile::tempdir().expect("a folder");
    let context = context(home.path(), API);
    let session = Session::start(&args(&["--listen"]), &context).await.expect("started");
    let (url, other) = (with_job(&session.url(), "j-1"), with_job(&session.url(), "j-2"));
    let mut webhooks = session.webhooks();
    let mut events = session.events(|record| job_of(record.target()).as_deref() == Some("j-1"));
    assert_eq!(found(home.path()), Some(session.url().to_string()), "@listen finds it");
    assert_eq!(post(&other, &event("other")).await, Some(200));
    assert_eq!(post(&url, &Message::json(r#"{"event_type":"done"}"#)).await, Some(401));
    for variation in ["a", "a", "b"] {
        assert_eq!(post(&url, &event(variation)).await, Some(200));
    }
    for variation in ["a", "b"] {
        assert_eq!(next(&mut events).await.variation_id(), Some(variation));
    }
    assert_eq!(webhooks.try_recv().map(|event| event.identity().variation_id), Ok(Some("other".to_owned())));
    session.stop().await;
    assert!(events.recv().await.is_none());
    assert_eq!((post(&url, &event("late")).await, found(home.path())), (None, None));
    let journal = context.journal(&JournalArgs::default(), Access::Existing).expect("there");
    let kept = journal.read(Page::After(crate::journal::Position::START), Selection::default(), 10).await;
    assert_eq!(kept.expect("read").len(), 4);
}

#[tokio::test]
async fn a_second_one_takes_nobodys_place_and_another_can_join_the_first() {
    let home = tempfile::tempdir().expect("a folder");
    let [first, second, joined] = [(); 3].map(|()| context(home.path(), API));
    assert!(Session::join(&args(&[]), &joined).await.is_err(), "nothing runs yet");
    let first = Session::start(&args(&["--listen"]), &first).await.expect("started");
    let second = Session::start(&args(&["--listen", "--path", "/hook"]), &second).await.expect("started");
    assert_eq!((found(home.path()), second.url().path()), (Some(first.url().to_string()), "/hook"));
    let joined = Session::join(&args(&[]), &joined).await.expect("joined");
    assert_eq!(joined.url(), first.url());
    let mut events = joined.events(|_| true);
    assert_eq!(post(&joined.url(), &event("a")).await, Some(200));
    assert_eq!(next(&mut events).await.variation_id(), Some("a"));
    for session in [joined, second] {
        session.stop().await;
    }
    assert_eq!(found(home.path()), Some(first.url().to_string()));
}

#[tokio::test]
async fn refuses_what_cannot_work_before_it_listens() {
    let home = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = taken.local_addr().expect("bound").port().to_string();
    for (given, api_url, message) in [
        (&["--tunnel", "cloudflared"][..], API, "--tunnel is for --listen, which is missing"),
        (&["--listen"], "https://api.example.com/v2", "api.example.com cannot reach a listener on this machine"),
        (&["--listen", "--port", &port], API, "cannot listen on 127.0.0.1"),
        (&["--listen", "--tunnel", "cmd:exit 3 # {port}"], API, "has ended with exit status: 3"),
    ] {
        let context = context(home.path(), api_url);
        let error = Session::start(&args(given), &context).await.map(|_| ()).expect_err("refused");
        assert!(error.message.contains(message), "{given:?}: {error}");
    }
    assert_eq!(found(home.path()), None);
}
