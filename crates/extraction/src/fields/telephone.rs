//! Telephone numbers that no word says are one: which place speaks for them.
//!
//! A number is known as the seller's by a letter or a sign before it, by the marks between the ways to reach
//! somebody, or by a line of its own in the seller's address. Anywhere else it may be an account or a reference,
//! and is left alone.

use std::ops::Range;

use super::parties::address_words::is_town;
use super::scan::{Candidate, Form, Value};
use super::{Document, parties};
use crate::layout::{Segment, Token};

/// The fewest digits of a telephone number that no word says is one.
const PHONE_DIGITS_MIN: usize = 8;
/// What parts the ways to reach somebody in one line.
const PARTING: [&str; 11] = ["·", "|", "•", "–", "-", "∙", "—", "−", "●", "/", "||"];
/// What stands for a telephone, folded, and as it is printed where it has no letters.
const PHONE_LETTERS: [&str; 4] = ["t", "p", "ph", "tf"];
const PHONE_SIGNS: [&str; 5] = ["☎", "✆", "☏", "📞", "🕿"];

/// What asks for a question before a colon, folded: `Fragen: 0512 55 01 84`.
const QUESTIONS: [&str; 50] = [
    "contact",
    "contacts",
    "kontakt",
    "kontakte",
    "contacto",
    "contactos",
    "contato",
    "contatos",
    "contatto",
    "contatti",
    "questions",
    "queries",
    "enquiries",
    "help",
    "support",
    "fragen",
    "ruckfragen",
    "hilfe",
    "service",
    "infos",
    "info",
    "information",
    "informationen",
    "informations",
    "renseignements",
    "aide",
    "assistance",
    "sav",
    "consultas",
    "dudas",
    "ayuda",
    "soporte",
    "atencion",
    "informacion",
    "informazioni",
    "assistenza",
    "supporto",
    "aiuto",
    "vragen",
    "hulp",
    "duvidas",
    "ajuda",
    "suporte",
    "informacoes",
    "sac",
    "pytania",
    "pomoc",
    "informacja",
    "informacje",
    "bok",
];
/// What stands between an address of mail and a number that reach the same one, folded.
const OR: [&str; 13] = ["or", "oder", "ou", "o", "of", "lub", "and", "und", "et", "y", "e", "en", "i"];

/// How much its place says of what is printed as a telephone number: behind a letter for one or a question, beside
/// an address of mail, between marks in a line that says where somebody is, and in a line of its own in the seller's
/// address or among its contacts.
pub(super) fn of_place(
    document: &Document<'_>,
    seller: Option<Range<usize>>,
    buyer: Option<Range<usize>>,
    candidate: &Candidate,
) -> f32 {
    let layout = &document.layout;
    let Value::Phone(phone) = &candidate.value else { return 0.0 };
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    if digits < PHONE_DIGITS_MIN {
        return 0.0;
    }
    let is_marked = candidate.fit >= 1.0;
    let tokens = &candidate.tokens;
    let first = layout.tokens.get(tokens.start);
    let Some(segment) = first.and_then(|token| layout.segments.get(token.segment)) else { return 0.0 };
    let before = (segment.tokens.start < tokens.start).then(|| &layout.tokens[tokens.start - 1]);
    let behind = (tokens.end < segment.tokens.end).then(|| &layout.tokens[tokens.end]);
    let parts = |token: &Token| PARTING.contains(&token.text.as_str());
    if is_marked
        && before.is_some_and(|before| {
            PHONE_LETTERS.contains(&before.folded.as_str())
                || PHONE_SIGNS.contains(&before.text.as_str())
                || before.text.ends_with(':') && QUESTIONS.contains(&before.folded.as_str())
        })
    {
        return 0.6;
    }
    if is_marked && is_beside_mail(document, candidate) {
        return 0.55;
    }
    // `(979) 555-0172 Tax ID 74-2218904`
    let ends = |token: &Token| {
        parts(token) || is_marked && document.labels.iter().any(|label| label.tokens.start == tokens.end)
    };
    let whole = before.is_none_or(parts) && behind.is_none_or(ends);
    if !whole {
        return 0.0;
    }
    if before.is_some() || behind.is_some_and(parts) {
        let has = |form| document.candidates.on_line(candidate.line, form).next().is_some();
        // Nine digits beside the mail need no nought before them.
        let beside_mail = has(Form::Email) && (is_marked || digits > PHONE_DIGITS_MIN);
        let is_imprint = || has(Form::Iban) || has(Form::VatId) || has_town(document, segment);
        return if beside_mail || is_marked && is_imprint() { 0.55 } else { 0.0 };
    }
    if !is_marked {
        return 0.0;
    }
    // What a word on the same line names is that.
    let named =
        layout.segments.get(first.map_or(0, |token| token.segment).wrapping_sub(1)).is_some_and(|left| {
            left.line == segment.line
                && segment.bounds.x0 - left.bounds.x1 < NAMED_HEIGHTS * segment.bounds.height()
        });
    let under = |party: Option<Range<usize>>| {
        party.and_then(|party| parties::lines_under(layout, party, tokens.clone())).is_some()
    };
    let is_sellers = !named && (under(seller) || !under(buyer) && is_among_contacts(document, segment));
    if is_sellers { 0.5 } else { 0.0 }
}

