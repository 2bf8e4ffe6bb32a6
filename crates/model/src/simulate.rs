//! What a test document is made to end with: `metadata.simulate`.
//!
//! In test mode a submitter names the outcome, one of the failure codes or `completed`, and the document
//! ends so without being read. A completed one has a value for every field of its extractor, made from
//! nothing but the field's definition: the same definition always gives the same value, and a value keeps
//! its field's type, `enum` and `pattern`. In live mode the word means nothing here: metadata is the
//! submitter's own.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Number, Value, json};

use crate::extractor::{FieldDefinition, FieldType};
use crate::failure::FailureCode;
use crate::job::Job;
use crate::limits;
use crate::tenant::Mode;

/// The member of `metadata` that names the outcome.
const MEMBER: &str = "simulate";
const COMPLETED: &str = "completed";
/// Of a text that matches a pattern; where the shortest is longer, there is no value.
const SAMPLE_BYTES_MAX: usize = 200;
/// Lines of a page that citations point at, one a field, from the top.
const LINES: usize = 40;

/// An outcome that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    Completed,
    Failed(FailureCode),
}

impl Outcome {
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        if name == COMPLETED { Some(Self::Completed) } else { FailureCode::parse(name).map(Self::Failed) }
    }

    /// What can be asked for, for a person: `completed, document_unreadable, …`.
    #[must_use]
    pub fn names() -> String {
        let codes = FailureCode::ALL.into_iter().map(FailureCode::as_str);
        std::iter::once(COMPLETED).chain(codes).collect::<Vec<_>>().join(", ")
    }

    /// Whether metadata of the test side names no outcome, or one that there is.
    #[must_use]
    pub fn is_known_in(metadata: &Map<String, Value>) -> bool {
        metadata.get(MEMBER).is_none_or(|name| name.as_str().and_then(Self::parse).is_some())
    }

    /// What a job asks for.
    #[must_use]
    pub fn of(job: &Job) -> Option<Self> {
        if job.mode != Mode::Test {
            return None;
        }
        let metadata: Value = serde_json::from_str(job.metadata.as_str()).ok()?;
        Self::parse(metadata.get(MEMBER)?.as_str()?)
    }
}

/// Values for an extractor's fields, in its order, each with a confidence and a citation.
#[derive(Debug, Clone, PartialEq)]
pub struct Values {
    pub extracted_data: Map<String, Value>,
    pub confidence: Map<String, Value>,
    pub citations: Map<String, Value>,
}

/// Makes up a result. A field whose pattern nothing short matches is null, with confidence 0, as one that
/// was not found.
#[must_use]
pub fn values(fields: &[FieldDefinition]) -> Values {
    let mut values = Values { extracted_data: Map::new(), confidence: Map::new(), citations: Map::new() };
    for (index, field) in fields.iter().enumerate() {
        let value = value(field);
        let confidence = if value.is_null() { json!(0) } else { number("0.98") };
        values.confidence.insert(field.name.clone(), confidence);
        values.citations.insert(field.name.clone(), citation(&value, index % LINES));
        values.extracted_data.insert(field.name.clone(), value);
    }
    values
}

/// A box on a page that nobody drew. Lists and objects stand in several places, and have none.
fn citation(value: &Value, line: usize) -> Value {
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(_) | Value::Bool(_) => value.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return Value::Null,
    };
    // Hundredths, so that no float rounds them.
    let (top, bottom) = (10 + 2 * line, 11 + 2 * line);
    let hundredths = |n: usize| number(&format!("0.{n:02}"));
    json!({"page": 1, "bbox": [hundredths(10), hundredths(top), hundredths(50), hundredths(bottom)], "text": text})
}

/// A JSON number with its decimals as they are written.
fn number(text: &str) -> Value {
    text.parse::<Number>().map_or(Value::Null, Value::Number)
}

fn value(field: &FieldDefinition) -> Value {
    let object = |fields: &[FieldDefinition]| {
        Value::Object(fields.iter().map(|field| (field.name.clone(), value(field))).collect())
    };
    match field.field_type {
        FieldType::Object => object(&field.fields),
        FieldType::Array if field.fields.is_empty() => json!(["Example"]),
        FieldType::Array => json!([object(&field.fields)]),
        FieldType::Boolean => json!(true),
        FieldType::Number | FieldType::Currency => printed(field).map_or(Value::Null, |text| number(&text)),
        FieldType::Text | FieldType::Date | FieldType::Email | FieldType::Phone => {
            printed(field).map_or(Value::Null, Value::String)
        }
    }
}

/// The value as a document would print it: the first that is possible, the usual one, or the shortest that
/// the pattern lets through.
fn printed(field: &FieldDefinition) -> Option<String> {
    let Some(pattern) = &field.pattern else {
        return Some(field.enumeration.first().cloned().unwrap_or_else(|| usual(field)));
    };
    let whole = regex::RegexBuilder::new(&format!("^(?:{pattern})$"))
        .size_limit(limits::PATTERN_BYTES_MAX)
        .build()
        .ok()?;
    let possible = if field.enumeration.is_empty() {
        let shortest = regex_syntax::parse(pattern).ok().and_then(|pattern| shortest(&pattern));
        std::iter::once(usual(field)).chain(shortest).collect()
    } else {
        field.enumeration.clone()
    };
    possible.into_iter().find(|text| whole.is_match(text))
}

