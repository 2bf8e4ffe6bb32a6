//! Jobs: submitted, leased, held, ended, retried.

use docextract_model::delivery::{DeliveryStatus, Trigger};
use docextract_model::document_password::DocumentPassword;
use docextract_model::event;
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::id::{DeliveryId, JobId};
use docextract_model::job::{HoldReason, Job, JobStatus};
use docextract_model::json::RawJson;
use docextract_model::limits::LESSONS_MAX;
use docextract_model::plan::Plan;
use docextract_model::tenant::Tenant;
use docextract_model::webhook::DisabledReason;

use super::bench::{ALL, Bench, LEASE_MS, NODE, START, definitions, document_type, result, text};
use crate::Store;
use crate::commands::{
    AfterAttempt, CorrectJob, CorrectJobOutcome, DeleteOutcome, EraseJob, EraseJobOutcome, ExtractorRef,
    FencedOutcome, FinishJobOutcome, JobEnd, JobFilter, NoteFile, PageRequest, ReplayOutcome, RetryJob,
    RetryJobOutcome, SUBMIT_JOB_IDS, StatusChange, SubmitJob, SubmitJobOutcome, UpdateExtractor,
};

const HELD: Option<HoldReason> = Some(HoldReason::InsufficientCredits);

pub async fn a_submitted_job_is_queued_and_counted(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let invoice = bench.ready_made(&tenant, "invoice").await;
    let command = bench.submission(&tenant, ExtractorRef::Id(invoice.id.clone()));
    let expected = Job {
        id: command.id.clone(),
        org_id: tenant.org_id.clone(),
        mode: tenant.mode,
        extractor_id: invoice.id.clone(),
        extractor_version: 1,
        document_type: document_type("invoice"),
        status: JobStatus::Queued,
        hold_reason: None,
        credits_needed: 2,
        blob_id: command.id.clone(),
        source_url: None,
        awaits_file: false,
        filename: command.filename.clone(),
        mime_type: command.mime_type.clone(),
        file_size_bytes: command.file_size_bytes,
        metadata: command.metadata.clone(),
        result: None,
        corrections: None,
        corrected_at: None,
        failure: None,
        processing_time_ms: None,
        cost_credits: 0,
        retry_of: None,
        attempt_count: 0,
        created_at: START,
        started_at: None,
        completed_at: None,
    };

    let outcome = store.submit_job(command).await.unwrap();
    assert_eq!(outcome, SubmitJobOutcome::Submitted { job: expected.clone(), to_send: Vec::new() });
    assert_eq!(bench.job(&expected).await, expected);
    let counted = bench.ready_made(&tenant, "invoice").await;
    assert_eq!((counted.usage_count, counted.updated_at), (1, invoice.updated_at));
    assert_eq!(bench.balance(&tenant).await, 10, "a job is charged when it completes");
}

pub async fn a_job_is_seen_by_its_tenant_alone(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation_with(10).await, bench.organisation().await);
    let (job, _) = bench.run(&tenant, "invoice", 1).await;
    for stranger in [bench.other_mode(&tenant), other] {
        assert_eq!(store.job(&stranger, &job.id).await.unwrap(), None);
        assert_eq!(store.jobs(&stranger, JobFilter::default(), ALL).await.unwrap().items, []);
        assert_eq!(bench.retry(&stranger, &job).await, RetryJobOutcome::NotFound);
    }
}

pub async fn an_extractor_that_is_not_there_takes_no_jobs(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation_with(10).await, bench.organisation().await);
    let theirs = bench.ready_made(&other, "invoice").await;
    let deleted = bench.ready_made(&tenant, "receipt").await;
    store.delete_extractor(&tenant, &deleted.id).await.unwrap();
    for extractor in [
        ExtractorRef::Id(bench.id()),
        ExtractorRef::Id(theirs.id),
        ExtractorRef::Id(deleted.id),
        ExtractorRef::ReadyMade(document_type("receipt")),
        ExtractorRef::ReadyMade(document_type("form")),
    ] {
        let command = bench.submission(&tenant, extractor);
        assert_eq!(store.submit_job(command).await.unwrap(), SubmitJobOutcome::ExtractorNotFound);
    }
    assert_eq!(store.jobs(&tenant, JobFilter::default(), ALL).await.unwrap().items, []);
}

pub async fn an_inactive_extractor_takes_no_jobs(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let invoice = bench.ready_made(&tenant, "invoice").await;
    bench.set_active(&invoice, false).await;
    for extractor in [ExtractorRef::Id(invoice.id.clone()), ExtractorRef::ReadyMade(document_type("invoice"))]
    {
        let command = bench.submission(&tenant, extractor);
        assert_eq!(store.submit_job(command).await.unwrap(), SubmitJobOutcome::ExtractorInactive);
    }
    bench.set_active(&invoice, true).await;
    assert_eq!(bench.submit(&tenant, "invoice").await.status, JobStatus::Queued);
    assert_eq!(bench.ready_made(&tenant, "invoice").await.usage_count, 1);
}

pub async fn a_job_that_cannot_be_paid_for_is_held_and_told_once(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(1).await;
    let webhook = bench.webhook(&tenant, &["*"]).await;

    let (job, to_send) = bench.submit_sending(&tenant, "invoice").await;
    assert_eq!((job.status, job.hold_reason, job.credits_needed), (JobStatus::Queued, HELD, 2));
    assert_eq!(to_send.len(), 1);
    let events = bench.events(&tenant).await;
    assert_eq!(text(&events[0].body), text(&event::depleted(&tenant.org_id, 1, START)));
    assert_eq!((events[0].event_type.as_str(), events[0].job_id.as_ref()), ("credits.depleted", None));
    assert_eq!((&to_send[0].event_id, &to_send[0].webhook_id), (&events[0].id, &webhook.id));
    assert_eq!(to_send[0].body, events[0].body);

    let (second, to_send) = bench.submit_sending(&tenant, "invoice").await;
    assert_eq!((second.hold_reason, to_send), (HELD, Vec::new()));
    let (cheap, to_send) = bench.submit_sending(&tenant, "receipt").await;
    assert_eq!((cheap.hold_reason, to_send), (None, Vec::new()), "one credit pays for a receipt");
    assert_eq!(bench.lease_jobs(10).await.1, [cheap.id], "held jobs are not leased");
    assert_eq!(bench.events(&tenant).await.len(), 1);
}

