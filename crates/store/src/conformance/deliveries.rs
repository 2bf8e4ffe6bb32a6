//! Events and deliveries: fanned out, claimed, attempted, skipped, replayed.

use std::collections::BTreeMap;

use docextract_model::delivery::{
    Attempt, AttemptError, AttemptErrorCode, Delivery, DeliveryStatus, Trigger,
};
use docextract_model::id::{DeliveryId, WebhookId};
use docextract_model::limits::WEBHOOK_FAILING_MS_MAX;
use docextract_model::replay::{Replay, ReplayStatus};
use docextract_model::stats::{AttemptCount, hour_of, latency_class};
use docextract_model::tenant::Tenant;
use docextract_model::webhook::{DisabledReason, Secret, Webhook, WebhookStatus};

use super::bench::{ALL, Bench, LEASE_MS, NODE, START};
use crate::Store;
use crate::commands::{
    AfterAttempt, ClaimDeliveries, CountedHours, CreateReplayOutcome, DeliveryFilter, EventFilter,
    FencedOutcome, Lease, LeasedDelivery, PageRequest, PruneLog, PrunedLog, PublishEvent, RecordAttempt,
    RecordTest, RecordedAttempts, ReplayOutcome, RotateSecret, StatusChange, StepReplay, UpdateWebhook,
};

const HOUR_MS: u64 = 60 * 60 * 1000;
const BY_REQUEST: StatusChange = StatusChange::Disable(DisabledReason::ByRequest);

async fn webhook_at(bench: &Bench<'_>, tenant: &Tenant, url: &str, event_type: &str) -> Webhook {
    let webhook = Webhook { url: url.to_owned(), ..bench.new_webhook(tenant, &[event_type]) };
    bench.store.create_webhook(webhook.clone()).await.unwrap();
    webhook
}

fn ids(leased: &[LeasedDelivery]) -> Vec<&DeliveryId> {
    leased.iter().map(|one| &one.id).collect()
}

pub async fn an_event_goes_to_the_matching_webhooks_of_its_tenant_alone(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let core = bench.webhook(&tenant, &["*"]).await;
    let own = bench.webhook(&tenant, &["order.paid"]).await;
    let both = bench.webhook(&tenant, &["order.paid", "*"]).await;
    bench.webhook(&bench.other_mode(&tenant), &["*", "order.paid"]).await;
    bench.webhook(&other, &["*", "order.paid"]).await;

    for (event_type, expected) in [
        ("job.completed", vec![&core.id, &both.id]),
        ("order.paid", vec![&own.id, &both.id]),
        ("webhook.disabled", vec![]),
    ] {
        let event = bench.event(&tenant, event_type);
        let lease = bench.lease();
        let command = PublishEvent { event: event.clone(), send_lease: lease.clone() };
        let to_send = store.publish_event(command).await.unwrap();
        let webhooks: Vec<&WebhookId> = to_send.iter().map(|one| &one.webhook_id).collect();
        assert_eq!(webhooks, expected, "{event_type}");
        assert_eq!(store.event(&tenant, &event.id).await.unwrap(), Some(event.clone()));
        assert_eq!(store.event(&other, &event.id).await.unwrap(), None);
        assert_eq!(bench.deliveries_of(&tenant, &event.id).await.len(), expected.len());
        if let Some(first) = to_send.first() {
            let expected = LeasedDelivery {
                id: DeliveryId::of_event(&event.id, 0),
                event_id: event.id,
                event_type: event_type.to_owned(),
                webhook_id: first.webhook_id.clone(),
                url: core.url.clone(),
                org_id: tenant.org_id.clone(),
                rate_limit_per_second: core.rate_limit_per_second,
                client_certificate: core.client_certificate.clone(),
                headers: core.headers.clone(),
                secrets: vec![core.secret.clone()],
                body: event.body,
                attempt_number: 1,
                lease,
            };
            assert_eq!(first, &expected);
            assert_eq!(store.delivery(&other, &first.id).await.unwrap(), None);
        }
    }
}

pub async fn a_disabled_webhooks_delivery_is_kept_as_skipped(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    bench.set_status(&webhook, BY_REQUEST).await;
    let event = bench.event(&tenant, "job.failed");
    let command = PublishEvent { event: event.clone(), send_lease: bench.lease() };
    assert_eq!(store.publish_event(command).await.unwrap(), []);
    let expected = Delivery {
        id: DeliveryId::of_event(&event.id, 0),
        tenant: tenant.clone(),
        event_id: event.id.clone(),
        event_type: "job.failed".to_owned(),
        webhook_id: Some(webhook.id),
        url: webhook.url,
        status: DeliveryStatus::Skipped,
        trigger: Trigger::Event,
        attempt_count: 0,
        next_attempt_at: None,
        created_at: START,
        finished_at: Some(START),
    };
    assert_eq!(bench.deliveries_of(&tenant, &event.id).await, [expected]);
    assert_eq!(store.next_due_at().await.unwrap().delivery, None);
}

pub async fn a_published_delivery_is_its_publishers_until_the_lease_ends(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    bench.advance(LEASE_MS - 1);
    assert_eq!(bench.claim(10, 10).await, []);
    bench.advance(1);
    let claimed = bench.claim(10, 10).await;
    let lease = claimed[0].lease.clone();
    assert_eq!(claimed, [LeasedDelivery { lease: lease.clone(), ..sent.clone() }]);
    assert_ne!(lease.token, sent.lease.token);
    assert_eq!(bench.claim(10, 10).await, [], "it is leased again");
    assert_eq!(bench.record(&sent, AfterAttempt::Delivered).await, FencedOutcome::LostLease);
    let (delivery, _) = bench.delivery(&tenant, &sent.id).await;
    assert_eq!(delivery.next_attempt_at, Some(START), "what was scheduled stays");
}

