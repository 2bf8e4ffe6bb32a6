//! Contracts, forms, statements and orders of nobody, in eight languages.

use docextract_model::extractor::{DocumentType, ready_made};
use serde_json::{Value as Json, json};

use crate::fields::lessons::{self, KnownLesson};
use crate::fields::{extract_fields, extract_fields_knowing};
use crate::layout::testing::page;

/// What the ready-made extractor of a kind reads from lines of text, without what it does not find.
fn read(kind: &str, lines: &[&str]) -> Json {
    let ready = ready_made().into_iter().find(|ready| ready.document_type == kind).unwrap();
    let found = extract_fields(&[page(lines)], &DocumentType::parse(kind).unwrap(), &ready.field_definitions);
    let named = ready.field_definitions.iter().zip(found);
    for (field, result) in named.clone() {
        assert_eq!(result.value.is_null(), result.citation.is_none(), "{}", field.name);
    }
    Json::Object(named.filter(|(_, r)| !r.value.is_null()).map(|(f, r)| (f.name.clone(), r.value)).collect())
}

fn parties(names: [&str; 2], roles: [&str; 2]) -> Json {
    json!([{ "name": names[0], "role": roles[0] }, { "name": names[1], "role": roles[1] }])
}

#[test]
fn an_english_contract_says_who_when_how_long_and_whose_law() {
    let found = read(
        "contract",
        &[
            "SERVICE AGREEMENT",
            "",
            "This Service Agreement is entered into as of March 5, 2024 by and between Northwind",
            "Analytics, Inc., a Delaware corporation with its principal office at 12 Harbor Street (the",
            "\"Provider\"), and Blue Heron Logistics LLC, a limited liability company (\"Client\").",
            "",
            "1. Term. This Agreement shall commence on April 1, 2024 and shall remain in force for a",
            "period of three (3) years, unless terminated earlier. Either party may terminate it upon",
            "ninety (90) days' prior written notice.",
            "2. Payment is due within 30 days of the invoice.",
            "3. This Agreement shall be governed by and construed in accordance with the laws of the",
            "State of New York, without regard to its conflict of laws principles.",
        ],
    );
    assert_eq!(
        found["parties"],
        parties(["Northwind Analytics, Inc.", "Blue Heron Logistics LLC"], ["Provider", "Client"])
    );
    assert_eq!(found["contract_date"], "2024-03-05");
    assert_eq!(found["effective_date"], "2024-04-01");
    assert_eq!(found["term"], "three (3) years");
    assert_eq!(found["notice_period"], "ninety (90) days");
    assert_eq!(found["governing_law"], "State of New York");
}

#[test]
fn a_german_contract_too() {
    let found = read(
        "contract",
        &[
            "Dienstleistungsvertrag",
            "",
            "zwischen der",
            "Musterbau GmbH, Hauptstraße 5, 80331 München, vertreten durch den Geschäftsführer",
            "(nachfolgend „Auftraggeber“ genannt)",
            "und",
            "Kranich Beratung AG, Seeweg 9, 20095 Hamburg (nachfolgend „Auftragnehmer“ genannt)",
            "",
            "§ 1 Der Vertrag tritt am 1. Juli 2024 in Kraft und hat eine Laufzeit von 24 Monaten.",
            "§ 2 Er kann mit einer Kündigungsfrist von drei Monaten gekündigt werden.",
            "§ 3 Es gilt ausschließlich das Recht der Bundesrepublik Deutschland.",
        ],
    );
    assert_eq!(
        found["parties"],
        parties(["Musterbau GmbH", "Kranich Beratung AG"], ["Auftraggeber", "Auftragnehmer"])
    );
    assert_eq!(found["effective_date"], "2024-07-01");
    assert_eq!(found["term"], "24 Monaten");
    assert_eq!(found["notice_period"], "drei Monaten");
    assert_eq!(found["governing_law"], "Bundesrepublik Deutschland");
}

#[test]
fn contracts_of_six_more_languages_are_read() {
    let french = read(
        "contract",
        &[
            "CONTRAT DE PRESTATION DE SERVICES",
            "Entre les soussignés :",
            "La société Atelier Lumière SARL, au capital de 10 000 €, dont le siège est à Lyon,",
            "ci-après dénommée « le Prestataire »,",
            "et",
            "Domaine des Pins SAS, dont le siège est à Nantes, ci-après dénommée « le Client »,",
            "Le contrat entre en vigueur le 15 septembre 2023 pour une durée de deux ans.",
            "Il peut être résilié moyennant un préavis de trois mois.",
            "Le présent contrat est soumis au droit français.",
        ],
    );
    assert_eq!(
        french["parties"],
        parties(["Atelier Lumière SARL", "Domaine des Pins SAS"], ["Prestataire", "Client"])
    );
    assert_eq!(french["effective_date"], "2023-09-15");
    assert_eq!(french["term"], "deux ans");
    assert_eq!(french["notice_period"], "trois mois");
    assert_eq!(french["governing_law"], "droit français");

    let spanish = read(
        "contract",
        &[
            "CONTRATO DE SUMINISTRO",
            "Entre Aceros del Norte S.L., con domicilio en Bilbao, en adelante \"el Proveedor\", y",
            "Talleres Ibarra S.A., con domicilio en Madrid, en adelante \"el Cliente\", se acuerda:",
            "El contrato entrará en vigor el 1 de enero de 2024 y tendrá una duración de doce meses.",
            "Se podrá resolver con un preaviso de dos meses.",
            "El presente contrato se regirá por la legislación española.",
        ],
    );
    assert_eq!(
        spanish["parties"],
        parties(["Aceros del Norte S.L.", "Talleres Ibarra S.A."], ["Proveedor", "Cliente"])
    );
    assert_eq!(spanish["effective_date"], "2024-01-01");
    assert_eq!(spanish["term"], "doce meses");
    assert_eq!(spanish["notice_period"], "dos meses");
    assert_eq!(spanish["governing_law"], "legislación española");

    let italian = read(
        "contract",
        &[
            "CONTRATTO DI FORNITURA",
            "tra Officine Verdi S.r.l., con sede in Torino, di seguito \"il Fornitore\", e",
            "Marmi Bianchi S.p.A., con sede in Carrara, di seguito \"il Cliente\",",
            "Il contratto entra in vigore il 1 marzo 2024 e ha una durata di tre anni.",
            "Ciascuna parte può recedere con un preavviso di sei mesi.",
            "Il presente contratto è regolato dalla legge italiana.",
        ],
    );
    assert_eq!(
        italian["parties"],
        parties(["Officine Verdi S.r.l.", "Marmi Bianchi S.p.A."], ["Fornitore", "Cliente"])
    );
    assert_eq!(italian["effective_date"], "2024-03-01");
    assert_eq!(italian["term"], "tre anni");
    assert_eq!(italian["notice_period"], "sei mesi");
    assert_eq!(italian["governing_law"], "legge italiana");

    let dutch = read(
        "contract",
        &[
            "OVEREENKOMST VAN OPDRACHT",
            "tussen Waterkant Advies B.V., gevestigd te Utrecht, hierna te noemen \"Opdrachtnemer\", en",
            "De Molen Logistiek N.V., gevestigd te Breda, hierna te noemen \"Opdrachtgever\",",
            "De overeenkomst treedt in werking op 1 februari 2024 voor de duur van twee jaar.",
            "Er geldt een opzegtermijn van drie maanden.",
            "Op deze overeenkomst is Nederlands recht van toepassing.",
        ],
    );
    assert_eq!(
        dutch["parties"],
        parties(["Waterkant Advies B.V.", "De Molen Logistiek N.V."], ["Opdrachtnemer", "Opdrachtgever"])
    );
    assert_eq!(dutch["effective_date"], "2024-02-01");
    assert_eq!(dutch["term"], "twee jaar");
    assert_eq!(dutch["notice_period"], "drie maanden");
    assert_eq!(dutch["governing_law"], "Nederlands recht");

    let portuguese = read(
        "contract",
        &[
            "CONTRATO DE PRESTAÇÃO DE SERVIÇOS",
            "Entre Pedra Alta, Lda., com sede no Porto, doravante designada \"Prestadora\", e",
            "Casa do Mar, S.A., com sede em Lisboa, doravante designada \"Cliente\", é celebrado:",
            "O contrato entra em vigor em 1 de maio de 2024 e tem a duração de dois anos.",
            "Pode ser denunciado com aviso prévio de 60 dias.",
            "O presente contrato rege-se pela lei portuguesa.",
        ],
    );
    assert_eq!(
        portuguese["parties"],
        parties(["Pedra Alta, Lda.", "Casa do Mar, S.A."], ["Prestadora", "Cliente"])
    );
    assert_eq!(portuguese["effective_date"], "2024-05-01");
    assert_eq!(portuguese["term"], "dois anos");
    assert_eq!(portuguese["notice_period"], "60 dias");
    assert_eq!(portuguese["governing_law"], "lei portuguesa");

    let polish = read(
        "contract",
        &[
            "UMOWA O ŚWIADCZENIE USŁUG",
            "zawarta w dniu 10 stycznia 2024 r. w Krakowie pomiędzy:",
            "Zielona Dolina Sp. z o.o. z siedzibą w Krakowie, zwaną dalej \"Zleceniodawcą\",",
            "a",
            "Jasny Kod S.A. z siedzibą w Gdańsku, zwaną dalej \"Wykonawcą\".",
            "Umowa wchodzi w życie z dniem 1 lutego 2024 r. i zostaje zawarta na okres 12 miesięcy.",
            "Okres wypowiedzenia wynosi trzy miesiące.",
            "Umowa podlega prawu polskiemu.",
        ],
    );
    assert_eq!(
        polish["parties"],
        parties(["Zielona Dolina Sp. z o.o.", "Jasny Kod S.A."], ["Zleceniodawcą", "Wykonawcą"])
    );
    assert_eq!(polish["contract_date"], "2024-01-10");
    assert_eq!(polish["effective_date"], "2024-02-01");
    assert_eq!(polish["term"], "12 miesięcy");
    assert_eq!(polish["notice_period"], "trzy miesiące");
    assert_eq!(polish["governing_law"], "prawu polskiemu");
}

