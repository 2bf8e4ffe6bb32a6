//! Which language a scan is in, told from what was read on it as English.
//!
//! A recogniser that reads in a second language reads words of the first worse and takes longer, so one is named
//! only where several different words of it were read. The words are those of business papers and tills that
//! English has not, as they are without accents: the first reading has lost these. Words that two of the languages
//! share stand with both; the language with the most words is the one. Where the recogniser lacks it, the first
//! reading stays, and the caller says so.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::fields::text::fold;
use crate::page::Word;

/// A language that scans are read in beside English.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Language {
    German,
    French,
    Spanish,
    Italian,
    Dutch,
    Portuguese,
    Polish,
}

/// So many different words are no accident.
const WORDS_MIN: usize = 3;

impl Language {
    const ALL: [Self; 7] = [
        Self::German,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Dutch,
        Self::Portuguese,
        Self::Polish,
    ];

    /// As ISO 639-2 has it, and so tesseract's file of it and Debian's package.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::German => "deu",
            Self::French => "fra",
            Self::Spanish => "spa",
            Self::Italian => "ita",
            Self::Dutch => "nld",
            Self::Portuguese => "por",
            Self::Polish => "pol",
        }
    }

    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::German => "German",
            Self::French => "French",
            Self::Spanish => "Spanish",
            Self::Italian => "Italian",
            Self::Dutch => "Dutch",
            Self::Portuguese => "Portuguese",
            Self::Polish => "Polish",
        }
    }

    /// None where nothing speaks for another language than English.
    pub(crate) fn of(words: &[Word]) -> Option<Self> {
        let read: BTreeSet<String> = words.iter().map(|word| fold(&word.text)).collect();
        let count = |language: Self| language.words().iter().filter(|word| read.contains(**word)).count();
        let counted = Self::ALL.map(|language| (count(language), language));
        let most = counted.iter().map(|(count, _)| *count).max().filter(|most| *most >= WORDS_MIN)?;
        counted.into_iter().find(|(count, _)| *count == most).map(|(_, language)| language)
    }

    fn words(self) -> &'static [&'static str] {
        match self {
            Self::German => &[
                "und", "der", "das", "mit", "fur", "von", "vom", "ihr", "ihre", "ihren", "wir", "bei", "bis",
                "zum", "nicht", "bar", "summe", "betrag", "gesamt", "rechnung", "datum", "uhr", "mwst",
                "ust", "netto", "brutto", "steuer", "menge", "danke", "vielen", "dank", "einkauf", "kasse",
                "beleg", "gegeben", "filiale",
            ],
            Self::French => &[
                "facture",
                "montant",
                "prix",
                "quantite",
                "les",
                "des",
                "pour",
                "avec",
                "vous",
                "votre",
                "vos",
                "nous",
                "merci",
                "tva",
                "ttc",
                "especes",
                "carte",
                "bancaire",
                "siret",
                "rendu",
                "monnaie",
                "echeance",
                "paiement",
                "une",
                "reglement",
                "achat",
                "recu",
                "visite",
                "numero",
            ],
            Self::Spanish => &[
                "factura",
                "fecha",
                "importe",
                "precio",
                "cantidad",
                "cliente",
                "iva",
                "para",
                "los",
                "las",
                "del",
                "por",
                "una",
                "gracias",
                "efectivo",
                "tarjeta",
                "cambio",
                "nif",
                "cif",
                "imponible",
                "numero",
                "pago",
                "compra",
                "vencimiento",
                "calle",
                "telefono",
                "descripcion",
                "visita",
            ],
            Self::Italian => &[
                "fattura",
                "data",
                "importo",
                "prezzo",
                "quantita",
                "cliente",
                "iva",
                "imponibile",
                "totale",
                "del",
                "della",
                "grazie",
                "contanti",
                "resto",
                "scontrino",
                "documento",
                "pagamento",
                "partita",
                "codice",
                "fiscale",
                "scadenza",
                "numero",
                "descrizione",
                "una",
            ],
            Self::Dutch => &[
                "factuur",
                "factuurnummer",
                "datum",
                "bedrag",
                "prijs",
                "aantal",
                "klant",
                "btw",
                "totaal",
                "subtotaal",
                "van",
                "het",
                "een",
                "voor",
                "met",
                "wij",
                "niet",
                "bedankt",
                "contant",
                "wisselgeld",
                "kassa",
                "bon",
                "betaling",
                "excl",
                "incl",
                "kvk",
                "betalen",
                "omschrijving",
            ],
            Self::Portuguese => &[
                "fatura",
                "data",
                "valor",
                "preco",
                "quantidade",
                "cliente",
                "iva",
                "nif",
                "para",
                "com",
                "uma",
                "dos",
                "das",
                "obrigado",
                "dinheiro",
                "troco",
                "pagamento",
                "recibo",
                "numero",
                "vencimento",
                "contribuinte",
                "por",
                "seu",
                "sua",
                "morada",
                "descricao",
            ],
            Self::Polish => &[
                "faktura",
                "data",
                "kwota",
                "cena",
                "ilosc",
                "nabywca",
                "sprzedawca",
                "nip",
                "razem",
                "netto",
                "brutto",
                "zaplaty",
                "sztuk",
                "szt",
                "gotowka",
                "karta",
                "reszta",
                "paragon",
                "fiskalny",
                "dziekujemy",
                "sprzedaz",
                "termin",
                "platnosci",
                "numer",
                "konta",
                "wartosc",
                "stawka",
                "ptu",
                "suma",
            ],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::page::BBox;

    fn of(text: &str) -> Option<Language> {
        let bbox = BBox { x0: 0.0, y0: 0.0, x1: 0.1, y1: 0.1 };
        let word = |text: &str| Word { text: text.to_owned(), bbox, confidence: 0.9 };
        Language::of(&text.split(' ').map(word).collect::<Vec<_>>())
    }

    #[test]
    fn a_language_is_told_by_its_words_read_as_english() {
        for (text, language) in [
            ("Summe EUR 12,50 Bar 20,00 Ruckgeld 7,50 Vielen Dank", Language::German),
            ("TOTAL TTC 12,50 dont TVA 2,08 Merci de votre visite", Language::French),
            ("Factura n° 12 Fecha 03/04/2025 Base imponible 10,00 IVA 2,10", Language::Spanish),
            ("Fattura n. 12 Data 03/04/2025 Imponibile 10,00 IVA 2,20 Totale 12,20", Language::Italian),
            ("Factuurnummer 12 Datum 03-04-2025 Totaal incl. BTW 12,10", Language::Dutch),
            ("Fatura FT 12 Data 03/04/2025 Valor 10,00 Obrigado pela sua compra", Language::Portuguese),
            ("Faktura VAT nr 12 Sprzedawca Nabywca Razem 12,30", Language::Polish),
        ] {
            assert_eq!(of(text), Some(language), "{text}");
        }
    }

    #[test]
    fn english_is_read_once() {
        for text in [
            "Total 12.50 cash 20.00 change 7.50 thank you, see the salad bar",
            "Invoice Date 3 April Numero Uno Pizza per person, con carne",
            "",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
