//! Says once that the store is away and once that it is back, however often it was asked between.

use std::sync::atomic::{AtomicBool, Ordering};

use docextract_store::StoreError;

#[derive(Default)]
pub(crate) struct Outage {
    is_reported: AtomicBool,
}

impl Outage {
    pub(crate) fn report(&self, error: &StoreError, what: &str) {
        if !self.is_reported.swap(true, Ordering::Relaxed) {
            tracing::error!(%error, "{what}: this is tried again every second");
        }
    }

    pub(crate) fn ended(&self) {
        if self.is_reported.load(Ordering::Relaxed) && self.is_reported.swap(false, Ordering::Relaxed) {
            tracing::info!("the store answers again");
        }
    }
}

/// One for each pass.
#[derive(Default)]
pub(crate) struct Outages {
    pub(crate) jobs: Outage,
    pub(crate) deliveries: Outage,
}
