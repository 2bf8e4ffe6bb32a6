//! Who sells and who buys: names and addresses, from the layout alone.
//!
//! Nothing here knows a company. A name is known by what surrounds it: a label (`Bill to`), a legal
//! form, the head of an address block, the sender's line above the address window, the domain of
//! the mail address, or its place at the top of a receipt.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use super::codes;
use super::labels::Found;
use super::lexicon::{Concept, Kind, LEGAL_FORMS, TRADE_WORDS};
use super::plan::{concept_of, key};
use super::text::fold;
use crate::layout::{Bounds, Layout};

/// A name or an address that was found.
#[derive(Debug, Clone)]
pub struct Named {
    pub text: String,
    pub tokens: Range<usize>,
    pub score: f32,
    /// The score of the best other name.
    pub next: f32,
    pub labelled: bool,
    /// How often the name stands in the document, up to three.
    pub times: usize,
}

/// The pages on which names are looked for: the first two and the last.
const PAGES: usize = 2;
/// Names longer than this are sentences.
const NAME_CHARS_MAX: usize = 70;
const NAME_WORDS_MAX: usize = 9;

/// A piece of a segment that could be a name.
#[derive(Debug, Clone)]
struct Piece {
    tokens: Range<usize>,
    text: String,
    segment: usize,
    /// It stands in one line with its address (`Firm - Street 1 - 12345 Town`).
    sender_line: bool,
}

static POSTCODE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x)^(?:[A-Z]{1,2}[\s-])?\d{4,6}\s+\p{L}{2,}|^\d{4}\s?[A-Z]{2}\s+\p{L}{2,}|^\d{2}-\d{3}\s+\p{L}{2,}|^\d{4}-\d{3}\s+\p{L}{2,}
        |\p{L}{2,},?\s+[A-Z]{2},?\s+\d{5}(?:-\d{4})?\b|\b[A-Z]{1,2}\d[A-Z\d]?\s\d[A-Z]{2}\b|\p{L}{3,}[\s,-]+\d{5,6}\b",
    )
    .ok()
});

static STREET: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?ix)(?:str(?:\.|asse|aße)|weg|platz|allee|gasse|straat|laan|plein|kade)\s*\d|\b(?:rue|avenue|chemin|boulevard|calle|avda|via|viale|piazza|rua|avenida|ul\.|ulica|jalan|jln|jl|lot|street|st\.|road|rd|lane|ave|drive|floor|suite|box|taman|lorong|unit|block|blvd)\b|^\d+[a-z]?(?:[-/]\d+)?,?\s+\p{L}{3,}|\p{L}{4,}\s\d{1,4}\s?[a-z]?$",
    )
    .ok()
});

fn is_town(text: &str) -> bool {
    POSTCODE.as_ref().is_some_and(|regex| regex.is_match(text.trim()))
}

fn is_street(text: &str) -> bool {
    text.chars().any(|c| c.is_ascii_digit())
        && STREET.as_ref().is_some_and(|regex| regex.is_match(text.trim()))
}

/// How strongly a text's words say that it is a firm's name, 0–1.
fn firm(text: &str) -> f32 {
    let words: Vec<(&str, String)> = text
        .split_whitespace()
        .map(|word| (word, fold(word)))
        .filter(|(_, folded)| !folded.is_empty())
        .collect();
    let count = words.len();
    for length in 1..=4.min(count) {
        for start in 0..=count - length {
            if start == 0 && length < count.min(2) {
                continue;
            }
            let joined: String =
                words[start..start + length].iter().map(|(_, folded)| folded.as_str()).collect();
            // Short forms are words as well; as a legal form they have a capital or a point.
            let written = words[start].0.chars().any(char::is_uppercase) || words[start].0.contains('.');
            let at_end = start + length == count;
            if written && LEGAL_FORMS.contains(&joined.as_str()) && (at_end || joined.len() >= 3) {
                return if at_end { 1.0 } else { 0.8 };
            }
        }
    }
    if words.iter().any(|(_, folded)| TRADE_WORDS.contains(&folded.as_str())) { 0.5 } else { 0.0 }
}

/// What parties are read from.
pub struct Parties<'a> {
    layout: &'a Layout,
    labels: &'a [Found],
    pieces: Vec<Piece>,
    domains: Vec<String>,
    /// The usual height of a line, for telling large type.
    height: f32,
}

