//! Credits bought through a payment provider's checkout: a server here speaks the provider's protocol, faults
//! included.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use docextract_model::signature::hex_signature_of_parts;
use docextract_model::time::Timestamp;
use docextract_model::webhook::Secret;
use docextract_server::checkout::CheckoutConfig;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{Given, NOW, Receiver, Server, answer, code, message, text};

const SECRET: &str = "whsec_provider";
const KEY: &str = "sk_provider";

type Fields = Vec<(String, String)>;

/// A payment provider: what it was asked, and what is wrong with it.
#[derive(Clone, Default)]
struct Provider {
    asked: Arc<Mutex<Vec<(HeaderMap, Fields)>>>,
    fault: Arc<Mutex<Option<(u16, &'static str)>>>,
}

impl Provider {
    async fn start() -> (Self, String) {
        let provider = Self::default();
        let router = axum::Router::new()
            .route("/v1/checkout/sessions", axum::routing::post(open))
            .with_state(provider.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        (provider, url)
    }

    fn asked(&self) -> (HeaderMap, Fields) {
        self.asked.lock().unwrap().last().unwrap().clone()
    }
}

async fn open(State(provider): State<Provider>, headers: HeaderMap, body: String) -> Response {
    if let Some((status, body)) = *provider.fault.lock().unwrap() {
        return (StatusCode::from_u16(status).unwrap(), body).into_response();
    }
    if headers.get("authorization").is_none_or(|value| value != &format!("Bearer {KEY}")) {
        let error = json!({"error": {"type": "invalid_request_error", "message": "Invalid API Key"}});
        return (StatusCode::UNAUTHORIZED, axum::Json(error)).into_response();
    }
    let fields = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
    provider.asked.lock().unwrap().push((headers, fields));
    let session = json!({"id": "cs_1", "object": "checkout.session", "url": "https://pay.example.com/cs_1"});
    axum::Json(session).into_response()
}

async fn shop(secret_key: &str) -> (Server, Provider) {
    let (given, provider) = offer(secret_key).await;
    (Server::start_with(given).await, provider)
}

async fn offer(secret_key: &str) -> (Given, Provider) {
    let (provider, url) = Provider::start().await;
    let checkout = CheckoutConfig {
        api_url: url,
        secret_key: secret_key.to_owned(),
        notification_secret: Secret::from_text(SECRET.to_owned()),
        currency: "EUR".to_owned(),
        packs: vec!["100=9.00".parse().unwrap(), "1000=79.00".parse().unwrap()],
    };
    (Given { checkout: Some(checkout), ..Given::default() }, provider)
}

fn field<'a>(fields: &'a Fields, name: &str) -> &'a str {
    &fields.iter().find(|(field, _)| field == name).unwrap_or_else(|| panic!("no {name}")).1
}

/// What the provider tells of the session that it was asked for last.
fn told(fields: &Fields, kind: &str, payment_status: &str) -> String {
    let metadata: serde_json::Map<String, Value> = fields
        .iter()
        .filter_map(|(name, value)| {
            let name = name.strip_prefix("metadata[")?.strip_suffix(']')?;
            Some((name.to_owned(), json!(value)))
        })
        .collect();
    let session = json!({"id": "cs_1", "object": "checkout.session", "payment_status": payment_status,
        "amount_total": 1071, "currency": "eur", "metadata": metadata});
    json!({"id": "evt_1", "object": "event", "type": kind, "data": {"object": session}}).to_string()
}

fn now() -> Timestamp {
    Timestamp::parse(NOW).unwrap()
}

fn signed(body: &str, secret: &str, at: Timestamp) -> String {
    let seconds = at.unix_seconds().to_string();
    let parts: [&[u8]; 3] = [seconds.as_bytes(), b".", body.as_bytes()];
    let signature = hex_signature_of_parts(&Secret::from_text(secret.to_owned()), &parts);
    // Another secret's and another scheme's signature stand beside it while the provider replaces its secret.
    format!("t={seconds},v1=00,v1={signature},v0=ignored")
}

async fn notify(server: &Server, body: &str, signature: &str) -> (u16, Value) {
    let request = server.request(Method::POST, "/checkout/notifications");
    answer(request.header("Stripe-Signature", signature).body(body.to_owned()).send().await.unwrap()).await
}

async fn balance(server: &Server) -> u64 {
    server.get("/v1/credits").await.1["balance"].as_u64().unwrap()
}

