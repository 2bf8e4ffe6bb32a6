//! Scans, against Tesseract alone on the same image.
//!
//! Twice: against the program as anybody runs it on the file as it is, and against what the program itself
//! costs on the images that the extraction hands to it, which is the rest of the work: decoding, straightening,
//! scaling, pipes, fields. Processor time, since recognition is nothing else.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use docextract_extraction::extract;
use docextract_extraction::ocr::{Language, Ocr, Raster, Tesseract};
use docextract_extraction::page::Word;
use docextract_extraction::sandbox::Sandbox;
use docextract_model::failure::Failure;
use tokio::runtime::Runtime;

use crate::data::{Sample, request};
use crate::usage;

pub struct Cost {
    pub name: String,
    /// Tesseract on the file.
    pub alone: Duration,
    /// Through the sandbox.
    pub extraction: Duration,
    /// What Tesseract used on the images that it was handed, and how many those were.
    pub handed_over: Duration,
    pub readings: u32,
}

impl Cost {
    pub fn ratio(&self) -> f64 {
        self.extraction.as_secs_f64() / self.alone.as_secs_f64().max(1e-9)
    }

    pub fn ratio_of_rest(&self) -> f64 {
        self.extraction.as_secs_f64() / self.handed_over.as_secs_f64().max(1e-9)
    }
}

/// What reading one scan costs in processor time. None where Tesseract can't read the file.
pub fn measure(sample: &Sample, sandbox: &Sandbox, runtime: &Runtime) -> Option<Cost> {
    let bytes = std::fs::read(&sample.path).ok()?;
    let asked = request(bytes, &sample.extractor, true);
    let alone = alone(&sample.path)?;
    let before = usage::of_family();
    let _ = runtime.block_on(sandbox.extract(asked.clone()));
    let extraction = usage::of_family() - before;
    let mut timed = Timed { used: Duration::ZERO, readings: 0 };
    let _ = extract(&asked, &mut timed);
    Some(Cost {
        name: sample.path.file_name()?.to_string_lossy().into_owned(),
        alone,
        extraction,
        handed_over: timed.used,
        readings: timed.readings,
    })
}

/// As anybody runs it: the usual layout, English, one thread.
fn alone(file: &Path) -> Option<Duration> {
    let before = usage::of_ended_children();
    let status = Command::new("tesseract")
        .arg(file)
        .args(["stdout", "-l", "eng", "tsv"])
        .env("OMP_THREAD_LIMIT", "1")
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .ok()?;
    status.success().then(|| usage::of_ended_children() - before)
}

/// Tesseract, and what it used.
struct Timed {
    used: Duration,
    readings: u32,
}

impl Ocr for Timed {
    fn recognise(&mut self, image: &Raster) -> Result<Vec<Word>, Failure> {
        let before = usage::of_ended_children();
        let words = Tesseract.recognise(image);
        self.used += usage::of_ended_children() - before;
        self.readings += 1;
        words
    }

    fn has(&mut self, language: Language) -> bool {
        Tesseract.has(language)
    }
}

/// Many scans at once, as many as there are cores: processor time by the wall clock, and scans a second.
pub fn busy(samples: &[&Sample], sandbox: &Sandbox, runtime: &Runtime, cores: usize) -> (f64, f64) {
    let queue: Vec<_> = samples
        .iter()
        .filter_map(|sample| Some(request(std::fs::read(&sample.path).ok()?, &sample.extractor, true)))
        .collect();
    let count = queue.len();
    let queue = Arc::new(std::sync::Mutex::new(queue));
    let (before, started) = (usage::of_family(), Instant::now());
    runtime.block_on(async {
        let local = tokio::task::LocalSet::new();
        for _ in 0..cores {
            let (queue, sandbox) = (Arc::clone(&queue), sandbox.clone());
            local.spawn_local(async move {
                loop {
                    let Some(next) = queue.lock().expect("nobody panics").pop() else { break };
                    let _ = sandbox.extract(next).await;
                }
            });
        }
        local.await;
    });
    let wall = started.elapsed().as_secs_f64();
    ((usage::of_family() - before).as_secs_f64() / wall, count as f64 / wall)
}
