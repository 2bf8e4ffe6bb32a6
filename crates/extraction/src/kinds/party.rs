//! Where a party lives: the address that belongs to a name.
//!
//! It stands behind the name in one line (`Firm · Street 1 · 12345 Town`), in the lines below it, beside it in a
//! letterhead, or behind a label (`Registered office:`). A line is known by its street, its town or its house; who
//! a letter is for within a firm, its departments and its numbers are passed over. What never happens: that words
//! in which nothing looks like an address are given for one.

use std::collections::BTreeSet;
use std::ops::Range;

use serde_json::Value as Json;

use super::Find;
use crate::fields::Document;
use crate::fields::calibration::Group;
use crate::fields::labels::Found;
use crate::fields::lexicon::{Concept, Kind};
use crate::fields::parties::address_words::{
    firm, is_attention, is_country, is_county, is_department, is_greeting, is_place, is_street, is_titled,
    is_town,
};
use crate::fields::plan::{concept_of, key};
use crate::fields::scan::Value;
use crate::fields::text::fold;
use crate::layout::{Bounds, Segment, Token};

/// Lines below a name in which its address is looked for, and lines of an address.
const LINES_BELOW_MAX: usize = 9;
const LINES_MAX: usize = 6;
/// How far below the line above a line of the same block stands, in heights of a line.
const LINE_GAP: f32 = 1.9;
/// Other printings of a name that are looked at.
const PRINTINGS_MAX: usize = 4;
/// A longer line is a sentence.
const LINE_CHARS_MAX: usize = 70;
/// A word as short that ends with a point is an abbreviation: `62-052 Komorniki, ul. Lipowa 2`.
const ABBREVIATION_CHARS: usize = 4;
/// An address in the head of a page stands at most so many heights of a line above or below the name.
const HEAD_REACH: f32 = 6.0;
/// Where the foot of a page begins, and where its letterhead ends, of its height.
const FOOT: f32 = 0.6;
const LETTERHEAD: f32 = 0.2;

/// Whose address is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Seller,
    Buyer,
}

/// The address of the party whose name stands in these lines; `other` is where the other party's stands.
pub(super) fn address(
    document: &Document<'_>,
    side: Side,
    name: &[Range<usize>],
    other: &[Range<usize>],
) -> Option<Find> {
    let reader = Reader { document };
    let mut near = reader.of_name(name);
    // The sender's may stand below another printing of the name, the addressee's stands below the one that was read.
    if side == Side::Seller && !(near.has_town && near.has_street) {
        let again = reader.again(name).into_iter().map(|again| reader.of_name(&[again]));
        near = again.fold(near, |best, other| if other.worth() > best.worth() { other } else { best });
    }
    // The slip at the foot names whom the letter is for again, and has no address.
    if side == Side::Buyer && !near.has_town {
        let again = reader.again(name).into_iter().map(|again| reader.of_name(&[again]));
        near = again.filter(|again| again.has_town).chain([near]).next().unwrap_or_default();
    }
    // A town alone may be the end of what a sentence says of the firm; its office has a label.
    if near.has_town && (near.has_street || near.has_place || side == Side::Buyer) {
        return near.found(document, 0.8);
    }
    let claimed = reader.of_name(other);
    if near.has_town {
        let office = reader.labelled(&claimed).filter(|office| office.lines.len() + office.unsure.len() > 1);
        return office.unwrap_or(near).found(document, 0.8);
    }
    if side == Side::Seller {
        let elsewhere = reader.labelled(&claimed).or_else(|| reader.in_head(name, other, &claimed));
        if let Some(found) = elsewhere {
            return found.found(document, 0.7);
        }
    }
    near.found(document, 0.6)
}

/// Whether a text has more than one word and looks like an address.
pub(super) fn is_address(text: &str) -> bool {
    text.split_whitespace().nth(1).is_some() && !text.contains('@') && (is_street(text) || is_town(text))
}

/// Lines of an address, as they are gathered.
#[derive(Debug, Clone, Default)]
struct Gathered {
    /// What is surely part of it.
    lines: Vec<Range<usize>>,
    /// Lines above the first that looks like an address: a house, or more of the name.
    unsure: Vec<Range<usize>>,
    has_street: bool,
    has_place: bool,
    /// A line without a number below a street: where there is no postcode, the town.
    has_words: bool,
    /// Nothing but a word and a number looks like a street: `Invoice 17`.
    is_doubtful: bool,
    has_town: bool,
    has_country: bool,
    is_over: bool,
}

impl Gathered {
    fn worth(&self) -> (bool, bool) {
        (self.has_town, self.has_street)
    }

    fn found(mut self, document: &Document<'_>, score: f32) -> Option<Find> {
        if !self.has_town && !self.has_country && (!self.has_words || self.is_doubtful) {
            return None;
        }
        // `The Palace` above `Wells`: without a street what stands above the town is the house.
        if !self.has_street && !self.has_place || !self.has_town && self.is_doubtful {
            self.unsure.append(&mut self.lines);
            self.lines = self.unsure;
        }
        let layout = &document.layout;
        let texts = self.lines.iter().map(|tokens| {
            layout.text(tokens.clone()).trim_matches([' ', ',', '-', '–', '·', '|', '•', ';', '.']).to_owned()
        });
        let value = Json::String(texts.filter(|text| !text.is_empty()).collect::<Vec<_>>().join(", "));
        Some(Find { value, parts: self.lines, score, group: Group::Address })
    }
}

