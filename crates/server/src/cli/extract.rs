//! `docextract extract`: documents read without a server, one JSON object a line.
//!
//! Files are read on all cores and printed in the order given. A file that cannot be read is a line
//! with its `error_details`, and the others go on. With `--explain` a person reads why each field has its
//! value ([`super::explain`]).

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use docextract_engine::Extract;
use docextract_engine::ambient::Clock as _;
use docextract_extraction::{Explanation, Extraction, Limits, Request};
use docextract_model::document_password::DocumentPassword;
use docextract_model::extractor::{
    DocumentType, FieldDefinition, FieldProblem, check_field_definitions, ready_made,
};
use docextract_model::failure::Failure;
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::engine::EngineChoice;
use super::{block_on, explain, hinted};
use crate::ambient::SystemClock;

#[derive(Args)]
pub(super) struct ExtractFiles {
    /// Documents to read
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// What to read from them: a ready-made extractor such as invoice, or a JSON file of field definitions
    #[arg(long, default_value = "invoice", value_name = "NAME|FILE")]
    extractor: String,
    /// Read the page even where the document carries its data as XML
    #[arg(long)]
    ignore_embedded_xml: bool,
    /// Show what was considered for each field and why one won, instead of the result
    #[arg(long)]
    explain: bool,
    /// The same as JSON: the result's line, with `explanations`
    #[arg(long, requires = "explain")]
    json: bool,
    #[command(flatten)]
    engine: EngineChoice,
    /// Opens the files that are encrypted. Other users of this machine can see what stands on a command
    /// line: the environment is the better place
    #[arg(long, value_name = "PASSWORD", env = "DOCEXTRACT_PASSWORD", hide_env_values = true, value_parser = parse_password)]
    password: Option<DocumentPassword>,
}

fn parse_password(text: &str) -> Result<DocumentPassword, String> {
    DocumentPassword::parse(text.to_owned())
}

/// A document type and the fields to look for.
#[derive(Clone)]
pub(super) struct Wanted {
    pub(super) document_type: DocumentType,
    pub(super) fields: Vec<FieldDefinition>,
}

/// One line of output.
#[derive(Serialize)]
struct Line {
    file: String,
    status: &'static str,
    extracted_data: Option<Map<String, Value>>,
    confidence: Option<Map<String, Value>>,
    citations: Option<Map<String, Value>>,
    error_details: Option<ErrorDetails>,
    processing_time_ms: u64,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    explanations: Vec<Explanation>,
}

/// Why a file gave nothing: as in a failed job, or that the file itself could not be read.
#[derive(Serialize)]
struct ErrorDetails {
    code: String,
    message: String,
    suggestion: String,
}

impl From<Failure> for ErrorDetails {
    fn from(failure: Failure) -> Self {
        let code = failure.code.as_str().to_owned();
        Self { code, message: failure.message, suggestion: failure.suggestion }
    }
}

