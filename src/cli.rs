//! The command line: global flags, dispatch and the exit code.

mod help;
mod misused;

use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, CommandFactory, Parser, Subcommand, ValueEnum};

use crate::commands;
use crate::config::{Flags, Variables};
use crate::context::Context;
use crate::error::{Error, Exit, Kind, reason};
use crate::output::{ColorChoice, Format, Printer};

const AFTER_HELP: &str = "\
Exit codes: 0 done, verified, condition met; 1 the answer is no; 2 could not start; 3 partly done, or a payment is unclear; \
4 API key missing or refused; 5 quota; 6 network or API unavailable; 124 --timeout passed; 130/143 interrupted.

VSAI_API_TIMEOUT bounds each call of the API: 30s by default, 150s for one that costs a photo.

vsai is independent of Virtual Staging AI. It sends no telemetry.";

/// The developer CLI for the Virtual Staging AI API: verified webhooks, signatures, renders, and a sandbox
#[derive(Debug, Parser)]
#[command(name = "vsai", version, after_help = AFTER_HELP, max_term_width = 120, disable_help_subcommand = true)]
pub(crate) struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Args)]
#[command(next_help_heading = "Global options")]
struct Global {
    /// Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside [env: VSAI_PROFILE]
    #[arg(short, long, global = true, value_name = "NAME")]
    profile: Option<String>,
    /// Base URL of the API [env: VSAI_API_URL]
    #[arg(long, global = true, value_name = "URL")]
    api_url: Option<String>,
    /// PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]
    #[arg(long, global = true, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]
    #[arg(long, global = true, value_name = "DIR")]
    config_dir: Option<PathBuf>,
    /// One JSON object a line on stdout, and nothing else [env: VSAI_JSON]
    #[arg(long, global = true)]
    json: bool,
    /// No banners and notes; warnings and errors stay [env: VSAI_QUIET]
    #[arg(short, long, global = true)]
    quiet: bool,
    /// Say more about the work [env: VSAI_VERBOSE]
    #[arg(short, long, global = true)]
    verbose: bool,
    /// When to colour [env: VSAI_COLOR]
    #[arg(long, global = true, value_name = "WHEN", value_enum)]
    color: Option<ColorChoice>,
    /// Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]
    #[arg(long, global = true)]
    no_input: bool,
}

#[derive(Debug, Subcommand)]
enum Command {
    Demo(commands::demo::Demo),
    Login(commands::login::Login),
    Logout(commands::logout::Logout),
    Whoami(commands::whoami::Whoami),
    Secret(commands::secret::Secret),
    Render(commands::render::Render),
    Analyze(commands::analyze::Analyze),
    MultiView(commands::multi_view::MultiView),
    Listen(Box<commands::listen::Listen>),
    Events(Box<commands::events::Events>),
    Trigger(commands::trigger::Trigger),
    TestHandler(commands::test_handler::TestHandler),
    Sandbox(commands::sandbox::Sandbox),
    Sign(commands::sign::Sign),
    Verify(commands::verify::Verify),
    Schema(commands::schema::Schema),
    Completions(commands::completions::Completions),
    Man(commands::man::Man),
    Help(help::Help),
}

/// Runs the program on the process's own arguments and returns its exit code.
pub fn main() -> ExitCode {
    let variables = Variables::new(std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        Some((name, value.to_string_lossy().into_owned()))
    }));
    match Cli::try_parse() {
        Ok(cli) => run(cli, variables).into(),
        Err(error) => misused::answer(&error, &variables).into(),
    }
}

