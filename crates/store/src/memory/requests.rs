//! Requests that came with an `Idempotency-Key`.

use docextract_model::time::Timestamp;

use super::Tables;
use crate::commands::{
    BeginRequest, BeginRequestOutcome, EndRequest, FencedOutcome, KeptAnswer, Lease, RequestEnd,
};

#[derive(Debug)]
pub(super) struct RequestRow {
    fingerprint: String,
    pub(super) reserved: String,
    begun_at: Timestamp,
    pub(super) answer: Option<String>,
    pub(super) is_erased: bool,
    /// Of who is doing it.
    lease: Option<Lease>,
}

impl RequestRow {
    fn became(&self, command: &BeginRequest) -> Option<BeginRequestOutcome> {
        if self.fingerprint != command.fingerprint {
            Some(BeginRequestOutcome::Differs)
        } else if self.is_erased {
            Some(BeginRequestOutcome::Erased)
        } else if let Some(answer) = &self.answer {
            Some(BeginRequestOutcome::Answered(KeptAnswer(answer.clone())))
        } else {
            let is_held = self.lease.as_ref().is_some_and(|lease| lease.until > command.now);
            is_held.then_some(BeginRequestOutcome::InProgress)
        }
    }
}

impl Tables {
    pub(super) fn begin_request(&mut self, command: BeginRequest) -> BeginRequestOutcome {
        let place = (command.tenant.clone(), command.key.clone());
        if let Some(row) = self.requests.get_mut(&place).filter(|row| row.begun_at >= command.expired_before)
        {
            if let Some(outcome) = row.became(&command) {
                return outcome;
            }
            row.lease = Some(command.lease);
            let (reserved, begun_at) = (row.reserved.clone(), row.begun_at);
            return BeginRequestOutcome::Begun { reserved, begun_at, is_again: true };
        }
        let row = RequestRow {
            fingerprint: command.fingerprint,
            reserved: command.reserved.clone(),
            begun_at: command.now,
            answer: None,
            is_erased: false,
            lease: Some(command.lease),
        };
        self.requests.insert(place, row);
        BeginRequestOutcome::Begun { reserved: command.reserved, begun_at: command.now, is_again: false }
    }

    pub(super) fn end_request(&mut self, command: EndRequest) -> FencedOutcome {
        let place = (command.tenant, command.key);
        let is_holders = |row: &&mut RequestRow| {
            row.lease.as_ref().is_some_and(|lease| lease.token == command.lease_token)
        };
        let Some(row) = self.requests.get_mut(&place).filter(is_holders) else {
            return FencedOutcome::LostLease;
        };
        row.lease = None;
        match command.end {
            RequestEnd::Keep(KeptAnswer(answer)) if !row.is_erased => row.answer = Some(answer),
            RequestEnd::Keep(_) | RequestEnd::Release => {}
            RequestEnd::Forget => {
                self.requests.remove(&place);
            }
        }
        FencedOutcome::Written
    }

    pub(super) fn release_requests_of_node(&mut self, node: &str) {
        for row in self.requests.values_mut() {
            row.lease.take_if(|lease| lease.node == node);
        }
    }

    pub(super) fn prune_requests(&mut self, before: Timestamp, limit: u32) -> u64 {
        let mut old: Vec<_> = self.requests.iter().filter(|(_, row)| row.begun_at < before).collect();
        old.sort_by_key(|(place, row)| (row.begun_at, (*place).clone()));
        let old: Vec<_> = old.into_iter().take(limit as usize).map(|(place, _)| place.clone()).collect();
        self.requests.retain(|place, _| !old.contains(place));
        old.len() as u64
    }
}
