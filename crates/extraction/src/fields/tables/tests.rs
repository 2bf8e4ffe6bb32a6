//! Tables of our own making: what a table may look like and still be read.

use docextract_model::extractor::{DocumentType, FieldDefinition, FieldType};
use serde_json::Value as Json;

use crate::fields::{FieldResult, extract_fields};
use crate::layout::testing::page;
use crate::page::Page;

fn array(name: &str, fields: Vec<FieldDefinition>) -> FieldDefinition {
    FieldDefinition { fields, ..FieldDefinition::new(name, FieldType::Array, "") }
}

fn line_items() -> FieldDefinition {
    let field = FieldDefinition::new;
    let fields = vec![
        field("description", FieldType::Text, ""),
        field("quantity", FieldType::Number, ""),
        field("unit_price", FieldType::Currency, ""),
        field("amount", FieldType::Currency, ""),
    ];
    array("line_items", fields)
}

fn read(pages: &[Page], field: FieldDefinition) -> FieldResult {
    extract_fields(pages, &DocumentType::parse("invoice").unwrap(), &[field]).remove(0)
}

/// Description, quantity, unit price, amount of each row, as they would be printed.
fn rows(lines: &[&str]) -> Vec<[String; 4]> {
    cells_of(&read(&[page(lines)], line_items()).value)
}

