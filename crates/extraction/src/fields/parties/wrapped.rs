//! Names that go on in the line below.
//!
//! Two lines of a block are one name only where something says so: the first ends in the middle (`di`, `&`, a
//! hyphen), the second holds nothing but the end of a name (`Ltd`, `Jr.`), or the first filled its column and the
//! next word had no room left. What follows a name that is complete is a person, a department, an address.

use std::ops::Range;

use super::super::text::fold;
use super::Parties;
use super::blocks::{ends_in_form, is_firm_greeting, is_greeting, is_part_of_person};
use super::pieces::{Known, Piece};
use super::words::{
    begins_public_body, clean_name, ends_before_partners, ends_name, firm, is_attention, is_department,
    is_place, is_street, is_titled, is_town,
};
use crate::layout::{Bounds, Segment};

/// Lines that a name goes on in.
const LINES_MAX: usize = 2;
/// The gap between two lines of one name, in heights of a line.
const GAP_MAX: f32 = 0.8;
/// Room left at the edge of a column in which a line was broken.
const EDGE: f32 = 2.0;
/// A name without a legal form is broken only where it is long: `The Old Mill` below a name is a house.
const LONG_CHARS: usize = 26;
/// Lines of a block that say how wide it is.
const BLOCK_LINES: usize = 6;

