//! Keys that may have signed in place of a secret.

mod decoded;
mod kept_in;
mod key;
mod mangled;

pub(super) use key::{Key, near, placeholders, variants};

const SAME_TEXT: &str = "give both sides the same bytes: `vsai secret set --from-file FILE` here, and compare the fingerprint with the signer's";
