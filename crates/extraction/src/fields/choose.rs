//! One value for each field: the best option of each, no printed value for two different things.
//!
//! Whoever wants to know why is told of every option and what became of it, as it is decided ([`Considered`]).

use std::collections::BTreeMap;
use std::ops::Range;

use docextract_model::extractor::FieldType;
use serde_json::Value as Json;

use super::calibration::{Group, Signals};
use super::labels::Key;
use super::lexicon::{Concept, Kind, LIKELY, MAYBE};
use super::money::{self, Choice, Money};
use super::parties::{self, Named, Parties};
use super::plan::{self, Target};
use super::scan::{Candidate, Form, Value};
use super::values::{self, TextValue};
use super::{Document, Picked, json_amount, outrivalled, telephone};
use crate::layout::Token;

/// What could be a field's value.
#[derive(Debug, Clone)]
struct Offer {
    picked: Picked,
    /// What the assignment compares, 0–1.
    score: f32,
    /// Whether the printed value must not serve another field as well.
    exclusive: bool,
}

/// With fewer digits, what stands beside `telephone` tells of a call.
const PHONE_DIGITS_MIN: usize = 5;
/// What it counts that a label heads a column of dates, as that of a table's rows does.
const IN_COLUMN: f32 = 0.35;
/// How many offers of a field take part in the assignment.
const OFFERS: usize = 6;
/// An offer below this is no value.
const SCORE_MIN: f32 = 0.15;

/// What became of something that could be a field's value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    Chosen,
    /// Another one of the field had a higher score.
    Outscored,
    /// Its words are the value of another target, which was surer of them.
    Taken {
        by: usize,
    },
    /// Its score says that it is no value.
    Weak,
    /// An amount of a set that was chosen as a whole, in which it was not.
    NotInSet,
}

/// Something that could be a target's value, and what became of it.
pub(super) struct Considered<'a> {
    /// The index of the target in the plan.
    pub(super) target: usize,
    pub(super) tokens: &'a Range<usize>,
    pub(super) value: &'a Json,
    pub(super) score: f32,
    pub(super) fate: Fate,
}

/// Whoever is told.
pub(super) type Note<'a, 'b> = &'a mut (dyn FnMut(Considered<'_>) + 'b);

/// A value or none for each target of the plan, in its order. What was learnt is settled from the start. `note` is
/// told of all that was considered.
pub(super) fn all(
    document: &Document<'_>,
    learnt: Vec<Option<Picked>>,
    mut note: Option<Note<'_, '_>>,
) -> Vec<Option<Picked>> {
    let money = money::choose(document);
    let parties = Parties::of(&document.layout, &document.labels);
    let people = match document.document_type.as_str() {
        _ if document.is_receipt() => receipt_people(&parties),
        "purchase_order" => two_people(parties.of_order()),
        _ => two_people(parties.of_invoice()),
    };
    let offers: Vec<Vec<Offer>> =
        document.plan.targets.iter().map(|target| offers(document, target, &money, &people)).collect();
    let picked = assign(document, &offers, learnt, note.as_deref_mut());
    let Some(note) = note else { return picked };
    for (index, (target, picked)) in document.plan.targets.iter().zip(&picked).enumerate() {
        let sets =
            [(Concept::Total, &money.totals), (Concept::Net, &money.nets), (Concept::Tax, &money.taxes)];
        let weighed = sets.into_iter().find(|(concept, _)| target.concept == Some(*concept));
        for (candidate, score) in weighed.into_iter().flat_map(|(_, weighed)| weighed) {
            let Some(candidate) = document.candidates.all.get(*candidate) else { continue };
            // The one that was chosen was noted as an offer, with the score that it had as one.
            if picked.as_ref().is_some_and(|picked| picked.tokens == candidate.tokens) {
                continue;
            }
            let Some((value, _)) = json_of(document, target, &candidate.value, &candidate.tokens) else {
                continue;
            };
            let (tokens, fate) = (&candidate.tokens, Fate::NotInSet);
            note(Considered { target: index, tokens, value: &value, score: *score, fate });
        }
    }
    picked
}

struct People {
    seller: Option<Named>,
    buyer: Option<Named>,
    address: Option<Named>,
}

fn receipt_people(parties: &Parties<'_>) -> People {
    let (seller, address) = parties.of_receipt();
    // A receipt that is a letter has no shop at its head, but parties with labels.
    let seller = seller.or_else(|| parties.of_invoice().0);
    People { seller, buyer: None, address }
}

fn two_people((seller, buyer): (Option<Named>, Option<Named>)) -> People {
    People { seller, buyer, address: None }
}

/// Gives each field its best offer, the surest first, and no printed value twice.
fn assign(
    document: &Document<'_>,
    offers: &[Vec<Offer>],
    learnt: Vec<Option<Picked>>,
    mut note: Option<Note<'_, '_>>,
) -> Vec<Option<Picked>> {
    let mut order: Vec<(usize, usize, f32)> = offers
        .iter()
        .enumerate()
        .flat_map(|(field, offers)| {
            offers.iter().enumerate().map(move |(rank, offer)| (field, rank, offer.score))
        })
        .collect();
    order.sort_by(|a, b| b.2.total_cmp(&a.2).then(a.0.cmp(&b.0)).then(a.1.cmp(&b.1)));
    let mut taken: Vec<(Range<usize>, usize)> = learnt
        .iter()
        .enumerate()
        .filter_map(|(target, picked)| Some((picked.as_ref()?.tokens.clone(), target)))
        .collect();
    let mut result = learnt;
    for (field, rank, _) in order {
        let offer = &offers[field][rank];
        let concept = document.plan.targets[field].concept;
        let tokens = &offer.picked.tokens;
        let clash = |(other, by): &&(Range<usize>, usize)| {
            tokens.start < other.end
                && other.start < tokens.end
                && (concept.is_none() || document.plan.targets[*by].concept != concept)
        };
        let fate = if result[field].is_some() {
            Fate::Outscored
        } else if offer.score < SCORE_MIN {
            Fate::Weak
        } else if let Some((_, by)) = taken.iter().find(clash).filter(|_| offer.exclusive) {
            Fate::Taken { by: *by }
        } else {
            Fate::Chosen
        };
        if let Some(note) = &mut note {
            let Picked { tokens, value, .. } = &offer.picked;
            note(Considered { target: field, tokens, value, score: offer.score, fate });
        }
        if fate == Fate::Chosen {
            if offer.exclusive {
                taken.push((tokens.clone(), field));
            }
            result[field] = Some(offer.picked.clone());
        }
    }
    result
}

