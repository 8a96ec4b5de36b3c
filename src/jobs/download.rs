//! Downloads of result links: checked before anything is believed, complete on disk or not there at all.
//! The API key never comes near this: the links' host is not the API's.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use reqwest::Client;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::address;
use crate::files::sync_folder;
use crate::http_client::{self, root_cause};

/// A result picture larger than this is not one: 100 MiB.
const MAX_BYTES: u64 = 100 * 1024 * 1024;

/// Time that a whole download gets.
const PATIENCE: Duration = Duration::from_secs(120);

/// Why a picture was not saved. Links carry a signature, so none is shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DownloadError {
    #[error("the link is no URL")]
    NotAUrl,
    #[error("the link leads to {host}, where no result can be: only https to public addresses is followed")]
    Address { host: String },
    /// 403 and 410 mean that the link has expired; reading the render again gives a new one.
    #[error("{host} answered {status}{}", if matches!(status, 403 | 410) { ": the link has expired" } else { "" })]
    Status { host: String, status: u16 },
    #[error("{host} could not be reached: {reason}")]
    Network { host: String, reason: String },
    #[error("{host} sent more than {} MiB", MAX_BYTES / 1024 / 1024)]
    TooLarge { host: String },
    #[error("{host} sent something that is no JPEG, PNG or WebP picture")]
    NotAPicture { host: String },
    #[error("cannot write {}: {error}", path.display())]
    Unwritable { path: PathBuf, error: io::Error },
    #[error("cannot set up the HTTP client: {0}")]
    Setup(String),
}

/// Fetches pictures, without any credentials.
#[derive(Debug)]
pub(crate) struct Downloader {
    /// An API on loopback may serve its results itself.
    local: Option<(Url, Client)>,
    public: Client,
}

impl Downloader {
    /// A downloader for results of the API at `api_url`.
    pub(crate) fn new(api_url: &Url) -> Result<Self, DownloadError> {
        let build = |builder: reqwest::ClientBuilder| {
            builder.timeout(PATIENCE).build().map_err(|error| DownloadError::Setup(root_cause(&error)))
        };
        let local = if address::is_loopback(api_url) {
            Some((api_url.clone(), build(http_client::builder_for_this_machine().tls_certs_only([]))?))
        } else {
            None
        };
        let public = build(http_client::builder().https_only(true).dns_resolver(Arc::new(PublicAddresses)))?;
        Ok(Self { local, public })
    }

