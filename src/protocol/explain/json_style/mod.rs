//! JSON as other serialisers write it: layout, escapes, numbers, order of members.

mod escapes;
mod layout;
mod style;
mod writer;

pub(super) use style::each;

const SIGN_ONCE: &str = "serialise once, then sign and post that one string; the vendor signs JSON.stringify(payload), as `vsai sign FILE` does";
const IN_PYTHON: &str = "Python: json.dumps(payload, separators=(',', ':'), ensure_ascii=False), and post that very text (data=…, not json=…)";
