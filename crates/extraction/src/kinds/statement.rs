//! The movements of a bank statement: lines that begin with a date and hold an amount.
//!
//! What goes out has a minus, also where it stands behind the amount, where a column says debit, or where
//! an `S` or `D` stands behind it. Lines without date and amount below a movement go on with its description.

use std::ops::Range;

use docextract_model::extractor::{FieldDefinition, FieldType};
use docextract_model::number::json_number;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::{Find, Scored, scored};
use crate::fields::calibration::Group;
use crate::fields::parties::Parties;
use crate::fields::scan::{Form, Value};
use crate::fields::text::fold;
use crate::fields::{Document, FieldResult};
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

impl Columns {
    /// Whether an amount stands in the column of what goes out.
    fn is_out(&self, amount: Bounds) -> bool {
        self.debit.is_some_and(|debit| {
            same_column(debit, amount)
                && self.credit.is_none_or(|credit| distance(credit, amount) > distance(debit, amount))
        })
    }
}

/// Whose account it is: who is called so (`Kontoinhaber: …`, `Name: …`), or the name above an address at the head of
/// the page.
pub(super) fn holder(document: &Document<'_>, field: &FieldDefinition) -> Option<Find> {
    let parties = Parties::of(&document.layout, &document.labels);
    let own = document.plan.targets.iter().find(|target| target.field.name == field.name)?.own;
    let holder = parties.after_name_key().or_else(|| parties.called(own)).or_else(|| parties.addressee())?;
    let (parts, value) = (holder.parts().collect(), Json::String(holder.text));
    Some(Find { value, parts, score: holder.score, group: Group::Party })
}

/// Takes the whole number for its first group, and none for a number that is too short for an account.
pub(super) fn complete_account_number(document: &Document<'_>, field: &FieldDefinition, result: &mut Scored) {
    let digits = |value: &Json| -> String {
        value.as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).collect()
    };
    let printed = digits(&result.0.value);
    // Of an account that is not to be known only the last digits are printed: `XXXXXX4417`.
    let masked = result.0.value.as_str().unwrap_or_default().matches(['X', 'x', '*', '•']).count();
    let is_short = printed.len() + masked < *ACCOUNT_DIGITS.start();
    let whole = account_number(document, field)
        .filter(|whole| is_short || digits(&whole.value).starts_with(&printed));
    match whole {
        Some(whole) if digits(&whole.value) != printed => *result = scored(document, whole),
        None if is_short => *result = (FieldResult::nothing(), None),
        Some(_) | None => {}
    }
}

/// The number of an account that is printed in groups of digits, or with marks between them, behind its label.
pub(super) fn account_number(document: &Document<'_>, field: &FieldDefinition) -> Option<Find> {
    let layout = &document.layout;
    let own = document.plan.targets.iter().find(|target| target.field.name == field.name)?.own;
    document.labels.iter().filter(|label| label.weight_for(&[own]) >= LABEL_WEIGHT_MIN).find_map(|label| {
        let line = layout.lines.get(layout.tokens.get(label.tokens.start)?.line)?;
        let is_part = |index: &usize| {
            layout.tokens.get(*index).is_some_and(|token| {
                token.text.contains(|c: char| c.is_ascii_digit())
                    && token.text.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.' | ' '))
            })
        };
        let is_mark = |index: &usize| layout.tokens.get(*index).is_some_and(|t| t.folded.is_empty());
        let start = (label.tokens.end..line.tokens.end).find(|index| !is_mark(index))?;
        let segment = layout.tokens.get(start)?.segment;
        let end = start
            + (start..line.tokens.end)
                .take_while(|index| {
                    is_part(index) && layout.tokens.get(*index).is_some_and(|token| token.segment == segment)
                })
                .count();
        let number = start..end;
        let text = layout.text(number.clone());
        let digits = text.bytes().filter(u8::is_ascii_digit).count();
        ACCOUNT_DIGITS.contains(&digits).then_some(Find {
            value: Json::String(text),
            parts: vec![number],
            score: 0.85,
            group: Group::Code,
        })
    })
}

/// Digits of an account's number.
const ACCOUNT_DIGITS: std::ops::RangeInclusive<usize> = 5..=28;
/// What a label of the field's own says at the least: its first word alone says less.
const LABEL_WEIGHT_MIN: f32 = 0.8;

