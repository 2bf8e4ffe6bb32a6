//! A pool of one connection. Without grouping it is used as sqlx means it: every use case begins, inserts and
//! commits on the pool. With grouping, one task holds the connection and takes what is queued.

use commit_path::{Args, INSERT, Queue, Row, SCHEMA, UseCase, drive, runtime};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Executor, Result, SqlitePool};
use tokio::sync::mpsc::Receiver;

const IN_SAVEPOINT: &str = "SAVEPOINT use_case; INSERT INTO row (id, body) VALUES (?1, ?2); RELEASE use_case";

async fn open(args: &Args) -> Result<SqlitePool> {
    let options = SqliteConnectOptions::new()
        .filename(&args.database)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .disable_statement_logging();
    // Submitters queue for the connection: that wait is the measurement, not an error.
    let pool = SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .acquire_timeout(std::time::Duration::from_secs(60))
        .connect_with(options)
        .await?;
    pool.execute(SCHEMA).await?;
    let version: String = sqlx::query_scalar("SELECT sqlite_version()").fetch_one(&pool).await?;
    eprintln!("SQLite {version}");
    Ok(pool)
}

async fn insert(connection: &mut SqliteConnection, row: &Row) -> Result<()> {
    sqlx::query(INSERT).bind(row.id).bind(&row.body[..]).execute(connection).await?;
    Ok(())
}

async fn commit_one(pool: SqlitePool, row: Row) -> Result<()> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    insert(&mut transaction, &row).await?;
    transaction.commit().await
}

async fn commit_group(connection: &mut SqliteConnection, group: &[UseCase]) -> Result<()> {
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    for use_case in group {
        // One round trip to sqlx's thread for all three statements: the best case for sqlx. A use case that
        // reads before it writes could not do this, and would pay for each statement.
        sqlx::query(IN_SAVEPOINT)
            .bind(use_case.row.id)
            .bind(&use_case.row.body[..])
            .execute(&mut *transaction)
            .await?;
    }
    transaction.commit().await
}

async fn write(pool: SqlitePool, mut queue: Receiver<UseCase>, group_max: usize) -> Result<()> {
    let mut connection = pool.acquire().await?;
    let mut group = Vec::with_capacity(group_max);
    while queue.recv_many(&mut group, group_max).await > 0 {
        commit_group(&mut connection, &group).await?;
        for use_case in group.drain(..) {
            let _ = use_case.done.send(());
        }
    }
    Ok(())
}

fn main() -> Result<()> {
    let args = Args::parse();
    let runtime = runtime();
    runtime.block_on(async {
        let pool = open(&args).await?;
        let group_max = args.mode.group_max();
        if group_max == 1 {
            drive(&args, move |row| {
                let pool = pool.clone();
                async move { commit_one(pool, row).await.expect("a commit") }
            })
            .await;
        } else {
            let (queue, queued) = Queue::new();
            let writer = tokio::spawn(write(pool, queued, group_max));
            drive(&args, move |row| queue.clone().submit(row)).await;
            writer.await.expect("the writer panicked")?;
        }
        Ok(())
    })
}
