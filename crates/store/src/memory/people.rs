//! Users, members, invitations, sessions and tries to sign in.

use docextract_model::id::{OrgId, SessionId, UserId};
use docextract_model::limits;
use docextract_model::member::{
    Invitation, LiveSession, Member, Membership, Role, Session, SignInWindow, User, judge_change,
};
use docextract_model::time::Timestamp;
use docextract_model::token::TokenHash;

use super::{Tables, page};
use crate::commands::{Page, PageRequest};
use crate::people::{
    AcceptInvitation, AcceptInvitationOutcome, AddMember, ChangeMemberOutcome, ChangePassword, ChangeRole,
    CreateInvitation, CreateInvitationOutcome, EndSession, JoinOutcome, Joiner, LinkIdentity, NewSession,
    PruneAccounts, RemoveMember, RevokeInvitation, RevokeInvitationOutcome, SignIn, SignInGate,
    SignInSubjects, SwitchSession, UserRef,
};

impl Tables {
    pub(super) fn user(&self, which: &UserRef) -> Option<&User> {
        self.users.values().find(|user| match which {
            UserRef::Id(id) => &user.id == id,
            UserRef::Email(email) => &user.email == email,
            UserRef::Identity(identity) => user.identity.as_ref() == Some(identity),
        })
    }

    pub(super) fn link_identity(&mut self, command: LinkIdentity) -> bool {
        if self.user(&UserRef::Identity(command.identity.clone())).is_some() {
            return false;
        }
        let user = self.users.get_mut(&command.user_id).filter(|user| user.identity.is_none());
        user.map(|user| user.identity = Some(command.identity)).is_some()
    }

    pub(super) fn memberships(&self, user_id: &UserId) -> Vec<Membership> {
        let theirs = self.members.iter().filter(|((_, id), _)| id == user_id);
        let memberships = theirs.filter_map(|((org_id, _), (role, _))| {
            let org_name = self.organisations.get(org_id)?.organisation.name.clone();
            Some(Membership { org_id: org_id.clone(), org_name, role: *role })
        });
        memberships.take(limits::MEMBERSHIPS_MAX as usize).collect()
    }

    pub(super) fn members_of(&self, org_id: &OrgId, request: &PageRequest) -> Page<Member> {
        let ids = self.members.keys().rev().filter(|(org, _)| org == org_id);
        let members: Vec<Member> = ids.filter_map(|(org_id, id)| self.member(org_id, id)).collect();
        page(members.iter(), |member| member.user_id.as_str(), request)
    }

    pub(super) fn member(&self, org_id: &OrgId, user_id: &UserId) -> Option<Member> {
        let (role, joined_at) = *self.members.get(&(org_id.clone(), user_id.clone()))?;
        let User { email, name, .. } = self.users.get(user_id)?.clone();
        Some(Member { org_id: org_id.clone(), user_id: user_id.clone(), email, name, role, joined_at })
    }

    pub(super) fn has_owner(&self, org_id: &OrgId) -> bool {
        self.members.iter().any(|((org, user_id), (role, _))| {
            let can_sign_in = |user: &User| user.password.is_some() || user.identity.is_some();
            org == org_id && *role == Role::Owner && self.users.get(user_id).is_some_and(can_sign_in)
        })
    }

    fn owners(&self, org_id: &OrgId) -> u64 {
        let owners =
            self.members.iter().filter(|((org, _), (role, _))| org == org_id && *role == Role::Owner);
        owners.count() as u64
    }

    pub(super) fn add_member(&mut self, command: AddMember) -> JoinOutcome {
        if !self.organisations.contains_key(&command.org_id) {
            return JoinOutcome::NotFound;
        }
        self.join(&command.org_id, command.joiner, command.role, command.now)
    }

