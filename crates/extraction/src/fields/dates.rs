//! Calendar dates as documents print them.
//!
//! `05.03.2013` is 5 March and `03/20/2013` is 20 March: the order of day and month is decided
//! once for a document, from every date in it ([`Order::decide`]), never one date at a time and
//! never by a default that nobody sees: [`Order::certain`] says whether the document settled it.
//! A day that does not exist is no date.

use std::ops::Range;

use jiff::civil::Date;

use super::pattern::Pattern;
use super::text::fold;

/// A date as printed, before the order is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Printed {
    /// Only one reading is possible.
    Exact(Date),
    /// Two numbers and a year. `short` says that the year is printed with two digits: then it may be the first number,
    /// and the last one the day.
    Numeric { first: i8, second: i8, year: i16, dotted: bool, short: bool },
}

/// A date and where it stands, in bytes of the text that was searched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    pub printed: Printed,
    pub span: Range<usize>,
    /// Digits in a row, or a separator that was not read: likelier something else.
    pub doubtful: bool,
}

/// Whether the day or the month comes first in a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Order {
    pub month_first: bool,
    /// Years of two digits come first: `24/10/31`.
    pub year_first: bool,
    /// False when every date of the document can be read both ways and nothing else tells.
    pub certain: bool,
}

/// What a document says about its dates apart from the dates themselves.
#[derive(Debug, Clone, Copy, Default)]
pub struct Hints {
    /// Signs of the United States: letter paper, dollars, ZIP codes.
    pub american: bool,
    /// Signs of somewhere else: a language other than English, a currency other than the dollar, A4.
    pub elsewhere: bool,
}

impl Order {
    /// Decides for a whole document.
    #[must_use]
    pub fn decide(dates: &[Printed], hints: Hints) -> Self {
        let (mut day_first, mut month_first) = (0_u32, 0_u32);
        let exact: Vec<Date> = dates
            .iter()
            .filter_map(|printed| match printed {
                Printed::Exact(date) => Some(*date),
                Printed::Numeric { .. } => None,
            })
            .collect();
        let year_first = is_year_first(dates, &exact);
        for printed in dates {
            if year_first && printed.with_year_first().is_some() {
                continue;
            }
            let Printed::Numeric { first, second, year, dotted, .. } = *printed else { continue };
            if first > 12 && second <= 12 {
                day_first += 4;
            } else if second > 12 && first <= 12 {
                month_first += 4;
            } else if first != second {
                // The same day written out elsewhere settles it; points are only used day first.
                let day =
                    exact.iter().any(|date| (date.year(), date.month(), date.day()) == (year, second, first));
                let month =
                    exact.iter().any(|date| (date.year(), date.month(), date.day()) == (year, first, second));
                day_first += u32::from(day) * 2 + u32::from(dotted) * 2;
                month_first += u32::from(month) * 2;
            }
        }
        if day_first != month_first {
            return Self { month_first: month_first > day_first, year_first, certain: true };
        }
        // Nothing in the dates: the country decides, and only clear signs of it make it certain.
        let month_first = hints.american && !hints.elsewhere;
        Self { month_first, year_first, certain: year_first || hints.american != hints.elsewhere }
    }
}

/// Whether the days that are printed with a year of two digits begin with it: read so, one is a day that is written
/// out elsewhere, and read otherwise none is.
fn is_year_first(dates: &[Printed], exact: &[Date]) -> bool {
    let (mut first, mut last) = (false, false);
    for printed in dates {
        let Some(day) = printed.with_year_first() else { continue };
        first |= exact.contains(&day);
        let Printed::Numeric { first: day, second: month, year, .. } = *printed else { continue };
        let others = [Date::new(year, month, day), Date::new(year, day, month)];
        last |= others.into_iter().flatten().any(|day| exact.contains(&day));
    }
    first && !last
}

impl Printed {
    /// The day, with an order for the dates that need one.
    #[must_use]
    pub fn resolve(self, order: Order) -> Option<Date> {
        match self {
            Self::Exact(date) => Some(date),
            Self::Numeric { first, second, year, dotted, .. } => {
                if let Some(day) = self.with_year_first().filter(|_| order.year_first) {
                    return Some(day);
                }
                let month_first = order.month_first && !dotted;
                let (day, month) = if month_first { (second, first) } else { (first, second) };
                // A date that only the other order can read is read that way: it is unambiguous.
                Date::new(year, month, day).or_else(|_| Date::new(year, day, month)).ok()
            }
        }
    }

