//! Painting with a camera: rounded polygons, gradients, glows and soft shadows on top of a picture.

use image::{DynamicImage, RgbaImage};
use tiny_skia::{
    BlendMode, Color, FillRule, FilterQuality, GradientStop, LinearGradient, Paint, Path, PathBuilder, Pixmap,
    PixmapMut, PixmapPaint, PixmapRef, Point, RadialGradient, Rect, Shader, SpreadMode, Stroke, Transform,
};

use super::camera::Camera;
use super::colour::Colour;

/// Shadows are drawn and blurred on a picture about this long, then stretched.
const SOFT_SIDE: u32 = 192;

pub(crate) struct Canvas<'a> {
    pixels: PixmapMut<'a>,
    camera: Camera,
}

impl<'a> Canvas<'a> {
    /// `None` for a picture without pixels.
    pub(crate) fn over(picture: &'a mut RgbaImage) -> Option<Self> {
        let (width, height) = picture.dimensions();
        let pixels = PixmapMut::from_bytes(picture, width, height)?;
        Some(Self { pixels, camera: Camera::for_size(width, height) })
    }

    pub(crate) fn camera(&self) -> Camera {
        self.camera
    }

    pub(crate) fn size(&self) -> (f32, f32) {
        (self.pixels.width() as f32, self.pixels.height() as f32)
    }

    pub(crate) fn path(&mut self, path: &Path, shader: Shader<'_>, blend_mode: BlendMode) {
        let paint = Paint { shader, blend_mode, anti_alias: true, ..Paint::default() };
        self.pixels.fill_path(path, &paint, FillRule::Winding, Transform::identity(), None);
    }

    /// A polygon in one colour, its corners rounded by `round` pixels.
    pub(crate) fn fill(&mut self, outline: &[Point], round: f32, colour: Color) {
        if let Some(path) = polygon(outline, round) {
            self.path(&path, Shader::SolidColor(colour), BlendMode::SourceOver);
        }
    }

    pub(crate) fn fill_gradient(&mut self, outline: &[Point], round: f32, from: (Point, Color), to: (Point, Color)) {
        if let Some(path) = polygon(outline, round) {
            self.path(&path, linear(from, to), BlendMode::SourceOver);
        }
    }

    pub(crate) fn stroke(&mut self, line: &[Point], width: f32, colour: Color) {
        let mut builder = PathBuilder::new();
        for (index, point) in line.iter().enumerate() {
            if index == 0 { builder.move_to(point.x, point.y) } else { builder.line_to(point.x, point.y) }
        }
        if let Some(path) = builder.finish() {
            self.stroke_path(&path, width, colour);
        }
    }

    pub(crate) fn stroke_path(&mut self, path: &Path, width: f32, colour: Color) {
        let paint = Paint { shader: Shader::SolidColor(colour), anti_alias: true, ..Paint::default() };
        let stroke = Stroke { width, line_cap: tiny_skia::LineCap::Round, ..Stroke::default() };
        self.pixels.stroke_path(path, &paint, &stroke, Transform::identity(), None);
    }

    /// A disc that fades from `colour` in the middle to nothing.
    pub(crate) fn glow(&mut self, centre: Point, radius: f32, colour: Color, blend: BlendMode) {
        let mut edge = colour;
        edge.set_alpha(0.0);
        let mut half = colour;
        half.set_alpha(colour.alpha() * 0.35);
        let stops = vec![GradientStop::new(0.0, colour), GradientStop::new(0.45, half), GradientStop::new(1.0, edge)];
        let shader =
            RadialGradient::new(centre, 0.0, centre, radius.max(0.1), stops, SpreadMode::Pad, Transform::identity());
        if let (Some(shader), Some(disc)) = (shader, PathBuilder::from_circle(centre.x, centre.y, radius.max(0.1))) {
            self.path(&disc, shader, blend);
        }
    }

    /// Lays one colour over everything.
    pub(crate) fn wash(&mut self, colour: Color, blend_mode: BlendMode) {
        self.fill_all(Shader::SolidColor(colour), blend_mode);
    }

