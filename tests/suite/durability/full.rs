//! A disk without room: a small file system of its own, or, where nothing can be mounted, a limit on the size of files.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use snapbox::str;

use super::kept;
use crate::home::{Home, PATIENCE, Running};
use crate::listening::Listening;
use crate::sender::{Post, SECRET, Wire, done};

/// Where the journal has little room.
enum Small {
    /// In a file system of a mebibyte and a half, of which a file takes up most.
    Mounted { ballast: PathBuf },
    /// No file may be larger than this for now.
    Limited { pid: u32 },
}

/// Whether this user may mount something in a space of its own.
fn can_mount() -> bool {
    let mount = "mount -t tmpfs -o size=64k tmpfs /mnt";
    Command::new("unshare").args(["-rm", "sh", "-c", mount]).output().is_ok_and(|output| output.status.success())
}

fn start(home: &Home, mounts: bool) -> (Listening, Small) {
    home.file("secret", SECRET);
    std::fs::create_dir(home.path().join("small")).expect("made");
    let program = home.command("");
    let vsai = program.get_program().to_str().expect("a path");
    let listen = format!("exec {vsai} listen --port 0 --secret-file secret --journal small/events.db");
    let script = if mounts {
        format!(
            "mount -t tmpfs -o size=1536k tmpfs small && dd if=/dev/zero of=small/ballast bs=1k count=1100 2>/dev/null \
             && {listen}"
        )
    } else {
        format!("trap '' XFSZ; ulimit -S -f 400; {listen}")
    };
    let mut command = if mounts { Command::new("unshare") } else { Command::new("sh") };
    command.args(if mounts { &["-rm", "sh", "-c"][..] } else { &["-c"] }).arg(script);
    let listening = Listening::wait(Running::new(home.in_home(command), "listen with little room"));
    let pid = listening.pid();
    let ballast = PathBuf::from(format!("/proc/{pid}/root{}/small/ballast", home.path().display()));
    let small = if mounts { Small::Mounted { ballast } } else { Small::Limited { pid } };
    (listening, small)
}

impl Small {
    fn make_room(&self) {
        match self {
            Self::Mounted { ballast } => std::fs::remove_file(ballast).expect("removed"),
            Self::Limited { pid } => {
                let limit = Command::new("prlimit").args(["--fsize=unlimited", "--pid", &pid.to_string()]).status();
                assert!(limit.expect("prlimit").success());
            }
        }
    }
}

#[test]
fn a_full_disk_is_answered_503_loses_nothing_and_is_got_over_without_a_restart() {
    // Where nothing can be mounted, this is the same as the next test.
    fill(can_mount());
}

#[test]
fn a_file_that_may_not_grow_is_answered_503_loses_nothing_and_is_got_over_without_a_restart() {
    fill(false);
}

#[track_caller]
fn fill(mounts: bool) {
    let home = Home::new();
    let (mut listening, small) = start(&home, mounts);
    let mut wire = Wire::open(listening.address);
    let mut send = |id: &str| {
        wire.write(&Post::signed(done("r", &format!("{id}-{}", "x".repeat(4_000)))).bytes());
        let answer = wire.answer().expect("an answer");
        assert!(matches!(answer.status, 200 | 503), "{}", answer.status);
        answer.status == 200
    };
    let acknowledged = (0..1_000).take_while(|number| send(&number.to_string())).count();
    assert!((5..1_000).contains(&acknowledged), "{acknowledged} found room");
    let warning = listening.note("warning: ");
    let reason = if mounts { "small/events.db: the disk is full; events are answered 503" } else { "answered 503" };
    assert!(warning.contains(reason), "{warning}");
    // As long as there is no room nothing more is taken, and nothing more is said.
    assert!((0..5).all(|number| !send(&format!("no room {number}"))));
    // A refusal cannot be kept either, which changes nothing for who is refused and for who reads of it.
    let refusal = Post::unsigned("x".repeat(100_000)).send(listening.address);
    assert_eq!(refusal.status, 401);
    assert!(listening.line("refused").contains("  refused -  no X-VSAI-Signature header  (100000 bytes"));
    small.make_room();
    let deadline = Instant::now() + PATIENCE;
    while !send("after") {
        assert!(Instant::now() < deadline, "there is room again");
    }
    let next = listening.note("");
    assert!(next.contains("can be written again"), "{next}");
    let copy = home.path().join("copy.db");
    let journal = format!("/proc/{}/root{}/small/events.db", listening.pid(), home.path().display());
    for end in ["", "-wal"] {
        std::fs::copy(format!("{journal}{end}"), format!("{}{end}", copy.display())).expect("copied");
    }
    let kept = kept(&home, "--journal copy.db");
    for number in 0..acknowledged {
        let id = format!("{number}-{}", "x".repeat(4_000));
        assert_eq!(kept.get(&id), Some(&(1, 1)), "{number}");
    }
    assert_eq!(kept.len(), acknowledged + 1, "what was put off is not kept, what came after is");
    Post::unsigned("x").send(listening.address);
    assert!(listening.line("refused").contains("  refused ref_1  "));
    listening.signal("INT");
    assert_eq!(listening.end().0, Some(130));
}