pub async fn a_claim_takes_of_each_webhook_its_share_the_longest_due_first(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    webhook_at(&bench, &tenant, "https://a.example/", "a.a").await;
    webhook_at(&bench, &tenant, "https://b.example/", "b.b").await;
    webhook_at(&bench, &tenant, "https://c.example/", "c.c").await;
    let mut published = Vec::new();
    for event_type in ["b.b", "b.b", "b.b", "a.a", "a.a", "c.c"] {
        published.push(bench.publish(&tenant, event_type).await.remove(0));
        if event_type == "b.b" {
            bench.advance(10);
        }
    }
    let [b1, b2, b3, a1, a2, c1] = &published[..] else { panic!("{published:?}") };
    bench.advance(2 * LEASE_MS);

    let claimed = bench.claim(4, 2).await;
    assert_eq!(ids(&claimed), [&b1.id, &b2.id, &a1.id, &a2.id], "b is due longest; a before c by its id");
    let claimed = bench.claim(10, 2).await;
    assert_eq!(ids(&claimed), [&b3.id, &c1.id], "b3 is due since before c1");
    assert_eq!(bench.claim(10, 2).await, []);
    bench.advance(LEASE_MS);
    assert_eq!(bench.claim(0, 2).await, []);
    assert_eq!(ids(&bench.claim(3, 10).await), [&a1.id, &a2.id, &b1.id], "all are due at once: a before b");
}

pub async fn a_claim_brings_of_each_webhook_what_there_is_room_for(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let full = webhook_at(&bench, &tenant, "https://a.example/", "a.a").await;
    webhook_at(&bench, &tenant, "https://b.example/", "b.b").await;
    let roomy = webhook_at(&bench, &tenant, "https://c.example/", "c.c").await;
    let waits = bench.publish(&tenant, "a.a").await.remove(0);
    let free = bench.publish(&tenant, "b.b").await.remove(0);
    let not_yet = bench.publish(&tenant, "b.b").await.remove(0);
    let (c1, c2) =
        (bench.publish(&tenant, "c.c").await.remove(0), bench.publish(&tenant, "c.c").await.remove(0));
    bench.advance(LEASE_MS);
    let (lease, now) = (bench.lease(), bench.now());
    let command = ClaimDeliveries {
        lease: lease.clone(),
        now,
        limit: 10,
        bytes_max: usize::MAX,
        per_webhook: 1,
        room: [(full.id, 0), (roomy.id, 2)].into(),
    };
    let claimed = store.claim_deliveries(command).await.unwrap();
    assert_eq!(ids(&claimed), [&free.id, &c1.id, &c2.id], "none of a, one of b, two of c");
    assert_eq!(claimed[0], LeasedDelivery { lease, ..free });
    assert_eq!(ids(&bench.claim(10, 10).await), [&waits.id, &not_yet.id]);
}

pub async fn a_claim_ends_with_the_body_that_fills_its_room(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    webhook_at(&bench, &tenant, "https://a.example/", "a.a").await;
    webhook_at(&bench, &tenant, "https://b.example/", "b.b").await;
    let mut published = Vec::new();
    for event_type in ["a.a", "a.a", "a.a", "b.b"] {
        published.push(bench.publish(&tenant, event_type).await.remove(0));
    }
    let [a1, a2, a3, b] = &published[..] else { panic!("{published:?}") };
    bench.advance(LEASE_MS);
    let claim = |bytes_max| {
        let (lease, now) = (bench.lease(), bench.now());
        let (limit, per_webhook, room) = (10, 10, BTreeMap::new());
        store.claim_deliveries(ClaimDeliveries { lease, now, limit, bytes_max, per_webhook, room })
    };
    let claimed = claim(1).await.unwrap();
    assert_eq!(ids(&claimed), [&a1.id], "one goes, whatever its size");
    let claimed = claim(a2.body.len() + 1).await.unwrap();
    assert_eq!(ids(&claimed), [&a2.id, &a3.id], "none of the next webhook either");
    assert_eq!(ids(&claim(1).await.unwrap()), [&b.id], "what was left is due as before");
}

pub async fn a_claim_sends_to_where_the_webhook_is_now(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    let update = UpdateWebhook {
        url: Some("https://example.org/moved".to_owned()),
        headers: Some(
            vec![("X-New".to_owned(), "1".to_owned()), ("X-New".to_owned(), "2".to_owned())].into(),
        ),
        events: Some(vec!["job.failed".to_owned()]),
        ..bench.webhook_update(&webhook)
    };
    store.update_webhook(update).await.unwrap().unwrap();
    let rotate = RotateSecret {
        tenant: tenant.clone(),
        id: webhook.id.clone(),
        secret: Secret::new([2; 24]),
        overlap_until: START.plus_ms(2 * LEASE_MS),
        now: START,
    };
    store.rotate_secret(rotate).await.unwrap().unwrap();
    assert_eq!(bench.delivery(&tenant, &sent.id).await.0.url, webhook.url);
    bench.advance(LEASE_MS);

    let claimed = bench.claim(1, 1).await.remove(0);
    assert_eq!(claimed.url, "https://example.org/moved");
    assert_eq!(claimed.headers.len(), 2);
    assert_eq!(claimed.secrets, [Secret::new([2; 24]), webhook.secret]);
    assert_eq!(bench.delivery(&tenant, &sent.id).await.0.url, "https://example.org/moved");
}

