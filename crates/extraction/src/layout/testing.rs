//! Synthetic pages for tests: text in, positioned words out.

use crate::page::{BBox, Page, TextSource, Word};

/// A page from lines of text. Each character is a column of 1/100 of the width, so that spaces
/// in the text are gaps on the page; a line is 1/60 of the height.
pub(crate) fn page(lines: &[&str]) -> Page {
    page_of(TextSource::TextLayer, lines)
}

/// As [`page`], from a named source.
pub(crate) fn page_of(source: TextSource, lines: &[&str]) -> Page {
    let mut words = Vec::new();
    for (row, line) in lines.iter().enumerate() {
        let mut column = 0;
        for piece in line.split(' ') {
            let chars = piece.chars().count();
            if chars > 0 {
                words.push(Word {
                    text: piece.to_owned(),
                    bbox: BBox {
                        x0: column as f32 / 100.0,
                        x1: (column + chars) as f32 / 100.0,
                        y0: (row as f32 + 0.1) / 60.0,
                        y1: (row as f32 + 0.9) / 60.0,
                    },
                    confidence: 1.0,
                });
            }
            column += chars + 1;
        }
    }
    Page { number: 1, width: 595.0, height: 842.0, source, words }
}
