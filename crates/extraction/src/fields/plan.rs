//! What an extractor's fields mean: which concept a field is, and under which labels to look for it.
//!
//! A field's own words always count, known concept or not, so an extractor of a user's own works
//! like a ready-made one. Objects are taken apart here and put together again by the caller.

use std::sync::Arc;

use docextract_model::extractor::{FieldDefinition, FieldType};

use super::labels::{Key, Labels};
use super::lexicon::{CONCEPTS, Concept, FIELD_NAMES, Kind, LABELS, LIKELY, SURE};
use super::memo::Memo;
use super::scan::Form;
use super::text::fold;

/// A field that has a value of its own.
#[derive(Debug, Clone)]
pub struct Target<'a> {
    pub field: &'a FieldDefinition,
    pub concept: Option<Concept>,
    /// The key of the field's own labels.
    pub own: Key,
}

/// The first key that belongs to a field and not to a concept.
const FIRST_OWN: Key = 1000;

/// The key of a concept's labels.
#[must_use]
pub fn key(concept: Concept) -> Key {
    concept as usize
}

/// The concept of a key, unless it is a field's own.
#[must_use]
pub fn concept_of(key: Key) -> Option<Concept> {
    CONCEPTS.get(key).copied()
}

/// All fields with a value of their own, and every label to look for.
pub struct Plan<'a> {
    pub targets: Vec<Target<'a>>,
    pub labels: Arc<Labels>,
}

/// What understanding a list of fields gave.
struct Understood {
    concepts: Vec<Option<Concept>>,
    labels: Arc<Labels>,
}

static UNDERSTOOD: Memo<Vec<(FieldDefinition, String)>, Understood> = Memo::new();

impl Understood {
    fn of(fields: &[(&FieldDefinition, String)]) -> Arc<Self> {
        let is_this = |known: &Vec<(FieldDefinition, String)>| {
            known.len() == fields.len() && known.iter().zip(fields).all(|(a, b)| a.0 == *b.0 && a.1 == b.1)
        };
        UNDERSTOOD.get(is_this, || {
            let concepts: Vec<Option<Concept>> =
                fields.iter().map(|(field, parents)| concept(field, parents)).collect();
            let plan = Plan { targets: targets(fields, &concepts), labels: Arc::default() };
            let labels = Arc::new(plan.all_labels());
            let fields = fields.iter().map(|(field, parents)| ((*field).clone(), parents.clone())).collect();
            (fields, Self { concepts, labels })
        })
    }
}

fn targets<'a>(fields: &[(&'a FieldDefinition, String)], concepts: &[Option<Concept>]) -> Vec<Target<'a>> {
    let both = fields.iter().zip(concepts).enumerate();
    both.map(|(index, ((field, _), concept))| Target { field, concept: *concept, own: FIRST_OWN + index })
        .collect()
}

impl<'a> Plan<'a> {
    /// Understands a list of fields. `parents` are the names of the objects around each.
    #[must_use]
    pub fn of(fields: &[(&'a FieldDefinition, String)]) -> Self {
        let understood = Understood::of(fields);
        Self { targets: targets(fields, &understood.concepts), labels: Arc::clone(&understood.labels) }
    }

    /// The lexicon and every field's own labels.
    fn all_labels(&self) -> Labels {
        let mut labels = Labels::default();
        for (concept, weight, list) in LABELS {
            for label in list.split(';') {
                labels.add(label, key(*concept), *weight);
            }
        }
        for target in &self.targets {
            let field = target.field;
            for alias in &field.aliases {
                labels.add(alias, target.own, SURE);
            }
            let words = field.name.replace(['_', '-'], " ");
            if target.concept.is_none() || words.contains(' ') {
                labels.add(&words, target.own, SURE);
            }
            for short in shortened(&words) {
                labels.add(&short, target.own, SURE);
            }
            if target.concept.is_none() && (1..=5).contains(&field.description.split_whitespace().count()) {
                labels.add(&field.description, target.own, LIKELY);
            }
            if target.concept.is_none()
                && let Some((stem, _)) = words.rsplit_once(' ')
            {
                // `policy_number` is often printed `Policy:`, `start_date` is `Start`.
                labels.add(stem, target.own, 0.6);
            }
        }
        labels
    }

    /// The forms that a key's value may have, each with how well it suits.
    #[must_use]
    pub fn forms(&self, key: Key) -> &'static [(Form, f32)] {
        match concept_of(key) {
            Some(concept) => forms_of_concept(concept),
            None => self.target(key).map_or(&[], |target| match target.concept {
                Some(concept) => forms_of_concept(concept),
                None => forms_of_type(target.field.field_type),
            }),
        }
    }

    /// The kind of a key's value.
    #[must_use]
    pub fn kind(&self, key: Key) -> Kind {
        concept_of(key).or_else(|| self.target(key)?.concept).map_or_else(
            || match self.target(key).map(|target| target.field.field_type) {
                Some(FieldType::Date) => Kind::Date,
                Some(FieldType::Currency | FieldType::Number) => Kind::Amount,
                _ => Kind::Text,
            },
            Concept::kind,
        )
    }

    /// The field that a key is the own key of.
    #[must_use]
    pub fn target(&self, key: Key) -> Option<&Target<'a>> {
        self.targets.get(key.checked_sub(FIRST_OWN)?)
    }
}

