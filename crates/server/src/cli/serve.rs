//! `docextract serve`.

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use docextract_engine::SystemNetwork;
use docextract_extraction::sandbox::{Sandbox, sandbox_level};
use docextract_model::limits;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::signal::unix::{SignalKind, signal};

use super::block_on;
use crate::ambient::{OsRandom, SystemClock};
use crate::config::{Config, Options, Places};
use crate::server::{Running, World, start};
use crate::telemetry;

#[derive(Args)]
pub(super) struct Serve {
    #[command(flatten)]
    places: Places,
    #[command(flatten)]
    options: Options,
}

impl Serve {
    pub(super) fn run(self) -> anyhow::Result<ExitCode> {
        let config = Config::resolve(&self.places, self.options)?;
        telemetry::start(config.log_format, config.log_level);
        raise_open_files();
        block_on(serve(config))
    }
}

/// Every connection is an open file, and the usual soft limit of 1,024 is meant for programs that use
/// `select`. This one may have as many as the hard limit says.
fn raise_open_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
    if let Err(error) = setrlimit(Resource::Nofile, raised) {
        tracing::warn!(%error, "the limit of open files stays at {:?}", limit.current);
    }
}

async fn serve(config: Config) -> anyhow::Result<ExitCode> {
    let program = std::env::current_exe().context("the path of this program cannot be told")?;
    let world = World {
        clock: Arc::new(SystemClock),
        random: Arc::new(OsRandom),
        // One more than can be at work: a spare, started ahead.
        extractor: Arc::new(Sandbox::new(
            program,
            config.extraction_workers + limits::PICTURES_AT_ONCE_MAX + 1,
        )),
        network: Arc::new(SystemNetwork::default()),
    };
    // Asked for before the start, so that a signal during it is not lost.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let data_dir = config.data_dir.clone();
    let mut running = start(config, world).await?;
    tracing::info!(
        "serving on {} with data in {}; documents are read in a sandbox that is {}",
        running.base_url,
        data_dir.display(),
        sandbox_level()
    );
    announce(&running);
    for (organisation, link) in &running.sign_in_links {
        eprintln!(
            "{organisation} has no owner yet. Whoever opens this link within a day becomes it:\n  {link}"
        );
    }
    let fault = tokio::select! {
        _ = terminate.recv() => None,
        _ = interrupt.recv() => None,
        fault = running.failed() => Some(fault),
    };
    if let Some(fault) = fault {
        anyhow::bail!("{fault} unexpectedly; what was accepted is kept, start again");
    }
    tracing::info!("stopping: requests and deliveries in flight are finished first");
    running.drain().await;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Under `--dev`, all that a first try needs, on stdout.
fn announce(running: &Running) {
    let Some(inbox_url) = &running.inbox_url else { return };
    tracing::warn!("--dev: webhooks may go to http and loopback addresses; do not use this in production");
    let base_url = &running.base_url;
    println!("DocExtract listens on {base_url} (development: http and loopback webhooks are allowed)");
    println!();
    match &running.first_key {
        Some(key) => {
            println!("Your API key, shown only now: {key}");
            println!();
            println!("Submit a document:");
            println!(
                "  curl -sS '{base_url}/v1/documents?wait=30s' -H 'Authorization: Bearer {key}' \
                 -F extractor_id=invoice -F file=@samples/invoice.pdf"
            );
        }
        None => {
            println!(
                "Keys are kept only as hashes. A new one: docextract keys create --mode live --scopes all"
            );
        }
    }
    println!();
    println!("See its webhook: {inbox_url}");
}
