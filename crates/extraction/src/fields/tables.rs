//! Line items: the rows of a table, for a field that is an array of objects.
//!
//! A table is known by its head: a line in which at least two of the nested fields are labelled, one of
//! them a number. Below it each number belongs to the column that it stands under, a line with the
//! numbers of a row begins one, and lines with text alone go on with its description. Totals, subtotals
//! and what is carried over a page are no rows; the table goes on under the same head on the next page,
//! or without one where no total has closed it. Lines drawn on the page are not looked at, so a table
//! with rules and one without are the same. A table without a head is not found.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, LazyLock};

use docextract_model::extractor::{FieldDefinition, FieldType};
use docextract_model::number::json_number;
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::Document;
use super::calibration::{Group, Signals};
use super::labels::{Found, Key, Labels};
use super::lexicon::{Concept, LABELS, LIKELY, SURE};
use super::memo::Memo;
use super::plan::{self, concept_of};
use super::scan::{Form, Value};
use crate::layout::Bounds;
use crate::page::Citation;

/// A table that was found.
#[derive(Debug, Clone)]
pub struct Table {
    /// One object for each row, with every nested field.
    pub rows: Vec<Json>,
    /// For each row, where the value of each nested field stands.
    pub cells: Vec<Vec<Option<Citation>>>,
    /// The words of the first row, for the citation of the whole.
    pub first: Range<usize>,
    pub signals: Signals,
    pub group: Group,
}

/// The most rows that are read: an invoice that has more is a list of calls.
const ROWS_MAX: usize = 2000;
/// So many rows tell which column is which.
const ROWS_TRIED: usize = 24;
/// How far a number may stand beside its column, in line heights.
const BESIDE_MAX: f32 = 7.0;
/// How many lines without a number may stand in a row's description.
const TEXT_LINES_MAX: usize = 6;
/// A gap of more than this many line heights ends a description.
const TEXT_GAP_MAX: f32 = 1.3;
/// The key of columns that no nested field is for.
const OTHER: Key = usize::MAX;

/// What heads columns beside the concepts of the lexicon, in its languages.
const OTHER_COLUMNS: &str = "pos; position; line; nr; no; item no; unit; einheit; unite; unidad; unita; eenheid; unidade; jm; me; \
    sku; code; ref; reference; article no; tax; taxes; vat; mwst; ust; tva; iva; btw; vat %; tva %; iva %; btw %; mwst %; \
    vat amount; rabatt %; disc %; remise %; sconto %; korting %; ean; gtin; lp; n; date; datum; period; periode; zeitraum";
/// Heads of the column with a row's amount that would say nothing of a row elsewhere.
const AMOUNT_COLUMNS: &str = "total; amount; net amount; total net; net total; total ht; montant ht; nettowert; netto; brutto; summe; \
    gesamt; totaal; totale; charges; charge; total ttc; razem; wartosc netto; wartosc brutto; zeilenbetrag; sum; subtotal; importe; net; neto; bruto; liquido; lordo; brut; gross; \
    total excl vat; amount excl vat; gesamtbetrag; positionsbetrag; positions betrag; endbetrag; prix total; total price; totaal excl; totaal incl; betrag netto; gesamt netto; ext price";
/// Heads of the column with the price of one.
const PRICE_COLUMNS: &str = "price; rate; unit price; net price; nettopreis; vk preis; prijs; prijs per stuk; prix; pu; p u; cena; \
    cena netto; cena jedn; cena jedn netto; preis; einzel; einzelpreis; preis pro einheit; unit cost; preco unit; stukprijs; listenpreis";
/// What carries a sum over a page.
const CARRIED: &str = "carried forward; brought forward; carry over; subtotal; sub total; balance brought forward; ubertrag; zwischensumme; \
    zwischentotal; a reporter; report; sous total; suma y sigue; suma anterior; riporto; a riportare; subtotale; transport; tussentotaal; \
    subtotaal; a transportar; z przeniesienia; do przeniesienia";

static CARRIED_FOLDED: LazyLock<BTreeSet<String>> =
    LazyLock::new(|| CARRIED.split(';').map(super::text::fold).collect());

/// What begins a charge or an allowance of the whole document.
const ALLOWANCES: [&str; 8] =
    ["abzgl", "abzuglich", "zzgl", "zuzuglich", "less", "discount", "versandkosten", "frachtkosten"];

/// The most words of one of these names.
const TAXED_WORDS_MAX: usize = 3;
/// What names the sum of the rows with tax, or of those without, folded: nothing else stands in such a line.
const TAXED_SUMS: [&str; 24] = [
    "taxable",
    "nontaxable",
    "taxfree",
    "taxexempt",
    "exempt",
    "zerorated",
    "vatexempt",
    "steuerfrei",
    "steuerpflichtig",
    "nichtsteuerbar",
    "exonere",
    "nontaxe",
    "exento",
    "exenta",
    "nosujeto",
    "esente",
    "nonimponibile",
    "vrijgesteld",
    "belastbaar",
    "isento",
    "tributavel",
    "naotributavel",
    "zwolnione",
    "niepodlega",
];

/// A column and what stands in it.
#[derive(Debug, Clone)]
struct Column {
    /// Index of the nested field; none where it is another thing.
    field: Option<usize>,
    head: Bounds,
    /// Its head says that tax is not in it.
    before_tax: bool,
    /// Nothing is known of the words that head it: it may be the description.
    unlabelled: bool,
}

/// A head with the lines that it spans.
#[derive(Debug, Clone)]
struct Head {
    columns: Vec<Column>,
    last_line: usize,
}

/// Which columns are taken for the numbers of a row, by where they begin.
#[derive(Debug, Clone, Default)]
struct Variant {
    /// Of each concept in [`NUMBERS`].
    at: [Option<f32>; 3],
    before_tax: bool,
    /// One of them is a column whose head says nothing.
    guessed: bool,
}

