//! Plain text and tables of text, through the sandbox.

use std::path::PathBuf;

use docextract_extraction::sandbox::Sandbox;
use docextract_extraction::{Extraction, Request};
use docextract_model::failure::{Failure, FailureCode};

use crate::common::request;

async fn extract(bytes: impl Into<Vec<u8>>) -> Result<Extraction, Failure> {
    let sandbox = Sandbox::new(PathBuf::from(env!("CARGO_BIN_EXE_docextract-extract-child")), 1);
    // What a sender calls it does not matter.
    let mislabelled = Request { mime_type: Some("application/pdf".to_owned()), ..request(bytes.into()) };
    sandbox.extract(mislabelled).await
}

fn bbox(extraction: &Extraction, field: &str) -> Vec<f64> {
    let edges = extraction.citations[field]["bbox"].as_array().unwrap();
    edges.iter().map(|edge| edge.as_f64().unwrap()).collect()
}

#[tokio::test]
async fn a_text_gives_its_fields_and_where_they_stand() {
    let text = "Harrow & Finch Studio Ltd\n\nInvoice number: HF-2024-0387\nInvoice date:   2024-11-14\n\n\
                Net amount      EUR 100.00\nVAT 23 %        EUR  23.00\nTotal amount    EUR 123.00\n";
    let extraction = extract(text).await.unwrap();
    assert_eq!((extraction.mime_type.as_str(), extraction.page_count), ("text/plain", 1));
    assert_eq!(extraction.extracted_data["invoice_number"], "HF-2024-0387");
    assert_eq!(extraction.extracted_data["invoice_date"], "2024-11-14");
    assert_eq!(extraction.extracted_data["total_amount"].to_string(), "123.00");
    assert_eq!(extraction.extracted_data["tax_amount"].to_string(), "23.00");
    assert_eq!(extraction.citations["invoice_number"]["page"], 1);
    let (number, total) = (bbox(&extraction, "invoice_number"), bbox(&extraction, "total_amount"));
    assert!(number[3] < total[1], "the total stands below: {number:?} {total:?}");
    // The 17th column of a page of 99, and the third line of one of 70.
    assert!((number[0] - 0.161).abs() < 0.01 && (number[1] - 0.030).abs() < 0.01, "{number:?}");
}

#[tokio::test]
async fn a_table_gives_the_values_below_its_headings() {
    let table = "Invoice number;Invoice date;Currency;Net amount;VAT amount;Total amount\r\n\
                 \"R-42\";23.11.2024;EUR;100,00;19,00;119,00\r\n";
    let extraction = extract(table).await.unwrap();
    assert_eq!(extraction.mime_type, "text/csv");
    assert_eq!(extraction.extracted_data["invoice_number"], "R-42");
    assert_eq!(extraction.extracted_data["invoice_date"], "2024-11-23");
    assert_eq!(extraction.extracted_data["total_amount"].to_string(), "119.00");
}

#[tokio::test]
async fn endless_text_and_empty_text_are_refused_within_the_limits() {
    for (bytes, code) in [
        ("a;b\n".repeat(1_000_000), FailureCode::DocumentTooLarge),
        ("a;b\n".repeat(50_000), FailureCode::TooManyPages),
        ("word ".repeat(600_000), FailureCode::DocumentTooLarge),
        (";".repeat(1_000_000), FailureCode::NoDataExtracted),
        ("\u{FEFF} \n\t".to_owned(), FailureCode::DocumentEmpty),
    ] {
        let failure = extract(bytes).await.unwrap_err();
        assert_eq!(failure.code, code, "{}", failure.message);
    }
}
