//! Words as another reader sees them: pdftotext, where it is installed.

use std::collections::HashMap;
use std::path::Path;
use std::process::Command;

use docextract_extraction::ocr::NoOcr;
use docextract_extraction::{Limits, ReadOptions, read_pages};

use crate::common::{files_in, shared_data};
use crate::samples;

/// Of pdftotext's words, so many must be ours: in a document, and in all of them together.
const SAME_MIN: f64 = 0.9;
const SAME_OF_ALL_MIN: f64 = 0.99;

/// None where pdftotext is missing, or gives up on the file.
fn by_pdftotext(file: &Path) -> Option<Vec<String>> {
    let output = Command::new("pdftotext").args(["-enc", "UTF-8"]).arg(file).arg("-").output().ok()?;
    output.status.success().then(|| words(&String::from_utf8_lossy(&output.stdout)))
}

/// Without the marks around them: whether those are words of their own is a matter of taste.
fn words(text: &str) -> Vec<String> {
    let trimmed = text.split_whitespace().map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()));
    trimmed.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[test]
fn words_are_told_apart_as_pdftotext_tells_them() {
    if Command::new("pdftotext").arg("-v").output().is_err() {
        return eprintln!("SKIPPED: pdftotext is not installed");
    }
    let mut files =
        vec![samples::samples().join("invoice.pdf"), samples::samples().join("invoice-facturx.pdf")];
    files.extend(shared_data("invoices").iter().flat_map(|folder| files_in(folder)));
    let (mut same_of_all, mut of_all, mut differing) = (0_usize, 0_usize, Vec::new());
    for file in files {
        let Some(theirs) = by_pdftotext(&file).filter(|words| !words.is_empty()) else { continue };
        let options = ReadOptions { limits: Limits::default(), password: None, ignore_embedded_xml: true };
        let Ok(reading) = read_pages(&std::fs::read(&file).unwrap(), &options, &mut NoOcr) else { continue };
        let mut ours: HashMap<String, usize> = HashMap::new();
        for word in reading.pages.iter().flat_map(|page| &page.words).flat_map(|word| words(&word.text)) {
            *ours.entry(word).or_default() += 1;
        }
        let mut take =
            |word: &str| ours.get_mut(word).filter(|left| **left > 0).map(|left| *left -= 1).is_some();
        let (mut same, mut at) = (0, 0);
        while at < theirs.len() {
            // pdftotext breaks a word where letters are set wide: "Ver käufer".
            let joined = theirs.get(at + 1).map(|next| format!("{}{next}", theirs[at]));
            if take(&theirs[at]) {
                (same, at) = (same + 1, at + 1);
            } else if joined.is_some_and(|joined| take(&joined)) {
                (same, at) = (same + 2, at + 2);
            } else {
                at += 1;
            }
        }
        same_of_all += same;
        of_all += theirs.len();
        let part = same as f64 / theirs.len() as f64;
        if part < SAME_MIN {
            differing.push(format!("{}: {part:.3} of {} words", file.display(), theirs.len()));
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
    let part = same_of_all as f64 / of_all as f64;
    assert!(part >= SAME_OF_ALL_MIN, "{same_of_all} of {of_all} words");
    println!("{same_of_all} of {of_all} words are the same");
}
