//! The API of the trials: a real server and the real client, with the clock held while they talk.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use secrecy::SecretString;
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;
use wiremock::matchers::any;
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::super::{Reader, Waited};
use crate::client::{self, ClientError, Options, PageQuery};
use crate::protocol::render::Render;

/// How one read is answered.
#[derive(Clone)]
pub(super) enum Answer {
    /// The render as its pages.
    Pages(Vec<Value>),
    Other(ResponseTemplate),
    /// Nobody is there.
    Gone,
    /// Nothing comes for so many seconds, and then the connection is gone.
    Hangs(u64),
}

/// A render with these variations: `v1 queued`, `v2 done <r1` (furnished on r1), `r1 removal done`, `v3 done-` (without
/// a link).
pub(super) fn lists(variations: &str) -> Answer {
    Answer::Pages(vec![render(variations)])
}

/// The same in several pages.
pub(super) fn pages(pages: &[&str]) -> Answer {
    Answer::Pages(pages.iter().map(|page| render(page)).collect())
}

pub(super) fn status(status: u16) -> Answer {
    Answer::Other(ResponseTemplate::new(status))
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
pub(super) struct Api {
    script: Vec<Answer>,
    pub(super) times: Arc<Mutex<Vec<Instant>>>,
    server: MockServer,
    client: client::Api,
    nobody: client::Api,
}

impl Api {
    pub(super) async fn start(script: Vec<Answer>) -> Self {
        let server = clock_held(MockServer::start()).await;
        let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let nowhere = format!("http://{}", free.local_addr().expect("bound"));
        let client = |url: &str| {
            let key = Some(SecretString::from("vsai-sandbox-wait"));
            client::Api::new(Options { key, ..Options::new(Url::parse(url).expect("a URL")) }).expect("an API")
        };
        Self { script, times: Arc::default(), client: client(&server.uri()), nobody: client(&nowhere), server }
    }

    /// Has the server answer the next request so.
    async fn fetch(&self, template: ResponseTemplate, id: &str, page: &PageQuery) -> Result<Render, ClientError> {
        clock_held(async {
            self.server.reset().await;
            Mock::given(any()).respond_with(template).mount(&self.server).await;
            self.client.poll_render(id, page).await
        })
        .await
    }
}

impl Reader for Api {
    async fn read(&self, id: &str, page: PageQuery) -> Result<Render, ClientError> {
        let number = {
            let mut times = self.times.lock().expect("whole");
            if page.cursor.is_none() {
                times.push(Instant::now());
            }
            times.len() - 1
        };
        match self.script[number.min(self.script.len() - 1)].clone() {
            Answer::Pages(pages) => {
                let at: usize = page.cursor.as_deref().map_or(0, |cursor| cursor.parse().expect("a cursor of ours"));
                let mut body = pages[at].clone();
                if at + 1 < pages.len() {
                    body["variations"]["next_cursor"] = json!((at + 1).to_string());
                }
                self.fetch(ResponseTemplate::new(200).set_body_json(body), id, &page).await
            }
            Answer::Other(template) => self.fetch(template, id, &page).await,
            Answer::Gone => clock_held(self.nobody.poll_render(id, &page)).await,
            Answer::Hangs(seconds) => {
                tokio::time::sleep(Duration::from_secs(seconds)).await;
                clock_held(self.nobody.poll_render(id, &page)).await
            }
        }
    }
}

/// A paused clock runs ahead whenever all wait, also for a socket; it does not while other threads work.
async fn clock_held<T>(work: impl Future<Output = T>) -> T {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let holding = tokio::task::spawn_blocking(move || held.recv().is_err());
    let done = work.await;
    drop(release);
    assert!(holding.await.expect("held"));
    done
}
