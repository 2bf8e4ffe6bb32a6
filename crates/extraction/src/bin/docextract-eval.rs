//! Scores extraction on documents with known answers.
//!
//! `docextract-eval DATA [--misses] [--fit] [--pages-cache FOLDER]` reads `DATA/answers.jsonl`, runs
//! every file through the real path, and prints accuracy per field (the mean over templates, since
//! one sender's layout repeats), the error of the confidence, and the time. Exit code 1: below the
//! minimums in this file. Exit code 2: no data there.
//!
//! `--fit` fits the calibration of `fields/calibration.rs` and prints its table; the error that it
//! reports is on senders left out of the fit. `--pages-cache` keeps the pages that were read, so that a
//! change of the rules is scored in a second; the time it prints is then not the time of a document.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use docextract_extraction::fields::calibration::{GROUPS, Group, SIGNALS, Signals};
use docextract_extraction::fields::{FieldResult, extract_with_signals};
use docextract_extraction::ocr::tesseract::Tesseract;
use docextract_extraction::page::{Citation, Page};
use docextract_extraction::{Limits, ReadOptions, Request, extract, read_pages};
use docextract_model::extractor::{DocumentType, FieldDefinition, ready_made};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::Value;

/// The least that is acceptable, as shares of the templates: extractor, field, share.
const MINIMUMS: [(&str, &str, f64); 5] = [
    ("invoice", "invoice_number", 0.90),
    ("invoice", "invoice_date", 0.90),
    ("invoice", "total_amount", 0.90),
    ("receipt", "date", 0.77),
    ("receipt", "total_amount", 0.64),
];
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
}

/// One field of one document.
struct Outcome {
    file: String,
    extractor: String,
    template: String,
    field: String,
    expected: String,
    found: Value,
    confidence: f64,
    right: bool,
    visible: bool,
    signals: Option<(Signals, Group)>,
    /// Whether the expected value stands among the words that were read.
    was_read: bool,
    citation: Option<Citation>,
}

struct Options {
    data: PathBuf,
    misses: bool,
    fit: bool,
    pages_cache: Option<PathBuf>,
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        eprintln!("usage: docextract-eval DATA [--misses] [--fit] [--pages-cache FOLDER]");
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
    let started = Instant::now();
    let (outcomes, failures) = run(&rows, &options);
    let elapsed_ms = started.elapsed().as_millis();
    for failure in &failures {
        println!("FAILED {failure}");
    }
    let good_enough = report(&outcomes);
    report_calibration(
        "as shipped",
        &outcomes.iter().filter_map(|o| usable(o).map(|_| (o.confidence, o.right))).collect::<Vec<_>>(),
    );
    if options.fit {
        fit(&outcomes);
    }
    if options.misses {
        report_misses(&outcomes);
    }
    let mean_ms = elapsed_ms * THREADS as u128 / rows.len().max(1) as u128;
    println!("\n{} documents, mean {mean_ms} ms per document on one core", rows.len());
    if good_enough { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn options() -> Option<Options> {
    let mut data = None;
    let (mut misses, mut fit, mut pages_cache) = (false, false, None);
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--misses" => misses = true,
            "--fit" => fit = true,
            "--pages-cache" => pages_cache = Some(PathBuf::from(arguments.next()?)),
            other if other.starts_with("--") || data.is_some() => return None,
            other => data = Some(PathBuf::from(other)),
        }
    }
    Some(Options { data: data?, misses, fit, pages_cache })
}

/// Runs every row, on all threads; results in the order of the rows.
fn run(rows: &[Row], options: &Options) -> (Vec<Outcome>, Vec<String>) {
    let next = AtomicUsize::new(0);
    let done: Mutex<BTreeMap<usize, Result<Vec<Outcome>, String>>> = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(row) = rows.get(index) else { break };
                    let outcome = run_row(row, options);
                    done.lock().unwrap_or_else(PoisonError::into_inner).insert(index, outcome);
                }
            });
        }
    });
    let (mut outcomes, mut failures) = (Vec::new(), Vec::new());
    for (index, result) in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        match result {
            Ok(found) => outcomes.extend(found),
            Err(error) => {
                failures.push(format!("{}: {error}", rows[index].file));
                outcomes.extend(nothing_found(&rows[index]));
            }
        }
    }
    (outcomes, failures)
}

