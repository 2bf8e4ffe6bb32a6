//! Extractors: what a user wants read from a document.
//!
//! An extractor is a list of field definitions. It is versioned: a change makes a new version and a
//! job keeps the version that it ran with. This module checks definitions and holds the ready-made
//! ones; it never looks at a document.

use std::borrow::Cow;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

use crate::json::objects;
use crate::limits;
pub use crate::ready_made::{ReadyMade, ready_made};

/// The type of a field's value, which decides how it is read and how it goes out as JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// A JSON string as printed, white space folded.
    Text,
    /// A JSON number with the printed decimals.
    Number,
    /// A monetary amount: a JSON number with the printed decimals, no currency sign.
    Currency,
    /// An ISO 8601 calendar date, `YYYY-MM-DD`.
    Date,
    /// An e-mail address as a JSON string.
    Email,
    /// A telephone number as printed, white space folded.
    Phone,
    /// A JSON boolean.
    Boolean,
    /// A JSON array; its items are objects of `fields`, or strings when `fields` is empty.
    Array,
    /// A JSON object of `fields`.
    Object,
}

/// Characters of a field's name.
const NAME_CHARS_MAX: usize = 64;
/// The same as a regular expression, without control characters.
const NAME_PATTERN: &str = r"^[^\x00-\x1f\x7f-\x9f]{1,64}$";

/// One thing to look for in a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FieldDefinition {
    /// The key in `extracted_data`: snake case is recommended.
    #[schemars(regex(pattern = NAME_PATTERN))]
    pub name: String,
    #[serde(rename = "type")]
    pub field_type: FieldType,
    #[serde(default)]
    pub required: bool,
    #[serde(default)]
    pub description: String,
    /// Labels to look for beside the words of `name` and `description`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schemars(length(max = limits::EXTRACTOR_ALIASES_MAX))]
    pub aliases: Vec<String>,
    /// A regular expression that the whole value must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(extend("format" = "regex"))]
    pub pattern: Option<String>,
    /// The values that are possible.
    #[serde(default, rename = "enum", skip_serializing_if = "Vec::is_empty")]
    pub enumeration: Vec<String>,
    /// The fields of an `object`, or of each item of an `array`.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "objects")]
    pub fields: Vec<FieldDefinition>,
}

impl FieldDefinition {
    /// A field with a name, a type and a description, and nothing else.
    #[must_use]
    pub fn new(name: &str, field_type: FieldType, description: &str) -> Self {
        Self {
            name: name.to_owned(),
            field_type,
            required: false,
            description: description.to_owned(),
            aliases: Vec::new(),
            pattern: None,
            enumeration: Vec::new(),
            fields: Vec::new(),
        }
    }

    #[must_use]
    pub(crate) fn required(mut self) -> Self {
        self.required = true;
        self
    }

    #[must_use]
    pub(crate) fn with_fields(mut self, fields: Vec<FieldDefinition>) -> Self {
        self.fields = fields;
        self
    }
}

/// What kind of document an extractor is for: `invoice`, `receipt`, or a name of the user's own.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentType(String);

/// What [`DocumentType::parse`] takes, as a regular expression.
pub const DOCUMENT_TYPE_PATTERN: &str = "^[a-z0-9_-]{1,64}$";

impl JsonSchema for DocumentType {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "DocumentType".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({"type": "string", "pattern": DOCUMENT_TYPE_PATTERN})
    }
}

impl DocumentType {
    /// Takes a name of 1 to 64 characters from `a-z 0-9 _ -`, or says what is wrong with it.
    pub fn parse(name: &str) -> Result<Self, String> {
        let fits = !name.is_empty()
            && name.len() <= 64
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_' || b == b'-');
        if fits {
            Ok(Self(name.to_owned()))
        } else {
            Err("must be 1 to 64 characters from a-z, 0-9, _ and -, for example \"invoice\"".to_owned())
        }
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Simple types cost one credit when they have one page.
    #[must_use]
    pub fn is_simple(&self) -> bool {
        matches!(self.as_str(), "receipt" | "form")
    }
}

/// A problem with one place of a request, for a 422 that names every place at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct FieldProblem {
    /// A path such as `field_definitions[2].pattern`.
    pub field: String,
    pub problem: String,
}

/// Checks a list of field definitions and returns every problem that it has; none means usable.
#[must_use]
pub fn check_field_definitions(fields: &[FieldDefinition]) -> Vec<FieldProblem> {
    let mut problems = Vec::new();
    if fields.is_empty() {
        problems.push(FieldProblem {
            field: "field_definitions".to_owned(),
            problem: "must name at least one field".to_owned(),
        });
    }
    check_level(fields, "field_definitions", 0, &mut problems);
    problems
}

fn push(problems: &mut Vec<FieldProblem>, field: String, problem: &str) {
    problems.push(FieldProblem { field, problem: problem.to_owned() });
}

fn check_level(fields: &[FieldDefinition], path: &str, depth: usize, problems: &mut Vec<FieldProblem>) {
    if fields.len() > limits::EXTRACTOR_FIELDS_MAX {
        push(problems, path.to_owned(), "has too many fields: at most 200 on one level");
        return;
    }
    if depth > limits::EXTRACTOR_DEPTH_MAX {
        push(problems, path.to_owned(), "is nested too deeply: at most 3 levels");
        return;
    }
    for (index, field) in fields.iter().enumerate() {
        let here = format!("{path}[{index}]");
        let name = &field.name;
        if name.is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
            push(problems, format!("{here}.name"), "must be 1 to 64 characters");
        }
        if fields[..index].iter().any(|earlier| &earlier.name == name) {
            push(problems, format!("{here}.name"), "stands twice: each field needs its own name");
        }
        if let Some(pattern) = &field.pattern
            && let Err(error) =
                regex::RegexBuilder::new(pattern).size_limit(limits::PATTERN_BYTES_MAX).build()
        {
            push(
                problems,
                format!("{here}.pattern"),
                &format!("is not a usable regular expression: {error}"),
            );
        }
        if field.aliases.len() > limits::EXTRACTOR_ALIASES_MAX {
            push(problems, format!("{here}.aliases"), "has too many entries: at most 50");
        }
        match field.field_type {
            FieldType::Object if field.fields.is_empty() => {
                push(problems, format!("{here}.fields"), "is needed for type object");
            }
            FieldType::Object | FieldType::Array => {}
            FieldType::Text
            | FieldType::Number
            | FieldType::Currency
            | FieldType::Date
            | FieldType::Email
            | FieldType::Phone
            | FieldType::Boolean => {
                if !field.fields.is_empty() {
                    push(problems, format!("{here}.fields"), "only goes with type array or object");
                }
            }
        }
        if !field.fields.is_empty() {
            check_level(&field.fields, &format!("{here}.fields"), depth + 1, problems);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_levels_of_fields_are_taken_and_a_fourth_is_named() {
        let nested = |fields| vec![FieldDefinition::new("a", FieldType::Array, "").with_fields(fields)];
        let third = nested(nested(vec![FieldDefinition::new("a", FieldType::Text, "")]));
        assert_eq!(check_field_definitions(&third), []);
        let problems = check_field_definitions(&nested(third));
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].field, "field_definitions[0].fields[0].fields[0].fields");
    }
}
