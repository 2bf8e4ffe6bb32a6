//! Calls to services that the operator names: an identity provider, a payment provider.
//!
//! The address is the operator's word, so it may be a private one. A call has a deadline and a limit on what
//! is read, follows no redirect, and only a few are on their way at once: a service that hangs does not keep
//! the server's requests.

use std::time::Duration;

use axum::body::Bytes;
use axum::http::{Request, Response};
use docextract_model::limits;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tokio::sync::Semaphore;
use tokio::time::timeout;

/// The client of one service.
pub(crate) struct NamedService {
    http: Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    at_once: Semaphore,
}

#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct CallError(String);

impl NamedService {
    /// Fails where the machine's certificates cannot be read.
    pub(crate) fn new() -> std::io::Result<Self> {
        let tls = hyper_rustls::HttpsConnectorBuilder::new().with_native_roots()?;
        let https = tls.https_or_http().enable_http1().build();
        Ok(Self {
            http: Client::builder(TokioExecutor::new()).build(https),
            at_once: Semaphore::new(limits::SERVICE_CALLS_MAX),
        })
    }

    pub(crate) async fn call(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, CallError> {
        let _place =
            self.at_once.try_acquire().map_err(|_| CallError("too many ask it at once".to_owned()))?;
        let exchange = async {
            let request = request.map(|body| Full::new(Bytes::from(body)));
            let response =
                self.http.request(request).await.map_err(|error| CallError(format!("{error:?}")))?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, limits::SERVICE_ANSWER_BYTES_MAX).collect().await;
            let bytes = body.map_err(|error| CallError(error.to_string()))?.to_bytes();
            Ok(Response::from_parts(parts, bytes.to_vec()))
        };
        let deadline = Duration::from_millis(limits::SERVICE_CALL_MS_MAX);
        timeout(deadline, exchange).await.map_err(|_| CallError("it did not answer in time".to_owned()))?
    }
}
