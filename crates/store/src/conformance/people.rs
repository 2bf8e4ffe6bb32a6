//! Members, invitations, sessions, tries to sign in, and the log of acts.

use std::collections::BTreeMap;

use docextract_model::audit::{Actor, AuditAction, AuditEntry};
use docextract_model::id::{OrgId, SessionId, UserId};
use docextract_model::key::{ApiKey, KeyHash, Scope};
use docextract_model::limits;
use docextract_model::member::{
    Email, Identity, Invitation, LiveSession, Member, PasswordHash, Role, RoleRefusal, Session, User,
};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use docextract_model::token::TokenHash;

use super::bench::{ALL, Bench, START};
use crate::Store;
use crate::acts::{Deed, act};
use crate::commands::{CreateKey, CreateKeyOutcome, PageRequest, RevokeKey};
use crate::people::{
    AcceptInvitation, AcceptInvitationOutcome, AddMember, AuditFilter, ChangeMemberOutcome, ChangePassword,
    ChangeRole, CreateInvitation, CreateInvitationOutcome, EndSession, JoinOutcome, Joiner, LinkIdentity,
    NewSession, PruneAccounts, RemoveMember, RevokeInvitation, RevokeInvitationOutcome, SignIn, SignInGate,
    SignInSubjects, SwitchSession, UserRef,
};

fn email(text: &str) -> Email {
    Email::parse(text).unwrap()
}

fn password(text: &str) -> PasswordHash {
    PasswordHash::from_phc(text.to_owned())
}

fn user(bench: &Bench<'_>, name: &str) -> User {
    User {
        id: bench.id(),
        email: email(&format!("{name}@example.com")),
        name: name.to_owned(),
        password: Some(password(name)),
        identity: None,
        created_at: bench.now(),
    }
}

fn entry(bench: &Bench<'_>, org_id: &OrgId, action: AuditAction) -> AuditEntry {
    AuditEntry {
        id: bench.id(),
        org_id: Some(org_id.clone()),
        actor: Actor::System,
        action,
        target: None,
        mode: None,
        address: None,
        request_id: None,
        detail: BTreeMap::new(),
        created_at: bench.now(),
    }
}

/// Does something that nobody looks up in the log.
async fn done<D: Deed>(bench: &Bench<'_>, org_id: &OrgId, deed: D) -> D::Outcome {
    act(bench.store, deed, entry(bench, org_id, AuditAction::MemberJoined)).await.unwrap()
}

async fn join(bench: &Bench<'_>, org_id: &OrgId, joiner: Joiner, role: Role) -> JoinOutcome {
    done(bench, org_id, AddMember { org_id: org_id.clone(), joiner, role, now: bench.now() }).await
}

async fn member(bench: &Bench<'_>, org_id: &OrgId, name: &str, role: Role) -> Member {
    match join(bench, org_id, Joiner::New(user(bench, name)), role).await {
        JoinOutcome::Joined(member) => member,
        other => panic!("{other:?}"),
    }
}

fn new_session(bench: &Bench<'_>, org_id: &OrgId, user_id: &UserId, token: &str) -> NewSession {
    let now = bench.now();
    let session = Session {
        id: bench.id(),
        user_id: user_id.clone(),
        org_id: org_id.clone(),
        mode: Mode::Live,
        created_at: now,
        last_used_at: now,
        expires_at: now.plus_ms(limits::SESSION_MS_MAX),
        address: Some("203.0.113.9".to_owned()),
        user_agent: Some("A browser".to_owned()),
    };
    NewSession { session, hash: TokenHash::of(token) }
}

async fn sign_in(bench: &Bench<'_>, org_id: &OrgId, user_id: &UserId, token: &str) -> Option<LiveSession> {
    let session = new_session(bench, org_id, user_id, token);
    done(bench, org_id, SignIn { session, subjects: None }).await
}

async fn session(bench: &Bench<'_>, token: &str) -> Option<LiveSession> {
    bench.store.session_by_hash(&TokenHash::of(token)).await.unwrap()
}

