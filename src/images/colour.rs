//! A colour and the few ways in which the pictures vary one.

use tiny_skia::Color;

/// An opaque sRGB colour, channels 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Colour {
    red: f32,
    green: f32,
    blue: f32,
}

impl Colour {
    pub(crate) const WHITE: Self = Self::hex(0xFFFFFF);
    pub(crate) const BLACK: Self = Self::hex(0x000000);

    /// From `0xRRGGBB`.
    pub(crate) const fn hex(rgb: u32) -> Self {
        Self {
            red: ((rgb >> 16) & 0xFF) as f32 / 255.0,
            green: ((rgb >> 8) & 0xFF) as f32 / 255.0,
            blue: (rgb & 0xFF) as f32 / 255.0,
        }
    }

    pub(crate) fn from_rgb([red, green, blue]: [u8; 3]) -> Self {
        Self { red: f32::from(red) / 255.0, green: f32::from(green) / 255.0, blue: f32::from(blue) / 255.0 }
    }

    /// Lighter above 1, darker below.
    pub(crate) fn shade(self, light: f32) -> Self {
        let channel = |value: f32| (value * light).clamp(0.0, 1.0);
        Self { red: channel(self.red), green: channel(self.green), blue: channel(self.blue) }
    }

    /// `amount` 0 is this colour, 1 the other.
    pub(crate) fn mix(self, other: Self, amount: f32) -> Self {
        let channel = |from: f32, to: f32| from + (to - from) * amount;
        Self {
            red: channel(self.red, other.red),
            green: channel(self.green, other.green),
            blue: channel(self.blue, other.blue),
        }
    }

    /// Perceived brightness, 0 to 1.
    pub(crate) fn brightness(self) -> f32 {
        0.299 * self.red + 0.587 * self.green + 0.114 * self.blue
    }

    /// How much this looks like the sky in a window: blue, or glaring.
    pub(crate) fn daylight(self) -> f32 {
        (self.blue - self.red).max(0.0) + 3.0 * (self.brightness() - 0.9).max(0.0)
    }

    /// 0 for grey.
    pub(crate) fn saturation(self) -> f32 {
        let (least, most) = (self.red.min(self.green).min(self.blue), self.red.max(self.green).max(self.blue));
        most - least
    }

    /// How far apart two colours look, 0 to about 1.7.
    pub(crate) fn distance(self, other: Self) -> f32 {
        let (red, green, blue) = (self.red - other.red, self.green - other.green, self.blue - other.blue);
        (red * red + green * green + blue * blue).sqrt()
    }

    pub(crate) fn alpha(self, alpha: f32) -> Color {
        let channel = |value: f32| value.clamp(0.0, 1.0);
        Color::from_rgba(channel(self.red), channel(self.green), channel(self.blue), channel(alpha))
            .expect("every channel is clamped to 0..=1")
    }

    pub(crate) fn opaque(self) -> Color {
        self.alpha(1.0)
    }
}
