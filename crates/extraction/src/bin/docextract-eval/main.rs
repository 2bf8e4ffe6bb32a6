//! Scores extraction on documents with known answers.
//!
//! `docextract-eval DATA [--misses] [--fit FILE] [--pages-cache FOLDER]` reads `DATA/answers.jsonl`,
//! reads every file and its fields, and prints accuracy per field (the mean over templates, since one
//! sender's layout repeats) with the causes of what is wrong, line items, the error of the confidence,
//! and the time. Exit code 1: below the minimums in `score.rs`. Exit code 2: no data there.
//!
//! `--misses` lists what is wrong in the development half. `--fit` fits the calibration and writes its
//! table to a file; the error that it reports is on senders left out of the fit. `--pages-cache` keeps
//! the pages that were read, so that a change of the rules is scored in a second; of what was kept no
//! reading time is counted. Documents are read in this process: only known ones may be given.

mod calibrate;
mod lines;
mod score;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use docextract_extraction::fields::{Document, FieldResult, extract_with_signals};
use docextract_extraction::ocr::tesseract::Tesseract;
use docextract_extraction::page::{Page, TextSource};
use docextract_extraction::{ReadOptions, read_pages};
use docextract_model::extractor::{DocumentType, FieldDefinition, ready_made};
use serde::Deserialize;
use serde_json::Value;

use lines::Lines;
use score::Outcome;

/// Documents are read on this many threads.
const THREADS: usize = 2;

#[derive(Deserialize)]
struct Row {
    file: String,
    extractor: String,
    template: String,
    fields: BTreeMap<String, Value>,
    #[serde(default)]
    visible_in_text: BTreeMap<String, bool>,
    #[serde(default)]
    hide_embedded_xml: bool,
    /// Where an answer names no lines, those of the embedded XML are taken.
    #[serde(default)]
    line_items: Option<Vec<Value>>,
}

struct Options {
    data: PathBuf,
    misses: bool,
    fit: Option<PathBuf>,
    pages_cache: Option<PathBuf>,
}

/// What came of one document.
struct Scored {
    outcomes: Vec<Outcome>,
    lines: Option<Lines>,
    time: Time,
}

/// What a document cost.
#[derive(Default, Clone, Copy)]
struct Time {
    /// None where the pages were kept from an earlier run.
    reading: Option<Duration>,
    fields: Duration,
    pages: usize,
    scanned: bool,
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("usage: docextract-eval DATA [--misses] [--fit FILE] [--pages-cache FOLDER]");
        return ExitCode::from(2);
    };
    let answers = options.data.join("answers.jsonl");
    let Ok(text) = std::fs::read_to_string(&answers) else {
        eprintln!(
            "{} is not there. The argument must be the folder of documents with known answers: it holds \
             answers.jsonl and the files that it names.",
            answers.display()
        );
        return ExitCode::from(2);
    };
    let rows: Vec<Row> = match text.lines().map(serde_json::from_str).collect() {
        Ok(rows) => rows,
        Err(error) => {
            eprintln!("{} cannot be read: {error}", answers.display());
            return ExitCode::from(2);
        }
    };
    let (mut outcomes, mut lines, mut times) = (Vec::new(), Vec::new(), Vec::new());
    for (row, result) in rows.iter().zip(run(&rows, &options)) {
        match result {
            Ok(scored) => {
                outcomes.extend(scored.outcomes);
                lines.extend(scored.lines);
                times.push(scored.time);
            }
            Err(error) => {
                println!("FAILED {}: {error}", row.file);
                outcomes.extend(nothing_found(row));
            }
        }
    }
    let good_enough = score::report(&outcomes);
    lines::report(&lines, options.misses);
    calibrate::report(
        "as shipped",
        &outcomes
            .iter()
            .filter(|outcome| outcome.is_usable())
            .map(|outcome| (outcome.confidence, outcome.right))
            .collect::<Vec<_>>(),
    );
    if let Some(file) = &options.fit
        && let Err(error) = calibrate::fit(&outcomes, file)
    {
        eprintln!("{} cannot be written: {error}", file.display());
        return ExitCode::from(2);
    }
    if options.misses {
        score::report_misses(&outcomes);
    }
    report_times(&times);
    if good_enough { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options() -> Option<Options> {
    let (mut data, mut misses, mut fit, mut pages_cache) = (None, false, None, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--misses" => misses = true,
            "--fit" => fit = Some(PathBuf::from(arguments.next()?)),
            "--pages-cache" => pages_cache = Some(PathBuf::from(arguments.next()?)),
            other if other.starts_with("--") || data.is_some() => return None,
            other => data = Some(PathBuf::from(other)),
        }
    }
    Some(Options { data: data?, misses, fit, pages_cache })
}