/// Which of a statement's two balances is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Balance {
    Opening,
    Closing,
}

impl Balance {
    pub(super) fn of(field: &FieldDefinition) -> Option<Self> {
        match (field.name.as_str(), field.field_type) {
            ("opening_balance", FieldType::Currency) => Some(Self::Opening),
            ("closing_balance", FieldType::Currency) => Some(Self::Closing),
            _ => None,
        }
    }
}

/// A balance by the words beside it, or else by what the movements leave: both have to be printed.
pub(super) fn balance(document: &Document<'_>, asked: Balance, other: Option<Decimal>) -> Option<Find> {
    let (rows, _) = rows(document);
    by_words(document, asked, &rows).or_else(|| by_movements(document, asked, other, &rows))
}

/// The balance of the first line that says that it is this one; of lines that only say when, the first is the opening
/// one and the last is the closing one.
fn by_words(document: &Document<'_>, asked: Balance, rows: &[Row]) -> Option<Find> {
    let layout = &document.layout;
    let mut dated: Vec<(usize, Find)> = Vec::new();
    for (index, line) in layout.lines.iter().enumerate() {
        let words: Vec<&str> =
            layout.tokens.get(line.tokens.clone())?.iter().map(|token| token.folded.as_str()).collect();
        let says = |list: &[&str]| words.iter().any(|word| list.contains(word));
        if !words.iter().any(|word| LEFT_WORDS.contains(word)) || says(&NOT_LEFT) {
            continue;
        }
        let Some(find) = amount_of(document, index) else { continue };
        match (says(&BEFORE), says(&AFTER)) {
            (true, _) if asked == Balance::Opening => return Some(find),
            (false, true) if asked == Balance::Closing => return Some(find),
            (false, false) => dated.push((index, find)),
            _ => {}
        }
    }
    let (first_row, last_row) = (rows.first()?.line, rows.last()?.line);
    match asked {
        Balance::Opening => dated.into_iter().find(|(line, _)| *line < first_row),
        Balance::Closing => dated.into_iter().rfind(|(line, _)| *line > last_row),
    }
    .map(|(_, find)| find)
}

/// The last amount with cents on a line, with its sign.
fn amount_of(document: &Document<'_>, line: usize) -> Option<Find> {
    let found = document.candidates.on_line(line, Form::Amount).filter_map(|index| {
        let found = document.candidates.all.get(index)?;
        match &found.value {
            Value::Amount(amount) if amount.places == 2 && !amount.percent => {
                Some((found.tokens.clone(), amount.value))
            }
            _ => None,
        }
    });
    let (tokens, value) = found.last()?;
    let bounds = document.layout.bounds(tokens.clone())?;
    let value = signed(document, &tokens, value);
    let value = if columns(document).is_out(bounds) && value.is_sign_positive() { -value } else { value };
    Some(money(value, tokens, 0.85))
}

fn money(value: Decimal, tokens: Range<usize>, score: f32) -> Find {
    Find { value: json_number(value), parts: vec![tokens], score, group: Group::Amount }
}

/// A balance as the ones printed beside the movements have it, where these add up line by line.
pub(super) fn balance_beside_movements(document: &Document<'_>, asked: Balance) -> Option<Find> {
    let (rows, _) = rows(document);
    printed(document, asked, left_beside(asked, &rows)?)
}

fn left_beside(asked: Balance, rows: &[Row]) -> Option<Decimal> {
    let adds_up = |rows: &[&Row]| {
        let mut pairs =
            rows.windows(2).map(|pair| Some(pair[0].balance? + pair[1].amount == pair[1].balance?));
        rows.len() >= MOVEMENTS_MIN && pairs.all(|adds_up| adds_up == Some(true))
    };
    let mut in_order: Vec<&Row> = rows.iter().collect();
    if !adds_up(&in_order) {
        // The last movement may be printed first.
        in_order.reverse();
        if !adds_up(&in_order) {
            return None;
        }
    }
    match asked {
        Balance::Opening => in_order.first().and_then(|row| Some(row.balance? - row.amount)),
        Balance::Closing => in_order.last().and_then(|row| row.balance),
    }
}

/// Fewer movements may add up by chance.
const MOVEMENTS_MIN: usize = 2;

