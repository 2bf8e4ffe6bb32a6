//! Signing in, and being let in by a link: what the API and the page for browsers have in common.
//!
//! A try is counted before the password is looked at, for the account and for the address it comes from. What
//! is answered to a wrong password is also answered to an unknown address, after as long a look and as many
//! writes, so neither the words nor the time tell who has an account.

use docextract_model::audit::{Actor, AuditAction, AuditEntry};
use docextract_model::id::{OrgId, UserId};
use docextract_model::limits;
use docextract_model::member::{Email, Invitation, LiveSession, Session, User};
use docextract_model::tenant::Mode;
use docextract_model::token::{Token, TokenHash};
use docextract_store::people::{
    AcceptInvitation, AcceptInvitationOutcome, Joiner, NewSession, SignIn, SignInGate, SignInSubjects,
    UserRef,
};

use super::app::App;
use super::auth::{entry, with_detail};
use super::client::Client;
use super::error::{ApiError, ErrorCode, Problems, Result};
use crate::password::Password;

const TOKEN_PREFIX: &str = "dxs";

/// Somebody who is signed in now, with the token that says so.
pub(super) struct SignedIn {
    pub(super) live: LiveSession,
    pub(super) token: Token,
}

pub(super) async fn sign_in(app: &App, client: &Client, email: &str, password: Password) -> Result<SignedIn> {
    let subjects = begin(app, client, email).await?;
    // What is no address belongs to nobody.
    let email = Email::parse(email).ok();
    let user = match &email {
        Some(email) => app.store.user(&UserRef::Email(email.clone())).await?,
        None => None,
    };
    let hash = user.as_ref().and_then(|user| user.password.clone());
    let is_right = app.passwords.verify(password, hash).await?;
    match user.filter(|_| is_right) {
        Some(user) => begin_session(app, client, &user.id, "password", Some(subjects)).await,
        None => {
            note_failure(app, client, email).await?;
            Err(ErrorCode::SignInFailed.into())
        }
    }
}

/// Counts a try, or says that there were too many.
pub(super) async fn begin(app: &App, client: &Client, email: &str) -> Result<SignInSubjects> {
    let account = TokenHash::of(&email.trim().to_lowercase());
    let subjects = SignInSubjects { account, address: client.throttled_as() };
    let now = app.ambient.now();
    match app.store.begin_sign_in(&subjects, now).await? {
        SignInGate::Open => Ok(subjects),
        SignInGate::Closed { until } => Err(ApiError::too_many_sign_ins(until, now)),
    }
}

/// Logs a try that failed: with the organisations of whom it was about, or with none.
async fn note_failure(app: &App, client: &Client, email: Option<Email>) -> Result<()> {
    let user = match email {
        Some(email) => app.store.user(&UserRef::Email(email)).await?,
        None => None,
    };
    // Asked in any case: an answer must not come sooner because there is nobody.
    let user_id = user.as_ref().map_or_else(|| app.ambient.id(), |user| user.id.clone());
    let memberships = app.store.memberships(&user_id).await?;
    let failed = |org_id: Option<OrgId>| {
        let entry = entry(app, client, org_id, AuditAction::SignInFailed, Actor::Nobody);
        AuditEntry { target: user.as_ref().map(|user| user.id.to_string()), ..entry }
    };
    let mut entries: Vec<AuditEntry> =
        memberships.into_iter().map(|membership| failed(Some(membership.org_id))).collect();
    if entries.is_empty() {
        entries.push(failed(None));
    }
    app.store.record_audit(entries).await?;
    // Of tries for nobody whom an organisation knows this line is what an operator sees. The address that was
    // tried is not in it: it may be somebody's password, typed into the wrong field.
    let address = client.address_text().unwrap_or_default();
    tracing::warn!(%address, user.is_known = user.is_some(), "a try to sign in failed");
    Ok(())
}

fn new_session(app: &App, client: &Client, user_id: &UserId, org_id: OrgId) -> (Token, NewSession) {
    let now = app.ambient.now();
    let token = Token::new(TOKEN_PREFIX, app.ambient.random_bytes());
    let session = Session {
        id: app.ambient.id(),
        user_id: user_id.clone(),
        org_id,
        mode: Mode::Live,
        created_at: now,
        last_used_at: now,
        expires_at: now.plus_ms(limits::SESSION_MS_MAX),
        address: client.address_text(),
        user_agent: client.user_agent.clone(),
    };
    let hash = token.hash();
    (token, NewSession { session, hash })
}