/// What a stretch of words is to an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// It has a street, a town, or both.
    Address {
        street: bool,
        town: bool,
    },
    Country,
    /// A house or an estate.
    Place,
    /// A department, a person, a number of the firm: it may stand above an address, and is none of it.
    Aside,
    /// It may be anything: a house's name, a district, more of the firm's name.
    Plain,
    /// Nothing that belongs to an address stands behind it.
    End,
}

/// Words for the parts of an address, folded.
const ADDRESS_KEYS: [&str; 50] = [
    "address",
    "street",
    "city",
    "town",
    "postcode",
    "zip",
    "zipcode",
    "state",
    "county",
    "country",
    "adresse",
    "rue",
    "ville",
    "cp",
    "pays",
    "anschrift",
    "strasse",
    "plz",
    "ort",
    "land",
    "direccion",
    "domicilio",
    "calle",
    "ciudad",
    "localidad",
    "poblacion",
    "provincia",
    "pais",
    "indirizzo",
    "via",
    "comune",
    "cap",
    "nazione",
    "localita",
    "citta",
    "adres",
    "straat",
    "plaats",
    "woonplaats",
    "gemeente",
    "morada",
    "endereco",
    "localidade",
    "concelho",
    "ulica",
    "miasto",
    "miejscowosc",
    "kod",
    "kraj",
    "sede",
];
/// Words for what a firm owns, folded.
const CAPITAL: [&str; 6] = ["capital", "capitale", "kapital", "stammkapital", "grundkapital", "kapitaal"];
/// Those before a postcode.
const POSTCODE_KEYS: [&str; 7] = ["postcode", "zip", "zipcode", "cp", "plz", "cap", "kod"];

/// Those above a town.
const TOWN_KEYS: [&str; 5] = ["municipio", "cidade", "localidade", "city", "town"];

struct Reader<'a, 'd> {
    document: &'a Document<'d>,
}

impl Reader<'_, '_> {
    /// Where the same name stands again, at the beginning of a stretch.
    fn again(&self, name: &[Range<usize>]) -> Vec<Range<usize>> {
        let layout = &self.document.layout;
        let folded: String = name.iter().map(|part| fold(&layout.text(part.clone()))).collect();
        let begins = |tokens: &Range<usize>| {
            let mut rest = folded.as_str();
            for index in tokens.clone() {
                rest = rest.strip_prefix(layout.tokens.get(index)?.folded.as_str())?;
                if rest.is_empty() {
                    return Some(tokens.start..index + 1);
                }
            }
            None
        };
        let is_known = |again: &Range<usize>| name.iter().any(|part| part.start == again.start);
        let stretches = layout.segments.iter().filter_map(|segment| begins(&segment.tokens));
        stretches.filter(|again| !is_known(again)).take(PRINTINGS_MAX).collect()
    }

    /// The address behind and below a name.
    fn of_name(&self, name: &[Range<usize>]) -> Gathered {
        let layout = &self.document.layout;
        let mut gathered = Gathered::default();
        let Some(last) = name.last() else { return gathered };
        let Some(token) = layout.tokens.get(last.end.saturating_sub(1)) else { return gathered };
        let Some(segment) = layout.segments.get(token.segment) else { return gathered };
        if last.end < segment.tokens.end {
            self.take_line(&mut gathered, last.end..segment.tokens.end);
            if gathered.has_town || gathered.is_over {
                return gathered;
            }
        }
        let bounds = name.iter().filter_map(|part| layout.bounds(part.clone())).reduce(Bounds::union);
        if let Some(bounds) = bounds {
            // `Firm: Name` goes on below its label, or below the name.
            self.take_below(&mut gathered, token.line, &[bounds, segment.bounds]);
        }
        gathered
    }

    /// `…, 1506 MD` at the end of a line and `Zaandam. Tel. …` at the beginning of the next one: the sentence was
    /// broken within the town.
    fn take_broken_town(&self, gathered: &mut Gathered, end: usize) {
        /// Words of a town's name.
        const WORDS: usize = 4;
        let layout = &self.document.layout;
        let Some(last) = gathered.lines.last_mut().filter(|last| last.end == end && gathered.has_street)
        else {
            return;
        };
        let text = layout.text(last.clone());
        let Some((street, code)) = text.rsplit_once(',') else { return };
        let (street, code) = (street.rsplit(',').next().unwrap_or_default(), code.trim());
        let digits = code.chars().filter(char::is_ascii_digit).count();
        let letters = code.chars().filter(|c| c.is_alphabetic()).count();
        let is_postcode = code.starts_with(|c: char| c.is_ascii_digit())
            && (4..=7).contains(&digits)
            && letters <= 2
            && is_street(street.trim());
        let Some(first) = layout.tokens.get(end).filter(|_| is_postcode) else { return };
        let Some(segment) = layout.segments.get(first.segment) else { return };
        let words = layout.tokens.get(segment.tokens.clone()).unwrap_or_default();
        let ends = |word: &Token| word.text.ends_with(['.', ',', ';', ')']);
        let dash = words.iter().position(|word| word.folded.is_empty());
        let town = words.iter().take(WORDS).position(ends).map(|at| at + 1).or(dash).unwrap_or(words.len());
        let is_town = (1..=WORDS).contains(&town) && first.text.starts_with(char::is_uppercase);
        if segment.tokens.start == end && is_town {
            last.end = end + town;
            gathered.has_town = true;
            gathered.is_over = true;
        }
    }

