//! Whether a value is one that a field may have.
//!
//! Extraction makes such values by itself. What comes from elsewhere, from a person who corrects a document or
//! from a language model, is held to the same here. Nothing is converted: a value fits as it is or does not.

use std::collections::BTreeMap;

use jiff::civil::Date;
use regex::{Regex, RegexBuilder};
use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::extractor::{FieldDefinition, FieldProblem, FieldType};
use crate::limits;

/// Checks an object of some of the fields' values and returns what is wrong with it, up to so many problems. Null
/// is always allowed: the document does not have the field. `path` is what names begin with, such as `fields`.
#[must_use]
pub fn check_values(
    fields: &[FieldDefinition],
    values: &Map<String, Value>,
    path: &str,
) -> Vec<FieldProblem> {
    let mut check = Check::default();
    check.members(fields, values, path);
    check.problems
}

/// Whether one value is one that the field may have.
#[must_use]
pub fn fits(field: &FieldDefinition, value: &Value) -> bool {
    let mut check = Check::default();
    check.value(field, value, "");
    check.problems.is_empty()
}

/// Fields that a message lists as those that there are.
const NAMES_MAX: usize = 16;
/// Problems that are told; who mends these is told the others.
const PROBLEMS_MAX: usize = 32;

#[derive(Default)]
struct Check<'a> {
    problems: Vec<FieldProblem>,
    /// Each is compiled once, however many items of a list are held to it.
    patterns: BTreeMap<&'a str, Option<Regex>>,
}

impl<'a> Check<'a> {
    fn push(&mut self, path: &str, problem: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(FieldProblem { field: path.to_owned(), problem: problem.into() });
        }
    }

    fn members(&mut self, fields: &'a [FieldDefinition], values: &Map<String, Value>, path: &str) {
        for (name, value) in values {
            let here = format!("{path}.{name}");
            match fields.iter().find(|field| &field.name == name) {
                Some(field) => self.value(field, value, &here),
                None => {
                    let names: Vec<&str> =
                        fields.iter().map(|field| field.name.as_str()).take(NAMES_MAX).collect();
                    self.push(&here, format!("is not a field here; these are: {}", names.join(", ")));
                }
            }
        }
    }

    fn value(&mut self, field: &'a FieldDefinition, value: &Value, path: &str) {
        match (field.field_type, value) {
            (_, Value::Null) | (FieldType::Boolean, Value::Bool(_)) => {}
            (FieldType::Number | FieldType::Currency, Value::Number(number)) => {
                if number.to_string().parse::<Decimal>().is_err() {
                    return self.push(path, "must be a number of at most 28 digits or null");
                }
                self.text(field, &number.to_string(), path);
            }
            (FieldType::Text | FieldType::Phone, Value::String(text)) => self.text(field, text, path),
            (FieldType::Email, Value::String(text)) if is_address(text) => self.text(field, text, path),
            (FieldType::Date, Value::String(text)) if is_day(text) => self.text(field, text, path),
            (FieldType::Object, Value::Object(members)) => self.members(&field.fields, members, path),
            (FieldType::Array, Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.item(field, item, &format!("{path}[{index}]"));
                }
            }
            (FieldType::Number | FieldType::Currency, _) => self.push(path, "must be a number or null"),
            (FieldType::Text | FieldType::Phone, _) => self.push(path, "must be a string or null"),
            (FieldType::Email, _) => self.push(path, "must be an e-mail address or null"),
            (FieldType::Date, _) => {
                self.push(path, "must be a calendar date such as \"2024-11-23\" or null");
            }
            (FieldType::Boolean, _) => self.push(path, "must be true, false or null"),
            (FieldType::Object, _) => self.push(path, "must be an object or null"),
            (FieldType::Array, _) => self.push(path, "must be an array or null"),
        }
    }

    fn item(&mut self, array: &'a FieldDefinition, item: &Value, path: &str) {
        match item {
            Value::Object(members) if !array.fields.is_empty() => self.members(&array.fields, members, path),
            Value::String(_) if array.fields.is_empty() => {}
            _ if array.fields.is_empty() => self.push(path, "must be a string"),
            _ => self.push(path, "must be an object"),
        }
    }

    /// What a definition says of a value's text beside its type.
    fn text(&mut self, field: &'a FieldDefinition, text: &str, path: &str) {
        if text.trim().is_empty() {
            self.push(path, "must not be empty: null says that the document has none");
        }
        if !field.enumeration.is_empty() && !field.enumeration.iter().any(|possible| possible == text) {
            self.push(path, format!("must be one of {}", field.enumeration.join(", ")));
        }
        let Some(pattern) = field.pattern.as_deref() else { return };
        let whole = self.patterns.entry(pattern).or_insert_with(|| {
            let whole = format!("^(?:{pattern})$");
            // A pattern was checked when the extractor was made.
            RegexBuilder::new(&whole).size_limit(limits::PATTERN_BYTES_MAX).build().ok()
        });
        if whole.as_ref().is_some_and(|whole| !whole.is_match(text)) {
            self.push(path, format!("must match {pattern}"));
        }
    }
}

