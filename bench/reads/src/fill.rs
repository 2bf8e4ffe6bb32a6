//! Fills a database with documents that have been read, and with what was sent of them.

use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use rusqlite::{Connection, params};

/// Less than the log is kept: nothing is pruned while requests are timed.
const SPREAD_MS: i64 = 29 * 24 * 60 * 60 * 1000;
const ATTEMPTS: i64 = 5;
/// Documents of one transaction.
const BATCH: i64 = 50_000;

/// What to ask for.
pub struct Filled {
    pub job: String,
    pub event: String,
    pub delivery: String,
    pub extractor: String,
    pub webhook: String,
    /// The cursor of a page.
    pub middle: String,
    /// Instants as the API takes them.
    pub early: String,
    pub late: String,
}

pub fn fill(path: &Path, documents: i64) -> Filled {
    let db = Connection::open(path).expect("the database");
    db.execute_batch("PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL; PRAGMA cache_size = -200000")
        .expect("pragmas");
    let org = text(&db, "SELECT id FROM organisations");
    let extractors = texts(&db, "SELECT id FROM extractors WHERE mode = 'live' ORDER BY id");
    let webhooks = texts(&db, "SELECT id FROM webhooks WHERE mode = 'live' ORDER BY id");
    let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970").as_millis();
    let start = i64::try_from(now).expect("before the end of time") - SPREAD_MS;
    let step = SPREAD_MS / documents;
    let data = format!(r#"{{"invoice_number":"{:0>12}","total_amount":1250.50,"seller_name":"Example"}}"#, 7);
    let detail = format!(
        r#","attempted_at":"2024-11-23T10:00:00Z","status_code":503,"response_time_ms":9,"remote_ip":"192.0.2.1","dns_ms":1,"connect_ms":2,"tls_ms":5,"first_byte_ms":9,"error":{{"code":"http_status","message":"503"}},"request_headers":[["webhook-id","{:0>36}"]],"response_headers":[["content-length","0"]],"response_body":""}}"#,
        7
    );
    let mut first = 0;
    while first < documents {
        let last = (first + BATCH).min(documents) - 1;
        db.execute_batch("BEGIN").expect("a transaction");
        let numbers = "WITH RECURSIVE n(i) AS (SELECT ?1 UNION ALL SELECT i + 1 FROM n WHERE i < ?2)";
        // Ids carry the instant, as the server's do.
        let id = |prefix: &str| format!("printf('{prefix}_%012x7000%016x', ?3 + i * ?4, i)");
        let pick = |names: &[String], by: &str| {
            let cases: String = names
                .iter()
                .enumerate()
                .map(|(index, name)| format!(" WHEN {index} THEN '{name}'"))
                .collect();
            format!("CASE ({by}) % {}{cases} END", names.len())
        };
        let (job, event, delivery) = (id("job"), id("evt"), id("dlv"));
        let (extractor, webhook) = (pick(&extractors, "i"), pick(&webhooks, "i"));
        let failed = "i % 50 = 0";
        let kind = format!("CASE WHEN {failed} THEN 'job.failed' ELSE 'job.completed' END");
        let jobs = format!(
            "{numbers} INSERT INTO jobs (id, org_id, mode, extractor_id, extractor_version, document_type, status, \
             credits_needed, blob_id, awaits_file, mime_type, file_size_bytes, metadata, extracted_data, confidence, citations, \
             warnings, page_count, confidence_min_e4, failure_code, failure_message, failure_suggestion, \
             processing_time_ms, cost_credits, attempt_count, created_at, started_at, completed_at, due_at, \
             waits_for_slot) SELECT {job}, ?5, 'live', {extractor}, 1, 'invoice', \
             if({failed}, 'failed', 'completed'), 2, {job}, 0, 'application/pdf', 1234, '{{}}', \
             if({failed}, NULL, ?6), if({failed}, NULL, '{{}}'), if({failed}, NULL, '{{}}'), \
             if({failed}, NULL, '[]'), if({failed}, NULL, 1), if({failed}, NULL, 5000 + i * 7919 % 5000), \
             if({failed}, 'document_unreadable', NULL), if({failed}, 'It cannot be read.', NULL), \
             if({failed}, 'Scan it again.', NULL), 12, if({failed}, 0, 2), 1, ?3 + i * ?4, ?3 + i * ?4, \
             ?3 + i * ?4 + 12, ?3 + i * ?4, 0 FROM n"
        );
        db.execute(&jobs, params![first, last, start, step, org, data]).expect("jobs");
        let events = format!(
            "{numbers} INSERT INTO events (id, org_id, mode, event_type, body, job_id, created_at) \
             SELECT {event}, ?5, 'live', {kind}, CAST('{{\"event\":\"' || {kind} || '\",\"data\":' || ?6 || '}}' AS BLOB), \
             {job}, ?3 + i * ?4 FROM n"
        );
        db.execute(&events, params![first, last, start, step, org, data]).expect("events");
        let deliveries = format!(
            "{numbers} INSERT INTO deliveries (id, org_id, mode, event_id, event_type, webhook_id, url, status, \
             trigger_kind, attempt_count, created_at, finished_at, due_at) SELECT {delivery}, ?5, 'live', {event}, \
             {kind}, {webhook}, 'https://example.com/hook', if(i % 40 = 0, 'failed', 'delivered'), 'event', ?6, \
             ?3 + i * ?4, ?3 + i * ?4 + 40, ?3 + i * ?4 FROM n"
        );
        db.execute(&deliveries, params![first, last, start, step, org, ATTEMPTS]).expect("deliveries");
        let attempts = format!(
            "{numbers}, k(number) AS (SELECT 1 UNION ALL SELECT number + 1 FROM k WHERE number < ?6) \
             INSERT INTO attempts (delivery_id, number, attempted_at, status_code, response_time_ms, error_code, \
             detail) SELECT {delivery}, number, ?3 + i * ?4 + number, if(number = ?6, 204, 503), 9, NULL, \
             '{{\"number\":' || number || ?5 FROM n, k"
        );
        db.execute(&attempts, params![first, last, start, step, detail, ATTEMPTS]).expect("attempts");
        let charges = format!(
            "{numbers} INSERT INTO transactions (id, org_id, kind, amount, balance_after, job_id, description, \
             created_at) SELECT {}, ?5, 'charge', -2, 2 * (?6 - i), {job}, 'Document extraction', ?3 + i * ?4 FROM n",
            id("txn")
        );
        db.execute(&charges, params![first, last, start, step, org, documents]).expect("charges");
        db.execute_batch("COMMIT").expect("a commit");
        first = last + 1;
    }
    db.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)").expect("a checkpoint");
    let at = |index: i64| format!("{:012x}7000{index:016x}", start + index * step);
    let middle = documents / 2;
    let rfc3339 = |ms: i64| {
        db.query_row("SELECT strftime('%Y-%m-%dT%H:%M:%SZ', ?, 'unixepoch')", [ms / 1_000], |row| row.get(0))
            .expect("an instant")
    };
    Filled {
        job: format!("job_{}", at(middle)),
        event: format!("evt_{}", at(middle)),
        delivery: format!("dlv_{}", at(middle)),
        extractor: extractors[0].clone(),
        webhook: webhooks[0].clone(),
        middle: base64(&format!("job_{}", at(middle))),
        early: rfc3339(start + SPREAD_MS / 10),
        late: rfc3339(start + SPREAD_MS / 10 * 9),
    }
}

/// Of a text whose length is a multiple of three, as an id's is.
fn base64(text: &str) -> String {
    let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let encoded = text.as_bytes().chunks(3).flat_map(|three| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte));
        [18, 12, 6, 0].map(|shift| char::from(letters[bits >> shift & 63]))
    });
    encoded.collect()
}

fn text(db: &Connection, sql: &str) -> String {
    db.query_row(sql, [], |row| row.get(0)).expect("one row")
}

fn texts(db: &Connection, sql: &str) -> Vec<String> {
    let mut statement = db.prepare(sql).expect("a query");
    let rows = statement.query_map([], |row| row.get(0)).expect("rows");
    rows.collect::<rusqlite::Result<_>>().expect("texts")
}
