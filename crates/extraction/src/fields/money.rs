//! Total, net and tax together: what each label says, and whether the sums are right.
//!
//! The three are chosen at once among the best few candidates of each, so that a set whose sum is
//! right beats better labels whose sum is not. On receipts, what was paid less the change is the
//! total. No amount is ever computed: every value that comes out is printed on the page.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Document;
use super::amounts::Amount;
use super::lexicon::Concept;
use super::scan::{Form, Value};

/// A candidate in one of the roles.
#[derive(Debug, Clone, Copy)]
pub struct Choice {
    pub candidate: usize,
    pub score: f32,
    /// How much better than the best other amount.
    pub margin: f32,
    /// The same amount stands elsewhere with a label of its own.
    pub agreed: bool,
    pub sums: bool,
    pub labelled: bool,
}

/// What was chosen for each role, and what was weighed for it: candidates with their scores.
#[derive(Debug, Clone, Default)]
pub struct Money {
    pub total: Option<Choice>,
    pub net: Option<Choice>,
    pub tax: Option<Choice>,
    pub totals: Vec<(usize, f32)>,
    pub nets: Vec<(usize, f32)>,
    pub taxes: Vec<(usize, f32)>,
}

/// What it counts that a label is the head of a column.
const IN_COLUMN: f32 = 0.5;
/// What it counts that a receipt says `Total paid`.
const PAID_AT_ONCE: f32 = 0.6;
/// How many amounts are weighed for each role: the work is the cube of it.
const WEIGHED: usize = 9;

#[derive(Debug, Clone, Copy)]
struct Option_ {
    candidate: usize,
    value: Decimal,
    score: f32,
    times: usize,
    bonus: bool,
    labelled: bool,
}

/// Chooses the three.
#[must_use]
pub fn choose(document: &Document<'_>) -> Money {
    let mut totals = options(document, Concept::Total);
    let mut nets = options(document, Concept::Net);
    let mut taxes = options(document, Concept::Tax);
    add_largest(document, &mut totals);
    confirm_by_payment(document, &mut totals);
    settle_balance(document, &mut totals);
    drop_what_was_given(document, &mut totals);
    prefer_what_was_read_better(document, &mut totals);
    add_by_sum(document, &totals, &mut nets, &mut taxes);
    settle_summary(document, &mut totals, &mut nets, &mut taxes);
    drop_totals_of_one_rate(document, &mut totals);
    drop_converted_totals(document, &mut totals);
    settle_taxes_by_rate(document, &mut nets, &mut taxes);
    let mut best: (f32, [Option<Option_>; 3], bool) = (0.0, [None; 3], false);
    let with_none = |options: &[Option_]| {
        std::iter::once(None).chain(options.iter().copied().map(Some)).collect::<Vec<_>>()
    };
    let (all_totals, all_nets, all_taxes) = (with_none(&totals), with_none(&nets), with_none(&taxes));
    for total in &all_totals {
        for net in &all_nets {
            for tax in &all_taxes {
                let (score, right) = weigh(*total, *net, *tax);
                if score > best.0 {
                    best = (score, [*total, *net, *tax], right);
                }
            }
        }
    }
    let [total, net, tax] = best.1;
    let right = best.2;
    let weighed =
        |options: &[Option_]| options.iter().map(|option| (option.candidate, option.score)).collect();
    Money {
        totals: weighed(&totals),
        nets: weighed(&nets),
        taxes: weighed(&taxes),
        total: total.map(|chosen| choice(chosen, &totals, right || chosen.bonus)),
        net: net.map(|chosen| choice(chosen, &nets, right)),
        tax: tax.map(|chosen| choice(chosen, &taxes, right)),
    }
}

fn choice(chosen: Option_, options: &[Option_], sums: bool) -> Choice {
    let other = options
        .iter()
        .filter(|other| other.value != chosen.value)
        .map(|other| other.score)
        .fold(0.0, f32::max);
    Choice {
        candidate: chosen.candidate,
        score: chosen.score.clamp(0.0, 1.0),
        margin: (chosen.score - other).clamp(-1.0, 1.0),
        agreed: chosen.times > 1,
        sums,
        labelled: chosen.labelled,
    }
}

