//! DocExtract's nouns and rules.
//!
//! This crate has no I/O, no async, no SQL and no HTTP: the compiler holds it to that, because it
//! depends on nothing that could. Time and randomness are arguments.

pub mod extractor;
pub mod failure;
pub mod limits;
pub mod number;
