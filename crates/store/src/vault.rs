//! Secrets at rest: sealed with a key that is not in the database.
//!
//! Who plays: a [`Vault`], which knows keys by their ids, and whoever keeps secrets in a table. A sealed
//! value says which key sealed it, so several can be known at once and be replaced one by one. It is bound
//! to its place (table, column and row): moved to another row, it cannot be opened.
//!
//! The algorithm is AES-256-GCM with a random nonce. What seals is the key that the database names; which
//! those are that can be known is asked again of where they come from when one is missing, so a running
//! server learns of a new one.
//!
//! What it never does: keep, print or log a key or what it opened.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::rand::{SecureRandom as _, SystemRandom};

/// The first byte of a sealed value: what follows is key id, nonce, ciphertext and tag.
const VERSION: u8 = 1;
const KEY_ID_BYTES: usize = 4;
const HEAD_BYTES: usize = 1 + KEY_ID_BYTES + NONCE_LEN;
pub const KEY_BYTES: usize = 32;

/// Names a key without saying anything about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VaultKeyId([u8; KEY_ID_BYTES]);

impl fmt::Display for VaultKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl VaultKeyId {
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 2 * KEY_ID_BYTES || !text.is_ascii() {
            return None;
        }
        u32::from_str_radix(text, 16).ok().map(|number| Self(number.to_be_bytes()))
    }
}

/// A key: 32 random bytes, written as 64 hexadecimal digits. Never printed by `Debug`.
#[derive(Clone)]
pub struct VaultKey([u8; KEY_BYTES]);

impl VaultKey {
    #[must_use]
    pub fn from_bytes(bytes: [u8; KEY_BYTES]) -> Self {
        Self(bytes)
    }

    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() != 2 * KEY_BYTES || !text.is_ascii() {
            return None;
        }
        let mut bytes = [0; KEY_BYTES];
        for (index, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
        }
        Some(Self(bytes))
    }

    /// The key as [`VaultKey::parse`] reads it. Only for writing it to its file.
    #[must_use]
    pub fn expose(&self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }

    #[must_use]
    pub fn id(&self) -> VaultKeyId {
        let hash = digest(&SHA256, &[b"docextract vault key".as_slice(), &self.0].concat());
        let mut id = [0; KEY_ID_BYTES];
        id.iter_mut().zip(hash.as_ref()).for_each(|(id, byte)| *id = *byte);
        VaultKeyId(id)
    }
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VaultKey({})", self.id())
    }
}

/// Where a sealed value stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// Table and column, such as `webhooks.secret`.
    pub column: &'a str,
    pub row: &'a str,
}

impl Place<'_> {
    fn bytes(self) -> Vec<u8> {
        [self.column.as_bytes(), b"\0", self.row.as_bytes()].concat()
    }
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum VaultError {
    #[error("a secret is sealed with key {0}, which is not known: give the key back to secrets.key_file")]
    UnknownKey(VaultKeyId),
    #[error("a sealed secret is damaged, or does not belong where it stands ({0})")]
    NotAuthentic(String),
    #[error("there is no randomness to seal a secret with")]
    NoRandomness,
}

/// Asks anew which keys there are.
type Source = Box<dyn Fn() -> Vec<VaultKey> + Send + Sync>;

pub struct Vault {
    keys: RwLock<Vec<Arc<Known>>>,
    source: Source,
    random: SystemRandom,
}

struct Known {
    id: VaultKeyId,
    key: LessSafeKey,
}

impl Vault {
    /// A vault with these keys, which asks `source` for others when one is missing.
    pub fn new(keys: &[VaultKey], source: impl Fn() -> Vec<VaultKey> + Send + Sync + 'static) -> Self {
        Self { keys: RwLock::new(known(keys)), source: Box::new(source), random: SystemRandom::new() }
    }

    /// A vault with these keys for good.
    #[must_use]
    pub fn fixed(keys: Vec<VaultKey>) -> Self {
        let first = keys.clone();
        Self::new(&first, move || keys.clone())
    }

