//! The keys that seal the secrets in the database, and where they come from.
//!
//! They are in a file, one a line, or in the variable `DOCEXTRACT_SECRET_KEY`, separated by commas. Which
//! one seals is for the database to say; a fresh one takes the first. A fresh data directory without
//! either gets a file of its own, for its owner only.
//!
//! **Who loses the keys loses the secrets**: the signing secrets of webhooks, their headers and the keys of
//! their client certificates. Nothing here can bring them back, so a database whose key is missing is not
//! opened, and a new key is never made for it.

use std::fmt;
use std::io::{self, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use docextract_store::vault::{KEY_BYTES, Vault, VaultKey};

pub const VARIABLE: &str = "DOCEXTRACT_SECRET_KEY";
const FILE_DEFAULT: &str = "secrets.key";
const FILE_HEAD: &str = "# DocExtract: the keys that its database's secrets are sealed with, one a line.\n\
# Lost, they take the secrets with them: keep a copy, and not beside the database's backup.\n";

#[derive(Debug, thiserror::Error)]
pub enum SecretsError {
    #[error("the database's secrets are sealed, and there is no key: {0} does not exist")]
    Missing(PathBuf),
    #[error("the key file {0} cannot be used: {1}")]
    Unusable(PathBuf, io::Error),
    #[error("{0}: line {1} is no key")]
    Malformed(String, usize),
    #[error("there is no randomness to make a key with")]
    NoRandomness,
}

impl SecretsError {
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Missing(_) => {
                "put the key file back from its backup, or name where it is with --secrets-key-file (in the file: \
                 secrets.key_file)"
            }
            Self::Unusable(..) => {
                "let the user that docextract runs as read and write the file and its directory"
            }
            Self::Malformed(..) => "a key is 64 hexadecimal digits; a new one: openssl rand -hex 32",
            Self::NoRandomness => "check the kernel's random source",
        }
    }
}

/// Where an operator wants the keys to be.
#[derive(Clone, Default)]
pub struct Secrets {
    /// The keys themselves, as they are in the variable.
    text: Option<String>,
    file: Option<PathBuf>,
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.text.as_ref().map(|_| "..");
        f.debug_struct("Secrets").field("text", &text).field("file", &self.file).finish()
    }
}

/// Where the keys are, once that is settled.
#[derive(Debug, Clone)]
pub enum Place {
    Variable,
    File(PathBuf),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Variable => f.write_str(VARIABLE),
            Self::File(path) => write!(f, "{}", path.display()),
        }
    }
}

impl Secrets {
    /// The variable wins over a file.
    #[must_use]
    pub fn new(text: Option<String>, file: Option<PathBuf>) -> Self {
        Self { text: text.filter(|text| !text.trim().is_empty()), file }
    }

    #[must_use]
    pub fn place(&self, data_dir: &Path) -> Place {
        match (&self.text, &self.file) {
            (Some(_), _) => Place::Variable,
            (None, Some(path)) => Place::File(path.clone()),
            (None, None) => Place::File(data_dir.join(FILE_DEFAULT)),
        }
    }

    pub fn keys(&self, data_dir: &Path) -> Result<Vec<VaultKey>, SecretsError> {
        match self.place(data_dir) {
            Place::Variable => parse(VARIABLE, self.text.as_deref().unwrap_or_default().split(',')),
            Place::File(path) => read(&path),
        }
    }

    /// The vault for a database, and the key file if it had to be made, which it is for a fresh one alone.
    pub(crate) fn vault(
        &self,
        data_dir: &Path,
        is_fresh: bool,
    ) -> Result<(Arc<Vault>, Option<PathBuf>), SecretsError> {
        let made = match self.place(data_dir) {
            Place::File(path) if is_fresh && !path.exists() => make(&path)?.then_some(path),
            Place::File(_) | Place::Variable => None,
        };
        let keys = self.keys(data_dir)?;
        let (secrets, data_dir) = (self.clone(), data_dir.to_owned());
        let source = move || {
            secrets.keys(&data_dir).unwrap_or_else(|error| {
                tracing::error!(%error, "the keys of the secrets cannot be read again");
                Vec::new()
            })
        };
        Ok((Arc::new(Vault::new(&keys, source)), made))
    }
}

/// What an operator is told of a key that was made.
pub(crate) fn told_of(path: &Path) -> String {
    format!(
        "made a key for the secrets in the database: {}. Keep a copy of it, apart from the database: without it \
         webhooks can no longer be signed, and their headers and client certificates are lost",
        path.display()
    )
}

pub(crate) fn new_key() -> Result<VaultKey, SecretsError> {
    let mut bytes = [0; KEY_BYTES];
    getrandom::fill(&mut bytes).map_err(|_| SecretsError::NoRandomness)?;
    Ok(VaultKey::from_bytes(bytes))
}

