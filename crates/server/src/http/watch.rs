//! How long a connection may keep the server waiting.
//!
//! The stream, the request's body and the answer's body of one connection each note what they see in its
//! [`Watch`]; one timer per connection looks at the notes now and then. So a request costs a few notes, and
//! arms no timer of its own.
//!
//! Four things are timed: the head of a request from its first byte (on a new connection: from the
//! start), a connection without a request, and, both while the server waits for the client, the sending
//! of a body and the taking of an answer. The last two have a pace to keep: a client may wait
//! `stall_ms_max` in one go, and altogether that long beyond what its bytes take at
//! `bytes_per_second_min`. While a handler works, nothing is timed.
//!
//! Who is too late is cut off without an answer: it would not read one.

use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::BoxError;
use axum::body::{Body, Bytes};
use hyper::body::{Body as HttpBody, Frame, Incoming, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::HttpLimits;

pub(super) struct Watch {
    limits: Arc<HttpLimits>,
    body_bytes_max: u64,
    notes: Mutex<Notes>,
}

struct Notes {
    phase: Phase,
    /// When the connection was opened, its last answer ended, or the client last took something.
    active_at: Instant,
    sending: Pace,
    taking: Pace,
}

#[derive(Clone, Copy)]
enum Phase {
    /// A request's line and headers are coming in.
    Head {
        since: Instant,
    },
    /// A request is handled, or its answer sent.
    Request,
    Idle,
}

/// How fast the client moves what the server waits for.
#[derive(Default)]
struct Pace {
    waiting_since: Option<Instant>,
    waited: Duration,
    bytes: u64,
}

impl Pace {
    fn wait(&mut self) {
        self.waiting_since.get_or_insert_with(Instant::now);
    }

    fn moved(&mut self, bytes: usize) {
        self.stop();
        self.bytes = self.bytes.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
    }

    fn stop(&mut self) {
        if let Some(since) = self.waiting_since.take() {
            self.waited += since.elapsed();
        }
    }

    fn deadline(&self, limits: &HttpLimits) -> Option<Instant> {
        let since = self.waiting_since?;
        let stall = Duration::from_millis(limits.stall_ms_max);
        let moving = Duration::from_millis(self.bytes.saturating_mul(1_000) / limits.bytes_per_second_min);
        let left = stall.saturating_add(moving).saturating_sub(self.waited);
        Some(since + left.min(stall))
    }
}

/// Why a connection is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum TooLate {
    Head,
    Idle,
    Sending,
    Taking,
}

impl fmt::Display for TooLate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Head => "the headers of its request did not come in time",
            Self::Idle => "it had no request on it",
            Self::Sending => "the body of its request came too slowly",
            Self::Taking => "its answer was taken too slowly",
        })
    }
}

impl Watch {
    pub(super) fn new(limits: Arc<HttpLimits>, body_bytes_max: u64) -> Self {
        let now = Instant::now();
        let notes = Notes {
            phase: Phase::Head { since: now },
            active_at: now,
            sending: Pace::default(),
            taking: Pace::default(),
        };
        Self { limits, body_bytes_max, notes: Mutex::new(notes) }
    }

    pub(super) fn stream(self: &Arc<Self>, stream: TcpStream) -> Watched {
        Watched { stream, watch: Arc::clone(self) }
    }

    pub(super) fn body(self: &Arc<Self>, body: Incoming) -> Sent {
        Sent { body, bytes_left: self.body_bytes_max, watch: Arc::clone(self) }
    }

    pub(super) fn answer(self: &Arc<Self>, body: Body) -> Answer {
        Answer { body, watch: Arc::clone(self) }
    }

    pub(super) fn begin_request(&self) {
        let mut notes = self.notes();
        notes.phase = Phase::Request;
        notes.sending = Pace::default();
        notes.taking = Pace::default();
    }

    fn notes(&self) -> MutexGuard<'_, Notes> {
        self.notes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is waited for, and until when at most.
    fn deadline(&self) -> Option<(Instant, TooLate)> {
        let notes = self.notes();
        let is_taking = notes.taking.waiting_since.is_some();
        let phase = match notes.phase {
            // What comes next on the connection is not late while the last answer is still being taken.
            Phase::Head { .. } | Phase::Idle if is_taking => None,
            Phase::Head { since } => {
                let begun = since.max(notes.active_at);
                Some((begun + Duration::from_millis(self.limits.head_ms_max), TooLate::Head))
            }
            Phase::Idle => {
                Some((notes.active_at + Duration::from_millis(self.limits.idle_ms_max), TooLate::Idle))
            }
            Phase::Request => None,
        };
        let sending = notes.sending.deadline(&self.limits).map(|at| (at, TooLate::Sending));
        let taking = notes.taking.deadline(&self.limits).map(|at| (at, TooLate::Taking));
        [phase, sending, taking].into_iter().flatten().min()
    }

