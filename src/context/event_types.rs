//! Event types as the user names them: one that is mistyped would silently be none of those that come.

use super::Context;

/// What the vendor is known to send.
const KNOWN: [&str; 5] = ["done", "error", "update", "analysis_completion", "analysis_error"];
/// Likeness from which a suggestion helps more than it irritates.
const NEAR: f64 = 0.8;

impl Context {
    /// Warns of types that nobody is known to send. They may be new ones, so they are taken all the same.
    pub(crate) fn warn_of_unknown_types<'a>(&self, types: impl IntoIterator<Item = &'a str>) {
        for event_type in types.into_iter().filter(|event_type| !KNOWN.contains(event_type)) {
            let meant = match nearest(event_type) {
                Some(known) => format!("did you mean {known}?"),
                None => format!("known are {}", KNOWN.join(", ")),
            };
            self.printer
                .warning("unknown_event_type", &format!("there is no event type {event_type:?} so far; {meant}"));
        }
    }
}

fn nearest(given: &str) -> Option<&'static str> {
    let likeness = |known: &'static str| (strsim::jaro_winkler(&given.to_ascii_lowercase(), known), known);
    let near = KNOWN.into_iter().map(likeness).filter(|(likeness, _)| *likeness >= NEAR);
    near.max_by(|one, other| one.0.total_cmp(&other.0)).map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_what_was_meant() {
        for (given, meant) in [
            ("don", Some("done")),
            ("Done", Some("done")),
            ("errors", Some("error")),
            ("analysis-error", Some("analysis_error")),
            ("analysis_complete", Some("analysis_completion")),
            ("refund", None),
        ] {
            assert_eq!(nearest(given), meant, "{given}");
        }
    }
}
