//! Documents to words: what a page says, where, and what is refused.

use crate::common::{pdf, pdf_in_type_3};
use docextract_extraction::ocr::NoOcr;
use docextract_extraction::page::Page;
use docextract_extraction::{Limits, ReadOptions, read_pages};
use docextract_model::failure::FailureCode;

fn pages(bytes: &[u8]) -> Vec<Page> {
    read_pages(bytes, &ReadOptions::default(), &mut NoOcr).unwrap().pages
}

fn texts(bytes: &[u8]) -> Vec<String> {
    pages(bytes).remove(0).words.into_iter().map(|word| word.text).collect()
}

fn refused(bytes: &[u8], limits: Limits) -> FailureCode {
    let options = ReadOptions { limits, ..ReadOptions::default() };
    read_pages(bytes, &options, &mut NoOcr).unwrap_err().code
}

#[test]
fn words_are_told_apart_by_geometry_not_by_spaces_alone() {
    let content = "BT /F 10 Tf 50 700 Td (Invoice number: ) Tj (R-42) Tj ET \
                   BT /F 10 Tf 50 680 Td [(To) 20 (tal) -600 (1.234,50)] TJ ET \
                   BT /F 10 Tf 2 Tr 0.4 0 0 RG 50 660 Td (both) Tj ET \
                   BT 0 Tr /F 10 Tf 50 640 Td (bold) Tj 0.2 0 Td (bold) Tj ET";
    assert_eq!(
        texts(&pdf(&[content], "")),
        ["Invoice", "number:", "R-42", "Total", "1.234,50", "both", "bold"]
    );
}

#[test]
fn letters_drawn_one_by_one_and_out_of_order_make_one_word() {
    let content = "BT /F 10 Tf 1 0 0 1 50 700 Tm (N) Tj 1 0 0 1 62.78 700 Tm (t) Tj \
                   1 0 0 1 57.22 700 Tm (e) Tj ET \
                   BT /F 10 Tf 1 0 0 1 50 600 Tm (one two three) Tj ET";
    assert_eq!(texts(&pdf(&[content], "")), ["Net", "one", "two", "three"]);
}

#[test]
fn letters_of_tex_that_nothing_names_are_told_by_their_codes() {
    let content = "BT /F 10 Tf 50 700 Td [(Rechnung) -300 (vom) -300 (M\\344rz) -300 (an) -300 (Br\\374ckner)] TJ ET \
                   BT /F 10 Tf 50 680 Td [(Montage) -300 (am) -300 (Ort) -300 (Pro\\014l) -300 (Stra\\377e)] TJ ET \
                   BT /F 10 Tf 50 660 Td [(Insgesamt) -300 (Betrag) -300 (1.147,53)] TJ ET";
    assert_eq!(
        texts(&pdf_in_type_3(&[content])),
        "Rechnung vom März an Brückner Montage am Ort Profil Straße Insgesamt Betrag 1.147,53"
            .split(' ')
            .collect::<Vec<_>>()
    );
    // The same glyphs numbered as they came: nobody can tell what they are, and the page has to be recognised.
    let content = "BT /F 10 Tf 50 700 Td [(ABCDEFEG) -300 (HIJ) -300 (KLMN) -300 (OF) -300 (PMQCRFBM)] TJ ET \
                   BT /F 10 Tf 50 680 Td [(KIFSTGB) -300 (HIM) -300 (VMS) -300 (WMIXYZ) -300 (bSMTdB)] TJ ET \
                   BT /F 10 Tf 50 660 Td [(eFfGBfTJS) -300 (PBSMTG) -300 (ghijklm)] TJ ET";
    let reading = read_pages(&pdf_in_type_3(&[content]), &ReadOptions::default(), &mut NoOcr);
    assert!(reading.is_err(), "{reading:?}");
}

#[test]
fn text_off_the_page_is_not_read_and_an_ocr_layer_is() {
    let content = "BT /F 10 Tf 50 900 Td (outside) Tj ET \
                   q 0 0 100 100 re W n BT /F 10 Tf 300 300 Td (clipped) Tj ET Q \
                   BT /F 10 Tf 3 Tr 50 700 Td (recognised by the scanner) Tj ET";
    assert_eq!(texts(&pdf(&[content], "")), ["recognised", "by", "the", "scanner"]);
}

