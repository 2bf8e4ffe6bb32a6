//! What both candidates share, so that only the database library differs between them.
//!
//! A *use case* is one durable insert of a 600-byte row: it has happened when its submitter was answered after
//! a commit with `synchronous=FULL`. Submitters are tasks on one runtime; each waits for the answer to what it
//! submitted before it submits more. A candidate runs in its own process and prints one [`Measurement`].
//!
//! This harness never reads a row back and never simulates power loss: it measures the price of the promise,
//! not whether the disk keeps it.

use std::future::Future;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};

/// The size of every row's body.
pub const ROW_BYTES: usize = 600;
/// At most this many use cases share a commit.
pub const GROUP_MAX: usize = 500;
/// Queued use cases that the channel holds before submitters wait.
pub const QUEUE_MAX: usize = 1_024;

/// Both candidates' schema: what a row costs must not depend on the library.
pub const SCHEMA: &str = "CREATE TABLE row (id INTEGER PRIMARY KEY, body BLOB NOT NULL)";
pub const INSERT: &str = "INSERT INTO row (id, body) VALUES (?1, ?2)";

/// One row to insert.
#[derive(Clone)]
pub struct Row {
    pub id: i64,
    pub body: Arc<[u8]>,
}

/// A queued use case: the row, and where to send the answer once it is durable.
pub struct UseCase {
    pub row: Row,
    pub done: oneshot::Sender<()>,
}

/// The submitting half of a writer's queue.
#[derive(Clone)]
pub struct Queue(mpsc::Sender<UseCase>);

impl Queue {
    pub fn new() -> (Self, mpsc::Receiver<UseCase>) {
        let (sender, receiver) = mpsc::channel(QUEUE_MAX);
        (Self(sender), receiver)
    }

    /// Answers when the row is durable.
    pub async fn submit(self, row: Row) {
        let (done, answer) = oneshot::channel();
        assert!(self.0.send(UseCase { row, done }).await.is_ok(), "the writer is gone");
        answer.await.expect("the writer dropped a use case");
    }
}

/// How use cases meet commits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Mode {
    /// One submitter; every use case is its own transaction.
    One,
    /// 64 submitters; every use case is its own transaction.
    Each,
    /// 64 submitters with one use case outstanding each; what is queued commits together, in savepoints.
    Group,
    /// The same with eight outstanding each, so that groups reach [`GROUP_MAX`].
    GroupDeep,
}

impl Mode {
    pub const ALL: [Self; 4] = [Self::One, Self::Each, Self::Group, Self::GroupDeep];

    pub fn name(self) -> &'static str {
        match self {
            Self::One => "one",
            Self::Each => "each",
            Self::Group => "group",
            Self::GroupDeep => "group-deep",
        }
    }

    /// Use cases waiting for an answer at any moment: submitters × what each has outstanding.
    fn outstanding(self) -> usize {
        match self {
            Self::One => 1,
            Self::Each | Self::Group => 64,
            Self::GroupDeep => 64 * 8,
        }
    }

    pub fn group_max(self) -> usize {
        match self {
            Self::One | Self::Each => 1,
            Self::Group | Self::GroupDeep => GROUP_MAX,
        }
    }
}

/// What a candidate was asked to do.
pub struct Args {
    pub mode: Mode,
    pub database: PathBuf,
    pub run_ms: u64,
}

impl Args {
    /// `<mode> <database file> <run_ms>`
    pub fn parse() -> Self {
        let mut args = std::env::args().skip(1);
        let name = args.next().expect("a mode");
        let mode = Mode::ALL.into_iter().find(|mode| mode.name() == name).expect("a known mode");
        let database = args.next().expect("a database file").into();
        let run_ms = args.next().expect("milliseconds").parse().expect("a number of milliseconds");
        Self { mode, database, run_ms }
    }
}

/// Prints `rows/s, CPU-seconds per 1,000 rows, p50 and p99 in microseconds`, tab-separated.
pub fn report(rows: usize, elapsed: Duration, cpu_seconds: f64, mut latencies_us: Vec<u64>) {
    latencies_us.sort_unstable();
    let at =
        |share: f64| latencies_us.get((latencies_us.len() as f64 * share) as usize).copied().unwrap_or(0);
    println!(
        "{:.0}\t{:.5}\t{}\t{}",
        rows as f64 / elapsed.as_secs_f64(),
        cpu_seconds * 1000.0 / rows as f64,
        at(0.50),
        at(0.99),
    );
}

/// Runs the mode's submitters for the time asked and reports what was made durable after a short warm-up.
pub async fn drive<F, Fut>(args: &Args, submit: F)
where
    F: Fn(Row) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = ()> + Send + 'static,
{
    let body: Arc<[u8]> = (0..ROW_BYTES).map(|i| (i * 31 % 251) as u8).collect();
    let next_id = Arc::new(AtomicU64::new(1));
    let warm_at = Instant::now() + Duration::from_millis(args.run_ms / 5);
    let stop_at = warm_at + Duration::from_millis(args.run_ms);

    let submitters: Vec<_> = (0..args.mode.outstanding())
        .map(|_| {
            let (submit, body, next_id) = (submit.clone(), Arc::clone(&body), Arc::clone(&next_id));
            tokio::spawn(async move {
                let mut latencies_us = Vec::new();
                loop {
                    let started = Instant::now();
                    if started >= stop_at {
                        return latencies_us;
                    }
                    let id = next_id.fetch_add(1, Ordering::Relaxed) as i64;
                    submit(Row { id, body: Arc::clone(&body) }).await;
                    if started >= warm_at {
                        latencies_us.push(started.elapsed().as_micros() as u64);
                    }
                }
            })
        })
        .collect();

    tokio::time::sleep_until(warm_at.into()).await;
    let cpu_before = cpu_seconds();
    let mut latencies_us = Vec::new();
    for submitter in submitters {
        latencies_us.extend(submitter.await.expect("a submitter panicked"));
    }
    let elapsed = warm_at.elapsed();
    report(latencies_us.len(), elapsed, cpu_seconds() - cpu_before, latencies_us);
}

/// User and system time of this process so far. Linux counts it in hundredths.
pub fn cpu_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("/proc/self/stat");
    let after_name = stat.rsplit(')').next().expect("a process name");
    let field = |n: usize| after_name.split_whitespace().nth(n).and_then(|f| f.parse::<f64>().ok());
    (field(11).expect("utime") + field(12).expect("stime")) / 100.0
}

/// The runtime of every candidate.
pub fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().expect("a runtime")
}
