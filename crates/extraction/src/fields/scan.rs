//! Everything on the pages that could be a typed value, whatever it turns out to mean.
//!
//! Candidates are found once per document, line by line; what they mean is decided elsewhere.
//! A value never crosses a line or a wide gap.

use std::ops::{Range, RangeInclusive};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::amounts::{self, Amount, DecimalMark};
use super::codes;
use super::dates::{self, Hints, Order, Printed};
use crate::layout::{Layout, Token};
use crate::page::TextSource;

/// What a candidate is.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Date {
        day: Date,
        ambiguous: bool,
    },
    Amount(Amount),
    /// A word with a digit: a number that somebody gave.
    Code(String),
    Iban(String),
    VatId(String),
    Email(String),
    Phone(String),
}

/// The kind of a [`Value`], for asking only for those that fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Form {
    Date,
    Amount,
    Code,
    Iban,
    VatId,
    Email,
    Phone,
}

/// A typed value and where it stands.
#[derive(Debug, Clone)]
pub struct Candidate {
    pub form: Form,
    pub value: Value,
    pub tokens: Range<usize>,
    pub line: usize,
    /// How much it looks like its kind, 0–1.
    pub fit: f32,
}

/// All candidates of a document.
#[derive(Debug, Default)]
pub struct Candidates {
    pub all: Vec<Candidate>,
    /// Indexes into `all` for each line, from the left.
    pub by_line: Vec<Vec<usize>>,
    pub order: Option<Order>,
}

impl Candidates {
    /// Those of one form on a line, from the left.
    pub fn on_line(&self, line: usize, form: Form) -> impl Iterator<Item = usize> + '_ {
        let on_line = self.by_line.get(line).map(Vec::as_slice).unwrap_or_default();
        on_line
            .iter()
            .copied()
            .filter(move |index| self.all.get(*index).is_some_and(|found| found.form == form))
    }
}

/// Finds every candidate of a document.
#[must_use]
pub fn scan(layout: &Layout) -> Candidates {
    let mark = decimal_mark(layout);
    let texts: Vec<LineText> = (0..layout.lines.len()).map(|line| LineText::of(layout, line)).collect();
    let mut printed: Vec<Vec<dates::Found>> = texts.iter().map(|line| dates::find(&line.text)).collect();
    // `0418/2024` is a day whose first mark a scanner lost, or a number.
    for page in layout.pages.iter().filter(|page| page.source != TextSource::Ocr) {
        for (dates, text) in printed.iter_mut().zip(&texts).take(page.lines.end).skip(page.lines.start) {
            dates.retain(|date| !(date.doubtful && text.text[date.span.clone()].contains(['/', '-'])));
        }
    }
    let every: Vec<Printed> = printed.iter().flatten().map(|found| found.printed).collect();
    let order = Order::decide(&every, hints(layout));
    let mut found =
        Candidates { all: Vec::new(), by_line: vec![Vec::new(); layout.lines.len()], order: Some(order) };
    for (line, (text, printed)) in texts.iter().zip(&printed).enumerate() {
        let mut here = Vec::new();
        let mut taken: Vec<Range<usize>> = Vec::new();
        for date in printed {
            let Some(day) = date.printed.resolve(order) else { continue };
            let tokens = text.tokens(&date.span);
            if tokens.is_empty() {
                continue;
            }
            let ambiguous = date.printed.is_ambiguous() && !order.certain;
            taken.push(tokens.clone());
            let tokens_start = tokens.start;
            let mut fit = fit_of_date(day, date.doubtful);
            if let Some(number) = number_like_a_date(layout, line, &tokens) {
                fit *= 0.4;
                here.push(number);
            }
            here.push(Candidate {
                form: Form::Date,
                value: Value::Date { day, ambiguous },
                tokens,
                line,
                fit,
            });
            // `20220617` may be a number that only looks like a day.
            let only_digits = layout.tokens.get(tokens_start).filter(|token| {
                token.text.len() == 8 && token.text.bytes().all(|byte| byte.is_ascii_digit())
            });
            if let Some(token) = only_digits {
                let (value, tokens) = (Value::Code(token.text.clone()), tokens_start..tokens_start + 1);
                here.push(Candidate { form: Form::Code, value, tokens, line, fit: 0.9 });
            }
        }
        lost_marks(layout, line, order, &taken, &mut here);
        special_codes(layout, line, &mut here, &mut taken);
        amounts_and_codes(layout, line, mark, &taken, &mut here);
        here.sort_by_key(|candidate| (candidate.tokens.start, candidate.form));
        for candidate in here {
            found.by_line[line].push(found.all.len());
            found.all.push(candidate);
        }
    }
    found
}