    /// The day of a date whose year has two digits and comes first.
    fn with_year_first(self) -> Option<Date> {
        let Self::Numeric { first, second, year, short: true, .. } = self else { return None };
        Date::new(2000 + i16::from(first), second, i8::try_from(year % 100).ok()?).ok()
    }

    /// Whether the order changes the day.
    #[must_use]
    pub fn is_ambiguous(self) -> bool {
        match self {
            Self::Exact(_) => false,
            Self::Numeric { first, second, dotted, .. } => {
                !dotted && first <= 12 && second <= 12 && first != second
            }
        }
    }
}

/// Month names, folded, in English, German, French, Spanish, Italian, Dutch, Portuguese, Polish
/// (both cases) and the Nordic languages, one month a row.
const MONTHS: [&str; 12] = [
    "january januar janner janvier enero gennaio januari janeiro styczen stycznia jan janv ene gen genn sty",
    "february februar feber fevrier febrero febbraio februari fevereiro luty lutego feb febr fevr fev febb lut",
    "march marz maerz mars marzo maart marco marzec marca mar mrz mrt",
    "april avril abril aprile kwiecien kwietnia apr avr abr kwi",
    "may mai mayo maggio mei maio maj maja mag magg",
    "june juni juin junio giugno junho czerwiec czerwca jun giu cze",
    "july juli juillet julio luglio julho lipiec lipca jul juil lug lip",
    "august aout agosto augustus augusti sierpien sierpnia aug ago sie",
    "september septembre septiembre setiembre settembre setembro wrzesien wrzesnia sep sept set sett wrz",
    "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika oct okt ott out paz",
    "november novembre noviembre novembro listopad listopada nov lis",
    "december dezember decembre diciembre dicembre dezembro desember grudzien grudnia dec dez dic des gru",
];

/// The short names that a till prints.
const ENGLISH_SHORT: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The month that a word names, in any of the languages.
#[must_use]
pub fn month(word: &str) -> Option<i8> {
    let folded = fold(word);
    let names = || (1_i8..).zip(MONTHS);
    let exact = names().find(|(_, names)| names.split(' ').any(|name| name == folded));
    exact.map(|(number, _)| number).or_else(|| {
        // One misread letter in a short name still tells, unless two months are as near (jan, jun).
        let near =
            |name: &str| super::text::distance(&folded, name, 1).is_some() && name.len() == folded.len();
        let short = |names: &str| {
            names.split(' ').any(|name| name.len() == 3 && ENGLISH_SHORT.contains(&name) && near(name))
        };
        let mut found = names().filter(|(_, names)| short(names));
        match (found.next(), found.next()) {
            (Some((number, _)), None) => Some(number),
            _ => None,
        }
    })
}

/// The shapes of a date; the groups are picked by position in [`read`].
static SHAPES: [(Shape, Pattern); 7] = [
    (Shape::YearFirst, Pattern::new(|| pattern(Shape::YearFirst))),
    (Shape::Numeric, Pattern::new(|| pattern(Shape::Numeric))),
    (Shape::DayName, Pattern::new(|| pattern(Shape::DayName))),
    (Shape::NameDay, Pattern::new(|| pattern(Shape::NameDay))),
    (Shape::YearName, Pattern::new(|| pattern(Shape::YearName))),
    (Shape::Lost, Pattern::new(|| pattern(Shape::Lost))),
    (Shape::Compact, Pattern::new(|| pattern(Shape::Compact))),
];

/// What a shape looks like. Most documents have dates of one shape or two, and each is dear to prepare.
fn pattern(shape: Shape) -> String {
    let day = r"(\d{1,2})(?:st|nd|rd|th|er|ers|e|º|°|ª)?";
    let word = r"([\p{Alphabetic}]{3,12})";
    let of = r"(?:de\s|del\s|of\s|d')?";
    match shape {
        Shape::YearFirst => r"\b((?:19|20)\d{2})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?".to_owned(),
        Shape::Numeric => r"\b(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?[-/.]\s?((?:19|20)\d{2}|\d{2})\b".to_owned(),
        Shape::DayName => {
            format!(r"\b{day}[\s.,/-]*{of}{word}[\s.,'/-]*{of}((?:19|20)\d{{2}}|\d{{2}})\b")
        }
        Shape::NameDay => format!(r"\b{word}[\s./-]*{day}\s?[\s,./-]\s?((?:19|20)\d{{2}})\b"),
        Shape::YearName => format!(r"\b((?:19|20)\d{{2}})[\s./-]+{word}[\s./-]+(\d{{1,2}})\b"),
        Shape::Lost => r"\b(\d{2})([/-]?)(\d{2})[/-]((?:19|20)\d{2})\b".to_owned(),
        Shape::Compact => r"\b(20\d{2})(0[1-9]|1[0-2])([0-3]\d)\b".to_owned(),
    }
}

