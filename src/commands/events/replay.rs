//! `vsai events replay`: sends events once more, as they were received or changed, and judges what the handler answers.

mod edit;
mod expected;
mod inputs;
mod item;
mod planned;
mod run;
mod tally;

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;

use super::reading::{Found, Order, Pages, closing, on_journal};
use super::selecting::SelectionArgs;
use crate::context::{Context, HeaderArgs, JournalArgs, SecretArgs};
use crate::delivery::{Sender, Target};
use crate::error::{Error, Exit, Kind};
use crate::journal::{Access, Engine, Forwarded, Journal, Verdict, last_attempts};
use crate::json_path::Assignment;
use crate::protocol::SigningKey;
use crate::quantity;
use expected::Expected;
use item::Item;
use run::{Means, Run};
use tally::Tally;

/// What selects from the journal, in place of names.
const SELECTING: [&str; 9] = ["all", "failed", "events", "render", "variation", "filter", "since", "until", "state"];

/// Send events to a handler once more, and judge its answers
///
/// Byte for byte as they were received, with their signature. They come from the journal, or from records that `vsai events
/// export` or `vsai listen --json` wrote. All that is named is read and checked before anything is sent. Exits 1 when an answer is
/// not as expected, 6 when there is none at all.
#[derive(Debug, Args)]
pub(super) struct Replay {
    /// evt_… or evt_….N in the journal; a file of event records; a folder of such files (.json, .jsonl), in the order of their
    /// names; `-` for records on standard input
    #[arg(value_name = "EVENT|FILE|DIR", conflicts_with_all = SELECTING)]
    inputs: Vec<PathBuf>,
    /// Where they go: 3000, :3000/hook, localhost:3000/hook or a URL
    #[arg(long, value_name = "TARGET", required_unless_present = "failed")]
    to: Option<String>,
    /// All events of the journal, oldest first
    #[arg(long)]
    all: bool,
    /// Those that forwarding has given up, until they are answered as expected; without --to, each goes to the handler that did
    /// not take it
    #[arg(long, conflicts_with = "state")]
    failed: bool,
    #[command(flatten)]
    selection: SelectionArgs,
    /// Change a member of the payload, such as result.url=http://localhost:3000/a.jpg; JSON, or else a string. With --resign
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Assignment>,
    /// Change the payload of each event that is named in $VISUAL or $EDITOR. With --resign
    #[arg(long, conflicts_with_all = SELECTING)]
    edit: bool,
    /// Sign with the live secret instead of sending the original signature
    #[arg(long)]
    resign: bool,
    /// The answer that is right: 204, 2xx or 200-299; any of several
    #[arg(long, value_name = "STATUS", default_value = "200")]
    expect_status: Vec<Expected>,
    /// Send each event so many times, one after the other
    #[arg(short = 'n', long = "repeat", value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Send no faster than this, such as 5/s or 30/min
    #[arg(long, value_name = "N/UNIT", value_parser = quantity::frequency)]
    rate: Option<Duration>,
    /// Time that the handler gets for each answer
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = quantity::time_limit)]
    attempt_timeout: Duration,
    /// Show what would be sent, and send nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    headers: HeaderArgs,
    #[command(flatten)]
    journal: JournalArgs,
    #[command(flatten)]
    secret: SecretArgs,
}

impl Replay {
    pub(super) fn run(self, context: &Context) -> Result<Exit, Error> {
        self.check()?;
        let target = self.to.as_deref().map(Target::parse).transpose()?;
        if self.edit {
            context.editor()?;
        }
        let key = match self.resign {
            true => Some(SigningKey::new(&context.signing_secret(&self.secret)?)),
            false => None,
        };
        let means = self.means(context)?;
        if self.inputs.is_empty() {
            let selected = async |journal: &Journal| {
                let run = Run::begin(&self, context, Some(journal), means)?;
                self.selected(run, journal, target.as_ref(), key.as_ref()).await
            };
            // Where nothing has come, nothing has failed; but what is selected otherwise should be there.
            return match self.failed {
                true => on_journal(context, &self.journal, || context.printer.report(&Tally::default()), selected),
                false => context
                    .block_on(async { closing(context.journal(&self.journal, Access::Existing)?, selected).await }),
            };
        }
        let target = target.ok_or_else(|| Error::usage("--to is needed for events that are named"))?;
        context.block_on(async {
            if inputs::any_event(&self.inputs) {
                let journal = context.journal(&self.journal, Access::Existing)?;
                closing(journal, async |journal| self.named(context, Some(journal), means, &target, key.as_ref()).await)
                    .await
            } else {
                self.named(context, None, means, &target, key.as_ref()).await
            }
        })
    }

    fn check(&self) -> Result<(), Error> {
        let changes = [(!self.set.is_empty(), "--set"), (self.edit, "--edit")];
        if let Some((_, flag)) = changes.into_iter().find(|(given, _)| *given && !self.resign) {
            let message = format!("{flag} changes the payload, and the original signature would not fit any more");
            return Err(Error::usage(message).hint("--resign signs it with the live secret"));
        }
        if self.inputs.is_empty() && !(self.all || self.failed || self.selection.any()) {
            let hint = "name events (evt_…), files or folders of records; or select: --failed, --since 1h, --events done, --all";
            return Err(Error::usage("nothing says which events are to be sent").hint(hint));
        }
        if self.inputs.iter().filter(|input| input.as_os_str() == "-").count() > 1 {
            return Err(Error::usage("standard input can be read once only"));
        }
        Ok(())
    }