impl<'a> Parties<'a> {
    #[must_use]
    pub fn of(layout: &'a Layout, labels: &'a [Found]) -> Self {
        let last = layout.pages.len().saturating_sub(1);
        let mut pieces = Vec::new();
        for (index, page) in layout.pages.iter().enumerate() {
            if index >= PAGES && index != last {
                continue;
            }
            for line in page.lines.clone() {
                for segment in layout.lines[line].segments.clone() {
                    pieces.extend(pieces_of(layout, segment));
                }
            }
        }
        let mut domains: Vec<String> =
            layout.tokens.iter().filter_map(|token| codes::domain_name(&token.text)).take(50).collect();
        domains.sort();
        domains.dedup();
        for piece in &mut pieces {
            cut_title(layout, piece, &domains);
        }
        let mut heights: Vec<f32> = layout.lines.iter().map(|line| line.height).collect();
        heights.sort_by(f32::total_cmp);
        let height = heights.get(heights.len() / 2).copied().unwrap_or(10.0);
        Self { layout, labels, pieces, domains, height }
    }

    /// Whether a text can be a name at all.
    fn can_be_name(&self, piece: &Piece) -> bool {
        let text = piece.text.as_str();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let words = text.split_whitespace().count();
        letters >= 3
            && digits * 2 <= letters
            && text.chars().count() <= NAME_CHARS_MAX
            && words <= NAME_WORDS_MAX
            && !text.contains('@')
            && !text.contains("://")
            && !text.to_lowercase().contains("www.")
            && !text.trim_end().ends_with([':', '?', '!', ';'])
            && !is_town(text)
            && !is_street(text)
            && !self.is_label(piece)
    }

    /// Whether labels cover most of a piece.
    fn is_label(&self, piece: &Piece) -> bool {
        let covered: usize = self
            .labels_in(&piece.tokens)
            .filter(|label| label.keys.iter().any(|(key, weight)| *weight >= 0.4 && !is_party(*key)))
            .map(|label| label.chars)
            .sum();
        let starts = self.labels_in(&piece.tokens).any(|label| {
            label.tokens.start == piece.tokens.start
                && self
                    .layout
                    .tokens
                    .get(label.tokens.end.saturating_sub(1))
                    .is_some_and(|token| token.text.ends_with(':'))
        });
        starts
            || covered * 2 > fold(&piece.text).chars().count()
            || self
                .labels_in(&piece.tokens)
                .any(|label| label.tokens == piece.tokens && label.keys.iter().any(|(_, w)| *w >= 0.7))
    }

    fn labels_in(&self, tokens: &Range<usize>) -> impl Iterator<Item = &'a Found> + use<'a> {
        let first = self.labels.partition_point(|label| label.tokens.start < tokens.start);
        let end = tokens.end;
        self.labels[first..]
            .iter()
            .take_while(move |label| label.tokens.start < end)
            .filter(move |label| label.tokens.end <= end)
    }

    fn bounds(&self, piece: &Piece) -> Bounds {
        self.layout.bounds(piece.tokens.clone()).unwrap_or(Bounds { x0: 0.0, y0: 0.0, x1: 0.0, y1: 0.0 })
    }