/// The digits of a text, in runs.
fn runs_of_digits(text: &str) -> Vec<Range<usize>> {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in text.bytes().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    runs
}

/// Whether a text can hold a date of a shape, by its runs of digits and what stands between them. The patterns are
/// dear, and nearly no line of numbers passes here. It never rules out what [`read`] would take: that wants digits
/// of ASCII, and of what stands between them only other ASCII characters are told apart.
fn is_possible(shape: Shape, text: &str, runs: &[Range<usize>]) -> bool {
    let digits = |run: &Range<usize>| &text.as_bytes()[run.clone()];
    let is_day = |run: &Range<usize>| run.len() <= 2;
    let is_year =
        |run: &Range<usize>| run.len() == 4 && matches!(digits(run), [b'1', b'9', ..] | [b'2', b'0', ..]);
    let between = |pair: &[Range<usize>]| &text[pair[0].end..pair[1].start];
    // A separator with a space on either side.
    let is_parted = |pair: &[Range<usize>]| between(pair).chars().nth(3).is_none();
    let is_letter = |c: char| c.is_ascii_alphabetic() || !c.is_ascii();
    let is_mark =
        |c: char| matches!(c, '.' | ',' | '/' | '-' | '\'' | ' ' | '\t' | '\n' | '\x0B' | '\x0C' | '\r');
    let is_of_words = |pair: &[Range<usize>]| between(pair).chars().all(|c| is_letter(c) || is_mark(c));
    let has_name = |text: &str| text.chars().filter(|c| is_letter(*c)).nth(2).is_some();
    match shape {
        Shape::YearFirst => runs.windows(3).any(|three| {
            is_year(&three[0]) && is_day(&three[1]) && is_parted(&three[..2]) && is_parted(&three[1..])
        }),
        Shape::Numeric => runs.windows(3).any(|three| {
            is_day(&three[0])
                && is_day(&three[1])
                && (three[2].len() == 2 || is_year(&three[2]))
                && is_parted(&three[..2])
                && is_parted(&three[1..])
        }),
        Shape::DayName => runs.windows(2).any(|pair| {
            is_day(&pair[0])
                && (pair[1].len() == 2 || is_year(&pair[1]))
                && is_of_words(pair)
                && has_name(between(pair))
        }),
        Shape::NameDay => runs.windows(2).any(|pair| {
            is_day(&pair[0]) && is_year(&pair[1]) && is_of_words(pair) && has_name(&text[..pair[0].start])
        }),
        Shape::YearName => runs.windows(2).any(|pair| {
            is_year(&pair[0]) && is_day(&pair[1]) && is_of_words(pair) && has_name(between(pair))
        }),
        Shape::Lost => {
            let is_behind_mark = |run: &Range<usize>| text[..run.start].ends_with(['/', '-']);
            runs.iter().any(|run| is_year(run) && is_behind_mark(run))
        }
        Shape::Compact => runs.iter().any(|run| run.len() == 8 && digits(run).starts_with(b"20")),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    YearFirst,
    Numeric,
    DayName,
    NameDay,
    YearName,
    /// `1202/2018`: a separator was not read.
    Lost,
    /// `20180304`.
    Compact,
}

/// Every date in a text, from the left, none overlapping another.
#[must_use]
pub fn find(text: &str) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let runs = runs_of_digits(text);
    for (shape, pattern) in &SHAPES {
        if !is_possible(*shape, text, &runs) {
            continue;
        }
        let Some(regex) = pattern.for_text(text) else { continue };
        let mut from = 0;
        while let Some(groups) = regex.captures_at(text, from) {
            let Some(whole) = groups.get(0) else { break };
            let group = |index: usize| groups.get(index).map_or("", |group| group.as_str());
            let printed = read(*shape, [group(1), group(2), group(3), group(4)]);
            let taken =
                found.iter().any(|other| whole.start() < other.span.end && other.span.start < whole.end());
            match printed {
                Some(printed) if !taken && !continues(text, whole.range()) => {
                    let doubtful = matches!(shape, Shape::Lost | Shape::Compact);
                    found.push(Found { printed, span: whole.range(), doubtful });
                    from = whole.end();
                }
                // The match may hide a date that begins inside it: go on at its next character.
                _ => {
                    from = whole.start() + text[whole.start()..].chars().next().map_or(1, char::len_utf8);
                }
            }
            if from >= text.len() {
                break;
            }
        }
    }
    found.sort_by_key(|date| date.span.start);
    found
}

