//! Text recognition: an image of a page in, positioned words with their confidence out.
//!
//! [`Ocr`] is the seam. The extraction child can't start programs, so there it asks its parent; a
//! tool that reads trusted files recognises with [`tesseract::Tesseract`] directly.

mod prepare;
pub mod tesseract;

use docextract_model::failure::Failure;
use image::GrayImage;
use serde::{Deserialize, Serialize};

use crate::page::Word;

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
}

/// Recognises an image as it came: straightened and scaled first, boxes in fractions of what was given.
pub(crate) fn read_image(image: &GrayImage, layout: Layout, ocr: &mut dyn Ocr) -> Result<Vec<Word>, Failure> {
    let prepared = prepare::prepare(image, layout);
    let mut words = ocr.recognise(&prepared.raster)?;
    prepared.restore(&mut words);
    Ok(words)
}

pub(crate) use prepare::layout_of;
pub use tesseract::Tesseract;

/// No recognition: every image is a failure. For reading text layers only.
pub struct NoOcr;

impl Ocr for NoOcr {
    fn recognise(&mut self, _: &Raster) -> Result<Vec<Word>, Failure> {
        Err(tesseract::not_installed())
    }
}
