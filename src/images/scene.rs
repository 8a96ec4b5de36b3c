//! Furniture set up in a picture: where each piece is, and drawing all of it with its shadows.

use super::camera::{Camera, Place, spot};
use super::canvas::{Canvas, Soft};
use super::colour::Colour;
use super::order;
use super::piece::Piece;
use super::survey::Survey;

/// Positions are metres across from the middle and away from the camera; turns are degrees, 90 looks left.
pub(crate) struct Scene {
    mirrored: bool,
    rugs: Vec<(Piece, Place)>,
    standing: Vec<(Piece, Place)>,
    hung: Vec<Hung>,
}

struct Hung {
    piece: Piece,
    size: [f32; 2],
    height: f32,
    choices: Vec<f32>,
}

impl Scene {
    /// A mirrored scene has everything on the other side.
    pub(crate) fn new(mirrored: bool) -> Self {
        Self { mirrored, rugs: Vec::new(), standing: Vec::new(), hung: Vec::new() }
    }

    fn place(&self, [across, away]: [f32; 2], turn: f32) -> Place {
        let side = if self.mirrored { -1.0 } else { 1.0 };
        Place::new(spot(side * across, 0.0, away), side * turn)
    }

    pub(crate) fn lay(&mut self, rug: Piece, at: [f32; 2]) {
        let place = self.place(at, 0.0);
        self.rugs.push((rug, place));
    }

    pub(crate) fn put(&mut self, piece: Piece, at: [f32; 2], turn: f32) {
        let place = self.place(at, turn);
        self.standing.push((piece, place));
    }

    /// On the back wall, its lower edge at `height`, at the first of `choices` where the wall is plain; else nowhere.
    pub(crate) fn hang(&mut self, piece: Piece, size: [f32; 2], height: f32, choices: &[f32]) {
        let side = if self.mirrored { -1.0 } else { 1.0 };
        let choices = choices.iter().map(|across| side * across).collect();
        self.hung.push(Hung { piece, size, height, choices });
    }

    pub(crate) fn draw(self, canvas: &mut Canvas<'_>, survey: &Survey) {
        let light = survey.light();
        let hung: Vec<(Piece, Place)> = self.hung.into_iter().filter_map(|hung| hung.fitted(canvas, survey)).collect();
        for (rug, place) in &self.rugs {
            rug.draw(canvas, *place, light);
        }
        shadows(canvas, &self.standing, &hung, light.from_left);
        let mut pieces: Vec<_> = hung
            .iter()
            .chain(&self.standing)
            .filter_map(|(piece, place)| Some((piece.bounds(*place)?, piece, *place)))
            .collect();
        pieces.sort_by(|one, other| other.2.at.z.total_cmp(&one.2.at.z));
        let boxes: Vec<_> = pieces.iter().map(|(bounds, ..)| *bounds).collect();
        for index in order::far_to_near(&boxes, spot(0.0, Camera::EYE, 0.0)) {
            let (_, piece, place) = pieces[index];
            piece.draw(canvas, place, light);
        }
    }
}

impl Hung {
    fn fitted(self, canvas: &Canvas<'_>, survey: &Survey) -> Option<(Piece, Place)> {
        let (width, height) = canvas.size();
        let [half, tall] = [self.size[0] / 2.0, self.size[1]];
        let across = self.choices.iter().copied().find(|across| {
            let corner = |x: f32, y: f32| canvas.camera().project(spot(across + x, self.height + y, Camera::BACK_WALL));
            let (low, high) = (corner(-half, 0.0), corner(half, tall));
            survey.is_plain((low.x / width, high.x / width), (high.y / height, low.y / height))
        })?;
        Some((self.piece, Place::new(spot(across, self.height, Camera::BACK_WALL - 0.01), 0.0)))
    }
}

/// Where things touch the floor it is dark; around them a wider, lighter shadow falls away from the light.
fn shadows(canvas: &mut Canvas<'_>, standing: &[(Piece, Place)], hung: &[(Piece, Place)], from_left: bool) {
    let camera = canvas.camera();
    let (mut touching, mut cast) = (Vec::new(), Vec::new());
    for (piece, place) in standing {
        let (contact, around) = piece.floor_shadows(camera, *place, from_left);
        touching.extend(contact);
        cast.extend(around);
    }
    for (piece, place) in hung {
        cast.extend(piece.wall_shadows(camera, *place, from_left));
    }
    let colour = Colour::hex(0x1A120C);
    canvas.soft(&[
        Soft { outlines: cast, colour, opacity: 0.40, blur: 0.010 },
        Soft { outlines: touching, colour, opacity: 0.46, blur: 0.0035 },
    ]);
}
