//! The shop of a receipt and its address: what stands at its head.

use std::ops::Range;

use super::super::amounts::{self, DecimalMark};
use super::super::dates;
use super::super::labels::Found;
use super::super::lexicon::{Concept, LEGAL_FORMS, TRADE_WORDS};
use super::super::plan::concept_of;
use super::super::text::{distance, fold};
use super::words::{begins_address, clean_name, firm, is_street, is_street_alone, is_town};
use super::{Named, Parties};
use crate::layout::Token;

/// Lines of a headline are so much higher than the usual word, and no more than so much than each other.
const HEADLINE: f32 = 1.4;
const SAME_SIZE: f32 = 1.35;
/// A number in brackets behind a name that has so many digits is its registration.
const REGISTRATION_DIGITS: usize = 5;
/// What it counts that no line above can be a name, and how sure the reading must be for that.
const ON_TOP: f32 = 0.4;
const SURE: f32 = 0.5;
/// What a legal form counts: much with the number in the register behind it, as a firm signs, and else little,
/// because the firm that runs a shop stands below the shop's own name.
const REGISTERED_FIRM: f32 = 0.6;
const FIRM: f32 = 0.1;
/// Letters and digits of the second half of a British postcode: `FH2 7QX`.
const POSTCODE_END: usize = 3;
/// Lines of an address follow each other evenly: one that stands so much further below is no more of it.
const NEXT_BLOCK: f32 = 1.5;

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
        let is_end: Vec<bool> =
            lines.iter().zip(&texts).map(|(line, text)| self.ends_head(*line, text)).collect();
        let head = Head { lines, texts, is_end };
        let first_address = head.first_address();
        let address = first_address.and_then(|first| self.receipt_address(&head, first));
        (self.shop(&head, first_address), address)
    }

    fn shop(&self, head: &Head, first_address: Option<usize>) -> Option<Named> {
        let Head { lines, texts, .. } = head;
        // The address begins the head's end; a telephone, a date or a title does as well.
        let first_end = head.is_end.iter().position(|is| *is);
        let end = first_address.or(first_end).unwrap_or(3).min(first_end.unwrap_or(usize::MAX).max(1)).min(8);
        let end = end.max(1).min(lines.len());
        let can_be_on_top = |index: &usize| {
            let letters = texts[*index].chars().find(|c| c.is_alphabetic());
            self.name_score(head, *index) > 0.0
                && letters.is_some_and(char::is_uppercase)
                && self.sureness(lines[*index]) >= SURE
        };
        let top = (0..end).find(can_be_on_top);
        let score = |index: usize| {
            self.name_score(head, index) + if top == Some(index) { ON_TOP } else { -0.02 * index as f32 }
        };
        let mut ranked: Vec<(f32, usize)> = (0..end).map(|index| (score(index), index)).collect();
        ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        let (score, index) = ranked.first().copied().filter(|(score, _)| *score > 0.1)?;
        let mut tokens = self.layout.lines[lines[index]].tokens.clone();
        if index + 1 < end && self.goes_on(head, index) {
            tokens.end = self.layout.lines[lines[index + 1]].tokens.end;
        } else if index > 0 && self.goes_on(head, index - 1) {
            tokens.start = self.layout.lines[lines[index - 1]].tokens.start;
        }
        let tokens = self.trimmed(self.without_registration(tokens));
        Some(Named {
            text: clean_name(&self.mended(tokens.clone())),
            tokens,
            rest: Vec::new(),
            score: score.clamp(0.0, 1.0),
            next: ranked.get(1).map_or(0.0, |(score, _)| score.clamp(0.0, 1.0)),
            labelled: firm(&texts[index]) >= 0.8,
            times: 1,
        })
    }

    /// Whether the name of a shop begins on one line and goes on with the next.
    fn goes_on(&self, head: &Head, index: usize) -> bool {
        let (first, next) = (head.texts[index].trim(), &head.texts[index + 1]);
        let lines = &head.lines;
        // `FERRAMENTA ROSSI` above `di Rossi Mario snc`.
        let in_small = firm(&next.to_uppercase()) >= 0.8
            && next.split_whitespace().next().is_some_and(|word| OF_WHOM.contains(&word));
        let clear = self.name_score(head, index) > 0.2 && self.sureness(lines[index]) > 0.6;
        first.ends_with('&')
            || is_parted(first)
            || clear
                && (is_form_alone(next)
                    || in_small
                    || is_trade_alone(first)
                    || self.is_one_headline(lines[index], lines[index + 1]))
    }

    /// How sure the words of a line were read. Specks beside them say nothing of that.
    fn sureness(&self, line: usize) -> f32 {
        let tokens = self.layout.tokens.get(self.layout.lines[line].tokens.clone()).unwrap_or_default();
        let words = tokens.iter().filter(|token| !token.folded.is_empty());
        let (sum, count) = words.fold((0.0, 0), |(sum, count), word| (sum + word.confidence, count + 1));
        sum / count.max(1) as f32
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
        let noise = |index: usize| {
            self.layout.tokens.get(index).is_none_or(|token| {
                let small = token.text.chars().all(char::is_lowercase) && token.folded.chars().count() <= 3;
                capitals && small
                    || token.folded.is_empty() && token.text != "&"
                    || token.confidence < 0.35
                        && token.folded.chars().count() <= 2
                        && !SHORT.contains(&token.text.as_str())
            })
        };
        while tokens.len() > 1 && noise(tokens.start) {
            tokens.start += 1;
        }
        while tokens.len() > 1 && noise(tokens.end - 1) {
            tokens.end -= 1;
        }
        tokens
    }

    /// A name without the number under which the firm is registered: in brackets, however many words the scanner
    /// made of it, or one of the last two words.
    fn without_registration(&self, mut tokens: Range<usize>) -> Range<usize> {
        let all = self.layout.tokens.get(tokens.clone()).unwrap_or_default();
        let digits = |token: &Token| token.text.bytes().filter(u8::is_ascii_digit).count();
        let bracketed = |token: &Token| token.text.starts_with('(') && digits(token) >= REGISTRATION_DIGITS;
        let is_number = |token: &Token| digits(token) >= 4 && digits(token) * 2 > token.folded.len();
        let cut = all.iter().position(bracketed).filter(|name| *name >= 2).or_else(|| {
            (all.len().saturating_sub(2).max(1)..all.len()).find(|index| is_number(&all[*index]))
        });
        if let Some(name) = cut {
            tokens.end = tokens.start + name;
        }
        tokens
    }

    /// A name as printed, with the generic words of it (legal form, trade) as they are spelled where
    /// the scanner was unsure of a letter.
    fn mended(&self, tokens: Range<usize>) -> String {
        let tokens = self.layout.tokens.get(tokens).unwrap_or_default();
        let mut words: Vec<String> = tokens
            .iter()
            .map(|token| {
                let text = mended_marks(&token.text);
                let folded = fold(&text);
                let known = LEGAL_FORMS.iter().chain(TRADE_WORDS);
                let near = |form: &&&str| {
                    form.len() >= 7
                        && form.len().abs_diff(folded.len()) <= 1
                        && distance(form, &folded, 1) == Some(1)
                };
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
        let mut name = String::new();
        for (word, token) in words.into_iter().zip(tokens) {
            if token.spaced && !name.is_empty() && !is_parted(&name) {
                name.push(' ');
            }
            name.push_str(&word);
        }
        name
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
            Concept::Buyer,
        ];
        let labelled = self.labels_in(&tokens).any(|label| self.says_one_of(label, &ends));
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
            "kassabon",
            "kassenbon",
            "ticketdecaisse",
            "facturasimplificada",
            "faturasimplificada",
            "documentocommerciale",
            "paragonfiskalny",
        ];
        labelled
            || is_at_the_till(text)
            || starts.iter().any(|start| folded.starts_with(start))
            || !dates::find(text).is_empty()
    }

    /// How much a line of the head is like a shop's name, wherever it stands in it.
    fn name_score(&self, head: &Head, index: usize) -> f32 {
        let text = head.texts[index].as_str();
        let confidence = self.sureness(head.lines[index]);
        let letters: Vec<char> = text.chars().filter(|c| c.is_alphabetic()).collect();
        let digits = text.chars().filter(char::is_ascii_digit).count();
        let upper = letters.iter().filter(|c| c.is_uppercase()).count();
        let is_address = begins_address(text) && !(index == 0 && head.is_named_by_number());
        if letters.len() < 3 || is_address || digits > letters.len() {
            return 0.0;
        }
        // `Firm Sdn Bhd (728515-M)`: the number under which it is registered is none of its name.
        let name = text.rsplit_once('(').map_or(text, |(name, behind)| {
            let digits = behind.chars().filter(char::is_ascii_digit).count();
            if digits >= 4 && !name.trim().is_empty() { name } else { text }
        });
        let signed =
            name.len() < text.len() || head.texts.get(index + 1).is_some_and(|next| is_registration(next));
        let mut score = 0.25 * confidence + if signed { REGISTERED_FIRM } else { FIRM } * firm(name);
        score += if upper * 10 >= letters.len() * 7 {
            0.2
        } else if letters[0].is_uppercase() {
            0.05
        } else {
            -0.1
        };
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
        let folded = fold(text);
        if greeting.contains(&folded.as_str()) || WELCOME.iter().any(|word| folded.starts_with(word)) {
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
        let ends = [
            Concept::Phone,
            Concept::Fax,
            Concept::TaxNumber,
            Concept::Email,
            Concept::Website,
            Concept::Buyer,
        ];
        let line = index..self.layout.lines[token.line].tokens.end;
        let labelled =
            self.labels_in(&line).any(|label| label.tokens.start == index && self.says_one_of(label, &ends))
                || text.contains('@');
        let next = self.layout.tokens.get(index + 1).map(|next| next.folded.as_str());
        let registered = matches!(token.folded.as_str(), "company" | "co" | "gst" | "sst" | "roc")
            && matches!(next, Some("reg" | "regno" | "registration" | "no" | "id"))
            || token.folded == "p" && next == Some("iva")
            || REGISTERED.contains(&token.folded.as_str())
            // `BTW/TVA BE 0123.456.789`, `CHE-123.456.789 MWST`.
            || text.contains('/') && text.split('/').all(|word| REGISTERED.contains(&fold(word).as_str()))
            || text.strip_prefix("CHE").is_some_and(|number| number.contains(|c: char| c.is_ascii_digit()));
        dialled || keyed || labelled || registered || self.is_dialled_line(index)
    }

    /// Whether a label says one of these. What is nearly a word of a name or a town (`Mail` and Main Street) needs a
    /// colon for that.
    fn says_one_of(&self, label: &Found, concepts: &[Concept]) -> bool {
        let ends =
            |index: usize| self.layout.tokens.get(index).is_some_and(|token| token.text.ends_with(':'));
        let has_colon = ends(label.tokens.end - 1) || ends(label.tokens.end);
        label.keys.iter().any(|(key, weight)| {
            let needs_colon =
                |concept: &Concept| matches!(concept, Concept::Email | Concept::Website | Concept::Buyer);
            *weight >= 0.7
                && concept_of(*key).is_some_and(|concept| {
                    concepts.contains(&concept) && (has_colon || !needs_colon(&concept))
                })
        })
    }

    /// Whether a line begins here that is nothing but a telephone, or a number with the letters of its country.
    fn is_dialled_line(&self, index: usize) -> bool {
        /// Longer than any postcode.
        const DIGITS_MIN: usize = 7;
        /// `BE 0418.220.771`, `ATU 12345678`.
        const COUNTRY_CHARS: usize = 3;
        let line = self.layout.tokens.get(index).and_then(|token| self.layout.lines.get(token.line));
        let Some(line) = line.filter(|line| line.tokens.start == index) else { return false };
        let text = self.layout.text(line.tokens.clone());
        let letters = text.chars().filter(|c| c.is_alphabetic()).count();
        text.chars().filter(char::is_ascii_digit).count() >= DIGITS_MIN
            && (letters == 0 || letters <= COUNTRY_CHARS && text.starts_with(char::is_uppercase))
    }

    /// The address whose first line is known: as many lines as follow evenly and say nothing else, parted by commas.
    fn receipt_address(&self, head: &Head, first: usize) -> Option<Named> {
        let Head { lines, texts, is_end } = head;
        let top = |index: usize| self.layout.lines[lines[index]].bounds.y0;
        let mut last = first;
        let mut pitch = if first > 0 { top(first) - top(first - 1) } else { f32::MAX };
        for index in first + 1..lines.len().min(first + 6) {
            let line = &self.layout.lines[lines[index]];
            let gap = line.bounds.y0 - self.layout.lines[lines[index - 1]].bounds.y1;
            if is_end[index]
                || is_priced(&texts[index])
                // The firm that runs the shop signs below it.
                || firm(&texts[index]) >= 0.8
                || gap > 2.0 * self.height
                || top(index) - top(index - 1) > NEXT_BLOCK * pitch
                || self.layout.confidence(line.tokens.clone()) < 0.3
                || fold(&texts[index]).chars().count() < 3
            {
                break;
            }
            pitch = pitch.min(top(index) - top(index - 1));
            last = index;
        }
        let whole = self.layout.lines[lines[first]].tokens.start..self.layout.lines[lines[last]].tokens.end;
        let end = whole.clone().skip(1).find(|index| self.ends_address(*index)).unwrap_or(whole.end);
        let parts: Vec<Range<usize>> = (first..=last)
            .map(|index| self.without_branch(self.layout.lines[lines[index]].tokens.clone()))
            .filter(|tokens| tokens.start < end)
            .map(|tokens| self.trimmed(tokens.start..tokens.end.min(end)))
            .collect();
        let tokens = parts.first()?.start..parts.last()?.end;
        let text = parts.into_iter().map(|part| self.address_line(part)).collect::<Vec<_>>().join(", ");
        let postcode =
            text.split(|c: char| !c.is_ascii_digit()).any(|digits| (4..=6).contains(&digits.len()));
        let score = 0.4 + if postcode { 0.3 } else { 0.0 } + if last > first { 0.1 } else { 0.0 };
        Some(Named { text, tokens, rest: Vec::new(), score, next: 0.0, labelled: false, times: 1 })
    }

    /// A line without the number of the branch that it begins with: `Filiale 0418 Bahnhof Thalwil`.
    fn without_branch(&self, tokens: Range<usize>) -> Range<usize> {
        let words = self.layout.tokens.get(tokens.clone()).unwrap_or_default();
        match words {
            [branch, number, _, ..]
                if BRANCHES.contains(&branch.folded.as_str())
                    && number.folded.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                tokens.start + 2..tokens.end
            }
            _ => tokens,
        }
    }

    /// A line of an address as printed, without the mark at its end. Specks and the rules of a frame are read as
    /// marks that stand alone.
    fn address_line(&self, tokens: Range<usize>) -> String {
        let mut text = String::new();
        for token in self.layout.tokens.get(tokens).unwrap_or_default() {
            let says = !token.folded.is_empty() || matches!(token.text.as_str(), "&" | "-" | "#" | "/");
            if token.spaced && says && !text.is_empty() {
                text.push(' ');
            }
            if says || !token.spaced {
                text.push_str(&token.text);
            }
        }
        let text = text.trim_end_matches([',', ';', ' ']);
        // A postcode has capitals, and some of them look like their small letters.
        match text.rsplit_once(' ') {
            Some((before, last)) if has_postcode(text) => {
                format!("{before} {}", last.to_uppercase())
            }
            _ => text.to_owned(),
        }
    }
}

