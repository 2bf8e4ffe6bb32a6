//! When keys and sessions were last used, written in batches.
//!
//! A request notes its key or session in memory; a background pass writes what was noted. One that stands as
//! used within the last minute is not noted again, so a busy one costs one small write a minute. What
//! was noted and not written when the process is killed is lost: of a key it is a hint for people, and a
//! session ends by that much earlier when it is not used again.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use docextract_model::id::{KeyId, SessionId};
use docextract_model::key::ApiKey;
use docextract_model::member::Session;
use docextract_model::time::Timestamp;
use docextract_store::{Store, StoreError};

/// How old the stored instant may get before it is written again.
const PRECISION_MS: u64 = 60_000;

#[derive(Debug, Default)]
pub(crate) struct KeyUsage {
    noted: Mutex<Noted>,
}

#[derive(Debug, Default)]
struct Noted {
    keys: HashMap<KeyId, Timestamp>,
    sessions: HashMap<SessionId, Timestamp>,
}

impl KeyUsage {
    /// Notes that `key` was used, unless the store knows of a use that recent.
    pub(crate) fn note(&self, key: &ApiKey, now: Timestamp) {
        if key.last_used_at.is_some_and(|last| now.ms_since(last) < PRECISION_MS) {
            return;
        }
        self.lock().keys.insert(key.id.clone(), now);
    }

    pub(crate) fn note_session(&self, session: &Session, now: Timestamp) {
        if now.ms_since(session.last_used_at) >= PRECISION_MS {
            self.lock().sessions.insert(session.id.clone(), now);
        }
    }

    /// Writes what was noted since the last time. One pass of the background task.
    pub(crate) async fn flush(&self, store: &dyn Store) -> Result<(), StoreError> {
        let Noted { keys, sessions } = std::mem::take(&mut *self.lock());
        if !keys.is_empty() {
            store.touch_keys(keys.into_iter().collect()).await?;
        }
        if sessions.is_empty() { Ok(()) } else { store.touch_sessions(sessions.into_iter().collect()).await }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
