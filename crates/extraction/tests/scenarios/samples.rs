//! The project's own samples, read with the installed Tesseract, give the answers that stand beside them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use docextract_extraction::ocr::{Language, Layout, Ocr, Raster, Tesseract};
use docextract_extraction::page::Word;
use docextract_extraction::{Limits, Request, extract};
use docextract_model::extractor::{DocumentType, ready_made};
use docextract_model::failure::{Failure, FailureCode};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

#[derive(Deserialize)]
struct Answer {
    file: String,
    extractor: String,
    fields: BTreeMap<String, String>,
}

/// What is not reached, and why. What is listed here must still be wrong, so that the list stays true.
const NOT_REACHED: [(&str, &str, &str); 3] = [
    (
        "invoice-facturx.pdf",
        "customer_number",
        "the XML goes before the page, and it names no customer number",
    ),
    ("invoice-facturx.pdf", "seller_address", "the XML has a code for the country, and no name"),
    ("invoice-facturx.pdf", "buyer_address", "the XML has a code for the country, and no name"),
];

pub(crate) fn samples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples")
}

pub(crate) fn request(file: &str, extractor: &str) -> Request {
    let ready = ready_made().into_iter().find(|ready| ready.document_type == extractor).unwrap();
    Request {
        bytes: std::fs::read(samples().join(file)).unwrap(),
        filename: None,
        mime_type: None,
        password: None,
        document_type: DocumentType::parse(extractor).unwrap(),
        fields: ready.field_definitions,
        owner: String::new(),
        lessons: Vec::new(),
        keep_pages: false,
        local_only: false,
        ignore_embedded_xml: false,
        explain: false,
        limits: Limits::default(),
    }
}

/// Counts what is recognised as one column: on noise that costs ten times as much as a page.
#[derive(Default)]
struct Counting {
    columns: usize,
    all: usize,
}

impl Ocr for Counting {
    fn recognise(&mut self, image: &Raster) -> Result<Vec<Word>, Failure> {
        self.all += 1;
        self.columns += usize::from(image.layout == Layout::Column);
        Tesseract.recognise(image)
    }

    fn has(&mut self, language: Language) -> bool {
        Tesseract.has(language)
    }
}

/// Loud where Tesseract is missing: a test that did not run must not look like one that passed.
pub(crate) fn skipped(failure: &Failure) -> bool {
    let missing = failure.code == FailureCode::ServiceUnavailable;
    if missing {
        eprintln!("SKIPPED: Tesseract is not installed, so no image was read");
    }
    missing
}

fn is_same(expected: &str, found: &Value) -> bool {
    match found {
        Value::Number(number) => {
            number.to_string().parse::<Decimal>().ok() == expected.parse::<Decimal>().ok()
        }
        Value::String(text) => text == expected,
        _ => false,
    }
}

#[test]
fn the_samples_give_their_answers() {
    let answers = std::fs::read_to_string(samples().join("answers.jsonl")).unwrap();
    let mut wrong = Vec::new();
    for line in answers.lines() {
        let answer: Answer = serde_json::from_str(line).unwrap();
        let extraction = match extract(&request(&answer.file, &answer.extractor), &mut Tesseract) {
            Ok(extraction) => extraction,
            Err(failure) if skipped(&failure) => continue,
            Err(failure) => panic!("{}: {failure:?}", answer.file),
        };
        for (field, expected) in &answer.fields {
            let Some(found) = extraction.extracted_data.get(field) else { continue };
            let listed = NOT_REACHED.iter().any(|(file, name, _)| *file == answer.file && name == field);
            if is_same(expected, found) == listed {
                wrong.push(format!("{} {field}: {expected} expected, {found} found", answer.file));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_blank_scan_is_refused_at_a_glance() {
    let mut ocr = Counting::default();
    let failure = extract(&request("blank-scan.png", "receipt"), &mut ocr).unwrap_err();
    if skipped(&failure) {
        return;
    }
    assert_eq!(failure.code, FailureCode::DocumentUnreadable);
    assert_eq!(ocr.columns, 0, "noise was read as a column");
    assert!(ocr.all <= 4, "{} glances", ocr.all);
}
