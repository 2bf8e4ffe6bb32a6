//! TLS: what is trusted, and HTTP/2 where it is offered.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use docextract_model::delivery::{AttemptErrorCode, DeliveryStatus};
use http_body_util::Full;
use hyper::Response;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;

use crate::world::{World, config, error_code, unused};

/// An HTTP/2 endpoint with a certificate of its own making; its URL and that certificate.
pub(crate) async fn endpoint() -> (String, Vec<u8>) {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let certificate = made.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(made.signing_key.serialize_der().into());
    let mut tls = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .unwrap();
    tls.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = TlsAcceptor::from(Arc::new(tls));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://localhost:{}/hook", listener.local_addr().unwrap().port());
    tokio::spawn(async move {
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(tls) = acceptor.accept(tcp).await else { return };
                let answer = service_fn(async |_| {
                    Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok"))))
                });
                let _ = http2::Builder::new(TokioExecutor::new())
                    .serve_connection(TokioIo::new(tls), answer)
                    .await;
            });
        }
    });
    (url, certificate.to_vec())
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused() {
    let (url, _) = endpoint().await;
    let (delivery, attempt) = World::new().await.attempt(&url).await;
    assert_eq!(error_code(&attempt), Some(AttemptErrorCode::TlsFailed), "{:?}", attempt.error);
    assert_eq!(delivery.status, DeliveryStatus::Pending);
    assert!(attempt.error.unwrap().message.contains("certificate"));
    assert_eq!(attempt.remote_ip.as_deref(), Some("127.0.0.1"));
}

#[tokio::test]
async fn an_operators_root_is_trusted_and_one_http2_connection_is_shared() {
    let (url, root) = endpoint().await;
    let trusting = docextract_engine::Config { extra_roots: vec![root], ..config() };
    let world = World::with(trusting, unused()).await;
    let (delivery, attempt) = world.attempt(&url).await;
    assert_eq!(delivery.status, DeliveryStatus::Delivered, "{:?}", attempt.error);
    assert!(attempt.dns_ms.is_some() && attempt.connect_ms.is_some() && attempt.tls_ms.is_some());

    world.publish().await;
    world.engine.settle().await;
    let second = &world.deliveries(delivery.webhook_id.as_ref().unwrap()).await[1];
    let (_, attempts) = world.delivery(&second.id).await;
    assert_eq!((attempts[0].status_code, attempts[0].tls_ms), (Some(200), None));
}

#[tokio::test]
async fn plain_http_where_tls_is_expected_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut tcp, _) = listener.accept().await.unwrap();
        let _ = tokio::io::AsyncWriteExt::write_all(&mut tcp, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        std::future::pending::<()>().await;
    });
    let (_, attempt) = World::new().await.attempt(&url).await;
    assert_eq!(error_code(&attempt), Some(AttemptErrorCode::TlsFailed), "{:?}", attempt.error);
}
