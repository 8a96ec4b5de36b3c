//! What a user means by IMAGE: a link, a data URL, a file or standard input, each with an identity that lasts, and what of it
//! goes into a request. All photos that are prepared at once share one amount of memory.

use std::fs::File;
use std::io::{self, Read};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::available_parallelism;

use data_encoding::BASE64;
use sha2::{Digest, Sha256};
use tokio::sync::Semaphore;
use url::Url;

use super::own_thread;
use crate::files::reason;
use crate::images::{DecodeError, Format, inspect, prepare};
use crate::protocol::render::{InvalidRequest, check_image_url};

/// A file larger than this is no photo: 100 MiB.
const MAX_BYTES: u64 = 100 << 20;

/// Memory for all photos that are being prepared, in MiB: two of 12 megapixels. A larger photo takes all of it, and more, alone.
const MEMORY: u32 = 180;

static SHARED_MEMORY: Semaphore = Semaphore::const_new(MEMORY as usize);

/// Where an image is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Source {
    /// An http or https link, sent as it is.
    Link(String),
    /// A data URL, sent as it is.
    Data(String),
    File(PathBuf),
    Stdin,
}

/// An image that was read and checked, but is not yet prepared. A file's bytes are not kept.
#[derive(Debug, Clone)]
pub(crate) struct Image {
    /// SHA-256 of the bytes as they were read, or of the exact URL.
    pub(crate) identity: [u8; 32],
    /// What to call it: a file's name, or a link without its query.
    pub(crate) label: String,
    content: Content,
}

#[derive(Debug, Clone)]
enum Content {
    Url(String),
    Photo { place: Place, form: Form },
}

#[derive(Debug, Clone)]
enum Place {
    /// Read again when it is needed.
    File(PathBuf),
    /// What can be read only once.
    Bytes(Arc<[u8]>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// As a JPEG, made within so many MiB of memory.
    Prepared { memory: u32 },
    /// The bytes themselves.
    AsIs { subtype: &'static str },
}

/// Why an image cannot be sent.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("cannot read {label}: {}", reason(error))]
    Unreadable { label: String, error: io::Error },
    #[error("cannot read {0}: it is a folder")]
    Folder(String),
    #[error("cannot send {0}: it is larger than {limit} MiB", limit = MAX_BYTES >> 20)]
    TooLarge(String),
    #[error("cannot send {0}: it has changed since it was read first")]
    Changed(String),
    #[error("cannot send {label}: {error}")]
    Url { label: String, error: InvalidRequest },
    #[error("cannot send {label}: {error}")]
    Image { label: String, error: DecodeError },
}

impl Source {
    /// What the text of an argument means. Nothing is read yet.
    pub(crate) fn parse(text: &str) -> Self {
        let is_data = text.get(..5).is_some_and(|scheme| scheme.eq_ignore_ascii_case("data:"));
        match text {
            "-" => Self::Stdin,
            _ if is_data => Self::Data(text.to_owned()),
            _ if has_scheme(text) => Self::Link(text.to_owned()),
            _ => Self::File(PathBuf::from(text)),
        }
    }

    /// Reads the image, at most 100 MiB of it, and checks without decoding it that it can be sent. `as_is` sends a file's
    /// bytes unchanged, whatever kind of image they are.
    pub(crate) fn read(&self, as_is: bool) -> Result<Image, SourceError> {
        let label = self.label();
        let form_of =
            |bytes: &[u8]| form_of(bytes, as_is).map_err(|error| SourceError::Image { label: label.clone(), error });
        let (bytes, place) = match self {
            Self::Link(url) => return image_at(url, label),
            Self::Data(url) => {
                let image = image_at(url, label.clone())?;
                let bytes = url.split_once(',').and_then(|(_, data)| BASE64.decode(data.as_bytes()).ok());
                return form_of(&bytes.unwrap_or_default()).map(|_| image);
            }
            Self::File(path) => {
                let (bytes, again) = read_file(path, &label)?;
                (bytes, again.then(|| Place::File(path.clone())))
            }
            Self::Stdin => (read_all(io::stdin().lock(), 0, &label)?, None),
        };
        let form = form_of(&bytes)?;
        let identity = Sha256::digest(&bytes).into();
        let place = place.unwrap_or_else(|| Place::Bytes(bytes.into()));
        Ok(Image { identity, label, content: Content::Photo { place, form } })
    }

