//! The engine on synthetic pages: what an extractor of anyone's own may rely on.

use super::*;
use crate::layout::testing::{page, page_of};

fn field(name: &str, field_type: FieldType) -> FieldDefinition {
    FieldDefinition::new(name, field_type, "")
}

fn read(kind: &str, lines: &[&str], fields: &[FieldDefinition]) -> Vec<FieldResult> {
    extract_fields(&[page(lines)], &DocumentType::parse(kind).unwrap(), fields)
}

fn values(kind: &str, lines: &[&str], fields: &[FieldDefinition]) -> Vec<String> {
    read(kind, lines, fields).into_iter().map(|found| found.value.to_string()).collect()
}

const INVOICE: [&str; 16] = [
    "Muster Handel GmbH - Hauptstr. 1 - 80333 München",
    "",
    "Beispiel AG",
    "Nebenweg 2",
    "12345 Berlin",
    "",
    "Rechnung Nr. 2021-0042                    Datum: 05.03.2021",
    "Lieferdatum: 01.03.2021                   Kundennummer: 7781",
    "",
    "Pos  Beschreibung            Menge     Einzelpreis        Betrag",
    "1    Papier                  10           10,00           100,00",
    "",
    "Nettobetrag                                               100,00",
    "MwSt. 19 %                                                 19,00",
    "Gesamtbetrag                                              119,00 €",
    "Zahlbar bis 04.04.2021",
];

#[test]
fn an_invoice_of_an_unknown_sender_is_read() {
    use FieldType::{Currency, Date, Text};
    let fields = [
        field("invoice_number", Text),
        field("invoice_date", Date),
        field("due_date", Date),
        field("net_amount", Currency),
        field("tax_amount", Currency),
        field("total_amount", Currency),
        field("currency", Text),
        field("customer_number", Text),
        field("seller_name", Text),
        field("buyer_name", Text),
    ];
    assert_eq!(
        values("invoice", &INVOICE, &fields),
        [
            "\"2021-0042\"",
            "\"2021-03-05\"",
            "\"2021-04-04\"",
            "100.00",
            "19.00",
            "119.00",
            "\"EUR\"",
            "\"7781\"",
            "\"Muster Handel GmbH\"",
            "\"Beispiel AG\"",
        ]
    );
}

#[test]
fn every_value_is_cited_where_it_stands() {
    let found = read("invoice", &INVOICE, &[field("total_amount", FieldType::Currency)]);
    let citation = found[0].citation.as_ref().unwrap();
    assert_eq!((citation.page, citation.text.as_str()), (1, "119,00"));
    assert!(citation.bbox.y0 > 14.0 / 60.0 && citation.bbox.y1 < 15.0 / 60.0);
}

#[test]
fn what_is_not_there_is_null_with_confidence_zero() {
    let found = read(
        "invoice",
        &["Nothing of interest"],
        &[field("iban", FieldType::Text), field("total_amount", FieldType::Currency)],
    );
    assert!(
        found
            .iter()
            .all(|found| found.value.is_null() && found.confidence == 0.0 && found.citation.is_none())
    );
}

#[test]
fn the_sum_decides_between_two_totals() {
    let lines =
        ["Subtotal      80.00", "Total     12.00", "VAT       16.00", "Total     96.00", "Total     99.00"];
    assert_eq!(values("invoice", &lines, &[field("total_amount", FieldType::Currency)]), ["96.00"]);
}

#[test]
fn what_was_paid_less_the_change_is_the_total_of_a_receipt() {
    let lines =
        ["CORNER SHOP", "Total 33.92", "Rounding -0.02", "T0tl Rnd 33.90", "Cash 50.00", "Change 16.10"];
    let pages = [page_of(TextSource::Ocr, &lines)];
    let found = extract_fields(
        &pages,
        &DocumentType::parse("receipt").unwrap(),
        &[field("total_amount", FieldType::Currency)],
    );
    assert_eq!(found[0].value.to_string(), "33.90");
}

#[test]
fn of_two_readings_of_one_amount_on_a_scan_the_one_that_stands_there_more_often_is_meant() {
    let total = |lines: &[&str]| {
        let pages = [page_of(TextSource::Ocr, lines)];
        let receipt = DocumentType::parse("receipt").unwrap();
        let fields = [field("total_amount", FieldType::Currency)];
        extract_fields(&pages, &receipt, &fields).remove(0).value.to_string()
    };
    let misread = ["Sub-total            17.70", "Total Sales          17.76", "Total Due        17.70"];
    assert_eq!(total(&misread), "17.70");
    // Both are printed: one is the other one rounded, or what they differ by stands there as well.
    assert_eq!(total(&["Item   17.78", "Item    17.78", "Total incl. rounding   17.80"]), "17.80");
    assert_eq!(total(&["Item  100.00", "Item   100.00", "GST    6.00", "Total    106.00"]), "106.00");
}

#[test]
fn what_is_left_to_pay_is_not_the_total_however_often_it_is_printed() {
    let lines = [
        "Stitch & Thistle Ltd              INVOICE 77",
        "                                  Balance due   678.97",
        "Total                             1,178.97",
        "Payment made                      - 500.00",
        "Balance due                       678.97",
    ];
    let fields = [field("total_amount", FieldType::Currency)];
    assert_eq!(values("invoice", &lines, &fields), ["1178.97"]);
}

#[test]
fn a_sign_may_stand_before_a_number_in_groups() {
    let lines =
        ["Facture 77", "Total TTC      3 130,80", "Acompte versé      - 1 200,00", "Solde dû   1 930,80"];
    let fields = [field("amount_paid", FieldType::Currency)];
    assert_eq!(values("invoice", &lines, &fields), ["1200.00"]);
}

#[test]
fn another_dollar_is_meant_where_it_is_named() {
    let currency = |lines: &[&str]| values("invoice", lines, &[field("currency", FieldType::Text)]).remove(0);
    assert_eq!(currency(&["Invoice 77", "Total       $119.00", "Amount due (CAD)   $119.00"]), "\"CAD\"");
    assert_eq!(currency(&["Invoice 77", "Total       $119.00", "Amount due   $119.00"]), "\"USD\"");
}

#[test]
fn the_dates_of_a_tables_rows_are_not_the_documents() {
    let lines = [
        "Hargrove & Reyes LLP                     April 30, 2024",
        "Invoice 88214",
        "",
        "Date         Description                          Amount",
        "04/02/24     Telephone conference                 308.00",
        "04/09/24     Legal research                       784.00",
        "04/15/24     Demand letter                        962.50",
        "Total                                           2,054.50",
    ];
    let found = values("invoice", &lines, &[field("invoice_date", FieldType::Date)]);
    assert_ne!(found, ["\"2024-04-02\""], "a column's first date is its row's");
}

#[test]
fn the_head_of_a_column_of_amounts_is_no_label_of_the_total() {
    let lines = [
        "Qty  Item                  Total RM",
        "1    Noodles                 12.40",
        "2    Green tea                4.00",
        "Amount                       16.40",
        "TOTAL: RM                    16.40",
    ];
    let fields = [field("total_amount", FieldType::Currency)];
    assert_eq!(values("receipt", &lines, &fields), ["16.40"]);
}

fn parties(lines: &[&str]) -> [String; 2] {
    let fields = [field("seller_name", FieldType::Text), field("buyer_name", FieldType::Text)];
    let found = values("invoice", lines, &fields);
    [0, 1].map(|index| found[index].trim_matches('"').to_owned())
}

#[test]
fn a_name_goes_on_in_the_next_line_where_its_column_was_too_narrow() {
    let lines = [
        "Seller                           Buyer",
        "Workshop of the Brothers         Society of Friends of the",
        "Marchetti Ltd                    Northern Lakes and Rivers",
        "12 Harbour Lane                  7 Mill Road",
        "EX31 1AA Barnstaple              EX39 2BB Bideford",
        "",
        "Invoice no. 77                   Date 12 May 2023",
        "Total                            120.00",
    ];
    let [seller, buyer] = parties(&lines);
    assert_eq!(seller, "Workshop of the Brothers Marchetti Ltd");
    assert_eq!(buyer, "Society of Friends of the Northern Lakes and Rivers");
    let fields = [field("buyer_name", FieldType::Text)];
    let cited = read("invoice", &lines, &fields).remove(0).citation.unwrap();
    assert_eq!(
        cited.text, "Society of Friends of the Northern Lakes and Rivers",
        "and nothing of its neighbour"
    );
}

