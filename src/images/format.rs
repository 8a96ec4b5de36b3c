//! What a foreign file is, told by its first bytes.

use image::ImageFormat;

use super::foreign::DecodeError;

/// A kind of file that people take for a photo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    WebP,
    Gif,
    Bmp,
    Tiff,
    JpegXl,
    Avif,
    Heic,
    Svg,
    Raw,
    Photoshop,
    Pdf,
    Video,
}

impl Format {
    /// Recognises a file by its first bytes, whatever its name says.
    pub(crate) fn of(bytes: &[u8]) -> Result<Self, DecodeError> {
        Ok(match bytes {
            [] => return Err(DecodeError::Empty),
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', ..] => Self::Png,
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Self::WebP,
            [b'G', b'I', b'F', b'8', ..] => Self::Gif,
            [b'B', b'M', ..] => Self::Bmp,
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Self::Tiff,
            [b'%', b'P', b'D', b'F', ..] => Self::Pdf,
            [b'8', b'B', b'P', b'S', ..] => Self::Photoshop,
            [0xFF, 0x0A, ..] | [0, 0, 0, 12, b'J', b'X', b'L', b' ', ..] => Self::JpegXl,
            _ => match bytes.get(4..12).and_then(|brand| brand.strip_prefix(b"ftyp")) {
                Some(b"avif" | b"avis") => Self::Avif,
                Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => Self::Heic,
                Some(b"crx ") => Self::Raw,
                Some(_) => Self::Video,
                None if looks_like_svg(bytes) => Self::Svg,
                None => return Err(DecodeError::NotAnImage),
            },
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::WebP => "WebP",
            Self::Gif => "GIF",
            Self::Bmp => "BMP",
            Self::Tiff => "TIFF",
            Self::JpegXl => "JPEG XL",
            Self::Avif => "AVIF",
            Self::Heic => "HEIC",
            Self::Svg => "SVG",
            Self::Raw => "camera raw",
            Self::Photoshop => "Photoshop",
            Self::Pdf => "PDF",
            Self::Video => "MP4 or MOV",
        }
    }

    /// The subtype of its `image/…` media type; none of what no data URL of an image can hold.
    pub(crate) fn subtype(self) -> Option<&'static str> {
        match self {
            Self::Jpeg => Some("jpeg"),
            Self::Png => Some("png"),
            Self::WebP => Some("webp"),
            Self::Gif => Some("gif"),
            Self::Bmp => Some("bmp"),
            Self::Tiff => Some("tiff"),
            Self::JpegXl => Some("jxl"),
            Self::Avif => Some("avif"),
            Self::Heic => Some("heic"),
            Self::Svg => Some("svg+xml"),
            Self::Raw | Self::Photoshop | Self::Pdf | Self::Video => None,
        }
    }

    /// Its decoder's name; only three formats are decoded.
    pub(super) fn decoder(self) -> Option<ImageFormat> {
        match self {
            Self::Jpeg => Some(ImageFormat::Jpeg),
            Self::Png => Some(ImageFormat::Png),
            Self::WebP => Some(ImageFormat::WebP),
            _ => None,
        }
    }
}

fn looks_like_svg(bytes: &[u8]) -> bool {
    let opening = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]);
    opening.trim_start_matches('\u{feff}').trim_start().starts_with('<') && opening.contains("<svg")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_a_file_is_whatever_it_is_called() {
        for (bytes, format) in [
            (&b"\xFF\xD8\xFF\xE1"[..], Format::Jpeg),
            (b"\x89PNG\r\n\x1a\n", Format::Png),
            (b"RIFF\0\0\0\0WEBPVP8 ", Format::WebP),
            (b"GIF89a\x01\0\x01\0", Format::Gif),
            (b"\0\0\0\x18ftypheic\0\0\0\0", Format::Heic),
            (b"\0\0\0\x18ftypmif1\0\0\0\0", Format::Heic),
            (b"\0\0\0\x1cftypavif\0\0\0\0", Format::Avif),
            (b"\0\0\0\x18ftypcrx \0\0\0\0", Format::Raw),
            (b"\0\0\0\x14ftypqt  \0\0\0\0", Format::Video),
            (b"II*\0\x08\0\0\0", Format::Tiff),
            (b"MM\0*\0\0\0\x08", Format::Tiff),
            (b"8BPS\0\x01", Format::Photoshop),
            (b"%PDF-1.7", Format::Pdf),
            (b"\xEF\xBB\xBF<?xml version=\"1.0\"?>\n<svg width=\"1\"/>", Format::Svg),
        ] {
            assert_eq!(Format::of(bytes).expect("known"), format);
        }
    }

    #[test]
    fn says_so_where_a_file_is_nothing_of_the_kind() {
        assert!(matches!(Format::of(b""), Err(DecodeError::Empty)));
        for bytes in [&b"<!doctype html><html>"[..], b"{\"message\":\"not found\"}", b"\xFF", b"RIFF\0\0\0\0WAVEfmt "] {
            assert!(matches!(Format::of(bytes), Err(DecodeError::NotAnImage)));
        }
    }
}
