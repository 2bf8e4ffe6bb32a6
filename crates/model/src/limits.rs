//! Every limit has its name here. Those that an operator may change are defaults.

/// Bytes of one submitted document.
pub const DOCUMENT_BYTES_MAX: u64 = 25 * 1024 * 1024;
/// Pages of one document.
pub const DOCUMENT_PAGES_MAX: u32 = 200;
/// Wall-clock time for one document, from the start of its extraction.
pub const EXTRACTION_MS_MAX: u64 = 60_000;
/// Memory of one extraction process.
pub const CHILD_MEMORY_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Processor time of one extraction process, per page.
pub const CHILD_CPU_SECONDS_PER_PAGE: u64 = 20;
/// Bytes of one stream after it is inflated.
pub const INFLATED_STREAM_BYTES_MAX: u64 = 64 * 1024 * 1024;
/// Bytes of all streams of a document after they are inflated.
pub const INFLATED_TOTAL_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Pixels of one page that is rendered or decoded.
pub const PAGE_PIXELS_MAX: u64 = 40_000_000;

/// Fields on one level of an extractor.
pub const EXTRACTOR_FIELDS_MAX: usize = 200;
/// Levels below the first one of an extractor's fields.
pub const EXTRACTOR_DEPTH_MAX: usize = 2;
/// Aliases of one field.
pub const EXTRACTOR_ALIASES_MAX: usize = 50;
/// Compiled size of a field's `pattern`.
pub const PATTERN_BYTES_MAX: usize = 1024 * 1024;
