//! Other programs on the same documents: pdftotext, which gives text and no fields, and invoice2data with the
//! templates that it brings. Each is run as its users run it.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use docextract_extraction::scoring::is_right;
use docextract_model::extractor::FieldType;
use serde_json::Value;

use crate::data::Sample;
use crate::usage;

/// What is compared: ours, invoice2data's, and how it is judged.
const FIELDS: [(&str, &str, FieldType); 3] = [
    ("invoice_number", "invoice_number", FieldType::Text),
    ("invoice_date", "date", FieldType::Date),
    ("total_amount", "amount", FieldType::Currency),
];

pub struct Row {
    pub name: &'static str,
    /// Why there are no figures.
    pub missing: Option<String>,
    pub documents: usize,
    pub wall: Duration,
    pub used: Duration,
    /// Of the answers known for number, date and total, those that it gave.
    pub right: Option<(usize, usize)>,
}

/// Runs all of them on the invoices.
pub fn compare(program: &Path, invoice2data: &Path, samples: &[&Sample], work_dir: &Path) -> Vec<Row> {
    let files: Vec<PathBuf> = samples.iter().map(|sample| sample.path.clone()).collect();
    vec![
        ours(program, samples, &files),
        each("pdftotext, a process a file", &files, |file| {
            let mut command = Command::new("pdftotext");
            command.arg(file).arg("-");
            command
        }),
        by_invoice2data(invoice2data, samples, &files, work_dir),
    ]
}

fn ours(program: &Path, samples: &[&Sample], files: &[PathBuf]) -> Row {
    let (used, started) = (usage::of_ended_children(), Instant::now());
    let output = Command::new(program)
        .args(["extract", "--ignore-embedded-xml"])
        .args(files)
        .stderr(Stdio::null())
        .output()
        .expect("the program is built");
    let (wall, used) = (started.elapsed(), usage::of_ended_children() - used);
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().map(|line| serde_json::from_str(line).unwrap_or(Value::Null));
    let found: Vec<Value> = lines.map(|line: Value| line["extracted_data"].clone()).collect();
    let right = score(samples, |index, ours, _| found.get(index).map_or(Value::Null, |of| of[ours].clone()));
    let name = "docextract extract, one process for all";
    Row { name, missing: None, documents: files.len(), wall, used, right: Some(right) }
}

fn each(name: &'static str, files: &[PathBuf], command: impl Fn(&Path) -> Command) -> Row {
    let (used, started) = (usage::of_ended_children(), Instant::now());
    let mut missing = None;
    for file in files {
        let status = command(file).stdout(Stdio::null()).stderr(Stdio::null()).status();
        missing = missing.or(status.err().map(|error| format!("it could not be run: {error}")));
    }
    let (wall, used) = (started.elapsed(), usage::of_ended_children() - used);
    Row { name, missing, documents: files.len(), wall, used, right: None }
}

fn by_invoice2data(program: &Path, samples: &[&Sample], files: &[PathBuf], work_dir: &Path) -> Row {
    let name = "invoice2data with its templates, one process for all";
    let nothing = |why: &str| Row {
        name,
        missing: Some(why.to_owned()),
        documents: 0,
        wall: Duration::ZERO,
        used: Duration::ZERO,
        right: None,
    };
    if !program.is_file() {
        return nothing("it could not be installed here");
    }
    let out = work_dir.join("invoice2data.json");
    let _ = std::fs::remove_file(&out);
    let (used, started) = (usage::of_ended_children(), Instant::now());
    let status = Command::new(program)
        .args(["--output-format", "json", "--output-date-format", "%Y-%m-%d", "--output-name"])
        .arg(&out)
        .arg("--input-reader")
        .arg("pdftotext")
        .args(files)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    let (wall, used) = (started.elapsed(), usage::of_ended_children() - used);
    match status {
        Ok(status) if status.success() => {}
        Ok(status) => return nothing(&format!("it ended with {status}")),
        Err(error) => return nothing(&format!("it could not be run: {error}")),
    }
    // One object for each file that a template fits, and none for the others: they are told apart by nothing
    // but their number, so a value counts for the document that has this number as its answer.
    let text = std::fs::read_to_string(&out).unwrap_or_default();
    let found: Vec<Value> = serde_json::from_str(&text).unwrap_or_default();
    let right = score(samples, |index, _, theirs| {
        let number = samples[index].answers.get("invoice_number").unwrap_or(&Value::Null);
        let of = found.iter().find(|of| is_right(FieldType::Text, number, &of["invoice_number"]));
        of.map_or(Value::Null, |of| of[theirs].clone())
    });
    Row { name, missing: None, documents: files.len(), wall, used, right: Some(right) }
}

/// How many of the known answers were given, and how many there are.
fn score(samples: &[&Sample], found: impl Fn(usize, &str, &str) -> Value) -> (usize, usize) {
    let (mut right, mut all) = (0, 0);
    for (index, sample) in samples.iter().enumerate() {
        for (ours, theirs, field_type) in FIELDS {
            let Some(expected) = sample.answers.get(ours).filter(|answer| !answer.is_null()) else {
                continue;
            };
            all += 1;
            right += usize::from(is_right(field_type, expected, &found(index, ours, theirs)));
        }
    }
    (right, all)
}
