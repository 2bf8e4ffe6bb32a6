//! Users, members, invitations, sessions and tries to sign in.

use docextract_model::id::{OrgId, SessionId, UserId};
use docextract_model::limits;
use docextract_model::member::{
    Email, Identity, Invitation, LiveSession, Member, Membership, PasswordHash, Role, Session, SignInWindow,
    User, judge_change,
};
use docextract_model::tenant::Mode;
use docextract_model::time::Timestamp;
use docextract_model::token::TokenHash;
use rusqlite::{Connection, params};

use super::keys::organisation_exists;
use super::rows::{Columns, ListQuery, all, execute, integer, ms, one, text};
use crate::commands::{Page, PageRequest};
use crate::people::{
    AcceptInvitation, AcceptInvitationOutcome, AddMember, ChangeMemberOutcome, ChangePassword, ChangeRole,
    CreateInvitation, CreateInvitationOutcome, EndSession, JoinOutcome, Joiner, LinkIdentity, NewSession,
    PruneAccounts, RemoveMember, RevokeInvitation, RevokeInvitationOutcome, SignIn, SignInGate,
    SignInSubjects, SwitchSession, UserRef,
};
use crate::{Result, StoreError};

const SELECT_USER: &str = "SELECT id, email, name, password, issuer, subject, created_at FROM users";
/// A member's id is its user's, which is what lists go by.
const SELECT_MEMBER: &str = "SELECT org_id, id, email, name, role, joined_at FROM (SELECT members.org_id, \
     users.id, users.email, users.name, members.role, members.joined_at FROM members \
     JOIN users ON users.id = members.user_id)";
const SELECT_INVITATION: &str = "SELECT id, org_id, role, email, user_id, created_by, created_at, expires_at, \
     accepted_at, revoked_at FROM invitations";
const SELECT_SESSION: &str = "SELECT id, user_id, org_id, mode, created_at, last_used_at, expires_at, address, \
     user_agent FROM sessions";
const SELECT_LIVE_SESSION: &str = "SELECT s.id, s.user_id, s.org_id, s.mode, s.created_at, s.last_used_at, \
     s.expires_at, s.address, s.user_agent, m.role FROM sessions s \
     JOIN members m ON m.org_id = s.org_id AND m.user_id = s.user_id";

// ---- users ----

pub(super) fn user(db: &Connection, which: &UserRef) -> Result<Option<User>> {
    match which {
        UserRef::Id(id) => one(db, &format!("{SELECT_USER} WHERE id = ?"), [id.as_str()], read_user),
        UserRef::Email(email) => {
            one(db, &format!("{SELECT_USER} WHERE email = ?"), [email.as_str()], read_user)
        }
        UserRef::Identity(identity) => {
            let sql = format!("{SELECT_USER} WHERE issuer = ? AND subject = ?");
            one(db, &sql, [&identity.issuer, &identity.subject], read_user)
        }
    }
}

fn read_user(columns: &mut Columns<'_, '_>) -> Result<User> {
    let (id, email, name) = (columns.id()?, read_email(&columns.get::<String>()?)?, columns.get()?);
    let password: Option<String> = columns.get()?;
    let (issuer, subject): (Option<String>, Option<String>) = (columns.get()?, columns.get()?);
    let identity = issuer.zip(subject).map(|(issuer, subject)| Identity { issuer, subject });
    let password = password.map(PasswordHash::from_phc);
    Ok(User { id, email, name, password, identity, created_at: columns.time()? })
}

fn read_email(text: &str) -> Result<Email> {
    Email::parse(text).map_err(|problem| StoreError::Refused(format!("the e-mail address {text} {problem}")))
}

fn insert_user(db: &Connection, user: &User) -> Result<()> {
    execute(
        db,
        "INSERT INTO users (id, email, name, password, issuer, subject, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?)",
        params![
            user.id.as_str(),
            user.email.as_str(),
            user.name,
            user.password.as_ref().map(PasswordHash::expose),
            user.identity.as_ref().map(|identity| &identity.issuer),
            user.identity.as_ref().map(|identity| &identity.subject),
            user.created_at.unix_ms(),
        ],
    )?;
    Ok(())
}

