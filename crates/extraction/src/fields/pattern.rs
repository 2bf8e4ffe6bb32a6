//! Patterns that are prepared when they are first needed, and no larger than a text needs them.

use std::sync::OnceLock;

use regex::Regex;

/// A pattern whose `\d` is the digits of every script. Nearly no text has others than those of ASCII, and with these
/// alone it is prepared and run at a fraction of the cost, and says the same.
pub(super) struct Pattern {
    source: fn() -> String,
    ascii: OnceLock<Option<Regex>>,
    every: OnceLock<Option<Regex>>,
}

impl Pattern {
    pub(super) const fn new(source: fn() -> String) -> Self {
        Self { source, ascii: OnceLock::new(), every: OnceLock::new() }
    }

    /// The pattern for what may be in this text.
    pub(super) fn for_text(&self, text: &str) -> Option<&Regex> {
        if text.chars().any(|c| !c.is_ascii() && c.is_numeric()) {
            return self.every.get_or_init(|| Regex::new(&(self.source)()).ok()).as_ref();
        }
        let ascii = || Regex::new(&(self.source)().replace(r"\d", "[0-9]")).ok();
        self.ascii.get_or_init(ascii).as_ref()
    }
}
