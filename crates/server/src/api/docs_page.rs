//! The page at `/docs`: the API's description for people, made from the same document that
//! `/openapi.json` serves. It needs no script and loads nothing from elsewhere.

use std::fmt::Write as _;
use std::sync::LazyLock;

use serde_json::Value;

use super::openapi::description;
use crate::html::{Page, escape, page};

static BODY: LazyLock<String> = LazyLock::new(|| body(description()));

pub(crate) async fn show() -> Page {
    page("API", &BODY, None)
}

/// Adds to a text. Writing to a String cannot fail.
macro_rules! add {
    ($to:expr, $($what:tt)*) => {
        let _ = write!($to, $($what)*);
    };
}

fn body(document: &Value) -> String {
    let mut html = String::new();
    for paragraph in text(&document["info"]["description"]).split("\n\n") {
        add!(html, "<p>{}</p>\n", marked(paragraph));
    }
    html.push_str(
        "<p><a href=\"/openapi.json\">This description as OpenAPI 3.1</a>, and \
         <a href=\"/docs/errors\">every error code</a> with what to do about it.</p>\n",
    );
    contents(&mut html, document);
    for (path, method, operation) in operations(document) {
        show_operation(&mut html, document, path, method, operation);
    }
    html.push_str("<h2 id=\"events\">Events</h2><p>What the server posts to webhooks.</p>\n");
    for (event, item) in object(&document["webhooks"]) {
        show_event(&mut html, event, &item["post"]);
    }
    html.push_str("<h2 id=\"schemas\">Schemas</h2>\n");
    for (name, schema) in object(&document["components"]["schemas"]) {
        show_schema(&mut html, name, schema);
    }
    html
}

fn contents(html: &mut String, document: &Value) {
    html.push_str("<nav aria-label=\"Contents\">");
    for tag in array(&document["tags"]) {
        let name = text(&tag["name"]);
        add!(html, "<h2>{}</h2><p>{}</p><ul>", escape(name), marked(text(&tag["description"])));
        for (path, method, operation) in operations(document) {
            if operation["tags"][0] == tag["name"] {
                add!(
                    html,
                    "<li><a href=\"#{}\"><code>{} {}</code></a> {}</li>",
                    text(&operation["operationId"]),
                    method.to_uppercase(),
                    escape(path),
                    escape(text(&operation["summary"]))
                );
            }
        }
        html.push_str("</ul>\n");
    }
    html.push_str("<p><a href=\"#events\">Events</a> · <a href=\"#schemas\">Schemas</a></p></nav>\n");
}

fn show_operation(html: &mut String, document: &Value, path: &str, method: &str, operation: &Value) {
    let name = text(&operation["operationId"]);
    add!(
        html,
        "<section id=\"{name}\"><h2><a href=\"#{name}\"><code>{} {}</code></a></h2><p><strong>{}.</strong> {}</p>\n",
        method.to_uppercase(),
        escape(path),
        escape(text(&operation["summary"])),
        marked(text(&operation["description"]))
    );
    let parameters = array(&operation["parameters"]);
    if !parameters.is_empty() {
        html.push_str("<h3>Parameters</h3><table><tr><th>name</th><th>in</th><th>type</th><th></th></tr>");
        for parameter in parameters {
            let required = if parameter["required"] == true { "required. " } else { "" };
            add!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{required}{}</td></tr>",
                escape(text(&parameter["name"])),
                escape(text(&parameter["in"])),
                type_of(&parameter["schema"]),
                marked(text(&parameter["description"]))
            );
        }
        html.push_str("</table>\n");
    }
    let body = &operation["requestBody"];
    for (media_type, content) in object(&body["content"]) {
        let optional = if body["required"] == true { "" } else { ", may be left out" };
        add!(
            html,
            "<h3>Body</h3><p><code>{}</code>{optional}: {}</p>\n",
            escape(media_type),
            type_of(&content["schema"])
        );
        show_example(html, resolved(document, &content["schema"]));
    }
    html.push_str("<h3>Answers</h3><table>");
    for (status, response) in object(&operation["responses"]) {
        show_response(html, document, status, resolved(document, response));
    }
    html.push_str("</table></section>\n");
}

fn show_response(html: &mut String, document: &Value, status: &str, response: &Value) {
    add!(html, "<tr><td><code>{}</code></td><td>", escape(status));
    let codes: Vec<&str> =
        object(&response["content"]["application/json"]["examples"]).map(|(code, _)| code).collect();
    if codes.is_empty() {
        add!(html, "{}", marked(text(&response["description"])));
        for (media_type, content) in object(&response["content"]) {
            let schema = &content["schema"];
            add!(html, " <code>{}</code> {}", escape(media_type), type_of(schema));
            show_example(html, resolved(document, schema));
        }
    }
    for code in codes {
        add!(html, "<a href=\"/docs/errors#{code}\"><code>{code}</code></a> ");
    }
    html.push_str("</td></tr>");
}

