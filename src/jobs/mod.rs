//! Work on renders: what an image is, paying for renders, waiting for them, getting finished pictures onto the disk.

mod download;
mod pay;
mod source;
mod wait;
mod whole;

pub(crate) use download::{DownloadError, Downloader};
pub(crate) use pay::{Paid, PayError, PayStep, Payer};
pub(crate) use source::{Image, Source, SourceError};
pub(crate) use wait::{By, End, Heard, Reader, Step, Waited, Waiter, Wanted, Webhooks};
pub(crate) use whole::whole_render;