#[test]
fn a_letter_that_is_no_contract_has_no_clauses() {
    let found = read(
        "contract",
        &[
            "Dear Ms Holm,",
            "our office is open between 9 and 17 o'clock. We will call you within two weeks.",
            "The law of large numbers and the governing body met on 4 May 2024.",
        ],
    );
    assert_eq!(found, json!({}));
}

#[test]
fn a_contract_says_when_it_was_signed_and_when_it_ends() {
    let cases = [
        ("Der Vertrag beginnt am 09.08.2024 und läuft bis zum 09.08.2025.", "Weil am Rhein, den 02.08.2024"),
        ("Il contratto decorre dal 9 agosto 2024 e scade il 9 agosto 2025.", "Catania, 2 agosto 2024"),
        (
            "The agreement will commence on 9 August 2024 and remain effective until 9 August 2025.",
            "This Agreement is made and entered into on 2 August 2024 by and between the parties.",
        ),
        (
            "De overeenkomst gaat in op 9 augustus 2024 en eindigt op 9 augustus 2025.",
            "Aldus overeengekomen te Breda op 2 augustus 2024",
        ),
        (
            "Este Acuerdo iniciará el 9 de agosto de 2024 y continuará hasta el 9 de agosto de 2025.",
            "Este Contrato se celebra el 2 de agosto de 2024.",
        ),
    ];
    for (clause, signed) in cases {
        let found = read("contract", &[clause, "", signed]);
        assert_eq!(found["effective_date"], "2024-08-09", "{clause}");
        assert_eq!(found["end_date"], "2025-08-09", "{clause}");
        assert_eq!(found["contract_date"], "2024-08-02", "{signed}");
    }
}

#[test]
fn a_law_ends_where_its_sentence_does() {
    let found =
        read("contract", &["This Agreement is governed by the laws of England and Wales. Signed: A. Smith"]);
    assert_eq!(found["governing_law"], "England and Wales");
}

#[test]
fn a_statement_is_sent_to_whose_account_it_is() {
    let lines = [
        "Sparkasse Markgräflerland",
        "",
        "Sabine Krüger",
        "Am Kesselhaus 14",
        "79576 Weil",
        "",
        "Alter Saldo 1,00",
    ];
    assert_eq!(read("bank_statement", &lines)["account_holder"], "Sabine Krüger");
    let lines = lines.map(|line| if line == "Sabine Krüger" { "Frau Sabine Krüger" } else { line });
    assert_eq!(read("bank_statement", &lines)["account_holder"], "Sabine Krüger", "a title holds no account");
    let lines = ["Bank Statement", "Name: Margaret Oakley", "Account Number: 43928738", "New balance 1.00"];
    assert_eq!(read("bank_statement", &lines)["account_holder"], "Margaret Oakley");
}

#[test]
fn a_form_gives_every_key_with_its_value() {
    let found = read(
        "form",
        &[
            "Registration form",
            "",
            "Name: Ada Holm            Date of birth: 04.05.1987",
            "Street:                   Lindenweg 12",
            "E-mail:",
            "ada.holm@example.org",
            "Phone: ____________",
            "Arrival: 12:30",
            "Newsletter: ☒ yes ☐ no",
            "☒ I accept the terms",
            "[ ] I need a receipt",
            "",
            "Member since              2019",
            "Department                Library",
            "Card                      A-7712",
        ],
    );
    assert_eq!(
        found["entries"],
        json!([
            { "key": "Name", "value": "Ada Holm" },
            { "key": "Date of birth", "value": "04.05.1987" },
            { "key": "Street", "value": "Lindenweg 12" },
            { "key": "E-mail", "value": "ada.holm@example.org" },
            { "key": "Arrival", "value": "12:30" },
            { "key": "Newsletter", "value": "yes" },
            { "key": "I accept the terms", "value": "yes" },
            { "key": "I need a receipt", "value": "no" },
            { "key": "Member since", "value": "2019" },
            { "key": "Department", "value": "Library" },
            { "key": "Card", "value": "A-7712" },
        ])
    );
}

