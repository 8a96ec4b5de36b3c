//! Group commit: while the writer is busy with one transaction, what comes is collected for the next. Nothing waits for
//! a timer, so a lone append is written at once.

use std::sync::mpsc::Sender;

use tokio::sync::{mpsc, oneshot};

use super::super::entry::{Appended, Entry};
use super::super::error::{JournalError, Reason};
use super::writer::Work;

/// Appends in one transaction at most, so that none waits for too many others.
const TOGETHER: usize = 512;

/// One append and who waits for it.
pub(super) struct Call {
    pub(super) batch: Vec<Entry>,
    pub(super) reply: Reply,
}

/// Tells what became of an append.
type Reply = oneshot::Sender<Result<Vec<Appended>, JournalError>>;

/// Collects appends and hands out what became of them, until nobody appends any more.
///
/// It runs on the callers' runtime: the writer's thread wakes it once a transaction, and it wakes them without a system call.
pub(super) async fn collect(mut calls: mpsc::UnboundedReceiver<Call>, work: Sender<Work>) {
    let mut waiting = Vec::new();
    while calls.recv_many(&mut waiting, TOGETHER).await > 0 {
        let mut entries = Vec::with_capacity(waiting.len());
        let replies: Vec<_> = waiting
            .drain(..)
            .map(|call| {
                let length = call.batch.len();
                entries.extend(call.batch);
                (length, call.reply)
            })
            .collect();
        let (reply, answer) = oneshot::channel();
        let written = match work.send(Work::Append(entries, reply)) {
            Ok(()) => answer.await.unwrap_or_else(|_| Err(ended())),
            Err(_) => Err(ended()),
        };
        answer_all(replies, written);
    }
}

fn ended() -> JournalError {
    JournalError::new("", Reason::Other("its writer has ended".to_owned()))
}

fn answer_all(replies: Vec<(usize, Reply)>, written: Result<Vec<Appended>, JournalError>) {
    match written {
        Ok(appended) => {
            let mut appended = appended.into_iter();
            for (length, reply) in replies {
                let _ = reply.send(Ok(appended.by_ref().take(length).collect()));
            }
        }
        Err(error) => replies.into_iter().for_each(|(_, reply)| drop(reply.send(Err(error.clone())))),
    }
}