fn is_address(text: &str) -> bool {
    text.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
        && !text.contains(char::is_whitespace)
}

/// Only the one form of ISO 8601, as extraction writes it.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.parse::<Date>().is_ok_and(|day| day.to_string() == text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fields() -> Vec<FieldDefinition> {
        let field = |name: &str, field_type| FieldDefinition::new(name, field_type, "");
        let mut state = field("state", FieldType::Text);
        state.enumeration = vec!["open".to_owned(), "closed".to_owned()];
        let mut part = field("part", FieldType::Text);
        part.pattern = Some("[A-Z]{2}-[0-9]{4}".to_owned());
        let mut lines = field("lines", FieldType::Array);
        lines.fields = vec![field("amount", FieldType::Currency)];
        let mut bank = field("bank", FieldType::Object);
        bank.fields = vec![field("iban", FieldType::Text)];
        vec![
            field("number", FieldType::Text),
            field("total", FieldType::Currency),
            field("day", FieldType::Date),
            field("mail", FieldType::Email),
            field("paid", FieldType::Boolean),
            field("tags", FieldType::Array),
            state,
            part,
            lines,
            bank,
        ]
    }

    fn problems(values: Value) -> Vec<String> {
        let Value::Object(values) = values else { panic!("not an object") };
        let problems = check_values(&fields(), &values, "fields");
        problems.into_iter().map(|problem| format!("{} {}", problem.field, problem.problem)).collect()
    }

    #[test]
    fn what_extraction_would_write_fits() {
        let values = json!({
            "number": "RE-1", "total": 1250.50, "day": "2024-02-29", "mail": "a@example.com", "paid": true,
            "tags": ["a"], "state": "open", "part": "XY-1234", "lines": [{"amount": 1.5}, {"amount": null}],
            "bank": {"iban": "DE89370400440532013000"},
        });
        assert_eq!(problems(values), [""; 0]);
        assert_eq!(problems(json!({"number": null, "lines": null})), [""; 0]);
    }

    #[test]
    fn of_a_list_full_of_mistakes_the_first_are_told() {
        assert_eq!(problems(json!({"tags": vec![1; 10_000]})).len(), PROBLEMS_MAX);
    }

    #[test]
    fn everything_that_does_not_fit_is_named_with_its_place() {
        for (values, problem) in [
            (json!({"shade": "1"}), "fields.shade is not a field here"),
            (json!({"number": 1}), "fields.number must be a string"),
            (json!({"number": " "}), "fields.number must not be empty"),
            (json!({"total": "1250.50"}), "fields.total must be a number"),
            (json!({"day": "2023-02-29"}), "fields.day must be a calendar date"),
            (json!({"day": "29.02.2024"}), "fields.day must be a calendar date"),
            (json!({"mail": "somebody"}), "fields.mail must be an e-mail address"),
            (json!({"paid": "yes"}), "fields.paid must be true, false"),
            (json!({"tags": [1]}), "fields.tags[0] must be a string"),
            (json!({"state": "Open"}), "fields.state must be one of open, closed"),
            (json!({"part": "XY-12345"}), "fields.part must match"),
            (json!({"lines": [{"amount": "1"}]}), "fields.lines[0].amount must be a number"),
            (json!({"lines": ["1"]}), "fields.lines[0] must be an object"),
            (json!({"bank": {"bic": "X"}}), "fields.bank.bic is not a field here"),
        ] {
            let told = problems(values);
            assert!(told.len() == 1 && told[0].starts_with(problem), "{told:?}");
        }
    }
}
