//! Organisations, keys and extractors.

use docextract_model::id::OrgId;
use docextract_model::key::{ApiKey, KeyHash, Scope};
use docextract_model::plan::{Plan, TakenRequest};
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;

use super::bench::{ALL, Bench, LEASE_MS, NODE, START, definitions, document_type};
use crate::Store;
use crate::commands::{
    BeginRequest, BeginRequestOutcome, CreateExtractor, CreateKey, CreateKeyOutcome, CreateOrganisation,
    DeleteOutcome, EndRequest, Extractor, ExtractorRef, FencedOutcome, KeptAnswer, PageRequest, RequestEnd,
    RevokeKey, SetPlan, UpdateExtractor,
};

fn key(bench: &Bench<'_>, org_id: &OrgId, name: &str) -> CreateKey {
    let key = ApiKey {
        id: bench.id(),
        org_id: org_id.clone(),
        name: name.to_owned(),
        mode: Mode::Test,
        scopes: vec![Scope::DocumentsRead, Scope::WebhooksWrite],
        hint: "sk_test_0a0b".to_owned(),
        created_at: bench.now(),
        created_by: "system".to_owned(),
        last_used_at: None,
        expires_at: Some(bench.now().plus_ms(1)),
        revoked_at: None,
    };
    CreateKey { key, hash: KeyHash::of(name) }
}

async fn create_key(bench: &Bench<'_>, tenant: &Tenant, name: &str) -> ApiKey {
    let command = key(bench, &tenant.org_id, name);
    match bench.store.create_key(command).await.unwrap() {
        CreateKeyOutcome::Created(key) => key,
        CreateKeyOutcome::OrganisationNotFound => panic!("the key was not created"),
    }
}

async fn find_key(bench: &Bench<'_>, name: &str) -> ApiKey {
    bench.store.key_by_hash(&KeyHash::of(name)).await.unwrap().unwrap()
}

async fn create_extractor(bench: &Bench<'_>, tenant: &Tenant, kind: &str) -> Extractor {
    let extractor = bench.new_extractor(tenant.mode, kind, false);
    let command = CreateExtractor { org_id: tenant.org_id.clone(), extractor, now: bench.now() };
    bench.store.create_extractor(command).await.unwrap()
}

async fn read_extractor(bench: &Bench<'_>, extractor: &Extractor) -> Option<Extractor> {
    let which = ExtractorRef::Id(extractor.id.clone());
    bench.store.extractor(&extractor.tenant, &which).await.unwrap()
}

pub async fn an_organisation_begins_with_its_extractors_and_no_credits(store: &dyn Store) {
    let bench = Bench::new(store);
    let live = bench.organisation().await;

    for tenant in [live.clone(), bench.other_mode(&live)] {
        let extractors = store.extractors(&tenant, ALL).await.unwrap();
        let kinds: Vec<&str> = extractors.items.iter().map(|one| one.document_type.as_str()).collect();
        assert_eq!(kinds, ["receipt", "invoice"], "newest first");
        let invoice = &extractors.items[1];
        assert!(invoice.ready_made && invoice.is_active);
        assert_eq!((invoice.version, invoice.usage_count), (1, 0));
        assert_eq!((invoice.created_at, invoice.updated_at), (START, START));
        assert_eq!(invoice.created_by, "system");
        assert_eq!(invoice.field_definitions, definitions("total_amount"));
    }
    let account = store.account(&live.org_id).await.unwrap().unwrap();
    assert_eq!((account.balance, account.total_purchased, account.total_used), (0, 0, 0));
    assert_eq!((account.low_balance_threshold, account.last_purchase), (0, None));
}

pub async fn creating_an_organisation_again_changes_nothing(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(7).await;
    let before = store.organisations().await.unwrap();

    let extractors = vec![bench.new_extractor(Mode::Live, "form", true)];
    let (id, name, now) = (tenant.org_id.clone(), "Another".to_owned(), bench.advance(1_000));
    store.create_organisation(CreateOrganisation { id, name, extractors, now }).await.unwrap();

    assert_eq!(store.organisations().await.unwrap(), before);
    assert_eq!(bench.balance(&tenant).await, 7);
    assert_eq!(store.extractors(&tenant, ALL).await.unwrap().items.len(), 2);
}

