//! Prints a document's words, one a line: page, box in thousandths, text. For looking at what a reader sees.

use docextract_extraction::{ReadOptions, ocr::tesseract::Tesseract, read_pages};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    for path in std::env::args().skip(1) {
        let bytes = std::fs::read(&path)?;
        match read_pages(&bytes, &ReadOptions::default(), &mut Tesseract) {
            Ok(reading) => {
                println!("# {path}: {} pages, {}", reading.page_count, reading.mime_type);
                for page in &reading.pages {
                    for word in &page.words {
                        let b = word.bbox;
                        let [x0, y0, x1, y1] = [b.x0, b.y0, b.x1, b.y1].map(|v| (v * 1000.0).round());
                        println!("{} {x0} {y0} {x1} {y1} {:.2} {}", page.number, word.confidence, word.text);
                    }
                }
            }
            Err(failure) => println!("# {path}: {} {}", failure.code.as_str(), failure.message),
        }
    }
    Ok(())
}
