//! E-invoices: what the XML of an invoice says, exactly.
//!
//! Two vocabularies of EN 16931 are read, UN/CEFACT CII (with ZUGFeRD 1.0, its forerunner) and OASIS
//! UBL, whether the XML is the document or stands inside a PDF (Factur-X, ZUGFeRD, XRechnung). Values
//! are taken as they are written: nothing is computed, and nothing is guessed where an element is
//! missing. Whether the visible page says the same is for the caller to compare.

mod cii;
mod ubl;
mod xml;

use docextract_model::extractor::{FieldDefinition, FieldType};
use docextract_model::number::json_number;
use rust_decimal::Decimal;
use serde_json::{Map, Value};

/// The names that the standards prescribe for the embedded file, the current ones first.
pub(crate) const EMBEDDED_NAMES: [&str; 3] = ["factur-x.xml", "xrechnung.xml", "zugferd-invoice.xml"];

/// Why XML is no e-invoice that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotAnInvoice {
    /// The XML itself is broken.
    Malformed,
    /// It has a document type declaration or entities, or passes a limit.
    Refused,
    /// It is XML of some other kind.
    OtherVocabulary,
}

/// What an invoice's XML says. `None` where it says nothing.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Invoice {
    pub(crate) number: Option<String>,
    /// ISO 8601, as are all dates here.
    pub(crate) date: Option<String>,
    pub(crate) due_date: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) total: Option<Decimal>,
    pub(crate) net: Option<Decimal>,
    pub(crate) tax: Option<Decimal>,
    pub(crate) seller_name: Option<String>,
    pub(crate) seller_vat_id: Option<String>,
    pub(crate) buyer_name: Option<String>,
    pub(crate) customer_number: Option<String>,
    pub(crate) order_number: Option<String>,
    pub(crate) iban: Option<String>,
    pub(crate) buyer_vat_id: Option<String>,
    pub(crate) bic: Option<String>,
    pub(crate) delivery_date: Option<String>,
    pub(crate) payment_terms: Option<String>,
    pub(crate) discount: Option<Decimal>,
    pub(crate) paid: Option<Decimal>,
    pub(crate) due: Option<Decimal>,
    pub(crate) seller_address: Option<String>,
    pub(crate) buyer_address: Option<String>,
    pub(crate) seller_email: Option<String>,
    pub(crate) seller_phone: Option<String>,
    pub(crate) lines: Vec<Line>,
    pub(crate) tax_lines: Vec<TaxLine>,
}

/// The tax of one rate.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct TaxLine {
    pub(crate) rate: Option<Decimal>,
    pub(crate) net: Option<Decimal>,
    pub(crate) tax: Option<Decimal>,
}

/// One line of an invoice.
#[derive(Debug, Default, Clone, PartialEq)]
pub(crate) struct Line {
    pub(crate) description: Option<String>,
    pub(crate) quantity: Option<Decimal>,
    pub(crate) unit_price: Option<Decimal>,
    pub(crate) amount: Option<Decimal>,
}

/// A single value of an invoice.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Fact {
    Text(String),
    Date(String),
    Number(Decimal),
}

impl Invoice {
    pub(crate) fn parse(bytes: &[u8]) -> Result<Self, NotAnInvoice> {
        let root = xml::parse(bytes).map_err(|error| match error {
            xml::XmlError::Malformed => NotAnInvoice::Malformed,
            xml::XmlError::Refused => NotAnInvoice::Refused,
        })?;
        match root.name.as_str() {
            "CrossIndustryInvoice" | "CrossIndustryDocument" => Ok(cii::read(&root)),
            // Other vocabularies have a root of that name too; only UBL's has this element.
            "Invoice" | "CreditNote" if root.at("LegalMonetaryTotal").is_some() => Ok(ubl::read(&root)),
            _ => Err(NotAnInvoice::OtherVocabulary),
        }
    }