pub async fn a_test_job_needs_no_credits(store: &dyn Store) {
    let bench = Bench::new(store);
    let live = bench.organisation().await;
    let test = bench.other_mode(&live);
    let (job, _) = bench.run(&test, "invoice", 30).await;
    assert_eq!((job.status, job.hold_reason, job.cost_credits), (JobStatus::Completed, None, 0));
    assert_eq!(bench.event_types(&test).await, ["job.completed"]);
    assert_eq!(bench.event_types(&live).await, [""; 0]);
    assert_eq!(store.transactions(&live.org_id, ALL).await.unwrap().items, []);
    let account = store.account(&live.org_id).await.unwrap().unwrap();
    assert_eq!((account.balance, account.total_used), (0, 0));
}

pub async fn the_job_that_is_due_longest_is_leased_first(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let first = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;
    bench.advance(1_000);
    let second = bench.submit(&tenant, "invoice").await;
    let third = bench.submit(&tenant, "invoice").await;
    bench.defer(&first.id, &token, bench.now().plus_ms(1)).await;

    assert_eq!(bench.lease_jobs(0).await.1, []);
    assert_eq!(bench.lease_jobs(1).await.1, [second.id]);
    assert_eq!(bench.lease_jobs(10).await.1, [third.id], "the first is not due yet");
    bench.advance(1);
    assert_eq!(bench.lease_jobs(10).await.1, [first.id]);
}

pub async fn a_leased_job_is_leased_again_when_its_lease_ran_out(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let job = bench.submit(&tenant, "invoice").await;
    let leased = bench.lease_with(&bench.lease(), 10).await.jobs;
    let expected =
        Job { status: JobStatus::Processing, attempt_count: 1, started_at: Some(START), ..job.clone() };
    assert_eq!(leased[0].job, expected);
    assert_eq!(bench.job(&job).await, expected);

    bench.advance(LEASE_MS - 1);
    assert_eq!(bench.lease_jobs(10).await.1, []);
    bench.advance(1);
    let leased = bench.lease_with(&bench.lease(), 10).await.jobs;
    assert_eq!(leased[0].job, Job { attempt_count: 2, ..expected }, "it started when it first did");
}

pub async fn a_job_keeps_the_version_that_it_was_submitted_with(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let invoice = bench.ready_made(&tenant, "invoice").await;
    bench.submit(&tenant, "invoice").await;
    let field_definitions = Some(definitions("net_amount"));
    let update = UpdateExtractor { field_definitions, ..bench.extractor_update(&invoice) };
    store.update_extractor(update).await.unwrap().unwrap();
    bench.submit(&tenant, "invoice").await;

    let leased = bench.lease_with(&bench.lease(), 10).await.jobs;
    let seen: Vec<_> =
        leased.into_iter().map(|one| (one.job.extractor_version, one.field_definitions)).collect();
    assert_eq!(seen, [(1, definitions("total_amount")), (2, definitions("net_amount"))]);
}

pub async fn leasing_holds_a_job_that_cannot_be_paid_for_any_more(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(3).await;
    bench.webhook(&tenant, &["credits.depleted"]).await;
    let running = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;
    let lapsed = bench.submit(&tenant, "invoice").await;
    bench.lease_jobs(1).await;
    bench.advance(1_000);
    let queued = bench.submit(&tenant, "invoice").await;
    bench.advance(LEASE_MS - 1_000);
    bench.finish(&running.id, &token, 1).await;
    assert_eq!(bench.balance(&tenant).await, 1);

    let leased = bench.lease_with(&bench.lease(), 10).await;
    assert_eq!(leased.jobs, []);
    for (job, started_at) in [(&lapsed, Some(START)), (&queued, None)] {
        let held = bench.job(job).await;
        assert_eq!((held.status, held.hold_reason, held.started_at), (JobStatus::Queued, HELD, started_at));
    }
    let bodies: Vec<&str> = leased.to_send.iter().map(|one| text(&one.body)).collect();
    // Told when the one that was due longest was held, while the other still counted as processing.
    assert_eq!(bodies, [text(&event::depleted(&tenant.org_id, 1, bench.now()))], "told once");
    assert_eq!(store.next_due_at().await.unwrap().job, None, "a held job is not due");
}

pub async fn a_held_job_counts_against_the_limit_of_a_lease(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(2).await;
    let first = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;
    let poor = bench.submit(&tenant, "invoice").await;
    let test = bench.submit(&bench.other_mode(&tenant), "invoice").await;
    bench.finish(&first.id, &token, 1).await;

    assert_eq!(bench.lease_jobs(1).await.1, [], "the one that was looked at is held");
    assert_eq!(bench.job(&poor).await.hold_reason, HELD);
    assert_eq!(bench.lease_jobs(1).await.1, [test.id]);
}

pub async fn a_password_is_known_until_its_job_has_ended(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let password = DocumentPassword::parse("geheim".to_owned()).unwrap();
    let invoice = ExtractorRef::ReadyMade(document_type("invoice"));
    let command = SubmitJob { password: Some(password.clone()), ..bench.submission(&tenant, invoice) };
    let SubmitJobOutcome::Submitted { job, .. } = store.submit_job(command).await.unwrap() else {
        panic!("the job was not submitted");
    };
    let known = async || {
        let lease = bench.lease();
        let leased = bench.lease_with(&lease, 1).await.jobs.remove(0);
        (lease.token, leased.password)
    };
    let (token, first) = known().await;
    assert_eq!(first.as_ref(), Some(&password));
    bench.defer(&job.id, &token, bench.now()).await;
    let (token, again) = known().await;
    assert_eq!(again, Some(password.clone()), "a worker that tries again knows it, too");
    bench.end(&job.id, &token, bench.unreadable()).await;

    let retried = bench.retry(&tenant, &job).await;
    let (token, none) = known().await;
    assert_eq!(none, None, "it is forgotten with the end of the job");
    let RetryJobOutcome::Submitted { job: retried, .. } = retried else { panic!("{retried:?}") };
    bench.end(&retried.id, &token, bench.unreadable()).await;
    let command = RetryJob {
        tenant: tenant.clone(),
        job_id: job.id.clone(),
        new_id: bench.id(),
        password: Some(password.clone()),
        now: bench.now(),
        ids: bench.ids(SUBMIT_JOB_IDS),
        send_lease: bench.lease(),
    };
    store.retry_job(command).await.unwrap();
    assert_eq!(known().await.1, Some(password));
}

