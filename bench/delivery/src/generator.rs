//! Posts numbered events, as fast as they are taken or at a steady rate.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::Instant;

use crate::book::Book;
use crate::http::{self, Client};

/// Bytes of every event's body, as it is submitted and as it is delivered.
pub const BODY_BYTES: usize = 600;
pub const NUMBER_MARK: &[u8] = b"\"number\":\"";
pub const NUMBER_DIGITS: usize = 10;

/// Where to and as what.
#[derive(Clone)]
pub struct Target {
    pub address: SocketAddr,
    pub path: &'static str,
    pub key: String,
    /// With a number of zeros, which each request replaces by its own.
    pub body: String,
    pub expected_status: u16,
}

/// What is submitted and delivered, byte for byte, but for its number.
pub fn event_body(event: &str) -> String {
    let head = format!(r#"{{"event":"{event}","data":{{"number":"0000000000","padding":""#);
    let padding = "x".repeat(BODY_BYTES - head.len() - 3);
    format!("{head}{padding}\"}}}}")
}

/// A request in which only the number changes.
struct Numbered {
    request: Vec<u8>,
    number_at: usize,
}

impl Numbered {
    fn new(target: &Target) -> Self {
        let request = http::post(target.path, &target.key, &target.body);
        let number_at = http::find(&request, NUMBER_MARK).expect("the mark") + NUMBER_MARK.len();
        Self { request, number_at }
    }

    fn numbered(&mut self, number: u64) -> &[u8] {
        let digits = format!("{number:0width$}", width = NUMBER_DIGITS);
        self.request[self.number_at..self.number_at + NUMBER_DIGITS].copy_from_slice(digits.as_bytes());
        &self.request
    }
}

async fn submit(client: &mut Client, request: &mut Numbered, target: &Target, book: &Book, number: u64) {
    book.note_posted(number);
    let (status, body) = client.call(request.numbered(number)).await;
    assert_eq!(status, target.expected_status, "event {number}: {body}");
    book.note_accepted(number);
}

/// Each of `submitters` posts one event after another, from number `first` on, until the time is up or
/// `last` has been posted. Returns the number after the last one, and how long it took.
pub async fn flood(
    target: &Target,
    book: &Arc<Book>,
    submitters: usize,
    numbers: std::ops::Range<u64>,
    time: Duration,
) -> (u64, Duration) {
    let next = Arc::new(AtomicU64::new(numbers.start));
    let started = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..submitters {
        let (target, book, next, end) = (target.clone(), Arc::clone(book), Arc::clone(&next), numbers.end);
        tasks.spawn(async move {
            let (mut client, mut request) = (Client::connect(target.address).await, Numbered::new(&target));
            while started.elapsed() < time {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= end {
                    return;
                }
                submit(&mut client, &mut request, &target, &book, number).await;
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a submitter");
    }
    (next.load(Ordering::Relaxed).min(numbers.end), started.elapsed())
}

/// Posts `per_second` events in each second, whether the earlier ones were answered or not: a server that is
/// slow does not slow the clock that it is measured by. Numbers begin at `first`; returns the one after the last.
pub async fn pace(target: &Target, book: &Arc<Book>, per_second: u64, first: u64, time: Duration) -> u64 {
    const CONNECTIONS: usize = 64;
    let (free, mut idle) = mpsc::channel(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        let client = (Client::connect(target.address).await, Numbered::new(target));
        assert!(free.send(client).await.is_ok(), "a free place");
    }
    let started = Instant::now();
    let count = (per_second as f64 * time.as_secs_f64()) as u64;
    let mut tasks = JoinSet::new();
    for number in first..first + count {
        let due = started + Duration::from_nanos((number - first) * 1_000_000_000 / per_second);
        tokio::time::sleep_until(due).await;
        let (mut client, mut request) = idle.recv().await.expect("a connection");
        let (free, target, book) = (free.clone(), target.clone(), Arc::clone(book));
        tasks.spawn(async move {
            submit(&mut client, &mut request, &target, &book, number).await;
            let _ = free.send((client, request)).await;
        });
        while tasks.try_join_next().is_some() {}
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a submitter");
    }
    first + count
}
