//! The client that the limit is measured with: what a program that sends webhooks has in hand, and no store.
//!
//! The same HTTP client as the server's own with the same settings, the same headers, the same deadline, and both
//! signatures made for each request. Like the server it is a process of its own, beside the receiver's: within
//! one process a client and a receiver hand each other the processor, which no sender of webhooks can. What it
//! leaves out is what the limit is there to be compared with: accepting, storing, choosing, and logging.

use std::fmt::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http_body_util::{BodyExt as _, Full};
use hyper::Request;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use sha2::Sha256;
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::generator::{NUMBER_DIGITS, NUMBER_MARK, event_body};
use crate::http;
use crate::scenarios::EVENT;
use crate::server::cpu_seconds;

/// The server's own, over all of a request.
const DEADLINE: Duration = Duration::from_secs(5);
const SECRET: &[u8] = b"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

fn client() -> Client<HttpConnector, Full<Bytes>> {
    let mut connector = HttpConnector::new();
    connector.set_nodelay(true);
    Client::builder(TokioExecutor::new())
        .timer(TokioTimer::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(4))
        .pool_max_idle_per_host(64)
        .http1_max_buf_size(64 * 1024)
        .build(connector)
}

fn hmac(parts: &[&[u8]]) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(SECRET).expect("a key of any length");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().to_vec()
}

#[expect(
    clippy::disallowed_methods,
    reason = "this is a program that sends now, with nothing to hand it a clock"
)]
fn unix_seconds() -> u64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.expect("a time after 1970").as_secs()
}

fn request(url: &str, event: &str, number: u64, body: Vec<u8>) -> Request<Full<Bytes>> {
    let hex = hmac(&[&body]).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    });
    let (id, delivery) = (format!("evt_{number:032x}"), format!("dlv_{number:032x}"));
    let timestamp = unix_seconds().to_string();
    let signature = STANDARD.encode(hmac(&[id.as_bytes(), b".", timestamp.as_bytes(), b".", &body]));
    Request::post(url)
        .header("Content-Type", "application/json")
        .header("User-Agent", "DocExtract-Webhooks/bench")
        .header("X-DocExtract-Signature", hex)
        .header("webhook-id", id)
        .header("webhook-timestamp", timestamp)
        .header("webhook-signature", format!("v1,{signature}"))
        .header("X-DocExtract-Event", event)
        .header("X-DocExtract-Delivery", delivery)
        .header("X-DocExtract-Attempt", "1")
        .body(Full::new(Bytes::from(body)))
        .expect("a request")
}

/// What the process printed: how many it posted, how long that took, and what it cost the processor.
pub struct Flood {
    pub posted: u64,
    pub seconds: f64,
    pub cpu_seconds: f64,
}

/// The argument by which this program becomes the client, before `url`, how many at a time, and milliseconds.
pub const ARGUMENT: &str = "ordinary-client";

/// Starts the client and waits until it has ended.
pub async fn flood(url: &str, concurrent: usize, time: Duration) -> Flood {
    let this = std::env::current_exe().expect("the path of this program");
    let mut command = tokio::process::Command::new(this);
    command.args([ARGUMENT, url, &concurrent.to_string(), &time.as_millis().to_string()]);
    let output = command.stderr(std::process::Stdio::inherit()).output().await.expect("the client runs");
    let said = String::from_utf8(output.stdout).expect("text");
    let figures: Vec<f64> = said.split_whitespace().map(|word| word.parse().expect("a figure")).collect();
    let [posted, seconds, cpu_seconds] = figures[..] else { panic!("the client said {said:?}") };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count of posts")]
    Flood { posted: posted as u64, seconds, cpu_seconds }
}

/// The client itself.
pub async fn run(arguments: &[String]) {
    let [url, concurrent, milliseconds] = arguments else { panic!("{ARGUMENT} <url> <at a time> <ms>") };
    let concurrent = concurrent.parse().expect("a number of requests");
    let time = Duration::from_millis(milliseconds.parse().expect("milliseconds"));
    let (posted, took) = post(url, EVENT, concurrent, time).await;
    println!("{posted} {} {}", took.as_secs_f64(), cpu_seconds("/proc/self/stat"));
}

/// Posts events straight to `url`, so many at a time; returns how many, and how long it took.
async fn post(url: &str, event: &'static str, concurrent: usize, time: Duration) -> (u64, Duration) {
    let (client, next, started) = (client(), Arc::new(AtomicU64::new(0)), Instant::now());
    let template = event_body(event).into_bytes();
    let number_at = http::find(&template, NUMBER_MARK).expect("the mark") + NUMBER_MARK.len();
    let mut tasks = JoinSet::new();
    for _ in 0..concurrent {
        let (client, next, template, url) =
            (client.clone(), Arc::clone(&next), template.clone(), url.to_owned());
        tasks.spawn(async move {
            while started.elapsed() < time {
                let number = next.fetch_add(1, Ordering::Relaxed);
                let mut body = template.clone();
                let digits = format!("{number:0width$}", width = NUMBER_DIGITS);
                body[number_at..number_at + NUMBER_DIGITS].copy_from_slice(digits.as_bytes());
                let exchange = async {
                    let answer = client.request(request(&url, event, number, body)).await.expect("an answer");
                    assert_eq!(answer.status(), 200);
                    answer.into_body().collect().await.expect("the answer's body");
                };
                timeout(DEADLINE, exchange).await.expect("an answer in time");
            }
        });
    }
    while let Some(ended) = tasks.join_next().await {
        ended.expect("a client");
    }
    (next.load(Ordering::Relaxed), started.elapsed())
}
