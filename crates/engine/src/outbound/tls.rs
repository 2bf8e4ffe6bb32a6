//! TLS: the system's roots, and those that an operator added.

use std::sync::Arc;

use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

use crate::EngineError;

/// Roots are read once, at start; a certificate that the system gets later counts after a restart.
pub(super) fn config(extra_roots: &[Vec<u8>]) -> Result<Arc<ClientConfig>, EngineError> {
    let tls = |error: tokio_rustls::rustls::Error| EngineError::Tls(error.to_string());
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
        roots.add(CertificateDer::from(root.clone())).map_err(tls)?;
    }
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(tls)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
