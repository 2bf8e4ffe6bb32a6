//! Damaged and hostile documents, all at once: each fails or completes its job, and nothing else happens.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use crate::support::{Site, root, sample, seed};

/// Development documents that stand beside the checkout, where they do.
fn shared_bad_files() -> Vec<(String, Vec<u8>)> {
    let folder = root().join("../shared/data/bad");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        println!("there is no {}: only mutated samples are submitted", folder.display());
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths.iter().map(|path| (path.display().to_string(), std::fs::read(path).unwrap())).collect()
}

/// Copies of our samples with bytes changed, removed or repeated.
fn mutated_samples(rng: &mut StdRng, count: usize) -> Vec<(String, Vec<u8>)> {
    let names =
        ["invoice.pdf", "invoice-facturx.pdf", "invoice-scanned.pdf", "receipt.jpg", "blank-scan.png"];
    let mutated = (0..count).map(|index| {
        let name = names[index % names.len()];
        let mut bytes = sample(name);
        for _ in 0..rng.random_range(1..40) {
            let at = rng.random_range(0..bytes.len());
            match rng.random_range(0..4) {
                0 => bytes[at] = rng.random(),
                1 => bytes.truncate(at.max(16)),
                2 => drop(bytes.drain(at..(at + 50).min(bytes.len()))),
                _ => bytes.splice(at..at, [rng.random::<u8>(); 30]).for_each(drop),
            }
            if bytes.len() < 16 {
                break;
            }
        }
        (format!("mutated-{index}-{name}"), bytes)
    });
    mutated.collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn hostile_documents_end_their_jobs_and_nothing_else() {
    let mut rng = StdRng::seed_from_u64(seed("hostile_documents_end_their_jobs_and_nothing_else"));
    let mut documents = shared_bad_files();
    documents.extend(mutated_samples(&mut rng, 40));
    let site = Site::new(100_000, &[]).await;
    let daemon = site.serve().await;

    let (done, looks) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
    let watch = tokio::spawn({
        let (api, done, looks) = (daemon.api.clone(), Arc::clone(&done), Arc::clone(&looks));
        async move {
            while !done.load(Ordering::Relaxed) {
                api.get("/health/ready").await;
                looks.fetch_add(1, Ordering::Relaxed);
            }
        }
    });

    let submissions: Vec<_> = documents
        .into_iter()
        .map(|(name, bytes)| {
            let (api, size) = (daemon.api.clone(), bytes.len());
            tokio::spawn(async move { (api.submit("invoice", &name, bytes).await, name, size) })
        })
        .collect();
    let mut accepted = 0;
    for submission in submissions {
        let (answer, name, size) = submission.await.unwrap();
        match answer.unwrap_or_else(|error| panic!("{name}: {error}")) {
            (202, _) => accepted += 1,
            (413, _) if size > 25 * 1024 * 1024 => {}
            (422, _) if size == 0 => {}
            (status, body) => panic!("{name} ({size} bytes) was answered {status}: {body}"),
        }
    }
    daemon.api.until_idle(&site).await;
    done.store(true, Ordering::Relaxed);
    watch.await.expect("/health/ready answered 200 throughout");
    assert!(looks.load(Ordering::Relaxed) > 10, "the server was hardly ever looked at");

    let jobs = daemon.api.all("/v1/documents").await;
    assert_eq!(jobs.len(), accepted);
    for job in jobs {
        match job["status"].as_str().unwrap() {
            "completed" => {}
            "failed" => assert!(job["error_details"]["code"].is_string(), "{job}"),
            other => panic!("{} is {other}", job["id"]),
        }
    }
    daemon.kill().await;
}
