//! Scenarios through the doors that users have: HTTP and the command line.
//!
//! Each starts a server of its own in this process, with a real SQLite store in a folder of its own, a
//! clock that the test sets, and an extractor whose answers the test decides.

#![expect(clippy::unwrap_used, reason = "a scenario panics with what it saw")]

mod accounts;
mod api;
mod browser;
mod command_line;
mod corrections;
mod credits;
mod engines;
mod erasure;
mod errors;
mod events;
mod idempotency;
mod intake;
mod keys;
mod lists;
mod matrix;
mod oidc;
mod plans;
mod purchases;
mod support;
mod webhooks;
