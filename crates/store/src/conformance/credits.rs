//! Balances, the ledger, and what is told about them.

use docextract_model::credit::{Account, Purchase, Transaction, TransactionKind};
use docextract_model::event::{self, LowBalance};
use docextract_model::job::JobStatus;
use docextract_model::tenant::Tenant;
use rust_decimal::Decimal;

use super::bench::{ALL, Bench, START, text};
use crate::Store;
use crate::commands::{GrantCredits, GrantOutcome, PageRequest, SetLowBalanceThreshold};

const LOW: &str = "credits.low_balance";
const DEPLETED: &str = "credits.depleted";

/// How often each of the two credit events was published.
async fn told(bench: &Bench<'_>, tenant: &Tenant) -> (usize, usize) {
    let types = bench.event_types(tenant).await;
    let count = |name: &str| types.iter().filter(|one| *one == name).count();
    (count(LOW), count(DEPLETED))
}

async fn is_held(bench: &Bench<'_>, job: &docextract_model::job::Job) -> bool {
    bench.job(job).await.hold_reason.is_some()
}

pub async fn a_grant_adds_to_the_balance_and_to_the_ledger(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(40).await;
    let now = bench.advance(1_000);
    let outcome = bench.grant(&tenant, 60).await;
    let GrantOutcome::Granted { account, transaction, jobs_resumed } = outcome else { panic!("{outcome:?}") };
    let expected = Account {
        org_id: tenant.org_id.clone(),
        balance: 100,
        total_purchased: 100,
        total_used: 0,
        low_balance_threshold: 0,
        last_purchase: Some(Purchase { amount: 60, price_paid: None, purchased_at: now }),
    };
    assert_eq!((&account, jobs_resumed), (&expected, 0));
    assert_eq!(store.account(&tenant.org_id).await.unwrap(), Some(expected));
    let expected = Transaction {
        id: transaction.id.clone(),
        org_id: tenant.org_id.clone(),
        kind: TransactionKind::Grant,
        amount: 60,
        balance_after: 100,
        job_id: None,
        description: "Top-up".to_owned(),
        created_at: now,
    };
    assert_eq!(transaction, expected);
    let ledger = store.transactions(&tenant.org_id, PageRequest::first(1)).await.unwrap();
    assert_eq!((ledger.items, ledger.has_more), (vec![expected], true), "newest first");
}

pub async fn a_grant_lets_held_jobs_run_oldest_first_each_that_the_rest_can_pay_for(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation().await, bench.organisation().await);
    let first = bench.submit(&tenant, "invoice").await;
    let second = bench.submit(&tenant, "invoice").await;
    let cheap = bench.submit(&tenant, "receipt").await;
    let last = bench.submit(&tenant, "receipt").await;
    let theirs = bench.submit(&other, "receipt").await;
    let now = bench.advance(1_000);

    let outcome = bench.grant(&tenant, 3).await;
    let GrantOutcome::Granted { jobs_resumed, .. } = outcome else { panic!("{outcome:?}") };
    assert_eq!(jobs_resumed, 2);
    for (job, held) in [(&first, false), (&second, true), (&cheap, false), (&last, true), (&theirs, true)] {
        assert_eq!(is_held(&bench, job).await, held, "{}", job.id);
    }
    assert_eq!(store.next_due_at().await.unwrap().job, Some(now), "they are due at once");
    assert_eq!(bench.lease_jobs(10).await.1, [first.id, cheap.id]);
}

pub async fn a_grant_that_would_not_fit_is_refused(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(10).await;
    let most = i64::MAX.unsigned_abs();
    for amount in [u64::MAX, most + 1, most, most - 9] {
        assert_eq!(bench.grant(&tenant, amount).await, GrantOutcome::TooMany);
    }
    assert_eq!(bench.balance(&tenant).await, 10);
    assert_eq!(store.transactions(&tenant.org_id, ALL).await.unwrap().items.len(), 1);
    bench.grant(&tenant, most - 10).await;
    assert_eq!(bench.balance(&tenant).await, most);

    // What was ever purchased must fit too, also when the balance would.
    bench.run(&tenant, "invoice", 1).await;
    assert_eq!(bench.grant(&tenant, 1).await, GrantOutcome::TooMany);
}

