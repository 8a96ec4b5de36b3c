//! A picture and what the sandbox does with it. Deterministic: the same source and seed give the same bytes.

use std::fmt;

use image::{DynamicImage, RgbaImage};

use super::canvas::Canvas;
use super::survey::Survey;
use super::{arrangement, badge, room};

/// What to put into a room, in the API's own words; unknown rooms become a living room, unknown styles `standard`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Furnishing<'a> {
    pub(crate) room_type: &'a str,
    pub(crate) style: &'a str,
    /// Neighbouring seeds give different layouts.
    pub(crate) seed: u64,
}

/// An opaque picture in memory.
#[derive(Clone, PartialEq)]
pub(crate) struct Picture {
    /// RGBA with full alpha everywhere, which tiny-skia can paint on without a copy.
    pub(crate) pixels: RgbaImage,
}

impl fmt::Debug for Picture {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Picture({}x{})", self.width(), self.height())
    }
}

impl Picture {
    /// The size of a drawn room where nothing else is asked for.
    pub(crate) const DEFAULT_SIZE: (u32, u32) = (1536, 1024);

    pub(crate) fn width(&self) -> u32 {
        self.pixels.width()
    }

    pub(crate) fn height(&self) -> u32 {
        self.pixels.height()
    }

    /// A drawn room without furniture; the seed chooses colours, floor and windows. Sides are clamped to 1..=4096.
    pub(crate) fn empty_room(size: (u32, u32), seed: u64) -> Self {
        let mut picture = Self::blank(size);
        picture.paint(|canvas| room::paint_empty(canvas, seed));
        picture
    }

    /// A drawn room full of old things, for furniture removal.
    pub(crate) fn cluttered_room(size: (u32, u32), seed: u64) -> Self {
        let mut picture = Self::blank(size);
        picture.paint(|canvas| room::paint_for_clutter(canvas, seed));
        let survey = picture.survey();
        picture.paint(|canvas| arrangement::clutter(seed).draw(canvas, &survey));
        picture
    }

    /// Furniture on the floor of this picture.
    pub(crate) fn furnished(&self, furnishing: &Furnishing<'_>) -> Self {
        let mut picture = self.clone();
        let survey = self.survey();
        picture.paint(|canvas| {
            let Furnishing { room_type, style, seed } = *furnishing;
            arrangement::arrange(room_type, style, seed, canvas.camera().half_width()).draw(canvas, &survey);
            badge::stamp(canvas);
        });
        picture
    }

    pub(crate) fn image(&self) -> DynamicImage {
        DynamicImage::ImageRgba8(self.pixels.clone())
    }

    pub(crate) fn into_image(self) -> DynamicImage {
        DynamicImage::ImageRgba8(self.pixels)
    }

    /// Transparent parts become white.
    pub(crate) fn from_image(image: DynamicImage) -> Self {
        let translucent = image.color().has_alpha();
        let mut pixels = image.into_rgba8();
        if translucent {
            for pixel in pixels.pixels_mut() {
                let alpha = u16::from(pixel[3]);
                pixel.0 = pixel.0.map(|channel| ((u16::from(channel) * alpha + 255 * (255 - alpha)) / 255) as u8);
                pixel[3] = 255;
            }
        }
        Self { pixels }
    }

    pub(crate) fn survey(&self) -> Survey {
        Survey::of(&self.image())
    }

    fn blank((width, height): (u32, u32)) -> Self {
        let white = image::Rgba([255, 255, 255, 255]);
        Self { pixels: RgbaImage::from_pixel(width.clamp(1, 4096), height.clamp(1, 4096), white) }
    }

    pub(crate) fn paint(&mut self, draw: impl FnOnce(&mut Canvas<'_>)) {
        if let Some(mut canvas) = Canvas::over(&mut self.pixels) {
            draw(&mut canvas);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOMS: [&str; 8] = ["living", "bed", "kitchen", "dining", "home_office", "outdoor", "kids_room", "bathroom"];
    const STYLES: [&str; 11] = [
        "standard",
        "modern",
        "scandinavian",
        "industrial",
        "midcentury",
        "luxury",
        "farmhouse",
        "coastal",
        "hamptons",
        "american",
        "southwestern",
    ];
    const SMALL: (u32, u32) = (360, 240);

    fn furnishing(room_type: &'static str, style: &'static str, seed: u64) -> Furnishing<'static> {
        Furnishing { room_type, style, seed }
    }

    /// The share of pixels that differ clearly.
    fn difference(one: &Picture, other: &Picture) -> f64 {
        assert_eq!(one.pixels.dimensions(), other.pixels.dimensions());
        let clearly = |(a, b): (&image::Rgba<u8>, &image::Rgba<u8>)| (0..3).any(|i| a[i].abs_diff(b[i]) > 16);
        one.pixels.pixels().zip(other.pixels.pixels()).filter(|pair| clearly(*pair)).count() as f64
            / one.pixels.pixels().count() as f64
    }

    #[test]
    fn every_type_of_room_is_visibly_furnished_and_unlike_the_others() {
        let room = Picture::empty_room(SMALL, 3);
        let furnished: Vec<Picture> =
            ROOMS.iter().map(|room_type| room.furnished(&furnishing(room_type, "modern", 3))).collect();
        for (index, picture) in furnished.iter().enumerate() {
            assert!(difference(&room, picture) > 0.10, "{} looks empty", ROOMS[index]);
            for other in index + 1..ROOMS.len() {
                let apart = difference(picture, &furnished[other]);
                assert!(apart > 0.08, "{} and {} look alike: {apart}", ROOMS[index], ROOMS[other]);
            }
        }
    }

    #[test]
    fn every_style_looks_different() {
        let room = Picture::empty_room(SMALL, 4);
        let styled: Vec<Picture> = STYLES.iter().map(|style| room.furnished(&furnishing("living", style, 0))).collect();
        for (index, picture) in styled.iter().enumerate() {
            for other in index + 1..STYLES.len() {
                let apart = difference(picture, &styled[other]);
                assert!(apart > 0.05, "{} and {} look alike: {apart}", STYLES[index], STYLES[other]);
            }
        }
    }

    #[test]
    fn neighbouring_seeds_give_different_arrangements() {
        let room = Picture::empty_room(SMALL, 5);
        for room_type in ROOMS {
            let [one, two, three] = [7, 8, 9].map(|seed| room.furnished(&furnishing(room_type, "coastal", seed)));
            for apart in [difference(&one, &two), difference(&two, &three), difference(&one, &three)] {
                assert!(apart > 0.08, "variations of {room_type} look alike: {apart}");
            }
        }
    }

    #[test]
    fn equal_seeds_give_equal_pictures() {
        let again = || Picture::cluttered_room(SMALL, 11).furnished(&furnishing("kids_room", "luxury", 11));
        assert_eq!(again(), again());
    }

    #[test]
    fn unknown_words_of_the_api_are_furnished_too() {
        let room = Picture::empty_room(SMALL, 1);
        let known = room.furnished(&furnishing("living", "standard", 2));
        assert_eq!(room.furnished(&furnishing("orangery", "rococo", 2)), known);
    }

    #[test]
    fn keeps_the_size_of_any_picture() {
        for size in [(1, 1), (1, 300), (300, 1), (64, 64), (200, 400), (600, 150)] {
            let room = Picture::cluttered_room(size, 2);
            let results = [
                room.furnished(&furnishing("living", "modern", 1)),
                room.emptied(),
                room.dusk("golden"),
                room.enhanced(),
                room.mask().0,
            ];
            for result in results {
                assert_eq!((result.width(), result.height()), size);
            }
        }
    }
}