    fn label(&self) -> String {
        match self {
            Self::Link(text) => label_of_link(text),
            Self::Data(text) => text.chars().take(40).chain("…".chars()).collect(),
            Self::File(path) => path.display().to_string(),
            Self::Stdin => "standard input".to_owned(),
        }
    }
}

/// `scheme://`: a link, though perhaps one of a kind that is not sent.
fn has_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

/// Host and last name of a link: queries and passwords are not shown.
fn label_of_link(text: &str) -> String {
    let Some(url) = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https")) else {
        return text.chars().take(80).collect();
    };
    let mut names = url.path_segments().into_iter().flatten().filter(|name| !name.is_empty());
    let (last, is_deep) = (names.next_back(), names.next().is_some());
    let host = url.host_str().unwrap_or_default();
    format!("{host}{}/{}", if is_deep { "/…" } else { "" }, last.unwrap_or_default())
}

fn image_at(url: &str, label: String) -> Result<Image, SourceError> {
    match check_image_url(url) {
        Ok(()) => Ok(Image { identity: Sha256::digest(url).into(), label, content: Content::Url(url.to_owned()) }),
        Err(error) => Err(SourceError::Url { label, error }),
    }
}

/// The bytes of a file, and whether they can be read once more: those of a pipe cannot.
fn read_file(path: &Path, label: &str) -> Result<(Vec<u8>, bool), SourceError> {
    let unreadable = |error| SourceError::Unreadable { label: label.to_owned(), error };
    let found = std::fs::metadata(path).map_err(unreadable)?;
    if found.is_dir() {
        return Err(SourceError::Folder(label.to_owned()));
    }
    let file = File::open(path).map_err(unreadable)?;
    Ok((read_all(file, found.len(), label)?, found.is_file()))
}

fn read_all(from: impl Read, length: u64, label: &str) -> Result<Vec<u8>, SourceError> {
    let mut bytes = Vec::with_capacity(length.min(MAX_BYTES) as usize + 1);
    let read = from.take(MAX_BYTES + 1).read_to_end(&mut bytes);
    read.map_err(|error| SourceError::Unreadable { label: label.to_owned(), error })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(SourceError::TooLarge(label.to_owned()));
    }
    Ok(bytes)
}

fn form_of(bytes: &[u8], as_is: bool) -> Result<Form, DecodeError> {
    if as_is {
        let format = Format::of(bytes)?;
        let subtype = format.subtype().ok_or(DecodeError::Unsupported(format.name()))?;
        return Ok(Form::AsIs { subtype });
    }
    let mebibytes = inspect(bytes)?.memory >> 20;
    let cores = available_parallelism().map_or(1, NonZero::get) as u32;
    // At least one core's part of it, so that no more are at work than there are cores.
    let least = MEMORY.div_ceil(cores);
    Ok(Form::Prepared { memory: u32::try_from(mebibytes).unwrap_or(MEMORY).clamp(least, MEMORY) })
}

impl Image {
    /// What goes into `image_url`: the link itself, or the photo as a data URL. Waits until there is memory to prepare it.
    pub(crate) async fn url(&self) -> Result<String, SourceError> {
        let (place, form) = match &self.content {
            Content::Url(url) => return Ok(url.clone()),
            Content::Photo { place, form } => (place.clone(), *form),
        };
        let memory = match form {
            Form::Prepared { memory } => memory,
            Form::AsIs { .. } => 0,
        };
        let _taken = SHARED_MEMORY.acquire_many(memory).await.expect("never closed");
        let (label, identity) = (self.label.clone(), self.identity);
        let made = own_thread::run(move || data_url(&place, form, label, identity)).await;
        made.unwrap_or_else(|lost| {
            let detail = format!("its decoder failed: {lost}");
            let error = DecodeError::Damaged { format: "photo", detail };
            Err(SourceError::Image { label: self.label.clone(), error })
        })
    }
}

