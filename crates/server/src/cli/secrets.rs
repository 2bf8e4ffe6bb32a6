//! `docextract secrets`: the key that seals what is secret in the database.
//!
//! A rotation makes the new key known, has the database seal with it from then on, and seals what is there
//! anew, some rows at a time. A server that runs goes on throughout. Cut short, it is done again.

use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, Subcommand};
use docextract_store::sqlite::Resealed;
use docextract_store::vault::VaultKey;

use super::local::Local;
use super::{block_on, hinted};
use crate::config::{Places, resolve_data_dir, resolve_secrets};
use crate::secrets::{Place, VARIABLE, new_key, replace};

/// Rows of one transaction: a server that runs is held up by no more than these.
const ROWS_AT_A_TIME: u32 = 200;

#[derive(Subcommand)]
pub(super) enum SecretsCommand {
    /// Seal every secret with a new key; also while the server runs, and again after it was cut short
    Rotate(Rotate),
}

#[derive(Args)]
pub(super) struct Rotate {
    /// Take the old keys out of the key file, too: backups of the database from before are then of no use
    #[arg(long)]
    forget: bool,
    #[command(flatten)]
    places: Places,
}

impl SecretsCommand {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let Self::Rotate(command) = self;
        block_on(command.run())?;
        Ok(ExitCode::SUCCESS)
    }
}

impl Rotate {
    async fn run(self) -> anyhow::Result<()> {
        let local = Local::open(&self.places).await?;
        let (secrets, data_dir) = (resolve_secrets(&self.places)?, resolve_data_dir(&self.places)?);
        let place = secrets.place(&data_dir);
        let keys = secrets.keys(&data_dir)?;
        let current = local.store.sealing_key().await?.context("the database names no key")?;
        // One that does not seal yet was made by a rotation that came no further, or given by hand.
        let waiting = keys.first().filter(|first| first.id() != current).cloned();
        let next = match (waiting, &place) {
            (Some(waiting), _) => waiting,
            (None, Place::File(path)) => {
                let next = new_key()?;
                let all: Vec<VaultKey> = std::iter::once(next.clone()).chain(keys).collect();
                replace(path, &all)?;
                next
            }
            (None, Place::Variable) => {
                let hint = format!(
                    "make one with openssl rand -hex 32, put it before the old one, with a comma between, into \
                     {VARIABLE} of the server, restart it, and rotate again"
                );
                return Err(hinted(format!("{VARIABLE} has no new key in front"), hint));
            }
        };
        local.store.seal_with(next.id()).await?;
        let mut done = Resealed::default();
        while !done.is_done {
            done = local.store.step_reseal(done, ROWS_AT_A_TIME).await?;
        }
        eprintln!("Secrets are sealed with key {} ({} rows).", next.id(), done.rows);
        match &place {
            Place::File(path) if self.forget => {
                replace(path, &[next])?;
                eprintln!("{place} has this key alone: keep a copy of it.");
            }
            Place::File(_) => {
                eprintln!("{place} has the old keys, too, for backups from before: keep a copy of it.");
            }
            Place::Variable => {
                eprintln!("{VARIABLE} need not have the old keys, but for backups from before.");
            }
        }
        Ok(())
    }
}
