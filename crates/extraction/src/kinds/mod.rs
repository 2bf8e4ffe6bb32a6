//! What only some kinds of documents have: the clauses of a contract, the pairs of a form, the movements
//! of a statement, tax by rate, the address below a name.
//!
//! Runs behind the field engine, on the layout, labels and candidates that it found, and gives values to
//! fields by their names: to those that the engine left empty, and to lists that it does not know. A field
//! of a user's own that has such a name and type is served like a ready-made one. Every value is printed
//! on the page and cited, as in the field engine; nothing here knows a sender.

use std::ops::Range;

use docextract_model::extractor::{FieldDefinition, FieldType};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use crate::fields::calibration::{Group, Signals, probability};
use crate::fields::lexicon::Concept;
use crate::fields::scan::Value;
use crate::fields::{Document, FieldResult};
use crate::page::TextSource;

mod contract;
mod flat;
mod form;
mod order;
mod party;
mod statement;
mod taxes;

use party::Side;
use statement::Balance;

/// A field's result with what spoke for it, as the field engine gives it.
pub(crate) type Scored = (FieldResult, Option<(Signals, Group)>);

/// A value that was found, and how well its place speaks for it, 0–1.
#[derive(Debug, Clone)]
struct Find {
    value: Json,
    /// What it stands on: stretches of words that are not parted by words of another column.
    parts: Vec<Range<usize>>,
    score: f32,
    group: Group,
}

/// A clause that only a word in a sentence speaks for is none.
const CLAUSE_SCORE_MIN: f32 = 0.85;

/// A name beside less than the whole label of an account's holder is none.
const HOLDER_SCORE_MIN: f32 = 0.65;

