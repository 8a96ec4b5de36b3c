//! Pictures of the sandbox and the demo: drawn rooms, staged, emptied and dusked, read and written. No I/O.

mod arrangement;
mod badge;
mod beside;
mod camera;
mod canvas;
mod colour;
mod decode;
mod edit;
mod encode;
mod floor;
mod furniture;
mod leaves;
mod openings;
mod order;
mod pattern;
mod picture;
mod piece;
mod room;
mod round;
mod scene;
mod solid;
mod style;
mod survey;

pub(crate) use decode::{DecodeError, Facts};
pub(crate) use picture::{Furnishing, Picture};
