//! The search: which keys are tried on which texts, in what order, and within which bounds.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::ControlFlow::{self, Break, Continue};

use super::header::Header;
use super::secrets::{self, Key};
use super::version::Version;
use super::{
    Clues, Diagnosis, Finding, Verdict, digests, encodings, hints, json_style, line_ends, signed_forms, wrappings,
};
use crate::protocol::canonical_json::{CanonicalError, canonicalize};
use crate::protocol::{MAX_DEPTH, canonical_json};

/// The most digests that one diagnosis computes.
pub const MAX_HMACS: usize = 1_024;
/// The most bytes that one diagnosis digests: about a second's work.
pub const MAX_HASHED: usize = 512 << 20;
/// The largest body, in bytes, whose own causes are tried; above it only those of header and secret are.
pub const MAX_BODY: usize = 1 << 20;
/// The largest body, in bytes, that is brought into canonical form.
const MAX_CANONICAL: usize = 64 << 20;

/// Looks for the cause of a mismatch.
///
/// Simple causes are tried before combinations, in a fixed order, and the first that is proved is reported. Work is bounded
/// by [`MAX_HMACS`], [`MAX_HASHED`] and [`MAX_BODY`].
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
    let forms = Forms::of(clues.body);
    let mut search =
        Search { header: &header, tried: 0, hashed: 0, seen: HashSet::new(), complete: !forms.is_partial() };
    match search.run(clues, &forms) {
        Break(proof) => explained(proof, &search),
        Continue(()) => unexplained(clues, &forms, &search),
    }
}

fn explained(proof: Proof, search: &Search<'_>) -> Diagnosis {
    let tried = search.tried;
    let (verdict, summary) = match proof.changes.len() {
        0 => (Verdict::Right, "the signature is right: there is nothing to explain".to_owned()),
        1 => (Verdict::Explained, format!("proved: with this undone, the signature is right ({tried} digests tried)")),
        count => (
            Verdict::Explained,
            format!("proved: with these {count} undone together, the signature is right ({tried} digests tried)"),
        ),
    };
    Diagnosis { verdict, cause: proof.changes, hints: Vec::new(), secret: proof.secret, tried, complete: true, summary }
}

fn unexplained(clues: &Clues<'_>, forms: &Forms<'_>, search: &Search<'_>) -> Diagnosis {
    let tried = search.tried;
    let summary = if !search.header.can_match() {
        "not explained: there is no signature to compare with".to_owned()
    } else if clues.live.is_empty() && clues.others.is_empty() {
        "not explained: there is no secret to try".to_owned()
    } else {
        let bounds = match (search.complete, forms.is_partial()) {
            (true, _) => "",
            (_, true) => "; causes in so large a body were not tried",
            _ => "; more were left out, the bound on work was reached",
        };
        format!(
            "not explained: none of {tried} combinations of known causes fits{bounds}. Most likely another secret signed it, or the \
             body's content was changed"
        )
    };
    let canonical = forms.canonical.as_deref().map_err(|error| *error);
    let hints = [search.header.hints(), hints::noticed(clues, canonical)].concat();
    let complete = search.complete;
    Diagnosis { verdict: Verdict::Unexplained, cause: Vec::new(), hints, secret: None, tried, complete, summary }
}

/// The two forms that verification tries.
struct Forms<'a> {
    raw: &'a [u8],
    canonical: Result<String, CanonicalError>,
}

impl<'a> Forms<'a> {
    fn of(raw: &'a [u8]) -> Self {
        let too_long = CanonicalError::TooLong { limit: MAX_CANONICAL };
        Self { raw, canonical: if raw.len() > MAX_CANONICAL { Err(too_long) } else { canonicalize(raw) } }
    }

    fn is_partial(&self) -> bool {
        self.raw.len() > MAX_BODY
    }

    fn canonical(&self) -> Option<&str> {
        self.canonical.as_deref().ok()
    }

    fn each(&self) -> impl Iterator<Item = &[u8]> {
        [Some(self.raw), self.canonical().map(str::as_bytes)].into_iter().flatten()
    }
}

/// What makes the signature right.
struct Proof {
    changes: Vec<Finding>,
    secret: Option<String>,
}

struct Search<'a> {
    header: &'a Header,
    tried: usize,
    hashed: usize,
    /// Keys and texts that were tried, by their hashes.
    seen: HashSet<(u64, u64)>,
    complete: bool,
}

