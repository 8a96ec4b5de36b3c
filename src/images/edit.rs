//! What the API does to a picture besides furnishing it: empty it, turn day to dusk, enhance it, find the furniture.

use fastrand::Rng;
use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, Luma, Rgba, RgbaImage};
use tiny_skia::{BlendMode, Point};

use super::badge;
use super::camera::{Camera, spot};
use super::canvas::Canvas;
use super::colour::Colour;
use super::floor::Flooring;
use super::picture::Picture;
use super::room::Shell;

/// Walls are painted over up to this height, in metres: below window sills, above the clutter of a drawn room.
const REPAINTED: f32 = 0.84;
/// Longer side of the pictures on which skies and furniture are looked for.
const SEARCHED: u32 = 256;
/// Colours nearer than this are the same surface, further than that another thing.
const NOISE: f32 = 0.05;
const DIFFERENT: f32 = 0.13;

impl Picture {
    /// Floor and walls in the picture's own colours where furniture may have stood.
    pub(crate) fn emptied(&self) -> Self {
        let mut picture = self.repainted();
        picture.paint(badge::stamp);
        picture
    }

    fn repainted(&self) -> Self {
        let mut fresh = self.painted(&self.shell());
        let walls = self.difference(&fresh);
        fresh.paint(|canvas| {
            let [floor, lower] = [0.0, REPAINTED].map(|height| below(canvas, height));
            canvas.keep_within(lower, 0.003);
            canvas.keep_where(&walls, floor);
        });
        let mut picture = self.clone();
        picture.paint(|canvas| canvas.blend(&fresh.pixels, BlendMode::SourceOver, 1.0));
        picture
    }

    /// A room in the colours that wall and floor of the picture mostly have, lit from the side that fits it better.
    fn shell(&self) -> Shell {
        let small = Self { pixels: self.searched() };
        let (wall, floor) = small.surfaces();
        let flooring = if floor.saturation() > 0.14 { Flooring::Planks } else { Flooring::Tiles };
        let trim = Colour::hex(0xFBFAF6).mix(wall, 0.15);
        let fitted = [true, false].map(|light_from_left| {
            let shell = Shell { wall, ceiling: wall, trim, floor, flooring, light_from_left };
            // Light and reflections change the colours: what comes out too dark or too bright goes in the other way.
            let (lit_wall, lit_floor) = small.painted(&shell).surfaces();
            let correct = |colour: Colour, lit: Colour| colour.shade(colour.brightness() / lit.brightness().max(0.01));
            Shell { wall: correct(wall, lit_wall), floor: correct(floor, lit_floor), ..shell }
        });
        let upper = (small.width() * small.height() * 3 / 5) as usize;
        let [left, right] = fitted.each_ref().map(|shell| {
            let painted = small.painted(shell);
            let pairs = small.pixels.pixels().zip(painted.pixels.pixels()).take(upper);
            pairs.map(|(one, other)| colour_of(*one).distance(colour_of(*other)).min(DIFFERENT)).sum::<f32>()
        });
        let [from_left, from_right] = fitted;
        if left <= right { from_left } else { from_right }
    }

    fn painted(&self, shell: &Shell) -> Self {
        let mut picture = self.clone();
        picture.paint(|canvas| shell.paint(canvas, &mut Rng::with_seed(0)));
        picture
    }

    /// The colours that the back wall and the floor mostly have.
    fn surfaces(&self) -> (Colour, Colour) {
        let (width, height) = (self.width() as f32, self.height() as f32);
        let camera = Camera::for_size(self.width(), self.height());
        let survey = self.survey();
        let at = |x: f32, y: f32, z: f32| camera.project(spot(x, y, z));
        let side = camera.half_width() * 0.9;
        let (low, high) = (at(-side, 1.0, Camera::BACK_WALL), at(side, 2.5, Camera::BACK_WALL));
        let wall = survey.typical((low.x / width, high.x / width), (high.y / height, low.y / height));
        (wall, survey.typical((0.1, 0.9), (at(0.0, 0.0, 4.2).y / height, 1.0)))
    }

