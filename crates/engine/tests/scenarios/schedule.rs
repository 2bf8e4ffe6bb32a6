//! Attempts, their numbers, instants and signatures.

use std::sync::Arc;
use std::time::Duration;

use docextract_engine::Clock as _;
use docextract_model::delivery::{AttemptErrorCode, DeliveryStatus, LoggedHeaders};
use docextract_model::limits::REPLAY_STEP_ROWS;
use docextract_model::replay::{Replay, ReplayStatus};
use docextract_model::retry::RetrySchedule;
use docextract_model::signature::verify_hex;
use docextract_model::webhook::{DisabledReason, Secret, WebhookStatus};
use docextract_store::commands::{RotateSecret, UpdateWebhook};
use docextract_store::sqlite::SqliteStore;
use docextract_store::vault::{KEY_BYTES, Vault, VaultKey};
use tokio::sync::watch;

use crate::receiver::{Answer, Received, Receiver};
use crate::world::{World, config, error_code, unused};

/// Verifies as a receiver does: with the real library, and with the hex signature.
fn verify(received: &Received, secret: &Secret) {
    let library = standardwebhooks::Webhook::new(secret.expose()).unwrap();
    let sent_at = received.header("webhook-timestamp").parse().unwrap();
    let expected = library.sign(received.header("webhook-id"), sent_at, &received.body).unwrap();
    assert!(received.header("webhook-signature").split(' ').any(|given| given == expected));
    assert!(verify_hex(secret, &received.body, received.header("X-DocExtract-Signature")));
}

#[tokio::test]
async fn six_attempts_come_at_the_published_instants_and_then_the_delivery_failed() {
    six_attempts(World::new().await).await;
}

#[tokio::test]
async fn six_attempts_come_at_the_published_instants_from_sqlite_too() {
    let folder = tempfile::tempdir().unwrap();
    let vault = Arc::new(Vault::fixed(vec![VaultKey::from_bytes([1; KEY_BYTES])]));
    let store = SqliteStore::open(&folder.path().join("docextract.db"), &vault).unwrap();
    six_attempts(World::on(Arc::new(store), config(), unused()).await).await;
}

async fn six_attempts(world: World) {
    let receiver = Receiver::answering(Answer::Status(500)).await;
    let webhook = world.webhook(&receiver.url).await;
    let event = world.publish().await;
    world.engine.settle().await;
    assert_eq!(receiver.count(), 1, "the first attempt is at once");

    for (attempt, wait_ms) in (2..).zip([5_000, 30_000, 120_000, 600_000, 3_600_000]) {
        world.clock.advance_ms(wait_ms - 1);
        world.engine.settle().await;
        assert_eq!(receiver.count(), attempt - 1, "attempt {attempt} came too early");
        world.clock.advance_ms(1);
        world.engine.settle().await;
        assert_eq!(receiver.count(), attempt, "attempt {attempt} did not come");
    }
    world.clock.advance_ms(86_400_000);
    world.engine.settle().await;
    assert_eq!(receiver.count(), 6, "there was a seventh attempt");

    let (delivery, attempts) = world.only_delivery(&webhook.id).await;
    assert_eq!((delivery.status, delivery.attempt_count), (DeliveryStatus::Failed, 6));
    assert_eq!(delivery.next_attempt_at, None);
    let instants: Vec<_> =
        attempts.iter().map(|made| made.attempted_at.ms_since(delivery.created_at) / 1000).collect();
    assert_eq!(instants, [0, 5, 35, 155, 755, 4355], "1 h 12 min 35 s in all");
    for (number, (received, attempt)) in (1..).zip(receiver.received().iter().zip(&attempts)) {
        verify(received, &webhook.secret);
        assert_eq!(received.header("webhook-id"), event.as_str());
        assert_eq!(received.header("webhook-timestamp"), attempt.attempted_at.unix_seconds().to_string());
        assert_eq!(received.header("X-DocExtract-Attempt"), number.to_string());
        assert_eq!(received.header("X-DocExtract-Delivery"), delivery.id.as_str());
        assert_eq!(received.header("X-DocExtract-Event"), "order.paid");
        assert_eq!((attempt.number, attempt.status_code), (number, Some(500)));
        assert_eq!(error_code(attempt), Some(AttemptErrorCode::HttpStatus));
    }
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the receiver's library compares with the real present")]
async fn a_receivers_own_library_accepts_a_delivery() {
    let world = World::new().await;
    let present = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    world
        .clock
        .advance_ms(i64::try_from(present.as_millis()).unwrap() - world.engine.ambient().now().unix_ms());
    let receiver = Receiver::answering(Answer::Status(204)).await;
    let webhook = world.webhook(&receiver.url).await;
    world.publish().await;
    world.engine.settle().await;

    let received = receiver.received().remove(0);
    let mut headers = hyper::HeaderMap::new();
    for (name, value) in &received.headers {
        let name = hyper::header::HeaderName::from_bytes(name.as_bytes()).unwrap();
        headers.insert(name, value.parse().unwrap());
    }
    let library = standardwebhooks::Webhook::new(webhook.secret.expose()).unwrap();
    library.verify(&received.body, &headers).unwrap();
}

#[tokio::test]
async fn the_log_tells_what_was_sent_and_answered() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::StatusWith(200, "Set-Cookie: a=b\r\nX-Node: 7\r\n")).await;
    let (delivery, attempt) = world.attempt(&receiver.url).await;
    assert_eq!(delivery.status, DeliveryStatus::Delivered);
    assert_eq!(delivery.next_attempt_at, None);
    assert_eq!((attempt.status_code, attempt.error), (Some(200), None));
    assert_eq!(attempt.remote_ip.as_deref(), Some("127.0.0.1"));
    assert_eq!(attempt.response_body.as_deref(), Some("ok"));
    assert!(attempt.connect_ms.is_some() && attempt.first_byte_ms.is_some());
    assert_eq!((attempt.dns_ms, attempt.tls_ms), (None, None), "a literal needs no DNS, http no TLS");
    let (sent, answered) = (attempt.request_headers, attempt.response_headers);
    let of = |headers: &LoggedHeaders, name: &str| {
        headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone())
    };
    assert_eq!(of(&sent, "content-type").as_deref(), Some("application/json"));
    assert_eq!(of(&sent, "authorization").as_deref(), Some("[redacted]"));
    assert_eq!(of(&answered, "set-cookie").as_deref(), Some("[redacted]"));
    assert_eq!(of(&answered, "x-node").as_deref(), Some("7"));
    let received = receiver.received().remove(0);
    assert_eq!(received.header("authorization"), "Bearer of-the-receiver");
    assert!(received.header("user-agent").starts_with("DocExtract-Webhooks/"));
}

