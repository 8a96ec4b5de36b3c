//! The house's rules: imports run downward only, and some modules keep away from some things. Reads the sources, not the
//! compiled program, and leaves test code out: a test may use what it likes.

#[path = "support/rust_paths.rs"]
mod rust_paths;

use std::path::Path;

use rust_paths::{Source, sources_below};

/// Each top-level module or file of `src/`, from the bottom up. What is on no floor fails.
const FLOORS: [&[&str]; 8] = [
    &["protocol"],
    &[
        "address",
        "child",
        "correlation",
        "database",
        "files",
        "http_client",
        "json_path",
        "output",
        "payload",
        "quantity",
        "serve",
        "signals",
    ],
    &["client", "config", "images", "journal", "ledger"],
    &["delivery", "jobs"],
    &["inspector", "listener", "sandbox"],
    &["context", "error"],
    &["commands"],
    &["cli", "main"],
];

/// Floors on which modules know nothing of each other.
const APART: std::ops::RangeInclusive<usize> = 2..=4;

/// All that the sandbox may use of ours, so that it reads the API's description on its own.
const SANDBOX_USES: [&str; 9] = [
    "serve",
    "images",
    "delivery",
    "protocol::canonical_json",
    "protocol::Matched",
    "protocol::Secret",
    "protocol::Signature",
    "protocol::SigningKey",
    "protocol::Verifier",
];

/// What a library without I/O, clock, runtime and command line does not touch.
const NOT_IN_PROTOCOL: [&str; 16] = [
    "axum",
    "clap",
    "colored",
    "getrandom",
    "hyper",
    "jiff",
    "reqwest",
    "rusqlite",
    "tokio",
    "std::env",
    "std::fs",
    "std::io",
    "std::net",
    "std::process",
    "std::thread",
    "std::time",
];

/// What reaches the terminal.
const PRINTING: [&str; 7] = ["print!", "println!", "eprint!", "eprintln!", "dbg!", "io::stdout", "io::stderr"];

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// Every rule that a file breaks, in words.
fn broken_rules(source: &Source) -> Vec<String> {
    let module = source.module.first().map_or("lib", String::as_str);
    if module == "lib" {
        return Vec::new();
    }
    let Some(floor) = floor_of(module) else { return vec![format!("{module} is on no floor")] };
    let mut broken = Vec::new();
    for path in &source.paths {
        let parts: Vec<&str> = path.split("::").collect();
        if let ["crate", target, rest @ ..] = parts.as_slice() {
            broken.extend(broken_by_import(source, floor, target, rest));
        }
        let starts_with = |prefix: &&str| path == *prefix || path.starts_with(&format!("{prefix}::"));
        if module == "protocol" && NOT_IN_PROTOCOL.iter().any(starts_with) {
            broken.push(format!("protocol uses {path}"));
        }
        if path.starts_with("colored::") && source.module != ["output", "style"] {
            broken.push(format!("{path} is for output/style.rs"));
        }
        let ends_with = |suffix: &&str| path == *suffix || path.ends_with(&format!("::{suffix}"));
        let prints = PRINTING.iter().any(&ends_with);
        // The context asks questions on the terminal.
        if prints && module != "output" && !(module == "context" && ends_with(&"io::stderr")) {
            broken.push(format!("{path} is for output/"));
        }
    }
    broken
}

fn broken_by_import(source: &Source, floor: usize, target: &str, rest: &[&str]) -> Option<String> {
    let module = source.module[0].as_str();
    let Some(target_floor) = floor_of(target) else {
        return Some(format!("it uses {target}, which is on no floor"));
    };
    if target == module {
        let [own, other] = [source.module.get(1).map(String::as_str), rest.first().copied()];
        let is_command = |name: &str| name.starts_with(|c: char| c.is_lowercase());
        let another = module == "commands" && own.is_some() && own != other && other.is_some_and(is_command);
        return another.then(|| format!("command {} uses command {}", own.unwrap_or(""), other.unwrap_or("")));
    }
    if target_floor > floor {
        return Some(format!("{module} (floor {floor}) looks up to {target} (floor {target_floor})"));
    }
    if target_floor == floor && APART.contains(&floor) {
        return Some(format!("{module} looks sideways to {target} (floor {floor})"));
    }
    if module == "sandbox" {
        let item = format!("{target}::{}", rest.first().unwrap_or(&"*"));
        let allowed = SANDBOX_USES.contains(&target) || SANDBOX_USES.contains(&item.as_str());
        return (!allowed).then(|| format!("sandbox uses {item}"));
    }
    None
}

