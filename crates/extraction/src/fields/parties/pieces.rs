//! The pieces of a line that could be names: what bullets, bars and titles part.

use std::cell::OnceCell;
use std::ops::Range;

use super::super::dates;
use super::super::text::fold;
use super::blocks::{FROM, TO};
use super::invoice::REGISTRATION;
use super::words::{begins_street, clean_name, firm, is_street, is_town};
use crate::layout::{Layout, Token};

/// A piece of a segment that could be a name.
#[derive(Debug, Clone)]
pub(super) struct Piece {
    pub(super) tokens: Range<usize>,
    pub(super) text: String,
    pub(super) segment: usize,
    /// It stands in one line with its address (`Firm - Street 1 - 12345 Town`).
    pub(super) sender_line: bool,
    /// A sentence says that the brand on this paper is this firm's (`Brand is a trading name of Firm Ltd`).
    pub(super) declared: bool,
    /// Where a name goes on, in lines below.
    pub(super) rest: Vec<Range<usize>>,
    /// It is more of the name above it, and none by itself.
    pub(super) belongs_above: bool,
    pub(super) known: Known,
}

impl Piece {
    fn new(segment: usize, tokens: Range<usize>, text: String) -> Self {
        let (rest, known) = (Vec::new(), Known::default());
        Self { tokens, text, segment, sender_line: false, declared: false, rest, belongs_above: false, known }
    }
}

/// What is asked of a piece again and again, once its text is settled.
#[derive(Debug, Clone, Default)]
pub(super) struct Known {
    pub(super) folded: OnceCell<String>,
    pub(super) firm: OnceCell<f32>,
    pub(super) is_town: OnceCell<bool>,
    pub(super) is_street: OnceCell<bool>,
    pub(super) is_dated: OnceCell<bool>,
    pub(super) is_label: OnceCell<bool>,
    pub(super) can_be_name: OnceCell<bool>,
}

impl Piece {
    pub(super) fn folded(&self) -> &str {
        self.known.folded.get_or_init(|| fold(&self.text))
    }

    pub(super) fn is_town(&self) -> bool {
        *self.known.is_town.get_or_init(|| is_town(&self.text))
    }

    /// Whether it has a day in it.
    pub(super) fn is_dated(&self) -> bool {
        let has_digit = || self.text.contains(|c: char| c.is_ascii_digit());
        *self.known.is_dated.get_or_init(|| has_digit() && !dates::find(&self.text).is_empty())
    }

    pub(super) fn is_street(&self) -> bool {
        *self.known.is_street.get_or_init(|| is_street(&self.text))
    }

    /// How strongly its words say that it is a firm's name, 0–1.
    pub(super) fn firm(&self) -> f32 {
        *self.known.firm.get_or_init(|| firm(&self.text))
    }
}

