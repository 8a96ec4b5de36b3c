//! The seam to the pictures: what is kept of a photo, and how each kind of work turns it into files.

use bytes::Bytes;
use image::{DynamicImage, ImageFormat, RgbImage};

use super::seed;

/// What is done to a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Work {
    Stage { room: &'static str, style: &'static str, watermark: bool },
    Remove,
    DayToDusk { sky: &'static str },
    Enhance,
}

/// A photo as it is kept: compressed, or only the seed of a drawn room.
#[derive(Debug, Clone)]
pub(super) enum Photo {
    Given { jpeg: Bytes, size: (u32, u32) },
    Drawn { seed: u64 },
}

/// The three files of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    Full,
    Optimized,
    Thumbnail,
}

const DRAWN_SIZE: (u32, u32) = (1536, 1024);

impl Photo {
    /// The room that stands for a photo that is not fetched: one URL, one room.
    pub(super) fn drawn(seed: u64, url: &str) -> Self {
        Self::Drawn { seed: seed::number(seed, &["drawn room", url]) }
    }

    pub(super) fn size(&self) -> (u32, u32) {
        match self {
            Self::Given { size, .. } => *size,
            Self::Drawn { .. } => DRAWN_SIZE,
        }
    }

    /// Whether removal by `auto` finds something to remove. It follows from the photo alone.
    pub(super) fn seems_furnished(&self) -> bool {
        self.number().is_multiple_of(2)
    }

    /// The share of the picture that furniture covers, in percent.
    pub(super) fn percentage_masked(&self) -> f64 {
        (self.number() % 400) as f64 / 10.0
    }

    fn number(&self) -> u64 {
        match self {
            Self::Given { jpeg, .. } => seed::number(jpeg.len() as u64, &["photo"]),
            Self::Drawn { seed } => seed / 7,
        }
    }

    fn open(&self) -> Result<DynamicImage, String> {
        match self {
            Self::Given { jpeg, .. } => image::load_from_memory(jpeg).map_err(|_| unreadable()),
            Self::Drawn { seed } => {
                let [red, green, blue, ..] = seed.to_le_bytes();
                Ok(RgbImage::from_pixel(DRAWN_SIZE.0, DRAWN_SIZE.1, image::Rgb([red, green, blue])).into())
            }
        }
    }
}

impl File {
    pub(super) fn named(name: &str) -> Option<Self> {
        match name {
            "output.jpg" => Some(Self::Full),
            "output_optimized.webp" => Some(Self::Optimized),
            "output_thumb.jpg" => Some(Self::Thumbnail),
            _ => None,
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Optimized => "image/webp",
            Self::Full | Self::Thumbnail => "image/jpeg",
        }
    }
}

/// Reads a photo of any format and size, and keeps it small.
pub(super) fn keep(bytes: &[u8]) -> Result<Photo, String> {
    let picture = image::load_from_memory(bytes).map_err(|_| unreadable())?;
    let picture = DynamicImage::from(picture.thumbnail(1536, 1536).into_rgb8());
    let size = (picture.width(), picture.height());
    Ok(Photo::Given { jpeg: written(&picture, ImageFormat::Jpeg)?.into(), size })
}

/// Makes one file of a result.
pub(super) fn make(photo: &Photo, _work: &Work, _seed: u64, file: File) -> Result<Vec<u8>, String> {
    let picture = photo.open()?;
    match file {
        File::Full => written(&picture, ImageFormat::Jpeg),
        File::Optimized => written(&picture, ImageFormat::WebP),
        File::Thumbnail => written(&picture.thumbnail(320, 320), ImageFormat::Jpeg),
    }
}

/// Makes the furniture mask as a PNG.
pub(super) fn mask(photo: &Photo) -> Result<Vec<u8>, String> {
    written(&photo.open()?, ImageFormat::Png)
}

fn written(picture: &DynamicImage, format: ImageFormat) -> Result<Vec<u8>, String> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).map_err(|_| unreadable())?;
    Ok(bytes.into_inner())
}

fn unreadable() -> String {
    "Failed to process image".to_owned()
}
