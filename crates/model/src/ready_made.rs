//! The extractors that every organisation has from its first day, as data.
//!
//! They are read by the same engine as an extractor of a user's own: nothing is known of a field but what
//! stands here and what its name, its description and its aliases mean to the engine.

use crate::extractor::{FieldDefinition, FieldType};

/// An extractor that every organisation has from its first day.
#[derive(Debug, Clone)]
pub struct ReadyMade {
    pub name: &'static str,
    pub document_type: &'static str,
    pub field_definitions: Vec<FieldDefinition>,
}

/// The ready-made extractors, in the order in which they are shown.
#[must_use]
pub fn ready_made() -> Vec<ReadyMade> {
    let kind = |name, document_type, field_definitions| ReadyMade { name, document_type, field_definitions };
    vec![
        kind("Invoice", "invoice", invoice()),
        kind("Receipt", "receipt", receipt()),
        kind("Purchase order", "purchase_order", purchase_order()),
        kind("Bank statement", "bank_statement", bank_statement()),
        kind("Contract", "contract", contract()),
        kind("Form", "form", form()),
    ]
}

fn field(name: &str, field_type: FieldType, description: &str) -> FieldDefinition {
    FieldDefinition::new(name, field_type, description)
}

fn with_aliases(field: FieldDefinition, aliases: &[&str]) -> FieldDefinition {
    FieldDefinition { aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(), ..field }
}

fn line_items() -> FieldDefinition {
    use FieldType::{Array, Currency, Number, Text};
    field("line_items", Array, "What was sold, a line each").with_fields(vec![
        field("description", Text, "What was sold"),
        field("quantity", Number, "How many"),
        field("unit_price", Currency, "The price of one"),
        field("amount", Currency, "The price of the line"),
    ])
}

fn invoice() -> Vec<FieldDefinition> {
    use FieldType::{Array, Currency, Date, Email, Number, Phone, Text};
    vec![
        field("invoice_number", Text, "The number that the seller gave this invoice").required(),
        field("invoice_date", Date, "The day on which the invoice was issued").required(),
        field("total_amount", Currency, "The amount to pay, tax included").required(),
        field("net_amount", Currency, "The sum before tax"),
        field("tax_amount", Currency, "The tax, all rates together"),
        field("currency", Text, "The ISO 4217 code of the currency, such as EUR"),
        field("seller_name", Text, "The company that issued the invoice"),
        field("buyer_name", Text, "The company or person that is billed"),
        field("due_date", Date, "The day by which to pay"),
        field("order_number", Text, "The buyer's purchase order"),
        field("customer_number", Text, "The buyer's number at the seller"),
        field("seller_vat_id", Text, "The seller's VAT identification number"),
        field("iban", Text, "The bank account to pay to"),
        line_items(),
        field("buyer_vat_id", Text, "The buyer's VAT identification number"),
        field("bic", Text, "The code of the bank to pay to"),
        field("delivery_date", Date, "The day of the delivery or service"),
        field("payment_terms", Text, "How and when to pay, as printed"),
        field("discount_amount", Currency, "What was taken off, all discounts together"),
        field("shipping_amount", Currency, "What the delivery costs"),
        field("amount_paid", Currency, "What was paid before"),
        field("amount_due", Currency, "What is left to pay, where that is printed"),
        field("seller_address", Text, "The seller's street and town"),
        field("buyer_address", Text, "The buyer's street and town"),
        field("seller_email", Email, "The seller's e-mail address"),
        field("seller_phone", Phone, "The seller's telephone number"),
        field("tax_lines", Array, "The tax of each rate, a line each").with_fields(vec![
            field("rate", Number, "The rate in percent"),
            field("net_amount", Currency, "The sum that it is on"),
            field("tax_amount", Currency, "The tax"),
        ]),
    ]
}

fn receipt() -> Vec<FieldDefinition> {
    use FieldType::{Currency, Date, Text};
    vec![
        field("merchant_name", Text, "The shop that issued the receipt"),
        field("merchant_address", Text, "The shop's address"),
        field("date", Date, "The day of the purchase").required(),
        field("total_amount", Currency, "The amount paid, tax included").required(),
        field("tax_amount", Currency, "The tax that the total includes"),
        field("currency", Text, "The ISO 4217 code of the currency, such as EUR"),
    ]
}