pub async fn organisations_are_listed_oldest_first(store: &dyn Store) {
    let bench = Bench::new(store);
    assert_eq!(store.organisations().await.unwrap(), []);
    let (first, second) = (bench.organisation().await, bench.organisation().await);
    let listed = store.organisations().await.unwrap();
    let ids: Vec<&OrgId> = listed.iter().map(|organisation| &organisation.id).collect();
    assert_eq!(ids, [&first.org_id, &second.org_id]);
    assert_eq!((listed[0].name.as_str(), listed[0].created_at), ("Example Ltd", START));
}

pub async fn a_key_is_found_by_its_hash_also_when_it_cannot_be_used(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let key = create_key(&bench, &tenant, "expired").await;
    bench.advance(1_000);

    assert_eq!(find_key(&bench, "expired").await, key);
    let command = RevokeKey { org_id: tenant.org_id, key_id: key.id, now: bench.now() };
    let revoked = store.revoke_key(command).await.unwrap().unwrap();
    assert_eq!(revoked.revoked_at, Some(bench.now()));
    assert_eq!(find_key(&bench, "expired").await, revoked);
    assert_eq!(store.key_by_hash(&KeyHash::of("another")).await.unwrap(), None);
}

pub async fn a_key_needs_an_organisation(store: &dyn Store) {
    let bench = Bench::new(store);
    let command = key(&bench, &bench.id(), "nobody's");
    assert_eq!(store.create_key(command).await.unwrap(), CreateKeyOutcome::OrganisationNotFound);
    assert_eq!(store.key_by_hash(&KeyHash::of("nobody's")).await.unwrap(), None);
}

pub async fn keys_are_listed_newest_first_revoked_ones_too(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let mut keys = Vec::new();
    for name in ["a", "b", "c"] {
        keys.push(create_key(&bench, &tenant, name).await);
    }
    create_key(&bench, &other, "theirs").await;
    let (org_id, key_id) = (tenant.org_id.clone(), keys[2].id.clone());
    keys[2] = store.revoke_key(RevokeKey { org_id, key_id, now: bench.now() }).await.unwrap().unwrap();

    let first = store.keys(&tenant.org_id, PageRequest::first(2)).await.unwrap();
    assert_eq!((first.items, first.has_more), (vec![keys[2].clone(), keys[1].clone()], true));
    let after = Some(keys[1].id.to_string());
    let rest = store.keys(&tenant.org_id, PageRequest { limit: 2, after, offset: 0 }).await.unwrap();
    assert_eq!((rest.items, rest.has_more), (vec![keys[0].clone()], false));
}

pub async fn the_last_use_of_a_key_only_moves_forward(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let key = create_key(&bench, &tenant, "used").await;
    let at = |ms: u64| START.plus_ms(ms);
    for (used_at, expected) in [(at(10), at(10)), (at(5), at(10)), (at(20), at(20))] {
        let unknown: (_, Timestamp) = (bench.id(), used_at);
        store.touch_keys(vec![(key.id.clone(), used_at), unknown]).await.unwrap();
        assert_eq!(find_key(&bench, "used").await.last_used_at, Some(expected));
    }
}

pub async fn revoking_a_key_twice_keeps_the_first_instant(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let key = create_key(&bench, &tenant, "lost").await;
    for _ in 0..2 {
        let (org_id, key_id) = (tenant.org_id.clone(), key.id.clone());
        let revoked = store.revoke_key(RevokeKey { org_id, key_id, now: bench.now() }).await.unwrap();
        assert_eq!(revoked.unwrap().revoked_at, Some(START));
        bench.advance(1_000);
    }
}

pub async fn another_organisations_key_cannot_be_revoked(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let key = create_key(&bench, &tenant, "ours").await;
    let command = RevokeKey { org_id: other.org_id, key_id: key.id, now: bench.now() };
    assert_eq!(store.revoke_key(command).await.unwrap(), None);
    assert_eq!(find_key(&bench, "ours").await.revoked_at, None);
}

