//! Blocks of an address, and blocks under a label (`Bill to`).

use std::collections::BTreeMap;

use super::super::labels::{Found, Key};
use super::super::lexicon::{Concept, Kind, SURE};
use super::super::plan::{concept_of, key};
use super::super::text::fold;
use super::Parties;
use super::pieces::Piece;
use super::words::{
    firm, is_attention, is_country, is_courtesy, is_department, is_place, is_titled, is_town,
};
use crate::layout::Bounds;

impl Parties<'_> {
    /// The pieces that labels of a concept speak for, with a strength; `heads` are words that say it as well where they
    /// stand alone.
    pub(super) fn labelled(&self, concept: Concept, heads: &[&str]) -> BTreeMap<usize, f32> {
        let heads = self.sole_heads(concept, heads);
        self.spoken_of(self.labels.iter().chain(&heads), key(concept), 0.0)
    }

    /// The pieces that those labels of a key speak for that say so much of it.
    pub(super) fn labelled_by(&self, wanted: Key, weight_min: f32) -> BTreeMap<usize, f32> {
        self.spoken_of(self.labels.iter(), wanted, weight_min)
    }

    fn spoken_of<'l>(
        &self,
        labels: impl Iterator<Item = &'l Found>,
        wanted: Key,
        weight_min: f32,
    ) -> BTreeMap<usize, f32> {
        let mut found: BTreeMap<usize, f32> = BTreeMap::new();
        for label in labels {
            let of_key = |(key, weight): &&(Key, f32)| *key == wanted && *weight >= weight_min;
            let Some((_, weight)) = label.keys.iter().find(of_key) else { continue };
            let own = label
                .keys
                .iter()
                .all(|(key, _)| concept_of(*key).is_none_or(|other| other.kind() == Kind::Party));
            // In French it stands apart: `Titulaire : Martin`.
            let colon =
                self.layout.tokens.get(label.tokens.end - 1).is_some_and(|token| token.text.ends_with(':'))
                    || self.layout.tokens.get(label.tokens.end).is_some_and(|token| token.text == ":");
            let alone = self
                .layout
                .tokens
                .get(label.tokens.start)
                .and_then(|token| self.layout.segments.get(token.segment))
                .is_some_and(|segment| {
                    let first = segment.tokens.start;
                    // `Fournisseur / Supplier` says it twice.
                    let says_again = || {
                        let mut before = self.labels_in(&(first..label.tokens.start));
                        before.any(|other| other.tokens.start == first && other.weight_for(&[wanted]) > 0.0)
                    };
                    // `Informations acheteur`, `Dati del fornitore`.
                    let heads = || {
                        let before = self.layout.tokens.get(first..label.tokens.start).unwrap_or_default();
                        before.iter().all(|token| HEADING_WORDS.contains(&token.folded.as_str()))
                            && segment.tokens.end == label.tokens.end
                    };
                    first == label.tokens.start || says_again() || heads()
                });
            // `Kunde` in a sentence is no head of a block; at the start of a segment or with a colon it is.
            let weight = weight
                * if alone {
                    1.0
                } else if colon {
                    0.9
                } else {
                    0.4
                }
                * if own || colon { 1.0 } else { 0.7 };
            for (piece, place) in self.spoken_for(label) {
                let strength = weight * place;
                let known = found.entry(piece).or_insert(0.0);
                *known = known.max(strength);
            }
        }
        found
    }

    /// Words that speak for a concept only where they stand alone, or in capitals before a name.
    fn sole_heads(&self, concept: Concept, words: &[&str]) -> Vec<Found> {
        let is_sole = |piece: &&Piece| {
            let first = self.layout.segments.get(piece.segment).map(|segment| segment.tokens.start);
            first == Some(piece.tokens.start) && words.contains(&piece.folded())
        };
        let heads = self.pieces.iter().filter(is_sole);
        let head = |piece: &Piece| Found {
            tokens: piece.tokens.clone(),
            keys: vec![(key(concept), SURE)],
            chars: piece.folded().chars().count(),
        };
        heads.map(head).collect()
    }

    /// The pieces right of a label and in the block below it, each with how well it stands.
    pub(super) fn spoken_for(&self, label: &Found) -> Vec<(usize, f32)> {
        let Some(line) = self.layout.tokens.get(label.tokens.start).map(|token| token.line) else {
            return Vec::new();
        };
        let Some(bounds) = self.layout.bounds(label.tokens.clone()) else { return Vec::new() };
        // `Exhibitor / Bill to:` is one heading, and its block begins where it does.
        let segment = self.layout.tokens.get(label.tokens.start).map(|token| token.segment);
        let heading = segment.and_then(|segment| self.layout.segments.get(segment)).filter(|segment| {
            segment.tokens.end == label.tokens.end && segment.tokens.len() <= HEADING_WORDS_MAX
        });
        let left = heading.map_or(bounds.x0, |segment| segment.bounds.x0);
        let height = self.layout.lines[line].height;
        let mut found = Vec::new();
        let right = self.pieces.iter().enumerate().find(|(_, piece)| {
            piece.tokens.start >= label.tokens.end
                && self.layout.tokens.get(piece.tokens.start).is_some_and(|token| token.line == line)
        });
        let same_segment = right.is_some_and(|(_, piece)| {
            Some(piece.segment) == self.layout.tokens.get(label.tokens.start).map(|token| token.segment)
        });
        let mut worth: f32 = 0.95;
        if let Some((index, piece)) = right
            && self.can_be_name(piece)
            && (same_segment || self.bounds(piece).x0 - bounds.x1 < 25.0 * height)
        {
            // `Vendor name` asks for nothing else, however far away it is answered.
            let asks_name = self
                .layout
                .tokens
                .get(label.tokens.start)
                .and_then(|token| self.layout.segments.get(token.segment))
                .and_then(|segment| self.layout.tokens.get(segment.tokens.end - 1))
                .is_some_and(|token| NAME_WORDS.contains(&token.folded.as_str()));
            let (beside, below) = if same_segment {
                (1.0, 0.3)
            } else if asks_name {
                (0.98, 0.3)
            } else {
                (BESIDE_HEAD, 0.8)
            };
            found.push((index, beside));
            worth = below;
        }
        // `Bill to: 12 Mill Lane, Leeds` is answered: what stands below may be anything.
        let is_answered = right.is_some_and(|(_, piece)| same_segment && is_answer(&piece.text));
        if is_answered {
            return found;
        }
        let alone = self.layout.lines[line].segments.len() == 1;
        // A block of `Name: …` lines below the head names the name.
        let mut first = true;
        let mut directly_below = false;
        for below in self.layout.lines_below(line).take(7) {
            let gap = self.layout.lines[below].bounds.y0 - bounds.y1;
            if gap > 9.0 * height {
                break;
            }
            let from = self
                .pieces
                .partition_point(|piece| piece.tokens.start < self.layout.lines[below].tokens.start);
            let on_line = self.pieces[from..]
                .iter()
                .enumerate()
                .take_while(|(_, piece)| piece.tokens.start < self.layout.lines[below].tokens.end);
            for (offset, piece) in on_line {
                let at = self.bounds(piece);
                let name_of = self.named_value(from + offset, &bounds, alone);
                if let Some(value) = name_of {
                    found.push((value, 0.98 * worth.max(0.9)));
                    return found;
                }
                let aligned = (at.x0 - bounds.x0).abs() < 1.2 * height
                    || (at.x0 - left).abs() < 1.2 * height
                    || is_flush_right(at, bounds, height)
                    || at.share_of_width(bounds) > 0.3
                        && at.x0 - bounds.x0 < 6.0 * height
                        && bounds.x0 - at.x0 < 3.0 * height;
                if aligned && first && self.can_be_name(piece) && gap < 5.0 * height {
                    found.push((self.firm_below(from + offset), worth));
                    directly_below = gap < 1.5 * height;
                    first = false;
                    worth *= 0.5;
                }
            }
        }
        // What stands beside a head and what stands further below it cannot both be its own.
        if let [(_, beside), (_, below), ..] = found.as_mut_slice()
            && !directly_below
            && *beside == BESIDE_HEAD
        {
            *below = below.min(0.4 * BESIDE_HEAD);
        }
        // In a row of heads what stands beside one is below the next one.
        if let [(_, beside), (_, below), ..] = found.as_mut_slice()
            && directly_below
            && *beside == BESIDE_HEAD
            && *below > BESIDE_HEAD
        {
            *beside = 0.4 * BESIDE_HEAD;
        }
        found
    }

    /// Whether a piece is the number of whoever's block it stands in, or its label.
    fn is_number(&self, piece: &Piece) -> bool {
        let is_of = |key: Key| {
            matches!(concept_of(key), Some(Concept::SellerVatId | Concept::BuyerVatId | Concept::TaxNumber))
        };
        let mut labels = self.labels_in(&piece.tokens);
        labels.any(|label| {
            label.tokens.start == piece.tokens.start && label.keys.iter().any(|(key, _)| is_of(*key))
        })
    }

    /// Whether a piece is the label of a number or of a party, and that number: `Client C00771` or
    /// `Fornecedor n.º 3071` above an address.
    pub(super) fn is_numbered_label(&self, piece: &Piece) -> bool {
        let is_of = |key: Key| {
            concept_of(key).is_some_and(|concept| matches!(concept.kind(), Kind::Code | Kind::Party))
        };
        let number = piece.tokens.end.saturating_sub(1);
        let before = self.layout.tokens.get(number.saturating_sub(1));
        let is_announced =
            before.is_some_and(|token| matches!(token.folded.as_str(), "n" | "no" | "nr" | "num" | "numero"));
        let has_digit = |token: usize| {
            self.layout
                .tokens
                .get(token)
                .is_some_and(|token| token.text.contains(|c: char| c.is_ascii_digit()))
        };
        self.labels_in(&piece.tokens).any(|label| {
            label.tokens.start == piece.tokens.start
                && (label.tokens.end == number || is_announced && label.tokens.end + 1 == number)
                && label.keys.iter().any(|(key, weight)| *weight >= 0.7 && is_of(*key))
        }) && has_digit(number)
    }

    /// Whether the words of a piece are a label of this concept and nothing else.
    fn is_called(&self, piece: &Piece, concept: Concept) -> bool {
        let wanted = key(concept);
        self.labels_in(&piece.tokens)
            .any(|label| label.tokens == piece.tokens && label.keys.iter().any(|(key, _)| *key == wanted))
    }

    /// The value of a `Name:` key in the block below a head.
    /// `alone` says that the head has its line to itself: then the block is as wide as the page.
    pub(super) fn named_value(&self, index: usize, head: &Bounds, alone: bool) -> Option<usize> {
        let piece = self.pieces.get(index)?;
        let at = self.bounds(piece);
        if !alone && (at.x0 > head.x1 + 4.0 * self.height || at.x1 < head.x0 - 4.0 * self.height) {
            return None;
        }
        if !NAME_KEYS.contains(&piece.folded()) {
            return None;
        }
        let line = self.layout.tokens.get(piece.tokens.start)?.line;
        let value = self.pieces.get(index + 1)?;
        let line_of = |piece: &Piece| self.layout.tokens.get(piece.tokens.start).map(|token| token.line);
        if line_of(value) == Some(line) && self.can_be_name(value) {
            return Some(index + 1);
        }
        // The name stands below its key.
        let below = self.pieces[index + 1..].iter().take(6).position(|below| {
            let under = self.bounds(below);
            line_of(below) != Some(line)
                && (under.x0 - at.x0).abs() < self.height
                && under.y0 - at.y1 < self.height
        })?;
        self.can_be_name(&self.pieces[index + 1 + below]).then_some(index + 1 + below)
    }

    /// The top pieces of address blocks: a name above a street above a town.
    pub(super) fn block_heads(&self) -> BTreeMap<usize, usize> {
        let mut heads = BTreeMap::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            if !piece.is_town() || piece.sender_line || self.ends_senders_line(index) {
                continue;
            }
            let town = self.bounds(piece);
            let (mut top, mut top_at, mut lines) = (None, town, 0);
            // Pieces are in reading order, so what stands above comes just before.
            for above in self.pieces[..index].iter().enumerate().rev().take(40) {
                let (candidate, other) = above;
                let at = self.bounds(other);
                let gap = top_at.y0 - at.y1;
                // Forms leave room for a second line of the name above the street, and for who it is meant for.
                let leaves_room =
                    |top: usize| self.pieces[top].is_street() || is_attention(&self.pieces[top].text);
                // Above a name a blank line parts it from what is another's.
                let reach = match top {
                    Some(top) if leaves_room(top) => 5.0,
                    Some(_) => 1.3,
                    None => 3.4,
                };
                if gap > reach * self.height {
                    break;
                }
                let centred = (at.x0 + at.x1 - town.x0 - town.x1).abs() < 0.5 * self.height;
                let flush = (at.x0 - town.x0).abs() < 1.2 * self.height
                    || is_flush_right(at, town, self.height)
                    || centred;
                if !flush || gap < -0.5 * self.height || other.sender_line {
                    continue;
                }
                let is_part = is_attention(&other.text)
                    || self.is_number(other)
                    || !other.text.contains(':')
                        && (is_department(&other.text) || self.is_called(other, Concept::Address));
                // `Sarlat, le 18/07/2024` stands above an address and is none of it; a country, an
                // address of mail and a mark of postage end another one.
                let has_name = top.is_some_and(|top| self.can_be_name(&self.pieces[top]));
                let ends_another = is_country(&other.text)
                    || other.text.contains('@') && has_name
                    || other.text.starts_with("P.P.");
                if ends_another || other.is_dated() {
                    break;
                }
                let heads =
                    self.is_label(other) || other.text.ends_with(':') || self.is_numbered_label(other);
                if heads && !is_part || lines >= 5 {
                    break;
                }
                // A department stands below the name that it belongs to.
                (top, top_at) = (if is_part { top } else { Some(candidate) }, at);
                lines += 1;
                // A letter's address begins with how it greets; what stands above is the sender's.
                if is_greeting(&other.text) || is_courtesy(&other.text) {
                    break;
                }
            }
            if let Some(head) = top
                && lines >= 1
            {
                heads.insert(self.firm_below(self.skip_salutation(head, index)), index);
            }
        }
        heads
    }

    /// Whether a piece stands in a line that begins with its sender (`Firm · Street 1 · 12345 Town`).
    fn ends_senders_line(&self, index: usize) -> bool {
        let segment = self.pieces[index].segment;
        let before = self.pieces[..index].iter().rev().take_while(|other| other.segment == segment);
        before.into_iter().any(|other| other.sender_line && !other.is_street())
    }

    /// The firm right below a person, where a block names both: the bill is for the firm. A house below a name is
    /// where the person lives.
    fn firm_below(&self, head: usize) -> usize {
        let person = &self.pieces[head];
        let words = person.text.split_whitespace().count();
        let is_person = (2..=5).contains(&words)
            && person.firm() == 0.0
            && person.rest.is_empty()
            && self.can_be_name(person)
            && (is_titled(&person.text) || person.text.split_whitespace().all(is_part_of_person));
        if !is_person {
            return head;
        }
        let below_of = |index: usize| {
            let at = self.bounds(&self.pieces[index]);
            let mut below = self.pieces[index + 1..].iter().take(12);
            let offset = below.position(|piece| {
                let under = self.bounds(piece);
                (under.x0 - at.x0).abs() < 0.5 * self.height
                    && (-0.3 * self.height..1.2 * self.height).contains(&(under.y0 - at.y1))
            });
            offset.map(|offset| index + 1 + offset)
        };
        let firm_at = below_of(head).filter(|index| {
            let firm = &self.pieces[*index];
            firm.firm() >= 0.5
                && self.can_be_name(firm)
                && (!firm.text.contains(',') || ends_in_form(&firm.text))
                // `The Old Dairy` is where the person lives.
                && !firm.folded().starts_with("theold")
                && !is_department(&firm.text)
                && !is_attention(&firm.text)
                && (firm.firm() >= 0.8 || !is_place(&firm.text))
        });
        firm_at.unwrap_or(head)
    }

    /// The piece below a line that only greets (`Herr`, `Firma`).
    pub(super) fn skip_salutation(&self, head: usize, town: usize) -> usize {
        if !is_greeting(&self.pieces[head].text) && !is_courtesy(&self.pieces[head].text) {
            return head;
        }
        let at = self.bounds(&self.pieces[head]);
        (head + 1..town)
            .find(|next| (self.bounds(&self.pieces[*next]).x0 - at.x0).abs() < self.height)
            .unwrap_or(head)
    }
}