fn cells_of(value: &Json) -> Vec<[String; 4]> {
    let text = |row: &Json, name: &str| match &row[name] {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let row = |row: &Json| ["description", "quantity", "unit_price", "amount"].map(|name| text(row, name));
    value.as_array().map(|items| items.iter().map(row).collect()).unwrap_or_default()
}

fn expect(lines: &[&str], expected: &[[&str; 4]]) {
    assert_eq!(rows(lines), expected.iter().map(|row| row.map(str::to_owned)).collect::<Vec<_>>());
}

#[test]
fn heads_in_eight_languages_are_known() {
    let heads = [
        "Description                   Quantity      Unit price        Amount",
        "Beschreibung                  Menge         Einzelpreis       Betrag",
        "Désignation                   Qté           Prix unitaire     Montant HT",
        "Descripción                   Cantidad      Precio unitario   Importe",
        "Descrizione                   Quantità      Prezzo unitario   Importo",
        "Omschrijving                  Aantal        Prijs             Bedrag",
        "Descrição                     Quantidade    Preço unitário    Valor",
        "Opis                          Ilość         Cena              Wartość",
    ];
    for head in heads {
        expect(
            &[head, "Paper A4                      10            4.50              45.00", "Total 45.00"],
            &[["Paper A4", "10", "4.50", "45.00"]],
        );
    }
}

#[test]
fn a_description_goes_on_below_its_row() {
    expect(
        &[
            "Pos  Beschreibung               Menge      Einzelpreis        Betrag",
            "1    Schreibtisch                2,00           350,00        700,00",
            "     Eiche massiv, 160 cm",
            "     Lieferung frei Haus",
            "2    Stuhl                       4,00            80,00        320,00",
            "Nettobetrag                                                 1.020,00",
            "MwSt. 19 %                                                    193,80",
            "Gesamtbetrag                                                1.213,80",
        ],
        &[
            ["Schreibtisch Eiche massiv, 160 cm Lieferung frei Haus", "2.00", "350.00", "700.00"],
            ["Stuhl", "4.00", "80.00", "320.00"],
        ],
    );
}

#[test]
fn subtotals_charges_and_sums_are_no_rows() {
    expect(
        &[
            "Description                     Quantity      Unit price        Amount",
            "Pens                                  10            1.00         10.00",
            "Subtotal                                                         10.00",
            "Paper                                  2            4.50          9.00",
            "Subtotal                                                          9.00",
            "Shipping                                                          5.00",
            "Net total                                                        24.00",
            "VAT 20%                                                           4.80",
            "Total                                                            28.80",
            "VAT rate                            Net             VAT          Gross",
            "20%                               24.00            4.80          28.80",
        ],
        &[["Pens", "10", "1.00", "10.00"], ["Paper", "2", "4.50", "9.00"]],
    );
}

#[test]
fn a_table_goes_on_over_a_page_break() {
    let first = [
        "Artikel                     Menge      Einzelpreis        Betrag",
        "Schrauben                     100             0,10         10,00",
        "Übertrag                                                   10,00",
    ];
    let with_head = [
        "Artikel                     Menge      Einzelpreis        Betrag",
        "Übertrag                                                   10,00",
        "Muttern                       200             0,05         10,00",
        "Gesamtbetrag                                               20,00",
    ];
    let second = |lines: &[&str]| Page { number: 2, ..page(lines) };
    let expected = [["Schrauben", "100", "0.10", "10.00"], ["Muttern", "200", "0.05", "10.00"]];
    for rest in [&with_head[..], &with_head[1..]] {
        let result = read(&[page(&first), second(rest)], line_items());
        assert_eq!(cells_of(&result.value), expected.map(|row| row.map(str::to_owned)), "{rest:?}");
        assert_eq!(
            result.cells[1][3].as_ref().map(|cell| (cell.page, cell.text.as_str())),
            Some((2, "10,00"))
        );
    }
}

#[test]
fn the_amount_may_come_before_the_description_and_mean_how_many() {
    expect(
        &[
            "Amount       Product                             VAT      Price      Total",
            "400.00       Balloons                            19%       0.79     316.00",
            "Net total: 316.00",
        ],
        &[["Balloons", "400.00", "0.79", "316.00"]],
    );
}

#[test]
fn an_amount_that_is_set_a_little_lower_belongs_to_its_row() {
    let mut sheet = page(&[
        "Beschreibung                Nettopreis      Menge     Nettobetrag",
        "Trennblätter                    9,9000         20                ",
    ]);
    let lower = page(&["", "                                                     198,00"]);
    sheet.words.extend(lower.words.into_iter().map(|mut word| {
        word.bbox.y0 += 0.6 / 60.0;
        word.bbox.y1 += 0.6 / 60.0;
        word
    }));
    let result = read(&[sheet], line_items());
    assert_eq!(cells_of(&result.value), [["Trennblätter", "20", "9.9000", "198.00"].map(str::to_owned)]);
}

#[test]
fn columns_are_those_of_the_fields_whatever_they_are_called() {
    let field = FieldDefinition::new;
    let mut hours = field("hours", FieldType::Number, "");
    hours.aliases = vec!["Std.".to_owned()];
    let timesheet =
        array("entries", vec![field("day", FieldType::Date, ""), field("task", FieldType::Text, ""), hours]);
    let sheet = page(&[
        "Day             Task                              Std.",
        "03.05.2021      Inspection of the roof            2,50",
        "14.05.2021      Repair                            7,00",
    ]);
    let value = read(&[sheet], timesheet).value;
    let rows: Vec<String> = value.as_array().unwrap().iter().map(Json::to_string).collect();
    assert_eq!(
        rows,
        [
            r#"{"day":"2021-05-03","task":"Inspection of the roof","hours":2.50}"#,
            r#"{"day":"2021-05-14","task":"Repair","hours":7.00}"#,
        ]
    );
}

#[test]
fn every_cell_is_cited_where_it_stands() {
    let result = read(
        &[page(&[
            "Description                     Quantity      Unit price        Amount",
            "Pens                                  10            1.00         10.00",
            "Total 10.00",
        ])],
        line_items(),
    );
    let cited: Vec<&str> =
        result.cells[0].iter().map(|cell| cell.as_ref().map_or("", |cell| cell.text.as_str())).collect();
    assert_eq!(cited, ["Pens", "10", "1.00", "10.00"]);
}

#[test]
fn sums_that_are_right_make_a_table_surer() {
    let head = "Description                     Quantity      Unit price        Amount";
    let row = "Pens                                  10            1.00         10.00";
    let right = read(&[page(&[head, row, "Total                                      10.00"])], line_items());
    let wrong = read(&[page(&[head, row, "Total                                      12.00"])], line_items());
    assert!(right.confidence > wrong.confidence, "{} {}", right.confidence, wrong.confidence);
}

#[test]
fn a_page_without_a_table_gives_none() {
    for lines in [
        &["Dear Sir,", "the price and the quantity of the goods were as agreed."][..],
        &["Description                     Quantity      Unit price        Amount"],
        &[],
    ] {
        assert_eq!(read(&[page(lines)], line_items()), FieldResult::nothing());
    }
}

#[test]
fn of_an_amount_before_tax_and_one_with_it_the_one_that_multiplies_out_is_the_rows() {
    expect(
        &[
            "Nazwa                 Ilość   Cena jedn. netto   Wartość netto   Wartość VAT   Wartość brutto",
            "Transport Gdynia      2       100,00             200,00          46,00         246,00",
            "Deklaracja PIT        3       50,00              150,00          12,00         162,00",
            "Razem                                            350,00          58,00         408,00",
        ],
        &[["Transport Gdynia", "2", "100.00", "200.00"], ["Deklaracja PIT", "3", "50.00", "150.00"]],
    );
}

#[test]
fn a_price_whose_head_nobody_knows_is_known_by_arithmetic() {
    expect(
        &[
            "Description          Qty     Unit        Amount",
            "Printed plans        8       5.55        44.40",
            "Waiting staff        10      14.01       140.10",
            "Total                                    184.50",
        ],
        &[["Printed plans", "8", "5.55", "44.40"], ["Waiting staff", "10", "14.01", "140.10"]],
    );
}

#[test]
fn the_only_price_of_a_table_is_the_amount_of_its_rows() {
    expect(
        &[
            "Concepto                                 Precio",
            "Papel de regalo                          2,02 €",
            "Aceite de oliva                          47,21 €",
            "Total                                    49,23 €",
        ],
        &[["Papel de regalo", "null", "null", "2.02"], ["Aceite de oliva", "null", "null", "47.21"]],
    );
}

#[test]
fn a_row_about_transport_is_a_row_and_an_amount_that_sums_up_the_rows_is_none() {
    expect(
        &[
            "#   Aktivität             Anzahl   Einzelpreis    Gesamtpreis",
            "1   Montage               2        30,00          60,00",
            "2   Transport             1        40,00          40,00",
            "    Nettopreis                                    100,00",
        ],
        &[["Montage", "2", "30.00", "60.00"], ["Transport", "1", "40.00", "40.00"]],
    );
}

#[test]
fn how_many_may_stand_before_the_text_without_a_head() {
    expect(
        &[
            "          Description                  Amount        Total     VAT",
            "-4 x      Tea towel                      6.25       -25.00     21%",
            "-1 x      Shipping, taken back           7.95        -7.95     21%",
            "                                     Subtotal       -32.95",
            "                                      21% VAT        -6.92",
            "                                        Total       -39.87",
        ],
        &[["Tea towel", "-4", "6.25", "-25.00"], ["Shipping, taken back", "-1", "7.95", "-7.95"]],
    );
}

#[test]
fn sums_of_the_rows_with_tax_and_without_are_no_rows() {
    expect(
        &[
            "Description                       VAT          Amount",
            "Sea freight                       0 %        2,000.00",
            "Trucking to the door             21 %          300.00",
            "                         NON TAXABLE         2,000.00",
            "                         TAXABLE               300.00",
            "                         VAT 21 %               63.00",
        ],
        &[["Sea freight", "null", "null", "2000.00"], ["Trucking to the door", "null", "null", "300.00"]],
    );
}

#[test]
fn what_stands_below_a_sum_is_no_row_though_it_fills_the_columns() {
    expect(
        &[
            "Product                         Quantity     Price",
            "Wool, grey                      3           £20.00",
            "Needle                          1            £8.50",
            "                     Subtotal   £28.50",
            "                     Shipping   £3.50 tracked   24",
            "                     Total      £32.00 (includes £5.33 VAT)",
        ],
        &[["Wool, grey", "3", "20.00", "null"], ["Needle", "1", "8.50", "null"]],
    );
}

#[test]
fn the_charges_of_a_folio_are_rows_and_its_payments_are_none() {
    expect(
        &[
            "Date         Text                  Reference        Charges     Credits",
            "03-05-23     Accommodation         Room 31            98.00",
            "04-05-23     Bar                   Slip 118            7.40",
            "05-05-23     Car Park                                 12.00",
            "05-05-23     Visa Card             XXXX0042                      117.40",
            "                                       Total         117.40      117.40",
        ],
        &[
            ["Accommodation", "null", "null", "98.00"],
            ["Bar", "null", "null", "7.40"],
            ["Car Park", "null", "null", "12.00"],
        ],
    );
}

#[test]
fn a_tax_and_a_discount_on_the_sum_of_the_rows_are_no_rows() {
    expect(
        &[
            "Description                   Quantity      Unit price        Amount",
            "Polo shirt, navy              48            21.75             1,044.00",
            "Digitising                    1             65.00             65.00",
            "                                            Sub total         1,109.00",
            "Voucher TEN                                                   -10.00",
            "Texas sales tax (8.25%)                                       86.92",
            "                                            Total             1,185.92",
        ],
        &[["Polo shirt, navy", "48", "21.75", "1044.00"], ["Digitising", "1", "65.00", "65.00"]],
    );
}

#[test]
fn a_head_in_two_languages_or_with_its_tax_is_one_column_each() {
    let row = [["Pitch", "9", "31.00", "279.00"], ["Adult", "18", "8.20", "147.60"]];
    for head in [
        "Concepto / Description          Uds. / Units       Precio / Price      Total (IVA incl.)",
        "Item                            Qty                Price ex. VAT       Amount ex. VAT",
        "Artikel                         Aantal             Prijs incl. btw     Totaal incl. btw",
    ] {
        let lines = [
            head,
            "Pitch                                      9             31.00                 279.00",
            "Adult                                     18              8.20                 147.60",
        ];
        expect(&lines, &row);
    }
}

#[test]
fn a_line_of_words_under_the_columns_goes_on_with_the_head() {
    expect(
        &[
            "Description                 Quantité        Prix unitaire       Taux      Montant",
            "                                            HTVA                TVA       TTC",
            "Stand                              1               10.00        20%         12.00",
            "Transport                          2                5.00        20%         12.00",
        ],
        &[["Stand", "1", "10.00", "12.00"], ["Transport", "2", "5.00", "12.00"]],
    );
}

#[test]
fn many_columns_that_nothing_is_known_of_hide_no_amount() {
    expect(
        &[
            "Pos   Werk    Lager   Bezeichnung   Menge   ME      Preis    pro     Endwert",
            "10    0071    A4      Conveyor          2   ST     840.00      1     1680.00",
            "20    0071    A4      Motor             3   ST     312.50      1      937.50",
        ],
        &[["Conveyor", "2", "840.00", "1680.00"], ["Motor", "3", "312.50", "937.50"]],
    );
}

#[test]
fn how_many_stands_before_the_price_where_no_head_says_which_is_which() {
    expect(
        &[
            "Artículo           Lote         Kg          €/Kg       Importe",
            "Hake               L-0412       12,480      13,90       173,47",
            "Octopus            L-7731       18,000      11,25       202,50",
        ],
        &[["Hake", "12.480", "13.90", "173.47"], ["Octopus", "18.000", "11.25", "202.50"]],
    );
}

#[test]
fn a_row_is_put_right_where_two_numbers_before_its_amount_multiply_to_it() {
    // The quantity stands nearer to the price's head, and a space parts its thousands.
    expect(
        &[
            "Descripción                 Cantidad      Precio       Importe",
            "Soap, 25 L                             12     41,20        494,40",
            "Bags, 10                            1 500      1,12       1680,00",
        ],
        &[["Soap, 25 L", "12", "41.20", "494.40"], ["Bags, 10", "1500", "1.12", "1680.00"]],
    );
}

#[test]
fn a_tax_in_a_column_of_a_row_closes_no_table() {
    expect(
        &[
            "Descripción                 Cantidad      Precio     Impuestos      Importe",
            "Table with oak top  2,00 Uds              389,00     IVA 21%         778,00",
            "Chair                       8,00 Uds      174,50     IVA 21%        1396,00",
            "Base imponible                                                     2174,00",
        ],
        &[["Table with oak top", "2.00", "389.00", "778.00"], ["Chair", "8.00", "174.50", "1396.00"]],
    );
}

#[test]
fn the_last_of_several_amounts_that_sums_up_the_others_is_no_row() {
    expect(
        &[
            "Datum           Leistung               Dauer        Honorar",
            "22.10.2024      Exercise               45 min         78,00",
            "29.10.2024      Exercise               45 min         78,00",
            "05.11.2024      Massage                30 min         49,50",
            "                Alles in allem                       205,50",
        ],
        &[
            ["Exercise", "null", "null", "78.00"],
            ["Exercise", "null", "null", "78.00"],
            ["Massage", "null", "null", "49.50"],
        ],
    );
}

#[test]
fn lines_without_a_head_are_rows_where_they_make_up_the_sum_below() {
    let row = [["Deed of transfer", "null", "null", "895.00"], ["Register search", "null", "null", "38.50"]];
    let lines = [
        "For our services we charge:",
        "Deed of transfer                                        € 895.00",
        "Register search                                          € 38.50",
        "Subtotal                                                € 933.50",
        "VAT 21%                                                 € 196.04",
        "Total                                                  € 1129.54",
    ];
    expect(&lines, &row);
    let lines = lines.map(|line| line.replace("933.50", "933.51"));
    expect(&lines.each_ref().map(String::as_str), &[]);
}

#[test]
fn a_line_that_multiplies_out_says_how_many_and_the_price() {
    expect(
        &[
            "1. Subscription, 12 months - 1 x 1188.00 = 1188.00",
            "2. Further user - 3 months at 96.00 = 288.00",
            "",
            "Net total: 1476.00",
        ],
        &[
            ["1. Subscription, 12 months", "1", "1188.00", "1188.00"],
            ["2. Further user", "3", "96.00", "288.00"],
        ],
    );
}
