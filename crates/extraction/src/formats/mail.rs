//! Mail: the document that it brings, or else its own text.
//!
//! The best attachment is what a person would open: an e-invoice, then a PDF, then an office file, then a
//! picture that is not part of the letter's own layout. A mail within a mail and an archive stay closed.
//! The text is the letter's web page where it has one, since that has the tables, with its sender, subject
//! and date above. Nothing is fetched.

use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use mail_parser::{Message, MessageParser, MessagePart, MimeHeaders, PartType};

use super::detect::Format;
use super::grid::Budget;
use super::{html, text};
use crate::einvoice::Invoice;
use crate::page::Page;

/// How far into a file the header lines go that tell a mail.
const HEADER_WITHIN: usize = 16 * 1024;
/// Characters of an attachment's name that are repeated.
const NAME_CHARS_MAX: usize = 100;
/// Besides its sender, a mail has one of these; a letter that only begins with "From:" has none.
const TELLING: [&str; 4] = ["mime-version", "message-id", "received", "return-path"];

/// Whether these bytes begin with the header of a mail.
pub(crate) fn is_mail(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEADER_WITHIN)];
    // A PDF is told by its first line, without a look at the rest.
    if let Some(end) = head.iter().position(|byte| *byte == b'\n') {
        let first = head[..end].strip_suffix(b"\r").unwrap_or(&head[..end]);
        if !first.is_empty() && first.is_ascii() && !first.contains(&b':') && !head.ends_with(first) {
            return false;
        }
    }
    let head = String::from_utf8_lossy(head);
    let is_name = |c: char| c.is_ascii_graphic() && c != ':';
    let mut names = Vec::new();
    for line in head.trim_start_matches('\u{FEFF}').lines().take_while(|line| !line.is_empty()) {
        if line.starts_with([' ', '\t']) && !names.is_empty() {
            continue;
        }
        match line.split_once(':') {
            Some((name, _)) if !name.is_empty() && name.chars().all(is_name) => {
                names.push(name.to_ascii_lowercase());
            }
            // The last line may be cut where the head ends.
            Some(_) | None if head.ends_with(line) => {}
            Some(_) | None => return false,
        }
    }
    names.iter().any(|name| name == "from") && names.iter().any(|name| TELLING.contains(&name.as_str()))
}

/// A file that a mail brings.
pub(crate) struct Attachment {
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
    rank: u8,
}

impl Attachment {
    /// A logo may be unreadable without the mail being so.
    pub(crate) fn is_picture(&self) -> bool {
        self.rank == PICTURE
    }
}

const PICTURE: u8 = 3;

/// A mail that was taken apart.
pub(crate) struct Mail {
    /// Those that can be read, the best first.
    pub(crate) attachments: Vec<Attachment>,
    heading: String,
    html: Option<String>,
    text: Option<String>,
}

impl Mail {
    pub(crate) fn open(bytes: &[u8]) -> Result<Self, Failure> {
        let message = MessageParser::default()
            .parse(bytes)
            .ok_or_else(|| Failure::new(FailureCode::DocumentCorrupted))?;
        let html = message.html_bodies().find_map(|part| match &part.body {
            PartType::Html(html) => Some(html.to_string()),
            PartType::Text(_)
            | PartType::Binary(_)
            | PartType::InlineBinary(_)
            | PartType::Message(_)
            | PartType::Multipart(_) => None,
        });
        let mut attachments: Vec<Attachment> = message
            .attachments()
            .take(limits::MAIL_ATTACHMENTS_MAX)
            .filter_map(|part| attachment(part, html.is_some()))
            .collect();
        attachments.sort_by_key(|attachment| attachment.rank);
        let text = message.body_text(0).map(String::from);
        Ok(Self { attachments, heading: heading(&message), html, text })
    }

    /// The pages of the letter itself.
    pub(crate) fn pages(&self) -> Result<Vec<Page>, Failure> {
        let body = match &self.html {
            Some(html) => html::shown(html)?,
            None => self.text.clone().unwrap_or_default(),
        };
        let text = format!("{}\n{body}", self.heading);
        Budget::default().take(&text)?;
        text::pages(&text)
    }
}

fn attachment(part: &MessagePart<'_>, has_layout: bool) -> Option<Attachment> {
    let in_layout = has_layout && matches!(part.body, PartType::InlineBinary(_));
    let bytes = part.contents();
    let rank = match Format::of(bytes)? {
        Format::Xml if Invoice::parse(bytes).is_ok() => 0,
        Format::Pdf => 1,
        Format::Xlsx | Format::Docx | Format::Ods | Format::Ole => 2,
        Format::Png | Format::Jpeg | Format::Tiff | Format::WebP if !in_layout => PICTURE,
        Format::Png
        | Format::Jpeg
        | Format::Tiff
        | Format::WebP
        | Format::Xml
        | Format::Archive
        | Format::Html
        | Format::Mail
        | Format::Csv
        | Format::Text => return None,
    };
    let name = part.attachment_name().unwrap_or("without a name");
    let name = name.chars().filter(|c| !c.is_control()).take(NAME_CHARS_MAX).collect();
    Some(Attachment { name, bytes: bytes.to_vec(), rank })
}

fn heading(message: &Message<'_>) -> String {
    let sender = message.from().and_then(|from| from.first());
    let name = sender.and_then(|sender| sender.name().or_else(|| sender.address()));
    let date = message.date().map(|date| format!("{:04}-{:02}-{:02}", date.year, date.month, date.day));
    [("From", name), ("Subject", message.subject()), ("Sent", date.as_deref())]
        .into_iter()
        .filter_map(|(label, value)| Some(format!("{label}: {}\n", value?)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_told_by_its_header_and_a_letter_is_none() {
        assert!(is_mail(b"Received: by x\r\n\tfor y\r\nFrom: a@b.example\r\nSubject: Hi\r\n\r\nText"));
        for other in ["From: me\nTo: you\nDate: today\n\nText", "Message-ID: 1\n\n", "Dear Sir,\nFrom: x", ""]
        {
            assert!(!is_mail(other.as_bytes()), "{other}");
        }
    }
}