    /// What the XML says about a field of the ready-made invoice extractor. The outer `None`: the
    /// format has no place for such a field. The inner one: it has, and this invoice leaves it empty.
    pub(crate) fn fact(&self, field: &str) -> Option<Option<Fact>> {
        let text = |value: &Option<String>| value.clone().map(Fact::Text);
        let date = |value: &Option<String>| value.clone().map(Fact::Date);
        Some(match field {
            "invoice_number" => text(&self.number),
            "invoice_date" => date(&self.date),
            "due_date" => date(&self.due_date),
            "currency" => text(&self.currency),
            "total_amount" => self.total.map(Fact::Number),
            "net_amount" => self.net.map(Fact::Number),
            "tax_amount" => self.tax.map(Fact::Number),
            "seller_name" => text(&self.seller_name),
            "seller_vat_id" => text(&self.seller_vat_id),
            "buyer_name" => text(&self.buyer_name),
            "customer_number" => text(&self.customer_number),
            "order_number" => text(&self.order_number),
            "iban" => text(&self.iban),
            "buyer_vat_id" => text(&self.buyer_vat_id),
            "bic" => text(&self.bic),
            "delivery_date" => date(&self.delivery_date),
            "payment_terms" => text(&self.payment_terms),
            "discount_amount" => self.discount.map(Fact::Number),
            "amount_paid" => self.paid.map(Fact::Number),
            "amount_due" => self.due.map(Fact::Number),
            "seller_address" => text(&self.seller_address),
            "buyer_address" => text(&self.buyer_address),
            "seller_email" => text(&self.seller_email),
            "seller_phone" => text(&self.seller_phone),
            _ => return None,
        })
    }

    /// The lines as the definition's nested fields ask for them; `None` if the invoice has none.
    pub(crate) fn lines_as(&self, definition: &FieldDefinition) -> Option<Value> {
        let row = |line: &Line| {
            if definition.fields.is_empty() {
                return line.description.clone().map_or(Value::Null, Value::String);
            }
            let cell = |field: &FieldDefinition| {
                let fact = match field.name.as_str() {
                    "description" => line.description.clone().map(Fact::Text),
                    "quantity" => line.quantity.map(Fact::Number),
                    "unit_price" => line.unit_price.map(Fact::Number),
                    "amount" => line.amount.map(Fact::Number),
                    _ => None,
                };
                (field.name.clone(), fact.map_or(Value::Null, |fact| fact.to_json(field.field_type)))
            };
            Value::Object(definition.fields.iter().map(cell).collect::<Map<_, _>>())
        };
        (!self.lines.is_empty()).then(|| Value::Array(self.lines.iter().map(row).collect()))
    }

    /// The tax of each rate, likewise.
    pub(crate) fn tax_lines_as(&self, definition: &FieldDefinition) -> Option<Value> {
        let row = |line: &TaxLine| {
            let cell = |field: &FieldDefinition| {
                let number = match field.name.as_str() {
                    "rate" => line.rate,
                    "net_amount" => line.net,
                    "tax_amount" => line.tax,
                    _ => None,
                };
                let value = number.map(|number| Fact::Number(number).to_json(field.field_type));
                (field.name.clone(), value.unwrap_or(Value::Null))
            };
            Value::Object(definition.fields.iter().map(cell).collect::<Map<_, _>>())
        };
        (!self.tax_lines.is_empty()).then(|| Value::Array(self.tax_lines.iter().map(row).collect()))
    }
}

impl Fact {
    /// The value in the type that the extractor asks for; null where the two don't go together.
    pub(crate) fn to_json(&self, field_type: FieldType) -> Value {
        match (self, field_type) {
            (Self::Number(number), FieldType::Number | FieldType::Currency) => json_number(*number),
            (Self::Text(text), FieldType::Number | FieldType::Currency) => {
                text.parse().map_or(Value::Null, json_number)
            }
            (Self::Text(text) | Self::Date(text), FieldType::Text)
            | (Self::Text(text), FieldType::Email | FieldType::Phone)
            | (Self::Date(text), FieldType::Date) => Value::String(text.clone()),
            (Self::Number(number), FieldType::Text) => Value::String(number.to_string()),
            (Self::Text(_) | Self::Number(_), FieldType::Date)
            | (Self::Date(_), FieldType::Number | FieldType::Currency)
            | (Self::Date(_) | Self::Number(_), FieldType::Email | FieldType::Phone)
            | (_, FieldType::Boolean | FieldType::Array | FieldType::Object) => Value::Null,
        }
    }
}

/// An address in one line, of the parts that there are.
fn in_one_line(parts: [Option<String>; 3], postcode: Option<String>, town: Option<String>) -> Option<String> {
    let place: Vec<String> = [postcode, town].into_iter().flatten().collect();
    let place = (!place.is_empty()).then(|| place.join(" "));
    let lines: Vec<String> = parts.into_iter().flatten().chain(place).collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// An amount as XML writes it: a point, no thousands sign.
fn decimal(text: Option<String>) -> Option<Decimal> {
    text?.parse().ok()
}

/// `20180605` and `2018-06-05` (also with a time behind) to ISO 8601, if it is a date.
fn iso_date(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| *c != '-').take(8).collect();
    if digits.len() != 8 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let (year, month, day) = (&digits[..4], &digits[4..6], &digits[6..]);
    let fits = ("01"..="12").contains(&month) && ("01"..="31").contains(&day);
    fits.then(|| format!("{year}-{month}-{day}"))
}
