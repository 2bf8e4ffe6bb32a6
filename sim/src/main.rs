//! `sim --seeds 1-40 --store sqlite --hours 2`: runs seeds, says what they found, exits 1 if any did.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use sim::{Options, Outcome, Pace, StoreKind, run};

const USAGE: &str = "usage: sim [--seed <n>|--seeds <from>-<to>] [--store memory|sqlite|both] [--hours <h>|--days <d>] \
[--jobs <threads>] [--trace] [--exhaustive [--seed <n>] [--every <polls>]]";

struct Arguments {
    seeds: std::ops::RangeInclusive<u64>,
    stores: Vec<StoreKind>,
    pace: Pace,
    hours: f64,
    jobs: usize,
    is_traced: bool,
    dies_at: Option<u64>,
    exhaustive_step: Option<u64>,
}

fn main() -> ExitCode {
    match parse(std::env::args().skip(1)) {
        Ok(arguments) => simulate_all(&arguments),
        Err(wrong) => {
            eprintln!("error: {wrong}\n{USAGE}");
            ExitCode::from(2)
        }
    }
}

fn parse(mut given: impl Iterator<Item = String>) -> Result<Arguments, String> {
    let mut arguments = Arguments {
        seeds: 1..=10,
        stores: vec![StoreKind::Memory, StoreKind::Sqlite],
        pace: Pace::Busy,
        hours: 1.0,
        jobs: 2,
        is_traced: false,
        dies_at: None,
        exhaustive_step: None,
    };
    while let Some(flag) = given.next() {
        let mut value = || given.next().ok_or_else(|| format!("{flag} needs a value"));
        match flag.as_str() {
            "--seed" => {
                let seed = number(&value()?)?;
                arguments.seeds = seed..=seed;
            }
            "--seeds" => arguments.seeds = range(&value()?)?,
            "--store" => arguments.stores = stores(&value()?)?,
            "--hours" => {
                arguments.hours = value()?.parse().map_err(|_| "--hours takes a number".to_owned())?
            }
            "--days" => {
                let days: f64 = value()?.parse().map_err(|_| "--days takes a number".to_owned())?;
                (arguments.pace, arguments.hours) = (Pace::Sparse, 24.0 * days);
            }
            "--jobs" => arguments.jobs = usize::try_from(number(&value()?)?).unwrap_or(1).max(1),
            "--trace" => arguments.is_traced = true,
            "--dies-at" => arguments.dies_at = Some(number(&value()?)?),
            "--exhaustive" => arguments.exhaustive_step = Some(1),
            "--every" => arguments.exhaustive_step = Some(number(&value()?)?.max(1)),
            other => return Err(format!("{other} is not known")),
        }
    }
    Ok(arguments)
}

fn number(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| format!("{text:?} is not a number"))
}

fn range(text: &str) -> Result<std::ops::RangeInclusive<u64>, String> {
    let (from, to) = text.split_once('-').ok_or_else(|| format!("{text:?} is not a range such as 1-40"))?;
    Ok(number(from)?..=number(to)?)
}

fn stores(text: &str) -> Result<Vec<StoreKind>, String> {
    match text {
        "memory" => Ok(vec![StoreKind::Memory]),
        "sqlite" => Ok(vec![StoreKind::Sqlite]),
        "both" => Ok(vec![StoreKind::Memory, StoreKind::Sqlite]),
        other => Err(format!("{other:?} is no store: memory, sqlite or both")),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "hours of a person's choosing")]
fn options_of(arguments: &Arguments) -> Vec<Options> {
    let broken_ms =
        if arguments.dies_at.is_some() { 0 } else { (arguments.hours.max(0.0) * 3_600_000.0) as u64 };
    let mut all = Vec::new();
    for seed in arguments.seeds.clone() {
        for store in &arguments.stores {
            all.push(Options {
                seed,
                store: *store,
                pace: arguments.pace,
                broken_ms,
                is_traced: arguments.is_traced,
                dies_at_poll: arguments.dies_at,
            });
        }
    }
    all
}

fn simulate_all(arguments: &Arguments) -> ExitCode {
    if let Some(step) = arguments.exhaustive_step {
        return exhaust(arguments, step);
    }
    let all = options_of(arguments);
    let (next, results) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let threads = if arguments.is_traced { 1 } else { arguments.jobs };
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                while let Some(options) = all.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let outcome = run(options);
                    report(options, &outcome, arguments.hours);
                    if let Ok(mut results) = results.lock() {
                        results.push(outcome);
                    }
                }
            });
        }
    });
    sum_up(&results.into_inner().unwrap_or_default())
}

/// Crashes at poll 1, 2, 3 …, until a run ends without one.
fn exhaust(arguments: &Arguments, step: u64) -> ExitCode {
    let mut results = Vec::new();
    for (seed, store) in
        arguments.seeds.clone().flat_map(|seed| arguments.stores.iter().map(move |s| (seed, *s)))
    {
        for poll in (1..).step_by(usize::try_from(step).unwrap_or(1)) {
            let options = Options {
                seed,
                store,
                pace: Pace::Busy,
                broken_ms: 0,
                is_traced: false,
                dies_at_poll: Some(poll),
            };
            let outcome = run(&options);
            let died = outcome.died;
            if !outcome.violations.is_empty() {
                report(&options, &outcome, arguments.hours);
            }
            results.push(outcome);
            if !died {
                eprintln!("seed {seed}, {store:?}: died at every {step}. of its {poll} polls");
                break;
            }
        }
    }
    sum_up(&results)
}

fn report(options: &Options, outcome: &Outcome, hours: f64) {
    let store = format!("{:?}", options.store).to_lowercase();
    if outcome.violations.is_empty() {
        let tally = outcome.tally;
        eprintln!(
            "seed {} {store}: ok, {} arrivals, {} duplicates, {} retries, {} crashes, {} stops, {} store errors, \
             {} lost leases, {} in time, {} disabled, trace {:016x}",
            options.seed,
            tally.arrivals,
            tally.duplicates,
            tally.retries,
            tally.crashes,
            tally.stops,
            tally.store_errors,
            tally.lost_leases,
            tally.prompt_checks,
            tally.disabled,
            outcome.trace_hash
        );
        return;
    }
    eprintln!("seed {} {store}: {} violations", options.seed, outcome.violations.len());
    for violation in outcome.violations.iter().take(8) {
        eprintln!("  {violation}");
    }
    let when = match (options.dies_at_poll, options.pace) {
        (Some(poll), _) => format!("--dies-at {poll}"),
        (None, Pace::Busy) => format!("--hours {hours}"),
        (None, Pace::Sparse) => format!("--days {}", hours / 24.0),
    };
    eprintln!("  again: sim/run.sh --seed {} --store {store} {when} --trace", options.seed);
}

fn sum_up(results: &[Outcome]) -> ExitCode {
    let hours = results.iter().map(|outcome| outcome.simulated_ms).sum::<u64>() / 3_600_000;
    let failed = results.iter().filter(|outcome| !outcome.violations.is_empty()).count();
    eprintln!("{} runs, {hours} simulated hours, {failed} failed", results.len());
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
