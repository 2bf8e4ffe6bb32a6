//! A form's pairs: every key that is printed and what was filled in beside it.
//!
//! A key is known by its colon, by a box beside it, by standing left in a table of two columns, or by being
//! printed smaller above its value. A key whose value is empty (or only a line to write on) is left out.
//! Boxes in a row belong to the key before them, and its value is what is ticked.

use std::ops::Range;

use serde_json::{Value as Json, json};

use super::Find;
use crate::fields::Document;
use crate::fields::calibration::Group;
use crate::layout::{Layout, Segment};

/// Pairs of one form that are given back.
const PAIRS_MAX: usize = 1_000;
/// Longer keys are sentences.
const KEY_CHARS_MAX: usize = 60;
/// Longer values are paragraphs.
const VALUE_CHARS_MAX: usize = 300;
/// As few rows below each other are no table.
const TABLE_ROWS_MIN: usize = 3;

struct Pair {
    key: String,
    value: String,
    tokens: Range<usize>,
}

pub(super) fn pairs(document: &Document<'_>) -> Option<Find> {
    let layout = &document.layout;
    let mut form = Form { layout, used: vec![false; layout.tokens.len()], pairs: Vec::new() };
    form.ticked();
    form.with_colons();
    form.two_columns();
    form.key_above_value();
    let mut pairs = form.pairs;
    pairs.sort_by_key(|pair| pair.tokens.start);
    pairs.truncate(PAIRS_MAX);
    let first = pairs.first()?.tokens.clone();
    let page = layout.page_of(first.start)?.number;
    let on_first_page = |pair: &&Pair| layout.page_of(pair.tokens.start).is_some_and(|of| of.number == page);
    let end = pairs.iter().filter(on_first_page).map(|pair| pair.tokens.end).max()?;
    let place = first.start..end;
    let rows = pairs.iter().map(|pair| json!({ "key": pair.key, "value": pair.value })).collect();
    Some(Find { value: Json::Array(rows), parts: vec![place], score: 0.8, group: Group::Text })
}

struct Form<'a> {
    layout: &'a Layout,
    /// Words that are part of a pair already.
    used: Vec<bool>,
    pairs: Vec<Pair>,
}

/// Whether a token is a box, and if so whether it is ticked; and how many tokens it takes.
fn tick(layout: &Layout, index: usize) -> Option<(bool, usize)> {
    let text = |index: usize| layout.tokens.get(index).map_or("", |token| token.text.as_str());
    Some(match text(index) {
        "☑" | "☒" | "✓" | "✔" | "✗" | "✘" | "[x]" | "[X]" | "(x)" | "(X)" | "■" | "⊠" | "●" => {
            (true, 1)
        }
        "☐" | "□" | "[]" | "()" | "○" | "❏" | "❑" => (false, 1),
        "[" | "(" => match (text(index + 1), text(index + 2)) {
            ("]" | ")", _) => (false, 2),
            ("x" | "X", "]" | ")") => (true, 3),
            ("x]" | "X]" | "x)" | "X)", _) => (true, 2),
            _ => return None,
        },
        _ => return None,
    })
}

