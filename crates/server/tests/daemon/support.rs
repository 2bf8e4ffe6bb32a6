//! Starts, asks and kills `docextract serve`.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use reqwest::multipart::{Form, Part};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokio::process::{Child, Command};

/// Longest time that anything here is given; only a broken program takes it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(240);
/// How often a condition outside of this process is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

pub(crate) fn sample(name: &str) -> Vec<u8> {
    let path = root().join("samples").join(name);
    std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A data directory with a key, and the port that its server gets.
pub(crate) struct Site {
    pub(crate) dir: tempfile::TempDir,
    port: u16,
    pub(crate) key: String,
    env: Vec<(&'static str, String)>,
}

impl Site {
    /// A fresh site with a live key that may do everything, and this many credits.
    pub(crate) async fn new(credits: u64, env: &[(&'static str, &str)]) -> Self {
        let dir = tempfile::tempdir().unwrap();
        // Nobody else here listens between this probe and the server's own bind.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let env = env.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
        let mut site = Self { dir, port, key: String::new(), env };
        site.key = site.command(&["keys", "create", "--mode", "live", "--scopes", "all"]).await;
        site.command(&["credits", "grant", &credits.to_string()]).await;
        site
    }

    /// Runs a command of the binary on this site's data and returns its standard output.
    pub(crate) async fn command(&self, words: &[&str]) -> String {
        let output = Command::new(env!("CARGO_BIN_EXE_docextract"))
            .args(words)
            .arg("--data-dir")
            .arg(self.dir.path())
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{words:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], self.port))
    }

    fn log_path(&self) -> PathBuf {
        self.dir.path().join("test-log.txt")
    }

    /// What the server wrote to its log, for a failing test to show.
    pub(crate) fn log(&self) -> String {
        let log = std::fs::read_to_string(self.log_path()).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }

    /// Starts the server and waits until it is ready.
    pub(crate) async fn serve(&self) -> Daemon {
        self.serve_with(&[]).await
    }

    /// The same, with more in its environment.
    pub(crate) async fn serve_with(&self, env: &[(&'static str, PathBuf)]) -> Daemon {
        let log = std::fs::File::options().create(true).append(true).open(self.log_path()).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_docextract"))
            .args(["serve", "--dev", "--listen", &format!("127.0.0.1:{}", self.port), "--data-dir"])
            .arg(self.dir.path())
            .envs(self.env.iter().map(|(name, value)| (*name, value)))
            .envs(env.iter().map(|(name, value)| (*name, value)))
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap();
        let mut daemon = Daemon { child, api: self.api() };
        let ready = format!("{}/health/ready", daemon.api.base);
        until(
            "the server is ready",
            || self.log(),
            async || {
                if let Some(status) = daemon.child.try_wait().unwrap() {
                    panic!("the server ended with {status}:\n{}", self.log());
                }
                reqwest::get(&ready).await.is_ok_and(|answer| answer.status().is_success())
            },
        )
        .await;
        daemon
    }

    pub(crate) fn api(&self) -> Api {
        Api {
            base: format!("http://127.0.0.1:{}", self.port),
            key: self.key.clone(),
            http: reqwest::Client::new(),
        }
    }
}

/// A running server.
pub(crate) struct Daemon {
    child: Child,
    pub(crate) api: Api,
}

impl Daemon {
    /// A figure of the process's memory in KiB, such as `VmRSS`, or `VmHWM`, the most that it ever was.
    pub(crate) fn memory_kib(&self, figure: &str) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().unwrap())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':')).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// How many sockets the process has open.
    pub(crate) fn sockets(&self) -> usize {
        let files = std::fs::read_dir(format!("/proc/{}/fd", self.child.id().unwrap())).unwrap();
        let links = files.filter_map(|file| std::fs::read_link(file.ok()?.path()).ok());
        links.filter(|link| link.to_string_lossy().starts_with("socket:")).count()
    }

    /// SIGKILL, and the process is gone when this returns.
    pub(crate) async fn kill(mut self) {
        self.child.kill().await.unwrap();
    }

    /// SIGTERM.
    pub(crate) fn terminate(&self) {
        let id = i32::try_from(self.child.id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), Signal::TERM).unwrap();
    }

    /// The most memory that the process has had so far, of which no child's is part.
    pub(crate) fn memory_kib_max(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id().unwrap())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
        line.trim().trim_end_matches(" kB").parse().unwrap()
    }

    /// The process has ended by itself when this returns.
    pub(crate) async fn wait(mut self) {
        tokio::time::timeout(PATIENCE, self.child.wait()).await.unwrap().unwrap();
    }
}

/// What a request was answered, whatever that was.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Of the header `Retry-After`.
    pub(crate) retry_after: Option<String>,
    pub(crate) body: Value,
}

/// The server's API, with this site's key.
#[derive(Clone)]
pub(crate) struct Api {
    pub(crate) base: String,
    key: String,
    http: reqwest::Client,
}

