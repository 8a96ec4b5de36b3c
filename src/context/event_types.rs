//! Event types as the user names them: one that is mistyped would silently be none of those that come.

use super::Context;
use crate::protocol::render::EVENT_TYPES;

impl Context {
    /// Warns of types that nobody is known to send. They may be new ones, so they are taken all the same.
    pub(crate) fn warn_of_unknown_types<'a>(&self, types: impl IntoIterator<Item = &'a str>) {
        for event_type in types {
            let Err(unknown) = EVENT_TYPES.check(event_type) else { continue };
            let meant = match unknown.suggestion {
                Some(known) => format!("did you mean {known}?"),
                None => format!("known are {EVENT_TYPES}"),
            };
            self.printer
                .warning("unknown_event_type", &format!("there is no event type {event_type:?} so far; {meant}"));
        }
    }
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
            assert_eq!(EVENT_TYPES.check(given).expect_err("unknown").suggestion, meant, "{given}");
        }
    }
}