/// The pieces of a segment: parted at bullets, bars and free-standing hyphens.
pub(super) fn pieces_of(layout: &Layout, segment: usize) -> Vec<Piece> {
    let Some(found) = layout.segments.get(segment) else { return Vec::new() };
    let mut pieces = Vec::new();
    let mut start = found.tokens.start;
    let mut push = |range: Range<usize>| {
        if !range.is_empty() {
            let text = clean_name(&layout.text(range.clone()));
            if !text.is_empty() {
                pieces.push(Piece::new(segment, range, text));
            }
        }
    };
    if let Some(name) = declared(layout, found.tokens.clone()) {
        let text = clean_name(&layout.text(name.clone()));
        return vec![Piece { declared: true, ..Piece::new(segment, name, text) }];
    }
    // `FROM Mill Studio`, and not `DE WIT`.
    let words = layout.tokens.get(found.tokens.clone()).unwrap_or_default();
    if let [head, name, ..] = words
        && FROM.iter().chain(&TO).any(|word| *word == head.folded)
        && head.text.chars().count() >= 2
        && head.text.chars().all(char::is_uppercase)
        && name.text.contains(char::is_lowercase)
    {
        push(start..start + 1);
        start += 1;
    }
    let body = start..found.tokens.end;
    for index in body {
        let Some(token) = layout.tokens.get(index) else { continue };
        let parts = matches!(
            token.text.as_str(),
            "|" | "●" | "•" | "·" | "-" | "–" | "—" | "−" | "*" | "∙" | "▪" | "/" | "◦" | "·,"
        );
        let ends = token.text.ends_with(':') && index + 1 < found.tokens.end;
        if parts {
            push(start..index);
            start = index + 1;
        } else if ends {
            push(start..index + 1);
            start = index + 1;
        }
    }
    push(start..before_remark(layout, start..found.tokens.end));
    join_dashed(layout, &mut pieces);
    for piece in &mut pieces {
        cut_capital(layout, piece);
        cut_address(layout, piece);
    }
    let whole = layout.text(found.tokens.clone());
    let sender =
        pieces.len() >= 2 && pieces[1..].iter().any(|piece| is_town(&piece.text) || is_street(&piece.text));
    if let [key, rest] = pieces.as_mut_slice()
        && key.text.ends_with(':')
        && let Some((head, address)) = rest.text.clone().split_once(',')
        && address.split(',').any(is_town)
        && (firm(head) >= 0.8
            || address.split(',').next().is_some_and(is_street)
                && !head.contains(|c: char| c.is_ascii_digit())
                && !begins_street(head))
    {
        // `Bill to: Firm Ltd, 1 Street, 12345 Town`.
        let words = head.split_whitespace().count();
        (rest.tokens.end, rest.text) = (rest.tokens.start + words, clean_name(head));
    } else if sender && let Some(first) = pieces.first_mut() {
        first.sender_line = !begins_street(&first.text);
    } else if pieces.len() == 1
        && let Some((head, rest)) = whole.split_once(',')
        && rest.split(',').any(is_town)
        // `Town, State 12345` is an address alone, and so is `Hamlet, 12345 Town`.
        && (firm(head) >= 0.8
            || rest.contains(',')
            || head.trim().contains(' ') && rest.trim().starts_with(|c: char| c.is_ascii_digit()))
        && !is_street(head)
    {
        // `Firm Ltd, 1 Street, 12345 Town` in one stretch.
        let words = head.split_whitespace().count();
        let tokens = found.tokens.start..found.tokens.start + words;
        let mut sender = Piece { sender_line: true, ..Piece::new(segment, tokens, clean_name(head)) };
        cut_capital(layout, &mut sender);
        pieces = vec![sender];
    }
    pieces
}

/// The firm that a sentence says a brand is of: `Brand is a trading name of Firm Ltd, registered in …`.
fn declared(layout: &Layout, segment: Range<usize>) -> Option<Range<usize>> {
    let words = layout.tokens.get(segment.clone())?;
    // `Centro Servicio de Autos S.L.` is called so; `es un servicio de` says of what.
    let is_one_of = |words: &[&str], word: &Token| words.contains(&word.folded.as_str());
    let at = words.windows(3).position(|three| {
        is_one_of(&BEFORE_BRAND, &three[0]) && is_one_of(&BRAND_WORDS, &three[1]) && is_one_of(&OF, &three[2])
    });
    let at = at? + 1;
    // In brackets it explains the name before them, which is the one that is used.
    if words[..=at].iter().any(|word| word.text.starts_with('(')) {
        return None;
    }
    let start = at + 2;
    let mut ends = (start + 1..=words.len().min(start + DECLARED_WORDS_MAX))
        .map(|end| (end, clean_name(&layout.text(segment.start + start..segment.start + end))));
    let (end, _) = ends.rfind(|(_, name)| firm(name) >= 1.0)?;
    Some(segment.start + start..segment.start + end)
}

/// What stands before a word for a brand where a sentence says whose it is, folded.
const BEFORE_BRAND: [&str; 18] = [
    "a",
    "the",
    "trading",
    "business",
    "brand",
    "registered",
    "ein",
    "eine",
    "een",
    "un",
    "una",
    "une",
    "um",
    "uma",
    "jest",
    "handels",
    "to",
    "geregistreerd",
];
/// Words for a brand, folded, and for whose it is.
const BRAND_WORDS: [&str; 28] = [
    "name",
    "style",
    "brand",
    "trademark",
    "service",
    "marke",
    "handelsmarke",
    "angebot",
    "marque",
    "marca",
    "servicio",
    "servico",
    "marchio",
    "servizio",
    "merk",
    "handelsnaam",
    "dienst",
    "marka",
    "publication",
    "publikation",
    "uitgave",
    "edition",
    "edicion",
    "edizione",
    "edicao",
    "merknaam",
    "pubblicazione",
    "produkt",
];
const OF: [&str; 16] = [
    "of", "der", "des", "von", "de", "du", "di", "della", "dell", "del", "van", "da", "do", "firmy",
    "spolki", "by",
];
/// Words of a firm's name with its legal form.
const DECLARED_WORDS_MAX: usize = 9;