    fn join(&mut self, org_id: &OrgId, joiner: Joiner, role: Role, now: Timestamp) -> JoinOutcome {
        let user_id = joiner.user_id().clone();
        match &joiner {
            Joiner::New(new) => {
                let of_identity = new.identity.clone().map(UserRef::Identity);
                let is_taken = self.user(&UserRef::Email(new.email.clone())).is_some()
                    || of_identity.is_some_and(|which| self.user(&which).is_some());
                if is_taken {
                    return JoinOutcome::Taken;
                }
            }
            Joiner::Known(id) => {
                if !self.users.contains_key(id) {
                    return JoinOutcome::NotFound;
                }
                if self.member(org_id, id).is_some() {
                    return JoinOutcome::AlreadyMember;
                }
            }
        }
        let members = self.members.keys().filter(|(org, _)| org == org_id).count();
        let memberships = self.members.keys().filter(|(_, id)| *id == user_id).count();
        if members >= limits::MEMBERS_MAX as usize || memberships >= limits::MEMBERSHIPS_MAX as usize {
            return JoinOutcome::TooMany;
        }
        if let Joiner::New(new) = joiner {
            self.users.insert(user_id.clone(), new);
        }
        self.members.insert((org_id.clone(), user_id.clone()), (role, now));
        self.member(org_id, &user_id).map_or(JoinOutcome::NotFound, JoinOutcome::Joined)
    }

    pub(super) fn change_role(&mut self, command: &ChangeRole) -> ChangeMemberOutcome {
        let Some(member) = self.member(&command.org_id, &command.user_id) else {
            return ChangeMemberOutcome::NotFound;
        };
        let owners = self.owners(&command.org_id);
        if let Err(refusal) = judge_change(command.by, Some(member.role), Some(command.role), owners) {
            return ChangeMemberOutcome::Refused(refusal);
        }
        let place = (command.org_id.clone(), command.user_id.clone());
        self.members.insert(place, (command.role, member.joined_at));
        ChangeMemberOutcome::Changed(Member { role: command.role, ..member })
    }

    pub(super) fn remove_member(&mut self, command: &RemoveMember) -> ChangeMemberOutcome {
        let (org_id, user_id) = (&command.org_id, &command.user_id);
        let Some(member) = self.member(org_id, user_id) else { return ChangeMemberOutcome::NotFound };
        if let Err(refusal) = judge_change(command.by, Some(member.role), None, self.owners(org_id)) {
            return ChangeMemberOutcome::Refused(refusal);
        }
        self.sessions.retain(|_, (session, _)| &session.org_id != org_id || &session.user_id != user_id);
        self.invitations.retain(|_, (invitation, _)| {
            &invitation.org_id != org_id
                || invitation.user_id.as_ref() != Some(user_id)
                || invitation.accepted_at.is_some()
        });
        self.members.remove(&(org_id.clone(), user_id.clone()));
        ChangeMemberOutcome::Changed(member)
    }

    pub(super) fn invite(&mut self, command: CreateInvitation) -> CreateInvitationOutcome {
        let new = command.invitation;
        if !self.organisations.contains_key(&new.org_id) {
            return CreateInvitationOutcome::NotFound;
        }
        if let Err(refusal) = judge_change(command.by, None, Some(new.role), 0) {
            return CreateInvitationOutcome::Refused(refusal);
        }
        if let Some(user_id) = &new.user_id {
            if self.member(&new.org_id, user_id).is_none() {
                return CreateInvitationOutcome::NotFound;
            }
        } else if let Some(email) = &new.email
            && let Some(known) = self.user(&UserRef::Email(email.clone()))
            && self.member(&new.org_id, &known.id).is_some()
        {
            return CreateInvitationOutcome::AlreadyMember;
        }
        let mut unused = 0;
        for (invitation, _) in self.invitations.values_mut() {
            let is_unused = invitation.accepted_at.is_none() && invitation.revoked_at.is_none();
            if invitation.org_id != new.org_id || !is_unused {
                continue;
            }
            if (&invitation.email, &invitation.user_id) == (&new.email, &new.user_id) {
                invitation.revoked_at = Some(new.created_at);
            } else {
                unused += 1;
            }
        }
        if unused >= limits::INVITATIONS_MAX {
            return CreateInvitationOutcome::TooMany;
        }
        self.invitations.insert(new.id.clone(), (new.clone(), command.hash));
        CreateInvitationOutcome::Created(new)
    }

    pub(super) fn invitations_of(&self, org_id: &OrgId, request: &PageRequest) -> Page<Invitation> {
        let newest_first = self.invitations.values().rev().map(|(invitation, _)| invitation);
        let theirs = newest_first.filter(|invitation| &invitation.org_id == org_id);
        page(theirs, |invitation| invitation.id.as_str(), request)
    }

    pub(super) fn invitation_by_hash(&self, hash: &TokenHash) -> Option<Invitation> {
        let found = self.invitations.values().find(|(_, known)| known == hash);
        found.map(|(invitation, _)| invitation.clone())
    }

