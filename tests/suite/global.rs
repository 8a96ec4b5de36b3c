//! What all commands have in common: help, flags and their variables, precedence, colours, and a stdout that does not take
//! what is written.

use std::ffi::OsStr;
use std::fs::File;
use std::os::unix::ffi::OsStrExt;
use std::process::{Output, Stdio};

use snapbox::str;

use super::Home;
use super::api::{Api, json};
use super::terminal::Terminal;

const KEY: &str = "vsai-sandbox-5f2c9a";

/// Of `[1]` with `test-secret`.
const SIGNATURE: &str = "c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7";

fn home() -> Home {
    let home = Home::new();
    home.secret_file("secret", "test-secret");
    home.file("event.json", "[1]");
    home
}

#[test]
fn help_is_a_word_too() {
    let home = Home::new();
    assert_eq!(home.stdout("help"), home.stdout("--help"));
    assert_eq!(home.stdout("help events replay"), home.stdout("events replay --help"));
    home.check(
        "help events nothing",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no command "events nothing"
  hint: vsai events --help lists commands

"#]],
    );
}

#[test]
fn help_goes_to_stdout_and_a_command_line_that_stops_short_gets_it_on_stderr() {
    let home = Home::new();
    home.check(
        "--version",
        str![[r#"
exit 0
--- stdout
vsai 0.1.0
--- stderr

"#]],
    );
    home.check(
        "--help",
        str![[r#"
exit 0
--- stdout
The developer CLI for the Virtual Staging AI API: verified webhooks, signatures, renders, and a
sandbox

Usage: vsai [OPTIONS] <COMMAND>

Commands:
  demo          See the whole loop on this machine: sandbox, secret, listener, render, verified
                events, pictures
  login         Store the API key of a profile
  logout        Forget the API key of a profile; its webhook secret stays
  whoami        Show the account behind the API key, its quota, and where each setting came from
  secret        Set, show or delete the account's webhook secret
  render        Submit renders and read them
  analyze       Make a mask of the furniture in a photo
  multi-view    Check photos for multi-view staging
  listen        Receive webhooks and print verified events
  events        Look at what the journal holds
  trigger       Send a made-up event, signed as the vendor signs, and show what the handler answers
  test-handler  Check that a webhook handler accepts and refuses rightly
  sandbox       Serve the API on this machine: renders with pictures, signed webhooks, no account,
                no cost
  sign          Sign payload files as the vendor does, offline
  verify        Verify payload files against their signature, offline
  schema        Print the JSON Schema of the records that --json prints
  completions   Print the completion script of a shell
  man           Print the man page
  help          Print the help of a command

Options:
  -h, --help
          Print help (see a summary with '-h')

  -V, --version
          Print version

Global options:
  -p, --profile <NAME>
          Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside
          [env: VSAI_PROFILE]

      --api-url <URL>
          Base URL of the API [env: VSAI_API_URL]

      --ca-file <FILE>
          PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]

      --config-dir <DIR>
          Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]

      --json
          One JSON object a line on stdout, and nothing else [env: VSAI_JSON]

  -q, --quiet
          No banners and notes; warnings and errors stay [env: VSAI_QUIET]

  -v, --verbose
          Say more about the work [env: VSAI_VERBOSE]

      --color <WHEN>
          When to colour [env: VSAI_COLOR]

          Possible values:
          - auto:   On a terminal, unless `NO_COLOR` is set
          - always: Also into a pipe
          - never:  Never

      --no-input
          Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]

Exit codes: 0 done, verified, condition met; 1 the answer is no; 2 could not start; 3 partly done,
or a payment is unclear; 4 API key missing or refused; 5 quota; 6 network or API unavailable; 124
--timeout passed; 130/143 interrupted.

VSAI_API_TIMEOUT bounds each call of the API: 30s by default, 150s for one that costs a photo.

vsai is independent of Virtual Staging AI. It sends no telemetry.
--- stderr

"#]],
    );
    let short = home.run("");
    assert_eq!((short.status.code(), short.stdout.len()), (Some(2), 0));
    assert!(String::from_utf8_lossy(&short.stderr).contains("Usage: vsai [OPTIONS] <COMMAND>"));
    assert_eq!(home.run("secret").status.code(), Some(2));
    home.check(
        "secret show --help",
        str![[r#"
exit 0
--- stdout
Show the fingerprint of the webhook secret and where it came from

Usage: vsai secret show [OPTIONS]

Options:
      --reveal
          Print the secret itself

  -h, --help
          Print help (see a summary with '-h')

Global options:
  -p, --profile <NAME>
          Profile to use; as a flag it sets VSAI_API_KEY, VSAI_API_URL and VSAI_WEBHOOK_SECRET aside
          [env: VSAI_PROFILE]

      --api-url <URL>
          Base URL of the API [env: VSAI_API_URL]

      --ca-file <FILE>
          PEM file with further certificate authorities to trust [env: VSAI_CA_FILE]

      --config-dir <DIR>
          Folder of settings, credentials and data [env: VSAI_CONFIG_DIR]

      --json
          One JSON object a line on stdout, and nothing else [env: VSAI_JSON]

  -q, --quiet
          No banners and notes; warnings and errors stay [env: VSAI_QUIET]

  -v, --verbose
          Say more about the work [env: VSAI_VERBOSE]

      --color <WHEN>
          When to colour [env: VSAI_COLOR]

          Possible values:
          - auto:   On a terminal, unless `NO_COLOR` is set
          - always: Also into a pipe
          - never:  Never

      --no-input
          Never ask; fail where an answer is needed [env: VSAI_NO_INPUT]
--- stderr

"#]],
    );
}

#[test]
fn a_misused_command_line_is_told_what_was_meant() {
    let home = Home::new();
    home.check(
        "sgin",
        str![[r#"
exit 2
--- stdout
--- stderr
error: unrecognized subcommand 'sgin'
  hint: some similar subcommands exist: 'login', 'sign'
  hint: vsai [OPTIONS] <COMMAND>

"#]],
    );
    home.check(
        "sign --secret-fiel x",
        str![[r#"
exit 2
--- stdout
--- stderr
error: unexpected argument '--secret-fiel' found
  hint: a similar argument exists: '--secret-file'
  hint: vsai sign --secret-file <FILE> <FILE>...

"#]],
    );
    home.check(
        "whoami --profile",
        str![[r#"
exit 2
--- stdout
--- stderr
error: a value is required for '--profile <NAME>' but none was supplied

"#]],
    );
    home.check(
        "secret set --stdin --generate",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the argument '--stdin' cannot be used with '--generate'
  hint: vsai secret set --stdin

"#]],
    );
}

#[test]
fn with_json_every_error_is_a_record() {
    let home = Home::new();
    home.check("sgin --json", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"usage","message":"unrecognized subcommand 'sgin'","hint":"some similar subcommands exist: 'login', 'sign'\nvsai [OPTIONS] <COMMAND>"}
--- stderr
error: unrecognized subcommand 'sgin'
  hint: some similar subcommands exist: 'login', 'sign'
  hint: vsai [OPTIONS] <COMMAND>

"#]]);
    home.check("sign --json missing --color pink", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"usage","message":"invalid value 'pink' for '--color <WHEN>' [possible values: auto, always, never]"}
--- stderr
error: invalid value 'pink' for '--color <WHEN>' [possible values: auto, always, never]

"#]]);
    home.variable("VSAI_JSON", "1").check("whoami", str![[r#"
exit 4
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"no_key","message":"there is no API key for profile default","hint":"vsai login, or set VSAI_API_KEY; without an account: vsai demo"}
--- stderr
error: there is no API key for profile default
  hint: vsai login, or set VSAI_API_KEY; without an account: vsai demo

"#]]);
    Home::new().variable("VSAI_JSON", "0").check(
        "whoami",
        str![[r#"
exit 4
--- stdout
--- stderr
error: there is no API key for profile default
  hint: vsai login, or set VSAI_API_KEY; without an account: vsai demo

"#]],
    );
    Home::new().variable("VSAI_COLOR", "pink").check(
        "whoami --json",
        str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"usage","message":"VSAI_COLOR is \"pink\", not auto, always or never"}
--- stderr
error: VSAI_COLOR is "pink", not auto, always or never

"#]],
    );
}

#[test]
fn flag_beats_environment_beats_profile() {
    let apis = [0, 1, 2]
        .map(|number| Api::answering(move |_| json(200, &format!("{{\"user\":{{\"uid\":\"api {number}\"}}}}"))));
    let [flag, environment, profile] = apis.each_ref().map(|api| api.url.as_str());
    let settings = format!("[profiles.default]\napi_url = '{profile}'\n");
    let home = Home::new().variable("VSAI_API_KEY", KEY);
    home.file(".config/vsai/config.toml", &settings);
    let uid = |home: &Home, arguments: &str| {
        let shown: serde_json::Value = serde_json::from_str(&home.stdout(arguments)).expect("JSON");
        (
            shown["uid"].as_str().expect("a text").to_owned(),
            shown["api_url"]["source"].as_str().expect("a text").to_owned(),
        )
    };
    let of = |uid: &str, source: &str| (uid.to_owned(), source.to_owned());
    assert_eq!(uid(&home, "whoami --json"), of("api 2", "profile"));
    let home = home.variable("VSAI_API_URL", environment);
    assert_eq!(uid(&home, "whoami --json"), of("api 1", "environment"));
    assert_eq!(uid(&home, &format!("whoami --json --api-url {flag}")), of("api 0", "flag"));
    assert_eq!(uid(&home, &format!("--api-url {flag} whoami --json")), of("api 0", "flag"));
}

#[test]
fn a_secret_file_beats_the_variable_beats_the_profile() {
    let api = Api::answering(|_| json(200, "{}"));
    let home = home().variable("VSAI_API_KEY", KEY);
    home.run_with(&format!("secret set --stdin --api-url {}", api.url), b"of-the-profile-000");
    let fingerprint = |home: &Home, arguments: &str| {
        let signed: serde_json::Value = serde_json::from_str(&home.stdout(arguments)).expect("JSON");
        signed["secret"].clone()
    };
    let sign = "sign event.json --json";
    let profile = fingerprint(&home, sign);
    let home = home.variable("VSAI_WEBHOOK_SECRET", "of-the-environment");
    let environment = fingerprint(&home, sign);
    let file = fingerprint(&home, &format!("{sign} --secret-file secret"));
    assert!(profile != environment && environment != file && file == "282fdcd7");
    home.check(&format!("-p default {sign}"), str![[r#"
exit 0
--- stdout
{"kind":"warning","schema":"vsai.warning/1","code":"environment_set_aside","message":"--profile default sets VSAI_API_KEY, VSAI_WEBHOOK_SECRET aside"}
{"kind":"signature","schema":"vsai.signature/1","file":"event.json","signature":"1df047382273c12c8f839fd0acce2979d1e73a34ddfc4f0b7e6b7cb89185f16c","form":"canonical","secret":"b0e4f928"}
--- stderr
warning: --profile default sets VSAI_API_KEY, VSAI_WEBHOOK_SECRET aside

"#]]);
    // The variable names the profile as well, and sets nothing aside.
    let home = home.variable("VSAI_PROFILE", "default");
    assert_eq!(fingerprint(&home, sign), environment);
}

#[test]
fn the_profile_is_chosen_by_flag_variable_and_settings() {
    let home = Home::new();
    home.file(".config/vsai/config.toml", "profile = 'a'\n[profiles.a]\n[profiles.b]\n[profiles.c]\n");
    home.check(
        "whoami",
        str![[r#"
exit 4
--- stdout
--- stderr
error: there is no API key for profile a
  hint: vsai login, or set VSAI_API_KEY; without an account: vsai demo

"#]],
    );
    let home = home.variable("VSAI_PROFILE", "b");
    home.check(
        "whoami",
        str![[r#"
exit 4
--- stdout
--- stderr
error: there is no API key for profile b
  hint: vsai login, or set VSAI_API_KEY; without an account: vsai demo

"#]],
    );
    home.check(
        "whoami -p c",
        str![[r#"
exit 4
--- stdout
--- stderr
error: there is no API key for profile c
  hint: vsai -p c login; without an account: vsai demo

"#]],
    );
    home.variable("VSAI_PROFILE", "d").check(
        "whoami",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no profile "d"; there are: a, b, c, default, sandbox
  hint: vsai -p d login makes it

"#]],
    );
}

#[test]
fn one_flag_moves_all_settings_and_xdg_is_heeded() {
    let api = Api::answering(|_| json(200, "{}"));
    let home = Home::new().variable("VSAI_API_URL", &api.url);
    home.confidential(KEY);
    for (number, arguments) in ["login --stdin --config-dir elsewhere", "login --stdin"].into_iter().enumerate() {
        assert!(home.run_with(arguments, KEY.as_bytes()).status.success());
        let at = |path: &str| home.path().join(path).join("credentials.toml").exists();
        assert_eq!((at("elsewhere"), at(".config/vsai")), (true, number == 1));
    }
    let home = home.variable("XDG_CONFIG_HOME", "/nowhere/at/all");
    home.check(
        "whoami",
        str![[r#"
exit 4
--- stdout
--- stderr
error: there is no API key for profile default
  hint: vsai login, or set VSAI_API_KEY; without an account: vsai demo

"#]],
    );
    let moved = home.variable("VSAI_CONFIG_DIR", "elsewhere");
    moved.stdout("whoami");
}

#[test]
fn signing_with_a_secret_file_needs_no_home() {
    let home = home();
    let output = home.bash("unset HOME; vsai sign event.json --secret-file secret");
    assert_eq!(String::from_utf8_lossy(&output.stdout).trim(), SIGNATURE);
}

#[test]
fn quiet_leaves_answers_warnings_and_errors() {
    let home = home();
    home.secret_file("with-newline", "test-secret\n");
    home.file("scalar.json", "1");
    home.check(
        "sign scalar.json --secret-file with-newline -q",
        str![[r#"
exit 0
--- stdout
86d1c2d27955fd2ec4453a14c4ecb141eb341f9f38c2a0d00871fa76c1f706fd
--- stderr
warning: scalar.json is neither an object nor an array: Express refuses such a body

"#]],
    );
    home.variable("VSAI_QUIET", "1").check(
        "sign scalar.json missing.json --secret-file with-newline",
        str![[r#"
exit 3
--- stdout
86d1c2d27955fd2ec4453a14c4ecb141eb341f9f38c2a0d00871fa76c1f706fd  scalar.json
--- stderr
warning: scalar.json is neither an object nor an array: Express refuses such a body
error: cannot read missing.json: no such file or directory

"#]],
    );
}

#[test]
fn colours_are_for_terminals_or_on_demand() {
    let home = home();
    let verify = format!("verify event.json --sig {SIGNATURE} --secret-file secret");
    home.check(
        &verify,
        str![[r#"
exit 0
--- stdout
event.json: ✓ verified (secret 282fdcd7)
--- stderr

"#]],
    );
    home.check(
        &format!("{verify} --color always"),
        str![[r#"
exit 0
--- stdout
event.json: [32m✓ verified[0m[2m (secret 282fdcd7)[0m
--- stderr

"#]],
    );
    home.check(
        "sign missing --secret-file secret --color always",
        str![[r#"
exit 2
--- stdout
--- stderr
[31merror: [0mcannot read missing: no such file or directory

"#]],
    );
    home.check(
        "sgin --color always",
        str![[r#"
exit 2
--- stdout
--- stderr
[31merror: [0munrecognized subcommand 'sgin'
[2m  hint: [0msome similar subcommands exist: 'login', 'sign'
[2m  hint: [0mvsai [OPTIONS] <COMMAND>

"#]],
    );
    home.check(
        &format!("{verify} --color pink"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'pink' for '--color <WHEN>' [possible values: auto, always, never]

"#]],
    );
    let on_terminal = |home: &Home, arguments: &str| Terminal::start_as_it_is(home, arguments).end().contains('\u{1b}');
    assert!(on_terminal(&home, &verify));
    assert!(!on_terminal(&home, &format!("{verify} --color never")));
    let home = home.variable("NO_COLOR", "1");
    assert!(!on_terminal(&home, &verify));
    assert!(!on_terminal(&home, "sgin"));
    assert!(on_terminal(&home, &format!("{verify} --color always")));
    let home = Home::new().variable("TERM", "dumb");
    assert!(!on_terminal(&home, "sgin"));
    let home = Home::new().variable("VSAI_COLOR", "always");
    home.check(
        "whoami",
        str![[r#"
exit 4
--- stdout
--- stderr
[31merror: [0mthere is no API key for profile default
[2m  hint: [0mvsai login, or set VSAI_API_KEY; without an account: vsai demo

"#]],
    );
    home.check(
        "sgin",
        str![[r#"
exit 2
--- stdout
--- stderr
[31merror: [0munrecognized subcommand 'sgin'
[2m  hint: [0msome similar subcommands exist: 'login', 'sign'
[2m  hint: [0mvsai [OPTIONS] <COMMAND>

"#]],
    );
}

/// Runs with this standard output.
fn run_into(home: &Home, arguments: &str, stdout: impl Into<Stdio>) -> Output {
    home.command(arguments)
        .stdout(stdout)
        .stderr(Stdio::piped())
        .spawn()
        .expect("started")
        .wait_with_output()
        .expect("ended")
}

#[test]
fn a_closed_pipe_stops_the_printing_and_changes_no_verdict() {
    let home = home();
    let wrong = SIGNATURE.replace('7', "8");
    for (arguments, code) in [
        (format!("verify event.json --sig {SIGNATURE} --secret-file secret"), 0),
        (format!("--quiet verify event.json --sig {wrong} --secret-file secret"), 1),
        ("sign event.json --secret-file secret --json".to_owned(), 0),
        ("completions bash".to_owned(), 0),
        ("--help".to_owned(), 0),
    ] {
        let (reader, writer) = std::io::pipe().expect("a pipe");
        drop(reader);
        let output = run_into(&home, &arguments, writer);
        assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(code), &b""[..]), "{arguments}");
    }
}

#[test]
fn a_full_disk_is_an_error_and_a_no_stays_a_no() {
    let home = home();
    let full = || File::options().write(true).open("/dev/full").expect("there");
    let wrong = SIGNATURE.replace('7', "8");
    home.compare(
        &run_into(&home, &format!("verify event.json --sig {SIGNATURE} --secret-file secret"), full()),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot write to standard output: no space left on device

"#]],
    );
    home.compare(
        &run_into(&home, &format!("verify event.json --sig {wrong} --secret-file secret --json"), full()),
        str![[r#"
exit 1
--- stdout
--- stderr
--explain looks for the cause
error: cannot write to standard output: no space left on device

"#]],
    );
    home.compare(
        &run_into(&home, "man", full()),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot write to standard output: no space left on device

"#]],
    );
    home.compare(
        &run_into(&home, "--help", full()),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot write to standard output: no space left on device

"#]],
    );
}

#[test]
fn a_full_stderr_changes_nothing() {
    let home = home();
    let output = home.bash("vsai sign event.json missing.json --secret-file secret 2> /dev/full");
    home.compare(
        &output,
        str![[r#"
exit 3
--- stdout
c178ad3bf94fcf8d611401a9f4b24b773d53b62f387e34d8344c2f2dbc550bd7  event.json
--- stderr

"#]],
    );
}

#[test]
fn what_is_no_text_is_refused_where_text_is_needed() {
    let home = home();
    let no_text = OsStr::from_bytes(b"\xff\xfe");
    let mut command = home.command("sign event.json");
    home.compare(
        &command.env("VSAI_WEBHOOK_SECRET", no_text).output().expect("started"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: VSAI_WEBHOOK_SECRET is not UTF-8 text

"#]],
    );
    let mut command = home.command("sign event.json --secret-file secret --json");
    home.compare(
        &command.env("VSAI_API_KEY", no_text).output().expect("started"),
        str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"settings","message":"VSAI_API_KEY is not UTF-8 text"}
--- stderr
error: VSAI_API_KEY is not UTF-8 text

"#]],
    );
    let mut command = home.command("--nonsense");
    home.compare(
        &command.arg(no_text).output().expect("started"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: unexpected argument '--nonsense' found
  hint: vsai [OPTIONS] <COMMAND>

"#]],
    );
    let mut command = home.command("sign --secret-file secret");
    home.compare(
        &command.arg(no_text).output().expect("started"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read ��: no such file or directory

"#]],
    );
}

#[test]
fn a_ca_file_has_to_hold_certificates() {
    let home = Home::new().variable("VSAI_API_KEY", KEY);
    home.file("empty.pem", "");
    home.file("broken.pem", "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n");
    home.check(
        "whoami --ca-file missing.pem",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the CA file missing.pem: no such file or directory

"#]],
    );
    home.check(
        "whoami --ca-file empty.pem",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the CA file empty.pem: there is no PEM certificate in it

"#]],
    );
    home.check(
        "whoami --ca-file broken.pem",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot use the CA file broken.pem: it is not valid PEM

"#]],
    );
}

#[test]
fn settings_that_are_not_understood_are_named_by_file_and_line() {
    let home = Home::new();
    home.file(".config/vsai/config.toml", "[profiles.default]\napi_url = 7\n");
    home.check("whoami", str![[r#"
exit 2
--- stdout
--- stderr
error: the settings in [HOME]/.config/vsai/config.toml are not valid: invalid type: integer `7`, expected a string (line 2)

"#]]);
    home.file(".config/vsai/config.toml", "[profiles.default]\n\napi_ulr = 'x'\n");
    home.check("whoami --json", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"settings","message":"the settings in [HOME]/.config/vsai/config.toml are not valid: unknown field `api_ulr`, expected one of `api_url`, `ca_file`, `webhook_secret_member` (line 3)"}
--- stderr
error: the settings in [HOME]/.config/vsai/config.toml are not valid: unknown field `api_ulr`, expected one of `api_url`, `ca_file`, `webhook_secret_member` (line 3)

"#]]);
    home.file(".config/vsai/config.toml", b"\xff");
    home.check(
        "whoami",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read the settings in [HOME]/.config/vsai/config.toml: it is not UTF-8 text

"#]],
    );
}
