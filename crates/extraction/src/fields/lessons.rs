//! What a corrected document teaches about the next one of the same layout.
//!
//! A person corrects a field; the corrected value is looked for on the pages, and what stands around it is
//! remembered: the words to its left, the words above, where on the page. With it goes a sketch of the first
//! page: which words without digits stand where. Another document whose sketch is alike has the same layout,
//! and a value in the same surroundings is its value of that field, whatever the rules would have chosen.
//!
//! A [`Lesson`] holds no text: words are kept as 32-bit hashes, and neither words with a digit nor those of the
//! corrected values are among them. What cannot be found on the pages teaches nothing, nor does a value that is
//! no single place: lists, yes or no, one of a list of values.
//! Never: a document compared with another tenant's lessons, which is the caller's to see to.

use std::collections::BTreeMap;
use std::ops::Range;

use docextract_model::extractor::{DocumentType, FieldDefinition, FieldType};
use docextract_model::limits;
use docextract_model::value::fits;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use super::calibration::{Group, Signals};
use super::plan::{Plan, Target};
use super::scan::Form;
use super::text::fold;
use super::{Document, Picked, choose, collect_leaves};
use crate::layout::Layout;
use crate::page::Page;

/// What was learnt from one corrected document.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Lesson {
    sketch: Vec<Mark>,
    taught: Vec<Taught>,
}

/// A lesson under the name that its owner knows it by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KnownLesson {
    pub id: String,
    pub lesson: Lesson,
}

/// A word of the first page: its hash, and where it begins, in thousandths of the page.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Mark(u32, u16, u16);

/// Where a field's value stood.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Taught {
    /// The field's name behind those of the objects around it.
    field: String,
    field_type: FieldType,
    places: Vec<Place>,
}

/// A place by its surroundings.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Place {
    kind: PlaceKind,
    /// Hashes of the words to the left on the line, the nearest first.
    left: Vec<u32>,
    /// The hash of the words above in the same column, and how many lines above.
    above: Option<(u32, u8)>,
    /// 0 for the first page.
    page: u16,
    /// The left edge, the right edge and the top, in thousandths of the page.
    x0: u16,
    x1: u16,
    y: u16,
}

/// What is at the place.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
enum PlaceKind {
    /// A value of this form.
    Typed(Form),
    /// So many words, or all up to the next wide gap.
    Words { count: u8, to_gap: bool },
}

/// Words that a sketch has at most.
const MARKS_MAX: usize = 160;
/// Fewer words than this in the same places say nothing.
const MARKS_ALIKE_MIN: usize = 6;
/// Two sketches of one layout are alike by at least this. Measured by `examples/lessons.rs`: two senders' are by
/// 0.46 at most, where one program prints both; one sender's that have a layout in common mostly by more than 0.5.
const ALIKE_MIN: f32 = 0.5;
/// How far the same word may stand apart in two documents of one layout, in thousandths of the page.
const DRIFT: u16 = 12;
/// Words to the left that are remembered.
const LEFT_WORDS: usize = 3;
/// Lines above that are looked at.
const LINES_ABOVE: usize = 3;
/// Places that are remembered of one value.
const PLACES_MAX: usize = 3;
/// A place whose surroundings fit less is another place.
const FIT_MIN: f32 = 0.6;
/// Words of a text.
const TEXT_WORDS_MAX: usize = 20;

