//! The rows below a head: which lines begin one, go on with one, or end the table.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::LazyLock;

use docextract_model::extractor::FieldType;
use rust_decimal::{Decimal, RoundingStrategy};
use serde_json::Value as Json;

use super::super::lexicon::{Concept, LIKELY};
use super::super::plan::concept_of;
use super::super::scan::{Form, Value};
use super::super::text::fold;
use super::super::{Document, amounts};
use super::heads::{Column, Head, NUMBERS};
use super::{Cell, Row, Shape, has_money, is_text, products};
use crate::layout::Bounds;

/// How far a number may stand beside its column, in line heights.
const BESIDE_MAX: f32 = 7.0;
/// How many lines without a number may stand in a row's description.
const TEXT_LINES_MAX: usize = 6;
/// A gap of more than this many line heights ends a description.
const TEXT_GAP_MAX: f32 = 1.3;
/// The last of so many amounts that is the sum of the others is no row.
const ALONE_MIN: usize = 3;
/// What carries a sum over a page.
const CARRIED: &str = "carried forward; brought forward; carry over; subtotal; sub total; balance brought forward; ubertrag; zwischensumme; \
    zwischentotal; a reporter; report; sous total; suma y sigue; suma anterior; riporto; a riportare; subtotale; transport; tussentotaal; \
    subtotaal; a transportar; z przeniesienia; do przeniesienia";
static CARRIED_FOLDED: LazyLock<BTreeSet<String>> = LazyLock::new(|| CARRIED.split(';').map(fold).collect());
/// What begins a charge or an allowance of the whole document.
const ALLOWANCES: [&str; 8] =
    ["abzgl", "abzuglich", "zzgl", "zuzuglich", "less", "discount", "versandkosten", "frachtkosten"];
/// The most words of one of these names.
const TAXED_WORDS_MAX: usize = 3;
/// What names the sum of the rows with tax, or of those without, folded: nothing else stands in such a line.
const TAXED_SUMS: [&str; 24] = [
    "taxable",
    "nontaxable",
    "taxfree",
    "taxexempt",
    "exempt",
    "zerorated",
    "vatexempt",
    "steuerfrei",
    "steuerpflichtig",
    "nichtsteuerbar",
    "exonere",
    "nontaxe",
    "exento",
    "exenta",
    "nosujeto",
    "esente",
    "nonimponibile",
    "vrijgesteld",
    "belastbaar",
    "isento",
    "tributavel",
    "naotributavel",
    "zwolnione",
    "niepodlega",
];

/// Whether a line begins with a day, as the movements of a folio do.
fn is_dated(document: &Document<'_>, line: usize) -> bool {
    let first = document.layout.lines.get(line).map(|line| line.tokens.start);
    document
        .candidates
        .on_line(line, Form::Date)
        .any(|index| Some(document.candidates.all[index].tokens.start) == first)
}

/// What closes a table or interrupts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sum {
    /// What is no row, with rows after it.
    Carried,
    Total,
}

/// Whether a line is a sum of rows: a label of one at the beginning of a stretch of it.
pub(super) fn sum_of(document: &Document<'_>, line: usize) -> Option<Sum> {
    let layout = &document.layout;
    let found = layout.lines.get(line)?;
    let first = document.labels.partition_point(|label| label.tokens.start < found.tokens.start);
    let (mut sum, mut sums) = (None, 0_usize);
    for label in document.labels[first..].iter().take_while(|label| label.tokens.start < found.tokens.end) {
        let starts = layout
            .tokens
            .get(label.tokens.start)
            .and_then(|token| layout.segments.get(token.segment))
            .is_some_and(|segment| {
                // `21% VAT` begins with its rate.
                let before = layout.tokens.get(segment.tokens.start..label.tokens.start).unwrap_or_default();
                before.iter().all(|token| !token.text.contains(char::is_alphabetic))
                    && before.last().is_none_or(|token| token.text.ends_with('%'))
            });
        let says = |concepts: &[Concept], least: f32| {
            label.keys.iter().any(|(key, weight)| {
                *weight >= least && concept_of(*key).is_some_and(|concept| concepts.contains(&concept))
            })
        };
        if starts && says(&[Concept::Net, Concept::Total, Concept::Tax, Concept::Rounding], LIKELY) {
            sums += 1;
            sum = Some(Sum::Total);
        } else if starts
            && sum.is_none()
            && !is_dated(document, line)
            && says(&[Concept::Discount, Concept::Shipping, Concept::Paid], LIKELY)
        {
            sum = Some(Sum::Carried);
        }
    }
    // One word of a sum without an amount may be a column's or a description's.
    if sum == Some(Sum::Total) && sums < 2 && !has_money(document, line) {
        sum = None;
    }
    let words = layout.tokens.get(found.tokens.clone())?;
    let carried = (1..=3.min(words.len())).any(|count| {
        words.windows(count).take(3).any(|run| {
            let run: String = run.iter().map(|token| token.folded.as_str()).collect();
            CARRIED_FOLDED.contains(&run)
        })
    });
    if sum.is_none() && has_money(document, line) && names_taxed_sum(document, line) {
        sum = Some(Sum::Total);
    }
    let allowance =
        sum.is_none() && words.first().is_some_and(|word| ALLOWANCES.contains(&word.folded.as_str()));
    if carried || allowance { Some(Sum::Carried) } else { sum }
}

