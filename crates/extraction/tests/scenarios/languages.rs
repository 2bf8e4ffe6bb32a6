//! A scan is read in its own language where that is installed, and says so where it is not.

use docextract_extraction::ocr::{Language, Ocr, Raster, Tesseract};
use docextract_extraction::page::Word;
use docextract_extraction::{ReadOptions, Reading, Size, draw_page, read_pages};
use docextract_model::failure::Failure;

use crate::common::pdf;
use crate::samples::skipped;

/// A French invoice as a picture.
pub(crate) fn french_scan() -> Vec<u8> {
    let lines = [
        "Soci\\351t\\351 des P\\352ches C\\364ti\\350res",
        "Facture num\\351ro F-2025-118",
        "Date de facture : 14/03/2025",
        "\\311ch\\351ance : 13/04/2025",
        "R\\350glement par virement \\340 r\\351ception",
        "Montant HT 1 200,00",
        "TVA 20 % 240,00",
        "Montant TTC 1 440,00",
        "Merci pour votre confiance",
    ];
    let shown = lines.iter().enumerate().map(|(row, line)| {
        let y = 740 - 40 * row;
        format!("BT /F 16 Tf 60 {y} Td ({line}) Tj ET")
    });
    let page = shown.collect::<Vec<_>>().join(" ");
    draw_page(&pdf(&[&page], ""), 1, Size::Dpi(200.0)).unwrap()
}

struct Knowing(bool);

impl Ocr for Knowing {
    fn recognise(&mut self, image: &Raster) -> Result<Vec<Word>, Failure> {
        Tesseract.recognise(image)
    }

    fn has(&mut self, _: Language) -> bool {
        self.0
    }
}

fn read(ocr: &mut dyn Ocr) -> Option<Reading> {
    match read_pages(&french_scan(), &ReadOptions::default(), ocr) {
        Ok(reading) => Some(reading),
        Err(failure) if skipped(&failure) => None,
        Err(failure) => panic!("{failure:?}"),
    }
}

#[test]
fn a_scan_is_read_in_its_own_language() {
    if !Tesseract.has(Language::French) {
        eprintln!("SKIPPED: tesseract-ocr-fra is not installed, so nothing was read in French");
        return;
    }
    let Some(reading) = read(&mut Tesseract) else { return };
    let words: Vec<&str> = reading.pages[0].words.iter().map(|word| word.text.as_str()).collect();
    for wanted in ["Société", "Échéance", "Règlement", "1", "440,00"] {
        assert!(words.contains(&wanted), "{wanted} is not among {words:?}");
    }
    assert_eq!(reading.warnings, Vec::<String>::new());
}

#[test]
fn a_language_that_is_not_installed_is_told_with_the_way_to_install_it() {
    let Some(reading) = read(&mut Knowing(false)) else { return };
    assert!(reading.pages[0].words.iter().any(|word| word.text == "F-2025-118"));
    let [warning] = &reading.warnings[..] else { panic!("{:?}", reading.warnings) };
    assert!(warning.contains("French") && warning.contains("tesseract-ocr-fra"), "{warning}");
}
