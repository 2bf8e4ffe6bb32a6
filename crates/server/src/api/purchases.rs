//! `/v1/credits/packs` says what can be bought, `POST /v1/credits/purchases` sends a buyer to the provider's
//! checkout, and `POST /checkout/notifications` is where the provider tells what was paid.

use std::sync::Arc;

use axum::Json;
use axum::extract::{FromRequest, Request, State};
use docextract_model::audit::AuditAction;
use docextract_model::id::TransactionId;
use docextract_model::number::json_number;
use docextract_store::commands::{GrantCredits, GrantOutcome};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::app::App;
use super::auth::{Caller, entry, with_detail};
use super::body::{BODY_BYTES_MAX, JsonBody, Whole, read_up_to};
use super::client::Client;
use super::describe::{Created, Operation, Takes};
use super::error::{ApiError, ErrorCode, Result};
use super::idempotency::Once;
use crate::checkout::{NotificationRefused, Order, PACK_CREDITS_MAX, Pack, Paid, SIGNATURE, Session, Shop};

fn shop(app: &App) -> Result<&Shop> {
    app.shop.as_ref().ok_or_else(|| ErrorCode::PurchasesNotEnabled.into())
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CreditPacks")]
pub(crate) struct PacksView {
    currency: String,
    data: Vec<PackView>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CreditPack")]
struct PackView {
    credits: u64,
    #[schemars(with = "f64")]
    price: Value,
}

pub(crate) async fn packs(State(app): State<Arc<App>>, _caller: Caller) -> Result<Json<PacksView>> {
    let shop = shop(&app)?;
    let packs = shop.packs.iter();
    let data = packs.map(|pack| PackView { credits: pack.credits, price: json_number(pack.price) }).collect();
    Ok(Json(PacksView { currency: shop.currency.clone(), data }))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(rename = "CreditsPurchaseRequest")]
pub(crate) struct Purchase {
    /// As many as one of the packs has.
    #[schemars(range(min = 1, max = PACK_CREDITS_MAX))]
    credits: Whole,
}

/// A purchase that waits for its payment.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "CreditsPurchase")]
pub(crate) struct PurchaseView {
    /// The row of the ledger that it becomes once it is paid.
    transaction_id: TransactionId,
    /// The provider's.
    session_id: String,
    /// Where to pay.
    url: String,
    credits: u64,
    #[schemars(with = "f64")]
    price: Value,
    currency: String,
}

pub(crate) async fn create(
    State(app): State<Arc<App>>,
    caller: Caller,
    once: Once,
    JsonBody(body): JsonBody<Purchase>,
) -> Result<Created<PurchaseView>> {
    caller.require_live()?;
    let shop = shop(&app)?;
    let Some(Pack { credits, price }) =
        shop.packs.iter().find(|pack| pack.credits == body.credits.0).cloned()
    else {
        let offered: Vec<String> = shop.packs.iter().map(|pack| pack.credits.to_string()).collect();
        return Err(ApiError::invalid_field("credits", format!("must be one of {}", offered.join(", "))));
    };
    let actor = caller.actor();
    let order = Order { transaction_id: once.id(), org_id: caller.tenant.org_id, actor, credits, price };
    let begun = shop.checkout.begin(&order).await;
    let Session { id: session_id, url } =
        begun.map_err(|error| ApiError::with_cause(ErrorCode::CheckoutUnavailable, error.to_string()))?;
    Ok(Created(PurchaseView {
        transaction_id: order.transaction_id,
        session_id,
        url,
        credits,
        price: json_number(price),
        currency: shop.currency.clone(),
    }))
}

/// A notification as it came: its signature is over its bytes.
pub(crate) struct Notice {
    signature: String,
    body: Vec<u8>,
}

impl FromRequest<Arc<App>> for Notice {
    type Rejection = ApiError;

    async fn from_request(request: Request, app: &Arc<App>) -> Result<Self> {
        // Before anything of a stranger's is read.
        shop(app)?;
        let (parts, body) = request.into_parts();
        let body = read_up_to(&parts.headers, body, BODY_BYTES_MAX, ErrorCode::RequestTooLarge).await?;
        let signature = parts.headers.get(SIGNATURE).and_then(|value| value.to_str().ok());
        Ok(Self { signature: signature.unwrap_or("").to_owned(), body })
    }
}

impl Takes for Notice {
    fn describe(operation: &mut Operation) {
        operation.fails_with(&[
            ErrorCode::MalformedRequest,
            ErrorCode::RequestTooLarge,
            ErrorCode::NotificationNotGenuine,
        ]);
        operation.parameters.push(json!({
            "name": "Stripe-Signature",
            "in": "header",
            "description": "`t=<seconds>,v1=<hex>`: HMAC-SHA256 of the time, a point and the body.",
            "schema": {"type": "string"},
        }));
        let schema = json!({"type": "object", "description": "An event of the provider's."});
        operation.body.insert("application/json".to_owned(), json!({"schema": schema}));
    }
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "NotificationReceived")]
pub(crate) struct Received {
    received: bool,
}

/// Any answer but a 2xx has the provider tell it again, later.
pub(crate) async fn notified(
    State(app): State<Arc<App>>,
    client: Client,
    notice: Notice,
) -> Result<Json<Received>> {
    let read = shop(&app)?.checkout.read(&notice.signature, &notice.body, app.ambient.now());
    let told = read.map_err(|refused| match refused {
        NotificationRefused::Forged | NotificationRefused::Stale => {
            tracing::warn!(%refused, "a payment provider's notification was not believed");
            ApiError::from(ErrorCode::NotificationNotGenuine)
        }
        NotificationRefused::Malformed => {
            tracing::error!("a payment provider's notification is signed and could not be read");
            ApiError::from(ErrorCode::MalformedRequest)
        }
    })?;
    if let Some(paid) = told {
        grant(&app, &client, paid).await?;
    }
    Ok(Json(Received { received: true }))
}

/// Grants what was paid, unless it was granted before.
async fn grant(app: &App, client: &Client, Paid { session_id, order }: Paid) -> Result<()> {
    let Order { transaction_id, org_id, actor, credits, price } = order;
    let logged = entry(app, client, Some(org_id.clone()), AuditAction::CreditsPurchased, actor);
    let logged = with_detail(with_detail(logged, "amount", &credits), "session", &session_id);
    let logged = with_detail(logged, "price", &price);
    let command = GrantCredits {
        org_id,
        amount: credits,
        price_paid: Some(price),
        description: format!("Purchase {session_id}"),
        transaction_id: transaction_id.clone(),
        now: app.ambient.now(),
    };
    let target = Some(transaction_id.to_string());
    match app.act(command, docextract_model::audit::AuditEntry { target, ..logged }).await? {
        GrantOutcome::Granted { jobs_resumed, .. } => {
            tracing::info!(transaction.id = %transaction_id, credits, "a purchase was paid");
            if jobs_resumed > 0 {
                app.engine.wake_jobs();
                app.engine.wake_fetches();
            }
            Ok(())
        }
        GrantOutcome::AlreadyGranted(_) => Ok(()),
        GrantOutcome::OrganisationNotFound => {
            // Signed, and of no organisation here: of another server on the same account.
            tracing::warn!(transaction.id = %transaction_id, "a purchase was paid for an organisation that is not here");
            Ok(())
        }
        GrantOutcome::TooMany => {
            Err(ApiError::internal("a purchase would pass the highest possible balance"))
        }
    }
}
