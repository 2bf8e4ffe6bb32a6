//! `commit-path <rusqlite candidate> <sqlx candidate> <directory on a real disk> [rounds] [run_ms]`
//!
//! Runs every candidate in every mode once a round, so that a busy minute hurts all of them alike, then prints
//! the medians as a Markdown table on stdout. Progress goes to stderr.

use std::fs::{self, File, OpenOptions};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use commit_path::{GROUP_MAX, Mode, ROW_BYTES, cpu_seconds};

/// rows/s, CPU-seconds per 1,000 rows, p50 µs, p99 µs
type Figures = [f64; 4];

/// What the disk gives with no database at all: a write and an fsync per commit.
#[derive(Clone, Copy)]
struct Raw {
    label: &'static str,
    write_bytes: usize,
    rows: usize,
    /// Overwrites one place instead of growing the file, as a WAL does after its first checkpoint.
    in_place: bool,
}

const RAW: [Raw; 3] = [
    Raw { label: "4 KiB append + fsync", write_bytes: 4096, rows: 1, in_place: false },
    Raw { label: "4 KiB overwrite + fsync", write_bytes: 4096, rows: 1, in_place: true },
    Raw {
        label: "500 rows append + fsync",
        write_bytes: ROW_BYTES * GROUP_MAX,
        rows: GROUP_MAX,
        in_place: false,
    },
];

fn raw(raw: Raw, dir: &Path, run: Duration) -> Figures {
    let path = dir.join("raw.bin");
    let block = vec![7_u8; raw.write_bytes];
    let mut file: File =
        OpenOptions::new().create(true).truncate(true).write(true).open(&path).expect("a file");
    let mut latencies_us = Vec::new();
    let (started, cpu_before) = (Instant::now(), cpu_seconds());
    while started.elapsed() < run {
        let commit = Instant::now();
        if raw.in_place {
            file.seek(SeekFrom::Start(0)).expect("a seek");
        }
        file.write_all(&block).expect("a write");
        file.sync_all().expect("an fsync");
        latencies_us.push(commit.elapsed().as_micros() as f64);
    }
    let rows = (latencies_us.len() * raw.rows) as f64;
    let (elapsed, cpu) = (started.elapsed(), cpu_seconds() - cpu_before);
    latencies_us.sort_by(f64::total_cmp);
    let at = |share: f64| latencies_us[(latencies_us.len() as f64 * share) as usize];
    fs::remove_file(&path).expect("the file goes away");
    [rows / elapsed.as_secs_f64(), cpu * 1000.0 / rows, at(0.50), at(0.99)]
}

fn candidate(program: &str, mode: Mode, dir: &Path, run: Duration) -> Figures {
    let database = dir.join("bench.db");
    for suffix in ["", "-wal", "-shm"] {
        let _ = fs::remove_file(dir.join(format!("bench.db{suffix}")));
    }
    let output = Command::new(program)
        .arg(mode.name())
        .arg(&database)
        .arg(run.as_millis().to_string())
        .output()
        .unwrap_or_else(|error| panic!("{program}: {error}"));
    assert!(output.status.success(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
    let line = String::from_utf8(output.stdout).expect("text");
    let figures: Vec<f64> = line.split_whitespace().map(|f| f.parse().expect("a number")).collect();
    figures.try_into().expect("four figures")
}

fn medians(mut runs: Vec<Figures>) -> Figures {
    std::array::from_fn(|i| {
        runs.sort_by(|a, b| a[i].total_cmp(&b[i]));
        runs[runs.len() / 2][i]
    })
}

fn row(what: &str, who: &str, runs: &[Figures], against: Option<f64>) {
    let [per_second, cpu, p50, p99] = medians(runs.to_vec());
    let (slowest, fastest) =
        runs.iter().fold((f64::MAX, 0.0_f64), |(low, high), f| (low.min(f[0]), high.max(f[0])));
    let ratio = against.map_or_else(|| "".into(), |base| format!("{:.2}", per_second / base));
    println!(
        "| {what} | {who} | {per_second:.0} | {slowest:.0}–{fastest:.0} | {ratio} | {:.2} | {:.2} | {cpu:.4} |",
        p50 / 1000.0,
        p99 / 1000.0
    );
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [rusqlite, sqlx, dir, options @ ..] = args.as_slice() else {
        eprintln!("usage: commit-path <rusqlite candidate> <sqlx candidate> <directory> [rounds] [run_ms]");
        std::process::exit(2);
    };
    let number = |i: usize, default: u64| options.get(i).map_or(default, |v| v.parse().expect("a number"));
    let (rounds, run) = (number(0, 5), Duration::from_millis(number(1, 2_000)));
    let dir = Path::new(dir);
    fs::create_dir_all(dir).expect("the directory");

    let mut raws = RAW.map(|_| Vec::new());
    let mut candidates = Mode::ALL.map(|_| [Vec::new(), Vec::new()]);
    for round in 1..=rounds {
        eprintln!("commit-path: round {round} of {rounds}");
        for (runs, of) in raws.iter_mut().zip(RAW) {
            runs.push(raw(of, dir, run / 2));
        }
        for (runs, mode) in candidates.iter_mut().zip(Mode::ALL) {
            // Whoever goes second may find a warmer disk: take turns.
            let order = if round % 2 == 0 { [0, 1] } else { [1, 0] };
            for who in order {
                runs[who].push(candidate([rusqlite, sqlx][who], mode, dir, run));
            }
        }
    }

    println!(
        "| mode | who | rows/s, median | slowest–fastest | ÷ sqlx | p50 ms | p99 ms | CPU-s per 1,000 rows |"
    );
    println!("|---|---|---:|---:|---:|---:|---:|---:|");
    for (runs, of) in raws.iter().zip(RAW) {
        row("raw", of.label, runs, None);
    }
    for (runs, mode) in candidates.iter().zip(Mode::ALL) {
        let base = medians(runs[1].clone())[0];
        row(mode.name(), "rusqlite", &runs[0], Some(base));
        row(mode.name(), "sqlx", &runs[1], Some(base));
    }
    let _ = fs::remove_dir_all(dir);
}
