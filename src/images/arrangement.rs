//! Which pieces a type of room gets, and where they stand. Three layouts each; the seed picks one and its details.

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

    /// Paintings side by side, around the first of `choices` where they fit.
    fn paintings(&mut self, count: u32, size: [f32; 2], choices: &[f32]) {
        for index in 0..count {
            let shift = (index as f32 - (count - 1) as f32 / 2.0) * (size[0] + 0.12);
            let choices: Vec<f32> = choices.iter().map(|across| across + shift).collect();
            let painting = piece::painting(&self.look, size, self.seed.wrapping_add(index.into()));
            self.scene.hang(painting, size, 1.30, &choices);
        }
    }

    fn living(&mut self) {
        let (look, side) = (self.look, self.side);
        match self.layout {
            0 => {
                self.rug([3.1, 2.0], [0.0, 3.95]);
                self.scene.put(piece::sofa(&look, 2.35), [0.0, BACK - 0.62], 0.0);
                self.scene.put(piece::coffee_table(&look), [0.0, 3.95], 0.0);
                self.scene.put(piece::armchair(&look), [1.65, 3.85], 58.0);
                self.scene.put(piece::side_table(&look), [-1.50, BACK - 0.45], 0.0);
                self.lamp([-1.62, BACK - 0.85], 0.0);
                self.plant(1.5, [1.68, BACK - 0.45]);
                self.scene.put(piece::bookshelf(&look, self.seed), [side - 0.60, BACK - 0.20], 0.0);
                self.paintings(2, [0.62, 0.82], &[0.0, -2.1, 2.1]);
            }
            1 => {
                self.rug([2.7, 2.3], [-0.25, 4.0]);
                self.scene.put(piece::sofa(&look, 2.2), [-side + 0.62, 4.05], -90.0);
                self.scene.put(piece::coffee_table(&look), [-0.85, 4.0], 90.0);
                self.scene.put(piece::armchair(&look), [0.70, 4.75], 24.0);
                self.scene.put(piece::television(&look), [side - 0.28, 4.0], 90.0);
                self.lamp([-side + 0.40, BACK - 0.30], 0.0);
                self.plant(1.7, [1.95, BACK - 0.40]);
                self.paintings(3, [0.50, 0.66], &[-0.55, 1.0]);
            }
            _ => {
                self.rug([3.2, 2.1], [0.1, 4.0]);
                self.scene.put(piece::sofa(&look, 2.1), [-0.55, BACK - 0.62], 0.0);
                self.scene.put(piece::sofa(&look, 1.6), [1.85, 3.95], 90.0);
                self.scene.put(piece::coffee_table(&look), [-0.20, 4.0], 0.0);
                self.scene.put(piece::armchair(&look), [-1.95, 3.75], -68.0);
                self.scene.put(piece::sideboard(&look), [side - 1.0, BACK - 0.25], 0.0);
                self.lamp([-1.95, BACK - 0.45], 0.0);
                self.plant(1.3, [-side + 0.42, BACK - 0.55]);
                self.paintings(1, [1.25, 0.80], &[-0.55, 1.6, -1.9]);
            }
        }
    }

    fn bedroom(&mut self) {
        let (look, side) = (self.look, self.side);
        let bed = [[0.0, BACK - 1.15], [-0.7, BACK - 1.15], [0.0, BACK - 1.15]][self.layout as usize];
        self.rug([3.0, 1.9], [bed[0], bed[1] - 0.75]);
        self.scene.put(piece::bed(&look), bed, 0.0);
        for (index, x) in [-1.30, 1.30].into_iter().enumerate() {
            self.scene.put(piece::nightstand(&look, index as u64 + self.seed % 2), [bed[0] + x, BACK - 0.26], 0.0);
        }
        match self.layout {
            0 => {
                self.scene.put(piece::bench(&look), [0.0, bed[1] - 1.42], 0.0);
                self.plant(1.6, [-side + 0.50, BACK - 0.50]);
                self.scene.put(piece::dresser(&look), [side - 0.28, 4.2], 90.0);
                self.paintings(2, [0.60, 0.74], &[0.0, 2.2, -2.2]);
            }
            1 => {
                self.scene.put(piece::armchair(&look), [side - 0.85, 4.1], 52.0);
                self.lamp([side - 0.50, BACK - 0.50], 0.0);
                self.plant(1.2, [-side + 0.40, BACK - 0.40]);
                self.scene.put(piece::side_table(&look), [side - 1.45, 4.75], 0.0);
                self.paintings(1, [1.3, 0.72], &[-0.7, 1.9]);
            }
            _ => {
                for x in [-0.72, 0.72] {
                    self.scene.put(piece::pendant(&look, 1.5), [x * 1.8, BACK - 0.32], 0.0);
                }
                self.scene.put(piece::dresser(&look), [-side + 0.28, 4.1], -90.0);
                self.scene.put(piece::armchair(&look), [side - 0.75, 3.9], 64.0);
                self.plant(1.7, [side - 0.45, BACK - 0.50]);
                self.paintings(3, [0.46, 0.60], &[0.0, -2.0, 2.0]);
            }
        }
    }

    fn kitchen(&mut self) {
        let (look, side) = (self.look, self.side);
        let line = BACK - 0.34;
        match self.layout {
            0 => {
                self.scene.put(piece::kitchen_line(&look, 7), [-0.35, line], 0.0);
                self.scene.put(piece::wall_cabinets(&look, 7), [-0.35, line], 0.0);
                self.scene.put(piece::fridge(&look), [2.18, line], 0.0);
                self.scene.put(piece::island(&look, 3), [0.0, 3.60], 0.0);
                for x in [-0.65, 0.65] {
                    self.scene.put(piece::pendant(&look, 1.62), [x, 3.60], 0.0);
                }
            }
            1 => {
                self.scene.put(piece::kitchen_line(&look, 5), [0.9, line], 0.0);
                self.scene.put(piece::wall_cabinets(&look, 5), [0.9, line], 0.0);
                self.scene.put(piece::kitchen_line(&look, 3), [side - 0.34, 4.06], 90.0);
                self.scene.put(piece::fridge(&look), [-1.02, line], 0.0);
                self.scene.put(piece::dining_table(&look, 2), [-0.75, 3.55], 0.0);
                self.scene.put(piece::pendant(&look, 1.65), [-0.75, 3.55], 0.0);
                self.plant(1.4, [-side + 0.6, BACK - 0.45]);
            }
            _ => {
                self.scene.put(piece::kitchen_line(&look, 9), [0.0, line], 0.0);
                self.scene.put(piece::fridge(&look), [-side + 0.40, 4.45], -90.0);
                self.scene.put(piece::island(&look, 2), [0.55, 3.65], 0.0);
                self.scene.put(piece::pendant(&look, 1.60), [0.55, 3.65], 0.0);
                self.rug([1.5, 0.8], [0.55, 4.55]);
                self.plant(1.2, [side - 0.45, 4.3]);
                self.paintings(3, [0.42, 0.52], &[-0.9, 1.0]);
            }
        }
    }

    fn dining(&mut self) {
        let (look, side) = (self.look, self.side);
        let at = [[0.0, 4.0], [-0.5, 4.05], [0.45, 3.95]][self.layout as usize];
        self.rug([3.5, 2.5], at);
        self.scene.put(piece::dining_table(&look, [3, 2, 3][self.layout as usize]), at, 0.0);
        match self.layout {
            0 => {
                for x in [-0.55, 0.55] {
                    self.scene.put(piece::pendant(&look, 1.55), [x, 4.0], 0.0);
                }
                self.scene.put(piece::sideboard(&look), [0.0, BACK - 0.25], 0.0);
                self.plant(1.7, [-side + 0.50, BACK - 0.45]);
                self.lamp([side - 0.50, BACK - 0.45], 0.0);
                self.paintings(2, [0.60, 0.60], &[0.0, -1.9, 1.9]);
            }
            1 => {
                self.scene.put(piece::pendant(&look, 1.50), at, 0.0);
                self.scene.put(piece::bookshelf(&look, self.seed), [side - 0.60, BACK - 0.20], 0.0);
                self.scene.put(piece::sideboard(&look), [side - 0.25, 3.95], 90.0);
                self.plant(1.5, [-side + 0.45, BACK - 0.45]);
                self.paintings(1, [1.3, 0.85], &[-0.5, 1.2]);
            }
            _ => {
                self.scene.put(piece::pendant(&look, 1.50), at, 0.0);
                self.scene.put(piece::sideboard(&look), [-side + 0.25, 4.2], -90.0);
                self.plant(1.2, [-side + 0.45, BACK - 0.40]);
                self.plant(1.8, [side - 0.50, BACK - 0.45]);
                self.paintings(3, [0.50, 0.68], &[0.3, -1.2]);
            }
        }
    }

    fn home_office(&mut self) {
        let (look, side) = (self.look, self.side);
        match self.layout {
            0 => {
                self.rug([2.6, 1.9], [-0.4, 4.3]);
                self.scene.put(piece::desk(&look), [-0.4, BACK - 0.40], 0.0);
                self.scene.put(piece::office_chair(&look), [-0.35, 4.40], 168.0);
                self.scene.put(piece::bookshelf(&look, self.seed), [1.15, BACK - 0.20], 0.0);
                self.scene.put(piece::bookshelf(&look, self.seed / 3), [2.15, BACK - 0.20], 0.0);
                self.scene.put(piece::armchair(&look), [1.75, 3.85], 55.0);
                self.plant(1.5, [-side + 0.75, BACK - 0.45]);
                self.paintings(2, [0.50, 0.62], &[-0.4, -1.8]);
            }
            1 => {
                self.rug([2.9, 2.0], [0.0, 4.05]);
                self.scene.put(piece::desk(&look), [0.0, 4.15], 180.0);
                self.scene.put(piece::office_chair(&look), [0.05, 4.85], 8.0);
                self.scene.put(piece::sideboard(&look), [-1.5, BACK - 0.25], 0.0);
                self.scene.put(piece::bookshelf(&look, self.seed), [side - 0.60, BACK - 0.20], 0.0);
                self.plant(1.7, [-side + 0.45, BACK - 0.55]);
                self.lamp([1.45, BACK - 0.45], 0.0);
                self.paintings(1, [1.2, 0.76], &[0.0, -1.5]);
            }
            _ => {
                self.rug([2.4, 2.2], [0.35, 4.0]);
                self.scene.put(piece::desk(&look), [-side + 0.40, 4.0], -90.0);
                self.scene.put(piece::office_chair(&look), [-side + 1.15, 4.0], 100.0);
                self.scene.put(piece::sofa(&look, 1.7), [0.75, BACK - 0.62], 0.0);
                self.scene.put(piece::coffee_table(&look), [0.75, 4.05], 0.0);
                self.scene.put(piece::bookshelf(&look, self.seed), [-1.35, BACK - 0.20], 0.0);
                self.plant(1.4, [side - 0.55, BACK - 0.50]);
                self.paintings(3, [0.46, 0.60], &[0.75, -0.4]);
            }
        }
    }

    fn outdoor(&mut self) {
        let (look, side) = (self.look, self.side);
        match self.layout {
            0 => {
                self.rug([3.0, 2.1], [-0.2, 4.0]);
                self.scene.put(piece::sofa(&look, 2.1), [-0.2, BACK - 0.75], 0.0);
                self.scene.put(piece::fire_bowl(&look), [-0.2, 3.95], 0.0);
                self.scene.put(piece::armchair(&look), [1.45, 3.95], 62.0);
                self.scene.put(piece::armchair(&look), [-1.85, 3.95], -62.0);
                self.scene.put(piece::string_lights(&look, 4.6), [0.0, BACK - 0.20], 0.0);
                self.scene.put(piece::planter(&look, 1.3, self.seed % 50), [side - 0.30, 4.1], 90.0);
            }
            1 => {
                self.scene.put(piece::dining_table(&look, 2), [-0.3, 4.0], 0.0);
                self.scene.put(piece::parasol(&look), [-0.3, 4.62], 0.0);
                self.scene.put(piece::planter(&look, 2.2, self.seed % 50), [-0.8, BACK - 0.25], 0.0);
                self.scene.put(piece::lounger(&look), [1.95, 4.2], 14.0);
                self.plant(1.6, [side - 0.55, BACK - 0.45]);
                self.plant(1.2, [-side + 0.50, 4.6]);
            }
            _ => {
                self.rug([3.4, 2.2], [0.0, 3.9]);
                for (x, turn) in [(-0.95, -8.0), (0.45, 8.0)] {
                    self.scene.put(piece::lounger(&look), [x, 4.15], turn);
                }
                self.scene.put(piece::side_table(&look), [-0.25, 4.45], 0.0);
                self.scene.put(piece::parasol(&look), [-0.25, 4.95], 0.0);
                self.scene.put(piece::planter(&look, 1.6, self.seed % 50), [1.7, BACK - 0.25], 0.0);
                self.scene.put(piece::fire_bowl(&look), [1.75, 3.9], 0.0);
                self.plant(1.7, [-side + 0.50, BACK - 0.50]);
            }
        }
    }

    fn kids_room(&mut self) {
        let (look, side) = (self.look, self.side);
        let bunting = (piece::bunting(&look, 2.4), [2.4, 0.35]);
        match self.layout {
            0 => {
                self.rug([2.6, 1.9], [0.4, 3.95]);
                self.scene.put(piece::house_bed(&look), [-1.45, BACK - 0.60], 0.0);
                self.scene.put(piece::teepee(&look), [2.05, BACK - 0.80], 0.0);
                self.scene.put(piece::toy_shelf(&look, self.seed), [0.55, BACK - 0.22], 0.0);
                self.scene.put(piece::kids_table(&look), [0.35, 3.95], 0.0);
                self.scene.put(piece::teddy(0.62), [-1.25, 3.85], -18.0);
                self.scene.hang(bunting.0, bunting.1, 1.95, &[0.6, -1.0, 1.2]);
            }
            1 => {
                self.rug([2.4, 2.2], [0.0, 4.0]);
                self.scene.put(piece::house_bed(&look), [side - 0.62, 4.25], 90.0);
                self.scene.put(piece::toy_shelf(&look, self.seed), [-0.3, BACK - 0.22], 0.0);
                self.scene.put(piece::teepee(&look), [-side + 0.95, 4.55], 0.0);
                self.scene.put(piece::teddy(0.80), [0.35, 4.35], 12.0);
                self.scene.put(piece::kids_table(&look), [-0.65, 3.65], 0.0);
                self.paintings(3, [0.40, 0.50], &[-0.3, 1.0]);
            }
            _ => {
                self.rug([3.0, 2.0], [-0.2, 3.9]);
                self.scene.put(piece::house_bed(&look), [1.25, BACK - 0.60], 0.0);
                self.scene.put(piece::bookshelf(&look, self.seed), [-0.65, BACK - 0.20], 0.0);
                self.scene.put(piece::toy_shelf(&look, self.seed), [-side + 0.22, 4.2], -90.0);
                self.scene.put(piece::kids_table(&look), [-0.4, 3.9], 0.0);
                self.scene.put(piece::teddy(0.62), [1.55, 3.85], 22.0);
                self.plant(1.2, [-1.75, BACK - 0.45]);
                self.scene.hang(bunting.0, bunting.1, 1.98, &[0.6, -0.6, 1.2]);
            }
        }
    }

    fn bathroom(&mut self) {
        let (look, side) = (self.look, self.side);
        let (mirror, size) = (piece::mirror(&look, [0.9, 0.95]), [0.9, 0.95]);
        match self.layout {
            0 => {
                self.scene.put(piece::bathtub(&look), [-0.95, 4.55], 0.0);
                self.scene.put(piece::vanity(&look), [1.30, BACK - 0.30], 0.0);
                self.scene.put(piece::toilet(&look), [side - 0.45, 4.35], 90.0);
                self.scene.lay(piece::bath_mat(&look), [-0.75, 3.85]);
                self.scene.put(piece::towel_ladder(&look), [0.30, BACK - 0.25], 0.0);
                self.plant(1.3, [-side + 0.55, BACK - 0.50]);
                self.scene.hang(mirror, size, 1.15, &[1.30, -1.0]);
            }
            1 => {
                self.scene.put(piece::bathtub(&look), [side - 0.70, 4.25], 90.0);
                self.scene.put(piece::vanity(&look), [-0.60, BACK - 0.30], 0.0);
                self.scene.put(piece::toilet(&look), [-1.95, BACK - 0.40], 0.0);
                self.scene.lay(piece::bath_mat(&look), [0.55, 4.3]);
                self.scene.put(piece::towel_ladder(&look), [0.75, BACK - 0.25], 0.0);
                self.plant(1.5, [-side + 0.50, 4.4]);
                self.scene.hang(mirror, size, 1.15, &[-0.60, 0.9]);
            }
            _ => {
                self.scene.put(piece::bathtub(&look), [0.80, BACK - 0.80], 0.0);
                self.scene.put(piece::vanity(&look), [-side + 0.32, 4.25], -90.0);
                self.scene.put(piece::toilet(&look), [-1.35, BACK - 0.40], 0.0);
                self.scene.lay(piece::bath_mat(&look), [0.55, 4.0]);
                self.scene.put(piece::stool(&look), [-0.35, 4.5], 0.0);
                self.plant(1.6, [side - 0.50, BACK - 0.50]);
                self.plant(0.9, [-0.70, BACK - 0.35]);
                self.paintings(2, [0.46, 0.60], &[0.8, -1.2]);
            }
        }
    }
}
