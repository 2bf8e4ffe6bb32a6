//! Web pages: their text laid out as a text browser shows it, tables as a grid.
//!
//! Scripts and styles are left out and nothing is fetched. The encoding is that of the byte order mark,
//! else the one that the page declares of those that text is read in.

use std::borrow::Cow;
use std::sync::LazyLock;

use docextract_model::failure::{Failure, FailureCode};
use encoding_rs::Encoding;
use html2text::config;
use regex::Regex;

use super::grid::Budget;
use super::text;
use crate::page::Page;

/// Wide enough for the tables of an invoice; paragraphs are broken earlier.
const WIDTH_COLUMNS: usize = 160;
const PARAGRAPH_COLUMNS: usize = 100;
/// A border between two cells becomes so much white: less would read as one phrase.
const BETWEEN_CELLS: &str = "   ";
/// What a web page or a part of one begins with.
const FIRST_TAGS: [&str; 8] = ["<!doctype html", "<html", "<head", "<body", "<table", "<div", "<p", "<meta"];
/// How far into a file its first tag and the name of its encoding may stand.
const FIRST_TAG_WITHIN: usize = 1024;

/// The characters of bytes that are a web page. `None` for bytes that are not.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let head = &bytes[..bytes.len().min(FIRST_TAG_WITHIN)];
    if !head.contains(&b'<') {
        return None;
    }
    let text = match declared(bytes).filter(|_| std::str::from_utf8(bytes).is_err()) {
        Some(encoding) => encoding.decode(bytes).0.into_owned(),
        None => text::decode(bytes)?,
    };
    is_html(&text).then_some(text)
}

/// The encoding that a page says it is in.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(FIRST_TAG_WITHIN)].to_ascii_lowercase();
    let head = String::from_utf8_lossy(&head);
    let (_, behind) = head.split_once("charset=")?;
    let label = behind.trim_start_matches(['"', '\'']);
    let end = label.find(|c: char| !c.is_ascii_alphanumeric() && !"-_:.".contains(c)).unwrap_or(label.len());
    Encoding::for_label(&label.as_bytes()[..end])
}

/// By its first tag, before which a declaration and comments may stand.
fn is_html(text: &str) -> bool {
    let mut rest = text.trim_start();
    for (open, close) in [("<?xml", "?>"), ("<!--", "-->"), ("<!--", "-->")] {
        if rest.starts_with(open) {
            let Some((_, behind)) = rest.split_once(close) else { return false };
            rest = behind.trim_start();
        }
    }
    let starts = |tag: &str| {
        let behind = rest.get(tag.len()..).filter(|_| rest[..tag.len()].eq_ignore_ascii_case(tag));
        behind.is_some_and(|behind| !behind.starts_with(|c: char| c.is_alphanumeric() || c == ':'))
    };
    FIRST_TAGS.iter().any(|tag| starts(tag))
}

/// The pages of a web page.
pub(crate) fn pages(html: &str) -> Result<Vec<Page>, Failure> {
    let shown = shown(html)?;
    Budget::default().take(&shown)?;
    text::pages(&shown)
}

/// A web page as lines of text.
pub(crate) fn shown(html: &str) -> Result<String, Failure> {
    let html = with_all_rows(html);
    let shown = config::plain_no_decorate()
        .allow_width_overflow()
        .max_wrap_width(PARAGRAPH_COLUMNS)
        .string_from_read(html.as_bytes(), WIDTH_COLUMNS)
        .map_err(|_| Failure::new(FailureCode::DocumentCorrupted))?;
    Ok(without_borders(&shown))
}

/// The library knows the rows of a table's head and body and drops those of its foot, where the sums stand, and its
/// caption: to it, the one is more body and the other a paragraph before the table.
fn with_all_rows(html: &str) -> Cow<'_, str> {
    static FOOT: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"(?i)<(/?)tfoot\b").ok());
    static CAPTION: LazyLock<Option<Regex>> =
        LazyLock::new(|| Regex::new(r"(?is)(<table\b[^>]*>)\s*<caption\b[^>]*>(.*?)</caption\s*>").ok());
    let (Some(foot), Some(caption)) = (FOOT.as_ref(), CAPTION.as_ref()) else { return Cow::Borrowed(html) };
    match foot.replace_all(html, "<${1}tbody") {
        Cow::Borrowed(html) => caption.replace_all(html, "<p>$2</p>$1"),
        Cow::Owned(html) => Cow::Owned(caption.replace_all(&html, "<p>$2</p>$1").into_owned()),
    }
}

/// Rows keep their cells apart by white, and the lines between rows go.
fn without_borders(shown: &str) -> String {
    let is_border = |line: &&str| {
        !line.is_empty() && line.chars().all(|c| ('\u{2500}'..='\u{257F}').contains(&c) || c == '/')
    };
    let mut text = String::with_capacity(shown.len());
    for line in shown.lines().filter(|line| !is_border(line)) {
        text.push_str(&line.replace('│', BETWEEN_CELLS));
        text.push('\n');
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_told_by_its_first_tag_and_read_in_the_encoding_that_it_declares() {
        for page in [
            "<!DOCTYPE html><p>x",
            " <!-- saved --><HTML>",
            "<?xml version='1.0'?>\n<html>",
            "<div class='a'>",
        ] {
            assert!(decode(page.as_bytes()).is_some(), "{page}");
        }
        for other in ["<pre:Invoice>", "<Invoice>", "1 < 2", "<!-- open", "", "<prefix>é"] {
            assert_eq!(decode(other.as_bytes()), None, "{other}");
        }
        let polish = b"<html><meta charset=\"iso-8859-2\"><p>zap\xB3ata".as_slice();
        assert!(decode(polish).unwrap().ends_with("zapłata"));
        assert!(decode(b"<p>Gr\xF6\xDFe").unwrap().ends_with("Größe"));
    }

    #[test]
    fn cells_stand_apart_and_scripts_and_styles_are_left_out() {
        let html = "<html><head><style>p {}</style></head><script>var x = 1</script><table>\
                    <tr><th>Net amount<th>Total<tr><td>100.00<td>119.00</table>";
        let page = pages(html).unwrap().remove(0);
        let words: Vec<&str> = page.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words, ["Net", "amount", "Total", "100.00", "119.00"]);
        let left = |index: usize| page.words[index].bbox.x0;
        assert!((left(2) - left(4)).abs() < 1e-6, "the heading stands above its value");
        assert!(left(2) - page.words[1].bbox.x1 > 0.01, "cells stand apart");
    }

    #[test]
    fn a_tables_foot_and_caption_are_shown() {
        let html = "<TABLE class='items'><CAPTION>Invoice 7</CAPTION><tbody><tr><td>Tea<td>9.00</tbody>\
                    <TFOOT id='sums'><tr><td>Total<td>9.00</TFOOT></TABLE>";
        let shown = shown(html).unwrap();
        let lines: Vec<Vec<&str>> = shown.lines().map(|line| line.split_whitespace().collect()).collect();
        let lines: Vec<Vec<&str>> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        assert_eq!(lines, [vec!["Invoice", "7"], vec!["Tea", "9.00"], vec!["Total", "9.00"]]);
    }
}
