//! The store for commands that work on it directly, also while a server runs.

use std::sync::Arc;

use anyhow::Context as _;
use docextract_engine::ambient::Ambient;
use docextract_model::audit::{Actor, AuditAction, AuditEntry};
use docextract_model::id::OrgId;
use docextract_store::acts::{Deed, act};
use docextract_store::commands::Organisation;
use docextract_store::sqlite::SqliteStore;

use super::hinted;
use crate::ambient::{OsRandom, SystemClock};
use crate::config::{Places, resolve_data_dir, resolve_secrets};
use crate::data_dir::DataDir;
use crate::secrets::told_of;
use crate::setup::{ensure_organisation, local_entry};

pub(super) struct Local {
    pub(super) store: SqliteStore,
    pub(super) ambient: Ambient,
    organisations: Vec<Organisation>,
}

impl Local {
    /// Opens the store, and sets a fresh one up as the server would.
    pub(super) async fn open(places: &Places) -> anyhow::Result<Self> {
        let data_dir = DataDir::open(&resolve_data_dir(places)?)?;
        let (store, made) = data_dir.store(&resolve_secrets(places)?)?;
        if let Some(path) = made {
            eprintln!("{}.", told_of(&path));
        }
        // This process leases nothing, so its name in leases is never written.
        let ambient = Ambient::new(Arc::new(SystemClock), Arc::new(OsRandom), "command-line".to_owned());
        let _setting_up = data_dir.lock_for_setup()?;
        let organisations =
            ensure_organisation(&store, &ambient).await.context("the store could not be set up")?;
        Ok(Self { store, ambient, organisations })
    }

    /// Does what the operator answers for, and logs it.
    pub(super) async fn act<D: Deed>(&self, deed: D, entry: AuditEntry) -> anyhow::Result<D::Outcome> {
        Ok(act(&self.store, deed, entry).await?)
    }

    pub(super) fn entry(
        &self,
        org_id: &OrgId,
        action: AuditAction,
        target: &(impl ToString + ?Sized),
    ) -> AuditEntry {
        local_entry(&self.ambient, org_id, Actor::CommandLine, action, target)
    }

    /// The organisation that was named, by id or name; the only one when none was.
    pub(super) fn organisation(&self, named: Option<&str>) -> anyhow::Result<OrgId> {
        let list = || {
            let all = self.organisations.iter().map(|each| format!("{} ({})", each.id, each.name));
            all.collect::<Vec<_>>().join(", ")
        };
        match (named, self.organisations.as_slice()) {
            (Some(named), all) => all
                .iter()
                .find(|each| each.id.as_str() == named || each.name == named)
                .map(|each| each.id.clone())
                .ok_or_else(|| {
                    hinted(format!("there is no organisation {named}"), format!("there are {}", list()))
                }),
            (None, [only]) => Ok(only.id.clone()),
            (None, _) => {
                Err(hinted("there are several organisations", format!("name one with --org: {}", list())))
            }
        }
    }
}
