//! What a format reader hands to the field engine: pages of positioned words.
//!
//! Every reader (PDF text layer, OCR, office files, text) ends here and every field engine starts
//! here, so neither knows the other.

use serde::{Deserialize, Serialize};

/// A box on a page as fractions of its width and height, origin at the top left, all in 0–1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct BBox {
    pub x0: f32,
    pub y0: f32,
    pub x1: f32,
    pub y1: f32,
}

impl BBox {
    /// The smallest box that holds both.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self {
            x0: self.x0.min(other.x0),
            y0: self.y0.min(other.y0),
            x1: self.x1.max(other.x1),
            y1: self.y1.max(other.y1),
        }
    }
}

/// Where a value was found, for a person who wants to check it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Citation {
    /// 1 for the first page.
    pub page: u32,
    pub bbox: BBox,
    /// The words as they stand there, joined by single spaces.
    pub text: String,
}

/// Where a page's words come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TextSource {
    /// The document's own text.
    TextLayer,
    /// Recognised on an image of the page.
    Ocr,
}

/// A run of characters without white space.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Word {
    pub text: String,
    pub bbox: BBox,
    /// How sure the reader is of the characters, 0–1; 1 for a text layer.
    pub confidence: f32,
}

/// One page as it is displayed: its rotation is already applied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// 1 for the first page.
    pub number: u32,
    /// Points (1/72 inch).
    pub width: f32,
    /// Points (1/72 inch).
    pub height: f32,
    pub source: TextSource,
    /// In the order in which the reader found them.
    pub words: Vec<Word>,
}
