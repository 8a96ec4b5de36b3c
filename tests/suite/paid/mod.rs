//! A shoot that is killed at every step while requests and answers are lost on the way: each photo is paid for once.
//! `cargo test --test suite paid:: -- --nocapture` shows the figures.
#![expect(clippy::print_stdout, reason = "the seed and the figures, for `--nocapture` and for a failure")]

mod gate;
mod photo;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::time::Duration;

use gate::{Gate, STEPS};
use serde_json::Value;

use crate::Home;
use crate::api::Sandbox;
use crate::home::shown;
use crate::listening::{of_kind, records};

const KEY: &str = "vsai-sandbox-paid";

const PHOTOS: u16 = 200;

/// Requests with the same settings cannot be told apart.
const STYLES: [&str; 3] = ["modern", "luxury", "coastal"];

const BATCH: &str = "--json -q render batch rooms.csv --download out --yes -j 8 --settle-within 3s";

/// Runs of which each is killed at another step, unless it ends before.
const RUNS: usize = 40;

/// Runs the batch until the gate wants it killed; whether it was.
fn run_until_killed(home: &Home, gate: &Gate) -> bool {
    let mut running = home.start(BATCH);
    loop {
        if gate.reached.recv_timeout(Duration::from_millis(5)).is_ok() {
            // SIGKILL.
            drop(running);
            return true;
        }
        if running.has_ended() {
            let (code, stdout, stderr) = running.end();
            assert!(matches!(code, Some(0 | 3)), "exit {code:?}\n{stdout}{stderr}");
            return false;
        }
    }
}

/// Runs the batch to its end; its rows.
#[track_caller]
fn run(home: &Home, code: i32) -> Vec<Value> {
    let output = home.run(BATCH);
    assert_eq!(output.status.code(), Some(code), "{}", shown(&output));
    let records = records(&String::from_utf8(output.stdout).expect("UTF-8"));
    of_kind(&records, "row").into_iter().cloned().collect()
}

/// The number of a row's photo.
fn photo_of(row: &Value) -> u16 {
    let name = row["image"].as_str().expect("a name");
    name.trim_start_matches("photos/").trim_end_matches(".png").parse().expect("a number")
}

/// Each row has the render that was made for its photo, and none has another's.
#[track_caller]
fn check_renders(rows: &[Value], made: &HashMap<u16, Vec<String>>) {
    for row in rows {
        let of_photo = made.get(&photo_of(row));
        match row["render"].as_str() {
            Some(render) => assert!(of_photo.is_some_and(|made| made == &[render]), "{row}, but made: {of_photo:?}"),
            None => assert_eq!(of_photo, None, "{row}"),
        }
    }
}

#[test]
fn every_photo_is_paid_for_once() {
    let seed = fastrand::u64(..);
    let mut random = fastrand::Rng::with_seed(seed);
    println!("seed {seed}");
    let sandbox = Sandbox::start("--photos unlimited");
    let gate = Gate::before(&sandbox.url, seed);
    let home = Home::new().variable("VSAI_API_URL", &gate.url).variable("VSAI_API_KEY", KEY);
    home.confidential(KEY);
    let mut manifest = "image,room,style\n".to_owned();
    for number in 1..=PHOTOS {
        home.file(&format!("photos/{number}.png"), photo::numbered(number));
        manifest += &format!("photos/{number}.png,living,{}\n", STYLES[usize::from(number) % STYLES.len()]);
    }
    home.file("rooms.csv", manifest);

    let mut kills = BTreeMap::new();
    for run in 0..RUNS {
        let step = STEPS[run % STEPS.len()];
        gate.kill_at(step, random.usize(..3));
        let is_killed = run_until_killed(&home, &gate);
        gate.settle();
        if is_killed {
            *kills.entry(step).or_insert(0) += 1;
        }
    }
    let killed: usize = kills.values().sum();
    assert!(killed >= 30 && kills.len() == STEPS.len(), "too few photos for so many kills: {kills:?}");
    gate.repair();
    run_until_killed(&home, &gate);

    // What is unclear now is what never arrived: that alone cannot be told from what may still arrive.
    let unclear: BTreeMap<u16, String> = {
        let rows = run(&home, 3);
        let passed = gate.passed();
        check_renders(&rows, &passed.renders);
        let unclear = rows.iter().filter(|row| row["status"] == "unclear");
        let unclear: BTreeMap<_, _> =
            unclear.map(|row| (photo_of(row), row["job"].as_str().expect("a job").to_owned())).collect();
        let missing: BTreeSet<u16> = (1..=PHOTOS).filter(|photo| !passed.renders.contains_key(photo)).collect();
        assert_eq!(unclear.keys().copied().collect::<BTreeSet<_>>(), missing, "seed {seed}");
        unclear
    };
    for job in unclear.values() {
        home.stdout(&format!("render resolve {job} --resend"));
    }
    let rows = run(&home, 0);
    let passed = gate.passed();
    check_renders(&rows, &passed.renders);
    assert_eq!((rows.len(), passed.renders.len()), (PHOTOS.into(), PHOTOS.into()));
    for row in &rows {
        let [picture] = row["pictures"].as_array().expect("pictures").as_slice() else { panic!("{row}") };
        let path = home.path().join("out").join(picture.as_str().expect("a name"));
        let picture = image::open(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(photo::number_in(picture), photo_of(row), "{row}");
    }
    let listed = records(&home.stdout("--json render list --all"));
    let listed = of_kind(&listed, "render").len();
    assert_eq!(listed, usize::from(PHOTOS), "renders of the account");
    println!(
        "{PHOTOS} photos, {killed} kills {kills:?}, {} requests with faults {:?}, {} unclear and sent again: {listed} renders, each photo paid for once",
        passed.posts,
        passed.faults,
        unclear.len(),
    );
}
