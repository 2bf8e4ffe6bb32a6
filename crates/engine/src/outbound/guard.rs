//! The judgement of addresses, with what this machine's own are at the moment.
//!
//! Interfaces come and go, so they are listed again every few seconds. When they cannot be listed, no
//! connection is made: that the policy cannot be kept is no reason to go without it.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use docextract_model::address::{self, AddressPolicy, AddressRefused};
use docextract_model::limits;
use docextract_model::time::Timestamp;

use crate::{Ambient, Network};

pub(super) struct Guard {
    network: Arc<dyn Network>,
    ambient: Arc<Ambient>,
    policy: AddressPolicy,
    own: Mutex<Option<Own>>,
}

struct Own {
    addresses: Arc<[IpAddr]>,
    listed_at: Timestamp,
}

/// Why no connection is made.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(transparent)]
    NotAllowed(#[from] AddressRefused),
    #[error(
        "this server's own addresses could not be listed ({0}), and they must not be called: let its process \
         use netlink sockets (under systemd: RestrictAddressFamilies with AF_NETLINK)"
    )]
    OwnUnknown(String),
}

impl Guard {
    pub(super) fn new(network: Arc<dyn Network>, ambient: Arc<Ambient>, policy: AddressPolicy) -> Self {
        Self { network, ambient, policy, own: Mutex::default() }
    }

    pub(super) fn judge(&self, addresses: &[IpAddr]) -> Result<(), Refusal> {
        // The policy alone decides first: what it refuses needs no list.
        for ip in addresses {
            address::judge(*ip, &self.policy)?;
        }
        if self.policy.dev {
            return Ok(());
        }
        let own = self.own()?;
        for ip in addresses {
            address::judge_on(*ip, &own, &self.policy)?;
        }
        Ok(())
    }

    fn own(&self) -> Result<Arc<[IpAddr]>, Refusal> {
        let now = self.ambient.now();
        let mut listed = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = listed.as_ref()
            && own.listed_at <= now
            && now < own.listed_at.plus_ms(limits::OWN_ADDRESSES_KEPT_MS_MAX)
        {
            return Ok(Arc::clone(&own.addresses));
        }
        let found = self.network.own_addresses().map_err(|error| Refusal::OwnUnknown(error.to_string()))?;
        let addresses: Arc<[IpAddr]> = found.into();
        *listed = Some(Own { addresses: Arc::clone(&addresses), listed_at: now });
        Ok(addresses)
    }
}
