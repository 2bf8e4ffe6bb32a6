//! What was right, per field and template, and why the rest was not.
//!
//! Templates (senders) are parted in two halves by a hash of their names. Rules are written looking at
//! the documents of the development half only; the held-out half is never shown but as a number, and
//! tells what a sender gets whom nobody looked at.

use std::collections::{BTreeMap, BTreeSet};

use docextract_extraction::fields::calibration::{Group, Signals};
use docextract_extraction::fields::lexicon::LEGAL_FORMS;
use docextract_extraction::fields::scan::Value as Scanned;
use docextract_extraction::fields::{Document, FieldResult};
use docextract_extraction::page::TextSource;
use docextract_model::extractor::FieldDefinition;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::Row;

/// The least that is acceptable, as shares of the templates: extractor, field, share.
const MINIMUMS: [(&str, &str, f64); 7] = [
    ("invoice", "invoice_number", 0.95),
    ("invoice", "invoice_date", 0.97),
    ("invoice", "total_amount", 0.96),
    ("invoice", "net_amount", 0.90),
    ("receipt", "date", 0.82),
    ("receipt", "total_amount", 0.80),
    ("receipt", "merchant_name", 0.55),
];

/// Which half of the templates a document is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Half {
    Development,
    HeldOut,
}

impl Half {
    /// By a hash (FNV-1a) of the template's name, so that it stays when documents are added.
    fn of(template: &str) -> Self {
        let hash = template.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        if (hash ^ (hash >> 32)) & 1 == 0 { Self::Development } else { Self::HeldOut }
    }
}

/// Why a value is wrong or missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cause {
    /// The page has a text layer, and the answer is not in it: it is another document's, or a brand's.
    Unprinted,
    /// Recognition did not read it so.
    Ocr,
    /// Its words are there, but were not put together as a value.
    Layout,
    /// It was a candidate that no label or place spoke for.
    Label,
    /// It was a candidate with a claim, and another one won.
    Choice,
}

impl Cause {
    const ALL: [Self; 5] = [Self::Unprinted, Self::Ocr, Self::Layout, Self::Label, Self::Choice];

    fn name(self) -> &'static str {
        match self {
            Self::Unprinted => "unprinted",
            Self::Ocr => "ocr",
            Self::Layout => "layout",
            Self::Label => "label",
            Self::Choice => "choice",
        }
    }
}

/// One field of one document.
pub(crate) struct Outcome {
    pub(crate) file: String,
    pub(crate) extractor: String,
    pub(crate) template: String,
    pub(crate) half: Half,
    pub(crate) field: String,
    pub(crate) expected: String,
    pub(crate) found: Value,
    pub(crate) confidence: f64,
    pub(crate) right: bool,
    pub(crate) visible: bool,
    pub(crate) signals: Option<(Signals, Group)>,
    /// Of what is wrong, where the document was looked into.
    pub(crate) cause: Option<Cause>,
    cited: String,
}

impl Outcome {
    /// Whether it says something about the confidence: a value was given for an answer that is visible.
    pub(crate) fn is_usable(&self) -> bool {
        self.visible && !self.found.is_null() && self.cause != Some(Cause::Unprinted)
    }
}

/// What came of each field of a row that has an answer.
pub(crate) fn outcomes(
    row: &Row,
    fields: &[FieldDefinition],
    found: Vec<(FieldResult, Option<(Signals, Group)>)>,
    document: Option<&Document<'_>>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (field, (result, signals)) in fields.iter().zip(found) {
        let Some(expected) = row.fields.get(&field.name).and_then(answer) else { continue };
        let right = is_right(&field.name, &expected, &result.value);
        let cause = document
            .filter(|_| !right)
            .map(|document| cause(document, &field.name, &expected, result.value.is_null()));
        outcomes.push(Outcome {
            file: row.file.clone(),
            extractor: row.extractor.clone(),
            template: row.template.clone(),
            half: Half::of(&row.template),
            right,
            visible: row.visible_in_text.get(&field.name).copied().unwrap_or(true),
            field: field.name.clone(),
            expected,
            found: result.value,
            confidence: result.confidence,
            cited: result.citation.map_or_else(String::new, |citation| citation.text),
            signals,
            cause,
        });
    }
    outcomes
}

