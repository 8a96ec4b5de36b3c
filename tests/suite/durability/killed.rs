//! A listener that is killed again and again while deliveries come in.
#![expect(clippy::print_stdout, reason = "the seed and the figures, for `--nocapture` and for a failure")]

use std::collections::HashSet;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use super::kept;
use crate::api::{Api, full};
use crate::home::{Home, PATIENCE};
use crate::sender::{Post, SECRET, Wire, done};

const KILLS: usize = 50;
const SENDERS: usize = 4;

/// What the senders got 200 for.
#[derive(Default)]
struct Acknowledged {
    ids: Mutex<Vec<String>>,
    grown: Condvar,
}

impl Acknowledged {
    fn note(&self, id: String) {
        self.ids.lock().expect("not poisoned").push(id);
        self.grown.notify_all();
    }

    fn wait_for(&self, count: usize) {
        let ids = self.ids.lock().expect("not poisoned");
        let waited = self.grown.wait_timeout_while(ids, PATIENCE, |ids| ids.len() < count).expect("not poisoned");
        assert!(!waited.1.timed_out(), "no {count} deliveries were answered 200");
    }

    fn all(&self) -> Vec<String> {
        self.ids.lock().expect("not poisoned").clone()
    }
}

/// Sends what got no answer before, then events that nobody has sent before, until the listener is gone; what got no
/// answer now.
fn send_until_killed(
    address: SocketAddr,
    unanswered: Option<String>,
    name: &str,
    sent: &AtomicUsize,
    acknowledged: &Acknowledged,
) -> Option<String> {
    // It may be gone already.
    let Ok(stream) = TcpStream::connect(address) else { return unanswered };
    let mut wire = Wire::over(stream);
    for id in unanswered.into_iter().chain((0..).map(|number| format!("{name}-{number}"))) {
        sent.fetch_add(1, Ordering::Relaxed);
        wire.write(&Post::signed(done("r", &id)).bytes());
        match wire.answer() {
            Some(answer) if answer.status == 200 => acknowledged.note(id),
            Some(answer) => panic!("{id} was answered {}", answer.status),
            None => return Some(id),
        }
    }
    None
}

/// Each event that was answered 200 is in the journal, once as new.
#[track_caller]
fn check(home: &Home, acknowledged: &Acknowledged, when: &str) {
    let kept = kept(home, "");
    for id in acknowledged.all() {
        assert_eq!(kept.get(&id).map(|counts| counts.1), Some(1), "{id} {when}");
    }
}

/// Lets some time pass, so that a kill may come at any point of what is under way.
fn pass_some_time(random: &mut fastrand::Rng, most: Duration) {
    let (started, time) = (Instant::now(), most.mul_f64(random.f64()));
    while started.elapsed() < time {
        std::hint::spin_loop();
    }
}

#[test]
fn nothing_that_was_answered_200_is_lost_in_fifty_kills() {
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    println!("seed {seed}");
    let home = Home::new();
    home.file("secret", SECRET);
    let forwarded = Arc::new(Mutex::new(HashSet::new()));
    let came = forwarded.clone();
    let handler = Api::answering(move |request| {
        let event: serde_json::Value = serde_json::from_str(&request.body).expect("JSON");
        came.lock().expect("not poisoned").insert(event["variation_id"].as_str().expect("a text").to_owned());
        full(200, "", "")
    });
    let arguments = format!("--forward-to {} --retry-pause 10ms", handler.url);
    let (acknowledged, sent) = (Arc::new(Acknowledged::default()), Arc::new(AtomicUsize::new(0)));
    let mut unanswered = vec![None; SENDERS];
    for round in 0..KILLS {
        let when = format!("after kill {round}, seed {seed}");
        if random.u8(..4) == 0 {
            // Killed while it starts.
            let starting = home.start(&format!("listen --port 0 --secret-file secret {arguments}"));
            pass_some_time(&mut random, Duration::from_millis(60));
            drop(starting);
        }
        let listening = home.listen(&arguments);
        // Either the next listener is the first to see what a kill has left, or a reader is.
        if random.bool() {
            check(&home, &acknowledged, &when);
        }
        let before = acknowledged.all().len();
        let senders: Vec<_> = std::mem::take(&mut unanswered)
            .into_iter()
            .enumerate()
            .map(|(sender, unanswered)| {
                let (address, sent, acknowledged) = (listening.address, sent.clone(), acknowledged.clone());
                let name = format!("{round}-{sender}");
                std::thread::spawn(move || send_until_killed(address, unanswered, &name, &sent, &acknowledged))
            })
            .collect();
        acknowledged.wait_for(before + random.usize(0..60));
        pass_some_time(&mut random, Duration::from_millis(5));
        // SIGKILL.
        drop(listening);
        unanswered = senders.into_iter().map(|sender| sender.join().expect("no panic")).collect();
        if random.bool() {
            check(&home, &acknowledged, &when);
        }
    }
    let listening = home.listen(&arguments);
    check(&home, &acknowledged, "at the end");
    let ids = acknowledged.all();
    let deadline = Instant::now() + PATIENCE;
    let missing = || {
        let forwarded = forwarded.lock().expect("not poisoned");
        ids.iter().filter(|id| !forwarded.contains(*id)).count()
    };
    while missing() > 0 {
        assert!(Instant::now() < deadline, "{} were not forwarded, seed {seed}", missing());
        std::thread::yield_now();
    }
    assert_eq!(listening.interrupt().0, Some(130));
    let kept = kept(&home, "");
    let twice = kept.values().filter(|counts| counts.0 > 1).count();
    println!(
        "{} deliveries, {} answered 200, {twice} kept twice, {KILLS} kills, 0 lost, 0 not forwarded",
        sent.load(Ordering::Relaxed),
        ids.len()
    );
}
