//! Connections that only read, each used by one query at a time.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::Connection;
use tokio::sync::Semaphore;

use crate::{Result, StoreError};

/// A small pool; who finds none free waits.
pub(super) struct Readers {
    free: Arc<Mutex<Vec<Connection>>>,
    permits: Arc<Semaphore>,
}

impl Readers {
    pub(super) fn new(connections: Vec<Connection>) -> Self {
        let permits = Arc::new(Semaphore::new(connections.len()));
        Self { free: Arc::new(Mutex::new(connections)), permits }
    }

    /// Runs a query on a thread that may block. It sees one consistent state throughout.
    pub(super) async fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let closed = |what: &str| StoreError::Unavailable(what.to_owned());
        let permit = Arc::clone(&self.permits)
            .acquire_owned()
            .await
            .map_err(|_| closed("the store has been closed"))?;
        let free = Arc::clone(&self.free);
        tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let connection = free.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let connection = connection.ok_or_else(|| closed("no connection is free"))?;
            // A query that panics must not take its connection with it.
            let outcome = catch_unwind(AssertUnwindSafe(|| in_one_snapshot(&connection, query)))
                .unwrap_or_else(|_| Err(StoreError::Refused("a query panicked".to_owned())));
            end_snapshot(&connection);
            free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
            outcome
        })
        .await
        .map_err(|error| StoreError::Refused(error.to_string()))?
    }
}

fn in_one_snapshot<T>(connection: &Connection, query: impl FnOnce(&Connection) -> Result<T>) -> Result<T> {
    connection.prepare_cached("BEGIN")?.execute([])?;
    query(connection)
}

/// Nothing was written, so there is nothing to commit. A file that cannot be read has ended it already.
fn end_snapshot(connection: &Connection) {
    if connection.is_autocommit() {
        return;
    }
    if let Err(error) = connection.prepare_cached("ROLLBACK").and_then(|mut end| end.execute([])) {
        tracing::error!(%error, "a query's snapshot could not be ended");
    }
}