/// The first lines of a receipt that say something.
struct Head {
    lines: Vec<usize>,
    texts: Vec<String>,
    is_end: Vec<bool>,
}

impl Head {
    /// Whether the first line looks like a street only because a number ends it, and another street stands below:
    /// `ATELIER 118` is the shop's name.
    fn is_named_by_number(&self) -> bool {
        /// Where the address of a shop begins at the latest.
        const LINES: usize = 5;
        let is_street_by_more = |line: &String| is_street(line) && line.split(',').any(is_street);
        self.texts.first().is_some_and(|first| {
            let words = first.trim_end_matches(|c: char| c.is_ascii_digit() || c.is_whitespace());
            words.len() < first.len()
                && !is_street(&format!("{words} 1, x"))
                && !is_town(first)
                && self.texts.iter().skip(1).take(LINES).any(is_street_by_more)
        })
    }

    /// The line that the address begins on.
    fn first_address(&self) -> Option<usize> {
        // A street without a number may be what a shop is called.
        let begins = |(index, text): (usize, &String)| {
            !is_at_the_till(text)
                && !is_priced(text)
                && (index > 0 || !self.is_named_by_number())
                && (begins_address(text) || index > 0 && (is_street_alone(text) || has_postcode(text)))
        };
        let first = self.texts.iter().enumerate().position(begins)?;
        // Above a postcode stands the street, if it has a number.
        let above = first
            .checked_sub(1)
            .filter(|above| *above > 0 && (is_town(&self.texts[first]) || has_postcode(&self.texts[first])));
        let is_street = |above: &usize| {
            let text = &self.texts[*above];
            !self.is_end[*above]
                // A word for a trade may be the name of a street: `14 Corner Lane`.
                && firm(text) < if text.starts_with(|c: char| c.is_ascii_digit()) { 0.8 } else { 0.5 }
                && (text.contains(|c: char| c.is_ascii_digit()) || is_estate(text))
                && text.split(|c: char| !c.is_ascii_digit()).all(|number| number.len() < REGISTRATION_DIGITS)
        };
        Some(above.filter(is_street).unwrap_or(first))
    }
}

