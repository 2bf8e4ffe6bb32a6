//! Receipts.

use super::*;

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

#[test]
fn an_estate_of_shops_is_a_street() {
    let lines = [
        "BRICO VAL",
        "SAS VAL DISTRIBUTION",
        "ZAC des Fontaines",
        "26000 VALENCE",
        "Tél. 04 75 55 01 33",
        "",
        "TOTAL 12,00",
    ];
    let found = of_receipt(&lines, &[("merchant_address", FieldType::Text)]);
    assert_eq!(found, ["\"ZAC des Fontaines, 26000 VALENCE\""]);
}