pub async fn an_extractor_is_seen_by_its_tenant_alone(store: &dyn Store) {
    let bench = Bench::new(store);
    let (live, other) = (bench.organisation().await, bench.organisation().await);
    let extractor = create_extractor(&bench, &live, "contract").await;
    assert_eq!(read_extractor(&bench, &extractor).await, Some(extractor.clone()));
    assert_eq!(extractor.tenant, live);
    assert!(!extractor.ready_made);

    for stranger in [bench.other_mode(&live), other] {
        let which = ExtractorRef::Id(extractor.id.clone());
        assert_eq!(store.extractor(&stranger, &which).await.unwrap(), None);
        let theirs = Extractor { tenant: stranger.clone(), ..extractor.clone() };
        let update = UpdateExtractor { name: Some("Taken".to_owned()), ..bench.extractor_update(&theirs) };
        assert_eq!(store.update_extractor(update).await.unwrap(), None);
        let deleted = store.delete_extractor(&stranger, &extractor.id).await.unwrap();
        assert_eq!(deleted, DeleteOutcome::NotFound);
        let listed = store.extractors(&stranger, ALL).await.unwrap();
        assert!(listed.items.iter().all(|one| one.id != extractor.id));
    }
    assert_eq!(read_extractor(&bench, &extractor).await, Some(extractor));
}

pub async fn a_ready_made_extractor_is_found_by_its_document_type(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let invoice = bench.ready_made(&tenant, "invoice").await;
    assert_eq!(read_extractor(&bench, &invoice).await, Some(invoice.clone()));
    let form = ExtractorRef::ReadyMade(document_type("form"));
    assert_eq!(store.extractor(&tenant, &form).await.unwrap(), None);

    // One that a user made is never meant by its document type.
    create_extractor(&bench, &tenant, "form").await;
    assert_eq!(store.extractor(&tenant, &form).await.unwrap(), None);

    // Of two, the older one is meant, whether it takes jobs or not.
    let receipt = bench.ready_made(&tenant, "receipt").await;
    let kind = Some(document_type("invoice"));
    let update = UpdateExtractor { document_type: kind, ..bench.extractor_update(&receipt) };
    store.update_extractor(update).await.unwrap().unwrap();
    bench.set_active(&invoice, false).await;
    let found = bench.ready_made(&tenant, "invoice").await;
    assert_eq!((found.id, found.is_active), (invoice.id.clone(), false));

    store.delete_extractor(&tenant, &invoice.id).await.unwrap();
    assert_eq!(bench.ready_made(&tenant, "invoice").await.id, receipt.id);
}

pub async fn only_other_definitions_make_a_new_version(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let extractor = create_extractor(&bench, &tenant, "contract").await;

    let now = bench.advance(1_000);
    let same = UpdateExtractor {
        name: Some("Leases".to_owned()),
        document_type: Some(document_type("lease")),
        field_definitions: Some(extractor.field_definitions.clone()),
        ..bench.extractor_update(&extractor)
    };
    let renamed = store.update_extractor(same).await.unwrap().unwrap();
    let expected = Extractor {
        name: "Leases".to_owned(),
        document_type: document_type("lease"),
        updated_at: now,
        ..extractor.clone()
    };
    assert_eq!(renamed, expected, "the version stays");

    let field_definitions = Some(definitions("tenant_name"));
    let other = UpdateExtractor { field_definitions, ..bench.extractor_update(&extractor) };
    let changed = store.update_extractor(other).await.unwrap().unwrap();
    assert_eq!((changed.version, &changed.field_definitions), (2, &definitions("tenant_name")));
    assert_eq!(read_extractor(&bench, &extractor).await, Some(changed));
}