/// `policy number` is also printed `policy no`, `policy nr` and `policy #`.
fn shortened(words: &str) -> Vec<String> {
    match words
        .strip_suffix(" number")
        .or_else(|| words.strip_suffix(" no"))
        .or_else(|| words.strip_suffix(" id"))
    {
        Some(stem) => ["no", "nr", "number", "id", "num"].iter().map(|end| format!("{stem} {end}")).collect(),
        None => Vec::new(),
    }
}

fn forms_of_concept(concept: Concept) -> &'static [(Form, f32)] {
    match concept {
        Concept::SellerVatId | Concept::BuyerVatId => &[(Form::VatId, 1.0), (Form::Code, 0.7)],
        Concept::Iban => &[(Form::Iban, 1.0)],
        Concept::Email => &[(Form::Email, 1.0)],
        Concept::Phone | Concept::Fax => &[(Form::Phone, 1.0)],
        _ => match concept.kind() {
            Kind::Code => &[(Form::Code, 1.0)],
            Kind::Date => &[(Form::Date, 1.0)],
            Kind::Amount => &[(Form::Amount, 1.0)],
            Kind::Party | Kind::Text => &[],
        },
    }
}

fn forms_of_type(field_type: FieldType) -> &'static [(Form, f32)] {
    match field_type {
        FieldType::Date => &[(Form::Date, 1.0)],
        FieldType::Number | FieldType::Currency => &[(Form::Amount, 1.0)],
        FieldType::Email => &[(Form::Email, 1.0)],
        FieldType::Phone => &[(Form::Phone, 1.0)],
        FieldType::Text | FieldType::Boolean | FieldType::Array | FieldType::Object => &[],
    }
}

/// Whether a field of a type can hold a concept's value.
fn suits(concept: Concept, field_type: FieldType) -> bool {
    match field_type {
        FieldType::Text => true,
        FieldType::Date => concept.kind() == Kind::Date,
        FieldType::Currency => concept.kind() == Kind::Amount,
        FieldType::Number => matches!(concept.kind(), Kind::Amount | Kind::Code),
        FieldType::Email => concept == Concept::Email,
        FieldType::Phone => matches!(concept, Concept::Phone | Concept::Fax),
        FieldType::Boolean | FieldType::Array | FieldType::Object => false,
    }
}

/// Concepts whose labels all mean one thing, so that a field may take them over from one label.
fn is_one_thing(concept: Concept) -> bool {
    !matches!(
        concept,
        Concept::OtherNumber
            | Concept::OtherDate
            | Concept::Other
            | Concept::Contact
            | Concept::Terms
            | Concept::Time
            | Concept::Website
            | Concept::Address
            | Concept::Description
    )
}

/// The concept that a field is, from its name, then its aliases.
pub(super) fn concept(field: &FieldDefinition, parents: &str) -> Option<Concept> {
    let custom =
        field.pattern.is_some() && field.field_type == FieldType::Text || !field.enumeration.is_empty();
    let full = format!("{parents}{}", field.name);
    let by_name = [full.as_str(), field.name.as_str()].into_iter().find_map(|name| {
        let folded = fold(name);
        FIELD_NAMES
            .iter()
            .find(|(concept, names)| {
                suits(*concept, field.field_type) && names.split(' ').any(|known| fold(known) == folded)
            })
            .map(|(concept, _)| *concept)
    });
    if by_name.is_some() {
        return by_name.filter(|_| field.enumeration.is_empty());
    }
    if custom {
        return None;
    }
    std::iter::once(&full)
        .chain([&field.name])
        .chain(&field.aliases)
        .find_map(|name| by_label(&fold(name), field.field_type))
}

fn by_label(folded: &str, field_type: FieldType) -> Option<Concept> {
    LABELS
        .iter()
        .filter(|(concept, weight, _)| {
            *weight >= SURE && suits(*concept, field_type) && is_one_thing(*concept)
        })
        .find(|(_, _, list)| list.split(';').any(|label| fold(label) == folded))
        .map(|(concept, _, _)| *concept)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(name: &str, field_type: FieldType) -> Option<Concept> {
        concept(&FieldDefinition::new(name, field_type, ""), "")
    }

    #[test]
    fn concepts_are_numbered_as_they_are_listed() {
        for (index, concept) in CONCEPTS.iter().enumerate() {
            assert_eq!(key(*concept), index);
        }
    }

    #[test]
    fn names_in_any_language_have_a_meaning() {
        assert_eq!(meaning("invoice_number", FieldType::Text), Some(Concept::DocumentNumber));
        assert_eq!(meaning("rechnungsnummer", FieldType::Text), Some(Concept::DocumentNumber));
        assert_eq!(meaning("date_facture", FieldType::Date), Some(Concept::DocumentDate));
        assert_eq!(meaning("totale_fattura", FieldType::Currency), Some(Concept::Total));
        assert_eq!(meaning("vendor", FieldType::Text), Some(Concept::Seller));
        assert_eq!(meaning("policy_holder", FieldType::Text), None);
    }

    #[test]
    fn a_type_that_cannot_hold_it_is_another_thing() {
        assert_eq!(meaning("invoice_number", FieldType::Date), None);
    }
}
