//! Work on renders: paying for them, getting finished pictures onto the disk.

mod download;
mod pay;
mod whole;

pub(crate) use download::{DownloadError, Downloader};
pub(crate) use pay::{OnStep, Paid, PayError, PayStep, Payer};
pub(crate) use whole::whole_render;
