//! Reading an answer: at most so many bytes, its status as a failure, and the server's words made fit to show.

use std::time::Duration;

use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimeParser;
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, HeaderName, LOCATION, RETRY_AFTER};
use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

use super::Failure;
use super::wire::while_reading;
use crate::output::printable;

/// No more of a refusal is read: longer than this it is a page, not a message.
const LONGEST_REFUSAL: usize = 64 << 10;

/// A message is cut after so many characters.
const LONGEST_MESSAGE: usize = 300;

/// A successful answer, read to its end.
pub(super) struct Answer {
    status: StatusCode,
    content_type: String,
    body: Vec<u8>,
}

impl Answer {
    /// Reads an answer of at most `limit` bytes; `timeout` is what the request was given.
    pub(super) async fn read(mut response: Response, limit: usize, timeout: Duration) -> Result<Self, Failure> {
        let status = response.status();
        let content_type = header(response.headers(), &CONTENT_TYPE).unwrap_or("no content type").to_owned();
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| while_reading(&error, timeout))? {
            if body.len() + chunk.len() > limit {
                return Err(Failure::TooLarge { limit });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Self { status, content_type, body })
    }

    /// An answer whose body does not matter: any 2xx will do, whatever follows.
    pub(super) fn unread(response: &Response) -> Self {
        Self { status: response.status(), content_type: String::new(), body: Vec::new() }
    }

    pub(super) fn json<T: DeserializeOwned>(&self, secrets: &Secrets) -> Result<T, Failure> {
        let status = self.status.as_u16();
        let not_understood =
            |error: serde_json::Error| Failure::NotUnderstood { status, reason: secrets.shown(&error.to_string()) };
        let value: Value = match serde_json::from_slice(&self.body) {
            Ok(value) => value,
            Err(error) if self.claims_json() => return Err(not_understood(error)),
            Err(_) => return Err(self.not_json(secrets)),
        };
        serde_json::from_value(value).map_err(not_understood)
    }

    fn claims_json(&self) -> bool {
        !self.body.is_empty() && self.content_type.contains("json")
    }

    fn not_json(&self, secrets: &Secrets) -> Failure {
        Failure::NotJson {
            status: self.status.as_u16(),
            content_type: if self.body.is_empty() { "an empty body".into() } else { secrets.shown(&self.content_type) },
            start: secrets.shown(&String::from_utf8_lossy(&self.body)),
        }
    }
}

/// The start of a refusal's body, as much of it as comes: the status is known, so a cut body is no failure of its own.
async fn start_of(mut response: Response) -> Vec<u8> {
    let mut body = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        body.extend_from_slice(&chunk);
        if body.len() >= LONGEST_REFUSAL {
            break;
        }
    }
    body
}

/// What a status other than 2xx means.
pub(super) async fn refusal(response: Response, secrets: &Secrets, now: Timestamp) -> Failure {
    let status = response.status().as_u16();
    let retry_after = retry_after(response.headers(), now);
    if response.status().is_redirection() {
        let location = header(response.headers(), &LOCATION).and_then(|to| response.url().join(to).ok());
        return Failure::Redirect { status, location: location.map(|to| secrets.shown(&host_of(&to))) };
    }
    let message = secrets.shown(&words_of(&start_of(response).await));
    match status {
        400 => Failure::BadRequest { message },
        401 => Failure::Unauthorized { message },
        402 => Failure::PaymentRequired { message },
        403 => Failure::Forbidden { quota: speaks_of_quota(&message), message },
        404 => Failure::NotFound { message },
        429 => Failure::TooManyRequests { message, retry_after },
        500..600 => Failure::Server { status, message, retry_after },
        _ => Failure::OtherStatus { status, message },
    }
}

fn host_of(url: &Url) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) => format!("{host}:{port}"),
        (Some(host), None) => host.to_owned(),
        (None, _) => format!("{}:", url.scheme()),
    }
}

/// `message` (documented), `error` (seen), or the text as it is.
fn words_of(body: &[u8]) -> String {
    fn words(value: &Value) -> Option<String> {
        match value {
            Value::String(text) => Some(text.clone()),
            Value::Object(members) => ["message", "error"].iter().find_map(|name| words(members.get(*name)?)),
            Value::Array(items) => {
                let all: Vec<_> = items.iter().filter_map(words).collect();
                (!all.is_empty()).then(|| all.join("; "))
            }
            _ => None,
        }
    }
    let json: Option<Value> = serde_json::from_slice(body).ok();
    json.as_ref().and_then(words).unwrap_or_else(|| String::from_utf8_lossy(body).into_owned())
}

/// A 403 is either a plan without the API or a limit that is reached; only the message tells.
fn speaks_of_quota(message: &str) -> bool {
    let message = message.to_lowercase();
    ["limit", "quota", "photo", "exceed", "used up", "credit"].iter().any(|word| message.contains(word))
}

/// Seconds, or a date; a date is counted from the server's own clock where it tells it.
fn retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Duration> {
    let value = header(headers, &RETRY_AFTER)?.trim();
    if let Ok(seconds) = value.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text| DateTimeParser::new().parse_timestamp(text).ok();
    let now = header(headers, &DATE).and_then(date).unwrap_or(now);
    Some(Duration::try_from(date(value)?.duration_since(now)).unwrap_or_default())
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// What must not be shown even where a server repeats it: the API key and a secret that was just sent.
pub(super) struct Secrets(Vec<String>);

impl Secrets {
    pub(super) fn new<'a>(secrets: impl IntoIterator<Item = &'a str>) -> Self {
        let in_json = |secret| {
            let quoted = serde_json::to_string(secret).expect("a text is JSON");
            quoted[1..quoted.len() - 1].to_owned()
        };
        Self(secrets.into_iter().flat_map(|secret| [secret.to_owned(), in_json(secret)]).collect())
    }

    /// A stranger's text on one short line, without control characters and secrets.
    pub(super) fn shown(&self, text: &str) -> String {
        let text = self.0.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "[secret]"));
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let line = printable(&line);
        let mut shown: String = line.chars().take(LONGEST_MESSAGE).collect();
        if shown.len() < line.len() {
            shown.push('…');
        }
        shown
    }
}
