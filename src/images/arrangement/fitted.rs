//! Rooms with fittings: kitchen and bathroom.

use super::{BACK, Plan};
use crate::images::furniture as piece;

impl Plan {
    pub(super) fn kitchen(&mut self) {
        let (look, side) = (self.look, self.side);
        let line = BACK - 0.34;
        match self.layout {
            0 => {
                self.fitted_kitchen(7, -0.35);
                self.scene.put(piece::fridge(&look), [2.18, line], 0.0);
                self.scene.put(piece::island(&look, 3), [0.0, 3.60], 0.0);
                for x in [-0.65, 0.65] {
                    self.scene.put(piece::pendant(&look, 1.62), [x, 3.60], 0.0);
                }
            }
            1 => {
                self.fitted_kitchen(5, 0.9);
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
                self.paintings(3, [0.42, 0.52], 1.30, &[-0.9, 1.0]);
            }
        }
    }

    pub(super) fn bathroom(&mut self) {
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
                self.paintings(2, [0.46, 0.60], 1.30, &[0.8, -1.2]);
            }
        }
    }

    /// Base units with wall units above, the latter where no window is.
    fn fitted_kitchen(&mut self, units: u32, middle: f32) {
        let look = self.look;
        self.scene.put(piece::kitchen_line(&look, units), [middle, BACK - 0.34], 0.0);
        for unit in 0..units {
            let across = middle + (unit as f32 + 0.5 - units as f32 / 2.0) * 0.6;
            if unit == units / 2 {
                self.scene.hang(piece::hood(&look), [0.6, 0.70], 1.58, &[across]);
            } else {
                self.scene.hang(piece::wall_cabinet(&look), [0.6, 0.74], 1.46, &[across]);
            }
        }
    }
}