/// What was there before the movements or is left after them: by the balances printed beside them, or by the other
/// balance and their sum.
fn by_movements(
    document: &Document<'_>,
    asked: Balance,
    other: Option<Decimal>,
    rows: &[Row],
) -> Option<Find> {
    let sum: Decimal = rows.iter().map(|row| row.amount).sum();
    let by_sum = || {
        let other = other.filter(|_| !rows.is_empty())?;
        Some(if asked == Balance::Opening { other - sum } else { other + sum })
    };
    printed(document, asked, left_beside(asked, rows).or_else(by_sum)?)
}

/// Where a balance is printed: the opening one at its first place, the closing one at its last.
fn printed(document: &Document<'_>, asked: Balance, value: Decimal) -> Option<Find> {
    let mut places = document.candidates.all.iter().filter(|found| {
        matches!(&found.value, Value::Amount(amount) if amount.places == 2 && amount.value.abs() == value.abs())
    });
    let found = match asked {
        Balance::Opening => places.next(),
        Balance::Closing => places.next_back(),
    }?;
    Some(money(value, found.tokens.clone(), 0.8))
}

/// Words for what is on an account, folded.
const LEFT_WORDS: [&str; 16] = [
    "balance",
    "balances",
    "saldo",
    "saldi",
    "solde",
    "soldes",
    "kontostand",
    "saldobestand",
    "anfangsbestand",
    "endbestand",
    "anfangssaldo",
    "endsaldo",
    "schlusssaldo",
    "saldovortrag",
    "beginsaldo",
    "eindsaldo",
];
/// Words beside it that make it something else.
const NOT_LEFT: [&str; 24] = [
    "available",
    "average",
    "minimum",
    "maximum",
    "limit",
    "overdraft",
    "verfugbar",
    "verfugbarer",
    "durchschnitt",
    "disponible",
    "disponibile",
    "disponivel",
    "beschikbaar",
    "dostepne",
    "moyen",
    "medio",
    "media",
    "gemiddeld",
    "sredni",
    "dispo",
    "autorise",
    "intermediate",
    "zwischensaldo",
    "gesamtsaldo",
];
/// Words for the balance before the movements, folded.
const BEFORE: [&str; 35] = [
    "opening",
    "start",
    "starting",
    "beginning",
    "previous",
    "old",
    "initial",
    "brought",
    "alter",
    "alt",
    "anfangssaldo",
    "anfangsbestand",
    "saldovortrag",
    "vortrag",
    "vorheriger",
    "ancien",
    "precedent",
    "anterieur",
    "ouverture",
    "depart",
    "anterior",
    "inicial",
    "inicio",
    "iniziale",
    "precedente",
    "apertura",
    "begin",
    "beginsaldo",
    "vorig",
    "oud",
    "poczatkowe",
    "poprzednie",
    "otwarcia",
    "wyjsciowe",
    "abertura",
];
/// Words for the balance after them, folded.
const AFTER: [&str; 38] = [
    "closing",
    "end",
    "ending",
    "new",
    "final",
    "carried",
    "current",
    "neuer",
    "neu",
    "endsaldo",
    "endbestand",
    "schlusssaldo",
    "aktueller",
    "nouveau",
    "cloture",
    "fin",
    "finale",
    "nuevo",
    "actual",
    "cierre",
    "favor",
    "final",
    "nuovo",
    "attuale",
    "chiusura",
    "favore",
    "nieuw",
    "eind",
    "eindsaldo",
    "huidig",
    "novo",
    "atual",
    "fecho",
    "encerramento",
    "koncowe",
    "nowe",
    "zamkniecia",
    "biezace",
];

pub(super) fn transactions(document: &Document<'_>) -> Option<Find> {
    let (rows, tokens) = rows(document);
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

/// The movements, and the words of the first page that they stand on.
fn rows(document: &Document<'_>) -> (Vec<Row>, Option<Range<usize>>) {
    let layout = &document.layout;
    let columns = columns(document);
    let mut rows: Vec<Row> = Vec::new();
    let mut tokens: Option<Range<usize>> = None;
    for (index, line) in layout.lines.iter().enumerate() {
        if let Some(row) = row(document, index, &columns) {
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
    (rows, tokens)
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
    if columns.is_out(*bounds) && amount.is_sign_positive() {
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
