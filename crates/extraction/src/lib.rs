//! Placeholder until the first extraction commit.
