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
use crate::fields::text::fold;
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

/// A contract's text. What is not asked for is not looked for.
pub(super) struct Contract<'a> {
    document: &'a Document<'a>,
    flat: Flat,
}

impl<'a> Contract<'a> {
    pub(super) fn of(document: &'a Document<'a>) -> Self {
        Self { document, flat: Flat::of(&document.layout) }
    }

    pub(super) fn find(&self, asked: Asked) -> Option<Find> {
        let Self { document, flat } = self;
        match asked {
            Asked::Parties => parties(flat),
            Asked::Number => number(flat),
            Asked::EffectiveDate => {
                let found = date_behind(document, flat, &EFFECTIVE);
                let is_sure = found.as_ref().is_some_and(|found| found.score >= PHRASE_SCORE);
                if is_sure { found } else { period(document, flat).map(|(first, _)| first).or(found) }
            }
            Asked::ContractDate => date_behind(document, flat, &MADE),
            Asked::EndDate => date_behind(document, flat, &ENDS).or_else(|| Some(period(document, flat)?.1)),
            Asked::Term => term(flat),
            Asked::NoticePeriod => notice(flat),
            Asked::GoverningLaw => law(flat),
        }
    }
}

/// A pattern of this file, for the letters of the eight languages: with those of every script it costs several times
/// as much to prepare. One that does not compile would find nothing: a test compiles all of them.
fn pattern(text: &str) -> Option<Regex> {
    let latin = CLASSES.iter().fold(text.to_owned(), |text, (every, latin)| text.replace(every, latin));
    Regex::new(&latin).ok()
}

/// Classes of every script, and what the eight languages have of them.
const CLASSES: [(&str, &str); 5] = [
    (r"\p{L}", "[A-Za-zÀ-ɏ]"),
    (r"\p{Lu}", "[A-ZÀ-ÖØ-ÞĄĆČĎĐĘĚĞİŁŃŇŐŒŘŚŞŠŤŮŰŸŹŻŽ]"),
    (r"\p{Ll}", "[a-zß-ɏ]"),
    (r"\w", "[0-9A-Za-z_À-ɏ]"),
    (r"\d", "[0-9]"),
];

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
        fold(&words.concat())
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
        r"(?mx)^(?:
            (?:[^\n]{0,60}?(?i:contract|agreement|lease|licen[cs]e|vertrag|vereinbarung|contrat|convention|accord|bail|mandat|contrato|contratto|convenio|acuerdo|acordo|convenzione|accordo|overeenkomst|umow[ay]|order\s+form)(?:(?:\s[^\n]{0,40})?[\s:–-]|s?))
            (?i:nr|no|n|num|number|nummer|número|numero|numer|ref|reference|n[°º])[.:]*\s?[°º]?\s?(?:(?i:umowy)\s?:\s?)?
            (?P<titled>[A-Z0-9][\p{Lu}0-9._/-]*\d[\p{Lu}0-9._/-]*)(?:[\s,;]|$)
        | (?i:nr|no|n|num|number|nummer|número|numero|numer|n[°º]|ref|reference|référence|referencia|riferimento|rif|kenmerk|aktenzeichen|az|znak)[.:]*\s?[°º]?[.:]*\s?(?:(?i:umowy)\s?:\s?)?
            (?P<alone>[A-Z0-9][\p{Lu}0-9._/-]*\d[\p{Lu}0-9._/-]*)\s*$
        )",
    )
});

fn number(flat: &Flat) -> Option<Find> {
    let found = NUMBERED_TITLE.as_ref()?.captures(flat.ahead(0, TITLE_BYTES_MAX))?;
    let value = found.name("titled").or_else(|| found.name("alone"))?;
    Some(clause(flat, value.range(), 0.9))
}

// ---- dates ----

/// Phrases that a date stands behind, the stronger ones first.
struct Phrases {
    strong: Option<Regex>,
    weak: Option<Regex>,
    weakest: Option<Regex>,
}

