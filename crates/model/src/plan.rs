//! Plans: how much an organisation may ask for at a time.
//!
//! Requests are counted in two fixed windows of the clock, the minute and the hour that it is (UTC),
//! over all keys of the organisation, live and test. A window begins with nothing counted, whatever
//! came in the one before: that can be explained, costs one row per organisation, and lets at most
//! twice the limit through around a window's edge. A request that is refused is not counted.
//!
//! Jobs are limited by how many are processed at once; what is beyond waits in the queue and is
//! never refused. Webhooks are no requests: receiving them is not limited.

use serde::{Deserialize, Serialize};

use crate::time::Timestamp;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// What an operator gave an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Plan {
    Free,
    Starter,
    Professional,
    Business,
    /// Without limits: what an organisation of one's own server starts on.
    #[default]
    Enterprise,
}

/// What a plan that has limits allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PlanLimits {
    pub requests_per_minute: u32,
    pub requests_per_hour: u32,
    pub concurrent_jobs: u32,
}

impl Plan {
    pub const ALL: [Plan; 5] =
        [Self::Free, Self::Starter, Self::Professional, Self::Business, Self::Enterprise];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Free => "free",
            Self::Starter => "starter",
            Self::Professional => "professional",
            Self::Business => "business",
            Self::Enterprise => "enterprise",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|plan| plan.as_str() == text)
    }

    /// None for a plan without limits.
    #[must_use]
    pub fn limits(self) -> Option<PlanLimits> {
        let (requests_per_minute, requests_per_hour, concurrent_jobs) = match self {
            Self::Free => (10, 100, 2),
            Self::Starter => (60, 1_000, 5),
            Self::Professional => (100, 3_000, 10),
            Self::Business => (500, 15_000, 50),
            Self::Enterprise => return None,
        };
        Some(PlanLimits { requests_per_minute, requests_per_hour, concurrent_jobs })
    }
}

/// What an organisation has asked for in the minute and the hour of its last request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RequestCounts {
    /// When the minute began.
    pub minute: Timestamp,
    pub minute_count: u32,
    /// When the hour began.
    pub hour: Timestamp,
    pub hour_count: u32,
}

/// The window that has the least left; of two, the one that ends later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RequestWindow {
    pub limit: u32,
    pub remaining: u32,
    pub resets_at: Timestamp,
}

/// Whether a request may be answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TakenRequest {
    /// The plan has no limits: nothing was counted.
    Unlimited,
    Taken(RequestWindow),
    Refused(RequestWindow),
}

impl RequestCounts {
    /// Takes a request at `now`, which changes the counts, or refuses it, which does not.
    pub fn take(&mut self, limits: PlanLimits, now: Timestamp) -> TakenRequest {
        let mut counts = self.at(now);
        let has_room =
            counts.minute_count < limits.requests_per_minute && counts.hour_count < limits.requests_per_hour;
        if !has_room {
            return TakenRequest::Refused(counts.window(limits));
        }
        counts.minute_count += 1;
        counts.hour_count += 1;
        *self = counts;
        TakenRequest::Taken(counts.window(limits))
    }

    /// As they are in the windows of this instant: another window than the last one begins anew, also
    /// an earlier one, so that a clock that was set back locks nobody out.
    fn at(self, now: Timestamp) -> Self {
        let (minute, hour) = (beginning(now, MINUTE_MS), beginning(now, HOUR_MS));
        Self {
            minute,
            minute_count: if minute == self.minute { self.minute_count } else { 0 },
            hour,
            hour_count: if hour == self.hour { self.hour_count } else { 0 },
        }
    }

    fn window(self, limits: PlanLimits) -> RequestWindow {
        let window = |limit: u32, count: u32, begins: Timestamp, length_ms: i64| RequestWindow {
            limit,
            remaining: limit.saturating_sub(count),
            resets_at: Timestamp::from_unix_ms(begins.unix_ms() + length_ms),
        };
        let minute = window(limits.requests_per_minute, self.minute_count, self.minute, MINUTE_MS);
        let hour = window(limits.requests_per_hour, self.hour_count, self.hour, HOUR_MS);
        if minute.remaining < hour.remaining { minute } else { hour }
    }
}

/// When the minute of an instant ends: what is shown where nothing is counted.
#[must_use]
pub fn minute_ends(now: Timestamp) -> Timestamp {
    Timestamp::from_unix_ms(beginning(now, MINUTE_MS).unix_ms() + MINUTE_MS)
}

fn beginning(now: Timestamp, length_ms: i64) -> Timestamp {
    let now = now.unix_ms();
    Timestamp::from_unix_ms(now - now.rem_euclid(length_ms))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    fn window(limit: u32, remaining: u32, resets_at: &str) -> RequestWindow {
        RequestWindow { limit, remaining, resets_at: at(resets_at) }
    }

    #[test]
    fn the_minute_runs_out_then_the_hour() {
        let limits = Plan::Free.limits().unwrap();
        let mut counts = RequestCounts::default();
        for left in (0..10).rev() {
            let taken = counts.take(limits, at("2024-11-23T10:00:59Z"));
            assert_eq!(taken, TakenRequest::Taken(window(10, left, "2024-11-23T10:01:00Z")));
        }
        let before = counts;
        let refused = counts.take(limits, at("2024-11-23T10:00:59Z"));
        assert_eq!(refused, TakenRequest::Refused(window(10, 0, "2024-11-23T10:01:00Z")));
        assert_eq!(counts, before, "what is refused is not counted");
        for minute in 1..10 {
            for _ in 0..10 {
                let now = at("2024-11-23T10:00:00Z").plus_ms(minute * 60_000);
                assert!(matches!(counts.take(limits, now), TakenRequest::Taken(_)));
            }
        }
        let refused = counts.take(limits, at("2024-11-23T10:10:00Z"));
        assert_eq!(refused, TakenRequest::Refused(window(100, 0, "2024-11-23T11:00:00Z")));
        let taken = counts.take(limits, at("2024-11-23T11:00:00Z"));
        assert_eq!(taken, TakenRequest::Taken(window(10, 9, "2024-11-23T11:01:00Z")));
    }

    #[test]
    fn a_clock_that_was_set_back_locks_nobody_out() {
        let limits = Plan::Free.limits().unwrap();
        let mut counts = RequestCounts::default();
        for _ in 0..10 {
            counts.take(limits, at("2034-11-23T10:00:00Z"));
        }
        assert!(matches!(counts.take(limits, at("2024-11-23T10:00:00Z")), TakenRequest::Taken(_)));
    }

    #[test]
    fn plans_are_named_as_they_are_parsed() {
        for plan in Plan::ALL {
            assert_eq!(Plan::parse(plan.as_str()), Some(plan));
        }
        assert_eq!(Plan::parse("Enterprise"), None);
    }
}
