//! Lamps in each style's shape, with their glow.

use crate::images::piece::Piece;
use std::f32::consts::PI;

use crate::images::camera::Camera;
use crate::images::colour::Colour;
use crate::images::solid::Finish;
use crate::images::style::{Lamp, Look};

const WARM: Colour = Colour::hex(0xFFD58F);

fn lit(colour: Colour) -> Finish {
    Finish::plain(colour.shade(1.05))
}

pub(crate) fn floor_lamp(look: &Look) -> Piece {
    let mut piece = Piece::default();
    match look.lamp {
        Lamp::Arc => {
            piece.cone([0.0, 0.0, 0.0], 0.19, [0.0, 0.05, 0.0], 0.19, look.top);
            piece.pole([0.0, 0.05, 0.0], 1.25, 0.014, look.metal);
            let bow = |step: i32| {
                let (sine, cosine) = (PI * (1.0 - step as f32 / 14.0 * 0.86)).sin_cos();
                [0.5 + 0.5 * cosine, 1.30 + 0.66 * sine, 0.0]
            };
            for step in 0..14 {
                piece.cone(bow(step), 0.014, bow(step + 1), 0.014, look.metal);
            }
            piece.cone([0.95, 1.42, 0.0], 0.19, [0.95, 1.60, 0.0], 0.07, look.metal);
            piece.glow([0.95, 1.36, 0.0], 0.55, WARM, 0.55);
        }
        Lamp::Tripod => {
            for (x, z) in [(-0.26, 0.10), (0.26, 0.10), (0.0, -0.26)] {
                piece.cone([x, 0.0, z], 0.014, [x * 0.1, 1.22, z * 0.1], 0.016, look.wood);
            }
            shade(&mut piece, look, 1.22, 0.26, 0.36);
        }
        Lamp::Globe => {
            stand(&mut piece, look, 1.36);
            piece.ball([0.0, 1.52, 0.0], 0.16, lit(look.shade));
            piece.glow([0.0, 1.52, 0.0], 0.60, WARM, 0.5);
        }
        Lamp::Bulb => {
            stand(&mut piece, look, 1.50);
            piece.cone([0.0, 1.34, -0.04], 0.17, [0.0, 1.50, -0.04], 0.05, look.metal);
            piece.ball([0.0, 1.33, -0.04], 0.06, lit(look.shade));
            piece.glow([0.0, 1.32, -0.04], 0.55, Colour::hex(0xFFB35C), 0.7);
        }
        Lamp::Lantern => {
            stand(&mut piece, look, 1.24);
            lantern(&mut piece, look, 1.24, 0.24);
        }
        Lamp::Drum | Lamp::Woven => {
            stand(&mut piece, look, 1.26);
            shade(&mut piece, look, 1.26, 0.24, 0.34);
        }
    }
    piece
}

fn stand(piece: &mut Piece, look: &Look, height: f32) {
    piece.cone([0.0, 0.0, 0.0], 0.15, [0.0, 0.025, 0.0], 0.14, look.metal);
    piece.pole([0.0, 0.025, 0.0], height - 0.025, 0.013, look.metal);
}

fn shade(piece: &mut Piece, look: &Look, base: f32, radius: f32, height: f32) {
    let top = if look.lamp == Lamp::Woven { 0.55 } else { 0.80 };
    let colour = if look.lamp == Lamp::Woven { look.wood.colour.shade(1.05) } else { look.shade };
    piece.cone([0.0, base, 0.0], radius, [0.0, base + height, 0.0], radius * top, lit(colour));
    piece.glow([0.0, base + height * 0.45, 0.0], radius * 2.6, WARM, 0.45);
}

fn lantern(piece: &mut Piece, look: &Look, base: f32, width: f32) {
    let height = width * 1.3;
    piece.block([0.0, base, 0.0], [width, 0.02, width], look.metal);
    piece.block([0.0, base + 0.02, 0.0], [width * 0.8, height - 0.04, width * 0.8], lit(look.shade));
    for (x, z) in [(-1.0, -1.0), (1.0, -1.0), (-1.0, 1.0), (1.0, 1.0)] {
        let edge = width / 2.0 - 0.01;
        piece.block([x * edge, base + 0.02, z * edge], [0.018, height - 0.04, 0.018], look.metal);
    }
    piece.cone(
        [0.0, base + height - 0.02, 0.0],
        width * 0.62,
        [0.0, base + height + width * 0.3, 0.0],
        0.03,
        look.metal,
    );
    piece.glow([0.0, base + height / 2.0, 0.0], width * 2.2, WARM, 0.5);
}

