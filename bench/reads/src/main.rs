//! Reads stay fast as data grows: the same requests to a server with little and with much in its database.
//!
//! `reads <docextract> <work dir> [--quick]`. Each database is made by the server itself, with a key, the
//! ready-made extractors and ten webhooks, and then filled by SQL: per document a job, its event, one
//! delivery and five attempts, spread over 29 days. Each request is sent again and again; the figure is the
//! median of what it took over HTTP. Exits 1 when one costs more than twice as much with much as with little.

mod fill;
mod http;
mod server;

use std::path::Path;
use std::time::{Duration, Instant};

use fill::Filled;
use http::Client;
use server::Server;

/// More than this often as expensive is a failure.
const RATIO_MAX: f64 = 2.0;
/// What less than this is more, is noise: many requests take less altogether.
const NOISE: Duration = Duration::from_micros(300);
const ROUNDS: usize = 41;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let program = arguments.next().expect("the program");
    let work_dir = arguments.next().expect("the work directory");
    let is_quick = arguments.next().is_some_and(|argument| argument == "--quick");
    // Few are enough for a full page of everything that is asked for: of documents, one in fifty failed.
    let (few, many) = if is_quick { (5_000, 50_000) } else { (10_000, 1_000_000) };
    let few_took = measure(&program, &Path::new(&work_dir).join("few"), few);
    let many_took = measure(&program, &Path::new(&work_dir).join("many"), many);
    println!("| request | {few} documents, ms | {many} documents, ms | ratio |");
    println!("|---|---:|---:|---:|");
    let mut worst = 0.0_f64;
    for ((name, few), (_, many)) in few_took.iter().zip(&many_took) {
        let ratio = many.as_secs_f64() / few.as_secs_f64();
        if many.saturating_sub(*few) > NOISE {
            worst = worst.max(ratio);
        }
        let ms = |took: &Duration| took.as_secs_f64() * 1_000.0;
        println!("| {name} | {:.2} | {:.2} | {ratio:.2} |", ms(few), ms(many));
    }
    if worst > RATIO_MAX {
        eprintln!("a request costs {worst:.1} times as much with {many} documents as with {few}");
        std::process::exit(1);
    }
}

/// What each request took on a database of so many documents.
fn measure(program: &str, folder: &Path, documents: i64) -> Vec<(String, Duration)> {
    let key = server::create_key(program, folder);
    let server = Server::start(program, folder);
    let mut client = Client::connect(server.address, &key);
    for number in 0..9 {
        client.post(
            "/v1/webhooks",
            &format!("{{\"url\": \"http://127.0.0.1:99/{number}\", \"events\": [\"bench.{number}\"]}}"),
        );
    }
    drop(client);
    server.stop();
    let started = Instant::now();
    let filled = fill::fill(&folder.join("docextract.db"), documents);
    let bytes = std::fs::metadata(folder.join("docextract.db")).map_or(0, |file| file.len());
    eprintln!("{documents} documents in {:.0} s: {} MB", started.elapsed().as_secs_f64(), bytes / 1_000_000);
    let server = Server::start(program, folder);
    let mut client = Client::connect(server.address, &key);
    let took = requests(&filled)
        .into_iter()
        .map(|(name, path)| {
            let mut took: Vec<Duration> = (0..ROUNDS + 3).map(|_| client.get(&path)).skip(3).collect();
            took.sort_unstable();
            (name.to_owned(), took[ROUNDS / 2])
        })
        .collect();
    drop(client);
    server.stop();
    std::fs::remove_dir_all(folder).expect("the work directory is ours");
    took
}

fn requests(filled: &Filled) -> Vec<(&'static str, String)> {
    let Filled { job, event, delivery, extractor, webhook, middle, early, late } = filled;
    vec![
        ("documents, the newest", "/v1/documents".to_owned()),
        ("documents, a page in the middle", format!("/v1/documents?cursor={middle}")),
        ("documents, `offset` 500", "/v1/documents?offset=500".to_owned()),
        ("documents of an extractor", format!("/v1/documents?extractor_id={extractor}")),
        ("documents, completed", "/v1/documents?status=completed".to_owned()),
        ("documents, failed", "/v1/documents?status=failed".to_owned()),
        ("documents, queued (none)", "/v1/documents?status=queued".to_owned()),
        ("documents, processing (none)", "/v1/documents?status=processing".to_owned()),
        ("documents, `created_after` lately", format!("/v1/documents?created_after={late}")),
        ("documents, `created_before` early", format!("/v1/documents?created_before={early}")),
        ("documents, `min_confidence` 0.9 (a fifth)", "/v1/documents?min_confidence=0.9".to_owned()),
        ("one document", format!("/v1/documents/{job}")),
        ("events, the newest", "/v1/events".to_owned()),
        ("events of a type", "/v1/events?event_type=job.failed".to_owned()),
        ("events, `created_before` early", format!("/v1/events?created_before={early}")),
        ("one event", format!("/v1/events/{event}")),
        ("deliveries, the newest", "/v1/deliveries".to_owned()),
        ("deliveries of a webhook", format!("/v1/deliveries?webhook_id={webhook}")),
        ("deliveries of a type", "/v1/deliveries?event_type=job.failed".to_owned()),
        ("deliveries, delivered", "/v1/deliveries?status=delivered".to_owned()),
        ("deliveries, failed", "/v1/deliveries?status=failed".to_owned()),
        ("deliveries, skipped (none)", "/v1/deliveries?status=skipped".to_owned()),
        ("deliveries, pending (none)", "/v1/deliveries?status=pending".to_owned()),
        ("deliveries of a webhook, failed", format!("/v1/deliveries?webhook_id={webhook}&status=failed")),
        ("deliveries, `created_after` lately", format!("/v1/deliveries?created_after={late}")),
        ("deliveries, `created_before` early", format!("/v1/deliveries?created_before={early}")),
        ("one delivery with its five attempts", format!("/v1/deliveries/{delivery}")),
        ("transactions", "/v1/credits/transactions".to_owned()),
        ("statistics of a webhook", format!("/v1/webhooks/{webhook}/stats")),
    ]
}