pub(super) fn link_identity(db: &Connection, command: &LinkIdentity) -> Result<bool> {
    if user(db, &UserRef::Identity(command.identity.clone()))?.is_some() {
        return Ok(false);
    }
    let linked = execute(
        db,
        "UPDATE users SET issuer = ?2, subject = ?3 WHERE id = ?1 AND subject IS NULL",
        params![command.user_id.as_str(), command.identity.issuer, command.identity.subject],
    )?;
    Ok(linked == 1)
}

// ---- members ----

pub(super) fn memberships(db: &Connection, user_id: &UserId) -> Result<Vec<Membership>> {
    let sql = "SELECT members.org_id, organisations.name, members.role FROM members \
               JOIN organisations ON organisations.id = members.org_id \
               WHERE members.user_id = ? ORDER BY members.org_id LIMIT ?";
    all(db, sql, params![user_id.as_str(), limits::MEMBERSHIPS_MAX], |columns| {
        let (org_id, org_name) = (columns.id()?, columns.get()?);
        Ok(Membership { org_id, org_name, role: columns.word("role", Role::parse)? })
    })
}

pub(super) fn members(db: &Connection, org_id: &OrgId, page: &PageRequest) -> Result<Page<Member>> {
    ListQuery::new(SELECT_MEMBER, "org_id = ?", [text(org_id.as_str())]).page(db, page, read_member)
}

pub(super) fn member(db: &Connection, org_id: &OrgId, user_id: &UserId) -> Result<Option<Member>> {
    let sql = format!("{SELECT_MEMBER} WHERE org_id = ? AND id = ?");
    one(db, &sql, [org_id.as_str(), user_id.as_str()], read_member)
}

fn read_member(columns: &mut Columns<'_, '_>) -> Result<Member> {
    Ok(Member {
        org_id: columns.id()?,
        user_id: columns.id()?,
        email: read_email(&columns.get::<String>()?)?,
        name: columns.get()?,
        role: columns.word("role", Role::parse)?,
        joined_at: columns.time()?,
    })
}

pub(super) fn has_owner(db: &Connection, org_id: &OrgId) -> Result<bool> {
    let sql = "SELECT 1 FROM members JOIN users ON users.id = members.user_id \
               WHERE members.org_id = ? AND members.role = 'owner' \
               AND (users.password IS NOT NULL OR users.subject IS NOT NULL)";
    Ok(one(db, sql, [org_id.as_str()], |_| Ok(()))?.is_some())
}

fn count(db: &Connection, sql: &str, id: &str) -> Result<u64> {
    Ok(one(db, sql, [id], |columns| columns.count())?.unwrap_or(0))
}

fn owners(db: &Connection, org_id: &OrgId) -> Result<u64> {
    count(db, "SELECT count(*) FROM members WHERE org_id = ? AND role = 'owner'", org_id.as_str())
}

pub(super) fn add_member(db: &Connection, command: &AddMember) -> Result<JoinOutcome> {
    if !organisation_exists(db, &command.org_id)? {
        return Ok(JoinOutcome::NotFound);
    }
    join(db, &command.org_id, &command.joiner, command.role, command.now)
}

fn join(db: &Connection, org_id: &OrgId, joiner: &Joiner, role: Role, now: Timestamp) -> Result<JoinOutcome> {
    match joiner {
        Joiner::New(new) => {
            let of_identity = new.identity.clone().map(UserRef::Identity);
            let taken = user(db, &UserRef::Email(new.email.clone()))?.is_some()
                || of_identity.map(|which| user(db, &which)).transpose()?.flatten().is_some();
            if taken {
                return Ok(JoinOutcome::Taken);
            }
        }
        Joiner::Known(id) => {
            if user(db, &UserRef::Id(id.clone()))?.is_none() {
                return Ok(JoinOutcome::NotFound);
            }
            if member(db, org_id, id)?.is_some() {
                return Ok(JoinOutcome::AlreadyMember);
            }
        }
    }
    let user_id = joiner.user_id();
    let members = count(db, "SELECT count(*) FROM members WHERE org_id = ?", org_id.as_str())?;
    let memberships = count(db, "SELECT count(*) FROM members WHERE user_id = ?", user_id.as_str())?;
    if members >= u64::from(limits::MEMBERS_MAX) || memberships >= u64::from(limits::MEMBERSHIPS_MAX) {
        return Ok(JoinOutcome::TooMany);
    }
    if let Joiner::New(new) = joiner {
        insert_user(db, new)?;
    }
    execute(
        db,
        "INSERT INTO members (org_id, user_id, role, joined_at) VALUES (?, ?, ?, ?)",
        params![org_id.as_str(), user_id.as_str(), role.as_str(), now.unix_ms()],
    )?;
    let joined = member(db, org_id, user_id)?;
    Ok(joined.map_or(JoinOutcome::NotFound, JoinOutcome::Joined))
}

