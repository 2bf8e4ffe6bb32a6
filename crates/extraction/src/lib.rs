//! Placeholder until the first extraction commit.
pub mod page;
