//! Heavy work on a thread that ends with it. The memory that a thread has worked with is taken up by the next one, so there is no
//! more of it than as many threads take as were ever at work at once; a pool's threads, which wait for more, would each keep theirs.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use tokio::sync::oneshot;

/// Why there is no result.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Lost {
    #[error("{0}")]
    Panicked(String),
    #[error("the system gives no thread")]
    NoThread,
}

/// Runs the work to its end, whether or not it is waited for.
pub(crate) async fn run<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Lost> {
    let (reply, answer) = oneshot::channel();
    let work = move || drop(reply.send(catch_unwind(AssertUnwindSafe(work))));
    thread::Builder::new().name("photo".to_owned()).spawn(work).map_err(|_| Lost::NoThread)?;
    match answer.await {
        Ok(Ok(result)) => Ok(result),
        Ok(Err(panic)) => Err(Lost::Panicked(words(&*panic))),
        Err(_) => Err(Lost::NoThread),
    }
}

fn words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "it panicked".to_owned())
}