pub(super) fn change_role(db: &Connection, command: &ChangeRole) -> Result<ChangeMemberOutcome> {
    let (org_id, user_id) = (&command.org_id, &command.user_id);
    let Some(member) = member(db, org_id, user_id)? else { return Ok(ChangeMemberOutcome::NotFound) };
    if let Err(refusal) = judge_change(command.by, Some(member.role), Some(command.role), owners(db, org_id)?)
    {
        return Ok(ChangeMemberOutcome::Refused(refusal));
    }
    execute(
        db,
        "UPDATE members SET role = ? WHERE org_id = ? AND user_id = ?",
        [command.role.as_str(), org_id.as_str(), user_id.as_str()],
    )?;
    Ok(ChangeMemberOutcome::Changed(Member { role: command.role, ..member }))
}

pub(super) fn remove_member(db: &Connection, command: &RemoveMember) -> Result<ChangeMemberOutcome> {
    let (org_id, user_id) = (&command.org_id, &command.user_id);
    let Some(member) = member(db, org_id, user_id)? else { return Ok(ChangeMemberOutcome::NotFound) };
    if let Err(refusal) = judge_change(command.by, Some(member.role), None, owners(db, org_id)?) {
        return Ok(ChangeMemberOutcome::Refused(refusal));
    }
    let identity = [org_id.as_str(), user_id.as_str()];
    execute(db, "DELETE FROM sessions WHERE org_id = ? AND user_id = ?", identity)?;
    // A link that would let the member in again.
    execute(
        db,
        "DELETE FROM invitations WHERE org_id = ? AND user_id = ? AND accepted_at IS NULL",
        identity,
    )?;
    execute(db, "DELETE FROM members WHERE org_id = ? AND user_id = ?", identity)?;
    Ok(ChangeMemberOutcome::Changed(member))
}

// ---- invitations ----

pub(super) fn invite(db: &Connection, command: &CreateInvitation) -> Result<CreateInvitationOutcome> {
    let invitation = &command.invitation;
    let org_id = &invitation.org_id;
    if !organisation_exists(db, org_id)? {
        return Ok(CreateInvitationOutcome::NotFound);
    }
    if let Err(refusal) = judge_change(command.by, None, Some(invitation.role), 0) {
        return Ok(CreateInvitationOutcome::Refused(refusal));
    }
    if let Some(user_id) = &invitation.user_id {
        if member(db, org_id, user_id)?.is_none() {
            return Ok(CreateInvitationOutcome::NotFound);
        }
    } else if let Some(email) = &invitation.email
        && let Some(known) = user(db, &UserRef::Email(email.clone()))?
        && member(db, org_id, &known.id)?.is_some()
    {
        return Ok(CreateInvitationOutcome::AlreadyMember);
    }
    // It takes the place of an open one for the same person.
    execute(
        db,
        "UPDATE invitations SET revoked_at = ?2 WHERE org_id = ?1 AND email IS ?3 AND user_id IS ?4 \
         AND accepted_at IS NULL AND revoked_at IS NULL",
        params![
            org_id.as_str(),
            invitation.created_at.unix_ms(),
            invitation.email.as_ref().map(Email::as_str),
            invitation.user_id.as_ref().map(UserId::as_str),
        ],
    )?;
    let sql =
        "SELECT count(*) FROM invitations WHERE org_id = ? AND accepted_at IS NULL AND revoked_at IS NULL";
    if count(db, sql, org_id.as_str())? >= u64::from(limits::INVITATIONS_MAX) {
        return Ok(CreateInvitationOutcome::TooMany);
    }
    execute(
        db,
        "INSERT INTO invitations (id, org_id, hash, role, email, user_id, created_by, created_at, expires_at, \
         accepted_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            invitation.id.as_str(),
            org_id.as_str(),
            command.hash.as_str(),
            invitation.role.as_str(),
            invitation.email.as_ref().map(Email::as_str),
            invitation.user_id.as_ref().map(UserId::as_str),
            invitation.created_by,
            invitation.created_at.unix_ms(),
            invitation.expires_at.unix_ms(),
            ms(invitation.accepted_at),
            ms(invitation.revoked_at),
        ],
    )?;
    Ok(CreateInvitationOutcome::Created(invitation.clone()))
}

