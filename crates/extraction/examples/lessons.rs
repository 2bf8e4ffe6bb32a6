//! Measures what corrected documents teach: `cargo run --example lessons -- DIR`, where `DIR` has `answers.jsonl`.
//!
//! Of every sender with several documents, each is corrected in turn, in the fields that were read wrongly and
//! have a known answer, and every other document of that sender is read with that lesson alone. Told are the
//! corrected fields, right before and after, and whatever else was right and no longer is. Then the worst case
//! of mistaken layouts: every document with all of its answers as a lesson, for every document of another sender.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a measurement for who develops this")]

use std::collections::BTreeSet;
use std::path::PathBuf;

use docextract_extraction::fields::{FieldResult, extract_fields, extract_fields_knowing, lessons};
use docextract_extraction::ocr::Tesseract;
use docextract_extraction::page::Page;
use docextract_extraction::scoring::is_right;
use docextract_extraction::{KnownLesson, ReadOptions, read_pages};
use docextract_model::extractor::{DocumentType, FieldDefinition, FieldType, ready_made};
use docextract_model::number::json_number;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

struct Document {
    file: String,
    template: String,
    kind: DocumentType,
    fields: Vec<FieldDefinition>,
    pages: Vec<Page>,
    answers: Map<String, Value>,
    plain: Vec<FieldResult>,
}

impl Document {
    /// Whether the field is right in these results; none where no answer is known.
    fn is_right(&self, results: &[FieldResult], name: &str) -> Option<bool> {
        let answer = self.answers.get(name)?;
        let (field, found) = self.fields.iter().zip(results).find(|(field, _)| field.name == name)?;
        Some(is_right(field.field_type, answer, &found.value))
    }