/// What came of the line items as one value; none where none were found.
pub(crate) fn of_lines(
    row: &Row,
    right: bool,
    fields: &[FieldDefinition],
    found: &[(FieldResult, Option<(Signals, Group)>)],
) -> Option<Outcome> {
    let (field, (result, signals)) =
        fields.iter().zip(found).find(|(field, _)| field.name == "line_items")?;
    (!result.value.is_null()).then(|| Outcome {
        file: row.file.clone(),
        extractor: row.extractor.clone(),
        template: row.template.clone(),
        half: Half::of(&row.template),
        field: field.name.clone(),
        expected: "the lines below".to_owned(),
        found: Value::Bool(true),
        confidence: result.confidence,
        right,
        visible: true,
        signals: *signals,
        cause: (!right).then_some(Cause::Layout),
        cited: String::new(),
    })
}

fn cause(document: &Document<'_>, field: &str, expected: &str, nothing_found: bool) -> Cause {
    let words: String = document.layout.tokens.iter().map(|token| normal(&token.text)).collect();
    let unread = if document.layout.pages.iter().any(|page| page.source == TextSource::Ocr) {
        Cause::Ocr
    } else if !is_date(field) && !words.contains(&normal(without_form(expected))) {
        Cause::Unprinted
    } else {
        Cause::Layout
    };
    if is_amount(field) || is_date(field) {
        let is_it = |value: &Scanned| match value {
            Scanned::Date { day, .. } => is_date(field) && day.to_string() == expected,
            Scanned::Amount(amount) => is_amount(field) && number(expected) == Some(amount.value),
            Scanned::Code(_)
            | Scanned::Iban(_)
            | Scanned::VatId(_)
            | Scanned::Email(_)
            | Scanned::Phone(_) => false,
        };
        let claims = document
            .candidates
            .all
            .iter()
            .enumerate()
            .filter(|(_, candidate)| is_it(&candidate.value))
            .map(|(index, _)| document.claims.of.get(index).map_or(0, Vec::len))
            .max();
        return match claims {
            None => unread,
            Some(0) => Cause::Label,
            Some(_) => Cause::Choice,
        };
    }
    match (words.contains(&normal(expected)), nothing_found) {
        (false, _) => unread,
        (true, true) => Cause::Label,
        (true, false) => Cause::Choice,
    }
}

