//! PDF: the text layer as words, and pages as images for OCR.
//!
//! A page comes out as it is displayed: crop box and rotation applied, text that is clipped away or
//! lies off the page left out. Text in the invisible mode is kept, because that is how scanners store
//! what their OCR read. A page whose text can't be used is reported as such, with the reason left to
//! the caller, which renders and recognises it. Nothing here opens a file or follows a link.

use docextract_model::document_password::DocumentPassword;
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::{DecryptionError, LoadPdfError, Pdf, PdfData};
use hayro::kurbo::{Affine, BezPath, Point, Rect, Shape, Vec2};
use hayro::vello_cpu::color::palette::css::WHITE;
use hayro::{PixmapSettings, RenderCache, RenderSettings};
use image::GrayImage;
use unicode_normalization::UnicodeNormalization as _;

use super::tex;
use super::words::{PlacedGlyph, segment};
use crate::draw::Size;
use crate::page::{BBox, Page, TextSource, Word};

/// Glyphs are measured in thousandths of the font size.
const UNITS_PER_EM: f64 = 1000.0;
/// A page with more glyphs is no document that a person reads; the rest is left out.
const PAGE_GLYPHS_MAX: usize = 1_000_000;
/// With fewer words than this under an image that covers the page, the words are a scanner's stamp.
const STAMP_WORDS_MAX: usize = 20;

/// An opened PDF.
pub(crate) struct Document {
    pdf: Pdf,
}

/// A page's text layer, and whether it can be trusted to be the page's text.
pub(crate) struct TextLayer {
    pub(crate) page: Page,
    /// Something is drawn that the words don't tell: the page has to be recognised as an image.
    pub(crate) needs_ocr: bool,
}

impl Document {
    /// Opens a file. What opens without a password is opened without one, also when one was given.
    pub(crate) fn open(bytes: &[u8], password: Option<&DocumentPassword>) -> Result<Self, Failure> {
        let is_protected = |error: &LoadPdfError| {
            matches!(error, LoadPdfError::Decryption(DecryptionError::PasswordProtected))
        };
        let bytes: PdfData = bytes.to_vec().into();
        let mut opened = Pdf::new(bytes.clone());
        for form in password.into_iter().flat_map(forms) {
            if opened.as_ref().is_err_and(is_protected) {
                opened = Pdf::new_with_password(bytes.clone(), &form);
            }
        }
        match opened {
            Ok(pdf) => Ok(Self { pdf }),
            Err(LoadPdfError::Decryption(DecryptionError::PasswordProtected)) => Err(match password {
                None => Failure::new(FailureCode::DocumentEncrypted),
                Some(_) => wrong_password(),
            }),
            Err(LoadPdfError::Decryption(DecryptionError::UnsupportedAlgorithm)) => {
                Err(Failure::with_detail(
                    FailureCode::DocumentEncrypted,
                    "Its encryption is of a kind that DocExtract does not know.",
                ))
            }
            Err(
                LoadPdfError::Decryption(
                    DecryptionError::MissingIDEntry | DecryptionError::InvalidEncryption,
                )
                | LoadPdfError::Invalid,
            ) => Err(Failure::new(FailureCode::DocumentCorrupted)),
        }
    }

    pub(crate) fn pdf(&self) -> &Pdf {
        &self.pdf
    }

    pub(crate) fn page_count(&self) -> u32 {
        u32::try_from(self.pdf.pages().len()).unwrap_or(u32::MAX)
    }