pub async fn a_failed_attempt_is_logged_and_tried_again_when_it_is_due(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    let due_at = START.plus_ms(5_000);
    assert_eq!(bench.record(&sent, AfterAttempt::RetryAt(due_at)).await, FencedOutcome::Written);

    let (delivery, attempts) = bench.delivery(&tenant, &sent.id).await;
    assert_eq!((delivery.status, delivery.attempt_count), (DeliveryStatus::Pending, 1));
    assert_eq!((delivery.next_attempt_at, delivery.finished_at), (Some(due_at), None));
    assert_eq!(attempts, [bench.attempt(1, 503)]);
    assert_eq!(bench.reread(&webhook).await.failing_since, Some(START));
    bench.advance(4_999);
    assert_eq!(bench.claim(10, 10).await, []);
    let now = bench.advance(1);
    let claimed = bench.claim(10, 10).await.remove(0);
    assert_eq!((&claimed.id, claimed.attempt_number), (&sent.id, 2));

    assert_eq!(bench.record(&claimed, AfterAttempt::Delivered).await, FencedOutcome::Written);
    let (delivery, attempts) = bench.delivery(&tenant, &sent.id).await;
    assert_eq!((delivery.status, delivery.attempt_count), (DeliveryStatus::Delivered, 2));
    assert_eq!((delivery.next_attempt_at, delivery.finished_at), (None, Some(now.plus_ms(120))));
    assert_eq!(attempts[1], bench.attempt(2, 204));
    assert_eq!(bench.reread(&webhook).await, webhook, "the streak ended and nothing else changed");
}

pub async fn an_attempt_is_logged_with_all_that_it_saw(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    bench.webhook(&tenant, &["*"]).await;
    let full = bench.attempt(1, 500);
    let bare = Attempt {
        number: 2,
        attempted_at: START,
        status_code: None,
        response_time_ms: 0,
        dns_ms: None,
        connect_ms: None,
        tls_ms: None,
        first_byte_ms: None,
        remote_ip: None,
        error: None,
        request_headers: Vec::new(),
        response_headers: Vec::new(),
        response_body: None,
    };
    let errors = AttemptErrorCode::ALL.into_iter().zip(3_u32..).map(|(code, number)| Attempt {
        number,
        error: Some(AttemptError { code, message: "it \"failed\"\n".to_owned() }),
        ..full.clone()
    });
    let attempts: Vec<Attempt> = [full.clone(), bare].into_iter().chain(errors).collect();
    let mut sent = bench.publish_one(&tenant).await;
    for attempt in &attempts {
        let record = RecordAttempt {
            attempt: attempt.clone(),
            ..bench.attempted(&sent, AfterAttempt::RetryAt(bench.now()))
        };
        assert_eq!(bench.record_all(vec![record]).await.outcomes, [FencedOutcome::Written]);
        sent = bench.claim(1, 1).await.remove(0);
    }
    assert_eq!(bench.delivery(&tenant, &sent.id).await.1, attempts, "in the order of their numbers");
}

pub async fn an_attempt_without_the_lease_writes_nothing(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let lost = bench.publish_one(&tenant).await;
    bench.advance(LEASE_MS);
    let held = bench.claim(1, 1).await.remove(0);
    let nobodys = Lease { token: String::new(), ..held.lease.clone() };
    for wrong in [
        lost.clone(),
        LeasedDelivery { lease: nobodys, ..held.clone() },
        LeasedDelivery { id: bench.id(), ..held.clone() },
    ] {
        for after in [AfterAttempt::Delivered, AfterAttempt::Failed, AfterAttempt::Gone] {
            assert_eq!(bench.record(&wrong, after).await, FencedOutcome::LostLease);
        }
    }
    let (delivery, attempts) = bench.delivery(&tenant, &held.id).await;
    assert_eq!((delivery.status, delivery.attempt_count), (DeliveryStatus::Pending, 0));
    assert_eq!(attempts, []);
    assert_eq!(bench.reread(&webhook).await, webhook);

    assert_eq!(bench.record(&held, AfterAttempt::Delivered).await, FencedOutcome::Written);
    assert_eq!(bench.record(&held, AfterAttempt::Failed).await, FencedOutcome::LostLease, "it has ended");
    assert_eq!(bench.delivery(&tenant, &held.id).await.1.len(), 1);
}

pub async fn attempts_are_recorded_in_the_order_given(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let [first, second, third] = [
        bench.publish_one(&tenant).await,
        bench.publish_one(&tenant).await,
        bench.publish_one(&tenant).await,
    ];
    let records = vec![
        bench.attempted(&first, AfterAttempt::Delivered),
        bench.attempted(&first, AfterAttempt::Delivered),
        bench.attempted(&second, AfterAttempt::Gone),
        // Its webhook was disabled by the record before, so it cannot be tried again.
        bench.attempted(&third, AfterAttempt::RetryAt(START)),
    ];
    let outcomes = bench.record_all(records).await.outcomes;
    let (written, lost) = (FencedOutcome::Written, FencedOutcome::LostLease);
    assert_eq!(outcomes, [written, lost, written, written]);
    assert_eq!(bench.record_all(Vec::new()).await, RecordedAttempts::default());
    assert_eq!(bench.status(&tenant, &first.id).await, DeliveryStatus::Delivered);
    assert_eq!(bench.status(&tenant, &second.id).await, DeliveryStatus::Failed);
    assert_eq!(bench.status(&tenant, &third.id).await, DeliveryStatus::Skipped);
    assert_eq!(bench.reread(&webhook).await.disabled_reason, Some(DisabledReason::Gone));
}

pub async fn spent_attempts_end_a_delivery_as_failed(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    bench.record(&sent, AfterAttempt::Failed).await;
    let (delivery, _) = bench.delivery(&tenant, &sent.id).await;
    assert_eq!((delivery.status, delivery.next_attempt_at), (DeliveryStatus::Failed, None));
    assert_eq!(delivery.finished_at, Some(START.plus_ms(120)));
    bench.nothing_is_due_any_more().await;
    let webhook = bench.reread(&webhook).await;
    assert_eq!((webhook.status, webhook.failing_since), (WebhookStatus::Enabled, Some(START)));
}

