//! OASIS Universal Business Language 2: invoices and credit notes.

use super::xml::Node;
use super::{Invoice, Line, TaxLine, decimal, in_one_line, iso_date};

pub(super) fn read(root: &Node) -> Invoice {
    let currency = root.text_at("DocumentCurrencyCode");
    let seller = root.at("AccountingSupplierParty/Party");
    let buyer = root.at("AccountingCustomerParty/Party");
    let date = |path: &str| root.text_at(path).and_then(|text| iso_date(&text));
    Invoice {
        number: root.text_at("ID"),
        date: date("IssueDate"),
        // A credit note has its due date with the means of payment.
        due_date: date("DueDate").or_else(|| date("PaymentMeans/PaymentDueDate")),
        total: decimal(root.text_at("LegalMonetaryTotal/TaxInclusiveAmount"))
            .or_else(|| decimal(root.text_at("LegalMonetaryTotal/PayableAmount"))),
        net: decimal(root.text_at("LegalMonetaryTotal/TaxExclusiveAmount")),
        tax: tax(root, currency.as_deref()),
        currency,
        seller_name: seller.and_then(party_name),
        seller_vat_id: seller.and_then(vat_id),
        buyer_name: buyer.and_then(party_name),
        customer_number: buyer.and_then(|party| party.text_at("PartyIdentification/ID")),
        order_number: root.text_at("OrderReference/ID"),
        iban: root.all("PaymentMeans").find_map(|means| means.text_at("PayeeFinancialAccount/ID")),
        buyer_vat_id: buyer.and_then(vat_id),
        bic: root
            .all("PaymentMeans")
            .find_map(|means| means.text_at("PayeeFinancialAccount/FinancialInstitutionBranch/ID")),
        delivery_date: date("Delivery/ActualDeliveryDate"),
        payment_terms: root.text_at("PaymentTerms/Note"),
        discount: decimal(root.text_at("LegalMonetaryTotal/AllowanceTotalAmount")),
        paid: decimal(root.text_at("LegalMonetaryTotal/PrepaidAmount")),
        due: decimal(root.text_at("LegalMonetaryTotal/PayableAmount")),
        seller_address: seller.and_then(|party| party.at("PostalAddress")).and_then(address),
        buyer_address: buyer.and_then(|party| party.at("PostalAddress")).and_then(address),
        seller_email: seller.and_then(|party| party.text_at("Contact/ElectronicMail")),
        seller_phone: seller.and_then(|party| party.text_at("Contact/Telephone")),
        tax_lines: root.all("TaxTotal").flat_map(|total| total.all("TaxSubtotal")).map(tax_line).collect(),
        lines: root.all("InvoiceLine").chain(root.all("CreditNoteLine")).map(line).collect(),
    }
}

/// The registered name before the trading name, as CII has it.
fn party_name(party: &Node) -> Option<String> {
    party.text_at("PartyLegalEntity/RegistrationName").or_else(|| party.text_at("PartyName/Name"))
}

fn vat_id(party: &Node) -> Option<String> {
    party
        .all("PartyTaxScheme")
        .find(|scheme| scheme.text_at("TaxScheme/ID").as_deref() == Some("VAT"))
        .and_then(|scheme| scheme.text_at("CompanyID"))
}

/// The tax in the invoice's currency: a second total may stand beside it in the currency of accounting.
fn tax(root: &Node, currency: Option<&str>) -> Option<rust_decimal::Decimal> {
    let amounts = || root.all("TaxTotal").filter_map(|total| total.at("TaxAmount"));
    let own = amounts().find(|amount| amount.attribute("currencyID") == currency);
    decimal(own.or_else(|| amounts().next())?.text())
}

fn tax_line(subtotal: &Node) -> TaxLine {
    TaxLine {
        rate: decimal(subtotal.text_at("TaxCategory/Percent")),
        net: decimal(subtotal.text_at("TaxableAmount")),
        tax: decimal(subtotal.text_at("TaxAmount")),
    }
}

fn address(address: &Node) -> Option<String> {
    let part = |name: &str| address.text_at(name);
    in_one_line(
        [part("StreetName"), part("AdditionalStreetName"), part("AddressLine/Line")],
        part("PostalZone"),
        part("CityName"),
    )
}

fn line(item: &Node) -> Line {
    Line {
        description: item.text_at("Item/Name"),
        quantity: decimal(item.text_at("InvoicedQuantity").or_else(|| item.text_at("CreditedQuantity"))),
        unit_price: decimal(item.text_at("Price/PriceAmount")),
        amount: decimal(item.text_at("LineExtensionAmount")),
    }
}
