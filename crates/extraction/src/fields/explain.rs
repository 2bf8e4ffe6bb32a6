//! Why a field has the value that it has: what was considered for it, what speaks for it, and what decided.
//!
//! Nothing is worked out again for this: the step that chooses reports each option as it decides about it
//! ([`super::choose`]), and the signals are those that the confidence was computed from. Of names the best
//! alone is an option, since names are weighed before the fields are chosen.

use docextract_model::extractor::{DocumentType, FieldDefinition, FieldType};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use super::calibration::{Group, Signals, shares};
use super::choose::{Considered, Fate};
use super::lessons::KnownLesson;
use super::{Document, FieldResult, Prepared, chosen, prepare};
use crate::page::{Citation, Page};

/// What decided about a field.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum DecidedBy {
    /// One of the candidates on the page was chosen.
    Candidates,
    /// What was corrected on another document of this layout says where it stands.
    Lesson,
    /// A table of the pages was read.
    Table,
    /// What only documents of this kind have was read: a contract's clauses, a form's pairs, a name's address.
    KindOfDocument,
    /// The embedded XML says it.
    Xml,
    /// Nothing was found.
    Nothing,
}

/// Why a field has its value.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Explanation {
    /// The field's name; of a field in an object, with the names around it: `seller_name`.
    pub field: String,
    pub value: Json,
    pub confidence: f64,
    pub decided_by: DecidedBy,
    /// What the confidence was computed from.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub signals: Vec<Signal>,
    /// All that was considered, the best first.
    #[serde(skip_serializing_if = "Vec::is_empty", default)]
    pub candidates: Vec<Candidate>,
}

impl Explanation {
    /// Of what the embedded XML says, or leaves out.
    pub(crate) fn of_xml(field: &str, value: Json, confidence: f64) -> Self {
        let decided_by = if value.is_null() { DecidedBy::Nothing } else { DecidedBy::Xml };
        let (signals, candidates) = (Vec::new(), Vec::new());
        Self { field: field.to_owned(), value, confidence, decided_by, signals, candidates }
    }
}

/// A signal, and what it adds to the log of the odds that the value is right.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Signal {
    pub name: String,
    pub value: f64,
    pub weighs: f64,
}

/// What could have been the value.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Candidate {
    pub value: Json,
    /// How much spoke for it as this field's value; of amounts of a set, before the sums were compared.
    pub score: f64,
    pub outcome: Outcome,
    /// Of what was taken: the field that has it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub taken_by: Option<String>,
    /// The label that spoke for it most.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub label: Option<Label>,
    /// Where it stands, as a result's citations say it.
    pub citation: Json,
}

/// A label that speaks for a candidate.
#[derive(Serialize, Deserialize, Debug, Clone, PartialEq)]
pub struct Label {
    pub text: String,
    /// How much it says, 0–1.
    pub strength: f64,
    /// Whether the candidate stands below it rather than beside it.
    pub is_above: bool,
}

/// What became of a candidate.
#[derive(Serialize, Deserialize, Debug, Clone, Copy, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Chosen,
    /// Another one had a higher score.
    Outscored,
    /// Another field was surer of the same words.
    Taken,
    /// Too little spoke for it.
    TooWeak,
    /// Total, net and tax were chosen together, and it fitted the others less.
    NotInSet,
    /// It was chosen, and then what is known of this kind of document said otherwise.
    Overruled,
}

/// As [`super::extract_fields_knowing`], with an explanation for each value behind the lessons. `cited` says where a
/// place is on the page as it was given.
#[must_use]
pub(crate) fn explained(
    pages: &[Page],
    document_type: &DocumentType,
    fields: &[FieldDefinition],
    lessons: &[KnownLesson],
    cited: &dyn Fn(&Citation) -> Json,
) -> (Vec<FieldResult>, Vec<String>, Vec<Explanation>) {
    let Prepared { document, names, learnt, settled } = prepare(pages, document_type, fields, lessons);
    let from_lesson: Vec<bool> = learnt.picked.iter().map(Option::is_some).collect();
    let mut considered: Vec<Vec<Candidate>> = document.plan.targets.iter().map(|_| Vec::new()).collect();
    let mut note = |one: Considered<'_>| {
        let mut candidate = candidate(&document, &one, &names);
        candidate.citation =
            document.layout.cite(one.tokens.clone()).map_or(Json::Null, |place| cited(&place));
        if let Some(list) = considered.get_mut(one.target) {
            list.push(candidate);
        }
    };
    let of_candidates = chosen(&document, fields, learnt.picked, Some(&mut note));
    let mut results = of_candidates.clone();
    crate::kinds::complete(&document, fields, &settled, &mut results);
    let mut leaves = considered.into_iter().zip(from_lesson);
    let mut explanations = Vec::new();
    for (field, (before, after)) in fields.iter().zip(of_candidates.iter().zip(&results)) {
        explain(field, "", before, after, &mut leaves, &mut explanations);
    }
    (results.into_iter().map(|(result, _)| result).collect(), learnt.used, explanations)
}