    fn wrong(&self) -> Map<String, Value> {
        let wrong =
            self.answers.iter().filter(|(name, _)| self.is_right(&self.plain, name.as_str()) == Some(false));
        wrong.map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    fn lesson(&self, corrections: &Map<String, Value>) -> Option<KnownLesson> {
        let lesson = lessons::learn(&self.pages, &self.kind, &self.fields, corrections)?;
        Some(KnownLesson { id: self.file.clone(), lesson })
    }

    fn read_knowing(&self, lesson: &KnownLesson) -> (Vec<FieldResult>, bool) {
        let lessons = std::slice::from_ref(lesson);
        let (found, used) = extract_fields_knowing(&self.pages, &self.kind, &self.fields, lessons);
        (found, !used.is_empty())
    }
}

/// As a correction would have it: amounts as numbers.
fn answers(row: &Value, fields: &[FieldDefinition]) -> Map<String, Value> {
    let all = row["fields"].as_object().unwrap();
    let visible = |name: &str| row["visible_in_text"].get(name).is_none_or(|visible| visible == true);
    let value = |field: &FieldDefinition| {
        let text = all.get(&field.name)?.as_str()?;
        Some(match field.field_type {
            FieldType::Currency => json_number(text.parse::<Decimal>().ok()?),
            _ => Value::String(text.to_owned()),
        })
    };
    let wanted = fields.iter().filter(|field| visible(&field.name));
    wanted.filter_map(|field| Some((field.name.clone(), value(field)?))).collect()
}

fn read(folder: &std::path::Path) -> Vec<Document> {
    let mut documents = Vec::new();
    for line in std::fs::read_to_string(folder.join("answers.jsonl")).unwrap().lines() {
        let row: Value = serde_json::from_str(line).unwrap();
        let (file, template) = (row["file"].as_str().unwrap(), row["template"].as_str().unwrap());
        let kind = row["extractor"].as_str().unwrap();
        let ready = ready_made().into_iter().find(|ready| ready.document_type == kind).unwrap();
        let (kind, fields) = (DocumentType::parse(kind).unwrap(), ready.field_definitions);
        let bytes = std::fs::read(folder.join(file)).unwrap();
        let options = ReadOptions { ignore_embedded_xml: true, ..ReadOptions::default() };
        let Ok(reading) = read_pages(&bytes, &options, &mut Tesseract) else { continue };
        documents.push(Document {
            file: file.to_owned(),
            template: template.to_owned(),
            plain: extract_fields(&reading.pages, &kind, &fields),
            answers: answers(&row, &fields),
            pages: reading.pages,
            kind,
            fields,
        });
    }
    documents
}

#[derive(Default)]
struct Taught {
    corrected: usize,
    /// Corrected fields that stood nowhere on the page as they were corrected.
    unfound: usize,
    pairs: usize,
    used: usize,
    fields: usize,
    before: usize,
    after: usize,
    worse: usize,
    alike: Vec<f32>,
}

fn same_sender(documents: &[&Document]) -> Taught {
    let mut told = Taught::default();
    for corrected in documents {
        let others = documents.iter().filter(|other| {
            other.template == corrected.template
                && other.file != corrected.file
                && other.kind == corrected.kind
        });
        let (others, wrong) = (others.collect::<Vec<_>>(), corrected.wrong());
        if others.is_empty() || wrong.is_empty() {
            continue;
        }
        told.corrected += 1;
        let Some(lesson) = corrected.lesson(&wrong) else {
            told.unfound += wrong.len();
            continue;
        };
        let learnt: BTreeSet<&str> = lesson.lesson.fields().collect();
        told.unfound += wrong.len() - learnt.len();
        for other in others {
            let (taught, used) = other.read_knowing(&lesson);
            told.pairs += 1;
            told.used += usize::from(used);
            let likeness = lesson.lesson.likeness_to(&other.pages);
            told.alike.push(likeness);
            println!("same sender: {} by {} at {likeness:.2}, learnt {learnt:?}", other.file, corrected.file);
            for name in other.answers.keys() {
                let was = other.is_right(&other.plain, name) == Some(true);
                let is = other.is_right(&taught, name) == Some(true);
                if was && !is {
                    told.worse += 1;
                    println!("worse: {name} of {} by {}", other.file, corrected.file);
                }
                if learnt.contains(name.as_str()) {
                    told.fields += 1;
                    told.before += usize::from(was);
                    told.after += usize::from(is);
                }
            }
        }
    }
    told
}

#[derive(Default)]
struct Strangers {
    pairs: usize,
    used: usize,
    changed: usize,
    worse: usize,
    alike: Vec<f32>,
}

fn strangers(documents: &[&Document]) -> Strangers {
    let mut told = Strangers::default();
    for corrected in documents {
        let Some(lesson) = corrected.lesson(&corrected.answers) else { continue };
        for other in documents.iter().filter(|other| other.template != corrected.template) {
            told.pairs += 1;
            let likeness = lesson.lesson.likeness_to(&other.pages);
            told.alike.push(likeness);
            // Far below the threshold a lesson says nothing: this is only to be done sooner.
            if likeness < 0.15 {
                continue;
            }
            let (taught, used) = other.read_knowing(&lesson);
            let changed = other.plain.iter().zip(&taught).any(|(a, b)| a.value != b.value);
            told.used += usize::from(used);
            told.changed += usize::from(changed);
            if used {
                println!("another sender's: {} by {} at {likeness:.2}", other.file, corrected.file);
            }
            for name in other.answers.keys() {
                let was = other.is_right(&other.plain, name) == Some(true);
                if was && other.is_right(&taught, name) == Some(false) {
                    told.worse += 1;
                    println!("  worse: {name}");
                }
            }
        }
    }
    told
}

/// Smallest, fifth, quarter, half, greatest of a hundred.
fn spread(mut values: Vec<f32>) -> String {
    values.sort_by(f32::total_cmp);
    let at = |share: usize| values.get((values.len().max(1) - 1) * share / 1000).copied().unwrap_or(0.0);
    let shown =
        [0, 50, 100, 250, 500, 900, 950, 990, 999, 1000].map(|share| format!("{share}‰ {:.2}", at(share)));
    shown.join(", ")
}

fn main() {
    let folder = PathBuf::from(std::env::args().nth(1).unwrap());
    let documents = read(&folder);
    for kind in ["invoice", "receipt"] {
        let documents: Vec<&Document> = documents.iter().filter(|one| one.kind.as_str() == kind).collect();
        let Taught { corrected, unfound, pairs, used, fields, before, after, worse, alike } =
            same_sender(&documents);
        println!(
            "{kind}: {corrected} documents corrected, {unfound} corrected values not found on their pages"
        );
        println!("  {pairs} other documents of their senders, {used} of them read with the lesson");
        println!(
            "  corrected fields there: {before} of {fields} right before, {after} after; {worse} got worse"
        );
        println!("  likeness: {}", spread(alike));
        let Strangers { pairs, used, changed, worse, alike } = strangers(&documents);
        println!(
            "  {pairs} pairs of two senders: lesson used {used}, values changed {changed}, worse {worse}"
        );
        println!("  likeness: {}", spread(alike));
    }
}
