//! Two pictures side by side.

use image::imageops::{self, FilterType};
use image::{DynamicImage, Rgba, RgbaImage};

use super::picture::Picture;

impl Picture {
    /// This picture at the left of another one, in equal height, with a white gap.
    pub(crate) fn beside(&self, right: &Self) -> Self {
        let height = self.height().min(right.height());
        let fitted = |picture: &Self| {
            let width = (u64::from(picture.width()) * u64::from(height)).div_ceil(u64::from(picture.height()));
            let width = u32::try_from(width).unwrap_or(u32::MAX);
            DynamicImage::ImageRgba8(picture.pixels.clone())
                .resize_exact(width, height, FilterType::Triangle)
                .into_rgba8()
        };
        let (left, right) = (fitted(self), fitted(right));
        let gap = left.width() / 50 + 1;
        let white = Rgba([255, 255, 255, 255]);
        let mut pixels = RgbaImage::from_pixel(left.width() + gap + right.width(), height, white);
        imageops::replace(&mut pixels, &left, 0, 0);
        imageops::replace(&mut pixels, &right, i64::from(left.width() + gap), 0);
        Self { pixels }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_are_there_in_equal_height() {
        let plain = |size: (u32, u32), colour| Picture { pixels: RgbaImage::from_pixel(size.0, size.1, Rgba(colour)) };
        let (red, blue) = ([255, 0, 0, 255], [0, 0, 255, 255]);
        let both = plain((300, 200), red).beside(&plain((150, 100), blue));
        assert_eq!((both.width(), both.height()), (150 + 4 + 150, 100));
        let at = |x| both.pixels.get_pixel(x, 50).0;
        assert_eq!([at(0), at(149), at(151), at(154), at(303)], [red, red, [255; 4], blue, blue]);
    }
}
