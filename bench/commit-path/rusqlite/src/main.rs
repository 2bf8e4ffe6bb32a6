//! One thread owns the connection, takes what is queued, and commits it together.

use commit_path::{Args, INSERT, Queue, SCHEMA, UseCase, drive, runtime};
use rusqlite::{Connection, Result, params};
use tokio::sync::mpsc::Receiver;

fn open(args: &Args) -> Result<Connection> {
    let connection = Connection::open(&args.database)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    connection.pragma_update(None, "foreign_keys", "ON")?;
    connection.execute_batch(SCHEMA)?;
    Ok(connection)
}

fn insert(connection: &Connection, use_case: &UseCase) -> Result<()> {
    connection.prepare_cached(INSERT)?.execute(params![use_case.row.id, &use_case.row.body[..]])?;
    Ok(())
}

fn run(connection: &Connection, sql: &str) -> Result<()> {
    connection.prepare_cached(sql)?.execute([])?;
    Ok(())
}

fn commit(connection: &Connection, group: &[UseCase], savepoints: bool) -> Result<()> {
    run(connection, "BEGIN IMMEDIATE")?;
    for use_case in group {
        if savepoints {
            run(connection, "SAVEPOINT use_case")?;
            insert(connection, use_case)?;
            run(connection, "RELEASE use_case")?;
        } else {
            insert(connection, use_case)?;
        }
    }
    run(connection, "COMMIT")
}

fn write(connection: &Connection, mut queue: Receiver<UseCase>, group_max: usize) -> Result<()> {
    let mut group = Vec::with_capacity(group_max);
    while queue.blocking_recv_many(&mut group, group_max) > 0 {
        commit(connection, &group, group_max > 1)?;
        for use_case in group.drain(..) {
            let _ = use_case.done.send(());
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    let args = Args::parse();
    let connection = open(&args)?;
    eprintln!("SQLite {}", rusqlite::version());
    let (queue, queued) = Queue::new();
    let group_max = args.mode.group_max();
    let writer = std::thread::spawn(move || write(&connection, queued, group_max));
    runtime().block_on(drive(&args, move |row| queue.clone().submit(row)));
    writer.join().expect("the writer panicked")
}