fn definitions(extractor: &str) -> Result<(DocumentType, Vec<FieldDefinition>), String> {
    let found = ready_made().into_iter().find(|ready| ready.document_type == extractor);
    let ready = found.ok_or_else(|| format!("no ready-made extractor is called {extractor}"))?;
    Ok((DocumentType::parse(ready.document_type)?, ready.field_definitions))
}

fn run_row(row: &Row, options: &Options) -> Result<Vec<Outcome>, String> {
    let bytes = std::fs::read(options.data.join(&row.file)).map_err(|error| error.to_string())?;
    let (document_type, fields) = definitions(&row.extractor)?;
    if options.fit || options.misses || options.pages_cache.is_some() {
        let pages = pages(row, &bytes, options)?;
        let found = extract_with_signals(&pages, &document_type, &fields);
        let words: String =
            pages.iter().flat_map(|page| &page.words).map(|word| normal(&word.text)).collect();
        return Ok(outcomes(row, &fields, found, Some(&words)));
    }
    let request = Request {
        bytes,
        filename: None,
        mime_type: None,
        password: None,
        document_type,
        fields: fields.clone(),
        owner: String::new(),
        ignore_embedded_xml: row.hide_embedded_xml,
        limits: Limits::default(),
    };
    let extraction = extract(&request, &mut Tesseract).map_err(|failure| format!("{failure:?}"))?;
    let found = fields
        .iter()
        .map(|field| {
            let value = extraction.extracted_data.get(&field.name).cloned().unwrap_or(Value::Null);
            let confidence = extraction.confidence.get(&field.name).and_then(Value::as_f64).unwrap_or(0.0);
            (FieldResult { value, confidence, citation: None }, None)
        })
        .collect();
    Ok(outcomes(row, &fields, found, None))
}

/// The pages of a document, from the cache where one is kept.
fn pages(row: &Row, bytes: &[u8], options: &Options) -> Result<Vec<Page>, String> {
    let cached = options
        .pages_cache
        .as_ref()
        .map(|folder| folder.join(format!("{}.json", row.file.replace('/', "_"))));
    if let Some(text) = cached.as_ref().and_then(|path| std::fs::read_to_string(path).ok()) {
        return serde_json::from_str(&text).map_err(|error| error.to_string());
    }
    let read = ReadOptions { ignore_embedded_xml: row.hide_embedded_xml, ..ReadOptions::default() };
    let reading = read_pages(bytes, &read, &mut Tesseract).map_err(|failure| format!("{failure:?}"))?;
    if let Some(path) = cached {
        let text = serde_json::to_string(&reading.pages).map_err(|error| error.to_string())?;
        std::fs::write(path, text).map_err(|error| error.to_string())?;
    }
    Ok(reading.pages)
}

fn nothing_found(row: &Row) -> Vec<Outcome> {
    let Ok((_, fields)) = definitions(&row.extractor) else { return Vec::new() };
    let nothing =
        fields.iter().map(|_| (FieldResult { value: Value::Null, confidence: 0.0, citation: None }, None));
    outcomes(row, &fields, nothing.collect(), None)
}

fn outcomes(
    row: &Row,
    fields: &[FieldDefinition],
    found: Vec<(FieldResult, Option<(Signals, Group)>)>,
    words: Option<&str>,
) -> Vec<Outcome> {
    let mut outcomes = Vec::new();
    for (field, (result, signals)) in fields.iter().zip(found) {
        let Some(expected) = row.fields.get(&field.name).and_then(answer) else { continue };
        outcomes.push(Outcome {
            file: row.file.clone(),
            extractor: row.extractor.clone(),
            template: row.template.clone(),
            right: is_right(&field.name, &expected, &result.value),
            visible: row.visible_in_text.get(&field.name).copied().unwrap_or(true),
            was_read: words.is_none_or(|words| words.contains(&normal(&expected))),
            field: field.name.clone(),
            expected,
            found: result.value,
            confidence: result.confidence,
            citation: result.citation,
            signals,
        });
    }
    outcomes
}

fn answer(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// Amounts by number, dates exactly, everything else without regard to case, marks and white space.
fn is_right(field: &str, expected: &str, found: &Value) -> bool {
    let found = match found {
        Value::Null => return false,
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    if field.ends_with("_amount") {
        let number = |text: &str| {
            let digits: String =
                text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | '-')).collect();
            digits.parse::<Decimal>().ok()
        };
        return number(expected).is_some() && number(expected) == number(&found);
    }
    if field == "date" || field.ends_with("_date") {
        return expected == found;
    }
    normal(expected) == normal(&found)
}

