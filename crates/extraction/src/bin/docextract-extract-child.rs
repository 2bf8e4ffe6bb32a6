//! A program that is nothing but the children, for this crate's tests and for trying the sandbox.
//!
//! Under another name it misbehaves on purpose: it locks itself in as a child does and then does what
//! a document must never bring one to do. Tests link to it under those names.

use std::net::{TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Command, ExitCode};

use docextract_extraction::run_child;
use docextract_extraction::sandbox::confine;

fn main() -> ExitCode {
    let mut args = std::env::args();
    let name = args.next().unwrap_or_default();
    match Path::new(&name).file_name().and_then(|name| name.to_str()) {
        Some("probe-reach") => reach(),
        Some("probe-recognition") => reach_from_recognition(),
        Some("probe-spin") => spin(),
        Some("probe-sleep") => sleep(),
        Some("probe-hog") => hog(),
        Some("probe-abort") => abort(),
        Some(_) | None => args.next().and_then(|child| run_child(&child)).unwrap_or(ExitCode::FAILURE),
    }
}

/// Says which walls held.
fn reach() -> ExitCode {
    confine::confine_extraction(10);
    let walls = [
        ("read", std::fs::read("/etc/passwd").is_err()),
        ("write", std::fs::write("/tmp/docextract-probe", b"x").is_err()),
        ("list", std::fs::read_dir("/").is_err()),
        ("tcp", TcpStream::connect("127.0.0.1:9").is_err_and(|e| e.raw_os_error() == Some(libc::EPERM))),
        ("udp", UdpSocket::bind("127.0.0.1:0").is_err()),
        ("exec", Command::new("/bin/true").spawn().is_err()),
        ("thread", std::thread::Builder::new().spawn(|| ()).is_err()),
    ];
    report(&walls)
}

/// The process that becomes Tesseract reads the system's files and no others.
fn reach_from_recognition() -> ExitCode {
    confine::confine_recognition(10, None);
    let own_program = std::env::current_exe().unwrap_or_default();
    report(&[
        ("data", std::fs::read_dir("/usr/share").is_ok()),
        ("read", std::fs::read("/etc/passwd").is_err()),
        ("elsewhere", std::fs::read(own_program).is_err()),
        ("write", std::fs::write("/tmp/docextract-probe", b"x").is_err()),
        ("tcp", TcpStream::connect("127.0.0.1:9").is_err_and(|e| e.raw_os_error() == Some(libc::EPERM))),
        ("udp", UdpSocket::bind("127.0.0.1:0").is_err()),
    ])
}

fn report(walls: &[(&str, bool)]) -> ExitCode {
    for (wall, held) in walls {
        println!("{wall} {}", if *held { "held" } else { "BROKEN" });
    }
    ExitCode::SUCCESS
}

fn spin() -> ExitCode {
    confine::confine_extraction(1);
    let mut n = 0u64;
    loop {
        n = std::hint::black_box(n.wrapping_add(1));
    }
}

fn sleep() -> ExitCode {
    confine::confine_extraction(10);
    loop {
        std::thread::park();
    }
}

fn hog() -> ExitCode {
    confine::confine_extraction(30);
    let mut held: Vec<Vec<u8>> = Vec::new();
    loop {
        held.push(std::hint::black_box(vec![1; 64 << 20]));
    }
}

fn abort() -> ExitCode {
    confine::confine_extraction(10);
    std::process::abort();
}
