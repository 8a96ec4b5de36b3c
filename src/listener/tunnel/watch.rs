//! A tunnel from its first start to its end: finds its URL, checks it, watches the tool, and starts it again when it ends.

use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use backon::{BackoffBuilder, ExponentialBuilder};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinHandle;
use tokio::time::{Instant, sleep, timeout_at};
use url::Url;

use super::probe::{Probe, Unchecked};
use super::process::{Does, Process};
use super::search::Search;
use super::tool::Tool;

/// Time for the tool to say a public URL.
const FINDING: Duration = Duration::from_secs(30);
/// Time for the URL to lead here: a new name takes a while to be known everywhere.
const CHECKING: Duration = Duration::from_secs(30);
/// The pauses before the tool is started again grow from the first to the longest …
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);
/// … and begin anew after a tunnel that has lasted so long.
const STABLE: Duration = Duration::from_secs(60);
/// The exit code with which a shell says that there is no such program.
const NOT_FOUND: i32 = 127;

/// How a tunnel is made.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) tool: Tool,
    /// Where the listener takes webhooks on this machine.
    pub(crate) local: Url,
    /// Where they are to be sent to, if that is known; else it is looked for in what the tool says.
    pub(crate) public: Option<Url>,
    pub(crate) probe: Probe,
}

/// What becomes of a tunnel.
#[derive(Debug)]
pub(crate) enum News {
    /// The tool says something.
    Says(String),
    /// The tunnel is there, at the URL for webhooks.
    Open { url: Url, checked: Result<(), Unchecked> },
    /// It has gone and is made again after the pause.
    Lost { reason: TunnelError, pause: Duration },
    /// It was never there: nothing more comes.
    Failed(TunnelError),
}

/// Why there is no tunnel.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TunnelError {
    /// The program, or one in the command, is not there.
    #[error("cannot start {name}: {reason}")]
    NotInstalled { name: String, reason: String, hint: &'static str },
    /// It could not be started for another reason.
    #[error("cannot start {name}: {error}")]
    Start { name: String, error: io::Error },
    /// It has ended on its own.
    #[error("{name} has ended with {status}{}", said(last_line.as_deref()))]
    Ended { name: String, status: ExitStatus, last_line: Option<String> },
    /// It runs without saying where.
    #[error("{name} gave no public URL in {} s{}", FINDING.as_secs(), said(last_line.as_deref()))]
    NoUrl { name: String, last_line: Option<String> },
}

fn said(last_line: Option<&str>) -> String {
    last_line.map(|line| format!("; the last that it said: {}", line.trim())).unwrap_or_default()
}

/// A tunnel under watch. Without [`Tunnel::end`], its tool is killed with it.
#[derive(Debug)]
pub(crate) struct Tunnel {
    news: mpsc::Receiver<News>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

impl Tunnel {
    /// Starts the tool.
    pub(crate) fn open(plan: Plan) -> Self {
        let (sender, news) = mpsc::channel(64);
        let (stop, stopped) = oneshot::channel();
        let watch = Watch { plan, news: sender, was_open: false };
        Self { news, stop, task: tokio::spawn(watch.run(stopped)) }
    }

    /// What happens next; `None` after a failure.
    pub(crate) async fn next(&mut self) -> Option<News> {
        self.news.recv().await
    }

    /// Ends the tool and waits for that.
    pub(crate) async fn end(self) {
        let Self { news, stop, task } = self;
        drop(news);
        let _ = stop.send(());
        let _ = task.await;
    }
}

struct Watch {
    plan: Plan,
    news: mpsc::Sender<News>,
    was_open: bool,
}

impl Watch {
    async fn run(mut self, mut stopped: oneshot::Receiver<()>) {
        let mut pauses = pauses();
        loop {
            let started = Instant::now();
            let lost = match Process::start(&self.plan.tool.arguments(&origin(&self.plan.local))) {
                Err(error) => TunnelError::Start { name: self.name(), error },
                Ok(mut process) => {
                    let lost = tokio::select! {
                        lost = self.live(&mut process) => Some(lost),
                        _ = &mut stopped => None,
                    };
                    process.end().await;
                    let Some(lost) = lost else { return };
                    lost
                }
            };
            if !self.was_open {
                return self.tell(News::Failed(lost)).await;
            }
            if started.elapsed() >= STABLE {
                pauses = self::pauses();
            }
            let pause = pauses.next().unwrap_or(LONGEST_PAUSE);
            self.tell(News::Lost { reason: lost, pause }).await;
            tokio::select! {
                () = sleep(pause) => {}
                _ = &mut stopped => return,
            }
        }
    }

