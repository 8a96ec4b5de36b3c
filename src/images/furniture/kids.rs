//! A child's room.

use fastrand::Rng;

use super::legs;
use crate::images::colour::Colour;
use crate::images::leaves::Plant;
use crate::images::piece::Piece;
use crate::images::solid::Finish;
use crate::images::style::Look;

fn cloth(colour: Colour) -> Finish {
    Finish::fabric(colour)
}

fn plain(colour: Colour) -> Finish {
    Finish::plain(colour)
}

/// A low bed under the frame of a little house, lengthwise along x.
pub(crate) fn house_bed(look: &Look) -> Piece {
    let mut piece = Piece::default();
    let (length, width, wall, ridge) = (1.90, 0.95, 1.25, 1.75);
    piece.block([0.0, 0.05, 0.0], [length - 0.08, 0.20, width - 0.08], look.wood);
    piece.rounded([0.0, 0.25, 0.0], [length - 0.12, 0.16, width - 0.12], 0.05, plain(look.linen));
    piece.rounded(
        [0.28, 0.41, 0.0],
        [length - 0.80, 0.07, width - 0.10],
        0.04,
        cloth(look.accents[0].mix(look.linen, 0.25)),
    );
    piece.cushion([-0.70, 0.415, 0.0], [0.32, 0.14, 0.60], cloth(look.accents[1]));
    for x in [-length / 2.0, length / 2.0] {
        for z in [-width / 2.0, width / 2.0] {
            piece.cone([x, 0.0, z], 0.028, [x, wall, z], 0.028, look.wood);
            piece.cone([x, wall, z], 0.026, [x, ridge, 0.0], 0.026, look.wood);
        }
    }
    for (y, z) in [(wall, -width / 2.0), (wall, width / 2.0), (ridge, 0.0)] {
        piece.cone([-length / 2.0, y, z], 0.026, [length / 2.0, y, z], 0.026, look.wood);
    }
    for index in 0..9 {
        let x = (index as f32 - 4.0) * 0.21;
        let sag = 0.10 * (1.0 - (x / 0.95) * (x / 0.95));
        piece.ball([x, wall - 0.05 - sag, -width / 2.0], 0.028, plain(Colour::hex(0xFFE2A0)));
        piece.glow([x, wall - 0.05 - sag, -width / 2.0 - 0.03], 0.11, Colour::hex(0xFFD58F), 0.5);
    }
    piece
}

/// A tent of cloth over poles.
pub(crate) fn teepee(look: &Look) -> Piece {
    let mut piece = Piece::default();
    piece.cone([0.0, 0.0, 0.0], 0.58, [0.0, 1.42, 0.0], 0.05, cloth(look.linen.mix(look.accents[2], 0.12)));
    piece.cone([0.0, 0.42, 0.0], 0.425, [0.0, 0.56, 0.0], 0.375, cloth(look.accents[0]));
    piece.cone([0.0, 0.80, 0.0], 0.285, [0.0, 0.88, 0.0], 0.255, cloth(look.accents[1]));
    for (x, z) in [(-0.12, 0.0), (0.12, 0.0), (0.0, 0.10)] {
        piece.cone([0.0, 1.42, 0.0], 0.016, [x, 1.66, z], 0.014, look.wood);
    }
    piece.cone([0.0, 0.0, -0.585], 0.20, [0.0, 0.78, -0.30], 0.01, plain(Colour::hex(0x4A4038)));
    piece
}

/// A teddy bear that sits.
pub(crate) fn teddy(size: f32) -> Piece {
    let mut piece = Piece::default();
    let (fur, muzzle, dark) =
        (plain(Colour::hex(0xB07F4F)), plain(Colour::hex(0xE2C49A)), plain(Colour::hex(0x2B211A)));
    let mut ball = |x: f32, y: f32, z: f32, radius: f32, finish: Finish| {
        piece.ball([x * size, y * size, z * size], radius * size, finish)
    };
    ball(0.0, 0.30, 0.10, 0.26, fur);
    ball(0.0, 0.68, 0.06, 0.21, fur);
    ball(0.0, 0.28, -0.12, 0.15, muzzle);
    for side in [-1.0, 1.0] {
        ball(side * 0.17, 0.86, 0.10, 0.08, fur);
        ball(side * 0.26, 0.38, -0.02, 0.10, fur);
        ball(side * 0.20, 0.12, -0.22, 0.13, fur);
        ball(side * 0.20, 0.12, -0.34, 0.07, muzzle);
        ball(side * 0.08, 0.73, -0.17, 0.025, dark);
    }
    ball(0.0, 0.62, -0.14, 0.09, muzzle);
    ball(0.0, 0.65, -0.24, 0.03, dark);
    piece
}

