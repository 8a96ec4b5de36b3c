//! What is kept of a photo, and how each kind of work turns it into the files of a result.

use bytes::Bytes;

use super::seed;
use crate::images::{Furnishing, Picture};

/// Drawn rooms have 3 to 11 percent masked when they are empty, and 13 to 27 when they are not.
const FURNISHED: f64 = 12.0;

/// What is done to a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Work {
    Stage { room: &'static str, style: &'static str },
    Remove,
    DayToDusk { sky: &'static str },
    Enhance,
}

/// A photo as it is kept: compressed, or only the seed of a drawn room.
#[derive(Debug, Clone)]
pub(super) enum Photo {
    Given { jpeg: Bytes, size: (u32, u32), masked: f64 },
    Drawn { seed: u64 },
}

/// All that a result is made from.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub(super) photo: Photo,
    pub(super) work: Work,
    /// Whether the room is emptied before it is staged.
    pub(super) emptied_first: bool,
    /// Neighbouring seeds give different layouts.
    pub(super) seed: u64,
}

/// The three files of a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum File {
    Full,
    Optimized,
    Thumbnail,
}

impl File {
    pub(super) const ALL: [Self; 3] = [Self::Full, Self::Optimized, Self::Thumbnail];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Full => "output.jpg",
            Self::Optimized => "output_optimized.webp",
            Self::Thumbnail => "output_thumb.jpg",
        }
    }

    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Optimized => "image/webp",
            Self::Full | Self::Thumbnail => "image/jpeg",
        }
    }
}

impl Photo {
    /// Reads an upload of any known format and size, and keeps it small.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, String> {
        let picture = Picture::decode(bytes).map_err(|error| format!("Failed to process image: {error}"))?;
        let (_, masked) = picture.mask();
        Ok(Self::Given { jpeg: picture.jpeg().into(), size: (picture.width(), picture.height()), masked })
    }

    /// The room that stands for a photo that is not fetched: one URL, one room.
    pub(super) fn drawn(seed: u64, url: &str) -> Self {
        Self::Drawn { seed: seed::number(seed, &["drawn room", url]) }
    }

    pub(super) fn size(&self) -> (u32, u32) {
        match self {
            Self::Given { size, .. } => *size,
            Self::Drawn { .. } => Picture::DEFAULT_SIZE,
        }
    }

    /// Bytes that keeping it takes.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Given { jpeg, .. } => jpeg.len(),
            Self::Drawn { .. } => 0,
        }
    }

    /// Whether removal by `auto` finds something to remove. It follows from the photo alone.
    pub(super) fn seems_furnished(&self) -> bool {
        match self {
            Self::Given { masked, .. } => *masked >= FURNISHED,
            Self::Drawn { seed } => seed.is_multiple_of(2),
        }
    }

    /// The furniture mask as a PNG, and its share of the picture in percent.
    pub(super) fn mask(&self) -> (Vec<u8>, f64) {
        let (mask, share) = match self {
            Self::Drawn { seed } if self.seems_furnished() => {
                Picture::cluttered_room(Picture::DEFAULT_SIZE, *seed).mask()
            }
            _ => self.picture().mask(),
        };
        (mask.png(), share)
    }

    /// A drawn room is always drawn empty: nobody has seen the photo that it stands for.
    fn picture(&self) -> Picture {
        match self {
            Self::Given { jpeg, .. } => Picture::decode(jpeg).expect("a JPEG of our own making"),
            Self::Drawn { seed } => Picture::empty_room(Picture::DEFAULT_SIZE, *seed),
        }
    }
}

impl Task {
    /// Makes the files, in the order of [`File::ALL`].
    pub(super) fn files(&self) -> [Vec<u8>; 3] {
        let source = self.photo.picture();
        let picture = match &self.work {
            Work::Stage { room, style } => {
                let is_full = matches!(self.photo, Photo::Given { .. });
                let source = if self.emptied_first && is_full { source.emptied() } else { source };
                source.furnished(&Furnishing { room_type: room, style, seed: self.seed })
            }
            Work::Remove => source.emptied(),
            Work::DayToDusk { sky } => source.dusk(sky),
            Work::Enhance => source.enhanced(),
        };
        [picture.jpeg(), picture.webp(), picture.thumbnail()]
    }
}
