//! Reads a document in a child process that can reach nothing.
//!
//! The parent starts its own program again, as a child that first locks itself in ([`confine`]) and
//! only then is given the document. What it may do afterwards is compute, and talk over the two pipes
//! that it was born with. Text recognition is a third process, locked in its own way, which the parent
//! starts when the child asks for it, because the child can start nothing.
//!
//! Guaranteed: whatever the bytes are, [`Sandbox::extract`] ends within the deadline and answers with
//! an extraction or a failure; the child is dead when it returns. Where the kernel lacks Landlock or
//! seccomp the process boundary and the resource limits remain; [`sandbox_level`] says what there is.
//! Never: a document's byte parsed in this process, an environment variable handed to a child.

mod child;
pub mod confine;
mod frame;
mod parent;

use std::fmt;
use std::process::ExitCode;

pub use parent::Sandbox;

/// The hidden first argument of the process that reads a document.
pub(crate) const EXTRACT_CHILD: &str = "__extract-child";
/// The hidden first argument of the process that becomes Tesseract.
pub(crate) const OCR_CHILD: &str = "__ocr-child";

/// Runs a child if `name` is the hidden name of one. To be called first thing in `main`, with the first
/// argument, before anything is set up that a child must not have.
#[must_use]
pub fn run_child(name: &str) -> Option<ExitCode> {
    match name {
        EXTRACT_CHILD => Some(child::child_main()),
        OCR_CHILD => Some(child::ocr_main()),
        _ => None,
    }
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
