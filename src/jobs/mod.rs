//! Work on renders: waiting for them, getting finished pictures onto the disk.

mod download;
mod wait;
mod whole;

pub(crate) use download::{DownloadError, Downloader};
pub(crate) use wait::{By, End, Heard, Step, Waited, Waiter, Wanted};
pub(crate) use whole::whole_render;
