//! The engine on synthetic pages: what an extractor of anyone's own may rely on.

mod parties;
mod receipts;
mod sums;

use super::*;
use crate::layout::testing::{page, page_of};
use crate::page::{BBox, Word};

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

fn parties(lines: &[&str]) -> [String; 2] {
    let fields = [field("seller_name", FieldType::Text), field("buyer_name", FieldType::Text)];
    let found = values("invoice", lines, &fields);
    [0, 1].map(|index| found[index].trim_matches('"').to_owned())
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
fn the_head_of_a_column_names_the_currency() {
    let lines = [
        "Bezeichnung          Menge      Einzel/€      Gesamt/€",
        "Amboss               1          120,00        120,00",
    ];
    assert_eq!(values("invoice", &lines, &[field("currency", FieldType::Text)]), ["\"EUR\""]);
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
fn a_value_may_stand_where_the_sentence_of_its_label_goes_on() {
    let lines = [
        "Bitte überweisen Sie den Betrag auf unser Konto, spätestens bis zum",
        "20.12.2023. Vielen Dank für Ihren Auftrag. Alle Waren bleiben bis dahin",
        "unser Eigentum.",
    ];
    let due = read("invoice", &lines, &[field("due_date", FieldType::Date)]).remove(0).value;
    assert_eq!(due, "2023-12-20");
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
fn the_letters_of_a_portuguese_bill_do_not_part_its_number_from_its_label() {
    let lines = ["N.º da fatura        FT 202404/3381907", "Internet 500 Mbps            30,00"];
    let number = values("invoice", &lines, &[field("invoice_number", FieldType::Text)]);
    assert_eq!(number, ["\"FT 202404/3381907\""]);
}

#[test]
fn each_trade_calls_its_customers_by_another_word() {
    let fields = [field("customer_number", FieldType::Text)];
    for line in [
        "Membership no: 40-118",
        "Acct # 40-118",
        "Teilnehmernummer: 40-118",
        "N° d'abonné : 40-118",
        "N.º de socio: 40-118",
        "Codice utente 40-118",
        "Lidnummer 40-118",
        "N.º de utente: 40-118",
        "Numer pacjenta: 40-118",
    ] {
        let lines = ["INVOICE 2024-7", line, "Total 10.00"];
        assert_eq!(values("invoice", &lines, &fields), ["\"40-118\""], "{line}");
    }
}

#[test]
fn an_account_is_a_customers_unless_a_bank_is_spoken_of() {
    let fields = [field("customer_number", FieldType::Text)];
    let found = |line| values("invoice", &["INVOICE 2024-7", line, "Total 10.00"], &fields);
    assert_eq!(found("Account    HAR014"), ["\"HAR014\""]);
    assert_eq!(found("Account 40118826    Sort code 30-91-77"), ["null"]);
    assert_eq!(found("We collect it from the account ending in 0412."), ["null"]);
}

#[test]
fn a_number_in_groups_behind_its_label_is_one() {
    let fields = [field("customer_number", FieldType::Text)];
    for (line, number) in [
        ("Kandidatennummer: 10 447", "\"10 447\""),
        ("Sociétaire : 0 884 217 K", "\"0 884 217 K\""),
        ("Sócio n.º 4 418", "\"4 418\""),
    ] {
        let lines = ["Rechnung 2024-7", line, "Total 10.00"];
        assert_eq!(values("invoice", &lines, &fields), [number], "{line}");
    }
}

#[test]
fn the_day_of_an_order_is_not_the_documents() {
    let lines = ["Fattura n. 418", "Verona, 08/11/2024", "Vs. ordine 77 del 31/10/2024", "Totale 90,00"];
    assert_eq!(values("invoice", &lines, &[field("invoice_date", FieldType::Date)]), ["\"2024-11-08\""]);
}

#[test]
fn a_payment_below_words_for_the_last_day_is_due() {
    let lines = [
        "Fattura n. 418",
        "Data: 06/12/2023",
        "Termine di pagamento",
        "30 giorni",
        "16/12/2023    1.677,45 €",
    ];
    assert_eq!(values("invoice", &lines, &[field("due_date", FieldType::Date)]), ["\"2023-12-16\""]);
}

#[test]
fn a_word_with_the_sign_of_a_number_says_more_than_one_without() {
    let lines = ["Transaction ID pi_3PQ8xTk", "Invoice #      NPI2406-55190", "Total 10.00"];
    assert_eq!(values("invoice", &lines, &[field("invoice_number", FieldType::Text)]), ["\"NPI2406-55190\""]);
}

#[test]
fn a_sentence_may_say_until_when_to_pay_in_other_ways() {
    let fields = [field("due_date", FieldType::Date)];
    for (lines, day) in [
        (
            [
                "Payment terms require payment of this invoice by",
                "November 20, 2024. Late payments cost more.",
            ],
            "\"2024-11-20\"",
        ),
        (["Bitte begleichen Sie den offenen Betrag vor der", "Abholung, spätestens am 17.5.2024."], "null"),
        (["Bitte begleichen Sie den Betrag, spätestens am 17.5.2024.", ""], "\"2024-05-17\""),
        (["Zahlung: bis 14.08.24 mit 2 % Skonto, bis 30.08.24 ohne Abzug.", ""], "\"2024-08-30\""),
    ] {
        let lines = [&["INVOICE 2024-7", "Total 10.00"][..], &lines[..]].concat();
        assert_eq!(values("invoice", &lines, &fields), [day], "{lines:?}");
    }
}

#[test]
fn a_delivery_beside_a_day_is_its_date_and_beside_an_amount_its_cost() {
    let day = ["Lieferung: 09. April 2025", "Zahlbar innerhalb von 14 Tagen bis 25. April 2025"];
    let fields = [field("delivery_date", FieldType::Date), field("due_date", FieldType::Date)];
    assert_eq!(values("invoice", &day, &fields), ["\"2025-04-09\"", "\"2025-04-25\""]);
    let day =
        ["Factuurdatum: 8 maart 2025", "Wij schrijven dit bedrag rond 22 maart 2025 af van uw rekening."];
    assert_eq!(values("invoice", &day, &fields[1..]), ["\"2025-03-22\""]);
    let lines = [
        "Zwischentotal             9682.00",
        "Lieferung und Montage      240.00",
        "Total                     9922.00",
        "Carte Mastercard          9922.00",
    ];
    let fields = [field("shipping_amount", FieldType::Currency), field("amount_paid", FieldType::Currency)];
    assert_eq!(values("invoice", &lines, &fields), ["240.00", "9922.00"]);
}

#[test]
fn a_banks_code_is_told_by_the_account_that_it_stands_with() {
    let fields = [field("bic", FieldType::Text)];
    let found = |lines: &[&str]| values("invoice", lines, &fields);
    assert_eq!(found(&["Sparbank, AT61 1904 3002 3457 3201, RVSAAT2S053"]), ["\"RVSAAT2S053\""]);
    assert_eq!(found(&["AT61 1904 3002 3457 3201", "GKCCATBB"]), ["\"GKCCATBB\""]);
    assert_eq!(found(&["AT61 1904 3002 3457 3201", "GKCCBEBB"]), ["null"]);
}

#[test]
fn of_two_orders_the_buyers_is_the_purchase_order() {
    let lines = ["RECHNUNG 7240118", "Auftrag A97720", "Ihre Bestellung B-24/0611", "Gesamt 10,00"];
    assert_eq!(values("invoice", &lines, &[field("order_number", FieldType::Text)]), ["\"B-24/0611\""]);
}

#[test]
fn the_number_of_an_argentine_voucher_stands_beside_its_point_of_sale() {
    let lines = ["FACTURA", "Punto de Venta: 00004 Comp. Nro: 00077182", "Fecha de Emisión: 19/08/2025"];
    assert_eq!(text("invoice_number", &lines), "00077182");
    let lines = ["Facture de situation F2025-061        Le 30/09/2025", "Total TTC 10,00"];
    assert_eq!(text("invoice_number", &lines), "F2025-061");
}

#[test]
fn a_day_behind_a_number_is_none_of_it() {
    let lines = ["Invoice number/date", "90041277 / 2024-06-28", "Total 10.00"];
    let fields = [field("invoice_number", FieldType::Text), field("invoice_date", FieldType::Date)];
    assert_eq!(values("invoice", &lines, &fields), ["\"90041277\"", "\"2024-06-28\""]);
}

#[test]
fn a_count_of_pages_is_no_number_of_an_order() {
    let lines = ["Commande 1 / 1", "N° de commande 4500771938"];
    assert_eq!(values("invoice", &lines, &[field("order_number", FieldType::Text)]), ["\"4500771938\""]);
}

#[test]
fn a_tax_point_is_the_invoices_day_where_no_other_is() {
    let fields = [field("invoice_date", FieldType::Date)];
    let found = |lines: &[&str]| values("invoice", lines, &fields);
    assert_eq!(
        found(&["Invoice No SI-7", "Tax Point 06/09/2024", "Order Date 02/09/2024"]),
        ["\"2024-09-06\""]
    );
    assert_eq!(found(&["Tax Point 06/09/2024", "Invoice Date 07/09/2024"]), ["\"2024-09-07\""]);
}

#[test]
fn labels_half_a_line_above_their_values_are_told_by_their_places() {
    let column = |x: f32, y: f32, rows: &[&str]| -> Vec<Word> {
        let word = |(row, text): (usize, &&str)| Word {
            bbox: BBox { x0: x, y0: y + 0.02 * row as f32, x1: x + 0.15, y1: y + 0.01 + 0.02 * row as f32 },
            ..page(&[*text]).words[0].clone()
        };
        rows.iter().enumerate().map(word).collect()
    };
    let mut form = page(&["Rechnung"]);
    form.words.extend(column(
        0.5,
        0.1,
        &["Kundennummer:", "Rechnungsnummer:", "Rechnungsdatum:", "Lieferdatum:"],
    ));
    form.words.extend(column(0.8, 0.109, &["07-02214", "24/0933", "29.10.2024", "24.10.2024"]));
    let fields = [
        field("customer_number", FieldType::Text),
        field("invoice_number", FieldType::Text),
        field("invoice_date", FieldType::Date),
        field("delivery_date", FieldType::Date),
    ];
    let kind = DocumentType::parse("invoice").unwrap();
    let found: Vec<_> =
        extract_fields(&[form], &kind, &fields).into_iter().map(|f| f.value.to_string()).collect();
    assert_eq!(found, ["\"07-02214\"", "\"24/0933\"", "\"2024-10-29\"", "\"2024-10-24\""]);
}

#[test]
fn a_number_that_would_be_a_tax_id_without_its_hyphen_is_a_number() {
    // Its last digit is by chance the right one for a Spanish company.
    let lines = ["Factuur", "Factuurnummer F2025-0114", "Totaal 10,00"];
    assert_eq!(values("invoice", &lines, &[field("invoice_number", FieldType::Text)]), ["\"F2025-0114\""]);
    let lines = ["Factura 7", "C.I.F. F20250114", "Total 10,00"];
    assert_eq!(values("invoice", &lines, &[field("seller_vat_id", FieldType::Text)]), ["\"F20250114\""]);
}

#[test]
fn a_day_in_a_row_of_the_table_is_not_behind_a_town() {
    let lines = ["INVOICE 7", "Date    14 Oct 2025", "Site visit, 6 Oct 2025    3.5    140.00    490.00"];
    assert_eq!(values("invoice", &lines, &[field("invoice_date", FieldType::Date)]), ["\"2025-10-14\""]);
}

#[test]
fn the_day_of_a_delivery_note_is_not_the_documents() {
    let lines =
        ["FACTURA 7", "Albarán 1-118842 de fecha 14/03/2025", "", "", "Emisión 28/03/2025", "Total 10,00"];
    assert_eq!(values("invoice", &lines, &[field("invoice_date", FieldType::Date)]), ["\"2025-03-28\""]);
}

#[test]
fn a_post_box_is_no_order() {
    let lines = ["INVOICE 7", "PO Box 4412, Kingston", "Total 10.00"];
    assert_eq!(values("invoice", &lines, &[field("order_number", FieldType::Text)]), ["null"]);
}
