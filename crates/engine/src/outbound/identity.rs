//! Client certificates: checked once at the edge, and a pool of connections for each.
//!
//! A connection, a session that is resumed, and an HTTP/2 stream prove what the connection's first request
//! proved. So every client certificate has a client of its own, with a pool and a session store of its
//! own, and what one webhook may prove never serves another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use docextract_model::limits;
use docextract_model::webhook::ClientCertificate;
use http_body_util::Full;
use hyper_util::client::legacy::Client;
use sha2::{Digest as _, Sha256};
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::sign::CertifiedKey;
use tokio_rustls::rustls::{Error, InconsistentKeys};

use super::connect::Connector;

/// Certificates of one chain.
const CHAIN_MAX: usize = 10;

/// What is wrong with a client certificate, and in which of its fields.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CertificateProblem {
    /// `certificate` or `private_key`.
    pub field: &'static str,
    pub problem: String,
}

/// Reads a chain and its key, and holds them to each other.
pub fn check_client_certificate(
    certificate_pem: String,
    private_key_pem: String,
) -> Result<ClientCertificate, CertificateProblem> {
    let wrong = |field, problem: String| CertificateProblem { field, problem };
    for (field, text, most) in [
        ("certificate", &certificate_pem, limits::CLIENT_CERTIFICATE_BYTES_MAX),
        ("private_key", &private_key_pem, limits::CLIENT_KEY_BYTES_MAX),
    ] {
        if text.len() > most {
            return Err(wrong(field, format!("must be at most {most} bytes")));
        }
    }
    let chain = chain(&certificate_pem).map_err(|problem| wrong("certificate", problem))?;
    let fingerprint = hex::encode(Sha256::digest(&chain[0]));
    let key = key(&private_key_pem).map_err(|problem| wrong("private_key", problem))?;
    CertifiedKey::from_der(chain, key, &ring::default_provider()).map_err(|error| match error {
        Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => {
            wrong("private_key", "is not the key of the first certificate".to_owned())
        }
        Error::InvalidCertificate(why) => wrong("certificate", format!("cannot be used: {why:?}")),
        // What a key is refused for could quote it.
        _ => wrong("private_key", "is of no kind that can be used: RSA, P-256, P-384 or Ed25519".to_owned()),
    })?;
    Ok(ClientCertificate::new(certificate_pem, private_key_pem, fingerprint))
}

fn chain(pem: &str) -> Result<Vec<CertificateDer<'static>>, String> {
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    let chain = chain.map_err(|error| format!("is not PEM: {error}"))?;
    if chain.is_empty() || chain.len() > CHAIN_MAX {
        return Err(format!(
            "must hold 1 to {CHAIN_MAX} certificates as PEM (-----BEGIN CERTIFICATE-----), the client's first"
        ));
    }
    Ok(chain)
}

fn key(pem: &str) -> Result<PrivateKeyDer<'static>, String> {
    PrivateKeyDer::from_pem_slice(pem.as_bytes())
        .map_err(|_| "must be an unencrypted key as PEM, such as -----BEGIN PRIVATE KEY-----".to_owned())
}

/// A chain and key that were checked when they came in.
pub(super) fn parts(
    certificate: &ClientCertificate,
) -> Result<(Vec<CertificateDer<'static>>, PrivateKeyDer<'static>), String> {
    Ok((chain(certificate.certificate_pem())?, key(certificate.expose_private_key_pem())?))
}

type HttpClient = Client<Connector, Full<Bytes>>;

/// A client for each client certificate in use.
#[derive(Default)]
pub(super) struct Identities(Mutex<HashMap<ClientCertificate, Arc<HttpClient>>>);

impl Identities {
    pub(super) fn client(
        &self,
        certificate: &ClientCertificate,
        make: impl FnOnce() -> Result<HttpClient, String>,
    ) -> Result<Arc<HttpClient>, String> {
        let mut clients = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(certificate) {
            return Ok(Arc::clone(client));
        }
        // Full: all are made again as they are needed, which costs each of them a handshake.
        if clients.len() >= limits::CLIENT_IDENTITIES_MAX {
            clients.clear();
        }
        let client = Arc::new(make()?);
        clients.insert(certificate.clone(), Arc::clone(&client));
        Ok(client)
    }
}
