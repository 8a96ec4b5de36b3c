//! `vsai login`, `logout` and `whoami`: keys in and out, and where each setting came from.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use snapbox::str;

use super::Home;
use super::api::{Api, Sandbox, json};
use super::terminal::Terminal;

const KEY: &str = "vsai-sandbox-5f2c9a";

/// A home whose commands call this API.
fn home_at(url: &str) -> Home {
    let home = Home::new().variable("VSAI_API_URL", url);
    home.confidential(KEY);
    home
}

fn login(home: &Home) {
    let output = home.run_with("login --stdin", format!("{KEY}\n").as_bytes());
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn a_key_from_standard_input_is_kept_where_only_its_owner_can_read_it() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.check_with(
        "login --stdin",
        format!(" {KEY}\n").as_bytes(),
        str![[r#"
exit 0
--- stdout
✓ logged in as developer@example.com (profile default, http://127.0.0.1:[PORT]/v2)
--- stderr

"#]],
    );
    let credentials = home.read(".config/vsai/credentials.toml");
    assert!(credentials.contains(&format!("api_key = \"{KEY}\"")), "{credentials}");
    let mode = |name: &str| home.path().join(name).metadata().expect("there").permissions().mode() & 0o777;
    assert_eq!((mode(".config/vsai/credentials.toml"), mode(".config/vsai")), (0o600, 0o700));
}

#[test]
fn a_key_from_the_environment_is_stored() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url).variable("VSAI_API_KEY", KEY);
    home.check(
        "login",
        str![[r#"
exit 0
--- stdout
✓ logged in as developer@example.com (profile default, http://127.0.0.1:[PORT]/v2)
--- stderr
storing the key in VSAI_API_KEY

"#]],
    );
    home.check("login --json", str![[r#"
exit 0
--- stdout
{"kind":"login","schema":"vsai.login/1","profile":"default","api_url":"http://127.0.0.1:[PORT]/v2","email":"developer@example.com","uid":"sandbox_[..]"}
--- stderr
storing the key in VSAI_API_KEY

"#]]);
}

#[test]
fn a_key_is_typed_unseen() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let mut terminal = Terminal::start(&home, "login");
    terminal.asks("API key: ").answer_unseen(KEY);
    home.compare_text(
        &terminal.end(),
        str![[r#"
exit 0
API key: 
✓ logged in as developer@example.com (profile default, http://127.0.0.1:[PORT]/v2)

"#]],
    );
    assert!(home.read(".config/vsai/credentials.toml").contains(KEY));
}

#[test]
fn ctrl_c_at_the_question_stores_nothing() {
    let home = home_at("http://127.0.0.1:9/v2");
    let mut terminal = Terminal::start(&home, "login");
    terminal.asks("API key: ").control('c');
    home.compare_text(
        &terminal.end(),
        str![[r#"
killed by SIGINT
API key: 

"#]],
    );
    assert!(!home.path().join(".config").exists());
}

#[test]
fn with_nobody_to_ask_it_says_how_else() {
    let home = Home::new();
    home.check(
        "login",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot ask for "API key": there is no terminal
  hint: vsai login --stdin < FILE, or set VSAI_API_KEY

"#]],
    );
    let mut terminal = Terminal::start(&home, "login --no-input");
    terminal.asks("");
    home.compare_text(
        &terminal.end(),
        str![[r#"
exit 2
error: cannot ask for "API key": --no-input forbids it
  hint: vsai login --stdin < FILE, or set VSAI_API_KEY

"#]],
    );
}

#[test]
fn a_key_as_argument_is_refused_and_not_repeated() {
    let home = home_at("http://127.0.0.1:9/v2");
    home.check(
        &format!("login {KEY}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: a secret is not taken as an argument: shell history keeps it, and other users see it in ps
  hint: vsai login asks for it; or vsai login --stdin, or VSAI_API_KEY

"#]],
    );
    home.check(&format!("login --stdin {KEY} {KEY} --json"), str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"usage","message":"a secret is not taken as an argument: shell history keeps it, and other users see it in ps","hint":"vsai login asks for it; or vsai login --stdin, or VSAI_API_KEY"}
--- stderr
error: a secret is not taken as an argument: shell history keeps it, and other users see it in ps
  hint: vsai login asks for it; or vsai login --stdin, or VSAI_API_KEY

"#]]);
    home.check(
        &format!("login --key={KEY}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: a secret is not taken as an argument: shell history keeps it, and other users see it in ps
  hint: vsai login asks for it; or vsai login --stdin, or VSAI_API_KEY

"#]],
    );
}

#[test]
fn a_key_that_the_api_refuses_is_not_stored() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.check_with("login --stdin", b"wrong", str![[r#"
exit 4
--- stdout
--- stderr
error: GET /user at http://127.0.0.1:[PORT]: the API key was refused (401): Unauthorized: the sandbox takes keys that start with vsai-sandbox
  hint: vsai login stores another key; vsai whoami tells which is used

"#]]);
    let real = "vsai-pk-11111111-2222-3333-4444-555555555555";
    home.confidential(real);
    home.check_with("login --stdin --json", real.as_bytes(), str![[r#"
exit 4
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"key_refused","message":"GET /user at http://127.0.0.1:[PORT]: the API key was refused (401): Unauthorized: this looks like a real API key (vsai-pk-…): never send one to a sandbox; use vsai-sandbox","hint":"vsai login stores another key; vsai whoami tells which is used"}
--- stderr
error: GET /user at http://127.0.0.1:[PORT]: the API key was refused (401): Unauthorized: this looks like a real API key (vsai-pk-…): never send one to a sandbox; use vsai-sandbox
  hint: vsai login stores another key; vsai whoami tells which is used

"#]]);
    assert!(!home.path().join(".config").exists());
}

#[test]
fn refuses_what_cannot_be_a_key() {
    let home = Home::new();
    for key in ["", "\n"] {
        home.check_with(
            "login --stdin",
            key.as_bytes(),
            str![[r#"
exit 4
--- stdout
--- stderr
error: the API key cannot be sent: it is empty

"#]],
        );
    }
    home.check_with(
        "login --stdin",
        b"two words",
        str![[r#"
exit 4
--- stdout
--- stderr
error: the API key cannot be sent: there is white space in it

"#]],
    );
    home.check_with(
        "login --stdin",
        "schl\u{fc}ssel".as_bytes(),
        str![[r#"
exit 4
--- stdout
--- stderr
error: the API key cannot be sent: it has characters that a header cannot carry

"#]],
    );
    home.check_with(
        "login --stdin",
        b"\xff\xfe",
        str![[r#"
exit 4
--- stdout
--- stderr
error: the API key cannot be sent: it has characters that a header cannot carry

"#]],
    );
}

#[test]
fn a_key_is_never_sent_in_plain_text_to_another_machine() {
    let home = home_at("http://api.example.com/v2").variable("VSAI_API_KEY", KEY);
    home.check(
        "login",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the API URL "http://api.example.com/v2" (environment) is not valid: plain http goes to loopback only; use https

"#]],
    );
    home.check(
        "whoami --api-url http://192.0.2.1/v2",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the API URL "http://192.0.2.1/v2" (flag) is not valid: plain http goes to loopback only; use https

"#]],
    );
}

#[test]
fn refuses_addresses_that_are_none() {
    let home = Home::new().variable("VSAI_API_KEY", KEY);
    home.confidential("hunter2");
    for (url, expected) in [
        (
            "https://user:hunter2@api.example.com/v2",
            str![[r#"
exit 2
--- stdout
--- stderr
error: the API URL "https://…@api.example.com/v2" (flag) is not valid: a URL with a user name or password is not taken

"#]],
        ),
        (
            "api.example.com",
            str![[r#"
exit 2
--- stdout
--- stderr
error: the API URL "api.example.com" (flag) is not valid: it is not an absolute URL

"#]],
        ),
        (
            "ftp://api.example.com",
            str![[r#"
exit 2
--- stdout
--- stderr
error: the API URL "ftp://api.example.com" (flag) is not valid: it must start with https://

"#]],
        ),
        (
            "https://api.example.com/v2?key=1",
            str![[r#"
exit 2
--- stdout
--- stderr
error: the API URL "https://api.example.com/v2?key=1" (flag) is not valid: it has a query or a fragment

"#]],
        ),
    ] {
        home.check(&format!("whoami --api-url {url}"), expected);
    }
}

#[test]
fn a_stored_key_is_bound_to_the_api_that_it_was_stored_for() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    login(&home);
    let other = Api::answering(|_| json(200, "{}"));
    home.check(
        &format!("whoami --api-url {}", other.url),
        str![[r#"
exit 4
--- stdout
--- stderr
error: profile default has an API key for http://127.0.0.1:[PORT]/v2, which is not sent to http://127.0.0.1:[PORT]/v2
  hint: a profile for it: vsai -p NAME --api-url http://127.0.0.1:[PORT]/v2 login

"#]],
    );
    assert!(other.requests().is_empty());
}

#[test]
fn the_api_that_a_key_was_stored_for_is_the_profiles_own() {
    let sandbox = Sandbox::start("");
    login(&home_at(&sandbox.url));
    let home = Home::new();
    home.confidential(KEY);
    let output = home.run_with(&format!("-p studio --api-url {} login --stdin", sandbox.url), KEY.as_bytes());
    home.compare(
        &output,
        str![[r#"
exit 0
--- stdout
✓ logged in as developer@example.com (profile studio, http://127.0.0.1:[PORT]/v2)
--- stderr

"#]],
    );
    home.check(
        "-p studio whoami",
        str![[r#"
exit 0
--- stdout
account        developer@example.com
uid            sandbox_[..]
staging        0 of 100 photos used, 100 left
image editing  0 photos used, no limit
profile        studio  (flag)
API            http://127.0.0.1:[PORT]/v2  (profile)
API key        set  (profile)
webhook secret not set
--- stderr

"#]],
    );
}

#[test]
fn whoami_says_which_source_won() {
    let sandbox = Sandbox::start("--photos 1");
    let home = home_at(&sandbox.url).variable("VSAI_API_KEY", KEY).variable("VSAI_WEBHOOK_SECRET", "whsec-0123456789");
    home.confidential("whsec-0123456789");
    home.check(
        "whoami",
        str![[r#"
exit 0
--- stdout
account        developer@example.com
uid            sandbox_[..]
staging        0 of 1 photos used, 1 left
image editing  0 photos used, no limit
profile        default  (default)
API            http://127.0.0.1:[PORT]/v2  (environment)
API key        set  (environment)
webhook secret 2a3782dd  (environment)
--- stderr

"#]],
    );
    home.check("whoami --json", str![[r#"
exit 0
--- stdout
{"kind":"identity","schema":"vsai.identity/1","email":"developer@example.com","uid":"sandbox_[..]","photos":{"staging":{"used":0,"limit":1},"image_editing":{"used":0,"limit":"UNLIMITED"}},"profile":{"value":"default","source":"default"},"api_url":{"value":"http://127.0.0.1:[PORT]/v2","source":"environment"},"api_key":{"value":{},"source":"environment"},"webhook_secret":{"value":["2a3782dd"],"source":"environment"},"webhook_secret_member":{"value":"secret","source":"default"}}
--- stderr

"#]]);
    home.check(
        &format!("-p sandbox --api-url {} whoami", sandbox.url),
        str![[r#"
exit 0
--- stdout
account        developer@example.com
uid            sandbox_[..]
staging        0 of 1 photos used, 1 left
image editing  0 photos used, no limit
profile        sandbox  (flag)
API            http://127.0.0.1:[PORT]/v2  (flag)
API key        set  (default)
webhook secret not set
--- stderr
warning: --profile sandbox sets VSAI_API_KEY, VSAI_API_URL, VSAI_WEBHOOK_SECRET aside

"#]],
    );
}

#[test]
fn the_profile_flag_sets_the_environment_aside_with_a_warning() {
    let other = Api::answering(|_| json(200, "{}"));
    let home = home_at(&other.url).variable("VSAI_API_KEY", KEY).variable("VSAI_WEBHOOK_SECRET", "whsec-0123456789");
    home.file(".config/vsai/config.toml", "[profiles.studio]\napi_url = 'https://api.example.com/v2'\n");
    home.check("-p studio whoami --json", str![[r#"
exit 4
--- stdout
{"kind":"warning","schema":"vsai.warning/1","code":"environment_set_aside","message":"--profile studio sets VSAI_API_KEY, VSAI_API_URL, VSAI_WEBHOOK_SECRET aside"}
{"kind":"error","schema":"vsai.error/1","code":"no_key","message":"there is no API key for profile studio","hint":"vsai -p studio login; without an account: vsai demo"}
--- stderr
warning: --profile studio sets VSAI_API_KEY, VSAI_API_URL, VSAI_WEBHOOK_SECRET aside
error: there is no API key for profile studio
  hint: vsai -p studio login; without an account: vsai demo

"#]]);
    home.check(
        "-p studio secret show",
        str![[r#"
exit 2
--- stdout
--- stderr
warning: --profile studio sets VSAI_API_KEY, VSAI_API_URL, VSAI_WEBHOOK_SECRET aside
error: there is no webhook secret for profile studio
  hint: vsai -p studio secret set --generate, or name a file with --secret-file

"#]],
    );
    assert!(other.requests().is_empty());
}

#[test]
fn whoami_shows_what_the_account_tells() {
    let tells = |account: &'static str| Api::answering(move |_| json(200, account));
    for (account, expected) in [
        (
            r#"{"user":{"email":"a@b.example","uid":"u1"},"photoLimit":{"staging":"UNLIMITED","imageEditing":10},"photosUsedThisPeriod":{"staging":7,"imageEditing":12}}"#,
            str![[r#"
exit 0
--- stdout
account        a@b.example
uid            u1
staging        7 photos used, no limit
image editing  12 of 10 photos used, 0 left
profile        default  (default)
API            http://127.0.0.1:[PORT]/v2  (environment)
API key        set  (environment)
webhook secret not set
--- stderr

"#]],
        ),
        (
            r#"{"user":null,"photoLimit":150}"#,
            str![[r#"
exit 0
--- stdout
account        unknown
uid            unknown
staging        unknown
profile        default  (default)
API            http://127.0.0.1:[PORT]/v2  (environment)
API key        set  (environment)
webhook secret not set
--- stderr

"#]],
        ),
        (
            r#"{"user":{"email":"evil\u001b[31m\u202e@b.example"},"photoLimit":{"staging":"some"}}"#,
            str![[r#"
exit 0
--- stdout
account        evil[31m@b.example
uid            unknown
staging        unknown of "some" photos used
profile        default  (default)
API            http://127.0.0.1:[PORT]/v2  (environment)
API key        set  (environment)
webhook secret not set
--- stderr

"#]],
        ),
    ] {
        let api = tells(account);
        home_at(&api.url).variable("VSAI_API_KEY", KEY).check("whoami", expected);
        let authorization = format!("authorization: Api-Key {KEY}");
        assert!(api.requests()[0].headers.to_lowercase().contains(&authorization.to_lowercase()));
    }
}

#[test]
fn without_a_key_it_says_how_to_get_one() {
    let home = Home::new();
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
    home.check("whoami --json", str![[r#"
exit 4
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"no_key","message":"there is no API key for profile default","hint":"vsai login, or set VSAI_API_KEY; without an account: vsai demo"}
--- stderr
error: there is no API key for profile default
  hint: vsai login, or set VSAI_API_KEY; without an account: vsai demo

"#]]);
}

#[test]
fn logout_forgets_the_key_and_keeps_the_secret() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    login(&home);
    home.run("secret set --generate");
    home.check(
        "logout",
        str![[r#"
exit 0
--- stdout
✓ forgot the API key of profile default
--- stderr

"#]],
    );
    home.check(
        "logout",
        str![[r#"
exit 0
--- stdout
profile default has no stored API key
--- stderr

"#]],
    );
    home.check(
        "logout --json",
        str![[r#"
exit 0
--- stdout
{"kind":"logout","schema":"vsai.logout/1","profile":"default","had_key":false}
--- stderr

"#]],
    );
    let credentials = home.read(".config/vsai/credentials.toml");
    assert!(credentials.contains("webhook_secret") && !credentials.contains(KEY), "{credentials}");
}

#[test]
fn credentials_that_others_can_read_are_refused_with_the_command_that_mends_it() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    login(&home);
    let path = home.path().join(".config/vsai/credentials.toml");
    std::fs::set_permissions(&path, Permissions::from_mode(0o640)).expect("changed");
    home.check(
        "whoami",
        str![[r#"
exit 2
--- stdout
--- stderr
error: other users can read the credentials in [HOME]/.config/vsai/credentials.toml (mode 0640)
  hint: chmod 600 [HOME]/.config/vsai/credentials.toml

"#]],
    );
    home.check("logout --json", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"insecure_file","message":"other users can read the credentials in [HOME]/.config/vsai/credentials.toml (mode 0640)","hint":"chmod 600 [HOME]/.config/vsai/credentials.toml"}
--- stderr
error: other users can read the credentials in [HOME]/.config/vsai/credentials.toml (mode 0640)
  hint: chmod 600 [HOME]/.config/vsai/credentials.toml

"#]]);
    let mended = home.bash("chmod 600 $HOME/.config/vsai/credentials.toml && vsai whoami -q > /dev/null");
    assert!(mended.status.success());
}

#[test]
fn a_broken_settings_or_credentials_file_is_named_and_not_quoted() {
    let home = Home::new();
    home.confidential(KEY);
    home.secret_file(".config/vsai/config.toml", format!("profile = 'default'\napi_key = '{KEY}'\n"));
    home.check("whoami", str![[r#"
exit 2
--- stdout
--- stderr
error: the settings in [HOME]/.config/vsai/config.toml are not valid: unknown field `api_key`, expected `profile` or `profiles` (line 2)

"#]]);
    std::fs::remove_file(home.path().join(".config/vsai/config.toml")).expect("removed");
    let path = home.file(".config/vsai/credentials.toml", format!("[profiles.default]\napi_key = {KEY}\n"));
    std::fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("changed");
    home.check(
        "whoami",
        str![[r#"
exit 2
--- stdout
--- stderr
error: the credentials in [HOME]/.config/vsai/credentials.toml are not valid TOML of this version (line 2)

"#]],
    );
}

#[test]
fn a_profile_that_is_not_there_is_named() {
    let home = Home::new();
    home.file(".config/vsai/config.toml", "[profiles.studio]\n");
    home.check(
        "-p stduio whoami",
        str![[r#"
exit 2
--- stdout
--- stderr
error: there is no profile "stduio"; there are: default, sandbox, studio
  hint: vsai -p stduio login makes it

"#]],
    );
    home.check(
        "-p ../x login",
        str![[r#"
exit 2
--- stdout
--- stderr
error: a profile's name has letters, digits, '-' and '_' only, not "../x"

"#]],
    );
    home.check(
        "-p studio whoami",
        str![[r#"
exit 4
--- stdout
--- stderr
error: there is no API key for profile studio
  hint: vsai -p studio login; without an account: vsai demo

"#]],
    );
}

#[test]
fn credentials_that_cannot_be_stored_are_an_error() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.file("file", "");
    home.check_with(
        "login --stdin --config-dir file",
        KEY.as_bytes(),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read the credentials in file/credentials.toml: not a directory

"#]],
    );
    home.check_with(
        "login --stdin --config-dir file/below",
        KEY.as_bytes(),
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot read the credentials in file/below/credentials.toml: not a directory

"#]],
    );
}
