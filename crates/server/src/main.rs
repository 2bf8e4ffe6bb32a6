//! The binary `docextract`.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

/// Events and attempts are made on one thread and dropped on another, many thousands a second. The
/// system's allocator takes a fifth of the processor time for that.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    // A child that reads a document must begin as one, before anything else is set up.
    if let Some(code) = std::env::args().nth(1).as_deref().and_then(docextract_extraction::run_child) {
        return code;
    }
    docextract_server::cli::run()
}
