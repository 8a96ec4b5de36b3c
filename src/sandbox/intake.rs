//! From a request that was found valid to renders and variations in the books, and to the work that follows.

use std::sync::Arc;

use serde_json::{Value, json};

use super::account::{Analysis, Render, Status, VARIATIONS_AT_MOST, Variation};
use super::auth::Caller;
use super::pictures::Work;
use super::refusal::Refusal;
use super::seed;
use super::state::Sandbox;
use super::validate::{NewRender, NewVariations, Plan, Removal};
use super::worker::{Batch, Extra};

impl Sandbox {
    /// Books a render: it costs one photo, whatever its number of variations.
    pub(super) fn book_render(&self, caller: &Caller, new: NewRender) -> Result<Batch, Refusal> {
        if new.variations.plans.iter().any(|plan| plan.base.is_some()) {
            return Err(Refusal::invalid("base_variation_id must name a removal variation of the same render"));
        }
        within_the_most(0, &new.variations.plans)?;
        self.change(|accounts| {
            accounts.account(&caller.0).use_photo(self.options().photo_limit)?;
            accounts.renders_made += 1;
            let ordinal = accounts.renders_made;
            let mut render = Render {
                id: seed::id(self.options().id_seed, "rnd", &ordinal.to_string()),
                ordinal,
                created_at: self.now(),
                multi_view: new.sources.len() > 1,
                photos: None,
                variations: Vec::new(),
                variations_made: 0,
            };
            let (variations, removal) = self.book(&mut render, &new.variations.plans);
            let place = accounts.account(&caller.0).add_render(render);
            Ok(Batch { place, sources: new.sources, variations, removal, webhook: new.variations.webhook })
        })
    }

    /// Books more variations of a render: they cost nothing.
    pub(super) fn book_variations(&self, caller: &Caller, id: &str, new: NewVariations) -> Result<Batch, Refusal> {
        self.change(|accounts| {
            let place = accounts.account(&caller.0).place(id)?;
            let render = accounts.render(&place);
            if render.multi_view && !new.plans.iter().all(Plan::fits_multi_view) {
                return Err(Refusal::invalid("a render of two views takes staging without remove_furniture only"));
            }
            new.plans.iter().try_for_each(|plan| base_is_a_removal(render, plan))?;
            within_the_most(render.asked_for(), &new.plans)?;
            let (variations, removal) = self.book(render, &new.plans);
            Ok(Batch { place, sources: Vec::new(), variations, removal, webhook: new.webhook })
        })
    }

    /// Books an analysis and returns its id.
    pub(super) fn book_analysis(&self, caller: &Caller) -> String {
        self.change(|accounts| {
            accounts.analyses_made += 1;
            let ordinal = accounts.analyses_made;
            let id = seed::id(self.options().id_seed, "an", &ordinal.to_string());
            let analysis = Analysis { id: id.clone(), ordinal, created_at: self.now(), finding: None };
            accounts.account(&caller.0).add_analysis(analysis);
            id
        })
    }

    fn book(&self, render: &mut Render, plans: &[Plan]) -> (Vec<String>, Option<Extra>) {
        let (mut ids, mut staged_on_removal) = (Vec::new(), Vec::new());
        for plan in plans {
            for _ in 0..plan.count {
                let variation = self.variation(render, plan, ids.len() as u32);
                ids.push(variation.id.clone());
                if plan.removal != Removal::Off {
                    staged_on_removal.push(variation.id.clone());
                }
                render.variations.push(variation);
            }
        }
        let removal = plans.iter().map(|plan| plan.removal).find(|removal| *removal != Removal::Off);
        let removal = removal.map(|removal| {
            let variation = self.variation(render, &removal_plan(removal), ids.len() as u32);
            let only_if_furnished = removal == Removal::IfFurnished;
            Extra { variation: Variation { extra: true, ..variation }, only_if_furnished, staged: staged_on_removal }
        });
        (ids, removal)
    }

    fn variation(&self, render: &mut Render, plan: &Plan, place_in_line: u32) -> Variation {
        render.variations_made += 1;
        let (ordinal, now, pace) = (render.variations_made, self.now(), &self.options().pace);
        let time = pace.queued + pace.rendering + pace.between * place_in_line;
        Variation {
            id: seed::id(self.options().id_seed, "var", &format!("{}.{ordinal}", render.ordinal)),
            ordinal,
            work: plan.work.clone(),
            config: plan.config.clone(),
            created_at: now,
            eta: now.saturating_add(i64::try_from(time.as_millis()).unwrap_or(i64::MAX)),
            status: Status::Queued,
            links_at: i64::MAX,
            base: plan.base.clone(),
            extra: false,
        }
    }
}

fn removal_plan(removal: Removal) -> Plan {
    let mode = if removal == Removal::On { "on" } else { "auto" };
    let config: Value = json!({ "type": "staging", "remove_furniture": { "mode": mode } });
    Plan { config: Arc::new(config), count: 1, work: Work::Remove, removal: Removal::Off, base: None }
}

fn base_is_a_removal(render: &Render, plan: &Plan) -> Result<(), Refusal> {
    let Some(base) = &plan.base else { return Ok(()) };
    match render.variation(base).map(Variation::kind) {
        Ok("removal") => Ok(()),
        Ok(kind) => Err(Refusal::invalid(format!("base_variation_id names a {kind} variation, not a removal"))),
        Err(_) => Err(Refusal::invalid("base_variation_id names no variation of this render")),
    }
}

fn within_the_most(existing: u64, plans: &[Plan]) -> Result<(), Refusal> {
    let asked: u64 = plans.iter().map(|plan| plan.count).sum();
    if existing + asked <= VARIATIONS_AT_MOST {
        return Ok(());
    }
    let message = format!(
        "a render has at most {VARIATIONS_AT_MOST} variations: there are {existing}, and variation_count asks for {asked} more"
    );
    Err(Refusal::invalid(message))
}