fn purchase_order() -> Vec<FieldDefinition> {
    use FieldType::{Currency, Date, Text};
    vec![
        with_aliases(
            field("order_number", Text, "The number that the buyer gave this order"),
            &[
                "Lieferantenbestellung Nr",
                "commande fournisseur n°",
                "pedido a proveedor n",
                "ordine fornitore n",
                "ordine a fornitore n",
                "inkooporder",
                "encomenda a fornecedor n.º",
                "zamówienie do dostawcy nr",
            ],
        )
        .required(),
        field("order_date", Date, "The day of the order").required(),
        field("buyer_name", Text, "The company that orders"),
        field("seller_name", Text, "The company that is to deliver"),
        with_aliases(
            field("delivery_date", Date, "The day by which to deliver"),
            &[
                "deliver by",
                "deliver on or before",
                "please supply the following by",
                "please supply by",
                "zu liefern bis",
                "Lieferung bis",
                "merci de livrer avant le",
                "à livrer avant le",
                "à livrer le",
                "a entregar antes del",
                "entregar antes del",
                "consegnare entro il",
                "da consegnare entro il",
                "te leveren voor",
                "leveren uiterlijk",
                "entregar até",
                "dostarczyć do",
            ],
        ),
        field("total_amount", Currency, "The value of the order, tax included"),
        field("net_amount", Currency, "The sum before tax"),
        field("tax_amount", Currency, "The tax, all rates together"),
        field("currency", Text, "The ISO 4217 code of the currency, such as EUR"),
        field("payment_terms", Text, "How and when it will be paid, as printed"),
        field("customer_number", Text, "The buyer's number at the seller"),
        line_items(),
    ]
}

fn bank_statement() -> Vec<FieldDefinition> {
    use FieldType::{Array, Currency, Date, Text};
    let opening = [
        "opening balance",
        "previous balance",
        "balance brought forward",
        "balance forward",
        "starting balance",
        "beginning balance",
        "balance as on",
        "old balance",
        "Anfangssaldo",
        "alter Kontostand",
        "alter Saldo",
        "Saldovortrag",
        "Kontostand am Anfang",
        "Saldo alt",
        "ancien solde",
        "solde initial",
        "solde précédent",
        "solde d'ouverture",
        "solde antérieur",
        "saldo inicial",
        "saldo anterior",
        "saldo iniziale",
        "saldo precedente",
        "beginsaldo",
        "vorig saldo",
        "oud saldo",
        "saldo początkowe",
        "saldo poprzednie",
    ];
    let closing = [
        "closing balance",
        "new balance",
        "ending balance",
        "balance carried forward",
        "final balance",
        "balance at end",
        "Endsaldo",
        "neuer Kontostand",
        "neuer Saldo",
        "Schlusssaldo",
        "Kontostand am Ende",
        "Kontostand am",
        "Saldo neu",
        "nouveau solde",
        "solde final",
        "solde de clôture",
        "saldo final",
        "nuevo saldo",
        "saldo finale",
        "nuovo saldo",
        "eindsaldo",
        "nieuw saldo",
        "saldo końcowe",
        "nowe saldo",
    ];
    vec![
        with_aliases(
            field("account_holder", Text, "Whose account it is"),
            &[
                "account holder",
                "account holders",
                "account name",
                "account title",
                "name of account",
                "name of account holder",
                "customer name",
                "a/c name",
                "Kontoinhaber",
                "Kontoinhaberin",
                "Kontobezeichnung",
                "intitulé du compte",
                "nom du titulaire",
                "titulaires",
                "titulaire",
                "titulaire du compte",
                "titular",
                "titulares",
                "titular de la cuenta",
                "nombre del titular",
                "intestatario",
                "intestatario del conto",
                "intestato a",
                "conto intestato a",
                "titolare",
                "titolare del conto",
                "rekeninghouder",
                "naam rekeninghouder",
                "tenaamstelling",
                "ten name van",
                "titular da conta",
                "nome do titular",
                "właściciel rachunku",
                "posiadacz rachunku",
                "posiadacz",
            ],
        ),
        field("iban", Text, "The account"),
        field("bic", Text, "The code of the bank"),
        with_aliases(
            field("account_number", Text, "The account, where it is not an IBAN"),
            &[
                "account number",
                "account no",
                "a/c no",
                "a/c number",
                "Kontonummer",
                "Konto-Nr",
                "numéro de compte",
                "compte n°",
                "n° de compte",
                "n° compte",
                "número de cuenta",
                "n° de cuenta",
                "cuenta n°",
                "numero conto",
                "conto n",
                "conto corrente n",
                "rekeningnummer",
                "número de conta",
                "n° de conta",
                "conta n°",
                "depósito à ordem",
                "conta à ordem",
                "numer rachunku",
                "rachunek nr",
                "nr rachunku",
                "rachunek",
                "conta n.º",
                "n.º de conta",
                "n.º da conta",
            ],
        ),
        with_aliases(
            field("statement_number", Text, "The number of the statement"),
            &[
                "statement number",
                "statement no",
                "Auszug Nr",
                "Auszugsnummer",
                "Kontoauszug Nr",
                "relevé n°",
                "numéro de relevé",
                "extracto n",
                "número de extracto",
                "estratto conto n",
                "afschriftnummer",
                "afschrift nr",
                "extrato n",
                "número do extrato",
                "wyciąg nr",
                "numer wyciągu",
                "nr wyciągu",
                "wyciąg z rachunku nr",
                "relevé de compte n°",
                "extrait n°",
                "extrait de compte n°",
                "extracto de cuenta n",
                "estratto conto numero",
                "extrato de conta n.º",
                "extrato n.º",
                "n.º do extrato",
                "afschriftnr",
                "volgnummer",
            ],
        ),
        with_aliases(
            field("statement_date", Date, "The day of the statement"),
            &[
                "statement date",
                "Auszugsdatum",
                "Kontoauszug vom",
                "date du relevé",
                "fecha del extracto",
                "data estratto conto",
                "afschriftdatum",
                "datum afschrift",
                "data do extrato",
                "data wyciągu",
            ],
        ),
        with_aliases(field("opening_balance", Currency, "What was on the account before"), &opening),
        with_aliases(field("closing_balance", Currency, "What is on the account now"), &closing),
        field("currency", Text, "The ISO 4217 code of the currency, such as EUR"),
        field("transactions", Array, "What moved, a line each").with_fields(vec![
            field("date", Date, "The day of booking"),
            field("description", Text, "What it was, and whose"),
            field("amount", Currency, "What came in, or went out with a minus"),
            field("balance", Currency, "The balance after it, where it is printed"),
        ]),
    ]
}