    /// Takes the lines below one, in its column.
    fn take_below(&self, gathered: &mut Gathered, line: usize, heads: &[Bounds]) {
        let layout = &self.document.layout;
        let Some(height) = layout.lines.get(line).map(|line| line.height) else { return };
        let Some(mut bottom) = heads.first().map(|head| head.y1) else { return };
        let mut taken = 0;
        for below in layout.lines_below(line) {
            let Some(line) = layout.lines.get(below) else { break };
            // Above an address a form leaves room for the second line of a name.
            let reach = if gathered.lines.is_empty() { 2.0 * LINE_GAP } else { LINE_GAP };
            let is_away = line.bounds.y0 - bottom > reach * height;
            // The line between a street and its town may be empty too.
            let is_of_street = gathered.has_street
                && !gathered.has_town
                && line.bounds.y0 - bottom <= 2.0 * LINE_GAP * height;
            if is_away && !is_of_street || gathered.is_over || taken >= LINES_BELOW_MAX {
                break;
            }
            let in_column =
                line.segments.clone().filter_map(|index| layout.segments.get(index)).find(|segment| {
                    let at = segment.bounds;
                    // Labels that are flush right have their values in one column.
                    let value = self.behind_key(&segment.tokens).map_or(at.x0, |value| value.x0);
                    heads.iter().any(|head| {
                        (at.x0 - head.x0).abs() < height
                            || (value - head.x0).abs() < height
                            || (at.x1 - head.x1).abs() < 0.4 * height
                            || (at.x0 + at.x1 - head.x0 - head.x1).abs() < 0.8 * height
                    })
                });
            let Some(segment) = in_column else { continue };
            if is_away && !is_town(&layout.text(segment.tokens.clone())) {
                break;
            }
            bottom = segment.bounds.y1;
            taken += 1;
            self.take_line(gathered, segment.tokens.clone());
            self.take_town_of_form(gathered, below, segment);
        }
    }

    /// Where the value stands behind the label of an address that a stretch begins with: `Adres: …`.
    fn behind_key(&self, tokens: &Range<usize>) -> Option<Bounds> {
        let label = self.document.labels.iter().find(|label| label.tokens.start == tokens.start)?;
        let is_asked = label.tokens.end < tokens.end
            && label.weight_for(&[key(Concept::Address)]) >= 0.4
            && self.ends_label(label.tokens.end - 1);
        is_asked.then(|| self.document.layout.bounds(label.tokens.end..tokens.end))?
    }

    /// Takes the town of a form in which it stands beside the street and its postcode, below a word for it.
    fn take_town_of_form(&self, gathered: &mut Gathered, line: usize, street: &Segment) {
        let layout = &self.document.layout;
        let is_cut_short = gathered.lines.last().is_some_and(|last| {
            last.end == street.tokens.end
                && layout.text(last.clone()).split_whitespace().next_back().is_some_and(is_brazilian)
        });
        let Some(town) = layout.lines.get(line).filter(|_| is_cut_short).and_then(|line| {
            let mut beside = line.segments.clone().filter_map(|index| layout.segments.get(index));
            beside.find(|segment| segment.bounds.x0 > street.bounds.x1)
        }) else {
            return;
        };
        let is_headed = self.above(line, town.bounds).is_some_and(|head| {
            layout.tokens.get(head.start).is_some_and(|word| TOWN_KEYS.contains(&word.folded.as_str()))
        });
        if is_headed {
            gathered.lines.push(town.tokens.clone());
            gathered.is_over = true;
        }
    }

    /// Takes a stretch of words, part by part.
    fn take_line(&self, gathered: &mut Gathered, tokens: Range<usize>) {
        let end = tokens.end;
        for part in self.parts(tokens) {
            if gathered.is_over {
                return;
            }
            let (part, is_cut) = self.cut(part);
            self.take(gathered, part);
            gathered.is_over |= is_cut && !gathered.lines.is_empty();
        }
        self.take_broken_town(gathered, end);
    }

    fn take(&self, gathered: &mut Gathered, tokens: Range<usize>) {
        if tokens.is_empty() {
            return;
        }
        let kind = match self.kind(&tokens) {
            // `Coimbatore - 641 006`, `Pamplona` above `31003`, and `FR` behind a town.
            _ if !gathered.has_town
                && (gathered.has_words && self.is_postcode(&tokens)
                    || (gathered.has_street || gathered.has_place) && self.begins_with_pin(&tokens)
                    || self.is_town_of_box(gathered, &tokens)) =>
            {
                Part::Address { street: false, town: true }
            }
            _ if gathered.has_town && self.is_country_code(&tokens) => Part::Country,
            // `Rua Direita, 6 – 1.º`: the floor behind the house.
            Part::Aside if gathered.has_street && !gathered.has_town && self.is_floor(gathered, &tokens) => {
                Part::Plain
            }
            kind => kind,
        };
        let tokens = self.key_before(&tokens).map_or(tokens.clone(), |_| tokens.start + 1..tokens.end);
        let is_begun = !gathered.lines.is_empty();
        // `16149 Genova – Via di Francia 88r`: the street stands behind the town.
        let is_street_behind = !gathered.has_street
            && matches!(kind, Part::Address { street: true, town: false })
            && gathered.lines.last().is_some_and(|last| self.is_one_stretch(last, &tokens));
        // `Co. Galway` above `H91 F8KT`.
        let is_code_of_county = matches!(kind, Part::Address { street: false, town: true })
            && gathered.lines.last().is_some_and(|last| is_county(&self.document.layout.text(last.clone())))
            && !is_county(&self.document.layout.text(tokens.clone()));
        if gathered.has_town && kind != Part::Country && !is_street_behind && !is_code_of_county {
            gathered.is_over = true;
            return;
        }
        match kind {
            Part::End => gathered.is_over = true,
            Part::Aside if is_begun => gathered.is_over = gathered.has_town || gathered.has_street,
            Part::Aside => {}
            Part::Plain if !is_begun => gathered.unsure.push(tokens),
            Part::Country if !is_begun => {}
            Part::Plain | Part::Place | Part::Address { .. } | Part::Country => {
                if let Part::Address { street, town } = kind {
                    gathered.is_doubtful = street && !gathered.has_street && tokens.len() <= 2;
                    gathered.has_street |= street;
                    gathered.has_town |= town;
                }
                gathered.has_place |= kind == Part::Place;
                gathered.has_country |= kind == Part::Country;
                gathered.has_words |= gathered.has_street && matches!(kind, Part::Plain | Part::Country);
                // `Países Bajos / Netherlands` is one country.
                let is_named_again = kind == Part::Country && self.is_country_next(&tokens);
                gathered.lines.push(tokens);
                gathered.is_over =
                    kind == Part::Country && !is_named_again || gathered.lines.len() >= LINES_MAX;
            }
        }
    }