/// Whether a sum is named in the first stretch of a line that has letters.
fn sum_leads(document: &Document<'_>, line: usize) -> bool {
    let layout = &document.layout;
    let Some(found) = layout.lines.get(line) else { return false };
    let mut stretches = found.segments.clone().filter_map(|segment| layout.segments.get(segment));
    let Some(first) = stretches.find(|stretch| {
        let words = layout.tokens.get(stretch.tokens.clone()).unwrap_or_default();
        words.iter().any(|word| word.text.contains(char::is_alphabetic))
    }) else {
        return false;
    };
    let sums = [Concept::Net, Concept::Total, Concept::Tax, Concept::Rounding];
    document.labels.iter().filter(|label| first.tokens.contains(&label.tokens.start)).any(|label| {
        let means = |key| concept_of(key).is_some_and(|concept| sums.contains(&concept));
        label.keys.iter().any(|(key, weight)| *weight >= LIKELY && means(*key))
    })
}

/// Whether a stretch of a line names the sum of the rows with tax, or of those without, and nothing else.
fn names_taxed_sum(document: &Document<'_>, line: usize) -> bool {
    let layout = &document.layout;
    let Some(found) = layout.lines.get(line) else { return false };
    let segments = found.segments.clone().filter_map(|segment| layout.segments.get(segment));
    segments.filter(|segment| segment.tokens.len() <= TAXED_WORDS_MAX).any(|segment| {
        let words = layout.tokens.get(segment.tokens.clone()).unwrap_or_default();
        let text: String = words.iter().map(|word| word.folded.as_str()).collect();
        TAXED_SUMS.contains(&text.as_str())
    })
}

/// Whether rows are put right by arithmetic: not while it is to tell which column is which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mending {
    Done,
    Left,
}

