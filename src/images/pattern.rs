//! What surfaces show: wood grain and seams, rugs, paintings, screens and mirrors.

use fastrand::Rng;
use tiny_skia::Point;

use super::canvas::{Canvas, between, polygon};
use super::colour::Colour;
use super::solid::{Finish, Grain};

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Weave {
    Border,
    Stripes,
    Diamonds,
    Trellis,
    Medallion,
    Kilim,
    Arcs,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rug {
    pub(crate) weave: Weave,
    pub(crate) ground: Colour,
    pub(crate) figure: Colour,
    pub(crate) accent: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Motif {
    Shapes,
    Landscape,
    Botanical,
    Sea,
    Lines,
    Sun,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Art {
    pub(crate) motif: Motif,
    pub(crate) paper: Colour,
    pub(crate) inks: [Colour; 3],
    pub(crate) seed: u64,
}

/// Maps shares of a surface, 0 to 1 across and away, to the picture.
type Surface<'s> = dyn Fn(f32, f32) -> Point + 's;

pub(crate) fn texture(canvas: &mut Canvas<'_>, finish: Finish, light: f32, outline: &[Point; 4]) {
    let [a, b, c, d] = *outline;
    let (breadth, height) = (a.distance(b), a.distance(d));
    match finish.grain {
        Grain::Wood if breadth.min(height) > 5.0 => {
            let dark = finish.colour.shade(0.55 * light);
            let along_width = breadth > height;
            let count = (breadth.min(height) / 7.0).clamp(2.0, 7.0) as i32;
            for line in 1..count {
                let share = (line as f32 + 0.3 * ((line * 7 % 5) as f32 - 2.0) / 2.0) / count as f32;
                let ends = if along_width {
                    [between(a, d, share), between(b, c, share)]
                } else {
                    [between(a, b, share), between(d, c, share)]
                };
                canvas.stroke(&ends, 0.8, dark.alpha(0.16));
            }
        }
        Grain::Fabric if breadth.min(height) > 8.0 => {
            let inset = |p: Point| {
                let middle = between(a, c, 0.5);
                between(p, middle, (3.0 / p.distance(middle).max(3.0)).min(0.2))
            };
            if let Some(seam) = polygon(&outline.map(inset), breadth.min(height) * 0.22) {
                canvas.stroke_path(&seam, 0.8, finish.colour.shade(0.5 * light).alpha(0.22));
            }
        }
        Grain::Gloss if breadth.min(height) > 6.0 => {
            let streak = [between(d, c, 0.12), between(d, c, 0.30), between(a, b, 0.18), between(a, b, 0.0)];
            canvas.fill(&streak, 0.0, Colour::WHITE.alpha(0.10 * light));
        }
        _ => {}
    }
}

pub(crate) fn rug(canvas: &mut Canvas<'_>, rug: Rug, light: f32, at: &Surface<'_>) {
    let [ground, figure, accent] = [rug.ground, rug.figure, rug.accent].map(|colour| colour.shade(light));
    let mut rect = |u: (f32, f32), v: (f32, f32), colour: Colour| {
        canvas.fill(&[at(u.0, v.0), at(u.1, v.0), at(u.1, v.1), at(u.0, v.1)], 0.0, colour.opaque());
    };
    rect((0.0, 1.0), (0.0, 1.0), ground);
    match rug.weave {
        Weave::Border => {
            rect((0.05, 0.95), (0.08, 0.92), figure);
            rect((0.065, 0.935), (0.10, 0.90), ground.shade(1.03));
        }
        Weave::Stripes => {
            for stripe in 0..9 {
                let from = 0.04 + stripe as f32 * 0.105;
                rect((from, from + 0.055), (0.0, 1.0), if stripe % 3 == 1 { accent } else { figure });
            }
        }
        Weave::Medallion => {
            for (inset, colour) in [(0.03, accent), (0.05, ground.shade(0.8)), (0.10, figure), (0.115, ground)] {
                rect((inset, 1.0 - inset), (inset * 1.5, 1.0 - inset * 1.5), colour);
            }
            for (reach, colour) in [(0.30, accent), (0.26, figure), (0.17, ground.shade(0.82)), (0.08, accent)] {
                diamond(canvas, at, (0.5, 0.5), (reach, reach * 1.3), colour);
            }
            for (u, v) in [(0.2, 0.26), (0.8, 0.26), (0.2, 0.74), (0.8, 0.74)] {
                diamond(canvas, at, (u, v), (0.05, 0.08), figure);
            }
        }
        Weave::Diamonds => lattice(canvas, 6, 4, |canvas, middle, cell| {
            diamond(canvas, at, middle, (cell.0 * 0.46, cell.1 * 0.46), figure);
            diamond(canvas, at, middle, (cell.0 * 0.30, cell.1 * 0.30), ground);
        }),
        Weave::Kilim => {
            for (band, colour) in [(0.06, accent), (0.84, accent), (0.13, figure), (0.80, figure)] {
                rect((0.0, 1.0), (band, band + if band < 0.5 { 0.05 } else { 0.08 }), colour);
            }
            lattice(canvas, 5, 1, |canvas, (u, _), cell| {
                for (reach, colour) in [(0.5, accent), (0.36, ground), (0.24, figure)] {
                    diamond(canvas, at, (u, 0.5), (cell.0 * reach, 0.26 * reach / 0.5), colour);
                }
            });
        }
        Weave::Trellis => {
            for step in -5..12 {
                let from = step as f32 / 6.0;
                for (start, end) in [(from, from + 0.7), (from + 0.7, from)] {
                    let line: Vec<Point> = (0..=24)
                        .map(|i| i as f32 / 24.0)
                        .map(|v| (start + (end - start) * v, v))
                        .filter(|(u, _)| (0.0..=1.0).contains(u))
                        .map(|(u, v)| at(u, v))
                        .collect();
                    let width = at(0.0, 0.0).distance(at(1.0, 0.0)) * 0.006;
                    canvas.stroke(&line, width.max(0.5), figure.opaque());
                }
            }
        }
        Weave::Arcs => {
            for (u, reach, colour) in
                [(0.22, 0.36, figure), (0.80, 0.42, accent), (0.55, 0.24, figure.mix(accent, 0.5))]
            {
                disc(canvas, at, (u, if u < 0.5 { 0.35 } else { 0.62 }), (reach * 0.5, reach), colour);
            }
        }
    }
}

fn lattice(
    canvas: &mut Canvas<'_>,
    columns: i32,
    rows: i32,
    mut cell: impl FnMut(&mut Canvas<'_>, (f32, f32), (f32, f32)),
) {
    let size = (0.92 / columns as f32, 0.88 / rows as f32);
    for column in 0..columns {
        for row in 0..rows {
            let middle = (0.04 + (column as f32 + 0.5) * size.0, 0.06 + (row as f32 + 0.5) * size.1);
            cell(canvas, middle, size);
        }
    }
}

fn diamond(canvas: &mut Canvas<'_>, at: &Surface<'_>, (u, v): (f32, f32), (du, dv): (f32, f32), colour: Colour) {
    canvas.fill(&[at(u - du, v), at(u, v - dv), at(u + du, v), at(u, v + dv)], 0.0, colour.opaque());
}

fn disc(canvas: &mut Canvas<'_>, at: &Surface<'_>, (u, v): (f32, f32), (du, dv): (f32, f32), colour: Colour) {
    let outline: Vec<Point> = (0..48)
        .map(|i| (i as f32 / 48.0 * std::f32::consts::TAU).sin_cos())
        .map(|(sine, cosine)| at((u + du * cosine).clamp(0.0, 1.0), (v + dv * sine).clamp(0.0, 1.0)))
        .collect();
    canvas.fill(&outline, 0.0, colour.opaque());
}

pub(crate) fn art(canvas: &mut Canvas<'_>, art: Art, light: f32, outline: &[Point; 4]) {
    let [a, b, c, d] = *outline;
    let at = move |u: f32, v: f32| between(between(a, b, u), between(d, c, u), v);
    let inner = move |u: f32, v: f32| at(0.12 + 0.76 * u, 0.12 + 0.76 * v);
    let paper = art.paper.shade(light);
    let inks = art.inks.map(|ink| ink.shade(light));
    let mut rng = Rng::with_seed(art.seed);
    canvas.fill(&[at(0.04, 0.04), at(0.96, 0.04), at(0.96, 0.96), at(0.04, 0.96)], 0.0, paper.shade(1.03).opaque());
    canvas.fill(
        &[inner(0.0, 0.0), inner(1.0, 0.0), inner(1.0, 1.0), inner(0.0, 1.0)],
        0.0,
        paper.mix(inks[0], 0.12).opaque(),
    );
    match art.motif {
        Motif::Shapes => {
            for (index, ink) in inks.iter().enumerate() {
                let (u, v) = (0.3 + rng.f32() * 0.4, 0.25 + index as f32 * 0.25);
                disc(canvas, &inner, (u, v), (0.16 + rng.f32() * 0.14, 0.14 + rng.f32() * 0.1), *ink);
            }
        }
        Motif::Landscape | Motif::Sea => {
            let levels = if art.motif == Motif::Sea { [0.50, 0.34, 0.16] } else { [0.62, 0.44, 0.24] };
            disc(canvas, &inner, (0.3 + rng.f32() * 0.4, 0.76), (0.09, 0.09), inks[0].mix(paper, 0.3));
            for (level, ink) in levels.into_iter().zip([inks[2].mix(paper, 0.45), inks[1], inks[2]]) {
                let (phase, swell) = (rng.f32() * 6.0, if art.motif == Motif::Sea { 0.012 } else { 0.09 });
                let ridge = |u: f32| inner(u, level + swell * (phase + 5.0 * u).sin());
                let mut hill: Vec<Point> = (0..=20).map(|i| ridge(i as f32 / 20.0)).collect();
                hill.extend([inner(1.0, 0.0), inner(0.0, 0.0)]);
                canvas.fill(&hill, 0.0, ink.opaque());
            }
        }
        Motif::Botanical => {
            canvas.stroke(&[inner(0.5, 0.08), inner(0.5, 0.9)], 1.0, inks[1].opaque());
            for step in 0..6 {
                let (v, reach) = (0.2 + step as f32 * 0.12, 0.30 - step as f32 * 0.03);
                for side in [-1.0, 1.0] {
                    let leaf = [
                        inner(0.5, v),
                        inner(0.5 + side * reach * 0.4, v + 0.12),
                        inner(0.5 + side * reach, v + 0.13),
                        inner(0.5 + side * reach * 0.5, v + 0.03),
                    ];
                    canvas.fill(&leaf, 2.0, inks[step % 2 + 1].opaque());
                }
            }
        }
        Motif::Lines => {
            for line in 0..7 {
                let u = 0.12 + line as f32 * 0.126;
                let (low, high) = (0.15 + rng.f32() * 0.25, 0.6 + rng.f32() * 0.3);
                canvas.stroke(&[inner(u, low), inner(u, high)], a.distance(b) * 0.035, inks[line % 3].opaque());
            }
        }
        Motif::Sun => {
            disc(canvas, &inner, (0.5, 0.55), (0.26, 0.26), inks[0]);
            for (level, ink) in [(0.36, inks[1]), (0.2, inks[2])] {
                let steps = [
                    (0.0, level),
                    (0.25, level),
                    (0.35, level + 0.14),
                    (0.55, level + 0.14),
                    (0.65, level),
                    (1.0, level),
                    (1.0, 0.0),
                    (0.0, 0.0),
                ];
                let mesa: Vec<Point> = steps.iter().map(|&(u, v)| inner(u, v)).collect();
                canvas.fill(&mesa, 0.0, ink.opaque());
            }
        }
    }
}

pub(crate) fn screen(canvas: &mut Canvas<'_>, outline: &[Point; 4]) {
    let [a, b, c, d] = *outline;
    let at = move |u: f32, v: f32| between(between(a, b, u), between(d, c, u), v);
    let glass = [at(0.02, 0.03), at(0.98, 0.03), at(0.98, 0.97), at(0.02, 0.97)];
    canvas.fill_gradient(
        &glass,
        0.0,
        (glass[3], Colour::hex(0x2C3440).opaque()),
        (glass[1], Colour::hex(0x12151A).opaque()),
    );
    canvas.fill(&[at(0.1, 0.97), at(0.42, 0.97), at(0.24, 0.03), at(0.02, 0.03)], 0.0, Colour::WHITE.alpha(0.06));
}

pub(crate) fn mirror(canvas: &mut Canvas<'_>, outline: &[Point; 4], surroundings: Colour) {
    let [a, b, c, d] = *outline;
    let at = move |u: f32, v: f32| between(between(a, b, u), between(d, c, u), v);
    let glass = [at(0.06, 0.04), at(0.94, 0.04), at(0.94, 0.96), at(0.06, 0.96)];
    let (bright, dim) = (surroundings.mix(Colour::WHITE, 0.55), surroundings.shade(0.86));
    canvas.fill_gradient(&glass, 0.0, (glass[3], bright.opaque()), (glass[1], dim.opaque()));
    for (from, to) in [(0.15, 0.30), (0.36, 0.42)] {
        canvas.fill(
            &[at(from + 0.2, 0.96), at(to + 0.2, 0.96), at(to, 0.04), at(from, 0.04)],
            0.0,
            Colour::WHITE.alpha(0.22),
        );
    }
}