pub async fn a_replay_sends_the_latest_of_each_event_again_and_knows_where_it_stands(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let mut sent = Vec::new();
    for after in [AfterAttempt::Failed, AfterAttempt::Delivered, AfterAttempt::Failed] {
        let one = bench.publish_one(&tenant).await;
        bench.record(&one, after).await;
        sent.push(one);
    }
    let pending = bench.publish_one(&tenant).await;
    // The third was replayed by itself since, and that failed too: its latest delivery is the one to replay.
    let ReplayOutcome::Replayed { to_send, .. } = bench.replay(&tenant, &sent[2].id).await else {
        panic!("it was not replayed")
    };
    bench.record(&to_send, AfterAttempt::Failed).await;
    bench.advance(1_000);

    let replay = bench.new_replay(&tenant, &webhook.id, &[DeliveryStatus::Failed]);
    let created = store.create_replay(replay.clone()).await.unwrap();
    assert_eq!(created, CreateReplayOutcome::Created(replay.clone()));
    let mut last = replay.clone();
    for (limit, replayed) in [(2, 1), (2, 1), (2, 2)] {
        let step = StepReplay { limit, ids: bench.ids(limit), now: bench.now() };
        last = store.step_replay(step).await.unwrap().unwrap();
        assert_eq!(last.replayed, replayed);
    }
    assert_eq!((last.status, last.finished_at), (ReplayStatus::Completed, Some(bench.now())));
    assert_eq!(last.position.map(|at| at < bench.now()), Some(true));
    assert_eq!(store.replay(&tenant, &replay.id).await.unwrap(), Some(last));
    let nothing = StepReplay { limit: 1, ids: bench.ids(1), now: bench.now() };
    assert_eq!(store.step_replay(nothing).await.unwrap(), None);

    let claimed: Vec<_> = bench.claim(10, 10).await.into_iter().map(|leased| leased.event_id).collect();
    assert_eq!(claimed, [sent[0].event_id.clone(), sent[2].event_id.clone()], "due at once");
    assert_ne!(claimed[0], pending.event_id);
}

/// A node whose clock is behind makes deliveries with ids that lie within the replay's own time.
pub async fn a_replay_never_meets_what_it_made_itself(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    bench.record(&sent, AfterAttempt::Delivered).await;
    let replay = Replay {
        until: bench.now().plus_ms(500),
        ..bench.new_replay(&tenant, &webhook.id, &[DeliveryStatus::Delivered])
    };
    store.create_replay(replay.clone()).await.unwrap();
    let step = || StepReplay { limit: 1, ids: bench.ids(1), now: bench.now() };
    assert_eq!(store.step_replay(step()).await.unwrap(), None, "its time has not passed by this clock");
    bench.advance(500);
    let mut last = replay;
    while last.status == ReplayStatus::Running {
        last = store.step_replay(step()).await.unwrap().unwrap();
        for again in bench.claim(1, 1).await {
            bench.record(&again, AfterAttempt::Delivered).await;
        }
    }
    assert_eq!(last.replayed, 1);
}

pub async fn a_replay_ends_with_its_webhook_or_by_request(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let webhook = bench.webhook(&tenant, &["*"]).await;
    bench.advance(1_000);
    let [by_request, by_webhook] =
        [0, 1].map(|_| bench.new_replay(&tenant, &webhook.id, &[DeliveryStatus::Skipped]));
    for replay in [&by_request, &by_webhook] {
        store.create_replay(replay.clone()).await.unwrap();
    }
    assert_eq!(store.cancel_replay(&other, &by_request.id, bench.now()).await.unwrap(), None);
    assert_eq!(store.replay(&other, &by_request.id).await.unwrap(), None);
    let cancelled = store.cancel_replay(&tenant, &by_request.id, bench.now()).await.unwrap().unwrap();
    assert_eq!(cancelled.status, ReplayStatus::Cancelled);
    bench.advance(1_000);
    let again = store.cancel_replay(&tenant, &by_request.id, bench.now()).await.unwrap();
    assert_eq!(again, Some(cancelled), "it has ended already");

    store.delete_webhook(&tenant, &webhook.id, bench.now()).await.unwrap();
    let step = StepReplay { limit: 1, ids: bench.ids(1), now: bench.now() };
    let ended = store.step_replay(step).await.unwrap().unwrap();
    assert_eq!((ended.id, ended.status), (by_webhook.id, ReplayStatus::Cancelled));
    let late = bench.new_replay(&tenant, &webhook.id, &[DeliveryStatus::Failed]);
    assert_eq!(store.create_replay(late).await.unwrap(), CreateReplayOutcome::WebhookNotFound);
    let disabled = bench.webhook(&tenant, &["*"]).await;
    bench.set_status(&disabled, BY_REQUEST).await;
    let refused = bench.new_replay(&tenant, &disabled.id, &[DeliveryStatus::Failed]);
    assert_eq!(store.create_replay(refused).await.unwrap(), CreateReplayOutcome::WebhookDisabled);
}

