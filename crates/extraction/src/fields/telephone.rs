//! Telephone numbers that no word says are one: which place speaks for them.
//!
//! A number is known as the seller's by a letter or a sign before it, by the marks between the ways to reach
//! somebody, or by a line of its own in the seller's address. Anywhere else it may be an account or a reference,
//! and is left alone.

use std::ops::Range;

use super::scan::{Candidate, Form, Value};
use super::{Document, parties};
use crate::layout::Token;

/// The fewest digits of a telephone number that no word says is one.
const PHONE_DIGITS_MIN: usize = 8;
/// What parts the ways to reach somebody in one line.
const PARTING: [&str; 6] = ["·", "|", "•", "–", "-", "∙"];
/// What stands for a telephone, folded, and as it is printed where it has no letters.
const PHONE_LETTERS: [&str; 4] = ["t", "p", "ph", "tf"];
const PHONE_SIGNS: [&str; 5] = ["☎", "✆", "☏", "📞", "🕿"];

/// How much its place says of what is printed as a telephone number: behind a letter for one, between marks in a
/// line with an address of mail, and in a line of its own in the seller's address.
pub(super) fn of_place(document: &Document<'_>, seller: Option<Range<usize>>, candidate: &Candidate) -> f32 {
    let layout = &document.layout;
    let Value::Phone(phone) = &candidate.value else { return 0.0 };
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    if digits < PHONE_DIGITS_MIN {
        return 0.0;
    }
    let is_marked = candidate.fit >= 1.0;
    let tokens = &candidate.tokens;
    let first = layout.tokens.get(tokens.start);
    let Some(segment) = first.and_then(|token| layout.segments.get(token.segment)) else { return 0.0 };
    let before = (segment.tokens.start < tokens.start).then(|| &layout.tokens[tokens.start - 1]);
    let behind = (tokens.end < segment.tokens.end).then(|| &layout.tokens[tokens.end]);
    let parts = |token: &Token| PARTING.contains(&token.text.as_str());
    if before.is_some_and(|before| {
        is_marked
            && (PHONE_LETTERS.contains(&before.folded.as_str())
                || PHONE_SIGNS.contains(&before.text.as_str()))
    }) {
        return 0.6;
    }
    let whole = before.is_none_or(parts) && behind.is_none_or(parts);
    if !whole {
        return 0.0;
    }
    if before.is_some() || behind.is_some() {
        let mail = document.candidates.on_line(candidate.line, Form::Email).next().is_some();
        // Nine digits beside the mail need no nought before them.
        return if mail && (is_marked || digits > PHONE_DIGITS_MIN) { 0.55 } else { 0.0 };
    }
    if !is_marked {
        return 0.0;
    }
    let block = seller.and_then(|seller| parties::lines_under(layout, seller, tokens.clone()));
    // What a word on the same line names is that.
    let named =
        layout.segments.get(first.map_or(0, |token| token.segment).wrapping_sub(1)).is_some_and(|left| {
            left.line == segment.line
                && segment.bounds.x0 - left.bounds.x1 < NAMED_HEIGHTS * segment.bounds.height()
        });
    if block.is_some() && !named { 0.5 } else { 0.0 }
}

/// A word this near before a number, in heights of it, may be its label.
const NAMED_HEIGHTS: f32 = 8.0;
