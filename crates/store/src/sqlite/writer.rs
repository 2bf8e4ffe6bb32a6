//! The one writer: queued use cases commit together.
//!
//! A thread owns the only connection that writes. It takes what is queued, runs it in one transaction,
//! commits once (one fsync for all), and only then answers. So an answer means durable, and the more is
//! asked at once, the less each costs. Only the leases of deliveries do without: when the power goes,
//! nobody holds any, and a group of nothing else is not synced before the next that is.
//!
//! Nearly every use case succeeds, so a group is run as it is, and undone as a whole when one of it
//! fails. Then it is run once more with a savepoint around each, which keeps what the others write and
//! undoes the failing one alone; a savepoint costs a copy of every page that it changes. So a use case
//! may be run twice, the first time in vain, and must not notice.
//!
//! A commit that fails is told to every one of its group. A disk that fails takes the whole group, too:
//! SQLite then ends the transaction by itself, in the middle of any statement, and what follows would
//! run and commit outside of it. Nobody is told that it was written, everybody that the store is
//! unavailable, and the next group starts anew.

use std::panic::{AssertUnwindSafe, catch_unwind};

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use crate::{Result, StoreError};

/// Use cases that wait for the writer; more wait in their callers.
const QUEUE_MAX: usize = 4_096;
/// Use cases that share one commit.
const GROUP_MAX: usize = 512;

/// A use case on its way through a group commit.
trait UseCase: Send {
    /// Whether its answer means that it is on disk.
    fn is_durable(&self) -> bool;
    /// Runs inside the transaction; what it wrote before an error is undone.
    fn run(&mut self, connection: &Connection) -> Result<()>;
    /// Tells the caller, once the commit has succeeded or failed.
    fn answer(self: Box<Self>, committed: Result<()>);
}

struct Pending<W, T> {
    work: W,
    is_durable: bool,
    outcome: Option<Result<T>>,
    caller: oneshot::Sender<Result<T>>,
}

impl<W, T> UseCase for Pending<W, T>
where
    W: Fn(&Connection) -> Result<T> + Send,
    T: Send,
{
    fn is_durable(&self) -> bool {
        self.is_durable
    }

    fn run(&mut self, connection: &Connection) -> Result<()> {
        let outcome = catch_unwind(AssertUnwindSafe(|| (self.work)(connection)))
            .unwrap_or_else(|_| Err(StoreError::Refused("a use case panicked".to_owned())));
        let ran = outcome.as_ref().map(|_| ()).map_err(Clone::clone);
        self.outcome = Some(outcome);
        ran
    }

    fn answer(self: Box<Self>, committed: Result<()>) {
        let not_run = || Err(StoreError::Unavailable("the use case was not run".to_owned()));
        let Self { outcome, caller, .. } = *self;
        let outcome = committed.and_then(|()| outcome.unwrap_or_else(not_run));
        // The caller may have gone away; what was committed stays committed.
        let _ = caller.send(outcome);
    }
}

/// A handle to the writer's thread, which ends when the last handle is dropped.
#[derive(Clone)]
pub(super) struct Writer {
    queue: mpsc::Sender<Box<dyn UseCase>>,
}

impl Writer {
    pub(super) fn start(connection: Connection) -> Result<Self> {
        let (queue, waiting) = mpsc::channel(QUEUE_MAX);
        std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || run(&connection, waiting))
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Self { queue })
    }

    /// Runs a use case in a transaction, perhaps twice, and answers when it is durable.
    pub(super) async fn write<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.send(work, true).await
    }

    /// The same, but a loss of power right after the answer may undo it: for leases, which are void then.
    pub(super) async fn write_lease<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        self.send(work, false).await
    }

    async fn send<T: Send + 'static>(
        &self,
        work: impl Fn(&Connection) -> Result<T> + Send + 'static,
        is_durable: bool,
    ) -> Result<T> {
        let (caller, answered) = oneshot::channel();
        let use_case = Box::new(Pending { work, is_durable, outcome: None, caller });
        let gone = || StoreError::Unavailable("the store has been closed".to_owned());
        self.queue.send(use_case).await.map_err(|_| gone())?;
        answered.await.map_err(|_| gone())?
    }
}

fn run(connection: &Connection, mut waiting: mpsc::Receiver<Box<dyn UseCase>>) {
    let mut group = Vec::with_capacity(GROUP_MAX);
    let mut sync = Sync::Always;
    while waiting.blocking_recv_many(&mut group, GROUP_MAX) > 0 {
        let wanted =
            if group.iter().any(|use_case| use_case.is_durable()) { Sync::Always } else { Sync::Later };
        let committed = sync.be(wanted, connection).and_then(|()| commit_together(connection, &mut group));
        if committed.is_err() {
            roll_back(connection);
        }
        for use_case in group.drain(..) {
            use_case.answer(committed.clone());
        }
    }
}

