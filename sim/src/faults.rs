//! What is broken at this moment, and what was broken when.
//!
//! A disturbance is remembered with its beginning and end, so that what must happen in time is only
//! asked for where nothing was in its way, and a duplicate is only accepted where something explains it.

use std::collections::{BTreeMap, BTreeSet};

/// What a spell of the store does to the calls within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spell {
    /// Of a hundred calls, how many are refused before anything is done.
    pub refused_percent: u32,
    /// Of a hundred of the others, how many are carried out and answered with an error all the same.
    pub answer_lost_percent: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Crash,
    /// A node was asked to stop, and drained.
    Stop,
    Store,
    Partition,
}

#[derive(Debug, Clone, Copy)]
struct Disturbance {
    kind: Kind,
    from_ms: u64,
    until_ms: u64,
}

#[derive(Debug, Default)]
pub struct Faults {
    pub store: Option<Spell>,
    /// Node and receiver between which nothing passes.
    pub partitions: BTreeSet<(String, usize)>,
    past: Vec<Disturbance>,
    ongoing: BTreeMap<u64, (Kind, u64)>,
    next: u64,
}

impl Faults {
    /// Something breaks now; what is returned names it when it ends.
    pub fn begin(&mut self, kind: Kind, now_ms: u64) -> u64 {
        self.next += 1;
        self.ongoing.insert(self.next, (kind, now_ms));
        self.next
    }

    pub fn end(&mut self, key: u64, now_ms: u64) {
        if let Some((kind, from_ms)) = self.ongoing.remove(&key) {
            self.past.push(Disturbance { kind, from_ms, until_ms: now_ms });
        }
    }

    pub fn at(&mut self, kind: Kind, now_ms: u64) {
        self.past.push(Disturbance { kind, from_ms: now_ms, until_ms: now_ms });
    }

    /// Whether nothing was broken at any time from `from_ms` to `until_ms`.
    pub fn were_none(&self, from_ms: u64, until_ms: u64) -> bool {
        self.were_none_but(None, from_ms, until_ms)
    }

    /// The same, with one kind left out.
    pub fn were_none_but(&self, excepted: Option<Kind>, from_ms: u64, until_ms: u64) -> bool {
        let counts = |kind: Kind| Some(kind) != excepted;
        let past = self
            .past
            .iter()
            .any(|past| counts(past.kind) && past.from_ms <= until_ms && past.until_ms >= from_ms);
        let ongoing = self.ongoing.values().any(|&(kind, from)| counts(kind) && from <= until_ms);
        !past && !ongoing
    }
}