/// For a desk or a bedside, `height` metres in all.
pub(crate) fn table_lamp(look: &Look, height: f32) -> Piece {
    let mut piece = Piece::default();
    let body = Finish::gloss(look.accents[0].mix(look.metal.colour, 0.35));
    match look.lamp {
        Lamp::Globe => {
            piece.cone([0.0, 0.0, 0.0], 0.07, [0.0, 0.02, 0.0], 0.07, look.metal);
            piece.pole([0.0, 0.02, 0.0], height * 0.45, 0.012, look.metal);
            piece.ball([0.0, height * 0.72, 0.0], height * 0.24, lit(look.shade));
        }
        Lamp::Arc | Lamp::Bulb => {
            piece.cone([0.0, 0.0, 0.0], 0.08, [0.0, 0.02, 0.0], 0.08, look.metal);
            piece.pole([0.0, 0.02, 0.0], height * 0.62, 0.010, look.metal);
            piece.cone([0.0, height * 0.64, 0.0], height * 0.28, [0.0, height, 0.0], height * 0.12, look.metal);
        }
        Lamp::Lantern => lantern(&mut piece, look, 0.0, height * 0.5),
        Lamp::Drum | Lamp::Tripod | Lamp::Woven => {
            piece.cone([0.0, 0.0, 0.0], height * 0.11, [0.0, height * 0.28, 0.0], height * 0.17, body);
            piece.cone([0.0, height * 0.28, 0.0], height * 0.17, [0.0, height * 0.48, 0.0], height * 0.04, body);
            let colour = if look.lamp == Lamp::Woven { look.wood.colour } else { look.shade };
            piece.cone([0.0, height * 0.48, 0.0], height * 0.36, [0.0, height, 0.0], height * 0.27, lit(colour));
        }
    }
    piece.glow([0.0, height * 0.70, 0.0], height * 0.95, WARM, 0.45);
    piece
}

/// Hangs from the ceiling; its lowest point is at `low` metres.
pub(crate) fn pendant(look: &Look, low: f32) -> Piece {
    let mut piece = Piece::default();
    let cord = Finish::plain(Colour::hex(0x3A3836));
    piece.cone([0.0, Camera::CEILING - 0.02, 0.0], 0.07, [0.0, Camera::CEILING, 0.0], 0.07, look.metal);
    let (fitting, glow) = match look.lamp {
        Lamp::Globe => {
            piece.ball([0.0, low + 0.16, 0.0], 0.16, lit(look.shade));
            (0.32, 0.16)
        }
        Lamp::Bulb => {
            piece.ball([0.0, low + 0.05, 0.0], 0.05, lit(look.shade));
            piece.cone([0.0, low + 0.06, 0.0], 0.20, [0.0, low + 0.26, 0.0], 0.05, look.metal);
            (0.26, 0.04)
        }
        Lamp::Lantern => {
            lantern(&mut piece, look, low, 0.24);
            (0.40, 0.16)
        }
        Lamp::Arc => {
            piece.cone([0.0, low, 0.0], 0.24, [0.0, low + 0.20, 0.0], 0.08, look.metal);
            (0.20, 0.0)
        }
        Lamp::Drum | Lamp::Tripod => {
            piece.cone([0.0, low, 0.0], 0.28, [0.0, low + 0.26, 0.0], 0.24, lit(look.shade));
            (0.26, 0.10)
        }
        Lamp::Woven => {
            piece.cone([0.0, low, 0.0], 0.30, [0.0, low + 0.16, 0.0], 0.24, lit(look.wood.colour));
            piece.cone([0.0, low + 0.16, 0.0], 0.24, [0.0, low + 0.34, 0.0], 0.06, lit(look.wood.colour));
            (0.34, 0.06)
        }
    };
    piece.pole([0.0, low + fitting, 0.0], Camera::CEILING - 0.02 - low - fitting, 0.008, cord);
    piece.glow([0.0, low + glow, 0.0], 0.62, WARM, 0.5);
    piece
}
