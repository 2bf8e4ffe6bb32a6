//! Values that have no form of their own: free text beside a label, yes or no, one of a list,
//! what a pattern describes.

use std::ops::Range;

use regex::Regex;

use super::Document;
use super::labels::{Key, Labels};
use super::text::fold;

/// A text and how well its place speaks for it.
#[derive(Debug, Clone)]
pub struct TextValue {
    pub text: String,
    pub tokens: Range<usize>,
    pub score: f32,
}

/// How many words a value of free text may have.
const TEXT_WORDS_MAX: usize = 20;

/// The text beside the labels of a key, best first.
#[must_use]
pub fn beside_labels(document: &Document<'_>, keys: &[Key]) -> Vec<TextValue> {
    let mut found: Vec<TextValue> = Vec::new();
    for label in &document.labels {
        let weight = label.weight_for(keys);
        if weight <= 0.0 {
            continue;
        }
        if let Some((tokens, place)) =
            right_of(document, &label.tokens).or_else(|| below(document, &label.tokens))
        {
            let text = clean(&document.layout.text(tokens.clone()));
            if !text.is_empty() {
                found.push(TextValue { text, tokens, score: weight * place });
            }
        }
    }
    found.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.tokens.start.cmp(&b.tokens.start)));
    found
}

fn clean(text: &str) -> String {
    let trimmed =
        text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | '|' | ';' | '=' | ',' | '_'));
    trimmed.trim_start_matches(['-', '–', '.', '#', ' ']).to_owned()
}

/// The rest of the segment, or the next one on the line.
fn right_of(document: &Document<'_>, label: &Range<usize>) -> Option<(Range<usize>, f32)> {
    let layout = &document.layout;
    let segment = layout.segments.get(layout.tokens.get(label.start)?.segment)?;
    let line = layout.lines.get(segment.line)?;
    let colon = layout.tokens.get(label.end - 1)?.text.ends_with(':')
        || layout.tokens.get(label.end).is_some_and(|token| token.text == ":");
    let at_start = segment.tokens.start == label.start;
    if let Some(tokens) = before_next_label(document, label.end..segment.tokens.end, label.end) {
        // Without a colon, what follows may be the rest of a sentence.
        return Some((
            tokens,
            if colon {
                1.0
            } else if at_start {
                0.75
            } else {
                0.4
            },
        ));
    }
    let next = layout.segments.get(layout.tokens.get(label.start)?.segment + 1)?;
    if next.tokens.start >= line.tokens.end || starts_with_label(document, next.tokens.start) {
        return None;
    }
    let tokens = before_next_label(document, next.tokens.clone(), next.tokens.start)?;
    Some((tokens, if colon { 0.9 } else { 0.7 }))
}

/// The segment below in the same column, if it is no label.
fn below(document: &Document<'_>, label: &Range<usize>) -> Option<(Range<usize>, f32)> {
    let layout = &document.layout;
    let bounds = layout.bounds(label.clone())?;
    let line = layout.tokens.get(label.start)?.line;
    let height = layout.lines.get(line)?.height;
    for below in layout.lines_below(line).take(3) {
        let line = layout.lines.get(below)?;
        if line.bounds.y0 - bounds.y1 > 2.5 * height {
            break;
        }
        for segment in line.segments.clone() {
            let segment = layout.segments.get(segment)?;
            let flush = (segment.bounds.x0 - bounds.x0).abs() < height;
            if (flush || segment.bounds.share_of_width(bounds) > 0.3)
                && !starts_with_label(document, segment.tokens.start)
            {
                return Some((segment.tokens.clone(), if flush { 0.8 } else { 0.6 }));
            }
        }
    }
    None
}

/// A run of tokens up to the next label with a colon; none when nothing is left.
fn before_next_label(document: &Document<'_>, tokens: Range<usize>, from: usize) -> Option<Range<usize>> {
    let layout = &document.layout;
    let next = document.labels.iter().find(|label| {
        label.tokens.start > from
            && label.tokens.start < tokens.end
            && layout.tokens.get(label.tokens.end - 1).is_some_and(|token| token.text.ends_with(':'))
    });
    let end = next.map_or(tokens.end, |label| label.tokens.start).min(tokens.start + TEXT_WORDS_MAX);
    let meaningful = layout.tokens.get(tokens.start..end)?.iter().any(|token| !token.folded.is_empty());
    meaningful.then_some(tokens.start..end)
}

fn starts_with_label(document: &Document<'_>, token: usize) -> bool {
    let at = document.labels.partition_point(|label| label.tokens.start < token);
    document.labels.get(at).is_some_and(|label| {
        label.tokens.start == token && label.keys.iter().any(|(_, weight)| *weight > 0.5)
    })
}

/// How many words a value that a pattern describes may have.
const PATTERN_WORDS_MAX: usize = 6;
/// How many values a pattern may find before the search ends.
const PATTERN_VALUES_MAX: usize = 500;