/// The brand at the top is what the paper looks like; whose it is says a sentence at its foot.
#[test]
fn a_brand_sells_in_the_name_of_the_firm_that_a_sentence_says_it_is_of() {
    for (brand, sentence, firm) in [
        (
            "Loopette",
            "Loopette is a trading name of Fellside Loop Communications Limited, registered in England no. 09417726.",
            "Fellside Loop Communications Limited",
        ),
        ("LampoVia", "LampoVia è un marchio di Umbra Reti S.p.A. con socio unico", "Umbra Reti S.p.A."),
        (
            "tándemvoz",
            "Tándem Voz es una marca de Operadora Serrana de Voces, S.A.U., C/ Albasanz 9, 28037 Madrid.",
            "Operadora Serrana de Voces, S.A.U.",
        ),
    ] {
        let lines = [
            brand,
            "",
            "Mr K Fernway",
            "12 Finkle Street",
            "HX7 6PD Hebden",
            "",
            "Bill number  Q113",
            "",
            "Total   91.02 EUR",
            "",
            "",
            sentence,
        ];
        assert_eq!(parties(&lines)[0], firm);
    }
    // The firm's name is the one with its form, where it is printed at all.
    let lines = [
        "Ledgerway",
        "",
        "Invoice number 17",
        "",
        "Ledgerway Software, Inc.",
        "1104 Rio St",
        "Austin, TX 78701",
        "",
        "Total  12.00 USD",
    ];
    assert_eq!(parties(&lines)[0], "Ledgerway Software, Inc.");
    // A firm may be called by such a word.
    let lines = [
        "Centro Servicio de Autos Larice S.L.",
        "Calle Olmo 2",
        "31004 Pamplona",
        "",
        "Factura 17",
        "Total  12,00",
    ];
    assert_eq!(parties(&lines)[0], "Centro Servicio de Autos Larice S.L.");
    // In brackets it explains the name that is used.
    let lines = [
        "Order",
        "",
        "Northern Wholesale (trading name of Oldway Bros Ltd)",
        "2 Mill Road",
        "EX39 2BB Bideford",
    ];
    assert_ne!(parties(&lines)[0], "Oldway Bros Ltd)");
}

/// What stands above the addressee, and what its block has beside a name, is nobody.
#[test]
fn a_country_a_courtesy_and_a_street_are_no_names() {
    let buyer = |above: &[&str]| {
        let mut lines = vec!["Systemhaus Nordlicht GmbH | Bleicherufer 2 | 19053 Schwerin |"];
        lines.extend(above);
        lines.extend(["23966 Wismar", "", "Rechnung Nr. 17   Datum 04.10.2024", "Gesamtbetrag   119,00 €"]);
        parties(&lines)[1].clone()
    };
    assert_eq!(
        buyer(&["Deutschland", "Hafenlogistik Kogge mbH", "Abteilung Kreditoren", "Lindenweg 4"]),
        "Hafenlogistik Kogge mbH"
    );
    assert_eq!(
        buyer(&["", "Gentile cliente", "STUDIO ASSOCIATO BRAND", "CORSO ITALIA 212"]),
        "STUDIO ASSOCIATO BRAND"
    );
    assert_eq!(
        buyer(&["", "SARL Puy et Filles", "Fournil de la Halle", "7 place du Marché"]),
        "SARL Puy et Filles"
    );
    // A mark of postage and how a letter is sent stand above a name.
    for above in ["P.P. 3818 Hintertal", "EINSCHREIBEN"] {
        let lines = [
            "Rechnungsempfänger",
            above,
            "Chalet Silberhorn",
            "Dorfstrasse 88",
            "3818 Hintertal",
            "",
            "Total 12.00",
        ];
        assert_eq!(parties(&lines)[1], "Chalet Silberhorn", "{above}");
    }
    // An address of mail ends the sender's block, also without a blank line behind it.
    let lines = [
        "Van Dorth & Zn.",
        "loodgieters - cv - sanitair",
        "Havenkade 17a",
        "4491 EW Wissekerke",
        "0113 555 017",
        "info@vandorth.example",
        "VvE Duinoord I",
        "p/a Zeeuws Beheer",
        "mevr. L. de Nooi",
        "Stationsstraat 44",
        "4381 BE Vlissingen",
        "Wissekerke, 11 december 2024",
        "Factuur 2024183",
        "Te voldoen   12,00",
    ];
    assert_eq!(parties(&lines)[1], "VvE Duinoord I");
    let lines = [
        "Buyer (Bill to)",
        "Noyal Knit Processors Private Limited",
        "7 Mill Road",
        "EX39 2BB Bideford",
        "",
        "Total  12.00",
    ];
    assert_eq!(parties(&lines)[1], "Noyal Knit Processors Private Limited");
}

#[test]
fn a_name_in_two_parts_is_one_also_before_its_address() {
    let lines = [
        "Ribas & Azur – Obras Norte, S.A. · Cais da Estiva 41, 4050-243 Porto · NIPC 548922063",
        "",
        "Fatura 17",
        "Total   12,00",
    ];
    assert_eq!(parties(&lines)[0], "Ribas & Azur – Obras Norte, S.A.");
}

#[test]
fn what_heads_a_column_buys_nothing() {
    let lines = [
        "Acheteur",
        "Poste    Désignation    Quantité    Prix unitaire    Montant",
        "10       Vis M8         2           1,00             2,00",
    ];
    assert_eq!(parties(&lines)[1], "null");
}

#[test]
fn what_follows_a_whole_name_is_not_of_it() {
    let below = |name: &str, next: &str| {
        let lines = [
            "Kestrel Paper Ltd",
            "1 Quay Street, EX31 1AA Barnstaple",
            "",
            "Bill to",
            name,
            next,
            "7 Mill Road",
            "EX39 2BB Bideford",
            "",
            "Invoice no. 77              Date 12 May 2023",
            "Total                       120.00",
        ];
        let [_, buyer] = parties(&lines);
        buyer
    };
    assert_eq!(below("Harbour Foods GmbH", "Erika Beispiel"), "Harbour Foods GmbH");
    assert_eq!(below("Harbour Foods", "The Old Mill"), "Harbour Foods");
    assert_eq!(below("Harbour Foods", "Accounts department"), "Harbour Foods");
    assert_eq!(below("Harbour Foods", "Mrs Erika Beispiel"), "Harbour Foods");
    assert_eq!(below("Harbour Foods &", "Sons"), "Harbour Foods & Sons");
    assert_eq!(below("Capt. Terence Example", "Jr."), "Capt. Terence Example Jr.");
    assert_eq!(below("Institute for Mecklenburg-", "Vorpommern"), "Institute for Mecklenburg-Vorpommern");
    assert_eq!(below("Mr J. Example and", "Mrs A. Example"), "Mr J. Example and Mrs A. Example");
}

#[test]
fn a_name_has_what_a_firm_is_and_not_who_answers_there() {
    let bill_to = |lines: &[&str]| {
        let mut all = vec!["Alder Ltd", "1 High Street", "London SW1A 1AA", "", "Bill to"];
        all.extend_from_slice(lines);
        all.extend_from_slice(&["2 Low Road", "Leeds LS1 4AP", "", "Total 12.00"]);
        parties(&all)[1].clone()
    };
    assert_eq!(bill_to(&["Birch Contract Interiors Ltd, Mr Sam Oak"]), "Birch Contract Interiors Ltd");
    assert_eq!(
        bill_to(&["Firma", "Schlauch- und Dichtungstechnik", "Gebr. Oak Nachf. GmbH & Co. KG"]),
        "Schlauch- und Dichtungstechnik Gebr. Oak Nachf. GmbH & Co. KG"
    );
    assert_eq!(bill_to(&["Packing Industry", "Oak & Elm B.V."]), "Packing Industry Oak & Elm B.V.");
    assert_eq!(bill_to(&["Birch Douro – Obras e Restauro, Lda."]), "Birch Douro – Obras e Restauro, Lda.");
}

#[test]
fn words_alone_above_two_blocks_say_who_writes_and_to_whom() {
    for (from, to) in [("Van", "Aan"), ("Von", "An"), ("De", "À"), ("Od", "Do"), ("From", "For")] {
        let lines = [
            format!("{from:35}{to}"),
            "Translations Dale                  Heron Interpreters Ltd".to_owned(),
            "1 High Street                      7 Mill Road".to_owned(),
            "EX31 1AA Barnstaple                EX39 2BB Bideford".to_owned(),
            String::new(),
            "Invoice 12                         Total 12.00".to_owned(),
        ];
        let found = parties(&lines.each_ref().map(String::as_str));
        assert_eq!(found, ["Translations Dale", "Heron Interpreters Ltd"], "{from}");
    }
}