fn data_url(place: &Place, form: Form, label: String, identity: [u8; 32]) -> Result<String, SourceError> {
    let read_again;
    let bytes: &[u8] = match place {
        Place::Bytes(bytes) => bytes,
        Place::File(path) => {
            read_again = read_file(path, &label)?.0;
            if Sha256::digest(&read_again)[..] != identity {
                return Err(SourceError::Changed(label));
            }
            &read_again
        }
    };
    Ok(match form {
        Form::AsIs { subtype } => in_base64(subtype, bytes),
        Form::Prepared { .. } => {
            in_base64("jpeg", &prepare(bytes).map_err(|error| SourceError::Image { label, error })?)
        }
    })
}

fn in_base64(subtype: &str, bytes: &[u8]) -> String {
    let mut url = String::with_capacity(32 + BASE64.encode_len(bytes.len()));
    url.push_str("data:image/");
    url.push_str(subtype);
    url.push_str(";base64,");
    BASE64.encode_append(bytes, &mut url);
    url
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;
    use crate::images::Picture;

    fn jpeg() -> Vec<u8> {
        Picture::empty_room((60, 40), 1).jpeg()
    }

    fn file_of(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::with_suffix(".jpg").expect("a file");
        file.write_all(bytes).expect("written");
        file
    }

    fn source_of(file: &tempfile::NamedTempFile) -> Source {
        Source::parse(file.path().to_str().expect("UTF-8"))
    }

    #[test]
    fn an_argument_is_a_link_a_data_url_standard_input_or_a_file() {
        let file = |text: &str| Source::File(text.into());
        for (text, source) in [
            ("https://example.com/a.jpg", Source::Link("https://example.com/a.jpg".into())),
            ("HTTP://example.com/", Source::Link("HTTP://example.com/".into())),
            ("s3://bucket/a.jpg", Source::Link("s3://bucket/a.jpg".into())),
            ("data:image/png;base64,AAAA", Source::Data("data:image/png;base64,AAAA".into())),
            ("-", Source::Stdin),
            ("room.jpg", file("room.jpg")),
            ("./https:/room.jpg", file("./https:/room.jpg")),
            ("C:\\rooms\\1.jpg", file("C:\\rooms\\1.jpg")),
            ("a b://c", file("a b://c")),
            ("data", file("data")),
            ("", file("")),
        ] {
            assert_eq!(Source::parse(text), source, "{text}");
        }
    }

    #[tokio::test]
    async fn links_and_data_urls_are_sent_as_they_are() {
        let data = in_base64("png", &Picture::empty_room((6, 4), 1).png());
        for text in ["https://user:hidden@example.com/rooms/1/living.jpg?signature=hidden", data.as_str()] {
            let image = Source::parse(text).read(false).expect("good");
            assert_eq!(image.url().await.expect("itself"), text);
            assert_eq!(image.identity[..], Sha256::digest(text)[..]);
            assert!(!image.label.contains("hidden") && image.label.len() < 60, "{}", image.label);
        }
        for (text, said) in [
            ("https://example.com/my room.jpg", "without spaces"),
            ("HTTPS://example.com/room.jpg", "http(s) link"),
            ("s3://bucket/room.jpg", "http(s) link"),
            ("data:text/html;base64,AAAA", "data:image/"),
            ("data:image/png;base64,AAAA", "not an image"),
            ("data:image/png;base64,AAA", "0 bytes"),
        ] {
            let error = Source::parse(text).read(false).expect_err("refused").to_string();
            assert!(error.contains(said), "{text}: {error}");
        }
    }

    #[test]
    fn a_link_is_called_by_its_host_and_last_name() {
        for (link, label) in [
            ("https://example.com/room.jpg?x=1", "example.com/room.jpg"),
            ("https://example.com/a/b/room.jpg", "example.com/…/room.jpg"),
            ("https://example.com", "example.com/"),
            ("https://[::1]:8080/a/", "[::1]/a"),
            ("s3://bucket/room.jpg", "s3://bucket/room.jpg"),
        ] {
            assert_eq!(label_of_link(link), label);
        }
    }

    #[tokio::test]
    async fn a_file_is_known_by_its_bytes_and_sent_as_a_jpeg() {
        let png = Picture::empty_room((60, 40), 1).png();
        let (one, other) = (file_of(&png), file_of(&png));
        let [one, other] = [one, other].map(|file| (source_of(&file).read(false).expect("a photo"), file));
        assert_eq!(one.0.identity, other.0.identity);
        assert_eq!(one.0.identity[..], Sha256::digest(&png)[..]);
        let url = one.0.url().await.expect("prepared");
        check_image_url(&url).expect("as the API takes it");
        let sent = BASE64.decode(url.strip_prefix("data:image/jpeg;base64,").expect("a JPEG").as_bytes());
        assert_eq!(Picture::decode(&sent.expect("base64")).expect("a picture").width(), 60);
    }

    #[tokio::test]
    async fn as_is_sends_the_bytes_with_their_true_type_whatever_the_name() {
        let jpeg = jpeg();
        let (whole, cut) = (jpeg.as_slice(), &jpeg[..jpeg.len() - 9]);
        for (bytes, kind) in [
            (whole, "jpeg"),
            (cut, "jpeg"),
            (b"GIF89a\x01\0\x01\0", "gif"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "heic"),
            (b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>", "svg+xml"),
        ] {
            let file = file_of(bytes);
            let url = source_of(&file).read(true).expect("an image").url().await.expect("as it is");
            check_image_url(&url).expect("as the API takes it");
            assert_eq!(url, format!("data:image/{kind};base64,{}", BASE64.encode(bytes)));
        }
        for bytes in [&b"%PDF-1.7"[..], b"hello", b""] {
            assert!(matches!(source_of(&file_of(bytes)).read(true), Err(SourceError::Image { .. })));
        }
    }

    #[tokio::test]
    async fn a_file_that_changes_between_check_and_use_is_not_sent() {
        let mut file = file_of(&jpeg());
        let image = source_of(&file).read(false).expect("a photo");
        file.write_all(b"more").expect("written");
        assert!(matches!(image.url().await, Err(SourceError::Changed(_))));
    }

    #[test]
    fn what_cannot_be_read_is_told_apart() {
        let folder = tempfile::tempdir().expect("a folder");
        let read = |path: &Path| Source::File(path.to_owned()).read(false);
        assert!(matches!(read(folder.path()), Err(SourceError::Folder(_))));
        assert!(matches!(read(&folder.path().join("missing.jpg")), Err(SourceError::Unreadable { .. })));
        let large = file_of(&[0xFF, 0xD8, 0xFF]);
        large.as_file().set_len(MAX_BYTES + 1).expect("sparse");
        assert!(matches!(read(large.path()), Err(SourceError::TooLarge(_))));
    }

    #[tokio::test]
    async fn a_photo_waits_until_there_is_memory_for_it() {
        let file = file_of(&jpeg());
        let image = source_of(&file).read(false).expect("a photo");
        let taken = SHARED_MEMORY.acquire_many(MEMORY).await.expect("never closed");
        let waiting = tokio::spawn(async move { image.url().await });
        // Other work in the background gets done meanwhile.
        for _ in 0..1000 {
            tokio::task::spawn_blocking(std::thread::yield_now).await.expect("no panic");
        }
        assert!(!waiting.is_finished());
        drop(taken);
        waiting.await.expect("no panic").expect("prepared");
    }
}