/// Whether a word may be one of a person's names: it begins with a capital and goes on in small letters.
pub(super) fn is_part_of_person(word: &str) -> bool {
    let mut letters = word.chars();
    let is_particle =
        ["van", "von", "de", "der", "den", "di", "da", "do", "du", "le", "la", "ter"].contains(&word);
    is_particle
        || letters.next().is_some_and(char::is_uppercase)
            && letters.all(|c| c.is_alphabetic() || matches!(c, '-' | '.' | '\'' | '’'))
}

/// Whether nothing but a legal form stands behind the only comma of a name: `Mill Works, Inc.`
pub(super) fn ends_in_form(text: &str) -> bool {
    text.rsplit_once(',').is_some_and(|(name, form)| {
        !name.contains(',') && form.split_whitespace().count() == 1 && firm(form) >= 1.0
    })
}

/// Whether a line holds an address from its name or its street to its town.
fn is_answer(text: &str) -> bool {
    text.split(',').count() >= 2 && text.split(',').skip(1).any(is_town)
}

/// Whether two lines of a block end at the same edge, as in a block that is set flush right.
pub(super) fn is_flush_right(a: Bounds, b: Bounds, height: f32) -> bool {
    (a.x1 - b.x1).abs() < 0.4 * height
}

/// Whether a line only greets or addresses.
pub(crate) fn is_greeting(text: &str) -> bool {
    let mut words = text.split_whitespace().map(fold).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| GREETINGS.contains(&word.as_str()))
}

