//! The whole way from a request to values, in this process.
//!
//! E-invoice XML goes before the page where a document has both; fields that the XML has no place for
//! are still looked for on the page. Where the two say different things about what is paid, when, and to whom,
//! that is reported, never settled silently.

use docextract_model::extractor::{FieldDefinition, FieldType};
use docextract_model::failure::{Failure, FailureCode};
use rust_decimal::Decimal;
use serde_json::{Map, Number, Value, json};

use crate::einvoice::{Fact, Invoice, NotAnInvoice};
use crate::fields::explain::Explanation;
use crate::fields::{self, FieldResult};
use crate::locate::locate;
use crate::ocr::{Ocr, Placement};
use crate::page::{Citation, Page, TextSource};
use crate::reading::{ReadOptions, Reading, as_given, read_pages};
use crate::{Extraction, KnownLesson, Request, Source};

/// What a reader of the page acts on, and therefore what a forged or stale page is told by.
const COMPARED: [&str; 8] = [
    "invoice_number",
    "invoice_date",
    "due_date",
    "total_amount",
    "net_amount",
    "tax_amount",
    "currency",
    "iban",
];
/// How sure the reading of a page must be to be held against the XML.
const TRUSTED_ON_PAGE: f64 = 0.8;

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
    let (source, read) = match &invoice {
        Some(invoice) => {
            warnings.extend(disagreements(invoice, request, &reading.pages));
            (Source::Xml, from_xml(invoice, request, &reading))
        }
        None => {
            (page_source(&reading.pages), from_pages(request, &request.fields, &request.lessons, &reading))
        }
    };
    if !request.keep_pages && read.results.iter().all(|result| is_nothing(&result.value)) {
        return Err(Failure::new(FailureCode::NoDataExtracted));
    }
    let pages = request.keep_pages.then(|| reading.kept());
    let Fields { results, explanations, lessons_used } = read;
    let whole = assemble(&request.fields, results, source, reading, warnings);
    Ok(Extraction { lessons_used, explanations, pages, ..whole })
}

/// Results in the order of the fields, why each is as it is where the request asks for that, and the lessons that
/// were of use.
struct Fields {
    results: Vec<FieldResult>,
    explanations: Vec<Explanation>,
    lessons_used: Vec<String>,
}

fn from_pages(
    request: &Request,
    wanted: &[FieldDefinition],
    lessons: &[KnownLesson],
    reading: &Reading,
) -> Fields {
    let (pages, document_type) = (&reading.pages, &request.document_type);
    if request.explain {
        let place = |citation: &Citation| cited(&as_given(&reading.placements, citation));
        let (results, lessons_used, explanations) =
            fields::explain::explained(pages, document_type, wanted, lessons, &place);
        Fields { results, explanations, lessons_used }
    } else {
        let (results, lessons_used) = fields::extract_fields_knowing(pages, document_type, wanted, lessons);
        Fields { results, explanations: Vec::new(), lessons_used }
    }
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
fn from_xml(invoice: &Invoice, request: &Request, reading: &Reading) -> Fields {
    let mut found = Fields { results: Vec::new(), explanations: Vec::new(), lessons_used: Vec::new() };
    for field in &request.fields {
        if let Some(result) = said_by_xml(invoice, field, &reading.pages) {
            if request.explain {
                let (value, confidence) = (result.value.clone(), result.confidence);
                found.explanations.push(Explanation::of_xml(&field.name, value, confidence));
            }
            found.results.push(result);
        } else {
            // What was corrected on a page says nothing about a document that carries its data.
            let of_page = from_pages(request, std::slice::from_ref(field), &[], reading);
            found.results.extend(of_page.results);
            found.explanations.extend(of_page.explanations);
        }
    }
    found
}

/// What the XML says of a field, none where it has no place for such a thing.
fn said_by_xml(invoice: &Invoice, field: &FieldDefinition, pages: &[Page]) -> Option<FieldResult> {
    let of = |value: Value, citation: Option<Citation>| FieldResult {
        confidence: if value.is_null() { 0.0 } else { 1.0 },
        value,
        citation,
        cells: Vec::new(),
    };
    if field.field_type == FieldType::Array {
        match field.name.as_str() {
            "line_items" => return Some(of(invoice.lines_as(field).unwrap_or(Value::Null), None)),
            "tax_lines" => return Some(of(invoice.tax_lines_as(field).unwrap_or(Value::Null), None)),
            _ => {}
        }
    }
    Some(match invoice.fact(&field.name)? {
        Some(fact) => of(fact.to_json(field.field_type), locate(&fact, pages)),
        None => FieldResult::nothing(),
    })
}

/// Where the XML and the pages say different things: who reads the page sees something else than a program does.
fn disagreements(invoice: &Invoice, request: &Request, pages: &[Page]) -> Vec<String> {
    if pages.iter().all(|page| page.words.is_empty()) {
        return Vec::new();
    }
    let asked: Vec<FieldDefinition> =
        request.fields.iter().filter(|field| COMPARED.contains(&field.name.as_str())).cloned().collect();
    let of_pages = fields::extract_fields(pages, &request.document_type, &asked);
    let compare = |(field, read): (&FieldDefinition, FieldResult)| {
        let fact = invoice.fact(&field.name)??;
        let said = fact.to_json(field.field_type);
        if read.value.is_null() || is_same(&read.value, &said) || locate(&fact, pages).is_some() {
            return None;
        }
        (read.confidence >= TRUSTED_ON_PAGE).then(|| {
            let (name, said, read) = (&field.name, shown(&said), shown(&read.value));
            format!(
                "{name} is {said} in the embedded XML, but {read} on the page: the visible document says \
                 something else. The value is the XML's."
            )
        })
    };
    let mut found: Vec<String> = asked.iter().zip(of_pages).filter_map(compare).collect();
    let says_total = |warning: &String| warning.starts_with("total_amount ");
    if !found.iter().any(says_total) {
        found.extend(total_is_not_printed(invoice, pages));
    }
    found
}

/// Amounts are the same whatever their sign and their closing zeros: credit notes print a minus where XML has a plus.
fn is_same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => {
            let amount =
                |number: &Number| number.to_string().parse::<Decimal>().ok().map(|amount| amount.abs());
            amount(one).is_some() && amount(one) == amount(other)
        }
        (one, other) => one == other,
    }
}

