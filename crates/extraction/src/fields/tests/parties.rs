//! Who bills and who pays, and what belongs to them.

use super::*;

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
fn the_same_pages_give_the_same_result() {
    let fields = [
        field("invoice_number", FieldType::Text),
        field("seller_name", FieldType::Text),
        field("total_amount", FieldType::Currency),
    ];
    assert_eq!(read("invoice", &INVOICE, &fields), read("invoice", &INVOICE, &fields));
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
fn a_telephone_is_told_by_the_words_for_who_answers_it() {
    let fields = [field("seller_phone", FieldType::Phone)];
    for line in [
        "Helpline 0800 555 0178",
        "Kundenservice 0800 555 0178",
        "Service clients : 0800 555 0178",
        "Atención al cliente 0800 555 0178",
        "Servizio clienti 0800 555 0178",
        "Klantenservice 0800 555 0178",
        "Linha de apoio ao cliente 0800 555 0178",
        "Infolinia 0800 555 0178",
    ] {
        let lines = ["Example Ltd", "INVOICE 2024-7", line, "Total 10.00"];
        assert_eq!(values("invoice", &lines, &fields), ["\"0800 555 0178\""], "{line}");
    }
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

/// Who asks, who writes by mail, and where a firm is reached: a telephone among them needs no word of its own.
#[test]
fn a_telephone_stands_behind_a_question_and_beside_the_mail() {
    for (line, phone) in [
        ("Karten sind vom Umtausch ausgeschlossen. Fragen: 0512 55 01 84 oder", "0512 55 01 84"),
        ("Pomoc: bok@chmura.example, +48 71 555 01 35. Faktura nie wymaga podpisu.", "+48 71 555 01 35"),
        ("Dúvidas: financeiro@folha.example ou (47) 3555-0132.", "(47) 3555-0132"),
        ("0345 555 0118 or credit@penmark.example", "0345 555 0118"),
    ] {
        assert_eq!(text("seller_phone", &["Muster Works Ltd", "Invoice 12", "", line]), phone, "{line}");
    }
}

#[test]
fn a_telephone_between_marks_reaches_who_has_the_account_or_the_town_in_that_line() {
    for (line, phone) in [
        ("Muster SRL · RPM Bruxelles · IBAN BE31 5434 5643 4755 · +32 2 555 01 17", "+32 2 555 01 17"),
        ("SOLICITORS · 2 Castle Square, Ludlow SY8 1AT · DX 26884 Ludlow · 01584 555 018", "01584 555 018"),
        ("Muster Oost – 5642 NA Eindhoven – 040 555 0177 – praktijk@oost.example – KvK", "040 555 0177"),
    ] {
        assert_eq!(text("seller_phone", &["Muster SRL", "Invoice 12", "", line]), phone, "{line}");
    }
}

#[test]
fn a_telephone_in_a_line_of_its_own_belongs_to_the_contacts_that_it_stands_among() {
    let lines = [
        "Maribel Okon-Hayes                                   2907 SE Hawthorne Blvd",
        "                                                         Portland, OR 97214",
        "                                                             (503) 555-0126",
        "                                                      maribel@okon.example",
        "",
        "BILLED TO",
        "Tin Kettle Group LLC",
        "1120 NW Couch St, Ste 300",
        "Portland, OR 97209",
        "",
        "Invoice # 0247",
        "Total $2,859.82",
    ];
    assert_eq!(text("seller_phone", &lines), "(503) 555-0126");
}

#[test]
fn a_telephone_ends_where_a_sentence_begins() {
    let fields = [field("seller_phone", FieldType::Phone)];
    let line = "Kupka Sp. z o.o., tel. 22 555 01 36. District Court of Warsaw, KRS 0000722041.";
    assert_eq!(values("invoice", &["Faktura 7", line, "Razem 10,00"], &fields), ["\"22 555 01 36\""]);
}

#[test]
fn partners_are_named_behind_the_form_of_their_firm() {
    let buyer = |first: &str, second: &str| {
        let lines = [
            "Sprzedawca: Ul Cloud S.A.",
            "",
            "Nabywca:",
            first,
            second,
            "57-300 Kłodzko",
            "",
            "Faktura nr 7",
            "Razem 10,00",
        ];
        text("buyer_name", &lines)
    };
    assert_eq!(
        buyer("Kawiarnia Zegar s.c. A. Lis, M. Wrona", "Rynek 3"),
        "Kawiarnia Zegar s.c. A. Lis, M. Wrona"
    );
    let lines = [
        "Nabywca:",
        "Cidrerie des Trois Clochers – GAEC",
        "Hervieu & Lemarchand",
        "12 rue du Bourg",
        "50240 Saint-James",
        "",
        "Facture 7",
        "Total 10,00",
    ];
    assert_eq!(text("buyer_name", &lines), "Cidrerie des Trois Clochers – GAEC Hervieu & Lemarchand");
}

#[test]
fn the_owner_of_a_polish_business_is_part_of_its_name() {
    let lines = [
        "Nabywca:",
        "Firma Budowlana „Dach-Pol”",
        "Krzysztof Ignaczak",
        "ul. Polna 77",
        "98-200 Sieradz",
        "",
        "Faktura nr 7",
        "Razem 10,00",
    ];
    assert_eq!(text("buyer_name", &lines), "Firma Budowlana „Dach-Pol” Krzysztof Ignaczak");
}

#[test]
fn a_person_above_a_whole_name_is_no_beginning_of_it() {
    let lines = [
        "Issued by                          Customer",
        "Gatehop Ticketing Ltd              Aoife Brannigan",
        "9 Sowter Lane                      Three Hares Roastery Ltd",
        "Bristol BS1 6QN                    27 Hanover Mill",
        "                                   Newcastle upon Tyne NE1 3AB",
        "",
        "Invoice number 7",
        "Total 10.00",
    ];
    assert_eq!(text("buyer_name", &lines), "Three Hares Roastery Ltd");
}

#[test]
fn a_legal_form_that_is_no_word_may_be_written_small() {
    let lines = [
        "Vendor                          Ship To",
        "Forth Timber Merchants plc      Tannahill Joinery Ltd",
        "Grange Dock                     Unit 9 Trading Estate",
        "Grangemouth                     Dundee DD1 5EX",
        "FK3 8UB",
        "",
        "Invoice number 7",
        "Total 10.00",
    ];
    assert_eq!(text("seller_name", &lines), "Forth Timber Merchants plc");
}

/// A customer's block has its tax number as well; in which register a firm is, only its own paper says.
#[test]
fn the_firm_whose_register_the_foot_names_writes_the_paper() {
    let lines = [
        "                                 Hermanos Prueba Reformas, S.L.",
        "                                 Calle Caspe, 88",
        "                                 50002 ZARAGOZA",
        "                                 C.I.F. A67870527",
        "",
        "FACTURA 1-251904",
        "DOCUMENTO     NÚMERO      CLIENTE     AGENTE",
        "FACTURA       251904      4301188     07",
        "",
        "Total 5.272,89",
        "",
        "Suministros Ejemplo, S.A. – C.I.F. A58818501 – Inscrita en el Registro Mercantil de Zaragoza, T. 1188",
    ];
    assert_eq!(parties(&lines), ["Suministros Ejemplo, S.A.", "Hermanos Prueba Reformas, S.L."]);
    assert_eq!(text("seller_vat_id", &lines), "A58818501");
}

#[test]
fn a_tax_number_that_is_said_to_be_the_customers_makes_no_seller() {
    let lines = [
        "VERSPLEIN horecagroothandel",
        "",
        "Brasserie Het Voorbeeld B.V.",
        "Sluisweg 2",
        "4794 AA Heijningen",
        "Btw-nr. klant NL893643203B02",
        "",
        "Factuurnummer CR2509930",
        "Totaal EUR 165,69",
        "",
        "Versplein Horecagroothandel B.V.        Tel. 076 555 01 30",
        "Marktkade 31, 4811 AB Breda             debiteuren@versplein.example",
    ];
    assert_eq!(parties(&lines), ["Versplein Horecagroothandel B.V.", "Brasserie Het Voorbeeld B.V."]);
}

/// What the tax offices of other countries have printed on bills.
#[test]
fn the_standard_prints_of_countries_say_who_bills_and_who_pays() {
    let lines = [
        "RFC emisor: CBA170322KL8",
        "Nombre emisor: CLIMAS DE PRUEBA",
        "37544 León, Guanajuato",
        "",
        "RFC receptor: HCC0908114T2",
        "Nombre receptor: HOTELERA CASA EJEMPLO",
        "Domicilio: Calle Pedregoso 19, 36000 Guanajuato",
        "",
        "Total   $8,543.40",
    ];
    assert_eq!(parties(&lines), ["CLIMAS DE PRUEBA", "HOTELERA CASA EJEMPLO"]);
    assert_eq!(text("seller_vat_id", &lines), "CBA170322KL8");
    assert_eq!(text("buyer_vat_id", &lines), "HCC0908114T2");
    let lines = ["Zorzal S.R.L.", "FACTURA A 0004", "", "Señor(es): Estudio Bermúdez", "Total 10,00"];
    assert_eq!(parties(&lines)[1], "Estudio Bermúdez");
    let lines = [
        "Officina Prova SNC",
        "Fattura 7",
        "",
        "Ricambi Esempio S.p.A.",
        "Via Pisana 4 - 57124 LIVORNO",
        "P.IVA e Cod.Fisc. 09522380949",
    ];
    assert_eq!(text("seller_vat_id", &lines), "09522380949");
}

#[test]
fn the_code_of_a_bank_may_be_of_a_country_without_iban() {
    let lines = [
        "Example Pte. Ltd.",
        "Invoice 7",
        "Transfer to OCBC Account 588-0917-44001 (SWIFT OCBCSGSG). Thank you",
    ];
    assert_eq!(text("bic", &lines), "OCBCSGSG");
}

/// Its brand at the top has no form; words of its name label other things elsewhere.
#[test]
fn a_firm_is_one_whatever_the_words_of_its_name_label() {
    let lines = [
        "Brindley Commercial Cleaning",
        "",
        "Brindley Facility Services Pty Ltd",
        "ABN: 83 604 117 552",
        "",
        "Bill To:",
        "Example Architects Pty Limited",
        "77 Northbourne Avenue",
        "Braddon ACT 2612",
        "",
        "Invoice No. 3391",
        "Total 10.00",
    ];
    assert_eq!(parties(&lines)[0], "Brindley Facility Services Pty Ltd");
}

#[test]
fn a_form_that_is_a_word_is_one_only_in_capitals() {
    use crate::fields::parties::address_words::firm;
    assert!(firm("Old Duke and Earl") < 0.5);
    assert!(firm("Ferme des Trois Clochers EARL") >= 1.0);
    assert!(firm("Forth Timber plc") >= 1.0);
}

/// What a firm owns is no name, its brand stands above it, and of a firm's name its particles label nothing.
#[test]
fn of_two_blocks_side_by_side_the_left_one_sells_by_the_firm_below_its_brand() {
    let lines = [
        "MOLINTRANS                             CONSERVAS DEL VALLE ALTO, S.L.",
        "Transportes Molintrans, S.A.           C/ Maestro 4",
        "Calle Nueva 18                         26500 CALAHORRA",
        "50820 San Juan                         C.I.F.: A39742572",
        "C.I.F.: B21224639",
        "",
        "Factura 17                             Fecha 28/02/2025",
        "Forma de pago                          Transferencia",
        "",
        "Total                                  120,00",
    ];
    assert_eq!(parties(&lines), ["Transportes Molintrans, S.A.", "CONSERVAS DEL VALLE ALTO, S.L."]);
    let lines = [
        "LOIRE DISTRIBUTION                     LE COMPTOIR DU PORT SARL",
        "SAS au capital de 250 000 €            14 quai de la Fosse",
        "71 boulevard Roch",
        "44200 NANTES                           44000 NANTES",
        "Tél. 02 55 55 18 40 – compta@loiredistribution.example",
        "",
        "Facture n° FA17                        Date 14/11/2025",
        "",
        "Total                                  120,00",
    ];
    assert_eq!(parties(&lines), ["LOIRE DISTRIBUTION", "LE COMPTOIR DU PORT SARL"]);
}

#[test]
fn the_number_of_a_customer_heads_the_address_and_not_the_site() {
    let lines = [
        "FACTURE N° F-17 du 30 juin 2025",
        "",
        "Chantier                               Client C00771",
        "Rénovation école                       FAÇADES DU VAL SAS",
        "69400 Villefranche                     220 route de Frans",
        "                                       69400 Villefranche",
        "                                       TVA : FR12800625584",
        "",
        "Total TTC                              120,00",
        "",
        "LEVAL RHÔNE SARL – 5 rue des Frères – 69680 CHASSIEU – agence@leval.example",
    ];
    assert_eq!(parties(&lines)[1], "FAÇADES DU VAL SAS");
}

#[test]
fn the_number_of_a_supplier_heads_its_name() {
    for head in ["Fornecedor n.º 3071", "Fornecedor F3071"] {
        let lines = [
            format!("Pão da Lezíria, S.A.                   {head}"),
            "NIPC 532822439                         Moagem do Vale, Lda.".to_owned(),
            "Zona Industrial, lote 18               Rua da Fábrica 22".to_owned(),
            "2005-002 Santarém                      2100-118 Coruche".to_owned(),
            String::new(),
            "NOTA DE ENCOMENDA NE 17                2025-10-20".to_owned(),
            String::new(),
            "Total                                  120,00".to_owned(),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let fields = [field("seller_name", FieldType::Text), field("buyer_name", FieldType::Text)];
        let expected = ["\"Moagem do Vale, Lda.\"", "\"Pão da Lezíria, S.A.\""];
        assert_eq!(values("purchase_order", &lines, &fields), expected, "{head}");
    }
}

#[test]
fn a_person_above_a_firm_and_an_irish_county_are_known() {
    let lines = [
        "Invoice 17",
        "",
        "From",
        "Trade Events LLC",
        "1600 Division Street",
        "Nashville, TN 37203",
        "",
        "Tessa Lind",
        "Halvor Cold Chain Logistics, Inc.",
        "3300 Lyndale Ave",
        "Minneapolis, MN 55408",
        "",
        "Total 120.00",
    ];
    assert_eq!(parties(&lines)[1], "Halvor Cold Chain Logistics, Inc.");
    let lines = [
        "Corran Talent Limited - 3 Dock Road, Galway, H91 F8KT - accounts@corran.example",
        "",
        "INVOICE",
        "",
        "Atlantic Castings DAC                    Invoice No: 24418",
        "Harbour Business Park",
        "Tuam",
        "Co. Galway",
        "",
        "Total                                    120.00",
    ];
    assert_eq!(parties(&lines)[1], "Atlantic Castings DAC");
}

#[test]
fn a_number_in_the_row_of_the_buyers_name_is_the_buyers() {
    let lines = [
        "MOLINOS ANDINOS S.A.S.",
        "NIT 900.718.442-3",
        "",
        "Factura 17",
        "Señores: Peñol y Cía. Ltda.               NIT: 811.204.773-1          Fecha: 10/09/2025",
        "Dirección: Calle 10 # 43-18, Medellín     Teléfono: (604) 555 0102",
        "",
        "Total                                     120,00",
    ];
    let fields = ["seller_vat_id", "buyer_vat_id"].map(|name| field(name, FieldType::Text));
    assert_eq!(values("invoice", &lines, &fields), ["\"900.718.442-3\"", "\"811.204.773-1\""]);
}

#[test]
fn a_telephone_ends_where_an_address_of_mail_begins() {
    let lines =
        ["Transportes S.A.", "Tel. 976 55 01 28 · mail@moncayo.example", "", "Factura 17", "Total 12,00"];
    let found = values("invoice", &lines, &[field("seller_phone", FieldType::Phone)]);
    assert_eq!(found, ["\"976 55 01 28\""]);
}
