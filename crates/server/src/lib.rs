//! The HTTP API, the command line and the wiring.
//!
//! The only crate that knows all the others: [`server`] builds the store, the engine and the API from a
//! [`config`] and the machine's own clock and random source ([`ambient`]); [`cli`] is what an operator
//! types. It holds no rule of the product and no SQL.

pub mod ambient;
mod api;
pub mod checkout;
pub mod cli;
pub mod config;
mod cookie;
pub mod data_dir;
mod dev;
pub mod duration;
mod html;
mod http;
mod invitations;
mod key_cache;
mod key_usage;
mod keys;
pub mod llm;
mod named_service;
pub mod oidc;
mod password;
pub mod secrets;
pub mod server;
mod setup;
pub mod telemetry;