/// The numbers of a row that arithmetic tells apart.
const NUMBERS: [Concept; 3] = [Concept::Quantity, Concept::UnitPrice, Concept::LineAmount];
/// Of more columns that could be one number, the rest is not tried.
const ALIKE_MAX: usize = 4;

impl Head {
    /// The columns that could be one number of a row: those that are headed so, otherwise those whose head says
    /// nothing of it, and those of which there are several.
    fn columns_of(&self, shape: &Shape, concept: Concept) -> Vec<Option<&Column>> {
        let Some(field) = shape.of(concept) else { return vec![None] };
        let labelled = self.columns.iter().filter(|column| column.field == Some(field));
        let labelled: Vec<_> = labelled.take(ALIKE_MAX).map(Some).collect();
        if !labelled.is_empty() {
            return labelled;
        }
        let several = |field: usize| {
            shape.is_number(field)
                && self.columns.iter().filter(|column| column.field == Some(field)).count() > 1
        };
        let open = self.columns.iter().filter(|column| column.field.is_none_or(several));
        std::iter::once(None).chain(open.take(ALIKE_MAX).map(Some)).collect()
    }

    /// Every way to take the columns for the numbers of a row.
    fn readings(&self, shape: &Shape) -> Vec<Variant> {
        let [quantities, prices, amounts] = NUMBERS.map(|concept| self.columns_of(shape, concept));
        let mut readings = Vec::new();
        for quantity in &quantities {
            for price in &prices {
                for amount in &amounts {
                    let columns = [*quantity, *price, *amount];
                    let at = columns.map(|column| column.map(|column| column.head.x0));
                    let twice =
                        (0..3).any(|one| (0..one).any(|other| at[one].is_some() && at[one] == at[other]));
                    if twice {
                        continue;
                    }
                    let is_meant = |(column, concept): (&Option<&Column>, Concept)| {
                        column.is_none_or(|column| column.field == shape.of(concept))
                    };
                    readings.push(Variant {
                        at,
                        before_tax: amount.is_some_and(|column| column.before_tax),
                        guessed: !columns.iter().zip(NUMBERS).all(is_meant),
                    });
                }
            }
        }
        readings
    }

    /// As one way has it: of another page's head, the columns that stand nearest.
    fn read_as(&self, reading: &Variant, shape: &Shape) -> Self {
        let mut head = self.clone();
        let numbers = NUMBERS.map(|concept| shape.of(concept));
        for column in head.columns.iter_mut().filter(|column| numbers.contains(&column.field)) {
            column.field = None;
        }
        for (field, at) in numbers.into_iter().zip(reading.at) {
            let Some(at) = at else { continue };
            let away = |column: &Column| (column.head.x0 - at).abs();
            let free = head.columns.iter_mut().filter(|column| column.field.is_none());
            if let Some(column) = free.min_by(|a, b| away(a).total_cmp(&away(b))) {
                column.field = field;
            }
        }
        head
    }
}

/// A value and its words.
#[derive(Debug, Clone)]
struct Cell {
    value: Json,
    /// The number, for arithmetic.
    number: Option<Decimal>,
    tokens: Range<usize>,
}

/// A row that is being gathered.
#[derive(Debug, Default, Clone)]
struct Row {
    cells: BTreeMap<usize, Cell>,
    line: usize,
    /// Words of the text columns, line by line.
    text: BTreeMap<usize, Vec<Range<usize>>>,
}

/// What the nested fields are, and the labels that head their columns.
struct Shape {
    fields: Vec<FieldDefinition>,
    concepts: Vec<Option<Concept>>,
    labels: Labels,
}

static SHAPES: Memo<Vec<FieldDefinition>, Shape> = Memo::new();

impl Shape {
    fn of_fields(fields: &[FieldDefinition]) -> Arc<Self> {
        SHAPES.get(
            |known| known == fields,
            || {
                let concepts = fields.iter().map(column_concept).collect();
                let mut shape = Self { fields: fields.to_vec(), concepts, labels: Labels::default() };
                shape.labels = column_labels(&shape);
                (fields.to_vec(), shape)
            },
        )
    }

    fn is_number(&self, index: usize) -> bool {
        matches!(self.fields[index].field_type, FieldType::Number | FieldType::Currency)
    }

    fn of(&self, concept: Concept) -> Option<usize> {
        self.concepts.iter().position(|known| *known == Some(concept))
    }
}

/// The table of a field, where one is found.
#[must_use]
pub fn read(document: &Document<'_>, field: &FieldDefinition) -> Option<Table> {
    if field.fields.is_empty() {
        return None;
    }
    let shape = Shape::of_fields(&field.fields);
    let heads = heads(document, &shape);
    let mut by_shape: BTreeMap<Vec<usize>, Vec<&Head>> = BTreeMap::new();
    for head in &heads {
        let mut fields: Vec<usize> = head.columns.iter().filter_map(|column| column.field).collect();
        fields.sort_unstable();
        fields.dedup();
        by_shape.entry(fields).or_default().push(head);
    }
    let best = by_shape
        .into_values()
        .filter_map(|same| {
            let rows = best_reading(document, &shape, &same);
            let filled: usize = rows.iter().map(|row| row.cells.len()).sum();
            (!rows.is_empty()).then_some((filled, same.first()?.columns.len(), rows))
        })
        .max_by_key(|(filled, columns, _)| (*filled, *columns))?;
    Some(table(document, &shape, best.2))
}

