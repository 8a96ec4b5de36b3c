//! One JSON object on one line, in which no character can steer a terminal.

use std::io;

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use super::text::steers_a_terminal;

/// Serialises `value` to one line without its line end. Beyond what JSON asks, DEL, C1 and bidi controls become `\uXXXX`,
/// also inside raw values, where they can only stand in strings.
pub(crate) fn json_line(value: &impl Serialize) -> String {
    let mut bytes = Vec::with_capacity(256);
    let mut serializer = serde_json::Serializer::with_formatter(&mut bytes, Escaping(CompactFormatter));
    value.serialize(&mut serializer).expect("reports have string keys, and memory does not fail to write");
    String::from_utf8(bytes).expect("the serializer writes UTF-8")
}

struct Escaping(CompactFormatter);

impl Formatter for Escaping {
    fn write_string_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(writer, fragment)
    }

    fn write_raw_fragment<W: ?Sized + io::Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        write_escaped(writer, fragment)
    }
}

fn write_escaped<W: ?Sized + io::Write>(writer: &mut W, fragment: &str) -> io::Result<()> {
    if fragment.bytes().all(|byte| byte < 0x7f) {
        return writer.write_all(fragment.as_bytes());
    }
    let mut written = 0;
    for (at, character) in fragment.char_indices().filter(|&(_, c)| steers_a_terminal(c)) {
        writer.write_all(&fragment.as_bytes()[written..at])?;
        write!(writer, "\\u{:04x}", u32::from(character))?;
        written = at + character.len_utf8();
    }
    writer.write_all(&fragment.as_bytes()[written..])
}

#[cfg(test)]
mod tests {
    use serde_json::value::RawValue;

    use super::*;

    #[test]
    fn escapes_in_strings_and_raw_values_alike() {
        let raw = RawValue::from_string("{\"a\":\"x\u{202e}y\u{7f}\"}".to_owned()).expect("JSON");
        let line = json_line(&serde_json::json!({ "text": "l\n\u{85}é" }));
        assert_eq!(line, r#"{"text":"l\n\u0085é"}"#);
        assert_eq!(json_line(&raw), r#"{"a":"x\u202ey\u007f"}"#);
    }
}