/// The worth of a set, and whether its sum is right.
fn weigh(total: Option<Option_>, net: Option<Option_>, tax: Option<Option_>) -> (f32, bool) {
    let worth = |option: Option<Option_>| option.map_or(0.0, |option| option.score - 0.12);
    // Net and tax mean little without the total that they make up.
    let parts = if total.is_some() { 1.0 } else { 0.3 };
    let mut score = 1.3 * worth(total) + parts * (worth(net) + worth(tax));
    let cent = Decimal::new(2, 2);
    let mut right = false;
    let distinct = |a: Option<Option_>, b: Option<Option_>| match (a, b) {
        (Some(a), Some(b)) => a.candidate != b.candidate,
        _ => true,
    };
    if !(distinct(total, net) && distinct(total, tax) && distinct(net, tax)) {
        return (-1.0, false);
    }
    // No rate reaches 100 %: a tax as large as what it is charged on is another amount.
    let exceeds = |whole: Option<Option_>| {
        matches!((whole, tax), (Some(whole), Some(tax))
            if !tax.value.is_zero() && tax.value.abs() >= whole.value.abs())
    };
    if exceeds(total) || exceeds(net) {
        return (-1.0, false);
    }
    match (total, net, tax) {
        (Some(total), Some(net), Some(tax)) => {
            if (net.value + tax.value - total.value).abs() <= cent {
                right = !tax.value.is_zero();
                score += if right { 0.8 } else { 0.25 };
            } else {
                score -= 0.55;
                // What was let off or paid before is seldom half of it: a net amount that large is another sum.
                if net.value.abs() > total.value.abs() * Decimal::TWO {
                    score -= 0.3;
                }
            }
        }
        (Some(total), Some(net), None) if net.value.abs() > total.value.abs() => {
            score -= 0.3;
        }
        (Some(total), None, Some(tax)) if tax.value.abs() * Decimal::from(3) > total.value.abs() => {
            score -= 0.4;
        }
        _ => {}
    }
    if let (Some(net), Some(tax)) = (net, tax)
        && tax.value.abs() * Decimal::from(2) > net.value.abs()
    {
        score -= 0.4;
    }
    (score, right)
}

/// The best candidates of a role, each amount once.
fn options(document: &Document<'_>, concept: Concept) -> Vec<Option_> {
    let mut by_value: BTreeMap<Decimal, Option_> = BTreeMap::new();
    for (index, candidate) in document.candidates.all.iter().enumerate() {
        let Value::Amount(amount) = &candidate.value else { continue };
        if amount.percent && concept != Concept::TaxRate {
            continue;
        }
        let said = document.concept_score(index, concept);
        let paid =
            (concept == Concept::Total && is_total_paid(document, index)).then_some((PAID_AT_ONCE, 0.0));
        let Some((strength, own)) = paid.or(said) else { continue };
        let mut score = strength * (0.55 + 0.45 * candidate.fit) * document.surroundings(index, concept);
        if candidate.fit < 0.3 {
            score *= 0.4;
        }
        // The total of a line stands below its head, with that of the next line below it.
        if concept == Concept::Total && document.is_in_column(index, |key| document.speaks_for(key, concept))
        {
            score *= IN_COLUMN;
        }
        // Where amounts have cents, a bare whole number is a count or a misread amount.
        let cents_missing = amount.places != 2 && document.has_cents;
        if cents_missing && (amount.currency.is_none() || amount.places > 2) {
            score *= 0.35;
        }
        if concept == Concept::Total {
            if amount.value.is_zero() {
                score *= 0.3;
            } else if amount.value.is_sign_negative() && !document.is_credit_note {
                score *= 0.5;
            }
        }
        // Of two places that say the same, the later one is the summary.
        score += 0.02 * index as f32 / document.candidates.all.len() as f32;
        let option = by_value.entry(amount.value.normalize()).or_insert(Option_ {
            candidate: index,
            value: amount.value,
            score: 0.0,
            times: 0,
            bonus: false,
            labelled: own > 0.0,
        });
        if score > 0.3 {
            option.times += 1;
        }
        if score > option.score {
            (option.candidate, option.score) = (index, score);
        }
    }
    let mut options: Vec<Option_> = by_value.into_values().filter(|option| option.score > 0.12).collect();
    for option in &mut options {
        option.score += 0.05 * option.times.saturating_sub(1).min(2) as f32;
    }
    // Where one rate is charged and another one is not, the tax is the one that is charged.
    if concept == Concept::Tax && options.iter().any(|option| !option.value.is_zero() && option.score > 0.5) {
        options.iter_mut().filter(|option| option.value.is_zero()).for_each(|option| option.score *= 0.5);
    }
    options.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.cmp(&b.candidate)));
    options.truncate(WEIGHED);
    options
}

