//! How many connections there are, in all and from each address.
//!
//! An IPv6 client has a whole network of 64 bits to itself, so that is what counts as its address. A few
//! connections beyond the limit are let in for health alone: whoever watches the server must be able to
//! see that it is full.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use docextract_model::limits::CONNECTIONS_FOR_HEALTH;

pub(super) struct Admission {
    connections_max: usize,
    per_address_max: usize,
    counts: Mutex<Counts>,
}

#[derive(Default)]
struct Counts {
    all: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A connection that was let in; dropping it makes room for another.
pub(super) struct Place {
    admission: Arc<Admission>,
    address: IpAddr,
    is_only_for_health: bool,
}

impl Admission {
    pub(super) fn new(connections_max: usize, per_address_max: usize) -> Self {
        Self { connections_max, per_address_max, counts: Mutex::default() }
    }

    pub(super) fn admit(self: &Arc<Self>, ip: IpAddr) -> Option<Place> {
        let address = counted(ip);
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        if counts.all >= self.connections_max.saturating_add(CONNECTIONS_FOR_HEALTH) {
            return None;
        }
        let is_only_for_health = counts.all >= self.connections_max;
        let of_address = counts.by_address.entry(address).or_default();
        if *of_address >= self.per_address_max {
            return None;
        }
        *of_address += 1;
        counts.all += 1;
        Some(Place { admission: Arc::clone(self), address, is_only_for_health })
    }
}

impl Place {
    pub(super) fn is_only_for_health(&self) -> bool {
        self.is_only_for_health
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.admission.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.all -= 1;
        if let Some(of_address) = counts.by_address.get_mut(&self.address) {
            *of_address -= 1;
            if *of_address == 0 {
                counts.by_address.remove(&self.address);
            }
        }
    }
}

/// What counts as the address of a client.
fn counted(ip: IpAddr) -> IpAddr {
    match ip.to_canonical() {
        IpAddr::V4(ip) => IpAddr::V4(ip),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            IpAddr::V6([a, b, c, d, 0, 0, 0, 0].into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn one_address_cannot_take_every_place() {
        let admission = Arc::new(Admission::new(3, 2));
        let first = admission.admit(ip("192.0.2.1")).unwrap();
        let _second = admission.admit(ip("::ffff:192.0.2.1")).unwrap();
        assert!(admission.admit(ip("192.0.2.1")).is_none());
        let third = admission.admit(ip("192.0.2.2")).unwrap();
        assert!(!third.is_only_for_health());
        drop(first);
        drop(admission.admit(ip("192.0.2.1")).unwrap());
    }

    #[test]
    fn an_ipv6_network_is_one_address() {
        let admission = Arc::new(Admission::new(9, 1));
        let _first = admission.admit(ip("2001:db8:0:1::1")).unwrap();
        assert!(admission.admit(ip("2001:db8:0:1:ffff::2")).is_none());
        assert!(admission.admit(ip("2001:db8:0:2::1")).is_some());
    }

    #[test]
    fn beyond_the_limit_a_few_are_let_in_for_health() {
        let admission = Arc::new(Admission::new(1, 1_000));
        let _first = admission.admit(ip("192.0.2.1")).unwrap();
        let more: Vec<Place> = (0..CONNECTIONS_FOR_HEALTH)
            .map(|_| admission.admit(ip("192.0.2.1")).expect("there is room for health"))
            .collect();
        assert!(more.iter().all(Place::is_only_for_health));
        assert!(admission.admit(ip("192.0.2.1")).is_none());
        drop(more);
        assert_eq!(admission.counts.lock().unwrap().all, 1);
    }
}
