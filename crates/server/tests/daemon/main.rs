//! The real binary, as a process: killed, fed hostile documents, and listened to by receivers in
//! other languages.

mod crash;
mod hostile;
mod receivers;
mod support;
