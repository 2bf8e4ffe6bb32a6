//! What hides the API from the scenarios: a server, its keys, its extractor, and a receiver.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use docextract_engine::{Clock, Extract, Random, SystemNetwork};
use docextract_extraction::ocr::{Language, Ocr, Raster};
use docextract_extraction::page::Word;
use docextract_extraction::{Document, Extraction, Lesson, Limits, NotDrawn, Request, Source};
use docextract_model::failure::{Failure, FailureCode};
use docextract_model::id::{KeyId, OrgId};
use docextract_model::key::{ApiKey, KeyHash, Scope, new_key};
use docextract_model::retry::RetrySchedule;
use docextract_model::tenant::Mode;
use docextract_model::time::Timestamp;
use docextract_server::checkout::CheckoutConfig;
use docextract_server::config::{Config, Options, Places};
use docextract_server::data_dir::DataDir;
use docextract_server::llm::LlmConfig;
use docextract_server::secrets::Secrets;
use docextract_server::server::{Running, World, start};
use docextract_store::Store as _;
use docextract_store::commands::{CreateKey, CreateOrganisation};
use reqwest::Method;
use serde_json::{Map, Value, json};
use tokio::io::AsyncReadExt as _;
use tokio::sync::mpsc;

pub(crate) const NOW: &str = "2024-11-23T10:00:00Z";

/// Stands still until a test moves it.
pub(crate) struct TestClock(Mutex<Timestamp>);

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

impl TestClock {
    pub(crate) fn advance_ms(&self, ms: u64) {
        let mut now = self.0.lock().unwrap();
        *now = now.plus_ms(ms);
    }
}

/// Never the same bytes twice, and the same bytes in every run.
struct TestRandom(Mutex<u64>);

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        let mut state = self.0.lock().unwrap();
        for byte in bytes {
            // The low bits of this generator are poor: the high ones are taken.
            *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            *byte = state.to_be_bytes()[0];
        }
    }
}

/// Answers by what the document says: `pages N`, `echo TEXT` as its number, or a failure code; else an invoice of one page.
pub(crate) struct TestExtractor;

/// A text that begins so is read as a document would be.
pub(crate) const READ_FOR_REAL: &str = "\u{a0}";

/// Text has nothing that would have to be recognised.
struct NoOcr;

impl Ocr for NoOcr {
    fn recognise(&mut self, _: &Raster) -> Result<Vec<Word>, Failure> {
        Err(Failure::new(FailureCode::ServiceUnavailable))
    }

    fn has(&mut self, _: Language) -> bool {
        false
    }
}

/// What stands for a picture.
pub(crate) fn picture(page: u32, width: u32) -> Vec<u8> {
    format!("picture of page {page}, {width} wide").into_bytes()
}

#[async_trait]
impl Extract for TestExtractor {
    /// A document of `pages N` has so many; any other is one that cannot be drawn.
    async fn draw(
        &self,
        _: &str,
        document: &dyn Document,
        page: u32,
        width: u32,
        _: &Limits,
    ) -> Result<Vec<u8>, NotDrawn> {
        let mut text = String::new();
        document.open().await?.bytes.read_to_string(&mut text).await.unwrap();
        if let Some(code) = FailureCode::parse(&text) {
            return Err(Failure::new(code).into());
        }
        let pages = text.strip_prefix("pages ").ok_or(NotDrawn::NoPages)?.parse().unwrap();
        if page <= pages { Ok(picture(page, width)) } else { Err(NotDrawn::NoSuchPage) }
    }

    async fn learn(
        &self,
        request: Request,
        document: &dyn Document,
        corrections: Map<String, Value>,
    ) -> Result<Option<Lesson>, Failure> {
        let mut bytes = Vec::new();
        document.open().await?.bytes.read_to_end(&mut bytes).await.unwrap();
        docextract_extraction::learn(&Request { bytes, ..request }, &corrections, &mut NoOcr)
    }

