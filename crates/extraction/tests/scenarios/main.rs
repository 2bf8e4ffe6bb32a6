//! One test program for the whole crate, so that its parts can share their helpers.

mod common;
mod reading;
mod sandbox;
mod shared_documents;
