//! Numbers and amounts of money as documents print them.
//!
//! `1.234,56`, `1,234.56`, `1 234,56`, `1'234.50` and `1,00,000.00` are all read exactly, as
//! decimals with the printed places. A number that can be read two ways (`1.234`) is read as the
//! rest of the document writes its decimals. Nothing goes through a binary float.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use rust_decimal::Decimal;

/// Which mark a document puts before the cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DecimalMark {
    Point,
    Comma,
    #[default]
    Unknown,
}

/// A number as printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Amount {
    pub value: Decimal,
    /// ISO 4217, when a sign or a code stands with the number.
    pub currency: Option<&'static str>,
    /// How many places were printed.
    pub places: u32,
    pub percent: bool,
    /// Letters stood beside the digits that are no currency (`20 Stk`, a tax code): less likely money.
    pub marked: bool,
}

/// Signs and codes, folded to lower case, and the ISO code that they mean. A sign that several
/// currencies share has the commonest one.
const CURRENCIES: [(&str, &str); 64] = [
    ("€", "EUR"),
    ("eur", "EUR"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("$", "USD"),
    ("us$", "USD"),
    ("usd", "USD"),
    ("£", "GBP"),
    ("gbp", "GBP"),
    ("chf", "CHF"),
    ("sfr", "CHF"),
    ("fr.", "CHF"),
    ("rm", "MYR"),
    ("myr", "MYR"),
    ("rs", "INR"),
    ("rs.", "INR"),
    ("inr", "INR"),
    ("₹", "INR"),
    ("zł", "PLN"),
    ("zl", "PLN"),
    ("pln", "PLN"),
    ("kč", "CZK"),
    ("czk", "CZK"),
    ("sek", "SEK"),
    ("nok", "NOK"),
    ("dkk", "DKK"),
    ("¥", "JPY"),
    ("jpy", "JPY"),
    ("cny", "CNY"),
    ("rmb", "CNY"),
    ("s$", "SGD"),
    ("sgd", "SGD"),
    ("a$", "AUD"),
    ("au$", "AUD"),
    ("aud", "AUD"),
    ("c$", "CAD"),
    ("ca$", "CAD"),
    ("cad", "CAD"),
    ("nz$", "NZD"),
    ("nzd", "NZD"),
    ("hk$", "HKD"),
    ("hkd", "HKD"),
    ("r$", "BRL"),
    ("brl", "BRL"),
    ("mxn", "MXN"),
    ("zar", "ZAR"),
    ("huf", "HUF"),
    ("ft", "HUF"),
    ("ron", "RON"),
    ("lei", "RON"),
    ("bgn", "BGN"),
    ("try", "TRY"),
    ("₺", "TRY"),
    ("rp", "IDR"),
    ("rp.", "IDR"),
    ("idr", "IDR"),
    ("thb", "THB"),
    ("฿", "THB"),
    ("php", "PHP"),
    ("₱", "PHP"),
    ("₩", "KRW"),
    ("krw", "KRW"),
    ("aed", "AED"),
    ("sar", "SAR"),
];

static CODES: LazyLock<HashMap<&str, &str>> = LazyLock::new(|| CURRENCIES.into());

/// Characters of the longest of them.
const SIGN_CHARS_MAX: usize = 5;

/// The ISO code of a currency sign or code that is the whole word.
#[must_use]
pub fn currency(word: &str) -> Option<&'static str> {
    let word =
        word.trim_matches(|c: char| matches!(c, ':' | '(' | ')' | '[' | ']' | ',' | ';' | '/' | '*' | '='));
    // No sign begins with a digit or has more letters: most words are told by that.
    if word.starts_with(|c: char| c.is_ascii_digit()) || word.chars().nth(SIGN_CHARS_MAX).is_some() {
        return None;
    }
    let mut ascii = [0; SIGN_CHARS_MAX];
    let lower: Cow<'_, str> = match ascii.get_mut(..word.len()).filter(|_| word.is_ascii()) {
        Some(lower) => {
            lower.copy_from_slice(word.as_bytes());
            lower.make_ascii_lowercase();
            String::from_utf8_lossy(lower)
        }
        None => word.to_lowercase().into(),
    };
    let lower = lower.as_ref();
    // Two-letter signs are common words in other languages; as money they are written with capitals.
    if matches!(lower, "rm" | "try" | "sar" | "ron" | "php") && word.starts_with(char::is_lowercase) {
        return None;
    }
    // A forint is written `Ft`: in capitals it is a bill in Portuguese, and in small letters a foot.
    if lower == "ft" && word != "Ft" {
        return None;
    }
    CODES.get(lower).copied()
}