/// The largest amounts could be the total even where the label was not read.
fn add_largest(document: &Document<'_>, totals: &mut Vec<Option_>) {
    let mut amounts: Vec<(Decimal, usize)> = document
        .candidates
        .all
        .iter()
        .enumerate()
        .filter_map(|(index, candidate)| match &candidate.value {
            Value::Amount(amount) if amount.places == 2 && candidate.fit >= 0.85 && !amount.percent => {
                let paid = document.concept_score(index, Concept::Paid).map_or(0.0, |(strength, _)| strength);
                (paid < 0.5 && amount.value.is_sign_positive()).then_some((amount.value, index))
            }
            _ => None,
        })
        .collect();
    amounts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    amounts.dedup_by_key(|(value, _)| *value);
    for (rank, (value, candidate)) in amounts.into_iter().take(3).enumerate() {
        match totals.iter_mut().find(|option| option.value == value) {
            Some(option) => option.score += if rank == 0 { 0.06 } else { 0.0 },
            None => totals.push(Option_ {
                candidate,
                value,
                score: [0.22, 0.16, 0.14][rank],
                times: 0,
                bonus: false,
                labelled: false,
            }),
        }
    }
}

/// Paid less change is the total, and so is what was paid when there is no change; a total that a
/// rounding leads to is the one to pay.
fn confirm_by_payment(document: &Document<'_>, totals: &mut [Option_]) {
    let paid = options(document, Concept::Paid);
    let change = options(document, Concept::Change);
    let rounding = options(document, Concept::Rounding);
    let small = Decimal::new(10, 2);
    let values: Vec<Decimal> = totals.iter().map(|option| option.value).collect();
    for option in totals.iter_mut() {
        let value = option.value;
        let less_change = |paid: &Option_| {
            change.iter().any(|change| !change.value.is_zero() && paid.value - change.value.abs() == value)
        };
        let exact = |paid: &Option_| paid.value == value && paid.score > 0.4;
        if paid.iter().any(less_change) || change.iter().any(|change| was_given(document, option, change)) {
            option.score += 0.45;
            option.bonus = true;
        } else if paid.iter().any(exact) && change.iter().all(|change| change.value.is_zero()) {
            option.score += 0.2;
            option.bonus = true;
        }
        let rounded = values.iter().any(|other| {
            *other != value
                && rounding.iter().any(|step| {
                    let step = step.value.abs();
                    !step.is_zero() && step < small && ((*other + step) == value || (*other - step) == value)
                })
        });
        // Both ends differ by the rounding: the rounded one ends in a whole five cents.
        let whole = (value * Decimal::from(20)).fract().is_zero();
        if rounded && whole {
            option.score += 0.2;
        }
    }
    totals.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.cmp(&b.candidate)));
}

/// What is left of a total after what was paid is what is due, and not the total, however large it is printed.
fn settle_balance(document: &Document<'_>, totals: &mut [Option_]) {
    if document.is_receipt() {
        return;
    }
    let paid: Vec<Decimal> = options(document, Concept::Paid)
        .into_iter()
        .filter(|paid| paid.score > 0.4 && !paid.value.is_zero())
        .map(|paid| paid.value.abs())
        .collect();
    let weighed = totals.to_vec();
    // Where no tax is charged, the sum of the items is the total.
    let is_sum = |option: &Option_| {
        document.concept_score(option.candidate, Concept::Net).is_some_and(|(strength, _)| strength > 0.6)
    };
    let is_named = |option: &&mut Option_| option.labelled && option.score > 0.4 || is_sum(option);
    for option in totals.iter_mut().filter(is_named) {
        let is_left =
            |left: &&Option_| left.value.is_sign_positive() && paid.contains(&(option.value - left.value));
        if let Some(left) = weighed.iter().filter(is_left).max_by(|a, b| a.score.total_cmp(&b.score)) {
            // As the net amount of what is left it would count for both.
            let ahead = if is_sum(option) { 0.5 } else { 0.1 };
            option.score = option.score.max(left.score + ahead);
        }
    }
    totals.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.cmp(&b.candidate)));
}