    /// A small picture, opaque where this one differs from the other and a little around.
    fn difference(&self, other: &Self) -> RgbaImage {
        let [here, there] = [self, other].map(|picture| smooth(picture.searched(), 1.0));
        let mut alpha = RgbaImage::new(here.width(), here.height());
        for (x, y, pixel) in alpha.enumerate_pixels_mut() {
            let apart = furniture_like(colour_of(*here.get_pixel(x, y)), colour_of(*there.get_pixel(x, y)));
            pixel[3] = ((apart - NOISE) / (DIFFERENT - NOISE) * 255.0).clamp(0.0, 255.0) as u8;
        }
        let mut wider = smooth(alpha, 2.2);
        wider.pixels_mut().for_each(|pixel| pixel[3] = pixel[3].saturating_mul(4));
        smooth(wider, 0.8)
    }

    /// The same place in the evening; `sky` is `dusk`, `golden` or `blue`, unknown ones are `dusk`.
    pub(crate) fn dusk(&self, sky: &str) -> Self {
        let evening = Evening::of(sky);
        let skies = self.sky();
        let mut picture = self.clone();
        picture.paint(|canvas| {
            canvas.vignette(evening.lamps, evening.shadow);
            canvas.lay_sky(&skies, evening.high, evening.low);
            badge::stamp(canvas);
        });
        picture
    }

    /// More contrast, deeper colours, a little more light.
    pub(crate) fn enhanced(&self) -> Self {
        let mut picture = self.clone();
        picture.paint(|canvas| {
            canvas.blend(&self.pixels, BlendMode::SoftLight, 0.55);
            canvas.wash(Colour::hex(0xFFF4E2).alpha(0.09), BlendMode::Screen);
            badge::stamp(canvas);
        });
        picture
    }

    /// White where furniture seems to be, black elsewhere, and how many percent are white. Without a badge.
    pub(crate) fn mask(&self) -> (Self, f64) {
        let [here, empty] = [self, &self.repainted()].map(|picture| smooth(picture.searched(), 0.6));
        let differs = GrayImage::from_fn(here.width(), here.height(), |x, y| {
            let apart = furniture_like(colour_of(*here.get_pixel(x, y)), colour_of(*empty.get_pixel(x, y)));
            Luma([if apart > DIFFERENT { 255 } else { 0 }])
        });
        let smooth = DynamicImage::ImageLuma8(differs).fast_blur(1.0);
        let mut mask = smooth.resize_exact(self.width(), self.height(), FilterType::Triangle).into_luma8();
        let mut white = 0_u64;
        for level in mask.iter_mut() {
            let inside = *level > 127;
            white += u64::from(inside);
            *level = if inside { 255 } else { 0 };
        }
        let percent = 100.0 * white as f64 / mask.len() as f64;
        (Self::from_image(DynamicImage::ImageLuma8(mask)), percent)
    }

    fn searched(&self) -> RgbaImage {
        let image = self.image();
        if self.width().max(self.height()) <= SEARCHED { image } else { image.thumbnail(SEARCHED, SEARCHED) }
            .into_rgba8()
    }

    /// Opaque where the picture is blue and bright, as a small picture.
    fn sky(&self) -> RgbaImage {
        let mut small = self.searched();
        let lowest = small.height() as f32 * 0.6;
        for (_, y, pixel) in small.enumerate_pixels_mut() {
            let [red, _, blue, _] = pixel.0.map(f32::from);
            let high = ((lowest - y as f32) / (lowest * 0.2)).clamp(0.0, 1.0);
            let blueness =
                high * ((blue - red - 12.0) / 24.0).clamp(0.0, 1.0) * ((blue - 150.0) / 40.0).clamp(0.0, 1.0);
            pixel.0 = [0, 0, 0, (blueness * 255.0) as u8];
        }
        small
    }
}

struct Evening {
    high: Colour,
    low: Colour,
    /// What lamps make of the middle of the picture, and the evening of its edges.
    lamps: Colour,
    shadow: Colour,
}

impl Evening {
    fn of(sky: &str) -> Self {
        let [high, low, lamps, shadow] = match sky {
            "golden" => [0xE8965A, 0xFFE09A, 0xFFDFAA, 0x96603F],
            "blue" => [0x14234A, 0x5C86BE, 0xDDBE98, 0x253258],
            _ => [0x34356E, 0xF79873, 0xF0BF94, 0x463F66],
        }
        .map(Colour::hex);
        Self { high, low, lamps, shadow }
    }
}

