//! Credits bought through a payment provider's checkout. Off unless an operator configures it.
//!
//! Who plays: [`Checkout`], which a buyer is sent to with an order, and which tells later, by a notification
//! of its own, that the order was paid; [`Stripe`], its one implementation, for providers that speak Stripe's
//! checkout sessions; and `api::purchases`, which begins orders and grants what was paid.
//!
//! What is guaranteed: a paid order grants its credits once, however often and in how many ways the provider
//! tells it. The id of the ledger's row is chosen when the order begins and travels with it, so a session
//! has one and a ledger has an id once. A notification counts only with a signature over its bytes that is a
//! few minutes old at most; and the credits are those that this server wrote into the order, which only the
//! provider can have signed.
//!
//! What happens on failure: a buyer who cannot be sent to the checkout is told so and has bought nothing. A
//! notification that could not be written is answered with an error, and the provider tells it again.
//!
//! What it never does: see a card, keep a payment's data beside its price and session, grant anything for an
//! order that is not paid, or take back credits of a payment that was refunded: that is for people.

use async_trait::async_trait;
use axum::http::{HeaderValue, Request, header};
use docextract_model::audit::Actor;
use docextract_model::id::{OrgId, TransactionId};
use docextract_model::limits::{NOTIFICATION_AGE_MS_MAX, SERVICE_CALLS_MAX};
use docextract_model::signature;
use docextract_model::time::Timestamp;
use docextract_model::webhook::Secret;
use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, de::Error as _};
use serde_json::Value;
use url::form_urlencoded;

use crate::named_service::NamedService;

pub(crate) const API_URL_DEFAULT: &str = "https://api.stripe.com";
pub(crate) const SIGNATURE: &str = "stripe-signature";
/// Credits of one pack.
pub(crate) const PACK_CREDITS_MAX: u64 = 1_000_000_000;
/// Currencies that have no cents at the provider, and those that have three decimals. All others have two.
const WITHOUT_DECIMALS: [&str; 15] =
    ["BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF"];
const WITH_THREE_DECIMALS: [&str; 5] = ["BHD", "JOD", "KWD", "OMR", "TND"]; // typos: ignore-line

/// So many credits for a price in the shop's currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pack {
    pub credits: u64,
    pub price: Decimal,
}

impl std::str::FromStr for Pack {
    type Err = String;

    /// `100=9.00`
    fn from_str(text: &str) -> Result<Self, String> {
        let problem = || format!("'{text}' is no pack: write credits and their price, such as 100=9.00");
        let (credits, price) = text.split_once('=').ok_or_else(problem)?;
        let credits = credits.trim().parse().map_err(|_| problem())?;
        let price = Decimal::from_str_exact(price.trim()).map_err(|_| problem())?;
        Ok(Self { credits, price })
    }
}

impl<'de> Deserialize<'de> for Pack {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(D::Error::custom)
    }
}

/// What an operator configures.
#[derive(Clone)]
pub struct CheckoutConfig {
    /// Where the provider's API is, without a slash at the end.
    pub api_url: String,
    pub secret_key: String,
    /// Signs the provider's notifications.
    pub notification_secret: Secret,
    /// Three capital letters (ISO 4217).
    pub currency: String,
    /// Each of other credits, with a price in the decimals that the currency has.
    pub packs: Vec<Pack>,
}

impl std::fmt::Debug for CheckoutConfig {
    /// Without the two secrets.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CheckoutConfig")
            .field("api_url", &self.api_url)
            .field("currency", &self.currency)
            .field("packs", &self.packs)
            .finish_non_exhaustive()
    }
}

/// How many decimals an amount of this currency has.
pub(crate) fn decimals(currency: &str) -> u32 {
    if WITHOUT_DECIMALS.contains(&currency) {
        0
    } else if WITH_THREE_DECIMALS.contains(&currency) {
        3
    } else {
        2
    }
}

/// What is offered, and where it is paid.
pub(crate) struct Shop {
    pub(crate) packs: Vec<Pack>,
    pub(crate) currency: String,
    pub(crate) checkout: Box<dyn Checkout>,
}

impl Shop {
    /// `return_url` is where a buyer comes back to.
    pub(crate) fn open(config: CheckoutConfig, return_url: &str) -> std::io::Result<Self> {
        let (packs, currency) = (config.packs.clone(), config.currency.clone());
        let checkout = Box::new(Stripe::new(config, return_url.to_owned())?);
        Ok(Self { packs, currency, checkout })
    }
}