#[test]
fn words_in_capitals_before_two_names_say_so_too() {
    let lines = [
        "FROM Mill Studio                   TO Friends of the Old Quay",
        "12 Harbour Lane                    7 Mill Road",
        "EX31 1AA Barnstaple                EX39 2BB Bideford",
        "",
        "Invoice 12                         Total 12.00",
    ];
    assert_eq!(parties(&lines), ["Mill Studio", "Friends of the Old Quay"]);
}

#[test]
fn the_town_of_a_branch_in_the_head_is_nobodys_address() {
    let lines = [
        "KRANICH KG                         Fachgroßhandel für Sanitär und Heizung",
        "                                   Niederlassung Nord · Hauptstr. 18 · 37079 Musterstadt",
        "",
        "Kranich KG · Hauptstr. 18 · 37079 Musterstadt",
        "",
        "Firma                              RECHNUNG 24-88",
        "Haustechnik Reiher GmbH            Lieferanschrift siehe unten",
        "Ackerweg 6",
        "37073 Musterstadt",
        "",
        "Gesamtbetrag 12,00 EUR",
    ];
    assert_eq!(parties(&lines), ["Kranich KG", "Haustechnik Reiher GmbH"]);
}

#[test]
fn a_public_body_bills_and_who_signs_is_nobody() {
    let lines = [
        "Gemeente Oosterveen",
        "Dorpsplein 1",
        "1234 AB Oosterveen",
        "",
        "Factuur 12",
        "Wij verzoeken u het bedrag over te maken.",
        "Met vriendelijke groet,",
    ];
    assert_eq!(parties(&lines), ["Gemeente Oosterveen", "null"]);
}

#[test]
fn what_is_called_by_its_street_is_a_name_where_the_street_follows() {
    let lines = [
        "Caldaie Fermi S.r.l.",
        "Via Po 1, 10100 Torino",
        "",
        "Cliente",
        "Condominio Via delle Magnolie 14",
        "Via delle Magnolie 14",
        "50142 Firenze",
        "",
        "Fattura n. 77              Data 12/05/2023",
        "Totale                     120,00",
    ];
    assert_eq!(parties(&lines)[1], "Condominio Via delle Magnolie 14");
}

#[test]
fn who_sold_is_told_from_whom_it_was_sold_to_and_from_what_stands_beside_a_head() {
    let lines = [
        "bazar                                                Fattura",
        "",
        "Indirizzo di fatturazione    Venduto da",
        "Studio Bonanno               Torrefazione Nove S.r.l.",
        "Corso Umberto 188            Strada Provinciale 12",
        "95129 Catania                10036 Settimo",
        "",
        "Numero fattura 77            Data 12/05/2023",
        "Totale                       120,00",
    ];
    assert_eq!(parties(&lines), ["Torrefazione Nove S.r.l.", "Studio Bonanno"]);
    let lines = [
        "Muebles Rias S.L.",
        "Calle Mayor 1, 36416 Mos",
        "",
        "Dirección de entrega         Concello de Redondela",
        "Casa da Cultura              Calle Alfonso 2",
        "Calle Boveda 5               36800 Redondela",
        "36800 Redondela",
        "",
        "Factura 77                   Fecha 12/05/2023",
        "Total                        120,00",
    ];
    assert_eq!(parties(&lines)[1], "Concello de Redondela");
}

#[test]
fn a_senders_line_in_one_stretch_heads_no_address() {
    let lines = [
        "Garten König GmbH, Gewerbepark 8, 71679 Asperg",
        "Landschaftspflege Knödl UG (haftungsbeschränkt)",
        "Hintere Gasse 4",
        "82211 Herrsching",
        "",
        "Rechnung Nr. 77              Datum: 12.05.2023",
        "Gesamtbetrag                 120,00 €",
        "Vielen Dank für Ihren Auftrag",
    ];
    assert_eq!(parties(&lines), ["Garten König GmbH", "Landschaftspflege Knödl UG (haftungsbeschränkt)"]);
}

#[test]
fn beside_an_address_for_the_goods_the_other_one_is_whom_the_bill_is_for() {
    let lines = [
        "Fernhill Loom Ltd",
        "Station Road, HX7 8AD Hebden Bridge",
        "",
        "Rosalind Example             Ship to:",
        "41 High Street               R. Example",
        "CT20 3BX Folkestone          12 The Stade",
        "                             CT19 6AB Folkestone",
        "",
        "Invoice no. 77               Date 12 May 2023",
        "Total                        120.00",
    ];
    assert_eq!(parties(&lines)[1], "Rosalind Example");
}

#[test]
fn a_credit_note_gives_positive_amounts() {
    let lines = ["Avoir AV-17", "Total HT   -100,00 €", "Total TVA   -20,00 €", "Total TTC   -120,00 €"];
    assert_eq!(values("invoice", &lines, &[field("total_amount", FieldType::Currency)]), ["120.00"]);
}

#[test]
fn a_field_of_ones_own_is_found_by_name_and_by_alias() {
    let mut holder = field("policy_holder", FieldType::Text);
    holder.aliases = vec!["Versicherungsnehmer".to_owned()];
    let start = field("policy_start", FieldType::Date);
    let lines =
        ["Versicherungsnehmer: Erika Mustermann", "Policy start:    01.07.2022", "Printed on 30.06.2022"];
    assert_eq!(values("policy", &lines, &[holder, start]), ["\"Erika Mustermann\"", "\"2022-07-01\""]);
}

#[test]
fn a_pattern_and_a_list_bound_what_a_value_may_be() {
    let mut part = field("part", FieldType::Text);
    part.pattern = Some("[A-Z]{2}-[0-9]{4}".to_owned());
    let mut state = field("state", FieldType::Text);
    state.enumeration = vec!["open".to_owned(), "closed".to_owned()];
    let lines = ["Part: see below", "XY-1234", "State: Closed"];
    assert_eq!(values("form", &lines, &[part, state]), ["\"XY-1234\"", "\"closed\""]);
}

#[test]
fn boxes_and_words_answer_yes_or_no() {
    let fields = [field("smoker", FieldType::Boolean), field("insured", FieldType::Boolean)];
    assert_eq!(values("form", &["[x] Smoker", "", "Insured: no"], &fields), ["true", "false"]);
}

