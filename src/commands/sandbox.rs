//! `vsai sandbox`: the API on this machine, until Ctrl-C.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, sync_channel};
use std::time::Duration;

use clap::Args;
use jiff::Timestamp;
use serde::Serialize;
use tokio::net::TcpListener;

use crate::config::SANDBOX_API_URL;
use crate::context::{self, Context};
use crate::error::{Error, Exit, Kind};
use crate::output::{Lines, Meaning, Printer, Report, Text};
use crate::quantity;
use crate::sandbox::{FaultRates, Options, Pace, Sandbox as Api, SandboxEvent, WebhookOptions, run};
use crate::signals::Signals;

/// Log lines that wait to be printed; more are left out, since the API must not wait for a reader.
const QUEUE: usize = 1024;
/// How often what is logged is printed while there is some.
const MOMENT: Duration = Duration::from_millis(1);

/// Serve the API on this machine: renders with pictures, signed webhooks, no account, no cost
///
/// Takes any key that starts with vsai-sandbox; each is an account of its own. `vsai -p sandbox …` uses it with nothing set.
/// It sends nothing to other machines. The log goes to stdout. Runs until Ctrl-C.
#[derive(Debug, Args)]
pub(crate) struct Sandbox {
    /// Port to listen on, on 127.0.0.1; 0 takes any free one
    #[arg(long, default_value_t = 4010, value_parser = quantity::port)]
    port: u16,
    /// How many times faster work is done; at 1 a render of three takes about three seconds
    #[arg(long, value_name = "FACTOR", default_value = "1", value_parser = factor)]
    speed: f64,
    /// Decides faults and drawn rooms: the same number, the same run [default: random]
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Make the same ids in each run with the same --seed
    #[arg(long, requires = "seed")]
    fixed_ids: bool,
    /// Photos of an account: a number, or `unlimited`
    #[arg(long, value_name = "N", default_value = "100", value_parser = photos)]
    photos: Photos,
    /// Time until a result link answers 403; after twice this time it answers 410
    #[arg(long, value_name = "DURATION", default_value = "1h", value_parser = quantity::duration)]
    link_lifetime: Duration,
    /// Pause before a webhook's second try; it doubles for each of the two after that
    #[arg(long, value_name = "DURATION", default_value = "1s", value_parser = quantity::duration)]
    retry_pause: Duration,
    /// Send webhooks to other machines too
    #[arg(long)]
    allow_remote_webhooks: bool,
    /// Take requests with members that the API does not document
    #[arg(long)]
    lenient: bool,
    #[command(flatten)]
    faults: Faults,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Faults, off by default")]
struct Faults {
    /// Share of variations and analyses that fail
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    fail_rate: f64,
    /// Share of webhooks that are delivered twice
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    duplicate_rate: f64,
    /// Let every second webhook of a render overtake the one before it
    #[arg(long)]
    reorder: bool,
    /// Send webhooks this much later than what they tell
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = quantity::duration, hide_default_value = true)]
    late: Duration,
    /// Share of webhooks that are signed with another secret
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    wrong_secret_rate: f64,
    /// Share of webhooks in which one byte is changed after signing
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    tamper_rate: f64,
    /// Share of API requests that are answered 500, half of them after they took effect
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    http_500_rate: f64,
    /// Share of API requests that are never answered, half of them after they took effect
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    hang_rate: f64,
    /// Share of API requests whose connection is closed: before they took effect, after it, or in the middle of the answer
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    cut_rate: f64,
    /// Share of API requests that are answered 429 with Retry-After, without effect
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    http_429_rate: f64,
    /// Answer API requests this much after they took effect
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = quantity::duration, hide_default_value = true)]
    slow: Duration,
    /// Share of variations that are deleted instead of being done
    #[arg(long, value_name = "RATE", default_value = "0", value_parser = quantity::rate, hide_default_value = true)]
    vanish_rate: f64,
    /// List the removal that comes by itself only this much after all others are done
    #[arg(long, value_name = "DURATION", value_parser = quantity::duration)]
    late_removal: Option<Duration>,
    /// Show a variation that is done without its links for this long
    #[arg(long, value_name = "DURATION", default_value = "0", value_parser = quantity::duration, hide_default_value = true)]
    link_late: Duration,
}

#[derive(Debug, Clone, Copy)]
struct Photos(Option<u64>);