/// Runs `vsai listen` as somebody who has to heed permissions, which root has not; exit code and what it said.
fn listen_unprivileged(home: &Home) -> (Option<i32>, String) {
    let script = "test -w . && test $(id -u) = 0 && as='setpriv --bounding-set=-dac_override,-dac_read_search'
        $as vsai listen --port 0 --secret-file secret --journal folder/events.db --timeout 1ms";
    let output = home.bash(script);
    (output.status.code(), String::from_utf8(output.stderr).expect("UTF-8"))
}

#[test]
fn a_journal_that_cannot_be_written_stops_the_start_and_says_how_to_go_without() {
    let home = Home::new();
    home.file("secret", SECRET);
    let folder = home.path().join("folder");
    let mode = |path: &Path, mode| std::fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
    std::fs::create_dir(&folder).expect("made");
    mode(&folder, 0o500);
    let refused = |why: &str| {
        let (code, said) = listen_unprivileged(&home);
        let expected = format!("error: cannot use the journal folder/events.db: {why}\n");
        assert!(code == Some(2) && said.starts_with(&expected) && said.contains("hint: --no-journal"), "{said}");
    };
    refused("permission denied");
    mode(&folder, 0o700);
    assert_eq!(listen_unprivileged(&home).0, Some(0));
    mode(&folder.join("events.db"), 0o400);
    refused("permission denied");
}

#[test]
fn a_disk_that_is_full_or_read_only_stops_the_start() {
    let home = Home::new();
    home.file("secret", SECRET);
    let listen = "vsai listen --port 0 --secret-file secret --timeout 1ms --journal";
    if !can_mount() {
        // The most that can be shown: files that may not grow at all.
        let output = home.bash(&format!("trap '' XFSZ; ulimit -f 0; {listen} events.db"));
        assert_eq!(output.status.code(), Some(2));
        return;
    }
    let output = home.bash(&format!(
        "mkdir small; unshare -rm sh -c '
            mount -t tmpfs -o size=256k tmpfs small
            {listen} small/old.db
            mount -o remount,ro small
            {listen} small/old.db; echo $?; {listen} small/new.db; echo $?; vsai events list --journal small/old.db; echo $?
            mount -o remount,rw small; rm small/*; dd if=/dev/zero of=small/ballast bs=1k 2>dd
            {listen} small/new.db; echo $?; ls small'"
    ));
    home.compare(
        &output,
        str![[r#"
exit 0
--- stdout
2
2
2
2
ballast
--- stderr
listening on http://127.0.0.1:[PORT]/  secret 282fdcd7
0 verified events
error: cannot use the journal small/old.db: it cannot be written: it is read-only
  hint: --no-journal listens without one, and keeps nothing
error: cannot use the journal small/new.db: it cannot be written: it is read-only
  hint: --no-journal listens without one, and keeps nothing
error: cannot use the journal small/old.db: it cannot be written: it is read-only
  hint: looking at it needs write access to the file and its folder, too; a copy can be looked at
error: cannot use the journal small/new.db: the disk is full
  hint: free some 50 MB of that disk; then vsai events prune --older-than 30d --journal small/new.db makes more room
  hint: --no-journal listens without one, and keeps nothing

"#]],
    );
}
