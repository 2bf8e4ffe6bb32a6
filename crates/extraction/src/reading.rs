//! From document bytes to pages, with every limit checked on the way.
//!
//! The order of the questions is fixed: is there anything, is it small enough, what is it, how many
//! pages. Only then is a page read: by its text layer, or by OCR where it has none. A document is
//! refused as unreadable rather than read as noise.

use docextract_model::failure::{Failure, FailureCode};
use image::GrayImage;

use crate::Limits;
use crate::einvoice::Invoice;
use crate::formats::detect::Format;
use crate::formats::{attachments, image as picture, pdf};
use crate::ocr::{self, Layout, Ocr};
use crate::page::{Page, TextSource};

/// How a scanned page of a PDF is drawn for recognition.
const SCAN_DPI: f32 = 200.0;
/// A page needs this many confident words to count as read.
const CONFIDENT_WORDS_MIN: usize = 8;
const CONFIDENT_WORD: f32 = 0.60;
const MEAN_CONFIDENCE_MIN: f32 = 0.35;

/// How to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    pub limits: Limits,
    /// Do as if no XML were embedded in the document.
    pub ignore_embedded_xml: bool,
}

/// A document that was read.
#[derive(Debug, Clone)]
pub struct Reading {
    pub pages: Vec<Page>,
    pub page_count: u32,
    pub mime_type: String,
    /// The e-invoice XML that the document carries or is.
    pub embedded_xml: Option<Vec<u8>>,
}

/// Reads a document in this process: only for bytes that are trusted, or inside the sandbox.
pub fn read_pages(bytes: &[u8], options: &ReadOptions, ocr: &mut dyn Ocr) -> Result<Reading, Failure> {
    let limits = &options.limits;
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(Failure::new(FailureCode::DocumentEmpty));
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limits.document_bytes_max {
        return Err(Failure::with_detail(
            FailureCode::DocumentTooLarge,
            &format!("The limit is {} bytes.", limits.document_bytes_max),
        ));
    }
    let format = Format::of(bytes).ok_or_else(|| Failure::new(FailureCode::UnsupportedFormat))?;
    let mime_type = format.mime_type().to_owned();
    match format {
        Format::Pdf => {
            let document = pdf::Document::open(bytes)?;
            let page_count = checked_page_count(document.page_count(), limits)?;
            let embedded_xml = if options.ignore_embedded_xml { None } else { invoice_xml(&document) };
            // Where the values stand in XML, an unreadable page is no reason to fail, nor to spend seconds.
            let pages = if embedded_xml.is_some() {
                document.text_layers().map(|layer| layer.page).collect()
            } else {
                read_pdf(&document, ocr)?
            };
            Ok(Reading { pages, page_count, mime_type, embedded_xml })
        }
        Format::Png | Format::Jpeg | Format::Tiff | Format::WebP => {
            let image = picture::decode(bytes, format)?;
            let pages = vec![read_image(&image, ocr)?];
            check_readable(&pages)?;
            Ok(Reading { pages, page_count: 1, mime_type, embedded_xml: None })
        }
        Format::Xml => {
            let embedded_xml = Some(bytes.to_vec());
            Ok(Reading { pages: Vec::new(), page_count: 1, mime_type, embedded_xml })
        }
    }
}

fn checked_page_count(page_count: u32, limits: &Limits) -> Result<u32, Failure> {
    match page_count {
        0 => Err(Failure::with_detail(FailureCode::DocumentCorrupted, "It has no page.")),
        count if count > limits.pages_max => Err(Failure::with_detail(
            FailureCode::TooManyPages,
            &format!("It has {count}; the limit is {}.", limits.pages_max),
        )),
        count => Ok(count),
    }
}

/// The first attached XML that is an e-invoice.
fn invoice_xml(document: &pdf::Document) -> Option<Vec<u8>> {
    attachments::xml_files(document.pdf()).into_iter().find(|xml| Invoice::parse(xml).is_ok())
}

fn read_pdf(document: &pdf::Document, ocr: &mut dyn Ocr) -> Result<Vec<Page>, Failure> {
    let mut pages = Vec::new();
    let mut recognised = Vec::new();
    for layer in document.text_layers() {
        let mut page = layer.page;
        if layer.needs_ocr
            && let Some(image) = document.render(page.number, SCAN_DPI)
        {
            page.words = ocr::read_image(&image, Layout::Page, ocr)?;
            page.source = TextSource::Ocr;
            recognised.push(page.clone());
        }
        pages.push(page);
    }
    let readable_text =
        pages.iter().any(|page| page.source == TextSource::TextLayer && !page.words.is_empty());
    if !readable_text && !recognised.is_empty() {
        check_readable(&recognised)?;
    }
    if pages.iter().all(|page| page.words.is_empty()) {
        return Err(Failure::with_detail(FailureCode::DocumentEmpty, "No page has any text."));
    }
    Ok(pages)
}

/// An image has no size on paper: its pixels are taken for 200 dpi.
fn read_image(image: &GrayImage, ocr: &mut dyn Ocr) -> Result<Page, Failure> {
    let words = ocr::read_image(image, ocr::layout_of(image), ocr)?;
    #[expect(clippy::cast_precision_loss, reason = "pixels of a page fit a float")]
    let (width, height) = (image.width() as f32 * 72.0 / SCAN_DPI, image.height() as f32 * 72.0 / SCAN_DPI);
    Ok(Page { number: 1, width, height, source: TextSource::Ocr, words })
}

/// Refuses pages on which recognition found next to nothing, or only noise.
fn check_readable(pages: &[Page]) -> Result<(), Failure> {
    let words = || pages.iter().flat_map(|page| &page.words);
    let telling = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() >= 2;
    let confident = words().filter(|w| w.confidence >= CONFIDENT_WORD && telling(&w.text)).count();
    let count = words().count();
    #[expect(clippy::cast_precision_loss, reason = "words of a document fit a float")]
    let mean = words().map(|w| w.confidence).sum::<f32>() / count.max(1) as f32;
    if confident < CONFIDENT_WORDS_MIN || mean < MEAN_CONFIDENCE_MIN {
        return Err(Failure::new(FailureCode::DocumentUnreadable));
    }
    Ok(())
}