/// A low shelf with boxes and toys.
pub(crate) fn toy_shelf(look: &Look, seed: u64) -> Piece {
    let mut piece = Piece::default();
    let mut rng = Rng::with_seed(seed);
    let (width, depth, rows) = (1.20, 0.36, 2);
    piece.block([0.0, 0.0, depth / 2.0], [width, 0.80, 0.02], look.front.shade(0.9));
    for row in 0..=rows {
        piece.block([0.0, row as f32 * 0.385, 0.0], [width, 0.03, depth - 0.02], look.front);
    }
    for column in 0..4 {
        let x = (column as f32 - 1.5) * (width - 0.03) / 3.0;
        for row in 0..rows {
            piece.block([x, row as f32 * 0.385 + 0.034, 0.0], [0.03, 0.35, depth - 0.02], look.front);
        }
    }
    for column in 0..3 {
        for row in 0..rows {
            let (x, y) = ((column as f32 - 1.0) * 0.39, row as f32 * 0.385 + 0.034);
            let colour = [look.accents[0], look.accents[1], look.accents[2], look.linen][rng.usize(..4)];
            piece.rounded([x, y, -0.02], [0.32, 0.20 + rng.f32() * 0.10, 0.28], 0.02, cloth(colour));
        }
    }
    for (index, colour) in [look.accents[0], look.accents[1], look.accents[2]].into_iter().enumerate() {
        piece.block([-0.40 + index as f32 * 0.115, 0.804, 0.0], [0.11, 0.11, 0.11], plain(colour));
    }
    piece.block([-0.34, 0.918, 0.0], [0.11, 0.11, 0.11], plain(look.accents[1].mix(look.linen, 0.3)));
    piece.join(teddy(0.34), [0.30, 0.804, 0.0], 0);
    piece
}

/// A low round table with two stools.
pub(crate) fn kids_table(look: &Look) -> Piece {
    let mut piece = Piece::default();
    legs(&mut piece, look, [0.50, 0.50], 0.46);
    piece.cone([0.0, 0.46, 0.0], 0.36, [0.0, 0.49, 0.0], 0.36, look.top);
    for (x, colour) in [(-0.52, look.accents[1]), (0.52, look.accents[2])] {
        piece.cone([x, 0.0, 0.05], 0.13, [x, 0.26, 0.05], 0.15, plain(colour));
        piece.cone([x, 0.26, 0.05], 0.16, [x, 0.30, 0.05], 0.16, look.wood);
    }
    piece.block([-0.05, 0.494, -0.04], [0.26, 0.005, 0.20], plain(Colour::WHITE));
    piece.cone([0.20, 0.494, 0.08], 0.035, [0.20, 0.60, 0.08], 0.04, plain(look.accents[0]));
    piece.leaves([0.20, 0.60, 0.08], [0.10, 0.10], Plant::Snake, 3);
    piece
}

/// Flags on a line across the wall, its back at z = 0.
pub(crate) fn bunting(look: &Look, width: f32) -> Piece {
    let mut piece = Piece::default();
    let count = (width / 0.22) as i32;
    let line = |x: f32| 0.30 * (2.0 * x / width) * (2.0 * x / width);
    for index in 0..count {
        let x = (index as f32 + 0.5) * width / count as f32 - width / 2.0;
        let colour = [look.accents[0], look.accents[1], look.accents[2], look.linen][index as usize % 4];
        piece.cone([x, line(x) - 0.17, -0.02], 0.004, [x, line(x), -0.02], 0.08, plain(colour));
    }
    piece
}
