//! From signals to a probability.
//!
//! Each value comes with what speaks for it; a logistic function with fitted weights turns that
//! into the chance that the value is right. `make calibrate` fits the weights anew and
//! writes them to `weights.rs`; its report says how far off they are on senders they never saw.

mod weights;

use weights::{OFFSETS, SCANNED, WEIGHTS};

/// What speaks for a value. Each entry is between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Signals {
    /// The strength of the best label and place, times how much the value looks like its kind.
    pub score: f32,
    /// How much better than the best other value.
    pub margin: f32,
    /// How sure the reader was of the characters.
    pub reading: f32,
    /// The same value stands elsewhere with a claim of its own.
    pub agreed: f32,
    /// Sums confirm it: net and tax make the total, or paid less change does.
    pub sums: f32,
    /// Nothing labelled it.
    pub unlabelled: f32,
    /// The day could be the month.
    pub ambiguous: f32,
    /// Read by OCR.
    pub scanned: f32,
}

/// How many signals weigh the same for every kind of field, with the constant: all but whether it was scanned.
pub const SIGNALS: usize = 8;

/// What kind of field a value is for: each has a constant of its own, and another one for what a scanner read. An
/// address of a scan is rarely right to the letter where an amount is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Group {
    Code,
    Date,
    Amount,
    Party,
    Address,
    Text,
    Table,
}

/// How many groups there are.
pub const GROUPS: usize = 7;

impl Signals {
    /// What weighs the same for every kind of field, as a row of numbers, the constant first.
    #[must_use]
    pub fn row(&self) -> [f64; SIGNALS] {
        [
            1.0,
            f64::from(self.score),
            f64::from(self.margin),
            f64::from(self.reading),
            f64::from(self.agreed),
            f64::from(self.sums),
            f64::from(self.unlabelled),
            f64::from(self.ambiguous),
        ]
    }
}

/// The names of a row's numbers, without the constant.
pub const NAMES: [&str; SIGNALS - 1] =
    ["score", "margin", "reading", "agreed", "sums", "unlabelled", "ambiguous"];

/// Each signal with its name, its value, and what it adds to the log of the odds.
#[must_use]
pub fn shares(signals: &Signals, group: Group) -> Vec<(&'static str, f64, f64)> {
    let row = signals.row();
    let weighed = NAMES.into_iter().zip(row.into_iter().zip(WEIGHTS).skip(1));
    let scanned = ("scanned", (f64::from(signals.scanned), SCANNED[group as usize]));
    weighed.chain([scanned]).map(|(name, (value, weight))| (name, value, value * weight)).collect()
}

/// The chance that a value with these signals is right, four decimals.
#[must_use]
pub fn probability(signals: &Signals, group: Group) -> f64 {
    let log_odds: f64 =
        signals.row().iter().zip(WEIGHTS).map(|(signal, weight)| signal * weight).sum::<f64>()
            + OFFSETS[group as usize]
            + SCANNED[group as usize] * f64::from(signals.scanned);
    let chance = 1.0 / (1.0 + (-log_odds).exp());
    (chance.clamp(0.01, 0.99) * 10_000.0).round() / 10_000.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_evidence_never_means_less_confidence() {
        let weak = Signals { score: 0.3, reading: 0.9, ..Signals::default() };
        let strong = Signals { score: 0.95, margin: 0.8, sums: 1.0, agreed: 1.0, ..weak };
        let groups = [
            Group::Code,
            Group::Date,
            Group::Amount,
            Group::Party,
            Group::Address,
            Group::Text,
            Group::Table,
        ];
        for group in groups {
            assert!(probability(&strong, group) >= probability(&weak, group));
        }
    }

    #[test]
    fn a_probability_stays_between_the_certainties() {
        for score in [0.0, 0.5, 1.0] {
            let signals = Signals { score, reading: 1.0, ..Signals::default() };
            let chance = probability(&signals, Group::Code);
            assert!((0.01..=0.99).contains(&chance));
        }
    }
}
