//! How right values are, and how honest their confidence, against known answers.
//!
//! Accuracy of a field is the mean over templates, since one sender's layout repeats, beside the plain share.
//! The calibration error is the expected one over ten bins; coverage is the largest share of the values, the
//! surest first, of which 95 % are right. Nothing here reads a file or prints.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;
use serde_json::Value;

use docextract_model::extractor::FieldType;

/// One field of one document beside its answer.
#[derive(Debug, Clone)]
pub struct Scored {
    pub extractor: String,
    pub template: String,
    pub field: String,
    pub was_found: bool,
    pub is_right: bool,
    pub confidence: f64,
}

/// How right a field is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Accuracy {
    pub extractor: String,
    pub field: String,
    /// The mean over templates, 0–1.
    pub by_template: f64,
    /// The share of documents, 0–1.
    pub by_document: f64,
    pub templates: usize,
    pub documents: usize,
}

/// Values of about one confidence.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Bin {
    /// Tenths: 9 is from 0.9.
    pub tenth: usize,
    pub values: usize,
    pub confidence_mean: f64,
    /// The share that is right, 0–1.
    pub right: f64,
}

/// How far confidence is from the share that is right.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Calibration {
    pub values: usize,
    pub expected_error: f64,
    /// Of the values, the share that can be taken unseen when 95 % of those taken shall be right.
    pub coverage_at_95: f64,
    pub bins: Vec<Bin>,
}

fn share(part: usize, all: usize) -> f64 {
    part as f64 / all.max(1) as f64
}

/// How many are right, and how many there are, by template.
type Templates<'a> = BTreeMap<&'a str, (usize, usize)>;

/// Accuracy of each field, by extractor and name.
#[must_use]
pub fn accuracy(scored: &[Scored]) -> Vec<Accuracy> {
    let mut fields: BTreeMap<(&str, &str), Templates<'_>> = BTreeMap::new();
    for one in scored {
        let templates = fields.entry((&one.extractor, &one.field)).or_default();
        let (right, all) = templates.entry(&one.template).or_default();
        *right += usize::from(one.is_right);
        *all += 1;
    }
    let of_field = |((extractor, field), templates): ((&str, &str), Templates<'_>)| {
        let (right, documents) = templates.values().fold((0, 0), |(right, all), (r, a)| (right + r, all + a));
        let sum: f64 = templates.values().map(|(right, all)| share(*right, *all)).sum();
        Accuracy {
            extractor: extractor.to_owned(),
            field: field.to_owned(),
            by_template: sum / templates.len().max(1) as f64,
            by_document: share(right, documents),
            templates: templates.len(),
            documents,
        }
    };
    fields.into_iter().map(of_field).collect()
}

/// Calibration over the values that were found.
#[must_use]
pub fn calibration(scored: &[Scored]) -> Calibration {
    let mut found: Vec<(f64, bool)> =
        scored.iter().filter(|one| one.was_found).map(|one| (one.confidence, one.is_right)).collect();
    let mut bins = [(0_usize, 0.0, 0_usize); 10];
    for (confidence, is_right) in &found {
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += confidence;
        bin.2 += usize::from(*is_right);
    }
    let expected_error = bins.iter().map(|(_, sum, right)| (sum - *right as f64).abs()).sum::<f64>()
        / found.len().max(1) as f64;
    found.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut covered) = (0_usize, 0_usize);
    for (index, (_, is_right)) in found.iter().enumerate() {
        right += usize::from(*is_right);
        if share(right, index + 1) >= 0.95 {
            covered = index + 1;
        }
    }
    let bin = |(tenth, (values, sum, right)): (usize, (usize, f64, usize))| Bin {
        tenth,
        values,
        confidence_mean: sum / values.max(1) as f64,
        right: share(right, values),
    };
    Calibration {
        values: found.len(),
        expected_error,
        coverage_at_95: share(covered, found.len()),
        bins: bins.into_iter().enumerate().map(bin).filter(|bin| bin.values > 0).collect(),
    }
}

/// Whether a value is the answer: numbers by what they are worth, dates exactly, lists row by row, everything else
/// without regard to case, marks and white space.
#[must_use]
pub fn is_right(field_type: FieldType, expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (_, Value::Null) => expected.is_null(),
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected
                    .iter()
                    .zip(found)
                    .all(|(expected, found)| is_right(FieldType::Object, expected, found))
        }
        (Value::Object(expected), Value::Object(found)) => expected.iter().all(|(name, expected)| {
            is_right(FieldType::Text, expected, found.get(name).unwrap_or(&Value::Null))
                || number(expected).is_some() && number(expected) == found.get(name).and_then(number)
        }),
        (Value::Bool(expected), Value::Bool(found)) => expected == found,
        _ => match field_type {
            FieldType::Number | FieldType::Currency => {
                number(expected).is_some() && number(expected) == number(found)
            }
            FieldType::Date => printed(expected) == printed(found),
            FieldType::Text
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Boolean
            | FieldType::Array
            | FieldType::Object => plain(&printed(expected)) == plain(&printed(found)),
        },
    }
}

fn printed(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn number(value: &Value) -> Option<Decimal> {
    printed(value).trim().parse().ok()
}

fn plain(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn scored(template: &str, is_right: bool, confidence: f64) -> Scored {
        Scored {
            extractor: "invoice".to_owned(),
            template: template.to_owned(),
            field: "total_amount".to_owned(),
            was_found: true,
            is_right,
            confidence,
        }
    }

    #[test]
    fn a_sender_that_repeats_counts_once_in_the_mean_over_templates() {
        let all =
            [scored("a", true, 0.9), scored("a", true, 0.9), scored("a", true, 0.9), scored("b", false, 0.4)];
        let found = &accuracy(&all)[0];
        assert_eq!((found.by_template, found.by_document), (0.5, 0.75));
        let calibration = calibration(&all);
        assert_eq!(calibration.coverage_at_95, 0.75);
        assert!((calibration.expected_error - (0.3 + 0.4) / 4.0).abs() < 1e-9, "{calibration:?}");
    }

    #[test]
    fn a_value_is_right_by_its_type() {
        use FieldType::{Array, Currency, Date, Text};
        assert!(is_right(Currency, &json!("1250.5"), &serde_json::from_str("1250.50").unwrap()));
        assert!(!is_right(Currency, &json!("1250.5"), &json!("1250.51")));
        assert!(is_right(Text, &json!("Acme Ltd."), &json!("ACME LTD")));
        assert!(!is_right(Date, &json!("2024-03-05"), &json!("2024-05-03")));
        assert!(!is_right(Text, &json!("x"), &Value::Null));
        let rows = json!([{ "name": "A", "amount": "2.0" }]);
        assert!(is_right(Array, &rows, &json!([{ "name": "a", "amount": 2.00, "more": 1 }])));
        assert!(!is_right(Array, &rows, &json!([])));
    }
}