/// Two amounts that differ by less are both printed: the one before rounding, and the one after.
const ROUNDED: Decimal = Decimal::from_parts(5, 0, 0, false, 2);
/// Digits that recognition takes for each other.
const ALIKE: [(char, &str); 10] = [
    ('0', "689"),
    ('1', "47"),
    ('2', "7"),
    ('3', "58"),
    ('4', "1"),
    ('5', "368"),
    ('6', "058"),
    ('7', "12"),
    ('8', "03569"),
    ('9', "08"),
];

/// An amount that stands on a scan several times was seldom misread each time: of two that differ by one digit which
/// recognition confuses, the one that was read more often, or surer, is meant by both.
fn prefer_what_was_read_better(document: &Document<'_>, totals: &mut [Option_]) {
    let mut read: BTreeMap<Decimal, f32> = BTreeMap::new();
    for candidate in &document.candidates.all {
        if let Value::Amount(amount) = &candidate.value
            && candidate.form == Form::Amount
            && document.is_scanned(candidate.tokens.start)
        {
            let sureness = document.layout.confidence(candidate.tokens.clone());
            *read.entry(amount.value.normalize()).or_default() += sureness;
        }
    }
    let sureness = |value: Decimal| read.get(&value.normalize()).copied().unwrap_or_default();
    let weighed = totals.to_vec();
    for option in totals.iter_mut() {
        let misread = weighed.iter().filter(|other| {
            let difference = (other.value - option.value).abs();
            other.score > option.score
                && sureness(option.value) > sureness(other.value)
                && are_alike(option.value, other.value)
                && difference >= ROUNDED
                // What they differ by is printed as well: a tax, a discount.
                && !read.contains_key(&difference.normalize())
        });
        if let Some(best) = misread.map(|other| other.score).reduce(f32::max) {
            option.score = best + 0.05;
        }
    }
    totals.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.cmp(&b.candidate)));
}

/// Whether two amounts differ by one digit that recognition confuses.
fn are_alike(a: Decimal, b: Decimal) -> bool {
    let (a, b) = (format!("{a:.2}"), format!("{b:.2}"));
    let mut differing = a.chars().zip(b.chars()).filter(|(a, b)| a != b);
    let first = differing.next();
    let alike = |(a, b): (char, char)| ALIKE.iter().any(|(digit, others)| *digit == a && others.contains(b));
    a.len() == b.len() && first.is_some_and(alike) && differing.next().is_none()
}

/// A row of a summary by tax rate: net, tax and their total, in one line.
#[derive(Debug, Clone, Copy)]
struct RateRow {
    line: usize,
    net: (Decimal, usize),
    tax: (Decimal, usize),
    total: (Decimal, usize),
}

/// What it counts that an amount is the sum of those of all rates.
const SUMMED_UP: f32 = 0.8;
/// How many lines a summary's sum may stand below its rows.
const SUMMARY_LINES: usize = 10;
/// Of a line with more amounts, the rest is not looked at: the work is the cube of it.
const SUMMARY_AMOUNTS: usize = 8;

