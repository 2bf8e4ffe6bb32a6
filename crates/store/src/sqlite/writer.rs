//! The one writer: queued use cases commit together.
//!
//! A thread owns the only connection that writes. It takes what is queued, runs each use case in a
//! savepoint of its own, commits once (one fsync for all), and only then answers. A use case that
//! fails is rolled back alone; a commit that fails is told to every one of its group. So an answer
//! always means durable, and the more is asked at once, the less each costs.
//!
//! A disk that fails takes the whole group: SQLite then ends the transaction by itself, in the middle
//! of any statement, and what follows would run and commit outside of it. Nobody is told that it was
//! written, everybody that the store is unavailable, and the next group starts anew.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{Result, StoreError};

/// Use cases that wait for the writer; more wait in their callers.
const QUEUE_MAX: usize = 4_096;
/// Use cases that share one commit.
const GROUP_MAX: usize = 512;

/// A use case on its way through a group commit.
trait UseCase: Send {
    /// Runs inside the transaction; an error rolls its savepoint back.
    fn run(&mut self, connection: &Connection) -> Result<()>;
    /// Tells the caller, once the commit has succeeded or failed.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Pending<W, T> {
    work: Option<W>,
    outcome: Option<Result<T>>,
    caller: oneshot::Sender<Result<T>>,
}

impl<W, T> UseCase for Pending<W, T>
where
    W: FnOnce(&Connection) -> Result<T> + Send,
    T: Send,
{
    fn run(&mut self, connection: &Connection) -> Result<()> {
        let Some(work) = self.work.take() else { return Ok(()) };
        let outcome = catch_unwind(AssertUnwindSafe(|| work(connection)))
            .unwrap_or_else(|_| Err(StoreError::Refused("a use case panicked".to_owned())));
        let ran = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
        self.outcome = Some(outcome);
        ran
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let not_run = || Err(StoreError::Unavailable("the use case was not run".to_owned()));
        let Self { outcome, caller, .. } = *self;
        let outcome = committed.and_then(|()| outcome.unwrap_or_else(not_run));
        // The caller may have gone away; what was committed stays committed.
        let _ = caller.send(outcome);
    }
}

/// A handle to the writer's thread, which ends when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn UseCase>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, waiting))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { queue })
    }

    /// Runs a use case in a transaction and answers when it is durable.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let (caller, answered) = oneshot::channel();
        let use_case = Box::new(Pending { work: Some(work), outcome: None, caller });
        let gone = || StoreError::Unavailable("the store has been closed".to_owned());
        self.queue.send(use_case).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

fn run(connection: &Connection, mut waiting: mpsc::Receiver<Box<dyn UseCase>>) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    while waiting.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
        let committed = commit_together(connection, &mut group);
        if committed.is_err() && !connection.is_autocommit() {
            // An error that did not end the transaction by itself: end it, so that the next can begin.
            if let Err(error) = connection.execute_batch("ROLLBACK") {
                tracing::error!(%error, "the store could not roll back");
            }
        }
        for use_case in group.drain(..) {
            use_case.answer(committed.clone());
        }
    }
}

fn commit_together(connection: &Connection, group: &mut [Box<dyn UseCase>]) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE")?;
    for use_case in group {
        execute(connection, "SAVEPOINT use_case")?;
        let ran = use_case.run(connection);
        if connection.is_autocommit() {
            let reason = ran.err().map_or_else(String::new, |error| error.to_string());
            return Err(StoreError::Unavailable(format!("the transaction broke down: {reason}")));
        }
        if ran.is_err() {
            execute(connection, "ROLLBACK TO use_case")?;
        }
        execute(connection, "RELEASE use_case")?;
    }
    execute(connection, "COMMIT")
}

fn execute(connection: &Connection, sql: &str) -> Result<()> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}
