//! Document files: bytes under a name, kept beside the database.
//!
//! `put` answers once the bytes survive a loss of power, so that a job is only ever written for a
//! document that is there. A blob is written once and never changed. A `put` that failed leaves nothing:
//! what it had written is removed, or swept away at the next start if that failed, too.

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

/// Files in a directory, spread over 256 folders.
#[derive(Debug)]
pub struct LocalBlobs {
    root: PathBuf,
}

/// Where files are until they are whole. On the same file system, so that a rename moves them.
const INCOMING: &str = "incoming";

impl LocalBlobs {
    /// Opens `root`, creating it when it is missing, and removes what earlier processes left unfinished: no
    /// other may be writing.
    pub fn open(root: &Path) -> Result<Self> {
        prepare(root).map_err(|error| unavailable(root, &error))?;
        Ok(Self { root: root.to_owned() })
    }

    fn path(&self, id: &JobId) -> PathBuf {
        self.root.join(folder_name(folder_of(id))).join(id.as_str())
    }
}

/// Ids made at the same time share their first and last digits, so all of them count (FNV-1a).
fn folder_of(id: &JobId) -> u8 {
    let hash = id.as_str().bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    });
    hash.to_le_bytes().into_iter().fold(0, |folded, byte| folded ^ byte)
}

fn folder_name(folder: u8) -> String {
    format!("{folder:02x}")
}

fn unavailable(path: &Path, error: &std::io::Error) -> StoreError {
    StoreError::Unavailable(format!("{}: {error}", path.display()))
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

/// Makes all folders and makes them last, every time: a `put` need not ask whether an earlier one that made
/// its folder lived long enough to sync it.
fn prepare(root: &Path) -> std::io::Result<()> {
    let incoming = root.join(INCOMING);
    std::fs::create_dir_all(&incoming)?;
    for folder in 0..=u8::MAX {
        match std::fs::create_dir(root.join(folder_name(folder))) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(error),
            Ok(()) | Err(_) => {}
        }
    }
    sync_folder(root)?;
    if let Some(parent) = root.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        sync_folder(parent)?;
    }
    for entry in std::fs::read_dir(incoming)? {
        std::fs::remove_file(entry?.path())?;
    }
    Ok(())
}

/// Writes beside the final place, syncs, renames, and syncs the folder: a crash leaves all or nothing.
fn write_durably(partial: &Path, path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let written = write_synced(partial, bytes).and_then(|()| move_durably(partial, path));
    if written.is_err() {
        // As far as this disk still does anything. A file under its final name that nobody was promised
        // would stay for good.
        let _ = std::fs::remove_file(partial);
        let _ = std::fs::remove_file(path);
    }
    written
}

fn write_synced(partial: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create(partial)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn move_durably(partial: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::rename(partial, path)?;
    path.parent().map_or(Ok(()), sync_folder)
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
        let partial = self.root.join(INCOMING).join(id.as_str());
        blocking(self.path(id), move |path| write_durably(&partial, path, &bytes)).await
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
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            // Or a loss of power would bring it back.
            Ok(()) => path.parent().map_or(Ok(()), sync_folder),
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

    /// Files below a folder, however deep.
    fn files(folder: &Path) -> usize {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.map(|path| if path.is_dir() { files(&path) } else { 1 }).sum()
    }

    #[tokio::test]
    async fn a_put_that_fails_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = LocalBlobs::open(folder.path()).unwrap();
        let id = JobId::parse("job_0a").unwrap();
        // Whatever the file is renamed to is taken by a folder that is not empty.
        std::fs::create_dir_all(blobs.path(&id).join("taken")).unwrap();
        assert!(matches!(blobs.put(&id, b"%PDF".to_vec()).await, Err(StoreError::Unavailable(_))));
        assert_eq!(files(folder.path()), 0);

        std::fs::remove_dir_all(blobs.path(&id)).unwrap();
        blobs.put(&id, b"%PDF".to_vec()).await.unwrap();
        assert_eq!(blobs.get(&id).await.unwrap().as_deref(), Some(&b"%PDF"[..]));
    }

    #[tokio::test]
    async fn what_a_killed_process_left_unfinished_is_swept_at_the_next_start() {
        let folder = tempfile::tempdir().unwrap();
        let id = JobId::parse("job_0a").unwrap();
        LocalBlobs::open(folder.path()).unwrap().put(&id, b"%PDF".to_vec()).await.unwrap();
        std::fs::write(folder.path().join(INCOMING).join("job_0b"), b"%P").unwrap();
        let blobs = LocalBlobs::open(folder.path()).unwrap();
        assert_eq!(files(folder.path()), 1);
        assert!(blobs.get(&id).await.unwrap().is_some());
    }

    #[test]
    fn ids_of_one_moment_are_spread_over_the_folders() {
        let folders: std::collections::BTreeSet<u8> = (0..4_096_u32)
            .map(|n| folder_of(&JobId::parse(&format!("job_01a209d8b3ec7f8ab4429d2f{n:04x}0000")).unwrap()))
            .collect();
        assert_eq!(folders.len(), 256);
    }
}
