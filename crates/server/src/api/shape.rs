//! Everything that is wrong with a body, told by the schema that describes it.
//!
//! Reading JSON into a type stops at the first thing that does not fit, and a caller who is told one
//! mistake at a time asks five times. So when a body cannot be read, it is compared with the type's own
//! schema, the one that the API's description publishes, and every field that differs is named.
//!
//! It understands the keywords that our schemas are made of; a test fails when one has another. It never
//! decides whether a body is good: that is whether the type could be read.

use docextract_model::extractor::FieldProblem;
use docextract_model::time::Timestamp;
use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::{Map, Value};

/// Problems that one answer names. A body that is wrong throughout is not listed throughout.
const PROBLEMS_MAX: usize = 50;
/// Characters of a wrong value that a message repeats.
const GIVEN_CHARS_MAX: usize = 64;
/// Fields that a message lists as those that there are.
const NAMES_MAX: usize = 16;

/// How a JSON value differs from what `T` is read from.
pub(crate) fn problems<T: JsonSchema>(value: &Value) -> Vec<FieldProblem> {
    let schema =
        SchemaSettings::draft2020_12().for_deserialize().into_generator().into_root_schema_for::<T>();
    let schema = schema.to_value();
    let none = Map::new();
    problems_by(&schema, schema.get("$defs").and_then(Value::as_object).unwrap_or(&none), value)
}

/// The same by a schema that refers to named ones.
pub(crate) fn problems_by(schema: &Value, named: &Map<String, Value>, value: &Value) -> Vec<FieldProblem> {
    let mut walk = Walk { root: schema, named, found: Vec::new() };
    walk.compare(schema, value, "");
    walk.found
}

struct Walk<'a> {
    root: &'a Value,
    named: &'a Map<String, Value>,
    found: Vec<FieldProblem>,
}

impl<'a> Walk<'a> {
    fn push(&mut self, at: &str, problem: impl Into<String>) {
        if self.found.len() < PROBLEMS_MAX {
            let field = if at.is_empty() { "body" } else { at };
            self.found.push(FieldProblem { field: field.to_owned(), problem: problem.into() });
        }
    }

    /// The schema that a reference means.
    fn resolved(&self, schema: &'a Value) -> &'a Value {
        match schema.get("$ref").and_then(Value::as_str) {
            Some("#") => self.root,
            Some(reference) => {
                reference.rsplit('/').next().and_then(|name| self.named.get(name)).unwrap_or(schema)
            }
            None => schema,
        }
    }

    fn compare(&mut self, schema: &'a Value, value: &Value, at: &str) {
        let schema = self.resolved(schema);
        if let Some(variants) = variants(schema) {
            return self.compare_with_one_of(variants, value, at);
        }
        let kinds = kinds(schema);
        if !kinds.is_empty() && !kinds.iter().any(|kind| is_of(kind, value)) {
            let names: Vec<&str> = kinds.iter().map(|kind| in_words(kind)).collect();
            return self.push(at, format!("must be {}", names.join(" or ")));
        }
        if let Some(allowed) = schema.get("enum").and_then(Value::as_array)
            && !allowed.contains(value)
        {
            return self.push(at, one_of(allowed, value));
        }
        match value {
            Value::Object(object) => self.compare_object(schema, object, at),
            Value::Array(items) => self.compare_array(schema, items, at),
            Value::String(text) => self.compare_text(schema, text, at),
            Value::Number(number) => self.compare_number(schema, number, at),
            Value::Null | Value::Bool(_) => {}
        }
    }

    /// Null beside another shape is judged by that one; names are listed together.
    fn compare_with_one_of(&mut self, variants: &'a [Value], value: &Value, at: &str) {
        let variants: Vec<&'a Value> = variants.iter().map(|variant| self.resolved(variant)).collect();
        let (nulls, others): (Vec<&Value>, Vec<&Value>) =
            variants.into_iter().partition(|variant| kinds(variant) == ["null"]);
        if value.is_null() && !nulls.is_empty() {
            return;
        }
        match others.as_slice() {
            [only] => self.compare(only, value, at),
            several => {
                let names: Vec<Value> = several.iter().flat_map(|variant| names_in(variant)).collect();
                if !names.contains(value) {
                    self.push(at, one_of(&names, value));
                }
            }
        }
    }

    fn compare_object(&mut self, schema: &'a Value, object: &Map<String, Value>, at: &str) {
        if !self.has_length(schema, ["minProperties", "maxProperties"], count(object.len()), "fields", at) {
            return;
        }
        if let Some(names) = schema.get("propertyNames") {
            for name in object.keys() {
                self.compare(names, &Value::String(name.clone()), &below(at, name));
            }
        }
        let none = Map::new();
        let properties = schema.get("properties").and_then(Value::as_object);
        for required in schema.get("required").and_then(Value::as_array).into_iter().flatten() {
            if let Some(name) = required.as_str()
                && !object.contains_key(name)
            {
                self.push(&below(at, name), "is missing");
            }
        }
        let rest = schema.get("additionalProperties");
        for (name, value) in object {
            match (properties.and_then(|properties| properties.get(name)), rest) {
                (Some(property), _) => self.compare(property, value, &below(at, name)),
                (None, Some(Value::Bool(false))) => {
                    let known: Vec<&str> =
                        properties.unwrap_or(&none).keys().map(String::as_str).take(NAMES_MAX).collect();
                    self.push(
                        &below(at, name),
                        format!("is not a field here; these are: {}", known.join(", ")),
                    );
                }
                (None, Some(rest)) => self.compare(rest, value, &below(at, name)),
                (None, None) => {}
            }
        }
    }

    fn compare_array(&mut self, schema: &'a Value, items: &[Value], at: &str) {
        if !self.has_length(schema, ["minItems", "maxItems"], count(items.len()), "entries", at) {
            // A list that is too long is not looked through.
            return;
        }
        if let Some(each) = schema.get("items") {
            for (index, item) in items.iter().enumerate() {
                self.compare(each, item, &format!("{at}[{index}]"));
            }
        }
        if schema.get("uniqueItems") == Some(&Value::Bool(true)) {
            for (index, item) in items.iter().enumerate() {
                if items[..index].contains(item) {
                    self.push(&format!("{at}[{index}]"), "stands twice");
                }
            }
        }
    }

    fn compare_text(&mut self, schema: &'a Value, text: &str, at: &str) {
        let length = count(text.chars().count());
        if !self.has_length(schema, ["minLength", "maxLength"], length, "characters", at) {
            return;
        }
        if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
            && !regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
        {
            self.push(at, format!("must match {pattern}"));
        }
        let refused = schema.pointer("/not/pattern").and_then(Value::as_str);
        if let Some(pattern) = refused
            && regex::Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(text))
        {
            self.push(at, format!("must not match {pattern}"));
        }
        if schema.get("format").and_then(Value::as_str) == Some("date-time")
            && Timestamp::parse(text).is_none()
        {
            self.push(at, "must be an RFC 3339 time such as 2024-11-23T10:00:00Z");
        }
    }