#[test]
fn the_sources_keep_the_rules() {
    let sources = sources_below(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"));
    assert!(sources.len() > 100, "only {} files were read", sources.len());
    let imports: usize =
        sources.iter().flat_map(|source| &source.paths).filter(|path| path.starts_with("crate::")).count();
    assert!(imports > 300, "only {imports} imports were read");
    let broken: Vec<_> = sources
        .iter()
        .flat_map(|source| broken_rules(source).into_iter().map(|rule| format!("{}: {rule}", source.file.display())))
        .collect();
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_broken_rule_is_found() {
    for (file, text, rule) in [
        ("client/api.rs", "use crate::context::Context;", "client (floor 2) looks up to context (floor 5)"),
        ("client/api.rs", "fn f() { crate::context::g() }", "client (floor 2) looks up to context (floor 5)"),
        ("client/api.rs", "use super::super::error::Error;", "client (floor 2) looks up to error (floor 5)"),
        ("client/api.rs", "use crate::{files, config::Paths};", "client looks sideways to config (floor 2)"),
        (
            "client/tls/ca.rs",
            "mod inner { use super::super::super::super::journal::X; }",
            "client looks sideways to journal (floor 2)",
        ),
        ("jobs/mod.rs", "use crate::delivery::Target;", "jobs looks sideways to delivery (floor 3)"),
        (
            "listener/mod.rs",
            "use crate::{\n    // so\n    sandbox,\n};",
            "listener looks sideways to sandbox (floor 4)",
        ),
        ("output/text.rs", "use crate::client as c;", "output (floor 1) looks up to client (floor 2)"),
        ("protocol/event.rs", "pub use crate::output::*;", "protocol (floor 0) looks up to output (floor 1)"),
        ("commands/sign.rs", "use super::verify::X;", "command sign uses command verify"),
        ("commands/render/create.rs", "use crate::commands::listen;", "command render uses command listen"),
        ("sandbox/state.rs", "use crate::files::replace;", "sandbox uses files::replace"),
        ("sandbox/state.rs", "use crate::protocol::{Secret, render::Render};", "sandbox uses protocol::render"),
        ("sandbox/state.rs", "use crate::protocol::*;", "sandbox uses protocol::*"),
        ("protocol/secret.rs", "use std::fs;", "protocol uses std::fs"),
        ("protocol/secret.rs", "fn f() { ::std::net::lookup() }", "protocol uses std::net::lookup"),
        ("protocol/secret.rs", "use std::{fmt, time::Instant};", "protocol uses std::time::Instant"),
        ("protocol/secret.rs", "#[tokio::main] async fn f() {}", "protocol uses tokio::main"),
        ("output/text.rs", "use colored::Colorize;", "colored::Colorize is for output/style.rs"),
        ("serve.rs", "fn f() { println!(\"x\") }", "println! is for output/"),
        ("serve.rs", "use std::io::stdout;", "std::io::stdout is for output/"),
        ("commands/sign.rs", "fn f() { let _ = std::io::stderr(); }", "std::io::stderr is for output/"),
        ("context.rs", "fn f() { io::stdout() }", "io::stdout is for output/"),
        ("gadgets/mod.rs", "", "gadgets is on no floor"),
        ("cli.rs", "use crate::gadgets;", "it uses gadgets, which is on no floor"),
    ] {
        assert_eq!(broken_rules(&Source::read(Path::new(file), text)), [rule], "{file}: {text}");
    }
}

#[test]
fn what_is_allowed_is_not_found() {
    for (file, text) in [
        ("client/api.rs", "use crate::client::Options; use super::Api; use crate::protocol::Secret;"),
        ("commands/mod.rs", "pub(crate) mod sign; pub(crate) use self::sign::Sign;"),
        ("commands/sign.rs", "use crate::commands::Shared; use crate::context::Context;"),
        ("commands/render/create.rs", "use super::get::Get; use crate::commands::render::list;"),
        ("context.rs", "use crate::error::Error; fn f() { io::stderr().lock(); }"),
        ("output/style.rs", "use colored::Color; fn f() { println!() }"),
        ("sandbox/state.rs", "use crate::protocol::canonical_json::canonicalize; use crate::serve::{Limits, serve};"),
        ("sandbox/tests/renders.rs", "use crate::client::Api;"),
        ("sandbox/tests.rs", "use crate::client::Api;"),
        ("sandbox/mod.rs", "#[cfg(test)] mod tests { use crate::client::Api; fn f() { println!() } }"),
        ("sandbox/mod.rs", "#[cfg(test)]\n#[path = \"x.rs\"]\nuse crate::client::{Api, B};"),
        ("protocol/mod.rs", "//! use crate::client;\n/* std::fs /* std::net */ */ const A: &str = \"std::fs\";"),
        (
            "protocol/mod.rs",
            "const A: &str = r#\"\"std::fs\"\"#; const B: char = '\"'; const C: &str = \"\\\"std::fs\";",
        ),
        ("protocol/mod.rs", "fn f<'a>(x: &'a str) { std::fmt::Display::fmt(x) }"),
        ("lib.rs", "mod gadgets;"),
        ("main.rs", "fn main() { vsai::cli::main() }"),
    ] {
        assert_eq!(broken_rules(&Source::read(Path::new(file), text)), [""; 0], "{file}: {text}");
    }
}
