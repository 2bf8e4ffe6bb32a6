//! A name server on the loopback, over UDP, that knows what a test tells it.

use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use hickory_resolver::proto::op::{Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::CNAME;
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};
use tokio::net::UdpSocket;

#[derive(Default)]
struct Zone {
    addresses: HashMap<String, (IpAddr, u32)>,
    aliases: HashMap<String, (String, u32)>,
    asked: HashMap<String, usize>,
}

pub(crate) struct NameServer {
    pub(crate) address: SocketAddr,
    zone: Arc<Mutex<Zone>>,
}

impl NameServer {
    pub(crate) async fn start() -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let server = Self { address: socket.local_addr().unwrap(), zone: Arc::default() };
        let zone = server.zone.clone();
        tokio::spawn(async move {
            let mut buffer = [0; 1_500];
            loop {
                let (length, from) = socket.recv_from(&mut buffer).await.unwrap();
                let question = Message::from_vec(&buffer[..length]).unwrap();
                let answer = zone.lock().unwrap().answer(&question);
                socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
            }
        });
        server
    }

    /// From now on the name has this address, and says that it may be kept for so long.
    pub(crate) fn set(&self, name: &str, ip: &str, ttl_s: u32) {
        let record = (ip.parse().unwrap(), ttl_s);
        self.zone.lock().unwrap().addresses.insert(name.to_owned(), record);
    }

    pub(crate) fn alias(&self, name: &str, target: &str, ttl_s: u32) {
        self.zone.lock().unwrap().aliases.insert(name.to_owned(), (target.to_owned(), ttl_s));
    }

    /// How often it was asked for the name's IPv4 address.
    pub(crate) fn asked(&self, name: &str) -> usize {
        self.zone.lock().unwrap().asked.get(name).copied().unwrap_or(0)
    }
}

impl Zone {
    fn answer(&mut self, question: &Message) -> Message {
        let query = question.queries[0].clone();
        let mut name = query.name().to_string().trim_end_matches('.').to_lowercase();
        if query.query_type() == RecordType::A {
            *self.asked.entry(name.clone()).or_default() += 1;
        }
        let mut answer = Message::response(question.metadata.id, OpCode::Query);
        answer.add_query(query.clone());
        let fqdn = |name: &str| Name::from_ascii(format!("{name}.")).unwrap();
        if let Some((target, ttl_s)) = self.aliases.get(&name) {
            answer.add_answer(Record::from_rdata(fqdn(&name), *ttl_s, RData::CNAME(CNAME(fqdn(target)))));
            name.clone_from(target);
        }
        match self.addresses.get(&name) {
            Some((ip, ttl_s)) if RData::from(*ip).record_type() == query.query_type() => {
                answer.add_answer(Record::from_rdata(fqdn(&name), *ttl_s, RData::from(*ip)));
            }
            Some(_another_type) => {}
            None => answer.metadata.response_code = ResponseCode::NXDomain,
        }
        answer
    }
}