fn invitation(bench: &Bench<'_>, org_id: &OrgId, name: &str, role: Role) -> CreateInvitation {
    let now = bench.now();
    let invitation = Invitation {
        id: bench.id(),
        org_id: org_id.clone(),
        role,
        email: Some(email(&format!("{name}@example.com"))),
        user_id: None,
        created_by: "system".to_owned(),
        created_at: now,
        expires_at: now.plus_ms(1_000),
        accepted_at: None,
        revoked_at: None,
    };
    CreateInvitation { invitation, hash: TokenHash::of(name), by: Role::Owner }
}

async fn invite(bench: &Bench<'_>, org_id: &OrgId, name: &str) -> Invitation {
    match done(bench, org_id, invitation(bench, org_id, name, Role::Developer)).await {
        CreateInvitationOutcome::Created(invitation) => invitation,
        other => panic!("{other:?}"),
    }
}

fn acceptance(bench: &Bench<'_>, org_id: &OrgId, link: &str, joiner: Joiner) -> AcceptInvitation {
    let session = new_session(bench, org_id, joiner.user_id(), &format!("session of {link}"));
    AcceptInvitation { hash: TokenHash::of(link), joiner, password: None, session, now: bench.now() }
}

async fn accept(bench: &Bench<'_>, org_id: &OrgId, link: &str, joiner: Joiner) -> AcceptInvitationOutcome {
    done(bench, org_id, acceptance(bench, org_id, link, joiner)).await
}

async fn log(bench: &Bench<'_>, tenant: &Tenant, filter: AuditFilter) -> Vec<AuditEntry> {
    bench.store.audit_log(&tenant.org_id, filter, ALL).await.unwrap().items
}

pub async fn a_user_is_found_by_id_address_and_identity(store: &dyn Store) {
    let bench = Bench::new(store);
    let org_id = bench.organisation().await.org_id;
    let (ada, bob) = (user(&bench, "ada"), user(&bench, "bob"));
    let identity = Identity { issuer: "https://id.example".to_owned(), subject: "7".to_owned() };
    for new in [&ada, &bob] {
        let joined = join(&bench, &org_id, Joiner::New(new.clone()), Role::Viewer).await;
        assert!(matches!(joined, JoinOutcome::Joined(_)));
    }
    assert_eq!(store.user(&UserRef::Id(ada.id.clone())).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.user(&UserRef::Email(ada.email.clone())).await.unwrap(), Some(ada.clone()));
    assert_eq!(store.user(&UserRef::Email(email("eve@example.com"))).await.unwrap(), None);

    let link = |user: &User| LinkIdentity { user_id: user.id.clone(), identity: identity.clone() };
    assert!(store.link_identity(link(&ada)).await.unwrap());
    let known = store.user(&UserRef::Identity(identity.clone())).await.unwrap().unwrap();
    assert_eq!(known, User { identity: Some(identity.clone()), ..ada.clone() });
    assert!(!store.link_identity(link(&bob)).await.unwrap(), "another user has it");
    let second = Identity { subject: "8".to_owned(), ..identity.clone() };
    let again = LinkIdentity { user_id: ada.id, identity: second };
    assert!(!store.link_identity(again).await.unwrap(), "the user has one");

    let same_address = Joiner::New(User { id: bench.id(), ..bob });
    assert_eq!(join(&bench, &org_id, same_address, Role::Viewer).await, JoinOutcome::Taken);
    let same_identity = Joiner::New(User { identity: Some(identity), ..user(&bench, "eve") });
    assert_eq!(join(&bench, &org_id, same_identity, Role::Viewer).await, JoinOutcome::Taken);
}