/// What somebody sets out to buy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Order {
    /// The row of the ledger that it becomes.
    pub(crate) transaction_id: TransactionId,
    pub(crate) org_id: OrgId,
    /// Who buys.
    pub(crate) actor: Actor,
    pub(crate) credits: u64,
    pub(crate) price: Decimal,
}

/// Where a buyer pays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) id: String,
    pub(crate) url: String,
}

/// An order that was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Paid {
    pub(crate) session_id: String,
    /// Its price is what was paid, taxes included.
    pub(crate) order: Order,
}

/// The provider could not be asked, or answered something else than a session. For the log.
#[derive(Debug, thiserror::Error)]
#[error("the payment provider {0}")]
pub(crate) struct CheckoutError(String);

/// Why a notification does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NotificationRefused {
    #[error("it has no valid signature")]
    Forged,
    #[error("its signature is too old, or of the future")]
    Stale,
    #[error("it is not what the provider sends")]
    Malformed,
}

#[async_trait]
pub(crate) trait Checkout: Send + Sync {
    /// Opens a session for an order. The same order again is the same session.
    async fn begin(&self, order: &Order) -> Result<Session, CheckoutError>;

    /// Reads a notification: none when it tells of something that is nothing to us.
    fn read(&self, signature: &str, body: &[u8], now: Timestamp)
    -> Result<Option<Paid>, NotificationRefused>;
}

/// Checkout sessions as Stripe has them (`POST /v1/checkout/sessions`).
struct Stripe {
    service: NamedService,
    config: CheckoutConfig,
    return_url: String,
}

impl Stripe {
    fn new(config: CheckoutConfig, return_url: String) -> std::io::Result<Self> {
        Ok(Self { service: NamedService::new(SERVICE_CALLS_MAX)?, config, return_url })
    }

    fn form(&self, order: &Order) -> String {
        let amount = order.price.mantissa().to_string();
        let (credits, scale) = (order.credits.to_string(), order.price.scale().to_string());
        let product = format!("{credits} credits");
        form_urlencoded::Serializer::new(String::new())
            .append_pair("mode", "payment")
            .append_pair("success_url", &self.return_url)
            .append_pair("cancel_url", &self.return_url)
            .append_pair("client_reference_id", order.transaction_id.as_str())
            .append_pair("line_items[0][quantity]", "1")
            .append_pair("line_items[0][price_data][currency]", &self.config.currency.to_ascii_lowercase())
            .append_pair("line_items[0][price_data][unit_amount]", &amount)
            .append_pair("line_items[0][price_data][product_data][name]", &product)
            .append_pair("metadata[docextract_transaction]", order.transaction_id.as_str())
            .append_pair("metadata[docextract_organisation]", order.org_id.as_str())
            .append_pair("metadata[docextract_actor]", order.actor.as_str())
            .append_pair("metadata[docextract_credits]", &credits)
            .append_pair("metadata[docextract_decimals]", &scale)
            .finish()
    }

    fn request(&self, order: &Order) -> Result<Request<Vec<u8>>, CheckoutError> {
        let bearer = HeaderValue::from_str(&format!("Bearer {}", self.config.secret_key));
        let mut bearer =
            bearer.map_err(|_| CheckoutError("cannot be told the key: no header can have it".to_owned()))?;
        bearer.set_sensitive(true);
        Request::post(format!("{}/v1/checkout/sessions", self.config.api_url))
            .header(header::AUTHORIZATION, bearer)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("idempotency-key", order.transaction_id.as_str())
            .body(self.form(order).into_bytes())
            .map_err(|error| CheckoutError(format!("cannot be called: {error}")))
    }
}

#[derive(Deserialize)]
struct SessionAnswer {
    id: String,
    url: String,
}

#[derive(Deserialize)]
struct Notification {
    #[serde(rename = "type")]
    kind: String,
    data: NotificationData,
}

#[derive(Deserialize)]
struct NotificationData {
    object: Value,
}

#[derive(Deserialize)]
struct PaidSession {
    id: String,
    amount_total: i64,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    docextract_transaction: String,
    docextract_organisation: String,
    docextract_actor: String,
    docextract_credits: String,
    docextract_decimals: String,
}