impl Form<'_> {
    fn text(&self, tokens: Range<usize>) -> String {
        clean(&self.layout.text(tokens))
    }

    fn is_free(&self, tokens: &Range<usize>) -> bool {
        self.used.get(tokens.clone()).is_some_and(|used| used.iter().all(|used| !used))
    }

    fn add(&mut self, key: Range<usize>, value: Range<usize>, said: String) {
        let name = self.text(key.clone());
        let is_key = !name.is_empty()
            && name.chars().count() <= KEY_CHARS_MAX
            && name.chars().any(char::is_alphabetic);
        if !is_key || said.is_empty() || said.chars().count() > VALUE_CHARS_MAX {
            return;
        }
        for tokens in [key.clone(), value.clone()] {
            if let Some(used) = self.used.get_mut(tokens) {
                used.fill(true);
            }
        }
        let tokens = key.start.min(value.start)..key.end.max(value.end);
        self.pairs.push(Pair { key: name, value: said, tokens });
    }

    /// Boxes: those behind a key with a colon choose its value, one that stands alone is yes or no.
    fn ticked(&mut self) {
        let layout = self.layout;
        for line in &layout.lines {
            let boxes: Vec<(usize, bool, usize)> = line
                .tokens
                .clone()
                .filter_map(|index| tick(layout, index).map(|(is_ticked, count)| (index, is_ticked, count)))
                .collect();
            let Some((first, _, _)) = boxes.first().copied() else { continue };
            // What stands between a box and the next one, or the end of the line, is its text.
            let text_behind = |at: usize, (index, _, count): (usize, bool, usize)| {
                let end = boxes.get(at + 1).map_or(line.tokens.end, |(next, _, _)| *next);
                index + count..end.max(index + count)
            };
            let ends_in_colon = first > line.tokens.start
                && layout.tokens.get(first - 1).is_some_and(|token| token.text.ends_with(':'));
            let before = line.tokens.start..first;
            if ends_in_colon || (boxes.len() > 1 && !before.is_empty()) {
                let chosen: Vec<String> = boxes
                    .iter()
                    .enumerate()
                    .filter(|(_, (_, is_ticked, _))| *is_ticked)
                    .map(|(at, found)| self.text(text_behind(at, *found)))
                    .filter(|text| !text.is_empty())
                    .collect();
                self.add(before, first..line.tokens.end, chosen.join(", "));
                if let Some(used) = self.used.get_mut(line.tokens.clone()) {
                    used.fill(true);
                }
                continue;
            }
            for (at, found) in boxes.iter().enumerate() {
                let behind = text_behind(at, *found);
                let key = if self.text(behind.clone()).is_empty() { before.clone() } else { behind };
                let said = if found.1 { "yes" } else { "no" };
                self.add(key, found.0..found.0 + found.2, said.to_owned());
            }
        }
    }

    /// `Key: value`, with the value behind it, in the next cell, or below.
    fn with_colons(&mut self) {
        let layout = self.layout;
        for (at, segment) in layout.segments.iter().enumerate() {
            let mut start = segment.tokens.start;
            while let Some(colon) = colon_in(layout, start..segment.tokens.end) {
                let key = start..colon + 1;
                let next = colon_in(layout, colon + 1..segment.tokens.end);
                // A further key in the same cell begins with the word that its colon stands behind.
                let end = next.map_or(segment.tokens.end, |next| first_word_of_key(layout, colon + 1, next));
                start = end.max(colon + 1);
                let value = colon + 1..end;
                if !self.is_free(&key) {
                    continue;
                }
                if !self.text(value.clone()).is_empty() {
                    if self.is_free(&value) {
                        let said = self.text(value.clone());
                        self.add(key, value, said);
                    }
                    continue;
                }
                if next.is_none()
                    && let Some(value) = self.beside(at).or_else(|| self.below(segment))
                {
                    let said = self.text(value.clone());
                    self.add(key, value, said);
                }
            }
        }
    }

    /// The next cell of the line, if it is no key.
    fn beside(&self, segment: usize) -> Option<Range<usize>> {
        let (own, next) = (self.layout.segments.get(segment)?, self.layout.segments.get(segment + 1)?);
        let is_value = next.line == own.line
            && colon_in(self.layout, next.tokens.clone()).is_none()
            && self.is_free(&next.tokens)
            && !self.text(next.tokens.clone()).is_empty();
        is_value.then(|| next.tokens.clone())
    }

    /// The cell right below, in the same column, if it is no key.
    fn below(&self, key: &Segment) -> Option<Range<usize>> {
        let height = self.layout.lines.get(key.line)?.height;
        let below = self.layout.lines.get(self.layout.lines_below(key.line).next()?)?;
        if below.bounds.y0 - key.bounds.y1 > 1.5 * height {
            return None;
        }
        let cells = self.layout.segments.get(below.segments.clone())?;
        let cell = cells.iter().find(|cell| (cell.bounds.x0 - key.bounds.x0).abs() < height)?;
        let is_value = colon_in(self.layout, cell.tokens.clone()).is_none()
            && self.is_free(&cell.tokens)
            && !self.text(cell.tokens.clone()).is_empty();
        is_value.then(|| cell.tokens.clone())
    }

    /// Rows of two cells below each other, with the same left edges.
    fn two_columns(&mut self) {
        let layout = self.layout;
        let cells = |line: usize| -> Option<[Segment; 2]> {
            let line = layout.lines.get(line)?;
            let [left, right] = layout.segments.get(line.segments.clone())? else { return None };
            let is_free = self.is_free(&left.tokens) && self.is_free(&right.tokens);
            is_free.then(|| [left.clone(), right.clone()])
        };
        let mut tables: Vec<Vec<[Segment; 2]>> = Vec::new();
        let mut table: Vec<[Segment; 2]> = Vec::new();
        for index in 0..layout.lines.len() {
            let row = cells(index);
            let goes_on = |above: &[Segment; 2], row: &[Segment; 2]| {
                let height = above[0].bounds.height();
                layout.lines[above[0].line].page == layout.lines[row[0].line].page
                    && row[0].bounds.y0 - above[0].bounds.y1 < 2.5 * height
                    && (0..2).all(|cell| (above[cell].bounds.x0 - row[cell].bounds.x0).abs() < height)
            };
            match row {
                Some(row) if table.last().is_some_and(|above| goes_on(above, &row)) => table.push(row),
                row => {
                    tables.push(std::mem::take(&mut table));
                    table.extend(row);
                }
            }
        }
        tables.push(table);
        for [key, value] in tables.into_iter().filter(|table| table.len() >= TABLE_ROWS_MIN).flatten() {
            let said = self.text(value.tokens.clone());
            self.add(key.tokens, value.tokens, said);
        }
    }

    /// Small print above what was filled in, cell by cell.
    fn key_above_value(&mut self) {
        let layout = self.layout;
        for segment in &layout.segments {
            if !self.is_free(&segment.tokens) {
                continue;
            }
            let Some(value) = self.below(segment) else { continue };
            let size = |tokens: Range<usize>| {
                let tokens = layout.tokens.get(tokens).unwrap_or_default();
                tokens.iter().map(|token| token.bounds.height()).fold(0.0, f32::max)
            };
            if size(segment.tokens.clone()) < 0.88 * size(value.clone()) {
                let said = self.text(value.clone());
                self.add(segment.tokens.clone(), value, said);
            }
        }
    }
}