/// Days of which a scanner lost the marks. They may be numbers all the same, so they take nothing from the others.
fn lost_marks(layout: &Layout, line: usize, order: Order, taken: &[Range<usize>], here: &mut Vec<Candidate>) {
    let Some(on) = layout.lines.get(line) else { return };
    let is_scan = layout.pages.get(on.page).is_some_and(|page| page.source == TextSource::Ocr);
    for index in
        on.tokens.clone().filter(|index| is_scan && !taken.iter().any(|tokens| tokens.contains(index)))
    {
        let Some(day) =
            layout.tokens.get(index).and_then(|token| dates::run_together(&token.text)?.resolve(order))
        else {
            continue;
        };
        let fit = LOST_MARKS * fit_of_date(day, true);
        let value = Value::Date { day, ambiguous: false };
        here.push(Candidate { form: Form::Date, value, tokens: index..index + 1, line, fit });
    }
}

/// How much a day without any mark looks like one, beside one that only misses some.
const LOST_MARKS: f32 = 0.8;

/// What says that a number follows, folded.
const NUMBER_WORDS: [&str; 9] = ["nr", "no", "n", "num", "numer", "number", "nummer", "numero", "nro"];
/// The most letters of what a series of numbers begins with: `FV 11/05/2023`.
const SERIES_CHARS_MAX: usize = 4;

/// Whether a word may be the first part of a number: a few capitals, with nothing else.
pub(super) fn is_series(text: &str) -> bool {
    (1..=SERIES_CHARS_MAX).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_uppercase())
        && amounts::currency(text).is_none()
}

/// The number that what looks like a day is, behind a word for one: numbers that begin anew each month are printed
/// with it (`Faktura nr FV 11/05/2023`).
fn number_like_a_date(layout: &Layout, line: usize, tokens: &Range<usize>) -> Option<Candidate> {
    let first = layout.tokens.get(tokens.start).filter(|token| token.text.contains('/'))?;
    let before = |index: usize| {
        let token = layout.tokens.get(index.checked_sub(1)?)?;
        (token.segment == first.segment).then_some(token)
    };
    let mut start = tokens.start;
    if before(start).is_some_and(|token| is_series(&token.text)) && tokens.len() == 1 {
        start -= 1;
    }
    let said = before(start)?;
    let is_number = NUMBER_WORDS.contains(&said.folded.as_str()) || said.text.ends_with(['°', 'º', '#']);
    let text = layout.text(start..tokens.end);
    let text = text.trim_matches([':', ',', ';', '(', ')']);
    is_number.then(|| Candidate {
        form: Form::Code,
        value: Value::Code(text.to_owned()),
        tokens: start..tokens.end,
        line,
        fit: 1.0,
    })
}

/// A day of business is seldom before or after these: a misread year is likelier.
const USUAL_YEARS: RangeInclusive<i16> = 1990..=2035;

fn fit_of_date(day: Date, doubtful: bool) -> f32 {
    let usual = if USUAL_YEARS.contains(&day.year()) { 1.0 } else { 0.3 };
    if doubtful { usual * 0.6 } else { usual }
}

/// A line's text with the way back from its bytes to its tokens.
struct LineText {
    text: String,
    /// Where each token begins, with the token.
    starts: Vec<(usize, usize)>,
}

impl LineText {
    fn of(layout: &Layout, line: usize) -> Self {
        let mut text = String::new();
        let mut starts = Vec::new();
        let Some(line) = layout.lines.get(line) else { return Self { text, starts } };
        let ocr = layout.pages.get(line.page).is_some_and(|page| page.source == TextSource::Ocr);
        let mut segment = None;
        for index in line.tokens.clone() {
            let Some(token) = layout.tokens.get(index) else { continue };
            if !text.is_empty() {
                // Nothing is read across a wide gap: a tab is not among what a date allows twice.
                text.push_str(if segment == Some(token.segment) { " " } else { " \u{1f} " });
            }
            segment = Some(token.segment);
            starts.push((text.len(), index));
            if ocr {
                text.push_str(&dates::mend_digits(&token.text));
            } else {
                text.push_str(&token.text);
            }
        }
        Self { text, starts }
    }

