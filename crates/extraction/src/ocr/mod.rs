//! Text recognition: an image of a page in, positioned words with their confidence out.
//!
//! [`Ocr`] is the seam. The extraction child can't start programs, so there it asks its parent; a
//! tool that reads trusted files recognises with [`tesseract::Tesseract`] directly.

mod language;
mod level;
mod light;
mod prepare;
mod resample;
pub mod tesseract;

use std::borrow::Cow;

use docextract_model::failure::Failure;
use image::GrayImage;
use serde::{Deserialize, Serialize};

use crate::page::{BBox, Word};

pub use language::Language;
use light::Light;
use prepare::Skew;
pub(crate) use prepare::layout_of;
pub use tesseract::Tesseract;

/// An image of a page in grey, 0 is black, rows from the top.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raster {
    pub width: u32,
    pub height: u32,
    /// Exactly `width * height` bytes.
    pub luma: Vec<u8>,
    /// Dots per inch, as far as it is known.
    pub dpi: u32,
    pub layout: Layout,
    pub languages: Languages,
}

/// Which of the installed languages to read with. Each one more costs time, and on text of another
/// language it costs characters as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Languages {
    /// The one that most documents share.
    First,
    /// This one as well.
    With(Language),
}

/// What to expect on the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// A page with blocks and columns.
    Page,
    /// One narrow column, as on a receipt.
    Column,
}

/// Recognises text.
pub trait Ocr {
    /// The words on the image, their boxes as fractions of it.
    fn recognise(&mut self, image: &Raster) -> Result<Vec<Word>, Failure>;

    /// Whether it can read this language as well.
    fn has(&mut self, language: Language) -> bool;
}

/// Pages need this many confident words to count as read.
const CONFIDENT_WORDS_MIN: usize = 8;
const CONFIDENT_WORD: f32 = 0.60;
const MEAN_CONFIDENCE_MIN: f32 = 0.35;

/// A glance that finds fewer confident words than this found no text.
const GLANCED_WORDS_MIN: usize = 3;

fn confident_words<'a>(words: impl Iterator<Item = &'a Word>) -> usize {
    let telling = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() >= 2;
    words.filter(|w| w.confidence >= CONFIDENT_WORD && telling(&w.text)).count()
}

/// Whether recognition found text, or next to nothing, or noise. The mean alone doesn't tell.
pub(crate) fn is_readable<'a, I: Iterator<Item = &'a Word>>(words: impl Fn() -> I) -> bool {
    let confident = confident_words(words());
    #[expect(clippy::cast_precision_loss, reason = "words of a document fit a float")]
    let mean = words().map(|w| w.confidence).sum::<f32>() / words().count().max(1) as f32;
    confident >= CONFIDENT_WORDS_MIN && mean >= MEAN_CONFIDENCE_MIN
}

/// What was read on an image that was made level and upright first, and the way back.
pub(crate) struct Recognised {
    /// Boxes in fractions of the level, upright image: what stands on one line has one height.
    pub(crate) words: Vec<Word>,
    pub(crate) placement: Placement,
    /// The language that it seems to be in and that is not installed: it was read as if it were in another.
    pub(crate) lacks: Option<Language>,
}

/// Where a point of the level, upright image stands on the image as it was given.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(crate) struct Placement {
    turn: Turn,
    skew: Skew,
}

impl Placement {
    /// The box on the image as it was given.
    pub(crate) fn back(self, bbox: BBox) -> BBox {
        self.turn.undone(self.skew.undone(bbox))
    }

    /// Whether width and height of the upright page are height and width of the given image.
    pub(crate) fn is_sideways(self) -> bool {
        matches!(self.turn, Turn::Right | Turn::Left)
    }
}

/// An image as it is to be read, turned by quarters or not, and what was measured on it: once, however often it is
/// then read.
struct Sheet<'a> {
    image: &'a GrayImage,
    turn: Turn,
    small: Cow<'a, GrayImage>,
    skew_degrees: f32,
}

impl<'a> Sheet<'a> {
    fn of(image: &'a GrayImage, small: Cow<'a, GrayImage>, turn: Turn) -> Self {
        let skew_degrees = prepare::skew_degrees(&small);
        Self { image, turn, small, skew_degrees }
    }
}

