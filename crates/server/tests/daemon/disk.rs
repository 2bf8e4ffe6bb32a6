//! The disk fills up, turns read-only, loses what it was to keep, while the server runs under load.
//!
//! `disk_faults.c` stands between the server and its files. Each fault comes while documents and events are
//! being submitted and goes again. During it, what cannot be made durable is answered 503; after it, the same
//! process works as before; and whatever was acknowledged is there to the end, through a loss of power, too.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::os::unix::fs::FileExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::crash::check_ledger;
use crate::receiver::{Manner, Receiver};
use crate::support::{Answer, Api, Daemon, Site, sample, until};

const EVENT: &str = "order.placed";
/// One that needs no recognition, so that its job ends soon.
/// One with a file of its own, and one that is kept with its job.
const DOCUMENTS: [&str; 2] = ["invoice.pdf", "invoice.html"];
const EVENT_SUBMITTERS: u64 = 4;
const EVENT_PAUSE: Duration = Duration::from_millis(20);
const DOCUMENT_PAUSE: Duration = Duration::from_millis(300);
/// Answers that a fault must have touched before it ends.
const REFUSALS: usize = 10;

/// What goes wrong; the numbers are those of `disk_faults.c`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None = 0,
    Full = 1,
    ReadOnly = 2,
    WritesFail = 3,
    SyncsFail = 4,
    SyncFails = 5,
    ShortWrites = 6,
    WalUnreadable = 7,
    PowerOff = 8,
}

/// The switch that the server's process has mapped.
struct Disk {
    control: File,
    env: [(&'static str, PathBuf); 3],
}

impl Disk {
    /// Compiles the layer into `folder`, for the files below `root`.
    fn new(folder: &Path, root: &Path) -> Self {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/daemon/disk_faults.c");
        let library = folder.join("disk_faults.so");
        let compiled = Command::new("cc")
            .args(["-std=gnu11", "-Wall", "-Wextra", "-Werror", "-O1", "-shared", "-fPIC", "-o"])
            .args([&library, &source])
            .args(["-ldl", "-lpthread"])
            .output()
            .unwrap_or_else(|error| panic!("cc is needed to build {}: {error}", source.display()));
        assert!(compiled.status.success(), "{}", String::from_utf8_lossy(&compiled.stderr));
        let path = folder.join("control");
        let control = File::options().create_new(true).read(true).write(true).open(&path).unwrap();
        control.set_len(24).unwrap();
        let env =
            [("LD_PRELOAD", library), ("DISK_FAULTS_ROOT", root.to_owned()), ("DISK_FAULTS_CONTROL", path)];
        Self { control, env }
    }

    fn put(&self, place: u64, value: u64) {
        self.control.write_all_at(&value.to_ne_bytes(), place * 8).unwrap();
    }

    /// From now on this goes wrong; a full disk has room for so many bytes more.
    fn switch(&self, fault: Fault, bytes_left: u64) {
        self.put(2, 0);
        self.put(1, bytes_left);
        self.put(0, fault as u64);
    }

    /// How often something went wrong since the last switch.
    fn injected(&self) -> u64 {
        let mut bytes = [0; 8];
        self.control.read_exact_at(&mut bytes, 16).unwrap();
        u64::from_ne_bytes(bytes)
    }
}

/// What was submitted, and how it was answered.
#[derive(Default)]
struct Load {
    is_over: AtomicBool,
    events: Mutex<BTreeSet<String>>,
    documents: Mutex<BTreeSet<String>>,
    refusals: AtomicUsize,
}

impl Load {
    fn counts(&self) -> (usize, usize) {
        (self.events.lock().unwrap().len(), self.documents.lock().unwrap().len())
    }

    /// Notes an answer: either it is a promise, or it says that it is none.
    fn note(&self, accepted: &Mutex<BTreeSet<String>>, answer: &Answer) {
        match answer.status {
            202 => {
                accepted.lock().unwrap().insert(answer.body["id"].as_str().unwrap().to_owned());
            }
            503 => {
                assert_unavailable(answer);
                self.refusals.fetch_add(1, Ordering::SeqCst);
            }
            status => panic!("a submission was answered {status}: {}", answer.body),
        }
    }

    /// Submits until it is told to stop, or the server is gone.
    async fn submit_events(self: Arc<Self>, api: Api, submitter: u64) {
        let mut pace = tokio::time::interval(EVENT_PAUSE);
        for number in 0.. {
            pace.tick().await;
            let event = json!({"event": EVENT, "data": {"submitter": submitter, "number": number}});
            match api.try_post("/v1/events", &event).await {
                Ok(answer) => self.note(&self.events, &answer),
                Err(_) => return,
            }
            if self.is_over.load(Ordering::SeqCst) {
                return;
            }
        }
    }

    async fn submit_documents(self: Arc<Self>, api: Api) {
        let mut pace = tokio::time::interval(DOCUMENT_PAUSE);
        for name in DOCUMENTS.into_iter().cycle() {
            if self.is_over.load(Ordering::SeqCst) {
                return;
            }
            pace.tick().await;
            match api.try_submit("invoice", name, sample(name)).await {
                Ok(answer) => self.note(&self.documents, &answer),
                Err(_) => return,
            }
        }
    }

    fn start(self: &Arc<Self>, api: &Api) -> JoinSet<()> {
        let mut submitters = JoinSet::new();
        for submitter in 0..EVENT_SUBMITTERS {
            submitters.spawn(Arc::clone(self).submit_events(api.clone(), submitter));
        }
        submitters.spawn(Arc::clone(self).submit_documents(api.clone()));
        submitters
    }
}

fn assert_unavailable(answer: &Answer) {
    assert_eq!(answer.status, 503, "{}", answer.body);
    assert_eq!(answer.body["error"]["code"], "service_unavailable", "{}", answer.body);
    assert!(answer.retry_after.is_some(), "a 503 does not say when to try again");
}

/// A server under load on a disk that can fail.
struct Scene<'a> {
    site: &'a Site,
    disk: &'a Disk,
    load: Arc<Load>,
    receiver: Arc<Receiver>,
    api: Api,
}

impl Scene<'_> {
    async fn until(&self, what: &str, holds: impl AsyncFnMut() -> bool) {
        until(what, || self.site.log(), holds).await;
    }

