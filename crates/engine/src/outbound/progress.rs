//! How far an attempt came: filled by the connector, read when the attempt ends or runs out of time.
//!
//! The pool calls the connector inside of the request that needs a connection, so the connector
//! finds that request's progress in a task-local. When an idle connection comes free first, the new
//! one is finished for the pool in the background; the attempt then ignores these phases, since the
//! connection that it used has another id.

use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

use docextract_model::delivery::{AttemptError, AttemptErrorCode};
use hyper_util::client::legacy::connect::CaptureConnection;

use super::connect::ConnectionInfo;

tokio::task_local! {
    pub(super) static PROGRESS: Arc<Progress>;
}

/// What a new connection is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Stage {
    #[default]
    Pool,
    Resolving,
    Connecting,
    /// Through the egress proxy.
    Tunnelling,
    Handshaking,
    Connected,
}

#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Phases {
    pub(super) stage: Stage,
    pub(super) dns_ms: Option<u64>,
    pub(super) connect_ms: Option<u64>,
    pub(super) tls_ms: Option<u64>,
    pub(super) remote_ip: Option<IpAddr>,
    /// The connection that these phases made.
    pub(super) connection_id: Option<u64>,
}

#[derive(Debug, Default)]
pub(super) struct Progress {
    phases: Mutex<Phases>,
    connection: Mutex<Option<CaptureConnection>>,
}

impl Progress {
    pub(super) fn phases(&self) -> Phases {
        *self.phases.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn update(&self, change: impl FnOnce(&mut Phases)) {
        change(&mut self.phases.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Remembers where it will show which connection the request got.
    pub(super) fn watch(&self, connection: CaptureConnection) {
        *self.connection.lock().unwrap_or_else(PoisonError::into_inner) = Some(connection);
    }

    /// The connection that the request went out on, when it did.
    pub(super) fn used(&self) -> Option<ConnectionInfo> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.as_ref().and_then(ConnectionInfo::of)
    }

    /// The error of an attempt whose time ran out, by what it was waiting for.
    pub(super) fn deadline_passed(&self, attempt_ms_max: u64) -> AttemptError {
        let within = within(attempt_ms_max);
        let stage = if self.used().is_some() { Stage::Connected } else { self.phases().stage };
        let (code, message) = match stage {
            Stage::Resolving => (AttemptErrorCode::DnsFailed, format!("the name was not resolved {within}")),
            Stage::Connecting => {
                (AttemptErrorCode::ConnectTimeout, format!("no connection could be made {within}"))
            }
            Stage::Tunnelling => (
                AttemptErrorCode::ConnectTimeout,
                format!("the egress proxy made no connection to the endpoint {within}"),
            ),
            Stage::Handshaking => {
                (AttemptErrorCode::Timeout, format!("the TLS handshake was not finished {within}"))
            }
            Stage::Pool | Stage::Connected => {
                (AttemptErrorCode::Timeout, format!("the endpoint did not answer {within}"))
            }
        };
        AttemptError { code, message }
    }
}

/// `within 5 s`, or in milliseconds when those are not whole seconds.
fn within(ms: u64) -> String {
    if ms.is_multiple_of(1000) { format!("within {} s", ms / 1000) } else { format!("within {ms} ms") }
}
