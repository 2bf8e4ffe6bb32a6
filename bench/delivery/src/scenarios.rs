//! What is measured: one function per scenario, each with a server, endpoints and a book of its own.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::book::{Book, Spread};
use crate::generator::{Target, event_body, flood, pace};
use crate::ordinary;
use crate::receiver::{Behaviour, Receiver};
use crate::report::Report;
use crate::server::{Server, cpu_seconds};

const SUBMITTERS: usize = 64;
pub const EVENT: &str = "bench.live";
const DEAD_EVENT: &str = "bench.dead";
/// Long enough without a delivery that the rest will not come.
const SILENCE_MAX: Duration = Duration::from_secs(8);
/// Waits of the scenarios in which endpoints come back: what failed is due again at once.
const SHORT_WAITS: [&str; 2] = ["--webhooks-retry-waits", "1s,1s,1s,1s,1s,1s,1s,1s"];

/// And of those in which nothing comes back.
const LONG_WAITS: [&str; 4] =
    ["--webhooks-retry-waits", "1h,1h,1h,1h,1h", "--webhooks-attempt-timeout", "2s"];
const WEBHOOKS: usize = 10_000;
/// Times that each of the two servers is flooded.
const PENDING_TURNS: usize = 6;
/// For the last of the documents to be read, after they were accepted.
const DOCUMENTS_MAX: Duration = Duration::from_secs(60);
/// About 300 bytes of an invoice.
const DOCUMENT: &str = "INVOICE\n\nInvoice number: INV-2026-0042\nInvoice date: 2026-03-14\nDue date: 2026-04-13\n\n\
    Seller: Northwind Traders Ltd\nBuyer: Contoso GmbH\n\n\
    Consulting, 10 hours at 125.00    1,250.00\nTravel    80.50\n\n\
    Subtotal: 1,330.50 EUR\nVAT 19%: 252.80 EUR\nTotal: 1,583.30 EUR\n\nPlease pay within 30 days.\n";

#[derive(Clone, Copy)]
pub struct Sizes {
    flood: Duration,
    paced: Duration,
    neighbours: Duration,
    backlog: u64,
    /// Deliveries that wait for dead endpoints.
    pending: u64,
    idle: Duration,
    documents: u64,
    /// More events than a flood can post.
    events_max: usize,
}

impl Sizes {
    pub fn full() -> Self {
        let seconds = Duration::from_secs;
        Self {
            flood: seconds(6),
            paced: seconds(8),
            neighbours: seconds(12),
            backlog: 100_000,
            pending: 1_000_000,
            idle: seconds(20),
            documents: 20_000,
            events_max: 1_000_000,
        }
    }

    pub fn quick() -> Self {
        let seconds = Duration::from_secs;
        Self {
            flood: seconds(2),
            paced: seconds(2),
            neighbours: seconds(6),
            backlog: 10_000,
            pending: 100_000,
            idle: seconds(5),
            documents: 1_000,
            events_max: 300_000,
        }
    }
}

pub struct Bench<'a> {
    pub program: PathBuf,
    pub work_dir: PathBuf,
    pub sizes: Sizes,
    pub report: &'a mut Report,
}

/// A server with endpoints registered for [`EVENT`], and the book that they write.
struct Stage {
    server: Server,
    receiver: Receiver,
    book: Arc<Book>,
}

