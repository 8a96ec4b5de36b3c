//! Styles: what of a JSON text is free, in every combination that a known tool writes.

use std::ops::ControlFlow;

use super::super::Finding;
use super::super::members::Members;
use super::SIGN_ONCE;
use super::escapes::{ESCAPES, Escapes};
use super::layout::{LAYOUTS, Layout};
use super::writer::rewrite;

/// Numbers, and what else of a text does not survive a parser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Values {
    Canonical,
    AsWritten,
    Floats,
}

#[derive(Debug, Clone, Copy)]
struct Style {
    values: Values,
    members: Members,
    escapes: Escapes,
    layout: Layout,
    newline: bool,
}

/// Calls back with the text in every known style but its own, fewest deviations first, at most so many together.
/// `written` is the text as it came, if it is JSON, and `canonical` its canonical form.
pub(in super::super) fn each<B>(
    canonical: &str,
    written: Option<&str>,
    deviations: usize,
    mut call: impl FnMut(&[u8], &dyn Fn() -> Vec<Finding>) -> ControlFlow<B>,
) -> ControlFlow<B> {
    let arranged = Members::ALL.map(|members| (members, members.apply(canonical)));
    for style in styles().into_iter().filter(|style| style.deviations() <= deviations) {
        let arranged = || arranged.iter().find(|(members, _)| *members == style.members)?.1.as_deref();
        let source = if style.values == Values::AsWritten { written } else { arranged() };
        if let Some(text) = source.and_then(|source| style.write(source)) {
            call(text.as_bytes(), &|| style.findings())?;
        }
    }
    ControlFlow::Continue(())
}

/// Every sensible style, in the order of its deviations from `JSON.stringify`.
fn styles() -> Vec<Style> {
    let mut styles = Vec::new();
    for newline in [false, true] {
        for values in [Values::Canonical, Values::AsWritten, Values::Floats] {
            for members in Members::ALL {
                for escapes in ESCAPES {
                    styles.extend(LAYOUTS.map(|layout| Style { values, members, escapes, layout, newline }));
                }
            }
        }
    }
    styles.retain(|style| style.is_sensible());
    styles.sort_by_key(|style| style.deviations());
    styles
}

impl Style {
    fn deviations(self) -> usize {
        let deviates = [
            self.values != Values::Canonical,
            self.members != Members::AsTheyAre,
            self.escapes != Escapes::Fewest,
            self.layout != Layout::Compact,
            self.newline,
        ];
        deviates.into_iter().filter(|deviates| *deviates).count()
    }

    /// Whether a known tool writes it, or a likely accident leaves it.
    fn is_sensible(self) -> bool {
        let fewest = self.escapes == Escapes::Fewest;
        match (self.values, self.members) {
            (Values::Canonical, Members::AsTheyAre) => self.deviations() > 0 && (fewest || !self.layout.is_rare()),
            (Values::Canonical, Members::Sorted) => !self.layout.is_rare(),
            (Values::Canonical, _) => self.layout.is_one_line() && fewest && !self.newline,
            (_, Members::AsTheyAre) => self.layout.is_one_line() && (fewest || self.escapes == Escapes::Ascii),
            _ => false,
        }
    }

    fn findings(self) -> Vec<Finding> {
        let newline = self.newline.then(|| {
            let what = "what was signed ends in a newline (0x0A), as Go's Encoder, jq and echo write it, and the body does not";
            Finding::new("body_newline_removed", what, SIGN_ONCE)
        });
        [self.layout.finding(), self.members.finding(), self.escapes.finding(), self.values.finding(), newline]
            .into_iter()
            .flatten()
            .collect()
    }

    fn write(self, source: &str) -> Option<String> {
        let mut text = rewrite(source, self.layout, self.escapes, self.values == Values::Floats)?;
        if self.newline {
            text.push('\n');
        }
        Some(text)
    }
}

impl Values {
    fn finding(self) -> Option<Finding> {
        let fix =
            "post the text that was signed, as bytes; a JSON parser between signing and sending writes numbers anew";
        match self {
            Self::Canonical => None,
            Self::AsWritten => Some(Finding::new(
                "body_as_written",
                "what was signed has its numbers, escapes and repeated members as they stand here, not as JSON.stringify writes them",
                fix,
            )),
            Self::Floats => Some(Finding::new(
                "body_floats",
                "what was signed has whole numbers written as 1.0 (floats in Python, doubles in Java), which stand as 1 here",
                fix,
            )),
        }
    }
}