/// The rows under heads of one shape. Where several columns could be the same number of a row, those are read with
/// which the most rows multiply out; of equal ones the amount before tax, then the last one. A column whose head
/// says nothing is read only where most rows multiply out with it.
fn best_reading(document: &Document<'_>, shape: &Shape, heads: &[&Head]) -> Vec<Row> {
    let Some(first) = heads.first() else { return Vec::new() };
    let readings = first.readings(shape);
    if readings.len() < 2 {
        return rows(document, shape, heads, ROWS_MAX);
    }
    let read = readings.iter().enumerate().filter_map(|(rank, reading)| {
        let heads: Vec<Head> = heads.iter().map(|head| head.read_as(reading, shape)).collect();
        let tried = rows(document, shape, &heads.iter().collect::<Vec<_>>(), ROWS_TRIED);
        let filled: usize = tried.iter().map(|row| row.cells.len()).sum();
        let (right, _) = products(shape, &tried);
        let is_founded = !reading.guessed || right > 0 && 2 * right >= tried.len();
        is_founded.then_some(((right, filled, reading.before_tax, rank), heads))
    });
    let best = read.max_by_key(|(worth, _)| *worth);
    best.map(|(_, heads)| rows(document, shape, &heads.iter().collect::<Vec<_>>(), ROWS_MAX))
        .unwrap_or_default()
}

/// In how many rows quantity by price is the amount, of those that have all three.
fn products(shape: &Shape, rows: &[Row]) -> (usize, usize) {
    let number = |row: &Row, concept| row.cells.get(&shape.of(concept)?).and_then(|cell| cell.number);
    let (mut right, mut tried) = (0, 0);
    for row in rows {
        if let (Some(quantity), Some(price), Some(amount)) = (
            number(row, Concept::Quantity),
            number(row, Concept::UnitPrice),
            number(row, Concept::LineAmount),
        ) {
            tried += 1;
            let product = quantity.checked_mul(price).unwrap_or_default();
            right += usize::from((product - amount).abs() <= Decimal::new(2, 2));
        }
    }
    (right, tried)
}

/// A concept as it is meant in a row: an amount in it is the row's.
fn column_concept(field: &FieldDefinition) -> Option<Concept> {
    let concept = plan::concept(field, "")?;
    Some(match concept {
        Concept::Total | Concept::Net if field.field_type != FieldType::Text => Concept::LineAmount,
        other => other,
    })
}

/// The labels that head columns.
fn column_labels(shape: &Shape) -> Labels {
    let mut labels = Labels::default();
    let key = |concept: Concept| shape.of(concept).unwrap_or(OTHER);
    let columns = [
        Concept::Quantity,
        Concept::UnitPrice,
        Concept::LineAmount,
        Concept::Description,
        Concept::TaxRate,
        Concept::Discount,
        Concept::OtherNumber,
    ];
    for (concept, weight, list) in LABELS.iter().filter(|(concept, _, _)| columns.contains(concept)) {
        for label in list.split(';') {
            labels.add(label, key(*concept), *weight);
        }
    }
    let extra = [
        (AMOUNT_COLUMNS, key(Concept::LineAmount), LIKELY),
        ("text; texte; texto; testo; tekst", key(Concept::Description), LIKELY),
        (PRICE_COLUMNS, key(Concept::UnitPrice), SURE),
        (OTHER_COLUMNS, OTHER, LIKELY),
        // The number of a row, not what it is about.
        ("position; positions; pos", OTHER, SURE + 0.1),
    ];
    for (list, key, weight) in extra {
        for label in list.split(';') {
            labels.add(label, key, weight);
        }
    }
    // What a user calls a column counts more than what the lexicon knows.
    for (index, field) in shape.fields.iter().enumerate() {
        labels.add(&field.name.replace(['_', '-'], " "), index, SURE + 0.2);
        for alias in &field.aliases {
            labels.add(alias, index, SURE + 0.5);
        }
        if (1..=5).contains(&field.description.split_whitespace().count()) {
            labels.add(&field.description, index, SURE);
        }
    }
    labels
}

/// The field that a label heads a column for, [`OTHER`] for none.
fn headed(label: &Found) -> Key {
    label.keys.iter().max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0))).map_or(OTHER, |(key, _)| *key)
}

/// Every line that heads a table.
fn heads(document: &Document<'_>, shape: &Shape) -> Vec<Head> {
    let layout = &document.layout;
    let mut by_line: BTreeMap<usize, Vec<Found>> = BTreeMap::new();
    for label in shape.labels.find(layout) {
        if let Some(token) = layout.tokens.get(label.tokens.start) {
            by_line.entry(token.line).or_default().push(label);
        }
    }
    let mut heads: Vec<Head> = Vec::new();
    for (line, labels) in &by_line {
        if heads.last().is_some_and(|head| *line <= head.last_line) || has_money(document, *line) {
            continue;
        }
        let fields: Vec<usize> = labels.iter().map(headed).filter(|key| *key != OTHER).collect();
        let distinct = {
            let mut fields = fields.clone();
            fields.sort_unstable();
            fields.dedup();
            fields.len()
        };
        let here = &layout.lines[*line];
        let words =
            layout.tokens[here.tokens.clone()].iter().filter(|token| !token.folded.is_empty()).count();
        let covered: usize = labels.iter().map(|label| label.tokens.len()).sum();
        // A sentence with two such words in it is no head.
        if distinct < 2
            || !fields.iter().any(|field| shape.is_number(*field))
            || 3 * covered < words
            || here.segments.len() < 2
        {
            continue;
        }
        let mut columns: Vec<Column> = Vec::new();
        let mut last_line = *line;
        add_columns(document, shape, labels, &mut columns);
        add_unlabelled(document, *line, labels, &mut columns);
        // A head of several lines: what stands close above and below it without an amount.
        for (step, other) in [(-1_isize, line.checked_sub(1)), (1, Some(line + 1)), (1, Some(line + 2))] {
            let Some(other) = other.filter(|other| {
                layout.lines.get(*other).is_some_and(|found| {
                    found.page == here.page
                        && (found.bounds.y0 - here.bounds.y0).abs() < 3.2 * here.height
                        && !has_money(document, *other)
                        && is_of_labels(document, *other, by_line.get(other))
                })
            }) else {
                if step > 0 {
                    break;
                }
                continue;
            };
            if let Some(labels) = by_line.get(&other) {
                add_columns(document, shape, labels, &mut columns);
            }
            if step > 0 {
                last_line = other;
            }
        }
        columns.sort_by(|a, b| a.head.x0.total_cmp(&b.head.x0));
        add_description(document, shape, *line, &mut columns);
        columns.sort_by(|a, b| a.head.x0.total_cmp(&b.head.x0));
        tell_apart(shape, &mut columns);
        heads.push(Head { columns, last_line });
    }
    heads
}