impl Bench<'_> {
    /// Every scenario once. The limit comes first: the others are given against it.
    pub async fn round(&mut self, only: Option<&str>) {
        let wanted = |name: &str| only.is_none_or(|only| name.starts_with(only));
        self.limit().await;
        if wanted("deliver-1") {
            self.deliver("deliver-1", 1).await;
        }
        if wanted("deliver-10") {
            self.deliver("deliver-10", 10).await;
        }
        if wanted("drain") {
            self.drain().await;
        }
        for (name, per_second) in [("latency-200", 200), ("latency-1000", 1_000)] {
            if wanted(name) {
                self.latency(name, per_second).await;
            }
        }
        for (name, per_second) in [("neighbours-50", 50), ("neighbours-500", 500)] {
            if wanted(name) {
                self.neighbours(name, per_second).await;
            }
        }
        if wanted("dead-backlog") {
            self.dead_backlog().await;
        }
        if wanted("idle-10000") {
            self.idle().await;
        }
        if wanted("pending-1000000") {
            self.pending().await;
        }
        if wanted("documents") {
            self.documents().await;
        }
    }

    async fn stage(&self, behaviours: &[Behaviour], options: &[&str], events_max: usize) -> Stage {
        self.stage_in(&self.work_dir, behaviours, options, events_max).await
    }

    async fn stage_in(
        &self,
        dir: &Path,
        behaviours: &[Behaviour],
        options: &[&str],
        events_max: usize,
    ) -> Stage {
        let book = Arc::new(Book::new(behaviours.len(), events_max));
        let receiver = Receiver::start(behaviours, &book).await;
        let server = Server::start(&self.program, dir, options).await;
        for endpoint in 0..behaviours.len() {
            server.register(&receiver.url(endpoint), EVENT).await;
        }
        Stage { server, receiver, book }
    }

    /// The generator, and then an ordinary client, posts straight to the receiver.
    async fn limit(&mut self) {
        let book = Arc::new(Book::new(1, self.sizes.events_max));
        let receiver = Receiver::start(&[Behaviour::Answers], &book).await;
        let target = Target {
            address: receiver.addresses[0],
            path: "/hook",
            key: "none".to_owned(),
            body: event_body(EVENT),
            expected_status: 200,
        };
        let before = cpu_seconds("/proc/self/stat");
        let (posted, took) = flood(&target, &book, SUBMITTERS, 0..book.events_max(), self.sizes.flood).await;
        let cpu = cpu_seconds("/proc/self/stat") - before;
        let report = &mut *self.report;
        report.add("limit", "posts of the generator", "per s", posted as f64 / took.as_secs_f64());
        report.add("limit", "CPU of generator and receiver", "s per 1,000", cpu * 1_000.0 / posted as f64);
        let client = ordinary::flood(&receiver.url(0), SUBMITTERS, self.sizes.flood).await;
        let per_thousand = 1_000.0 / client.posted as f64;
        report.add("limit", "posts of an ordinary client", "per s", client.posted as f64 / client.seconds);
        report.add("limit", "CPU of the client", "s per 1,000", client.cpu_seconds * per_thousand);
    }

    fn against_limit(&mut self, scenario: &'static str, per_second: f64) {
        for (posts, figure) in [
            ("posts of an ordinary client", "against the limit"),
            ("posts of the generator", "against the generator"),
        ] {
            if let Some(limit) = self.report.latest("limit", posts) {
                self.report.add(scenario, figure, "%", 100.0 * per_second / limit);
            }
        }
    }

    /// Events are posted as fast as they are accepted, and counted until the last of them has arrived.
    async fn deliver(&mut self, name: &'static str, webhooks: usize) {
        let behaviours = vec![Behaviour::Answers; webhooks];
        let stage = self.stage(&behaviours, &[], self.sizes.events_max).await;
        let (server, book) = (&stage.server, &stage.book);
        let (cpu_before, began) = (server.cpu_seconds(), book.now());
        let target = server.target(EVENT);
        let (events, took) = flood(&target, book, SUBMITTERS, 0..book.events_max(), self.sizes.flood).await;
        let deliveries = events * webhooks as u64;
        let at_end = book.distinct_of_all();
        book.wait(SILENCE_MAX, |book| book.distinct_of_all() >= deliveries).await;
        // Outcomes are recorded behind the answers: that work belongs to these deliveries, too.
        tokio::time::sleep(Duration::from_millis(300)).await;
        let cpu = server.cpu_seconds() - cpu_before;
        let seconds = (book.last_received() - began) as f64 / 1e9;
        let received = book.distinct_of_all();
        let report = &mut *self.report;
        report.add(name, "deliveries", "per s", received as f64 / seconds);
        report.add(name, "server CPU", "s per 1,000", cpu * 1_000.0 / received as f64);
        report.add(name, "accepted while posting", "per s", events as f64 / took.as_secs_f64());
        report.add(
            name,
            "waiting when posting ended",
            "deliveries",
            deliveries.saturating_sub(at_end) as f64,
        );
        report.add(name, "post to 202, p50", "ms", book.accept_ms().p50);
        report.add(name, "post to 202, p99", "ms", book.accept_ms().p99);
        report.add(name, "lost", "deliveries", deliveries.saturating_sub(received) as f64);
        report.add(name, "received again", "deliveries", book.again() as f64);
        report.add(name, "server memory, most", "MB", server.memory_mb());
        self.against_limit(name, received as f64 / seconds);
        stage.server.stop().await;
    }

    /// An endpoint hangs while events are accepted, then answers.
    async fn drain(&mut self) {
        const NAME: &str = "drain";
        let backlog = self.sizes.backlog;
        let stage = self.stage(&[Behaviour::Hangs], &SHORT_WAITS, backlog as usize).await;
        let (server, book) = (&stage.server, &stage.book);
        let target = server.target(EVENT);
        flood(&target, book, SUBMITTERS, 0..backlog, Duration::from_secs(120)).await;
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (cpu_before, began) = (server.cpu_seconds(), book.now());
        stage.receiver.behave[0].send_replace(Behaviour::Answers);
        book.wait(SILENCE_MAX, |book| book.distinct_of_all() >= backlog).await;
        let seconds = (book.last_received() - began) as f64 / 1e9;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let (cpu, received) = (server.cpu_seconds() - cpu_before, book.distinct_of_all());
        let report = &mut *self.report;
        report.add(NAME, "deliveries", "per s", received as f64 / seconds);
        report.add(NAME, "server CPU", "s per 1,000", cpu * 1_000.0 / received as f64);
        report.add(NAME, "lost", "deliveries", backlog.saturating_sub(received) as f64);
        report.add(NAME, "received again", "deliveries", book.again() as f64);
        report.add(NAME, "server memory, most", "MB", server.memory_mb());
        self.against_limit(NAME, received as f64 / seconds);
        stage.server.stop().await;
    }

    async fn latency(&mut self, name: &'static str, per_second: u64) {
        let stage = self.stage(&[Behaviour::Answers], &[], self.sizes.events_max).await;
        let (server, book) = (&stage.server, &stage.book);
        let target = server.target(EVENT);
        // Connections and caches are as in a server that has been up for a moment.
        let first =
            pace(&target, &Arc::new(Book::new(1, 1_000)), per_second, 0, Duration::from_millis(500)).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let cpu_before = server.cpu_seconds();
        let events = pace(&target, book, per_second, first, self.sizes.paced).await - first;
        book.wait(SILENCE_MAX, |book| book.distinct(0) >= events).await;
        let cpu = server.cpu_seconds() - cpu_before;
        let (since_accepted, since_posted) = book.latencies_ms(&[0]);
        let report = &mut *self.report;
        report.add(name, "accepted to received, p50", "ms", since_accepted.p50);
        report.add(name, "accepted to received, p99", "ms", since_accepted.p99);
        report.add(name, "accepted to received, most", "ms", since_accepted.max);
        report.add(name, "posted to received, p50", "ms", since_posted.p50);
        report.add(name, "posted to received, p99", "ms", since_posted.p99);
        report.add(name, "server CPU", "s per 1,000", cpu * 1_000.0 / events as f64);
        stage.server.stop().await;
    }

    /// Ten webhooks, all of them healthy and then three of them not: how the other seven fare.
    async fn neighbours(&mut self, name: &'static str, per_second: u64) {
        let healthy: Vec<usize> = (3..10).collect();
        let mut figures = Vec::new();
        for bad in [[Behaviour::Answers; 3], [Behaviour::Hangs, Behaviour::Refuses, Behaviour::Drips]] {
            let mut behaviours = vec![Behaviour::Answers; 10];
            behaviours[..3].copy_from_slice(&bad);
            let stage = self.stage(&behaviours, &[], self.sizes.events_max).await;
            let (server, book) = (&stage.server, &stage.book);
            let target = server.target(EVENT);
            let (cpu_before, began) = (server.cpu_seconds(), book.now());
            let events = pace(&target, book, per_second, 0, self.sizes.neighbours).await;
            let all_arrived = |book: &Book| healthy.iter().all(|endpoint| book.distinct(*endpoint) >= events);
            book.wait(SILENCE_MAX, all_arrived).await;
            let seconds = (book.now() - began) as f64 / 1e9;
            let received: u64 = healthy.iter().map(|endpoint| book.distinct(*endpoint)).sum();
            let (latency, _) = book.latencies_ms(&healthy);
            figures.push((received as f64 / seconds, latency, server.cpu_seconds() - cpu_before));
            stage.server.stop().await;
        }
        let [(rate_alone, alone, cpu_alone), (rate_beside, beside, cpu_beside)] = figures[..] else { return };
        let report = &mut *self.report;
        report.add(name, "rate of the seven beside three bad ones", "%", 100.0 * rate_beside / rate_alone);
        report.add(name, "accepted to received, p50, ten good", "ms", alone.p50);
        report.add(name, "accepted to received, p99, ten good", "ms", alone.p99);
        report.add(name, "accepted to received, p50, three bad", "ms", beside.p50);
        report.add(name, "accepted to received, p99, three bad", "ms", beside.p99);
        report.add(name, "p99, three bad ÷ ten good", "×", beside.p99 / alone.p99);
        report.add(name, "server CPU, three bad ÷ ten good", "×", cpu_beside / cpu_alone);
    }

    /// One webhook alone, then beside ten dead ones with a backlog of failed deliveries between them.
    async fn dead_backlog(&mut self) {
        const NAME: &str = "dead-backlog";
        let stage = self.stage(&[Behaviour::Answers], &[], self.sizes.events_max).await;
        let (server, book) = (&stage.server, &stage.book);
        let target = server.target(EVENT);
        let alone = live_rate(&target, book, 0, self.sizes.flood).await;
        let dead: Vec<Behaviour> = [Behaviour::Hangs, Behaviour::Refuses].repeat(5);
        let dead_book = Arc::new(Book::new(dead.len(), self.sizes.backlog as usize));
        let dead_ends = Receiver::start(&dead, &dead_book).await;
        for endpoint in 0..dead.len() {
            server.register(&dead_ends.url(endpoint), DEAD_EVENT).await;
        }
        let count = self.sizes.backlog / dead.len() as u64;
        let dead_target = server.target(DEAD_EVENT);
        flood(&dead_target, &dead_book, SUBMITTERS, 0..count, Duration::from_secs(120)).await;
        let beside = live_rate(&target, book, alone.next, self.sizes.flood).await;
        let report = &mut *self.report;
        report.add(NAME, "deliveries, alone", "per s", alone.per_second);
        report.add(NAME, "deliveries, beside the backlog", "per s", beside.per_second);
        report.add(NAME, "rate beside the backlog", "%", 100.0 * beside.per_second / alone.per_second);
        report.add(NAME, "server memory, most", "MB", server.memory_mb());
        stage.server.stop().await;
    }

    /// Nothing happens, but there is much that could.
    async fn idle(&mut self) {
        const NAME: &str = "idle-10000";
        let server = Server::start(&self.program, &self.work_dir, &[]).await;
        let webhooks = server.register_many(WEBHOOKS).await;
        // What registering them took is over.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let cpu_before = server.cpu_seconds();
        tokio::time::sleep(self.sizes.idle).await;
        let cpu = server.cpu_seconds() - cpu_before;
        let report = &mut *self.report;
        report.add(NAME, "webhooks that the API took", "webhooks", webhooks as f64);
        report.add(NAME, "server memory, now", "MB", server.memory_now_mb());
        report.add(NAME, "server CPU", "% of a core", 100.0 * cpu / self.sizes.idle.as_secs_f64());
        server.stop().await;
    }

    /// One webhook alone, and beside very many deliveries that wait for dead ones; then a restart among them. Two
    /// servers in turns, of which the other stands still: the machine is not the same a minute later.
    async fn pending(&mut self) {
        const NAME: &str = "pending-1000000";
        let alone_dir = self.work_dir.join("alone");
        std::fs::create_dir_all(&alone_dir).expect("a directory");
        let mut alone = self.side(&alone_dir).await;
        let mut beside = self.side(&self.work_dir).await;
        let dead: Vec<Behaviour> = [Behaviour::Hangs, Behaviour::Refuses].repeat(5);
        let count = self.sizes.pending / dead.len() as u64;
        let dead_book = Arc::new(Book::new(dead.len(), count as usize));
        let dead_ends = Receiver::start(&dead, &dead_book).await;
        beside.stage.server.go_on();
        for endpoint in 0..dead.len() {
            beside.stage.server.register(&dead_ends.url(endpoint), DEAD_EVENT).await;
        }
        let dead_target = beside.stage.server.target(DEAD_EVENT);
        let (posted, took) =
            flood(&dead_target, &dead_book, SUBMITTERS, 0..count, Duration::from_secs(900)).await;
        let pending = posted * dead.len() as u64;
        beside.stage.server.stand_still();
        for turn in 0..PENDING_TURNS {
            let mut sides = [&mut alone, &mut beside];
            sides.rotate_left(turn % 2);
            for side in sides {
                side.flood(self.sizes.flood / 2).await;
            }
        }
        let (alone_latency, beside_latency) =
            (alone.pace(self.sizes.paced).await, beside.pace(self.sizes.paced).await);
        alone.stage.server.stop().await;
        let _ = std::fs::remove_dir_all(&alone_dir);

        let Side { mut stage, next: first, .. } = beside;
        let memory_mb = stage.server.memory_mb();
        let ready = stage.server.restart().await;
        let target = stage.server.target(EVENT);
        let (received, since) = (stage.book.distinct(0), Instant::now());
        let next = pace(&target, &stage.book, 200, first, Duration::from_secs(1)).await;
        stage.book.wait(SILENCE_MAX, |book| book.distinct(0) >= next).await;
        let (after, _) = stage.book.latencies_ms_from(&[0], first);
        let lost = (next - first).saturating_sub(stage.book.distinct(0) - received);

        let report = &mut *self.report;
        report.add(NAME, "pending deliveries", "deliveries", pending as f64);
        report.add(NAME, "written", "deliveries per s", pending as f64 / took.as_secs_f64());
        report.add(NAME, "deliveries, alone", "per s", alone.flooded.per_second());
        report.add(NAME, "deliveries, beside them", "per s", beside.flooded.per_second());
        report.add(
            NAME,
            "rate beside them",
            "%",
            100.0 * beside.flooded.per_second() / alone.flooded.per_second(),
        );
        report.add(NAME, "server CPU, alone", "s per 1,000", alone.flooded.cpu_per_thousand());
        report.add(NAME, "server CPU, beside them", "s per 1,000", beside.flooded.cpu_per_thousand());
        for (figure, spread) in [("alone", alone_latency), ("beside them", beside_latency)] {
            report.add(NAME, &format!("accepted to received, p50, {figure}"), "ms", spread.p50);
            report.add(NAME, &format!("accepted to received, p99, {figure}"), "ms", spread.p99);
        }
        report.add(NAME, "server memory, most", "MB", memory_mb);
        report.add(NAME, "restart to readiness", "s", ready.as_secs_f64());
        report.add(NAME, "accepted to received after it, p99", "ms", after.p99);
        report.add(NAME, "one second's events after it, received in", "s", since.elapsed().as_secs_f64());
        report.add(NAME, "lost after it", "deliveries", lost as f64);
        stage.server.stop().await;
    }

    /// A server of its own with one webhook that answers.
    async fn side(&self, dir: &Path) -> Side {
        let stage = self.stage_in(dir, &[Behaviour::Answers], &LONG_WAITS, self.sizes.events_max).await;
        let target = stage.server.target(EVENT);
        let mut side = Side { stage, target, next: 0, flooded: Flooded::default() };
        // Connections, caches and the log of the database are as in a server that has been up for a moment.
        side.flood(self.sizes.flood / 2).await;
        side.flooded = Flooded::default();
        side
    }

    /// Short text documents with a test key: accepted, read, and their results delivered.
    async fn documents(&mut self) {
        const NAME: &str = "documents";
        let count = self.sizes.documents;
        let book = Arc::new(Book::new(1, count as usize));
        let receiver = Receiver::start(&[Behaviour::Answers], &book).await;
        let server = Server::start(&self.program, &self.work_dir, &[]).await;
        let key = server.test_key().await;
        server.register_as(&key, &receiver.url(0), &["job.completed", "job.failed"]).await;
        let document = STANDARD.encode(DOCUMENT);
        let body = format!(
            r#"{{"extractor_id":"invoice","filename":"invoice.txt","mime_type":"text/plain","document":"{document}","metadata":{{"number":"0000000000"}}}}"#
        );
        let target = server.documents_target(key, body);
        let (cpu_before, began) = (server.cpu_seconds_of_all(), book.now());
        let (accepted, took) = flood(&target, &book, SUBMITTERS, 0..count, self.sizes.flood).await;
        let all = book.wait(SILENCE_MAX, |book| book.distinct(0) >= accepted);
        // Whoever is slow is measured by what it has done until then.
        let _ = tokio::time::timeout(DOCUMENTS_MAX, all).await;
        tokio::time::sleep(Duration::from_millis(300)).await;
        let (cpu, received) = (server.cpu_seconds_of_all() - cpu_before, book.distinct(0));
        let seconds = (book.last_received() - began) as f64 / 1e9;
        let report = &mut *self.report;
        report.add(NAME, "accepted while posting", "per s", accepted as f64 / took.as_secs_f64());
        report.add(NAME, "read and delivered", "per s", received as f64 / seconds);
        report.add(
            NAME,
            "documents that could not be read",
            "%",
            100.0 * book.failed_jobs() as f64 / received as f64,
        );
        report.add(NAME, "CPU of server and children", "s per 1,000", cpu * 1_000.0 / received as f64);
        report.add(
            NAME,
            "accepted and not delivered in time",
            "documents",
            accepted.saturating_sub(received) as f64,
        );
        report.add(NAME, "received again", "deliveries", book.again() as f64);
        report.add(NAME, "server memory, most", "MB", server.memory_mb());
        server.stop().await;
    }
}

