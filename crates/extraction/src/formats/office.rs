//! Office files: which one it is, and why one is not read.
//!
//! Today's are zip archives of XML. The binary ones of before 2007 are not read, and a file with a
//! password is wrapped in the same container as those; each is told what to do.

use docextract_model::failure::{Failure, FailureCode};

use super::archive::{Archive, Contents};
use super::detect::Format;

/// Entries of an old container's directory are so long and begin at multiples of it.
const OLE_ENTRY_BYTES: usize = 128;

/// Names in an old container that tell its kind, with what to do about it.
const OLE_KINDS: [(&str, &str); 4] = [
    ("WordDocument", "Open it in a word processor, save it as .docx or PDF, and submit that."),
    ("Workbook", "Open it in a spreadsheet program, save it as .xlsx, and submit that."),
    ("Book", "Open it in a spreadsheet program, save it as .xlsx, and submit that."),
    ("PowerPoint Document", "Open it, save it as PDF, and submit that."),
];

/// Which format a zip archive is.
pub(crate) fn kind(bytes: &[u8]) -> Format {
    match Archive::open(bytes).map(|mut archive| archive.contents()) {
        Ok(Contents::Xlsx) => Format::Xlsx,
        Ok(Contents::Docx) => Format::Docx,
        Ok(Contents::Ods) => Format::Ods,
        Ok(Contents::Other) | Err(_) => Format::Archive,
    }
}

/// Why an archive that is no office file is not read.
pub(crate) fn archive_failure(bytes: &[u8]) -> Failure {
    Archive::open(bytes).err().unwrap_or_else(|| Failure {
        suggestion: "Unpack the archive and submit the documents in it one by one.".to_owned(),
        ..Failure::new(FailureCode::UnsupportedFormat)
    })
}

/// Why an old container is not read.
pub(crate) fn ole_failure(bytes: &[u8]) -> Failure {
    if ole_has(bytes, "EncryptedPackage") {
        return Failure {
            suggestion: "Remove the password in an office program and submit the document again: a \
                         `password` opens PDF files only."
                .to_owned(),
            ..Failure::new(FailureCode::DocumentEncrypted)
        };
    }
    let failure = Failure::with_detail(
        FailureCode::UnsupportedFormat,
        "It is in a binary format that office programs wrote before 2007.",
    );
    match OLE_KINDS.iter().find(|(name, _)| ole_has(bytes, name)) {
        Some((_, suggestion)) => Failure { suggestion: (*suggestion).to_owned(), ..failure },
        None => failure,
    }
}

/// Whether the container's directory lists this name.
fn ole_has(bytes: &[u8], name: &str) -> bool {
    let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
    bytes.chunks_exact(OLE_ENTRY_BYTES).any(|entry| entry.starts_with(&name))
}
