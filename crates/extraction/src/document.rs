//! A document on its way to a child: its bytes are passed on as they are read, never held as a whole.

use std::pin::Pin;

use async_trait::async_trait;
use docextract_model::failure::Failure;
use tokio::io::AsyncRead;

/// Where a document's bytes are. It is opened once for every child that is asked about it.
#[async_trait]
pub trait Document: Send + Sync {
    async fn open(&self) -> Result<Opened<'_>, Failure>;
}

/// A document that is being read.
pub struct Opened<'a> {
    pub length: u64,
    pub bytes: Pin<Box<dyn AsyncRead + Send + 'a>>,
}

/// A document in memory.
#[async_trait]
impl Document for Vec<u8> {
    async fn open(&self) -> Result<Opened<'_>, Failure> {
        let length = u64::try_from(self.len()).unwrap_or(u64::MAX);
        Ok(Opened { length, bytes: Box::pin(self.as_slice()) })
    }
}