/// Gives values to the fields that the field engine left to this module. What is `settled` stays: those fields a
/// corrected document taught.
pub(crate) fn complete(
    document: &Document<'_>,
    fields: &[FieldDefinition],
    settled: &[&str],
    results: &mut [Scored],
) {
    if document.document_type.as_str() == "purchase_order" {
        order::turn_parties(document, fields, settled, results);
    }
    let seller = cited_name(document, fields, results, "seller_name");
    let buyer = cited_name(document, fields, results, "buyer_name");
    let opening = amount_in(fields, results, "opening_balance");
    let closing = amount_in(fields, results, "closing_balance");
    let mut contract = None;
    for (field, result) in fields.iter().zip(results.iter_mut()) {
        if settled.contains(&field.name.as_str()) {
            continue;
        }
        let is_address = field.field_type == FieldType::Text
            && matches!(field.name.as_str(), "seller_address" | "buyer_address");
        // What stands beside a word for an address may be anything.
        if is_address && !result.0.value.as_str().is_some_and(party::is_address) {
            *result = (FieldResult::nothing(), None);
        }
        let is_clause = field.field_type == FieldType::Text
            && matches!(field.name.as_str(), "term" | "notice_period" | "governing_law");
        if is_clause && result.1.is_some_and(|(signals, _)| signals.score < CLAUSE_SCORE_MIN) {
            *result = (FieldResult::nothing(), None);
        }
        let is_statement = document.document_type.as_str() == "bank_statement";
        let is_holder = is_statement && field.name == "account_holder";
        // What stands beside one word of the label, as beside `Account` alone, is no holder.
        if is_holder && result.1.is_some_and(|(signals, _)| signals.score < HOLDER_SCORE_MIN) {
            *result = (FieldResult::nothing(), None);
        }
        // In a contract a day to pay by ends nothing: its end has a name of its own.
        let is_end = document.document_type.as_str() == "contract" && field.name == "end_date";
        if is_end && result.1.is_some() {
            let own = date_by_own_label(document, field);
            if own.as_ref().is_none_or(|own| own.value != result.0.value) {
                *result = own.map_or((FieldResult::nothing(), None), |own| scored(document, own));
            }
        }
        // The first group of digits is not the whole number, and a number that short is another one.
        let is_account = is_statement && field.name == "account_number";
        if is_account && result.1.is_some() {
            statement::complete_account_number(document, field, result);
        }
        // Behind the number of a contract its title may go on: `Umowa nr 17/2024 o dzieło`.
        let is_number = field.name == "contract_number" && field.field_type == FieldType::Text;
        let is_more = is_number && result.0.value.as_str().is_some_and(|text| text.contains(' '));
        // These have a reader of their own here, which knows more of them than one of any table.
        let has_reader = is_holder
            || is_more
            || is_address
            || field.field_type == FieldType::Array
                && matches!(field.name.as_str(), "parties" | "entries" | "transactions" | "tax_lines");
        let asked = Balance::of(field).filter(|_| is_statement);
        if !result.0.value.is_null()
            && let Some(found) = asked.and_then(|asked| statement::balance_beside_movements(document, asked))
            && !is_same_amount(&found.value, &result.0.value)
        {
            *result = scored(document, found);
        }
        if !result.0.value.is_null() && field.name != "amount_due" && !is_clause && !has_reader {
            continue;
        }
        let mut in_contract = |asked: contract::Asked| {
            contract.get_or_insert_with(|| contract::Contract::of(document)).find(asked)
        };
        let found = match (field.name.as_str(), field.field_type) {
            ("parties", FieldType::Array) => in_contract(contract::Asked::Parties).map(|f| as_rows(field, f)),
            ("contract_number", FieldType::Text) => in_contract(contract::Asked::Number),
            ("effective_date", FieldType::Date) => in_contract(contract::Asked::EffectiveDate),
            ("contract_date", FieldType::Date) => {
                in_contract(contract::Asked::ContractDate).or_else(|| labelled_date(document))
            }
            ("end_date", FieldType::Date) => in_contract(contract::Asked::EndDate),
            ("account_holder", FieldType::Text) => statement::holder(document, field),
            ("account_number", FieldType::Text) if is_statement => statement::account_number(document, field),
            ("opening_balance" | "closing_balance", FieldType::Currency) => asked.and_then(|asked| {
                let other = if asked == Balance::Opening { closing } else { opening };
                statement::balance(document, asked, other)
            }),
            ("term", FieldType::Text) => in_contract(contract::Asked::Term),
            ("notice_period", FieldType::Text) => in_contract(contract::Asked::NoticePeriod),
            ("governing_law", FieldType::Text) => in_contract(contract::Asked::GoverningLaw),
            ("entries", FieldType::Array) => form::pairs(document).map(|f| as_rows(field, f)),
            ("transactions", FieldType::Array) => {
                statement::transactions(document).map(|f| as_rows(field, f))
            }
            ("tax_lines", FieldType::Array) => taxes::lines(document).map(|f| as_rows(field, f)),
            ("amount_due", FieldType::Currency) => taxes::amount_due(document),
            ("seller_address", FieldType::Text) => party::address(document, Side::Seller, &seller, &buyer),
            ("buyer_address", FieldType::Text) => party::address(document, Side::Buyer, &buyer, &seller),
            _ => None,
        };
        if let Some(found) = found {
            *result = scored(document, found);
        }
    }
}

/// The date that one of the field's own labels is for.
fn date_by_own_label(document: &Document<'_>, field: &FieldDefinition) -> Option<Find> {
    let own = document.plan.targets.iter().find(|target| target.field.name == field.name)?.own;
    surest_date(document, |index| Some(document.claims.strongest(index, |key| key == own)?.strength))
}

/// The date that a label says is the document's.
fn labelled_date(document: &Document<'_>) -> Option<Find> {
    surest_date(document, |index| Some(document.concept_score(index, Concept::DocumentDate)?.0))
}

