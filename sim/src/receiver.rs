//! Simulated endpoints: minimal HTTP/1.1 servers that remember what they got.
//!
//! A receiver's behaviour changes in spells that follow from the seed, until everything heals. It
//! judges each request as a careful customer would: the exact bytes, both signatures, the ids, the
//! attempt's number and the time since the attempt before. Only what reached it whole counts.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use rand::RngExt as _;
use rand::rngs::StdRng;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

use crate::book::{Answer, Arrival};
use crate::network::Link;
use crate::sim::Pace;
use crate::world::{World, sleep_ms, wait_ms};

/// An idle connection is closed after this, close to when the engine stops reusing it.
const IDLE_MS: u64 = 4_200;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Behaviour {
    Healthy,
    /// Answers 200 after this many milliseconds, within an attempt's time.
    Slow(u64),
    /// Reads, and never answers.
    Hang,
    /// One byte of its answer a second.
    Drip,
    Status(u16),
    RetryAfter(u64),
    Redirect,
    Gone,
    /// Breaks the connection while the request is read.
    ResetRequest,
    /// Breaks the connection in the middle of its answer.
    ResetAnswer,
    /// Takes the request, and its answer gets lost.
    AnswerLost,
    TooLong,
    NotHttp,
    Refused,
    /// The connection is never accepted.
    Deaf,
    NameUnknown,
    NameHangs,
    /// Its name leads to a private address.
    Rebound,
    /// Every other request fails.
    Flapping,
}

pub struct Receiver {
    pub index: usize,
    pub name: String,
    pub ip: IpAddr,
    /// Until when, how: in order.
    spells: Vec<(u64, Behaviour)>,
}

/// How many names and addresses there are is what distinguishes two receivers.
impl Receiver {
    /// The first receiver is always healthy: what becomes of the others must not touch it.
    #[must_use]
    pub fn new(world: &World, index: usize, pace: Pace, heals_at_ms: u64) -> Self {
        let mut rng = world.rng(("receiver", index));
        let mut spells = Vec::new();
        let mut until = 0;
        let mean_ms = pace.times() * [20_000, 120_000, 900_000][rng.random_range(0..3)];
        if pace == Pace::Sparse && index == 1 {
            // Dead for as long as anything is: a webhook that points here is disabled after five days.
            spells.push((heals_at_ms, Behaviour::Status(500)));
            until = heals_at_ms;
        }
        while index > 0 && until < heals_at_ms {
            until += 1_000 + wait_ms(&mut rng, mean_ms);
            spells.push((until.min(heals_at_ms), behaviour(&mut rng)));
        }
        let last = u8::try_from(index + 10).unwrap_or(u8::MAX);
        let ip = IpAddr::V4(Ipv4Addr::new(93, 184, 216, last));
        Self { index, name: format!("r{index}.example"), ip, spells }
    }

    #[must_use]
    pub fn behaviour(&self, now_ms: u64) -> Behaviour {
        self.spells.iter().find(|(until, _)| now_ms < *until).map_or(Behaviour::Healthy, |(_, how)| *how)
    }
}

fn behaviour(rng: &mut StdRng) -> Behaviour {
    match rng.random_range(0..28_u32) {
        0..=7 => Behaviour::Healthy,
        8 => Behaviour::Slow(rng.random_range(500..4_900)),
        9 => Behaviour::Hang,
        10 => Behaviour::Drip,
        11 => Behaviour::Status(500),
        12 => Behaviour::Status(404),
        13 => Behaviour::RetryAfter(rng.random_range(1..5_000)),
        14 => Behaviour::Redirect,
        15 if rng.random_bool(0.3) => Behaviour::Gone,
        15 | 16 => Behaviour::ResetRequest,
        17 => Behaviour::ResetAnswer,
        18 | 19 => Behaviour::AnswerLost,
        20 => Behaviour::TooLong,
        21 => Behaviour::NotHttp,
        22 => Behaviour::Refused,
        23 => Behaviour::Deaf,
        24 => Behaviour::NameUnknown,
        25 => Behaviour::NameHangs,
        26 => Behaviour::Rebound,
        _ => Behaviour::Flapping,
    }
}

/// A connection as its receiver sees it.
pub struct Accepted {
    pub world: Arc<World>,
    pub receiver: Arc<Receiver>,
    pub stream: DuplexStream,
    pub link: Arc<Link>,
    /// The node's life that connected.
    pub life: String,
    pub rng: StdRng,
}

pub struct Request {
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Request {
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value.as_str())
    }
}

