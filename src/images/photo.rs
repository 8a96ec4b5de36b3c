//! A user's photo as it is sent: upright, at most 3072 pixels long, 8-bit RGB, JPEG, in its own colours and without any
//! other metadata, such as where it was taken.

use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageEncoder, RgbImage};

use super::foreign::{Bounds, DecodeError, Foreign};
use super::picture::Picture;

/// Longest side that is sent, in pixels.
const LONGEST_SIDE: u32 = 3072;

const QUALITY: u8 = 90;

/// 240 megapixels of 8-bit RGB: more than the largest sensors of cameras and phones have.
const BOUNDS: Bounds = Bounds { side: 65_535, bytes: 720_000_000 };

/// What the header of a good photo tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Photo {
    /// Bytes of memory that [`prepare`] takes for it, roughly.
    pub(crate) memory: u64,
}

/// Whether [`prepare`] would take these bytes, told without decoding them.
pub(crate) fn inspect(bytes: &[u8]) -> Result<Photo, DecodeError> {
    Ok(Photo { memory: Foreign::open(bytes, BOUNDS)?.memory() })
}

/// The JPEG that is sent of a JPEG, PNG or WebP; of an animation, its first picture.
pub(crate) fn prepare(bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    let mut foreign = Foreign::open(bytes, BOUNDS)?;
    let (orientation, profile) = (foreign.orientation(), foreign.rgb_profile());
    let mut image = DynamicImage::ImageRgb8(scaled(flattened(foreign.decode()?)));
    image.apply_orientation(orientation);
    let mut jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut jpeg, QUALITY);
    if let Some(profile) = profile {
        encoder.set_icc_profile(profile).expect("JPEG takes profiles");
    }
    encoder.encode_image(&image).expect("a side of at most 3072 fits a JPEG, and memory can be written");
    Ok(jpeg)
}

/// Transparent parts become white.
fn flattened(image: DynamicImage) -> RgbImage {
    let opaque = if image.color().has_alpha() { Picture::from_image(image).into_image() } else { image };
    opaque.into_rgb8()
}

