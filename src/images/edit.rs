//! What the API does to a picture besides furnishing it: empty it, turn day to dusk, enhance it, find the furniture.

use fastrand::Rng;
use image::imageops::FilterType;
use image::{DynamicImage, GrayImage, Luma, RgbaImage};
use tiny_skia::{BlendMode, Point};

use super::badge;
use super::camera::{Camera, spot};
use super::canvas::{Canvas, Soft};
use super::colour::Colour;
use super::floor::Flooring;
use super::picture::Picture;
use super::room::Shell;
use super::survey::Survey;

/// Walls are painted over up to this height, in metres: below window sills, above the clutter of a drawn room.
const REPAINTED: f32 = 0.84;
/// Longer side of the pictures on which skies and furniture are looked for.
const SEARCHED: u32 = 256;
/// Colours further apart than this are not the same thing.
const DIFFERENT: f32 = 0.17;

impl Picture {
    /// Floor and walls in the picture's own colours where furniture may have stood.
    pub(crate) fn emptied(&self) -> Self {
        let mut picture = self.repainted();
        picture.paint(badge::stamp);
        picture
    }

    fn repainted(&self) -> Self {
        let survey = self.survey();
        let mut fresh = self.clone();
        fresh.paint(|canvas| {
            shell(canvas.camera(), canvas.size(), &survey).paint(canvas, &mut Rng::with_seed(0));
            let below = [Soft { outlines: vec![lower_part(canvas)], colour: Colour::BLACK, opacity: 1.0, blur: 0.004 }];
            canvas.keep_within(&below);
        });
        let mut picture = self.clone();
        picture.paint(|canvas| canvas.blend(&fresh.pixels, BlendMode::SourceOver, 1.0));
        picture
    }

    /// The same place in the evening; `sky` is `dusk`, `golden` or `blue`, unknown ones are `dusk`.
    pub(crate) fn dusk(&self, sky: &str) -> Self {
        let evening = Evening::of(sky);
        let skies = self.sky();
        let mut picture = self.clone();
        picture.paint(|canvas| {
            canvas.wash(evening.shadow.opaque(), evening.ground.opaque(), BlendMode::Multiply);
            canvas.lay_sky(&skies, evening.high, evening.low);
            let (width, height) = canvas.size();
            for (across, down, reach) in [(0.5, 0.30, 0.55), (0.2, 0.72, 0.40), (0.8, 0.72, 0.40)] {
                let middle = Point::from_xy(width * across, height * down);
                canvas.glow(middle, width.max(height) * reach, evening.lamps.alpha(0.26), BlendMode::Screen);
            }
            badge::stamp(canvas);
        });
        picture
    }

    /// More contrast, deeper colours, a little more light.
    pub(crate) fn enhanced(&self) -> Self {
        let mut picture = self.clone();
        picture.paint(|canvas| {
            canvas.blend(&self.pixels, BlendMode::SoftLight, 0.55);
            let light = Colour::hex(0xFFF4E2).alpha(0.09);
            canvas.wash(light, light, BlendMode::Screen);
            badge::stamp(canvas);
        });
        picture
    }

    /// White where furniture seems to be, black elsewhere, and how many percent are white. Without a badge.
    pub(crate) fn mask(&self) -> (Self, f64) {
        let (here, empty) = (self.searched(), self.repainted().searched());
        let differs = GrayImage::from_fn(here.width(), here.height(), |x, y| {
            let [one, other] = [&here, &empty].map(|picture| colour_at(picture, x, y));
            Luma([if one.distance(other) > DIFFERENT { 255 } else { 0 }])
        });
        let smooth = DynamicImage::ImageLuma8(differs).fast_blur(1.2);
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
        for pixel in small.pixels_mut() {
            let [red, _, blue, _] = pixel.0.map(f32::from);
            let blueness = ((blue - red - 12.0) / 24.0).clamp(0.0, 1.0) * ((blue - 150.0) / 40.0).clamp(0.0, 1.0);
            pixel.0 = [0, 0, 0, (blueness * 255.0) as u8];
        }
        small
    }
}

struct Evening {
    high: Colour,
    low: Colour,
    shadow: Colour,
    ground: Colour,
    lamps: Colour,
}

impl Evening {
    fn of(sky: &str) -> Self {
        let [high, low, shadow, ground, lamps] = match sky {
            "golden" => [0xE8965A, 0xFFD98A, 0xC79A7E, 0xB98D6C, 0xFFB45E],
            "blue" => [0x16264F, 0x4F78B0, 0x5E6F9E, 0x6E7494, 0xFFB765],
            _ => [0x2B2F63, 0xF08A6A, 0x77709C, 0x8A7284, 0xFFAA5C],
        }
        .map(Colour::hex);
        Self { high, low, shadow, ground, lamps }
    }
}

fn colour_at(picture: &RgbaImage, x: u32, y: u32) -> Colour {
    let [red, green, blue, _] = picture.get_pixel(x, y).0;
    Colour::from_rgb([red, green, blue])
}

/// A room in the colours that wall and floor of the picture mostly have.
fn shell(camera: Camera, (width, height): (f32, f32), survey: &Survey) -> Shell {
    let at = |x: f32, y: f32, z: f32| camera.project(spot(x, y, z));
    let side = camera.half_width() * 0.9;
    let (low, high) = (at(-side, 1.0, Camera::BACK_WALL), at(side, 2.5, Camera::BACK_WALL));
    let wall = survey.typical((low.x / width, high.x / width), (high.y / height, low.y / height));
    let floor = survey.typical((0.1, 0.9), (at(0.0, 0.0, 4.2).y / height, 1.0));
    Shell {
        wall: wall.shade(1.05),
        ceiling: wall,
        trim: Colour::hex(0xFBFAF6).mix(wall, 0.15),
        floor,
        flooring: if floor.saturation() > 0.14 { Flooring::Planks } else { Flooring::Tiles },
        light_from_left: survey.light().from_left,
    }
}

fn lower_part(canvas: &Canvas<'_>) -> Vec<Point> {
    let camera = canvas.camera();
    let side = camera.half_width();
    let corners = [(-side, 0.5), (-side, Camera::BACK_WALL), (side, Camera::BACK_WALL), (side, 0.5)];
    let mut outline = corners.map(|(x, z)| camera.project(spot(x, REPAINTED, z))).to_vec();
    let far = outline[0].x.min(0.0) - 10.0;
    let (width, height) = canvas.size();
    outline.extend([Point::from_xy(width - far, height * 1.5), Point::from_xy(far, height * 1.5)]);
    outline
}
