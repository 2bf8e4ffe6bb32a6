//! Endpoints: one that answers at once, and those that a sender must not let get in others' way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

use crate::book::Book;
use crate::http;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Answers,
    /// Takes the request and says nothing.
    Hangs,
    /// Nothing listens there.
    Refuses,
    /// Answers 200 with a body of which a byte comes each 200 ms, without end.
    Drips,
}

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 2\r\n\r\nok";
const JOB_FAILED: &[u8] = br#"{"event":"job.failed""#;
const DRIP_HEAD: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\ncontent-length: 100000\r\n\r\n";

/// The URLs of endpoints that write down what they get, and the switch that sets how they behave from now on.
pub struct Receiver {
    pub addresses: Vec<SocketAddr>,
    pub behave: Vec<watch::Sender<Behaviour>>,
}

impl Receiver {
    pub async fn start(behaviours: &[Behaviour], book: &Arc<Book>) -> Self {
        let mut receiver = Self { addresses: Vec::new(), behave: Vec::new() };
        for (endpoint, behaviour) in behaviours.iter().enumerate() {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("an address");
            let (behave, behaves) = watch::channel(*behaviour);
            receiver.addresses.push(address);
            receiver.behave.push(behave);
            if *behaviour != Behaviour::Refuses {
                tokio::spawn(accept(listener, endpoint, Arc::clone(book), behaves));
            }
        }
        receiver
    }

    pub fn url(&self, endpoint: usize) -> String {
        format!("http://{}/hook", self.addresses[endpoint])
    }
}

async fn accept(
    listener: TcpListener,
    endpoint: usize,
    book: Arc<Book>,
    behaves: watch::Receiver<Behaviour>,
) {
    let mut dropped = behaves.clone();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                let Ok((stream, _)) = accepted else { continue };
                let (book, behaves) = (Arc::clone(&book), behaves.clone());
                tokio::spawn(async move {
                    // The other side may close whenever it likes: that ends the connection and nothing else.
                    let _ = serve(stream, endpoint, &book, behaves).await;
                });
            }
            // The scenario is over when the switches are gone.
            changed = dropped.changed() => if changed.is_err() { return },
        }
    }
}

async fn serve(
    mut stream: TcpStream,
    endpoint: usize,
    book: &Book,
    mut behaves: watch::Receiver<Behaviour>,
) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut buffer = Vec::with_capacity(4096);
    loop {
        let Some(framed) = http::frame(&buffer) else {
            if stream.read_buf(&mut buffer).await? == 0 {
                return Ok(());
            }
            continue;
        };
        let behaviour = *behaves.borrow();
        match behaviour {
            Behaviour::Answers => {}
            Behaviour::Hangs => {
                // Until it behaves otherwise, or the other side has had enough.
                let mut more = [0; 1];
                tokio::select! {
                    changed = behaves.changed() => if changed.is_err() { return Ok(()) },
                    _ = stream.read(&mut more) => return Ok(()),
                }
                continue;
            }
            Behaviour::Drips => return drip(&mut stream).await,
            Behaviour::Refuses => return Ok(()),
        }
        let body = &buffer[framed.head_bytes..framed.total_bytes];
        if body.starts_with(JOB_FAILED) {
            book.note_failed_job();
        }
        if let Some(number) = event_number(body) {
            book.note_received(endpoint, number);
        }
        buffer.drain(..framed.total_bytes);
        stream.write_all(ANSWER).await?;
    }
}

async fn drip(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(DRIP_HEAD).await?;
    loop {
        tokio::time::sleep(Duration::from_millis(200)).await;
        stream.write_all(b".").await?;
    }
}

/// The number that the generator wrote into the event.
fn event_number(body: &[u8]) -> Option<u64> {
    let from = http::find(body, crate::generator::NUMBER_MARK)? + crate::generator::NUMBER_MARK.len();
    std::str::from_utf8(body.get(from..from + crate::generator::NUMBER_DIGITS)?).ok()?.parse().ok()
}
