//! The engine's own tasks: who runs them, and how many there are.
//!
//! The engine starts nothing by itself. A [`Spawner`] that was handed in runs every task of it,
//! those of its HTTP connections included, so that whoever hands one in also has the end of them:
//! a simulation kills a node at any await by dropping what it spawned.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use tokio::sync::watch;

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
    running: watch::Sender<usize>,
}

/// Counts a task out, also when it panics or is dropped.
struct CountedOut(watch::Sender<usize>);

impl Drop for CountedOut {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

impl Tasks {
    pub(crate) fn new(spawner: Arc<dyn Spawner>) -> Self {
        Self { spawner, running: watch::Sender::new(0) }
    }

    /// Runs a task. It counts from now on: whoever waits after this call waits for it.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.running.send_modify(|running| *running += 1);
        let counted = CountedOut(self.running.clone());
        self.spawner.spawn(Box::pin(async move {
            let _counted = counted;
            task.await;
        }));
    }

    /// Returns once no task runs; whether it had to wait.
    pub(crate) async fn all_done(&self) -> bool {
        let mut running = self.running.subscribe();
        let had_to_wait = *running.borrow() > 0;
        // The sender lives as long as self: this cannot fail.
        let _ = running.wait_for(|running| *running == 0).await;
        had_to_wait
    }
}