    async fn extract(&self, request: Request, document: &dyn Document) -> Result<Extraction, Failure> {
        let mut text = String::new();
        document.open().await?.bytes.read_to_string(&mut text).await.unwrap();
        if text.starts_with(READ_FOR_REAL) {
            let request = Request { bytes: text.into_bytes(), ..request };
            return docextract_extraction::extract(&request, &mut NoOcr);
        }
        if let Some(code) = FailureCode::parse(&text) {
            return Err(Failure::new(code));
        }
        let page_count = text.strip_prefix("pages ").and_then(|count| count.parse().ok()).unwrap_or(1);
        let number = text.strip_prefix("echo ").map_or("A-1", |echoed| echoed.trim_end_matches('x'));
        let object = |text: &str| serde_json::from_str::<Map<String, Value>>(text).unwrap();
        Ok(Extraction {
            mime_type: "application/pdf".to_owned(),
            page_count,
            source: Source::TextLayer,
            extracted_data: object(&format!(
                r#"{{"invoice_number":"{number}","total_amount":1250.50,"due_date":null}}"#
            )),
            confidence: object(r#"{"invoice_number":0.97,"total_amount":0.9,"due_date":0}"#),
            citations: object(
                r#"{"invoice_number":{"page":1,"bbox":[0.1,0.2,0.3,0.4],"text":"A-1"},"total_amount":null,"due_date":null}"#,
            ),
            warnings: Vec::new(),
            lessons_used: Vec::new(),
            explanations: Vec::new(),
            pages: None,
        })
    }
}

pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) clock: Arc<TestClock>,
    /// A live key with all scopes.
    pub(crate) live: String,
    pub(crate) folder: tempfile::TempDir,
    client: reqwest::Client,
}

/// What a server starts with.
pub(crate) struct Given {
    pub(crate) dev: bool,
    pub(crate) document_bytes_max: u64,
    pub(crate) retry_waits_ms: Vec<u64>,
    /// A section of the configuration file.
    pub(crate) oidc: Option<String>,
    pub(crate) checkout: Option<CheckoutConfig>,
    pub(crate) llm: Option<LlmConfig>,
}

impl Default for Given {
    fn default() -> Self {
        Self {
            dev: true,
            document_bytes_max: 100_000,
            retry_waits_ms: vec![],
            oidc: None,
            checkout: None,
            llm: None,
        }
    }
}

fn config(folder: &Path, given: &Given) -> Config {
    let mut config = Config::new(folder.to_owned());
    config.listen = "127.0.0.1:0".parse().unwrap();
    config.addresses.dev = given.dev;
    config.extraction.document_bytes_max = given.document_bytes_max;
    if let Some(text) = &given.oidc {
        let file = folder.join("docextract.toml");
        std::fs::write(&file, text).unwrap();
        let places = Places { config: Some(file), data_dir: Some(folder.to_owned()), ..Places::default() };
        config.oidc = Config::resolve(&places, Options::default()).unwrap().oidc;
    }
    config.checkout.clone_from(&given.checkout);
    config.llm.clone_from(&given.llm);
    config.schedule = RetrySchedule::new(given.retry_waits_ms.clone());
    config
}

/// `seed` differs between two starts on one folder: ids are made from it.
fn world(clock: &Arc<TestClock>, seed: u64) -> World {
    World {
        clock: Arc::<TestClock>::clone(clock),
        random: Arc::new(TestRandom(Mutex::new(seed))),
        extractor: Arc::new(TestExtractor),
        network: Arc::new(SystemNetwork::default()),
    }
}

impl Server {
    /// A fresh server as `serve --dev` starts it: a key, 1,000 credits, a webhook to its own inbox.
    pub(crate) async fn start() -> Self {
        Self::start_with(Given::default()).await
    }