    /// The tokens that a span of bytes touches.
    fn tokens(&self, span: &Range<usize>) -> Range<usize> {
        let after = |byte: usize| self.starts.partition_point(|(start, _)| *start <= byte);
        let first = after(span.start).checked_sub(1).and_then(|index| self.starts.get(index));
        let last = after(span.end.saturating_sub(1)).checked_sub(1).and_then(|index| self.starts.get(index));
        match (first, last) {
            (Some((_, first)), Some((_, last))) => *first..last + 1,
            _ => 0..0,
        }
    }
}

/// How the document writes its decimals, by the majority of the numbers that tell.
fn decimal_mark(layout: &Layout) -> DecimalMark {
    let (mut point, mut comma) = (0_usize, 0_usize);
    for token in &layout.tokens {
        match amounts::tells(&token.text) {
            DecimalMark::Point => point += 1,
            DecimalMark::Comma => comma += 1,
            DecimalMark::Unknown => {}
        }
    }
    match point.cmp(&comma) {
        std::cmp::Ordering::Greater => DecimalMark::Point,
        std::cmp::Ordering::Less => DecimalMark::Comma,
        std::cmp::Ordering::Equal => DecimalMark::Unknown,
    }
}

/// Signs of the country, for the dates that can be read both ways.
fn hints(layout: &Layout) -> Hints {
    let folded = |words: &[&str]| layout.tokens.iter().any(|token| words.contains(&token.folded.as_str()));
    let dollars = layout.tokens.iter().any(|token| {
        token.folded == "usd"
            || token.text.starts_with('$') && amounts::tells(&token.text) == DecimalMark::Point
    });
    let others = layout.tokens.iter().any(|token| {
        token.folded != "usd" && amounts::currency(&token.text).is_some_and(|code| code != "USD")
            || token.text.contains(['€', '£', '₹'])
    });
    let languages = [
        "rechnung",
        "datum",
        "facture",
        "montant",
        "factura",
        "fecha",
        "importe",
        "fattura",
        "importo",
        "factuur",
        "bedrag",
        "fatura",
        "faktura",
        "kwota",
        "jalan",
        "jln",
        "sdn",
        "gst",
        "vat",
        "mwst",
        "tva",
        "iva",
        "rm",
        "bhd",
        "malaysia",
        "india",
        "kingdom",
        "sst",
        "thailand",
        "singapore",
        "btw",
        "abn",
        "gstin",
    ];
    let zip = layout.tokens.windows(2).any(|pair| {
        let state = pair[0].text.trim_end_matches(',');
        let digits = pair[1].text.trim_end_matches(',').split('-').next().unwrap_or_default();
        state.len() == 2
            && state.bytes().all(|byte| byte.is_ascii_uppercase())
            && digits.len() == 5
            && digits.bytes().all(|byte| byte.is_ascii_digit())
            && US_STATES.contains(&state)
    });
    Hints {
        american: (zip || dollars || folded(&["usa"])) && !folded(&["australia", "canada", "singapore"]),
        elsewhere: others || folded(&languages),
    }
}

const US_STATES: [&str; 51] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS",
    "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC",
    "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY",
];

/// What follows the number of a Swiss firm that pays VAT.
const SWISS_VAT: [&str; 3] = ["mwst", "tva", "iva"];
/// The most words that an IBAN or a VAT id is printed in.
const CODE_WORDS_MAX: usize = 10;

fn special_codes(layout: &Layout, line: usize, here: &mut Vec<Candidate>, taken: &mut Vec<Range<usize>>) {
    let Some(range) = layout.lines.get(line).map(|line| line.tokens.clone()) else { return };
    let mut index = range.start;
    while index < range.end {
        let next = special_code_at(layout, line, index, range.end);
        match next {
            Some(candidate) => {
                index = candidate.tokens.end;
                taken.push(candidate.tokens.clone());
                here.push(candidate);
            }
            None => index += 1,
        }
    }
}

