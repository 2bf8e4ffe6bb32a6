//! Comparing text as a person does: case, accents, punctuation and a misread letter do not matter.

use unicode_normalization::UnicodeNormalization;

/// Letters and digits only, lower case, accents removed (`Fälligkeit:` becomes `falligkeit`).
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    if text.is_ascii() {
        folded.extend(text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()));
        return folded;
    }
    for c in text.nfkd() {
        match c {
            'ß' => folded.push_str("ss"),
            'ł' | 'Ł' => folded.push('l'),
            'ø' | 'Ø' => folded.push('o'),
            'đ' | 'Đ' => folded.push('d'),
            'æ' | 'Æ' => folded.push_str("ae"),
            'œ' | 'Œ' => folded.push_str("oe"),
            c if c.is_alphanumeric() => folded.extend(c.to_lowercase()),
            _ => {}
        }
    }
    folded
}

/// The number of edits between two short words, or none when it is more than `most`.
#[must_use]
pub fn distance(a: &str, b: &str, most: usize) -> Option<usize> {
    let (a, b) = without_common_ends(a, b);
    let (a_chars, b_chars) = (a.chars().count(), b.chars().count());
    if a_chars.abs_diff(b_chars) > most {
        return None;
    }
    if a_chars == 0 || b_chars == 0 {
        return Some(a_chars.max(b_chars));
    }
    // Both begin differently and end differently: one edit is enough for a single character only.
    match most {
        0 => return None,
        1 => return (a_chars == 1 && b_chars == 1).then_some(1),
        _ => {}
    }
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut corner = row[0];
        row[0] = i + 1;
        let mut least = row[0];
        for (j, y) in b.iter().enumerate() {
            let cost = (corner + usize::from(x != y)).min(row[j] + 1).min(row[j + 1] + 1);
            corner = row[j + 1];
            row[j + 1] = cost;
            least = least.min(cost);
        }
        if least > most {
            return None;
        }
    }
    row.last().copied().filter(|cost| *cost <= most)
}

/// A folded word that many others are measured against. Its distance from each takes some operations a character and
/// no memory: the column of edits is held as the bits of two numbers (Myers 1999, in Hyyrö's form).
#[derive(Debug)]
pub struct Measure<'a> {
    word: &'a str,
    /// Where each letter or digit stands in the word, a bit a place; none for a word that does not fit.
    places: Option<[u64; 36]>,
}

impl<'a> Measure<'a> {
    #[must_use]
    pub fn of(word: &'a str) -> Self {
        let mut places = [0; 36];
        let fits = !word.is_empty() && word.len() <= u64::BITS as usize;
        let known = word.bytes().enumerate().all(|(at, byte)| {
            let places = places.get_mut(letter(byte).trailing_zeros() as usize);
            places.is_some_and(|places| {
                *places |= 1_u64.checked_shl(at as u32).unwrap_or(0);
                true
            })
        });
        Self { word, places: (fits && known).then_some(places) }
    }

    /// The same as [`distance`] from this word.
    #[must_use]
    pub fn to(&self, other: &str, most: usize) -> Option<usize> {
        let (Some(places), true) = (&self.places, other.is_ascii()) else {
            return distance(self.word, other, most);
        };
        let (mut edits, last) = (self.word.len(), 1_u64 << (self.word.len() - 1));
        // Where the column of edits goes up and where it goes down from one place to the next.
        let (mut up, mut down) = (u64::MAX, 0_u64);
        for (byte, left) in other.bytes().zip((0..other.len()).rev()) {
            let same = places.get(letter(byte).trailing_zeros() as usize).copied().unwrap_or_default();
            let across = (((same & up).wrapping_add(up)) ^ up) | same;
            let (mut more, mut less) = (down | !(across | up), up & across);
            edits += usize::from(more & last != 0);
            edits -= usize::from(less & last != 0);
            if edits > most + left {
                return None;
            }
            more = more << 1 | 1;
            less <<= 1;
            let along = same | down;
            up = less | !(along | more);
            down = more & along;
        }
        (edits <= most).then_some(edits)
    }
}

/// What is left of two texts without what both begin and end with, which needs no edit.
fn without_common_ends<'a, 'b>(a: &'a str, b: &'b str) -> (&'a str, &'b str) {
    let same = |(a, b): &(u8, u8)| a == b;
    let mut start = a.bytes().zip(b.bytes()).take_while(same).count();
    while !(a.is_char_boundary(start) && b.is_char_boundary(start)) {
        start -= 1;
    }
    let (a, b) = (&a[start..], &b[start..]);
    let mut end = a.bytes().rev().zip(b.bytes().rev()).take_while(same).count();
    while !(a.is_char_boundary(a.len() - end) && b.is_char_boundary(b.len() - end)) {
        end -= 1;
    }
    (&a[..a.len() - end], &b[..b.len() - end])
}

/// Which letters and digits a folded word has: two words within `k` edits differ in at most `2k`.
#[must_use]
pub fn letters(folded: &str) -> u64 {
    folded.bytes().fold(0, |set, byte| set | letter(byte))
}

/// The same of a single byte.
#[must_use]
pub fn letter(byte: u8) -> u64 {
    match byte {
        b'a'..=b'z' => 1 << (byte - b'a'),
        b'0'..=b'9' => 1 << (26 + byte - b'0'),
        _ => 1 << 40,
    }
}

/// How many edits still count as the same label: a long word survives more misread letters.
#[must_use]
pub fn edits_allowed(chars: usize, ocr: bool) -> usize {
    match (ocr, chars) {
        (true, 4..=6) => 1,
        (true, 7..=10) => 2,
        (true, 11..) => 3,
        (false, 7..) => 1,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accents_case_and_marks_fold_away() {
        for (text, folded) in [
            ("Fälligkeit:", "falligkeit"),
            ("N° de série", "ndeserie"),
            ("Straße", "strasse"),
            ("Należność", "naleznosc"),
            ("ﬁnal", "final"),
            ("***", ""),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    proptest::proptest! {
        #[test]
        fn a_measure_and_the_distance_say_the_same(
            word in "[a-e0-2ż]{0,12}|[a-c]{60,70}", other in "[a-e0-2ż]{0,12}|[a-c]{58,70}", most in 0..12_usize,
        ) {
            proptest::prop_assert_eq!(Measure::of(&word).to(&other, most), distance(&word, &other, most));
        }
    }

    #[test]
    fn distance_counts_edits_up_to_a_limit() {
        assert_eq!(distance("total", "t0tal", 1), Some(1));
        assert_eq!(distance("total", "otal", 1), Some(1));
        assert_eq!(distance("total", "change", 2), None);
        assert_eq!(distance("", "", 0), Some(0));
    }
}
