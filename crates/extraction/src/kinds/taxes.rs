//! The tax of each rate, and what is left to pay.

use docextract_model::number::json_number;
use rust_decimal::Decimal;
use serde_json::{Value as Json, json};

use super::Find;
use crate::fields::Document;
use crate::fields::calibration::Group;
use crate::fields::labels::Found;
use crate::fields::lexicon::{Concept, NEARLY};
use crate::fields::plan::key;
use crate::fields::scan::{Form, Value};
use crate::fields::text::fold;

/// Rates beyond this are no tax on a sale.
const RATE_MAX: i64 = 30;
/// What may be lost by rounding each line of a sum.
const ROUNDING: Decimal = Decimal::from_parts(3, 0, 0, false, 2);

/// Lines with a rate and the tax that it makes of a sum on the same line, or of one that the line leaves out.
///
/// Arithmetic decides, not labels: of the amounts of a line two fit as sum and tax at its rate, or the line
/// has one amount behind a word for tax. Each rate is given once.
pub(super) fn lines(document: &Document<'_>) -> Option<Find> {
    let mut rows: Vec<(Decimal, Option<Decimal>, Decimal)> = Vec::new();
    let mut tokens: Option<std::ops::Range<usize>> = None;
    for (index, line) in document.layout.lines.iter().enumerate() {
        let amounts: Vec<(Decimal, bool)> = document
            .candidates
            .on_line(index, Form::Amount)
            .filter_map(|index| match &document.candidates.all.get(index)?.value {
                Value::Amount(amount) => Some((amount.value.abs(), amount.percent)),
                _ => None,
            })
            .collect();
        let rates = amounts
            .iter()
            .filter(|(rate, percent)| *percent && *rate > Decimal::ZERO && *rate <= Decimal::from(RATE_MAX));
        let Some((rate, _)) = rates.into_iter().next() else { continue };
        let sums: Vec<Decimal> =
            amounts.iter().filter(|(_, percent)| !percent).map(|(value, _)| *value).collect();
        let makes = |net: Decimal, tax: Decimal| {
            (net * rate / Decimal::ONE_HUNDRED - tax).abs() <= ROUNDING && tax > Decimal::ZERO && tax < net
        };
        let pair = sums
            .iter()
            .flat_map(|net| sums.iter().map(move |tax| (*net, *tax)))
            .find(|(net, tax)| makes(*net, *tax));
        let says_tax = is_about_tax(&document.layout.text(line.tokens.clone()));
        let row = match (pair, sums.as_slice()) {
            (Some((net, tax)), _) if says_tax || sums.len() <= 3 => Some((*rate, Some(net), tax)),
            (None, [tax]) if says_tax => Some((*rate, None, *tax)),
            _ => None,
        };
        // A line of goods has a rate and a sum, too: its tax is not printed beside a word for tax.
        let Some(row) = row.filter(|_| says_tax || heads_say_tax(document, index)) else { continue };
        match rows.iter_mut().find(|(known, _, _)| *known == row.0) {
            // The line with the sum says more than the one without.
            Some(known) if known.1.is_none() && known.2 == row.2 => known.1 = row.1,
            Some(_) => continue,
            None => rows.push(row),
        }
        tokens =
            Some(tokens.map_or(line.tokens.clone(), |known| known.start..line.tokens.end.max(known.end)));
    }
    let rows: Vec<Json> = rows
        .into_iter()
        .map(|(rate, net, tax)| {
            json!({
                "rate": json_number(rate.normalize()),
                "net_amount": net.map_or(Json::Null, json_number),
                "tax_amount": json_number(tax),
            })
        })
        .collect();
    Some(Find { value: Json::Array(rows), parts: vec![tokens?], score: 0.85, group: Group::Amount })
}

/// Words for a tax on sales.
const TAX: [&str; 16] = [
    "vat",
    "tax",
    "gst",
    "mwst",
    "ust",
    "umsatzsteuer",
    "mehrwertsteuer",
    "tva",
    "iva",
    "btw",
    "ptu",
    "podatek",
    "steuer",
    "igic",
    "moms",
    "taxe",
];

fn is_about_tax(text: &str) -> bool {
    text.split(|c: char| !c.is_alphanumeric()).map(fold).any(|word| TAX.contains(&word.as_str()))
}

/// Whether the head of a table of taxes stands a few lines above.
fn heads_say_tax(document: &Document<'_>, line: usize) -> bool {
    let layout = &document.layout;
    (line.saturating_sub(4)..line).filter_map(|above| layout.lines.get(above)).any(|above| {
        let has_amount = layout
            .tokens
            .get(above.tokens.clone())
            .unwrap_or_default()
            .iter()
            .any(|t| t.text.contains(['0', '1']));
        let text = layout.text(above.tokens.clone());
        // A head of goods names a price or a quantity.
        !has_amount
            && is_about_tax(&text)
            && !["price", "preis", "prix", "precio", "prezzo", "prijs", "cena", "qty", "menge", "quant"]
                .iter()
                .any(|word| fold(&text).contains(word))
    })
}