    pub(super) fn revoke_invitation(&mut self, command: &RevokeInvitation) -> RevokeInvitationOutcome {
        let found = self.invitations.get_mut(&command.id).map(|(invitation, _)| invitation);
        match found.filter(|invitation| invitation.org_id == command.org_id) {
            None => RevokeInvitationOutcome::NotFound,
            Some(invitation) if invitation.accepted_at.is_some() => RevokeInvitationOutcome::Accepted,
            Some(invitation) => {
                invitation.revoked_at = invitation.revoked_at.or(Some(command.now));
                RevokeInvitationOutcome::Revoked(invitation.clone())
            }
        }
    }

    pub(super) fn accept_invitation(&mut self, command: AcceptInvitation) -> AcceptInvitationOutcome {
        let open = self.invitation_by_hash(&command.hash).filter(|invitation| {
            invitation.is_open(command.now) && invitation.org_id == command.session.session.org_id
        });
        let Some(invitation) = open else { return AcceptInvitationOutcome::NotOpen };
        let user_id = command.joiner.user_id().clone();
        if command.session.session.user_id != user_id {
            return AcceptInvitationOutcome::NotOpen;
        }
        if let Some(named) = &invitation.user_id {
            let (Joiner::Known(known), Some(password)) = (&command.joiner, command.password) else {
                return AcceptInvitationOutcome::NotOpen;
            };
            if known != named || self.member(&invitation.org_id, named).is_none() {
                return AcceptInvitationOutcome::NotOpen;
            }
            if let Some(user) = self.users.get_mut(named) {
                user.password = Some(password);
            }
            self.sessions.retain(|_, (session, _)| &session.user_id != named);
        } else {
            let email = match &command.joiner {
                Joiner::New(new) => Some(new.email.clone()),
                Joiner::Known(id) => self.users.get(id).map(|user| user.email.clone()),
            };
            if invitation.email.is_some() && invitation.email != email {
                return AcceptInvitationOutcome::NotOpen;
            }
            match self.join(&invitation.org_id, command.joiner, invitation.role, command.now) {
                JoinOutcome::Joined(_) => {}
                JoinOutcome::Taken => return AcceptInvitationOutcome::Taken,
                JoinOutcome::AlreadyMember => return AcceptInvitationOutcome::AlreadyMember,
                JoinOutcome::TooMany => return AcceptInvitationOutcome::TooMany,
                JoinOutcome::NotFound => return AcceptInvitationOutcome::NotOpen,
            }
        }
        if let Some((accepted, _)) = self.invitations.get_mut(&invitation.id) {
            accepted.accepted_at = Some(command.now);
            accepted.user_id = Some(user_id);
        }
        let session = self.begin_session(command.session);
        session.map_or(AcceptInvitationOutcome::NotOpen, AcceptInvitationOutcome::Accepted)
    }

    fn begin_session(&mut self, new: NewSession) -> Option<LiveSession> {
        let NewSession { session, hash } = new;
        self.member(&session.org_id, &session.user_id)?;
        let theirs = self.sessions.values().rev().filter(|(known, _)| known.user_id == session.user_id);
        let too_many = theirs.skip(limits::SESSIONS_MAX as usize - 1).map(|(known, _)| known.id.clone());
        for id in too_many.collect::<Vec<_>>() {
            self.sessions.remove(&id);
        }
        self.sessions.insert(session.id.clone(), (session, hash.clone()));
        self.session_by_hash(&hash)
    }

    pub(super) fn sign_in(&mut self, command: SignIn) -> Option<LiveSession> {
        let session = self.begin_session(command.session)?;
        if let Some(subjects) = command.subjects {
            self.sign_in_windows.remove(&subjects.account_subject());
            let address = subjects.address_subject();
            if let Some(window) = address.and_then(|address| self.sign_in_windows.get_mut(&address)) {
                window.count = window.count.saturating_sub(1);
            }
        }
        Some(session)
    }

    fn live(&self, session: &Session) -> Option<LiveSession> {
        let role = self.member(&session.org_id, &session.user_id)?.role;
        Some(LiveSession { session: session.clone(), role })
    }

    pub(super) fn session_by_hash(&self, hash: &TokenHash) -> Option<LiveSession> {
        let (session, _) = self.sessions.values().find(|(_, known)| known == hash)?;
        self.live(session)
    }