/// FNV-1a: the same on every machine and in every version, because lessons are kept.
fn hash(folded: &str) -> u32 {
    folded.bytes().fold(0x811c_9dc5, |hash: u32, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

fn thousandths(position: f32, of: f32) -> u16 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 1,000 fits")]
    let thousandths = (1_000.0 * position / of.max(1.0)).round().clamp(0.0, 1_000.0) as u16;
    thousandths
}

/// Whether a word is part of the printed form rather than of what is filled in, as far as it tells by itself.
fn is_wordlike(folded: &str) -> bool {
    folded.chars().count() >= 2 && !folded.chars().any(|c| c.is_ascii_digit())
}

/// What the corrected values of a document teach; none when none of them is found on its pages.
#[must_use]
pub fn learn(
    pages: &[Page],
    document_type: &DocumentType,
    fields: &[FieldDefinition],
    corrections: &Map<String, Json>,
) -> Option<Lesson> {
    let mut leaves = Vec::new();
    collect_leaves(fields, "", &mut leaves);
    let document = Document::of(pages, document_type, Plan::of(&leaves));
    let mut corrected = BTreeMap::new();
    flatten(fields, corrections, "", &mut corrected);
    let (mut taught, mut filled_in) = (Vec::new(), Vec::new());
    for (target, (field, parents)) in document.plan.targets.iter().zip(&leaves) {
        let name = format!("{parents}{}", field.name);
        let Some(value) = corrected.get(&name).filter(|_| is_taught(field)) else { continue };
        let found = find_value(&document, target, value);
        if found.is_empty() {
            continue;
        }
        let mut places: Vec<Place> = found
            .iter()
            .filter_map(|(kind, tokens)| {
                Some(Place { kind: *kind, ..surroundings(&document.layout, tokens)? })
            })
            .collect();
        // A label says more than a place on the page: places that have one are remembered first.
        places.sort_by_key(|place| (place.left.is_empty(), place.above.is_none()));
        places.truncate(PLACES_MAX);
        filled_in.extend(found.into_iter().map(|(_, tokens)| tokens));
        taught.push(Taught { field: name, field_type: field.field_type, places });
    }
    let sketch = sketch(&document.layout, &filled_in);
    (!taught.is_empty()).then_some(Lesson { sketch, taught })
}

impl Lesson {
    /// The fields that something was learnt about; those inside an object behind its name.
    pub fn fields(&self) -> impl Iterator<Item = &str> {
        self.taught.iter().map(|taught| taught.field.as_str())
    }

    /// How much of the printed form of these pages is that of the corrected document, 0–1: what decides whether
    /// they have its layout.
    #[must_use]
    pub fn likeness_to(&self, pages: &[Page]) -> f32 {
        likeness(&self.sketch, &sketch(&Layout::of(pages), &[]))
    }
}

fn flatten<'a>(
    fields: &[FieldDefinition],
    values: &'a Map<String, Json>,
    parents: &str,
    into: &mut BTreeMap<String, &'a Json>,
) {
    for field in fields {
        match values.get(&field.name) {
            Some(Json::Object(inner)) if field.field_type == FieldType::Object => {
                flatten(&field.fields, inner, &format!("{parents}{}_", field.name), into);
            }
            Some(Json::Null) | None => {}
            Some(value) => {
                into.insert(format!("{parents}{}", field.name), value);
            }
        }
    }
}

/// Whether a field has one printed value in one place.
fn is_taught(field: &FieldDefinition) -> bool {
    field.enumeration.is_empty()
        && !matches!(field.field_type, FieldType::Boolean | FieldType::Array | FieldType::Object)
}

/// Every place where a value stands: as a typed candidate, else as a run of words.
fn find_value(document: &Document<'_>, target: &Target<'_>, value: &Json) -> Vec<(PlaceKind, Range<usize>)> {
    let typed: Vec<_> = typed_values(document, target)
        .filter(|(_, _, found)| is_same(found, value))
        .map(|(form, tokens, _)| (PlaceKind::Typed(form), tokens))
        .collect();
    if !typed.is_empty() || target.field.field_type != FieldType::Text {
        return typed;
    }
    let runs = value.as_str().map(|text| runs_of_words(&document.layout, &fold(text))).unwrap_or_default();
    runs.into_iter().map(|tokens| (kind_of_run(&document.layout, &tokens), tokens)).collect()
}

fn kind_of_run(layout: &Layout, tokens: &Range<usize>) -> PlaceKind {
    let last = tokens.end.checked_sub(1).and_then(|last| layout.tokens.get(last));
    let segment = last.and_then(|last| layout.segments.get(last.segment));
    let to_gap = segment.is_some_and(|segment| segment.tokens.end == tokens.end);
    PlaceKind::Words { count: u8::try_from(tokens.len()).unwrap_or(u8::MAX), to_gap }
}

