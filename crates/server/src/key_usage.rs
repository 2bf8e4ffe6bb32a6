//! When keys were last used, written in batches.
//!
//! A request notes its key in memory; a background pass writes what was noted. A key that stands as
//! used within the last minute is not noted again, so a busy key costs one small write a minute. What
//! was noted and not written when the process is killed is lost: it is a hint for people, not a fact.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use docextract_model::id::KeyId;
use docextract_model::key::ApiKey;
use docextract_model::time::Timestamp;
use docextract_store::{Store, StoreError};

/// How old the stored instant may get before it is written again.
const PRECISION_MS: u64 = 60_000;

#[derive(Debug, Default)]
pub(crate) struct KeyUsage {
    noted: Mutex<HashMap<KeyId, Timestamp>>,
}

impl KeyUsage {
    /// Notes that `key` was used, unless the store knows of a use that recent.
    pub(crate) fn note(&self, key: &ApiKey, now: Timestamp) {
        if key.last_used_at.is_some_and(|last| now.ms_since(last) < PRECISION_MS) {
            return;
        }
        self.noted.lock().unwrap_or_else(PoisonError::into_inner).insert(key.id.clone(), now);
    }

    /// Writes what was noted since the last time. One pass of the background task.
    pub(crate) async fn flush(&self, store: &dyn Store) -> Result<(), StoreError> {
        let noted = std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner));
        if noted.is_empty() { Ok(()) } else { store.touch_keys(noted.into_iter().collect()).await }
    }
}
