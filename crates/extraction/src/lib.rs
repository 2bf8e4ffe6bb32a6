//! Document bytes and an extractor in; typed values, confidence and citations out.
//!
//! A format reader turns bytes into pages of positioned words ([`page`]); a field engine finds the
//! extractor's fields among them. This crate knows no job, no organisation and no store, reads no
//! clock, and keeps nothing of a document when it goes on to the next.
//!
//! Bytes from outside go through [`sandbox::Sandbox`], which reads them in a child process that can
//! reach nothing. [`extract`] does the same work in this process, for the child itself and for tests.

mod document;
mod draw;
mod einvoice;
mod extract;
pub mod fields;
mod formats;
#[cfg(feature = "fuzzing")]
pub mod fuzzing;
mod kinds;
mod layout;
mod learn;
pub mod llm;
mod locate;
pub mod ocr;
pub mod page;
mod reading;
pub mod sandbox;
pub mod scoring;

use docextract_model::document_password::DocumentPassword;
use docextract_model::extractor::{DocumentType, FieldDefinition};
use docextract_model::limits;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

pub use document::{Document, Opened};
pub use draw::{NotDrawn, Size, draw_page};
pub use extract::extract;
pub use fields::explain::{Candidate, DecidedBy, Explanation, Label, Outcome, Signal};
pub use fields::lessons::{KnownLesson, Lesson};
pub use learn::learn;
pub use reading::{KeptPages, ReadOptions, Reading, read_pages};
pub use sandbox::run_child;

/// A document and what to look for in it.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Request {
    /// The document, where it is not handed over beside the request.
    pub bytes: Vec<u8>,
    /// Whose document it is: children are not shared between owners. Only compared, and not told to a child.
    #[serde(skip)]
    pub owner: String,
    /// A hint for people only: the format is told by content.
    pub filename: Option<String>,
    /// What the sender called it. A hint for people only.
    pub mime_type: Option<String>,
    /// Opens the document if it is encrypted.
    pub password: Option<DocumentPassword>,
    pub document_type: DocumentType,
    pub fields: Vec<FieldDefinition>,
    /// What was learnt from the owner's corrected documents, of this extractor.
    pub lessons: Vec<KnownLesson>,
    /// Give the pages back with the values, and values also where nothing was found: for another engine.
    pub keep_pages: bool,
    /// No engine may show the document to anybody outside.
    pub local_only: bool,
    /// Do as if no e-invoice XML were embedded in the document.
    pub ignore_embedded_xml: bool,
    /// Say of each value why it was chosen.
    pub explain: bool,
    pub limits: Limits,
}

/// What one document may cost. The defaults are the model's; an operator may change them.
#[derive(Serialize, Deserialize, Clone, Debug)]
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

/// What the values were read from.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// E-invoice XML.
    Xml,
    /// The document's own text.
    TextLayer,
    /// Text recognised on images of its pages.
    Ocr,
}

/// What was found. The three maps have the same keys, in the order of the extractor's fields.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct Extraction {
    /// As told by the content.
    pub mime_type: String,
    pub page_count: u32,
    pub source: Source,
    /// Null for a field that was not found.
    pub extracted_data: Map<String, Value>,
    /// A probability per field, 0–1 with at most four decimals; 0 for a field that was not found.
    pub confidence: Map<String, Value>,
    /// Per field `{"page", "bbox": [x0, y0, x1, y1], "text"}`, or null.
    pub citations: Map<String, Value>,
    /// Sentences for a person who checks the result.
    pub warnings: Vec<String>,
    /// Why each field has its value, where the request asked for that.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub explanations: Vec<Explanation>,
    /// Which of the request's lessons a value comes from.
    pub lessons_used: Vec<String>,
    /// Only where the request keeps them.
    pub pages: Option<KeptPages>,
}

impl Extraction {
    /// Whether no field has a value.
    #[must_use]
    pub fn found_nothing(&self) -> bool {
        self.extracted_data.values().all(extract::is_nothing)
    }
}
