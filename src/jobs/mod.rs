//! Work on renders: for now, getting finished pictures onto the disk.

mod download;

pub(crate) use download::{DownloadError, Downloader};
