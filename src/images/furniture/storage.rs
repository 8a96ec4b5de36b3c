//! Shelves, dressers and sideboards.

use fastrand::Rng;

use super::decor::{books, vase};
use super::legs;
use crate::images::colour::Colour;
use crate::images::piece::Piece;
use crate::images::solid::{Face, Finish};
use crate::images::style::Look;

/// An open shelf, 1.9 m high, with books and things in it.
pub(crate) fn bookshelf(look: &Look, seed: u64) -> Piece {
    let mut piece = Piece::default();
    let mut rng = Rng::with_seed(seed);
    let (width, height, depth, levels) = (0.95, 1.90, 0.32, 5);
    for side in [-1.0, 1.0] {
        piece.block([side * (width / 2.0 - 0.015), 0.0, 0.0], [0.03, height, depth], look.wood);
    }
    let inner = width - 0.06;
    piece.block([0.0, 0.04, depth / 2.0 - 0.01], [inner, height - 0.08, 0.015], look.wood.shade(0.78));
    for level in 0..=levels {
        let y = level as f32 * (height - 0.03) / levels as f32;
        piece.block([0.0, y, -0.01], [inner, 0.03, depth - 0.03], look.wood);
    }
    for level in 0..levels {
        let y = level as f32 * (height - 0.03) / levels as f32 + 0.034;
        shelf_things(&mut piece, look, y, inner, &mut rng);
    }
    piece
}

fn shelf_things(piece: &mut Piece, look: &Look, y: f32, inner: f32, rng: &mut Rng) {
    let mut x = -inner / 2.0 + 0.03;
    if rng.bool() {
        piece.ball([x + 0.09, y + 0.09, -0.02], 0.085, Finish::plain(look.accents[rng.usize(..3)]));
        x += 0.24;
    }
    let spines =
        [look.accents[0], look.accents[1], look.accents[2], look.linen, Colour::hex(0x54606B), Colour::hex(0xA88F6C)];
    let end = if rng.bool() { inner / 2.0 - 0.24 } else { inner / 2.0 - 0.03 };
    while x < end - 0.05 {
        let (thick, tall) = (0.028 + rng.f32() * 0.03, 0.19 + rng.f32() * 0.09);
        let finish = Finish::plain(spines[rng.usize(..6)].shade(0.85 + rng.f32() * 0.25));
        piece.block([x + thick / 2.0, y, -0.02], [thick, tall, 0.17], finish);
        x += thick + 0.005;
    }
    if end < inner / 2.0 - 0.1 {
        piece.join(vase(look, 0.12, rng.u64(..)), [inner / 2.0 - 0.13, y, -0.02], 0);
    }
}

/// Drawers at bed-room height.
pub(crate) fn dresser(look: &Look) -> Piece {
    let mut piece = drawers(look, [1.20, 0.66, 0.46], 2, 3);
    piece.join(super::table_lamp(look, 0.48), [-0.42, 0.852, 0.0], 0);
    piece.join(vase(look, 0.2, 8), [0.36, 0.852, 0.02], 0);
    piece
}

/// Low drawers with a few things on top.
pub(crate) fn sideboard(look: &Look) -> Piece {
    let mut piece = drawers(look, [1.60, 0.56, 0.42], 3, 1);
    piece.join(vase(look, 0.22, 4), [-0.58, 0.752, 0.0], 0);
    piece.join(books(look), [0.1, 0.752, 0.0], 0);
    piece.join(super::table_lamp(look, 0.46), [0.6, 0.752, 0.02], 0);
    piece
}

/// A television on a low board.
pub(crate) fn television(look: &Look) -> Piece {
    let mut piece = drawers(look, [1.70, 0.36, 0.40], 3, 1);
    let dark = Finish::plain(Colour::hex(0x17181B));
    piece.block([0.0, 0.552, 0.02], [0.5, 0.02, 0.2], dark);
    piece.faced([0.0, 0.59, 0.02], [1.28, 0.72, 0.04], dark, Face::Screen);
    piece.join(vase(look, 0.18, 9), [0.74, 0.552, 0.0], 0);
    piece
}

/// A chest on legs, 0.18 m off the floor, with drawers in columns and rows.
pub(crate) fn drawers(look: &Look, [width, height, depth]: [f32; 3], columns: u32, rows: u32) -> Piece {
    let mut piece = Piece::default();
    let leg = 0.18;
    legs(&mut piece, look, [width - 0.06, depth - 0.04], leg);
    piece.block([0.0, leg, 0.015], [width, height, depth - 0.03], look.wood);
    let (cell_width, cell_height) = ((width - 0.04) / columns as f32, (height - 0.04) / rows as f32);
    for column in 0..columns {
        for row in 0..rows {
            let x = (column as f32 + 0.5) * cell_width - (width - 0.04) / 2.0;
            let y = leg + 0.02 + row as f32 * cell_height;
            piece.block(
                [x, y + 0.006, -depth / 2.0 + 0.008],
                [cell_width - 0.014, cell_height - 0.012, 0.014],
                look.front,
            );
            piece.block(
                [x, y + cell_height * 0.55, -depth / 2.0 - 0.008],
                [cell_width * 0.24, 0.016, 0.016],
                look.metal,
            );
        }
    }
    piece.block([0.0, leg + height, 0.0], [width + 0.02, 0.01, depth], look.top);
    piece
}
