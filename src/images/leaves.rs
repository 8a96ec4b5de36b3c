//! Foliage, drawn flat towards the camera.

use std::f32::consts::TAU;

use fastrand::Rng;
use tiny_skia::{BlendMode, Path, PathBuilder, Point, Shader};

use super::canvas::Canvas;
use super::colour::Colour;
use super::solid::Light;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Plant {
    /// Broad leaves on stems.
    Fig,
    /// Arching fronds.
    Palm,
    /// Upright blades.
    Snake,
    Cactus,
    /// Fine branches with small leaves.
    Olive,
    Flowers(u32),
    /// Dry plumes.
    Pampas,
}

/// `size` is width and height in pixels above `foot`.
pub(crate) fn draw(canvas: &mut Canvas<'_>, foot: Point, size: (f32, f32), plant: Plant, seed: u64, light: Light) {
    let mut brush = Brush { canvas, foot, size, rng: Rng::with_seed(seed), light };
    match plant {
        Plant::Fig => brush.fig(),
        Plant::Palm => brush.palm(),
        Plant::Snake => brush.snake(),
        Plant::Cactus => brush.cactus(),
        Plant::Olive => brush.twigs(34, Colour::hex(0x7E8F6A), None),
        Plant::Flowers(petals) => brush.twigs(16, Colour::hex(0x6E9158), Some(Colour::hex(petals))),
        Plant::Pampas => brush.pampas(),
    }
}

struct Brush<'c, 'p> {
    canvas: &'c mut Canvas<'p>,
    foot: Point,
    size: (f32, f32),
    rng: Rng,
    light: Light,
}

impl Brush<'_, '_> {
    /// A point over the foot: -0.5 to 0.5 across, 0 to 1 up.
    fn at(&self, across: f32, up: f32) -> Point {
        Point::from_xy(self.foot.x + across * self.size.0, self.foot.y - up * self.size.1)
    }

    fn green(&mut self, colour: u32) -> Colour {
        let warm = Colour::hex(0xB9C46A);
        Colour::hex(colour)
            .shade(0.78 + self.rng.f32() * 0.42)
            .mix(warm, self.rng.f32() * 0.18)
            .shade(self.light.strength)
    }

    /// A pointed leaf along a straight rib, `breadth` in shares of its length.
    fn leaf(&mut self, from: Point, to: Point, breadth: f32, colour: Colour) {
        let (dx, dy) = ((to.x - from.x) * breadth, (to.y - from.y) * breadth);
        let middle = Point::from_xy(from.x * 0.55 + to.x * 0.45, from.y * 0.55 + to.y * 0.45);
        let (one, other) = (Point::from_xy(middle.x - dy, middle.y + dx), Point::from_xy(middle.x + dy, middle.y - dx));
        if let Some(path) = curve(from, &[(one, to), (other, from)]) {
            self.canvas.path(&path, Shader::SolidColor(colour.opaque()), BlendMode::SourceOver);
        }
        if let Some(half) = curve(from, &[(one, to), (middle, from)]) {
            self.canvas.path(&half, Shader::SolidColor(Colour::WHITE.alpha(0.09)), BlendMode::SourceOver);
        }
        let width = (self.size.0 * 0.006).max(0.4);
        self.canvas.stroke(&[from, to], width, colour.shade(1.25).alpha(0.5));
    }

    fn fig(&mut self) {
        let stem = Colour::hex(0x6B5138).shade(self.light.strength).opaque();
        let width = (self.size.0 * 0.028).max(0.6);
        for (lean, top) in [(-0.16, 0.86), (0.02, 0.95), (0.18, 0.80)] {
            self.canvas.stroke(
                &[self.at(lean * 0.15, 0.0), self.at(lean * 0.5, top * 0.5), self.at(lean, top)],
                width,
                stem,
            );
        }
        for index in 0..34 {
            let up = 0.28 + 0.66 * index as f32 / 34.0;
            let side = if index % 2 == 0 { -1.0 } else { 1.0 };
            let stem = (self.rng.f32() - 0.5) * 0.34;
            let reach = (0.18 + self.rng.f32() * 0.16) * (1.25 - up * 0.5);
            let lift = 0.02 + self.rng.f32() * 0.13;
            let colour = self.green(0x4F7F45);
            let (from, to) =
                (self.at(stem * up, up), self.at((stem * up + side * reach).clamp(-0.5, 0.5), (up + lift).min(1.0)));
            self.leaf(from, to, 0.44, colour);
        }
    }

