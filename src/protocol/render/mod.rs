//! What the API is asked and what it answers, as types: written strictly, read tolerantly.

mod answer;
mod lenient;
mod progress;
mod request;
mod value;

pub use answer::{
    Account, Analysis, MultiViewVerdict, Page, PhotoBuckets, PhotoCount, Render, User, Variation, VariationKind,
    VariationResult, VariationStatus, Variations,
};
pub use progress::{RenderStatus, Tally};
pub use request::{
    AddFurniture, Analyze, CreateRender, CreateVariations, DEFAULT_SECRET_MEMBER, InvalidRequest, MAX_VARIATIONS,
    MultiViewCheck, OutputResolution, RemoveFurniture, RenderConfig, SetSecret, StagingConfig, check_image_url,
};
pub use value::{KnownValue, REMOVAL_MODES, ROOM_TYPES, SKY_STYLES, STYLES, Standing, UnknownValue, ValueSet};