    fn means(&self, context: &Context) -> Result<Means, Error> {
        // They only serve to warn of what the handler would refuse; a new signature is right.
        let checks = (!self.resign).then(|| context.secrets(&self.secret));
        let live = match checks.transpose() {
            Ok(secrets) => secrets.map(|secrets| secrets.secrets).unwrap_or_default(),
            Err(error) if !self.secret.files.is_empty() => return Err(error),
            Err(error) => {
                context.printer.detail(format!("signatures are not checked: {error}"));
                Vec::new()
            }
        };
        Ok(Means::new(self.headers.read(context)?, Sender::new(self.attempt_timeout)?, &live))
    }

    /// Sends what is named, once all of it is known to be good.
    async fn named(
        &self,
        context: &Context,
        journal: Option<&Journal>,
        means: Means,
        target: &Target,
        key: Option<&SigningKey>,
    ) -> Result<Exit, Error> {
        let Some(items) = self.items(context, journal, key).await? else { return Ok(Exit::CannotStart) };
        let mut run = Run::begin(self, context, journal, means)?;
        for item in &items {
            run.send(item, target, &[]).await?;
        }
        Ok(run.end())
    }

    /// All that is named, ready to be sent; none when there is something wrong with any of it, which is told.
    async fn items(
        &self,
        context: &Context,
        journal: Option<&Journal>,
        key: Option<&SigningKey>,
    ) -> Result<Option<Vec<Item>>, Error> {
        let (mut items, mut is_good) = (Vec::new(), true);
        for input in &self.inputs {
            let journal = journal.map(|journal| (journal, &self.journal));
            for read in inputs::read(input, journal, context).await {
                match read.and_then(|item| self.prepared(item, key, context)) {
                    Ok(item) => items.push(item),
                    Err(error) if error.kind.exit() != Exit::CannotStart => return Err(error),
                    Err(error) => {
                        error.tell(&context.printer);
                        is_good = false;
                    }
                }
            }
        }
        if !is_good {
            context.printer.note("nothing was sent");
        }
        Ok(is_good.then_some(items))
    }

    /// Sends what is selected, page by page, up to what the journal held at the start: a target may well be a listener that
    /// appends to it.
    async fn selected(
        &self,
        mut run: Run<'_>,
        journal: &Journal,
        target: Option<&Target>,
        key: Option<&SigningKey>,
    ) -> Result<Exit, Error> {
        let end = journal.end().await?;
        let mut wanted = self.selection.wanted(run.context);
        wanted.selection.without_duplicates = true;
        if self.failed {
            wanted.state = Some(Forwarded::Failed);
        }
        let mut pages = Pages::new(journal, wanted, Order::OldestFirst);
        let mut is_empty = true;
        while let Some(page) = pages.next().await?.filter(|_| !run.is_over()) {
            for found in page.into_iter().filter(|found| found.logged.position <= end) {
                is_empty = false;
                let destinations = match target {
                    Some(target) if !self.failed => vec![Destination { target: target.clone(), consumers: Vec::new() }],
                    _ => failures(&found, target)?,
                };
                match self.prepared(Item::of(found.logged), key, run.context) {
                    Ok(item) => {
                        for Destination { target, consumers } in &destinations {
                            run.send(&item, target, consumers).await?;
                        }
                    }
                    Err(error) => run.leave_out(&error),
                }
            }
        }
        match run.end() {
            Exit::Done if is_empty && !self.failed => {
                Err(Error::new(Kind::Failed, "nothing was sent: the journal has no such event"))
            }
            exit => Ok(exit),
        }
    }

    /// What is expected, in words.
    fn expected(&self) -> String {
        self.expect_status.iter().map(ToString::to_string).collect::<Vec<_>>().join(" or ")
    }

    fn prepared(&self, mut item: Item, key: Option<&SigningKey>, context: &Context) -> Result<Item, Error> {
        if !self.set.is_empty() {
            item.set(&self.set)?;
        }
        if self.edit {
            edit::edit(&mut item, context)?;
        }
        if let Some(key) = key {
            item.sign(key)?;
        }
        Ok(item)
    }
}

/// Where a delivery is sent to, and the consumers that have given it up there.
struct Destination {
    target: Target,
    consumers: Vec<String>,
}

/// Where a delivery has failed; with another target, all of it is to be settled there.
fn failures(found: &Found, target: Option<&Target>) -> Result<Vec<Destination>, Error> {
    let mut failures: Vec<Destination> = Vec::new();
    for outcome in last_attempts(&found.attempts).filter(|last| last.verdict == Verdict::Failed) {
        let target = target.map_or_else(|| Target::parse(&outcome.target), |target| Ok(target.clone()))?;
        match failures.iter_mut().find(|known| known.target == target) {
            Some(known) => known.consumers.push(outcome.consumer.clone()),
            None => failures.push(Destination { target, consumers: vec![outcome.consumer.clone()] }),
        }
    }
    Ok(failures)
}