pub async fn a_lost_lease_writes_nothing(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let job = bench.submit(&tenant, "invoice").await;
    let (lost, _) = bench.lease_jobs(1).await;
    bench.advance(LEASE_MS);
    let (token, _) = bench.lease_jobs(1).await;
    let before = bench.job(&job).await;

    for wrong in [lost.as_str(), "", "nobody's"] {
        assert_eq!(bench.finish(&job.id, wrong, 1).await, FinishJobOutcome::LostLease);
        assert_eq!(bench.end(&job.id, wrong, bench.unreadable()).await, FinishJobOutcome::LostLease);
        assert_eq!(bench.defer(&job.id, wrong, START).await, FencedOutcome::LostLease);
    }
    assert_eq!(bench.finish(&bench.id(), &token, 1).await, FinishJobOutcome::LostLease);
    assert_eq!(bench.job(&job).await, before);
    assert_eq!(bench.balance(&tenant).await, 10);
    assert_eq!(bench.events(&tenant).await, []);

    bench.finish(&job.id, &token, 1).await;
    let ended = bench.job(&job).await;
    assert_eq!(bench.finish(&job.id, &token, 1).await, FinishJobOutcome::LostLease, "it ended already");
    assert_eq!(bench.defer(&job.id, &token, START).await, FencedOutcome::LostLease);
    assert_eq!(bench.job(&job).await, ended);
    assert_eq!(bench.balance(&tenant).await, 8);
    assert_eq!(bench.events(&tenant).await.len(), 1);
}

pub async fn a_lease_that_ran_out_may_finish_while_nobody_took_it(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let job = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;
    bench.advance(LEASE_MS + 1);
    bench.finish(&job.id, &token, 1).await;
    assert_eq!(bench.job(&job).await.status, JobStatus::Completed);
}

pub async fn a_job_ends_with_its_charge_its_event_and_one_delivery_per_matching_webhook(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, stranger) = (bench.organisation_with(10).await, bench.organisation().await);
    let all = bench.webhook(&tenant, &["*"]).await;
    bench.webhook(&tenant, &["job.failed"]).await;
    let off = bench.webhook(&tenant, &["job.completed"]).await;
    bench.set_status(&off, StatusChange::Disable(DisabledReason::ByRequest)).await;
    let named = bench.webhook(&tenant, &["job.failed", "job.completed"]).await;
    bench.webhook(&bench.other_mode(&tenant), &["*"]).await;
    bench.webhook(&stranger, &["*"]).await;
    let queued = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;
    let now = bench.advance(2_000);

    let outcome = bench.finish(&queued.id, &token, 7).await;
    let FinishJobOutcome::Finished { job, to_send } = outcome else { panic!("{outcome:?}") };
    let expected = Job {
        status: JobStatus::Completed,
        result: Some(result(7, 9_000)),
        credits_needed: 3,
        cost_credits: 3,
        processing_time_ms: Some(840),
        mime_type: "application/pdf".to_owned(),
        attempt_count: 1,
        started_at: Some(START),
        completed_at: Some(now),
        ..queued
    };
    assert_eq!(job, expected);
    assert_eq!(bench.job(&job).await, expected);

    let account = store.account(&tenant.org_id).await.unwrap().unwrap();
    assert_eq!((account.balance, account.total_purchased, account.total_used), (7, 10, 3));
    let charge = store.transactions(&tenant.org_id, PageRequest::first(1)).await.unwrap().items.remove(0);
    assert_eq!((charge.kind.as_str(), charge.amount, charge.balance_after), ("charge", -3, 7));
    assert_eq!((charge.job_id, charge.created_at), (Some(job.id.clone()), now));
    assert_eq!(charge.description, "Document extraction");

    let events = bench.events(&tenant).await;
    assert_eq!(events.len(), 1);
    assert_eq!(events[0].event_type, "job.completed");
    assert_eq!((&events[0].job_id, events[0].created_at), (&Some(job.id.clone()), now));
    assert_eq!(text(&events[0].body), text(&event::job_ended(&job).1));
    assert_eq!(store.event(&tenant, &events[0].id).await.unwrap(), Some(events[0].clone()));

    let deliveries = bench.deliveries_of(&tenant, &events[0].id).await;
    let seen: Vec<_> = deliveries
        .iter()
        .map(|one| (one.id.clone(), one.webhook_id.clone(), one.status, one.next_attempt_at, one.finished_at))
        .collect();
    let id = |ordinal| DeliveryId::of_event(&events[0].id, ordinal);
    assert_eq!(
        seen,
        [
            (id(0), Some(all.id.clone()), DeliveryStatus::Pending, Some(now), None),
            (id(1), Some(off.id.clone()), DeliveryStatus::Skipped, None, Some(now)),
            (id(2), Some(named.id.clone()), DeliveryStatus::Pending, Some(now), None),
        ]
    );
    assert!(deliveries.iter().all(|one| one.trigger == Trigger::Event && one.created_at == now));
    let sent: Vec<_> = to_send.iter().map(|one| (&one.id, &one.webhook_id, one.attempt_number)).collect();
    assert_eq!(sent, [(&id(0), &all.id, 1), (&id(2), &named.id, 1)]);
}

pub async fn a_failed_job_costs_nothing_and_tells_why(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let (job, _) = bench.run_to(&tenant, "invoice", bench.unreadable()).await;
    let failure = Failure::with_detail(FailureCode::DocumentUnreadable, "Page 1 is blank.");
    assert_eq!((job.status, job.cost_credits), (JobStatus::Failed, 0));
    assert_eq!((&job.failure, &job.result), (&Some(failure), &None));
    assert_eq!((job.completed_at, job.processing_time_ms), (Some(START), Some(840)));
    assert_eq!(bench.job(&job).await, job);
    assert_eq!(bench.balance(&tenant).await, 10);
    assert_eq!(store.transactions(&tenant.org_id, ALL).await.unwrap().items.len(), 1, "the grant");
    let events = bench.events(&tenant).await;
    assert_eq!(events.len(), 1);
    assert_eq!((events[0].event_type.as_str(), &events[0].job_id), ("job.failed", &Some(job.id.clone())));
    assert_eq!(text(&events[0].body), text(&event::job_ended(&job).1));
}

