//! A citation is where a person would look: the page is drawn, and what is printed within the box is read
//! from the picture by Tesseract, which knows nothing of how the value was found.

use docextract_extraction::ocr::{Language, Languages, Layout, Ocr as _, Raster, Tesseract};
use docextract_extraction::page::Word;
use docextract_extraction::{Size, draw_page, extract};
use docextract_model::failure::FailureCode;
use image::{GrayImage, Luma, imageops};
use serde_json::Value;

use crate::samples;

const DPI: u32 = 200;
/// How far, in parts of the page, a word's middle may lie outside of the box: boxes of glyphs and of ink differ.
const SLACK: f32 = 0.004;
/// Of the characters of a citation, so many must be read in its box: recognition errs now and then.
const READ_MIN: f32 = 0.75;

fn drawn(bytes: &[u8], page: u32) -> GrayImage {
    let png = draw_page(bytes, page, Size::Dpi(DPI as f32)).unwrap();
    image::load_from_memory(&png).unwrap().into_luma8()
}

/// None where Tesseract is missing.
fn words_on(picture: GrayImage, layout: Layout) -> Option<Vec<Word>> {
    let raster = Raster {
        width: picture.width(),
        height: picture.height(),
        luma: picture.into_raw(),
        dpi: DPI,
        layout,
        languages: Languages::With(Language::German),
    };
    match Tesseract.recognise(&raster) {
        Ok(words) => Some(words),
        Err(failure) if failure.code == FailureCode::ServiceUnavailable => None,
        Err(failure) => panic!("{failure:?}"),
    }
}

fn squeezed(text: &str) -> Vec<char> {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// How much of `wanted` is in `read`, in its order, as a part of the longer one.
fn likeness(wanted: &[char], read: &[char]) -> f32 {
    let mut row = vec![0_u16; read.len() + 1];
    for &wanted in wanted {
        let mut diagonal = 0;
        for (at, &read) in read.iter().enumerate() {
            let above = row[at + 1];
            row[at + 1] = if wanted == read { diagonal + 1 } else { above.max(row[at]) };
            diagonal = above;
        }
    }
    f32::from(row[read.len()]) / wanted.len().max(read.len()).max(1) as f32
}

fn within(word: &Word, bbox: &[f32]) -> bool {
    let x = f32::midpoint(word.bbox.x0, word.bbox.x1);
    let y = f32::midpoint(word.bbox.y0, word.bbox.y1);
    x > bbox[0] - SLACK && x < bbox[2] + SLACK && y > bbox[1] - SLACK && y < bbox[3] + SLACK
}

/// The box alone with a white margin: on a whole page recognition may overlook a column.
fn words_in(picture: &GrayImage, bbox: &[f32]) -> Option<String> {
    const MARGIN: u32 = 20;
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let edge = |part: f32, length: f32| (part * length).clamp(0.0, length) as u32;
    let (x, y) = (edge(bbox[0] - SLACK, width), edge(bbox[1] - SLACK, height));
    let (right, below) = (edge(bbox[2] + SLACK, width), edge(bbox[3] + SLACK, height));
    let part = imageops::crop_imm(picture, x, y, right - x, below - y).to_image();
    let part = imageops::resize(&part, 2 * part.width(), 2 * part.height(), imageops::FilterType::Triangle);
    let mut framed =
        GrayImage::from_pixel(part.width() + 2 * MARGIN, part.height() + 2 * MARGIN, Luma([255]));
    imageops::overlay(&mut framed, &part, i64::from(MARGIN), i64::from(MARGIN));
    Some(joined(words_on(framed, Layout::Column)?.iter()))
}

fn joined<'a>(words: impl Iterator<Item = &'a Word>) -> String {
    words.map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_a_citation_says_stands_in_its_box_on_the_drawn_page() {
    let mut checked = 0;
    for (file, extractor) in [
        ("invoice.pdf", "invoice"),
        ("invoice-facturx.pdf", "invoice"),
        ("invoice-scanned.pdf", "invoice"),
        ("receipt.jpg", "receipt"),
    ] {
        let request = samples::request(file, extractor);
        let extraction = match extract(&request, &mut Tesseract) {
            Ok(extraction) => extraction,
            Err(failure) if samples::skipped(&failure) => continue,
            Err(failure) => panic!("{file}: {failure:?}"),
        };
        let mut wrong = Vec::new();
        let mut pages = vec![None; usize::try_from(extraction.page_count).unwrap()];
        for (field, citation) in &extraction.citations {
            let Some(page) = citation["page"].as_u64() else { continue };
            let known = &mut pages[usize::try_from(page).unwrap() - 1];
            if known.is_none() {
                let picture = drawn(&request.bytes, u32::try_from(page).unwrap());
                let Some(words) = words_on(picture.clone(), Layout::Page) else {
                    return eprintln!("SKIPPED: Tesseract is not installed");
                };
                *known = Some((picture, words));
            }
            let (picture, words) = known.as_ref().unwrap();
            let edge = |edge: &Value| edge.as_f64().unwrap() as f32;
            let bbox: Vec<f32> = citation["bbox"].as_array().unwrap().iter().map(edge).collect();
            let wanted = citation["text"].as_str().unwrap();
            let is_read = |read: &str| likeness(&squeezed(wanted), &squeezed(read)) >= READ_MIN;
            let read = joined(words.iter().filter(|word| within(word, &bbox)));
            checked += 1;
            if !is_read(&read) && !words_in(picture, &bbox).is_some_and(|alone| is_read(&alone)) {
                wrong.push(format!("{file} {field}: cited {wanted:?}, in the box {read:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    assert!(checked > 30, "only {checked} citations were checked");
}
