//! API keys: shown once, kept only as a hash.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::id::{KeyId, OrgId};
use crate::tenant::{Mode, Tenant};
use crate::time::Timestamp;

/// What a key may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Scope {
    #[serde(rename = "documents:read")]
    DocumentsRead,
    #[serde(rename = "documents:write")]
    DocumentsWrite,
    #[serde(rename = "extractors:read")]
    ExtractorsRead,
    #[serde(rename = "extractors:write")]
    ExtractorsWrite,
    #[serde(rename = "webhooks:read")]
    WebhooksRead,
    #[serde(rename = "webhooks:write")]
    WebhooksWrite,
    #[serde(rename = "credits:read")]
    CreditsRead,
    /// Includes every other scope.
    #[serde(rename = "admin")]
    Admin,
}

impl Scope {
    pub const ALL: [Scope; 8] = [
        Self::DocumentsRead,
        Self::DocumentsWrite,
        Self::ExtractorsRead,
        Self::ExtractorsWrite,
        Self::WebhooksRead,
        Self::WebhooksWrite,
        Self::CreditsRead,
        Self::Admin,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentsRead => "documents:read",
            Self::DocumentsWrite => "documents:write",
            Self::ExtractorsRead => "extractors:read",
            Self::ExtractorsWrite => "extractors:write",
            Self::WebhooksRead => "webhooks:read",
            Self::WebhooksWrite => "webhooks:write",
            Self::CreditsRead => "credits:read",
            Self::Admin => "admin",
        }
    }

    /// Reads `all`, or scopes with commas between them. The error names the word that is none.
    pub fn parse_list(text: &str) -> Result<Vec<Self>, String> {
        if text.trim() == "all" {
            return Ok(Self::ALL.to_vec());
        }
        let mut scopes = Vec::new();
        for word in text.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let scope = Self::ALL.into_iter().find(|scope| scope.as_str() == word).ok_or_else(|| {
                let known: Vec<&str> = Self::ALL.iter().map(|scope| scope.as_str()).collect();
                format!("{word:?} is not a scope: use all, or some of {}", known.join(", "))
            })?;
            if !scopes.contains(&scope) {
                scopes.push(scope);
            }
        }
        if scopes.is_empty() {
            Err("no scope was given: use all, or name some".to_owned())
        } else {
            Ok(scopes)
        }
    }
}

/// A key without its secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    pub id: KeyId,
    pub org_id: OrgId,
    pub name: String,
    pub mode: Mode,
    pub scopes: Vec<Scope>,
    /// The key's first characters, by which its owner knows it again.
    pub hint: String,
    pub created_at: Timestamp,
    /// The user or key that made it, or `command_line` or `system`.
    pub created_by: String,
    pub last_used_at: Option<Timestamp>,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl ApiKey {
    #[must_use]
    pub fn tenant(&self) -> Tenant {
        Tenant { org_id: self.org_id.clone(), mode: self.mode }
    }

    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|expires_at| now < expires_at)
    }

    #[must_use]
    pub fn allows(&self, scope: Scope) -> bool {
        self.scopes.contains(&scope) || self.scopes.contains(&Scope::Admin)
    }
}

/// SHA-256 of a key. A key has 192 random bits, so a slow hash would protect nothing more.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct KeyHash(String);

impl KeyHash {
    #[must_use]
    pub fn of(secret: &str) -> Self {
        Self(hex::encode(Sha256::digest(secret.as_bytes())))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for KeyHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeyHash(..)")
    }
}

/// A new key's text: `sk_live_` or `sk_test_` and 48 hexadecimal digits.
#[must_use]
pub fn new_key(mode: Mode, random: [u8; 24]) -> String {
    format!("sk_{}_{}", mode.as_str(), hex::encode(random))
}

/// The part of a key that may be shown again.
#[must_use]
pub fn key_hint(secret: &str) -> String {
    secret.chars().take(12).collect()
}
