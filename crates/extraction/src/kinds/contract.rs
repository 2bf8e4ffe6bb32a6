//! Contracts: who, from when, for how long, under whose law, by the phrases of eight languages.
//!
//! A clause is found by the words that lawyers use for it, and its value is what stands behind them (or,
//! of a law and a notice, around them). A date or a length of time that no such phrase speaks for is no
//! value: contracts are full of both. Where several phrases speak, the stronger one wins, then the first.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value as Json, json};

use super::Find;
use super::flat::Flat;
use crate::fields::calibration::Group;
use crate::fields::scan::Value;
use crate::fields::{Document, dates};

/// What can be asked of a contract.
#[derive(Debug, Clone, Copy)]
pub(super) enum Asked {
    Parties,
    Number,
    EffectiveDate,
    ContractDate,
    EndDate,
    Term,
    NoticePeriod,
    GoverningLaw,
}

/// What a contract says.
#[derive(Default)]
pub(super) struct Contract {
    parties: Option<Find>,
    number: Option<Find>,
    effective_date: Option<Find>,
    contract_date: Option<Find>,
    end_date: Option<Find>,
    term: Option<Find>,
    notice_period: Option<Find>,
    governing_law: Option<Find>,
}

impl Contract {
    pub(super) fn find(&self, asked: Asked) -> Option<Find> {
        match asked {
            Asked::Parties => &self.parties,
            Asked::Number => &self.number,
            Asked::EffectiveDate => &self.effective_date,
            Asked::ContractDate => &self.contract_date,
            Asked::EndDate => &self.end_date,
            Asked::Term => &self.term,
            Asked::NoticePeriod => &self.notice_period,
            Asked::GoverningLaw => &self.governing_law,
        }
        .clone()
    }
}

pub(super) fn read(document: &Document<'_>) -> Contract {
    let flat = Flat::of(&document.layout);
    Contract {
        parties: parties(&flat),
        number: number(&flat),
        effective_date: date_behind(document, &flat, &EFFECTIVE),
        contract_date: date_behind(document, &flat, &MADE),
        end_date: date_behind(document, &flat, &ENDS),
        term: term(&flat),
        notice_period: notice(&flat),
        governing_law: law(&flat),
    }
}

/// A pattern of this file. One that does not compile would find nothing: a test compiles all of them.
fn pattern(text: &str) -> Option<Regex> {
    Regex::new(text).ok()
}

// ---- parties ----

/// What the parties stand behind in a contract's first words, and the word between two of them.
static BETWEEN: LazyLock<Vec<(Regex, Regex)>> = LazyLock::new(|| {
    [
        (r"(?:by\s+and\s+)?between|made\s+by", "and"),
        ("zwischen", "und|sowie"),
        (r"entre(?:\s+les\s+soussignée?s)?|les\s+soussignée?s", "et|d['’]autre part"),
        (r"entre|reunidos|de\s+una\s+parte", "y|e|de otra(?: parte)?"),
        ("entre", "e"),
        ("tra|fra", "ed?"),
        (r"tussen|de\s+ondergetekenden", "en"),
        ("pomiędzy|między", "a|oraz|i"),
    ]
    .iter()
    .filter_map(|(between, and)| {
        let between = pattern(&format!(r"(?i)\b(?:{between})\b\s*[:,]?\s+"))?;
        Some((between, pattern(&format!(r"(?i)(?:^|[\s,;])(?:{and})[:,]?\s+"))?))
    })
    .collect()
});

/// What begins the description of a party, behind its name.
static DESCRIBED: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r#"(?ix)
        \s*[\(\[“"„«;] | \n\s*\n
        | ,?\s+(?:a|an)\s+(?:\w+\s+){0,4}(?:company|corporation|partnership|individual|person|entity)\b
        | ,?\s+(?:having|with\s+(?:its|a|an|offices?)|whose|located|residing|represented|registered|incorporated|organi[sz]ed|hereinafter|hereafter|of\s+\d
            | vertreten|nachfolgend|nachstehend|mit\s+Sitz|wohnhaft|geboren|im\s+Folgenden|eingetragen
            | dont|ayant|représentée?|ci-après|domiciliée?|immatriculée?|au\s+capital|sise?
            | con\s+(?:domicilio|sede|NIF|CIF)|representad[oa]|en\s+adelante|mayor\s+de\s+edad|domiciliad[oa]
            | rappresentat[oa]|di\s+seguito|residente|nat[oa]\s+a|in\s+persona
            | gevestigd|vertegenwoordigd|hierna|wonende|kantoorhoudende
            | com\s+sede|doravante|portador|contribuinte
            | z\s+siedzibą|reprezentowan|zwan|zamieszkał|adres|NIP|REGON)
        | ,\s+(?:\d|\p{Lu}\p{L}+\s*(?:str|straße|weg|platz|gasse)\b|(?:rue|avenue|boulevard|calle|via|piazza|rua|ul\.)\s)"#,
    )
});

