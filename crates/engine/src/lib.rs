//! Engine.
pub mod ambient;
