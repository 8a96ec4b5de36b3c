//! The photos that requests name. Only this machine is ever asked for one; a room is drawn for every other URL.

use std::time::Duration;

use bytes::BytesMut;
use data_encoding::BASE64;
use url::Url;

use super::body::BODY_AT_MOST;
use super::pictures::Photo;
use super::state::Sandbox;
use crate::delivery::Target;

/// Where a photo comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The base64 text of a data URL.
    Data(String),
    /// A URL on this machine.
    Here(Url),
    /// Any other URL.
    Elsewhere(String),
}

impl Source {
    /// Takes what matches the documented pattern
    /// `^(https?:\/\/[^\s]+|data:image\/[a-zA-Z+]+;base64,[A-Za-z0-9+/=]+)$`.
    pub(super) fn parse(text: &str) -> Option<Self> {
        if let Some(data) = text.strip_prefix("data:image/") {
            let (kind, data) = data.split_once(";base64,")?;
            let fits = !kind.is_empty()
                && kind.bytes().all(|byte| byte.is_ascii_alphabetic() || byte == b'+')
                && !data.is_empty()
                && data.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'='));
            return fits.then(|| Self::Data(data.to_owned()));
        }
        let rest = text.strip_prefix("http://").or_else(|| text.strip_prefix("https://"))?;
        if rest.is_empty() || rest.contains(char::is_whitespace) {
            return None;
        }
        match Target::parse(text) {
            Ok(target) if target.is_loopback() => Some(Self::Here(target.url().clone())),
            _ => Some(Self::Elsewhere(text.to_owned())),
        }
    }

    /// Reads, fetches or draws the photo; the error is what a failed variation says.
    pub(super) async fn photo(self, sandbox: &Sandbox) -> Result<Photo, String> {
        match self {
            Self::Elsewhere(url) => Ok(Photo::drawn(sandbox.options().seed, &url)),
            Self::Data(text) => sandbox.in_background(move || Photo::read(&decoded(text)?)).await,
            Self::Here(url) => {
                let bytes = fetch(sandbox.local_client(), url).await;
                let bytes = bytes.map_err(|reason| format!("Failed to process image: the image_url {reason}"))?;
                sandbox.in_background(move || Photo::read(&bytes)).await
            }
        }
    }
}

fn decoded(base64: String) -> Result<Vec<u8>, String> {
    BASE64.decode(base64.as_bytes()).map_err(|_| "Failed to process image: the data URL is not base64".to_owned())
}

async fn fetch(client: &reqwest::Client, url: Url) -> Result<Vec<u8>, String> {
    let request = client.get(url).timeout(Duration::from_secs(10));
    let mut response = request.send().await.map_err(|_| "cannot be reached".to_owned())?;
    if !response.status().is_success() {
        return Err(format!("answers {}", response.status().as_u16()));
    }
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| "breaks off".to_owned())? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > BODY_AT_MOST {
            return Err("is larger than 32 MiB".to_owned());
        }
    }
    Ok(bytes.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_the_documented_pattern_takes() {
        for text in [
            "data:image/png;base64,AA==",
            "data:image/svg+xml;base64,AA",
            "http://x",
            "https://example.com/a.jpg?x=1",
            "http://[",
        ] {
            assert!(Source::parse(text).is_some(), "{text}");
        }
        for text in [
            "",
            "http://",
            "https://a b",
            "HTTP://example.com/",
            "ftp://example.com/",
            "data:image/;base64,AA",
            "data:image/jpg2;base64,AA",
            "data:image/png;base64,",
            "data:image/png,AA",
            "data:text/plain;base64,AA",
            "data:image/png;base64,A A",
        ] {
            assert_eq!(Source::parse(text), None, "{text}");
        }
    }

    #[test]
    fn only_this_machine_is_ever_asked_for_a_photo() {
        let here = |text: &str| matches!(Source::parse(text), Some(Source::Here(_)));
        assert!(here("http://localhost:9/a.jpg") && here("http://127.0.0.1/a.jpg") && here("https://[::1]/a.jpg"));
        for text in ["http://192.168.0.1/a.jpg", "http://localhost.example.com/", "https://example.com/127.0.0.1"] {
            assert!(!here(text), "{text}");
        }
    }
}