pub async fn a_job_that_turns_out_dearer_than_the_balance_is_held(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(4).await;
    bench.webhook(&tenant, &["*"]).await;
    let queued = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;

    let outcome = bench.finish(&queued.id, &token, 11).await;
    let FinishJobOutcome::Held { job, to_send } = outcome else { panic!("{outcome:?}") };
    let expected =
        Job { hold_reason: HELD, credits_needed: 5, attempt_count: 1, started_at: Some(START), ..queued };
    assert_eq!(job, expected, "nothing of the result is kept");
    assert_eq!(bench.job(&job).await, expected);
    assert_eq!(to_send.len(), 1);
    assert_eq!(text(&to_send[0].body), text(&event::depleted(&tenant.org_id, 1, START)));
    assert_eq!(bench.event_types(&tenant).await, ["credits.depleted"]);
    assert_eq!(bench.finish(&job.id, &token, 1).await, FinishJobOutcome::LostLease);

    bench.grant(&tenant, 1).await;
    let (token, leased) = bench.lease_jobs(1).await;
    assert_eq!(leased, std::slice::from_ref(&job.id), "five credits are what it needs");
    bench.finish(&job.id, &token, 11).await;
    assert_eq!(bench.balance(&tenant).await, 0);
}

pub async fn a_job_is_charged_for_the_pages_that_were_counted_last(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(4).await;
    let job = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;
    bench.finish(&job.id, &token, 11).await;
    bench.grant(&tenant, 1).await;
    let (token, _) = bench.lease_jobs(1).await;
    bench.run(&tenant, "receipt", 2).await;
    assert_eq!(bench.balance(&tenant).await, 3, "five credits would be too many now");

    let outcome = bench.finish(&job.id, &token, 3).await;
    let FinishJobOutcome::Finished { job, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!((job.credits_needed, job.cost_credits), (2, 2));
    assert_eq!(bench.balance(&tenant).await, 1);
}

pub async fn a_finished_job_lets_a_held_one_run_that_the_balance_can_pay_for(store: &dyn Store) {
    let bench = Bench::new(store);
    for end_pages in [None, Some(11)] {
        let tenant = bench.organisation_with(1).await;
        let first = bench.submit(&tenant, "invoice").await;
        let second = bench.submit(&tenant, "invoice").await;
        bench.grant(&tenant, 2).await;
        // The balance was set aside for the first, so the second waits on.
        assert_eq!(bench.job(&second).await.hold_reason, HELD);
        let (token, leased) = bench.lease_jobs(10).await;
        assert_eq!(leased, std::slice::from_ref(&first.id));

        let end =
            end_pages.map_or_else(|| bench.unreadable(), |pages| JobEnd::Completed(result(pages, 9_000)));
        bench.end(&first.id, &token, end).await;
        let (token, leased) = bench.lease_jobs(10).await;
        assert_eq!(
            leased,
            std::slice::from_ref(&second.id),
            "the first did not take what was set aside for it"
        );
        bench.finish(&second.id, &token, 1).await;
    }
}

pub async fn a_deferred_job_waits_until_it_is_due(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let job = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;
    let due_at = START.plus_ms(5_000);
    assert_eq!(bench.defer(&job.id, &token, due_at).await, FencedOutcome::Written);

    let deferred = bench.job(&job).await;
    assert_eq!((deferred.status, deferred.attempt_count), (JobStatus::Queued, 1));
    assert_eq!(store.next_due_at().await.unwrap().job, Some(due_at));
    assert_eq!(bench.finish(&job.id, &token, 1).await, FinishJobOutcome::LostLease);
    bench.advance(4_999);
    assert_eq!(bench.lease_jobs(10).await.1, []);
    bench.advance(1);
    assert_eq!(bench.lease_jobs(10).await.1, std::slice::from_ref(&job.id));
    assert_eq!(bench.job(&job).await.attempt_count, 2);
}

pub async fn an_ended_job_is_submitted_again_as_a_new_one(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(5).await;
    let invoice = bench.ready_made(&tenant, "invoice").await;
    let (first, _) = bench.run(&tenant, "invoice", 6).await;
    let field_definitions = Some(definitions("net_amount"));
    let update = UpdateExtractor { field_definitions, ..bench.extractor_update(&invoice) };
    store.update_extractor(update).await.unwrap().unwrap();
    let now = bench.advance(1_000);

    let outcome = bench.retry(&tenant, &first).await;
    let RetryJobOutcome::Submitted { job, to_send } = outcome else { panic!("{outcome:?}") };
    let expected = Job {
        id: job.id.clone(),
        extractor_version: 2,
        status: JobStatus::Queued,
        credits_needed: 2,
        retry_of: Some(first.id.clone()),
        result: None,
        processing_time_ms: None,
        cost_credits: 0,
        attempt_count: 0,
        created_at: now,
        started_at: None,
        completed_at: None,
        ..first.clone()
    };
    assert_ne!(job.id, first.id);
    assert_eq!((&job, to_send), (&expected, Vec::new()));
    assert_eq!(bench.job(&job).await, expected);
    assert_eq!(bench.job(&first).await, first);
    assert_eq!(bench.ready_made(&tenant, "invoice").await.usage_count, 2);

    // A retry of a retry still names the first one's file; without credits it is held and told.
    let (token, _) = bench.lease_jobs(1).await;
    bench.finish(&job.id, &token, 1).await;
    bench.webhook(&tenant, &["credits.depleted"]).await;
    bench.grant(&tenant, 1).await;
    let outcome = bench.retry(&tenant, &job).await;
    let RetryJobOutcome::Submitted { job: second, to_send } = outcome else { panic!("{outcome:?}") };
    assert_eq!((&second.retry_of, &second.blob_id), (&Some(job.id), &first.id));
    assert_eq!((second.hold_reason, to_send.len()), (HELD, 1));
}

pub async fn a_retry_says_why_it_cannot_be(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let (ended, _) = bench.run_to(&tenant, "invoice", bench.unreadable()).await;
    let queued = bench.submit(&tenant, "receipt").await;
    let unknown = Job { id: bench.id(), ..queued.clone() };
    assert_eq!(bench.retry(&tenant, &unknown).await, RetryJobOutcome::NotFound);
    assert_eq!(bench.retry(&tenant, &queued).await, RetryJobOutcome::NotEnded(JobStatus::Queued));
    bench.lease_jobs(1).await;
    assert_eq!(bench.retry(&tenant, &queued).await, RetryJobOutcome::NotEnded(JobStatus::Processing));

    let invoice = bench.ready_made(&tenant, "invoice").await;
    bench.set_active(&invoice, false).await;
    assert_eq!(bench.retry(&tenant, &ended).await, RetryJobOutcome::ExtractorInactive);
    assert_eq!(store.delete_extractor(&tenant, &invoice.id).await.unwrap(), DeleteOutcome::Deleted);
    assert_eq!(bench.retry(&tenant, &ended).await, RetryJobOutcome::ExtractorNotFound);
    assert_eq!(store.jobs(&tenant, JobFilter::default(), ALL).await.unwrap().items.len(), 2);
}

pub async fn jobs_are_filtered(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let end = |confidence| JobEnd::Completed(result(1, confidence));
    let (sure, _) = bench.run_to(&tenant, "invoice", end(9_500)).await;
    bench.advance(1_000);
    let (unsure, _) = bench.run_to(&tenant, "receipt", end(4_000)).await;
    bench.advance(1_000);
    let (failed, _) = bench.run_to(&tenant, "invoice", bench.unreadable()).await;
    bench.advance(1_000);
    let queued = bench.submit(&tenant, "invoice").await;
    bench.submit(&bench.other_mode(&tenant), "invoice").await;

    let none = JobFilter::default();
    let status = |status| JobFilter { status: Some(status), ..JobFilter::default() };
    let least = |least| JobFilter { confidence_min_e4: Some(least), ..JobFilter::default() };
    let at = |ms: u64| Some(START.plus_ms(ms));
    let cases: Vec<(JobFilter, Vec<&Job>)> = vec![
        (none.clone(), vec![&queued, &failed, &unsure, &sure]),
        (
            JobFilter { extractor_id: Some(sure.extractor_id.clone()), ..none.clone() },
            vec![&queued, &failed, &sure],
        ),
        (status(JobStatus::Completed), vec![&unsure, &sure]),
        (status(JobStatus::Failed), vec![&failed]),
        (status(JobStatus::Queued), vec![&queued]),
        (status(JobStatus::Processing), vec![]),
        (JobFilter { created_after: at(1_000), ..none.clone() }, vec![&queued, &failed, &unsure]),
        (JobFilter { created_before: at(1_000), ..none.clone() }, vec![&sure]),
        (
            JobFilter { created_after: at(1_000), created_before: at(3_000), ..none.clone() },
            vec![&failed, &unsure],
        ),
        (least(0), vec![&unsure, &sure]),
        (least(4_000), vec![&unsure, &sure]),
        (least(4_001), vec![&sure]),
        (JobFilter { extractor_id: Some(unsure.extractor_id.clone()), ..least(9_000) }, vec![]),
    ];
    for (filter, expected) in cases {
        let page = store.jobs(&tenant, filter.clone(), ALL).await.unwrap();
        let (listed, expected): (Vec<_>, Vec<_>) = (
            page.items.iter().map(|job| &job.id).collect(),
            expected.into_iter().map(|job| &job.id).collect(),
        );
        assert_eq!((listed, page.has_more), (expected, false), "{filter:?}");
    }
}

pub async fn jobs_are_listed_newest_first_by_cursor_and_offset(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(bench.submit(&tenant, "invoice").await.id);
    }
    ids.reverse();
    let request = |limit, after: Option<usize>, offset| {
        let after = after.map(|index: usize| ids[index].to_string());
        PageRequest { limit, after, offset }
    };
    for (request, expected, has_more) in [
        (request(2, None, 0), &ids[0..2], true),
        (request(2, Some(1), 0), &ids[2..4], true),
        (request(2, Some(3), 0), &ids[4..], false),
        (request(5, None, 0), &ids[..], false),
        (request(2, None, 3), &ids[3..], false),
        (request(1, Some(0), 1), &ids[2..3], true),
        (request(2, None, 9), &[][..], false),
    ] {
        let page = store.jobs(&tenant, JobFilter::default(), request.clone()).await.unwrap();
        let listed: Vec<JobId> = page.items.into_iter().map(|job| job.id).collect();
        assert_eq!((listed.as_slice(), page.has_more), (expected, has_more), "{request:?}");
    }
}

