//! The engine's own tasks: who runs them, and how many there are.
//!
//! The engine starts nothing by itself. A [`Spawner`] that was handed in runs every task of it,
//! those of its HTTP connections included, so that whoever hands one in also has the end of them:
//! a simulation kills a node at any await by dropping what it spawned.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use futures_util::future::BoxFuture;
use tokio::sync::Notify;

/// Runs tasks to their end, each by itself. Called inside of a tokio runtime, whose timers they use.
pub trait Spawner: Send + Sync + 'static {
    fn spawn(&self, task: BoxFuture<'static, ()>);
}

/// The runtime that the caller is in.
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioSpawner;

impl Spawner for TokioSpawner {
    fn spawn(&self, task: BoxFuture<'static, ()>) {
        tokio::spawn(task);
    }
}

/// Counts tasks, so that a drain and a test can wait for all of them.
pub(crate) struct Tasks {
    spawner: Arc<dyn Spawner>,
    running: Arc<Running>,
}

#[derive(Default)]
struct Running {
    count: AtomicUsize,
    /// Told when the last one has ended.
    none: Notify,
}

/// Counts a task out, also when it panics or is dropped.
struct CountedOut(Arc<Running>);

impl Drop for CountedOut {
    fn drop(&mut self) {
        if self.0.count.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.0.none.notify_waiters();
        }
    }
}

impl Tasks {
    pub(crate) fn new(spawner: Arc<dyn Spawner>) -> Self {
        Self { spawner, running: Arc::default() }
    }

    /// Runs a task. It counts from now on: whoever waits after this call waits for it.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.running.count.fetch_add(1, Ordering::AcqRel);
        let counted = CountedOut(Arc::clone(&self.running));
        // Boxed before it is wrapped: an `async` block holds what it captures and what it awaits, so twice.
        let task = Box::pin(task);
        self.spawner.spawn(Box::pin(async move {
            let _counted = counted;
            task.await;
        }));
    }

    /// Returns once no task runs; whether it had to wait.
    pub(crate) async fn all_done(&self) -> bool {
        let mut had_to_wait = false;
        loop {
            // Listens before it looks: an end in between is heard.
            let none = self.running.none.notified();
            if self.running.count.load(Ordering::Acquire) == 0 {
                return had_to_wait;
            }
            had_to_wait = true;
            none.await;
        }
    }
}
