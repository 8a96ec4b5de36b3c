//! The search: which keys are tried on which texts, and in what order.

use std::ops::ControlFlow::{self, Continue};

use super::forms::Forms;
use super::secrets::{self, Key};
use super::trials::{End, Trials, proved};
use super::version::Version;
use super::{Clues, Finding, digests, encodings, json_style, line_ends, signed_forms, wrappings};
use crate::protocol::canonical_json::{canonicalize, canonicalize_within};
use crate::protocol::{MAX_DEPTH, Signature};

/// Changes to a text that go together in one search.
const ANY: usize = usize::MAX;

/// Everything that is tried, simplest first.
pub(super) struct Search<'a> {
    pub(super) trials: Trials<'a>,
    pub(super) forms: Forms<'a>,
    header: &'a [u8],
    live: Vec<Key>,
    others: Vec<Key>,
}

impl<'a> Search<'a> {
    pub(super) fn new(clues: &Clues<'a>, trials: Trials<'a>) -> Self {
        let live = clues.live.iter().map(Key::live).collect();
        let others = clues.others.iter().map(|(origin, secret)| Key::other(origin, secret)).collect();
        Self { trials, forms: Forms::of(clues.body), header: clues.header, live, others }
    }

    pub(super) fn run(&mut self) -> ControlFlow<End> {
        let Self { trials, forms, live, others, header } = self;
        secret_in_header(trials, live.iter().chain(&*others))?;
        swapped(trials, live, forms.raw, header)?;
        if !trials.header.can_match() {
            return Continue(());
        }
        as_it_is(trials, live, forms)?;
        on_forms(trials, others, forms)?;
        other_digests(trials, live, forms)?;
        if !forms.is_large() {
            on_changed_bodies(trials, live, forms)?;
        }
        on_forms(trials, &live.iter().flat_map(secrets::near).collect::<Vec<_>>(), forms)?;
        on_forms(trials, &live.iter().flat_map(secrets::variants).collect::<Vec<_>>(), forms)?;
        on_forms(trials, &secrets::placeholders(), forms)?;
        on_forms(trials, &others.iter().flat_map(secrets::near).collect::<Vec<_>>(), forms)?;
        if forms.is_large() {
            return Continue(());
        }
        on_styles(trials, live, forms, ANY)?;
        on_bodies_changed_twice(trials, live, forms)?;
        let keys = [others.clone(), live.iter().flat_map(secrets::near).collect()].concat();
        on_versions(trials, &keys, &line_ends::versions(forms.raw))?;
        on_styles(trials, &keys, forms, 1)
    }
}

/// The sender sent the secret itself.
fn secret_in_header<'k>(trials: &Trials<'_>, mut keys: impl Iterator<Item = &'k Key>) -> ControlFlow<End> {
    let Some(key) = keys.find(|key| trials.header.is(&key.bytes)) else { return Continue(()) };
    let what = "the header holds the secret itself, not a signature made with it";
    let fix = "send HMAC-SHA256(secret, body) in hex; and change the secret, which went over the wire: `vsai secret set --generate`";
    proved(key, vec![Finding::new("header_is_the_secret", what, fix)])
}

/// Payload and signature were given in each other's place.
fn swapped(trials: &mut Trials<'_>, live: &[Key], body: &[u8], header: &[u8]) -> ControlFlow<End> {
    let signature = std::str::from_utf8(body).ok().and_then(|text| Signature::parse(text.trim()).ok());
    let Some(signature) = signature else { return Continue(()) };
    let forms = Forms::of(header);
    for (key, bytes) in live.iter().flat_map(|key| forms.each().map(move |bytes| (key, bytes))) {
        trials.spend(bytes)?;
        if key.signing.sign(bytes) == signature {
            let what = "the payload is given as the signature, and the signature as the payload";
            let fix = "swap them: `vsai verify PAYLOAD --sig-file SIGNATURE`";
            return proved(key, vec![Finding::new("header_swapped_with_body", what, fix)]);
        }
    }
    Continue(())
}

/// Live secrets on the body as it is, for what is wrong with the header alone.
fn as_it_is(trials: &mut Trials<'_>, live: &[Key], forms: &Forms<'_>) -> ControlFlow<End> {
    let is_whole_cause = trials.header.is_well_formed();
    for key in live {
        trials.test(key, forms.raw, || not_text(forms.raw).into_iter().collect())?;
        if let Some(canonical) = forms.canonical() {
            trials.test(key, canonical.as_bytes(), || reformatted(forms.raw, is_whole_cause))?;
        }
    }
    Continue(())
}

fn not_text(raw: &[u8]) -> Option<Finding> {
    let offset = std::str::from_utf8(raw).err()?.valid_up_to();
    let what = format!("the signature is right, but over bytes that are not UTF-8 text, from byte {offset} on");
    Some(Finding::new("body_not_utf8", what, "sign text in UTF-8: a payload is JSON"))
}