#[test]
fn a_statement_lists_what_moved() {
    let found = read(
        "bank_statement",
        &[
            "Kontoauszug Nr. 7/2024",
            "Kontoinhaber: Ada Holm",
            "IBAN: DE89 3704 0044 0532 0130 00",
            "",
            "Datum        Verwendungszweck                        Betrag        Saldo",
            "             Anfangssaldo                                       1.250,00",
            "01.07.2024   Miete Juli                             -800,00       450,00",
            "             Lindenweg 12",
            "03.07.2024   Gehalt Musterbau GmbH                 2.100,50     2.550,50",
            "05.07.2024   Stadtwerke                              -75,20     2.475,30",
            "             Endsaldo                                           2.475,30",
        ],
    );
    assert_eq!(found["account_holder"], "Ada Holm");
    assert_eq!(found["iban"], "DE89370400440532013000");
    assert_eq!(found["opening_balance"].to_string(), "1250.00");
    assert_eq!(found["closing_balance"].to_string(), "2475.30");
    let said: Vec<String> = found["transactions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {} {}", row["date"], row["description"], row["amount"], row["balance"]))
        .collect();
    assert_eq!(
        said,
        [
            "\"2024-07-01\" \"Miete Juli Lindenweg 12\" -800.00 450.00",
            "\"2024-07-03\" \"Gehalt Musterbau GmbH\" 2100.50 2550.50",
            "\"2024-07-05\" \"Stadtwerke\" -75.20 2475.30",
        ]
    );
}

#[test]
fn what_goes_out_is_known_by_its_column_too() {
    let found = read(
        "bank_statement",
        &[
            "Account statement                      Statement date: 31/07/2024",
            "Account holder: Ada Holm               Account number: 20417733",
            "",
            "Opening balance                        500.00",
            "Date         Description              Paid out     Paid in      Balance",
            "15/07/2024   Card payment Bakery         12.40                   487.60",
            "16/07/2024   Refund                                  30.00       517.60",
            "Closing balance                        517.60",
        ],
    );
    let amounts: Vec<String> =
        found["transactions"].as_array().unwrap().iter().map(|row| row["amount"].to_string()).collect();
    assert_eq!(amounts, ["-12.40", "30.00"]);
    assert_eq!(found["account_number"], "20417733");
    assert_eq!(found["statement_date"], "2024-07-31");
    assert_eq!(found["opening_balance"].to_string(), "500.00");
}

const ORDER: [&str; 15] = [
    "Musterbau GmbH - Hauptstr. 5 - 80331 München",
    "",
    "Kranich Papier AG",
    "Seeweg 9",
    "20095 Hamburg",
    "",
    "Bestellung Nr. 4500-118                   Bestelldatum: 05.03.2024",
    "Lieferdatum: 20.03.2024",
    "",
    "Pos  Beschreibung            Menge     Einzelpreis        Betrag",
    "1    Papier                  10           10,00           100,00",
    "",
    "Nettobetrag                                               100,00",
    "MwSt. 19 %                                                 19,00",
    "Gesamtbetrag                                              119,00 €",
];

#[test]
fn on_an_order_the_letterhead_is_the_buyer() {
    let found = read("purchase_order", &ORDER);
    assert_eq!(found["order_number"], "4500-118");
    assert_eq!(found["order_date"], "2024-03-05");
    assert_eq!(found["delivery_date"], "2024-03-20");
    assert_eq!(found["buyer_name"], "Musterbau GmbH");
    assert_eq!(found["seller_name"], "Kranich Papier AG");
    assert_eq!(found["total_amount"].to_string(), "119.00");
}

/// `Spett.le` above an address says on an invoice who buys; an order is addressed to who sells.
#[test]
fn who_an_order_is_addressed_to_is_the_seller() {
    for (town, addressed, firm) in [
        ("Comune di Montefiorito", "Spett.le", "Carta e Penna S.r.l."),
        ("Câmara Municipal de Vilar Seco", "Exmos. Srs.", "Papelaria Nova, Lda."),
    ] {
        let lines = [
            town.to_owned(),
            "Via Roma 1 - 12345 Montefiorito".to_owned(),
            String::new(),
            format!("                              {addressed}"),
            format!("                              {firm}"),
            "                              Via del Porto 7".to_owned(),
            "                              54321 Belvedere".to_owned(),
            String::new(),
            "Buono d'ordine n. 73/2024 del 05/03/2024".to_owned(),
            String::new(),
            "Descrizione               Quantità      Prezzo      Importo".to_owned(),
            "Carta                     10             10,00       100,00".to_owned(),
        ];
        let found = read("purchase_order", &lines.each_ref().map(String::as_str));
        assert_eq!((&found["seller_name"], &found["buyer_name"]), (&json!(firm), &json!(town)));
    }
}

/// In two languages at once, and beside a letterhead that has no legal form.
#[test]
fn a_label_in_two_languages_names_the_seller_and_the_letterhead_buys() {
    let lines = [
        "GEMEINDE NEUSTADT",
        "Marktplatz 1, 12345 Neustadt",
        "",
        "BON DE COMMANDE / PURCHASE ORDER",
        "N° / No.      CF-733          Fournisseur / Supplier      REIHER ETIKETTEN KG",
        "Date          14/03/2024      Adresse / Address           Uferstr. 41, 54321 Weil",
        "",
        "Description               Quantity      Price      Amount",
        "Labels                    10            10.00      100.00",
    ];
    let found = read("purchase_order", &lines);
    assert_eq!(found["seller_name"], "REIHER ETIKETTEN KG");
    assert_eq!(found["buyer_name"], "GEMEINDE NEUSTADT");
}

/// What stands where a person corrected it stays there, and does not turn up as the other party.
#[test]
fn a_party_of_an_order_stands_in_one_line_with_its_address_or_below_a_heading() {
    for (lines, buyer, seller) in [
        (
            vec![
                "BESTELBON",
                "",
                "Besteld door: Bouwbedrijf Testman B.V., Dorpsstraat 1, 1234 AB Ede",
                "Leverancier: Houthandel Proef, Kade 2, 5678 CD Tiel",
                "",
                "Bestelnummer: B-118",
                "Datum: 14-05-2024",
                "",
                "Omschrijving        Aantal        Prijs        Bedrag",
                "Balk 45 x 70        10            50,00        500,00",
                "Totaal excl. btw                               500,00",
                "Met vriendelijke groet",
            ],
            "Bouwbedrijf Testman B.V.",
            "Houthandel Proef",
        ),
        // A number in brackets belongs to the heading.
        (
            vec![
                "Talleres Prueba S.A.                            PEDIDO DE COMPRA",
                "Calle Mayor 1",
                "50001 Zaragoza",
                "",
                "PROVEEDOR (cód. 0815)",
                "Suministros Ensayo, S.L.",
                "Calle Menor 2",
                "50002 Zaragoza",
            ],
            "Talleres Prueba S.A.",
            "Suministros Ensayo, S.L.",
        ),
        (
            vec![
                "Bon de commande",
                "",
                "Informations acheteur",
                "Société : Toitures Exemple",
                "Adresse : 4 rue Haute, 29500 Quimper",
                "",
                "Informations vendeur",
                "Société : Levage Exemple",
                "Adresse : ZA du Port, 29170 Bénodet",
            ],
            "Toitures Exemple",
            "Levage Exemple",
        ),
    ] {
        let found = read("purchase_order", &lines);
        assert_eq!([&found["buyer_name"], &found["seller_name"]], [buyer, seller], "{lines:?}");
    }
}

#[test]
fn goods_do_not_go_to_who_sells_them() {
    let lines = [
        "Muster Maschinen AG",
        "Werkstrasse 12",
        "8400 Winterthur",
        "",
        "Stahlhandel Beispiel AG",
        "Herr Meier",
        "Postfach 12",
        "9000 St. Gallen",
        "",
        "Bestellung Nr. 450-118",
        "Lieferadresse: Werk Nord, Tor 4",
        "Rechnungsadresse: Muster Maschinen AG, Werkstrasse 12, 8400 Winterthur",
    ];
    let found = read("purchase_order", &lines);
    assert_eq!(found["buyer_name"], "Muster Maschinen AG");
    assert_eq!(found["seller_name"], "Stahlhandel Beispiel AG");
}