    /// The text layers of all pages, in order.
    pub(crate) fn text_layers(&self) -> impl Iterator<Item = TextLayer> + '_ {
        let cache = InterpreterCache::new();
        self.pdf.pages().iter().zip(1u32..).map(move |(page, number)| {
            let (width, height) = page.render_dimensions();
            let frame = Rect::new(0.0, 0.0, f64::from(width), f64::from(height));
            let mut context = Context::new(
                page.initial_transform(true).to_kurbo(),
                frame,
                &cache,
                self.pdf.xref(),
                InterpreterSettings::default(),
            );
            let mut reader = TextReader::new(frame);
            interpret_page(page, &mut context, &mut reader);
            reader.finish(number, width, height)
        })
    }

    /// Draws a page in grey. `None` for a page number that doesn't exist.
    ///
    /// The resolution is lowered where the page would pass the limit on pixels.
    pub(crate) fn render(&self, number: u32, dpi: f32) -> Option<GrayImage> {
        let pixmap = self.pixmap(number, Size::Dpi(dpi))?;
        let (width, height) = (u32::from(pixmap.width()), u32::from(pixmap.height()));
        let luma = pixmap.data_as_u8_slice().chunks_exact(4).map(|p| luma(p[0], p[1], p[2])).collect();
        GrayImage::from_raw(width, height, luma)
    }

    /// Draws a page as a PNG file. `None` for a page number that doesn't exist.
    pub(crate) fn render_png(&self, number: u32, size: Size) -> Option<Vec<u8>> {
        self.pixmap(number, size)?.into_png().ok()
    }

    fn pixmap(&self, number: u32, size: Size) -> Option<hayro::vello_cpu::Pixmap> {
        let page = self.pdf.pages().get(usize::try_from(number.checked_sub(1)?).ok()?)?;
        let (width, height) = page.render_dimensions();
        #[expect(clippy::cast_precision_loss, reason = "a limit and a width need no last digit")]
        let (scale, pixels_max) = match size {
            Size::Dpi(dpi) => (dpi / 72.0, limits::PAGE_PIXELS_MAX as f32),
            Size::Width(pixels) => (pixels as f32 / width.max(1.0), limits::PICTURE_PIXELS_MAX as f32),
        };
        let scale = scale
            .min((pixels_max / (width * height).max(1.0)).sqrt())
            .min(f32::from(u16::MAX) / width.max(height).max(1.0));
        // A page that is one point wide must still come out one pixel wide.
        let scale = scale.max(1.0 / width.min(height).max(1.0));
        let settings = PixmapSettings { x_scale: scale, y_scale: scale, bg_color: WHITE };
        Some(hayro::render(
            page,
            &RenderCache::new(),
            &InterpreterSettings::default(),
            &RenderSettings::default(),
            &settings,
        ))
    }
}

/// A password as it was typed, and as the newer kind of encryption wants it composed.
fn forms(password: &DocumentPassword) -> Vec<String> {
    let typed = password.expose().to_owned();
    let composed: String = typed.nfkc().collect();
    if composed == typed { vec![typed] } else { vec![typed, composed] }
}

fn wrong_password() -> Failure {
    Failure {
        suggestion:
            "Check the password, capital letters included: it is the one that opens the document, not \
                     the one that allows changes. Then submit the document again."
                .to_owned(),
        ..Failure::with_detail(
            FailureCode::DocumentEncrypted,
            "The password that was given does not open it.",
        )
    }
}

/// Rec. 601 luma in integers, as libjpeg computes it.
fn luma(r: u8, g: u8, b: u8) -> u8 {
    let sum = 299 * u32::from(r) + 587 * u32::from(g) + 114 * u32::from(b);
    u8::try_from((sum + 500) / 1000).unwrap_or(u8::MAX)
}

/// Listens to a page's drawing commands and keeps what concerns text.
struct TextReader {
    frame: Rect,
    /// What is visible at this point of the drawing: each clip within the one before.
    clips: Vec<Rect>,
    glyphs: Vec<PlacedGlyph>,
    /// Those among the glyphs, by their index, that are told by their codes alone.
    guessed: Vec<usize>,
    /// An accent that was drawn, and belongs to the next letter.
    accent: Option<&'static str>,
    glyphs_unmapped: usize,
    paths: usize,
    /// The part of the page that its largest image covers, 0–1.
    image_cover: f64,
}

impl TextReader {
    fn new(frame: Rect) -> Self {
        Self {
            frame,
            clips: Vec::new(),
            glyphs: Vec::new(),
            guessed: Vec::new(),
            accent: None,
            glyphs_unmapped: 0,
            paths: 0,
            image_cover: 0.0,
        }
    }

    fn visible(&self) -> Rect {
        self.clips.last().copied().unwrap_or(self.frame)
    }

