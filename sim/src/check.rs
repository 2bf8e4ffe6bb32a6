//! The end: everything has healed and had its time. Is all that must be true?

use std::sync::Arc;

use docextract_engine::Gauges;
use docextract_model::credit::{Transaction, TransactionKind};
use docextract_model::event::{CoreEvent, Event};
use docextract_model::id::OrgId;
use docextract_model::job::{Job, JobStatus};
use docextract_model::replay::ReplayStatus;
use docextract_model::tenant::{Mode, Tenant};
use docextract_store::Store;
use docextract_store::commands::{EventFilter, JobFilter, Page, PageRequest};

use crate::node::{Cluster, Node};
use crate::sim::LOW_BALANCE_THRESHOLD;
use crate::store::at_once;
use crate::world::World;

pub fn at_the_end(cluster: &Cluster, nodes: &[Arc<Node>]) {
    let world = &cluster.world;
    {
        let (mut book, faults) = (world.book(), world.faults());
        book.check_expectations(&faults);
        book.check_ends();
    }
    nodes_are_idle(world, nodes);
    deliveries_are_as_the_book_says(cluster);
    for tenant in cluster.tenants.iter() {
        let store = cluster.store.as_ref();
        let jobs = jobs_of(store, tenant);
        let events = events_of(store, tenant);
        jobs_have_ended(world, &jobs);
        one_job_one_event(cluster, &jobs, &events);
        if tenant.mode == Mode::Live {
            let ledger = ledger_of(store, &tenant.org_id);
            ledger_sums_up(cluster, &tenant.org_id, &jobs, &ledger);
            if !is_pruning(cluster) {
                thresholds_were_told_once(world, &ledger, &jobs, &events);
            }
        }
    }
    replays_have_ended(cluster);
}

fn is_pruning(cluster: &Cluster) -> bool {
    cluster.log_kept_ms < docextract_model::limits::LOG_KEPT_MS
}

fn nodes_are_idle(world: &World, nodes: &[Arc<Node>]) {
    for node in nodes {
        match node.engine().map(|engine| engine.gauges()) {
            None => world.violated(format_args!("{} does not serve", node.name())),
            Some(gauges) => {
                let Gauges { deliveries_held, attempts_in_flight, extractions_running, .. } = gauges;
                if (deliveries_held, attempts_in_flight, extractions_running) != (0, 0, 0) {
                    world.violated(format_args!("{} is idle and holds {gauges:?}", node.name()));
                }
            }
        }
    }
}

/// The store says of every delivery what was committed of it; only what is old and has ended may be gone.
fn deliveries_are_as_the_book_says(cluster: &Cluster) {
    let world = &cluster.world;
    let now = world.now();
    let mut wrong = Vec::new();
    let book = world.book();
    for (id, note) in &book.deliveries {
        let Ok(found) = at_once(cluster.store.delivery(&note.tenant, id)) else { continue };
        let Some((delivery, attempts)) = found else {
            let age_ms = now.ms_since(note.created_at);
            if age_ms + 2 * book.skew_ms_max < cluster.log_kept_ms {
                wrong.push(format!("{id} is not there after {age_ms} ms"));
            }
            continue;
        };
        if delivery.status != note.status || delivery.attempt_count != note.committed {
            wrong.push(format!(
                "{id} is {:?} after {} attempts; committed was {:?} after {}",
                delivery.status, delivery.attempt_count, note.status, note.committed
            ));
        }
        let numbers: Vec<u32> = attempts.iter().map(|attempt| attempt.number).collect();
        if numbers != (1..=note.committed).collect::<Vec<_>>() {
            wrong.push(format!("{id} has attempts {numbers:?} of {}", note.committed));
        }
    }
    drop(book);
    for what in wrong {
        world.violated(format_args!("{what}"));
    }
}

fn jobs_have_ended(world: &World, jobs: &[Job]) {
    for job in jobs {
        let is_held = job.status == JobStatus::Queued && job.hold_reason.is_some();
        if !job.status.is_terminal() && !is_held {
            world.violated(format_args!(
                "{} is still {:?}, taken up {} times",
                job.id, job.status, job.attempt_count
            ));
        }
    }
    let acknowledged: Vec<_> = {
        let book = world.book();
        let known = book.jobs.iter().filter(|(_, note)| note.is_acknowledged);
        known.map(|(id, note)| (id.clone(), note.ended.clone())).collect()
    };
    for (id, ended) in acknowledged {
        let found = jobs.iter().find(|job| job.id == id);
        if let (Some(job), Some(ended)) = (found, &ended)
            && job != ended
        {
            world.violated(format_args!("{id} changed after it had ended"));
        }
    }
}

/// One job is one event, and there is none for a job that did not end.
fn one_job_one_event(cluster: &Cluster, jobs: &[Job], events: &[Event]) {
    let world = &cluster.world;
    for job in jobs {
        let told = events.iter().filter(|event| event.job_id.as_ref() == Some(&job.id)).count();
        let expected = usize::from(job.status.is_terminal());
        let may_be_pruned = is_pruning(cluster) && told == 0;
        if told != expected && !may_be_pruned {
            world.violated(format_args!("{} is {:?} and has {told} events", job.id, job.status));
        }
    }
    let book = world.book();
    let mut wrong = Vec::new();
    for (id, note) in &book.jobs {
        if note.is_acknowledged && note.ended.is_none() && !jobs.iter().any(|job| job.id == *id) {
            // It may be another tenant's: this is asked for each.
            continue;
        }
        if let Some(ended) = &note.ended {
            let written =
                book.events.values().filter(|event| event.event.job_id.as_ref() == Some(id)).count();
            if written != 1 {
                wrong.push(format!("{id} ended {:?} and {written} events of it were written", ended.status));
            }
        }
    }
    drop(book);
    for what in wrong {
        world.violated(format_args!("{what}"));
    }
}

