//! Why a job failed: the codes that receivers see in `error_details`, in one table.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The code of a failed job. Every failure costs 0 credits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum FailureCode {
    DocumentUnreadable,
    UnsupportedFormat,
    DocumentEncrypted,
    DocumentCorrupted,
    DocumentTooLarge,
    TooManyPages,
    DocumentEmpty,
    NoDataExtracted,
    ExtractionTimeout,
    TemporaryError,
    ServiceUnavailable,
}

impl FailureCode {
    pub const ALL: [FailureCode; 11] = [
        Self::DocumentUnreadable,
        Self::UnsupportedFormat,
        Self::DocumentEncrypted,
        Self::DocumentCorrupted,
        Self::DocumentTooLarge,
        Self::TooManyPages,
        Self::DocumentEmpty,
        Self::NoDataExtracted,
        Self::ExtractionTimeout,
        Self::TemporaryError,
        Self::ServiceUnavailable,
    ];

    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::DocumentUnreadable => "document_unreadable",
            Self::UnsupportedFormat => "unsupported_format",
            Self::DocumentEncrypted => "document_encrypted",
            Self::DocumentCorrupted => "document_corrupted",
            Self::DocumentTooLarge => "document_too_large",
            Self::TooManyPages => "too_many_pages",
            Self::DocumentEmpty => "document_empty",
            Self::NoDataExtracted => "no_data_extracted",
            Self::ExtractionTimeout => "extraction_timeout",
            Self::TemporaryError => "temporary_error",
            Self::ServiceUnavailable => "service_unavailable",
        }
    }

    #[must_use]
    pub fn parse(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == code)
    }

    /// The engine tries these again before the job fails.
    #[must_use]
    pub fn is_retryable(self) -> bool {
        matches!(self, Self::TemporaryError | Self::ServiceUnavailable)
    }

    /// What happened, for a person.
    #[must_use]
    pub fn message(self) -> &'static str {
        match self {
            Self::DocumentUnreadable => "The document could not be read: no usable text was found on it.",
            Self::UnsupportedFormat => "The document is in a format that DocExtract does not read.",
            Self::DocumentEncrypted => "The document is protected by a password.",
            Self::DocumentCorrupted => "The document is damaged and could not be opened.",
            Self::DocumentTooLarge => "The document is larger than this server accepts.",
            Self::TooManyPages => "The document has more pages than this server accepts.",
            Self::DocumentEmpty => "The document has no content.",
            Self::NoDataExtracted => "The document was read, but none of the extractor's fields was found.",
            Self::ExtractionTimeout => "Reading the document took longer than this server allows.",
            Self::TemporaryError => {
                "A temporary error interrupted the extraction, also when it was tried again."
            }
            Self::ServiceUnavailable => "A service that the extraction needs was not available.",
        }
    }

    /// What the user can do about it.
    #[must_use]
    pub fn suggestion(self) -> &'static str {
        match self {
            Self::DocumentUnreadable => {
                "Submit a sharper scan (300 dpi, straight, good contrast) or the original file."
            }
            Self::UnsupportedFormat => "Convert the document to PDF, PNG or JPEG and submit it again.",
            Self::DocumentEncrypted => {
                "Submit the document again with its `password`, or without one in a copy that needs none."
            }
            Self::DocumentCorrupted => "Open the file in a viewer, export it as a new PDF and submit that.",
            Self::DocumentTooLarge => "Submit a smaller file, or ask the operator to raise the limit.",
            Self::TooManyPages => {
                "Split the document and submit the parts, or ask the operator to raise the limit."
            }
            Self::DocumentEmpty => "Check that the right file was submitted.",
            Self::NoDataExtracted => {
                "Check that the extractor fits the document, and add aliases for the labels that it uses."
            }
            Self::ExtractionTimeout => {
                "Submit fewer pages or a smaller scan, or ask the operator to raise the limit."
            }
            Self::TemporaryError | Self::ServiceUnavailable => "Retry the job in a few minutes.",
        }
    }
}

/// `error_details` of a failed job, as receivers see it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Failure {
    pub code: FailureCode,
    pub message: String,
    pub suggestion: String,
}

impl Failure {
    #[must_use]
    pub fn new(code: FailureCode) -> Self {
        Self { code, message: code.message().to_owned(), suggestion: code.suggestion().to_owned() }
    }

    /// The code's own message with a detail behind it, such as which limit was passed.
    #[must_use]
    pub fn with_detail(code: FailureCode, detail: &str) -> Self {
        let mut failure = Self::new(code);
        failure.message = format!("{} {detail}", failure.message);
        failure
    }
}