    fn has_length(
        &mut self,
        schema: &Value,
        [least, most]: [&str; 2],
        length: u64,
        of: &str,
        at: &str,
    ) -> bool {
        let bound = |name: &str| schema.get(name).and_then(Value::as_u64);
        let problem = match (bound(least), bound(most)) {
            (Some(least), _) if length < least => format!("must have at least {least} {of}"),
            (_, Some(most)) if length > most => format!("must have at most {most} {of}"),
            (Some(_) | None, Some(_) | None) => return true,
        };
        self.push(at, problem);
        false
    }

    fn compare_number(&mut self, schema: &Value, number: &serde_json::Number, at: &str) {
        let bound = |name: &str| schema.get(name).and_then(Value::as_f64);
        let Some(number) = number.as_f64() else { return };
        if let Some(least) = bound("minimum").filter(|least| number < *least) {
            self.push(at, format!("must be at least {least}"));
        }
        if let Some(most) = bound("maximum").filter(|most| number > *most) {
            self.push(at, format!("must be at most {most}"));
        }
    }
}

/// Variants beside fields say which of the fields go together, which whoever reads the body knows better how
/// to say.
fn variants(schema: &Value) -> Option<&[Value]> {
    if schema.get("properties").is_some() {
        return None;
    }
    let variants = schema.get("oneOf").or_else(|| schema.get("anyOf"))?;
    variants.as_array().map(Vec::as_slice)
}

/// The values that a schema of names lists.
fn names_in(schema: &Value) -> Vec<Value> {
    match (schema.get("const"), schema.get("enum").and_then(Value::as_array)) {
        (Some(only), _) => vec![only.clone()],
        (None, Some(several)) => several.clone(),
        (None, None) => vec![],
    }
}

fn kinds(schema: &Value) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(kind)) => vec![kind],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
        Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_)) | None => vec![],
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "string" => value.is_string(),
        "integer" => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        "null" => value.is_null(),
        _ => true,
    }
}

fn in_words(kind: &str) -> &str {
    match kind {
        "string" => "a text",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "an object",
        other => other,
    }
}

/// What was given instead is told where it is short.
fn one_of(names: &[Value], given: &Value) -> String {
    let given = given.as_str().filter(|given| given.chars().count() <= GIVEN_CHARS_MAX);
    let given = given.map(|given| format!(", and is {given}")).unwrap_or_default();
    format!("must be one of {}{given}", listed(names))
}

