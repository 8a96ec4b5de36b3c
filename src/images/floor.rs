//! Floors of a drawn room: planks, herringbone or tiles, every board in its own shade.

use fastrand::Rng;

use super::camera::{Camera, spot};
use super::canvas::Canvas;
use super::colour::Colour;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Flooring {
    Planks,
    Herringbone,
    Tiles,
}

const PLANK: f32 = 0.17;
/// A herringbone board is this many times as long as it is wide.
const HERRINGBONE: i32 = 5;
const HERRINGBONE_WIDTH: f32 = 0.13;
const TILE: f32 = 0.6;

pub(crate) fn lay(canvas: &mut Canvas<'_>, flooring: Flooring, colour: Colour, rng: &mut Rng) {
    let side = canvas.camera().half_width();
    let corners = [(-side, 0.1), (side, 0.1), (side, Camera::BACK_WALL), (-side, Camera::BACK_WALL)];
    board(canvas, &corners, colour.shade(0.72));
    match flooring {
        Flooring::Planks => planks(canvas, colour, rng),
        Flooring::Herringbone => herringbone(canvas, colour, rng),
        Flooring::Tiles => tiles(canvas, colour, rng),
    }
}

fn planks(canvas: &mut Canvas<'_>, colour: Colour, rng: &mut Rng) {
    let (side, near) = (canvas.camera().half_width(), canvas.camera().near());
    let rows = (2.0 * side / PLANK).ceil() as i32;
    for row in 0..rows {
        let left = -side + row as f32 * PLANK;
        let right = (left + PLANK - 0.006).min(side);
        let mut from = near - rng.f32() * 1.6;
        while from < Camera::BACK_WALL {
            let to = (from + 1.1 + rng.f32() * 0.9).min(Camera::BACK_WALL);
            let corners = [(left, from.max(0.1)), (right, from.max(0.1)), (right, to - 0.006), (left, to - 0.006)];
            board(canvas, &corners, shade_of_wood(colour, rng));
            from = to;
        }
    }
}

fn herringbone(canvas: &mut Canvas<'_>, colour: Colour, rng: &mut Rng) {
    let (side, near) = (canvas.camera().half_width(), canvas.camera().near());
    let width = HERRINGBONE_WIDTH;
    let turn = std::f32::consts::FRAC_1_SQRT_2;
    let reach = ((2.0 * side + Camera::BACK_WALL) / width) as i32;
    for step in -reach..reach {
        for lane in -reach / HERRINGBONE..=reach / HERRINGBONE {
            let (across, along) = (step + lane * 2 * HERRINGBONE, step);
            let lying = (across, along, HERRINGBONE, 1);
            let standing = (across + HERRINGBONE, along + 1 - HERRINGBONE, 1, HERRINGBONE);
            for (u, v, length, breadth) in [lying, standing] {
                let corner = |u: f32, v: f32| ((u - v) * turn * width, (u + v) * turn * width);
                let (u, v, gap) = (u as f32, v as f32, 0.04);
                let (u_end, v_end) = (u + length as f32 - gap, v + breadth as f32 - gap);
                let corners = [corner(u, v), corner(u_end, v), corner(u_end, v_end), corner(u, v_end)];
                let reach = width * HERRINGBONE as f32;
                let seen =
                    |&(x, z): &(f32, f32)| x.abs() < side + reach && z > near - reach && z < Camera::BACK_WALL + reach;
                if corners.iter().any(seen) {
                    board(canvas, &corners, shade_of_wood(colour, rng));
                }
            }
        }
    }
}

fn tiles(canvas: &mut Canvas<'_>, colour: Colour, rng: &mut Rng) {
    let (side, near) = (canvas.camera().half_width(), canvas.camera().near());
    let columns = (side / TILE).ceil() as i32;
    for column in -columns..columns {
        let mut from = Camera::BACK_WALL - TILE;
        while from + TILE > near {
            let (left, to) = (column as f32 * TILE, from + TILE - 0.012);
            let right = left + TILE - 0.012;
            let corners = [(left, from.max(0.1)), (right, from.max(0.1)), (right, to), (left, to)];
            board(canvas, &corners, colour.shade(0.97 + rng.f32() * 0.06));
            from -= TILE;
        }
    }
}

fn shade_of_wood(colour: Colour, rng: &mut Rng) -> Colour {
    colour.shade(0.90 + rng.f32() * 0.16).mix(Colour::hex(0xB5804A), rng.f32() * 0.12)
}

fn board(canvas: &mut Canvas<'_>, corners: &[(f32, f32); 4], colour: Colour) {
    let side = canvas.camera().half_width();
    let outline =
        corners.map(|(x, z)| canvas.camera().project(spot(x.clamp(-side, side), 0.0, z.min(Camera::BACK_WALL))));
    canvas.fill(&outline, 0.0, colour.opaque());
}