    /// The pieces that labels of a concept speak for, with a strength.
    fn labelled(&self, concept: Concept) -> BTreeMap<usize, f32> {
        let mut found: BTreeMap<usize, f32> = BTreeMap::new();
        let wanted = key(concept);
        for label in self.labels {
            let Some((_, weight)) = label.keys.iter().find(|(key, _)| *key == wanted) else { continue };
            let own = label
                .keys
                .iter()
                .all(|(key, _)| concept_of(*key).is_none_or(|other| other.kind() == Kind::Party));
            let colon =
                self.layout.tokens.get(label.tokens.end - 1).is_some_and(|token| token.text.ends_with(':'));
            let alone = self
                .layout
                .tokens
                .get(label.tokens.start)
                .and_then(|token| self.layout.segments.get(token.segment))
                .is_some_and(|segment| segment.tokens.start == label.tokens.start);
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

    /// The pieces right of a label and in the block below it, each with how well it stands.
    fn spoken_for(&self, label: &Found) -> Vec<(usize, f32)> {
        let Some(line) = self.layout.tokens.get(label.tokens.start).map(|token| token.line) else {
            return Vec::new();
        };
        let Some(bounds) = self.layout.bounds(label.tokens.clone()) else { return Vec::new() };
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
            found.push((index, if same_segment { 1.0 } else { 0.6 }));
            worth = if same_segment { 0.3 } else { 0.8 };
        }
        // A block of `Name: …` lines below the head names the name.
        let mut first = true;
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
                let name_of = self.named_value(from + offset, &bounds);
                if let Some(value) = name_of {
                    found.push((value, 0.98 * worth.max(0.9)));
                    return found;
                }
                let aligned = (at.x0 - bounds.x0).abs() < 1.2 * height
                    || at.share_of_width(bounds) > 0.3
                        && at.x0 - bounds.x0 < 6.0 * height
                        && bounds.x0 - at.x0 < 3.0 * height;
                if aligned && first && self.can_be_name(piece) && gap < 5.0 * height {
                    found.push((from + offset, worth));
                    first = false;
                    worth *= 0.5;
                }
            }
        }
        found
    }

    /// The value of a `Name:` key in the block below a head.
    fn named_value(&self, index: usize, head: &Bounds) -> Option<usize> {
        let piece = self.pieces.get(index)?;
        let at = self.bounds(piece);
        if at.x0 > head.x1 + 4.0 * self.height || at.x1 < head.x0 - 4.0 * self.height {
            return None;
        }
        let keys = [
            "name",
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
        ];
        if !keys.contains(&fold(&piece.text).as_str()) {
            return None;
        }
        let line = self.layout.tokens.get(piece.tokens.start)?.line;
        let value = self.pieces.get(index + 1)?;
        (self.layout.tokens.get(value.tokens.start)?.line == line && self.can_be_name(value))
            .then_some(index + 1)
    }

    /// The top pieces of address blocks: a name above a street above a town.
    fn block_heads(&self) -> BTreeMap<usize, usize> {
        let mut heads = BTreeMap::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            if !is_town(&piece.text) || piece.sender_line {
                continue;
            }
            let town = self.bounds(piece);
            let (mut top, mut top_at, mut lines) = (None, town, 0);
            // Pieces are in reading order, so what stands above comes just before.
            for above in self.pieces[..index].iter().enumerate().rev().take(40) {
                let (candidate, other) = above;
                let at = self.bounds(other);
                let gap = top_at.y0 - at.y1;
                if gap > 3.4 * self.height {
                    break;
                }
                let flush = (at.x0 - town.x0).abs() < 1.2 * self.height;
                if !flush || gap < -0.5 * self.height || other.sender_line {
                    continue;
                }
                if self.is_label(other) || lines >= 5 {
                    break;
                }
                (top, top_at) = (Some(candidate), at);
                lines += 1;
            }
            if let Some(head) = top
                && lines >= 1
            {
                heads.insert(self.skip_salutation(head, index), index);
            }
        }
        heads
    }

    /// The piece below a line that only greets (`Herr`, `Firma`).
    fn skip_salutation(&self, head: usize, town: usize) -> usize {
        let greets = [
            "herr",
            "frau",
            "firma",
            "herrn",
            "mr",
            "mrs",
            "ms",
            "an",
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
            "herrnfrau",
        ];
        if !greets.contains(&fold(&self.pieces[head].text).as_str()) {
            return head;
        }
        let at = self.bounds(&self.pieces[head]);
        (head + 1..town)
            .find(|next| (self.bounds(&self.pieces[*next]).x0 - at.x0).abs() < self.height)
            .unwrap_or(head)
    }

    /// The seller and the buyer of an invoice.
    #[must_use]
    pub fn of_invoice(&self) -> (Option<Named>, Option<Named>) {
        let buyer_labels = self.labelled(Concept::Buyer);
        let seller_labels = self.labelled(Concept::Seller);
        let ship_labels = self.labelled(Concept::ShipTo);
        let contact_labels = self.labelled(Concept::Contact);
        let heads = self.block_heads();
        let in_buyer_block = |index: usize| {
            let strength = |map: &BTreeMap<usize, f32>| map.get(&index).copied().unwrap_or(0.0);
            strength(&buyer_labels).max(strength(&ship_labels))
        };
        let mut sellers: BTreeMap<String, (f32, usize, usize)> = BTreeMap::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            if !self.can_be_name(piece) {
                continue;
            }
            let label = seller_labels.get(&index).copied().unwrap_or(0.0);
            let score = self.seller_score(piece, heads.contains_key(&index)) + 0.6 * label
                - 0.7 * in_buyer_block(index)
                // Whom to ask is a person of the firm, not the firm.
                - 0.4 * contact_labels.get(&index).copied().unwrap_or(0.0);
            let entry = sellers.entry(fold(&piece.text)).or_insert((f32::MIN, index, 0));
            if score > entry.0 {
                (entry.0, entry.1) = (score, index);
            }
            entry.2 += 1;
        }
        // The buyer's name stands once or twice in its block; what a label calls the buyer is not the seller.
        for (index, strength) in &buyer_labels {
            if *strength > 0.5
                && let Some(entry) = sellers.get_mut(&fold(&self.pieces[*index].text))
            {
                entry.0 -= 0.4 * strength;
            }
        }
        let ranked = |scores: BTreeMap<String, (f32, usize, usize)>, repeated: f32| {
            let mut ranked: Vec<(f32, usize, usize)> = scores
                .into_values()
                .map(|(score, index, times)| {
                    (score + repeated * times.saturating_sub(1).min(2) as f32, index, times)
                })
                .collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            ranked
        };
        let sellers = ranked(sellers, 0.12);
        let seller = self.named(&sellers, 0.25, &seller_labels);
        let seller_name = seller.as_ref().map(|seller| fold(&seller.text)).unwrap_or_default();
        let mut buyers: BTreeMap<String, (f32, usize, usize)> = BTreeMap::new();
        let page_height = self.layout.pages.first().map_or(1.0, |page| page.height);
        for (index, piece) in self.pieces.iter().enumerate() {
            let name = fold(&piece.text);
            if !self.can_be_name(piece)
                || (!seller_name.is_empty() && (name == seller_name || name.contains(&seller_name)))
            {
                continue;
            }
            let mut score = 0.8 * buyer_labels.get(&index).copied().unwrap_or(0.0);
            let at = self.bounds(piece);
            let first_page = self
                .layout
                .lines
                .get(self.layout.tokens[piece.tokens.start].line)
                .is_some_and(|line| line.page == 0);
            if heads.contains_key(&index) {
                score += if at.y0 < 0.45 * page_height && first_page { 0.42 } else { 0.1 };
            }
            score += 0.3 * ship_labels.get(&index).copied().unwrap_or(0.0);
            if score > 0.0 {
                let entry = buyers.entry(name).or_insert((f32::MIN, index, 0));
                if score > entry.0 {
                    (entry.0, entry.1) = (score, index);
                }
                entry.2 += 1;
            }
        }
        let buyers = ranked(buyers, 0.1);
        let buyer = self.named(&buyers, 0.2, &buyer_labels);
        (seller, buyer)
    }

    fn named(
        &self,
        ranked: &[(f32, usize, usize)],
        least: f32,
        labelled: &BTreeMap<usize, f32>,
    ) -> Option<Named> {
        let (score, index, times) = ranked.first().copied().filter(|(score, _, _)| *score >= least)?;
        let piece = &self.pieces[index];
        Some(Named {
            text: piece.text.clone(),
            tokens: piece.tokens.clone(),
            score: score.clamp(0.0, 1.0),
            next: ranked.get(1).map_or(0.0, |(score, _, _)| score.clamp(0.0, 1.0)),
            labelled: labelled.get(&index).is_some_and(|strength| *strength > 0.4),
            times: times.min(3),
        })
    }

    /// Whether the block that a piece begins carries the numbers that the law wants of a firm.
    fn heads_registration(&self, piece: &Piece) -> bool {
        let at = self.bounds(piece);
        let line = self.layout.tokens[piece.tokens.start].line;
        let begins = |line: usize| self.layout.lines[line].bounds.y0 - at.y1 < 5.0 * self.height;
        std::iter::once(line).chain(self.layout.lines_below(line).take(3).filter(|line| begins(*line))).any(
            |below| {
                self.layout.lines[below].segments.clone().any(|segment| {
                    let Some(segment) = self.layout.segments.get(segment) else { return false };
                    let words = self.layout.tokens.get(segment.tokens.clone()).unwrap_or_default();
                    segment.tokens.end > piece.tokens.end
                        && segment.bounds.share_of_width(at) > 0.3
                        && words.iter().any(|word| REGISTRATION.contains(&word.folded.as_str()))
                })
            },
        )
    }

    fn seller_score(&self, piece: &Piece, heads_block: bool) -> f32 {
        let at = self.bounds(piece);
        let line = self.layout.tokens[piece.tokens.start].line;
        let page = &self.layout.pages[self.layout.lines[line].page];
        let name = fold(&piece.text);
        let mut score = 0.35 * firm(&piece.text);
        let starts_upper = piece.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        if !starts_upper {
            score -= 0.15;
        }
        let matches_domain = self.domains.iter().any(|domain| {
            domain.chars().count() >= 4
                && name.chars().count() >= 4
                && (name.contains(domain.as_str()) || domain.contains(&name))
        });
        if matches_domain {
            score += 0.35;
        }
        if piece.sender_line {
            score += 0.35;
        }
        if heads_block {
            score += 0.12;
        }
        let first_page = self.layout.lines[line].page == 0;
        if first_page && at.y0 < 0.12 * page.height {
            score += 0.2;
        } else if first_page && at.y0 < 0.25 * page.height || at.y0 > 0.85 * page.height {
            score += 0.1;
        }
        if line == page.lines.start && first_page {
            score += 0.08;
        }
        if at.height() > 1.4 * self.height {
            score += 0.1;
        }
        // `Company` above a block is its heading, not a firm of that name.
        let only_form = LEGAL_FORMS.contains(&name.as_str());
        if only_form {
            score -= 0.35;
        }
        // The sender's paper says so at its head or its foot; the middle of a page may say it of others.
        let at_edge = at.y0 < 0.25 * page.height || at.y0 > 0.8 * page.height;
        if at_edge
            && !only_form
            && piece.text.split_whitespace().count() <= 6
            && self.heads_registration(piece)
        {
            score += 0.25;
        }
        let label_inside =
            self.labels_in(&piece.tokens).any(|label| label.keys.iter().any(|(_, weight)| *weight >= 0.7));
        if label_inside {
            score -= 0.2;
        }
        let bank =
            ["bank", "sparkasse", "banque", "banco", "banca", "volksbank", "raiffeisen", "kreissparkasse"];
        if piece.text.split_whitespace().any(|word| {
            let word = fold(word);
            bank.iter().any(|bank| word.ends_with(bank) || word == *bank)
        }) {
            score -= 0.35;
        }
        if piece.text.contains("(c)")
            || piece.text.contains('©')
            || name.starts_with("poweredby")
            || name.starts_with("copyright")
        {
            score -= 0.5;
        }
        score
    }

    /// The shop of a receipt and its address.
    #[must_use]
    pub fn of_receipt(&self) -> (Option<Named>, Option<Named>) {
        let Some(page) = self.layout.pages.first() else { return (None, None) };
        let lines: Vec<usize> = page.lines.clone().take(16).collect();
        let text = |line: usize| self.layout.text(self.layout.lines[line].tokens.clone());
        let texts: Vec<String> = lines.iter().map(|line| text(*line)).collect();
        // The address begins the head's end; a telephone, a date or a title does as well.
        let is_address: Vec<bool> = texts.iter().map(|text| begins_address(text)).collect();
        let is_end: Vec<bool> =
            lines.iter().zip(&texts).map(|(line, text)| self.ends_head(*line, text)).collect();
        let first_address = is_address.iter().position(|is| *is);
        let first_end = is_end.iter().position(|is| *is);
        let head_end =
            first_address.or(first_end).unwrap_or(3).min(first_end.unwrap_or(usize::MAX).max(1)).min(8);
        let mut ranked: Vec<(f32, usize)> = (0..head_end.max(1).min(lines.len()))
            .map(|index| (self.shop_score(lines[index], &texts[index], index, head_end), index))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let shop = ranked.first().filter(|(score, _)| *score > 0.1).map(|(score, index)| {
            let mut tokens = self.layout.lines[lines[*index]].tokens.clone();
            // A name that goes on: the legal form stands on a line of its own.
            if let Some(next) = texts.get(index + 1)
                && *index + 1 < head_end
                && (firm(&texts[*index]) < 0.8
                    && firm(&format!("x {next}")) >= 0.8
                    && self.shop_score(lines[index + 1], next, index + 1, head_end) > 0.2
                    || texts[*index].trim_end().ends_with('&'))
            {
                tokens.end = self.layout.lines[lines[index + 1]].tokens.end;
            } else if *index > 0 && self.goes_on(&lines, &texts, index - 1, head_end) {
                tokens.start = self.layout.lines[lines[index - 1]].tokens.start;
            }
            let tokens = self.trimmed(tokens);
            Named {
                text: clean_name(&self.mended(tokens.clone())),
                tokens,
                score: score.clamp(0.0, 1.0),
                next: ranked.get(1).map_or(0.0, |(score, _)| score.clamp(0.0, 1.0)),
                labelled: firm(&texts[*index]) >= 0.8,
                times: 1,
            }
        });
        let address = self.receipt_address(&lines, &texts, &is_end, first_address);
        (shop, address)
    }

    /// Whether the name of a shop begins on one line and goes on with the next, its legal form.
    fn goes_on(&self, lines: &[usize], texts: &[String], index: usize, head_end: usize) -> bool {
        let (first, next) = (&texts[index], &texts[index + 1]);
        let form_alone =
            firm(next) >= 0.8 && next.split_whitespace().count() <= 3 && fold(next).chars().count() <= 18;
        let clear = self.shop_score(lines[index], first, index, head_end) > 0.3
            && self.layout.confidence(self.layout.lines[lines[index]].tokens.clone()) > 0.6;
        first.trim_end().ends_with('&') || form_alone && clear
    }

    /// Noise at the ends of a line: marks without letters or digits, single stray characters.
    fn trimmed(&self, mut tokens: Range<usize>) -> Range<usize> {
        let all = self.layout.tokens.get(tokens.clone()).unwrap_or_default();
        let capitals =
            all.iter().filter(|token| token.text.chars().all(|c| !c.is_lowercase())).count() * 2 > all.len();
        let last = tokens.end;
        let noise = |index: usize| {
            self.layout.tokens.get(index).is_none_or(|token| {
                let digits = token.folded.bytes().filter(u8::is_ascii_digit).count();
                let small = token.text.chars().all(char::is_lowercase) && token.folded.chars().count() <= 3;
                // A registration number is not part of the name that it follows.
                digits >= 4 && digits * 2 > token.folded.len() && last - index <= 2
                    || capitals && small
                    || token.folded.is_empty() && token.text != "&"
                    || token.confidence < 0.35 && token.folded.chars().count() <= 2
            })
        };
        while tokens.len() > 1 && noise(tokens.start) {
            tokens.start += 1;
        }
        while tokens.len() > 1 && noise(tokens.end - 1) {
            tokens.end -= 1;
        }
        tokens
    }

    /// A name as printed, with the generic words of it (legal form, trade) as they are spelled where
    /// the scanner was unsure of a letter.
    fn mended(&self, tokens: Range<usize>) -> String {
        let words: Vec<String> = self
            .layout
            .tokens
            .get(tokens)
            .unwrap_or_default()
            .iter()
            .map(|token| {
                let chars = token.folded.chars().count();
                let known = LEGAL_FORMS.iter().chain(TRADE_WORDS);
                let near = |form: &&&str| {
                    form.len() >= 7 && super::text::distance(form, &token.folded, 1) == Some(1)
                };
                match known.clone().find(near) {
                    Some(form)
                        if chars >= 7
                            && token.confidence < 0.9
                            && !known.clone().any(|word| *word == token.folded) =>
                    {
                        if token.text.chars().any(char::is_lowercase) {
                            (*form).to_owned()
                        } else {
                            form.to_uppercase()
                        }
                    }
                    _ => token.text.clone(),
                }
            })
            .collect();
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        if let [.., first, second] = words.as_mut_slice() {
            let joined = fold(&format!("{first}{second}"));
            let near = super::text::distance(&joined, "sdnbhd", 2).is_some_and(|edits| edits > 0);
            if near && fold(first).chars().count() == 3 && (2..=4).contains(&fold(second).chars().count()) {
                (*first, *second) = ("SDN", "BHD");
            }
        }
        words.join(" ")
    }

    /// Whether a line is below the head of a receipt: telephone, registration, date or title.
    fn ends_head(&self, line: usize, text: &str) -> bool {
        let tokens = self.layout.lines[line].tokens.clone();
        let ends = [
            Concept::Phone,
            Concept::Fax,
            Concept::DocumentNumber,
            Concept::DocumentDate,
            Concept::TaxNumber,
            Concept::Total,
            Concept::Time,
            Concept::Quantity,
            Concept::Email,
            Concept::Website,
        ];
        let labelled = self.labels_in(&tokens).any(|label| {
            label.keys.iter().any(|(key, weight)| {
                *weight >= 0.7 && concept_of(*key).is_some_and(|concept| ends.contains(&concept))
            })
        });
        let folded = fold(text);
        let starts = [
            "tel",
            "fax",
            "gst",
            "sst",
            "hp",
            "taxinvoice",
            "invoice",
            "receipt",
            "cashbill",
            "simplified",
            "www",
            "email",
            "vat",
            "phone",
        ];
        labelled
            || starts.iter().any(|start| folded.starts_with(start))
            || !super::dates::find(text).is_empty()
    }

    fn shop_score(&self, line: usize, text: &str, index: usize, head_end: usize) -> f32 {
        let tokens = self.layout.lines[line].tokens.clone();
        let confidence = self.layout.confidence(tokens.clone());
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let upper = letters.iter().filter(|c| c.is_uppercase()).count();
        if letters.len() < 3 || begins_address(text) || digits > letters.len() {
            return 0.0;
        }
        let mut score = 0.25 * confidence + 0.4 * firm(text);
        score += if upper * 10 >= letters.len() * 7 {
            0.2
        } else if text.starts_with(char::is_uppercase) {
            0.05
        } else {
            -0.1
        };
        // The line above the address is the name, unless that is the registration number.
        if index + 1 == head_end {
            score += 0.1;
        }
        score -= 0.02 * index as f32;
        let bracketed = text.trim_start().starts_with('(') || text.to_lowercase().contains("reg");
        if bracketed && digits >= 4 {
            score -= 0.6;
        }
        if confidence < 0.5 {
            score -= 0.25;
        }
        let greeting = [
            "welcome",
            "thankyou",
            "taxinvoice",
            "officialreceipt",
            "receipt",
            "invoice",
            "cashbill",
            "copy",
            "duplicate",
        ];
        if greeting.contains(&fold(text).as_str()) {
            score -= 0.6;
        }
        score
    }

    fn receipt_address(
        &self,
        lines: &[usize],
        texts: &[String],
        is_end: &[bool],
        first: Option<usize>,
    ) -> Option<Named> {
        let first = first?;
        let mut last = first;
        for index in first + 1..lines.len().min(first + 6) {
            let gap =
                self.layout.lines[lines[index]].bounds.y0 - self.layout.lines[lines[index - 1]].bounds.y1;
            let confidence = self.layout.confidence(self.layout.lines[lines[index]].tokens.clone());
            if is_end[index]
                || gap > 2.0 * self.height
                || confidence < 0.3
                || fold(&texts[index]).chars().count() < 3
            {
                break;
            }
            last = index;
        }
        let tokens = self
            .trimmed(self.layout.lines[lines[first]].tokens.start..self.layout.lines[lines[last]].tokens.end);
        let text = self.layout.text(tokens.clone());
        let postcode =
            text.split(|c: char| !c.is_ascii_digit()).any(|digits| (4..=6).contains(&digits.len()));
        let score = 0.4 + if postcode { 0.3 } else { 0.0 } + if last > first { 0.1 } else { 0.0 };
        Some(Named { text, tokens, score, next: 0.0, labelled: false, times: 1 })
    }
}

