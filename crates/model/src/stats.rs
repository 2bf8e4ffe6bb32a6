//! Statistics of a webhook, summed up from counts by the hour.
//!
//! Each attempt adds one to a count: of its webhook, its hour, how it ended and how long it took, in
//! classes. So a month of any traffic is a few hundred rows, and a statistic never looks at the log.
//! Percentiles are read from the classes, whose bounds lie a factor of 1.3 to 2 apart; within a class
//! they are interpolated. Tests that a person sends are not counted.

use std::collections::BTreeMap;

use crate::delivery::AttemptErrorCode;
use crate::time::Timestamp;

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Classes of response times: each reaches from the bound before it to below its own, in
/// milliseconds; one more is open. An attempt takes at most about five seconds.
const CLASS_BOUNDS_MS: [u64; 23] = [
    1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1_000, 1_500, 2_000, 3_000, 5_000,
    10_000,
];

/// The class of a response time.
#[must_use]
pub fn latency_class(response_time_ms: u64) -> u32 {
    CLASS_BOUNDS_MS.partition_point(|bound| *bound <= response_time_ms).try_into().unwrap_or(u32::MAX)
}

/// When the hour began that an instant lies in.
#[must_use]
pub fn hour_of(time: Timestamp) -> Timestamp {
    Timestamp::from_unix_ms(time.unix_ms().div_euclid(HOUR_MS) * HOUR_MS)
}

/// Attempts to one webhook that began in the same hour, ended the same way and took about as long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptCount {
    pub hour: Timestamp,
    /// None: they were answered with success.
    pub error: Option<AttemptErrorCode>,
    pub latency_class: u32,
    pub attempts: u64,
}

/// What counts say together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Summary {
    pub attempts: u64,
    pub succeeded: u64,
    /// Failed attempts by why, the most frequent first.
    pub errors: Vec<(AttemptErrorCode, u64)>,
    by_class: BTreeMap<u32, u64>,
}

impl Summary {
    #[must_use]
    pub fn of<'a>(counts: impl IntoIterator<Item = &'a AttemptCount>) -> Self {
        let mut summary = Self::default();
        let mut errors: BTreeMap<&str, (AttemptErrorCode, u64)> = BTreeMap::new();
        for count in counts {
            summary.attempts += count.attempts;
            *summary.by_class.entry(count.latency_class).or_default() += count.attempts;
            match count.error {
                None => summary.succeeded += count.attempts,
                Some(code) => errors.entry(code.as_str()).or_insert((code, 0)).1 += count.attempts,
            }
        }
        summary.errors = errors.into_values().collect();
        summary.errors.sort_by_key(|(_, attempts)| std::cmp::Reverse(*attempts));
        summary
    }

    /// Of all attempts the share that succeeded, from 0 to 1, to four decimals; none without attempts.
    #[must_use]
    pub fn success_rate(&self) -> Option<f64> {
        let per_10_000 = self.succeeded.saturating_mul(10_000).checked_div(self.attempts)?;
        u32::try_from(per_10_000).ok().map(|rate| f64::from(rate) / 10_000.0)
    }

    /// The response time that `percent` of all attempts stayed within, failed ones too, in
    /// milliseconds; none without attempts.
    #[must_use]
    pub fn percentile_ms(&self, percent: u64) -> Option<u64> {
        let rank = (self.attempts * percent).div_ceil(100).max(1);
        let mut below = 0;
        for (class, attempts) in &self.by_class {
            if below + attempts >= rank {
                return Some(within_class(*class, rank - below, *attempts));
            }
            below += attempts;
        }
        None
    }
}

/// The `rank`th of `count` response times that are spread evenly over a class.
fn within_class(class: u32, rank: u64, count: u64) -> u64 {
    let class = class as usize;
    let from = class.checked_sub(1).and_then(|before| CLASS_BOUNDS_MS.get(before)).copied().unwrap_or(0);
    let Some(bound) = CLASS_BOUNDS_MS.get(class) else { return from };
    from + (bound - 1 - from) * rank / count
}

/// The counts of each hour that has any, the earliest first.
#[must_use]
pub fn by_hour(counts: &[AttemptCount]) -> BTreeMap<Timestamp, Summary> {
    let mut hours: BTreeMap<Timestamp, Vec<&AttemptCount>> = BTreeMap::new();
    for count in counts {
        hours.entry(count.hour).or_default().push(count);
    }
    hours.into_iter().map(|(hour, counts)| (hour, Summary::of(counts))).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn counts(response_times_ms: &[u64]) -> Vec<AttemptCount> {
        let one = |ms: &u64| AttemptCount {
            hour: Timestamp::from_unix_ms(0),
            error: None,
            latency_class: latency_class(*ms),
            attempts: 1,
        };
        response_times_ms.iter().map(one).collect()
    }

    #[test]
    fn nothing_has_no_rate_and_no_percentile() {
        let summary = Summary::of(&[]);
        assert_eq!((summary.success_rate(), summary.percentile_ms(50)), (None, None));
    }

    #[test]
    fn failures_are_told_by_why_the_most_frequent_first() {
        let one = |error, attempts| AttemptCount {
            hour: Timestamp::from_unix_ms(0),
            error,
            latency_class: 3,
            attempts,
        };
        let (reset, timeout) = (AttemptErrorCode::Reset, AttemptErrorCode::Timeout);
        let summary =
            Summary::of(&[one(None, 2), one(Some(reset), 1), one(Some(timeout), 3), one(Some(reset), 1)]);
        assert_eq!((summary.attempts, summary.succeeded, summary.success_rate()), (7, 2, Some(0.2857)));
        assert_eq!(summary.errors, [(timeout, 3), (reset, 2)]);
    }

    #[test]
    fn an_hour_holds_what_began_in_it() {
        for (ms, hour) in [(0, 0), (HOUR_MS - 1, 0), (HOUR_MS, HOUR_MS), (-1, -HOUR_MS)] {
            assert_eq!(hour_of(Timestamp::from_unix_ms(ms)).unix_ms(), hour);
        }
    }

    proptest! {
        /// A percentile from classes lies in the class of the exact one.
        #[test]
        fn a_percentile_is_as_exact_as_its_class(
            mut times in prop::collection::vec(0u64..20_000, 1..200),
            percent in 1u64..=100,
        ) {
            let read = Summary::of(&counts(&times)).percentile_ms(percent).unwrap();
            times.sort_unstable();
            let rank = (times.len() * usize::try_from(percent).unwrap()).div_ceil(100);
            prop_assert_eq!(latency_class(read), latency_class(times[rank - 1]));
        }
    }
}
