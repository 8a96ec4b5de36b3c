//! What the API is asked and what it answers, as types: written strictly, read tolerantly.

mod account;
mod answer;
mod config;
mod lenient;
mod progress;
mod request;
mod status;
mod value;

pub use account::{Account, PhotoBuckets, PhotoCount, User};
pub use answer::{Analysis, MultiViewVerdict, Page, Render, Variation, VariationResult, Variations};
pub use config::{AddFurniture, OutputResolution, RemoveFurniture, RenderConfig, StagingConfig};
pub use progress::{RenderStatus, Tally};
pub use request::{
    Analyze, CreateRender, CreateVariations, DEFAULT_SECRET_MEMBER, InvalidRequest, MAX_VARIATIONS, MultiViewCheck,
    SetSecret, check_image_url,
};
pub use status::{VariationKind, VariationStatus};
pub use value::{
    EVENT_TYPES, KnownValue, REMOVAL_MODES, RENDER_TYPES, RESOLUTIONS, ROOM_TYPES, SKY_STYLES, STYLES, Standing,
    UnknownValue, ValueSet,
};