fn is_party(key: usize) -> bool {
    concept_of(key).is_some_and(|concept| concept.kind() == Kind::Party)
}

/// Whether a line is the beginning of a postal address.
fn begins_address(text: &str) -> bool {
    let trimmed = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let folded_words: Vec<String> =
        trimmed.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty()).collect();
    let has_digit = trimmed.chars().any(|c| c.is_ascii_digit());
    let starts = [
        "no", "lot", "jalan", "jln", "jl", "lorong", "unit", "suite", "ground", "lg", "level", "blok",
        "block", "g", "shop", "plot", "wisma", "taman", "kompleks", "floor",
    ];
    let first = folded_words.first().map(String::as_str).unwrap_or_default();
    let reg = text.contains('(') && folded_words.len() <= 3;
    let second_number =
        folded_words.get(1).is_some_and(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    if reg {
        return false;
    }
    matches!(first, "jalan" | "jln" | "lorong")
        || first == "no" && second_number
        || starts.contains(&first) && has_digit && folded_words.len() > 1
        || is_street(trimmed) && folded_words.len() > 1 && firm(text) < 0.8
        || is_town(trimmed)
}

/// The pieces of a segment: parted at bullets, bars and free-standing hyphens.
fn pieces_of(layout: &Layout, segment: usize) -> Vec<Piece> {
    let Some(found) = layout.segments.get(segment) else { return Vec::new() };
    let mut pieces = Vec::new();
    let mut start = found.tokens.start;
    let mut push = |range: Range<usize>| {
        if !range.is_empty() {
            let text = clean_name(&layout.text(range.clone()));
            if !text.is_empty() {
                pieces.push(Piece { tokens: range, text, segment, sender_line: false });
            }
        }
    };
    for index in found.tokens.clone() {
        let Some(token) = layout.tokens.get(index) else { continue };
        let parts = matches!(
            token.text.as_str(),
            "|" | "●" | "•" | "·" | "-" | "–" | "—" | "−" | "*" | "∙" | "▪" | "/" | "◦" | "·,"
        );
        let ends = token.text.ends_with(':') && index + 1 < found.tokens.end;
        if parts {
            push(start..index);
            start = index + 1;
        } else if ends {
            push(start..index + 1);
            start = index + 1;
        }
    }
    push(start..found.tokens.end);
    for piece in &mut pieces {
        cut_capital(layout, piece);
    }
    let whole = layout.text(found.tokens.clone());
    let sender =
        pieces.len() >= 2 && pieces[1..].iter().any(|piece| is_town(&piece.text) || is_street(&piece.text));
    if sender && let Some(first) = pieces.first_mut() {
        first.sender_line = true;
    } else if pieces.len() == 1
        && let Some((head, rest)) = whole.split_once(',')
        && rest.split(',').any(is_town)
        && !is_street(head)
    {
        // `Firm Ltd, 1 Street, 12345 Town` in one stretch.
        let words = head.split_whitespace().count();
        let tokens = found.tokens.start..found.tokens.start + words;
        pieces.insert(0, Piece { text: clean_name(head), tokens, segment, sender_line: true });
    }
    pieces
}

