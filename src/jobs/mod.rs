//! Work on renders: what an image is, paying for renders, waiting for them, getting finished pictures onto the disk.

mod own_thread;
mod pay;
mod save;
mod source;
mod wait;
mod whole;

pub(crate) use pay::{Attention, Named, Paid, PayError, PayStep, Payer};
pub(crate) use save::{
    About, Download, DownloadError, Downloader, Entry, Folder, FolderError, How, Outcome, Plan, Progress, SameName,
    SaveError, Saver, Shown, Template, Variant,
};
pub(crate) use source::{Image, Source, SourceError};
pub(crate) use wait::{By, End, Heard, Step, Waited, Waiter, Wanted};
pub(crate) use whole::whole_render;