pub async fn pruning_takes_what_is_old_and_has_ended_a_few_at_a_time(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    bench.webhook(&tenant, &["*"]).await;
    let mut ended = Vec::new();
    for _ in 0..3 {
        let sent = bench.publish_one(&tenant).await;
        bench.record(&sent, AfterAttempt::Delivered).await;
        ended.push(sent);
    }
    let pending = bench.publish_one(&tenant).await;
    bench.publish(&tenant, "order.paid").await;
    bench.advance(1_000);
    let before = bench.now();
    let recent = bench.publish_one(&tenant).await;
    bench.record(&recent, AfterAttempt::Delivered).await;

    let prune = async || store.prune_log(PruneLog { before, limit: 2 }).await.unwrap();
    assert_eq!(prune().await, PrunedLog { deliveries: 2, events: 2, counts: 0 });
    assert_eq!(store.delivery(&tenant, &ended[0].id).await.unwrap(), None);
    assert_eq!(store.event(&tenant, &ended[1].event_id).await.unwrap(), None);
    assert_eq!(
        prune().await,
        PrunedLog { deliveries: 1, events: 2, counts: 0 },
        "an event that nobody wanted goes too"
    );
    assert_eq!(prune().await, PrunedLog::default());
    let left: Vec<_> = bench.events(&tenant).await.into_iter().map(|event| event.id).collect();
    assert_eq!(left, [pending.event_id.clone(), recent.event_id]);
    assert_eq!(bench.record(&pending, AfterAttempt::Delivered).await, FencedOutcome::Written);
}

pub async fn attempts_are_counted_by_webhook_hour_and_how_they_ended(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let (first, second) = (bench.webhook(&tenant, &["*"]).await, bench.webhook(&tenant, &["*"]).await);
    let begin = hour_of(bench.now());
    bench.advance(begin.plus_ms(HOUR_MS).ms_since(bench.now()));
    let sent = bench.publish(&tenant, "job.completed").await;
    let slow = |sent: &LeasedDelivery, code: Option<AttemptErrorCode>| {
        let mut record = bench.attempted(sent, AfterAttempt::RetryAt(bench.now()));
        record.attempt.attempted_at = bench.now();
        record.attempt.response_time_ms = 1_200;
        record.attempt.error = code.map(|code| AttemptError { code, message: "it failed".to_owned() });
        record
    };
    let reset = Some(AttemptErrorCode::Reset);
    bench.record_all(vec![slow(&sent[0], reset), slow(&sent[1], None)]).await;
    bench.record_all(vec![slow(&sent[0], reset)]).await;
    bench.advance(HOUR_MS);
    for again in bench.claim(10, 10).await {
        bench.record_all(vec![slow(&again, reset)]).await;
    }

    let hours = |tenant: &Tenant, webhook: &Webhook, until| CountedHours {
        tenant: tenant.clone(),
        webhook_id: webhook.id.clone(),
        since: begin,
        until,
    };
    let counts = async |webhook: &Webhook, until| {
        store.attempt_counts(hours(&tenant, webhook, until)).await.unwrap().unwrap()
    };
    let count = |hours, error, attempts| AttemptCount {
        hour: begin.plus_ms(hours * HOUR_MS),
        error,
        latency_class: latency_class(1_200),
        attempts,
    };
    let late = begin.plus_ms(9 * HOUR_MS);
    assert_eq!(
        counts(&first, late).await,
        [count(1, reset, 1), count(2, reset, 1)],
        "a lost lease does not count"
    );
    assert_eq!(counts(&second, late).await, [count(1, None, 1), count(2, reset, 1)]);
    assert_eq!(counts(&second, begin.plus_ms(2 * HOUR_MS)).await, [count(1, None, 1)]);
    assert_eq!(store.attempt_counts(hours(&other, &first, late)).await.unwrap(), None);

    let before = begin.plus_ms(2 * HOUR_MS);
    let prune = async || store.prune_log(PruneLog { before, limit: 1 }).await.unwrap().counts;
    assert_eq!((prune().await, prune().await, prune().await), (1, 1, 0));
    assert_eq!(counts(&first, late).await, [count(2, reset, 1)]);
}

pub async fn a_webhook_that_its_endpoint_disables_is_told_to_those_that_name_it(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let failing = bench.webhook(&tenant, &["order.paid"]).await;
    let told = bench.webhook(&tenant, &["webhook.disabled"]).await;
    bench.webhook(&tenant, &["*"]).await;
    bench.webhook(&bench.organisation().await, &["webhook.disabled"]).await;

    let sent = bench.publish(&tenant, "order.paid").await.remove(0);
    let recorded = bench.record_all(vec![bench.attempted(&sent, AfterAttempt::Gone)]).await;
    assert_eq!(recorded.outcomes, [FencedOutcome::Written]);
    let [news] = recorded.to_send.as_slice() else { panic!("{:?}", recorded.to_send) };
    assert_eq!((&news.webhook_id, news.event_type.as_str()), (&told.id, "webhook.disabled"));
    let body: serde_json::Value = serde_json::from_slice(&news.body).unwrap();
    let data = &body["data"];
    assert_eq!(data["webhook_id"], failing.id.as_str());
    assert_eq!((&data["disabled_reason"], &data["event_type"]), (&"gone".into(), &"order.paid".into()));
    assert_eq!(data["delivery_id"], sent.id.as_str());
    assert!(data["last_error"]["code"].is_string(), "{data}");
    assert_eq!(bench.event_types(&tenant).await, ["order.paid", "webhook.disabled"]);
}

pub async fn a_webhook_that_is_gone_is_disabled(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let gone = bench.publish_one(&tenant).await;
    let pending = bench.publish_one(&tenant).await;
    bench.advance(1_000);
    bench.record(&gone, AfterAttempt::Gone).await;

    let finished_at = bench.now().plus_ms(120);
    let expected = Webhook {
        status: WebhookStatus::Disabled,
        disabled_reason: Some(DisabledReason::Gone),
        failing_since: Some(bench.now()),
        updated_at: finished_at,
        ..webhook.clone()
    };
    assert_eq!(bench.reread(&webhook).await, expected);
    for (id, status) in [(&gone.id, DeliveryStatus::Failed), (&pending.id, DeliveryStatus::Skipped)] {
        let (delivery, _) = bench.delivery(&tenant, id).await;
        assert_eq!((delivery.status, delivery.finished_at), (status, Some(finished_at)));
    }
}