/// The rows under heads of one shape, in reading order.
pub(super) fn below(
    document: &Document<'_>,
    shape: &Shape,
    heads: &[&Head],
    rows_max: usize,
    mending: Mending,
) -> Vec<Row> {
    let layout = &document.layout;
    let mut all = Vec::new();
    for (index, head) in heads.iter().enumerate() {
        let end = heads.get(index + 1).map_or(layout.lines.len(), |next| next.last_line);
        let mut here: Vec<Row> = Vec::new();
        let mut loose: Vec<(usize, BTreeMap<usize, Range<usize>>)> = Vec::new();
        let mut part: Option<Row> = None;
        let (mut last_page, mut without) = (None, 0_usize);
        // Whether a sum has ended the rows, and whether one stands above without a row since.
        let (mut closed, mut summed) = (false, false);
        for line in head.last_line + 1..end {
            let page = layout.lines[line].page;
            if last_page.is_some_and(|last| last != page) {
                loose.clear();
                without = 0;
                if closed || here.is_empty() {
                    break;
                }
            }
            last_page = Some(page);
            let row = row_at(document, shape, head, line, part.take());
            // A tax that stands in a column of a row is no sum: what begins the line is something else.
            let sum = sum_of(document, line).filter(|sum| {
                let says = |row: &Row| {
                    shape.of(Concept::Description).is_some_and(|field| row.text.contains_key(&field))
                };
                let is_like = matches!(&row, Reading::Row(row) if row.cells.len() >= 2 && says(row));
                *sum != Sum::Total || closed || summed || !is_like || sum_leads(document, line)
            });
            // `Transport 2 × 40.00 = 80.00` is a row, and `Transport 80.00` carries a sum over the page.
            // Below a sum only one that multiplies out is.
            let is_row = matches!(&row, Reading::Row(row) if is_whole(shape, head, row)
                && (!summed || products(shape, std::slice::from_ref(row)).0 == 1));
            if sum == Some(Sum::Carried) && !is_row {
                summed |= has_money(document, line);
                loose.clear();
                continue;
            }
            let row = match row {
                Reading::Row(row) => Some(row),
                Reading::Part(row) => {
                    part = Some(row);
                    None
                }
                Reading::Nothing => None,
            };
            let sum =
                sum.or_else(|| row.as_ref().filter(|row| sums_up(shape, &here, row)).map(|_| Sum::Total));
            // Below a sum, what lacks a number that every row had, or does not multiply out as they did, is a tax or a
            // discount on it.
            let is_on_sum = |row: &Row| {
                summed
                    && !here.is_empty()
                    && (!is_whole(shape, head, row) && here.iter().all(|other| is_whole(shape, head, other))
                        || products(shape, std::slice::from_ref(row)).0 == 0
                            && products(shape, &here).0 == here.len())
            };
            let row = row.filter(|row| !is_on_sum(row));
            if let Some(mut row) = row.filter(|row| sum.is_none() || !closed && is_whole(shape, head, row)) {
                if closed && !is_whole(shape, head, &row) {
                    break;
                }
                if mending == Mending::Done && !closed && !summed {
                    mend(document, shape, head, &mut row);
                }
                (closed, summed) = (false, false);
                without = 0;
                attach(document, &mut here, std::mem::take(&mut loose), Some(&row));
                here.push(row);
                if all.len() + here.len() >= rows_max {
                    break;
                }
                continue;
            }
            if sum == Some(Sum::Total) && !has_money(document, line) {
                // The head of another table: a summary by tax rate.
                break;
            }
            if sum == Some(Sum::Total) {
                attach(document, &mut here, std::mem::take(&mut loose), None);
                (closed, summed) = (true, true);
            }
            if closed {
                // Groups of rows have sums of their own; what is far below the last sum is no group.
                without += 1;
                if without > 4 {
                    break;
                }
                continue;
            }
            // A movement of another column: a payment among charges.
            if is_dated(document, line) && has_money(document, line) {
                continue;
            }
            loose.push((line, text_at(document, shape, head, line, &BTreeMap::new())));
        }
        attach(document, &mut here, loose, None);
        all.append(&mut here);
    }
    all
}

/// Whether what looks like a row is the sum of those above it: an amount alone, where they have more or are several.
fn sums_up(shape: &Shape, above: &[Row], row: &Row) -> bool {
    let Some(amount) = shape.of(Concept::LineAmount) else { return false };
    let number = |row: &Row| row.cells.get(&amount).and_then(|cell| cell.number);
    // The sum last: it is over all rows so far, and few rows have an amount alone.
    row.cells.len() == 1
        && (above.len() >= ALONE_MIN || !above.is_empty() && above.iter().all(|row| row.cells.len() > 1))
        && number(row) == Some(above.iter().filter_map(number).sum::<Decimal>())
}

/// Whether a row has all numbers that its table has columns for, two at least.
fn is_whole(shape: &Shape, head: &Head, row: &Row) -> bool {
    let mut wanted: Vec<usize> = head
        .columns
        .iter()
        .filter_map(|column| column.field)
        .filter(|field| shape.is_number(*field))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.len() >= 2 && wanted.iter().all(|field| row.cells.contains_key(field))
}

/// What a line is to a table.
enum Reading {
    Row(Row),
    /// Numbers of a row whose amount is missing: it may be set a little lower.
    Part(Row),
    Nothing,
}

