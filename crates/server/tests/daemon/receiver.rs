//! An endpoint that fails now and then, in several ways, and notes all that it was sent.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use docextract_model::signature::verify_hex;
use docextract_model::webhook::Secret;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;

use crate::support::Api;

/// One request that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) delivery_id: String,
    /// As its header has it.
    pub(crate) attempt: u64,
    /// What it was answered; an answer that broke off or came too late counts, too.
    pub(crate) status: u16,
    /// How often the server had been started when it came.
    pub(crate) life: usize,
}

/// Whether an endpoint always answers 200, or a third of the time something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    Reliable,
    Unreliable,
}

pub(crate) struct Receiver {
    secret: Secret,
    manner: Manner,
    rng: Mutex<StdRng>,
    /// To be counted up with each start of the server.
    pub(crate) life: AtomicUsize,
    /// Ids of events that were answered with a whole 200.
    pub(crate) acknowledged: Mutex<BTreeSet<String>>,
    pub(crate) receipts: Mutex<Vec<Receipt>>,
}

impl Receiver {
    /// Listens, and registers itself.
    pub(crate) async fn start(api: &Api, events: &[&str], manner: Manner, seed: u64) -> Arc<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (status, webhook) =
            api.post("/v1/webhooks", &json!({"url": url, "events": events})).await.unwrap();
        assert_eq!(status, 201, "{webhook}");
        let receiver = Arc::new(Self {
            secret: Secret::from_text(webhook["secret"].as_str().unwrap().to_owned()),
            manner,
            rng: Mutex::new(StdRng::seed_from_u64(seed)),
            life: AtomicUsize::new(0),
            acknowledged: Mutex::default(),
            receipts: Mutex::default(),
        });
        let router = Router::new().route("/hook", post(receive)).with_state(Arc::clone(&receiver));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        receiver
    }

    fn roll(&self) -> u32 {
        match self.manner {
            Manner::Reliable => 100,
            Manner::Unreliable => self.rng.lock().unwrap().random_range(0..100),
        }
    }
}

async fn receive(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: Bytes) -> Response {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    assert!(
        verify_hex(&receiver.secret, &body, &header("x-docextract-signature")),
        "a forged delivery arrived"
    );
    let roll = receiver.roll();
    let status = match roll {
        0..10 => StatusCode::INTERNAL_SERVER_ERROR,
        27..33 => StatusCode::FOUND,
        _ => StatusCode::OK,
    };
    receiver.receipts.lock().unwrap().push(Receipt {
        delivery_id: header("x-docextract-delivery"),
        attempt: header("x-docextract-attempt").parse().unwrap(),
        status: status.as_u16(),
        life: receiver.life.load(Ordering::SeqCst),
    });
    match roll {
        0..10 => status.into_response(),
        // The answer breaks off behind its head.
        10..20 => {
            let broken = futures_util::stream::iter([
                Ok::<_, std::io::Error>(Bytes::from_static(b"o")),
                Err(std::io::Error::other("dropped")),
            ]);
            Body::from_stream(broken).into_response()
        }
        // Longer than the attempt may take.
        20..27 => {
            tokio::time::sleep(Duration::from_millis(700)).await;
            status.into_response()
        }
        27..33 => (status, [("location", "http://127.0.0.1:1/")]).into_response(),
        _ => {
            receiver.acknowledged.lock().unwrap().insert(header("webhook-id"));
            status.into_response()
        }
    }
}