/// Words above who wrote a paper, and above whom it is for, folded.
pub(crate) const FROM: [&str; 6] = ["from", "von", "van", "de", "da", "od"];
pub(super) const TO: [&str; 12] =
    ["to", "for", "an", "fur", "aan", "voor", "a", "pour", "para", "per", "do", "dla"];

/// Words before who is meant, in the heading of a block, folded.
const HEADING_WORDS: [&str; 24] = [
    "information",
    "informations",
    "informacion",
    "informazioni",
    "informacoes",
    "informationen",
    "details",
    "angaben",
    "daten",
    "coordonnees",
    "datos",
    "dati",
    "dados",
    "dane",
    "gegevens",
    "zum",
    "zur",
    "du",
    "de",
    "del",
    "della",
    "do",
    "da",
    "van",
];

/// Words of a heading that says it twice.
const HEADING_WORDS_MAX: usize = 7;

/// How well what stands beside a label, in a stretch of its own, answers it.
const BESIDE_HEAD: f32 = 0.6;

/// What asks for a name in a block, folded.
pub(super) const NAME_KEYS: [&str; 33] = [
    "name",
    "razaosocial",
    "nomerazaosocial",
    "nomefirma",
    "nombreorazonsocial",
    "nombrerazonsocial",
    "razonsocialonombre",
    "apellidoynombrerazonsocial",
    "nomcomplet",
    "nominativo",
    "cognomenome",
    "cognomeenome",
    "denominazioneragionesociale",
    "bedrijfsnaam",
    "nazwafirmy",
    "legalname",
    "societe",
    "empresa",
    "firma",
    "firmenname",
    "nom",
    "nombre",
    "naam",
    "nazwa",
    "companyname",
    "nome",
    "ragionesociale",
    "denominazione",
    "raisonsociale",
    "razonsocial",
    "company",
    "imie",
    "imieinazwisko",
];