#[tokio::test]
async fn a_paid_purchase_is_granted_once_however_often_it_is_told() {
    let (server, provider) = shop(KEY).await;
    let before = balance(&server).await;
    let packs = server.get("/v1/credits/packs").await.1;
    assert_eq!(
        packs.to_string(),
        r#"{"currency":"EUR","data":[{"credits":100,"price":9.00},{"credits":1000,"price":79.00}]}"#
    );
    let (status, purchase) = server.post("/v1/credits/purchases", json!({"credits": 100})).await;
    assert_eq!(status, 201, "{purchase}");
    assert_eq!(purchase["url"], "https://pay.example.com/cs_1");
    assert_eq!(purchase["session_id"], "cs_1");
    assert_eq!((purchase["price"].to_string(), &purchase["currency"]), ("9.00".to_owned(), &json!("EUR")));
    let (headers, fields) = provider.asked();
    assert_eq!(headers["idempotency-key"], text(&purchase["transaction_id"]));
    for (name, value) in [
        ("mode", "payment"),
        ("line_items[0][price_data][unit_amount]", "900"),
        ("line_items[0][price_data][currency]", "eur"),
        ("line_items[0][quantity]", "1"),
        ("success_url", &server.url("/")),
    ] {
        assert_eq!(field(&fields, name), value);
    }

    let unpaid = told(&fields, "checkout.session.completed", "unpaid");
    assert_eq!(notify(&server, &unpaid, &signed(&unpaid, SECRET, now())).await.0, 200);
    assert_eq!(balance(&server).await, before, "it is not paid yet");
    let paid = told(&fields, "checkout.session.async_payment_succeeded", "paid");
    let again = told(&fields, "checkout.session.completed", "paid");
    let (paid_signed, again_signed) = (signed(&paid, SECRET, now()), signed(&again, SECRET, now()));
    let at_once = tokio::join!(
        notify(&server, &paid, &paid_signed),
        notify(&server, &paid, &paid_signed),
        notify(&server, &again, &again_signed)
    );
    assert_eq!((at_once.0.0, at_once.1.0, at_once.2.0), (200, 200, 200));
    assert_eq!(notify(&server, &paid, &paid_signed).await.0, 200);
    assert_eq!(balance(&server).await, before + 100);

    let credits = server.get("/v1/credits").await.1;
    assert_eq!(credits["currency"], "EUR");
    assert_eq!(
        credits["last_purchase"].to_string(),
        r#"{"amount":100,"price_paid":10.71,"purchased_at":"2024-11-23T10:00:00Z"}"#,
        "with the tax that the provider added"
    );
    let ledger = server.get("/v1/credits/transactions?limit=1").await.1;
    let newest = &ledger["data"][0];
    assert_eq!((&newest["id"], &newest["amount"]), (&purchase["transaction_id"], &json!(100)));
    assert_eq!(newest["description"], "Purchase cs_1");
    let log = server.get("/v1/audit-log").await.1;
    let bought: Vec<&Value> = log["data"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|entry| entry["action"] == "credits.purchased")
        .collect();
    assert_eq!(bought.len(), 1, "{log}");
    assert!(text(&bought[0]["actor"]).starts_with("key_"), "who bought, not who told: {log}");
    assert_eq!(bought[0]["target"], purchase["transaction_id"]);
    assert_eq!(bought[0]["detail"], json!({"amount": "100", "price": "10.71", "session": "cs_1"}));

    server.post("/v1/credits/grants", json!({"amount": 1})).await;
    let granted = server.get("/v1/credits").await.1;
    assert_eq!(granted["last_purchase"]["price_paid"], 0);
}

#[tokio::test]
async fn a_notification_that_is_forged_stale_or_of_something_else_grants_nothing() {
    let (server, provider) = shop(KEY).await;
    let before = balance(&server).await;
    server.post("/v1/credits/purchases", json!({"credits": 1_000})).await;
    let fields = provider.asked().1;
    let paid = told(&fields, "checkout.session.completed", "paid");
    let more = paid.replace("\"1000\"", "\"100000\"");
    assert_ne!(more, paid);
    let (early, late) = (now().minus_ms(301_000), now().plus_ms(301_000));
    let redated = signed(&paid, SECRET, early)
        .replace(&format!("t={}", early.unix_seconds()), &format!("t={}", now().unix_seconds()));
    for (body, signature) in [
        (&paid, String::new()),
        (&paid, format!("t={}", now().unix_seconds())),
        (&paid, format!("t={},v1=", now().unix_seconds())),
        (&paid, signed(&paid, "whsec_another", now())),
        (&more, signed(&paid, SECRET, now())),
        // Captured, and sent again later.
        (&paid, signed(&paid, SECRET, early)),
        (&paid, signed(&paid, SECRET, late)),
        (&paid, redated),
    ] {
        assert_eq!(code(&notify(&server, body, &signature).await), "400 notification_not_genuine");
    }
    // Genuine, and about something else.
    for other in [
        json!({"type": "invoice.paid", "data": {"object": {}}}).to_string(),
        json!({"type": "checkout.session.completed", "data": {"object": {"id": "cs_2", "payment_status": "paid",
            "amount_total": 5, "metadata": {"shop": "another"}}}})
        .to_string(),
        told(&fields, "checkout.session.expired", "unpaid"),
        told(&fields, "checkout.session.completed", "paid")
            .replace(field(&fields, "metadata[docextract_organisation]"), "org_00000000000000000000000000000000"),
    ] {
        let answered = notify(&server, &other, &signed(&other, SECRET, now())).await;
        assert_eq!(answered, (200, json!({"received": true})), "{other}");
    }
    // Genuine, and not to be understood.
    let negative = paid.replace("1071", "-1071");
    for broken in ["", "{", "[]", negative.as_str()] {
        let answered = notify(&server, broken, &signed(broken, SECRET, now())).await;
        assert_eq!(code(&answered), "400 malformed_request", "{broken}");
    }
    assert_eq!(balance(&server).await, before);
    assert_eq!(notify(&server, &paid, &signed(&paid, SECRET, now())).await.0, 200);
    assert_eq!(balance(&server).await, before + 1_000);
}

