//! What is known of a render so far, from reads and webhooks: who brought what, and whether more is to come.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;

use crate::protocol::render::{Page, Render, Tally, Variation, VariationKind, VariationResult, VariationStatus};
use crate::protocol::{Event, ResultLinks};

/// How long something that should be there is waited for once all else has ended: a link, a variation.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// How long the API may be out of reach before webhooks alone are believed to have brought all.
pub(super) const OUTAGE: Duration = Duration::from_secs(5);

/// Who was the first to tell how a variation has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum By {
    /// A verified webhook.
    Webhook,
    /// A read of the render.
    Poll,
}

impl By {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Poll => "poll",
        }
    }
}

/// One render as it is known.
#[derive(Debug)]
pub(super) struct Gathered {
    id: String,
    /// Variations that were asked for, where the caller knows.
    expected: Option<usize>,
    /// The render as it was last read, without its variations.
    read: Option<Render>,
    /// In the order in which they became known; what is not listed any more counts as deleted.
    variations: Vec<Variation>,
    /// What webhooks have told.
    heard: HashMap<String, Variation>,
    /// What a read has listed at least once.
    listed: HashSet<String>,
    by: BTreeMap<String, By>,
    last: Option<Vec<Standing>>,
    /// When the set was first seen as it is.
    same_since: Instant,
}

/// Whether more is to come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Outlook {
    /// Something is pending, or should be there and is not.
    More,
    /// It looks finished, but something may come by itself; the same has to be read once more.
    Unconfirmed,
    Settled,
}

/// What has to be the same on two reads.
type Standing = (String, VariationStatus, bool);

impl Gathered {
    pub(super) fn new(id: &str, expected: Option<usize>) -> Self {
        Self {
            id: id.to_owned(),
            expected,
            read: None,
            variations: Vec::new(),
            heard: HashMap::new(),
            listed: HashSet::new(),
            by: BTreeMap::new(),
            last: None,
            same_since: Instant::now(),
        }
    }

    /// Takes what was read and returns the variations that it brought to an end.
    pub(super) fn take_read(&mut self, mut render: Render) -> Vec<Variation> {
        if let Some(page) = render.variations.take() {
            self.take_list(page.items);
        }
        self.read = Some(render);
        self.ended(By::Poll)
    }

    fn take_list(&mut self, list: Vec<Variation>) {
        let is_gone = |id: &String| list.iter().all(|variation| variation.id != *id);
        for known in &mut self.variations {
            if self.listed.contains(&known.id) && is_gone(&known.id) {
                known.status = VariationStatus::Deleted;
            }
        }
        for variation in list {
            self.listed.insert(variation.id.clone());
            let heard = self.heard.get(&variation.id);
            let variation = heard.into_iter().fold(variation, completed);
            self.put(variation);
        }
    }

    /// Takes a webhook; `None` when it is about another render. Returns the variation if it has ended by that.
    pub(super) fn hear(&mut self, event: &Event) -> Option<Vec<Variation>> {
        if event.identity().render_id.as_deref() != Some(self.id.as_str()) {
            return None;
        }
        let Some(heard) = told(event) else { return Some(Vec::new()) };
        match self.variations.iter().find(|known| known.id == heard.id) {
            Some(known) => self.put(completed(known.clone(), &heard)),
            None => self.variations.push(heard.clone()),
        }
        self.heard.insert(heard.id.clone(), heard);
        Some(self.ended(By::Webhook))
    }

    fn put(&mut self, variation: Variation) {
        match self.variations.iter_mut().find(|known| known.id == variation.id) {
            Some(known) => *known = variation,
            None => self.variations.push(variation),
        }
    }

    /// The variations that have ended since it was last asked.
    fn ended(&mut self, by: By) -> Vec<Variation> {
        let has_ended = |variation: &&Variation| variation.status.is_final();
        let ended = self.variations.iter().filter(has_ended);
        let ended: Vec<_> = ended.filter(|variation| !self.by.contains_key(&variation.id)).cloned().collect();
        let is_over = |id: &String| self.variations.iter().any(|known| known.id == *id && known.status.is_final());
        self.by.retain(|id, _| is_over(id));
        self.by.extend(ended.iter().map(|variation| (variation.id.clone(), by)));
        ended
    }

    /// Judges what has just been read.
    pub(super) fn judged(&mut self) -> Outlook {
        let standing = self.variations.iter().map(standing).collect();
        let is_same = self.last.as_ref() == Some(&standing);
        if !is_same {
            self.last = Some(standing);
            self.same_since = Instant::now();
        }
        match (self.nothing_pending(), is_same) {
            (false, _) => Outlook::More,
            (true, false) if self.is_all_there_can_be() => Outlook::Settled,
            (true, false) => Outlook::Unconfirmed,
            (true, true) if self.is_complete() || self.same_since.elapsed() >= PATIENCE => Outlook::Settled,
            (true, true) => Outlook::More,
        }
    }

    /// Whether webhooks have told all that the API, out of reach since then, would.
    pub(super) fn is_settled_without_reading(&self, out_of_reach_since: Instant) -> bool {
        let knows_how_many = self.expected.is_some() || self.read.is_some();
        let is_brought = !self.heard.is_empty() && knows_how_many && self.nothing_pending() && self.is_complete();
        is_brought && out_of_reach_since.elapsed() >= OUTAGE
    }

    fn nothing_pending(&self) -> bool {
        !self.variations.is_empty() && self.variations.iter().all(|variation| variation.status.is_final())
    }

    pub(super) fn expected(&self) -> Option<usize> {
        self.expected
    }

