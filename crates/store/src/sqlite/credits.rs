//! Accounts and their ledger.

use std::sync::Arc;

use docextract_model::credit::{Account, MEAN_COST_JOBS, Purchase, Transaction, TransactionKind};
use docextract_model::event::{self, CoreEvent, Event, LowBalance};
use docextract_model::id::{IdBlock, OrgId, TransactionId};
use docextract_model::job::Job;
use docextract_model::tenant::{Mode, Tenant};
use docextract_model::time::Timestamp;
use rusqlite::{Connection, params};
use rust_decimal::Decimal;

use super::rows::{Columns, ListQuery, execute, integer, one, take_id, text};
use super::{events, jobs};
use crate::commands::{
    GrantCredits, GrantOutcome, Lease, LeasedDelivery, Page, PageRequest, SetLowBalanceThreshold,
};
use crate::{Result, StoreError};

/// An account with what its owner was told already.
struct Ledger {
    account: Account,
    low_told: bool,
    depleted_told: bool,
}

fn ledger(db: &Connection, org_id: &OrgId) -> Result<Option<Ledger>> {
    let sql = "SELECT id, balance, total_purchased, total_used, low_balance_threshold, last_purchase_amount, \
               last_purchase_price, last_purchase_at, low_told, depleted_told FROM organisations WHERE id = ?";
    one(db, sql, [org_id.as_str()], |columns| {
        let (org_id, balance, total_purchased) = (columns.id()?, columns.count()?, columns.count()?);
        let (total_used, low_balance_threshold) = (columns.count()?, columns.count()?);
        let amount = columns.count_or_none()?;
        let price_paid = columns.word_or_none("price", |text| text.parse::<Decimal>().ok())?;
        let last_purchase = amount.zip(columns.time_or_none()?);
        Ok(Ledger {
            account: Account {
                org_id,
                balance,
                total_purchased,
                total_used,
                low_balance_threshold,
                last_purchase: last_purchase.map(|(amount, purchased_at)| Purchase {
                    amount,
                    price_paid,
                    purchased_at,
                }),
            },
            low_told: columns.get()?,
            depleted_told: columns.get()?,
        })
    })
}

fn ledger_of(db: &Connection, org_id: &OrgId) -> Result<Ledger> {
    ledger(db, org_id)?.ok_or_else(|| StoreError::Refused(format!("{org_id} does not exist")))
}

fn save(db: &Connection, ledger: &Ledger) -> Result<()> {
    let account = &ledger.account;
    let last_purchase = account.last_purchase.as_ref();
    execute(
        db,
        "UPDATE organisations SET balance = ?, total_purchased = ?, total_used = ?, \
         low_balance_threshold = ?, last_purchase_amount = ?, last_purchase_price = ?, last_purchase_at = ?, \
         low_told = ?, depleted_told = ? WHERE id = ?",
        params![
            integer(account.balance)?,
            integer(account.total_purchased)?,
            integer(account.total_used)?,
            integer(account.low_balance_threshold)?,
            last_purchase.map(|purchase| integer(purchase.amount)).transpose()?,
            last_purchase.and_then(|purchase| purchase.price_paid).map(|price| price.to_string()),
            last_purchase.map(|purchase| purchase.purchased_at.unix_ms()),
            ledger.low_told,
            ledger.depleted_told,
            account.org_id.as_str(),
        ],
    )?;
    Ok(())
}

fn append(db: &Connection, transaction: &Transaction) -> Result<()> {
    execute(
        db,
        "INSERT INTO transactions (id, org_id, kind, amount, balance_after, job_id, description, created_at) \
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        params![
            transaction.id.as_str(),
            transaction.org_id.as_str(),
            transaction.kind.as_str(),
            transaction.amount,
            integer(transaction.balance_after)?,
            transaction.job_id.as_ref().map(docextract_model::id::JobId::as_str),
            transaction.description,
            transaction.created_at.unix_ms(),
        ],
    )?;
    Ok(())
}

