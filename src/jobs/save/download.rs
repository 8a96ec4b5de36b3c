//! Downloads of result links: checked before anything is believed, complete on disk or not there at all.
//! The API key never comes near this: the links' host is not the API's.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use backon::{ExponentialBuilder, Retryable};
use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tempfile::NamedTempFile;
use tokio::sync::Semaphore;
use url::{Host, Url};

use super::super::own_thread;
use crate::address;
use crate::files::{folder_of, reason, shared_part, sync_folder};
use crate::http_client::{self, root_cause};
use crate::images::{DecodeError, Facts};

/// A result picture larger than this is not one: 100 MiB.
const MAX_BYTES: u64 = 100 * 1024 * 1024;

/// Time that a whole download gets.
const PATIENCE: Duration = Duration::from_secs(600);

/// Time in which a host has to say something.
const SILENCE: Duration = Duration::from_secs(30);

/// Attempts after the first.
const RETRIES: usize = 3;

/// Pictures that are decoded at a time: one of the largest takes 100 MB.
const DECODED_AT_ONCE: usize = 2;

/// Why a picture did not come. Links carry a signature, so none is shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DownloadError {
    #[error("the link is no URL")]
    NotAUrl,
    #[error("the link leads to {host}, where no result can be: only https to public addresses is followed")]
    Address { host: String },
    #[error("{host} answered {status}{}", if matches!(status, 403 | 410) { ": the link has expired" } else { "" })]
    Status { host: String, status: u16 },
    #[error("{host} could not be reached, or broke off: {reason}")]
    Network { host: String, reason: String },
    #[error("{host} sent more than {} MiB", MAX_BYTES / 1024 / 1024)]
    TooLarge { host: String },
    #[error("what {host} sent is no picture: {reason}")]
    NotAPicture { host: String, reason: DecodeError },
    #[error("cannot write in {}: {}", folder.display(), reason(error))]
    Unwritable { folder: PathBuf, error: io::Error },
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
}

impl DownloadError {
    /// Whether a new link may do better. Storage hosts answer 400, 403, 404 or 410 to a link that has expired.
    pub(crate) fn asks_for_a_new_link(&self) -> bool {
        matches!(self, Self::Status { status: 400..500, .. })
    }

    fn is_transient(&self) -> bool {
        match self {
            Self::Network { .. } => true,
            Self::Status { status, .. } => matches!(status, 408 | 429 | 500..),
            Self::NotAPicture { reason, .. } => matches!(reason, DecodeError::Empty | DecodeError::Truncated { .. }),
            _ => false,
        }
    }
}

/// Fetches pictures, without any credentials.
#[derive(Debug)]
pub(crate) struct Downloader {
    /// An API on loopback may serve its results itself.
    local: Option<(Url, Client)>,
    public: Client,
    first_wait: Duration,
    decoding: Semaphore,
}

/// A picture that is complete on disk and has no name yet. It goes away with this.
#[derive(Debug)]
pub(crate) struct Fetched {
    pub(crate) file: NamedTempFile,
    pub(crate) bytes: u64,
    pub(crate) facts: Facts,
}

impl Fetched {
    /// Gives the picture this name, also where another file has it, and returns its size in bytes.
    pub(crate) fn keep_as(self, path: &Path) -> io::Result<u64> {
        self.file.as_file().sync_all()?;
        self.file.persist(path)?;
        sync_folder(folder_of(path))?;
        Ok(self.bytes)
    }
}

impl Downloader {
    /// A downloader for results of the API at `api_url`.
    pub(crate) fn new(api_url: &Url) -> Result<Self, DownloadError> {
        let build = |builder: reqwest::ClientBuilder| {
            let builder = builder.timeout(PATIENCE).read_timeout(SILENCE).connect_timeout(SILENCE);
            builder.build().map_err(|error| DownloadError::Setup(root_cause(&error)))
        };
        let local = if address::is_loopback(api_url) {
            Some((api_url.clone(), build(http_client::builder_for_this_machine().tls_certs_only([]))?))
        } else {
            None
        };
        let public = build(http_client::builder().https_only(true).dns_resolver(Arc::new(PublicAddresses)))?;
        let decoding = Semaphore::new(DECODED_AT_ONCE);
        Ok(Self { local, public, first_wait: Duration::from_millis(500), decoding })
    }

    /// The same, with waits before the next attempt that tests have time for.
    #[cfg(test)]
    pub(crate) fn impatient(api_url: &Url) -> Self {
        Self { first_wait: Duration::from_millis(1), ..Self::new(api_url).expect("set up") }
    }