/// Decides what columns under heads that mean the same are, where their order tells it: the amount of a row
/// stands last, so a price behind others, or the only number there is, is the amount; and an `Amount` before the
/// description is how many.
fn tell_apart(shape: &Shape, columns: &mut [Column]) {
    let of = |columns: &[Column], field: Option<usize>| -> Vec<usize> {
        let is_it = |column: &Column| field.is_some() && column.field == field;
        (0..columns.len()).filter(|index| is_it(&columns[*index])).collect()
    };
    let (quantity, price, amount) =
        (shape.of(Concept::Quantity), shape.of(Concept::UnitPrice), shape.of(Concept::LineAmount));
    let prices = of(columns, price);
    let alone = of(columns, quantity).is_empty();
    if let Some(last) = prices.last()
        && of(columns, amount).is_empty()
        && amount.is_some()
        && (prices.len() > 1 || alone)
    {
        columns[*last].field = amount;
    }
    let amounts = of(columns, amount);
    for index in amounts.iter().take(amounts.len().saturating_sub(1)) {
        let before_text = columns[*index..]
            .iter()
            .any(|column| column.field.is_some_and(|field| is_text(shape.fields[field].field_type)));
        if before_text {
            columns[*index].field = if of(columns, quantity).is_empty() { quantity } else { None };
        }
    }
}

/// Whether labels make up half of a line's words, as they do in a line of a head.
fn is_of_labels(document: &Document<'_>, line: usize, labels: Option<&Vec<Found>>) -> bool {
    let Some(found) = document.layout.lines.get(line) else { return false };
    let words = document.layout.tokens.get(found.tokens.clone()).unwrap_or_default();
    let words = words.iter().filter(|token| !token.folded.is_empty()).count();
    let covered: usize = labels.into_iter().flatten().map(|label| label.tokens.len()).sum();
    covered > 0 && 2 * covered >= words
}

/// Adds the columns of labels where none stands yet.
fn add_columns(document: &Document<'_>, shape: &Shape, labels: &[Found], columns: &mut Vec<Column>) {
    for label in &as_one_label(document, shape, labels) {
        let Some(head) = document.layout.bounds(label.tokens.clone()) else { continue };
        let key = headed(label);
        let field = (key != OTHER).then_some(key);
        let words = document.layout.tokens.get(label.tokens.clone()).unwrap_or_default();
        let before_tax = words.iter().any(|word| BEFORE_TAX.contains(&word.folded.as_str()));
        match columns.iter_mut().find(|column| column.head.share_of_width(head) > 0.3) {
            // Of two lines of one column's head the one that names a field counts.
            Some(column) => {
                column.field = column.field.or(field);
                column.head = column.head.union(head);
                column.before_tax |= before_tax;
            }
            None => columns.push(Column { field, head, before_tax, unlabelled: false }),
        }
    }
}

/// The labels of a head, where `Price` close before `total` is no column of its own.
fn as_one_label(document: &Document<'_>, shape: &Shape, labels: &[Found]) -> Vec<Found> {
    let is = |label: &Found, concept| shape.of(concept) == Some(headed(label));
    let mut merged: Vec<Found> = Vec::new();
    for label in labels {
        let close = |before: &Found| {
            let (Some(left), Some(right)) =
                (document.layout.bounds(before.tokens.clone()), document.layout.bounds(label.tokens.clone()))
            else {
                return false;
            };
            before.tokens.end == label.tokens.start && right.x0 - left.x1 < WORD_GAP_MAX * right.height()
        };
        match merged.last_mut() {
            Some(before)
                if is(before, Concept::UnitPrice) && is(label, Concept::LineAmount) && close(before) =>
            {
                before.tokens.end = label.tokens.end;
                before.keys.clone_from(&label.keys);
            }
            _ => merged.push(label.clone()),
        }
    }
    merged
}

/// Adds the columns of words that no label is known for. Words close behind a label belong to it (`Total (EUR)`,
/// `Price incl. VAT`).
fn add_unlabelled(document: &Document<'_>, line: usize, labels: &[Found], columns: &mut Vec<Column>) {
    let layout = &document.layout;
    let Some(here) = layout.lines.get(line) else { return };
    for segment in here.segments.clone().filter_map(|index| layout.segments.get(index)) {
        // The words so far, whether a label is among them, and whether a letter is.
        let mut run: Option<(Bounds, bool, bool)> = None;
        let mut end = |run: Option<(Bounds, bool, bool)>| {
            let Some((head, labelled, unlabelled)) = run else { return };
            match columns.iter_mut().find(|column| column.head.share_of_width(head) > 0.3) {
                Some(column) => column.head = column.head.union(head),
                None if labelled => {}
                // A mark alone (`#`) heads the rows' numbers.
                None => columns.push(Column { field: None, head, before_tax: false, unlabelled }),
            }
        };
        for index in segment.tokens.clone() {
            let Some(token) = layout.tokens.get(index) else { continue };
            let labelled = labels.iter().any(|label| label.tokens.contains(&index));
            let begins = labels.iter().any(|label| label.tokens.start == index);
            let says = token.text.contains(char::is_alphabetic);
            run = match run {
                Some((so_far, known, said))
                    if !begins
                        && (token.bounds.x0 - so_far.x1 < WORD_GAP_MAX * here.height
                            || token.text.starts_with('(')) =>
                {
                    Some((so_far.union(token.bounds), known || labelled, said || says))
                }
                other => {
                    end(other);
                    Some((token.bounds, labelled, says))
                }
            };
        }
        end(run);
    }
}

