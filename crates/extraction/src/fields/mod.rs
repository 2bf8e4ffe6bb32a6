//! The field engine that works by rules: pages of words and field definitions in, values out.
//!
//! The page becomes lines ([`crate::layout`]); labels are found in them ([`labels`], [`lexicon`]),
//! typed candidates as well ([`scan`]); labels claim candidates by where they stand ([`claims`]);
//! amounts are chosen together so that their sum is right ([`money`]); names come from the layout
//! ([`parties`]), line items from its tables ([`tables`]); and what speaks for a value becomes a probability ([`calibration`]).
//!
//! Guaranteed: the same pages and fields give the same result; every value is printed on the page
//! and cited; a field that is not found is null with confidence 0. This module never panics, keeps of
//! one document nothing for the next, and knows no sender but from the lessons that it is given ([`lessons`]).

use std::ops::Range;

use docextract_model::extractor::{DocumentType, FieldDefinition, FieldType};
use docextract_model::number::json_number;
use rust_decimal::Decimal;
use serde_json::Value as Json;

use crate::layout::Layout;
use crate::page::{Citation, Page, TextSource};

pub mod amounts;
pub mod calibration;
pub mod claims;
pub mod codes;
pub mod dates;
pub mod explain;
pub(crate) mod grounds;
pub mod labels;
pub mod lessons;
pub mod lexicon;
mod memo;
pub mod money;
pub mod parties;
mod pattern;
pub mod plan;
pub mod scan;
pub mod tables;
mod telephone;
pub mod text;
pub mod values;

mod choose;

use calibration::{Group, Signals, probability};
use claims::Claims;
use lessons::KnownLesson;
use lexicon::Concept;
use plan::Plan;
use scan::Candidates;

/// What was found for one field. A `Null` value has confidence 0 and no citation.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldResult {
    pub value: Json,
    /// The chance that the value is right, 0–1, four decimals.
    pub confidence: f64,
    pub citation: Option<Citation>,
    /// Of an array of objects: for each of them, where the values of the nested fields stand.
    pub cells: Vec<Vec<Option<Citation>>>,
}

impl FieldResult {
    /// What a field has that is not found.
    #[must_use]
    pub fn nothing() -> Self {
        Self { value: Json::Null, confidence: 0.0, citation: None, cells: Vec::new() }
    }
}

/// A document with everything that was found on it.
pub struct Document<'a> {
    pub layout: Layout,
    pub labels: Vec<labels::Found>,
    pub candidates: Candidates,
    pub claims: Claims,
    pub plan: Plan<'a>,
    pub document_type: &'a DocumentType,
    /// Most of its numbers with a decimal mark have two places.
    pub has_cents: bool,
    /// Its title says that money goes back.
    pub is_credit_note: bool,
    /// Its title says that it takes an invoice back or changes it: unlike a credit note's, its amounts
    /// keep their sign (types 384 and 381 of EN 16931).
    pub is_correction: bool,
}

/// A value for a field with what speaks for it, before it becomes a probability.
#[derive(Debug, Clone)]
pub struct Picked {
    pub value: Json,
    pub tokens: Range<usize>,
    /// Where a value goes on elsewhere: the second line of a name.
    pub rest: Vec<Range<usize>>,
    pub signals: Signals,
    pub group: Group,
}

/// Finds the fields: one result for each, in the same order.
#[must_use]
pub fn extract_fields(
    pages: &[Page],
    document_type: &DocumentType,
    fields: &[FieldDefinition],
) -> Vec<FieldResult> {
    extract_fields_knowing(pages, document_type, fields, &[]).0
}

/// As [`extract_fields`], with what corrected documents taught; and which of them said something.
#[must_use]
pub fn extract_fields_knowing(
    pages: &[Page],
    document_type: &DocumentType,
    fields: &[FieldDefinition],
    lessons: &[KnownLesson],
) -> (Vec<FieldResult>, Vec<String>) {
    let (results, used) = extract(pages, document_type, fields, lessons);
    (results.into_iter().map(|(result, _)| result).collect(), used)
}