/// One completed job is one charge; the amounts sum to the balance, which is never below zero.
fn ledger_sums_up(cluster: &Cluster, org_id: &OrgId, jobs: &[Job], ledger: &[Transaction]) {
    let world = &cluster.world;
    let sum: i64 = ledger.iter().map(|row| row.amount).sum();
    let balance = at_once(cluster.store.account(org_id)).ok().flatten().map(|account| account.balance);
    if balance.and_then(|balance| i64::try_from(balance).ok()) != Some(sum) {
        world.violated(format_args!("{org_id} has {balance:?}, and its ledger sums to {sum}"));
    }
    for job in jobs {
        let charges: Vec<i64> =
            ledger.iter().filter(|row| row.job_id.as_ref() == Some(&job.id)).map(|row| row.amount).collect();
        let expected: Vec<i64> = if job.status == JobStatus::Completed {
            vec![-i64::try_from(job.cost_credits).unwrap_or(i64::MAX)]
        } else {
            Vec::new()
        };
        if charges != expected {
            world.violated(format_args!("{} is {:?} and was charged {charges:?}", job.id, job.status));
        }
    }
}

/// `credits.low_balance` once per crossing, `credits.depleted` once between two grants.
fn thresholds_were_told_once(world: &World, ledger: &[Transaction], jobs: &[Job], events: &[Event]) {
    let told = |core: CoreEvent| events.iter().filter(|event| event.event_type == core.as_str()).count();
    // In the order in which they were written, which is told by what each left.
    let mut low_expected = 0;
    let mut is_low_told = false;
    for row in in_order(ledger) {
        match row.kind {
            TransactionKind::Grant => is_low_told &= row.balance_after < LOW_BALANCE_THRESHOLD,
            TransactionKind::Charge => {
                if row.balance_after < LOW_BALANCE_THRESHOLD && !is_low_told {
                    is_low_told = true;
                    low_expected += 1;
                }
            }
        }
    }
    if told(CoreEvent::CreditsLowBalance) != low_expected {
        let low = told(CoreEvent::CreditsLowBalance);
        world.violated(format_args!(
            "the balance fell below its line {low_expected} times, and that was told {low} times"
        ));
    }
    let grants = ledger.iter().filter(|row| row.kind == TransactionKind::Grant).count();
    let depleted = told(CoreEvent::CreditsDepleted);
    let is_any_held = jobs.iter().any(|job| job.hold_reason.is_some());
    if depleted > grants + 1 || (is_any_held && depleted == 0) {
        world.violated(format_args!("credits.depleted was told {depleted} times over {grants} grants"));
    }
}

/// Clocks differ from node to node, so a later row may have an earlier id: each row continues the one
/// whose balance it began with.
fn in_order(ledger: &[Transaction]) -> Vec<&Transaction> {
    let mut left: Vec<&Transaction> = ledger.iter().collect();
    left.sort_by(|a, b| a.id.cmp(&b.id));
    let (mut ordered, mut balance) = (Vec::new(), 0_i64);
    while !left.is_empty() {
        let after = |row: &Transaction| i64::try_from(row.balance_after).unwrap_or(i64::MAX);
        let next = left.iter().position(|row| balance + row.amount == after(row)).unwrap_or(0);
        let row = left.remove(next);
        balance = after(row);
        ordered.push(row);
    }
    ordered
}

fn replays_have_ended(cluster: &Cluster) {
    let world = &cluster.world;
    let known: Vec<_> = world.book().replays.keys().cloned().collect();
    for id in known {
        for tenant in cluster.tenants.iter() {
            if let Ok(Some(replay)) = at_once(cluster.store.replay(tenant, &id))
                && replay.status == ReplayStatus::Running
            {
                world.violated(format_args!("{id} still runs"));
            }
        }
    }
}

fn all<T>(read: impl Fn(PageRequest) -> Option<Page<T>>, id: impl Fn(&T) -> String) -> Vec<T> {
    let (mut rows, mut after) = (Vec::new(), None);
    while let Some(page) = read(PageRequest { limit: 100, after, offset: 0 }) {
        after = page.items.last().map(&id);
        rows.extend(page.items);
        if !page.has_more {
            break;
        }
    }
    rows
}

fn jobs_of(store: &dyn Store, tenant: &Tenant) -> Vec<Job> {
    all(|page| at_once(store.jobs(tenant, JobFilter::default(), page)).ok(), |job| job.id.to_string())
}

fn events_of(store: &dyn Store, tenant: &Tenant) -> Vec<Event> {
    all(|page| at_once(store.events(tenant, EventFilter::default(), page)).ok(), |event| event.id.to_string())
}

fn ledger_of(store: &dyn Store, org_id: &OrgId) -> Vec<Transaction> {
    all(|page| at_once(store.transactions(org_id, page)).ok(), |row| row.id.to_string())
}
