//! Whose account a statement is of: who is named behind a label, or whom the letter is sent to.

use std::collections::BTreeMap;
use std::ops::Range;

use super::super::labels::Key;
use super::super::text::fold;
use super::blocks::{NAME_KEYS, is_flush_right};
use super::invoice::is_bank;
use super::words::{is_street, is_town};
use super::{Named, Parties};

/// How well an address below it speaks for a name.
const ADDRESSED_SCORE: f32 = 0.7;
/// What a label of the field's own says at the least: its first word alone says less.
const LABEL_WEIGHT_MIN: f32 = 0.8;
/// A label in a sentence, or a name further away, is below this.
const LABELLED_MIN: f32 = 0.45;
/// A line of so many stretches is the head of a table.
const FORM_SEGMENTS_MAX: usize = 3;

impl Parties<'_> {
    /// Who is named by the labels of a key, the surest first.
    #[must_use]
    pub fn called(&self, wanted: Key) -> Option<Named> {
        let labelled = self.labelled_by(wanted, LABEL_WEIGHT_MIN);
        let (index, strength) = labelled
            .iter()
            .filter(|(index, strength)| **strength >= LABELLED_MIN && self.is_holder(**index))
            .max_by(|a, b| a.1.total_cmp(b.1).then(b.0.cmp(a.0)))?;
        self.holder(&[*index], *strength)
    }

    /// Who stands behind `Name:` in the upper half of the first page.
    #[must_use]
    pub fn after_name_key(&self) -> Option<Named> {
        let (index, _) = self.pieces.iter().enumerate().find(|(index, piece)| {
            let Some(next) = self.pieces.get(index + 1) else { return false };
            let token = |index: usize| self.layout.tokens.get(index);
            let line = token(piece.tokens.start).map(|token| token.line);
            let has_colon = token(piece.tokens.end.saturating_sub(1)).is_some_and(|t| t.text.ends_with(':'));
            let segments = line.and_then(|line| self.layout.lines.get(line)).map_or(0, |l| l.segments.len());
            self.is_upper(piece.tokens.start)
                && NAME_KEYS.contains(&piece.folded())
                && token(next.tokens.start).map(|token| token.line) == line
                && (has_colon || next.segment != piece.segment && segments <= FORM_SEGMENTS_MAX)
                && self.is_holder(index + 1)
        })?;
        self.holder(&[index + 1], ADDRESSED_SCORE + 0.1)
    }

    /// Whom a letter is sent to: the first name above an address in the upper half of the first page that is not the
    /// bank's. Of two, a person's before a firm's.
    #[must_use]
    pub fn addressee(&self) -> Option<Named> {
        let mut best: Option<(u8, Vec<usize>)> = None;
        for (head, town) in self.block_heads() {
            let lines = self.lines_of_block(head, town);
            let names = lines.iter().copied().take_while(|index| {
                let text = &self.pieces[*index].text;
                !is_street(text) && !is_town(text)
            });
            let mut names: Vec<usize> = names
                .skip_while(|index| !self.is_holder(*index) || is_title(&self.pieces[*index].text))
                .collect();
            let Some(first) = names.first().copied() else { continue };
            if !self.is_upper(self.pieces[first].tokens.start)
                || names.iter().any(|index| is_of_bank(&self.pieces[*index].text))
            {
                continue;
            }
            let name = &self.pieces[first];
            let rank = if begins_with_title(&name.text) { 2 } else { u8::from(name.firm() < 0.5) };
            // Of a couple the given names stand in a line of their own.
            let is_continued = names.get(1).is_some_and(|next| {
                let is_open = name.text.split_whitespace().next_back().is_some_and(is_between);
                name.rest.is_empty()
                    && (is_open || is_joint(&name.text) && is_joint(&self.pieces[*next].text))
            });
            names.truncate(if is_continued { 2 } else { 1 });
            if best.as_ref().is_none_or(|(known, _)| rank > *known) {
                best = Some((rank, names));
            }
        }
        let (_, names) = best?;
        self.holder(&names, ADDRESSED_SCORE)
    }

    /// The pieces from the head of a block to its town, in its column.
    fn lines_of_block(&self, head: usize, town: usize) -> Vec<usize> {
        let end = self.bounds(&self.pieces[town]);
        let in_column = |index: &usize| {
            let at = self.bounds(&self.pieces[*index]);
            (at.x0 - end.x0).abs() < 1.2 * self.height
                || is_flush_right(at, end, self.height)
                || (at.x0 + at.x1 - end.x0 - end.x1).abs() < 0.5 * self.height
        };
        (head..=town).filter(in_column).collect()
    }

    fn is_upper(&self, token: usize) -> bool {
        let Some(page) = self.layout.pages.first() else { return false };
        let Some(token) = self.layout.tokens.get(token) else { return false };
        page.lines.contains(&token.line) && token.bounds.y0 < 0.5 * page.height
    }

    /// Whether a piece can be the name of who holds an account: neither a label nor a bank.
    fn is_holder(&self, index: usize) -> bool {
        self.pieces.get(index).is_some_and(|piece| self.can_be_name(piece) && !is_bank(&piece.text))
    }

    /// The name that pieces below each other make, without its form of address.
    fn holder(&self, pieces: &[usize], score: f32) -> Option<Named> {
        let (first, others) = pieces.split_first()?;
        let mut named = self.named(&[(score, *first, 1)], 0.0, &BTreeMap::new())?;
        for index in others {
            let piece = &self.pieces[*index];
            named.text = format!("{} {}", named.text, piece.text);
            let more: Vec<Range<usize>> =
                std::iter::once(piece.tokens.clone()).chain(piece.rest.clone()).collect();
            named.rest.extend(more);
        }
        named.text = without_title(&named.text);
        Some(named)
    }
}