pub(super) fn invitations(db: &Connection, org_id: &OrgId, page: &PageRequest) -> Result<Page<Invitation>> {
    ListQuery::new(SELECT_INVITATION, "org_id = ?", [text(org_id.as_str())]).page(db, page, read_invitation)
}

pub(super) fn invitation_by_hash(db: &Connection, hash: &TokenHash) -> Result<Option<Invitation>> {
    one(db, &format!("{SELECT_INVITATION} WHERE hash = ?"), [hash.as_str()], read_invitation)
}

fn read_invitation(columns: &mut Columns<'_, '_>) -> Result<Invitation> {
    Ok(Invitation {
        id: columns.id()?,
        org_id: columns.id()?,
        role: columns.word("role", Role::parse)?,
        email: columns.get::<Option<String>>()?.as_deref().map(read_email).transpose()?,
        user_id: columns.id_or_none()?,
        created_by: columns.get()?,
        created_at: columns.time()?,
        expires_at: columns.time()?,
        accepted_at: columns.time_or_none()?,
        revoked_at: columns.time_or_none()?,
    })
}

pub(super) fn revoke_invitation(
    db: &Connection,
    command: &RevokeInvitation,
) -> Result<RevokeInvitationOutcome> {
    let sql = format!("{SELECT_INVITATION} WHERE id = ? AND org_id = ?");
    let found = one(db, &sql, [command.id.as_str(), command.org_id.as_str()], read_invitation)?;
    let Some(mut invitation) = found else { return Ok(RevokeInvitationOutcome::NotFound) };
    if invitation.accepted_at.is_some() {
        return Ok(RevokeInvitationOutcome::Accepted);
    }
    invitation.revoked_at = invitation.revoked_at.or(Some(command.now));
    execute(
        db,
        "UPDATE invitations SET revoked_at = ? WHERE id = ?",
        params![ms(invitation.revoked_at), command.id.as_str()],
    )?;
    Ok(RevokeInvitationOutcome::Revoked(invitation))
}

pub(super) fn accept_invitation(
    db: &Connection,
    command: &AcceptInvitation,
) -> Result<AcceptInvitationOutcome> {
    let open = invitation_by_hash(db, &command.hash)?.filter(|invitation| {
        invitation.is_open(command.now) && invitation.org_id == command.session.session.org_id
    });
    let Some(invitation) = open else { return Ok(AcceptInvitationOutcome::NotOpen) };
    let user_id = command.joiner.user_id();
    if &command.session.session.user_id != user_id {
        return Ok(AcceptInvitationOutcome::NotOpen);
    }
    if let Some(named) = &invitation.user_id {
        let (Joiner::Known(known), Some(password)) = (&command.joiner, &command.password) else {
            return Ok(AcceptInvitationOutcome::NotOpen);
        };
        if known != named || member(db, &invitation.org_id, named)?.is_none() {
            return Ok(AcceptInvitationOutcome::NotOpen);
        }
        set_password(db, named, password)?;
        execute(db, "DELETE FROM sessions WHERE user_id = ?", [named.as_str()])?;
    } else {
        let email = match &command.joiner {
            Joiner::New(new) => Some(new.email.clone()),
            Joiner::Known(id) => user(db, &UserRef::Id(id.clone()))?.map(|user| user.email),
        };
        if invitation.email.is_some() && invitation.email != email {
            return Ok(AcceptInvitationOutcome::NotOpen);
        }
        match join(db, &invitation.org_id, &command.joiner, invitation.role, command.now)? {
            JoinOutcome::Joined(_) => {}
            JoinOutcome::Taken => return Ok(AcceptInvitationOutcome::Taken),
            JoinOutcome::AlreadyMember => return Ok(AcceptInvitationOutcome::AlreadyMember),
            JoinOutcome::TooMany => return Ok(AcceptInvitationOutcome::TooMany),
            JoinOutcome::NotFound => return Ok(AcceptInvitationOutcome::NotOpen),
        }
    }
    execute(
        db,
        "UPDATE invitations SET accepted_at = ?, user_id = ? WHERE id = ?",
        params![command.now.unix_ms(), user_id.as_str(), invitation.id.as_str()],
    )?;
    let session = begin_session(db, &command.session)?;
    Ok(session.map_or(AcceptInvitationOutcome::NotOpen, AcceptInvitationOutcome::Accepted))
}

