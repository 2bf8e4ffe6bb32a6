//! The engine's own tasks, counted, so that a drain and a test can wait for all of them.

use tokio::sync::watch;

pub(crate) struct Tasks {
    running: watch::Sender<usize>,
}

impl Default for Tasks {
    fn default() -> Self {
        Self { running: watch::Sender::new(0) }
    }
}

/// Counts a task out, also when it panics or is dropped.
struct CountedOut(watch::Sender<usize>);

impl Drop for CountedOut {
    fn drop(&mut self) {
        self.0.send_modify(|running| *running -= 1);
    }
}

impl Tasks {
    /// Runs a task. It counts from now on: whoever waits after this call waits for it.
    pub(crate) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.running.send_modify(|running| *running += 1);
        let counted = CountedOut(self.running.clone());
        tokio::spawn(async move {
            let _counted = counted;
            task.await;
        });
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
