//! People: users, what they may do in an organisation, how they come into one, and their sessions.
//!
//! A *user* is a person with one e-mail address; a *member* is a user in an organisation, with a role. A
//! role is a list of scopes ([`Role::scopes`]), so whoever handles a request asks for a scope and never for a
//! role. Two rules are about roles themselves: nobody gives, changes or takes away a role above their own,
//! and an organisation keeps an owner ([`judge_change`]).
//!
//! An *invitation* is a link that lets somebody in once: a new member, or (when it names a user) a member who
//! is locked out.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{InvitationId, OrgId, SessionId, UserId};
use crate::key::Scope;
use crate::limits;
use crate::tenant::{Mode, Tenant};
use crate::time::Timestamp;

/// What a member may do; a later one may do all that an earlier one may.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    Viewer,
    Developer,
    Admin,
    Owner,
}

impl Role {
    pub const ALL: [Role; 4] = [Self::Viewer, Self::Developer, Self::Admin, Self::Owner];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }

    /// The table of what each role may do.
    #[must_use]
    pub fn scopes(self) -> &'static [Scope] {
        match self {
            Self::Viewer => {
                &[Scope::DocumentsRead, Scope::ExtractorsRead, Scope::WebhooksRead, Scope::CreditsRead]
            }
            Self::Developer => &[
                Scope::DocumentsRead,
                Scope::DocumentsWrite,
                Scope::ExtractorsRead,
                Scope::ExtractorsWrite,
                Scope::WebhooksRead,
                Scope::WebhooksWrite,
                Scope::CreditsRead,
            ],
            // Admin includes every other. Only an owner makes owners: see `judge_change`.
            Self::Admin | Self::Owner => &[Scope::Admin],
        }
    }

    #[must_use]
    pub fn allows(self, scope: Scope) -> bool {
        self.scopes().contains(&scope) || self.scopes().contains(&Scope::Admin)
    }
}

/// Why a member's role cannot be given, changed or taken away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RoleRefusal {
    /// The role that is given, or that the member has, is above that of who asks.
    AboveOwn,
    /// The organisation would be left without an owner.
    LastOwner,
}

/// Whether `by` may turn a member's role `from` (none: a new member) into `to` (none: not a member any
/// more), in an organisation with this many owners.
pub fn judge_change(by: Role, from: Option<Role>, to: Option<Role>, owners: u64) -> Result<(), RoleRefusal> {
    if from.max(to) > Some(by) {
        return Err(RoleRefusal::AboveOwn);
    }
    if from == Some(Role::Owner) && to != Some(Role::Owner) && owners <= 1 {
        return Err(RoleRefusal::LastOwner);
    }
    Ok(())
}

/// An e-mail address as users are known by: in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Email(String);

impl Email {
    /// Takes what looks like an address. Whether mail arrives there is not for us to know.
    pub fn parse(text: &str) -> Result<Self, &'static str> {
        const PROBLEM: &str = "must be an e-mail address such as ada@example.com";
        let text = text.trim().to_lowercase();
        let (local, domain) = text.rsplit_once('@').ok_or(PROBLEM)?;
        let is_plain = |part: &str| !part.chars().any(|c| c.is_whitespace() || c.is_control() || c == '@');
        let fits = text.len() <= limits::EMAIL_BYTES_MAX
            && !local.is_empty()
            && is_plain(local)
            && is_plain(domain)
            && domain.split('.').all(|label| !label.is_empty());
        if fits { Ok(Self(text)) } else { Err(PROBLEM) }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn domain(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(_, domain)| domain)
    }
}

/// A password's hash in PHC form. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl PasswordHash {
    #[must_use]
    pub fn from_phc(text: String) -> Self {
        Self(text)
    }

    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordHash(..)")
    }
}

/// Who somebody is at an OpenID provider.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Identity {
    pub issuer: String,
    pub subject: String,
}

/// A person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    pub email: Email,
    pub name: String,
    /// None for one who signs in elsewhere only.
    pub password: Option<PasswordHash>,
    pub identity: Option<Identity>,
    pub created_at: Timestamp,
}

/// A user in an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub org_id: OrgId,
    pub user_id: UserId,
    pub email: Email,
    pub name: String,
    pub role: Role,
    pub joined_at: Timestamp,
}

/// An organisation that a user belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Membership {
    pub org_id: OrgId,
    pub org_name: String,
    pub role: Role,
}

/// A link that lets somebody in once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub id: InvitationId,
    pub org_id: OrgId,
    pub role: Role,
    /// Whom it is for; none lets who has the link say.
    pub email: Option<Email>,
    /// The member who is let in again, with a new password; none makes a new member.
    pub user_id: Option<UserId>,
    /// The user or key that made it, or `command_line` or `system`.
    pub created_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
    pub accepted_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

impl Invitation {
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.accepted_at.is_none() && self.revoked_at.is_none() && now < self.expires_at
    }

    #[must_use]
    pub fn status(&self, now: Timestamp) -> &'static str {
        match (self.accepted_at, self.revoked_at) {
            (Some(_), _) => "accepted",
            (None, Some(_)) => "revoked",
            (None, None) if now < self.expires_at => "open",
            (None, None) => "expired",
        }
    }
}

/// A user who signed in, and where: one organisation and one side of it at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub id: SessionId,
    pub user_id: UserId,
    pub org_id: OrgId,
    pub mode: Mode,
    pub created_at: Timestamp,
    pub last_used_at: Timestamp,
    pub expires_at: Timestamp,
    /// Where the user signed in from.
    pub address: Option<String>,
    pub user_agent: Option<String>,
}