/// A session in the oldest of the user's organisations, for who has proved to be that user.
pub(super) async fn begin_session(
    app: &App,
    client: &Client,
    user_id: &UserId,
    method: &str,
    subjects: Option<SignInSubjects>,
) -> Result<SignedIn> {
    let memberships = app.store.memberships(user_id).await?;
    let first = memberships.into_iter().next().ok_or(ErrorCode::NotAMember)?;
    let (token, session) = new_session(app, client, user_id, first.org_id.clone());
    let actor = Actor::User(user_id.clone());
    let entry = entry(app, client, Some(first.org_id), AuditAction::SignedIn, actor);
    let entry = AuditEntry { target: Some(session.session.id.to_string()), ..entry };
    let live = app.act(SignIn { session, subjects }, with_detail(entry, "method", method)).await?;
    // The membership may have ended a moment ago.
    Ok(SignedIn { live: live.ok_or(ErrorCode::NotAMember)?, token })
}

/// What comes with a link.
pub(super) struct Acceptance {
    pub(super) token: Token,
    /// Needed where the invitation names nobody.
    pub(super) email: Option<String>,
    pub(super) name: String,
    /// A new one; of a user who has an account already, the present one.
    pub(super) password: Password,
}

/// The invitation of a link, when it is open.
pub(super) async fn open_invitation(app: &App, token: &Token) -> Result<Invitation> {
    let invitation = app.store.invitation_by_hash(&token.hash()).await?;
    let open = invitation.filter(|invitation| invitation.is_open(app.ambient.now()));
    open.ok_or_else(|| ErrorCode::InvitationNotOpen.into())
}

pub(super) async fn accept(app: &App, client: &Client, acceptance: Acceptance) -> Result<SignedIn> {
    let Acceptance { token, email, name, password } = acceptance;
    let invitation = open_invitation(app, &token).await?;
    let known = match &invitation.user_id {
        Some(user_id) => app.store.user(&UserRef::Id(user_id.clone())).await?,
        None => None,
    };
    let mut problems = Problems::default();
    if name.chars().count() > limits::USER_NAME_CHARS_MAX {
        problems.push("name", format!("must be at most {} characters", limits::USER_NAME_CHARS_MAX));
    }
    let email = match (&known, &invitation.email, email) {
        (Some(user), ..) => Some(user.email.clone()),
        (None, Some(email), _) => Some(email.clone()),
        (None, None, given) => match Email::parse(given.as_deref().unwrap_or("")) {
            Ok(email) => Some(email),
            Err(problem) => {
                problems.push("email", problem);
                None
            }
        },
    };
    let Some(email) = email else {
        return Err(problems.finish().err().unwrap_or_else(|| ErrorCode::InvalidRequest.into()));
    };
    let existing = match known {
        Some(_) => None,
        None => app.store.user(&UserRef::Email(email.clone())).await?,
    };
    if existing.is_none()
        && let Some(problem) = password.problem(email.as_str())
    {
        problems.push("password", problem);
    }
    problems.finish()?;

    let salt = app.ambient.random_bytes();
    let (joiner, new_password) = match (&invitation.user_id, existing) {
        (Some(user_id), _) => {
            let hash = app.passwords.hash(password, salt).await?;
            (Joiner::Known(user_id.clone()), Some(hash))
        }
        // Whoever sent the link may not become somebody who is here already.
        (None, Some(user)) => {
            begin(app, client, email.as_str()).await?;
            if !app.passwords.verify(password, user.password.clone()).await? {
                note_failure(app, client, Some(email)).await?;
                return Err(ErrorCode::SignInFailed.into());
            }
            (Joiner::Known(user.id), None)
        }
        (None, None) => {
            let hash = app.passwords.hash(password, salt).await?;
            let user = User {
                id: app.ambient.id(),
                email,
                name,
                password: Some(hash),
                identity: None,
                created_at: app.ambient.now(),
            };
            (Joiner::New(user), None)
        }
    };
    let user_id = joiner.user_id().clone();
    let (session_token, session) = new_session(app, client, &user_id, invitation.org_id.clone());
    let actor = Actor::User(user_id);
    let entry = entry(app, client, Some(invitation.org_id), AuditAction::InvitationAccepted, actor);
    let entry = AuditEntry { target: Some(invitation.id.to_string()), ..entry };
    let command = AcceptInvitation {
        hash: token.hash(),
        joiner,
        password: new_password,
        session,
        now: app.ambient.now(),
    };
    let outcome = app.act(command, with_detail(entry, "role", invitation.role.as_str())).await?;
    app.key_cache.forget();
    match outcome {
        AcceptInvitationOutcome::Accepted(live) => Ok(SignedIn { live, token: session_token }),
        AcceptInvitationOutcome::NotOpen => Err(ErrorCode::InvitationNotOpen.into()),
        AcceptInvitationOutcome::Taken => Err(ErrorCode::EmailTaken.into()),
        AcceptInvitationOutcome::AlreadyMember => Err(ErrorCode::AlreadyMember.into()),
        AcceptInvitationOutcome::TooMany => Err(ErrorCode::MemberLimitReached.into()),
    }
}
