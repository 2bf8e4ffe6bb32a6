//! Which value a label speaks for, by where the two stand.
//!
//! A label claims what stands right of it on its line, or below it in its column. A claim has a
//! strength from 0 to 1: how much the label says, times how well the place fits. Each label looks
//! at one line and the few below it, so the work is linear in the labels.

use std::ops::Range;

use super::labels::{Found, Key};
use super::lexicon::Kind;
use super::scan::{Candidates, Form};
use crate::layout::{Bounds, Layout, Segment, Token};

/// A label's word for a candidate.
#[derive(Debug, Clone, Copy)]
pub struct Claim {
    pub key: Key,
    pub strength: f32,
    /// Index of the label.
    pub label: usize,
    pub below: bool,
}

/// The claims on every candidate, indexed as the candidates are.
#[derive(Debug, Default)]
pub struct Claims {
    pub of: Vec<Vec<Claim>>,
}

impl Claims {
    /// The strongest claim of one of the keys on a candidate.
    pub fn strongest(&self, candidate: usize, wanted: impl Fn(Key) -> bool) -> Option<Claim> {
        let claims = self.of.get(candidate)?;
        claims
            .iter()
            .filter(|claim| wanted(claim.key))
            .max_by(|a, b| a.strength.total_cmp(&b.strength))
            .copied()
    }

    fn add(&mut self, candidate: usize, claim: Claim) {
        let Some(claims) = self.of.get_mut(candidate) else { return };
        match claims.iter_mut().find(|known| known.key == claim.key) {
            Some(known) if known.strength < claim.strength => *known = claim,
            Some(_) => {}
            None => claims.push(claim),
        }
    }
}

/// How many lines below a label are looked at.
const LINES_BELOW: usize = 5;
/// How far below, in heights of the label's line.
const HEIGHTS_BELOW: f32 = 4.0;
/// What labels say of a number that only name the document (`invoice`): they are words of sentences as well.
const NAMES: Range<f32> = 0.5..0.9;
/// What it counts that such a word stands behind others.
const IN_TEXT: f32 = 0.85;
/// What such a word says with the sign of a number behind it: `Invoice #`.
const NUMBERED: f32 = 0.95;
/// What begins the row of a table that sums up its columns, folded, and how far below the first row it is looked for.
const SUM_ROWS: [&str; 22] = [
    "total",
    "totals",
    "sum",
    "summe",
    "summen",
    "gesamt",
    "gesamtsumme",
    "totaux",
    "somme",
    "totales",
    "suma",
    "sumas",
    "totale",
    "totali",
    "somma",
    "totaal",
    "totalen",
    "totais",
    "soma",
    "razem",
    "ogolem",
    "lacznie",
];
const SUM_LINES: usize = 40;
/// What the head of a column says of the sum of it, and how much less of the first row where there is one.
const SUMMED: f32 = 0.95;
const ABOVE_SUM: f32 = 0.6;
/// How many words stand at most between `includes` and the tax that it is said of, behind its amount.
const INCLUDED_WORDS: usize = 6;
/// What a head says of an amount that stands further right than it does, with nothing else above it.
const BEYOND: f32 = 0.6;
/// How much further, in heights of the head's line.
const BEYOND_HEIGHTS: f32 = 5.0;
/// What a label says of the value that a broken line parted from it.
const WRAPPED: f32 = 0.85;
/// How far, in heights of a label, a value is set off that is not beside it.
const SET_OFF: f32 = 0.2;
/// How many labels in a column are looked at above and below one.
const COLUMN_LABELS: usize = 8;
/// The fewest heads and values that are told by their places in two rows, and what such a place is worth.
const ROW_MIN: usize = 3;
const IN_ROW: f32 = 0.85;
/// How many values of a row a label may claim.
const ROW_VALUES: usize = 6;