fn listed(values: &[Value]) -> String {
    let words: Vec<String> =
        values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect();
    words.join(", ")
}

fn below(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}.{name}") }
}

fn count(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use schemars::generate::SchemaSettings;
    use serde_json::json;

    use super::*;
    use crate::api::openapi::description;

    fn told(schema: &Value, value: &Value) -> Vec<String> {
        let problems = problems_by(schema, &Map::new(), value);
        problems.iter().map(|problem| format!("{} {}", problem.field, problem.problem)).collect()
    }

    /// The keywords of a schema and of all schemas in it.
    fn keywords(schema: &Value, found: &mut BTreeSet<String>) {
        for (keyword, value) in schema.as_object().into_iter().flatten() {
            found.insert(keyword.clone());
            match keyword.as_str() {
                "properties" => {
                    for value in value.as_object().unwrap().values() {
                        keywords(value, found);
                    }
                }
                "oneOf" | "anyOf" => {
                    for value in value.as_array().unwrap() {
                        keywords(value, found);
                    }
                }
                "items" | "additionalProperties" | "propertyNames" => keywords(value, found),
                _ => {}
            }
        }
    }

    #[test]
    fn every_keyword_of_our_schemas_is_understood() {
        let mut found = BTreeSet::new();
        for schema in description()["components"]["schemas"].as_object().unwrap().values() {
            keywords(schema, &mut found);
        }
        let compared = [
            "$ref",
            "additionalProperties",
            "anyOf",
            "const",
            "enum",
            "format",
            "items",
            "maxItems",
            "maxLength",
            "maxProperties",
            "maximum",
            "minItems",
            "minLength",
            "minProperties",
            "minimum",
            "not",
            "oneOf",
            "pattern",
            "properties",
            "propertyNames",
            "required",
            "type",
            "uniqueItems",
        ];
        let annotations = ["contentEncoding", "default", "description", "examples"];
        for keyword in found {
            let is_known = compared.contains(&keyword.as_str()) || annotations.contains(&keyword.as_str());
            assert!(is_known, "{keyword} is not compared");
        }
        assert_eq!(SchemaSettings::draft2020_12().definitions_path, "/$defs");
    }

    #[test]
    fn an_object_that_is_one_of_several_is_compared_by_its_own_fields() {
        let schema = json!({
            "type": "object",
            "additionalProperties": false,
            "properties": {"a": {"type": ["string", "null"]}, "b": {"type": ["string", "null"]}},
            "oneOf": [
                {"properties": {"a": {"type": "string"}, "b": {"type": "null"}}, "required": ["a"]},
                {"properties": {"b": {"type": "string"}, "a": {"type": "null"}}, "required": ["b"]},
            ],
        });
        assert_eq!(told(&schema, &json!({"a": "x"})), Vec::<String>::new());
        assert_eq!(
            told(&schema, &json!({"a": 1, "c": 2})),
            ["a must be a text or null", "c is not a field here; these are: a, b"]
        );
    }

    #[test]
    fn what_differs_is_said_in_words() {
        let schema = json!({
            "type": "object",
            "required": ["a"],
            "additionalProperties": false,
            "properties": {
                "a": {"type": ["string", "null"], "minLength": 2},
                "b": {"type": "array", "items": {"type": "integer", "maximum": 9}, "maxItems": 3, "uniqueItems": true},
                "c": {"anyOf": [{"type": "object", "required": ["d"], "properties": {}}, {"type": "null"}]},
                "e": {"oneOf": [{"const": "x"}, {"enum": ["y", "z"]}]},
                "f": {"type": "string", "format": "date-time"},
            },
        });
        assert_eq!(
            told(&schema, &json!({"a": null, "c": null, "e": "z", "b": [1, 2]})),
            Vec::<String>::new()
        );
        assert_eq!(
            told(&schema, &json!({"b": [1, 10, 1, 1.5]})),
            ["a is missing", "b must have at most 3 entries"]
        );
        assert_eq!(
            told(&schema, &json!({"a": "é", "b": [1, 10, 1], "c": {}, "e": "w", "f": "now", "g": 1})),
            [
                "a must have at least 2 characters",
                "b[1] must be at most 9",
                "b[2] stands twice",
                "c.d is missing",
                "e must be one of x, y, z, and is w",
                "f must be an RFC 3339 time such as 2024-11-23T10:00:00Z",
                "g is not a field here; these are: a, b, c, e, f",
            ]
        );
        assert_eq!(told(&schema, &json!([])), ["body must be an object"]);
        assert_eq!(told(&schema, &json!({"a": 1})), ["a must be a text or null"]);
    }
}