#[tokio::test]
async fn a_replay_gets_six_attempts_of_its_own() {
    let short = RetrySchedule::new(vec![1_000, 1_000, 1_000, 1_000, 1_000]);
    let world = World::with(docextract_engine::Config { schedule: short, ..config() }, unused()).await;
    let receiver = Receiver::answering(Answer::Status(503)).await;
    let webhook = world.webhook(&receiver.url).await;
    let event = world.publish().await;
    for _ in 0..10 {
        world.engine.settle().await;
        world.clock.advance_ms(1_000);
    }
    let (first, _) = world.only_delivery(&webhook.id).await;
    assert_eq!((first.status, receiver.count()), (DeliveryStatus::Failed, 6));

    let replay = world.replay(&first.id).await;
    for _ in 0..10 {
        world.engine.settle().await;
        world.clock.advance_ms(1_000);
    }
    let (delivery, attempts) = world.delivery(&replay).await;
    let numbers: Vec<_> = attempts.iter().map(|attempt| attempt.number).collect();
    assert_eq!((delivery.status, numbers), (DeliveryStatus::Failed, vec![1, 2, 3, 4, 5, 6]));
    let received = receiver.received();
    assert_eq!(received.len(), 12);
    assert!(received.iter().all(|request| request.header("webhook-id") == event.as_str()));
    assert_eq!(received[11].header("X-DocExtract-Delivery"), replay.as_str());
}

#[tokio::test(start_paused = true)]
async fn a_replay_keeps_its_pace_however_often_another_is_asked_for() {
    let world = World::new().await;
    let webhook = world.webhook("https://example.com/hook").await;
    for _ in 0..5 * REPLAY_STEP_ROWS {
        world.write_event().await;
    }
    let since = world.clock.now();
    world.clock.advance_ms(1);
    let now = world.clock.now();
    let replay = Replay {
        id: world.engine.ambient().id(),
        tenant: world.tenant.clone(),
        webhook_id: webhook.id.clone(),
        since,
        until: now,
        statuses: vec![DeliveryStatus::Failed],
        status: ReplayStatus::Running,
        replayed: 0,
        cursor: None,
        position: None,
        created_at: now,
        stepped_at: now,
        finished_at: None,
    };
    world.store.create_replay(replay.clone()).await.unwrap();
    let (stop, shutdown) = watch::channel(false);
    let engine = tokio::spawn({
        let engine = world.engine.clone();
        async move { engine.run(shutdown).await }
    });
    let status_after = async |ms: u64| {
        for _ in 0..ms {
            world.engine.wake_replays();
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        world.store.replay(&world.tenant, &replay.id).await.unwrap().unwrap().status
    };
    assert_eq!(status_after(350).await, ReplayStatus::Running, "four steps of five at most");
    assert_eq!(status_after(1_000).await, ReplayStatus::Completed);
    stop.send(true).unwrap();
    engine.await.unwrap();
}

#[tokio::test]
async fn a_later_retry_after_is_kept() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::StatusWith(429, "Retry-After: 90\r\n")).await;
    let (delivery, attempt) = world.attempt(&receiver.url).await;
    assert_eq!(delivery.next_attempt_at.unwrap().ms_since(attempt.attempted_at), 90_000);
}