impl ExtractFiles {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let wanted = wanted(&self.extractor)?;
        if self.explain && !self.engine.is_rules() {
            return Err(hinted(
                "--explain says what the rules did, and a language model gives no reasons",
                "leave out --engine, or --explain",
            ));
        }
        let engine = self.engine.start()?;
        let all_completed = block_on(async move { self.print_all(engine.as_ref(), &wanted).await })?;
        Ok(if all_completed { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }

    async fn print_all(&self, engine: &dyn Extract, wanted: &Wanted) -> anyhow::Result<bool> {
        let count = self.files.len();
        let reads = self.files.iter().map(|file| self.read_one(engine, wanted, file));
        let mut lines = futures_util::stream::iter(reads).buffered(cores());
        let mut all_completed = true;
        let mut number = 0;
        while let Some(line) = lines.next().await {
            number += 1;
            all_completed &= line.error_details.is_none();
            if count > 1 {
                eprintln!("{number}/{count} {} {} ({} ms)", line.file, line.status, line.processing_time_ms);
            }
            let mut stdout = std::io::stdout().lock();
            if self.explain && !self.json && line.error_details.is_none() {
                explain::print(&mut stdout, &line.file, &line.explanations)?;
            } else {
                serde_json::to_writer(&mut stdout, &line)?;
                stdout.write_all(b"\n")?;
            }
            stdout.flush()?;
        }
        Ok(all_completed)
    }

    async fn read_one(&self, engine: &dyn Extract, wanted: &Wanted, file: &Path) -> Line {
        let started_at = SystemClock.now();
        let outcome = match read_file(file).await {
            Err(error) => Err(error),
            Ok(bytes) => {
                let request = Request {
                    bytes: Vec::new(),
                    filename: file.file_name().map(|name| name.to_string_lossy().into_owned()),
                    mime_type: None,
                    password: self.password.clone(),
                    document_type: wanted.document_type.clone(),
                    fields: wanted.fields.clone(),
                    // One person gave all of them.
                    owner: String::new(),
                    lessons: Vec::new(),
                    keep_pages: false,
                    local_only: false,
                    ignore_embedded_xml: self.ignore_embedded_xml,
                    explain: self.explain,
                    limits: Limits::default(),
                };
                engine.extract(request, &bytes).await.map_err(ErrorDetails::from)
            }
        };
        line(file, outcome, SystemClock.now().ms_since(started_at))
    }
}

/// Files that are read at once.
pub(super) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

async fn read_file(file: &Path) -> Result<Vec<u8>, ErrorDetails> {
    let error_details = |code: &str, message: String| ErrorDetails {
        code: code.to_owned(),
        message,
        suggestion: "Check the path and its permissions.".to_owned(),
    };
    let unreadable = |error: std::io::Error| {
        error_details("file_unreadable", format!("{} could not be read: {error}.", file.display()))
    };
    let size = tokio::fs::metadata(file).await.map_err(unreadable)?.len();
    // A file beyond the limit is refused before it fills the memory.
    if size > Limits::default().document_bytes_max {
        return Err(Failure::new(docextract_model::failure::FailureCode::DocumentTooLarge).into());
    }
    tokio::fs::read(file).await.map_err(unreadable)
}

fn line(file: &Path, outcome: Result<Extraction, ErrorDetails>, processing_time_ms: u64) -> Line {
    let file = file.display().to_string();
    match outcome {
        Ok(extraction) => Line {
            file,
            status: "completed",
            extracted_data: Some(extraction.extracted_data),
            confidence: Some(extraction.confidence),
            citations: Some(extraction.citations),
            error_details: None,
            processing_time_ms,
            warnings: extraction.warnings,
            explanations: extraction.explanations,
        },
        Err(error_details) => Line {
            file,
            status: "failed",
            extracted_data: None,
            confidence: None,
            citations: None,
            error_details: Some(error_details),
            processing_time_ms,
            warnings: Vec::new(),
            explanations: Vec::new(),
        },
    }
}

/// A ready-made extractor by its name, or the field definitions in a file.
pub(super) fn wanted(extractor: &str) -> anyhow::Result<Wanted> {
    let known = ready_made();
    if let Some(found) = known.iter().find(|each| each.document_type == extractor) {
        let document_type = DocumentType::parse(found.document_type).map_err(anyhow::Error::msg)?;
        return Ok(Wanted { document_type, fields: found.field_definitions.clone() });
    }
    let names: Vec<&str> = known.iter().map(|each| each.document_type).collect();
    let what_exists = format!("use {}, or a JSON file of field definitions", names.join(", "));
    let text = std::fs::read_to_string(extractor).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => hinted(format!("there is no extractor {extractor:?}"), &*what_exists),
        _ => hinted(format!("{extractor} could not be read: {error}"), &*what_exists),
    })?;
    parse_schema(&text).map_err(|problem| {
        hinted(
            format!("{extractor} is not a usable extractor: {problem}"),
            "it is {\"field_definitions\": [{\"name\": \"…\", \"type\": \"text\"}]}, or only that list",
        )
    })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Schema {
    #[serde(default)]
    document_type: Option<String>,
    field_definitions: Vec<FieldDefinition>,
}

/// What a document is called whose schema does not say.
const DOCUMENT_TYPE_DEFAULT: &str = "custom";

fn parse_schema(text: &str) -> Result<Wanted, String> {
    let is_list = text.trim_start().starts_with('[');
    let schema: Schema = if is_list {
        serde_json::from_str(text).map(|field_definitions| Schema { document_type: None, field_definitions })
    } else {
        serde_json::from_str(text)
    }
    .map_err(|error| error.to_string())?;
    let document_type = schema.document_type.as_deref().unwrap_or(DOCUMENT_TYPE_DEFAULT);
    let document_type =
        DocumentType::parse(document_type).map_err(|problem| format!("document_type {problem}"))?;
    let problems = check_field_definitions(&schema.field_definitions);
    if problems.is_empty() {
        Ok(Wanted { document_type, fields: schema.field_definitions })
    } else {
        let sentence = |each: &FieldProblem| format!("{} {}", each.field, each.problem);
        Err(problems.iter().map(sentence).collect::<Vec<_>>().join("; "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schema_is_an_object_or_a_bare_list() {
        let list = r#"[{"name": "contract_number", "type": "text"}]"#;
        assert_eq!(parse_schema(list).ok().unwrap().fields.len(), 1);
        let object = format!(r#"{{"document_type": "contract", "field_definitions": {list}}}"#);
        assert_eq!(parse_schema(&object).ok().unwrap().document_type.as_str(), "contract");
    }

    #[test]
    fn a_wrong_schema_says_where_it_is_wrong() {
        let problem = parse_schema(r#"[{"name": "x", "type": "text", "pattern": "("}]"#).err().unwrap();
        assert!(problem.contains("field_definitions[0].pattern"), "{problem}");
        assert!(wanted("no-such").is_err());
    }
}