/// Every way in which a net amount and its tax make up a total in one line.
fn rate_rows(document: &Document<'_>) -> Vec<RateRow> {
    let mut rows = Vec::new();
    for (line, candidates) in document.candidates.by_line.iter().enumerate() {
        let amounts: Vec<(Decimal, usize)> = candidates
            .iter()
            .filter_map(|index| match &document.candidates.all[*index].value {
                Value::Amount(amount) if amount.places == 2 && !amount.percent => {
                    Some((amount.value, *index))
                }
                _ => None,
            })
            .take(SUMMARY_AMOUNTS)
            .collect();
        let (nothing, amounts): (Vec<_>, Vec<_>) = amounts.into_iter().partition(|amount| amount.0.is_zero());
        // What no tax is charged on has its row as well: its net amount is its total.
        for tax in &nothing {
            for (at, net) in amounts.iter().enumerate() {
                let same = amounts[at + 1..].iter().filter(|total| total.0 == net.0);
                rows.extend(same.map(|total| RateRow { line, net: *net, tax: *tax, total: *total }));
            }
        }
        for total in &amounts {
            for tax in amounts.iter().filter(|tax| tax.0.abs() * Decimal::from(2) < total.0.abs()) {
                // The price of one may be the same amount: which of the two is the net tells its column.
                let nets = amounts.iter().filter(|net| net.1 != tax.1 && net.0 + tax.0 == total.0);
                rows.extend(nets.map(|net| RateRow { line, net: *net, tax: *tax, total: *total }));
            }
        }
    }
    rows
}

/// A row that is the sum of two others or more that stand above it in the same columns.
fn summary(document: &Document<'_>) -> Option<(RateRow, Vec<RateRow>)> {
    let rows = rate_rows(document);
    let right = |candidate: usize| {
        let tokens = document.candidates.all.get(candidate)?.tokens.clone();
        Some(document.layout.bounds(tokens)?.x1)
    };
    let same_column = |a: usize, b: usize, height: f32| match (right(a), right(b)) {
        (Some(a), Some(b)) => (a - b).abs() < 1.5 * height,
        _ => false,
    };
    let labelled = |row: &RateRow| -> f32 {
        [(row.net.1, Concept::Net), (row.tax.1, Concept::Tax), (row.total.1, Concept::Total)]
            .into_iter()
            .filter_map(|(candidate, concept)| Some(document.concept_score(candidate, concept)?.0))
            .sum()
    };
    let sums = rows.iter().enumerate().filter_map(|(index, sum)| {
        let height = document.layout.lines.get(sum.line)?.height;
        let mut parts: Vec<RateRow> = Vec::new();
        let (mut total, mut tax, mut is_sum) = (Decimal::ZERO, Decimal::ZERO, false);
        let near = rows[..index].iter().rev().take_while(|row| sum.line - row.line <= SUMMARY_LINES);
        for row in near {
            let above = row.line < parts.last().map_or(sum.line, |part| part.line);
            let in_columns = same_column(row.total.1, sum.total.1, height)
                && same_column(row.tax.1, sum.tax.1, height)
                && same_column(row.net.1, sum.net.1, height);
            if above && in_columns {
                parts.push(*row);
                (total, tax) = (total + row.total.0, tax + row.tax.0);
                // The rows above those that make up the sum are the items of the same table: no more the document's.
                is_sum |= parts.len() >= 2 && (total, tax) == (sum.total.0, sum.tax.0);
            }
        }
        is_sum.then_some((*sum, parts))
    });
    // Charges and allowances add up as well: the columns that are labelled so are net, tax and total.
    let by_labels = |parts: &[RateRow]| parts.iter().map(labelled).sum::<f32>();
    sums.max_by(|a, b| by_labels(&a.1).total_cmp(&by_labels(&b.1)))
}

/// Where amounts are summed up by tax rate, the row that is the sum of the others is the document's, and
/// the others are not.
fn settle_summary(
    document: &Document<'_>,
    totals: &mut Vec<Option_>,
    nets: &mut Vec<Option_>,
    taxes: &mut Vec<Option_>,
) {
    let Some((sum, parts)) = summary(document) else { return };
    let settle = |options: &mut Vec<Option_>, of: fn(&RateRow) -> (Decimal, usize)| {
        let (value, candidate) = of(&sum);
        for option in options.iter_mut() {
            if option.value != value && parts.iter().any(|row| of(row).0 == option.value) {
                option.score *= 0.4;
            }
        }
        match options.iter_mut().find(|option| option.value == value) {
            Some(option) => option.score = option.score.max(0.7) + 0.1,
            None => {
                options.push(Option_ {
                    candidate,
                    value,
                    score: 0.7,
                    times: 1,
                    bonus: false,
                    labelled: true,
                });
            }
        }
        options.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.candidate.cmp(&b.candidate)));
    };
    settle(totals, |row| row.total);
    settle(nets, |row| row.net);
    settle(taxes, |row| row.tax);
}

