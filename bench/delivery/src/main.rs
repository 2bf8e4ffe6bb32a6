//! `delivery <docextract> <directory on a real disk> <json file> [--quick] [--only <scenario>] [--rounds <n>]`
//!
//! Starts the real server for each scenario on a fresh data directory, posts events to its API over HTTP,
//! receives its webhooks over HTTP, and prints a Markdown table on stdout and the same figures as JSON into the
//! file. Progress goes to stderr. Everything is on the loopback interface, bounded in time and in count.
//!
//! Generator, receiver and server share the machine's cores, so every scenario's figure is also given against
//! the limit: an ordinary client posting the same bytes to the same receiver with nothing between, in the
//! same run; and against this bench's own generator doing the same, which is written for nothing else. What it never does: judge its figures; the targets stand in docs/benchmarks.md.

mod book;
mod generator;
mod http;
mod ordinary;
mod receiver;
mod report;
mod scenarios;
mod server;

use std::path::PathBuf;

use report::Report;
use scenarios::{Bench, Sizes};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some((first, rest)) = arguments.split_first()
        && first == ordinary::ARGUMENT
    {
        tokio::runtime::Runtime::new().expect("a runtime").block_on(ordinary::run(rest));
        return;
    }
    let mut args = arguments.into_iter();
    let mut positional = Vec::new();
    let (mut is_quick, mut only, mut rounds) = (false, None, None);
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--quick" => is_quick = true,
            "--only" => only = args.next(),
            "--rounds" => rounds = args.next().map(|text| text.parse().expect("a number of rounds")),
            _ => positional.push(PathBuf::from(arg)),
        }
    }
    let Ok([program, work_dir, json]) = <[PathBuf; 3]>::try_from(positional) else {
        eprintln!(
            "usage: delivery <docextract> <directory> <json file> [--quick] [--only <scenario>] [--rounds <n>]"
        );
        std::process::exit(2);
    };
    let sizes = if is_quick { Sizes::quick() } else { Sizes::full() };
    let rounds = rounds.unwrap_or(if is_quick { 1 } else { 3 });
    let mut report = Report::default();
    for round in 1..=rounds {
        // A runtime for each round: what a scenario left behind ends with it.
        let runtime = tokio::runtime::Runtime::new().expect("a runtime");
        let mut bench =
            Bench { program: program.clone(), work_dir: work_dir.clone(), sizes, report: &mut report };
        eprintln!("delivery: round {round} of {rounds}");
        runtime.block_on(bench.round(only.as_deref()));
    }
    let _ = std::fs::remove_dir_all(server::aside(&work_dir));
    print!("{}", report.table());
    std::fs::write(&json, report.json()).expect("the JSON is written");
    eprintln!("delivery: the figures of every round are in {}", json.display());
}