pub async fn members_are_seen_by_their_organisation_alone(store: &dyn Store) {
    let bench = Bench::new(store);
    let (ours, theirs) = (bench.organisation().await.org_id, bench.organisation().await.org_id);
    let ada = member(&bench, &ours, "ada", Role::Owner).await;
    bench.advance(1_000);
    let bob = member(&bench, &ours, "bob", Role::Viewer).await;
    member(&bench, &theirs, "eve", Role::Admin).await;
    assert_eq!((ada.role, ada.joined_at, ada.name.as_str()), (Role::Owner, START, "ada"));

    let page = store.members(&ours, PageRequest::first(1)).await.unwrap();
    assert_eq!((page.items, page.has_more), (vec![bob.clone()], true), "newest first");
    let after = Some(bob.user_id.to_string());
    let page = store.members(&ours, PageRequest { limit: 1, after, offset: 0 }).await.unwrap();
    assert_eq!((page.items, page.has_more), (vec![ada.clone()], false));
    assert_eq!(store.member(&theirs, &ada.user_id).await.unwrap(), None);

    let again = join(&bench, &ours, Joiner::Known(ada.user_id.clone()), Role::Viewer).await;
    assert_eq!(again, JoinOutcome::AlreadyMember);
    let elsewhere = join(&bench, &theirs, Joiner::Known(ada.user_id.clone()), Role::Viewer).await;
    assert!(matches!(elsewhere, JoinOutcome::Joined(_)));
    let roles = store.memberships(&ada.user_id).await.unwrap();
    let roles: Vec<(OrgId, Role)> = roles.into_iter().map(|each| (each.org_id, each.role)).collect();
    assert_eq!(roles, [(ours.clone(), Role::Owner), (theirs.clone(), Role::Viewer)]);

    let nobody = join(&bench, &ours, Joiner::Known(bench.id()), Role::Viewer).await;
    assert_eq!(nobody, JoinOutcome::NotFound);
    let nowhere = join(&bench, &bench.id(), Joiner::Known(ada.user_id), Role::Viewer).await;
    assert_eq!(nowhere, JoinOutcome::NotFound);
}

pub async fn an_organisation_keeps_an_owner_and_roles_are_judged(store: &dyn Store) {
    let bench = Bench::new(store);
    let org_id = bench.organisation().await.org_id;
    assert!(!store.has_owner(&org_id).await.unwrap());
    let ada = member(&bench, &org_id, "ada", Role::Owner).await;
    let bob = member(&bench, &org_id, "bob", Role::Viewer).await;
    assert!(store.has_owner(&org_id).await.unwrap());
    let change = |who: &Member, role, by| ChangeRole {
        org_id: org_id.clone(),
        user_id: who.user_id.clone(),
        role,
        by,
    };
    let remove = |who: &Member, by| RemoveMember { org_id: org_id.clone(), user_id: who.user_id.clone(), by };
    let (above, last) = (RoleRefusal::AboveOwn, RoleRefusal::LastOwner);

    for (deed, refusal) in [
        (change(&bob, Role::Owner, Role::Admin), above),
        (change(&ada, Role::Viewer, Role::Admin), above),
        (change(&ada, Role::Admin, Role::Owner), last),
    ] {
        assert_eq!(done(&bench, &org_id, deed).await, ChangeMemberOutcome::Refused(refusal));
    }
    for (deed, refusal) in [(remove(&ada, Role::Admin), above), (remove(&ada, Role::Owner), last)] {
        assert_eq!(done(&bench, &org_id, deed).await, ChangeMemberOutcome::Refused(refusal));
    }
    let promoted = done(&bench, &org_id, change(&bob, Role::Owner, Role::Owner)).await;
    assert_eq!(promoted, ChangeMemberOutcome::Changed(Member { role: Role::Owner, ..bob.clone() }));
    let removed = done(&bench, &org_id, remove(&ada, Role::Owner)).await;
    assert_eq!(removed, ChangeMemberOutcome::Changed(ada.clone()));
    assert_eq!(store.member(&org_id, &ada.user_id).await.unwrap(), None);
    assert_eq!(done(&bench, &org_id, remove(&ada, Role::Owner)).await, ChangeMemberOutcome::NotFound);
    let gone = change(&ada, Role::Viewer, Role::Owner);
    assert_eq!(done(&bench, &org_id, gone).await, ChangeMemberOutcome::NotFound);
}