    /// From the tool's start until there is no tunnel any more.
    async fn live(&mut self, process: &mut Process) -> TunnelError {
        let ended: Result<std::convert::Infallible, TunnelError> = async {
            let url = match &self.plan.public {
                Some(url) => url.clone(),
                None => self.find(process).await?,
            };
            let checked = self.check(process, &url).await?;
            self.tell(News::Open { url, checked }).await;
            self.was_open = true;
            loop {
                self.listen(process).await?;
            }
        }
        .await;
        let Err(lost) = ended;
        lost
    }

    /// Looks for the URL in what the tool says.
    async fn find(&self, process: &mut Process) -> Result<Url, TunnelError> {
        let mut search = Search::default();
        let mut deadline = Instant::now() + FINDING;
        let mut found = None;
        loop {
            let Ok(line) = timeout_at(deadline, self.listen(process)).await else { break };
            if let Some(best) = search.read(&line?) {
                deadline = deadline.min(Instant::now() + best.wait);
                found = Some(best.url.clone());
            }
        }
        let last_line = process.last_line().map(str::to_owned);
        found.map(|url| with_path(&url, &self.plan.local)).ok_or(TunnelError::NoUrl { name: self.name(), last_line })
    }

    /// Checks the URL while the tool runs.
    async fn check(&self, process: &mut Process, url: &Url) -> Result<Result<(), Unchecked>, TunnelError> {
        let mut check = std::pin::pin!(self.plan.probe.check(url, self.plan.local.path(), CHECKING));
        loop {
            tokio::select! {
                checked = &mut check => return Ok(checked),
                line = self.listen(process) => line?,
            };
        }
    }

    /// Waits for the tool's next line and passes it on.
    async fn listen(&self, process: &mut Process) -> Result<String, TunnelError> {
        let does = process.next().await.map_err(|error| TunnelError::Start { name: self.name(), error })?;
        let status = match does {
            Does::Says(line) => {
                self.tell(News::Says(line.clone())).await;
                return Ok(line);
            }
            Does::Ends(status) => status,
        };
        let (tool, last_line) = (&self.plan.tool, process.last_line().map(str::to_owned));
        if status.code() != Some(NOT_FOUND) {
            return Err(TunnelError::Ended { name: self.name(), status, last_line });
        }
        // Which of a command's programs it is, only the shell can tell.
        let reason = last_line.filter(|_| matches!(tool, Tool::Command(_)));
        let reason = reason.unwrap_or_else(|| "it is not installed".to_owned());
        Err(TunnelError::NotInstalled { name: self.name(), reason, hint: tool.hint() })
    }

    async fn tell(&self, news: News) {
        // Who does not listen any more has ended the tunnel.
        let _ = self.news.send(news).await;
    }

    fn name(&self) -> String {
        self.plan.tool.name().to_owned()
    }
}

fn pauses() -> impl Iterator<Item = Duration> {
    ExponentialBuilder::new()
        .with_min_delay(FIRST_PAUSE)
        .with_max_delay(LONGEST_PAUSE)
        .with_jitter()
        .without_max_times()
        .build()
}

fn origin(url: &Url) -> Url {
    let mut origin = url.clone();
    origin.set_path("/");
    origin
}

/// The path at which the listener is, below whatever the tunnel's URL begins with.
fn with_path(public: &Url, local: &Url) -> Url {
    let mut url = public.clone();
    url.set_path(&format!("{}{}", public.path().trim_end_matches('/'), local.path()));
    url
}