pub async fn an_organisation_that_is_not_there_has_no_account(store: &dyn Store) {
    let bench = Bench::new(store);
    let nobody = Tenant { org_id: bench.id(), mode: docextract_model::tenant::Mode::Live };
    assert_eq!(bench.grant(&nobody, 5).await, GrantOutcome::OrganisationNotFound);
    assert_eq!(store.account(&nobody.org_id).await.unwrap(), None);
    let command = SetLowBalanceThreshold { org_id: nobody.org_id.clone(), threshold: 5 };
    assert_eq!(store.set_low_balance_threshold(command).await.unwrap(), None);
    assert_eq!(store.transactions(&nobody.org_id, ALL).await.unwrap().items, []);
}

pub async fn low_balance_is_told_once_until_it_is_above_again(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(20).await;
    let webhook = bench.webhook(&tenant, &[LOW]).await;
    bench.threshold(&tenant, 18).await;
    assert_eq!(bench.run(&tenant, "invoice", 1).await.1, [], "18 is not below 18");
    let now = bench.advance(1_000);

    let (_, to_send) = bench.run(&tenant, "invoice", 1).await;
    assert_eq!(to_send.len(), 1);
    assert_eq!((&to_send[0].webhook_id, to_send[0].event_type.as_str()), (&webhook.id, LOW));
    let low = LowBalance {
        balance: 16,
        threshold: 18,
        total_purchased: 20,
        recent_charges_sum: 4,
        recent_charges_count: 2,
    };
    assert_eq!(text(&to_send[0].body), text(&event::low_balance(&tenant.org_id, low, now)));
    bench.run(&tenant, "invoice", 1).await;
    assert_eq!(told(&bench, &tenant).await, (1, 0), "told already");

    bench.grant(&tenant, 3).await;
    bench.run(&tenant, "receipt", 1).await;
    assert_eq!(told(&bench, &tenant).await, (1, 0), "17 was still below");
    bench.grant(&tenant, 2).await;
    bench.run(&tenant, "receipt", 1).await;
    assert_eq!(told(&bench, &tenant).await, (2, 0), "it was at 18 and fell again");
}

pub async fn a_lower_threshold_arms_the_warning_again(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(20).await;
    bench.run(&tenant, "invoice", 1).await;
    assert_eq!(told(&bench, &tenant).await, (0, 0), "no threshold, no warning");
    bench.threshold(&tenant, 50).await;
    assert_eq!(told(&bench, &tenant).await, (0, 0), "only a charge tells");
    bench.run(&tenant, "invoice", 1).await;
    assert_eq!(told(&bench, &tenant).await, (1, 0));

    bench.threshold(&tenant, 17).await;
    bench.run(&tenant, "receipt", 1).await;
    assert_eq!(told(&bench, &tenant).await, (1, 0), "16 is still below 17");
    bench.threshold(&tenant, 15).await;
    bench.run(&tenant, "receipt", 1).await;
    assert_eq!(told(&bench, &tenant).await, (2, 0));
}

pub async fn the_warning_counts_on_the_last_charges(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(1_000).await;
    bench.run(&tenant, "invoice", 21).await;
    for _ in 0..99 {
        bench.run(&tenant, "receipt", 1).await;
    }
    bench.threshold(&tenant, 1_000).await;
    bench.run(&tenant, "receipt", 6).await;
    // The dear first job is the 101st from the end: 99 of 1 credit and one of 3 are looked at.
    let low = LowBalance {
        balance: 890,
        threshold: 1_000,
        total_purchased: 1_000,
        recent_charges_sum: 102,
        recent_charges_count: 100,
    };
    let last =
        bench.store.events(&tenant, crate::commands::EventFilter::default(), PageRequest::first(1)).await;
    assert_eq!(
        text(&last.unwrap().items[0].body),
        text(&event::low_balance(&tenant.org_id, low, bench.now()))
    );
}

