//! Whether a value that somebody else found stands on the pages, and where.
//!
//! A text is printed as a run of words, or piece by piece on lines below each other; a number, a date, a code
//! by what it means. Of the values of one row the places are taken that stand closest together.
//! Yes and no are printed in too many ways to tell: they count as standing nowhere.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use docextract_model::extractor::{FieldDefinition, FieldType};
use rust_decimal::Decimal;
use serde_json::{Map, Value as Json};

use super::lessons::runs_of_words;
use super::scan::{self, Value};
use super::text::fold;
use crate::layout::Layout;
use crate::page::{Citation, Page};

/// Pieces that a text may be printed in.
const PIECES_MAX: usize = 12;
/// Lines between two of them.
const PIECE_LINES_MAX: usize = 3;

/// Pages to look for values on.
pub(crate) struct Grounds {
    layout: Layout,
    numbers: BTreeMap<Decimal, Stretches>,
    days: BTreeMap<String, Stretches>,
    codes: BTreeMap<String, Stretches>,
}

/// Where a value is printed.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct Printed {
    /// Of a value with parts, where the first of them stands.
    pub(crate) citation: Option<Citation>,
    /// Of an array of objects: for each of them, where the values of the nested fields stand.
    pub(crate) cells: Vec<Vec<Option<Citation>>>,
}

/// Where each begins and ends, in the order of the pages.
type Stretches = BTreeSet<(usize, usize)>;

/// Stretches of words that a value stands on.
type Place = Vec<Range<usize>>;

impl Grounds {
    pub(crate) fn of(pages: &[Page]) -> Self {
        let layout = Layout::of(pages);
        let (mut numbers, mut days, mut codes) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        for found in scan::scan(&layout).all {
            let tokens = found.tokens;
            match found.value {
                Value::Amount(amount) => push(&mut numbers, amount.value.abs().normalize(), tokens),
                Value::Date { day, .. } => push(&mut days, day.to_string(), tokens),
                Value::Code(text)
                | Value::Iban(text)
                | Value::VatId(text)
                | Value::Email(text)
                | Value::Phone(text) => push(&mut codes, fold(&text), tokens),
            }
        }
        // Quantities and rates are no amounts.
        for index in 0..layout.tokens.len() {
            let text = layout.text(index..index + 1);
            let digits = text.trim_matches(|c: char| !c.is_ascii_digit()).replace(',', ".");
            if let Ok(number) = digits.parse::<Decimal>() {
                push(&mut numbers, number.normalize(), index..index + 1);
            }
        }
        Self { layout, numbers, days, codes }
    }

    /// Looks for a value, part by part where it has parts. None when some of it stands nowhere.
    pub(crate) fn find(&self, field: &FieldDefinition, value: &Json) -> Option<Printed> {
        match value {
            Json::Null => Some(Printed::default()),
            Json::Bool(_) => None,
            Json::Number(_) | Json::String(_) => {
                let place = self.places(field.field_type, value).into_iter().next()?;
                Some(Printed { citation: self.cite(&place), cells: Vec::new() })
            }
            Json::Object(members) => {
                let row = self.row(&field.fields, members)?;
                Some(Printed { citation: row.into_iter().flatten().next(), cells: Vec::new() })
            }
            Json::Array(items) => {
                let mut printed = Printed::default();
                for item in items {
                    let citation = match item {
                        Json::Object(members) => {
                            let row = self.row(&field.fields, members)?;
                            let first = row.iter().flatten().next().cloned();
                            printed.cells.push(row);
                            first
                        }
                        other => self.cite(self.places(FieldType::Text, other).first()?),
                    };
                    printed.citation = printed.citation.or(citation);
                }
                Some(printed)
            }
        }
    }

    /// Where each field of an object stands. What is printed most rarely says where the others are.
    fn row(&self, fields: &[FieldDefinition], members: &Map<String, Json>) -> Option<Vec<Option<Citation>>> {
        let mut found: Vec<Vec<Place>> = Vec::new();
        for field in fields {
            let value = members.get(&field.name).unwrap_or(&Json::Null);
            found.push(match value {
                Json::Number(_) | Json::String(_) => {
                    Some(self.places(field.field_type, value)).filter(|places| !places.is_empty())?
                }
                _ => Vec::new(),
            });
        }
        let rarest = found.iter().filter(|places| !places.is_empty()).min_by_key(|places| places.len());
        let anchor = rarest.and_then(|places| self.line(places.first()?.first()?)).unwrap_or(0);
        let mut row = Vec::new();
        for (field, places) in fields.iter().zip(found) {
            let nearest = places.into_iter().min_by_key(|place| {
                let line = place.first().and_then(|tokens| self.line(tokens));
                line.map_or(usize::MAX, |line| line.abs_diff(anchor))
            });
            row.push(match (nearest, members.get(&field.name)) {
                (Some(place), _) => self.cite(&place),
                (None, Some(inner)) => self.find(field, inner)?.citation,
                (None, None) => None,
            });
        }
        Some(row)
    }

