//! `docextract extract --explain`: why each field has its value, for a person.
//!
//! A field is a line, then what its confidence was computed from, then all that could have been its value, the best
//! first. What decided is named in words, so that nothing is lost without colour.

use std::io::{self, Write};

use docextract_extraction::{Candidate, DecidedBy, Explanation, Label, Outcome, Signal};
use serde_json::Value;

/// Candidates of one field that are shown.
const CANDIDATES_SHOWN: usize = 8;
/// Characters of a value that are shown.
const VALUE_SHOWN: usize = 60;

/// Prints the fields of one document.
pub(super) fn print(to: &mut impl Write, file: &str, explanations: &[Explanation]) -> io::Result<()> {
    writeln!(to, "{file}")?;
    for explanation in explanations {
        writeln!(to)?;
        print_field(to, explanation)?;
    }
    writeln!(to)
}

fn print_field(to: &mut impl Write, explained: &Explanation) -> io::Result<()> {
    let Explanation { field, value, confidence, decided_by, signals, candidates } = explained;
    match decided_by {
        DecidedBy::Nothing => writeln!(to, "{field}: nothing was found")?,
        decided_by => {
            let because = because(*decided_by);
            writeln!(to, "{field} = {} (confidence {confidence}): {because}", shown(value))?;
        }
    }
    let shares: Vec<String> = signals.iter().filter(|signal| signal.weighs != 0.0).map(share).collect();
    if !shares.is_empty() {
        writeln!(to, "  confidence from: {}", shares.join(", "))?;
    }
    for candidate in candidates.iter().take(CANDIDATES_SHOWN) {
        writeln!(to, "  {}", candidate_line(candidate))?;
    }
    match candidates.len().saturating_sub(CANDIDATES_SHOWN) {
        0 => {}
        more => writeln!(to, "  and {more} more (all of them with --json)")?,
    }
    if *decided_by == DecidedBy::Nothing && candidates.is_empty() {
        writeln!(
            to,
            "  Nothing on the pages could be its value: no label of this field, or nothing of its type."
        )?;
    }
    Ok(())
}

fn because(decided_by: DecidedBy) -> &'static str {
    match decided_by {
        DecidedBy::Candidates => "the best of the candidates",
        DecidedBy::Lesson => "where it was corrected on a document of this layout",
        DecidedBy::Table => "read from a table",
        DecidedBy::KindOfDocument => "by rules for this kind of document",
        DecidedBy::Xml => "the embedded XML says so",
        DecidedBy::Nothing => "nothing was found",
    }
}

/// A signal's name and value, and what it adds to the log of the odds.
fn share(Signal { name, value, weighs }: &Signal) -> String {
    format!("{name} {value:.2} ({weighs:+.2})")
}

fn candidate_line(candidate: &Candidate) -> String {
    let Candidate { value, score, outcome, taken_by, label, citation } = candidate;
    let outcome = match (outcome, taken_by) {
        (Outcome::Chosen, _) => "chosen".to_owned(),
        (Outcome::Outscored, _) => "outscored".to_owned(),
        (Outcome::Taken, Some(by)) => format!("taken by {by}"),
        (Outcome::Taken, None) => "taken by another field".to_owned(),
        (Outcome::TooWeak, _) => "too weak".to_owned(),
        (Outcome::NotInSet, _) => "not in the set".to_owned(),
        (Outcome::Overruled, _) => "overruled".to_owned(),
    };
    let label = label.as_ref().map_or_else(String::new, |Label { text, strength, is_above }| {
        let side = if *is_above { "below" } else { "beside" };
        format!(", {side} {:?} ({strength:.2})", shortened(text))
    });
    let page = citation["page"].as_u64().map_or_else(String::new, |page| format!(", page {page}"));
    format!("{score:>6.2}  {outcome}: {}{label}{page}", shown(value))
}

fn shown(value: &Value) -> String {
    match value {
        Value::Array(rows) => format!("{} rows", rows.len()),
        other => shortened(&other.to_string()),
    }
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= VALUE_SHOWN {
        return text.to_owned();
    }
    let start: String = text.chars().take(VALUE_SHOWN).collect();
    format!("{start}…")
}
