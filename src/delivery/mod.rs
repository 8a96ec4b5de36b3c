//! One signed POST: where it goes, how it is sent, when it is tried again. It does not know what it carries or why.

mod forward;
mod retry;
mod sender;
mod target;
mod trickle;

pub(crate) use forward::Forward;
pub(crate) use retry::{Acceptance, RetryPolicy, deliver};
pub(crate) use sender::{Answer, Attempt, AttemptError, Message, Sender, SenderError, loopback_client};
pub(crate) use target::{Target, TargetError};
