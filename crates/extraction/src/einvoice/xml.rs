//! Just enough XML: a tree of local names, attributes and text.
//!
//! A document type declaration is refused, so no entity can be defined and nothing external fetched;
//! only the five predefined entities and character references are resolved. Depth and number of
//! elements are limited.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

const DEPTH_MAX: usize = 64;
const ELEMENTS_MAX: usize = 200_000;

/// Why a text is not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum XmlError {
    /// Not well-formed, or not in a known encoding.
    Malformed,
    /// Well-formed perhaps, but it asks for what is refused here.
    Refused,
}

/// An element.
#[derive(Debug, Default)]
pub(super) struct Node {
    pub(super) name: String,
    attributes: Vec<(String, String)>,
    text: String,
    children: Vec<Node>,
}

impl Node {
    /// The children of that name, in order.
    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Node> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The first element on a path such as `A/B/C`.
    pub(super) fn at(&self, path: &str) -> Option<&Node> {
        path.split('/').try_fold(self, |node, name| node.children.iter().find(|child| child.name == name))
    }

    /// The text of the first element on a path, white space folded; `None` if it is missing or blank.
    pub(super) fn text_at(&self, path: &str) -> Option<String> {
        self.at(path).and_then(Node::text)
    }

    pub(super) fn text(&self) -> Option<String> {
        let folded = self.text.split_whitespace().collect::<Vec<_>>().join(" ");
        (!folded.is_empty()).then_some(folded)
    }

    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// Parses a whole document and returns its root.
pub(super) fn parse(bytes: &[u8]) -> Result<Node, XmlError> {
    let text = decode(bytes)?;
    let mut reader = Reader::from_str(&text);
    let mut open: Vec<Node> = vec![Node::default()];
    let mut elements = 0;
    loop {
        match reader.read_event().map_err(|_| XmlError::Malformed)? {
            Event::Start(start) => {
                elements += 1;
                if open.len() > DEPTH_MAX || elements > ELEMENTS_MAX {
                    return Err(XmlError::Refused);
                }
                open.push(element(&start)?);
            }
            Event::Empty(start) => {
                elements += 1;
                if elements > ELEMENTS_MAX {
                    return Err(XmlError::Refused);
                }
                let node = element(&start)?;
                innermost(&mut open)?.children.push(node);
            }
            Event::End(_) => {
                let node = open.pop().ok_or(XmlError::Malformed)?;
                innermost(&mut open)?.children.push(node);
            }
            Event::Text(text) => innermost(&mut open)?.text.push_str(&text.xml10_content()),
            Event::CData(text) => innermost(&mut open)?.text.push_str(&text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => character,
                    Ok(None) => predefined(&reference)?,
                    Err(_) => return Err(XmlError::Malformed),
                };
                innermost(&mut open)?.text.push(character);
            }
            Event::DocType(_) => return Err(XmlError::Refused),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
        }
    }
    match open.as_mut_slice() {
        // Only the holder of the root is left, and it holds one element.
        [holder] if holder.children.len() == 1 => holder.children.pop().ok_or(XmlError::Malformed),
        _ => Err(XmlError::Malformed),
    }
}

fn innermost(open: &mut [Node]) -> Result<&mut Node, XmlError> {
    open.last_mut().ok_or(XmlError::Malformed)
}

fn element(start: &BytesStart<'_>) -> Result<Node, XmlError> {
    let mut node = Node { name: start.local_name().as_ref().to_owned(), ..Node::default() };
    for attribute in start.attributes() {
        let attribute = attribute.map_err(|_| XmlError::Malformed)?;
        node.attributes.push((attribute.key.local_name().as_ref().to_owned(), attribute.value.into_owned()));
    }
    Ok(node)
}

fn predefined(name: &str) -> Result<char, XmlError> {
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(XmlError::Refused),
    }
}

/// UTF-8, UTF-16 with a byte order mark, or Latin-1 where the declaration says so.
fn decode(bytes: &[u8]) -> Result<String, XmlError> {
    let utf16 = |from: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = bytes[2..].chunks_exact(2).map(|pair| from([pair[0], pair[1]])).collect();
        String::from_utf16(&units).map_err(|_| XmlError::Malformed)
    };
    match bytes {
        [0xFF, 0xFE, ..] => return utf16(u16::from_le_bytes),
        [0xFE, 0xFF, ..] => return utf16(u16::from_be_bytes),
        _ => {}
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii();
    // Some writers close the stream with a NUL.
    let bytes = bytes.strip_suffix(b"\0").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let declaration = String::from_utf8_lossy(&bytes[..bytes.len().min(200)]).to_ascii_lowercase();
    if ["iso-8859-1", "iso-8859-15", "windows-1252"].iter().any(|name| declaration.contains(name)) {
        return Ok(bytes.iter().copied().map(char::from).collect());
    }
    Err(XmlError::Malformed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_prefix_and_text_its_white_space() {
        let root = parse(b"<?xml version='1.0'?><a:r xmlns:a='x'><a:b k='v'> one &amp;\n <![CDATA[two]]>&#33; </a:b></a:r>")
            .unwrap();
        assert_eq!(root.text_at("b").as_deref(), Some("one & two!"));
        assert_eq!(root.at("b").unwrap().attribute("k"), Some("v"));
    }

    #[test]
    fn entities_and_endless_depth_are_refused() {
        let bomb = b"<!DOCTYPE r [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><r>&b;</r>";
        assert_eq!(parse(bomb).unwrap_err(), XmlError::Refused);
        assert_eq!(parse(b"<r>&unknown;</r>").unwrap_err(), XmlError::Refused);
        let deep = format!("{}{}", "<r>".repeat(100), "</r>".repeat(100));
        assert_eq!(parse(deep.as_bytes()).unwrap_err(), XmlError::Refused);
        assert_eq!(parse(b"<r><s></r>").unwrap_err(), XmlError::Malformed);
        assert_eq!(parse(b"<r>").unwrap_err(), XmlError::Malformed);
    }
}
