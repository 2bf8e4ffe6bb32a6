//! What a handler's own types say about its route.
//!
//! A handler is a function from what it takes to what it answers. Each type that may stand in its
//! signature says what it means for the API's description: [`Takes`] for the arguments, [`Answers`] for
//! the result. So a body, a parameter or a status cannot be described other than it is, and a handler
//! with a type that says nothing does not compile into the table of routes.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::app::App;
use super::error::{ApiError, ErrorCode};
use crate::html::Page;

/// Where a description keeps its schemas. Those of bodies are first put apart: what may be left out of
/// a body stands in every answer, so one type can have two schemas.
const ANSWERED: &str = "/components/schemas";
const TAKEN: &str = "/components/taken";

/// The schemas that were asked for so far.
pub(crate) struct Schemas {
    taken: SchemaGenerator,
    answered: SchemaGenerator,
}

impl Default for Schemas {
    fn default() -> Self {
        let at =
            |path: &'static str| SchemaSettings::draft2020_12().with(|s| s.definitions_path = path.into());
        Self {
            taken: at(TAKEN).for_deserialize().into_generator(),
            answered: at(ANSWERED).for_serialize().into_generator(),
        }
    }
}

impl Schemas {
    pub(crate) fn taken<T: JsonSchema>(&mut self) -> Value {
        self.taken.subschema_for::<T>().to_value()
    }

    pub(crate) fn answered<T: JsonSchema>(&mut self) -> Value {
        self.answered.subschema_for::<T>().to_value()
    }

    pub(crate) fn generator(&mut self) -> &mut SchemaGenerator {
        &mut self.answered
    }

    /// Adds every schema that has a name to a document that refers to them. A type that is taken
    /// otherwise than it is answered has two, and `Input` behind the name of the one.
    pub(crate) fn write_into(mut self, document: &mut Value) {
        let mut schemas = self.answered.take_definitions(true);
        // An answer may have more fields in a later version.
        for schema in schemas.values_mut().filter_map(Value::as_object_mut) {
            if schema.get("additionalProperties") == Some(&Value::Bool(false)) {
                schema.remove("additionalProperties");
            }
        }
        let mut renamed = Vec::new();
        let taken = self.taken.take_definitions(true);
        for (name, schema) in &taken {
            let (from, to) = (format!("#{TAKEN}/{name}"), format!("#{ANSWERED}/{name}"));
            let is_the_same = schemas.get(name).is_none_or(|answered| *answered == at_home(schema));
            renamed.push((from, if is_the_same { to } else { format!("{to}Input") }));
        }
        for (name, schema) in taken {
            let to = renamed.iter().find(|(from, _)| *from == format!("#{TAKEN}/{name}"));
            let name = to.and_then(|(_, to)| Some(to.rsplit_once('/')?.1.to_owned())).unwrap_or(name);
            schemas.insert(name, schema);
        }
        schemas.sort_keys();
        document["components"]["schemas"] = Value::Object(schemas);
        each_reference(document, &mut |reference| {
            if let Some((_, to)) = renamed.iter().find(|(from, _)| from == reference) {
                reference.clone_from(to);
            }
        });
    }
}

/// A schema of a body as it would be among those of answers.
fn at_home(schema: &Value) -> Value {
    let mut schema = schema.clone();
    each_reference(&mut schema, &mut |reference| {
        if let Some(name) = reference.strip_prefix(&format!("#{TAKEN}")) {
            *reference = format!("#{ANSWERED}{name}");
        }
    });
    schema
}

