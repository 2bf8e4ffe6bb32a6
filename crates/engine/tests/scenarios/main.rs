//! What the engine promises, as scenarios: a store in memory, a clock that the test sets, and real
//! receivers on the loopback.

#![expect(clippy::unwrap_used, reason = "a scenario panics with what it saw")]

mod client_certificates;
mod dns;
mod egress;
mod extraction;
mod failures;
mod fetching;
mod isolation;
mod name_server;
mod receiver;
mod retention;
mod schedule;
mod shutdown;
mod tls;
mod world;