/// The API can be called now.
#[derive(Serialize)]
struct Ready {
    url: String,
    port: u16,
    pid: u32,
    seed: u64,
}

impl Report for Ready {
    const KIND: &'static str = "ready";
}

#[derive(Serialize)]
struct Request<'a> {
    at: Timestamp,
    method: &'a str,
    path: &'a str,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
}

impl Report for Request<'_> {
    const KIND: &'static str = "request";

    fn human(&self) -> Text {
        let mut text = line(self.at, "request");
        text.plain(format!("{} {}  ", self.method, self.path)).add(of_status(self.status), self.status.to_string());
        if let Some(message) = self.message {
            text.plain("  ").add(Meaning::Dim, message);
        }
        text
    }
}

#[derive(Serialize)]
struct Webhook<'a> {
    at: Timestamp,
    /// Of the variation or analysis that it tells of.
    id: &'a str,
    event_type: &'a str,
    url: &'a str,
    #[serde(rename = "try")]
    number: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    duration_ms: u128,
    /// The first line of an answer that was not 200.
    #[serde(skip_serializing_if = "Option::is_none")]
    answer: Option<String>,
}

impl Report for Webhook<'_> {
    const KIND: &'static str = "webhook";

    fn human(&self) -> Text {
        let mut text = line(self.at, "webhook");
        text.plain(format!("{} ", self.event_type)).add(Meaning::Identifier, self.id);
        text.plain(format!(" → {}  ", self.url));
        match (self.status, &self.error) {
            (Some(200), _) => text.add(Meaning::Success, "200"),
            (Some(status), _) => text.add(Meaning::Failure, status.to_string()),
            (None, error) => text.add(Meaning::Failure, error.as_deref().unwrap_or_default()),
        };
        text.add(Meaning::Dim, format!("  (try {}, {} ms)", self.number, self.duration_ms));
        if let Some(answer) = &self.answer {
            text.plain("  ").add(Meaning::Dim, answer);
        }
        text
    }
}

#[derive(Serialize)]
struct Fault<'a> {
    at: Timestamp,
    fault: &'a str,
    subject: &'a str,
}

impl Report for Fault<'_> {
    const KIND: &'static str = "fault";

    fn human(&self) -> Text {
        let mut text = line(self.at, "fault");
        text.add(Meaning::Warning, self.fault).plain(format!("  {}", self.subject));
        text
    }
}

impl Sandbox {
    pub(crate) fn run(self, context: &Context) -> Result<Exit, Error> {
        let options = self.options()?;
        let (log, logged) = sync_channel(QUEUE);
        let printer = context.printer.clone();
        let (ended, end) = sync_channel(1);
        std::thread::spawn(move || {
            print(&printer, &logged);
            ended.send(())
        });
        let exit = context.block_on(self.serve(context, options, move |event| {
            let _ = log.try_send((Timestamp::now(), event));
        }));
        // The log's other end has gone with the sandbox, so what is left is printed; a reader that stalls is not waited for.
        let _ = end.recv_timeout(Duration::from_secs(2));
        exit
    }

    fn options(&self) -> Result<Options, Error> {
        let faults = &self.faults;
        // 53 bits, so that JSON readers hand the seed back as it was.
        let fresh = u64::from_le_bytes(context::random_bytes()?) >> 11;
        let seed = self.seed.unwrap_or(fresh);
        Ok(Options {
            pace: Pace::times_faster(self.speed),
            photo_limit: self.photos.0,
            link_lifetime: self.link_lifetime,
            strict: !self.lenient,
            webhooks: WebhookOptions {
                pauses: [1, 2, 4].map(|times| self.retry_pause.saturating_mul(times)),
                allow_remote: self.allow_remote_webhooks,
                ..WebhookOptions::default()
            },
            faults: FaultRates {
                fail: faults.fail_rate,
                duplicate: faults.duplicate_rate,
                reorder: faults.reorder,
                late: faults.late,
                wrong_secret: faults.wrong_secret_rate,
                tamper: faults.tamper_rate,
                http_500: faults.http_500_rate,
                hang: faults.hang_rate,
                cut: faults.cut_rate,
                http_429: faults.http_429_rate,
                slow: faults.slow,
                vanish: faults.vanish_rate,
                late_removal: faults.late_removal,
                link_late: faults.link_late,
            },
            ..Options::new(seed, if self.fixed_ids { seed } else { fresh })
        })
    }