#[test]
fn a_mail_that_orders_is_from_the_firm_of_its_signature() {
    let lines = [
        "From: Tobias Muster",
        "Subject: Bestellung 4711-24",
        "",
        "Guten Tag Frau Lang,",
        "",
        "hiermit bestellen wir 50 Winkel.",
        "",
        "Mit freundlichen Grüßen",
        "Tobias Muster",
        "",
        "Holzbau Beispiel GmbH & Co. KG",
        "Industriestr. 4",
        "12345 Musterstadt",
    ];
    let found = read("purchase_order", &lines);
    assert_eq!(found["buyer_name"], "Holzbau Beispiel GmbH & Co. KG");
    assert!(found["seller_name"].is_null());
}

#[test]
fn a_brand_on_an_order_is_the_firm_right_below_it() {
    let lines = [
        "Hill Dale Example                              Purchase Order",
        "Hill Dale Example (2019) Ltd                   PO-0815",
        "Unit 9, Example Mills",
        "Halifax HX2 6AR",
        "",
        "Supplier",
        "Northern Sample Wholesale Ltd",
        "1 Trade Park",
        "Halifax HX3 5AX",
    ];
    let found = read("purchase_order", &lines);
    assert_eq!(found["buyer_name"], "Hill Dale Example (2019) Ltd");
    assert_eq!(found["seller_name"], "Northern Sample Wholesale Ltd");
}

#[test]
fn an_order_to_a_supplier_has_its_number_and_its_day_in_a_sentence() {
    for (title, sentence) in [
        ("Ordine fornitore n. 118/2024 del 14/05/2024", "Consegnare entro il 24/05/2024."),
        ("Commande fournisseur n° 118/2024 du 14/05/2024", "Merci de livrer avant le 24/05/2024."),
        ("Inkooporder 118/2024 van 14/05/2024", "Leveren uiterlijk 24/05/2024."),
        ("Purchase order 118/2024 of 14/05/2024", "Please supply the following by 24/05/2024."),
    ] {
        let found = read("purchase_order", &[title, "", sentence]);
        assert_eq!(found["order_number"], "118/2024", "{title}");
        assert_eq!(found["delivery_date"], "2024-05-24", "{sentence}");
    }
}

#[test]
fn feet_are_no_forints() {
    let lines = [
        "Purchase order 118",
        "",
        "Description     Quantity    Amount",
        "Cable, 250 ft   2           $119.00",
    ];
    assert_eq!(read("purchase_order", &lines)["currency"], "USD");
}

#[test]
fn a_party_of_an_order_that_was_learnt_stays_and_the_other_one_is_found_as_before() {
    let ready = ready_made().into_iter().find(|ready| ready.document_type == "purchase_order").unwrap();
    let (kind, fields) = (DocumentType::parse("purchase_order").unwrap(), ready.field_definitions);
    let pages = [page(&ORDER)];
    for (corrected, value, other, as_before) in [
        ("seller_name", "Kranich Papier AG", "buyer_name", "Musterbau GmbH"),
        ("seller_name", "Papier", "buyer_name", "Musterbau GmbH"),
        ("buyer_name", "Musterbau GmbH", "seller_name", "Kranich Papier AG"),
        ("buyer_name", "Papier", "seller_name", "Kranich Papier AG"),
    ] {
        let corrections = json!({ corrected: value }).as_object().unwrap().clone();
        let lesson = lessons::learn(&pages, &kind, &fields, &corrections).unwrap();
        let lesson = KnownLesson { id: "job_1".to_owned(), lesson };
        let (found, used) = extract_fields_knowing(&pages, &kind, &fields, &[lesson]);
        let value_of = |name: &str| {
            let index = fields.iter().position(|field| field.name == name).unwrap();
            found[index].value.clone()
        };
        assert_eq!(used, ["job_1"]);
        assert_eq!((value_of(corrected), value_of(other)), (json!(value), json!(as_before)), "{corrected}");
    }
}

/// The seller's stands beside its name, behind a word for it, or far from it behind a label; of the buyer's block
/// what is no address is passed over.
#[test]
fn an_address_is_found_where_a_letterhead_a_form_or_a_footer_has_it() {
    for (head, buyer, foot, addresses) in [
        (
            [
                "Larkfield Studio Ltd                                7 Sycamore Yard",
                "                                                    Dublin 28, D28 X4F7",
            ],
            [
                "Bill to",
                "Millrace Foods Ltd",
                "Accounts Payable",
                "Unit 12, Carrick Mills",
                "Millrace, Co. Sligo",
                "Ireland",
            ],
            "Thank you for your business.",
            ["7 Sycamore Yard, Dublin 28, D28 X4F7", "Unit 12, Carrick Mills, Millrace, Co. Sligo, Ireland"],
        ),
        (
            ["Denominazione: Vivai Larice S.r.l.", "Indirizzo: Via Bonaccorsi 181"],
            [
                "Comune: PISTOIA Provincia: PT",
                "Cap: 51100 Nazione: IT",
                "",
                "Spett.le Officine Baldo S.p.A.",
                "Corso Vela 9",
                "20121 Milano",
            ],
            "Grazie",
            ["Via Bonaccorsi 181, PISTOIA, PT, 51100", "Corso Vela 9, 20121 Milano"],
        ),
        (
            ["Atelier Lumière SAS", ""],
            [
                "Facturé à :",
                "Mairie de Pontval",
                "à l'attention de M. Roux",
                "Service facturier",
                "Hôtel de Ville",
                "29740 Pontval",
            ],
            "Siège social : 16 rue Mollien, 92100 Boulogne - SIRET 732 829 320 00074",
            ["16 rue Mollien, 92100 Boulogne", "Hôtel de Ville, 29740 Pontval"],
        ),
        (
            ["Prairie Bees, Inc.", "1802 County Road 9"],
            [
                "Salina, KS 67401",
                "Phone: 785-555-0163",
                "",
                "Bill to: Fernway LLC",
                "         2317 NE Alberta Street",
                "         Portland, OR 97211",
            ],
            "Street sales only",
            ["1802 County Road 9, Salina, KS 67401", "2317 NE Alberta Street, Portland, OR 97211"],
        ),
    ] {
        let mut lines = head.to_vec();
        lines.extend(buyer);
        lines.extend([
            "",
            "Invoice no. 2021-0042     05/13/2021",
            "",
            "Total    345.00 EUR",
            "",
            "",
            "",
            "",
            foot,
        ]);
        let found = read("invoice", &lines);
        assert_eq!([&found["seller_address"], &found["buyer_address"]], addresses);
    }
}

