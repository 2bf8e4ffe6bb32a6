//! The real server as a process.

use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A key that may do everything; the database is made with it.
pub fn create_key(program: &str, folder: &Path) -> String {
    let output = Command::new(program)
        .args(["keys", "create", "--mode", "live", "--scopes", "all", "--data-dir"])
        .arg(folder)
        .output()
        .expect("the program runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("a key").trim().to_owned()
}

pub struct Server {
    pub address: SocketAddr,
    process: Child,
}

impl Server {
    /// Returns once it listens.
    pub fn start(program: &str, folder: &Path) -> Self {
        let probe = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let address = probe.expect("a free port");
        let process = Command::new(program)
            .args(["serve", "--dev", "--listen", &address.to_string(), "--data-dir"])
            .arg(folder)
            .stdout(Stdio::null())
            .spawn()
            .expect("the program runs");
        let mut server = Self { address, process };
        while TcpStream::connect(address).is_err() {
            let ended = server.process.try_wait().expect("its state can be told");
            assert!(ended.is_none(), "the server ended: {ended:?}");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// SIGTERM, and it has ended when this returns.
    pub fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.process.id().to_string()]).status();
        assert!(told.is_ok_and(|status| status.success()), "the server is told to stop");
        self.process.wait().expect("the server ends");
    }
}
