//! Rooms to sit in: living, dining, home office and terrace.

use super::{BACK, Plan};
use crate::images::furniture as piece;

impl Plan {
    pub(super) fn living(&mut self) {
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
                self.paintings(2, [0.62, 0.82], 1.30, &[0.0, -2.1, 2.1]);
            }
            1 => {
                self.rug([2.7, 2.3], [-0.25, 4.0]);
                self.scene.put(piece::sofa(&look, 2.2), [-side + 0.62, 4.05], -90.0);
                self.scene.put(piece::coffee_table(&look), [-0.85, 4.0], 90.0);
                self.scene.put(piece::armchair(&look), [0.70, 4.75], 24.0);
                self.scene.put(piece::television(&look), [side - 0.28, 4.0], 90.0);
                self.lamp([-side + 0.40, BACK - 0.30], 0.0);
                self.plant(1.7, [1.95, BACK - 0.40]);
                self.paintings(3, [0.50, 0.66], 1.30, &[-0.55, 1.0]);
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
                self.paintings(1, [1.25, 0.80], 1.30, &[-0.55, 1.6, -1.9]);
            }
        }
    }

    pub(super) fn dining(&mut self) {
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
                self.paintings(2, [0.60, 0.60], 1.30, &[0.0, -1.9, 1.9]);
            }
            1 => {
                self.scene.put(piece::pendant(&look, 1.50), at, 0.0);
                self.scene.put(piece::bookshelf(&look, self.seed), [side - 0.60, BACK - 0.20], 0.0);
                self.scene.put(piece::sideboard(&look), [side - 0.25, 3.95], 90.0);
                self.plant(1.5, [-side + 0.45, BACK - 0.45]);
                self.paintings(1, [1.3, 0.85], 1.30, &[-0.5, 1.2]);
            }
            _ => {
                self.scene.put(piece::pendant(&look, 1.50), at, 0.0);
                self.scene.put(piece::sideboard(&look), [-side + 0.25, 4.2], -90.0);
                self.plant(1.2, [-side + 0.45, BACK - 0.40]);
                self.plant(1.8, [side - 0.50, BACK - 0.45]);
                self.paintings(3, [0.50, 0.68], 1.30, &[0.3, -1.2]);
            }
        }
    }

    pub(super) fn home_office(&mut self) {
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
                self.paintings(2, [0.50, 0.62], 1.30, &[-0.4, -1.8]);
            }
            1 => {
                self.rug([2.9, 2.0], [0.0, 4.05]);
                self.scene.put(piece::desk(&look), [0.0, 4.15], 180.0);
                self.scene.put(piece::office_chair(&look), [0.05, 4.85], 8.0);
                self.scene.put(piece::sideboard(&look), [-1.5, BACK - 0.25], 0.0);
                self.scene.put(piece::bookshelf(&look, self.seed), [side - 0.60, BACK - 0.20], 0.0);
                self.plant(1.7, [-side + 0.45, BACK - 0.55]);
                self.lamp([1.45, BACK - 0.45], 0.0);
                self.paintings(1, [1.2, 0.76], 1.30, &[0.0, -1.5]);
            }
            _ => {
                self.rug([2.4, 2.2], [0.35, 4.0]);
                self.scene.put(piece::desk(&look), [-side + 0.40, 4.0], -90.0);
                self.scene.put(piece::office_chair(&look), [-side + 1.15, 4.0], 100.0);
                self.scene.put(piece::sofa(&look, 1.7), [0.75, BACK - 0.62], 0.0);
                self.scene.put(piece::coffee_table(&look), [0.75, 4.05], 0.0);
                self.scene.put(piece::bookshelf(&look, self.seed), [-1.35, BACK - 0.20], 0.0);
                self.plant(1.4, [side - 0.55, BACK - 0.50]);
                self.paintings(3, [0.46, 0.60], 1.30, &[0.75, -0.4]);
            }
        }
    }

    pub(super) fn outdoor(&mut self) {
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
}