pub async fn a_removed_member_has_no_session_there_any_more(store: &dyn Store) {
    let bench = Bench::new(store);
    let (ours, theirs) = (bench.organisation().await.org_id, bench.organisation().await.org_id);
    member(&bench, &ours, "ada", Role::Owner).await;
    let bob = member(&bench, &ours, "bob", Role::Developer).await.user_id;
    join(&bench, &theirs, Joiner::Known(bob.clone()), Role::Viewer).await;
    sign_in(&bench, &ours, &bob, "here").await.unwrap();
    sign_in(&bench, &theirs, &bob, "there").await.unwrap();
    let link = CreateInvitation {
        invitation: Invitation {
            email: None,
            user_id: Some(bob.clone()),
            ..invitation(&bench, &ours, "bob", Role::Viewer).invitation
        },
        hash: TokenHash::of("link"),
        by: Role::Owner,
    };
    assert!(matches!(done(&bench, &ours, link).await, CreateInvitationOutcome::Created(_)));

    let removal = RemoveMember { org_id: ours.clone(), user_id: bob.clone(), by: Role::Owner };
    assert!(matches!(done(&bench, &ours, removal).await, ChangeMemberOutcome::Changed(_)));
    assert_eq!(session(&bench, "here").await, None);
    assert!(session(&bench, "there").await.is_some());
    assert_eq!(sign_in(&bench, &ours, &bob, "again").await, None);
    assert_eq!(store.invitation_by_hash(&TokenHash::of("link")).await.unwrap(), None);
}

pub async fn an_invitation_lets_in_once(store: &dyn Store) {
    let bench = Bench::new(store);
    let org_id = bench.organisation().await.org_id;
    let sent = invite(&bench, &org_id, "ada").await;
    assert_eq!(store.invitation_by_hash(&TokenHash::of("ada")).await.unwrap(), Some(sent.clone()));
    assert_eq!(store.invitations(&org_id, ALL).await.unwrap().items, std::slice::from_ref(&sent));

    let ada = user(&bench, "ada");
    let outcome = accept(&bench, &org_id, "ada", Joiner::New(ada.clone())).await;
    let AcceptInvitationOutcome::Accepted(live) = outcome else { panic!("{outcome:?}") };
    assert_eq!((live.role, &live.session.user_id), (Role::Developer, &ada.id));
    assert_eq!(session(&bench, "session of ada").await, Some(live));
    let used = store.invitation_by_hash(&TokenHash::of("ada")).await.unwrap().unwrap();
    assert_eq!((used.accepted_at, used.user_id.as_ref()), (Some(START), Some(&ada.id)));

    let second = Joiner::New(user(&bench, "eve"));
    assert_eq!(accept(&bench, &org_id, "ada", second).await, AcceptInvitationOutcome::NotOpen);
    let revoke = RevokeInvitation { org_id: org_id.clone(), id: sent.id, now: bench.now() };
    assert_eq!(done(&bench, &org_id, revoke).await, RevokeInvitationOutcome::Accepted);
    let again = done(&bench, &org_id, invitation(&bench, &org_id, "ada", Role::Viewer)).await;
    assert_eq!(again, CreateInvitationOutcome::AlreadyMember);
}

pub async fn an_invitation_that_is_not_open_lets_nobody_in(store: &dyn Store) {
    let bench = Bench::new(store);
    let (org_id, other) = (bench.organisation().await.org_id, bench.organisation().await.org_id);
    let revoked = invite(&bench, &org_id, "revoked").await;
    let not_theirs = RevokeInvitation { org_id: other.clone(), id: revoked.id.clone(), now: bench.now() };
    assert_eq!(done(&bench, &other, not_theirs).await, RevokeInvitationOutcome::NotFound);
    let revoke = RevokeInvitation { org_id: org_id.clone(), id: revoked.id, now: bench.now() };
    assert!(matches!(done(&bench, &org_id, revoke).await, RevokeInvitationOutcome::Revoked(_)));
    let first = invite(&bench, &org_id, "twice").await;
    let replacing = CreateInvitation {
        hash: TokenHash::of("replacing"),
        ..invitation(&bench, &org_id, "twice", Role::Viewer)
    };
    assert!(matches!(done(&bench, &org_id, replacing).await, CreateInvitationOutcome::Created(_)));
    let first = store.invitations(&org_id, ALL).await.unwrap().items.into_iter().find(|i| i.id == first.id);
    assert_eq!(first.unwrap().revoked_at, Some(START), "a new link takes the place of the one before");
    invite(&bench, &org_id, "for-another").await;
    for (link, name) in
        [("revoked", "revoked"), ("twice", "twice"), ("unknown", "eve"), ("for-another", "eve")]
    {
        let joiner = Joiner::New(user(&bench, name));
        assert_eq!(accept(&bench, &org_id, link, joiner).await, AcceptInvitationOutcome::NotOpen, "{link}");
    }
    let joiner = Joiner::New(user(&bench, "for-another"));
    let elsewhere = accept(&bench, &other, "for-another", joiner).await;
    assert_eq!(elsewhere, AcceptInvitationOutcome::NotOpen, "the session is another organisation's");
    bench.advance(1_000);
    let late = Joiner::New(user(&bench, "for-another"));
    assert_eq!(accept(&bench, &org_id, "for-another", late).await, AcceptInvitationOutcome::NotOpen);
    assert_eq!(store.members(&org_id, ALL).await.unwrap().items, []);
    assert_eq!(store.user(&UserRef::Email(email("eve@example.com"))).await.unwrap(), None);
}