fn usual(field: &FieldDefinition) -> String {
    let name = field.name.to_lowercase();
    let says = |word: &str| name.split(|c: char| !c.is_alphanumeric()).any(|part| part == word);
    match field.field_type {
        FieldType::Number => "2",
        FieldType::Currency if says("net") => "1000.00",
        FieldType::Currency if says("tax") || says("vat") => "190.00",
        FieldType::Currency if says("price") => "500.00",
        FieldType::Currency => "1190.00",
        FieldType::Date if says("due") => "2024-12-23",
        FieldType::Date => "2024-11-23",
        FieldType::Email => "name@example.com",
        FieldType::Phone => "+1 202 555 0143",
        FieldType::Text if says("currency") => "EUR",
        FieldType::Text if says("iban") => "DE89370400440532013000",
        FieldType::Text if says("vat") => "DE123456789",
        FieldType::Text if says("number") || says("id") => "A-1001",
        FieldType::Text if says("address") => "1 Example Street, 10115 Berlin",
        FieldType::Text if says("name") => "Example Ltd",
        FieldType::Text | FieldType::Boolean | FieldType::Array | FieldType::Object => "Example",
    }
    .to_owned()
}

/// A short text that a pattern matches, as far as its shape says; none when even that is too long.
fn shortest(pattern: &Hir) -> Option<String> {
    let mut text = Vec::new();
    append_shortest(pattern, &mut text)?;
    String::from_utf8(text).ok()
}

fn append_shortest(pattern: &Hir, text: &mut Vec<u8>) -> Option<()> {
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.extend_from_slice(&literal.0),
        HirKind::Class(class) => {
            let mut buffer = [0; 4];
            text.extend_from_slice(readable(class)?.encode_utf8(&mut buffer).as_bytes());
        }
        HirKind::Repetition(repeated) => {
            for _ in 0..repeated.min {
                let length = text.len();
                append_shortest(&repeated.sub, text)?;
                // What adds nothing once adds nothing however often.
                if text.len() == length {
                    break;
                }
            }
        }
        HirKind::Capture(group) => append_shortest(&group.sub, text)?,
        HirKind::Concat(parts) => parts.iter().try_for_each(|part| append_shortest(part, text))?,
        HirKind::Alternation(either) => append_shortest(either.first()?, text)?,
    }
    (text.len() <= SAMPLE_BYTES_MAX).then_some(())
}

/// A character of the class: one that people type, where there is one.
fn readable(class: &Class) -> Option<char> {
    let Class::Unicode(class) = class else { return None };
    let has = |c: char| class.iter().any(|range| (range.start()..=range.end()).contains(&c));
    "1Aa- ".chars().find(|c| has(*c)).or_else(|| class.iter().next().map(|range| range.start()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::ready_made;

    fn text(pattern: &str) -> FieldDefinition {
        FieldDefinition {
            pattern: Some(pattern.to_owned()),
            ..FieldDefinition::new("reference", FieldType::Text, "")
        }
    }

    #[test]
    fn every_failure_and_completed_can_be_asked_for_by_name() {
        for name in Outcome::names().split(", ") {
            assert!(Outcome::parse(name).is_some(), "{name}");
        }
        assert_eq!(Outcome::names().split(", ").count(), FailureCode::ALL.len() + 1);
        assert_eq!(Outcome::parse("Completed"), None);
    }

    #[test]
    fn a_ready_made_extractor_gets_a_value_for_every_field() {
        for extractor in ready_made() {
            let values = values(&extractor.field_definitions);
            assert_eq!(values.extracted_data.len(), extractor.field_definitions.len());
            for (name, value) in &values.extracted_data {
                assert!(!value.is_null(), "{name}");
            }
        }
    }

    #[test]
    fn a_value_keeps_its_fields_pattern_and_enumeration() {
        for pattern in ["[A-Z]{2}-\\d{4,}", "(?i)order (no\\.|#) ?[0-9]+", "^\\w+@\\w+$", "é|ü", "Example"]
        {
            let value = value(&text(pattern));
            let whole = regex::Regex::new(&format!("^(?:{pattern})$")).unwrap();
            assert!(whole.is_match(value.as_str().unwrap()), "{pattern}: {value}");
        }
        let one_of = FieldDefinition { enumeration: vec!["EUR".to_owned(), "USD".to_owned()], ..text("U.*") };
        assert_eq!(value(&one_of), "USD");
        let amount = FieldDefinition { field_type: FieldType::Currency, ..text("[3-9]\\d\\.\\d\\d") };
        assert_eq!(value(&amount).to_string(), "31.11");
    }

    #[test]
    fn what_only_a_very_long_text_could_match_is_null() {
        assert_eq!(value(&text("x{201,}")), Value::Null);
        assert_eq!(value(&text("(a{100}){100}")), Value::Null);
        assert_eq!(value(&text("(|){1000}")), "");
        assert_eq!(values(&[text("a\\bb")]).confidence["reference"], json!(0));
    }
}
