//! Amounts: which of them is the total, the net, the tax, what was paid and what is left.

use super::*;

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
fn a_credit_note_gives_positive_amounts() {
    let lines = ["Avoir AV-17", "Total HT   -100,00 €", "Total TVA   -20,00 €", "Total TTC   -120,00 €"];
    assert_eq!(values("invoice", &lines, &[field("total_amount", FieldType::Currency)]), ["120.00"]);
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

#[test]
fn what_was_let_off_has_no_minus() {
    let lines = ["INVOICE 2024-7", "Subtotal 100.00", "Discount -10.00", "Total 90.00"];
    assert_eq!(values("invoice", &lines, &[field("discount_amount", FieldType::Currency)]), ["10.00"]);
}

#[test]
fn the_sum_of_a_column_is_its_heads_and_not_the_first_row() {
    use FieldType::Currency;
    let fields = [field("net_amount", Currency), field("tax_amount", Currency)];
    let lines = [
        "FATTURA N. 3107",
        "Cod.   Natura                      Imponibile      Imposta",
        "15     Escl. art. 15                 7.405,03         0,00",
        "9      Non imp. art. 9                  85,00         0,00",
        "22     Aliquota 22%                     78,50        17,27",
        "       TOTALI                        7.568,53        17,27",
        "",
        "                        TOTALE FATTURA EUR 7.585,80",
    ];
    assert_eq!(values("invoice", &lines, &fields), ["7568.53", "17.27"]);
}

#[test]
fn no_more_is_charged_on_than_the_total() {
    let lines = [
        "MINUTA Nº 1.877/2024",
        "Base: 168.000,00 €",
        "Base imponible      757,84 €",
        "IVA 21 %            159,15 €",
        "Suplidos             24,70 €",
        "Total a pagar       941,69 €",
    ];
    assert_eq!(values("invoice", &lines, &[field("net_amount", FieldType::Currency)]), ["757.84"]);
}

#[test]
fn what_is_due_of_one_bill_is_not_all_that_is_outstanding() {
    use FieldType::Currency;
    let lines = [
        "INVOICE 2024-7",
        "Amount due this period                  $215.44",
        "Amount outstanding (prior invoices)      $73.55",
        "Total amount outstanding                $288.99",
    ];
    let fields = [field("total_amount", Currency), field("amount_due", Currency)];
    assert_eq!(values("invoice", &lines, &fields), ["215.44", "288.99"]);
}

#[test]
fn what_a_town_takes_of_its_guests_is_no_tax_on_the_sale() {
    let lines = [
        "Factura C-2024-3391",
        "Base imponible / Taxable base                473,46 €",
        "IVA / VAT 10 %                                47,35 €",
        "Impuesto estancias turísticas / Tourist tax   11,88 €",
        "TOTAL                                        532,69 €",
    ];
    assert_eq!(values("invoice", &lines, &[field("tax_amount", FieldType::Currency)]), ["47.35"]);
}

#[test]
fn of_a_tax_beside_a_lone_sign_for_percent_the_rate_is_meant() {
    let lines = [
        "Factura 7",
        "Precio     % IVA     Importe",
        "100,00     21,00     100,00",
        "Neto     IVA 21%     Perc. 3%     TOTAL",
        "100,00     21,50     3,00     124,50",
    ];
    assert_eq!(values("invoice", &lines, &[field("tax_amount", FieldType::Currency)]), ["21.50"]);
}