/// A line with the numbers of a row, put together with those of the line before where they are set at
/// different heights.
fn row_at(document: &Document<'_>, shape: &Shape, head: &Head, line: usize, part: Option<Row>) -> Reading {
    let mut numbers = numbers_at(document, shape, head, line);
    let columns: Vec<usize> = head
        .columns
        .iter()
        .filter_map(|column| column.field)
        .filter(|field| shape.is_number(*field))
        .collect();
    let mut text = text_at(document, shape, head, line, &numbers);
    if let (Some(quantity), Some(description)) = (shape.of(Concept::Quantity), shape.of(Concept::Description))
        && !columns.contains(&quantity)
        && !numbers.is_empty()
        && let Some(tokens) = text.get_mut(&description)
        && let Some(cell) = quantity_before(document, tokens)
    {
        tokens.start = cell.tokens.end;
        numbers.insert(quantity, cell);
    }
    let mut lines = BTreeMap::new();
    let layout = &document.layout;
    if let Some(part) = part
        && !numbers.is_empty()
        && numbers.keys().all(|field| !part.cells.contains_key(field))
        && let (Some(upper), Some(lower)) = (layout.lines.get(part.line), layout.lines.get(line))
        && lower.bounds.y0 - upper.bounds.y1 < 0.8 * upper.height
    {
        numbers.extend(part.cells);
        lines = part.text;
    }
    let enough = match shape.of(Concept::LineAmount).filter(|field| columns.contains(field)) {
        Some(amount) => numbers.contains_key(&amount),
        None => 2 * numbers.len() >= columns.len().min(4) && !numbers.is_empty(),
    };
    let only_amount = numbers.len() == 1 && columns.len() > 2;
    for (field, tokens) in std::mem::take(&mut text) {
        lines.entry(field).or_insert_with(Vec::new).push(tokens);
    }
    let nothing = numbers.is_empty() || only_amount && lines.is_empty();
    let row = Row { cells: numbers, line, text: lines };
    match (nothing, enough) {
        (true, _) => Reading::Nothing,
        (false, true) => Reading::Row(row),
        (false, false) => Reading::Part(row),
    }
}

/// How many of something a text begins with: `6 x Tea towel`, `-1x Return`.
fn quantity_before(document: &Document<'_>, text: &Range<usize>) -> Option<Cell> {
    let word = |index: usize| document.layout.tokens.get(index).filter(|_| text.contains(&index));
    let is_times = |text: &str| matches!(text, "x" | "X" | "×");
    let first = &word(text.start)?.text;
    let (digits, words) = match word(text.start + 1) {
        Some(next) if is_times(&next.text) => (first.as_str(), 2),
        _ => (first.strip_suffix(['x', 'X', '×'])?, 1),
    };
    let number: Decimal = digits.replace(['−', '–'], "-").replace(',', ".").parse().ok()?;
    // Something is left that is counted.
    word(text.start + words)?;
    let tokens = text.start..text.start + words;
    Some(Cell::of_number(number, tokens))
}

/// The numbers of a line, each under its column.
fn numbers_at(document: &Document<'_>, shape: &Shape, head: &Head, line: usize) -> BTreeMap<usize, Cell> {
    let layout = &document.layout;
    let mut cells: BTreeMap<usize, (f32, Cell)> = BTreeMap::new();
    let Some(found) = layout.lines.get(line) else { return BTreeMap::new() };
    for index in document.candidates.by_line.get(line).map(Vec::as_slice).unwrap_or_default() {
        let candidate = &document.candidates.all[*index];
        let Some(at) = layout.bounds(candidate.tokens.clone()) else { continue };
        let Some((column, distance)) = nearest(head, at) else { continue };
        let Some(field) = column.field.filter(|_| distance < BESIDE_MAX * found.height) else { continue };
        let definition = &shape.fields[field];
        let cell = match (&candidate.value, definition.field_type) {
            (Value::Amount(amount), FieldType::Number | FieldType::Currency) => {
                let rate = shape.concepts[field] == Some(Concept::TaxRate);
                if amount.percent && !rate || is_in_text(document, candidate.tokens.start, column) {
                    continue;
                }
                Cell::of_number(amount.value, candidate.tokens.clone())
            }
            (Value::Date { day, .. }, FieldType::Date) => {
                Cell { value: Json::String(day.to_string()), number: None, tokens: candidate.tokens.clone() }
            }
            _ => continue,
        };
        match cells.get(&field) {
            Some((known, _)) if *known <= distance => {}
            _ => {
                cells.insert(field, (distance, cell));
            }
        }
    }
    cells.into_iter().map(|(field, (_, cell))| (field, cell)).collect()
}

