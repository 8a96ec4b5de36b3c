//! A listener that is killed again and again while deliveries come in.
#![expect(clippy::print_stdout, reason = "the seed and the figures, for `--nocapture` and for a failure")]

use std::collections::HashSet;
use std::net::{SocketAddr, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Instant;

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

/// Sends events that nobody has sent before until the listener is gone.
fn send_until_killed(
    address: SocketAddr,
    round: usize,
    sender: usize,
    sent: &AtomicUsize,
    acknowledged: &Acknowledged,
) {
    // It may be gone already.
    let Ok(stream) = TcpStream::connect(address) else { return };
    let mut wire = Wire::over(stream);
    for number in 0.. {
        let id = format!("{round}-{sender}-{number}");
        sent.fetch_add(1, Ordering::Relaxed);
        if !wire.write(&Post::signed(done("r", &id)).bytes()) {
            return;
        }
        match wire.answer() {
            Some(answer) if answer.status == 200 => acknowledged.note(id),
            Some(answer) => panic!("{id} was answered {}", answer.status),
            None => return,
        }
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
    for round in 0..KILLS {
        let listening = home.listen(&arguments);
        let before = acknowledged.all().len();
        let senders: Vec<_> = (0..SENDERS)
            .map(|sender| {
                let (address, sent, acknowledged) = (listening.address, sent.clone(), acknowledged.clone());
                std::thread::spawn(move || send_until_killed(address, round, sender, &sent, &acknowledged))
            })
            .collect();
        acknowledged.wait_for(before + random.usize(0..60));
        // SIGKILL.
        drop(listening);
        senders.into_iter().for_each(|sender| sender.join().expect("no panic"));
        let kept = kept(&home, "");
        for id in acknowledged.all() {
            assert_eq!(kept.get(&id), Some(&(1, 1)), "{id} after kill {}, seed {seed}", round + 1);
        }
    }
    let listening = home.listen(&arguments);
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
    let sent = sent.load(Ordering::Relaxed);
    println!("{sent} deliveries, {} answered 200, {KILLS} kills, 0 lost, 0 not forwarded", ids.len());
}
