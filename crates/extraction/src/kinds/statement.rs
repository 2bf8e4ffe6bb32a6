//! The movements of a bank statement: lines that begin with a date and hold an amount.
//!
//! What goes out has a minus, also where it stands behind the amount, where a column says debit, or where
//! an `S` or `D` stands behind it. Lines without date and amount below a movement go on with its description.

use std::ops::Range;

use docextract_model::number::json_number;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::Find;
use crate::fields::Document;
use crate::fields::calibration::Group;
use crate::fields::parties::Parties;
use crate::fields::scan::{Form, Value};
use crate::fields::text::fold;
use crate::layout::Bounds;

/// Movements of one statement that are given back.
const ROWS_MAX: usize = 5_000;
/// Words above a column of what goes out and of what comes in, and of what is left.
const OUT: [&str; 20] = [
    "debit",
    "debits",
    "withdrawal",
    "withdrawals",
    "paidout",
    "moneyout",
    "payments",
    "soll",
    "lastschrift",
    "belastung",
    "ausgang",
    "debito",
    "cargo",
    "cargos",
    "addebito",
    "addebiti",
    "af",
    "uit",
    "obciazenia",
    "wyplaty",
];
const IN: [&str; 21] = [
    "credit",
    "credits",
    "deposit",
    "deposits",
    "paidin",
    "moneyin",
    "receipts",
    "haben",
    "gutschrift",
    "eingang",
    "credito",
    "abono",
    "abonos",
    "accredito",
    "accrediti",
    "bij",
    "in",
    "uznania",
    "wplaty",
    "creditos",
    "haber",
];
const LEFT: [&str; 12] = [
    "balance",
    "saldo",
    "kontostand",
    "solde",
    "runningbalance",
    "saldopo",
    "saldodisponible",
    "nouveausolde",
    "saldocontabile",
    "saldofinal",
    "saldonieuw",
    "restsaldo",
];

struct Row {
    day: String,
    description: Vec<String>,
    amount: Decimal,
    balance: Option<Decimal>,
    column: Bounds,
    line: usize,
}

struct Columns {
    debit: Option<Bounds>,
    credit: Option<Bounds>,
    left: Option<Bounds>,
}

/// Whom the statement is sent to: who is called so (`Name: …`), or the name above an address at the head of the page.
pub(super) fn holder(document: &Document<'_>) -> Option<Find> {
    if let Some(tokens) = named(document) {
        let value = Json::String(document.layout.text(tokens.clone()));
        return Some(Find { value, parts: vec![tokens], score: 0.8, group: Group::Party });
    }
    let addressee = Parties::of(&document.layout, &document.labels).addressee()?;
    let (parts, value) = (addressee.parts().collect(), Json::String(without_title(&addressee.text)));
    Some(Find { value, parts, score: addressee.score, group: Group::Party })
}

/// A name without the form of address before it: an account is held by a person, not by a title.
fn without_title(name: &str) -> String {
    const TITLES: [&str; 20] = [
        "herr", "herrn", "frau", "mr", "mrs", "ms", "miss", "m", "mme", "mlle", "monsieur", "madame", "de",
        "heer", "dhr", "mevr", "mevrouw", "sig", "sr", "sra",
    ];
    let words: Vec<&str> = name.split_whitespace().collect();
    let titles = words.iter().take_while(|word| TITLES.contains(&fold(word).as_str())).count();
    // `de` alone begins a name, `de heer` addresses one.
    let only_particle = titles == 1 && words.first().is_some_and(|word| fold(word) == "de");
    if only_particle || words.len() < titles + 2 { name.to_owned() } else { words[titles..].join(" ") }
}

