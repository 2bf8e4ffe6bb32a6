//! The shop of a receipt and its address: what stands at its head.

use std::ops::Range;

use super::super::dates;
use super::super::lexicon::{Concept, LEGAL_FORMS, TRADE_WORDS};
use super::super::plan::concept_of;
use super::super::text::{distance, fold};
use super::words::{begins_address, clean_name, firm};
use super::{Named, Parties};
use crate::layout::Token;

/// Lines of a headline are so much higher than the usual word, and no more than so much than each other.
const HEADLINE: f32 = 1.4;
const SAME_SIZE: f32 = 1.35;
/// A number in brackets behind a name that has so many digits is its registration.
const REGISTRATION_DIGITS: usize = 5;

/// As the scanner reads the two words of `Sdn Bhd`, folded: the right one first.
const PRIVATE: [&str; 6] = ["sdn", "son", "san", "sdh", "sdm", "5dn"];
const LIMITED: [&str; 7] = ["bhd", "bho", "bhi", "bhdi", "ghd", "8hd", "bnd"];
/// And its short form, as it is read: digits and signs for its two letters.
const SHORT: [&str; 6] = ["$/B", "5/B", "9/B", "S/8", "5/8", "9/8"];

/// The legal form put right wherever it stands in a name: where each of its two words is right or a known
/// misreading.
fn mend_legal_form(words: &mut [String]) {
    // It stands behind a name, and `9/8` behind one word alone is a fraction.
    for (index, word) in words.iter_mut().enumerate().filter(|(_, word)| SHORT.contains(&word.as_str())) {
        if index >= 2 || index == 1 && word.contains('B') {
            "S/B".clone_into(word);
        }
    }
    for index in 1..words.len() {
        let (first, second) = (fold(&words[index - 1]), fold(&words[index]));
        if PRIVATE.contains(&first.as_str()) && LIMITED.contains(&second.as_str()) {
            words[index - 1] = mended_word(&words[index - 1], PRIVATE[0], &first);
            words[index] = mended_word(&words[index], LIMITED[0], &second);
        }
    }
}

/// The word where it is spelled so, with the marks around it, or else as it is right.
fn mended_word(printed: &str, right: &str, folded: &str) -> String {
    if folded == right { printed.to_owned() } else { in_case_of(printed, right) }
}

/// In capitals, or with a capital, or small, as the printed word is.
fn in_case_of(printed: &str, word: &str) -> String {
    let mut letters = printed.chars().filter(|c| c.is_alphabetic());
    let first = letters.next();
    if !printed.chars().any(char::is_lowercase) {
        word.to_uppercase()
    } else if first.is_some_and(char::is_uppercase) {
        let mut chars = word.chars();
        chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
    } else {
        word.to_owned()
    }
}

/// Marks that the scanner reads for letters, in a word of capitals: no such word has them within.
fn mended_marks(word: &str) -> String {
    let is_capital = word.chars().filter(|c| c.is_uppercase()).count() >= 2
        && !word.chars().any(|c| c.is_lowercase() || c.is_ascii_digit());
    if !is_capital {
        return word.to_owned();
    }
    // An exclamation mark at the end may be one; a bar there is the edge of a frame.
    let end = word.trim_end_matches(['!', '|']).len();
    let mended = word[..end].chars().map(|c| match c {
        '¥' => 'Y',
        '!' | '|' => 'I',
        other => other,
    });
    mended.chain(word[end..].chars()).collect()
}