pub async fn depleted_is_told_once_until_the_next_grant(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation().await;
    for _ in 0..2 {
        bench.submit(&tenant, "invoice").await;
    }
    assert_eq!(told(&bench, &tenant).await, (0, 1));
    bench.grant(&tenant, 2).await;
    let (_, to_send) = bench.submit_sending(&tenant, "invoice").await;
    assert_eq!((told(&bench, &tenant).await, to_send.len()), ((0, 1), 0), "two credits can pay for it");

    // The last two credits are spent: that is told before anybody submits again.
    let (token, leased) = bench.lease_jobs(1).await;
    bench.finish(&leased[0], &token, 1).await;
    assert_eq!(told(&bench, &tenant).await, (0, 2));
    bench.submit(&tenant, "invoice").await;
    bench.lease_jobs(10).await;
    assert_eq!(told(&bench, &tenant).await, (0, 2));
    let events = bench.events(&tenant).await;
    let depleted = events.iter().rfind(|one| one.event_type == DEPLETED).unwrap();
    assert_eq!(text(&depleted.body), text(&event::depleted(&tenant.org_id, 2, START)), "two still wait");
    assert!(depleted.tenant == tenant && depleted.job_id.is_none());
}

pub async fn the_last_credit_tells_low_balance_and_then_depleted(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(2).await;
    bench.webhook(&tenant, &["*"]).await;
    bench.webhook(&bench.other_mode(&tenant), &["*"]).await;
    bench.threshold(&tenant, 2).await;
    let (job, to_send) = bench.run(&tenant, "invoice", 1).await;
    assert_eq!(job.status, JobStatus::Completed);
    let types: Vec<&str> = to_send.iter().map(|one| one.event_type.as_str()).collect();
    assert_eq!(types, ["job.completed", LOW, DEPLETED]);
    assert_eq!(bench.event_types(&tenant).await, types, "their ids are in this order too");
    assert_eq!(text(&to_send[2].body), text(&event::depleted(&tenant.org_id, 0, START)));
}

pub async fn the_ledger_sums_to_the_balance(store: &dyn Store) {
    let bench = Bench::new(store);
    let (tenant, other) = (bench.organisation_with(50).await, bench.organisation_with(7).await);
    for pages in [1, 6, 12, 40] {
        bench.run(&tenant, "invoice", pages).await;
    }
    bench.run_to(&tenant, "invoice", bench.unreadable()).await;
    bench.run(&other, "receipt", 1).await;
    bench.grant(&tenant, 5).await;

    let mut ledger = Vec::new();
    let mut request = PageRequest::first(2);
    loop {
        let page = store.transactions(&tenant.org_id, request).await.unwrap();
        ledger.extend(page.items);
        if !page.has_more {
            break;
        }
        let after = ledger.last().map(|row: &Transaction| row.id.to_string());
        request = PageRequest { limit: 2, after, offset: 0 };
    }
    let amounts: Vec<i64> = ledger.iter().map(|row| row.amount).collect();
    assert_eq!(amounts, [5, -8, -5, -3, -2, 50]);
    let account = store.account(&tenant.org_id).await.unwrap().unwrap();
    assert_eq!(i64::try_from(account.balance).unwrap(), amounts.iter().sum::<i64>());
    assert_eq!((account.balance, account.total_purchased, account.total_used), (37, 55, 18));
    assert_eq!(ledger[0].balance_after, 37);
}

pub async fn what_was_granted_once_is_not_granted_again(store: &dyn Store) {
    let bench = Bench::new(store);
    let tenant = bench.organisation_with(0).await;
    let command = GrantCredits {
        org_id: tenant.org_id.clone(),
        amount: 100,
        price_paid: Some(Decimal::new(900, 2)),
        description: "Purchase cs_1".to_owned(),
        transaction_id: bench.id(),
        now: bench.now(),
    };
    let granted = store.grant_credits(command.clone()).await.unwrap();
    let GrantOutcome::Granted { transaction, .. } = granted else { panic!("{granted:?}") };
    bench.advance(1_000);
    let more = GrantCredits { amount: 200, now: bench.now(), ..command.clone() };
    for again in [command, more] {
        let outcome = store.grant_credits(again).await.unwrap();
        assert_eq!(outcome, GrantOutcome::AlreadyGranted(transaction.clone()));
    }
    let account = store.account(&tenant.org_id).await.unwrap().unwrap();
    assert_eq!((account.balance, account.total_purchased), (100, 100));
    let purchase = account.last_purchase.unwrap();
    assert_eq!((purchase.amount, purchase.purchased_at), (100, transaction.created_at));
    assert_eq!(purchase.price_paid.unwrap().to_string(), "9.00", "with its decimals");
}
