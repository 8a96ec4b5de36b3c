//! Windows with a view, and doors, on any wall of a drawn room.

use fastrand::Rng;
use tiny_skia::{BlendMode, Point};

use super::camera::{Camera, Spot, spot};
use super::canvas::{Canvas, linear, polygon};
use super::colour::Colour;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Wall {
    Back,
    Left,
    Right,
}

/// A rectangle on a wall: metres along it and up from the floor. Along a side wall is the depth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Opening {
    pub(crate) wall: Wall,
    pub(crate) along: (f32, f32),
    pub(crate) up: (f32, f32),
}

impl Opening {
    /// A point of the opening, both shares from 0 to 1, `up` from below.
    fn at(&self, camera: Camera, along: f32, up: f32) -> Spot {
        let along = self.along.0 + (self.along.1 - self.along.0) * along;
        let up = self.up.0 + (self.up.1 - self.up.0) * up;
        match self.wall {
            Wall::Back => spot(along, up, Camera::BACK_WALL),
            Wall::Left => spot(-camera.half_width(), up, along),
            Wall::Right => spot(camera.half_width(), up, along),
        }
    }

    fn quad(&self, camera: Camera, along: (f32, f32), up: (f32, f32)) -> [Point; 4] {
        [(along.0, up.0), (along.1, up.0), (along.1, up.1), (along.0, up.1)]
            .map(|(along, up)| camera.project(self.at(camera, along, up)))
    }

    fn grown(&self, by: f32) -> Self {
        Self { along: (self.along.0 - by, self.along.1 + by), up: ((self.up.0 - by).max(0.0), self.up.1 + by), ..*self }
    }

    /// Where daylight through this window falls on the floor.
    pub(crate) fn light_on_floor(&self, camera: Camera) -> Vec<Point> {
        let reach = |along: f32, up: f32| {
            let from = self.at(camera, along, up);
            match self.wall {
                Wall::Back => spot(from.x * 0.9, 0.0, from.z - from.y * 0.95),
                Wall::Left => spot(from.x + from.y * 1.1, 0.0, from.z - 0.25 * from.y),
                Wall::Right => spot(from.x - from.y * 1.1, 0.0, from.z - 0.25 * from.y),
            }
        };
        [(0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0)].map(|(a, u)| camera.project(reach(a, u))).to_vec()
    }

    pub(crate) fn middle(&self, camera: Camera) -> Point {
        camera.project(self.at(camera, 0.5, 0.5))
    }
}

pub(crate) fn window(canvas: &mut Canvas<'_>, opening: &Opening, trim: Colour, rng: &mut Rng) {
    let camera = canvas.camera();
    let whole = (0.0, 1.0);
    canvas.fill(&opening.grown(0.09).quad(camera, whole, whole), 0.0, trim.shade(0.93).opaque());
    canvas.fill(&opening.grown(0.075).quad(camera, whole, whole), 0.0, trim.opaque());
    canvas.fill(&opening.grown(0.012).quad(camera, whole, whole), 0.0, trim.shade(0.72).opaque());
    view(canvas, opening, rng);
    let sashes = ((opening.along.1 - opening.along.0) / 0.75).round().max(2.0) as i32;
    let transom = rng.bool().then_some(0.70);
    let bar = 0.035 / (opening.along.1 - opening.along.0);
    for index in 0..=sashes {
        let middle = index as f32 / sashes as f32;
        let from = (middle - bar).max(0.0);
        canvas.fill(&opening.quad(camera, (from, (middle + bar).min(1.0)), whole), 0.0, trim.shade(0.96).opaque());
    }
    for height in [Some(0.015), transom, Some(0.985)].into_iter().flatten() {
        let band = opening.quad(camera, whole, (height - 0.018, height + 0.018));
        canvas.fill(&band, 0.0, trim.shade(0.94).opaque());
    }
    let sill = Opening {
        along: (opening.along.0 - 0.12, opening.along.1 + 0.12),
        up: (opening.up.0 - 0.07, opening.up.0 - 0.01),
        ..*opening
    };
    canvas.fill(&sill.quad(camera, whole, (0.0, 0.45)), 0.0, trim.shade(0.80).opaque());
    canvas.fill(&sill.quad(camera, whole, (0.35, 1.0)), 0.0, trim.shade(1.02).opaque());
}