pub async fn a_known_user_accepts_with_what_they_have(store: &dyn Store) {
    let bench = Bench::new(store);
    let (ours, theirs) = (bench.organisation().await.org_id, bench.organisation().await.org_id);
    let ada = member(&bench, &theirs, "ada", Role::Owner).await;
    invite(&bench, &ours, "ada").await;
    let as_new = Joiner::New(user(&bench, "ada"));
    assert_eq!(accept(&bench, &ours, "ada", as_new).await, AcceptInvitationOutcome::Taken);
    let known = accept(&bench, &ours, "ada", Joiner::Known(ada.user_id.clone())).await;
    assert!(matches!(known, AcceptInvitationOutcome::Accepted(_)));
    let kept = store.user(&UserRef::Id(ada.user_id)).await.unwrap().unwrap();
    assert_eq!(kept.password, Some(password("ada")));
}

pub async fn a_link_for_a_locked_out_member_sets_the_password_and_ends_every_session(store: &dyn Store) {
    let bench = Bench::new(store);
    let org_id = bench.organisation().await.org_id;
    let ada = member(&bench, &org_id, "ada", Role::Owner).await.user_id;
    sign_in(&bench, &org_id, &ada, "old").await.unwrap();
    let mut link = invitation(&bench, &org_id, "ada", Role::Owner);
    link.invitation.user_id = Some(ada.clone());
    assert!(matches!(done(&bench, &org_id, link.clone()).await, CreateInvitationOutcome::Created(_)));
    let mut stranger = link.clone();
    stranger.invitation = Invitation { id: bench.id(), user_id: Some(bench.id()), ..stranger.invitation };
    stranger.hash = TokenHash::of("stranger");
    assert_eq!(done(&bench, &org_id, stranger).await, CreateInvitationOutcome::NotFound);

    let as_another = acceptance(&bench, &org_id, "ada", Joiner::New(user(&bench, "eve")));
    let as_another = AcceptInvitation { password: Some(password("new")), ..as_another };
    assert_eq!(done(&bench, &org_id, as_another).await, AcceptInvitationOutcome::NotOpen);
    let acceptance = acceptance(&bench, &org_id, "ada", Joiner::Known(ada.clone()));
    let acceptance = AcceptInvitation { password: Some(password("new")), ..acceptance };
    assert!(matches!(done(&bench, &org_id, acceptance).await, AcceptInvitationOutcome::Accepted(_)));
    assert_eq!(session(&bench, "old").await, None);
    assert!(session(&bench, "session of ada").await.is_some());
    let changed = store.user(&UserRef::Id(ada)).await.unwrap().unwrap();
    assert_eq!(changed.password, Some(password("new")));
}