fn offers(document: &Document<'_>, target: &Target<'_>, money: &Money, people: &People) -> Vec<Offer> {
    let field = target.field;
    let mut offers = if !field.enumeration.is_empty() {
        from_list(document, target)
    } else if let (Some(pattern), FieldType::Text | FieldType::Email | FieldType::Phone) =
        (&field.pattern, field.field_type)
    {
        from_pattern(document, target, pattern)
    } else if field.field_type == FieldType::Boolean {
        from_box(document, target)
    } else if field.field_type == FieldType::Array {
        Vec::new()
    } else {
        match target.concept {
            Some(Concept::Total) => of_money(document, target, money.total),
            Some(Concept::Net) => of_money(document, target, money.net),
            Some(Concept::Tax) => of_money(document, target, money.tax),
            Some(Concept::Currency) => currency(document, target),
            Some(Concept::Seller) => named(document, people.seller.as_ref(), Group::Party),
            Some(Concept::Buyer) if !document.is_receipt() => {
                named(document, people.buyer.as_ref(), Group::Party)
            }
            Some(Concept::Address) if document.is_receipt() => {
                named(document, people.address.as_ref(), Group::Address)
            }
            Some(concept)
                if concept.kind() == Kind::Text
                    && plan::key(concept) != target.own
                    && typed(document, target, people).is_empty() =>
            {
                beside(document, target)
            }
            Some(concept) if concept.kind() == Kind::Party => beside(document, target),
            _ if field.field_type == FieldType::Text && target.concept.is_none() => beside(document, target),
            _ => typed(document, target, people),
        }
    };
    if let Some(pattern) = field.pattern.as_deref().filter(|_| field.enumeration.is_empty()) {
        offers.retain(|offer| values::fits_pattern(pattern, &as_text(&offer.picked.value)));
    }
    // Half of an address of mail, cut off at the end of its line, is none.
    if field.field_type == FieldType::Email {
        offers.retain(|offer| super::codes::email(&as_text(&offer.picked.value)).is_some());
    }
    if field.field_type == FieldType::Phone || target.concept == Some(Concept::Phone) {
        offers.iter_mut().for_each(|offer| cut_to_telephone(document, offer));
        let digits = |offer: &Offer| as_text(&offer.picked.value).bytes().filter(u8::is_ascii_digit).count();
        offers.retain(|offer| digits(offer) >= PHONE_DIGITS_MIN);
    }
    offers
        .sort_by(|a, b| b.score.total_cmp(&a.score).then(a.picked.tokens.start.cmp(&b.picked.tokens.start)));
    offers.truncate(OFFERS);
    offers
}

/// `22 555 01 36. District Court of Leeds`: the number ends where words begin.
fn cut_to_telephone(document: &Document<'_>, offer: &mut Offer) {
    let tokens = offer.picked.tokens.clone();
    let words = document.layout.tokens.get(tokens.clone()).unwrap_or_default();
    let has_letters = |text: &str| text.chars().any(char::is_alphabetic);
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    // `976 55 01 28 · mail@…`: a mark or an address of mail ends the number.
    let parts = |word: &Token| matches!(word.text.as_str(), "·" | "•" | "|" | "●") || word.text.contains('@');
    // An extension belongs to the number.
    let stops = words.iter().position(|word| word.text.ends_with('.') && digits(&word.text) > 0);
    let ends = [words.iter().position(parts), stops.map(|stop| stop + 1)];
    let Some(end) = ends.into_iter().flatten().min() else { return };
    let number = tokens.start..tokens.start + end;
    let text = document.layout.text(number.clone());
    if number.end < tokens.end && !has_letters(&text) && digits(&text) >= PHONE_DIGITS_MIN {
        offer.picked.value = Json::String(text.trim_end_matches('.').to_owned());
        offer.picked.tokens = number;
    }
}

fn as_text(value: &Json) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The labels that speak for a target: its own and its concept's.
fn keys(target: &Target<'_>) -> Vec<Key> {
    let mut keys = vec![target.own];
    keys.extend(target.concept.map(plan::key));
    keys
}

pub(super) fn base(document: &Document<'_>, tokens: &Range<usize>, score: f32) -> Signals {
    Signals {
        score: score.clamp(0.0, 1.0),
        reading: document.layout.confidence(tokens.clone()),
        scanned: f32::from(u8::from(document.is_scanned(tokens.start))),
        ..Signals::default()
    }
}