/// Forms of address, folded.
const TITLES: [&str; 30] = [
    "herr", "herrn", "frau", "mr", "mrs", "ms", "miss", "mx", "m", "mm", "mme", "mmes", "mlle", "melle",
    "monsieur", "madame", "de", "heer", "dhr", "mevr", "mevrouw", "mw", "sig", "sigra", "sr", "sra", "srta",
    "pan", "pani", "dna",
];
/// What stands between two persons, folded.
const BETWEEN: [&str; 11] = ["ou", "et", "and", "or", "und", "oder", "o", "e", "y", "en", "i"];

/// A name without the form of address before it: an account is held by a person, not by a title. Where two are
/// addressed, neither title can be left out.
fn without_title(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let titles = words.iter().take_while(|word| TITLES.contains(&fold(word).as_str())).count();
    // `de` alone begins a name, `de heer` addresses one.
    let only_particle = titles == 1 && words.first().is_some_and(|word| fold(word) == "de");
    let are_two = words
        .windows(2)
        .any(|pair| is_between(pair[0]) && fold(pair[1]) != "de" && TITLES.contains(&fold(pair[1]).as_str()));
    if only_particle || are_two || words.len() < titles + 2 {
        name.to_owned()
    } else {
        words[titles..].join(" ")
    }
}

fn is_between(word: &str) -> bool {
    word == "&" || BETWEEN.contains(&fold(word).as_str())
}

/// Whether a line names two persons: a word between two others joins them.
fn is_joint(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.len() >= 3 && words[1..words.len() - 1].iter().any(|word| is_between(word))
}

fn begins_with_title(text: &str) -> bool {
    without_title(text) != text
        || is_joint(text) && TITLES.contains(&fold(text.split(' ').next().unwrap_or_default()).as_str())
}

/// Whether a line is the title of a statement, its number or its day.
fn is_title(text: &str) -> bool {
    const TITLES: [&str; 12] = [
        "statement",
        "kontoauszug",
        "auszug",
        "releve",
        "extrait",
        "extracto",
        "estratto",
        "afschrift",
        "rekeningafschrift",
        "rekeningoverzicht",
        "extrato",
        "wyciag",
    ];
    text.chars().any(|c| c.is_ascii_digit())
        || text.split_whitespace().any(|word| TITLES.contains(&fold(word).as_str()))
}

/// Whether a line of a block's name says that a bank lives there.
fn is_of_bank(text: &str) -> bool {
    let folded = fold(text);
    is_bank(text)
        || ["buildingsociety", "creditunion", "creditmutuel", "creditagricole"]
            .iter()
            .any(|bank| folded.contains(bank))
        || text.split_whitespace().map(fold).any(|word| matches!(word.as_str(), "caja" | "caisse" | "cassa"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_holds_no_account_but_two_of_them_cannot_be_parted() {
        assert_eq!(without_title("Mme Odile Garnier"), "Odile Garnier");
        assert_eq!(without_title("de heer J. Visser"), "J. Visser");
        assert_eq!(without_title("de Vries Beheer"), "de Vries Beheer");
        assert_eq!(without_title("M ET MME GARNIER"), "M ET MME GARNIER");
        assert_eq!(without_title("Mr A Holm & Mrs B Holm"), "Mr A Holm & Mrs B Holm");
    }

    #[test]
    fn a_building_society_is_a_bank() {
        assert!(is_of_bank("Wold Valley Building Society"));
        assert!(is_of_bank("Caisse régionale du Haut-Val"));
        assert!(!is_of_bank("Society of Friends"));
    }
}
