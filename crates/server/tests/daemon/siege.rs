//! Clients that mean harm: slow ones, many, ones that read nothing, and ones that send what is no request.
//! Each is answered or cut off, the server's memory stays bounded, and somebody else is served meanwhile.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::support::{Api, PATIENCE, Site, until};

const MIB: u64 = 1024;
/// How often an attacker sends a little.
const DRIP: Duration = Duration::from_millis(50);

/// Short times, so that a test need not wait for long ones. The pace is one that nobody who means well is
/// held to.
const IMPATIENT: [(&str, &str); 4] = [
    ("DOCEXTRACT_LIMITS_HEADER_TIME", "1s"),
    ("DOCEXTRACT_LIMITS_IDLE_TIME", "1s"),
    ("DOCEXTRACT_LIMITS_STALL_TIME", "1s"),
    ("DOCEXTRACT_LIMITS_TRANSFER_RATE", "10000"),
];

async fn connect(address: SocketAddr) -> TcpStream {
    TcpStream::connect(address).await.unwrap()
}

/// All that comes until the server closes. A connection that is reset has ended, too.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, stream.read_to_end(&mut bytes)).await;
    // What was read before a reset is kept.
    let _ = read.expect("the connection neither got an answer nor was it closed");
    bytes
}

/// Sends what it can of a request, and returns the status that it is answered; none if it is cut off.
async fn status_of(address: SocketAddr, request: &[u8]) -> Option<u16> {
    let mut stream = connect(address).await;
    let (mut reading, mut writing) = stream.split();
    let mut bytes = Vec::new();
    let answered = async {
        // The server may close before it has read all.
        let _ = writing.write_all(request).await;
        let _ = writing.shutdown().await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        read = timeout(PATIENCE, reading.read_to_end(&mut bytes)) => drop(read.expect("no answer and no end")),
        () = answered => {}
    }
    status(&bytes)
}

fn status(answer: &[u8]) -> Option<u16> {
    let text = answer.strip_prefix(b"HTTP/1.1 ")?.get(..3)?;
    std::str::from_utf8(text).unwrap().parse().ok()
}