/// What stands behind `Name:` in the upper half of the first page.
fn named(document: &Document<'_>) -> Option<Range<usize>> {
    let layout = &document.layout;
    let page = layout.pages.first()?;
    let lines = layout.lines.get(page.lines.clone())?;
    let upper = lines.iter().take_while(|line| line.bounds.y0 < 0.5 * page.height);
    upper.flat_map(|line| line.tokens.clone()).find_map(|index| {
        let key = layout.tokens.get(index)?;
        let is_key = key.text.ends_with(':')
            && matches!(key.folded.as_str(), "name" | "naam" | "nome" | "nombre" | "nom" | "nazwa" | "imie");
        let next = layout.tokens.get(index + 1).filter(|next| is_key && next.line == key.line)?;
        let tokens = index + 1..layout.segments.get(next.segment)?.tokens.end;
        let letters = layout.text(tokens.clone()).chars().filter(|c| c.is_alphabetic()).count();
        (letters >= 3).then_some(tokens)
    })
}

pub(super) fn transactions(document: &Document<'_>) -> Option<Find> {
    let layout = &document.layout;
    let columns = columns(document);
    let mut rows: Vec<Row> = Vec::new();
    let mut tokens: Option<Range<usize>> = None;
    for index in 0..layout.lines.len() {
        if let Some(row) = row(document, index, &columns) {
            let line = layout.lines.get(index)?;
            let first_page = layout.pages.first().is_some_and(|page| page.lines.contains(&index));
            tokens = match tokens {
                Some(known) if first_page => Some(known.start..line.tokens.end),
                Some(known) => Some(known),
                None => Some(line.tokens.clone()),
            };
            rows.push(row);
            if rows.len() >= ROWS_MAX {
                break;
            }
        } else if let Some(last) = rows.last_mut() {
            go_on(document, index, last);
        }
    }
    let list: Vec<Json> = rows
        .into_iter()
        .map(|row| {
            json!({
                "date": row.day,
                "description": row.description.join(" "),
                "amount": json_number(row.amount),
                "balance": row.balance.map_or(Json::Null, json_number),
            })
        })
        .collect();
    Some(Find { value: Json::Array(list), parts: vec![tokens?], score: 0.85, group: Group::Text })
}

/// The columns by the heads above them: the first line that names an amount's column.
fn columns(document: &Document<'_>) -> Columns {
    let layout = &document.layout;
    let mut columns = Columns { debit: None, credit: None, left: None };
    for line in &layout.lines {
        let segments = layout.segments.get(line.segments.clone()).unwrap_or_default();
        if segments.len() < 3 {
            continue;
        }
        for segment in segments {
            let folded: String = layout
                .tokens
                .get(segment.tokens.clone())
                .unwrap_or_default()
                .iter()
                .map(|t| t.folded.as_str())
                .collect();
            let is = |words: &[&str]| words.contains(&folded.as_str());
            if is(&OUT) {
                columns.debit.get_or_insert(segment.bounds);
            } else if is(&IN) {
                columns.credit.get_or_insert(segment.bounds);
            } else if is(&LEFT) {
                columns.left.get_or_insert(segment.bounds);
            }
        }
        if columns.debit.is_some() || columns.credit.is_some() || columns.left.is_some() {
            break;
        }
    }
    columns
}