fn each_reference(value: &mut Value, change: &mut impl FnMut(&mut String)) {
    match value {
        Value::Object(object) => {
            for (key, value) in object {
                match value {
                    Value::String(reference) if key == "$ref" => change(reference),
                    Value::Null
                    | Value::Bool(_)
                    | Value::Number(_)
                    | Value::String(_)
                    | Value::Array(_)
                    | Value::Object(_) => each_reference(value, change),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(|value| each_reference(value, change)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// What a route takes and answers, gathered from its handler.
pub(crate) struct Operation<'a> {
    pub(crate) schemas: &'a mut Schemas,
    pub(crate) parameters: Vec<Value>,
    /// By media type.
    pub(crate) body: Map<String, Value>,
    pub(crate) is_body_required: bool,
    pub(crate) answers: Vec<Answer>,
    pub(crate) errors: BTreeSet<ErrorCode>,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) about: &'static str,
    /// Its media type and schema, where it has a body.
    pub(crate) content: Option<(&'static str, Value)>,
}

impl<'a> Operation<'a> {
    pub(crate) fn new(schemas: &'a mut Schemas) -> Self {
        Self {
            schemas,
            parameters: Vec::new(),
            body: Map::new(),
            is_body_required: false,
            answers: Vec::new(),
            errors: BTreeSet::new(),
        }
    }

    pub(crate) fn fails_with(&mut self, codes: &[ErrorCode]) {
        self.errors.extend(codes);
    }

    fn answer_json<T: JsonSchema>(&mut self, status: StatusCode, about: &'static str) {
        let schema = self.schemas.answered::<T>();
        self.answers.push(Answer { status, about, content: Some(("application/json", schema)) });
    }
}

/// A type that a handler takes.
pub(crate) trait Takes {
    fn describe(operation: &mut Operation);
}

/// A type that a handler answers with.
pub(crate) trait Answers {
    fn describe(operation: &mut Operation);
}

/// A handler that says what it takes and answers. `Signature` tells functions apart by their arguments.
pub(crate) trait Describes<Signature> {
    fn describe(operation: &mut Operation);
}

macro_rules! functions_of {
    ($($argument:ident)*) => {
        impl<F, Answering, Answered, $($argument,)*> Describes<($($argument,)*)> for F
        where
            F: Fn($($argument),*) -> Answering,
            Answering: Future<Output = Answered>,
            Answered: Answers,
            $($argument: Takes,)*
        {
            fn describe(operation: &mut Operation) {
                $($argument::describe(operation);)*
                Answered::describe(operation);
            }
        }
    };
}

functions_of! {}
functions_of! { A }
functions_of! { A B }
functions_of! { A B C }
functions_of! { A B C D }
functions_of! { A B C D E }
functions_of! { A B C D E G }

impl Takes for State<Arc<App>> {
    fn describe(_: &mut Operation) {}
}

/// 201 with what was made.
pub(crate) struct Created<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Created<T> {
    fn into_response(self) -> Response {
        (StatusCode::CREATED, Json(self.0)).into_response()
    }
}

/// 202 with what will be done.
pub(crate) struct Accepted<T>(pub(crate) T);

impl<T: Serialize> IntoResponse for Accepted<T> {
    fn into_response(self) -> Response {
        (StatusCode::ACCEPTED, Json(self.0)).into_response()
    }
}

/// 204.
pub(crate) struct NoContent;

impl IntoResponse for NoContent {
    fn into_response(self) -> Response {
        StatusCode::NO_CONTENT.into_response()
    }
}

impl<T: Answers> Answers for Result<T, ApiError> {
    fn describe(operation: &mut Operation) {
        T::describe(operation);
    }
}

impl<T: JsonSchema> Answers for Json<T> {
    fn describe(operation: &mut Operation) {
        operation.answer_json::<T>(StatusCode::OK, "As asked for.");
    }
}

impl<T: JsonSchema> Answers for Created<T> {
    fn describe(operation: &mut Operation) {
        operation.answer_json::<T>(StatusCode::CREATED, "It was made.");
    }
}

impl<T: JsonSchema> Answers for Accepted<T> {
    fn describe(operation: &mut Operation) {
        operation.answer_json::<T>(StatusCode::ACCEPTED, "It is durable, and will be done.");
    }
}

impl Answers for NoContent {
    fn describe(operation: &mut Operation) {
        operation.answers.push(Answer {
            status: StatusCode::NO_CONTENT,
            about: "It is done.",
            content: None,
        });
    }
}

impl Answers for Page {
    fn describe(operation: &mut Operation) {
        let content = Some(("text/html", json!({"type": "string"})));
        operation.answers.push(Answer { status: StatusCode::OK, about: "A page for people.", content });
    }
}