#[test]
fn an_object_holds_what_was_found_of_it() {
    let mut bank = field("bank", FieldType::Object);
    bank.fields = vec![field("iban", FieldType::Text), field("bic", FieldType::Text)];
    let found = read("invoice", &["IBAN DE89 3704 0044 0532 0130 00"], &[bank]);
    assert_eq!(found[0].value.to_string(), r#"{"iban":"DE89370400440532013000","bic":null}"#);
    assert!(found[0].confidence > 0.0);
}

#[test]
fn the_same_pages_give_the_same_result() {
    let fields = [
        field("invoice_number", FieldType::Text),
        field("seller_name", FieldType::Text),
        field("total_amount", FieldType::Currency),
    ];
    assert_eq!(read("invoice", &INVOICE, &fields), read("invoice", &INVOICE, &fields));
}

proptest::proptest! {
    #[test]
    fn no_page_breaks_the_engine(lines in proptest::collection::vec("[A-Za-z0-9 .,:/€$#()äé-]{0,60}", 0..12)) {
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let ready = docextract_model::extractor::ready_made();
        for extractor in &ready {
            let found = read(extractor.document_type, &lines, &extractor.field_definitions);
            proptest::prop_assert_eq!(found.len(), extractor.field_definitions.len());
            for found in found {
                proptest::prop_assert!(found.value.is_null() == (found.confidence == 0.0));
            }
        }
    }
}

#[test]
fn of_a_summary_by_tax_rate_the_sum_is_the_documents() {
    use FieldType::Currency;
    let fields =
        [field("net_amount", Currency), field("tax_amount", Currency), field("total_amount", Currency)];
    for (sign, title) in [("", "Rechnung"), ("-", "Rechnungskorrektur")] {
        let row = |line: &str| line.replace('~', sign);
        let lines = [
            title.to_owned(),
            String::new(),
            "Warenwert   Zu-/Abschlag   Nettobetrag   MwSt-Betrag   MwSt-%   Endbetrag".to_owned(),
            row("    ~5,00           0,15         ~4,85         ~0,92     19,0       ~5,77"),
            row("    ~2,90           0,08         ~2,82         ~0,20      7,0       ~3,02"),
            row("    ~7,90           0,23         ~7,67         ~1,12      EUR       ~8,79"),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let expected = ["7.67", "1.12", "8.79"].map(|amount| format!("{sign}{amount}"));
        assert_eq!(values("invoice", &lines, &fields), expected, "{title}");
    }
}

/// Two rates and what is free of tax: each has its row, and the sum counts the last one as well.
#[test]
fn what_no_tax_is_charged_on_has_a_row_in_the_summary() {
    let lines = [
        "Total da fatura / Invoice total             405,40 €",
        "Depósito / Deposit                         -118,00 €",
        "",
        "Taxa IVA        Base          IVA          Total",
        "6%              333,96        20,04        354,00",
        "13%             32,21         4,19         36,40",
        "23%             7,32          1,68         9,00",
        "Isento          6,00          0,00         6,00",
        "Total           379,49        25,91        405,40",
    ];
    assert_eq!(sums(&lines), ["405.40", "379.49", "25.91"]);
}

#[test]
fn a_rate_of_nothing_and_what_is_not_taxed_are_not_the_tax() {
    let lines = [
        "Balance payable            344.30",
        "Total                      444.30",
        "VAT summary: standard rate 20.00% – Net 361.92 – VAT 72.38 | zero rate 0.00% – Net 10.00 – VAT 0.00",
    ];
    assert_eq!(sums(&lines)[2], "72.38");
    let lines = [
        "Base imponible (21%)             119,66 €",
        "IVA (21%)                         25,13 €",
        "Importe no sujeto a IVA *         25,00 €",
        "TOTAL A PAGAR                    169,79 €",
    ];
    assert_eq!(sums(&lines), ["169.79", "119.66", "25.13"]);
}

#[test]
fn what_was_given_is_not_the_total_even_where_its_label_was_misread() {
    let lines = [
        "TABLE LAMP                 55.90",
        "TOTAL. ANT                 60.31",
        "ROUNDING ADJ                0.01",
        "RH                         60.30",
        "CAM                        70.30",
        "CHANGE                     10.00",
    ];
    let total = values("receipt", &lines, &[field("total_amount", FieldType::Currency)]);
    assert_eq!(total, ["60.30"]);
}

#[test]
fn a_lone_sentence_has_no_seller() {
    for line in
        ["The quick brown fox jumps over the lazy dog.", "Hello World", "Please call me back tomorrow"]
    {
        let found = read("invoice", &[line], &[field("seller_name", FieldType::Text)]);
        assert_eq!(found[0].value, Json::Null, "{line}");
    }
}

#[test]
fn a_shop_is_found_below_specks_and_with_a_number_in_its_name() {
    for (lines, expected) in [
        (
            &[
                "a  i",
                "~",
                "ii .",
                "_",
                "a",
                "i i",
                "|",
                "re",
                ",",
                "THAI DELICIOUS RESTAURANT",
                "Tel 03-123",
            ][..],
            "\"THAI DELICIOUS RESTAURANT\"",
        ),
        (&["99 SPEED MART", "LOT 12 JALAN ANGSA", "41150 KLANG", "Tel: 03-123"], "\"99 SPEED MART\""),
    ] {
        assert_eq!(values("receipt", lines, &[field("merchant_name", FieldType::Text)]), [expected]);
    }
}

#[test]
fn a_firm_may_be_called_by_words_that_label_other_things() {
    let lines = [
        "Invoice No: 42183017                                          Date: 2014-08-03",
        "",
        "Total amount due                                                          4.11",
        "",
        "                                                     Service Provider:",
        "                                                     Example Web Services, Inc.",
        "                                                     410 Terry Ave North",
        "                                                     Seattle, WA 98109-5210",
    ];
    assert_eq!(
        values("invoice", &lines, &[field("seller_name", FieldType::Text)]),
        ["\"Example Web Services, Inc.\""]
    );
}

#[test]
fn the_head_of_a_column_names_the_currency() {
    let lines = [
        "Bezeichnung          Menge      Einzel/€      Gesamt/€",
        "Amboss               1          120,00        120,00",
    ];
    assert_eq!(values("invoice", &lines, &[field("currency", FieldType::Text)]), ["\"EUR\""]);
}

#[test]
fn numbers_and_addresses_belong_to_the_party_in_whose_block_they_stand() {
    use FieldType::{Email, Text};
    let fields = [
        field("seller_name", Text),
        field("buyer_name", Text),
        field("seller_vat_id", Text),
        field("buyer_vat_id", Text),
        field("seller_email", Email),
    ];
    let lines = [
        "Sprzedawca                                Nabywca",
        "Hurtownia Elektryczna WOLT                Biuro Rachunkowe Saldo",
        "ul. Prosta 9                              al. Pokoju 18",
        "61-579 Poznań                             31-548 Kraków",
        "biuro@wolt.example                        saldo@saldo.example",
        "NIP: 782-103-88-40                        NIP: 675-119-42-07",
        "",
        "Faktura nr 939/05/2021                    Data wystawienia: 2021-05-16",
        "Razem do zapłaty                          5 360,74 PLN",
    ];
    let found = values("invoice", &lines, &fields);
    assert_eq!(
        found,
        [
            "\"Hurtownia Elektryczna WOLT\"",
            "\"Biuro Rachunkowe Saldo\"",
            "\"782-103-88-40\"",
            "\"675-119-42-07\"",
            "\"biuro@wolt.example\"",
        ]
    );
}

#[test]
fn a_street_that_ends_in_the_word_for_one_is_part_of_the_block_it_stands_in() {
    let lines = [
        "Nordlicht Technik e.K. · Werftstraße 3a · 24143 Kiel",
        "",
        "Kanzlei Hollerbusch",
        "Dorfstraße 27",
        "84347 Pfarrkirchen",
        "",
        "Rechnung 2023-0489                        03.12.2023",
        "Montage                                   609,91 €",
        "Gesamtbetrag                              609,91 €",
    ];
    let found = values(
        "invoice",
        &lines,
        &[field("seller_name", FieldType::Text), field("buyer_name", FieldType::Text)],
    );
    assert_eq!(found, ["\"Nordlicht Technik e.K.\"", "\"Kanzlei Hollerbusch\""]);
}

#[test]
fn two_blocks_side_by_side_without_a_label_are_seller_and_buyer() {
    let lines = [
        "Factura n.º 2020-0670",
        "",
        "Clínica Zarapico                          Librería Cervantes 1921",
        "Rúa do Franco 33                          J. Acosta",
        "15702 Santiago                            pedidos@libreria.example",
        "",
        "Concepto                                  Precio",
        "Papel de regalo                           2,02 €",
        "Aceite de oliva                           47,21 €",
        "Total                                     49,23 €",
    ];
    let found = values(
        "invoice",
        &lines,
        &[field("seller_name", FieldType::Text), field("buyer_name", FieldType::Text)],
    );
    assert_eq!(found, ["\"Clínica Zarapico\"", "\"Librería Cervantes 1921\""]);
}

#[test]
fn an_iban_may_go_on_in_the_next_line_and_a_bank_code_needs_no_digit() {
    let lines = [
        "Rechnung Nr. 17",
        "Bitte überweisen Sie auf das Konto IBAN DE89 3704 0044 0532",
        "0130 00 BIC COBADEFF",
        "RECHNUNG",
    ];
    let found = values("invoice", &lines, &[field("iban", FieldType::Text), field("bic", FieldType::Text)]);
    assert_eq!(found, ["\"DE89370400440532013000\"", "\"COBADEFF\""]);
}

#[test]
fn a_payment_below_its_terms_says_when_it_is_due() {
    let lines = [
        "Facture n° 389                            Date : 20/05/2025",
        "Total                                     1 840,48 €",
        "",
        "Conditions de paiement",
        "10 jours net",
        "Date                                      Montant",
        "30/05/2025                                1 840,48 €",
    ];
    let fields = [field("invoice_date", FieldType::Date), field("due_date", FieldType::Date)];
    assert_eq!(values("invoice", &lines, &fields), ["\"2025-05-20\"", "\"2025-05-30\""]);
}

#[test]
fn eight_digits_beside_the_label_of_a_number_are_the_number() {
    let lines = ["Factuurnummer: 20220617", "Datum: 19-04-2022", "Totaal € 10,00"];
    let fields = [field("invoice_number", FieldType::Text), field("invoice_date", FieldType::Date)];
    assert_eq!(values("invoice", &lines, &fields), ["\"20220617\"", "\"2022-04-19\""]);
}

#[test]
fn the_date_of_an_order_is_headed_as_an_invoices_is() {
    let lines = ["Purchase order PO-4711", "Date: 2024-05-14", "Total 10.00"];
    assert_eq!(values("purchase_order", &lines, &[field("order_date", FieldType::Date)]), ["\"2024-05-14\""]);
}

/// Total, net and tax of an invoice with these lines.
fn sums(lines: &[&str]) -> Vec<String> {
    let fields = ["total_amount", "net_amount", "tax_amount"].map(|name| field(name, FieldType::Currency));
    values("invoice", lines, &fields)
}

/// The one text that an invoice with these lines has for a field.
fn text(name: &str, lines: &[&str]) -> Json {
    read("invoice", lines, &[field(name, FieldType::Text)]).remove(0).value
}

#[test]
fn the_total_is_what_is_to_be_paid_and_not_the_amount_of_the_first_row() {
    let lines = [
        "DESCRIPTION OF CHARGES             AMOUNT",
        "Sea freight                      2,000.00",
        "Handling                           300.00",
        "VAT 21 %                            63.00",
        "TOTAL TO BE PAID EUR             2,363.00",
    ];
    assert_eq!(sums(&lines)[0], "2363.00");
    let lines = [
        "Service              Qty      Total Amount",
        "Hosting              1        412.00 EUR",
        "Backup               2        22.40 EUR",
        "                              Total 434.40 EUR",
    ];
    assert_eq!(sums(&lines)[0], "434.40");
}

#[test]
fn a_total_of_the_invoice_is_more_than_a_sum_above_the_tax() {
    let lines =
        ["Summe               1'000.00", "MwSt. 8.1%             81.00", "Rechnungstotal      1'081.00"];
    assert_eq!(sums(&lines), ["1081.00", "1000.00", "81.00"]);
}

#[test]
fn what_a_tax_is_charged_on_is_neither_the_tax_nor_the_net_of_all() {
    let lines = [
        "Nettobetrag                          150,00 EUR",
        "Umsatzsteuer 19% auf 100,00 EUR       19,00 EUR",
        "Umsatzsteuer 7% auf 50,00 EUR          3,50 EUR",
        "Gutschriftbetrag                     172,50 EUR",
    ];
    assert_eq!(sums(&lines)[..2], ["172.50", "150.00"]);
}

#[test]
fn a_total_is_found_at_the_right_edge_below_a_head_that_stands_last() {
    let lines = [
        "Descrizione                  Prezzo      Prezzo totale",
        "Muratura                   1.800,00           1.800,00",
        "Nolo di gru                  143,00             143,00",
        "",
        "Importo bollo     Sconto     Totale documento",
        "                                                1.943,00",
    ];
    assert_eq!(sums(&lines)[0], "1943.00");
}

#[test]
fn the_tax_that_a_total_includes_stands_before_its_word() {
    for (lines, tax) in [
        (["Subtotal   £80.00", "Shipping   £4.00 by mail", "Total   £84.00 (includes £14.00 VAT)"], "14.00"),
        (
            ["Subtotaal   € 60,50", "Verzending   € 6,05", "Totaal   € 66,55 (inclusief € 11,55 21% Btw)"],
            "11.55",
        ),
        (["Summe   90,00 €", "Versand   5,00 €", "Gesamtbetrag   95,00 € (inkl. 15,17 € MwSt.)"], "15.17"),
        (["Articles   90,00 €", "Livraison   5,00 €", "Total TTC   95,00 € (dont 15,83 € de TVA)"], "15.83"),
    ] {
        assert_eq!(sums(&lines)[2], tax, "{lines:?}");
    }
    // Where the tax stands behind its word, what stands before is the total.
    assert_eq!(sums(&["Net   100.00", "Total incl. 119.00 VAT 19.00"]), ["119.00", "100.00", "19.00"]);
}

#[test]
fn a_part_payment_is_taken_off_and_something_is_left_to_pay() {
    let fields = ["total_amount", "amount_paid"].map(|name| field(name, FieldType::Currency));
    let lines = [
        "Rechnungssumme brutto                11.900,00 €",
        "abzgl. 1. Abschlagszahlung vom       -4.000,00 €",
        "Noch zu zahlen                        7.900,00 €",
    ];
    assert_eq!(values("invoice", &lines, &fields), ["11900.00", "4000.00"]);
    let lines = [
        "Total                  $10,345.79",
        "Payments/Credits       -$2,500.00",
        "Balance Due             $7,845.79",
    ];
    assert_eq!(values("invoice", &lines, &fields), ["10345.79", "2500.00"]);
    let lines = [
        "Subtotaal                                € 320,00",
        "Reeds voldaan (pin 16-04-2024)            € 48,50",
        "Door u te betalen                        € 271,50",
    ];
    assert_eq!(values("invoice", &lines, &fields), ["320.00", "48.50"]);
}

#[test]
fn a_number_in_groups_of_digits_is_one_number() {
    let lines = [
        "Kundennummer      5512 730 964",
        "Rechnungsnummer   81 2047 5590 3316",
        "Fragen zur Rechnung? 0800 11 22 333",
    ];
    assert_eq!(text("customer_number", &lines), "5512 730 964");
    assert_eq!(text("invoice_number", &lines), "81 2047 5590 3316");
    assert_eq!(text("customer_number", &["Kunden-Nr.           118 442", "Lutteranger 6"]), "118 442");
    assert_eq!(text("invoice_number", &["Bill number       Q113 K7", "12 Mill Street"]), "Q113 K7");
    assert_eq!(text("invoice_number", &["Rechnungsnummer      VK 2024-1 773 904"]), "VK 2024-1 773 904");
    assert_eq!(
        text("customer_number", &["Klantnummer    Notanummer", "2 208 177      7100 44 9021"]),
        "2 208 177"
    );
    // What says what a number is, is none of it.
    assert_eq!(text("seller_vat_id", &["Numer      NIP 712-118-44-20"]), "712-118-44-20");
    // Two numbers, or a number and what stands in the next column, are not one.
    assert_eq!(text("invoice_number", &["Rechnungsnummer 4711 2024"]), "4711");
}

#[test]
fn a_number_keeps_the_letters_of_its_series_and_may_look_like_a_day() {
    assert_eq!(
        text("invoice_number", &["Numero documento      Data documento", "FPR 17/23             14-06-2023"]),
        "FPR 17/23"
    );
    assert_eq!(text("invoice_number", &["Faktura nr FV 11/05/2023", "ul. Polna 4"]), "FV 11/05/2023");
    assert_eq!(text("invoice_number", &["Faktura VAT nr 7/05/2023", "ul. Polna 4"]), "7/05/2023");
    assert_eq!(text("invoice_number", &["Invoice No: 4711-2", "Amount EUR 3-4"]), "4711-2");
    assert_eq!(text("invoice_number", &["Rechnung Nr. 2024-08-12-S0027"]), "2024-08-12-S0027");
    assert_eq!(
        text("invoice_number", &["Factuurnummer   Datum", "2024-09-0338    30-10-2024"]),
        "2024-09-0338"
    );
    // A scanner loses marks, a text layer does not: this is no day.
    assert_eq!(text("invoice_number", &["NR. DOCUMENTO: 0418/2024", "Via Po 4"]), "0418/2024");
    let scan = [page_of(TextSource::Ocr, &["Faktura nr FV 11/05/2023"])];
    let found = extract_fields(
        &scan,
        &DocumentType::parse("invoice").unwrap(),
        &[field("invoice_number", FieldType::Text)],
    );
    assert_eq!(found[0].value, "FV 11/05/2023");
}

#[test]
fn the_number_in_the_title_is_surer_than_one_in_an_item() {
    let lines = [
        "Creditfactuur 2023-0117",
        "",
        "Retour factuur 2023-0104",
        "Omschrijving                                 Bedrag",
        "Correctie transport factuur 2023-0104     -7,95",
    ];
    assert_eq!(text("invoice_number", &lines), "2023-0117");
}

#[test]
fn a_telephone_without_a_word_for_it_is_known_by_its_place() {
    let letterhead = |phone: &str| {
        let lines =
            ["Harbor Light Rowing, LLC", "12 Pier Street", "Astoria, OR 97103", phone, "", "INVOICE 77"];
        text("seller_phone", &lines)
    };
    assert_eq!(letterhead("(503) 555-0184"), "(503) 555-0184");
    assert_eq!(letterhead("0594 12 34 56"), "0594 12 34 56");
    assert_eq!(letterhead("T 01632 960 417"), "01632 960 417");
    let contact = "Kontakt: Ute Muster · 0381 4402 118 · buero@muster.example";
    assert_eq!(text("seller_phone", &["Muster OHG", "Rechnung 12", "", "", contact]), "0381 4402 118");
    assert_eq!(text("seller_phone", &["Muster OHG", "buero@muster.example · 944 55 01 84"]), "944 55 01 84");
    // An account is no telephone, nor is a number that a word says is another thing.
    assert_eq!(text("seller_phone", &["Muster OHG", "Weg 1", "Konto 0381 4402 118"]), Json::Null);
}

#[test]
fn a_polish_account_is_an_iban_without_its_country() {
    let lines = ["Bank: Bank Spółdzielczy", "Numer konta: 61 1090 1014 0000 0712 1981 2874"];
    assert_eq!(text("iban", &lines), "PL61109010140000071219812874");
    assert_eq!(text("iban", &["Numer konta: 62 1090 1014 0000 0712 1981 2874"]), Json::Null);
}

#[test]
fn an_account_may_stand_in_fours_or_at_the_end_of_a_sentence() {
    assert_eq!(
        text("iban", &["Przelew na konto o numerze: 6110 9010 1400 0007 1219 8128 74"]),
        "PL61109010140000071219812874"
    );
    assert_eq!(
        text("iban", &["Pago por transferencia a ES26 1593 3539 5493 2879 7750. NIF 72774418L."]),
        "ES2615933539549328797750"
    );
}

/// A row of a table has a number and a period, which tell nothing of each other.
#[test]
fn only_a_day_next_to_the_number_is_the_documents() {
    let lines = [
        "Facture d'eau                du 7 novembre 2024",
        "",
        "N° de facture    Point de service     Période",
        "2024-2-0015533   En Guiraud           04/05/2024 au 02/11/2024",
    ];
    assert_eq!(text("invoice_date", &lines), "2024-11-07");
}

#[test]
fn the_year_in_a_title_is_not_its_number() {
    let lines = ["Gebührenrechnung 2024 Wasser", "Rechnungs-Nr.     Datum", "24/00618          31.10.2024"];
    assert_eq!(text("invoice_number", &lines), "24/00618");
}

#[test]
fn who_pays_goes_before_who_slept_there() {
    let lines = [
        "Solar Ribeira Hotels Lda",
        "info@solarribeira.example",
        "",
        "Invoice FT 3/20177             Biuro Wiadukt Sp. z o.o.",
        "Date: 17-05-2024               ul. Lipowa 118",
        "Guest: Grzegorz Maly           80-244 Gdansk",
        "",
        "",
        "",
        "",
        "",
        "Total                          354.00",
    ];
    assert_eq!(parties(&lines)[1], "Biuro Wiadukt Sp. z o.o.");
}

#[test]
fn a_scanner_may_lose_both_marks_of_a_day() {
    let lines = ["CORNER SHOP", "Tax Invoice 27032018", "Total 12.00"];
    let day = |source: TextSource| {
        let fields = [field("date", FieldType::Date)];
        let kind = DocumentType::parse("receipt").unwrap();
        extract_fields(&[page_of(source, &lines)], &kind, &fields).remove(0).value
    };
    assert_eq!(day(TextSource::Ocr), "2018-03-27");
    assert_eq!(day(TextSource::TextLayer), Json::Null, "there it is a number");
}

#[test]
fn a_letter_is_dated_behind_its_town() {
    for dated in ["Wolhusen, 3. Oktober 2024", "Sarlat, le 03/10/2024", "Gdynia, dnia 2024-10-03"] {
        let lines = [dated, "Rechnung Nr. 24-3307", "Ihre Bestellung vom 12. September 2024, Kunde 208"];
        let day = read("invoice", &lines, &[field("invoice_date", FieldType::Date)]).remove(0).value;
        assert_eq!(day, "2024-10-03", "{dated}");
    }
}

#[test]
fn as_many_values_as_heads_belong_together_in_their_order() {
    let lines = [
        "Summe Ersatzteile                                              234,34",
        "",
        "Arbeitslohn   Material   Sonstiges   Nettobetrag   MwSt 19 %   Rechnungsbetrag EUR",
        "     211,20     234,34        4,80             450,34       85,56                   535,90",
    ];
    assert_eq!(sums(&lines), ["535.90", "450.34", "85.56"]);
}

#[test]
fn a_value_may_stand_where_the_sentence_of_its_label_goes_on() {
    let lines = [
        "Bitte überweisen Sie den Betrag auf unser Konto, spätestens bis zum",
        "20.12.2023. Vielen Dank für Ihren Auftrag. Alle Waren bleiben bis dahin",
        "unser Eigentum.",
    ];
    let due = read("invoice", &lines, &[field("due_date", FieldType::Date)]).remove(0).value;
    assert_eq!(due, "2023-12-20");
}

#[test]
fn a_vat_id_ends_with_its_column() {
    let lines = ["VAT ID: IE 4118842 PH                    14 South Mall", "Total 12.00"];
    assert_eq!(text("seller_vat_id", &lines), "IE4118842PH");
    assert_eq!(text("seller_vat_id", &["MWST-Nr. CHE-118.844.207 MWST"]), "CHE118844207MWST");
}

#[test]
fn a_vat_id_that_is_said_to_be_the_customers_is_the_buyers() {
    for label in ["Kunden-USt-IdNr.:", "N° TVA client :", "P.IVA cliente:", "NIP nabywcy:", "Btw-nr klant:"]
    {
        let line = format!("{label} DE136695976");
        assert_eq!(text("buyer_vat_id", &["Musterladen GmbH", &line]), "DE136695976", "{label}");
    }
    let lines = ["Identificativo fiscale ai fini IVA:", "IT01533090478", "Codice fiscale: 01533090478"];
    assert_eq!(text("seller_vat_id", &lines), "IT01533090478");
}

#[test]
fn the_last_day_to_pay_is_due_and_that_of_a_discount_is_not() {
    let due = |line: &str| {
        let lines = ["Rechnung 12 vom 01.12.2023", line];
        read("invoice", &lines, &[field("due_date", FieldType::Date)]).remove(0).value
    };
    assert_eq!(due("Zahlbar innerhalb von 21 Tagen ohne Abzug bis zum 20.12.2023."), "2023-12-20");
    assert_eq!(due("Zahlbar innerhalb 10 Tagen netto Kasse bis 20.12.2023."), "2023-12-20");
    assert_eq!(due("À régler par virement sous 30 jours, soit avant 20/12/2023"), "2023-12-20");
    assert_eq!(due("Bei Zahlung mit 2 % Skonto, also bis 08.12.2023"), Json::Null);
    let lines = ["Zahlbar bis 10.12.2023 mit 3,0 % Skonto = 46,69 EUR", "oder bis 30.12.2023 ohne Abzug."];
    assert_eq!(read("invoice", &lines, &[field("due_date", FieldType::Date)]).remove(0).value, "2023-12-30");
}

/// The values of a receipt's fields, where the page was scanned.
fn of_receipt(lines: &[&str], names: &[(&str, FieldType)]) -> Vec<String> {
    let fields: Vec<FieldDefinition> =
        names.iter().map(|(name, field_type)| field(name, *field_type)).collect();
    let receipt = DocumentType::parse("receipt").unwrap();
    let pages = [page_of(TextSource::Ocr, lines)];
    extract_fields(&pages, &receipt, &fields).into_iter().map(|found| found.value.to_string()).collect()
}

#[test]
fn the_shop_stands_above_the_firm_that_runs_it() {
    for (lines, expected) in [
        (&["Chez Lulu", "SARL LES DEUX MOULINS", "8 rue du Port", "29200 BREST"][..], "Chez Lulu"),
        (&["HILLSIDE DELI", "Morton Foods Ltd", "Station Road, Penrith", "CA11 8JQ"], "HILLSIDE DELI"),
        (&["Linden-Apotheke", "Inh. Dr. Eva Kuhn e.Kfr.", "Markt 9", "29410 Salzwedel"], "Linden-Apotheke"),
        (&["WELCOME TO", "HILLSIDE DELI", "12 Station Road", "CA11 8JQ Penrith"], "HILLSIDE DELI"),
        (&["METRO GARAGE #4", "QuickPark Inc.", "12 Pratt Street", "Baltimore MD 21202"], "METRO GARAGE #4"),
        (&["BAR DO CAIS", "Sousa & Pires, Lda", "Rua do Cais 4", "4050-180 Porto"], "BAR DO CAIS"),
    ] {
        assert_eq!(of_receipt(lines, &[("merchant_name", FieldType::Text)]), [format!("\"{expected}\"")]);
    }
}

#[test]
fn a_firm_that_signs_with_its_number_is_the_shop_whatever_stands_above() {
    for lines in [
        ["MEGAFRESH", "SEVEN HILLS SDN BHD (418820-K)", "NO 4, JALAN MELUR", "43000 KAJANG"],
        ["MEGAFRESH", "SEVEN HILLS SDN BHD", "418820-K", "NO 4, JALAN MELUR"],
    ] {
        let name = of_receipt(&lines, &[("merchant_name", FieldType::Text)]);
        assert_eq!(name, ["\"SEVEN HILLS SDN BHD\""]);
    }
}

#[test]
fn a_name_goes_on_below_a_word_for_a_trade_a_hyphen_or_before_whose_it_is() {
    for (first, second) in [
        ("BOULANGERIE-PATISSERIE", "LES TROIS EPIS"),
        ("Libreria Santa-", "Clara"),
        ("FERRAMENTA BRUNI", "di Bruni Carla e C. s.n.c."),
        ("RIVERBANK TRADING CENTRE", "SDN BHD"),
    ] {
        let name =
            of_receipt(&[first, second, "Via Roma 8", "43100 PARMA"], &[("merchant_name", FieldType::Text)]);
        let expected = format!("{first} {second}").replace("- ", "-");
        assert_eq!(name, [format!("\"{expected}\"")]);
    }
}

#[test]
fn the_lines_of_a_shops_address_are_parted_by_commas() {
    for (lines, expected) in [
        (
            &["TOM'S TOOLS", "118 N Pine St", "Moscow, ID 83843", "(208) 555-0100"][..],
            "118 N Pine St, Moscow, ID 83843",
        ),
        (
            &["TOM'S TOOLS", "Bridge Street", "Westport, Co. Mayo F28 XY44", "Email: a@b.example"],
            "Bridge Street, Westport, Co. Mayo F28 XY44",
        ),
        (
            &["TOM'S TOOLS", "Brink 9 - 7411 BR Deventer", "Kassa 2 Bonnummer 53139", "Zeep 1,19"],
            "Brink 9 - 7411 BR Deventer",
        ),
        (
            &["TOM'S TOOLS", "33 Teck Road #01-04,", "Singapore 088398", "GST Reg No 2021"],
            "33 Teck Road #01-04, Singapore 088398",
        ),
        (
            &["TOM'S TOOLS", "9 Corner Lane", "Penrith CA11 8Jx", "Tel 01768 555"],
            "9 Corner Lane, Penrith CA11 8JX",
        ),
        (
            &["TOM'S TOOLS", "ZAC du Lac, 12 av. Foch", "13400 AUBAGNE", "BE 0418.220.771"],
            "ZAC du Lac, 12 av. Foch, 13400 AUBAGNE",
        ),
        (
            &["TOM'S TOOLS", "P.zza Bruni, 5", "37012 Bussolengo VR", "P. IVA 01234560234"],
            "P.zza Bruni, 5, 37012 Bussolengo VR",
        ),
        (
            &["TOM'S TOOLS", "C/ Real 44, bajo", "15003 A Coruña", "Mesa 7", "2 Menu dia 25,80"],
            "C/ Real 44, bajo, 15003 A Coruña",
        ),
        (
            &["TOM'S TOOLS", "Brink 9", "7411 BR Deventer", "", "Jan Smit bedient u", "2 Tulpen rood 5,00"],
            "Brink 9, 7411 BR Deventer",
        ),
    ] {
        assert_eq!(of_receipt(lines, &[("merchant_address", FieldType::Text)]), [format!("\"{expected}\"")]);
    }
}

#[test]
fn goods_with_their_price_are_no_address() {
    let lines = ["TOM'S TOOLS", "Thank you for your visit", "2 Hammer small 12.90", "1 Nails 4x40 2.10"];
    assert_eq!(of_receipt(&lines, &[("merchant_address", FieldType::Text)]), ["null"]);
}

#[test]
fn a_receipt_that_is_a_letter_names_its_shop_by_a_label() {
    let lines = [
        "RECEIPT",
        "Invoice # R-1346",
        "Date 2022-03-19",
        "From:",
        "The Corner Forge",
        "4 Mill Lane",
        "Bill to:",
        "Walk-in",
    ];
    assert_eq!(of_receipt(&lines, &[("merchant_name", FieldType::Text)]), ["\"The Corner Forge\""]);
}

#[test]
fn the_total_of_one_rate_is_not_that_of_the_receipt() {
    let lines = [
        "CHEZ LULU",
        "6 ARTICLES TOTAL       20,60 EUR",
        "TX     HT     TVA     TTC",
        "5,5%   8,48   0,47    8,95",
        "20%    9,71   1,94   11,65",
    ];
    let fields = [("total_amount", FieldType::Currency), ("tax_amount", FieldType::Currency)];
    assert_eq!(of_receipt(&lines, &fields), ["20.60", "null"]);
}

#[test]
fn the_taxes_of_all_rates_are_summed_up_without_a_label() {
    let lines = [
        "ALBATROS",
        "TOTAAL                 8,31",
        "BTW   OVER     EUR",
        "9%    4,74    0,43",
        "21%   2,47    0,52",
        "TOTAAL 7,21   0,95",
    ];
    let fields = [("total_amount", FieldType::Currency), ("tax_amount", FieldType::Currency)];
    assert_eq!(of_receipt(&lines, &fields), ["8.31", "0.95"]);
}

#[test]
fn what_is_charged_at_one_rate_is_not_the_tax_on_the_rest() {
    let lines = [
        "APTEKA POD LIPA",
        "PLASTRY  1 x7,50        7,50B",
        "SPRZEDAZ OPODATK. A    32,47",
        "PTU A 8%                2,41",
        "SPRZEDAZ OPODATK. B     7,50",
        "PTU B 23%               1,40",
        "SUMA PTU                3,81",
        "SUMA PLN               39,97",
    ];
    let fields = [("total_amount", FieldType::Currency), ("tax_amount", FieldType::Currency)];
    assert_eq!(of_receipt(&lines, &fields), ["39.97", "3.81"]);
}

#[test]
fn a_total_that_is_paid_is_the_total_of_a_receipt() {
    let lines = ["GARAGE", "PARKING FEE    $ 24.00", "CITY TAX 8%    $ 1.92", "TOTAL PAID     $ 25.92"];
    assert_eq!(of_receipt(&lines, &[("total_amount", FieldType::Currency)]), ["25.92"]);
}

#[test]
fn goods_may_be_brought_back_until_another_day_than_that_of_the_receipt() {
    let lines =
        ["CORNER DRUG", "TOTAL 38.08", "Returns with receipt thru 09/05/2024", "JULY 7, 2024 6:52 PM"];
    assert_eq!(of_receipt(&lines, &[("date", FieldType::Date)]), ["\"2024-07-07\""]);
}

#[test]
fn the_net_amount_and_the_tax_of_one_rate_of_two_do_not_make_a_total() {
    let lines = [
        "FARMACIA NOVA",
        "PARACETAMOL          2,50",
        "CREMA SOLAR         18,95",
        "TOTAL               21,45",
        "IVA 4%  Base 2,40  Cuota 0,10",
        "IVA 21% Base 15,66 Cuota 3,29",
    ];
    let fields = [("total_amount", FieldType::Currency), ("tax_amount", FieldType::Currency)];
    assert_eq!(of_receipt(&lines, &fields), ["21.45", "null"]);
}

#[test]
fn a_tip_is_no_tax() {
    let lines = [
        "KAFFEEHAUS AM PLATZ",
        "Zwischensumme  15,70",
        "Trinkgeld       1,30",
        "Gesamt EUR     17,00",
        "20% Ust von 13,08   2,62",
    ];
    let fields = [("total_amount", FieldType::Currency), ("tax_amount", FieldType::Currency)];
    assert_eq!(of_receipt(&lines, &fields), ["17.00", "2.62"]);
}

#[test]
fn the_total_in_another_currency_is_not_that_of_the_receipt() {
    let lines = [
        "Berghaus Enzian",
        "Total CHF            61.30",
        "Total EUR            64.20",
        "Bar CHF             100.00",
        "Rückgeld CHF         38.70",
    ];
    assert_eq!(of_receipt(&lines, &[("total_amount", FieldType::Currency)]), ["61.30"]);
}

#[test]
fn one_of_the_taxes_of_several_rates_is_not_all_of_it() {
    let tax = |lines: &[&str]| of_receipt(lines, &[("tax_amount", FieldType::Currency)]);
    let parts = ["GIFT AND CRAFT", "TOTAL        51.75", "incl. VAT 23%   6.62", "incl. VAT 13.5%  1.67"];
    assert_eq!(tax(&parts), ["null"]);
    assert_eq!(tax(&[&parts[..], &["Total VAT    8.29"]].concat()), ["8.29"]);
}

#[test]
fn the_letters_of_a_portuguese_bill_do_not_part_its_number_from_its_label() {
    let lines = ["N.º da fatura        FT 202404/3381907", "Internet 500 Mbps            30,00"];
    let number = values("invoice", &lines, &[field("invoice_number", FieldType::Text)]);
    assert_eq!(number, ["\"FT 202404/3381907\""]);
}

#[test]
fn trades_call_who_pays_by_words_of_their_own() {
    for (label, above) in [
        ("Policyholder", ""),
        ("Mieterin:", ""),
        ("Assuré", ""),
        ("Tomador del seguro:", ""),
        ("Contraente", ""),
        ("Verzekeringnemer:", ""),
        ("Utente", ""),
        ("Ubezpieczający:", ""),
    ] {
        let lines =
            ["Harbour Mutual Ltd", "1 Quay Street", above, label, "Nora Fields", "", "", "Total 10.00 EUR"];
        assert_eq!(text("buyer_name", &lines), "Nora Fields", "{label}");
    }
}

#[test]
fn the_word_for_a_patient_goes_behind_the_address_that_the_bill_is_sent_to() {
    let lines = [
        "Praxis Lindenhof GmbH",
        "",
        "Karl Brenner",
        "Nebenweg 2",
        "12345 Berlin",
        "",
        "Rechnung Nr. 17",
        "Patient: Lina Brenner, geb. 2015",
        "Gesamtbetrag 10,00 €",
    ];
    assert_eq!(text("buyer_name", &lines), "Karl Brenner");
}

#[test]
fn who_takes_the_goods_goes_behind_who_buys() {
    let lines = [
        "Namioty Sp. z o.o.",
        "",
        "NABYWCA                       ODBIORCA",
        "Gmina Sosnowa                 Dom Kultury",
        "ul. Dworcowa 5                ul. Lipowa 1",
        "62-025 Kostrzyn               62-025 Kostrzyn",
    ];
    assert_eq!(text("buyer_name", &lines), "Gmina Sosnowa");
}

#[test]
fn a_person_above_the_firm_is_whom_the_bill_is_not_for() {
    let lines = [
        "Kanal Netz GmbH - Hauptstr. 1 - 80333 München",
        "",
        "Thorsten Bredeweg",
        "Bredeweg Technik GmbH",
        "Industriestraße 3",
        "38667 Bad Harzburg",
        "",
        "Rechnung Nr. 17",
        "Gesamtbetrag 10,00 €",
    ];
    assert_eq!(text("buyer_name", &lines), "Bredeweg Technik GmbH");
    let wide = "Domain renewal for two years                         39.98";
    let lines =
        ["Netz Ltd", "", "Invoice to", "Grace Tully", "Fernhollow Crafts", "3 Barrack Lane", "Kinvara", wide];
    assert_eq!(text("buyer_name", &lines), "Fernhollow Crafts");
    let lines =
        ["Netz Ltd", "", "Invoice to", "Grace Tully", "The Old Bakery", "3 Barrack Lane", "Kinvara", wide];
    assert_eq!(text("buyer_name", &lines), "Grace Tully");
}

#[test]
fn a_heading_that_says_it_twice_has_its_block_below_its_beginning() {
    let lines = [
        "Expo Private Limited",
        "",
        "Exhibitor / Bill to:",
        "M/s Tanning Chemicals",
        "Kind attn: Ms. Ritu Lal",
        "Plot 88, Jajmau",
    ];
    assert_eq!(text("buyer_name", &lines), "M/s Tanning Chemicals");
}

#[test]
fn who_somebody_is_to_the_reader_is_no_name() {
    let lines = [
        "Mutuelle Vallon                    Votre agent général",
        "                                   Cabinet Quay",
        "                                   18 rue Neuve, 29600 Morlaix",
        "",
        "Avis n° 17",
        "",
        "Montant 10,00 €",
        "",
        "MUTUELLE VALLON, société d'assurance - SIREN 778 441 096",
    ];
    assert_eq!(text("seller_name", &lines).to_string().to_lowercase(), "\"mutuelle vallon\"");
}

#[test]
fn a_first_name_is_given_in_full_where_it_is_printed_so() {
    let lines = [
        "Gerwin Mattfeld                            Veerser Weg 23",
        "Schornsteinfegermeister                    29525 Uelzen",
        "",
        "",
        "G. Mattfeld, Veerser Weg 23, 29525 Uelzen",
        "Hanne Cordes",
        "Im Siek 4",
        "29593 Schwienau",
        "",
        "Rechnung Nr. 17",
        "Gesamtbetrag 10,00 €",
    ];
    assert_eq!(text("seller_name", &lines), "Gerwin Mattfeld");
}

#[test]
fn a_letterhead_without_a_legal_form_writes_to_the_firm_below_it() {
    let lines = [
        "VANDER & DE SMET                           Noorderlaan 147",
        "                                           B-2030 Antwerpen",
        "",
        "",
        "                      Selat Beverages Sdn Bhd",
        "                      Lot 18, Jalan Sungai",
        "                      42920 Port Klang",
        "",
        "INVOICE 2403118",
        "",
        "Freight                                    490.00",
        "TOTAL                                      490.00",
    ];
    assert_eq!(parties(&lines), ["VANDER & DE SMET", "Selat Beverages Sdn Bhd"]);
}

#[test]
fn a_firm_that_signs_goes_before_its_brand() {
    let lines = [
        "Solar Ribeira",
        "",
        "Fatura FT 3/20177",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "Total 354,00",
        "Azenha Turismo, S.A. - Cais 41, 4050-243 Porto - NIPC 548922063 - reservas@solarribeira.example",
    ];
    assert_eq!(text("seller_name", &lines), "Azenha Turismo, S.A.");
}

#[test]
fn the_head_of_a_receipt_has_numbers_trades_and_branches_in_it() {
    let of = |lines: &[&str]| {
        of_receipt(lines, &[("merchant_name", FieldType::Text), ("merchant_address", FieldType::Text)])
    };
    assert_eq!(
        of(&["ATELIER 118", "COIFFURE MIXTE", "118, cours Fauriel", "42100 SAINT-ETIENNE", "Total 10,00"]),
        ["\"ATELIER 118\"", "\"118, cours Fauriel, 42100 SAINT-ETIENNE\""]
    );
    assert_eq!(
        of(&[
            "kiosk am tor",
            "Filiale 0418 Bahnhof Thal",
            "8800 Thal",
            "CHE-118.220.771 MWST",
            "Total 10.00"
        ])[1],
        "\"Bahnhof Thal, 8800 Thal\""
    );
    assert_eq!(
        of(&["CHEZ ODILE", "Place Verte 3", "1780 Wemmel", "BTW/TVA BE 0711.882.044", "TOTAL 10,00"])[1],
        "\"Place Verte 3, 1780 Wemmel\""
    );
    assert_eq!(
        of(&[
            "CRAFT BUTCHERS",
            "Unit 2, The Diamond",
            "Clones, Co. Monaghan",
            "SCALE 2 OP: Declan",
            "TOTAL 1.00"
        ])[1],
        "\"Unit 2, The Diamond, Clones, Co. Monaghan\""
    );
    assert_eq!(
        of(&[
            "GELATERIA PASTICCERIA",
            "LA BOTTEGA DEL DOGE",
            "LUNGOMARE TRIESTE 44",
            "33054 LIGNANO",
            "TOTALE 1,00"
        ])[0],
        "\"GELATERIA PASTICCERIA LA BOTTEGA DEL DOGE\""
    );
    assert_eq!(
        of(&[
            "EL LEVANTE",
            "Playa de los Lances",
            "11380 Tarifa (Cadiz)",
            "Dune Bar S.L.U. - B11882204",
            "TOTAL 1,00"
        ])[1],
        "\"Playa de los Lances, 11380 Tarifa (Cadiz)\""
    );
}
