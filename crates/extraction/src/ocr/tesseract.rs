//! Tesseract as a program: the image goes in on stdin as a bitmap that is written here, words come back
//! as TSV on stdout. Nothing touches the file system and no byte of the document reaches it undecoded.
//!
//! Its stdin is a file in memory, which it opens by name: from a pipe it reads byte by byte, which costs a
//! fifth of its time. Where the kernel has none, it is a pipe all the same.

use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use docextract_model::failure::{Failure, FailureCode};
use rustix::fs::{MemfdFlags, SealFlags};

use super::{Language, Languages, Layout, Ocr, Raster};
use crate::page::{BBox, Word};

/// The program's name, looked up in `PATH`.
pub(crate) const PROGRAM: &str = "tesseract";
/// A page's TSV is far smaller; more is not read.
const TSV_BYTES_MAX: u64 = 16 * 1024 * 1024;
/// What is read first: the script that most documents share.
const FIRST: &str = "eng";

/// A word's box that is this much taller than those beside it holds more than the word.
const TALL: f32 = 2.0;

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
        let installed = installed_languages().ok_or_else(not_installed)?;
        let handover = Handover::of(image);
        let arguments = arguments(image, &handover, installed);
        let (stdin, piped) = handover.into_stdin();
        let mut child = Command::new(PROGRAM)
            .args(arguments)
            .env("OMP_THREAD_LIMIT", "1")
            .stdin(stdin)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|_| not_installed())?;
        let broken =
            |_| Failure::with_detail(FailureCode::TemporaryError, "Text recognition was interrupted.");
        if let Some(mut stdin) = child.stdin.take() {
            // The program reads all of its input before it writes, so this can't deadlock.
            stdin.write_all(&piped).map_err(broken)?;
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

    fn has(&mut self, language: Language) -> bool {
        installed_languages().is_some_and(|installed| installed.has(language))
    }
}

/// The languages that are installed: at least one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Installed(Vec<String>);

impl Installed {
    /// `osd` only detects orientation.
    fn of(listing: &str) -> Option<Self> {
        let names = listing.lines().skip(1).map(str::trim).filter(|name| !name.is_empty() && *name != "osd");
        let names: Vec<String> = names.map(str::to_owned).collect();
        (!names.is_empty()).then_some(Self(names))
    }

    pub(crate) fn has(&self, language: Language) -> bool {
        self.0.iter().any(|name| name == language.code())
    }

    /// Some other language is better than none.
    fn first(&self) -> &str {
        let first = self.0.iter().find(|name| *name == FIRST).or(self.0.first());
        first.map_or(FIRST, String::as_str)
    }

    /// As the program takes them: `eng+deu`.
    fn named(&self, languages: Languages) -> String {
        match languages {
            Languages::With(language) if self.has(language) && language.code() != self.first() => {
                format!("{}+{}", self.first(), language.code())
            }
            Languages::First | Languages::With(_) => self.first().to_owned(),
        }
    }
}

/// What is installed, `None` without the program or without any language.
///
/// An answer is kept, its absence is not: after an installation the next document finds the program. Languages that
/// are added later are found when the server starts again.
pub(crate) fn installed_languages() -> Option<&'static Installed> {
    static FOUND: OnceLock<Installed> = OnceLock::new();
    if let Some(installed) = FOUND.get() {
        return Some(installed);
    }
    let output = Command::new(PROGRAM).arg("--list-langs").stdin(Stdio::null()).output().ok()?;
    let listing = [output.stdout, output.stderr].concat();
    let installed = Installed::of(&String::from_utf8_lossy(&listing))?;
    Some(FOUND.get_or_init(|| installed))
}

/// How an image reaches the program.
pub(crate) enum Handover {
    /// The file is its stdin, open for reading from the start.
    File(File),
    /// These bytes are to be written to its stdin.
    Pipe(Vec<u8>),
}

impl Handover {
    /// Where a process finds its stdin as a file.
    const STDIN: &str = "/proc/self/fd/0";

    pub(crate) fn of(image: &Raster) -> Self {
        in_memory(&bmp(image)).map_or_else(|_| Self::Pipe(pgm(image)), Self::File)
    }

    /// The program's stdin, and what is then to be written to it.
    pub(crate) fn into_stdin(self) -> (Stdio, Vec<u8>) {
        match self {
            Self::File(file) => (file.into(), Vec::new()),
            Self::Pipe(bytes) => (Stdio::piped(), bytes),
        }
    }
}

