//! UN/CEFACT Cross Industry Invoice, and ZUGFeRD 1.0, which names some elements differently.

use super::xml::Node;
use super::{Invoice, Line, TaxLine, decimal, in_one_line, iso_date};

pub(super) fn read(root: &Node) -> Invoice {
    let nothing = Node::default();
    let part = |paths: [&str; 2]| first(root, paths).unwrap_or(&nothing);
    let document = part(["ExchangedDocument", "HeaderExchangedDocument"]);
    let trade = part(["SupplyChainTradeTransaction", "SpecifiedSupplyChainTradeTransaction"]);
    let of_trade = |paths: [&str; 2]| first(trade, paths).unwrap_or(&nothing);
    let agreement = of_trade(["ApplicableHeaderTradeAgreement", "ApplicableSupplyChainTradeAgreement"]);
    let settlement = of_trade(["ApplicableHeaderTradeSettlement", "ApplicableSupplyChainTradeSettlement"]);
    let sums = first(
        settlement,
        ["SpecifiedTradeSettlementHeaderMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"],
    )
    .unwrap_or(&nothing);
    let currency = settlement.text_at("InvoiceCurrencyCode");
    Invoice {
        number: document.text_at("ID"),
        date: document.at("IssueDateTime").and_then(date),
        due_date: settlement
            .all("SpecifiedTradePaymentTerms")
            .find_map(|terms| terms.at("DueDateDateTime").and_then(date)),
        total: decimal(sums.text_at("GrandTotalAmount")),
        net: decimal(sums.text_at("TaxBasisTotalAmount")),
        tax: tax(sums, currency.as_deref()),
        currency,
        seller_name: agreement.text_at("SellerTradeParty/Name"),
        seller_vat_id: agreement.at("SellerTradeParty").and_then(vat_id),
        buyer_name: agreement.text_at("BuyerTradeParty/Name"),
        customer_number: agreement.text_at("BuyerTradeParty/ID"),
        order_number: agreement
            .text_at("BuyerOrderReferencedDocument/IssuerAssignedID")
            .or_else(|| agreement.text_at("BuyerOrderReferencedDocument/ID")),
        iban: settlement
            .all("SpecifiedTradeSettlementPaymentMeans")
            .find_map(|means| means.text_at("PayeePartyCreditorFinancialAccount/IBANID")),
        buyer_vat_id: agreement.at("BuyerTradeParty").and_then(vat_id),
        bic: settlement
            .all("SpecifiedTradeSettlementPaymentMeans")
            .find_map(|means| means.text_at("PayeeSpecifiedCreditorFinancialInstitution/BICID")),
        delivery_date: of_trade(["ApplicableHeaderTradeDelivery", "ApplicableSupplyChainTradeDelivery"])
            .at("ActualDeliverySupplyChainEvent/OccurrenceDateTime")
            .and_then(date),
        payment_terms: settlement
            .all("SpecifiedTradePaymentTerms")
            .find_map(|terms| terms.text_at("Description")),
        discount: decimal(sums.text_at("AllowanceTotalAmount")),
        paid: decimal(sums.text_at("TotalPrepaidAmount")),
        due: decimal(sums.text_at("DuePayableAmount")),
        seller_address: agreement.at("SellerTradeParty/PostalTradeAddress").and_then(address),
        buyer_address: agreement.at("BuyerTradeParty/PostalTradeAddress").and_then(address),
        seller_email: agreement
            .text_at("SellerTradeParty/DefinedTradeContact/EmailURIUniversalCommunication/URIID"),
        seller_phone: agreement
            .text_at("SellerTradeParty/DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber"),
        tax_lines: settlement.all("ApplicableTradeTax").map(tax_line).collect(),
        lines: trade.all("IncludedSupplyChainTradeLineItem").filter_map(line).collect(),
    }
}

fn tax_line(tax: &Node) -> TaxLine {
    TaxLine {
        rate: decimal(tax.text_at("RateApplicablePercent").or_else(|| tax.text_at("ApplicablePercent"))),
        net: decimal(tax.text_at("BasisAmount")),
        tax: decimal(tax.text_at("CalculatedAmount")),
    }
}

fn address(address: &Node) -> Option<String> {
    let part = |name: &str| address.text_at(name);
    in_one_line([part("LineOne"), part("LineTwo"), part("LineThree")], part("PostcodeCode"), part("CityName"))
}

fn first<'a>(node: &'a Node, paths: [&str; 2]) -> Option<&'a Node> {
    paths.into_iter().find_map(|path| node.at(path))
}

fn date(node: &Node) -> Option<String> {
    let text = first(node, ["DateTimeString", "DateTime"]).unwrap_or(node).text()?;
    iso_date(&text)
}

/// The tax in the invoice's currency: a second amount may stand beside it in the currency of accounting.
fn tax(sums: &Node, currency: Option<&str>) -> Option<rust_decimal::Decimal> {
    let own = sums.all("TaxTotalAmount").find(|amount| amount.attribute("currencyID") == currency);
    decimal(own.or_else(|| sums.at("TaxTotalAmount"))?.text())
}

fn vat_id(party: &Node) -> Option<String> {
    party
        .all("SpecifiedTaxRegistration")
        .filter_map(|registration| registration.at("ID"))
        .find(|id| id.attribute("schemeID") == Some("VA"))
        .and_then(Node::text)
}

/// `None` for what only comments on a line and has neither product nor amount.
fn line(item: &Node) -> Option<Line> {
    let nothing = Node::default();
    let agreement = first(item, ["SpecifiedLineTradeAgreement", "SpecifiedSupplyChainTradeAgreement"]);
    let delivery = first(item, ["SpecifiedLineTradeDelivery", "SpecifiedSupplyChainTradeDelivery"]);
    let settlement = first(item, ["SpecifiedLineTradeSettlement", "SpecifiedSupplyChainTradeSettlement"]);
    let sums = first(
        settlement.unwrap_or(&nothing),
        ["SpecifiedTradeSettlementLineMonetarySummation", "SpecifiedTradeSettlementMonetarySummation"],
    );
    let line = Line {
        description: item.text_at("SpecifiedTradeProduct/Name"),
        quantity: decimal(delivery.and_then(|d| d.text_at("BilledQuantity"))),
        unit_price: decimal(agreement.and_then(|a| a.text_at("NetPriceProductTradePrice/ChargeAmount"))),
        amount: decimal(sums.and_then(|s| s.text_at("LineTotalAmount"))),
    };
    (line.description.is_some() || line.amount.is_some()).then_some(line)
}
