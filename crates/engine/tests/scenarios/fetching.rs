//! Documents that are fetched from an address, from hosts that behave and hosts that do not.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use docextract_engine::Config;
use docextract_extraction::{Extraction, Source};
use docextract_model::address::AddressPolicy;
use docextract_model::failure::FailureCode;
use docextract_model::job::{Job, JobStatus};
use docextract_store::blobs::Blobs as _;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

use crate::world::{Scripted, World, config};

/// A host of files: what it does is in the path.
struct Host {
    url: String,
    asked: Arc<AtomicUsize>,
}

impl Host {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(stream, Arc::clone(&count)));
            }
        });
        Self { url, asked }
    }

    fn at(&self, path: &str) -> String {
        format!("{}/{path}", self.url)
    }
}

async fn serve(mut stream: TcpStream, asked: Arc<AtomicUsize>) -> Option<()> {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?.into());
    }
    let nth = asked.fetch_add(1, Ordering::SeqCst);
    assert!(head.to_ascii_lowercase().contains("user-agent: docextract/"), "{head}");
    let path = head.split(' ').nth(1)?.trim_start_matches('/').to_owned();
    let (what, argument) = path.split_once('/').unwrap_or((&path, ""));
    let answer = match what {
        "file" => format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{argument}", argument.len()),
        "status" => format!("HTTP/1.1 {argument} Fine\r\nContent-Length: 2\r\n\r\nno"),
        // In vain at first.
        "later" if nth < 2 => "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".to_owned(),
        "later" => "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n%PDF".to_owned(),
        "to" => {
            let target = argument.replace("--", "//");
            let slash = if target.contains(':') || target == "?" { "" } else { "/" };
            format!("HTTP/1.1 302 Found\r\nLocation: {slash}{target}\r\nContent-Length: 0\r\n\r\n")
        }
        "chunked" => "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\n%PDF\r\n0\r\n\r\n".to_owned(),
        "truncated" => "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc".to_owned(),
        "announced" => "HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n".to_owned(),
        "endless" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
            loop {
                stream.write_all(&[b'x'; 1_000]).await.ok()?;
            }
        }
        "drip" => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await.ok()?;
            loop {
                stream.write_all(b".").await.ok()?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
        _ => std::future::pending().await,
    };
    stream.write_all(answer.as_bytes()).await.ok()
}

/// A world whose extractor tells the document's text, and whose patience is short.
async fn world_with(config: Config) -> World {
    let echo = Scripted(Box::new(|request| {
        let map = |value: serde_json::Value| value.as_object().unwrap().clone();
        Ok(Extraction {
            mime_type: "text/plain".to_owned(),
            page_count: 1,
            source: Source::TextLayer,
            extracted_data: map(json!({"total_amount": String::from_utf8(request.bytes).unwrap()})),
            confidence: map(json!({"total_amount": 1})),
            citations: map(json!({"total_amount": null})),
            warnings: Vec::new(),
            explanations: Vec::new(),
            lessons_used: Vec::new(),
            pages: None,
        })
    }));
    World::with(config, Arc::new(echo)).await
}

fn impatient() -> Config {
    let mut config = Config { fetch_ms_max: 300, job_retry_waits_ms: Vec::new(), ..config() };
    config.extraction.document_bytes_max = 50_000;
    config
}

async fn ended(world: &World, url: &str) -> Job {
    let id = world.submit_url(url).await;
    world.engine.settle().await;
    world.job(&id).await
}