/// The total of what one rate is charged on is not the receipt's where a larger one is labelled.
fn drop_totals_of_one_rate(document: &Document<'_>, totals: &mut Vec<Option_>) {
    if !document.is_receipt() {
        return;
    }
    let whole = totals
        .iter()
        .filter(|total| total.labelled && total.score > 0.4 && !is_payment(document, total.candidate));
    let Some(whole) = whole.map(|total| total.value).max() else { return };
    let of_one_rate: Vec<usize> = rate_rows(document)
        .into_iter()
        .filter(|row| {
            row.total.0 < whole && !amounts_on(document, row.line, |amount| amount.percent).is_empty()
        })
        .map(|row| row.total.1)
        .collect();
    totals.retain(|total| !of_one_rate.contains(&total.candidate));
}

/// The total in the currency of a guest from abroad is not the receipt's, which has more amounts in its own.
fn drop_converted_totals(document: &Document<'_>, totals: &mut Vec<Option_>) {
    let currency = |candidate: usize| match &document.candidates.all[candidate].value {
        Value::Amount(amount) => amount.currency,
        _ => None,
    };
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for code in (0..document.candidates.all.len()).filter_map(currency) {
        *counts.entry(code).or_default() += 1;
    }
    let Some(most) = counts.values().copied().max().filter(|_| document.is_receipt()) else { return };
    let is_own = |total: &Option_| currency(total.candidate).is_none_or(|code| counts[code] == most);
    if totals.iter().any(|total| total.score > 0.4 && is_own(total)) {
        totals.retain(is_own);
    }
}

/// What is charged at one rate: the line, the net amount and its tax.
struct Taxed {
    line: usize,
    net: (Decimal, usize),
    tax: (Decimal, usize),
}

/// The lines of a receipt in which a rate, what it is charged on and the tax stand: `9 %  4,74  0,43`.
fn taxed_by_rate(document: &Document<'_>) -> Vec<Taxed> {
    let cents = Decimal::new(2, 2);
    let row = |line: usize| {
        let rates = amounts_on(document, line, |amount| amount.percent);
        let amounts = amounts_on(document, line, |amount| !amount.percent && amount.places == 2);
        let fits = |net: &(Decimal, usize), tax: &(Decimal, usize)| {
            let due = |rate: &(Decimal, usize)| net.0 * rate.0 / Decimal::ONE_HUNDRED;
            net.1 < tax.1 && rates.iter().any(|rate| !rate.0.is_zero() && (due(rate) - tax.0).abs() <= cents)
        };
        let pairs = amounts.iter().flat_map(|net| amounts.iter().map(move |tax| (net, tax)));
        let (net, tax) = pairs.into_iter().find(|(net, tax)| fits(net, tax))?;
        Some(Taxed { line, net: *net, tax: *tax })
    };
    (0..document.layout.lines.len()).filter_map(row).collect()
}

/// The amounts of a line that are of a kind, with their candidates.
pub(super) fn amounts_on(
    document: &Document<'_>,
    line: usize,
    is_of: impl Fn(&Amount) -> bool,
) -> Vec<(Decimal, usize)> {
    let on_line = document.candidates.on_line(line, Form::Amount);
    let amount = |index: usize| match &document.candidates.all[index].value {
        Value::Amount(amount) if is_of(amount) => Some((amount.value, index)),
        _ => None,
    };
    on_line.filter_map(amount).take(SUMMARY_AMOUNTS).collect()
}

/// The taxes that a receipt prints by themselves, each with its rate: none where all have the same rate.
fn taxes_of_rates(document: &Document<'_>) -> Vec<usize> {
    let of_rate = |line: usize| {
        let rates = amounts_on(document, line, |amount| amount.percent && !amount.value.is_zero());
        let amounts = amounts_on(document, line, |amount| !amount.percent && amount.places == 2);
        let ([rate], [tax]) = (rates.as_slice(), amounts.as_slice()) else { return None };
        let (strength, _) = document.concept_score(tax.1, Concept::Tax)?;
        (strength > 0.4 && !tax.0.is_zero()).then_some((rate.0, tax.1))
    };
    let taxes: Vec<(Decimal, usize)> = (0..document.layout.lines.len()).filter_map(of_rate).collect();
    let is_of_several = taxes.iter().any(|(rate, _)| *rate != taxes[0].0);
    taxes.into_iter().filter(|_| is_of_several).map(|(_, candidate)| candidate).collect()
}