/// A file that holds these bytes, stands in no directory and can't be changed any more.
fn in_memory(bytes: &[u8]) -> io::Result<File> {
    if !Path::new("/proc/self/fd").is_dir() {
        return Err(io::ErrorKind::NotFound.into());
    }
    let flags = MemfdFlags::CLOEXEC | MemfdFlags::ALLOW_SEALING;
    let mut file = File::from(rustix::fs::memfd_create("image", flags)?);
    file.write_all(bytes)?;
    let all = SealFlags::WRITE | SealFlags::GROW | SealFlags::SHRINK | SealFlags::SEAL;
    rustix::fs::fcntl_add_seals(&file, all)?;
    Ok(file)
}

/// The program's arguments: from stdin to stdout, as TSV.
pub(crate) fn arguments(image: &Raster, handover: &Handover, installed: &Installed) -> Vec<String> {
    let input = match handover {
        Handover::File(_) => Handover::STDIN,
        Handover::Pipe(_) => "stdin",
    };
    let languages = installed.named(image.languages);
    let dpi = image.dpi.clamp(70, 600).to_string();
    let mut arguments = vec![input, "stdout", "-l", &languages, "--dpi", &dpi];
    arguments.extend(match image.layout {
        Layout::Page => ["--psm", "3"].as_slice(),
        // Else it takes a line of letters twice as high as the others, the name or the total, for a picture.
        Layout::Column => &["--psm", "6", "-c", "textord_excess_blobsize=2.5"],
    });
    arguments.push("tsv");
    arguments.into_iter().map(str::to_owned).collect()
}

/// The image as an uncompressed bitmap, which the program reads row by row: 256 greys, rows from the bottom.
fn bmp(image: &Raster) -> Vec<u8> {
    const HEADERS_BYTES: u32 = 14 + 40;
    const PALETTE_BYTES: u32 = 256 * 4;
    let row_bytes = image.width.div_ceil(4) * 4;
    let pixels_bytes = row_bytes.saturating_mul(image.height);
    let start = HEADERS_BYTES + PALETTE_BYTES;
    let size = start.saturating_add(pixels_bytes);
    let mut bytes = Vec::with_capacity(size as usize);
    bytes.extend_from_slice(b"BM");
    // Of the file: its size, nothing, where the pixels begin. Of the image: the size of this header, width, height.
    for number in [size, 0, start, 40, image.width, image.height] {
        bytes.extend_from_slice(&number.to_le_bytes());
    }
    // One plane of eight bits a pixel, not compressed, 300 dpi (what is said by the arguments counts), all greys.
    bytes.extend_from_slice(&[1, 0, 8, 0]);
    for number in [0, pixels_bytes, 11_811, 11_811, 256, 256] {
        bytes.extend_from_slice(&u32::to_le_bytes(number));
    }
    bytes.extend((0..=255_u8).flat_map(|grey| [grey, grey, grey, 0]));
    let padding = [0; 3];
    for row in image.luma.chunks_exact((image.width as usize).max(1)).rev() {
        bytes.extend_from_slice(row);
        bytes.extend_from_slice(&padding[..(row_bytes - image.width) as usize]);
    }
    bytes
}

/// The image as a binary PGM, the simplest format that the program reads from a pipe.
fn pgm(image: &Raster) -> Vec<u8> {
    let mut bytes = format!("P5\n{} {}\n255\n", image.width, image.height).into_bytes();
    bytes.extend_from_slice(&image.luma);
    bytes
}
/// Reads the words (level 5) of Tesseract's TSV: page, block, … , left, top, width, height, confidence, text.
pub(crate) fn parse_tsv(tsv: &str, width: u32, height: u32) -> Vec<Word> {
    let mut words = Vec::new();
    let mut line: Vec<Word> = Vec::new();
    let mut line_id = Vec::new();
    for (id, word) in tsv.lines().filter_map(|row| parse_row(row, width, height)) {
        if id != line_id {
            level_heights(&mut line);
            words.append(&mut line);
            line_id = id;
        }
        line.push(word);
    }
    level_heights(&mut line);
    words.append(&mut line);
    words
}

/// A word and the numbers of its page, block, paragraph and line.
#[expect(clippy::cast_precision_loss, reason = "an image is far smaller than what a float counts")]
fn parse_row(row: &str, width: u32, height: u32) -> Option<(Vec<&str>, Word)> {
    let (width, height) = (width.max(1) as f32, height.max(1) as f32);
    let columns: Vec<&str> = row.splitn(12, '\t').collect();
    let [level, page, block, paragraph, line, _, left, top, w, h, confidence, text] = columns.as_slice()
    else {
        return None;
    };
    let text = text.trim();
    if *level != "5" || text.is_empty() {
        return None;
    }
    let number = |s: &str| s.parse::<f32>().ok().filter(|n| n.is_finite());
    let (left, top, w, h) = (number(left)?, number(top)?, number(w)?, number(h)?);
    let word = Word {
        text: text.to_owned(),
        bbox: BBox {
            x0: (left / width).clamp(0.0, 1.0),
            y0: (top / height).clamp(0.0, 1.0),
            x1: ((left + w) / width).clamp(0.0, 1.0),
            y1: ((top + h) / height).clamp(0.0, 1.0),
        },
        confidence: (number(confidence)? / 100.0).clamp(0.0, 1.0),
    };
    Some((vec![page, block, paragraph, line], word))
}