fn special_code_at(layout: &Layout, line: usize, start: usize, end: usize) -> Option<Candidate> {
    let token = layout.tokens.get(start)?;
    let candidate = |form, value, words: usize, fit| {
        Some(Candidate { form, value, tokens: start..start + words, line, fit })
    };
    if token.text.contains('@')
        && let Some(email) = codes::email(&token.text)
    {
        return candidate(Form::Email, Value::Email(email.to_owned()), 1, 1.0);
    }
    let first = token.text.trim_start_matches(['(', '[', ':']);
    let bytes = first.as_bytes();
    if let Some(bic) = codes::bic(first.trim_end_matches([',', ';', ')', ']', '.']))
        && (names_bank(layout, start) || follows_iban(layout, start, bic))
    {
        return candidate(Form::Code, Value::Code(bic.to_owned()), 1, 1.0);
    }
    // A Spanish company's id has one letter before its digits, which nothing parts: `F2025-0114` is an invoice's.
    let bare = first.trim_end_matches([',', ';', ')', ']', '.']);
    if bytes.len() >= 9
        && bytes[0].is_ascii_uppercase()
        && bare[1..].bytes().all(|byte| byte.is_ascii_alphanumeric())
        && bytes[1].is_ascii_digit()
        && let Some(id) = codes::vat_id(bare)
    {
        return candidate(Form::VatId, Value::VatId(id), 1, 0.9);
    }
    if bytes.len() >= 2 && bytes[..2].iter().all(u8::is_ascii_uppercase) {
        if let Some((iban, words)) = wrapped_iban(layout, line, start, end) {
            return candidate(Form::Iban, Value::Iban(iban), words, 1.0);
        }
        let mut text = String::new();
        for words in 1..=CODE_WORDS_MAX.min(end - start) {
            text.push_str(
                layout
                    .tokens
                    .get(start + words - 1)?
                    .text
                    .trim_matches([',', ';', '(', ')', '[', ']', ':', '.']),
            );
            if text.len() > 40 {
                break;
            }
            if let Some(iban) = codes::iban(&text) {
                return candidate(Form::Iban, Value::Iban(iban), words, 1.0);
            }
            // A further group of digits belongs to the id when it still is one with them.
            let longer = layout.tokens.get(start + words).is_some_and(|next| {
                start + words < end
                    && next.segment == token.segment
                    && (next.text.bytes().all(|byte| byte.is_ascii_digit())
                        || SWISS_VAT.contains(&next.folded.as_str()) && text.starts_with("CHE"))
            });
            if !longer && let Some(id) = codes::vat_id(&text) {
                return candidate(Form::VatId, Value::VatId(id), words, 1.0);
            }
        }
    }
    if let Some((iban, words)) = polish_account(layout, start, end) {
        return candidate(Form::Iban, Value::Iban(iban), words, 1.0);
    }
    // What begins with letters is no telephone number, whatever follows.
    if token.text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let mut text = String::new();
    let mut best = None;
    for words in 1..=CODE_WORDS_MAX.min(end - start) {
        let token = layout.tokens.get(start + words - 1)?;
        if words > 1 && token.segment != layout.tokens.get(start)?.segment {
            break;
        }
        if words > 1 {
            text.push(' ');
        }
        text.push_str(&token.text);
        match codes::phone(&text) {
            // A dash behind a number parts it from what follows.
            Some(phone) if token.text.bytes().any(|byte| byte.is_ascii_digit()) => {
                best = Some((phone, words));
            }
            None if text.bytes().any(|byte| byte.is_ascii_alphabetic()) => break,
            _ => {}
        }
    }
    let (phone, words) = best?;
    // A plain number is a telephone number only beside a label, so it stays free for the others.
    let marked =
        phone.starts_with(['+', '(']) || phone.starts_with('0') && words > 1 || is_north_american(&phone);
    if !marked && phone.contains('.') {
        return None;
    }
    candidate(Form::Phone, Value::Phone(phone), words, if marked { 1.0 } else { 0.5 })
}

/// Whether digits stand in three groups as in North America: `512-555-0117`.
fn is_north_american(phone: &str) -> bool {
    phone.split(['-', '.']).map(str::len).eq([3, 3, 4])
}

/// How many digits an account has in Poland, where it is printed without the country: an IBAN's but for it.
const POLISH_DIGITS: usize = 26;