/// The word for a name at the end of a label.
const NAME_WORDS: [&str; 6] = ["name", "nom", "nombre", "nome", "naam", "nazwa"];

/// Whether a line only says that a firm follows.
pub(super) fn is_firm_greeting(text: &str) -> bool {
    ["firma", "fa", "firme", "messrs", "spettle", "spettabile", "maatschappij"].contains(&fold(text).as_str())
}

/// Words that a line which only greets is made of.
const GREETINGS: [&str; 70] = [
    "herr",
    "societe",
    "ditta",
    "frau",
    "firma",
    "herrn",
    "mr",
    "mrs",
    "ms",
    "an",
    "aan",
    "monsieur",
    "madame",
    "m",
    "mme",
    "sr",
    "sra",
    "dhr",
    "mevr",
    "fa",
    "spettle",
    "to",
    "und",
    "et",
    "and",
    "spett",
    "le",
    "eheleute",
    "familie",
    "sig",
    "sigra",
    "dott",
    "dr",
    "gentmo",
    "gentma",
    "egr",
    "egregio",
    "mevrouw",
    "heer",
    "de",
    "brautpaar",
    "geschaftsfuhrer",
    "geschaftsfuhrerin",
    "director",
    "company",
    "messrs",
    "sres",
    "panstwo",
    "exmo",
    "exma",
    "exmoa",
    "exmos",
    "exmoas",
    "exmosr",
    "exmosra",
    "srs",
    "szanowny",
    "szanowna",
    "pan",
    "pani",
    "heren",
    "dames",
    "mesdames",
    "messieurs",
    "senor",
    "senora",
    "senores",
    "gentile",
    "gentili",
    "miss",
];
