//! Logs: readable text or JSON lines, always on stderr.

use clap::ValueEnum;
use serde::Deserialize;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    #[default]
    Text,
    Json,
}

/// Starts logging. Called once, by the commands that run for long; a second call changes nothing.
pub fn start(format: LogFormat) {
    use std::io::IsTerminal as _;
    let levels = Targets::new().with_default(LevelFilter::WARN).with_targets([
        ("docextract", LevelFilter::INFO),
        ("docextract_server", LevelFilter::INFO),
        ("docextract_engine", LevelFilter::INFO),
        ("docextract_store", LevelFilter::INFO),
        ("docextract_extraction", LevelFilter::INFO),
    ]);
    let registry = tracing_subscriber::registry().with(levels);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false);
    // That somebody else's subscriber is there already, as in tests, is no error.
    let _ = match format {
        LogFormat::Text => registry.with(layer.with_ansi(std::io::stderr().is_terminal())).try_init(),
        LogFormat::Json => registry.with(layer.json().flatten_event(true)).try_init(),
    };
}