/// Another client, who is answered throughout.
struct Bystander {
    done: Arc<AtomicBool>,
    served: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Bystander {
    fn start(api: &Api) -> Self {
        let (done, served) = (Arc::new(AtomicBool::new(false)), Arc::new(AtomicUsize::new(0)));
        let task = tokio::spawn({
            let (api, done, served) = (api.clone(), Arc::clone(&done), Arc::clone(&served));
            async move {
                while !done.load(Ordering::Relaxed) {
                    api.get("/v1/credits").await;
                    served.fetch_add(1, Ordering::Relaxed);
                }
            }
        });
        Self { done, served, task }
    }

    async fn was_served(self) -> usize {
        self.done.store(true, Ordering::Relaxed);
        self.task.await.expect("the other client was served throughout");
        let served = self.served.load(Ordering::Relaxed);
        assert!(served > 5, "the other client was hardly ever served: {served}");
        served
    }
}

/// Sends the beginning, then a byte again and again, until the server has had enough.
async fn drip(address: SocketAddr, beginning: String) {
    let mut stream = connect(address).await;
    stream.write_all(beginning.as_bytes()).await.unwrap();
    let (mut reading, mut writing) = stream.split();
    let mut ticks = tokio::time::interval(DRIP);
    let dripping = async {
        loop {
            ticks.tick().await;
            if writing.write_all(b"a").await.is_err() {
                std::future::pending::<()>().await;
            }
        }
    };
    let mut answer = Vec::new();
    tokio::select! {
        read = timeout(PATIENCE, reading.read_to_end(&mut answer)) => {
            let _ = read.expect("the drip was never cut off");
        }
        () = dripping => {}
    }
    assert!(answer.is_empty(), "{}", String::from_utf8_lossy(&answer));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_sends_byte_by_byte_is_cut_off_and_others_are_served() {
    let site = Site::new(100, &IMPATIENT).await;
    let daemon = site.serve().await;
    let before_kib = daemon.memory_kib("VmRSS");
    let bystander = Bystander::start(&daemon.api);
    let mut attack = JoinSet::new();
    let authorization = format!("host: x\r\nauthorization: Bearer {}\r\n", site.key);
    for _ in 0..100 {
        let address = site.address();
        attack.spawn(drip(address, "GET /health/live HTTP/1.1\r\nx-slow: ".to_owned()));
        attack.spawn(drip(
            address,
            format!(
                "POST /v1/events HTTP/1.1\r\n{authorization}content-type: application/json\r\n\
                 content-length: 100000\r\n\r\n{{\"event\": \""
            ),
        ));
        attack.spawn(drip(
            address,
            format!(
                "POST /v1/documents HTTP/1.1\r\n{authorization}content-type: multipart/form-data; boundary=b\r\n\
                 content-length: 10000000\r\n\r\n--b\r\ncontent-disposition: form-data; name=\"file\"\r\n\r\n"
            ),
        ));
        attack.spawn(async move {
            let mut silent = connect(address).await;
            assert!(rest(&mut silent).await.is_empty());
        });
        attack.spawn(async move {
            let mut idle = connect(address).await;
            idle.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
            assert_eq!(
                status(&rest(&mut idle).await),
                Some(200),
                "it is answered, and closed when it is idle"
            );
        });
    }
    while let Some(attacker) = attack.join_next().await {
        attacker.unwrap();
    }
    let served = bystander.was_served().await;
    let grown_kib = daemon.memory_kib("VmHWM").saturating_sub(before_kib);
    println!("500 slow clients: another was answered {served} times; {grown_kib} KiB more memory");
    assert!(grown_kib < 64 * MIB, "{grown_kib} KiB");
    daemon.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_does_not_read_its_answer_is_cut_off() {
    let site = Site::new(100, &IMPATIENT).await;
    let daemon = site.serve().await;
    let size = 20 * 1024 * 1024;
    let (status_code, job) = daemon.api.submit("invoice", "a.txt", vec![b'x'; size]).await.unwrap();
    assert_eq!(status_code, 202, "{job}");
    daemon.api.until_idle(&site).await;
    let request = format!(
        "GET /v1/documents/{}/file HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\r\n",
        job["id"].as_str().unwrap(),
        site.key
    );
    let mut readers = Vec::new();
    for _ in 0..5 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_recv_buffer_size(16 * 1024).unwrap();
        let mut reader = socket.connect(site.address()).await.unwrap();
        reader.write_all(request.as_bytes()).await.unwrap();
        let mut head = [0; 12];
        reader.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
        readers.push(reader);
    }
    let bystander = Bystander::start(&daemon.api);
    let (mut most, mut least) = (0, usize::MAX);
    until(
        "the connections of those who do not read are closed",
        || site.log(),
        async || {
            let sockets = daemon.sockets();
            (most, least) = (most.max(sockets), least.min(sockets));
            most >= least + readers.len()
        },
    )
    .await;
    for reader in &mut readers {
        let received = rest(reader).await.len();
        assert!(received < size, "the whole answer came: {received} bytes");
    }
    bystander.was_served().await;
    // Who does read gets all of it.
    assert_eq!(daemon.api.file(job["id"].as_str().unwrap()).await.len(), size);
    daemon.kill().await;
}

/// Opens `count` connections that say what they are given, and nothing more.
async fn open(address: SocketAddr, count: usize, said: &'static [u8]) -> Vec<TcpStream> {
    let mut opening = JoinSet::new();
    let mut open = Vec::with_capacity(count);
    for _ in 0..count {
        if opening.len() >= 200 {
            open.push(opening.join_next().await.unwrap().unwrap());
        }
        opening.spawn(async move {
            let mut stream = connect(address).await;
            stream.write_all(said).await.unwrap();
            stream
        });
    }
    open.extend(opening.join_all().await);
    open
}

/// As many files as this process may open.
fn raise_open_files() -> usize {
    let limit = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum }).unwrap();
    limit.maximum.map_or(usize::MAX, |files| usize::try_from(files).unwrap())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_thousand_idle_connections_keep_nobody_out() {
    // The server uses three quarters of the files that it may open for connections.
    let count = (raise_open_files() / 4 * 3).saturating_sub(200).min(10_000);
    let site = Site::new(
        100,
        &[
            ("DOCEXTRACT_LIMITS_CONNECTIONS", "20000"),
            ("DOCEXTRACT_LIMITS_CONNECTIONS_PER_ADDRESS", "20000"),
            ("DOCEXTRACT_LIMITS_HEADER_TIME", "10m"),
            ("DOCEXTRACT_LIMITS_IDLE_TIME", "10m"),
        ],
    )
    .await;
    let daemon = site.serve().await;
    let before_kib = daemon.memory_kib("VmRSS");
    let bystander = Bystander::start(&daemon.api);
    let begun = open(site.address(), count / 2, b"GET / HTTP/1.1\r\nx-more").await;
    let mut answered =
        open(site.address(), count - count / 2, b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").await;
    for stream in &mut answered {
        let mut head = [0; 12];
        stream.read_exact(&mut head).await.unwrap();
        assert_eq!(&head, b"HTTP/1.1 200");
    }
    until("they are connected", || site.log(), async || daemon.sockets() >= count / 100 * 95).await;
    let connected = daemon.sockets();
    daemon.api.get("/v1/credits").await;
    let served = bystander.was_served().await;
    let grown_kib = daemon.memory_kib("VmHWM").saturating_sub(before_kib);
    println!(
        "{connected} idle connections: another was answered {served} times; {grown_kib} KiB more memory"
    );
    assert!(grown_kib < 256 * MIB, "{grown_kib} KiB");
    drop((begun, answered));
    until("they are all gone", || site.log(), async || daemon.sockets() < count / 2).await;
    daemon.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_address_takes_no_more_than_its_share_and_a_full_server_still_tells_its_health() {
    let site = Site::new(
        100,
        &[
            ("DOCEXTRACT_LIMITS_CONNECTIONS", "60"),
            ("DOCEXTRACT_LIMITS_CONNECTIONS_PER_ADDRESS", "50"),
            ("DOCEXTRACT_LIMITS_HEADER_TIME", "10m"),
        ],
    )
    .await;
    let daemon = site.serve().await;
    let from = async |ip: [u8; 4], path: &str| {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from((ip, 0))).unwrap();
        let mut stream = socket.connect(site.address()).await.unwrap();
        let request = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\nconnection: close\r\n\r\n",
            site.key
        );
        let _ = stream.write_all(request.as_bytes()).await;
        let answer = rest(&mut stream).await;
        (status(&answer), String::from_utf8_lossy(&answer).to_ascii_lowercase())
    };
    // Beside these there is room for the connections that the test's own client keeps.
    let held = open(site.address(), 45, b"GET ").await;
    // Connections are let in in the order in which they were made.
    let mut more = JoinSet::new();
    for mut stream in open(site.address(), 20, b"").await {
        more.spawn(async move { status(&rest(&mut stream).await) });
    }
    for _ in 0..15 {
        let refused =
            timeout(PATIENCE, more.join_next()).await.expect("few connections over the limit were refused");
        assert_eq!(refused.unwrap().unwrap(), Some(503));
    }
    assert_eq!(from([127, 0, 0, 2], "/v1/credits").await.0, Some(200), "another address is served");

    let mut full = Vec::new();
    for ip in 3..10 {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, ip], 0))).unwrap();
        full.push(socket.connect(site.address()).await.unwrap());
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind(SocketAddr::from(([127, 0, 0, ip], 0))).unwrap();
        full.push(socket.connect(site.address()).await.unwrap());
    }
    let (refusal, text) = from([127, 0, 0, 2], "/v1/credits").await;
    assert_eq!(refusal, Some(503), "{text}");
    for said in ["retry-after: 2", "\"code\":\"overloaded\"", "x-request-id", "connection: close"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
    assert_eq!(from([127, 0, 0, 2], "/health/ready").await.0, Some(200));
    drop((held, more, full));
    until(
        "there is room again",
        || site.log(),
        async || from([127, 0, 0, 2], "/v1/credits").await.0 == Some(200),
    )
    .await;
    daemon.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn requests_beyond_what_is_done_at_a_time_are_refused_and_health_is_told() {
    let site = Site::new(100, &[("DOCEXTRACT_LIMITS_REQUESTS", "4")]).await;
    let daemon = site.serve().await;
    // Each is handled as soon as its head is there, and waits for the rest of its body.
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         expect: 100-continue\r\ncontent-length: 100\r\n\r\n",
        site.key
    );
    let mut in_hand = Vec::new();
    for _ in 0..4 {
        let mut stream = connect(site.address()).await;
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut asked_for = [0; 25];
        stream.read_exact(&mut asked_for).await.unwrap();
        assert_eq!(&asked_for, b"HTTP/1.1 100 Continue\r\n\r\n");
        in_hand.push(stream);
    }
    let refused = daemon.api.try_get("/v1/credits").await.unwrap();
    assert_eq!((refused.status, refused.retry_after.as_deref()), (503, Some("2")), "{refused:?}");
    assert_eq!(refused.body["error"]["code"], "overloaded");
    daemon.api.get("/health/live").await;
    daemon.api.get("/health/ready").await;
    drop(in_hand);
    until(
        "there is room again",
        || site.log(),
        async || daemon.api.try_get("/v1/credits").await.unwrap().status == 200,
    )
    .await;
    daemon.kill().await;
}

