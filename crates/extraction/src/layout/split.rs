//! Words that are two things in one: `Kundennummer:2`, `n°562044387`, `Date:01/02/2018`.

use super::{Bounds, Token};
use crate::fields::text::fold;
use crate::page::Word;

/// Words longer than this are noise (a base64 blob, a ruler of dashes); the rest is cut off.
const WORD_CHARS_MAX: usize = 200;

/// The tokens of a word, their boxes by the share of characters.
pub(super) fn tokens(word: &Word, width: f32, height: f32) -> Vec<Token> {
    let text: String = word.text.chars().filter(|c| !c.is_control()).take(WORD_CHARS_MAX).collect();
    let text = text.trim();
    let corners = [word.bbox.x0, word.bbox.y0, word.bbox.x1, word.bbox.y1];
    if text.is_empty() || corners.iter().any(|corner| !corner.is_finite()) {
        return Vec::new();
    }
    let [x0, y0, x1, y1] = corners.map(|corner| corner.clamp(0.0, 1.0));
    let bounds = Bounds { x0: x0 * width, y0: y0 * height, x1: x1.max(x0) * width, y1: y1.max(y0) * height };
    let chars_all = text.chars().count().max(1) as f32;
    let mut chars_before = 0;
    // White space inside a word is a space like any other.
    text.split_whitespace()
        .flat_map(|piece| parts(piece).into_iter().enumerate().map(|(index, part)| (index == 0, part)))
        .map(|(spaced, part)| {
            let chars = part.chars().count();
            let from = chars_before as f32 / chars_all;
            chars_before += chars;
            let to = (chars_before as f32 / chars_all).min(1.0);
            Token {
                folded: fold(part),
                text: part.to_owned(),
                bounds: Bounds {
                    x0: bounds.x0 + from * bounds.width(),
                    x1: bounds.x0 + to * bounds.width(),
                    ..bounds
                },
                confidence: if word.confidence.is_finite() { word.confidence.clamp(0.0, 1.0) } else { 0.0 },
                line: 0,
                segment: 0,
                spaced,
            }
        })
        .collect()
}

fn parts(piece: &str) -> Vec<&str> {
    let Some(cut) = cut(piece) else { return vec![piece] };
    let (head, tail) = piece.split_at(cut);
    vec![head, tail]
}

/// The byte at which a word falls into a label and its value.
fn cut(piece: &str) -> Option<usize> {
    let has_letter = |text: &str| text.chars().any(char::is_alphabetic);
    if let Some(colon) = piece.find(':') {
        let (head, tail) = (&piece[..colon], &piece[colon + 1..]);
        if has_letter(head) && !tail.is_empty() && !tail.starts_with('/') && !tail.starts_with(':') {
            return Some(colon + 1);
        }
    }
    for mark in ['°', 'º', '#'] {
        if let Some(at) = piece.find(mark) {
            let end = at + mark.len_utf8();
            if piece[end..].starts_with(|c: char| c.is_ascii_digit())
                && piece[..at].chars().all(char::is_alphabetic)
            {
                return Some(end);
            }
        }
    }
    None
}
