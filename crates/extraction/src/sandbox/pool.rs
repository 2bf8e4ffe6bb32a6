//! Children that outlive a document.
//!
//! Starting a child costs more than reading a short document, so a child serves several, one after the
//! other, all of one owner. The pool keeps those that wait for their next document, and a spare that is
//! started ahead and belongs to nobody yet. Together with those at work they are never more than
//! `children_max`, beyond which the one that has waited longest is ended; the callers bound how many work.
//!
//! What is guaranteed:
//! - A child never serves two owners, so whatever a document made of it can't reach another's document.
//! - A child is given back only after an answer in turn. Whatever failed it (a crash, a deadline, a word
//!   out of turn, a panic in a reader) ends it: it is killed when it is dropped.
//! - A child that was used before and fails is no evidence against the document at hand. The document is
//!   then read by a child that was started for it, and only what happens there is its verdict.
//! - A document has all of its processor time, and no more. A child has one thread, so the deadline bounds
//!   both its times, and the parent kills at the deadline. The kernel's limit on processor time, which
//!   works even if there is no parent any more, is what one document may use and
//!   `limits::CHILD_CPU_SECONDS_REUSED` more: a child that has used up the latter gets no further document.
//! - So it is with memory: the kernel's limit is one document's, and a child that has grown beyond
//!   `limits::CHILD_MEMORY_BYTES_REUSED` gets no further document. Both are read from the kernel, not
//!   asked of the child.
//! - Children without work are ended after `limits::CHILD_IDLE_MS`.
//!
//! What is not: a document that takes over its child, against every wall, could falsify what is read from
//! the same owner's next documents until the child is ended. The pool never hands a document to a child
//! before it was asked for, and knows an owner only as a text to compare.

use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use docextract_model::extractor::FieldDefinition;
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use tokio::io::BufReader;
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use super::EXTRACT_CHILD;
use super::parent::not_started;

/// A clock tick of the kernel's accounting, the same on every Linux that Rust runs on.
const TICKS_PER_SECOND: u64 = 100;
/// The kernel's accounting in `/proc` counts memory in pages of this size, or larger: then a child is ended earlier.
const PAGE_BYTES: u64 = 4096;

/// The line of it is a name of 16 bytes and some 50 numbers.
const STAT_BYTES_MAX: usize = 2048;

pub(super) struct Pool {
    program: PathBuf,
    children_max: usize,
    kept: Mutex<Kept>,
}

#[derive(Default)]
struct Kept {
    /// The one that waited longest comes first.
    idle: Vec<Idle>,
    at_work: usize,
    /// Somebody counts how long the idle ones wait.
    is_watched: bool,
}

struct Idle {
    child: PooledChild,
    /// Rounds of the watch that it has waited.
    rounds: u32,
}

/// A child that was started, with its ends of the pipes. Dropping it kills it.
pub(super) struct PooledChild {
    pub(super) process: Child,
    pub(super) stdin: ChildStdin,
    pub(super) stdout: BufReader<ChildStdout>,
    /// What the kernel accounts for it, kept open: it is looked at after each document.
    stat: Option<File>,
    /// The fields that it was told last: it still knows them.
    pub(super) fields: Option<Vec<FieldDefinition>>,
    /// Nobody's while it is a spare.
    owner: Option<String>,
    /// Documents that it was given.
    documents: u32,
    /// What one document may use.
    cpu_seconds: u64,
}

/// A child at work, counted as such until it is dropped or given back.
pub(super) struct AtWork {
    pool: Arc<Pool>,
    child: Option<PooledChild>,
    /// It was started for the document that it has now.
    pub(super) is_fresh: bool,
}

impl Pool {
    pub(super) fn new(program: PathBuf, children_max: usize) -> Self {
        Self { program, children_max, kept: Mutex::default() }
    }

    pub(super) fn program(&self) -> &Path {
        &self.program
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Children that wait.
    pub(super) fn idle_count(&self) -> usize {
        self.kept().idle.len()
    }

    /// A child for a document of this owner: one that served it before, or the spare, or a new one.
    pub(super) fn take(self: &Arc<Self>, owner: &str, cpu_seconds: u64) -> Result<AtWork, Failure> {
        let mut kept = self.kept();
        let of = |wanted: Option<&str>| {
            let fits = move |idle: &Idle| {
                idle.child.owner.as_deref() == wanted && idle.child.cpu_seconds >= cpu_seconds
            };
            kept.idle.iter().rposition(fits)
        };
        let found = of(Some(owner)).or_else(|| of(None)).map(|index| kept.idle.remove(index));
        kept.at_work += 1;
        drop(kept);
        let mut at_work = AtWork { pool: Arc::clone(self), child: None, is_fresh: found.is_none() };
        let mut child = match found {
            Some(idle) => idle.child,
            None => self.start(cpu_seconds)?,
        };
        child.owner = Some(owner.to_owned());
        at_work.child = Some(child);
        if at_work.is_fresh {
            self.start_spare(cpu_seconds);
        }
        Ok(at_work)
    }

    /// The next document that needs a new child shall not wait for it.
    fn start_spare(self: &Arc<Self>, cpu_seconds: u64) {
        let wants_one = |kept: &Kept| {
            kept.idle.len() + kept.at_work < self.children_max
                && kept.idle.iter().all(|idle| idle.child.owner.is_some())
        };
        if !wants_one(&self.kept()) {
            return;
        }
        // That there is no spare is no reason for anything to fail.
        if let Ok(child) = self.start(cpu_seconds) {
            let mut kept = self.kept();
            if wants_one(&kept) {
                kept.idle.push(Idle { child, rounds: 0 });
                self.watch(&mut kept);
            }
        }
    }

    fn start(&self, cpu_seconds: u64) -> Result<PooledChild, Failure> {
        let mut process = Command::new(&self.program)
            .arg(EXTRACT_CHILD)
            .arg(cpu_seconds.saturating_add(limits::CHILD_CPU_SECONDS_REUSED).to_string())
            .env_clear()
            .current_dir("/")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| not_started(&error))?;
        let (Some(stdin), Some(stdout)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(Failure::new(FailureCode::TemporaryError));
        };
        let stdout = BufReader::new(stdout);
        let stat = process.id().and_then(|id| File::open(format!("/proc/{id}/stat")).ok());
        Ok(PooledChild { process, stdin, stdout, stat, fields: None, owner: None, documents: 0, cpu_seconds })
    }

