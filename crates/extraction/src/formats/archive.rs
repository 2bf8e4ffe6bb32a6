//! The zip archive that an office file is, inflated within the limits.
//!
//! Declared sizes are not believed: every inflated byte is counted. Entries are read by the names that a
//! format prescribes; nothing is unpacked to a disk, and an archive within an archive stays closed.

use std::io::{Cursor, Read};

use docextract_model::failure::{Failure, FailureCode};
use docextract_model::limits;
use zip::ZipArchive;
use zip::result::ZipError;

/// What an archive holds, told by the entries that it must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Contents {
    Xlsx,
    Docx,
    Ods,
    Other,
}

pub(crate) struct Archive<'a> {
    zip: ZipArchive<Cursor<&'a [u8]>>,
    inflated_bytes: u64,
}

impl<'a> Archive<'a> {
    pub(crate) fn open(bytes: &'a [u8]) -> Result<Self, Failure> {
        let zip = ZipArchive::new(Cursor::new(bytes)).map_err(|error| failure(&error))?;
        if zip.len() > limits::ARCHIVE_ENTRIES_MAX {
            return Err(Failure::with_detail(
                FailureCode::DocumentTooLarge,
                &format!("Its archive has more than {} entries.", limits::ARCHIVE_ENTRIES_MAX),
            ));
        }
        Ok(Self { zip, inflated_bytes: 0 })
    }

    pub(crate) fn contents(&mut self) -> Contents {
        let has = |name| self.zip.index_for_name(name).is_some();
        let is_ooxml = has("[Content_Types].xml");
        if is_ooxml && has("xl/workbook.xml") {
            return Contents::Xlsx;
        }
        if is_ooxml && has("word/document.xml") {
            return Contents::Docx;
        }
        match self.read("mimetype").ok().flatten().as_deref() {
            Some(b"application/vnd.oasis.opendocument.spreadsheet") => Contents::Ods,
            Some(_) | None => Contents::Other,
        }
    }

    /// The bytes of an entry, or `None` where there is none of that name.
    pub(crate) fn read(&mut self, name: &str) -> Result<Option<Vec<u8>>, Failure> {
        let Some(index) = self.zip.index_for_name(name) else { return Ok(None) };
        let mut bytes = Vec::new();
        self.inflate(index, &mut bytes)?;
        Ok(Some(bytes))
    }

    /// Inflates everything and keeps nothing: for a reader that counts nothing by itself.
    pub(crate) fn check_sizes(&mut self) -> Result<(), Failure> {
        (0..self.zip.len()).try_for_each(|index| self.inflate(index, &mut std::io::sink()))
    }

    fn inflate(&mut self, index: usize, into: &mut impl std::io::Write) -> Result<(), Failure> {
        let left = limits::INFLATED_TOTAL_BYTES_MAX.saturating_sub(self.inflated_bytes);
        let allowed = left.min(limits::INFLATED_STREAM_BYTES_MAX);
        let entry = self.zip.by_index(index).map_err(|error| failure(&error))?;
        let copied = std::io::copy(&mut entry.take(allowed + 1), into)
            .map_err(|_| Failure::new(FailureCode::DocumentCorrupted))?;
        if copied > allowed {
            return Err(Failure::with_detail(
                FailureCode::DocumentTooLarge,
                &format!(
                    "Inflated, it is larger than {} MB, or a part of it than {} MB.",
                    limits::INFLATED_TOTAL_BYTES_MAX >> 20,
                    limits::INFLATED_STREAM_BYTES_MAX >> 20
                ),
            ));
        }
        self.inflated_bytes += copied;
        Ok(())
    }
}

fn failure(error: &ZipError) -> Failure {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => {
            Failure::new(FailureCode::DocumentEncrypted)
        }
        _ => Failure::new(FailureCode::DocumentCorrupted),
    }
}
