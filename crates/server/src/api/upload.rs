//! A document on its way from a request into the blob store: never held as a whole.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::{Body, BodyDataStream, Bytes};
use docextract_model::id::JobId;
use docextract_model::limits;
use docextract_store::blobs::{Blobs, NewBlob};
use futures_util::Stream;
use http_body_util::BodyExt as _;

use super::app::App;
use super::error::{ApiError, ErrorCode, Result};

/// A document that is being taken in. It has no name yet, and dropping it leaves nothing of it.
pub(crate) struct Upload {
    blobs: Arc<dyn Blobs>,
    taken: Taken,
    length: u64,
    bytes_max: u64,
}

/// Where it is so far.
enum Taken {
    /// It may come to be kept with its job.
    Small(Vec<u8>),
    File(Box<dyn NewBlob>),
}

impl Upload {
    pub(crate) fn begin(app: &App) -> Self {
        let (blobs, bytes_max) = (Arc::clone(&app.blobs), app.document_bytes_max);
        Self { blobs, taken: Taken::Small(Vec::new()), length: 0, bytes_max }
    }

    pub(crate) async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.length += u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.length > self.bytes_max {
            return Err(ErrorCode::DocumentTooLarge.into());
        }
        match &mut self.taken {
            Taken::Small(held) if held.len() + bytes.len() <= limits::DOCUMENT_BYTES_WITH_JOB_MAX => {
                held.extend_from_slice(bytes);
            }
            Taken::Small(held) => {
                let mut blob = self.blobs.begin().await?;
                blob.write(held).await?;
                blob.write(bytes).await?;
                self.taken = Taken::File(blob);
            }
            Taken::File(blob) => blob.write(bytes).await?,
        }
        Ok(())
    }

    pub(crate) fn length(&self) -> u64 {
        self.length
    }

    /// Whether it is so large that it gets a file.
    pub(crate) fn is_file(&self) -> bool {
        matches!(self.taken, Taken::File(_))
    }

    /// Keeps it, durably, as the document of this job. A small one is given out instead, to be kept with the job.
    pub(crate) async fn keep(self, id: &JobId) -> Result<Option<Vec<u8>>> {
        match self.taken {
            Taken::Small(document) => Ok(Some(document)),
            Taken::File(blob) => {
                blob.keep(id).await?;
                Ok(None)
            }
        }
    }
}

/// The next piece of a body; none at its end.
pub(crate) async fn next_piece(body: &mut Body) -> Result<Option<Bytes>> {
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            ApiError::with_message(ErrorCode::MalformedRequest, format!("The body ended early: {error}."))
        })?;
        if let Ok(data) = frame.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// A body that hands out one piece at a time. The reader of multipart bodies gathers whatever is ready, and
/// of a fast sender that is the whole document.
pub(crate) struct Paced {
    pieces: BodyDataStream,
    is_resting: bool,
}

impl Paced {
    pub(crate) fn body(body: Body) -> Body {
        Body::from_stream(Self { pieces: body.into_data_stream(), is_resting: false })
    }
}

impl Stream for Paced {
    type Item = std::result::Result<Bytes, axum::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if std::mem::take(&mut self.is_resting) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let polled = Pin::new(&mut self.pieces).poll_next(context);
        self.is_resting = matches!(polled, Poll::Ready(Some(Ok(_))));
        polled
    }
}
