//! Commands and outcomes about people: members, invitations, sessions, tries to sign in, and the log of
//! what everybody did.

use docextract_model::audit::{Actor, AuditAction};
use docextract_model::id::{InvitationId, OrgId, ReplayId, SessionId, UserId, WebhookId};
use docextract_model::member::{Email, Invitation, LiveSession, Member, PasswordHash, Role, RoleRefusal};
use docextract_model::member::{Session, User};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::token::TokenHash;

use docextract_model::id::ExtractorId;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRole {
    pub org_id: OrgId,
    pub user_id: UserId,
    pub role: Role,
    /// The role of who asks.
    pub by: Role,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoveMember {
    pub org_id: OrgId,
    pub user_id: UserId,
    pub by: Role,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChangeMemberOutcome {
    /// The member as it is, or as it was when it was removed.
    Changed(Member),
    NotFound,
    Refused(RoleRefusal),
}

/// Who becomes a member.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Joiner {
    New(User),
    Known(UserId),
}

impl Joiner {
    #[must_use]
    pub fn user_id(&self) -> &UserId {
        match self {
            Self::New(user) => &user.id,
            Self::Known(id) => id,
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddMember {
    pub org_id: OrgId,
    pub joiner: Joiner,
    pub role: Role,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum JoinOutcome {
    Joined(Member),
    /// Another user has the e-mail address, or the identity.
    Taken,
    AlreadyMember,
    /// The organisation has as many members, or the user as many organisations, as may be.
    TooMany,
    /// There is no such organisation, or no such user.
    NotFound,
}

/// Ties a known user to an identity, when there is none yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkIdentity {
    pub user_id: UserId,
    pub identity: docextract_model::member::Identity,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CreateInvitation {
    pub invitation: Invitation,
    pub hash: TokenHash,
    /// The role of who asks.
    pub by: Role,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CreateInvitationOutcome {
    Created(Invitation),
    Refused(RoleRefusal),
    /// The one that it is for is a member already.
    AlreadyMember,
    TooMany,
    /// There is no such organisation, or the user that it names is no member.
    NotFound,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevokeInvitation {
    pub org_id: OrgId,
    pub id: InvitationId,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevokeInvitationOutcome {
    Revoked(Invitation),
    NotFound,
    /// Too late.
    Accepted,
}

/// A session with the hash of its token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewSession {
    pub session: Session,
    pub hash: TokenHash,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptInvitation {
    pub hash: TokenHash,
    /// The user that the invitation names, where it names one.
    pub joiner: Joiner,
    /// The new password of a user that the invitation names.
    pub password: Option<PasswordHash>,
    /// Its organisation is the invitation's.
    pub session: NewSession,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AcceptInvitationOutcome {
    Accepted(LiveSession),
    /// It is unknown, revoked, expired or was accepted before, or is for somebody else.
    NotOpen,
    Taken,
    AlreadyMember,
    TooMany,
}

/// Of whom the tries to sign in are counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignInSubjects {
    /// A hash of the e-mail address.
    pub account: TokenHash,
    pub address: Option<String>,
}

impl SignInSubjects {
    /// Each subject as it is stored, with how many tries it has in a window.
    pub(crate) fn counted(&self) -> Vec<(String, u32)> {
        use docextract_model::limits::{SIGN_INS_PER_ACCOUNT_MAX, SIGN_INS_PER_ADDRESS_MAX};
        let account = (self.account_subject(), SIGN_INS_PER_ACCOUNT_MAX);
        let address = self.address_subject().map(|subject| (subject, SIGN_INS_PER_ADDRESS_MAX));
        std::iter::once(account).chain(address).collect()
    }

    pub(crate) fn account_subject(&self) -> String {
        format!("account {}", self.account.as_str())
    }

    pub(crate) fn address_subject(&self) -> Option<String> {
        self.address.as_ref().map(|address| format!("address {address}"))
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignInGate {
    Open,
    Closed { until: Timestamp },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignIn {
    pub session: NewSession,
    /// Counted no more: it was who it said.
    pub subjects: Option<SignInSubjects>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EndSession {
    pub user_id: UserId,
    pub id: SessionId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SwitchSession {
    pub user_id: UserId,
    pub id: SessionId,
    pub org_id: OrgId,
    pub mode: Mode,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangePassword {
    pub user_id: UserId,
    pub password: PasswordHash,
    /// The only one of the user's sessions that goes on.
    pub keep: SessionId,
}

// ---- use cases of other nouns that are acts, too ----

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteWebhook {
    pub tenant: Tenant,
    pub id: WebhookId,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeleteExtractor {
    pub tenant: Tenant,
    pub id: ExtractorId,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CancelReplay {
    pub tenant: Tenant,
    pub id: ReplayId,
    pub now: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct AuditFilter {
    pub actor: Option<Actor>,
    pub action: Option<AuditAction>,
    pub target: Option<String>,
    pub created_after: Option<Timestamp>,
    pub created_before: Option<Timestamp>,
}

/// Removes what is over of people, a few at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PruneAccounts {
    pub now: Timestamp,
    /// Entries of the audit log that were written before are old.
    pub audit_before: Timestamp,
    /// Of sessions, of tries to sign in, of invitations, and of entries.
    pub limit: u32,
}

/// The user that an e-mail address or an identity names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UserRef {
    Id(UserId),
    Email(Email),
    Identity(docextract_model::member::Identity),
}