#[tokio::test]
async fn a_document_is_fetched_kept_and_read() {
    let (world, host) = (world_with(config()).await, Host::start().await);
    for path in ["file/%PDF", "chunked", "to/chunked", "to/file/%PDF"] {
        let job = ended(&world, &host.at(path)).await;
        assert_eq!(job.status, JobStatus::Completed, "{path}: {:?}", job.failure);
        assert_eq!(job.result.unwrap().extracted_data.as_str(), r#"{"total_amount":"%PDF"}"#, "{path}");
        assert_eq!((job.file_size_bytes, job.awaits_file), (4, false));
        assert_eq!(world.blobs.get(&job.id).await.unwrap().as_deref(), Some(&b"%PDF"[..]));
        assert_eq!((job.source_url, job.attempt_count), (Some(host.at(path)), 1));
    }
}

#[tokio::test]
async fn what_a_host_refuses_or_sends_wrongly_fails_the_job_and_says_why() {
    let (world, host) = (world_with(impatient()).await, Host::start().await);
    for (path, code, said) in [
        ("status/404", FailureCode::DocumentUnreadable, "the host answered 404"),
        ("status/403", FailureCode::DocumentUnreadable, "the host answered 403"),
        ("to/http:--10.0.0.1/secret", FailureCode::DocumentUnreadable, "10.0.0.1 is a private address"),
        ("to/ftp:--example.com/a", FailureCode::DocumentUnreadable, "does not begin with https://"),
        ("to/http:--169.254.169.254/latest", FailureCode::DocumentUnreadable, "cloud metadata"),
        ("to/?", FailureCode::DocumentUnreadable, "redirects more than 5 times"),
        ("announced", FailureCode::DocumentTooLarge, "longer than 50000 bytes"),
        ("endless", FailureCode::DocumentTooLarge, "longer than 50000 bytes"),
        ("file/", FailureCode::DocumentEmpty, "Nothing is at document_url"),
        ("status/503", FailureCode::ServiceUnavailable, "the host answered 503"),
        ("status/429", FailureCode::ServiceUnavailable, "the host answered 429"),
        ("truncated", FailureCode::ServiceUnavailable, "closed the connection before"),
        ("drip", FailureCode::ServiceUnavailable, "within 300 ms"),
        ("hang", FailureCode::ServiceUnavailable, "within 300 ms"),
        ("to/hang", FailureCode::ServiceUnavailable, "within 300 ms"),
    ] {
        let job = ended(&world, &host.at(path)).await;
        let failure = job.failure.unwrap();
        assert_eq!(failure.code, code, "{path}: {}", failure.message);
        assert!(failure.message.contains(said), "{path}: {}", failure.message);
        assert_eq!(world.blobs.get(&job.id).await.unwrap(), None, "{path}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let job = ended(&world, &format!("http://{nobody}/")).await;
    assert!(job.failure.unwrap().message.contains("connection refused"));
}

#[tokio::test]
async fn a_private_address_is_refused_at_the_connection_without_being_called() {
    let host = Host::start().await;
    let strict = Config { addresses: AddressPolicy::default(), ..impatient() };
    let world = world_with(strict).await;
    // A job of a start with --dev: the address itself is judged again.
    let failure = ended(&world, &host.at("file/%PDF")).await.failure.unwrap();
    assert_eq!(failure.code, FailureCode::DocumentUnreadable);
    assert_eq!(host.asked.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_host_that_is_away_is_asked_again_after_the_waits_of_a_temporary_error() {
    let (world, host) = (world_with(config()).await, Host::start().await);
    let id = world.submit_url(&host.at("later")).await;
    for (attempt_count, wait_ms) in [(1, 1_000), (2, 5_000)] {
        world.engine.settle().await;
        let job = world.job(&id).await;
        assert_eq!((job.status, job.attempt_count), (JobStatus::Queued, attempt_count));
        world.clock.advance_ms(wait_ms - 1);
        assert_eq!(world.engine.step_fetches().await, 0, "it was asked too early");
        world.clock.advance_ms(1);
    }
    world.engine.settle().await;
    let job = world.job(&id).await;
    assert_eq!((job.status, job.attempt_count), (JobStatus::Completed, 3));
}

#[tokio::test]
async fn slow_hosts_delay_no_document_that_is_here() {
    let (world, host) = (world_with(Config { fetch_ms_max: 600_000, ..config() }).await, Host::start().await);
    for _ in 0..docextract_model::limits::FETCHES_MAX + 4 {
        world.submit_url(&host.at("hang")).await;
    }
    assert_eq!(world.engine.step_fetches().await, docextract_model::limits::FETCHES_MAX);
    assert_eq!(world.engine.step_fetches().await, 0, "the rest waits in the store");
    let mut endings = world.engine.subscribe_job_endings();
    let here = world.submit("{}").await;
    assert_eq!(world.engine.step_jobs().await, 1);
    assert_eq!(endings.recv().await.unwrap(), here);
}

#[tokio::test]
async fn a_node_that_died_between_fetching_and_reading_does_not_fetch_again() {
    let (world, host) = (world_with(config()).await, Host::start().await);
    let id = world.submit_url(&host.at("file/%PDF")).await;
    world.fetch_and_die(&id, b"%PDF-old").await;
    world.engine.recover().await;
    world.engine.settle().await;
    let job = world.job(&id).await;
    assert_eq!(job.result.unwrap().extracted_data.as_str(), r#"{"total_amount":"%PDF-old"}"#);
    assert_eq!(host.asked.load(Ordering::SeqCst), 0);
}
