//! The seller and the buyer of an invoice.

use std::collections::{BTreeMap, BTreeSet};

use super::super::codes;
use super::super::lexicon::{Concept, LEGAL_FORMS};
use super::super::plan::key;
use super::super::text::{distance, fold};
use super::blocks::{FROM, TO, is_flush_right};
use super::pieces::Piece;
use super::words::{firm, is_department};
use super::{Named, Parties};

/// On a page with fewer lines, what stands at the top is not the head of a letter.
const LINES_MIN: usize = 8;
/// A name as short as this may begin another one by chance.
const SHORT_NAME_CHARS: usize = 6;
/// In a name as long as this one letter that differs was misread.
const LONG_NAME_BYTES: usize = 12;
/// An address and what follows it, in lines.
const CONTACT_LINES: usize = 6;
/// Lines of a letterhead from one name to the next.
const LETTERHEAD_LINES: f32 = 1.7;
/// Lines at the end of a page that are its foot, however far down they stand.
const LAST_LINES: usize = 5;
/// Words of a name that its registration stands beside.
const REGISTERED_WORDS_MAX: usize = 8;
/// How much the register that a firm is in says for it.
const IN_REGISTER: f32 = 0.45;
/// Below this nobody is known to sell.
const SELLER_SCORE_MIN: f32 = 0.25;

