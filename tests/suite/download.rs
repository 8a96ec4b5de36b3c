//! `vsai render download`: pictures on disk, what it says about them, and its exit codes.

use std::path::Path;
use std::process::Command;

use serde_json::Value;
use snapbox::str;

use super::Home;
use super::api::{Api, Sandbox, json as answer_json};
use super::terminal::Terminal;

const KEY: &str = "vsai-sandbox-download";
const STAGED: &str = "https://example.com/room.jpg --room living --style modern";

fn home_at(url: &str) -> Home {
    let home = Home::new().variable("VSAI_API_URL", url).variable("VSAI_API_KEY", KEY);
    home.confidential(KEY);
    home
}

/// Submits and waits until everything is drawn.
fn finished_render(home: &Home, more: &str) -> String {
    let created = home.stdout(&format!("render create {STAGED} {more} --json -q"));
    let created: Value = serde_json::from_str(&created).expect("a record");
    let id = created["id"].as_str().expect("an id").to_owned();
    while home.stdout(&format!("render get {id}")).contains("pending") {}
    id
}

fn pictures(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).expect("listed").flatten();
    let mut names: Vec<_> = entries.map(|entry| entry.file_name().into_string().expect("UTF-8")).collect();
    names.retain(|name| name.ends_with(".jpg") || name.ends_with(".webp") || name.ends_with(".part"));
    names.sort();
    names
}