    fn palm(&mut self) {
        for index in 0..16 {
            let spread = (index as f32 / 15.0 - 0.5) * 2.0;
            let spread = spread + (self.rng.f32() - 0.5) * 0.15;
            let top = 1.0 - spread.abs() * 0.42 - self.rng.f32() * 0.12;
            let colour = self.green(0x5C8F4E);
            let tip = self.at(spread * 0.5, top * 0.80);
            let (root, knee) = (self.at(spread * 0.04, 0.0), self.at(spread * 0.22, top));
            let along = |t: f32| {
                let (a, b, c) = ((1.0 - t) * (1.0 - t), 2.0 * t * (1.0 - t), t * t);
                Point::from_xy(a * root.x + b * knee.x + c * tip.x, a * root.y + b * knee.y + c * tip.y)
            };
            let spine: Vec<Point> = (0..=10).map(|i| along(i as f32 / 10.0)).collect();
            self.canvas.stroke(&spine, (self.size.0 * 0.008).max(0.4), colour.shade(0.8).opaque());
            for (step, &from) in spine.iter().enumerate().skip(4) {
                let length = self.size.0 * 0.17 * (1.25 - step as f32 / 12.0);
                for side in [-1.0, 1.0] {
                    let to =
                        Point::from_xy(from.x + side * length * 0.55 + spread * length * 0.6, from.y + length * 0.55);
                    self.leaf(from, to, 0.13, colour);
                }
            }
        }
    }

    fn snake(&mut self) {
        for index in 0..11 {
            let spread = (index as f32 / 10.0 - 0.5) * 0.9;
            let top = 0.62 + self.rng.f32() * 0.38;
            let colour = self.green(0x4C7A55);
            let (from, to) = (self.at(spread * 0.35, 0.0), self.at(spread * 0.8, top));
            self.leaf(from, to, 0.11, Colour::hex(0xC9CC7A).shade(self.light.strength));
            self.leaf(from, to, 0.08, colour);
        }
    }

    fn cactus(&mut self) {
        let colour = Colour::hex(0x5F8F5B).shade(self.light.strength);
        let width = self.size.0 * 0.20;
        let arms: [&[(f32, f32)]; 3] = [
            &[(0.0, 0.0), (0.0, 0.93)],
            &[(0.0, 0.34), (-0.22, 0.36), (-0.30, 0.44), (-0.30, 0.70)],
            &[(0.0, 0.46), (0.20, 0.48), (0.28, 0.55), (0.28, 0.84)],
        ];
        for (index, arm) in arms.iter().enumerate() {
            let line: Vec<Point> = arm.iter().map(|&(across, up)| self.at(across, up)).collect();
            let width = if index == 0 { width } else { width * 0.72 };
            for (share, shade) in [(1.0, 0.80), (0.72, 1.0), (0.36, 1.14), (0.06, 0.82)] {
                self.canvas.stroke(&line, width * share, colour.shade(shade).opaque());
            }
        }
    }

    fn twigs(&mut self, count: usize, leaf: Colour, blossom: Option<Colour>) {
        for _ in 0..count {
            let (lean, top) = ((self.rng.f32() - 0.5) * 0.95, 0.45 + self.rng.f32() * 0.52);
            let (root, tip) = (self.at(lean * 0.12, 0.0), self.at(lean, top * (1.0 - lean.abs() * 0.35)));
            let bark = leaf.mix(Colour::hex(0x6B5138), 0.5).shade(self.light.strength).opaque();
            self.canvas.stroke(&[root, tip], (self.size.0 * 0.010).max(0.35), bark);
            for step in 3..9 {
                let share = step as f32 / 9.0;
                let from = super::canvas::between(root, tip, share);
                let length = self.size.0 * (0.07 + self.rng.f32() * 0.05);
                let angle = self.rng.f32() * TAU;
                let to = Point::from_xy(from.x + angle.cos() * length, from.y - angle.sin().abs() * length);
                let colour = leaf.shade((0.8 + self.rng.f32() * 0.4) * self.light.strength);
                self.leaf(from, to, 0.26, colour);
            }
            if let Some(petals) = blossom {
                self.blossom(tip, petals);
            }
        }
    }

    fn blossom(&mut self, at: Point, petals: Colour) {
        let radius = self.size.0 * (0.05 + self.rng.f32() * 0.04);
        let shade = (0.85 + self.rng.f32() * 0.25) * self.light.strength;
        for (share, colour) in
            [(1.0, petals.shade(shade)), (0.62, petals.shade(shade * 1.12)), (0.26, petals.shade(shade * 0.8))]
        {
            if let Some(disc) = PathBuilder::from_circle(at.x, at.y, (radius * share).max(0.2)) {
                self.canvas.path(&disc, Shader::SolidColor(colour.opaque()), BlendMode::SourceOver);
            }
        }
    }

    fn pampas(&mut self) {
        for index in 0..9 {
            let spread = (index as f32 / 8.0 - 0.5) * 0.9;
            let top = 0.72 + self.rng.f32() * 0.28 - spread.abs() * 0.2;
            let (root, tip) = (self.at(spread * 0.1, 0.0), self.at(spread, top));
            let colour = Colour::hex(0xD9C3A0).shade((0.85 + self.rng.f32() * 0.2) * self.light.strength);
            self.canvas.stroke(&[root, tip], (self.size.0 * 0.012).max(0.4), colour.shade(0.75).opaque());
            self.leaf(super::canvas::between(root, tip, 0.5), tip, 0.20, colour);
        }
    }
}

/// A closed path of curves: each has a control and an end point.
fn curve(start: Point, curves: &[(Point, Point)]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.move_to(start.x, start.y);
    for (control, end) in curves {
        builder.quad_to(control.x, control.y, end.x, end.y);
    }
    builder.close();
    builder.finish()
}