pub async fn a_webhook_that_fails_for_five_days_is_disabled(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let failed = bench.publish_one(&tenant).await;
    bench.record(&failed, AfterAttempt::Failed).await;
    // An attempt is recorded 120 ms after it began: this one ends just before five days are over.
    bench.advance(WEBHOOK_FAILING_MS_MAX - 121);
    let early = bench.publish_one(&tenant).await;
    bench.record(&early, AfterAttempt::RetryAt(bench.now().plus_ms(1))).await;
    assert_eq!(bench.reread(&webhook).await.status, WebhookStatus::Enabled);

    bench.advance(1);
    let late = bench.claim(1, 1).await.remove(0);
    bench.record(&late, AfterAttempt::RetryAt(bench.now().plus_ms(5_000))).await;
    let disabled = bench.reread(&webhook).await;
    assert_eq!(disabled.status, WebhookStatus::Disabled);
    assert_eq!(disabled.disabled_reason, Some(DisabledReason::FailingTooLong));
    assert_eq!((disabled.failing_since, disabled.updated_at), (Some(START), bench.now().plus_ms(120)));
    let (delivery, attempts) = bench.delivery(&tenant, &late.id).await;
    assert_eq!((delivery.status, delivery.next_attempt_at), (DeliveryStatus::Skipped, None));
    assert_eq!((delivery.finished_at, attempts.len()), (Some(bench.now().plus_ms(120)), 2));
}

pub async fn a_success_ends_the_failing_streak(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    for after in [AfterAttempt::Failed, AfterAttempt::Delivered, AfterAttempt::Failed] {
        let sent = bench.publish_one(&tenant).await;
        bench.record(&sent, after).await;
        bench.advance(WEBHOOK_FAILING_MS_MAX);
    }
    let webhook = bench.reread(&webhook).await;
    assert_eq!(webhook.status, WebhookStatus::Enabled);
    assert_eq!(webhook.failing_since, Some(START.plus_ms(2 * WEBHOOK_FAILING_MS_MAX)));
}

pub async fn an_attempt_on_the_wire_is_logged_though_its_delivery_was_skipped(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    for (after, delete) in
        [(AfterAttempt::RetryAt(START), false), (AfterAttempt::Failed, true), (AfterAttempt::Gone, false)]
    {
        let webhook = bench.webhook(&tenant, &["*"]).await;
        let sent = bench.publish_one(&tenant).await;
        let now = bench.advance(1_000);
        if delete {
            store.delete_webhook(&tenant, &webhook.id, now).await.unwrap();
        } else {
            bench.set_status(&webhook, BY_REQUEST).await;
        }
        bench.advance(1_000);
        assert_eq!(bench.record(&sent, after).await, FencedOutcome::Written);
        let (delivery, attempts) = bench.delivery(&tenant, &sent.id).await;
        assert_eq!((delivery.status, delivery.finished_at), (DeliveryStatus::Skipped, Some(now)));
        assert_eq!((delivery.attempt_count, delivery.next_attempt_at, attempts.len()), (1, None, 1));
        assert_eq!(bench.record(&sent, after).await, FencedOutcome::LostLease, "it is logged once");
        if !delete {
            let reread = bench.reread(&webhook).await;
            assert_eq!(reread.disabled_reason, Some(DisabledReason::ByRequest), "the first reason stands");
            assert_eq!(reread.failing_since, Some(bench.now()));
            store.delete_webhook(&tenant, &webhook.id, bench.now()).await.unwrap();
        }
    }
}

pub async fn an_attempt_on_the_wire_can_still_deliver_what_was_skipped(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    bench.set_status(&webhook, BY_REQUEST).await;
    // Neither a restart nor a release takes away what only the attempt's record may.
    store.release_deliveries(vec![(sent.id.clone(), sent.lease.token.clone())]).await.unwrap();
    assert_eq!(store.release_node(NODE, bench.now()).await.unwrap(), (0, 0));
    bench.advance(1_000);
    assert_eq!(bench.record(&sent, AfterAttempt::Delivered).await, FencedOutcome::Written);
    let (delivery, attempts) = bench.delivery(&tenant, &sent.id).await;
    assert_eq!((delivery.status, delivery.attempt_count), (DeliveryStatus::Delivered, 1));
    assert_eq!((delivery.finished_at, attempts.len()), (Some(bench.now().plus_ms(120)), 1));
    assert_eq!(bench.reread(&webhook).await.status, WebhookStatus::Disabled);
}

pub async fn released_deliveries_are_due_at_once(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    let kept = bench.publish_one(&tenant).await;
    let wrong = vec![(kept.id.clone(), sent.lease.token.clone()), (bench.id(), String::new())];
    store.release_deliveries(wrong).await.unwrap();
    assert_eq!(bench.claim(10, 10).await, []);
    store.release_deliveries(vec![(sent.id.clone(), sent.lease.token.clone())]).await.unwrap();
    assert_eq!(bench.record(&sent, AfterAttempt::Delivered).await, FencedOutcome::LostLease);
    let claimed = bench.claim(10, 10).await;
    assert_eq!(ids(&claimed), [&sent.id]);
    assert_eq!(claimed[0].attempt_number, 1, "it was not attempted");
}