/// The first token that ends in a colon and means it: not a time of day, not an address.
fn colon_in(layout: &Layout, tokens: Range<usize>) -> Option<usize> {
    tokens.clone().find(|index| {
        layout.tokens.get(*index).is_some_and(|token| {
            let text = token.text.as_str();
            let joins_next = layout.tokens.get(index + 1).is_some_and(|next| {
                *index + 1 < tokens.end
                    && !next.spaced
                    && next.text.starts_with(['/', '0', '1', '2', '3', '4', '5'])
                    && text.trim_end_matches(':').chars().all(|c| c.is_ascii_digit() || c == 'h')
            });
            (text == ":" || (text.ends_with(':') && text.chars().count() > 1)) && !joins_next
        })
    })
}

/// Where the key begins whose colon stands at a token: with its last capital word.
fn first_word_of_key(layout: &Layout, from: usize, colon: usize) -> usize {
    let is_alone = layout.tokens.get(colon).is_some_and(|token| token.text == ":");
    let last = if is_alone { colon.saturating_sub(1) } else { colon };
    let is_capital = |index: usize| {
        layout
            .tokens
            .get(index)
            .is_some_and(|token| token.text.chars().next().is_some_and(char::is_uppercase))
    };
    let mut start = last.max(from);
    while !is_capital(start) && start > from + 1 {
        start -= 1;
    }
    start
}

/// A text without colons, lines to write on and the marks of a table around it.
fn clean(text: &str) -> String {
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '_' | '.' | '|' | '…' | '*'))
        .to_owned()
}
