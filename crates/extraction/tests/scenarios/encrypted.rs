//! Documents behind a password: opened with it, refused without it, and told apart.

use std::fs;
use std::path::Path;

use crate::common::request;
use docextract_extraction::ocr::NoOcr;
use docextract_extraction::{Extraction, Request, extract};
use docextract_model::document_password::DocumentPassword;
use docextract_model::failure::{Failure, FailureCode};

fn read(file: &str, password: Option<&str>) -> Result<Extraction, Failure> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/encrypted").join(file);
    let password = password.map(|text| DocumentPassword::parse(text.to_owned()).unwrap());
    extract(&Request { password, ..request(fs::read(path).unwrap()) }, &mut NoOcr)
}

fn number(extraction: Result<Extraction, Failure>) -> String {
    extraction.unwrap().extracted_data["invoice_number"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn every_kind_of_encryption_is_opened_with_the_password() {
    for file in ["rc4-40.pdf", "rc4-128.pdf", "aes-128.pdf", "aes-256.pdf"] {
        assert_eq!(number(read(file, Some("geheim"))), "R-4711", "{file}");
    }
}

#[test]
fn without_the_password_it_says_that_one_is_needed_and_with_a_wrong_one_that_it_is_wrong() {
    for file in ["rc4-40.pdf", "rc4-128.pdf", "aes-128.pdf", "aes-256.pdf"] {
        let none = read(file, None).unwrap_err();
        assert_eq!(none.code, FailureCode::DocumentEncrypted, "{file}");
        assert!(none.suggestion.contains("`password`"), "{none:?}");
        let wrong = read(file, Some("Geheim")).unwrap_err();
        assert_eq!(wrong.code, FailureCode::DocumentEncrypted, "{file}");
        assert!(wrong.message.contains("does not open it"), "{wrong:?}");
        assert!(!format!("{wrong:?}").contains("Geheim"), "{wrong:?}");
    }
}

#[test]
fn a_password_opens_in_either_form_of_its_letters() {
    for typed in ["gr\u{f6}\u{df}e", "gro\u{308}\u{df}e"] {
        assert_eq!(number(read("aes-256-umlaut.pdf", Some(typed))), "R-4711", "{typed}");
    }
}

#[test]
fn a_document_that_anybody_may_open_needs_no_password_and_does_not_mind_one() {
    assert_eq!(number(read("open-to-read.pdf", None)), "R-4711");
    assert_eq!(number(read("open-to-read.pdf", Some("something else"))), "R-4711");
}