impl Parties<'_> {
    /// Joins to each piece the lines in which it goes on.
    pub(super) fn join_wrapped_names(&mut self) {
        for index in 0..self.pieces.len() {
            let mut last = index;
            for _ in 0..LINES_MAX {
                let Some(next) = self.next_line(index, last) else { break };
                if !self.goes_on_below(index, last, next) {
                    break;
                }
                let rest = self.pieces[next].tokens.clone();
                self.pieces[next].belongs_above = true;
                self.pieces[next].known = Known::default();
                let text = self.joined(index, last, &rest);
                let piece = &mut self.pieces[index];
                piece.text = text;
                piece.rest.push(rest);
                piece.known = Known::default();
                last = next;
            }
        }
    }

    /// `Firm Ltd, Mr Smith` is the firm and whom to ask there: the name ends before the comma.
    pub(super) fn cut_persons(&mut self) {
        for piece in &mut self.pieces {
            let last = piece.rest.last().unwrap_or(&piece.tokens).clone();
            let words = self.layout.tokens.get(last.clone()).unwrap_or_default();
            let Some(comma) = words.iter().position(|word| word.text.ends_with(',')) else { continue };
            let (name, person) = (last.start..last.start + comma + 1, last.start + comma + 1..last.end);
            let Some((head, behind)) = piece.text.rsplit_once(',') else { continue };
            // `Zegar s.c. A. Lis, M. Wrona`: partners, who are the firm.
            let of_partners =
                head.split_whitespace().any(|word| PARTNERS.contains(&word.to_lowercase().as_str()));
            if of_partners
                || firm(head) < 0.8
                || !is_titled(behind)
                || behind.split_whitespace().count() != person.len()
            {
                continue;
            }
            piece.text = clean_name(head);
            *piece.rest.last_mut().unwrap_or(&mut piece.tokens) = name;
            piece.known = Known::default();
        }
    }

    fn line_of(&self, piece: &Piece) -> Option<usize> {
        Some(self.layout.tokens.get(piece.tokens.start)?.line)
    }

    /// The piece that stands in the next line of the same column as a name, close below its last line.
    fn next_line(&self, head: usize, last: usize) -> Option<usize> {
        let (first, above) = (&self.pieces[head], &self.pieces[last]);
        let may_go_on = self.can_be_name(first) && !self.is_numbered_label(first) && self.ends_segment(above);
        if first.sender_line || first.belongs_above || !may_go_on {
            return None;
        }
        let line = self.line_of(above)?;
        let (name, at) = (self.bounds(first), self.bounds(above));
        let key = self.layout.segments.get(first.segment)?.bounds;
        let height = self.layout.lines.get(line)?.height;
        self.pieces[last + 1..]
            .iter()
            .take(8)
            .position(|below| {
                let under = self.bounds(below);
                let gap = under.y0 - at.y1;
                let starts = self
                    .layout
                    .segments
                    .get(below.segment)
                    .is_some_and(|segment| segment.tokens.start == below.tokens.start);
                let same_column = (under.x0 - name.x0).abs() < 0.5 * height
                    || (under.x0 - key.x0).abs() < 0.5 * height
                    || super::is_flush_right(under, key, height)
                    || (under.x0 + under.x1 - name.x0 - name.x1).abs() < 0.6 * height;
                let (low, high) = (at.height().min(under.height()), at.height().max(under.height()));
                // `Frantoio Larice` in large letters goes on with `di Larice Mario & C. s.n.c.` in small ones.
                let is_tail = below.text.starts_with(char::is_lowercase) && firm(&below.text) >= 1.0;
                let sizes = if is_tail { 1.6 } else { 1.25 };
                self.line_of(below).is_some_and(|below| below > line)
                    && starts
                    && self.ends_segment(below)
                    && same_column
                    && (-0.3 * height..GAP_MAX * height).contains(&gap)
                    && high < sizes * low
            })
            .map(|offset| last + 1 + offset)
            .filter(|next| !self.pieces[*next].sender_line)
    }

    /// Whether nothing but a dash stands behind a piece.
    fn ends_segment(&self, piece: &Piece) -> bool {
        self.layout
            .segments
            .get(piece.segment)
            .is_some_and(|segment| segment.tokens.end == piece.tokens.end || self.is_followed_by_dash(piece))
    }

    fn is_followed_by_dash(&self, piece: &Piece) -> bool {
        let ends = |segment: &Segment| segment.tokens.end == piece.tokens.end + 1;
        self.layout.segments.get(piece.segment).is_some_and(ends)
            && self
                .layout
                .tokens
                .get(piece.tokens.end)
                .is_some_and(|token| DASHES.contains(&token.text.as_str()))
    }

    /// Whether the line is more of the name.
    fn goes_on_below(&self, head: usize, last: usize, next: usize) -> bool {
        let (name, rest) = (self.pieces[head].text.as_str(), &self.pieces[next]);
        // `Seller` above a name is its heading.
        let covers = |token: usize| {
            self.labels_in(&self.pieces[head].tokens).any(|label| label.tokens.contains(&token))
        };
        if self.pieces[head].tokens.clone().all(covers) {
            return false;
        }
        if is_greeting(name) {
            return false;
        }
        let text = rest.text.as_str();
        let first = text.split_whitespace().next().unwrap_or_default();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        // `Owners of` / `Mill Road 12` above their administrator's address.
        let is_called_by_street = is_street(text)
            && !text.starts_with(|c: char| c.is_ascii_digit())
            && !text.contains(',')
            && name.chars().count() >= LONG_CHARS
            && self.street_below(next);
        if letters < 2
            || text.chars().any(|c| matches!(c, '@' | ':' | '/' | '|'))
            || text.chars().any(|c| c.is_ascii_digit()) && !is_called_by_street
            || is_town(text)
            || is_street(text) && !is_called_by_street
            || is_attention(text)
            || begins_public_body(text)
            || PROFESSIONS.contains(&fold(text).as_str())
            || self.is_label(rest)
        {
            return false;
        }
        let printed = self.layout.text(self.pieces[last].tokens.clone());
        let is_open = |word: &str| OPEN.contains(&fold(word).as_str()) || matches!(word, "&" | "+");
        // `Yours sincerely,` ends with a comma and is no part of a name.
        let is_called =
            name.split_whitespace().all(|word| !word.starts_with(char::is_lowercase) || is_open(word));
        let ends_open = self.is_followed_by_dash(&self.pieces[last])
            || printed.split_whitespace().next_back().is_some_and(|word| {
                let is_cut = word.ends_with(['-', '&', '+']) || word.ends_with(',') && is_called;
                word.len() > 1 && is_cut && !ends_name(name) || is_open(word)
            });
        let is_person = |text: &str| {
            (2..=3).contains(&text.split_whitespace().count())
                && text.split_whitespace().all(is_part_of_person)
        };
        if ends_before_partners(name)
            || begins_as_owners(name) && is_person(text) && self.address_follows(next)
        {
            return true;
        }
        if firm(name) >= 1.0 {
            return first == "&" || first == "+";
        }
        let has_form = firm(text) >= 1.0;
        // `Mr J. Smith and` / `Mrs A. Smith` are two persons and one name.
        let ends_with_and =
            printed.split_whitespace().next_back().is_some_and(|word| AND.contains(&fold(word).as_str()));
        if (is_titled(text) && !ends_with_and || is_department(text)) && !has_form {
            return false;
        }
        let starts_within =
            first.starts_with(char::is_lowercase) && is_open(first) || first == "&" || first == "+";
        if ends_open
            || starts_within
            || ends_name(text)
            || is_called_by_street
            || has_form && self.is_greeted_as_firm(head)
        {
            return true;
        }
        let is_capital =
            |word: &str| word.starts_with(char::is_uppercase) || is_open(word) || word.starts_with("im.");
        // A person's name has seldom more than two words left; what is longer is the firm of that person.
        if is_titled(name) && text.split_whitespace().count() > 2 {
            return false;
        }
        if !has_form && (!text.split_whitespace().all(is_capital) || is_place(text)) {
            return false;
        }
        // What a firm does, in capitals, above its name.
        let is_capitals =
            name.split_whitespace().count() > 2 && !name.contains(char::is_lowercase) && has_form;
        if is_capitals && text.contains(char::is_lowercase) {
            return false;
        }
        let (at_edge, is_widest) = self.has_no_room_for(last, next);
        let is_long = name.chars().count() >= LONG_CHARS;
        // `Mill Café` / `Mill Café Catering Ltd`: what says it again is called so by itself.
        let says_again = |word: &str| {
            let word = fold(word);
            word.chars().count() >= 4 && name.split_whitespace().any(|other| fold(other) == word)
        };
        let says_again = text.split_whitespace().any(says_again);
        // The firm ends where its address begins; a person above a whole name is whom to ask there.
        let long = text.split_whitespace().filter(|word| word.chars().count() > SHORT_WORD_CHARS).count();
        let is_of_partners = || {
            // The comma of `Mill Works, Inc.` parts none.
            !ends_in_form(text) && text.split_whitespace().any(|word| word.ends_with(','))
                || text.split_whitespace().any(|word| AND.contains(&word))
        };
        let is_whole = long >= WHOLE_WORDS_MIN && !is_of_partners();
        let is_asked_for = is_whole && firm(name) == 0.0 && is_person(name);
        let ends_name = has_form && !says_again && !is_asked_for && self.address_follows(next);
        at_edge || is_widest && (has_form && !says_again || is_long) || ends_name
    }

    /// Whether the line above a name says that a firm's follows.
    fn is_greeted_as_firm(&self, head: usize) -> bool {
        let at = self.bounds(&self.pieces[head]);
        self.pieces[..head].iter().rev().take(BLOCK_LINES).any(|above| {
            let over = self.bounds(above);
            (over.x0 - at.x0).abs() < 0.5 * self.height
                && (0.0..1.3 * self.height).contains(&(at.y0 - over.y1))
                && is_firm_greeting(&above.text)
        })
    }

    /// Whether the next line of the column is a street, a town, or whom to ask.
    fn address_follows(&self, index: usize) -> bool {
        let at = self.bounds(&self.pieces[index]);
        let mut below = self.pieces[index + 1..].iter().take(2 * BLOCK_LINES);
        let next = below.find(|piece| {
            let under = self.bounds(piece);
            (under.x0 - at.x0).abs() < 0.5 * self.height
                && (0.0..1.5 * self.height).contains(&(under.y0 - at.y1))
        });
        next.is_some_and(|next| {
            next.is_street() || next.is_town() || is_attention(&next.text) || next.sender_line
        })
    }

    /// Whether a street stands further below a line in its column.
    fn street_below(&self, index: usize) -> bool {
        let at = self.bounds(&self.pieces[index]);
        let mut below = self.pieces[index + 1..].iter().take(3 * BLOCK_LINES);
        below.any(|piece| {
            let under = self.bounds(piece);
            (under.x0 - at.x0).abs() < 0.5 * self.height
                && (0.0..4.0 * self.height).contains(&(under.y0 - at.y1))
                && piece.is_street()
                && !piece.is_town()
        })
    }

    /// What stands directly below `Customer` is its name, also where it looks like a street (`Owners of Mill Road 12`),
    /// if the street follows.
    pub(super) fn accept_names_by_street(&self) {
        for label in
            self.labels.iter().filter(|label| label.keys.iter().any(|(key, _)| super::is_party(*key)))
        {
            let Some(head) = self.layout.bounds(label.tokens.clone()) else { continue };
            let from = self.pieces.partition_point(|piece| piece.tokens.start < label.tokens.end);
            let below = self.pieces[from..].iter().take(2 * BLOCK_LINES).position(|piece| {
                let at = self.bounds(piece);
                (at.x0 - head.x0).abs() < self.height && (0.0..1.5 * self.height).contains(&(at.y0 - head.y1))
            });
            let Some(index) = below.map(|offset| from + offset) else { continue };
            let piece = &self.pieces[index];
            let words = piece.text.split_whitespace().count();
            if words >= 3
                && piece.is_street()
                && !piece.text.starts_with(|c: char| c.is_ascii_digit())
                && self.street_below(index)
            {
                let _ = piece.known.can_be_name.set(true);
            }
        }
    }

    /// Whether the first word of the next line would have passed the edge of the column, and whether it would have
    /// been wider than every line of the block.
    fn has_no_room_for(&self, last: usize, next: usize) -> (bool, bool) {
        let (above, below) = (&self.pieces[last], &self.pieces[next]);
        let (Some(line), Some(first)) = (self.line_of(above), self.layout.tokens.get(below.tokens.start))
        else {
            return (false, false);
        };
        let Some(on) = self.layout.lines.get(line) else { return (false, false) };
        let (at, under) = (self.bounds(above), self.bounds(below));
        // Where lines end at one edge, that edge says nothing of their width.
        let flush_right = super::is_flush_right(at, under, on.height) && (at.x0 - under.x0).abs() > on.height;
        let needed = at.x1 + 0.3 * on.height + first.bounds.width();
        let bounds_of = |line: usize| -> &[_] {
            let segments = self.layout.lines.get(line).map_or(0..0, |line| line.segments.clone());
            self.layout.segments.get(segments).unwrap_or_default()
        };
        let right_of = |line: usize| bounds_of(line).iter().map(|s| s.bounds.x0).find(|x0| *x0 > at.x1);
        let beside = (line..=first.line).filter_map(right_of).fold(f32::MAX, f32::min);
        let edge = beside.min(self.margins.get(on.page).copied().unwrap_or(f32::MAX));
        let in_block = |bounds: &Bounds| (bounds.x0 - under.x0).abs() < on.height;
        let widest = (line..line + BLOCK_LINES)
            .filter(|line| self.layout.lines.get(*line).is_some_and(|other| other.page == on.page))
            .flat_map(|line| bounds_of(line).iter().map(|segment| segment.bounds).filter(in_block))
            .map(|bounds| bounds.x1)
            .fold(0.0, f32::max);
        if flush_right {
            let widest = (line..line + BLOCK_LINES)
                .flat_map(|line| bounds_of(line).iter().map(|segment| segment.bounds))
                .filter(|bounds| super::is_flush_right(*bounds, at, on.height))
                .map(|bounds| bounds.width())
                .fold(0.0, f32::max);
            return (false, needed - at.x0 > widest);
        }
        (needed > edge - EDGE * on.height, needed > widest)
    }

    /// A name and its next line in one.
    fn joined(&self, head: usize, last: usize, rest: &Range<usize>) -> String {
        let name = self.pieces[head].text.as_str();
        let (printed, rest) =
            (self.layout.text(self.pieces[last].tokens.clone()), self.layout.text(rest.clone()));
        let hyphenated = printed.ends_with('-') && !printed.ends_with(" -");
        clean_name(&match (hyphenated, rest.starts_with(char::is_lowercase)) {
            // `Handels-` / `gesellschaft` is one word, `Wiersma-` / `Hoogendoorn` two.
            (true, true) => format!("{name}{rest}"),
            (true, false) => format!("{name}-{rest}"),
            (false, _) if printed.ends_with(',') => format!("{name}, {rest}"),
            (false, _) if self.is_followed_by_dash(&self.pieces[last]) => format!("{name} - {rest}"),
            (false, _) => format!("{name} {rest}"),
        })
    }
}

