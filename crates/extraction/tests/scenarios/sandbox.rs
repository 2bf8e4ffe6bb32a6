//! The child can reach nothing, and however it ends, the parent gives an answer.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::common::{pdf, request};
use crate::languages;
use crate::samples::skipped;
use docextract_extraction::ocr::{Language, Ocr as _, Tesseract};
use docextract_extraction::sandbox::{Sandbox, sandbox_level};
use docextract_extraction::{Limits, NotDrawn, Size, Source};
use docextract_model::failure::{Failure, FailureCode};

const CHILD: &str = env!("CARGO_BIN_EXE_docextract-extract-child");

/// The test program under a name by which it misbehaves.
pub(crate) fn misbehaving(name: &str) -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("probes-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    let link = folder.join(name);
    let _ = symlink(CHILD, &link);
    link
}

async fn failure_of(program: PathBuf, limits: Limits) -> Failure {
    let mut request = request(pdf(&["BT /F 10 Tf 50 700 Td (one two three four) Tj ET"], ""));
    request.limits = limits;
    Sandbox::new(program, 1).extract(request).await.unwrap_err()
}

/// Runs a probe and checks that every wall that it tries holds.
fn assert_walls_hold(probe: &str, walls: usize) {
    let level = sandbox_level();
    if !level.landlock || !level.seccomp {
        eprintln!("SKIPPED: this kernel offers only: {level}");
        return;
    }
    let output = Command::new(misbehaving(probe)).output().unwrap();
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(said.lines().count(), walls, "{said}");
    assert!(said.lines().all(|line| line.ends_with(" held")), "{said}");
}

#[test]
fn the_child_reaches_no_file_no_network_and_no_program() {
    assert_walls_hold("probe-reach", 7);
}

#[test]
fn recognition_reaches_the_systems_files_and_nothing_else() {
    assert_walls_hold("probe-recognition", 6);
}

#[tokio::test]
async fn an_endless_loop_ends_as_a_timeout_by_processor_time() {
    let failure = failure_of(misbehaving("probe-spin"), Limits::default()).await;
    assert_eq!(failure.code, FailureCode::ExtractionTimeout);
}

#[tokio::test]
async fn a_child_that_sleeps_is_killed_at_the_deadline() {
    let limits = Limits { extraction_ms_max: 300, ..Limits::default() };
    let started = Instant::now();
    let failure = failure_of(misbehaving("probe-sleep"), limits).await;
    assert_eq!(failure.code, FailureCode::ExtractionTimeout);
    assert!(started.elapsed().as_secs() < 10);
}

#[tokio::test]
async fn a_child_that_takes_too_much_memory_ends_as_a_damaged_document() {
    let failure = failure_of(misbehaving("probe-hog"), Limits::default()).await;
    assert_eq!(failure.code, FailureCode::DocumentCorrupted);
    assert!(failure.message.contains("memory"), "{}", failure.message);
}

#[tokio::test]
async fn a_child_that_crashes_ends_as_a_damaged_document() {
    let failure = failure_of(misbehaving("probe-abort"), Limits::default()).await;
    assert_eq!(failure.code, FailureCode::DocumentCorrupted);
}

#[tokio::test]
async fn a_program_that_does_not_exist_is_a_temporary_error() {
    let failure = failure_of(PathBuf::from("/nonexistent/docextract"), Limits::default()).await;
    assert_eq!(failure.code, FailureCode::TemporaryError);
}

#[tokio::test]
async fn a_page_is_drawn_in_the_sandbox() {
    let document = pdf(&["BT /F 10 Tf 50 700 Td (one two three four) Tj ET"], "");
    let sandbox = Sandbox::new(PathBuf::from(CHILD), 1);
    let png = sandbox.draw_page("owner", &document, 1, Size::Dpi(72.0), &Limits::default()).await.unwrap();
    assert_eq!(png[..8], *b"\x89PNG\r\n\x1a\n");
    // Width and height stand in the header: 600 × 800 points at 72 dpi.
    assert_eq!(png[16..24], [0, 0, 2, 88, 0, 0, 3, 32]);
    let half = sandbox.draw_page("owner", &document, 1, Size::Width(300), &Limits::default()).await.unwrap();
    assert_eq!(half[16..24], [0, 0, 1, 44, 0, 0, 1, 144]);
    // A picture is drawn as narrow, and never wider than it is.
    for (width, drawn) in [(150, [0, 0, 0, 150, 0, 0, 0, 200]), (3_000, [0, 0, 1, 44, 0, 0, 1, 144])] {
        let again = sandbox.draw_page("owner", &half, 1, Size::Width(width), &Limits::default()).await;
        assert_eq!(again.unwrap()[16..24], drawn);
    }
    let refused = async |document: &Vec<u8>, page| {
        let drawn = sandbox.draw_page("owner", document, page, Size::Width(300), &Limits::default()).await;
        drawn.unwrap_err()
    };
    assert_eq!(refused(&document, 2).await, NotDrawn::NoSuchPage);
    assert_eq!(refused(&half, 2).await, NotDrawn::NoSuchPage);
    assert_eq!(refused(&b"Invoice number: 1".to_vec(), 1).await, NotDrawn::NoPages);
    let damaged = document[..document.len() / 4].to_vec();
    assert!(matches!(refused(&damaged, 1).await, NotDrawn::Failed(_) | NotDrawn::NoSuchPage));
}

