//! The most memory that a child held on any sample.
//!
//! Runs as a process of its own, so that the kernel's figure for children that have ended is of these children
//! alone. Each document gets a child of its own. Beside the kernel's figure, the children are looked at every few
//! milliseconds, to tell the reader's from Tesseract's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use docextract_extraction::sandbox::Sandbox;
use serde_json::json;
use tokio::runtime::Runtime;

use crate::data::request;
use crate::usage;

/// Reads every file and prints, as JSON, what the most was.
pub fn run(program: &Path, files: &[PathBuf], runtime: &Runtime) {
    let most = Arc::new(Mutex::new(BTreeMap::new()));
    let is_done = Arc::new(AtomicBool::new(false));
    let watch = {
        let (most, is_done) = (Arc::clone(&most), Arc::clone(&is_done));
        std::thread::spawn(move || {
            while !is_done.load(Ordering::Relaxed) {
                usage::kib_max_of_living_children(&mut most.lock().expect("nobody panics"));
                std::thread::sleep(Duration::from_millis(3));
            }
        })
    };
    let (mut largest, mut largest_of) = (0, String::new());
    for file in files {
        let Ok(bytes) = std::fs::read(file) else { continue };
        runtime.block_on(async {
            let sandbox = Sandbox::new(program.to_path_buf(), 1);
            let _ = sandbox.extract(request(bytes, "invoice", false)).await;
            usage::kib_max_of_living_children(&mut most.lock().expect("nobody panics"));
        });
        let held = usage::kib_max_of_ended_children()
            .max(most.lock().expect("nobody panics").values().copied().max().unwrap_or(0));
        if held > largest {
            largest = held;
            largest_of = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        }
    }
    is_done.store(true, Ordering::Relaxed);
    watch.join().expect("the watch does not panic");
    let by_program = most.lock().expect("nobody panics").clone();
    println!(
        "{}",
        json!({ "kib": largest, "file": largest_of, "by_program": by_program, "files": files.len() })
    );
}
