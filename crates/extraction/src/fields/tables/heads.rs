//! The head of a table: which columns there are, what stands in each, and the ways in which that may be read.
//!
//! A head is a line, or two, in which at least two of the nested fields are labelled, one of them a number. Where more
//! columns could be one number, each way of telling them apart is a reading, and the rows tell which one is right.

use std::collections::BTreeMap;

use docextract_model::extractor::{FieldDefinition, FieldType};

use super::super::Document;
use super::super::labels::{Found, Key, Labels};
use super::super::lexicon::{Concept, LABELS, LIKELY, SURE};
use super::super::plan;
use super::{Shape, has_money, is_text};
use crate::layout::Bounds;

/// The key of columns that no nested field is for.
const OTHER: Key = usize::MAX;
/// What heads columns beside the concepts of the lexicon, in its languages.
const OTHER_COLUMNS: &str = "pos; position; line; nr; no; item no; unit; einheit; unite; unidad; unita; eenheid; unidade; jm; me; \
    sku; code; ref; reference; article no; tax; taxes; vat; mwst; ust; tva; iva; btw; vat %; tva %; iva %; btw %; mwst %; \
    vat amount; rabatt %; disc %; remise %; sconto %; korting %; ean; gtin; lp; n; date; datum; period; periode; zeitraum";
/// Heads of the column with a row's amount that would say nothing of a row elsewhere.
const AMOUNT_COLUMNS: &str = "total; amount; net amount; total net; net total; total ht; montant ht; nettowert; netto; brutto; summe; \
    gesamt; totaal; totale; charges; charge; total ttc; razem; wartosc netto; wartosc brutto; zeilenbetrag; sum; subtotal; importe; net; neto; bruto; liquido; lordo; brut; gross; \
    total excl vat; amount excl vat; gesamtbetrag; positionsbetrag; positions betrag; endbetrag; prix total; total price; totaal excl; totaal incl; betrag netto; gesamt netto; ext price; \
    wert; gesamtwert; valore; waarde; valeur; honorar; honoraires; honorario";
/// Heads of the column with how many there are: what it is counted in.
const QUANTITY_COLUMNS: &str = "kwh; ud; uds; unds; ore; uren; horas; heures; stunden; count";
/// Heads of the column with the price of one.
const PRICE_COLUMNS: &str = "price; rate; unit price; net price; nettopreis; vk preis; prijs; prijs per stuk; prix; pu; p u; cena; \
    cena netto; cena jedn; cena jedn netto; preis; einzel; einzelpreis; preis pro einheit; unit cost; preco unit; stukprijs; listenpreis";

/// A column and what stands in it.
#[derive(Debug, Clone)]
pub(super) struct Column {
    /// Index of the nested field; none where it is another thing.
    pub(super) field: Option<usize>,
    pub(super) head: Bounds,
    /// Its head says that tax is not in it.
    pub(super) before_tax: bool,
    /// Nothing is known of the words that head it: it may be the description.
    pub(super) unlabelled: bool,
}

/// A head with the lines that it spans.
#[derive(Debug, Clone)]
pub(super) struct Head {
    pub(super) columns: Vec<Column>,
    pub(super) last_line: usize,
}

/// Which columns are taken for the numbers of a row, by where they begin.
#[derive(Debug, Clone, Default)]
pub(super) struct Variant {
    /// Of each concept in [`NUMBERS`].
    pub(super) at: [Option<f32>; 3],
    pub(super) before_tax: bool,
    /// One of them is a column whose head says nothing.
    pub(super) guessed: bool,
    /// How many stands before the price, as it does in most tables.
    pub(super) in_order: bool,
}

/// The numbers of a row that arithmetic tells apart.
pub(super) const NUMBERS: [Concept; 3] = [Concept::Quantity, Concept::UnitPrice, Concept::LineAmount];
/// Of more columns that could be one number, the rest is not tried.
const ALIKE_MAX: usize = 4;

impl Head {
    /// The columns that could be one number of a row: those that are headed so, otherwise those whose head says
    /// nothing of it, and those of which there are several.
    pub(super) fn columns_of(&self, shape: &Shape, concept: Concept) -> Vec<Option<&Column>> {
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
        let mut open: Vec<_> =
            self.columns.iter().filter(|column| column.field.is_none_or(several)).collect();
        // The numbers of a row stand behind what it is about.
        if open.len() > ALIKE_MAX {
            open.drain(..open.len() - ALIKE_MAX);
        }
        std::iter::once(None).chain(open.into_iter().map(Some)).collect()
    }

