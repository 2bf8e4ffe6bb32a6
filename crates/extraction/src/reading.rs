//! From document bytes to pages, with every limit checked on the way.
//!
//! The order of the questions is fixed: is there anything, is it small enough, what is it, how many
//! pages. Only then is a page read: by its text layer, or by OCR where it has none. A document is
//! refused as unreadable rather than read as noise.

use docextract_model::document_password::DocumentPassword;
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use image::GrayImage;
use serde::{Deserialize, Serialize};

use crate::Limits;
use crate::einvoice::Invoice;
use crate::formats::detect::Format;
use crate::formats::{
    attachments, csv, docx, grid, html, image as picture, mail::Mail, ods, office, pdf, text, tiff_pages,
    xlsx,
};
use crate::ocr::{self, Language, Layout, Ocr, Placement, Recognised};
use crate::page::{Citation, Page, TextSource};

/// How a scanned page of a PDF is drawn for recognition.
const SCAN_DPI: f32 = 200.0;
/// How to read.
#[derive(Debug, Clone, Default)]
pub struct ReadOptions {
    pub limits: Limits,
    /// Opens a document that is encrypted.
    pub password: Option<DocumentPassword>,
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
    /// Sentences about what was not read.
    pub warnings: Vec<String>,
    /// For each page, how its places stand on the page as it was given: recognition levels what it reads.
    pub(crate) placements: Vec<Placement>,
}

/// The pages of a document on their way to another engine.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct KeptPages {
    pub(crate) pages: Vec<Page>,
    pub(crate) placements: Vec<Placement>,
    /// Whether these are all words of the document.
    pub(crate) is_whole: bool,
}

impl KeptPages {
    /// Whether there is no word on them.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pages.iter().all(|page| page.words.is_empty())
    }
}

impl Reading {
    /// The first words, with the pages that they are on.
    pub(crate) fn kept(&self) -> KeptPages {
        let (mut pages, mut words, mut is_whole) = (Vec::new(), limits::LLM_WORDS_MAX, true);
        for page in &self.pages {
            if words == 0 {
                is_whole = false;
                break;
            }
            is_whole &= page.words.len() <= words;
            pages.push(Page { words: page.words.iter().take(words).cloned().collect(), ..page.clone() });
            words = words.saturating_sub(page.words.len());
        }
        KeptPages { placements: self.placements.iter().take(pages.len()).copied().collect(), pages, is_whole }
    }
}

/// The citation with its box on the page as it was given.
pub(crate) fn as_given(placements: &[Placement], citation: &Citation) -> Citation {
    let index = usize::try_from(citation.page.saturating_sub(1)).unwrap_or(usize::MAX);
    let placement = placements.get(index).copied().unwrap_or_default();
    Citation { bbox: placement.back(citation.bbox), ..citation.clone() }
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
            let document = pdf::Document::open(bytes, options.password.as_ref())?;
            let page_count = checked_page_count(document.page_count(), limits)?;
            let embedded_xml = if options.ignore_embedded_xml { None } else { invoice_xml(&document) };
            // Where the values stand in XML, an unreadable page is no reason to fail, nor to spend seconds.
            let (pages, placements, warnings) = if embedded_xml.is_some() {
                (document.text_layers().map(|layer| layer.page).collect(), Vec::new(), Vec::new())
            } else {
                read_pdf(&document, ocr)?
            };
            Ok(Reading { pages, page_count, mime_type, embedded_xml, warnings, placements })
        }
        Format::Tiff => {
            let directories = tiff_pages::directories(bytes);
            let count = u32::try_from(directories.len()).unwrap_or(u32::MAX);
            let page_count = checked_page_count(count, limits)?;
            let (mut pages, mut placements, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
            for (directory, number) in directories.into_iter().zip(1..) {
                let image = picture::decode(&tiff_pages::with_first(bytes, directory), format)?;
                let (page, placement) = read_image(number, &image, ocr, &mut warnings)?;
                pages.push(page);
                placements.push(placement);
            }
            check_readable(&pages)?;
            Ok(Reading { pages, page_count, mime_type, embedded_xml: None, warnings, placements })
        }
        Format::Png | Format::Jpeg | Format::WebP => {
            let mut warnings = Vec::new();
            let (page, placement) = read_image(1, &picture::decode(bytes, format)?, ocr, &mut warnings)?;
            let (pages, placements) = (vec![page], vec![placement]);
            check_readable(&pages)?;
            Ok(Reading { pages, page_count: 1, mime_type, embedded_xml: None, warnings, placements })
        }
        Format::Xml => {
            let embedded_xml = Some(bytes.to_vec());
            let (pages, placements) = (Vec::new(), Vec::new());
            Ok(Reading { pages, page_count: 1, mime_type, embedded_xml, warnings: Vec::new(), placements })
        }
        Format::Xlsx => read_grid(grid::pages(&xlsx::blocks(bytes)?)?, mime_type, limits),
        Format::Docx => read_grid(grid::pages(&docx::blocks(bytes)?)?, mime_type, limits),
        Format::Ods => read_grid(grid::pages(&ods::blocks(bytes)?)?, mime_type, limits),
        Format::Archive => Err(office::archive_failure(bytes)),
        Format::Ole => Err(office::ole_failure(bytes)),
        Format::Mail => read_mail(bytes, options, ocr),
        Format::Html => {
            let html = html::decode(bytes).ok_or_else(|| Failure::new(FailureCode::UnsupportedFormat))?;
            read_grid(html::pages(&html)?, mime_type, limits)
        }
        Format::Csv | Format::Text => {
            let text = text::decode(bytes).ok_or_else(|| Failure::new(FailureCode::UnsupportedFormat))?;
            let pages = match csv::separator(&text) {
                Some(separator) => csv::pages(&text, separator)?,
                None => text::pages(&text)?,
            };
            read_grid(pages, mime_type, limits)
        }
    }
}

