//! Work on renders: what an image is, and getting finished pictures onto the disk.

mod download;
mod source;

pub(crate) use download::{DownloadError, Downloader};
pub(crate) use source::{Image, Source, SourceError};
