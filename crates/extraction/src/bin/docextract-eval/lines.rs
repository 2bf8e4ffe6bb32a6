//! Line items of pages, compared with those that are known.
//!
//! A line is right when its quantity, unit price and amount are; of those that are right it is counted
//! apart whether the description is as well. Lines are matched in order, so a missing one does not make
//! the rest wrong.

use docextract_extraction::fields::FieldResult;
use docextract_extraction::fields::calibration::{Group, Signals};
use docextract_extraction::ocr::NoOcr;
use docextract_extraction::{Limits, Request, extract};
use docextract_model::extractor::{DocumentType, FieldDefinition};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::Row;
use crate::score::{answer, normal, number, share};

/// The lines of one document.
pub(crate) struct Lines {
    file: String,
    template: String,
    expected: usize,
    found: usize,
    right: usize,
    described: usize,
    /// What was expected and found, for a person to compare.
    shown: String,
}

impl Lines {
    /// Whether the value of the field as a whole is right: every line, and no other.
    pub(crate) fn are_right(&self) -> bool {
        self.right == self.expected && self.found == self.expected
    }
}

#[derive(Debug, PartialEq)]
struct Line {
    description: String,
    quantity: Option<Decimal>,
    unit_price: Option<Decimal>,
    amount: Option<Decimal>,
}

impl Line {
    fn of(item: &Value) -> Self {
        let amount = |name: &str| item.get(name).and_then(answer).as_deref().and_then(number);
        Self {
            description: item.get("description").and_then(answer).unwrap_or_default(),
            quantity: amount("quantity"),
            unit_price: amount("unit_price"),
            amount: amount("amount"),
        }
    }

    /// Whether the numbers are the same; where the answer has none, none is wanted.
    fn is(&self, other: &Self) -> bool {
        let same = |wanted: Option<Decimal>, found: Option<Decimal>| wanted.is_none() || wanted == found;
        self.amount == other.amount
            && same(self.quantity, other.quantity)
            && same(self.unit_price, other.unit_price)
    }

    /// Whether the description begins the same way: what follows on the page may be a remark.
    fn is_described_as(&self, other: &Self) -> bool {
        let (wanted, found) = (normal(&self.description), normal(&other.description));
        !found.is_empty() && (found.contains(&wanted) || wanted.contains(&found))
    }
}

/// Compares the lines that were found with the answer's; none where nothing is known.
pub(crate) fn compare(
    row: &Row,
    bytes: Vec<u8>,
    document_type: &DocumentType,
    fields: &[FieldDefinition],
    found: &[(FieldResult, Option<(Signals, Group)>)],
) -> Result<Option<Lines>, String> {
    let Some(at) = fields.iter().position(|field| field.name == "line_items") else { return Ok(None) };
    let expected = match &row.line_items {
        Some(items) => items.clone(),
        None if row.hide_embedded_xml => {
            let request = Request {
                bytes,
                filename: None,
                mime_type: None,
                password: None,
                document_type: document_type.clone(),
                fields: vec![fields[at].clone()],
                owner: String::new(),
                lessons: Vec::new(),
                keep_pages: false,
                local_only: false,
                ignore_embedded_xml: false,
                explain: false,
                limits: Limits::default(),
            };
            // A profile without lines (MINIMUM, BASIC WL) has no data of these fields at all.
            let Ok(extraction) = extract(&request, &mut NoOcr) else { return Ok(None) };
            extraction.extracted_data.get("line_items").and_then(Value::as_array).cloned().unwrap_or_default()
        }
        None => Vec::new(),
    };
    if expected.is_empty() {
        return Ok(None);
    }
    let expected: Vec<Line> = expected.iter().map(Line::of).collect();
    let found: Vec<Line> = found
        .get(at)
        .and_then(|(result, _)| result.value.as_array())
        .map(|items| items.iter().map(Line::of).collect())
        .unwrap_or_default();
    let matched = in_order(&expected, &found);
    Ok(Some(Lines {
        file: row.file.clone(),
        template: row.template.clone(),
        expected: expected.len(),
        found: found.len(),
        right: matched.len(),
        described: matched.iter().filter(|(a, b)| expected[*a].is_described_as(&found[*b])).count(),
        shown: format!("expected {expected:?}\n    found {found:?}"),
    }))
}

/// The longest run of lines that are the same, in order: pairs of indexes.
fn in_order(expected: &[Line], found: &[Line]) -> Vec<(usize, usize)> {
    let mut best = vec![vec![0_usize; found.len() + 1]; expected.len() + 1];
    for a in (0..expected.len()).rev() {
        for b in (0..found.len()).rev() {
            best[a][b] = if expected[a].is(&found[b]) {
                best[a + 1][b + 1] + 1
            } else {
                best[a + 1][b].max(best[a][b + 1])
            };
        }
    }
    let (mut a, mut b, mut pairs) = (0, 0, Vec::new());
    while a < expected.len() && b < found.len() {
        if expected[a].is(&found[b]) && best[a][b] == best[a + 1][b + 1] + 1 {
            pairs.push((a, b));
            (a, b) = (a + 1, b + 1);
        } else if best[a + 1][b] >= best[a][b + 1] {
            a += 1;
        } else {
            b += 1;
        }
    }
    pairs
}

/// Prints how many lines are right, as the mean over templates too.
pub(crate) fn report(lines: &[Lines], misses: bool) {
    if lines.is_empty() {
        return;
    }
    let sum = |of: fn(&Lines) -> usize| lines.iter().map(of).sum::<usize>();
    let (expected, found, right) =
        (sum(|lines| lines.expected), sum(|lines| lines.found), sum(|lines| lines.right));
    let mut templates: Vec<&str> = lines.iter().map(|lines| lines.template.as_str()).collect();
    templates.sort_unstable();
    templates.dedup();
    let of_template = |template: &&str| {
        let here = || lines.iter().filter(|lines| lines.template == **template);
        share(here().map(|lines| lines.right).sum(), here().map(|lines| lines.expected).sum())
    };
    let mean = templates.iter().map(of_template).sum::<f64>() / templates.len() as f64;
    println!(
        "\nline items: {right} of {expected} right ({:.1} %; {:.1} % as the mean of {} templates), {found} found \
         (precision {:.1} %), {} of those right are described as known",
        100.0 * share(right, expected),
        100.0 * mean,
        templates.len(),
        100.0 * share(right, found),
        sum(|lines| lines.described),
    );
    if misses {
        for wrong in lines.iter().filter(|lines| lines.right < lines.expected || lines.found > lines.right) {
            println!("  {}: {} of {}, {} found", wrong.file, wrong.right, wrong.expected, wrong.found);
            println!("    {}", wrong.shown);
        }
    }
}
