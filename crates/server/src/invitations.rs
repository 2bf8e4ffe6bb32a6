//! Making a link that lets somebody in: the API, the command line and the first start all do it here.

use docextract_engine::ambient::Ambient;
use docextract_model::id::{OrgId, UserId};
use docextract_model::member::{Email, Invitation, Role};
use docextract_model::token::Token;
use docextract_store::people::CreateInvitation;

const TOKEN_PREFIX: &str = "dxi";

/// Whom a link is for.
pub(crate) struct Invitee {
    pub(crate) role: Role,
    /// None: who has the link says.
    pub(crate) email: Option<Email>,
    /// A member who is locked out.
    pub(crate) user_id: Option<UserId>,
}

/// The link's token, to be shown once, and the command that stores its hash. `by` is who makes it, with the
/// role that they have.
pub(crate) fn draft_invitation(
    ambient: &Ambient,
    org_id: OrgId,
    invitee: Invitee,
    by: (String, Role),
    good_for_ms: u64,
) -> (Token, CreateInvitation) {
    let (created_by, by) = by;
    let token = Token::new(TOKEN_PREFIX, ambient.random_bytes());
    let now = ambient.now();
    let invitation = Invitation {
        id: ambient.id(),
        org_id,
        role: invitee.role,
        email: invitee.email,
        user_id: invitee.user_id,
        created_by,
        created_at: now,
        expires_at: now.plus_ms(good_for_ms),
        accepted_at: None,
        revoked_at: None,
    };
    let hash = token.hash();
    (token, CreateInvitation { invitation, hash, by })
}

/// The link. Its token is in the query, which this server never logs.
pub(crate) fn link(base_url: &str, token: &Token) -> String {
    format!("{base_url}/sign-in?token={}", token.expose())
}
