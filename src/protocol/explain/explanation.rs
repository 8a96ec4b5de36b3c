//! From what is known of a delivery to a diagnosis in words.

use std::ops::ControlFlow::{Break, Continue};

use super::header::Header;
use super::search::Search;
use super::trials::{End, Proof, Trials};
use super::{Clues, Diagnosis, Finding, Verdict, hints};
use crate::protocol::Signature;

/// Looks for the cause of a mismatch.
///
/// Simple causes are tried before combinations, in a fixed order, and the first that is proved is reported. Work is bounded
/// by [`MAX_HMACS`](super::MAX_HMACS), [`MAX_HASHED`](super::MAX_HASHED) and [`MAX_BODY`](super::MAX_BODY).
///
/// ```
/// use vsai::protocol::explain::{Clues, Verdict, explain};
/// use vsai::protocol::{Secret, SigningKey};
/// let secret = Secret::new("test-secret")?;
/// let signature = SigningKey::new(&secret).sign(b"not JSON").to_string();
/// let clues = Clues { body: b"not JSON\n", header: signature.as_bytes(), live: &[secret], others: &[] };
/// let diagnosis = explain(&clues);
/// assert_eq!(diagnosis.verdict, Verdict::Explained);
/// assert_eq!(diagnosis.cause[0].code, "body_newline_added");
/// # Ok::<(), vsai::protocol::SecretError>(())
/// ```
pub fn explain(clues: &Clues<'_>) -> Diagnosis {
    let header = Header::read(clues.header);
    let mut search = Search::new(clues, Trials::new(&header));
    let end = search.run();
    let tried = search.trials.tried;
    let is_large = search.forms.is_large();
    let bounds = match end {
        Break(End::Proved(proof)) => return proved(proof, tried),
        Continue(()) if is_large => "; causes within so large a body were not tried",
        Continue(()) => "",
        Break(End::Bound) => "; the bound on work left others out",
    };
    let summary = if clues.live.is_empty() && clues.others.is_empty() {
        "not explained: there is no secret to try".to_owned()
    } else if !header.can_match() {
        "not explained: there is no signature to compare with".to_owned()
    } else {
        format!(
            "not explained: none of {tried} combinations of known causes fits{bounds}. Most likely another secret signed it, or \
             the body's content was changed"
        )
    };
    let canonical = search.forms.canonical.as_deref().map_err(|error| *error);
    let hints = [header.hints(), hints::noticed(clues, canonical)].concat();
    unproved(hints, tried, bounds.is_empty(), summary)
}

/// Looks for the cause in the header alone, given what the signature should be with each live secret: for bodies that are
/// too large to be kept.
pub fn explain_header(header: &[u8], right: &[Signature]) -> Diagnosis {
    let header = Header::read(header);
    match right.iter().find_map(|right| header.matches(right.as_bytes())) {
        Some(changes) => proved(Proof { changes, secret: None }, right.len()),
        None => {
            let summary = "not explained: it is not the header alone; causes within so large a body were not tried";
            unproved(header.hints(), right.len(), false, summary.to_owned())
        }
    }
}

fn proved(proof: Proof, tried: usize) -> Diagnosis {
    let (verdict, summary) = match proof.changes.len() {
        0 => (Verdict::Right, "the signature is right: there is nothing to explain".to_owned()),
        1 => (Verdict::Explained, "proved: with this undone, the signature is right".to_owned()),
        count => (Verdict::Explained, format!("proved: with these {count} undone together, the signature is right")),
    };
    Diagnosis { verdict, cause: proof.changes, hints: Vec::new(), secret: proof.secret, tried, complete: true, summary }
}

fn unproved(hints: Vec<Finding>, tried: usize, complete: bool, summary: String) -> Diagnosis {
    Diagnosis { verdict: Verdict::Unexplained, cause: Vec::new(), hints, secret: None, tried, complete, summary }
}