/// What a name may end with behind a comma.
static LEGAL_BEHIND_COMMA: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?i)^,\s*(?:Inc|LLC|L\.L\.C|Ltd|Limited|LLP|LP|Corp|N\.A|S\.A|S\.L|S\.p\.A|S\.r\.l|Lda|SA|GmbH|AG|B\.V)\b\.?",
    )
});

/// What the contract calls a party: the name in quotation marks, or behind a word for it.
static ROLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r#"(?x)
        [“"„«‚»]\s*(?i:the\s+|der\s+|die\s+|das\s+|le\s+|la\s+|l['’]\s*|el\s+|il\s+|lo\s+|de\s+|het\s+|o\s+|a\s+)?
            (?P<quoted>\p{Lu}[^“”"„«»‘’\n]{1,38}?)\s*[”"“»«’]
        | (?i:hereinafter(?:\s+(?:called|referred\s+to\s+as))?|nachfolgend|nachstehend|im\s+Folgenden|ci-après(?:\s+dénommée?)?|en\s+adelante|di\s+seguito|hierna(?:\s+te\s+noemen)?|doravante(?:\s+designad[oa])?|zwan[ayąe]+(?:\s+dalej)?)
            [:,]?\s+(?i:the\s+|der\s+|die\s+|das\s+|le\s+|la\s+|el\s+|il\s+|de\s+|o\s+|a\s+)?(?P<named>\p{Lu}[\p{L}-]{2,30})"#,
    )
});

/// How far the parties' part of a contract reaches, in bytes.
const PARTIES_BYTES_MAX: usize = 1_800;
/// Where it begins at the latest.
const PARTIES_START_MAX: usize = 6_000;
const NAME_CHARS_MAX: usize = 90;

/// A party: its name and what the contract calls it, in bytes of the text.
struct Party {
    name: Range<usize>,
    role: Option<String>,
}

fn parties(flat: &Flat) -> Option<Find> {
    let mut best: Option<Vec<Party>> = None;
    for (between, and) in &*BETWEEN {
        let openings = between.find_iter(&flat.text).take_while(|found| found.start() < PARTIES_START_MAX);
        for found in openings.take(40) {
            let parties = parties_from(flat, found.end(), and);
            if parties.len() >= 2 && best.as_ref().is_none_or(|best| worth(&parties) > worth(best)) {
                best = Some(parties);
            }
        }
    }
    let parties = best?;
    let (first, last) = (parties.first()?, parties.last()?);
    let tokens = flat.tokens(&(first.name.start..last.name.end));
    let rows = parties.iter().map(|party| {
        let name = one_line(&flat.text[party.name.clone()]);
        json!({ "name": name, "role": party.role })
    });
    Some(Find { value: Json::Array(rows.collect()), parts: vec![tokens], score: 0.9, group: Group::Party })
}

/// Parties that the contract gives a role are parties; two names behind `between` may be anything.
fn worth(parties: &[Party]) -> usize {
    1 + parties.iter().filter(|party| party.role.is_some()).count()
}

/// The first party behind the opening words, and those behind each `and`.
fn parties_from(flat: &Flat, from: usize, and: &Regex) -> Vec<Party> {
    let window = flat.ahead(from, PARTIES_BYTES_MAX);
    let mut parties = Vec::new();
    let mut at = 0;
    while parties.len() < 6 {
        let Some(name) = name_at(window, at, and) else { break };
        let rest = &window[name.end..];
        // The word between the parties: behind a description, or right behind the name.
        let next = and.find_iter(rest).find_map(|found| {
            let start = name.end + found.end();
            let gap = &rest[..found.start()];
            let ends_party = gap.trim().is_empty()
                || gap.trim_end().ends_with([')', ']', ',', ';', '”', '"', '“', '»', '.'])
                || rest[found.start()..].starts_with([',', ';', '\n']);
            (ends_party && gap.len() < 700 && name_at(window, start, and).is_some())
                .then_some((gap.len(), start))
        });
        let described = &rest[..next.map_or(rest.len().min(400), |(gap, _)| gap).min(rest.len())];
        let role = role_in(crop(described, 400));
        parties.push(Party { name: from + name.start..from + name.end, role });
        let Some((_, start)) = next else { break };
        at = start;
        // A third party has to be introduced like the second: by the same word, right behind.
        if parties.len() >= 2 && parties.iter().all(|party| party.role.is_none()) {
            break;
        }
    }
    parties
}

