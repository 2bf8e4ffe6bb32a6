//! What TeX's fonts of outlines or dots draw, told by their codes.
//!
//! LaTeX without scalable fonts makes fonts of type 3, in which nothing names the characters but their place in
//! TeX's own encodings. The two that are common (the original one and T1) agree on letters and digits, and differ in what is
//! rarer; where they do, the reading is taken that documents need more often. Other programs number the glyphs
//! of such fonts as they come to use them: [`is_prose`] tells whether the words came out as words.

/// Of words of three letters and more, so many must look like words.
const WORDS_MIN: usize = 8;
const PROSE_MIN: f64 = 0.85;

/// The letters of T1 from 0x80: capitals, and from 0xA0 small ones. A blank is none of a document's.
const EASTERN_CAPITALS: &str = "ĂĄĆČĎĚĘĞĹĽŁŃŇŊŐŔŘŚŠŞŤŢŰŮŸŹŽŻĲİđ§";
const EASTERN_SMALL: &str = "ăąćčďěęğĺľłńňŋőŕřśšşťţűůÿźžżĳ¡¿€";

/// The two dots of the original encoding, which are drawn before the letter that they belong to.
pub(super) const DIAERESIS: &str = "\u{308}";

/// What a code stands for. None where the encodings differ too much to tell.
pub(super) fn text(code: u32) -> Option<String> {
    let of = |table: &str, first: u32| table.chars().nth(usize::try_from(code - first).ok()?);
    let character = match code {
        0x0B | 0x1B => return Some("ff".to_owned()),
        0x0C | 0x1C => return Some("fi".to_owned()),
        0x0D | 0x1D => return Some("fl".to_owned()),
        0x0E | 0x1E => return Some("ffi".to_owned()),
        0x0F | 0x1F => return Some("ffl".to_owned()),
        0x15 | 0x7B => '–',
        0x16 => '—',
        // In the other encoding a dotless i, which stands only below an accent.
        0x19 | 0xFF => 'ß',
        0x5C => '"',
        0x7F => return Some(DIAERESIS.to_owned()),
        0x21..=0x7E => char::from_u32(code)?,
        0x80..=0x9F => of(EASTERN_CAPITALS, 0x80)?,
        0xA0..=0xBF => of(EASTERN_SMALL, 0xA0)?,
        0xD7 => 'Œ',
        0xF7 => 'œ',
        0xDF => return Some("SS".to_owned()),
        0xC0..=0xFE => char::from_u32(code)?,
        _ => return None,
    };
    Some(character.to_string())
}

/// Whether words that were read by their codes are words: most have a vowel and no capital after a small letter.
pub(super) fn is_prose<'a>(words: impl Iterator<Item = &'a str>) -> bool {
    let (mut count, mut good) = (0_usize, 0_usize);
    for word in words {
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
        if letters.len() < 3 || letters.len() * 3 < word.chars().count() * 2 {
            continue;
        }
        count += 1;
        let has_vowel =
            letters.iter().flat_map(|c| c.to_lowercase()).any(|c| "aeiouyäöüáéíóúàèìòùâêîôûęąœ".contains(c));
        let is_mixed = letters.windows(2).any(|pair| pair[0].is_lowercase() && pair[1].is_uppercase());
        good += usize::from(has_vowel && !is_mixed);
    }
    #[expect(clippy::cast_precision_loss, reason = "words of a page fit a float")]
    let share = good as f64 / count.max(1) as f64;
    count >= WORDS_MIN && share >= PROSE_MIN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_both_encodings_share_and_what_documents_need() {
        let read = |codes: &[u32]| codes.iter().filter_map(|code| text(*code)).collect::<String>();
        assert_eq!(read(b"Rechnung-1".map(u32::from).as_slice()), "Rechnung-1");
        assert_eq!(read(&[0x42, 0x72, 0xFC, 0x63, 0x6B, 0x65]), "Brücke");
        assert_eq!(read(&[0x57, 0x61, 0x0C, 0x1C]), "Wafifi");
        assert_eq!(read(&[0x8A, 0xF3, 0x64, 0xB9]), "Łódź");
        assert_eq!(read(&[0xBF]), "€");
        assert_eq!(text(0x02), None);
        assert_eq!((EASTERN_CAPITALS.chars().count(), EASTERN_SMALL.chars().count()), (32, 32));
    }

    #[test]
    fn glyphs_that_were_numbered_as_they_came_give_no_prose() {
        let page = "Rechnung 2019 Montagearbeiten am Ort Anfahrtspauschale Zwischensumme MwSt Insgesamt Betrag Telefon \
                    Kunde Datum Steuer Netto Menge Preis Einheit Zahlung Lieferung";
        assert!(is_prose(page.split(' ')));
        let mut seen: Vec<char> = Vec::new();
        let numbered: String = page
            .chars()
            .map(|c| {
                if c == ' ' {
                    return c;
                }
                let at = seen.iter().position(|known| *known == c).unwrap_or_else(|| {
                    seen.push(c);
                    seen.len() - 1
                });
                char::from_u32(0x41 + u32::try_from(at).unwrap()).unwrap()
            })
            .collect();
        assert!(!is_prose(numbered.split(' ')), "{numbered}");
    }
}
