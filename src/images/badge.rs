//! The mark in a corner of every result, so that nobody takes it for the vendor's work.

use font8x8::legacy::BASIC_LEGACY;
use tiny_skia::{BlendMode, PathBuilder, Point, Rect, Shader};

use super::canvas::Canvas;
use super::colour::Colour;

const TEXT: &str = "sandbox";
/// Of the picture's width, so that the mark can be read in a thumbnail too.
const SHARE: f32 = 0.135;

pub(crate) fn stamp(canvas: &mut Canvas<'_>) {
    let (width, height) = canvas.size();
    let letters = TEXT.len() as f32 * 8.0;
    let dot = (width * SHARE / letters).max(1.0).min(width / (letters + 8.0)).min(height / 16.0);
    let (text_width, text_height) = (letters * dot, 8.0 * dot);
    let pad = 4.0 * dot;
    let margin = (dot * 6.0).min((width - text_width - 2.0 * pad).max(0.0) / 2.0);
    let left = width - margin - text_width - 2.0 * pad;
    let top = height - margin - text_height - 1.5 * pad;
    let (right, bottom) = (width - margin, height - margin);
    let pill = [(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point::from_xy(x, y));
    canvas.fill(&pill, pad * 1.6, Colour::hex(0x14181D).alpha(0.66));
    write(canvas, (left + pad + dot * 0.5, top + pad * 0.75), dot);
}

fn write(canvas: &mut Canvas<'_>, (left, top): (f32, f32), dot: f32) {
    let mut builder = PathBuilder::new();
    for (index, letter) in TEXT.bytes().enumerate() {
        for (row, bits) in BASIC_LEGACY[usize::from(letter)].iter().enumerate() {
            for column in (0..8).filter(|column| bits >> column & 1 == 1) {
                let x = left + (index * 8 + column) as f32 * dot;
                let square = Rect::from_xywh(x, top + row as f32 * dot, dot * 1.02, dot * 1.02);
                square.into_iter().for_each(|square| builder.push_rect(square));
            }
        }
    }
    if let Some(path) = builder.finish() {
        canvas.path(&path, Shader::SolidColor(Colour::WHITE.alpha(0.94)), BlendMode::SourceOver);
    }
}