/// A text cut to whole characters.
fn crop(text: &str, bytes_max: usize) -> &str {
    let mut end = bytes_max.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn role_in(text: &str) -> Option<String> {
    let found = ROLE.as_ref()?.captures(text)?;
    let role = found.name("quoted").or_else(|| found.name("named"))?;
    Some(one_line(role.as_str()))
}

/// The name that begins at a place, numbering and articles before it left out.
fn name_at(window: &str, at: usize, and: &Regex) -> Option<Range<usize>> {
    static NUMBERED: LazyLock<Option<Regex>> = LazyLock::new(|| {
        pattern(
            r"(?x)^\s*(?:\(?[0-9A-Ea-ei]{1,3}[.)]\)?\s+)?
            (?i:(?:the\s+company|der\s+firma|la\s+société|la\s+empresa|la\s+società|a\s+sociedade|de\s+vennootschap)\s+)?(?:the\s+|der\s+|dem\s+|den\s+|die\s+|la\s+|le\s+|l['’]\s*|el\s+|il\s+|lo\s+|de\s+|het\s+|a\s+|o\s+|spółką\s+|firmą\s+|D\.\s+|Don\s+|Doña\s+)?",
        )
    });
    let text = window.get(at..)?;
    let skipped = NUMBERED.as_ref()?.find(text).map_or(0, |found| found.end());
    let text = &text[skipped..];
    let begins_like_a_name = text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit());
    if !begins_like_a_name {
        return None;
    }
    let mut end = name_end(text, and);
    end = text[..end].trim_end_matches([' ', '\n', ',', ';', '.', ':']).len();
    // The dot of an abbreviation belongs to the name: `Acme Inc.`, `S.A.`
    if text[end..].starts_with('.') && ends_in_abbreviation(&text[..end]) {
        end += 1;
    }
    let name = &text[..end];
    let chars = name.chars().count();
    let is_name =
        (2..=NAME_CHARS_MAX).contains(&chars) && name.chars().filter(|c| c.is_alphabetic()).count() >= 2;
    is_name.then_some(at + skipped..at + skipped + end)
}

fn ends_in_abbreviation(name: &str) -> bool {
    let last = name.rsplit([' ', '\n']).next().unwrap_or_default();
    last.contains('.') || matches!(last, "Inc" | "Ltd" | "Corp" | "Co" | "Jr" | "Lda" | "Sp" | "SpA" | "o")
}

fn name_end(text: &str, and: &Regex) -> usize {
    let mut end = text.len();
    let mut cut_at = |place: Option<usize>| end = end.min(place.unwrap_or(usize::MAX));
    cut_at(DESCRIBED.as_ref().and_then(|described| described.find(text)).map(|found| found.start()));
    // The word for `and` where something capital follows and the name has a legal form or a line's end before it.
    let second = and.find_iter(text).find(|found| {
        let before = text[..found.start()].trim_end();
        let capital = text[found.end()..].chars().next().is_some_and(|c| c.is_uppercase() || c == '(');
        let on_line_of_its_own = text[found.start()..].starts_with('\n');
        capital && !before.is_empty() && (is_firm(before) || on_line_of_its_own || is_person(before))
    });
    cut_at(second.map(|found| found.start()));
    let mut from = 0;
    while let Some(comma) = text.get(from..end).and_then(|rest| rest.find(',')) {
        let at = from + comma;
        match LEGAL_BEHIND_COMMA.as_ref().and_then(|legal| legal.find(&text[at..])) {
            Some(legal) => from = at + legal.end(),
            None => {
                end = at;
                break;
            }
        }
    }
    // A sentence's end that is no abbreviation's.
    if let Some(stop) = text[..end].find(". ").filter(|stop| !ends_in_abbreviation(&text[..*stop])) {
        end = stop;
    }
    end
}

/// Whether a name ends in a legal form.
fn is_firm(name: &str) -> bool {
    let last: Vec<&str> = name.split_whitespace().rev().take(3).collect();
    let joined = |count: usize| {
        let words: Vec<&str> = last.iter().take(count).rev().copied().collect();
        crate::fields::text::fold(&words.concat())
    };
    (1..=last.len()).any(|count| crate::fields::lexicon::LEGAL_FORMS.contains(&joined(count).as_str()))
}

/// Two or three capitalised words and no more: a person.
fn is_person(name: &str) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    (2..=3).contains(&words.len())
        && words.iter().all(|word| word.chars().next().is_some_and(char::is_uppercase) && !word.contains(','))
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

// ---- number ----

/// The first lines of a contract, in bytes: its title, and what stands between it and the parties.
const TITLE_BYTES_MAX: usize = 400;

/// A number in a title, or in a line of its own below it.
static NUMBERED_TITLE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(
        r"(?mx)^(?:[^\n]{0,60}?(?i:contract|agreement|vertrag|contrat|contrato|contratto|overeenkomst|umow[ay])\s(?:[^\n]{0,40}\s)?)?
        (?i:nr|no|n|num|number|nummer|número|numero|numer|n[°º])[.:]*\s?[°º]?\s?(?:(?i:umowy)\s?:\s?)?
        (?P<value>[A-Z0-9][\p{Lu}0-9._/-]*\d[\p{Lu}0-9._/-]*)\s*$",
    )
});

