//! The audit log: who did what to which object, when, from where.
//!
//! An entry is written in the transaction of the act that it tells of, and never changed. It holds no
//! secrets and nothing that was read from a document.

use std::borrow::Cow;
use std::collections::BTreeMap;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Serialize, Serializer};

use crate::id::{AuditId, KeyId, OrgId, RequestId, UserId};
use crate::tenant::Mode;
use crate::time::Timestamp;

/// Who did it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    User(UserId),
    Key(KeyId),
    CommandLine,
    /// The server by itself, such as at its first start.
    System,
    /// Somebody who was not let in.
    Nobody,
}

impl Actor {
    /// Reads what [`Actor::as_str`] wrote.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "command_line" => Some(Self::CommandLine),
            "system" => Some(Self::System),
            "nobody" => Some(Self::Nobody),
            _ => UserId::parse(text).map(Self::User).or_else(|_| KeyId::parse(text).map(Self::Key)).ok(),
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::User(id) => id.as_str(),
            Self::Key(id) => id.as_str(),
            Self::CommandLine => "command_line",
            Self::System => "system",
            Self::Nobody => "nobody",
        }
    }
}

impl JsonSchema for Actor {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Actor".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        let pattern = "^((usr|key)_[0-9A-Za-z]{1,64}|command_line|system|nobody)$";
        json_schema!({"type": "string", "pattern": pattern})
    }
}

impl Serialize for Actor {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

macro_rules! actions {
    ($($name:ident = $text:literal;)+) => {
        /// What was done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
        pub enum AuditAction {
            $(#[serde(rename = $text)] $name,)+
        }

        impl AuditAction {
            pub const ALL: &'static [AuditAction] = &[$(Self::$name,)+];

            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }
        }
    };
}

actions! {
    KeyCreated = "key.created";
    KeyRevoked = "key.revoked";
    MemberJoined = "member.joined";
    MemberRoleChanged = "member.role_changed";
    MemberRemoved = "member.removed";
    InvitationCreated = "invitation.created";
    InvitationRevoked = "invitation.revoked";
    InvitationAccepted = "invitation.accepted";
    SignedIn = "session.signed_in";
    SignInFailed = "session.sign_in_failed";
    SessionEnded = "session.ended";
    PasswordChanged = "password.changed";
    WebhookCreated = "webhook.created";
    WebhookUpdated = "webhook.updated";
    WebhookEnabled = "webhook.enabled";
    WebhookDeleted = "webhook.deleted";
    WebhookSecretRotated = "webhook.secret_rotated";
    WebhookSecretShown = "webhook.secret_shown";
    ExtractorCreated = "extractor.created";
    ExtractorUpdated = "extractor.updated";
    ExtractorDeleted = "extractor.deleted";
    CreditsGranted = "credits.granted";
    CreditsPurchased = "credits.purchased";
    CreditsThresholdChanged = "credits.threshold_changed";
    PlanChanged = "plan.changed";
    DocumentCorrected = "document.corrected";
    DocumentErased = "document.erased";
    DeliveryReplayed = "delivery.replayed";
    WebhookReplayed = "webhook.replayed";
    ReplayCancelled = "replay.cancelled";
}

impl AuditAction {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == text)
    }
}

/// A row of the log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct AuditEntry {
    pub id: AuditId,
    /// None for a try to sign in as somebody whom nobody knows.
    pub org_id: Option<OrgId>,
    pub actor: Actor,
    pub action: AuditAction,
    /// The id of what it was done to.
    pub target: Option<String>,
    /// On which side, where that matters.
    pub mode: Option<Mode>,
    /// The client's address.
    pub address: Option<String>,
    pub request_id: Option<RequestId>,
    /// What else is worth knowing, such as the role that was given.
    pub detail: BTreeMap<String, String>,
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actors_and_actions_read_back_as_they_were_written() {
        let actors = [
            Actor::User(UserId::parse("usr_1").unwrap()),
            Actor::Key(KeyId::parse("key_1").unwrap()),
            Actor::CommandLine,
            Actor::System,
            Actor::Nobody,
        ];
        for actor in actors {
            assert_eq!(Actor::parse(actor.as_str()), Some(actor));
        }
        assert_eq!(Actor::parse("wh_1"), None);
        for action in AuditAction::ALL {
            assert_eq!(AuditAction::parse(action.as_str()), Some(*action));
        }
    }
}
