//! On the documents that stand beside the checkout: damaged ones end, e-invoices are read exactly.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use crate::common::{files_in, request, shared_data};
use docextract_extraction::sandbox::Sandbox;
use docextract_extraction::{Extraction, Source};
use docextract_model::failure::{Failure, FailureCode};
use serde_json::Value;

async fn extract(path: &PathBuf) -> Result<Extraction, Failure> {
    let sandbox = Sandbox::new(PathBuf::from(env!("CARGO_BIN_EXE_docextract-extract-child")), 1);
    sandbox.extract(request(fs::read(path).unwrap())).await
}

#[tokio::test]
async fn every_damaged_document_ends_within_its_limits() {
    let Some(folder) = shared_data("bad") else { return };
    let files = files_in(&folder);
    assert!(!files.is_empty());
    for file in files {
        let started = Instant::now();
        let result = extract(&file).await;
        let (name, took) = (file.file_name().unwrap().to_string_lossy(), started.elapsed());
        let said = result.as_ref().map_or_else(|f| f.message.clone(), |e| format!("{:?}", e.source));
        println!("{name}: {took:?} {said}");
        assert!(took.as_secs() < 65, "{name} took {took:?}");
        if let Err(failure) = result {
            // Retrying these would never help, so no code may promise that.
            assert_ne!(failure.code, FailureCode::TemporaryError, "{name}: {failure:?}");
        }
    }
}

/// The answers were taken from the files by another program, with the paths that the standards give each term.
#[tokio::test]
async fn an_e_invoice_gives_number_date_totals_parties_and_lines_exactly() {
    let Some(folder) = shared_data("einvoice-xml") else { return };
    let answers = include_str!("../answers/einvoice-xml.jsonl").lines();
    let answers: Vec<Value> = answers.map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), files_in(&folder).len(), "each file has its answers");
    for answer in &answers {
        let name = answer["file"].as_str().unwrap();
        let extraction =
            extract(&folder.join(name)).await.unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
        assert_eq!(extraction.source, Source::Xml, "{name}");
        for (field, expected) in answer["fields"].as_object().unwrap() {
            let read = &extraction.extracted_data[field];
            if field == "line_items" {
                let read: Vec<Value> = read.as_array().unwrap().iter().map(line).collect();
                assert_eq!(&Value::Array(read), expected, "{name}");
            } else {
                assert_eq!(&as_written(read), expected, "{name}: {field}");
                assert_eq!(extraction.confidence[field].to_string(), "1.0", "{name}: {field}");
            }
        }
    }
}

/// Numbers as the text that they are written as.
fn as_written(value: &Value) -> Value {
    if let Value::Number(number) = value { Value::String(number.to_string()) } else { value.clone() }
}

fn line(item: &Value) -> Value {
    ["description", "quantity", "unit_price", "amount"]
        .into_iter()
        .map(|column| (column.to_owned(), as_written(&item[column])))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

#[tokio::test]
async fn xml_inside_a_pdf_gives_the_known_answers() {
    let Some(folder) = shared_data("invoices") else { return };
    let answers = fs::read_to_string(folder.join("../answers.jsonl")).unwrap();
    let mut embedded = 0;
    for line in answers.lines() {
        let answer: Value = serde_json::from_str(line).unwrap();
        let name = answer["file"].as_str().unwrap();
        if answer["hide_embedded_xml"] != Value::Bool(true) {
            continue;
        }
        let file = folder.join("..").join(name);
        let extraction = extract(&file).await.unwrap_or_else(|failure| panic!("{name}: {failure:?}"));
        assert_eq!(extraction.source, Source::Xml, "{name}");
        embedded += 1;
        for (field, expected) in answer["fields"].as_object().unwrap() {
            let Some(value) = extraction.extracted_data.get(field) else { continue };
            let value = match value {
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            let exact = ["invoice_number", "invoice_date", "total_amount", "net_amount", "tax_amount"];
            if exact.contains(&field.as_str()) {
                assert_eq!(value, expected.as_str().unwrap_or("null"), "{name}: {field}");
            }
        }
        println!("{name}: {:?}", extraction.warnings);
    }
    assert!(embedded > 10, "{embedded}");
}
