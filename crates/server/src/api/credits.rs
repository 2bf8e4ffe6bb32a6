//! `/v1/credits`: the balance, its ledger, and what an administrator may change.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use docextract_model::audit::AuditAction;
use docextract_model::credit::{Account, Transaction};
use docextract_model::id::TransactionId;
use docextract_model::number::json_number;
use docextract_model::time::Timestamp;
use docextract_store::commands::{GrantCredits, GrantOutcome, SetLowBalanceThreshold};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::app::App;
use super::auth::{Caller, with_detail};
use super::body::{JsonBody, Whole};
use super::describe::Created;
use super::error::{ApiError, Result};
use super::idempotency::Once;
use super::paging::{self, List};
use super::query::{Cursor, Limit, page, query};

/// Credits of one grant.
const GRANT_MAX: u64 = 1_000_000_000;
/// Characters of a grant's description.
const DESCRIPTION_CHARS_MAX: usize = 500;

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Credits")]
pub(crate) struct AccountView {
    balance: u64,
    total_purchased: u64,
    total_used: u64,
    currency: String,
    last_purchase: Option<PurchaseView>,
    low_balance_threshold: u64,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Purchase")]
struct PurchaseView {
    amount: u64,
    /// 0 for credits that were granted.
    #[schemars(with = "f64")]
    price_paid: Value,
    purchased_at: Timestamp,
}

/// Where nothing is sold.
const CURRENCY_DEFAULT: &str = "USD";

impl AccountView {
    fn new(account: Account, app: &App) -> Self {
        Self {
            balance: account.balance,
            total_purchased: account.total_purchased,
            total_used: account.total_used,
            currency: app.shop.as_ref().map_or(CURRENCY_DEFAULT, |shop| &shop.currency).to_owned(),
            last_purchase: account.last_purchase.map(|purchase| PurchaseView {
                amount: purchase.amount,
                price_paid: json_number(purchase.price_paid.unwrap_or_default()),
                purchased_at: purchase.purchased_at,
            }),
            low_balance_threshold: account.low_balance_threshold,
        }
    }
}

/// A key's organisation always has an account: it is made with the organisation.
fn existing(account: Option<Account>, app: &App) -> Result<Json<AccountView>> {
    let account = account.ok_or_else(|| ApiError::internal("an organisation has no account"))?;
    Ok(Json(AccountView::new(account, app)))
}

pub(crate) async fn show(State(app): State<Arc<App>>, caller: Caller) -> Result<Json<AccountView>> {
    existing(app.store.account(&caller.tenant.org_id).await?, &app)
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreditsUpdate")]
pub(crate) struct Update {
    /// 0 means no warning.
    #[schemars(range(max = GRANT_MAX))]
    low_balance_threshold: Whole,
}

pub(crate) async fn update(
    State(app): State<Arc<App>>,
    caller: Caller,
    JsonBody(body): JsonBody<Update>,
) -> Result<Json<AccountView>> {
    caller.require_live()?;
    if body.low_balance_threshold.0 > GRANT_MAX {
        return Err(ApiError::invalid_field("low_balance_threshold", format!("must be at most {GRANT_MAX}")));
    }
    let org_id = caller.tenant.org_id.clone();
    let entry = caller.entry(&app, AuditAction::CreditsThresholdChanged, &org_id);
    let entry = with_detail(entry, "threshold", &body.low_balance_threshold.0);
    let command =
        SetLowBalanceThreshold { org_id: caller.tenant.org_id, threshold: body.low_balance_threshold.0 };
    existing(app.act(command, entry).await?, &app)
}

query! {
    ListTransactions {
        /// Objects on one page.
        limit: Limit,
        /// `pagination.next_cursor` of the page before.
        cursor: Cursor<TransactionId>,
    }
}

pub(crate) async fn transactions(
    State(app): State<Arc<App>>,
    caller: Caller,
    query: ListTransactions,
) -> Result<Json<List<Transaction>>> {
    let page = page(query.limit, query.cursor);
    let limit = page.limit;
    let transactions = app.store.transactions(&caller.tenant.org_id, page).await?;
    Ok(paging::list(transactions, limit, |transaction| transaction.id.as_str(), |transaction| transaction))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreditsGrant")]
pub(crate) struct Grant {
    #[schemars(range(min = 1, max = GRANT_MAX))]
    amount: Whole,
    #[serde(default)]
    #[schemars(length(max = DESCRIPTION_CHARS_MAX))]
    description: String,
}

pub(crate) async fn grant(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    JsonBody(body): JsonBody<Grant>,
) -> Result<Created<Transaction>> {
    caller.require_live()?;
    if !(1..=GRANT_MAX).contains(&body.amount.0) {
        return Err(ApiError::invalid_field("amount", format!("must be from 1 to {GRANT_MAX}")));
    }
    if body.description.chars().count() > DESCRIPTION_CHARS_MAX {
        let problem = format!("must be at most {DESCRIPTION_CHARS_MAX} characters");
        return Err(ApiError::invalid_field("description", problem));
    }
    let transaction_id: TransactionId = once.id();
    let entry = caller.entry(&app, AuditAction::CreditsGranted, &transaction_id);
    let entry = with_detail(entry, "amount", &body.amount.0);
    let command = GrantCredits {
        org_id: caller.tenant.org_id,
        amount: body.amount.0,
        price_paid: None,
        description: body.description,
        transaction_id,
        now: once.now,
    };
    match app.act(command, entry).await? {
        GrantOutcome::Granted { transaction, jobs_resumed, .. } => {
            if jobs_resumed > 0 {
                app.engine.wake_jobs();
                app.engine.wake_fetches();
            }
            Ok(Created(transaction))
        }
        GrantOutcome::AlreadyGranted(transaction) => Ok(Created(transaction)),
        GrantOutcome::OrganisationNotFound => Err(ApiError::internal("a key's organisation does not exist")),
        GrantOutcome::TooMany => {
            Err(ApiError::invalid_field("amount", "would pass the highest possible balance"))
        }
    }
}
