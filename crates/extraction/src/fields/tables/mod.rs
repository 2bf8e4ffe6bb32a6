//! Line items: the rows of a table, for a field that is an array of objects.
//!
//! A table is known by its head: a line in which at least two of the nested fields are labelled, one of
//! them a number. Below it each number belongs to the column that it stands under, a line with the
//! numbers of a row begins one, and lines with text alone go on with its description. Totals, subtotals
//! and what is carried over a page are no rows; the table goes on under the same head on the next page,
//! or without one where no total has closed it. Lines drawn on the page are not looked at, so a table
//! with rules and one without are the same. Without a head only rows are found whose amounts make up the sum that is
//! printed below them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use docextract_model::extractor::{FieldDefinition, FieldType};
use docextract_model::number::json_number;
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::Document;
use super::calibration::{Group, Signals};
use super::labels::Labels;
use super::lexicon::Concept;
use super::memo::Memo;
use super::scan::{Form, Value};
use crate::page::Citation;
use heads::{Head, column_concept, column_labels};
use rows::Mending;

mod heads;
mod plain;
mod rows;

/// A table that was found.
#[derive(Debug, Clone)]
pub struct Table {
    /// One object for each row, with every nested field.
    pub rows: Vec<Json>,
    /// For each row, where the value of each nested field stands.
    pub cells: Vec<Vec<Option<Citation>>>,
    /// The words of the first row, for the citation of the whole.
    pub first: Range<usize>,
    pub signals: Signals,
    pub group: Group,
}

/// The most rows that are read: an invoice that has more is a list of calls.
const ROWS_MAX: usize = 2000;
/// So many rows tell which column is which.
const ROWS_TRIED: usize = 24;

/// A value and its words.
#[derive(Debug, Clone)]
struct Cell {
    value: Json,
    /// The number, for arithmetic.
    number: Option<Decimal>,
    tokens: Range<usize>,
}

impl Cell {
    fn of_number(number: Decimal, tokens: Range<usize>) -> Self {
        Self { value: json_number(number), number: Some(number), tokens }
    }
}

/// A row that is being gathered.
#[derive(Debug, Default, Clone)]
struct Row {
    cells: BTreeMap<usize, Cell>,
    line: usize,
    /// Words of the text columns, line by line.
    text: BTreeMap<usize, Vec<Range<usize>>>,
}

/// What the nested fields are, and the labels that head their columns.
struct Shape {
    fields: Vec<FieldDefinition>,
    concepts: Vec<Option<Concept>>,
    labels: Labels,
}

static SHAPES: Memo<Vec<FieldDefinition>, Shape> = Memo::new();

impl Shape {
    fn of_fields(fields: &[FieldDefinition]) -> Arc<Self> {
        SHAPES.get(
            |known| known == fields,
            || {
                let concepts = fields.iter().map(column_concept).collect();
                let mut shape = Self { fields: fields.to_vec(), concepts, labels: Labels::default() };
                shape.labels = column_labels(&shape);
                (fields.to_vec(), shape)
            },
        )
    }

    fn is_number(&self, index: usize) -> bool {
        matches!(self.fields[index].field_type, FieldType::Number | FieldType::Currency)
    }

    fn of(&self, concept: Concept) -> Option<usize> {
        self.concepts.iter().position(|known| *known == Some(concept))
    }
}

/// The table of a field, where one is found.
#[must_use]
pub fn read(document: &Document<'_>, field: &FieldDefinition) -> Option<Table> {
    if field.fields.is_empty() {
        return None;
    }
    let shape = Shape::of_fields(&field.fields);
    let heads = heads::find(document, &shape);
    let mut by_shape: BTreeMap<Vec<usize>, Vec<&Head>> = BTreeMap::new();
    for head in &heads {
        let mut fields: Vec<usize> = head.columns.iter().filter_map(|column| column.field).collect();
        fields.sort_unstable();
        fields.dedup();
        by_shape.entry(fields).or_default().push(head);
    }
    let best = by_shape
        .into_values()
        .filter_map(|same| {
            let rows = best_reading(document, &shape, &same);
            let filled: usize = rows.iter().map(|row| row.cells.len()).sum();
            (!rows.is_empty()).then_some((filled, same.first()?.columns.len(), rows))
        })
        .max_by_key(|(filled, columns, _)| (*filled, *columns));
    let rows = best.map_or_else(|| plain::read(document, &shape), |(_, _, rows)| rows);
    (!rows.is_empty()).then(|| table(document, &shape, rows))
}

/// The rows under heads of one shape. Where several columns could be the same number of a row, those are read with
/// which the most rows multiply out; of equal ones the amount before tax, then the price
/// behind the quantity, then the last one. A column whose head
/// says nothing is read only where most rows multiply out with it.
fn best_reading(document: &Document<'_>, shape: &Shape, heads: &[&Head]) -> Vec<Row> {
    let Some(first) = heads.first() else { return Vec::new() };
    let readings = first.readings(shape);
    if readings.len() < 2 {
        return rows::below(document, shape, heads, ROWS_MAX, Mending::Done);
    }
    let read = readings.iter().enumerate().filter_map(|(rank, reading)| {
        let heads: Vec<Head> = heads.iter().map(|head| head.read_as(reading, shape)).collect();
        let tried =
            rows::below(document, shape, &heads.iter().collect::<Vec<_>>(), ROWS_TRIED, Mending::Left);
        let filled: usize = tried.iter().map(|row| row.cells.len()).sum();
        let (right, _) = products(shape, &tried);
        let is_founded = !reading.guessed || right > 0 && 2 * right >= tried.len();
        is_founded.then_some(((right, filled, reading.before_tax, reading.in_order, rank), heads))
    });
    let best = read.max_by_key(|(worth, _)| *worth);
    best.map(|(_, heads)| {
        rows::below(document, shape, &heads.iter().collect::<Vec<_>>(), ROWS_MAX, Mending::Done)
    })
    .unwrap_or_default()
}

