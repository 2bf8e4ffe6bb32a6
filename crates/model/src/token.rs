//! Tokens that let somebody in: of sessions and of invitations. Shown once, kept only as a hash.
//!
//! A token has 256 random bits, and what the store looks for is its hash: how long a look-up takes says
//! nothing about a token that is only nearly right.

use std::fmt;

use sha2::{Digest, Sha256};

/// A token's text. Never printed by `Debug`.
#[derive(Clone)]
pub struct Token(String);

impl Token {
    /// A new token of a kind that its prefix names.
    #[must_use]
    pub fn new(prefix: &str, random: [u8; 32]) -> Self {
        Self(format!("{prefix}_{}", hex::encode(random)))
    }

    /// A token that came in.
    #[must_use]
    pub fn given(text: &str) -> Self {
        Self(text.to_owned())
    }

    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash::of(&self.0)
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

/// SHA-256 of a token.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TokenHash(String);

impl TokenHash {
    #[must_use]
    pub fn of(text: &str) -> Self {
        Self(hex::encode(Sha256::digest(text.as_bytes())))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(..)")
    }
}
