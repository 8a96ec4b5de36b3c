//! Beds with their bedding, and what stands beside them.

use super::decor::{books, vase};
use super::storage::drawers;
use super::table_lamp;
use crate::images::piece::Piece;
use crate::images::solid::Finish;
use crate::images::style::{Arms, Look};

const LENGTH: f32 = 2.10;

/// A double bed, its headboard at the back.
pub(crate) fn bed(look: &Look) -> Piece {
    let mut piece = Piece::default();
    let width = 1.70;
    headboard(&mut piece, look, width);
    super::legs(&mut piece, look, [width, LENGTH - 0.1], 0.14);
    piece.block([0.0, 0.14, 0.0], [width + 0.04, 0.16, LENGTH], look.wood);
    bedding(&mut piece, look, width, 0.30);
    piece
}

fn headboard(piece: &mut Piece, look: &Look, width: f32) {
    let back = LENGTH / 2.0 + 0.05;
    match look.arms {
        Arms::Wooden => piece.rounded([0.0, 0.10, back], [width + 0.10, 0.98, 0.06], 0.03, look.wood),
        Arms::Slim => piece.rounded([0.0, 0.10, back], [width + 0.50, 0.86, 0.07], 0.03, look.second_fabric),
        Arms::Boxy => {
            for index in 0..5 {
                piece.block([0.0, 0.14 + index as f32 * 0.20, back], [width + 0.08, 0.19, 0.05], look.wood);
            }
        }
        Arms::Rolled => {
            let panel = (width + 0.16) / 6.0;
            for index in 0..6 {
                let x = (index as f32 - 2.5) * panel;
                piece.cushion([x, 0.14, back], [panel, 1.16, 0.12], look.second_fabric);
            }
        }
    }
}

/// Mattress, duvet, a throw over the foot and pillows on a frame whose top is at `base`.
fn bedding(piece: &mut Piece, look: &Look, width: f32, base: f32) {
    let cloth = |colour| Finish::fabric(colour);
    let plain = |colour| Finish::plain(colour);
    piece.rounded([0.0, base, 0.0], [width, 0.20, LENGTH - 0.04], 0.05, plain(look.linen.shade(0.97)));
    piece.rounded([0.0, base + 0.20, 0.36], [width - 0.04, 0.03, LENGTH / 2.0 - 0.42], 0.02, plain(look.linen));
    piece.rounded(
        [0.0, base + 0.20, -0.18],
        [width + 0.05, 0.09, 0.90],
        0.06,
        cloth(look.linen.mix(look.accents[0], 0.10)),
    );
    piece.rounded([0.0, base + 0.20, -0.83], [width + 0.07, 0.10, 0.40], 0.05, cloth(look.accents[0]));
    for side in [-1.0, 1.0] {
        piece.cushion([side * width * 0.25, base + 0.235, 0.86], [0.72, 0.36, 0.16], cloth(look.linen));
        piece.cushion([side * width * 0.23, base + 0.235, 0.70], [0.56, 0.30, 0.13], cloth(look.accents[1]));
    }
    piece.cushion([0.0, base + 0.235, 0.56], [0.48, 0.22, 0.11], cloth(look.accents[2]));
}

pub(crate) fn nightstand(look: &Look, seed: u64) -> Piece {
    let mut piece = drawers(look, [0.50, 0.36, 0.42], 1, 2);
    piece.join(table_lamp(look, 0.46), [-0.06, 0.552, 0.05], 0);
    if seed.is_multiple_of(2) {
        piece.join(vase(look, 0.11, seed), [0.16, 0.552, -0.04], 0);
    } else {
        piece.join(books(look), [0.08, 0.552, -0.10], 0);
    }
    piece
}