/// Puts right what stands under another column's head, or was read as a part of it: where a row does not multiply out,
/// but two other numbers before its amount do, one behind the other, those are how many and the price. Nothing is
/// changed where more than one pair would be, nor without a column for both.
fn mend(document: &Document<'_>, shape: &Shape, head: &Head, row: &mut Row) {
    let numbers = &mut row.cells;
    let [quantity, price, amount] = NUMBERS.map(|concept| {
        shape.of(concept).filter(|field| head.columns.iter().any(|column| column.field == Some(*field)))
    });
    let (Some(quantity), Some(price), Some(amount)) = (quantity, price, amount) else { return };
    let number = |field: &usize| numbers.get(field).and_then(|cell| cell.number);
    let Some(total) = numbers.get(&amount).filter(|cell| cell.number.is_some_and(|number| !number.is_zero()))
    else {
        return;
    };
    let is_product = |one: Decimal, other: Decimal| {
        let product = one.checked_mul(other).unwrap_or_default();
        Some(product.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero)) == total.number
    };
    if number(&quantity).zip(number(&price)).is_some_and(|(one, other)| is_product(one, other)) {
        return;
    }
    let all: Vec<Cell> = counted(document, row.line, total.tokens.start);
    let mut pairs = Vec::new();
    for (index, one) in all.iter().enumerate() {
        for other in &all[index + 1..] {
            if one.tokens.end <= other.tokens.start
                && one.number.zip(other.number).is_some_and(|(one, other)| is_product(one, other))
            {
                pairs.push((one.clone(), other.clone()));
            }
        }
    }
    let at = |field: usize| {
        let columns = head.columns.iter().filter(|column| column.field == Some(field));
        columns.map(|column| column.head.x0).fold(f32::MAX, f32::min)
    };
    if let [(left, right)] = &pairs[..] {
        let (many, each) = if at(quantity) < at(price) { (left, right) } else { (right, left) };
        numbers.insert(quantity, many.clone());
        numbers.insert(price, each.clone());
        for text in row.text.values_mut().flatten() {
            if text.contains(&left.tokens.start) && text.start < left.tokens.start {
                text.end = left.tokens.start;
            }
        }
    }
}