/// Where a stretch ends without the remark in brackets behind it that has a number: `Supplier (No. 4417)`.
fn before_remark(layout: &Layout, stretch: Range<usize>) -> usize {
    let words = layout.tokens.get(stretch.clone()).unwrap_or_default();
    let opens = words.iter().rposition(|word| word.text.starts_with('(')).filter(|at| *at > 0);
    let is_remark = |at: &usize| {
        let remark = &words[*at..];
        remark.last().is_some_and(|word| word.text.ends_with(')'))
            && remark.iter().any(|word| word.text.contains(|c: char| c.is_ascii_digit()))
    };
    opens.filter(is_remark).map_or(stretch.end, |at| stretch.start + at)
}

/// `Mill – Works and Repairs` is one name. A firm's slogan stands behind its legal form, an address has digits, and
/// what a label says is no name.
fn join_dashed(layout: &Layout, pieces: &mut Vec<Piece>) {
    let labels = pieces.iter().take_while(|piece| piece.text.ends_with(':')).count();
    let [head, rest, behind @ ..] = &pieces[labels..] else { return };
    // Before more pieces only a legal form says that two of them are a name: `Mill – Works Ltd · 1 Mill Road`.
    if !behind.is_empty() && firm(&rest.text) < 1.0 {
        return;
    }
    let dash = layout.tokens.get(head.tokens.end).map_or("", |token| token.text.as_str());
    let tokens = head.tokens.start..rest.tokens.end;
    let text = clean_name(&layout.text(tokens.clone()));
    let is_one = DASHES.contains(&dash)
        && rest.tokens.start == head.tokens.end + 1
        && firm(&head.text) < 0.8
        && head.text.starts_with(char::is_uppercase)
        && rest.text.starts_with(char::is_uppercase)
        && !text.contains(|c: char| c.is_ascii_digit() || matches!(c, ':' | '@' | '/'))
        && !is_town(&rest.text)
        && text.split_whitespace().count() <= DASHED_WORDS_MAX;
    if is_one {
        let joined = Piece::new(head.segment, tokens, text);
        pieces.splice(labels..labels + 2, [joined]);
    }
}

/// What ties two parts of a name.
const DASHES: [&str; 3] = ["-", "–", "—"];
/// Words of such a name.
const DASHED_WORDS_MAX: usize = 11;

/// Marks the name of a sender's line whose words stand so far apart that they are stretches of their own.
pub(super) fn mark_wide_senders(layout: &Layout, pieces: &mut [Piece]) {
    let line_of = |piece: &Piece| layout.tokens.get(piece.tokens.start).map(|token| token.line);
    for line in pieces.chunk_by_mut(|a, b| line_of(a) == line_of(b)) {
        let [first, rest @ ..] = line else { continue };
        let Some(words) =
            line_of(first).and_then(|line| layout.lines.get(line)).map(|line| line.tokens.clone())
        else {
            continue;
        };
        let words = layout.tokens.get(words).unwrap_or_default();
        let bullets = words.iter().filter(|word| BULLETS.contains(&word.text.as_str())).count();
        let has_address =
            rest.iter().any(|piece| is_street(&piece.text)) && rest.iter().any(|piece| is_town(&piece.text));
        first.sender_line |= bullets >= 2 && has_address;
    }
}

/// What parts a name from its address in one line.
const BULLETS: [&str; 4] = ["·", "•", "|", "●"];

/// Drops the second line of a sender's line that was too long for one: it begins with the end of an address, which
/// is no name.
pub(super) fn drop_wrapped_senders(layout: &Layout, pieces: &mut Vec<Piece>) {
    let place = |piece: &Piece| {
        let segment = layout.segments.get(piece.segment)?;
        let line = layout.tokens.get(piece.tokens.start)?.line;
        Some((line, segment.bounds, layout.lines.get(line)?.height))
    };
    let senders: Vec<_> = pieces.iter().filter(|piece| piece.sender_line).filter_map(place).collect();
    pieces.retain(|piece| {
        let Some((line, at, height)) = place(piece) else { return true };
        let goes_on = senders.iter().any(|(above, head, _)| {
            line > *above
                && line <= above + 2
                && (at.x0 - head.x0).abs() < height
                && at.y0 - head.y1 < 0.8 * height
        });
        let parted = layout.segments.get(piece.segment).is_some_and(|segment| {
            let words = layout.tokens.get(segment.tokens.clone()).unwrap_or_default();
            words.iter().any(|word| BULLETS.contains(&word.text.as_str()))
        });
        !(goes_on && parted && !piece.sender_line)
    });
}