/// The typed candidates that could be a field's value, whatever the rules think of them.
fn typed_values<'d>(
    document: &'d Document<'_>,
    target: &'d Target<'_>,
) -> impl Iterator<Item = (Form, Range<usize>, Json)> + 'd {
    let suits = |form: Form| match target.field.field_type {
        FieldType::Date => form == Form::Date,
        FieldType::Number => matches!(form, Form::Amount | Form::Code),
        FieldType::Currency => form == Form::Amount,
        FieldType::Email => form == Form::Email,
        FieldType::Phone => form == Form::Phone,
        FieldType::Text => !matches!(form, Form::Amount | Form::Date),
        FieldType::Boolean | FieldType::Array | FieldType::Object => false,
    };
    document.candidates.all.iter().filter(move |candidate| suits(candidate.form)).filter_map(|candidate| {
        let (value, _) = choose::json_of(document, target, &candidate.value, &candidate.tokens)?;
        Some((candidate.form, candidate.tokens.clone(), value))
    })
}

/// Whether two values say the same: `1250.5` is `1250.50`, and a credit note prints a minus.
pub(crate) fn is_same(found: &Json, wanted: &Json) -> bool {
    match (found, wanted) {
        (Json::Number(found), Json::Number(wanted)) => {
            let (found, wanted) =
                (found.to_string().parse::<Decimal>(), wanted.to_string().parse::<Decimal>());
            found.is_ok_and(|found| wanted.is_ok_and(|wanted| found.abs() == wanted.abs()))
        }
        (Json::String(found), Json::String(wanted)) => found == wanted || fold(found) == fold(wanted),
        _ => false,
    }
}

/// Runs of words within a line that say the text, however it is spaced.
pub(super) fn runs_of_words(layout: &Layout, wanted: &str) -> Vec<Range<usize>> {
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut found = Vec::new();
    for line in &layout.lines {
        for start in line.tokens.clone() {
            let mut rest = wanted;
            for index in start..line.tokens.end.min(start + TEXT_WORDS_MAX) {
                let Some(token) = layout.tokens.get(index) else { break };
                let Some(tail) = rest.strip_prefix(token.folded.as_str()) else { break };
                if token.folded.is_empty() && index == start {
                    break;
                }
                rest = tail;
                if rest.is_empty() {
                    found.push(start..index + 1);
                    break;
                }
            }
        }
    }
    found
}

/// What stands around a run of tokens. Its kind is the caller's to fill in.
fn surroundings(layout: &Layout, tokens: &Range<usize>) -> Option<Place> {
    let line_index = layout.tokens.get(tokens.start)?.line;
    let line = layout.lines.get(line_index)?;
    let page = layout.pages.get(line.page)?;
    let bounds = layout.bounds(tokens.clone())?;
    let before = layout.tokens.get(line.tokens.start..tokens.start)?;
    let left = before
        .iter()
        .rev()
        .filter(|token| !token.folded.is_empty())
        .take_while(|token| is_wordlike(&token.folded))
        .take(LEFT_WORDS)
        .map(|token| hash(&token.folded))
        .collect();
    let above =
        (page.lines.start..line_index).rev().take(LINES_ABOVE).zip(1_u8..).find_map(|(index, distance)| {
            let line = layout.lines.get(index)?;
            let segment = line
                .segments
                .clone()
                .filter_map(|segment| layout.segments.get(segment))
                .find(|segment| segment.bounds.share_of_width(bounds) > 0.3)?;
            let words = layout.tokens.get(segment.tokens.clone())?.iter().map(|token| token.folded.as_str());
            let words: String = words.collect();
            is_wordlike(&words).then(|| (hash(&words), distance))
        });
    Some(Place {
        kind: PlaceKind::Words { count: 0, to_gap: false },
        left,
        above,
        page: u16::try_from(line.page).unwrap_or(u16::MAX),
        x0: thousandths(bounds.x0, page.width),
        x1: thousandths(bounds.x1, page.width),
        y: thousandths(bounds.y0, page.height),
    })
}

