//! The data directory: the database, the documents, and who may have them.
//!
//! Any number of processes may open the database; only one may serve it, because what a server holds
//! in leases is given back by the next one that starts.

use std::fs::{File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use docextract_store::StoreError;
use docextract_store::blobs::LocalBlobs;
use docextract_store::sqlite::{OpenError, SqliteStore};
use docextract_store::vault::VaultKeyId;

use crate::secrets::{self, Secrets, SecretsError};

#[derive(Debug, thiserror::Error)]
pub enum DataDirError {
    #[error("the data directory {0} cannot be used: {1}")]
    Unusable(PathBuf, io::Error),
    #[error("another docextract serves the data directory {0}")]
    Served(PathBuf),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Secrets(#[from] SecretsError),
    #[error("the database's secrets are sealed with key {0}, which is not in {1}")]
    WrongKey(VaultKeyId, secrets::Place),
}

impl DataDirError {
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Unusable(..) => "name a directory that this user may write to with --data-dir",
            Self::Served(_) => "stop the other server, or give this one its own --data-dir",
            Self::Store(_) => "check the free space and the permissions of the data directory",
            Self::Secrets(error) => error.hint(),
            Self::WrongKey(..) => {
                "give back the key file that belongs to this database (or name it with --secrets-key-file); \
                 without its key its secrets cannot be read"
            }
        }
    }
}

#[derive(Debug, Clone)]
pub struct DataDir {
    path: PathBuf,
}

/// Held by the one process that serves a data directory; dropping it gives it up.
#[derive(Debug)]
pub struct ServeLock {
    _file: File,
}

impl DataDir {
    /// Opens a data directory, creating it, for this user only, when it is missing.
    pub fn open(path: &Path) -> Result<Self, DataDirError> {
        use std::os::unix::fs::DirBuilderExt as _;
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true).mode(0o700);
        builder.create(path).map_err(|error| DataDirError::Unusable(path.to_owned(), error))?;
        Ok(Self { path: path.to_owned() })
    }

    /// The database, and the file of its keys if that had to be made.
    pub fn store(&self, secrets: &Secrets) -> Result<(SqliteStore, Option<PathBuf>), DataDirError> {
        let database = self.path.join("docextract.db");
        let (vault, made) = secrets.vault(&self.path, !database.exists())?;
        match SqliteStore::open(&database, &vault) {
            Ok(store) => Ok((store, made)),
            Err(OpenError::Store(error)) => Err(error.into()),
            Err(OpenError::WrongKey(id)) => Err(DataDirError::WrongKey(id, secrets.place(&self.path))),
        }
    }

    pub fn blobs(&self) -> Result<LocalBlobs, DataDirError> {
        Ok(LocalBlobs::open(&self.path.join("blobs"))?)
    }

    /// Takes the directory for serving, or says that somebody else has it.
    pub fn lock_for_serving(&self) -> Result<ServeLock, DataDirError> {
        let file = self.lock_file("serve.lock")?;
        match file.try_lock() {
            Ok(()) => Ok(ServeLock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(DataDirError::Served(self.path.clone())),
            Err(TryLockError::Error(error)) => Err(DataDirError::Unusable(self.path.clone(), error)),
        }
    }

    /// Waits until no other process is setting this directory up. Held until it is dropped.
    pub(crate) fn lock_for_setup(&self) -> Result<ServeLock, DataDirError> {
        let file = self.lock_file("setup.lock")?;
        file.lock().map_err(|error| DataDirError::Unusable(self.path.clone(), error))?;
        Ok(ServeLock { _file: file })
    }

    fn lock_file(&self, name: &str) -> Result<File, DataDirError> {
        let mut options = File::options();
        options.write(true).create(true).truncate(false);
        let file = options.open(self.path.join(name));
        file.map_err(|error| DataDirError::Unusable(self.path.clone(), error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_data_directory_is_served_once() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = DataDir::open(&folder.path().join("a/b")).unwrap();
        let lock = data_dir.lock_for_serving().unwrap();
        assert!(matches!(data_dir.lock_for_serving(), Err(DataDirError::Served(_))));
        drop(lock);
        data_dir.lock_for_serving().unwrap();
    }
}