/// Reads one word as a number, or not. `mark` settles what can be read two ways.
#[must_use]
pub fn parse(word: &str, mark: DecimalMark) -> Option<Amount> {
    let trimmed =
        word.trim_matches(|c: char| matches!(c, '*' | ':' | ';' | '[' | ']' | '=' | '|' | '"' | '~' | '_'));
    let (rest, percent) = trimmed.strip_suffix('%').map_or((trimmed, false), |rest| (rest, true));
    let bracketed = rest.starts_with('(') && rest.ends_with(')');
    let rest = rest.trim_matches(|c: char| matches!(c, '(' | ')'));
    let first = rest.find(|c: char| c.is_ascii_digit())?;
    let last = rest.rfind(|c: char| c.is_ascii_digit())?;
    let (head, digits, tail) = (&rest[..first], &rest[first..=last], &rest[last + 1..]);
    let (head_sign, head_word) = strip_sign(head.trim_end_matches(['.', ',', '\'']));
    let (tail_sign, tail_word) = strip_sign(tail.trim_start_matches(['.', ',', '\'', '/']));
    let (head_currency, tail_currency) = (currency(head_word), currency(tail_word));
    // `-.50` has no digit before its mark; any other letters before the digits make it a code.
    if !head_word.is_empty() && head_currency.is_none() {
        return None;
    }
    let marked = !tail_word.is_empty() && tail_currency.is_none();
    if marked && (tail_word.chars().count() > 3 || !tail_word.chars().all(char::is_alphabetic)) {
        return None;
    }
    let (value, places) = decimal(digits, mark)?;
    let negative = head_sign || tail_sign || (bracketed && places == 2);
    Some(Amount {
        value: if negative { -value } else { value },
        currency: head_currency.or(tail_currency),
        places,
        percent,
        marked,
    })
}

/// An amount with cents in which the scanner read letters for digits, put right: none where fewer than half of
/// them are digits. A dollar is never a five.
#[must_use]
pub fn mend(word: &str) -> Option<String> {
    let digit = |c: char| match c {
        'O' | 'o' => Some('0'),
        'l' | 'I' => Some('1'),
        'Z' => Some('2'),
        'S' | '§' => Some('5'),
        'B' => Some('8'),
        other => other.is_ascii_digit().then_some(other),
    };
    let behind = word.chars().rev().position(|c| matches!(c, '.' | ','))?;
    let mended: String = word
        .chars()
        .map(|c| if matches!(c, '.' | ',') { Some(c) } else { digit(c) })
        .collect::<Option<_>>()?;
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let all = mended.chars().filter(char::is_ascii_digit).count();
    (behind == 2 && all > 2 && digits < all && digits * 2 >= all).then_some(mended)
}

/// Takes a sign off a text that may have one on either side of a currency (`-€`, `€ -`).
fn strip_sign(text: &str) -> (bool, &str) {
    let sign = |c: char| matches!(c, '-' | '−' | '–' | '+');
    let negative = text.contains(['-', '−', '–']);
    (negative, text.trim_matches(sign))
}