fn shown(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// A total in the XML that stands nowhere on the pages is one that the reader of the page never sees.
fn total_is_not_printed(invoice: &Invoice, pages: &[Page]) -> Option<String> {
    let total = invoice.total?;
    locate(&Fact::Number(total), pages).is_none().then(|| {
        format!(
            "total_amount is {total} in the embedded XML, but no page shows this amount: the visible \
             document may say something else. The value is the XML's."
        )
    })
}

pub(crate) fn is_nothing(value: &Value) -> bool {
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
        citations.insert(definition.name.clone(), citations_of(definition, &result, &reading.placements));
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
        lessons_used: Vec::new(),
        pages: None,
        explanations: Vec::new(),
    }
}

/// Where a value stands; of an array of objects, where each of their values does, in the same shape.
pub(crate) fn citations_of(
    definition: &FieldDefinition,
    result: &FieldResult,
    placements: &[Placement],
) -> Value {
    let one = |citation: &Option<Citation>| {
        citation.as_ref().map_or(Value::Null, |citation| cited(&as_given(placements, citation)))
    };
    if result.cells.is_empty() {
        return one(&result.citation);
    }
    let row = |cells: &Vec<Option<Citation>>| {
        let members =
            definition.fields.iter().zip(cells).map(|(field, cell)| (field.name.clone(), one(cell)));
        Value::Object(members.collect())
    };
    Value::Array(result.cells.iter().map(row).collect())
}

fn cited(citation: &Citation) -> Value {
    let b = citation.bbox;
    let bbox = [b.x0, b.y0, b.x1, b.y1].map(|edge| rounded(f64::from(edge)));
    json!({ "page": citation.page, "bbox": bbox, "text": citation.text })
}

/// A JSON number with at most four decimals: `0.98`, `1.0`.
pub(crate) fn rounded(value: f64) -> Value {
    Number::from_f64((value * 10_000.0).round() / 10_000.0).map_or(Value::Null, Value::Number)
}

#[cfg(test)]
mod tests {
    use docextract_model::extractor::{DocumentType, ready_made};

    use super::*;
    use crate::Limits;
    use crate::ocr::NoOcr;

    const XML: &str = "<Invoice><ID>R-42</ID><IssueDate>2024-11-23</IssueDate>\
        <DocumentCurrencyCode>EUR</DocumentCurrencyCode><LegalMonetaryTotal>\
        <TaxExclusiveAmount>100.00</TaxExclusiveAmount><TaxInclusiveAmount>119.00</TaxInclusiveAmount>\
        </LegalMonetaryTotal></Invoice>";

    /// What is said of an invoice with that XML whose page shows `text`.
    fn said_of(text: &str) -> Vec<String> {
        let invoice = ready_made().into_iter().find(|r| r.document_type == "invoice").unwrap();
        let request = Request {
            bytes: text.as_bytes().to_vec(),
            owner: String::new(),
            filename: None,
            mime_type: None,
            password: None,
            document_type: DocumentType::parse("invoice").unwrap(),
            fields: invoice.field_definitions,
            lessons: Vec::new(),
            keep_pages: false,
            local_only: false,
            ignore_embedded_xml: false,
            explain: false,
            limits: Limits::default(),
        };
        let options = ReadOptions { limits: Limits::default(), password: None, ignore_embedded_xml: false };
        let reading = read_pages(&request.bytes, &options, &mut NoOcr).unwrap();
        disagreements(&Invoice::parse(XML.as_bytes()).unwrap(), &request, &reading.pages)
    }

    #[test]
    fn a_page_that_says_the_same_in_its_own_way_is_no_disagreement() {
        let said = said_of(
            "Invoice number: R-42\nInvoice date: 23.11.2024\nNet amount: 100.00\nTotal amount: 119 EUR\n",
        );
        assert!(said.is_empty(), "{said:?}");
    }

    #[test]
    fn a_page_that_says_something_else_is_told_field_by_field() {
        let said = said_of(
            "Invoice number: R-42\nInvoice date: 2024-11-25\nNet amount: 100.00\nTotal amount: 191.00 EUR\n",
        );
        assert_eq!(said.len(), 2, "{said:?}");
        assert!(
            said[0].contains("invoice_date is 2024-11-23 in the embedded XML, but 2024-11-25"),
            "{said:?}"
        );
        assert!(said[1].contains("total_amount is 119.00 in the embedded XML, but"), "{said:?}");
    }

    #[test]
    fn numbers_have_at_most_four_decimals() {
        for (value, printed) in [(0.98, "0.98"), (1.0, "1.0"), (0.0, "0.0"), (0.123_456, "0.1235")] {
            assert_eq!(rounded(value).to_string(), printed);
        }
    }
}
