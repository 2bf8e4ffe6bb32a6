//! Comma-separated values: rows of cells on a grid.
//!
//! Text is a table when its first rows all have the same number of cells by one of the usual separators;
//! prose has no such regularity. Of two separators the one that makes more cells is right. Nothing is
//! computed: a formula is text like any other.

use csv::{ReaderBuilder, StringRecord};
use docextract_model::failure::Failure;

use super::grid::{self, Block};
use crate::page::Page;

/// Separators, each with the fewest cells that speak for it: sentences have a comma or two as well.
const SEPARATORS: [(u8, usize); 3] = [(b';', 2), (b'\t', 2), (b',', 3)];
/// So many rows are compared.
const ROWS_COMPARED: usize = 20;

/// The separator of a text that is a table.
pub(crate) fn separator(text: &str) -> Option<u8> {
    // A reader is dear to make, and nearly no first line of a text has enough of any separator.
    let first_line = text.lines().find(|line| !line.is_empty()).unwrap_or_default();
    let may_be = |(separator, least): &&(u8, usize)| {
        let found = first_line.bytes().filter(|byte| byte == separator).count();
        found + 1 >= *least || first_line.contains('"')
    };
    let cells = |(separator, least): &(u8, usize)| {
        let counts: Vec<usize> =
            rows(text, *separator).take(ROWS_COMPARED).map(|row| row.map_or(0, |row| row.len())).collect();
        let (first, rest) = counts.split_first()?;
        let is_table = *first >= *least && !rest.is_empty() && rest.iter().all(|count| count == first);
        is_table.then_some((*first, *separator))
    };
    SEPARATORS.iter().filter(may_be).filter_map(cells).max().map(|(_, separator)| separator)
}

/// Empty lines are no rows; a row may be shorter or longer than the others.
fn rows(text: &str, separator: u8) -> impl Iterator<Item = csv::Result<StringRecord>> {
    ReaderBuilder::new()
        .delimiter(separator)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records()
}

/// The pages of a table.
pub(crate) fn pages(text: &str, separator: u8) -> Result<Vec<Page>, Failure> {
    // The text is UTF-8 and rows may differ: nothing in it is an error.
    let rows = rows(text, separator).filter_map(Result::ok);
    let cells = |row: StringRecord| {
        row.iter().map(str::to_owned).enumerate().filter(|(_, cell)| !cell.is_empty()).collect()
    };
    grid::pages(&[Block::Table(rows.map(cells).collect())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regular_rows_are_a_table_and_prose_is_none() {
        assert_eq!(separator("a;b\n1,5;2,5\n"), Some(b';'));
        assert_eq!(separator("a,b,c\n\"1,5\",2,\"x\ny\"\n"), Some(b','));
        assert_eq!(separator("a\tb\n1\t2\n"), Some(b'\t'));
        for prose in ["Dear Sir,\n\nyes, it is,\nsee you", "Total;1\nend", "a,b\nc,d\n", "one", ""] {
            assert_eq!(separator(prose), None, "{prose:?}");
        }
    }

    #[test]
    fn a_heading_stands_above_its_values() {
        let page = pages("Invoice number;Total\nR-42;119.00\n", b';').unwrap().remove(0);
        let at = |text: &str| page.words.iter().find(|word| word.text == text).unwrap().bbox;
        assert!((at("Total").x0 - at("119.00").x0).abs() < 1e-6 && at("Total").y1 < at("119.00").y0);
        assert!(at("Invoice").x0 < at("Total").x0);
    }
}