/// The IBAN of an account that is printed as in Poland, if its check digits are right; with its words.
fn polish_account(layout: &Layout, start: usize, end: usize) -> Option<(String, usize)> {
    let first = layout.tokens.get(start)?;
    // `61 1090 …`, in one word, or in fours from the first digit on.
    if !matches!(first.text.len(), 2 | 4 | POLISH_DIGITS) {
        return None;
    }
    let mut text = String::from("PL");
    for (words, token) in layout.tokens.get(start..end)?.iter().take(CODE_WORDS_MAX).enumerate() {
        let digits = token.text.trim_end_matches([',', ';', '.']);
        let are_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        if !are_digits || text.len() + digits.len() > POLISH_DIGITS + 2 {
            return None;
        }
        text.push_str(digits);
        if text.len() == POLISH_DIGITS + 2 {
            return codes::iban(&text).map(|iban| (iban, words + 1));
        }
    }
    None
}

/// Whether one of the words before says that a bank's code follows: without that, capitals are a word.
fn names_bank(layout: &Layout, index: usize) -> bool {
    let before = layout.tokens.get(index.saturating_sub(4)..index).unwrap_or_default();
    before.iter().any(|word| {
        ["bic", "swift", "swiftbic", "bicswift", "swiftcode", "biccode", "identifier", "bicswiftcode"]
            .contains(&word.folded.as_str())
    })
}

