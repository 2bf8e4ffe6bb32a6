//! An answer of a name server is believed for as long as it says, and judged each time.

use std::time::Duration;

use docextract_engine::{Network as _, SystemNetwork};
use docextract_model::delivery::{Attempt, AttemptErrorCode, DeliveryStatus};
use docextract_model::limits;
use docextract_model::webhook::Webhook;
use tokio::net::TcpListener;

use crate::name_server::NameServer;
use crate::receiver::{Answer, Receiver};
use crate::world::{World, error_code};

/// A receiver that makes every attempt connect again.
const ONE_REQUEST: Answer = Answer::StatusWith(200, "Connection: close\r\n");
const NAME: &str = "hooks.example.test";

/// Two hosts that listen on one port, and the URL by name.
async fn two_hosts() -> (Receiver, Receiver, String) {
    let first = Receiver::answering(ONE_REQUEST).await;
    let port = first.port();
    let second = Receiver::on(TcpListener::bind(("127.0.0.2", port)).await.unwrap(), ONE_REQUEST);
    (first, second, format!("http://{NAME}:{port}/hook?a=b"))
}

/// The first attempt of a new event.
async fn attempt(world: &World, webhook: &Webhook) -> Attempt {
    world.publish().await;
    world.engine.settle().await;
    let delivery = world.deliveries(&webhook.id).await.pop().unwrap();
    world.delivery(&delivery.id).await.1.remove(0)
}

#[tokio::test]
async fn an_endpoint_that_moves_is_found_when_its_time_to_live_is_over() {
    let names = NameServer::start().await;
    let (first, second, url) = two_hosts().await;
    let world = World::asking(names.address).await;
    let webhook = world.webhook(&url).await;
    names.set(NAME, "127.0.0.1", 60);
    let looked_up = attempt(&world, &webhook).await;
    assert!(looked_up.dns_ms.is_some());
    assert_eq!(looked_up.remote_ip.as_deref(), Some("127.0.0.1"));

    names.set(NAME, "127.0.0.2", 60);
    world.clock.advance_ms(59_999);
    let kept = attempt(&world, &webhook).await;
    assert_eq!((kept.dns_ms, kept.remote_ip.as_deref()), (None, Some("127.0.0.1")));
    assert_eq!(names.asked(NAME), 1);

    world.clock.advance_ms(1);
    assert_eq!(attempt(&world, &webhook).await.remote_ip.as_deref(), Some("127.0.0.2"));
    assert_eq!((first.count(), second.count(), names.asked(NAME)), (2, 1, 2));
}

#[tokio::test]
async fn an_answer_without_a_time_to_live_is_used_once() {
    let names = NameServer::start().await;
    let (_first, _second, url) = two_hosts().await;
    let world = World::asking(names.address).await;
    let webhook = world.webhook(&url).await;
    names.set(NAME, "127.0.0.1", 0);
    attempt(&world, &webhook).await;
    names.set(NAME, "127.0.0.2", 0);
    assert_eq!(attempt(&world, &webhook).await.remote_ip.as_deref(), Some("127.0.0.2"));
}

#[tokio::test]
async fn a_name_that_is_rebound_to_a_private_address_is_refused_at_the_next_connection() {
    let names = NameServer::start().await;
    let (first, _second, url) = two_hosts().await;
    let world = World::asking(names.address).await;
    let webhook = world.webhook(&url).await;
    names.set(NAME, "127.0.0.1", 1);
    assert_eq!(attempt(&world, &webhook).await.error, None);
    names.set(NAME, "10.0.0.1", 1);
    world.clock.advance_ms(1_000);
    let refused = attempt(&world, &webhook).await;
    assert_eq!(error_code(&refused), Some(AttemptErrorCode::AddressNotAllowed));
    assert_eq!(first.count(), 1);
    // What was refused is not kept either: the name's owner may mend it at once.
    names.set(NAME, "127.0.0.1", 1);
    assert_eq!(attempt(&world, &webhook).await.error, None);
}

#[tokio::test]
async fn an_endpoint_that_moved_and_left_nothing_behind_costs_one_attempt() {
    let names = NameServer::start().await;
    let second = Receiver::on(TcpListener::bind("127.0.0.2:0").await.unwrap(), ONE_REQUEST);
    let url = format!("http://{NAME}:{}/hook?a=b", second.port());
    let world = World::asking(names.address).await;
    names.set(NAME, "127.0.0.1", 300);
    let webhook = world.webhook(&url).await;
    world.publish().await;
    world.engine.settle().await;
    names.set(NAME, "127.0.0.2", 300);
    world.clock.advance_ms(5_000);
    world.engine.settle().await;
    let (delivery, attempts) = world.only_delivery(&webhook.id).await;
    assert_eq!(error_code(&attempts[0]), Some(AttemptErrorCode::ConnectRefused));
    assert_eq!((delivery.status, attempts.len()), (DeliveryStatus::Delivered, 2));
}

#[tokio::test]
async fn a_name_that_comes_into_being_is_found_at_once() {
    let names = NameServer::start().await;
    let (_first, _second, url) = two_hosts().await;
    let world = World::asking(names.address).await;
    let webhook = world.webhook(&url).await;
    let unknown = attempt(&world, &webhook).await;
    assert_eq!(error_code(&unknown), Some(AttemptErrorCode::DnsFailed));
    let message = unknown.error.unwrap().message;
    assert_eq!(message, format!("the name {NAME} could not be resolved: there is no such name"));
    names.set(NAME, "127.0.0.1", 300);
    assert_eq!(attempt(&world, &webhook).await.error, None);
}

#[tokio::test]
async fn the_shortest_time_to_live_of_a_chain_of_aliases_counts() {
    let names = NameServer::start().await;
    let network = SystemNetwork::asking(names.address).unwrap();
    names.alias("my_hooks.example.test", NAME, 20);
    names.set(NAME, "192.0.2.1", 3_600);
    let resolved = network.resolve("my_hooks.example.test").await.unwrap();
    assert_eq!(resolved.addresses, [std::net::IpAddr::from([192, 0, 2, 1])]);
    assert_eq!(resolved.valid_for, Duration::from_secs(20));
    // The network reports what it was told; that it is not kept for so long is the engine's part.
    let direct = network.resolve(NAME).await.unwrap();
    assert!(direct.valid_for.as_millis() > u128::from(limits::DNS_ANSWER_KEPT_MS_MAX));
}