/// As [`extract_fields`], with what spoke for each value: what the calibration is fitted on.
#[must_use]
pub fn extract_with_signals(
    pages: &[Page],
    document_type: &DocumentType,
    fields: &[FieldDefinition],
) -> Vec<(FieldResult, Option<(Signals, Group)>)> {
    extract(pages, document_type, fields, &[]).0
}

/// Results with what spoke for each, and the lessons that were of use.
type Extracted = (Vec<(FieldResult, Option<(Signals, Group)>)>, Vec<String>);

fn extract(
    pages: &[Page],
    document_type: &DocumentType,
    fields: &[FieldDefinition],
    lessons: &[KnownLesson],
) -> Extracted {
    let Prepared { document, learnt, settled, .. } = prepare(pages, document_type, fields, lessons);
    let mut results = chosen(&document, fields, learnt.picked, None);
    crate::kinds::complete(&document, fields, &settled, &mut results);
    (results, learnt.used)
}

/// A document on which nothing is chosen yet, and what was learnt about it.
struct Prepared<'a> {
    document: Document<'a>,
    /// The targets' names, with those of the objects around them.
    names: Vec<String>,
    learnt: lessons::Learnt,
    settled: Vec<&'a str>,
}

fn prepare<'a>(
    pages: &[Page],
    document_type: &'a DocumentType,
    fields: &'a [FieldDefinition],
    lessons: &[KnownLesson],
) -> Prepared<'a> {
    let mut leaves = Vec::new();
    collect_leaves(fields, "", &mut leaves);
    let names: Vec<String> =
        leaves.iter().map(|(field, parents)| format!("{parents}{}", field.name)).collect();
    let document = Document::of(pages, document_type, Plan::of(&leaves));
    let learnt = lessons::recall(&document, &names, lessons);
    let settled = names_of(&leaves, &learnt.picked);
    Prepared { document, names, learnt, settled }
}

/// The fields of the first level that have a value already.
fn names_of<'a>(leaves: &[(&'a FieldDefinition, String)], picked: &[Option<Picked>]) -> Vec<&'a str> {
    let settled =
        leaves.iter().zip(picked).filter(|((_, parents), picked)| parents.is_empty() && picked.is_some());
    settled.map(|((field, _), _)| field.name.as_str()).collect()
}

/// What lessons, candidates and tables of a document give to its fields.
fn chosen(
    document: &Document<'_>,
    fields: &[FieldDefinition],
    learnt: Vec<Option<Picked>>,
    note: Option<choose::Note<'_, '_>>,
) -> Vec<(FieldResult, Option<(Signals, Group)>)> {
    let mut picked = choose::all(document, learnt, note).into_iter();
    fields.iter().map(|field| result(document, field, &mut picked)).collect()
}

/// The fields with a value of their own, in order, with the names of the objects around them.
fn collect_leaves<'a>(
    fields: &'a [FieldDefinition],
    parents: &str,
    leaves: &mut Vec<(&'a FieldDefinition, String)>,
) {
    for field in fields {
        match field.field_type {
            FieldType::Object => collect_leaves(&field.fields, &format!("{parents}{}_", field.name), leaves),
            _ => leaves.push((field, parents.to_owned())),
        }
    }
}

/// Puts a field together from the values of its leaves.
fn result(
    document: &Document<'_>,
    field: &FieldDefinition,
    picked: &mut impl Iterator<Item = Option<Picked>>,
) -> (FieldResult, Option<(Signals, Group)>) {
    if field.field_type == FieldType::Array {
        let none = picked.next();
        debug_assert!(none.is_some_and(|none| none.is_none()), "an array is read as a table");
        let Some(table) = tables::read(document, field) else { return (FieldResult::nothing(), None) };
        let result = FieldResult {
            confidence: probability(&table.signals, table.group),
            citation: document.layout.cite(table.first),
            cells: table.cells,
            value: Json::Array(table.rows),
        };
        return (result, Some((table.signals, table.group)));
    }
    if field.field_type != FieldType::Object {
        let Some(Some(picked)) = picked.next() else { return (FieldResult::nothing(), None) };
        let result = FieldResult {
            confidence: probability(&picked.signals, picked.group),
            citation: document.layout.cite_parts(std::iter::once(picked.tokens).chain(picked.rest)),
            value: picked.value,
            cells: Vec::new(),
        };
        return (result, Some((picked.signals, picked.group)));
    }
    let mut object = serde_json::Map::new();
    // An object is as sure as the least sure of what was found in it.
    let mut least: Option<FieldResult> = None;
    for inner in &field.fields {
        let (found, _) = result(document, inner, picked);
        object.insert(inner.name.clone(), found.value.clone());
        if !found.value.is_null() && least.as_ref().is_none_or(|least| found.confidence < least.confidence) {
            least = Some(found);
        }
    }
    let result =
        least.map_or_else(FieldResult::nothing, |least| FieldResult { value: Json::Object(object), ..least });
    (result, None)
}

