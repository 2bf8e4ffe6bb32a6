//! Webhooks: registered, changed, switched off and on, deleted.

use docextract_model::delivery::DeliveryStatus;
use docextract_model::limits;
use docextract_model::webhook::{DisabledReason, PreviousSecret, Secret, Webhook, WebhookStatus};
use futures_util::future::join_all;

use super::bench::{ALL, Bench, LEASE_MS, START};
use crate::Store;
use crate::commands::{
    AfterAttempt, CreateWebhookOutcome, DeleteOutcome, DeliveryFilter, FencedOutcome, PageRequest,
    RotateSecret, StatusChange, UpdateWebhook,
};

const BY_REQUEST: StatusChange = StatusChange::Disable(DisabledReason::ByRequest);

pub async fn another_tenants_webhook_is_not_found(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let webhook = bench.webhook(&tenant, &["*"]).await;
    assert_eq!(bench.reread(&webhook).await, webhook);
    let unknown = Webhook { id: bench.id(), ..webhook.clone() };
    let strangers = [bench.other_mode(&tenant), other];
    let strangers = strangers.map(|tenant| Webhook { tenant, ..webhook.clone() });
    for theirs in [unknown].iter().chain(&strangers) {
        let (tenant, id, now) = (&theirs.tenant, &theirs.id, bench.now());
        assert_eq!(store.webhook(tenant, id).await.unwrap(), None);
        let update = UpdateWebhook { status: Some(BY_REQUEST), ..bench.webhook_update(theirs) };
        assert_eq!(store.update_webhook(update).await.unwrap(), None);
        let rotate = RotateSecret {
            tenant: tenant.clone(),
            id: id.clone(),
            secret: Secret::new([9; 24]),
            overlap_until: now,
            now,
        };
        assert_eq!(store.rotate_secret(rotate).await.unwrap(), None);
        assert_eq!(store.delete_webhook(tenant, id, now).await.unwrap(), DeleteOutcome::NotFound);
    }
    for theirs in &strangers {
        assert_eq!(store.webhook_by_url(&theirs.tenant, &webhook.url).await.unwrap(), None);
        assert_eq!(store.webhooks(&theirs.tenant, ALL).await.unwrap().items, []);
    }
    assert_eq!(bench.reread(&webhook).await, webhook);
}

pub async fn a_tenant_has_a_limited_number_of_webhooks(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let first = bench.webhook(&tenant, &["*"]).await;
    // All at once, so that an adapter may commit them together.
    join_all((1..limits::WEBHOOKS_MAX).map(|_| bench.webhook(&tenant, &["*"]))).await;
    let one_more = bench.new_webhook(&tenant, &["*"]);
    assert_eq!(store.create_webhook(one_more.clone()).await.unwrap(), CreateWebhookOutcome::TooMany);
    assert_eq!(store.webhook(&tenant, &one_more.id).await.unwrap(), None);
    bench.webhook(&bench.other_mode(&tenant), &["*"]).await;
    store.delete_webhook(&tenant, &first.id, bench.now()).await.unwrap();
    bench.webhook(&tenant, &["*"]).await;
}

pub async fn webhooks_are_listed_newest_first_without_deleted_ones(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let mut webhooks = Vec::new();
    for _ in 0..4 {
        webhooks.push(bench.webhook(&tenant, &["*"]).await);
    }
    store.delete_webhook(&tenant, &webhooks[2].id, bench.now()).await.unwrap();
    let first = store.webhooks(&tenant, PageRequest::first(2)).await.unwrap();
    assert_eq!((first.items, first.has_more), (vec![webhooks[3].clone(), webhooks[1].clone()], true));
    let after = Some(webhooks[1].id.to_string());
    let rest = store.webhooks(&tenant, PageRequest { limit: 2, after, offset: 0 }).await.unwrap();
    assert_eq!((rest.items, rest.has_more), (vec![webhooks[0].clone()], false));
}

pub async fn a_webhook_is_found_by_its_url_the_oldest_first(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let first = bench.webhook(&tenant, &["*"]).await;
    let second = bench.webhook(&tenant, &["job.failed"]).await;
    assert_eq!(store.webhook_by_url(&tenant, "https://example.com/hook/").await.unwrap(), None);
    assert_eq!(store.webhook_by_url(&tenant, &first.url).await.unwrap(), Some(first.clone()));
    let off = bench.set_status(&first, BY_REQUEST).await;
    assert_eq!(store.webhook_by_url(&tenant, &first.url).await.unwrap(), Some(off));
    store.delete_webhook(&tenant, &first.id, bench.now()).await.unwrap();
    assert_eq!(store.webhook_by_url(&tenant, &first.url).await.unwrap(), Some(second));
}

