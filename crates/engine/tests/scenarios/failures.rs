//! Every way in which an endpoint fails has its own code, and is tried again on schedule.

use docextract_engine::{Config, TestTarget};
use docextract_model::address::{AddressPolicy, WebhookUrl};
use docextract_model::delivery::{AttemptErrorCode, DeliveryStatus, Trigger};
use docextract_model::webhook::Secret;
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::receiver::{Answer, Receiver};
use crate::world::{World, config, error_code, unused};

/// Short enough to wait for, long enough for a busy machine to connect to itself.
const ATTEMPT_MS_MAX: u64 = 1_000;

async fn impatient() -> World {
    World::with(Config { attempt_ms_max: ATTEMPT_MS_MAX, ..config() }, unused()).await
}

async fn fails_with(world: &World, url: &str, code: AttemptErrorCode) -> String {
    let (delivery, attempt) = world.attempt(url).await;
    assert_eq!(error_code(&attempt), Some(code), "{:?}", attempt.error);
    assert_eq!(delivery.status, DeliveryStatus::Pending);
    assert_eq!(delivery.next_attempt_at.unwrap().ms_since(attempt.attempted_at), 5_000);
    attempt.error.unwrap().message
}

#[tokio::test]
async fn what_an_endpoint_answers_wrongly_is_told_apart() {
    for (answer, code) in [
        (Answer::Status(500), AttemptErrorCode::HttpStatus),
        (Answer::Status(404), AttemptErrorCode::HttpStatus),
        (Answer::StatusWith(302, "Location: http://127.0.0.1:1/\r\n"), AttemptErrorCode::RedirectRefused),
        (Answer::Drop, AttemptErrorCode::Reset),
        (Answer::Reset, AttemptErrorCode::Reset),
        (Answer::Truncated, AttemptErrorCode::Reset),
        (Answer::Huge, AttemptErrorCode::ResponseTooLarge),
        (Answer::Garbage, AttemptErrorCode::InvalidResponse),
    ] {
        let receiver = Receiver::answering(answer).await;
        let message = fails_with(&World::new().await, &receiver.url, code).await;
        assert_eq!(receiver.count(), 1, "{answer:?} was answered with a second request");
        assert!(message.contains("answer"), "{message}");
    }
}

#[tokio::test]
async fn an_endpoint_that_never_answers_times_out() {
    let receiver = Receiver::answering(Answer::Hang).await;
    let message = fails_with(&impatient().await, &receiver.url, AttemptErrorCode::Timeout).await;
    assert_eq!(message, "the endpoint did not answer within 1 s");
}

#[tokio::test]
async fn an_endpoint_that_drips_times_out_although_it_answered_200() {
    let world = impatient().await;
    let receiver = Receiver::answering(Answer::Drip).await;
    let (delivery, attempt) = world.attempt(&receiver.url).await;
    assert_eq!((attempt.status_code, error_code(&attempt)), (Some(200), Some(AttemptErrorCode::Timeout)));
    assert_eq!(delivery.status, DeliveryStatus::Pending);
    assert!(attempt.response_body.unwrap().starts_with("..."), "what had come is kept");
    assert!(attempt.response_time_ms >= ATTEMPT_MS_MAX);
}

#[tokio::test]
async fn a_long_answer_is_logged_up_to_four_kib() {
    let receiver = Receiver::answering(Answer::Huge).await;
    let (_, attempt) = World::new().await.attempt(&receiver.url).await;
    assert_eq!(attempt.response_body.unwrap().len(), 4096);
}

#[tokio::test]
async fn a_closed_port_refuses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let url = format!("http://{address}/");
    let message = fails_with(&World::new().await, &url, AttemptErrorCode::ConnectRefused).await;
    assert_eq!(message, format!("connection refused by {address}"));
}

#[tokio::test]
async fn an_endpoint_whose_queue_of_connections_is_full_times_out() {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let full = socket.listen(1).unwrap();
    let address = full.local_addr().unwrap();
    // Linux queues one more than it was told, and does not answer who comes after that.
    let _queued = [TcpStream::connect(address).await.unwrap(), TcpStream::connect(address).await.unwrap()];
    let url = format!("http://{address}/");
    let message = fails_with(&impatient().await, &url, AttemptErrorCode::ConnectTimeout).await;
    assert_eq!(message, "no connection could be made within 1 s");
}

#[tokio::test]
async fn a_name_that_does_not_exist_is_not_resolved() {
    let message = fails_with(&World::new().await, "http://name.invalid/", AttemptErrorCode::DnsFailed).await;
    assert!(message.starts_with("the name name.invalid could not be resolved"), "{message}");
}

#[tokio::test]
async fn a_private_address_is_refused_also_when_it_was_stored() {
    let strict = Config { addresses: AddressPolicy::default(), ..Config::default() };
    let world = World::with(strict, unused()).await;
    let receiver = Receiver::answering(Answer::Status(200)).await;
    let https = receiver.url.replace("http:", "https:");
    fails_with(&world, &https, AttemptErrorCode::AddressNotAllowed).await;
    assert_eq!(receiver.count(), 0);
}

#[tokio::test]
async fn a_name_is_resolved_and_its_lookup_is_timed() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::Status(200)).await;
    let (delivery, attempt) = world.attempt(&receiver.url.replace("127.0.0.1", "localhost")).await;
    assert_eq!(delivery.status, DeliveryStatus::Delivered);
    assert!(attempt.dns_ms.is_some());
}

#[tokio::test]
async fn a_test_is_sent_now_once_and_recorded() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::Status(500)).await;
    let policy = AddressPolicy { dev: true, allowed: Vec::new() };
    let target = TestTarget {
        tenant: world.tenant.clone(),
        webhook: None,
        url: WebhookUrl::parse(&receiver.url, &policy).unwrap(),
        secret: Secret::new([3; 24]),
    };
    let result = world.engine.send_test(target).await.unwrap();
    assert_eq!(error_code(&result.attempt), Some(AttemptErrorCode::HttpStatus));
    let (delivery, attempts) = world.delivery(&result.delivery_id).await;
    assert_eq!((delivery.trigger, delivery.status), (Trigger::Test, DeliveryStatus::Failed));
    assert_eq!(attempts, [result.attempt]);
    world.clock.advance_ms(100_000);
    world.engine.settle().await;
    assert_eq!(receiver.count(), 1);
    assert_eq!(receiver.received()[0].header("X-DocExtract-Event"), "webhook.test");
}