    fn kind(&self, tokens: &Range<usize>) -> Part {
        let layout = &self.document.layout;
        let key = self.key_before(tokens);
        let words = key.map_or(tokens.clone(), |_| tokens.start + 1..tokens.end);
        let text = layout.text(words.clone());
        let text = text.trim_matches([' ', ',', ';', '.', '(', ')']);
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let (street, town) = street_and_town(text);
        let town = town || key.is_some_and(|key| POSTCODE_KEYS.contains(&key));
        if key.is_some() {
            if street || town { Part::Address { street, town } } else { Part::Plain }
        } else if is_country(text) {
            Part::Country
        } else if self.is_number(tokens)
            || is_attention(text)
            || is_greeting(text)
            || !street && !town && says_capital(text)
        {
            Part::Aside
        } else if text.contains('@') || text.contains("www.") || text.chars().count() > LINE_CHARS_MAX {
            Part::End
        } else if (street || town) && !text.contains(':') {
            Part::Address { street, town }
        } else if text.split_once(':').is_some_and(|(_, value)| !value.is_empty()) {
            Part::Aside
        } else if self.is_other(tokens) {
            Part::End
        } else if letters < 3 || is_department(text) || is_titled(text) || is_description(text) {
            Part::Aside
        } else if is_place(text) || text.contains("s/n") || text.chars().any(|c| c.is_ascii_digit()) {
            Part::Place
        } else {
            Part::Plain
        }
    }

    /// Whether a stretch is nothing but five or six digits.
    fn is_postcode(&self, tokens: &Range<usize>) -> bool {
        let text = self.document.layout.text(tokens.clone());
        let digits = text.chars().filter(char::is_ascii_digit).count();
        matches!(digits, 5 | 6) && text.chars().all(|c| c.is_ascii_digit() || " ,.".contains(c))
    }

    /// Whether a stretch begins with the six digits of an Indian town, and goes on with its state: `600035, Tamil Nadu`.
    fn begins_with_pin(&self, tokens: &Range<usize>) -> bool {
        let text = self.document.layout.text(tokens.clone());
        let digits = text.bytes().take_while(u8::is_ascii_digit).count();
        digits == 6 && text[digits..].chars().all(|c| c.is_alphabetic() || " ,.".contains(c))
    }

    /// Whether a stretch is the town of the box above it: `PO Box 31-204`, `Upper Town 5140`.
    fn is_town_of_box(&self, gathered: &Gathered, tokens: &Range<usize>) -> bool {
        let layout = &self.document.layout;
        let above = gathered.lines.last().or(gathered.unsure.last());
        above.is_some_and(|above| has_box(&layout.text(above.clone())))
            && is_before_short_postcode(layout.text(tokens.clone()).trim_matches([' ', ',']))
    }

    /// Whether two parts stand in one stretch.
    fn is_one_stretch(&self, a: &Range<usize>, b: &Range<usize>) -> bool {
        let segment =
            |tokens: &Range<usize>| self.document.layout.tokens.get(tokens.start).map(|token| token.segment);
        segment(a) == segment(b)
    }

    /// Whether a country stands behind a slash after these words.
    fn is_country_next(&self, tokens: &Range<usize>) -> bool {
        let layout = &self.document.layout;
        let Some(slash) = layout.tokens.get(tokens.end).filter(|token| token.text == "/") else {
            return false;
        };
        let end = layout.segments.get(slash.segment).map_or(tokens.end, |segment| segment.tokens.end);
        tokens.end + 1 < end && is_country(&layout.text(tokens.end + 1..end))
    }

    /// Whether a part of the stretch that a street stands in is the number of a floor or a door.
    fn is_floor(&self, gathered: &Gathered, tokens: &Range<usize>) -> bool {
        const CHARS: usize = 8;
        let text = self.document.layout.text(tokens.clone());
        text.starts_with(|c: char| c.is_ascii_digit())
            && text.chars().count() <= CHARS
            && gathered.lines.last().is_some_and(|last| self.is_one_stretch(last, tokens))
    }

    fn is_country_code(&self, tokens: &Range<usize>) -> bool {
        let text = self.document.layout.text(tokens.clone());
        text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
    }