/// Recognises an image, evenly lit, straightened and scaled first. One that can't be read is tried on its side and
/// upside down as well, as phones and scanners produce.
pub(crate) fn read_image(
    image: &GrayImage,
    layout: Layout,
    ocr: &mut dyn Ocr,
) -> Result<Recognised, Failure> {
    let small = prepare::small(image);
    let lit = Light::uneven(&small).map(|light| light.evened(image));
    let (image, small) = lit.as_ref().map_or((image, small), |lit| (lit, prepare::small(lit)));
    let sheet = Sheet::of(image, small, Turn::None);
    let faint = layout == Layout::Column && !prepare::has_rows(&sheet.small);
    let upright = if faint {
        match glance(&sheet, ocr)? {
            Glance::Text(_) => read_sheet(&sheet, layout, ocr)?,
            Glance::Nothing(glance) => glance,
        }
    } else {
        read_sheet(&sheet, layout, ocr)?
    };
    if is_readable(|| upright.words.iter()) {
        return Ok(upright);
    }
    for turn in [Turn::Right, Turn::Left, Turn::Around] {
        let turned = match turn {
            Turn::None => continue,
            Turn::Right => image::imageops::rotate90(image),
            Turn::Left => image::imageops::rotate270(image),
            Turn::Around => image::imageops::rotate180(image),
        };
        let sheet = Sheet::of(&turned, prepare::small(&turned), turn);
        if let Glance::Text(glance) = glance(&sheet, ocr)?
            && is_readable(|| glance.words.iter())
        {
            return match layout_of(&turned) {
                Layout::Page => in_its_language(&sheet, Layout::Page, glance, ocr),
                Layout::Column => read_sheet(&sheet, Layout::Column, ocr),
            };
        }
    }
    Ok(upright)
}

/// What a glance at an image showed.
enum Glance {
    Text(Recognised),
    Nothing(Recognised),
}

/// Looks at an image as a page with blocks: so noise is given up at once, while as one column it would
/// cost ten times as much.
fn glance(sheet: &Sheet, ocr: &mut dyn Ocr) -> Result<Glance, Failure> {
    let seen = read_as(sheet, Layout::Page, Languages::First, ocr)?;
    let some = confident_words(seen.words.iter()) >= GLANCED_WORDS_MIN;
    Ok(if some { Glance::Text(seen) } else { Glance::Nothing(seen) })
}

fn read_sheet(sheet: &Sheet, layout: Layout, ocr: &mut dyn Ocr) -> Result<Recognised, Failure> {
    let read = read_as(sheet, layout, Languages::First, ocr)?;
    in_its_language(sheet, layout, read, ocr)
}

/// What was read in the first language, or read again where the words are of another.
fn in_its_language(
    sheet: &Sheet,
    layout: Layout,
    read: Recognised,
    ocr: &mut dyn Ocr,
) -> Result<Recognised, Failure> {
    match Language::of(&read.words) {
        None => Ok(read),
        Some(language) if ocr.has(language) => read_as(sheet, layout, Languages::With(language), ocr),
        lacks @ Some(_) => Ok(Recognised { lacks, ..read }),
    }
}

fn read_as(
    sheet: &Sheet,
    layout: Layout,
    languages: Languages,
    ocr: &mut dyn Ocr,
) -> Result<Recognised, Failure> {
    let (raster, skew) = prepare::prepare(sheet.image, sheet.skew_degrees, layout, languages);
    let mut words = ocr.recognise(&raster)?;
    let left_over = level::level(&mut words, skew.aspect());
    Ok(Recognised {
        words,
        placement: Placement { turn: sheet.turn, skew: skew.and(left_over) },
        lacks: None,
    })
}

/// How an image was turned before it could be read.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
enum Turn {
    #[default]
    None,
    Right,
    Left,
    Around,
}

impl Turn {
    /// The box on the image before it was turned.
    fn undone(self, b: BBox) -> BBox {
        match self {
            Self::None => b,
            Self::Right => BBox { x0: b.y0, y0: 1.0 - b.x1, x1: b.y1, y1: 1.0 - b.x0 },
            Self::Left => BBox { x0: 1.0 - b.y1, y0: b.x0, x1: 1.0 - b.y0, y1: b.x1 },
            Self::Around => BBox { x0: 1.0 - b.x1, y0: 1.0 - b.y1, x1: 1.0 - b.x0, y1: 1.0 - b.y0 },
        }
    }
}

/// No recognition: every image is a failure. For reading text layers only.
pub struct NoOcr;

impl Ocr for NoOcr {
    fn recognise(&mut self, _: &Raster) -> Result<Vec<Word>, Failure> {
        Err(tesseract::not_installed())
    }

    fn has(&mut self, _: Language) -> bool {
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_undone() {
        // A mark near the top left of the image as given, 10 wide and 20 high on 100 × 100.
        let given = BBox { x0: 0.1, y0: 0.2, x1: 0.2, y1: 0.4 };
        let seen = [
            (Turn::Right, BBox { x0: 0.6, y0: 0.1, x1: 0.8, y1: 0.2 }),
            (Turn::Left, BBox { x0: 0.2, y0: 0.8, x1: 0.4, y1: 0.9 }),
            (Turn::Around, BBox { x0: 0.8, y0: 0.6, x1: 0.9, y1: 0.8 }),
        ];
        for (turn, there) in seen {
            let back = turn.undone(there);
            let off = (back.x0 - given.x0).abs() + (back.y0 - given.y0).abs() + (back.x1 - given.x1).abs();
            assert!(off < 1e-5, "{back:?}");
        }
    }
}