/// Whether a line is an estate of shops or works, whose lots have no numbers: `ZAC des Fontaines`.
fn is_estate(line: &str) -> bool {
    const FIRST: [&str; 12] = [
        "zac",
        "zi",
        "za",
        "zone",
        "parc",
        "poligono",
        "gewerbegebiet",
        "gewerbepark",
        "industriegebiet",
        "industriepark",
        "bedrijvenpark",
        "bedrijventerrein",
    ];
    let mut words =
        line.split(|c: char| c.is_whitespace() || c == '-').map(fold).filter(|word| !word.is_empty());
    words.next().is_some_and(|first| FIRST.contains(&first.as_str())) && words.next().is_some()
}

/// Whether a line ends in a British postcode, be some of its capitals read as small letters.
fn has_postcode(line: &str) -> bool {
    let last = line.rsplit(' ').next().unwrap_or_default();
    last.len() == POSTCODE_END
        && last.starts_with(|c: char| c.is_ascii_digit())
        && is_town(&line.to_uppercase())
}

/// Whether a name is parted at the end of its line: `Librairie Saint-`.
fn is_parted(line: &str) -> bool {
    line.strip_suffix('-').is_some_and(|name| name.ends_with(char::is_alphabetic))
}

/// Whether a line is nothing but a legal form, as it stands below a long name: `(M) SDN BHD`.
fn is_form_alone(line: &str) -> bool {
    let is_of_form = |word: String| {
        let word = word.as_str();
        word.chars().count() <= 1
            || [LEGAL_FORMS, &PRIVATE, &LIMITED, &["co"]].iter().any(|form| form.contains(&word))
    };
    firm(&format!("x {line}")) >= 0.8 && line.split_whitespace().map(fold).all(is_of_form)
}

