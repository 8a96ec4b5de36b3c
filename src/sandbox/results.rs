//! Result pictures behind signed links that expire, drawn when they are asked for and kept in a small cache.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::extract::{OriginalUri, Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use url::form_urlencoded;

use super::account::Status;
use super::pictures::{File, Task};
use super::refusal::Refusal;
use super::seed;
use super::state::Sandbox;
use crate::protocol::{Secret, Signature, SigningKey};

/// Bytes of finished pictures that are kept; others are drawn again.
const CACHE_BYTES: usize = 32 * 1024 * 1024;

/// Makes and checks links.
pub(super) struct ResultLinks {
    base: String,
    lifetime: Duration,
    key: SigningKey,
    cache: Mutex<VecDeque<(String, Bytes)>>,
}

impl ResultLinks {
    pub(super) fn new(base: &str, lifetime: Duration, seed: u64) -> Self {
        let token = format!("{:016x}", seed::number(seed, &["result links"]));
        let key = SigningKey::new(&Secret::new(token).expect("16 digits"));
        Self { base: base.trim_end_matches('/').to_owned(), lifetime, key, cache: Mutex::default() }
    }

    /// A link to `/results/{path}` that is good from `now` on.
    pub(super) fn link(&self, path: &str, now: i64) -> String {
        let lifetime = i64::try_from(self.lifetime.as_millis()).unwrap_or(i64::MAX);
        let expires = now.saturating_add(lifetime);
        let path = format!("/results/{path}");
        format!("{}{path}?expires={expires}&signature={}", self.base, self.sign(&path, expires))
    }

    fn sign(&self, path: &str, expires: i64) -> Signature {
        self.key.sign(format!("{path}\n{expires}").as_bytes())
    }

    /// Refuses a link that is not ours, has expired, or has been gone for long.
    fn check(&self, uri: &Uri, now: i64) -> Result<(), Refusal> {
        let query = uri.query().unwrap_or_default().as_bytes();
        let value = |name| form_urlencoded::parse(query).find(|(found, _)| found == name).map(|(_, value)| value);
        let expires = value("expires").and_then(|text| text.parse::<i64>().ok());
        let signature = value("signature").and_then(|text| Signature::parse(&text).ok());
        let forbidden = |message| Err(Refusal::new(StatusCode::FORBIDDEN, message));
        let (Some(expires), Some(signature)) = (expires, signature) else {
            return forbidden("This link carries no signature");
        };
        if self.sign(uri.path(), expires) != signature {
            return forbidden("The signature of this link does not match");
        }
        let lifetime = i64::try_from(self.lifetime.as_millis()).unwrap_or(i64::MAX);
        match now.saturating_sub(expires) {
            late if late < 0 => Ok(()),
            late if late < lifetime => forbidden("This link has expired: read the variation again for a new one"),
            _ => Err(Refusal::new(StatusCode::GONE, "This link has expired long ago")),
        }
    }

    fn cached(&self, name: &str) -> Option<Bytes> {
        let cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.iter().find(|(found, _)| found == name).map(|(_, bytes)| bytes.clone())
    }

    fn cache(&self, name: String, bytes: Bytes) {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        cache.push_back((name, bytes));
        let mut total: usize = cache.iter().map(|(_, bytes)| bytes.len()).sum();
        while total > CACHE_BYTES
            && let Some((_, bytes)) = cache.pop_front()
        {
            total -= bytes.len();
        }
    }
}

/// GET /results/{render_id}/{variation_id}/{view}/{file}
pub(super) async fn picture(
    State(sandbox): State<Arc<Sandbox>>,
    OriginalUri(uri): OriginalUri,
    Path((render, variation, view, file)): Path<(String, String, String, String)>,
) -> Result<Response, Refusal> {
    sandbox.links().check(&uri, sandbox.now())?;
    let file = File::ALL.into_iter().find(|known| known.name() == file).ok_or_else(not_found)?;
    let task = task(&sandbox, &render, &variation, &view)?;
    let name = |file: File| format!("{variation}/{view}/{}", file.name());
    let names = File::ALL.map(name);
    let bytes = finished(&sandbox, name(file), move || names.into_iter().zip(task.files()).collect()).await?;
    Ok(([(header::CONTENT_TYPE, file.content_type())], bytes).into_response())
}

/// GET /results/{analysis_id}/mask.png
pub(super) async fn mask(
    State(sandbox): State<Arc<Sandbox>>,
    OriginalUri(uri): OriginalUri,
    Path(analysis): Path<String>,
) -> Result<Response, Refusal> {
    sandbox.links().check(&uri, sandbox.now())?;
    let accounts = sandbox.accounts();
    let analysis = accounts.all().find_map(|account| account.analysis(&analysis).ok());
    let finding = analysis.and_then(|analysis| analysis.finding.as_ref()?.as_ref().ok());
    let mask = finding.ok_or_else(not_found)?.mask.clone();
    Ok(([(header::CONTENT_TYPE, "image/png")], mask).into_response())
}

fn not_found() -> Refusal {
    Refusal::not_found("Result")
}

/// What the picture of one view of a variation is made from.
fn task(sandbox: &Sandbox, render: &str, variation: &str, view: &str) -> Result<Task, Refusal> {
    let accounts = sandbox.accounts();
    let render = accounts.all().find_map(|account| account.render(render).ok()).ok_or_else(not_found)?;
    let variation = render.variation(variation).ok().filter(|variation| variation.status == Status::Done);
    let variation = variation.ok_or_else(not_found)?;
    let no_longer_kept = || Refusal::new(StatusCode::GONE, "This result is no longer kept");
    let photos = render.photos.as_ref().and_then(|photos| photos.as_ref().ok()).ok_or_else(no_longer_kept)?;
    let photo = view.parse().ok().and_then(|view: usize| photos.get(view)).ok_or_else(not_found)?;
    let first_seed = seed::number(sandbox.options().seed, &["pictures", &render.ordinal.to_string()]);
    Ok(Task {
        photo: photo.clone(),
        work: variation.work.clone(),
        emptied_first: variation.base.is_some(),
        seed: first_seed.wrapping_add(variation.ordinal),
    })
}

/// A picture from the cache, or drawn with all that comes of the same work.
async fn finished(
    sandbox: &Arc<Sandbox>,
    name: String,
    draw: impl FnOnce() -> Vec<(String, Vec<u8>)> + Send + 'static,
) -> Result<Bytes, Refusal> {
    if let Some(bytes) = sandbox.links().cached(&name) {
        return Ok(bytes);
    }
    let painter = sandbox.clone();
    let drawn = sandbox.in_background(move || {
        // Whoever waited for this turn may find it done.
        if let Some(bytes) = painter.links().cached(&name) {
            return Ok(bytes);
        }
        let mut wanted = Bytes::new();
        for (drawn, bytes) in draw() {
            let bytes = Bytes::from(bytes);
            if drawn == name {
                wanted = bytes.clone();
            }
            painter.links().cache(drawn, bytes);
        }
        Ok(wanted)
    });
    drawn.await.map_err(|reason| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, reason))
}