pub async fn a_restarted_node_gives_its_deliveries_back(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    bench.webhook(&tenant, &["*"]).await;
    let ended = bench.publish_one(&tenant).await;
    bench.record(&ended, AfterAttempt::Delivered).await;
    let waiting = bench.publish_one(&tenant).await;
    let due_at = START.plus_ms(3_600_000);
    bench.record(&waiting, AfterAttempt::RetryAt(due_at)).await;
    let elsewhere = Lease { node: "node-b".to_owned(), ..bench.lease() };
    let event = bench.event(&tenant, "job.failed");
    store.publish_event(PublishEvent { event, send_lease: elsewhere }).await.unwrap();
    let sent = bench.publish_one(&tenant).await;
    bench.advance(1_000);

    assert_eq!(store.release_node(NODE, bench.now()).await.unwrap(), (0, 1));
    assert_eq!(store.next_due_at().await.unwrap().delivery, Some(START), "since it was scheduled");
    assert_eq!(ids(&bench.claim(10, 10).await), [&sent.id]);
    assert_eq!(bench.delivery(&tenant, &waiting.id).await.0.next_attempt_at, Some(due_at));
}

pub async fn the_next_due_delivery_is_known(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    bench.webhook(&tenant, &["*"]).await;
    assert_eq!(store.next_due_at().await.unwrap(), crate::NextDue::default());
    let sent = bench.publish_one(&tenant).await;
    let due = store.next_due_at().await.unwrap();
    assert_eq!((due.job, due.delivery), (None, Some(START.plus_ms(LEASE_MS))), "the lease's end");
    bench.record(&sent, AfterAttempt::RetryAt(START.plus_ms(5_000))).await;
    assert_eq!(store.next_due_at().await.unwrap().delivery, Some(START.plus_ms(5_000)));
    bench.advance(5_000);
    let claimed = bench.claim(1, 1).await.remove(0);
    assert_eq!(store.next_due_at().await.unwrap().delivery, Some(bench.now().plus_ms(LEASE_MS)));
    bench.record(&claimed, AfterAttempt::Delivered).await;
    bench.nothing_is_due_any_more().await;
}

pub async fn a_delivery_that_ended_is_replayed_as_a_new_one(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let original = bench.publish_one(&tenant).await;
    bench.record(&original, AfterAttempt::Failed).await;
    let before = bench.delivery(&tenant, &original.id).await;
    let url = Some("https://example.org/moved".to_owned());
    store.update_webhook(UpdateWebhook { url, ..bench.webhook_update(&webhook) }).await.unwrap().unwrap();
    let now = bench.advance(1_000);

    let outcome = bench.replay(&tenant, &original.id).await;
    let ReplayOutcome::Replayed { delivery, to_send } = outcome else { panic!("{outcome:?}") };
    let expected = Delivery {
        id: delivery.id.clone(),
        url: "https://example.org/moved".to_owned(),
        status: DeliveryStatus::Pending,
        trigger: Trigger::Replay,
        attempt_count: 0,
        next_attempt_at: Some(now),
        created_at: now,
        finished_at: None,
        ..before.0.clone()
    };
    assert_eq!(delivery, expected);
    assert_eq!(bench.delivery(&tenant, &delivery.id).await, (expected, Vec::new()));
    assert_eq!(bench.delivery(&tenant, &original.id).await, before);
    let lease = to_send.lease.clone();
    assert_eq!(lease.until, now.plus_ms(LEASE_MS));
    let expected = LeasedDelivery { id: delivery.id, url: delivery.url, lease, ..original };
    assert_eq!(to_send, expected, "the same event, from its first attempt on");

    // Any delivery can be replayed: a pending one and a replay too.
    let outcome = bench.replay(&tenant, &to_send.id).await;
    assert!(matches!(outcome, ReplayOutcome::Replayed { .. }), "{outcome:?}");
    assert_eq!(bench.record(&to_send, AfterAttempt::Delivered).await, FencedOutcome::Written);
}

pub async fn a_replay_says_why_it_cannot_be(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    assert_eq!(bench.replay(&tenant, &bench.id()).await, ReplayOutcome::NotFound);
    assert_eq!(bench.replay(&other, &sent.id).await, ReplayOutcome::NotFound);
    assert_eq!(bench.replay(&bench.other_mode(&tenant), &sent.id).await, ReplayOutcome::NotFound);
    bench.set_status(&webhook, BY_REQUEST).await;
    assert_eq!(bench.replay(&tenant, &sent.id).await, ReplayOutcome::WebhookDisabled);
    bench.set_status(&webhook, StatusChange::Enable).await;
    let outcome = bench.replay(&tenant, &sent.id).await;
    assert!(matches!(outcome, ReplayOutcome::Replayed { .. }), "what was skipped can be: {outcome:?}");
    store.delete_webhook(&tenant, &webhook.id, bench.now()).await.unwrap();
    assert_eq!(bench.replay(&tenant, &sent.id).await, ReplayOutcome::WebhookGone);

    let unregistered = record_test(&bench, &tenant, None, bench.attempt(1, 204)).await;
    assert_eq!(bench.replay(&tenant, &unregistered.delivery_id).await, ReplayOutcome::WebhookGone);
}

async fn record_test(
    bench: &Bench<'_>,
    tenant: &Tenant,
    webhook_id: Option<WebhookId>,
    attempt: Attempt,
) -> RecordTest {
    let command = RecordTest {
        event: bench.event(tenant, "webhook.test"),
        delivery_id: bench.id(),
        webhook_id,
        url: "https://example.net/tried".to_owned(),
        attempt,
        finished_at: bench.now().plus_ms(120),
    };
    bench.store.record_test(command.clone()).await.unwrap();
    command
}