    pub(crate) async fn start_with(given: Given) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(Mutex::new(Timestamp::parse(NOW).unwrap())));
        // Only a first start under --dev hands out a key.
        let first = Given {
            dev: true,
            retry_waits_ms: vec![],
            oidc: given.oidc.clone(),
            checkout: given.checkout.clone(),
            llm: given.llm.clone(),
            ..given
        };
        let mut running = start(config(folder.path(), &first), world(&clock, 1)).await.unwrap();
        let live = running.first_key.clone().unwrap();
        if !given.dev || !given.retry_waits_ms.is_empty() {
            running.drain().await;
            running = start(config(folder.path(), &given), world(&clock, 2)).await.unwrap();
        }
        Self { running, clock, live, folder, client: reqwest::Client::new() }
    }

    /// A server whose organisation was made by the command line: with a key, without credits.
    pub(crate) async fn start_without_credits() -> Self {
        Self::start_without_credits_with(Given::default()).await
    }

    pub(crate) async fn start_without_credits_with(given: Given) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(TestClock(Mutex::new(Timestamp::parse(NOW).unwrap())));
        let mut create = std::process::Command::new(env!("CARGO_BIN_EXE_docextract"));
        create.args(["keys", "create", "--mode", "live", "--scopes", "all", "--data-dir"]).arg(folder.path());
        let live = String::from_utf8(create.output().unwrap().stdout).unwrap().trim_end().to_owned();
        let running = start(config(folder.path(), &given), world(&clock, 1)).await.unwrap();
        Self { running, clock, live, folder, client: reqwest::Client::new() }
    }

    /// Stops and starts on the same folder, at another port.
    pub(crate) async fn restart(self) -> Self {
        self.running.drain().await;
        let running =
            start(config(self.folder.path(), &Given::default()), world(&self.clock, 3)).await.unwrap();
        Self { running, ..self }
    }

    pub(crate) async fn grant(&self, amount: u64) -> Value {
        let (status, granted) = self.post("/v1/credits/grants", json!({"amount": amount})).await;
        assert_eq!(status, 201, "{granted}");
        granted
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.address)
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, self.url(path))
    }

    /// Sends a request with a key and perhaps a JSON body. Holds what is true of every answer.
    pub(crate) async fn call(
        &self,
        key: &str,
        method: &str,
        path: &str,
        body: Option<Value>,
    ) -> (u16, Value) {
        let mut request = self.request(method.parse().unwrap(), path).bearer_auth(key);
        if let Some(body) = body {
            request = request.json(&body);
        }
        answer(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        self.call(&self.live, "GET", path, None).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        self.call(&self.live, "POST", path, Some(body)).await
    }

    /// Submits a document and waits for its end.
    pub(crate) async fn submit(&self, key: &str, document: &str, metadata: Value) -> Value {
        let (status, job) = self.submit_and_see(key, document, metadata, "30s").await;
        assert_eq!(status, 200, "{job}");
        job
    }

    pub(crate) async fn submit_and_see(
        &self,
        key: &str,
        document: &str,
        metadata: Value,
        wait: &str,
    ) -> (u16, Value) {
        let file = reqwest::multipart::Part::text(document.to_owned())
            .file_name("a.pdf")
            .mime_str("application/pdf")
            .unwrap();
        let form = reqwest::multipart::Form::new()
            .text("extractor_id", "invoice")
            .text("metadata", metadata.to_string())
            .part("file", file);
        let path = format!("/v1/documents?wait={wait}");
        answer(self.request(Method::POST, &path).bearer_auth(key).multipart(form).send().await.unwrap()).await
    }

    /// A key of the same organisation.
    pub(crate) async fn key(&self, mode: &str, scopes: Value) -> String {
        let (status, key) = self.post("/v1/keys", json!({"mode": mode, "scopes": scopes})).await;
        assert_eq!(status, 201, "{key}");
        text(&key["key"])
    }

    /// Registers a webhook at a receiver and returns it with its secret.
    pub(crate) async fn webhook(&self, key: &str, receiver: &Receiver, events: Value) -> Value {
        let body = json!({"url": receiver.url, "events": events});
        let (status, webhook) = self.call(key, "POST", "/v1/webhooks", Some(body)).await;
        assert_eq!(status, 201, "{webhook}");
        webhook
    }
}

/// A key with all scopes of an organisation of its own.
pub(crate) async fn stranger(server: &Server) -> String {
    let store = DataDir::open(server.folder.path()).unwrap().store(&Secrets::default()).unwrap().0;
    let id = OrgId::parse("org_stranger").unwrap();
    let now = Timestamp::from_unix_ms(0);
    let command = CreateOrganisation { id: id.clone(), name: "Stranger".to_owned(), extractors: vec![], now };
    store.create_organisation(command).await.unwrap();
    operators_key(server, Some(id), Mode::Live, &Scope::ALL, None).await
}

