//! Values with a form of their own: IBAN, VAT id, e-mail, telephone.
//!
//! An IBAN is one only if its check digits are right; the others are checked by form.

use std::sync::LazyLock;

use regex::Regex;

/// The IBAN that a text is, without spaces, if its check digits are right.
#[must_use]
pub fn iban(text: &str) -> Option<String> {
    let compact: String =
        text.chars().filter(|c| !c.is_whitespace()).collect::<String>().to_ascii_uppercase();
    let bytes = compact.as_bytes();
    let form = (15..=34).contains(&bytes.len())
        && bytes[..2].iter().all(u8::is_ascii_alphabetic)
        && bytes[2..4].iter().all(u8::is_ascii_digit)
        && bytes.iter().all(u8::is_ascii_alphanumeric);
    if !form || iban_chars(&compact).is_some_and(|chars| chars != bytes.len()) {
        return None;
    }
    let rest = bytes[4..].iter().chain(&bytes[..4]).try_fold(0_u32, |rest, byte| {
        let digit = char::from(*byte).to_digit(36)?;
        Some((rest * if digit > 9 { 100 } else { 10 } + digit) % 97)
    })?;
    (rest == 1).then_some(compact)
}

/// How many characters the IBANs of a country have: the beginning of one can have right check digits by chance.
#[must_use]
pub fn iban_chars(text: &str) -> Option<usize> {
    let country = text.get(..2)?;
    IBAN_CHARS.iter().find(|(known, _)| *known == country).map(|(_, chars)| *chars)
}

/// From the registry of ISO 13616.
const IBAN_CHARS: [(&str, usize); 45] = [
    ("AD", 24),
    ("AE", 23),
    ("AL", 28),
    ("AT", 20),
    ("BA", 20),
    ("BE", 16),
    ("BG", 22),
    ("BR", 29),
    ("CH", 21),
    ("CY", 28),
    ("CZ", 24),
    ("DE", 22),
    ("DK", 18),
    ("EE", 20),
    ("ES", 24),
    ("FI", 18),
    ("FR", 27),
    ("GB", 22),
    ("GI", 23),
    ("GR", 27),
    ("HR", 21),
    ("HU", 28),
    ("IE", 22),
    ("IL", 23),
    ("IS", 26),
    ("IT", 27),
    ("LI", 21),
    ("LT", 20),
    ("LU", 20),
    ("LV", 21),
    ("MC", 27),
    ("ME", 22),
    ("MK", 19),
    ("MT", 31),
    ("NL", 18),
    ("NO", 15),
    ("PL", 28),
    ("PT", 25),
    ("RO", 24),
    ("RS", 22),
    ("SE", 24),
    ("SI", 19),
    ("SK", 24),
    ("SM", 27),
    ("TR", 26),
];

/// The code of a bank (ISO 9362) that a word is: four letters, a country, a place, and perhaps a branch.
#[must_use]
pub fn bic(word: &str) -> Option<&str> {
    let bytes = word.as_bytes();
    let form = matches!(bytes.len(), 8 | 11)
        && bytes[..6].iter().all(u8::is_ascii_uppercase)
        && bytes[6..].iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
    let country = form.then(|| word.get(4..6))??;
    let has_banks = IBAN_CHARS.iter().any(|(known, _)| *known == country) || NO_IBAN.contains(&country);
    has_banks.then_some(word)
}

/// Countries whose banks have codes, and whose accounts have no IBAN.
const NO_IBAN: [&str; 22] = [
    "US", "CA", "MX", "AR", "CL", "CO", "PE", "UY", "AU", "NZ", "SG", "MY", "HK", "IN", "ID", "PH", "TH",
    "VN", "JP", "CN", "ZA", "KE",
];

/// VAT ids by country: the letters, then what must follow. Its digits are those of ASCII, which is all that it is
/// asked about, and makes it a tenth of the size.
static VAT_ID: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(
        r"(?x-u)^(?:
        ATU\d{8}|BE[01]?\d{9}|BG\d{9,10}|CHE\d{9}(?:MWST|TVA|IVA)?|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|
        E[LS][A-Z0-9]\d{7}[A-Z0-9]|EL\d{9}|FI\d{8}|FR[A-Z0-9]{2}\d{9}|GB(?:\d{9}|\d{12}|GD\d{3}|HA\d{3})|HR\d{11}|
        HU\d{8}|IE\d[A-Z0-9]\d{5}[A-Z]{1,2}|IT\d{11}|LT(?:\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|
        NO\d{9}(?:MVA)?|PL\d{10}|PT\d{9}|RO\d{2,10}|SE\d{12}|SI\d{8}|SK\d{10}|XI\d{9})$",
    )
    .ok()
});

/// The VAT id that a text is, without spaces and marks.
#[must_use]
pub fn vat_id(text: &str) -> Option<String> {
    let compact: String =
        text.chars().filter(|c| c.is_ascii_alphanumeric()).collect::<String>().to_ascii_uppercase();
    (VAT_ID.as_ref()?.is_match(&compact) || is_spanish_tax_id(&compact)).then_some(compact)
}

/// Whether a text is the tax id of a Spanish company, which is printed without its country as often as with it:
/// a letter, seven digits, and a check character that is right.
fn is_spanish_tax_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    let form = bytes.len() == 9
        && b"ABCDEFGHJNPQRSUVW".contains(&bytes[0])
        && bytes[1..8].iter().all(u8::is_ascii_digit);
    if !form {
        return false;
    }
    let digit = |index: usize| u32::from(bytes[index] - b'0');
    let even: u32 = [2, 4, 6].map(digit).iter().sum();
    let odd: u32 = [1, 3, 5, 7].map(|index| digit(index) * 2 / 10 + digit(index) * 2 % 10).iter().sum();
    let check = (10 - (even + odd) % 10) % 10;
    let letter = b"JABCDEFGHI"[usize::try_from(check).unwrap_or_default()];
    u32::from(bytes[8]) == u32::from(b'0') + check || bytes[8] == letter
}

