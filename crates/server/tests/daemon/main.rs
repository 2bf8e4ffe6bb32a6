//! The real binary, as a process: killed, fed hostile documents, and listened to by receivers in
//! other languages.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod crash;
mod hostile;
mod receivers;
mod support;