/// A day of which a scanner lost both marks, day or month first: `27032018`. Of a text that was not scanned it says
/// nothing: there eight digits are a number.
#[must_use]
pub fn run_together(word: &str) -> Option<Printed> {
    let is_run = word.len() == 8 && word.bytes().all(|byte| byte.is_ascii_digit());
    let parts = [word.get(..2)?, "", word.get(2..4)?, word.get(4..)?];
    let printed = read(Shape::Lost, parts)?;
    let is_recent = matches!(printed, Printed::Numeric { year, .. } if (2000..=2035).contains(&year));
    (is_run && is_recent).then_some(printed)
}

/// Whether the digits go on beyond the match, as in a version or an account number.
fn continues(text: &str, span: Range<usize>) -> bool {
    let mut after = text[span.end..].chars();
    let next = after.next();
    let beyond = after.next();
    // `2024-08-12-S0027` and `2024-09-0338` are numbers.
    let more = next.is_some_and(|c| c.is_ascii_digit())
        || matches!(next, Some('.' | '/' | '-' | ',')) && beyond.is_some_and(|c| c.is_ascii_digit())
        || next == Some('-') && beyond.is_some_and(|c| c.is_ascii_uppercase());
    // `01/03/2018-31/03/2018` is a period: its first half is a date all the same.
    let period = more && next == Some('-') && text[span.clone()].contains(['/', '.']);
    let before = text[..span.start].chars().next_back();
    let glued = matches!(before, Some('.' | '/' | ',')) && text[..span.start].len() > 1;
    (more && !period) || glued
}

fn read(shape: Shape, groups: [&str; 4]) -> Option<Printed> {
    let number = |text: &str| text.parse::<i8>().ok();
    let exact = |year: i16, month: i8, day: i8| Date::new(year, month, day).ok().map(Printed::Exact);
    match shape {
        Shape::YearFirst | Shape::Compact => {
            exact(groups[0].parse().ok()?, number(groups[1])?, number(groups[2])?)
        }
        Shape::Numeric | Shape::Lost => {
            let (first, second, year) = (number(groups[0])?, number(groups[2])?, year(groups[3])?);
            let dotted = groups[1] == ".";
            // Points are only used with the day first: `12.17.26` is a time.
            let possible =
                Date::new(year, second, first).is_ok() || !dotted && Date::new(year, first, second).is_ok();
            let short = groups[3].len() == 2;
            possible.then_some(Printed::Numeric { first, second, year, dotted, short })
        }
        Shape::DayName => exact(year(groups[2])?, month(groups[1])?, number(groups[0])?),
        Shape::NameDay => exact(year(groups[2])?, month(groups[0])?, number(groups[1])?),
        Shape::YearName => exact(groups[0].parse().ok()?, month(groups[1])?, number(groups[2])?),
    }
}

/// Two digits mean this century up to 69, as POSIX has it.
fn year(text: &str) -> Option<i16> {
    let year: i16 = text.parse().ok()?;
    Some(match (text.len(), year) {
        (2, 0..=69) => 2000 + year,
        (2, _) => 1900 + year,
        _ => year,
    })
}

/// The text with the letters that OCR reads for digits put right, where a word is mostly digits.
/// The length in bytes never changes.
#[must_use]
pub fn mend_digits(text: &str) -> String {
    let mut mended = String::with_capacity(text.len());
    for (index, word) in text.split(' ').enumerate() {
        if index > 0 {
            mended.push(' ');
        }
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        if digits >= 3 && letters <= 2 && digits > letters {
            let word: String = word.chars().map(mend).collect();
            mended.push_str(&mended_day(&word).unwrap_or(word));
        } else {
            mended.push_str(word);
        }
    }
    mended
}

