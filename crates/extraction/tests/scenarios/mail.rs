//! Mails, through the sandbox: the document that they bring, else their text.

use std::path::{Path, PathBuf};

use docextract_extraction::Extraction;
use docextract_extraction::sandbox::Sandbox;
use docextract_model::failure::{Failure, FailureCode};

use crate::common::{pdf, request};

const HEAD: &str = "From: Shop <a@b.example>\r\nMessage-ID: <1@b.example>\r\nMIME-Version: 1.0\r\n";

async fn extract(bytes: Vec<u8>) -> Result<Extraction, Failure> {
    let sandbox = Sandbox::new(PathBuf::from(env!("CARGO_BIN_EXE_docextract-extract-child")), 1);
    sandbox.extract(request(bytes)).await
}

/// A mail of a text and attachments, each with its type.
fn mail(text: &str, attachments: &[(&str, &[u8])]) -> Vec<u8> {
    let head = "Content-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\nContent-Type: text/plain\r\n\r\n";
    let mut mail = format!("{HEAD}{head}{text}").into_bytes();
    for (kind, bytes) in attachments {
        let head = format!(
            "\r\n--x\r\nContent-Type: {kind}\r\nContent-Disposition: attachment; filename=a.bin\r\n\r\n"
        );
        mail.extend_from_slice(head.as_bytes());
        mail.extend_from_slice(bytes);
    }
    mail.extend_from_slice(b"\r\n--x--\r\n");
    mail
}

#[tokio::test]
async fn the_attached_invoice_is_read_and_named() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples/invoice.eml");
    let extraction = extract(std::fs::read(path).unwrap()).await.unwrap();
    assert_eq!(extraction.mime_type, "message/rfc822");
    assert_eq!(extraction.extracted_data["total_amount"].to_string(), "4851.18");
    assert!(extraction.warnings[0].contains("invoice.pdf"), "{:?}", extraction.warnings);
}

#[tokio::test]
async fn without_a_document_the_text_is_read() {
    let extraction = extract(mail("Invoice number: R-42\r\n", &[])).await.unwrap();
    assert_eq!(extraction.extracted_data["invoice_number"], "R-42");
    let table = "<table><tr><td>Invoice number</td><td>R-43</td></tr></table>";
    let html = format!("{HEAD}Content-Type: text/html\r\n\r\n{table}");
    assert_eq!(extract(html.into_bytes()).await.unwrap().extracted_data["invoice_number"], "R-43");
}

#[tokio::test]
async fn mails_and_archives_within_a_mail_stay_closed_and_a_damaged_document_fails() {
    let inner = mail("Invoice number: INNER-1\r\n", &[]);
    let nested =
        mail("Invoice number: R-44\r\n", &[("message/rfc822", &inner), ("application/zip", b"PK\x03\x04")]);
    assert_eq!(extract(nested).await.unwrap().extracted_data["invoice_number"], "R-44");
    let whole = pdf(&["BT /F 10 Tf 50 700 Td (Invoice number: R-45) Tj ET"], "");
    let both =
        mail("See attached.", &[("application/pdf", b"%PDF-1.4 damaged"), ("application/pdf", &whole)]);
    assert_eq!(extract(both).await.unwrap().extracted_data["invoice_number"], "R-45");
    let damaged = mail("Invoice number: R-46", &[("application/pdf", b"%PDF-1.4 damaged")]);
    assert_eq!(extract(damaged).await.unwrap_err().code, FailureCode::DocumentCorrupted);
}
