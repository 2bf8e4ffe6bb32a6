//! Reads a document in a child process that can reach nothing.
//!
//! The parent starts its own program again, as a child that first locks itself in ([`confine`]) and
//! only then is given the document. What it may do afterwards is compute, and talk over the two pipes
//! that it was born with. Text recognition is a third process, locked in its own way, which the parent
//! starts when the child asks for it, because the child can start nothing.
//!
//! Guaranteed: whatever the bytes are, [`Sandbox::extract`] ends within the deadline and answers with
//! an extraction or a failure. A child that answered may read further documents of the same owner, and
//! of nobody else (`pool` says why that is safe); any other child is dead by then. Where the kernel lacks
//! Landlock or seccomp the process boundary and the resource limits remain; [`sandbox_level`] says what
//! there is.
//! Never: a document's byte parsed in this process, an environment variable handed to a child.

mod child;
pub mod confine;
mod frame;
mod parent;
mod pool;

use std::fmt;
use std::process::ExitCode;

use docextract_model::failure::Failure;
pub use parent::Sandbox;

use crate::Request;

/// The hidden first argument of the process that reads a document.
pub(crate) const EXTRACT_CHILD: &str = "__extract-child";
/// The hidden first argument of the process that becomes Tesseract.
pub(crate) const OCR_CHILD: &str = "__ocr-child";

/// Runs a child if `name` is the hidden name of one. To be called first thing in `main`, with the first
/// argument, before anything is set up that a child must not have.
#[must_use]
pub fn run_child(name: &str) -> Option<ExitCode> {
    match name {
        EXTRACT_CHILD => Some(child::child_main(|_| None)),
        OCR_CHILD => Some(child::ocr_main()),
        _ => None,
    }
}

/// As the child that reads documents, for a test that has one misbehave: `instead` is asked for a failure
/// before each document is read, and may do its worst.
#[must_use]
pub fn run_misbehaving_child(instead: fn(&Request) -> Option<Failure>) -> ExitCode {
    child::child_main(instead)
}

/// What this kernel offers to lock a child in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SandboxLevel {
    /// File access can be denied.
    pub landlock: bool,
    /// System calls can be denied.
    pub seccomp: bool,
}

impl fmt::Display for SandboxLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.landlock, self.seccomp) {
            (true, true) => "full: process, resource limits, Landlock, seccomp",
            (true, false) => "partial: process, resource limits, Landlock; this kernel has no seccomp",
            (false, true) => "partial: process, resource limits, seccomp; this kernel has no Landlock",
            (false, false) => "weak: process and resource limits; this kernel has no Landlock and no seccomp",
        })
    }
}

/// Asks the kernel what it offers; changes nothing.
#[must_use]
pub fn sandbox_level() -> SandboxLevel {
    SandboxLevel { landlock: confine::kernel_has_landlock(), seccomp: confine::kernel_has_seccomp() }
}

/// Reads bytes as frames in both directions, for fuzzing.
#[cfg(feature = "fuzzing")]
pub(crate) fn read_frames(bytes: &[u8]) {
    let mut to_child = bytes;
    while frame::Frame::<frame::ToChild>::read(&mut to_child).is_ok() {}
    let mut from_child = bytes;
    while frame::Frame::<frame::FromChild>::read(&mut from_child).is_ok() {}
}
