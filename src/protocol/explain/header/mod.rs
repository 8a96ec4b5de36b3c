//! The signature as it was given: what it may mean if it is not 64 lower-case hex digits.

mod damage;
mod forms;
mod reading;

pub(super) use forms::decode_base64;
pub(super) use reading::Header;

const DIGITS: usize = 64;
const BARE_HEX: &str = "give the bare 64 lower-case hex digits and nothing else, as `vsai sign` prints them";