/// The date that labels say the most of, the first of equal ones.
fn surest_date(document: &Document<'_>, score: impl Fn(usize) -> Option<f32>) -> Option<Find> {
    let dates = document.candidates.all.iter().enumerate().filter_map(|(index, candidate)| {
        let Value::Date { day, .. } = candidate.value else { return None };
        Some((score(index).filter(|score| *score >= 0.6)?, day, candidate.tokens.clone()))
    });
    let (score, day, tokens) = dates.max_by(|a, b| a.0.total_cmp(&b.0).then(b.2.start.cmp(&a.2.start)))?;
    let value = Json::String(day.to_string());
    Some(Find { value, parts: vec![tokens], score, group: Group::Date })
}

fn is_same_amount(a: &Json, b: &Json) -> bool {
    let amount = |value: &Json| value.to_string().parse::<Decimal>().ok();
    amount(a) == amount(b)
}

/// The amount that a field has.
fn amount_in(fields: &[FieldDefinition], results: &[Scored], name: &str) -> Option<Decimal> {
    let index = fields.iter().position(|field| field.name == name)?;
    results.get(index)?.0.value.to_string().parse().ok()
}

/// Where a party's name was found, line by line.
fn cited_name(
    document: &Document<'_>,
    fields: &[FieldDefinition],
    results: &[Scored],
    name: &str,
) -> Vec<Range<usize>> {
    let layout = &document.layout;
    let index = fields.iter().position(|field| field.name == name);
    let Some(citation) = index.and_then(|index| results.get(index)?.0.citation.as_ref()) else {
        return Vec::new();
    };
    let Some(page) = layout.pages.iter().find(|page| page.number == citation.page) else {
        return Vec::new();
    };
    let lines = layout.lines.get(page.lines.clone()).unwrap_or_default();
    // To find a word's place costs its text: only lines at the height of the name are looked at.
    let (top, bottom) = (citation.bbox.y0 * page.height - 1.0, citation.bbox.y1 * page.height + 1.0);
    let lines = lines.iter().filter(|line| line.bounds.y1 >= top && line.bounds.y0 <= bottom);
    let is_within = |token: &usize| {
        layout.cite(*token..*token + 1).is_some_and(|one| {
            one.bbox.x0 >= citation.bbox.x0 - 1e-4
                && one.bbox.x1 <= citation.bbox.x1 + 1e-4
                && one.bbox.y0 >= citation.bbox.y0 - 1e-4
                && one.bbox.y1 <= citation.bbox.y1 + 1e-4
        })
    };
    lines
        .filter_map(|line| {
            let mut within = line.tokens.clone().filter(is_within);
            let first = within.next()?;
            Some(first..within.next_back().unwrap_or(first) + 1)
        })
        .collect()
}

fn scored(document: &Document<'_>, found: Find) -> Scored {
    let layout = &document.layout;
    let first = found.parts.first().map_or(0, |part| part.start);
    let words: usize = found.parts.iter().map(Range::len).sum();
    let sure: f32 = found.parts.iter().map(|part| layout.confidence(part.clone()) * part.len() as f32).sum();
    let signals = Signals {
        score: found.score,
        margin: found.score - 0.5,
        reading: sure / words.max(1) as f32,
        scanned: f32::from(u8::from(
            layout.page_of(first).is_some_and(|page| page.source == TextSource::Ocr),
        )),
        ..Signals::default()
    };
    let citation = layout.cite_parts(found.parts);
    let confidence = probability(&signals, found.group);
    let result = FieldResult { confidence, citation, value: found.value, ..FieldResult::nothing() };
    (result, Some((signals, found.group)))
}

/// The rows of a list with the columns that the field asks for, and as plain texts where it asks for none.
fn as_rows(field: &FieldDefinition, mut found: Find) -> Find {
    let Json::Array(rows) = &mut found.value else { return found };
    for row in rows {
        let Json::Object(cells) = row else { continue };
        *row = if field.fields.is_empty() {
            cells.values().next().cloned().unwrap_or(Json::Null)
        } else {
            let cell = |column: &FieldDefinition| {
                (column.name.clone(), cells.get(&column.name).cloned().unwrap_or(Json::Null))
            };
            Json::Object(field.fields.iter().map(cell).collect::<Map<_, _>>())
        };
    }
    found
}

#[cfg(test)]
mod tests;