/// Whether a line says what kind of shop it is, and not which one.
fn is_trade_alone(line: &str) -> bool {
    let mut words =
        line.split(|c: char| !c.is_alphanumeric()).map(fold).filter(|word| !word.is_empty()).peekable();
    words.peek().is_some() && words.all(|word| TRADE_WORDS.contains(&word.as_str()))
}

/// Whether a line is about the till, the table or the number of the bill.
fn is_at_the_till(line: &str) -> bool {
    let first = line.split_whitespace().map(fold).find(|word| !word.is_empty()).unwrap_or_default();
    line.contains(|c: char| c.is_ascii_digit())
        && AT_THE_TILL.contains(&first.trim_end_matches(|c: char| c.is_ascii_digit()))
}

/// Whether a line ends in a price, as goods do.
fn is_priced(line: &str) -> bool {
    let words = line.split_whitespace().rev().take(2);
    words.filter_map(|word| amounts::parse(word, DecimalMark::Unknown)).any(|amount| amount.places == 2)
}

/// Whether a line is nothing but the number under which a firm is registered: `(728515-M)`, `965857-A`.
fn is_registration(line: &str) -> bool {
    let digits = line.chars().filter(char::is_ascii_digit).count();
    let letters = line.chars().filter(|c| c.is_alphabetic()).count();
    digits >= REGISTRATION_DIGITS
        && letters <= 2
        && line.contains('-')
        && line.split_whitespace().count() <= 2
}