pub async fn an_update_changes_what_it_names_and_nothing_else(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let now = bench.advance(1_000);

    let untouched = store.update_webhook(bench.webhook_update(&webhook)).await.unwrap().unwrap();
    assert_eq!(untouched, Webhook { updated_at: now, ..webhook.clone() });
    let update = UpdateWebhook {
        url: Some("https://example.org/new".to_owned()),
        description: Some(String::new()),
        events: Some(vec!["job.failed".to_owned(), "order.paid".to_owned()]),
        headers: Some(Vec::new().into()),
        rate_limit_per_second: Some(None),
        client_certificate: Some(None),
        ..bench.webhook_update(&webhook)
    };
    let changed = store.update_webhook(update).await.unwrap().unwrap();
    let expected = Webhook {
        url: "https://example.org/new".to_owned(),
        description: String::new(),
        events: vec!["job.failed".to_owned(), "order.paid".to_owned()],
        headers: Vec::new().into(),
        rate_limit_per_second: None,
        client_certificate: None,
        updated_at: now,
        ..webhook
    };
    assert_eq!(changed, expected);
    assert_eq!(bench.reread(&expected).await, expected);
    assert_eq!(bench.publish(&tenant, "order.paid").await.len(), 1);
    assert_eq!(bench.publish(&tenant, "job.completed").await, []);
}

pub async fn disabling_skips_what_is_pending(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["job.completed"]).await;
    let other = bench.webhook(&tenant, &["job.failed"]).await;
    let delivered = bench.publish_one(&tenant).await;
    bench.record(&delivered, AfterAttempt::Delivered).await;
    let in_flight = bench.publish_one(&tenant).await;
    let waiting = bench.publish_one(&tenant).await;
    bench.record(&waiting, AfterAttempt::RetryAt(START.plus_ms(5_000))).await;
    let theirs = bench.publish(&tenant, "job.failed").await.remove(0);
    let now = bench.advance(1_000);

    let off = bench.set_status(&webhook, BY_REQUEST).await;
    assert_eq!((off.status, off.disabled_reason), (WebhookStatus::Disabled, Some(DisabledReason::ByRequest)));
    assert_eq!(off.updated_at, now);
    for id in [&in_flight.id, &waiting.id] {
        let (delivery, _) = bench.delivery(&tenant, id).await;
        assert_eq!((delivery.status, delivery.finished_at), (DeliveryStatus::Skipped, Some(now)));
        assert_eq!(delivery.next_attempt_at, None);
    }
    assert_eq!(bench.status(&tenant, &delivered.id).await, DeliveryStatus::Delivered);
    assert_eq!(bench.status(&tenant, &theirs.id).await, DeliveryStatus::Pending);
    assert_eq!(bench.reread(&other).await, other);
    bench.advance(10 * LEASE_MS);
    let claimed: Vec<_> = bench.claim(100, 100).await.into_iter().map(|one| one.id).collect();
    assert_eq!(claimed, [theirs.id], "what was skipped is never claimed");
}

pub async fn a_large_backlog_is_skipped_step_by_step_and_never_sent(store: &dyn Store) {
    const COUNT: u32 = 2_500;
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["order.paid"]).await;
    let published = join_all((0..COUNT).map(|_| bench.publish(&tenant, "order.paid"))).await;
    let on_the_wire = published[0][0].clone();
    let rest = published[1..].iter().map(|sent| (sent[0].id.clone(), sent[0].lease.token.clone()));
    store.release_deliveries(rest.collect()).await.unwrap();
    let disabled_at = bench.advance(1_000);
    bench.set_status(&webhook, BY_REQUEST).await;
    // It comes back before all of its backlog is dealt with, and that is still not sent.
    bench.advance(1_000);
    bench.set_status(&webhook, StatusChange::Enable).await;
    assert_eq!(bench.claim(100, 100).await, []);
    let anew = bench.publish(&tenant, "order.paid").await.remove(0);
    while store.step_skips().await.unwrap() {
        assert_eq!(bench.claim(100, 100).await, []);
    }

    let filter = DeliveryFilter { status: Some(DeliveryStatus::Skipped), ..DeliveryFilter::default() };
    let mut skipped = 0;
    let mut page = PageRequest::first(100);
    loop {
        let found = store.deliveries(&tenant, filter.clone(), page).await.unwrap();
        assert!(found.items.iter().all(|delivery| delivery.finished_at == Some(disabled_at)));
        skipped += found.items.len();
        let after = found.items.last().map(|delivery| delivery.id.to_string());
        if !found.has_more {
            break;
        }
        page = PageRequest { limit: 100, after, offset: 0 };
    }
    assert_eq!(skipped, COUNT as usize);
    assert_eq!(bench.record(&on_the_wire, AfterAttempt::Delivered).await, FencedOutcome::Written);
    assert_eq!(bench.status(&tenant, &anew.id).await, DeliveryStatus::Pending);
    bench.advance(LEASE_MS);
    assert_eq!(bench.claim(100, 100).await.len(), 1, "what came after it was enabled is sent");
}

