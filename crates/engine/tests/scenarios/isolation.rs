//! One endpoint's trouble stays in its lane, and memory stays bounded.

use docextract_model::delivery::DeliveryStatus;
use docextract_model::limits;
use tokio::sync::watch;

use crate::receiver::{Answer, Receiver};
use crate::world::{World, config, unused};

#[tokio::test]
async fn a_hanging_endpoint_does_not_delay_another() {
    let patient = docextract_engine::Config { attempt_ms_max: 30_000, ..config() };
    let world = World::with(patient, unused()).await;
    let hanging = Receiver::answering(Answer::Hang).await;
    let healthy = Receiver::answering(Answer::Status(200)).await;
    world.webhook(&hanging.url).await;
    world.webhook(&healthy.url).await;
    world.engine.recover().await;
    let (stop, stopping) = watch::channel(false);
    let engine = world.engine.clone();
    let running = tokio::spawn(async move { engine.run(stopping).await });
    for _ in 0..300 {
        world.publish().await;
    }
    healthy.has(300).await;
    assert_eq!(hanging.count(), 4, "the hanging endpoint has more than its first window");
    hanging.answer(Answer::Status(200));
    stop.send_replace(true);
    running.await.unwrap();
}

#[tokio::test]
async fn ten_thousand_events_to_a_stuck_endpoint_stay_in_the_store_and_all_arrive() {
    const EVENTS: usize = 10_000;
    let patient = docextract_engine::Config { attempt_ms_max: 30_000, ..config() };
    let world = World::with(patient, unused()).await;
    let receiver = Receiver::answering(Answer::Hang).await;
    world.webhook(&receiver.url).await;
    let lane_max = limits::LANE_IN_FLIGHT_MAX + limits::LANE_QUEUE_MAX;
    for _ in 0..EVENTS {
        world.publish().await;
        let gauges = world.engine.gauges();
        assert!(gauges.deliveries_held <= lane_max, "{gauges:?}");
    }
    assert_eq!(world.engine.gauges().attempts_in_flight, 4);

    receiver.answer(Answer::Status(200));
    let mut most_held = 0;
    while receiver.count() < EVENTS {
        world.engine.step_deliveries().await;
        most_held = most_held.max(world.engine.gauges().deliveries_held);
        tokio::task::yield_now().await;
    }
    world.engine.settle().await;
    assert!(most_held <= lane_max * 4, "{most_held} deliveries were in memory");
    let received = receiver.received();
    let ids: std::collections::HashSet<_> =
        received.iter().map(|request| request.header("webhook-id")).collect();
    assert_eq!((received.len(), ids.len()), (EVENTS, EVENTS), "each arrives, and none twice");
    assert_eq!(world.engine.gauges().deliveries_held, 0);
    assert_eq!(world.engine.gauges().lanes, 0);
}

#[tokio::test]
async fn a_delivery_whose_lease_is_too_short_is_left_to_the_scan() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::Hang).await;
    let webhook = world.webhook(&receiver.url).await;
    for _ in 0..5 {
        world.publish().await;
    }
    receiver.has(4).await;
    // The fifth waits in its lane until its lease is nearly over.
    world.clock.advance_ms(i64::try_from(limits::DELIVERY_LEASE_MS).unwrap() - 1_000);
    receiver.answer(Answer::Status(200));
    world.engine.settle().await;
    assert_eq!(receiver.count(), 4);
    world.clock.advance_ms(1_000);
    world.engine.settle().await;
    assert_eq!(receiver.count(), 5);
    let deliveries = world.deliveries(&webhook.id).await;
    assert!(deliveries.iter().all(|delivery| delivery.status == DeliveryStatus::Delivered));
    assert!(deliveries.iter().all(|delivery| delivery.attempt_count == 1));
}
