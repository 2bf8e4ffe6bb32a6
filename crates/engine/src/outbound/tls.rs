//! TLS: the system's roots, and those that an operator added.

use std::sync::Arc;

use docextract_model::webhook::ClientCertificate;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use super::identity;
use crate::EngineError;

/// Roots are read once, at start; a certificate that the system gets later counts after a restart.
pub(super) fn roots(extra_roots: &[Vec<u8>]) -> Result<Arc<RootCertStore>, EngineError> {
    let mut roots = RootCertStore::empty();
    let system = rustls_native_certs::load_native_certs();
    roots.add_parsable_certificates(system.certs);
    if roots.is_empty() {
        tracing::warn!(
            "no root certificates were found on this system, so every https endpoint will be refused: \
             install the package ca-certificates"
        );
    }
    for root in extra_roots {
        roots.add(CertificateDer::from(root.clone())).map_err(|error| EngineError::Tls(error.to_string()))?;
    }
    Ok(Arc::new(roots))
}

/// A configuration with a session store of its own: a session that is resumed proves what it proved first.
pub(super) fn config(
    roots: &Arc<RootCertStore>,
    client: Option<&ClientCertificate>,
) -> Result<Arc<ClientConfig>, String> {
    let said = |error: tokio_rustls::rustls::Error| error.to_string();
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(said)?
        .with_root_certificates(Arc::clone(roots));
    let mut config = match client {
        None => builder.with_no_client_auth(),
        Some(client) => {
            let (chain, key) = identity::parts(client)?;
            builder.with_client_auth_cert(chain, key).map_err(said)?
        }
    };
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