    /// Fetches what `link` leads to into `folder`, telling how many bytes have come each time that some come.
    /// What may pass is tried again.
    pub(crate) async fn fetch(
        &self,
        link: &str,
        folder: &Path,
        came: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Fetched, DownloadError> {
        let backoff = ExponentialBuilder::new().with_min_delay(self.first_wait).with_max_times(RETRIES).with_jitter();
        (|| self.attempt(link, folder, came))
            .retry(backoff)
            .sleep(tokio::time::sleep)
            .when(DownloadError::is_transient)
            .await
    }

    async fn attempt(
        &self,
        link: &str,
        folder: &Path,
        came: &(dyn Fn(u64) + Send + Sync),
    ) -> Result<Fetched, DownloadError> {
        let link = Url::parse(link).map_err(|_| DownloadError::NotAUrl)?;
        let host = link.host_str().unwrap_or("nowhere").to_owned();
        let client = self.client_for(&link).ok_or_else(|| DownloadError::Address { host: host.clone() })?;
        let network = |error: reqwest::Error| DownloadError::Network { host: host.clone(), reason: root_cause(&error) };
        let mut response = client.get(link).send().await.map_err(network)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(DownloadError::Status { host, status: response.status().as_u16() });
        }
        let unwritable = |error| DownloadError::Unwritable { folder: folder.to_owned(), error };
        let mut file = shared_part(folder).map_err(unwritable)?;
        let mut bytes = response.content_length().unwrap_or(0);
        if bytes <= MAX_BYTES {
            bytes = 0;
            // A body that ends before its Content-Length is an error of the client's own.
            while let Some(chunk) = response.chunk().await.map_err(network)? {
                bytes += chunk.len() as u64;
                if bytes > MAX_BYTES {
                    break;
                }
                file.write_all(&chunk).map_err(unwritable)?;
                came(chunk.len() as u64);
            }
        }
        if bytes > MAX_BYTES {
            return Err(DownloadError::TooLarge { host });
        }
        let (file, facts) = self.checked(file).await.map_err(unwritable)?;
        let facts = facts.map_err(|reason| DownloadError::NotAPicture { host, reason })?;
        Ok(Fetched { file, bytes, facts })
    }

    /// Decodes what has come, away from the thread that receives.
    async fn checked(&self, file: NamedTempFile) -> io::Result<(NamedTempFile, Result<Facts, DecodeError>)> {
        let _turn = self.decoding.acquire().await.map_err(io::Error::other)?;
        let decoded = own_thread::run(move || {
            let facts = Facts::of(&std::fs::read(file.path())?);
            Ok((file, facts))
        });
        decoded.await.map_err(io::Error::other)?
    }

    fn client_for(&self, link: &Url) -> Option<&Client> {
        match &self.local {
            Some((api, client)) if link.origin() == api.origin() => Some(client),
            _ => leads_outside(link).then_some(&self.public),
        }
    }
}

/// Whether a link may be followed: https, and no address of a private network. Names are checked when they are resolved.
fn leads_outside(link: &Url) -> bool {
    link.scheme() == "https"
        && match link.host() {
            Some(Host::Ipv4(ip)) => address::is_public(IpAddr::V4(ip)),
            Some(Host::Ipv6(ip)) => address::is_public(IpAddr::V6(ip)),
            Some(Host::Domain(_)) => true,
            None => false,
        }
}

/// Resolves names to public addresses only, so that no link leads into the user's own network.
struct PublicAddresses;

