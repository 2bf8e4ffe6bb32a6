//! `docextract members`: who belongs to an organisation, and links that let somebody in, on the store
//! directly. This is how an owner who is locked out gets back in: whoever may read the data directory may
//! do anything with it anyway.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use docextract_model::audit::AuditAction;
use docextract_model::id::OrgId;
use docextract_model::limits;
use docextract_model::member::{Email, Role};
use docextract_store::Store as _;
use docextract_store::commands::PageRequest;
use docextract_store::people::{CreateInvitationOutcome, UserRef};

use super::local::Local;
use super::{block_on, hinted};
use crate::api::auth::with_detail;
use crate::config::{Places, resolve_base_url};
use crate::invitations::{Invitee, draft_invitation, link};

const LIST_HINT: &str = "list them with: docextract members list";

#[derive(Subcommand)]
pub(super) enum Members {
    /// Make a link by which somebody becomes a member; it alone is printed on stdout
    Invite(Invite),
    /// Make a link by which a member who is locked out sets a new password; it alone is printed on stdout
    SignInLink(SignInLink),
    /// List members: id, role, e-mail address, name
    List(List),
}

#[derive(Args)]
pub(super) struct Linked {
    /// Organisation, by id or name
    #[arg(long)]
    org: Option<String>,
    /// How users reach the server [default: http://<listen>]
    #[arg(long, value_name = "URL", env = "DOCEXTRACT_PUBLIC_URL")]
    public_url: Option<String>,
    #[command(flatten)]
    places: Places,
}

#[derive(Args)]
pub(super) struct Invite {
    /// E-mail address of the new member
    #[arg(value_parser = parse_email)]
    email: Email,
    /// owner, admin, developer or viewer
    #[arg(long, value_parser = parse_role)]
    role: Role,
    #[command(flatten)]
    linked: Linked,
}

#[derive(Args)]
pub(super) struct SignInLink {
    /// E-mail address of the member
    #[arg(value_parser = parse_email)]
    email: Email,
    #[command(flatten)]
    linked: Linked,
}

#[derive(Args)]
pub(super) struct List {
    /// Organisation, by id or name
    #[arg(long)]
    org: Option<String>,
    #[command(flatten)]
    places: Places,
}

fn parse_email(text: &str) -> Result<Email, String> {
    Email::parse(text).map_err(str::to_owned)
}

fn parse_role(text: &str) -> Result<Role, String> {
    Role::parse(text).ok_or_else(|| format!("the roles are {}", Role::ALL.map(Role::as_str).join(", ")))
}

impl Members {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            match self {
                Self::Invite(command) => command.run().await,
                Self::SignInLink(command) => command.run().await,
                Self::List(command) => command.run().await,
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Linked {
    /// Makes a link and prints it.
    async fn print(
        self,
        local: &Local,
        org_id: OrgId,
        invitee: Invitee,
        good_for_ms: u64,
    ) -> anyhow::Result<()> {
        let base_url = resolve_base_url(&self.places, self.public_url)?;
        let by = ("command_line".to_owned(), Role::Owner);
        let role = invitee.role;
        let (token, command) = draft_invitation(&local.ambient, org_id.clone(), invitee, by, good_for_ms);
        let entry = local.entry(&org_id, AuditAction::InvitationCreated, &command.invitation.id);
        match local.act(command, with_detail(entry, "role", role.as_str())).await? {
            CreateInvitationOutcome::Created(invitation) => {
                let until = invitation.expires_at.to_rfc3339();
                eprintln!("Good once, until {until}. It is shown only now:");
                println!("{}", link(&base_url, &token));
                Ok(())
            }
            CreateInvitationOutcome::AlreadyMember => Err(hinted(
                "whom this is for is a member already",
                "one who is locked out gets a link from: docextract members sign-in-link",
            )),
            CreateInvitationOutcome::TooMany => {
                Err(hinted("there are too many open invitations", "revoke some over the API"))
            }
            CreateInvitationOutcome::NotFound => Err(hinted("the member is gone", LIST_HINT)),
            CreateInvitationOutcome::Refused(_) => anyhow::bail!("the command line may give every role"),
        }
    }
}

impl Invite {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.linked.places).await?;
        let org_id = local.organisation(self.linked.org.as_deref())?;
        let invitee = Invitee { role: self.role, email: Some(self.email), user_id: None };
        self.linked.print(&local, org_id, invitee, limits::INVITATION_MS_DEFAULT).await
    }
}

impl SignInLink {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.linked.places).await?;
        let org_id = local.organisation(self.linked.org.as_deref())?;
        let user = local.store.user(&UserRef::Email(self.email.clone())).await?;
        let member = match user {
            Some(user) => local.store.member(&org_id, &user.id).await?,
            None => None,
        };
        let unknown = || hinted(format!("{} is no member", self.email.as_str()), LIST_HINT);
        let member = member.ok_or_else(unknown)?;
        let invitee = Invitee { role: member.role, email: Some(member.email), user_id: Some(member.user_id) };
        self.linked.print(&local, org_id, invitee, limits::SIGN_IN_LINK_MS).await
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.places).await?;
        let org_id = local.organisation(self.org.as_deref())?;
        let mut request = PageRequest::first(100);
        loop {
            let page = local.store.members(&org_id, request.clone()).await?;
            for member in &page.items {
                let (id, role, email) = (&member.user_id, member.role.as_str(), member.email.as_str());
                println!("{id}\t{role}\t{email}\t{}", member.name);
            }
            match page.items.last() {
                Some(last) if page.has_more => request.after = Some(last.user_id.to_string()),
                Some(_) | None => return Ok(()),
            }
        }
    }
}