/// How well the surroundings of a place fit those that were taught, 0–1.
fn fit(taught: &Place, here: &Place) -> f32 {
    let near = |a: u16, b: u16| a.abs_diff(b) <= DRIFT;
    let column = if near(taught.x0, here.x0) || near(taught.x1, here.x1) { 1.0 } else { 0.0 };
    let row = if taught.page == here.page && near(taught.y, here.y) { 1.0 } else { 0.0 };
    let place = 0.15 * column + 0.1 * row;
    let same_left = taught.left.iter().zip(&here.left).take_while(|(a, b)| a == b).count();
    let left = match taught.left.len() {
        0 => 0.0,
        // The nearest word alone may be `No` or `Date`, which stands beside many values.
        all if same_left == all => 0.75,
        _ if same_left > 0 => 0.5,
        _ => 0.0,
    };
    let above = if taught.above.is_some() && taught.above == here.above { 0.6 } else { 0.0 };
    let bare = if taught.left.is_empty() && taught.above.is_none() { 0.75 * column * row } else { 0.0 };
    f32::max(left, above).max(bare) + place
}

/// The printed form of the first page.
fn sketch(layout: &Layout, filled_in: &[Range<usize>]) -> Vec<Mark> {
    let Some(page) = layout.pages.first() else { return Vec::new() };
    let tokens =
        page.lines.clone().filter_map(|line| layout.lines.get(line)).flat_map(|line| line.tokens.clone());
    tokens
        .filter(|index| !filled_in.iter().any(|tokens| tokens.contains(index)))
        .filter_map(|index| layout.tokens.get(index))
        .filter(|token| is_wordlike(&token.folded))
        .take(MARKS_MAX)
        .map(|token| {
            Mark(
                hash(&token.folded),
                thousandths(token.bounds.x0, page.width),
                thousandths(token.bounds.y0, page.height),
            )
        })
        .collect()
}

/// How alike two printed forms are, 0–1: the share of words that stand in the same column, for half when they
/// stand at another height, because what is filled in pushes down what follows.
fn likeness(a: &[Mark], b: &[Mark]) -> f32 {
    let mut by_hash: BTreeMap<u32, Vec<(Mark, bool)>> = BTreeMap::new();
    for mark in b {
        by_hash.entry(mark.0).or_default().push((*mark, false));
    }
    let (mut alike, mut count) = (0.0, 0);
    for mark in a {
        let Some(others) = by_hash.get_mut(&mark.0) else { continue };
        let free = others.iter_mut().filter(|(other, taken)| !taken && other.1.abs_diff(mark.1) <= DRIFT);
        if let Some((other, taken)) = free.min_by_key(|(other, _)| other.2.abs_diff(mark.2)) {
            *taken = true;
            count += 1;
            alike += if other.2.abs_diff(mark.2) <= DRIFT { 1.0 } else { 0.5 };
        }
    }
    if count < MARKS_ALIKE_MIN {
        return 0.0;
    }
    2.0 * alike / (a.len() + b.len()).max(1) as f32
}

/// What lessons say of a document.
pub(super) struct Learnt {
    /// For each target of the plan.
    pub(super) picked: Vec<Option<Picked>>,
    /// The lessons that said something.
    pub(super) used: Vec<String>,
}

/// Applies those lessons whose layout the document has. Of several that teach a field, the one counts that fits
/// best; of equal ones the first.
pub(super) fn recall(document: &Document<'_>, names: &[String], lessons: &[KnownLesson]) -> Learnt {
    let mut learnt = Learnt { picked: vec![None; names.len()], used: Vec::new() };
    let here = if lessons.is_empty() { Vec::new() } else { sketch(&document.layout, &[]) };
    let mut alike: Vec<(&KnownLesson, f32)> = lessons
        .iter()
        .take(limits::LESSONS_MAX as usize)
        .map(|known| (known, likeness(&known.lesson.sketch, &here)))
        .filter(|(_, likeness)| *likeness >= ALIKE_MIN)
        .collect();
    alike.sort_by(|a, b| b.1.total_cmp(&a.1));
    for ((target, name), picked) in document.plan.targets.iter().zip(names).zip(&mut learnt.picked) {
        let mut best: Option<(&KnownLesson, Picked)> = None;
        for (known, likeness) in &alike {
            let taught = known
                .lesson
                .taught
                .iter()
                .find(|taught| taught.field == *name && taught.field_type == target.field.field_type);
            let Some((fit, found)) = taught.and_then(|taught| best_place(document, target, taught)) else {
                continue;
            };
            let score = fit * likeness;
            if best.as_ref().is_none_or(|(_, best)| best.signals.score < score) {
                best = Some((known, Picked { signals: Signals { score, ..found.signals }, ..found }));
            }
        }
        if let Some((known, mut found)) = best {
            // A person has said where it stands: nothing that the rules know says more.
            found.signals = Signals { score: 1.0, margin: 1.0, agreed: 1.0, ..found.signals };
            if !learnt.used.contains(&known.id) {
                learnt.used.push(known.id.clone());
            }
            *picked = Some(found);
        }
    }
    learnt
}

