//! The XML of office files, as a walk over its tags and texts.
//!
//! A document type declaration is refused, so no entity can be defined and nothing external fetched;
//! only the five predefined entities and character references are resolved. Nothing is kept here: how
//! deep a document nests costs only what its reader remembers.

use docextract_model::failure::{Failure, FailureCode};
use quick_xml::Reader;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};

/// What a walk meets, in document order. Names are without their prefix.
pub(crate) enum Piece<'a> {
    Open(Tag<'a>),
    Close(&'a str),
    Text(&'a str),
}

pub(crate) struct Tag<'a>(&'a BytesStart<'a>);

impl Tag<'_> {
    pub(crate) fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        let mut attributes = self.0.attributes().flatten();
        attributes.find(|found| found.key.local_name().as_ref() == name).map(|found| found.value.into_owned())
    }

    /// A count that an attribute gives; 1 where it gives none.
    pub(crate) fn count(&self, name: &str) -> usize {
        self.attribute(name).and_then(|count| count.parse().ok()).unwrap_or(1)
    }
}

/// Shows every tag and text to `see`.
pub(crate) fn walk(xml: &[u8], mut see: impl FnMut(Piece<'_>) -> Result<(), Failure>) -> Result<(), Failure> {
    let damaged = || Failure::new(FailureCode::DocumentCorrupted);
    let xml = std::str::from_utf8(xml).map_err(|_| damaged())?;
    let mut reader = Reader::from_str(xml.strip_prefix('\u{FEFF}').unwrap_or(xml));
    let mut depth = 0_usize;
    loop {
        match reader.read_event().map_err(|_| damaged())? {
            Event::Start(start) => {
                depth += 1;
                see(Piece::Open(Tag(&start)))?;
            }
            Event::Empty(start) => {
                see(Piece::Open(Tag(&start)))?;
                see(Piece::Close(start.local_name().into_inner()))?;
            }
            Event::End(end) => {
                depth = depth.saturating_sub(1);
                see(Piece::Close(end.local_name().into_inner()))?;
            }
            Event::Text(text) => see(Piece::Text(&text.xml10_content()))?,
            Event::CData(text) => see(Piece::Text(&text.xml10_content()))?,
            Event::GeneralRef(reference) => match reference.resolve_char_ref().map_err(|_| damaged())? {
                Some(character) => see(Piece::Text(character.encode_utf8(&mut [0; 4])))?,
                None => see(Piece::Text(resolve_xml_entity(&reference).ok_or_else(damaged)?))?,
            },
            Event::DocType(_) => {
                let detail = "Its XML has a document type declaration, which is not read.";
                return Err(Failure::with_detail(FailureCode::DocumentCorrupted, detail));
            }
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof if depth > 0 => return Err(damaged()),
            Event::Eof => return Ok(()),
        }
    }
}