pub(crate) fn answer(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

fn is_amount(field: &str) -> bool {
    field.ends_with("_amount")
}

fn is_date(field: &str) -> bool {
    field == "date" || field.ends_with("_date")
}

pub(crate) fn number(text: &str) -> Option<Decimal> {
    let digits: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
    digits.parse::<Decimal>().ok()
}

/// Amounts by number, dates exactly, everything else without regard to case, marks and white space; names
/// without their legal form as well.
fn is_right(field: &str, expected: &str, found: &Value) -> bool {
    let Some(found) = answer(found) else { return false };
    if is_amount(field) {
        return number(expected).is_some() && number(expected) == number(&found);
    }
    if is_date(field) {
        return expected == found;
    }
    if field.ends_with("_name") {
        return normal(without_form(expected)) == normal(without_form(&found));
    }
    normal(expected) == normal(&found)
}

/// A name without the legal form at its end, which answers and pages give or leave out as they like.
fn without_form(name: &str) -> &str {
    let mut rest = name.trim_end();
    while let Some((before, last)) = rest.rsplit_once(char::is_whitespace) {
        if !LEGAL_FORMS.contains(&normal(last).as_str()) {
            break;
        }
        rest = before.trim_end();
    }
    rest
}

pub(crate) fn normal(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The mean over templates of the share that is right, and how many templates that are.
fn macro_mean<'a>(outcomes: impl Iterator<Item = &'a Outcome>) -> (f64, usize) {
    let mut templates: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for outcome in outcomes {
        let entry = templates.entry(outcome.template.as_str()).or_default();
        entry.0 += usize::from(outcome.right);
        entry.1 += 1;
    }
    let sum: f64 = templates.values().map(|(right, all)| share(*right, *all)).sum();
    // An empty sum is a negative zero.
    (sum.abs() / templates.len().max(1) as f64, templates.len())
}

pub(crate) fn share(right: usize, all: usize) -> f64 {
    right as f64 / all.max(1) as f64
}

/// Prints accuracy per field and says whether every minimum is met.
pub(crate) fn report(outcomes: &[Outcome]) -> bool {
    let names: BTreeSet<(&str, &str)> =
        outcomes.iter().map(|outcome| (outcome.extractor.as_str(), outcome.field.as_str())).collect();
    println!(
        "{:<14} {:<18} {:>7} {:>7} {:>7} {:>7} {:>7} {:>10} {:>7}  {:<24} minimum",
        "extractor",
        "field",
        "macro",
        "printed",
        "dev",
        "heldout",
        "micro",
        "templates",
        "hidden",
        "misses by cause"
    );
    let mut good_enough = true;
    for (extractor, field) in names {
        let here: Vec<&Outcome> = outcomes
            .iter()
            .filter(|outcome| outcome.extractor == extractor && outcome.field == field)
            .collect();
        let visible: Vec<&Outcome> = here.iter().copied().filter(|outcome| outcome.visible).collect();
        let of =
            |half: Half| macro_mean(visible.iter().copied().filter(move |outcome| outcome.half == half)).0;
        let (all, templates) = macro_mean(visible.iter().copied());
        // The same over the answers that the page prints: no reading can find the others.
        let is_printed = |outcome: &&Outcome| outcome.cause != Some(Cause::Unprinted);
        let (printed, _) = macro_mean(visible.iter().copied().filter(is_printed));
        let micro = share(visible.iter().filter(|outcome| outcome.right).count(), visible.len());
        let causes: Vec<String> = Cause::ALL
            .into_iter()
            .map(|cause| (cause, visible.iter().filter(|outcome| outcome.cause == Some(cause)).count()))
            .filter(|(_, count)| *count > 0)
            .map(|(cause, count)| format!("{} {count}", cause.name()))
            .collect();
        let minimum = MINIMUMS
            .iter()
            .find(|(of, name, _)| *of == extractor && *name == field)
            .map(|(_, _, least)| *least);
        let verdict = match minimum {
            Some(least) if all < least => {
                good_enough = false;
                format!("{:.0} % MISSED", least * 100.0)
            }
            Some(least) => format!("{:.0} % met", least * 100.0),
            None => String::new(),
        };
        println!(
            "{extractor:<14} {field:<18} {:>6.1}% {:>6.1}% {:>6.1}% {:>6.1}% {:>6.1}% {templates:>10} {:>7}  {:<24} {verdict}",
            all * 100.0,
            printed * 100.0,
            of(Half::Development) * 100.0,
            of(Half::HeldOut) * 100.0,
            micro * 100.0,
            here.len() - visible.len(),
            causes.join(", "),
        );
    }
    good_enough
}

/// Prints what is wrong in the development half.
pub(crate) fn report_misses(outcomes: &[Outcome]) {
    println!("\nmisses in the development half");
    let wrong = |outcome: &&Outcome| outcome.half == Half::Development && outcome.visible && !outcome.right;
    for outcome in outcomes.iter().filter(wrong) {
        println!(
            "  {:<6} {:<34} {:<16} expected {:?} found {} ({:.2}) cited {:?}",
            outcome.cause.map_or("", Cause::name),
            outcome.file,
            outcome.field,
            outcome.expected,
            outcome.found,
            outcome.confidence,
            outcome.cited
        );
    }
}
