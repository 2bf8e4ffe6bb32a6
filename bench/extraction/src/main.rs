//! What reading documents costs, as ratios to what it is made of, and beside other programs, in one run.
//!
//! `extraction <docextract> <data> <samples> <work dir> <invoice2data> [--quick] [--only PART]`. The table on stdout; the same
//! as `results.json` in the work directory. Exits 1 when a target is missed. What is compared is measured in
//! turns, in processor time: the state of the machine is in both sides of a ratio.

mod data;
mod long;
mod memory;
mod peers;
mod scans;
mod text;
mod usage;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use docextract_extraction::sandbox::Sandbox;
use serde_json::{Value, json};
use tikv_jemallocator::Jemalloc;
use tokio::runtime::Runtime;

use data::{Sample, files_below, has_extension, known};

#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

const TEXT_RATIO_MAX: f64 = 3.0;
const SCAN_RATIO_MAX: f64 = 1.15;
/// Of the cores, while many scans are read.
const BUSY_MIN: f64 = 0.9;
const CHILD_KIB_MAX: u64 = 400 * 1024;
const LONG_PAGES: usize = 200;
const LONG_MAX: Duration = Duration::from_secs(5);

fn main() {
    let mut arguments = std::env::args().skip(1);
    let mut path =
        |what: &str| PathBuf::from(arguments.next().unwrap_or_else(|| panic!("{what} is missing")));
    let (program, data, samples) = (path("docextract"), path("the data"), path("the samples"));
    let (work_dir, invoice2data) = (path("the work directory"), path("invoice2data"));
    let (mut is_quick, mut only, mut is_for_memory) = (false, None, false);
    while let Some(option) = arguments.next() {
        match option.as_str() {
            "--quick" => is_quick = true,
            "--only" => {
                only = Some(arguments.next().expect("--only takes text, scans, memory, long or peers"))
            }
            "--memory" => is_for_memory = true,
            other => panic!("{other} is no option"),
        }
    }
    if is_for_memory {
        return read_all_for_memory(&program, &data, &samples, is_quick);
    }
    let wants = |part: &str| only.as_deref().is_none_or(|only| only == part);
    let runtime = runtime();
    let known = known(&data);
    let mut report = Report::default();
    if wants("text") {
        text_ratio(&mut report, &program, &known, if is_quick { 5 } else { 25 }, &runtime);
    }
    if wants("scans") {
        scan_ratios(&mut report, &program, &known, if is_quick { 6 } else { 40 }, &runtime);
    }
    if wants("memory") {
        child_memory(&mut report, &[&program, &data, &samples, &work_dir, &invoice2data], is_quick);
    }
    if wants("long") {
        long_document(&mut report, &program, &runtime);
    }
    if wants("peers") {
        let is_invoice =
            |sample: &&Sample| sample.extractor == "invoice" && has_extension(&sample.path, &["pdf"]);
        let invoices: Vec<&Sample> = known.iter().filter(is_invoice).collect();
        for row in peers::compare(&program, &invoice2data, &invoices, &work_dir) {
            report.peer(&row);
        }
    }
    report.print();
    let file = work_dir.join("results.json");
    std::fs::write(&file, format!("{}\n", report.json())).expect("the work directory can be written to");
    eprintln!("the same as JSON: {}", file.display());
    if report.has_missed() {
        eprintln!("a target was missed");
        std::process::exit(1);
    }
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime starts")
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get)
}

fn median<T: PartialOrd + Copy>(mut values: Vec<T>) -> T {
    values.sort_by(|a, b| a.partial_cmp(b).expect("figures are numbers"));
    values[values.len() / 2]
}

fn text_ratio(report: &mut Report, program: &Path, known: &[Sample], rounds: usize, runtime: &Runtime) {
    let sandbox = Sandbox::new(program.to_path_buf(), 1);
    let pdfs = known.iter().filter(|sample| has_extension(&sample.path, &["pdf"]));
    let costs: Vec<text::Cost> =
        pdfs.filter_map(|sample| text::measure(sample, rounds, &sandbox, runtime)).collect();
    for cost in &costs {
        eprintln!(
            "{:<44} {} pages: library {:.2} ms, extraction {:.2} ms ({:.2}), in this process {:.2} ms ({:.2})",
            cost.name,
            cost.pages,
            ms(cost.library),
            ms(cost.extraction),
            cost.ratio(),
            ms(cost.within),
            cost.ratio_within(),
        );
    }
    if costs.is_empty() {
        return report.note("text PDFs", "there is none");
    }
    let of = |figure: fn(&text::Cost) -> f64| costs.iter().map(figure).collect::<Vec<f64>>();
    report.target(
        &format!("a text PDF ÷ the PDF library's own text pass (median of {})", costs.len()),
        median(of(text::Cost::ratio)),
        Some((Bound::AtMost, TEXT_RATIO_MAX)),
    );
    report.target("the same, the worst of them", of(text::Cost::ratio).into_iter().fold(0.0, f64::max), None);
    report.target("the same in one process, without the sandbox", median(of(text::Cost::ratio_within)), None);
    report.target("the PDF library's pass, CPU-ms a document", median(of(|cost| ms(cost.library))), None);
    report.target("a text PDF, CPU-ms a document", median(of(|cost| ms(cost.extraction))), None);
    report.target("a text PDF, ms from asking to answer", median(of(|cost| ms(cost.wall))), None);
}