    pub(super) fn was_read(&self) -> bool {
        self.read.is_some()
    }

    pub(super) fn tally(&self) -> Tally {
        Tally::of(&self.variations)
    }

    fn is_complete(&self) -> bool {
        self.missing() == 0 && !self.lacks_a_removal() && self.variations.iter().all(has_its_link)
    }

    /// Variations that were asked for and are not there. A removal that comes by itself is not one of them.
    pub(super) fn missing(&self) -> usize {
        let Some(expected) = self.expected else { return 0 };
        let furnished = self.variations.iter().filter(|variation| !is_removal(variation)).count();
        let removal_is_all = furnished == 0 && !self.variations.iter().any(asks_for_furniture);
        let there = if removal_is_all { self.variations.len() } else { furnished };
        expected.saturating_sub(there)
    }

    /// All that was asked for is done, with its link, and none of it can bring a removal with it.
    fn is_all_there_can_be(&self) -> bool {
        self.expected == Some(self.variations.len())
            && self.is_complete()
            && self.variations.iter().all(|variation| {
                variation.status == VariationStatus::Done && (is_removal(variation) || removes_nothing(variation))
            })
    }

    /// It may be listed last: others name it as what they were furnished on, or their config asks for it.
    fn lacks_a_removal(&self) -> bool {
        let is_known = |id: &str| self.variations.iter().any(|variation| variation.id == id);
        let names_another =
            |variation: &Variation| variation.base_variation_id.as_deref().is_some_and(|id| !is_known(id));
        let has_one = self.variations.iter().any(is_removal);
        self.variations.iter().any(names_another) || (!has_one && self.variations.iter().any(removes_for_sure))
    }

    /// Time until the first of what is pending is expected, as the API says; none at all where it is due.
    pub(super) fn until_expected(&self, now: Timestamp) -> Option<Duration> {
        if self.nothing_pending() {
            return None;
        }
        let pending = self.variations.iter().filter(|variation| !variation.status.is_final());
        let eta = pending.filter_map(|variation| variation.eta).min();
        let eta = eta.or(self.read.as_ref()?.eta)?;
        Some(Duration::from_millis(u64::try_from(eta.saturating_sub(now.as_millisecond())).unwrap_or(0)))
    }

    /// The whole render and who brought each variation that has ended.
    pub(super) fn into_render(self) -> (Render, BTreeMap<String, By>) {
        let mut render = self.read.unwrap_or_else(|| unread(self.id));
        let is_known = render.variations.is_some() || !self.variations.is_empty();
        render.variations = is_known.then(|| Page { total_count: None, next_cursor: None, items: self.variations });
        (render, self.by)
    }
}

/// A render that could not be read.
fn unread(id: String) -> Render {
    Render { id, created_at: None, queued_at: None, eta: None, variations: None, other: serde_json::Map::new() }
}

fn standing(variation: &Variation) -> Standing {
    (variation.id.clone(), variation.status.clone(), has_its_link(variation))
}

fn is_removal(variation: &Variation) -> bool {
    variation.kind == Some(VariationKind::Removal)
}

fn asks_for_furniture(variation: &Variation) -> bool {
    variation.config.get("add_furniture").is_some_and(Value::is_object)
}

fn removes_for_sure(variation: &Variation) -> bool {
    variation.config.pointer("/remove_furniture/mode").is_some_and(|mode| mode == "on")
}

/// Whether its config, as the API repeats it, leaves the furniture where it is.
fn removes_nothing(variation: &Variation) -> bool {
    let removal = variation.config.get("remove_furniture");
    variation.config.get("type").is_some_and(Value::is_string)
        && removal.is_none_or(|removal| removal.is_null() || removal.get("mode").is_some_and(|mode| mode == "off"))
}

/// Done may be said a moment before there is a link.
fn has_its_link(variation: &Variation) -> bool {
    variation.status != VariationStatus::Done || has_links(&variation.results)
}

fn has_links(results: &[VariationResult]) -> bool {
    !results.is_empty() && results.iter().all(|result| result.url.as_deref().is_some_and(|url| !url.is_empty()))
}

/// What was read, with what a webhook has told beyond it.
fn completed(mut read: Variation, heard: &Variation) -> Variation {
    if !read.status.is_final() {
        read.status = heard.status.clone();
        read.error_message = read.error_message.or_else(|| heard.error_message.clone());
    }
    if read.status == VariationStatus::Done && !has_links(&read.results) {
        read.results.clone_from(&heard.results);
    }
    read
}

/// The ended variation that a webhook tells of.
fn told(event: &Event) -> Option<Variation> {
    let identity = event.identity();
    let (id, outcome) = identity.outcome()?;
    let (results, base_variation_id) = match event {
        Event::Done(done) => (done.results.iter().map(result).collect(), done.base_variation_id.clone()),
        _ => (Vec::new(), None),
    };
    Some(Variation {
        id: id.to_owned(),
        render_id: identity.render_id.clone(),
        kind: identity.variation_type.as_deref().map(VariationKind::from),
        created_at: None,
        status: VariationStatus::from(outcome),
        results,
        base_variation_id,
        eta: None,
        error_message: event.error_message().map(str::to_owned),
        config: Value::Null,
        other: serde_json::Map::new(),
    })
}

fn result(links: &ResultLinks) -> VariationResult {
    VariationResult {
        url: Some(links.url.clone()),
        optimized_url: links.optimized_url.clone(),
        thumbnail_url: links.thumbnail_url.clone(),
        other: serde_json::Map::new(),
    }
}
