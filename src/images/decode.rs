//! Reads a foreign JPEG, PNG or WebP: bounded before anything is allocated, upright, and shrunk to working size.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits};
use thiserror::Error;

use super::picture::Picture;

/// Longest side that is worked on, in pixels; larger sources are shrunk to it.
pub(crate) const WORKING_SIDE: u32 = 1536;
const MAX_SIDE: u32 = 16_384;
const MAX_PIXELS: u64 = 40_000_000;
/// For one decoder, in bytes.
const MAX_ALLOCATION: u64 = 256 << 20;

#[derive(Debug, Error)]
pub(crate) enum DecodeError {
    #[error("the image is empty: 0 bytes")]
    Empty,
    #[error("this is not an image: the data starts like none that is known")]
    NotAnImage,
    #[error("a {0} image can't be read here: only JPEG, PNG and WebP can")]
    Unsupported(&'static str),
    #[error(
        "the {format} image has {width}x{height} pixels: at most {MAX_SIDE} a side and {MAX_PIXELS} in all are read"
    )]
    TooLarge { format: &'static str, width: u32, height: u32 },
    #[error("the {format} image is cut short: {bytes} bytes came, and they end before the picture does")]
    Truncated { format: &'static str, bytes: usize },
    #[error("the {format} image is damaged: {detail}")]
    Damaged { format: &'static str, detail: String },
}

impl Picture {
    /// Reads a JPEG, PNG or WebP, upright after its EXIF orientation, transparent parts on white.
    pub(crate) fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let Opened { mut decoder, name, .. } = Opened::new(bytes)?;
        let (width, height) = decoder.dimensions();
        let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let mut image = DynamicImage::from_decoder(decoder).map_err(|error| explain(error, name, bytes.len()))?;
        if width.max(height) > WORKING_SIDE {
            image = image.thumbnail(WORKING_SIDE, WORKING_SIDE);
        }
        image.apply_orientation(orientation);
        Ok(Self::from_image(image))
    }
}

/// A finished picture, decoded whole to know that it is one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts {
    /// What files of its format end in, without the dot.
    pub(crate) extension: &'static str,
    /// In pixels, as it is stored.
    pub(crate) width: u32,
    /// In pixels, as it is stored.
    pub(crate) height: u32,
}

impl Facts {
    /// Decodes a JPEG, PNG or WebP to its end.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, DecodeError> {
        let Opened { decoder, format, name } = Opened::new(bytes)?;
        let (width, height) = decoder.dimensions();
        DynamicImage::from_decoder(decoder).map_err(|error| explain(error, name, bytes.len()))?;
        let extension = match format {
            ImageFormat::Jpeg => "jpg",
            ImageFormat::Png => "png",
            _ => "webp",
        };
        Ok(Self { extension, width, height })
    }
}

/// A picture of a format that is read here and of a size that may be decoded.
struct Opened<'a> {
    decoder: Box<dyn ImageDecoder + 'a>,
    format: ImageFormat,
    name: &'static str,
}

impl<'a> Opened<'a> {
    fn new(bytes: &'a [u8]) -> Result<Self, DecodeError> {
        let (format, name) = recognise(bytes)?;
        if format == ImageFormat::Jpeg && !jpeg_is_whole(bytes) {
            return Err(DecodeError::Truncated { format: name, bytes: bytes.len() });
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(MAX_ALLOCATION);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(|error| explain(error, name, bytes.len()))?;
        let (width, height) = decoder.dimensions();
        if width.max(height) > MAX_SIDE || u64::from(width) * u64::from(height) > MAX_PIXELS {
            return Err(DecodeError::TooLarge { format: name, width, height });
        }
        Ok(Self { decoder: Box::new(decoder), format, name })
    }
}

fn recognise(bytes: &[u8]) -> Result<(ImageFormat, &'static str), DecodeError> {
    let brand = bytes.get(4..12).unwrap_or_default();
    match bytes {
        [] => Err(DecodeError::Empty),
        [0xFF, 0xD8, 0xFF, ..] => Ok((ImageFormat::Jpeg, "JPEG")),
        [0x89, b'P', b'N', b'G', ..] => Ok((ImageFormat::Png, "PNG")),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Ok((ImageFormat::WebP, "WebP")),
        [b'G', b'I', b'F', b'8', ..] => Err(DecodeError::Unsupported("GIF")),
        [b'B', b'M', ..] => Err(DecodeError::Unsupported("BMP")),
        [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Err(DecodeError::Unsupported("TIFF")),
        [b'%', b'P', b'D', b'F', ..] => Err(DecodeError::Unsupported("PDF")),
        [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Err(DecodeError::Unsupported("JPEG XL")),
        _ if matches!(brand, b"ftypavif" | b"ftypavis") => Err(DecodeError::Unsupported("AVIF")),
        _ if matches!(brand, b"ftypheic" | b"ftypheix" | b"ftyphevc" | b"ftypmif1" | b"ftypmsf1") => {
            Err(DecodeError::Unsupported("HEIC"))
        }
        _ if looks_like_svg(bytes) => Err(DecodeError::Unsupported("SVG")),
        _ => Err(DecodeError::NotAnImage),
    }
}

/// Whether the last scan has an end. The decoder itself fills a missing rest with grey.
fn jpeg_is_whole(bytes: &[u8]) -> bool {
    bytes.windows(2).rev().find(|pair| matches!(pair, [0xFF, 0xD9 | 0xDA])).is_some_and(|marker| marker[1] == 0xD9)
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    let opening = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]);
    opening.trim_start().starts_with('<') && opening.contains("<svg")
}

fn explain(error: ImageError, format: &'static str, bytes: usize) -> DecodeError {
    let ended = matches!(&error, ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof);
    if ended {
        return DecodeError::Truncated { format, bytes };
    }
    DecodeError::Damaged { format, detail: error.to_string() }
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
    fn tells_format_and_size_of_whole_pictures_only() {
        let picture = Picture::empty_room((80, 60), 1);
        for (whole, extension) in [(picture.jpeg(), "jpg"), (picture.png(), "png"), (picture.webp(), "webp")] {
            let facts = Facts::of(&whole).expect("a picture");
            assert_eq!(facts, Facts { extension, width: 80, height: 60 });
            assert!(Facts::of(&whole[..whole.len() / 2]).is_err(), "half a {extension}");
        }
    }

    #[test]
    fn refuses_what_is_no_image() {
        assert!(matches!(Picture::decode(b""), Err(DecodeError::Empty)));
        for bytes in [&b"<!doctype html><html>"[..], b"{\"message\":\"not found\"}", b"\xFF", b"RIFF\0\0\0\0WAVEfmt "] {
            assert!(matches!(Picture::decode(bytes), Err(DecodeError::NotAnImage)));
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
            Err(DecodeError::TooLarge { format: "PNG", width: 15_000, height: 15_000 })
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