/// A result as the field engine gives it.
type Scored = (FieldResult, Option<(Signals, Group)>);

fn explain(
    field: &FieldDefinition,
    parents: &str,
    before: &Scored,
    after: &Scored,
    leaves: &mut impl Iterator<Item = (Vec<Candidate>, bool)>,
    explanations: &mut Vec<Explanation>,
) {
    let name = format!("{parents}{}", field.name);
    if field.field_type == FieldType::Object {
        // An object is its members: each of them was chosen by itself.
        for member in &field.fields {
            let of = |whole: &Scored| {
                let value = whole.0.value.get(&member.name).cloned().unwrap_or(Json::Null);
                let confidence = if value.is_null() { 0.0 } else { whole.0.confidence };
                (FieldResult { value, confidence, ..FieldResult::nothing() }, None)
            };
            explain(member, &format!("{name}_"), &of(before), &of(after), leaves, explanations);
        }
        return;
    }
    let (mut candidates, is_learnt) = leaves.next().unwrap_or_default();
    candidates.sort_by(|a, b| {
        (b.outcome == Outcome::Chosen).cmp(&(a.outcome == Outcome::Chosen)).then(b.score.total_cmp(&a.score))
    });
    let is_changed = before.0.value != after.0.value;
    if is_changed {
        for candidate in candidates.iter_mut().filter(|candidate| candidate.outcome == Outcome::Chosen) {
            candidate.outcome = Outcome::Overruled;
        }
    }
    let (result, signals) = after;
    explanations.push(Explanation {
        field: name,
        value: result.value.clone(),
        confidence: result.confidence,
        decided_by: match field.field_type {
            _ if result.value.is_null() => DecidedBy::Nothing,
            _ if is_changed => DecidedBy::KindOfDocument,
            _ if is_learnt => DecidedBy::Lesson,
            FieldType::Array => DecidedBy::Table,
            _ => DecidedBy::Candidates,
        },
        signals: signals.map_or_else(Vec::new, |(signals, group)| of_signals(&signals, group)),
        candidates,
    });
}

fn of_signals(signals: &Signals, group: Group) -> Vec<Signal> {
    let signal = |(name, value, weighs): (&str, f64, f64)| Signal {
        name: name.to_owned(),
        value: rounded(value),
        weighs: rounded(weighs),
    };
    shares(signals, group).into_iter().map(signal).collect()
}

fn rounded(value: f64) -> f64 {
    (value * 1_000.0).round() / 1_000.0
}

fn candidate(document: &Document<'_>, one: &Considered<'_>, names: &[String]) -> Candidate {
    let (outcome, taken_by) = match one.fate {
        Fate::Chosen => (Outcome::Chosen, None),
        Fate::Outscored => (Outcome::Outscored, None),
        Fate::Taken { by } => (Outcome::Taken, names.get(by).cloned()),
        Fate::Weak => (Outcome::TooWeak, None),
        Fate::NotInSet => (Outcome::NotInSet, None),
    };
    Candidate {
        value: one.value.clone(),
        score: rounded(f64::from(one.score)),
        outcome,
        taken_by,
        label: label(document, one),
        citation: Json::Null,
    }
}

/// The label with the strongest claim on a candidate for its target.
fn label(document: &Document<'_>, one: &Considered<'_>) -> Option<Label> {
    let target = document.plan.targets.get(one.target)?;
    let concept = target.concept.map(super::plan::key);
    let index = document.candidates.all.iter().position(|known| known.tokens == *one.tokens)?;
    let claim = document.claims.strongest(index, |key| key == target.own || Some(key) == concept)?;
    let found = document.labels.get(claim.label)?;
    Some(Label {
        text: document.layout.text(found.tokens.clone()),
        strength: rounded(f64::from(claim.strength)),
        is_above: claim.below,
    })
}
