//! Pictures of documents' pages, for whoever compares them with the values.
//!
//! A picture is drawn in the child processes that also read documents, beside their work, and never kept:
//! the document is there, and its reader keeps what it got. Only a few are drawn at the same time; a request
//! waits a while for its turn.

use std::time::Duration;

use docextract_extraction::NotDrawn;
use docextract_model::job::Job;
use docextract_model::limits;
use tokio::time::timeout;

use crate::Engine;
use crate::extract::{Stored, owner_of};

/// Why there is no picture now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoPicture {
    /// Too many are being drawn.
    Busy,
    NotDrawn(NotDrawn),
}

impl Engine {
    /// Draws a page of a job's document as a PNG file, so many pixels wide, as far as the limits allow.
    pub async fn draw_page(&self, job: &Job, page: u32, width: u32) -> Result<Vec<u8>, NoPicture> {
        let patience = Duration::from_millis(limits::PICTURE_WAIT_MS_MAX);
        let turn = timeout(patience, self.pictures.acquire()).await;
        // Nobody closes this: without a permit there is only no limit.
        let _turn = turn.map_err(|_elapsed| NoPicture::Busy)?.ok();
        let document = Stored { engine: self, blob_id: &job.blob_id, length: job.file_size_bytes };
        let (owner, limits) = (owner_of(job), &self.config().extraction);
        let drawn = self.parts.extractor.draw(&owner, &document, page, width, limits);
        drawn.await.map_err(NoPicture::NotDrawn)
    }
}