fn scaled(image: RgbImage) -> RgbImage {
    let (width, height) = image.dimensions();
    let longest = width.max(height);
    if longest <= LONGEST_SIDE {
        return image;
    }
    let side = |side: u32| {
        let rounded = (u64::from(side) * u64::from(LONGEST_SIDE) + u64::from(longest) / 2) / u64::from(longest);
        rounded.max(1) as u32
    };
    let (new_width, new_height) = (side(width), side(height));
    let source = ImageRef::new(width, height, image.as_raw(), PixelType::U8x3).expect("three bytes a pixel");
    let mut target = Image::new(new_width, new_height, PixelType::U8x3);
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
    Resizer::new().resize(&source, &mut target, &options).expect("both have the same kind of pixels");
    RgbImage::from_raw(new_width, new_height, target.into_vec()).expect("three bytes a pixel")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    const RED: [u8; 3] = [255, 0, 0];
    const GREEN: [u8; 3] = [0, 255, 0];
    const BLUE: [u8; 3] = [0, 0, 255];
    const YELLOW: [u8; 3] = [255, 255, 0];
    const WHITE: [u8; 3] = [255, 255, 255];

    fn fixture(name: &str) -> Vec<u8> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/photos").join(name);
        std::fs::read(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn prepared(bytes: &[u8]) -> (Vec<u8>, RgbImage) {
        inspect(bytes).expect("a good photo");
        let jpeg = prepare(bytes).expect("a good photo");
        let image = image::load_from_memory_with_format(&jpeg, image::ImageFormat::Jpeg).expect("a JPEG");
        (jpeg, image.into_rgb8())
    }

    /// The colours of the middles of the four quarters: above left and right, below left and right.
    fn quarters(image: &RgbImage) -> [[u8; 3]; 4] {
        let (width, height) = image.dimensions();
        [(1, 1), (3, 1), (1, 3), (3, 3)].map(|(x, y)| image.get_pixel(width * x / 4, height * y / 4).0)
    }

    #[track_caller]
    fn assert_shows(name: &str, expected: [[u8; 3]; 4]) {
        let (_, image) = prepared(&fixture(name));
        assert_eq!(image.dimensions(), (96, 64), "{name}");
        let found = quarters(&image);
        let is_near = |(found, expected): (&[u8; 3], &[u8; 3])| (0..3).all(|i| found[i].abs_diff(expected[i]) < 12);
        assert!(found.iter().zip(&expected).all(is_near), "{name} shows {found:?}, not {expected:?}");
    }

    #[test]
    fn every_orientation_is_turned_upright() {
        for orientation in 1..=8 {
            assert_shows(&format!("orientation-{orientation}.jpg"), [RED, GREEN, BLUE, YELLOW]);
        }
        assert_shows("orientation-6.webp", [RED, GREEN, BLUE, YELLOW]);
    }

    #[test]
    fn every_kind_of_photo_keeps_its_colours() {
        for name in ["progressive.jpg", "ycck.jpg", "16-bit.png", "palette.png", "lossless.webp"] {
            assert_shows(name, [RED, GREEN, BLUE, YELLOW]);
        }
        assert_shows("grey.jpg", [[54; 3], [182; 3], [18; 3], [237; 3]]);
        assert_shows("cmyk.jpg", [[140, 110, 110], [110, 140, 110], [110, 110, 140], [140, 140, 110]]);
        assert_shows("transparent.png", [WHITE, GREEN, BLUE, YELLOW]);
    }

    /// Each segment before the first scan: its marker and its data.
    fn segments(jpeg: &[u8]) -> Vec<(u8, &[u8])> {
        let (mut segments, mut rest) = (Vec::new(), &jpeg[2..]);
        while let [0xFF, marker, high, low, ..] = rest {
            let end = 2 + usize::from(u16::from_be_bytes([*high, *low]));
            segments.push((*marker, &rest[4..end]));
            if *marker == 0xDA {
                break;
            }
            rest = &rest[end..];
        }
        segments
    }

    #[test]
    fn nothing_of_its_metadata_is_sent_but_the_profile_of_its_colours() {
        for orientation in ["orientation-3.jpg", "orientation-6.jpg", "orientation-6.webp"] {
            let bytes = fixture(orientation);
            assert!(bytes.windows(13).any(|window| window == b"Secret Camera"));
            let (jpeg, _) = prepared(&bytes);
            let kept: Vec<_> =
                segments(&jpeg).into_iter().filter(|(marker, _)| matches!(marker, 0xE1..=0xFE)).collect();
            assert_eq!(kept, [], "{orientation}");
        }
        let bytes = fixture("display-p3.jpg");
        let profile =
            |jpeg: &[u8]| segments(jpeg).into_iter().find(|(marker, _)| *marker == 0xE2).map(|(_, data)| data.to_vec());
        let (jpeg, _) = prepared(&bytes);
        assert_eq!(profile(&jpeg).expect("kept"), profile(&bytes).expect("drawn"));
        assert_shows("display-p3.jpg", [RED, GREEN, BLUE, YELLOW]);
        for other in ["ycck.jpg", "grey.jpg"] {
            assert!(profile(&fixture(other)).is_some() && profile(&prepared(&fixture(other)).0).is_none(), "{other}");
        }
    }

    #[test]
    fn a_larger_photo_is_scaled_to_3072_pixels() {
        for (size, expected) in [((4000, 1000), (3072, 768)), ((1000, 4000), (768, 3072)), ((3073, 2), (3072, 2))] {
            let mut large = RgbImage::from_pixel(size.0, size.1, image::Rgb(RED));
            large.put_pixel(0, 0, image::Rgb(BLUE));
            let bytes = Picture::from_image(large.into()).png();
            assert_eq!(prepared(&bytes).1.dimensions(), expected);
        }
        let narrow = Picture::from_image(RgbImage::new(20_000, 1).into()).png();
        assert_eq!(prepared(&narrow).1.dimensions(), (3072, 1));
    }

    #[test]
    fn what_cannot_be_sent_is_named_before_it_is_decoded() {
        for (name, words) in [
            ("animation.jpg", "a GIF image can't be read here: only JPEG, PNG and WebP"),
            ("photo.heic", "a HEIC image can't be read here"),
            ("empty.jpg", "0 bytes"),
            ("page.jpg", "not an image"),
            ("truncated.jpg", "the JPEG image is cut short"),
            ("truncated.png", "the PNG image is cut short"),
            ("truncated.webp", "the WebP image is cut short"),
        ] {
            for refused in [inspect(&fixture(name)).map(drop), prepare(&fixture(name)).map(drop)] {
                let message = refused.expect_err("refused").to_string();
                assert!(message.contains(words), "{name}: {message}");
            }
        }
    }

    #[test]
    fn a_bomb_is_refused_by_its_header() {
        // 30,000 pixels square, in a file of some hundred bytes.
        let mut jpeg = fixture("orientation-1.jpg");
        let frame = jpeg.windows(2).position(|pair| pair == [0xFF, 0xC0]).expect("a frame");
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
        for refused in [inspect(&jpeg).map(drop), prepare(&jpeg).map(drop)] {
            let message = refused.expect_err("refused").to_string();
            assert!(message.contains("30000x30000 pixels, 2700 MB in memory"), "{message}");
        }
    }

    /// A whole JPEG of this size in RGB without chroma subsampling, all mid-grey: each block is no difference and an end.
    fn drawn_jpeg(width: u16, height: u16) -> Vec<u8> {
        let mut jpeg = Vec::new();
        let grey = RgbImage::from_pixel(8, 8, image::Rgb([128; 3]));
        JpegEncoder::new(&mut jpeg).encode_image(&grey).expect("written");
        let position = |marker| jpeg.windows(2).position(|pair| pair == [0xFF, marker]).expect("there");
        let (frame, scan) = (position(0xC0), position(0xDA));
        jpeg[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
        jpeg[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
        jpeg.truncate(scan + 2 + usize::from(jpeg[scan + 3]));
        // Four times 00 1010 for luminance and 00 00 for each chroma.
        let four_units = (0..4).fold(0_u64, |bits, _| bits << 14 | 0b00_1010_0000_0000).to_be_bytes();
        let units = usize::from(width).div_ceil(8) * usize::from(height).div_ceil(8);
        jpeg.extend(four_units[1..].repeat(units.div_ceil(4)));
        jpeg.extend([0xFF, 0xD9]);
        jpeg
    }

    #[test]
    fn a_hundred_megapixels_are_sent() {
        let (_, image) = prepared(&drawn_jpeg(11_648, 8_736));
        assert_eq!(image.dimensions(), (3072, 2304));
        assert!(quarters(&image).iter().flatten().all(|channel| channel.abs_diff(128) < 3));
    }
}