/// Words of one column's head stand closer than this, in heights of their line.
const WORD_GAP_MAX: f32 = 0.6;

/// Gives the text of a row a column where none is labelled so: the first one whose head says nothing, otherwise all
/// that stands before the numbers.
fn add_description(document: &Document<'_>, shape: &Shape, line: usize, columns: &mut Vec<Column>) {
    let Some(description) = shape.of(Concept::Description) else { return };
    if columns.iter().any(|column| column.field == Some(description)) {
        return;
    }
    let is_number = |column: &&Column| column.field.is_some_and(|field| shape.is_number(field));
    let first = columns.iter().filter(is_number).map(|column| column.head.x0).fold(f32::MAX, f32::min);
    let before =
        |column: &&mut Column| column.unlabelled && column.field.is_none() && column.head.x1 <= first;
    if let Some(column) = columns.iter_mut().find(before) {
        (column.field, column.unlabelled) = (Some(description), false);
    } else if let Some(here) = document.layout.lines.get(line)
        && columns.iter().all(|column| column.head.x0 >= first)
    {
        // As wide as the head's line is high: where its text ends is told by the numbers.
        let x0 = document.layout.lines.get(line + 1).map_or(here.bounds.x0, |below| below.bounds.x0);
        let head = Bounds { x0, x1: x0 + here.height, ..here.bounds };
        if head.x1 < first {
            columns.push(Column { field: Some(description), head, before_tax: false, unlabelled: false });
        }
    }
}

/// What a head says of amounts that tax is not in, folded.
const BEFORE_TAX: [&str; 14] = [
    "net",
    "netto",
    "neto",
    "nett",
    "ht",
    "htva",
    "excl",
    "exkl",
    "hors",
    "ohne",
    "imponibile",
    "iliquido",
    "exclusief",
    "sin",
];

/// Whether a line has an amount with cents on it.
fn has_money(document: &Document<'_>, line: usize) -> bool {
    document.candidates.on_line(line, Form::Amount).any(|index| {
        matches!(&document.candidates.all[index].value, Value::Amount(amount) if amount.places >= 2 && !amount.percent)
    })
}

/// Whether a line begins with a day, as the movements of a folio do.
fn is_dated(document: &Document<'_>, line: usize) -> bool {
    let first = document.layout.lines.get(line).map(|line| line.tokens.start);
    document
        .candidates
        .on_line(line, Form::Date)
        .any(|index| Some(document.candidates.all[index].tokens.start) == first)
}

/// What closes a table or interrupts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sum {
    /// What is no row, with rows after it.
    Carried,
    Total,
}

/// Whether a line is a sum of rows: a label of one at the beginning of a stretch of it.
fn sum_of(document: &Document<'_>, line: usize) -> Option<Sum> {
    let layout = &document.layout;
    let found = layout.lines.get(line)?;
    let first = document.labels.partition_point(|label| label.tokens.start < found.tokens.start);
    let (mut sum, mut sums) = (None, 0_usize);
    for label in document.labels[first..].iter().take_while(|label| label.tokens.start < found.tokens.end) {
        let starts = layout
            .tokens
            .get(label.tokens.start)
            .and_then(|token| layout.segments.get(token.segment))
            .is_some_and(|segment| {
                // `21% VAT` begins with its rate.
                let before = layout.tokens.get(segment.tokens.start..label.tokens.start).unwrap_or_default();
                before.iter().all(|token| !token.text.contains(char::is_alphabetic))
                    && before.last().is_none_or(|token| token.text.ends_with('%'))
            });
        let says = |concepts: &[Concept], least: f32| {
            label.keys.iter().any(|(key, weight)| {
                *weight >= least && concept_of(*key).is_some_and(|concept| concepts.contains(&concept))
            })
        };
        if starts && says(&[Concept::Net, Concept::Total, Concept::Tax, Concept::Rounding], LIKELY) {
            sums += 1;
            sum = Some(Sum::Total);
        } else if starts
            && sum.is_none()
            && !is_dated(document, line)
            && says(&[Concept::Discount, Concept::Shipping, Concept::Paid], LIKELY)
        {
            sum = Some(Sum::Carried);
        }
    }
    // One word of a sum without an amount may be a column's or a description's.
    if sum == Some(Sum::Total) && sums < 2 && !has_money(document, line) {
        sum = None;
    }
    let words = layout.tokens.get(found.tokens.clone())?;
    let carried = (1..=3.min(words.len())).any(|count| {
        words.windows(count).take(3).any(|run| {
            let run: String = run.iter().map(|token| token.folded.as_str()).collect();
            CARRIED_FOLDED.contains(&run)
        })
    });
    if sum.is_none() && has_money(document, line) && names_taxed_sum(document, line) {
        sum = Some(Sum::Total);
    }
    let allowance =
        sum.is_none() && words.first().is_some_and(|word| ALLOWANCES.contains(&word.folded.as_str()));
    if carried || allowance { Some(Sum::Carried) } else { sum }
}

/// Whether a stretch of a line names the sum of the rows with tax, or of those without, and nothing else.
fn names_taxed_sum(document: &Document<'_>, line: usize) -> bool {
    let layout = &document.layout;
    let Some(found) = layout.lines.get(line) else { return false };
    let segments = found.segments.clone().filter_map(|segment| layout.segments.get(segment));
    segments.filter(|segment| segment.tokens.len() <= TAXED_WORDS_MAX).any(|segment| {
        let words = layout.tokens.get(segment.tokens.clone()).unwrap_or_default();
        let text: String = words.iter().map(|word| word.folded.as_str()).collect();
        TAXED_SUMS.contains(&text.as_str())
    })
}