/// Tells what a label's neighbours make of it: of a tax beside a lone sign for percent the rate is meant (`% IVA`, `VAT
/// (%)`, and not `TVA 20 %`), and before `Box` a `PO` is no order.
fn tell_by_neighbours(layout: &Layout, label: &mut labels::Found) {
    let Some(first) = layout.tokens.get(label.tokens.start) else { return };
    let word = |at: Option<usize>| {
        let token = at.and_then(|at| layout.tokens.get(at)).filter(|token| token.segment == first.segment);
        token.map_or("", |token| token.text.trim_matches(['(', ')', '[', ']', ':', '.', ',']))
    };
    let is_number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    let (before, last, behind) = (
        label.tokens.start.checked_sub(1),
        word(label.tokens.end.checked_sub(1)),
        word(Some(label.tokens.end)),
    );
    let is_rate = behind == "%" && !is_number(last)
        || word(before) == "%" && !is_number(word(before.and_then(|at| at.checked_sub(1))));
    let has = |concept: Concept| label.keys.iter().any(|(key, _)| *key == plan::key(concept));
    let (is_tax, is_order) = (has(Concept::Tax), has(Concept::OrderNumber));
    if is_rate && is_tax {
        label.keys.retain(|(key, _)| *key != plan::key(Concept::Tax));
        label.keys.push((plan::key(Concept::TaxRate), 1.0));
    }
    if behind.eq_ignore_ascii_case("box") && is_order {
        label.keys.clear();
    }
}

impl<'a> Document<'a> {
    /// A document with all that could be a value of its fields.
    #[must_use]
    pub fn read(pages: &[Page], document_type: &'a DocumentType, fields: &'a [FieldDefinition]) -> Self {
        let mut leaves = Vec::new();
        collect_leaves(fields, "", &mut leaves);
        Self::of(pages, document_type, Plan::of(&leaves))
    }

    fn of(pages: &[Page], document_type: &'a DocumentType, plan: Plan<'a>) -> Self {
        let layout = Layout::of(pages);
        let mut labels = plan.labels.find(&layout);
        labels.iter_mut().for_each(|label| tell_by_neighbours(&layout, label));
        labels.retain(|label| !label.keys.is_empty());
        let candidates = scan::scan(&layout);
        let claims =
            claims::claims(&layout, &candidates, &labels, &|key| plan.forms(key), &|key| plan.kind(key));
        let is_correction = has_title(&layout, &CORRECTIONS);
        let is_credit_note = is_correction || has_title(&layout, &CREDIT_NOTES);
        let has_cents = candidates
            .all
            .iter()
            .filter(|found| matches!(&found.value, scan::Value::Amount(amount) if amount.places == 2))
            .count()
            >= 2;
        Self {
            layout,
            labels,
            candidates,
            claims,
            plan,
            document_type,
            has_cents,
            is_credit_note,
            is_correction,
        }
    }

    /// Whether the document is a receipt, by its extractor.
    #[must_use]
    pub fn is_receipt(&self) -> bool {
        self.document_type.as_str().contains("receipt")
    }