impl Accepted {
    /// Serves requests until either side ends the connection.
    pub async fn serve(mut self) {
        let mut unread = Vec::new();
        loop {
            let reading = read_request(&mut self.stream, &mut unread);
            let read = tokio::time::timeout(std::time::Duration::from_millis(IDLE_MS), reading).await;
            let Ok(Some(request)) = read else { return };
            let behaviour = self.receiver.behaviour(self.world.ms());
            if behaviour == Behaviour::ResetRequest {
                // It counts as not received: the bytes did not reach the application.
                self.link.reset();
                return;
            }
            let count = self.note(&request, behaviour);
            sleep_ms(self.rng.random_range(1..40)).await;
            if !self.answer(behaviour, count).await {
                return;
            }
        }
    }

    /// Hands a request to the book; returns how many this receiver had before.
    fn note(&self, request: &Request, behaviour: Behaviour) -> u64 {
        let count = self.world.book().arrivals_at(self.receiver.index);
        let answer = match behaviour {
            Behaviour::Healthy | Behaviour::Slow(_) => Answer::Success,
            Behaviour::Flapping if count.is_multiple_of(2) => Answer::Success,
            // It did its work, and the sender cannot know.
            Behaviour::AnswerLost | Behaviour::ResetAnswer | Behaviour::Drip => Answer::SuccessUnheard,
            Behaviour::Gone => Answer::Gone,
            _ => Answer::Failure,
        };
        Arrival::judge(&self.world, self.receiver.index, &self.life, request, answer);
        count
    }

    /// Whether the connection goes on.
    async fn answer(&mut self, behaviour: Behaviour, count: u64) -> bool {
        let plain = |status: u16, extra: &str| {
            format!("HTTP/1.1 {status} Simulated\r\n{extra}content-length: 2\r\n\r\nok")
        };
        let text = match behaviour {
            Behaviour::Healthy => plain(200, ""),
            Behaviour::Flapping if count.is_multiple_of(2) => {
                plain(204, "").replace("content-length: 2\r\n\r\nok", "\r\n")
            }
            Behaviour::Flapping => plain(503, ""),
            Behaviour::Slow(ms) => {
                sleep_ms(ms).await;
                plain(200, "")
            }
            Behaviour::Status(status) => plain(status, ""),
            Behaviour::RetryAfter(seconds) => plain(503, &format!("retry-after: {seconds}\r\n")),
            Behaviour::Redirect => plain(302, "location: http://r0.example/elsewhere\r\n"),
            Behaviour::Gone => plain(410, ""),
            Behaviour::TooLong => {
                format!("HTTP/1.1 200 OK\r\ncontent-length: 200000\r\n\r\n{}", "x".repeat(200_000))
            }
            Behaviour::NotHttp => "220 mail.example ESMTP\r\n".to_owned(),
            Behaviour::ResetAnswer => {
                let _ = self.stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 20\r\n\r\nhalf").await;
                sleep_ms(1).await;
                self.link.reset();
                return false;
            }
            Behaviour::AnswerLost => {
                self.link.reset();
                return false;
            }
            Behaviour::Drip => {
                for byte in plain(200, "").bytes() {
                    sleep_ms(1_000).await;
                    if self.stream.write_all(&[byte]).await.is_err() {
                        return false;
                    }
                }
                return true;
            }
            Behaviour::Hang => {
                let mut rest = [0; 64];
                while self.stream.read(&mut rest).await.is_ok_and(|read| read > 0) {}
                return false;
            }
            // The connection was made before this began: it is cut.
            Behaviour::ResetRequest
            | Behaviour::Refused
            | Behaviour::Deaf
            | Behaviour::NameUnknown
            | Behaviour::NameHangs
            | Behaviour::Rebound => {
                self.link.reset();
                return false;
            }
        };
        self.stream.write_all(text.as_bytes()).await.is_ok()
    }
}

/// The next request; none when the connection ends before it is whole.
async fn read_request(stream: &mut DuplexStream, unread: &mut Vec<u8>) -> Option<Request> {
    let mut buffer = [0; 4096];
    loop {
        if let Some(request) = parse(unread) {
            return Some(request);
        }
        let read = stream.read(&mut buffer).await.ok().filter(|read| *read > 0)?;
        unread.extend_from_slice(&buffer[..read]);
    }
}

/// Takes a whole request off the front.
fn parse(unread: &mut Vec<u8>) -> Option<Request> {
    let head_end = unread.windows(4).position(|window| window == b"\r\n\r\n")? + 4;
    let head = String::from_utf8_lossy(&unread[..head_end]).into_owned();
    let headers: Vec<(String, String)> = head
        .lines()
        .skip(1)
        .filter_map(|line| line.split_once(": "))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length")?.1.parse::<usize>().ok()?;
    if unread.len() < head_end + length {
        return None;
    }
    let body = unread[head_end..head_end + length].to_vec();
    unread.drain(..head_end + length);
    Some(Request { headers, body })
}
