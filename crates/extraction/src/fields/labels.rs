//! Finding labels on the page.
//!
//! A label is looked for as the letters of up to seven words in a row within one segment, so
//! `Br uttosumme`, `Rechnungs-Nr.` and `INVOICE  NO:` are found as well as what a scanner misread.
//! Where one label lies within another, the longer one stands. The work is linear in the words of
//! the document: a word window is only compared with labels of about its length and letters.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use super::text::{Measure, distance, edits_allowed, fold, letter, letters};
use crate::layout::Layout;
use crate::page::TextSource;

/// What a label is for: an index that the caller gave.
pub type Key = usize;

/// A label of the document.
#[derive(Debug, Clone)]
pub struct Found {
    pub tokens: Range<usize>,
    /// What it may be for, and how much it says of each, 0–1.
    pub keys: Vec<(Key, f32)>,
    pub chars: usize,
}

impl Found {
    /// How much this label says of the one of these that it says most of; 0 for none of them.
    #[must_use]
    pub fn weight_for(&self, keys: &[Key]) -> f32 {
        let weights = self.keys.iter().filter(|(key, _)| keys.contains(key)).map(|(_, weight)| *weight);
        weights.fold(0.0, f32::max)
    }
}

/// All labels to look for.
#[derive(Debug, Default)]
pub struct Labels {
    /// Only looked up, never gone through: its order is that of the moment.
    exact: HashMap<String, Vec<(Key, f32)>>,
    /// By number of characters: most windows are told by it to be no label.
    outlines: Vec<Outline>,
    by_length: BTreeMap<usize, Vec<(u64, String)>>,
    /// Labels of [`LONG_CHARS_MIN`] or more by the bytes that they begin and end with, as their places in `by_length`,
    /// in order.
    by_start: HashMap<[u8; EDGE_BYTES], Vec<Place>>,
    by_end: HashMap<[u8; EDGE_BYTES], Vec<Place>>,
}

/// What labels of one length end with, as [`letters`] of a byte each, by what they begin with.
#[derive(Debug, Clone, Copy)]
struct Outline {
    last: [u64; 64],
}

impl Default for Outline {
    fn default() -> Self {
        Self { last: [0; 64] }
    }
}

impl Outline {
    /// The letter that a label begins with as a place in the outline, and the one that it ends with.
    fn ends(folded: &str) -> Option<(usize, u64)> {
        let (first, last) = (folded.bytes().next()?, folded.bytes().next_back()?);
        Some((letter(first).trailing_zeros() as usize, letter(last)))
    }

    fn add(&mut self, folded: &str) {
        if let Some((first, last)) = Self::ends(folded)
            && let Some(known) = self.last.get_mut(first)
        {
            *known |= last;
        }
    }

    /// Whether one of the labels may be this one.
    fn has(&self, folded: &str) -> bool {
        let known = |(first, last)| self.last.get(first).is_some_and(|known: &u64| known & last != 0);
        Self::ends(folded).is_some_and(known)
    }
}

/// A label's number of characters, and its index among those of as many.
type Place = (usize, usize);

/// Of two words of at least twice as many characters that one edit parts, the edit leaves so many at the beginning
/// or at the end as they are.
const EDGE_BYTES: usize = 3;
/// Shorter labels have to be printed as they are, unless a scanner read them.
const LONG_CHARS_MIN: usize = 7;

/// The most words that a label has.
const LABEL_WORDS_MAX: usize = 7;
/// A shorter label at the end of a word is an accident.
const SUFFIX_CHARS_MIN: usize = 7;
/// The most characters of a label, folded: longer ones never stand beside a value.
const LABEL_CHARS_MAX: usize = 48;

