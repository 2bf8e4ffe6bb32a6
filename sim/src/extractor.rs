//! Documents are not read here: what reading one comes to is drawn.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use docextract_engine::Extract;
use docextract_extraction::{Document, Extraction, Lesson, Limits, NotDrawn, Request, Source};
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::id::JobId;
use docextract_store::blobs::{Blob, Blobs, MemoryBlobs, NewBlob};
use docextract_store::{Result, StoreError};
use rand::RngExt as _;
use rand::rngs::StdRng;
use serde_json::{Map, json};

use crate::world::{World, sleep_ms};

/// What a simulated panic says; the hook keeps quiet about it.
pub const PANIC: &str = "simulated: the extraction panics";

pub struct DrawnExtractor {
    pub rng: Mutex<StdRng>,
}

impl DrawnExtractor {
    fn draw(&self, range: std::ops::Range<u64>) -> u64 {
        self.rng.lock().unwrap_or_else(PoisonError::into_inner).random_range(range)
    }
}

#[async_trait]
impl Extract for DrawnExtractor {
    async fn extract(
        &self,
        _request: Request,
        document: &dyn Document,
    ) -> std::result::Result<Extraction, Failure> {
        document.open().await?;
        sleep_ms(self.draw(5..3_000)).await;
        match self.draw(0..20) {
            0 => Err(Failure::new(FailureCode::DocumentUnreadable)),
            1 | 2 => Err(Failure::new(FailureCode::TemporaryError)),
            3 => panic!("{PANIC}"),
            4 => {
                sleep_ms(3_600_000).await;
                Err(Failure::new(FailureCode::DocumentUnreadable))
            }
            _ => Ok(self.extraction()),
        }
    }

    async fn draw(
        &self,
        _: &str,
        _: &dyn Document,
        _: u32,
        _: u32,
        _: &Limits,
    ) -> std::result::Result<Vec<u8>, NotDrawn> {
        Err(NotDrawn::NoPages)
    }

    async fn learn(
        &self,
        _: Request,
        _: &dyn Document,
        _: Map<String, serde_json::Value>,
    ) -> std::result::Result<Option<Lesson>, Failure> {
        Ok(None)
    }
}

impl DrawnExtractor {
    fn extraction(&self) -> Extraction {
        let pages = u32::try_from(self.draw(1..25)).unwrap_or(1);
        let field = |value: serde_json::Value| Map::from_iter([("total_amount".to_owned(), value)]);
        Extraction {
            mime_type: "application/pdf".to_owned(),
            page_count: pages,
            source: Source::TextLayer,
            extracted_data: field(json!(1250.50)),
            confidence: field(json!(0.98)),
            citations: field(json!(null)),
            warnings: Vec::new(),
            explanations: Vec::new(),
            lessons_used: Vec::new(),
            pages: None,
        }
    }
}

/// Documents in memory, away when the store is.
pub struct NodeBlobs {
    pub inner: Arc<MemoryBlobs>,
    pub world: Arc<World>,
    pub rng: Mutex<StdRng>,
}

impl NodeBlobs {
    fn is_away(&self) -> bool {
        let spell = self.world.faults().store;
        let mut rng = self.rng.lock().unwrap_or_else(PoisonError::into_inner);
        spell.is_some_and(|spell| rng.random_range(0..100) < spell.refused_percent)
    }
}

#[async_trait]
impl Blobs for NodeBlobs {
    async fn begin(&self) -> Result<Box<dyn NewBlob>> {
        if self.is_away() {
            return Err(StoreError::Unavailable("simulated: refused".to_owned()));
        }
        self.inner.begin().await
    }

    async fn open(&self, id: &JobId) -> Result<Option<Blob>> {
        if self.is_away() {
            return Err(StoreError::Unavailable("simulated: refused".to_owned()));
        }
        self.inner.open(id).await
    }

    async fn delete(&self, id: &JobId) -> Result<()> {
        self.inner.delete(id).await
    }

    async fn names(&self, after: Option<&JobId>, limit: usize) -> Result<Vec<JobId>> {
        self.inner.names(after, limit).await
    }
}
