//! An operator's proxy is the only way out, and is never asked for a name.

use std::sync::{Arc, Mutex};

use docextract_engine::{Config, EgressProxy};
use docextract_model::address::AddressPolicy;
use docextract_model::delivery::{AttemptErrorCode, DeliveryStatus};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};

use crate::receiver::{Answer, Receiver};
use crate::world::{World, config, error_code, unused};

#[derive(Clone, Copy)]
enum Mode {
    Tunnel,
    Refuse(u16),
    Hang,
}

/// A CONNECT proxy on the loopback, and the heads of what it was asked.
struct Proxy {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    async fn start(mode: Mode) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let proxy = Self { address, asked: Arc::default() };
        let asked = proxy.asked.clone();
        tokio::spawn(async move {
            loop {
                let (client, _) = listener.accept().await.unwrap();
                tokio::spawn(serve(client, mode, asked.clone()));
            }
        });
        proxy
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }

    async fn world(&self, config: Config) -> World {
        let proxy = EgressProxy::parse(&format!("http://user:hunter2@{}", self.address)).unwrap();
        World::with(Config { egress_proxy: Some(proxy), ..config }, unused()).await
    }
}

async fn serve(mut client: TcpStream, mode: Mode, asked: Arc<Mutex<Vec<String>>>) {
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        let Ok(byte) = client.read_u8().await else { return };
        head.push(byte.into());
    }
    let target = head.split(' ').nth(1).unwrap().to_owned();
    asked.lock().unwrap().push(head);
    match mode {
        Mode::Hang => std::future::pending().await,
        Mode::Refuse(status) => {
            let answer = format!("HTTP/1.1 {status} No\r\nContent-Length: 0\r\n\r\n");
            client.write_all(answer.as_bytes()).await.unwrap();
        }
        Mode::Tunnel => match TcpStream::connect(&target).await {
            Err(_) => client.write_all(b"HTTP/1.1 502 Bad Gateway\r\n\r\n").await.unwrap(),
            Ok(mut endpoint) => {
                client.write_all(b"HTTP/1.1 200 Connection established\r\nVia: x\r\n\r\n").await.unwrap();
                let _ = copy_bidirectional(&mut client, &mut endpoint).await;
            }
        },
    }
}

#[tokio::test]
async fn everything_goes_through_the_proxy_with_its_password_and_to_an_address() {
    let proxy = Proxy::start(Mode::Tunnel).await;
    let world = proxy.world(config()).await;
    let receiver = Receiver::answering(Answer::Status(200)).await;
    let url = receiver.url.replace("127.0.0.1", "localhost");
    let (delivery, attempt) = world.attempt(&url).await;
    assert_eq!(delivery.status, DeliveryStatus::Delivered, "{:?}", attempt.error);
    assert_eq!(attempt.remote_ip.as_deref(), Some("127.0.0.1"), "the endpoint's, not the proxy's");
    assert_eq!(receiver.received()[0].header("host"), format!("localhost:{}", receiver.port()));
    assert_eq!(receiver.received()[0].header("proxy-authorization"), "", "that was for the proxy");
    let asked = proxy.asked();
    assert!(asked.iter().all(|head| !head.contains("localhost")), "{asked:?}");
    let credentials = "\r\nProxy-Authorization: Basic dXNlcjpodW50ZXIy\r\n"; // typos: ignore-line
    assert!(asked.iter().all(|head| head.contains(credentials)));
    assert!(
        asked.last().unwrap().starts_with(&format!("CONNECT 127.0.0.1:{} HTTP/1.1\r\n", receiver.port()))
    );
}

#[tokio::test]
async fn tls_is_the_endpoints_inside_of_the_tunnel() {
    let proxy = Proxy::start(Mode::Tunnel).await;
    let (url, root) = crate::tls::endpoint().await;
    let world = proxy.world(Config { extra_roots: vec![root], ..config() }).await;
    let (delivery, attempt) = world.attempt(&url).await;
    assert_eq!(delivery.status, DeliveryStatus::Delivered, "{:?}", attempt.error);
    assert!(attempt.tls_ms.is_some() && !proxy.asked().is_empty());
}

#[tokio::test]
async fn a_proxy_that_refuses_or_is_gone_is_told_apart_from_the_endpoint() {
    for (status, words) in [(403, "refused to connect to 127.0.0.1:"), (407, "user name and password")] {
        let proxy = Proxy::start(Mode::Refuse(status)).await;
        let receiver = Receiver::answering(Answer::Status(200)).await;
        let (_, attempt) = proxy.world(config()).await.attempt(&receiver.url).await;
        assert_eq!(error_code(&attempt), Some(AttemptErrorCode::ConnectFailed));
        let message = attempt.error.unwrap().message;
        assert!(message.starts_with(&format!("the egress proxy {} ", proxy.address)), "{message}");
        assert!(message.contains(words) && !message.contains("hunter2"), "{message}");
        assert_eq!((receiver.count(), proxy.asked().len()), (0, 1));
    }
    let gone = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().to_string();
    let gone = Proxy { address: gone, asked: Arc::default() };
    let (_, attempt) = gone.world(config()).await.attempt("http://127.0.0.1:99/hook?a=b").await;
    assert_eq!(error_code(&attempt), Some(AttemptErrorCode::ConnectFailed));
    let message = attempt.error.unwrap().message;
    assert!(message.contains("the egress proxy") && message.contains("could not be reached"), "{message}");
}

#[tokio::test]
async fn a_proxy_that_hangs_costs_an_attempt_its_deadline_and_no_more() {
    let proxy = Proxy::start(Mode::Hang).await;
    let world = proxy.world(Config { attempt_ms_max: 300, ..config() }).await;
    let (_, attempt) = world.attempt("http://127.0.0.1:99/hook?a=b").await;
    assert_eq!(error_code(&attempt), Some(AttemptErrorCode::ConnectTimeout));
    let message = attempt.error.unwrap().message;
    assert_eq!(message, "the egress proxy made no connection to the endpoint within 300 ms");
    assert_eq!(proxy.asked().len(), 1);
}

#[tokio::test]
async fn a_forbidden_address_is_not_asked_for_though_that_of_the_proxy_is_private() {
    let proxy = Proxy::start(Mode::Tunnel).await;
    let world = proxy.world(Config { addresses: AddressPolicy::default(), ..Config::default() }).await;
    let (_, attempt) = world.attempt("https://localhost.example.invalid/").await;
    assert_eq!(error_code(&attempt), Some(AttemptErrorCode::DnsFailed));
    let (_, attempt) = world.attempt("https://10.0.0.1/").await;
    assert_eq!(error_code(&attempt), Some(AttemptErrorCode::AddressNotAllowed));
    assert_eq!(proxy.asked(), Vec::<String>::new());
}