/// When commits reach the disk.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sync {
    /// Each before it is answered, and with it all before it: `connect` begins with this.
    Always,
    /// With the next that does.
    Later,
}

impl Sync {
    fn be(&mut self, wanted: Self, connection: &Connection) -> Result<()> {
        if *self != wanted {
            let synchronous = match wanted {
                Self::Always => "FULL",
                Self::Later => "NORMAL",
            };
            connection.pragma_update(None, "synchronous", synchronous)?;
            *self = wanted;
        }
        Ok(())
    }
}

/// Ends a transaction that an error did not end by itself, so that the next can begin.
fn roll_back(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(error) = connection.execute_batch("ROLLBACK") {
        tracing::error!(%error, "the store could not roll back");
    }
}

fn commit_together(connection: &Connection, group: &mut [Box<dyn UseCase>]) -> Result<()> {
    execute(connection, "BEGIN IMMEDIATE")?;
    if run_all(connection, group)? {
        return execute(connection, "COMMIT");
    }
    roll_back(connection);
    if group.len() > 1 {
        execute(connection, "BEGIN IMMEDIATE")?;
        run_each_apart(connection, group)?;
        execute(connection, "COMMIT")?;
    }
    Ok(())
}

/// Whether all of them succeeded; stops at the first that does not.
fn run_all(connection: &Connection, group: &mut [Box<dyn UseCase>]) -> Result<bool> {
    for use_case in group {
        let ran = use_case.run(connection);
        require_transaction(connection, &ran)?;
        if ran.is_err() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn run_each_apart(connection: &Connection, group: &mut [Box<dyn UseCase>]) -> Result<()> {
    for use_case in group {
        execute(connection, "SAVEPOINT use_case")?;
        let ran = use_case.run(connection);
        require_transaction(connection, &ran)?;
        if ran.is_err() {
            execute(connection, "ROLLBACK TO use_case")?;
        }
        execute(connection, "RELEASE use_case")?;
    }
    Ok(())
}

/// The transaction must have outlived what was run in it.
fn require_transaction(connection: &Connection, ran: &Result<()>) -> Result<()> {
    if connection.is_autocommit() {
        let reason = ran.as_ref().err().map_or_else(String::new, ToString::to_string);
        return Err(StoreError::Unavailable(format!("the transaction broke down: {reason}")));
    }
    Ok(())
}

fn execute(connection: &Connection, sql: &str) -> Result<()> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(path: &std::path::Path) -> Vec<i64> {
        let connection = Connection::open(path).unwrap();
        let mut rows = connection.prepare("SELECT n FROM t ORDER BY n").unwrap();
        rows.query_map([], |row| row.get(0)).unwrap().map(std::result::Result::unwrap).collect()
    }

    /// Use cases of one group, of which each third fails after it has written.
    #[test]
    fn a_use_case_that_fails_takes_nothing_of_its_group_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").unwrap();
        let (mut group, mut answers): (Vec<Box<dyn UseCase>>, Vec<_>) = (Vec::new(), Vec::new());
        for n in 0..10_i64 {
            let (caller, answered) = oneshot::channel();
            let work = move |db: &Connection| {
                execute(db, &format!("INSERT INTO t VALUES ({n})"))?;
                if n % 3 == 0 { Err(StoreError::Refused(n.to_string())) } else { Ok(n) }
            };
            group.push(Box::new(Pending { work, is_durable: true, outcome: None, caller }));
            answers.push(answered);
        }
        let committed = commit_together(&connection, &mut group);
        group.into_iter().for_each(|use_case| use_case.answer(committed.clone()));
        for (n, answer) in answers.into_iter().enumerate() {
            let expected = if n % 3 == 0 { None } else { Some(i64::try_from(n).unwrap()) };
            assert_eq!(answer.blocking_recv().unwrap().ok(), expected);
        }
        assert_eq!(rows(&path), [1, 2, 4, 5, 7, 8]);
    }

    #[test]
    fn one_that_fails_alone_is_told_why_and_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("db");
        let connection = Connection::open(&path).unwrap();
        connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY)").unwrap();
        let (caller, answered) = oneshot::channel::<Result<()>>();
        let work = |db: &Connection| {
            execute(db, "INSERT INTO t VALUES (1)")?;
            panic!("a bug");
        };
        let mut group: Vec<Box<dyn UseCase>> =
            vec![Box::new(Pending { work, is_durable: true, outcome: None, caller })];
        commit_together(&connection, &mut group).unwrap();
        group.remove(0).answer(Ok(()));
        assert!(matches!(answered.blocking_recv().unwrap(), Err(StoreError::Refused(_))));
        assert!(connection.is_autocommit());
        assert_eq!(rows(&path), [] as [i64; 0]);
    }
}
