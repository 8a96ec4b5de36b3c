//! Round solids: cones and rods between two discs, and balls.

use std::f32::consts::TAU;

use tiny_skia::{BlendMode, PathBuilder, Point};

use super::camera::{Camera, Place, Spot, spot};
use super::canvas::{Canvas, hull, linear};
use super::colour::Colour;
use super::solid::{Finish, Grain, Light};

const CORNERS: u32 = 28;

/// Between two discs with their radii: poles, pots, shades and legs on level discs, rails and rolls on upright ones.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cone {
    pub(crate) foot: (Spot, f32),
    pub(crate) head: (Spot, f32),
    pub(crate) finish: Finish,
}

impl Cone {
    pub(crate) fn draw(&self, canvas: &mut Canvas<'_>, place: Place, light: Light) {
        let (across, along) = (self.head.0.x - self.foot.0.x, self.head.0.z - self.foot.0.z);
        let run = across.hypot(along);
        if run > (self.head.0.y - self.foot.0.y).abs() {
            self.draw_lying(canvas, place, light, (across / run, along / run));
        } else {
            self.draw_standing(canvas, place, light);
        }
    }

    fn draw_standing(&self, canvas: &mut Canvas<'_>, place: Place, light: Light) {
        let camera = canvas.camera();
        let [low, high] =
            [self.foot, self.head].map(|disc| circle(camera, place, disc, (spot(1.0, 0.0, 0.0), spot(0.0, 0.0, 1.0))));
        let outline = hull(&[low.clone(), high.clone()].concat());
        let (left, right) = outline.iter().fold((f32::MAX, f32::MIN), |(l, r), p| (l.min(p.x), r.max(p.x)));
        let colour = self.finish.colour.shade(light.strength);
        let (bright, dark) = (colour.shade(1.04).opaque(), colour.shade(0.66).opaque());
        let (from, to) = if light.from_left { (bright, dark) } else { (dark, bright) };
        canvas.fill_gradient(&outline, 0.0, (Point::from_xy(left, 0.0), from), (Point::from_xy(right, 0.0), to));
        let (foot, head) = (camera.project(place.to_room(self.foot.0)), camera.project(place.to_room(self.head.0)));
        if self.finish.grain == Grain::Gloss && (self.foot.1 - self.head.1).abs() < 0.3 * self.foot.1 {
            let aside = (right - left) * if light.from_left { -0.2 } else { 0.2 };
            let line = [foot, head].map(|end| Point::from_xy(end.x + aside, end.y));
            canvas.stroke(&line, ((right - left) * 0.10).max(0.5), Colour::WHITE.alpha(0.30 * light.strength));
        }
        let (top, height) = if self.head.0.y >= self.foot.0.y { (high, self.head.0.y) } else { (low, self.foot.0.y) };
        if place.at.y + height < Camera::EYE {
            canvas.fill(&top, 0.0, colour.shade(1.06).opaque());
        }
    }

    /// `direction` is the axis on the floor, from foot to head, of length 1.
    fn draw_lying(&self, canvas: &mut Canvas<'_>, place: Place, light: Light, direction: (f32, f32)) {
        let camera = canvas.camera();
        let axes = (spot(-direction.1, 0.0, direction.0), spot(0.0, 1.0, 0.0));
        let ends = [self.foot, self.head].map(|disc| circle(camera, place, disc, axes));
        let outline = hull(&ends.concat());
        let (top, bottom) = outline.iter().fold((f32::MAX, f32::MIN), |(t, b), p| (t.min(p.y), b.max(p.y)));
        let colour = self.finish.colour.shade(light.strength);
        let (bright, dark) = (colour.shade(1.06).opaque(), colour.shade(0.62).opaque());
        canvas.fill_gradient(&outline, 0.0, (Point::from_xy(0.0, top), bright), (Point::from_xy(0.0, bottom), dark));
        let eye = place.camera();
        let past = |end: Spot| (eye.x - end.x) * direction.0 + (eye.z - end.z) * direction.1;
        for (end, rim, faces_eye) in
            [(self.foot, &ends[0], past(self.foot.0) < 0.0), (self.head, &ends[1], past(self.head.0) > 0.0)]
        {
            if !faces_eye || self.finish.grain != Grain::Fabric {
                continue;
            }
            canvas.fill(rim, 0.0, colour.shade(0.92).opaque());
            for share in [0.72, 0.46, 0.20] {
                let mut turn = circle(camera, place, (end.0, end.1 * share), axes);
                turn.extend(turn.first().copied());
                canvas.stroke(&turn, 1.2, colour.shade(0.6).alpha(0.8));
            }
        }
    }
}

/// A disc across two axes of the piece's own space.
fn circle(camera: Camera, place: Place, (middle, radius): (Spot, f32), (one, other): (Spot, Spot)) -> Vec<Point> {
    (0..CORNERS)
        .map(|corner| (corner as f32 / CORNERS as f32 * TAU).sin_cos())
        .map(|(sine, cosine)| (sine * radius, cosine * radius))
        .map(|(a, b)| {
            spot(
                middle.x + a * one.x + b * other.x,
                middle.y + a * one.y + b * other.y,
                middle.z + a * one.z + b * other.z,
            )
        })
        .map(|at| camera.project(place.to_room(at)))
        .collect()
}

pub(crate) fn draw_ball(canvas: &mut Canvas<'_>, centre: Point, radius: f32, colour: Colour, light: Light) {
    let colour = colour.shade(light.strength);
    let side = if light.from_left { -0.35 } else { 0.35 };
    let Some(disc) = PathBuilder::from_circle(centre.x, centre.y, radius.max(0.2)) else { return };
    let (lit, dark) = (
        Point::from_xy(centre.x + side * radius, centre.y - radius * 0.9),
        Point::from_xy(centre.x - side * radius, centre.y + radius),
    );
    canvas.path(
        &disc,
        linear((lit, colour.shade(1.12).opaque()), (dark, colour.shade(0.66).opaque())),
        BlendMode::SourceOver,
    );
    let shine = Point::from_xy(centre.x + side * radius, centre.y - radius * 0.4);
    canvas.glow(shine, radius * 0.55, Colour::WHITE.alpha(0.28 * light.strength), BlendMode::SourceOver);
}
