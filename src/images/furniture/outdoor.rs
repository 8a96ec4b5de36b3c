//! Terrace and garden.

use super::potted_plant;
use crate::images::colour::Colour;
use crate::images::piece::Piece;
use crate::images::solid::Finish;
use crate::images::style::Look;

/// A slatted lounger with cushions and its foot towards -z.
pub(crate) fn lounger(look: &Look) -> Piece {
    let mut piece = Piece::default();
    for (x, z) in [(-0.28, -0.75), (0.28, -0.75), (-0.28, 0.55), (0.28, 0.55)] {
        piece.block([x, 0.0, z], [0.06, 0.24, 0.06], look.wood);
    }
    for index in 0..10 {
        piece.block([0.0, 0.24, -0.85 + index as f32 * 0.17], [0.66, 0.04, 0.14], look.wood);
    }
    let cloth = Finish::fabric(look.linen);
    piece.cushion([0.0, 0.284, -0.34], [0.60, 0.09, 1.06], cloth);
    for step in 0..4 {
        let rise = step as f32 * 0.13;
        piece.cushion([0.0, 0.284 + rise, 0.26 + step as f32 * 0.13], [0.60, 0.16, 0.12], cloth);
    }
    piece.cushion([0.0, 0.78, 0.56], [0.46, 0.16, 0.12], Finish::fabric(look.accents[0]));
    piece.rounded([0.0, 0.376, -0.60], [0.64, 0.02, 0.30], 0.01, Finish::fabric(look.accents[1]));
    piece
}

/// An open sunshade on its foot.
pub(crate) fn parasol(look: &Look) -> Piece {
    let mut piece = Piece::default();
    piece.cone([0.0, 0.0, 0.0], 0.26, [0.0, 0.07, 0.0], 0.22, Finish::plain(Colour::hex(0x6F6F6C)));
    piece.pole([0.0, 0.07, 0.0], 2.01, 0.024, look.wood);
    let cloth = |colour: Colour| Finish::plain(colour);
    piece.cone([0.0, 1.98, 0.0], 1.25, [0.0, 2.08, 0.0], 1.20, cloth(look.accents[0].shade(0.9)));
    piece.cone([0.0, 2.08, 0.0], 1.20, [0.0, 2.30, 0.0], 0.62, cloth(look.linen));
    piece.cone([0.0, 2.30, 0.0], 0.62, [0.0, 2.46, 0.0], 0.06, cloth(look.accents[0]));
    piece.ball([0.0, 2.49, 0.0], 0.035, look.wood);
    piece
}

/// A trough with plants, `width` metres.
pub(crate) fn planter(look: &Look, width: f32, seed: u64) -> Piece {
    let mut piece = Piece::default();
    piece.block([0.0, 0.0, 0.0], [width, 0.42, 0.36], look.wood);
    piece.block([0.0, 0.42, 0.0], [width - 0.06, 0.01, 0.30], Finish::plain(Colour::hex(0x4A3A2C)));
    let count = (width / 0.34) as u64;
    for index in 0..count {
        let x = (index as f32 + 0.5) * width / count as f32 - width / 2.0;
        piece.leaves([x, 0.43, 0.0], [0.46, 0.52], look.plant, seed + index);
    }
    piece
}

/// A bowl with a fire in it.
pub(crate) fn fire_bowl(look: &Look) -> Piece {
    let mut piece = Piece::default();
    piece.cone([0.0, 0.0, 0.0], 0.24, [0.0, 0.10, 0.0], 0.20, look.metal);
    piece.cone([0.0, 0.10, 0.0], 0.22, [0.0, 0.36, 0.0], 0.46, look.metal);
    piece.cone([0.0, 0.364, 0.0], 0.40, [0.0, 0.366, 0.0], 0.40, Finish::plain(Colour::hex(0x2A1A12)));
    for (x, z, height, colour) in [
        (-0.14, 0.02, 0.30, 0xE8742A),
        (0.13, 0.04, 0.34, 0xE8742A),
        (0.0, -0.06, 0.46, 0xF29B38),
        (0.02, -0.16, 0.26, 0xFFD36B),
    ] {
        let flame = Finish::plain(Colour::hex(colour));
        piece.cone([x, 0.37, z], 0.11, [x * 0.6, 0.37 + height, z], 0.005, flame);
    }
    piece.glow([0.0, 0.55, -0.2], 0.9, Colour::hex(0xFF9A3C), 0.45);
    piece
}

/// Light bulbs on a sagging line between two poles with pots at their feet.
pub(crate) fn string_lights(look: &Look, width: f32) -> Piece {
    let mut piece = Piece::default();
    for (side, seed) in [(-1.0, 4), (1.0, 7)] {
        piece.pole([side * width / 2.0, 0.0, 0.0], 2.35, 0.03, look.wood);
        piece.join(potted_plant(look, 0.9, seed), [side * width / 2.0, 0.0, -0.35], 0);
    }
    let count = (width / 0.26) as i32;
    let height = |share: f32| 2.32 - 0.42 * (1.0 - (2.0 * share - 1.0) * (2.0 * share - 1.0));
    let dark = Finish::plain(Colour::hex(0x2E2C2A));
    for index in 0..count {
        let (from, to) = (index as f32 / count as f32, (index + 1) as f32 / count as f32);
        let x = |share: f32| (share - 0.5) * width;
        piece.cone([x(from), height(from), 0.0], 0.006, [x(to), height(to), 0.0], 0.006, dark);
        if index > 0 {
            piece.ball([x(from), height(from) - 0.06, 0.0], 0.035, Finish::plain(Colour::hex(0xFFE6AE)));
            piece.glow([x(from), height(from) - 0.06, -0.04], 0.17, Colour::hex(0xFFC66B), 0.6);
        }
    }
    piece
}