/// A box that is much taller than the others of its line took in a stroke of its neighbours: it gets their
/// height, so that the line is not taken for two.
fn level_heights(line: &mut [Word]) {
    let middle_of = |mut values: Vec<f32>| {
        values.sort_by(f32::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or_default()
    };
    let height = |word: &Word| word.bbox.y1 - word.bbox.y0;
    // A full stop or a hyphen is low by nature and says nothing of its line.
    let letters = || line.iter().filter(|word| word.text.chars().any(char::is_alphanumeric));
    let lowest = letters().map(height).fold(f32::MAX, f32::min);
    let usual = if letters().count() < 5 { lowest } else { middle_of(letters().map(height).collect()) };
    let is_tall = |word: &Word| height(word) > TALL * usual;
    let others: Vec<&Word> = letters().filter(|word| !is_tall(word)).collect();
    if others.is_empty() {
        return;
    }
    let y0 = middle_of(others.iter().map(|word| word.bbox.y0).collect());
    let y1 = middle_of(others.iter().map(|word| word.bbox.y1).collect());
    for word in line.iter_mut().filter(|word| is_tall(word) && word.bbox.y0 < y1 && word.bbox.y1 > y0) {
        (word.bbox.y0, word.bbox.y1) = (y0, y1);
    }
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

    fn raster(layout: Layout) -> Raster {
        let luma = vec![10, 20, 30, 40, 50, 60];
        Raster { width: 3, height: 2, luma, dpi: 300, layout, languages: Languages::First }
    }

    #[test]
    fn a_bitmap_has_padded_rows_from_the_bottom() {
        let bytes = bmp(&raster(Layout::Column));
        assert_eq!(bytes.len(), 14 + 40 + 1024 + 2 * 4);
        assert_eq!(bytes[bytes.len() - 8..], [40, 50, 60, 0, 10, 20, 30, 0]);
        let number = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((number(2) as usize, number(10), number(18), number(22)), (bytes.len(), 1078, 3, 2));
    }

    #[test]
    fn an_image_is_handed_over_as_a_file_that_nobody_can_change() {
        let handover = Handover::of(&raster(Layout::Column));
        let installed = Installed(vec![FIRST.to_owned()]);
        assert_eq!(arguments(&raster(Layout::Column), &handover, &installed)[0], "/proc/self/fd/0");
        let Handover::File(mut file) = handover else { panic!("this kernel has files in memory") };
        assert!(file.write_all(b"more").is_err() && file.set_len(0).is_err());
    }

    #[test]
    fn without_files_in_memory_the_image_goes_through_a_pipe() {
        let (image, installed) = (raster(Layout::Page), Installed(vec![FIRST.to_owned()]));
        let handover = Handover::Pipe(pgm(&image));
        assert_eq!(arguments(&image, &handover, &installed)[0], "stdin");
        assert!(handover.into_stdin().1.starts_with(b"P5\n3 2\n255\n"));
    }

    #[test]
    fn a_box_that_took_in_its_neighbours_gets_the_height_of_its_line() {
        let row = |left: u32, top: u32, height: u32, text: &str| {
            format!("5\t1\t1\t1\t7\t1\t{left}\t{top}\t20\t{height}\t90\t{text}\n")
        };
        let tsv = [row(10, 52, 10, "12"), row(40, 52, 10, "Mar"), row(70, 40, 34, "2018")].concat();
        let words = parse_tsv(&tsv, 100, 100);
        assert_eq!((words[2].bbox.y0, words[2].bbox.y1), (words[0].bbox.y0, words[0].bbox.y1));
    }

    #[test]
    fn the_language_is_one_that_is_installed() {
        let installed = |listing| Installed::of(listing).unwrap();
        let some = installed("List of available languages in \"/usr/share\" (4):\ndeu\neng\nfra\nosd\n");
        assert_eq!(some.named(Languages::First), "eng");
        assert_eq!(some.named(Languages::With(Language::French)), "eng+fra");
        assert_eq!(some.named(Languages::With(Language::Polish)), "eng");
        assert!(some.has(Language::German) && !some.has(Language::Polish));
        let french = installed("List (2):\nfra\nosd\n");
        assert_eq!(french.named(Languages::First), "fra");
        assert_eq!(french.named(Languages::With(Language::French)), "fra");
        assert_eq!(Installed::of("List (1):\nosd\n"), None);
    }
}
