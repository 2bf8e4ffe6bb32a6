//! `--engine`: what finds the values, for the commands that read documents without a server.

use std::sync::Arc;

use anyhow::Context as _;
use clap::Args;
use docextract_engine::Extract;
use docextract_extraction::sandbox::Sandbox;

use super::extract::cores;
use crate::config::{self, ExtractionSection, SecretText};
use crate::duration::DurationMs;
use crate::llm::{EngineKind, LlmEngine, ModelInput};

/// The same variable as the server's, because a key has no place on a command line.
const KEY_VARIABLE: &str = "DOCEXTRACT_EXTRACTION_LLM_KEY";

#[derive(Args)]
pub(super) struct EngineChoice {
    /// What finds the values
    #[arg(long, value_name = "ENGINE", default_value = "rules")]
    engine: EngineKind,
    /// OpenAI-compatible API of the language model that llm and chain ask, such as http://127.0.0.1:11434/v1
    #[arg(long, value_name = "URL")]
    llm_base_url: Option<String>,
    /// The model's name there. Its key, if it has one, is in DOCEXTRACT_EXTRACTION_LLM_KEY
    #[arg(long, value_name = "NAME")]
    llm_model: Option<String>,
    /// What the model sees of a document [default: text]
    #[arg(long, value_name = "INPUT")]
    llm_input: Option<ModelInput>,
    /// Longest time for its answer, within the minute that a document has [default: 30s]
    #[arg(long, value_name = "TIME")]
    llm_timeout: Option<DurationMs>,
}

impl EngineChoice {
    pub(super) fn is_rules(&self) -> bool {
        self.engine == EngineKind::Rules
    }

    /// The sandbox, or what asks a language model behind it.
    pub(super) fn start(&self) -> anyhow::Result<Arc<dyn Extract>> {
        let program = std::env::current_exe().context("the path of this program cannot be told")?;
        let sandbox: Arc<dyn Extract> = Arc::new(Sandbox::new(program, cores()));
        let chosen = ExtractionSection {
            engine: Some(self.engine),
            llm_base_url: self.llm_base_url.clone(),
            llm_model: self.llm_model.clone(),
            llm_key: SecretText::of_environment(KEY_VARIABLE),
            llm_input: self.llm_input,
            llm_timeout: self.llm_timeout,
        };
        let Some(llm) = config::llm(chosen, ExtractionSection::default())? else { return Ok(sandbox) };
        let engine = LlmEngine::new(sandbox, llm, cores());
        Ok(Arc::new(engine.context("the certificates of this system cannot be read")?))
    }
}