static EFFECTIVE: LazyLock<Phrases> = LazyLock::new(|| Phrases {
    strong: pattern(
        r#"(?ix)(?:
        effective\s+(?:date\b["”)]*|as\s+of|on|from|upon) | with\s+effect\s+(?:from|as\s+of)
        | (?:enters?|comes?|enter|come)\s+into\s+(?:force|effect)\s+(?:on|as\s+of|from) | commenc(?:es?|ing)\s+(?:on|from) | takes?\s+effect\s+(?:on|from) | starting\s+(?:on|from)
        | (?:begins?|beginning|starts?)\s+on | (?:commencement|start)\s+date\b["”)]*\s*(?:is|:)?
        | mit\s+wirkung\s+(?:vom|zum|ab(?:\s+dem)?) | tritt\s+(?:\w+\s+)?(?:am|zum|mit|ab)\b | beginnt\s+(?:\w+\s+)?(?:am|zum|mit) | (?:vertrags|miet|arbeits)?beginn\s*(?:ist)?\s*(?:der|am|:) | (?:gilt|läuft)\s+ab(?:\s+dem)? | gültig\s+ab
        | (?:entre(?:ra)?|entrée)\s+en\s+vigueur\s+(?:le|à\s+compter\s+du|au|à\s+partir\s+du|est\s+fixée\s+au) | pren(?:d|dra)\s+effet\s+(?:le|à\s+compter\s+du|au|à\s+partir\s+du) | avec\s+effet\s+(?:au|le|à\s+compter\s+du) | à\s+compter\s+du
        | (?:commence(?:ra)?|débute(?:ra)?)\s+le | engagée?\s+(?:\p{L}+\s+){0,4}le | date\s+de\s+début\s*[:.]?
        | (?:iniciará|comenzará|inicia|comienza|empezará)\s+(?:\p{L}+\s+){0,2}el | con\s+inicio\s+(?:el|a)
        | entra(?:rá)?\s+en\s+vigor\s+(?:el|a\s+partir\s+del)(?:\s+día)? | (?:surtirá|surte|produce|producirá)\s+efectos?\s+(?:desde|a\s+partir)\s*(?:del?|el)? | con\s+efectos?\s+(?:desde|a\s+partir\s+de|de)\s?(?:el|l)?
        | (?:entra|entrerà|entrata)\s+in\s+vigore\s+(?:il|dal|a\s+partire\s+dal|da) | (?:con|ha|avrà)\s+(?:decorrenza|effetto|inizio)\s+(?:dal|dalla\s+data\s+del|il)? | (?:decorre|decorrerà|decorrono)\s+dal | a\s+decorrere\s+dal | inizia\s+il | (?:avrà|ha)\s+inizio\s+il
        | treedt\s+(?:in\s+werking\s+)?(?:op|per|met\s+ingang\s+van) | met\s+ingang\s+van | (?:vangt\s+aan|aangegaan)\s+(?:op|per|met\s+ingang\s+van) | gaat\s+in\s+(?:op|per) | ingaand[e]?(?:\s+op)? | begint\s+(?:op|per)
        | entra(?:rá)?\s+em\s+vigor\s+(?:em|a|no\s+dia|a\s+partir\s+de|na\s+data\s+de) | com\s+(?:efeitos?|início)\s+(?:a\s+partir\s+de|desde|em|a|no\s+dia) | (?:produz|produzirá)\s+efeitos?\s+(?:a\s+partir\s+de|desde) | (?:inicia(?:ndo)?-se|tem\s+início|terá\s+início|início)\s+(?:em|a|no\s+dia)
        | (?:wchodzi|wejdzie)\s+w\s+życie\s+(?:z\s+dniem|w\s+dniu|od\s+dnia|dnia)? | obowiązuj[eą]\s+od(?:\s+dnia)? | ze\s+skutkiem\s+od(?:\s+dnia)? | od\s+dnia | począwszy\s+od(?:\s+dnia)? | rozpoczyna\s+się\s+(?:z\s+dniem|w\s+dniu|od\s+dnia|dnia)?
        )"#,
    ),
    weak: pattern(r"(?i)\b(?:à\s+partir\s+du|a\s+partir\s+del?|a\s+partire\s+dal|vanaf|ab\s+dem)\s"),
    weakest: pattern(&format!("{MADE_ON}|{DATED}")),
});

static MADE: LazyLock<Phrases> =
    LazyLock::new(|| Phrases { strong: pattern(MADE_ON), weak: pattern(SIGNED_AT), weakest: pattern(DATED) });

/// Words between what ends and the day: `eindigt van rechtswege op`, `finalizando por tanto el`.
const ADVERBS: &str = r"(?:[\p{L}-]+\s+){0,4}?";

static ENDS: LazyLock<Phrases> = LazyLock::new(|| Phrases {
    strong: pattern(&format!(
        r#"(?ix)(?:
        (?:remain|continue|run|valid|effective|force|effect)[^.;]{{0,30}}?\s(?:until|through|to)\b | (?:ends?|ending|expires?|expiring|terminates?|terminating)\s+{ADVERBS}(?:on|at)\b | (?:end|expiry|expiration|termination)\s+date\b["”)]*\s*[:.]?
        | (?:läuft|gilt|gültig|befristet|endet)[^.;]{{0,30}}?\sbis(?:\s+(?:zum|einschließlich))?\b | end(?:et|end)\s+{ADVERBS}(?:am|zum|mit)\b | (?:rückzahlung|zurückzuzahlen|fällig)\s+{ADVERBS}(?:am|zum)\b | (?:vertrags|miet)ende\s*[:.]? | befristet[^.;]{{0,20}}?\szum\b
        | (?:verhältnis|vertrag|vereinbarung)\s+(?:ist|wird|läuft|gilt)\s[^.;]{{0,20}}?\bbis(?:\s+(?:zum|einschließlich))?\b
        | jusqu['’]au | (?:prend(?:ra)?\s+fin|expire(?:ra)?|s['’]achève(?:ra)?|cesse(?:ra)?|arrive(?:ra)?\s+à\s+(?:échéance|son\s+terme)|se\s+termin(?:era?|e|ant)|prenant\s+fin|expirant|expirer|prendre\s+fin|(?:venant|arrivant)\s+à\s+(?:échéance|expiration|(?:son\s+)?terme))\s+{ADVERBS}le | date\s+(?:de\s+fin|d['’](?:expiration|échéance))\s*[:.]?
        | hasta\s+el | (?:finaliza(?:rá|ndo)?|termina(?:rá|ndo)?|conclu(?:ye|irá|yendo)|expira(?:rá|ndo)?|vence(?:rá)?|venciendo)\s+{ADVERBS}el | fecha\s+de\s+(?:fin|finalización|terminación|vencimiento)\s*[:.]?
        | (?:fino|sino)\s+al(?:la\s+data\s+del)? | (?:scade|scadrà|scadenza|termina|terminerà|terminando|cessa|cesserà|cessando|(?:ha|avrà|con)\s+termine)\s+{ADVERBS}(?:il|al|in\s+data|del) | data\s+di\s+(?:scadenza|fine)\s*[:.]?
        | (?:eindigt|eindigend|eindigende|afloopt|loopt\s+af|afloop|expireert)\s+{ADVERBS}(?:op|per)\b | loopt\s+{ADVERBS}tot | tot\s+en\s+met | tot\s+uiterlijk | (?:eind|afloop)datum\s*[:.]?
        | até\s+(?:ao\s+dia|a|o\s+dia|ao)? | (?:termina(?:rá|ndo)?|cessa(?:rá|ndo)?|caduca(?:rá|ndo)?|finda(?:rá|ndo)?|t[eé]rm(?:in)?o)\s+{ADVERBS}(?:em|a|no\s+dia) | data\s+(?:de\s+(?:fim|termo|término|encerramento)|do\s+termo)\s*[:.]? | t[eé]rm(?:in)?o\s*:
        | do\s+dnia | (?:obowiązuje|trwa|zawarta)\s[^.;]{{0,60}}?\bdo\s | (?:wygasa|kończy\s+się|upływa|ulega\s+rozwiązaniu|rozwiązuje\s+się|zakończy\s+się|wygaśnie|ustaje)\s+{ADVERBS}(?:z\s+dniem|w\s+dniu|dnia)? | data\s+zakończenia\s*[:.]?
        )"#,
    )),
    weak: pattern(
        r"(?ix)\b(?:(?:until|through|up\s+to)(?:,?\s+and\s+including,?)? | bis\s+(?:spätestens\s+)?(?:zum|einschließlich(?:\s+zum)?) | spätestens\s+(?:am|zum|bis) | t/m | t\.e\.m\.)\s",
    ),
    weakest: None,
});

/// Where and when a contract was signed, as it stands above the signatures: `Weil am Rhein, den 26.02.2024`.
const SIGNED_AT: &str = r"(?m)(?:^\s*|\.\s+)(?:\p{Lu}[\p{L}-]+)(?:\s+[\p{L}-]{2,15}){0,3},\s+(?:(?:den|le|li|lì|il|a|em|aos|op|dnia|dia|am|on)\s+)?";

/// What gives a day to any document, and not only to the contract that speaks.
const DATED: &str = r"(?i)\b(?:en\s+date\s+du|de\s+fecha|in\s+data|d\.\s?d\.|z\s+dnia)\s";

/// When a contract was made: from then on it binds where it says nothing else.
const MADE_ON: &str = r"(?ix)(?:
    \bdated(?:\s+as\s+of)? | (?:made|entered\s+into|concluded|executed|signed)(?:\s+and\s+\w+(?:\s+into)?)?(?:\s+(?:at|in)\s+[\p{L}\s-]{2,30}?,?)?\s+(?:as\s+of|on|this|the)(?:\s+the|\s+this)? | agreement\s+of
    | date\s+of\s+(?:this\s+|the\s+)?(?:agreement|contract|lease|licen[cs]e)
    | (?:vertrags|abschluss)datum | datum\s+des\s+vertrag(?:e?s)
    | geschlossen\s+am | vertrag[^.]{0,60}?\s(?:wird|wurde)\s+am | vertrag\s+vom | (?:abgeschlossen|unterzeichnet|unterschrieben)\s+am
    | date\s+(?:du\s+bail|de\s+la\s+convention|de\s+l['’]accord|de\s+signature)
    | (?:fait|signé|conclu)(?:\s+en\s+[\p{L}\s]{2,30}?)?,?\s+(?:à\s+[\p{L}\s-]{2,30}?,?\s+)?le | établi\s+le
    | celebrado\s+el | se\s+celebra\s+el | en\s+\p{L}+(?:\s+\p{L}+){0,4},\s+a | fecha\s+del?\s+(?:acuerdo|convenio|contrato|firma) | (?:firmado|suscrito)\s+(?:en\s+[\p{L}\s-]{2,30}?,?\s+)?(?:el|a)
    | (?:stipulat[oa]|sottoscritt[oa]|firmat[oa]|conclus[oa]|redatt[oa])\s+(?:a\s+[\p{L}\s-]{2,30}?,?\s+)?(?:il|in\s+data|lì|addì) | data\s+(?:di\s+(?:stipula|firma|sottoscrizione)|del(?:l['’]accordo|la\s+convenzione))
    | datum\s+(?:van\s+)?(?:de\s+)?(?:overeenkomst|contract|ondertekening) | gesloten\s+op | (?:overeengekomen|getekend|ondertekend|opgemaakt)\s+(?:te\s+[\p{L}\s-]{2,30}[\s,])?(?:op|d\.\s?d\.)
    | data\s+d(?:[ao]|e)\s+(?:contrato|acordo|assinatura|celebração) | (?:celebrado|assinado|firmado|outorgado|feito)\s+(?:em\s+[\p{L}\s-]{2,30}?,?\s+)?(?:em|a|aos|no\s+dia)
    | zawart[aey]\s+(?:w\s+)?(?:dniu|dnia) | (?:zawart[aey]|sporządzon[aoy]|podpisan[aoy])\s+w\s+[\p{L}\s-]{2,30}?\s(?:w\s+)?(?:dniu|dnia) | data\s+(?:zawarcia|podpisania)(?:\s+umowy)?
    )";

/// Between a phrase and its date no more than this.
const DATE_BYTES_AHEAD: usize = 48;
/// A date with the longest name of a month is no longer.
const DATE_BYTES_MAX: usize = 32;

/// How much a phrase of the clause itself says of a date.
const PHRASE_SCORE: f32 = 0.95;

/// What the first day of a period stands behind, and what stands between it and the last one.
static PERIOD: LazyLock<[Option<Regex>; 2]> = LazyLock::new(|| {
    [
        pattern(
            r"(?ix)\b(?:from|vom|von|du|à\s+compter\s+du|del|desde(?:\s+el)?|dal(?:la\s+data\s+del)?|van|vanaf|de|od(?:\s+dnia)?
                | term|period|\p{L}*laufzeit|dauer|zeitraum|durée|période|duración|vigencia|per[ií]odo|durata|looptijd|periode|vigência|prazo|okres)(?:\s+(?:the|dem|día))?:?\s",
        ),
        pattern(
            r"(?ix)^[,\s]*(?:(?:to|until|till|through|up\s+to)(?:,?\s+and\s+including,?)? | bis(?:\s+(?:zum|einschließlich))? | jusqu['’]au | au | (?:y\s+)?hasta(?:\s+el)? | al | (?:e\s+)?fino\s+al | tot(?:\s+en\s+met)? | t/m | a | até(?:\s+ao?)? | do(?:\s+dnia)? | [–—-])(?:\s+(?:the|día|dia))?[\s]*$",
        ),
    ]
});

/// The first and the last day where a contract says its time as a period: `du 1er mars 2024 au 31 août 2024`.
fn period(document: &Document<'_>, flat: &Flat) -> Option<(Find, Find)> {
    let [from, between] = &*PERIOD;
    let (from, between) = (from.as_ref()?, between.as_ref()?);
    from.find_iter(&flat.text).find_map(|opening| {
        let word = flat.ahead(opening.end(), DATE_BYTES_MAX).split_whitespace().next()?;
        if !word.starts_with(|c: char| c.is_ascii_digit()) && dates::month(word).is_none() {
            return None;
        }
        let first = date_at(document, flat, opening.end(), PERIOD_SCORE)?;
        let tokens = first.parts.first()?;
        let begins_here = flat.tokens(&(opening.end()..opening.end() + 1)).start == tokens.start;
        let joint = flat.byte_of(tokens.end);
        let last = date_at(document, flat, joint, PERIOD_SCORE)?;
        let at = flat.byte_of(last.parts.first()?.start);
        (begins_here && between.is_match(flat.text.get(joint..at)?)).then_some((first, last))
    })
}

/// A period says less than a clause: it may be that of a bill, or of a trial.
const PERIOD_SCORE: f32 = 0.7;

fn date_behind(document: &Document<'_>, flat: &Flat, phrases: &Phrases) -> Option<Find> {
    let behind = |regex: &Option<Regex>, score: f32| {
        regex.as_ref()?.find_iter(&flat.text).find_map(|found| date_at(document, flat, found.end(), score))
    };
    behind(&phrases.strong, PHRASE_SCORE)
        .or_else(|| behind(&phrases.weak, 0.6))
        .or_else(|| behind(&phrases.weakest, 0.5))
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
    });
    let on_line = candidate.and_then(|candidate| {
        let Value::Date { day, .. } = candidate.value else { return None };
        Some((day, flat.byte_of(candidate.tokens.start).max(from), candidate.tokens.clone()))
    });
    let over_lines = || {
        let order = document.candidates.order?;
        let text = flat.ahead(from, DATE_BYTES_AHEAD + DATE_BYTES_MAX).replace('\n', " ");
        let found = dates::find(&text)
            .into_iter()
            .find(|found| !found.doubtful && found.span.start < DATE_BYTES_AHEAD)?;
        let span = from + found.span.start..from + found.span.end;
        Some((found.printed.resolve(order)?, span.start, flat.tokens(&span)))
    };
    // A date may be broken over two lines: the one that begins first is meant.
    let (day, at, tokens) = match (on_line, over_lines()) {
        (Some(here), Some(broken)) if broken.1 < here.1 => broken,
        (Some(here), _) => here,
        (None, broken) => broken?,
    };
    // Between the two there is no other sentence.
    let between = flat.text.get(from..at)?;
    if between.contains(". ") || between.contains(".\n") {
        return None;
    }
    Some(Find { value: Json::String(day.to_string()), parts: vec![tokens], score, group: Group::Date })
}

// ---- lengths of time ----

/// Numbers as contracts write them out, in eight languages.
const NUMBER: &str = r"\d{1,3}
    |(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[-\s](?:one|two|three|four|five|six|seven|eight|nine))?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|a|an
    |eine[nmrs]?|ein|(?:(?:ein|zwei|drei|vier|fünf|sechs|sieben|acht|neun)und)?(?:zwanzig|dreißig|dreissig|vierzig|fünfzig|sechzig|siebzig|achtzig|neunzig)|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn|elf|zwölf|(?:drei|vier|fünf|sech|sieb|acht|neun)zehn
    |(?:vingt|trente|quarante|cinquante|soixante|quatre-vingts?)(?:[-\s](?:et[-\s])?\p{L}+)?|une?|deux|trois|quatre|cinq|six|sept|huit|neuf|dix|onze|douze|treize|quatorze|quinze|seize|dix-(?:sept|huit|neuf)
    |(?:treinta|cuarenta|cincuenta|sesenta|setenta|ochenta|noventa)(?:\s+y\s+\p{L}+)?|un[oa]?|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|trece|catorce|quince|dieci(?:séis|siete|ocho|nueve)|veinte|veinti\p{L}+
    |un|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|undici|dodici|tredici|quattordici|quindici|sedici|diciassette|diciotto|diciannove|(?:vent|trent|quarant|cinquant|sessant|settant|ottant|novant)\p{L}*
    |één|een|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|elf|twaalf|dertien|veertien|vijftien|zestien|zeventien|achttien|negentien|(?:\p{L}+[eë]n)?(?:twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)
    |uma?|dois|duas|três|quatro|cinco|seis|sete|oito|nove|dez|onze|doze|treze|(?:ca|qua)torze|quinze|dezasseis|dezesseis|dezassete|dezessete|dezoito|dezanove|dezenove|(?:vinte|trinta|quarenta|cinquenta|sessenta|setenta|oitenta|noventa)(?:\s+e\s+\p{L}+)?
    |jeden|jednego|jednej|dwa|dwóch|dwie|trzy|trzech|cztery|czterech|pięć|pięciu|sześć|sześciu|siedem|siedmiu|osiem|ośmiu|dziewięć|dziewięciu|dziesięć|dziesięciu|dwanaście|dwunastu|czternaście|czternastu|piętnaście|piętnastu|osiemnaście|osiemnastu|(?:dwadzieścia|dwudziestu|trzydzieści|trzydziestu)(?:\s+\p{L}+)?|sześćdziesiąt|dziewięćdziesiąt";

/// What a length is counted in, after its number.
const UNIT: &str = r"(?:year|month|week|day)\(s\)|(?:full|volle[nr]?|consecutive|calendar|business|working|kalendarzow\w+|werk|ganze[nr]?)?\s*-?(?:years?|months?|weeks?|days?|jahre?[ns]?|monate?[ns]?|wochen?|(?:kalender|werk|arbeits)?tage?[ns]?|ans?|années?|mois|semaines?|jours?|años?|meses|mes|semanas?|días?|anni|anno|mesi|mese|settimane|settimana|giorni|giorno|jaar|jaren|maand(?:en)?|weken|week|(?:kalender|werk)?dagen|dag|anos?|mês|dias?|lata?|roku|rok|miesięcy|miesiące|miesiąca|miesiąc|tygodni|tygodnie|dni)\b(?:\s+(?:calendaires|ouvrés|ouvrables|naturales|hábiles|calendario|lavorativi|naturali|úteis|corridos|kalendarzow\w+|robocz\w+)\b)?";

/// A length that is one word, or said of something: `dwumiesięczny`, `dreimonatig`, `14-tägig`, `two-year`.
const ADJECTIVE: &str = r"(?:\d{1,3}\s?-\s?|\p{L}{2,12}-?)(?:miesięczn|tygodniow|dniow|letni|roczn)\p{L}{1,3}\b|(?:\d{1,3}\s?-\s?|(?:ein|zwei|drei|vier|fünf|sechs|acht|neun|zehn|zwölf)-?)(?:jährig|monatig|wöchig|tägig)\p{L}{0,2}\b|(?:\d{1,3}|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty|sixty|ninety)(?:\s*\(\d{1,3}\)\s*)?-(?:year|month|week|day)\b";

/// A length of time: `two (2) years`, `24 Monate`, `un an`, `anni sei`.
static LENGTH: LazyLock<String> = LazyLock::new(|| {
    let number: String = NUMBER.split_whitespace().collect();
    let in_brackets = r"(?:\s*\(\s*[\p{L}\d\s-]{1,20}\))?";
    format!(
        r"(?:(?:(?:{number}){in_brackets}['’]?\s+(?:{UNIT}))|(?:anni|mesi|giorni)\s+(?:{number})\b{in_brackets}|{ADJECTIVE})"
    )
});

/// What says that there is no end.
const UNLIMITED: &str = r"indefinite\s+(?:period|term)|until\s+terminated|unbestimmte\s+(?:Zeit|Dauer)|unbefristet\w*|durée\s+indéterminée|(?:tiempo|plazo)\s+indefinido|tempo\s+indeterminato|onbepaalde\s+tijd|(?:prazo|tempo)\s+indeterminado|czas\s+nieokreślony";

/// What a contract's own length stands behind.
const TERM: &str = r"(?:initial\s+|fixed\s+)?(?:term|period|duration)\s+of|for\s+a\s+(?:fixed\s+)?(?:period|term)\s+of|(?:remain|continue)\s+in\s+(?:full\s+)?(?:force|effect)\s+(?:and\s+effect\s+)?for|(?:shall\s+continue|continues?|runs?|lasts?|valid|concluded|expires?|ends?)\s+(?:for)?|\bterm\b[^.\n]{0,30}?\bis\b|\b(?:term|period)\s*:|\bduration\b|\p{L}*laufzeit|vertragsdauer|mietdauer|dauer\s*(?:von|:)|(?:auf|für)\s+die\s+dauer\s+von|auf|für\s+einen\s+zeitraum\s+von|(?:gilt|geschlossen)\s+für|für\s+eine\s+durée|pour\s+une\s+(?:durée|période)(?:\s+\w+)?\s+(?:de|d['’])|durée(?:\s+\w+){0,4}\s+(?:de|à|d['’])|pour\s+une|duración|plazo\s+de|por\s+un\s+(?:per[ií]odo|plazo)\s+de|vigencia|por\s+tiempo|durata|per\s+un\s+periodo\s+di|a\s+tempo|(?:duur|periode|termijn|tijd|contract|overeenkomst)\s+van|looptijd|contractduur|voor|duração|prazo|período\s+de|vigência|por|na\s+okres|na\s+czas|na|(?m:^)(?:\p{L}+\s){0,2}(?:term|period|dauer|durée|duur|prazo|okres)\s*:?";

/// What a length of notice stands behind.
const NOTICE: &str = r"notice\s+(?:period\s+)?(?:of|is|:)|notice\s+period|upon|giving|kündigungsfrist|frist\s+von|préavis|preaviso|preavviso|(?:antelación|anticipación)|opzegtermijn|opzeggingstermijn|aviso\s+prévio|pré-aviso|antecedência|okres\w*\s+wypowiedzenia|wypowiedzenia";

/// Filler between a phrase and its length of time, within a sentence.
const FILLER: &str = r"[^.;\d]{0,60}?";

static TERMS: LazyLock<Option<Regex>> = LazyLock::new(|| {
    pattern(&format!(
        r"(?i)\b(?:{TERM})\b(?P<filler>{FILLER})\b(?P<value>(?:{UNLIMITED})|(?:{length}))",
        length = *LENGTH
    ))
});

static NOTICES: LazyLock<[Option<Regex>; 2]> = LazyLock::new(|| {
    [
        pattern(&format!(r"(?i)\b(?:{NOTICE})\b{FILLER}\b(?P<value>{length})", length = *LENGTH)),
        // `ninety (90) days' prior written notice`, `mit einer Frist von`, `avec trois mois de préavis`.
        pattern(&format!(
            r"(?i)\b(?P<value>{length})['’]?\s+(?P<between>(?:[\p{{L}}-]+\s+){{0,4}}?)(?:notice|kündigungsfrist|frist|préavis|preaviso|preavviso|opzegtermijn|pré-aviso|wypowiedzenia)\b",
            length = *LENGTH
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

/// What parts a length from when it does not hold.
const UNLESS: [&str; 7] =
    [" unless", " sofern nicht", " es sei denn", " sauf", " salvo", " tenzij", " chyba"];

fn term(flat: &Flat) -> Option<Find> {
    let regex = TERMS.as_ref()?;
    let mut from = 0;
    while let Some(found) = regex.captures_at(&flat.text, from) {
        let (value, whole) = (found.name("value")?, found.get(0)?);
        let filler = found.name("filler")?;
        // What stands behind `unless` is of the end before its time.
        let around = {
            // `Laufzeit: 24 Monate` belongs to no sentence before it.
            let is_form = filler.as_str().trim() == ":";
            let mut start =
                if is_form { value.start() } else { whole.start().saturating_sub(SENTENCE_BYTES) };
            while !flat.text.is_char_boundary(start) {
                start -= 1;
            }
            let behind = flat.ahead(value.end(), 30);
            let ends = |c: char| matches!(c, '.' | ',' | ';') || is_form && c == '\n';
            let behind = behind.split(ends).next().unwrap_or_default();
            let behind = UNLESS
                .iter()
                .filter_map(|word| behind.split_once(word))
                .map(|(before, _)| before)
                .min_by_key(|before| before.len())
                .unwrap_or(behind);
            format!("{}{behind}", &flat.text[start..value.start()]).to_lowercase()
        };
        if !OTHERS.iter().any(|other| around.contains(other)) {
            return Some(clause(flat, value.range(), 0.85));
        }
        from = filler.start();
    }
    None
}

/// So much of what stands before a length of time may say that it is another one's.
const SENTENCE_BYTES: usize = 40;

/// Words between a length and `notice` that make the notice the beginning of the time, and not its length: a breach
/// has to be cured within thirty days after notice.
const SINCE: [&str; 12] =
    ["after", "following", "from", "receipt", "nach", "ab", "après", "suivant", "desde", "dal", "na", "od"];

fn notice(flat: &Flat) -> Option<Find> {
    let [before, behind] = &*NOTICES;
    let named_behind = behind.as_ref()?.captures_iter(&flat.text).find_map(|found| {
        let is_since = found["between"].to_lowercase().split_whitespace().any(|word| SINCE.contains(&word));
        // `24 Monate`, and below it `Kündigungsfrist:`, is the line above a form's next one.
        let is_above = flat.text[found.get(0)?.end()..].trim_start().starts_with(':');
        let value = found.name("value").filter(|_| !is_since && !is_above)?;
        Some(clause(flat, value.range(), 0.85))
    });
    named_behind.or_else(|| {
        before.as_ref()?.captures_iter(&flat.text).find_map(|found| {
            let value = found.name("value")?;
            let phrase = flat.text[found.get(0)?.start()..value.start()].to_lowercase();
            // `upon` alone says nothing: what is meant is named behind the length, which was looked for first.
            let says =
                !phrase.starts_with("upon") && !phrase.starts_with("giving") || phrase.contains("notice");
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
        // English: the place, without its article, or `law of Scotland`.
        r"(?:[Gg]overned|[Cc]onstrued|[Ii]nterpreted)[^.;]{0,120}?\b(?:[Ll]aws?\s+in\s+force\s+in|[Ll]aws\s+of)\s+(?:the\s+)?(?P<value>\p{Lu}[\p{L}.]+(?:\s+(?:of\s+(?:the\s+)?|and\s+|the\s+)?\p{Lu}[\p{L}.]+){0,4})",
        r"(?:[Gg]overned|[Cc]onstrued|[Ii]nterpreted)[^.;]{0,120}?\b(?P<value>[Ll]aw\s+of\s+(?:the\s+)?\p{Lu}[\p{L}.]+(?:\s+(?:of\s+(?:the\s+)?|and\s+|the\s+)?\p{Lu}[\p{L}.]+){0,4})",
        r"(?:[Gg]overned|[Cc]onstrued)[^.;]{0,60}?\s(?P<value>\p{Lu}\p{L}+(?:\s\p{Lu}\p{L}+)?\s+[Ll]aw)\b",
        r"(?i:(?:governing|applicable)\s+law)\s*[:.]?\s+(?i:the\s+)?(?i:laws\s+of\s+(?:the\s+)?)?(?P<value>(?:[Ll]aw\s+of\s+(?:the\s+)?)?\p{Lu}[\p{L}.]+(?:\s+(?:of\s+(?:the\s+)?|and\s+)?\p{Lu}\p{L}+){0,4})\s*(?:[.;\n]|$)",
        // German.
        r"(?i:unterlieg|gilt|gelten|findet|anwend|anzuwend)[^.;]{0,80}?\s(?i:recht|gesetzen?)\s+(?:(?i:der|des|von)\s+)?(?P<value>\p{Lu}[\p{L}]+(?:\s+\p{Lu}\p{L}+){0,2})",
        r"(?i:gilt|gelten|findet|unterlieg\w*|anwendbar|anzuwend\w*|anwendung)[^.;]{0,80}?\s(?P<value>[\p{L}]{4,20}(?i:isch|ösisch|eizer|deutsch)\w{0,3}\s+(?:materiell\w+\s+)?Recht)\b",
        r"(?i:gilt|gelten|findet|unterlieg\w*|anwendbar|anzuwend\w*)[^.;]{0,80}?\s(?P<value>(?i:deutsche[smn]?|schweizer\w*|österreichische\w*)\s+(?:materiell\w+\s+)?Recht)\b",
        r"(?P<value>(?i:deutsche|schweizerische|österreichische)s\s+(?:materielle\w\s+)?Recht)\s+(?:ist|findet|gilt|kommt)\b",
        // French, Spanish, Italian, Portuguese: the law with its adjective or its country.
        r"(?i:régie?s?|régit|soumise?s?|gouvernée?s?|applicable|applique)[^.;]{0,60}?\s(?:(?i:le|la|les|au|aux|à\s+la)\s+)?(?P<value>(?i:droit|lois?)\s+(?:\p{Ll}{4,}|(?i:de\s+la|de\s+l['’]|du|de|en\s+vigueur\s+en)\s*\p{Lu}\p{L}+(?:\s+\p{L}+)?))",
        r"(?P<value>(?i:droit|loi)\s+\p{Ll}{4,})\s+(?i:est\s+(?:seule?\s+)?applicable|s['’]applique|régit)",
        r"(?i:rige|regirá|sujet[oa]|sometid[oa]|aplicable|aplicación|interpretará)[^.;]{0,60}?\s(?P<value>(?i:ley(?:es)?|legislación|derecho)\s+(?i:común\s+)?(?:(?i:de\s+la|de\s+los|del?|en)\s+)?\p{L}+(?:\s+\p{Lu}\p{L}+)?)",
        r"(?i:regolat[oaie]|disciplinat[oa]|soggett[oa]|rett[oa]|applica)[^.;]{0,60}?\s?(?P<value>(?i:legge|leggi|diritto|legislazione)\s+(?:(?i:della|del|dello|di)\s+)?\p{L}+(?:\s+\p{Lu}\p{L}+)?)",
        r"(?i:reg(?:e|em|ula|ulam)-se|aplica-se|regid[oa]|regulad[oa]|sujeit[oa]|aplicável|regerá|interpretado)[^.;]{0,60}?\s(?P<value>(?i:lei|leis|legislação|direito)\s+(?:(?i:da|do|de)\s+)?\p{L}+(?:\s+(?:\p{Ll}{1,2}\s+)?\p{Lu}\p{L}+){0,2})",
        // Dutch.
        r"(?P<value>\p{L}{4,20}s\s+[Rr]echt)\s+(?i:is\s+)?(?i:van\s+toepassing|toepasselijk)",
        r"(?i:beheerst|onderworpen|is)\s+(?:(?i:door|aan)\s+)?(?:(?i:het)\s+)?(?P<value>\p{L}{4,20}s\s+[Rr]echt)\b",
        // Polish.
        r"(?i:podlega|właściw\w+|zastosowanie|stosuje|rządzi)[^.;]{0,80}?\s?(?P<value>(?i:praw[oua]|prawem)\s+\p{L}+|Kodeks(?:u|em)?\s+[Cc]ywiln\p{L}+)",
    ]
    .iter()
    .filter_map(|text| pattern(text))
    .collect()
});

/// Whether what stands behind `Governing law` goes on with the heading (`and Jurisdiction`) or begins the clause.
fn is_heading(text: &str) -> bool {
    const WORDS: [&str; 12] = [
        "and",
        "jurisdiction",
        "venue",
        "forum",
        "dispute",
        "disputes",
        "arbitration",
        "notices",
        "this",
        "these",
        "the",
        "any",
    ];
    text.split_whitespace().next().is_some_and(|word| WORDS.contains(&fold(word).as_str()))
}

fn law(flat: &Flat) -> Option<Find> {
    let found = LAWS
        .iter()
        .filter_map(|regex| {
            let mut found = regex.captures_iter(&flat.text).filter_map(|found| found.name("value"));
            found.find(|found| !is_heading(found.as_str()))
        })
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
            ROLE.is_some()
                && [&EFFECTIVE, &MADE].iter().all(|phrases| phrases.strong.is_some()
                    && phrases.weak.is_some()
                    && phrases.weakest.is_some())
        );
        assert!(NUMBERED_TITLE.is_some());
        assert!(ENDS.strong.is_some() && ENDS.weak.is_some());
        assert!(PERIOD.iter().all(Option::is_some));
        assert!(TERMS.is_some() && NOTICES.iter().all(Option::is_some));
        assert_eq!(LAWS.len(), 16);
    }
}
