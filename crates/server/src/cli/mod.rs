//! The command line: a file per subcommand. Data goes to stdout, all else to stderr.
//!
//! A failure is a sentence and, where there is one, a hint of what to do about it.

mod completions;
mod credits;
mod engine;
mod eval;
mod explain;
mod extract;
mod keys;
mod local;
mod members;
mod openapi;
mod plan;
mod secrets;
mod serve;
mod verify;

use std::fmt;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::ConfigError;
use crate::data_dir::DataDirError;
use crate::secrets::SecretsError;
use crate::server::StartError;

/// Documents in, fields out, webhooks when it is done. One self-hosted binary.
#[derive(Parser)]
#[command(name = "docextract", version, propagate_version = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server
    Serve(serve::Serve),
    /// Read documents without a server: one JSON object a line
    Extract(extract::ExtractFiles),
    /// Say how right the extraction is on documents with known answers
    Eval(eval::Eval),
    /// Create, list and revoke API keys
    #[command(subcommand)]
    Keys(keys::Keys),
    /// Let somebody in by a link, and list members
    #[command(subcommand)]
    Members(members::Members),
    /// Grant credits and show the balance
    #[command(subcommand)]
    Credits(credits::Credits),
    /// Set and show what an organisation may ask for
    #[command(subcommand)]
    Plan(plan::PlanCommand),
    /// Replace the key that seals the database's secrets
    #[command(subcommand)]
    Secrets(secrets::SecretsCommand),
    /// Tell why a webhook's signature does not match
    Verify(verify::Verify),
    /// Print the API's description (OpenAPI 3.1)
    Openapi(openapi::OpenApi),
    /// Print completions for a shell
    Completions(completions::Completions),
}

/// A failure with what to do about it.
#[derive(Debug)]
struct Hinted {
    problem: String,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem)
    }
}

impl std::error::Error for Hinted {}

fn hinted(problem: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    Hinted { problem: problem.into(), hint: hint.into() }.into()
}

/// Parses the arguments, runs the command and reports how it went.
#[must_use]
pub fn run() -> ExitCode {
    let outcome = match Cli::parse().command {
        Command::Serve(command) => command.run(),
        Command::Extract(command) => command.run(),
        Command::Eval(command) => command.run(),
        Command::Keys(command) => command.run(),
        Command::Members(command) => command.run(),
        Command::Credits(command) => command.run(),
        Command::Plan(command) => command.run(),
        Command::Secrets(command) => command.run(),
        Command::Verify(command) => command.run(),
        Command::Openapi(command) => command.run(),
        Command::Completions(command) => command.run(),
    };
    outcome.unwrap_or_else(|error| {
        report(&error);
        ExitCode::FAILURE
    })
}

fn report(error: &anyhow::Error) {
    eprintln!("error: {error:#}");
    if let Some(hint) = hint_of(error) {
        eprintln!("hint: {hint}");
    }
}

fn hint_of(error: &anyhow::Error) -> Option<String> {
    if let Some(error) = error.downcast_ref::<Hinted>() {
        return Some(error.hint.clone());
    }
    if let Some(error) = error.downcast_ref::<ConfigError>() {
        return Some(error.hint.clone());
    }
    if let Some(error) = error.downcast_ref::<DataDirError>() {
        return Some(error.hint().to_owned());
    }
    if let Some(error) = error.downcast_ref::<SecretsError>() {
        return Some(error.hint().to_owned());
    }
    error.downcast_ref::<StartError>().map(StartError::hint)
}

/// A runtime for the commands that wait for something.
fn block_on<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_arguments_are_consistent() {
        super::Cli::command().debug_assert();
    }
}
