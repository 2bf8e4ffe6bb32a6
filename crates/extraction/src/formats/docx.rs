//! Documents of Word: headers, then paragraphs and tables in reading order, then footers.
//!
//! Pages are made when a document is printed and do not stand in the file: a new one begins only where the
//! author broke it. Text boxes are read where they are anchored. Deleted text, field codes, and the second
//! form that a drawing has for old readers are left out; pictures are not recognised.

use docextract_model::failure::{Failure, FailureCode};

use super::archive::Archive;
use super::grid::{Block, Budget, Row};
use super::markup::{Piece, Tag, walk};

/// Headers and footers of a document that are looked at: each section may have three of both.
const PARTS_MAX: usize = 30;

pub(crate) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, Failure> {
    let mut archive = Archive::open(bytes)?;
    let mut budget = Budget::default();
    let mut blocks = Vec::new();
    for name in numbered("header") {
        blocks.extend(part(&mut archive, &name, &mut budget)?.unwrap_or_default());
    }
    let body = part(&mut archive, "word/document.xml", &mut budget)?;
    blocks.extend(body.ok_or_else(|| Failure::new(FailureCode::DocumentCorrupted))?);
    for name in numbered("footer") {
        blocks.extend(part(&mut archive, &name, &mut budget)?.unwrap_or_default());
    }
    Ok(blocks)
}

fn numbered(kind: &str) -> impl Iterator<Item = String> {
    (1..=PARTS_MAX).map(move |number| format!("word/{kind}{number}.xml"))
}

fn part(archive: &mut Archive<'_>, name: &str, budget: &mut Budget) -> Result<Option<Vec<Block>>, Failure> {
    let Some(xml) = archive.read(name)? else { return Ok(None) };
    let mut story = Story::default();
    walk(&xml, |piece| story.see(&piece, budget))?;
    Ok(Some(story.blocks))
}

#[derive(Default)]
struct Story {
    blocks: Vec<Block>,
    /// Open paragraphs: one in a text box stands within the one that anchors it.
    paragraphs: Vec<String>,
    /// Open tables: one may stand in a cell of another.
    tables: Vec<Table>,
    in_text: bool,
    /// Open elements of what is left out.
    left_out: usize,
}

#[derive(Default)]
struct Table {
    rows: Vec<Row>,
    row: Row,
    column: usize,
    cell: Option<String>,
    cell_columns: usize,
}

impl Story {
    fn see(&mut self, piece: &Piece<'_>, budget: &mut Budget) -> Result<(), Failure> {
        match piece {
            Piece::Open(tag) if self.left_out > 0 || tag.name() == "Fallback" => self.left_out += 1,
            Piece::Close(_) if self.left_out > 0 => self.left_out -= 1,
            Piece::Open(tag) => self.open(tag),
            Piece::Text(text) if self.in_text && self.left_out == 0 => {
                budget.take(text)?;
                self.write(text);
            }
            Piece::Text(_) => {}
            Piece::Close(name) => self.close(name),
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag.name() {
            "p" => self.paragraphs.push(String::new()),
            "t" => self.in_text = true,
            // Tabulators of a paragraph's properties stand there, too, and say where they end.
            "tab" if tag.attribute("pos").is_none() => self.write("\t"),
            "br" if tag.attribute("type").as_deref() == Some("page") => self.break_page(),
            "br" | "cr" => self.write("\n"),
            "noBreakHyphen" => self.write("-"),
            "tbl" => self.tables.push(Table::default()),
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.column = 0;
                }
            }
            "tc" => {
                if let Some(table) = self.tables.last_mut() {
                    (table.cell, table.cell_columns) = (Some(String::new()), 1);
                }
            }
            "gridSpan" => {
                if let Some(table) = self.tables.last_mut() {
                    table.cell_columns = tag.count("val");
                }
            }
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "p" => {
                let text = self.paragraphs.pop().unwrap_or_default();
                self.add(text);
            }
            "t" => self.in_text = false,
            "tc" => {
                if let Some(table) = self.tables.last_mut()
                    && let Some(text) = table.cell.take()
                {
                    if !text.trim().is_empty() {
                        table.row.push((table.column, text));
                    }
                    table.column = table.column.saturating_add(table.cell_columns);
                }
            }
            "tr" => {
                if let Some(table) = self.tables.last_mut() {
                    table.rows.push(std::mem::take(&mut table.row));
                }
            }
            "tbl" => {
                let rows = self.tables.pop().map(|table| table.rows).unwrap_or_default();
                if self.tables.is_empty() {
                    self.blocks.push(Block::Table(rows));
                } else {
                    // In a cell, the rows of a table are lines.
                    let line =
                        |row: Row| row.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("   ");
                    rows.into_iter().map(line).for_each(|line| self.add(line));
                }
            }
            _ => {}
        }
    }

    /// Within a table a break moves cells apart that belong together: it is passed over.
    fn break_page(&mut self) {
        if self.tables.is_empty() {
            let text = self.paragraphs.last_mut().map(std::mem::take).unwrap_or_default();
            self.add(text);
            self.blocks.push(Block::PageBreak);
        }
    }

    fn write(&mut self, text: &str) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.push_str(text);
        }
    }

    /// Puts a paragraph where it belongs: into the innermost open cell, or on the page.
    fn add(&mut self, text: String) {
        match self.tables.iter_mut().rev().find_map(|table| table.cell.as_mut()) {
            Some(cell) if cell.is_empty() => *cell = text,
            Some(cell) => {
                cell.push('\n');
                cell.push_str(&text);
            }
            None => self.blocks.push(Block::Paragraph(text)),
        }
    }
}