/// Labels of what is left to pay, folded.
const DUE: [&str; 69] = [
    "amountdue",
    "balancedue",
    "totaldue",
    "amountpayable",
    "balance",
    "outstandingamount",
    "outstanding",
    "duenow",
    "zuzahlen",
    "zahlbetrag",
    "offenerbetrag",
    "restbetrag",
    "zuzahlenderbetrag",
    "netapayer",
    "resteapayer",
    "soldeapayer",
    "montantdu",
    "importeapagar",
    "totalapagar",
    "saldodovuto",
    "nettoapagare",
    "totaleapagare",
    "tebetalen",
    "valorapagar",
    "dozaplaty",
    "pozostajedozaplaty",
    "pozostalodozaplaty",
    "totaltobepaid",
    "amounttobepaid",
    "remainingbalance",
    "baldue",
    "nochzuzahlen",
    "nochoffen",
    "restzahlung",
    "verbleibenderbetrag",
    "nochzuzahlenderbetrag",
    "resteadevoir",
    "restearegler",
    "netaregler",
    "saldopendiente",
    "pendientedepago",
    "restanteapagar",
    "restadapagare",
    "nogtebetalen",
    "openstaandbedrag",
    "emfalta",
    "amountoutstanding",
    "totaloutstanding",
    "totalamountoutstanding",
    "outstandingbalance",
    "balanceoutstanding",
    "balancetopay",
    "zubezahlen",
    "totalzubezahlen",
    "soldeapayer",
    "soldearegler",
    "soldedu",
    "pendiente",
    "importependiente",
    "saldoapagar",
    "saldodapagare",
    "saldodovuto",
    "totaaltebetalen",
    "nogtevoldoen",
    "porliquidar",
    "saldoemdivida",
    "valoremdivida",
    "razemdozaplaty",
    "pozostalakwota",
];

/// What says of an amount that other bills left it.
const PREVIOUS: [&str; 12] = [
    "previous",
    "prior",
    "lastbill",
    "lastinvoice",
    "fruhere",
    "vorherig",
    "vorjahr",
    "precedent",
    "anterior",
    "vorige",
    "poprzedni",
    "vanfactuur",
];

/// A label as long may have more words behind it.
const DUE_CHARS_MIN: usize = 9;

/// The amount beside a label for what is left to pay.
pub(super) fn amount_due(document: &Document<'_>) -> Option<Find> {
    headed_due(document).or_else(|| said_to_be_left(document)).or_else(|| nothing_left(document))
}

/// The nothing that is to be paid where all of it was: `Kwota do zapłaty: 0,00 zł`.
fn nothing_left(document: &Document<'_>) -> Option<Find> {
    let index = (0..document.candidates.all.len()).find(|index| {
        matches!(&document.candidates.all[*index].value,
            Value::Amount(amount) if amount.value.is_zero() && amount.places == 2 && !amount.percent)
            && document.concept_score(*index, Concept::Total).is_some_and(|(score, _)| score > NOTHING_MIN)
    })?;
    Some(Find {
        value: json_number(Decimal::ZERO),
        parts: vec![document.candidates.all[index].tokens.clone()],
        score: 0.9,
        group: Group::Amount,
    })
}

/// What a label has to say at least of a nothing.
const NOTHING_MIN: f32 = 0.8;

/// The amount that a label within a line says is left to pay: `Pendiente / Balance due`.
fn said_to_be_left(document: &Document<'_>) -> Option<Find> {
    let segment_of =
        |label: &Found| document.layout.tokens.get(label.tokens.start).map(|token| token.segment);
    // A label in two languages may say it in one of them: `Saldo a pagar / Balance`.
    let is_left = |label: usize| {
        let Some(segment) = document.labels.get(label).and_then(segment_of) else { return false };
        document.labels.iter().any(|other| {
            segment_of(other) == Some(segment)
                && (NEARLY - 0.02..=NEARLY).contains(&other.weight_for(&[key(Concept::Total)]))
        })
    };
    let claims = document.claims.of.iter().enumerate().flat_map(|(index, claims)| {
        let of_left = claims.iter().filter(|claim| claim.key == key(Concept::Total) && is_left(claim.label));
        of_left.map(move |claim| (index, claim.strength))
    });
    let (index, strength) = claims.max_by(|a, b| a.1.total_cmp(&b.1))?;
    let found = document.candidates.all.get(index)?;
    let Value::Amount(amount) = &found.value else { return None };
    (strength >= LEFT_MIN && !amount.percent).then(|| Find {
        value: json_number(amount.value),
        parts: vec![found.tokens.clone()],
        score: strength,
        group: Group::Amount,
    })
}

/// What a label has to say at least of an amount that is left to pay.
const LEFT_MIN: f32 = 0.6;

/// The amount in a line that begins with a label for what is left to pay.
fn headed_due(document: &Document<'_>) -> Option<Find> {
    let layout = &document.layout;
    layout.segments.iter().find_map(|segment| {
        let head: String = layout
            .tokens
            .get(segment.tokens.clone())?
            .iter()
            .take_while(|token| {
                !token.text.chars().next().is_some_and(|c| c.is_ascii_digit() || c == '€' || c == '$')
            })
            .map(|token| token.folded.as_str())
            .collect();
        let head = head.strip_suffix("eur").or_else(|| head.strip_suffix("usd")).unwrap_or(&head);
        // `Balance due from you` says no more than `Balance due`.
        // `Amount due this period` is the bill's, and not what is left of others as well.
        let says = |due: &&str| {
            let rest = head.strip_prefix(*due);
            rest.is_some_and(|rest| {
                rest.is_empty()
                    || due.len() >= DUE_CHARS_MIN && !rest.trim_start_matches("for").starts_with("this")
            })
        };
        if !DUE.iter().any(says) || PREVIOUS.iter().any(|word| head.contains(word)) {
            return None;
        }
        let found = document
            .candidates
            .on_line(segment.line, Form::Amount)
            .filter_map(|index| document.candidates.all.get(index))
            .filter(|found| found.tokens.start >= segment.tokens.start)
            .last()?;
        let Value::Amount(amount) = &found.value else { return None };
        (!amount.percent).then(|| Find {
            value: json_number(amount.value),
            parts: vec![found.tokens.clone()],
            score: 0.9,
            group: Group::Amount,
        })
    })
}