#[test]
fn a_rotated_page_is_read_as_it_is_displayed() {
    // Turned by 90 degrees, what is drawn upwards at the left edge reads from left to right at the top.
    let content = "BT /F 10 Tf 0 1 -1 0 100 50 Tm (first second third) Tj ET";
    let page = pages(&pdf(&[content], "/Rotate 90")).remove(0);
    assert!((page.width - 800.0).abs() < 1.0 && (page.height - 600.0).abs() < 1.0);
    let word = &page.words[0];
    assert_eq!(word.text, "first");
    assert!(word.bbox.x0 < 0.1 && word.bbox.y1 < 0.2, "{:?}", word.bbox);
    assert!(word.bbox.x1 - word.bbox.x0 > word.bbox.y1 - word.bbox.y0);
    assert!(page.words[1].bbox.x0 > word.bbox.x1);
}

#[test]
fn a_box_covers_its_word() {
    let content = "BT /F 20 Tf 300 400 Td (Middle one two) Tj ET";
    let word = pages(&pdf(&[content], "")).remove(0).words.remove(0);
    let b = word.bbox;
    // 20 points of type on a baseline half-way up a page of 600 × 800.
    assert!(
        (b.x0 - 0.5).abs() < 0.005 && (b.y0 - 0.48).abs() < 0.005 && (b.y1 - 0.505).abs() < 0.005,
        "{b:?}"
    );
}

#[test]
fn what_can_not_be_read_is_refused_with_its_reason() {
    let text = "BT /F 10 Tf 50 700 Td (one two three four) Tj ET";
    let limits = Limits::default;
    assert_eq!(refused(b"", limits()), FailureCode::DocumentEmpty);
    assert_eq!(refused(b" \n ", limits()), FailureCode::DocumentEmpty);
    assert_eq!(refused(b"\x00hello", limits()), FailureCode::UnsupportedFormat);
    assert_eq!(refused(b"%PDF-1.7 nothing", limits()), FailureCode::DocumentCorrupted);
    assert_eq!(refused(&pdf(&[""], ""), limits()), FailureCode::DocumentEmpty);
    let three = pdf(&[text; 3], "");
    assert_eq!(refused(&three, Limits { pages_max: 2, ..limits() }), FailureCode::TooManyPages);
    assert_eq!(refused(&three, Limits { document_bytes_max: 99, ..limits() }), FailureCode::DocumentTooLarge);
    assert_eq!(pages(&three).len(), 3);
}

#[test]
fn a_picture_of_too_many_pixels_is_refused_before_it_is_decoded() {
    // A PNG header that announces 100,000 × 100,000 pixels, with nothing behind it.
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    png.extend_from_slice(&100_000u32.to_be_bytes());
    png.extend_from_slice(&100_000u32.to_be_bytes());
    png.extend_from_slice(&[8, 0, 0, 0, 0]);
    png.extend_from_slice(&[0; 4]);
    png.extend_from_slice(b"\0\0\0\0IDAT\0\0\0\0");
    let code = refused(&png, Limits::default());
    assert!(matches!(code, FailureCode::DocumentTooLarge | FailureCode::DocumentCorrupted), "{code:?}");
}

#[test]
fn without_recognition_the_pages_with_text_are_still_read() {
    let text = "BT /F 10 Tf 50 700 Td (one two three four) Tj ET";
    // Sixty strokes and no letter: a page that only shows outlines.
    let outlines = "10 10 m 20 20 l S ".repeat(60);
    let document = pdf(&[&outlines, text], "");
    let reading = read_pages(&document, &ReadOptions::default(), &mut NoOcr).unwrap();
    assert_eq!(reading.pages[1].words.len(), 4);
    assert_eq!(reading.warnings.len(), 1, "{:?}", reading.warnings);
    assert_eq!(refused(&pdf(&[&outlines], ""), Limits::default()), FailureCode::ServiceUnavailable);
}
