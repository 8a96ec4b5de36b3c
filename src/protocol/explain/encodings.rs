//! Text that went through the wrong character encoding, on the way or at the signer's.

use super::Finding;
use super::version::{Version, plural};

const KEEP_BYTES: &str = "handle the body as bytes from end to end, or as UTF-8 wherever it must be text (Python: request.get_data(), Java: \
     getBytes(UTF_8), C#: Encoding.UTF8)";
const SIGN_UTF8: &str = "sign the UTF-8 bytes of the text (Node: hmac.update(text, 'utf8'), C#: Encoding.UTF8.GetBytes, Java: getBytes(UTF_8))";
const SAVE_UTF8: &str = "save the body as bytes: PowerShell's `>` and Out-File write UTF-16; use `curl.exe -o FILE` or `Out-File -Encoding utf8NoBOM`";

/// What Windows-1252 has in 0x80–0x9F where Latin-1 has control characters; 0 where it has none.
const WINDOWS_1252: [u16; 32] = [
    0x20AC, 0, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0, 0x017D, 0, 0,
    0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0, 0x017E, 0x0178,
];

/// An encoding in which every character is one byte.
#[derive(Clone, Copy)]
enum SingleByte {
    Latin1,
    Windows1252,
}

impl SingleByte {
    const ALL: [Self; 2] = [Self::Latin1, Self::Windows1252];

    fn name(self) -> &'static str {
        match self {
            Self::Latin1 => "Latin-1",
            Self::Windows1252 => "Windows-1252",
        }
    }

    fn decode(self, bytes: &[u8]) -> String {
        let wide = |byte: u8| match (self, byte) {
            (Self::Windows1252, 0x80..=0x9F) => match WINDOWS_1252[usize::from(byte - 0x80)] {
                0 => None,
                wide => char::from_u32(u32::from(wide)),
            },
            _ => None,
        };
        bytes.iter().map(|byte| wide(*byte).unwrap_or(char::from(*byte))).collect()
    }

    fn encode(self, text: &str) -> Option<Vec<u8>> {
        let narrow = |char: char| {
            let index = WINDOWS_1252.iter().position(|wide| *wide != 0 && u32::from(*wide) == u32::from(char));
            match (self, index) {
                (Self::Windows1252, Some(index)) => u8::try_from(0x80 + index).ok(),
                _ => u8::try_from(u32::from(char)).ok(),
            }
        };
        text.chars().map(narrow).collect()
    }
}

/// Every version in another encoding.
pub(super) fn versions(body: &[u8]) -> Vec<Version> {
    let mut versions: Vec<Version> = from_utf16(body).into_iter().collect();
    match std::str::from_utf8(body) {
        Ok(text) if text.is_ascii() => {}
        Ok(text) => {
            versions.extend(SingleByte::ALL.into_iter().filter_map(|encoding| undone(text, encoding)));
            versions.extend(SingleByte::ALL.into_iter().filter_map(|encoding| doubled(text, encoding)));
        }
        Err(error) => {
            versions.extend(SingleByte::ALL.map(|encoding| read_as(body, encoding)));
            versions.push(replaced(body, error.valid_up_to()));
        }
    }
    versions
}

/// One step back through an encoding: either the body was encoded twice, or the signer did not use UTF-8.
fn undone(text: &str, encoding: SingleByte) -> Option<Version> {
    let bytes = encoding.encode(text)?;
    let count = text.chars().filter(|char| !char.is_ascii()).count();
    let name = encoding.name();
    let finding = if std::str::from_utf8(&bytes).is_ok() {
        let what = format!("the body's text is encoded twice: UTF-8 was read as {name} and written as UTF-8 again");
        Finding::new("body_double_encoded", what, KEEP_BYTES)
    } else {
        let what =
            format!("the {count} non-ASCII character{} of the body were signed as {name}, not as UTF-8", plural(count));
        Finding::new("body_signed_as_latin1", what, SIGN_UTF8)
    };
    Some(Version::new(bytes, finding))
}

fn doubled(text: &str, encoding: SingleByte) -> Option<Version> {
    let twice = encoding.decode(text.as_bytes());
    let what = format!(
        "what was signed is the body encoded twice: its UTF-8 read as {} and written as UTF-8 again",
        encoding.name()
    );
    Some(Version::new(twice, Finding::new("body_signed_double_encoded", what, SIGN_UTF8)))
}

fn read_as(body: &[u8], encoding: SingleByte) -> Version {
    let count = body.iter().filter(|byte| !byte.is_ascii()).count();
    let what =
        format!("the body is {} ({count} non-ASCII byte{}), and was signed as UTF-8", encoding.name(), plural(count));
    Version::new(encoding.decode(body), Finding::new("body_latin1", what, KEEP_BYTES))
}

fn replaced(body: &[u8], offset: usize) -> Version {
    let what = format!("the signer's text has U+FFFD where the body is invalid UTF-8, from byte {offset} on");
    let finding = Finding::new("body_invalid_utf8_replaced", what, SIGN_UTF8);
    Version::new(String::from_utf8_lossy(body).into_owned(), finding)
}

fn from_utf16(body: &[u8]) -> Option<Version> {
    let text = decode_utf16(body)?;
    let what = "the body is UTF-16, but was signed as UTF-8";
    Some(Version::new(text, Finding::new("body_utf16", what, SAVE_UTF8)))
}

/// The text of UTF-16 bytes with a byte order mark, or of ASCII without one.
pub(super) fn decode_utf16(bytes: &[u8]) -> Option<String> {
    let (bytes, big) = match bytes {
        [0xFF, 0xFE, rest @ ..] => (rest, false),
        [0xFE, 0xFF, rest @ ..] => (rest, true),
        [0, first, ..] if *first != 0 => (bytes, true),
        [first, 0, ..] if *first != 0 => (bytes, false),
        _ => return None,
    };
    if bytes.is_empty() || bytes.len() % 2 == 1 {
        return None;
    }
    let units = bytes.chunks_exact(2).map(|pair| {
        let unit = [pair[0], pair[1]];
        if big { u16::from_be_bytes(unit) } else { u16::from_le_bytes(unit) }
    });
    char::decode_utf16(units).collect::<Result<String, _>>().ok()
}

/// The UTF-16 bytes of a text, as .NET's `Encoding.Unicode` writes them.
pub(super) fn encode_utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}