pub async fn a_session_is_its_users_and_knows_the_role_of_now(store: &dyn Store) {
    let bench = Bench::new(store);
    let (ours, theirs) = (bench.organisation().await.org_id, bench.organisation().await.org_id);
    let ada = member(&bench, &ours, "ada", Role::Owner).await.user_id;
    let bob = member(&bench, &ours, "bob", Role::Viewer).await.user_id;
    join(&bench, &theirs, Joiner::Known(bob.clone()), Role::Admin).await;
    let live = sign_in(&bench, &ours, &bob, "token").await.unwrap();
    assert_eq!((live.role, live.session.tenant().mode), (Role::Viewer, Mode::Live));
    assert_eq!(session(&bench, "token").await, Some(live.clone()));
    assert_eq!(session(&bench, "another").await, None);
    assert_eq!(store.sessions(&bob, ALL).await.unwrap().items, std::slice::from_ref(&live.session));
    assert_eq!(store.sessions(&ada, ALL).await.unwrap().items, []);

    let role =
        ChangeRole { org_id: ours.clone(), user_id: bob.clone(), role: Role::Developer, by: Role::Owner };
    done(&bench, &ours, role).await;
    assert_eq!(session(&bench, "token").await.unwrap().role, Role::Developer);

    let id = live.session.id.clone();
    let switch = |user_id: &UserId, org_id: &OrgId| SwitchSession {
        user_id: user_id.clone(),
        id: id.clone(),
        org_id: org_id.clone(),
        mode: Mode::Test,
    };
    let switched = store.switch_session(switch(&bob, &theirs)).await.unwrap().unwrap();
    assert_eq!((switched.role, switched.session.mode), (Role::Admin, Mode::Test));
    assert_eq!(session(&bench, "token").await, Some(switched));
    assert_eq!(store.switch_session(switch(&ada, &ours)).await.unwrap(), None, "it is another's");
    let nowhere = bench.organisation().await.org_id;
    assert_eq!(store.switch_session(switch(&bob, &nowhere)).await.unwrap(), None, "no member there");

    let later = bench.advance(5_000);
    store.touch_sessions(vec![(id.clone(), later), (id.clone(), START)]).await.unwrap();
    assert_eq!(session(&bench, "token").await.unwrap().session.last_used_at, later);
    let end = |user_id: &UserId| EndSession { user_id: user_id.clone(), id: id.clone() };
    assert_eq!(done(&bench, &ours, end(&ada)).await, None, "it is another's");
    assert_eq!(done(&bench, &ours, end(&bob)).await.unwrap().id, id);
    assert_eq!(session(&bench, "token").await, None);
}

pub async fn a_new_password_ends_the_other_sessions(store: &dyn Store) {
    let bench = Bench::new(store);
    let org_id = bench.organisation().await.org_id;
    let ada = member(&bench, &org_id, "ada", Role::Owner).await.user_id;
    let bob = member(&bench, &org_id, "bob", Role::Owner).await.user_id;
    let kept = sign_in(&bench, &org_id, &ada, "kept").await.unwrap().session.id;
    for token in ["second", "third"] {
        sign_in(&bench, &org_id, &ada, token).await.unwrap();
    }
    sign_in(&bench, &org_id, &bob, "bob's").await.unwrap();
    let change = |user_id: &UserId| ChangePassword {
        user_id: user_id.clone(),
        password: password("new"),
        keep: kept.clone(),
    };
    assert_eq!(done(&bench, &org_id, change(&ada)).await, Some(2));
    assert_eq!(done(&bench, &org_id, change(&bench.id())).await, None);
    for (token, is_there) in [("kept", true), ("second", false), ("third", false), ("bob's", true)] {
        assert_eq!(session(&bench, token).await.is_some(), is_there, "{token}");
    }
    let changed = store.user(&UserRef::Id(ada)).await.unwrap().unwrap();
    assert_eq!(changed.password, Some(password("new")));
}

pub async fn a_user_has_so_many_sessions_and_the_oldest_ends(store: &dyn Store) {
    let bench = Bench::new(store);
    let org_id = bench.organisation().await.org_id;
    let ada = member(&bench, &org_id, "ada", Role::Owner).await.user_id;
    let mut ids: Vec<SessionId> = Vec::new();
    for n in 0..=limits::SESSIONS_MAX {
        ids.push(sign_in(&bench, &org_id, &ada, &n.to_string()).await.unwrap().session.id);
    }
    let listed = store.sessions(&ada, ALL).await.unwrap().items;
    let listed: Vec<SessionId> = listed.into_iter().map(|session| session.id).rev().collect();
    assert_eq!(listed, ids[1..]);
}