fn contract() -> Vec<FieldDefinition> {
    use FieldType::{Array, Date, Text};
    vec![
        field("parties", Array, "Who made the contract").with_fields(vec![
            field("name", Text, "The name of the party"),
            field("role", Text, "What the contract calls it, such as Supplier"),
        ]),
        with_aliases(
            field("contract_number", Text, "The number of the contract"),
            &[
                "contract number",
                "contract no",
                "agreement number",
                "agreement no",
                "Vertragsnummer",
                "Vertrags-Nr",
                "Vertrag Nr",
                "numéro de contrat",
                "contrat n°",
                "número de contrato",
                "contrato n",
                "numero contratto",
                "contratto n",
                "contractnummer",
                "contrato n.º",
                "numer umowy",
                "umowa nr",
            ],
        ),
        with_aliases(
            field("contract_date", Date, "The day on which it was made"),
            &[
                "contract date",
                "agreement date",
                "date of agreement",
                "Vertragsdatum",
                "date du contrat",
                "fecha del contrato",
                "data del contratto",
                "contractdatum",
                "data do contrato",
                "data umowy",
            ],
        ),
        with_aliases(
            field("effective_date", Date, "The day from which it binds"),
            &[
                "effective date",
                "commencement date",
                "start date",
                "Vertragsbeginn",
                "Inkrafttreten",
                "date d'effet",
                "date d'entrée en vigueur",
                "fecha de entrada en vigor",
                "fecha de inicio",
                "data di decorrenza",
                "data di efficacia",
                "ingangsdatum",
                "data de início",
                "data de entrada em vigor",
                "data wejścia w życie",
            ],
        ),
        with_aliases(
            field("end_date", Date, "The day on which it ends, where that is printed"),
            &[
                "end date",
                "expiry date",
                "expiration date",
                "termination date",
                "Vertragsende",
                "date de fin",
                "date d'expiration",
                "fecha de finalización",
                "fecha de terminación",
                "data di scadenza",
                "einddatum",
                "data de fim",
                "data de termo",
                "data zakończenia",
            ],
        ),
        field("term", Text, "How long it lasts, as printed"),
        field("notice_period", Text, "How long before its end it must be given notice, as printed"),
        field("governing_law", Text, "Whose law governs it, as printed"),
    ]
}

fn form() -> Vec<FieldDefinition> {
    use FieldType::{Array, Text};
    vec![field("entries", Array, "Everything that was filled in").with_fields(vec![
        field("key", Text, "What is asked for, as printed"),
        field("value", Text, "What was filled in; yes or no for a box that stands alone"),
    ])]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::extractor::{DocumentType, check_field_definitions};

    #[test]
    fn every_ready_made_extractor_could_be_a_users_own() {
        for extractor in ready_made() {
            assert_eq!(check_field_definitions(&extractor.field_definitions), [], "{}", extractor.name);
            assert!(DocumentType::parse(extractor.document_type).is_ok());
        }
    }
}
