//! Reads a foreign JPEG, PNG or WebP: bounded before anything is allocated, upright, and shrunk to working size.

use super::foreign::{Bounds, DecodeError, Foreign};
use super::picture::Picture;

/// Longest side that is worked on, in pixels; larger sources are shrunk to it.
pub(crate) const WORKING_SIDE: u32 = 1536;

/// 40 megapixels of RGBA.
pub(super) const BOUNDS: Bounds = Bounds { side: 16_384, bytes: 160_000_000 };

impl Picture {
    /// Reads a JPEG, PNG or WebP, upright after its EXIF orientation, transparent parts on white.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut foreign = Foreign::open(bytes, BOUNDS)?;
        let (orientation, (width, height)) = (foreign.orientation(), foreign.size());
        let mut image = foreign.decode()?;
        if width.max(height) > WORKING_SIDE {
            image = image.thumbnail(WORKING_SIDE, WORKING_SIDE);
        }
        image.apply_orientation(orientation);
        Ok(Self::from_image(image))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(bytes: &[u8]) -> String {
        Picture::decode(bytes).expect_err("must be refused").to_string()
    }

    #[test]
    fn names_formats_that_it_cannot_read() {
        for (bytes, name) in [
            (&b"GIF89a\x01\0\x01\0"[..], "GIF"),
            (b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC"),
            (b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF"),
            (b"II*\0\x08\0\0\0", "TIFF"),
            (b"%PDF-1.7", "PDF"),
            (b"<?xml version=\"1.0\"?>\n<svg width=\"1\"/>", "SVG"),
        ] {
            let message = message(bytes);
            assert!(message.contains(name) && message.contains("only JPEG, PNG and WebP"), "{message}");
        }
    }

    #[test]
    fn a_picture_cut_anywhere_is_refused_without_a_panic() {
        let picture = Picture::empty_room((80, 60), 1);
        for whole in [picture.jpeg(), picture.png(), picture.webp()] {
            assert!(Picture::decode(&whole).is_ok());
            for end in (0..whole.len() - 16).step_by(whole.len() / 60) {
                assert!(Picture::decode(&whole[..end]).is_err(), "{end} of {} bytes", whole.len());
            }
        }
        let jpeg = picture.jpeg();
        assert!(message(&jpeg[..jpeg.len() / 2]).contains("cut short"));
    }

    #[test]
    fn any_flipped_byte_is_an_answer_and_no_panic() {
        let picture = Picture::empty_room((40, 30), 1);
        for whole in [picture.jpeg(), picture.png(), picture.webp()] {
            for index in (0..whole.len()).step_by(whole.len() / 200 + 1) {
                let mut damaged = whole.clone();
                damaged[index] ^= 0x5A;
                drop(Picture::decode(&damaged));
            }
        }
    }

    #[test]
    fn refuses_a_bomb_by_its_header() {
        let mut png = Picture::empty_room((4, 4), 1).png();
        png[16..24].copy_from_slice(&[0, 0, 0x3A, 0x98, 0, 0, 0x3A, 0x98]);
        let checksum = crc32(&png[12..29]);
        png[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert!(matches!(
            Picture::decode(&png),
            Err(DecodeError::TooLarge { format: "PNG", width: 15_000, height: 15_000, .. })
        ));
    }

    fn crc32(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(!0, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
        })
    }

    #[test]
    fn turns_a_photo_upright() {
        let jpeg = Picture::empty_room((60, 20), 1).jpeg();
        let exif = b"\xFF\xE1\0\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
        let turned = [&jpeg[..2], exif, &jpeg[2..]].concat();
        let picture = Picture::decode(&turned).expect("a JPEG with orientation 6");
        assert_eq!((picture.width(), picture.height()), (20, 60));
    }

    #[test]
    fn shrinks_a_large_photo_to_working_size() {
        let picture = Picture::decode(&Picture::empty_room((2400, 1000), 1).jpeg()).expect("a large JPEG");
        assert_eq!((picture.width(), picture.height()), (WORKING_SIDE, 640));
    }

    #[test]
    fn transparent_parts_become_white() {
        let clear = image::RgbaImage::from_pixel(3, 2, image::Rgba([10, 20, 30, 0]));
        let picture = Picture::decode(&Picture { pixels: clear }.png()).expect("a PNG with alpha");
        assert!(picture.pixels.pixels().all(|pixel| pixel.0 == [255; 4]));
    }
}
