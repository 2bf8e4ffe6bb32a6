//! The real binary, as a process: killed, on a disk that fails, fed hostile documents, besieged by hostile
//! clients, and listened to by receivers in other languages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod crash;
mod disk;
mod hostile;
mod memory;
mod receiver;
mod receivers;
mod secrets;
mod siege;
mod support;