impl Parties<'_> {
    /// The shop of a receipt and its address.
    #[must_use]
    pub fn of_receipt(&self) -> (Option<Named>, Option<Named>) {
        let Some(page) = self.layout.pages.first() else { return (None, None) };
        // Specks and the lines of a logo are read as stray letters: they are no lines of the head.
        let says = |line: &usize| {
            let tokens = self.layout.lines[*line].tokens.clone();
            let words = self.layout.tokens.get(tokens.clone()).unwrap_or_default();
            let longest = words.iter().map(|word| word.folded.chars().count()).max().unwrap_or(0);
            longest >= 3 && self.layout.confidence(tokens) >= 0.3
        };
        let lines: Vec<usize> = page.lines.clone().filter(says).take(16).collect();
        let text = |line: usize| self.layout.text(self.layout.lines[line].tokens.clone());
        let texts: Vec<String> = lines.iter().map(|line| text(*line)).collect();
        // The address begins the head's end; a telephone, a date or a title does as well.
        let is_address: Vec<bool> = texts.iter().map(|text| begins_address(text)).collect();
        let is_end: Vec<bool> =
            lines.iter().zip(&texts).map(|(line, text)| self.ends_head(*line, text)).collect();
        let first_address = is_address.iter().position(|is| *is);
        let first_end = is_end.iter().position(|is| *is);
        let head_end =
            first_address.or(first_end).unwrap_or(3).min(first_end.unwrap_or(usize::MAX).max(1)).min(8);
        let mut ranked: Vec<(f32, usize)> = (0..head_end.max(1).min(lines.len()))
            .map(|index| (self.shop_score(lines[index], &texts[index], index, head_end), index))
            .collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let shop = ranked.first().filter(|(score, _)| *score > 0.1).map(|(score, index)| {
            let mut tokens = self.layout.lines[lines[*index]].tokens.clone();
            // A name that goes on: the legal form stands on a line of its own.
            if let Some(next) = texts.get(index + 1)
                && *index + 1 < head_end
                && (firm(&texts[*index]) < 0.8
                    && firm(&format!("x {next}")) >= 0.8
                    && self.shop_score(lines[index + 1], next, index + 1, head_end) > 0.2
                    || texts[*index].trim_end().ends_with('&'))
            {
                tokens.end = self.layout.lines[lines[index + 1]].tokens.end;
            } else if *index > 0 && self.goes_on(&lines, &texts, index - 1, head_end) {
                tokens.start = self.layout.lines[lines[index - 1]].tokens.start;
            }
            let tokens = self.trimmed(tokens);
            Named {
                text: clean_name(&self.mended(tokens.clone())),
                tokens,
                rest: Vec::new(),
                score: score.clamp(0.0, 1.0),
                next: ranked.get(1).map_or(0.0, |(score, _)| score.clamp(0.0, 1.0)),
                labelled: firm(&texts[*index]) >= 0.8,
                times: 1,
            }
        });
        let address = self.receipt_address(&lines, &texts, &is_end, first_address);
        (shop, address)
    }

    /// Whether the name of a shop begins on one line and goes on with the next, its legal form.
    fn goes_on(&self, lines: &[usize], texts: &[String], index: usize, head_end: usize) -> bool {
        let (first, next) = (&texts[index], &texts[index + 1]);
        let form_alone =
            firm(next) >= 0.8 && next.split_whitespace().count() <= 3 && fold(next).chars().count() <= 18;
        let clear = self.shop_score(lines[index], first, index, head_end) > 0.3
            && self.layout.confidence(self.layout.lines[lines[index]].tokens.clone()) > 0.6;
        let as_large = firm(next) >= 0.8 && self.is_one_headline(lines[index], lines[index + 1]);
        first.trim_end().ends_with('&') || clear && (form_alone || as_large)
    }

    /// Whether two lines, one below the other, are set in the same letters, larger than the rest.
    fn is_one_headline(&self, above: usize, below: usize) -> bool {
        let (above, below) = (&self.layout.lines[above].bounds, &self.layout.lines[below].bounds);
        let heights = [above.y1 - above.y0, below.y1 - below.y0];
        let (low, high) = (heights[0].min(heights[1]), heights[0].max(heights[1]));
        low >= HEADLINE * self.height && high <= SAME_SIZE * low && below.y0 - above.y1 <= high
    }

    /// Noise at the ends of a line: marks without letters or digits, single stray characters.
    fn trimmed(&self, mut tokens: Range<usize>) -> Range<usize> {
        let all = self.layout.tokens.get(tokens.clone()).unwrap_or_default();
        let capitals =
            all.iter().filter(|token| token.text.chars().all(|c| !c.is_lowercase())).count() * 2 > all.len();
        let last = tokens.end;
        let noise = |index: usize| {
            self.layout.tokens.get(index).is_none_or(|token| {
                let digits = token.folded.bytes().filter(u8::is_ascii_digit).count();
                let small = token.text.chars().all(char::is_lowercase) && token.folded.chars().count() <= 3;
                // A registration number is not part of the name that it follows.
                digits >= 4 && digits * 2 > token.folded.len() && last - index <= 2
                    || capitals && small
                    || token.folded.is_empty() && token.text != "&"
                    || token.confidence < 0.35
                        && token.folded.chars().count() <= 2
                        && !SHORT.contains(&token.text.as_str())
            })
        };
        // Nor is one in brackets, however many words the scanner made of it.
        let registration = |token: &Token| {
            token.text.starts_with('(')
                && token.text.bytes().filter(u8::is_ascii_digit).count() >= REGISTRATION_DIGITS
        };
        if let Some(name) = all.iter().position(registration).filter(|name| *name >= 2) {
            tokens.end = tokens.start + name;
        }
        while tokens.len() > 1 && noise(tokens.start) {
            tokens.start += 1;
        }
        while tokens.len() > 1 && noise(tokens.end - 1) {
            tokens.end -= 1;
        }
        tokens
    }

    /// A name as printed, with the generic words of it (legal form, trade) as they are spelled where
    /// the scanner was unsure of a letter.
    fn mended(&self, tokens: Range<usize>) -> String {
        let mut words: Vec<String> = self
            .layout
            .tokens
            .get(tokens)
            .unwrap_or_default()
            .iter()
            .map(|token| {
                let text = mended_marks(&token.text);
                let folded = fold(&text);
                let known = LEGAL_FORMS.iter().chain(TRADE_WORDS);
                let near = |form: &&&str| form.len() >= 7 && distance(form, &folded, 1) == Some(1);
                match known.clone().find(near) {
                    Some(form)
                        if folded.chars().count() >= 7
                            // Which letter was misread is plainer where none is missing.
                            && token.confidence < if form.len() == folded.len() { 0.96 } else { 0.9 }
                            && !known.clone().any(|word| *word == folded) =>
                    {
                        in_case_of(&text, form)
                    }
                    _ => text,
                }
            })
            .collect();
        mend_legal_form(&mut words);
        if let [.., first, second] = words.as_mut_slice() {
            let joined = fold(&format!("{first}{second}"));
            let near = distance(&joined, "sdnbhd", 2).is_some_and(|edits| edits > 0);
            if near && fold(first).chars().count() == 3 && (2..=4).contains(&fold(second).chars().count()) {
                (*first, *second) = (in_case_of(first, "sdn"), in_case_of(second, "bhd"));
            }
        }
        words.join(" ")
    }

    /// Whether a line is below the head of a receipt: telephone, registration, date or title.
    fn ends_head(&self, line: usize, text: &str) -> bool {
        let tokens = self.layout.lines[line].tokens.clone();
        let ends = [
            Concept::Phone,
            Concept::Fax,
            Concept::DocumentNumber,
            Concept::DocumentDate,
            Concept::TaxNumber,
            Concept::Total,
            Concept::Time,
            Concept::Quantity,
            Concept::Email,
            Concept::Website,
        ];
        let labelled = self.labels_in(&tokens).any(|label| {
            label.keys.iter().any(|(key, weight)| {
                *weight >= 0.7 && concept_of(*key).is_some_and(|concept| ends.contains(&concept))
            })
        });
        let folded = fold(text);
        let starts = [
            "tel",
            "fax",
            "gst",
            "sst",
            "hp",
            "taxinvoice",
            "invoice",
            "receipt",
            "cashbill",
            "simplified",
            "www",
            "email",
            "vat",
            "phone",
        ];
        labelled || starts.iter().any(|start| folded.starts_with(start)) || !dates::find(text).is_empty()
    }

    fn shop_score(&self, line: usize, text: &str, index: usize, head_end: usize) -> f32 {
        let tokens = self.layout.lines[line].tokens.clone();
        let confidence = self.layout.confidence(tokens.clone());
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let upper = letters.iter().filter(|c| c.is_uppercase()).count();
        if letters.len() < 3 || begins_address(text) || digits > letters.len() {
            return 0.0;
        }
        // `Firm Sdn Bhd (728515-M)`: the number under which it is registered is none of its name.
        let name = text.rsplit_once('(').map_or(text, |(name, behind)| {
            let digits = behind.chars().filter(char::is_ascii_digit).count();
            if digits >= 4 && !name.trim().is_empty() { name } else { text }
        });
        let mut score = 0.25 * confidence + 0.4 * firm(name);
        score += if upper * 10 >= letters.len() * 7 {
            0.2
        } else if text.starts_with(char::is_uppercase) {
            0.05
        } else {
            -0.1
        };
        // The line above the address is the name, unless that is the registration number.
        if index + 1 == head_end {
            score += 0.1;
        }
        score -= 0.02 * index as f32;
        let bracketed = text.trim_start().starts_with('(') || text.to_lowercase().contains("reg");
        if bracketed && digits >= 4 {
            score -= 0.6;
        }
        if confidence < 0.5 {
            score -= 0.25;
        }
        let greeting = [
            "welcome",
            "thankyou",
            "taxinvoice",
            "officialreceipt",
            "receipt",
            "invoice",
            "cashbill",
            "copy",
            "duplicate",
        ];
        if greeting.contains(&fold(text).as_str()) {
            score -= 0.6;
        }
        score
    }

    /// Whether what stands behind an address in its line begins here: a telephone, or a number that the law wants.
    fn ends_address(&self, index: usize) -> bool {
        let Some(token) = self.layout.tokens.get(index) else { return false };
        let text = token.text.as_str();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let dialled = text.starts_with('+') && digits >= 2
            || text.starts_with('0') && text.get(2..).is_some_and(|rest| rest.contains('-')) && digits >= 6;
        let keyed = text.ends_with(':') && matches!(token.folded.as_str(), "t" | "p" | "h" | "m" | "f");
        let ends = [Concept::Phone, Concept::Fax, Concept::TaxNumber, Concept::Email, Concept::Website];
        let labelled = self.labels_in(&(index..self.layout.lines[token.line].tokens.end)).any(|label| {
            let says = |(key, weight): &(usize, f32)| {
                *weight >= 0.7 && concept_of(*key).is_some_and(|concept| ends.contains(&concept))
            };
            label.tokens.start == index && label.keys.iter().any(says)
        });
        let next = self.layout.tokens.get(index + 1).map(|next| next.folded.as_str());
        let registered = matches!(token.folded.as_str(), "company" | "co" | "gst" | "sst" | "roc")
            && matches!(next, Some("reg" | "regno" | "registration" | "no" | "id"))
            || REGISTERED.contains(&token.folded.as_str());
        dialled || keyed || labelled || registered || self.is_dialled_line(index)
    }

    /// Whether a line begins here that is nothing but a telephone.
    fn is_dialled_line(&self, index: usize) -> bool {
        /// Longer than any postcode.
        const DIGITS_MIN: usize = 7;
        let line = self.layout.tokens.get(index).and_then(|token| self.layout.lines.get(token.line));
        let Some(line) = line.filter(|line| line.tokens.start == index) else { return false };
        let text = self.layout.text(line.tokens.clone());
        text.chars().filter(char::is_ascii_digit).count() >= DIGITS_MIN && !text.contains(char::is_alphabetic)
    }

    fn receipt_address(
        &self,
        lines: &[usize],
        texts: &[String],
        is_end: &[bool],
        first: Option<usize>,
    ) -> Option<Named> {
        let first = first?;
        let mut last = first;
        for index in first + 1..lines.len().min(first + 6) {
            let gap =
                self.layout.lines[lines[index]].bounds.y0 - self.layout.lines[lines[index - 1]].bounds.y1;
            let confidence = self.layout.confidence(self.layout.lines[lines[index]].tokens.clone());
            if is_end[index]
                || gap > 2.0 * self.height
                || confidence < 0.3
                || fold(&texts[index]).chars().count() < 3
            {
                break;
            }
            last = index;
        }
        let whole = self.layout.lines[lines[first]].tokens.start..self.layout.lines[lines[last]].tokens.end;
        let end = whole.clone().skip(1).find(|index| self.ends_address(*index)).unwrap_or(whole.end);
        let tokens = self.trimmed(whole.start..end);
        let words = self.layout.tokens.get(tokens.clone()).unwrap_or_default().iter();
        // Specks and the rules of a frame are read as marks that stand alone.
        let words =
            words.filter(|token| !token.folded.is_empty() || matches!(token.text.as_str(), "&" | "-"));
        let text = words.map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
        let postcode =
            text.split(|c: char| !c.is_ascii_digit()).any(|digits| (4..=6).contains(&digits.len()));
        let score = 0.4 + if postcode { 0.3 } else { 0.0 } + if last > first { 0.1 } else { 0.0 };
        Some(Named { text, tokens, rest: Vec::new(), score, next: 0.0, labelled: false, times: 1 })
    }
}

