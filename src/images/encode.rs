//! Writes a picture: the JPEG of a result, its optimised WebP, its thumbnail, and PNG for masks.

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat};

use super::picture::Picture;

const JPEG_QUALITY: u8 = 90;
const WEBP_QUALITY: f32 = 78.0;
const THUMBNAIL_QUALITY: u8 = 82;
/// Longest side of a thumbnail, in pixels.
const THUMBNAIL_SIDE: u32 = 400;

impl Picture {
    pub(crate) fn jpeg(&self) -> Vec<u8> {
        jpeg(&self.image(), JPEG_QUALITY)
    }

    /// Lossy, and smaller than the JPEG.
    pub(crate) fn webp(&self) -> Vec<u8> {
        webp::Encoder::from_rgba(&self.pixels, self.width(), self.height()).encode(WEBP_QUALITY).to_vec()
    }

    /// A JPEG whose longer side is at most 400 pixels.
    pub(crate) fn thumbnail(&self) -> Vec<u8> {
        let image = self.image();
        let small = self.width().max(self.height()) <= THUMBNAIL_SIDE;
        jpeg(&if small { image } else { image.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE) }, THUMBNAIL_QUALITY)
    }

    pub(crate) fn png(&self) -> Vec<u8> {
        let mut bytes = std::io::Cursor::new(Vec::new());
        self.image().write_to(&mut bytes, ImageFormat::Png).expect("RGBA always fits a PNG, and memory can be written");
        bytes.into_inner()
    }
}

fn jpeg(image: &DynamicImage, quality: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality)
        .encode_image(&image.to_rgb8())
        .expect("a side of at most 4096 fits a JPEG, and memory can be written");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::Furnishing;

    fn result() -> Picture {
        let furnishing = Furnishing { room_type: "living", style: "standard", seed: 1 };
        Picture::empty_room((900, 600), 1).furnished(&furnishing)
    }

    #[test]
    fn writes_what_can_be_read_again() {
        let picture = result();
        for (bytes, magic) in
            [(picture.jpeg(), &[0xFF, 0xD8, 0xFF][..]), (picture.webp(), b"RIFF"), (picture.png(), b"\x89PNG")]
        {
            assert!(bytes.starts_with(magic));
            let again = Picture::decode(&bytes).expect("its own bytes");
            assert_eq!((again.width(), again.height()), (900, 600));
        }
        assert_eq!(Picture::decode(&picture.png()).expect("lossless"), picture);
    }

    #[test]
    fn writes_even_the_smallest_and_the_narrowest() {
        for size in [(1, 1), (1, 4096), (4096, 1)] {
            let picture = Picture::empty_room(size, 1);
            for bytes in [picture.jpeg(), picture.webp(), picture.png(), picture.thumbnail()] {
                assert!(Picture::decode(&bytes).is_ok(), "{size:?}");
            }
        }
    }

    #[test]
    fn the_webp_is_much_smaller_than_the_jpeg() {
        let picture = result();
        let (webp, jpeg) = (picture.webp().len(), picture.jpeg().len());
        assert!(webp * 2 < jpeg, "{webp} and {jpeg} bytes");
    }

    #[test]
    fn a_thumbnail_is_at_most_400_pixels_long_and_never_enlarged() {
        for (size, expected) in
            [((900, 600), (400, 267)), ((300, 1200), (100, 400)), ((64, 64), (64, 64)), ((1, 1), (1, 1))]
        {
            let thumbnail = Picture::decode(&Picture::empty_room(size, 1).thumbnail()).expect("its own bytes");
            assert_eq!((thumbnail.width(), thumbnail.height()), expected);
        }
    }
}
