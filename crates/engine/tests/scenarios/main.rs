//! What the engine promises, as scenarios: a store in memory, a clock that the test sets, and real
//! receivers on the loopback.

mod extraction;
mod failures;
mod isolation;
mod receiver;
mod schedule;
mod shutdown;
mod tls;
mod world;
