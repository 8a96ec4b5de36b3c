//! Work that is done to its end, whether or not it is waited for.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::runtime::Handle;

/// Goes on in a task of its own where whoever waits for it goes away. As long as it is waited for it costs no task.
pub(super) struct Finish<F: Future<Output: Send> + Send + 'static>(Option<Pin<Box<F>>>);

impl<F: Future<Output: Send> + Send + 'static> Finish<F> {
    pub(super) fn new(work: F) -> Self {
        Self(Some(Box::pin(work)))
    }
}

impl<F: Future<Output: Send> + Send + 'static> Future for Finish<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        let Some(work) = &mut self.0 else { return Poll::Pending };
        let polled = work.as_mut().poll(context);
        if polled.is_ready() {
            self.0 = None;
        }
        polled
    }
}

impl<F: Future<Output: Send> + Send + 'static> Drop for Finish<F> {
    fn drop(&mut self) {
        // Without a runtime there is nothing left to go on with.
        if let Some(work) = self.0.take()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(work);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::sync::oneshot;
    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn goes_on_when_nobody_waits_any_more() {
        let (begin, begun) = oneshot::channel::<u32>();
        let (tell, told) = oneshot::channel();
        let mut work = Finish::new(async move { tell.send(begun.await.expect("begun")) });
        assert!(timeout(Duration::ZERO, &mut work).await.is_err(), "it waits");
        drop(work);
        begin.send(7).expect("somebody waits for it");
        assert_eq!(timeout(Duration::from_secs(10), told).await.expect("in time"), Ok(7));
    }

    #[tokio::test]
    async fn is_done_once_and_tells_what_came_of_it() {
        assert_eq!(Finish::new(async { 7 }).await, 7);
    }
}