fn normal(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// An outcome that says something about the confidence: a value was given for an answer that is visible.
fn usable(outcome: &Outcome) -> Option<&Outcome> {
    (outcome.visible && !outcome.found.is_null()).then_some(outcome)
}

/// Prints accuracy per field and says whether every minimum is met.
fn report(outcomes: &[Outcome]) -> bool {
    let names: BTreeSet<(&str, &str)> =
        outcomes.iter().map(|outcome| (outcome.extractor.as_str(), outcome.field.as_str())).collect();
    println!(
        "{:<10} {:<18} {:>7} {:>7} {:>10} {:>7}  minimum",
        "extractor", "field", "macro", "micro", "templates", "hidden"
    );
    let mut good_enough = true;
    for (extractor, field) in names {
        let here: Vec<&Outcome> = outcomes
            .iter()
            .filter(|outcome| outcome.extractor == extractor && outcome.field == field)
            .collect();
        let visible: Vec<&&Outcome> = here.iter().filter(|outcome| outcome.visible).collect();
        let mut templates: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
        for outcome in &visible {
            let entry = templates.entry(outcome.template.as_str()).or_default();
            entry.0 += usize::from(outcome.right);
            entry.1 += 1;
        }
        let share = |right: usize, all: usize| right as f64 / all.max(1) as f64;
        let macro_mean = templates.values().map(|(right, all)| share(*right, *all)).sum::<f64>()
            / templates.len().max(1) as f64;
        let micro = share(visible.iter().filter(|outcome| outcome.right).count(), visible.len());
        let minimum = MINIMUMS
            .iter()
            .find(|(of, name, _)| *of == extractor && *name == field)
            .map(|(_, _, least)| *least);
        let verdict = match minimum {
            Some(least) if macro_mean < least => {
                good_enough = false;
                format!("{:.0} % MISSED", least * 100.0)
            }
            Some(least) => format!("{:.0} % met", least * 100.0),
            None => String::new(),
        };
        println!(
            "{extractor:<10} {field:<18} {:>6.1}% {:>6.1}% {:>10} {:>7}  {verdict}",
            macro_mean * 100.0,
            micro * 100.0,
            templates.len(),
            here.len() - visible.len(),
        );
    }
    good_enough
}

/// How far confidence is from the share that is right, and how much is usable at 95 % precision.
fn report_calibration(title: &str, values: &[(f64, bool)]) {
    let mut bins = [(0_usize, 0.0, 0_usize); 10];
    for (confidence, right) in values {
        let bin = &mut bins[((confidence * 10.0) as usize).min(9)];
        bin.0 += 1;
        bin.1 += confidence;
        bin.2 += usize::from(*right);
    }
    let error: f64 = bins
        .iter()
        .filter(|(count, _, _)| *count > 0)
        .map(|(count, sum, right)| {
            (sum - *right as f64).abs() / *count as f64 * (*count as f64 / values.len() as f64)
        })
        .sum();
    let mut sorted = values.to_vec();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut right, mut covered) = (0_usize, 0_usize);
    for (index, (_, is_right)) in sorted.iter().enumerate() {
        right += usize::from(*is_right);
        if right as f64 >= 0.95 * (index + 1) as f64 {
            covered = index + 1;
        }
    }
    println!("\nconfidence, {title}: {} values", values.len());
    for (index, (count, sum, right)) in bins.iter().enumerate().filter(|(_, bin)| bin.0 > 0) {
        println!(
            "  {:.1}–{:.1}  {count:>4} values  mean confidence {:.3}  right {:.3}",
            index as f64 / 10.0,
            (index + 1) as f64 / 10.0,
            sum / *count as f64,
            *right as f64 / *count as f64,
        );
    }
    println!("  expected calibration error {error:.4}");
    println!("  coverage at 95 % precision {:.1} %", 100.0 * covered as f64 / values.len().max(1) as f64);
}

fn report_misses(outcomes: &[Outcome]) {
    println!("\nmisses");
    for outcome in outcomes.iter().filter(|outcome| outcome.visible && !outcome.right) {
        let is_date = outcome.field.ends_with("date");
        let cause = match (&outcome.found, outcome.was_read || is_date) {
            (_, false) => "not among the words read",
            (Value::Null, true) => "nothing found",
            (_, true) => "another value chosen",
        };
        let cited = outcome.citation.as_ref().map_or("", |citation| citation.text.as_str());
        println!(
            "  {:<26} {:<34} {:<16} expected {:?} found {} ({:.2}) cited {cited:?}",
            cause, outcome.file, outcome.field, outcome.expected, outcome.found, outcome.confidence
        );
    }
}