/// Of several rates none has the net amount and the tax of the receipt. Where it adds them up in a line, that is its
/// tax.
fn settle_taxes_by_rate(document: &Document<'_>, nets: &mut Vec<Option_>, taxes: &mut Vec<Option_>) {
    if !document.is_receipt() {
        return;
    }
    let alone = taxes_of_rates(document);
    taxes.retain(|option| !alone.contains(&option.candidate));
    let rows = taxed_by_rate(document);
    let Some(last) = rows.last().filter(|last| rows.iter().any(|row| row.net.0 != last.net.0)) else {
        return;
    };
    let net: Decimal = rows.iter().map(|row| row.net.0).sum();
    let tax: Decimal = rows.iter().map(|row| row.tax.0).sum();
    let is_of_one = |option: &Option_| {
        rows.iter().any(|row| row.net.1 == option.candidate || row.tax.1 == option.candidate)
    };
    nets.retain(|option| !is_of_one(option));
    taxes.retain(|option| !is_of_one(option));
    let end = document.layout.lines.len().min(last.line + 1 + SUMMARY_LINES);
    let sum = (last.line + 1..end).find_map(|line| {
        let amounts = amounts_on(document, line, |amount| amount.places == 2);
        let is_net_there = amounts.iter().any(|(value, _)| *value == net);
        amounts.iter().find(|(value, _)| is_net_there && *value == tax).map(|(_, candidate)| *candidate)
    });
    if let Some(candidate) = sum {
        taxes.retain(|option| option.value != tax);
        let (score, times) = (SUMMED_UP, 1);
        taxes.insert(0, Option_ { candidate, value: tax, score, times, bonus: false, labelled: true });
    }
}

/// Whether a label says of an amount that it was handed over or handed back.
fn is_payment(document: &Document<'_>, candidate: usize) -> bool {
    let strength = |concept| document.concept_score(candidate, concept).map_or(0.0, |(strength, _)| strength);
    let payment = strength(Concept::Paid).max(strength(Concept::Change));
    !is_total_paid(document, candidate)
        && payment > 0.5
        && payment > strength(Concept::Total)
        && payment > strength(Concept::Net)
}

/// Whether a receipt says of an amount that it is the total, paid: `TOTAL PAID`.
fn is_total_paid(document: &Document<'_>, candidate: usize) -> bool {
    let claim = document.claims.strongest(candidate, |key| document.speaks_for(key, Concept::Paid));
    let label = claim.and_then(|claim| document.labels.get(claim.label));
    let words = label.and_then(|label| document.layout.tokens.get(label.tokens.clone())).unwrap_or_default();
    document.is_receipt() && words.iter().any(|word| word.folded.starts_with("total"))
}

/// Whether a label says of an amount that it comes on top of the goods: neither their sum nor its tax.
fn is_extra(document: &Document<'_>, candidate: usize) -> bool {
    let strength = |concept| document.concept_score(candidate, concept).map_or(0.0, |(strength, _)| strength);
    let extra = strength(Concept::Shipping).max(strength(Concept::Discount));
    extra > 0.5 && extra > strength(Concept::Net) && extra > strength(Concept::Tax)
}

/// What a guest gives on top, folded.
const TIPS: [&str; 11] = [
    "trinkgeld",
    "tip",
    "gratuity",
    "pourboire",
    "propina",
    "mancia",
    "fooi",
    "gorjeta",
    "gratificacao",
    "napiwek",
    "bedienungsgeld",
];

/// Whether the words of its line say that an amount is a tip.
fn is_tip(document: &Document<'_>, candidate: usize) -> bool {
    let line = document.candidates.all.get(candidate).and_then(|found| document.layout.lines.get(found.line));
    let words = line.and_then(|line| document.layout.tokens.get(line.tokens.clone())).unwrap_or_default();
    words.iter().any(|word| TIPS.contains(&word.folded.as_str()))
}

