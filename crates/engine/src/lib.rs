//! Background work: extraction and delivery.
//!
//! The engine sees a store, a clock, a random source, a network, an extractor and who runs its tasks,
//! all handed in ([`Parts`]); nothing is ambient. Its players:
//!
//! - `extract`: workers lease due jobs, have their documents read, and finish them.
//! - `fetch`: documents that were submitted by their address are fetched and kept first.
//! - `pictures`: pages are drawn for users, a few at a time.
//! - `deliver`: senders post deliveries, one lane per webhook, until each is acknowledged or its
//!   attempts are spent. First attempts come straight from memory ([`Engine::hand_over`]).
//! - `outbound`: the one HTTP client that may call a customer's endpoint.
//! - `replay`: replays of many deliveries go on, a few log rows at a time.
//! - `prune`: what is older than it is kept goes, a few at a time.
//! - `run`: the loops that call the passes above, and the drain at the end.
//!
//! What it guarantees: an event in the store is sent at least once, whatever is killed when; one
//! endpoint's trouble stays in its lane; everything in memory is bounded by `model::limits`.
//! Wake-ups are hints and the store's scan is the truth. A worker that lost its lease writes nothing.
//!
//! What it never does: read the wall clock or a global random source, serialise an event again, hold
//! a transaction across a network call, or open a listening socket.

pub mod ambient;
mod deliver;
mod engine;
mod extract;
mod fetch;
mod lanes;
mod learn;
mod message;
pub mod network;
mod outage;
mod outbound;
mod pictures;
mod prune;
mod record;
mod replay;
mod run;
mod tasks;
mod webhook_test;

pub use ambient::{Ambient, Clock, Random};
pub use engine::{Config, Engine, EngineError, Gauges, Parts};
pub use extract::Extract;
pub use learn::Learnt;
pub use network::{Network, SystemNetwork};
pub use outbound::{CertificateProblem, EgressProxy, check_client_certificate};
pub use pictures::NoPicture;
pub use tasks::{Spawner, TokioSpawner};
pub use webhook_test::{TestResult, TestTarget};
