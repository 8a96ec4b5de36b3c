//! What a cluttered room is full of. Nothing is higher than a metre, so that all of it can be painted away.

use crate::images::colour::Colour;
use crate::images::piece::Piece;
use crate::images::solid::{Face, Finish};

fn plain(colour: u32) -> Finish {
    Finish::plain(Colour::hex(colour))
}

fn cloth(colour: u32) -> Finish {
    Finish::fabric(Colour::hex(colour))
}

fn wood(colour: u32) -> Finish {
    Finish::wood(Colour::hex(colour))
}

/// Brown, worn, with a crocheted blanket and odd cushions.
pub(crate) fn old_sofa() -> Piece {
    let mut piece = Piece::default();
    let brown = cloth(0x7A5B42);
    piece.block([0.0, 0.0, 0.0], [1.9, 0.10, 0.80], plain(0x3B2C20));
    piece.rounded([0.0, 0.10, 0.0], [1.5, 0.20, 0.84], 0.03, brown.shade(0.9));
    for side in [-1.0, 1.0] {
        piece.rounded([side * 0.86, 0.10, 0.0], [0.24, 0.48, 0.88], 0.07, brown);
        piece.cushion(
            [side * 0.37, 0.30, -0.06],
            [0.72, 0.15, 0.70],
            brown.shade(if side > 0.0 { 1.06 } else { 0.96 }),
        );
    }
    piece.rounded([0.0, 0.30, 0.36], [1.48, 0.46, 0.16], 0.07, brown.shade(0.94));
    piece.rounded([-0.40, 0.455, -0.02], [0.50, 0.03, 0.68], 0.02, cloth(0xB7A13F));
    piece.rounded([-0.40, 0.16, -0.43], [0.50, 0.28, 0.025], 0.01, cloth(0xB7A13F));
    piece.cushion([0.42, 0.46, 0.12], [0.42, 0.28, 0.14], cloth(0x8C4A3F));
    piece
}

/// A stack of moving boxes with tape.
pub(crate) fn cardboard_boxes(stacked: bool) -> Piece {
    let mut piece = Piece::default();
    let mut carton = |at: [f32; 3], size: [f32; 3], shade: f32| {
        let [x, y, z] = at;
        piece.block(at, size, plain(0xB98D5B).shade(shade));
        piece.block([x, y + size[1] + 0.0045, z], [size[0], 0.003, 0.06], plain(0xDCC08F));
        piece.block([x, y + size[1] * 0.72, z - size[2] / 2.0 - 0.006], [0.06, size[1] * 0.27, 0.003], plain(0xDCC08F));
    };
    carton([0.0, 0.0, 0.0], [0.62, 0.42, 0.46], 1.0);
    carton([0.60, 0.0, -0.08], [0.46, 0.34, 0.42], 0.94);
    if stacked {
        carton([-0.04, 0.43, 0.02], [0.50, 0.34, 0.40], 1.06);
    }
    piece
}

/// A tube television on a little chest.
pub(crate) fn old_television() -> Piece {
    let mut piece = Piece::default();
    piece.block([0.0, 0.0, 0.0], [0.86, 0.40, 0.44], wood(0x6E4A2E));
    for x in [-0.21, 0.21] {
        piece.block([x, 0.05, -0.228], [0.38, 0.34, 0.012], wood(0x7F5836));
    }
    piece.rounded([0.0, 0.404, 0.04], [0.66, 0.40, 0.40], 0.03, plain(0x39352F));
    piece.faced([-0.05, 0.455, -0.17], [0.48, 0.30, 0.012], plain(0x6F6A60), Face::Screen);
    piece
}

/// A wooden chair, left standing askew.
pub(crate) fn old_chair() -> Piece {
    let mut piece = Piece::default();
    for (x, z) in [(-0.18, -0.18), (0.18, -0.18), (-0.18, 0.18), (0.18, 0.18)] {
        piece.block([x, 0.0, z], [0.035, 0.42, 0.035], wood(0x8A6038));
    }
    piece.block([0.0, 0.42, 0.0], [0.42, 0.04, 0.42], wood(0x966A40));
    for x in [-0.18, 0.0, 0.18] {
        piece.block([x, 0.464, 0.19], [0.03, 0.34, 0.025], wood(0x8A6038));
    }
    piece.block([0.0, 0.81, 0.19], [0.40, 0.08, 0.03], wood(0x8A6038));
    piece
}

/// A carpet that somebody rolled up, lying along x.
pub(crate) fn rolled_carpet() -> Piece {
    let mut piece = Piece::default();
    let (red, sand, radius) = (cloth(0x8F4640), cloth(0xC9A46A), 0.13);
    for (from, to, finish) in [(-0.95, -0.70, sand), (-0.70, 0.70, red), (0.70, 0.95, sand)] {
        piece.cone([from, radius, 0.0], radius, [to, radius, 0.0], radius, finish);
    }
    piece
}

/// Two full bags and some paper beside them.
pub(crate) fn rubbish_bags() -> Piece {
    let mut piece = Piece::default();
    for (x, z, radius) in [(0.0, 0.0, 0.27), (0.40, -0.10, 0.22)] {
        piece.ball([x, radius * 0.92, z], radius, plain(0x3A3F45));
        piece.cone([x, radius * 1.80, z], 0.03, [x, radius * 1.80 + 0.10, z], 0.07, plain(0x3A3F45));
    }
    for (x, z, width) in [(-0.45, -0.30, 0.34), (-0.25, -0.48, 0.28), (0.55, -0.50, 0.30)] {
        piece.block([x, 0.0, z], [width, 0.006, width * 0.75], plain(0xE4E0D4));
    }
    piece
}
