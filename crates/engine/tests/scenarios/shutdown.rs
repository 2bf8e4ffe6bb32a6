//! A stop loses nothing: what was on the wire is recorded, what waited is due at once.

use docextract_model::delivery::DeliveryStatus;
use tokio::sync::watch;

use crate::receiver::{Answer, Receiver};
use crate::world::World;

#[tokio::test]
async fn a_drain_records_what_is_in_flight_and_gives_back_the_rest() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::Hang).await;
    let webhook = world.webhook(&receiver.url).await;
    world.engine.recover().await;
    let (stop, stopping) = watch::channel(false);
    let engine = world.engine.clone();
    let running = tokio::spawn(async move { engine.run(stopping).await });
    for _ in 0..10 {
        world.publish().await;
    }
    receiver.has(4).await;
    stop.send_replace(true);
    // The lanes are closed once nothing is queued any more.
    while world.engine.gauges().deliveries_held > 4 {
        tokio::task::yield_now().await;
    }
    receiver.answer(Answer::Status(200));
    running.await.unwrap();

    let deliveries = world.deliveries(&webhook.id).await;
    let delivered = deliveries.iter().filter(|delivery| delivery.status == DeliveryStatus::Delivered).count();
    assert_eq!((delivered, receiver.count()), (4, 4));
    let due = world.store.next_due_at().await.unwrap();
    assert!(due.delivery.unwrap() <= world.engine.ambient().now(), "the rest is not due at once");
}

#[tokio::test]
async fn what_a_killed_node_had_leased_is_sent_after_its_restart() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::Status(200)).await;
    let webhook = world.webhook(&receiver.url).await;
    let (lost, _) = world.write_event().await;
    let (stop, stopping) = watch::channel(false);
    let engine = world.engine.clone();
    let running = tokio::spawn(async move { engine.run(stopping).await });
    receiver.has(1).await;
    stop.send_replace(true);
    running.await.unwrap();
    assert_eq!(receiver.received()[0].header("webhook-id"), lost.as_str());
    assert_eq!(world.only_delivery(&webhook.id).await.0.status, DeliveryStatus::Delivered);
}