#[test]
fn saves_the_pictures_once_and_tells_of_each() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let id = finished_render(&home, "");
    home.check(
        &format!("render download {id} --to pictures"),
        str![[r#"
exit 0
--- stdout
saved pictures/example.com-room-staging-var_XrVlVAITdYBdSoPW.jpg  1536x1024  158 KiB
--- stderr
1 saved; look at them: pictures/index.html

"#]],
    );
    home.check(&format!("render download {id} --to pictures --json"), str![[r#"
exit 0
--- stdout
{"kind":"download","schema":"vsai.download/1","path":"pictures/example.com-room-staging-var_XrVlVAITdYBdSoPW.jpg","bytes":161713,"width":1536,"height":1024,"render_id":"rnd_5dkJFtSYIYhHvzHN","variation_id":"var_XrVlVAITdYBdSoPW","view":1,"variant":"full","there_already":true}
--- stderr
1 there already; look at them: pictures/index.html

"#]]);
    home.check(
        &format!("render download {id} --to pictures --variant optimized --name {{room}}_{{n}}"),
        str![[r#"
exit 0
--- stdout
saved pictures/living_1-optimized.webp  1536x1024  31 KiB
--- stderr
1 saved; look at them: pictures/index.html

"#]],
    );
    let folder = home.path().join("pictures");
    assert_eq!(pictures(&folder), ["example.com-room-staging-var_XrVlVAITdYBdSoPW.jpg", "living_1-optimized.webp"]);
    for name in pictures(&folder) {
        let picture = std::fs::read(folder.join(&name)).expect("there");
        assert!(picture.starts_with(b"\xff\xd8\xff") || picture.starts_with(b"RIFF"), "{name}");
    }
}

#[test]
fn what_is_not_finished_is_3_and_how_to_go_on_is_said() {
    let sandbox = Sandbox::start("--speed 0.001");
    let home = home_at(&sandbox.url);
    let created = home.stdout(&format!("render create {STAGED} --json -q"));
    let created: Value = serde_json::from_str(&created).expect("a record");
    home.check(
        &format!("render download {}", created["id"].as_str().expect("an id")),
        str![[r#"
exit 3
--- stdout
--- stderr
render rnd_5dkJFtSYIYhHvzHN is not finished; go on with: vsai render wait rnd_5dkJFtSYIYhHvzHN

"#]],
    );
    assert!(!home.path().join("index.html").exists());
}

#[test]
fn failed_and_deleted_variations_are_told_of() {
    let api = Api::answering(|request| {
        let deleted = r#"{"id":"gone","variations":[{"id":"v1","status":"deleted"}]}"#;
        let failed = r#"{"id":"K3failed0fv1","variations":[{"id":"v1","status":"error","error_message":"no room\u001b[31m found"},{"id":"v2","status":"deleted"}]}"#;
        answer_json(200, if request.line.contains("/gone") { deleted } else { failed })
    });
    let home = home_at(&api.url);
    home.check(
        "render download K3failed0fv1 gone",
        str![[r#"
exit 1
--- stdout
--- stderr
warning: variation v1 has failed: no room[31m found
warning: all variations of render gone are deleted

"#]],
    );
}

#[test]
fn an_unknown_render_is_1_and_does_not_stop_the_others() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.check(
        "render download rnd_nowhere",
        str![[r#"
exit 1
--- stdout
--- stderr
error: GET /renders/rnd_nowhere at http://127.0.0.1:[PORT]: not found (404): Render not found
  hint: ids belong to one account: vsai whoami tells which is in use

"#]],
    );
    let id = finished_render(&home, "");
    home.check(&format!("render download rnd_nowhere {id} --json"), str![[r#"
exit 3
--- stdout
{"kind":"error","schema":"vsai.error/1","code":"refused","message":"GET /renders/rnd_nowhere at http://127.0.0.1:[PORT]: not found (404): Render not found","hint":"ids belong to one account: vsai whoami tells which is in use"}
{"kind":"download","schema":"vsai.download/1","path":"example.com-room-staging-var_XrVlVAITdYBdSoPW.jpg","bytes":161713,"width":1536,"height":1024,"render_id":"rnd_5dkJFtSYIYhHvzHN","variation_id":"var_XrVlVAITdYBdSoPW","view":1,"variant":"full","there_already":false}
--- stderr
error: GET /renders/rnd_nowhere at http://127.0.0.1:[PORT]: not found (404): Render not found
  hint: ids belong to one account: vsai whoami tells which is in use
1 saved; look at them: index.html

"#]]);
}

#[test]
fn a_name_that_cannot_be_is_refused_before_anything_is_written() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    home.check("render download rnd_1 --name {id}", str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value '{id}' for '--name <TEMPLATE>': there is no {id}; known: {render} {variation} {n} {view} {kind} {source} {room} {style} {row} {variant}

"#]]);
    home.check("render download rnd_1 --name ../{variation}", str![[r#"
exit 2
--- stdout
--- stderr
error: invalid value '../{variation}' for '--name <TEMPLATE>': a name holds letters, digits and ._- beside its tokens, not '/'

"#]]);
    let id = finished_render(&home, "-n 2");
    home.check(
        &format!("render download {id} --name {{room}}"),
        str![[r#"
exit 2
--- stdout
--- stderr
error: variations var_XrVlVAITdYBdSoPW and var_2dcEAIKdE5t5WN26 would both be saved as living
  hint: {variation} in --name tells them apart

"#]],
    );
    assert_eq!(pictures(home.path()), [""; 0]);
}

#[test]
fn files_of_somebody_else_stay_as_they_are() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let id = finished_render(&home, "");
    home.file("index.html", "<title>my site</title>");
    home.file("living.jpg", "mine");
    home.check(
        &format!("render download {id} --name {{room}}"),
        str![[r#"
exit 1
--- stdout
--- stderr
error: cannot save variation var_XrVlVAITdYBdSoPW: there is another file at living.jpg, which is left as it is
  hint: --overwrite replaces it

"#]],
    );
    home.check(
        &format!("render download {id} --name {{room}} --overwrite"),
        str![[r#"
exit 0
--- stdout
saved living.jpg  1536x1024  158 KiB
--- stderr
warning: index.html is not of vsai and was left as it is: there is no page to look at the pictures
1 saved

"#]],
    );
    assert_eq!(home.read("index.html"), "<title>my site</title>");
    home.file("site/pictures.json", "[]");
    home.check(&format!("render download {id} --to site"), str![[r#"
exit 2
--- stdout
--- stderr
error: site/pictures.json is no list of pictures that this version of vsai understands: it is damaged, or another program has written it
  hint: name another folder, or move that file away

"#]]);
}

#[test]
fn a_full_disk_is_2_and_leaves_nothing_half_done() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let id = finished_render(&home, "");
    let program = home.command("").get_program().to_owned();
    let mut command = home.in_home(Command::new("sh"));
    let script = format!("trap '' XFSZ; ulimit -S -f 64; exec \"$0\" render download {id} --to pictures");
    let output = command.args(["-c", &script]).arg(program).output().expect("started");
    home.compare(
        &output,
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot save variation var_XrVlVAITdYBdSoPW: cannot write in pictures: file too large

"#]],
    );
    assert_eq!(pictures(&home.path().join("pictures")), [""; 0]);
}

#[test]
fn show_draws_the_pictures_of_a_folder_or_of_the_api() {
    let sandbox = Sandbox::start("");
    let home = home_at(&sandbox.url);
    let id = finished_render(&home, "");
    // Nothing answers there: what is drawn comes from the folder.
    let nowhere = "--api-url http://127.0.0.1:9/v2";
    home.stdout(&format!("render download {id} --to pictures"));
    for command in [format!("render show {id} --from pictures {nowhere}"), format!("render show {id}")] {
        let shown = Terminal::start(&home, &command).end();
        assert!(shown.starts_with("exit 0\n") && shown.contains("Living, modern  var_"), "{shown}");
        assert!(shown.matches('▄').count() > 500, "{shown}");
    }
    let shown = Terminal::start(&home, &format!("render show {id} --variation none --from pictures")).end();
    assert!(shown.contains("error: there is no finished picture of variation none"), "{shown}");
    assert!(shown.starts_with("exit 1\n"), "{shown}");
    assert_eq!(pictures(home.path()), [""; 0], "nothing is kept");
}

#[test]
fn show_draws_on_terminals_only() {
    Home::new().check(
        "render show rnd_1",
        str![[r#"
exit 2
--- stdout
--- stderr
error: cannot draw pictures: standard output is no terminal
  hint: vsai render get rnd_1 prints the links

"#]],
    );
}