/// Every claim of every label. `forms` says which forms a key takes and how well each suits it.
pub fn claims(
    layout: &Layout,
    candidates: &Candidates,
    labels: &[Found],
    forms: &dyn Fn(Key) -> &'static [(Form, f32)],
    kind: &dyn Fn(Key) -> Kind,
) -> Claims {
    let mut claims = Claims { of: vec![Vec::new(); candidates.all.len()] };
    let mut by_line: Vec<Vec<usize>> = vec![Vec::new(); layout.lines.len()];
    for (index, label) in labels.iter().enumerate() {
        if let Some(token) = layout.tokens.get(label.tokens.start) {
            by_line[token.line].push(index);
        }
    }
    let page = Neighbours { layout, candidates, labels, by_line: &by_line };
    for (index, label) in labels.iter().enumerate() {
        // What a label sees depends on the form and the kind only, so several keys share a look.
        let mut seen: Vec<(Form, bool, Vec<Sight>)> = Vec::new();
        let asks = page.is_question(&label.tokens);
        for (key, weight) in &label.keys {
            let money = kind(*key) == Kind::Amount;
            // Behind `Questions about this invoice?` stands where to ask, not its number.
            if asks && kind(*key) == Kind::Code {
                continue;
            }
            // `Correction of the freight of invoice 4711` names another one than the title does.
            let in_text =
                kind(*key) == Kind::Code && NAMES.contains(weight) && !page.starts_segment(&label.tokens);
            let weight = if in_text {
                IN_TEXT * weight
            } else if kind(*key) == Kind::Code
                && NAMES.contains(weight)
                && page.has_number_sign(&label.tokens)
            {
                NUMBERED
            } else {
                *weight
            };
            for (form, suits) in forms(*key) {
                if !seen.iter().any(|(known, as_money, _)| known == form && *as_money == money) {
                    let mut sights = page.right(index, *form, money);
                    if let Some(sight) = page.set_off(index, *form) {
                        sights = vec![sight];
                    }
                    if sights.is_empty() {
                        sights.extend(page.wrapped(index, *form));
                    }
                    let near = sights.iter().any(|sight| sight.place > 0.75);
                    if money && sights.is_empty() {
                        sights = page.included(index, *form);
                    }
                    sights.extend(page.below(index, *form, near));
                    if money {
                        page.sum_below(index, *form, &mut sights);
                    }
                    if money && !sights.iter().any(|sight| sight.below) {
                        sights.extend(page.beyond(index, *form));
                    }
                    seen.push((*form, money, sights));
                }
                let sights = seen.iter().find(|(known, as_money, _)| known == form && *as_money == money);
                for sight in sights.map(|(_, _, sights)| sights.as_slice()).unwrap_or_default() {
                    let strength = weight * suits * sight.place;
                    claims.add(
                        sight.candidate,
                        Claim { key: *key, strength, label: index, below: sight.below },
                    );
                }
            }
        }
    }
    claims
}

#[derive(Clone, Copy)]
struct Sight {
    candidate: usize,
    /// How well the place fits, 0–1.
    place: f32,
    below: bool,
}

struct Neighbours<'a> {
    layout: &'a Layout,
    candidates: &'a Candidates,
    labels: &'a [Found],
    by_line: &'a [Vec<usize>],
}

/// Words that stand between a label and its value without meaning anything else.
const FILLERS: [&str; 53] = [
    "factura", "facture", "rechnung", "invoice", "fattura", "factuur", "fatura", "ft", "faktury", "no", "nr",
    "n", "num", "number", "nummer", "numero", "is", "of", "for", "am", "vom", "von", "du", "le", "la", "de",
    "del", "on", "at", "issued", "dated", "date", "datum", "the", "to", "by", "bis", "zum", "until", "z",
    "dnia", "in", "eur", "rm", "usd", "incl", "inkl", "ttc", "total", "amount", "a", "di", "id",
];

/// What says that an amount is part of another one, folded, as words begin.
const INCLUDES: [&str; 12] =
    ["incl", "inkl", "inc", "enthalt", "darin", "davon", "dont", "compris", "waarvan", "cui", "tym", "which"];

/// Whether a word says that an amount is part of another one.
pub(super) fn says_included(word: &Token) -> bool {
    INCLUDES.iter().any(|included| word.folded.starts_with(included))
}

fn has_digit(word: &Token) -> bool {
    word.text.contains(|c: char| c.is_ascii_digit())
}

