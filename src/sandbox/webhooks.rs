//! Word of what has ended: one signed POST each, up to four tries until exactly 200, and the faults on the way.

use std::sync::Arc;

use serde_json::Value;

use super::faults::Fault;
use super::state::{Place, Sandbox, SandboxEvent};
use crate::delivery::{Attempt, Message, RetryPolicy, Target, deliver};
use crate::protocol::canonical_json::canonicalize;
use crate::protocol::{Secret, SigningKey};

/// Something has ended and is to be told.
#[derive(Debug, Clone)]
pub(super) struct Notice {
    account: String,
    subject: Subject,
    /// The id of what has ended.
    id: String,
    /// Its name in what the seed decides.
    name: String,
    /// Its number among the variations of its render.
    ordinal: u64,
    /// When it ended, in milliseconds since the epoch.
    ended_at: i64,
}

#[derive(Debug, Clone)]
enum Subject {
    Variation(Place),
    Analysis,
}

impl Notice {
    pub(super) fn variation(place: Place, id: String, name: String, ordinal: u64, ended_at: i64) -> Self {
        Self { account: place.uid.clone(), subject: Subject::Variation(place), id, name, ordinal, ended_at }
    }

    pub(super) fn analysis(account: String, id: String, name: String, ended_at: i64) -> Self {
        Self { account, subject: Subject::Analysis, id, name, ordinal: 0, ended_at }
    }

    /// The payload, with links as fresh as it is sent.
    fn payload(&self, sandbox: &Sandbox) -> Option<Value> {
        let mut accounts = sandbox.accounts();
        match &self.subject {
            Subject::Variation(place) => {
                let render = accounts.render(place);
                let variation = render.variation(&self.id).ok()?;
                Some(sandbox.variation_event(render, variation, self.ended_at))
            }
            Subject::Analysis => {
                let analysis = accounts.account(&self.account).analysis(&self.id).ok()?;
                Some(sandbox.analysis_event(analysis, self.ended_at))
            }
        }
    }
}

/// Sends word in the background, if the request named a webhook.
pub(super) fn notify(sandbox: &Arc<Sandbox>, webhook: Option<&Target>, notice: Notice) {
    let Some(target) = webhook.cloned() else { return };
    if target.is_loopback() || sandbox.options().webhooks.allow_remote {
        tokio::spawn(send(sandbox.clone(), target, notice));
    } else {
        sandbox.tell(SandboxEvent::WebhookKept { id: notice.id, target });
    }
}

async fn send(sandbox: Arc<Sandbox>, target: Target, notice: Notice) {
    let faults = sandbox.faults();
    tokio::time::sleep(faults.webhook_delay(notice.ordinal, sandbox.options().pace.between)).await;
    let Some(payload) = notice.payload(&sandbox) else { return };
    let event_type = payload["event_type"].as_str().unwrap_or_default().to_owned();
    let body = canonicalize(payload.to_string().as_bytes()).expect("serde_json writes JSON");
    let message = sealed(&sandbox, &notice, body);
    let pauses = sandbox.options().webhooks.pauses.to_vec();
    let policy = RetryPolicy { pauses };
    let copies = if struck(&sandbox, Fault::Duplicate, &notice) { 2 } else { 1 };
    for _ in 0..copies {
        let report = |attempt: Attempt| {
            let (id, event_type, target) = (notice.id.clone(), event_type.clone(), target.clone());
            sandbox.tell(SandboxEvent::Webhook { id, event_type, target, attempt });
            std::future::ready(())
        };
        deliver(sandbox.sender(), &target, &message, &policy, report).await;
    }
}

/// The body with its signature; without a secret there is none.
fn sealed(sandbox: &Sandbox, notice: &Notice, body: String) -> Message {
    let secret = sandbox.accounts().account(&notice.account).secret.clone();
    let Some(secret) = secret else { return Message::json(body) };
    let signature = if struck(sandbox, Fault::WrongSecret, notice) {
        let wrong = Secret::new(format!("not-{}", secret.expose())).expect("not empty");
        SigningKey::new(&wrong).sign(body.as_bytes())
    } else {
        SigningKey::new(&secret).sign(body.as_bytes())
    };
    let bytes = if struck(sandbox, Fault::Tamper, notice) {
        sandbox.faults().tampered(&body, &notice.name)
    } else {
        body.into_bytes()
    };
    Message::json(bytes).signed(signature)
}

fn struck(sandbox: &Sandbox, fault: Fault, notice: &Notice) -> bool {
    sandbox.struck(fault, &notice.name, &format!("webhook {}", notice.id))
}