#[tokio::test]
async fn an_edited_url_and_a_rotated_secret_count_from_the_next_attempt() {
    let world = World::new().await;
    let (old, new) =
        (Receiver::answering(Answer::Status(500)).await, Receiver::answering(Answer::Status(200)).await);
    let webhook = world.webhook(&old.url).await;
    world.publish().await;
    world.engine.settle().await;

    let update = UpdateWebhook {
        tenant: world.tenant.clone(),
        id: webhook.id.clone(),
        url: Some(new.url.clone()),
        description: None,
        events: None,
        headers: Some(vec![("X-Team".to_owned(), "billing".to_owned())].into()),
        rate_limit_per_second: None,
        client_certificate: None,
        status: None,
        now: world.engine.ambient().now(),
    };
    world.store.update_webhook(update).await.unwrap().unwrap();
    let secret = Secret::new([9; 24]);
    let rotation = RotateSecret {
        tenant: world.tenant.clone(),
        id: webhook.id.clone(),
        secret: secret.clone(),
        overlap_until: world.engine.ambient().now().plus_ms(3_600_000),
        now: world.engine.ambient().now(),
    };
    world.store.rotate_secret(rotation).await.unwrap().unwrap();
    world.clock.advance_ms(5_000);
    world.engine.settle().await;

    assert_eq!((old.count(), new.count()), (1, 1));
    let received = new.received().remove(0);
    verify(&received, &secret);
    assert_eq!(received.header("X-Team"), "billing");
    let signatures: Vec<_> = received.header("webhook-signature").split(' ').collect();
    assert_eq!(signatures.len(), 2, "during the overlap the old secret signs too");
    let (delivery, _) = world.only_delivery(&webhook.id).await;
    assert_eq!((delivery.status, delivery.url), (DeliveryStatus::Delivered, new.url));
}

#[tokio::test]
async fn an_edited_url_counts_also_for_what_waits_in_memory() {
    let world = World::new().await;
    let (old, new) =
        (Receiver::answering(Answer::Hang).await, Receiver::answering(Answer::Status(200)).await);
    let webhook = world.webhook(&old.url).await;
    for _ in 0..10 {
        world.publish().await;
    }
    old.has(4).await;
    let update = UpdateWebhook {
        tenant: world.tenant.clone(),
        id: webhook.id.clone(),
        url: Some(new.url.clone()),
        description: None,
        events: None,
        headers: None,
        rate_limit_per_second: None,
        client_certificate: None,
        status: None,
        now: world.engine.ambient().now(),
    };
    world.store.update_webhook(update).await.unwrap().unwrap();
    world.engine.webhook_changed(&webhook.id);
    old.answer(Answer::Status(200));
    world.engine.settle().await;
    assert_eq!((old.count(), new.count()), (4, 6));
}

#[tokio::test]
async fn an_endpoint_that_is_gone_gets_no_second_attempt() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::Status(410)).await;
    let webhook = world.webhook(&receiver.url).await;
    let operator = Receiver::answering(Answer::Status(200)).await;
    world.webhook_for(&operator.url, &["webhook.disabled"]).await;
    world.publish().await;
    world.engine.settle().await;
    assert_eq!(operator.count(), 1, "another webhook is told of it at once");
    world.clock.advance_ms(10_000_000);
    world.publish().await;
    world.engine.settle().await;

    assert_eq!(receiver.count(), 1);
    let webhook = world.store.webhook(&world.tenant, &webhook.id).await.unwrap().unwrap();
    assert_eq!(webhook.status, WebhookStatus::Disabled);
    assert_eq!(webhook.disabled_reason, Some(DisabledReason::Gone));
    let statuses: Vec<_> =
        world.deliveries(&webhook.id).await.into_iter().map(|delivery| delivery.status).collect();
    assert_eq!(statuses, [DeliveryStatus::Failed, DeliveryStatus::Skipped]);
}

#[tokio::test]
async fn an_idle_connection_is_used_again_and_needs_no_phases() {
    let world = World::new().await;
    let receiver = Receiver::answering(Answer::Status(200)).await;
    let webhook = world.webhook(&receiver.url).await;
    for _ in 0..2 {
        world.publish().await;
        world.engine.settle().await;
    }
    let connections: Vec<_> = receiver.received().iter().map(|request| request.connection).collect();
    assert_eq!(connections, [1, 1]);
    let second = &world.deliveries(&webhook.id).await[1];
    let (_, attempts) = world.delivery(&second.id).await;
    assert_eq!(attempts[0].connect_ms, None);
    assert_eq!(attempts[0].remote_ip.as_deref(), Some("127.0.0.1"));
}