/// A date with a digit that no date has there, as it must have been printed: of this century's years `7018`, of its
/// months `93`. None where nothing is wrong, or where it still names no day.
fn mended_day(word: &str) -> Option<String> {
    let [first, second, year] = three_numbers(word)?;
    let mut mended = word.to_owned();
    if matches!(word.get(year.clone())?.get(..2), Some("70" | "80")) {
        mended.replace_range(year.start..=year.start, "2");
    }
    // A stroke too many closes a nought; no month and no day is as high.
    if matches!(word.as_bytes().get(second.clone())?, [b'6' | b'8' | b'9', b'1'..=b'9']) {
        mended.replace_range(second.start..=second.start, "0");
    }
    let number = |at: Range<usize>| mended.get(at)?.parse::<i16>().ok();
    let small = |at: Range<usize>| number(at).and_then(|number| i8::try_from(number).ok());
    let (first, second, year) = (small(first)?, small(second)?, number(year)?);
    let is_day = Date::new(year, second, first).is_ok() || Date::new(year, first, second).is_ok();
    (mended != word && is_day).then_some(mended)
}

/// Where day, month and a year of four digits stand in a word, with one mark between each.
fn three_numbers(word: &str) -> Option<[Range<usize>; 3]> {
    let bytes = word.as_bytes();
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in bytes.iter().enumerate().filter(|(_, byte)| byte.is_ascii_digit()) {
        match runs.last_mut() {
            Some(run) if run.end == at => run.end = at + 1,
            _ => runs.push(at..at + 1),
        }
    }
    let are_joined = |a: &Range<usize>, b: &Range<usize>| {
        b.start == a.end + 1 && matches!(bytes.get(a.end), Some(b'-' | b'/' | b'.'))
    };
    runs.windows(3).find_map(|runs| match runs {
        [a, b, c] if are_joined(a, b) && are_joined(b, c) && a.len() <= 2 && b.len() <= 2 && c.len() == 4 => {
            Some([a.clone(), b.clone(), c.clone()])
        }
        _ => None,
    })
}