/// The mark that a number can only have read as decimal, if it tells: `9,90` tells, `1.234` does not.
#[must_use]
pub fn tells(word: &str) -> DecimalMark {
    if !word.bytes().any(|byte| byte.is_ascii_digit()) || !word.contains(['.', ',']) {
        return DecimalMark::Unknown;
    }
    let digits: String = word.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',')).collect();
    let digits = digits.trim_matches(['.', ',']);
    let Some(at) = digits.rfind(['.', ',']) else { return DecimalMark::Unknown };
    let whole = &digits[..at];
    let fits = digits.len() - at - 1 == 2 && whole.bytes().any(|byte| byte.is_ascii_digit());
    let point = digits.as_bytes()[at] == b'.';
    // Two marks of one kind are a date or a version, unless they group thousands before the other.
    if !fits || whole.contains(if point { '.' } else { ',' }) {
        return DecimalMark::Unknown;
    }
    if point { DecimalMark::Point } else { DecimalMark::Comma }
}

/// The value and the printed places of digits and marks.
fn decimal(digits: &str, mark: DecimalMark) -> Option<(Decimal, u32)> {
    let marks: Vec<(usize, char)> = digits.char_indices().filter(|(_, c)| !c.is_ascii_digit()).collect();
    if marks.iter().any(|(_, c)| !matches!(c, '.' | ',' | '\'' | '’' | ' ')) || digits.len() > 32 {
        return None;
    }
    let split = match marks.as_slice() {
        [] => None,
        [.., (at, last)] => decimal_at(digits, &marks, *at, *last, mark),
    };
    let (whole, cents) = split.map_or((digits, ""), |at| (&digits[..at], &digits[at + 1..]));
    if !grouped(whole) || cents.len() > 8 {
        return None;
    }
    let mut plain: String = whole.chars().filter(char::is_ascii_digit).collect();
    if !cents.is_empty() {
        plain.push('.');
        plain.push_str(cents);
    }
    let value: Decimal = plain.parse().ok()?;
    Some((value, u32::try_from(cents.len()).unwrap_or(0)))
}

/// The byte of the decimal mark, if the number has one.
fn decimal_at(
    digits: &str,
    marks: &[(usize, char)],
    at: usize,
    last: char,
    mark: DecimalMark,
) -> Option<usize> {
    if !matches!(last, '.' | ',') {
        return None;
    }
    let behind = digits.len() - at - 1;
    let same = marks.iter().filter(|(_, c)| *c == last).count();
    let others = marks.len() > same;
    if same > 1 {
        // 1.234.567 groups thousands, also where a scanner read a point for the last comma (1.234.56).
        return (behind == 2 && !others).then_some(at);
    }
    if others || behind != 3 || digits.starts_with('0') || at > 3 {
        return Some(at);
    }
    match (mark, last) {
        (DecimalMark::Point, '.') | (DecimalMark::Comma, ',') => Some(at),
        _ => None,
    }
}