pub async fn a_test_is_kept_with_its_event_and_its_attempt(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    for (webhook_id, status_code, status) in [
        (None, 500, DeliveryStatus::Failed),
        (Some(webhook.id.clone()), 410, DeliveryStatus::Failed),
        (Some(webhook.id.clone()), 200, DeliveryStatus::Delivered),
    ] {
        let test = record_test(&bench, &tenant, webhook_id.clone(), bench.attempt(1, status_code)).await;
        let (delivery, attempts) = bench.delivery(&tenant, &test.delivery_id).await;
        let expected = Delivery {
            id: test.delivery_id,
            tenant: tenant.clone(),
            event_id: test.event.id.clone(),
            event_type: "webhook.test".to_owned(),
            webhook_id,
            url: test.url,
            status,
            trigger: Trigger::Test,
            attempt_count: 1,
            next_attempt_at: None,
            created_at: START,
            finished_at: Some(test.finished_at),
        };
        assert_eq!((delivery, attempts), (expected.clone(), vec![test.attempt]));
        assert_eq!(store.event(&tenant, &test.event.id).await.unwrap(), Some(test.event.clone()));
        let deliveries = bench.deliveries_of(&tenant, &test.event.id).await;
        assert_eq!(deliveries, [expected], "a test goes to nobody else");
    }
    assert_eq!(bench.reread(&webhook).await, webhook, "a test neither fails nor heals a webhook");
}

pub async fn events_are_filtered_and_listed_newest_first(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    for event_type in ["order.paid", "job.failed", "order.paid"] {
        bench.publish(&tenant, event_type).await;
        bench.publish(&bench.other_mode(&tenant), event_type).await;
        bench.publish(&other, event_type).await;
        bench.advance(1_000);
    }
    let mut all = bench.events(&tenant).await;
    all.reverse();
    assert_eq!(all.len(), 3);
    let at = |ms: u64| Some(START.plus_ms(ms));
    let none = EventFilter::default();
    let cases = [
        (EventFilter { event_type: Some("order.paid".to_owned()), ..none.clone() }, vec![0, 2]),
        (EventFilter { event_type: Some("order".to_owned()), ..none.clone() }, vec![]),
        (EventFilter { created_after: at(1_000), ..none.clone() }, vec![0, 1]),
        (EventFilter { created_before: at(1_000), ..none.clone() }, vec![2]),
        (EventFilter { created_after: at(1_000), created_before: at(2_000), ..none.clone() }, vec![1]),
    ];
    for (filter, expected) in cases {
        let page = store.events(&tenant, filter.clone(), ALL).await.unwrap();
        let expected: Vec<_> = expected.into_iter().map(|index: usize| all[index].clone()).collect();
        assert_eq!((page.items, page.has_more), (expected, false), "{filter:?}");
    }
    let first = store.events(&tenant, none.clone(), PageRequest::first(2)).await.unwrap();
    assert_eq!((first.items.as_slice(), first.has_more), (&all[..2], true));
    let request = PageRequest { limit: 2, after: Some(all[1].id.to_string()), offset: 0 };
    let rest = store.events(&tenant, none, request).await.unwrap();
    assert_eq!((rest.items.as_slice(), rest.has_more), (&all[2..], false));
}

pub async fn deliveries_are_filtered_and_listed_newest_first(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let one = bench.webhook(&tenant, &["*"]).await;
    let two = bench.webhook(&tenant, &["job.failed"]).await;
    bench.webhook(&other, &["*"]).await;
    let completed = bench.publish(&tenant, "job.completed").await.remove(0);
    bench.record(&completed, AfterAttempt::Delivered).await;
    bench.publish(&other, "job.completed").await;
    bench.advance(1_000);
    let failed = bench.publish(&tenant, "job.failed").await;
    bench.record(&failed[0], AfterAttempt::Failed).await;

    let none = DeliveryFilter::default();
    let (first, second, third) = (&completed.id, &failed[0].id, &failed[1].id);
    let status = |status| DeliveryFilter { status: Some(status), ..DeliveryFilter::default() };
    let at = Some(START.plus_ms(1_000));
    let cases = [
        (none.clone(), vec![third, second, first]),
        (DeliveryFilter { webhook_id: Some(one.id), ..none.clone() }, vec![second, first]),
        (DeliveryFilter { webhook_id: Some(two.id), ..none.clone() }, vec![third]),
        (DeliveryFilter { event_id: Some(failed[0].event_id.clone()), ..none.clone() }, vec![third, second]),
        (DeliveryFilter { event_type: Some("job.completed".to_owned()), ..none.clone() }, vec![first]),
        (status(DeliveryStatus::Pending), vec![third]),
        (status(DeliveryStatus::Delivered), vec![first]),
        (status(DeliveryStatus::Failed), vec![second]),
        (status(DeliveryStatus::Skipped), vec![]),
        (DeliveryFilter { created_after: at, ..none.clone() }, vec![third, second]),
        (DeliveryFilter { created_before: at, ..none.clone() }, vec![first]),
    ];
    for (filter, expected) in cases {
        let page = store.deliveries(&tenant, filter.clone(), ALL).await.unwrap();
        let listed: Vec<&DeliveryId> = page.items.iter().map(|one| &one.id).collect();
        assert_eq!((listed, page.has_more), (expected, false), "{filter:?}");
    }
    let page = store.deliveries(&tenant, none.clone(), PageRequest::first(1)).await.unwrap();
    assert_eq!((&page.items[0].id, page.has_more), (third, true));
    let request = PageRequest { limit: 1, after: Some(second.to_string()), offset: 0 };
    let page = store.deliveries(&tenant, none, request).await.unwrap();
    assert_eq!((&page.items[0].id, page.has_more), (first, false));
}

pub async fn the_store_can_be_written_to(store: &dyn Store) {
    store.check_writable().await.unwrap();
    assert_eq!(store.organisations().await.unwrap(), [], "the proof leaves nothing behind");
}