/// Every run of words that matches a pattern as a whole, the longest at each place.
#[must_use]
pub fn matching(document: &Document<'_>, pattern: &str) -> Vec<TextValue> {
    let whole = format!("^(?:{pattern})$");
    let Ok(regex) =
        regex::RegexBuilder::new(&whole).size_limit(docextract_model::limits::PATTERN_BYTES_MAX).build()
    else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for line in &document.layout.lines {
        let mut start = line.tokens.start;
        while start < line.tokens.end && found.len() < PATTERN_VALUES_MAX {
            let longest =
                (start + 1..=line.tokens.end.min(start + PATTERN_WORDS_MAX)).rev().find_map(|end| {
                    let text = document.layout.text(start..end);
                    let bare = text.trim_matches(|c: char| {
                        c.is_whitespace() || matches!(c, ':' | ',' | ';' | '.' | '(' | ')' | '#')
                    });
                    [text.as_str(), bare]
                        .into_iter()
                        .find(|text| is_match(&regex, text))
                        .map(|text| (text.to_owned(), end))
                });
            match longest {
                Some((text, end)) => {
                    found.push(TextValue { text, tokens: start..end, score: 0.0 });
                    start = end;
                }
                None => start += 1,
            }
        }
    }
    found
}

fn is_match(regex: &Regex, text: &str) -> bool {
    !text.is_empty() && regex.is_match(text)
}

/// Whether a value as a whole matches a pattern.
#[must_use]
pub fn fits_pattern(pattern: &str, text: &str) -> bool {
    let whole = format!("^(?:{pattern})$");
    regex::RegexBuilder::new(&whole)
        .size_limit(docextract_model::limits::PATTERN_BYTES_MAX)
        .build()
        .is_ok_and(|regex| regex.is_match(text))
}

/// Every place where one of a list of values stands: the value as the extractor spells it.
#[must_use]
pub fn one_of(document: &Document<'_>, values: &[String]) -> Vec<TextValue> {
    let mut labels = Labels::default();
    for (index, value) in values.iter().enumerate() {
        labels.add(value, index, 1.0);
    }
    labels
        .find(&document.layout)
        .into_iter()
        .filter_map(|found| {
            let (key, weight) = found.keys.first().copied()?;
            Some(TextValue { text: values.get(key)?.clone(), tokens: found.tokens, score: weight })
        })
        .collect()
}

const YES: [&str; 16] = [
    "yes", "y", "true", "ja", "oui", "si", "sim", "tak", "x", "checked", "on", "wahr", "vrai", "vero",
    "igen", "ano",
];
const NO: [&str; 12] =
    ["no", "n", "false", "nein", "non", "nee", "nao", "nie", "unchecked", "off", "falsch", "faux"];

/// Yes or no beside a label: a word, or a box with or without a mark.
#[must_use]
pub fn yes_or_no(document: &Document<'_>, keys: &[Key]) -> Option<(bool, TextValue)> {
    let layout = &document.layout;
    for label in &document.labels {
        let weight = label.weight_for(keys);
        if weight <= 0.0 {
            continue;
        }
        let line = layout.lines.get(layout.tokens.get(label.tokens.start)?.line)?;
        // The box may stand before its text, the word after it.
        let before = label.tokens.start.saturating_sub(3).max(line.tokens.start)..label.tokens.start;
        let after = label.tokens.end..(label.tokens.end + 8).min(line.tokens.end);
        if let Some((answer, tokens)) = box_in(document, after.clone())
            .or_else(|| word_in(document, after))
            .or_else(|| box_in(document, before))
        {
            let text = layout.text(tokens.clone());
            return Some((answer, TextValue { text, tokens, score: weight * 0.9 }));
        }
    }
    None
}

/// The first box in a run of tokens and whether it has a mark.
fn box_in(document: &Document<'_>, tokens: Range<usize>) -> Option<(bool, Range<usize>)> {
    tokens.clone().find_map(|index| {
        let token = document.layout.tokens.get(index)?;
        let answer = match token.text.trim_end_matches([':', ',', '.']) {
            "☑" | "☒" | "✓" | "✔" | "✗" | "✘" | "[x]" | "[X]" | "(x)" | "(X)" | "■" | "⊠" | "●" => {
                true
            }
            "☐" | "□" | "[]" | "()" | "○" | "❏" | "❑" => false,
            "[" => {
                let next = document.layout.tokens.get(index + 1).filter(|_| index + 1 < tokens.end)?;
                match next.text.as_str() {
                    "]" => false,
                    text if text.starts_with(['x', 'X']) => true,
                    _ => return None,
                }
            }
            _ => return None,
        };
        Some((answer, index..index + 1))
    })
}

/// The first word that says yes or no; where both are printed, the one with a marked box decides.
fn word_in(document: &Document<'_>, tokens: Range<usize>) -> Option<(bool, Range<usize>)> {
    tokens.into_iter().find_map(|index| {
        let token = document.layout.tokens.get(index)?;
        let folded = fold(&token.text);
        let answer = if YES.contains(&folded.as_str()) {
            true
        } else if NO.contains(&folded.as_str()) {
            false
        } else {
            return None;
        };
        Some((answer, index..index + 1))
    })
}
