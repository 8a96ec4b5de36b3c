//! What each path does, by the tags of the API's description.

pub(super) mod analysis;
pub(super) mod renders;
pub(super) mod user;
pub(super) mod variations;
