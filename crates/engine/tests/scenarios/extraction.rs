//! Jobs: read, ended, put back, given up.

use std::sync::Arc;

use docextract_engine::Extract;
use docextract_extraction::{Extraction, Request, Source};
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::job::JobStatus;
use docextract_store::blobs::Blobs as _;
use serde_json::json;

use crate::receiver::{Answer, Receiver};
use crate::world::{Scripted, World, config};

fn reading(
    read: impl Fn(Request) -> Result<Extraction, Failure> + Send + Sync + 'static,
) -> Arc<dyn Extract> {
    Arc::new(Scripted(Box::new(read)))
}

fn found(total: &str, confidence: &str) -> Extraction {
    let map = |value: serde_json::Value| value.as_object().unwrap().clone();
    let number = |text: &str| serde_json::from_str::<serde_json::Value>(text).unwrap();
    Extraction {
        mime_type: "application/pdf".to_owned(),
        page_count: 1,
        source: Source::TextLayer,
        extracted_data: map(json!({"total_amount": number(total), "tax_amount": null})),
        confidence: map(json!({"total_amount": number(confidence), "tax_amount": 0})),
        citations: map(json!({"total_amount": null, "tax_amount": null})),
        warnings: Vec::new(),
        lessons_used: Vec::new(),
        explanations: Vec::new(),
        pages: None,
    }
}

async fn fails_with(code: FailureCode) -> World {
    World::with(config(), reading(move |_| Err(Failure::new(code)))).await
}