    /// The word for a part of an address that a stretch begins with: `Comune: Napoli`.
    fn key_before(&self, tokens: &Range<usize>) -> Option<&str> {
        let token = self.document.layout.tokens.get(tokens.start)?;
        let is_key = token.text.ends_with(':') && ADDRESS_KEYS.contains(&token.folded.as_str());
        (is_key && tokens.len() > 1).then_some(token.folded.as_str())
    }

    /// Whether a stretch begins with what a firm is registered by.
    fn is_number(&self, tokens: &Range<usize>) -> bool {
        let document = self.document;
        let is_vat = |candidate: &crate::fields::scan::Candidate| {
            candidate.tokens.start == tokens.start && matches!(candidate.value, Value::VatId(_))
        };
        let concepts =
            [Concept::SellerVatId, Concept::BuyerVatId, Concept::TaxNumber, Concept::CustomerNumber];
        document.candidates.all.iter().any(is_vat)
            || document.labels.iter().any(|label| {
                label.tokens.start == tokens.start
                    && concepts.iter().any(|concept| label.weight_for(&[key(*concept)]) >= 0.4)
            })
    }

    /// Whether a stretch is a label of something else, or of its value.
    fn is_other(&self, tokens: &Range<usize>) -> bool {
        let document = self.document;
        let typed = document.candidates.all.iter().any(|candidate| {
            candidate.tokens.start >= tokens.start
                && candidate.tokens.end <= tokens.end
                && matches!(
                    candidate.value,
                    Value::Email(_) | Value::Phone(_) | Value::Iban(_) | Value::VatId(_) | Value::Date { .. }
                )
        });
        // `Invoice 17` is a label and its number, `Order House` may be where somebody lives.
        let is_numbered = |label: &Found| {
            document
                .layout
                .tokens
                .get(label.tokens.end)
                .is_some_and(|token| token.text.starts_with(|c: char| c.is_ascii_digit()))
        };
        let is_label = document.labels.iter().any(|label| {
            let is_alone = label.tokens.end == tokens.end || self.ends_label(label.tokens.end - 1);
            label.tokens.start == tokens.start
                && label.tokens.end <= tokens.end
                && (is_alone || is_numbered(label))
                && label.keys.iter().any(|(key, weight)| {
                    concept_of(*key).is_some_and(|concept| {
                        let is_valued = matches!(concept.kind(), Kind::Code | Kind::Date | Kind::Amount);
                        concept != Concept::Address
                            && (is_alone && *weight >= 0.7 || is_valued && *weight >= 0.4)
                    })
                })
        });
        let text = document.layout.text(tokens.clone());
        typed || is_label || text.trim_end().ends_with(':')
    }

    fn ends_label(&self, token: usize) -> bool {
        self.document.layout.tokens.get(token).is_some_and(|token| token.text.ends_with(':'))
    }

    /// A stretch without a label of an address before it, and without what follows the address in it; whether
    /// something does.
    fn cut(&self, tokens: Range<usize>) -> (Range<usize>, bool) {
        let document = self.document;
        let mut start = tokens.start;
        let own = document.labels.iter().find(|label| {
            label.tokens.start == start
                && label.tokens.end < tokens.end
                && label.weight_for(&[key(Concept::Address)]) >= 0.4
                && (self.ends_label(label.tokens.end - 1)
                    || self.ends_label(label.tokens.end)
                    // `Bezoekadres Plesmanweg 3`: what is left is a street by itself.
                    || is_street(&document.layout.text(label.tokens.end..tokens.end))
                        && !is_place(&document.layout.text(label.tokens.clone())))
        });
        if let Some(label) = own {
            start = label.tokens.end;
            // `Siège social : 16 rue Mollien`
            while start < tokens.end
                && document.layout.tokens.get(start).is_some_and(|token| token.text == ":")
            {
                start += 1;
            }
        }
        // `Firm SASU au capital de 5 000 €, ZA de la Tuilerie, 81300 Graulhet`
        let is_capital = |token: &Token| CAPITAL.contains(&token.folded.as_str());
        let words = document.layout.tokens.get(start..tokens.end).unwrap_or_default();
        if words.iter().take(3).any(is_capital)
            && let Some(comma) = words.iter().position(|word| word.text.ends_with(','))
        {
            start += comma + 1;
        }
        start += self.firm_in_front(start..tokens.end);
        let follows = document.labels.iter().filter(|label| {
            let is_code = |concept: Concept| {
                matches!(concept.kind(), Kind::Code)
                    || matches!(concept, Concept::Phone | Concept::Fax | Concept::Email | Concept::Website)
            };
            label.tokens.start > start
                && label.tokens.end < tokens.end
                && label.keys.iter().any(|(key, weight)| {
                    *weight >= 0.4
                        && concept_of(*key)
                            .is_some_and(|concept| is_code(concept) || self.ends_label(label.tokens.end - 1))
                })
                && self.is_answered(start, label, tokens.end)
        });
        let typed = document.candidates.all.iter().filter(|candidate| {
            candidate.tokens.start > start
                && matches!(candidate.value, Value::Email(_) | Value::Iban(_) | Value::VatId(_))
        });
        let ends = follows.map(|label| label.tokens.start).chain(typed.map(|typed| typed.tokens.start));
        let end = ends.filter(|end| *end < tokens.end).min().unwrap_or(tokens.end);
        // A sentence behind the postcode: `EH45 8RX. Registered in Scotland`.
        let sentence = (start..end.saturating_sub(1)).find(|index| {
            let is_end = |token: &Token| {
                let is_word = token.text.chars().count() > ABBREVIATION_CHARS;
                token.text.ends_with('.') && (is_word || token.text.contains(|c: char| c.is_ascii_digit()))
            };
            document.layout.tokens.get(*index).is_some_and(is_end)
                && is_town(&document.layout.text(start..index + 1))
        });
        let end = sentence.map_or(end, |index| index + 1);
        (start..end, end < tokens.end)
    }