/// The numbers of a line before a word of it, from the left: each as it was read, and two that a space parts as
/// thousands (`1 500`).
fn counted(document: &Document<'_>, line: usize, before: usize) -> Vec<Cell> {
    let layout = &document.layout;
    let read = document.candidates.on_line(line, Form::Amount).map(|index| &document.candidates.all[index]);
    let mut all: Vec<Cell> = read
        .filter_map(|candidate| match &candidate.value {
            Value::Amount(amount) if !amount.percent => {
                Some(Cell::of_number(amount.value, candidate.tokens.clone()))
            }
            _ => None,
        })
        .collect();
    let digits = |index: usize, lengths: std::ops::RangeInclusive<usize>| {
        let text = &layout.tokens.get(index)?.text;
        (lengths.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
    };
    let tokens = layout.lines.get(line).map_or(0..0, |line| line.tokens.clone());
    for index in tokens.start..tokens.end.saturating_sub(1) {
        if let (Some(thousands), Some(rest)) = (digits(index, 1..=3), digits(index + 1, 3..=3))
            && layout.tokens[index].segment == layout.tokens[index + 1].segment
            && let Ok(number) = format!("{thousands}{rest}").parse()
        {
            all.push(Cell::of_number(number, index..index + 2));
        }
    }
    all.retain(|cell| cell.tokens.end <= before);
    all.sort_by_key(|cell| (cell.tokens.start, cell.tokens.end));
    all
}

/// Whether a number is a word of a text: letters stand close before it, and it is not under the head.
fn is_in_text(document: &Document<'_>, token: usize, column: &Column) -> bool {
    let layout = &document.layout;
    let Some(this) = layout.tokens.get(token) else { return true };
    let Some(before) = token.checked_sub(1).and_then(|before| layout.tokens.get(before)) else {
        return false;
    };
    before.segment == this.segment
        && before.text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && amounts::currency(&before.text).is_none()
        && this.bounds.share_of_width(column.head) < 0.5
}

/// The column that a box stands under, and how far beside it.
fn nearest(head: &Head, at: Bounds) -> Option<(&Column, f32)> {
    let distance = |column: &Column| {
        let head = column.head;
        let overlap = at.x1.min(head.x1) - at.x0.max(head.x0);
        if overlap > 0.0 { -overlap / at.width() } else { -overlap }
    };
    let (column, distance) =
        head.columns.iter().map(|column| (column, distance(column))).min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((column, distance.max(0.0)))
}

/// The words of a line that stand in text columns.
fn text_at(
    document: &Document<'_>,
    shape: &Shape,
    head: &Head,
    line: usize,
    numbers: &BTreeMap<usize, Cell>,
) -> BTreeMap<usize, Range<usize>> {
    let layout = &document.layout;
    let mut texts: BTreeMap<usize, Range<usize>> = BTreeMap::new();
    let Some(found) = layout.lines.get(line) else { return texts };
    for (position, column) in head.columns.iter().enumerate() {
        let Some(field) = column.field.filter(|field| is_text(shape.fields[*field].field_type)) else {
            continue;
        };
        let slack = 1.5 * found.height;
        // A text may begin left of its head where that is centred, and goes up to the next column.
        let left = position.checked_sub(1).map_or(f32::MIN, |before| {
            (head.columns[before].head.x1 + 0.2 * found.height).min(column.head.x0 - slack)
        });
        let right = head.columns.get(position + 1).map_or(f32::MAX, |next| next.head.x0);
        for segment in found.segments.clone() {
            let Some(segment) = layout.segments.get(segment) else { continue };
            let mut tokens = segment.tokens.clone();
            let starts = segment.bounds.x0;
            if starts + slack < left || starts >= right - 0.5 * slack {
                continue;
            }
            if starts < left {
                // The number of the row stands close before its text.
                while layout.tokens.get(tokens.start).is_some_and(|token| token.bounds.x0 < left)
                    && !tokens.is_empty()
                {
                    tokens.start += 1;
                }
            }
            // What stands under the next columns is theirs: numbers at the end of a crowded line.
            while tokens.end > tokens.start
                && layout.tokens.get(tokens.end - 1).is_some_and(|token| token.bounds.x0 >= right)
            {
                tokens.end -= 1;
            }
            // In a crowded line, a number of the row ends its text.
            let number =
                numbers.values().map(|cell| cell.tokens.start).filter(|start| tokens.contains(start)).min();
            if let Some(number) = number {
                tokens.end = number;
            }
            if tokens.is_empty() {
                continue;
            }
            texts.entry(field).and_modify(|known| known.end = known.end.max(tokens.end)).or_insert(tokens);
        }
    }
    texts.retain(|_, tokens| {
        layout.tokens.get(tokens.clone()).unwrap_or_default().iter().any(|token| !token.folded.is_empty())
    });
    texts
}

/// Gives lines without numbers to the row above, or to the one below where that has no text of its own.
fn attach(
    document: &Document<'_>,
    rows: &mut [Row],
    lines: Vec<(usize, BTreeMap<usize, Range<usize>>)>,
    below: Option<&Row>,
) {
    let layout = &document.layout;
    if below.is_some_and(|row| row.text.is_empty()) {
        return;
    }
    let Some(above) = rows.last_mut() else { return };
    let mut last = above.line;
    for (line, texts) in lines.into_iter().take(TEXT_LINES_MAX) {
        let (upper, lower) = (&layout.lines[last], &layout.lines[line]);
        let gap = lower.bounds.y0 - upper.bounds.y1;
        if upper.page != lower.page || gap > TEXT_GAP_MAX * upper.height || texts.is_empty() {
            break;
        }
        for (field, tokens) in texts {
            above.text.entry(field).or_default().push(tokens);
        }
        last = line;
    }
}