/// The value whose surroundings fit best, if any fit.
fn best_place(document: &Document<'_>, target: &Target<'_>, taught: &Taught) -> Option<(f32, Picked)> {
    let mut best: Option<(f32, Picked)> = None;
    let mut offer = |place: &Place, tokens: Range<usize>, value: Json, group: Group| {
        let Some(here) = surroundings(&document.layout, &tokens) else { return };
        let fit = fit(place, &here);
        if fit >= FIT_MIN && best.as_ref().is_none_or(|(known, _)| *known < fit) && fits(target.field, &value)
        {
            let signals = choose::base(document, &tokens, fit);
            best = Some((fit, Picked { value, tokens, rest: Vec::new(), signals, group }));
        }
    };
    for place in &taught.places {
        match place.kind {
            PlaceKind::Typed(wanted) => {
                for (form, tokens, value) in
                    typed_values(document, target).filter(|(form, ..)| *form == wanted)
                {
                    offer(place, tokens, value, group_of(form));
                }
            }
            PlaceKind::Words { count, to_gap } => {
                for (tokens, text) in texts(&document.layout, count, to_gap) {
                    offer(place, tokens, Json::String(text), Group::Text);
                }
            }
        }
    }
    best
}

fn group_of(form: Form) -> Group {
    match form {
        Form::Date => Group::Date,
        Form::Amount => Group::Amount,
        Form::Code | Form::Iban | Form::VatId | Form::Email | Form::Phone => Group::Code,
    }
}