    /// Words of a firm's name before its address in one stretch: `Mill Works GmbH, Mühlweg 4, 12345 Town`.
    fn firm_in_front(&self, tokens: Range<usize>) -> usize {
        let layout = &self.document.layout;
        let words = layout.tokens.get(tokens.clone()).unwrap_or_default();
        let is_name = |end: &usize| {
            let name = layout.text(tokens.start..tokens.start + end);
            let address = layout.text(tokens.start + end..tokens.end);
            firm(name.trim_end_matches(',')) >= 1.0
                && !name.contains(|c: char| c.is_ascii_digit())
                && address.contains(',')
                && is_street(address.split(',').next().unwrap_or_default())
        };
        let ends =
            words.iter().enumerate().filter(|(_, word)| word.text.ends_with(',')).map(|(at, _)| at + 1);
        ends.filter(is_name).max().unwrap_or(0)
    }

    /// Whether a label within a line is asked by it: it has a colon, or a number or an address of mail behind it.
    /// `9 mail Pablo Picasso` and `Rue du Page 91` are streets.
    fn is_answered(&self, start: usize, label: &Found, end: usize) -> bool {
        /// Words of a label that stand behind the one that is known: `VAT reg. no.`
        const WORDS: usize = 2;
        let layout = &self.document.layout;
        let behind =
            layout.tokens.get(label.tokens.end..end.min(label.tokens.end + WORDS)).unwrap_or_default();
        let is_value =
            |token: &Token| token.text.contains(|c: char| c.is_ascii_digit() || matches!(c, '@' | ':'));
        let is_of_street = || {
            label.tokens.len() == 1
                && behind.first().is_some_and(|number| number.text.len() <= 4)
                && is_street(&layout.text(start..label.tokens.end + 1))
                && !is_street(&layout.text(start..label.tokens.end))
        };
        self.ends_label(label.tokens.end - 1) || behind.iter().any(is_value) && !is_of_street()
    }

    /// The parts of a stretch: bullets, bars, free-standing hyphens and commas behind a town part it.
    fn parts(&self, tokens: Range<usize>) -> Vec<Range<usize>> {
        let layout = &self.document.layout;
        let mut parts = Vec::new();
        let mut start = tokens.start;
        for index in tokens.clone() {
            let Some(token) = layout.tokens.get(index) else { continue };
            // `89030-100 – Blumenau` is a postcode and its town.
            let is_postcode = || start + 1 == index && is_brazilian(&layout.text(start..index));
            if token.folded.is_empty()
                && token.text.chars().all(|c| "|●•·-–—−*∙▪◦,;/:".contains(c))
                && !is_postcode()
            {
                parts.push(start..index);
                start = index + 1;
            } else if self.key_before(&(index..tokens.end)).is_some() {
                parts.push(start..index);
                start = index;
            }
        }
        parts.push(start..tokens.end);
        parts.retain(|part| !part.is_empty());
        parts
    }

    /// An address behind a label that says whose office it is, outside of what the other party claims.
    fn labelled(&self, claimed: &Gathered) -> Option<Gathered> {
        let layout = &self.document.layout;
        let labels = self.document.labels.iter().filter(|label| {
            label.weight_for(&[key(Concept::Address)]) >= 0.4
                && (self.ends_label(label.tokens.end - 1)
                    || self.ends_label(label.tokens.end)
                    || layout.tokens.get(label.tokens.start).is_some_and(|token| {
                        let segment = layout.segments.get(token.segment);
                        segment.is_some_and(|segment| segment.tokens.start == label.tokens.start)
                    }))
                && !self.is_street_name(label)
        });
        labels
            .map(|label| {
                let mut gathered = Gathered::default();
                let Some(last) = layout.tokens.get(label.tokens.end - 1) else { return gathered };
                let Some(segment) = layout.segments.get(last.segment) else { return gathered };
                if label.tokens.end < segment.tokens.end {
                    self.take_line(&mut gathered, label.tokens.end..segment.tokens.end);
                } else if let Some(beside) = layout.segments.get(last.segment + 1)
                    && beside.line == last.line
                {
                    self.take_line(&mut gathered, beside.tokens.clone());
                    if !gathered.has_town {
                        self.take_below(&mut gathered, last.line, &[beside.bounds]);
                    }
                }
                if !gathered.has_town {
                    self.take_below(&mut gathered, last.line, &[segment.bounds]);
                }
                gathered
            })
            .find(|gathered| gathered.has_town && !overlaps(gathered, claimed))
    }

    /// Whether what looks like a label is the name of a street: only a number stands behind it, as in `Bergstrasse 40`.
    fn is_street_name(&self, label: &Found) -> bool {
        let layout = &self.document.layout;
        let Some(segment) =
            layout.tokens.get(label.tokens.start).and_then(|first| layout.segments.get(first.segment))
        else {
            return false;
        };
        let behind = layout.text(label.tokens.end..segment.tokens.end);
        let number = behind.split(',').next().unwrap_or_default().trim();
        number.starts_with(|c: char| c.is_ascii_digit())
            && !number.contains(' ')
            && !self.ends_label(label.tokens.end - 1)
            && is_street(&layout.text(label.tokens.start..segment.tokens.end))
    }

