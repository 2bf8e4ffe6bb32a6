//! What the log keeps, and for how long.

use docextract_model::delivery::DeliveryStatus;
use docextract_model::limits;
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