pub async fn tries_to_sign_in_are_counted_for_the_account_and_the_address(store: &dyn Store) {
    let bench = Bench::new(store);
    let org_id = bench.organisation().await.org_id;
    let ada = member(&bench, &org_id, "ada", Role::Owner).await.user_id;
    let subjects = |account: &str, address: &str| SignInSubjects {
        account: TokenHash::of(account),
        address: Some(address.to_owned()),
    };
    let closed = SignInGate::Closed { until: START.plus_ms(limits::SIGN_IN_WINDOW_MS) };
    let ada_here = subjects("ada", "a");
    for _ in 0..limits::SIGN_INS_PER_ACCOUNT_MAX {
        assert_eq!(store.begin_sign_in(&ada_here, bench.now()).await.unwrap(), SignInGate::Open);
    }
    assert_eq!(store.begin_sign_in(&ada_here, bench.now()).await.unwrap(), closed);
    assert_eq!(store.begin_sign_in(&subjects("ada", "b"), bench.now()).await.unwrap(), closed);
    assert_eq!(store.begin_sign_in(&subjects("bob", "a"), bench.now()).await.unwrap(), SignInGate::Open);

    let session = new_session(&bench, &org_id, &ada, "token");
    done(&bench, &org_id, SignIn { session, subjects: Some(ada_here.clone()) }).await.unwrap();
    assert_eq!(store.begin_sign_in(&ada_here, bench.now()).await.unwrap(), SignInGate::Open);

    // So many of this address were counted: bob's and ada's, less the one that succeeded.
    let before = limits::SIGN_INS_PER_ACCOUNT_MAX + 1;
    for n in before..limits::SIGN_INS_PER_ADDRESS_MAX {
        let stranger = subjects(&n.to_string(), "a");
        assert_eq!(store.begin_sign_in(&stranger, bench.now()).await.unwrap(), SignInGate::Open, "{n}");
    }
    assert_eq!(store.begin_sign_in(&subjects("eve", "a"), bench.now()).await.unwrap(), closed);
    let later = bench.advance(limits::SIGN_IN_WINDOW_MS);
    assert_eq!(store.begin_sign_in(&subjects("eve", "a"), later).await.unwrap(), SignInGate::Open);
}

fn key(bench: &Bench<'_>, org_id: &OrgId) -> CreateKey {
    let key = ApiKey {
        id: bench.id(),
        org_id: org_id.clone(),
        name: String::new(),
        mode: Mode::Live,
        scopes: vec![Scope::Admin],
        hint: String::new(),
        created_at: bench.now(),
        created_by: "system".to_owned(),
        last_used_at: None,
        expires_at: None,
        revoked_at: None,
    };
    CreateKey { hash: KeyHash::of(key.id.as_str()), key }
}

pub async fn an_act_is_logged_with_what_it_did_or_not_at_all(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let command = key(&bench, &tenant.org_id);
    let made = command.key.id.clone();
    let written = AuditEntry {
        actor: Actor::CommandLine,
        target: Some(made.to_string()),
        mode: Some(Mode::Live),
        address: Some("203.0.113.9".to_owned()),
        request_id: Some(bench.id()),
        detail: BTreeMap::from([("name".to_owned(), "a \"quoted\" one".to_owned())]),
        ..entry(&bench, &tenant.org_id, AuditAction::KeyCreated)
    };
    let outcome = act(store, command, written.clone()).await.unwrap();
    assert!(matches!(outcome, CreateKeyOutcome::Created(_)));
    assert_eq!(log(&bench, &tenant, AuditFilter::default()).await, std::slice::from_ref(&written));

    let unknown = RevokeKey { org_id: tenant.org_id.clone(), key_id: bench.id(), now: bench.now() };
    let note = entry(&bench, &tenant.org_id, AuditAction::KeyRevoked);
    assert_eq!(act(store, unknown, note).await.unwrap(), None);
    let nowhere = key(&bench, &bench.id());
    let note = entry(&bench, &tenant.org_id, AuditAction::KeyCreated);
    assert_eq!(act(store, nowhere, note).await.unwrap(), CreateKeyOutcome::OrganisationNotFound);
    assert_eq!(log(&bench, &tenant, AuditFilter::default()).await, std::slice::from_ref(&written));

    // An entry that cannot be written takes its act with it.
    let command = key(&bench, &tenant.org_id);
    let hash = command.hash.clone();
    act(store, command, written).await.unwrap_err();
    assert_eq!(store.key_by_hash(&hash).await.unwrap(), None);
}

