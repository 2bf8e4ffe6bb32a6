//! Purchase orders: the letterhead is the buyer's, and who it is addressed to is the seller.
//!
//! The field engine takes the letterhead for the seller's, as on an invoice. Where a label names a party,
//! the label is right on an order, too.

use docextract_model::extractor::FieldDefinition;

use super::{Find, Scored, scored};
use crate::fields::calibration::Group;
use crate::fields::labels::Found;
use crate::fields::lexicon::{Concept, SURE};
use crate::fields::parties::address_words::{FROM, firm};
use crate::fields::parties::{Named, Parties};
use crate::fields::text::fold;
use crate::fields::{Document, FieldResult, plan};

pub(super) fn turn_parties(
    document: &Document<'_>,
    fields: &[FieldDefinition],
    settled: &[&str],
    results: &mut [Scored],
) {
    let index = |name: &str| fields.iter().position(|field| field.name == name);
    let (Some(seller), Some(buyer)) = (index("seller_name"), index("buyer_name")) else { return };
    // `To` above an address says on an invoice who buys, and on an order who sells.
    let labels = silenced(document.labels.clone(), |label| {
        ADDRESSED.contains(&fold(&document.layout.text(label.tokens.clone())).as_str())
    });
    let (by_label_seller, by_label_buyer) = Parties::of(&document.layout, &labels).of_order();
    let is_named = |found: &Option<Named>| found.as_ref().is_some_and(|found| found.labelled);
    if by_label_buyer.as_ref().is_some_and(|writer| is_person_of_mail(document, writer)) {
        let of_seller =
            silenced(labels.clone(), |label| label.weight_for(&[plan::key(Concept::Seller)]) > 0.0);
        let mut others = Parties::of(&document.layout, &of_seller);
        if let Some(seller) = by_label_seller.as_ref().filter(|seller| seller.labelled) {
            others.leave_out(seller);
        }
        let (signed, _) = others.of_order();
        if let Some(signed) = signed.filter(|signed| firm(&signed.text) >= 1.0) {
            if !settled.contains(&"buyer_name") {
                put(document, results, buyer, Some(signed));
            }
            if !settled.contains(&"seller_name") {
                put(document, results, seller, by_label_seller.filter(|found| found.labelled));
            }
            return;
        }
    }
    if is_named(&by_label_seller) && is_named(&by_label_buyer) {
        return;
    }
    if !is_named(&by_label_seller) && !is_named(&by_label_buyer) {
        match (settled.contains(&"seller_name"), settled.contains(&"buyer_name")) {
            (false, false) => results.swap(seller, buyer),
            (true, false) => put(document, results, buyer, by_label_seller),
            (false, true) => put(document, results, seller, by_label_buyer),
            (true, true) => {}
        }
        return;
    }
    // One of them is labelled. The other: on paper without that label, who wrote it, or whom it is for.
    let labelled = if is_named(&by_label_seller) { Concept::Seller } else { Concept::Buyer };
    let others = silenced(labels.clone(), |label| label.weight_for(&[plan::key(labelled)]) > 0.0);
    let mut unlabelled = Parties::of(&document.layout, &others);
    // Goods go to who buys them.
    if labelled == Concept::Buyer {
        unlabelled.leave_out_goods();
    }
    if let Some(known) = by_label_seller.iter().chain(&by_label_buyer).find(|found| found.labelled) {
        unlabelled.leave_out(known);
    }
    let (letterhead, addressee) = unlabelled.of_order();
    let (place, other) = match labelled {
        Concept::Seller => (buyer, letterhead.or(addressee)),
        _ => (seller, addressee.or(letterhead)),
    };
    let is_settled = fields.get(place).is_some_and(|field| settled.contains(&field.name.as_str()));
    if !is_settled && other.is_some() {
        put(document, results, place, other);
    }
}

/// Whether a person is named as who wrote a mail: the firm that orders stands in the signature.
fn is_person_of_mail(document: &Document<'_>, writer: &Named) -> bool {
    let before = writer.tokens.start.checked_sub(1).and_then(|index| document.layout.tokens.get(index));
    writer.labelled
        && firm(&writer.text) < 0.5
        && before.is_some_and(|token| FROM.contains(&token.folded.as_str()))
}

/// Labels of which some say nothing of a party any more, and are no names all the same.
fn silenced(mut labels: Vec<Found>, is_silenced: impl Fn(&Found) -> bool) -> Vec<Found> {
    for label in labels.iter_mut().filter(|label| is_silenced(label)) {
        label.keys = vec![(plan::key(Concept::Other), SURE)];
    }
    labels
}

/// Labels that say whom a paper is addressed to, folded.
const ADDRESSED: [&str; 14] = [
    "spettle",
    "spettabile",
    "exmossrs",
    "exmosrs",
    "exmosenhor",
    "exmosenhores",
    "to",
    "an",
    "recipient",
    "empfanger",
    "destinataire",
    "destinatario",
    "adressea",
    "odbiorca",
];

/// Gives a field the name that was found, or none.
fn put(document: &Document<'_>, results: &mut [Scored], place: usize, name: Option<Named>) {
    let Some(result) = results.get_mut(place) else { return };
    let found = name.map(|name| Find {
        parts: name.parts().collect(),
        value: serde_json::Value::String(name.text),
        score: name.score.clamp(0.0, 1.0),
        group: Group::Party,
    });
    *result = found.map_or_else(|| (FieldResult::nothing(), None), |found| scored(document, found));
}