/// The candidates that have a form: numbers, dates, amounts, addresses of mail, telephones.
fn typed(document: &Document<'_>, target: &Target<'_>, people: &People) -> Vec<Offer> {
    let mut wanted = keys(target);
    // An order's own date is headed `Date`, as an invoice's is.
    if is_own_date(document, target) {
        wanted.push(plan::key(Concept::DocumentDate));
    }
    let forms = document.plan.forms(target.own);
    let mut by_value: BTreeMap<String, (Offer, usize)> = BTreeMap::new();
    for (index, candidate) in document.candidates.all.iter().enumerate() {
        let Some((_, suits)) = forms.iter().find(|(form, _)| *form == candidate.form) else { continue };
        let claim = document.claims.strongest(index, |key| wanted.contains(&key));
        let is_anothers = match target.concept {
            Some(Concept::DocumentDate) => claim.is_some_and(|claim| is_of_order(document, &claim)),
            Some(Concept::CustomerNumber) => claim.is_some_and(|claim| is_of_bank(document, &claim)),
            _ => false,
        };
        if is_anothers {
            continue;
        }
        let own = claim.map_or(0.0, |claim| claim.strength);
        let rival = document
            .claims
            .strongest(index, |key| {
                !wanted.contains(&key)
                    && plan::concept_of(key).is_none_or(|concept| Some(concept) != target.concept)
                    && document.field_of(key).is_none_or(|concept| Some(concept) != target.concept)
                    && same_kind(document.plan.kind(key), candidate.form)
            })
            .map_or(0.0, |claim| claim.strength);
        let prior = prior(document, target, people, index, rival) * suits;
        let labelled = own > prior;
        let mut score = outrivalled(own, rival).max(prior) * candidate.fit;
        if candidate.form == Form::Date && document.is_in_column(index, |key| wanted.contains(&key)) {
            score *= IN_COLUMN;
        }
        if target.concept == Some(Concept::DueDate) && is_early(document, candidate) {
            score *= EARLY_WORTH;
        }
        if let Some(concept) = target.concept.filter(|concept| is_of_party(*concept)) {
            score = by_block(document, people, concept, index, score);
        }
        // Of the same label in several places, the one further up is the document's own.
        score -= 0.03 * candidate.line as f32 / document.layout.lines.len().max(1) as f32;
        if score < SCORE_MIN {
            continue;
        }
        let Some((value, ambiguous)) = json_of(document, target, &candidate.value, &candidate.tokens) else {
            continue;
        };
        let (value, tokens) = claim
            .filter(|_| labelled && target.concept.is_some_and(has_series))
            .and_then(|claim| with_series(document, candidate, claim))
            .unwrap_or((value, candidate.tokens.clone()));
        let mut signals = base(document, &candidate.tokens, score);
        signals.unlabelled = f32::from(u8::from(!labelled));
        signals.ambiguous = f32::from(u8::from(ambiguous));
        let group = match candidate.form {
            Form::Date => Group::Date,
            Form::Amount => Group::Amount,
            Form::Code | Form::Iban | Form::VatId | Form::Email | Form::Phone => Group::Code,
        };
        let picked = Picked { value: value.clone(), tokens, rest: Vec::new(), signals, group };
        let offer = Offer { picked, score, exclusive: true };
        match by_value.get_mut(&value.to_string()) {
            Some((known, times)) => {
                *times += usize::from(score > 0.35);
                if known.score < score {
                    *known = offer;
                }
            }
            None => {
                by_value.insert(value.to_string(), (offer, usize::from(score > 0.35)));
            }
        }
    }
    with_margins(by_value.into_values().collect())
}

/// Notes in each offer how far it is ahead of the others, and whether it stands there twice.
fn with_margins(offers: Vec<(Offer, usize)>) -> Vec<Offer> {
    let mut scores: Vec<f32> = offers.iter().map(|(offer, _)| offer.score).collect();
    scores.sort_by(|a, b| b.total_cmp(a));
    let (best, second) = (scores.first().copied().unwrap_or(0.0), scores.get(1).copied().unwrap_or(0.0));
    offers
        .into_iter()
        .map(|(mut offer, times)| {
            let other = if offer.score >= best { second } else { best };
            offer.picked.signals.margin = (offer.score - other).clamp(-1.0, 1.0);
            offer.picked.signals.agreed = f32::from(u8::from(times > 1));
            if times > 1 {
                offer.score += 0.03;
            }
            offer
        })
        .collect()
}

/// Whether a number of this kind may begin with the letters of its series.
fn has_series(concept: Concept) -> bool {
    matches!(concept, Concept::DocumentNumber | Concept::OrderNumber | Concept::CustomerNumber)
}

/// A number with the letters of its series, which stand by themselves between it and its label: `FPR 17/23`.
fn with_series(
    document: &Document<'_>,
    candidate: &Candidate,
    claim: super::claims::Claim,
) -> Option<(Json, Range<usize>)> {
    let layout = &document.layout;
    let Value::Code(code) = &candidate.value else { return None };
    let series = candidate.tokens.start.checked_sub(1)?;
    let segment = |index: usize| layout.tokens.get(index).map(|token| token.segment);
    let label = document.labels.get(claim.label)?;
    let begins = label.tokens.end == series
        || layout.segments.get(segment(series)?).is_some_and(|segment| segment.tokens.start == series);
    let is_label = document.labels.iter().any(|label| label.tokens.contains(&series));
    let is_series = !is_label
        && begins
        && segment(series) == segment(candidate.tokens.start)
        && layout.tokens.get(series).is_some_and(|token| super::scan::is_series(&token.text));
    // Without a mark in it, the number is one by itself, and the letters may be anything.
    (is_series && code.contains(['/', '-'])).then(|| {
        let value = format!("{} {code}", layout.tokens[series].text);
        (Json::String(value), series..candidate.tokens.end)
    })
}

/// Whether a word that may say of what day a document is stands behind the number of an order or a delivery note:
/// `Vs. ord. 77 del 31/10/2024`, `Albarán 1-118842 de fecha 14/03/2025`.
fn is_of_order(document: &Document<'_>, claim: &super::claims::Claim) -> bool {
    let layout = &document.layout;
    let Some(label) = document.labels.get(claim.label) else { return false };
    let Some(first) = layout.tokens.get(label.tokens.start) else { return false };
    let is_in_sentence = first.text.starts_with(char::is_lowercase);
    if label.weight_for(&[claim.key]) > if is_in_sentence { LIKELY } else { MAYBE } {
        return false;
    }
    let says = |code: usize, concept: Concept| {
        document.concept_score(code, concept).is_some_and(|(score, _)| score > 0.5)
    };
    document.candidates.on_line(first.line, Form::Code).any(|code| {
        let end = document.candidates.all[code].tokens.end;
        (end == label.tokens.start || is_in_sentence && end + 1 == label.tokens.start)
            && (says(code, Concept::OrderNumber) || is_in_sentence && says(code, Concept::OtherNumber))
    })
}

