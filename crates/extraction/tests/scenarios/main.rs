//! One test program for the whole crate, so that its parts can share their helpers.

#![expect(clippy::unwrap_used, reason = "a test that can not go on says where")]

mod citations;
mod common;
mod encrypted;
mod kinds;
mod languages;
mod mail;
mod office;
mod pool;
mod reading;
mod samples;
mod sandbox;
mod shared_documents;
mod text;
mod words;
