//! Rows without a head: lines of text and an amount, with the sum of the amounts below them.
//!
//! A letter, a bill or a fee note says what is charged line by line and heads no column. That such lines are rows is
//! told by arithmetic alone: the amounts that end them, two at least, make up the next sum that is printed below, to
//! the cent. Nothing is read where they don't, nor where another line with money stands between that is a sum.

use std::collections::BTreeMap;
use std::ops::Range;

use rust_decimal::Decimal;

use super::super::Document;
use super::super::amounts::Amount;
use super::super::lexicon::Concept;
use super::super::scan::{Form, Value};
use super::rows::{Sum, sum_of};
use super::{Cell, Row, Shape, has_money};

/// More lines than these between two rows, and they are not of one list.
const BETWEEN_MAX: usize = 4;

/// So many words may stand between how many there are and the price of one.
const COUNTED_WORDS_MAX: usize = 3;

/// An amount of money on a line, and its words.
#[derive(Clone, Copy)]
struct Money<'a> {
    amount: &'a Amount,
    tokens: &'a Range<usize>,
}

/// Rows that may be a list, and what their amounts come to so far.
#[derive(Default)]
struct Listed {
    rows: Vec<Row>,
    sum: Decimal,
}

/// The rows of a document that heads no table.
pub(super) fn read(document: &Document<'_>, shape: &Shape) -> Vec<Row> {
    let (Some(amount), Some(description)) = (shape.of(Concept::LineAmount), shape.of(Concept::Description))
    else {
        return Vec::new();
    };
    let lines = &document.layout.lines;
    let (mut all, mut here) = (Vec::new(), Listed::default());
    for line in 0..lines.len() {
        let far = here
            .rows
            .last()
            .is_some_and(|row| line - row.line > BETWEEN_MAX || lines[row.line].page != lines[line].page);
        if far {
            here = Listed::default();
        }
        let Some(last) = money(document, line).pop() else { continue };
        if here.rows.len() >= 2 && here.sum == last.amount.value {
            all.append(&mut here.rows);
            here = Listed::default();
            continue;
        }
        let row = if sum_of(document, line) == Some(Sum::Total) {
            None
        } else {
            row(document, shape, line, (amount, description))
        };
        match row.zip(here.sum.checked_add(last.amount.value)) {
            Some((row, sum)) => {
                here.rows.push(row);
                here.sum = sum;
            }
            None => here = Listed::default(),
        }
    }
    all
}

/// What is money on a line, from the left: with cents, and no share.
fn money<'a>(document: &'a Document<'_>, line: usize) -> Vec<Money<'a>> {
    if !has_money(document, line) {
        return Vec::new();
    }
    let candidates =
        document.candidates.on_line(line, Form::Amount).map(|index| &document.candidates.all[index]);
    let mut all: Vec<Money<'a>> = candidates
        .filter_map(|candidate| match &candidate.value {
            Value::Amount(amount) if amount.places >= 2 && !amount.percent => {
                Some(Money { amount, tokens: &candidate.tokens })
            }
            _ => None,
        })
        .collect();
    all.sort_by_key(|money| money.tokens.end);
    all
}

/// A line as a row: what it is about, and the amount that ends it.
fn row(document: &Document<'_>, shape: &Shape, line: usize, fields: (usize, usize)) -> Option<Row> {
    let layout = &document.layout;
    let (amount, description) = fields;
    let money = money(document, line);
    let last = money.last()?;
    let found = layout.lines.get(line)?;
    // Only what the amount is in may stand behind it: a currency, `net`.
    let behind = layout.tokens.get(last.tokens.end..found.tokens.end)?;
    if behind.iter().filter(|token| token.folded.chars().count() > 1).count() > 1 {
        return None;
    }
    let mut cells = BTreeMap::new();
    cells.insert(amount, Cell::of_number(last.amount.value, last.tokens.clone()));
    // `3 x 96.00 = 288.00` and `3 hours at 96.00: 288.00` say the rest: what multiplies out.
    let mut end = last.tokens.start;
    let counts = document.candidates.on_line(line, Form::Amount).map(|index| &document.candidates.all[index]);
    if let (Some(quantity), Some(price)) = (shape.of(Concept::Quantity), shape.of(Concept::UnitPrice))
        && let Some(each) = money.iter().rev().find(|money| money.tokens.end <= last.tokens.start)
        && let Some((count, number)) = counts
            .filter_map(|count| match &count.value {
                // A dash before how many there are is no sign.
                Value::Amount(number) if !number.percent => Some((count.tokens.clone(), number.value.abs())),
                _ => None,
            })
            .filter(|(count, number)| {
                count.end <= each.tokens.start
                    && each.tokens.start - count.end <= COUNTED_WORDS_MAX
                    && number.checked_mul(each.amount.value) == Some(last.amount.value)
            })
            .last()
    {
        cells.insert(quantity, Cell::of_number(number, count.clone()));
        cells.insert(price, Cell::of_number(each.amount.value, each.tokens.clone()));
        end = count.start;
    }
    // The first stretch that says something, up to the numbers.
    let says = |tokens: &Range<usize>| {
        let words = layout.tokens.get(tokens.clone()).unwrap_or_default();
        let dated = document
            .candidates
            .on_line(line, Form::Date)
            .any(|index| document.candidates.all[index].tokens.start == tokens.start);
        !dated && words.iter().any(|word| word.text.chars().filter(|c| c.is_alphabetic()).count() >= 3)
    };
    let stretches = found.segments.clone().filter_map(|index| layout.segments.get(index));
    let mut words = stretches
        .map(|stretch| stretch.tokens.start..stretch.tokens.end.min(end))
        .find(|tokens| tokens.start < tokens.end && says(tokens))?;
    // `1.` counts the rows, and a dash leads to the numbers.
    let is_mark = |index: usize| {
        layout.tokens.get(index).is_some_and(|token| !token.text.contains(char::is_alphanumeric))
    };
    while words.end > words.start + 1 && is_mark(words.end - 1) {
        words.end -= 1;
    }
    Some(Row { cells, line, text: BTreeMap::from([(description, vec![words])]) })
}
