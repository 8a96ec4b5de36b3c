//! A piece of furniture: solids put together around its own origin.

use tiny_skia::Point;

use super::camera::{Camera, Place, spot};
use super::canvas::Canvas;
use super::colour::Colour;
use super::leaves::Plant;
use super::order::{self, Bounds};
use super::round::Cone;
use super::solid::{Face, Finish, Light, Shape, Solid};

/// x across, y up from the floor, the front towards -z. Metres.
#[derive(Clone, Debug, Default)]
pub(crate) struct Piece {
    parts: Vec<Solid>,
}

type Outlines = Vec<Vec<Point>>;

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
        self.parts.push(Solid { shape, bounds: Bounds { low, high } });
    }

    pub(crate) fn pole(&mut self, [x, y, z]: [f32; 3], height: f32, radius: f32, finish: Finish) {
        self.cone([x, y, z], radius, [x, y + height, z], radius, finish);
    }

    pub(crate) fn cone(&mut self, foot: [f32; 3], foot_radius: f32, head: [f32; 3], head_radius: f32, finish: Finish) {
        let [foot, head] = [foot, head].map(|[x, y, z]| spot(x, y, z));
        let reach = |a: f32, b: f32| ((a - foot_radius).min(b - head_radius), (a + foot_radius).max(b + head_radius));
        let ((left, right), (front, rear)) = (reach(foot.x, head.x), reach(foot.z, head.z));
        let shape = Shape::Cone(Cone { foot: (foot, foot_radius), head: (head, head_radius), finish });
        let (low, high) = (spot(left, foot.y.min(head.y), front), spot(right, foot.y.max(head.y), rear));
        self.parts.push(Solid { shape, bounds: Bounds { low, high } });
    }

    pub(crate) fn ball(&mut self, [x, y, z]: [f32; 3], radius: f32, finish: Finish) {
        self.round_part([x, y, z], radius, Shape::Ball { finish });
    }

    pub(crate) fn glow(&mut self, at: [f32; 3], radius: f32, colour: Colour, strength: f32) {
        self.round_part(at, radius, Shape::Glow { colour, strength });
    }

    fn round_part(&mut self, [x, y, z]: [f32; 3], radius: f32, shape: Shape) {
        let (low, high) = (spot(x - radius, y - radius, z - radius), spot(x + radius, y + radius, z + radius));
        self.parts.push(Solid { shape, bounds: Bounds { low, high } });
    }

    /// Foliage that grows out of `at`, as wide and high as `size`.
    pub(crate) fn leaves(&mut self, [x, y, z]: [f32; 3], [width, height]: [f32; 2], plant: Plant, seed: u64) {
        let shape = Shape::Leaves { plant, seed };
        let (low, high) = (spot(x - width / 2.0, y, z - 0.1), spot(x + width / 2.0, y + height, z + 0.1));
        self.parts.push(Solid { shape, bounds: Bounds { low, high } });
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

    /// Outlines on the floor: of what touches it, and of what is above it, moved away from the light.
    pub(crate) fn floor_shadows(&self, camera: Camera, place: Place, from_left: bool) -> (Outlines, Outlines) {
        let away = if from_left { 0.16 } else { -0.16 };
        let outlines = |highest: f32, slant: f32| -> Outlines {
            self.casting()
                .filter(|bounds| place.at.y + bounds.low.y < highest)
                .map(|Bounds { low, high }| {
                    let shift = slant * away * (0.4 + high.y.min(1.0));
                    [(low.x, low.z), (high.x, low.z), (high.x, high.z), (low.x, high.z)]
                        .map(|(x, z)| place.to_room(spot(x, 0.0, z)))
                        .map(|corner| camera.project(spot(corner.x + shift, 0.0, corner.z + 0.03 * slant)))
                        .to_vec()
                })
                .collect()
        };
        (outlines(0.06, 0.0), outlines(1.3, 1.0))
    }

    /// Outlines on the wall behind, for what hangs there.
    pub(crate) fn wall_shadows(&self, camera: Camera, place: Place, from_left: bool) -> Outlines {
        let away = if from_left { 0.04 } else { -0.04 };
        self.casting()
            .map(|Bounds { low, high }| {
                [(low.x, low.y), (high.x, low.y), (high.x, high.y), (low.x, high.y)]
                    .map(|(x, y)| place.to_room(spot(x + away, y - 0.05, 0.0)))
                    .map(|corner| camera.project(corner))
                    .to_vec()
            })
            .collect()
    }

    fn casting(&self) -> impl Iterator<Item = Bounds> {
        self.parts.iter().filter(|part| part.casts_shadow()).map(|part| part.bounds)
    }

    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, place: Place, light: Light) {
        let boxes: Vec<Bounds> = self.parts.iter().map(|part| part.bounds).collect();
        for index in order::far_to_near(&boxes, place.camera()) {
            self.parts[index].draw(canvas, place, light);
        }
    }
}
