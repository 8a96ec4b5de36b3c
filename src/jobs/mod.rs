//! Work on renders: reading them whole, and getting finished pictures onto the disk.

mod download;
mod folder;
mod names;
mod plan;
mod reading;
mod report;
mod save;
mod sheet;
#[cfg(test)]
mod tests;

pub(crate) use download::{DownloadError, Downloader};
pub(crate) use folder::{Folder, FolderError};
pub(crate) use names::Template;
pub(crate) use plan::{About, Plan, SameName, Variant};
pub(crate) use reading::whole_render;
pub(crate) use report::Download;
pub(crate) use save::{How, Outcome, Progress, SaveError, Saver};