/// Whether an amount between a total and its change is the sum of both: it is what was given, even where
/// its label was not read.
fn was_given(document: &Document<'_>, total: &Option_, change: &Option_) -> bool {
    let all = &document.candidates.all;
    change.score > 0.5
        && !change.value.is_zero()
        && total.candidate < change.candidate
        && all[total.candidate..change.candidate].iter().any(|between| {
            matches!(&between.value, Value::Amount(amount)
                if amount.places == 2 && amount.value == total.value + change.value.abs())
        })
}

/// Cash that was given is never the total where change came back, nor where a smaller total is labelled.
fn drop_what_was_given(document: &Document<'_>, totals: &mut Vec<Option_>) {
    let change_came_back =
        options(document, Concept::Change).iter().any(|change| change.score > 0.4 && !change.value.is_zero());
    let labelled: Vec<Decimal> = totals
        .iter()
        .filter(|total| total.labelled && total.score > 0.6 && !is_payment(document, total.candidate))
        .map(|total| total.value)
        .collect();
    let change = options(document, Concept::Change);
    let given: Vec<Decimal> = totals
        .iter()
        .flat_map(|total| {
            let sums = change.iter().filter(|change| was_given(document, total, change));
            sums.map(|change| total.value + change.value.abs())
        })
        .collect();
    totals.retain(|total| {
        let smaller = labelled.iter().any(|value| *value < total.value && value.is_sign_positive());
        let was_given = given.contains(&total.value) && total.score < 0.6;
        !(was_given || is_payment(document, total.candidate) && (change_came_back || smaller))
    });
}

/// Amounts that would make a sum right are weighed too, although nothing labels them.
fn add_by_sum(
    document: &Document<'_>,
    totals: &[Option_],
    nets: &mut Vec<Option_>,
    taxes: &mut Vec<Option_>,
) {
    let mut by_value: BTreeMap<Decimal, usize> = BTreeMap::new();
    for (index, candidate) in document.candidates.all.iter().enumerate() {
        if let Value::Amount(amount) = &candidate.value
            && amount.places >= 2
            && !amount.percent
            && candidate.form == Form::Amount
            // Cash is the sum of the total and the change, which says nothing of any tax.
            && !is_payment(document, index)
            && !is_extra(document, index)
            && !is_tip(document, index)
        {
            by_value.entry(amount.value.normalize()).or_insert(index);
        }
    }
    let unlabelled = |candidate: usize, value: Decimal| Option_ {
        candidate,
        value,
        score: 0.2,
        times: 0,
        bonus: false,
        labelled: false,
    };
    let (known_nets, known_taxes) = (nets.clone(), taxes.clone());
    let add = |options: &mut Vec<Option_>, value: Decimal| {
        if value.is_zero()
            || options.iter().any(|option| option.value == value)
            || options.len() >= 2 * WEIGHED
        {
            return;
        }
        if let Some(candidate) = by_value.get(&value.normalize()) {
            options.push(unlabelled(*candidate, value));
        }
    };
    // What a row of the table says of an amount is no tax, however well it fits.
    let of_row = |value: Decimal| {
        let claimed = |key| {
            [Concept::LineAmount, Concept::UnitPrice].iter().any(|concept| document.speaks_for(key, *concept))
        };
        by_value
            .get(&value.normalize())
            .and_then(|candidate| document.claims.strongest(*candidate, claimed))
            .is_some_and(|claim| claim.below && claim.strength > 0.4)
    };
    // Nor is what is charged at one of two rates the tax on the other.
    let is_net =
        |value: Decimal| known_nets.iter().any(|net| net.labelled && net.value == value && net.score > 0.5);
    for total in totals.iter().take(4).filter(|total| total.score > 0.3) {
        for net in known_nets.iter().take(4).filter(|net| net.score > 0.3) {
            let tax = total.value - net.value;
            if !of_row(tax) && !is_net(tax) {
                add(taxes, tax);
            }
        }
        for tax in known_taxes.iter().take(4).filter(|tax| tax.score > 0.3) {
            add(nets, total.value - tax.value);
        }
    }
}