fn number(flat: &Flat) -> Option<Find> {
    let found = NUMBERED_TITLE.as_ref()?.captures(flat.ahead(0, TITLE_BYTES_MAX))?;
    Some(clause(flat, found.name("value")?.range(), 0.9))
}

// ---- dates ----

/// Phrases that a date stands behind, the stronger ones first.
struct Phrases {
    strong: Option<Regex>,
    weak: Option<Regex>,
}

static EFFECTIVE: LazyLock<Phrases> = LazyLock::new(|| Phrases {
    strong: pattern(
        r#"(?ix)(?:
        effective\s+(?:date\b["”)]*|as\s+of|on|from|upon) | with\s+effect\s+(?:from|as\s+of)
        | (?:enters?|comes?|enter|come)\s+into\s+(?:force|effect)\s+(?:on|as\s+of|from) | commenc(?:es?|ing)\s+on | takes?\s+effect\s+on | starting\s+(?:on|from)
        | mit\s+wirkung\s+(?:vom|zum|ab(?:\s+dem)?) | tritt\s+(?:\w+\s+)?(?:am|zum|mit|ab)\b | beginnt\s+(?:\w+\s+)?(?:am|zum|mit) | vertragsbeginn\s*(?:ist)?\s*(?:der|am)? | gilt\s+ab(?:\s+dem)? | gültig\s+ab
        | (?:entre(?:ra)?|entrée)\s+en\s+vigueur\s+(?:le|à\s+compter\s+du|au|à\s+partir\s+du|est\s+fixée\s+au) | pren(?:d|dra)\s+effet\s+(?:le|à\s+compter\s+du|au) | avec\s+effet\s+au | à\s+compter\s+du
        | (?:iniciará|comenzará|inicia|comienza)\s+el | date\s+de\s+début\s*[:.]?
        | entra(?:rá)?\s+en\s+vigor\s+(?:el|a\s+partir\s+del)(?:\s+día)? | surtirá\s+efectos?\s+(?:desde|a\s+partir)\s*(?:del?|el)? | con\s+efectos?\s+(?:desde\s+el|a\s+partir\s+del)
        | entra\s+in\s+vigore\s+(?:il|dal|a\s+partire\s+dal) | entrerà\s+in\s+vigore\s+(?:il|dal) | con\s+decorrenza\s+(?:dal)? | decorre\s+dal | con\s+effetto\s+dal | a\s+decorrere\s+dal
        | treedt\s+in\s+werking\s+(?:op|per|met\s+ingang\s+van) | met\s+ingang\s+van | vangt\s+aan\s+op | gaat\s+in\s+op | ingaande
        | entra(?:rá)?\s+em\s+vigor\s+(?:em|a|no\s+dia|a\s+partir\s+de|na\s+data\s+de) | com\s+efeitos?\s+(?:a\s+partir\s+de|desde) | produz\s+efeitos?\s+a\s+partir\s+de | com\s+início\s+em
        | wchodzi\s+w\s+życie\s+(?:z\s+dniem|w\s+dniu|dnia)? | obowiązuje\s+od(?:\s+dnia)? | ze\s+skutkiem\s+od(?:\s+dnia)? | od\s+dnia
        )"#,
    ),
    weak: pattern(MADE_ON),
});

static MADE: LazyLock<Phrases> =
    LazyLock::new(|| Phrases { strong: pattern(MADE_ON), weak: pattern(SIGNED_AT) });

static ENDS: LazyLock<Phrases> = LazyLock::new(|| Phrases {
    strong: pattern(
        r#"(?ix)(?:
        (?:remain|continue|run|valid|effective|force|effect)[^.;]{0,30}?\s(?:until|through|to)\b | (?:ends?|expires?|terminates?)\s+(?:on|at)\b | (?:end|expiry|expiration|termination)\s+date\s*[:.]?
        | (?:läuft|gilt|gültig|befristet)[^.;]{0,20}?\sbis(?:\s+zum)?\b | endet\s+(?:\w+\s+)?(?:am|zum|mit)\b | vertragsende\s*[:.]?
        | (?:verhältnis|vertrag|vereinbarung)\s+(?:ist|wird|läuft|gilt)\s[^.;]{0,20}?\bbis(?:\s+(?:zum|einschließlich))?\b
        | jusqu['’]au | (?:prend(?:ra)?\s+fin|expire(?:ra)?|se\s+termine(?:ra)?)\s+le | date\s+de\s+fin\s*[:.]?
        | hasta\s+el | (?:finaliza(?:rá)?|termina(?:rá)?|vence(?:rá)?)\s+el | fecha\s+de\s+(?:fin|finalización|terminación)\s*[:.]?
        | fino\s+al | (?:scade|scadrà|termina|cessa)\s+(?:il|in\s+data) | data\s+di\s+(?:scadenza|fine)\s*[:.]?
        | eindigt\s+op | loopt\s+(?:\w+\s+)?tot | tot\s+en\s+met | einddatum\s*[:.]?
        | até\s+(?:ao\s+dia|a|o\s+dia|ao)? | termina(?:rá)?\s+(?:em|a|no\s+dia) | data\s+de\s+(?:fim|termo)\s*[:.]?
        | obowiązuje[^.;]{0,30}?\sdo\s+dnia | do\s+dnia | wygasa\s+(?:z\s+dniem|w\s+dniu)? | data\s+zakończenia\s*[:.]?
        )"#,
    ),
    weak: None,
});

/// Where and when a contract was signed, as it stands above the signatures: `Weil am Rhein, den 26.02.2024`.
const SIGNED_AT: &str = r"(?m)^\s*(?:\p{Lu}[\p{L}-]+)(?:\s+[\p{L}-]{2,15}){0,3},\s+(?:(?:den|le|li|lì|il|a|op|dnia|dia|am|on)\s+)?";

/// When a contract was made: from then on it binds where it says nothing else.
const MADE_ON: &str = r"(?ix)(?:
    \bdated(?:\s+as\s+of)? | (?:made|entered\s+into|concluded|executed|signed)(?:\s+and\s+\w+(?:\s+into)?)?\s+(?:as\s+of|on|this)(?:\s+the|\s+this)? | agreement\s+of
    | geschlossen\s+am | vertrag[^.]{0,60}?\s(?:wird|wurde)\s+am | vertrag\s+vom | abgeschlossen\s+am | unterzeichnet\s+am
    | fait\s+(?:à\s+[\p{L}\s-]{2,30},?\s+)?le | conclu\s+le | en\s+date\s+du | signé\s+le
    | celebrado\s+el | se\s+celebra\s+el | en\s+\p{L}+(?:\s+\p{L}+){0,2},\s+a | firmado\s+el | de\s+fecha
    | stipulato\s+(?:il|in\s+data) | sottoscritto\s+(?:il|in\s+data) | in\s+data
    | gesloten\s+op | overeengekomen\s+(?:te\s+[\p{L}\s-]{2,30}\s)?op | getekend\s+op
    | celebrado\s+em | assinado\s+em | firmado\s+em
    | zawart[aey]\s+(?:w\s+)?(?:dniu|dnia) | data\s+zawarcia
    )";

