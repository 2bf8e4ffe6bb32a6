//! The engines that ask a language model: `llm`, and `chain`, which asks it for what the rules left open.
//!
//! Both stand where the sandbox alone would: they are [`Extract`] too. A document is always read in the sandbox
//! first, and its bytes stay there; what leaves this server is the text of its pages, and pictures of them where
//! those are configured, to the one address that an operator named. Only this process sends it: a child has no
//! network. What is asked and what an answer is worth, `docextract_extraction::llm` knows.
//!
//! What goes wrong on the way is the failure that says whether trying again helps: no answer in time, 429 and an
//! answer that cannot be read are `temporary_error`; 5xx, no connection, and a refusal that only an operator can
//! mend are `service_unavailable`. A chain then keeps what the rules found, with a warning.
//! Never: a key, a question or an answer in a log; a redirect followed; a call past the document's own deadline; a
//! question about a document that is to stay here, as those of test keys are.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use axum::http::{HeaderValue, Request as HttpRequest, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use docextract_engine::Extract;
use docextract_extraction::llm::{self, Question};
use docextract_extraction::{Document, Extraction, KeptPages, Lesson, Limits, NotDrawn, Request, Source};
use docextract_model::extractor::FieldDefinition;
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use serde::Deserialize;
use serde_json::{Map, Value};
use tokio::time::Instant;

use crate::named_service::{CallError, NamedService};

/// Which engine finds the values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EngineKind {
    /// Rules alone: deterministic, and nothing leaves the server
    #[default]
    Rules,
    /// A language model alone; what it says is held to the page
    Llm,
    /// The rules first, and the language model for what they did not find or are not sure of
    Chain,
}

/// What the model sees of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ModelInput {
    /// The text of its pages
    #[default]
    Text,
    /// The text, and pictures of the first pages
    Images,
}

/// Where the model is. Never printed with its key.
#[derive(Clone)]
pub struct LlmConfig {
    /// Without a slash at the end; `/chat/completions` is put behind it.
    pub base_url: String,
    pub model: String,
    pub key: Option<String>,
    pub input: ModelInput,
    pub timeout_ms: u64,
    /// Chain rather than the model alone.
    pub is_chain: bool,
}

impl fmt::Debug for LlmConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { base_url, model, key: _, input, timeout_ms, is_chain } = self;
        f.debug_struct("LlmConfig")
            .field("base_url", base_url)
            .field("model", model)
            .field("input", input)
            .field("timeout_ms", timeout_ms)
            .field("is_chain", is_chain)
            .finish_non_exhaustive()
    }
}

/// Reads by rules in the sandbox, then asks.
pub struct LlmEngine {
    rules: Arc<dyn Extract>,
    config: LlmConfig,
    service: NamedService,
}

impl LlmEngine {
    /// `documents_max` are read at the same time. Fails where the machine's certificates cannot be read.
    pub fn new(rules: Arc<dyn Extract>, config: LlmConfig, documents_max: usize) -> std::io::Result<Self> {
        Ok(Self { rules, config, service: NamedService::new(documents_max)? })
    }

    fn asked(&self, fields: &[FieldDefinition], extraction: &Extraction) -> Vec<FieldDefinition> {
        match extraction.source {
            // What stands in XML is exact.
            Source::Xml => Vec::new(),
            Source::TextLayer | Source::Ocr if self.config.is_chain => llm::weak_fields(fields, extraction),
            Source::TextLayer | Source::Ocr => fields.to_vec(),
        }
    }

    /// The pictures of the first pages that can be drawn.
    async fn pictures(&self, request: &Request, document: &dyn Document, pages: u32) -> Vec<String> {
        let mut pictures = Vec::new();
        if self.config.input == ModelInput::Text {
            return pictures;
        }
        for page in 1..=pages.min(limits::LLM_PICTURES_MAX) {
            let width = limits::PICTURE_WIDTH_DEFAULT;
            match self.rules.draw(&request.owner, document, page, width, &request.limits).await {
                Ok(png) => pictures.push(STANDARD.encode(png)),
                // Its text is what there is of such a document.
                Err(_) => break,
            }
        }
        pictures
    }

    async fn ask(&self, question: &Question, wait: Duration) -> Result<Map<String, Value>, Failure> {
        let request = self.request(question.body.to_string().into_bytes())?;
        let answered = self.service.call_within(request, wait, limits::LLM_ANSWER_BYTES_MAX).await;
        let answer = answered.map_err(|error| {
            tracing::warn!(%error, "the language model gave no answer");
            match error {
                CallError::TooMany => temporary("The language model has too much to do."),
                CallError::TimedOut => temporary("The language model did not answer in time."),
                CallError::NotRead(_) => temporary("The language model's answer could not be read."),
                CallError::NotReached(_) => unavailable("The language model could not be reached."),
            }
        })?;
        if answer.status() != StatusCode::OK {
            return Err(refusal(answer.status()));
        }
        llm::values_of(answer.body())
    }