/// The rows under heads of one shape, in reading order.
fn rows(document: &Document<'_>, shape: &Shape, heads: &[&Head], rows_max: usize) -> Vec<Row> {
    let layout = &document.layout;
    let mut all = Vec::new();
    for (index, head) in heads.iter().enumerate() {
        let end = heads.get(index + 1).map_or(layout.lines.len(), |next| next.last_line);
        let mut here: Vec<Row> = Vec::new();
        let mut loose: Vec<(usize, BTreeMap<usize, Range<usize>>)> = Vec::new();
        let mut part: Option<Row> = None;
        let (mut last_page, mut without) = (None, 0_usize);
        // Whether a sum has ended the rows, and whether one stands above without a row since.
        let (mut closed, mut summed) = (false, false);
        for line in head.last_line + 1..end {
            let page = layout.lines[line].page;
            if last_page.is_some_and(|last| last != page) {
                loose.clear();
                without = 0;
                if closed || here.is_empty() {
                    break;
                }
            }
            last_page = Some(page);
            let row = row_at(document, shape, head, line, part.take());
            let sum = sum_of(document, line);
            // `Transport 2 × 40.00 = 80.00` is a row, and `Transport 80.00` carries a sum over the page.
            // Below a sum only one that multiplies out is.
            let is_row = matches!(&row, Reading::Row(row) if is_whole(shape, head, row)
                && (!summed || products(shape, std::slice::from_ref(row)).0 == 1));
            if sum == Some(Sum::Carried) && !is_row {
                summed |= has_money(document, line);
                loose.clear();
                continue;
            }
            let row = match row {
                Reading::Row(row) => Some(row),
                Reading::Part(row) => {
                    part = Some(row);
                    None
                }
                Reading::Nothing => None,
            };
            let sum =
                sum.or_else(|| row.as_ref().filter(|row| sums_up(shape, &here, row)).map(|_| Sum::Total));
            // Below a sum, what lacks a number that every row had, or does not multiply out as they did, is a tax or a
            // discount on it.
            let is_on_sum = |row: &Row| {
                summed
                    && !here.is_empty()
                    && (!is_whole(shape, head, row) && here.iter().all(|other| is_whole(shape, head, other))
                        || products(shape, std::slice::from_ref(row)).0 == 0
                            && products(shape, &here).0 == here.len())
            };
            let row = row.filter(|row| !is_on_sum(row));
            if let Some(row) = row.filter(|row| sum.is_none() || !closed && is_whole(shape, head, row)) {
                if closed && !is_whole(shape, head, &row) {
                    break;
                }
                (closed, summed) = (false, false);
                without = 0;
                attach(document, &mut here, std::mem::take(&mut loose), Some(&row));
                here.push(row);
                if all.len() + here.len() >= rows_max {
                    break;
                }
                continue;
            }
            if sum == Some(Sum::Total) && !has_money(document, line) {
                // The head of another table: a summary by tax rate.
                break;
            }
            if sum == Some(Sum::Total) {
                attach(document, &mut here, std::mem::take(&mut loose), None);
                (closed, summed) = (true, true);
            }
            if closed {
                // Groups of rows have sums of their own; what is far below the last sum is no group.
                without += 1;
                if without > 4 {
                    break;
                }
                continue;
            }
            // A movement of another column: a payment among charges.
            if is_dated(document, line) && has_money(document, line) {
                continue;
            }
            loose.push((line, text_at(document, shape, head, line, &BTreeMap::new())));
        }
        attach(document, &mut here, loose, None);
        all.append(&mut here);
    }
    all
}

/// Whether what looks like a row is the sum of those above it: an amount alone, where they have more.
fn sums_up(shape: &Shape, above: &[Row], row: &Row) -> bool {
    let Some(amount) = shape.of(Concept::LineAmount) else { return false };
    let number = |row: &Row| row.cells.get(&amount).and_then(|cell| cell.number);
    // The sum last: it is over all rows so far, and few rows have an amount alone.
    row.cells.len() == 1
        && !above.is_empty()
        && above.iter().all(|row| row.cells.len() > 1)
        && number(row) == Some(above.iter().filter_map(number).sum::<Decimal>())
}

/// Whether a row has all numbers that its table has columns for, two at least.
fn is_whole(shape: &Shape, head: &Head, row: &Row) -> bool {
    let mut wanted: Vec<usize> = head
        .columns
        .iter()
        .filter_map(|column| column.field)
        .filter(|field| shape.is_number(*field))
        .collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.len() >= 2 && wanted.iter().all(|field| row.cells.contains_key(field))
}

/// What a line is to a table.
enum Reading {
    Row(Row),
    /// Numbers of a row whose amount is missing: it may be set a little lower.
    Part(Row),
    Nothing,
}

