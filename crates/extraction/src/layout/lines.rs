//! Rows of words: which words stand at the same height.

use super::split;
use super::{Bounds, Token};
use crate::page::Page;

/// A line that is being gathered.
pub(super) struct Row {
    pub(super) tokens: Vec<Token>,
    pub(super) height: f32,
    y0: f32,
    y1: f32,
}

/// How many of the rows above a word may still take it. Rows overlap only where columns are set
/// at slightly different heights, so a few are enough, and the work stays linear.
const OPEN_ROWS: usize = 8;

/// The rows of a page from the top, each from the left.
pub(super) fn rows(page: &Page) -> Vec<Row> {
    let mut tokens: Vec<Token> = Vec::with_capacity(page.words.len());
    for word in &page.words {
        tokens.extend(split::tokens(word, page.width.max(1.0), page.height.max(1.0)));
    }
    // Text that runs up the margin would join every line that it passes.
    tokens
        .retain(|token| token.text.chars().count() < 4 || token.bounds.height() < 2.0 * token.bounds.width());
    let centre = |token: &Token| (token.bounds.y0 + token.bounds.y1) / 2.0;
    tokens.sort_by(|a, b| {
        centre(a)
            .total_cmp(&centre(b))
            .then(a.bounds.x0.total_cmp(&b.bounds.x0))
            .then_with(|| a.text.cmp(&b.text))
    });
    let mut rows: Vec<Row> = Vec::new();
    for token in tokens {
        let first_open = rows.len().saturating_sub(OPEN_ROWS);
        let best = rows[first_open..]
            .iter()
            .enumerate()
            .map(|(index, row)| (first_open + index, fit(row, token.bounds)))
            .filter(|(_, fit)| *fit > 0.55)
            .max_by(|a, b| a.1.total_cmp(&b.1));
        match best {
            Some((index, _)) => join(&mut rows[index], token),
            None => rows.push(Row {
                height: token.bounds.height(),
                y0: token.bounds.y0,
                y1: token.bounds.y1,
                tokens: vec![token],
            }),
        }
    }
    rows.sort_by(|a, b| (a.y0 + a.y1).total_cmp(&(b.y0 + b.y1)));
    for row in &mut rows {
        row.tokens.sort_by(|a, b| a.bounds.x0.total_cmp(&b.bounds.x0).then_with(|| a.text.cmp(&b.text)));
        let mut heights: Vec<f32> = row.tokens.iter().map(|token| token.bounds.height()).collect();
        heights.sort_by(f32::total_cmp);
        row.height = heights.get(heights.len() / 2).copied().unwrap_or(row.height);
    }
    rows
}

/// The share of the lower of the two that is at the height of the other, 0–1; a headline of much
/// larger type is not part of the small print beside it.
fn fit(row: &Row, bounds: Bounds) -> f32 {
    let (tall, low) = (row.height.max(bounds.height()), row.height.min(bounds.height()));
    let overlap = row.y1.min(bounds.y1) - row.y0.max(bounds.y0);
    let share = overlap / low;
    // A hyphen or a full stop is low by nature, so only words of a real height are parted by size.
    if tall > 2.6 * low && bounds.width() > 2.0 * low { share * 0.5 } else { share }
}

fn join(row: &mut Row, token: Token) {
    // The running mean follows a line that climbs slowly on a skewed scan. Marks that are much
    // lower than the row, such as a full stop, would pull it away from the letters.
    if token.bounds.height() > 0.6 * row.height {
        let weight = 1.0 / (row.tokens.len().min(6) + 1) as f32;
        row.y0 += (token.bounds.y0 - row.y0) * weight;
        row.y1 += (token.bounds.y1 - row.y1) * weight;
        row.height = (row.y1 - row.y0).max(0.1);
    }
    row.tokens.push(token);
}
