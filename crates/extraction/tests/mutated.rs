//! Mutated copies of every committed sample, through the sandbox: each ends, in time and in bounds.
//!
//! A program of its own, so that the children it looks at are its own. The mutations come from a seed, which a
//! failure prints: `DOCEXTRACT_SEED=7 DOCEXTRACT_MUTATIONS=200 cargo test -p docextract-extraction --test mutated`
//! runs others, and more of them. With the shared data beside the checkout, its damaged files are mutated, too,
//! when more than the usual number is asked for.

#![expect(clippy::unwrap_used, reason = "a test that can not go on says where")]

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use docextract_extraction::sandbox::Sandbox;
use docextract_extraction::{Limits, Request};
use docextract_model::extractor::{DocumentType, ready_made};
use docextract_model::failure::FailureCode;

/// Copies of each sample.
const COPIES: u64 = 6;
/// Of pictures and of what is made of them fewer: each costs a second of recognition.
const COPIES_OF_PICTURES: u64 = 2;
const EXTRACTION_MS_MAX: u64 = 20_000;
/// What a child may have held at its most, when it lives on.
const CHILD_KIB_MAX: u64 = 400 * 1024;

/// Numbers from a seed (splitmix64).
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(end.max(1)).unwrap()).unwrap()
    }
}

/// One to four changes: bits turned, stretches lost, doubled, moved or made of one byte, numbers made large, ends
/// cut off.
fn mutate(original: &[u8], dice: &mut Dice) -> Vec<u8> {
    let mut bytes = original.to_vec();
    for _ in 0..=dice.below(4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.below(bytes.len());
        let length = 1 + dice.below(64.min(bytes.len() - at));
        match dice.below(8) {
            0 => bytes[at] ^= 1 << dice.below(8),
            1 => drop(bytes.drain(at..at + length)),
            2 => {
                let doubled = bytes[at..at + length].to_vec();
                bytes.splice(at..at, doubled);
            }
            3 => bytes.truncate(at),
            4 => bytes[at..at + length].fill([0, 0xff, b' ', b'<'][dice.below(4)]),
            5 => {
                let to = dice.below(bytes.len());
                let moved: Vec<u8> = bytes[at..at + length].to_vec();
                bytes.splice(to..to, moved);
            }
            6 => bytes[at..]
                .iter_mut()
                .filter(|byte| byte.is_ascii_digit())
                .take(6)
                .for_each(|byte| *byte = b'9'),
            _ => {
                let noise: Vec<u8> = (0..length).map(|_| u8::try_from(dice.next() & 0xff).unwrap()).collect();
                bytes.splice(at..at + length, noise);
            }
        }
    }
    bytes
}

fn number(name: &str, usual: u64) -> u64 {
    std::env::var(name).map_or(usual, |text| text.parse().unwrap_or_else(|_| panic!("{name} is a number")))
}

fn files_in(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else { return Vec::new() };
    let mut files: Vec<PathBuf> =
        entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file()).collect();
    files.sort();
    files
}

/// The most that any living child of this process has held, in KiB.
fn children_kib_max() -> u64 {
    let tasks = fs::read_dir("/proc/self/task").unwrap();
    let children = tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("children")).ok());
    let ids: Vec<String> =
        children.flat_map(|ids| ids.split_whitespace().map(str::to_owned).collect::<Vec<_>>()).collect();
    let held = ids.iter().filter_map(|id| {
        let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
        line.trim().trim_end_matches(" kB").parse::<u64>().ok()
    });
    held.max().unwrap_or(0)
}

#[tokio::test]
async fn every_mutated_sample_ends_in_time_and_in_bounds() {
    let (seed, copies) = (number("DOCEXTRACT_SEED", 20_240_229), number("DOCEXTRACT_MUTATIONS", COPIES));
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = files_in(&here.join("../../samples"));
    files.retain(|file| !matches!(file.extension().and_then(|e| e.to_str()), Some("md" | "jsonl")));
    files.extend(files_in(&here.join("tests/documents/encrypted")));
    if copies > COPIES {
        files.extend(files_in(&here.join("../../../shared/data/bad")));
        files.extend(files_in(&here.join("../../../shared/data/einvoice-xml")));
    }
    assert!(files.len() > 10, "the samples are there");
    let sandbox = Sandbox::new(PathBuf::from(env!("CARGO_BIN_EXE_docextract-extract-child")), 1);
    let mut kinds = ready_made().into_iter().cycle();
    let (mut read, mut refused) = (0, 0);
    for file in files {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let original = fs::read(&file).unwrap();
        let is_picture = name.ends_with(".png") || name.ends_with(".jpg") || name.contains("scanned");
        let copies = if is_picture { copies.div_ceil(COPIES / COPIES_OF_PICTURES) } else { copies };
        for copy in 0..copies {
            let salt = name.bytes().fold(copy, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
            let which = format!("{name}, copy {copy}, DOCEXTRACT_SEED={seed}");
            let kind = kinds.next().unwrap();
            let request = Request {
                bytes: mutate(&original, &mut Dice(seed ^ salt)),
                filename: None,
                mime_type: None,
                password: None,
                document_type: DocumentType::parse(kind.document_type).unwrap(),
                fields: kind.field_definitions,
                owner: String::new(),
                lessons: Vec::new(),
                keep_pages: false,
                local_only: false,
                ignore_embedded_xml: false,
                explain: false,
                limits: Limits { extraction_ms_max: EXTRACTION_MS_MAX, ..Limits::default() },
            };
            let started = Instant::now();
            match sandbox.extract(request).await {
                Ok(_) => read += 1,
                // Nothing that a document does may look as if it were worth another try.
                Err(failure) if failure.code == FailureCode::TemporaryError => panic!("{which}: {failure:?}"),
                Err(_) => refused += 1,
            }
            let most = Duration::from_millis(EXTRACTION_MS_MAX + 2_000);
            assert!(started.elapsed() < most, "{which} took {:?}", started.elapsed());
            assert!(children_kib_max() <= CHILD_KIB_MAX, "{which}: a child held {} KiB", children_kib_max());
        }
    }
    println!("seed {seed}: {read} read, {refused} refused");
    assert!(read > 0 && refused > 0, "the mutations are neither harmless nor hopeless");
}