/// Between a phrase and its date no more than this.
const DATE_BYTES_AHEAD: usize = 48;

fn date_behind(document: &Document<'_>, flat: &Flat, phrases: &Phrases) -> Option<Find> {
    let behind = |regex: &Option<Regex>, score: f32| {
        regex.as_ref()?.find_iter(&flat.text).find_map(|found| date_at(document, flat, found.end(), score))
    };
    behind(&phrases.strong, 0.95).or_else(|| behind(&phrases.weak, 0.6))
}

/// The date that stands at most a few words behind a place.
fn date_at(document: &Document<'_>, flat: &Flat, from: usize, score: f32) -> Option<Find> {
    static ORDINAL: LazyLock<Option<Regex>> =
        LazyLock::new(|| pattern(r"(?i)(\d{1,2})(?:st|nd|rd|th)?\s+day\s+of\s+(\p{L}+),?\s+(\d{4})"));
    let ahead = flat.ahead(from, DATE_BYTES_AHEAD);
    // `this 5th day of March, 2024`, as only contracts write it.
    if let Some(found) = ORDINAL.as_ref().and_then(|ordinal| ordinal.captures(ahead)) {
        let (day, month, year) = (found[1].parse().ok()?, dates::month(&found[2])?, found[3].parse().ok()?);
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        let whole = found.get(0)?;
        let tokens = flat.tokens(&(from + whole.start()..from + whole.end()));
        return Some(Find {
            value: Json::String(date.to_string()),
            parts: vec![tokens],
            score,
            group: Group::Date,
        });
    }
    let first = flat.tokens(&(from..from + 1)).start;
    let candidate = document.candidates.all.iter().find(|candidate| {
        let at = flat.byte_of(candidate.tokens.start);
        matches!(candidate.value, Value::Date { .. })
            && candidate.tokens.start >= first
            && at + 1 >= from
            && at < from + DATE_BYTES_AHEAD
    })?;
    let Value::Date { day, .. } = candidate.value else { return None };
    // Between the two there is no other sentence.
    let between = flat.text.get(from..flat.byte_of(candidate.tokens.start).max(from))?;
    if between.contains(". ") || between.contains(".\n") {
        return None;
    }
    Some(Find {
        value: Json::String(day.to_string()),
        parts: vec![candidate.tokens.clone()],
        score,
        group: Group::Date,
    })
}

