//! DocExtract's nouns and rules.
//!
//! This crate has no I/O, no async, no SQL and no HTTP: the compiler holds it to that, because it
//! depends on nothing that could. Time and randomness are arguments.

pub mod address;
pub mod audit;
pub mod credit;
pub mod delivery;
pub mod document_password;
pub mod event;
pub mod extractor;
pub mod failure;
pub mod id;
pub mod job;
pub mod json;
pub mod key;
pub mod limits;
pub mod member;
pub mod number;
pub mod plan;
pub mod ready_made;
pub mod replay;
pub mod retry;
pub mod signature;
pub mod simulate;
pub mod stats;
pub mod tenant;
pub mod time;
pub mod token;
pub mod value;
pub mod webhook;
