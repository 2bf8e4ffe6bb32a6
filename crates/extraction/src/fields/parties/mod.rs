//! Who sells and who buys: names and addresses, from the layout alone.
//!
//! Nothing here knows a company. A name is known by what surrounds it: a label (`Bill to`), a legal
//! form, the head of an address block, the sender's line above the address window, the domain of
//! the mail address, or its place at the top of a receipt.

mod blocks;
mod invoice;
mod pieces;
mod receipt;
mod statement;
mod words;
mod wrapped;

use std::ops::Range;

use super::codes;
use super::labels::Found;
use super::lexicon::{Concept, Kind, PERHAPS};
use super::plan::concept_of;
use super::text::fold;
use crate::layout::{Bounds, Layout, PageInfo};
use blocks::{FROM, NAME_KEYS, TO, is_flush_right, is_greeting};
use pieces::{Piece, cut_title, drop_wrapped_senders, mark_wide_senders, pieces_of, says_capital};
use words::{begins_street, firm, is_attention, is_country, is_courtesy, is_place, is_street, is_town};

/// What the lines of an address look like.
pub(crate) mod address_words {
    pub(crate) use super::blocks::{FROM, is_greeting};
    pub(crate) use super::words::{
        firm, is_attention, is_country, is_county, is_department, is_place, is_street, is_titled, is_town,
    };
}

/// A name or an address that was found.
#[derive(Debug, Clone)]
pub struct Named {
    pub text: String,
    pub tokens: Range<usize>,
    /// Where it goes on, in lines below.
    pub rest: Vec<Range<usize>>,
    pub score: f32,
    /// The score of the best other name.
    pub next: f32,
    pub labelled: bool,
    /// How often the name stands in the document, up to three.
    pub times: usize,
}

impl Named {
    /// Where it stands, line by line.
    pub fn parts(&self) -> impl Iterator<Item = Range<usize>> + use<> {
        std::iter::once(self.tokens.clone()).chain(self.rest.clone())
    }
}

/// The pages on which names are looked for: the first two and the last.
const PAGES: usize = 2;
/// Lines longer than this are sentences, and not names.
const NAME_CHARS_MAX: usize = 70;
const NAME_WORDS_MAX: usize = 11;

/// Labels of columns that make a line the head of a table.
const HEADS_MIN: usize = 2;