/// Whether a label for an account stands among words of a bank: `Sort code 30-91-77 account 40118826`.
fn is_of_bank(document: &Document<'_>, claim: &super::claims::Claim) -> bool {
    let layout = &document.layout;
    let Some(label) = document.labels.get(claim.label) else { return false };
    let is_account = label.weight_for(&[plan::key(Concept::OtherNumber)]) > 0.0;
    if !is_account || claim.key != plan::key(Concept::CustomerNumber) {
        return false;
    }
    // `collected from the account ending in 0412`: a label begins its stretch, a word of a sentence does not.
    let Some(first) = layout.tokens.get(label.tokens.start) else { return false };
    let segment = layout.segments.get(first.segment);
    if segment.is_some_and(|segment| segment.tokens.start != label.tokens.start) {
        return true;
    }
    let line = first.line;
    let around = layout.lines.get(line.saturating_sub(1)..line + 2).or_else(|| layout.lines.get(line..));
    let tokens = around.unwrap_or_default().iter().flat_map(|line| layout.tokens.get(line.tokens.clone()));
    tokens.flatten().any(|token| BANK_WORDS.contains(&token.folded.as_str()))
}

/// What stands around the number of a bank account, folded.
const BANK_WORDS: [&str; 20] = [
    "bank",
    "bankers",
    "iban",
    "bic",
    "swift",
    "sort",
    "sortcode",
    "bsb",
    "routing",
    "aba",
    "ifsc",
    "blz",
    "bacs",
    "banque",
    "banco",
    "banca",
    "wire",
    "ach",
    "beneficiary",
    "payee",
];

fn is_vat_id(concept: Concept) -> bool {
    matches!(concept, Concept::SellerVatId | Concept::BuyerVatId)
}

/// Whether a value is one of the seller's or the buyer's.
fn is_of_party(concept: Concept) -> bool {
    is_vat_id(concept) || matches!(concept, Concept::Email | Concept::Phone)
}

/// Whose a number or an address of mail is, where its label does not say it: that party's under whose name it
/// stands.
fn by_block(document: &Document<'_>, people: &People, concept: Concept, candidate: usize, score: f32) -> f32 {
    let tokens = &document.candidates.all[candidate].tokens;
    let claimed = document.claims.strongest(candidate, |key| {
        plan::concept_of(key).is_some_and(|concept| is_vat_id(concept) || concept == Concept::TaxNumber)
    });
    let label = claimed.and_then(|claim| document.labels.get(claim.label)).map(|label| label.tokens.clone());
    // A number at the right edge of its cell stands in the block that its label stands in.
    let below = |party: &Option<Named>| {
        let name = party.as_ref()?.tokens.clone();
        parties::lines_under(&document.layout, name.clone(), tokens.clone())
            .or_else(|| parties::lines_under(&document.layout, name, label.clone()?))
    };
    let (of_seller, of_buyer) = (below(&people.seller), below(&people.buyer));
    // In a row of a form it stands beside the name: `Name: Firm   Tax No: 123`.
    let in_row = |party: &Option<Named>| {
        let name = party.as_ref().filter(|_| is_vat_id(concept))?.tokens.start;
        let line = |token: usize| document.layout.tokens.get(token).map(|token| token.line);
        (line(name) == line(tokens.start) && name < tokens.start).then_some(BESIDE_NAME)
    };
    let (of_seller, of_buyer) = match (of_seller, of_buyer) {
        (None, None) => (in_row(&people.seller), in_row(&people.buyer)),
        known => known,
    };
    let of_the_buyer = concept == Concept::BuyerVatId;
    let (own, other) = if of_the_buyer { (of_buyer, of_seller) } else { (of_seller, of_buyer) };
    let nearer = |a: Option<f32>, b: Option<f32>| a.is_some_and(|a| b.is_none_or(|b| a < b));
    let explicit = document
        .claims
        .strongest(candidate, |key| plan::concept_of(key) == Some(Concept::BuyerVatId))
        .map_or(0.0, |claim| claim.strength);
    if nearer(other, own) && (of_the_buyer || explicit < 0.5) {
        0.3 * score
    } else if nearer(own, other) && is_vat_id(concept) {
        let named = claimed.map_or(0.0, |claim| claim.strength);
        let Candidate { form, fit, .. } = document.candidates.all[candidate];
        let (formed, suits) = if form == Form::VatId { (0.6, 1.0) } else { (0.0, 0.7) };
        score.max(0.9 * named.max(formed) * suits * fit)
    } else {
        score
    }
}

/// How far below a name what stands beside it counts for, in heights of a line.
const BESIDE_NAME: f32 = 1.0;

fn same_kind(kind: Kind, form: Form) -> bool {
    match form {
        Form::Date => kind == Kind::Date,
        Form::Amount => kind == Kind::Amount,
        Form::Code | Form::Iban | Form::VatId => matches!(kind, Kind::Code | Kind::Text),
        Form::Email | Form::Phone => kind == Kind::Text,
    }
}

