//! What is measured: one function per scenario, each with a server, endpoints and a book of its own.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::book::Book;
use crate::generator::{Target, flood, pace};
use crate::receiver::{Behaviour, Receiver};
use crate::report::Report;
use crate::server::{Server, cpu_seconds};

const SUBMITTERS: usize = 64;
const EVENT: &str = "bench.live";
const DEAD_EVENT: &str = "bench.dead";
/// Long enough without a delivery that the rest will not come.
const SILENCE_MAX: Duration = Duration::from_secs(8);
/// Waits of the scenarios in which endpoints come back: what failed is due again at once.
const SHORT_WAITS: [&str; 2] = ["--webhooks-retry-waits", "1s,1s,1s,1s,1s,1s,1s,1s"];

#[derive(Clone, Copy)]
pub struct Sizes {
    flood: Duration,
    paced: Duration,
    neighbours: Duration,
    backlog: u64,
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
    }

    async fn stage(&self, behaviours: &[Behaviour], options: &[&str], events_max: usize) -> Stage {
        let book = Arc::new(Book::new(behaviours.len(), events_max));
        let receiver = Receiver::start(behaviours, &book).await;
        let server = Server::start(&self.program, &self.work_dir, options).await;
        for endpoint in 0..behaviours.len() {
            server.register(&receiver.url(endpoint), EVENT).await;
        }
        Stage { server, receiver, book }
    }

    /// The generator posts straight to the receiver.
    async fn limit(&mut self) {
        let book = Arc::new(Book::new(1, self.sizes.events_max));
        let receiver = Receiver::start(&[Behaviour::Answers], &book).await;
        let target = Target {
            address: receiver.addresses[0],
            path: "/hook",
            key: "none".to_owned(),
            event: EVENT,
            expected_status: 200,
        };
        let before = cpu_seconds("/proc/self/stat");
        let (posted, took) = flood(&target, &book, SUBMITTERS, 0..book.events_max(), self.sizes.flood).await;
        let cpu = cpu_seconds("/proc/self/stat") - before;
        self.report.add("limit", "posts", "per s", posted as f64 / took.as_secs_f64());
        self.report.add(
            "limit",
            "CPU of generator and receiver",
            "s per 1,000",
            cpu * 1_000.0 / posted as f64,
        );
    }

    fn against_limit(&mut self, scenario: &'static str, per_second: f64) {
        if let Some(limit) = self.report.latest("limit", "posts") {
            self.report.add(scenario, "against the limit", "%", 100.0 * per_second / limit);
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
