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

    #[test]
    fn distance_counts_edits_up_to_a_limit() {
        assert_eq!(distance("total", "t0tal", 1), Some(1));
        assert_eq!(distance("total", "otal", 1), Some(1));
        assert_eq!(distance("total", "change", 2), None);
        assert_eq!(distance("", "", 0), Some(0));
    }
}