/// A line with the numbers of a row, put together with those of the line before where they are set at
/// different heights.
fn row_at(document: &Document<'_>, shape: &Shape, head: &Head, line: usize, part: Option<Row>) -> Reading {
    let mut numbers = numbers_at(document, shape, head, line);
    let columns: Vec<usize> = head
        .columns
        .iter()
        .filter_map(|column| column.field)
        .filter(|field| shape.is_number(*field))
        .collect();
    let mut text = text_at(document, shape, head, line, &numbers);
    if let (Some(quantity), Some(description)) = (shape.of(Concept::Quantity), shape.of(Concept::Description))
        && !columns.contains(&quantity)
        && !numbers.is_empty()
        && let Some(tokens) = text.get_mut(&description)
        && let Some(cell) = quantity_before(document, tokens)
    {
        tokens.start = cell.tokens.end;
        numbers.insert(quantity, cell);
    }
    let mut lines = BTreeMap::new();
    let layout = &document.layout;
    if let Some(part) = part
        && !numbers.is_empty()
        && numbers.keys().all(|field| !part.cells.contains_key(field))
        && let (Some(upper), Some(lower)) = (layout.lines.get(part.line), layout.lines.get(line))
        && lower.bounds.y0 - upper.bounds.y1 < 0.8 * upper.height
    {
        numbers.extend(part.cells);
        lines = part.text;
    }
    let enough = match shape.of(Concept::LineAmount).filter(|field| columns.contains(field)) {
        Some(amount) => numbers.contains_key(&amount),
        None => 2 * numbers.len() >= columns.len().min(4) && !numbers.is_empty(),
    };
    let only_amount = numbers.len() == 1 && columns.len() > 2;
    for (field, tokens) in std::mem::take(&mut text) {
        lines.entry(field).or_insert_with(Vec::new).push(tokens);
    }
    let nothing = numbers.is_empty() || only_amount && lines.is_empty();
    let row = Row { cells: numbers, line, text: lines };
    match (nothing, enough) {
        (true, _) => Reading::Nothing,
        (false, true) => Reading::Row(row),
        (false, false) => Reading::Part(row),
    }
}

/// How many of something a text begins with: `6 x Tea towel`, `-1x Return`.
fn quantity_before(document: &Document<'_>, text: &Range<usize>) -> Option<Cell> {
    let word = |index: usize| document.layout.tokens.get(index).filter(|_| text.contains(&index));
    let is_times = |text: &str| matches!(text, "x" | "X" | "×");
    let first = &word(text.start)?.text;
    let (digits, words) = match word(text.start + 1) {
        Some(next) if is_times(&next.text) => (first.as_str(), 2),
        _ => (first.strip_suffix(['x', 'X', '×'])?, 1),
    };
    let number: Decimal = digits.replace(['−', '–'], "-").replace(',', ".").parse().ok()?;
    // Something is left that is counted.
    word(text.start + words)?;
    let tokens = text.start..text.start + words;
    Some(Cell { value: json_number(number), number: Some(number), tokens })
}

/// The numbers of a line, each under its column.
fn numbers_at(document: &Document<'_>, shape: &Shape, head: &Head, line: usize) -> BTreeMap<usize, Cell> {
    let layout = &document.layout;
    let mut cells: BTreeMap<usize, (f32, Cell)> = BTreeMap::new();
    let Some(found) = layout.lines.get(line) else { return BTreeMap::new() };
    for index in document.candidates.by_line.get(line).map(Vec::as_slice).unwrap_or_default() {
        let candidate = &document.candidates.all[*index];
        let Some(at) = layout.bounds(candidate.tokens.clone()) else { continue };
        let Some((column, distance)) = nearest(head, at) else { continue };
        let Some(field) = column.field.filter(|_| distance < BESIDE_MAX * found.height) else { continue };
        let definition = &shape.fields[field];
        let cell = match (&candidate.value, definition.field_type) {
            (Value::Amount(amount), FieldType::Number | FieldType::Currency) => {
                let rate = shape.concepts[field] == Some(Concept::TaxRate);
                if amount.percent && !rate || is_in_text(document, candidate.tokens.start, column) {
                    continue;
                }
                Cell {
                    value: json_number(amount.value),
                    number: Some(amount.value),
                    tokens: candidate.tokens.clone(),
                }
            }
            (Value::Date { day, .. }, FieldType::Date) => {
                Cell { value: Json::String(day.to_string()), number: None, tokens: candidate.tokens.clone() }
            }
            _ => continue,
        };
        match cells.get(&field) {
            Some((known, _)) if *known <= distance => {}
            _ => {
                cells.insert(field, (distance, cell));
            }
        }
    }
    cells.into_iter().map(|(field, (_, cell))| (field, cell)).collect()
}

/// Whether a number is a word of a text: letters stand close before it, and it is not under the head.
fn is_in_text(document: &Document<'_>, token: usize, column: &Column) -> bool {
    let layout = &document.layout;
    let Some(this) = layout.tokens.get(token) else { return true };
    let Some(before) = token.checked_sub(1).and_then(|before| layout.tokens.get(before)) else {
        return false;
    };
    before.segment == this.segment
        && before.text.chars().filter(|c| c.is_alphabetic()).count() >= 2
        && super::amounts::currency(&before.text).is_none()
        && this.bounds.share_of_width(column.head) < 0.5
}

/// The column that a box stands under, and how far beside it.
fn nearest(head: &Head, at: Bounds) -> Option<(&Column, f32)> {
    let distance = |column: &Column| {
        let head = column.head;
        let overlap = at.x1.min(head.x1) - at.x0.max(head.x0);
        if overlap > 0.0 { -overlap / at.width() } else { -overlap }
    };
    let (column, distance) =
        head.columns.iter().map(|column| (column, distance(column))).min_by(|a, b| a.1.total_cmp(&b.1))?;
    Some((column, distance.max(0.0)))
}