    async fn serve(
        &self,
        context: &Context,
        options: Options,
        log: impl Fn(SandboxEvent) + Send + Sync + 'static,
    ) -> Result<Exit, Error> {
        let mut signals = Signals::watch().map_err(|error| Error::cannot_watch(&error))?;
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        let listener = TcpListener::bind(address).await.map_err(|error| Error::cannot_bind(address, &error))?;
        let address = listener.local_addr().map_err(|error| Error::cannot_bind(address, &error))?;
        let seed = options.seed;
        let clock = Arc::new(|| Timestamp::now().as_millisecond());
        let api = Api::new(options, &format!("http://{address}"), clock, Arc::new(log))
            .map_err(|error| Error::new(Kind::Bind, error.to_string()))?;
        let url = format!("http://{address}/v2");
        announce(context, &Ready { url, port: address.port(), pid: std::process::id(), seed });
        let mut exit = Exit::Done;
        let stop = async { exit = signals.next().await.into() };
        run(listener, api, stop).await;
        Ok(exit)
    }
}

fn announce(context: &Context, ready: &Ready) {
    let mut banner = Text::from("sandbox at ");
    banner.add(Meaning::Path, &ready.url).add(Meaning::Dim, format!("  seed {}", ready.seed));
    context.printer.note(banner);
    context.printer.report(ready);
    let elsewhere = if ready.url == SANDBOX_API_URL { String::new() } else { format!(" --api-url {}", ready.url) };
    context.try_next(&[
        &format!("vsai -p sandbox{elsewhere} whoami"),
        &format!(
            "vsai -p sandbox{elsewhere} render create https://example.com/room.jpg --room living --style modern -n 3"
        ),
    ]);
}

/// Prints until the sandbox has gone.
fn print(printer: &Printer, logged: &Receiver<(Timestamp, SandboxEvent)>) {
    let mut lines = printer.lines();
    while let Ok(first) = logged.recv() {
        add(first, &mut lines, printer);
        // To be woken for each costs the API more than all else: while many come, they are printed by the moment.
        std::thread::sleep(MOMENT);
        logged.try_iter().for_each(|more| add(more, &mut lines, printer));
        lines.print();
    }
}

fn add((at, event): (Timestamp, SandboxEvent), lines: &mut Lines<'_>, printer: &Printer) {
    match event {
        SandboxEvent::Request { method, path, status, said } => {
            let (method, status, message) = (method.as_str(), status.as_u16(), said.as_deref());
            lines.add(&Request { at, method, path: &path, status, message });
        }
        SandboxEvent::Webhook { id, event_type, target, attempt } => {
            let answer = attempt.outcome.as_ref().ok();
            let refusal = answer.filter(|answer| answer.status != 200 && !answer.body.is_empty());
            lines.add(&Webhook {
                at,
                id: &id,
                event_type: &event_type,
                url: target.url().as_str(),
                number: attempt.number,
                status: answer.map(|answer| answer.status.as_u16()),
                error: attempt.outcome.as_ref().err().map(ToString::to_string),
                duration_ms: attempt.duration.as_millis(),
                answer: refusal.map(|answer| answer.first_lines(1)),
            });
        }
        SandboxEvent::WebhookKept { id, target } => {
            lines.print();
            let message = format!("the webhook of {id} was not sent: {target} is another machine");
            printer.warning("webhook_kept", &format!("{message} (--allow-remote-webhooks sends it)"));
        }
        SandboxEvent::Fault { fault, subject } => lines.add(&Fault { at, fault, subject: &subject }),
    }
}

fn line(at: Timestamp, what: &str) -> Text {
    let mut text = Text::at(at);
    text.plain(format!("  {what:<7}  "));
    text
}

fn of_status(status: u16) -> Meaning {
    if status < 400 { Meaning::Success } else { Meaning::Failure }
}

fn factor(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(factor) if (0.001..=1e6).contains(&factor) => Ok(factor),
        _ => Err("a speed is a number from 0.001 to 1000000".to_owned()),
    }
}

fn photos(text: &str) -> Result<Photos, String> {
    if text.eq_ignore_ascii_case("unlimited") {
        return Ok(Photos(None));
    }
    text.parse().map(|number| Photos(Some(number))).map_err(|_| "photos are a number, or `unlimited`".to_owned())
}