pub async fn the_audit_log_is_filtered_and_listed_newest_first(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let mut entries = Vec::new();
    for (action, target) in [
        (AuditAction::SignedIn, "ses_1"),
        (AuditAction::KeyCreated, "key_1"),
        (AuditAction::SignedIn, "ses_2"),
    ] {
        let actor = Actor::User(UserId::parse(if target == "key_1" { "usr_2" } else { "usr_1" }).unwrap());
        let target = Some(target.to_owned());
        entries.push(AuditEntry { actor, target, ..entry(&bench, &tenant.org_id, action) });
        bench.advance(1_000);
    }
    store.record_audit(entries.clone()).await.unwrap();
    let unknown = AuditEntry { org_id: None, ..entry(&bench, &tenant.org_id, AuditAction::SignInFailed) };
    store.record_audit(vec![unknown]).await.unwrap();
    entries.reverse();
    let [last, middle, first] = entries.clone().try_into().unwrap();

    assert_eq!(log(&bench, &tenant, AuditFilter::default()).await, entries);
    assert_eq!(log(&bench, &other, AuditFilter::default()).await, []);
    for (filter, found) in [
        (AuditFilter { action: Some(AuditAction::SignedIn), ..AuditFilter::default() }, vec![&last, &first]),
        (AuditFilter { actor: Some(middle.actor.clone()), ..AuditFilter::default() }, vec![&middle]),
        (AuditFilter { target: Some("ses_1".to_owned()), ..AuditFilter::default() }, vec![&first]),
        (
            AuditFilter { created_after: Some(middle.created_at), ..AuditFilter::default() },
            vec![&last, &middle],
        ),
        (AuditFilter { created_before: Some(middle.created_at), ..AuditFilter::default() }, vec![&first]),
    ] {
        let listed = log(&bench, &tenant, filter.clone()).await;
        assert_eq!(listed.iter().collect::<Vec<_>>(), found, "{filter:?}");
    }
    let page = store.audit_log(&tenant.org_id, AuditFilter::default(), PageRequest::first(1)).await.unwrap();
    assert_eq!((page.items, page.has_more), (vec![last.clone()], true));
    let after = Some(last.id.to_string());
    let rest = PageRequest { limit: 5, after, offset: 0 };
    let page = store.audit_log(&tenant.org_id, AuditFilter::default(), rest).await.unwrap();
    assert_eq!((page.items, page.has_more), (vec![middle, first], false));
}

pub async fn pruning_takes_what_is_over_of_people_a_few_at_a_time(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let org_id = &tenant.org_id;
    let ada = member(&bench, org_id, "ada", Role::Owner).await.user_id;
    sign_in(&bench, org_id, &ada, "idle").await.unwrap();
    let used = sign_in(&bench, org_id, &ada, "used").await.unwrap().session.id;
    invite(&bench, org_id, "eve").await;
    let subjects = SignInSubjects { account: TokenHash::of("ada"), address: None };
    for _ in 0..limits::SIGN_INS_PER_ACCOUNT_MAX {
        store.begin_sign_in(&subjects, bench.now()).await.unwrap();
    }
    let prune = |now: Timestamp, audit_before: Timestamp, limit| PruneAccounts { now, audit_before, limit };
    assert_eq!(store.prune_accounts(prune(START, START, 10)).await.unwrap(), 0);

    let later = bench.advance(limits::SESSION_IDLE_MS);
    store.touch_sessions(vec![(used, later)]).await.unwrap();
    assert_eq!(store.prune_accounts(prune(later, START, 10)).await.unwrap(), 1);
    assert_eq!(session(&bench, "idle").await, None);
    assert!(session(&bench, "used").await.is_some());
    let end = bench.advance(limits::SESSION_MS_MAX);
    assert_eq!(store.prune_accounts(prune(end, START, 10)).await.unwrap(), 1);
    assert_eq!(session(&bench, "used").await, None);

    let entries = log(&bench, &tenant, AuditFilter::default()).await;
    assert!(entries.len() > 2, "{entries:?}");
    assert_eq!(store.prune_accounts(prune(end, end, 2)).await.unwrap(), 2);
    assert_eq!(log(&bench, &tenant, AuditFilter::default()).await, entries[..entries.len() - 2]);
    assert_eq!(store.invitations(org_id, ALL).await.unwrap().items, []);
}