/// An address as real letterheads and footers break it, in the order of their country.
#[test]
fn an_address_is_whole_however_it_is_parted() {
    for (lines, address) in [
        (
            vec!["Lanterna s.r.l.", "16149 Genova – Via di Francia 88 – Tel. 010 5550184"],
            "16149 Genova, Via di Francia 88",
        ),
        (
            vec!["Serra S.A.", "Ctra. de la Platja s/n, km 2", "17258 L’Estartit"],
            "Ctra. de la Platja s/n, km 2, 17258 L’Estartit",
        ),
        (
            vec!["Beek B.V.", "Beekstraat 40", "6442 PG Brunssum", "Países Bajos / Netherlands"],
            "Beekstraat 40, 6442 PG Brunssum, Países Bajos, Netherlands",
        ),
        (
            vec!["Parcel Service, Inc.", "P.O. Box 64410", "Omaha, NE 68164"],
            "P.O. Box 64410, Omaha, NE 68164",
        ),
        (
            vec![
                "Kaveri Exhibitions Limited",
                "No. 31, Second Cross Street, Chennai – 600035, Tamil Nadu, India",
            ],
            "No. 31, Second Cross Street, Chennai, 600035, Tamil Nadu, India",
        ),
        (
            vec!["Fernhollow Ltd", "3 Barrack Lane", "Kinvara", "Co. Galway", "H91 K2W7"],
            "3 Barrack Lane, Kinvara, Co. Galway, H91 K2W7",
        ),
        (
            vec!["Tanning Limited", "Plot 88, Jajmau Industrial Area", "Kanpur – 208010, Uttar Pradesh"],
            "Plot 88, Jajmau Industrial Area, Kanpur, 208010, Uttar Pradesh",
        ),
        (
            vec!["Alta Marca S.p.A. – società in house", "Sede legale: Via Maggior 158, 31015 Conegliano"],
            "Via Maggior 158, 31015 Conegliano",
        ),
        (
            vec![
                "RADIO TAXI „MEWA”",
                "Zrzeszenie Transportu „Mewa” w Kołobrzegu",
                "ul. Portowa 18, 78-100 Kołobrzeg, tel. 94 355 01 90",
            ],
            "ul. Portowa 18, 78-100 Kołobrzeg",
        ),
        (
            vec!["Zaanse Pers B.V., Provincialeweg 46, 1506 MD", "Zaandam. KvK 35022187."],
            "Provincialeweg 46, 1506 MD Zaandam",
        ),
        (
            vec![
                "Mutuelle Vallon SA",
                "",
                "",
                "Siège : 2 esplanade du Port, 29100",
                "Douarnenez – SIREN 778 441 096",
            ],
            "2 esplanade du Port, 29100 Douarnenez",
        ),
    ] {
        let more = ["", "", "Invoice no. 17     05/13/2021", "", "", "", "Total    345.00 EUR"];
        let lines: Vec<&str> = lines.into_iter().chain(more).collect();
        assert_eq!(read("invoice", &lines)["seller_address"], address, "{lines:?}");
    }
}

#[test]
fn the_letterhead_is_where_the_firm_lives_that_signs_in_the_foot() {
    let mut lines = vec![
        "Eau du Haut-Val                            Facture 17",
        "Avenue de l'Hers, 31290 Villefranche",
        "",
        "                         Mme Solange Laffor",
        "                         12 rue Haute",
        "                         31290 Avignonet",
        "",
        "Total TTC 345,00 EUR",
    ];
    lines.extend([""; 30]);
    lines.push("Syndicat des eaux du Haut-Val SA – SIRET 505 820 852 00018");
    let found = read("invoice", &lines);
    assert_eq!(found["seller_name"], "Syndicat des eaux du Haut-Val SA");
    assert_eq!(found["seller_address"], "Avenue de l'Hers, 31290 Villefranche");
}

#[test]
fn words_beside_a_word_for_an_address_are_none() {
    let found = read(
        "invoice",
        &["Harlow Ltd", "", "Invoice 17", "", "Address: see below", "Street sales   4", "", "Total   12.00"],
    );
    assert_eq!(found.get("seller_address"), None);
}

#[test]
fn what_is_left_to_pay_stands_beside_its_label_in_whatever_language() {
    for (label, due) in
        [("Pendiente / Balance due", "19.48"), ("Nachzahlung", "19.48"), ("Saldo a pagar / Balance", "19.48")]
    {
        let lines = [
            "TOTAL EUR                449,48".to_owned(),
            "Pagado / Paid VISA      -430,00".to_owned(),
            format!("{label}          19,48"),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let found = read("invoice", &lines);
        assert_eq!(
            [found["total_amount"].to_string(), found["amount_due"].to_string()],
            ["449.48", due],
            "{label}"
        );
    }
}

#[test]
fn an_invoice_has_its_addresses_and_the_tax_of_each_rate() {
    let found = read(
        "invoice",
        &[
            "Muster Handel GmbH - Hauptstr. 1 - 80333 München",
            "",
            "Beispiel AG",
            "Nebenweg 2",
            "12345 Berlin",
            "",
            "Rechnung Nr. 2021-0042                    Datum: 05.03.2021",
            "",
            "Nettobetrag                                               300,00",
            "zzgl. 7 % MwSt. auf 100,00                                  7,00",
            "zzgl. 19 % MwSt. auf 200,00                                38,00",
            "Gesamtbetrag                                              345,00 €",
            "Bereits gezahlt                                           100,00 €",
            "Zahlbetrag                                                245,00 €",
        ],
    );
    assert_eq!(found["seller_address"], "Hauptstr. 1, 80333 München");
    assert_eq!(found["buyer_address"], "Nebenweg 2, 12345 Berlin");
    let lines: Vec<String> = found["tax_lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {}", row["rate"], row["net_amount"], row["tax_amount"]))
        .collect();
    assert_eq!(lines, ["7 100.00 7.00", "19 200.00 38.00"]);
    assert_eq!(found["amount_due"].to_string(), "245.00");
}

#[test]
fn a_contract_has_its_number_below_its_title_and_its_end_in_a_sentence() {
    let found = read(
        "contract",
        &[
            "Anstellungsvertrag",
            "Nr. AV-2023/45",
            "zwischen",
            "Beispielklinik gGmbH, Nebenweg 2, 12345 Musterstadt",
            "und",
            "Frau Dr. Anna Beispiel, Hauptstr. 1, 80333 München",
            "Das Arbeitsverhältnis ist bis zum 31. März 2026 befristet.",
        ],
    );
    assert_eq!(found["contract_number"], "AV-2023/45");
    assert_eq!(found["end_date"], "2026-03-31");
    assert_eq!(
        read("contract", &["CONTRAT DE SERVICE N° CS-2020/8", "entre"])["contract_number"],
        "CS-2020/8"
    );
    // A house number is none.
    assert!(read("contract", &["Mietvertrag", "Hauptstraße Nr. 7, Berlin"])["contract_number"].is_null());
}

#[test]
fn a_notice_is_named_before_its_length_as_well() {
    let lines = [
        "The lease may be renewed upon mutual agreement of the parties before its last day.",
        "Either party may terminate this Agreement by giving written notice of 45 days to the other party.",
    ];
    assert_eq!(read("contract", &lines)["notice_period"], "45 days");
}

#[test]
fn the_days_of_an_order_are_those_that_its_labels_say() {
    for (ordered, wanted) in [
        ("Date de la commande :", "Livraison souhaitée le :"),
        ("Bestelldatum:", "Wunschliefertermin:"),
        ("Order date:", "Delivery required by:"),
        ("Fecha de la orden:", "Fecha prevista de entrega:"),
        ("Data dell'ordine:", "Consegna richiesta:"),
        ("Datum bestelling:", "Gewenste leverdatum:"),
        ("Data da encomenda:", "Data prevista de entrega:"),
        ("Data złożenia zamówienia:", "Termin dostawy:"),
    ] {
        let lines = [
            format!("{ordered} 07/05/2024"),
            format!("{wanted} 21/05/2024"),
            "Votre devis : A-551 du 02/05/2024".to_owned(),
        ];
        let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
        let found = read("purchase_order", &lines);
        assert_eq!(found["order_date"], "2024-05-07", "{ordered}");
        assert_eq!(found["delivery_date"], "2024-05-21", "{wanted}");
    }
}