    pub(super) fn sessions_of(&self, user_id: &UserId, request: &PageRequest) -> Page<Session> {
        let newest_first = self.sessions.values().rev().map(|(session, _)| session);
        let theirs = newest_first.filter(|session| &session.user_id == user_id);
        page(theirs, |session| session.id.as_str(), request)
    }

    pub(super) fn touch_sessions(&mut self, used: Vec<(SessionId, Timestamp)>) {
        for (id, used_at) in used {
            if let Some((session, _)) = self.sessions.get_mut(&id) {
                session.last_used_at = session.last_used_at.max(used_at);
            }
        }
    }

    pub(super) fn switch_session(&mut self, command: &SwitchSession) -> Option<LiveSession> {
        self.member(&command.org_id, &command.user_id)?;
        let (session, _) = self.sessions.get_mut(&command.id)?;
        if session.user_id != command.user_id {
            return None;
        }
        session.org_id = command.org_id.clone();
        session.mode = command.mode;
        let session = session.clone();
        self.live(&session)
    }

    pub(super) fn end_session(&mut self, command: &EndSession) -> Option<Session> {
        self.sessions.get(&command.id).filter(|(session, _)| session.user_id == command.user_id)?;
        self.sessions.remove(&command.id).map(|(session, _)| session)
    }

    pub(super) fn change_password(&mut self, command: ChangePassword) -> Option<u64> {
        self.users.get_mut(&command.user_id)?.password = Some(command.password);
        let before = self.sessions.len();
        self.sessions.retain(|id, (session, _)| session.user_id != command.user_id || id == &command.keep);
        Some((before - self.sessions.len()) as u64)
    }

    pub(super) fn begin_sign_in(&mut self, subjects: &SignInSubjects, now: Timestamp) -> SignInGate {
        let mut taken = Vec::new();
        for (subject, most) in subjects.counted() {
            match SignInWindow::take(self.sign_in_windows.get(&subject).copied(), most, now) {
                Ok(window) => taken.push((subject, window)),
                Err(until) => return SignInGate::Closed { until },
            }
        }
        self.sign_in_windows.extend(taken);
        SignInGate::Open
    }

    pub(super) fn prune_accounts(&mut self, command: &PruneAccounts) -> u64 {
        let (now, limit) = (command.now, command.limit as usize);
        let idle_before = now.minus_ms(limits::SESSION_IDLE_MS);
        let sessions = self.sessions.iter();
        let sessions =
            sessions.map(|(id, (session, _))| (session.expires_at, session.last_used_at, id.clone()));
        let sessions: Vec<_> = sessions.collect();
        let mut over: Vec<_> =
            sessions.iter().filter(|(end, ..)| *end <= now).map(|(e, _, id)| (*e, id)).collect();
        let mut idle: Vec<_> =
            sessions.iter().filter(|(_, used, _)| *used <= idle_before).map(|(_, u, id)| (*u, id)).collect();
        over.sort();
        over.truncate(limit);
        for (_, id) in &over {
            self.sessions.remove(*id);
        }
        idle.retain(|(_, id)| self.sessions.contains_key(*id));
        idle.sort();
        idle.truncate(limit);
        for (_, id) in &idle {
            self.sessions.remove(*id);
        }
        let windows = self.sign_in_windows.iter().filter(|(_, window)| window.ends_at() <= now);
        let mut windows: Vec<_> =
            windows.map(|(subject, window)| (window.began_at, subject.clone())).collect();
        windows.sort();
        windows.truncate(limit);
        for (_, subject) in &windows {
            self.sign_in_windows.remove(subject);
        }
        let invitations = self.invitations.values().map(|(invitation, _)| invitation);
        let invitations = invitations.filter(|invitation| invitation.expires_at <= command.audit_before);
        let mut invitations: Vec<_> = invitations.map(|each| (each.expires_at, each.id.clone())).collect();
        invitations.sort();
        invitations.truncate(limit);
        for (_, id) in &invitations {
            self.invitations.remove(id);
        }
        let entries = self.audit_log.values().filter(|entry| entry.created_at < command.audit_before);
        let mut entries: Vec<_> = entries.map(|entry| (entry.created_at, entry.id.clone())).collect();
        entries.sort();
        entries.truncate(limit);
        for (_, id) in &entries {
            self.audit_log.remove(id);
        }
        let removed = [over.len(), idle.len(), windows.len(), invitations.len(), entries.len()];
        removed.into_iter().max().unwrap_or(0) as u64
    }
}
