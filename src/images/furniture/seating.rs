//! Sofas, chairs and stools.

use super::legs;
use crate::images::piece::Piece;
use crate::images::solid::Finish;
use crate::images::style::{Arms, Legs, Look};

const SEAT: f32 = 0.44;

pub(crate) fn sofa(look: &Look, width: f32) -> Piece {
    upholstered(look, width, look.fabric, if width > 1.9 { 3 } else { 2 })
}

pub(crate) fn armchair(look: &Look) -> Piece {
    upholstered(look, 0.88, look.second_fabric, 1)
}

fn upholstered(look: &Look, width: f32, fabric: Finish, seats: u32) -> Piece {
    let mut piece = Piece::default();
    let (arm, rest) = match look.arms {
        Arms::Boxy => (0.20, 0.62),
        Arms::Slim => (0.12, 0.58),
        Arms::Rolled => (0.24, 0.66),
        Arms::Wooden => (0.07, 0.60),
    };
    let leg = if look.legs == Legs::Plinth { 0.06 } else { 0.15 };
    legs(&mut piece, look, [width - 0.04, 0.80], leg);
    let inner = width - 2.0 * arm;
    piece.rounded([0.0, leg, 0.0], [inner, 0.30 - leg, 0.86], 0.02, fabric.shade(0.92));
    for side in [-1.0, 1.0] {
        let x = side * (width - arm) / 2.0;
        match look.arms {
            Arms::Rolled => {
                piece.rounded([x, leg, 0.0], [arm - 0.05, rest - leg - 0.12, 0.86], 0.03, fabric);
                piece.rounded([x, rest - 0.12, 0.0], [arm, 0.16, 0.90], 0.08, fabric.shade(1.03));
            }
            Arms::Wooden => {
                piece.block([x, leg, -0.36], [0.05, rest - leg - 0.04, 0.05], look.wood);
                piece.block([x, leg, 0.34], [0.05, rest - leg - 0.04, 0.05], look.wood);
                piece.block([x, leg, 0.0], [0.05, 0.08, 0.62], look.wood);
                piece.rounded([x, rest - 0.04, -0.02], [arm, 0.045, 0.86], 0.02, look.wood);
            }
            Arms::Boxy | Arms::Slim => piece.rounded([x, leg, 0.0], [arm, rest - leg, 0.88], 0.045, fabric),
        }
    }
    let back_height = if look.arms == Arms::Slim { 0.76 } else { 0.86 };
    piece.rounded([0.0, 0.30, 0.36], [inner, back_height - 0.36, 0.16], 0.04, fabric.shade(0.90));
    let seat = inner / seats as f32;
    for index in 0..seats {
        let x = (index as f32 + 0.5) * seat - inner / 2.0;
        piece.cushion([x, 0.30, -0.08], [seat - 0.012, SEAT - 0.28, 0.70], fabric.shade(1.02));
        piece.cushion([x, SEAT + 0.02, 0.19], [seat - 0.02, back_height - SEAT - 0.02, 0.17], fabric);
    }
    throw_pillows(&mut piece, look, inner, seats);
    piece
}

fn throw_pillows(piece: &mut Piece, look: &Look, inner: f32, seats: u32) {
    if seats == 1 {
        piece.cushion([0.0, SEAT + 0.02, 0.04], [0.42, 0.30, 0.12], Finish::fabric(look.accents[1]));
        return;
    }
    let edge = inner / 2.0 - 0.23;
    piece.cushion([-edge, SEAT + 0.02, 0.04], [0.44, 0.40, 0.12], Finish::fabric(look.accents[0]));
    piece.cushion([edge, SEAT + 0.02, 0.04], [0.44, 0.40, 0.12], Finish::fabric(look.accents[1]));
    piece.cushion([-edge + 0.26, SEAT + 0.02, -0.08], [0.38, 0.30, 0.11], Finish::fabric(look.accents[2]));
}

/// A dining chair; it looks towards -z.
pub(crate) fn chair(look: &Look) -> Piece {
    let mut piece = Piece::default();
    legs(&mut piece, look, [0.44, 0.44], SEAT - 0.02);
    piece.rounded([0.0, SEAT - 0.02, 0.0], [0.46, 0.06, 0.46], 0.02, look.second_fabric);
    match look.arms {
        Arms::Wooden | Arms::Rolled => {
            for x in [-0.20, -0.07, 0.07, 0.20] {
                piece.block([x, SEAT + 0.04, 0.21], [0.03, 0.40, 0.025], look.wood);
            }
            piece.rounded([0.0, SEAT + 0.44, 0.21], [0.46, 0.08, 0.03], 0.02, look.wood);
        }
        Arms::Boxy | Arms::Slim => {
            piece.rounded([0.0, SEAT + 0.04, 0.21], [0.44, 0.42, 0.05], 0.05, look.second_fabric)
        }
    }
    piece
}

pub(crate) fn stool(look: &Look) -> Piece {
    let mut piece = Piece::default();
    legs(&mut piece, look, [0.36, 0.36], 0.62);
    piece.rounded([0.0, 0.62, 0.0], [0.38, 0.06, 0.36], 0.03, look.second_fabric);
    piece.rounded([0.0, 0.68, 0.16], [0.36, 0.16, 0.03], 0.03, look.second_fabric);
    piece
}

/// An upholstered bench, as at the foot of a bed.
pub(crate) fn bench(look: &Look) -> Piece {
    let mut piece = Piece::default();
    legs(&mut piece, look, [1.2, 0.40], 0.34);
    piece.cushion([0.0, 0.34, 0.0], [1.25, 0.12, 0.44], look.second_fabric);
    piece
}

pub(crate) fn office_chair(look: &Look) -> Piece {
    let mut piece = Piece::default();
    for angle in 0..5 {
        let (sine, cosine) = (angle as f32 * 1.2566 + 0.3).sin_cos();
        piece.cone([cosine * 0.30, 0.03, sine * 0.30], 0.022, [0.0, 0.09, 0.0], 0.026, look.metal);
        piece.ball([cosine * 0.30, 0.035, sine * 0.30], 0.035, look.metal.shade(0.7));
    }
    piece.pole([0.0, 0.10, 0.0], 0.33, 0.028, look.metal);
    piece.cushion([0.0, SEAT, 0.0], [0.52, 0.09, 0.50], look.second_fabric);
    piece.cushion([0.0, SEAT + 0.14, 0.24], [0.48, 0.56, 0.08], look.second_fabric);
    for side in [-1.0, 1.0] {
        piece.rounded([side * 0.29, SEAT + 0.20, -0.02], [0.05, 0.04, 0.32], 0.02, look.metal);
        piece.block([side * 0.29, SEAT, 0.04], [0.03, 0.20, 0.04], look.metal);
    }
    piece
}
