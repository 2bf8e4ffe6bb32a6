//! A customer's endpoint on the loopback, which answers well or in one of the ways that endpoints fail.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// What an endpoint does with a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    Status(u16),
    /// A status with header lines, each ending with CR LF.
    StatusWith(u16, &'static str),
    /// A status without a body but announcing one, then silence.
    Hang,
    /// Headers, then one byte of the body at a time, for ever.
    Drip,
    /// Closes without an answer.
    Drop,
    /// Closes with RST.
    Reset,
    /// Announces ten bytes, sends three and closes.
    Truncated,
    /// 200 with a body of a megabyte.
    Huge,
    Garbage,
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub(crate) struct Received {
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Which of the receiver's connections it came on, from 1.
    pub(crate) connection: usize,
}

impl Received {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map_or("", |(_, value)| value)
    }
}

pub(crate) struct Receiver {
    pub(crate) url: String,
    answer: watch::Sender<Answer>,
    received: Arc<Mutex<Vec<Received>>>,
    count: watch::Sender<usize>,
}

impl Receiver {
    pub(crate) async fn answering(answer: Answer) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), answer)
    }

    pub(crate) fn on(listener: TcpListener, answer: Answer) -> Self {
        let url = format!("http://{}/hook?a=b", listener.local_addr().unwrap());
        let receiver = Self {
            url,
            answer: watch::Sender::new(answer),
            received: Arc::default(),
            count: watch::Sender::new(0),
        };
        let (answer, received, count) =
            (receiver.answer.clone(), receiver.received.clone(), receiver.count.clone());
        tokio::spawn(async move {
            for connection in 1.. {
                let (stream, _) = listener.accept().await.unwrap();
                let (answer, received, count) = (answer.clone(), received.clone(), count.clone());
                tokio::spawn(async move {
                    serve(stream, connection, &answer, &received, &count).await;
                });
            }
        });
        receiver
    }

    pub(crate) fn port(&self) -> u16 {
        self.url.parse::<hyper::Uri>().unwrap().port_u16().unwrap()
    }

    /// From now on. Requests that hang are answered too.
    pub(crate) fn answer(&self, answer: Answer) {
        self.answer.send_replace(answer);
    }

    pub(crate) fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub(crate) fn count(&self) -> usize {
        *self.count.borrow()
    }

    /// Waits until this many requests have come in.
    pub(crate) async fn has(&self, count: usize) {
        self.count.subscribe().wait_for(|received| *received >= count).await.unwrap();
    }
}

async fn serve(
    mut stream: TcpStream,
    connection: usize,
    answer: &watch::Sender<Answer>,
    received: &Mutex<Vec<Received>>,
    count: &watch::Sender<usize>,
) {
    while let Some(mut request) = read_request(&mut stream).await {
        request.connection = connection;
        received.lock().unwrap().push(request);
        count.send_modify(|count| *count += 1);
        let mut answers = answer.subscribe();
        let now = *answers.wait_for(|answer| !matches!(answer, Answer::Hang)).await.unwrap();
        if write_answer(&mut stream, now).await.is_none() {
            return;
        }
    }
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> Option<Received> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).unwrap();
    assert!(head.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{head}");
    let headers: Vec<_> = head
        .lines()
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let mut request = Received { headers, body: Vec::new(), connection: 0 };
    let length: usize = request.header("content-length").parse().unwrap();
    request.body.resize(length, 0);
    stream.read_exact(&mut request.body).await.ok()?;
    Some(request)
}

/// None when the connection is to be closed.
async fn write_answer(stream: &mut TcpStream, answer: Answer) -> Option<()> {
    match answer {
        Answer::Status(status) => write_status(stream, status, "").await,
        Answer::StatusWith(status, headers) => write_status(stream, status, headers).await,
        Answer::Hang | Answer::Drop => None,
        Answer::Reset => {
            stream.set_zero_linger().unwrap();
            None
        }
        Answer::Truncated => {
            write(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc").await?;
            None
        }
        Answer::Garbage => {
            write(stream, b"220 mail.example.com ESMTP\r\n\r\n").await?;
            None
        }
        Answer::Huge => {
            write(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 1048576\r\n\r\n").await?;
            write(stream, &vec![b'x'; 1_048_576]).await
        }
        Answer::Drip => {
            write(stream, b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n").await?;
            loop {
                write(stream, b".").await?;
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
        }
    }
}

async fn write_status(stream: &mut TcpStream, status: u16, headers: &str) -> Option<()> {
    let answer = format!("HTTP/1.1 {status} Fine\r\nContent-Length: 2\r\n{headers}\r\nok");
    write(stream, answer.as_bytes()).await
}

async fn write(stream: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> Option<()> {
    stream.write_all(bytes).await.ok()
}