    /// The key that a fresh database is sealed with.
    #[must_use]
    pub fn first(&self) -> Option<VaultKeyId> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner).first().map(|known| known.id)
    }

    #[must_use]
    pub fn knows(&self, id: VaultKeyId) -> bool {
        self.key(id).is_ok()
    }

    pub fn seal(&self, id: VaultKeyId, place: Place<'_>, secret: &[u8]) -> Result<Vec<u8>, VaultError> {
        let known = self.key(id)?;
        let mut nonce = [0; NONCE_LEN];
        self.random.fill(&mut nonce).map_err(|_| VaultError::NoRandomness)?;
        let mut sealed = Vec::with_capacity(HEAD_BYTES + secret.len() + AES_256_GCM.tag_len());
        sealed.push(VERSION);
        sealed.extend_from_slice(&id.0);
        sealed.extend_from_slice(&nonce);
        let mut text = secret.to_vec();
        let nonce = Nonce::assume_unique_for_key(nonce);
        known
            .key
            .seal_in_place_append_tag(nonce, Aad::from(place.bytes()), &mut text)
            .map_err(|_| VaultError::NotAuthentic(place.column.to_owned()))?;
        sealed.append(&mut text);
        Ok(sealed)
    }

    pub fn open(&self, place: Place<'_>, sealed: &[u8]) -> Result<Vec<u8>, VaultError> {
        let not_authentic = || VaultError::NotAuthentic(place.column.to_owned());
        let id = sealed_with(sealed).ok_or_else(not_authentic)?;
        let known = self.key(id)?;
        let (head, text) = sealed.split_at_checked(HEAD_BYTES).ok_or_else(not_authentic)?;
        let nonce =
            Nonce::try_assume_unique_for_key(&head[1 + KEY_ID_BYTES..]).map_err(|_| not_authentic())?;
        let mut text = text.to_vec();
        let opened = known.key.open_in_place(nonce, Aad::from(place.bytes()), &mut text);
        let length = opened.map_err(|_| not_authentic())?.len();
        text.truncate(length);
        Ok(text)
    }

    fn key(&self, id: VaultKeyId) -> Result<Arc<Known>, VaultError> {
        let find = |keys: &[Arc<Known>]| keys.iter().find(|known| known.id == id).cloned();
        if let Some(known) = find(&self.keys.read().unwrap_or_else(PoisonError::into_inner)) {
            return Ok(known);
        }
        let asked = known(&(self.source)());
        let mut keys = self.keys.write().unwrap_or_else(PoisonError::into_inner);
        if !asked.is_empty() {
            *keys = asked;
        }
        find(&keys).ok_or(VaultError::UnknownKey(id))
    }
}

fn known(keys: &[VaultKey]) -> Vec<Arc<Known>> {
    // A key of this length is always taken.
    let known = keys.iter().filter_map(|key| {
        let unbound = UnboundKey::new(&AES_256_GCM, &key.0).ok()?;
        Some(Arc::new(Known { id: key.id(), key: LessSafeKey::new(unbound) }))
    });
    known.collect()
}

/// Which key sealed a value; none for what is no sealed value.
#[must_use]
pub fn sealed_with(sealed: &[u8]) -> Option<VaultKeyId> {
    let (version, rest) = sealed.split_first()?;
    let id = rest.first_chunk::<KEY_ID_BYTES>()?;
    (*version == VERSION).then_some(VaultKeyId(*id))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> VaultKey {
        VaultKey::from_bytes([byte; KEY_BYTES])
    }

    const PLACE: Place<'_> = Place { column: "webhooks.secret", row: "wh_1" };

    #[test]
    fn a_sealed_secret_is_opened_where_it_was_sealed_and_nowhere_else() {
        let vault = Vault::fixed(vec![key(1)]);
        let sealed = vault.seal(key(1).id(), PLACE, b"hunter2").unwrap();
        assert_eq!(vault.open(PLACE, &sealed).unwrap(), b"hunter2");
        assert!(!sealed.windows(7).any(|window| window == b"hunter2"));
        for elsewhere in [Place { row: "wh_2", ..PLACE }, Place { column: "webhooks.headers", ..PLACE }] {
            assert!(matches!(vault.open(elsewhere, &sealed), Err(VaultError::NotAuthentic(_))));
        }
    }

    #[test]
    fn no_changed_byte_and_no_other_key_opens_it() {
        let vault = Vault::fixed(vec![key(1)]);
        let sealed = vault.seal(key(1).id(), PLACE, b"hunter2").unwrap();
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(vault.open(PLACE, &changed).is_err(), "byte {at}");
        }
        assert!(vault.open(PLACE, &sealed[..HEAD_BYTES]).is_err());
        let error = Vault::fixed(vec![key(2)]).open(PLACE, &sealed).unwrap_err();
        assert_eq!(error, VaultError::UnknownKey(key(1).id()));
    }

    #[test]
    fn the_same_secret_is_never_sealed_twice_alike() {
        let vault = Vault::fixed(vec![key(1)]);
        let seal = || vault.seal(key(1).id(), PLACE, b"hunter2").unwrap();
        assert_ne!(seal(), seal());
    }

    #[test]
    fn a_key_that_is_missing_is_asked_for() {
        let vault = Vault::new(&[key(1)], || vec![key(2), key(1)]);
        let sealed = vault.seal(key(2).id(), PLACE, b"hunter2").unwrap();
        assert_eq!(sealed_with(&sealed), Some(key(2).id()));
        assert!(vault.knows(key(1).id()));
    }

    #[test]
    fn a_key_is_read_as_it_is_written_and_shows_nothing_of_itself() {
        let written = key(0xAB).expose();
        assert_eq!(VaultKey::parse(&written).unwrap().id(), key(0xAB).id());
        assert!(!format!("{:?}", key(0xAB)).contains("abab"));
        for wrong in ["", "ab", &written[1..], &"zz".repeat(32)] {
            assert!(VaultKey::parse(wrong).is_none(), "{wrong}");
        }
    }
}
