//! The address below a party's name.

use serde_json::Value as Json;

use super::Find;
use crate::fields::Document;
use crate::fields::calibration::Group;
use crate::fields::scan::Value;

/// Lines of an address below its name.
const LINES_MAX: usize = 5;

/// The lines below the name that begins at a token, in its column, down to the town. None where no line of
/// them has a postcode or a number in it: then it is no address.
pub(super) fn address(document: &Document<'_>, name: usize) -> Option<Find> {
    let layout = &document.layout;
    let token = layout.tokens.get(name)?;
    let head = layout.segments.get(token.segment)?;
    let height = layout.lines.get(token.line)?.height;
    // `Firm - Street 1 - 12345 Town` in one line: the rest of it is the address.
    let rest = layout.text(name..head.tokens.end);
    if let Some((_, behind)) = rest.split_once([',', '·', '|', '•']).or_else(|| rest.split_once(" - "))
        && has_postcode(behind)
    {
        let words_before = rest[..rest.len() - behind.len()].split_whitespace().count();
        let tokens = (name + words_before).min(head.tokens.end - 1)..head.tokens.end;
        return Some(found(one_line(&layout.text(tokens.clone())), vec![tokens]));
    }
    let mut lines: Vec<std::ops::Range<usize>> = Vec::new();
    let mut bottom = head.bounds.y1;
    for below in layout.lines_below(token.line) {
        let line = layout.lines.get(below)?;
        if line.bounds.y0 - bottom > 1.6 * height || lines.len() >= LINES_MAX {
            break;
        }
        let in_column =
            line.segments.clone().filter_map(|index| layout.segments.get(index)).find(|segment| {
                (segment.bounds.x0 - head.bounds.x0).abs() < height
                    || segment.bounds.share_of_width(head.bounds) > 0.9
            });
        let Some(segment) = in_column else { continue };
        if ends_address(document, segment.tokens.start, &layout.text(segment.tokens.clone())) {
            break;
        }
        bottom = segment.bounds.y1;
        lines.push(segment.tokens.clone());
        if has_postcode(&layout.text(segment.tokens.clone())) && lines.len() > 1 {
            break;
        }
    }
    let texts: Vec<String> = lines.iter().map(|tokens| one_line(&layout.text(tokens.clone()))).collect();
    let text = texts.join(", ");
    has_postcode(&text).then(|| found(text, lines))
}

fn found(text: String, parts: Vec<std::ops::Range<usize>>) -> Find {
    Find { value: Json::String(text), parts, score: 0.8, group: Group::Address }
}

fn one_line(text: &str) -> String {
    text.trim_matches([' ', ',', '-', '–', '·', '|', '•']).to_owned()
}

/// A telephone, a mail, a number that the law wants, a label with a colon: what stands below an address.
fn ends_address(document: &Document<'_>, first: usize, text: &str) -> bool {
    let typed = document.candidates.all.iter().any(|candidate| {
        candidate.tokens.start >= first
            && document.layout.tokens.get(candidate.tokens.start).map(|token| token.segment)
                == document.layout.tokens.get(first).map(|token| token.segment)
            && matches!(
                candidate.value,
                Value::Email(_) | Value::Phone(_) | Value::Iban(_) | Value::VatId(_) | Value::Date { .. }
            )
    });
    typed || text.contains(':') || text.contains('@') || text.chars().count() > 70
}

/// Whether a text has something like a postcode: a word of four to six digits, or letters and digits as in Britain
/// and the Netherlands.
fn has_postcode(text: &str) -> bool {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c == ',').collect();
    words.iter().enumerate().any(|(index, word)| {
        let bare = word.trim_start_matches(|c: char| c.is_ascii_uppercase()).trim_start_matches('-');
        let digits = bare.chars().filter(char::is_ascii_digit).count();
        let plain = (4..=6).contains(&digits) && bare.chars().all(|c| c.is_ascii_digit() || c == '-');
        // `EC1A 1BB`, `SW1 2AA`
        let british = (2..=4).contains(&word.len())
            && word.starts_with(|c: char| c.is_ascii_uppercase())
            && word.contains(|c: char| c.is_ascii_digit())
            && words.get(index + 1).is_some_and(|next| {
                next.len() == 3
                    && next.starts_with(|c: char| c.is_ascii_digit())
                    && next[1..].chars().all(|c| c.is_ascii_uppercase())
            });
        plain || british
    })
}
