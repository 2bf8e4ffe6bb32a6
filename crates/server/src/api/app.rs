//! What every handler may use.

use std::sync::Arc;

use docextract_engine::Engine;
use docextract_engine::ambient::Ambient;
use docextract_model::address::{AddressPolicy, Cidr};
use docextract_model::audit::AuditEntry;
use docextract_store::acts::{Deed, act};
use docextract_store::blobs::Blobs;
use docextract_store::commands::{Lease, LeasedDelivery};
use docextract_store::{Store, StoreError};
use tokio::sync::{Semaphore, watch};

use super::health::Readiness;
use super::load::Load;
use crate::checkout::Shop;
use crate::dev::inbox::Inbox;
use crate::key_cache::KeyCache;
use crate::key_usage::KeyUsage;
use crate::oidc::Oidc;
use crate::password::Passwords;

pub(crate) struct App {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) blobs: Arc<dyn Blobs>,
    pub(crate) engine: Arc<Engine>,
    pub(crate) ambient: Arc<Ambient>,
    pub(crate) addresses: AddressPolicy,
    pub(crate) document_bytes_max: u64,
    /// Where this server is reached, without a slash at the end.
    pub(crate) base_url: String,
    /// Proxies whose word on where a request comes from is taken.
    pub(crate) trusted_proxies: Vec<Cidr>,
    pub(crate) cookie_is_secure: bool,
    pub(crate) passwords: Passwords,
    /// Where people can sign in, too.
    pub(crate) oidc: Option<Oidc>,
    /// Only where an operator sells credits.
    pub(crate) shop: Option<Shop>,
    pub(crate) key_cache: KeyCache,
    pub(crate) key_usage: KeyUsage,
    pub(crate) readiness: Readiness,
    pub(crate) load: Load,
    /// Taken by each request that waits for the end of its document.
    pub(crate) waiters: Semaphore,
    /// Only under `--dev`.
    pub(crate) inbox: Option<Inbox>,
    /// Turns true when the server drains: requests that only wait are answered then.
    pub(crate) stopping: watch::Receiver<bool>,
}

impl App {
    /// Does what somebody answers for, and logs it.
    pub(crate) async fn act<D: Deed>(&self, deed: D, entry: AuditEntry) -> Result<D::Outcome, StoreError> {
        act(self.store.as_ref(), deed, entry).await
    }

    /// The lease under which the deliveries of a use case are handed to this node's sender.
    pub(crate) fn send_lease(&self) -> Lease {
        self.engine.send_lease()
    }

    /// Hands over what a use case wrote. Called after the store has answered, never before.
    pub(crate) fn hand_over(&self, to_send: Vec<LeasedDelivery>) {
        if !to_send.is_empty() {
            self.engine.hand_over(to_send);
        }
    }
}
