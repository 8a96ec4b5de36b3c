//! `vsai trigger`: a made-up event, signed as the vendor signs, to a handler or the running listener.

use std::future::ready;
use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use jiff::Timestamp;

use crate::context::{self, Context, SecretArgs};
use crate::delivery::{Attempt, Forward, Message, RetryPolicy, Sender, Target, deliver};
use crate::error::{Error, Exit, Kind};
use crate::json_path::Assignment;
use crate::output::{Meaning, Text};
use crate::payload::{Input, Signable};
use crate::protocol::synthetic::{Occasion, Synthetic};
use crate::protocol::{Identity, SigningKey};
use crate::quantity;

/// When everything happens with --fixed-ids: 2025-10-09 08:53:20 UTC.
const FIXED_TIME: i64 = 1_760_000_000_000;

/// Send a made-up event, signed as the vendor signs, and show what the handler answers
///
/// Without --to it goes to the running `vsai listen` of this profile. Ids and times are fresh in each run. Exits 1 when an answer
/// is not 200, 6 when there is none.
#[derive(Debug, Args)]
pub(crate) struct Trigger {
    /// What the event tells
    #[arg(value_name = "TYPE", value_parser = types(), required_unless_present = "data", conflicts_with = "data")]
    synthetic: Option<Synthetic>,
    /// Where it goes: 3000, :3000/hook, localhost:3000/hook or a URL
    #[arg(long, value_name = "TARGET")]
    to: Option<String>,
    /// Send this payload instead, byte for byte, signed as `vsai sign` does; `-` is standard input
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
    /// Change a member of the payload, such as result.url=http://localhost:3000/a.jpg; JSON, or else a string
    #[arg(long, value_name = "PATH=VALUE")]
    set: Vec<Assignment>,
    /// Send so many events, one after the other: variations of one render
    #[arg(short = 'n', long = "repeat", value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    repeat: u32,
    /// Use the same ids and times in each run
    #[arg(long, conflicts_with = "data")]
    fixed_ids: bool,
    /// Send again as the vendor does: up to three times until exactly 200
    #[arg(long)]
    retries: bool,
    /// Pause before the second try; it doubles for each of the two after that
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = quantity::duration, requires = "retries")]
    retry_pause: Duration,
    /// Time that each try gets
    #[arg(long, value_name = "DURATION", default_value = "30s", value_parser = quantity::time_limit)]
    attempt_timeout: Duration,
    #[command(flatten)]
    secret: SecretArgs,
}

fn types() -> impl TypedValueParser<Value = Synthetic> {
    let values = Synthetic::ALL.map(|synthetic| {
        let (name, meaning) = synthetic.name_and_meaning();
        PossibleValue::new(name).help(meaning)
    });
    PossibleValuesParser::new(values).try_map(|text| {
        Synthetic::ALL.into_iter().find(|synthetic| synthetic.name_and_meaning().0 == text).ok_or("no such type")
    })
}

impl Trigger {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let target = self.target(context)?;
        let key = SigningKey::new(&context.signing_secret(&self.secret)?);
        let payloads = self.payloads(context)?;
        context.block_on(self.send(context, &target, &key, payloads))
    }

    fn target(&self, context: &Context) -> Result<Target, Error> {
        let text = match &self.to {
            Some(text) => text.clone(),
            None => {
                let listener = context.running_listener().map_err(|error| {
                    let hint = error.hint.clone().unwrap_or_default();
                    error.hint(format!("{hint}\nor name your handler, such as --to localhost:3000/hook"))
                })?;
                listener.local_url().to_owned()
            }
        };
        Ok(Target::parse(&text)?)
    }

    /// What is sent, one after the other.
    fn payloads(&self, context: &Context) -> Result<Box<dyn Iterator<Item = Signable>>, Error> {
        let count = self.repeat;
        if let Some(file) = &self.data {
            let payload = self.given(Input::from(file.clone()), context)?;
            return Ok(Box::new(std::iter::repeat_n(payload, count as usize)));
        }
        let synthetic = self.synthetic.ok_or_else(|| Error::usage("a TYPE or --data is needed"))?;
        let (fixed, set) = (self.fixed_ids, self.set.clone());
        let run = if fixed { [0; 16] } else { context::random_bytes()? };
        Ok(Box::new((1..=count).map(move |number| {
            let timestamp = if fixed { FIXED_TIME } else { Timestamp::now().as_millisecond() };
            Signable::changed(synthetic.document(&Occasion { run, number, timestamp }), &set)
        })))
    }

    /// The user's own payload.
    fn given(&self, input: Input, context: &Context) -> Result<Signable, Error> {
        let payload = input.signable()?;
        if !payload.is_container() {
            context.warn_of_no_container(&input);
        }
        if self.set.is_empty() {
            return Ok(payload);
        }
        let document = serde_json::from_str(&payload.canonical)
            .map_err(|error| Error::new(Kind::Input, format!("cannot change a member of {input}: {error}")))?;
        Ok(Signable::changed(document, &self.set))
    }

    async fn send(
        &self,
        context: &Context,
        target: &Target,
        key: &SigningKey,
        payloads: impl Iterator<Item = Signable>,
    ) -> Result<Exit, Error> {
        let sender = Sender::new(self.attempt_timeout)?;
        let policy = if self.retries { RetryPolicy::vendor(self.retry_pause) } else { RetryPolicy::default() };
        let (mut exit, mut warned) = (Exit::Done, false);
        for payload in payloads {
            let about = Identity::salvaged(&payload.canonical);
            context.printer.note(announced(&about));
            let message = Message::json(payload.bytes).signed(key.sign(payload.canonical.as_bytes()));
            let report = |attempt: Attempt| {
                let forward = Forward::new(Timestamp::now(), &about, target, &attempt);
                context.printer.report(&forward);
                if let Some(warning) = forward.warning().filter(|_| !std::mem::replace(&mut warned, true)) {
                    context.printer.warning("not_200", &warning);
                }
                ready(())
            };
            let answer = deliver(&sender, target, &message, &policy, report).await.outcome;
            let answer = answer.map_err(|error| Error::no_delivery(target, &error))?;
            if answer.status != 200 {
                exit = Exit::No;
            }
        }
        Ok(exit)
    }
}

/// Which event goes out, so that it can be found again where it arrives.
fn announced(about: &Identity) -> Text {
    let mut text = Text::from("sending ");
    text.plain(about.event_type.as_deref().unwrap_or("a payload"));
    for id in [&about.render_id, &about.variation_id].into_iter().flatten() {
        text.plain(" ").add(Meaning::Identifier, id);
    }
    text
}
