//! The loops, and the drain at the end.
//!
//! Three loops call the passes: for jobs, for documents to be fetched and for deliveries. A loop runs its
//! pass until it brings nothing more, then waits for a wake-up, for the next due time in the store, or for
//! `scan_ms_max`, whichever comes first. A wake-up is a hint: when one is lost, or another process changed
//! the store, the scan finds the work within that time.
//!
//! A fourth loop goes on with replays and with what is to be skipped, and a fifth prunes what is too old, now and then.
//!
//! The drain takes up nothing new, gives back what was not started, and waits for what runs: an
//! attempt, a fetch or an extraction takes no longer than its limit. Whatever is cut off after that is due
//! again when its lease runs out.

use std::sync::Arc;
use std::time::Duration;

use docextract_model::time::Timestamp;
use docextract_store::NextDue;
use tokio::sync::{Notify, watch};

use crate::Engine;

/// The shortest, when work is due that this node has no room for.
const SCAN_MS_MIN: u64 = 100;

/// Between two tries to give leases back to a store that does not answer.
const STORE_AWAY_MS: u64 = 1_000;

/// Between two steps of replays, which caps their pace, and between two looks when none runs.
const REPLAY_PAUSE_MS: u64 = 100;
const REPLAY_SCAN_MS: u64 = 5_000;
/// Between two rounds of pruning, and between two batches of one.
const PRUNE_EVERY_MS: u64 = 10 * 60 * 1_000;
const PRUNE_PAUSE_MS: u64 = 20;

impl Engine {
    /// Gives back what this node held when it was last stopped, so that it is due at once. Await this
    /// before anything is submitted or handed over: it cannot tell those leases from older ones, and a
    /// delivery that is given back while it is being sent is sent twice. [`Engine::run`] does it when
    /// nobody has.
    pub async fn recover(&self) {
        self.recovered.get_or_init(|| self.release_own_leases()).await;
    }

    /// Works until `shutdown` is true, then drains.
    pub async fn run(self: &Arc<Self>, mut shutdown: watch::Receiver<bool>) {
        tokio::select! {
            biased;
            () = ended(&mut shutdown) => {}
            () = self.recover() => {}
        }
        tokio::join!(
            self.run_jobs(shutdown.clone()),
            self.run_fetches(shutdown.clone()),
            self.run_deliveries(shutdown.clone()),
            self.run_replays(shutdown.clone()),
            self.run_pruning(shutdown)
        );
        self.drain().await;
    }

    async fn release_own_leases(&self) {
        loop {
            match self.store().release_node(self.ambient().node(), self.ambient().now()).await {
                Ok((0, 0)) => return,
                Ok((jobs, deliveries)) => {
                    tracing::info!(
                        jobs,
                        deliveries,
                        "took up again what was in flight when this node stopped"
                    );
                    return;
                }
                Err(error) => self.outages.jobs.report(&error, "this node's leases could not be given back"),
            }
            tokio::time::sleep(Duration::from_millis(STORE_AWAY_MS)).await;
        }
    }

    async fn run_jobs(self: &Arc<Self>, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            if self.step_jobs().await > 0 {
                continue;
            }
            let due = if self.has_room_for_jobs() { self.next_due().await.job } else { None };
            self.wait(due, &self.jobs_wanted, &mut shutdown).await;
        }
    }

    async fn run_fetches(self: &Arc<Self>, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            if self.step_fetches().await > 0 {
                continue;
            }
            let due = if self.has_room_for_fetches() { self.next_due().await.fetch } else { None };
            self.wait(due, &self.fetches_wanted, &mut shutdown).await;
        }
    }

    async fn run_deliveries(self: &Arc<Self>, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            if self.claim_due().await.may_be_more {
                continue;
            }
            let due = self.next_due().await.delivery;
            self.wait(due, &self.deliveries_wanted, &mut shutdown).await;
        }
    }

    async fn run_replays(self: &Arc<Self>, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            let is_busy = self.step_replays().await | self.step_skips().await;
            let scan_ms = REPLAY_SCAN_MS.max(self.config().scan_ms_max);
            let wait_ms = if is_busy { REPLAY_PAUSE_MS } else { scan_ms };
            // Nobody who asks for another replay shortens the pause between two steps.
            tokio::select! {
                biased;
                () = ended(&mut shutdown) => {}
                () = self.replays_wanted.notified(), if !is_busy => {}
                () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
            }
        }
    }

    async fn run_pruning(self: &Arc<Self>, mut shutdown: watch::Receiver<bool>) {
        while !*shutdown.borrow() {
            let is_busy = self.step_prune().await | self.step_sweep().await;
            let wait_ms = if is_busy { PRUNE_PAUSE_MS } else { PRUNE_EVERY_MS };
            tokio::select! {
                biased;
                () = ended(&mut shutdown) => {}
                () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
            }
        }
    }

    /// Nothing is known to be due while the store does not answer; the scan comes all the same.
    async fn next_due(&self) -> NextDue {
        self.store().next_due_at().await.unwrap_or_default()
    }

    async fn wait(&self, due: Option<Timestamp>, wanted: &Notify, shutdown: &mut watch::Receiver<bool>) {
        let scan_ms_max = self.config().scan_ms_max;
        let until_due_ms = due.map_or(scan_ms_max, |due| due.ms_since(self.ambient().now()));
        let wait_ms = until_due_ms.min(scan_ms_max).max(SCAN_MS_MIN);
        // A wake-up that comes together with the timer is used up by it: it asks for no second pass.
        tokio::select! {
            biased;
            () = ended(shutdown) => {}
            () = wanted.notified() => {}
            () = tokio::time::sleep(Duration::from_millis(wait_ms)) => {}
        }
    }

    async fn drain(self: &Arc<Self>) {
        let gauges = self.gauges();
        tracing::info!(
            deliveries = gauges.deliveries_held,
            extractions = gauges.extractions_running,
            "draining: what is in flight is finished, what waits goes back"
        );
        self.close_lanes();
        self.tasks.all_done().await;
    }

    /// For tests: runs passes until nothing is due at the clock's present and nothing is in flight.
    pub async fn settle(self: &Arc<Self>) {
        loop {
            let started = self.step_fetches().await + self.step_jobs().await + self.step_deliveries().await;
            let had_to_wait = self.tasks.all_done().await;
            if started == 0 && !had_to_wait {
                return;
            }
        }
    }
}

/// Returns when the server shuts down, or whoever could tell is gone.
async fn ended(shutdown: &mut watch::Receiver<bool>) {
    let _ = shutdown.wait_for(|is_ending| *is_ending).await;
}
