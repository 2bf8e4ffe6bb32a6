//! Words become tokens, tokens become lines, lines fall apart into segments.
//!
//! A line is what stands at one height of a page; a segment is a stretch of a line without a wide
//! gap, which is a table cell or one column of a letter. Everything is in points of the page.
//!
//! Guaranteed: the same words give the same layout whatever order a reader found them in, and the
//! work is `n log n` in the words of a page. This module never interprets what a word says, apart
//! from parting `Label:value` that a document printed without a space.

use std::ops::Range;

use crate::page::{BBox, Citation, Page, TextSource};

mod lines;
mod split;

/// A box in points, origin at the top left of the page.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

impl Bounds {
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }

    #[must_use]
    pub fn height(self) -> f32 {
        (self.y1 - self.y0).max(0.1)
    }

    #[must_use]
    pub fn width(self) -> f32 {
        (self.x1 - self.x0).max(0.1)
    }

    /// How much of the narrower of the two boxes stands above or below the other, 0–1.
    #[must_use]
    pub fn share_of_width(self, other: Self) -> f32 {
        let overlap = self.x1.min(other.x1) - self.x0.max(other.x0);
        (overlap / self.width().min(other.width())).clamp(0.0, 1.0)
    }
}

/// A word, or a part of one that means something by itself.
#[derive(Debug, Clone)]
pub struct Token {
    pub text: String,
    /// Lower case, no accents, letters and digits only: what labels are compared with.
    pub folded: String,
    pub bounds: Bounds,
    /// How sure the reader is of the characters, 0–1.
    pub confidence: f32,
    pub line: usize,
    pub segment: usize,
    /// Whether white space stood before it; false for the later parts of a split word.
    pub spaced: bool,
}

/// What stands at one height of a page.
#[derive(Debug, Clone)]
pub struct Line {
    /// Index into [`Layout::pages`].
    pub page: usize,
    pub tokens: Range<usize>,
    pub segments: Range<usize>,
    pub bounds: Bounds,
    /// The usual height of its words, which is the unit for gaps.
    pub height: f32,
}

/// A stretch of a line without a wide gap.
#[derive(Debug, Clone)]
pub struct Segment {
    pub line: usize,
    pub tokens: Range<usize>,
    pub bounds: Bounds,
}

/// What is needed of a page beside its words.
#[derive(Debug, Clone)]
pub struct PageInfo {
    pub number: u32,
    pub width: f32,
    pub height: f32,
    pub source: TextSource,
    pub lines: Range<usize>,
}

/// A whole document, in reading order: pages, lines from the top, tokens from the left.
#[derive(Debug, Clone, Default)]
pub struct Layout {
    pub pages: Vec<PageInfo>,
    pub lines: Vec<Line>,
    pub segments: Vec<Segment>,
    pub tokens: Vec<Token>,
}

/// A gap of this many heights of a line parts two columns where the lines above and below say so.
const COLUMN_GAP: f32 = 0.35;
/// How exactly a word must stand at a column's edge, in heights of its line.
const COLUMN_EDGE: f32 = 0.12;
/// Lines further apart than this many heights say nothing of each other's columns.
const COLUMN_LINES: f32 = 1.5;

impl Layout {
    /// Lays out every page.
    #[must_use]
    pub fn of(pages: &[Page]) -> Self {
        let mut layout = Self::default();
        for page in pages {
            let first_line = layout.lines.len();
            let index = layout.pages.len();
            for row in lines::rows(page) {
                layout.push_row(index, page.source, row);
            }
            layout.part_columns(first_line);
            layout.pages.push(PageInfo {
                number: page.number,
                width: page.width.max(1.0),
                height: page.height.max(1.0),
                source: page.source,
                lines: first_line..layout.lines.len(),
            });
        }
        layout
    }

    fn push_row(&mut self, page: usize, source: TextSource, row: lines::Row) {
        let Some(bounds) = row.tokens.iter().map(|token| token.bounds).reduce(Bounds::union) else { return };
        let line = self.lines.len();
        let (first_token, first_segment) = (self.tokens.len(), self.segments.len());
        let wide = row.height * if source == TextSource::Ocr { 1.8 } else { 1.1 };
        for mut token in row.tokens {
            let gap =
                self.segments[first_segment..].last().map(|segment| token.bounds.x0 - segment.bounds.x1);
            let index = self.tokens.len();
            match (gap, self.segments.last_mut()) {
                (Some(gap), Some(segment)) if gap <= wide || !token.spaced => {
                    segment.tokens.end = index + 1;
                    segment.bounds = segment.bounds.union(token.bounds);
                }
                _ => self.segments.push(Segment { line, tokens: index..index + 1, bounds: token.bounds }),
            }
            token.line = line;
            token.segment = self.segments.len() - 1;
            self.tokens.push(token);
        }
        self.lines.push(Line {
            page,
            tokens: first_token..self.tokens.len(),
            segments: first_segment..self.segments.len(),
            bounds,
            height: row.height,
        });
    }