fn set_password(db: &Connection, user_id: &UserId, password: &PasswordHash) -> Result<usize> {
    execute(db, "UPDATE users SET password = ? WHERE id = ?", [password.expose(), user_id.as_str()])
}

// ---- sessions ----

/// Adds a session of a member; the oldest that are too many end. None when the user is no member there.
fn begin_session(db: &Connection, new: &NewSession) -> Result<Option<LiveSession>> {
    let session = &new.session;
    if member(db, &session.org_id, &session.user_id)?.is_none() {
        return Ok(None);
    }
    execute(
        db,
        "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE user_id = ? ORDER BY id DESC \
         LIMIT -1 OFFSET ?)",
        params![session.user_id.as_str(), limits::SESSIONS_MAX - 1],
    )?;
    execute(
        db,
        "INSERT INTO sessions (id, user_id, org_id, mode, hash, created_at, last_used_at, expires_at, address, \
         user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            session.id.as_str(),
            session.user_id.as_str(),
            session.org_id.as_str(),
            session.mode.as_str(),
            new.hash.as_str(),
            session.created_at.unix_ms(),
            session.last_used_at.unix_ms(),
            session.expires_at.unix_ms(),
            session.address,
            session.user_agent,
        ],
    )?;
    session_by_hash(db, &new.hash)
}

pub(super) fn sign_in(db: &Connection, command: &SignIn) -> Result<Option<LiveSession>> {
    let session = begin_session(db, &command.session)?;
    if session.is_some()
        && let Some(subjects) = &command.subjects
    {
        execute(db, "DELETE FROM sign_in_windows WHERE subject = ?", [subjects.account_subject()])?;
        let address = subjects.address_subject();
        execute(
            db,
            "UPDATE sign_in_windows SET tries = tries - 1 WHERE subject = ? AND tries > 0",
            [address],
        )?;
    }
    Ok(session)
}

pub(super) fn session_by_hash(db: &Connection, hash: &TokenHash) -> Result<Option<LiveSession>> {
    one(db, &format!("{SELECT_LIVE_SESSION} WHERE s.hash = ?"), [hash.as_str()], read_live_session)
}

pub(super) fn sessions(db: &Connection, user_id: &UserId, page: &PageRequest) -> Result<Page<Session>> {
    ListQuery::new(SELECT_SESSION, "user_id = ?", [text(user_id.as_str())]).page(db, page, read_session)
}

fn read_session(columns: &mut Columns<'_, '_>) -> Result<Session> {
    Ok(Session {
        id: columns.id()?,
        user_id: columns.id()?,
        org_id: columns.id()?,
        mode: columns.word("mode", Mode::parse)?,
        created_at: columns.time()?,
        last_used_at: columns.time()?,
        expires_at: columns.time()?,
        address: columns.get()?,
        user_agent: columns.get()?,
    })
}

fn read_live_session(columns: &mut Columns<'_, '_>) -> Result<LiveSession> {
    Ok(LiveSession { session: read_session(columns)?, role: columns.word("role", Role::parse)? })
}

pub(super) fn touch_sessions(db: &Connection, used: &[(SessionId, Timestamp)]) -> Result<()> {
    for (id, at) in used {
        execute(
            db,
            "UPDATE sessions SET last_used_at = ?2 WHERE id = ?1 AND last_used_at < ?2",
            params![id.as_str(), at.unix_ms()],
        )?;
    }
    Ok(())
}

