//! `docextract eval`: how right the extraction is on documents of one's own, with known answers.
//!
//! A folder holds the documents and `answers.jsonl`, one object a line:
//! `{"file": "a.pdf", "extractor": "invoice", "template": "sender", "fields": {"total_amount": "12.50"}}`.
//! `extractor` is as for `extract --extractor`, a file of field definitions being looked for in the folder;
//! `template` names the layout, so that a sender that repeats does not outweigh the others, and is the file's
//! name where it is left out. Fields without an answer are not scored. Each document is read as `extract` reads
//! it, in a child process.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use docextract_engine::Extract;
use docextract_engine::ambient::Clock as _;
use docextract_extraction::scoring::{Accuracy, Calibration, Scored, accuracy, calibration, is_right};
use docextract_extraction::{Limits, Request};
use futures_util::StreamExt as _;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::engine::EngineChoice;
use super::extract::{Wanted, cores, wanted};
use super::{block_on, hinted};
use crate::ambient::SystemClock;

#[derive(Args)]
pub(super) struct Eval {
    /// The documents, and answers.jsonl that says what is right
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    #[command(flatten)]
    engine: EngineChoice,
    /// One JSON object instead of tables
    #[arg(long)]
    json: bool,
}

#[derive(Deserialize)]
struct Row {
    file: String,
    extractor: String,
    #[serde(default)]
    template: Option<String>,
    fields: Map<String, Value>,
    /// Read the page even where the document carries its data as XML.
    #[serde(default)]
    hide_embedded_xml: bool,
}

/// What came of one document.
struct Read {
    scored: Vec<Scored>,
    failure: Option<String>,
    pages: u64,
    took_ms: u64,
}

#[derive(Serialize)]
struct Report {
    documents: usize,
    failed: Vec<String>,
    pages: u64,
    ms_per_page: u64,
    fields: Vec<Accuracy>,
    calibration: Calibration,
}

impl Eval {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let rows = rows(&self.folder)?;
        let engine = self.engine.start()?;
        let report = block_on(report(&self.folder, &rows, engine.as_ref()))?;
        if self.json {
            println!("{}", serde_json::to_string(&report)?);
        } else {
            print(&report);
        }
        Ok(ExitCode::SUCCESS)
    }
}

fn rows(folder: &Path) -> anyhow::Result<Vec<Row>> {
    let path = folder.join("answers.jsonl");
    let what = "a line of it is {\"file\": \"a.pdf\", \"extractor\": \"invoice\", \"fields\": {\"total_amount\": \"12.50\"}}";
    let text = std::fs::read_to_string(&path)
        .map_err(|error| hinted(format!("{} could not be read: {error}", path.display()), what))?;
    let row = |(index, line): (usize, &str)| {
        serde_json::from_str(line)
            .map_err(|error| hinted(format!("{}, line {}: {error}", path.display(), index + 1), what))
    };
    let rows: Vec<Row> = text
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(row)
        .collect::<Result<_, _>>()?;
    if rows.is_empty() {
        return Err(hinted(format!("{} has no line", path.display()), what));
    }
    Ok(rows)
}

async fn report(folder: &Path, rows: &[Row], engine: &dyn Extract) -> anyhow::Result<Report> {
    let mut reads = Vec::new();
    for row in rows {
        let in_folder = folder.join(&row.extractor);
        let extractor =
            if in_folder.is_file() { in_folder.display().to_string() } else { row.extractor.clone() };
        reads.push(read(folder, row, wanted(&extractor)?, engine));
    }
    let mut reads = futures_util::stream::iter(reads).buffered(cores());
    let (mut scored, mut failed, mut pages, mut took_ms) = (Vec::new(), Vec::new(), 0, 0);
    let mut count = 0;
    while let Some(read) = reads.next().await {
        count += 1;
        eprint!("\r{count}/{}", rows.len());
        scored.extend(read.scored);
        failed.extend(read.failure);
        pages += read.pages;
        took_ms += read.took_ms;
    }
    eprintln!();
    Ok(Report {
        documents: count,
        failed,
        pages,
        ms_per_page: took_ms.checked_div(pages).unwrap_or(0),
        fields: accuracy(&scored),
        calibration: calibration(&scored),
    })
}

async fn read(folder: &Path, row: &Row, wanted: Wanted, engine: &dyn Extract) -> Read {
    let started_at = SystemClock.now();
    let extraction = match tokio::fs::read(folder.join(&row.file)).await {
        Err(error) => Err(error.to_string()),
        Ok(bytes) => {
            let request = Request {
                bytes: Vec::new(),
                filename: Some(row.file.clone()),
                mime_type: None,
                password: None,
                document_type: wanted.document_type,
                fields: wanted.fields.clone(),
                owner: String::new(),
                lessons: Vec::new(),
                keep_pages: false,
                local_only: false,
                ignore_embedded_xml: row.hide_embedded_xml,
                explain: false,
                limits: Limits::default(),
            };
            engine.extract(request, &bytes).await.map_err(|failure| failure.message)
        }
    };
    let took_ms = SystemClock.now().ms_since(started_at);
    let found = extraction.as_ref().ok();
    let score = |(name, expected): (&String, &Value)| {
        let definition = wanted.fields.iter().find(|field| &field.name == name)?;
        let value = found.and_then(|found| found.extracted_data.get(name)).unwrap_or(&Value::Null);
        let confidence = found.and_then(|found| found.confidence.get(name)?.as_f64()).unwrap_or(0.0);
        Some(Scored {
            extractor: row.extractor.clone(),
            template: row.template.clone().unwrap_or_else(|| row.file.clone()),
            field: name.clone(),
            was_found: !value.is_null(),
            is_right: is_right(definition.field_type, expected, value),
            confidence,
        })
    };
    Read {
        scored: row.fields.iter().filter(|(_, expected)| !expected.is_null()).filter_map(score).collect(),
        pages: found.map_or(0, |found| u64::from(found.page_count)),
        failure: extraction.err().map(|why| format!("{}: {why}", row.file)),
        took_ms,
    }
}

fn print(report: &Report) {
    println!(
        "{:<16} {:<20} {:>11} {:>11} {:>9} {:>9}",
        "extractor", "field", "by template", "by document", "templates", "documents"
    );
    for field in &report.fields {
        println!(
            "{:<16} {:<20} {:>9.1} % {:>9.1} % {:>9} {:>9}",
            field.extractor,
            field.field,
            field.by_template * 100.0,
            field.by_document * 100.0,
            field.templates,
            field.documents,
        );
    }
    let calibration = &report.calibration;
    println!("\nconfidence of {} values that were found", calibration.values);
    for bin in &calibration.bins {
        let (from, to) = (bin.tenth as f64 / 10.0, (bin.tenth + 1) as f64 / 10.0);
        println!(
            "  {from:.1}–{to:.1}  {:>5} values  mean {:.3}  right {:.3}",
            bin.values, bin.confidence_mean, bin.right
        );
    }
    println!("  expected calibration error {:.4}", calibration.expected_error);
    println!("  coverage at 95 % precision {:.1} %", calibration.coverage_at_95 * 100.0);
    println!(
        "\n{} documents, {} pages, {} ms a page on one core",
        report.documents, report.pages, report.ms_per_page
    );
    for failure in &report.failed {
        println!("failed: {failure}");
    }
}