impl Session {
    #[must_use]
    pub fn tenant(&self) -> Tenant {
        Tenant { org_id: self.org_id.clone(), mode: self.mode }
    }

    #[must_use]
    pub fn is_usable(&self, now: Timestamp) -> bool {
        now < self.expires_at && now < self.last_used_at.plus_ms(limits::SESSION_IDLE_MS)
    }
}

/// A session with what its user may do there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveSession {
    pub session: Session,
    pub role: Role,
}

/// How often somebody tried to sign in since a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInWindow {
    pub began_at: Timestamp,
    pub count: u32,
}

impl SignInWindow {
    /// One more try, of at most `most` in a window; or when the next one is allowed.
    pub fn take(known: Option<Self>, most: u32, now: Timestamp) -> Result<Self, Timestamp> {
        let present = known.filter(|window| now < window.ends_at());
        match present {
            None => Ok(Self { began_at: now, count: 1 }),
            Some(window) if window.count < most => Ok(Self { count: window.count + 1, ..window }),
            Some(window) => Err(window.ends_at()),
        }
    }

    #[must_use]
    pub fn ends_at(self) -> Timestamp {
        self.began_at.plus_ms(limits::SIGN_IN_WINDOW_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_higher_role_may_do_all_that_a_lower_one_may() {
        for pair in Role::ALL.windows(2) {
            for scope in Scope::ALL.into_iter().filter(|scope| pair[0].allows(*scope)) {
                assert!(pair[1].allows(scope), "{:?} lacks {scope:?}", pair[1]);
            }
        }
        assert!(Scope::ALL.into_iter().all(|scope| Role::Admin.allows(scope)));
        assert!(!Role::Developer.allows(Scope::Admin) && !Role::Viewer.allows(Scope::DocumentsWrite));
    }

    #[test]
    fn nobody_moves_a_role_above_their_own_and_the_last_owner_stays() {
        use Role::{Admin, Developer, Owner, Viewer};
        let all = [None, Some(Viewer), Some(Developer), Some(Admin), Some(Owner)];
        for by in Role::ALL {
            for (from, to) in all.iter().flat_map(|from| all.map(|to| (*from, to))) {
                let reaches_above = [from, to].into_iter().flatten().any(|role| role > by);
                let judged = judge_change(by, from, to, 2);
                assert_eq!(judged, if reaches_above { Err(RoleRefusal::AboveOwn) } else { Ok(()) });
            }
        }
        assert_eq!(judge_change(Owner, Some(Owner), None, 1), Err(RoleRefusal::LastOwner));
        assert_eq!(judge_change(Owner, Some(Owner), Some(Admin), 1), Err(RoleRefusal::LastOwner));
        assert_eq!(judge_change(Owner, Some(Owner), Some(Owner), 1), Ok(()));
    }

    #[test]
    fn what_is_no_address_is_refused() {
        assert_eq!(Email::parse(" Ada@Example.COM ").unwrap().as_str(), "ada@example.com");
        assert_eq!(Email::parse("ada@example.com").unwrap().domain(), "example.com");
        let long = format!("{}@example.com", "a".repeat(limits::EMAIL_BYTES_MAX));
        for wrong in ["", "ada", "@example.com", "ada@", "a b@c.d", "a@b@c", "a@b..c", "a\n@b.c", &long] {
            assert!(Email::parse(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_window_takes_as_many_tries_as_it_has_and_begins_anew() {
        let start = Timestamp::from_unix_ms(1_000);
        let first = SignInWindow::take(None, 2, start).unwrap();
        let second = SignInWindow::take(Some(first), 2, start.plus_ms(5)).unwrap();
        assert_eq!(SignInWindow::take(Some(second), 2, start.plus_ms(6)), Err(first.ends_at()));
        let anew = SignInWindow::take(Some(second), 2, first.ends_at()).unwrap();
        assert_eq!(anew, SignInWindow { began_at: first.ends_at(), count: 1 });
    }

    #[test]
    fn a_session_ends_when_it_is_old_or_was_not_used() {
        let start = Timestamp::from_unix_ms(0);
        let session = Session {
            id: SessionId::parse("ses_1").unwrap(),
            user_id: UserId::parse("usr_1").unwrap(),
            org_id: OrgId::parse("org_1").unwrap(),
            mode: Mode::Live,
            created_at: start,
            last_used_at: start,
            expires_at: start.plus_ms(limits::SESSION_MS_MAX),
            address: None,
            user_agent: None,
        };
        assert!(session.is_usable(start.plus_ms(limits::SESSION_IDLE_MS - 1)));
        assert!(!session.is_usable(start.plus_ms(limits::SESSION_IDLE_MS)));
        let used = Session { last_used_at: session.expires_at.minus_ms(1), ..session };
        assert!(used.is_usable(used.expires_at.minus_ms(1)) && !used.is_usable(used.expires_at));
    }

    #[test]
    fn nothing_secret_is_shown_by_debug() {
        let token = crate::token::Token::new("secret", [7; 32]);
        let user = User {
            id: UserId::parse("usr_1").unwrap(),
            email: Email::parse("a@b.c").unwrap(),
            name: String::new(),
            password: Some(PasswordHash::from_phc("$argon2id$secret".to_owned())),
            identity: None,
            created_at: Timestamp::from_unix_ms(0),
        };
        let key = crate::key::KeyHash::of("secret");
        let shown = format!("{token:?} {:?} {user:?} {key:?}", token.hash());
        assert!(!shown.contains("secret_") && !shown.contains("argon2id"), "{shown}");
        assert!(!shown.contains(token.hash().as_str()) && !shown.contains(key.as_str()), "{shown}");
    }
}