pub(super) fn switch_session(db: &Connection, command: &SwitchSession) -> Result<Option<LiveSession>> {
    if member(db, &command.org_id, &command.user_id)?.is_none() {
        return Ok(None);
    }
    let (id, user_id) = (command.id.as_str(), command.user_id.as_str());
    execute(
        db,
        "UPDATE sessions SET org_id = ?, mode = ? WHERE id = ? AND user_id = ?",
        [command.org_id.as_str(), command.mode.as_str(), id, user_id],
    )?;
    let sql = format!("{SELECT_LIVE_SESSION} WHERE s.id = ? AND s.user_id = ?");
    one(db, &sql, [id, user_id], read_live_session)
}

pub(super) fn end_session(db: &Connection, command: &EndSession) -> Result<Option<Session>> {
    let identity = [command.id.as_str(), command.user_id.as_str()];
    let session = one(db, &format!("{SELECT_SESSION} WHERE id = ? AND user_id = ?"), identity, read_session)?;
    execute(db, "DELETE FROM sessions WHERE id = ? AND user_id = ?", identity)?;
    Ok(session)
}

pub(super) fn change_password(db: &Connection, command: &ChangePassword) -> Result<Option<u64>> {
    if set_password(db, &command.user_id, &command.password)? == 0 {
        return Ok(None);
    }
    let ended = execute(
        db,
        "DELETE FROM sessions WHERE user_id = ? AND id <> ?",
        [command.user_id.as_str(), command.keep.as_str()],
    )?;
    Ok(Some(ended.try_into().unwrap_or(u64::MAX)))
}

// ---- tries to sign in ----

pub(super) fn begin_sign_in(
    db: &Connection,
    subjects: &SignInSubjects,
    now: Timestamp,
) -> Result<SignInGate> {
    let mut taken = Vec::new();
    for (subject, most) in subjects.counted() {
        let sql = "SELECT began_at, tries FROM sign_in_windows WHERE subject = ?";
        let known = one(db, sql, [&subject], |columns| {
            Ok(SignInWindow { began_at: columns.time()?, count: columns.get()? })
        })?;
        match SignInWindow::take(known, most, now) {
            Ok(window) => taken.push((subject, window)),
            Err(until) => return Ok(SignInGate::Closed { until }),
        }
    }
    for (subject, window) in taken {
        execute(
            db,
            "INSERT INTO sign_in_windows (subject, began_at, tries) VALUES (?1, ?2, ?3) \
             ON CONFLICT (subject) DO UPDATE SET began_at = ?2, tries = ?3",
            params![subject, window.began_at.unix_ms(), window.count],
        )?;
    }
    Ok(SignInGate::Open)
}

// ---- pruning ----

pub(super) fn prune(db: &Connection, command: &PruneAccounts) -> Result<u64> {
    let idle_before = command.now.minus_ms(limits::SESSION_IDLE_MS);
    let windows_before = command.now.minus_ms(limits::SIGN_IN_WINDOW_MS);
    let now = command.now.unix_ms();
    let limit = integer(command.limit.into())?;
    let mut most = 0;
    for (sql, before) in [
        (
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE expires_at <= ? \
             ORDER BY expires_at, id LIMIT ?)",
            now,
        ),
        (
            "DELETE FROM sessions WHERE id IN (SELECT id FROM sessions WHERE last_used_at <= ? \
             ORDER BY last_used_at, id LIMIT ?)",
            idle_before.unix_ms(),
        ),
        (
            "DELETE FROM sign_in_windows WHERE subject IN (SELECT subject FROM sign_in_windows \
             WHERE began_at <= ? ORDER BY began_at, subject LIMIT ?)",
            windows_before.unix_ms(),
        ),
        (
            "DELETE FROM invitations WHERE id IN (SELECT id FROM invitations WHERE expires_at <= ? \
             ORDER BY expires_at, id LIMIT ?)",
            command.audit_before.unix_ms(),
        ),
        (
            "DELETE FROM audit_log WHERE id IN (SELECT id FROM audit_log WHERE created_at < ? \
             ORDER BY created_at, id LIMIT ?)",
            command.audit_before.unix_ms(),
        ),
    ] {
        let removed = execute(db, sql, params![before, limit])?;
        most = most.max(removed.try_into().unwrap_or(u64::MAX));
    }
    Ok(most)
}
