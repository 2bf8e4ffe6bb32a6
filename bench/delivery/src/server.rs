//! The server under test: the real program, as a process of its own, on a fresh data directory.

use std::collections::HashMap;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::generator::{Target, event_body};
use crate::http::{self, Client};

/// Clock ticks in a second, as `/proc` counts processor time on every Linux.
const TICKS_PER_SECOND: f64 = 100.0;

pub struct Server {
    process: Child,
    pid: u32,
    program: PathBuf,
    work_dir: PathBuf,
    options: Vec<String>,
    address: SocketAddr,
    key: String,
}

impl Server {
    pub async fn start(program: &Path, work_dir: &Path, options: &[&str]) -> Self {
        let _ = fs::remove_dir_all(work_dir.join("data"));
        let options: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        let (process, address, key) = launch(program, work_dir, &options).await;
        Self {
            pid: process.id().expect("a process that runs"),
            process,
            program: program.to_owned(),
            work_dir: work_dir.to_owned(),
            options,
            address,
            key: key.expect("a key on the first start"),
        }
    }

    /// Kills it and starts it again on what it left. Returns how long that took, from the start of the process
    /// until it says that it is ready.
    pub async fn restart(&mut self) -> Duration {
        let _ = self.process.kill().await;
        let started = Instant::now();
        let (process, address, _) = launch(&self.program, &self.work_dir, &self.options).await;
        self.pid = process.id().expect("a process that runs");
        (self.process, self.address) = (process, address);
        loop {
            let (status, _) = Client::connect(address).await.call(&http::get("/health/ready")).await;
            if status == 200 {
                return started.elapsed();
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
    }

    /// A key of the test side, which the live one can tell nothing about.
    pub async fn test_key(&self) -> String {
        let made = Command::new(&self.program)
            .args(["keys", "create", "--mode", "test", "--scopes", "all", "--data-dir"])
            .arg(self.data_dir())
            .output()
            .await
            .expect("the program");
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
        String::from_utf8(made.stdout).expect("a key is text").trim().to_owned()
    }

    fn data_dir(&self) -> PathBuf {
        self.work_dir.join("data")
    }

    /// Registers an endpoint for events of this type.
    pub async fn register(&self, url: &str, event: &str) {
        self.register_as(&self.key, url, &[event]).await;
    }

    pub async fn register_as(&self, key: &str, url: &str, events: &[&str]) {
        let registered = register(&mut Client::connect(self.address).await, key, url, events).await;
        assert!(registered, "{url} was not registered: the organisation has as many webhooks as it may have");
    }

    /// Registers endpoints, with the key of the one side and then of the other, until there are `count` or the
    /// server wants no more. Returns how many there are.
    pub async fn register_many(&self, count: usize) -> usize {
        let mut client = Client::connect(self.address).await;
        let mut made = 0;
        for key in [self.key.clone(), self.test_key().await] {
            while made < count {
                let url = format!("http://127.0.0.1:99/hooks/{made}");
                if !register(&mut client, &key, &url, &["*"]).await {
                    break;
                }
                made += 1;
            }
        }
        made
    }

    pub fn target(&self, event: &'static str) -> Target {
        Target {
            address: self.address,
            path: "/v1/events",
            key: self.key.clone(),
            body: event_body(event),
            expected_status: 202,
        }
    }

    /// For documents, each `body` with its number in the metadata.
    pub fn documents_target(&self, key: String, body: String) -> Target {
        Target { address: self.address, path: "/v1/documents", key, body, expected_status: 202 }
    }

    /// Stops the process where it is, so that it takes nothing from another that is measured.
    pub fn stand_still(&self) {
        self.signal("-STOP");
    }

    pub fn go_on(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let told = std::process::Command::new("kill").args([signal, &self.pid.to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "{signal} did not reach the server");
    }

    /// Seconds of processor time that the process has used.
    pub fn cpu_seconds(&self) -> f64 {
        cpu_seconds(&format!("/proc/{}/stat", self.pid))
    }

    /// The same with that of its children, dead and alive.
    pub fn cpu_seconds_of_all(&self) -> f64 {
        let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
        for entry in fs::read_dir("/proc").expect("process accounting").flatten() {
            let Ok(pid) = entry.file_name().to_string_lossy().parse::<u32>() else { continue };
            if let Some(fields) = stat_fields(&format!("/proc/{pid}/stat")) {
                children.entry(fields[1].parse().expect("a parent")).or_default().push(pid);
            }
        }
        let (mut seconds, mut family) = (0.0, vec![self.pid]);
        while let Some(pid) = family.pop() {
            // One that has gone since is in the account of its parent, or will be.
            let Some(fields) = stat_fields(&format!("/proc/{pid}/stat")) else { continue };
            seconds += fields[11..15].iter().map(|ticks| ticks.parse::<f64>().expect("ticks")).sum::<f64>();
            family.extend(children.remove(&pid).unwrap_or_default());
        }
        seconds / TICKS_PER_SECOND
    }

    /// The most memory that it has held, in MB.
    pub fn memory_mb(&self) -> f64 {
        self.status_mb("VmHWM:")
    }

    /// The memory that it holds now, in MB.
    pub fn memory_now_mb(&self) -> f64 {
        self.status_mb("VmRSS:")
    }

    fn status_mb(&self, name: &str) -> f64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid)).expect("its status");
        let line = status.lines().find_map(|line| line.strip_prefix(name)).expect("its memory");
        let kb: f64 = line.split_whitespace().next().expect("a number").parse().expect("a number");
        kb / 1024.0
    }