    fn give_back(self: &Arc<Self>, child: PooledChild) {
        let mut kept = self.kept();
        kept.idle.push(Idle { child, rounds: 0 });
        // The caller is still counted as at work, with the child that it has just put down.
        let most = self.children_max.saturating_sub(kept.at_work - 1);
        let ended: Vec<Idle> = {
            let excess = kept.idle.len().saturating_sub(most);
            kept.idle.drain(..excess).collect()
        };
        self.watch(&mut kept);
        drop(kept);
        drop(ended);
    }

    /// Ends the children that have waited for two rounds. Returns how many still wait.
    pub(super) fn end_idle(&self) -> usize {
        let mut kept = self.kept();
        for idle in &mut kept.idle {
            idle.rounds += 1;
        }
        let ended: Vec<Idle> = kept.idle.extract_if(.., |idle| idle.rounds >= 2).collect();
        let waiting = kept.idle.len();
        drop(kept);
        drop(ended);
        waiting
    }

    fn watch(self: &Arc<Self>, kept: &mut Kept) {
        if !std::mem::replace(&mut kept.is_watched, true) {
            tokio::spawn(end_idle_later(Arc::downgrade(self)));
        }
    }
}

/// Runs while children wait, and no longer than the pool lives.
async fn end_idle_later(pool: Weak<Pool>) {
    loop {
        tokio::time::sleep(Duration::from_millis(limits::CHILD_IDLE_MS)).await;
        let Some(pool) = pool.upgrade() else { return };
        pool.end_idle();
        let mut kept = pool.kept();
        if kept.idle.is_empty() {
            kept.is_watched = false;
            return;
        }
    }
}

impl AtWork {
    pub(super) fn child(&mut self) -> Result<&mut PooledChild, Failure> {
        self.child.as_mut().ok_or_else(|| Failure::new(FailureCode::TemporaryError))
    }

    /// Exchanges a child that failed for a new one.
    pub(super) fn renew(&mut self) -> Result<(), Failure> {
        let Some(failed) = self.child.take() else { return Err(Failure::new(FailureCode::TemporaryError)) };
        let (owner, cpu_seconds) = (failed.owner.clone(), failed.cpu_seconds);
        drop(failed);
        self.child = Some(PooledChild { owner, ..self.pool.start(cpu_seconds)? });
        self.is_fresh = true;
        Ok(())
    }

    /// Takes the child out, for good: whoever has it learns how it ended.
    pub(super) fn condemn(mut self) -> Option<PooledChild> {
        self.child.take()
    }

    /// Keeps the child for the next document of its owner, unless it has served enough.
    pub(super) fn give_back(mut self) {
        let Some(mut child) = self.child.take() else { return };
        child.documents += 1;
        // What it says without being asked, it says because a document made it do so.
        let is_quiet = child.stdout.buffer().is_empty();
        if is_quiet && child.documents < limits::CHILD_DOCUMENTS_MAX && child.is_light() {
            self.pool.give_back(child);
        }
    }
}

impl Drop for AtWork {
    fn drop(&mut self) {
        self.pool.kept().at_work -= 1;
    }
}

impl PooledChild {
    /// Whether the kernel says that it has used little so far. A child of which it says nothing has not.
    fn is_light(&self) -> bool {
        let usage = self.stat.as_ref().and_then(|stat| {
            let mut line = [0; STAT_BYTES_MAX];
            let length = stat.read_at(&mut line, 0).ok()?;
            // The name stands in brackets and may hold anything.
            let behind = line[..length].rsplit(|byte| *byte == b')').next()?;
            let fields: Vec<&str> = std::str::from_utf8(behind).ok()?.split_ascii_whitespace().collect();
            let number = |index: usize| fields.get(index)?.parse::<u64>().ok();
            // Behind the name: user time 12th, system time 13th, resident pages 22nd.
            Some((number(11)? + number(12)?, number(21)?))
        });
        usage.is_some_and(|(ticks, pages)| {
            ticks / TICKS_PER_SECOND < limits::CHILD_CPU_SECONDS_REUSED
                && pages.saturating_mul(PAGE_BYTES) < limits::CHILD_MEMORY_BYTES_REUSED
        })
    }
}
