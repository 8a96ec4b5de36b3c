//! Rooms to sleep in.

use super::{BACK, Plan};
use crate::images::furniture as piece;

impl Plan {
    pub(super) fn bedroom(&mut self) {
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
                self.paintings(2, [0.60, 0.74], 1.48, &[0.0, 2.2, -2.2]);
            }
            1 => {
                self.scene.put(piece::armchair(&look), [side - 0.85, 4.1], 52.0);
                self.lamp([side - 0.50, BACK - 0.50], 0.0);
                self.plant(1.2, [-side + 0.40, BACK - 0.40]);
                self.scene.put(piece::side_table(&look), [side - 1.45, 4.75], 0.0);
                self.paintings(1, [1.3, 0.72], 1.48, &[-0.7, 1.9]);
            }
            _ => {
                for x in [-0.72, 0.72] {
                    self.scene.put(piece::pendant(&look, 1.5), [x * 1.8, BACK - 0.32], 0.0);
                }
                self.scene.put(piece::dresser(&look), [-side + 0.28, 4.1], -90.0);
                self.scene.put(piece::armchair(&look), [side - 0.75, 3.9], 64.0);
                self.plant(1.7, [side - 0.45, BACK - 0.50]);
                self.paintings(3, [0.46, 0.60], 1.48, &[0.0, -2.0, 2.0]);
            }
        }
    }

    pub(super) fn kids_room(&mut self) {
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
                self.paintings(3, [0.40, 0.50], 1.30, &[-0.3, 1.0]);
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
}
