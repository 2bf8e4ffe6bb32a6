//! From positioned glyphs to words.
//!
//! A PDF says where each glyph stands and nothing about words, so they are found by geometry: a
//! glyph continues a word when it stands on the same baseline, in the same direction, and close to
//! the glyph before it. A printed space always ends a word. Nothing here knows PDF syntax, and no
//! glyph is ever reordered within a word that the document wrote in one go.

use std::collections::HashMap;
use std::ops::RangeInclusive;

use hayro::kurbo::{Point, Rect, Vec2};

/// A wider gap than this part of the font size separates words.
const WORD_GAP: f64 = 0.13;
/// Kerning and italics may pull a glyph back by this part of the font size.
const OVERLAP_MAX: f64 = 0.45;
/// How far a baseline may wander within a word, in font sizes.
const BASELINE_DRIFT: f64 = 0.2;
/// Parts of the font size above and below the baseline that a word's box covers.
const ASCENT: f64 = 0.8;
const DESCENT: f64 = 0.2;
/// A word longer than this is no word; it is cut so that hostile text stays bounded.
const WORD_GLYPHS_MAX: usize = 256;

/// A glyph on the page as displayed: y grows downwards, units are points.
#[derive(Debug, Clone)]
pub(crate) struct PlacedGlyph {
    pub(crate) text: String,
    pub(crate) origin: Point,
    /// From this glyph's origin to the next one's.
    pub(crate) advance: Vec2,
    /// From the baseline upwards; its length is the font size.
    pub(crate) up: Vec2,
}

impl PlacedGlyph {
    fn size(&self) -> f64 {
        self.up.hypot()
    }

    /// The unit vector of reading direction, which is square to `up` on every page that matters.
    fn direction(&self) -> Vec2 {
        let length = self.advance.hypot();
        if length > 1e-6 {
            self.advance / length
        } else {
            let size = self.size().max(1e-6);
            Vec2::new(-self.up.y / size, self.up.x / size)
        }
    }

    fn bounds(&self) -> Rect {
        let top = self.up * ASCENT;
        let bottom = self.up * -DESCENT;
        let end = self.origin + self.advance;
        Rect::from_points(self.origin + top, end + bottom)
            .union(Rect::from_points(self.origin + bottom, end + top))
    }

    fn is_space(&self) -> bool {
        self.text.chars().all(char::is_whitespace)
    }
}

/// A word and its box in the glyphs' units.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct PlacedWord {
    pub(crate) text: String,
    pub(crate) bounds: Rect,
}

/// A word that may still grow.
struct Growing {
    text: String,
    glyphs: usize,
    bounds: Rect,
    start: Point,
    end: Point,
    direction: Vec2,
    size: f64,
    /// A printed space stands before or behind it: there it never grows.
    closed_before: bool,
    closed_behind: bool,
}

impl Growing {
    fn new(glyph: &PlacedGlyph, closed_before: bool) -> Self {
        Self {
            text: glyph.text.clone(),
            glyphs: 1,
            bounds: glyph.bounds(),
            start: glyph.origin,
            end: glyph.origin + glyph.advance,
            direction: glyph.direction(),
            size: glyph.size(),
            closed_before,
            closed_behind: false,
        }
    }

    fn push(&mut self, glyph: &PlacedGlyph) {
        self.text.push_str(&glyph.text);
        self.glyphs += 1;
        self.bounds = self.bounds.union(glyph.bounds());
        self.end = glyph.origin + glyph.advance;
        self.size = self.size.max(glyph.size());
    }

    fn absorb(&mut self, next: &Growing) {
        self.text.push_str(&next.text);
        self.glyphs += next.glyphs;
        self.bounds = self.bounds.union(next.bounds);
        self.end = next.end;
        self.closed_behind = next.closed_behind;
    }

    /// Whether something that starts at `origin` goes on where this word stops.
    fn is_continued_at(&self, origin: Point, direction: Vec2, size: f64) -> bool {
        let size = size.min(self.size).max(0.1);
        let offset = origin - self.end;
        let gap = offset.dot(self.direction);
        let drift = offset.cross(self.direction).abs();
        self.glyphs < WORD_GLYPHS_MAX
            && self.direction.dot(direction) > 0.97
            && drift < BASELINE_DRIFT * size
            && gap < WORD_GAP * size
            && gap > -OVERLAP_MAX * size
    }
}

/// Puts glyphs, in the order in which the document draws them, together to words.
pub(crate) fn segment(glyphs: &[PlacedGlyph]) -> Vec<PlacedWord> {
    let words = grow(&without_repeats(glyphs));
    merge_neighbours(words)
        .into_iter()
        .map(|word| PlacedWord { text: word.text, bounds: word.bounds })
        .collect()
}

