//! The one place that calls the API: one method for each operation. It knows nothing of settings, files or printing.

mod answer;
mod api;
mod error;
mod options;
mod proxy;
mod setup;
mod transport;
mod upload;
mod wire;

pub(crate) use api::{Api, Order, PageQuery};
pub(crate) use error::{ClientError, ConnectFailure, Failure, SetupError};
pub(crate) use options::Options;
#[cfg(test)]
use options::Retries;
pub(crate) use proxy::ProxyVariables;
pub(crate) use upload::Upload;

#[cfg(test)]
mod tests;
