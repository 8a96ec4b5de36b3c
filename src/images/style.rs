//! What makes a style: colours, materials and the shapes of arms, legs, lamps, rugs and plants.

use super::colour::Colour;
use super::leaves::Plant;
use super::pattern::{Motif, Weave};
use super::solid::Finish;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Legs {
    Tapered,
    Splayed,
    Block,
    Metal,
    Plinth,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Arms {
    Boxy,
    Slim,
    Rolled,
    Wooden,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Lamp {
    Drum,
    Arc,
    Globe,
    Tripod,
    Bulb,
    Lantern,
    Woven,
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    pub(crate) fabric: Finish,
    pub(crate) second_fabric: Finish,
    pub(crate) accents: [Colour; 3],
    pub(crate) wood: Finish,
    pub(crate) top: Finish,
    pub(crate) metal: Finish,
    pub(crate) front: Finish,
    pub(crate) linen: Colour,
    pub(crate) shade: Colour,
    pub(crate) rug: [Colour; 3],
    pub(crate) weave: Weave,
    pub(crate) motif: Motif,
    pub(crate) plant: Plant,
    pub(crate) legs: Legs,
    pub(crate) arms: Arms,
    pub(crate) lamp: Lamp,
    pub(crate) round_table: bool,
}

const fn plain(colour: u32) -> Finish {
    Finish::plain(Colour::hex(colour))
}

const fn fabric(colour: u32) -> Finish {
    Finish::fabric(Colour::hex(colour))
}

const fn wood(colour: u32) -> Finish {
    Finish::wood(Colour::hex(colour))
}

const fn gloss(colour: u32) -> Finish {
    Finish::gloss(Colour::hex(colour))
}

const fn three(colours: [u32; 3]) -> [Colour; 3] {
    [Colour::hex(colours[0]), Colour::hex(colours[1]), Colour::hex(colours[2])]
}

impl Look {
    /// The look of an API style; unknown names get the standard one.
    pub(crate) fn of(style: &str) -> Self {
        match style {
            "modern" => MODERN,
            "scandinavian" => SCANDINAVIAN,
            "industrial" => INDUSTRIAL,
            "midcentury" => MIDCENTURY,
            "luxury" => LUXURY,
            "farmhouse" => FARMHOUSE,
            "coastal" => COASTAL,
            "hamptons" => HAMPTONS,
            "american" => AMERICAN,
            "southwestern" => SOUTHWESTERN,
            _ => STANDARD,
        }
    }

    /// Another order of the accents, and now and then the other fabric on the sofa.
    pub(crate) fn varied(mut self, variation: usize) -> Self {
        self.accents.rotate_left(variation % 3);
        if variation % 3 == 1 {
            (self.fabric, self.second_fabric) = (self.second_fabric, self.fabric);
        }
        self
    }
}

const STANDARD: Look = Look {
    fabric: fabric(0xB5AC9F),
    second_fabric: fabric(0x7C8B94),
    accents: three([0x4E7C8A, 0xD9A441, 0xC96F53]),
    wood: wood(0xA87B50),
    top: wood(0xA87B50),
    metal: plain(0x55524E),
    front: plain(0xE8E4DC),
    linen: Colour::hex(0xF1EDE6),
    shade: Colour::hex(0xF3E7CF),
    rug: three([0xD9D2C5, 0x8FA3A8, 0xB98B66]),
    weave: Weave::Border,
    motif: Motif::Landscape,
    plant: Plant::Fig,
    legs: Legs::Tapered,
    arms: Arms::Boxy,
    lamp: Lamp::Drum,
    round_table: false,
};

const MODERN: Look = Look {
    fabric: fabric(0x4B5057),
    second_fabric: fabric(0xE9E7E3),
    accents: three([0xE0A526, 0xD7D9DB, 0xB8402F]),
    wood: plain(0x2E2E30),
    top: gloss(0xF0F0EE),
    metal: gloss(0x1F2022),
    front: gloss(0x3A3D42),
    linen: Colour::hex(0xF4F4F3),
    shade: Colour::hex(0xF7F2E8),
    rug: three([0xC9CACB, 0x8C8F93, 0x3E4248]),
    weave: Weave::Arcs,
    motif: Motif::Shapes,
    plant: Plant::Snake,
    legs: Legs::Plinth,
    arms: Arms::Slim,
    lamp: Lamp::Arc,
    round_table: false,
};

const SCANDINAVIAN: Look = Look {
    fabric: fabric(0xD8D9D6),
    second_fabric: fabric(0xAFC0B4),
    accents: three([0xE3B7A8, 0x8FA89A, 0xE6C768]),
    wood: wood(0xDDBE93),
    top: wood(0xE4CBA5),
    metal: plain(0xF1EFEA),
    front: plain(0xF4F2ED),
    linen: Colour::hex(0xFAF9F6),
    shade: Colour::hex(0xFFFBF1),
    rug: three([0xF1EEE7, 0xC9C7C0, 0xDDB9A9]),
    weave: Weave::Diamonds,
    motif: Motif::Botanical,
    plant: Plant::Fig,
    legs: Legs::Splayed,
    arms: Arms::Slim,
    lamp: Lamp::Tripod,
    round_table: true,
};

const INDUSTRIAL: Look = Look {
    fabric: gloss(0x8C5530),
    second_fabric: gloss(0x5C4A3F),
    accents: three([0x3E4A50, 0xA8703C, 0x6F7470]),
    wood: wood(0x6E4C30),
    top: wood(0x7A5636),
    metal: plain(0x2B2A29),
    front: plain(0x4A4C4D),
    linen: Colour::hex(0xB9B4AB),
    shade: Colour::hex(0xFFCF87),
    rug: three([0x6B6660, 0x8F877B, 0xA6744B]),
    weave: Weave::Medallion,
    motif: Motif::Lines,
    plant: Plant::Snake,
    legs: Legs::Metal,
    arms: Arms::Boxy,
    lamp: Lamp::Bulb,
    round_table: false,
};

const MIDCENTURY: Look = Look {
    fabric: fabric(0xCB8B2B),
    second_fabric: fabric(0x2F6F6E),
    accents: three([0x2F6F6E, 0xD4572E, 0xEAD9A8]),
    wood: wood(0x8A5228),
    top: wood(0x96602F),
    metal: gloss(0xB98E45),
    front: wood(0x9A6231),
    linen: Colour::hex(0xF2EAD8),
    shade: Colour::hex(0xFFF4DC),
    rug: three([0xE9DCC0, 0xD4572E, 0x2F6F6E]),
    weave: Weave::Arcs,
    motif: Motif::Shapes,
    plant: Plant::Palm,
    legs: Legs::Splayed,
    arms: Arms::Wooden,
    lamp: Lamp::Globe,
    round_table: true,
};

const LUXURY: Look = Look {
    fabric: fabric(0x1F5B4E),
    second_fabric: fabric(0x2B3560),
    accents: three([0xD2AE5A, 0xEFE6DA, 0x7B2B45]),
    wood: gloss(0x3B2A22),
    top: gloss(0xF3F0EC),
    metal: gloss(0xCBA34E),
    front: gloss(0x23303D),
    linen: Colour::hex(0xFBF8F2),
    shade: Colour::hex(0xFFF0D0),
    rug: three([0xE8E0D2, 0xCBA96A, 0x4B5568]),
    weave: Weave::Medallion,
    motif: Motif::Lines,
    plant: Plant::Palm,
    legs: Legs::Metal,
    arms: Arms::Rolled,
    lamp: Lamp::Globe,
    round_table: true,
};

const FARMHOUSE: Look = Look {
    fabric: fabric(0xEBE3D3),
    second_fabric: fabric(0x9AA58C),
    accents: three([0x9C3F35, 0x7D8F78, 0x5B6B7A]),
    wood: wood(0xB08A60),
    top: wood(0x9C7348),
    metal: plain(0x33312E),
    front: plain(0xF3EFE4),
    linen: Colour::hex(0xF6F0E2),
    shade: Colour::hex(0xF7E8C8),
    rug: three([0xD4B98B, 0xBFA070, 0x8C6E48]),
    weave: Weave::Stripes,
    motif: Motif::Botanical,
    plant: Plant::Olive,
    legs: Legs::Block,
    arms: Arms::Rolled,
    lamp: Lamp::Lantern,
    round_table: false,
};

const COASTAL: Look = Look {
    fabric: fabric(0xF5F2EA),
    second_fabric: fabric(0x8FC1C9),
    accents: three([0x2E7FA3, 0x7CC4C4, 0xF0C9A0]),
    wood: wood(0xD0B48C),
    top: wood(0xDCC6A3),
    metal: plain(0xC2A070),
    front: plain(0xDCEBEC),
    linen: Colour::hex(0xFDFCF8),
    shade: Colour::hex(0xFFF6E2),
    rug: three([0xEFF3F2, 0x6BA8BF, 0xA9D3D6]),
    weave: Weave::Stripes,
    motif: Motif::Sea,
    plant: Plant::Palm,
    legs: Legs::Tapered,
    arms: Arms::Slim,
    lamp: Lamp::Woven,
    round_table: true,
};

const HAMPTONS: Look = Look {
    fabric: fabric(0xFAF8F3),
    second_fabric: fabric(0x2F4768),
    accents: three([0x2F4768, 0xA9BBD0, 0xD9CBB0]),
    wood: wood(0x6A4A34),
    top: gloss(0xF7F5F1),
    metal: gloss(0xC7A25A),
    front: plain(0xFDFCFA),
    linen: Colour::hex(0xFFFFFD),
    shade: Colour::hex(0xFFFAEC),
    rug: three([0x33507A, 0xF1EEE6, 0xF1EEE6]),
    weave: Weave::Trellis,
    motif: Motif::Sea,
    plant: Plant::Flowers(0xC6D2EE),
    legs: Legs::Tapered,
    arms: Arms::Rolled,
    lamp: Lamp::Drum,
    round_table: true,
};

const AMERICAN: Look = Look {
    fabric: gloss(0x6B4029),
    second_fabric: fabric(0x2F3F5C),
    accents: three([0xA83232, 0x2F3F5C, 0xE6D6B5]),
    wood: wood(0x5E3420),
    top: wood(0x6A3C25),
    metal: gloss(0x8A6A36),
    front: wood(0x7A4A2C),
    linen: Colour::hex(0xF3EAD7),
    shade: Colour::hex(0xF0DDB0),
    rug: three([0x7C2B2B, 0xD8C08C, 0x24334D]),
    weave: Weave::Medallion,
    motif: Motif::Landscape,
    plant: Plant::Flowers(0xC9504A),
    legs: Legs::Block,
    arms: Arms::Rolled,
    lamp: Lamp::Drum,
    round_table: false,
};

const SOUTHWESTERN: Look = Look {
    fabric: fabric(0xC4673F),
    second_fabric: fabric(0xE3C9A0),
    accents: three([0x2D9C9A, 0xE5B04C, 0x8C2F2A]),
    wood: wood(0x8F5A32),
    top: wood(0xA56B3C),
    metal: plain(0x3A2C25),
    front: wood(0xB9784A),
    linen: Colour::hex(0xF2E4CA),
    shade: Colour::hex(0xF6D59A),
    rug: three([0xE8CFA2, 0xB5472F, 0x2D9C9A]),
    weave: Weave::Kilim,
    motif: Motif::Sun,
    plant: Plant::Cactus,
    legs: Legs::Block,
    arms: Arms::Wooden,
    lamp: Lamp::Lantern,
    round_table: false,
};