pub async fn a_deleted_extractor_is_gone_but_its_queued_job_still_runs(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let invoice = bench.ready_made(&tenant, "invoice").await;
    let job = bench.submit(&tenant, "invoice").await;

    assert_eq!(store.delete_extractor(&tenant, &invoice.id).await.unwrap(), DeleteOutcome::Deleted);
    assert_eq!(store.delete_extractor(&tenant, &invoice.id).await.unwrap(), DeleteOutcome::NotFound);
    assert_eq!(read_extractor(&bench, &invoice).await, None);
    let update = bench.extractor_update(&invoice);
    assert_eq!(store.update_extractor(update).await.unwrap(), None);

    let leased = bench.lease_with(&bench.lease(), 10).await.jobs;
    assert_eq!(leased.len(), 1);
    assert_eq!(leased[0].job.id, job.id);
    assert_eq!(leased[0].field_definitions, invoice.field_definitions);
}

pub async fn extractors_are_listed_newest_first_without_deleted_ones(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let mut ids = Vec::new();
    for kind in ["a", "b", "c"] {
        ids.push(create_extractor(&bench, &tenant, kind).await.id);
    }
    store.delete_extractor(&tenant, &ids[1]).await.unwrap();
    let first = store.extractors(&tenant, PageRequest::first(2)).await.unwrap();
    let listed: Vec<_> = first.items.iter().map(|one| one.id.clone()).collect();
    assert_eq!((listed, first.has_more), (vec![ids[2].clone(), ids[0].clone()], true));
    let after = Some(ids[0].to_string());
    let rest = store.extractors(&tenant, PageRequest { limit: 2, after, offset: 0 }).await.unwrap();
    assert_eq!((rest.items.len(), rest.has_more), (2, false), "the two that it began with");
}

pub async fn an_organisation_starts_without_limits_and_takes_another_plan_at_once(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    for _ in 0..20 {
        assert_eq!(store.take_request(&tenant.org_id, START).await.unwrap(), TakenRequest::Unlimited);
    }
    bench.set_plan(&tenant, Plan::Free).await;
    let taken = store.take_request(&tenant.org_id, START).await.unwrap();
    assert!(matches!(taken, TakenRequest::Taken(window) if window.remaining == 9), "{taken:?}");
    assert_eq!(store.organisation(&tenant.org_id).await.unwrap().unwrap().plan, Plan::Free);
    assert_eq!(store.organisation(&other.org_id).await.unwrap().unwrap().plan, Plan::Enterprise);
    let nobodys = SetPlan { org_id: bench.id(), plan: Plan::Free, now: START };
    assert_eq!(store.organisation(&nobodys.org_id).await.unwrap(), None);
    assert_eq!(store.set_plan(nobodys).await.unwrap(), None);
}

pub async fn requests_are_taken_from_the_minute_and_the_hour_of_their_organisation(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    bench.set_plan(&tenant, Plan::Free).await;
    bench.set_plan(&other, Plan::Free).await;
    let take = async |tenant: &Tenant| store.take_request(&tenant.org_id, bench.now()).await.unwrap();
    for _ in 0..10 {
        assert!(matches!(take(&tenant).await, TakenRequest::Taken(_)));
    }
    assert!(matches!(take(&tenant).await, TakenRequest::Refused(_)));
    assert!(matches!(take(&other).await, TakenRequest::Taken(_)), "each organisation has its own windows");
    for _ in 0..9 {
        bench.advance(60_000);
        for _ in 0..10 {
            assert!(matches!(take(&tenant).await, TakenRequest::Taken(_)));
        }
    }
    bench.advance(60_000);
    let refused = take(&tenant).await;
    assert!(matches!(refused, TakenRequest::Refused(window) if window.limit == 100), "{refused:?}");
    bench.advance(60 * 60_000);
    assert!(matches!(take(&tenant).await, TakenRequest::Taken(_)));
}

/// A request begun at the bench's time, and its lease's token.
async fn begin(bench: &Bench<'_>, tenant: &Tenant, fingerprint: &str) -> (BeginRequestOutcome, String) {
    let command = BeginRequest {
        tenant: tenant.clone(),
        key: "order-1".to_owned(),
        fingerprint: fingerprint.to_owned(),
        reserved: format!("reserved at {}", bench.now().unix_ms()),
        now: bench.now(),
        expired_before: bench.now().minus_ms(1_000_000),
        lease: bench.lease(),
    };
    let token = command.lease.token.clone();
    (bench.store.begin_request(command).await.unwrap(), token)
}