impl Labels {
    /// Adds a label; one that is there already keeps its greater weight.
    pub fn add(&mut self, label: &str, key: Key, weight: f32) {
        let folded = fold(label);
        let chars = folded.chars().count();
        if chars == 0 || chars > LABEL_CHARS_MAX {
            return;
        }
        if self.outlines.len() <= chars {
            self.outlines.resize(chars + 1, Outline::default());
        }
        self.outlines[chars].add(&folded);
        let keys = self.exact.entry(folded.clone()).or_default();
        if keys.is_empty() {
            let same_length = self.by_length.entry(chars).or_default();
            if let (true, Some((start, end))) = (chars >= LONG_CHARS_MIN, edges(&folded)) {
                let place = (chars, same_length.len());
                for places in [self.by_start.entry(start), self.by_end.entry(end)] {
                    let places = places.or_default();
                    places.insert(places.partition_point(|other| *other < place), place);
                }
            }
            same_length.push((letters(&folded), folded));
        }
        match keys.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => *known = known.max(weight),
            None => keys.push((key, weight)),
        }
    }

    /// Every label of the document, in reading order, none inside another.
    #[must_use]
    pub fn find(&self, layout: &Layout) -> Vec<Found> {
        let (mut all, mut here, mut window) = (Vec::new(), Vec::new(), String::new());
        for line in &layout.lines {
            let ocr = layout.pages.get(line.page).is_some_and(|page| page.source == TextSource::Ocr);
            here.clear();
            for segment in line.segments.clone() {
                let Some(segment) = layout.segments.get(segment) else { continue };
                for start in segment.tokens.clone() {
                    here.extend(self.longest_at(layout, start..segment.tokens.end, ocr, &mut window));
                }
            }
            // Longest first, so that `total gst` keeps `gst` from standing alone.
            here.sort_by(|a: &Found, b: &Found| {
                b.chars.cmp(&a.chars).then(a.tokens.start.cmp(&b.tokens.start))
            });
            let mut kept: Vec<Found> = Vec::new();
            for found in here.drain(..) {
                let overlaps = |other: &Found| {
                    found.tokens.start < other.tokens.end && other.tokens.start < found.tokens.end
                };
                if !kept.iter().any(overlaps) {
                    kept.push(found);
                }
            }
            kept.sort_by_key(|found| found.tokens.start);
            all.append(&mut kept);
        }
        all
    }

    /// The longest label that begins with a run of tokens. `window` is room to work in.
    fn longest_at(
        &self,
        layout: &Layout,
        tokens: Range<usize>,
        ocr: bool,
        window: &mut String,
    ) -> Option<Found> {
        window.clear();
        let (start, mut chars) = (tokens.start, 0);
        let mut best: Option<Found> = None;
        // The characters of the best one where it is printed as it is known.
        let mut exact = None;
        for (count, index) in tokens.take(LABEL_WORDS_MAX).enumerate() {
            let token = layout.tokens.get(index)?;
            if count == 0 && token.folded.is_empty() {
                return None;
            }
            window.push_str(&token.folded);
            chars += token.folded.chars().count();
            if chars > LABEL_CHARS_MAX {
                break;
            }
            if !token.folded.is_empty()
                && let Some((keys, quality)) = self.compare(window, chars, ocr, count == 0)
            {
                // What one more word differs by is no label's: in `Faktura nr FV 7` it belongs to the number.
                let edits = ((1.0 - quality) * chars as f32 / EDIT_COST).round() as usize;
                let is_of_number = token.text.bytes().all(|byte| {
                    byte.is_ascii_uppercase() || byte.is_ascii_digit() || matches!(byte, b'-' | b'/')
                });
                if is_of_number && exact.is_some_and(|exact| edits >= chars - exact) {
                    continue;
                }
                if edits == 0 {
                    exact = Some(chars);
                }
                let keys = keys.iter().map(|(key, weight)| (*key, weight * quality)).collect();
                best = Some(Found { tokens: start..index + 1, keys, chars });
            }
            // Nothing beyond a colon belongs to the same label.
            if token.text.ends_with(':') {
                break;
            }
        }
        best
    }

    fn compare(&self, window: &str, chars: usize, ocr: bool, one_word: bool) -> Option<(&[(Key, f32)], f32)> {
        let may_be = self.outlines.get(chars).is_some_and(|outline| outline.has(window));
        if may_be && let Some(keys) = self.exact.get(window) {
            return Some((keys, 1.0));
        }
        let digits = window.bytes().filter(u8::is_ascii_digit).count();
        if 2 * digits >= chars {
            return None;
        }
        let most = edits_allowed(chars, ocr);
        if !ocr {
            if chars < LONG_CHARS_MIN {
                return None;
            }
            let (start, end) = edges(window)?;
            let (starting, ending) = (self.by_start.get(&start), self.by_end.get(&end));
            // A compound that ends in a label: `Mietrechnung`, `Gesamtrechnungsbetrag`.
            if one_word && chars >= 10 && ending.is_some() {
                let mut tails = window.char_indices().skip(1).take(chars - SUFFIX_CHARS_MIN);
                if let Some(keys) = tails.find_map(|(at, _)| self.exact.get(&window[at..])) {
                    return Some((keys, 0.6));
                }
            }
            let label = self.one_edit_off(window, chars, [starting, ending])?;
            return self.exact.get(label).map(|keys| (keys.as_slice(), quality(1, chars)));
        }
        if most == 0 {
            return None;
        }
        let (set, measure) = (letters(window), Measure::of(window));
        let mut best: Option<(usize, &str)> = None;
        for (length, labels) in self.by_length.range(chars.saturating_sub(most)..=chars + most) {
            let allowed = edits_allowed(*length, ocr);
            for (other, label) in labels {
                if (set ^ other).count_ones() as usize > 2 * most {
                    continue;
                }
                let limit = best.map_or(most, |(edits, _)| edits.saturating_sub(1)).min(allowed);
                if let Some(edits) = measure.to(label, limit)
                    && edits > 0
                {
                    best = Some((edits, label));
                }
            }
            if best.is_some_and(|(edits, _)| edits <= 1) {
                break;
            }
        }
        let (edits, label) = best?;
        self.exact.get(label).map(|keys| (keys.as_slice(), quality(edits, chars)))
    }

    /// The label that one edit parts from a window of at least [`LONG_CHARS_MIN`] characters: the shortest, and of
    /// those the one that was added first. `places` are the labels that begin or end as the window does.
    fn one_edit_off(&self, window: &str, chars: usize, places: [Option<&Vec<Place>>; 2]) -> Option<&str> {
        let mut set = None;
        let mut best: Option<(Place, &str)> = None;
        let near = |places: &Vec<Place>| {
            let from = places.partition_point(|place| place.0 + 1 < chars);
            from..places.partition_point(|place| place.0 <= chars + 1)
        };
        let near = places.into_iter().flatten().filter_map(|places| places.get(near(places)));
        for place in near.flatten() {
            if best.is_some_and(|(first, _)| first <= *place) {
                continue;
            }
            let Some((other, label)) = self.by_length.get(&place.0).and_then(|labels| labels.get(place.1))
            else {
                continue;
            };
            if (*set.get_or_insert_with(|| letters(window)) ^ other).count_ones() <= 2
                && distance(window, label, 1) == Some(1)
            {
                best = Some((*place, label));
            }
        }
        best.map(|(_, label)| label)
    }
}