    /// How strongly labels say that a candidate is a concept, less what they say of other
    /// concepts; and the strength before that. None when no label says it.
    #[must_use]
    pub fn concept_score(&self, candidate: usize, concept: Concept) -> Option<(f32, f32)> {
        let own = self.claims.strongest(candidate, |key| self.speaks_for(key, concept))?;
        let rival = self
            .claims
            .strongest(candidate, |key| {
                let other = plan::concept_of(key).or_else(|| self.field_concept(key));
                other != Some(concept) && other.is_none_or(|other| other.kind() == concept.kind())
            })
            .map_or(0.0, |claim| claim.strength);
        Some((outrivalled(own.strength, rival), own.strength))
    }

    /// Whether a label speaks for a concept, by itself or by the field that it is of.
    pub(super) fn speaks_for(&self, key: labels::Key, concept: Concept) -> bool {
        plan::concept_of(key) == Some(concept) || self.field_concept(key) == Some(concept)
    }

    fn field_concept(&self, key: labels::Key) -> Option<Concept> {
        self.plan.target(key)?.concept
    }

    /// What the words around an amount say against its role, as a factor.
    #[must_use]
    pub fn surroundings(&self, candidate: usize, concept: Concept) -> f32 {
        let Some(found) = self.candidates.all.get(candidate) else { return 1.0 };
        let Some(line) = self.layout.lines.get(found.line) else { return 1.0 };
        let before = line.tokens.start..found.tokens.start;
        let words = || {
            self.layout
                .tokens
                .get(before.clone())
                .unwrap_or_default()
                .iter()
                .map(|token| token.folded.as_str())
        };
        let begins = |starts: &[&str]| words().any(|word| starts.iter().any(|start| word.starts_with(start)));
        match concept {
            Concept::Total => {
                let mut factor = 1.0;
                if begins(&[
                    "exclu", "excl", "ohne", "hors", "exkl", "senza", "esclus", "zonder", "untaxed", "sans",
                    "qty", "quantity", "item", "saving", "discount", "disc",
                ]) || words()
                    .any(|word| matches!(word, "ht" | "netto" | "neto" | "sin" | "sem" | "bez"))
                    // A till's net total is what is to be paid, after discounts and rounding.
                    || !self.is_receipt() && words().any(|word| word == "net")
                {
                    factor *= 0.55;
                }
                if self.in_tax_summary(found.line) {
                    factor *= 0.5;
                }
                factor
            }
            Concept::Net if begins(&["inclu", "incl", "inkl"]) => 0.4,
            // `VAT 19 % on 100.00`: what it is charged on.
            Concept::Tax | Concept::Net if self.is_taxed(found.tokens.start) => 0.4,
            Concept::Tax if self.is_included(found.tokens.start) => 1.15,
            Concept::Tax if begins(&["inclusive", "excl", "exkl", "ohne", "hors", "before"]) => 0.5,
            _ => 1.0,
        }
    }

    /// Whether the word before an amount says that it is in another one: `Total 119.00 (includes 19.00 VAT)`.
    fn is_included(&self, amount: usize) -> bool {
        let Some(token) = self.layout.tokens.get(amount) else { return false };
        let before = self.layout.tokens.get(amount.saturating_sub(2)..amount).unwrap_or_default();
        let mut words = before
            .iter()
            .rev()
            .take_while(|word| word.segment == token.segment)
            .skip_while(|word| amounts::currency(&word.text).is_some());
        words.next().is_some_and(claims::says_included)
    }

    /// Whether the words before an amount say that a rate is charged on it: `19 % auf 100,00`, `21% over € 50,00`.
    fn is_taxed(&self, amount: usize) -> bool {
        let Some(token) = self.layout.tokens.get(amount) else { return false };
        let before = self.layout.tokens.get(amount.saturating_sub(5)..amount).unwrap_or_default();
        let mut words = before
            .iter()
            .rev()
            .take_while(|word| word.line == token.line)
            .skip_while(|word| amounts::currency(&word.text).is_some());
        let on = words.next().is_some_and(|word| TAXED_ON.contains(&word.folded.as_str()));
        on && words.take(2).any(|word| word.text.contains('%'))
    }

