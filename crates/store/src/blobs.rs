//! Document files: bytes under a name, kept beside the database.
//!
//! A blob is written piece by piece before it has a name ([`Blobs::begin`]), and gets its name at the end:
//! so whoever takes bytes in need not hold them all, and need not know yet what they are. [`NewBlob::keep`]
//! answers once the bytes survive a loss of power, so that a job is only ever written for a document that
//! is there. One that is dropped before leaves nothing: what it had written is removed, or swept away at
//! the next start if that failed, too. Under its name a blob is only ever replaced as a whole, and who
//! reads it then reads on in the one that was opened.
//!
//! What it never does: hold more than a buffer of a blob in memory, except in [`Blobs::put`] and
//! [`Blobs::get`], which are for small ones.

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use docextract_model::id::JobId;
use tokio::io::{AsyncRead, AsyncReadExt as _};

use crate::{Result, StoreError};

/// Bytes that are gathered before they are written, and read at once.
const BUFFER_BYTES: usize = 256 * 1024;

/// Where documents are kept, by the id of the job that they were first submitted for.
#[async_trait]
pub trait Blobs: Send + Sync + 'static {
    /// Begins a blob that has no name yet.
    async fn begin(&self) -> Result<Box<dyn NewBlob>>;

    /// None when there is no such blob.
    async fn open(&self, id: &JobId) -> Result<Option<Blob>>;

    /// Deleting what is not there is no error.
    async fn delete(&self, id: &JobId) -> Result<()>;

    /// The names of blobs in an order of the adapter's own, behind one that this gave out, at most `limit`.
    /// What is written or removed meanwhile may be missed; all else comes exactly once.
    async fn names(&self, after: Option<&JobId>, limit: usize) -> Result<Vec<JobId>>;

    /// Writes a small blob at once.
    async fn put(&self, id: &JobId, bytes: Vec<u8>) -> Result<()> {
        let mut blob = self.begin().await?;
        blob.write(&bytes).await?;
        blob.keep(id).await
    }

    /// Reads a small blob at once.
    async fn get(&self, id: &JobId) -> Result<Option<Vec<u8>>> {
        let Some(mut blob) = self.open(id).await? else { return Ok(None) };
        let mut bytes = Vec::new();
        blob.bytes
            .read_to_end(&mut bytes)
            .await
            .map_err(|error| StoreError::Unavailable(error.to_string()))?;
        Ok(Some(bytes))
    }
}

/// A blob that is being written. Dropping it gives it up.
#[async_trait]
pub trait NewBlob: Send {
    async fn write(&mut self, bytes: &[u8]) -> Result<()>;

    /// Gives it its name. From here on it is durable.
    async fn keep(self: Box<Self>, id: &JobId) -> Result<()>;
}

/// A blob that is being read.
pub struct Blob {
    pub length: u64,
    pub bytes: Pin<Box<dyn AsyncRead + Send>>,
}

/// Files in a directory, spread over 256 folders.
#[derive(Debug)]
pub struct LocalBlobs {
    root: PathBuf,
    /// Names the next file that has no name yet.
    begun: AtomicU64,
}

/// Where files are until they are whole. On the same file system, so that a rename moves them.
const INCOMING: &str = "incoming";

impl LocalBlobs {
    /// Opens `root`, creating it when it is missing, and removes what earlier processes left unfinished: no
    /// other may be writing.
    pub fn open(root: &Path) -> Result<Self> {
        prepare(root).map_err(|error| unavailable(root, &error))?;
        Ok(Self { root: root.to_owned(), begun: AtomicU64::new(0) })
    }

