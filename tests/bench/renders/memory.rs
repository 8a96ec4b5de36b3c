//! The most memory that a batch of large photos takes, from the files to the saved pictures.

use super::photos;
use super::programs::{Sandbox, run as run_program, vsai};

const AT_ONCE: usize = 8;

/// Runs the batch and prints its peak.
pub(crate) fn run(is_quick: bool) {
    let number = if is_quick { 80 } else { 1000 };
    let home = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let folder = home.path().join("photos");
    std::fs::create_dir(&folder).expect("made");
    let bytes = photos::write(&folder, number);
    println!("\n{number} photos of 12 megapixels, {:.1} MB each", bytes as f64 / 1e6 / number as f64);
    let sandbox = Sandbox::start("0", false);
    let arguments =
        format!("-q render batch photos --room living --style modern --download out --yes -j {AT_ONCE} --timeout 1h");
    let (took, peak) = run_program(vsai(&arguments, home.path(), &sandbox, "vsai-sandbox-memory", false));
    let saved = std::fs::read_dir(home.path().join("out")).expect("pictures").filter(|entry| {
        let name = entry.as_ref().expect("an entry").file_name();
        let name = name.to_string_lossy();
        name.ends_with(".jpg") && !name.starts_with("before-")
    });
    assert_eq!(saved.count(), number, "pictures on disk");
    println!("  vsai render batch -j {AT_ONCE}: peak {:.0} MB, {:.0} s", peak as f64 / 1e6, took.as_secs_f64());
    println!("  vsai sandbox: peak {:.0} MB", sandbox.peak_memory() as f64 / 1e6);
}
