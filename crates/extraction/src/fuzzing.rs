//! The parsers of this crate one by one, for `fuzz/` alone: each takes any bytes and gives nothing back.
//!
//! What comes in is what comes in from outside, or the other side of the sandbox's pipe. None may panic,
//! hang or take more memory than its limits say, whatever the bytes are.

use docextract_model::extractor::{DocumentType, ready_made};

use crate::einvoice::Invoice;
use crate::fields::{amounts, codes, dates, extract_fields};
use crate::formats::detect::Format;
use crate::formats::{
    attachments, csv, docx, grid, html, image, mail::Mail, ods, pdf, text, tiff_pages, xlsx,
};
use crate::ocr::NoOcr;
use crate::reading::{ReadOptions, read_pages};
use crate::sandbox;

/// Everything between a document's bytes and its words, whichever format its content has.
pub fn document(bytes: &[u8]) {
    let _ = read_pages(bytes, &ReadOptions::default(), &mut NoOcr);
}

pub fn detect(bytes: &[u8]) {
    let _ = Format::of(bytes);
}

/// The text layers and the attached files. What is drawn belongs to a library.
pub fn pdf(bytes: &[u8]) {
    if let Ok(document) = pdf::Document::open(bytes, None) {
        let _ = document.text_layers().take(20).count();
        let _ = attachments::xml_files(document.pdf());
    }
}

pub fn docx(bytes: &[u8]) {
    let _ = docx::blocks(bytes).and_then(|blocks| grid::pages(&blocks));
}

pub fn xlsx(bytes: &[u8]) {
    let _ = xlsx::blocks(bytes).and_then(|blocks| grid::pages(&blocks));
}

pub fn ods(bytes: &[u8]) {
    let _ = ods::blocks(bytes).and_then(|blocks| grid::pages(&blocks));
}

pub fn html(bytes: &[u8]) {
    if let Some(decoded) = html::decode(bytes) {
        let _ = html::pages(&decoded);
    }
}

pub fn mail(bytes: &[u8]) {
    if let Ok(mail) = Mail::open(bytes) {
        let _ = mail.pages();
    }
}

/// Plain text, and CSV where it looks like that.
pub fn plain_text(bytes: &[u8]) {
    let Some(decoded) = text::decode(bytes) else { return };
    let _ = match csv::separator(&decoded) {
        Some(separator) => csv::pages(&decoded, separator),
        None => text::pages(&decoded),
    };
}

/// The directory of a TIFF file, and the pages that are cut out of it.
pub fn tiff(bytes: &[u8]) {
    for directory in tiff_pages::directories(bytes).into_iter().take(4) {
        let _ = tiff_pages::with_first(bytes, directory);
    }
}

/// How a picture is turned upright; what decodes it belongs to a library.
pub fn picture(bytes: &[u8]) {
    if let Some(format @ (Format::Png | Format::Jpeg | Format::WebP | Format::Tiff)) = Format::of(bytes) {
        let _ = image::decode_upright(bytes, format);
    }
}

pub fn einvoice(bytes: &[u8]) {
    let Ok(invoice) = Invoice::parse(bytes) else { return };
    for field in ready_made().into_iter().flat_map(|ready| ready.field_definitions) {
        let _ = (invoice.fact(&field.name), invoice.lines_as(&field), invoice.tax_lines_as(&field));
    }
}

/// What parent and child say to each other.
pub fn frame(bytes: &[u8]) {
    sandbox::read_frames(bytes);
}

/// Dates, amounts and numbers with check digits, in one line of text.
pub fn values(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let _ = dates::find(&text);
    for word in text.split_whitespace().take(200) {
        for mark in [amounts::DecimalMark::Comma, amounts::DecimalMark::Point] {
            let _ = amounts::parse(word, mark);
        }
        let _ = (amounts::tells(word), amounts::currency(word), codes::iban(word), codes::vat_id(word));
        let _ = (codes::email(word), codes::phone(word), codes::domain_name(word), dates::month(word));
    }
}

/// The field engine and what stands behind it, on text as a document of each ready-made kind.
pub fn fields(bytes: &[u8]) {
    let Some(decoded) = text::decode(bytes) else { return };
    let Ok(pages) = text::pages(&decoded) else { return };
    for ready in ready_made() {
        if let Ok(document_type) = DocumentType::parse(ready.document_type) {
            let _ = extract_fields(&pages, &document_type, &ready.field_definitions);
        }
    }
}
