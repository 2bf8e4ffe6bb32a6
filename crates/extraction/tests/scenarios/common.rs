//! What these tests share: small documents, and the shared data where it stands beside the checkout.

use std::fs;
use std::path::{Path, PathBuf};

use docextract_extraction::{Limits, Request};
use docextract_model::extractor::{DocumentType, ready_made};

/// A folder of the shared data, or `None` with a loud line: a test that did not run must not look like
/// one that passed.
pub(crate) fn shared_data(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(folder);
    if path.is_dir() {
        return Some(path);
    }
    eprintln!("SKIPPED: {} does not exist, so nothing was tested on it", path.display());
    None
}

pub(crate) fn files_in(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A request for the ready-made invoice fields.
pub(crate) fn request(bytes: Vec<u8>) -> Request {
    let invoice = ready_made().into_iter().find(|r| r.document_type == "invoice").unwrap();
    Request {
        bytes,
        filename: None,
        mime_type: None,
        password: None,
        document_type: DocumentType::parse("invoice").unwrap(),
        fields: invoice.field_definitions,
        owner: String::new(),
        lessons: Vec::new(),
        keep_pages: false,
        local_only: false,
        ignore_embedded_xml: false,
        explain: false,
        limits: Limits::default(),
    }
}

/// A PDF of as many pages as there are contents; `page_extra` goes into every page's dictionary.
pub(crate) fn pdf(contents: &[&str], page_extra: &str) -> Vec<u8> {
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>";
    pdf_in_fonts(&[font.to_owned()], contents, page_extra)
}

/// The same in a font that draws each code as a square, and names no character: what LaTeX makes without
/// scalable fonts.
pub(crate) fn pdf_in_type_3(contents: &[&str]) -> Vec<u8> {
    let codes = || (11..=15).chain(33..=126).chain(192..=255_u8);
    let names: String = codes().map(|code| format!("{code} /a{code} ")).collect();
    let procedures: String = codes().map(|code| format!("/a{code} 4 0 R ")).collect();
    let widths = "500 ".repeat(245);
    let font = format!(
        "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 500 700] /FontMatrix [0.001 0 0 0.001 0 0] \
         /FirstChar 11 /LastChar 255 /Widths [{widths}] /Encoding << /Type /Encoding /Differences [{names}] >> \
         /CharProcs << {procedures} >> /Resources << >> >>"
    );
    let square = "500 0 0 0 500 700 d1 0 0 400 700 re f";
    let glyph = format!("<< /Length {} >>\nstream\n{square}\nendstream", square.len());
    pdf_in_fonts(&[font, glyph], contents, "")
}

/// `fonts` is the font's object, and those that it refers to, from number 3 on.
fn pdf_in_fonts(fonts: &[String], contents: &[&str], page_extra: &str) -> Vec<u8> {
    let mut objects = vec!["<< /Type /Catalog /Pages 2 0 R >>".to_owned(), String::new()];
    objects.extend_from_slice(fonts);
    let mut kids = String::new();
    for content in contents {
        objects.push(format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
        let content_id = objects.len();
        objects.push(format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents {content_id} 0 R \
             /Resources << /Font << /F 3 0 R >> >> {page_extra} >>"
        ));
        kids.push_str(&format!("{} 0 R ", objects.len()));
    }
    objects[1] = format!("<< /Type /Pages /Kids [{kids}] /Count {} >>", contents.len());
    let mut file = b"%PDF-1.4\n".to_vec();
    let mut offsets = Vec::new();
    for (index, object) in objects.iter().enumerate() {
        offsets.push(file.len());
        file.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    let xref = file.len();
    file.extend_from_slice(format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1).as_bytes());
    for offset in offsets {
        file.extend_from_slice(format!("{offset:010} 00000 n \n").as_bytes());
    }
    file.extend_from_slice(
        format!("trailer << /Size {} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF\n", objects.len() + 1)
            .as_bytes(),
    );
    file
}
