//! The sandbox seen from outside: every answer and webhook here is held to the API's description on the way.

mod bench;
mod faults;
mod renders;
mod requests;
mod results;
mod webhooks;
