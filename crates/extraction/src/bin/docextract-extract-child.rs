//! A program that is nothing but the children, for this crate's tests and for trying the sandbox.
//!
//! Under another name it misbehaves on purpose: it locks itself in as a child does and then does what
//! a document must never bring one to do. Tests link to it under those names.

use std::net::{TcpStream, UdpSocket};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicBool, Ordering};

use docextract_extraction::sandbox::{confine, run_misbehaving_child};
use docextract_extraction::{Request, run_child};
use docextract_model::failure::{Failure, FailureCode};

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
        Some("trapped") => run_misbehaving_child(trap),
        Some(_) | None => args.next().and_then(|child| run_child(&child)).unwrap_or(ExitCode::FAILURE),
    }
}

/// What a text document may bring a child to do: it says so after the word TRAP.
fn trap(request: &Request) -> Option<Failure> {
    static ENDS_NEXT: AtomicBool = AtomicBool::new(false);
    if ENDS_NEXT.load(Ordering::Relaxed) {
        std::process::exit(0);
    }
    let trap = std::str::from_utf8(&request.bytes).ok()?.strip_prefix("TRAP ")?;
    let said = match trap {
        "abort" => std::process::abort(),
        "panic" => panic!("a reader broke"),
        "hog" => take_all_memory(),
        "sleep" => sleep_for_good(),
        "spin" => spin_for_good(),
        // No frame begins like this.
        "babble" => {
            println!("{}", "?".repeat(64));
            std::process::exit(0);
        }
        "later" => {
            ENDS_NEXT.store(true, Ordering::Relaxed);
            String::new()
        }
        "grow" => {
            let grown = std::hint::black_box(vec![1u8; 300 << 20]);
            let length = grown.len();
            std::mem::forget(grown);
            length.to_string()
        }
        "reach" => said(&walls()),
        _ => std::process::id().to_string(),
    };
    Some(Failure::with_detail(FailureCode::NoDataExtracted, &said))
}

/// Says which walls held.
fn reach() -> ExitCode {
    confine::confine_extraction(10);
    report(&walls())
}

fn walls() -> [(&'static str, bool); 7] {
    [
        ("read", std::fs::read("/etc/passwd").is_err()),
        ("write", std::fs::write("/tmp/docextract-probe", b"x").is_err()),
        ("list", std::fs::read_dir("/").is_err()),
        ("tcp", TcpStream::connect("127.0.0.1:9").is_err_and(|e| e.raw_os_error() == Some(libc::EPERM))),
        ("udp", UdpSocket::bind("127.0.0.1:0").is_err()),
        ("exec", Command::new("/bin/true").spawn().is_err()),
        ("thread", std::thread::Builder::new().spawn(|| ()).is_err()),
    ]
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

fn said(walls: &[(&str, bool)]) -> String {
    let line = |(wall, held): &(&str, bool)| format!("{wall} {}\n", if *held { "held" } else { "BROKEN" });
    walls.iter().map(line).collect()
}

fn report(walls: &[(&str, bool)]) -> ExitCode {
    print!("{}", said(walls));
    ExitCode::SUCCESS
}

fn spin() -> ExitCode {
    confine::confine_extraction(1);
    spin_for_good()
}

fn spin_for_good() -> ! {
    let mut n = 0u64;
    loop {
        n = std::hint::black_box(n.wrapping_add(1));
    }
}

fn sleep() -> ExitCode {
    confine::confine_extraction(10);
    sleep_for_good()
}

fn sleep_for_good() -> ! {
    loop {
        std::thread::park();
    }
}

fn hog() -> ExitCode {
    confine::confine_extraction(30);
    take_all_memory()
}

fn take_all_memory() -> ! {
    let mut held: Vec<Vec<u8>> = Vec::new();
    loop {
        held.push(std::hint::black_box(vec![1; 64 << 20]));
    }
}

fn abort() -> ExitCode {
    confine::confine_extraction(10);
    std::process::abort();
}