#[test]
fn what_is_left_to_pay_is_due() {
    let lines = [
        "Gesamtbetrag                        1.190,00 €",
        "abzgl. 1. Abschlagszahlung            -500,00 €",
        "Noch zu zahlen                        690,00 €",
    ];
    let found = read("invoice", &lines);
    assert_eq!(found["amount_due"].to_string(), "690.00");
    assert_eq!(found["amount_paid"].to_string(), "500.00");
    let lines = ["Total of this bill     £2,899.60", "Balance due from you     £2,399.60"];
    assert_eq!(read("invoice", &lines)["amount_due"].to_string(), "2399.60");
}

#[test]
fn a_contract_says_how_long_it_runs_and_when_it_ends_in_many_words() {
    // The clause, the first day, the last day, the length.
    let cases = [
        (
            "The Term begins on 1 June 2024 and expires automatically on 31 May 2026.",
            "2024-06-01",
            "2026-05-31",
            "",
        ),
        (
            "This Agreement is for a fixed period of eighteen months, up to and including 30 November 2025.",
            "",
            "2025-11-30",
            "eighteen months",
        ),
        (
            "Commencement Date: 1 June 2024. The services run for 2 year(s) unless terminated earlier.",
            "2024-06-01",
            "",
            "2 year(s)",
        ),
        (
            "Der Vertrag beginnt am 1. Juni 2024 und endet ohne Kündigung am 31. Mai 2026.",
            "2024-06-01",
            "2026-05-31",
            "",
        ),
        (
            "Die Vertragslaufzeit beträgt vierundzwanzig Monate und gilt bis zum 31. Mai 2026.",
            "",
            "2026-05-31",
            "vierundzwanzig Monate",
        ),
        (
            "Le contrat est conclu pour une durée de quinze mois, du 1er juin 2024 au 31 août 2025.",
            "2024-06-01",
            "2025-08-31",
            "quinze mois",
        ),
        (
            "Le contrat prend effet le 1er juin 2024 et prendra fin de plein droit le 31 août 2025.",
            "2024-06-01",
            "2025-08-31",
            "",
        ),
        (
            "El contrato surte efectos desde el 1 de junio de 2024, concluyendo el 31 de agosto de 2025.",
            "2024-06-01",
            "2025-08-31",
            "",
        ),
        (
            "La duración será de catorce meses, finalizando en todo caso el 31 de julio de 2025.",
            "",
            "2025-07-31",
            "catorce meses",
        ),
        (
            "La durata è di anni quattro, con decorrenza dal 1° giugno 2024 e scadenza al 31 maggio 2028.",
            "2024-06-01",
            "2028-05-31",
            "anni quattro",
        ),
        (
            "Zij treedt op 1 juni 2024 in dienst voor elf maanden, en dit eindigt vanzelf op 30 april 2025.",
            "2024-06-01",
            "2025-04-30",
            "elf maanden",
        ),
        (
            "De overeenkomst gaat in op 1 juni 2024 en loopt tot en met 31 mei 2026.",
            "2024-06-01",
            "2026-05-31",
            "",
        ),
        (
            "O contrato tem início em 01/06/2024 e cessa automaticamente em 31/05/2026.",
            "2024-06-01",
            "2026-05-31",
            "",
        ),
        (
            "O contrato vigora pelo prazo de 18 (dezoito) meses, de 01/06/2024 a 30/11/2025.",
            "2024-06-01",
            "2025-11-30",
            "18 (dezoito) meses",
        ),
        (
            "Le bail est consenti pour dix ans à compter du 1er juin 2024 pour se terminer le 31 mai 2034.",
            "2024-06-01",
            "2034-05-31",
            "",
        ),
        ("La locazione dura sino al 31 maggio 2026.", "", "2026-05-31", ""),
        ("O contrato tem início em 01/06/2024 e termo em 31/05/2026.", "2024-06-01", "2026-05-31", ""),
        ("Umowa zawarta na czas określony do 31 maja 2026 r.", "", "2026-05-31", ""),
        (
            "Umowa obowiązuje od dnia 1 czerwca 2024 r. i wygasa z dniem 31 maja 2026 r.",
            "2024-06-01",
            "2026-05-31",
            "",
        ),
    ];
    for (clause, begin, end, term) in cases {
        let found = read("contract", &["CONTRACT", "", clause]);
        let of = |name: &str| found[name].as_str().unwrap_or_default().to_owned();
        assert_eq!([of("effective_date"), of("end_date"), of("term")], [begin, end, term], "{clause}");
    }
}

#[test]
fn a_day_to_pay_by_is_not_when_a_contract_ends() {
    let lines = [
        "Pachtvertrag",
        "",
        "Die Pacht ist im Voraus zahlbar bis zum 15.01.2025.",
        "Der Vertrag endet am 31.05.2026.",
    ];
    assert_eq!(read("contract", &lines)["end_date"], "2026-05-31");
    let lines = ["Lease", "", "Payable by 01/15/2025", "End date: 05/31/2026"];
    assert_eq!(read("contract", &lines)["end_date"], "2026-05-31");
    assert!(read("contract", &lines[..3])["end_date"].is_null());
}

#[test]
fn a_form_below_the_heading_of_a_clause_says_term_and_notice() {
    let lines = [
        "Hostingvertrag",
        "",
        "§ 4 Laufzeit und Kündigung",
        "Laufzeit: 36 Monate",
        "Kündigungsfrist: 2 Monate zum Vertragsende",
    ];
    let found = read("contract", &lines);
    assert_eq!(found["term"], "36 Monate");
    assert_eq!(found["notice_period"], "2 Monate");
}

#[test]
fn a_law_is_neither_the_heading_of_its_clause_nor_the_act_that_a_party_was_founded_under() {
    for (lines, law) in [
        (
            vec!["GOVERNING LAW AND JURISDICTION. This Deed is governed by the law of Jersey."],
            "law of Jersey",
        ),
        (vec!["Governing Law. This", "Deed is governed by the laws of Jersey."], "Jersey"),
        (
            vec!["La société, régie par la loi du 3 mai 1902.", "Le bail est soumis au droit belge."],
            "droit belge",
        ),
        (vec!["Seule la loi belge est applicable."], "loi belge"),
        (vec!["Deutsches Recht findet Anwendung."], "Deutsches Recht"),
        (vec!["Stosuje się przepisy Kodeksu cywilnego."], "Kodeksu cywilnego"),
    ] {
        let lines: Vec<&str> = ["CONTRACT", ""].into_iter().chain(lines).collect();
        assert_eq!(read("contract", &lines)["governing_law"], law, "{lines:?}");
    }
}

#[test]
fn a_contract_of_any_name_has_a_number_and_a_day() {
    for (title, number) in [
        ("Convention n° 2023-B-7", "2023-B-7"),
        ("Huurovereenkomstnummer: HV-8811", "HV-8811"),
        ("Bail n° 88/2023", "88/2023"),
    ] {
        assert_eq!(read("contract", &[title, ""])["contract_number"], number);
    }
    for lines in [
        vec!["Datum overeenkomst", "4 maart 2024"],
        vec!["Vertragsdatum: 4. März 2024"],
        vec!["Fait en deux exemplaires à Lyon, le 4 mars 2024"],
        vec!["Signed at Leith on 4 March 2024"],
        vec!["Letto, confermato e sottoscritto. Bergamo, 4 marzo 2024"],
    ] {
        let lines: Vec<&str> = ["CONTRACT", ""].into_iter().chain(lines).collect();
        assert_eq!(read("contract", &lines)["contract_date"], "2024-03-04", "{lines:?}");
    }
}