pub async fn disabling_again_keeps_the_first_reason(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    bench.set_status(&webhook, StatusChange::Disable(DisabledReason::Gone)).await;
    let now = bench.advance(1_000);
    let again = bench.set_status(&webhook, BY_REQUEST).await;
    assert_eq!((again.disabled_reason, again.updated_at), (Some(DisabledReason::Gone), now));
}

pub async fn enabling_clears_the_reason_and_sends_nothing_that_was_skipped(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let skipped = bench.publish_one(&tenant).await;
    bench.set_status(&webhook, BY_REQUEST).await;
    let now = bench.advance(1_000);
    let enabled = bench.set_status(&webhook, StatusChange::Enable).await;
    assert_eq!(enabled, Webhook { updated_at: now, ..webhook.clone() });
    bench.advance(LEASE_MS);
    assert_eq!(bench.claim(100, 100).await, []);
    assert_eq!(bench.status(&tenant, &skipped.id).await, DeliveryStatus::Skipped);
    assert_eq!(bench.publish(&tenant, "job.failed").await.len(), 1, "what is new is sent again");
}

pub async fn enabling_ends_the_failing_streak(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let sent = bench.publish_one(&tenant).await;
    bench.record(&sent, AfterAttempt::Failed).await;
    assert_eq!(bench.reread(&webhook).await.failing_since, Some(START));
    let off = bench.set_status(&webhook, BY_REQUEST).await;
    assert_eq!(off.failing_since, Some(START), "disabling tells nothing about the endpoint");
    assert_eq!(bench.set_status(&webhook, StatusChange::Enable).await.failing_since, None);
}

pub async fn a_replaced_secret_signs_until_its_overlap_ends(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let secrets = [Secret::new([1; 24]), Secret::new([2; 24]), Secret::new([3; 24])];
    for secret in &secrets[1..] {
        let now = bench.advance(1_000);
        let overlap_until = now.plus_ms(500);
        let (tenant, id) = (tenant.clone(), webhook.id.clone());
        let command = RotateSecret { tenant, id, secret: secret.clone(), overlap_until, now };
        let rotated = store.rotate_secret(command).await.unwrap().unwrap();
        assert_eq!((&rotated.secret, rotated.updated_at), (secret, now));
        assert_eq!(bench.reread(&webhook).await, rotated);
    }
    let rotated = bench.reread(&webhook).await;
    let previous = PreviousSecret { secret: secrets[1].clone(), expires_at: bench.now().plus_ms(500) };
    assert_eq!(rotated.previous_secret, Some(previous), "only the last one is kept");

    let both = [secrets[2].clone(), secrets[1].clone()];
    assert_eq!(bench.publish_one(&tenant).await.secrets, both, "the newest first");
    bench.advance(499);
    assert_eq!(bench.publish_one(&tenant).await.secrets, both);
    bench.advance(1);
    assert_eq!(bench.publish_one(&tenant).await.secrets, both[..1]);
    bench.advance(LEASE_MS);
    assert!(bench.claim(100, 100).await.iter().all(|one| one.secrets == both[..1]));
}

pub async fn a_deleted_webhook_is_gone_and_its_log_stays(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let webhook = bench.webhook(&tenant, &["*"]).await;
    let pending = bench.publish_one(&tenant).await;
    let failed = bench.publish_one(&tenant).await;
    bench.record(&failed, AfterAttempt::Failed).await;
    let now = bench.advance(1_000);

    assert_eq!(store.delete_webhook(&tenant, &webhook.id, now).await.unwrap(), DeleteOutcome::Deleted);
    assert_eq!(store.delete_webhook(&tenant, &webhook.id, now).await.unwrap(), DeleteOutcome::NotFound);
    assert_eq!(store.webhook(&tenant, &webhook.id).await.unwrap(), None);
    assert_eq!(store.webhook_by_url(&tenant, &webhook.url).await.unwrap(), None);
    let update = UpdateWebhook { status: Some(StatusChange::Enable), ..bench.webhook_update(&webhook) };
    assert_eq!(store.update_webhook(update).await.unwrap(), None);
    assert_eq!(bench.publish(&tenant, "job.completed").await, []);

    let (delivery, _) = bench.delivery(&tenant, &pending.id).await;
    assert_eq!((delivery.status, delivery.finished_at), (DeliveryStatus::Skipped, Some(now)));
    assert_eq!(delivery.webhook_id, Some(webhook.id));
    let (delivery, attempts) = bench.delivery(&tenant, &failed.id).await;
    assert_eq!((delivery.status, attempts.len()), (DeliveryStatus::Failed, 1));
    bench.advance(LEASE_MS);
    assert_eq!(bench.claim(100, 100).await, []);
}