/// A key that is made as an operator would: beside the running server. Of its first organisation, when
/// none is said.
pub(crate) async fn operators_key(
    server: &Server,
    org_id: Option<OrgId>,
    mode: Mode,
    scopes: &[Scope],
    expires_at: Option<Timestamp>,
) -> String {
    let store = DataDir::open(server.folder.path()).unwrap().store(&Secrets::default()).unwrap().0;
    let org_id = match org_id {
        Some(org_id) => org_id,
        None => store.organisations().await.unwrap()[0].id.clone(),
    };
    let secret = new_key(mode, [u8::try_from(org_id.as_str().len()).unwrap(); 24]);
    let key = ApiKey {
        id: KeyId::parse(&format!("key_of{}", org_id.as_str().replace('_', ""))).unwrap(),
        org_id,
        name: String::new(),
        mode,
        scopes: scopes.to_vec(),
        hint: String::new(),
        created_at: Timestamp::from_unix_ms(0),
        created_by: "command_line".to_owned(),
        last_used_at: None,
        expires_at,
        revoked_at: None,
    };
    store.create_key(CreateKey { key, hash: KeyHash::of(&secret) }).await.unwrap();
    secret
}

/// The status and the JSON of an answer. Every answer has a request id; every error has the envelope.
pub(crate) async fn answer(response: reqwest::Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let id = response.headers().get("x-request-id").expect("no X-Request-Id").to_str().unwrap().to_owned();
    assert!(id.starts_with("req_"), "{id}");
    for header in ["x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"] {
        let value = response.headers().get(header).unwrap_or_else(|| panic!("no {header}"));
        value.to_str().unwrap().parse::<u64>().unwrap();
    }
    let policy = response.headers().get("content-security-policy").expect("no policy").to_str().unwrap();
    assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{policy}");
    assert_eq!(response.headers().get("x-content-type-options").unwrap(), "nosniff");
    assert_eq!(response.headers().get("cache-control").unwrap(), "no-store");
    let body = response.text().await.unwrap();
    let json: Value = if body.is_empty() { Value::Null } else { serde_json::from_str(&body).unwrap() };
    if status >= 400 {
        let error = json["error"].as_object().expect("no envelope");
        let keys: Vec<&str> = error.keys().map(String::as_str).collect();
        let always = ["code", "message", "suggestion", "status", "request_id", "documentation_url"];
        assert_eq!(keys[..6], always);
        // What is wrong with a request's fields is told by field, too.
        assert!(keys.len() == 6 || (keys.len() == 7 && keys[6] == "fields"), "{keys:?}");
        let names_fields =
            error.get("fields").and_then(Value::as_array).is_some_and(|fields| !fields.is_empty());
        assert!(names_fields || error["code"] != json!("invalid_request"), "{json}");
        assert_eq!(error["status"].as_u64(), Some(u64::from(status)));
        assert_eq!(error["request_id"], json!(id));
        let code = text(&error["code"]);
        assert!(text(&error["documentation_url"]).ends_with(&format!("/docs/errors#{code}")));
    }
    (status, json)
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text")).to_owned()
}

pub(crate) fn code(answer: &(u16, Value)) -> String {
    format!("{} {}", answer.0, text(&answer.1["error"]["code"]))
}

pub(crate) fn message(answer: &(u16, Value)) -> String {
    text(&answer.1["error"]["message"])
}

/// A webhook that came in.
pub(crate) struct Received {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.body.to_vec()).unwrap()
    }
}

/// An endpoint of a customer's: it answers with a status and hands over what came in.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: mpsc::UnboundedReceiver<Received>,
}

impl Receiver {
    pub(crate) async fn start(status: u16) -> Self {
        let (sender, received) = mpsc::unbounded_channel();
        let receive = move |State(sender): State<mpsc::UnboundedSender<Received>>,
                            headers: HeaderMap,
                            body: Bytes| async move {
            let _ = sender.send(Received { headers, body });
            StatusCode::from_u16(status).unwrap()
        };
        let router = axum::Router::new().fallback(receive).with_state(sender);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address: SocketAddr = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url: format!("http://{address}/hook"), received }
    }

    pub(crate) async fn next(&mut self) -> Received {
        let patience = std::time::Duration::from_secs(30);
        tokio::time::timeout(patience, self.received.recv()).await.expect("no webhook came in").unwrap()
    }
}
