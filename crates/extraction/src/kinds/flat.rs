//! A document's running text, with the way back from its bytes to its words.

use std::ops::Range;

use crate::layout::Layout;

/// Clauses are looked for in so many bytes of text: some hundred pages.
const TEXT_BYTES_MAX: usize = 1024 * 1024;

/// The words of all lines in reading order: a space between words, a line end between lines.
pub(super) struct Flat {
    pub(super) text: String,
    /// Where each token begins, with the token.
    starts: Vec<(usize, usize)>,
}

impl Flat {
    pub(super) fn of(layout: &Layout) -> Self {
        let mut flat = Self { text: String::new(), starts: Vec::with_capacity(layout.tokens.len()) };
        for line in &layout.lines {
            if flat.text.len() > TEXT_BYTES_MAX {
                break;
            }
            for index in line.tokens.clone() {
                let Some(token) = layout.tokens.get(index) else { continue };
                if !flat.text.is_empty() && index == line.tokens.start {
                    flat.text.push('\n');
                } else if token.spaced && !flat.text.is_empty() {
                    flat.text.push(' ');
                }
                flat.starts.push((flat.text.len(), index));
                flat.text.push_str(&token.text);
            }
        }
        flat
    }

    /// The tokens that a stretch of the text touches.
    pub(super) fn tokens(&self, span: &Range<usize>) -> Range<usize> {
        let first = self.starts.partition_point(|(at, _)| *at <= span.start).saturating_sub(1);
        let last = self.starts.partition_point(|(at, _)| *at < span.end);
        match (self.starts.get(first), last.checked_sub(1).and_then(|last| self.starts.get(last))) {
            (Some((_, from)), Some((_, to))) if from <= to => *from..to + 1,
            _ => 0..0,
        }
    }

    /// Where a token stands in the text.
    pub(super) fn byte_of(&self, token: usize) -> usize {
        let index = self.starts.partition_point(|(_, known)| *known < token);
        self.starts.get(index).map_or(self.text.len(), |(at, _)| *at)
    }

    /// At most so many bytes of the text from a place on, whole characters only.
    pub(super) fn ahead(&self, from: usize, bytes_max: usize) -> &str {
        let mut end = from.saturating_add(bytes_max).min(self.text.len());
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        self.text.get(from..end).unwrap_or_default()
    }
}
