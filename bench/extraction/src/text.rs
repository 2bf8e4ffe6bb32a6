//! PDFs with a text layer, against the PDF library's own pass over the same text.
//!
//! The library's pass opens the file, interprets every page and collects the characters that its glyphs stand
//! for: no words, no places, no fields. Both are measured in turns, in processor time, and the median of the
//! rounds counts: of the extraction all that this process and the child used, of the pass this thread's.

use std::hint::black_box;
use std::time::{Duration, Instant};

use docextract_extraction::ocr::NoOcr;
use docextract_extraction::sandbox::Sandbox;
use docextract_extraction::{Limits, Source, extract};
use hayro::hayro_interpret::font::GlyphRun;
use hayro::hayro_interpret::hayro_cmap::BfString;
use hayro::hayro_interpret::{
    BlendMode, ClipPath, Context, Device, DrawMode, DrawProps, Image, ImageDrawProps, InterpreterCache,
    InterpreterSettings, SoftMask, TransformExt, interpret_page,
};
use hayro::hayro_syntax::Pdf;
use hayro::kurbo::{BezPath, Rect};
use tokio::runtime::Runtime;

use crate::data::{Sample, request};
use crate::{median, usage};

/// What a document of text costs.
pub struct Cost {
    pub name: String,
    pub pages: u32,
    pub library: Duration,
    /// In a child that has read documents before.
    pub extraction: Duration,
    /// The same work in this process.
    pub within: Duration,
    pub wall: Duration,
}

impl Cost {
    pub fn ratio(&self) -> f64 {
        self.extraction.as_secs_f64() / self.library.as_secs_f64().max(1e-9)
    }

    pub fn ratio_within(&self) -> f64 {
        self.within.as_secs_f64() / self.library.as_secs_f64().max(1e-9)
    }
}

/// None for a document that is not read by its text layer.
pub fn measure(sample: &Sample, rounds: usize, sandbox: &Sandbox, runtime: &Runtime) -> Option<Cost> {
    let bytes = std::fs::read(&sample.path).ok()?;
    let request = request(bytes.clone(), &sample.extractor, true);
    let found = runtime.block_on(sandbox.extract(request.clone())).ok()?;
    if found.source != Source::TextLayer {
        return None;
    }
    let (mut library, mut extraction, mut within, mut wall) =
        (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for _ in 0..rounds {
        let before = usage::of_thread();
        black_box(library_pass(&bytes));
        library.push(usage::of_thread() - before);
        let asked = request.clone();
        let (before, started) = (usage::of_family(), Instant::now());
        let _ = black_box(runtime.block_on(sandbox.extract(asked)));
        wall.push(started.elapsed());
        extraction.push(usage::of_family() - before);
        let before = usage::of_thread();
        let _ = black_box(extract(&request, &mut NoOcr));
        within.push(usage::of_thread() - before);
    }
    Some(Cost {
        name: sample.path.file_name()?.to_string_lossy().into_owned(),
        pages: found.page_count,
        library: median(library),
        extraction: median(extraction),
        within: median(within),
        wall: median(wall),
    })
}

/// The wall clock of one document through the sandbox, and whether it was read.
pub fn once(bytes: Vec<u8>, sandbox: &Sandbox, runtime: &Runtime) -> (Duration, bool, u32) {
    let limits = Limits { extraction_ms_max: 120_000, ..Limits::default() };
    let asked = docextract_extraction::Request { limits, ..request(bytes, "invoice", false) };
    let started = Instant::now();
    let found = runtime.block_on(sandbox.extract(asked));
    (started.elapsed(), found.is_ok(), found.map_or(0, |found| found.page_count))
}

/// All text of a PDF, by nothing but its library.
fn library_pass(bytes: &[u8]) -> String {
    let mut text = Text(String::new());
    let Ok(pdf) = Pdf::new(bytes.to_vec()) else { return text.0 };
    let cache = InterpreterCache::new();
    for page in pdf.pages().iter() {
        let (width, height) = page.render_dimensions();
        let mut context = Context::new(
            page.initial_transform(true).to_kurbo(),
            Rect::new(0.0, 0.0, f64::from(width), f64::from(height)),
            &cache,
            pdf.xref(),
            InterpreterSettings::default(),
        );
        interpret_page(page, &mut context, &mut text);
    }
    text.0
}

/// A device that draws nothing and keeps characters.
struct Text(String);

impl Device<'_> for Text {
    fn draw_path(&mut self, _: &BezPath, _: DrawProps<'_>, _: &DrawMode) {}
    fn push_clip_path(&mut self, _: &ClipPath) {}
    fn push_clip_rect(&mut self, _: &Rect) {}
    fn pop_clip(&mut self) {}
    fn push_transparency_group(&mut self, _: f32, _: Option<SoftMask<'_>>, _: BlendMode) {}
    fn pop_transparency_group(&mut self) {}
    fn draw_image(&mut self, _: Image<'_, '_>, _: ImageDrawProps<'_>) {}

    fn draw_glyph_run(&mut self, run: &GlyphRun<'_, '_>, _: DrawProps<'_>, _: &DrawMode) {
        for glyph in run.glyphs() {
            match glyph.as_unicode() {
                Some(BfString::Char(c)) => self.0.push(c),
                Some(BfString::String(s)) => self.0.push_str(&s),
                None => {}
            }
        }
    }
}