    async fn readiness(&self) -> u16 {
        self.api.try_get("/health/ready").await.unwrap().status
    }

    /// Switches a fault on until it has been felt, and off again.
    async fn goes_wrong(&self, fault: Fault, bytes_left: u64) {
        let began = std::time::Instant::now();
        let refusals = self.load.refusals.load(Ordering::SeqCst);
        self.disk.switch(fault, bytes_left);
        self.until(&format!("{fault:?} is felt"), async || {
            self.disk.injected() > 0 && self.load.refusals.load(Ordering::SeqCst) >= refusals + REFUSALS
        })
        .await;
        self.until(&format!("it is not ready while {fault:?}"), async || self.readiness().await == 503).await;
        assert_eq!(self.api.try_get("/health/live").await.unwrap().status, 200, "{fault:?}");
        let grant = self.api.try_post("/v1/credits/grants", &json!({"amount": 1})).await.unwrap();
        assert_unavailable(&grant);
        if fault != Fault::WalUnreadable {
            for path in ["/v1/events?limit=1", "/v1/documents?limit=1", "/v1/credits"] {
                self.api.get(path).await;
            }
        }
        let felt = self.disk.injected();
        self.disk.switch(Fault::None, 0);
        self.works_again(fault).await;
        println!("{fault:?}: {felt} times, {} ms in all", began.elapsed().as_millis());
    }

    /// What is submitted from now on is accepted, delivered and extracted.
    async fn works_again(&self, after: Fault) {
        self.until(&format!("it is ready after {after:?}"), async || self.readiness().await == 200).await;
        let (events, documents) = self.load.counts();
        self.until(&format!("it accepts after {after:?}"), async || {
            let (events_now, documents_now) = self.load.counts();
            events_now > events && documents_now > documents
        })
        .await;
        let event = json!({"event": EVENT, "data": {"after": format!("{after:?}")}});
        let answer = self.api.try_post("/v1/events", &event).await.unwrap();
        assert_eq!(answer.status, 202, "{}", answer.body);
        let id = answer.body["id"].as_str().unwrap();
        self.until(&format!("it delivers after {after:?}"), async || {
            self.receiver.acknowledged.lock().unwrap().contains(id)
        })
        .await;
    }

    /// A write is cut short as POSIX allows it: that is no fault, and nobody notices.
    async fn writes_are_short(&self) {
        let refusals = self.load.refusals.load(Ordering::SeqCst);
        let (events, documents) = self.load.counts();
        self.disk.switch(Fault::ShortWrites, 0);
        self.until("it accepts with short writes", async || {
            let (events_now, documents_now) = self.load.counts();
            self.disk.injected() > 20 && events_now > events + 20 && documents_now > documents
        })
        .await;
        self.disk.switch(Fault::None, 0);
        assert_eq!(
            self.load.refusals.load(Ordering::SeqCst),
            refusals,
            "a short write was taken for a fault"
        );
    }

