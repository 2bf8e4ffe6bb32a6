//! The password that opens a document: given with it, needed until it was read, shown nowhere.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::limits;

/// A document's password. `Debug` does not print it, and there is no `Display`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DocumentPassword(String);

impl DocumentPassword {
    /// The problem when it can be no password, without repeating it.
    pub fn parse(text: String) -> Result<Self, String> {
        if text.is_empty() || text.len() > limits::DOCUMENT_PASSWORD_BYTES_MAX {
            let bytes_max = limits::DOCUMENT_PASSWORD_BYTES_MAX;
            return Err(format!("must be 1 to {bytes_max} bytes; leave it out for a document without one"));
        }
        Ok(Self(text))
    }

    /// The text, only for opening the document and for keeping it sealed until then.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for DocumentPassword {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DocumentPassword(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_printed_and_its_refusal_does_not_repeat_it() {
        let password = DocumentPassword::parse("geheim".to_owned()).unwrap();
        assert_eq!(format!("{password:?}"), "DocumentPassword(..)");
        let long = "geheim".repeat(limits::DOCUMENT_PASSWORD_BYTES_MAX);
        assert!(!DocumentPassword::parse(long).unwrap_err().contains("geheim"));
        assert!(DocumentPassword::parse(String::new()).is_err());
    }
}