    fn path(&self, id: &JobId) -> PathBuf {
        path_of(&self.root, id)
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

/// Bytes on their way to their final place: in memory as long as they are few, then in a file beside it.
#[derive(Debug)]
struct Partial {
    path: PathBuf,
    /// None before the first bytes are written.
    file: Option<std::fs::File>,
    buffer: Vec<u8>,
    is_kept: bool,
}

impl Partial {
    fn new(path: PathBuf) -> Self {
        Self { path, file: None, buffer: Vec::new(), is_kept: false }
    }

    fn flush(&mut self) -> std::io::Result<&std::fs::File> {
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(std::fs::File::create_new(&self.path)?),
        };
        file.write_all(&self.buffer)?;
        self.buffer.clear();
        Ok(file)
    }

    /// From here on it is durable. A small one that is new is written at its final place: what a crash leaves of
    /// it there belongs to no job, since its job comes after it, and is swept like any file that nobody has. All
    /// others are moved there whole.
    fn keep(mut self, path: &Path) -> std::io::Result<()> {
        if self.file.is_none() {
            match write_new(path, &self.buffer) {
                Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
                written => return written,
            }
        }
        self.flush()?.sync_all()?;
        if let Err(error) = move_durably(&self.path, path) {
            // A file under its final name that nobody was promised would stay until it is swept.
            let _ = std::fs::remove_file(path);
            return Err(error);
        }
        self.is_kept = true;
        Ok(())
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        if !self.is_kept && self.file.is_some() {
            // As far as this disk still does anything.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Writes a file that is not there yet, and syncs it and its folder.
fn write_new(path: &Path, bytes: &[u8]) -> std::io::Result<()> {
    let mut file = std::fs::File::create_new(path)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    let written = written.and_then(|()| path.parent().map_or(Ok(()), sync_folder));
    if written.is_err() {
        let _ = std::fs::remove_file(path);
    }
    written
}

fn move_durably(partial: &Path, path: &Path) -> std::io::Result<()> {
    std::fs::rename(partial, path)?;
    path.parent().map_or(Ok(()), sync_folder)
}

/// A [`Partial`] on its way through the threads that may block.
struct LocalNewBlob {
    /// None once writing failed, or while a write that nobody waits for any more goes on.
    partial: Option<Partial>,
    root: PathBuf,
}

#[async_trait]
impl NewBlob for LocalNewBlob {
    async fn write(&mut self, mut bytes: &[u8]) -> Result<()> {
        loop {
            let Some(partial) = &mut self.partial else { return Err(given_up()) };
            let room = BUFFER_BYTES - partial.buffer.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            partial.buffer.extend_from_slice(now);
            if partial.buffer.len() < BUFFER_BYTES {
                return Ok(());
            }
            bytes = later;
            let Some(mut partial) = self.partial.take() else { return Err(given_up()) };
            let path = partial.path.clone();
            let written = blocking(path, move |_| {
                partial.flush()?;
                Ok(partial)
            });
            let written = written.await?;
            self.partial = Some(written);
        }
    }

    async fn keep(mut self: Box<Self>, id: &JobId) -> Result<()> {
        let Some(partial) = self.partial.take() else { return Err(given_up()) };
        blocking(path_of(&self.root, id), move |path| partial.keep(path)).await
    }
}

fn given_up() -> StoreError {
    StoreError::Unavailable("a document's file was given up after an error".to_owned())
}

fn path_of(root: &Path, id: &JobId) -> PathBuf {
    root.join(folder_name(folder_of(id))).join(id.as_str())
}

/// The names in one folder behind `after`, in their order.
fn names_in(folder: &Path, after: Option<&JobId>) -> std::io::Result<Vec<JobId>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        // What is called otherwise is nobody's document.
        let id = entry?.file_name().to_str().and_then(|name| JobId::parse(name).ok());
        names.extend(id.filter(|id| after.is_none_or(|after| id > after)));
    }
    names.sort_unstable();
    Ok(names)
}

fn names_behind(root: &Path, after: Option<&JobId>, limit: usize) -> std::io::Result<Vec<JobId>> {
    let first = after.map_or(0, folder_of);
    let mut names = Vec::new();
    for folder in first..=u8::MAX {
        let after = after.filter(|_| folder == first);
        names.extend(names_in(&root.join(folder_name(folder)), after)?);
        if names.len() >= limit {
            names.truncate(limit);
            break;
        }
    }
    Ok(names)
}

/// Each reading of a file costs a way to the threads that may block and back; a small one is read on the first.
fn read_if_small(mut file: std::fs::File) -> std::io::Result<Blob> {
    let length = file.metadata()?.len();
    if usize::try_from(length).is_ok_and(|length| length <= BUFFER_BYTES) {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        return Ok(Blob { length, bytes: Box::pin(std::io::Cursor::new(bytes)) });
    }
    Ok(Blob { length, bytes: Box::pin(tokio::fs::File::from_std(file)) })
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
    async fn begin(&self) -> Result<Box<dyn NewBlob>> {
        let number = self.begun.fetch_add(1, Ordering::Relaxed);
        let path = self.root.join(INCOMING).join(format!("{number:x}"));
        Ok(Box::new(LocalNewBlob { partial: Some(Partial::new(path)), root: self.root.clone() }))
    }

    async fn open(&self, id: &JobId) -> Result<Option<Blob>> {
        blocking(self.path(id), |path| match std::fs::File::open(path) {
            Ok(file) => read_if_small(file).map(Some),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    async fn names(&self, after: Option<&JobId>, limit: usize) -> Result<Vec<JobId>> {
        let after = after.cloned();
        blocking(self.root.clone(), move |root| names_behind(root, after.as_ref(), limit)).await
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

type InMemory = Arc<Mutex<BTreeMap<JobId, Vec<u8>>>>;

/// Blobs in memory, for tests.
#[derive(Debug, Default)]
pub struct MemoryBlobs {
    blobs: InMemory,
}

fn lock(blobs: &InMemory) -> std::sync::MutexGuard<'_, BTreeMap<JobId, Vec<u8>>> {
    blobs.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

struct MemoryNewBlob {
    bytes: Vec<u8>,
    blobs: InMemory,
}

#[async_trait]
impl NewBlob for MemoryNewBlob {
    async fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }

    async fn keep(self: Box<Self>, id: &JobId) -> Result<()> {
        lock(&self.blobs).insert(id.clone(), self.bytes);
        Ok(())
    }
}

#[async_trait]
impl Blobs for MemoryBlobs {
    async fn begin(&self) -> Result<Box<dyn NewBlob>> {
        Ok(Box::new(MemoryNewBlob { bytes: Vec::new(), blobs: Arc::clone(&self.blobs) }))
    }

    async fn open(&self, id: &JobId) -> Result<Option<Blob>> {
        let Some(bytes) = lock(&self.blobs).get(id).cloned() else { return Ok(None) };
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        Ok(Some(Blob { length, bytes: Box::pin(std::io::Cursor::new(bytes)) }))
    }

    async fn delete(&self, id: &JobId) -> Result<()> {
        lock(&self.blobs).remove(id);
        Ok(())
    }

    async fn names(&self, after: Option<&JobId>, limit: usize) -> Result<Vec<JobId>> {
        let behind = (after.map_or(Bound::Unbounded, Bound::Excluded), Bound::Unbounded);
        Ok(lock(&self.blobs).range::<JobId, _>(behind).take(limit).map(|(id, _)| id.clone()).collect())
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
    async fn what_a_killed_process_left_under_a_final_name_is_replaced_as_a_whole() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = LocalBlobs::open(folder.path()).unwrap();
        let id = JobId::parse("job_0a").unwrap();
        std::fs::write(blobs.path(&id), b"half of a longer one").unwrap();
        blobs.put(&id, b"%PDF".to_vec()).await.unwrap();
        assert_eq!(blobs.get(&id).await.unwrap().as_deref(), Some(&b"%PDF"[..]));
        assert_eq!(files(folder.path()), 1);
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

    #[tokio::test]
    async fn a_blob_in_pieces_is_whole_and_one_that_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let blobs = LocalBlobs::open(folder.path()).unwrap();
        let id = JobId::parse("job_0a").unwrap();
        let piece: Vec<u8> = (0..100_003_u32).map(|n| n.to_le_bytes()[0]).collect();
        let (mut given_up, mut kept) = (blobs.begin().await.unwrap(), blobs.begin().await.unwrap());
        for _ in 0..7 {
            given_up.write(&piece).await.unwrap();
            kept.write(&piece).await.unwrap();
        }
        assert_eq!(files(folder.path()), 2);
        drop(given_up);
        assert_eq!(blobs.get(&id).await.unwrap(), None, "it has no name yet");
        kept.keep(&id).await.unwrap();
        assert_eq!(files(folder.path()), 1);
        let opened = blobs.open(&id).await.unwrap().unwrap();
        assert_eq!(opened.length, 7 * 100_003);
        assert_eq!(blobs.get(&id).await.unwrap().unwrap(), piece.repeat(7));
    }

    #[tokio::test]
    async fn every_blob_is_named_once_however_short_the_pages() {
        let folder = tempfile::tempdir().unwrap();
        let all: Vec<JobId> = (0..600).map(|n| JobId::parse(&format!("job_{n:04x}")).unwrap()).collect();
        let stores: [Box<dyn Blobs>; 2] =
            [Box::new(LocalBlobs::open(folder.path()).unwrap()), Box::new(MemoryBlobs::default())];
        for blobs in stores {
            for id in &all {
                blobs.put(id, b"x".to_vec()).await.unwrap();
            }
            for limit in [1, 7, 10_000] {
                let mut named = Vec::new();
                loop {
                    let page = blobs.names(named.last(), limit).await.unwrap();
                    assert!(page.len() <= limit);
                    if page.is_empty() {
                        break;
                    }
                    named.extend(page);
                }
                named.sort_unstable();
                assert_eq!(named, all);
            }
        }
    }

    #[test]
    fn ids_of_one_moment_are_spread_over_the_folders() {
        let folders: std::collections::BTreeSet<u8> = (0..4_096_u32)
            .map(|n| folder_of(&JobId::parse(&format!("job_01a209d8b3ec7f8ab4429d2f{n:04x}0000")).unwrap()))
            .collect();
        assert_eq!(folders.len(), 256);
    }
}