    /// An address without a name above it, in the head of the page beside or near the name.
    fn in_head(&self, name: &[Range<usize>], other: &[Range<usize>], claimed: &Gathered) -> Option<Gathered> {
        let near = self.beside(name, other, claimed, false);
        // Where the firm signs in the foot, its address may stand in the letterhead.
        near.or_else(|| self.beside(name, other, claimed, claimed.has_town))
    }

    /// An address near the name or, of a name in the foot of a page, in the head of that page.
    fn beside(
        &self,
        name: &[Range<usize>],
        other: &[Range<usize>],
        claimed: &Gathered,
        in_letterhead: bool,
    ) -> Option<Gathered> {
        let layout = &self.document.layout;
        let name = name.first()?;
        let at = layout.bounds(name.clone())?;
        let first = layout.tokens.get(name.start)?;
        let line = layout.lines.get(first.line)?;
        let page = layout.pages.get(line.page)?;
        let other_line =
            other.first().and_then(|other| layout.tokens.get(other.start)).map(|token| token.line);
        // The letterhead is the first page's, on whatever page the firm signs.
        let is_first = line.page == 0;
        if in_letterhead && is_first && at.y0 < FOOT * page.height {
            return None;
        }
        let page = if in_letterhead { layout.pages.first()? } else { page };
        let mut known: BTreeSet<usize> = BTreeSet::new();
        let mut best: Option<(f32, Gathered)> = None;
        for index in page.lines.clone() {
            let near = layout.lines.get(index)?;
            let away = if in_letterhead {
                near.bounds.y0 / line.height
            } else {
                (near.bounds.y0 - at.y1).max(at.y0 - near.bounds.y1).max(0.0) / line.height
            };
            let reach = if in_letterhead { LETTERHEAD * page.height / line.height } else { HEAD_REACH };
            if away > reach || other_line.is_some_and(|other| other == index) {
                continue;
            }
            for segment in near.segments.clone().filter_map(|segment| layout.segments.get(segment)) {
                let is_begin = matches!(
                    self.parts(segment.tokens.clone()).first().map(|part| self.kind(part)),
                    Some(Part::Address { street: true, .. } | Part::Place)
                ) || has_box(&layout.text(segment.tokens.clone()));
                if !is_begin || known.contains(&segment.tokens.start) || segment.tokens.contains(&name.start)
                {
                    continue;
                }
                let mut gathered = Gathered::default();
                self.take_line(&mut gathered, segment.tokens.clone());
                if !gathered.has_town {
                    self.take_below(&mut gathered, index, &[segment.bounds]);
                }
                known.extend(gathered.lines.iter().map(|tokens| tokens.start));
                // A house may stand above its street; where the other party is not known, it may be a name.
                let is_headed = self.above(index, segment.bounds).is_some_and(|above| {
                    !above.contains(&name.start)
                        && (self.kind(&above) != Part::Plain || !claimed.has_town || self.is_firm(&above))
                });
                let is_others = overlaps(&gathered, claimed) || is_headed && !in_letterhead;
                if gathered.has_town && !is_others && best.as_ref().is_none_or(|(known, _)| away < *known) {
                    best = Some((away, gathered));
                }
            }
        }
        best.map(|(_, gathered)| gathered)
    }

    /// The stretch right above another one, in its column.
    fn above(&self, line: usize, at: Bounds) -> Option<Range<usize>> {
        let layout = &self.document.layout;
        let height = layout.lines.get(line)?.height;
        let above = (0..line).rev().take(4).filter_map(|index| layout.lines.get(index));
        above
            .filter(|above| at.y0 - above.bounds.y1 < LINE_GAP * height && above.bounds.y1 <= at.y1)
            .flat_map(|above| above.segments.clone())
            .filter_map(|segment| layout.segments.get(segment))
            .find(|segment| (segment.bounds.x0 - at.x0).abs() < height)
            .map(|segment| segment.tokens.clone())
    }

    fn is_firm(&self, tokens: &Range<usize>) -> bool {
        firm(&self.document.layout.text(tokens.clone())) > 0.0
    }
}

/// Whether a line begins with what a firm owns: `SAS au capital de 10 000 €`.
fn says_capital(text: &str) -> bool {
    text.split_whitespace().map(fold).take(3).any(|word| CAPITAL.contains(&word.as_str()))
}

/// Whether words without a number say what a firm is, or where it is registered: `registered in England and Wales`.
fn is_description(text: &str) -> bool {
    const FIRST: [&str; 25] = [
        "registered",
        "incorporated",
        "company",
        "member",
        "part",
        "societa",
        "societe",
        "sociedad",
        "sociedade",
        "gesellschaft",
        "vennootschap",
        "spolka",
        "eingetragen",
        "inscrite",
        "inscrita",
        "iscritta",
        "ingeschreven",
        "wpisana",
        "authorised",
        "regulated",
        "mitglied",
        "membre",
        "entreprise",
        "socio",
        "matriculada",
    ];
    let first = text.split(|c: char| !c.is_alphanumeric()).map(fold).find(|word| !word.is_empty());
    !text.contains(|c: char| c.is_ascii_digit())
        && first.is_some_and(|first| FIRST.contains(&first.as_str()))
        && firm(text) < 0.8
}

