//! The API of the trials, in this process: on a paused clock, time would run ahead of an answer that is still in a socket.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::time::Instant;

use super::super::{Reader, Waited};
use crate::client::{ClientError, ConnectFailure, Failure, PageQuery};
use crate::protocol::render::Render;

/// How one read is answered.
#[derive(Clone)]
pub(super) enum Answer {
    /// The render as its pages.
    Pages(Vec<Value>),
    Fails(Failure),
    /// Nothing comes for so many seconds, and then the connection is gone.
    Hangs(u64),
}

/// Nobody is there.
pub(super) const GONE: Answer = Answer::Fails(Failure::Connect(ConnectFailure::Refused));

/// A render with these variations: `v1 queued`, `v2 done <r1` (furnished on r1), `r1 removal done`, `v3 done-` (without
/// a link), `v4 done typed` (its config says what it is, and no removal).
pub(super) fn lists(variations: &str) -> Answer {
    Answer::Pages(vec![render(variations)])
}

/// The same in several pages.
pub(super) fn pages(pages: &[&str]) -> Answer {
    Answer::Pages(pages.iter().map(|page| render(page)).collect())
}

/// A refusal with this status, which asks to be left alone for so many seconds if any.
pub(super) fn status(status: u16, retry_after: impl Into<Option<u64>>) -> Answer {
    let message = String::new();
    let retry_after = retry_after.into().map(Duration::from_secs);
    Answer::Fails(match status {
        400 => Failure::BadRequest { message },
        401 => Failure::Unauthorized { message },
        402 => Failure::PaymentRequired { message },
        403 => Failure::Forbidden { message, quota: false },
        404 => Failure::NotFound { message },
        429 => Failure::TooManyRequests { message, retry_after },
        500..600 => Failure::Server { status, message, retry_after },
        _ => Failure::OtherStatus { status, message },
    })
}

/// The render that the API has just made.
pub(super) fn made(variations: &str) -> Render {
    serde_json::from_value(render(variations)).expect("a render")
}

fn render(variations: &str) -> Value {
    let items: Vec<_> = variations.split(", ").filter(|text| !text.is_empty()).map(variation).collect();
    json!({"id": "rnd_1", "created_at": 0, "variations": {"items": items}})
}

fn variation(text: &str) -> Value {
    let words: Vec<_> = text.split(' ').collect();
    let is_removal = words.contains(&"removal");
    let base = words.iter().find_map(|word| word.strip_prefix('<'));
    let status = words[if is_removal { 2 } else { 1 }];
    let link = match status {
        "done" => json!({"url": format!("https://r.example/{}.jpg", words[0])}),
        "done-" => json!({"url": null}),
        _ => Value::Null,
    };
    let mut config = json!({});
    for word in &words {
        match *word {
            "removing" => config["remove_furniture"] = json!({"mode": "on"}),
            "typed" => config["type"] = json!("staging"),
            "furnishing" => config["add_furniture"] = json!({"style": "modern"}),
            _ => {}
        }
    }
    let eta = words.iter().find_map(|word| word.strip_prefix('@')?.parse::<i64>().ok()).map(|seconds| seconds * 1000);
    json!({
        "id": words[0], "type": if is_removal { "removal" } else { "staging" }, "status": status.trim_end_matches('-'),
        "result": link, "base_variation_id": base, "config": config, "eta": eta,
    })
}

/// Each variation of what was waited for, with who told of its end.
pub(super) fn shown(waited: &Waited) -> String {
    let items = waited.render.variations.iter().flat_map(|page| &page.items);
    let each = items.map(|variation| {
        let by = waited.by.get(&variation.id).map(|by| format!(" {by:?}")).unwrap_or_default();
        let link = variation.results.iter().any(|result| result.url.is_some());
        let without = if variation.status.as_str() == "done" && !link { "-" } else { "" };
        format!("{} {}{without}{}", variation.id, variation.status, by.to_lowercase())
    });
    each.collect::<Vec<_>>().join(", ")
}

/// Answers reads by a script, whose last answer is given from then on.
pub(super) struct Script {
    answers: Vec<Answer>,
    pub(super) times: Arc<Mutex<Vec<Instant>>>,
}

impl Script {
    pub(super) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self { answers: answers.into_iter().collect(), times: Arc::default() }
    }

    /// The answer to a read that begins now; a further page belongs to the read before.
    fn answer(&self, page: &PageQuery) -> Answer {
        let mut times = self.times.lock().expect("whole");
        if page.cursor.is_none() {
            times.push(Instant::now());
        }
        self.answers[(times.len() - 1).min(self.answers.len() - 1)].clone()
    }
}

impl Reader for Script {
    async fn read(&self, _: &str, page: PageQuery) -> Result<Render, ClientError> {
        match self.answer(&page) {
            Answer::Pages(pages) => {
                let at: usize = page.cursor.as_deref().map_or(0, |cursor| cursor.parse().expect("a cursor of ours"));
                let mut body = pages[at].clone();
                if at + 1 < pages.len() {
                    body["variations"]["next_cursor"] = json!((at + 1).to_string());
                }
                Ok(serde_json::from_value(body).expect("a render"))
            }
            Answer::Fails(failure) => Err(ClientError::of_read(failure)),
            Answer::Hangs(seconds) => {
                let after = Duration::from_secs(seconds);
                tokio::time::sleep(after).await;
                Err(ClientError::of_read(Failure::Timeout { after }))
            }
        }
    }
}