pub(super) fn account(db: &Connection, org_id: &OrgId) -> Result<Option<Account>> {
    Ok(ledger(db, org_id)?.map(|ledger| ledger.account))
}

pub(super) fn balance(db: &Connection, org_id: &OrgId) -> Result<u64> {
    let sql = "SELECT balance FROM organisations WHERE id = ?";
    Ok(one(db, sql, [org_id.as_str()], |columns| columns.count())?.unwrap_or(0))
}

/// Whether the balance covers what a job is known to need. Test jobs cost nothing.
pub(super) fn can_pay(db: &Connection, job: &Job) -> Result<bool> {
    match job.mode {
        Mode::Test => Ok(true),
        Mode::Live => Ok(balance(db, &job.org_id)? >= job.credits_needed),
    }
}

/// Takes a completed job's cost off the balance, which covers it: [`can_pay`] was asked before.
pub(super) fn charge(db: &Connection, job: &Job, now: Timestamp, id: TransactionId) -> Result<()> {
    let mut ledger = ledger_of(db, &job.org_id)?;
    let account = &mut ledger.account;
    let below_zero = || StoreError::Refused(format!("{} would cost more than the balance", job.id));
    account.balance = account.balance.checked_sub(job.cost_credits).ok_or_else(below_zero)?;
    account.total_used += job.cost_credits;
    save(db, &ledger)?;
    append(
        db,
        &Transaction {
            id,
            org_id: job.org_id.clone(),
            kind: TransactionKind::Charge,
            amount: -integer(job.cost_credits)?,
            balance_after: ledger.account.balance,
            job_id: Some(job.id.clone()),
            description: "Document extraction".to_owned(),
            created_at: now,
        },
    )
}

/// Publishes `credits.low_balance` and `credits.depleted` where a charge has just crossed their lines.
pub(super) fn tell_after_charge(
    db: &Connection,
    org_id: &OrgId,
    now: Timestamp,
    ids: &mut IdBlock,
    send_lease: &Lease,
) -> Result<Vec<LeasedDelivery>> {
    let mut ledger = ledger_of(db, org_id)?;
    let mut to_send = Vec::new();
    if ledger.account.balance < ledger.account.low_balance_threshold && !ledger.low_told {
        ledger.low_told = true;
        save(db, &ledger)?;
        let body = event::low_balance(org_id, low_balance(db, &ledger.account)?, now);
        to_send.extend(publish(db, CoreEvent::CreditsLowBalance, org_id, body, now, ids, send_lease)?);
    }
    if ledger.account.balance == 0 {
        to_send.extend(tell_depleted(db, org_id, now, ids, send_lease)?);
    }
    Ok(to_send)
}

fn low_balance(db: &Connection, account: &Account) -> Result<LowBalance> {
    let sql = "SELECT coalesce(-sum(amount), 0), count(*) FROM (SELECT amount FROM transactions \
               WHERE org_id = ? AND kind = 'charge' ORDER BY id DESC LIMIT ?)";
    let recent = one(db, sql, params![account.org_id.as_str(), MEAN_COST_JOBS], |columns| {
        Ok((columns.count()?, columns.count()?))
    })?;
    let (recent_charges_sum, recent_charges_count) = recent.unwrap_or((0, 0));
    Ok(LowBalance {
        balance: account.balance,
        threshold: account.low_balance_threshold,
        total_purchased: account.total_purchased,
        recent_charges_sum,
        recent_charges_count,
    })
}

/// Publishes `credits.depleted`, once until the next grant.
pub(super) fn tell_depleted(
    db: &Connection,
    org_id: &OrgId,
    now: Timestamp,
    ids: &mut IdBlock,
    send_lease: &Lease,
) -> Result<Vec<LeasedDelivery>> {
    let mut ledger = ledger_of(db, org_id)?;
    if ledger.depleted_told {
        return Ok(Vec::new());
    }
    ledger.depleted_told = true;
    save(db, &ledger)?;
    let body = event::depleted(org_id, jobs::count_queued(db, org_id)?, now);
    publish(db, CoreEvent::CreditsDepleted, org_id, body, now, ids, send_lease)
}