    fn request(&self, body: Vec<u8>) -> Result<HttpRequest<Vec<u8>>, Failure> {
        let mut request = HttpRequest::post(format!("{}/chat/completions", self.config.base_url))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::USER_AGENT, concat!("DocExtract/", env!("CARGO_PKG_VERSION")));
        if let Some(key) = &self.config.key {
            let bearer = HeaderValue::from_str(&format!("Bearer {key}"));
            let mut bearer = bearer.map_err(|_| unavailable("The language model's key fits no header."))?;
            bearer.set_sensitive(true);
            request = request.header(header::AUTHORIZATION, bearer);
        }
        request.body(body).map_err(|_| unavailable("The language model's address cannot be used."))
    }

    /// Asks about the fields that are left to ask about, and puts what came into the extraction.
    async fn complete(
        &self,
        request: &Request,
        document: &dyn Document,
        mut extraction: Extraction,
        pages: KeptPages,
        deadline: Instant,
    ) -> Result<Extraction, Failure> {
        let asked = self.asked(&request.fields, &extraction);
        if asked.is_empty() || pages.is_empty() {
            return Ok(extraction);
        }
        let pictures = self.pictures(request, document, extraction.page_count).await;
        let question = llm::question(&self.config.model, request, &asked, &pages, &pictures);
        if !question.is_whole {
            extraction
                .warnings
                .push("The document is long: the language model was given its beginning only.".to_owned());
        }
        let wait = Duration::from_millis(self.config.timeout_ms);
        let wait = wait.min(deadline.saturating_duration_since(Instant::now()));
        let is_chain = self.config.is_chain;
        let values = match self.ask(&question, wait).await {
            Ok(values) => values,
            Err(failure) if is_chain => {
                extraction.warnings.push(format!("Only rules were used: {}", failure.message));
                return Ok(extraction);
            }
            Err(failure) => return Err(failure),
        };
        // Looking for every value on every page takes a while, which others need not wait for.
        let applied = tokio::task::spawn_blocking(move || {
            let rules = extraction.clone();
            if !is_chain {
                llm::forget(&mut extraction);
            }
            llm::apply(&mut extraction, &rules, &asked, &pages, values);
            extraction
        });
        applied.await.map_err(|_panic| temporary("The language model's answer could not be used."))
    }
}

fn refusal(status: StatusCode) -> Failure {
    if status == StatusCode::TOO_MANY_REQUESTS || status == StatusCode::REQUEST_TIMEOUT {
        return temporary("The language model has too much to do.");
    }
    if !status.is_server_error() {
        // The key, the model's name or the address is wrong, or the model does not take what is asked.
        tracing::error!(status = status.as_u16(), "the language model refuses: check extraction.llm_*");
    }
    unavailable(&format!("The language model answered with status {}.", status.as_u16()))
}

fn temporary(detail: &str) -> Failure {
    Failure::with_detail(FailureCode::TemporaryError, detail)
}

fn unavailable(detail: &str) -> Failure {
    Failure::with_detail(FailureCode::ServiceUnavailable, detail)
}

#[async_trait]
impl Extract for LlmEngine {
    async fn extract(&self, request: Request, document: &dyn Document) -> Result<Extraction, Failure> {
        if request.local_only {
            return self.rules.extract(request, document).await;
        }
        let deadline = Instant::now() + Duration::from_millis(request.limits.extraction_ms_max);
        let about = request.clone();
        let read = Request { keep_pages: true, ..request };
        let mut extraction = self.rules.extract(read, document).await?;
        if let Some(pages) = extraction.pages.take() {
            extraction = self.complete(&about, document, extraction, pages, deadline).await?;
        }
        // Nothing found by anybody is a failure, as it is of the rules alone.
        if extraction.found_nothing() {
            return Err(Failure::new(FailureCode::NoDataExtracted));
        }
        Ok(extraction)
    }

    async fn draw(
        &self,
        owner: &str,
        document: &dyn Document,
        page: u32,
        width: u32,
        limits: &Limits,
    ) -> Result<Vec<u8>, NotDrawn> {
        self.rules.draw(owner, document, page, width, limits).await
    }

    async fn learn(
        &self,
        request: Request,
        document: &dyn Document,
        corrections: Map<String, Value>,
    ) -> Result<Option<Lesson>, Failure> {
        self.rules.learn(request, document, corrections).await
    }
}
