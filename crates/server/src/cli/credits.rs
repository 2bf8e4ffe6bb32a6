//! `docextract credits`: the account, on the store directly.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use docextract_model::audit::AuditAction;
use docextract_model::credit::Account;
use docextract_model::id::OrgId;
use docextract_store::Store as _;
use docextract_store::commands::{GrantCredits, GrantOutcome};
use serde::Serialize;

use super::local::Local;
use super::{block_on, hinted};
use crate::api::auth::with_detail;
use crate::config::Places;

#[derive(Subcommand)]
pub(super) enum Credits {
    /// Add credits; jobs that wait for them resume
    Grant(Grant),
    /// Print the account as one JSON object
    Show(Show),
}

#[derive(Args)]
pub(super) struct Grant {
    /// How many credits
    #[arg(value_parser = clap::value_parser!(u64).range(1..=1_000_000_000))]
    amount: u64,
    /// What the ledger says about it
    #[arg(long, default_value = "Granted on the command line")]
    description: String,
    /// Organisation, by id or name
    #[arg(long)]
    org: Option<String>,
    #[command(flatten)]
    places: Places,
}

#[derive(Args)]
pub(super) struct Show {
    /// Organisation, by id or name
    #[arg(long)]
    org: Option<String>,
    #[command(flatten)]
    places: Places,
}

/// The account as it is printed.
#[derive(Serialize)]
struct Printed<'a> {
    org_id: &'a OrgId,
    balance: u64,
    total_purchased: u64,
    total_used: u64,
    low_balance_threshold: u64,
}

fn print(account: &Account) -> anyhow::Result<()> {
    let printed = Printed {
        org_id: &account.org_id,
        balance: account.balance,
        total_purchased: account.total_purchased,
        total_used: account.total_used,
        low_balance_threshold: account.low_balance_threshold,
    };
    println!("{}", serde_json::to_string(&printed)?);
    Ok(())
}

impl Credits {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            match self {
                Self::Grant(command) => command.run().await,
                Self::Show(command) => command.run().await,
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Grant {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.places).await?;
        let command = GrantCredits {
            org_id: local.organisation(self.org.as_deref())?,
            amount: self.amount,
            price_paid: None,
            description: self.description,
            transaction_id: local.ambient.id(),
            now: local.ambient.now(),
        };
        let entry = local.entry(&command.org_id, AuditAction::CreditsGranted, &command.transaction_id);
        match local.act(command, with_detail(entry, "amount", &self.amount)).await? {
            GrantOutcome::Granted { account, jobs_resumed, .. } => {
                eprintln!("Granted {} credits; {jobs_resumed} waiting documents resume.", self.amount);
                print(&account)
            }
            GrantOutcome::AlreadyGranted(_) => anyhow::bail!("an id was given out twice: try again"),
            GrantOutcome::OrganisationNotFound => anyhow::bail!("the organisation does not exist any more"),
            GrantOutcome::TooMany => {
                Err(hinted("the balance would be higher than can be counted", "grant fewer credits"))
            }
        }
    }
}

impl Show {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.places).await?;
        let org_id = local.organisation(self.org.as_deref())?;
        match local.store.account(&org_id).await? {
            Some(account) => print(&account),
            None => anyhow::bail!("the organisation {org_id} has no account"),
        }
    }
}