fn scan_ratios(report: &mut Report, program: &Path, known: &[Sample], most: usize, runtime: &Runtime) {
    let images: Vec<&Sample> =
        known.iter().filter(|sample| has_extension(&sample.path, &["jpg", "jpeg", "png"])).collect();
    // Spread over the list, so that one shop's do not stand for all.
    let images: Vec<&Sample> = images.iter().copied().step_by(images.len().div_ceil(most).max(1)).collect();
    let sandbox = Sandbox::new(program.to_path_buf(), cores());
    let costs: Vec<scans::Cost> =
        images.iter().filter_map(|sample| scans::measure(sample, &sandbox, runtime)).collect();
    for cost in &costs {
        eprintln!(
            "{:<44} tesseract alone {:.0} ms, extraction {:.0} ms ({:.2}), on what it was handed {:.0} ms ({:.2}, {} readings)",
            cost.name,
            ms(cost.alone),
            ms(cost.extraction),
            cost.ratio(),
            ms(cost.handed_over),
            cost.ratio_of_rest(),
            cost.readings,
        );
    }
    if costs.is_empty() {
        return report.note("scans", "there is none");
    }
    let of = |figure: fn(&scans::Cost) -> f64| costs.iter().map(figure).collect::<Vec<f64>>();
    report.target(
        &format!("a scan ÷ Tesseract alone on the same file (median of {})", costs.len()),
        median(of(scans::Cost::ratio)),
        Some((Bound::AtMost, SCAN_RATIO_MAX)),
    );
    let sum = |figure: fn(&scans::Cost) -> f64| of(figure).into_iter().sum::<f64>();
    let (all, alone) = (sum(|cost| ms(cost.extraction)), sum(|cost| ms(cost.alone)));
    report.target("the same, all of them together", all / alone, None);
    report.target(
        "a scan ÷ what Tesseract used on the images that it was handed (median)",
        median(of(scans::Cost::ratio_of_rest)),
        Some((Bound::AtMost, SCAN_RATIO_MAX)),
    );
    report.target("Tesseract alone, CPU-ms a scan (median)", median(of(|cost| ms(cost.alone))), None);
    report.target("a scan, CPU-ms (median)", median(of(|cost| ms(cost.extraction))), None);
    let (busy, rate) = scans::busy(&images, &sandbox, runtime, cores());
    report.target(
        &format!("cores kept busy by {} scans, of {}", images.len(), cores()),
        busy,
        Some((Bound::AtLeast, BUSY_MIN * cores() as f64)),
    );
    report.target("scans a second", rate, None);
}

/// Every file of the data and the samples, in a process of its own.
fn read_all_for_memory(program: &Path, data: &Path, samples: &Path, is_quick: bool) {
    let all = [files_below(data), files_below(samples)].concat();
    let documents: Vec<PathBuf> = all
        .into_iter()
        .filter(|file| !has_extension(file, &["md", "jsonl", "py", "sh", "ttf"]))
        .step_by(if is_quick { 10 } else { 1 })
        .collect();
    memory::run(program, &documents, &runtime());
}

fn child_memory(report: &mut Report, arguments: &[&PathBuf; 5], is_quick: bool) {
    let this = std::env::current_exe().expect("this program has a path");
    let mut command = Command::new(this);
    command.args(arguments).arg("--memory").args(is_quick.then_some("--quick"));
    let output = command.output().expect("this program starts");
    let found: Value = serde_json::from_slice(&output.stdout).expect("it prints JSON");
    let kib = found["kib"].as_u64().expect("it says how much");
    report.target(
        &format!("memory of a child, MiB at most on {} files ({})", found["files"], found["file"]),
        kib as f64 / 1024.0,
        Some((Bound::AtMost, CHILD_KIB_MAX as f64 / 1024.0)),
    );
    for (program, kib) in found["by_program"].as_object().into_iter().flatten() {
        report.target(
            &format!("the same, of children called {program}"),
            kib.as_f64().unwrap_or(0.0) / 1024.0,
            None,
        );
    }
}