#[test]
fn a_date_may_be_broken_over_two_lines() {
    let found =
        read("contract", &["CONTRATTO", "", "Il contratto cessa il 31", "maggio 2028 senza disdetta."]);
    assert_eq!(found["end_date"], "2028-05-31");
}

#[test]
fn a_notice_is_a_length_in_any_form_and_no_time_for_a_cure() {
    for (clause, notice) in [
        (
            "Either party may end it by giving not less than twenty-one (21) days' written notice.",
            "twenty-one (21) days",
        ),
        (
            "It ends if a breach is not cured within 10 days after notice, or on ninety (90) days' notice.",
            "ninety (90) days",
        ),
        ("Either party may give a 60-day notice.", "60-day"),
        ("Der Vertrag kann mit dreimonatiger Frist gekündigt werden.", "dreimonatiger"),
        ("Es gilt eine Kündigungsfrist von sechs Wochen zum Quartalsende.", "sechs Wochen"),
        (
            "Chaque partie peut le résilier moyennant un préavis écrit de trente jours calendaires.",
            "trente jours calendaires",
        ),
        (
            "Se podrá desistir con una antelación mínima de veinte (20) días hábiles.",
            "veinte (20) días hábiles",
        ),
        ("Il conduttore può recedere con preavviso scritto di mesi tre.", "mesi tre"),
        ("Opzeggen kan met een opzegtermijn van veertien dagen.", "veertien dagen"),
        ("Pode ser denunciado com uma antecedência mínima de 45 dias úteis.", "45 dias úteis"),
        ("Umowę można rozwiązać z zachowaniem trzymiesięcznego okresu wypowiedzenia.", "trzymiesięcznego"),
    ] {
        assert_eq!(read("contract", &["CONTRACT", "", clause])["notice_period"], notice, "{clause}");
    }
}

#[test]
fn what_some_paper_is_dated_is_not_when_the_contract_was_made() {
    let lines =
        ["CONTRATTO", "", "Vista la perizia rilasciata in data 12/01/2023.", "", "Lecce, lì 4 marzo 2024"];
    assert_eq!(read("contract", &lines)["contract_date"], "2024-03-04");
    let lines = ["OVEREENKOMST", "", "Aldus opgemaakt en in tweevoud ondertekend te Breda op 4 maart 2024"];
    assert_eq!(read("contract", &lines)["contract_date"], "2024-03-04");
}

#[test]
fn a_number_in_a_title_may_have_words_behind_it() {
    let found = read("contract", &["UMOWA NR 17/2024 O DZIEŁO", "", "zawarta w Opolu dnia 4 marca 2024 r."]);
    assert_eq!(found["contract_number"], "17/2024");
    assert_eq!(found["contract_date"], "2024-03-04");
}

#[test]
fn whose_account_it_is_stands_in_a_form_or_in_an_address() {
    for (lines, holder) in [
        // A head over its value.
        (
            vec![
                "Account Holder                 Wallet ID                IBAN",
                "Orla Fitzsimons                orla@wallet              ",
                "",
                "Opening balance 1.00",
            ],
            "Orla Fitzsimons",
        ),
        (
            vec!["Estratto conto", "Intestato a: CANTINE MORO", "S.R.L.", "Saldo iniziale 1,00"],
            "CANTINE MORO S.R.L.",
        ),
        (
            vec![
                "EXTRATO",
                "",
                "EXMO(A) SR(A)",
                "JOANA VILAR PIRES",
                "R DAS FLORES 8",
                "4050-262 PORTO",
                "",
                "Saldo inicial 1,00",
            ],
            "JOANA VILAR PIRES",
        ),
        (
            vec![
                "RELEVÉ DE COMPTE",
                "",
                "M OU MME DELORME",
                "PAUL OU INES",
                "3 RUE DU PUITS",
                "69003 LYON",
                "",
                "Solde initial 1,00",
            ],
            "M OU MME DELORME PAUL OU INES",
        ),
        (
            vec![
                "Wold Valley Building Society",
                "1 High Street",
                "York YO1 7HU",
                "",
                "",
                "",
                "Ms Ruth Adeyemi",
                "4 Mill Lane",
                "Malton",
                "YO17 7AB",
                "",
                "Start balance 1.00",
            ],
            "Ruth Adeyemi",
        ),
        (
            vec![
                "Statement",
                "",
                "Hogan Dairies Ltd",
                "2 Main Street",
                "Dublin D02 XY45",
                "",
                "Account type: current",
                "Opening balance 1.00",
            ],
            "Hogan Dairies Ltd",
        ),
        (
            vec![
                "Rekeningoverzicht",
                "",
                "Naam           Bakkerij De Halm B.V.",
                "Soort          Zakelijk",
                "Beginsaldo 1,00",
            ],
            "Bakkerij De Halm B.V.",
        ),
    ] {
        assert_eq!(read("bank_statement", &lines)["account_holder"], holder, "{lines:?}");
    }
}

#[test]
fn a_balance_is_known_by_its_words_or_by_the_movements() {
    let rows = [
        "Fecha        Concepto                  Importe        Saldo",
        "02-09-2024   Recibo seguro             -100,00        900,00",
        "06-09-2024   Transferencia              250,00      1.150,00",
    ];
    let found = |first: &'static str, last: &'static str| {
        let found = read("bank_statement", &[&["Extracto", first][..], &rows, &[last]].concat());
        (found["opening_balance"].to_string(), found["closing_balance"].to_string())
    };
    let both = ("1000.00".to_owned(), "1150.00".to_owned());
    assert_eq!(found("Saldo a 31-08-2024   1.000,00", "Saldo a su favor   1.150,00"), both);
    assert_eq!(found("Viene de la hoja anterior   1.000,00", "Fin de movimientos"), both);
    // What can be spent is no balance, and what is not printed is none either.
    assert_eq!(found("Saldo disponible   5.000,00", "Fin").0, "null");
}

#[test]
fn an_account_is_neither_the_number_of_its_statement_nor_the_first_group_of_its_own() {
    let found = read("bank_statement", &["Relevé de compte n° 5", "Compte courant"]);
    assert_eq!(found["statement_number"], "5");
    assert!(found["account_number"].is_null());
    for (line, account) in [
        ("Account number    1044 8817", "1044 8817"),
        ("Account number: XXXXXX4417", "XXXXXX4417"),
        ("Conta n.º 0123 456789 000", "0123 456789 000"),
        ("Rachunek: 12 3456 7890 0000 1111 2222 3333", "12 3456 7890 0000 1111 2222 3333"),
    ] {
        assert_eq!(read("bank_statement", &["Statement", "", line])["account_number"], account);
    }
}

#[test]
fn a_letter_to_australia_names_whose_account_it_is_and_has_its_dollars() {
    let lines = [
        "Southern Sample Bank",
        "",
        "Sample Plumbing Pty Ltd",
        "12 High Street",
        "Perth WA 6000",
        "",
        "BSB 066-123     Statement number 47",
        "Opening balance                $1,200.00",
        "Closing balance                $1,400.00",
    ];
    let found = read("bank_statement", &lines);
    assert_eq!(found["account_holder"], "Sample Plumbing Pty Ltd");
    assert_eq!(found["currency"], "AUD");
}