/// What no well-meaning client sends, and the statuses that it may be answered; none: cut off.
fn hostile_requests(key: &str) -> Vec<(&'static str, Vec<u8>, &'static [u16])> {
    let post = |path: &str, kind: &str, body: &[u8]| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: {kind}\r\n\
             content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        [head.as_bytes(), body].concat()
    };
    let chunked = |path: &str, kind: &str, chunk: &[u8], times: usize| {
        let head = format!(
            "POST {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {key}\r\ncontent-type: {kind}\r\n\
             transfer-encoding: chunked\r\nconnection: close\r\n\r\n"
        );
        let chunk = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        [head.into_bytes(), chunk.repeat(times), b"0\r\n\r\n".to_vec()].concat()
    };
    let get = |rest: &str| format!("GET {rest}").into_bytes();
    let json = "application/json";
    let part = b"--b\r\ncontent-disposition: form-data; name=\"n\"\r\n\r\nv\r\n".repeat(1_000);
    vec![
        ("no request at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".to_vec(), &[400]),
        ("HTTP/2 without being asked", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(), &[400, 505]),
        ("a header of 40 KiB", get(&format!("/ HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(40 * 1024))), &[431]),
        ("a header without an end", get(&format!("/ HTTP/1.1\r\nx: {}", "a".repeat(2_000_000))), &[431]),
        ("101 headers", get(&format!("/ HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(101))), &[431]),
        (
            "a path of 70,000 characters",
            get(&format!("/{} HTTP/1.1\r\n\r\n", "a".repeat(70_000))),
            &[414, 431],
        ),
        ("a header name with a space", get("/ HTTP/1.1\r\nx y: z\r\n\r\n"), &[400]),
        ("a length that is no number", get("/ HTTP/1.1\r\ncontent-length: -1\r\n\r\n"), &[400]),
        ("two lengths", get("/ HTTP/1.1\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"), &[400]),
        (
            "a chunk longer than memory",
            format!(
                "POST /v1/events HTTP/1.1\r\nauthorization: Bearer {key}\r\ncontent-type: {json}\r\n\
                 transfer-encoding: chunked\r\n\r\nfffffffffffffffff\r\na"
            )
            .into_bytes(),
            &[400],
        ),
        (
            "a body of 10 GB, announced",
            format!(
                "POST /v1/documents HTTP/1.1\r\nauthorization: Bearer {key}\r\ncontent-type: {json}\r\n\
                 content-length: 10000000000\r\n\r\n{{"
            )
            .into_bytes(),
            &[413],
        ),
        ("half a JSON body", post("/v1/events", json, br#"{"event": "a.b", "data": {"#), &[400]),
        ("JSON in UTF-16", post("/v1/events", json, b"\xff\xfe{\x00}\x00"), &[400]),
        (
            "invalid UTF-8",
            post("/v1/events", json, b"{\"event\": \"a.b\", \"data\": {\"a\": \"\xc3\x28\"}}"),
            &[400],
        ),
        (
            "invalid UTF-8 in a path",
            get("/v1/webhooks/%ff%fe HTTP/1.1\r\nconnection: close\r\n\r\n"),
            &[400, 401, 404],
        ),
        ("a million brackets", post("/v1/events", json, &b"[".repeat(1_000_000)), &[400, 422]),
        ("a million levels", post("/v1/events", json, &br#"{"data":"#.repeat(100_000)), &[400]),
        ("a body over its limit", post("/v1/webhooks", json, &b" ".repeat(1_100_000)), &[413]),
        ("a body over its limit, in chunks", chunked("/v1/webhooks", json, &[b' '; 60_000], 30), &[413]),
        (
            "a document over its limit, in chunks",
            chunked("/v1/documents", json, &[b' '; 60_000], 1_000),
            &[413],
        ),
        (
            "a form with a million parts",
            chunked("/v1/documents", "multipart/form-data; boundary=b", &part, 1_000),
            &[400, 413, 422],
        ),
        (
            "a part whose headers have no end",
            chunked("/v1/documents", "multipart/form-data; boundary=b", &[b'a'; 60_000], 1_000),
            &[400, 413],
        ),
        ("a form without a boundary", post("/v1/documents", "multipart/form-data", b"--b"), &[400]),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_request_is_answered_as_such_and_costs_no_memory() {
    let site = Site::new(100, &[]).await;
    let daemon = site.serve().await;
    let before_kib = daemon.memory_kib("VmRSS");
    let bystander = Bystander::start(&daemon.api);
    for (what, request, statuses) in hostile_requests(&site.key) {
        let mut attack = JoinSet::new();
        let request = Arc::new(request);
        for _ in 0..4 {
            let (address, request) = (site.address(), Arc::clone(&request));
            attack.spawn(async move { status_of(address, &request).await });
        }
        while let Some(answered) = attack.join_next().await {
            let answered = answered.unwrap();
            assert!(answered.is_none_or(|status| statuses.contains(&status)), "{what}: {answered:?}");
        }
        println!("{what}: VmHWM {} KiB", daemon.memory_kib("VmHWM"));
    }
    bystander.was_served().await;
    let grown_kib = daemon.memory_kib("VmHWM").saturating_sub(before_kib);
    assert!(grown_kib < 400 * MIB, "{grown_kib} KiB: four bodies of 35 MB may be read at a time");
    daemon.kill().await;
}

/// A file of 256 MiB of spaces, in an archive of a quarter of one.
fn bomb(entries: &[(&str, &str)], filled: &str) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for (name, content) in entries {
        archive.start_file(*name, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.start_file(filled, options).unwrap();
    archive.write_all(b"<?xml version=\"1.0\"?><x>").unwrap();
    let spaces = vec![b' '; 1024 * 1024];
    for _ in 0..256 {
        archive.write_all(&spaces).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_document_that_grows_a_thousandfold_fails_its_job_alone() {
    let types = r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#;
    let entries = [("[Content_Types].xml", types)];
    let site = Site::new(1_000, &[]).await;
    let daemon = site.serve().await;
    let before_kib = daemon.memory_kib("VmRSS");
    let bystander = Bystander::start(&daemon.api);
    let (text, sheet) = (bomb(&entries, "word/document.xml"), bomb(&entries, "xl/workbook.xml"));
    println!("bombs of {} and {} bytes", text.len(), sheet.len());
    for _ in 0..4 {
        for (name, bytes) in [("a.docx", &text), ("a.xlsx", &sheet)] {
            let (status, job) = daemon.api.submit("invoice", name, bytes.clone()).await.unwrap();
            assert_eq!(status, 202, "{job}");
        }
    }
    daemon.api.until_idle(&site).await;
    bystander.was_served().await;
    for job in daemon.api.all("/v1/documents").await {
        assert_eq!(job["status"], json!("failed"), "{job}");
        println!("{}: {}", job["filename"], job["error_details"]["code"]);
    }
    let grown_kib = daemon.memory_kib("VmHWM").saturating_sub(before_kib);
    println!("{grown_kib} KiB more memory");
    assert!(grown_kib < 128 * MIB, "{grown_kib} KiB");
    daemon.kill().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_is_told_to_stop_answers_what_it_has_in_hand_and_closes_what_is_idle() {
    let site = Site::new(100, &[]).await;
    let daemon = site.serve().await;
    let mut silent = connect(site.address()).await;
    let mut idle = connect(site.address()).await;
    idle.write_all(b"GET /health/live HTTP/1.1\r\nhost: x\r\n\r\n").await.unwrap();
    let mut answered = [0; 15];
    idle.read_exact(&mut answered).await.unwrap();
    let body = br#"{"event": "a.b", "data": {}}"#;
    let head = format!(
        "POST /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\ncontent-type: application/json\r\n\
         expect: 100-continue\r\ncontent-length: {}\r\n\r\n",
        site.key,
        body.len()
    );
    let mut in_hand = connect(site.address()).await;
    in_hand.write_all(head.as_bytes()).await.unwrap();
    let mut asked_for = [0; 25];
    in_hand.read_exact(&mut asked_for).await.unwrap();

    daemon.terminate();
    assert!(rest(&mut silent).await.is_empty());
    rest(&mut idle).await;
    in_hand.write_all(body).await.unwrap();
    assert_eq!(status(&rest(&mut in_hand).await), Some(202));
    daemon.wait().await;
}