fn run(cli: Cli, variables: Variables) -> Exit {
    let Cli { global, command } = cli;
    let printer = match only_text().and_then(|()| printer(&global, &variables)) {
        Ok(printer) => printer,
        Err(error) => {
            let format = format(global.json, &variables);
            return failed(&Printer::new(format, false, false, ColorChoice::Never, true), &error);
        }
    };
    let no_input = global.no_input || is_on(&variables, "VSAI_NO_INPUT");
    let config_dir = global.config_dir.or_else(|| variables.get("VSAI_CONFIG_DIR").map(PathBuf::from));
    let flags = Flags { profile: global.profile, api_url: global.api_url, ca_file: global.ca_file };
    let context = Context::new(printer, flags, variables, config_dir, no_input);
    let exit = dispatch(command, &context).unwrap_or_else(|error| failed(&context.printer, &error));
    judged(&context.printer, exit)
}

/// The exit code, given that the answer may not have been written. A no stays a no.
fn judged(printer: &Printer, exit: Exit) -> Exit {
    let Some(error) = printer.write_error() else { return exit };
    let message = format!("cannot write to standard output: {}", reason(error));
    let unwritable = failed(printer, &Error::new(Kind::Unwritable, message));
    if exit == Exit::Done { unwritable } else { exit }
}

/// Refuses a variable of ours that is no text: read with replacement characters, a secret would be another one.
fn only_text() -> Result<(), Error> {
    let is_ours = |name: &OsStr| name.to_str().is_some_and(|name| name.starts_with("VSAI_"));
    match std::env::vars_os().find(|(name, value)| is_ours(name) && value.to_str().is_none()) {
        Some((name, _)) => Err(Error::new(Kind::Settings, format!("{} is not UTF-8 text", name.display()))),
        None => Ok(()),
    }
}

fn format(json: bool, variables: &Variables) -> Format {
    if json || is_on(variables, "VSAI_JSON") { Format::Json } else { Format::Human }
}

fn dispatch(command: Command, context: &Context) -> Result<Exit, Error> {
    match command {
        Command::Demo(demo) => demo.run(context),
        Command::Login(login) => login.run(context),
        Command::Logout(logout) => logout.run(context),
        Command::Whoami(whoami) => whoami.run(context),
        Command::Secret(secret) => secret.run(context),
        Command::Render(render) => render.run(context),
        Command::Analyze(analyze) => analyze.run(context),
        Command::MultiView(multi_view) => multi_view.run(context),
        Command::Listen(listen) => listen.run(context),
        Command::Events(events) => events.run(context),
        Command::Trigger(trigger) => trigger.run(context),
        Command::TestHandler(test_handler) => test_handler.run(context),
        Command::Sandbox(sandbox) => sandbox.run(context),
        Command::Sign(sign) => sign.run(context),
        Command::Verify(verify) => verify.run(context),
        Command::Schema(schema) => schema.run(context),
        Command::Completions(completions) => completions.run(Cli::command(), context),
        Command::Man(man) => man.run(Cli::command(), context),
        Command::Help(help) => help.run(Cli::command(), context),
    }
}

fn printer(global: &Global, variables: &Variables) -> Result<Printer, Error> {
    let color = match (global.color, variables.get("VSAI_COLOR")) {
        (Some(color), _) => color,
        (None, Some(text)) => color_named(text)
            .ok_or_else(|| Error::usage(format!("VSAI_COLOR is {text:?}, not auto, always or never")))?,
        (None, None) => ColorChoice::Auto,
    };
    let quiet = global.quiet || is_on(variables, "VSAI_QUIET");
    let verbose = global.verbose || is_on(variables, "VSAI_VERBOSE");
    Ok(Printer::new(format(global.json, variables), quiet, verbose, color, wants_no_color(variables)))
}

fn color_named(text: &str) -> Option<ColorChoice> {
    ColorChoice::from_str(text, true).ok()
}

fn wants_no_color(variables: &Variables) -> bool {
    variables.get("NO_COLOR").is_some() || variables.get("TERM") == Some("dumb")
}

fn is_on(variables: &Variables, name: &str) -> bool {
    variables.get(name).is_some_and(|value| !matches!(value, "0" | "false" | "no" | "off"))
}

fn failed(printer: &Printer, error: &Error) -> Exit {
    error.tell(printer);
    error.kind.exit()
}
