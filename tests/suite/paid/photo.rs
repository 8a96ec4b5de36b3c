//! Photos that can be told from each other after they were prepared and furnished: a number, in sixteen squares along the
//! ceiling that are black or white.

use data_encoding::BASE64;
use image::{DynamicImage, GrayImage, Luma};

/// Side of a square, in pixels.
const SIDE: u32 = 16;

/// A PNG.
pub(super) fn numbered(number: u16) -> Vec<u8> {
    let shade = |x: u32, y: u32| match y {
        0..SIDE if number >> (x / SIDE) & 1 == 1 => 235,
        0..SIDE => 20,
        _ => 128,
    };
    let picture = GrayImage::from_fn(16 * SIDE, 10 * SIDE, |x, y| Luma([shade(x, y)]));
    let mut png = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut png, image::ImageFormat::Png).expect("written");
    png.into_inner()
}

/// The number that the photo in a data URL shows.
pub(super) fn number_of(url: &str) -> u16 {
    let base64 = url.strip_prefix("data:image/jpeg;base64,").expect("a JPEG in a data URL");
    let jpeg = BASE64.decode(base64.as_bytes()).expect("base64");
    number_in(image::load_from_memory(&jpeg).expect("a picture"))
}

/// The number that a picture shows.
pub(super) fn number_in(picture: DynamicImage) -> u16 {
    let picture = picture.into_luma8();
    let is_white = |bit: &u32| picture.get_pixel(bit * SIDE + SIDE / 2, SIDE / 2).0[0] > 128;
    (0..16).filter(is_white).map(|bit| 1 << bit).sum()
}