impl Parties<'_> {
    /// The seller and the buyer of an invoice.
    #[must_use]
    pub fn of_invoice(&self) -> (Option<Named>, Option<Named>) {
        self.seller_and_buyer(true)
    }

    /// Those of an order, on which the address for the goods is often the only one of who buys them.
    #[must_use]
    pub fn of_order(&self) -> (Option<Named>, Option<Named>) {
        self.seller_and_buyer(false)
    }

    /// `bills` says that an address without a label, beside one for the goods, is where the bill goes, and that the
    /// paper is from who sells.
    fn seller_and_buyer(&self, bills: bool) -> (Option<Named>, Option<Named>) {
        // Who writes a bill sells, and who writes an order buys.
        let (of_buyer, of_seller): (&[&str], &[&str]) = if bills { (&TO, &FROM) } else { (&FROM, &TO) };
        let buyer_labels = self.labelled(Concept::Buyer, of_buyer);
        let seller_labels = self.labelled(Concept::Seller, of_seller);
        let ship_labels = self.labelled(Concept::ShipTo, &[]);
        let contact_labels = self.labelled(Concept::Contact, &[]);
        let heads = self.block_heads();
        let in_buyer_block = |index: usize| {
            let strength = |map: &BTreeMap<usize, f32>| map.get(&index).copied().unwrap_or(0.0);
            strength(&buyer_labels).max(strength(&ship_labels))
        };
        let mut sellers: BTreeMap<String, (f32, usize, usize)> = BTreeMap::new();
        let mut registered = BTreeSet::new();
        for (index, piece) in self.pieces.iter().enumerate() {
            if !self.can_be_name(piece) {
                continue;
            }
            let label = seller_labels.get(&index).copied().unwrap_or(0.0);
            let score = self.seller_score(piece, heads.contains_key(&index)) + 0.6 * label
                - 0.7 * in_buyer_block(index)
                // Whom to ask is a person of the firm, not the firm.
                - 0.4 * contact_labels.get(&index).copied().unwrap_or(0.0);
            let entry = sellers.entry(fold(&piece.text)).or_insert((f32::MIN, index, 0));
            if score > entry.0 {
                (entry.0, entry.1) = (score, index);
            }
            entry.2 += 1;
            if self.is_in_register(piece) {
                registered.insert(fold(&piece.text));
            }
        }
        for name in registered {
            sellers.entry(name).and_modify(|entry| entry.0 += IN_REGISTER);
        }
        // The buyer's name stands once or twice in its block; what a label calls the buyer is not the seller.
        for (index, strength) in &buyer_labels {
            if *strength > 0.5
                && let Some(entry) = sellers.get_mut(&fold(&self.pieces[*index].text))
            {
                entry.0 -= 0.4 * strength;
            }
        }
        let ranked = |scores: BTreeMap<String, (f32, usize, usize)>, repeated: f32| {
            let mut ranked: Vec<(f32, usize, usize)> = scores
                .into_values()
                .map(|(score, index, times)| {
                    (score + repeated * times.saturating_sub(1).min(2) as f32, index, times)
                })
                .collect();
            ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
            ranked
        };
        let mut sellers = ranked(sellers, 0.15);
        let says_little = |labels: &BTreeMap<usize, f32>| labels.values().all(|strength| *strength <= 0.5);
        if bills && says_little(&buyer_labels) && says_little(&seller_labels) {
            self.leave_to_buyer(&mut sellers, &heads);
        }
        let pair = self.side_by_side().map(|(left, right)| (self.signed_below(left), right));
        let seller = self
            .named(&sellers, SELLER_SCORE_MIN, &seller_labels)
            .or_else(|| self.named(&[(SELLER_SCORE_MIN, pair?.0, 1)], SELLER_SCORE_MIN, &seller_labels));
        // Of two blocks side by side the left one is the seller's, unless the right one alone has a legal form: an address
        // of mail in a block says of it only whose it is.
        let seller = match (seller, pair) {
            (Some(seller), Some((left, right)))
                if !seller.labelled
                    && seller.tokens == self.pieces[right].tokens
                    && (self.pieces[right].firm() < 0.8 || self.pieces[left].firm() >= 0.8) =>
            {
                self.named(&[(seller.score, left, 1)], SELLER_SCORE_MIN, &seller_labels)
            }
            (seller, _) => seller,
        };
        let seller = self.in_full(self.with_first_name(seller, &in_buyer_block), &in_buyer_block);
        let seller_name = seller.as_ref().map(|seller| fold(&seller.text)).unwrap_or_default();
        let seller_line = seller
            .as_ref()
            .and_then(|seller| self.layout.tokens.get(seller.tokens.start))
            .map(|token| token.line);
        // The sender's line stands right above the address that the letter is sent to.
        let letterhead = seller
            .as_ref()
            .map(|seller| seller.tokens.clone())
            .filter(|tokens| self.pieces.iter().any(|piece| piece.tokens == *tokens && !piece.sender_line));
        let mut buyers: BTreeMap<String, (f32, usize, usize)> = BTreeMap::new();
        let page_height = self.layout.pages.first().map_or(1.0, |page| page.height);
        let ships = bills
            && ship_labels.values().any(|strength| *strength > 0.5)
            && heads.keys().all(|head| buyer_labels.get(head).is_none_or(|strength| *strength < 0.5));
        for (index, piece) in self.pieces.iter().enumerate() {
            let name = piece.folded();
            if !self.can_be_name(piece)
                || (!seller_name.is_empty() && (name == seller_name || name.contains(&seller_name)))
                // The firm above its name in full.
                || (name.chars().count() >= SHORT_NAME_CHARS && seller_name.starts_with(name))
                // The seller's again, with a letter misread.
                || name.len() >= LONG_NAME_BYTES
                    && seller_name.get(..name.len()).is_some_and(|seller| distance(seller, name, 1).is_some())
            {
                continue;
            }
            let mut score = 0.8 * buyer_labels.get(&index).copied().unwrap_or(0.0);
            let at = self.bounds(piece);
            let first_page = self
                .layout
                .lines
                .get(self.layout.tokens[piece.tokens.start].line)
                .is_some_and(|line| line.page == 0);
            let shipped_to = ship_labels.get(&index).copied().unwrap_or(0.0);
            if heads.contains_key(&index) {
                let upper = at.y0 < 0.45 * page_height && first_page;
                // Beside an address for the goods, the one without a label is whom the bill is for.
                score += if !upper {
                    0.1
                } else if ships && shipped_to < 0.3 {
                    0.9
                } else {
                    0.42
                };
            }
            score += 0.3 * shipped_to;
            // In the letterhead, what stands beside the seller's name is its address.
            let line = self.layout.tokens[piece.tokens.start].line;
            let is_labelled = buyer_labels.get(&index).is_some_and(|strength| *strength > 0.5);
            let in_letterhead =
                !is_labelled && seller_line == Some(line) && pair.is_none_or(|(_, right)| right != index);
            if in_letterhead {
                score -= 0.1;
            }
            // Of two blocks side by side that nothing is said of, one sells and the other one buys.
            let beside_seller = pair.is_some_and(|(left, right)| {
                index == right && self.pieces[left].folded() == seller_name
                    || index == left && self.pieces[right].folded() == seller_name
            });
            if beside_seller {
                score += 0.3;
            }
            // What goes on below the seller's name is more of the letterhead.
            let goes_on_from_seller = letterhead.as_ref().filter(|_| !is_labelled).is_some_and(|seller| {
                let under = super::lines_under(self.layout, seller.clone(), piece.tokens.clone());
                under.is_some_and(|down| down < LETTERHEAD_LINES)
            });
            if goes_on_from_seller {
                score -= 0.3;
            }
            if score > 0.0 {
                let entry = buyers.entry(name.to_owned()).or_insert((f32::MIN, index, 0));
                if score > entry.0 {
                    (entry.0, entry.1) = (score, index);
                }
                entry.2 += 1;
            }
        }
        let buyers = ranked(buyers, 0.1);
        let buyer = self.named(&buyers, 0.2, &buyer_labels);
        (seller, buyer)
    }

    /// Takes the firm that the letter is sent to out of who may have written it: its block is the last one, has none
    /// of the numbers of a letterhead, and another name stands above it.
    fn leave_to_buyer(&self, sellers: &mut Vec<(f32, usize, usize)>, heads: &BTreeMap<usize, usize>) {
        let [(_, best, _), (_, next, _), ..] = sellers.as_slice() else { return };
        let (sent_to, letterhead) = (&self.pieces[*best], &self.pieces[*next]);
        let line = |piece: &Piece| self.layout.tokens[piece.tokens.start].line;
        let height = self.layout.pages.first().map_or(1.0, |page| page.height);
        let (at, above) = (self.bounds(sent_to), self.bounds(letterhead));
        let is_last = |head: &usize| head == best || self.bounds(&self.pieces[*head]).y0 < at.y0;
        let is_sent_to = heads.contains_key(best)
            && heads.keys().all(is_last)
            && sent_to.firm() >= 0.8
            && !sent_to.declared
            && !self.heads_registration(sent_to)
            && !self.heads_contacts(sent_to)
            && at.y0 < 0.45 * height;
        let is_letterhead = !heads.contains_key(next)
            && line(letterhead) < line(sent_to)
            && above.y0 < 0.12 * height
            && above.y1 < at.y0
            && self.looks_like_a_name(letterhead)
            && !is_bank(&letterhead.text);
        if is_sent_to && is_letterhead {
            sellers.remove(0);
        }
    }

    /// The seller by its name with the legal form, where that is printed elsewhere: `Ledgerleaf` is
    /// `Ledgerleaf Software, Inc.`
    fn in_full(&self, seller: Option<Named>, in_buyer_block: &dyn Fn(usize) -> f32) -> Option<Named> {
        let seller = seller?;
        let name = fold(&seller.text);
        if firm(&seller.text) >= 0.8 || name.chars().count() < SHORT_NAME_CHARS {
            return Some(seller);
        }
        let is_longer = |piece: &Piece| piece.folded().starts_with(&name) && piece.firm() >= 1.0;
        Some(self.printed_as(seller, in_buyer_block, is_longer))
    }

    /// The seller as another piece prints its name, where one does outside of the buyer's block.
    fn printed_as(
        &self,
        seller: Named,
        in_buyer_block: &dyn Fn(usize) -> f32,
        is_its_name: impl Fn(&Piece) -> bool,
    ) -> Named {
        let other = self.pieces.iter().enumerate().find(|(index, piece)| {
            is_its_name(piece) && self.can_be_name(piece) && in_buyer_block(*index) < 0.5
        });
        match other {
            Some((_, piece)) => Named {
                text: piece.text.clone(),
                tokens: piece.tokens.clone(),
                rest: piece.rest.clone(),
                ..seller
            },
            None => seller,
        }
    }

    /// The seller by its first name, where that is printed elsewhere: the sender's line has `G. Mattfeldt`, and the
    /// letterhead `Gerwin Mattfeldt`.
    fn with_first_name(&self, seller: Option<Named>, in_buyer_block: &dyn Fn(usize) -> f32) -> Option<Named> {
        let seller = seller?;
        let parted = seller.text.split_once(' ').filter(|(first, _)| first.ends_with('.'));
        let parted = parted.map(|(first, last)| (first.trim_end_matches('.').to_owned(), fold(last)));
        let Some((initial, surname)) = parted.filter(|(initial, _)| initial.chars().count() == 1) else {
            return Some(seller);
        };
        let is_called = |piece: &Piece| {
            let mut words = piece.text.split_whitespace();
            let first = words.next().unwrap_or_default();
            let behind = words.collect::<String>();
            let ends = |behind: &str| behind.split(',').next().is_some_and(|name| fold(name) == surname);
            !first.ends_with('.') && first.starts_with(&initial) && ends(&behind)
        };
        Some(self.printed_as(seller, in_buyer_block, is_called))
    }

    /// The heads of two blocks that stand side by side in the upper half of the first page, the left one first.
    fn side_by_side(&self) -> Option<(usize, usize)> {
        let page = self.layout.pages.first()?;
        let token = |index: usize| self.layout.tokens.get(self.pieces[index].tokens.start);
        let heads_block = |index: usize| {
            let piece = &self.pieces[index];
            let at = self.bounds(piece);
            let starts_segment = token(index)
                .and_then(|token| self.layout.segments.get(token.segment))
                .is_some_and(|segment| segment.tokens.start == piece.tokens.start);
            let goes_on = self.pieces[index + 1..].iter().take(12).any(|below| {
                let under = self.bounds(below);
                let gap = under.y0 - at.y1;
                let flush = (under.x0 - at.x0).abs() < self.height || is_flush_right(under, at, self.height);
                flush && gap > -0.3 * self.height && gap < 1.2 * self.height && !self.is_label(below)
            });
            at.y0 < 0.5 * page.height
                && starts_segment
                && goes_on
                && !piece.sender_line
                && self.can_be_name(piece)
                && self.looks_like_a_name(piece)
                // `DEL` of a firm's name says a little of a day elsewhere.
                && self.labels_in(&piece.tokens).all(|label| {
                    piece.firm() >= 1.0 && label.keys.iter().all(|(_, weight)| *weight < 0.5)
                })
        };
        let first_page = |index: usize| token(index).is_some_and(|token| page.lines.contains(&token.line));
        (1..self.pieces.len()).take_while(|index| first_page(*index)).find_map(|right| {
            let left = right - 1;
            let same_line = token(left)?.line == token(right)?.line;
            (same_line && heads_block(left) && heads_block(right)).then_some((left, right))
        })
    }

    /// The firm right below its brand, at the head of a block: `MILLTEX` above `Mill Textiles, S.A.`
    fn signed_below(&self, head: usize) -> usize {
        let brand = &self.pieces[head];
        if brand.firm() >= 0.8 {
            return head;
        }
        let at = self.bounds(brand);
        let below = self.pieces[head + 1..].iter().take(CONTACT_LINES).position(|piece| {
            let under = self.bounds(piece);
            (under.x0 - at.x0).abs() < self.height
                && (-0.3 * self.height..1.2 * self.height).contains(&(under.y0 - at.y1))
        });
        let below = below.map(|offset| head + 1 + offset);
        below
            .filter(|below| self.pieces[*below].firm() >= 1.0 && self.can_be_name(&self.pieces[*below]))
            .unwrap_or(head)
    }

    pub(super) fn named(
        &self,
        ranked: &[(f32, usize, usize)],
        least: f32,
        labelled: &BTreeMap<usize, f32>,
    ) -> Option<Named> {
        let (score, index, times) = ranked.first().copied().filter(|(score, _, _)| *score >= least)?;
        let piece = &self.pieces[index];
        Some(Named {
            text: piece.text.clone(),
            tokens: piece.tokens.clone(),
            rest: piece.rest.clone(),
            score: score.clamp(0.0, 1.0),
            next: ranked.get(1).map_or(0.0, |(score, _, _)| score.clamp(0.0, 1.0)),
            labelled: labelled.get(&index).is_some_and(|strength| *strength > 0.4),
            times: times.min(3),
        })
    }

    /// Whether the block that a piece begins carries the numbers that the law wants of a firm.
    fn heads_registration(&self, piece: &Piece) -> bool {
        let at = self.bounds(piece);
        let line = self.layout.tokens[piece.tokens.start].line;
        let begins = |line: usize| self.layout.lines[line].bounds.y0 - at.y1 < 5.0 * self.height;
        std::iter::once(line).chain(self.layout.lines_below(line).take(3).filter(|line| begins(*line))).any(
            |below| {
                self.layout.lines[below].segments.clone().any(|segment| {
                    let Some(segment) = self.layout.segments.get(segment) else { return false };
                    let words = self.layout.tokens.get(segment.tokens.clone()).unwrap_or_default();
                    // `Btw-nr. klant` says of whose it is that it is not the sender's.
                    let is_buyers = || {
                        let of_buyer = [key(Concept::BuyerVatId)];
                        self.labels_in(&segment.tokens).any(|label| label.weight_for(&of_buyer) >= 0.7)
                    };
                    segment.tokens.end > piece.tokens.end
                        && segment.bounds.share_of_width(at) > 0.3
                        && (words.iter().any(|word| REGISTRATION.contains(&word.folded.as_str()))
                            || words.windows(2).any(|pair| {
                                pair[0].folded == "vat" && VAT_NUMBER.contains(&pair[1].folded.as_str())
                            }))
                        && !is_buyers()
                })
            },
        )
    }

    /// Whether what stands behind a firm's name in its line, at the foot of a page, says in which register it is. A
    /// customer's block may have its tax number; where a firm is on the register, only its own paper says.
    fn is_in_register(&self, piece: &Piece) -> bool {
        let line = self.layout.tokens[piece.tokens.start].line;
        let page = &self.layout.pages[self.layout.lines[line].page];
        let in_foot = self.bounds(piece).y0 > 0.8 * page.height || line + LAST_LINES >= page.lines.end;
        if !in_foot || piece.firm() < 1.0 || piece.text.split_whitespace().count() > REGISTERED_WORDS_MAX {
            return false;
        }
        let end = self.layout.segments.get(piece.segment).map_or(0, |segment| segment.tokens.end);
        let behind = self.layout.tokens.get(piece.tokens.end..end).unwrap_or_default();
        behind.iter().any(|word| REGISTERS.contains(&word.folded.as_str()))
    }

    /// Whether the block that a piece begins says where to write to on the web.
    fn heads_contacts(&self, piece: &Piece) -> bool {
        let line = self.layout.tokens[piece.tokens.start].line;
        let mut below = self.layout.lines_below(line).take(CONTACT_LINES);
        below.any(|below| {
            let tokens = self.layout.lines[below].tokens.clone();
            tokens.into_iter().any(|index| {
                codes::domain_name(&self.layout.tokens[index].text).is_some()
                    && super::lines_under(self.layout, piece.tokens.clone(), index..index + 1).is_some()
            })
        })
    }

    /// Whether each word of a piece begins as a name's do, on a page that has more than a few lines.
    fn looks_like_a_name(&self, piece: &Piece) -> bool {
        let words: Vec<&str> = piece.text.split_whitespace().collect();
        let is_upper = |word: &&str| {
            let begins = word.trim_start_matches(|c: char| "„“”\"«'‘(".contains(c));
            begins.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit()) || PARTICLES.contains(word)
        };
        words.len() <= 6 && words.iter().all(is_upper) && self.layout.lines.len() >= LINES_MIN
    }

    fn seller_score(&self, piece: &Piece, heads_block: bool) -> f32 {
        let at = self.bounds(piece);
        let line = self.layout.tokens[piece.tokens.start].line;
        let page = &self.layout.pages[self.layout.lines[line].page];
        let name = piece.folded();
        let score_of_name = piece.firm();
        let mut score = 0.35 * score_of_name;
        let starts_upper = piece.text.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit());
        if !starts_upper {
            score -= 0.15;
        }
        let matches_domain = self.domains.iter().any(|domain| {
            let (domain_chars, name_chars) = (domain.chars().count(), name.chars().count());
            // A word that is only a part of the domain (`rooms` of `hotelrooms`) is not the name.
            domain_chars >= 4
                && name_chars >= 4
                && (name.contains(domain.as_str())
                    || domain.contains(name) && 10 * name_chars >= 7 * domain_chars)
        });
        if matches_domain {
            score += 0.35;
        }
        if piece.sender_line {
            score += 0.35;
        }
        if piece.declared {
            score += 0.7;
        }
        if heads_block {
            score += 0.12;
            score += if self.heads_contacts(piece) { 0.1 } else { 0.0 };
        }
        let first_page = self.layout.lines[line].page == 0;
        if first_page && at.y0 < 0.12 * page.height {
            score += 0.2;
        } else if first_page && at.y0 < 0.25 * page.height || at.y0 > 0.85 * page.height {
            score += 0.1;
        }
        if line == page.lines.start && first_page {
            score += if heads_block { 0.2 } else { 0.08 };
        }
        if at.height() > 1.4 * self.height {
            score += 0.1;
        }
        // Place alone makes no seller: a lone sentence stands at the top of its page as well.
        if score_of_name == 0.0 && !matches_domain && !piece.sender_line && !heads_block {
            score -= if self.looks_like_a_name(piece) { 0.0 } else { 0.3 };
        }
        // `Company` above a block is its heading, not a firm of that name.
        let only_form =
            LEGAL_FORMS.contains(&name) || FORMS_IN_FULL.iter().any(|form| name.starts_with(form));
        if only_form {
            score -= 0.35;
        }
        // The sender's paper says so at its head or its foot; the middle of a page may say it of others.
        let is_last = line + LAST_LINES >= page.lines.end;
        let at_edge = at.y0 < 0.25 * page.height || at.y0 > 0.8 * page.height || is_last;
        if at_edge
            && !only_form
            && piece.text.split_whitespace().count() <= REGISTERED_WORDS_MAX
            && self.heads_registration(piece)
        {
            // A brand has no number: of two names that one stands below, the firm signs.
            score += if score_of_name >= 1.0 { 0.35 } else { 0.25 };
        }
        // `Facility Services Ltd` is a firm, whatever its words label elsewhere.
        let label_inside = score_of_name < 1.0
            && self.labels_in(&piece.tokens).any(|label| label.keys.iter().any(|(_, weight)| *weight >= 0.7));
        if label_inside {
            score -= 0.2;
        }
        if is_bank(&piece.text) || score_of_name < 0.8 && is_department(&piece.text) {
            score -= 0.35;
        }
        if piece.text.contains("(c)")
            || piece.text.contains('©')
            || name.starts_with("poweredby")
            || name.starts_with("copyright")
        {
            score -= 0.5;
        }
        score
    }
}

