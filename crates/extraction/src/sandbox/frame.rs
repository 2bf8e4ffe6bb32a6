//! What parent and child say to each other: frames of a JSON head and a raw body.
//!
//! A frame is `head length (u32, little endian) · body length (u32) · head · body`. Document bytes and
//! pixels travel in the body, as they are. Both lengths are checked before anything is allocated: the
//! child is not trusted, and a parent that is confused must not be believed either.

use std::io::{self, Read, Write};
use std::pin::pin;

use docextract_model::extractor::FieldDefinition;
use docextract_model::failure::Failure;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use crate::ocr::{Language, Raster};
use crate::page::Word;
use crate::{Extraction, Lesson, NotDrawn, Request, Size};

/// Heads hold words, values and failures.
const HEAD_BYTES_MAX: u32 = 32 * 1024 * 1024;
/// Bodies hold a document, a raster or a PNG. Four bytes a pixel bound the last.
const BODY_BYTES_MAX: u32 = 256 * 1024 * 1024;

/// A body up to this size is copied behind its head: one write wakes the reader once.
const WRITTEN_AT_ONCE_BYTES: u64 = 16 * 1024;
/// A longer body is passed on in pieces of this size, which is what a pipe holds.
const PIECE_BYTES: usize = 64 * 1024;

/// From parent to child.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum ToChild {
    /// Body: the document. The request's own fields are empty: those named here count, or else those of
    /// the question before.
    Extract { request: Request, fields: Option<Vec<FieldDefinition>> },
    /// What these corrected values teach. Body and fields as of `Extract`.
    Learn { request: Request, fields: Option<Vec<FieldDefinition>>, corrections: Map<String, Value> },
    /// Draw one page. Body: the document.
    Render { page: u32, size: Size },
    /// The answer to `Recognise`.
    Recognised(Result<Vec<Word>, Failure>),
    /// The answer to `Knows`.
    Knows(bool),
}

/// From child to parent.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum FromChild {
    /// Body: the pixels.
    Recognise(Raster),
    /// Whether text can be recognised in this language.
    Knows(Language),
    Extracted(Result<Extraction, Failure>),
    Learnt(Result<Option<Lesson>, Failure>),
    /// Body: a PNG file, if it went well.
    Rendered(Result<(), NotDrawn>),
}

/// A message and the bytes that go with it.
#[derive(Debug)]
pub(super) struct Frame<T> {
    pub(super) head: T,
    pub(super) body: Vec<u8>,
}

fn oversized() -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, "a frame is larger than allowed")
}

/// The two lengths and the head, ready to be followed by the body.
fn opening<T: Serialize>(head: &T, body_length: u64) -> io::Result<Vec<u8>> {
    let head = serde_json::to_vec(head)?;
    let head_length =
        u32::try_from(head.len()).ok().filter(|n| *n <= HEAD_BYTES_MAX).ok_or_else(oversized)?;
    let body_length =
        u32::try_from(body_length).ok().filter(|n| *n <= BODY_BYTES_MAX).ok_or_else(oversized)?;
    let mut bytes = Vec::with_capacity(8 + head.len());
    bytes.extend_from_slice(&head_length.to_le_bytes());
    bytes.extend_from_slice(&body_length.to_le_bytes());
    bytes.extend_from_slice(&head);
    Ok(bytes)
}

fn length_of(body: &[u8]) -> u64 {
    u64::try_from(body.len()).unwrap_or(u64::MAX)
}

fn lengths(bytes: [u8; 8]) -> io::Result<(usize, usize)> {
    let [a, b, c, d, e, f, g, h] = bytes;
    let (head, body) = (u32::from_le_bytes([a, b, c, d]), u32::from_le_bytes([e, f, g, h]));
    if head > HEAD_BYTES_MAX || body > BODY_BYTES_MAX {
        return Err(oversized());
    }
    Ok((usize::try_from(head).unwrap_or(0), usize::try_from(body).unwrap_or(0)))
}

impl<T: Serialize + DeserializeOwned> Frame<T> {
    pub(super) fn write(head: &T, body: &[u8], to: &mut impl Write) -> io::Result<()> {
        to.write_all(&opening(head, length_of(body))?)?;
        to.write_all(body)?;
        to.flush()
    }

    pub(super) fn read(from: &mut impl Read) -> io::Result<Self> {
        let mut start = [0; 8];
        from.read_exact(&mut start)?;
        let (head_length, body_length) = lengths(start)?;
        let mut head = vec![0; head_length];
        from.read_exact(&mut head)?;
        let mut body = vec![0; body_length];
        from.read_exact(&mut body)?;
        Ok(Self { head: serde_json::from_slice(&head)?, body })
    }

    pub(super) async fn send(head: &T, body: &[u8], to: &mut (impl AsyncWrite + Unpin)) -> io::Result<()> {
        Self::send_from(head, length_of(body), body, to).await
    }

    /// Sends as much of `body` as was announced; what ends earlier is an error, and the reader of the frame
    /// is then left in the middle of it.
    pub(super) async fn send_from(
        head: &T,
        length: u64,
        body: impl AsyncRead,
        to: &mut (impl AsyncWrite + Unpin),
    ) -> io::Result<()> {
        let mut opening = opening(head, length)?;
        let mut body = pin!(body.take(length));
        let sent = if length <= WRITTEN_AT_ONCE_BYTES {
            let before = opening.len();
            body.read_to_end(&mut opening).await?;
            to.write_all(&opening).await?;
            u64::try_from(opening.len() - before).unwrap_or(u64::MAX)
        } else {
            to.write_all(&opening).await?;
            tokio::io::copy_buf(&mut BufReader::with_capacity(PIECE_BYTES, body), to).await?
        };
        if sent < length {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        to.flush().await
    }

    pub(super) async fn receive(from: &mut (impl AsyncRead + Unpin)) -> io::Result<Self> {
        let mut start = [0; 8];
        from.read_exact(&mut start).await?;
        let (head_length, body_length) = lengths(start)?;
        let mut head = vec![0; head_length];
        from.read_exact(&mut head).await?;
        let mut body = vec![0; body_length];
        from.read_exact(&mut body).await?;
        Ok(Self { head: serde_json::from_slice(&head)?, body })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_comes_out_as_it_went_in() {
        let mut wire = Vec::new();
        Frame::write(&ToChild::Render { page: 3, size: Size::Dpi(72.5) }, b"%PDF", &mut wire).unwrap();
        let frame: Frame<ToChild> = Frame::read(&mut wire.as_slice()).unwrap();
        assert!(matches!(frame.head, ToChild::Render { page: 3, size } if size == Size::Dpi(72.5)));
        assert_eq!(frame.body, b"%PDF");
    }

    #[test]
    fn an_announced_gigabyte_is_refused_before_it_is_allocated() {
        let mut wire = Vec::new();
        wire.extend_from_slice(&8u32.to_le_bytes());
        wire.extend_from_slice(&u32::MAX.to_le_bytes());
        assert!(Frame::<ToChild>::read(&mut wire.as_slice()).is_err());
    }
}
