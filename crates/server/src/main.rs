//! The binary `docextract`.

use std::process::ExitCode;

fn main() -> ExitCode {
    // A child that reads a document must begin as one, before anything else is set up.
    if let Some(code) = std::env::args().nth(1).as_deref().and_then(docextract_extraction::run_child) {
        return code;
    }
    docextract_server::cli::run()
}