impl Api {
    async fn ask(&self, request: reqwest::RequestBuilder) -> Result<Answer, reqwest::Error> {
        let answer = request.bearer_auth(&self.key).send().await?;
        let status = answer.status().as_u16();
        let retry_after = answer.headers().get("retry-after").map(|value| value.to_str().unwrap().to_owned());
        let text = answer.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status, retry_after, body })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<(u16, Value), reqwest::Error> {
        let answer = self.ask(request).await?;
        Ok((answer.status, answer.body))
    }

    pub(crate) async fn try_get(&self, path: &str) -> Result<Answer, reqwest::Error> {
        self.ask(self.http.get(format!("{}{path}", self.base))).await
    }

    pub(crate) async fn try_post(&self, path: &str, body: &Value) -> Result<Answer, reqwest::Error> {
        self.ask(self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    /// A POST with an `Idempotency-Key`.
    pub(crate) async fn post_once(&self, path: &str, body: &Value, key: &str) -> Answer {
        let request = self.http.post(format!("{}{path}", self.base)).json(body);
        self.ask(request.header("idempotency-key", key)).await.unwrap()
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, body) = self.send(self.http.get(format!("{}{path}", self.base))).await.unwrap();
        assert_eq!(status, 200, "GET {path}: {body}");
        body
    }

    /// Status and body, or the error of a connection that the server's death cut.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Result<(u16, Value), reqwest::Error> {
        self.send(self.http.post(format!("{}{path}", self.base)).json(body)).await
    }

    pub(crate) async fn patch(&self, path: &str, body: &Value) -> Value {
        let request = self.http.patch(format!("{}{path}", self.base)).json(body);
        let (status, body) = self.send(request).await.unwrap();
        assert_eq!(status, 200, "PATCH {path}: {body}");
        body
    }

    pub(crate) async fn submit(
        &self,
        extractor: &str,
        filename: &str,
        bytes: Vec<u8>,
    ) -> Result<(u16, Value), reqwest::Error> {
        let answer = self.try_submit(extractor, filename, bytes).await?;
        Ok((answer.status, answer.body))
    }

    pub(crate) async fn try_submit(
        &self,
        extractor: &str,
        filename: &str,
        bytes: Vec<u8>,
    ) -> Result<Answer, reqwest::Error> {
        let form = Form::new()
            .text("extractor_id", extractor.to_owned())
            .part("file", Part::bytes(bytes).file_name(filename.to_owned()));
        self.ask(self.http.post(format!("{}/v1/documents", self.base)).multipart(form)).await
    }

    /// A document's file.
    pub(crate) async fn file(&self, id: &str) -> Vec<u8> {
        let request = self.http.get(format!("{}/v1/documents/{id}/file", self.base));
        let answer = request.bearer_auth(&self.key).send().await.unwrap();
        assert_eq!(answer.status(), 200, "the file of {id}");
        answer.bytes().await.unwrap().to_vec()
    }

    /// Every object of a list, page by page.
    pub(crate) async fn all(&self, path: &str) -> Vec<Value> {
        let mut objects = Vec::new();
        let mut cursor = String::new();
        loop {
            let page = self
                .get(&format!("{path}{}limit=100{cursor}", if path.contains('?') { '&' } else { '?' }))
                .await;
            objects.extend(page["data"].as_array().unwrap().iter().cloned());
            match page["pagination"]["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => return objects,
            }
        }
    }

    /// Waits until every job has ended and every delivery too.
    pub(crate) async fn until_idle(&self, site: &Site) {
        for path in [
            "/v1/documents?status=queued",
            "/v1/documents?status=processing",
            "/v1/documents?status=queued",
            "/v1/deliveries?status=pending",
        ] {
            until(
                &format!("{path} is empty"),
                || site.log(),
                async || self.get(&format!("{path}&limit=1")).await["data"].as_array().unwrap().is_empty(),
            )
            .await;
        }
    }
}

/// Looks until a condition of another process holds.
pub(crate) async fn until(what: &str, log: impl Fn() -> String, mut holds: impl AsyncFnMut() -> bool) {
    let looking = async {
        while !holds().await {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    };
    if tokio::time::timeout(PATIENCE, looking).await.is_err() {
        panic!("gave up waiting until {what}; the server's log ends:\n{}", log());
    }
}

/// The seed of a random test: `DOCEXTRACT_SEED`, or a fresh one; printed either way.
pub(crate) fn seed(test: &str) -> u64 {
    let seed = match std::env::var("DOCEXTRACT_SEED") {
        Ok(text) => text.parse().unwrap_or_else(|_| panic!("DOCEXTRACT_SEED is not a number: {text}")),
        Err(_) => rand::random(),
    };
    println!(
        "again: DOCEXTRACT_SEED={seed} cargo test -p docextract-server --test daemon {test} -- --nocapture"
    );
    seed
}
