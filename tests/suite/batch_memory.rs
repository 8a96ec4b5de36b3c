//! What a batch of large photos takes at most, from the files to the saved pictures. `cargo bench --bench renders memory` measures
//! a thousand of them.
#![cfg(target_os = "linux")]
#![expect(clippy::print_stdout, reason = "the figure, for who looks")]

use std::time::Duration;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

use crate::Home;
use crate::api::Sandbox;

const PHOTOS: usize = 10;

/// Bytes. Two photos at work take some 180 MB; that no more are, and that nothing of them stays behind, is what is tested.
const MEMORY: u64 = 265_000_000;

/// 12 megapixels with light that falls off and grain.
fn photo() -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(1);
    let picture = RgbImage::from_fn(4000, 3000, |x, y| Rgb([(60 + x / 40 + y / 60) as u8 + random.u8(..18); 3]));
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 92).encode_image(&picture).expect("written");
    jpeg
}

/// The most bytes that a process has held; none once it has ended.
fn peak(process: u32) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse::<u64>().ok().map(|kibibytes| kibibytes * 1024)
}

#[test]
fn eight_large_photos_at_once_take_the_memory_of_two() {
    let sandbox = Sandbox::start("");
    let home = Home::new().variable("VSAI_API_URL", &sandbox.url).variable("VSAI_API_KEY", "vsai-sandbox-memory");
    let jpeg = photo();
    for number in 0..PHOTOS {
        // A comment of one byte makes each a file of its own.
        let comment = [0xFF, 0xFE, 0, 3, number as u8];
        home.file(&format!("photos/{number}.jpg"), [&jpeg[..2], &comment, &jpeg[2..]].concat());
    }
    let mut running = home.start("-q render batch photos --room living --style modern --download out --yes -j 8");
    let mut most = 0;
    while !running.has_ended() {
        most = peak(running.pid()).unwrap_or(most);
        std::thread::sleep(Duration::from_millis(5));
    }
    let (code, _, stderr) = running.end();
    assert_eq!(code, Some(0), "{stderr}");
    println!("{PHOTOS} photos of {:.1} MB each: {:.0} MB", jpeg.len() as f64 / 1e6, most as f64 / 1e6);
    assert!(most < MEMORY, "{most} bytes");
}
