//! `vsai multi-view`: whether photos can be staged together.

use clap::{Args, Subcommand};
use serde::Serialize;
use serde_json::Value;

use crate::context::{Context, PlannedRequest};
use crate::error::{Error, Exit};
use crate::jobs::{Image, Source};
use crate::json_path::Assignment;
use crate::output::{Meaning, Report, Text};
use crate::protocol::render::MultiViewCheck;

/// Check photos for multi-view staging
#[derive(Debug, Args)]
pub(crate) struct MultiView {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    Check(Check),
}

/// Ask whether two photos show one room well enough to be furnished alike
///
/// What the API answers is not documented, so all of it is shown; exit code 1 when it says `"compatible": false`. Whether a check costs
/// a photo is not documented either: it is sent once, and nothing is sent again on its own.
#[derive(Debug, Args)]
struct Check {
    /// A photo: a JPEG, PNG or WebP file, - for standard input, an http(s) URL, or a data:image/…;base64, URL
    #[arg(value_name = "IMAGE")]
    first: String,
    /// Another photo of the same room
    #[arg(value_name = "IMAGE")]
    second: String,
    /// Send files' bytes unchanged, instead of upright JPEGs of at most 3072 pixels
    #[arg(long)]
    as_is: bool,
    /// Change a member of the request, whose names are a guess; JSON, or else a string
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Assignment>,
    /// Show the request; send nothing
    #[arg(long)]
    dry_run: bool,
}

/// What the API said.
#[derive(Serialize)]
struct Verdict {
    compatible: Option<bool>,
    answer: Value,
}

impl Report for Verdict {
    const KIND: &'static str = "multi_view";

    fn human(&self) -> Text {
        let mut text = Text::new();
        match self.compatible {
            Some(true) => text.add(Meaning::Success, "compatible").plain("  "),
            Some(false) => text.add(Meaning::Failure, "not compatible").plain("  "),
            None => &mut text,
        };
        text.add(Meaning::Dim, &self.answer);
        text
    }
}

impl MultiView {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        match self.action {
            Action::Check(check) => check.run(context),
        }
    }
}

impl Check {
    fn run(self, context: &Context) -> Result<Exit, Error> {
        let sources = [&self.first, &self.second].map(|image| Source::parse(image));
        if sources == [Source::Stdin, Source::Stdin] {
            return Err(Error::usage("only one of the two photos can come from standard input"));
        }
        let [first, second] = sources.map(|source| source.read(self.as_is));
        let images = [first?, second?];
        if self.dry_run {
            let request = context.block_on(self.request(&images))?;
            let api = &context.settings()?.api_url.value;
            return Ok(PlannedRequest::of_unknown_cost(api, "/multi-view-compatability", request).show(context));
        }
        let api = context.api()?;
        let verdict = context.block_on(async {
            let request = self.request(&images).await?;
            Ok(api.check_multi_view(&request).await?)
        })?;
        let compatible = verdict.compatible();
        context.printer.report(&Verdict { compatible, answer: verdict.0 });
        if compatible.is_none() {
            let message = "the answer does not say \"compatible\" true or false: judge for yourself";
            context.printer.warning("verdict_unknown", message);
        }
        Ok(if compatible == Some(false) { Exit::No } else { Exit::Done })
    }

    async fn request(&self, [first, second]: &[Image; 2]) -> Result<Value, Error> {
        let (first, second) = tokio::try_join!(first.url(), second.url())?;
        let request = MultiViewCheck::new(first, second)?;
        let mut body = serde_json::to_value(request).map_err(|error| Error::usage(error.to_string()))?;
        self.set.iter().for_each(|assignment| assignment.apply(&mut body));
        Ok(body)
    }
}
