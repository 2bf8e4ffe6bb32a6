//! Keys that were looked up a moment ago, each with its organisation's plan, so that a busy client costs no query per request.
//!
//! A key that this process revokes is forgotten before the revocation is answered, and a look-up that began
//! before that is not remembered. Another process (the command line) changes the database behind this one's
//! back: that is noticed when what is remembered gets old. Whether a key has expired is judged at each use,
//! and a key that was not found is never remembered.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use docextract_model::key::{ApiKey, KeyHash};
use docextract_model::plan::Plan;
use docextract_store::{Store, StoreError};
use tokio::time::Instant;

/// How long another process's revocation or other plan may go unnoticed.
const AGE_MAX: Duration = Duration::from_millis(500);
/// Keys that are remembered.
const KEYS_MAX: usize = 1_024;

/// A key with what it may ask for.
#[derive(Clone)]
pub(crate) struct KnownKey {
    pub(crate) key: ApiKey,
    pub(crate) plan: Plan,
}

#[derive(Default)]
pub(crate) struct KeyCache {
    remembered: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    keys: HashMap<KeyHash, (KnownKey, Instant)>,
    /// Counts revocations.
    revision: u64,
}

impl KeyCache {
    /// The key with this hash, as the store has it or had it a moment ago.
    pub(crate) async fn find(
        &self,
        store: &dyn Store,
        hash: &KeyHash,
    ) -> Result<Option<KnownKey>, StoreError> {
        // As old as the moment before the look-up: that is what the answer is true of.
        let asked_at = Instant::now();
        let revision = {
            let remembered = self.lock();
            match remembered.keys.get(hash) {
                Some((key, since)) if asked_at.duration_since(*since) < AGE_MAX => {
                    return Ok(Some(key.clone()));
                }
                Some(_) | None => remembered.revision,
            }
        };
        let Some(key) = store.key_by_hash(hash).await? else { return Ok(None) };
        let organisation = store.organisation(&key.org_id).await?;
        let plan = organisation.map(|organisation| organisation.plan).unwrap_or_default();
        let known = KnownKey { key, plan };
        self.remember(hash, &known, asked_at, revision);
        Ok(Some(known))
    }

    fn remember(&self, hash: &KeyHash, key: &KnownKey, asked_at: Instant, revision: u64) {
        let mut remembered = self.lock();
        if remembered.revision != revision {
            return;
        }
        if remembered.keys.len() >= KEYS_MAX {
            remembered.keys.clear();
        }
        remembered.keys.insert(hash.clone(), (key.clone(), asked_at));
    }

    /// Forgets everything: called when the store has revoked a key, before that is answered.
    pub(crate) fn forget(&self) {
        let mut remembered = self.lock();
        remembered.revision += 1;
        remembered.keys.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use docextract_model::id::{KeyId, OrgId};
    use docextract_model::tenant::Mode;
    use docextract_model::time::Timestamp;

    use super::*;

    fn key() -> (KeyHash, KnownKey) {
        let key = ApiKey {
            id: KeyId::parse("key_1").unwrap(),
            org_id: OrgId::parse("org_1").unwrap(),
            name: String::new(),
            mode: Mode::Live,
            scopes: Vec::new(),
            hint: String::new(),
            created_at: Timestamp::from_unix_ms(0),
            created_by: String::new(),
            last_used_at: None,
            expires_at: None,
            revoked_at: None,
        };
        (KeyHash::of("sk_live_1"), KnownKey { key, plan: Plan::Enterprise })
    }

    #[test]
    fn a_look_up_that_a_revocation_overtook_is_not_remembered() {
        let (cache, (hash, key)) = (KeyCache::default(), key());
        let revision = cache.lock().revision;
        cache.remember(&hash, &key, Instant::now(), revision);
        assert_eq!(cache.lock().keys.len(), 1);
        cache.forget();
        assert_eq!(cache.lock().keys.len(), 0);
        cache.remember(&hash, &key, Instant::now(), revision);
        assert_eq!(cache.lock().keys.len(), 0, "it had been read before the key was revoked");
    }
}