/// The bytes that a label begins and ends with.
fn edges(folded: &str) -> Option<([u8; EDGE_BYTES], [u8; EDGE_BYTES])> {
    let bytes = folded.as_bytes();
    Some((*bytes.first_chunk()?, *bytes.last_chunk()?))
}

/// What an edit costs, as a share of a label with one character.
const EDIT_COST: f32 = 1.2;

/// How much of a label there is in a window that so many edits part from it.
fn quality(edits: usize, chars: usize) -> f32 {
    1.0 - EDIT_COST * edits as f32 / chars as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layout::testing::{page, page_of};

    fn found(source: TextSource, line: &str) -> Vec<String> {
        let mut labels = Labels::default();
        for (key, label) in
            ["invoice number", "total", "total gst", "Rechnungsnummer", "bruttosumme"].iter().enumerate()
        {
            labels.add(label, key, 1.0);
        }
        let layout = Layout::of(&[page_of(source, &[line])]);
        labels.find(&layout).iter().map(|found| layout.text(found.tokens.clone())).collect()
    }

    #[test]
    fn case_spaces_and_marks_do_not_matter() {
        assert_eq!(found(TextSource::TextLayer, "INVOICE - NUMBER: 12"), ["INVOICE - NUMBER:"]);
        assert_eq!(found(TextSource::TextLayer, "Br uttosumme 12"), ["Br uttosumme"]);
    }

    #[test]
    fn the_longer_label_wins() {
        assert_eq!(found(TextSource::TextLayer, "Total GST 12"), ["Total GST"]);
    }

    #[test]
    fn a_scanner_may_misread_some_letters() {
        assert_eq!(found(TextSource::Ocr, "lnvo1ce Number 12"), ["lnvo1ce Number"]);
        assert_eq!(found(TextSource::Ocr, "TQTAL 12"), ["TQTAL"]);
        assert_eq!(found(TextSource::TextLayer, "Tonal 12"), Vec::<String>::new());
    }

    #[test]
    fn a_thousand_pages_of_nothing_give_nothing() {
        assert!(Labels::default().find(&Layout::of(&[page(&["a b c"])])).is_empty());
    }
}