/// Whether a bank's code stands behind an account of its country, or alone below one.
pub(super) fn follows_iban(layout: &Layout, index: usize, bic: &str) -> bool {
    let is_of = |token: &Token| {
        let (country, check) = (token.text.get(..2), token.text.get(2..4));
        country == bic.get(4..6) && check.is_some_and(|check| check.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let Some(token) = layout.tokens.get(index) else { return false };
    let Some(segment) = layout.segments.get(token.segment) else { return false };
    if segment.tokens.start < index {
        let before = layout.tokens.get(index.saturating_sub(CODE_WORDS_MAX)..index).unwrap_or_default();
        return before.iter().any(|before| before.segment == token.segment && is_of(before));
    }
    let height = segment.bounds.height();
    let above = token.line.checked_sub(1).and_then(|line| layout.lines.get(line));
    let above = above.and_then(|line| layout.segments.get(line.segments.clone())).unwrap_or_default();
    segment.tokens.len() == 1
        && above.iter().any(|above| {
            (above.bounds.x0 - segment.bounds.x0).abs() < 0.5 * height
                && segment.bounds.y0 - above.bounds.y1 < height
                && layout.tokens.get(above.tokens.start).is_some_and(is_of)
        })
}

/// An IBAN whose end stands at the beginning of the next line, with its words.
fn wrapped_iban(layout: &Layout, line: usize, start: usize, end: usize) -> Option<(String, usize)> {
    let first = layout.tokens.get(start)?;
    let chars = codes::iban_chars(&first.text)?;
    let digits = first.text.get(2..4).is_some_and(|check| check.bytes().all(|byte| byte.is_ascii_digit()));
    let (here, next) = (layout.lines.get(line)?, layout.lines.get(line + 1)?);
    let close = next.page == here.page && next.bounds.y0 - here.bounds.y1 < here.height;
    if !digits || !close || end - start > CODE_WORDS_MAX || next.tokens.start != end {
        return None;
    }
    let mut text = String::new();
    for (words, token) in
        layout.tokens.get(start..next.tokens.end)?.iter().enumerate().take(CODE_WORDS_MAX + 2)
    {
        text.push_str(token.text.trim_matches([',', ';', '|', '·']));
        match text.len().cmp(&chars) {
            std::cmp::Ordering::Less => {}
            std::cmp::Ordering::Equal if start + words >= end => {
                return codes::iban(&text).map(|iban| (iban, words + 1));
            }
            _ => return None,
        }
    }
    None
}

fn amounts_and_codes(
    layout: &Layout,
    line: usize,
    mark: DecimalMark,
    taken: &[Range<usize>],
    here: &mut Vec<Candidate>,
) {
    let Some(this) = layout.lines.get(line) else { return };
    let ocr = layout.pages.get(this.page).is_some_and(|page| page.source == TextSource::Ocr);
    let special: Vec<(Range<usize>, Form)> = here
        .iter()
        .filter(|found| found.form != Form::Phone)
        .map(|found| (found.tokens.clone(), found.form))
        .collect();
    let inside = |index: usize, form: Option<Form>| {
        special
            .iter()
            .any(|(tokens, other)| tokens.contains(&index) && form.is_none_or(|form| *other == form))
    };
    debug_assert!(taken.len() >= special.len());
    let mut index = this.tokens.start;
    let mut grouped_until = index;
    while index < this.tokens.end {
        if inside(index, None) {
            index += 1;
            continue;
        }
        let words = match amount_at(layout, line, index, this.tokens.end, mark, ocr) {
            Some(candidate) => {
                let words = candidate.tokens.len();
                here.push(candidate);
                words
            }
            None => 1,
        };
        // The groups of a number are none of their own.
        if index >= grouped_until
            && let Some(candidate) = code_at(layout, line, index, this.tokens.end)
        {
            if matches!(&candidate.value, Value::Code(text) if text.contains(' ')) {
                grouped_until = candidate.tokens.end;
            }
            here.push(candidate);
        }
        index += words;
    }
}

fn is_sign(text: &str) -> bool {
    matches!(text, "-" | "−" | "–")
}

/// An amount that begins at a token: groups of thousands parted by spaces are put together, and a
/// currency beside it is noted.
fn amount_at(
    layout: &Layout,
    line: usize,
    start: usize,
    end: usize,
    mark: DecimalMark,
    ocr: bool,
) -> Option<Candidate> {
    let token = layout.tokens.get(start)?;
    // Nothing that follows makes an amount of a word without a digit, but for a sign that stands by itself.
    if !token.text.bytes().any(|byte| byte.is_ascii_digit()) && !is_sign(&token.text) {
        return None;
    }
    let height = layout.lines.get(line)?.height;
    let near = |index: usize, gap: f32| match (layout.tokens.get(index), layout.tokens.get(index + 1)) {
        (Some(left), Some(right)) if index + 1 < end && right.bounds.x0 - left.bounds.x1 < gap * height => {
            Some(right)
        }
        _ => None,
    };
    if is_sign(&token.text) {
        let next = near(start, 0.8).filter(|next| next.text.bytes().any(|byte| byte.is_ascii_digit()))?;
        debug_assert!(!is_sign(&next.text), "a sign has no digit");
        let mut found = amount_at(layout, line, start + 1, end, mark, ocr)?;
        if let Value::Amount(amount) = &mut found.value {
            amount.value.set_sign_negative(true);
        }
        found.tokens.start = start;
        return Some(found);
    }
    let mut text = token.text.clone();
    let mut words = 1;
    let digits = |text: &str, counts: &[usize]| {
        counts.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let unsigned = text.trim_start_matches(|c: char| !c.is_ascii_digit());
    if digits(unsigned, &[1, 2, 3]) && !unsigned.starts_with('0') {
        let mut joined = text.clone();
        let mut count = 0;
        // A space between two groups is half as high as the letters, or as wide as one of them where all are
        // equally wide.
        let letter = token.bounds.width() / token.text.chars().count().max(1) as f32;
        while let Some(next) = near(start + count, 0.5_f32.max(1.2 * letter / height)) {
            let whole = next.text.get(..3).is_some_and(|head| digits(head, &[3]));
            let tail = next.text.get(3..).unwrap_or_default();
            if !whole || !(tail.is_empty() || tail.starts_with([',', '.']) || tail.starts_with('€')) {
                break;
            }
            joined.push_str(&next.text);
            count += 1;
            if !tail.is_empty() {
                text.clone_from(&joined);
                words = count + 1;
                break;
            }
        }
    }
    if ocr && words == 1 {
        // `33. 90` and `33 .90`: the scanner saw a space that is none.
        if let Some(next) = near(start, 0.9) {
            let cents = next.text.trim_start_matches(['.', ',']);
            if (text.ends_with(['.', ',']) != next.text.starts_with(['.', ',']))
                && digits(cents, &[2])
                && text.bytes().any(|byte| byte.is_ascii_digit())
            {
                text.push_str(&next.text);
                words = 2;
            }
        }
    }
    let mut amount = amounts::parse(&text, mark);
    let mut mended = false;
    if amount.is_none() && ocr {
        let as_amount = || amounts::mend(&text).and_then(|text| amounts::parse(&text, mark));
        amount = amounts::parse(&dates::mend_digits(&text), mark).or_else(as_amount);
        mended = true;
    }
    let mut amount = amount?;
    let beside = |index: Option<usize>| {
        index
            .filter(|index| layout.lines.get(line).is_some_and(|line| line.tokens.contains(index)))
            .and_then(|index| layout.tokens.get(index))
    };
    let after = beside(Some(start + words));
    if after.is_some_and(|token| token.text == "%") {
        amount.percent = true;
    }
    if amount.currency.is_none() {
        let before = beside(start.checked_sub(1));
        amount.currency = before
            .and_then(|token| amounts::currency(&token.text))
            .or_else(|| after.and_then(|token| amounts::currency(&token.text)));
    }
    let mut fit = match (amount.places, amount.currency.is_some()) {
        (2, _) => 1.0,
        (_, true) => 0.85,
        (0, false) => 0.35,
        (_, false) => 0.5,
    };
    if amount.percent {
        fit *= 0.2;
    }
    if amount.marked || mended {
        fit *= 0.9;
    }
    // Long runs of digits are numbers that somebody gave, not money.
    if amount.places == 0 && text.bytes().filter(u8::is_ascii_digit).count() > 7 {
        fit *= 0.3;
    }
    Some(Candidate {
        form: Form::Amount,
        value: Value::Amount(amount),
        tokens: start..start + words,
        line,
        fit,
    })
}

/// A number that somebody gave: one word with a digit, with what a hyphen or a slash ties to it.
fn code_at(layout: &Layout, line: usize, start: usize, end: usize) -> Option<Candidate> {
    let token = layout.tokens.get(start)?;
    let edge = |c: char| {
        matches!(
            c,
            ':' | ','
                | ';'
                | '.'
                | '('
                | ')'
                | '['
                | ']'
                | '*'
                | '"'
                | '\''
                | '|'
                | '#'
                | '~'
                | '='
                | '_'
                | '°'
        )
    };
    if let Some((text, words)) = spaced_number(layout, start, end).or_else(|| lone_groups(layout, start)) {
        let tokens = start..start + words;
        return Some(Candidate { form: Form::Code, value: Value::Code(text), tokens, line, fit: 1.0 });
    }
    let mut text = token.text.trim_matches(edge).to_owned();
    let mut words = 1;
    let tie = |text: &str| matches!(text, "-" | "/" | "–");
    while words < 6 && start + words < end {
        let next = layout.tokens.get(start + words)?;
        if next.segment != token.segment {
            break;
        }
        let glue = !next.spaced
            || text.ends_with(['-', '/']) && text.len() > 1
            || next.text.starts_with(['-', '/']) && next.text.len() > 1
            || tie(&next.text)
                && layout
                    .tokens
                    .get(start + words + 1)
                    .is_some_and(|t| t.text.bytes().any(|b| b.is_ascii_digit()));
        // `90041277 / 2024-06-28`: the day behind a number is none of it.
        let is_day = tie(&next.text)
            && next.spaced
            && layout.tokens.get(start + words + 1).is_some_and(|day| !dates::find(&day.text).is_empty());
        if !glue || is_day || token.text.ends_with(':') {
            break;
        }
        text.push_str(next.text.trim_end_matches(edge));
        words += 1;
    }
    let chars = text.chars().count();
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let plain = text
        .chars()
        .all(|c| c.is_alphanumeric() || matches!(c, '-' | '/' | '_' | '.' | '–' | '\\' | '+' | '&'));
    if digits == 0 || !plain || chars > 40 || !text.starts_with(char::is_alphanumeric) {
        return None;
    }
    let places = amounts::parse(&text, DecimalMark::Unknown)
        .is_some_and(|amount| amount.places == 2 || amount.percent);
    // `Page 1 / 1`: two counts with a stroke between them.
    let is_count = words == 3 && chars <= 5 && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'/');
    let fit = match (digits, chars) {
        _ if places => 0.15,
        _ if is_count => 0.3,
        // What stands in brackets explains something; it is seldom the number itself.
        _ if token.text.starts_with('(') => 0.35,
        (_, 31..) => 0.4,
        (1, 1) => 0.5,
        (1..=2, 1..=2) => 0.7,
        (1, _) => 0.7,
        // `Gebührenrechnung 2024` says of which year it is.
        (4, 4) if is_year(&text) => 0.6,
        _ => 1.0,
    };
    Some(Candidate { form: Form::Code, value: Value::Code(text), tokens: start..start + words, line, fit })
}

/// Whether four digits are a year in which a document may be written.
fn is_year(text: &str) -> bool {
    text.parse::<i16>().is_ok_and(|year| USUAL_YEARS.contains(&year))
}

/// The most groups of a number that has its stretch to itself, and the fewest letters and digits of all of them.
const LONE_GROUPS_MAX: usize = 4;
const LONE_CHARS_MIN: usize = 5;

/// Capitals that say what a number is, and are none of it.
const ID_WORDS: [&str; 24] = [
    "NIP", "NIF", "CIF", "VAT", "TVA", "IVA", "BTW", "UID", "GST", "ABN", "KVK", "KRS", "HRB", "RCS", "TEL",
    "FAX", "REF", "NR", "NO", "N", "ID", "BP", "CP", "PO",
];

/// A number in groups of digits and capitals that has its stretch to itself (`Q113 K7`, `4 118 260`), or what a colon
/// or a word for a number leaves of it: `Kandidatennummer: 10 447`, `Sócio n.º 4 418`.
fn lone_groups(layout: &Layout, start: usize) -> Option<(String, usize)> {
    let first = layout.tokens.get(start)?;
    let segment = layout.segments.get(first.segment)?;
    let is_said = start > segment.tokens.start
        && layout.tokens.get(start - 1).is_some_and(|before| {
            before.text.ends_with([':', '°', 'º', '#']) || NUMBER_WORDS.contains(&before.folded.as_str())
        });
    let group = start..segment.tokens.end;
    let words = group.len();
    if !is_said && segment.tokens.start != start || !(2..=LONE_GROUPS_MAX).contains(&words) {
        return None;
    }
    let tokens = layout.tokens.get(group.clone())?;
    let is_last = |index: usize| is_said && index + 1 == words;
    let is_group = |(index, token): (usize, &Token)| {
        let text = token.text.as_str();
        let begins = index == 0 && is_series(text) && !ID_WORDS.contains(&text);
        text.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b"-/".contains(&b))
            // The letter that checks a number stands behind it.
            && (begins || is_last(index) && text.len() == 1 || text.bytes().any(|b| b.is_ascii_digit()))
            // A day behind a number is none of its groups.
            && dates::find(text).is_empty()
    };
    let text = layout.text(group);
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let chars = text.bytes().filter(u8::is_ascii_alphanumeric).count();
    // Two groups of digits alone may be an amount, or two numbers.
    let are_digits = text.bytes().all(|b| b.is_ascii_digit() || b == b' ');
    let chars_min = if is_said { LONE_CHARS_MIN - 1 } else { LONE_CHARS_MIN };
    let is_number = chars >= chars_min && digits >= 2 && (!are_digits || words > 2 || is_said);
    (is_number && tokens.iter().enumerate().all(is_group)).then_some((text, words))
}

/// The fewest groups and digits of a number that is printed in groups: fewer are a day, an amount, or two numbers.
const GROUPS_MIN: usize = 3;
const GROUPED_DIGITS_MIN: usize = 9;

/// A number that is printed in groups of digits, up to the end of its stretch or a mark: `81 2047 5590 3316`.
fn spaced_number(layout: &Layout, start: usize, end: usize) -> Option<(String, usize)> {
    let first = layout.tokens.get(start)?;
    let is_group =
        |text: &str| (2..=6).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_lone = first.text.len() == 1 && first.text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_group(&first.text) && !is_lone {
        return None;
    }
    // A group within a longer number begins none.
    let inside = start.checked_sub(1).and_then(|before| layout.tokens.get(before)).is_some_and(|before| {
        before.segment == first.segment && before.text.bytes().all(|byte| byte.is_ascii_digit())
    });
    if inside {
        return None;
    }
    let mut text = first.text.clone();
    let mut words = 1;
    for token in layout.tokens.get(start + 1..end)? {
        if token.segment != first.segment || !token.text.starts_with(|c: char| c.is_ascii_digit()) {
            break;
        }
        let digits = token.text.trim_end_matches([',', ';', '.']);
        // A single digit begins groups of three, as in a large amount; no amount is as large.
        if !is_group(digits) || is_lone && digits.len() != 3 {
            return None;
        }
        text.push(' ');
        text.push_str(digits);
        words += 1;
        if digits.len() < token.text.len() {
            break;
        }
    }
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let groups_min = if is_lone { GROUPS_MIN + 1 } else { GROUPS_MIN };
    // `118 442`, with its stretch to itself.
    let alone =
        layout.segments.get(first.segment).is_some_and(|segment| segment.tokens == (start..start + words));
    let is_pair = words == 2 && alone && matches!(first.text.len(), 2 | 3) && digits == first.text.len() + 3;
    (is_pair || words >= groups_min && digits >= GROUPED_DIGITS_MIN).then_some((text, words))
}