fn parse<'a>(place: &str, lines: impl Iterator<Item = &'a str>) -> Result<Vec<VaultKey>, SecretsError> {
    let malformed = |line| SecretsError::Malformed(place.to_owned(), line);
    let mut keys = Vec::new();
    for (index, line) in lines.enumerate() {
        let line = line.trim();
        if !line.is_empty() && !line.starts_with('#') {
            keys.push(VaultKey::parse(line).ok_or_else(|| malformed(index + 1))?);
        }
    }
    if keys.is_empty() { Err(malformed(1)) } else { Ok(keys) }
}

fn read(path: &Path) -> Result<Vec<VaultKey>, SecretsError> {
    let text = std::fs::read_to_string(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => SecretsError::Missing(path.to_owned()),
        _ => SecretsError::Unusable(path.to_owned(), error),
    })?;
    parse(&path.display().to_string(), text.lines())
}

/// Makes a key file, unless somebody else has just done so.
fn make(path: &Path) -> Result<bool, SecretsError> {
    let unusable = |error| SecretsError::Unusable(path.to_owned(), error);
    let temporary = written(path, &[new_key()?])?;
    let linked = std::fs::hard_link(&temporary, path);
    std::fs::remove_file(&temporary).map_err(unusable)?;
    match linked {
        Ok(()) => sync_folder(path).map(|()| true).map_err(unusable),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(unusable(error)),
    }
}

/// Replaces a key file, whole or not at all. Its owner and who may read it stay.
pub(crate) fn replace(path: &Path, keys: &[VaultKey]) -> Result<(), SecretsError> {
    use std::os::unix::fs::MetadataExt as _;
    let unusable = |error| SecretsError::Unusable(path.to_owned(), error);
    let before = std::fs::metadata(path).map_err(unusable)?;
    let temporary = written(path, keys)?;
    let replaced = chown(&temporary, Some(before.uid()), Some(before.gid()))
        .and_then(|()| std::fs::set_permissions(&temporary, before.permissions()))
        .and_then(|()| std::fs::rename(&temporary, path))
        .and_then(|()| sync_folder(path));
    replaced.map_err(unusable)
}

/// Writes keys beside the place where they are to be, and returns where.
fn written(path: &Path, keys: &[VaultKey]) -> Result<PathBuf, SecretsError> {
    let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
    let write = || {
        let mut options = std::fs::File::options();
        let mut file = options.write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
        file.set_permissions(std::fs::Permissions::from_mode(0o600))?;
        file.write_all(FILE_HEAD.as_bytes())?;
        for key in keys {
            writeln!(file, "{}", key.expose())?;
        }
        file.sync_all()
    };
    write().map_err(|error| SecretsError::Unusable(path.to_owned(), error))?;
    Ok(temporary)
}

fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    std::fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_data_directory_gets_a_key_for_its_owner_alone_and_keeps_it() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::default();
        let (_, made) = secrets.vault(folder.path(), true).unwrap();
        let path = made.unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        let first = secrets.keys(folder.path()).unwrap()[0].id();
        assert!(secrets.vault(folder.path(), true).unwrap().1.is_none());
        assert_eq!(secrets.keys(folder.path()).unwrap()[0].id(), first);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no other file is left");
    }

    #[test]
    fn no_key_is_made_for_a_database_that_has_one() {
        let folder = tempfile::tempdir().unwrap();
        let error = Secrets::default().vault(folder.path(), false).err().unwrap();
        assert!(matches!(error, SecretsError::Missing(_)), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn what_is_no_key_is_named_by_its_line_and_not_shown() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("keys");
        std::fs::write(&path, format!("# a comment\n\n{}\nhunter2\n", "ab".repeat(32))).unwrap();
        let error = Secrets::new(None, Some(path)).keys(folder.path()).unwrap_err().to_string();
        assert!(error.contains("line 4") && !error.contains("hunter2"), "{error}");
        let variable = Secrets::new(Some("hunter2".to_owned()), None);
        let shown = format!("{variable:?} {}", variable.keys(folder.path()).unwrap_err());
        assert!(shown.contains(VARIABLE) && !shown.contains("hunter2"), "{shown}");
    }

    #[test]
    fn a_replaced_key_file_stays_as_readable_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let secrets = Secrets::default();
        let path = secrets.vault(folder.path(), true).unwrap().1.unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o640)).unwrap();
        let keys = [new_key().unwrap(), new_key().unwrap()];
        replace(&path, &keys).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o640);
        let ids: Vec<_> = secrets.keys(folder.path()).unwrap().iter().map(VaultKey::id).collect();
        assert_eq!(ids, [keys[0].id(), keys[1].id()]);
    }
}
