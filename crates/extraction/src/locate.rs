//! Finds where a known value stands on the pages, in the ways in which people print it.
//!
//! Used for values that came from elsewhere: nothing is read here, only found again or not.

use rust_decimal::Decimal;

use crate::einvoice::Fact;
use crate::page::{Citation, Page, Word};

/// A company's name or an IBAN in groups of four has no more words than this.
const WORDS_MAX: usize = 12;

/// The place of the value, the last one for amounts, because totals stand below what they sum.
pub(crate) fn locate(fact: &Fact, pages: &[Page]) -> Option<Citation> {
    match fact {
        Fact::Text(text) => {
            let wanted = squeezed(text);
            if wanted.is_empty() {
                return None;
            }
            pages.iter().find_map(|page| run_of_words(page, &wanted))
        }
        Fact::Date(date) => {
            let printed = printed_dates(date)?;
            find_word(pages.iter(), |word| printed.iter().any(|form| *form == trimmed(&word.text)))
        }
        Fact::Number(number) => pages.iter().rev().find_map(|page| {
            let word = page.words.iter().rev().find(|word| amount(&word.text) == Some(number.abs()))?;
            Some(cite(page, std::slice::from_ref(word)))
        }),
    }
}

fn find_word<'a>(
    mut pages: impl Iterator<Item = &'a Page>,
    fits: impl Fn(&Word) -> bool,
) -> Option<Citation> {
    pages.find_map(|page| {
        let word = page.words.iter().find(|word| fits(word))?;
        Some(cite(page, std::slice::from_ref(word)))
    })
}

fn cite(page: &Page, words: &[Word]) -> Citation {
    let bbox = words.iter().skip(1).fold(words[0].bbox, |bounds, word| bounds.union(word.bbox));
    let text = words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
    Citation { page: page.number, bbox, text }
}

/// Consecutive words that say the text, however it is spaced.
fn run_of_words(page: &Page, wanted: &str) -> Option<Citation> {
    (0..page.words.len()).find_map(|start| {
        let mut rest = wanted;
        for (count, word) in page.words[start..].iter().enumerate().take(WORDS_MAX) {
            let piece = squeezed(&word.text);
            match rest.strip_prefix(piece.as_str()) {
                Some("") => return Some(cite(page, &page.words[start..=start + count])),
                Some(tail) if !piece.is_empty() || count > 0 => rest = tail,
                Some(_) | None => return None,
            }
        }
        None
    })
}

/// Letters and digits in lower case: what two spellings of one name have in common.
fn squeezed(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| !c.is_alphanumeric())
}

/// A date in the figures that are usual in Europe and America.
fn printed_dates(iso: &str) -> Option<Vec<String>> {
    let [year, month, day] = iso.split('-').collect::<Vec<_>>().try_into().ok()?;
    let short = |part: &str| part.trim_start_matches('0').to_owned();
    let short_year = year.get(2..)?;
    let mut forms = vec![iso.to_owned(), format!("{year}{month}{day}"), format!("{year}/{month}/{day}")];
    for sign in ['.', '/', '-'] {
        for y in [year, short_year] {
            forms.push(format!("{day}{sign}{month}{sign}{y}"));
            forms.push(format!("{}{sign}{}{sign}{y}", short(day), short(month)));
            forms.push(format!("{month}{sign}{day}{sign}{y}"));
        }
    }
    Some(forms)
}

/// The amount without its sign that a word prints: credit notes show minus where XML says plus. `1.234,56`, `1'234.56` and `€1,234.56` alike. The last sign that is
/// followed by one or two digits separates the decimals.
fn amount(text: &str) -> Option<Decimal> {
    let body: String = text.chars().filter(|c| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'')).collect();
    let body = body.trim_end_matches(['.', ',']);
    let decimals = body.rfind(['.', ',']).filter(|at| body.len() - at - 1 != 3);
    let digits: String = body
        .char_indices()
        .filter_map(|(at, c)| match c {
            c if c.is_ascii_digit() => Some(c),
            _ if Some(at) == decimals => Some('.'),
            _ => None,
        })
        .collect();
    digits.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::{BBox, TextSource};

    fn page(text: &str) -> Page {
        let bbox = BBox { x0: 0.1, y0: 0.1, x1: 0.2, y1: 0.2 };
        let words = text
            .split_whitespace()
            .map(|text| Word { text: text.to_owned(), bbox, confidence: 1.0 })
            .collect();
        Page { number: 1, width: 595.0, height: 842.0, source: TextSource::TextLayer, words }
    }

    fn found(fact: &Fact, text: &str) -> Option<String> {
        locate(fact, &[page(text)]).map(|citation| citation.text)
    }

    #[test]
    fn a_value_is_found_in_the_ways_in_which_it_is_printed() {
        let total = Fact::Number("1234.50".parse().unwrap());
        for printed in ["1.234,50", "1,234.50", "€1234.5", "1'234.50", "1234,50€"] {
            assert_eq!(found(&total, &format!("Summe {printed} EUR")).as_deref(), Some(printed));
        }
        assert_eq!(found(&total, "Summe 1.234,51"), None);
        let date = Fact::Date("2018-06-05".to_owned());
        for printed in ["05.06.2018", "5.6.18", "2018-06-05", "05/06/2018"] {
            assert_eq!(found(&date, &format!("Datum: {printed}")).as_deref(), Some(printed));
        }
        let name = Fact::Text("Lieferant GmbH".to_owned());
        assert_eq!(found(&name, "an LIEFERANT GmbH, Ort").as_deref(), Some("LIEFERANT GmbH,"));
        assert_eq!(found(&name, "Lieferant AG"), None);
        let iban = Fact::Text("DE12500105170648489890".to_owned());
        assert_eq!(found(&iban, "IBAN DE12 5001 0517 0648 4898 90").unwrap(), "DE12 5001 0517 0648 4898 90");
    }
}
