//! Passwords: argon2id, on threads that may block, a few at once.
//!
//! Hashing costs memory and time by design, so it is bounded: who finds too many waiting is told to come
//! back, and nobody else is slowed down. A password is looked at for as long whether its user exists or not.

use std::fmt;
use std::sync::Arc;

use argon2::password_hash::phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use docextract_model::limits;
use docextract_model::member::PasswordHash;
use serde::Deserialize;
use tokio::sync::Semaphore;

/// A password as it was typed. Never printed by `Debug`.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub(crate) struct Password(String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

impl From<String> for Password {
    fn from(text: String) -> Self {
        Self(text)
    }
}

impl Password {
    /// What is wrong with it as a new password; none when it will do.
    pub(crate) fn problem(&self, email: &str) -> Option<String> {
        let (least, most) = (limits::PASSWORD_CHARS_MIN, limits::PASSWORD_BYTES_MAX);
        if self.0.chars().count() < least {
            return Some(format!("must have at least {least} characters; several words make a good one"));
        }
        if self.0.len() > most {
            return Some(format!("must have at most {most} bytes"));
        }
        let is_plain = self.0.eq_ignore_ascii_case(email) || self.0.chars().all(|c| self.0.starts_with(c));
        is_plain.then(|| "is too easy to guess".to_owned())
    }
}

/// Why a password was not looked at.
#[derive(Debug)]
pub(crate) enum PasswordError {
    /// Too many wait already.
    Busy,
    Failed(String),
}

/// Where passwords are hashed.
pub(crate) struct Passwords {
    at_once: Arc<Semaphore>,
    waiting: Semaphore,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(limits::PASSWORDS_AT_ONCE_MAX)),
            waiting: Semaphore::new(limits::PASSWORDS_WAITING_MAX),
        }
    }
}

impl Passwords {
    pub(crate) async fn hash(
        &self,
        password: Password,
        salt: [u8; 16],
    ) -> Result<PasswordHash, PasswordError> {
        self.run(move || {
            let hash = hasher()?.hash_password_with_salt(password.0.as_bytes(), &salt);
            hash.map(|hash| PasswordHash::from_phc(hash.to_string())).map_err(|error| error.to_string())
        })
        .await
    }

    /// Whether it is the password of this hash. Without a hash it never is, after as long a look.
    pub(crate) async fn verify(
        &self,
        password: Password,
        hash: Option<PasswordHash>,
    ) -> Result<bool, PasswordError> {
        self.run(move || {
            let hash = hash.unwrap_or_else(nobodys);
            let hash = phc::PasswordHash::new(hash.expose()).map_err(|error| error.to_string())?;
            Ok(hasher()?.verify_password(password.0.as_bytes(), &hash).is_ok())
        })
        .await
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, String> + Send + 'static,
    ) -> Result<T, PasswordError> {
        let _place = self.waiting.try_acquire().map_err(|_| PasswordError::Busy)?;
        let closed = |error: tokio::sync::AcquireError| PasswordError::Failed(error.to_string());
        let permit = Arc::clone(&self.at_once).acquire_owned().await.map_err(closed)?;
        let worked = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            work()
        });
        worked.await.map_err(|error| PasswordError::Failed(error.to_string()))?.map_err(PasswordError::Failed)
    }
}

/// A hash that no password has, with the parameters of all others: looking at it takes as long.
fn nobodys() -> PasswordHash {
    let (memory, passes, lanes) =
        (limits::PASSWORD_MEMORY_KIB, limits::PASSWORD_PASSES, limits::PASSWORD_LANES);
    let (salt, hash) = ("A".repeat(22), "A".repeat(43));
    PasswordHash::from_phc(format!("$argon2id$v=19$m={memory},t={passes},p={lanes}${salt}${hash}"))
}

fn hasher() -> Result<Argon2<'static>, String> {
    let (memory, passes, lanes) =
        (limits::PASSWORD_MEMORY_KIB, limits::PASSWORD_PASSES, limits::PASSWORD_LANES);
    let params = Params::new(memory, passes, lanes, Some(Params::DEFAULT_OUTPUT_LEN))
        .map_err(|error| error.to_string())?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn password(text: &str) -> Password {
        Password(text.to_owned())
    }

    #[tokio::test]
    async fn a_hash_is_argon2id_with_the_named_parameters_and_fits_its_password_alone() {
        let passwords = Passwords::default();
        let hash = passwords.hash(password("correct horse"), [7; 16]).await.unwrap();
        assert!(hash.expose().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{}", hash.expose());
        assert!(passwords.verify(password("correct horse"), Some(hash.clone())).await.unwrap());
        assert!(!passwords.verify(password("correct hors"), Some(hash)).await.unwrap());
        assert!(!passwords.verify(password("correct horse"), None).await.unwrap());
    }

    #[tokio::test]
    async fn who_finds_too_many_waiting_is_sent_away() {
        let passwords = Passwords::default();
        let most = u32::try_from(limits::PASSWORDS_WAITING_MAX).unwrap();
        let _all = passwords.waiting.try_acquire_many(most).unwrap();
        let verified = passwords.verify(password("correct horse"), None).await;
        assert!(matches!(verified, Err(PasswordError::Busy)));
    }

    #[test]
    fn the_hash_of_nobody_takes_as_much_as_any_other() {
        let hash = nobodys();
        let hash = phc::PasswordHash::new(hash.expose()).unwrap();
        let params = Params::try_from(&hash).unwrap();
        assert_eq!(&params, hasher().unwrap().params());
    }

    #[test]
    fn what_can_be_guessed_is_refused() {
        let problem = |text: &str| password(text).problem("ada.lovelace@example.com");
        assert_eq!(problem("correct horse battery"), None);
        for wrong in ["short", "aaaaaaaaaaaaaaa", "Ada.Lovelace@example.com", &"long ".repeat(300)] {
            assert!(problem(wrong).is_some(), "{wrong}");
        }
        assert_eq!(format!("{:?}", password("secret")), "Password(..)");
    }
}
