//! Plain text: characters on the grid of a typewriter.
//!
//! A column is as wide as a letter of ten-point Courier and a line as high as its leading, so that what
//! stands beside or below something in an editor stands so on the page, too. A form feed begins a page,
//! and so does a line after so many that a page would be endless. Text is UTF-8, UTF-16 with a byte order
//! mark, or else Windows-1252, which gives every byte a meaning. Nothing is left out but control characters,
//! and bytes that hold more of those than text does are no text.

use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;

use crate::page::{BBox, Page, TextSource, Word};

const COLUMN_POINTS: f32 = 6.0;
const LINE_POINTS: f32 = 12.0;
/// Above and below its letters a line has this much white.
const LEADING_POINTS: f32 = 1.5;
const TAB_COLUMNS: usize = 8;
/// A4, which a page has at least.
const PAGE_WIDTH_POINTS: f32 = 595.0;
const PAGE_HEIGHT_POINTS: f32 = 842.0;
/// Lines of one page that no form feed ends.
const PAGE_LINES_MAX: usize = 200;

/// What Windows-1252 has where Latin-1 has control characters. Five places are unassigned.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{FFFD}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{FFFD}', 'Ž', '\u{FFFD}',
    '\u{FFFD}', '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{FFFD}', 'ž', 'Ÿ',
];

/// The characters of bytes that are text. `None` for bytes that are not.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let text = match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => std::str::from_utf8(rest).ok()?.to_owned(),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes)?,
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes)?,
        _ => match std::str::from_utf8(bytes) {
            Ok(text) => text.to_owned(),
            Err(_) => bytes.iter().map(|byte| windows_1252(*byte)).collect(),
        },
    };
    let is_text = |c: char| !c.is_control() || matches!(c, '\t' | '\n' | '\r' | '\x0C') || c == '\u{85}';
    (text.chars().all(is_text) && !text.contains('\u{FFFD}')).then_some(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Option<String> {
    let (pairs, rest) = bytes.as_chunks::<2>();
    let units = pairs.iter().map(|pair| unit(*pair));
    rest.is_empty().then(|| char::decode_utf16(units).collect::<Result<_, _>>().ok())?
}

fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9F => WINDOWS_1252.get(usize::from(byte) - 0x80).copied().unwrap_or('\u{FFFD}'),
        _ => char::from(byte),
    }
}

/// The pages of a text.
pub(crate) fn pages(text: &str) -> Result<Vec<Page>, Failure> {
    let mut pages = Vec::new();
    for sheet in text.split('\x0C').filter(|sheet| !sheet.trim().is_empty()) {
        let lines: Vec<Line<'_>> = sheet.lines().map(|line| vec![(0, line)]).collect();
        add_pages(&lines, &mut pages)?;
    }
    Ok(pages)
}

/// The texts of a line, each with the column in which it begins.
pub(crate) type Line<'a> = Vec<(usize, &'a str)>;

/// Puts lines on as many further pages as they need.
pub(crate) fn add_pages(lines: &[Line<'_>], pages: &mut Vec<Page>) -> Result<(), Failure> {
    let mut words: usize = pages.iter().map(|page| page.words.len()).sum();
    for lines in lines.chunks(PAGE_LINES_MAX) {
        let number = u32::try_from(pages.len()).unwrap_or(u32::MAX).saturating_add(1);
        let page = page(number, lines);
        words += page.words.len();
        if words > limits::DOCUMENT_WORDS_MAX {
            return Err(Failure::with_detail(
                FailureCode::DocumentTooLarge,
                &format!("It has more than {} words.", limits::DOCUMENT_WORDS_MAX),
            ));
        }
        pages.push(page);
    }
    Ok(())
}

/// A word in columns from the left edge.
struct Placed<'a> {
    text: &'a str,
    line: usize,
    columns: std::ops::Range<usize>,
}

#[expect(clippy::cast_precision_loss, reason = "columns and lines of a page fit a float")]
fn page(number: u32, lines: &[Line<'_>]) -> Page {
    let texts = lines.iter().enumerate().flat_map(|(line, texts)| texts.iter().map(move |text| (line, text)));
    let placed: Vec<Placed<'_>> =
        texts.flat_map(|(line, (column, text))| words_of_text(line, *column, text)).collect();
    let columns = placed.iter().map(|word| word.columns.end).max().unwrap_or(0);
    let width = (columns as f32 * COLUMN_POINTS).max(PAGE_WIDTH_POINTS);
    let height = (lines.len() as f32 * LINE_POINTS).max(PAGE_HEIGHT_POINTS);
    let words = placed.into_iter().map(|word| {
        let top = word.line as f32 * LINE_POINTS;
        let bbox = BBox {
            x0: word.columns.start as f32 * COLUMN_POINTS / width,
            x1: word.columns.end as f32 * COLUMN_POINTS / width,
            y0: (top + LEADING_POINTS) / height,
            y1: (top + LINE_POINTS - LEADING_POINTS) / height,
        };
        Word { text: word.text.to_owned(), bbox, confidence: 1.0 }
    });
    Page { number, width, height, source: TextSource::TextLayer, words: words.collect() }
}

fn words_of_text(line: usize, mut column: usize, text: &str) -> Vec<Placed<'_>> {
    let (mut words, mut rest) = (Vec::new(), text);
    while let Some(first) = rest.chars().next() {
        if first == '\t' {
            column = (column / TAB_COLUMNS + 1) * TAB_COLUMNS;
            rest = &rest[1..];
            continue;
        }
        if first.is_whitespace() {
            column += 1;
            rest = &rest[first.len_utf8()..];
            continue;
        }
        let (word, behind) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        let columns = column..column + word.chars().count();
        column = columns.end;
        words.push(Placed { text: word, line, columns });
        rest = behind;
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_read_in_the_encodings_that_people_have() {
        for bytes in [
            "Größe".as_bytes().to_vec(),
            [b"\xEF\xBB\xBF", "Größe".as_bytes()].concat(),
            b"Gr\xF6\xDFe".to_vec(),
            [0xFF, 0xFE].into_iter().chain("Größe".encode_utf16().flat_map(u16::to_le_bytes)).collect(),
            [0xFE, 0xFF].into_iter().chain("Größe".encode_utf16().flat_map(u16::to_be_bytes)).collect(),
        ] {
            assert_eq!(decode(&bytes).as_deref(), Some("Größe"), "{bytes:?}");
        }
        for binary in [&b"a\0b"[..], b"PK\x03\x04", b"\x7FELF", b"\xFF\xFEa", b"\x81\x8D"] {
            assert_eq!(decode(binary), None, "{binary:?}");
        }
    }

    #[test]
    fn words_stand_where_an_editor_shows_them() {
        let page = pages("Total:\t119.00\n  EUR\n").unwrap().remove(0);
        let columns: Vec<(u32, &str)> = page
            .words
            .iter()
            .map(|word| ((word.bbox.x0 * page.width / COLUMN_POINTS).round() as u32, word.text.as_str()))
            .collect();
        assert_eq!(columns, [(0, "Total:"), (8, "119.00"), (2, "EUR")]);
        assert!(page.words[2].bbox.y0 > page.words[0].bbox.y1);
    }

    #[test]
    fn a_form_feed_and_an_endless_page_begin_a_new_one() {
        assert_eq!(pages("one\x0Ctwo\x0C\n").unwrap().len(), 2);
        assert_eq!(pages(&"line\n".repeat(PAGE_LINES_MAX + 1)).unwrap().len(), 2);
        assert_eq!(pages(" \n").unwrap().len(), 0);
    }
}