    fn finish(mut self, number: u32, width: f32, height: f32) -> TextLayer {
        let mut segmented = segment(&self.glyphs);
        if !self.guessed.is_empty() && !tex::is_prose(segmented.iter().map(|word| word.text.as_str())) {
            self.glyphs_unmapped += self.guessed.len();
            let (mut index, mut guessed) = (0.., self.guessed.drain(..).peekable());
            self.glyphs.retain(|_| guessed.next_if_eq(&index.next().unwrap_or_default()).is_none());
            segmented = segment(&self.glyphs);
        }
        let words: Vec<Word> = segmented
            .into_iter()
            .map(|word| Word { bbox: fractions(word.bounds, self.frame), text: word.text, confidence: 1.0 })
            .collect();
        let telling = words.iter().filter(|word| word.text.chars().any(char::is_alphanumeric)).count();
        let glyphs = self.glyphs.len() + self.glyphs_unmapped;
        let garbled = self.glyphs_unmapped * 10 > glyphs * 3;
        let stamped_scan = self.image_cover > 0.6 && telling < STAMP_WORDS_MAX;
        // Outlines instead of text need many paths; a few rules and boxes need no recognition.
        let outlined = telling < 3 && (self.image_cover > 0.02 || self.paths > 50 || glyphs > 0);
        TextLayer {
            needs_ocr: garbled || stamped_scan || outlined,
            page: Page { number, width, height, source: TextSource::TextLayer, words },
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "fractions of a page fit a float")]
fn fractions(bounds: Rect, frame: Rect) -> BBox {
    let x = |x: f64| (x / frame.width()).clamp(0.0, 1.0) as f32;
    let y = |y: f64| (y / frame.height()).clamp(0.0, 1.0) as f32;
    BBox { x0: x(bounds.x0), y0: y(bounds.y0), x1: x(bounds.x1), y1: y(bounds.y1) }
}

impl Device<'_> for TextReader {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {
        self.paths += 1;
    }

    fn push_clip_path(&mut self, clip: &ClipPath) {
        self.clips.push(self.visible().intersect(clip.path.bounding_box()));
    }

    fn push_clip_rect(&mut self, rect: &Rect) {
        self.clips.push(self.visible().intersect(*rect));
    }

    fn pop_clip(&mut self) {
        self.clips.pop();
    }

    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}

    fn pop_transparency_group(&mut self) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, props: DrawProps<'_>, _: &DrawMode) {
        use hayro::hayro_interpret::font::Glyph;
        let visible = self.visible();
        for glyph in run.glyphs() {
            if self.glyphs.len() >= PAGE_GLYPHS_MAX {
                return;
            }
            let transform: Affine = props.transform * glyph.transform();
            let width = match &**glyph {
                Glyph::Outline(outline) => outline.advance_width(),
                Glyph::Type3(drawn) => drawn.advance_width(),
            };
            let origin = transform * Point::ZERO;
            let advance: Vec2 = transform * Point::new(f64::from(width.unwrap_or(500.0)), 0.0) - origin;
            let up: Vec2 = transform * Point::new(0.0, UNITS_PER_EM) - origin;
            let middle = origin + advance * 0.5 + up * 0.3;
            let finite = origin.is_finite() && advance.is_finite() && up.is_finite();
            if !finite || !visible.contains(middle) {
                continue;
            }
            let mut text = glyph.as_unicode().as_ref().and_then(readable);
            if text.is_none()
                && let Glyph::Type3(drawn) = &**glyph
            {
                text = tex::text(drawn.char_code());
                if text.as_deref() == Some(tex::DIAERESIS) {
                    self.accent = Some(tex::DIAERESIS);
                    continue;
                }
                if let (Some(text), Some(accent)) = (&mut text, self.accent.take()) {
                    *text = format!("{text}{accent}").nfc().collect();
                }
                if text.is_some() {
                    self.guessed.push(self.glyphs.len());
                }
            }
            match text {
                Some(text) if !text.is_empty() => {
                    self.glyphs.push(PlacedGlyph { text, origin, advance, up });
                }
                Some(_) => {}
                None => self.glyphs_unmapped += 1,
            }
        }
    }

    fn draw_image(&mut self, image: Image<'_, '_>, props: ImageDrawProps<'_>) {
        let extent = Rect::new(0.0, 0.0, f64::from(image.width()), f64::from(image.height()));
        let drawn = props.transform.transform_rect_bbox(extent).intersect(self.visible());
        let cover = drawn.area() / self.frame.area().max(1.0);
        self.image_cover = self.image_cover.max(cover.clamp(0.0, 1.0));
    }
}

/// The characters that a glyph stands for, ligatures taken apart. `None` if nobody can tell, empty if
/// it stands for nothing that is printed.
fn readable(text: &BfString) -> Option<String> {
    let mut character = [0; 4];
    let text = match text {
        BfString::Char(c) => c.encode_utf8(&mut character),
        BfString::String(s) => s.as_str(),
    };
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{FB00}' => out.push_str("ff"),
            '\u{FB01}' => out.push_str("fi"),
            '\u{FB02}' => out.push_str("fl"),
            '\u{FB03}' => out.push_str("ffi"),
            '\u{FB04}' => out.push_str("ffl"),
            '\u{FB05}' | '\u{FB06}' => out.push_str("st"),
            // Fonts name their ordinary hyphen so; where it is drawn it is visible.
            '\u{AD}' => out.push('-'),
            '\t' | '\n' | '\r' => out.push(' '),
            // Private use and the replacement character say that the mapping is lost.
            '\u{FFFD}' | '\u{E000}'..='\u{F8FF}' => return None,
            '\u{200B}'..='\u{200F}' | '\u{FEFF}' => {}
            c if c.is_whitespace() => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    Some(out)
}