/// Sky, hazy hills and trees.
fn view(canvas: &mut Canvas<'_>, opening: &Opening, rng: &mut Rng) {
    let camera = canvas.camera();
    let glass = opening.quad(camera, (0.0, 1.0), (0.0, 1.0));
    let (high, low) = (glass[3], glass[0]);
    let sky = [Colour::hex(0x9CC8EC), Colour::hex(0xB3D4EE), Colour::hex(0x8FC1EA)][rng.usize(..3)];
    canvas.fill_gradient(&glass, 0.0, (high, sky.opaque()), (low, Colour::hex(0xF4F8F8).opaque()));
    for (level, tint) in [(0.40, 0xBCD3D6), (0.30, 0xA3C3A8), (0.17, 0x86B07C)] {
        if level < 0.2 {
            for _ in 0..3 + rng.usize(..3) {
                let (along, crown) = (0.08 + rng.f32() * 0.84, 0.17 + rng.f32() * 0.10);
                tree(canvas, opening, along, crown, rng);
            }
        }
        let (phase, wave) = (rng.f32() * 6.0, 2.5 + rng.f32() * 3.0);
        let ridge = |share: f32| level + 0.05 * (phase + wave * share).sin() + 0.02 * (phase + 13.0 * share).sin();
        let mut hill: Vec<Point> =
            (0..=16).map(|i| i as f32 / 16.0).map(|s| camera.project(opening.at(camera, s, ridge(s)))).collect();
        hill.extend([glass[1], glass[0]]);
        canvas.fill(&hill, 0.0, Colour::hex(tint).opaque());
    }
    let shine = opening.quad(camera, (0.0, 1.0), (0.0, 1.0));
    if let Some(path) = polygon(&shine, 0.0) {
        let light = linear((high, Colour::WHITE.alpha(0.30)), (low, Colour::WHITE.alpha(0.05)));
        canvas.path(&path, light, BlendMode::SourceOver);
    }
}

fn tree(canvas: &mut Canvas<'_>, opening: &Opening, along: f32, crown: f32, rng: &mut Rng) {
    let camera = canvas.camera();
    let shape = (opening.up.1 - opening.up.0) / (opening.along.1 - opening.along.0);
    let green = Colour::hex([0x6F9E63, 0x7FAA68, 0x5F8F62][rng.usize(..3)]).opaque();
    for _ in 0..5 {
        let (u, v) = (along + (rng.f32() - 0.5) * 0.08, crown + (rng.f32() - 0.5) * 0.1);
        let radius = 0.05 + rng.f32() * 0.05;
        let leafage: Vec<Point> = (0..14)
            .map(|i| (i as f32 / 14.0 * std::f32::consts::TAU).sin_cos())
            .map(|(sine, cosine)| ((u + cosine * radius * shape).clamp(0.0, 1.0), (v + sine * radius).clamp(0.0, 1.0)))
            .map(|(u, v)| camera.project(opening.at(camera, u, v)))
            .collect();
        canvas.fill(&leafage, 3.0, green);
    }
}

/// A panelled door, closed.
pub(crate) fn door(canvas: &mut Canvas<'_>, opening: &Opening, trim: Colour) {
    let camera = canvas.camera();
    let whole = (0.0, 1.0);
    canvas.fill(&opening.grown(0.09).quad(camera, whole, whole), 0.0, trim.shade(0.88).opaque());
    canvas.fill(&opening.grown(0.075).quad(camera, whole, whole), 0.0, trim.shade(0.97).opaque());
    canvas.fill(&opening.grown(0.008).quad(camera, whole, whole), 0.0, trim.shade(0.62).opaque());
    canvas.fill(&opening.quad(camera, whole, whole), 0.0, trim.shade(0.93).opaque());
    for up in [(0.06, 0.40), (0.46, 0.94)] {
        let panel = opening.quad(camera, (0.16, 0.84), up);
        canvas.fill(&panel, 0.0, trim.shade(0.80).opaque());
        let field = opening.quad(camera, (0.19, 0.82), (up.0 + 0.008, up.1 - 0.012));
        canvas.fill_gradient(&field, 0.0, (field[3], trim.shade(0.96).opaque()), (field[0], trim.shade(0.88).opaque()));
    }
    let knob = camera.project(opening.at(camera, 0.92, 0.47));
    let size = camera.scale(opening.along.0) * 0.028;
    canvas.glow(
        Point::from_xy(knob.x, knob.y + size * 0.5),
        size * 1.8,
        Colour::BLACK.alpha(0.4),
        BlendMode::SourceOver,
    );
    let disc: Vec<Point> = (0..12)
        .map(|i| (i as f32 / 12.0 * std::f32::consts::TAU).sin_cos())
        .map(|(sine, cosine)| Point::from_xy(knob.x + cosine * size, knob.y + sine * size))
        .collect();
    canvas.fill(&disc, size, Colour::hex(0xB79A5E).opaque());
}
