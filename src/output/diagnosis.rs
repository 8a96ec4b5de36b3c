//! A diagnosis of a signature in words.

use super::style::Meaning;
use super::text::Text;
use crate::protocol::explain::{Diagnosis, Verdict};

impl Text {
    /// Adds, on lines of their own, what was found and what to do, then how sure that is; where nothing was proved, that first.
    pub(crate) fn diagnosis(&mut self, diagnosis: &Diagnosis) -> &mut Self {
        let is_explained = diagnosis.verdict == Verdict::Explained;
        if !is_explained {
            self.end_line().plain("  ").plain(&diagnosis.summary);
        }
        for finding in &diagnosis.cause {
            self.end_line().add(Meaning::Strong, "  cause: ").plain(&finding.what);
        }
        for finding in &diagnosis.hints {
            self.end_line().add(Meaning::Warning, "  noticed: ").plain(&finding.what);
        }
        for fix in diagnosis.fixes() {
            self.end_line().add(Meaning::Success, "  fix: ").plain(fix);
        }
        if is_explained {
            self.end_line().add(Meaning::Dim, "  ").add(Meaning::Dim, &diagnosis.summary);
            if let Some(secret) = &diagnosis.secret {
                self.add(Meaning::Dim, format!(" (secret {secret})"));
            }
        }
        self
    }
}
