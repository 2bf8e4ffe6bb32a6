//! Document bytes to pages of positioned words, whatever the format.
//!
//! The format is told by content, never by name or declared type. Every reader ends in
//! [`Page`]s, checks its limits before it decodes, and has no memory of other documents.

mod archive;
pub(crate) mod attachments;
pub(crate) mod csv;
pub(crate) mod detect;
pub(crate) mod docx;
pub(crate) mod grid;
pub(crate) mod html;
pub(crate) mod image;
pub(crate) mod mail;
mod markup;
pub(crate) mod ods;
pub(crate) mod office;
pub(crate) mod pdf;
mod tex;
pub(crate) mod text;
pub(crate) mod tiff_pages;
mod words;
pub(crate) mod xlsx;