// ---- lengths of time ----

/// A length of time: `two (2) years`, `24 Monate`, `un an`.
const LENGTH: &str = r"(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|eighteen|twenty[-\s]four|thirty[-\s]six|forty[-\s]eight|thirty|sixty|ninety|eine[nmrs]?|ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|zwölf|une?|deux|trois|quatre|cinq|huit|neuf|dix|douze|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|doce|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|dodici|één|een|twee|drie|vijf|zes|zeven|negen|tien|twaalf|uma?|dois|duas|três|quatro|sete|oito|dez|doze|jednego|jeden|dwóch|dwa|trzech|trzy|czterech|pięciu|sześciu|dwunastu)(?:\s*\(\s*[\p{L}\d\s-]{1,20}\))?['’]?\s+(?:full\s+|volle[nr]?\s+|consecutive\s+|calendar\s+|kalendarzow\w+\s+|werk)?(?:years?|months?|weeks?|days?|jahre?n?|monate?n?|wochen?|tage?n?|ans?|années?|mois|semaines?|jours?|años?|meses|mes|semanas?|días?|anni|anno|mesi|mese|settimane|giorni|jaar|jaren|maand(?:en)?|weken|dagen|anos?|mês|dias?|lata?|roku|rok|miesięcy|miesiące|miesiąca|miesiąc|tygodni|dni)\b";

/// What says that there is no end.
const UNLIMITED: &str = r"indefinite\s+(?:period|term)|until\s+terminated|unbestimmte\s+(?:Zeit|Dauer)|unbefristet\w*|durée\s+indéterminée|(?:tiempo|plazo)\s+indefinido|tempo\s+indeterminato|onbepaalde\s+tijd|(?:prazo|tempo)\s+indeterminado|czas\s+nieokreślony";

/// What a contract's own length stands behind.
const TERM: &str = r"(?:initial\s+)?term\s+of|for\s+a\s+(?:fixed\s+)?(?:period|term)\s+of|(?:remain|continue)\s+in\s+(?:full\s+)?(?:force|effect)\s+(?:and\s+effect\s+)?for|shall\s+continue\s+for|\bterm\b[^.\n]{0,30}?\bis\b|\bterm\s*:|\bduration\b|laufzeit|(?:auf|für)\s+die\s+dauer\s+von|auf|für\s+einen\s+zeitraum\s+von|gilt\s+für|für\s+eine\s+durée|pour\s+une\s+(?:durée|période)(?:\s+\w+)?\s+(?:de|d['’])|durée(?:\s+\w+){0,4}\s+(?:de|à|d['’])|pour\s+une|duración|plazo\s+de|por\s+un\s+(?:per[ií]odo|plazo)\s+de|vigencia|por\s+tiempo|durata|per\s+un\s+periodo\s+di|a\s+tempo|duur\s+van|looptijd|voor\s+een\s+periode\s+van|voor|duração|prazo|período\s+de|vigência|por|na\s+okres|na";

/// What a length of notice stands behind.
const NOTICE: &str = r"notice\s+(?:period\s+)?(?:of|is|:)|upon|kündigungsfrist|frist\s+von|préavis\s+(?:\w+\s+)?(?:de|d['’])|preaviso\s+(?:\w+\s+)?(?:de)|preavviso\s+(?:\w+\s+)?(?:di)|antelación\s+de|opzegtermijn|aviso\s+prévio\s+de|pré-aviso\s+de|antecedência\s+(?:\w+\s+)?de|okres\w*\s+wypowiedzenia|wypowiedzenia";

