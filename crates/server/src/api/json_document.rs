//! A JSON body with a document in it, taken apart as it comes in.
//!
//! The text of the member `document` is decoded from base64 piece by piece and goes to the blob store. All
//! else stays JSON, with a text of one character in the document's place, and is read by the same parser as any
//! other body: so this only has to know where texts begin and end and which one is the document's, and what is no
//! JSON is said there. Only a member of the outermost object counts; `document` inside of `metadata` is
//! data.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::error::{ApiError, ErrorCode, Result};

/// Bytes of a member's name that are looked at: longer ones are no `document`, however they are written.
const NAME_BYTES_MAX: usize = 64;
const DOCUMENT: &str = "document";
/// What stands for a document that is not empty: only its kind and whether it is there are judged in its place.
const STAND_IN: u8 = b'-';

/// Takes a body apart.
pub(super) struct Splitter {
    at: At,
    /// Objects and lists that are open.
    depth: usize,
    /// The outermost value is an object, so its texts are names and values by turns.
    is_object: bool,
    /// The next text of the outermost object is a name.
    is_name_next: bool,
    /// The name that was read last, with its quotes, as it was written.
    name: Vec<u8>,
    /// The next value of the outermost object is the document.
    is_document_next: bool,
    /// The body without the document.
    rest: Vec<u8>,
    rest_bytes_max: usize,
    base64: Base64,
    has_document: bool,
}

/// Where in the body.
#[derive(Clone, Copy)]
enum At {
    Outside,
    Text { is_name: bool, is_escaped: bool },
    Document(Escape),
}

/// How far into an escape.
#[derive(Clone, Copy)]
enum Escape {
    None,
    Backslash,
    /// Digits that are still to come, and the number so far.
    Unicode(u8, u32),
}

impl Splitter {
    pub(super) fn new(rest_bytes_max: usize) -> Self {
        Self {
            at: At::Outside,
            depth: 0,
            is_object: false,
            is_name_next: false,
            name: Vec::new(),
            is_document_next: false,
            rest: Vec::new(),
            rest_bytes_max,
            base64: Base64::default(),
            has_document: false,
        }
    }

    /// Takes the next piece and appends what it has of the document to `document`.
    pub(super) fn take(&mut self, mut piece: &[u8], document: &mut Vec<u8>) -> Result<()> {
        while let Some((&byte, later)) = piece.split_first() {
            if let At::Document(Escape::None) = self.at {
                let plain = piece.iter().position(|b| matches!(b, b'"' | b'\\' | 0..0x20));
                let (text, later) = piece.split_at(plain.unwrap_or(piece.len()));
                if !text.is_empty() {
                    self.base64.take(text, document);
                    piece = later;
                    continue;
                }
            }
            self.step(byte, document)?;
            piece = later;
        }
        Ok(())
    }

    fn step(&mut self, byte: u8, document: &mut Vec<u8>) -> Result<()> {
        match self.at {
            At::Outside => {
                self.outside(byte);
                self.keep(byte)
            }
            At::Text { is_name, is_escaped } => {
                if is_name && self.name.len() <= NAME_BYTES_MAX {
                    self.name.push(byte);
                }
                self.at = match byte {
                    b'"' if !is_escaped => At::Outside,
                    b'\\' if !is_escaped => At::Text { is_name, is_escaped: true },
                    _ => At::Text { is_name, is_escaped: false },
                };
                self.keep(byte)
            }
            At::Document(escape) => self.in_document(byte, escape, document),
        }
    }

    fn outside(&mut self, byte: u8) {
        let is_outermost = self.depth == 1 && self.is_object;
        match byte {
            b'"' if is_outermost && self.is_name_next => {
                self.name = vec![byte];
                self.at = At::Text { is_name: true, is_escaped: false };
            }
            b'"' if is_outermost && self.is_document_next => {
                self.is_document_next = false;
                self.has_document = true;
                self.at = At::Document(Escape::None);
            }
            b'"' => self.at = At::Text { is_name: false, is_escaped: false },
            b'{' | b'[' => {
                if self.depth == 0 {
                    self.is_object = byte == b'{';
                    self.is_name_next = true;
                }
                self.is_document_next = false;
                self.depth += 1;
            }
            b'}' | b']' => self.depth = self.depth.saturating_sub(1),
            b':' if is_outermost => {
                self.is_name_next = false;
                // Escapes in a name say the same as the letters that they stand for.
                let name: Option<String> = serde_json::from_slice(&self.name).ok();
                self.is_document_next = name.is_some_and(|name| name == DOCUMENT);
            }
            b',' if is_outermost => {
                self.is_name_next = true;
                self.is_document_next = false;
            }
            _ => {}
        }
    }

    fn in_document(&mut self, byte: u8, escape: Escape, document: &mut Vec<u8>) -> Result<()> {
        let next = match (escape, byte) {
            (Escape::None, b'"') => {
                self.base64.end();
                if self.base64.has_text {
                    self.keep(STAND_IN)?;
                }
                self.at = At::Outside;
                return self.keep(byte);
            }
            (Escape::None, b'\\') => Escape::Backslash,
            (Escape::None, _) => return Err(malformed("has a control character in document")),
            (Escape::Backslash, b'u') => Escape::Unicode(4, 0),
            (Escape::Backslash, b'n' | b'r' | b't') => Escape::None,
            (Escape::Backslash, b'/' | b'"' | b'\\' | b'b' | b'f') => {
                self.base64.take(&[byte], document);
                Escape::None
            }
            (Escape::Backslash, _) => return Err(malformed("has an unknown escape in document")),
            (Escape::Unicode(left, number), digit) => {
                let digit = char::from(digit).to_digit(16);
                let digit = digit.ok_or_else(|| malformed("has an unknown escape in document"))?;
                let number = number * 16 + digit;
                if left == 1 {
                    // What is no ASCII is no base64 either.
                    let byte = u8::try_from(number).unwrap_or(u8::MAX);
                    self.base64.take(&[byte], document);
                    Escape::None
                } else {
                    Escape::Unicode(left - 1, number)
                }
            }
        };
        self.at = At::Document(next);
        Ok(())
    }