/// `Firm Inc. 12 Some Street` is the firm and its address, `Firm S.L. CIF B1` the firm and its number: the name ends
/// with its legal form.
fn cut_address(layout: &Layout, piece: &mut Piece) {
    let words = layout.tokens.get(piece.tokens.clone()).unwrap_or_default();
    let number = |word: &Token| {
        word.text.starts_with(|c: char| c.is_ascii_digit()) || REGISTRATION.contains(&word.folded.as_str())
    };
    let Some(at) = words.iter().position(number).filter(|at| *at >= 2 && *at + 1 < words.len()) else {
        return;
    };
    let name = piece.tokens.start..piece.tokens.start + at;
    let text = clean_name(&layout.text(name.clone()));
    if firm(&text) >= 1.0 {
        (piece.tokens, piece.text) = (name, text);
    }
}

/// `Firm SAS au capital de 10 000 €` is the firm and what it owns: the name ends where that begins.
pub(super) fn cut_capital(layout: &Layout, piece: &mut Piece) {
    let words = layout.tokens.get(piece.tokens.clone()).unwrap_or_default();
    let folded: Vec<&str> = words.iter().map(|word| word.folded.as_str()).collect();
    let capital = folded.windows(2).position(are_of_capital);
    // `MUTUELLE DU VAL, société d'assurance`: what the firm is.
    let described = words.windows(2).position(|pair| {
        pair[0].text.ends_with(',')
            && pair[1].text.starts_with(char::is_lowercase)
            && DESCRIPTIONS.iter().any(|word| pair[1].folded.starts_with(word))
    });
    let capital = capital.or(described.map(|at| at + 1));
    if let Some(at) = capital.filter(|at| *at >= 2) {
        piece.tokens.end = piece.tokens.start + at;
        piece.text = clean_name(&layout.text(piece.tokens.clone()));
    }
}

/// Whether two words, folded, say what a firm owns.
fn are_of_capital(pair: &[&str]) -> bool {
    matches!(pair, ["au", "capital"] | ["capital", "social" | "sociale"] | ["capitale", "sociale"])
}

/// Whether a text says what a firm owns: `SAS au capital de 10 000 €` below its name is none.
pub(super) fn says_capital(text: &str) -> bool {
    let folded: Vec<String> = text.split_whitespace().map(fold).collect();
    folded.windows(2).any(|pair| are_of_capital(&[&pair[0], &pair[1]]))
}

/// Begins words for what a firm is, folded.
const DESCRIPTIONS: [&str; 14] = [
    "societ",
    "sociedad",
    "sociedade",
    "associa",
    "entreprise",
    "etablissement",
    "mutuelle",
    "cooperativ",
    "eingetragen",
    "gesellschaft",
    "vereniging",
    "vennootschap",
    "spolka",
    "registered",
];

/// `Firm Ltd Invoice` in one headline: the title is cut off where the rest is known as a firm, by its
/// legal form or by the domain of its mail.
pub(super) fn cut_title(layout: &Layout, piece: &mut Piece, domains: &[String]) {
    let words = layout.tokens.get(piece.tokens.clone()).unwrap_or_default();
    let is_title = |index: usize| words.get(index).is_some_and(|word| TITLES.contains(&word.folded.as_str()));
    let rest = if is_title(words.len().saturating_sub(1)) {
        piece.tokens.start..piece.tokens.end - 1
    } else if is_title(0) {
        piece.tokens.start + 1..piece.tokens.end
    } else {
        return;
    };
    let text = clean_name(&layout.text(rest.clone()));
    let name = fold(&text);
    let of_domain =
        domains.iter().any(|domain| domain.chars().count() >= 4 && name.contains(domain.as_str()));
    if of_domain || firm(&text) >= 0.8 {
        (piece.tokens, piece.text) = (rest, text);
    }
}

/// Titles of documents, as they stand behind or before a firm's name in one headline.
const TITLES: [&str; 14] = [
    "invoice",
    "rechnung",
    "facture",
    "factura",
    "fattura",
    "factuur",
    "fatura",
    "faktura",
    "receipt",
    "gutschrift",
    "avoir",
    "quittung",
    "statement",
    "bill",
];