/// Bold is often faked by drawing a glyph twice, a hair apart; text must not be read twice.
fn without_repeats(glyphs: &[PlacedGlyph]) -> Vec<&PlacedGlyph> {
    let mut seen = Seen::default();
    let mut kept = Vec::with_capacity(glyphs.len());
    for glyph in glyphs {
        let cell = (glyph.size() * 0.08).max(0.05);
        #[expect(clippy::cast_possible_truncation, reason = "a float cast saturates, and a page is small")]
        let (x, y) = ((glyph.origin.x / cell).round() as i64, (glyph.origin.y / cell).round() as i64);
        if seen.is_new(&glyph.text, x, y, glyph.is_space()) {
            kept.push(glyph);
        }
    }
    kept
}

/// Cells in which a text was seen. A cell's neighbours are asked for with it, so cells are kept in blocks of eight by
/// eight, a bit each: most neighbourhoods lie within one block, and are one look.
#[derive(Default)]
struct Seen<'a> {
    blocks: HashMap<(&'a str, i64, i64), u64>,
}

impl<'a> Seen<'a> {
    /// Notes a text in a cell, unless it was seen there or in a cell beside it. A space is noted in any case.
    fn is_new(&mut self, text: &'a str, x: i64, y: i64, is_space: bool) -> bool {
        let block = |at: i64| at >> 3;
        let (left, right) = (x.saturating_sub(1), x.saturating_add(1));
        let (top, bottom) = (y.saturating_sub(1), y.saturating_add(1));
        // Those of the neighbours that lie in a block.
        let bits = |column, row| {
            let columns = within(left, right, column).fold(0, |bits, x| bits | 1 << x);
            within(top, bottom, row).fold(0_u64, |bits, y| bits | columns << (8 * y))
        };
        if !is_space {
            for column in block(left)..=block(right) {
                for row in block(top)..=block(bottom) {
                    let is_home = (column, row) == (block(x), block(y));
                    let seen = || self.blocks.get(&(text, column, row)).copied().unwrap_or_default();
                    if !is_home && seen() & bits(column, row) != 0 {
                        return false;
                    }
                }
            }
        }
        let home = self.blocks.entry((text, block(x), block(y))).or_default();
        if !is_space && *home & bits(block(x), block(y)) != 0 {
            return false;
        }
        *home |= 1 << (8 * (y & 7) + (x & 7));
        true
    }
}

/// What of a range of cells lies in a block, from its beginning.
fn within(from: i64, to: i64, block: i64) -> RangeInclusive<i64> {
    let start = block << 3;
    from.max(start) - start..=to.min(start + 7) - start
}

fn grow(glyphs: &[&PlacedGlyph]) -> Vec<Growing> {
    let mut words: Vec<Growing> = Vec::new();
    let mut after_space = false;
    for glyph in glyphs {
        if glyph.is_space() {
            if let Some(word) = words.last_mut() {
                word.closed_behind = true;
            }
            after_space = true;
            continue;
        }
        match words.last_mut() {
            Some(word)
                if !after_space && word.is_continued_at(glyph.origin, glyph.direction(), glyph.size()) =>
            {
                word.push(glyph);
            }
            Some(_) | None => words.push(Growing::new(glyph, after_space)),
        }
        after_space = false;
    }
    words
}

/// Joins pieces of one word that the document drew apart, for example letter by letter out of order.
fn merge_neighbours(words: Vec<Growing>) -> Vec<Growing> {
    let mut by_line: Vec<usize> = (0..words.len()).collect();
    let place = |word: &Growing| {
        let normal = Vec2::new(-word.direction.y, word.direction.x);
        // Baselines within half a point count as one line here; the exact test follows.
        let line = (word.start.to_vec2().dot(normal) * 2.0).round();
        (line, word.start.to_vec2().dot(word.direction))
    };
    let places: Vec<(f64, f64)> = words.iter().map(place).collect();
    by_line.sort_by(|&a, &b| {
        let ((line_a, at_a), (line_b, at_b)) = (places[a], places[b]);
        line_a.total_cmp(&line_b).then(at_a.total_cmp(&at_b))
    });
    let mut taken_by: Vec<Option<usize>> = vec![None; words.len()];
    let mut words: Vec<Option<Growing>> = words.into_iter().map(Some).collect();
    for pair in by_line.windows(2) {
        let (head, next) = (taken_by[pair[0]].unwrap_or(pair[0]), pair[1]);
        let joins = match (&words[head], &words[next]) {
            (Some(a), Some(b)) => {
                !a.closed_behind && !b.closed_before && a.is_continued_at(b.start, b.direction, b.size)
            }
            (None, _) | (_, None) => false,
        };
        if joins
            && let Some(b) = words[next].take()
            && let Some(a) = words[head].as_mut()
        {
            a.absorb(&b);
            taken_by[next] = Some(head);
        }
    }
    words.into_iter().flatten().collect()
}