/// What a candidate is worth for a target without any label.
fn prior(document: &Document<'_>, target: &Target<'_>, people: &People, index: usize, rival: f32) -> f32 {
    let candidate = &document.candidates.all[index];
    let Some(line) = document.layout.lines.get(candidate.line) else { return 0.0 };
    let top = document.layout.pages.get(line.page).map_or(1.0, |page| line.bounds.y0 / page.height);
    match (target.concept, candidate.form) {
        (Some(Concept::DocumentDate | Concept::OrderDate), Form::Date) if is_own_date(document, target) => {
            // `Invoice 4711 of 5 March`: the date beside the number is the document's.
            let numbered = document.candidates.on_line(candidate.line, Form::Code).any(|code| {
                let code_at = &document.candidates.all[code].tokens;
                code_at.end <= candidate.tokens.start
                    // In a row of a table other columns stand between them.
                    && are_neighbours(document, code_at.start, candidate.tokens.start)
                    && document
                        .concept_score(code, Concept::DocumentNumber)
                        .is_some_and(|(score, _)| score > 0.5)
            });
            if numbered && rival < 0.8 {
                return 0.85;
            }
            if line.page == 0 && rival < 0.8 && is_place_and_day(document, candidate) {
                return 0.8;
            }
            if document.is_receipt() && is_until(document, candidate) {
                return UNTIL_WORTH;
            }
            let place = if line.page > 0 {
                0.5
            } else if top < 0.5 {
                1.0
            } else {
                0.8
            };
            let only = if rival > 0.3 { 0.35 } else { 1.0 };
            place * only * if document.is_receipt() { 0.55 } else { 0.36 }
        }
        (Some(Concept::DueDate), Form::Date) if is_payable_until(document, candidate) => 0.8,
        // A payment that is due: a date and an amount in one line, below what says how to pay.
        (Some(Concept::DueDate), Form::Date) if is_instalment(document, candidate) => 0.6,
        (Some(Concept::OrderNumber), Form::Code) if is_order_code(&candidate.value) => 0.6,
        (Some(Concept::Iban), Form::Iban) => 0.8,
        (Some(Concept::Bic), Form::Code) if is_bic_of_account(document, candidate) => 0.6,
        (Some(Concept::Email), Form::Email) => 0.6 - 0.1 * top,
        (Some(Concept::SellerVatId), Form::VatId) => 0.6,
        (Some(Concept::Phone), Form::Phone) if rival < 0.3 => {
            let place = |party: &Option<Named>| party.as_ref().map(|party| party.tokens.clone());
            telephone::of_place(document, place(&people.seller), place(&people.buyer), candidate)
        }
        (None, Form::Email) if target.field.field_type == FieldType::Email => 0.4,
        (None, Form::Phone) if target.field.field_type == FieldType::Phone => 0.2,
        _ => 0.0,
    }
}

/// Whether two words stand in one stretch, or in one and the next.
fn are_neighbours(document: &Document<'_>, a: usize, b: usize) -> bool {
    let segment = |token: usize| document.layout.tokens.get(token).map(|token| token.segment);
    matches!((segment(a), segment(b)), (Some(a), Some(b)) if a == b || a + 1 == b)
}

/// Whether a target is the day of the document itself.
fn is_own_date(document: &Document<'_>, target: &Target<'_>) -> bool {
    target.concept == Some(Concept::DocumentDate)
        || target.concept == Some(Concept::OrderDate) && document.document_type.as_str() == "purchase_order"
}

/// Whether a date stands as at the head of a letter, with nothing but the town: `Dijon, le 18/07/2024`. In the row of
/// a table it is of what that is about: `Engineer on site, 6 Oct`.
fn is_place_and_day(document: &Document<'_>, date: &Candidate) -> bool {
    let layout = &document.layout;
    if !money::amounts_on(document, date.line, |amount| amount.places == 2).is_empty() {
        return false;
    }
    let segment = layout.tokens.get(date.tokens.start).and_then(|token| layout.segments.get(token.segment));
    let Some(segment) = segment.filter(|segment| segment.tokens.end == date.tokens.end) else { return false };
    let before = layout.tokens.get(segment.tokens.start..date.tokens.start).unwrap_or_default();
    let Some(comma) = before.iter().position(|token| token.text.ends_with(',')) else { return false };
    let (town, day) = before.split_at(comma + 1);
    town.len() <= TOWN_WORDS_MAX
        && town[0].text.starts_with(char::is_uppercase)
        && town.iter().all(|word| {
            word.text.chars().all(|c| c.is_alphabetic() || matches!(c, ',' | '-' | '.' | '\'' | '’'))
        })
        && day.iter().all(|word| DAY_WORDS.contains(&word.folded.as_str()))
}

/// Words of a town's name, and those between it and the day.
const TOWN_WORDS_MAX: usize = 4;
const DAY_WORDS: [&str; 13] =
    ["le", "den", "dnia", "li", "il", "a", "am", "de", "op", "dia", "the", "em", "d"];

/// How what says that somebody has to pay begins, and what says until when, folded.
const PAYABLE: [&str; 19] = [
    "zahlbar",
    "zahlung",
    "bezahl",
    "begleich",
    "uberweis",
    "payable",
    "payment",
    "pay",
    "regler",
    "reglement",
    "paiement",
    "pago",
    "pagar",
    "pagamento",
    "pagare",
    "pagabil",
    "betal",
    "platn",
    "zaplat",
];
const UNTIL: [&str; 21] = [
    "bis",
    "thru",
    "through",
    "zum",
    "spatestens",
    "until",
    "by",
    "before",
    "avant",
    "jusquau",
    "antes",
    "hasta",
    "entro",
    "voor",
    "uiterlijk",
    "ate",
    "do",
    "dnia",
    "tard",
    "tegen",
    "later",
];
/// What a day until which goods may be brought back or a price holds counts as the day of a receipt.
const UNTIL_WORTH: f32 = 0.2;

