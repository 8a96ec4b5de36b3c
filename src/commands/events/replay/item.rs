//! An event on its way to be sent again: as it was received, or changed.

use crate::delivery::Parcel;
use crate::error::{Error, Kind};
use crate::journal::{Headers, Logged, StoredRecord};
use crate::json_path::Assignment;
use crate::payload::Signable;
use crate::protocol::canonical_json::canonicalize_within;
use crate::protocol::{Identity, MAX_DEPTH, SIGNATURE_HEADER, Signature, SigningKey, Verifier};

/// What is sent.
#[derive(Debug)]
pub(super) struct Item {
    /// How the user knows it: its delivery, or its file and perhaps the line.
    name: String,
    /// Where it is in the journal, unless it is from a file.
    logged: Option<Logged>,
    id: Option<String>,
    target: String,
    headers: Headers,
    signature: Signature,
    payload: String,
    is_changed: bool,
}

impl Item {
    /// A delivery of the journal. It was verified when it was appended, so it has a signature.
    pub(super) fn of(logged: Logged) -> Self {
        let record = &logged.record;
        let signature = record.headers().iter().find(|(name, _)| name.eq_ignore_ascii_case(SIGNATURE_HEADER));
        let signature = signature.and_then(|(_, value)| Signature::parse(value).ok());
        Self {
            id: Some(record.id().to_owned()),
            target: record.target().to_owned(),
            headers: record.headers().iter().collect(),
            signature: signature.expect("what was verified has a signature"),
            payload: record.payload().to_owned(),
            is_changed: false,
            name: record.delivery().to_owned(),
            logged: Some(logged),
        }
    }

    /// A record of a file, provided that it agrees with itself.
    pub(super) fn read(record: StoredRecord, file: String) -> Result<Self, Error> {
        let unusable = |reason: String| {
            Error::new(Kind::Input, format!("cannot replay {file}: {reason}"))
                .hint("export it again; to send another payload, --set or --edit with --resign")
        };
        let (payload, signature) = record.signed_payload().map_err(|error| unusable(error.to_string()))?;
        let signature = Signature::parse(signature)
            .map_err(|error| unusable(format!("its {SIGNATURE_HEADER} header is malformed: {error}")))?;
        let payload = String::from_utf8_lossy(payload).into_owned();
        Ok(Self {
            name: file,
            logged: None,
            id: record.id.filter(|id| id.starts_with("evt_")),
            target: record.target.unwrap_or_default(),
            headers: record.headers.into(),
            signature,
            payload,
            is_changed: false,
        })
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn file(&self) -> Option<&str> {
        self.logged.is_none().then_some(&self.name)
    }

    /// The delivery in the journal that this is: what was changed is another event.
    pub(super) fn logged(&self) -> Option<&Logged> {
        self.logged.as_ref().filter(|_| !self.is_changed)
    }

    pub(super) fn about(&self) -> Identity {
        Identity::salvaged(&self.payload)
    }

    /// What of it goes to a handler.
    pub(super) fn parcel(&self) -> Parcel<'_> {
        let id = self.id.as_deref().filter(|_| !self.is_changed);
        Parcel { id, target: &self.target, headers: &self.headers, payload: &self.payload }
    }

    pub(super) fn payload(&self) -> &str {
        &self.payload
    }

    pub(super) fn is_changed(&self) -> bool {
        self.is_changed
    }

    /// Whether its signature is that of a live secret.
    pub(super) fn is_verified_by(&self, verifier: &Verifier) -> bool {
        verifier.verify(self.payload.as_bytes(), self.signature).is_ok()
    }

    /// What the vendor would sign of its payload.
    pub(super) fn canonical(&self) -> Result<String, Error> {
        canonicalize_within(self.payload.as_bytes(), MAX_DEPTH).map_err(|error| {
            Error::new(Kind::Input, format!("cannot sign {} anew: it has no canonical form: {error}", self.name()))
        })
    }

    /// Changes members of the payload.
    pub(super) fn set(&mut self, set: &[Assignment]) -> Result<(), Error> {
        let document = serde_json::from_str(&self.canonical()?)
            .map_err(|error| Error::new(Kind::Input, format!("cannot change a member of {}: {error}", self.name())))?;
        self.replace(Signable::changed(document, set).canonical);
        Ok(())
    }

    /// Puts another payload in the place of this one.
    pub(super) fn replace(&mut self, payload: String) {
        self.is_changed |= payload != self.payload;
        self.payload = payload;
    }

    /// Signs as the vendor does.
    pub(super) fn sign(&mut self, key: &SigningKey) -> Result<(), Error> {
        self.signature = key.sign(self.canonical()?.as_bytes());
        let signature = self.signature.to_string();
        let others = self.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case(SIGNATURE_HEADER));
        self.headers = others.chain([(SIGNATURE_HEADER, signature.as_str())]).collect();
        Ok(())
    }
}
