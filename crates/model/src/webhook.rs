//! Webhooks: an organisation's registered endpoints.

use std::fmt;
use std::num::NonZeroU32;
use std::ops::Deref;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::WebhookId;
use crate::tenant::Tenant;
use crate::time::Timestamp;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum WebhookStatus {
    Enabled,
    Disabled,
}

impl WebhookStatus {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Disabled => "disabled",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Enabled, Self::Disabled].into_iter().find(|status| status.as_str() == text)
    }
}

/// Why a webhook is disabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum DisabledReason {
    /// Its owner switched it off.
    ByRequest,
    /// It answered 410 Gone.
    Gone,
    /// It failed for five days without one success.
    FailingTooLong,
}

impl DisabledReason {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::ByRequest => "by_request",
            Self::Gone => "gone",
            Self::FailingTooLong => "failing_too_long",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::ByRequest, Self::Gone, Self::FailingTooLong].into_iter().find(|reason| reason.as_str() == text)
    }
}

/// A signing secret: `whsec_` and the base64 of 24 random bytes. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    #[must_use]
    pub fn new(random: [u8; 24]) -> Self {
        Self(format!("whsec_{}", STANDARD.encode(random)))
    }

    /// A secret as it was stored or as a user typed it.
    #[must_use]
    pub fn from_text(text: String) -> Self {
        Self(text)
    }

    /// The secret as the user sees it. Only for showing it to its owner and for storing it.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The key of the Standard Webhooks signature: the base64 part, decoded; the text itself when it is none.
    #[must_use]
    pub fn standard_key(&self) -> Vec<u8> {
        let encoded = self.0.strip_prefix("whsec_").unwrap_or(&self.0);
        STANDARD.decode(encoded).unwrap_or_else(|_| encoded.as_bytes().to_vec())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

/// A webhook's extra request headers, in the order given. Any of them may carry a credential, so `Debug`
/// prints their names alone.
#[derive(Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct WebhookHeaders(pub Vec<(String, String)>);

impl Deref for WebhookHeaders {
    type Target = [(String, String)];

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl From<Vec<(String, String)>> for WebhookHeaders {
    fn from(headers: Vec<(String, String)>) -> Self {
        Self(headers)
    }
}

impl fmt::Debug for WebhookHeaders {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

/// What a webhook's requests prove to endpoints that ask for a client certificate (mutual TLS). Cheap to
/// clone; its key is never printed by `Debug`.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ClientCertificate(Arc<CertificateAndKey>);

#[derive(PartialEq, Eq, Hash)]
struct CertificateAndKey {
    certificate_pem: String,
    private_key_pem: String,
    fingerprint_sha256: String,
}

impl ClientCertificate {
    /// A chain and the key of its first certificate, both PEM, with that certificate's fingerprint:
    /// lowercase hex SHA-256 of its DER form. Whoever makes it has checked that they belong together.
    #[must_use]
    pub fn new(certificate_pem: String, private_key_pem: String, fingerprint_sha256: String) -> Self {
        Self(Arc::new(CertificateAndKey { certificate_pem, private_key_pem, fingerprint_sha256 }))
    }

    #[must_use]
    pub fn certificate_pem(&self) -> &str {
        &self.0.certificate_pem
    }

    /// Only for using and storing it.
    #[must_use]
    pub fn expose_private_key_pem(&self) -> &str {
        &self.0.private_key_pem
    }

    #[must_use]
    pub fn fingerprint_sha256(&self) -> &str {
        &self.0.fingerprint_sha256
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClientCertificate({})", self.0.fingerprint_sha256)
    }
}

/// The secret that a rotation replaced, which still signs until its overlap ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PreviousSecret {
    pub secret: Secret,
    pub expires_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Webhook {
    pub id: WebhookId,
    pub tenant: Tenant,
    pub url: String,
    pub description: String,
    /// Event types, or `*` for the core types.
    pub events: Vec<String>,
    pub status: WebhookStatus,
    pub disabled_reason: Option<DisabledReason>,
    pub headers: WebhookHeaders,
    /// Attempts a second that its endpoint can take; none: as many as it answers.
    pub rate_limit_per_second: Option<NonZeroU32>,
    pub client_certificate: Option<ClientCertificate>,
    pub secret: Secret,
    pub previous_secret: Option<PreviousSecret>,
    /// Since when every attempt has failed.
    pub failing_since: Option<Timestamp>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Webhook {
    /// The secrets that sign now, the newest first.
    #[must_use]
    pub fn live_secrets(&self, now: Timestamp) -> Vec<Secret> {
        let previous = self.previous_secret.iter().filter(|previous| now < previous.expires_at);
        std::iter::once(self.secret.clone()).chain(previous.map(|previous| previous.secret.clone())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_in_what_debug_prints() {
        let secret = Secret::from_text("whsec_hunter2".to_owned());
        let headers = WebhookHeaders(vec![("X-Team".to_owned(), "hunter2".to_owned())]);
        let certificate = ClientCertificate::new("chain".to_owned(), "hunter2".to_owned(), "0f".to_owned());
        let shown = format!("{secret:?} {headers:?} {certificate:?}");
        assert_eq!(shown, r#"Secret(..) ["X-Team"] ClientCertificate(0f)"#);
    }
}
