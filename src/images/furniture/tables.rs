//! Tables and desks, with what lies on them.

use super::decor::{books, vase};
use super::{chair, legs};
use crate::images::colour::Colour;
use crate::images::piece::Piece;
use crate::images::solid::{Face, Finish, Grain};
use crate::images::style::Look;

pub(crate) fn coffee_table(look: &Look) -> Piece {
    let mut piece = Piece::default();
    let top = 0.38;
    if look.round_table {
        for (x, z) in [(-0.26, 0.18), (0.26, 0.18), (0.0, -0.30)] {
            piece.cone(
                [x * 1.2, 0.0, z * 1.2],
                0.014,
                [x, top, z],
                0.022,
                if look.top.grain == Grain::Gloss { look.metal } else { look.wood },
            );
        }
        piece.cone([0.0, top, 0.0], 0.45, [0.0, top + 0.035, 0.0], 0.45, look.top);
    } else {
        legs(&mut piece, look, [1.10, 0.58], top - 0.02);
        piece.block([0.0, top - 0.02, 0.0], [1.16, 0.055, 0.64], look.top);
    }
    piece.join(books(look), [-0.14, top + 0.036, 0.04], 0);
    piece.join(vase(look, 0.16, 3), [0.20, top + 0.036, 0.06], 0);
    piece
}

pub(crate) fn side_table(look: &Look) -> Piece {
    let mut piece = Piece::default();
    piece.cone([0.0, 0.0, 0.0], 0.17, [0.0, 0.02, 0.0], 0.17, look.metal);
    piece.pole([0.0, 0.02, 0.0], 0.50, 0.018, look.metal);
    piece.cone([0.0, 0.52, 0.0], 0.25, [0.0, 0.55, 0.0], 0.25, look.top);
    piece
}

/// A dining table with its chairs around and a vase on top.
pub(crate) fn dining_table(look: &Look, seats_a_side: u32) -> Piece {
    let mut piece = Piece::default();
    let height = 0.74;
    if look.round_table {
        piece.cone([0.0, 0.0, 0.0], 0.34, [0.0, 0.04, 0.0], 0.30, look.wood);
        piece.cone([0.0, 0.04, 0.0], 0.10, [0.0, height - 0.04, 0.0], 0.07, look.wood);
        piece.cone([0.0, height - 0.04, 0.0], 0.66, [0.0, height, 0.0], 0.68, look.top);
        for (x, z, turns) in [(0.0, 0.74, 0), (0.0, -0.74, 2), (-0.80, 0.0, 3), (0.80, 0.0, 1)] {
            piece.join(chair(look), [x, 0.0, z], turns);
        }
    } else {
        let width = 0.62 * seats_a_side as f32 + 0.16;
        legs(&mut piece, look, [width - 0.1, 0.80], height - 0.045);
        piece.block([0.0, height - 0.045, 0.0], [width, 0.05, 0.92], look.top);
        for index in 0..seats_a_side {
            let x = (index as f32 + 0.5) * 0.62 - 0.31 * seats_a_side as f32;
            piece.join(chair(look), [x, 0.0, 0.56], 0);
            piece.join(chair(look), [x, 0.0, -0.56], 2);
        }
        for (x, turns) in [(-width / 2.0 - 0.16, 3), (width / 2.0 + 0.16, 1)] {
            piece.join(chair(look), [x, 0.0, 0.0], turns);
        }
    }
    piece.join(vase(look, 0.24, 5), [0.0, height + 0.006, 0.0], 0);
    for x in [-0.38, 0.38] {
        piece.cone([x, height + 0.006, -0.16], 0.12, [x, height + 0.014, -0.16], 0.13, Finish::plain(look.linen));
    }
    piece
}

/// A desk against the wall with a screen, a keyboard and a lamp.
pub(crate) fn desk(look: &Look) -> Piece {
    let mut piece = Piece::default();
    let height = 0.73;
    legs(&mut piece, look, [1.46, 0.66], height - 0.04);
    piece.block([0.0, height - 0.04, 0.0], [1.52, 0.045, 0.70], look.top);
    piece.block([0.52, height - 0.18, 0.02], [0.40, 0.13, 0.58], look.front);
    piece.block([0.52, height - 0.12, -0.28], [0.12, 0.015, 0.02], look.metal);
    let dark = Finish::plain(Colour::hex(0x1C1E22));
    piece.block([0.0, height + 0.006, 0.16], [0.24, 0.015, 0.16], dark);
    piece.block([0.0, height + 0.022, 0.19], [0.05, 0.12, 0.03], dark);
    piece.faced([0.0, height + 0.13, 0.15], [0.66, 0.38, 0.025], dark, Face::Screen);
    piece.block([0.0, height + 0.006, -0.16], [0.42, 0.014, 0.13], Finish::plain(Colour::hex(0xE6E6E6)));
    piece.join(super::table_lamp(look, 0.42), [-0.58, height + 0.006, 0.12], 0);
    piece.join(books(look), [0.54, height + 0.006, 0.10], 0);
    piece
}
