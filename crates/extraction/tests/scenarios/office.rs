//! Office files, through the sandbox: what is in them, and what is refused.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use docextract_extraction::Extraction;
use docextract_extraction::sandbox::Sandbox;
use docextract_model::failure::{Failure, FailureCode};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use crate::common::request;

async fn extract(bytes: Vec<u8>) -> Result<Extraction, Failure> {
    let sandbox = Sandbox::new(PathBuf::from(env!("CARGO_BIN_EXE_docextract-extract-child")), 1);
    sandbox.extract(request(bytes)).await
}

fn sample(file: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../samples").join(file)).unwrap()
}

fn zipped(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    for (name, bytes) in parts {
        archive.start_file(*name, options).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn ods(table: &str) -> Vec<u8> {
    let content = format!("<d xmlns:table='t' xmlns:text='x'><table:table>{table}</table:table></d>");
    zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", content.as_bytes()),
    ])
}

/// A container of the old kind with one entry of that name in its directory.
fn ole(name: &str) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(1024, 0);
    bytes.extend(name.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(2048, 0);
    bytes
}

#[tokio::test]
async fn an_office_file_gives_its_fields_and_where_they_stand() {
    for (file, mime_type, total) in [
        ("invoice.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "1138.73"),
        ("invoice.ods", "application/vnd.oasis.opendocument.spreadsheet", "568.88"),
        (
            "invoice.docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "1608.23",
        ),
        ("invoice.html", "text/html", "485.97"),
    ] {
        let extraction = extract(sample(file)).await.unwrap();
        assert_eq!((extraction.mime_type.as_str(), extraction.page_count), (mime_type, 1));
        assert_eq!(extraction.extracted_data["total_amount"].to_string(), total);
        let top = |field: &str| extraction.citations[field]["bbox"][1].as_f64().unwrap();
        assert!(top("invoice_number") < top("total_amount"), "{file}");
    }
}

#[tokio::test]
async fn old_locked_damaged_and_strange_files_are_told_what_to_do() {
    let whole = sample("invoice.xlsx");
    let locked = zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("META-INF/manifest.xml", b"<manifest:encryption-data/>"),
        ("content.xml", b"\x8F\x01"),
    ]);
    let no_sheet = zipped(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<workbook>")]);
    for (bytes, code, suggestion) in [
        (ole("EncryptedPackage"), FailureCode::DocumentEncrypted, "password"),
        (locked, FailureCode::DocumentEncrypted, "password"),
        (ole("WordDocument"), FailureCode::UnsupportedFormat, ".docx"),
        (ole("Workbook"), FailureCode::UnsupportedFormat, ".xlsx"),
        (ole("Something"), FailureCode::UnsupportedFormat, "PDF"),
        (whole[..whole.len() / 2].to_vec(), FailureCode::DocumentCorrupted, "PDF"),
        (no_sheet, FailureCode::DocumentCorrupted, "PDF"),
        (b"<html><script>var total = 1.00</script></html>".to_vec(), FailureCode::DocumentEmpty, "file"),
        (zipped(&[("a.txt", b"Total: 1.00")]), FailureCode::UnsupportedFormat, "Unpack"),
    ] {
        let failure = extract(bytes).await.unwrap_err();
        assert_eq!(failure.code, code, "{}", failure.message);
        assert!(failure.suggestion.contains(suggestion), "{}", failure.suggestion);
    }
}

#[tokio::test]
async fn what_inflates_repeats_or_defines_without_end_is_refused() {
    let zeros = vec![b' '; 70 << 20];
    let xlsx_bomb =
        zipped(&[("[Content_Types].xml", b"<Types/>"), ("xl/workbook.xml", b"<w/>"), ("xl/a.xml", &zeros)]);
    let ods_bomb =
        zipped(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", &zeros)]);
    let many: Vec<String> = (0..5_001).map(|number| format!("{number}.xml")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b""[..])).collect();
    let cell =
        "<table:table-cell table:number-columns-repeated='16000'><text:p>x</text:p></table:table-cell>";
    let repeated =
        ods(&format!("<table:table-row table:number-rows-repeated='1000000'>{cell}</table:table-row>"));
    let entities = zipped(&[
        ("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"),
        ("content.xml", b"<!DOCTYPE d [<!ENTITY a 'aaaa'>]><d>&a;</d>"),
    ]);
    for (bytes, code) in [
        (xlsx_bomb, FailureCode::DocumentTooLarge),
        (ods_bomb, FailureCode::DocumentTooLarge),
        (zipped(&many), FailureCode::DocumentTooLarge),
        (repeated, FailureCode::DocumentTooLarge),
        (entities, FailureCode::DocumentCorrupted),
    ] {
        let failure = extract(bytes).await.unwrap_err();
        assert_eq!(failure.code, code, "{}", failure.message);
    }
}

#[tokio::test]
async fn white_space_of_a_whole_sheet_costs_nothing() {
    let far = "<table:table-row table:number-rows-repeated='1000000'>\
               <table:table-cell table:number-columns-repeated='99999999'/></table:table-row>\
               <table:table-row><table:table-cell table:number-columns-repeated='16000'/>\
               <table:table-cell><text:p>Invoice number: R-42</text:p></table:table-cell></table:table-row>";
    let extraction = extract(ods(far)).await.unwrap();
    assert_eq!(extraction.extracted_data["invoice_number"], "R-42");
    assert_eq!(extraction.page_count, 1);
}

fn docx(body: &str) -> Vec<u8> {
    let document = format!("<w:document xmlns:w='w' xmlns:m='m'><w:body>{body}</w:body></w:document>");
    zipped(&[("[Content_Types].xml", b"<Types/>"), ("word/document.xml", document.as_bytes())])
}

#[tokio::test]
async fn what_was_deleted_or_is_a_second_form_is_not_read() {
    let body = "<w:p><w:del><w:r><w:delText>Invoice number: OLD-1</w:delText></w:r></w:del></w:p>\
                <w:p><m:Fallback><w:r><w:t>Invoice number: OLD-2</w:t></w:r></m:Fallback></w:p>\
                <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Inv</w:t></w:r><w:r><w:t>oice number</w:t></w:r></w:p></w:tc>\
                <w:tc><w:p><w:r><w:br w:type='page'/><w:t>R-42 &amp; more</w:t></w:r></w:p></w:tc></w:tr></w:tbl>\
                <w:p><w:r><w:br w:type='page'/></w:r><w:r><w:t>Total amount: EUR 119.00</w:t></w:r></w:p>";
    let extraction = extract(docx(body)).await.unwrap();
    assert_eq!(extraction.page_count, 2);
    assert!(extraction.extracted_data["invoice_number"].as_str().unwrap().starts_with("R-42"));
    assert_eq!(extraction.extracted_data["total_amount"].to_string(), "119.00");
    assert_eq!(extraction.citations["total_amount"]["page"], 2);
}

#[tokio::test]
async fn a_damaged_or_endless_letter_is_refused() {
    let deep = "<w:tbl><w:tr><w:tc>".repeat(100_000);
    for (bytes, code) in [
        (docx("<w:p>"), FailureCode::DocumentCorrupted),
        (docx(&deep), FailureCode::DocumentCorrupted),
        (docx("<w:p/>"), FailureCode::DocumentEmpty),
        (docx(&"<w:p><w:r><w:t>a b</w:t></w:r></w:p>".repeat(300_000)), FailureCode::DocumentTooLarge),
    ] {
        let failure = extract(bytes).await.unwrap_err();
        assert_eq!(failure.code, code, "{}", failure.message);
    }
}
