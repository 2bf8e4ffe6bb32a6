//! When the next attempt is due: the published schedule, as a pure function.

use crate::time::Timestamp;

/// Waits before the second, third … attempt, each counted from the end of the attempt before.
pub const DEFAULT_WAITS_MS: [u64; 5] = [5_000, 30_000, 120_000, 600_000, 3_600_000];
/// A `Retry-After` is kept up to this long.
pub const RETRY_AFTER_MS_MAX: u64 = 3_600_000;

/// The retry schedule of a server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RetrySchedule {
    waits_ms: Vec<u64>,
}

impl Default for RetrySchedule {
    fn default() -> Self {
        Self { waits_ms: DEFAULT_WAITS_MS.to_vec() }
    }
}

impl RetrySchedule {
    /// A schedule with these waits; none of them means that nothing is tried twice.
    #[must_use]
    pub fn new(waits_ms: Vec<u64>) -> Self {
        Self { waits_ms }
    }

    #[must_use]
    pub fn attempts_max(&self) -> u32 {
        u32::try_from(self.waits_ms.len()).unwrap_or(u32::MAX - 1) + 1
    }

    /// When to try again after attempt `number` (1 for the first) failed at `finished_at`; nothing
    /// when the attempts are spent. A `Retry-After` that is later than the schedule is kept, up to an hour.
    #[must_use]
    pub fn next_attempt_at(
        &self,
        number: u32,
        finished_at: Timestamp,
        retry_after_ms: Option<u64>,
    ) -> Option<Timestamp> {
        let index = usize::try_from(number.checked_sub(1)?).ok()?;
        let wait_ms = *self.waits_ms.get(index)?;
        let asked_ms = retry_after_ms.unwrap_or(0).min(RETRY_AFTER_MS_MAX);
        Some(finished_at.plus_ms(wait_ms.max(asked_ms)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_unix_ms(1_000_000);

    #[test]
    fn six_attempts_over_the_published_waits() {
        let schedule = RetrySchedule::default();
        assert_eq!(schedule.attempts_max(), 6);
        let waits: Vec<u64> =
            (1..=5).map(|n| schedule.next_attempt_at(n, NOW, None).unwrap().ms_since(NOW)).collect();
        assert_eq!(waits, [5_000, 30_000, 120_000, 600_000, 3_600_000]);
        assert_eq!(waits.iter().sum::<u64>(), ((60 + 12) * 60 + 35) * 1000);
        assert_eq!(schedule.next_attempt_at(6, NOW, None), None);
    }

    #[test]
    fn a_later_retry_after_is_kept_up_to_an_hour() {
        let schedule = RetrySchedule::default();
        let wait = |asked_ms| schedule.next_attempt_at(1, NOW, Some(asked_ms)).unwrap().ms_since(NOW);
        assert_eq!(wait(1_000), 5_000);
        assert_eq!(wait(60_000), 60_000);
        assert_eq!(wait(86_400_000), 3_600_000);
    }

    #[test]
    fn a_retry_after_never_adds_an_attempt() {
        assert_eq!(RetrySchedule::default().next_attempt_at(6, NOW, Some(60_000)), None);
    }
}