#[tokio::test]
async fn a_job_is_read_ended_and_reported() {
    let world = World::with(config(), reading(|_| Ok(found("1250.50", "0.9731")))).await;
    let receiver = Receiver::answering(Answer::Status(200)).await;
    world.webhook(&receiver.url).await;
    let mut endings = world.engine.subscribe_job_endings();
    let id = world.submit(r#"{"order":"A-1"}"#).await;
    world.engine.settle().await;

    let job = world.job(&id).await;
    assert_eq!((job.status, job.mime_type.as_str()), (JobStatus::Completed, "application/pdf"));
    let result = job.result.unwrap();
    assert_eq!(result.extracted_data.as_str(), r#"{"total_amount":1250.50,"tax_amount":null}"#);
    assert_eq!(result.confidence_min_e4, 9731);
    assert_eq!(endings.recv().await.unwrap(), id);
    let received = receiver.received();
    assert_eq!((received.len(), received[0].header("X-DocExtract-Event")), (1, "job.completed"));
    let body = String::from_utf8(received[0].body.clone()).unwrap();
    assert!(body.contains(r#""total_amount":1250.50"#), "{body}");
}

#[tokio::test]
async fn a_temporary_error_is_tried_three_times_more_and_then_fails_the_job() {
    let world = fails_with(FailureCode::TemporaryError).await;
    let id = world.submit("{}").await;
    for (attempt_count, wait_ms) in (1..).zip([1_000, 5_000, 30_000]) {
        world.engine.settle().await;
        let job = world.job(&id).await;
        assert_eq!((job.status, job.attempt_count), (JobStatus::Queued, attempt_count));
        world.clock.advance_ms(wait_ms - 1);
        world.engine.settle().await;
        assert_eq!(world.job(&id).await.attempt_count, attempt_count, "it was tried too early");
        world.clock.advance_ms(1);
    }
    world.engine.settle().await;
    let job = world.job(&id).await;
    assert_eq!((job.status, job.attempt_count), (JobStatus::Failed, 4));
    assert_eq!(job.failure.unwrap().code, FailureCode::TemporaryError);
}

#[tokio::test]
async fn any_other_failure_ends_the_job_at_once() {
    let world = fails_with(FailureCode::DocumentEncrypted).await;
    let id = world.submit("{}").await;
    world.engine.settle().await;
    let job = world.job(&id).await;
    assert_eq!((job.status, job.cost_credits), (JobStatus::Failed, 0));
    assert_eq!(job.failure.unwrap().code, FailureCode::DocumentEncrypted);
}

#[tokio::test]
async fn a_test_job_ends_as_it_asks_without_being_read() {
    let world = World::with(config(), reading(|_| panic!("it was read"))).await;
    let mut asked = Vec::new();
    for code in FailureCode::ALL {
        asked.push((code, world.submit(&json!({"simulate": code.as_str()}).to_string()).await));
    }
    let completing = world.submit(r#"{"simulate":"completed"}"#).await;
    // The job's document is not even looked for.
    world.blobs.delete(&completing).await.unwrap();
    world.engine.settle().await;
    for (code, id) in &asked {
        let job = world.job(id).await;
        let retried = if code.is_retryable() { JobStatus::Queued } else { JobStatus::Failed };
        assert_eq!((job.status, job.attempt_count), (retried, 1), "{}", code.as_str());
    }
    for wait_ms in [1_000, 5_000, 30_000] {
        world.clock.advance_ms(wait_ms);
        world.engine.settle().await;
    }
    for (code, id) in asked {
        let job = world.job(&id).await;
        assert_eq!((job.status, job.failure.map(|failure| failure.code)), (JobStatus::Failed, Some(code)));
        assert_eq!(job.attempt_count, if code.is_retryable() { 4 } else { 1 }, "{}", code.as_str());
    }
    let result = world.job(&completing).await.result.unwrap();
    assert_eq!(result.extracted_data.as_str(), r#"{"total_amount":1190.00}"#);
    assert_eq!(
        result.citations.as_str(),
        r#"{"total_amount":{"page":1,"bbox":[0.10,0.10,0.50,0.11],"text":"1190.00"}}"#
    );
    assert_eq!((result.page_count, result.confidence_min_e4), (1, 9_800));
}

#[tokio::test]
async fn an_extractor_that_panics_costs_its_job_and_nothing_else() {
    let breaking = reading(|request| {
        assert!(request.filename.is_some(), "this document breaks the extractor");
        Ok(found("1.00", "0.5"))
    });
    let world =
        World::with(docextract_engine::Config { job_retry_waits_ms: Vec::new(), ..config() }, breaking).await;
    let id = world.submit("{}").await;
    world.engine.settle().await;
    assert_eq!(world.job(&id).await.failure.unwrap().code, FailureCode::TemporaryError);
    assert_eq!(world.engine.gauges().extractions_running, 0);
}

#[tokio::test]
async fn a_small_document_is_read_without_a_file_and_found_again() {
    let total = reading(|request| Ok(found(str::from_utf8(&request.bytes).unwrap(), "0.5")));
    let world = World::with(config(), total).await;
    let id = world.submit_small(b"1250.50").await;
    world.engine.settle().await;
    let expected = r#"{"total_amount":1250.50,"tax_amount":null}"#;
    assert_eq!(world.job(&id).await.result.unwrap().extracted_data.as_str(), expected);
    let kept = world.engine.open_document(&id, 7).await.unwrap().unwrap();
    assert_eq!(kept.length, 7);
    assert!(world.blobs.get(&id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_job_whose_document_is_missing_fails_after_its_retries() {
    let world = World::with(config(), reading(|_| Ok(found("1.00", "0.5")))).await;
    let id = world.submit("{}").await;
    world.blobs.delete(&id).await.unwrap();
    for _ in 0..5 {
        world.engine.settle().await;
        world.clock.advance_ms(30_000);
    }
    let failure = world.job(&id).await.failure.unwrap();
    assert_eq!(failure.code, FailureCode::TemporaryError);
    assert!(failure.message.contains("missing"), "{}", failure.message);
}

#[tokio::test]
async fn more_jobs_than_workers_all_end() {
    let world = World::with(config(), reading(|_| Ok(found("1.00", "0.5")))).await;
    let mut ids = Vec::new();
    for _ in 0..20 {
        ids.push(world.submit("{}").await);
    }
    assert_eq!(world.engine.step_jobs().await, world.engine.config().extraction_workers);
    world.engine.settle().await;
    for id in ids {
        assert_eq!(world.job(&id).await.status, JobStatus::Completed);
    }
}

async fn submitted(world: &World, count: usize) -> Vec<docextract_model::id::JobId> {
    let mut ids = Vec::new();
    for _ in 0..count {
        ids.push(world.submit("{}").await);
    }
    ids
}

#[tokio::test]
async fn while_documents_are_quick_jobs_are_leased_ahead_of_the_workers() {
    let world = World::with(config(), reading(|_| Ok(found("1.00", "0.5")))).await;
    submitted(&world, 100).await;
    world.engine.settle().await;
    submitted(&world, 50).await;
    assert_eq!(world.engine.step_jobs().await, 50);
    world.engine.settle().await;
}

#[tokio::test]
async fn a_job_that_waited_too_long_for_a_worker_is_given_back_and_read_later() {
    let clock = Arc::new(std::sync::OnceLock::<Arc<crate::world::StillClock>>::new());
    let in_reader = Arc::clone(&clock);
    let slow_from = 100;
    let count = std::sync::atomic::AtomicUsize::new(0);
    let reader = reading(move |_| {
        if count.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == slow_from {
            in_reader.get().unwrap().advance_ms(29_000);
        }
        Ok(found("1.00", "0.5"))
    });
    let one_worker = docextract_engine::Config { extraction_workers: 1, ..config() };
    let world = World::with(one_worker, reader).await;
    assert!(clock.set(world.clock.clone()).is_ok());
    submitted(&world, slow_from).await;
    world.engine.settle().await;
    let ids = submitted(&world, 10).await;
    world.engine.settle().await;
    let mut attempts = Vec::new();
    for id in ids {
        let job = world.job(&id).await;
        assert_eq!(job.status, JobStatus::Completed);
        attempts.push(job.attempt_count);
    }
    attempts.sort_unstable();
    assert_eq!(attempts, [1, 2, 2, 2, 2, 2, 2, 2, 2, 2]);
}