impl Search<'_> {
    fn run(&mut self, clues: &Clues<'_>, forms: &Forms<'_>) -> ControlFlow<Proof> {
        let live: Vec<Key> = clues.live.iter().map(Key::live).collect();
        let others: Vec<Key> = clues.others.iter().map(|(origin, secret)| Key::other(origin, secret)).collect();
        self.secret_in_header(clues)?;
        if !self.header.can_match() {
            return Continue(());
        }
        self.as_it_is(&live, forms)?;
        self.forms(&others, forms)?;
        self.other_digests(&live, forms)?;
        if !forms.is_partial() {
            self.versions(&live, &line_ends::versions(forms.raw))?;
            self.styles(&live, forms, 1)?;
            self.versions(&live, &encodings::versions(forms.raw))?;
            self.versions(&live, &wrappings::versions(forms.raw))?;
            self.signed_forms(&live, forms)?;
        }
        self.forms(&live.iter().flat_map(secrets::near).collect::<Vec<_>>(), forms)?;
        self.forms(&live.iter().flat_map(secrets::variants).collect::<Vec<_>>(), forms)?;
        self.forms(&secrets::placeholders(), forms)?;
        self.forms(&others.iter().flat_map(secrets::near).collect::<Vec<_>>(), forms)?;
        if forms.is_partial() {
            return Continue(());
        }
        self.styles(&live, forms, usize::MAX)?;
        self.two_steps(&live, forms)?;
        self.with_another_key(&live, &others, forms)
    }

    /// The sender sent the secret itself.
    fn secret_in_header(&self, clues: &Clues<'_>) -> ControlFlow<Proof> {
        let given = clues.live.iter().chain(clues.others.iter().map(|(_, secret)| secret));
        let Some(secret) = given.into_iter().find(|secret| self.header.is(secret.expose())) else {
            return Continue(());
        };
        let what = "the header holds the secret itself, not a signature made with it";
        let fix = "send HMAC-SHA256(secret, body) in hex; and change the secret, which went over the wire: `vsai secret set --generate`";
        Break(Proof {
            changes: vec![Finding::new("header_is_the_secret", what, fix)],
            secret: Some(secret.fingerprint()),
        })
    }

    /// Live secrets on the body as it is, for what is wrong with the header alone.
    fn as_it_is(&mut self, live: &[Key], forms: &Forms<'_>) -> ControlFlow<Proof> {
        for key in live {
            let unfit = std::str::from_utf8(forms.raw).err().map(|error| {
                let what = format!(
                    "the signature is right, but over bytes that are not UTF-8 text, from byte {} on",
                    error.valid_up_to()
                );
                Finding::new("body_not_utf8", what, "sign text in UTF-8: a payload is JSON")
            });
            self.test(key, forms.raw, || unfit.into_iter().collect())?;
            if let Some(canonical) = forms.canonical() {
                self.test(key, canonical.as_bytes(), || self::reformatted(forms.raw, self.header.is_well_formed()))?;
            }
        }
        Continue(())
    }

    /// Each key on both forms of the body.
    fn forms(&mut self, keys: &[Key], forms: &Forms<'_>) -> ControlFlow<Proof> {
        for key in keys {
            for bytes in forms.each() {
                self.test(key, bytes, Vec::new)?;
            }
        }
        Continue(())
    }

    fn other_digests(&mut self, live: &[Key], forms: &Forms<'_>) -> ControlFlow<Proof> {
        for (key, bytes) in live.iter().flat_map(|key| forms.each().map(move |bytes| (key, bytes))) {
            if let Some(digest) = self.header.long_digest() {
                let found = self.affords(bytes).then(|| digests::longer(&digest, &key.bytes, bytes)).flatten();
                self.prove(key, found.map(|finding| vec![finding]))?;
            }
            if self.affords(bytes) {
                let mistaken = digests::mistaken(&key.bytes, bytes);
                self.tried += mistaken.len() - 1;
                for (digest, finding) in mistaken {
                    let header = self.header.matches(&digest);
                    self.prove(key, header.map(|header| [header, vec![finding]].concat()))?;
                }
            }
        }
        Continue(())
    }

    fn signed_forms(&mut self, live: &[Key], forms: &Forms<'_>) -> ControlFlow<Proof> {
        if let Some(time) = self.header.timestamp() {
            self.versions(live, &signed_forms::timed(forms.raw, forms.canonical(), time))?;
        }
        self.versions(live, &signed_forms::versions(forms.raw, forms.canonical()))
    }

    /// Each key on each version, as it is and in canonical form.
    fn versions(&mut self, keys: &[Key], versions: &[Version]) -> ControlFlow<Proof> {
        for version in versions {
            let canonical = canonicalize(&version.bytes).ok();
            for bytes in [Some(version.bytes.as_slice()), canonical.as_deref().map(str::as_bytes)].into_iter().flatten()
            {
                for key in keys {
                    self.test(key, bytes, || version.changes.clone())?;
                }
            }
        }
        Continue(())
    }

    /// Each key on the body's JSON as other serialisers write it.
    fn styles(&mut self, keys: &[Key], forms: &Forms<'_>, deviations: usize) -> ControlFlow<Proof> {
        let Some(canonical) = forms.canonical() else { return Continue(()) };
        let written = std::str::from_utf8(forms.raw).ok().map(|text| text.trim_start_matches('\u{feff}'));
        json_style::each(canonical, written, deviations, |bytes, findings| {
            keys.iter().try_for_each(|key| self.test(key, bytes, findings))
        })
    }

    /// Live secrets on bodies that were changed twice: taken out of something, then in its text.
    fn two_steps(&mut self, live: &[Key], forms: &Forms<'_>) -> ControlFlow<Proof> {
        let first =
            [encodings::versions(forms.raw), wrappings::versions(forms.raw), line_ends::versions(forms.raw)].concat();
        for version in &first {
            self.versions(live, &version.then(line_ends::versions))?;
            self.versions(live, &version.then(wrappings::versions))?;
            self.versions(live, &version.then(encodings::versions))?;
            if forms.canonical.is_err()
                && let Ok(canonical) = canonicalize(&version.bytes)
            {
                let written = std::str::from_utf8(&version.bytes).ok();
                json_style::each(&canonical, written, 1, |bytes, findings| {
                    live.iter()
                        .try_for_each(|key| self.test(key, bytes, || [version.changes.clone(), findings()].concat()))
                })?;
            }
        }
        Continue(())
    }

    /// Other secrets, and those with a newline or quotes, on bodies that were changed once.
    fn with_another_key(&mut self, live: &[Key], others: &[Key], forms: &Forms<'_>) -> ControlFlow<Proof> {
        let keys = [others.to_vec(), live.iter().flat_map(secrets::near).collect()].concat();
        self.versions(&keys, &line_ends::versions(forms.raw))?;
        self.styles(&keys, forms, 1)
    }

    /// Signs the bytes with the key, and ends the search if that is what the header was meant to be.
    fn test(&mut self, key: &Key, bytes: &[u8], changes: impl FnOnce() -> Vec<Finding>) -> ControlFlow<Proof> {
        if bytes.len() <= MAX_BODY && !self.seen.insert((hash(&key.bytes), hash(bytes))) {
            return Continue(());
        }
        if !self.affords(bytes) {
            return Continue(());
        }
        let header = self.header.matches(key.signing.sign(bytes).as_bytes());
        self.prove(key, header.map(|header| [header, changes()].concat()))
    }

    fn prove(&self, key: &Key, changes: Option<Vec<Finding>>) -> ControlFlow<Proof> {
        match changes {
            Some(changes) => {
                Break(Proof { changes: [changes, key.changes.clone()].concat(), secret: key.fingerprint.clone() })
            }
            None => Continue(()),
        }
    }

    /// Counts one more digest over the bytes, if the bounds allow it.
    fn affords(&mut self, bytes: &[u8]) -> bool {
        let affords = self.tried < MAX_HMACS && self.hashed + bytes.len() <= MAX_HASHED;
        if affords {
            self.tried += 1;
            self.hashed += bytes.len();
        } else {
            self.complete = false;
        }
        affords
    }
}

/// What to say where the canonical form was signed: nothing more if something else is wrong already.
fn reformatted(raw: &[u8], is_whole_cause: bool) -> Vec<Finding> {
    let too_deep = canonical_json::canonicalize_within(raw, MAX_DEPTH).is_err();
    let finding = if too_deep {
        let what = format!(
            "the body is reformatted, and nests deeper than {MAX_DEPTH}, where its canonical form is no longer looked for"
        );
        Finding::new("body_too_deep", what, "verify the bytes as they were sent")
    } else {
        let what = "the JSON was reformatted on the way: not its bytes but its canonical form is what was signed";
        Finding::new("body_reformatted", what, "verify without --raw, which takes the exact bytes only")
    };
    if too_deep || is_whole_cause { vec![finding] } else { Vec::new() }
}

fn hash(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}