/// Whether a number stands beside an address of mail, with at most a word for `or` between them.
fn is_beside_mail(document: &Document<'_>, phone: &Candidate) -> bool {
    let mut mails = document.candidates.on_line(phone.line, Form::Email);
    mails.any(|mail| {
        let mail = &document.candidates.all[mail].tokens;
        let between = mail.end.min(phone.tokens.end)..mail.start.max(phone.tokens.start);
        let words = document.layout.tokens.get(between);
        words.is_some_and(|words| match words {
            [] => true,
            [word] => OR.contains(&word.folded.as_str()),
            _ => false,
        })
    })
}

/// Whether a part of a line between marks is a town.
fn has_town(document: &Document<'_>, segment: &Segment) -> bool {
    let layout = &document.layout;
    let words = layout.tokens.get(segment.tokens.clone()).unwrap_or_default();
    let mut start = segment.tokens.start;
    words.split(|word| PARTING.contains(&word.text.as_str())).any(|part| {
        let from = start;
        start += part.len() + 1;
        is_town(&layout.text(from..from + part.len()))
    })
}

/// Whether a line of the head or the foot of a page has an address of mail or a town right above or below it.
fn is_among_contacts(document: &Document<'_>, segment: &Segment) -> bool {
    let layout = &document.layout;
    let Some(line) = layout.lines.get(segment.line) else { return false };
    let Some(page) = layout.pages.get(line.page) else { return false };
    let (at, height) = (segment.bounds, line.height);
    if (HEAD..FOOT).contains(&(at.y0 / page.height)) {
        return false;
    }
    let near = segment.line.saturating_sub(2).max(page.lines.start)..(segment.line + 3).min(page.lines.end);
    near.filter_map(|line| layout.lines.get(line)).flat_map(|line| line.segments.clone()).any(|other| {
        layout.segments.get(other).is_some_and(|other| {
            let gap = (other.bounds.y0 - at.y1).max(at.y0 - other.bounds.y1);
            let is_flush =
                (other.bounds.x0 - at.x0).abs() < height || (other.bounds.x1 - at.x1).abs() < height;
            let words = layout.tokens.get(other.tokens.clone()).unwrap_or_default();
            is_flush
                && (-0.5 * height..height).contains(&gap)
                && (words.iter().any(|word| word.text.contains('@')) || has_town(document, other))
        })
    })
}

/// Where the head of a page ends and its foot begins, of its height.
const HEAD: f32 = 0.25;
const FOOT: f32 = 0.75;
/// A word this near before a number, in heights of it, may be its label.
const NAMED_HEIGHTS: f32 = 8.0;
