//! Making a key: the API, the command line and the first start all do it here.

use docextract_engine::ambient::Ambient;
use docextract_model::id::OrgId;
use docextract_model::key::{ApiKey, KeyHash, Scope, key_hint, new_key};
use docextract_model::tenant::Mode;
use docextract_model::time::Timestamp;
use docextract_store::commands::CreateKey;

/// What a new key shall be.
pub(crate) struct KeyDraft {
    pub(crate) org_id: OrgId,
    pub(crate) name: String,
    pub(crate) mode: Mode,
    pub(crate) scopes: Vec<Scope>,
    pub(crate) expires_at: Option<Timestamp>,
    /// The user or key that makes it, or `command_line` or `system`.
    pub(crate) created_by: String,
}

/// The key's text, to be shown once, and the command that stores its hash.
pub(crate) fn draft_key(draft: KeyDraft, ambient: &Ambient) -> (String, CreateKey) {
    let secret = new_key(draft.mode, ambient.random_bytes());
    let key = ApiKey {
        id: ambient.id(),
        org_id: draft.org_id,
        name: draft.name,
        mode: draft.mode,
        scopes: draft.scopes,
        hint: key_hint(&secret),
        created_at: ambient.now(),
        created_by: draft.created_by,
        last_used_at: None,
        expires_at: draft.expires_at,
        revoked_at: None,
    };
    let hash = KeyHash::of(&secret);
    (secret, CreateKey { key, hash })
}

/// Scopes as one text, for people.
pub(crate) fn scopes_text(scopes: &[Scope]) -> String {
    scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(",")
}
