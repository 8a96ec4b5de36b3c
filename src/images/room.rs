//! The drawn room: floor, walls, ceiling, daylight. Also the shell that stands in where furniture is taken away.

use fastrand::Rng;
use tiny_skia::{BlendMode, Point};

use super::camera::{Camera, Spot, spot};
use super::canvas::{Canvas, Soft};
use super::colour::Colour;
use super::floor::{self, Flooring};
use super::openings::{self, Opening, Wall};

/// Colours of the surfaces, and where daylight comes from.
#[derive(Clone, Debug)]
pub(crate) struct Shell {
    pub(crate) wall: Colour,
    pub(crate) ceiling: Colour,
    pub(crate) trim: Colour,
    pub(crate) floor: Colour,
    pub(crate) flooring: Flooring,
    pub(crate) light_from_left: bool,
}

const WALLS: [u32; 6] = [0xEDE6DA, 0xDCE3DC, 0xE9DFD6, 0xDDE4EA, 0xECEAE4, 0xE6DCCB];
const FLOORS: [u32; 5] = [0xC79A66, 0xB98555, 0xD3AE7E, 0x9C6B43, 0xBFA07A];

impl Shell {
    fn from_seed(rng: &mut Rng) -> Self {
        let flooring = [Flooring::Planks, Flooring::Herringbone, Flooring::Planks, Flooring::Tiles][rng.usize(..4)];
        let wood = FLOORS[rng.usize(..FLOORS.len())];
        Self {
            wall: Colour::hex(WALLS[rng.usize(..WALLS.len())]),
            ceiling: Colour::hex(0xF7F5F0),
            trim: Colour::hex(0xFBFAF6),
            floor: Colour::hex(if flooring == Flooring::Tiles { 0xC9C3B8 } else { wood }),
            flooring,
            light_from_left: rng.bool(),
        }
    }

    /// Ceiling, walls, floor and skirting, without windows and doors.
    pub(crate) fn paint(&self, canvas: &mut Canvas<'_>, rng: &mut Rng) {
        let side = canvas.camera().half_width();
        let (near, back, top) = (0.1, Camera::BACK_WALL, Camera::CEILING);
        let (lit, dim) = if self.light_from_left { (1.0, -1.0) } else { (-1.0, 1.0) };
        let wall = self.wall;
        surface(
            canvas,
            [spot(-side, top, near), spot(side, top, near), spot(side, top, back), spot(-side, top, back)],
            self.ceiling.shade(1.0),
            self.ceiling.shade(0.90),
        );
        surface(
            canvas,
            [
                spot(lit * side, 0.0, back),
                spot(lit * side, top, back),
                spot(-lit * side, top, back),
                spot(-lit * side, 0.0, back),
            ],
            wall.shade(0.90),
            wall.shade(1.0),
        );
        for (x, front, rear) in [(dim * side, 0.84, 0.92), (lit * side, 1.03, 0.97)] {
            let corners = [spot(x, 0.0, near), spot(x, top, near), spot(x, top, back), spot(x, 0.0, back)];
            surface(canvas, corners, wall.shade(front), wall.shade(rear));
        }
        floor::lay(canvas, self.flooring, self.floor, rng);
        self.floor_light(canvas);
        self.mouldings(canvas);
        corners(canvas);
    }

    /// The far floor mirrors the wall a little; the near floor is in the room's own shade.
    fn floor_light(&self, canvas: &mut Canvas<'_>) {
        let side = canvas.camera().half_width();
        let outline = [(-side, 0.1), (side, 0.1), (side, Camera::BACK_WALL), (-side, Camera::BACK_WALL)]
            .map(|(x, z)| canvas.camera().project(spot(x, 0.0, z)));
        let (_, height) = canvas.size();
        let (far, near) = (outline[2], Point::from_xy(outline[2].x, height));
        canvas.fill_gradient(&outline, 0.0, (far, self.wall.alpha(0.30)), (near, Colour::BLACK.alpha(0.10)));
    }

    fn mouldings(&self, canvas: &mut Canvas<'_>) {
        let side = canvas.camera().half_width();
        let (near, back, top) = (0.1, Camera::BACK_WALL, Camera::CEILING);
        let runs = [
            (spot(-side, 0.0, near), spot(-side, 0.0, back), 0.86),
            (spot(side, 0.0, near), spot(side, 0.0, back), 0.90),
            (spot(-side, 0.0, back), spot(side, 0.0, back), 0.97),
        ];
        for (from, to, light) in runs {
            for (low, high, shade) in [(0.0, 0.13, 0.93), (0.02, 0.12, 1.0), (0.118, 0.13, 0.80), (0.0, 0.012, 0.6)] {
                band(canvas, from, to, (low, high), self.trim.shade(light * shade));
            }
            band(canvas, from, to, (top - 0.10, top), self.trim.shade(light * 0.97));
            band(canvas, from, to, (top - 0.105, top - 0.09), self.trim.shade(light * 0.84));
        }
    }
}

/// Where the windows and the door of a seed's room are.
struct Openings {
    windows: Vec<Opening>,
    door: Option<Opening>,
}

