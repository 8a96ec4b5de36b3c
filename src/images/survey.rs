//! What a source picture is like: how bright, lit from which side, and where its walls are plain.

use image::DynamicImage;
use image::RgbaImage;

use super::colour::Colour;
use super::solid::Light;

const WIDTH: u32 = 72;
const HEIGHT: u32 = 48;

/// A look at the picture through half-closed eyes.
pub(crate) struct Survey {
    small: RgbaImage,
}

impl Survey {
    pub(crate) fn of(picture: &DynamicImage) -> Self {
        Self { small: picture.thumbnail_exact(WIDTH, HEIGHT).into_rgba8() }
    }

    fn colours(&self, (left, right): (f32, f32), (top, bottom): (f32, f32)) -> Vec<Colour> {
        let range = |from: f32, to: f32, size: u32| {
            let from = ((from * size as f32) as u32).min(size - 1);
            from..((to * size as f32).ceil() as u32).clamp(from + 1, size)
        };
        let rows = range(top, bottom, HEIGHT);
        rows.flat_map(|y| range(left, right, WIDTH).map(move |x| (x, y)))
            .map(|(x, y)| self.small.get_pixel(x, y).0)
            .map(|[red, green, blue, _]| Colour::from_rgb([red, green, blue]))
            .collect()
    }

    /// The most frequent colour of a region, windows left out; both axes in shares of the picture.
    pub(crate) fn typical(&self, across: (f32, f32), down: (f32, f32)) -> Colour {
        let all = self.colours(across, down);
        let indoors: Vec<Colour> = all.iter().copied().filter(|colour| colour.daylight() < 0.09).collect();
        let colours = if indoors.len() * 5 < all.len() { all } else { indoors };
        let near = |one: &Colour| colours.iter().filter(|other| one.distance(**other) < 0.05).count();
        // The first of the most frequent, so that equal counts give equal pictures.
        let (_, mode) = colours
            .iter()
            .map(|colour| (near(colour), *colour))
            .fold((0, colours[0]), |best, next| if next.0 > best.0 { next } else { best });
        let alike = colours.iter().filter(|other| mode.distance(**other) < 0.05);
        alike.enumerate().fold(mode, |mean, (index, &next)| mean.mix(next, 1.0 / (index + 1) as f32))
    }

    fn mean(&self, across: (f32, f32), of: impl Fn(Colour) -> f32) -> f32 {
        let colours = self.colours(across, (0.0, 1.0));
        colours.iter().map(|colour| of(*colour)).sum::<f32>() / colours.len() as f32
    }

    pub(crate) fn light(&self) -> Light {
        let from_left = self.mean((0.0, 0.5), Colour::daylight) >= self.mean((0.5, 1.0), Colour::daylight);
        let strength = (0.42 + 0.80 * self.mean((0.0, 1.0), Colour::brightness)).clamp(0.45, 1.02);
        Light { from_left, strength, surroundings: self.typical((0.2, 0.8), (0.2, 0.8)) }
    }

    /// Whether nothing but wall seems to be there, so that a painting can hang on it.
    pub(crate) fn is_plain(&self, across: (f32, f32), down: (f32, f32)) -> bool {
        let colours = self.colours(across, down);
        let middle = self.typical(across, down);
        colours.iter().all(|colour| colour.distance(middle) < 0.10)
    }
}
