//! One signed POST: where it goes, how it is sent, when it is tried again; and the way of the journal's events to handlers.

mod forward;
mod forwarder;
mod forwarders;
mod handler;
mod retry;
mod routing;
mod schedule;
mod sender;
mod target;
mod trickle;

pub(crate) use forward::Forward;
pub(crate) use forwarder::{Forwarder, OnTrouble, Stop, WIND_DOWN};
pub(crate) use forwarders::Forwarders;
pub(crate) use handler::{EVENT_ID_HEADER, Handler, Parcel, Tried};
pub(crate) use retry::{RetryPolicy, deliver};
pub(crate) use routing::{Destination, destinations, overlap};
pub(crate) use schedule::Schedule;
pub(crate) use sender::{
    Answer, Attempt, AttemptError, Message, Sender, SenderError, loopback_client, signature_header,
};
pub(crate) use target::{Target, TargetError};