static EMAIL: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"[A-Za-z0-9._%+\-]{1,64}@[A-Za-z0-9\-]+(?:\.[A-Za-z0-9\-]+)*\.[A-Za-z]{2,24}").ok()
});

/// The first e-mail address in a word.
#[must_use]
pub fn email(word: &str) -> Option<&str> {
    EMAIL.as_ref()?.find(word).map(|found| found.as_str())
}

/// The name that a web or mail address of a company has, without `www.` and the country's ending:
/// `info@my-shop.co.uk` gives `myshop`. Addresses at the large mail providers tell nothing.
#[must_use]
pub fn domain_name(word: &str) -> Option<String> {
    if !word.contains(['@', '.', '/']) {
        return None;
    }
    let lower = word.to_lowercase();
    let host = match lower.rsplit_once('@') {
        Some((_, host)) => host,
        None => {
            let at = lower.find("www.").map(|at| at + 4).or_else(|| lower.find("://").map(|at| at + 3))?;
            lower[at..].trim_start_matches("www.")
        }
    };
    let host: &str = host.split(|c: char| !c.is_alphanumeric() && c != '.' && c != '-').next()?;
    let labels: Vec<&str> = host.trim_matches('.').split('.').collect();
    let name = match labels.as_slice() {
        [.., name, "co" | "com" | "org" | "net", last] if last.len() == 2 => name,
        [.., name, _] => name,
        _ => return None,
    };
    let common = [
        "gmail",
        "googlemail",
        "hotmail",
        "outlook",
        "yahoo",
        "gmx",
        "web",
        "example",
        "localhost",
        "icloud",
    ];
    let name: String = name.chars().filter(|c| c.is_alphanumeric()).collect();
    (name.chars().count() >= 3 && !common.contains(&name.as_str())).then_some(name)
}

/// A telephone number as printed, white space folded, if the text can be one.
#[must_use]
pub fn phone(text: &str) -> Option<String> {
    let text = text.trim_matches(|c: char| c.is_whitespace() || matches!(c, ':' | ',' | ';' | '|'));
    let text = text.trim_end_matches('.');
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let form = text
        .chars()
        .all(|c| c.is_ascii_digit() || matches!(c, '+' | '(' | ')' | '-' | '–' | '/' | '.' | ' '));
    let start = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '('));
    ((6..=16).contains(&digits) && form && start)
        .then(|| text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_iban_is_as_long_as_its_country_has_them() {
        // The first 20 characters have right check digits by chance.
        assert_eq!(iban("GB50 BARC 1343 8667 4754"), None);
        assert_eq!(iban("GB50 BARC 1343 8667 4754 85").as_deref(), Some("GB50BARC13438667475485"));
    }

    #[test]
    fn a_bank_code_names_a_country() {
        assert_eq!(bic("COBADEFF"), Some("COBADEFF"));
        assert_eq!(bic("CCBPFRPPLYO"), Some("CCBPFRPPLYO"));
        assert_eq!(bic("ANSCHRIFT"), None);
        assert_eq!(bic("RECHNUNG"), None);
    }

    #[test]
    fn a_spanish_id_without_its_country_needs_a_right_check_digit() {
        assert_eq!(vat_id("B31847206"), None);
        assert_eq!(vat_id("A58818501").as_deref(), Some("A58818501"));
    }

    #[test]
    fn an_iban_needs_right_check_digits() {
        assert_eq!(iban("DE89 3704 0044 0532 0130 00").as_deref(), Some("DE89370400440532013000"));
        assert_eq!(iban("GB82WEST12345698765432").as_deref(), Some("GB82WEST12345698765432"));
        assert_eq!(iban("DE88 3704 0044 0532 0130 00"), None);
        assert_eq!(iban("DE89"), None);
    }

    #[test]
    fn vat_ids_are_known_by_country() {
        for (text, id) in [
            ("DE 123 456 789", Some("DE123456789")),
            ("NL810433941B01", Some("NL810433941B01")),
            ("FR 11 999999998", Some("FR11999999998")),
            ("ATU12345678", Some("ATU12345678")),
            ("DE12345", None),
            ("XX123456789", None),
        ] {
            assert_eq!(vat_id(text).as_deref(), id, "{text}");
        }
    }

    #[test]
    fn addresses_and_telephones() {
        assert_eq!(email("<info@my-shop.co.uk>;"), Some("info@my-shop.co.uk"));
        assert_eq!(email("info@shop"), None);
        assert_eq!(domain_name("info@my-shop.co.uk").as_deref(), Some("myshop"));
        assert_eq!(domain_name("http://www.my-shop.de/contact").as_deref(), Some("myshop"));
        assert_eq!(domain_name("me@gmail.com"), None);
        assert_eq!(phone("+49 (0)711 / 508 855-24").as_deref(), Some("+49 (0)711 / 508 855-24"));
        assert_eq!(phone("12345"), None);
        assert_eq!(phone("Tel 555 1234"), None);
    }

    proptest! {
        #[test]
        fn no_text_breaks_them(text in "\\PC{0,60}") {
            let _ = (iban(&text), vat_id(&text), email(&text), domain_name(&text), phone(&text));
        }
    }
}