/// Runs every row, on all threads; results in the order of the rows.
fn run(rows: &[Row], options: &Options) -> Vec<Result<Scored, String>> {
    let next = AtomicUsize::new(0);
    let done: Mutex<BTreeMap<usize, Result<Scored, String>>> = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(index) else { break };
                    let scored = run_row(row, options);
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, scored);
                }
            });
        }
    });
    done.into_inner().unwrap_or_else(PoisonError::into_inner).into_values().collect()
}

fn definitions(extractor: &str) -> Result<(DocumentType, Vec<FieldDefinition>), String> {
    let found = ready_made().into_iter().find(|ready| ready.document_type == extractor);
    let ready = found.ok_or_else(|| format!("no ready-made extractor is called {extractor}"))?;
    Ok((DocumentType::parse(ready.document_type)?, ready.field_definitions))
}

fn run_row(row: &Row, options: &Options) -> Result<Scored, String> {
    let bytes = std::fs::read(options.data.join(&row.file)).map_err(|error| error.to_string())?;
    let (document_type, fields) = definitions(&row.extractor)?;
    let (pages, reading) = pages(row, &bytes, options)?;
    let started = Instant::now();
    let found = extract_with_signals(&pages, &document_type, &fields);
    let time = Time {
        reading,
        fields: started.elapsed(),
        pages: pages.len(),
        scanned: pages.iter().any(|page| page.source == TextSource::Ocr),
    };
    let document = Document::read(&pages, &document_type, &fields);
    let lines = lines::compare(row, bytes, &document_type, &fields, &found)?;
    let table = lines.as_ref().and_then(|lines| score::of_lines(row, lines.are_right(), &fields, &found));
    let mut outcomes = score::outcomes(row, &fields, found, Some(&document));
    outcomes.extend(table);
    Ok(Scored { outcomes, lines, time })
}

/// The pages of a document, and how long reading them took; from the cache where one is kept.
fn pages(row: &Row, bytes: &[u8], options: &Options) -> Result<(Vec<Page>, Option<Duration>), String> {
    let cached = options
        .pages_cache
        .as_ref()
        .map(|folder| folder.join(format!("{}.json", row.file.replace('/', "_"))));
    if let Some(text) = cached.as_ref().and_then(|path| std::fs::read_to_string(path).ok()) {
        return Ok((serde_json::from_str(&text).map_err(|error| error.to_string())?, None));
    }
    let started = Instant::now();
    let read = ReadOptions { ignore_embedded_xml: row.hide_embedded_xml, ..ReadOptions::default() };
    let reading = read_pages(bytes, &read, &mut Tesseract).map_err(|failure| format!("{failure:?}"))?;
    let took = started.elapsed();
    if let Some(path) = cached {
        let text = serde_json::to_string(&reading.pages).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| error.to_string())?;
    }
    Ok((reading.pages, Some(took)))
}

fn nothing_found(row: &Row) -> Vec<Outcome> {
    let Ok((_, fields)) = definitions(&row.extractor) else { return Vec::new() };
    let nothing = fields.iter().map(|_| (FieldResult::nothing(), None));
    score::outcomes(row, &fields, nothing.collect(), None)
}

/// Prints the mean time of a page, with a text layer and scanned.
fn report_times(times: &[Time]) {
    println!("\n{} documents", times.len());
    for (title, scanned) in [("with a text layer", false), ("read by OCR", true)] {
        let here = || times.iter().filter(move |time| time.scanned == scanned);
        let read: Vec<(Duration, usize)> =
            here().filter_map(|time| Some((time.reading?, time.pages))).collect();
        let per_page = |sum: Duration, pages: usize| sum.as_secs_f64() * 1000.0 / pages.max(1) as f64;
        let pages = here().map(|time| time.pages).sum();
        if pages == 0 {
            continue;
        }
        let reading = if read.is_empty() {
            "pages were kept from an earlier run".to_owned()
        } else {
            let sum = read.iter().map(|(took, _)| *took).sum();
            format!("{:.1} ms to read", per_page(sum, read.iter().map(|(_, pages)| pages).sum()))
        };
        let fields = per_page(here().map(|time| time.fields).sum(), pages);
        println!("  a page {title}, one core: {reading}, {fields:.1} ms for its fields ({pages} pages)");
    }
}