fn publish(
    db: &Connection,
    core: CoreEvent,
    org_id: &OrgId,
    body: Arc<[u8]>,
    now: Timestamp,
    ids: &mut IdBlock,
    send_lease: &Lease,
) -> Result<Vec<LeasedDelivery>> {
    let event = Event {
        id: take_id(ids)?,
        // Only live jobs cost credits, so credits are the live side's business.
        tenant: Tenant { org_id: org_id.clone(), mode: Mode::Live },
        event_type: core.as_str().to_owned(),
        body,
        job_id: None,
        created_at: now,
    };
    events::publish(db, &event, send_lease)
}

pub(super) fn grant(db: &Connection, command: GrantCredits) -> Result<GrantOutcome> {
    let Some(mut ledger) = ledger(db, &command.org_id)? else {
        return Ok(GrantOutcome::OrganisationNotFound);
    };
    if let Some(granted) = transaction(db, &command.org_id, &command.transaction_id)? {
        return Ok(GrantOutcome::AlreadyGranted(granted));
    }
    let fits = |sum: u64| i64::try_from(sum).is_ok().then_some(sum);
    let account = &mut ledger.account;
    let balance = account.balance.checked_add(command.amount).and_then(fits);
    let total_purchased = account.total_purchased.checked_add(command.amount).and_then(fits);
    let (Some(balance), Some(total_purchased)) = (balance, total_purchased) else {
        return Ok(GrantOutcome::TooMany);
    };
    account.balance = balance;
    account.total_purchased = total_purchased;
    account.last_purchase =
        Some(Purchase { amount: command.amount, price_paid: command.price_paid, purchased_at: command.now });
    ledger.low_told &= balance < account.low_balance_threshold;
    ledger.depleted_told = false;
    save(db, &ledger)?;
    let transaction = Transaction {
        id: command.transaction_id,
        org_id: command.org_id,
        kind: TransactionKind::Grant,
        amount: integer(command.amount)?,
        balance_after: balance,
        job_id: None,
        description: command.description,
        created_at: command.now,
    };
    append(db, &transaction)?;
    let jobs_resumed = jobs::release_held(db, &transaction.org_id, command.now)?;
    Ok(GrantOutcome::Granted { account: ledger.account, transaction, jobs_resumed })
}

pub(super) fn set_threshold(db: &Connection, command: &SetLowBalanceThreshold) -> Result<Option<Account>> {
    let Some(mut ledger) = ledger(db, &command.org_id)? else { return Ok(None) };
    ledger.account.low_balance_threshold = command.threshold;
    ledger.low_told &= ledger.account.balance < command.threshold;
    save(db, &ledger)?;
    Ok(Some(ledger.account))
}

const SELECT_TRANSACTION: &str = "SELECT id, org_id, kind, amount, balance_after, job_id, description, \
     created_at FROM transactions";

pub(super) fn transaction(
    db: &Connection,
    org_id: &OrgId,
    id: &TransactionId,
) -> Result<Option<Transaction>> {
    let sql = format!("{SELECT_TRANSACTION} WHERE id = ? AND org_id = ?");
    one(db, &sql, [id.as_str(), org_id.as_str()], read_transaction)
}

pub(super) fn transactions(db: &Connection, org_id: &OrgId, page: &PageRequest) -> Result<Page<Transaction>> {
    ListQuery::new(SELECT_TRANSACTION, "org_id = ?", [text(org_id.as_str())]).page(db, page, read_transaction)
}

fn read_transaction(columns: &mut Columns<'_, '_>) -> Result<Transaction> {
    Ok(Transaction {
        id: columns.id()?,
        org_id: columns.id()?,
        kind: columns.word("transaction kind", TransactionKind::parse)?,
        amount: columns.get()?,
        balance_after: columns.count()?,
        job_id: columns.id_or_none()?,
        description: columns.get()?,
        created_at: columns.time()?,
    })
}