    /// Every way to take the columns for the numbers of a row.
    pub(super) fn readings(&self, shape: &Shape) -> Vec<Variant> {
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
                        in_order: at[0].is_none() || at[1].is_none() || at[0] < at[1],
                        guessed: !columns.iter().zip(NUMBERS).all(is_meant),
                    });
                }
            }
        }
        readings
    }

    /// As one way has it: of another page's head, the columns that stand nearest.
    pub(super) fn read_as(&self, reading: &Variant, shape: &Shape) -> Self {
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

/// A concept as it is meant in a row: an amount in it is the row's.
pub(super) fn column_concept(field: &FieldDefinition) -> Option<Concept> {
    let concept = plan::concept(field, "")?;
    Some(match concept {
        Concept::Total | Concept::Net if field.field_type != FieldType::Text => Concept::LineAmount,
        other => other,
    })
}

/// The labels that head columns.
pub(super) fn column_labels(shape: &Shape) -> Labels {
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
        (QUANTITY_COLUMNS, key(Concept::Quantity), LIKELY),
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
pub(super) fn find(document: &Document<'_>, shape: &Shape) -> Vec<Head> {
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
            || 3 * covered < words && here.segments.len() < CELLS_MIN
            || here.segments.len() < 2
        {
            continue;
        }
        let mut columns: Vec<Column> = Vec::new();
        let mut last_line = *line;
        add_columns(document, shape, labels, &mut columns);
        add_unlabelled(document, *line, labels, &mut columns);
        // A head of several lines: what stands close above and below it without an amount.
        for (step, other) in
            [(-1_isize, line.checked_sub(1)), (1, Some(line + 1)), (1, Some(line + 2)), (1, Some(line + 3))]
        {
            let Some(other) = other.filter(|other| {
                layout.lines.get(*other).is_some_and(|found| {
                    found.page == here.page
                        && (found.bounds.y0 - here.bounds.y0).abs() < 3.2 * here.height
                        && !has_money(document, *other)
                        && (is_of_labels(document, *other, by_line.get(other))
                            || step > 0 && goes_on(document, shape, *other, last_line, &columns))
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
                widen(document, other, &mut columns);
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

/// Whether a line goes on with the words of a head above it: close below, without a digit, each stretch of it under a
/// column and one of them under a number's (`HTVA`, `unitario`, `(excl. VAT)`).
fn goes_on(document: &Document<'_>, shape: &Shape, line: usize, above: usize, columns: &[Column]) -> bool {
    let layout = &document.layout;
    let (Some(upper), Some(found)) = (layout.lines.get(above), layout.lines.get(line)) else { return false };
    let under = |bounds: Bounds| columns.iter().find(|column| column.head.share_of_width(bounds) > 0.3);
    let is_number = |column: &Column| column.field.is_some_and(|field| shape.is_number(field));
    let stretches: Vec<_> = found.segments.clone().filter_map(|index| layout.segments.get(index)).collect();
    let words = layout.tokens.get(found.tokens.clone()).unwrap_or_default();
    upper.page == found.page
        && found.bounds.y0 - upper.bounds.y1 < CLOSE_MAX * upper.height
        && words.iter().all(|word| !word.text.contains(|c: char| c.is_ascii_digit()))
        && words.iter().any(|word| word.text.contains(char::is_alphabetic))
        && stretches.iter().all(|stretch| under(stretch.bounds).is_some())
        && stretches.iter().any(|stretch| under(stretch.bounds).is_some_and(is_number))
}

/// Makes columns as wide as the words of a further line of their heads, which may say that tax is not in them.
fn widen(document: &Document<'_>, line: usize, columns: &mut [Column]) {
    let layout = &document.layout;
    let Some(found) = layout.lines.get(line) else { return };
    for stretch in found.segments.clone().filter_map(|index| layout.segments.get(index)) {
        let words = layout.tokens.get(stretch.tokens.clone()).unwrap_or_default();
        if let Some(column) =
            columns.iter_mut().find(|column| column.head.share_of_width(stretch.bounds) > 0.3)
        {
            column.head = column.head.union(stretch.bounds);
            column.before_tax |= words.iter().any(|word| BEFORE_TAX.contains(&word.folded.as_str()));
        }
    }
}

/// Lines of one head are closer than this, in heights of the upper one.
const CLOSE_MAX: f32 = 0.8;

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

/// The labels of a head, where `Price` close before `total` is no column of its own, nor is the tax of `Total incl.
/// VAT` and `Total (VAT incl.)` or the other language of `Concepto / Description`.
fn as_one_label(document: &Document<'_>, shape: &Shape, labels: &[Found]) -> Vec<Found> {
    let is = |label: &Found, concept| shape.of(concept) == Some(headed(label));
    let layout = &document.layout;
    // The words between two labels that stand close together in one stretch.
    let between = |before: &Found, label: &Found| {
        let last = layout.tokens.get(before.tokens.end.checked_sub(1)?)?;
        let first = layout.tokens.get(label.tokens.start)?;
        let words = layout.tokens.get(before.tokens.end..label.tokens.start)?;
        let slash = if words.iter().any(|word| word.text == "/") { SLASH_GAP_MAX } else { WORD_GAP_MAX };
        let reach = words.iter().chain([first]).try_fold(last.bounds.x1, |x1, word| {
            (word.bounds.x0 - x1 < slash * first.bounds.height()).then_some(word.bounds.x1)
        });
        (last.segment == first.segment && reach.is_some()).then_some(words)
    };
    let word = |label: &Found| layout.tokens.get(label.tokens.start);
    let last = |label: &Found| layout.tokens.get(label.tokens.end.checked_sub(1)?);
    let mut merged: Vec<Found> = Vec::new();
    for label in labels {
        let is_with = |before: &Found| {
            between(before, label).is_some_and(|words| match words {
                [] => {
                    headed(label) == OTHER
                        && (word(label).is_some_and(|word| word.text.starts_with('('))
                            || last(before).is_some_and(|word| WITH_TAX.contains(&word.folded.as_str())))
                }
                [word] if word.text == "/" => true,
                [word] => WITH_TAX.contains(&word.folded.as_str()) && headed(label) == OTHER,
                _ => false,
            })
        };
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
            Some(before) if is_with(before) => {
                before.tokens.end = label.tokens.end;
                if headed(before) == OTHER {
                    before.keys.clone_from(&label.keys);
                }
            }
            _ => merged.push(label.clone()),
        }
    }
    merged
}

/// What stands between the name of a column and the tax that is in it or not, folded.
const WITH_TAX: [&str; 12] =
    ["incl", "inkl", "inc", "excl", "exkl", "exc", "ex", "zzgl", "ohne", "plus", "sin", "con"];

/// Adds the columns of words that no label is known for. Words close behind a label belong to it (`Total (EUR)`,
/// `Price incl. VAT`).
fn add_unlabelled(document: &Document<'_>, line: usize, labels: &[Found], columns: &mut Vec<Column>) {
    let layout = &document.layout;
    let Some(here) = layout.lines.get(line) else { return };
    for segment in here.segments.clone().filter_map(|index| layout.segments.get(index)) {
        // The words so far, whether a label is among them, and whether a letter is.
        let mut run: Option<(Bounds, bool, bool)> = None;
        let mut slash = false;
        let mut end = |run: Option<(Bounds, bool, bool)>| {
            let Some((head, labelled, unlabelled)) = run else { return };
            let mut over: Vec<usize> =
                (0..columns.len()).filter(|index| columns[*index].head.share_of_width(head) > 0.3).collect();
            // Of two names of one column, the one that says what it is.
            over.sort_by_key(|index| columns[*index].field.is_none());
            match over.first().copied() {
                Some(column) => {
                    columns[column].head = columns[column].head.union(head);
                    over.retain(|other| *other != column && columns[*other].field.is_none());
                    over.sort_unstable();
                    for other in over.into_iter().rev() {
                        columns.remove(other);
                    }
                }
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
            // `Material / Description` is one column.
            let beside_slash = std::mem::replace(&mut slash, token.text == "/") || slash;
            run = match run {
                Some((so_far, known, said))
                    if beside_slash && token.bounds.x0 - so_far.x1 < SLASH_GAP_MAX * here.height
                        || !begins
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

/// So many stretches of a line are the cells of a head, whatever share of their words is known.
const CELLS_MIN: usize = 4;
/// Words of one column's head stand closer than this, in heights of their line.
const WORD_GAP_MAX: f32 = 0.6;
/// And those on both sides of a slash.
const SLASH_GAP_MAX: f32 = 1.2;

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