    /// Parts stretches that run into the next column: where a word begins exactly where stretches of the lines above
    /// and below begin, a gap that is otherwise too narrow parts it.
    fn part_columns(&mut self, first_line: usize) {
        let lines = first_line..self.lines.len();
        let starts = |layout: &Self, line: usize| -> Vec<f32> {
            let segments = layout.lines[line].segments.clone().skip(1);
            segments.map(|segment| layout.segments[segment].bounds.x0).collect()
        };
        let known: Vec<Vec<f32>> = lines.clone().map(|line| starts(self, line)).collect();
        let near = |other: usize, line: usize, layout: &Self| {
            let (a, b) = (layout.lines[line].bounds, layout.lines[other].bounds);
            (a.y0 - b.y1).max(b.y0 - a.y1) < COLUMN_LINES * layout.lines[line].height
        };
        let first_segment = self.lines.get(first_line).map_or(0, |line| line.segments.start);
        let mut parted: Vec<Segment> = Vec::new();
        for line in lines.clone() {
            let height = self.lines[line].height;
            let begins = |column: Option<usize>, x0: f32| {
                column.is_some_and(|other| {
                    near(other, line, self)
                        && known[other - first_line]
                            .iter()
                            .any(|start| (start - x0).abs() < COLUMN_EDGE * height)
                })
            };
            let above = line.checked_sub(1).filter(|above| lines.contains(above));
            let below = Some(line + 1).filter(|below| lines.contains(below));
            let start = first_segment + parted.len();
            for segment in self.lines[line].segments.clone() {
                let Segment { tokens, .. } = self.segments[segment].clone();
                let mut from = tokens.start;
                for index in tokens.start + 1..tokens.end {
                    let at = self.tokens[index].bounds.x0;
                    let gap = at - self.tokens[index - 1].bounds.x1;
                    if gap > COLUMN_GAP * height && begins(above, at) && begins(below, at) {
                        parted.extend(self.segment(line, from..index));
                        from = index;
                    }
                }
                parted.extend(self.segment(line, from..tokens.end));
            }
            self.lines[line].segments = start..first_segment + parted.len();
        }
        self.segments.truncate(first_segment);
        for (offset, segment) in parted.iter().enumerate() {
            for token in &mut self.tokens[segment.tokens.clone()] {
                token.segment = first_segment + offset;
            }
        }
        self.segments.append(&mut parted);
    }

    fn segment(&self, line: usize, tokens: Range<usize>) -> Option<Segment> {
        Some(Segment { line, bounds: self.bounds(tokens.clone())?, tokens })
    }

    /// The printed text of a run of tokens, one space where the document has white space.
    #[must_use]
    pub fn text(&self, tokens: Range<usize>) -> String {
        let tokens = self.tokens.get(tokens).unwrap_or_default();
        let mut text = String::with_capacity(tokens.iter().map(|token| token.text.len() + 1).sum());
        for token in tokens {
            if token.spaced && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&token.text);
        }
        text
    }

    /// The box around a run of tokens.
    #[must_use]
    pub fn bounds(&self, tokens: Range<usize>) -> Option<Bounds> {
        self.tokens.get(tokens)?.iter().map(|token| token.bounds).reduce(Bounds::union)
    }

    /// The mean of the reader's confidence over a run of tokens, 1 when there are none.
    #[must_use]
    pub fn confidence(&self, tokens: Range<usize>) -> f32 {
        let tokens = self.tokens.get(tokens).unwrap_or_default();
        if tokens.is_empty() {
            return 1.0;
        }
        tokens.iter().map(|token| token.confidence).sum::<f32>() / tokens.len() as f32
    }

    /// The page of a token.
    #[must_use]
    pub fn page_of(&self, token: usize) -> Option<&PageInfo> {
        self.pages.get(self.lines.get(self.tokens.get(token)?.line)?.page)
    }

    /// Where a run of tokens stands, for a person to check.
    #[must_use]
    pub fn cite(&self, tokens: Range<usize>) -> Option<Citation> {
        let page = self.page_of(tokens.start)?;
        let bounds = self.bounds(tokens.clone())?;
        Some(Citation {
            page: page.number,
            bbox: BBox {
                x0: (bounds.x0 / page.width).clamp(0.0, 1.0),
                y0: (bounds.y0 / page.height).clamp(0.0, 1.0),
                x1: (bounds.x1 / page.width).clamp(0.0, 1.0),
                y1: (bounds.y1 / page.height).clamp(0.0, 1.0),
            },
            text: self.text(tokens),
        })
    }

    /// Where several runs of tokens stand that are one value, as far as they are on the page of the first.
    pub fn cite_parts(&self, parts: impl IntoIterator<Item = Range<usize>>) -> Option<Citation> {
        parts.into_iter().filter_map(|part| self.cite(part)).reduce(|all, part| {
            if part.page != all.page {
                return all;
            }
            Citation { bbox: all.bbox.union(part.bbox), text: format!("{} {}", all.text, part.text), ..all }
        })
    }

    /// Lines of the same page that follow a line, nearest first.
    pub fn lines_below(&self, line: usize) -> impl Iterator<Item = usize> + '_ {
        let end =
            self.lines.get(line).and_then(|line| self.pages.get(line.page)).map_or(0, |page| page.lines.end);
        line + 1..end
    }
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
