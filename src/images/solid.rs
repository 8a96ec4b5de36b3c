//! The few solids that all furniture is made of, shaded by light from one side.

use tiny_skia::BlendMode;

use super::camera::{Place, Spot, spot};
use super::canvas::{Canvas, hull};
use super::colour::Colour;
use super::leaves::{self, Plant};
use super::order::Bounds;
use super::pattern::{self, Art, Rug};
use super::round::{self, Cone};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Grain {
    Plain,
    Wood,
    Fabric,
    Gloss,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Finish {
    pub(crate) colour: Colour,
    pub(crate) grain: Grain,
}

impl Finish {
    pub(crate) const fn plain(colour: Colour) -> Self {
        Self { colour, grain: Grain::Plain }
    }

    pub(crate) const fn wood(colour: Colour) -> Self {
        Self { colour, grain: Grain::Wood }
    }

    pub(crate) const fn fabric(colour: Colour) -> Self {
        Self { colour, grain: Grain::Fabric }
    }

    pub(crate) const fn gloss(colour: Colour) -> Self {
        Self { colour, grain: Grain::Gloss }
    }

    pub(crate) fn shade(self, light: f32) -> Self {
        Self { colour: self.colour.shade(light), ..self }
    }
}

/// What a block shows on its front or top.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Face {
    Plain,
    Art(Art),
    Rug(Rug),
    Screen,
    Mirror,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    /// Corners rounded by `round` metres.
    Block {
        finish: Finish,
        round: f32,
        face: Face,
    },
    Cone(Cone),
    Ball {
        finish: Finish,
    },
    Leaves {
        plant: Plant,
        seed: u64,
    },
    Glow {
        colour: Colour,
        strength: f32,
    },
}

/// One part of a piece, in the piece's own space.
#[derive(Clone, Debug)]
pub(crate) struct Solid {
    pub(crate) shape: Shape,
    pub(crate) bounds: Bounds,
}

/// Light of the picture that a piece is put into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Light {
    pub(crate) from_left: bool,
    /// Multiplies every colour: a dim photo gets dim furniture.
    pub(crate) strength: f32,
    /// What a mirror shows.
    pub(crate) surroundings: Colour,
}

impl Light {
    fn on(self, normal: Spot) -> f32 {
        let x = if self.from_left { -0.52 } else { 0.52 };
        let lit = (normal.x * x + normal.y * 0.78 + normal.z * -0.34).max(0.0);
        (0.60 + 0.50 * lit) * self.strength
    }
}

/// Normal and corners of a block's sides, as indices into [`Bounds::corners`]; the first two are the lower or front edge.
const SIDES: [(Spot, [usize; 4]); 6] = [
    (spot(-1.0, 0.0, 0.0), [0, 4, 6, 2]),
    (spot(1.0, 0.0, 0.0), [1, 5, 7, 3]),
    (spot(0.0, 0.0, -1.0), [0, 1, 3, 2]),
    (spot(0.0, 0.0, 1.0), [4, 5, 7, 6]),
    (spot(0.0, 1.0, 0.0), [2, 3, 7, 6]),
    (spot(0.0, -1.0, 0.0), [0, 1, 5, 4]),
];

impl Solid {
    pub(crate) fn moved(mut self, place: Place) -> Self {
        self.bounds = Bounds::around(self.bounds.corners().map(|corner| place.to_room(corner))).unwrap_or(self.bounds);
        if let Shape::Cone(cone) = &mut self.shape {
            cone.foot.0 = place.to_room(cone.foot.0);
            cone.head.0 = place.to_room(cone.head.0);
        }
        self
    }

    pub(crate) fn casts_shadow(&self) -> bool {
        !matches!(self.shape, Shape::Glow { .. })
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, place: Place, light: Light) {
        let Bounds { low, high } = self.bounds;
        let middle = self.bounds.middle();
        let room = place.to_room(middle);
        let (centre, scale) = (canvas.camera().project(room), canvas.camera().scale(room.z));
        let radius = (high.x - low.x) / 2.0 * scale;
        match &self.shape {
            Shape::Block { finish, round, face } => self.draw_block(canvas, place, light, (*finish, *round, *face)),
            Shape::Cone(cone) => cone.draw(canvas, place, light),
            Shape::Ball { finish } => round::draw_ball(canvas, centre, radius, finish.colour, light),
            Shape::Leaves { plant, seed } => {
                let foot = canvas.camera().project(place.to_room(spot(middle.x, low.y, middle.z)));
                let size = ((high.x - low.x) * scale, (high.y - low.y) * scale);
                leaves::draw(canvas, foot, size, *plant, *seed, light);
            }
            Shape::Glow { colour, strength } => canvas.glow(centre, radius, colour.alpha(*strength), BlendMode::Screen),
        }
    }

    fn draw_block(&self, canvas: &mut Canvas<'_>, place: Place, light: Light, look: (Finish, f32, Face)) {
        let (finish, round, face) = look;
        let (camera, eye, Bounds { low, high }) = (canvas.camera(), place.camera(), self.bounds);
        let corners = self.bounds.corners().map(|corner| camera.project(place.to_room(corner)));
        let pixels = round * camera.scale(place.to_room(spot((low.x + high.x) / 2.0, low.y, low.z)).z);
        canvas.fill(&hull(&corners), pixels, finish.colour.shade(0.70 * light.strength).opaque());
        let seen = |normal: Spot| {
            let beyond = |normal: f32, low: f32, high: f32, eye: f32| {
                (normal < 0.0 && eye < low) || (normal > 0.0 && eye > high)
            };
            beyond(normal.x, low.x, high.x, eye.x)
                || beyond(normal.y, low.y, high.y, eye.y)
                || beyond(normal.z, low.z, high.z, eye.z)
        };
        for (normal, side) in SIDES.into_iter().filter(|(normal, _)| seen(*normal)) {
            let outline = side.map(|index| corners[index]);
            let lit = finish.colour.shade(light.on(place.turned(normal)));
            let (foot, head) = if normal.y == 0.0 { (0.86, 1.03) } else { (1.02, 0.97) };
            let (from, to) = (lit.shade(foot).opaque(), lit.shade(head).opaque());
            canvas.fill_gradient(&outline, pixels, (outline[0], from), (outline[3], to));
            let front = normal.z < 0.0;
            match face {
                Face::Rug(rug) if normal.y > 0.0 => pattern::rug(canvas, rug, light.strength, &|u, v| {
                    let local = spot(low.x + (high.x - low.x) * u, high.y, low.z + (high.z - low.z) * v);
                    camera.project(place.to_room(local))
                }),
                Face::Art(art) if front => pattern::art(canvas, art, light.strength, &outline),
                Face::Screen if front => pattern::screen(canvas, &outline),
                Face::Mirror if front => pattern::mirror(canvas, &outline, light.surroundings),
                _ => pattern::texture(canvas, finish, light.strength, &outline),
            }
        }
    }
}