/// The words of a line that stand in text columns.
fn text_at(
    document: &Document<'_>,
    shape: &Shape,
    head: &Head,
    line: usize,
    numbers: &BTreeMap<usize, Cell>,
) -> BTreeMap<usize, Range<usize>> {
    let layout = &document.layout;
    let mut texts: BTreeMap<usize, Range<usize>> = BTreeMap::new();
    let Some(found) = layout.lines.get(line) else { return texts };
    for (position, column) in head.columns.iter().enumerate() {
        let Some(field) = column.field.filter(|field| is_text(shape.fields[*field].field_type)) else {
            continue;
        };
        let slack = 1.5 * found.height;
        // A text may begin left of its head where that is centred, and goes up to the next column.
        let left = position.checked_sub(1).map_or(f32::MIN, |before| {
            (head.columns[before].head.x1 + 0.2 * found.height).min(column.head.x0 - slack)
        });
        let right = head.columns.get(position + 1).map_or(f32::MAX, |next| next.head.x0);
        for segment in found.segments.clone() {
            let Some(segment) = layout.segments.get(segment) else { continue };
            let mut tokens = segment.tokens.clone();
            let starts = segment.bounds.x0;
            if starts + slack < left || starts >= right - 0.5 * slack {
                continue;
            }
            if starts < left {
                // The number of the row stands close before its text.
                while layout.tokens.get(tokens.start).is_some_and(|token| token.bounds.x0 < left)
                    && !tokens.is_empty()
                {
                    tokens.start += 1;
                }
            }
            // What stands under the next columns is theirs: numbers at the end of a crowded line.
            while tokens.end > tokens.start
                && layout.tokens.get(tokens.end - 1).is_some_and(|token| token.bounds.x0 >= right)
            {
                tokens.end -= 1;
            }
            // In a crowded line, a number of the row ends its text.
            let number =
                numbers.values().map(|cell| cell.tokens.start).filter(|start| tokens.contains(start)).min();
            if let Some(number) = number {
                tokens.end = number;
            }
            if tokens.is_empty() {
                continue;
            }
            texts.entry(field).and_modify(|known| known.end = known.end.max(tokens.end)).or_insert(tokens);
        }
    }
    texts.retain(|_, tokens| {
        layout.tokens.get(tokens.clone()).unwrap_or_default().iter().any(|token| !token.folded.is_empty())
    });
    texts
}

fn is_text(field_type: FieldType) -> bool {
    !matches!(field_type, FieldType::Number | FieldType::Currency | FieldType::Date | FieldType::Array)
}

/// Gives lines without numbers to the row above, or to the one below where that has no text of its own.
fn attach(
    document: &Document<'_>,
    rows: &mut [Row],
    lines: Vec<(usize, BTreeMap<usize, Range<usize>>)>,
    below: Option<&Row>,
) {
    let layout = &document.layout;
    if below.is_some_and(|row| row.text.is_empty()) {
        return;
    }
    let Some(above) = rows.last_mut() else { return };
    let mut last = above.line;
    for (line, texts) in lines.into_iter().take(TEXT_LINES_MAX) {
        let (upper, lower) = (&layout.lines[last], &layout.lines[line]);
        let gap = lower.bounds.y0 - upper.bounds.y1;
        if upper.page != lower.page || gap > TEXT_GAP_MAX * upper.height || texts.is_empty() {
            break;
        }
        for (field, tokens) in texts {
            above.text.entry(field).or_default().push(tokens);
        }
        last = line;
    }
}

/// Rows as objects, with what speaks for them.
fn table(document: &Document<'_>, shape: &Shape, rows: Vec<Row>) -> Table {
    let layout = &document.layout;
    let first =
        rows.first().and_then(|row| layout.lines.get(row.line)).map_or(0..0, |line| line.tokens.clone());
    let signals = signals(document, shape, &rows);
    let (mut objects, mut cells) = (Vec::new(), Vec::new());
    for row in rows {
        let (mut object, mut cited) = (Map::new(), Vec::new());
        for (index, field) in shape.fields.iter().enumerate() {
            let text = row.text.get(&index).map(|lines| {
                let text: Vec<String> = lines.iter().map(|tokens| layout.text(tokens.clone())).collect();
                (Json::String(text.join(" ").trim().to_owned()), lines.first().cloned().unwrap_or(0..0))
            });
            let found = row.cells.get(&index).map(|cell| (cell.value.clone(), cell.tokens.clone())).or(text);
            let (value, tokens) = found.map_or((Json::Null, None), |(value, tokens)| (value, Some(tokens)));
            object.insert(field.name.clone(), value);
            cited.push(tokens.and_then(|tokens| layout.cite(tokens)));
        }
        objects.push(Json::Object(object));
        cells.push(cited);
    }
    Table { rows: objects, cells, first, signals, group: Group::Table }
}

/// Arithmetic speaks for rows: quantity by price is the amount, and the amounts make up the total.
fn signals(document: &Document<'_>, shape: &Shape, rows: &[Row]) -> Signals {
    let amount = |row: &Row| {
        let cell = row.cells.get(&shape.of(Concept::LineAmount)?)?;
        cell.number
    };
    let (right, tried) = products(shape, rows);
    let (mut sum, mut tokens) = (Decimal::ZERO, Vec::new());
    for row in rows {
        sum += amount(row).unwrap_or_default();
        tokens.extend(row.cells.values().map(|cell| document.layout.confidence(cell.tokens.clone())));
    }
    let last = rows.last().map_or(0, |row| row.line);
    let printed = |sum: Decimal| {
        let below = document.candidates.all.iter().enumerate().filter(|(_, candidate)| candidate.line > last);
        below.into_iter().any(|(index, candidate)| {
            let of_document = || {
                [Concept::Net, Concept::Total].into_iter().any(|concept| {
                    document.concept_score(index, concept).is_some_and(|(strength, _)| strength > 0.3)
                })
            };
            matches!(&candidate.value, Value::Amount(amount) if amount.value == sum) && of_document()
        })
    };
    let share = |part: usize, all: usize| part as f32 / all.max(1) as f32;
    let filled: usize = rows.iter().map(|row| row.cells.len() + row.text.len()).sum();
    Signals {
        score: share(filled, rows.len() * shape.fields.len()),
        margin: share(right, tried),
        reading: if tokens.is_empty() { 1.0 } else { tokens.iter().sum::<f32>() / tokens.len() as f32 },
        sums: f32::from(u8::from(!sum.is_zero() && printed(sum))),
        scanned: f32::from(u8::from(rows.first().is_some_and(|row| {
            document.layout.lines.get(row.line).is_some_and(|line| document.is_scanned(line.tokens.start))
        }))),
        ..Signals::default()
    }
}

#[cfg(test)]
mod tests;