/// Whether a line begins with a box at a post office: `PO Box 4412, Kingston ACT 2604`.
fn has_box(text: &str) -> bool {
    text.split_whitespace().map(fold).take(3).any(|word| word == "box")
}

/// Whether a line has a street, and whether it has a town.
fn street_and_town(text: &str) -> (bool, bool) {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit()).trim_start();
    let is_numbered = rest.len() < text.len();
    // `2 esplanade du Port, 29100` begins with too short a number for a town.
    let number = text.split_whitespace().next().unwrap_or_default();
    let is_postcode = number.len() >= POSTCODE_CHARS || number.contains(|c: char| !c.is_ascii_digit());
    let mut words = rest.split_whitespace().map(fold).peekable();
    let is_box = words.peek().is_some_and(|word| BOXES.contains(&word.as_str())) || has_box(text);
    let street = is_street(text) && !is_box;
    // `29740 Loctudy` begins like `12 High Street`, and `1802 County Road 9` like a postcode.
    let is_of_street = street
        && (!is_numbered
            || !is_postcode
            || is_street(rest)
            || words.any(|word| STREETS.contains(&word.as_str())));
    let behind = text.split(',').skip(1).any(|part| is_town(part.trim()));
    let behind = behind
        || street && (is_town_behind_number(text) || is_town_behind_plate(text))
        || (street || is_box) && ends_in_short_postcode(text);
    // `64-000 Kowal, os. Zielone 44`: no house has such a number.
    let behind = behind || number.len() == POLISH_CHARS && number.contains('-') && is_town(text) && !is_box;
    let town = behind || is_town(text) && !is_box && !(is_numbered && is_of_street && !is_town(rest));
    (street && (is_of_street || !town), town)
}

/// Whether a town stands right behind the number of a house: `Via Roma 14 41012 Carpi`.
fn is_town_behind_number(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(3).skip(1).any(|three| {
        let is_house = three[0].starts_with(|c: char| c.is_ascii_digit()) && three[0].len() <= POSTCODE_CHARS;
        let is_postcode = (POSTCODE_CHARS..=5).contains(&three[1].len());
        let is_name = three[2].starts_with(char::is_uppercase) && three[2].chars().nth(2).is_some();
        is_house && is_postcode && three[1].bytes().all(|byte| byte.is_ascii_digit()) && is_name
    })
}

/// Whether a town stands behind a house's plate, where nobody writes postcodes: `Carrera 52 # 14-30, Sabaneta`.
fn is_town_behind_plate(text: &str) -> bool {
    let Some((_, plate)) = text.split_once('#') else { return false };
    let Some((plate, town)) = plate.split_once(',') else { return false };
    let is_plate = plate.contains('-') && plate.trim().starts_with(|c: char| c.is_ascii_digit());
    is_plate && town.trim().chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// Whether the last part ends in a postcode of four figures, as behind a street in New Zealand: `Upper Town 5140`.
fn ends_in_short_postcode(text: &str) -> bool {
    let Some((_, town)) = text.rsplit_once(',') else { return false };
    is_before_short_postcode(town.trim()) && is_street_or_box(text, town)
}

/// Whether a town stands before four figures that are no year.
fn is_before_short_postcode(text: &str) -> bool {
    let Some((name, code)) = text.rsplit_once(' ') else { return false };
    code.len() == POSTCODE_CHARS
        && code.bytes().all(|byte| byte.is_ascii_digit())
        && !code.starts_with("20")
        && name.starts_with(char::is_uppercase)
        && name.chars().all(|c| c.is_alphabetic() || " '-".contains(c))
        && name.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && !name.split_whitespace().any(|word| UNITS.contains(&fold(word).as_str()))
}

/// What within a house has a number, folded.
const UNITS: [&str; 12] = [
    "suite",
    "ste",
    "unit",
    "floor",
    "room",
    "apt",
    "apartment",
    "box",
    "office",
    "level",
    "lot",
    "building",
];

/// Whether what stands before the town is a street or a box by itself.
fn is_street_or_box(text: &str, town: &str) -> bool {
    let before = text.strip_suffix(town).unwrap_or_default().trim_end_matches([',', ' ']);
    is_street(before) || has_box(before)
}

/// Whether a word is a Brazilian postcode: `89030-100`.
fn is_brazilian(word: &str) -> bool {
    let parted = word.split_once('-');
    parted.is_some_and(|(area, place)| {
        (area.len(), place.len()) == (5, 3)
            && (area.bytes().chain(place.bytes())).all(|byte| byte.is_ascii_digit())
    })
}

/// `64-000`.
const POLISH_CHARS: usize = 6;
/// No postcode of figures alone is shorter.
const POSTCODE_CHARS: usize = 4;

/// What a letter is kept in, folded.
const BOXES: [&str; 9] =
    ["postbus", "postfach", "apartado", "apdo", "bp", "boite", "casella", "skrytka", "pobox"];

/// Words for a street behind its number, folded.
const STREETS: [&str; 44] = [
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "av",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "boul",
    "bd",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "trail",
    "way",
    "court",
    "ct",
    "place",
    "pl",
    "square",
    "terrace",
    "crescent",
    "close",
    "row",
    "quay",
    "yard",
    "parade",
    "hill",
    "green",
    "rue",
    "route",
    "chemin",
    "impasse",
    "allee",
    "quai",
    "cours",
    "jalan",
    "broadway",
];

fn overlaps(a: &Gathered, b: &Gathered) -> bool {
    a.lines.iter().any(|a| b.lines.iter().any(|b| a.start < b.end && b.start < a.end))
}