    /// Multiplies the picture with one colour in its middle that turns into another at its edges.
    pub(crate) fn vignette(&mut self, middle: Colour, edge: Colour) {
        let (width, height) = self.size();
        let stops = [(0.0, middle), (0.35, middle.mix(edge, 0.22)), (1.0, edge)];
        let stops = stops.map(|(at, colour)| GradientStop::new(at, colour.opaque())).to_vec();
        let oval = Transform::from_row(width * 0.62, 0.0, 0.0, height * 0.80, width / 2.0, height * 0.52);
        let shader = RadialGradient::new(Point::zero(), 0.0, Point::zero(), 1.0, stops, SpreadMode::Pad, oval);
        if let Some(shader) = shader {
            self.fill_all(shader, BlendMode::Multiply);
        }
    }

    fn fill_all(&mut self, shader: Shader<'_>, blend_mode: BlendMode) {
        let (width, height) = self.size();
        let paint = Paint { shader, blend_mode, anti_alias: false, ..Paint::default() };
        if let Some(all) = Rect::from_xywh(0.0, 0.0, width, height) {
            self.pixels.fill_rect(all, &paint, Transform::identity(), None);
        }
    }

    /// Draws another picture of the same size over this one; its transparent parts are premultiplied.
    pub(crate) fn blend(&mut self, other: &RgbaImage, blend_mode: BlendMode, opacity: f32) {
        if let Some(other) = PixmapRef::from_bytes(other, other.width(), other.height()) {
            let paint = PixmapPaint { opacity, blend_mode, quality: FilterQuality::Nearest };
            self.pixels.draw_pixmap(0, 0, other, &paint, Transform::identity(), None);
        }
    }

    /// Polygons of equal opacity with blurred edges.
    pub(crate) fn soft(&mut self, layers: &[Soft]) {
        if let Some(small) = self.blurred(layers) {
            self.cover(&small, BlendMode::SourceOver);
        }
    }

    /// Makes everything outside of an outline transparent; its edge is `blur` of the longer side wide.
    pub(crate) fn keep_within(&mut self, outline: Vec<Point>, blur: f32) {
        let inside = Soft { outlines: vec![outline], colour: Colour::BLACK, opacity: 1.0, blur };
        if let Some(small) = self.blurred(&[inside]) {
            self.cover(&small, BlendMode::DestinationIn);
        }
    }

    /// Makes transparent what is neither inside of an outline nor where a small picture, stretched to this size, is opaque.
    pub(crate) fn keep_where(&mut self, small: &RgbaImage, outline: Vec<Point>) {
        let Some(mut kept) = PixmapRef::from_bytes(small, small.width(), small.height()).map(|small| small.to_owned())
        else {
            return;
        };
        let (width, height) = self.size();
        let shrink = Transform::from_scale(small.width() as f32 / width, small.height() as f32 / height);
        if let Some(path) = polygon(&outline, 0.0) {
            kept.fill_path(&path, &Paint::default(), FillRule::Winding, shrink, None);
        }
        self.cover(&kept, BlendMode::DestinationIn);
    }

    /// A gradient sky where a small picture is opaque, stretched to this size.
    pub(crate) fn lay_sky(&mut self, skies: &RgbaImage, high: Colour, low: Colour) {
        let Some(mask) = PixmapRef::from_bytes(skies, skies.width(), skies.height()) else { return };
        let mut sky = mask.to_owned();
        let bottom = Point::from_xy(0.0, sky.height() as f32 * 0.62);
        let shader = linear((Point::zero(), high.opaque()), (bottom, low.opaque()));
        let paint = Paint { shader, blend_mode: BlendMode::SourceIn, anti_alias: false, ..Paint::default() };
        if let Some(all) = Rect::from_xywh(0.0, 0.0, sky.width() as f32, sky.height() as f32) {
            sky.fill_rect(all, &paint, Transform::identity(), None);
        }
        self.cover(&sky, BlendMode::SourceOver);
    }

    fn blurred(&self, layers: &[Soft]) -> Option<Pixmap> {
        let (width, height) = self.size();
        let shrink = (SOFT_SIDE as f32 / width.max(height)).min(1.0);
        let mut all = Pixmap::new((width * shrink).ceil() as u32, (height * shrink).ceil() as u32)?;
        for layer in layers {
            let blurred = layer.blurred(&all, shrink);
            all.draw_pixmap(0, 0, blurred.as_ref(), &PixmapPaint::default(), Transform::identity(), None);
        }
        Some(all)
    }

