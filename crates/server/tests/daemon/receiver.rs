//! An endpoint that fails now and then, in several ways, and notes all that it was sent.

use std::collections::BTreeSet;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use docextract_model::signature::verify_hex;
use docextract_model::webhook::Secret;
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::support::Api;

/// One request that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Receipt {
    pub(crate) delivery_id: String,
    /// As its header has it.
    pub(crate) attempt: u64,
    /// What it was answered; an answer that broke off or came too late counts, too.
    pub(crate) status: u16,
    /// Which process sent it.
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
    life: AtomicUsize,
    pub(crate) url: String,
    quiet_url: String,
    open: watch::Sender<usize>,
    /// Ids of events that were answered with a whole 200.
    pub(crate) acknowledged: Mutex<BTreeSet<String>>,
    pub(crate) receipts: Mutex<Vec<Receipt>>,
}

impl Receiver {
    /// Listens, and registers itself.
    pub(crate) async fn start(api: &Api, events: &[&str], manner: Manner, seed: u64) -> Arc<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let url = format!("http://{address}/hook");
        let (status, webhook) =
            api.post("/v1/webhooks", &json!({"url": url, "events": events})).await.unwrap();
        assert_eq!(status, 201, "{webhook}");
        let receiver = Arc::new(Self {
            secret: Secret::from_text(webhook["secret"].as_str().unwrap().to_owned()),
            manner,
            rng: Mutex::new(StdRng::seed_from_u64(seed)),
            life: AtomicUsize::new(0),
            url,
            quiet_url: format!("http://{address}/quiet"),
            open: watch::Sender::new(0),
            acknowledged: Mutex::default(),
            receipts: Mutex::default(),
        });
        let listener = Counting { listener, open: receiver.open.clone() };
        let router = Router::new()
            .route("/hook", post(receive))
            .route("/quiet", get(|| async {}))
            .with_state(Arc::clone(&receiver));
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        receiver
    }

    /// The server was killed. When this returns, all that it had sent has arrived, and what comes is the next
    /// one's.
    pub(crate) async fn next_life(&self) {
        // Connections are accepted in their order: this one after all of the dead process.
        let asked = reqwest::Client::builder().pool_max_idle_per_host(0).build().unwrap();
        asked.get(&self.quiet_url).send().await.unwrap();
        self.open.subscribe().wait_for(|open| *open == 0).await.unwrap();
        self.life.fetch_add(1, Ordering::SeqCst);
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
                Ok::<_, io::Error>(Bytes::from_static(b"o")),
                Err(io::Error::other("dropped")),
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

/// Counts the connections that are open.
struct Counting {
    listener: TcpListener,
    open: watch::Sender<usize>,
}

impl axum::serve::Listener for Counting {
    type Io = Counted;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Counted, SocketAddr) {
        let (stream, address) = axum::serve::Listener::accept(&mut self.listener).await;
        self.open.send_modify(|open| *open += 1);
        (Counted { stream, open: self.open.clone() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}

struct Counted {
    stream: TcpStream,
    open: watch::Sender<usize>,
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.open.send_modify(|open| *open -= 1);
    }
}

impl AsyncRead for Counted {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Counted {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