pub async fn a_restarted_node_gives_its_jobs_back(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let job = bench.submit(&tenant, "invoice").await;
    let (lost, _) = bench.lease_jobs(1).await;
    let ended = bench.submit(&tenant, "invoice").await;
    let (token, _) = bench.lease_jobs(1).await;
    bench.finish(&ended.id, &token, 1).await;
    let now = bench.advance(1_000);
    assert_eq!(store.release_node("node-b", now).await.unwrap(), (0, 0));
    assert_eq!(bench.job(&job).await.status, JobStatus::Processing);

    assert_eq!(store.release_node(NODE, now).await.unwrap(), (1, 0));
    assert_eq!(bench.job(&job).await.status, JobStatus::Queued);
    assert_eq!(store.next_due_at().await.unwrap().job, Some(now));
    assert_eq!(bench.finish(&job.id, &lost, 1).await, FinishJobOutcome::LostLease);
    assert_eq!(bench.lease_jobs(10).await.1, [job.id]);
}

pub async fn the_next_due_job_is_known(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    assert_eq!(store.next_due_at().await.unwrap().job, None);
    let job = bench.submit(&tenant, "invoice").await;
    assert_eq!(store.next_due_at().await.unwrap().job, Some(START));
    let (token, _) = bench.lease_jobs(1).await;
    assert_eq!(store.next_due_at().await.unwrap().job, Some(START.plus_ms(LEASE_MS)), "the lease's end");
    bench.finish(&job.id, &token, 1).await;
    assert_eq!(store.next_due_at().await.unwrap().job, None);
}

pub async fn a_plan_limits_how_many_jobs_are_processed_at_once(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let test = bench.other_mode(&tenant);
    bench.set_plan(&tenant, Plan::Free).await;
    let first = bench.submit(&tenant, "invoice").await.id;
    let second = bench.submit(&test, "invoice").await.id;
    let third = bench.submit(&tenant, "invoice").await.id;
    let fourth = bench.submit(&test, "invoice").await.id;

    let (token, leased) = bench.lease_jobs(10).await;
    assert_eq!(leased, [first.clone(), second.clone()], "live and test share the organisation's slots");
    assert_eq!(bench.lease_jobs(10).await.1, []);
    let deferred_to = bench.now().plus_ms(5_000);
    assert_eq!(bench.defer(&first, &token, deferred_to).await, FencedOutcome::Written);
    assert_eq!(bench.lease_jobs(10).await.1, [], "a deferred job keeps its slot");

    bench.end(&second, &token, bench.unreadable()).await;
    assert_eq!(bench.lease_jobs(10).await.1, [third], "the oldest gets the slot");
    bench.advance(5_000);
    assert_eq!(bench.lease_jobs(10).await.1, [first]);
    bench.advance(LEASE_MS);
    let (_, again) = bench.lease_jobs(10).await;
    assert_eq!(again.len(), 2, "leases that ran out are taken over");
    assert!(!again.contains(&fourth));
}

