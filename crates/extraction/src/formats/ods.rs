//! Spreadsheets of OpenDocument: each table is a page, with its cells as they were last shown.
//!
//! A cell carries the text that it was displayed with, so nothing is formatted here, and no formula is
//! computed. Repeated rows and cells are written once with a count in the file; empty ones only move what
//! follows, others take from the document's budget each time. Comments on cells are left out.

use docextract_model::failure::{Failure, FailureCode};

use super::archive::Archive;
use super::grid::{Block, Budget, Row};
use super::markup::{Piece, Tag, walk};

pub(crate) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, Failure> {
    let mut archive = Archive::open(bytes)?;
    let manifest = archive.read("META-INF/manifest.xml")?.unwrap_or_default();
    if manifest.windows(15).any(|part| part == b"encryption-data") {
        return Err(Failure::new(FailureCode::DocumentEncrypted));
    }
    let content = archive.read("content.xml")?.ok_or_else(|| Failure::new(FailureCode::DocumentCorrupted))?;
    let mut sheets = Sheets::default();
    walk(&content, |piece| sheets.see(&piece))?;
    Ok(sheets.blocks)
}

#[derive(Default)]
struct Sheets {
    blocks: Vec<Block>,
    rows: Vec<Row>,
    row: Row,
    row_count: usize,
    column: usize,
    cell: Option<Cell>,
    /// Open elements of a comment; its text is no content.
    in_comment: usize,
    budget: Budget,
}

struct Cell {
    count: usize,
    text: String,
    paragraphs: usize,
    /// Open paragraphs: text between them is indentation of the file.
    in_paragraph: usize,
}

impl Sheets {
    fn see(&mut self, piece: &Piece<'_>) -> Result<(), Failure> {
        match piece {
            Piece::Open(tag) if self.in_comment > 0 || tag.name() == "annotation" => self.in_comment += 1,
            Piece::Close(_) if self.in_comment > 0 => self.in_comment -= 1,
            Piece::Open(tag) => self.open(tag),
            Piece::Text(text) if self.in_comment == 0 => {
                if let Some(cell) = self.cell.as_mut().filter(|cell| cell.in_paragraph > 0) {
                    cell.text.push_str(text);
                }
            }
            Piece::Text(_) => {}
            Piece::Close(name) => self.close(name)?,
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match (tag.name(), self.cell.as_mut()) {
            ("table-row", None) => {
                self.row_count = tag.count("number-rows-repeated");
                self.column = 0;
            }
            ("table-cell" | "covered-table-cell", None) => {
                let count = tag.count("number-columns-repeated");
                self.cell = Some(Cell { count, text: String::new(), paragraphs: 0, in_paragraph: 0 });
            }
            ("p" | "h", Some(cell)) => {
                if cell.paragraphs > 0 {
                    cell.text.push('\n');
                }
                cell.paragraphs += 1;
                cell.in_paragraph += 1;
            }
            ("s" | "tab", Some(cell)) => cell.text.push(' '),
            ("line-break", Some(cell)) => cell.text.push('\n'),
            (_, _) => {}
        }
    }

    fn close(&mut self, name: &str) -> Result<(), Failure> {
        match name {
            "p" | "h" => {
                if let Some(cell) = self.cell.as_mut() {
                    cell.in_paragraph = cell.in_paragraph.saturating_sub(1);
                }
            }
            "table-cell" | "covered-table-cell" => {
                if let Some(cell) = self.cell.take() {
                    self.add_cell(&cell)?;
                }
            }
            "table-row" => self.add_row()?,
            "table" => {
                self.blocks.push(Block::Table(std::mem::take(&mut self.rows)));
                self.blocks.push(Block::PageBreak);
            }
            _ => {}
        }
        Ok(())
    }

    fn add_cell(&mut self, cell: &Cell) -> Result<(), Failure> {
        if !cell.text.trim().is_empty() {
            for offset in 0..cell.count {
                self.budget.take(&cell.text)?;
                self.row.push((self.column.saturating_add(offset), cell.text.clone()));
            }
        }
        self.column = self.column.saturating_add(cell.count);
        Ok(())
    }

    fn add_row(&mut self) -> Result<(), Failure> {
        let row = std::mem::take(&mut self.row);
        if row.is_empty() {
            // Rows without a cell are white space: one line of it says as much as a thousand.
            if self.rows.last().is_some_and(|last| !last.is_empty()) {
                self.rows.push(row);
            }
            return Ok(());
        }
        for _ in 1..self.row_count {
            row.iter().try_for_each(|(_, text)| self.budget.take(text))?;
            self.rows.push(row.clone());
        }
        self.rows.push(row);
        Ok(())
    }
}