    /// Whether what speaks for an amount or a date stands above it, and another one below it, as in a column of a table.
    #[must_use]
    pub fn is_in_column(&self, candidate: usize, is_of: impl Fn(labels::Key) -> bool) -> bool {
        let below = self.claims.strongest(candidate, is_of).is_some_and(|claim| claim.below);
        let bounds = |candidate: usize| {
            let found = self.candidates.all.get(candidate)?;
            Some((self.layout.bounds(found.tokens.clone())?, found.line))
        };
        let Some((at, line)) = bounds(candidate).filter(|_| below) else { return false };
        let height = self.layout.lines.get(line).map_or(0.0, |line| line.height);
        let form = self.candidates.all[candidate].form;
        self.layout.lines_below(line).take(COLUMN_LINES).any(|next| {
            self.candidates
                .on_line(next, form)
                .filter_map(bounds)
                .any(|(other, _)| (other.x1 - at.x1).abs() < height || (other.x0 - at.x0).abs() < height)
        })
    }

    /// Whether a line is in the summary by tax rate that stands below the totals of a receipt.
    fn in_tax_summary(&self, line: usize) -> bool {
        let Some(page) = self.layout.lines.get(line).map(|line| line.page) else { return false };
        (line.saturating_sub(6)..line).any(|above| {
            let Some(above) = self.layout.lines.get(above).filter(|above| above.page == page) else {
                return false;
            };
            let tokens = self.layout.tokens.get(above.tokens.clone()).unwrap_or_default();
            let summary = tokens
                .iter()
                .any(|token| token.folded.starts_with("summar") || token.folded.starts_with("analys"));
            summary
                && tokens.iter().any(|token| matches!(token.folded.as_str(), "gst" | "tax" | "vat" | "sst"))
        })
    }

    /// Whether a candidate was read by OCR.
    fn is_scanned(&self, token: usize) -> bool {
        self.layout.page_of(token).is_some_and(|page| page.source == TextSource::Ocr)
    }
}

/// What stands between a rate and what it is charged on, folded.
const TAXED_ON: [&str; 14] =
    ["auf", "von", "aus", "on", "of", "sur", "de", "sobre", "su", "di", "over", "van", "od", "z"];

/// How far apart two rows of a table may stand: a description in between may take two lines.
const COLUMN_LINES: usize = 3;

/// A claim next to a stronger one of another kind is worth less.
fn outrivalled(own: f32, rival: f32) -> f32 {
    if rival <= own { own } else { own * (own / rival).powf(1.5) }
}

/// Titles of notes by which money goes back, folded.
const CREDIT_NOTES: [&str; 11] = [
    "gutschrift",
    "creditnote",
    "creditmemo",
    "avoir",
    "notadecredito",
    "notadicredito",
    "creditnota",
    "facturedavoir",
    "creditinvoice",
    "kreditnota",
    "kreditnote",
];

/// Titles of what takes an invoice back or changes it, folded.
const CORRECTIONS: [&str; 8] = [
    "rechnungskorrektur",
    "korrekturrechnung",
    "stornorechnung",
    "correctedinvoice",
    "fakturakorygujaca",
    "facturarectificativa",
    "facturerectificative",
    "correctiefactuur",
];

/// Whether one of these titles stands at the head of the first page, at the beginning of a stretch.
fn has_title(layout: &Layout, titles: &[&str]) -> bool {
    let Some(first) = layout.pages.first() else { return false };
    layout.tokens.iter().enumerate().any(|(index, token)| {
        let Some(line) = layout.lines.get(token.line).filter(|line| line.page == 0) else { return false };
        if token.bounds.y0 > 0.5 * first.height || token.folded.is_empty() {
            return false;
        }
        let starts = layout.segments.get(token.segment).is_some_and(|segment| segment.tokens.start == index);
        let mut window = String::new();
        starts
            && (index..line.tokens.end.min(index + 3)).any(|next| {
                window.push_str(&layout.tokens[next].folded);
                titles.contains(&window.as_str())
            })
    })
}

/// A decimal as a field's type wants it.
fn json_amount(field_type: FieldType, value: Decimal, printed: &str) -> Json {
    match field_type {
        FieldType::Number | FieldType::Currency => json_number(value),
        _ => Json::String(printed.to_owned()),
    }
}

#[cfg(test)]
mod tests;
