//! Which of several boxes has to be drawn before which, seen from one point.

use super::camera::Spot;

/// A box along the axes, from its lowest to its highest corner.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bounds {
    pub(crate) low: Spot,
    pub(crate) high: Spot,
}

impl Bounds {
    pub(crate) fn around(spots: impl IntoIterator<Item = Spot>) -> Option<Self> {
        spots.into_iter().map(|at| Self { low: at, high: at }).reduce(Self::joined)
    }

    pub(crate) fn joined(self, other: Self) -> Self {
        let (mut low, mut high) = (self.low, self.high);
        (low.x, low.y, low.z) = (low.x.min(other.low.x), low.y.min(other.low.y), low.z.min(other.low.z));
        (high.x, high.y, high.z) = (high.x.max(other.high.x), high.y.max(other.high.y), high.z.max(other.high.z));
        Self { low, high }
    }

    pub(crate) fn middle(self) -> Spot {
        let half = |low: f32, high: f32| (low + high) / 2.0;
        Spot { x: half(self.low.x, self.high.x), y: half(self.low.y, self.high.y), z: half(self.low.z, self.high.z) }
    }

    pub(crate) fn corners(self) -> [Spot; 8] {
        let (low, high) = (self.low, self.high);
        std::array::from_fn(|index| Spot {
            x: if index & 1 == 0 { low.x } else { high.x },
            y: if index & 2 == 0 { low.y } else { high.y },
            z: if index & 4 == 0 { low.z } else { high.z },
        })
    }

    /// Whether this box can hide some of `other`: they are apart, and no plane between them has the eye on `other`'s side.
    fn may_cover(&self, other: &Self, eye: Spot) -> bool {
        const TOUCHING: f32 = 0.004;
        let axes = [
            (self.low.x, self.high.x, other.low.x, other.high.x, eye.x),
            (self.low.y, self.high.y, other.low.y, other.high.y, eye.y),
            (self.low.z, self.high.z, other.low.z, other.high.z, eye.z),
        ];
        let mut apart = false;
        for (low, high, other_low, other_high, eye) in axes {
            let (above, below) = (other_high <= low + TOUCHING, high <= other_low + TOUCHING);
            if (above && eye <= low) || (below && eye >= high) {
                return false;
            }
            apart |= above || below;
        }
        apart
    }
}

/// Indices in an order in which each box is drawn before whatever may cover it.
pub(crate) fn far_to_near(boxes: &[Bounds], eye: Spot) -> Vec<usize> {
    let mut left: Vec<usize> = (0..boxes.len()).collect();
    let mut order = Vec::with_capacity(boxes.len());
    while !left.is_empty() {
        let covers_none = |index: &usize| !left.iter().any(|other| boxes[*index].may_cover(&boxes[*other], eye));
        let next = left.iter().position(covers_none).unwrap_or(0);
        order.push(left.remove(next));
    }
    order
}
