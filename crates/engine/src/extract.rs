//! To come.
use async_trait::async_trait;
use docextract_model::failure::Failure;

pub use awaited::{Extraction, Request};

/// Reads a document. The real one is the sandbox of `docextract_extraction`; tests hold fakes.
#[async_trait]
pub trait Extract: Send + Sync + 'static {
    async fn extract(&self, request: Request) -> Result<Extraction, Failure>;
}

/// Stands in until `docextract_extraction` has these types.
mod awaited {
    use docextract_extraction::Limits;
    use docextract_model::extractor::{DocumentType, FieldDefinition};

    #[derive(Debug, Clone)]
    pub struct Request {
        pub bytes: Vec<u8>,
        pub filename: Option<String>,
        pub mime_type: Option<String>,
        pub document_type: DocumentType,
        pub fields: Vec<FieldDefinition>,
        pub ignore_embedded_xml: bool,
        pub limits: Limits,
    }

    #[derive(Debug, Clone, Default)]
    pub struct Extraction {
        pub mime_type: String,
        pub page_count: u32,
        pub source: String,
        pub extracted_data: serde_json::Map<String, serde_json::Value>,
        pub confidence: serde_json::Map<String, serde_json::Value>,
        pub citations: serde_json::Map<String, serde_json::Value>,
        pub warnings: Vec<String>,
    }
}
