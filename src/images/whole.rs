//! Whether a file holds its picture to the end, told by its structure alone: nothing is decoded.
//! The decoders cannot tell: they fill what is missing with grey, or find out when the work is nearly done.

use super::format::Format;

/// What the structure of a file tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Structure {
    /// Whether the end of the picture is there. What follows it does not matter: phones put short films there.
    pub(super) whole: bool,
    /// A progressive JPEG, whose decoder keeps all coefficients.
    pub(super) progressive: bool,
}

impl Structure {
    pub(super) fn of(format: Format, bytes: &[u8]) -> Self {
        match format {
            Format::Jpeg => of_jpeg(bytes),
            Format::Png => Self { whole: png_is_whole(bytes), progressive: false },
            Format::WebP => Self { whole: webp_is_whole(bytes), progressive: false },
            _ => Self { whole: true, progressive: false },
        }
    }
}

/// Goes from segment to segment; in a scan, to the next marker that is part of no entropy-coded data.
fn of_jpeg(bytes: &[u8]) -> Structure {
    let mut structure = Structure { whole: false, progressive: false };
    let mut at = 2;
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xFF)) {
        at += found + 1;
        let Some(marker) = bytes.get(at) else { break };
        match marker {
            // A fill byte is followed by the marker itself.
            0xFF => continue,
            0x00 | 0x01 | 0xD0..=0xD8 => {}
            0xD9 => return Structure { whole: true, ..structure },
            _ => {
                structure.progressive |= matches!(marker, 0xC2 | 0xC6 | 0xCA | 0xCE);
                let Some([high, low]) = bytes.get(at + 1..at + 3) else { break };
                at += usize::from(u16::from_be_bytes([*high, *low]));
            }
        }
        at += 1;
    }
    structure
}

/// Goes from chunk to chunk to the one that ends the picture.
fn png_is_whole(bytes: &[u8]) -> bool {
    let mut at = 8;
    while let Some([a, b, c, d, kind @ ..]) = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>) {
        let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
        at = at.saturating_add(length).saturating_add(12);
        if kind == b"IEND" {
            return at <= bytes.len();
        }
    }
    false
}

/// Compares the length that the container tells of itself.
fn webp_is_whole(bytes: &[u8]) -> bool {
    let Some([a, b, c, d]) = bytes.get(4..8) else { return false };
    bytes.len() as u64 >= u64::from(u32::from_le_bytes([*a, *b, *c, *d])) + 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::images::Picture;

    fn files() -> [(Format, Vec<u8>); 3] {
        let picture = Picture::empty_room((80, 60), 1);
        [(Format::Jpeg, picture.jpeg()), (Format::Png, picture.png()), (Format::WebP, picture.webp())]
    }

    #[test]
    fn a_file_is_whole_from_its_last_byte_on() {
        for (format, bytes) in files() {
            for end in 0..bytes.len() {
                assert!(!Structure::of(format, &bytes[..end]).whole, "{format:?} cut at {end} of {}", bytes.len());
            }
            assert!(Structure::of(format, &bytes).whole, "{format:?}");
        }
    }

    #[test]
    fn what_follows_the_picture_does_not_matter() {
        let film = [&b"\0\0\0\x18ftypmp42"[..], &[0xFF, 0xDA, 0xFF, 0xD9, 0xFF, 0xDA, 7]].concat();
        for (format, bytes) in files() {
            assert!(Structure::of(format, &[&bytes[..], &film].concat()).whole, "{format:?}");
        }
    }

    #[test]
    fn a_thumbnail_within_does_not_make_a_cut_photo_whole() {
        let [(format, bytes), ..] = files();
        let thumbnail = [&b"\xFF\xE1\0\x0AExif\0\0\xFF\xD9"[..], &bytes[2..bytes.len() / 2]].concat();
        assert!(!Structure::of(format, &[&bytes[..2], &thumbnail].concat()).whole);
    }
}
