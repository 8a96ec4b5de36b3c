//! A bathroom's fittings.

use super::decor::vase;
use super::storage::drawers;
use crate::images::colour::Colour;
use crate::images::pattern::{Rug, Weave};
use crate::images::piece::Piece;
use crate::images::solid::{Face, Finish};
use crate::images::style::{Lamp, Look};

fn china() -> Finish {
    Finish::gloss(Colour::hex(0xFBFBFA))
}

fn tap(piece: &mut Piece, look: &Look, [x, y, z]: [f32; 3], height: f32) {
    piece.pole([x, y, z], height, 0.016, look.metal);
    piece.cone([x, y + height, z], 0.013, [x, y + height, z - 0.15], 0.013, look.metal);
}

/// A bath that stands free, lengthwise along x, with a tap behind it.
pub(crate) fn bathtub(look: &Look) -> Piece {
    let mut piece = Piece::default();
    if matches!(look.lamp, Lamp::Lantern | Lamp::Drum | Lamp::Globe) {
        for (x, z) in [(-0.58, -0.2), (0.58, -0.2), (-0.58, 0.2), (0.58, 0.2)] {
            piece.ball([x, 0.06, z], 0.06, look.metal);
        }
    } else {
        piece.rounded([0.0, 0.0, 0.0], [1.40, 0.12, 0.58], 0.05, china().shade(0.9));
    }
    piece.rounded([0.0, 0.12, 0.0], [1.58, 0.42, 0.70], 0.20, Finish::plain(look.accents[0].mix(china().colour, 0.80)));
    piece.rounded([0.0, 0.54, 0.0], [1.72, 0.05, 0.80], 0.05, china());
    piece.rounded([0.0, 0.592, 0.0], [1.56, 0.006, 0.64], 0.12, Finish::gloss(Colour::hex(0xBFDCE3)));
    for (x, z, radius) in [(-0.45, 0.10, 0.10), (-0.28, -0.08, 0.08), (-0.55, -0.12, 0.07), (-0.12, 0.12, 0.06)] {
        piece.ball([x, 0.60 + radius * 0.5, z], radius, Finish::plain(Colour::WHITE));
    }
    tap(&mut piece, look, [0.50, 0.0, 0.46], 0.86);
    let towel = Finish::fabric(look.accents[0]);
    piece.rounded([0.52, 0.30, -0.42], [0.34, 0.30, 0.03], 0.01, towel);
    piece
}

/// A washstand with basin and tap.
pub(crate) fn vanity(look: &Look) -> Piece {
    let mut piece = drawers(look, [1.20, 0.58, 0.50], 2, 2);
    piece.cone([0.0, 0.775, -0.02], 0.15, [0.0, 0.90, -0.02], 0.24, china());
    piece.cone([0.0, 0.904, -0.02], 0.20, [0.0, 0.906, -0.02], 0.20, china().shade(0.82));
    tap(&mut piece, look, [0.0, 0.775, 0.235], 0.32);
    piece.join(vase(look, 0.16, 1), [-0.46, 0.775, 0.06], 0);
    for (x, height) in [(0.40, 0.18), (0.50, 0.13)] {
        piece.cone([x, 0.775, 0.05], 0.036, [x, 0.775 + height, 0.05], 0.036, Finish::gloss(look.accents[1]));
    }
    piece
}

pub(crate) fn toilet(look: &Look) -> Piece {
    let mut piece = Piece::default();
    piece.rounded([0.0, 0.0, 0.20], [0.28, 0.38, 0.26], 0.03, china().shade(0.94));
    piece.rounded([0.0, 0.384, 0.24], [0.44, 0.40, 0.18], 0.04, china());
    piece.cone([0.0, 0.0, -0.12], 0.16, [0.0, 0.36, -0.14], 0.215, china());
    piece.cone([0.0, 0.364, -0.14], 0.225, [0.0, 0.40, -0.14], 0.225, china());
    piece.cone([0.0, 0.404, -0.14], 0.16, [0.0, 0.406, -0.14], 0.16, china().shade(0.86));
    piece.block([0.0, 0.80, 0.24], [0.10, 0.015, 0.05], look.metal);
    piece
}

/// A ladder with towels, leaning at the wall behind.
pub(crate) fn towel_ladder(look: &Look) -> Piece {
    let mut piece = Piece::default();
    for x in [-0.25, 0.25] {
        piece.cone([x, 0.0, -0.18], 0.022, [x, 1.75, 0.12], 0.022, look.wood);
    }
    for rung in 0..5 {
        let (y, z) = (0.35 + rung as f32 * 0.30, -0.12 + rung as f32 * 0.05);
        piece.cone([-0.25, y, z], 0.014, [0.25, y, z], 0.014, look.wood);
    }
    for (rung, colour) in [(1, look.accents[1]), (3, look.accents[0])] {
        let (y, z) = (0.37 + rung as f32 * 0.30, -0.16 + rung as f32 * 0.05);
        piece.rounded([0.0, y - 0.38, z - 0.02], [0.38, 0.40, 0.03], 0.012, Finish::fabric(colour));
    }
    piece
}

pub(crate) fn bath_mat(look: &Look) -> Piece {
    let mut piece = Piece::default();
    let ground = look.linen.mix(look.accents[0], 0.35);
    let face = Face::Rug(Rug { weave: Weave::Border, ground, figure: look.linen, accent: look.accents[1] });
    piece.faced([0.0, 0.0, 0.0], [1.10, 0.02, 0.60], Finish::plain(ground), face);
    piece
}