/// What firms are, in words: no firm is called so.
const FORMS_IN_FULL: [&str; 9] = [
    "societearesponsabilitelimitee",
    "societeanonyme",
    "societeparactionssimplifiee",
    "gesellschaftmitbeschrankterhaftung",
    "sociedadderesponsabilidadlimitada",
    "sociedadanonima",
    "societaaresponsabilitalimitata",
    "spolkazograniczonaodpowiedzialnoscia",
    "beslotenvennootschap",
];

/// Whether a name is a bank's.
pub(super) fn is_bank(name: &str) -> bool {
    let bank = ["bank", "sparkasse", "banque", "banco", "banca", "volksbank", "raiffeisen", "kreissparkasse"];
    name.split_whitespace().map(fold).any(|word| bank.iter().any(|bank| word.ends_with(bank)))
}

/// Words within names that are written small.
const PARTICLES: [&str; 56] = [
    "&", "+", "de", "du", "des", "la", "le", "les", "van", "von", "der", "den", "di", "del", "da", "do",
    "und", "and", "et", "y", "the", "of", "for", "at", "in", "im", "am", "zum", "zur", "für", "vom", "aux",
    "au", "en", "pour", "los", "las", "el", "e", "dos", "das", "os", "dei", "della", "delle", "degli", "ter",
    "het", "voor", "w", "z", "i", "na", "pod", "im.", "św.",
];

