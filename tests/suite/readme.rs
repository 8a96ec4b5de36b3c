//! The commands in the README do what it says.

use super::Home;
use super::api::Sandbox;
use super::home::shown;

const README: &str = include_str!("../../README.md");

/// The README's `sh` block that holds `text`.
fn block(text: &str) -> &'static str {
    let blocks = README.split("```sh\n").skip(1).map(|rest| rest.split("```").next().expect("the block ends"));
    blocks.into_iter().find(|block| block.contains(text)).expect("the README has such a block")
}

fn run(home: &Home, script: &str) -> String {
    let output = home.bash(&format!("set -euo pipefail\n{script}"));
    assert!(output.status.success(), "{}", shown(&output));
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[test]
fn signing_and_verifying_work_as_written() {
    let stdout = run(&Home::new(), block("vsai sign"));
    let signature = "68c8c7655fecf4cb107feb15e250cf107b76e84a14904f5852b17a5165685da6";
    assert_eq!(stdout.lines().filter(|line| *line == signature).count(), 2, "{stdout}");
    assert!(stdout.contains("event.json: ✓ verified"), "{stdout}");
}

#[test]
fn the_webhook_session_works_as_written() {
    let home = Home::new();
    let sandbox = Sandbox::start("");
    // The README's port may be taken on this machine.
    let script = block("--webhook-url @listen")
        .replace("-p sandbox", &format!("-p sandbox --api-url {}", sandbox.url))
        .replace("--timeout 2m &", "--timeout 2m --ready-file ready &\nuntil [ -s ready ]; do :; done");
    let stdout = run(&home, &script);
    assert_eq!(stdout.matches("✓ verified").count(), 3, "{stdout}");
    let stdout = run(&home, block("events stats"));
    assert_eq!(stdout.matches("evt_").count(), 6, "three are listed and verified: {stdout}");
    assert_eq!(stdout.matches("✓ verified").count(), 3, "{stdout}");
    let script = block("render wait").replace("-p sandbox", &format!("-p sandbox --api-url {}", sandbox.url));
    assert_eq!(run(&home, &script).matches(" done  by poll ").count(), 2);
    // The handler's place.
    let handler = home.listen_as("-p sandbox", "--no-journal");
    let script = block("events replay").replace("localhost:3000/hook", &handler.address.to_string());
    let stdout = run(&home, &script);
    assert_eq!(stdout.matches("  <--  200     POST ").count(), 6, "three as they came, three changed: {stdout}");
    let (_, stdout, _) = handler.interrupt();
    assert_eq!(stdout.matches("✓ verified").count(), 6, "{stdout}");
}