    /// One sync fails and loses its pages; the next ones succeed. Whose sync it was has no promise.
    async fn one_sync_fails(&self) {
        let refusals = self.load.refusals.load(Ordering::SeqCst);
        for _ in 0..5 {
            self.disk.switch(Fault::SyncFails, 0);
            self.until("a sync has failed", async || self.disk.injected() > 0).await;
        }
        self.works_again(Fault::SyncFails).await;
        assert!(self.load.refusals.load(Ordering::SeqCst) > refusals, "a failed sync was acknowledged");
    }
}

/// All that was acknowledged is there, once.
async fn check_promises(api: &Api, load: &Load, receiver: &Receiver) {
    let (events, documents) = (load.events.lock().unwrap().clone(), load.documents.lock().unwrap().clone());
    let stored: BTreeSet<String> = api.all("/v1/events").await.iter().map(id_of).collect();
    let lost: Vec<&String> = events.difference(&stored).collect();
    assert!(lost.is_empty(), "events were accepted and lost: {lost:?}");
    let acknowledged = receiver.acknowledged.lock().unwrap().clone();
    let undelivered: Vec<&String> = stored.difference(&acknowledged).collect();
    assert!(undelivered.is_empty(), "events never arrived: {undelivered:?}");

    let jobs: BTreeMap<String, Value> =
        api.all("/v1/documents").await.into_iter().map(|job| (id_of(&job), job)).collect();
    for id in &documents {
        let job = jobs.get(id).unwrap_or_else(|| panic!("document {id} was accepted and lost"));
        assert_eq!(job["status"], "completed", "{job}");
        let original = sample(job["filename"].as_str().unwrap());
        assert!(api.file(id).await == original, "the file of {id} is not what was submitted");
    }
    check_ledger(api).await;
}

fn id_of(object: &Value) -> String {
    object["id"].as_str().unwrap().to_owned()
}

async fn serve(site: &Site, disk: &Disk) -> Daemon {
    disk.switch(Fault::None, 0);
    site.serve_with(&disk.env).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_failing_disk_loses_nothing_that_was_acknowledged() {
    let tools = tempfile::tempdir().unwrap();
    // So that a job whose end could not be written, or a retry, is not what this waits for.
    let site = Site::new(10_000, &[("DOCEXTRACT_WEBHOOKS_RETRY_WAITS", "100ms,100ms,1s,1s,1s,1s")]).await;
    let disk = Disk::new(tools.path(), site.dir.path());
    let daemon = serve(&site, &disk).await;
    let load = Arc::new(Load::default());
    let receiver = Receiver::start(&daemon.api, &["*", EVENT], Manner::Reliable, 0).await;
    let mut submitters = load.start(&daemon.api);
    let (api, receiver_here) = (daemon.api.clone(), Arc::clone(&receiver));
    let scene = Scene {
        site: &site,
        disk: &disk,
        load: Arc::clone(&load),
        receiver: receiver_here,
        api: api.clone(),
    };

    scene.works_again(Fault::None).await;
    scene.goes_wrong(Fault::WalUnreadable, 0).await;
    scene.goes_wrong(Fault::Full, 0).await;
    scene.goes_wrong(Fault::Full, 30_000).await;
    scene.goes_wrong(Fault::ReadOnly, 0).await;
    scene.goes_wrong(Fault::WritesFail, 0).await;
    scene.goes_wrong(Fault::SyncsFail, 0).await;
    scene.one_sync_fails().await;
    scene.writes_are_short().await;

    // The power goes off under load, then the same during a fault, and the process is killed in it.
    disk.switch(Fault::PowerOff, 0);
    while let Some(ended) = submitters.join_next().await {
        ended.unwrap();
    }
    daemon.wait().await;
    let daemon = serve(&site, &disk).await;
    let unfinished = std::fs::read_dir(site.dir.path().join("blobs/incoming")).unwrap().count();
    assert_eq!(unfinished, 0, "unfinished files stay");
    let mut submitters = load.start(&api);
    scene.works_again(Fault::PowerOff).await;
    let refusals = load.refusals.load(Ordering::SeqCst);
    disk.switch(Fault::SyncsFail, 0);
    scene
        .until("syncs fail again", async || load.refusals.load(Ordering::SeqCst) >= refusals + REFUSALS)
        .await;
    daemon.kill().await;
    while let Some(ended) = submitters.join_next().await {
        ended.unwrap();
    }

    let daemon = site.serve().await;
    daemon.api.until_idle(&site).await;
    let (events, documents) = load.counts();
    println!("{events} events and {documents} documents were accepted");
    check_promises(&daemon.api, &load, &receiver).await;
    daemon.kill().await;
}
