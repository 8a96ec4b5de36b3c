//! Which keys the sandbox takes. A real key is refused and never repeated; keys are kept as hashes only.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use sha2::{Digest, Sha256};

use super::refusal::Refusal;
use super::state::Sandbox;

/// The account of the key that a request came with. Each key is its own account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Caller(pub(super) String);

impl FromRequestParts<Arc<Sandbox>> for Caller {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<Sandbox>) -> Result<Self, Refusal> {
        let mut values = parts.headers.get_all(header::AUTHORIZATION).iter();
        match (values.next().map(|value| value.to_str()), values.next()) {
            (Some(Ok(value)), None) => caller(value),
            (None, _) => Err(unauthorized("send the header `Authorization: Api-Key KEY`")),
            _ => Err(unauthorized("send one Authorization header, in ASCII")),
        }
    }
}

fn caller(value: &str) -> Result<Caller, Refusal> {
    let Some(key) = value.strip_prefix("Api-Key ") else {
        let message = "the Authorization header must read `Api-Key KEY`, with exactly this spelling of Api-Key";
        return Err(unauthorized(message));
    };
    if key.starts_with("vsai-pk-") {
        let message = "this looks like a real API key (vsai-pk-…): never send one to a sandbox; use vsai-sandbox";
        return Err(unauthorized(message));
    }
    if !key.starts_with("vsai-sandbox") {
        return Err(unauthorized("the sandbox takes keys that start with vsai-sandbox"));
    }
    let digest = Sha256::new().chain_update("vsai-sandbox-account:").chain_update(key).finalize();
    Ok(Caller(format!("sandbox-{}", hex::encode(&digest[..6]))))
}

fn unauthorized(reason: &str) -> Refusal {
    Refusal::new(StatusCode::UNAUTHORIZED, format!("Unauthorized: {reason}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_sandbox_key_is_its_own_account() {
        let [one, same, other] =
            ["vsai-sandbox", "vsai-sandbox", "vsai-sandbox-2"].map(|key| caller(&format!("Api-Key {key}")));
        assert_eq!(one, same);
        assert_ne!(one, other);
    }

    #[test]
    fn refuses_other_keys_and_spellings_without_repeating_them() {
        for value in [
            "Api-Key vsai-pk-0b1c",
            "Api-Key something",
            "Api-Key",
            "Api-Key ",
            "api-key vsai-sandbox",
            "Bearer vsai-sandbox",
            "vsai-sandbox",
            "Api-Key  vsai-sandbox",
        ] {
            let refusal = caller(value).expect_err(value);
            assert_eq!(refusal.status, StatusCode::UNAUTHORIZED);
            assert!(!refusal.message.contains("0b1c") && !refusal.message.contains("something"), "{refusal:?}");
        }
    }
}
