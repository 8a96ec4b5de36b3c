//! The perspective: one assumed camera per picture size, so that drawn rooms and furniture on any photo agree.

use tiny_skia::Point;

/// Metres: x to the right of the picture's middle, y up from the floor, z away from the camera.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Spot {
    pub(crate) x: f32,
    pub(crate) y: f32,
    pub(crate) z: f32,
}

pub(crate) const fn spot(x: f32, y: f32, z: f32) -> Spot {
    Spot { x, y, z }
}

/// A camera at eye height that looks straight at the back wall.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Camera {
    centre: f32,
    horizon: f32,
    focal: f32,
    half_width: f32,
    near: f32,
}

impl Camera {
    pub(crate) const EYE: f32 = 1.45;
    pub(crate) const BACK_WALL: f32 = 5.6;
    pub(crate) const CEILING: f32 = 2.75;
    /// Nearer than this nothing is projected: it would be behind the picture's plane.
    const NEAREST: f32 = 0.4;

    pub(crate) fn for_size(width: u32, height: u32) -> Self {
        let (width, height) = (width as f32, height as f32);
        let focal = 0.92 * height.min(width * 1.05);
        let seen = width / focal * Self::BACK_WALL / 2.0;
        Self {
            centre: width / 2.0,
            horizon: height * 0.45,
            focal,
            half_width: (seen * 0.58).clamp(3.0, 5.2),
            near: focal * Self::EYE / (height * 0.55),
        }
    }

    /// The depth of the floor at the picture's lower edge, in metres.
    pub(crate) fn near(&self) -> f32 {
        self.near
    }

    /// From the middle to each side wall, in metres.
    pub(crate) fn half_width(&self) -> f32 {
        self.half_width
    }

    pub(crate) fn project(&self, at: Spot) -> Point {
        let scale = self.scale(at.z);
        Point::from_xy(self.centre + at.x * scale, self.horizon + (Self::EYE - at.y) * scale)
    }

    /// Pixels for a metre at this depth.
    pub(crate) fn scale(&self, depth: f32) -> f32 {
        self.focal / depth.max(Self::NEAREST)
    }
}

/// Where a piece stands and which way it faces; its own front looks along -z.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Place {
    pub(crate) at: Spot,
    sine: f32,
    cosine: f32,
}

impl Place {
    /// `turn` in degrees; 90 looks to the left side of the picture.
    pub(crate) fn new(at: Spot, turn: f32) -> Self {
        let (sine, cosine) = turn.to_radians().sin_cos();
        Self { at, sine, cosine }
    }

    pub(crate) fn to_room(self, local: Spot) -> Spot {
        spot(
            self.at.x + local.x * self.cosine + local.z * self.sine,
            self.at.y + local.y,
            self.at.z - local.x * self.sine + local.z * self.cosine,
        )
    }

    pub(crate) fn turned(self, local: Spot) -> Spot {
        spot(local.x * self.cosine + local.z * self.sine, local.y, -local.x * self.sine + local.z * self.cosine)
    }

    /// The camera's position as this piece sees it.
    pub(crate) fn camera(self) -> Spot {
        let (x, y, z) = (-self.at.x, Camera::EYE - self.at.y, -self.at.z);
        spot(x * self.cosine - z * self.sine, y, x * self.sine + z * self.cosine)
    }
}