impl Neighbours<'_> {
    /// Whether a label ends a question.
    fn is_question(&self, label: &Range<usize>) -> bool {
        let last = label.end.checked_sub(1).and_then(|last| self.layout.tokens.get(last));
        last.is_some_and(|last| last.text.ends_with('?'))
    }

    /// Whether the sign of a number ends a label, or stands behind it.
    fn has_number_sign(&self, label: &Range<usize>) -> bool {
        let is_sign = |index: usize, whole: bool| {
            self.layout.tokens.get(index).is_some_and(|token| {
                if whole {
                    matches!(token.text.as_str(), "#" | "#:")
                } else {
                    token.text.ends_with(['#', '°'])
                }
            })
        };
        label.end.checked_sub(1).is_some_and(|last| is_sign(last, false)) || is_sign(label.end, true)
    }

    /// The sum of a column, in a row that says so below the first one: `Razem 1 896,40 160,71`.
    fn sum_below(&self, index: usize, form: Form, sights: &mut Vec<Sight>) {
        let Some(line) = self.line_of(index) else { return };
        let Some(head) = self.layout.lines.get(line).filter(|head| head.segments.len() >= ROW_MIN) else {
            return;
        };
        let first =
            sights.iter().filter(|sight| sight.below).max_by(|a, b| a.place.total_cmp(&b.place)).copied();
        let Some(first) = first else { return };
        let bounds = |candidate: usize| self.layout.bounds(self.candidates.all[candidate].tokens.clone());
        let Some(at) = bounds(first.candidate) else { return };
        let is_sum = |line: &usize| {
            let words =
                self.layout.lines.get(*line).and_then(|line| self.layout.tokens.get(line.tokens.clone()));
            words.and_then(<[Token]>::first).is_some_and(|word| SUM_ROWS.contains(&word.folded.as_str()))
                && self.candidates.on_line(*line, form).nth(1).is_some()
        };
        // A row of words alone heads another table, whose sum this is not.
        let goes_on = |line: &usize| {
            self.layout.lines.get(*line).is_some_and(|found| found.segments.len() < ROW_MIN)
                || self.candidates.on_line(*line, form).next().is_some()
        };
        let below = self.layout.lines_below(self.candidates.all[first.candidate].line).take(SUM_LINES);
        let Some(row) = below.take_while(goes_on).find(is_sum) else { return };
        let flush = |other: &Bounds| {
            (other.x1 - at.x1).abs() < 0.8 * head.height || (other.x0 - at.x0).abs() < 0.8 * head.height
        };
        let sum = self
            .candidates
            .on_line(row, form)
            .find(|candidate| bounds(*candidate).is_some_and(|b| flush(&b)));
        let Some(candidate) = sum else { return };
        sights.iter_mut().filter(|sight| sight.below).for_each(|sight| sight.place *= ABOVE_SUM);
        sights.retain(|sight| sight.candidate != candidate);
        sights.push(Sight { candidate, place: SUMMED, below: true });
    }

    fn starts_segment(&self, label: &Range<usize>) -> bool {
        let segment = |token: &Token| self.layout.segments.get(token.segment);
        self.layout
            .tokens
            .get(label.start)
            .and_then(segment)
            .is_none_or(|segment| segment.tokens.start == label.start)
    }

    /// The amount that a label stands behind: `(includes 14.00 VAT)`, `dont 4,20 € de TVA`.
    fn included(&self, index: usize, form: Form) -> Vec<Sight> {
        let (Some(label), Some(line)) = (self.labels.get(index), self.line_of(index)) else {
            return Vec::new();
        };
        let segment = self.layout.tokens.get(label.tokens.start).map(|token| token.segment);
        let first = label.tokens.start.saturating_sub(INCLUDED_WORDS);
        let says = |index: &usize| {
            self.layout
                .tokens
                .get(*index)
                .is_some_and(|token| Some(token.segment) == segment && says_included(token))
        };
        let Some(from) = (first..label.tokens.start).rev().find(says) else { return Vec::new() };
        let between = self.candidates.on_line(line, form).filter(|candidate| {
            let value = &self.candidates.all[*candidate];
            value.tokens.start > from && value.tokens.end <= label.tokens.start && value.fit >= 0.3
        });
        between.take(1).map(|candidate| Sight { candidate, place: 0.95, below: false }).collect()
    }

    /// The amount below a head that stands last in its line, where it is set to the right edge of a cell that is
    /// wider than the head.
    fn beyond(&self, index: usize, form: Form) -> Option<Sight> {
        let label = self.labels.get(index)?;
        let line = self.layout.lines.get(self.line_of(index)?)?;
        let bounds = self.layout.bounds(label.tokens.clone())?;
        if label.tokens.end != line.tokens.end || line.segments.len() < 2 {
            return None;
        }
        let next = self.layout.lines_below(self.line_of(index)?).next()?;
        let below = self.layout.lines.get(next)?;
        let last = self.layout.segments.get(below.segments.end.checked_sub(1)?)?;
        let away = last.bounds.x0 - bounds.x1;
        let near = (0.0..BEYOND_HEIGHTS * line.height).contains(&away)
            && below.bounds.y0 - bounds.y1 < 1.5 * line.height;
        let found = |candidate: &usize| self.candidates.all[*candidate].tokens == last.tokens;
        let candidate = self.candidates.on_line(next, form).find(found).filter(|_| near)?;
        Some(Sight { candidate, place: BEYOND, below: true })
    }

    /// The value by its place in a column that is set off from the column of its labels, half a line up or down: as
    /// many values as labels, each of which ends in a colon.
    fn set_off(&self, index: usize, form: Form) -> Option<Sight> {
        let label = self.labels.get(index)?;
        let own = self.layout.segments.get(self.layout.tokens.get(label.tokens.start)?.segment)?;
        let ends = |segment: &Segment| {
            let last = self.layout.tokens.get(segment.tokens.end.saturating_sub(1));
            last.is_some_and(|last| last.text.ends_with(':'))
        };
        if own.tokens != label.tokens || !ends(own) {
            return None;
        }
        let height = own.bounds.height();
        let on_line = |line: usize| {
            let segments = self.layout.lines.get(line).map(|line| line.segments.clone()).unwrap_or_default();
            self.layout.segments.get(segments).unwrap_or_default()
        };
        let off = |other: &Segment| (other.bounds.y0 - own.bounds.y0).abs() > SET_OFF * height;
        if on_line(own.line).iter().any(|other| other.bounds.x0 > own.bounds.x1 && !off(other)) {
            return None;
        }
        let page = self.layout.lines.get(own.line)?.page;
        let around = own.line.saturating_sub(2 * COLUMN_LABELS)..own.line + 2 * COLUMN_LABELS + 1;
        let near = around.filter(|line| self.layout.lines.get(*line).is_some_and(|line| line.page == page));
        let near: Vec<&Segment> = near.flat_map(on_line).collect();
        let in_column = |a: &Segment, b: &Segment| (a.bounds.x0 - b.bounds.x0).abs() < 0.5 * height;
        let labels: Vec<&Segment> =
            near.iter().copied().filter(|other| in_column(other, own) && ends(other)).collect();
        let (top, bottom) = (labels.first()?.bounds.y0 - height, labels.last()?.bounds.y1 + height);
        let right = labels.iter().map(|label| label.bounds.x1).fold(0.0, f32::max);
        let beside = |other: &&&Segment| {
            other.bounds.x0 > right && other.bounds.y0 > top && other.bounds.y1 < bottom && !ends(other)
        };
        let first = near.iter().find(beside)?;
        let values: Vec<&Segment> =
            near.iter().filter(beside).copied().filter(|other| in_column(other, first)).collect();
        let rank = labels.iter().position(|other| other.tokens == own.tokens)?;
        if values.len() != labels.len() || values.len() < ROW_MIN {
            return None;
        }
        let value = values.get(rank)?;
        let is_value = |candidate: &usize| {
            let tokens = &self.candidates.all[*candidate].tokens;
            value.tokens.start <= tokens.start && tokens.end <= value.tokens.end
        };
        let candidate = self.candidates.on_line(value.line, form).find(is_value)?;
        Some(Sight { candidate, place: IN_ROW, below: false })
    }

    /// The value at the beginning of the next line, where a sentence was broken behind the label.
    fn wrapped(&self, index: usize, form: Form) -> Option<Sight> {
        let label = self.labels.get(index)?;
        let line = self.line_of(index)?;
        let segment = |token: usize| self.layout.segments.get(self.layout.tokens.get(token)?.segment);
        let sentence = segment(label.tokens.start)?;
        if sentence.tokens.start == label.tokens.start || sentence.tokens.end != label.tokens.end {
            return None;
        }
        let height = self.layout.lines.get(line)?.height;
        let next = self.layout.lines_below(line).next()?;
        let candidate = self.candidates.on_line(next, form).next()?;
        let value = &self.candidates.all[candidate];
        let below = segment(value.tokens.start)?;
        let goes_on = (below.bounds.x0 - sentence.bounds.x0).abs() < 0.5 * height
            && below.bounds.y0 - sentence.bounds.y1 < 0.8 * height
            && self.words_between(below.tokens.start..value.tokens.start) == 0;
        goes_on.then_some(Sight { candidate, place: WRAPPED, below: false })
    }

    fn line_of(&self, label: usize) -> Option<usize> {
        Some(self.layout.tokens.get(self.labels.get(label)?.tokens.start)?.line)
    }

    /// Words between a label and a value that say something of their own.
    fn words_between(&self, between: Range<usize>) -> usize {
        let tokens = self.layout.tokens.get(between).unwrap_or_default();
        let counts = |folded: &str| !folded.is_empty() && !FILLERS.contains(&folded);
        tokens
            .iter()
            .filter(|token| counts(&token.folded) && super::amounts::currency(&token.text).is_none())
            .count()
    }

    fn right(&self, index: usize, form: Form, money: bool) -> Vec<Sight> {
        let (Some(label), Some(line)) = (self.labels.get(index), self.line_of(index)) else {
            return Vec::new();
        };
        let on_line: Vec<usize> = self
            .candidates
            .on_line(line, form)
            .filter(|candidate| self.candidates.all[*candidate].tokens.start >= label.tokens.end)
            .filter(|candidate| !money || self.candidates.all[*candidate].fit >= 0.3)
            .collect();
        let last = on_line.len().saturating_sub(1);
        let page_width = self.layout.page_of(label.tokens.start).map_or(1.0, |page| page.width);
        let mut sights = Vec::new();
        for (rank, candidate) in on_line.iter().enumerate().take(ROW_VALUES) {
            let value = &self.candidates.all[*candidate];
            let between = label.tokens.end..value.tokens.start;
            let words = self.words_between(between.clone());
            let mut place = if money {
                // In a row of totals any column may hold it, the last one likeliest after the first.
                let by_rank = [1.0, 0.75, 0.65, 0.6, 0.55, 0.5][rank];
                let by_rank: f32 = if rank == last && rank > 0 { 0.85 } else { by_rank };
                by_rank * 0.92_f32.powi(i32::try_from(words.min(8)).unwrap_or(8))
            } else {
                0.45_f32.powi(i32::try_from(rank).unwrap_or(5))
                    * 0.72_f32.powi(i32::try_from(words.min(8)).unwrap_or(8))
            };
            let other = self.by_line[line].iter().any(|other| {
                *other != index
                    && self.labels[*other].tokens.start >= between.start
                    && self.labels[*other].tokens.end <= between.end
                    && self.labels[*other].keys.iter().any(|(_, weight)| *weight > 0.5)
                    && !self.is_qualified(&self.labels[*other].tokens)
            });
            if other {
                place *= if money { 0.6 } else { 0.4 };
            }
            if let (Some(from), Some(to)) =
                (self.layout.bounds(label.tokens.clone()), self.layout.bounds(value.tokens.clone()))
            {
                let gap = ((to.x0 - from.x1) / page_width).clamp(0.0, 1.0);
                place *= if money { 1.0 - 0.1 * gap } else { 1.0 - 0.5 * gap };
            }
            sights.push(Sight { candidate: *candidate, place, below: false });
        }
        sights
    }

    /// Whether a label only qualifies the one before it: `(incl. VAT)`, `including GST`.
    fn is_qualified(&self, label: &Range<usize>) -> bool {
        let starts = |index: usize| {
            self.layout.tokens.get(index).map_or("", |token| token.text.as_str()).starts_with('(')
        };
        let words = [
            "incl",
            "inkl",
            "including",
            "inclusive",
            "excl",
            "exkl",
            "excluding",
            "exclusive",
            "inc",
            "ohne",
            "hors",
            "inclusief",
            "exclusief",
        ];
        let before = label.start.checked_sub(1);
        starts(label.start)
            || before.is_some_and(|before| {
                starts(before)
                    || self
                        .layout
                        .tokens
                        .get(before)
                        .is_some_and(|token| words.contains(&token.folded.as_str()))
            })
    }

    fn below(&self, index: usize, form: Form, found_right: bool) -> Vec<Sight> {
        let (Some(label), Some(line)) = (self.labels.get(index), self.line_of(index)) else {
            return Vec::new();
        };
        let (Some(bounds), Some(height)) =
            (self.layout.bounds(label.tokens.clone()), self.layout.lines.get(line).map(|line| line.height))
        else {
            return Vec::new();
        };
        let mut sights: Vec<Sight> = Vec::new();
        let mut worth = if found_right { 0.3 } else { 0.92 };
        // A label in the middle of a sentence is not the head of a column.
        if self.is_inside_text(&label.tokens) {
            worth *= 0.5;
        }
        for below in self.layout.lines_below(line).take(LINES_BELOW) {
            let Some(bounds_below) = self.layout.lines.get(below).map(|line| line.bounds) else { break };
            if bounds_below.y0 - bounds.y1 > HEIGHTS_BELOW * height {
                break;
            }
            let mut hit = false;
            let of_row = self.below_in_row(label, line, below);
            for candidate in self.candidates.on_line(below, form) {
                let Some(at) = self.layout.bounds(self.candidates.all[candidate].tokens.clone()) else {
                    continue;
                };
                let align = alignment(bounds, at, height);
                let in_row = of_row.as_ref().is_some_and(|row| {
                    let tokens = &self.candidates.all[candidate].tokens;
                    let is_number = |index: usize| self.layout.tokens.get(index).is_some_and(has_digit);
                    let apart = row.clone().any(|index| is_number(index) && !tokens.contains(&index));
                    row.start <= tokens.start && tokens.end <= row.end && !apart
                });
                let align = if in_row { align.max(IN_ROW) } else { align };
                if align > 0.0 {
                    sights.push(Sight { candidate, place: worth * align, below: true });
                    hit = true;
                }
            }
            // Something else directly below: what comes after belongs to that.
            let filled = self.layout.lines[below].segments.clone().any(|segment| {
                self.layout
                    .segments
                    .get(segment)
                    .is_some_and(|segment| alignment(bounds, segment.bounds, height) > 0.0)
            });
            let labelled = self.by_line[below].iter().any(|other| {
                self.layout
                    .bounds(self.labels[*other].tokens.clone())
                    .is_some_and(|other| alignment(bounds, other, height) > 0.7)
            });
            worth *= match (hit, labelled, filled) {
                (true, _, _) => 0.55,
                (_, true, _) => 0.45,
                (_, _, true) => 0.7,
                _ => 0.95,
            };
        }
        sights
    }

    /// The stretch below a head by its place in the row, where a row of heads has as many values directly below it:
    /// columns may be set to the right, and be no wider than what they hold.
    fn below_in_row(&self, label: &Found, line: usize, below: usize) -> Option<Range<usize>> {
        let (heads, values) = (self.layout.lines.get(line)?, self.layout.lines.get(below)?);
        let count = heads.segments.len();
        let close = values.bounds.y0 - heads.bounds.y1 < 1.5 * heads.height;
        if count < ROW_MIN || count != values.segments.len() || !close {
            return None;
        }
        // `Without VAT` is no head of the tax.
        let begins = |segment: usize| {
            self.layout.segments.get(segment).is_some_and(|head| head.tokens.start == label.tokens.start)
        };
        let rank = heads.segments.clone().position(begins)?;
        let values = self.layout.segments.get(values.segments.clone())?;
        let all_values = values.iter().all(|value| {
            let words = self.layout.tokens.get(value.tokens.clone()).unwrap_or_default();
            words.iter().any(has_digit)
        });
        all_values.then(|| values[rank].tokens.clone())
    }

    /// Whether words stand close on both sides of a label.
    fn is_inside_text(&self, label: &Range<usize>) -> bool {
        let segment = |index: usize| self.layout.tokens.get(index).map(|token| (token.line, token.segment));
        let here = segment(label.start);
        let before = label.start.checked_sub(1).and_then(segment);
        before == here && self.words_between(label.start.saturating_sub(2)..label.start) > 1
    }
}

/// How well a box stands in the column of another, 0–1: flush on either side is best.
fn alignment(head: Bounds, value: Bounds, height: f32) -> f32 {
    let flush = (head.x0 - value.x0).abs() < 0.8 * height || (head.x1 - value.x1).abs() < 0.8 * height;
    let share = head.share_of_width(value);
    if flush {
        1.0
    } else if share > 0.5 {
        0.9
    } else if share > 0.05 {
        0.6
    } else {
        0.0
    }
}
