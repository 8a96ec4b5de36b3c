//! What a picture is, once it was decoded to its end.

use super::decode::BOUNDS;
use super::foreign::{DecodeError, Foreign};
use super::format::Format;

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
        let foreign = Foreign::open(bytes, BOUNDS)?;
        let (width, height) = foreign.size();
        foreign.decode()?;
        let extension = match Format::of(bytes)? {
            Format::Jpeg => "jpg",
            Format::Png => "png",
            _ => "webp",
        };
        Ok(Self { extension, width, height })
    }
}

#[cfg(test)]
mod tests {
    use super::super::Picture;
    use super::*;

    #[test]
    fn tells_format_and_size_of_whole_pictures_only() {
        let picture = Picture::empty_room((80, 60), 1);
        for (whole, extension) in [(picture.jpeg(), "jpg"), (picture.png(), "png"), (picture.webp(), "webp")] {
            let facts = Facts::of(&whole).expect("a picture");
            assert_eq!(facts, Facts { extension, width: 80, height: 60 });
            assert!(Facts::of(&whole[..whole.len() / 2]).is_err(), "half a {extension}");
        }
    }
}
