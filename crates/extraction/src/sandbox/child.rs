//! The children's side: lock in first, then read what the parent sends.

use std::io::{self, Stdin, Stdout};
use std::os::unix::process::CommandExt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::{Command, ExitCode};

use docextract_model::failure::{Failure, FailureCode};

use super::confine;
use super::frame::{Frame, FromChild, ToChild};
use crate::Request;
use crate::ocr::{Language, Ocr, Raster, tesseract};
use crate::page::Word;

/// The parent's deadline is a default of 60 s; an operator who raises it passes it on as an argument.
fn cpu_seconds() -> u64 {
    std::env::args().nth(2).and_then(|seconds| seconds.parse().ok()).unwrap_or(60)
}

/// Reads the documents that the parent sends, one after the other, until the parent hangs up. A document
/// that `instead` has a failure for is not read.
pub(super) fn child_main(instead: fn(&Request) -> Option<Failure>) -> ExitCode {
    confine::confine_extraction(cpu_seconds());
    match serve(instead) {
        Ok(()) => ExitCode::SUCCESS,
        // The parent is gone or talks nonsense: there is nobody to tell.
        Err(_) => ExitCode::FAILURE,
    }
}

fn serve(instead: fn(&Request) -> Option<Failure>) -> io::Result<()> {
    let mut ask = AskParent { stdin: io::stdin(), stdout: io::stdout() };
    let mut known_fields = Vec::new();
    loop {
        let Frame { head, body } = Frame::read(&mut ask.stdin)?;
        let has_panicked = match head {
            ToChild::Extract { mut request, fields } => {
                request.bytes = body;
                request.fields = fields.unwrap_or(known_fields);
                let (result, has_panicked) = guarded(|| match instead(&request) {
                    Some(failure) => Err(failure),
                    None => crate::extract(&request, &mut ask),
                });
                known_fields = request.fields;
                Frame::write(&FromChild::Extracted(result), &[], &mut ask.stdout)?;
                has_panicked
            }
            ToChild::Learn { mut request, fields, corrections } => {
                request.bytes = body;
                request.fields = fields.unwrap_or(known_fields);
                let (result, has_panicked) = guarded(|| crate::learn(&request, &corrections, &mut ask));
                known_fields = request.fields;
                Frame::write(&FromChild::Learnt(result), &[], &mut ask.stdout)?;
                has_panicked
            }
            ToChild::Render { page, size } => {
                let (result, has_panicked) = guarded(|| crate::draw_page(&body, page, size));
                match result {
                    Ok(png) => Frame::write(&FromChild::Rendered(Ok(())), &png, &mut ask.stdout)?,
                    Err(failure) => {
                        Frame::write(&FromChild::Rendered(Err(failure)), &[], &mut ask.stdout)?;
                    }
                }
                has_panicked
            }
            ToChild::Recognised(_) | ToChild::Knows(_) => return Err(io::ErrorKind::InvalidData.into()),
        };
        if has_panicked {
            // What the panic left half done must not meet another document.
            return Ok(());
        }
    }
}

/// A panic in a reader says that the document is one that it can't handle.
/// Whether there was one comes second.
fn guarded<T, E: From<Failure>>(work: impl FnOnce() -> Result<T, E>) -> (Result<T, E>, bool) {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => (result, false),
        Err(_) => (Err(Failure::new(FailureCode::DocumentCorrupted).into()), true),
    }
}

/// Recognition by the parent, because this process can start no program.
struct AskParent {
    stdin: Stdin,
    stdout: Stdout,
}

impl Ocr for AskParent {
    fn recognise(&mut self, image: &Raster) -> Result<Vec<Word>, Failure> {
        let mut ask = || -> io::Result<_> {
            let head = Raster { luma: Vec::new(), ..*image };
            Frame::write(&FromChild::Recognise(head), &image.luma, &mut self.stdout)?;
            Frame::read(&mut self.stdin)
        };
        match ask() {
            Ok(Frame { head: ToChild::Recognised(words), .. }) => words,
            Ok(_) | Err(_) => Err(Failure::new(FailureCode::TemporaryError)),
        }
    }

    fn has(&mut self, language: Language) -> bool {
        let mut ask = || -> io::Result<_> {
            Frame::write(&FromChild::Knows(language), &[], &mut self.stdout)?;
            Frame::read(&mut self.stdin)
        };
        matches!(ask(), Ok(Frame { head: ToChild::Knows(true), .. }))
    }
}

/// Locks in and becomes Tesseract, with the arguments that follow the hidden name and the CPU seconds.
pub(super) fn ocr_main() -> ExitCode {
    let data_path = std::env::var("TESSDATA_PREFIX").ok();
    confine::confine_recognition(cpu_seconds(), data_path.as_deref());
    // Returns only if it fails.
    let _ = Command::new(tesseract::PROGRAM).args(std::env::args_os().skip(3)).exec();
    ExitCode::FAILURE
}