/// The movement of a line, if it begins with a date and has an amount with cents.
fn row(document: &Document<'_>, index: usize, columns: &Columns) -> Option<Row> {
    let layout = &document.layout;
    let line = layout.lines.get(index)?;
    let date = document.candidates.on_line(index, Form::Date).next()?;
    let date = document.candidates.all.get(date)?;
    if date.tokens.start > line.tokens.start + 1 {
        return None;
    }
    let Value::Date { day, .. } = &date.value else { return None };
    // A second date is the day of value: the description begins behind it.
    let dates_end = document
        .candidates
        .on_line(index, Form::Date)
        .filter_map(|index| document.candidates.all.get(index))
        .take_while({
            let mut end = date.tokens.end;
            move |next| {
                let follows = next.tokens.start <= end + 1;
                end = next.tokens.end;
                follows
            }
        })
        .last()
        .map_or(date.tokens.end, |last| last.tokens.end);
    let amounts: Vec<(Range<usize>, Decimal, Bounds)> = document
        .candidates
        .on_line(index, Form::Amount)
        .filter_map(|index| document.candidates.all.get(index))
        .filter(|found| found.tokens.start >= dates_end)
        .filter_map(|found| match &found.value {
            Value::Amount(amount) if amount.places == 2 && !amount.percent => {
                Some((found.tokens.clone(), amount.value, layout.bounds(found.tokens.clone())?))
            }
            _ => None,
        })
        .collect();
    let is_left = |bounds: &Bounds| columns.left.is_some_and(|left| same_column(left, *bounds));
    let movement = amounts.iter().position(|(_, _, bounds)| !is_left(bounds))?;
    let (tokens, value, bounds) = amounts.get(movement)?;
    let balance = amounts
        .get(movement + 1..)
        .and_then(<[_]>::last)
        .map(|(tokens, value, _)| signed(document, tokens, *value));
    let mut amount = signed(document, tokens, *value);
    let goes_out = columns.debit.is_some_and(|debit| same_column(debit, *bounds))
        && columns.credit.is_none_or(|credit| {
            distance(credit, *bounds) > distance(columns.debit.unwrap_or(credit), *bounds)
        });
    if goes_out && amount.is_sign_positive() {
        amount = -amount;
    }
    let description = dates_end..tokens.start;
    let text = layout.text(description.clone());
    let text = text.trim_matches([' ', '|', '-', '–', '+']).to_owned();
    let column = layout.bounds(description).unwrap_or(*bounds);
    if text.is_empty() || is_balance(&text) {
        return None;
    }
    Some(Row { day: day.to_string(), description: vec![text], amount, balance, column, line: index })
}

fn is_balance(text: &str) -> bool {
    let folded = fold(text);
    ["balance", "saldo", "kontostand", "solde"].iter().any(|word| folded.contains(word))
}

/// An amount with its sign, wherever that stands.
fn signed(document: &Document<'_>, tokens: &Range<usize>, value: Decimal) -> Decimal {
    let text = |index: Option<usize>| {
        index.and_then(|index| document.layout.tokens.get(index)).map_or("", |token| token.text.as_str())
    };
    let line = document.layout.tokens.get(tokens.start).map(|token| token.line);
    let same_line = |index: usize| document.layout.tokens.get(index).map(|token| token.line) == line;
    let behind = if same_line(tokens.end) { text(Some(tokens.end)) } else { "" };
    let before = text(tokens.start.checked_sub(1).filter(|before| same_line(*before)));
    let own = text(tokens.end.checked_sub(1));
    let goes_out = matches!(behind, "-" | "−" | "S" | "D" | "DR" | "Dr" | "Soll")
        || matches!(before, "-" | "−")
        || own.ends_with(['-', '−', 'S', 'D']);
    if goes_out && value.is_sign_positive() { -value } else { value }
}

fn same_column(head: Bounds, value: Bounds) -> bool {
    head.share_of_width(value) > 0.2 || distance(head, value) < value.height() * 2.0
}

/// How far the right edges are apart, or the left ones.
fn distance(head: Bounds, value: Bounds) -> f32 {
    (head.x1 - value.x1).abs().min((head.x0 - value.x0).abs())
}

/// The rest of a description, on the line right below it.
fn go_on(document: &Document<'_>, index: usize, last: &mut Row) {
    let layout = &document.layout;
    let (Some(line), Some(above)) = (layout.lines.get(index), layout.lines.get(last.line)) else { return };
    let near = line.page == above.page
        && line.bounds.y0 - above.bounds.y1
            < 0.9 * line.height * last.description.len() as f32 + line.height * 0.5;
    let has_amount = document.candidates.on_line(index, Form::Amount).any(|amount| {
        matches!(&document.candidates.all[amount].value, Value::Amount(amount) if amount.places == 2)
    });
    let flush = (line.bounds.x0 - last.column.x0).abs() < 1.5 * line.height;
    let text = layout.text(line.tokens.clone());
    if near && flush && !has_amount && !is_balance(&text) && last.description.len() < 6 {
        last.description.push(text);
    }
}
