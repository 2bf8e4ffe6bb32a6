//! Credits: what a job costs and when an organisation is told that they run low.

use rust_decimal::{Decimal, RoundingStrategy};
use schemars::JsonSchema;
use serde::Serialize;

use crate::extractor::DocumentType;
use crate::id::{JobId, OrgId, TransactionId};
use crate::time::Timestamp;

/// Credits that a completed job costs, by its pages. A failed job costs 0.
#[must_use]
pub fn cost(document_type: &DocumentType, page_count: u32) -> u64 {
    match page_count {
        0 | 1 if document_type.is_simple() => 1,
        0..=5 => 2,
        6..=10 => 3,
        11..=20 => 5,
        21.. => 8,
    }
}

/// What a job costs at least, before its pages are counted.
#[must_use]
pub fn cost_min(document_type: &DocumentType) -> u64 {
    cost(document_type, 1)
}

/// Mean cost that is assumed while no job has been charged.
pub const MEAN_COST_BEFORE_ANY: u64 = 2;
/// How many charged jobs the mean looks back on.
pub const MEAN_COST_JOBS: u32 = 100;

/// 100 × balance / total purchased, one decimal.
#[must_use]
pub fn percentage_remaining(balance: u64, total_purchased: u64) -> Decimal {
    let mut percentage = if total_purchased == 0 {
        Decimal::ZERO
    } else {
        (Decimal::from(balance) * Decimal::ONE_HUNDRED / Decimal::from(total_purchased))
            .round_dp_with_strategy(1, RoundingStrategy::MidpointAwayFromZero)
    };
    percentage.rescale(1);
    percentage
}

/// Balance / mean cost, rounded down, from the sum and number of the last charges.
#[must_use]
pub fn estimated_jobs_remaining(balance: u64, charges_sum: u64, charges_count: u64) -> u64 {
    if charges_count == 0 || charges_sum == 0 {
        balance / MEAN_COST_BEFORE_ANY
    } else {
        balance.saturating_mul(charges_count) / charges_sum
    }
}

/// An organisation's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub org_id: OrgId,
    pub balance: u64,
    pub total_purchased: u64,
    pub total_used: u64,
    /// 0 means no warning.
    pub low_balance_threshold: u64,
    pub last_purchase: Option<Purchase>,
}

/// The last time credits were added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Purchase {
    pub amount: u64,
    /// What was paid, with the decimals of its currency; none for credits that were granted.
    pub price_paid: Option<Decimal>,
    pub purchased_at: Timestamp,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TransactionKind {
    Grant,
    Charge,
}

impl TransactionKind {
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Grant => "grant",
            Self::Charge => "charge",
        }
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Grant, Self::Charge].into_iter().find(|kind| kind.as_str() == text)
    }
}

/// A row of the ledger, which is only ever appended to. The amounts sum to the balance.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Transaction {
    pub id: TransactionId,
    pub org_id: OrgId,
    pub kind: TransactionKind,
    /// Positive for a grant, negative for a charge.
    pub amount: i64,
    pub balance_after: u64,
    pub job_id: Option<JobId>,
    pub description: String,
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_prices_hold() {
        let receipt = DocumentType::parse("receipt").unwrap();
        let invoice = DocumentType::parse("invoice").unwrap();
        assert_eq!([1, 2, 5, 6].map(|pages| cost(&receipt, pages)), [1, 2, 2, 3]);
        assert_eq!(
            [1, 5, 6, 10, 11, 20, 21, 200].map(|pages| cost(&invoice, pages)),
            [2, 2, 3, 3, 5, 5, 8, 8]
        );
    }

    #[test]
    fn the_percentage_has_one_decimal() {
        assert_eq!(percentage_remaining(45, 1000).to_string(), "4.5");
        assert_eq!(percentage_remaining(100, 1000).to_string(), "10.0");
        assert_eq!(percentage_remaining(1, 3000).to_string(), "0.0");
        assert_eq!(percentage_remaining(2, 3).to_string(), "66.7");
        assert_eq!(percentage_remaining(0, 0).to_string(), "0.0");
    }

    #[test]
    fn the_estimate_is_rounded_down() {
        assert_eq!(estimated_jobs_remaining(45, 0, 0), 22);
        assert_eq!(estimated_jobs_remaining(45, 300, 100), 15);
        assert_eq!(estimated_jobs_remaining(10, 7, 2), 2);
    }
}
