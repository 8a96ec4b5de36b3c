//! `vsai completions` and `vsai man`: what is in `completions/` is what the program prints, and the shells take it.
//! `UPDATE_COMPLETIONS=1 cargo test --test suite completions` writes the folder anew.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use snapbox::str;

use super::Home;

/// Each file of the folder and the command that prints it.
const FILES: [(&str, &str); 6] = [
    ("vsai.bash", "completions bash"),
    ("_vsai", "completions zsh"),
    ("vsai.fish", "completions fish"),
    ("_vsai.ps1", "completions powershell"),
    ("vsai.elv", "completions elvish"),
    ("vsai.1", "man"),
];

#[test]
fn the_folder_holds_what_the_program_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let home = Home::new();
    for (name, arguments) in FILES {
        let output = home.run(arguments);
        assert!(output.status.success() && output.stderr.is_empty(), "{arguments}: {output:?}");
        if std::env::var_os("UPDATE_COMPLETIONS").is_some() {
            fs::create_dir_all(&folder).and_then(|()| fs::write(folder.join(name), &output.stdout)).expect("written");
        }
        let kept = fs::read(folder.join(name)).unwrap_or_default();
        assert!(
            kept == output.stdout,
            "completions/{name} is old: UPDATE_COMPLETIONS=1 cargo test --test suite completions"
        );
    }
}

/// Sources the script in a new bash and asks for what may follow these words.
fn completed(home: &Home, words: &[&str]) -> Output {
    let script = r#"
        source <(vsai completions bash) || exit
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
        $(complete -p vsai | sed 's/.* -F \([^ ]*\) .*/\1/') vsai "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
        printf '%s\n' "${COMPREPLY[@]}""#;
    home.bash(&format!("set -- {}; {script}", words.iter().map(|word| format!("'{word}' ")).collect::<String>()))
}

#[test]
fn bash_completes_commands_flags_and_values() {
    let home = Home::new();
    home.compare(
        &completed(&home, &["vsai", "s"]),
        str![[r#"
exit 0
--- stdout
secret
sandbox
sign
schema
--- stderr

"#]],
    );
    home.compare(
        &completed(&home, &["vsai", "secret", "set", "--"]),
        str![[r#"
exit 0
--- stdout
--from-file
--stdin
--generate
--reveal
--yes
--no-store
--member
--profile
--api-url
--ca-file
--config-dir
--json
--quiet
--verbose
--color
--no-input
--help
--- stderr

"#]],
    );
    home.compare(
        &completed(&home, &["vsai", "render", "list", "--order", ""]),
        str![[r#"
exit 0
--- stdout
asc
desc
--- stderr

"#]],
    );
}

#[test]
fn no_refused_flag_is_offered() {
    let home = Home::new();
    for (_, arguments) in FILES {
        let printed = home.stdout(arguments);
        for flag in ["--secret ", "--secret=", "-l secret ", "'--secret'", "Refused"] {
            assert!(!printed.contains(flag), "{arguments}: {flag}");
        }
    }
}

#[test]
fn the_man_page_shows_every_command_once() {
    let home = Home::new();
    let page = home.stdout("man");
    let help = home.stdout("--help");
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = commands.filter(|line| !line.starts_with("   ")).map(|line| line.split_whitespace().next());
    for name in names.map(|name| name.expect("a name")) {
        let heading = format!(".SH \"VSAI {}\"", name.to_uppercase());
        assert_eq!(page.lines().filter(|line| *line == heading).count(), 1, "{name}");
    }
    assert_eq!(page.matches("\n.TH ").count() + usize::from(page.starts_with(".TH ")), 1);
    assert!(!page.contains('\u{1b}'));
}

/// Where man is installed, it has nothing to complain of.
#[test]
fn man_takes_the_page() {
    let home = Home::new();
    home.file("vsai.1", home.stdout("man"));
    let mut man = Command::new("man");
    man.args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z", "vsai.1"]).current_dir(home.path());
    let Ok(output) = man.output() else { return };
    if output.status.success() {
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    }
}

#[test]
fn an_unknown_shell_is_refused() {
    Home::new().check(
        "completions tcsh",
        str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value 'tcsh' for '<SHELL>' [possible values: bash, elvish, fish, powershell, zsh]
  hint: a similar value exists: 'zsh'

"#]],
    );
    Home::new().check("completions --json", str![[r#"
exit 2
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"usage","message":"the following required arguments were not provided: <SHELL>","hint":"vsai completions --json <SHELL>"}
--- stderr
error: the following required arguments were not provided: <SHELL>
  hint: vsai completions --json <SHELL>

"#]]);
}