/// How unlike the bare surface a colour is; a lighter shade is likely daylight on it.
fn furniture_like(here: Colour, bare: Colour) -> f32 {
    here.distance(bare) * if here.brightness() > bare.brightness() { 0.45 } else { 1.0 }
}

fn smooth(picture: RgbaImage, sigma: f32) -> RgbaImage {
    DynamicImage::ImageRgba8(picture).fast_blur(sigma).into_rgba8()
}

fn colour_of(pixel: Rgba<u8>) -> Colour {
    let [red, green, blue, _] = pixel.0;
    Colour::from_rgb([red, green, blue])
}

/// Everything below a line around the walls at this height.
fn below(canvas: &Canvas<'_>, line: f32) -> Vec<Point> {
    let camera = canvas.camera();
    let side = camera.half_width();
    let corners = [(-side, 0.5), (-side, Camera::BACK_WALL), (side, Camera::BACK_WALL), (side, 0.5)];
    let mut outline = corners.map(|(x, z)| camera.project(spot(x, line, z))).to_vec();
    let far = outline[0].x.min(0.0) - 10.0;
    let (width, height) = canvas.size();
    outline.extend([Point::from_xy(width - far, height * 1.5), Point::from_xy(far, height * 1.5)]);
    outline
}

#[cfg(test)]
mod tests {
    use super::*;

    const SIZE: (u32, u32) = (480, 320);

    /// How far apart two pictures are on average, 0 to about 1.7.
    fn distance(one: &Picture, other: &Picture) -> f32 {
        let pairs = one.pixels.pixels().zip(other.pixels.pixels());
        pairs.map(|(one, other)| colour_of(*one).distance(colour_of(*other))).sum::<f32>() / (480.0 * 320.0)
    }

    #[test]
    fn an_emptied_room_comes_near_to_the_room_before_the_clutter() {
        for seed in 0..8 {
            let mut bare = Picture::empty_room(SIZE, seed);
            bare.paint(|canvas| crate::images::room::paint_for_clutter(canvas, seed));
            let cluttered = Picture::cluttered_room(SIZE, seed);
            let (before, after) = (distance(&bare, &cluttered), distance(&bare, &cluttered.emptied()));
            assert!(after < before * 0.6, "seed {seed}: {before} became {after}");
        }
    }

    #[test]
    fn clutter_is_masked_and_an_empty_room_is_not() {
        for seed in 0..8 {
            let cluttered = Picture::cluttered_room(SIZE, seed);
            assert!(cluttered.mask().1 > 12.0, "seed {seed}");
            assert!(cluttered.emptied().mask().1 < 2.0, "seed {seed}");
        }
    }

    #[test]
    fn a_mask_is_black_and_white_and_its_percentage_counts_the_white() {
        let (mask, percent) = Picture::cluttered_room(SIZE, 2).mask();
        let white = mask.pixels.pixels().filter(|pixel| pixel.0 == [255; 4]).count();
        let black = mask.pixels.pixels().filter(|pixel| pixel.0 == [0, 0, 0, 255]).count();
        assert_eq!(white + black, 480 * 320);
        assert!((percent - 100.0 * white as f64 / (480.0 * 320.0)).abs() < 1e-9);
    }

    #[test]
    fn each_evening_is_darker_than_the_day_and_has_its_own_sky() {
        let day = Picture::empty_room(SIZE, 2);
        let brightness = |picture: &Picture| -> f32 {
            picture.pixels.pixels().map(|pixel| colour_of(*pixel).brightness()).sum::<f32>() / (480.0 * 320.0)
        };
        let evenings = ["dusk", "golden", "blue"].map(|sky| day.dusk(sky));
        assert!(evenings.iter().all(|evening| brightness(evening) < 0.85 * brightness(&day)));
        assert!(evenings[0] != evenings[1] && evenings[1] != evenings[2] && evenings[0] != evenings[2]);
        assert_eq!(day.dusk("noon"), evenings[0]);
    }

    #[test]
    fn enhancing_brightens_a_dull_picture() {
        let dull = Picture::empty_room(SIZE, 3).dusk("blue");
        let mean = |picture: &Picture| picture.pixels.pixels().map(|pixel| u64::from(pixel[1])).sum::<u64>();
        assert!(mean(&dull.enhanced()) > mean(&dull));
    }
}