/// Whether a date is the end of a time: `Umtausch bis 05.09.2024`.
fn is_until(document: &Document<'_>, date: &Candidate) -> bool {
    let before = date.tokens.start.checked_sub(1).and_then(|index| document.layout.tokens.get(index));
    before.is_some_and(|token| token.line == date.line && UNTIL.contains(&token.folded.as_str()))
}

/// What is said of a day until which less has to be paid.
const EARLY: [&str; 9] =
    ["skonto", "discount", "escompte", "descuento", "sconto", "korting", "desconto", "skonta", "rabat"];
/// What such a day counts as the last one to pay.
const EARLY_WORTH: f32 = 0.5;
/// How far apart the two may stand, in words.
const PAYABLE_WORDS: usize = 14;

/// Whether a sentence says that a date is the last day to pay: `Zahlbar innerhalb von 10 Tagen netto bis`.
fn is_payable_until(document: &Document<'_>, date: &Candidate) -> bool {
    let layout = &document.layout;
    let first = layout.lines.get(date.line).map_or(0, |line| line.tokens.start);
    let start = date.tokens.start.saturating_sub(PAYABLE_WORDS).max(first);
    let before = match line_before(document, date) {
        Some(tokens) => layout.tokens.get(tokens).unwrap_or_default(),
        None => layout.tokens.get(start..date.tokens.start).unwrap_or_default(),
    };
    let behind = layout.tokens.get(date.tokens.end..).unwrap_or_default();
    let is_one_of = |words: &[&str], token: &Token| words.contains(&token.folded.as_str());
    // `spätestens am 17.5.`, `au plus tard le 17 mai`.
    let words = match before.split_last() {
        Some((day, rest)) if is_one_of(&DAY_WORDS, day) && !is_one_of(&UNTIL, day) => rest,
        _ => before,
    };
    let in_full = behind.iter().take(IN_FULL_WORDS).any(|token| is_one_of(&IN_FULL, token));
    words.last().is_some_and(|token| is_one_of(&UNTIL, token))
        && (before.iter().any(|token| PAYABLE.iter().any(|word| token.folded.starts_with(word)))
            || in_full)
        // `Bis 14.08. mit 2 % Skonto, bis 30.08. ohne Abzug`.
        && (in_full || !before.iter().any(|token| is_one_of(&EARLY, token)))
        && !is_early(document, date)
}

/// The stretch of the line before that a date goes on from, which begins its own: a sentence was broken before it.
fn line_before(document: &Document<'_>, date: &Candidate) -> Option<Range<usize>> {
    let layout = &document.layout;
    let segment = layout.segments.get(layout.tokens.get(date.tokens.start)?.segment)?;
    if segment.tokens.start != date.tokens.start {
        return None;
    }
    let above = layout.lines.get(date.line.checked_sub(1)?)?;
    let height = layout.lines.get(date.line)?.height;
    let goes_on = |above: &&crate::layout::Segment| {
        (above.bounds.x0 - segment.bounds.x0).abs() < 0.5 * height
            && (0.0..height).contains(&(segment.bounds.y0 - above.bounds.y1))
    };
    let above = layout.segments.get(above.segments.clone())?.iter().find(goes_on)?;
    Some(above.tokens.end.saturating_sub(PAYABLE_WORDS).max(above.tokens.start)..above.tokens.end)
}

/// Whether what is said behind a date is that less has to be paid until then.
fn is_early(document: &Document<'_>, date: &Candidate) -> bool {
    let end = document.layout.lines.get(date.line).map_or(date.tokens.end, |line| line.tokens.end);
    let behind = document.layout.tokens.get(date.tokens.end..end).unwrap_or_default();
    behind.iter().take(PAYABLE_WORDS).any(|token| EARLY.contains(&token.folded.as_str()))
}

/// What is said behind a day until which nothing is taken off, and how close behind it.
const IN_FULL: [&str; 5] = ["abzug", "netto", "deduction", "net", "neto"];
const IN_FULL_WORDS: usize = 2;

/// How many lines below its heading a payment stands.
const TERMS_LINES: usize = 5;

fn is_instalment(document: &Document<'_>, date: &Candidate) -> bool {
    let layout = &document.layout;
    let beside = document.candidates.on_line(date.line, Form::Amount).any(|index| {
        let amount = &document.candidates.all[index];
        amount.tokens.start >= date.tokens.end && amount.fit >= 0.85
    });
    let Some(page) = layout.lines.get(date.line).map(|line| line.page) else { return false };
    let heading = |label: &super::labels::Found| {
        let line = layout.tokens.get(label.tokens.start).map(|token| token.line);
        let near = line.is_some_and(|line| {
            (date.line.saturating_sub(TERMS_LINES)..date.line).contains(&line)
                && layout.lines[line].page == page
        });
        near && label.weight_for(&[plan::key(Concept::Terms), plan::key(Concept::DueDate)]) >= 0.7
    };
    beside && document.labels.iter().any(heading)
}

/// Whether a code is a bank's that stands with an account of its country.
fn is_bic_of_account(document: &Document<'_>, candidate: &Candidate) -> bool {
    let Value::Code(code) = &candidate.value else { return false };
    super::codes::bic(code)
        .is_some_and(|bic| super::scan::follows_iban(&document.layout, candidate.tokens.start, bic))
}

