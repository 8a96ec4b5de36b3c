//! Bodies that hold what was signed inside something else: a form, base64, quotes, an outer document, an HTTP request.

mod documents;
mod encoded;
mod surrounded;

pub(super) use encoded::percent_decoded;

use super::python;
use super::version::Version;

const KEEP_RAW: &str = "keep the request's raw body: Express: express.raw(), Flask: request.get_data(), PHP: php://input, Next.js: await \
     request.text(), AWS Lambda: event.body";

/// Every version without one wrapping.
pub(super) fn versions(body: &[u8]) -> Vec<Version> {
    let mut versions = Vec::new();
    if let Ok(text) = std::str::from_utf8(body) {
        versions.extend(encoded::versions(text));
        versions.extend(documents::versions(text));
        versions.extend(surrounded::quoted(text));
        versions.extend(surrounded::closed(text));
    }
    versions.extend(python::versions(body));
    versions.extend(surrounded::versions(body));
    versions
}
