//! Document bytes and an extractor in; typed values, confidence and citations out.
//!
//! A format reader turns bytes into pages of positioned words ([`page`]); a field engine finds the
//! extractor's fields among them. This crate knows no job, no organisation and no store, reads no
//! clock, and keeps nothing between two documents.

mod formats;
pub mod ocr;
pub mod page;
mod reading;

use docextract_model::limits;
use serde::{Deserialize, Serialize};

pub use reading::{ReadOptions, Reading, read_pages};

/// What one document may cost. The defaults are the model's; an operator may change them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Limits {
    pub document_bytes_max: u64,
    pub pages_max: u32,
    pub extraction_ms_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            document_bytes_max: limits::DOCUMENT_BYTES_MAX,
            pages_max: limits::DOCUMENT_PAGES_MAX,
            extraction_ms_max: limits::EXTRACTION_MS_MAX,
        }
    }
}
