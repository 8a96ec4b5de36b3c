//! Pieces of furniture, each a function of the style's look. Metres; fronts look towards -z.

mod bath;
mod beds;
mod decor;
mod kids;
mod kitchen;
mod lamps;
mod old;
mod outdoor;
mod seating;
mod storage;
mod tables;

pub(crate) use bath::{bath_mat, bathtub, toilet, towel_ladder, vanity};
pub(crate) use beds::{bed, nightstand};
pub(crate) use decor::{PAINTINGS_APART, mirror, paintings, potted_plant, rug};
pub(crate) use kids::{bunting, house_bed, kids_table, teddy, teepee, toy_shelf};
pub(crate) use kitchen::{fridge, hood, island, kitchen_line, wall_cabinet};
pub(crate) use lamps::{floor_lamp, pendant, table_lamp};
pub(crate) use old::{cardboard_boxes, old_chair, old_sofa, old_television, rolled_carpet, rubbish_bags};
pub(crate) use outdoor::{fire_bowl, lounger, parasol, planter, string_lights};
pub(crate) use seating::{armchair, bench, chair, office_chair, sofa, stool};
pub(crate) use storage::{bookshelf, dresser, sideboard, television};
pub(crate) use tables::{coffee_table, desk, dining_table, side_table};

use super::pattern::Art;
use super::piece::Piece;
use super::solid::Finish;
use super::style::{Legs, Look};

/// Four legs, or what the style has instead, under a body of this width and depth.
fn legs(piece: &mut Piece, look: &Look, [width, depth]: [f32; 2], height: f32) {
    let corners = [(-1.0, 1.0), (1.0, 1.0), (-1.0, -1.0), (1.0, -1.0)];
    let foot = |inset: f32| corners.map(|(x, z)| (x * (width / 2.0 - inset), z * (depth / 2.0 - inset), x, z));
    match look.legs {
        Legs::Tapered => {
            for (x, z, ..) in foot(0.07) {
                piece.cone([x, 0.0, z], 0.014, [x, height, z], 0.028, look.wood);
            }
        }
        Legs::Splayed => {
            for (x, z, side, end) in foot(0.12) {
                let lean = 0.22 * height;
                piece.cone([x + side * lean, 0.0, z + end * lean * 0.6], 0.012, [x, height, z], 0.024, look.wood);
            }
        }
        Legs::Block => {
            for (x, z, ..) in foot(0.055) {
                piece.block([x, 0.0, z], [0.075, height, 0.075], look.wood);
            }
        }
        Legs::Metal => {
            for (x, z, ..) in foot(0.03) {
                piece.block([x, 0.0, z], [0.03, height, 0.03], look.metal);
            }
            for side in [-1.0, 1.0] {
                piece.block([side * (width / 2.0 - 0.03), 0.0, 0.0], [0.03, 0.025, depth - 0.09], look.metal);
            }
        }
        Legs::Plinth => {
            let dark = Finish::plain(look.metal.colour);
            let inset = 0.10_f32.min(width / 4.0);
            if height < 0.35 {
                piece.block([0.0, 0.0, 0.0], [width - inset, height, depth - inset], dark);
            } else {
                for side in [-1.0, 1.0] {
                    piece.block([side * (width / 2.0 - 0.05), 0.0, 0.0], [0.04, height, depth - 0.06], look.metal);
                }
            }
        }
    }
}

/// A painting's content in the style's colours.
fn art(look: &Look, seed: u64) -> Art {
    Art { motif: look.motif, paper: look.linen, inks: look.accents, seed }
}
