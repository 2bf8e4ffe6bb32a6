//! What a corrected document teaches, from its bytes on.
//!
//! The document is read again, as it was the first time, because nothing of it was kept but its file. E-invoice
//! XML teaches nothing: its values are read, not found.

use docextract_model::failure::Failure;
use serde_json::{Map, Value};

use crate::Request;
use crate::fields::lessons::{self, Lesson};
use crate::ocr::Ocr;
use crate::reading::{ReadOptions, read_pages};

/// Reads a corrected document in this process: only for bytes that are trusted, or inside the sandbox. None when
/// none of the corrected values stands on its pages.
pub fn learn(
    request: &Request,
    corrections: &Map<String, Value>,
    ocr: &mut dyn Ocr,
) -> Result<Option<Lesson>, Failure> {
    let options = ReadOptions {
        limits: request.limits.clone(),
        password: request.password.clone(),
        ignore_embedded_xml: request.ignore_embedded_xml,
    };
    let reading = read_pages(&request.bytes, &options, ocr)?;
    if reading.embedded_xml.is_some() {
        return Ok(None);
    }
    Ok(lessons::learn(&reading.pages, &request.document_type, &request.fields, corrections))
}
