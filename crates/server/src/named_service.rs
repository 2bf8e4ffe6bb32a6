//! Calls to services that the operator names: an identity provider, a payment provider, a language model.
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

/// Why a call brought no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CallError {
    #[error("too many ask it at once")]
    TooMany,
    #[error("it did not answer in time")]
    TimedOut,
    #[error("{0}")]
    NotReached(String),
    /// Its answer broke off, or is too long.
    #[error("{0}")]
    NotRead(String),
}

impl NamedService {
    /// Fails where the machine's certificates cannot be read.
    pub(crate) fn new(calls_max: usize) -> std::io::Result<Self> {
        let tls = hyper_rustls::HttpsConnectorBuilder::new().with_native_roots()?;
        let https = tls.https_or_http().enable_http1().build();
        Ok(Self {
            http: Client::builder(TokioExecutor::new()).build(https),
            at_once: Semaphore::new(calls_max),
        })
    }

    /// A call to a service that answers quickly and briefly.
    pub(crate) async fn call(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, CallError> {
        let deadline = Duration::from_millis(limits::SERVICE_CALL_MS_MAX);
        self.call_within(request, deadline, limits::SERVICE_ANSWER_BYTES_MAX).await
    }

    pub(crate) async fn call_within(
        &self,
        request: Request<Vec<u8>>,
        deadline: Duration,
        answer_bytes_max: usize,
    ) -> Result<Response<Vec<u8>>, CallError> {
        let _place = self.at_once.try_acquire().map_err(|_| CallError::TooMany)?;
        let exchange = async {
            let request = request.map(|body| Full::new(Bytes::from(body)));
            let response = self.http.request(request).await;
            let response = response.map_err(|error| CallError::NotReached(format!("{error:?}")))?;
            let (parts, body) = response.into_parts();
            let body = Limited::new(body, answer_bytes_max).collect().await;
            let bytes = body.map_err(|error| CallError::NotRead(error.to_string()))?.to_bytes();
            Ok(Response::from_parts(parts, bytes.to_vec()))
        };
        timeout(deadline, exchange).await.unwrap_or(Err(CallError::TimedOut))
    }
}