#[tokio::test]
async fn a_page_of_any_shape_keeps_within_the_pixels_that_a_picture_may_have() {
    let tall = String::from_utf8_lossy(&pdf(&[""], "")).replace("600 800", "99 9900").into_bytes();
    let sandbox = Sandbox::new(PathBuf::from(CHILD), 1);
    let png = sandbox.draw_page("owner", &tall, 1, Size::Width(3_000), &Limits::default()).await.unwrap();
    let number = |at: usize| u64::from(u32::from_be_bytes(png[at..at + 4].try_into().unwrap()));
    let pixels = number(16) * number(20);
    assert!(
        pixels <= docextract_model::limits::PICTURE_PIXELS_MAX + 70_000,
        "{} × {}",
        number(16),
        number(20)
    );
}

#[tokio::test]
async fn a_child_asks_which_languages_are_installed() {
    let sandbox = Sandbox::new(PathBuf::from(CHILD), 1);
    match sandbox.extract(request(languages::french_scan())).await {
        Ok(extraction) => {
            let told = extraction.warnings.iter().any(|warning| warning.contains("tesseract-ocr-fra"));
            assert_eq!(told, !Tesseract.has(Language::French), "{:?}", extraction.warnings);
        }
        Err(failure) => assert!(skipped(&failure), "{failure:?}"),
    }
}

#[tokio::test]
async fn a_scan_is_recognised_through_the_sandbox() {
    if Command::new("tesseract").arg("--version").output().is_err() {
        eprintln!("SKIPPED: tesseract is not installed, so recognition was not tested");
        return;
    }
    let content = "BT /F 16 Tf 60 740 Td (Example Trading Company Ltd) Tj ET \
                   BT /F 14 Tf 60 690 Td (Invoice number: R-2024-117) Tj ET \
                   BT /F 14 Tf 60 660 Td (Invoice date: 2024-11-23) Tj ET \
                   BT /F 14 Tf 60 600 Td (Net amount 100.00 EUR) Tj ET \
                   BT /F 14 Tf 60 570 Td (Tax amount 19.00 EUR) Tj ET \
                   BT /F 14 Tf 60 540 Td (Total amount 119.00 EUR) Tj ET";
    let sandbox = Sandbox::new(PathBuf::from(CHILD), 1);
    let scan = sandbox
        .draw_page("owner", &pdf(&[content], ""), 1, Size::Dpi(200.0), &Limits::default())
        .await
        .unwrap();
    let extraction = sandbox.extract(request(scan)).await.unwrap();
    assert_eq!(extraction.source, Source::Ocr);
    assert_eq!(extraction.mime_type, "image/png");
    assert_eq!(extraction.extracted_data["total_amount"].to_string(), "119.00");
    let cited = &extraction.citations["total_amount"];
    let top = cited["bbox"][1].as_f64().unwrap();
    // The line stands 540 points above the foot of a page of 800.
    assert!((0.28..0.34).contains(&top), "{cited}");

    // The same page laid on the glass sideways: the box follows it.
    let content = format!("q 0 1 -1 0 800 0 cm {content} Q");
    let scan = sandbox
        .draw_page("owner", &pdf(&[&content], ""), 1, Size::Dpi(200.0), &Limits::default())
        .await
        .unwrap();
    let extraction = sandbox.extract(request(scan)).await.unwrap();
    assert_eq!(extraction.extracted_data["total_amount"].to_string(), "119.00");
    let cited = &extraction.citations["total_amount"];
    let b: Vec<f64> = (0..4).map(|i| cited["bbox"][i].as_f64().unwrap()).collect();
    assert!(b[3] - b[1] > b[2] - b[0], "a line on its side is higher than wide: {cited}");
}

#[tokio::test]
async fn a_blank_scan_is_unreadable() {
    if Command::new("tesseract").arg("--version").output().is_err() {
        eprintln!("SKIPPED: tesseract is not installed, so recognition was not tested");
        return;
    }
    let sandbox = Sandbox::new(PathBuf::from(CHILD), 1);
    let scan =
        sandbox.draw_page("owner", &pdf(&[""], ""), 1, Size::Dpi(72.0), &Limits::default()).await.unwrap();
    let failure = sandbox.extract(request(scan)).await.unwrap_err();
    assert_eq!(failure.code, FailureCode::DocumentUnreadable);
}