/// One of two servers that are measured in turns, and how its one good webhook fares.
struct Side {
    stage: Stage,
    target: Target,
    next: u64,
    flooded: Flooded,
}

/// What several floods came to.
#[derive(Clone, Copy, Default)]
struct Flooded {
    deliveries: f64,
    seconds: f64,
    cpu_seconds: f64,
}

impl Flooded {
    fn per_second(self) -> f64 {
        self.deliveries / self.seconds
    }

    fn cpu_per_thousand(self) -> f64 {
        self.cpu_seconds * 1_000.0 / self.deliveries
    }
}

impl Side {
    /// At full load, after which the server stands still.
    async fn flood(&mut self, time: Duration) {
        let server = &self.stage.server;
        server.go_on();
        let cpu_before = server.cpu_seconds();
        let rate = live_rate(&self.target, &self.stage.book, self.next, time).await;
        let deliveries = (rate.next - self.next) as f64;
        self.flooded.deliveries += deliveries;
        self.flooded.seconds += deliveries / rate.per_second;
        self.flooded.cpu_seconds += server.cpu_seconds() - cpu_before;
        self.next = rate.next;
        server.stand_still();
    }

    /// The latency at a steady rate.
    async fn pace(&mut self, time: Duration) -> Spread {
        self.stage.server.go_on();
        let (first, book) = (self.next, &self.stage.book);
        self.next = pace(&self.target, book, 200, first, time).await;
        book.wait(SILENCE_MAX, |book| book.distinct(0) >= self.next).await;
        book.latencies_ms_from(&[0], first).0
    }
}

struct LiveRate {
    next: u64,
    per_second: f64,
}

async fn live_rate(target: &Target, book: &Arc<Book>, first: u64, time: Duration) -> LiveRate {
    let began = book.now();
    let (next, _) = flood(target, book, SUBMITTERS, first..book.events_max(), time).await;
    book.wait(SILENCE_MAX, |book| book.distinct(0) >= next).await;
    let seconds = (book.last_received() - began) as f64 / 1e9;
    LiveRate { next, per_second: (book.distinct(0) - first) as f64 / seconds }
}