pub async fn a_backlog_without_slots_hides_nobodys_jobs(store: &dyn Store) {
    let bench = Bench::new(store);
    let (busy, other) = (bench.organisation_with(1_000).await, bench.organisation_with(10).await);
    bench.set_plan(&busy, Plan::Free).await;
    for _ in 0..50 {
        bench.submit(&busy, "invoice").await;
        bench.advance(1);
    }
    let theirs = bench.submit(&other, "invoice").await.id;
    let (token, leased) = bench.lease_jobs(3).await;
    assert_eq!(leased.len(), 3);
    assert_eq!(leased[2], theirs);
    bench.finish(&leased[0], &token, 1).await;
    assert_eq!(bench.lease_jobs(3).await.1.len(), 1);
    assert_eq!(store.next_due_at().await.unwrap().job, Some(bench.now().plus_ms(LEASE_MS)));
}

pub async fn a_slot_that_a_held_job_leaves_is_given_on(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(2).await;
    bench.set_plan(&tenant, Plan::Free).await;
    let dear = bench.submit(&tenant, "invoice").await.id;
    let (test_1, test_2) = (
        bench.submit(&bench.other_mode(&tenant), "invoice").await.id,
        bench.submit(&bench.other_mode(&tenant), "invoice").await.id,
    );
    let (token, leased) = bench.lease_jobs(10).await;
    assert_eq!(leased, [dear.clone(), test_1.clone()]);
    let held = bench.finish(&dear, &token, 30).await;
    assert!(matches!(held, FinishJobOutcome::Held { .. }), "{held:?}");
    assert_eq!(bench.lease_jobs(10).await.1, [test_2]);

    bench.grant(&tenant, 100).await;
    assert_eq!(bench.lease_jobs(10).await.1, [], "what is released waits for a slot like any other");
    bench.finish(&test_1, &token, 1).await;
    assert_eq!(bench.lease_jobs(10).await.1, [dear]);
}

pub async fn a_lowered_plan_takes_slots_back_and_what_is_processed_goes_on(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let mut jobs = Vec::new();
    for _ in 0..6 {
        jobs.push(bench.submit(&tenant, "invoice").await.id);
    }
    let (token, processing) = bench.lease_jobs(3).await;
    bench.set_plan(&tenant, Plan::Free).await;
    assert_eq!(bench.lease_jobs(10).await.1, []);
    bench.finish(&processing[0], &token, 1).await;
    assert_eq!(bench.lease_jobs(10).await.1, [], "two are still being processed");

    // After a restart nothing is processed, though more than two had slots when the plan was lowered.
    bench.set_plan(&tenant, Plan::Starter).await;
    let (_, more) = bench.lease_jobs(10).await;
    assert_eq!(more.len(), 3);
    bench.set_plan(&tenant, Plan::Free).await;
    assert_eq!(store.release_node(NODE, bench.now()).await.unwrap().0, 5);
    assert_eq!(bench.lease_jobs(10).await.1.len(), 2);
    assert_eq!(bench.lease_jobs(10).await.1, []);
}

pub async fn a_raised_plan_gives_slots_to_what_waits(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    bench.set_plan(&tenant, Plan::Free).await;
    for _ in 0..8 {
        bench.submit(&tenant, "invoice").await;
    }
    assert_eq!(bench.lease_jobs(10).await.1.len(), 2);
    bench.set_plan(&tenant, Plan::Starter).await;
    assert_eq!(bench.lease_jobs(10).await.1.len(), 3);
    bench.set_plan(&tenant, Plan::Enterprise).await;
    assert_eq!(bench.lease_jobs(10).await.1.len(), 3);
}

async fn erase(bench: &Bench<'_>, tenant: &Tenant, id: &JobId) -> EraseJobOutcome {
    let command = EraseJob { tenant: tenant.clone(), job_id: id.clone(), now: bench.now() };
    bench.store.erase_job(command).await.unwrap()
}

