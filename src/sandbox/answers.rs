//! Renders, variations and accounts as the API shows them.

use serde_json::{Map, Value, json};

use super::account::{Account, Analysis, Render, Status, Variation};
use super::pages::Page;
use super::pictures::File;
use super::refusal::Refusal;
use super::seed;
use super::state::Sandbox;

impl Sandbox {
    /// The answer of GET /user.
    pub(super) fn user_answer(&self, account: &Account) -> Value {
        // Each run is another account: what an earlier one has sold is not there any more.
        let uid = seed::id(self.options().id_seed, "sandbox", &account.uid);
        let limit = self.options().photo_limit.map_or_else(|| json!("UNLIMITED"), |limit| json!(limit));
        json!({
            "user": { "email": "developer@example.com", "uid": uid },
            "photoLimit": { "staging": limit, "imageEditing": "UNLIMITED" },
            "photosUsedThisPeriod": { "staging": account.photos_used, "imageEditing": 0 },
        })
    }

    /// A render, with a page of its variations if one is asked for.
    pub(super) fn render_answer(&self, render: &Render, variations: Option<&Page>) -> Result<Value, Refusal> {
        let pending = render.variations.iter().filter(|variation| variation.is_pending());
        let mut answer = json!({
            "id": &render.id,
            "created_at": render.created_at,
            "queued_at": render.created_at,
            "eta": pending.map(|variation| variation.eta).min(),
        });
        if let Some(page) = variations {
            answer["variations"] = self.variations_answer(render, page)?;
        }
        Ok(answer)
    }

    /// A page of a render's variations. Its `total_count` counts those that are done, as documented.
    pub(super) fn variations_answer(&self, render: &Render, page: &Page) -> Result<Value, Refusal> {
        let (variations, next) = page.of(&render.variations, |variation| &variation.id)?;
        let items: Vec<Value> =
            variations.into_iter().map(|variation| self.variation_answer(render, variation)).collect();
        Ok(json!({ "total_count": render.done(), "next_cursor": next, "items": items }))
    }

    /// A page of an account's renders.
    pub(super) fn renders_answer(&self, account: &Account, page: &Page) -> Result<Value, Refusal> {
        let (renders, next) = page.of(&account.renders, |render| &render.id)?;
        let items = renders.into_iter().map(|render| self.render_answer(render, Some(&Page::first())));
        let items = items.collect::<Result<Vec<Value>, Refusal>>()?;
        Ok(json!({ "total_count": account.variations_done, "next_cursor": next, "items": items }))
    }

    /// One variation. Its links are made anew each time.
    pub(super) fn variation_answer(&self, render: &Render, variation: &Variation) -> Value {
        let has_links = variation.links_at <= self.now();
        let mut answer = json!({
            "id": &variation.id,
            "type": variation.kind(),
            "render_id": &render.id,
            "created_at": variation.created_at,
            "status": variation.status.name(),
            "result": if has_links { self.result_answer(render, variation) } else { Value::Null },
            "base_variation_id": &variation.base,
            "eta": variation.is_pending().then_some(variation.eta),
            "config": &*variation.config,
        });
        if let Status::Failed(reason) = &variation.status {
            answer["error_message"] = json!(reason);
        }
        answer
    }

    /// `result`: null until done, an object, or an array with one object for each view.
    pub(super) fn result_answer(&self, render: &Render, variation: &Variation) -> Value {
        if variation.status != Status::Done {
            return Value::Null;
        }
        let view = |view: usize| {
            let [url, optimized_url, thumbnail_url] = File::ALL.map(|file| {
                let path = format!("{}/{}/{view}/{}", render.id, variation.id, file.name());
                self.links().link(&path, self.now())
            });
            json!({ "url": url, "optimized_url": optimized_url, "thumbnail_url": thumbnail_url })
        };
        if render.multi_view { json!([view(0), view(1)]) } else { view(0) }
    }

    /// The payload of the webhook that tells how a variation ended.
    pub(super) fn variation_event(&self, render: &Render, variation: &Variation, timestamp: i64) -> Value {
        let mut event = Map::new();
        event.insert("render_id".to_owned(), json!(&render.id));
        event.insert("variation_id".to_owned(), json!(&variation.id));
        event.insert("variation_type".to_owned(), json!(variation.kind()));
        if let Some(base) = &variation.base {
            event.insert("base_variation_id".to_owned(), json!(base));
        }
        event.insert("timestamp".to_owned(), json!(timestamp));
        match &variation.status {
            Status::Failed(reason) => {
                event.insert("event_type".to_owned(), json!("error"));
                event.insert("error_message".to_owned(), json!(reason));
            }
            _ => {
                event.insert("event_type".to_owned(), json!("done"));
                event.insert("result".to_owned(), self.result_answer(render, variation));
            }
        }
        Value::Object(event)
    }

    /// An analysis as POST /analyze shows it.
    pub(super) fn analysis_answer(&self, analysis: &Analysis) -> Value {
        let (status, finding, error) = match &analysis.finding {
            None => ("queued", None, None),
            Some(Ok(finding)) => ("done", Some(finding), None),
            Some(Err(reason)) => ("error", None, Some(reason)),
        };
        json!({
            "id": &analysis.id,
            "created_at": analysis.created_at,
            "status": status,
            "percentage_masked": finding.map(|finding| finding.percentage_masked),
            "result_url": finding.map(|_| self.mask_link(analysis)),
            "error_message": error,
        })
    }

    /// The payload of the webhook that tells how an analysis ended.
    pub(super) fn analysis_event(&self, analysis: &Analysis, timestamp: i64) -> Value {
        match &analysis.finding {
            Some(Ok(finding)) => json!({
                "event_type": "analysis_completion",
                "result_url": self.mask_link(analysis),
                "percentage_masked": finding.percentage_masked,
                "analysis_id": &analysis.id,
                "timestamp": timestamp,
            }),
            failed => json!({
                "event_type": "analysis_error",
                "error_message": failed.as_ref().and_then(|failed| failed.as_ref().err()),
                "analysis_id": &analysis.id,
                "timestamp": timestamp,
            }),
        }
    }

    fn mask_link(&self, analysis: &Analysis) -> String {
        self.links().link(&format!("{}/mask.png", analysis.id), self.now())
    }
}
