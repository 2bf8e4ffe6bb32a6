//! The ready-made extractors on files: contracts, forms, statements and orders as people send them.

use std::io::{Cursor, Write};

use docextract_extraction::ocr::NoOcr;
use docextract_extraction::{Request, extract};
use docextract_model::extractor::{DocumentType, ready_made};
use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::common::{pdf, request, shared_data};

fn read(kind: &str, bytes: Vec<u8>) -> serde_json::Map<String, Value> {
    let ready = ready_made().into_iter().find(|ready| ready.document_type == kind).unwrap();
    let request = Request {
        document_type: DocumentType::parse(kind).unwrap(),
        fields: ready.field_definitions,
        ..request(bytes)
    };
    extract(&request, &mut NoOcr).unwrap().extracted_data
}

/// A page of lines, each drawn where it stands.
fn drawn(lines: &[(u32, u32, u32, &str)]) -> String {
    let escaped = |text: &str| text.replace('\\', "\\\\").replace('(', "\\(").replace(')', "\\)");
    lines
        .iter()
        .map(|(size, x, y, text)| format!("BT /F {size} Tf {x} {y} Td ({}) Tj ET ", escaped(text)))
        .collect()
}

#[test]
fn a_contract_of_two_pages_is_read_from_a_pdf() {
    let first = drawn(&[
        (16, 200, 740, "LEASE AGREEMENT"),
        (10, 50, 700, "This Lease Agreement is made on this 12th day of February, 2024, between"),
        (
            10,
            50,
            685,
            "Harbour Property Holdings Limited, a company registered in Ireland (the \"Landlord\"),",
        ),
        (10, 50, 670, "and Tide Books Ltd. (the \"Tenant\")."),
        (10, 50, 640, "1. The lease commences on 1 March 2024 for a term of five (5) years."),
    ]);
    let second = drawn(&[
        (10, 50, 740, "12. The Tenant may end the lease by giving six months' written notice."),
        (10, 50, 720, "13. This lease shall be governed by the laws of Ireland."),
    ]);
    let found = read("contract", pdf(&[&first, &second], ""));
    assert_eq!(
        found["parties"],
        json!([
            { "name": "Harbour Property Holdings Limited", "role": "Landlord" },
            { "name": "Tide Books Ltd.", "role": "Tenant" },
        ])
    );
    assert_eq!(found["contract_date"], "2024-02-12");
    assert_eq!(found["effective_date"], "2024-03-01");
    assert_eq!(found["term"], "five (5) years");
    assert_eq!(found["notice_period"], "six months");
    assert_eq!(found["governing_law"], "Ireland");
}

#[test]
fn a_form_with_small_print_above_its_answers_is_read_from_a_pdf() {
    let page = drawn(&[
        (14, 50, 740, "Anmeldung"),
        (7, 50, 700, "Familienname"),
        (7, 250, 700, "Vorname"),
        (12, 50, 686, "Lindgren"),
        (12, 250, 686, "Karin"),
        (7, 50, 660, "Geburtsdatum"),
        (12, 50, 646, "17.08.1990"),
        (10, 50, 600, "Mitglied: [x] ja [ ] nein"),
    ]);
    assert_eq!(
        read("form", pdf(&[&page], ""))["entries"],
        json!([
            { "key": "Familienname", "value": "Lindgren" },
            { "key": "Vorname", "value": "Karin" },
            { "key": "Geburtsdatum", "value": "17.08.1990" },
            { "key": "Mitglied", "value": "ja" },
        ])
    );
}