/// Whether a code says of itself that it is an order's (`PO-4711`).
fn is_order_code(value: &Value) -> bool {
    let Value::Code(code) = value else { return false };
    let rest = code.strip_prefix("PO").map(|rest| rest.trim_start_matches(['-', '/', '_', '#']));
    rest.is_some_and(|rest| rest.len() >= 3 && rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// A candidate's value as the field's type wants it, and whether a date is ambiguous.
pub(super) fn json_of(
    document: &Document<'_>,
    target: &Target<'_>,
    value: &Value,
    tokens: &Range<usize>,
) -> Option<(Json, bool)> {
    let field_type = target.field.field_type;
    Some(match value {
        Value::Date { day, ambiguous } => (Json::String(day.to_string()), *ambiguous),
        Value::Amount(amount) => {
            if amount.percent && field_type == FieldType::Currency {
                return None;
            }
            // What was paid or let off is printed with a minus where it is taken off.
            let off = matches!(target.concept, Some(Concept::Paid | Concept::Discount));
            let value = if off { amount.value.abs() } else { amount.value };
            (json_amount(field_type, value, &document.layout.text(tokens.clone())), false)
        }
        Value::Code(code) if field_type == FieldType::Number => {
            (docextract_model::number::json_number(code.parse().ok()?), false)
        }
        Value::Code(text)
        | Value::Iban(text)
        | Value::VatId(text)
        | Value::Email(text)
        | Value::Phone(text) => (Json::String(text.clone()), false),
    })
}

fn of_money(document: &Document<'_>, target: &Target<'_>, choice: Option<Choice>) -> Vec<Offer> {
    let Some(choice) = choice else { return Vec::new() };
    let Some(candidate) = document.candidates.all.get(choice.candidate) else { return Vec::new() };
    let Value::Amount(amount) = &candidate.value else { return Vec::new() };
    // A credit note's amounts are positive, as in the e-invoice standards: its title says the rest.
    let mut positive = document.is_credit_note && !document.is_correction;
    // A till prints the tax that a total includes in brackets: that is no minus.
    positive |= document.is_receipt() && target.concept == Some(Concept::Tax);
    let value = if positive { amount.value.abs() } else { amount.value };
    let mut signals = base(document, &candidate.tokens, choice.score);
    signals.margin = choice.margin;
    signals.agreed = f32::from(u8::from(choice.agreed));
    signals.sums = f32::from(u8::from(choice.sums));
    signals.unlabelled = f32::from(u8::from(!choice.labelled));
    let value = json_amount(target.field.field_type, value, &document.layout.text(candidate.tokens.clone()));
    // The set was chosen as a whole; taking one of its amounts away would break it.
    let score = choice.score.max(0.2) + if choice.sums { 0.5 } else { 0.0 };
    vec![Offer {
        picked: Picked {
            value,
            tokens: candidate.tokens.clone(),
            rest: Vec::new(),
            signals,
            group: Group::Amount,
        },
        score,
        exclusive: true,
    }]
}

fn named(document: &Document<'_>, found: Option<&Named>, group: Group) -> Vec<Offer> {
    let Some(found) = found else { return Vec::new() };
    let mut signals = base(document, &found.tokens, found.score);
    signals.margin = (found.score - found.next).clamp(-1.0, 1.0);
    signals.unlabelled = f32::from(u8::from(!found.labelled));
    signals.agreed = f32::from(u8::from(found.times > 1));
    vec![Offer {
        picked: Picked {
            value: Json::String(found.text.clone()),
            tokens: found.tokens.clone(),
            rest: found.rest.clone(),
            signals,
            group,
        },
        score: found.score.max(0.2),
        exclusive: false,
    }]
}

/// `$` is the United States' dollar unless another dollar is named, or a number of Australia, and that one is not.
fn settle_dollars(document: &Document<'_>, codes: &mut BTreeMap<&'static str, (usize, Range<usize>)>) {
    let is_named = |code: &str| {
        let code = code.to_lowercase();
        document.layout.tokens.iter().any(|token| token.folded == code)
    };
    let is_australian =
        document.layout.tokens.iter().any(|token| AUSTRALIAN.contains(&token.folded.as_str()));
    if is_australian
        && !is_named(DOLLAR)
        && let Some(found) = codes.remove(DOLLAR)
    {
        codes.entry("AUD").or_insert((0, found.1)).0 += found.0;
    }
    let mut named = DOLLARS.into_iter().filter(|code| codes.contains_key(code) && is_named(code));
    if let (Some(code), None) = (named.next(), named.next())
        && !is_named(DOLLAR)
        && let Some((count, _)) = codes.remove(DOLLAR)
        && let Some(entry) = codes.get_mut(code)
    {
        entry.0 += count;
    }
}

/// Numbers that only Australia gives, to firms and to banks.
const AUSTRALIAN: [&str; 3] = ["abn", "acn", "bsb"];

/// What `$` stands for, and what else it may stand for.
const DOLLAR: &str = "USD";
const DOLLARS: [&str; 6] = ["CAD", "AUD", "NZD", "SGD", "HKD", "MXN"];

/// Signs that one currency alone has.
const SIGNS: [(char, &str); 3] = [('€', "EUR"), ('£', "GBP"), ('₹', "INR")];

/// The currency that the amounts of a document stand in.
fn currency(document: &Document<'_>, target: &Target<'_>) -> Vec<Offer> {
    let mut codes: BTreeMap<&'static str, (usize, Range<usize>)> = BTreeMap::new();
    for candidate in &document.candidates.all {
        if let Value::Amount(amount) = &candidate.value
            && let Some(code) = amount.currency
        {
            codes.entry(code).or_insert((0, candidate.tokens.clone())).0 += 2;
        }
    }
    for (index, token) in document.layout.tokens.iter().enumerate() {
        if let Some(code) = super::amounts::currency(&token.text)
            && (code.len() == token.folded.len()
                || matches!(token.folded.as_str(), "" | "rm" | "euro" | "euros"))
        {
            codes.entry(code).or_insert((0, index..index + 1)).0 += 1;
        } else if let Some((_, code)) = SIGNS.iter().find(|(sign, _)| token.text.contains(*sign)) {
            // The head of a column says it for all amounts below (`Price/€`).
            codes.entry(code).or_insert((0, index..index + 1)).0 += 1;
        }
    }
    settle_dollars(document, &mut codes);
    let labelled = values::beside_labels(document, &keys(target)).into_iter().find_map(|found| {
        let code = found.text.split_whitespace().find_map(super::amounts::currency)?;
        Some((code, found))
    });
    if let Some((code, found)) = labelled {
        let entry = codes.entry(code).or_insert((0, found.tokens.clone()));
        entry.0 += 20;
        entry.1 = found.tokens;
    }
    let all: usize = codes.values().map(|(count, _)| *count).sum();
    codes
        .into_iter()
        .map(|(code, (count, tokens))| {
            let share = count as f32 / all.max(1) as f32;
            let mut signals = base(document, &tokens, share * 0.95);
            signals.margin = (2.0 * share - 1.0).clamp(-1.0, 1.0);
            signals.agreed = f32::from(u8::from(count > 2));
            Offer {
                picked: Picked {
                    value: Json::String(code.to_owned()),
                    tokens,
                    rest: Vec::new(),
                    signals,
                    group: Group::Text,
                },
                score: share * 0.95,
                exclusive: false,
            }
        })
        .collect()
}

fn offer_of_text(
    document: &Document<'_>,
    found: &TextValue,
    value: Json,
    score: f32,
    labelled: bool,
) -> Offer {
    let mut signals = base(document, &found.tokens, score);
    signals.unlabelled = f32::from(u8::from(!labelled));
    Offer {
        picked: Picked { value, tokens: found.tokens.clone(), rest: Vec::new(), signals, group: Group::Text },
        score,
        exclusive: false,
    }
}

/// Free text beside a label.
fn beside(document: &Document<'_>, target: &Target<'_>) -> Vec<Offer> {
    let found = values::beside_labels(document, &keys(target));
    let offers = found
        .iter()
        .map(|found| (offer_of_text(document, found, Json::String(found.text.clone()), found.score, true), 1))
        .collect();
    with_margins(offers)
}

/// How near a place is to the labels of a target: 1 beside one, less further away on the page.
fn nearness(document: &Document<'_>, target: &Target<'_>, tokens: &Range<usize>) -> f32 {
    let wanted = keys(target);
    let Some(at) = document.layout.bounds(tokens.clone()) else { return 0.0 };
    let Some(line) = document.layout.tokens.get(tokens.start).map(|token| token.line) else { return 0.0 };
    let Some(height) = document.layout.lines.get(line).map(|line| line.height) else { return 0.0 };
    let mut best: f32 = 0.0;
    for label in &document.labels {
        let weight = label.weight_for(&wanted);
        if weight <= 0.0 || tokens.start < label.tokens.start {
            continue;
        }
        let Some(label_line) = document.layout.tokens.get(label.tokens.start).map(|token| token.line) else {
            continue;
        };
        let Some(head) = document.layout.bounds(label.tokens.clone()) else { continue };
        let place = if label_line == line {
            0.95 - 0.01 * (tokens.start - label.tokens.start).min(30) as f32
        } else if document.layout.lines[label_line].page != document.layout.lines[line].page {
            continue;
        } else {
            let down = (at.y0 - head.y1) / height;
            let column = (at.x0 - head.x0).abs() < height || at.share_of_width(head) > 0.3;
            if down < 6.0 && column { 0.85 - 0.08 * down.max(0.0) } else { continue }
        };
        best = best.max(weight * place);
    }
    best
}

/// What a pattern describes: best beside a label, otherwise if there is only one such value.
fn from_pattern(document: &Document<'_>, target: &Target<'_>, pattern: &str) -> Vec<Offer> {
    let found = values::matching(document, pattern);
    let alone = if is_only_one(&found) { 0.6 } else { 0.25 };
    by_nearness(document, target, &found, |_, near| near.max(alone), alone)
}

/// One of a list of values: best beside a label or with a mark, otherwise if only one is printed.
fn from_list(document: &Document<'_>, target: &Target<'_>) -> Vec<Offer> {
    let found = values::one_of(document, &target.field.enumeration);
    let alone = if is_only_one(&found) { 0.6 } else { 0.2 };
    by_nearness(document, target, &found, |found, near| near.max(alone) * found.score, alone)
}

fn is_only_one(found: &[TextValue]) -> bool {
    found.windows(2).all(|pair| pair[0].text == pair[1].text) && !found.is_empty()
}

/// Values that were found by what they are, weighed by how near a label of the field stands.
fn by_nearness(
    document: &Document<'_>,
    target: &Target<'_>,
    found: &[TextValue],
    score: impl Fn(&TextValue, f32) -> f32,
    alone: f32,
) -> Vec<Offer> {
    let offers = found.iter().map(|found| {
        let near = nearness(document, target, &found.tokens);
        let value = Json::String(found.text.clone());
        (offer_of_text(document, found, value, score(found, near), near > alone), 1)
    });
    with_margins(distinct(offers.collect()))
}

/// Each value once, with its best score and how often it stands there.
fn distinct(offers: Vec<(Offer, usize)>) -> Vec<(Offer, usize)> {
    let mut by_value: BTreeMap<String, (Offer, usize)> = BTreeMap::new();
    for (offer, times) in offers {
        match by_value.get_mut(&offer.picked.value.to_string()) {
            Some((known, count)) => {
                *count += times;
                if known.score < offer.score {
                    *known = offer;
                }
            }
            None => {
                by_value.insert(offer.picked.value.to_string(), (offer, times));
            }
        }
    }
    by_value.into_values().collect()
}

fn from_box(document: &Document<'_>, target: &Target<'_>) -> Vec<Offer> {
    let Some((answer, found)) = values::yes_or_no(document, &keys(target)) else { return Vec::new() };
    vec![offer_of_text(document, &found, Json::Bool(answer), found.score, true)]
}

impl Document<'_> {
    /// The concept of the field that a key is the own key of.
    fn field_of(&self, key: Key) -> Option<Concept> {
        self.plan.target(key)?.concept
    }
}
