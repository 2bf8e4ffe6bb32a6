//! `docextract keys`: API keys, on the store directly.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use docextract_model::audit::{AuditAction, AuditEntry};
use docextract_model::id::KeyId;
use docextract_model::key::{ApiKey, Scope};
use docextract_model::tenant::Mode;
use docextract_store::Store as _;
use docextract_store::commands::{CreateKeyOutcome, PageRequest, RevokeKey};

use super::local::Local;
use super::{block_on, hinted};
use crate::api::auth::with_detail;
use crate::config::Places;
use crate::duration::DurationMs;
use crate::keys::{KeyDraft, draft_key, scopes_text};

#[derive(Subcommand)]
pub(super) enum Keys {
    /// Create a key; it alone is printed on stdout
    Create(Create),
    /// List keys without their secrets: id, mode, hint, state, scopes, name
    List(List),
    /// Revoke a key
    Revoke(Revoke),
}

#[derive(Args)]
pub(super) struct Create {
    /// live or test
    #[arg(long, value_parser = parse_mode)]
    mode: Mode,
    /// all, or some of documents:read, documents:write, extractors:read, extractors:write, webhooks:read, webhooks:write, credits:read, admin
    #[arg(long, value_parser = parse_scopes)]
    scopes: ScopeList,
    /// After how long it ends, such as 90d [default: never]
    #[arg(long, value_name = "TIME")]
    expires_in: Option<DurationMs>,
    /// What the key is for
    #[arg(long, default_value = "")]
    name: String,
    /// Organisation, by id or name
    #[arg(long)]
    org: Option<String>,
    #[command(flatten)]
    places: Places,
}

#[derive(Args)]
pub(super) struct List {
    /// Organisation, by id or name
    #[arg(long)]
    org: Option<String>,
    #[command(flatten)]
    places: Places,
}

#[derive(Args)]
pub(super) struct Revoke {
    /// The key's id, as keys list shows it
    id: String,
    /// Organisation, by id or name
    #[arg(long)]
    org: Option<String>,
    #[command(flatten)]
    places: Places,
}

/// Scopes from one argument: a type of its own, since clap reads a `Vec` as many arguments.
#[derive(Debug, Clone)]
struct ScopeList(Vec<Scope>);

fn parse_scopes(text: &str) -> Result<ScopeList, String> {
    Scope::parse_list(text).map(ScopeList)
}

fn parse_mode(text: &str) -> Result<Mode, String> {
    Mode::parse(text).ok_or_else(|| "use live or test".to_owned())
}

impl Keys {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            match self {
                Self::Create(command) => command.run().await,
                Self::List(command) => command.run().await,
                Self::Revoke(command) => command.run().await,
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Create {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.places).await?;
        let draft = KeyDraft {
            org_id: local.organisation(self.org.as_deref())?,
            name: self.name,
            mode: self.mode,
            scopes: self.scopes.0,
            expires_at: self.expires_in.map(|time| local.ambient.now().plus_ms(time.0)),
            created_by: "command_line".to_owned(),
        };
        let (secret, command) = draft_key(draft, &local.ambient);
        let entry = local.entry(&command.key.org_id, AuditAction::KeyCreated, &command.key.id);
        let entry = with_detail(entry, "name", &command.key.name);
        let entry = with_detail(entry, "scopes", &scopes_text(&command.key.scopes));
        match local.act(command, AuditEntry { mode: Some(self.mode), ..entry }).await? {
            CreateKeyOutcome::Created(key) => {
                eprintln!("Created {} ({}). It is shown only now:", key.id, key.mode.as_str());
                println!("{secret}");
                Ok(())
            }
            CreateKeyOutcome::OrganisationNotFound => {
                anyhow::bail!("the organisation does not exist any more")
            }
        }
    }
}

impl List {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.places).await?;
        let org_id = local.organisation(self.org.as_deref())?;
        let mut request = PageRequest::first(100);
        loop {
            let page = local.store.keys(&org_id, request.clone()).await?;
            for key in &page.items {
                println!("{}", line(key, local.ambient.now()));
            }
            match page.items.last() {
                Some(last) if page.has_more => request.after = Some(last.id.to_string()),
                Some(_) | None => return Ok(()),
            }
        }
    }
}

/// A key in one line of columns with tabs between.
fn line(key: &ApiKey, now: docextract_model::time::Timestamp) -> String {
    let state = match (key.revoked_at, key.is_usable(now)) {
        (Some(_), _) => "revoked",
        (None, true) => "active",
        (None, false) => "expired",
    };
    let scopes: Vec<&str> = key.scopes.iter().map(|scope| scope.as_str()).collect();
    let (id, mode, hint) = (&key.id, key.mode.as_str(), &key.hint);
    format!("{id}\t{mode}\t{hint}…\t{state}\t{}\t{}", scopes.join(","), key.name)
}

impl Revoke {
    async fn run(self) -> anyhow::Result<()> {
        let unknown =
            || hinted(format!("there is no key {}", self.id), "list them with: docextract keys list");
        let key_id = KeyId::parse(&self.id).map_err(|_| unknown())?;
        let local = Local::open(&self.places).await?;
        let org_id = local.organisation(self.org.as_deref())?;
        let command = RevokeKey { org_id, key_id, now: local.ambient.now() };
        let entry = local.entry(&command.org_id, AuditAction::KeyRevoked, &command.key_id);
        let key = local.act(command, entry).await?.ok_or_else(unknown)?;
        eprintln!("Revoked {}.", key.id);
        Ok(())
    }
}
