//! `vsai analyze`: a mask of the furniture in a photo.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;
use serde_json::Value;
use url::Url;

use crate::client::ClientError;
use crate::context::{Context, PlannedRequest, WebhookArgs};
use crate::error::{Error, Exit, Kind};
use crate::files::folder_of;
use crate::jobs::{Downloader, Image, Source};
use crate::output::{Meaning, Report, Text};
use crate::protocol::render::{self, Analysis, VariationStatus};

/// Make a mask of the furniture in a photo
///
/// Whether an analysis costs a photo is not documented, so it is sent once, and nothing is sent again on its own. An analysis cannot
/// be read later: without a webhook the answer comes when the mask is done, which may take a minute, and the mask's link is good for
/// about an hour.
#[derive(Debug, Args)]
pub(crate) struct Analyze {
    /// The photo: a JPEG, PNG or WebP file, - for standard input, an http(s) URL, or a data:image/…;base64, URL
    #[arg(value_name = "IMAGE")]
    image: String,
    /// Save the mask as this file
    #[arg(long, value_name = "FILE", conflicts_with = "webhook_url")]
    save_mask: Option<PathBuf>,
    #[command(flatten)]
    webhook: WebhookArgs,
    /// Send a file's bytes unchanged, instead of an upright JPEG of at most 3072 pixels
    #[arg(long)]
    as_is: bool,
    /// Show the request; send nothing
    #[arg(long)]
    dry_run: bool,
}

/// An analysis as the API tells it, and where its mask is.
#[derive(Serialize)]
struct AnalysisReport<'a> {
    #[serde(flatten)]
    analysis: &'a Analysis,
    #[serde(skip_serializing_if = "Option::is_none")]
    saved: Option<Saved>,
}

/// A mask on disk.
#[derive(Serialize)]
struct Saved {
    path: String,
    bytes: u64,
}

impl Report for AnalysisReport<'_> {
    const KIND: &'static str = "analysis";

    fn human(&self) -> Text {
        let analysis = self.analysis;
        let meaning = match analysis.status {
            VariationStatus::Done => Meaning::Success,
            VariationStatus::Error => Meaning::Failure,
            _ => Meaning::Plain,
        };
        let mut text = Text::new();
        text.add(Meaning::Identifier, analysis.id.as_deref().unwrap_or("analysis"));
        text.plain("  ").add(meaning, analysis.status.as_str());
        if let Some(share) = analysis.percentage_masked {
            text.plain(format!("  {share} % masked"));
        }
        if let Some(message) = &analysis.error_message {
            text.plain("  ").add(Meaning::Failure, message);
        }
        match (&self.saved, &analysis.result_url) {
            (Some(Saved { path, bytes }), _) => {
                text.plain("  ").add(Meaning::Path, path).add(Meaning::Dim, format!("  {} KiB", bytes.div_ceil(1024)));
            }
            (None, Some(url)) => {
                text.plain("  ").add(Meaning::Path, url);
            }
            (None, None) => {}
        }
        text
    }
}

impl Analyze {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let image = Source::parse(&self.image).read(self.as_is)?;
        let webhook_url = self.webhook.url(context)?;
        if let Some(file) = &self.save_mask {
            check_place(file)?;
        }
        let api_url = context.settings()?.api_url.value.clone();
        if self.dry_run {
            let request = context.block_on(request(&image, webhook_url))?;
            return Ok(PlannedRequest::of_unknown_cost(&api_url, "/analyze", request).show(context));
        }
        let api = context.api()?;
        context.block_on(async {
            let waits = webhook_url.is_none();
            let request = request(&image, webhook_url).await?;
            if waits {
                context.printer.note(format!("analysing {}: the answer comes when the mask is done", image.label));
            }
            let analysis = api.analyze(&request).await.map_err(|error| failed(error, context))?;
            self.conclude(&analysis, &api_url, context).await
        })
    }

    /// Saves the mask and shows the analysis, which is shown also when the mask cannot be saved.
    async fn conclude(&self, analysis: &Analysis, api_url: &Url, context: &Context) -> Result<Exit, Error> {
        let is_done = analysis.status == VariationStatus::Done;
        let saved = match &self.save_mask {
            Some(file) if is_done => save(analysis, api_url, file).await.map(Some),
            _ => Ok(None),
        };
        let (saved, unsaved) = saved.map_or_else(|error| (None, Some(error)), |saved| (saved, None));
        context.printer.report(&AnalysisReport { analysis, saved });
        if let Some(error) = unsaved {
            return Err(error);
        }
        if is_done || self.webhook.is_given() && !analysis.status.is_final() {
            return Ok(Exit::Done);
        }
        if analysis.status.is_final() {
            return Ok(Exit::No);
        }
        let message =
            "the answer came before the mask was done, and it cannot be read later: --webhook-url has it told";
        context.printer.warning("not_done", message);
        Ok(Exit::Partly)
    }
}

async fn request(image: &Image, webhook_url: Option<String>) -> Result<Value, Error> {
    let request = render::Analyze::new(image.url().await?)?;
    let request = webhook_url.into_iter().fold(request, render::Analyze::webhook_url);
    serde_json::to_value(request).map_err(|error| Error::usage(error.to_string()))
}

/// Finds out that a file cannot be written before anything is sent.
fn check_place(file: &Path) -> Result<(), Error> {
    let folder = folder_of(file);
    let written = if file.is_dir() {
        Err(std::io::ErrorKind::IsADirectory.into())
    } else {
        tempfile::tempfile_in(folder).map(drop)
    };
    written.map_err(|error| Error::unwritable(file, &error))
}

async fn save(analysis: &Analysis, api_url: &Url, file: &Path) -> Result<Saved, Error> {
    let link = analysis.result_url.as_deref().ok_or_else(|| {
        Error::new(Kind::Refused, format!("cannot save {}: the answer has no link to a mask", file.display()))
    })?;
    let fetched = Downloader::new(api_url)?.fetch(link, folder_of(file), &|_| ()).await.map_err(|error| {
        let error = Error::from(error);
        Error { message: format!("cannot save the mask: {}", error.message), ..error }
    })?;
    let bytes = fetched.keep_as(file).map_err(|error| Error::unwritable(file, &error))?;
    Ok(Saved { path: file.display().to_string(), bytes })
}

fn failed(error: ClientError, context: &Context) -> Error {
    if !error.outcome_unclear() {
        return error.into();
    }
    let message = format!("{error}; it is unclear whether the analysis was made, and perhaps paid for");
    Error::new(Kind::PaymentUnclear, message)
        .hint(format!("{} whoami shows the photos used; nothing is sent again on its own", context.vsai()))
}
