//! `docextract plan`: what an organisation may ask for, on the store directly.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use docextract_model::audit::AuditAction;
use docextract_model::id::OrgId;
use docextract_model::plan::{Plan, PlanLimits};
use docextract_store::Store as _;
use docextract_store::commands::{Organisation, SetPlan};
use serde::Serialize;

use super::block_on;
use super::local::Local;
use crate::api::auth::with_detail;
use crate::config::Places;

#[derive(Subcommand)]
pub(super) enum PlanCommand {
    /// Give an organisation a plan; a running server follows within half a second
    Set(Set),
    /// Print the plan as one JSON object
    Show(Show),
}

#[derive(Args)]
pub(super) struct Set {
    /// free, starter, professional, business or enterprise (without limits)
    #[arg(value_parser = parse_plan)]
    plan: Plan,
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

fn parse_plan(text: &str) -> Result<Plan, String> {
    let names = || Plan::ALL.map(Plan::as_str).join(", ");
    Plan::parse(text).ok_or_else(|| format!("the plans are {}", names()))
}

/// The plan as it is printed; `limits` is null for one without.
#[derive(Serialize)]
struct Printed<'a> {
    org_id: &'a OrgId,
    plan: Plan,
    limits: Option<PlanLimits>,
}

fn print(organisation: &Organisation) -> anyhow::Result<()> {
    let plan = organisation.plan;
    let printed = Printed { org_id: &organisation.id, plan, limits: plan.limits() };
    println!("{}", serde_json::to_string(&printed)?);
    Ok(())
}

impl PlanCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        block_on(async {
            match self {
                Self::Set(command) => command.run().await,
                Self::Show(command) => command.run().await,
            }
        })?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Set {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.places).await?;
        let org_id = local.organisation(self.org.as_deref())?;
        let command = SetPlan { org_id, plan: self.plan, now: local.ambient.now() };
        let entry = local.entry(&command.org_id, AuditAction::PlanChanged, &command.org_id);
        match local.act(command, with_detail(entry, "plan", self.plan.as_str())).await? {
            Some(organisation) => print(&organisation),
            None => anyhow::bail!("the organisation does not exist any more"),
        }
    }
}

impl Show {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.places).await?;
        let org_id = local.organisation(self.org.as_deref())?;
        match local.store.organisation(&org_id).await? {
            Some(organisation) => print(&organisation),
            None => anyhow::bail!("there is no organisation {org_id}"),
        }
    }
}