#[async_trait]
impl Checkout for Stripe {
    async fn begin(&self, order: &Order) -> Result<Session, CheckoutError> {
        let answered = self.service.call(self.request(order)?).await;
        let answer = answered.map_err(|error| CheckoutError(format!("could not be asked: {error}")))?;
        if !answer.status().is_success() {
            return Err(CheckoutError(format!("answered {}", refusal(answer.status(), answer.body()))));
        }
        let session: SessionAnswer = serde_json::from_slice(answer.body())
            .map_err(|error| CheckoutError(format!("answered no session: {error}")))?;
        Ok(Session { id: session.id, url: session.url })
    }

    fn read(
        &self,
        signature: &str,
        body: &[u8],
        now: Timestamp,
    ) -> Result<Option<Paid>, NotificationRefused> {
        check_signature(&self.config.notification_secret, signature, body, now)?;
        let malformed = |_| NotificationRefused::Malformed;
        let Notification { kind, data } = serde_json::from_slice(body).map_err(malformed)?;
        let is_of_payment = matches!(
            kind.as_str(),
            "checkout.session.completed" | "checkout.session.async_payment_succeeded"
        );
        let session = data.object;
        // Something else on the same account may open sessions, too; they are nothing to us.
        let is_ours = session["metadata"]["docextract_transaction"].is_string();
        if !is_of_payment || !is_ours || session["payment_status"] != "paid" {
            return Ok(None);
        }
        let session = serde_json::from_value(session).map_err(malformed)?;
        paid(session).map(Some).ok_or(NotificationRefused::Malformed)
    }
}

/// A refusal's status and code, without its message: that may repeat what it was asked.
fn refusal(status: axum::http::StatusCode, body: &[u8]) -> String {
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let error = &body["error"];
    let code = error["code"].as_str().or_else(|| error["type"].as_str()).unwrap_or("without a code");
    format!("{status} ({})", code.chars().take(100).collect::<String>())
}

fn paid(session: PaidSession) -> Option<Paid> {
    let PaidSession { id, amount_total, metadata } = session;
    let amount = Some(amount_total).filter(|amount| *amount >= 0)?;
    let order = Order {
        transaction_id: TransactionId::parse(&metadata.docextract_transaction).ok()?,
        org_id: OrgId::parse(&metadata.docextract_organisation).ok()?,
        actor: Actor::parse(&metadata.docextract_actor)?,
        credits: metadata.docextract_credits.parse().ok()?,
        price: Decimal::try_new(amount, metadata.docextract_decimals.parse().ok()?).ok()?,
    };
    Some(Paid { session_id: id, order })
}

/// `t=<seconds>,v1=<hex>[,v1=<hex>…]`: HMAC-SHA256 of the time, a point and the body.
fn check_signature(
    secret: &Secret,
    header: &str,
    body: &[u8],
    now: Timestamp,
) -> Result<(), NotificationRefused> {
    let values = |wanted: &'static str| {
        let fields = header.split(',').filter_map(|field| field.trim().split_once('='));
        fields.filter_map(move |(name, value)| (name == wanted).then_some(value))
    };
    let time = values("t").next().ok_or(NotificationRefused::Forged)?;
    let seconds: i64 = time.parse().map_err(|_| NotificationRefused::Forged)?;
    let parts: [&[u8]; 3] = [time.as_bytes(), b".", body];
    if !values("v1").any(|given| signature::verify_hex_of_parts(secret, &parts, given)) {
        return Err(NotificationRefused::Forged);
    }
    let age_ms = now.unix_ms().abs_diff(seconds.saturating_mul(1_000));
    if age_ms > NOTIFICATION_AGE_MS_MAX { Err(NotificationRefused::Stale) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pack_is_credits_and_a_price_with_its_decimals() {
        let pack: Pack = "100 = 9.00".parse().unwrap();
        assert_eq!((pack.credits, pack.price.to_string()), (100, "9.00".to_owned()));
        for wrong in ["", "100", "=9.00", "100=", "a=9.00", "-1=9.00", "100=9,00", "100=9.00=1"] {
            assert!(wrong.parse::<Pack>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_currencys_decimals_are_the_providers() {
        assert_eq!(["EUR", "USD", "JPY", "KWD"].map(decimals), [2, 2, 0, 3]);
    }
}
