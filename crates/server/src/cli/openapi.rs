//! `docextract openapi`: the API's description, as the server would serve it.

use std::io::Write as _;
use std::process::ExitCode;

use clap::Args;

use crate::api::openapi;

/// Print the API's description (OpenAPI 3.1)
#[derive(Args)]
pub(super) struct OpenApi {}

impl OpenApi {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        std::io::stdout().write_all(openapi::text().as_bytes())?;
        Ok(ExitCode::SUCCESS)
    }
}