#[tokio::test]
async fn a_document_that_waits_for_credits_runs_when_a_purchase_is_paid() {
    let (given, provider) = offer(KEY).await;
    let server = Server::start_without_credits_with(given).await;
    let (_, held) = server.submit_and_see(&server.live, "an invoice", json!({}), "0s").await;
    assert_eq!(held["hold_reason"], "insufficient_credits");
    let mut receiver = Receiver::start(204).await;
    server.webhook(&server.live, &receiver, json!(["job.completed"])).await;
    server.post("/v1/credits/purchases", json!({"credits": 100})).await;
    let paid = told(&provider.asked().1, "checkout.session.completed", "paid");
    assert_eq!(notify(&server, &paid, &signed(&paid, SECRET, now())).await.0, 200);
    let event: Value = serde_json::from_str(&receiver.next().await.text()).unwrap();
    assert_eq!(event["data"]["id"], held["id"]);
}

#[tokio::test]
async fn a_purchase_that_is_sent_again_is_one_order() {
    let (server, provider) = shop(KEY).await;
    let send = async || {
        let request = server.request(Method::POST, "/v1/credits/purchases").bearer_auth(&server.live);
        let request = request.header("Idempotency-Key", "order-1").json(&json!({"credits": 100}));
        answer(request.send().await.unwrap()).await
    };
    *provider.fault.lock().unwrap() = Some((500, "{}"));
    assert_eq!(code(&send().await), "503 checkout_unavailable");
    *provider.fault.lock().unwrap() = None;
    let (first, second) = (send().await, send().await);
    assert_eq!((first.0, &first), (201, &second));
    assert_eq!(provider.asked.lock().unwrap().len(), 1);
    assert_eq!(provider.asked().0["idempotency-key"], text(&first.1["transaction_id"]));
}

#[tokio::test]
async fn a_purchase_needs_an_offer_a_live_administrator_and_a_provider() {
    let server = Server::start().await;
    let body = || json!({"credits": 100});
    let unoffered = server.post("/v1/credits/purchases", body()).await;
    assert_eq!(code(&unoffered), "404 purchases_not_enabled");
    assert_eq!(code(&notify(&server, "{}", "t=1,v1=00").await), "404 purchases_not_enabled");
    assert_eq!(code(&server.get("/v1/credits/packs").await), "404 purchases_not_enabled");

    let (server, provider) = shop("sk_wrong").await;
    let wrong = server.post("/v1/credits/purchases", json!({"credits": 7})).await;
    assert!(message(&wrong).contains("credits must be one of 100, 1000"), "{}", message(&wrong));
    let test = server.key("test", json!(["admin"])).await;
    let refused = server.call(&test, "POST", "/v1/credits/purchases", Some(body())).await;
    assert_eq!(code(&refused), "403 live_key_required");
    let reader = server.key("live", json!(["credits:read"])).await;
    let refused = server.call(&reader, "POST", "/v1/credits/purchases", Some(body())).await;
    assert_eq!(code(&refused), "403 insufficient_scope");
    for fault in [
        // It refuses the key.
        None,
        Some((500, "sk_wrong")),
        Some((302, "")),
        Some((200, "no JSON")),
        Some((200, r#"{"id": "cs_1", "url": null}"#)),
    ] {
        *provider.fault.lock().unwrap() = fault;
        let refused = server.post("/v1/credits/purchases", body()).await;
        assert_eq!(code(&refused), "503 checkout_unavailable", "{fault:?}");
        assert!(!refused.1.to_string().contains("sk_wrong"));
    }
}
