//! One connection that is kept, and one request after the other on it.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

pub struct Client {
    stream: BufReader<TcpStream>,
    authorization: String,
}

impl Client {
    pub fn connect(address: SocketAddr, key: &str) -> Self {
        let stream = TcpStream::connect(address).expect("the server listens");
        stream.set_nodelay(true).expect("a socket has that option");
        let authorization = format!("host: bench\r\nauthorization: Bearer {key}\r\n");
        Self { stream: BufReader::new(stream), authorization }
    }

    /// How long a GET took, which must be answered 200.
    pub fn get(&mut self, path: &str) -> Duration {
        let request = format!("GET {path} HTTP/1.1\r\n{}\r\n", self.authorization);
        let started = Instant::now();
        let (status, body) = self.send(&request);
        let took = started.elapsed();
        assert_eq!(status, 200, "{path}: {body}");
        took
    }

    pub fn post(&mut self, path: &str, body: &str) {
        let request = format!(
            "POST {path} HTTP/1.1\r\n{}content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.authorization,
            body.len()
        );
        let (status, answer) = self.send(&request);
        assert_eq!(status, 201, "{path}: {answer}");
    }

    fn send(&mut self, request: &str) -> (u16, String) {
        self.stream.get_mut().write_all(request.as_bytes()).expect("the server reads");
        let (mut status, mut length) = (0, 0);
        loop {
            let mut line = String::new();
            self.stream.read_line(&mut line).expect("the server answers");
            let line = line.trim_end().to_ascii_lowercase();
            if let Some(rest) = line.strip_prefix("http/1.1 ") {
                status = rest[..3].parse().expect("a status");
            } else if let Some(value) = line.strip_prefix("content-length: ") {
                length = value.parse().expect("a length");
            } else if line.is_empty() {
                break;
            }
        }
        let mut body = vec![0; length];
        self.stream.read_exact(&mut body).expect("the whole answer");
        (status, String::from_utf8_lossy(&body).into_owned())
    }
}
