//! What a document is, told by its bytes. Names and declared types are hints that lie.

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Format {
    Pdf,
    Png,
    Jpeg,
    Tiff,
    WebP,
    /// XML; which kind is for the e-invoice reader to say.
    Xml,
    Xlsx,
    Docx,
    Ods,
    /// A zip archive of anything else, or one that is damaged.
    Archive,
    /// What Microsoft Office wrote before 2007, and wraps around files with a password today.
    Ole,
    Html,
    Mail,
    /// Characters in rows of cells.
    Csv,
    /// Whatever is only characters, and nothing of the above.
    Text,
}

/// How far into a file a PDF's header may stand, as other readers allow too.
const PDF_HEADER_WITHIN: usize = 1024;

impl Format {
    /// `None` for bytes that are none of these.
    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let text = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
        let head = &bytes[..bytes.len().min(PDF_HEADER_WITHIN)];
        match bytes {
            [0x89, b'P', b'N', b'G', 0x0D, 0x0A, 0x1A, 0x0A, ..] => Some(Self::Png),
            [0xFF, 0xD8, 0xFF, ..] => Some(Self::Jpeg),
            [b'I', b'I', 42, 0, ..] | [b'M', b'M', 0, 42, ..] => Some(Self::Tiff),
            [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some(Self::WebP),
            [b'P', b'K', 3, 4, ..] => Some(super::office::kind(bytes)),
            [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, ..] => Some(Self::Ole),
            _ if super::mail::is_mail(bytes) => Some(Self::Mail),
            _ if head.windows(5).any(|w| w == b"%PDF-") => Some(Self::Pdf),
            _ if super::html::decode(bytes).is_some() => Some(Self::Html),
            // UTF-16 with a byte order mark: only XML is expected to come that way.
            [0xFF, 0xFE, b'<', 0, ..] | [0xFE, 0xFF, 0, b'<', ..] => Some(Self::Xml),
            _ if text.starts_with(b"<?xml") || is_invoice_root(text) => Some(Self::Xml),
            _ => {
                let text = super::text::decode(bytes)?;
                Some(if super::csv::separator(&text).is_some() { Self::Csv } else { Self::Text })
            }
        }
    }

    pub(crate) fn mime_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Tiff => "image/tiff",
            Self::WebP => "image/webp",
            Self::Xml => "application/xml",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Ods => "application/vnd.oasis.opendocument.spreadsheet",
            Self::Archive => "application/zip",
            Self::Ole => "application/x-ole-storage",
            Self::Mail => "message/rfc822",
            Self::Html => "text/html",
            Self::Csv => "text/csv",
            Self::Text => "text/plain",
        }
    }
}

/// An e-invoice without an XML declaration starts with its root element.
fn is_invoice_root(text: &[u8]) -> bool {
    let head = &text[..text.len().min(200)];
    let Some(b'<') = head.first() else { return false };
    let name_end = head.iter().position(|b| b.is_ascii_whitespace() || *b == b'>').unwrap_or(head.len());
    let name = &head[1..name_end];
    let local = name.rsplit(|b| *b == b':').next().unwrap_or(name);
    matches!(local, b"Invoice" | b"CreditNote" | b"CrossIndustryInvoice" | b"CrossIndustryDocument")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides_and_unknown_content_is_unknown() {
        assert_eq!(Format::of(b"\n\n%PDF-1.4\n"), Some(Format::Pdf));
        assert_eq!(Format::of(b"\x89PNG\r\n\x1a\n...."), Some(Format::Png));
        assert_eq!(Format::of(b"\xFF\xD8\xFF\xE0"), Some(Format::Jpeg));
        assert_eq!(Format::of(b"II*\0"), Some(Format::Tiff));
        assert_eq!(Format::of(b"RIFF\0\0\0\0WEBPVP8 "), Some(Format::WebP));
        assert_eq!(Format::of(b"<ubl:Invoice xmlns:ubl='x'>"), Some(Format::Xml));
        assert_eq!(Format::of(b"<?xml version='1.0'?><html xmlns='x'>"), Some(Format::Html));
        assert_eq!(Format::of(b"hello"), Some(Format::Text));
        assert_eq!(Format::of(b"PK\x03\x04"), Some(Format::Archive));
        for unknown in [&b"GIF89a\0\0"[..], b"\x7FELF"] {
            assert_eq!(Format::of(unknown), None);
        }
    }
}