pub async fn an_erased_job_leaves_nothing_that_was_read_from_its_document(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    for _ in 0..2 {
        bench.webhook(&tenant, &["*"]).await;
    }
    let queued = bench.submit(&tenant, "invoice").await;
    assert_eq!(erase(&bench, &tenant, &queued.id).await, EraseJobOutcome::NotEnded(JobStatus::Queued));
    let (token, _) = bench.lease_jobs(1).await;
    assert_eq!(erase(&bench, &tenant, &queued.id).await, EraseJobOutcome::NotEnded(JobStatus::Processing));
    let FinishJobOutcome::Finished { job, to_send } = bench.finish(&queued.id, &token, 1).await else {
        panic!("the job did not end");
    };
    let [logged, on_the_wire] = to_send.as_slice() else { panic!("two webhooks want it: {to_send:?}") };
    let mut record = bench.attempted(logged, AfterAttempt::Delivered);
    record.attempt.response_body = Some("thanks for the values".to_owned());
    bench.record_all(vec![record]).await;
    for stranger in [bench.other_mode(&tenant), bench.organisation().await] {
        assert_eq!(erase(&bench, &stranger, &job.id).await, EraseJobOutcome::NotFound);
    }

    assert_eq!(erase(&bench, &tenant, &job.id).await, EraseJobOutcome::Erased);
    assert_eq!(store.job(&tenant, &job.id).await.unwrap(), None);
    assert_eq!(erase(&bench, &tenant, &job.id).await, EraseJobOutcome::NotFound);
    let events = bench.events(&tenant).await;
    let completed = events.iter().find(|event| event.job_id.is_some()).unwrap();
    assert_eq!(text(&completed.body), r#"{"event":"job.completed","data":null}"#);
    assert!(completed.is_erased());
    assert_eq!(bench.delivery(&tenant, &logged.id).await.1[0].response_body, None);
    assert_eq!(bench.status(&tenant, &on_the_wire.id).await, DeliveryStatus::Skipped);
    assert_eq!(bench.record(on_the_wire, AfterAttempt::Delivered).await, FencedOutcome::LostLease);
    assert_eq!(bench.replay(&tenant, &logged.id).await, ReplayOutcome::EventErased);
    bench.nothing_is_due_any_more().await;
    assert_eq!(bench.balance(&tenant).await, 98, "the ledger stays");
}

pub async fn a_document_is_removed_with_the_last_job_that_has_it(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let (first, _) = bench.run(&tenant, "invoice", 1).await;
    let RetryJobOutcome::Submitted { job: second, .. } = bench.retry(&tenant, &first).await else {
        panic!("the job was not retried");
    };
    assert_eq!(erase(&bench, &tenant, &first.id).await, EraseJobOutcome::Erased);
    assert_eq!(store.erased_blobs(10).await.unwrap(), []);
    let (token, _) = bench.lease_jobs(1).await;
    bench.finish(&second.id, &token, 1).await;
    assert_eq!(erase(&bench, &tenant, &second.id).await, EraseJobOutcome::Erased);
    assert_eq!(store.erased_blobs(10).await.unwrap(), std::slice::from_ref(&first.id));
    store.forget_blob(&first.id).await.unwrap();
    assert_eq!(store.erased_blobs(10).await.unwrap(), []);
}

pub async fn a_small_document_comes_with_its_job_and_goes_with_the_last_that_has_it(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let invoice = ExtractorRef::ReadyMade(document_type("invoice"));
    let document = b"Total: 1,250.50 EUR".to_vec();
    let command = SubmitJob { document: Some(document.clone()), ..bench.submission(&tenant, invoice) };
    let SubmitJobOutcome::Submitted { job: first, .. } = store.submit_job(command).await.unwrap() else {
        panic!("the job was not submitted");
    };
    let leased = async || {
        let lease = bench.lease();
        let leased = bench.lease_with(&lease, 1).await.jobs.remove(0);
        (lease.token, leased.document)
    };
    let (token, with_it) = leased().await;
    assert_eq!(with_it.as_ref(), Some(&document));
    bench.end(&first.id, &token, bench.unreadable()).await;
    let RetryJobOutcome::Submitted { job: second, .. } = bench.retry(&tenant, &first).await else {
        panic!("the job was not retried");
    };
    assert_eq!(erase(&bench, &tenant, &first.id).await, EraseJobOutcome::Erased);
    assert_eq!(store.small_document(&first.id).await.unwrap().as_ref(), Some(&document));
    let (token, with_it) = leased().await;
    assert_eq!(with_it, Some(document));
    bench.finish(&second.id, &token, 1).await;
    assert_eq!(erase(&bench, &tenant, &second.id).await, EraseJobOutcome::Erased);
    assert_eq!(store.small_document(&first.id).await.unwrap(), None);

    let file = bench.submit(&tenant, "invoice").await;
    assert_eq!(leased().await.1, None, "its file is kept elsewhere");
    assert_eq!(store.small_document(&file.id).await.unwrap(), None);
}

pub async fn a_document_that_is_to_be_fetched_is_leased_apart_and_read_once_it_is_kept(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let sent = bench.submit(&tenant, "receipt").await;
    let named = bench.submit_url(&tenant, "receipt").await;
    assert!(named.awaits_file && !sent.awaits_file);
    let due = store.next_due_at().await.unwrap();
    assert_eq!((due.job, due.fetch), (Some(bench.now()), Some(bench.now())));
    assert_eq!(bench.lease_jobs(10).await.1, std::slice::from_ref(&sent.id));
    let (token, leased) = bench.lease_fetches(10).await;
    assert_eq!(leased, std::slice::from_ref(&named.id));

    let note = |lease_token: &str| NoteFile {
        job_id: named.id.clone(),
        lease_token: lease_token.to_owned(),
        file_size_bytes: 77,
    };
    assert_eq!(store.note_file(note("another")).await.unwrap(), FencedOutcome::LostLease);
    assert!(bench.job(&named).await.awaits_file);
    assert_eq!(store.note_file(note(&token)).await.unwrap(), FencedOutcome::Written);
    let kept = bench.job(&named).await;
    assert_eq!((kept.awaits_file, kept.file_size_bytes), (false, 77));
    assert_eq!(kept.source_url.as_deref(), Some("https://files.example.com/scan.pdf"));

    // Whoever kept it may be gone: the job is then read like any other.
    bench.advance(LEASE_MS);
    assert_eq!(bench.lease_fetches(10).await.1, []);
    let (token, leased) = bench.lease_jobs(10).await;
    assert!(leased.contains(&named.id));
    assert!(matches!(bench.finish(&named.id, &token, 1).await, FinishJobOutcome::Finished { .. }));
    assert_eq!(store.note_file(note(&token)).await.unwrap(), FencedOutcome::LostLease);
    assert_eq!(store.next_due_at().await.unwrap().fetch, None);
}

pub async fn a_retry_of_what_was_never_fetched_fetches_for_itself(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let named = bench.submit_url(&tenant, "receipt").await;
    let (token, _) = bench.lease_fetches(1).await;
    bench.end(&named.id, &token, bench.unreadable()).await;
    let RetryJobOutcome::Submitted { job: again, .. } = bench.retry(&tenant, &named).await else {
        panic!("it was not retried")
    };
    assert_eq!((again.awaits_file, &again.blob_id, &again.source_url), (true, &again.id, &named.source_url));
    let (token, leased) = bench.lease_fetches(1).await;
    assert_eq!(leased, std::slice::from_ref(&again.id));
    let note = NoteFile { job_id: again.id.clone(), lease_token: token.clone(), file_size_bytes: 77 };
    store.note_file(note).await.unwrap();
    bench.end(&again.id, &token, bench.unreadable()).await;
    let RetryJobOutcome::Submitted { job: third, .. } = bench.retry(&tenant, &again).await else {
        panic!("it was not retried")
    };
    assert_eq!((third.awaits_file, &third.blob_id, third.file_size_bytes), (false, &again.id, 77));
}

pub async fn a_blob_is_owned_as_long_as_a_job_has_it(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let (job, _) = bench.run_to(&tenant, "receipt", bench.unreadable()).await;
    let RetryJobOutcome::Submitted { job: again, .. } = bench.retry(&tenant, &job).await else {
        panic!("it was not retried")
    };
    let nobodys: JobId = bench.id();
    let unowned = async || {
        let ids = vec![nobodys.clone(), job.id.clone(), again.id.clone()];
        store.unowned_blobs(ids).await.unwrap()
    };
    assert_eq!(unowned().await, [nobodys.clone(), again.id.clone()], "a retry has the first one's");
    let erase = EraseJob { tenant: tenant.clone(), job_id: job.id.clone(), now: bench.now() };
    store.erase_job(erase).await.unwrap();
    assert_eq!(unowned().await, [nobodys.clone(), again.id.clone()]);
    let (token, _) = bench.lease_jobs(1).await;
    bench.end(&again.id, &token, bench.unreadable()).await;
    let erase = EraseJob { tenant: tenant.clone(), job_id: again.id.clone(), now: bench.now() };
    store.erase_job(erase).await.unwrap();
    assert_eq!(unowned().await, [nobodys.clone(), job.id.clone(), again.id.clone()]);
}

fn correction(
    bench: &Bench<'_>,
    tenant: &Tenant,
    job_id: &JobId,
    fields: &str,
    lesson: Option<&str>,
) -> CorrectJob {
    let json = |text: &str| RawJson::parse(text.to_owned()).unwrap();
    CorrectJob {
        tenant: tenant.clone(),
        job_id: job_id.clone(),
        corrections: json(fields),
        lesson: lesson.map(json),
        now: bench.now(),
    }
}

/// The lessons of the extractor that a job went to, by the documents that they come from.
async fn lessons_of(bench: &Bench<'_>, tenant: &Tenant, job: &Job) -> Vec<(JobId, String)> {
    let lessons = bench.store.lessons(tenant, &job.extractor_id).await.unwrap();
    lessons.into_iter().map(|one| (one.job_id, one.lesson.as_str().to_owned())).collect()
}

pub async fn a_correction_stands_beside_the_result_and_replaces_an_earlier_one_of_its_field(
    store: &dyn Store,
) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let queued = bench.submit(&tenant, "invoice").await;
    let early = correction(&bench, &tenant, &queued.id, "{}", None);
    let outcome = store.correct_job(early).await.unwrap();
    assert_eq!(outcome, CorrectJobOutcome::NotCompleted(JobStatus::Queued));
    let (token, _) = bench.lease_jobs(1).await;
    bench.finish(&queued.id, &token, 1).await;
    let ended = bench.job(&queued).await;
    assert_eq!((&ended.corrections, ended.corrected_at), (&None, None));
    let events = bench.events(&tenant).await;
    for stranger in [bench.other_mode(&tenant), bench.organisation().await] {
        let theirs = correction(&bench, &stranger, &ended.id, "{}", Some("1"));
        assert_eq!(store.correct_job(theirs).await.unwrap(), CorrectJobOutcome::NotFound);
        assert_eq!(store.job_fields(&stranger, &ended.id).await.unwrap(), None);
    }
    assert_eq!(store.job_fields(&tenant, &ended.id).await.unwrap(), Some(definitions("total_amount")));

    for (fields, all) in [
        (r#"{"total_amount":12.50}"#, r#"{"total_amount":12.50}"#),
        (r#"{"number":"A-1","total_amount":null}"#, r#"{"total_amount":null,"number":"A-1"}"#),
    ] {
        bench.advance(1_000);
        let command = correction(&bench, &tenant, &ended.id, fields, None);
        let expected = Job {
            corrections: Some(RawJson::parse(all.to_owned()).unwrap()),
            corrected_at: Some(bench.now()),
            ..ended.clone()
        };
        assert_eq!(store.correct_job(command).await.unwrap(), CorrectJobOutcome::Corrected(expected.clone()));
        assert_eq!(bench.job(&ended).await, expected);
    }
    assert_eq!(bench.events(&tenant).await, events, "no receiver is told");
    assert_eq!(lessons_of(&bench, &tenant, &ended).await, []);
}

pub async fn a_lesson_is_its_tenants_and_its_extractors_and_goes_with_its_document(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(100).await;
    let (job, _) = bench.run(&tenant, "invoice", 1).await;
    let (receipt, _) = bench.run(&tenant, "receipt", 1).await;
    for (fields, lesson) in [("{}", Some("[1]")), (r#"{"a":1}"#, Some("[2]")), (r#"{"b":1}"#, None)] {
        store.correct_job(correction(&bench, &tenant, &job.id, fields, lesson)).await.unwrap();
    }
    assert_eq!(lessons_of(&bench, &tenant, &job).await, [(job.id.clone(), "[2]".to_owned())]);
    assert_eq!(lessons_of(&bench, &tenant, &receipt).await, []);
    for stranger in [bench.other_mode(&tenant), bench.organisation().await] {
        assert_eq!(lessons_of(&bench, &stranger, &job).await, []);
    }

    assert_eq!(erase(&bench, &tenant, &job.id).await, EraseJobOutcome::Erased);
    assert_eq!(lessons_of(&bench, &tenant, &job).await, []);
}

pub async fn the_lesson_that_was_of_use_longest_ago_is_forgotten_first(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10_000).await;
    let (mut jobs, most) = (Vec::new(), LESSONS_MAX as usize);
    for _ in 0..most {
        let (job, _) = bench.run(&tenant, "invoice", 1).await;
        bench.advance(1_000);
        store.correct_job(correction(&bench, &tenant, &job.id, "{}", Some("[]"))).await.unwrap();
        jobs.push(job);
    }
    let ids = |lessons: Vec<(JobId, String)>| lessons.into_iter().map(|(id, _)| id).collect::<Vec<_>>();
    let newest_first: Vec<JobId> = jobs.iter().rev().map(|job| job.id.clone()).collect();
    assert_eq!(ids(lessons_of(&bench, &tenant, &jobs[0]).await), newest_first);

    // The oldest is of use once more, to a document of its own tenant and to a stranger's.
    bench.advance(1_000);
    for (user, lesson) in [(&tenant, &jobs[0]), (&bench.organisation_with(100).await, &jobs[1])] {
        let job = bench.submit(user, "invoice").await;
        let (token, _) = bench.lease_jobs(1).await;
        let end = JobEnd::Completed(result(1, 9_000));
        bench.end_with_lessons(&job.id, &token, end, vec![lesson.id.clone()]).await;
    }
    let (job, _) = bench.run(&tenant, "invoice", 1).await;
    store.correct_job(correction(&bench, &tenant, &job.id, "{}", Some("[]"))).await.unwrap();
    let left = ids(lessons_of(&bench, &tenant, &job).await);
    assert_eq!(left.len(), most);
    assert!(left.contains(&jobs[0].id) && !left.contains(&jobs[1].id) && left.contains(&job.id));
}