#[test]
fn an_account_may_be_printed_in_groups() {
    let lines = ["Wyciąg", "Nr rachunku:      11 2222 3333 4444 5555 6666 7777", "Saldo początkowe   1,00"];
    assert_eq!(read("bank_statement", &lines)["account_number"], "11 2222 3333 4444 5555 6666 7777");
    let lines = ["EXTRATO N. 2024/7", "DEPOSITO A ORDEM: 30118822710", "SALDO INICIAL 1,00"];
    assert_eq!(read("bank_statement", &lines)["account_number"], "30118822710");
}

/// Words of a street that label other things, what stands behind an address, and postcodes of more countries.
#[test]
fn an_address_has_the_words_of_its_street_and_ends_behind_its_postcode() {
    for (lines, address) in [
        (["9 mail Pablo Picasso", "44000 Nantes"], "9 mail Pablo Picasso, 44000 Nantes"),
        (["Rue du Page 91", "1050 Ixelles"], "Rue du Page 91, 1050 Ixelles"),
        (["Via Battisti 9", "06034 Foligno (PG)"], "Via Battisti 9, 06034 Foligno (PG)"),
        (
            ["1120 NW Couch St, Ste 300", "Portland, OR 97209"],
            "1120 NW Couch St, Ste 300, Portland, OR 97209",
        ),
        (
            ["Av. Vargas, 744 – Centro", "89010-200 – Blumenau/SC"],
            "Av. Vargas, 744, Centro, 89010-200 – Blumenau/SC",
        ),
        (["Av. San Juan 3418", "(1233) C.A.B.A."], "Av. San Juan 3418, (1233) C.A.B.A"),
        (["14 Koeberg Road, Maitland, Cape Town, 7405", ""], "14 Koeberg Road, Maitland, Cape Town, 7405"),
        (
            ["880 Birch Road East, Unit 4", "Brampton, Ontario L6T 2B7"],
            "880 Birch Road East, Unit 4, Brampton, Ontario L6T 2B7",
        ),
        (["Carrera 41 # 10-22, Sabaneta, Antioquia", ""], "Carrera 41 # 10-22, Sabaneta, Antioquia"),
        (["Via Battisti 9 06034 Foligno (PG)", ""], "Via Battisti 9 06034 Foligno (PG)"),
        (["PO Box 31-204", "Upper Moutere 7175"], "PO Box 31-204, Upper Moutere 7175"),
        (["12 Pier Road, Upper Moutere 7175", ""], "12 Pier Road, Upper Moutere 7175"),
        (["Rua da Bica, 6 – 1.º", "4700-241 Braga"], "Rua da Bica, 6, 1.º, 4700-241 Braga"),
        (["SAS au capital de 90 000 €", "4 rue Haute, 44000 Nantes"], "4 rue Haute, 44000 Nantes"),
    ] {
        let lines = ["Example Works Ltd", lines[0], lines[1], "", "Invoice 17", "", "", "Total 12.00"];
        assert_eq!(read("invoice", &lines)["seller_address"], address, "{lines:?}");
    }
    let foot = "Penmark Limited. Registered office: Tannery Park, Halifax Road, Brighouse HD6 2QT. Registered in England";
    let lines = ["Penmark Limited", "Invoice 17", "", "Total 12.00", "", "", foot];
    assert_eq!(read("invoice", &lines)["seller_address"], "Tannery Park, Halifax Road, Brighouse HD6 2QT");
    let foot = "Atelier Cuir SASU au capital de 5 000 €, 3 rue de la Tuilerie, 81300 Graulhet";
    let lines = ["Facture 17", "", "Total 12.00", "", "", foot];
    assert_eq!(read("invoice", &lines)["seller_address"], "3 rue de la Tuilerie, 81300 Graulhet");
    // The office of the firm, without its mail, and a box in the letterhead.
    let foot = "Siège social : 9 mail Pablo Picasso, 44000 Nantes – aide@nuage.example – 02 55 55 01 15";
    let lines = ["Facture 17", "", "Total 12.00", "", "Nuage SAS – RCS Nantes 818 440 127", foot];
    assert_eq!(read("invoice", &lines)["seller_address"], "9 mail Pablo Picasso, 44000 Nantes");
    let lines = [
        "Example Facility Services Pty Ltd              PO Box 4412, Kingston ACT 2604",
        "ABN: 83 604 117 552",
        "",
        "Invoice 17",
        "",
        "Total 12.00",
    ];
    assert_eq!(read("invoice", &lines)["seller_address"], "PO Box 4412, Kingston ACT 2604");
}

/// A street in the letterhead has the words of a label in it, and stands beside the name, on whatever page the firm
/// signs; its town may be set apart from it, or stand in another cell.
#[test]
fn an_address_is_found_beside_its_labels_and_apart_from_its_town() {
    let lines = [
        "Wyler Werke AG                                                   Industriestrasse 40",
        "                                                                            6300 Zug",
        "                                                                       041 555 01 77",
        "",
        "Rechnung 17",
        "",
        "Total 12.00",
    ];
    assert_eq!(read("invoice", &lines)["seller_address"], "Industriestrasse 40, 6300 Zug");
    let lines = [
        "Lakner Mühle",
        "",
        "Lakner Mühle GmbH, Mühlweg 4, 12345 Ried",
        "",
        "Rechnung 17",
        "",
        "",
        "Total 12.00",
    ];
    assert_eq!(read("invoice", &lines)["seller_address"], "Mühlweg 4, 12345 Ried");
    let lines = [
        "Works Ltd",
        "Invoice 17",
        "",
        "      Buyer: Flower Market Irene",
        "    Address: 64-000 Kowal, os. Zielone 44",
        "",
        "Total 12.00",
    ];
    assert_eq!(read("invoice", &lines)["buyer_address"], "64-000 Kowal, os. Zielone 44");
    let lines = [
        "Nota fiscal 17",
        "                              TOMADOR DE SERVIÇOS",
        "Nome/Razão Social                              CPF/CNPJ",
        "Carnes Serra Alta S.A.                         07.118.820/0001-33",
        "Endereço                                       Município / UF",
        "Rodovia PR-11, km 3 - CEP 84043-000            Ponta Nova / PR",
        "",
        "Total 12,00",
    ];
    let found = read("invoice", &lines);
    assert_eq!(found["buyer_name"], "Carnes Serra Alta S.A.");
    assert_eq!(found["buyer_vat_id"], "07.118.820/0001-33");
    assert_eq!(found["buyer_address"], "Rodovia PR-11, km 3, CEP 84043-000, Ponta Nova / PR");
}

/// Whom the slip at the foot names again lives where the letter is sent to.
#[test]
fn the_address_of_whom_a_slip_names_stands_in_the_letter() {
    let lines = [
        "Harbour Guard Limited                                   TAX INVOICE 17",
        "GST No. 124-418-707",
        "",
        "",
        "Moss Mall Management Limited",
        "PO Box 31-204",
        "Upper Moutere 7175",
        "",
        "Total 12.00",
        "",
        "",
        "PAYMENT ADVICE",
        "Customer:   Moss Mall Management Limited",
    ];
    let found = read("invoice", &lines);
    assert_eq!(found["buyer_name"], "Moss Mall Management Limited");
    assert_eq!(found["buyer_address"], "PO Box 31-204, Upper Moutere 7175");
}
