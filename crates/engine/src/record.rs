//! Outcomes into the store, in groups.
//!
//! Whoever has an outcome puts it on the pile and, finding nobody writing, writes the pile, up to
//! [`GROUP_MAX`] in one transaction, until it is empty; all others are done. While one group is being
//! written the next one gathers, so groups are as large as the store is slow and a lone outcome is
//! written at once. There is no task to start, stop or lose.
//!
//! While the store is unavailable the group is tried again, until an outcome's lease has run out:
//! from then on somebody else may hold the delivery, and it is sent again (at least once). Until it
//! is written an outcome counts as held, so a store that is away stops the senders, not the memory.
//! What it never does: drop an outcome without saying so in the log.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use docextract_model::id::DeliveryId;
use docextract_model::time::Timestamp;
use docextract_store::StoreError;
use docextract_store::commands::{FencedOutcome, RecordAttempt, RecordAttempts};

use crate::Engine;

/// Outcomes in one transaction.
const GROUP_MAX: usize = 500;
const RETRY_WAIT_MS_FIRST: u64 = 50;
const RETRY_WAIT_MS_MAX: u64 = 2_000;

/// An attempt's outcome, and until when it is ours to write.
#[derive(Debug, Clone)]
pub(crate) struct Outcome {
    pub(crate) record: RecordAttempt,
    pub(crate) lease_until: Timestamp,
    /// What its lane counts until it is written.
    pub(crate) body_bytes: usize,
}

/// The piles, and the turn to write them.
#[derive(Default)]
pub(crate) struct Recorder {
    outcomes: Mutex<Vec<Outcome>>,
    turn: tokio::sync::Mutex<()>,
    releases: Mutex<Vec<(DeliveryId, String)>>,
    releases_turn: tokio::sync::Mutex<()>,
}

impl Engine {
    /// Sees to it that an outcome is written, together with those of others: by whoever is writing, or
    /// here.
    pub(crate) async fn record(self: &Arc<Self>, outcome: Outcome) {
        pile(&self.recorder.outcomes, [outcome]);
        // Whoever had the turn may have seen an empty pile just before this outcome lay on it, so the pile
        // is looked at again after the turn was given back.
        while !locked(&self.recorder.outcomes).is_empty() {
            let Ok(_turn) = self.recorder.turn.try_lock() else { return };
            self.write_pile().await;
        }
    }

    async fn write_pile(self: &Arc<Self>) {
        loop {
            let group = take_group(&self.recorder.outcomes);
            if group.is_empty() {
                return;
            }
            let held: Vec<usize> = group.iter().map(|outcome| outcome.body_bytes).collect();
            self.write_outcomes(group).await;
            let mut lanes = self.lanes();
            for body_bytes in held {
                lanes.forget(body_bytes);
            }
        }
    }

    /// Gives deliveries back unsent. A store that is away is asked again for some seconds; after that their
    /// leases run out, and the scan finds them.
    pub(crate) async fn release(&self, leases: Vec<(DeliveryId, String)>) {
        pile(&self.recorder.releases, leases);
        let _turn = self.recorder.releases_turn.lock().await;
        let group = std::mem::take(&mut *locked(&self.recorder.releases));
        if group.is_empty() {
            return;
        }
        let mut wait_ms = RETRY_WAIT_MS_FIRST;
        loop {
            match self.store().release_deliveries(group.clone()).await {
                Ok(()) => return,
                Err(StoreError::Unavailable(_)) if wait_ms <= RETRY_WAIT_MS_MAX => {}
                Err(error) => {
                    let deliveries = group.len();
                    tracing::warn!(%error, deliveries, "deliveries were not given back: they are due again when their leases run out");
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            wait_ms *= 2;
        }
    }

    /// Writes attempts, and sends on what a webhook's end has to say.
    async fn write(
        self: &Arc<Self>,
        attempts: Arc<[RecordAttempt]>,
    ) -> docextract_store::Result<Vec<FencedOutcome>> {
        let ids = self.ambient().ids(u32::try_from(attempts.len()).unwrap_or(u32::MAX));
        let command = RecordAttempts { attempts, ids, send_lease: self.send_lease() };
        let recorded = self.store().record_attempts(command).await?;
        self.hand_over(recorded.to_send);
        Ok(recorded.outcomes)
    }

    async fn write_outcomes(self: &Arc<Self>, group: Vec<Outcome>) {
        let (leases, records): (Vec<Timestamp>, Vec<RecordAttempt>) =
            group.into_iter().map(|outcome| (outcome.lease_until, outcome.record)).unzip();
        let (records, leases): (Arc<[RecordAttempt]>, _) = (records.into(), leases);
        let Err(reason) = self.write_while_leased(Arc::clone(&records), leases.clone()).await else { return };
        tracing::error!(reason, attempts = records.len(), "the store refused a group of attempts");
        // One outcome that the store refuses must not take the others with it.
        for (record, lease_until) in records.iter().zip(leases) {
            if let Err(reason) = self.write_while_leased(Arc::from([record.clone()]), vec![lease_until]).await
            {
                tracing::error!(reason, delivery.id = %record.delivery_id, "an attempt was not recorded: it will be made again");
            }
        }
    }

    /// Writes attempts, however often it takes while the store is away and their leases last. An error is
    /// why the store refused them.
    async fn write_while_leased(
        self: &Arc<Self>,
        mut records: Arc<[RecordAttempt]>,
        mut leases: Vec<Timestamp>,
    ) -> Result<(), String> {
        let mut wait_ms = RETRY_WAIT_MS_FIRST;
        while !records.is_empty() {
            match self.write(Arc::clone(&records)).await {
                Ok(written) => {
                    report_lost(&records, &written);
                    break;
                }
                Err(StoreError::Refused(reason)) => return Err(reason),
                Err(StoreError::Unavailable(reason)) if wait_ms == RETRY_WAIT_MS_FIRST => {
                    let attempts = records.len();
                    tracing::warn!(reason, attempts, "attempts could not be recorded yet");
                }
                Err(StoreError::Unavailable(_)) => {}
            }
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
            wait_ms = (wait_ms * 2).min(RETRY_WAIT_MS_MAX);
            let now = self.ambient().now();
            let lost = leases.iter().filter(|until| **until <= now).count();
            if lost > 0 {
                tracing::error!(
                    attempts = lost,
                    "attempts were not recorded in time: they will be made again"
                );
                let ours = records.iter().zip(&leases).filter(|(_, until)| now < **until);
                records = ours.map(|(record, _)| record.clone()).collect();
                leases.retain(|until| now < *until);
            }
        }
        Ok(())
    }
}

fn locked<T>(pile: &Mutex<Vec<T>>) -> std::sync::MutexGuard<'_, Vec<T>> {
    pile.lock().unwrap_or_else(PoisonError::into_inner)
}

fn pile<T>(pile: &Mutex<Vec<T>>, more: impl IntoIterator<Item = T>) {
    locked(pile).extend(more);
}

fn take_group(pile: &Mutex<Vec<Outcome>>) -> Vec<Outcome> {
    let mut pile = locked(pile);
    let count = pile.len().min(GROUP_MAX);
    pile.drain(..count).collect()
}

fn report_lost(records: &[RecordAttempt], written: &[FencedOutcome]) {
    for (record, fenced) in records.iter().zip(written) {
        match fenced {
            FencedOutcome::Written => {}
            FencedOutcome::LostLease => {
                tracing::info!(delivery.id = %record.delivery_id, "another holds this delivery by now: the attempt was not recorded");
            }
        }
    }
}