/// What to say where the canonical form was signed: nothing more if something else is wrong already.
fn reformatted(raw: &[u8], is_whole_cause: bool) -> Vec<Finding> {
    let too_deep = canonicalize_within(raw, MAX_DEPTH).is_err();
    let finding = if too_deep {
        let what = format!(
            "the body was reformatted, and nests deeper than the {MAX_DEPTH} levels to which its canonical form is tried"
        );
        Finding::new("body_too_deep", what, "verify the bytes as they were sent")
    } else {
        let what = "the JSON was reformatted on the way: not its bytes but its canonical form is what was signed";
        Finding::new("body_reformatted", what, "verify without --raw, which takes the exact bytes only")
    };
    if too_deep || is_whole_cause { vec![finding] } else { Vec::new() }
}

/// Each key on both forms of the body.
fn on_forms(trials: &mut Trials<'_>, keys: &[Key], forms: &Forms<'_>) -> ControlFlow<End> {
    for key in keys {
        for bytes in forms.each() {
            trials.test(key, bytes, Vec::new)?;
        }
    }
    Continue(())
}

/// Live secrets in digests other than HMAC-SHA256.
fn other_digests(trials: &mut Trials<'_>, live: &[Key], forms: &Forms<'_>) -> ControlFlow<End> {
    for (key, bytes) in live.iter().flat_map(|key| forms.each().map(move |bytes| (key, bytes))) {
        if let Some(longer) = trials.header.long_digest() {
            trials.spend(bytes)?;
            if let Some(finding) = digests::longer(&longer, &key.bytes, bytes) {
                return proved(key, vec![finding]);
            }
        }
        for (digest, what) in digests::MISTAKEN {
            trials.spend(bytes)?;
            trials.compare(key, &digest(&key.bytes, bytes), || vec![digests::finding(what)])?;
        }
    }
    Continue(())
}

/// Live secrets on bodies that were changed in one respect.
fn on_changed_bodies(trials: &mut Trials<'_>, live: &[Key], forms: &Forms<'_>) -> ControlFlow<End> {
    on_versions(trials, live, &line_ends::versions(forms.raw))?;
    on_styles(trials, live, forms, 1)?;
    on_versions(trials, live, &encodings::versions(forms.raw))?;
    on_versions(trials, live, &wrappings::versions(forms.raw))?;
    if let Some(time) = trials.header.timestamp() {
        on_versions(trials, live, &signed_forms::timed(forms.raw, forms.canonical(), time))?;
    }
    on_versions(trials, live, &signed_forms::versions(forms.raw, forms.canonical()))
}

/// Each key on each version, as it is and in canonical form.
fn on_versions(trials: &mut Trials<'_>, keys: &[Key], versions: &[Version]) -> ControlFlow<End> {
    for version in versions {
        let forms = Forms::of(&version.bytes);
        for (bytes, key) in forms.each().flat_map(|bytes| keys.iter().map(move |key| (bytes, key))) {
            trials.test(key, bytes, || version.changes.clone())?;
        }
    }
    Continue(())
}

/// Each key on the body's JSON as other serialisers write it.
fn on_styles(trials: &mut Trials<'_>, keys: &[Key], forms: &Forms<'_>, deviations: usize) -> ControlFlow<End> {
    let Some(canonical) = forms.canonical() else { return Continue(()) };
    let written = std::str::from_utf8(forms.raw).ok().map(|text| text.trim_start_matches('\u{feff}'));
    json_style::each(canonical, written, deviations, |bytes, findings| {
        let changes = || line_ends::newlines_lost(forms.raw, bytes).map_or_else(findings, |lost| vec![lost]);
        keys.iter().try_for_each(|key| trials.test(key, bytes, changes))
    })
}

/// Live secrets on bodies that were changed in two respects: first as a whole, then in what that leaves.
fn on_bodies_changed_twice(trials: &mut Trials<'_>, live: &[Key], forms: &Forms<'_>) -> ControlFlow<End> {
    let first =
        [wrappings::versions(forms.raw), encodings::versions(forms.raw), line_ends::versions(forms.raw)].concat();
    for version in &first {
        on_versions(trials, live, &version.then(line_ends::versions))?;
        on_versions(trials, live, &version.then(wrappings::versions))?;
        on_versions(trials, live, &version.then(encodings::versions))?;
        if forms.canonical.is_err()
            && let Ok(canonical) = canonicalize(&version.bytes)
        {
            json_style::each(&canonical, None, 1, |bytes, findings| {
                let changes = || [version.changes.clone(), findings()].concat();
                live.iter().try_for_each(|key| trials.test(key, bytes, changes))
            })?;
        }
    }
    Continue(())
}
