//! The few solids that all furniture is made of, drawn far to near with light from one side.

use tiny_skia::{BlendMode, Path, PathBuilder, Point};

use super::camera::{Place, Spot, spot};
use super::canvas::{Canvas, hull};
use super::colour::Colour;
use super::leaves::{self, Plant};
use super::order::{self, Bounds};
use super::pattern::{self, Art, Rug};

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
    pub(crate) fn shade(self, light: f32) -> Self {
        Self { colour: self.colour.shade(light), ..self }
    }
}

/// What a solid shows on the side that is its front or top.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Face {
    Plain,
    Art(Art),
    Rug(Rug),
    Screen,
    Mirror,
}

#[derive(Clone, Debug)]
enum Shape {
    /// Corners rounded by this many metres.
    Block {
        finish: Finish,
        round: f32,
        face: Face,
    },
    /// Between two level discs: poles, pots, shades and leaning legs.
    Cone {
        foot: (Spot, f32),
        head: (Spot, f32),
        finish: Finish,
    },
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

#[derive(Clone, Debug)]
struct Part {
    shape: Shape,
    bounds: Bounds,
}

/// A piece of furniture around its own origin: x across, y up from the floor, its front towards -z. Metres.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    parts: Vec<Part>,
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

impl Piece {
    /// Sharp-edged; `at` is the middle of its lower side.
    pub(crate) fn block(&mut self, at: [f32; 3], size: [f32; 3], finish: Finish) {
        self.rounded(at, size, 0.012, finish);
    }

    pub(crate) fn cushion(&mut self, at: [f32; 3], size: [f32; 3], finish: Finish) {
        let least = size.iter().copied().fold(f32::INFINITY, f32::min);
        self.rounded(at, size, (least * 0.42).min(0.07), finish);
    }

    pub(crate) fn rounded(&mut self, at: [f32; 3], size: [f32; 3], round: f32, finish: Finish) {
        self.add_block(at, size, Shape::Block { finish, round, face: Face::Plain });
    }

    pub(crate) fn faced(&mut self, at: [f32; 3], size: [f32; 3], finish: Finish, face: Face) {
        self.add_block(at, size, Shape::Block { finish, round: 0.008, face });
    }

    fn add_block(&mut self, [x, y, z]: [f32; 3], [width, height, depth]: [f32; 3], shape: Shape) {
        let (low, high) =
            (spot(x - width / 2.0, y, z - depth / 2.0), spot(x + width / 2.0, y + height, z + depth / 2.0));
        self.parts.push(Part { shape, bounds: Bounds { low, high } });
    }

    pub(crate) fn pole(&mut self, [x, y, z]: [f32; 3], height: f32, radius: f32, finish: Finish) {
        self.cone([x, y, z], radius, [x, y + height, z], radius, finish);
    }

    pub(crate) fn cone(&mut self, foot: [f32; 3], foot_radius: f32, head: [f32; 3], head_radius: f32, finish: Finish) {
        let [foot, head] = [foot, head].map(|[x, y, z]| spot(x, y, z));
        let reach = |a: f32, b: f32| ((a - foot_radius).min(b - head_radius), (a + foot_radius).max(b + head_radius));
        let ((left, right), (front, rear)) = (reach(foot.x, head.x), reach(foot.z, head.z));
        let shape = Shape::Cone { foot: (foot, foot_radius), head: (head, head_radius), finish };
        let (low, high) = (spot(left, foot.y.min(head.y), front), spot(right, foot.y.max(head.y), rear));
        self.parts.push(Part { shape, bounds: Bounds { low, high } });
    }

    pub(crate) fn ball(&mut self, [x, y, z]: [f32; 3], radius: f32, finish: Finish) {
        self.round_part([x, y, z], radius, Shape::Ball { finish });
    }

    pub(crate) fn glow(&mut self, at: [f32; 3], radius: f32, colour: Colour, strength: f32) {
        self.round_part(at, radius, Shape::Glow { colour, strength });
    }