impl Resolve for PublicAddresses {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|address| address::is_public(address.ip())).collect();
            if public.is_empty() {
                return Err("the name has no public address".into());
            }
            Ok(Box::new(public.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering::SeqCst};

    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::images::Picture;

    fn downloader(server: &MockServer) -> Downloader {
        Downloader::impatient(&Url::parse(&server.uri()).expect("a URL").join("/v2").expect("a path"))
    }

    async fn answering(responses: Vec<(&str, ResponseTemplate)>) -> MockServer {
        let server = MockServer::start().await;
        for (name, response) in responses {
            Mock::given(path(name)).respond_with(response).mount(&server).await;
        }
        server
    }

    fn entries(folder: &Path) -> usize {
        std::fs::read_dir(folder).expect("listed").count()
    }

    #[tokio::test]
    async fn fetches_whole_pictures_of_each_format() {
        let picture = Picture::empty_room((60, 40), 1);
        let folder = tempfile::tempdir().expect("a folder");
        for (bytes, extension) in [(picture.jpeg(), "jpg"), (picture.png(), "png"), (picture.webp(), "webp")] {
            let length = bytes.len() as u64;
            let server = answering(vec![("/a", ResponseTemplate::new(200).set_body_bytes(bytes.clone()))]).await;
            let came = AtomicU64::new(0);
            let count = |more| {
                came.fetch_add(more, SeqCst);
            };
            let link = format!("{}/a", server.uri());
            let fetched = downloader(&server).fetch(&link, folder.path(), &count).await.expect("fetched");
            assert_eq!((fetched.bytes, came.into_inner()), (length, length));
            assert_eq!(fetched.facts, Facts { extension, width: 60, height: 40 });
            assert_eq!(std::fs::read(fetched.file.path()).expect("there"), bytes);
            let name = fetched.file.path().file_name().expect("a name").to_string_lossy().into_owned();
            assert!(name.starts_with(".vsai-") && name.ends_with(".part"), "{name}");
        }
        assert_eq!(entries(folder.path()), 0, "what gets no name goes away");
    }

    #[tokio::test]
    async fn takes_nothing_that_is_no_whole_picture_and_shows_no_link() {
        let jpeg = Picture::empty_room((60, 40), 1).jpeg();
        let mut bomb = Picture::empty_room((4, 4), 1).png();
        bomb[16..24].copy_from_slice(&[0, 0, 0x3A, 0x98, 0, 0, 0x3A, 0x98]);
        let ok = |body: &[u8]| ResponseTemplate::new(200).set_body_bytes(body);
        let server = answering(vec![
            ("/expired", ResponseTemplate::new(403)),
            ("/page", ok(b"<html>sign in</html>")),
            ("/empty", ok(b"")),
            ("/half", ok(&jpeg[..jpeg.len() / 2])),
            ("/bomb", ok(&bomb)),
            ("/moved", ResponseTemplate::new(302).insert_header("Location", "/half")),
        ])
        .await;
        let folder = tempfile::tempdir().expect("a folder");
        for (name, said, renew, requests) in [
            ("expired", "expired", true, 1),
            ("page", "not an image", false, 1),
            ("empty", "0 bytes", false, 4),
            ("half", "cut short", false, 4),
            ("bomb", "no picture", false, 1),
            ("moved", "302", false, 1),
            ("missing", "404", true, 1),
        ] {
            let link = format!("{}/{name}?signature=hidden", server.uri());
            let error = downloader(&server).fetch(&link, folder.path(), &|_| {}).await.expect_err("refused");
            let text = format!("{error} {error:?}");
            assert!(text.contains(said) && !text.contains("hidden"), "{text}");
            assert_eq!(error.asks_for_a_new_link(), renew, "{name}");
            let came = server.received_requests().await.expect("recorded");
            let came = came.iter().filter(|request| request.url.path() == format!("/{name}")).count();
            assert_eq!(came, requests, "{name}");
        }
        assert_eq!(entries(folder.path()), 0, "nothing half done is left");
    }

    #[tokio::test]
    async fn tries_again_what_may_pass() {
        let jpeg = Picture::empty_room((60, 40), 1).jpeg();
        for status in [500, 503, 429, 408] {
            let server = MockServer::start().await;
            let failing = Mock::given(path("/a")).respond_with(ResponseTemplate::new(status));
            failing.up_to_n_times(3).mount(&server).await;
            let whole = ResponseTemplate::new(200).set_body_bytes(jpeg.clone());
            Mock::given(path("/a")).respond_with(whole).mount(&server).await;
            let folder = tempfile::tempdir().expect("a folder");
            let link = format!("{}/a", server.uri());
            let fetched = downloader(&server).fetch(&link, folder.path(), &|_| {}).await.expect("fetched");
            assert_eq!(fetched.bytes, jpeg.len() as u64, "{status}");
        }
    }

    #[tokio::test]
    async fn a_body_shorter_than_it_was_announced_is_not_taken() {
        let jpeg = Picture::empty_room((60, 40), 1).jpeg();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let link = format!("http://{}/a", listener.local_addr().expect("bound"));
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", jpeg.len() + 1);
        let connections = Arc::new(AtomicU64::new(0));
        let counted = connections.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                use tokio::io::{AsyncReadExt, AsyncWriteExt};
                counted.fetch_add(1, SeqCst);
                let _ = stream.read(&mut [0; 4096]).await;
                let _ = stream.write_all(&[head.as_bytes(), &jpeg].concat()).await;
            }
        });
        let folder = tempfile::tempdir().expect("a folder");
        let downloader = Downloader::impatient(&Url::parse(&link).expect("a URL"));
        let error = downloader.fetch(&link, folder.path(), &|_| {}).await.expect_err("cut");
        assert!(matches!(error, DownloadError::Network { .. }), "{error}");
        assert_eq!(connections.load(SeqCst), RETRIES as u64 + 1);
        assert_eq!(entries(folder.path()), 0);
    }

    #[tokio::test]
    async fn never_follows_a_link_into_the_users_network() {
        let server = answering(vec![]).await;
        let downloader = downloader(&server);
        let folder = tempfile::tempdir().expect("a folder");
        let other_port = format!("http://127.0.0.1:{}/good.png", server.address().port() ^ 1);
        for link in [
            other_port.as_str(),
            "http://results.example.com/a.png",
            "https://127.0.0.1/a.png",
            "https://10.0.0.1/a.png",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/a.png",
            "https://[::ffff:192.168.1.1]/a.png",
            "file:///etc/passwd",
        ] {
            let error = downloader.fetch(link, folder.path(), &|_| {}).await.expect_err(link);
            assert!(matches!(error, DownloadError::Address { .. }), "{link}: {error}");
        }
        // A name is known to lead there when it is looked up.
        let error = downloader.fetch("https://localhost/a.png", folder.path(), &|_| {}).await.expect_err("refused");
        assert!(error.to_string().contains("no public address"), "{error}");
        assert!(server.received_requests().await.expect("recorded").is_empty());
    }
}
