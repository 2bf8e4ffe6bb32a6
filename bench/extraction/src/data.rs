//! The documents that are measured, and their answers.

use std::path::{Path, PathBuf};

use docextract_extraction::{Limits, Request};
use docextract_model::extractor::{DocumentType, FieldDefinition};
use docextract_model::ready_made::ready_made;
use serde_json::{Map, Value};

pub struct Sample {
    pub path: PathBuf,
    pub extractor: String,
    /// What is right, by field.
    pub answers: Map<String, Value>,
}

/// The documents that `answers.jsonl` in the folder names.
pub fn known(folder: &Path) -> Vec<Sample> {
    let text = std::fs::read_to_string(folder.join("answers.jsonl")).expect("the folder has answers.jsonl");
    let sample = |line: &str| {
        let row: Value = serde_json::from_str(line).expect("a line of answers.jsonl is JSON");
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_owned();
        Sample {
            path: folder.join(text("file")),
            extractor: text("extractor"),
            answers: row["fields"].as_object().cloned().unwrap_or_default(),
        }
    };
    let samples = text.lines().filter(|line| !line.trim().is_empty()).map(sample);
    samples.filter(|sample| sample.path.is_file()).collect()
}

/// Every file below the folder, in the order of their names.
pub fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else {
                files.push(path);
            }
        }
    }
    files.sort();
    files
}

pub fn has_extension(path: &Path, wanted: &[&str]) -> bool {
    path.extension().and_then(|e| e.to_str()).is_some_and(|e| wanted.contains(&e.to_lowercase().as_str()))
}

/// The fields of a ready-made extractor; an invoice's for a kind that there is none for.
pub fn fields_of(extractor: &str) -> (DocumentType, Vec<FieldDefinition>) {
    let all = ready_made();
    let found = all.iter().find(|each| each.document_type == extractor).or_else(|| all.first());
    let found = found.expect("there are ready-made extractors");
    let document_type = DocumentType::parse(found.document_type).expect("it is one of ours");
    (document_type, found.field_definitions.clone())
}

pub fn request(bytes: Vec<u8>, extractor: &str, ignore_embedded_xml: bool) -> Request {
    let (document_type, fields) = fields_of(extractor);
    Request {
        bytes,
        owner: String::new(),
        filename: None,
        mime_type: None,
        password: None,
        document_type,
        fields,
        ignore_embedded_xml,
        lessons: Vec::new(),
        keep_pages: false,
        local_only: true,
        explain: false,
        limits: Limits::default(),
    }
}
