//! What the log keeps, and for how long.

use docextract_model::delivery::DeliveryStatus;
use docextract_model::id::JobId;
use docextract_model::limits;
use docextract_store::blobs::Blobs as _;
use docextract_store::commands::{DeliveryFilter, PageRequest};

use crate::receiver::{Answer, Receiver};
use crate::world::World;

#[tokio::test]
async fn the_log_is_kept_thirty_days_and_what_has_not_ended_longer() {
    let world = World::new().await;
    let healthy = Receiver::answering(Answer::Status(200)).await;
    let failing = Receiver::answering(Answer::Status(500)).await;
    let (healthy, failing) = (world.webhook(&healthy.url).await, world.webhook(&failing.url).await);
    let batch = usize::try_from(limits::PRUNE_BATCH).unwrap();
    for _ in 0..batch + 1 {
        world.publish().await;
    }
    world.engine.settle().await;
    let count = async |webhook| {
        let filter = DeliveryFilter { webhook_id: Some(webhook), ..DeliveryFilter::default() };
        let page = PageRequest { limit: u32::MAX / 2, after: None, offset: 0 };
        world.store.deliveries(&world.tenant, filter, page).await.unwrap().items.len()
    };

    world.clock.advance_ms(i64::try_from(limits::LOG_KEPT_MS).unwrap() - 1_000);
    assert!(!world.engine.step_prune().await);
    assert_eq!(count(healthy.id.clone()).await, batch + 1, "not old enough");

    world.clock.advance_ms(2_000);
    assert!(world.engine.step_prune().await, "one batch, and there is more");
    assert!(!world.engine.step_prune().await);
    assert_eq!(count(healthy.id.clone()).await, 0);
    assert_eq!(count(failing.id.clone()).await, batch + 1, "these have attempts left");
    let (pending, _) = world.delivery(&world.deliveries(&failing.id).await[0].id).await;
    assert_eq!(pending.status, DeliveryStatus::Pending);
}

#[tokio::test]
async fn a_file_that_a_killed_process_left_without_a_job_goes_and_no_other_does() {
    let world = World::new().await;
    let mut left = Vec::new();
    let mut kept = Vec::new();
    for n in 0..limits::SWEEP_BATCH + 10 {
        // What a process did that was killed between the document's file and its job.
        let id: JobId = world.engine.ambient().id();
        world.blobs.put(&id, b"%PDF".to_vec()).await.unwrap();
        left.push(id);
        if n % 100 == 0 {
            kept.push(world.submit("{}").await);
        }
    }
    let files = async || world.blobs.names(None, usize::MAX).await.unwrap().len();
    let sweep = async || while world.engine.step_sweep().await {};
    let kept_ms = i64::try_from(limits::UNOWNED_FILE_KEPT_MS).unwrap();
    world.clock.advance_ms(kept_ms);
    sweep().await;
    assert_eq!(files().await, left.len() + kept.len(), "a request may still make a job for them");
    let young: JobId = world.engine.ambient().id();
    world.blobs.put(&young, b"%PDF".to_vec()).await.unwrap();
    world.clock.advance_ms(1);
    assert!(!world.engine.step_sweep().await, "one sweep a day");
    world.clock.advance_ms(i64::try_from(limits::SWEEP_EVERY_MS).unwrap());
    sweep().await;
    assert_eq!(files().await, kept.len() + 1);
    for id in kept.iter().chain([&young]) {
        assert!(world.blobs.get(id).await.unwrap().is_some());
    }
}
