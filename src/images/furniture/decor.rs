//! Rugs, paintings, mirrors, plants, vases and books.

use super::art;
use crate::images::colour::Colour;
use crate::images::leaves::Plant;
use crate::images::pattern::Rug;
use crate::images::piece::Piece;
use crate::images::solid::{Face, Finish, Grain};
use crate::images::style::Look;

pub(crate) fn rug(look: &Look, [width, depth]: [f32; 2]) -> Piece {
    let mut piece = Piece::default();
    let [ground, figure, accent] = look.rug;
    let face = Face::Rug(Rug { weave: look.weave, ground, figure, accent });
    piece.faced([0.0, 0.0, 0.0], [width, 0.014, depth], Finish::plain(ground), face);
    piece
}

/// Side by side and framed, their backs at z = 0, each of this size.
pub(crate) fn paintings(look: &Look, count: u32, [width, height]: [f32; 2], seed: u64) -> Piece {
    let mut piece = Piece::default();
    let frame = if look.metal.grain == Grain::Gloss { look.metal } else { look.wood };
    for index in 0..count {
        let across = (index as f32 - (count - 1) as f32 / 2.0) * (width + PAINTINGS_APART);
        let face = Face::Art(art(look, seed.wrapping_add(index.into())));
        piece.faced([across, 0.0, -0.02], [width, height, 0.04], Finish::plain(frame.colour), face);
    }
    piece
}

/// Metres between the frames of [`paintings`].
pub(crate) const PAINTINGS_APART: f32 = 0.12;

pub(crate) fn mirror(look: &Look, [width, height]: [f32; 2]) -> Piece {
    let mut piece = Piece::default();
    piece.faced([0.0, 0.0, -0.02], [width, height, 0.04], Finish::plain(look.metal.colour), Face::Mirror);
    piece
}

/// A plant of the style in its pot, `height` metres in all.
pub(crate) fn potted_plant(look: &Look, height: f32, seed: u64) -> Piece {
    let mut piece = Piece::default();
    let pot = (height * 0.26).clamp(0.14, 0.42);
    let finish = Finish::plain(look.accents[(seed % 3) as usize].mix(look.linen, 0.45));
    piece.cone([0.0, 0.0, 0.0], pot * 0.36, [0.0, pot, 0.0], pot * 0.50, finish);
    let earth = Finish::plain(Colour::hex(0x4A3A2C));
    piece.cone([0.0, pot, 0.0], pot * 0.44, [0.0, pot + 0.005, 0.0], pot * 0.44, earth);
    let spread = if matches!(look.plant, Plant::Snake | Plant::Cactus) { 0.50 } else { 0.80 };
    piece.leaves([0.0, pot + 0.006, 0.0], [(height - pot) * spread, height - pot], look.plant, seed);
    piece
}

/// A small vase with a few stems; `height` is the vase's own.
pub(crate) fn vase(look: &Look, height: f32, seed: u64) -> Piece {
    let mut piece = Piece::default();
    let finish = Finish::gloss(look.accents[(seed % 3) as usize]);
    let radius = height * 0.30;
    piece.cone([0.0, 0.0, 0.0], radius * 0.7, [0.0, height * 0.45, 0.0], radius, finish);
    piece.cone([0.0, height * 0.45, 0.0], radius, [0.0, height, 0.0], radius * 0.45, finish);
    let stems = match look.plant {
        Plant::Flowers(_) | Plant::Olive => look.plant,
        Plant::Cactus | Plant::Snake => Plant::Pampas,
        Plant::Fig | Plant::Palm | Plant::Pampas => Plant::Flowers(0xF3E3D3),
    };
    piece.leaves([0.0, height, 0.0], [height * 1.3, height * 1.2], stems, seed);
    piece
}

pub(crate) fn books(look: &Look) -> Piece {
    let mut piece = Piece::default();
    for (index, width) in [0.30, 0.27, 0.22].into_iter().enumerate() {
        let colour = [look.accents[2], look.linen, look.accents[0]][index];
        piece.block(
            [0.01 * index as f32, index as f32 * 0.03, 0.0],
            [width, 0.028, width * 0.72],
            Finish::plain(colour),
        );
    }
    piece
}
