//! A foreign image before it is decoded: recognised, whole, and within bounds by its header, so that a bomb costs nothing.

use std::io::Cursor;

use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ImageDecoder, ImageError, ImageReader, Limits};
use thiserror::Error;

use super::format::Format;
use super::whole::Structure;

/// For a decoder's own work beside the picture, in bytes.
const MAX_ALLOCATION: u64 = 256 << 20;

/// No display's colour profile is larger, in bytes.
const MAX_PROFILE: usize = 1 << 20;

/// What is decoded at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Bounds {
    /// Pixels on a side.
    pub(super) side: u32,
    /// Bytes of all pixels.
    pub(super) bytes: u64,
}

/// Why an image is not read.
#[derive(Debug, Clone, Error)]
pub(crate) enum DecodeError {
    #[error("the image is empty: 0 bytes")]
    Empty,
    #[error("this is not an image: the data starts like none that is known")]
    NotAnImage,
    #[error("a {0} image can't be read here: only JPEG, PNG and WebP can")]
    Unsupported(&'static str),
    #[error(
        "the {format} image has {width}x{height} pixels, {} MB in memory: at most {side} a side and {most} MB are read",
        bytes / 1_000_000
    )]
    TooLarge { format: &'static str, width: u32, height: u32, bytes: u64, side: u32, most: u64 },
    #[error("the {format} image is cut short: {bytes} bytes came, and they end before the picture does")]
    Truncated { format: &'static str, bytes: usize },
    #[error("the {format} image is damaged: {detail}")]
    Damaged { format: &'static str, detail: String },
}

/// An image whose header was read and found good.
pub(super) struct Foreign<'a> {
    bytes: &'a [u8],
    format: Format,
    progressive: bool,
    decoder: Box<dyn ImageDecoder + 'a>,
}

impl<'a> Foreign<'a> {
    pub(super) fn open(bytes: &'a [u8], bounds: Bounds) -> Result<Self, DecodeError> {
        let format = Format::of(bytes)?;
        let decoder = format.decoder().ok_or(DecodeError::Unsupported(format.name()))?;
        let structure = Structure::of(format, bytes);
        if !structure.whole {
            return Err(DecodeError::Truncated { format: format.name(), bytes: bytes.len() });
        }
        let mut reader = ImageReader::with_format(Cursor::new(bytes), decoder);
        let mut limits = Limits::no_limits();
        limits.max_alloc = Some(MAX_ALLOCATION);
        reader.limits(limits);
        let decoder = reader.into_decoder().map_err(|error| explain(error, format, bytes))?;
        let this = Self { bytes, format, progressive: structure.progressive, decoder: Box::new(decoder) };
        this.check(bounds).map(|()| this)
    }

    fn check(&self, bounds: Bounds) -> Result<(), DecodeError> {
        let ((width, height), bytes) = (self.size(), self.decoder.total_bytes());
        if width.max(height) <= bounds.side && bytes <= bounds.bytes {
            return Ok(());
        }
        let (format, most) = (self.format.name(), bounds.bytes / 1_000_000);
        Err(DecodeError::TooLarge { format, width, height, bytes, side: bounds.side, most })
    }

    /// Width and height as they are stored.
    pub(super) fn size(&self) -> (u32, u32) {
        self.decoder.dimensions()
    }

    /// Bytes that decoding takes at its peak, roughly: pixels, and as much again to work on them.
    pub(super) fn memory(&self) -> u64 {
        let copies = if self.progressive { 3 } else { 2 };
        copies * (self.decoder.total_bytes() + self.bytes.len() as u64)
    }

    /// How the picture has to be turned, after its EXIF data.
    pub(super) fn orientation(&mut self) -> Orientation {
        let exif = self.decoder.exif_metadata().ok().flatten().unwrap_or_default();
        // In WebP and PNG some programs put JPEG's own mark before the data.
        let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(&exif);
        Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
    }

    /// The colour profile where it is one for RGB: those for CMYK and grey mean nothing for what is decoded.
    pub(super) fn rgb_profile(&mut self) -> Option<Vec<u8>> {
        let has_color =
            !matches!(self.decoder.color_type(), ColorType::L8 | ColorType::La8 | ColorType::L16 | ColorType::La16);
        let profile = self.decoder.icc_profile().ok().flatten()?;
        (has_color && profile.get(16..20) == Some(b"RGB ") && profile.len() <= MAX_PROFILE).then_some(profile)
    }

    pub(super) fn decode(self) -> Result<DynamicImage, DecodeError> {
        DynamicImage::from_decoder(self.decoder).map_err(|error| explain(error, self.format, self.bytes))
    }
}

fn explain(error: ImageError, format: Format, bytes: &[u8]) -> DecodeError {
    let ended = matches!(&error, ImageError::IoError(error) if error.kind() == std::io::ErrorKind::UnexpectedEof);
    let format = format.name();
    if ended {
        return DecodeError::Truncated { format, bytes: bytes.len() };
    }
    DecodeError::Damaged { format, detail: error.to_string() }
}
