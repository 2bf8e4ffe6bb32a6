//! What everybody in a simulation shares: true time, randomness from the seed, the trace, the book.
//!
//! True time is the runtime's paused clock: it moves only when every task waits, to the next timer.
//! Randomness is drawn from sources that are named, so that one part's draws never shift another's.
//! The trace has a line for everything that matters and a hash over all of them: two runs of one
//! seed are the same run exactly when their hashes are.

use std::fmt::{Arguments, Write as _};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use docextract_engine::{Clock, Random};
use docextract_model::time::Timestamp;
use rand::rngs::StdRng;
use rand::{Rng as _, RngExt as _, SeedableRng as _};
use tokio::time::Instant;

use crate::book::Book;
use crate::faults::Faults;

/// 2024-11-23T10:00:00Z: where true time begins.
pub const EPOCH_MS: i64 = 1_732_356_000_000;

pub struct World {
    pub seed: u64,
    started: Instant,
    trace: Mutex<Trace>,
    book: Mutex<Book>,
    faults: Mutex<Faults>,
}

struct Trace {
    hash: DefaultHasher,
    lines: u64,
    is_printed: bool,
}

impl World {
    /// To be made inside of a runtime whose clock is paused.
    #[must_use]
    pub fn new(seed: u64, is_printed: bool) -> Arc<Self> {
        Arc::new(Self {
            seed,
            started: Instant::now(),
            trace: Mutex::new(Trace { hash: DefaultHasher::new(), lines: 0, is_printed }),
            book: Mutex::default(),
            faults: Mutex::default(),
        })
    }

    /// True milliseconds since the simulation began.
    pub fn ms(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// The true instant.
    pub fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(EPOCH_MS).plus_ms(self.ms())
    }

    pub fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A source of its own for whatever is named.
    pub fn rng(&self, name: impl Hash) -> StdRng {
        let mut hasher = DefaultHasher::new();
        (self.seed, name).hash(&mut hasher);
        StdRng::seed_from_u64(hasher.finish())
    }

    pub fn say(&self, line: Arguments<'_>) {
        let mut trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        let mut text = String::new();
        let _ = write!(text, "{} {line}", clock_time(self.ms()));
        text.hash(&mut trace.hash);
        trace.lines += 1;
        if trace.is_printed {
            eprintln!("{text}");
        }
    }

    /// An invariant does not hold.
    pub fn violated(&self, what: Arguments<'_>) {
        self.say(format_args!("VIOLATED {what}"));
        let text = format!("{} {what}", clock_time(self.ms()));
        self.book().violations.push(text);
    }

    /// How many lines the trace has, and the hash over them.
    pub fn trace_hash(&self) -> (u64, u64) {
        let trace = self.trace.lock().unwrap_or_else(PoisonError::into_inner);
        (trace.lines, trace.hash.finish())
    }
}

fn clock_time(ms: u64) -> String {
    let (seconds, ms) = (ms / 1000, ms % 1000);
    format!("{:02}:{:02}:{:02}.{ms:03}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

pub async fn sleep_ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// A wait with this mean, memoryless as accidents are.
pub fn wait_ms(rng: &mut StdRng, mean_ms: u64) -> u64 {
    let uniform = f64::from(rng.random_range(1..=1_000_000_u32)) / 1_000_000.0;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "positive, and at most 14 means"
    )]
    let factor_e3 = (-uniform.ln() * 1000.0) as u64;
    mean_ms * factor_e3 / 1000
}

/// A node's clock: true time and what it is off by.
pub struct NodeClock {
    pub world: Arc<World>,
    pub skew_ms: i64,
}

impl Clock for NodeClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_unix_ms(self.world.now().unix_ms() + self.skew_ms)
    }
}

/// A node's random source.
pub struct NodeRandom(pub Mutex<StdRng>);

impl Random for NodeRandom {
    fn fill(&self, bytes: &mut [u8]) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).fill_bytes(bytes);
    }
}