    /// Resolves when the client has kept the server waiting for too long.
    pub(super) async fn expired(&self) -> TooLate {
        // What begins after a look is looked at again before it can be late.
        let limits = &self.limits;
        let look_again =
            Duration::from_millis(limits.head_ms_max.min(limits.idle_ms_max).min(limits.stall_ms_max));
        loop {
            let now = Instant::now();
            let next = now + look_again;
            match self.deadline() {
                Some((at, why)) if at <= now => return why,
                Some((at, _)) => sleep_until(at.min(next)).await,
                None => sleep_until(next).await,
            }
        }
    }
}

/// The connection's stream.
pub(super) struct Watched {
    stream: TcpStream,
    watch: Arc<Watch>,
}

impl Watched {
    fn note_written(&self, written: &Poll<io::Result<usize>>) {
        let mut notes = self.watch.notes();
        match written {
            Poll::Pending => notes.taking.wait(),
            Poll::Ready(Ok(bytes)) => {
                notes.taking.moved(*bytes);
                notes.active_at = Instant::now();
            }
            Poll::Ready(Err(_)) => notes.taking.stop(),
        }
    }
}

impl AsyncRead for Watched {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(cx, buf))?;
        if buf.filled().len() > before {
            let mut notes = self.watch.notes();
            if matches!(notes.phase, Phase::Idle) {
                notes.phase = Phase::Head { since: Instant::now() };
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, bytes);
        self.note_written(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, pieces);
        self.note_written(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// A body on its way in.
pub(super) struct Sent {
    body: Incoming,
    bytes_left: u64,
    watch: Arc<Watch>,
}

#[derive(Debug, thiserror::Error)]
#[error("it is longer than any request may be")]
struct TooLong;

impl HttpBody for Sent {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        let length = match &polled {
            Poll::Ready(Some(Ok(frame))) => frame.data_ref().map_or(0, Bytes::len),
            Poll::Ready(_) | Poll::Pending => 0,
        };
        {
            let mut notes = self.watch.notes();
            if polled.is_pending() {
                notes.sending.wait();
            } else {
                notes.sending.moved(length);
            }
        }
        let bytes_left = self.bytes_left.checked_sub(u64::try_from(length).unwrap_or(u64::MAX));
        match bytes_left {
            Some(bytes_left) => self.bytes_left = bytes_left,
            None => return Poll::Ready(Some(Err(TooLong.into()))),
        }
        polled.map_err(Into::into)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Sent {
    /// Who does not want the rest of a body does not wait for it.
    fn drop(&mut self) {
        self.watch.notes().sending.stop();
    }
}

/// A body on its way out. When it is dropped, it has been handed over whole, or never will be.
pub(super) struct Answer {
    body: Body,
    watch: Arc<Watch>,
}

impl HttpBody for Answer {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Answer {
    fn drop(&mut self) {
        let mut notes = self.watch.notes();
        notes.phase = Phase::Idle;
        notes.active_at = Instant::now();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits() -> HttpLimits {
        HttpLimits { stall_ms_max: 1_000, bytes_per_second_min: 100, ..HttpLimits::default() }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_drips_is_late_although_it_never_stalls() {
        let (limits, mut pace, started) = (limits(), Pace::default(), Instant::now());
        let cut_off_after = loop {
            pace.wait();
            let late_at = pace.deadline(&limits).unwrap();
            tokio::time::advance(Duration::from_millis(500)).await;
            if Instant::now() >= late_at {
                break started.elapsed();
            }
            pace.moved(1);
        };
        assert_eq!(
            cut_off_after,
            Duration::from_millis(1_500),
            "half a second of a byte each is worth 10 ms"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn bytes_that_came_fast_buy_no_long_stall() {
        let (limits, mut pace) = (limits(), Pace::default());
        pace.moved(1_000_000);
        pace.wait();
        assert_eq!(pace.deadline(&limits), Some(Instant::now() + Duration::from_secs(1)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_handler_makes_no_client_late() {
        let (limits, mut pace) = (limits(), Pace::default());
        pace.wait();
        pace.moved(10);
        tokio::time::advance(Duration::from_secs(60)).await;
        assert_eq!(pace.deadline(&limits), None);
        pace.wait();
        assert!(pace.deadline(&limits).unwrap() > Instant::now() + Duration::from_millis(900));
    }
}
