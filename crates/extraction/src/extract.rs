//! The whole way from a request to values, in this process.
//!
//! E-invoice XML goes before the page where a document has both; fields that the XML has no place for
//! are still looked for on the page. What the two say about the total is compared, and a difference is
//! reported, never settled silently.

use docextract_model::extractor::{FieldDefinition, FieldType};
use docextract_model::failure::{Failure, FailureCode};
use serde_json::{Map, Number, Value, json};

use crate::einvoice::{Invoice, NotAnInvoice};
use crate::fields::{self, FieldResult};
use crate::locate::locate;
use crate::ocr::Ocr;
use crate::page::{Citation, Page, TextSource};
use crate::reading::{ReadOptions, Reading, read_pages};
use crate::{Extraction, Request, Source};

/// Reads a document in this process: only for bytes that are trusted, or inside the sandbox.
pub fn extract(request: &Request, ocr: &mut dyn Ocr) -> Result<Extraction, Failure> {
    let options = ReadOptions {
        limits: request.limits.clone(),
        password: request.password.clone(),
        ignore_embedded_xml: request.ignore_embedded_xml,
    };
    let reading = read_pages(&request.bytes, &options, ocr)?;
    let invoice = match &reading.embedded_xml {
        Some(xml) => Some(Invoice::parse(xml).map_err(not_an_invoice)?),
        None => None,
    };
    let mut warnings = reading.warnings.clone();
    let (source, results) = match &invoice {
        Some(invoice) => {
            warnings.extend(total_is_not_printed(invoice, &reading.pages));
            (Source::Xml, from_xml(invoice, request, &reading))
        }
        None => {
            let results = fields::extract_fields(&reading.pages, &request.document_type, &request.fields);
            (page_source(&reading.pages), results)
        }
    };
    if results.iter().all(|result| is_nothing(&result.value)) {
        return Err(Failure::new(FailureCode::NoDataExtracted));
    }
    Ok(assemble(&request.fields, results, source, reading, warnings))
}

fn not_an_invoice(reason: NotAnInvoice) -> Failure {
    match reason {
        NotAnInvoice::Malformed => Failure::new(FailureCode::DocumentCorrupted),
        NotAnInvoice::Refused => Failure::with_detail(
            FailureCode::UnsupportedFormat,
            "XML with a document type declaration, entities or extreme nesting is not read.",
        ),
        NotAnInvoice::OtherVocabulary => Failure::with_detail(
            FailureCode::UnsupportedFormat,
            "Of XML, only UBL and CII invoices are read.",
        ),
    }
}

fn page_source(pages: &[Page]) -> Source {
    let recognised = |page: &Page| page.source == TextSource::Ocr && !page.words.is_empty();
    if pages.iter().any(recognised) { Source::Ocr } else { Source::TextLayer }
}

/// Values from the XML; from the page only those that the XML has no place for.
fn from_xml(invoice: &Invoice, request: &Request, reading: &Reading) -> Vec<FieldResult> {
    let of_page = |field: &FieldDefinition| {
        fields::extract_fields(&reading.pages, &request.document_type, std::slice::from_ref(field)).pop()
    };
    let result = |field: &FieldDefinition| {
        if field.name == "line_items" && field.field_type == FieldType::Array {
            let lines = invoice.lines_as(field);
            return FieldResult {
                confidence: if lines.is_some() { 1.0 } else { 0.0 },
                value: lines.unwrap_or(Value::Null),
                citation: None,
            };
        }
        match invoice.fact(&field.name) {
            Some(Some(fact)) => {
                let value = fact.to_json(field.field_type);
                FieldResult {
                    confidence: if value.is_null() { 0.0 } else { 1.0 },
                    value,
                    citation: locate(&fact, &reading.pages),
                }
            }
            Some(None) => FieldResult { value: Value::Null, confidence: 0.0, citation: None },
            None => {
                of_page(field).unwrap_or(FieldResult { value: Value::Null, confidence: 0.0, citation: None })
            }
        }
    };
    request.fields.iter().map(result).collect()
}

/// A total in the XML that stands nowhere on the pages is one that the reader of the page never sees.
fn total_is_not_printed(invoice: &Invoice, pages: &[Page]) -> Option<String> {
    let total = invoice.total?;
    let has_words = pages.iter().any(|page| !page.words.is_empty());
    let printed = locate(&crate::einvoice::Fact::Number(total), pages).is_some();
    (has_words && !printed).then(|| {
        format!(
            "The embedded XML says that the total is {total}, but no page shows this amount: the XML and \
             the visible document may disagree."
        )
    })
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Array(items) => items.is_empty(),
        Value::Object(members) => members.values().all(is_nothing),
        Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
    }
}

fn assemble(
    definitions: &[FieldDefinition],
    results: Vec<FieldResult>,
    source: Source,
    reading: Reading,
    warnings: Vec<String>,
) -> Extraction {
    let mut extracted_data = Map::new();
    let mut confidence = Map::new();
    let mut citations = Map::new();
    for (definition, result) in definitions.iter().zip(results) {
        confidence.insert(definition.name.clone(), rounded(result.confidence.clamp(0.0, 1.0)));
        let citation = result.citation.as_ref().map(|citation| cited(&reading.as_given(citation)));
        let citation = citation.unwrap_or(Value::Null);
        citations.insert(definition.name.clone(), citation);
        extracted_data.insert(definition.name.clone(), result.value);
    }
    Extraction {
        mime_type: reading.mime_type,
        page_count: reading.page_count,
        source,
        extracted_data,
        confidence,
        citations,
        warnings,
    }
}

fn cited(citation: &Citation) -> Value {
    let b = citation.bbox;
    let bbox = [b.x0, b.y0, b.x1, b.y1].map(|edge| rounded(f64::from(edge)));
    json!({ "page": citation.page, "bbox": bbox, "text": citation.text })
}

/// A JSON number with at most four decimals: `0.98`, `1.0`.
fn rounded(value: f64) -> Value {
    let digits = format!("{value:.4}");
    let digits = digits.trim_end_matches('0');
    let digits = if digits.ends_with('.') { format!("{digits}0") } else { digits.to_owned() };
    digits.parse::<Number>().map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_at_most_four_decimals() {
        for (value, printed) in [(0.98, "0.98"), (1.0, "1.0"), (0.0, "0.0"), (0.123_456, "0.1235")] {
            assert_eq!(rounded(value).to_string(), printed);
        }
    }
}
