//! The columns that a manifest may have, and what was meant where another is named.

use crate::protocol::render::{KnownValue, Standing, ValueSet};

/// Every column, the settings in the order of the flags.
pub(super) static COLUMNS: ValueSet = ValueSet {
    noun: "column",
    values: &[
        column("image"),
        column("name"),
        column("type"),
        column("room"),
        column("style"),
        column("remove"),
        column("mask"),
        column("base_variation"),
        column("watermark"),
        column("resolution"),
        column("sky"),
        column("variations"),
    ],
};

const fn column(text: &'static str) -> KnownValue {
    KnownValue { text, standing: Standing::Current }
}

/// The one name of a column: case does not matter, and `n` is short for `variations`.
pub(super) fn canonical(name: &str) -> Result<&'static str, String> {
    let lower = name.trim().to_ascii_lowercase();
    let name = if lower == "n" { "variations" } else { lower.as_str() };
    COLUMNS.check(name).map(|known| known.text).map_err(|error| error.to_string())
}
