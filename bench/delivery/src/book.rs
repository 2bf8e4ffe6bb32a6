//! When each event was posted, accepted and received: what every figure is made from.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// Instants are nanoseconds since the book was opened; 0 is never.
pub struct Book {
    opened: Instant,
    posted: Vec<AtomicU64>,
    accepted: Vec<AtomicU64>,
    /// One list per endpoint.
    received: Vec<Vec<AtomicU64>>,
    distinct: Vec<AtomicU64>,
    again: AtomicU64,
    failed_jobs: AtomicU64,
    last_received: AtomicU64,
}

fn blank(events_max: usize) -> Vec<AtomicU64> {
    (0..events_max).map(|_| AtomicU64::new(0)).collect()
}

impl Book {
    pub fn new(endpoints: usize, events_max: usize) -> Self {
        Self {
            opened: Instant::now(),
            posted: blank(events_max),
            accepted: blank(events_max),
            received: (0..endpoints).map(|_| blank(events_max)).collect(),
            distinct: blank(endpoints),
            again: AtomicU64::new(0),
            failed_jobs: AtomicU64::new(0),
            last_received: AtomicU64::new(0),
        }
    }

    pub fn events_max(&self) -> u64 {
        self.posted.len() as u64
    }

    pub fn now(&self) -> u64 {
        (self.opened.elapsed().as_nanos() as u64).max(1)
    }

    pub fn note_posted(&self, number: u64) {
        self.posted[number as usize].store(self.now(), Ordering::Relaxed);
    }

    pub fn note_accepted(&self, number: u64) {
        self.accepted[number as usize].store(self.now(), Ordering::Relaxed);
    }

    pub fn note_received(&self, endpoint: usize, number: u64) {
        let now = self.now();
        let Some(slot) = self.received[endpoint].get(number as usize) else { return };
        if slot.compare_exchange(0, now, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            self.distinct[endpoint].fetch_add(1, Ordering::Relaxed);
            self.last_received.fetch_max(now, Ordering::Relaxed);
        } else {
            self.again.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Events that an endpoint has received at least once.
    pub fn distinct(&self, endpoint: usize) -> u64 {
        self.distinct[endpoint].load(Ordering::Relaxed)
    }

    pub fn distinct_of_all(&self) -> u64 {
        (0..self.distinct.len()).map(|endpoint| self.distinct(endpoint)).sum()
    }

    /// Deliveries that were received more than once.
    pub fn again(&self) -> u64 {
        self.again.load(Ordering::Relaxed)
    }

    pub fn note_failed_job(&self) {
        self.failed_jobs.fetch_add(1, Ordering::Relaxed);
    }

    /// Events that told of a document that could not be read.
    pub fn failed_jobs(&self) -> u64 {
        self.failed_jobs.load(Ordering::Relaxed)
    }

    pub fn last_received(&self) -> u64 {
        self.last_received.load(Ordering::Relaxed)
    }

    /// Milliseconds from the 202 to the arrival, and from the post to the arrival, of what was received
    /// by these endpoints. An event that arrives before its 202 was read counts as 0 in the former.
    pub fn latencies_ms(&self, endpoints: &[usize]) -> (Spread, Spread) {
        self.latencies_ms_from(endpoints, 0)
    }

    /// The same of the events from this number on.
    pub fn latencies_ms_from(&self, endpoints: &[usize], first: u64) -> (Spread, Spread) {
        let (mut since_accepted, mut since_posted) = (Vec::new(), Vec::new());
        for endpoint in endpoints {
            for (number, received) in self.received[*endpoint].iter().enumerate().skip(first as usize) {
                let received = received.load(Ordering::Relaxed);
                let (posted, accepted) = (
                    self.posted[number].load(Ordering::Relaxed),
                    self.accepted[number].load(Ordering::Relaxed),
                );
                if received > 0 && posted > 0 && accepted > 0 {
                    since_accepted.push(received.saturating_sub(accepted) as f64 / 1e6);
                    since_posted.push(received.saturating_sub(posted) as f64 / 1e6);
                }
            }
        }
        (Spread::of(since_accepted), Spread::of(since_posted))
    }

    /// Milliseconds from the post to the 202.
    pub fn accept_ms(&self) -> Spread {
        let both = self.posted.iter().zip(&self.accepted);
        let pairs =
            both.map(|(posted, accepted)| (posted.load(Ordering::Relaxed), accepted.load(Ordering::Relaxed)));
        Spread::of(pairs.filter(|(_, accepted)| *accepted > 0).map(|(p, a)| (a - p) as f64 / 1e6).collect())
    }

    /// Waits until `done`, or for so long without anything new that nothing more will come.
    pub async fn wait(&self, silence_max: Duration, done: impl Fn(&Self) -> bool) {
        let (mut seen, mut changed) = (0, Instant::now());
        while !done(self) {
            tokio::time::sleep(Duration::from_millis(2)).await;
            let now = self.distinct_of_all();
            if now != seen {
                (seen, changed) = (now, Instant::now());
            } else if changed.elapsed() > silence_max {
                return;
            }
        }
    }
}

/// The middle and the end of many measurements.
#[derive(Clone, Copy, Default)]
pub struct Spread {
    pub p50: f64,
    pub p99: f64,
    pub max: f64,
}

impl Spread {
    fn of(mut values: Vec<f64>) -> Self {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values.get((values.len() as f64 * share) as usize).copied().unwrap_or(0.0);
        Self { p50: at(0.50), p99: at(0.99), max: values.last().copied().unwrap_or(0.0) }
    }
}