fn mend(c: char) -> char {
    match c {
        'O' | 'o' | 'Q' | 'D' => '0',
        'l' | 'I' | '|' | 'i' => '1',
        'S' => '5',
        'B' => '8',
        'Z' => '2',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    fn iso(text: &str, hints: Hints) -> Vec<String> {
        let found = find(text);
        let printed: Vec<Printed> = found.iter().map(|date| date.printed).collect();
        let order = Order::decide(&printed, hints);
        printed.iter().filter_map(|date| date.resolve(order)).map(|date| date.to_string()).collect()
    }

    #[test]
    fn dates_of_many_languages() {
        for (text, expected) in [
            ("05.03.2013", "2013-03-05"),
            ("2018-06-05", "2018-06-05"),
            ("7. Mai 2014", "2014-05-07"),
            ("19 april 2014", "2014-04-19"),
            ("02 Juillet 2015", "2015-07-02"),
            ("1er août 2021", "2021-08-01"),
            ("5 de enero de 2020", "2020-01-05"),
            ("12 dicembre 2019", "2019-12-12"),
            ("3 de março de 2022", "2022-03-03"),
            ("15 października 2021", "2021-10-15"),
            ("29 maart 2014", "2014-03-29"),
            ("August 3 , 2014", "2014-08-03"),
            ("Jan 1, 2022", "2022-01-01"),
            ("September 21st, 2020", "2020-09-21"),
            ("03 MAR 2018", "2018-03-03"),
            ("18-Mar-18", "2018-03-18"),
            ("2018. 03. 05.", "2018-03-05"),
            ("12-01-19", "2019-01-12"),
            ("20180304", "2018-03-04"),
            ("1202/2018", "2018-02-12"),
            ("1. März 1999", "1999-03-01"),
        ] {
            assert_eq!(iso(text, Hints { american: false, elsewhere: true }), [expected], "{text}");
        }
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "31.02.2018",
            "12.17.26 PM",
            "1.234.567,89",
            "12:30:45",
            "10.0.0.1",
            "45/13/2018",
            "3 marketing 2018",
            "192.168.10.12",
        ] {
            assert_eq!(iso(text, Hints::default()), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_other_dates_of_a_document_settle_the_order() {
        assert_eq!(iso("3/5/2013 and 3/25/2013", Hints::default()), ["2013-03-05", "2013-03-25"]);
        assert_eq!(iso("3/5/2013 and 25/3/2013", Hints::default()), ["2013-05-03", "2013-03-25"]);
        assert_eq!(iso("3/5/2013 is March 5, 2013", Hints::default()), ["2013-03-05", "2013-03-05"]);
    }

    #[test]
    fn a_year_of_two_digits_comes_first_where_another_date_says_so() {
        assert_eq!(iso("23/11/30 and 2023-11-30", Hints::default()), ["2023-11-30", "2023-11-30"]);
        assert_eq!(iso("23/11/30 and 2030-11-23", Hints::default()), ["2030-11-23", "2030-11-23"]);
        assert_eq!(iso("23/11/30 and 2023-11-01", Hints::default()), ["2030-11-23", "2023-11-01"]);
    }

    #[test]
    fn an_order_that_nothing_settles_is_not_certain() {
        let dates: Vec<Printed> = find("3/5/2013").iter().map(|date| date.printed).collect();
        assert!(!Order::decide(&dates, Hints::default()).certain);
        assert_eq!(
            Order::decide(&dates, Hints { american: true, elsewhere: false }),
            Order { month_first: true, year_first: false, certain: true }
        );
    }

    #[test]
    fn misread_digits_are_mended_only_in_numbers() {
        assert_eq!(mend_digits("O1/O2/2018 OIL"), "01/02/2018 OIL");
    }

    /// What the patterns alone find, as [`read`] takes it.
    fn is_found(shape: Shape, text: &str) -> bool {
        let regex = Regex::new(&pattern(shape)).unwrap();
        let mut from = 0;
        while let Some(groups) = regex.captures_at(text, from) {
            let group = |index: usize| groups.get(index).map_or("", |group| group.as_str());
            if read(shape, [group(1), group(2), group(3), group(4)]).is_some() {
                return true;
            }
            let start = groups.get(0).unwrap().start();
            from = start + text[start..].chars().next().map_or(1, char::len_utf8);
            if from >= text.len() {
                break;
            }
        }
        false
    }

    #[test]
    fn a_digit_that_no_date_has_there_is_mended_if_a_day_comes_out() {
        for (read, printed) in [
            ("19/03/7018", "19/03/2018"),
            // A year to come is a year.
            ("19-03-2078", "19-03-2078"),
            ("12/93/2018", "12/03/2018"),
            ("(12/93/7018)", "(12/03/2018)"),
            ("31/92/2018", "31/92/2018"),
            ("40/03/7018", "40/03/7018"),
            ("19/03/2018", "19/03/2018"),
            ("12/73/2018", "12/73/2018"),
            ("123/93/2018", "123/93/2018"),
        ] {
            assert_eq!(mend_digits(read), printed);
        }
    }

    proptest! {
        #[test]
        fn nothing_that_is_a_date_is_ruled_out(
            text in "([0-9٣²]{1,5}|(19|20)[0-9]{2}|[0-3]?[0-9]|[-/.,年月日' \u{a0}]|\\PC|jan|March|août|mai|1er|th|de |of ){0,12}"
        ) {
            let runs = runs_of_digits(&text);
            for (shape, _) in &SHAPES {
                prop_assert!(is_possible(*shape, &text, &runs) || !is_found(*shape, &text), "{:?} {}", shape, text);
            }
        }

        #[test]
        fn no_text_breaks_the_search(text in "\\PC{0,80}") {
            for date in find(&text) {
                prop_assert!(text.get(date.span).is_some());
            }
            prop_assert_eq!(mend_digits(&text).len(), text.len());
        }

        #[test]
        fn date_like_text_never_breaks_it(text in "[0-9./ -]{0,40}|[0-9]{1,2} [a-zé]{3,9} [0-9]{2,4}") {
            let _ = iso(&text, Hints::default());
        }

        #[test]
        fn a_printed_day_is_read_back(year in 1970_i16..2069, month in 1_i8..=12, day in 1_i8..=28) {
            let date = Date::new(year, month, day).unwrap();
            let printed = format!("Datum: {day:02}.{month:02}.{year} bis");
            prop_assert_eq!(iso(&printed, Hints::default()), [date.to_string()]);
        }
    }
}
