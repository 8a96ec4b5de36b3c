//! Which pieces a type of room gets, and where they stand. Three layouts each; the seed picks one and its details.

mod fitted;
mod sitting;
mod sleeping;

use fastrand::Rng;

use super::camera::Camera;
use super::furniture as piece;
use super::scene::Scene;
use super::style::Look;

const BACK: f32 = Camera::BACK_WALL;

struct Plan {
    look: Look,
    layout: u64,
    seed: u64,
    /// From the middle to a side wall.
    side: f32,
    scene: Scene,
}

/// Sets up a room; unknown types are furnished as a living room.
pub(crate) fn arrange(room_type: &str, style: &str, seed: u64, side: f32) -> Scene {
    let mut rng = Rng::with_seed(seed);
    let look = Look::of(style).varied((seed % 3) as usize);
    let mut plan = Plan { look, layout: seed % 3, seed: rng.u64(..), side, scene: Scene::new(rng.bool()) };
    match room_type {
        "bed" => plan.bedroom(),
        "kitchen" => plan.kitchen(),
        "dining" => plan.dining(),
        "home_office" => plan.home_office(),
        "outdoor" => plan.outdoor(),
        "kids_room" => plan.kids_room(),
        "bathroom" => plan.bathroom(),
        _ => plan.living(),
    }
    plan.scene
}

/// Old things standing about, none of them higher than a metre.
pub(crate) fn clutter(seed: u64) -> Scene {
    let mut rng = Rng::with_seed(seed);
    let mut scene = Scene::new(rng.bool());
    let mut near = |x: f32, z: f32| [x + (rng.f32() - 0.5) * 0.3, z + (rng.f32() - 0.5) * 0.2];
    scene.put(piece::old_sofa(), near(-0.9, 4.75), -9.0);
    scene.put(piece::cardboard_boxes(false), near(1.75, 4.95), 12.0);
    scene.put(piece::cardboard_boxes(true), near(-2.15, 3.75), -20.0);
    scene.put(piece::old_television(), near(2.05, 4.0), 62.0);
    scene.put(piece::old_chair(), near(0.55, 3.75), 140.0);
    scene.put(piece::rolled_carpet(), near(0.15, 3.0), 14.0);
    scene.put(piece::rubbish_bags(), near(0.75, 4.85), 0.0);
    scene
}

impl Plan {
    fn rug(&mut self, size: [f32; 2], at: [f32; 2]) {
        self.scene.lay(piece::rug(&self.look, size), at);
    }

    fn plant(&mut self, height: f32, at: [f32; 2]) {
        self.scene.put(piece::potted_plant(&self.look, height, self.seed % 101), at, 0.0);
    }

    fn lamp(&mut self, at: [f32; 2], turn: f32) {
        self.scene.put(piece::floor_lamp(&self.look), at, turn);
    }

    /// Side by side around the first of `choices` where they fit.
    fn paintings(&mut self, count: u32, size: [f32; 2], height: f32, choices: &[f32]) {
        let whole = [size[0] * count as f32 + piece::PAINTINGS_APART * (count - 1) as f32, size[1]];
        self.scene.hang(piece::paintings(&self.look, count, size, self.seed), whole, height, choices);
    }
}