/// In how many rows quantity by price is the amount, of those that have all three.
fn products(shape: &Shape, rows: &[Row]) -> (usize, usize) {
    let number = |row: &Row, concept| row.cells.get(&shape.of(concept)?).and_then(|cell| cell.number);
    let (mut right, mut tried) = (0, 0);
    for row in rows {
        if let (Some(quantity), Some(price), Some(amount)) = (
            number(row, Concept::Quantity),
            number(row, Concept::UnitPrice),
            number(row, Concept::LineAmount),
        ) {
            tried += 1;
            let product = quantity.checked_mul(price).unwrap_or_default();
            right += usize::from((product - amount).abs() <= Decimal::new(2, 2));
        }
    }
    (right, tried)
}

/// Whether a line has an amount with cents on it.
fn has_money(document: &Document<'_>, line: usize) -> bool {
    document.candidates.on_line(line, Form::Amount).any(|index| {
        matches!(&document.candidates.all[index].value, Value::Amount(amount) if amount.places >= 2 && !amount.percent)
    })
}

fn is_text(field_type: FieldType) -> bool {
    !matches!(field_type, FieldType::Number | FieldType::Currency | FieldType::Date | FieldType::Array)
}

/// Rows as objects, with what speaks for them.
fn table(document: &Document<'_>, shape: &Shape, rows: Vec<Row>) -> Table {
    let layout = &document.layout;
    let first =
        rows.first().and_then(|row| layout.lines.get(row.line)).map_or(0..0, |line| line.tokens.clone());
    let signals = signals(document, shape, &rows);
    let (mut objects, mut cells) = (Vec::new(), Vec::new());
    for row in rows {
        let (mut object, mut cited) = (Map::new(), Vec::new());
        for (index, field) in shape.fields.iter().enumerate() {
            let text = row.text.get(&index).map(|lines| {
                let text: Vec<String> = lines.iter().map(|tokens| layout.text(tokens.clone())).collect();
                (Json::String(text.join(" ").trim().to_owned()), lines.first().cloned().unwrap_or(0..0))
            });
            let found = row.cells.get(&index).map(|cell| (cell.value.clone(), cell.tokens.clone())).or(text);
            let (value, tokens) = found.map_or((Json::Null, None), |(value, tokens)| (value, Some(tokens)));
            object.insert(field.name.clone(), value);
            cited.push(tokens.and_then(|tokens| layout.cite(tokens)));
        }
        objects.push(Json::Object(object));
        cells.push(cited);
    }
    Table { rows: objects, cells, first, signals, group: Group::Table }
}

/// Arithmetic speaks for rows: quantity by price is the amount, and the amounts make up the total.
fn signals(document: &Document<'_>, shape: &Shape, rows: &[Row]) -> Signals {
    let amount = |row: &Row| {
        let cell = row.cells.get(&shape.of(Concept::LineAmount)?)?;
        cell.number
    };
    let (right, tried) = products(shape, rows);
    let (mut sum, mut tokens) = (Decimal::ZERO, Vec::new());
    for row in rows {
        sum += amount(row).unwrap_or_default();
        tokens.extend(row.cells.values().map(|cell| document.layout.confidence(cell.tokens.clone())));
    }
    let last = rows.last().map_or(0, |row| row.line);
    let printed = |sum: Decimal| {
        let below = document.candidates.all.iter().enumerate().filter(|(_, candidate)| candidate.line > last);
        below.into_iter().any(|(index, candidate)| {
            let of_document = || {
                [Concept::Net, Concept::Total].into_iter().any(|concept| {
                    document.concept_score(index, concept).is_some_and(|(strength, _)| strength > 0.3)
                })
            };
            matches!(&candidate.value, Value::Amount(amount) if amount.value == sum) && of_document()
        })
    };
    let share = |part: usize, all: usize| part as f32 / all.max(1) as f32;
    let filled: usize = rows.iter().map(|row| row.cells.len() + row.text.len()).sum();
    Signals {
        score: share(filled, rows.len() * shape.fields.len()),
        margin: share(right, tried),
        reading: if tokens.is_empty() { 1.0 } else { tokens.iter().sum::<f32>() / tokens.len() as f32 },
        sums: f32::from(u8::from(!sum.is_zero() && printed(sum))),
        scanned: f32::from(u8::from(rows.first().is_some_and(|row| {
            document.layout.lines.get(row.line).is_some_and(|line| document.is_scanned(line.tokens.start))
        }))),
        ..Signals::default()
    }
}

#[cfg(test)]
mod tests;
