//! An endpoint that asks for a client certificate gets the webhook's own, and no other.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use docextract_engine::{Config, TestTarget, check_client_certificate};
use docextract_model::address::WebhookUrl;
use docextract_model::delivery::{AttemptErrorCode, DeliveryStatus};
use docextract_model::webhook::{ClientCertificate, Webhook};
use docextract_store::commands::UpdateWebhook;
use http_body_util::Full;
use hyper::Response;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use sha2::{Digest as _, Sha256};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::PrivateKeyDer;
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

use crate::world::{World, config, error_code, unused};

/// An HTTP/2 endpoint that talks only to clients of its own authority.
struct Endpoint {
    url: String,
    root: Vec<u8>,
    authority: Issuer<'static, KeyPair>,
    /// Per request: what the webhook's header said, and the fingerprint of who proved themselves.
    seen: Arc<Mutex<Vec<(String, String)>>>,
}

impl Endpoint {
    async fn start() -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let root = params.self_signed(&key).unwrap().der().clone();
        let authority = Issuer::new(params, key);
        let server_key = KeyPair::generate().unwrap();
        let server_params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        let server = server_params.signed_by(&server_key, &authority).unwrap();
        let provider = Arc::new(ring::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(root.clone()).unwrap();
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone()).build().unwrap();
        let mut tls = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(
                vec![server.der().clone()],
                PrivateKeyDer::Pkcs8(server_key.serialize_der().into()),
            )
            .unwrap();
        tls.alpn_protocols = vec![b"h2".to_vec()];
        let acceptor = TlsAcceptor::from(Arc::new(tls));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("https://localhost:{}/hook", listener.local_addr().unwrap().port());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let all = seen.clone();
        tokio::spawn(async move {
            loop {
                let (tcp, _) = listener.accept().await.unwrap();
                let (acceptor, all) = (acceptor.clone(), all.clone());
                tokio::spawn(async move {
                    let Ok(tls) = acceptor.accept(tcp).await else { return };
                    let proved = fingerprint(&tls.get_ref().1.peer_certificates().unwrap()[0]);
                    let answer = service_fn(|request: hyper::Request<hyper::body::Incoming>| {
                        let who = request.headers()["x-webhook"].to_str().unwrap().to_owned();
                        all.lock().unwrap().push((who, proved.clone()));
                        async { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from_static(b"ok")))) }
                    });
                    let _ = http2::Builder::new(TokioExecutor::new())
                        .serve_connection(TokioIo::new(tls), answer)
                        .await;
                });
            }
        });
        Self { url, root: root.to_vec(), authority, seen }
    }

    async fn world(&self) -> World {
        World::with(Config { extra_roots: vec![self.root.clone()], ..config() }, unused()).await
    }

    fn client(&self) -> ClientCertificate {
        let key = KeyPair::generate().unwrap();
        let params = CertificateParams::new(vec!["client.test".to_owned()]).unwrap();
        let certificate = params.signed_by(&key, &self.authority).unwrap();
        check_client_certificate(certificate.pem(), key.serialize_pem()).unwrap()
    }

    async fn webhook(&self, world: &World, name: &str, proves: Option<&ClientCertificate>) -> Webhook {
        let made = world.webhook_for("https://unused.test/", &["unused"]).await;
        let webhook = Webhook {
            id: world.engine.ambient().id(),
            url: self.url.clone(),
            events: vec!["order.paid".to_owned()],
            headers: vec![("X-Webhook".to_owned(), name.to_owned())].into(),
            client_certificate: proves.cloned(),
            ..made
        };
        world.store.create_webhook(webhook.clone()).await.unwrap();
        webhook
    }

    fn seen(&self) -> Vec<(String, String)> {
        let mut seen = self.seen.lock().unwrap().clone();
        seen.sort();
        seen
    }
}

fn fingerprint(der: &[u8]) -> String {
    hex::encode(Sha256::digest(der))
}

fn proof(name: &str, certificate: &ClientCertificate) -> (String, String) {
    (name.to_owned(), certificate.fingerprint_sha256().to_owned())
}

#[tokio::test]
async fn each_webhook_proves_its_own_identity_on_connections_of_its_own() {
    let endpoint = Endpoint::start().await;
    let world = endpoint.world().await;
    let (a, b) = (endpoint.client(), endpoint.client());
    endpoint.webhook(&world, "a", Some(&a)).await;
    endpoint.webhook(&world, "b", Some(&b)).await;
    let nobody = endpoint.webhook(&world, "nobody", None).await;
    for _ in 0..2 {
        world.publish().await;
        world.engine.settle().await;
    }
    let expected = [proof("a", &a), proof("a", &a), proof("b", &b), proof("b", &b)];
    assert_eq!(endpoint.seen(), expected);
    for delivery in world.deliveries(&nobody.id).await {
        let (delivery, attempts) = world.delivery(&delivery.id).await;
        assert_eq!(delivery.status, DeliveryStatus::Pending);
        assert_eq!(error_code(&attempts[0]), Some(AttemptErrorCode::TlsFailed), "{:?}", attempts[0].error);
    }
}

#[tokio::test]
async fn another_certificate_counts_from_the_next_attempt_on() {
    let endpoint = Endpoint::start().await;
    let world = endpoint.world().await;
    let (a, b) = (endpoint.client(), endpoint.client());
    let webhook = endpoint.webhook(&world, "a", Some(&a)).await;
    world.publish().await;
    world.engine.settle().await;
    let update = UpdateWebhook {
        tenant: webhook.tenant.clone(),
        id: webhook.id.clone(),
        url: None,
        description: None,
        events: None,
        headers: None,
        rate_limit_per_second: None,
        client_certificate: Some(Some(b.clone())),
        status: None,
        now: world.engine.ambient().now(),
    };
    let webhook = world.store.update_webhook(update).await.unwrap().unwrap();
    world.engine.webhook_changed(&webhook.id);
    world.publish().await;
    world.engine.settle().await;
    let target = TestTarget {
        tenant: webhook.tenant.clone(),
        url: WebhookUrl::parse(&endpoint.url, &config().addresses).unwrap(),
        secret: webhook.secret.clone(),
        webhook: Some(webhook),
    };
    assert_eq!(world.engine.send_test(target).await.unwrap().attempt.error, None);
    let mut expected = [proof("a", &a), proof("a", &b), proof("a", &b)];
    expected.sort();
    assert_eq!(endpoint.seen(), expected);
}

#[tokio::test]
async fn what_is_no_certificate_with_its_key_is_refused_by_field() {
    let endpoint = Endpoint::start().await;
    let (a, b) = (endpoint.client(), endpoint.client());
    let check = |certificate: &str, key: &str| {
        let problem = check_client_certificate(certificate.to_owned(), key.to_owned()).unwrap_err();
        assert!(!problem.problem.contains(b.expose_private_key_pem().lines().nth(1).unwrap()));
        problem.field
    };
    let (chain, key) = (a.certificate_pem(), a.expose_private_key_pem());
    assert_eq!(check(chain, b.expose_private_key_pem()), "private_key");
    assert_eq!(check(chain, ""), "private_key");
    assert_eq!(check(chain, chain), "private_key");
    assert_eq!(check("", key), "certificate");
    assert_eq!(check(key, key), "certificate");
    assert_eq!(check("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", key), "certificate");
    assert_eq!(check(&chain.repeat(11), key), "certificate");
    assert_eq!(check(&chain.repeat(100), key), "certificate");
    assert!(!format!("{a:?}").contains("BEGIN"));
}
