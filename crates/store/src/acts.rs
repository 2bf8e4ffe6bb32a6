//! Acts: the use cases that somebody answers for, each with its entry in the audit log.
//!
//! [`Store::act`] is the one place where that log is written beside an act: both commit together, or neither
//! when the act did not take place ([`TookPlace`]). The API and the command line do these use cases as acts
//! only; the methods of the same names are for what has no author, such as the engine and tests.
//! Submitting a document is no act: its job is its log, and it must cost no second row.

use docextract_model::audit::AuditEntry;
use docextract_model::credit::Account;
use docextract_model::key::ApiKey;
use docextract_model::member::{LiveSession, Session};
use docextract_model::replay::Replay;
use docextract_model::webhook::Webhook;

use crate::commands::{
    CorrectJob, CorrectJobOutcome, CreateExtractor, CreateKey, CreateKeyOutcome, CreateReplayOutcome,
    CreateWebhookOutcome, DeleteOutcome, EraseJob, EraseJobOutcome, Extractor, GrantCredits, GrantOutcome,
    Organisation, ReplayDelivery, ReplayOutcome, RevokeKey, RotateSecret, SetLowBalanceThreshold, SetPlan,
    UpdateExtractor, UpdateWebhook,
};
use crate::people::{
    AcceptInvitation, AcceptInvitationOutcome, AddMember, CancelReplay, ChangeMemberOutcome, ChangePassword,
    ChangeRole, CreateInvitation, CreateInvitationOutcome, DeleteExtractor, DeleteWebhook, EndSession,
    JoinOutcome, RemoveMember, RevokeInvitation, RevokeInvitationOutcome, SignIn,
};
use crate::{Result, Store, StoreError};

/// A command that is an act.
pub trait Deed {
    type Outcome;
    fn into_act(self) -> Act;
    /// What came of it; none when the outcome is another act's.
    fn outcome(of: ActOutcome) -> Option<Self::Outcome>;
}

/// Whether an outcome means that something was done.
pub trait TookPlace {
    fn took_place(&self) -> bool;
}

impl<T> TookPlace for Option<T> {
    fn took_place(&self) -> bool {
        self.is_some()
    }
}

macro_rules! took_place {
    ($($outcome:ty => $pattern:pat,)+) => {$(
        impl TookPlace for $outcome {
            fn took_place(&self) -> bool {
                matches!(self, $pattern)
            }
        }
    )+};
}

took_place! {
    CreateKeyOutcome => Self::Created(_),
    CreateWebhookOutcome => Self::Created(_),
    CreateReplayOutcome => Self::Created(_),
    DeleteOutcome => Self::Deleted,
    Extractor => _,
    GrantOutcome => Self::Granted { .. },
    EraseJobOutcome => Self::Erased,
    CorrectJobOutcome => Self::Corrected(_),
    ReplayOutcome => Self::Replayed { .. },
    ChangeMemberOutcome => Self::Changed(_),
    JoinOutcome => Self::Joined(_),
    CreateInvitationOutcome => Self::Created(_),
    RevokeInvitationOutcome => Self::Revoked(_),
    AcceptInvitationOutcome => Self::Accepted(_),
}

macro_rules! acts {
    ($($name:ident($command:ty) -> $outcome:ty;)+) => {
        #[derive(Debug, Clone)]
        pub enum Act {
            $($name($command),)+
        }

        #[derive(Debug, Clone, PartialEq)]
        pub enum ActOutcome {
            $($name($outcome),)+
        }

        impl TookPlace for ActOutcome {
            fn took_place(&self) -> bool {
                match self {
                    $(Self::$name(outcome) => outcome.took_place(),)+
                }
            }
        }

        $(impl Deed for $command {
            type Outcome = $outcome;

            fn into_act(self) -> Act {
                Act::$name(self)
            }

            fn outcome(of: ActOutcome) -> Option<$outcome> {
                if let ActOutcome::$name(outcome) = of { Some(outcome) } else { None }
            }
        })+
    };
}

acts! {
    CreateKey(CreateKey) -> CreateKeyOutcome;
    RevokeKey(RevokeKey) -> Option<ApiKey>;
    SetPlan(SetPlan) -> Option<Organisation>;
    CreateExtractor(CreateExtractor) -> Extractor;
    UpdateExtractor(UpdateExtractor) -> Option<Extractor>;
    DeleteExtractor(DeleteExtractor) -> DeleteOutcome;
    CorrectJob(CorrectJob) -> CorrectJobOutcome;
    EraseJob(EraseJob) -> EraseJobOutcome;
    GrantCredits(GrantCredits) -> GrantOutcome;
    SetLowBalanceThreshold(SetLowBalanceThreshold) -> Option<Account>;
    CreateWebhook(Webhook) -> CreateWebhookOutcome;
    UpdateWebhook(UpdateWebhook) -> Option<Webhook>;
    RotateSecret(RotateSecret) -> Option<Webhook>;
    DeleteWebhook(DeleteWebhook) -> DeleteOutcome;
    ReplayDelivery(ReplayDelivery) -> ReplayOutcome;
    CreateReplay(Replay) -> CreateReplayOutcome;
    CancelReplay(CancelReplay) -> Option<Replay>;
    AddMember(AddMember) -> JoinOutcome;
    ChangeRole(ChangeRole) -> ChangeMemberOutcome;
    RemoveMember(RemoveMember) -> ChangeMemberOutcome;
    CreateInvitation(CreateInvitation) -> CreateInvitationOutcome;
    RevokeInvitation(RevokeInvitation) -> RevokeInvitationOutcome;
    AcceptInvitation(AcceptInvitation) -> AcceptInvitationOutcome;
    SignIn(SignIn) -> Option<LiveSession>;
    EndSession(EndSession) -> Option<Session>;
    ChangePassword(ChangePassword) -> Option<u64>;
}

/// Carries an act out, and notes it when it took place.
pub async fn act<D: Deed>(store: &dyn Store, deed: D, entry: AuditEntry) -> Result<D::Outcome> {
    let outcome = store.act(deed.into_act(), entry).await?;
    D::outcome(outcome).ok_or_else(|| StoreError::Refused("the outcome is another act's".to_owned()))
}