/// A sample of the fit: its row of signals, its group, whether it was right, its template, its weight.
struct Sample {
    row: [f64; SIGNALS],
    group: usize,
    right: bool,
    template: String,
    weight: f64,
}

struct Model {
    weights: [f64; SIGNALS],
    offsets: [f64; GROUPS],
}

/// Fits a logistic function by gradient descent: few samples, so the weights are held small, and no
/// evidence may count the wrong way round.
fn fitted(samples: &[&Sample]) -> Model {
    // What speaks for a value may not lower its chance, and the other way round: score, margin,
    // reading, agreed, sums up; unlabelled, ambiguous, scanned down.
    let signs = [0.0, 1.0, 1.0, 1.0, 1.0, 1.0, -1.0, -1.0, -1.0];
    let mut model = Model { weights: [0.0; SIGNALS], offsets: [0.0; GROUPS] };
    let total: f64 = samples.iter().map(|sample| sample.weight).sum();
    for step in 0..6000 {
        let rate = if step < 3000 { 1.0 } else { 0.3 };
        let (mut weights, mut offsets) = ([0.0; SIGNALS], [0.0; GROUPS]);
        for sample in samples {
            let error = (chance(&model, &sample.row, sample.group) - f64::from(u8::from(sample.right)))
                * sample.weight;
            for (slope, signal) in weights.iter_mut().zip(sample.row) {
                *slope += error * signal;
            }
            offsets[sample.group] += error;
        }
        for index in 0..SIGNALS {
            let held = if index == 0 { 0.0 } else { 0.002 * model.weights[index] };
            model.weights[index] -= rate * (weights[index] / total + held);
            if signs[index] * model.weights[index] < 0.0 {
                model.weights[index] = 0.0;
            }
        }
        for (offset, slope) in model.offsets.iter_mut().zip(offsets) {
            *offset -= rate * (slope / total + 0.005 * *offset);
        }
    }
    model
}

fn chance(model: &Model, row: &[f64; SIGNALS], group: usize) -> f64 {
    let odds: f64 = row.iter().zip(model.weights).map(|(signal, weight)| signal * weight).sum::<f64>()
        + model.offsets[group];
    (1.0 / (1.0 + (-odds).exp())).clamp(0.01, 0.99)
}

/// Fits on all templates but one in turn, reports the error on those left out, then on all.
fn fit(outcomes: &[Outcome]) {
    let mut of_template: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    for outcome in outcomes.iter().filter_map(usable) {
        *of_template.entry((outcome.template.as_str(), outcome.field.as_str())).or_default() += 1;
    }
    let samples: Vec<Sample> = outcomes
        .iter()
        .filter_map(usable)
        .filter_map(|outcome| {
            let (signals, group) = outcome.signals?;
            let repeats =
                of_template.get(&(outcome.template.as_str(), outcome.field.as_str())).copied().unwrap_or(1);
            Some(Sample {
                row: signals.row(),
                group: group as usize,
                right: outcome.right,
                template: outcome.template.clone(),
                // A layout that repeats counts little more than once.
                weight: 1.0 / (repeats as f64).sqrt(),
            })
        })
        .collect();
    let templates: BTreeSet<&str> = samples.iter().map(|sample| sample.template.as_str()).collect();
    let mut left_out = Vec::new();
    for template in templates {
        let (out, rest): (Vec<&Sample>, Vec<&Sample>) =
            samples.iter().partition(|sample| sample.template == template);
        let model = fitted(&rest);
        left_out.extend(out.iter().map(|sample| (chance(&model, &sample.row, sample.group), sample.right)));
    }
    report_calibration("fitted, on templates left out of the fit", &left_out);
    let model = fitted(&samples.iter().collect::<Vec<_>>());
    let row =
        |numbers: &[f64]| numbers.iter().map(|number| format!("{number:.3}")).collect::<Vec<_>>().join(", ");
    println!("\nconst WEIGHTS: [f64; SIGNALS] = [{}];", row(&model.weights));
    println!("const OFFSETS: [f64; GROUPS] = [{}];", row(&model.offsets));
}