    /// Saves what `link` leads to as `path` and returns its size in bytes.
    pub(crate) async fn save(&self, link: &str, path: &Path) -> Result<u64, DownloadError> {
        let link = Url::parse(link).map_err(|_| DownloadError::NotAUrl)?;
        let host = link.host_str().unwrap_or("nowhere").to_owned();
        let client = self.client_for(&link).ok_or_else(|| DownloadError::Address { host: host.clone() })?;
        let network = |error: reqwest::Error| DownloadError::Network { host: host.clone(), reason: root_cause(&error) };
        let mut response = client.get(link).send().await.map_err(network)?;
        if response.status() != reqwest::StatusCode::OK {
            return Err(DownloadError::Status { host, status: response.status().as_u16() });
        }
        let mut part = Part::create(path)?;
        while let Some(chunk) = response.chunk().await.map_err(network)? {
            part.add(&chunk, &host)?;
        }
        part.finish(&host)
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

/// A file that becomes `path` only when it is complete.
struct Part {
    path: PathBuf,
    folder: PathBuf,
    file: tempfile::NamedTempFile,
    first: Vec<u8>,
    length: u64,
}

impl Part {
    fn create(path: &Path) -> Result<Self, DownloadError> {
        let folder = path.parent().filter(|folder| *folder != Path::new("")).unwrap_or(Path::new(".")).to_owned();
        let file = tempfile::Builder::new().suffix(".part").tempfile_in(&folder);
        let file = file.map_err(|error| DownloadError::Unwritable { path: path.to_owned(), error })?;
        Ok(Self { path: path.to_owned(), folder, file, first: Vec::new(), length: 0 })
    }

    fn add(&mut self, chunk: &[u8], host: &str) -> Result<(), DownloadError> {
        self.length += chunk.len() as u64;
        if self.length > MAX_BYTES {
            return Err(DownloadError::TooLarge { host: host.to_owned() });
        }
        self.first.extend(chunk.iter().take(16usize.saturating_sub(self.first.len())));
        self.file.write_all(chunk).map_err(|error| self.unwritable(error))
    }

    fn finish(self, host: &str) -> Result<u64, DownloadError> {
        if !is_picture(&self.first) {
            return Err(DownloadError::NotAPicture { host: host.to_owned() });
        }
        let Self { path, folder, file, length, .. } = self;
        let unwritable = |error| DownloadError::Unwritable { path: path.clone(), error };
        open_to_all(file.as_file()).and_then(|()| file.as_file().sync_all()).map_err(unwritable)?;
        file.persist(&path).map_err(|error| unwritable(error.error))?;
        sync_folder(&folder).map_err(unwritable)?;
        Ok(length)
    }

    fn unwritable(&self, error: io::Error) -> DownloadError {
        DownloadError::Unwritable { path: self.path.clone(), error }
    }
}

/// Temporary files are private; a picture is a file like any other.
fn open_to_all(file: &std::fs::File) -> io::Result<()> {
    #[cfg(unix)]
    file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))?;
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

fn is_picture(first: &[u8]) -> bool {
    first.starts_with(b"\xff\xd8\xff")
        || first.starts_with(b"\x89PNG\r\n\x1a\n")
        || (first.starts_with(b"RIFF") && first.get(8..12) == Some(b"WEBP"))
}

#[cfg(test)]
mod tests {
    use wiremock::matchers::path;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;

    async fn server() -> (MockServer, Downloader) {
        let server = MockServer::start().await;
        let png = [&b"\x89PNG\r\n\x1a\n"[..], &[7; 1000]].concat();
        for (name, response) in [
            ("/good.png", ResponseTemplate::new(200).set_body_bytes(png)),
            ("/expired.png", ResponseTemplate::new(403)),
            ("/page.png", ResponseTemplate::new(200).set_body_string("<html>sign in</html>")),
            ("/moved.png", ResponseTemplate::new(302).insert_header("Location", "/good.png")),
        ] {
            Mock::given(path(name)).respond_with(response).mount(&server).await;
        }
        let api = Url::parse(&server.uri()).expect("a URL");
        let downloader = Downloader::new(&api.join("/v2").expect("a path")).expect("set up");
        (server, downloader)
    }

    #[tokio::test]
    async fn saves_whole_pictures_and_nothing_else() {
        let (server, downloader) = server().await;
        let folder = tempfile::tempdir().expect("a folder");
        let target = folder.path().join("picture.png");
        let saved = downloader.save(&format!("{}/good.png", server.uri()), &target).await.expect("saved");
        assert_eq!((saved, std::fs::metadata(&target).expect("there").len()), (1008, 1008));
        for (name, said) in [("expired", "expired"), ("page", "no JPEG"), ("moved", "302"), ("missing", "404")] {
            let link = format!("{}/{name}.png?signature=hidden", server.uri());
            let error = downloader.save(&link, &target).await.expect_err("refused").to_string();
            assert!(error.contains(said) && !error.contains("hidden"), "{error}");
        }
        assert_eq!(std::fs::read_dir(folder.path()).expect("listed").count(), 1, "nothing half done is left");
    }

    #[tokio::test]
    async fn never_follows_a_link_into_the_users_network() {
        let (server, downloader) = server().await;
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
            "https://localhost/a.png",
            "file:///etc/passwd",
            "gibberish",
        ] {
            assert!(downloader.save(link, &folder.path().join("x")).await.is_err(), "{link}");
        }
        assert!(server.received_requests().await.expect("recorded").is_empty());
    }
}