    fn round_part(&mut self, [x, y, z]: [f32; 3], radius: f32, shape: Shape) {
        let (low, high) = (spot(x - radius, y - radius, z - radius), spot(x + radius, y + radius, z + radius));
        self.parts.push(Part { shape, bounds: Bounds { low, high } });
    }

    /// Foliage that grows out of `at`, as wide and high as `size`.
    pub(crate) fn leaves(&mut self, [x, y, z]: [f32; 3], [width, height]: [f32; 2], plant: Plant, seed: u64) {
        let shape = Shape::Leaves { plant, seed };
        let (low, high) = (spot(x - width / 2.0, y, z - 0.1), spot(x + width / 2.0, y + height, z + 0.1));
        self.parts.push(Part { shape, bounds: Bounds { low, high } });
    }

    /// Puts another piece onto this one, turned by quarters.
    pub(crate) fn join(&mut self, other: Piece, [x, y, z]: [f32; 3], quarter_turns: i32) {
        let place = Place::new(spot(x, y, z), quarter_turns as f32 * 90.0);
        self.parts.extend(other.parts.into_iter().map(|part| part.moved(place)));
    }

    /// The box around it in the room.
    pub(crate) fn bounds(&self, place: Place) -> Option<Bounds> {
        Bounds::around(self.parts.iter().flat_map(|part| part.bounds.corners()).map(|corner| place.to_room(corner)))
    }

    /// Outlines on the floor: of what touches it, and of everything above.
    pub(crate) fn shadows(
        &self,
        canvas: &Canvas<'_>,
        place: Place,
        from_left: bool,
    ) -> (Vec<Vec<Point>>, Vec<Vec<Point>>) {
        let camera = canvas.camera();
        let away = if from_left { 0.16 } else { -0.16 };
        let (mut touching, mut above) = (Vec::new(), Vec::new());
        for part in self.parts.iter().filter(|part| !matches!(part.shape, Shape::Glow { .. })) {
            let outline = |shift: f32, back: f32| -> Vec<Point> {
                part.footprint()
                    .map(|corner| place.to_room(corner))
                    .map(|corner| camera.project(spot(corner.x + shift, 0.0, corner.z + back)))
                    .to_vec()
            };
            if place.at.y + part.bounds.low.y < 0.06 {
                touching.push(outline(0.0, 0.0));
            }
            if place.at.y + part.bounds.low.y < 1.3 {
                above.push(outline(away * (0.4 + part.bounds.high.y.min(1.0)), 0.03));
            }
        }
        (touching, above)
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, place: Place, light: Light) {
        let eye = place.camera();
        let boxes: Vec<Bounds> = self.parts.iter().map(|part| part.bounds).collect();
        for index in order::far_to_near(&boxes, eye) {
            self.parts[index].draw(canvas, place, eye, light);
        }
    }
}

impl Part {
    fn footprint(&self) -> [Spot; 4] {
        let Bounds { low, high } = self.bounds;
        [(low.x, low.z), (high.x, low.z), (high.x, high.z), (low.x, high.z)].map(|(x, z)| spot(x, 0.0, z))
    }

    fn moved(mut self, place: Place) -> Self {
        self.bounds = Bounds::around(self.bounds.corners().map(|corner| place.to_room(corner))).unwrap_or(self.bounds);
        if let Shape::Cone { foot, head, .. } = &mut self.shape {
            foot.0 = place.to_room(foot.0);
            head.0 = place.to_room(head.0);
        }
        self
    }

