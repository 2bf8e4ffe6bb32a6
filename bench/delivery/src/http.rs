//! As much HTTP/1.1 as both sides need, so that the bench takes little of the processor that it shares.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// A message that is complete in the buffer: where its parts end.
pub struct Framed {
    pub head_bytes: usize,
    pub total_bytes: usize,
}

/// Finds the first message in `bytes`, if all of it is there. Only `content-length` frames a body here.
pub fn frame(bytes: &[u8]) -> Option<Framed> {
    let head_bytes = find(bytes, b"\r\n\r\n")? + 4;
    let mut body_bytes = 0;
    for line in bytes[..head_bytes].split(|byte| *byte == b'\n') {
        if line.len() > 15 && line[..15].eq_ignore_ascii_case(b"content-length:") {
            let text = std::str::from_utf8(&line[15..]).expect("a length is text");
            body_bytes = text.trim().parse().expect("a length is a number");
        }
    }
    let total_bytes = head_bytes + body_bytes;
    (bytes.len() >= total_bytes).then_some(Framed { head_bytes, total_bytes })
}

pub fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// A kept-alive connection that posts and waits for each answer.
pub struct Client {
    stream: TcpStream,
    buffer: Vec<u8>,
}

impl Client {
    pub async fn connect(to: SocketAddr) -> Self {
        let stream = TcpStream::connect(to).await.expect("the server accepts connections");
        stream.set_nodelay(true).expect("a socket option");
        Self { stream, buffer: Vec::with_capacity(4096) }
    }

    /// Sends a whole request; returns the status and the body of its answer.
    pub async fn call(&mut self, request: &[u8]) -> (u16, String) {
        self.stream.write_all(request).await.expect("the server reads");
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await.expect("the server answers");
            assert!(read > 0, "the server closed a connection");
            if let Some(framed) = frame(&self.buffer) {
                let status =
                    std::str::from_utf8(&self.buffer[9..12]).expect("a status").parse().expect("a status");
                let body = &self.buffer[framed.head_bytes..framed.total_bytes];
                return (status, String::from_utf8_lossy(body).into_owned());
            }
        }
    }
}

/// A request with a JSON body.
pub fn post(path: &str, key: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer {key}\r\ncontent-type: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: bench\r\n\r\n").into_bytes()
}