/// What says, without a label's colon, that a number of the shop or its telephone follows; and what heads a receipt.
const REGISTERED: [&str; 30] = [
    "nif",
    "nipc",
    "contribuinte",
    "cif",
    "piva",
    "tva",
    "btw",
    "kvk",
    "nip",
    "bdo",
    "regon",
    "abn",
    "acn",
    "gstin",
    "uid",
    "atu",
    "ustid",
    "ustidnr",
    "steuernr",
    "stnr",
    "siret",
    "rcs",
    "tin",
    "tfno",
    "tlf",
    "tlfn",
    "telf",
    "ph",
    "ticket",
    "kassenbon",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_in_capitals_are_letters() {
        for (read, printed) in [
            ("COMPAN¥", "COMPANY"),
            ("ELECTR|CAL", "ELECTRICAL"),
            ("D!Y", "DIY"),
            ("SALE!", "SALE!"),
            ("Hi!", "Hi!"),
            ("¥500", "¥500"),
            ("A|", "A|"),
        ] {
            assert_eq!(mended_marks(read), printed);
        }
    }

    #[test]
    fn a_misread_legal_form_is_put_right_in_its_case() {
        for (read, printed) in [
            ("PAPER SON BHD", "PAPER SDN BHD"),
            ("PAPER SDN. BHO (123)", "PAPER SDN. BHD (123)"),
            ("Paper San Bhd", "Paper Sdn Bhd"),
            ("PAPER SDH GHD", "PAPER SDN BHD"),
            ("PAPER $/B", "PAPER S/B"),
            ("PAPER 5/B", "PAPER S/B"),
            ("SON OF PAPER", "SON OF PAPER"),
            ("SAN MARCO CAFE", "SAN MARCO CAFE"),
        ] {
            let mut words: Vec<String> = read.split(' ').map(str::to_owned).collect();
            mend_legal_form(&mut words);
            assert_eq!(words.join(" "), printed);
        }
    }
}
