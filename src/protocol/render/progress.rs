//! A render has no status of its own: it is folded from its variations.

use super::{Render, Variation, VariationStatus};

/// How many variations stand where.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct Tally {
    /// Idle, queued, rendering, or in a state that is not known yet.
    pub pending: usize,
    /// Finished with a picture.
    pub done: usize,
    /// Failed.
    pub error: usize,
    /// Deleted since.
    pub deleted: usize,
}

/// What the variations of a render come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum RenderStatus {
    /// Something is still to come, or nothing is listed yet.
    Pending,
    /// Everything ended, and nothing failed.
    Done,
    /// Everything ended; some failed, some are done.
    Partial,
    /// Everything ended; something failed and nothing is done.
    Error,
    /// Everything was deleted.
    Deleted,
}

impl Tally {
    /// Counts the variations.
    pub fn of<'a>(variations: impl IntoIterator<Item = &'a Variation>) -> Self {
        let mut tally = Self::default();
        for variation in variations {
            match &variation.status {
                VariationStatus::Done => tally.done += 1,
                VariationStatus::Error => tally.error += 1,
                VariationStatus::Deleted => tally.deleted += 1,
                VariationStatus::Idle
                | VariationStatus::Queued
                | VariationStatus::Rendering
                | VariationStatus::Other(_) => tally.pending += 1,
            }
        }
        tally
    }

    /// What the counts come to. A furniture removal may still add a variation to a render that looks done: wait until
    /// the set is the same on two reads.
    pub fn status(self) -> RenderStatus {
        match self {
            Self { pending: 1.., .. } | Self { pending: 0, done: 0, error: 0, deleted: 0 } => RenderStatus::Pending,
            Self { error: 1.., done: 0, .. } => RenderStatus::Error,
            Self { error: 1.., .. } => RenderStatus::Partial,
            Self { done: 1.., .. } => RenderStatus::Done,
            Self { .. } => RenderStatus::Deleted,
        }
    }
}

impl Render {
    /// What the variations in this answer come to; `None` when the answer left them out.
    pub fn status(&self) -> Option<RenderStatus> {
        self.variations.as_ref().map(|page| Tally::of(&page.items).status())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_render_is_what_its_variations_come_to() {
        for (statuses, status) in [
            (&[][..], RenderStatus::Pending),
            (&["queued"], RenderStatus::Pending),
            (&["done", "rendering"], RenderStatus::Pending),
            (&["error", "idle"], RenderStatus::Pending),
            (&["done", "upscaling"], RenderStatus::Pending),
            (&["done", "done"], RenderStatus::Done),
            (&["done", "deleted"], RenderStatus::Done),
            (&["done", "error"], RenderStatus::Partial),
            (&["error", "deleted"], RenderStatus::Error),
            (&["deleted"], RenderStatus::Deleted),
        ] {
            let items: Vec<_> = statuses.iter().map(|status| format!(r#"{{"id":"v","status":"{status}"}}"#)).collect();
            let text = format!(r#"{{"id":"r","variations":[{}]}}"#, items.join(","));
            let render: Render = serde_json::from_str(&text).expect("a render");
            assert_eq!(render.status(), Some(status), "{statuses:?}");
        }
    }

    #[test]
    fn variations_that_were_not_asked_for_say_nothing() {
        let render: Render = serde_json::from_str(r#"{"id":"r"}"#).expect("a render");
        assert_eq!(render.status(), None);
    }
}