/// Begins a line that greets, folded.
const WELCOME: [&str; 12] = [
    "welcome",
    "thankyou",
    "willkommen",
    "herzlichwillkommen",
    "vielendank",
    "bienvenu",
    "bienvenid",
    "benvenut",
    "welkom",
    "bemvindo",
    "witamy",
    "merci",
];

/// Begins the second line of a name, which says whose shop it is.
const OF_WHOM: [&str; 6] = ["di", "de", "del", "da", "von", "van"];

/// Begins a line about the till, the table or the number of the bill, with a number.
const AT_THE_TILL: [&str; 67] = [
    "bon",
    "bonnr",
    "bonnummer",
    "beleg",
    "belegnr",
    "ticket",
    "tkt",
    "kassa",
    "kasse",
    "kasjer",
    "kasa",
    "caja",
    "caisse",
    "cassa",
    "caixa",
    "cashier",
    "till",
    "pos",
    "reg",
    "trn",
    "chk",
    "check",
    "table",
    "tafel",
    "tisch",
    "mesa",
    "tavolo",
    "stolik",
    "scale",
    "waage",
    "balance",
    "bilancia",
    "balanza",
    "balanca",
    "weegschaal",
    "waga",
    "op",
    "opr",
    "operator",
    "operatore",
    "operador",
    "clerk",
    "server",
    "served",
    "kellner",
    "bediener",
    "bediende",
    "serveur",
    "vendeur",
    "vendedor",
    "camarero",
    "cameriere",
    "empregado",
    "kelner",
    "guests",
    "covers",
    "pax",
    "couverts",
    "coperti",
    "comensales",
    "term",
    "terminale",
    "kassier",
    "kassiererin",
    "caissier",
    "cajero",
    "cajera",
];

/// Words for a branch, before its number, folded.
const BRANCHES: [&str; 13] = [
    "filiale", "markt", "branch", "store", "shop", "magasin", "agence", "tienda", "negozio", "filiaal",
    "winkel", "loja", "sklep",
];

/// What says, without a label's colon, that a number of the shop or its telephone follows; and what heads a receipt.
const REGISTERED: [&str; 56] = [
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
    "mwst",
    "mwstnr",
    "vat",
    "vatno",
    "vatreg",
    "bce",
    "kbo",
    "rpr",
    "ico",
    "dic",
    "rea",
    "rt",
    "crn",
    "brn",
    "gst",
    "hst",
    "sst",
    "qst",
    "nuit",
    "ein",
    "siren",
    "ape",
    "naf",
    "kvknr",
    "btwnr",
    "nrb",
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
