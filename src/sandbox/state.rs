//! The sandbox itself: its options, its accounts behind one lock, and word of every change.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::http::{Method, StatusCode};
use tokio::sync::{Semaphore, watch};

use super::account::{Account, Photos, Render};
use super::faults::{Fault, Faults};
use super::options::Options;
use super::pictures::Photo;
use super::results::ResultLinks;
use crate::delivery::{Attempt, Sender, SenderError, Target, loopback_client};

/// Milliseconds since the epoch.
pub(crate) type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// Takes what the sandbox has to tell; the sandbox itself prints nothing.
pub(crate) type Log = Arc<dyn Fn(SandboxEvent) + Send + Sync>;

/// Something that a user who watches would want to see.
#[derive(Debug, Clone)]
pub(crate) enum SandboxEvent {
    /// A request was answered; a refusal comes with what was said.
    Request { method: Method, path: String, status: StatusCode, said: Option<String> },
    /// A webhook was tried once.
    Webhook { id: String, event_type: String, target: Target, attempt: Attempt },
    /// A webhook was not sent, because its target is another machine.
    WebhookKept { id: String, target: Target },
    /// A fault was put in.
    Fault { fault: &'static str, subject: String },
}

/// The pretended API.
pub(crate) struct Sandbox {
    options: Options,
    clock: Clock,
    log: Log,
    accounts: Mutex<Accounts>,
    changed: watch::Sender<()>,
    sender: Sender,
    local_client: reqwest::Client,
    faults: Faults,
    links: ResultLinks,
    /// Pictures are heavy: at most two at a time, and fewer than there are cores, leave the machine to its user.
    painters: Semaphore,
}

/// All accounts, and counters that give things their names.
#[derive(Debug, Default)]
pub(super) struct Accounts {
    by_uid: HashMap<String, Account>,
    pub(super) renders_made: u64,
    pub(super) analyses_made: u64,
    requests_seen: HashMap<String, u64>,
    /// Renders whose photos take memory, oldest first, and how much.
    with_photos: VecDeque<(Place, usize)>,
    photo_bytes: usize,
}

/// Bytes of photos that are kept: some hundred of the largest.
const PHOTO_BYTES_AT_MOST: usize = 128 * 1024 * 1024;

/// Where a render is. Renders are never removed, so it stays true.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) uid: String,
    pub(super) render: usize,
}

impl Accounts {
    /// The account of a key, made when it is first seen.
    pub(super) fn account(&mut self, uid: &str) -> &mut Account {
        self.by_uid.entry(uid.to_owned()).or_insert_with(|| Account::new(uid))
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Account> {
        self.by_uid.values()
    }

    /// Keeps the photos of a render, and lets go of the oldest ones when they are too many.
    pub(super) fn keep_photos(&mut self, place: &Place, photos: Photos) {
        let weight = photos.as_ref().map_or(0, |photos| photos.iter().map(Photo::weight).sum());
        self.render(place).photos = Some(photos);
        self.photo_bytes += weight;
        if weight > 0 {
            self.with_photos.push_back((place.clone(), weight));
        }
        while self.photo_bytes > PHOTO_BYTES_AT_MOST
            && let Some((oldest, weight)) = self.with_photos.pop_front()
        {
            self.photo_bytes -= weight;
            self.render(&oldest).photos = Some(Err("Failed to process image: it is no longer kept".to_owned()));
        }
    }

    pub(super) fn render(&mut self, place: &Place) -> &mut Render {
        self.account(&place.uid).renders.get_mut(place.render).expect("renders are never removed")
    }
}

impl Sandbox {
    /// A sandbox that is reached at `base`, such as `http://127.0.0.1:4010`; result links begin with it.
    pub(crate) fn new(options: Options, base: &str, clock: Clock, log: Log) -> Result<Arc<Self>, SenderError> {
        Ok(Arc::new(Self {
            sender: Sender::new(options.webhooks.timeout)?,
            local_client: loopback_client(Duration::from_secs(10))?,
            faults: Faults { seed: options.seed, rates: options.faults.clone() },
            links: ResultLinks::new(base, options.link_lifetime, options.id_seed),
            painters: Semaphore::new(
                std::thread::available_parallelism().map_or(1, |cores| cores.get() - 1).clamp(1, 2),
            ),
            accounts: Mutex::default(),
            changed: watch::Sender::new(()),
            options,
            clock,
            log,
        }))
    }

    pub(super) fn options(&self) -> &Options {
        &self.options
    }

    pub(super) fn now(&self) -> i64 {
        (self.clock)()
    }

    pub(super) fn tell(&self, event: SandboxEvent) {
        (self.log)(event);
    }

    pub(super) fn faults(&self) -> &Faults {
        &self.faults
    }

    /// Does a fault strike what the seed knows by this name? Then it is told.
    pub(super) fn struck(&self, fault: Fault, name: &str, subject: &str) -> bool {
        let struck = self.faults.strikes(fault, name);
        if struck {
            self.tell(SandboxEvent::Fault { fault: fault.name(), subject: subject.to_owned() });
        }
        struck
    }

    pub(super) fn links(&self) -> &ResultLinks {
        &self.links
    }

    pub(super) fn sender(&self) -> &Sender {
        &self.sender
    }

    /// Fetches from this machine only.
    pub(super) fn local_client(&self) -> &reqwest::Client {
        &self.local_client
    }

    /// Looks at the accounts.
    pub(super) fn accounts(&self) -> MutexGuard<'_, Accounts> {
        self.accounts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the accounts and wakes who waits for a change.
    pub(super) fn change<T>(&self, change: impl FnOnce(&mut Accounts) -> T) -> T {
        let outcome = change(&mut self.accounts());
        self.changed.send_replace(());
        outcome
    }

    /// Waits until the accounts are as wanted, and returns what was wanted.
    pub(super) async fn until<T>(&self, wanted: impl Fn(&mut Accounts) -> Option<T>) -> T {
        let mut changes = self.changed.subscribe();
        loop {
            let found = wanted(&mut self.accounts());
            if let Some(found) = found {
                return found;
            }
            changes.changed().await.expect("the sandbox that is borrowed here keeps the sender");
        }
    }

    /// The how-manieth request of its kind this is: a name that polls in between do not change.
    pub(super) fn request_number(&self, kind: &str) -> u64 {
        let mut accounts = self.accounts();
        let number = accounts.requests_seen.entry(kind.to_owned()).or_default();
        *number += 1;
        *number
    }

    /// Does heavy work off the runtime.
    pub(super) async fn in_background<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, String> + Send + 'static,
    ) -> Result<T, String> {
        let _turn = self.painters.acquire().await.expect("the semaphore is never closed");
        // Picture decoders read what strangers send; should one panic, this picture fails and nothing else.
        tokio::task::spawn_blocking(work).await.unwrap_or_else(|_| Err("Failed to process image".to_owned()))
    }
}