impl Openings {
    fn from_seed(shell: &Shell, side: f32, rng: &mut Rng) -> Self {
        let (bright, dark) = if shell.light_from_left { (Wall::Left, Wall::Right) } else { (Wall::Right, Wall::Left) };
        let mirror = if shell.light_from_left { 1.0 } else { -1.0 };
        let up = (0.92, 2.38);
        let back = |from: f32, to: f32| {
            let (a, b) = (mirror * from, mirror * to);
            Opening { wall: Wall::Back, along: (a.min(b), a.max(b)), up }
        };
        let beside = Opening { wall: bright, along: (3.55, 4.85), up };
        let windows = match rng.usize(..4) {
            0 => vec![beside, back(-side + 0.5, -side + 1.9)],
            1 => vec![back(-side * 0.75, -side * 0.75 + 1.5), back(side * 0.75 - 1.5, side * 0.75)],
            2 => vec![beside, back(-1.3, 1.3)],
            _ => vec![beside, back(side - 2.1, side - 0.6)],
        };
        Self { windows, door: Some(Opening { wall: dark, along: (4.05, 4.95), up: (0.0, 2.05) }) }
    }
}

/// An empty room with windows and daylight; the seed chooses colours, floor and windows.
pub(crate) fn paint_empty(canvas: &mut Canvas<'_>, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let shell = Shell::from_seed(&mut rng);
    let openings = Openings::from_seed(&shell, canvas.camera().half_width(), &mut rng);
    paint_room(canvas, &shell, &openings, rng);
}

/// A room with planks and no door: nothing behind the clutter but what a plain [`Shell`] can stand in for.
pub(crate) fn paint_for_clutter(canvas: &mut Canvas<'_>, seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let floor = Colour::hex(FLOORS[rng.usize(..FLOORS.len())]);
    let shell = Shell { flooring: Flooring::Planks, floor, ..Shell::from_seed(&mut rng) };
    let openings = Openings::from_seed(&shell, canvas.camera().half_width(), &mut rng);
    paint_room(canvas, &shell, &Openings { door: None, ..openings }, rng);
}

fn paint_room(canvas: &mut Canvas<'_>, shell: &Shell, openings: &Openings, mut rng: Rng) {
    shell.paint(canvas, &mut rng);
    if let Some(door) = &openings.door {
        openings::door(canvas, door, shell.trim);
    }
    let camera = canvas.camera();
    let patches = openings.windows.iter().map(|window| window.light_on_floor(camera)).collect();
    canvas.soft(&[Soft { outlines: patches, colour: Colour::hex(0xFFF3D6), opacity: 0.34, blur: 0.008 }]);
    for window in &openings.windows {
        openings::window(canvas, window, shell.trim, &mut rng);
        let radius = camera.scale(Camera::BACK_WALL) * 2.6;
        canvas.glow(window.middle(camera), radius, Colour::hex(0xFFF6E0).alpha(0.30), BlendMode::Screen);
    }
}

fn surface(canvas: &mut Canvas<'_>, corners: [Spot; 4], from: Colour, to: Colour) {
    let camera = canvas.camera();
    let outline = corners.map(|corner| camera.project(corner));
    // The near edge lies far outside of the picture; the gradient spans what is seen.
    let (width, height) = canvas.size();
    let seen = |point: Point| Point::from_xy(point.x.clamp(0.0, width), point.y.clamp(0.0, height));
    canvas.fill_gradient(&outline, 0.0, (seen(outline[0]), from.opaque()), (seen(outline[2]), to.opaque()));
}

fn band(canvas: &mut Canvas<'_>, from: Spot, to: Spot, (low, high): (f32, f32), colour: Colour) {
    let corners =
        [spot(from.x, low, from.z), spot(to.x, low, to.z), spot(to.x, high, to.z), spot(from.x, high, from.z)];
    let outline = corners.map(|corner| canvas.camera().project(corner));
    canvas.fill(&outline, 0.0, colour.opaque());
}

/// Soft darkness where surfaces meet.
fn corners(canvas: &mut Canvas<'_>) {
    let camera = canvas.camera();
    let side = camera.half_width();
    let (near, back, top) = (0.1, Camera::BACK_WALL, Camera::CEILING);
    let edges = [
        [spot(-side, 0.0, back), spot(side, 0.0, back), spot(side, 0.0, back - 0.12), spot(-side, 0.0, back - 0.12)],
        [spot(-side, 0.0, near), spot(-side, 0.0, back), spot(0.1 - side, 0.0, back), spot(0.1 - side, 0.0, near)],
        [spot(side, 0.0, near), spot(side, 0.0, back), spot(side - 0.1, 0.0, back), spot(side - 0.1, 0.0, near)],
        [spot(-side, 0.0, back), spot(-side, top, back), spot(0.07 - side, top, back), spot(0.07 - side, 0.0, back)],
        [spot(side, 0.0, back), spot(side, top, back), spot(side - 0.07, top, back), spot(side - 0.07, 0.0, back)],
        [spot(-side, top, back), spot(side, top, back), spot(side, top - 0.06, back), spot(-side, top - 0.06, back)],
    ];
    let outlines = edges.iter().map(|edge| edge.map(|corner| camera.project(corner)).to_vec()).collect();
    canvas.soft(&[Soft { outlines, colour: Colour::hex(0x2A211A), opacity: 0.34, blur: 0.014 }]);
}