/// Whether the whole part is plain digits, or groups of two or three after the first.
fn grouped(whole: &str) -> bool {
    let groups: Vec<&str> = whole.split(|c: char| !c.is_ascii_digit()).collect();
    match groups.as_slice() {
        [one] => (1..=15).contains(&one.len()),
        [first, middle @ .., last] => {
            (1..=3).contains(&first.len())
                && last.len() == 3
                && middle.iter().all(|group| matches!(group.len(), 2 | 3))
        }
        [] => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_keep_their_value_and_places() {
        for (word, value, code) in [
            ("1.234,56", "1234.56", None),
            ("1,234.56", "1234.56", None),
            ("1 234,56", "1234.56", None),
            ("1'234.50", "1234.50", None),
            ("1,00,000.00", "100000.00", None),
            ("€4.904,94", "4904.94", Some("EUR")),
            ("$4.11", "4.11", Some("USD")),
            ("-$4.11", "-4.11", Some("USD")),
            ("9,9000", "9.9000", None),
            ("0.025", "0.025", None),
            ("-20,48", "-20.48", None),
            ("20,48-", "-20.48", None),
            ("(1,250.00)", "-1250.00", None),
            ("RM60.30", "60.30", Some("MYR")),
            ("12,50€", "12.50", Some("EUR")),
            ("100CHF", "100", Some("CHF")),
            ("5.20S", "5.20", None),
            ("1.234.567", "1234567", None),
            ("120", "120", None),
        ] {
            let amount = parse(word, DecimalMark::Unknown).unwrap();
            assert_eq!((amount.value.to_string().as_str(), amount.currency), (value, code), "{word}");
        }
    }

    #[test]
    fn what_can_be_read_two_ways_follows_the_document() {
        let value = |word, mark| parse(word, mark).unwrap().value.to_string();
        assert_eq!(value("1.234", DecimalMark::Comma), "1234");
        assert_eq!(value("1.234", DecimalMark::Point), "1.234");
        assert_eq!(value("1,234", DecimalMark::Point), "1234");
        assert_eq!(value("1.234", DecimalMark::Unknown), "1234");
        assert_eq!(tells("9,90"), DecimalMark::Comma);
        assert_eq!(tells("1,234.56"), DecimalMark::Point);
        assert_eq!(tells("1.234"), DecimalMark::Unknown);
        assert_eq!(tells("05.03.13"), DecimalMark::Unknown);
    }

    #[test]
    fn what_is_no_amount() {
        for word in
            ["12:30", "2013/05", "AB12", "05.03.2013", "10-20", "", "-", "1.2.3.4", "12345678901234567890"]
        {
            assert_eq!(parse(word, DecimalMark::Unknown), None, "{word}");
        }
    }

    #[test]
    fn letters_among_the_digits_of_an_amount_are_mended() {
        for (read, printed) in [
            ("1§.90", Some("15.90")),
            ("S.90", Some("5.90")),
            ("l2,5O", Some("12,50")),
            ("1,2B0.0O", Some("1,280.00")),
            ("SO.S0", None),
            ("$2.50", None),
            ("OIL.50", None),
            ("RM5.90", None),
            ("15.90", None),
            ("1.S", None),
            (".5O", None),
        ] {
            assert_eq!(mend(read).as_deref(), printed, "{read}");
        }
    }

    #[test]
    fn currencies_are_named_by_sign_or_code() {
        assert_eq!(currency("EUR"), Some("EUR"));
        assert_eq!(currency("(RM)"), Some("MYR"));
        assert_eq!(currency("zł"), Some("PLN"));
        assert_eq!(currency("rm"), None);
        assert_eq!(currency("Ft"), Some("HUF"));
        for word in ["FT", "ft"] {
            assert_eq!(currency(word), None, "{word}");
        }
        assert_eq!(currency("total"), None);
    }

    proptest! {
        #[test]
        fn no_word_breaks_the_parser(word in "\\PC{0,40}") {
            let _ = parse(&word, DecimalMark::Unknown);
            let _ = tells(&word);
            let _ = mend(&word);
            let _ = currency(&word);
        }

        #[test]
        fn number_like_words_never_break_it(word in "[-(€$]{0,2}[0-9.,' ]{0,20}[%€a-z)-]{0,3}") {
            let _ = parse(&word, DecimalMark::Comma);
        }

        #[test]
        fn both_conventions_read_back(cents in 0_i64..1_000_000_000) {
            let value = Decimal::new(cents, 2);
            let plain = value.to_string();
            let (whole, places) = plain.split_once('.').unwrap();
            let mut grouped = String::new();
            for (index, digit) in whole.chars().enumerate() {
                if index > 0 && (whole.len() - index) % 3 == 0 {
                    grouped.push(',');
                }
                grouped.push(digit);
            }
            let english = format!("{grouped}.{places}");
            let german = format!("{},{places}", grouped.replace(',', "."));
            prop_assert_eq!(parse(&english, DecimalMark::Unknown).unwrap().value, value);
            prop_assert_eq!(parse(&german, DecimalMark::Unknown).unwrap().value, value);
        }
    }
}
