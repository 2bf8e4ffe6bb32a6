//! Comparing text as a person does: case, accents, punctuation and a misread letter do not matter.

use unicode_normalization::UnicodeNormalization;

/// Letters and digits only, lower case, accents removed (`Fälligkeit:` becomes `falligkeit`).
#[must_use]
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
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
    let a: Vec<char> = a.chars().collect();
    let b: Vec<char> = b.chars().collect();
    if a.len().abs_diff(b.len()) > most {
        return None;
    }
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

/// Which letters and digits a folded word has: two words within `k` edits differ in at most `2k`.
#[must_use]
pub fn letters(folded: &str) -> u64 {
    folded.bytes().fold(0, |set, byte| match byte {
        b'a'..=b'z' => set | 1 << (byte - b'a'),
        b'0'..=b'9' => set | 1 << (26 + byte - b'0'),
        _ => set | 1 << 40,
    })
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