#[test]
fn a_form_of_a_word_processor_is_read_from_its_table() {
    let row = |key: &str, value: &str| {
        format!(
            "<w:tr><w:tc><w:p><w:r><w:t>{key}</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>{value}</w:t></w:r></w:p></w:tc></w:tr>"
        )
    };
    let rows =
        [("Imię", "Zofia"), ("Nazwisko", "Wrona"), ("Miasto", "Toruń")].map(|(k, v)| row(k, v)).concat();
    let document = format!(
        "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\"><w:body>\
         <w:p><w:r><w:t>Wniosek</w:t></w:r></w:p><w:tbl>{rows}</w:tbl></w:body></w:document>"
    );
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in [
        (
            "[Content_Types].xml",
            "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\"/>",
        ),
        ("word/document.xml", document.as_str()),
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    let found = read("form", archive.finish().unwrap().into_inner());
    assert_eq!(
        found["entries"],
        json!([
            { "key": "Imię", "value": "Zofia" },
            { "key": "Nazwisko", "value": "Wrona" },
            { "key": "Miasto", "value": "Toruń" },
        ])
    );
}

#[test]
fn a_statement_is_read_from_a_web_page() {
    let html = "<!DOCTYPE html><html><body><h1>Relevé n° 12</h1><p>Titulaire : Camille Roux</p>\
        <p>IBAN : FR76 3000 6000 0112 3456 7890 189</p>\
        <table><tr><th>Date</th><th>Libellé</th><th>Débit</th><th>Crédit</th></tr>\
        <tr><td>02/03/2024</td><td>Loyer mars</td><td>650,00</td><td></td></tr>\
        <tr><td>05/03/2024</td><td>Virement salaire</td><td></td><td>1 980,40</td></tr></table>\
        <p>Nouveau solde : 2 130,40 €</p></body></html>";
    let found = read("bank_statement", html.as_bytes().to_vec());
    assert_eq!(found["account_holder"], "Camille Roux");
    assert_eq!(found["iban"], "FR7630006000011234567890189");
    assert_eq!(found["closing_balance"].to_string(), "2130.40");
    let rows = found["transactions"].as_array().unwrap();
    let said: Vec<String> =
        rows.iter().map(|row| format!("{} {} {}", row["date"], row["description"], row["amount"])).collect();
    assert_eq!(
        said,
        ["\"2024-03-02\" \"Loyer mars\" -650.00", "\"2024-03-05\" \"Virement salaire\" 1980.40"]
    );
}

#[test]
fn an_order_in_plain_text_names_both_sides_by_its_labels() {
    let order = "PURCHASE ORDER\n\nPO Number: PO-20931\nOrder date: 14 May 2024\n\
        Supplier: Kestrel Fasteners Ltd\nBuyer: Brook Cycles Limited\nDelivery date: 28 May 2024\n\
        Payment terms: 30 days net\n\nSubtotal: 400.00\nVAT 20%: 80.00\nTotal: GBP 480.00\n";
    let found = read("purchase_order", order.as_bytes().to_vec());
    for (field, value) in [
        ("order_number", "PO-20931"),
        ("order_date", "2024-05-14"),
        ("seller_name", "Kestrel Fasteners Ltd"),
        ("buyer_name", "Brook Cycles Limited"),
        ("delivery_date", "2024-05-28"),
        ("payment_terms", "30 days net"),
        ("currency", "GBP"),
    ] {
        assert_eq!(found[field], value, "{field}");
    }
    assert_eq!(found["total_amount"].to_string(), "480.00");
}

/// Every file of the standards' own examples says the taxes that make its tax, and what is due.
#[test]
fn the_taxes_of_an_e_invoice_sum_up() {
    let Some(folder) = shared_data("einvoice-xml") else { return };
    let mut compared = 0;
    for file in crate::common::files_in(&folder) {
        let Ok(found) = std::panic::catch_unwind(|| read("invoice", std::fs::read(&file).unwrap())) else {
            panic!("{}", file.display());
        };
        let number = |value: &Value| value.to_string().parse::<rust_decimal::Decimal>().ok();
        let lines = found["tax_lines"].as_array().cloned().unwrap_or_default();
        let sum: Option<rust_decimal::Decimal> = lines.iter().map(|line| number(&line["tax_amount"])).sum();
        if let (Some(sum), Some(tax)) = (sum, number(&found["tax_amount"])) {
            assert_eq!(sum, tax, "{}", file.display());
            compared += 1;
        }
    }
    assert!(compared > 0);
}
