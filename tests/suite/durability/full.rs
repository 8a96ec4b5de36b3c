//! A disk without room: a small file system of its own, or, where nothing can be mounted, a limit on the size of files.

use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

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

fn start(home: &Home) -> (Listening, Small) {
    home.file("secret", SECRET);
    std::fs::create_dir(home.path().join("small")).expect("made");
    let program = home.command("");
    let vsai = program.get_program().to_str().expect("a path");
    let listen = format!("exec {vsai} listen --port 0 --secret-file secret --journal small/events.db");
    let mounts = can_mount();
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
    let home = Home::new();
    let (mut listening, small) = start(&home);
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
    assert!(warning.contains("503") && warning.contains("events.db"), "{warning}");
    // As long as there is no room nothing more is taken, and nothing more is said.
    assert!((0..5).all(|number| !send(&format!("no room {number}"))));
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
    listening.signal("INT");
    assert_eq!(listening.end().0, Some(130));
}
