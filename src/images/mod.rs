//! Pictures: the user's photos as they are sent; and those of the sandbox and the demo, drawn rooms, staged, emptied and dusked.
//! No I/O.

mod arrangement;
mod badge;
mod beside;
mod camera;
mod canvas;
mod colour;
mod decode;
mod edit;
mod encode;
mod facts;
mod floor;
mod foreign;
mod format;
mod furniture;
mod leaves;
mod openings;
mod order;
mod pattern;
mod photo;
mod picture;
mod piece;
mod room;
mod round;
mod scene;
mod solid;
mod style;
mod survey;
mod whole;

pub(crate) use facts::Facts;
pub(crate) use foreign::DecodeError;
pub(crate) use format::Format;
pub(crate) use photo::{inspect, prepare};
pub(crate) use picture::{Furnishing, Picture};
