//! Document files: bytes under a name, kept beside the database.
//!
//! `put` answers once the bytes survive a loss of power, so that a job is only ever written for a
//! document that is there. A blob is written once and never changed.

use std::collections::HashMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use async_trait::async_trait;
use docextract_model::id::JobId;

use crate::{Result, StoreError};

/// Where documents are kept, by the id of the job that they were first submitted for.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    async fn put(&self, id: &JobId, bytes: Vec<u8>) -> Result<()>;
    /// None when there is no such blob.
    async fn get(&self, id: &JobId) -> Result<Option<Vec<u8>>>;
    /// Deleting what is not there is no error.
    async fn delete(&self, id: &JobId) -> Result<()>;
}

/// Files in a directory, spread over 256 folders by the last two digits of the id.
#[derive(Debug)]
pub struct LocalBlobs {
    root: PathBuf,
}

impl LocalBlobs {
    /// Opens `root`, creating it when it is missing.
    pub fn open(root: &Path) -> Result<Self> {
        std::fs::create_dir_all(root).map_err(|error| unavailable(root, &error))?;
        Ok(Self { root: root.to_owned() })
    }

    fn path(&self, id: &JobId) -> PathBuf {
        let id = id.as_str();
        let folder = id.get(id.len().saturating_sub(2)..).unwrap_or("00");
        self.root.join(folder).join(id)
    }
}

fn unavailable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}

/// Writes beside the final name, syncs, renames, and syncs the folder: a crash leaves all or nothing.
fn write_durably(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    if !folder.exists() {
        std::fs::create_dir_all(folder)?;
        std::fs::File::open(folder.parent().unwrap_or(Path::new(".")))?.sync_all()?;
    }
    let partial = path.with_extension("partial");
    let mut file = std::fs::File::create(&partial)?;
    file.write_all(bytes)?;
    file.sync_all()?;
    std::fs::rename(&partial, path)?;
    std::fs::File::open(folder)?.sync_all()
}

async fn blocking<T: Send + 'static>(
    path: PathBuf,
    work: impl FnOnce(&Path) -> std::io::Result<T> + Send + 'static,
) -> Result<T> {
    tokio::task::spawn_blocking(move || work(&path).map_err(|error| unavailable(&path, &error)))
        .await
        .map_err(|error| StoreError::Unavailable(error.to_string()))?
}

#[async_trait]
impl Blobs for LocalBlobs {
    async fn put(&self, id: &JobId, bytes: Vec<u8>) -> Result<()> {
        blocking(self.path(id), move |path| write_durably(path, &bytes)).await
    }

    async fn get(&self, id: &JobId) -> Result<Option<Vec<u8>>> {
        blocking(self.path(id), |path| match std::fs::read(path) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn delete(&self, id: &JobId) -> Result<()> {
        blocking(self.path(id), |path| match std::fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
            Ok(()) | Err(_) => Ok(()),
        })
        .await
    }
}

/// Blobs in memory, for tests.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    blobs: Mutex<HashMap<JobId, Vec<u8>>>,
}

impl MemoryBlobs {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<JobId, Vec<u8>>> {
        self.blobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn put(&self, id: &JobId, bytes: Vec<u8>) -> Result<()> {
        self.lock().insert(id.clone(), bytes);
        Ok(())
    }

    async fn get(&self, id: &JobId) -> Result<Option<Vec<u8>>> {
        Ok(self.lock().get(id).cloned())
    }

    async fn delete(&self, id: &JobId) -> Result<()> {
        self.lock().remove(id);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_blob_is_there_after_opening_again() {
        let folder = tempfile::tempdir().unwrap();
        let id = JobId::parse("job_0a").unwrap();
        LocalBlobs::open(folder.path()).unwrap().put(&id, b"%PDF".to_vec()).await.unwrap();
        let blobs = LocalBlobs::open(folder.path()).unwrap();
        assert_eq!(blobs.get(&id).await.unwrap().as_deref(), Some(&b"%PDF"[..]));
        blobs.delete(&id).await.unwrap();
        blobs.delete(&id).await.unwrap();
        assert_eq!(blobs.get(&id).await.unwrap(), None);
    }
}