/// What parties are read from.
pub struct Parties<'a> {
    layout: &'a Layout,
    labels: &'a [Found],
    pieces: Vec<Piece>,
    domains: Vec<String>,
    /// The usual height of a line, for telling large type.
    height: f32,
    /// Where the lines of each page end.
    margins: Vec<f32>,
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
        mark_wide_senders(layout, &mut pieces);
        drop_wrapped_senders(layout, &mut pieces);
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
        let margin = |page: &PageInfo| {
            let lines = layout.lines.get(page.lines.clone()).unwrap_or_default();
            lines.iter().map(|line| line.bounds.x1).fold(0.0, f32::max)
        };
        let margins = layout.pages.iter().map(margin).collect();
        let mut parties = Self { layout, labels, pieces, domains, height, margins };
        parties.accept_names_by_street();
        parties.join_wrapped_names();
        parties.cut_persons();
        parties
    }

    /// Takes out the names of where goods are sent.
    pub(crate) fn leave_out_goods(&mut self) {
        let sent: Vec<usize> = self.labelled(Concept::ShipTo, &[]).into_keys().collect();
        let mut index = 0;
        self.pieces.retain(|_| {
            index += 1;
            !sent.contains(&(index - 1))
        });
    }

    /// Takes a name out of what may be found, wherever it stands.
    pub(crate) fn leave_out(&mut self, name: &Named) {
        let name = fold(&name.text);
        self.pieces.retain(|piece| piece.folded() != name);
    }

    /// Whether a text can be a name at all.
    fn can_be_name(&self, piece: &Piece) -> bool {
        *piece.known.can_be_name.get_or_init(|| self.is_like_a_name(piece))
    }

    fn is_like_a_name(&self, piece: &Piece) -> bool {
        let text = piece.text.as_str();
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let words = text.split_whitespace().count();
        let lines = 1 + piece.rest.len();
        !piece.belongs_above
            && letters >= 3
            && digits * 2 <= letters
            && text.chars().count() <= lines * NAME_CHARS_MAX
            && words <= lines * NAME_WORDS_MAX
            && !text.contains('@')
            && !text.contains("://")
            && !text.to_lowercase().contains("www.")
            && !text.trim_end().ends_with([':', '?', '!', ';'])
            && !is_sentence(text)
            && !is_courtesy(text)
            && !is_greeting(text)
            && !is_yours(text)
            && !FROM.iter().chain(&TO).chain(&NAME_KEYS).any(|word| *word == piece.folded())
            // A remark, not a name.
            && !(text.starts_with('(') && text.ends_with(')'))
            && !text.contains(';')
            && (words == 1 || text.split_whitespace().any(|word| !word.starts_with(char::is_lowercase)))
            && !is_attention(text)
            && !piece.is_town()
            && !is_country(text)
            && !text.starts_with("P.P.")
            && !self.is_in_head_of_table(piece)
            && !piece.is_street()
            && !is_address(text)
            && !says_capital(text)
            && !begins_street(text)
            && !self.is_label(piece)
    }

    /// Whether a piece stands in a line of the words that head the columns of a table.
    fn is_in_head_of_table(&self, piece: &Piece) -> bool {
        let Some(line) = self.layout.tokens.get(piece.tokens.start).map(|token| token.line) else {
            return false;
        };
        let Some(line) = self.layout.lines.get(line) else { return false };
        let heads = |concept| {
            matches!(
                concept,
                Concept::Description | Concept::Quantity | Concept::UnitPrice | Concept::LineAmount
            )
        };
        let is_head = |label: &Found| {
            label.keys.iter().any(|(key, weight)| *weight >= 0.7 && concept_of(*key).is_some_and(heads))
        };
        let words = self.layout.tokens.get(line.tokens.clone()).unwrap_or_default();
        line.segments.len() > HEADS_MIN
            && !words.iter().any(|word| word.text.contains(|c: char| c.is_ascii_digit()))
            && self.labels_in(&line.tokens).filter(|label| is_head(label)).count() >= HEADS_MIN
    }

    /// Whether labels cover most of a piece.
    fn is_label(&self, piece: &Piece) -> bool {
        *piece.known.is_label.get_or_init(|| self.is_covered_by_labels(piece))
    }

    fn is_covered_by_labels(&self, piece: &Piece) -> bool {
        // `Dorfstraße 27` ends in a word that heads addresses elsewhere.
        let is_address = piece.is_street() || piece.is_town();
        // `7 place du Marché` is where somebody lives, whatever its words label elsewhere.
        if is_address && piece.text.starts_with(|c: char| c.is_ascii_digit()) && !piece.text.contains(':') {
            return false;
        }
        // `Transports Martin` is a name, although a word of it heads amounts.
        // `Order Details` is made of nothing but such words.
        let only_labels = piece
            .tokens
            .clone()
            .all(|token| self.labels_in(&piece.tokens).any(|label| label.tokens.contains(&token)));
        let is_named = piece.tokens.len() >= 2 && !piece.text.contains(':') && !only_labels;
        let counts = |key: usize| {
            let concept = concept_of(key);
            let is_of_address = is_address && concept == Some(Concept::Address);
            let is_of_name = is_named && matches!(concept, Some(Concept::Shipping | Concept::Description));
            !is_party(key) && !is_of_address && !is_of_name
        };
        let covered: usize = self
            .labels_in(&piece.tokens)
            .filter(|label| label.keys.iter().any(|(key, weight)| *weight >= 0.4 && counts(*key)))
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
        // `Web Services, Inc.` is made of words that label other things, and a name by its legal form.
        let is_firm = piece.firm() >= 0.8;
        starts
            || !is_firm && covered * 2 > piece.folded().chars().count()
            || self.labels_in(&piece.tokens).any(|label| {
                let says =
                    |(key, weight): &(usize, f32)| *weight >= if is_party(*key) { PERHAPS } else { 0.7 };
                label.tokens == piece.tokens && label.keys.iter().any(says)
            })
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
}

