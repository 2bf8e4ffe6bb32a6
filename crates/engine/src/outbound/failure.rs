//! What went wrong, as a code to branch on and a sentence for a person.

use std::error::Error;
use std::io;

use docextract_model::delivery::{AttemptError, AttemptErrorCode};
use docextract_model::limits;

/// A connection that was not made, carried through the pool's own error.
#[derive(Debug, thiserror::Error)]
#[error("{}", .0.message)]
pub(super) struct ConnectFailure(pub(super) AttemptError);

impl ConnectFailure {
    pub(super) fn new(code: AttemptErrorCode, message: String) -> Self {
        Self(error(code, message))
    }
}

fn error(code: AttemptErrorCode, message: String) -> AttemptError {
    AttemptError { code, message }
}

pub(super) fn address(message: String) -> AttemptError {
    error(AttemptErrorCode::AddressNotAllowed, message)
}

pub(super) fn identity(problem: &str) -> AttemptError {
    error(AttemptErrorCode::TlsFailed, format!("the webhook's client certificate cannot be used: {problem}"))
}

pub(super) fn too_large() -> AttemptError {
    let message = format!("the answer was longer than {} KiB", limits::RESPONSE_BYTES_MAX / 1024);
    error(AttemptErrorCode::ResponseTooLarge, message)
}

/// Why an answer with this status is none; nothing for 2xx.
pub(super) fn of_status(status: u16) -> Option<AttemptError> {
    match status {
        200..=299 => None,
        300..=399 => Some(error(
            AttemptErrorCode::RedirectRefused,
            format!("the endpoint answered {status}; redirects are not followed, register the final URL"),
        )),
        _ => Some(error(AttemptErrorCode::HttpStatus, format!("the endpoint answered {status}"))),
    }
}

/// Why no answer came.
pub(super) fn of_request(failed: &hyper_util::client::legacy::Error) -> AttemptError {
    if let Some(failure) = cause::<ConnectFailure>(failed) {
        return failure.0.clone();
    }
    if let Some(told) = of_session(failed) {
        return told;
    }
    match cause::<hyper::Error>(failed) {
        Some(broken) if broken.is_parse() => {
            error(AttemptErrorCode::InvalidResponse, format!("the answer was not HTTP: {}", root(broken)))
        }
        Some(_) | None => error(
            AttemptErrorCode::Reset,
            format!("the endpoint closed the connection without an answer: {}", root(failed)),
        ),
    }
}

/// What TLS says of a session that was up. An endpoint that misses a client certificate says so only after
/// the handshake (TLS 1.3).
fn of_session(failed: Cause<'_>) -> Option<AttemptError> {
    /// HTTP/2 keeps nothing of an error of its connection but this text of rustls.
    const ALERT: &str = "received fatal alert";
    let is_tls =
        |error: &io::Error| error.get_ref().is_some_and(|inner| inner.is::<tokio_rustls::rustls::Error>());
    let told = root(failed).to_string();
    let is_of_session = told.starts_with(ALERT)
        || chain(failed).any(|error| error.downcast_ref::<io::Error>().is_some_and(is_tls));
    is_of_session.then(|| error(AttemptErrorCode::TlsFailed, format!("TLS failed: {told}")))
}

/// Why an answer broke off.
pub(super) fn of_body(broken: &hyper::Error) -> AttemptError {
    if broken.is_parse() {
        return error(
            AttemptErrorCode::InvalidResponse,
            format!("the answer's body was not HTTP: {}", root(broken)),
        );
    }
    error(
        AttemptErrorCode::Reset,
        format!("the endpoint closed the connection before its answer was complete: {}", root(broken)),
    )
}

/// There was nothing to connect to.
pub(super) fn no_address() -> ConnectFailure {
    ConnectFailure::new(AttemptErrorCode::DnsFailed, "the name has no address".to_owned())
}

/// Why a judged address could not be connected to.
pub(super) fn of_connect(failed: &io::Error, remote: std::net::SocketAddr) -> ConnectFailure {
    /// `EMFILE` and `ENFILE`: this process, or this machine, has no file descriptor left.
    const OUT_OF_DESCRIPTORS: [i32; 2] = [24, 23];
    let (code, message) = match failed.kind() {
        io::ErrorKind::ConnectionRefused => {
            (AttemptErrorCode::ConnectRefused, format!("connection refused by {remote}"))
        }
        io::ErrorKind::TimedOut => {
            (AttemptErrorCode::ConnectTimeout, format!("{remote} did not accept the connection in time"))
        }
        _ if failed.raw_os_error().is_some_and(|code| OUT_OF_DESCRIPTORS.contains(&code)) => (
            AttemptErrorCode::ConnectFailed,
            "this server ran out of sockets: ask its operator to raise the limit of open files".to_owned(),
        ),
        _ => (AttemptErrorCode::ConnectFailed, format!("{remote} could not be connected to: {failed}")),
    };
    ConnectFailure::new(code, message)
}

/// Why TLS was not agreed on.
pub(super) fn of_tls(failed: &io::Error) -> ConnectFailure {
    match failed.kind() {
        io::ErrorKind::ConnectionReset | io::ErrorKind::UnexpectedEof | io::ErrorKind::BrokenPipe => {
            ConnectFailure::new(
                AttemptErrorCode::TlsFailed,
                "the endpoint closed the connection during the TLS handshake".to_owned(),
            )
        }
        _ => ConnectFailure::new(AttemptErrorCode::TlsFailed, format!("TLS failed: {failed}")),
    }
}

type Cause<'a> = &'a (dyn Error + 'static);

/// An error, what caused it, and so on down.
fn chain(failed: Cause<'_>) -> impl Iterator<Item = Cause<'_>> {
    std::iter::successors(Some(failed), |error: &Cause<'_>| Error::source(*error))
}

/// The first error of this type in a chain of causes.
fn cause<'a, E: Error + 'static>(failed: Cause<'a>) -> Option<&'a E> {
    chain(failed).find_map(|error| error.downcast_ref())
}

/// The last error in a chain of causes, which says most.
fn root(failed: Cause<'_>) -> Cause<'_> {
    chain(failed).last().unwrap_or(failed)
}