/// The forms of partners whose names stand behind them, as printed in small letters.
const PARTNERS: [&str; 4] = ["s.c.", "sc.", "s.c", "gbr"];
/// Words of a name that needs none of the line above, without its legal form and other short ones.
const WHOLE_WORDS_MIN: usize = 3;
const SHORT_WORD_CHARS: usize = 3;

/// Whether a line names a business that the name of its owner belongs to, as Polish law has it: `Firma Budowlana „Dach”`.
fn begins_as_owners(text: &str) -> bool {
    const BUSINESSES: [&str; 22] = [
        "firma",
        "fhu",
        "phu",
        "pphu",
        "ppuh",
        "puh",
        "pw",
        "pph",
        "zphu",
        "zaklad",
        "przedsiebiorstwo",
        "sklep",
        "gabinet",
        "kancelaria",
        "biuro",
        "pracownia",
        "studio",
        "salon",
        "hurtownia",
        "warsztat",
        "indywidualna",
        "gospodarstwo",
    ];
    let first = text.split_whitespace().next().map(fold).unwrap_or_default();
    text.split_whitespace().count() >= 2
        && BUSINESSES.contains(&first.as_str())
        && text.ends_with(['”', '"', '»', '“'])
}

/// What somebody is, below the name, folded.
const PROFESSIONS: [&str; 52] = [
    "notario",
    "notaria",
    "notaire",
    "notar",
    "notarin",
    "notaris",
    "notaio",
    "notary",
    "notariusz",
    "abogado",
    "abogada",
    "avocat",
    "avocate",
    "avvocato",
    "advocaat",
    "advogado",
    "advogada",
    "adwokat",
    "rechtsanwalt",
    "rechtsanwaltin",
    "steuerberater",
    "steuerberaterin",
    "solicitor",
    "barrister",
    "architect",
    "architecte",
    "architekt",
    "architektin",
    "architetto",
    "arquitecto",
    "arquitecta",
    "arquiteto",
    "arquiteta",
    "arzt",
    "arztin",
    "medecin",
    "medico",
    "dentist",
    "dentiste",
    "zahnarzt",
    "zahnarztin",
    "tierarzt",
    "tierarztin",
    "physiotherapeut",
    "physiotherapeutin",
    "traductor",
    "traductora",
    "traducteur",
    "traductrice",
    "tradutor",
    "tradutora",
    "photographer",
];
/// What ties two persons.
const AND: [&str; 8] = ["and", "und", "et", "en", "e", "y", "i", "oraz"];
/// Dashes that stand alone between two parts of a name.
const DASHES: [&str; 3] = ["-", "–", "—"];
/// Words that a name neither begins nor ends with, folded.
const OPEN: [&str; 43] = [
    "w", "we", "z", "ze", "na", "nad", "pod", "sw", "im", "und", "and", "et", "en", "e", "y", "i", "oraz",
    "of", "for", "fur", "pour", "per", "para", "di", "de", "del", "della", "delle", "dei", "du", "des", "da",
    "do", "dos", "van", "von", "vom", "der", "den", "the", "la", "le", "voor",
];