    fn places(&self, field_type: FieldType, value: &Json) -> Vec<Place> {
        let listed = |known: Option<&Stretches>| -> Vec<Place> {
            let place = |(start, end): &(usize, usize)| std::iter::once(*start..*end).collect();
            known.into_iter().flatten().map(place).collect()
        };
        match value {
            Json::Number(number) => {
                let Ok(number) = number.to_string().parse::<Decimal>() else { return Vec::new() };
                listed(self.numbers.get(&number.abs().normalize()))
            }
            // Its words are another form than what is printed.
            Json::String(day) if field_type == FieldType::Date => listed(self.days.get(day)),
            Json::String(text) => {
                let folded = fold(text);
                let known = listed(self.codes.get(&folded));
                if !known.is_empty() {
                    return known;
                }
                let runs = runs_of_words(&self.layout, &folded);
                if runs.is_empty() {
                    return self.pieces(text).into_iter().collect();
                }
                runs.into_iter().map(|tokens| vec![tokens]).collect()
            }
            Json::Null | Json::Bool(_) | Json::Array(_) | Json::Object(_) => Vec::new(),
        }
    }

    /// A text that is printed over several lines, such as an address.
    fn pieces(&self, text: &str) -> Option<Place> {
        let pieces: Vec<String> =
            text.split([',', ';', '\n']).map(fold).filter(|piece| !piece.is_empty()).collect();
        if !(2..=PIECES_MAX).contains(&pieces.len()) {
            return None;
        }
        let runs: Vec<_> = pieces.iter().map(|piece| runs_of_words(&self.layout, piece)).collect();
        let (first, others) = runs.split_first()?;
        first.iter().find_map(|start| {
            let mut place = vec![start.clone()];
            for runs in others {
                let above = self.line(place.last()?)?;
                let next = runs.iter().filter(|run| {
                    let line = self.line(run);
                    line.is_some_and(|line| (above..=above + PIECE_LINES_MAX).contains(&line))
                });
                place.push(next.min_by_key(|run| run.start)?.clone());
            }
            Some(place)
        })
    }

    fn line(&self, tokens: &Range<usize>) -> Option<usize> {
        Some(self.layout.tokens.get(tokens.start)?.line)
    }

    fn cite(&self, place: &[Range<usize>]) -> Option<Citation> {
        self.layout.cite_parts(place.iter().cloned())
    }
}

fn push<K: Ord>(into: &mut BTreeMap<K, Stretches>, key: K, tokens: Range<usize>) {
    into.entry(key).or_default().insert((tokens.start, tokens.end));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::layout::testing::page;

    fn grounds() -> Grounds {
        Grounds::of(&[page(&[
            "Quint Apparatebau",
            "Seeweg 9",
            "20095 Hamburg",
            "",
            "Vorgang V-1001                 12. Mai 2019",
            "Welle, lang       2     60,00      120,00",
            "Dichtung          2      4,50        9,00",
            "Summe                            1.129,00",
        ])])
    }

    fn cited(field_type: FieldType, value: &Json) -> Option<String> {
        let printed = grounds().find(&FieldDefinition::new("a", field_type, ""), value)?;
        Some(printed.citation.unwrap().text)
    }

    #[test]
    fn a_value_is_found_in_the_form_in_which_it_is_printed() {
        for (field_type, value, text) in [
            (FieldType::Text, json!("v-1001"), "V-1001"),
            (FieldType::Date, json!("2019-05-12"), "12. Mai 2019"),
            (FieldType::Currency, json!(1129), "1.129,00"),
            (FieldType::Number, json!(2), "2"),
            (FieldType::Text, json!("Seeweg 9, 20095 Hamburg"), "Seeweg 9 20095 Hamburg"),
            (FieldType::Array, json!(["Welle, lang", "Dichtung"]), "Welle, lang"),
        ] {
            assert_eq!(cited(field_type, &value).as_deref(), Some(text), "{value}");
        }
    }

    #[test]
    fn what_is_not_printed_is_nowhere_and_so_is_what_has_such_a_part() {
        for (field_type, value) in [
            (FieldType::Text, json!("V-1002")),
            (FieldType::Date, json!("2019-05-13")),
            (FieldType::Currency, json!(1130)),
            (FieldType::Boolean, json!(true)),
            (FieldType::Text, json!("20095 Hamburg, Seeweg 9")),
            (FieldType::Array, json!(["Dichtung", "Welle, kurz"])),
        ] {
            assert_eq!(cited(field_type, &value), None, "{value}");
        }
    }

    #[test]
    fn the_values_of_a_row_are_cited_beside_each_other() {
        let cell = |name: &str, field_type| FieldDefinition::new(name, field_type, "");
        let cells = vec![cell("name", FieldType::Text), cell("count", FieldType::Number)];
        let field = FieldDefinition { fields: cells, ..cell("items", FieldType::Array) };
        let rows = json!([{"name": "Dichtung", "count": 2}, {"name": "Welle, lang", "count": null}]);
        let printed = grounds().find(&field, &rows).unwrap();
        let [name, count] = printed.cells[0].as_slice() else { panic!("{printed:?}") };
        let (name, count) = (name.as_ref().unwrap(), count.as_ref().unwrap());
        assert!((name.bbox.y0 - count.bbox.y0).abs() < 0.001, "not the two of the line above");
        assert_eq!(printed.cells[1][1], None);
        let invented = json!([{"name": "Dichtung", "count": 77}]);
        assert_eq!(grounds().find(&field, &invented), None);
    }
}