    fn draw(&self, canvas: &mut Canvas<'_>, place: Place, eye: Spot, light: Light) {
        let Bounds { low, high } = self.bounds;
        let middle = self.bounds.middle();
        let room = place.to_room(middle);
        let (centre, scale) = (canvas.camera().project(room), canvas.camera().scale(room.z));
        let radius = (high.x - low.x) / 2.0 * scale;
        match &self.shape {
            Shape::Block { finish, round, face } => {
                self.draw_block(canvas, place, eye, light, (*finish, *round, *face))
            }
            Shape::Cone { foot, head, finish } => draw_cone(canvas, place, light, *foot, *head, *finish),
            Shape::Ball { finish } => draw_ball(canvas, centre, radius, finish.colour, light),
            Shape::Leaves { plant, seed } => {
                let foot = canvas.camera().project(place.to_room(spot(middle.x, low.y, middle.z)));
                let size = ((high.x - low.x) * scale, (high.y - low.y) * scale);
                leaves::draw(canvas, foot, size, *plant, *seed, light);
            }
            Shape::Glow { colour, strength } => canvas.glow(centre, radius, colour.alpha(*strength), BlendMode::Screen),
        }
    }

    fn draw_block(&self, canvas: &mut Canvas<'_>, place: Place, eye: Spot, light: Light, look: (Finish, f32, Face)) {
        let (finish, round, face) = look;
        let Bounds { low, high } = self.bounds;
        let corner = |x: bool, y: bool, z: bool| {
            spot(if x { high.x } else { low.x }, if y { high.y } else { low.y }, if z { high.z } else { low.z })
        };
        let sides = [
            (
                eye.x < low.x,
                spot(-1.0, 0.0, 0.0),
                [
                    corner(false, false, false),
                    corner(false, false, true),
                    corner(false, true, true),
                    corner(false, true, false),
                ],
            ),
            (
                eye.x > high.x,
                spot(1.0, 0.0, 0.0),
                [
                    corner(true, false, false),
                    corner(true, false, true),
                    corner(true, true, true),
                    corner(true, true, false),
                ],
            ),
            (
                eye.z < low.z,
                spot(0.0, 0.0, -1.0),
                [
                    corner(false, false, false),
                    corner(true, false, false),
                    corner(true, true, false),
                    corner(false, true, false),
                ],
            ),
            (
                eye.z > high.z,
                spot(0.0, 0.0, 1.0),
                [
                    corner(false, false, true),
                    corner(true, false, true),
                    corner(true, true, true),
                    corner(false, true, true),
                ],
            ),
            (
                eye.y > high.y,
                spot(0.0, 1.0, 0.0),
                [
                    corner(false, true, false),
                    corner(true, true, false),
                    corner(true, true, true),
                    corner(false, true, true),
                ],
            ),
            (
                eye.y < low.y,
                spot(0.0, -1.0, 0.0),
                [
                    corner(false, false, false),
                    corner(true, false, false),
                    corner(true, false, true),
                    corner(false, false, true),
                ],
            ),
        ];
        let camera = canvas.camera();
        let project = |local: Spot| camera.project(place.to_room(local));
        let pixels = round * camera.scale(place.to_room(spot((low.x + high.x) / 2.0, low.y, low.z)).z);
        let all: Vec<Point> = sides[0].2.iter().chain(&sides[1].2).map(|&local| project(local)).collect();
        canvas.fill(&hull(&all), pixels, finish.colour.shade(0.70 * light.strength).opaque());
        for (_, normal, corners) in sides.iter().filter(|(seen, ..)| *seen) {
            let outline = corners.map(project);
            let lit = finish.colour.shade(light.on(place.turned(*normal)));
            let (foot, head) = if normal.y == 0.0 { (0.86, 1.03) } else { (1.02, 0.97) };
            let (from, to) = (lit.shade(foot).opaque(), lit.shade(head).opaque());
            canvas.fill_gradient(&outline, pixels, (outline[0], from), (outline[3], to));
            let front = normal.z < 0.0;
            match face {
                Face::Rug(rug) if normal.y > 0.0 => pattern::rug(canvas, rug, light.strength, &|u, v| {
                    project(spot(low.x + (high.x - low.x) * u, high.y, low.z + (high.z - low.z) * v))
                }),
                Face::Art(art) if front => pattern::art(canvas, art, light.strength, &outline),
                Face::Screen if front => pattern::screen(canvas, &outline),
                Face::Mirror if front => pattern::mirror(canvas, &outline, light.surroundings),
                _ => pattern::texture(canvas, finish, light.strength, &outline),
            }
        }
    }
}

fn draw_cone(
    canvas: &mut Canvas<'_>,
    place: Place,
    light: Light,
    foot: (Spot, f32),
    head: (Spot, f32),
    finish: Finish,
) {
    const SIDES: u32 = 28;
    let camera = canvas.camera();
    let (run, rise) = ((head.0.x - foot.0.x).hypot(head.0.z - foot.0.z), (head.0.y - foot.0.y).abs());
    let lying = run > rise;
    let circle = |(centre, radius): (Spot, f32)| -> Vec<Point> {
        let middle = place.to_room(centre);
        (0..SIDES)
            .map(|side| (side as f32 / SIDES as f32 * std::f32::consts::TAU).sin_cos())
            .map(|(sine, cosine)| (sine * radius, middle.x + cosine * radius))
            .map(
                |(aside, x)| {
                    if lying { spot(x, middle.y + aside, middle.z) } else { spot(x, middle.y, middle.z + aside) }
                },
            )
            .map(|at| camera.project(at))
            .collect()
    };
    let (low, high) = (circle(foot), circle(head));
    let outline = hull(&[low.clone(), high.clone()].concat());
    let (left, right) = outline.iter().fold((f32::MAX, f32::MIN), |(l, r), p| (l.min(p.x), r.max(p.x)));
    let colour = finish.colour.shade(light.strength);
    let (bright, dark) = (colour.shade(1.04).opaque(), colour.shade(0.66).opaque());
    let (from, to) = if light.from_left { (bright, dark) } else { (dark, bright) };
    canvas.fill_gradient(&outline, 0.0, (Point::from_xy(left, 0.0), from), (Point::from_xy(right, 0.0), to));
    if finish.grain == Grain::Gloss {
        let shine = left + (right - left) * if light.from_left { 0.3 } else { 0.7 };
        let (top, bottom) = (camera.project(place.to_room(head.0)).y, camera.project(place.to_room(foot.0)).y);
        let line = [Point::from_xy(shine, top), Point::from_xy(shine, bottom)];
        canvas.stroke(&line, ((right - left) * 0.10).max(0.5), Colour::WHITE.alpha(0.35 * light.strength));
    }
    let top = if head.0.y >= foot.0.y { (&high, head.0.y) } else { (&low, foot.0.y) };
    if !lying && place.at.y + top.1 < super::camera::Camera::EYE {
        canvas.fill(top.0, 0.0, colour.shade(1.06).opaque());
    }
}

fn draw_ball(canvas: &mut Canvas<'_>, centre: Point, radius: f32, colour: Colour, light: Light) {
    let colour = colour.shade(light.strength);
    let side = if light.from_left { -0.35 } else { 0.35 };
    let Some(disc) = PathBuilder::from_circle(centre.x, centre.y, radius.max(0.2)) else { return };
    let (lit, dark) = (
        Point::from_xy(centre.x + side * radius, centre.y - radius * 0.9),
        Point::from_xy(centre.x - side * radius, centre.y + radius),
    );
    canvas.path(
        &disc,
        super::canvas::linear((lit, colour.shade(1.12).opaque()), (dark, colour.shade(0.66).opaque())),
        BlendMode::SourceOver,
    );
    let shine = Point::from_xy(centre.x + side * radius, centre.y - radius * 0.4);
    canvas.glow(shine, radius * 0.55, Colour::WHITE.alpha(0.28 * light.strength), BlendMode::SourceOver);
}

/// A path from move, line and curve points, for shapes that are no polygons.
pub(crate) fn curve(start: Point, curves: &[(Point, Point)]) -> Option<Path> {
    let mut builder = PathBuilder::new();
    builder.move_to(start.x, start.y);
    for (control, end) in curves {
        builder.quad_to(control.x, control.y, end.x, end.y);
    }
    builder.close();
    builder.finish()
}