    fn keep(&mut self, byte: u8) -> Result<()> {
        if self.rest.len() >= self.rest_bytes_max {
            return Err(ErrorCode::RequestTooLarge.into());
        }
        self.rest.push(byte);
        Ok(())
    }

    /// Whether the document's text has begun.
    pub(super) fn has_document(&self) -> bool {
        self.has_document
    }

    /// Whether all of the document's text was base64.
    pub(super) fn is_base64(&self) -> bool {
        !self.base64.is_wrong
    }

    /// The body with a text of one character in the document's place, or of none if the document is empty.
    pub(super) fn rest(&self) -> &[u8] {
        &self.rest
    }
}

fn malformed(problem: &str) -> ApiError {
    ApiError::with_message(ErrorCode::MalformedJson, format!("The body is not valid JSON: it {problem}."))
}

/// Base64 in pieces (RFC 4648, with + and /), also in lines as command-line tools write it.
#[derive(Default)]
struct Base64 {
    /// Fewer than four characters that wait for the rest of their group.
    begun: Vec<u8>,
    /// Padding was read: nothing may follow.
    is_over: bool,
    /// There was something to decode.
    has_text: bool,
    is_wrong: bool,
}

impl Base64 {
    fn take(&mut self, text: &[u8], bytes: &mut Vec<u8>) {
        if self.is_wrong {
            return;
        }
        let mut characters = std::mem::take(&mut self.begun);
        characters.extend(text.iter().filter(|byte| !byte.is_ascii_whitespace()));
        if characters.is_empty() {
            return;
        }
        self.has_text = true;
        self.begun = characters.split_off(characters.len() / 4 * 4);
        self.is_wrong = self.is_over || STANDARD.decode_vec(&characters, bytes).is_err();
        self.is_over = characters.last() == Some(&b'=');
    }

    fn end(&mut self) {
        self.is_wrong |= !self.begun.is_empty();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document and the rest, the same however the body is cut.
    fn split(body: &str) -> (Option<Vec<u8>>, String) {
        let in_pieces = |size: usize| {
            let (mut splitter, mut document) = (Splitter::new(10_000), Vec::new());
            for piece in body.as_bytes().chunks(size) {
                splitter.take(piece, &mut document).unwrap();
            }
            let is_document = splitter.has_document() && splitter.is_base64();
            (is_document.then_some(document), String::from_utf8(splitter.rest().to_vec()).unwrap())
        };
        let whole = in_pieces(body.len().max(1));
        for size in 1..9 {
            assert_eq!(in_pieces(size), whole, "in pieces of {size}");
        }
        whole
    }

    #[test]
    fn the_document_is_taken_out_and_all_else_stays() {
        let (document, rest) = split(r#"{"a": "x\"}{", "document" : "JVBERg==", "b": [{"document": "no"}]}"#);
        assert_eq!(document.as_deref(), Some(&b"%PDF"[..]));
        assert_eq!(rest, r#"{"a": "x\"}{", "document" : "-", "b": [{"document": "no"}]}"#);
    }

    #[test]
    fn escapes_and_lines_are_read() {
        assert_eq!(split(r#"{"docu\u006dent":"JV\u0042E\nRg=\r\n="}"#).0.as_deref(), Some(&b"%PDF"[..]));
        assert_eq!(split(r#"{"document":"\/\/\/\/"}"#).0.as_deref(), Some(&[255, 255, 255][..]));
        assert_eq!(split(r#"{"document":""}"#), (Some(Vec::new()), r#"{"document":""}"#.to_owned()));
    }

    #[test]
    fn what_is_no_base64_is_told_and_still_no_part_of_the_rest() {
        for wrong in ["JVBE*", "JVB", "JV==BERg", "JVBERg", "Jé==", "J\\u00e9==", "=", "JVBERg=="] {
            let (document, rest) = split(&format!(r#"{{"document":"{wrong}"}}"#));
            assert_eq!(
                (document.is_some(), rest.as_str()),
                (wrong == "JVBERg==", r#"{"document":"-"}"#),
                "{wrong}"
            );
        }
    }

    #[test]
    fn only_a_text_of_the_outermost_object_is_the_document() {
        for body in [
            r#"["document", "JVBERg=="]"#,
            r#"{"document": null, "x": "JVBERg=="}"#,
            r#"{"document": ["JVBERg=="]}"#,
            r#"{"x": {"document": "JVBERg=="}}"#,
            r#"{"document" "JVBERg=="}"#,
            r#"{"x": "document", "y": "JVBERg=="}"#,
            r#""document""#,
            "{",
            "",
        ] {
            assert_eq!(split(body), (None, body.to_owned()));
        }
    }

    #[test]
    fn what_is_beside_the_document_is_bounded_and_control_characters_are_refused() {
        let refused =
            |body: &str, max: usize| Splitter::new(max).take(body.as_bytes(), &mut Vec::new()).is_err();
        assert!(refused(r#"{"a": "bcd"}"#, 11));
        assert!(!refused(r#"{"a": "bcd"}"#, 12));
        assert!(refused("{\"document\": \"JV\nBE\"}", 100));
        assert!(refused(r#"{"document": "J\q"}"#, 100));
    }
}
