//! Spreadsheets of Excel: each visible sheet is a page, with its cells where the sheet has them.
//!
//! Cells are taken one by one and never as a rectangle: a sheet with a value in its last corner costs no
//! more than any other. Formulas are not computed; what stands in a cell is the value that was saved with
//! it. Numbers have the decimals, the percent sign and the currency that their cell's format gives them,
//! and dates are written year first, which nobody can misread.

use std::io::Cursor;

use calamine::{Data, DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Style, Xlsx, XlsxError};
use docextract_model::failure::{Failure, FailureCode};
use rust_decimal::{Decimal, RoundingStrategy};

use super::archive::Archive;
use super::grid::{Block, Budget, Row};

/// Digits that a spreadsheet computes with; what a binary number has beyond them is noise.
const DIGITS: usize = 15;
/// Decimals that are shown where a format asks for more.
const DECIMALS_MAX: u32 = 20;

pub(crate) fn blocks(bytes: &[u8]) -> Result<Vec<Block>, Failure> {
    Archive::open(bytes)?.check_sizes()?;
    let mut workbook: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(bytes)).map_err(|e| failure(&e))?;
    let visible = |sheet: &&calamine::Sheet| {
        sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible
    };
    let names: Vec<String> =
        workbook.sheets_metadata().iter().filter(visible).map(|sheet| sheet.name.clone()).collect();
    let mut budget = Budget::default();
    let mut blocks = Vec::new();
    for name in names {
        blocks.push(Block::Table(rows(&mut workbook, &name, &mut budget)?));
        blocks.push(Block::PageBreak);
    }
    Ok(blocks)
}

fn rows(workbook: &mut Xlsx<Cursor<&[u8]>>, sheet: &str, budget: &mut Budget) -> Result<Vec<Row>, Failure> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|e| failure(&e))?;
    let mut rows: Vec<Row> = Vec::new();
    let mut current = None;
    while let Some((cell, style)) = cells.next_cell_with_style_id().map_err(|e| failure(&e))? {
        let text = shown(cell.get_value(), cells.styles().get(style));
        if text.trim().is_empty() {
            continue;
        }
        budget.take(&text)?;
        let (row, column) = cell.get_position();
        if current != Some(row) {
            // Rows without a cell are white space: one line of it says as much as a thousand.
            if current.is_some_and(|last: u32| row != last.saturating_add(1)) {
                rows.push(Row::new());
            }
            rows.push(Row::new());
            current = Some(row);
        }
        if let Some(row) = rows.last_mut() {
            row.push((usize::try_from(column).unwrap_or(usize::MAX), text));
        }
    }
    Ok(rows)
}

fn shown(value: &DataRef<'_>, style: Option<&Style>) -> String {
    let format = style.and_then(|style| style.number_format.as_ref()).map(|f| f.format_code.as_str());
    match Data::from(value.clone()) {
        Data::String(text) | Data::DateTimeIso(text) | Data::DurationIso(text) => text,
        Data::Int(number) => number_shown(Decimal::from(number), format),
        Data::Float(number) => {
            decimal(number).map_or_else(|| number.to_string(), |number| number_shown(number, format))
        }
        Data::Bool(yes) => (if yes { "TRUE" } else { "FALSE" }).to_owned(),
        Data::DateTime(instant) => date_shown(&instant),
        Data::Error(_) | Data::Empty => String::new(),
    }
}

/// The number that was typed, without what its binary form added.
fn decimal(number: f64) -> Option<Decimal> {
    Decimal::from_scientific(&format!("{number:.*e}", DIGITS - 1)).ok().map(|number| number.normalize())
}

fn number_shown(number: Decimal, format: Option<&str>) -> String {
    // What follows the first semicolon is for negative numbers; those keep their sign here.
    let format = format.and_then(|format| format.split(';').next()).unwrap_or("General");
    let literal = literals(format);
    let digits: String = format.split('"').step_by(2).collect();
    let is_percent = digits.contains('%');
    let number = if is_percent { number * Decimal::ONE_HUNDRED } else { number };
    let placeholders = |c: &char| matches!(c, '0' | '#' | '?');
    let has_digits = digits.chars().any(|c| placeholders(&c));
    let mut text = if has_digits && !digits.contains(['E', '/']) {
        let behind = digits.split_once('.').map_or("", |(_, behind)| behind);
        let most = behind.chars().take_while(placeholders).count();
        let least = behind.chars().take_while(|c| *c == '0').count();
        let most = u32::try_from(most).unwrap_or(DECIMALS_MAX).min(DECIMALS_MAX);
        let least = u32::try_from(least).unwrap_or(0).min(most);
        let mut number =
            number.round_dp_with_strategy(most, RoundingStrategy::MidpointAwayFromZero).normalize();
        if number.scale() < least {
            number.rescale(least);
        }
        number.to_string()
    } else {
        number.normalize().to_string()
    };
    if is_percent {
        text.push_str(" %");
    }
    if let Some(currency) = literal {
        text = format!("{text} {currency}");
    }
    text
}

/// The currency or unit that a format writes beside its number: `"EUR"`, `[$€-407]`, or a bare sign.
fn literals(format: &str) -> Option<String> {
    let quoted = format.split('"').nth(1);
    let bracketed =
        format.split_once("[$").map(|(_, rest)| rest.split(['-', ']']).next().unwrap_or_default());
    let bare = || format.chars().find(|c| matches!(c, '€' | '£' | '$' | '¥')).map(String::from);
    let found = bracketed.or(quoted).map(str::trim).filter(|found| !found.is_empty()).map(str::to_owned);
    found.or_else(bare)
}

fn date_shown(instant: &ExcelDateTime) -> String {
    let (year, month, day, hours, minutes, seconds, _) = instant.to_ymd_hms_milli();
    let time = format!("{hours:02}:{minutes:02}:{seconds:02}");
    let days = instant.as_f64();
    if instant.is_duration() || days < 1.0 {
        time
    } else if days.fract() == 0.0 {
        format!("{year:04}-{month:02}-{day:02}")
    } else {
        format!("{year:04}-{month:02}-{day:02} {time}")
    }
}

fn failure(error: &XlsxError) -> Failure {
    match error {
        XlsxError::Password => Failure::new(FailureCode::DocumentEncrypted),
        _ => Failure::new(FailureCode::DocumentCorrupted),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_shown_as_their_format_says_and_without_binary_noise() {
        for (number, format, expected) in [
            (0.1 + 0.2, "General", "0.3"),
            (1250.5, "#,##0.00", "1250.50"),
            (1250.5, "#,##0.00 \"EUR\"", "1250.50 EUR"),
            (1250.5, "#,##0.00\\ [$€-407]", "1250.50 €"),
            (-640.0, "$#,##0.00_);($#,##0.00)", "-640.00 $"),
            (0.19, "0%", "19 %"),
            (0.055, "0.0%", "5.5 %"),
            (2.5, "0", "3"),
            (1e20, "General", "100000000000000000000"),
            (4711.0, "General", "4711"),
            (1.5, "@", "1.5"),
        ] {
            assert_eq!(number_shown(decimal(number).unwrap(), Some(format)), expected, "{number} {format}");
        }
    }
}