/// Filler between a phrase and its length of time, within a sentence.
const FILLER: &str = r"[^.;\d]{0,60}?";

static TERMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(&format!(r"(?i)\b(?:{TERM})\b(?P<filler>{FILLER})\b(?P<value>(?:{UNLIMITED})|(?:{LENGTH}))"))
});

static NOTICES: LazyLock<[Option<Regex>; 2]> = LazyLock::new(|| {
    [
        pattern(&format!(r"(?i)\b(?:{NOTICE})\b{FILLER}\b(?P<value>{LENGTH})")),
        // `ninety (90) days' prior written notice`, `mit einer Frist von`, `avec trois mois de préavis`.
        pattern(&format!(
            r"(?i)\b(?P<value>{LENGTH})['’]?\s+(?:[\p{{L}}-]+\s+){{0,4}}?(?:notice|préavis|preaviso|preavviso|opzegtermijn|wypowiedzenia)\b"
        )),
    ]
});

/// Words that say of a length of time that it is another one's.
const OTHERS: [&str; 22] = [
    "notice",
    "kündig",
    "préavis",
    "preaviso",
    "preavviso",
    "opzeg",
    "wypowiedz",
    "renew",
    "verlänger",
    "renouvel",
    "renov",
    "rinnov",
    "verleng",
    "przedłuż",
    "terminat",
    "aviso",
    "payment",
    "invoice",
    "zahl",
    "after",
    "nach",
    "within",
];

fn term(flat: &Flat) -> Option<Find> {
    let regex = TERMS.as_ref()?;
    let mut from = 0;
    while let Some(found) = regex.captures_at(&flat.text, from) {
        let (value, whole) = (found.name("value")?, found.get(0)?);
        let around = {
            let mut start = whole.start().saturating_sub(40);
            while !flat.text.is_char_boundary(start) {
                start -= 1;
            }
            let behind = flat.ahead(value.end(), 30);
            let behind = behind.split(['.', ',', ';']).next().unwrap_or_default();
            format!("{}{behind}", &flat.text[start..value.start()]).to_lowercase()
        };
        if !OTHERS.iter().any(|other| around.contains(other)) {
            return Some(clause(flat, value.range(), 0.85));
        }
        from = value.end();
    }
    None
}

fn notice(flat: &Flat) -> Option<Find> {
    let of = |regex: &Option<Regex>| {
        let found = regex.as_ref()?.captures(&flat.text)?;
        Some(clause(flat, found.name("value")?.range(), 0.85))
    };
    let [before, behind] = &*NOTICES;
    of(behind).or_else(|| {
        before.as_ref()?.captures_iter(&flat.text).find_map(|found| {
            let value = found.name("value")?;
            let phrase = flat.text[found.get(0)?.start()..value.start()].to_lowercase();
            // `upon` alone says nothing: what is meant is named behind the length, which was looked for first.
            let says = !phrase.starts_with("upon") || phrase.contains("notice");
            says.then(|| clause(flat, value.range(), 0.85))
        })
    })
}

fn clause(flat: &Flat, span: Range<usize>, score: f32) -> Find {
    Find {
        value: Json::String(one_line(&flat.text[span.clone()])),
        parts: vec![flat.tokens(&span)],
        score,
        group: Group::Text,
    }
}

// ---- law ----

