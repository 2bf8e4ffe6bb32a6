//! The simulation: the real engine on a real store, in a world that follows from a seed.
//!
//! Who plays: [`sim`] sets a world up, runs it and judges it; [`node`] keeps nodes alive, each life
//! ([`life`]) ending at an await that the seed chose; [`store`] stands before the store, [`network`] and
//! [`receiver`] behind the engine; [`workload`] is the clients, and what breaks; [`book`] knows what must
//! be true, [`check`] looks at the end whether it is.
//!
//! What is guaranteed: one seed is one run, to the line of its trace. One thread does everything, time
//! moves only when all wait, and nothing here reads a clock, a random source or a file name.
//!
//! What it never does: reach into the engine. It sees what a server and a receiver see.

#[cfg(not(tokio_unstable))]
compile_error!("tokio chooses by the seed only under --cfg tokio_unstable: build with sim/run.sh");

pub mod book;
pub mod check;
pub mod extractor;
pub mod faults;
pub mod life;
pub mod network;
pub mod node;
pub mod receiver;
pub mod sim;
pub mod store;
pub mod workload;
pub mod world;

pub use sim::{Options, Outcome, Pace, StoreKind, run};