/// The best attachment that can be read, else the mail's own text. Attachments are never mails themselves.
fn read_mail(bytes: &[u8], options: &ReadOptions, ocr: &mut dyn Ocr) -> Result<Reading, Failure> {
    let mail = Mail::open(bytes)?;
    let mime_type = Format::Mail.mime_type().to_owned();
    let mut unread = None;
    for attachment in &mail.attachments {
        match read_pages(&attachment.bytes, options, ocr) {
            Ok(mut reading) => {
                let name = &attachment.name;
                reading.warnings.insert(0, format!("Of this mail, the attachment “{name}” was read."));
                return Ok(Reading { mime_type, ..reading });
            }
            Err(failure) if failure.code.is_retryable() => return Err(failure),
            Err(_) if attachment.is_picture() => {}
            Err(failure) => unread = unread.or(Some(failure)),
        }
    }
    match unread {
        Some(failure) => Err(failure),
        None => read_grid(mail.pages()?, mime_type, &options.limits),
    }
}

/// Pages of characters that nothing has to be recognised on.
fn read_grid(pages: Vec<Page>, mime_type: String, limits: &Limits) -> Result<Reading, Failure> {
    if pages.iter().all(|page| page.words.is_empty()) {
        return Err(Failure::new(FailureCode::DocumentEmpty));
    }
    let count = u32::try_from(pages.len()).unwrap_or(u32::MAX);
    let page_count = checked_page_count(count, limits)?;
    let (warnings, placements) = (Vec::new(), Vec::new());
    Ok(Reading { pages, page_count, mime_type, embedded_xml: None, warnings, placements })
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

/// The pages, how each was turned, and warnings about pages that were not read.
type PdfPages = (Vec<Page>, Vec<Placement>, Vec<String>);

fn read_pdf(document: &pdf::Document, ocr: &mut dyn Ocr) -> Result<PdfPages, Failure> {
    let (mut pages, mut placements) = (Vec::new(), Vec::new());
    let (mut recognised, mut missed, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    for layer in document.text_layers() {
        let mut page = layer.page;
        let mut placement = Placement::default();
        if layer.needs_ocr
            && let Some(image) = document.render(page.number, SCAN_DPI)
        {
            match ocr::read_image(&image, Layout::Page, ocr) {
                Ok(read) => {
                    warn_of_language(read.lacks, &mut warnings);
                    placement = read.placement;
                    page.words = read.words;
                    if placement.is_sideways() {
                        std::mem::swap(&mut page.width, &mut page.height);
                    }
                    page.source = TextSource::Ocr;
                    recognised.push(page.clone());
                }
                // Where recognition is not installed, the pages with text may still hold every value.
                Err(failure) if failure.code == FailureCode::ServiceUnavailable => {
                    missed.push((page.number, failure));
                }
                Err(failure) => return Err(failure),
            }
        }
        pages.push(page);
        placements.push(placement);
    }
    let readable_text =
        pages.iter().any(|page| page.source == TextSource::TextLayer && !page.words.is_empty());
    if !readable_text {
        if let Some((_, failure)) = missed.pop() {
            return Err(failure);
        }
        if !recognised.is_empty() {
            check_readable(&recognised)?;
        }
    }
    if pages.iter().all(|page| page.words.is_empty()) {
        return Err(Failure::with_detail(FailureCode::DocumentEmpty, "No page has any text."));
    }
    let warning = |(page, _): &(u32, Failure)| {
        format!("Page {page} is an image and was not read: text recognition is not installed on this server.")
    };
    warnings.extend(missed.iter().map(warning));
    Ok((pages, placements, warnings))
}

/// Says once that a language is not installed.
fn warn_of_language(lacks: Option<Language>, warnings: &mut Vec<String>) {
    let Some(language) = lacks else { return };
    let (name, code) = (language.name(), language.code());
    let warning = format!(
        "A scan seems to be in {name} and was read as English: recognition of {name} is not installed on this \
         server (Debian and Ubuntu: apt-get install tesseract-ocr-{code})."
    );
    if !warnings.contains(&warning) {
        warnings.push(warning);
    }
}

/// An image has no size on paper: its pixels are taken for 200 dpi.
fn read_image(
    number: u32,
    image: &GrayImage,
    ocr: &mut dyn Ocr,
    warnings: &mut Vec<String>,
) -> Result<(Page, Placement), Failure> {
    let Recognised { words, placement, lacks } = ocr::read_image(image, ocr::layout_of(image), ocr)?;
    warn_of_language(lacks, warnings);
    #[expect(clippy::cast_precision_loss, reason = "pixels of a page fit a float")]
    let (width, height) = (image.width() as f32 * 72.0 / SCAN_DPI, image.height() as f32 * 72.0 / SCAN_DPI);
    let (width, height) = if placement.is_sideways() { (height, width) } else { (width, height) };
    Ok((Page { number, width, height, source: TextSource::Ocr, words }, placement))
}

/// Refuses pages on which recognition found next to nothing, or only noise.
fn check_readable(pages: &[Page]) -> Result<(), Failure> {
    let words = || pages.iter().flat_map(|page| &page.words);
    if !ocr::is_readable(words) {
        return Err(Failure::new(FailureCode::DocumentUnreadable));
    }
    Ok(())
}