/// `Firm SAS au capital de 10 000 €` is the firm and what it owns: the name ends where that begins.
fn cut_capital(layout: &Layout, piece: &mut Piece) {
    let words = layout.tokens.get(piece.tokens.clone()).unwrap_or_default();
    let capital = words.windows(2).position(|pair| {
        let pair = (pair[0].folded.as_str(), pair[1].folded.as_str());
        matches!(pair, ("au", "capital") | ("capital", "social" | "sociale") | ("capitale", "sociale"))
    });
    if let Some(at) = capital.filter(|at| *at >= 2) {
        piece.tokens.end = piece.tokens.start + at;
        piece.text = clean_name(&layout.text(piece.tokens.clone()));
    }
}

/// `Firm Ltd Invoice` in one headline: the title is cut off where the rest is known as a firm, by its
/// legal form or by the domain of its mail.
fn cut_title(layout: &Layout, piece: &mut Piece, domains: &[String]) {
    let words = layout.tokens.get(piece.tokens.clone()).unwrap_or_default();
    let is_title = |index: usize| words.get(index).is_some_and(|word| TITLES.contains(&word.folded.as_str()));
    let rest = if is_title(words.len().saturating_sub(1)) {
        piece.tokens.start..piece.tokens.end - 1
    } else if is_title(0) {
        piece.tokens.start + 1..piece.tokens.end
    } else {
        return;
    };
    let text = clean_name(&layout.text(rest.clone()));
    let name = fold(&text);
    let of_domain =
        domains.iter().any(|domain| domain.chars().count() >= 4 && name.contains(domain.as_str()));
    if of_domain || firm(&text) >= 0.8 {
        (piece.tokens, piece.text) = (rest, text);
    }
}