/// How a contract names its law; the value is the group of that name.
static LAWS: LazyLock<Vec<Regex>> = LazyLock::new(|| {
    [
        // English: the place, without its article.
        r"(?:[Gg]overned|[Cc]onstrued|[Ii]nterpreted)[^.;]{0,120}?\b[Ll]aws?\s+(?:in\s+force\s+in|of)\s+(?:the\s+)?(?P<value>\p{Lu}[\p{L}.]+(?:\s+(?:of\s+(?:the\s+)?|and\s+|the\s+)?\p{Lu}[\p{L}.]+){0,4})",
        r"(?:[Gg]overned|[Cc]onstrued)[^.;]{0,60}?\s(?P<value>\p{Lu}\p{L}+(?:\s\p{Lu}\p{L}+)?\s+[Ll]aw)\b",
        r"(?i:governing\s+law)\s*[:.]?\s+(?i:the\s+)?(?i:laws?\s+of\s+(?:the\s+)?)?(?P<value>\p{Lu}[\p{L}.]+(?:\s+(?:of\s+(?:the\s+)?|and\s+)?\p{Lu}\p{L}+){0,4})\s*(?:[.;\n]|$)",
        // German.
        r"(?i:unterlieg|gilt|gelten|findet|anwend|anzuwend)[^.;]{0,80}?\s(?i:recht|gesetzen?)\s+(?:(?i:der|des|von)\s+)?(?P<value>\p{Lu}[\p{L}]+(?:\s+\p{Lu}\p{L}+){0,2})",
        r"(?i:gilt|gelten|findet|unterlieg\w*|anwendbar|anzuwend\w*|anwendung)[^.;]{0,80}?\s(?P<value>[\p{L}]{4,20}(?i:isch|ösisch|eizer|deutsch)\w{0,3}\s+(?:materiell\w+\s+)?Recht)\b",
        r"(?i:gilt|gelten|findet|unterlieg\w*|anwendbar|anzuwend\w*)[^.;]{0,80}?\s(?P<value>(?i:deutsche[smn]?|schweizer\w*|österreichische\w*)\s+(?:materiell\w+\s+)?Recht)\b",
        // French, Spanish, Italian, Portuguese: the law with its adjective or its country.
        r"(?i:régie?s?|soumise?s?|gouvernée?s?|applicable)[^.;]{0,60}?\s(?:(?i:le|la|les|au|aux|à\s+la)\s+)?(?P<value>(?i:droit|lois?|loi)\s+(?:\p{Ll}+|(?i:de\s+la|de\s+l['’]|du|de|en\s+vigueur\s+en)\s*\p{Lu}\p{L}+(?:\s+\p{L}+)?))",
        r"(?i:rige|regirá|sujet[oa]|sometid[oa]|aplicable|interpretará)[^.;]{0,60}?\s(?P<value>(?i:ley(?:es)?|legislación|derecho)\s+(?i:común\s+)?(?:(?i:de\s+la|de\s+los|del?|en)\s+)?\p{L}+(?:\s+\p{Lu}\p{L}+)?)",
        r"(?i:regolat[oaie]|disciplinat[oa]|soggett[oa]|rett[oa]|applica)[^.;]{0,60}?\s?(?P<value>(?i:legge|leggi|diritto|legislazione)\s+(?:(?i:della|del|dello|di)\s+)?\p{L}+(?:\s+\p{Lu}\p{L}+)?)",
        r"(?i:rege-se|regid[oa]|regulad[oa]|sujeit[oa]|aplicável|regerá|interpretado)[^.;]{0,60}?\s(?P<value>(?i:lei|leis|legislação|direito)\s+(?:(?i:da|do|de)\s+)?\p{L}+(?:\s+(?:\p{Ll}{1,2}\s+)?\p{Lu}\p{L}+){0,2})",
        // Dutch.
        r"(?P<value>\p{L}{4,20}s\s+[Rr]echt)\s+(?i:is\s+)?(?i:van\s+toepassing|toepasselijk)",
        r"(?i:beheerst|onderworpen|is)\s+(?:(?i:door|aan)\s+)?(?:(?i:het)\s+)?(?P<value>\p{L}{4,20}s\s+[Rr]echt)\b",
        // Polish.
        r"(?i:podlega|właściw\w+|zastosowanie|stosuje|rządzi)[^.;]{0,80}?\s?(?P<value>(?i:praw[oua]|prawem)\s+\p{L}+)",
    ]
    .iter()
    .filter_map(|text| pattern(text))
    .collect()
});

fn law(flat: &Flat) -> Option<Find> {
    let found = LAWS
        .iter()
        .filter_map(|regex| regex.captures(&flat.text)?.name("value"))
        .min_by_key(|found| found.start())?;
    // A sentence ends behind a word of more than two letters and a stop; in `U.S. Virgin Islands` none does.
    let name = found.as_str();
    let ends_sentence = |at: &usize| {
        let word = name[..*at].rsplit([' ', '\n', '.']).next().unwrap_or_default();
        word.chars().count() > 2
    };
    let end = name.match_indices('.').map(|(at, _)| at).find(ends_sentence).unwrap_or(name.len());
    let has_stop = name[..end].ends_with('.') && name[..end].matches('.').count() == 1;
    Some(clause(flat, found.start()..found.start() + end - usize::from(has_stop), 0.9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_pattern_compiles() {
        assert_eq!(BETWEEN.len(), 8);
        assert!(DESCRIBED.is_some() && LEGAL_BEHIND_COMMA.is_some());
        assert!(
            ROLE.is_some() && EFFECTIVE.strong.is_some() && EFFECTIVE.weak.is_some() && MADE.strong.is_some()
        );
        assert!(NUMBERED_TITLE.is_some());
        assert!(MADE.weak.is_some() && ENDS.strong.is_some());
        assert!(TERMS.is_some() && NOTICES.iter().all(Option::is_some));
        assert_eq!(LAWS.len(), 13);
    }
}