async fn end(bench: &Bench<'_>, tenant: &Tenant, token: &str, end: RequestEnd) -> FencedOutcome {
    let (tenant, lease_token) = (tenant.clone(), token.to_owned());
    let command = EndRequest { tenant, key: "order-1".to_owned(), lease_token, end };
    bench.store.end_request(command).await.unwrap()
}

fn begun(at: Timestamp, is_again: bool) -> BeginRequestOutcome {
    BeginRequestOutcome::Begun { reserved: format!("reserved at {}", at.unix_ms()), begun_at: at, is_again }
}

fn answer(text: &str) -> RequestEnd {
    RequestEnd::Keep(KeptAnswer(text.to_owned()))
}

pub async fn a_request_is_begun_once_and_answered_as_the_first_time(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let (first, token) = begin(&bench, &tenant, "a").await;
    assert_eq!(first, begun(START, false));
    assert_eq!(begin(&bench, &tenant, "a").await.0, BeginRequestOutcome::InProgress);
    assert_eq!(begin(&bench, &tenant, "b").await.0, BeginRequestOutcome::Differs);
    assert_eq!(end(&bench, &tenant, &token, answer("one")).await, FencedOutcome::Written);
    bench.advance(999_999);
    assert_eq!(
        begin(&bench, &tenant, "a").await.0,
        BeginRequestOutcome::Answered(KeptAnswer("one".to_owned()))
    );
    assert_eq!(begin(&bench, &tenant, "b").await.0, BeginRequestOutcome::Differs);
}

pub async fn a_request_that_was_not_ended_is_begun_again_with_what_was_reserved(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let (_, first) = begin(&bench, &tenant, "a").await;
    bench.advance(LEASE_MS);
    let (again, second) = begin(&bench, &tenant, "a").await;
    assert_eq!(again, begun(START, true));
    assert_eq!(end(&bench, &tenant, &first, answer("late")).await, FencedOutcome::LostLease);
    assert_eq!(end(&bench, &tenant, &second, RequestEnd::Release).await, FencedOutcome::Written);
    assert_eq!(begin(&bench, &tenant, "a").await.0, begun(START, true));
    store.release_node(NODE, bench.now()).await.unwrap();
    let (again, token) = begin(&bench, &tenant, "a").await;
    assert_eq!(again, begun(START, true), "what held it is gone");
    assert_eq!(end(&bench, &tenant, &token, RequestEnd::Forget).await, FencedOutcome::Written);
    let now = bench.now();
    assert_eq!(begin(&bench, &tenant, "b").await.0, begun(now, false));
}

pub async fn requests_with_the_same_key_of_others_are_others(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    for tenant in [tenant.clone(), bench.other_mode(&tenant), other] {
        let (outcome, token) = begin(&bench, &tenant, "a").await;
        assert_eq!(outcome, begun(START, false));
        end(&bench, &tenant, &token, answer("one")).await;
    }
}

pub async fn a_request_is_forgotten_in_time(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    let other = bench.other_mode(&tenant);
    for tenant in [&tenant, &other] {
        let (_, token) = begin(&bench, tenant, "a").await;
        end(&bench, tenant, &token, answer("one")).await;
        bench.advance(1);
    }
    let now = bench.advance(1_000_000);
    assert_eq!(begin(&bench, &tenant, "b").await.0, begun(now, false));
    assert_eq!(store.prune_requests(START, 10).await.unwrap(), 0);
    assert_eq!(store.prune_requests(now.plus_ms(1), 1).await.unwrap(), 1, "the oldest first");
    assert_eq!(begin(&bench, &tenant, "b").await.0, BeginRequestOutcome::InProgress);
    assert_eq!(store.prune_requests(now.plus_ms(1), 10).await.unwrap(), 1);
    assert_eq!(begin(&bench, &tenant, "a").await.0, begun(now, false));
}