/// Words that only say in which register a firm is, folded.
const REGISTERS: [&str; 26] = [
    "rcs",
    "hrb",
    "hra",
    "amtsgericht",
    "handelsregister",
    "registergericht",
    "firmenbuch",
    "krs",
    "rea",
    "rpm",
    "registro",
    "inscrita",
    "inscrito",
    "mercantil",
    "registrada",
    "registered",
    "incorporated",
    "immatriculee",
    "immatricule",
    "iscritta",
    "matriculada",
    "conservatoria",
    "kvk",
    "handelsregisternummer",
    "sadowy",
    "rejestrowy",
];

/// `VAT number` in two words.
const VAT_NUMBER: [&str; 4] = ["number", "no", "id", "reg"];

/// Words of the line that the law or the bank wants on a firm's paper: who owns the number is the firm.
pub(super) const REGISTRATION: [&str; 35] = [
    "nipc",
    "siret",
    "siren",
    "rcs",
    "hrb",
    "hra",
    "amtsgericht",
    "handelsregister",
    "registergericht",
    "ustidnr",
    "ustid",
    "ustidentnr",
    "kvk",
    "kvknummer",
    "vatno",
    "vatreg",
    "vatnumber",
    "tva",
    "capital",
    "companyno",
    "registered",
    "btw",
    "btwnr",
    "btwnummer",
    "nip",
    "regon",
    "krs",
    "piva",
    "partitaiva",
    "cif",
    "nif",
    "abn",
    "gstin",
    "steuernummer",
    "steuernr",
];