/// How many line heights below a name words stand, in the block that the name heads: none where they stand in
/// another column, or too far below.
pub(super) fn lines_under(layout: &Layout, name: Range<usize>, words: Range<usize>) -> Option<f32> {
    /// An address, a telephone, a mail and two numbers.
    const LINES_MAX: f32 = 14.0;
    /// What stands behind the name in its own stretch.
    const BEHIND: f32 = 0.5;
    const CLOSE_ABOVE: f32 = 3.2;
    let (head, token) = (layout.bounds(name.clone())?, layout.tokens.get(words.start)?);
    let line = layout.lines.get(layout.tokens.get(name.start)?.line)?;
    let at = layout.segments.get(token.segment)?.bounds;
    // `Firm S.A. – C.I.F. A95287231`
    if words.start >= name.end && layout.tokens.get(name.start)?.segment == token.segment {
        return Some(BEHIND);
    }
    let down = (at.y0 - head.y0) / line.height;
    // In a form the number may stand close above the name, which says less.
    let down = if down < 0.0 { -LINES_MAX / CLOSE_ABOVE * down } else { down };
    // `Name: Firm` begins where its key does.
    let key = layout.segments.get(layout.tokens.get(name.start)?.segment)?.bounds;
    let in_column = (at.x0 - head.x0).abs() < 2.0 * line.height
        || (at.x0 - key.x0).abs() < line.height
        || is_flush_right(at, head, line.height)
        || at.share_of_width(head) > 0.5;
    let same_page = layout.lines.get(token.line)?.page == line.page;
    (same_page && in_column && down > 0.0 && down < LINES_MAX).then_some(down)
}

/// Whether words are told and not called: they end with a full stop, and most of them are small.
fn is_sentence(text: &str) -> bool {
    let words = text.split_whitespace().count();
    let small = text.split_whitespace().filter(|word| word.starts_with(char::is_lowercase)).count();
    let is_end = text.starts_with(char::is_lowercase) && firm(text) < 0.5;
    text.ends_with('.') && (is_end || words >= 4 && 2 * small > words)
}

/// Whether words say who somebody is to the reader: `Votre agent général`, `Ihr Ansprechpartner`.
fn is_yours(text: &str) -> bool {
    const YOURS: [&str; 34] = [
        "your", "our", "my", "ihr", "ihre", "ihren", "unser", "unsere", "dein", "deine", "mein", "meine",
        "votre", "vos", "notre", "nos", "ton", "su", "sus", "nuestro", "nuestra", "vostro", "vostra", "vs",
        "nostro", "nostra", "uw", "onze", "ons", "jouw", "nasz", "nasza", "twoj", "twoja",
    ];
    let mut words = text.split_whitespace();
    words.next().is_some_and(|first| YOURS.contains(&fold(first).as_str()))
        && words.next().is_some()
        && firm(text) < 0.8
}

/// Whether a line is an address without a name: `ZA de la Gare, 29000 Quimper`.
fn is_address(text: &str) -> bool {
    text.rsplit_once(',').is_some_and(|(head, town)| {
        let has_number = head.contains(|c: char| c.is_ascii_digit());
        is_town(town) && (is_street(head) || (is_place(head) || has_number) && firm(head) < 0.8)
    })
}

fn is_party(key: usize) -> bool {
    concept_of(key).is_some_and(|concept| concept.kind() == Kind::Party)
}
