//! A fitted kitchen: base units, wall units, fridge and island.

use super::decor::vase;
use super::stool;
use crate::images::colour::Colour;
use crate::images::piece::Piece;
use crate::images::solid::{Face, Finish, Grain};
use crate::images::style::Look;

const COUNTER: f32 = 0.90;
const DEPTH: f32 = 0.62;
const UNIT: f32 = 0.60;

fn steel() -> Finish {
    Finish::gloss(Colour::hex(0xB9BEC2))
}

fn black() -> Finish {
    Finish::plain(Colour::hex(0x1D1F22))
}

/// Base units in a row with an oven, a hob, a sink and things on the worktop.
pub(crate) fn kitchen_line(look: &Look, units: u32) -> Piece {
    let mut piece = Piece::default();
    let width = units as f32 * UNIT;
    piece.block([0.0, 0.0, 0.04], [width, 0.10, DEPTH - 0.10], black());
    piece.block([0.0, 0.10, 0.01], [width, COUNTER - 0.14, DEPTH - 0.02], look.front.shade(0.86));
    for index in 0..units {
        let x = (index as f32 + 0.5) * UNIT - width / 2.0;
        if index == units / 2 { oven(&mut piece, x) } else { unit_front(&mut piece, look, x, index) }
    }
    piece.block([0.0, COUNTER - 0.04, -0.01], [width + 0.02, 0.04, DEPTH + 0.02], look.top);
    let oven_x = (units / 2) as f32 * UNIT + UNIT / 2.0 - width / 2.0;
    piece.block([oven_x, COUNTER + 0.004, -0.02], [0.54, 0.008, 0.46], black());
    piece.cone(
        [oven_x - 0.12, COUNTER + 0.016, 0.06],
        0.10,
        [oven_x - 0.12, COUNTER + 0.13, 0.06],
        0.10,
        Finish::gloss(look.accents[0]),
    );
    let sink = -width / 2.0 + UNIT;
    piece.block([sink, COUNTER + 0.004, -0.04], [0.5, 0.006, 0.36], steel().shade(0.75));
    piece.pole([sink, COUNTER + 0.012, 0.20], 0.28, 0.014, look.metal);
    piece.cone([sink, COUNTER + 0.28, 0.19], 0.012, [sink, COUNTER + 0.28, 0.02], 0.012, look.metal);
    piece.join(vase(look, 0.18, 2), [width / 2.0 - 0.30, COUNTER + 0.006, 0.06], 0);
    for (index, height) in [0.20, 0.16, 0.13].into_iter().enumerate() {
        let x = width / 2.0 - 0.75 - index as f32 * 0.15;
        piece.cone(
            [x, COUNTER + 0.006, 0.14],
            0.055,
            [x, COUNTER + height, 0.14],
            0.055,
            Finish::plain(look.accents[index].mix(look.linen, 0.5)),
        );
    }
    piece
}

fn unit_front(piece: &mut Piece, look: &Look, x: f32, index: u32) {
    let front = -DEPTH / 2.0 + 0.002;
    let splits: &[(f32, f32)] =
        if index.is_multiple_of(2) { &[(0.12, 0.72)] } else { &[(0.12, 0.22), (0.36, 0.22), (0.60, 0.24)] };
    for &(low, height) in splits {
        piece.block([x, low, front], [UNIT - 0.02, height, 0.016], look.front);
        if height > 0.5 {
            piece.block([x + 0.22, low + height - 0.24, front - 0.018], [0.016, 0.18, 0.016], look.metal);
        } else {
            piece.block([x, low + height - 0.05, front - 0.018], [0.24, 0.016, 0.016], look.metal);
        }
    }
}

fn oven(piece: &mut Piece, x: f32) {
    let front = -DEPTH / 2.0 + 0.002;
    piece.block([x, 0.12, front], [UNIT - 0.02, 0.58, 0.016], steel());
    piece.faced([x, 0.18, front - 0.012], [UNIT - 0.12, 0.36, 0.006], black(), Face::Screen);
    piece.block([x, 0.60, front - 0.022], [UNIT - 0.14, 0.02, 0.022], steel().shade(1.1));
    piece.block([x, 0.71, front], [UNIT - 0.02, 0.13, 0.016], black());
}

/// A unit on the wall, its back at z = 0.
pub(crate) fn wall_cabinet(look: &Look) -> Piece {
    let mut piece = Piece::default();
    piece.block([0.0, 0.0, -0.17], [UNIT, 0.74, 0.34], look.front.shade(0.88));
    for side in [-1.0, 1.0] {
        piece.block([side * UNIT / 4.0, 0.01, -0.35], [UNIT / 2.0 - 0.012, 0.72, 0.016], look.front);
        piece.block([side * 0.05, 0.05, -0.367], [0.014, 0.14, 0.014], look.metal);
    }
    piece
}

/// Over the hob, its back at z = 0.
pub(crate) fn hood(look: &Look) -> Piece {
    let mut piece = Piece::default();
    piece.block([0.0, 0.0, -0.22], [UNIT - 0.06, 0.06, 0.44], look.metal);
    piece.block([0.0, 0.06, -0.13], [0.26, 0.62, 0.26], look.metal);
    piece
}

pub(crate) fn fridge(look: &Look) -> Piece {
    let mut piece = Piece::default();
    let body = if look.front.grain == Grain::Wood { look.front } else { steel() };
    piece.block([0.0, 0.02, 0.02], [0.74, 1.86, 0.62], body.shade(0.85));
    for (low, height) in [(0.05, 0.62), (0.69, 1.17)] {
        piece.block([0.0, low, -0.305], [0.73, height, 0.03], body);
        let handle = if low < 0.5 { low + height - 0.34 } else { low + 0.06 };
        piece.block([-0.30, handle, -0.345], [0.025, 0.28, 0.03], look.metal);
    }
    piece
}

/// An island with a worktop and stools in front.
pub(crate) fn island(look: &Look, stools: u32) -> Piece {
    let mut piece = Piece::default();
    let width = 0.62 * stools as f32 + 0.24;
    piece.block([0.0, 0.0, 0.14], [width - 0.12, 0.08, 0.50], black());
    piece.block([0.0, 0.08, 0.14], [width - 0.06, COUNTER - 0.12, 0.56], look.front);
    let panels = stools * 2;
    for index in 0..panels {
        let cell = (width - 0.10) / panels as f32;
        let x = (index as f32 + 0.5) * cell - (width - 0.10) / 2.0;
        piece.block([x, 0.14, -0.15], [cell - 0.03, COUNTER - 0.26, 0.012], look.front.shade(1.04));
    }
    piece.block([0.0, COUNTER - 0.04, 0.0], [width, 0.05, 0.92], look.top);
    for index in 0..stools {
        let x = (index as f32 + 0.5) * 0.62 - 0.31 * stools as f32;
        piece.join(stool(look), [x, 0.0, -0.62], 2);
    }
    let bowl = Finish::plain(look.accents[1]);
    piece.cone([0.1, COUNTER + 0.015, 0.05], 0.07, [0.1, COUNTER + 0.09, 0.05], 0.17, bowl);
    for (x, z, fruit) in [(0.02, 0.02, 0xD9823B), (0.16, 0.06, 0xB9C04A), (0.09, 0.10, 0xC9503A)] {
        piece.ball([x, COUNTER + 0.13, z], 0.045, Finish::plain(Colour::hex(fruit)));
    }
    piece.join(vase(look, 0.22, 6), [-width / 2.0 + 0.3, COUNTER + 0.015, 0.1], 0);
    piece
}