/// Titles of documents, as they stand behind or before a firm's name in one headline.
const TITLES: [&str; 14] = [
    "invoice",
    "rechnung",
    "facture",
    "factura",
    "fattura",
    "factuur",
    "fatura",
    "faktura",
    "receipt",
    "gutschrift",
    "avoir",
    "quittung",
    "statement",
    "bill",
];

/// Words of the line that the law or the bank wants on a firm's paper: who owns the number is the firm.
const REGISTRATION: [&str; 34] = [
    "siret",
    "siren",
    "rcs",
    "hrb",
    "hra",
    "amtsgericht",
    "handelsregister",
    "registergericht",
    "ustidnr",
    "ustid",
    "ustidentnr",
    "kvk",
    "kvknummer",
    "vatno",
    "vatreg",
    "vatnumber",
    "tva",
    "capital",
    "companyno",
    "registered",
    "btw",
    "btwnr",
    "btwnummer",
    "nip",
    "regon",
    "krs",
    "piva",
    "partitaiva",
    "cif",
    "nif",
    "abn",
    "gstin",
    "steuernummer",
    "steuernr",
];

/// A name without the marks that stand around it.
fn clean_name(text: &str) -> String {
    let open = text.matches('(').count();
    let close = text.matches(')').count();
    let trimmed = text.trim_matches(|c: char| {
        c.is_whitespace()
            || matches!(
                c,
                ',' | ';'
                    | '|'
                    | '"'
                    | '“'
                    | '”'
                    | '*'
                    | '~'
                    | '_'
                    | '='
                    | '\''
                    | '`'
                    | '‘'
                    | '’'
                    | '-'
                    | '—'
            )
    });
    let trimmed = if open > close { trimmed } else { trimmed.trim_start_matches(['.', ')']) };
    trimmed.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn legal_forms_make_a_firm() {
        for name in [
            "Lieferant GmbH",
            "Bei Spiel GmbH & Co. KG",
            "ABC Sdn. Bhd.",
            "Foo S.p.A.",
            "Bar Sp. z o.o.",
            "X Ltd",
            "Amazing Things, Inc.",
        ] {
            assert!(firm(name) >= 0.8, "{name}");
        }
        for text in ["as soon as", "the sum", "Total"] {
            assert!(firm(text) < 0.5, "{text}");
        }
    }

    #[test]
    fn towns_have_a_postcode() {
        for text in [
            "80333 München",
            "D-63571 Gelnhausen",
            "1025 RX Amsterdam",
            "Scranton PA 18503",
            "31-042 Kraków",
            "London SW1A 1AA",
        ] {
            assert!(is_town(text), "{text}");
        }
        assert!(!is_town("Total 2018"));
    }
}