    /// Ends it without waiting for what it still holds: the figures have been taken.
    pub async fn stop(mut self) {
        let _ = self.process.kill().await;
        self.set_documents_aside();
        let _ = fs::remove_dir_all(self.data_dir());
    }

    /// For some minutes after a file is removed, an ext4 without a journal passes over its inode whenever it looks
    /// for a free one. Twenty thousand removed at once would make the next server pay for the bench's tidying up.
    fn set_documents_aside(&self) {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        let aside = aside(&self.work_dir);
        let _ = fs::create_dir_all(&aside);
        let name = COUNT.fetch_add(1, Ordering::Relaxed).to_string();
        let _ = fs::rename(self.data_dir().join("blobs"), aside.join(name));
    }
}

/// Where documents of former servers are kept until the bench ends.
pub fn aside(work_dir: &Path) -> PathBuf {
    work_dir.join("aside")
}

/// Whether there was room for it.
async fn register(client: &mut Client, key: &str, url: &str, events: &[&str]) -> bool {
    let body = format!(r#"{{"url":"{url}","events":{events:?}}}"#);
    let (status, answer) = client.call(&http::post("/v1/webhooks", key, &body)).await;
    let is_full = answer.contains("webhook_limit_reached");
    assert!(is_full || (200..300).contains(&status), "{url} was not registered: {status} {answer}");
    !is_full
}

/// Starts the process; where it listens, and the key that it shows on its first start.
async fn launch(program: &Path, work_dir: &Path, options: &[String]) -> (Child, SocketAddr, Option<String>) {
    let log = fs::File::create(work_dir.join("server.log")).expect("a log");
    let mut process = Command::new(program)
        .args(["serve", "--dev", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(work_dir.join("data"))
        .args(options)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(log)
        .kill_on_drop(true)
        .spawn()
        .unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    let mut lines = BufReader::new(process.stdout.take().expect("its output")).lines();
    let (mut address, mut key) = (None, None);
    loop {
        let line = lines.next_line().await.expect("its output").expect("an address and a key");
        if let Some(rest) = line.strip_prefix("DocExtract listens on http://") {
            address = rest.split_whitespace().next().and_then(|word| word.parse().ok());
        }
        if let Some(rest) = line.strip_prefix("Your API key, shown only now: ") {
            key = Some(rest.trim().to_owned());
        }
        // The last line that it prints.
        if line.starts_with("See its webhook: ") {
            break;
        }
    }
    // What it prints after that is read and dropped, so that it never waits for a reader.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (process, address.expect("an address"), key)
}

/// What stands behind the name in a `/proc/…/stat`; none when there is no such process.
fn stat_fields(path: &str) -> Option<Vec<String>> {
    let stat = fs::read_to_string(path).ok()?;
    Some(stat[stat.rfind(')')? + 2..].split_whitespace().map(str::to_owned).collect())
}

/// Seconds of processor time in a `/proc/…/stat`.
pub fn cpu_seconds(path: &str) -> f64 {
    let fields = stat_fields(path).expect("process accounting");
    let ticks = |i: usize| fields[i].parse::<f64>().expect("ticks");
    (ticks(11) + ticks(12)) / TICKS_PER_SECOND
}