/// Every run of words that begins somewhere and has the length that was taught.
fn texts(layout: &Layout, count: u8, to_gap: bool) -> impl Iterator<Item = (Range<usize>, String)> + '_ {
    layout.tokens.iter().enumerate().filter(|(_, token)| !token.folded.is_empty()).filter_map(
        move |(start, token)| {
            let end = layout.segments.get(token.segment)?.tokens.end.min(start + TEXT_WORDS_MAX);
            let end = if to_gap { end } else { end.min(start + usize::from(count)) };
            let text = layout.text(start..end);
            let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';' | '|'));
            (!text.is_empty()).then(|| (start..end, text.to_owned()))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fields::extract_fields_knowing;
    use crate::layout::testing::page;

    fn invoice() -> DocumentType {
        DocumentType::parse("invoice").unwrap()
    }

    fn fields() -> Vec<FieldDefinition> {
        vec![
            FieldDefinition::new("invoice_number", FieldType::Text, ""),
            FieldDefinition::new("invoice_date", FieldType::Date, ""),
            FieldDefinition::new("total_amount", FieldType::Currency, ""),
        ]
    }

    /// A made-up sender that prints its numbers where no rule would look for them.
    fn of_odd_sender(number: &str, sent: &str, ticket: &str, goods: &[&str], total: &str) -> Page {
        let head = [
            "Quint & Söhne Apparatebau".to_owned(),
            "Werkstatt am Kanal".to_owned(),
            String::new(),
            format!("Rechnung Nr. {ticket}                   Datum: 02.01.2019"),
            format!("Vorgangskennung {number}                Abgang {sent}"),
            String::new(),
            "Bezeichnung                              Preis".to_owned(),
        ];
        let goods = goods.iter().map(|line| (*line).to_owned());
        let foot = [
            "Gesamtbetrag aller offenen Posten        9.999,99".to_owned(),
            format!("Zu begleichen per Überweisung            {total}"),
            "Vielen Dank für Ihr Vertrauen in unsere Werkstatt".to_owned(),
            "Geschäftsführung Quint und Quint".to_owned(),
        ];
        let lines: Vec<String> = head.into_iter().chain(goods).chain(foot).collect();
        page(&lines.iter().map(String::as_str).collect::<Vec<_>>())
    }

    fn of_other_sender() -> Page {
        page(&[
            "Beispiel Handel AG",
            "",
            "Rechnung Nr. 2021-0042                    Datum: 05.03.2021",
            "Lieferdatum: 01.03.2021                   Kundennummer: 7781",
            "Nettobetrag                                               100,00",
            "MwSt. 19 %                                                 19,00",
            "Gesamtbetrag                                              119,00",
        ])
    }

    fn values(page: &Page, lessons: &[KnownLesson]) -> (Vec<String>, Vec<String>) {
        let (found, used) =
            extract_fields_knowing(std::slice::from_ref(page), &invoice(), &fields(), lessons);
        (found.into_iter().map(|found| found.value.to_string()).collect(), used)
    }

    fn lesson(page: &Page, corrections: &str) -> KnownLesson {
        let corrections = serde_json::from_str(corrections).unwrap();
        let lesson = learn(std::slice::from_ref(page), &invoice(), &fields(), &corrections).unwrap();
        KnownLesson { id: "job_1".to_owned(), lesson }
    }

    fn first() -> Page {
        of_odd_sender("V-1001", "12.03.2019", "77", &["Welle                 120,00"], "142,80")
    }

    fn second() -> Page {
        let goods =
            ["Lager 20 mm            80,00", "Dichtung               4,00", "Montage               35,00"];
        of_odd_sender("V-1177", "30.04.2019", "93", &goods, "141,61")
    }

    const CORRECTED: &str =
        r#"{"invoice_number": "V-1001", "invoice_date": "2019-03-12", "total_amount": 142.8}"#;

    #[test]
    fn one_corrected_document_makes_the_next_of_its_sender_right() {
        let right = ["\"V-1177\"", "\"2019-04-30\"", "141.61"];
        let (before, _) = values(&second(), &[]);
        assert!(before.iter().zip(right).all(|(found, right)| found != right), "{before:?}");

        let (after, used) = values(&second(), &[lesson(&first(), CORRECTED)]);
        assert_eq!(after, right);
        assert_eq!(used, ["job_1"]);
    }

    #[test]
    fn a_document_of_another_sender_is_read_as_before() {
        let (before, _) = values(&of_other_sender(), &[]);
        assert_eq!(before, ["\"2021-0042\"", "\"2021-03-05\"", "119.00"]);
        let (after, used) = values(&of_other_sender(), &[lesson(&first(), CORRECTED)]);
        assert_eq!(after, before);
        assert_eq!(used, [""; 0]);
    }

    #[test]
    fn a_field_that_was_not_corrected_is_read_as_before() {
        let (before, _) = values(&second(), &[]);
        let (after, _) = values(&second(), &[lesson(&first(), r#"{"invoice_number": "V-1001"}"#)]);
        assert_eq!(after[0], "\"V-1177\"");
        assert_eq!(after[1..], before[1..]);
    }

    #[test]
    fn a_value_that_stands_nowhere_teaches_nothing() {
        let corrections = serde_json::from_str(r#"{"invoice_number": "elsewhere", "total_amount": null}"#);
        assert_eq!(learn(&[first()], &invoice(), &fields(), &corrections.unwrap()), None);
    }

    #[test]
    fn a_lesson_holds_no_text_and_no_figure_of_its_document() {
        let kept = serde_json::to_string(&lesson(&first(), CORRECTED)).unwrap();
        for read in ["1001", "2019", "142", "Quint", "quint", "Welle", "kennung"] {
            assert!(!kept.contains(&format!("\"{read}")) && !kept.to_lowercase().contains("quint"), "{kept}");
        }
        assert!(kept.len() < limits::LESSON_BYTES_MAX, "{}", kept.len());
    }

    proptest::proptest! {
        #[test]
        fn no_lesson_breaks_the_engine(lines in proptest::collection::vec("[A-Za-z0-9 .,:/€-]{0,60}", 0..12)) {
            let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
            let (found, _) = values(&page(&lines), &[lesson(&first(), CORRECTED)]);
            proptest::prop_assert_eq!(found.len(), 3);
        }
    }
}
