//! The files that a PDF carries, as far as they can be an e-invoice.

use std::borrow::Cow;

use docextract_model::limits;
use hayro::hayro_syntax::Pdf;
use hayro::hayro_syntax::object::{Array, Dict, Stream, String as PdfString};

use crate::einvoice::EMBEDDED_NAMES;

/// No e-invoice is larger compressed. Deflate can't inflate a megabyte to more than the child may
/// hold, so what is let through here stays within the child's memory.
const COMPRESSED_BYTES_MAX: usize = 1024 * 1024;
/// Filters on one stream: each multiplies what the one before it made.
const FILTERS_MAX: usize = 2;
/// More attached files than this are not looked at.
const FILES_MAX: usize = 256;
/// Nodes of the tree of names; a tree that refers to itself ends here.
const TREE_NODES_MAX: usize = 1024;

/// The attached XML files, those with a prescribed name first.
pub(crate) fn xml_files(pdf: &Pdf) -> Vec<Vec<u8>> {
    let Some(catalog) = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id()) else { return Vec::new() };
    let mut specifications = listed_by_name(&catalog);
    if let Some(associated) = catalog.get::<Array<'_>>("AF") {
        specifications.extend(associated.iter::<Dict<'_>>().take(FILES_MAX));
    }
    let mut files: Vec<(usize, Vec<u8>)> = Vec::new();
    for specification in &specifications {
        if let Some((rank, bytes)) = xml_file(specification)
            && !files.iter().any(|(_, known)| *known == bytes)
        {
            files.push((rank, bytes));
        }
    }
    files.sort_by_key(|(rank, _)| *rank);
    files.into_iter().map(|(_, bytes)| bytes).collect()
}

/// The file specifications in the catalog's tree of embedded files.
fn listed_by_name<'a>(catalog: &Dict<'a>) -> Vec<Dict<'a>> {
    let root = catalog.get::<Dict<'_>>("Names").and_then(|names| names.get::<Dict<'_>>("EmbeddedFiles"));
    let mut specifications = Vec::new();
    let mut open: Vec<Dict<'a>> = root.into_iter().collect();
    let mut visited = 0;
    while let Some(node) = open.pop() {
        visited += 1;
        if visited > TREE_NODES_MAX || specifications.len() >= FILES_MAX {
            break;
        }
        if let Some(kids) = node.get::<Array<'_>>("Kids") {
            open.extend(kids.iter::<Dict<'_>>().take(TREE_NODES_MAX));
        }
        if let Some(names) = node.get::<Array<'_>>("Names") {
            // Names and specifications take turns; only the specifications are dictionaries.
            let mut entries = names.flex_iter();
            while specifications.len() < FILES_MAX && entries.next::<PdfString<'_>>().is_some() {
                specifications.extend(entries.next::<Dict<'_>>());
            }
        }
    }
    specifications
}

/// The file's bytes if its name says XML, and how early its name stands in the prescribed ones.
fn xml_file(specification: &Dict<'_>) -> Option<(usize, Vec<u8>)> {
    let name = ["UF", "F"].iter().find_map(|key| specification.get::<PdfString<'_>>(key))?;
    let name = plain_name(name.as_bytes());
    if !name.ends_with(".xml") {
        return None;
    }
    let rank = EMBEDDED_NAMES.iter().position(|known| *known == name).unwrap_or(EMBEDDED_NAMES.len());
    let versions = specification.get::<Dict<'_>>("EF")?;
    let stream = ["F", "UF"].iter().find_map(|key| versions.get::<Stream<'_>>(key))?;
    if stream.raw_data().len() > COMPRESSED_BYTES_MAX || stream.filters().len() > FILTERS_MAX {
        return None;
    }
    let bytes = stream.decoded_data().map(Cow::into_owned).ok()?;
    (u64::try_from(bytes.len()).ok()? <= limits::INFLATED_STREAM_BYTES_MAX).then_some((rank, bytes))
}

/// ASCII letters in lower case, out of UTF-16 or a one-byte encoding: enough to compare names.
fn plain_name(bytes: &[u8]) -> String {
    bytes.iter().filter(|b| b.is_ascii_graphic()).map(|b| char::from(b.to_ascii_lowercase())).collect()
}