    fn cover(&mut self, small: &Pixmap, blend_mode: BlendMode) {
        let (width, height) = self.size();
        let stretch = Transform::from_scale(width / small.width() as f32, height / small.height() as f32);
        let paint = PixmapPaint { opacity: 1.0, blend_mode, quality: FilterQuality::Bilinear };
        self.pixels.draw_pixmap(0, 0, small.as_ref(), &paint, stretch, None);
    }
}

/// What [`Canvas::soft`] blurs together: overlapping outlines do not add up. `blur` is a share of the longer side.
pub(crate) struct Soft {
    pub(crate) outlines: Vec<Vec<Point>>,
    pub(crate) colour: Colour,
    pub(crate) opacity: f32,
    pub(crate) blur: f32,
}

impl Soft {
    fn blurred(&self, like: &Pixmap, shrink: f32) -> Pixmap {
        let mut layer = Pixmap::new(like.width(), like.height()).expect("as large as an existing one");
        let paint = Paint {
            shader: Shader::SolidColor(self.colour.alpha(self.opacity)),
            blend_mode: BlendMode::Source,
            anti_alias: true,
            ..Paint::default()
        };
        for outline in &self.outlines {
            if let Some(path) = polygon(outline, 0.0) {
                layer.fill_path(&path, &paint, FillRule::Winding, Transform::from_scale(shrink, shrink), None);
            }
        }
        blur(layer, self.blur * like.width().max(like.height()) as f32)
    }
}

/// Blurred by the image crate, which is optimised even in debug builds.
fn blur(layer: Pixmap, sigma: f32) -> Pixmap {
    let (width, height) = (layer.width(), layer.height());
    let image = RgbaImage::from_raw(width, height, layer.take()).expect("a pixmap has four bytes for each pixel");
    let blurred = DynamicImage::ImageRgba8(image).fast_blur(sigma.max(0.3)).into_rgba8();
    let size = tiny_skia::IntSize::from_wh(width, height).expect("a pixmap is never empty");
    Pixmap::from_vec(blurred.into_raw(), size).expect("a blur keeps the size")
}

pub(crate) fn linear(from: (Point, Color), to: (Point, Color)) -> Shader<'static> {
    let stops = vec![GradientStop::new(0.0, from.1), GradientStop::new(1.0, to.1)];
    LinearGradient::new(from.0, to.0, stops, SpreadMode::Pad, Transform::identity())
        .unwrap_or(Shader::SolidColor(from.1))
}

/// A closed outline with corners rounded by `round` pixels, or less where an edge is short.
pub(crate) fn polygon(outline: &[Point], round: f32) -> Option<Path> {
    let mut builder = PathBuilder::new();
    for (index, &corner) in outline.iter().enumerate() {
        let before = outline[(index + outline.len() - 1) % outline.len()];
        let after = outline[(index + 1) % outline.len()];
        let (enter, leave) = (toward(corner, before, round), toward(corner, after, round));
        if index == 0 {
            builder.move_to(enter.x, enter.y)
        } else {
            builder.line_to(enter.x, enter.y)
        }
        if round > 0.3 {
            builder.quad_to(corner.x, corner.y, leave.x, leave.y);
        }
    }
    builder.close();
    builder.finish()
}

fn toward(from: Point, to: Point, distance: f32) -> Point {
    let length = from.distance(to);
    if length <= f32::EPSILON {
        return from;
    }
    between(from, to, (distance / length).min(0.5))
}

pub(crate) fn between(from: Point, to: Point, share: f32) -> Point {
    Point::from_xy(from.x + (to.x - from.x) * share, from.y + (to.y - from.y) * share)
}

/// The convex outline around points, in order.
pub(crate) fn hull(points: &[Point]) -> Vec<Point> {
    let mut sorted = points.to_vec();
    sorted.sort_by(|a, b| a.x.total_cmp(&b.x).then(a.y.total_cmp(&b.y)));
    let lower = half_hull(sorted.iter());
    let upper = half_hull(sorted.iter().rev());
    lower.into_iter().chain(upper).collect()
}

fn half_hull<'p>(points: impl Iterator<Item = &'p Point>) -> Vec<Point> {
    let mut half: Vec<Point> = Vec::new();
    for &point in points {
        while let [.., first, second] = half[..] {
            let turn = (second.x - first.x) * (point.y - first.y) - (second.y - first.y) * (point.x - first.x);
            if turn > 0.0 {
                break;
            }
            half.pop();
        }
        half.push(point);
    }
    half.pop();
    half
}