fn long_document(report: &mut Report, program: &Path, runtime: &Runtime) {
    let bytes = long::invoice(LONG_PAGES);
    let sandbox = Sandbox::new(program.to_path_buf(), 1);
    let took: Vec<Duration> = (0..3)
        .map(|_| {
            let (took, is_read, pages) = text::once(bytes.clone(), &sandbox, runtime);
            assert!(is_read && pages as usize == LONG_PAGES, "the long invoice is read");
            took
        })
        .collect();
    report.target(
        &format!("a text PDF of {LONG_PAGES} pages and {} KB, s", bytes.len() / 1000),
        median(took).as_secs_f64(),
        Some((Bound::AtMost, LONG_MAX.as_secs_f64())),
    );
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}

#[derive(Clone, Copy)]
enum Bound {
    AtMost,
    AtLeast,
}

/// The rows of both tables.
#[derive(Default)]
struct Report {
    figures: Vec<(String, Option<f64>, Option<(Bound, f64)>, String)>,
    peers: Vec<Value>,
}

impl Report {
    fn target(&mut self, name: &str, figure: f64, target: Option<(Bound, f64)>) {
        self.figures.push((name.to_owned(), Some(figure), target, String::new()));
    }

    fn note(&mut self, name: &str, note: &str) {
        self.figures.push((name.to_owned(), None, None, note.to_owned()));
    }

    fn peer(&mut self, row: &peers::Row) {
        let documents = row.documents.max(1) as f64;
        self.peers.push(json!({
            "name": row.name,
            "missing": row.missing,
            "documents": row.documents,
            "wall_ms_per_document": (ms(row.wall) / documents * 100.0).round() / 100.0,
            "cpu_ms_per_document": (ms(row.used) / documents * 100.0).round() / 100.0,
            "right": row.right.map(|(right, _)| right),
            "known": row.right.map(|(_, known)| known),
        }));
    }

    fn is_met(figure: f64, (bound, limit): (Bound, f64)) -> bool {
        match bound {
            Bound::AtMost => figure <= limit,
            Bound::AtLeast => figure >= limit,
        }
    }

    fn has_missed(&self) -> bool {
        let missed = |(_, figure, target, _): &(String, Option<f64>, Option<(Bound, f64)>, String)| {
            figure.zip(*target).is_some_and(|(figure, target)| !Self::is_met(figure, target))
        };
        self.figures.iter().any(missed)
    }

    fn print(&self) {
        println!("| what | figure | target | |\n|---|---:|---:|---|");
        for (name, figure, target, note) in &self.figures {
            let figure_text = figure.map_or_else(String::new, |figure| format!("{figure:.2}"));
            let (target_text, verdict) = match target.zip(*figure) {
                Some(((bound, limit), figure)) => {
                    let sign = match bound {
                        Bound::AtMost => "≤",
                        Bound::AtLeast => "≥",
                    };
                    let verdict = if Self::is_met(figure, (bound, limit)) { "met" } else { "**missed**" };
                    (format!("{sign} {limit:.2}"), verdict)
                }
                None => (String::new(), note.as_str()),
            };
            println!("| {name} | {figure_text} | {target_text} | {verdict} |");
        }
        println!(
            "\n| on the same invoices | ms a document | CPU-ms a document | number, date, total right |"
        );
        println!("|---|---:|---:|---:|");
        for peer in &self.peers {
            let name = peer["name"].as_str().unwrap_or_default();
            if let Some(why) = peer["missing"].as_str() {
                println!("| {name} | {why} | | |");
                continue;
            }
            let right = match (peer["right"].as_u64(), peer["known"].as_u64()) {
                (Some(right), Some(known)) => format!("{right} of {known}"),
                (None, _) | (_, None) => "no fields".to_owned(),
            };
            println!(
                "| {name} | {} | {} | {right} |",
                peer["wall_ms_per_document"], peer["cpu_ms_per_document"]
            );
        }
    }

    fn json(&self) -> Value {
        let figure = |(name, figure, target, note): &(String, Option<f64>, Option<(Bound, f64)>, String)| {
            let bound = target.map(|(bound, limit)| match bound {
                Bound::AtMost => json!({ "at_most": limit }),
                Bound::AtLeast => json!({ "at_least": limit }),
            });
            let is_met = figure.zip(*target).map(|(figure, target)| Self::is_met(figure, target));
            json!({ "name": name, "figure": figure, "target": bound, "met": is_met, "note": note })
        };
        json!({ "figures": self.figures.iter().map(figure).collect::<Vec<_>>(), "peers": self.peers })
    }
}