fn show_event(html: &mut String, event: &str, operation: &Value) {
    let data = &operation["requestBody"]["content"]["application/json"]["schema"]["properties"]["data"];
    add!(
        html,
        "<section id=\"event-{event}\"><h3><a href=\"#event-{event}\"><code>{event}</code></a></h3><p>{}. Its \
         <code>data</code>: {}</p></section>\n",
        escape(text(&operation["summary"])),
        type_of(data)
    );
}

fn show_schema(html: &mut String, name: &str, schema: &Value) {
    add!(
        html,
        "<section id=\"schema-{name}\"><h3><a href=\"#schema-{name}\">{name}</a></h3><p>{}</p>\n",
        marked(text(&schema["description"]))
    );
    let required: Vec<&str> = array(&schema["required"]).iter().map(text).collect();
    let mut properties = object(&schema["properties"]).peekable();
    if properties.peek().is_none() {
        add!(html, "<p>{}</p>", type_of(schema));
    } else {
        html.push_str("<table><tr><th>field</th><th>type</th><th></th></tr>");
        for (field, property) in properties {
            let optional = if required.contains(&field) { "" } else { "may be left out. " };
            add!(
                html,
                "<tr><td><code>{}</code></td><td>{}</td><td>{optional}{}</td></tr>",
                escape(field),
                type_of(property),
                marked(text(&property["description"]))
            );
        }
        html.push_str("</table>\n");
    }
    show_example(html, schema);
    html.push_str("</section>\n");
}

fn show_example(html: &mut String, schema: &Value) {
    if let Some(example) = schema["examples"].get(0) {
        let written = serde_json::to_string_pretty(example).unwrap_or_default();
        add!(html, "<pre>{}</pre>\n", escape(&written));
    }
}

/// A schema in a few words, with links to those that have a name.
fn type_of(schema: &Value) -> String {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = escape(reference.rsplit('/').next().unwrap_or(reference));
        return format!("<a href=\"#schema-{name}\">{name}</a>");
    }
    let variants = [&schema["oneOf"], &schema["anyOf"]].into_iter().flat_map(array);
    let alternatives: Vec<String> = variants.map(type_of).collect();
    if !alternatives.is_empty() {
        return alternatives.join(" or ");
    }
    if let Some(only) = schema.get("const") {
        return format!("<code>{}</code>", escape(&only.to_string()));
    }
    if let Some(names) = schema["enum"].as_array() {
        let names: Vec<String> =
            names.iter().map(|name| format!("<code>{}</code>", escape(&name.to_string()))).collect();
        return names.join(" or ");
    }
    let mut words = match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => kinds.iter().map(text).collect::<Vec<_>>().join(" or "),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => "anything".to_owned(),
    };
    if schema["items"].is_object() {
        add!(words, " of {}", type_of(&schema["items"]));
    }
    for (keyword, means) in [
        ("format", ""),
        ("pattern", ""),
        ("minimum", "at least "),
        ("maximum", "at most "),
        ("minLength", "at least characters: "),
        ("maxLength", "at most characters: "),
        ("minItems", "at least entries: "),
        ("maxItems", "at most entries: "),
        ("default", "by default "),
    ] {
        if let Some(value) = schema.get(keyword) {
            let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            add!(words, ", {means}<code>{}</code>", escape(&value));
        }
    }
    words
}

/// Every operation with its path and its method.
fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    object(&document["paths"])
        .flat_map(|(path, item)| object(item).map(move |(method, operation)| (path, method, operation)))
}

/// What a reference means, or the value itself.
fn resolved<'a>(document: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
    reference.and_then(|pointer| document.pointer(pointer)).unwrap_or(value)
}

/// Text with `code` between backticks and `- ` before the lines of a list.
fn marked(text: &str) -> String {
    let mut html = String::new();
    for (index, part) in escape(text).split('`').enumerate() {
        if index % 2 == 1 {
            add!(html, "<code>{part}</code>");
        } else {
            html.push_str(part);
        }
    }
    html
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("")
}

fn array(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn object(value: &Value) -> impl Iterator<Item = (&str, &Value)> {
    value.as_object().into_iter().flatten().map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_link_of_the_page_leads_to_a_place_on_it() {
        let mut links = 0;
        for link in BODY.split("href=\"#").skip(1) {
            let (anchor, _) = link.split_once('"').unwrap();
            assert!(BODY.contains(&format!("id=\"{anchor}\"")), "{anchor}");
            links += 1;
        }
        assert!(links > 100, "{links}");
    }

    #[test]
    fn every_operation_event_and_schema_is_on_the_page() {
        let document = description();
        for (_, _, operation) in operations(document) {
            assert!(BODY.contains(&format!("<section id=\"{}\"", text(&operation["operationId"]))));
        }
        for (event, _) in object(&document["webhooks"]) {
            assert!(BODY.contains(&format!("id=\"event-{event}\"")), "{event}");
        }
        for (name, _) in object(&document["components"]["schemas"]) {
            assert!(BODY.contains(&format!("id=\"schema-{name}\"")), "{name}");
        }
    }

    #[test]
    fn the_page_has_no_script_and_loads_nothing() {
        for word in ["<script", "<img", "<link", "<iframe", "onclick", "javascript:", "src="] {
            assert!(!BODY.contains(word), "{word}");
        }
    }
}
