//! One signed POST: where it goes, how it is sent, when it is tried again. It does not know what it carries or why.

mod retry;
mod sender;
mod target;

pub(crate) use retry::{Acceptance, RetryPolicy, deliver};
pub(crate) use sender::{Attempt, Message, Sender, SenderError, loopback_client};
pub(crate) use target::Target;
