//! Keys and sessions that were looked up a moment ago, each with its organisation's plan, so that a busy
//! client costs no query per request.
//!
//! A key or session that this process revokes is forgotten before the revocation is answered, and so is every
//! one when a role changes; a look-up that began before that is not remembered. Another process (the command
//! line) changes the database behind this one's back: that is noticed when what is remembered gets old.
//! Whether something has expired is judged at each use, and what was not found is never remembered.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use docextract_model::id::OrgId;
use docextract_model::key::{ApiKey, KeyHash};
use docextract_model::member::LiveSession;
use docextract_model::plan::Plan;
use docextract_model::token::TokenHash;
use docextract_store::{Store, StoreError};
use tokio::time::Instant;

/// How long another process's revocation or other plan may go unnoticed.
const AGE_MAX: Duration = Duration::from_millis(500);
/// Keys and sessions that are remembered.
const KNOWN_MAX: usize = 1_024;

/// What a request proves who it is with.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) enum Credential {
    Key(KeyHash),
    Session(TokenHash),
}

/// Who that is.
#[derive(Debug, Clone)]
pub(crate) enum Principal {
    Key(ApiKey),
    User(LiveSession),
}

impl Principal {
    fn org_id(&self) -> &OrgId {
        match self {
            Self::Key(key) => &key.org_id,
            Self::User(live) => &live.session.org_id,
        }
    }
}

/// A principal with what it may ask for.
#[derive(Clone)]
pub(crate) struct Known {
    pub(crate) principal: Principal,
    pub(crate) plan: Plan,
}

#[derive(Default)]
pub(crate) struct KeyCache {
    remembered: Mutex<Remembered>,
}

#[derive(Default)]
struct Remembered {
    known: HashMap<Credential, (Known, Instant)>,
    /// Counts revocations.
    revision: u64,
}

impl KeyCache {
    /// Whose the credential is, as the store has it or had it a moment ago.
    pub(crate) async fn find(
        &self,
        store: &dyn Store,
        credential: &Credential,
    ) -> Result<Option<Known>, StoreError> {
        // As old as the moment before the look-up: that is what the answer is true of.
        let asked_at = Instant::now();
        let revision = {
            let remembered = self.lock();
            match remembered.known.get(credential) {
                Some((known, since)) if asked_at.duration_since(*since) < AGE_MAX => {
                    return Ok(Some(known.clone()));
                }
                Some(_) | None => remembered.revision,
            }
        };
        let principal = match credential {
            Credential::Key(hash) => store.key_by_hash(hash).await?.map(Principal::Key),
            Credential::Session(hash) => store.session_by_hash(hash).await?.map(Principal::User),
        };
        let Some(principal) = principal else { return Ok(None) };
        let organisation = store.organisation(principal.org_id()).await?;
        let plan = organisation.map(|organisation| organisation.plan).unwrap_or_default();
        let known = Known { principal, plan };
        self.remember(credential, &known, asked_at, revision);
        Ok(Some(known))
    }

    fn remember(&self, credential: &Credential, known: &Known, asked_at: Instant, revision: u64) {
        let mut remembered = self.lock();
        if remembered.revision != revision {
            return;
        }
        if remembered.known.len() >= KNOWN_MAX {
            remembered.known.clear();
        }
        remembered.known.insert(credential.clone(), (known.clone(), asked_at));
    }

    /// Forgets everything: called when the store has revoked or changed something, before that is answered.
    pub(crate) fn forget(&self) {
        let mut remembered = self.lock();
        remembered.revision += 1;
        remembered.known.clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Remembered> {
        self.remembered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use docextract_model::id::KeyId;
    use docextract_model::tenant::Mode;
    use docextract_model::time::Timestamp;

    use super::*;

    fn key() -> (Credential, Known) {
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
        let known = Known { principal: Principal::Key(key), plan: Plan::Enterprise };
        (Credential::Key(KeyHash::of("sk_live_1")), known)
    }

    #[test]
    fn a_look_up_that_a_revocation_overtook_is_not_remembered() {
        let (cache, (credential, known)) = (KeyCache::default(), key());
        let revision = cache.lock().revision;
        cache.remember(&credential, &known, Instant::now(), revision);
        assert_eq!(cache.lock().known.len(), 1);
        cache.forget();
        assert_eq!(cache.lock().known.len(), 0);
        cache.remember(&credential, &known, Instant::now(), revision);
        assert_eq!(cache.lock().known.len(), 0, "it had been read before the key was revoked");
    }
}
