//! Paragraphs and tables on the typewriter grid of `text`.
//!
//! A table's columns are as wide as their widest cell, so that a heading stands above its values and a
//! label beside its own. A cell with nothing to its right makes no column wider: it runs on, as in a
//! spreadsheet. Long paragraphs are broken at white space. Whatever fills a grid takes from its budget
//! first, so that no repetition in a file becomes words without end.

use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;

use super::text::{self, Line};
use crate::page::Page;

/// Between two columns there is so much white.
const COLUMN_GAP: usize = 3;
/// A paragraph is broken into lines of at most so many characters, if its words allow.
const PARAGRAPH_COLUMNS: usize = 100;
/// Cells further to the right stand in the last of these columns: no spreadsheet has more.
const COLUMNS_MAX: usize = 16_384;

/// The cells of a row that hold something, each with its column, left to right. Cells may have line breaks.
pub(crate) type Row = Vec<(usize, String)>;

#[derive(Debug)]
pub(crate) enum Block {
    Paragraph(String),
    Table(Vec<Row>),
    PageBreak,
}

/// What may still be put on the pages of one document.
pub(crate) struct Budget {
    words: usize,
    bytes: u64,
}

impl Default for Budget {
    fn default() -> Self {
        Self { words: limits::DOCUMENT_WORDS_MAX, bytes: limits::INFLATED_STREAM_BYTES_MAX }
    }
}

impl Budget {
    pub(crate) fn take(&mut self, text: &str) -> Result<(), Failure> {
        let bytes = u64::try_from(text.len()).unwrap_or(u64::MAX);
        match (self.words.checked_sub(text.split_whitespace().count()), self.bytes.checked_sub(bytes)) {
            (Some(words), Some(bytes)) => {
                (self.words, self.bytes) = (words, bytes);
                Ok(())
            }
            (None, _) | (_, None) => Err(Failure::with_detail(
                FailureCode::DocumentTooLarge,
                &format!("It has more than {} words.", limits::DOCUMENT_WORDS_MAX),
            )),
        }
    }
}

/// The pages of a document that is written in blocks.
pub(crate) fn pages(blocks: &[Block]) -> Result<Vec<Page>, Failure> {
    let mut pages = Vec::new();
    for sheet in blocks.split(|block| matches!(block, Block::PageBreak)) {
        let mut lines: Vec<Line<'_>> = Vec::new();
        for block in sheet {
            match block {
                Block::Paragraph(text) => lines.extend(text.lines().flat_map(paragraph_lines)),
                Block::Table(rows) => lines.extend(table_lines(rows)),
                Block::PageBreak => {}
            }
        }
        if lines.iter().any(|line| !line.is_empty()) {
            text::add_pages(&lines, &mut pages)?;
        }
    }
    Ok(pages)
}

fn paragraph_lines(text: &str) -> Vec<Line<'_>> {
    let mut lines = Vec::new();
    let mut rest = text;
    while rest.chars().nth(PARAGRAPH_COLUMNS).is_some() {
        let limit = rest.char_indices().nth(PARAGRAPH_COLUMNS).map_or(rest.len(), |(at, _)| at);
        let is_break = |c: char| c.is_whitespace();
        let Some(end) = rest[..limit].rfind(is_break).filter(|end| *end > 0).or_else(|| rest.find(is_break))
        else {
            break;
        };
        lines.push(vec![(0, &rest[..end])]);
        rest = rest[end..].trim_start();
    }
    lines.push(vec![(0, rest)]);
    lines
}

fn table_lines(rows: &[Row]) -> Vec<Line<'_>> {
    let last = rows.iter().flatten().map(|(column, _)| *column).max().unwrap_or(0).min(COLUMNS_MAX - 1);
    let mut widths = vec![0_usize; last + 1];
    for (column, text) in rows.iter().flat_map(|row| &row[..row.len().saturating_sub(1)]) {
        let width = text.lines().map(|line| line.chars().count()).max().unwrap_or(0);
        if let Some(widest) = widths.get_mut((*column).min(last)) {
            *widest = (*widest).max(width);
        }
    }
    let starts = widths.iter().scan(0_usize, |next, width| {
        let start = *next;
        *next = start.saturating_add(width + COLUMN_GAP);
        Some(start)
    });
    let starts: Vec<usize> = starts.collect();
    let mut lines = Vec::new();
    for row in rows {
        let height = row.iter().map(|(_, text)| text.lines().count()).max().unwrap_or(0).max(1);
        let first = lines.len();
        lines.resize_with(first + height, Vec::new);
        for (column, text) in row {
            let start = starts.get((*column).min(last)).copied().unwrap_or(0);
            for (line, text) in lines[first..].iter_mut().zip(text.lines()) {
                line.push((start, text));
            }
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(cells: &[(usize, &str)]) -> Row {
        cells.iter().map(|(column, text)| (*column, (*text).to_owned())).collect()
    }

    #[test]
    fn a_heading_stands_above_its_values_and_a_title_widens_no_column() {
        let rows = [
            row(&[(0, "Statement of everything that was delivered")]),
            row(&[(0, "No."), (1, "Total")]),
            row(&[(0, "R-42"), (1, "119.00\n(gross)")]),
        ];
        let lines = table_lines(&rows);
        assert_eq!(lines[1], [(0, "No."), (7, "Total")]);
        assert_eq!(lines[2], [(0, "R-42"), (7, "119.00")]);
        assert_eq!(lines[3], [(7, "(gross)")]);
    }

    #[test]
    fn a_long_paragraph_is_broken_between_words() {
        let text = "word ".repeat(50);
        let lines = paragraph_lines(&text);
        assert!(
            lines.len() >= 3 && lines.iter().all(|line| line[0].1.len() <= PARAGRAPH_COLUMNS),
            "{lines:?}"
        );
        assert_eq!(lines.iter().flatten().flat_map(|(_, text)| text.split_whitespace()).count(), 50);
        assert_eq!(paragraph_lines(&"x".repeat(500)).len(), 1);
    }

    #[test]
    fn a_page_break_begins_a_page_and_a_budget_ends() {
        let blocks =
            [Block::Paragraph("one".to_owned()), Block::PageBreak, Block::Table(vec![row(&[(3, "two")])])];
        assert_eq!(pages(&blocks).unwrap().len(), 2);
        let mut budget = Budget::default();
        let much = "word ".repeat(limits::DOCUMENT_WORDS_MAX);
        assert!(budget.take(&much).is_ok());
        assert_eq!(budget.take("more").unwrap_err().code, FailureCode::DocumentTooLarge);
    }
}
