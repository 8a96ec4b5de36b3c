//! Photos as cameras make them: 12 megapixels, light that falls off and grain, some megabytes each, and no two files alike.

use std::path::Path;

use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};

const SIZE: (u32, u32) = (4000, 3000);

/// Pictures that are drawn; the others repeat them with another comment.
const DRAWN: usize = 4;

/// Writes so many photos into a folder and returns the bytes of all.
pub(crate) fn write(folder: &Path, number: usize) -> u64 {
    let drawn: Vec<Vec<u8>> = (0..DRAWN.min(number)).map(|seed| drawn(seed as u64)).collect();
    let mut bytes = 0;
    for photo in 0..number {
        let photo_bytes = with_comment(&drawn[photo % drawn.len()], &photo.to_string());
        bytes += photo_bytes.len() as u64;
        std::fs::write(folder.join(format!("{photo:04}.jpg")), photo_bytes).expect("written");
    }
    bytes
}

fn drawn(seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    let picture = RgbImage::from_fn(SIZE.0, SIZE.1, |x, y| {
        let light = 60 + (x * 120 / SIZE.0 + y * 60 / SIZE.1) as i32;
        let wall = if (x / 500 + y / 750) % 2 == 0 { 12 } else { 0 };
        Rgb([0, 8, 16].map(|warmth| (light + wall - warmth + random.i32(-12..=12)) as u8))
    });
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, 92).encode_image(&picture).expect("written");
    jpeg
}

/// The same picture in a file of its own.
fn with_comment(jpeg: &[u8], comment: &str) -> Vec<u8> {
    let length = u16::try_from(comment.len() + 2).expect("a short comment").to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xFE], &length, comment.as_bytes(), &jpeg[2..]].concat()
}
