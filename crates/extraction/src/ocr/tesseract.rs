//! Tesseract as a program: the image goes in on stdin as a PGM that is written here, words come back
//! as TSV on stdout. Nothing touches the file system and no byte of the document reaches it undecoded.

use std::io::{Read, Write};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use docextract_model::failure::{Failure, FailureCode};

use super::{Layout, Ocr, Raster};
use crate::page::{BBox, Word};

/// The program's name, looked up in `PATH`.
pub(crate) const PROGRAM: &str = "tesseract";
/// A page's TSV is far smaller; more is not read.
const TSV_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// Languages that are used when they are installed, the script that most documents share first.
/// Each one costs time, so the list is short.
const LANGUAGES: [&str; 2] = ["eng", "deu"];

/// The failure of a server on which the program is missing.
pub(crate) fn not_installed() -> Failure {
    let mut failure = Failure::with_detail(
        FailureCode::ServiceUnavailable,
        "The document is an image, and text recognition is not installed on this server.",
    );
    "Install Tesseract on the server (Debian and Ubuntu: apt-get install tesseract-ocr), then retry the job."
        .clone_into(&mut failure.suggestion);
    failure
}

/// Recognises with the installed program, started directly by this process.
#[derive(Debug, Default)]
pub struct Tesseract;

impl Ocr for Tesseract {
    fn recognise(&mut self, image: &Raster) -> Result<Vec<Word>, Failure> {
        let languages = installed_languages().ok_or_else(not_installed)?;
        let mut child = Command::new(PROGRAM)
            .args(arguments(image, languages))
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| not_installed())?;
        let broken =
            |_| Failure::with_detail(FailureCode::TemporaryError, "Text recognition was interrupted.");
        if let Some(mut stdin) = child.stdin.take() {
            // The program reads all of its input before it writes, so this can't deadlock.
            stdin.write_all(&pgm(image)).map_err(broken)?;
        }
        let mut tsv = Vec::new();
        if let Some(stdout) = child.stdout.take() {
            stdout.take(TSV_BYTES_MAX).read_to_end(&mut tsv).map_err(broken)?;
        }
        let status = child.wait().map_err(broken)?;
        if !status.success() {
            return Err(Failure::with_detail(FailureCode::TemporaryError, "Text recognition failed."));
        }
        Ok(parse_tsv(&String::from_utf8_lossy(&tsv), image.width, image.height))
    }
}

/// The installed languages to use as Tesseract takes them (`eng+deu`), `None` without the program.
///
/// An answer is kept, its absence is not: after an installation the next document finds the program.
pub(crate) fn installed_languages() -> Option<&'static str> {
    static FOUND: OnceLock<String> = OnceLock::new();
    if let Some(languages) = FOUND.get() {
        return Some(languages);
    }
    let output = Command::new(PROGRAM).arg("--list-langs").stdin(Stdio::null()).output().ok()?;
    let listing = [output.stdout, output.stderr].concat();
    let languages = choose_languages(&String::from_utf8_lossy(&listing))?;
    Some(FOUND.get_or_init(|| languages))
}

fn choose_languages(listing: &str) -> Option<String> {
    let installed: Vec<&str> = listing.lines().map(str::trim).collect();
    let wanted: Vec<&str> = LANGUAGES.into_iter().filter(|l| installed.contains(l)).collect();
    if !wanted.is_empty() {
        return Some(wanted.join("+"));
    }
    // Some other language is better than none; `osd` only detects orientation.
    let other = installed.into_iter().skip(1).find(|l| !l.is_empty() && *l != "osd");
    other.map(str::to_owned)
}

/// The program's arguments: from stdin to stdout, as TSV.
pub(crate) fn arguments(image: &Raster, languages: &str) -> Vec<String> {
    let mode = match image.layout {
        Layout::Page => "3",
        Layout::Column => "6",
    };
    ["stdin", "stdout", "-l", languages, "--psm", mode, "--dpi", &image.dpi.clamp(70, 600).to_string(), "tsv"]
        .map(str::to_owned)
        .to_vec()
}

/// The image as a binary PGM, the simplest format that the program reads.
pub(crate) fn pgm(image: &Raster) -> Vec<u8> {
    let mut bytes = format!("P5\n{} {}\n255\n", image.width, image.height).into_bytes();
    bytes.extend_from_slice(&image.luma);
    bytes
}

/// Reads the words (level 5) of Tesseract's TSV: page, block, … , left, top, width, height, confidence, text.
#[expect(clippy::cast_precision_loss, reason = "an image is far smaller than what a float counts")]
pub(crate) fn parse_tsv(tsv: &str, width: u32, height: u32) -> Vec<Word> {
    let (width, height) = (width.max(1) as f32, height.max(1) as f32);
    let word = |line: &str| {
        let columns: Vec<&str> = line.splitn(12, '\t').collect();
        let [level, _, _, _, _, _, left, top, w, h, confidence, text] = columns.as_slice() else {
            return None;
        };
        let text = text.trim();
        if *level != "5" || text.is_empty() {
            return None;
        }
        let number = |s: &str| s.parse::<f32>().ok().filter(|n| n.is_finite());
        let (left, top, w, h) = (number(left)?, number(top)?, number(w)?, number(h)?);
        Some(Word {
            text: text.to_owned(),
            bbox: BBox {
                x0: (left / width).clamp(0.0, 1.0),
                y0: (top / height).clamp(0.0, 1.0),
                x1: ((left + w) / width).clamp(0.0, 1.0),
                y1: ((top + h) / height).clamp(0.0, 1.0),
            },
            confidence: (number(confidence)? / 100.0).clamp(0.0, 1.0),
        })
    };
    tsv.lines().filter_map(word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_are_read_from_the_table() {
        let tsv = "level\tpage_num\tblock_num\tpar_num\tline_num\tword_num\tleft\ttop\twidth\theight\tconf\ttext\n\
                   4\t1\t1\t1\t1\t0\t10\t20\t30\t40\t-1\t\n\
                   5\t1\t1\t1\t1\t1\t10\t20\t30\t40\t96.5\tTotal\n\
                   5\t1\t1\t1\t1\t2\t10\t20\t30\t40\t50\t \n";
        let words = parse_tsv(tsv, 100, 200);
        assert_eq!(words.len(), 1);
        assert_eq!(words[0].text, "Total");
        assert_eq!(words[0].bbox, BBox { x0: 0.1, y0: 0.1, x1: 0.4, y1: 0.3 });
        assert!((words[0].confidence - 0.965).abs() < 1e-6);
    }

    #[test]
    fn the_language_is_one_that_is_installed() {
        let listing = "List of available languages in \"/usr/share\" (3):\ndeu\neng\nosd\n";
        assert_eq!(choose_languages(listing).as_deref(), Some("eng+deu"));
        assert_eq!(choose_languages("List (2):\nfra\nosd\n").as_deref(), Some("fra"));
        assert_eq!(choose_languages("List (1):\nosd\n"), None);
    }
}
