//! What business documents call things, in eight languages and on the receipts of more.
//!
//! A concept is a thing that documents print a label for. Concepts that no field asks for matter
//! as much: a delivery date that is known to be one is not taken for the invoice's.
//! No company, no product and no document appears here: only words that any sender may use.

/// A thing that documents print a label for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Concept {
    DocumentNumber,
    DocumentDate,
    DueDate,
    DeliveryDate,
    OrderDate,
    OtherDate,
    OrderNumber,
    CustomerNumber,
    OtherNumber,
    Total,
    Net,
    Tax,
    TaxRate,
    Paid,
    Change,
    Rounding,
    Discount,
    Shipping,
    Quantity,
    UnitPrice,
    LineAmount,
    Description,
    Seller,
    Buyer,
    ShipTo,
    SellerVatId,
    BuyerVatId,
    TaxNumber,
    Iban,
    Bic,
    Currency,
    Phone,
    Fax,
    Email,
    Website,
    Address,
    Terms,
    Contact,
    Time,
    Other,
}

/// Every concept, in the order of its number.
pub const CONCEPTS: [Concept; 40] = {
    use Concept::{
        Address, Bic, Buyer, BuyerVatId, Change, Contact, Currency, CustomerNumber, DeliveryDate,
        Description, Discount, DocumentDate, DocumentNumber, DueDate, Email, Fax, Iban, LineAmount, Net,
        OrderDate, OrderNumber, Other, OtherDate, OtherNumber, Paid, Phone, Quantity, Rounding, Seller,
        SellerVatId, ShipTo, Shipping, Tax, TaxNumber, TaxRate, Terms, Time, Total, UnitPrice, Website,
    };
    [
        DocumentNumber,
        DocumentDate,
        DueDate,
        DeliveryDate,
        OrderDate,
        OtherDate,
        OrderNumber,
        CustomerNumber,
        OtherNumber,
        Total,
        Net,
        Tax,
        TaxRate,
        Paid,
        Change,
        Rounding,
        Discount,
        Shipping,
        Quantity,
        UnitPrice,
        LineAmount,
        Description,
        Seller,
        Buyer,
        ShipTo,
        SellerVatId,
        BuyerVatId,
        TaxNumber,
        Iban,
        Bic,
        Currency,
        Phone,
        Fax,
        Email,
        Website,
        Address,
        Terms,
        Contact,
        Time,
        Other,
    ]
};

/// What kind of value a concept has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Code,
    Date,
    Amount,
    Party,
    Text,
}

impl Concept {
    #[must_use]
    pub fn kind(self) -> Kind {
        match self {
            Self::DocumentNumber
            | Self::OrderNumber
            | Self::CustomerNumber
            | Self::OtherNumber
            | Self::SellerVatId
            | Self::BuyerVatId
            | Self::TaxNumber
            | Self::Iban
            | Self::Bic => Kind::Code,
            Self::DocumentDate | Self::DueDate | Self::DeliveryDate | Self::OrderDate | Self::OtherDate => {
                Kind::Date
            }
            Self::Total
            | Self::Net
            | Self::Tax
            | Self::TaxRate
            | Self::Paid
            | Self::Change
            | Self::Rounding
            | Self::Discount
            | Self::Shipping
            | Self::Quantity
            | Self::UnitPrice
            | Self::LineAmount => Kind::Amount,
            Self::Seller | Self::Buyer | Self::ShipTo => Kind::Party,
            Self::Description
            | Self::Currency
            | Self::Phone
            | Self::Fax
            | Self::Email
            | Self::Website
            | Self::Address
            | Self::Terms
            | Self::Contact
            | Self::Time
            | Self::Other => Kind::Text,
        }
    }
}

/// A label that says it all.
pub const SURE: f32 = 1.0;
/// A label that usually means it.
pub const LIKELY: f32 = 0.75;
/// A label that may mean it when nothing better stands there.
pub const MAYBE: f32 = 0.45;
/// A word for somebody's part in a contract: a block without a label says a little more.
pub const PERHAPS: f32 = 0.5;
/// What is left to pay is the total unless part of it was paid before.
pub const NEARLY: f32 = 0.9;
/// A label that says it all and whose the value is.
pub const YOURS: f32 = 1.06;

/// Every label: its concept, how much it says, and the labels parted by `;`.
pub const LABELS: &[(Concept, f32, &str)] = &[
    (
        Concept::DocumentNumber,
        SURE,
        "korrekturnummer; korrektur nr; rechnungskorrektur; rechnungskorrektur nr; korrekturrechnung; korrekturrechnung nr; note d honoraires; note d honoraires n; honorarnote; honorarnote nr; gebuhrenrechnung; gebuhrenrechnung nr; honorarrechnung; honorarrechnung nr; nota de honorarios; parcella n; kostennota; declaratienummer; invoice number; invoice no; invoice nr; invoice num; invoice id; inv no; inv number; inv nr; tax invoice no; bill number; bill no; invoice reference; \
      credit note number; credit note no; statement number; document no; document number; doc no; tax invoice number; \
      rechnungsnummer; rechnungsnr; rechnung nr; rechnungs nr; rechnung nummer; rechnung no; re nr; belegnummer; belegnr; beleg nr; gutschriftnummer; gutschrift nr; gutschriftsnummer; quittungsnummer; faktura nr; fakturanummer; \
      numero de facture; facture n; facture no; facture numero; n facture; no facture; n de facture; no de facture; num facture; facture nr; numero facture; numero d avoir; avoir n; ref facture; reference facture; \
      numero de factura; factura n; factura no; factura numero; n factura; no factura; n de factura; num factura; numero factura; factura num; nro factura; factura nro; comp nro; comprobante nro; nro de comprobante; numero de comprobante; \
      numero fattura; fattura n; fattura nr; n fattura; fattura numero; nr fattura; numero documento; documento n; numero della fattura; fattura no; nr documento; \
      factuurnummer; factuurnr; factuur nr; factuur nummer; factuur no; bonnummer; \
      numero da fatura; fatura n; fatura no; numero fatura; n fatura; fatura nr; n da fatura; n documento; no da fatura; nota fiscal n; numero da nota; \
      notanummer; notanr; nota nr; nota nummer; \
      numer faktury; nr faktury; faktura nr; faktura vat nr; faktura numer; faktura vat; numer dokumentu; \
      fakturanr; fakturanummer; cislo faktury; faktura c; szamla szama; szamlaszam; no resit; no invois; bil no; \
      tax invoice nr; invoice ref; invoice ref no; inv ref; inv id; bill id; bill ref; bill reference; bill nr; statement no; vat invoice number; vat invoice no; sales invoice no; sales invoice number; commercial invoice no; invoice serial no; invoice sl no; e invoice no; fee note no; fee note number; debit note no; debit note number; proforma invoice no; pro forma no; credit memo no; credit memo number; assessment no; demand no; demand note no; account invoice no; \
      rechnungs id; rechnungsnr nr; re nummer; rg nr; rg nummer; rechn nr; rechnungskennung; abrechnungsnummer; abrechnungs nr; abrechnung nr; kostenrechnung nr; gebuhrenbescheid nr; bescheidnummer; bescheid nr; beitragsrechnung nr; sammelrechnung nr; sammelrechnungsnummer; schlussrechnung nr; abschlagsrechnung nr; teilrechnung nr; anzahlungsrechnung nr; proformarechnung nr; proforma nr; barrechnung nr; kassenbeleg nr; kassabon nr; honorarnoten nr; honorarnotennummer; fakturennummer; fakturen nr; liquidationsnummer; liquidation nr; leistungsnachweis nr; \
      avis n; avis no; numero d avis; n avis; no avis; n d avis; no d avis; avis d echeance n; avis d echeance no; quittance n; quittance no; n quittance; no quittance; n de quittance; no de quittance; numero de quittance; facture proforma n; facture proforma no; numero de la facture; n de la facture; no de la facture; note de frais n; note de frais no; note no; n de note; no de note; releve n; releve no; n releve; no releve; n de releve; no de releve; numero de releve; decompte n; decompte no; appel de cotisation n; appel de cotisation no; appel de fonds n; appel de fonds no; bordereau n; bordereau no; memoire n; memoire no; facture d acompte n; facture d acompte no; facture client n; facture client no; n piece; no piece; numero de piece; n de piece; no de piece; piece n; piece no; n document; no document; numero de document; n de document; no de document; document n; n d avoir; no d avoir; \
      numero de recibo; n recibo; no recibo; recibo n; recibo no; n de recibo; no de recibo; num recibo; minuta n; minuta no; minuta factura n; minuta factura no; n minuta; no minuta; factura simplificada n; factura simplificada no; factura proforma n; factura proforma no; numero de documento; no documento; n de documento; no de documento; num documento; serie y numero; serie numero; numero de la factura; nro de factura; no de factura; numero de abono; abono n; abono no; n abono; no abono; liquidacion n; liquidacion no; n liquidacion; no liquidacion; numero de liquidacion; referencia factura; ref factura; referencia de la factura; factura serie; \
      avviso n; avviso no; avviso numero; numero avviso; n avviso; no avviso; bolletta n; bolletta no; numero bolletta; n bolletta; no bolletta; parcella nr; parcella numero; n parcella; no parcella; numero parcella; notula n; notula no; notula nr; ricevuta nr; ricevuta numero; nota no; nota numero; numero nota; fatt n; fatt no; fatt nr; ft no; fattura proforma n; fattura proforma no; proforma n; numero doc; n doc; no doc; num doc; doc n; nr doc; numero progressivo; fattura di vendita n; fattura di vendita no; fattura accompagnatoria n; fattura accompagnatoria no; fattura elettronica no; nota di credito n; nota di credito no; nota credito n; nota credito no; nota di credito nr; numero fiscale fattura; \
      aanslagnummer; aanslag nr; factuur id; factuurreferentie; factuurkenmerk; ons factuurnummer; rekening nr factuur; verkoopfactuur nr; verkoopfactuurnummer; verkoopfactuur; verzamelfactuur nr; voorschotfactuur nr; afrekening nr; afrekeningsnummer; afrekeningnummer; documentnummer; document nr; stuknummer; creditnotanummer; creditnota nr; creditfactuur nr; creditfactuurnummer; onkostennota nr; ereloonnota nr; ereloonnota; staat van ereloon nr; factuur ref; proformanummer; factuurnr nr; betalingskenmerk factuur; \
      numero do recibo; n do recibo; no do recibo; fatura recibo n; fatura recibo no; fatura simplificada n; fatura simplificada no; factura recibo n; factura recibo no; numero da factura; n da factura; no da factura; n de fatura; no de fatura; numero de fatura; no fatura; numero do documento; n do documento; no do documento; nota de debito n; nota de debito no; nota de credito n; nota de credito no; nota de honorarios n; nota de honorarios no; fatura proforma n; fatura proforma no; aviso de pagamento n; aviso de pagamento no; aviso de cobranca n; aviso de cobranca no; nf e n; nf e no; nfs e n; nfs e no; numero nota fiscal; \
      rachunek nr; rachunek numer; numer rachunku nr; nota ksiegowa nr; nr noty; numer noty; nota obciazeniowa nr; faktura proforma nr; faktura zaliczkowa nr; faktura koncowa nr; faktura sprzedazy nr; faktura sprzedazy; faktura korygujaca nr; korekta nr; nr dokumentu; dokument nr; numer dok; nr dok; nr fakt; nr fv; numer fv; fv nr; faktura vat numer; faktura no; paragon nr; nr paragonu; numer paragonu; blankiet nr; nr blankietu; nr rozliczenia; numer rozliczenia; faktura rozliczeniowa nr; faktura prognozowa nr; faktura ustrukturyzowana nr",
    ),
    (
        Concept::DocumentNumber,
        LIKELY,
        "receipt number; receipt no; invoice; bill; our invoice; slip no; receipt; trans no; transaction no; transaction id; check no; booking id; booking number; credit note; folio no; folio; ticket no; tax invoice; consecutivo; \
      rechnung; beleg; gutschrift; quittung nr; vorgangsnummer; facture; avoir; ticket n; recu n; factura; fattura; nota di credito; ricevuta n; factuur; creditnota; fatura; fatura recibo; faktura; numero; \
      belegnummer rechnung; handelsrechnung nr; rechnung vom; \
      creditfactuur; correctiefactuur; facture d avoir; facture de situation; facture de solde; facture finale; facture definitive; factura rectificativa; nota de abono; nota de credito; faktura korygujaca; stornorechnung; rechnungskorrektur; korrekturrechnung; credit invoice; credit memo",
    ),
    (
        Concept::DocumentNumber,
        MAYBE,
        "number; nr; no; ref; reference; our reference; document; nummer; referenz; unsere referenz; id; numer; inv; doc",
    ),
    (
        Concept::DocumentDate,
        SURE,
        "date tax point; date and tax point; invoice date tax point; invoice date and tax point; credit note date; date of credit note; credit date; date of the bill; date of bill; invoice date; date of invoice; bill date; billing date; date of issue; issue date; issued on; issued; date issued; issued at; tax date; receipt date; invoice dated; transaction date; date time; statement date; invoice issue date; \
      rechnungsdatum; datum der rechnung; belegdatum; ausstellungsdatum; ausgestellt am; rechnung vom; rechnungs datum; fakturadatum; gutschriftsdatum; datum der gutschrift; \
      date de facture; date facture; date de la facture; date d emission; date de facturation; facture du; emise le; date emission; date d etablissement; date avoir; date de l avoir; \
      fecha de factura; fecha factura; fecha de emision; fecha emision; fecha de la factura; fecha de expedicion; \
      data fattura; data della fattura; data di emissione; data emissione; data documento; data del documento; \
      factuurdatum; factuur datum; datum factuur; faktuurdatum; datum creditnota; creditdatum; \
      data da fatura; data de emissao; data fatura; data emissao; data do documento; data da emissao; \
      data wystawienia; data faktury; wystawiono dnia; data sprzedazy i wystawienia; wystawiona w dniu; \
      fakturadatum; datum vystaveni; datum vystavenia; szamla kelte; laskun paivays; tarikh invois; \
      tax point date; invoice tax point; date of this invoice; date of this bill; date of this statement; bill issued; invoice issued; invoice issued on; date invoiced; invoiced on; statement issued; bill issue date; date raised; raised on; inv date; document date; doc date; billed on; date billed; date of document; created on; date created; \
      rechnungstag; rechnungsdat; rechn datum; rg datum; re datum; datum rechnung; belegdat; erstellt am; erstellungsdatum; rechnung erstellt am; bescheiddatum; abrechnungsdatum; datum der abrechnung; honorarnotendatum; dokumentdatum; dokumentendatum; belegtag; rechnungsausgang; rechnungslegung; datum der ausstellung; tag der ausstellung; \
      etabli le; etablie le; facture etablie le; facture emise le; emis le; date de la piece; date piece; date de piece; date du document; date de document; date d edition; edite le; editee le; facture en date du; en date du; date avis; date de l avis; date de la note; date d emission de la facture; date de redaction; facturee le; facture le; date fact; dressee le; fait le; \
      fecha de expedicion de la factura; fecha expedicion; expedida el; emitida el; fecha emision factura; fecha de emision de la factura; fecha del documento; fecha documento; fecha de documento; f factura; f emision; fecha fact; fecha recibo; fecha del recibo; fecha de facturacion; fecha facturacion; emitido el; fecha y hora; fecha de la minuta; \
      data doc; data di emissione fattura; data emissione fattura; emessa il; emesso il; data fatt; data di fatturazione; data fatturazione; data bolletta; data di stampa fattura; data avviso; fattura del; data ricevuta; data parcella; data della parcella; data nota; data di redazione; \
      datum van de factuur; factuurdat; fact datum; factuur d d; datum van uitgifte; uitgiftedatum; opgemaakt op; opgesteld op; documentdatum; notadatum; datum nota; datum afrekening; afrekeningsdatum; dagtekening; factuur van; datum van afgifte; verzenddatum factuur; datum document; boekdatum; \
      data de emissao da fatura; emitido em; emitida em; emitido a; data do doc; data da factura; data factura; data de facturacao; data de faturacao; data faturacao; data da nota; data de criacao; data do recibo; data recibo; data e hora de emissao; data da fatura recibo; \
      data dokumentu; data wyst; data wyst faktury; data rachunku; data noty; data wystawienia faktury; data wystawienia dokumentu; data wystawienia rachunku; wystawiono; wystawiony dnia; wystawiona dnia; dnia wystawienia; faktura z dnia; data zafakturowania; data sporzadzenia; data utworzenia; miejsce i data wystawienia; data i miejsce wystawienia",
    ),
    (
        Concept::DocumentDate,
        LIKELY,
        "date; datum; fecha; data; tarikh; dated; dato; tanggal; date and time; datum zeit; date heure; sale date; date of sale; purchase date; date of purchase; day; kaufdatum; dag; paivays; datum uhrzeit; order date and time; tgl",
    ),
    (Concept::DocumentDate, MAYBE, "vom; du; le; van; del; z dnia; den; the; on"),
    (
        Concept::DueDate,
        SURE,
        "schrijven dit bedrag rond; schrijven het bedrag rond; schrijven dit bedrag omstreeks; tagen bis; tagen bis zum; tage bis; valuta; valutadatum; preleve automatiquement a compter du; preleve le; prelevement le; sera preleve le; a prelever le; sera debite le; fecha de cargo; data di addebito; date de prelevement; abbuchung am; wird am; rechnungsbetrag wird am; betrag wird am; incassodatum; data de debito; pague ate; payer avant le; zaplacic do; da pagare entro; due date; payment due; payment due date; pay by; date due; due on; payable by; due by; please pay by; pay before; payment date; due; maturity date; please remit until; please remit by; pay until; please pay until; payable until; payment by; payable without deduction by; payable on or before; no later than; not later than; balance due; te betalen; balance due date; total amount due on; amount due on; payment due by; deadline; \
      falligkeitsdatum; fallig am; fallig; falligkeit; zahlbar bis; bis langstens; langstens bis; zahlungsziel; zahlbar bis zum; falligkeit am; bitte uberweisen sie bis zum; zahlungsfrist; zahldatum; zu zahlen bis; zahlbar netto bis; zahlbar ohne abzug bis; zahlbar ohne abzug bis zum; ohne abzug bis; ohne abzug bis zum; zahlbar rein netto bis; rein netto bis; zahlbar ohne abzug; zahlung bis; zahlung bis zum; bis spatestens; spatestens bis zum; zahlbar spatestens am; zu begleichen bis; bitte zahlen sie bis; bitte zahlen sie bis zum; netto kasse bis; netto kasse bis zum; \
      date d echeance; echeance; a payer avant le; date limite de paiement; date limite; payable le; date de paiement; a regler avant le; a regler au plus tard le; payable au plus tard le; payable avant le; au plus tard le; date echeance; prelevement a partir du; \
      fecha de vencimiento; vencimiento; fecha vencimiento; vence; fecha de pago; pagadero antes del; a pagar antes del; \
      entro il; data di scadenza; scadenza; data scadenza; scadenza pagamento; scadenze; da pagare entro il; pagabile entro il; pagamento entro il; \
      vervaldatum; verval datum; te betalen voor; betalen voor; uiterste betaaldatum; betaaldatum; uiterlijk; betaalbaar uiterlijk; betalingstermijn; \
      data de vencimento; vencimento; data vencimento; data limite de pagamento; pagar ate; \
      termin platnosci; termin zaplaty; platne do; data platnosci; do zaplaty do; \
      forfallodato; forfallsdato; forfallodag; datum splatnosti; splatnost; fizetesi hatarido; erapaiva; \
      pay on or before; please pay on or before; please pay before; payable before; must be paid by; to be paid by; due for payment; due for payment by; due for payment on; payment is due; payment is due on; payment is due by; payment due on; payment due before; payment required by; payment must reach us by; settle by; settlement date; please settle by; last date of payment; last date for payment; last day to pay; last payment date; pay this by; pay this amount by; collection date; direct debit date; payment will be taken on; will be collected on; we will collect on; will be debited on; will be charged on; will be taken on; date payable; payment deadline; net due date; bill due date; invoice due date; invoice due; bill due; this bill is due; auto pay date; autopay on; date of collection; remit by; latest payment date; \
      faellig am; zur zahlung fallig; zur zahlung fallig am; fallig per; fallig bis; fallig zum; zahlungsfalligkeit; falligkeitstag; zahlungsziel bis; zahlbar per; zahlbar spatestens bis; zahlbar spatestens; zahlbar bis spatestens; zahlen bis; zahlungstermin; zahltermin; zahlungsdatum; zahlungseingang bis; nettofalligkeit; netto fallig; netto fallig am; netto bis; einzug am; einzug zum; einzugsdatum; lastschrift am; lastschrifteinzug am; wird eingezogen am; abbuchungsdatum; abbuchung zum; wird abgebucht am; belastungsdatum; uberweisung bis; zu uberweisen bis; zu bezahlen bis; bezahlen bis; bitte bezahlen bis; bitte uberweisen bis; bitte uberweisen bis zum; bitte zahlen bis; bitte uberweisen sie spatestens bis; letzter zahlungstermin; faellig; zahlfrist; zahlfrist bis; zahlungsfrist bis; frist bis; \
      payable jusqu au; payable jusqu au plus tard; a payer jusqu au; a payer au plus tard le; a payer pour le; a payer le; a regler le; a regler pour le; reglement avant le; reglement le; reglement au plus tard le; paiement avant le; paiement au plus tard le; paiement au; paiement le; paiement du; date limite de reglement; date de reglement; limite de paiement; echeance le; echeance au; echeance du; echeance de paiement; date echeance paiement; date d exigibilite; exigible le; date de debit; debit le; preleve a partir du; prelevement prevu le; montant preleve le; date du prelevement; payable pour le; payable au; a acquitter avant le; echeance de reglement; sera preleve a partir du; sera prelevee le; a verser avant le; delai de paiement au; \
      vto; fecha vto; vence el; vencimiento el; fecha limite; fecha limite de pago; limite de pago; pago antes del; pagar antes del; pagar antes de; pagadero el; a pagar el; fecha de cobro; fecha cobro; fecha prevista de cobro; fecha de domiciliacion; se cargara el; cargo en cuenta el; fecha de adeudo; adeudo el; fecha de vto; f vencimiento; f vto; plazo de pago hasta; ultimo dia de pago; fecha maxima de pago; fin de plazo de pago; fecha vencimiento pago; \
      scade il; scadenza il; da pagare il; da saldare entro il; da versare entro il; da versare entro; pagare entro; pagare entro il; pagamento entro; pagare entro e non oltre il; entro e non oltre il; termine di pagamento; termine ultimo di pagamento; data di pagamento; data pagamento; data valuta; addebito in conto il; verra addebitato il; sara addebitato il; data addebito; saldo entro il; data scad; scadenza rata; scadenza del; scadenza fattura; scadenza bolletta; ultimo giorno di pagamento; pagabile il; pagabile al; \
      betalen voor of op; te betalen voor of op; te betalen uiterlijk; te betalen uiterlijk op; te betalen tegen; te betalen op; uiterlijk te betalen; uiterlijk te betalen op; uiterlijk betalen; uiterlijk betalen op; betaling uiterlijk; vervaldag; vervaldag factuur; vervalt op; betaaldatum uiterlijk; uiterste datum; betaal voor; betaal uiterlijk; betaal uiterlijk op; betaal uiterlijk voor; betalen uiterlijk; betalen uiterlijk op; graag betalen voor; gelieve te betalen voor; betaling voor; te voldoen voor; te voldoen uiterlijk; te voldoen op; betalen tot; wordt afgeschreven op; afschrijfdatum; afschrijving op; afschrijving rond; incasso op; incassodatum rond; datum incasso; betaaltermijn tot; einddatum betaling; betalingsdatum; laatste betaaldatum; voldoen voor; \
      vence em; vencimento em; data limite; data limite pagamento; data limite de pagto; limite de pagamento; pagamento ate; pagar ate ao dia; pague ate ao dia; a pagar ate; pagavel ate; liquidar ate; a liquidar ate; data de pagamento; data de cobranca; data do debito; debito em; debito a partir de; debitado em; sera debitado em; data prevista de debito; data vto; data venc; data de vencto; data do vencimento; pagamento ate ao dia; prazo de pagamento ate; data limite para pagamento; \
      termin zaplaty do; platnosc do; platnosc do dnia; platna do; platna do dnia; platne do dnia; platny do; platnosc w terminie do; do zaplaty w terminie do; do zaplaty do dnia; zaplata do; zaplata do dnia; zaplacic do dnia; prosimy o zaplate do; prosimy zaplacic do; prosimy o wplate do; termin wplaty; wplata do; wplata do dnia; wplaty do dnia; termin pl; termin plat; term platn; termin zapl; data zaplaty; data wymagalnosci; termin wymagalnosci; ostateczny termin zaplaty; ostateczny termin platnosci; ostateczny termin wplaty; data pobrania; data obciazenia; zaplac do; zaplac do dnia; oplac do; termin platnosci do",
    ),
    // In German a day for anything.
    (Concept::DueDate, MAYBE, "termin"),
    (
        Concept::DeliveryDate,
        SURE,
        "delivery date; date of delivery; date of supply; supply date; service date; shipping date; ship date; dispatch date; date shipped; requested delivery date; requested delivery; delivery required by; deliver by; required by; required date; need by date; needed by; expected delivery; expected delivery date; expected date; expected arrival; date required; date req; deliver on or before; \
      lieferung; lieferdatum; leistungsdatum; leistungszeitraum datum; liefer und leistungsdatum; datum der lieferung; liefer bzw leistungsdatum; lieferung am; versanddatum; liefertermin; wunschliefertermin; gewunschter liefertermin; gewunschtes lieferdatum; lieferung bis; lieferung bis zum; lieferung gewunscht am; lieferung gewunscht bis; anlieferung am; anliefertermin; lieferung spatestens; zu liefern bis; \
      date de livraison; date livraison; date de prestation; date d expedition; livraison souhaitee; livraison souhaitee le; livraison prevue; livraison prevue le; livraison demandee le; livraison le; a livrer le; a livrer avant le; livraison avant le; date de livraison souhaitee; date de livraison prevue; date livraison souhaitee; date prevue; delai de livraison; \
      fecha de entrega; fecha de operacion; fecha operacion; data di consegna; data ddt; fecha entrega; fecha prevista de entrega; fecha de entrega prevista; fecha de entrega solicitada; entrega prevista; entrega solicitada; entregar antes del; plazo de entrega; plazo maximo de entrega; fecha prevista; data consegna; consegna prevista; consegna richiesta; data di consegna prevista; data di consegna richiesta; consegna entro il; consegna entro; termine di consegna; \
      leverdatum; afleverdatum; levering; leveringsdatum; data de entrega; data de carga; data da operacao; gewenste leverdatum; verwachte leverdatum; levering gewenst op; levering op; levering voor; leveren op; leveren voor; verwachte datum; levertermijn; levertermijn uiterlijk; leveringstermijn; uiterste leverdatum; data de entrega prevista; data prevista de entrega; data de entrega pretendida; entregar ate; data entrega; prazo de entrega; \
      data sprzedazy; data dostawy; data wykonania uslugi; data zakonczenia dostawy; termin dostawy; wymagany termin dostawy; planowana data dostawy; oczekiwana data dostawy; przewidywana data; przewidywana data dostawy; data realizacji; termin realizacji; dostawa do dnia; \
      delivered on; date delivered; date of delivery service; date of service; service performed on; service performed; date of work; work completed; work completed on; date completed; completion date; completed on; job date; performed on; date performed; supplied on; date supplied; goods delivered; shipped on; date of shipment; shipment date; despatch date; dispatched on; despatched on; pickup date; collection of goods; event date; date of event; visit date; date of visit; treatment date; rental date; dos; \
      liefertag; geliefert am; lieferdat; lieferung vom; lieferung erfolgte am; lieferzeitpunkt; leistungstag; leistungsdat; leistung am; leistung vom; tag der lieferung; tag der leistung; tag der leistungserbringung; leistungserbringung am; leistungserbringung; leistungszeitpunkt; zeitpunkt der leistung; zeitpunkt der lieferung; zeitpunkt der lieferung leistung; ausfuhrung am; ausfuhrung vom; ausgefuhrt am; ausfuhrungsdatum; ausfuhrungstag; datum der leistung; datum der ausfuhrung; datum der leistungserbringung; liefer leistungsdatum; lieferdatum leistungsdatum; leistungs lieferdatum; leistungs und lieferdatum; liefer und leistungstag; erbracht am; durchgefuhrt am; einsatzdatum; einsatztag; einsatz am; montagedatum; montage am; arbeitsdatum; behandlungsdatum; behandlungstag; behandlung am; veranstaltungsdatum; veranstaltungstag; versandt am; versendet am; versandtag; auslieferungsdatum; auslieferung am; lieferscheindatum; \
      livre le; livree le; livraison effectuee le; livraison du; expedie le; expedition du; expedition le; date de la livraison; date de la prestation; date prestation; date de l intervention; date d intervention; intervention du; intervention le; date de realisation; realise le; realisee le; prestation du; prestation le; prestation realisee le; date de fourniture; date d execution; execute le; date des travaux; travaux realises le; date de fin de travaux; date bl; date du bl; date d enlevement; date de depart; date de l evenement; date evenement; date de l operation; date de vente; date de reception; date de mise a disposition; \
      fecha albaran; fecha del albaran; fecha de albaran; entregado el; entregada el; fecha de la operacion; fecha de prestacion; fecha del servicio; fecha de servicio; fecha servicio; fecha de realizacion; realizado el; fecha de envio; fecha envio; fecha de expedicion mercancia; fecha de suministro; fecha suministro; fecha de salida mercancia; fecha de ejecucion; fecha de los trabajos; fecha de intervencion; fecha intervencion; fecha trabajo; fecha del evento; fecha evento; f entrega; f albaran; f operacion; fecha de carga; \
      consegnato il; consegna del; consegna il; data della consegna; data prestazione; data della prestazione; data di prestazione; data esecuzione; data di esecuzione; eseguito il; data intervento; data dell intervento; data servizio; data di spedizione; data spedizione; data operazione; data di effettuazione; data effettuazione; data del ddt; ddt del; data lavoro; data lavori; data fine lavori; data evento; data dell evento; data ritiro; data carico; data partenza merce; data di fornitura; \
      geleverd op; datum levering; datum van levering; datum van de levering; prestatiedatum; datum prestatie; datum van prestatie; datum dienst; uitvoeringsdatum; uitgevoerd op; datum uitvoering; datum werkzaamheden; werkdatum; verzenddatum; verzonden op; verzending op; bezorgd op; bezorgdatum; afgeleverd op; dienstdatum; datum evenement; evenementdatum; behandeldatum; datum behandeling; leveringsdag; leveringsbondatum; datum leveringsbon; datum pakbon; pakbondatum; ophaaldatum; datum van de dienst; \
      data de fornecimento; data da prestacao; data de prestacao; data do servico; data de servico; data servico; data de realizacao; realizado em; data da entrega; data de expedicao; data expedicao; data de envio; data envio; data da carga; data carga; data inicio transporte; data da intervencao; data de execucao; executado em; data do evento; data da descarga; data descarga; data de conclusao; data guia; data da guia; data de disponibilizacao; colocado a disposicao em; \
      data wykonania; data uslugi; data wykonania dostawy; data dostarczenia; dostarczono; data zakonczenia uslugi; data zakonczenia uslug; data wydania; data wydania towaru; data wysylki; wyslano dnia; data realizacji uslugi; data spelnienia swiadczenia; data sprz; data sprzed; data dokonania dostawy; data dokonania lub zakonczenia dostawy; data dokonania dostawy lub wykonania uslugi; data zakonczenia dostawy lub wykonania uslugi; data dostawy wykonania uslugi; data dostawy uslugi; dostawa dnia; sprzedaz dnia; data wz; termin imprezy; data zdarzenia; data odbioru; data zaladunku; data rozladunku; termin wykonania; data zabiegu; data wizyty",
    ),
    (
        Concept::OtherDate,
        SURE,
        "period; billing period; service period; check in; check out; from; until; leistungszeitraum; abrechnungszeitraum; zeitraum; skonto; bis; leistungsmonat; periode; periode de facturation; periodo; periodo de facturacion; periodo di riferimento; okres; periodo de faturacao; \
      printed on; print date; printed; birth date; date of birth; expiry date; valid until; exp date; start date; end date; contract date; gst reg date; druckdatum; gedruckt am; geburtsdatum; vertragsbeginn; mandatsdatum",
    ),
    (
        Concept::OrderDate,
        SURE,
        "; order date; date of order; po date; ordered on; bestelldatum; bestellung vom; auftragsdatum; date de commande; commande du; date de la commande; date de votre commande; date du bon de commande; date commande; datum der bestellung; auftrag vom; fecha de pedido; fecha del pedido; data ordine; orderdatum; besteldatum; data do pedido; data da encomenda; data zamowienia; fecha pedido; fecha de la orden; fecha de orden; data dell ordine; data d ordine; datum bestelling; datum van bestelling; data encomenda; data de encomenda; data zlozenia zamowienia; quotation date; quote date; angebotsdatum",
    ),
    (
        Concept::OrderNumber,
        SURE,
        "numero dell ordine; order number; order no; order nr; order id; purchase order; purchase order number; purchase order no; po number; po no; po; p o number; your order; your order no; customer order; po ref; order ref; order reference; customer po; buyer order no; order; sales order; p o no; so number; your po; your purchase order; your order number; customer po number; customer order number; customer order no; sales order number; sales order no; web order; \
      bestellnummer; bestellnr; bestell nr; auftragsnummer; auftrag nr; auftragsnr; auftrags nr; bestellung; ihre bestellung; bestellung nr; ihre bestellnummer; auftrag; ihr auftrag; ihre bestellnr; ihre auftragsnummer; kundenbestellnummer; kundenauftrag; kundenauftragsnummer; bestellreferenz; auftragsreferenz; \
      numero de commande; n commande; commande n; bon de commande; no de commande; n de commande; commande; votre commande; ref commande; code de commande; concernant la commande; reference commande; votre reference; cde n; n cde; votre commande n; bon de commande n; ref de commande; reference de commande; numero commande; commande client; votre cde; \
      numero de pedido; n pedido; pedido n; pedido; no pedido; su pedido; n de pedido; orden de compra; num pedido; su pedido n; vuestro pedido; pedido cliente; numero pedido; ref pedido; orden de compra n; n orden de compra; numero de orden; \
      numero ordine; ordine n; n ordine; ordine; vs ordine; vostro ordine; ordine di acquisto; vs ordine n; vostro ordine n; rif ordine; riferimento ordine; ordine cliente; numero d ordine; n d ordine; \
      ordernummer; bestelnummer; order nr; uw bestelling; bestelling; ordernr; uw referentie; uw ordernummer; inkooporder; bestelbon; bestelbonnummer; bestelbon nr; inkoopordernummer; bestelcode; inkoopnummer; bestelnr; uw bestelnummer; uw bestelnr; inkoopordernr; po nummer; \
      numero do pedido; codigo do pedido; encomenda n; n encomenda; encomenda; pedido no; nota de encomenda; numero de encomenda; sua encomenda; vossa encomenda; v encomenda; numero encomenda; encomenda cliente; nota de encomenda a fornecedor; encomenda a fornecedor; \
      numer zamowienia; nr zamowienia; zamowienie; zamowienie nr; ordrenummer; nr zam; zamowienie klienta; numer zamowienia klienta; bestallning; objednavka; \
      purchase order ref; purchase order reference; purchase order id; purchase order nr; order num; order code; your order ref; your order reference; your order nr; your p o no; cust po; cust po no; client order no; client po; client po number; order confirmation no; order confirmation number; buyer order number; buyers order no; buyer s order number; po nr; po id; po ref no; po reference; work order; work order no; work order number; job order no; indent no; release order no; call off order; call off no; \
      ihre bestellung nr; ihre bestellung vom; ihre best nr; best nr; bestell no; bestell id; bestellung no; ihr auftrag nr; ihre auftrags nr; unsere auftragsnummer; unser auftrag; auftrags id; auftragsbestatigung; auftragsbestatigung nr; auftragsbestatigungsnummer; ab nummer; ab nr; bestellzeichen; ihr bestellzeichen; ihre bestellzeichen; kunden bestell nr; kundenbestellung; kundenbestellung nr; bestellnummer kunde; bestellnr kunde; einkaufsbestellung; abruf nr; abrufnummer; \
      vos ref commande; votre n de commande; votre numero de commande; votre commande no; vos commandes; v commande; v cde; v cde n; v cde no; v ref commande; n commande client; no commande client; n de commande client; no de commande client; numero de commande client; commande numero; commande nr; commande no; bc n; bc no; n bc; no bc; n de bc; no de bc; n bon de commande; no bon de commande; n de bon de commande; no de bon de commande; numero de bon de commande; numero du bon de commande; ref bon de commande; confirmation de commande n; confirmation de commande no; engagement n; engagement no; n engagement; no engagement; n d engagement; no d engagement; numero d engagement; ordre de service n; ordre de service no; ordre n; ordre no; \
      su pedido no; su n de pedido; su numero de pedido; vuestro n de pedido; s pedido; s pedido n; s pedido no; s n pedido; n pedido cliente; no pedido cliente; numero de pedido cliente; referencia pedido; referencia de pedido; referencia del pedido; ref pedido cliente; pedido numero; pedido num; n de su pedido; no de su pedido; orden n; orden no; orden de pedido; orden de compra no; num orden; numero orden de compra; n de orden de compra; no de orden de compra; oc n; oc no; o c; contrato pedido; orden de trabajo; confirmacion de pedido; \
      vs ordine nr; vs ord; vs ord n; vs ord no; vostro ordine nr; vostro ordine numero; vostro ordine di acquisto; ns ordine; ns ordine n; ns ordine no; nostro ordine; ordine nr; ordine numero; numero ordine cliente; n ordine cliente; no ordine cliente; ordine cliente n; ordine cliente no; ordine d acquisto; ordine d acquisto n; ordine d acquisto no; ordine di acquisto n; ordine di acquisto no; n ordine di acquisto; no ordine di acquisto; oda; oda n; oda no; conferma ordine; conferma d ordine; conferma ordine n; conferma ordine no; commessa ordine; buono d ordine; buono d ordine n; buono d ordine no; buono ordine; rif ord; rif ordine n; rif ordine no; rif vs ordine; rif vostro ordine; codice ordine; id ordine; ordine web; \
      uw order; uw order nr; uw bestelling nr; uw bestelbon; uw bestelbon nr; uw bestelbonnummer; uw po; uw po nummer; uw inkoopnummer; uw inkoopordernummer; uw inkooporder; ons ordernummer; onze order; bestelling nr; bestelreferentie; bestelling nummer; bestelbon n; bestelbon no; order referentie; orderbevestiging; orderbevestiging nr; verkooporder; verkoopordernummer; verkooporder nr; opdrachtnummer; opdracht nr; uw opdracht; uw opdrachtnummer; inkoopreferentie; werkorder; werkordernummer; werkorder nr; werkbonnummer; werkbon nr; verplichtingennummer; \
      n de encomenda; no de encomenda; n da encomenda; no da encomenda; num encomenda; numero da encomenda; encomenda no; encomenda numero; sua encomenda n; sua encomenda no; vossa encomenda n; vossa encomenda no; v encomenda n; v encomenda no; v n encomenda; vosso n de encomenda; v requisicao; vossa requisicao; requisicao cliente; nota de encomenda n; nota de encomenda no; n nota de encomenda; no nota de encomenda; codigo da encomenda; referencia da encomenda; ref encomenda; id da encomenda; id do pedido; ordem de compra; ordem de compra n; ordem de compra no; n ordem de compra; no ordem de compra; n do pedido; no do pedido; no de pedido; pedido de compra; compromisso n; compromisso no; n compromisso; no compromisso; numero de compromisso; \
      nr zamowienia klienta; zamowienie numer; zam nr; zam; numer zam; nr zamow; zamow nr; zamowienie z dnia; panstwa zamowienie; wasze zamowienie; nr waszego zamowienia; numer zamowienia zakupu; zamowienie zakupu; numer po; nr po; zlecenie; zlecenie nr; nr zlecenia; numer zlecenia; zlecenie transportowe; zlecenie klienta; potwierdzenie zamowienia; potwierdzenie zamowienia nr; do zamowienia nr; do zamowienia; dotyczy zamowienia; dotyczy zamowienia nr; id zamowienia; kod zamowienia",
    ),
    (
        Concept::OrderNumber,
        MAYBE,
        "requisicao; requisicao n; reference; ref; referentie; referenz; riferimento; referencia; referencja; kundenseitige referenz; customer reference no; your reference; your ref; customer reference; ihr zeichen; ihre referenz; vs rif; sua referencia; su referencia; uw kenmerk",
    ),
    (
        Concept::CustomerNumber,
        SURE,
        "account ref; account reference; customer ref; customer reference; debtor; debtor no; debtor number; mandant; mandanten nr; mandantennr; n de cliente; no de cliente; client matter; client matter no; partner id; merchant id; property id; your customer number; customer number; customer no; customer id; customer nr; client number; client no; client id; account number; account no; customer account; member no; customer code; cust no; customer; member id; member; account id; client; cust id; \
      kundennummer; kundennr; kunden nr; kunden nummer; ihre kundennummer; kunde nr; debitorennummer; debitor; kunden no; mandantennummer; debitoren nr; mitgliedsnummer; kd nr; vertragskonto; \
      numero client; n client; code client; no client; id client; reference client; numero de client; client n; compte client; ref client; numero d abonne; n de client; \
      numero de cliente; n cliente; codigo cliente; no cliente; codigo de cliente; cliente n; cod cliente; num cliente; codice cliente; numero cliente; \
      klantnummer; klantnr; klant nr; debiteurnummer; debiteurnr; debiteur; klant; relatienummer; klant nummer; numero do cliente; codigo do cliente; cliente no; \
      numer klienta; nr klienta; nr abonenta; numer abonenta; numer nabywcy; kod klienta; kundenr; kundnummer; kundnr; asiakasnumero; \
      policyholder no; policyholder number; membership number; membership no; membership id; subscriber number; subscriber no; subscriber id; patient number; patient no; patient id; student number; student no; student id; tenant number; tenant no; tenant reference; tenant ref; payer number; payer no; payer id; donor number; exhibitor number; exhibitor no; exhibitor id; dealer number; dealer no; dealer code; shipper number; shipper no; shipper account; user id; user number; user no; billing account; billing account number; billing account no; billing account id; trade account; trade account no; customer account number; customer account no; account code; acct no; acct number; acct; acct id; customer acct; participant number; participant id; client code; client ref; client reference; organisation id; organization id; workspace id; family number; household number; parent account no; consumer no; consumer number; consumer id; party code; buyer code; buyer number; loyalty account no; practice number; owner id; owner number; resident id; ratepayer no; ratepayer number; supporter number; learner id; learner number; \
      kundenkonto; kundenkontonummer; kunden id; kundencode; kunden kennung; mitglied nr; mitglieds nr; mitglieder nr; mitgliedernummer; patientennummer; patienten nr; patient nr; versichertennummer; versicherten nr; versicherungsnehmernummer; versicherungsnehmer nr; mieternummer; mieter nr; teilnehmernummer; teilnehmer nr; abonnentennummer; abonnenten nr; abonummer; abo nr; bezieher nr; beziehernummer; schulernummer; schuler nr; studentennummer; matrikelnummer; kandidatennummer; kandidaten nr; klientennummer; klienten nr; mandanten id; partnernummer; geschaftspartnernummer; geschaftspartner nr; gp nummer; gp nr; handlernummer; handler nr; familien nr; familiennummer; nutzernummer; nutzer nr; benutzernummer; benutzer id; ausstellernummer; aussteller nr; spender nr; spendernummer; vertragskontonummer; vertragskonto nr; verbrauchsstelle; verbraucherkonto; debitor nr; debitornummer; debitoren konto; kundin nr; kassenzeichen; abgabenkonto; abgabenkontonummer; eigentumer nr; eigentumernummer; personenkonto; personenkontonummer; regulierer; tierhalter nr; besitzernummer; lieferant debitor nr; \
      numero d adherent; n adherent; no adherent; n d adherent; no d adherent; adherent n; adherent no; adherent; numero de societaire; n societaire; no societaire; n de societaire; no de societaire; societaire n; societaire no; societaire; numero d assure; n assure; no assure; n d assure; no d assure; code adherent; n abonne; no abonne; n d abonne; no d abonne; abonne n; abonne no; reference abonne; ref abonne; numero d usager; n usager; no usager; n d usager; no d usager; usager n; usager no; code usager; identifiant abonne; numero de membre; n membre; no membre; n de membre; no de membre; membre n; membre no; numero patient; n patient; no patient; n de patient; no de patient; patient n; numero d allocataire; numero d etudiant; n etudiant; no etudiant; n d etudiant; no d etudiant; numero eleve; n eleve; no eleve; code praticien; n praticien; no praticien; numero de compte client; n compte client; no compte client; compte client n; compte client no; n de compte client; no de compte client; code tiers; compte tiers; code locataire; n locataire; no locataire; n de locataire; no de locataire; reference locataire; numero de locataire; code proprietaire; n coproprietaire; no coproprietaire; numero de redevable; n redevable; no redevable; redevable n; redevable no; code redevable; numero de contribuable; numero exposant; n exposant; no exposant; code exposant; code acheteur; compte de facturation; n de compte de facturation; no de compte de facturation; numero de donateur; code famille; n famille; no famille; numero famille; n d affilie; no d affilie; numero d affilie; affilie n; affilie no; code debiteur; n debiteur; no debiteur; n de debiteur; no de debiteur; numero debiteur; code clt; n clt; no clt; cpte client; votre code client; votre n client; votre numero client; votre n de client; \
      numero de socio; n socio; no socio; n de socio; no de socio; socio n; socio no; num socio; codigo de socio; codigo socio; numero de abonado; n abonado; no abonado; n de abonado; no de abonado; abonado n; abonado no; codigo de abonado; num abonado; numero de asociado; n asociado; no asociado; numero de mutualista; n mutualista; no mutualista; numero de asegurado; n asegurado; no asegurado; numero de paciente; n paciente; no paciente; n de paciente; no de paciente; historia clinica; numero de alumno; n alumno; no alumno; codigo alumno; n expositor; no expositor; numero de expositor; numero de usuario; n usuario; no usuario; codigo usuario; codigo de usuario; id usuario; id cliente; id de cliente; id del cliente; identificador de cliente; cod de cliente; cta cliente; cuenta cliente; cuenta de cliente; cuenta del cliente; codigo del cliente; nro cliente; nro de cliente; numero del cliente; num de cliente; codigo cuenta cliente; numero de afiliado; n afiliado; no afiliado; numero de colegiado; referencia cliente; referencia del cliente; ref cliente; codigo deudor; numero de inquilino; codigo titular; codigo propietario; numero de suscriptor; n suscriptor; no suscriptor; \
      codice utente; numero utente; n utente; no utente; id utente; codice contribuente; nr cliente; cod utente; codice socio; numero socio; tessera n; tessera no; numero tessera; tessera socio; n tessera; no tessera; codice abbonato; numero abbonato; n abbonato; no abbonato; codice assicurato; codice paziente; id paziente; codice assistito; matricola studente; codice conduttore; codice inquilino; codice condomino; codice anagrafica; codice anagrafico; cod anagrafico; codice soggetto; codice intestatario; codice contraente; codice espositore; codice allievo; codice iscritto; numero iscritto; codice titolare; conto cliente; codice conto; conto contrattuale; codice rivenditore; codice partner; codice debitore; vs codice cliente; vostro codice cliente; rif cliente; riferimento cliente; codice del cliente; \
      lidnummer; lidnr; lidmaatschapsnummer; abonneenummer; abonneenr; abonnementnummer; abonnementsnummer; relatienr; relatiecode; verzekerdennummer; verzekerdenr; polishoudernummer; patientnummer; clientnummer; clientnr; debiteuren nr; debiteurennummer; debiteurcode; huurdernummer; huurdersnummer; huurder nr; deelnemernummer; deelnemersnummer; deelnemer nr; leerlingnummer; studentnummer; cursistnummer; gebruikersnummer; gebruikersnaam; klantcode; klantenummer; klantennummer; klantenr; klant id; klantreferentie; klantkenmerk; uw klantnummer; uw klantnr; aansluitnummer; betalernummer; subjectnummer; vorderingsnummer; handelaarsnummer; dealernummer; standhoudernummer; exposantnummer; eigenaarsnummer; donateursnummer; accountnummer; account nr; afnemersnummer; gezinsnummer; aangeslotene nr; aansluitingsnummer; \
      numero de associado; n associado; no associado; associado n; associado no; cod do cliente; numero de utente; n de utente; no de utente; utente n; utente no; numero de assinante; n assinante; no assinante; numero de aluno; n aluno; no aluno; n de aluno; no de aluno; aluno n; aluno no; numero de segurado; n beneficiario; no beneficiario; numero de beneficiario; conta cliente; conta de cliente; conta do cliente; n de conta cliente; no de conta cliente; codigo de conta; conta corrente n; conta corrente no; id do cliente; n do cliente; no do cliente; numero do utente; n do utente; no do utente; codigo utente; codigo de utente; numero do socio; n de subscritor; no de subscritor; numero de subscritor; numero do paciente; n condomino; no condomino; n de expositor; no de expositor; numero de consumidor; n de consumidor; no de consumidor; codigo local de consumo; referencia do cliente; vosso n cliente; seu n de cliente; matricula aluno; \
      numer ubezpieczajacego; numer czlonkowski; nr czlonkowski; numer czlonka; nr czlonka; numer pacjenta; nr pacjenta; id pacjenta; numer studenta; nr studenta; numer albumu; nr albumu; numer ucznia; numer uczestnika; nr uczestnika; numer odbiorcy; nr odbiorcy; kod odbiorcy; numer platnika; nr platnika; kod platnika; numer kontrahenta; nr kontrahenta; kod kontrahenta; id kontrahenta; symbol kontrahenta; kontrahent nr; id klienta; identyfikator klienta; nr ewidencyjny klienta; numer ewidencyjny; nr ewidencyjny; numer ewidencyjny klienta; klient nr; kod nabywcy; nr nabywcy; id nabywcy; numer najemcy; nr najemcy; numer lokatora; numer uzytkownika; nr uzytkownika; id uzytkownika; numer prenumeratora; numer wystawcy; nr wystawcy; konto klienta; nr konta klienta; numer konta klienta; konto rozliczeniowe; numer konta rozliczeniowego; nr konta rozliczeniowego; konto umowy; numer konta umowy; nr konta umowy; numer partnera; numer platnika skladek; panstwa numer klienta; twoj numer klienta; nr dluznika; nr kartoteki; numer kartoteki; nr odb",
    ),
    // Of two orders the one that is said to be the buyer's is the purchase order.
    (
        Concept::OrderNumber,
        YOURS,
        "your order; your order no; your order number; your purchase order; your po; customer po; customer po number; purchase order; purchase order number; purchase order no; po number; po no; ihre bestellung; ihre bestellnummer; ihre bestellnr; ihre bestellung nr; ihre auftragsnummer; ihr auftrag; kundenbestellnummer; votre commande; votre commande n; votre cde; votre numero de commande; votre n de commande; vos ref commande; su pedido; su pedido n; su pedido no; vuestro pedido; vs ordine; vs ordine n; vostro ordine; vostro ordine n; uw bestelling; uw bestelnummer; uw order; uw ordernummer; uw bestelbon; sua encomenda; vossa encomenda; v encomenda; panstwa zamowienie; nr zamowienia klienta; numer zamowienia klienta; zamowienie klienta",
    ),
    // In Britain both: the day of the supply, and with it that of the invoice.
    (Concept::DocumentDate, 0.74, "tax point; tax point date"),
    (Concept::DeliveryDate, 0.7, "tax point; tax point date"),
    (Concept::CustomerNumber, SURE, "cliente; kunde; klient"),
    (
        Concept::DeliveryDate,
        SURE,
        "delivered; geliefert; geleverd; shipped; dispatched; despatched; verzonden",
    ),
    (
        Concept::Paid,
        SURE,
        "carte mastercard; carte visa; carte amex; carte american express; carte maestro; carte postfinance; visa ending; visa ending in; mastercard ending; mastercard ending in; amex ending; card ending; card ending in; paypal; apple pay; google pay",
    ),
    // A bank's as often; which of the two is told by what stands around it.
    (Concept::CustomerNumber, LIKELY, "account; your account; customer reference no; customer ref no"),
    // An insurer's customer has a policy, and seldom another number.
    (
        Concept::CustomerNumber,
        MAYBE,
        "policy number; policy no; policy ref; policy reference; policy; police nr; policennummer; policen nr; versicherungsnummer; versicherungsschein nr; versicherungsscheinnummer; police n; police no; numero de police; n police; n de police; numero de poliza; poliza n; n poliza; n de poliza; numero poliza; numero polizza; polizza n; polizza nr; n polizza; polisnummer; polisnr; polis nr; numero da apolice; apolice n; n apolice; apolice; numer polisy; nr polisy; polisa nr",
    ),
    (
        Concept::OtherNumber,
        SURE,
        "zu rechnung; zu rechnung nr; zur rechnung; zur rechnung nr; ursprungliche rechnung; original invoice no; original invoice number; facture d origine; factura rectificada; fattura di riferimento; oorspronkelijke factuur; faktura korygowana; fatura de origem; delivery note; delivery note no; delivery no; project number; project; contract number; contract no; contract; quote number; quotation no; quote no; job no; serial number; serial no; reg no; company reg no; co reg no; registration number; gst no; gst id; gst reg no; \
      gst id no; gst registration no; sst no; sst id; roc no; table; table no; terminal; terminal id; till; register; pos no; pos; counter; bank account; account; sort code; routing number; case number; mandate reference; payment reference; cashier; approval code; \
      auth code; batch; trace no; server; member card; room no; tel no; invoice tax no; page; tracking number; reference number; kid; barcode; item code; product code; article number; sku; gln; abn; acn; uen; brn; cin; pan; tin; ein; \
      lieferscheinnummer; lieferschein; lieferschein nr; lieferscheinnr; projektnummer; projekt; vertragsnummer; vertrag; angebotsnummer; angebot; angebot nr; seriennummer; artikelnummer; art nr; artikel nr; handelsregister; hrb; hra; kontonummer; konto nr; blz; bankleitzahl; zahlungsreferenz; verwendungszweck; mandatsreferenz; glaubiger id; seite; personalnummer; registergericht; amtsgericht; filiale; kasse; bon nr; tisch; globale nummer; handelsregisternummer; lieferavis; kontonr; \
      bon de livraison; n bl; siret; siren; rcs; ape; naf; numero de dossier; dossier; devis; devis n; contrat; contrat n; reference; numero de contrat; mandat; rum; ics; numero de ligne; marche; ref marche; \
      albaran; albaran n; presupuesto; contrato; contrato n; ddt; d d t; preventivo; contratto; rea; codice destinatario; cig; cup; pakbon; pakbonnummer; offerte; offertenummer; projectnummer; kvk; kvk nummer; rekeningnummer; serienummer; artikelnummer; guia; orcamento; atcud; \
      requisition; requisition no; requisition number; purchase requisition; requisicion; requisicion n; bedarfsanforderung; banf; demande d achat; richiesta d acquisto; aanvraagnummer; zapotrzebowanie; \
      wz; umowa; umowa nr; regon; krs; numer konta; konto; rachunek; nr konta; nr rachunku; numer rachunku; organisationsnummer; org nr; ico; dic",
    ),
    (
        Concept::Total,
        SURE,
        "total amount due; total amount; grand total; amt due; amount due rm; invoice total; total payable; total to pay; net total payable; total incl vat; total charges including vat; total incl tax; total including vat; total inc vat; total including tax; invoice amount; total invoice; amount to pay; please pay; total inclusive gst; total inc gst; total incl gst; total amt incl gst; rounded total; total rounded; total after rounding; total rm incl gst; total for this invoice; total sales inclusive of gst; total sales inclusive gst; nett total; total sales incl gst; round d total; total payment; total inclusive of gst; net payable; gross total; gross amount; total gross; total rounding; total amt payable; total amount payable; total with tax; total amount incl gst; total inclusive; total bill; bill total; total incl; final total; total after rounding adj; total price; net amt payable; order total; total bayar; total belanja; jumlah besar; total to be paid; amount to be paid; to be paid; total credit; credit total; amount credited; total credited; refund total; total refund; \
      gesamtbetrag; insgesamt; bruttowert; rechnungsbetrag; rechnungsbeitrag; zu zahlender beitrag; gesamtsumme; endbetrag; bruttobetrag; bruttosumme; zu zahlen; rechnungssumme; gesamt brutto; summe brutto; rechnungssumme brutto; gesamtbetrag brutto; gesamt inkl mwst; summe inkl mwst; brutto gesamt; gesamtpreis; total brutto; endsumme; rechnungsendbetrag; rechnungsbetrag brutto; betrag inkl mwst; zu zahlen eur; gesamtbetrag inkl mwst; rechnungsgesamtbetrag; brutto rechnungsbetrag; uberweisungsbetrag; rechnungstotal; gesamttotal; totalbetrag; rechnungssumme inkl mwst; gutschriftbetrag; gutschriftsbetrag; gutschriftsumme; gutschriftssumme; erstattungsbetrag; \
      total ttc; valeur brute; montant ttc; total a payer; net a payer; somme a payer; montant total; total general; montant a payer; montant total ttc; total facture ttc; total de la facture; a payer; total t t c; montant du; prix ttc; total tvac; total net ttc; total a regler; montant a regler; net a regler; montant de l avoir; total avoir; total de l avoir; montant a rembourser; \
      total a pagar; importe total; valor bruto; total factura; importe a pagar; total con iva; total iva incluido; total general; monto total; total a abonar; importe a abonar; total abono; importe del abono; total a ingresar; \
      totale fattura; tot documento; tot fattura; tot da pagare; valore lordo; totale da pagare; importo totale; totale documento; totale a pagare; netto a pagare; totale complessivo; totale ivato; totale iva inclusa; importo da pagare; totale dovuto; totale euro; totale da saldare; importo a pagare; totale nota di credito; totale nota credito; \
      totaal te betalen; brutowaarde; totaal factuurbedrag; te betalen; totaalbedrag; factuurbedrag; factuur totaal; totaal incl btw; totaal inclusief btw; totaal incl; te voldoen; totaal factuur; eindtotaal; bedrag incl btw; totaal bedrag; totaal te voldoen; creditbedrag; totaal creditnota; totaal creditfactuur; \
      valor total; total a pagar; total da fatura; montante total; valor a pagar; total com iva; total documento; total liquido a pagar; total a liquidar; valor a liquidar; total do documento; total da nota de credito; \
      do zaplaty; razem do zaplaty; kwota do zaplaty; wartosc brutto; suma brutto; kwota brutto; razem brutto; naleznosc; ogolem; lacznie do zaplaty; wartosc faktury; kwota do zwrotu; do zwrotu; \
      att betala; a betale; i alt; totalt; summa att betala; celkem k uhrade; k uhrade; maksettava; fizetendo; jumlah; at betale; \
      total fare; fare total; \
      total charges this invoice; total this invoice; invoice total incl vat; total for this bill; total this bill; total current charges; total new charges; total of this invoice; total of this bill; total charges for this period; total for this period; total due for this invoice; amount due for this invoice; amount due this period; amount due this bill; amount due for this bill; this invoice total; this bill total; bill amount incl tax; total amount including vat; total amount incl vat; total amount including tax; total invoice amount; total invoice value; invoice value; gross invoice value; gross invoice amount; grand total incl vat; grand total inc vat; grand total incl tax; total incl taxes; total including taxes; total vat inclusive; total vat incl; total vat included; vat inclusive total; total incl vat due; total value; total cost; total premium; \
      summe dieser rechnung; betrag dieser rechnung; total dieser rechnung; diese rechnung; gesamtbetrag dieser rechnung; rechnungsbetrag inkl ust; rechnungsbetrag inkl mwst; rechnungsbetrag incl mwst; gesamtbetrag inkl ust; gesamtbetrag inkl umsatzsteuer; gesamtsumme inkl mwst; gesamtsumme inkl ust; gesamtsumme brutto; summe inkl ust; gesamt inkl ust; total inkl mwst; total inkl ust; total incl mwst; total inkl mwst chf; brutto rechnungsendbetrag; gesamtforderung; gesamtbruttobetrag; rechnungsbruttobetrag; bruttoendbetrag; endbetrag brutto; rechnungswert; gesamtgebuhr; gesamtpramie; beitrag inkl versicherungsteuer; zahlbetrag brutto; summe total; total rechnung; total rechnungsbetrag; total zu zahlen; total zu ihren lasten; bitte uberweisen sie; bitte bezahlen sie; forderungsbetrag; gesamtrechnungsbetrag; \
      total de cette facture; montant de cette facture; total de la presente facture; montant de la facture; montant facture; montant facture ttc; montant de la presente facture; total a payer ttc; montant ttc a payer; montant total a payer; net a payer ttc; net ttc; total net a payer; total general ttc; total toutes taxes comprises; montant toutes taxes comprises; total tva comprise; total tva incluse; total tva incl; total tvac eur; montant tvac; total du; somme totale; total de la note; total de la prestation ttc; prime totale; total cotisation ttc; total cotisations; cotisation totale; total des frais; total a verser; montant du solde ttc; total de l operation; \
      total de esta factura; importe de esta factura; importe de la factura; importe total de la factura; importe factura; importe total factura; total importe factura; total factura eur; total factura euros; total con impuestos; total impuestos incluidos; importe total con iva; importe con iva; total iva incl; total incluido iva; importe liquido; liquido a percibir; liquido a pagar; total recibo; total prima; prima total; importe total a pagar; total importe; total a cargo; total minuta; total honorarios y suplidos; total neto a pagar; total neto a percibir; precio total con iva; \
      totale della fattura; importo fattura; importo della fattura; importo totale fattura; totale importo fattura; totale bolletta; totale bolletta eur; totale fattura eur; totale fattura euro; totale fattura iva inclusa; totale con iva; totale comprensivo di iva; totale iva compresa; totale iva incl; totale lordo; importo lordo; totale generale; totale documento eur; totale a saldo; totale parcella; totale nota; totale premio; totale avviso; importo totale documento; importo totale del documento; totale corrispettivo; totale preventivo; importo complessivo; totale spesa bolletta; \
      totaal deze factuur; bedrag deze factuur; factuurbedrag incl btw; factuurbedrag inclusief btw; totaal van deze factuur; totaal factuurbedrag incl btw; totaal bedrag incl btw; totaalbedrag inclusief btw; totaal btw incl; totaal btwi; totaal in eur; totaal eur; totaal euro; bruto bedrag; totaal bruto; bruto totaal; eindbedrag; notabedrag; totaal nota; totaal premie; totale premie; totaal af te rekenen; bedrag inclusief btw; bedrag inclusief; totaal inclusief; totaal te betalen bedrag; totaal verschuldigd; totaal verschuldigd bedrag; rekeningtotaal; totaal rekening; totaal ten laste; \
      total desta fatura; valor desta fatura; total desta factura; valor total da fatura; valor da fatura; total fatura; total da factura; valor da factura; valor total a pagar; montante a pagar; total c iva; total c imposto; total com impostos; total com imposto; valor total com iva; valor com iva; total iliquido com iva; total geral; total global; importancia total; importancia a pagar; total do recibo; total premio; premio total; total do periodo; total bruto; valor bruto total; total liquido do documento; \
      razem do zaplaty pln; wartosc faktury brutto; kwota faktury; kwota faktury brutto; suma faktury; razem faktura; wartosc brutto pln; wartosc brutto razem; wartosc brutto ogolem; lacznie brutto; laczna kwota brutto; laczna kwota; laczna wartosc brutto; ogolem brutto; ogolem do zaplaty; suma do zaplaty; calkowita kwota; calkowita wartosc; calkowita kwota brutto; naleznosc ogolem; naleznosc brutto; kwota naleznosci; kwota naleznosci ogolem; naleznosc do zaplaty; naleznosc razem; razem naleznosc; razem kwota; kwota ogolem; razem wartosc brutto; suma wartosci brutto; skladka razem; skladka do zaplaty; oplata razem; naleznosc za biezacy okres; za biezacy okres; kwota za biezacy okres; biezaca faktura; kwota calkowita; wartosc calkowita",
    ),
    (
        Concept::Total,
        NEARLY,
        "amount due; total due; balance due; bal due; balance payable; amount payable; due payable; zahlbetrag; offener betrag; zu zahlender betrag; falliger betrag; noch zu zahlen; noch zu zahlender betrag; noch zu uberweisen; verbleibender betrag; restbetrag; restzahlung; reste a payer; solde a payer; openstaand bedrag; restante a pagar; pozostalo do zaplaty; saldo a pagar; reste a regler; pendiente de pago; importe pendiente; resta da pagare; saldo da pagare; nog te betalen; nog te voldoen; em falta; pozostaje do zaplaty; nachzahlung; restforderung; zu unseren gunsten; pendiente; pendiente a pagar; door u te betalen; \
      zu bezahlen; total zu bezahlen; zu bezahlender betrag; total outstanding; total amount outstanding; amount outstanding; outstanding balance; outstanding amount; total outstanding amount; total balance due; total account balance; new balance; account balance; balance to pay; balance outstanding; total now due; now due; amount now due; net amount due; balance remaining; remaining balance; remaining amount; amount remaining; final balance due; net balance due; left to pay; still to pay; \
      saldo zu unseren gunsten; restsaldo; offener saldo; offener rechnungsbetrag; offene forderung; zu zahlender restbetrag; noch offen; noch offener betrag; noch zu bezahlen; noch zu begleichen; verbleibt zu zahlen; verbleibende zahlung; zu zahlender gesamtbetrag; falliger gesamtbetrag; gesamtforderung offen; verbleibender rechnungsbetrag; zahlbetrag eur; restforderung eur; restschuld; zu uberweisender betrag; noch fallig; \
      reste du; solde du; solde restant du; solde restant; solde a regler; solde net a payer; solde ttc; restant du; montant restant; montant restant du; montant restant a payer; reste a regler ttc; reste a payer ttc; net a regler solde; solde de la facture; solde facture; reste a verser; solde ouvert; montant ouvert; montant encore du; \
      saldo pendiente; importe restante; resto a pagar; resta por pagar; resta a pagar; pendiente de abonar; pendiente de cobro; saldo deudor; deuda total; deuda pendiente; total pendiente; total pendiente de pago; a su cargo; saldo a su cargo; importe a liquidar; liquidacion pendiente; saldo a abonar; \
      saldo dovuto; saldo residuo; importo residuo; residuo da pagare; importo ancora da pagare; ancora da pagare; rimanente da pagare; resto da pagare; totale residuo; da saldare; saldo a debito; netto da pagare; totale ancora dovuto; importo a saldo; saldo finale da pagare; debito residuo; \
      openstaand saldo; nog openstaand; nog openstaand bedrag; resterend bedrag; restbedrag; resterend saldo; restant te betalen; saldo te betalen; resterend te betalen; totaal openstaand; totaal openstaand bedrag; nog verschuldigd; verschuldigd bedrag; nog te betalen bedrag; nog te ontvangen; blijft te betalen; saldo verschuldigd; te betalen saldo; per saldo te betalen; slotbedrag; \
      valor em divida; montante em divida; total em divida; saldo em divida; saldo devedor; valor pendente; saldo pendente; valor em aberto; total em aberto; valor por pagar; por liquidar; valor por liquidar; valor restante; falta pagar; saldo por liquidar; montante em falta; valor em falta; \
      pozostalo do zaplacenia; do doplaty; kwota doplaty; kwota pozostala do zaplaty; kwota do doplaty; saldo do zaplaty; pozostala kwota; pozostala kwota do zaplaty; zostaje do zaplaty; saldo koncowe; naleznosc pozostala; razem z zalegloscia; laczna kwota zadluzenia",
    ),
    (
        Concept::Total,
        LIKELY,
        "total; sum total; amount; total eur; total rm; total usd; total chf; total gbp; summe; gesamt; endbetrag eur; totaal; totale; razem; suma; net total; total sales; total net; subtotal incl; total facture; nett; tot; sum; brutto; ttc; total ht et ttc; bill amount; payable; summe eur; saldo; balance; bayar",
    ),
    (
        Concept::Total,
        MAYBE,
        "sub total; subtotal; subtotaal; zwischensumme; sous total; subtotale; amt; betrag; montant; importe; importo; bedrag; kwota; valor; nett amount; card; visa; mastercard; sale; total net amount",
    ),
    (
        Concept::Net,
        SURE,
        "net amount; net total; subtotal; sub total; sale amount; sale amount ex gst; sales amount; sales amount ex gst; order total excl vat; order total ex vat; order total excl tax; total order excl vat; gesamtbestellwert netto; bestellwert netto; bestellsumme netto; auftragswert netto; total commande ht; montant commande ht; total pedido sin iva; importe pedido sin iva; totale ordine iva esclusa; totale ordine netto; totaal bestelling excl btw; totaal order excl btw; total encomenda sem iva; wartosc zamowienia netto; razem zamowienie netto; total net; total excl vat; total excluding vat; total ex vat; net; total before tax; amount before tax; taxable amount; net value; total excl tax; total excluding gst; total sales excluding gst; total excl gst; total ex gst; excluded gst sub total; untaxed amount; total excluding taxes; total untaxed; total excl taxes; total net amount; goods total; net invoice amount; total without vat; sub total excluding gst; amount excl vat; total exclusive; total sales excl gst; before tax; total without tax; taxable value; total taxable; \
      nettobetrag; nettobestellwert; nettowarenwert; bestellwert netto; total ohne mwst; zwischensumme; netto; nettosumme; summe netto; gesamt netto; netto gesamt; rechnungssumme ohne ust; nettowert; warenwert; rechnungssumme netto; gesamtbetrag netto; summe ohne mwst; gesamtnetto; nettogesamtbetrag; betrag netto; total netto; netto summe; nettorechnungsbetrag; gesamt exkl mwst; total exkl mwst; summe exkl mwst; zwischensumme netto; rechnungsbetrag netto; entgelt; gesamtnettowert; gesamtnettowert ohne mwst; gesamtnettobetrag; nettogesamtwert; gesamtwert netto; gesamtwert ohne mwst; gesamtbetrag ohne mwst; gesamtsumme netto; gesamtsumme ohne mwst; \
      total ht; montant ht; total hors taxes; valeur nette; sous total; sous total ht; total hors taxes; base ht; net ht; total net ht; montant total ht; total h t; total htva; montant hors taxe; base hors tva; prix ht; \
      base imponible; valor neto; total sin impuestos; subtotal de honorarios; total neto; importe neto; base; total sin iva; suma neta; neto; importe sin iva; \
      imponibile; tot imponibile; valore netto; totale escluse tasse; totale tasse escluse; totale imponibile; totale netto; imponibile iva; importo netto; totale senza iva; totale merce; subtotale; \
      exclusief btw; nettowaarde; totaal zonder belasting; totaal exclusief belastingen; totaal excl btw; subtotaal; totaal exclusief btw; netto bedrag; excl btw; bedrag excl btw; grondslag; nettobedrag; totaal excl; \
      valor liquido; total sem impostos; total excluindo impostos; total liquido; total sem iva; base tributavel; incidencia; total iliquido; mercadoria servicos; \
      wartosc netto; razem bez podatku; suma bez podatku; suma netto; kwota netto; razem netto; sprzedaz opodatk; sprzedaz opodatkowana; sprzed opod ptu; sprzedaz opod ptu; sprzed opodatk ptu; nettobelopp; belop eks mva; zaklad dane; subtotal net; \
      iliquido; \
      total net amount excl vat; net subtotal; subtotal excl vat; subtotal ex vat; subtotal excl tax; subtotal before tax; subtotal before vat; subtotal excluding vat; subtotal excluding tax; total before vat; amount before vat; goods value; net goods value; net goods; taxable total; total taxable value; total taxable amount; total amount excl vat; total amount ex vat; total amount excluding vat; total amount before tax; total excl of vat; total exclusive of vat; amount ex vat; amount excluding vat; charges excl vat; charges excluding vat; total charges excluding vat; total charges ex vat; net premium; net invoice total; net charges; total nett; value ex vat; value excl vat; price excl vat; total vatable; vatable amount; vatable sales; net of vat; net payable before tax; \
      summe ohne ust; summe exkl ust; summe exkl mwst netto; summe excl mwst; gesamt exkl ust; gesamt ohne ust; gesamt ohne mwst; gesamtsumme exkl mwst; gesamtbetrag exkl mwst; total ohne ust; total exkl ust; total excl mwst; betrag exkl mwst; betrag ohne mwst; betrag ohne ust; rechnungsbetrag ohne mwst; rechnungsbetrag exkl mwst; rechnungsbetrag exkl ust; zwischentotal; zwischentotal exkl mwst; zwischensumme exkl mwst; zwischensumme ohne mwst; zwischensumme ohne ust; nettosumme gesamt; nettobetrag gesamt; netto eur; netto in eur; netto total; netto warenwert; netto warenwert eur; warenwert netto; summe positionen; positionssumme; summe der positionen; summe nettobetrage; steuerpflichtiger betrag; bemessungsgrundlage; nettoentgelt; entgelt netto; entgelt ohne ust; rechnungsnetto; netto rechnungssumme; netto endbetrag; summe arbeitswerte netto; summe netto eur; leistungssumme netto; auftragssumme netto; honorar netto; nettohonorar; beitrag netto; nettobeitrag; nettopramie; \
      total hors tva; montant hors tva; sous total hors taxes; sous total htva; sous total hors tva; total hors taxe; prix hors taxes; prix total ht; total general ht; total ht net; total net hors taxes; montant net; montant net ht; base imposable; base taxable; base tva; montant imposable; total cotisation ht; valeur ht; net htva; montant htva; net hors taxes; net commercial; total facture ht; montant facture ht; total excl tva; total exclu tva; base hors taxe; base hors taxes; sous total net; \
      total base imponible; base imponible total; base iva; subtotal sin iva; subtotal sin impuestos; importe sin impuestos; importe total sin iva; total antes de impuestos; total antes de iva; total base; total neto sin iva; importe base; base imp; b imponible; base imponible eur; suma base imponible; total bruto sin iva; total importe neto; importe neto total; precio sin iva; base liquidable; total bases; neto gravado; neto mercancia; total mercancia; base general; importe sujeto a iva; total sujeto a iva; \
      totale imponibile iva; totale imponibile eur; base imponibile; totale iva esclusa; totale al netto di iva; totale al netto iva; totale netto iva; importo imponibile; importo iva esclusa; importo senza iva; netto merce; netto imponibile; tot merce; tot netto; somma imponibili; subtotale iva esclusa; totale parziale; totale corrispettivi; premio netto; ammontare imponibile; importo totale netto; totale importo netto; totale righe; totale righe documento; totale non imponibile; \
      subtotaal excl btw; subtotaal excl; subtotaal exclusief btw; subtotaal ex btw; totaal ex btw; totaal exclusief; totaal netto; netto totaal; netto factuurbedrag; factuurbedrag excl btw; factuurbedrag exclusief btw; bedrag exclusief btw; bedrag ex btw; bedrag excl; bedrag exclusief; totaalbedrag excl btw; totaalbedrag exclusief btw; maatstaf van heffing; maatstaf; belastbaar bedrag; belastbare basis; totaal zonder btw; bedrag zonder btw; netto goederenbedrag; goederenbedrag; netto goederen; prijs excl btw; totaalprijs excl btw; netto premie; totaal btw excl; totaal excl btw eur; subtotaal netto; btw grondslag; ex btw; \
      valor sem iva; valor s iva; total s iva; total s imposto; total sem imposto; valor tributavel; total tributavel; base de incidencia; valor da mercadoria; valor mercadoria; total mercadoria; total mercadorias; total mercadoria servicos; montante sem iva; montante liquido; valor liquido total; total liq; total iliquido eur; valor iliquido; subtotal sem iva; base incidencia; total antes de impostos; incidencia iva; total de incidencia; total parcial; valor base; preco sem iva; total liquido sem iva; \
      wartosc netto razem; razem wartosc netto; wartosc netto ogolem; ogolem netto; lacznie netto; laczna wartosc netto; laczna kwota netto; netto razem; netto ogolem; kwota netto razem; naleznosc netto; wartosc bez vat; kwota bez vat; suma wartosci netto; wartosc faktury netto; podstawa opodatkowania; podstawa vat; razem bez vat; suma bez vat; netto pln; razem netto pln; wartosc netto pln; cena netto razem; wynagrodzenie netto; skladka netto; oplata netto; kwota netto faktury; calkowita wartosc netto",
    ),
    (
        Concept::Tax,
        SURE,
        "tax; taxes; vat; tax amount; vat amount; total tax; total vat; gst; total gst; gst amount; sales tax; vat total; tax total; hst; pst; service tax; igst; cgst; sgst; gst 6; add vat; tax amt; gst payable; total taxes; sst; service tax amount; includes gst; gst included; total tax amount; of which vat; incl gst; \
      umsatzsteuer; mehrwertsteuer; versicherungsteuer; versicherungssteuer; insurance premium tax; premium tax; ipt; assurantiebelasting; taxe assurance; impuesto sobre primas; mwst; ust; ust betrag; mwst betrag; steuerbetrag; steuer; zzgl mwst; zzgl ust; gesamtsteuer; umsatzsteuerbetrag; zuzuglich umsatzsteuer; ust gesamt; enthaltene mwst; steuern; zzgl umsatzsteuer; zzgl mehrwertsteuer; mwst gesamt; steuersumme; summe umsatzsteuer; summe steuer; summe mehrwertsteuer; enthaltene umsatzsteuer; inkl mwst; summe mwst; summe ust; davon mwst; mehrwertsteuerbetrag; \
      tva; montant tva; total tva; sous total tva; dont tva; total taxes; t v a; montant de la tva; tva due; dont t v a; \
      iva; imposte; belasting; belastingen; impostos; podatki; taxe fiscale; importe iva; cuota iva; total iva; cuota; importo iva; imposta; totale iva; tot iva; totale imposta; tot imposta; iva 22; i v a; ammontare iva; cuota de iva; total impuestos; impuestos; \
      btw; btw bedrag; totaal btw; waarvan btw; omzetbelasting; b t w; btw totaal; \
      valor iva; total de iva; total imposto; imposto; valor do iva; montante iva; \
      ptu; suma ptu; kwota ptu; kwota vat; podatek vat; suma vat; podatek; wartosc vat; razem vat; kwota podatku; moms; mva; dph; afa; momsbelopp; \
      total vat amount; vat charge; vat charged; vat payable; vat due; vat content; vat included; value added tax; plus vat; vat on invoice; amount of vat; amount of tax; tax charged; tax payable; tax included; including vat of; includes vat of; total sales tax; sales taxes; state tax; state sales tax; gst hst; hst amount; qst; tax 1; utgst; vat standard rate; vat 20; total vat payable; total tax payable; goods and services tax; local tax; city tax total; vat value; vat sum; \
      mehrwertsteuer gesamt; umsatzsteuer gesamt; gesamt mwst; gesamt ust; gesamtumsatzsteuer; gesamtmehrwertsteuer; mwst total; total mwst; total ust; ust summe; mwst summe; zuzuglich mwst; zuzuglich mehrwertsteuer; zuzuglich ust; plus mwst; plus ust; plus umsatzsteuer; plus mehrwertsteuer; gesetzliche mwst; gesetzliche mehrwertsteuer; gesetzliche umsatzsteuer; zzgl gesetzlicher mwst; zzgl gesetzlicher mehrwertsteuer; zzgl gesetzl mwst; zzgl gesetzl ust; zzgl ges mwst; zzgl der gesetzlichen mehrwertsteuer; darin enthaltene mwst; darin enthaltene mehrwertsteuer; darin enthaltene umsatzsteuer; darin enthaltene ust; enthaltene ust; enthaltene mehrwertsteuer; darin enthalten mwst; darin mwst; davon ust; davon umsatzsteuer; davon mehrwertsteuer; betrag mwst; betrag ust; steuern gesamt; steueranteil; mwst anteil; ust anteil; umsatzsteueranteil; mehrwertsteueranteil; mwst inkl; inkl ust; inkl umsatzsteuer; inkl mehrwertsteuer; abgaben gesamt; mwst chf; mwst eur; ust eur; \
      montant de tva; montant total tva; montant total de la tva; total de la tva; tva totale; tva a payer; tva facturee; tva incluse; tva comprise; dont tva incluse; dont montant tva; taxe sur la valeur ajoutee; taxes totales; montant taxe; montant des taxes; total taxe; total des taxes; taxes et contributions; taxes sur les conventions d assurance; taxe sur les conventions d assurance; taxes d assurance; tva 20; tva sur les debits; tva normale; montant tva eur; \
      importe de iva; importe del iva; importe total iva; cuotas iva; iva repercutido; iva soportado; iva total; total cuota iva; total cuota; total cuotas; iva incluido; iva 21; importe impuestos; importe de impuestos; importe del impuesto; total impuesto; impuesto sobre el valor anadido; igic; total igic; cuota igic; ipsi; itbis; isv; impuesto valor agregado; total iva eur; \
      importo totale iva; totale imposte; ammontare imposta; ammontare dell iva; importo imposta; importo imposte; iva totale; iva a debito; di cui iva; iva compresa; iva inclusa; imposta sul valore aggiunto; imposta totale; iva eur; tot iva eur; imposta iva; iva da versare; totale imposta iva; importo dell iva; \
      btw totaalbedrag; totaal btw bedrag; totaal bedrag btw; bedrag btw; btw te betalen; waarvan btw bedrag; inclusief btw bedrag; btw hoog; btw laag; totaal belasting; totaal belastingen; belastingbedrag; totaal omzetbelasting; te betalen btw; btw incl; over btw; plus btw; btw eur; af te dragen btw; btw 21; verschuldigde btw; \
      total do iva; montante de iva; montante do iva; valor de iva; iva liquidado; total dos impostos; total de impostos; valor do imposto; valor imposto; montante imposto; imposto sobre o valor acrescentado; iva a pagar; total de imposto; imposto total; dos quais iva; imposto de selo; \
      wartosc podatku vat; wartosc podatku; kwota podatku vat; suma podatku; suma podatku vat; razem podatek; razem podatek vat; razem podatku; podatek razem; vat razem; vat ogolem; ogolem vat; lacznie vat; laczna kwota vat; laczna kwota podatku; podatek od towarow i uslug; naleznosc vat; w tym vat; w tym podatek; w tym podatek vat; nalezny vat; kwota vat razem; vat pln; podatek vat razem",
    ),
    (
        Concept::TaxRate,
        SURE,
        "tax rate; vat rate; tax code; tax percent; steuersatz; mwst satz; ust satz; taux tva; taux; tipo iva; aliquota; btw tarief; btw percentage; taxa iva; stawka vat; stawka; gst summary; tax summary",
    ),
    (
        Concept::Paid,
        SURE,
        "payments credits; payments and credits; payment credits; gezahlte abschlage; abzuglich gezahlter abschlage; geleistete abschlage; abzuglich abschlagszahlung; abzuglich akontozahlung; abzuglich akontozahlungen; abzuglich anzahlung; deposito; deposito recebido; sinal; caparra; voorschotten; in rekening gebrachte voorschotten; paye; payee; geleistete vorschusse; geleisteter vorschusse; geleisteter vorschuss; vorschuss; vorschusse; akontozahlung; akontozahlungen; provisions recues; provision recue; provisions versees; provision versee; anticipi versati; provision de fondos; retainer applied; cash; cash received; amount paid; paid; payment; tendered; cash tendered; amount tendered; received; payment received; amount received; credit card; debit card; paid amount; deposit; prepayment; cash payment; total paid; tender; tunai; debit; paid in cash; amt tendered; paid through; cash rm; amount rcvd; less deposit; deposit paid; amount already paid; already paid; payments received; less payments; less payments received; previous payments; partial payment; part payment; prepaid amount; advance payment; payments; total payments; paid to date; payment made; payments made; paid on; \
      gezahlt; bar; bezahlt; girocard; kartenzahlung; ec cash; kredit karte; gegeben; anzahlung; erhaltene anzahlungen; ec karte; kreditkarte; bereits bezahlt; barzahlung; abschlagszahlung; abschlagszahlungen; abschlagszahlung vom; erhaltene abschlagszahlungen; geleistete abschlagszahlungen; teilzahlung; teilzahlung vom; anzahlung vom; geleistete anzahlung; geleistete anzahlungen; bereits gezahlt; bereits geleistet; bereits erhalten; zahlungseingang; zahlung vom; erhaltene zahlungen; gezahlter betrag; bezahlter betrag; geleistete zahlungen; zahlungen; acompte; especes; carte bancaire; deja paye; acompte verse; regle; acompte du; acomptes verses; acompte regle; deja regle; montant paye; montant deja paye; montant regle; paiement recu; versements; montant verse; total regle; efectivo; pagado; tarjeta; anticipo; entregado; pago a cuenta; pagos a cuenta; entrega a cuenta; importe pagado; ya pagado; pago recibido; pagos; abonado; importe abonado; contanti; pagamento elettronico; bancomat; carta di credito; pagato; acconto; acconto versato; acconti versati; gia pagato; gia versato; importo pagato; versato; incassato; betaald; pin; pinnen; betaald met pin; contant; pago; aanbetaling; reeds betaald; reeds voldaan; al betaald; vooruitbetaling; voorschot; ontvangen betaling; valor pago; voldaan; betaald bedrag; valor recebido; ja pago; adiantamento; pagamento recebido; dinheiro; multibanco; cartao; zaplacono; gotowka; karta; karta platnicza; przedplata; juz zaplacono; kwota zaplacona; wplacono; zaliczka; wplata; wplaty; zaplacone; \
      less paid; less amount paid; less amounts paid; less payment; less payment received; less advance; less advance received; less advance paid; advance received; advance paid; advance; advances received; less prepayment; less prepaid; prepaid; prepayments; prepayment received; deposit received; less deposit received; less deposit paid; less deposits; payment on account; payments on account; payments to date; payment to date; received to date; received with thanks; paid by card; paid with; paid via; paid by; payment taken; payment applied; payments applied; less payments applied; amount applied; applied payments; amount settled; amount collected; amount charged; total payments received; total payment received; total deposits; total received; less retainer; amount previously paid; previously paid; less previously paid; thank you for your payment; payment thank you; paid online; card payment; payment by card; down payment; less down payment; charged to card; charged to your card; charged to visa; charged to mastercard; paid in advance; paid already; less already paid; initial payment; \
      abzuglich bezahlt; abzuglich zahlung; abzuglich zahlungen; abzuglich bereits gezahlt; abzuglich bereits bezahlt; abzuglich geleisteter zahlungen; abzuglich geleistete zahlungen; abzuglich erhaltener zahlungen; abzuglich erhaltene zahlungen; abzuglich erhaltene anzahlung; abzuglich erhaltener anzahlung; abzuglich geleistete anzahlung; abzuglich geleisteter anzahlung; abzuglich geleistete abschlagszahlungen; abzuglich abschlagszahlungen; abzuglich abschlage; abzuglich vorauszahlung; abzuglich vorauszahlungen; abzgl anzahlung; abzgl bereits gezahlt; abzgl abschlagszahlung; abzgl abschlagszahlungen; abzgl vorauszahlung; abzgl zahlung; abzgl geleisteter anzahlung; abzgl geleisteter abschlage; abzgl geleisteter vorauszahlungen; vorauszahlung; vorauszahlungen; geleistete vorauszahlungen; geleistete vorauszahlung; geleistete abschlagszahlung; erhaltene anzahlung; erhaltene abschlage; erhaltene vorauszahlung; erhaltene zahlung; ihre zahlung; ihre zahlungen; ihre abschlage; ihre abschlagszahlungen; ihre vorauszahlungen; bereits beglichen; bereits abgebucht; bereits uberwiesen; davon bezahlt; davon bereits bezahlt; zahlbetrag erhalten; betrag erhalten; dankend erhalten; kartenzahlung visa; zahlung per karte; bezahlt mit; bezahlt am; bezahlt per; gezahlt am; bezahlt bar; geleistete akontozahlungen; akontobetrag; akontorechnung; \
      deja verse; deja versee; somme versee; sommes versees; sommes deja versees; somme deja versee; total verse; total deja verse; total deja regle; paiement; paiements; paiements recus; paiement effectue; paiements effectues; paiement par carte; paye par carte; paye le; payee le; regle le; reglee le; reglement recu; reglements recus; reglement; acompte recu; acompte recu le; acomptes recus; acompte paye; acompte deja verse; acomptes deja verses; acomptes deja regles; acompte verse le; acompte deduit; moins acompte; moins acomptes; moins acompte verse; deduction acompte; deduction acomptes; deduction acompte verse; a deduire acompte; arrhes; arrhes versees; avance recue; avance versee; provisions deja versees; montant encaisse; montant acquitte; solde deja regle; paiement anticipe; caution versee; mensualites payees; mensualites deja reglees; total des acomptes; total paye; dont acompte; \
      pagos recibidos; pagos realizados; pago realizado; pago efectuado; total pagado; total abonado; total pagos; importe ya pagado; importe entregado; importe abonado a cuenta; importe cobrado; a cuenta; entregas a cuenta; entregado a cuenta; cantidad entregada; cantidad a cuenta; cantidades a cuenta; deposito pagado; deposito entregado; anticipos; anticipo recibido; anticipo pagado; anticipo entregado; menos anticipo; menos anticipos; menos pagos; menos a cuenta; deduccion anticipo; provision de fondos recibida; provision de fondos entregada; provision recibida; pagado con tarjeta; pago con tarjeta; pagado con; pagado por; pagado el; pagada el; tarjeta de credito; adelantos; importe satisfecho; ya abonado; ya cobrado; \
      acconto ricevuto; acconti ricevuti; acconto pagato; acconti pagati; acconto gia versato; acconti gia versati; acconto del; meno acconto; meno acconti; detratto acconto; a dedurre acconto; dedotto acconto; detrazione acconto; anticipi; anticipo ricevuto; anticipo versato; anticipi ricevuti; caparra versata; caparra ricevuta; caparra confirmatoria; deposito cauzionale; pagamento ricevuto; pagamenti ricevuti; pagamenti effettuati; pagamento effettuato; pagamento del; totale pagato; totale versato; totale incassato; totale pagamenti; importo versato; importo incassato; importo gia pagato; importo gia versato; somma versata; somme versate; gia incassato; gia corrisposto; corrisposto; pagato con carta; pagato con; pagato il; pagata il; versamenti; versamento; fondo spese versato; fondo spese; fondo spese ricevuto; \
      reeds ontvangen; al ontvangen; ontvangen bedrag; ontvangen betalingen; ontvangen voorschot; ontvangen voorschotten; ontvangen aanbetaling; reeds gefactureerd voorschot; betaald voorschot; betaalde voorschotten; betaalde termijnen; voorschot betaald; voorschotten betaald; minus voorschot; min voorschot; af voorschot; aftrek voorschot; in mindering; in mindering gebracht; in mindering voorschot; in mindering aanbetaling; aanbetaald; aanbetaald bedrag; aanbetaling ontvangen; ontvangen op; af aanbetaling; minus aanbetaling; vooruitbetaald; vooruitbetalingen; betaling ontvangen; totaal betaald; totaal ontvangen; totaal voldaan; betaald op; betaald via ideal; betaald via; betaald per; betaald met; voldaan per; voldaan op; voldaan via; reeds afgeschreven; waarborg verrekend; borg verrekend; acompte betaald; reeds betaald bedrag; betaald met ideal; betaald per bank; \
      adiantamentos; adiantamento recebido; adiantamentos recebidos; valor adiantado; valor ja pago; valores ja pagos; valores recebidos; total pago; total recebido; total ja pago; total de pagamentos; pagamentos recebidos; pagamento efetuado; pagamentos efetuados; pago em; pago por; pago com; pago a; montante pago; montante recebido; montante ja pago; entrega por conta; entregas por conta; por conta; pagamento por conta; pagamentos por conta; menos adiantamento; deducao adiantamento; sinal pago; sinal recebido; sinal entregue; caucao paga; provisao recebida; provisao para honorarios; valor liquidado; valor ja liquidado; cartao de credito; mb way; deposito pago; entrada paga; \
      zaliczki; zaliczka wplacona; zaliczka zaplacona; zaliczka otrzymana; zaliczki otrzymane; otrzymana zaliczka; otrzymane zaliczki; otrzymano zaliczke; minus zaliczka; pomniejszenie o zaliczke; potracono zaliczke; rozliczenie zaliczki; wplacona zaliczka; zadatek; wplacony zadatek; wplacono zadatek; wplacono dnia; wplata z dnia; wplata dnia; otrzymano; otrzymana wplata; otrzymane wplaty; kwota otrzymana; kwota wplacona; zaplacono karta; zaplacono gotowka; zaplacono przelewem; zaplacono w dniu; zaplacono dnia; zaplata otrzymana; kwota oplacona; suma wplat; razem wplaty; razem zaplacono; zaksiegowane wplaty; dotychczas zaplacono; dotychczasowe wplaty; juz wplacono; uregulowano; uiszczono; uiszczona kwota; platnosc karta; rozliczono; przedplaty; wplaty klienta",
    ),
    (
        Concept::Change,
        SURE,
        "change; change due; cash change; balance change; your change; change rm; baki; kembali; ruckgeld; zuruck; wechselgeld; rendu; monnaie rendue; monnaie; cambio; resto; vuelto; wisselgeld; terug; troco; reszta; kembalian",
    ),
    (
        Concept::Rounding,
        SURE,
        "rounding; rounding adj; rounding adjustment; round adj; rounding adjustments; round; rounding amount; round off; rnd adj; rundung; arrondi; redondeo; arrotondamento; afronding; arredondamento; zaokraglenie; total rounding adjustment; bill rounding; pelarasan",
    ),
    (
        Concept::Discount,
        SURE,
        "discount; total discount; less discount; disc; discount amount; you saved; total saving; total savings; saving; savings; you save; member discount; promotion; voucher; item discount; \
      rabatt; skonto; nachlass; gesamtbetrag der abschlage; abschlage; gesamtbetrag der zuschlage; zuschlage; remise; escompte; rabais; descuento; dto; sconto; korting; desconto; rabat; upust; diskaun; \
      discounts; less discounts; trade discount; trade disc; less trade discount; volume discount; quantity discount; loyalty discount; early bird discount; early payment discount; cash discount; prompt payment discount; settlement discount; customer discount; partner discount; special discount; group discount; staff discount; student discount; senior discount; promo discount; promotional discount; promo code; promotion discount; promotions; coupon discount; coupon code; voucher discount; rebate; rebates; bulk discount; introductory discount; introductory offer; seasonal discount; invoice discount; order discount; discount total; discounts total; total discounts; price reduction; no claims discount; multi policy discount; multibuy; multibuy discount; offer discount; less rebate; goodwill discount; goodwill credit; contract discount; annual discount; referral discount; less offer; basket discount; discount applied; \
      rabatte; gesamtrabatt; rabattbetrag; abzuglich rabatt; abzgl rabatt; mengenrabatt; kundenrabatt; treuerabatt; sonderrabatt; aktionsrabatt; einfuhrungsrabatt; fruhbucherrabatt; gruppenrabatt; familienrabatt; geschwisterrabatt; mitgliederrabatt; mitgliedsrabatt; schulerrabatt; studentenrabatt; seniorenrabatt; jubilaumsrabatt; wiederverkaufsrabatt; wiederverkauferrabatt; handlerrabatt; partnerrabatt; projektrabatt; naturalrabatt; neukundenrabatt; willkommensrabatt; warenkorbrabatt; onlinerabatt; rechnungsrabatt; auftragsrabatt; positionsrabatt; preisnachlass; abzuglich nachlass; abzgl nachlass; abzuglich skonto; abzgl skonto; gutschein; gutscheincode; gutscheinrabatt; aktionsgutschein; rabattcode; treuebonus; neukundenbonus; sofortbonus; barzahlungsrabatt; sofortrabatt; ermassigung; kulanzrabatt; kulanznachlass; preisminderung; summe rabatt; summe rabatte; schadenfreiheitsrabatt; vorauszahlungsrabatt; messerabatt; mengennachlass; \
      remises; remise commerciale; remise globale; remise totale; total remise; total remises; remise exceptionnelle; remise fidelite; remise de fidelite; remise adherent; remise client; remise quantite; remise quantitative; remise speciale; remise accordee; remise sur facture; montant remise; montant de la remise; montant des remises; moins remise; dont remise; remise pro; remise web; remise en ligne; remise promotionnelle; remise partenaire; remise famille; ristourne; ristournes; rabais commercial; rabais special; rabais fidelite; rabais de quantite; total rabais; reductions; total reduction; montant reduction; reduction fidelite; reduction commerciale; reduction promotionnelle; code promo; code promotionnel; code de reduction; bon de reduction; bon d achat; cheque cadeau; offre speciale; offre promotionnelle; offre de bienvenue; geste commercial; escompte pour paiement anticipe; avantage client; avantage fidelite; rabais membre; rabais membres; \
      descuentos; total descuento; total descuentos; importe descuento; importe del descuento; dto comercial; dto pronto pago; dto p p; descuento pronto pago; descuento por pronto pago; descuento comercial; descuento especial; descuento general; descuento global; descuento cliente; descuento fidelidad; descuento socio; descuento por volumen; descuento promocional; descuento aplicado; descuento factura; dtos; total dto; menos descuento; importe dto; bonificaciones; cupon descuento; codigo promocional; codigo descuento; codigo de descuento; vale descuento; bonificacion comercial; descuento online; descuento web; descuento autonomo; descuento permanencia; \
      sconti; totale sconto; totale sconti; importo sconto; sconto incondizionato; sconto commerciale; sconto cliente; sconto fedelta; sconto speciale; sconto pagamento; sconto cassa; sconto merce; sconto applicato; sconto quantita; sconto promozionale; sconto socio; sconto soci; sconto extra; meno sconto; sconto totale; sconto su fattura; sconto online; sconto web; abbuono; abbuoni; riduzioni; agevolazione; agevolazioni; buono sconto; codice sconto; coupon sconto; codice promozionale; ribasso; ribasso d asta; bonus sociale; bonus fedelta; sconto convenzione; sconto convenzionati; storno sconto; sconto attivazione; sconto benvenuto; \
      kortingen; totale korting; totaal korting; kortingsbedrag; af korting; minus korting; klantkorting; klantenkorting; ledenkorting; lidkorting; kwantumkorting; staffelkorting; handelskorting; actiekorting; vakantiekorting; vroegboekkorting; jaarkorting; loyaliteitskorting; trouwkorting; welkomstkorting; groepskorting; familiekorting; gezinskorting; studentenkorting; seniorenkorting; partnerkorting; projectkorting; online korting; introductiekorting; contantkorting; betalingskorting; korting voor contant; korting contant; extra korting; speciale korting; factuurkorting; orderkorting; combinatiekorting; pakketkorting; stapelkorting; bundelkorting; relatiekorting; dealerkorting; kortingscode; kortingsbon; actiecode; cadeaubon; waardebon; tegoedbon; uw voordeel; prijsvermindering; creditbeperking; kredietbeperking; commerciele korting; getrouwheidskorting; tegemoetkoming; \
      descontos; total desconto; total descontos; total de descontos; valor desconto; valor do desconto; valor dos descontos; desconto comercial; desconto financeiro; desconto global; desconto cliente; desconto de cliente; desconto especial; desconto pronto pagamento; desconto de pronto pagamento; desconto socio; desconto socios; desconto fidelidade; desconto promocional; desconto quantidade; desconto aplicado; desconto total; desconto cartao; desconto campanha; desconto online; desc comercial; desc financeiro; descontos comerciais; menos desconto; reducao; abatimento; bonificacao; vale de desconto; cupao; cupao de desconto; voucher desconto; vale oferta; desc global; \
      rabaty; rabat razem; razem rabat; kwota rabatu; wartosc rabatu; suma rabatow; rabat kwotowy; rabat staly; rabat stalego klienta; rabat dla stalych klientow; rabat ilosciowy; rabat handlowy; rabat specjalny; rabat udzielony; udzielony rabat; rabat dodatkowy; rabat promocyjny; rabat klienta; rabat dla klienta; rabat czlonkowski; upust cenowy; upust razem; kwota upustu; udzielony upust; znizka; znizki; kwota znizki; suma znizek; znizka promocyjna; znizka rodzinna; znizka studencka; obnizka; obnizka ceny; bonifikata; skonto kwota; kod rabatowy; kod promocyjny; kupon rabatowy; bon rabatowy; rabat online; rabat internetowy; rabat za platnosc",
    ),
    (
        Concept::Shipping,
        SURE,
        "carriage; carriage net; carriage charge; frachtkosten; frachtpauschale; shipping; shipping cost; delivery charge; freight; postage; handling; service charge; versand; versandkosten; porto; fracht; frais de port; port; livraison; gastos de envio; portes; spese di spedizione; trasporto; verzendkosten; portes de envio; koszty wysylki; shipping handling; verzending; frais de livraison; frais d expedition; expedition; envio; spedizione; costi di spedizione; koszt dostawy; wysylka; svc charge; serv charge; \
      shipping fee; shipping fees; shipping charges; shipping charge; shipping costs; shipping and handling; shipping total; shipping amount; postage and packing; postage packing; post and packing; p and p; packaging and delivery; delivery fee; delivery fees; delivery charges; delivery cost; delivery costs; delivery and handling; standard delivery; express delivery; next day delivery; carriage and packing; carriage and insurance; carriage paid; courier charge; courier charges; courier fee; courier delivery; freight charge; freight charges; freight cost; freight costs; freight and handling; freight amount; freight out; inbound freight; transport charge; transport charges; transport costs; transport cost; transportation charges; transportation charge; handling fee; handling charge; delivery surcharge; standard shipping; express shipping; ground shipping; packing and forwarding; p f charges; loading charges; \
      lieferung und montage; lieferung montage; montage und lieferung; livraison et montage; consegna e montaggio; versandpauschale; versandgebuhr; versandgebuhren; versandspesen; versandkostenpauschale; versandkosten netto; versandkostenanteil; versand und verpackung; versand verpackung; verpackung und versand; verpackung versand; verpackung porto; porto und verpackung; porto verpackung; porto versand; portokosten; porto und versand; portopauschale; portospesen; versandanteil; lieferkosten; liefergebuhr; lieferpauschale; lieferspesen; zustellgebuhr; zustellkosten; zustellpauschale; anlieferungspauschale; anlieferpauschale; anlieferkosten; transportkosten; transportpauschale; transportkostenanteil; transportkostenpauschale; fracht und verpackung; fracht verpackung; frachtanteil; frachtkostenanteil; frachtzuschlag; frachtspesen; speditionskosten; paketversand; paketdienst; standardversand; expressversand; kurierkosten; kurierdienst; logistikpauschale; logistikkosten; verpackungs und versandkosten; versand dhl; dhl versand; versand dpd; versand ups; \
      frais de transport; frais transport; frais de port et emballage; frais de port et d emballage; frais port; port et emballage; port emballage; port ht; ports; ports ht; port forfaitaire; forfait port; forfait transport; forfait livraison; participation aux frais de port; participation transport; participation port; frais d envoi; frais envoi; frais postaux; frais d acheminement; transport ht; transport et emballage; cout de livraison; cout de transport; frais livraison; livraison standard; livraison express; livraison a domicile; livraison domicile; livraison ht; frais d affranchissement; port et assurance; expedition ht; frais d expedition ht; frais de manutention; frais de fret; frais de messagerie; \
      gastos envio; gastos de transporte; gastos transporte; gastos de entrega; gastos de porte; gastos de portes; coste de envio; costes de envio; coste envio; costo de envio; costes de transporte; coste de transporte; portes y embalajes; portes y embalaje; portes pagados; portes debidos; envio urgente; envio estandar; envio express; envio a domicilio; entrega a domicilio; gastos de flete; cargos por envio; cargo por envio; manipulacion y envio; envio y manipulacion; gastos de manipulacion; recargo transporte; suplemento transporte; servicio de envio; servicio de entrega; \
      spese spedizione; spese di trasporto; spese trasporto; spese di consegna; spese consegna; spese di invio; costo spedizione; costo di spedizione; costo trasporto; costo del trasporto; costi di trasporto; costi di consegna; costo consegna; costo di consegna; contributo spedizione; contributo spese di spedizione; contributo trasporto; contributo spese trasporto; contributo consegna; trasporto e imballo; trasporto e imballaggio; imballo e trasporto; imballaggio e trasporto; imballo e spedizione; imballaggio e spedizione; addebito trasporto; porto franco addebitato; spedizione e imballo; corriere espresso; spese corriere; spese postali; spedizione standard; spedizione espressa; consegna a domicilio; spese accessorie trasporto; spese di spedizione e gestione; spese di porto; \
      verzendkosten nederland; verzendkosten excl btw; verzendkosten belgie; verzend en administratiekosten; verzend en verpakkingskosten; verzend en handelingskosten; verpakking en verzending; verpakkings en verzendkosten; bezorgkosten; bezorgtoeslag; thuisbezorging; leverkosten; leveringskosten; leveringskost; leveringstoeslag; afleverkosten; transportkost; transporttoeslag; vrachtkosten; vrachttoeslag; porto en verpakking; orderkosten en verzending; koerierskosten; koeriersdienst; verzendkost; standaard verzending; expresslevering; expreslevering; pakketpost; verzending nederland; verzending belgie; vervoerskosten; vervoerkosten; franco toeslag; logistieke kosten; handlingkosten; expeditiekosten; thuislevering; \
      portes e embalagem; portes de expedicao; portes ctt; custos de envio; custo de envio; custos de transporte; custo de transporte; custos de entrega; custo de entrega; custos de expedicao; despesas de envio; despesas de transporte; despesas de expedicao; despesas de entrega; despesas de portes; taxa de entrega; taxa de envio; taxa de transporte; expedicao; entrega ao domicilio; entrega em casa; porte de envio; porte pago; fretes; valor do frete; correio expresso; envio standard; envio expresso; encargos de transporte; encargos de envio; transporte e embalagem; embalagem e portes; servico de entrega; despesas postais; \
      koszt wysylki; koszty dostawy; koszt przesylki; koszty przesylki; koszty transportu; koszt transportu; oplata za dostawe; oplata za wysylke; oplata za transport; oplata transportowa; oplata za przesylke; oplata kurierska; oplata pocztowa; oplaty pocztowe; transport i montaz; transport krajowy; dostawa kurierem; dostawa kurierska; przesylka; przesylka kurierska; przesylka kurierska dpd; przesylka inpost; kurier dpd; kurier inpost; kurier ups; kurier dhl; usluga kurierska; uslugi kurierskie; usluga transportowa; usluga transportu; uslugi transportowe; wysylka kurierem; paczkomat; paczkomaty; paczkomaty inpost; koszt kuriera; koszty spedycji; koszt dostawy kurierem; pakowanie i wysylka; koszt pakowania i wysylki",
    ),
    (
        Concept::Quantity,
        SURE,
        "quantity; qty; qnty; units; hours; quant; total qty; total quantity; total items; no of items; item count; items; number of items; total item; total qty s; item s; qty s; pcs; item qty; total no of items; qtys; pax; \
      menge; anzahl; stuck; stk; std; quantite; qte; nombre; cantidad; cant; cuantia; unidades; quantita; qta; q ta; aantal; hoeveelheid; quantidade; qtd; ilosc; szt; kuantiti; kol; antal; mnozstvi",
    ),
    (
        Concept::UnitPrice,
        SURE,
        "unit price; price; rate; unit cost; unit net price; net unit price; price per one; price per item; single price; net price; price each; price per unit; u price; unit amount; s price; rsp; price unit; each; cost; price ea; \
      einzelpreis; preis; stuckpreis; preis pro stuck; rate einheit; preis je einheit; einzelpreis netto; netto einzelpreis; ep; e preis; nettopreis; vk preis; einheitspreis; preis einheit; einzel; prix unitaire; prix unit; prix unit ht; prix unitaire net; pu; p u; pu ht; prix; p u ht; prix unitaire ht; precio; precio unitario; precio unidad; p unitario; precio unit; unitario; prezzo; prezzo unitario; prezzo unita; prezzo unit; prezzo cad; prijs; prijs per stuk; stukprijs; eenheidsprijs; preco; preco unitario; p unit; cena; cena jednostkowa; cena netto; cena jedn; cena jedn netto; cena jednostkowa netto; harga; apris; a pris",
    ),
    (
        Concept::LineAmount,
        SURE,
        "line total; line amount; total price; extended price; ext price; item total; betrag; gesamtpreis; nettobetrag; zeilenbetrag; gesamt; montant; montant ht; prix total; importe; importo; ammontare; bedrag; valor; wartosc; wartosc netto; amount; total; amt; totaal; prix ht; prijs incl btw; entgelt; amount rm",
    ),
    (
        Concept::Description,
        SURE,
        "description; item; item description; product; service; details; particulars; goods; article; items; desc; service description; product description; item name; \
      beschreibung; bezeichnung; artikel; leistung; produkt; artikelbeschreibung; artikelbezeichnung; position; designation; libelle; produit; prestation; descripcion; concepto; articulo; producto; descrizione; prodotto; articolo; omschrijving; beschrijving; product omschrijving; descricao; produto; artigo; designacao; nazwa; opis; nazwa towaru; nazwa towaru lub uslugi; usluga; varenavn; beskrivning; popis; keterangan",
    ),
    (
        Concept::Seller,
        SURE,
        "venduto da; verkauft von; vendu par; vendido por; verkocht door; sprzedane przez; sold and shipped by; verkauf durch; seller; vendor; supplier; sold by; from; bill from; invoice from; issued by; service provider; merchant; issuer; provider; pay to; payee; remit to; exporter; company name; biller; make cheques payable to; payable to; \
      verkaufer; rechnungssteller; rechnungsersteller; lieferant; leistungserbringer; anbieter; absender; aussteller; auftragnehmer; \
      vendeur; fournisseur; emetteur; prestataire; facture de; au nom et pour le compte de; proveedor; datos del proveedor; informacion del proveedor; informacion del contratista; contratista; emisor; fornitore; venditore; cedente; cedente prestatore; intestatario; emittente; mittente; \
      verkoper; leverancier; betalen aan; afzender; fornecedor; emitente; sprzedawca; wystawca; dostawca; leverandor; saljare; dodavatel; penjual",
    ),
    // Whose account is to be paid to: on a statement another's.
    (
        Concept::Seller,
        NEARLY,
        "account holder; beneficiary; beneficiary name; kontoinhaber; kontoinhaberin; zahlungsempfanger; titulaire du compte; nom du compte; titulaire; \
      beneficiaire; titular de la cuenta; titular; beneficiario; intestatario del conto; ten name van; rekeninghouder; begunstigde; titular da conta; \
      posiadacz rachunku; wlasciciel rachunku",
    ),
    // In Spanish and Portuguese as often the person who sold it.
    (Concept::Seller, MAYBE, "vendedor"),
    // What trades call who bills, and sellers who say it in other words.
    (
        Concept::Seller,
        SURE,
        "invoiced by; billed by; invoice issuer; seller details; supplier details; vendor details; remit payment to; send payment to; mail payment to; make check payable to; make checks payable to; make all checks payable to; make cheques payable to; please make cheques payable to; cheques payable to; checks payable to; sold and fulfilled by; issued for and on behalf of; supplier name; vendor name; seller name; \
      rechnung von; ausgestellt von; rechnungsaussteller; rechnungsausstellerin; rechnungsabsender; leistender unternehmer; dienstleister; auftragnehmerin; verkauft und versandt durch; verkauf und versand durch; verkauferin; \
      facture emise par; emis par; emise par; vendu et expedie par; societe emettrice; coordonnees fournisseur; coordonnees vendeur; vendu et livre par; \
      emitido por; emitida por; empresa emisora; emisor de la factura; datos del emisor; datos del vendedor; vendido y enviado por; prestador del servicio; datos de la empresa; \
      emesso da; emessa da; dati fornitore; dati del fornitore; dati del cedente; soggetto emittente; cedente prestatore fornitore; prestatore; venduto e spedito da; \
      gefactureerd door; factuur van; dienstverlener; opdrachtnemer; verkocht en verzonden door; gegevens leverancier; gegevens verkoper; \
      prestador; prestador de servicos; prestador do servico; dados do emitente; dados do fornecedor; emitente da nota; vendido e enviado por; emissor; \
      nombre emisor; nombre del emisor; razon social emisor; razon social del emisor; nombre o razon social del emisor; datos fiscales del emisor; prestador de los servicios; nome do prestador; nome razao social do prestador; dados do prestador; prestador dos servicos; remetente emitente; cedente prestatore fornitore; dati cedente prestatore; denominazione cedente; dati del prestatore; details of supplier; supplier of goods; supplier of services; name of supplier; \
      dane sprzedawcy; nazwa sprzedawcy; wystawca faktury; uslugodawca; wykonawca; zleceniobiorca; sprzedawca uslugi; podmiot wystawiajacy",
    ),
    (
        Concept::Seller,
        LIKELY,
        "landlord; lessor; insurer; licensor; organiser; organizer; creditor; contractor; practitioner; letting agent; \
      vermieter; vermieterin; versicherer; veranstalter; leasinggeber; lizenzgeber; glaubiger; \
      bailleur; assureur; organisateur; creancier; arrendador; asegurador; aseguradora; acreedor; organizador; \
      locatore; assicuratore; organizzatore; creditore; verhuurder; verzekeraar; organisator; schuldeiser; \
      senhorio; locador; segurador; seguradora; credor; wynajmujacy; ubezpieczyciel; organizator; leasingodawca; wierzyciel",
    ),
    (
        Concept::Buyer,
        SURE,
        "bill to customer; billed party; invoice addressed to; invoice to address; prepared for; issued to; invoicee; bill payer; payer; payor; billing information; billing name; customer details; customer information; client details; name of customer; account of; for the account of; contracting party; buyer name; \
      rechnung fur; rechnungsadressat; adressat; zahlungspflichtiger; zahlungspflichtige; gebuhrenschuldner; kundin; kundendaten; kundenname; name des kunden; auftraggeberin; vertragsnehmer; vertragsinhaber; kauferin; kostentrager; zahler; ausgestellt fur; ausgestellt an; besteller in; rechnung geht an; \
      doit; coordonnees client; coordonnees du client; client facture; nom client; facturation a; facture pour; facturee a; maitre d ouvrage; maitre de l ouvrage; donneur d ordre; payeur; redevable; adresse du client; \
      datos cliente; datos de facturacion del cliente; facturado a nombre de; a nombre de; factura a; pagador; contratante; obligado al pago; nombre cliente; adquiriente; solicitante; \
      dati cliente; dati del cliente; dati di fatturazione; dati acquirente; fattura a; fatturato a; fattura intestata a; cliente intestatario; nome cliente; pagatore; intestatario utenza; intestatario della fornitura; intestatario fornitura; \
      op naam van; factuur aan; factuur voor; gefactureerd aan; rekening aan; klantgegevens; facturatieadres; facturatiegegevens; opdrachtgever; betaler; bestemd voor; naam klant; klantnaam; \
      faturado a; faturado para; facturado a; fatura para; dados de faturacao; dados de cobranca; nome do cliente; nome cliente; sacado; tomador; tomador de servicos; tomador do servico; destinatario remetente; exmo sr; exma sra; exmo a sr a; exmos senhores; titular do contrato; \
      senor es; senores; senor; apellido y nombre razon social; sres; nombre receptor; nombre del receptor; razon social receptor; razon social del receptor; nombre o razon social del receptor; nombre razon social cliente; datos fiscales del receptor; datos del adquiriente; adquirente comprador; nombre o razon social del adquiriente; razon social del cliente; tomador de los servicios; tomador dos servicos; dados do tomador; nome do tomador; nome razao social do tomador; dados do destinatario; destinatario dos servicos; nome razao social do destinatario; dados do adquirente; dati cessionario; dati cessionario committente; denominazione cessionario; dati del committente; details of receiver; details of receiver billed to; receiver billed to; billed to party; details of recipient; name of recipient; name of buyer; name of purchaser; buyer bill to; sold to party; invoice issued to; tax invoice to; \
      dane klienta; nazwa klienta; nazwa nabywcy; adres klienta; dane do faktury; faktura dla; wystawiono dla; zleceniodawca; uslugobiorca; nabywca uslugi; inwestor; obciazenie dla",
    ),
    // What trades call who pays: an address without a label may be another one's, who does.
    (
        Concept::Buyer,
        PERHAPS,
        "debtor; debitor; debiteur; debitore; deudor; devedor; dluznik; patient; patient name; policyholder; policy holder; policyholder name; insured; the insured; named insured; subscriber; member; member name; tenant; tenant name; lessee; occupier; occupant; resident; homeowner; property owner; passenger; passenger name; traveller; lead guest; attendee; delegate; student; student name; pupil; parent guardian; exhibitor; advertiser; licensee; borrower; hirer; renter; participant; registrant; donor; franchisee; vehicle owner; pet owner; animal owner; booked by; ordered by; consumer; \
      mieter; mieterin; versicherungsnehmer; versicherungsnehmerin; versicherter; versicherte; mitglied; patientin; abonnent; abonnentin; abnehmer; bezieher; teilnehmer; teilnehmerin; kursteilnehmer; schuler; schulerin; fahrschuler; fahrgast; reisender; halter; fahrzeughalter; tierhalter; tierhalterin; eigentumer; eigentumerin; lizenznehmer; leasingnehmer; darlehensnehmer; bauherr; bauherrschaft; inserent; mandant; mandantin; anschlussinhaber; erziehungsberechtigte; \
      locataire; assure; assuree; souscripteur; preneur d assurance; adherent; adherente; patiente; abonne; abonnee; membre; societaire; eleve; etudiant; etudiante; stagiaire; participante; passager; voyageur; exposant; annonceur; usager; coproprietaire; preneur; emprunteur; responsable legal; \
      arrendatario; arrendataria; inquilino; inquilina; asegurado; asegurada; tomador del seguro; paciente; socio; socia; abonado; abonada; suscriptor; suscriptora; alumno; alumna; pasajero; viajero; propietario; anunciante; expositor; usuario; \
      conduttore; locatario; assicurato; contraente; paziente; abbonato; allievo; studente; iscritto; partecipante; passeggero; viaggiatore; utente; proprietario; condomino; inserzionista; espositore; \
      huurder; verzekerde; verzekeringnemer; lid; abonnee; leerling; cursist; student; deelnemer; passagier; reiziger; eigenaar; adverteerder; exposant; gebruiker; \
      segurado; segurada; tomador do seguro; utente; associado; assinante; aluno; formando; encarregado de educacao; passageiro; locataria; \
      najemca; ubezpieczony; ubezpieczajacy; pacjent; pacjentka; czlonek; abonent; uczen; kursant; uczestnik; pasazer; wlasciciel; lokator; uzytkownik; reklamodawca; licencjobiorca; leasingobiorca; korzystajacy",
    ),
    // Beside who buys, who takes the goods.
    (Concept::Buyer, NEARLY, "odbiorca"),
    // Who slept there may be somebody else than who pays.
    (Concept::Buyer, MAYBE, "guest name; guest; gast; hospede; huesped; ospite; hote"),
    (
        Concept::Buyer,
        SURE,
        "datos de facturacion; bill to; billed to; invoice to; sold to; buyer; customer; customer name; client; client name; purchaser; billing address; bill to address; invoice address; billing to; invoiced to; recipient; invoice recipient; account name; consignee bill to; charge to; billing details; payment address; contract holder; vertragspartner; titulaire du contrat; datos del titular; titular del contrato; titular del suministro; datos del receptor; informacion del contratante; datos del contratante; datos del comprador; informacion del comprador; intestatario del contratto; contracthouder; \
      kaufer; rechnungsempfanger; kunde; rechnungsadresse; rechnungsanschrift; rechnung an; empfanger; leistungsempfanger; auftraggeber; kaufer leistungsempfanger; besteller; kundenadresse; zahlungsadresse; verkauft an; rechnungsempfangerin; \
      client; acheteur; adresse a; delivre a; etabli a; facture a; adresse de facturation; facturer a; destinataire; adresse facturation; nom du client; nom de l abonne; facturation; adresse de paiement; vendu a; \
      cliente; comprador; facturar a; direccion de facturacion; datos del cliente; destinatario; nombre del cliente; facturado a; receptor; direccion de pago; vendido a; direccion de cobro; \
      acquirente; committente; cessionario; spett le; spettabile; intestata a; fatturare a; cessionario committente; destinatario fattura; intestatario fattura; indirizzo di fatturazione; indirizzo di pagamento; venduto a; \
      klant; koper; factuuradres; factureren aan; afnemer; betaaladres; verkocht aan; adquirente; morada de pagamento; endereco de faturacao; endereco de cobranca; vendido para; faturar a; exmo s sr s; morada de faturacao; dados do cliente; exmos srs; \
      nabywca; zamawiajacy; kupujacy; klient; platnik; adres platnosci; adres rozliczeniowy; adres do faktury; adres nabywcy; dane nabywcy; sprzedano do; kjoper; kopare; odberatel; kunde navn",
    ),
    (
        Concept::ShipTo,
        SURE,
        "entregar en; entrega en; entregar; enviar a nombre de; consegnare a; consegnare presso; consegna presso; luogo consegna; livrer chez; a livrer a; a livrer chez; anliefern an; anlieferadresse; anlieferung an; lieferung nach; warenannahme; entregar em; entrega em; dostarczyc do; dostarczyc na adres; afleveren aan; afleveren op; aflevering aan; deliver goods at; ship to address; ship to; deliver to; delivery address; shipping address; delivered to; consignee; goods recipient; goods receiver; ship to party; shipped to; place of delivery; service address; \
      lieferadresse; lieferanschrift; warenempfanger; lieferung an; abweichende lieferadresse; adresse de livraison; livrer a; livraison a; adresse de l installation; direccion de entrega; direccion de envio; enviar a; indirizzo di consegna; indirizzo di spedizione; destinazione; destinazione merce; luogo di destinazione; spedire a; \
      afleveradres; leveringsadres; bezorgadres; verzendadres; verzenden naar; morada de entrega; endereco de entrega; adres wysylki; adres do wysylki; wyslij do; spedizione a; envoye a; expedier a; adresse d expedition; adresse de l expedition; enviado a; versandadresse; versand an; liefern an; morada de envio; spedito a; local de entrega; local de descarga; adres dostawy; leveringsadresse; miejsce dostawy; \
      deliver goods to; delivered at; site address; job site; job address; project site; property address; supply address; premises; installation address; lieferort; leistungsort; einsatzort; baustelle; objekt; liegenschaft; verbrauchsstelle; lieferstelle; entnahmestelle; lieu de livraison; lieu de prestation; lieu d intervention; lieu de consommation; point de livraison; adresse du chantier; chantier; site de livraison; adresse de prestation; lugar de entrega; direccion del suministro; direccion de suministro; punto de suministro; direccion de obra; obra; luogo di consegna; indirizzo fornitura; indirizzo di fornitura; indirizzo utenza; punto di prelievo; cantiere; ubicazione; bezorgen aan; bezorgen op; geleverd aan; leveren aan; leverplaats; plaats van levering; verbruiksadres; werkadres; locatie; morada do local; morada de fornecimento; local de fornecimento; local de consumo; entregar a; entregue a; adres dostarczenia; adres montazu; miejsce swiadczenia; punkt poboru; adres punktu poboru; dostawa do; wysylka do",
    ),
    (
        Concept::SellerVatId,
        SURE,
        "our vat registration no; our vat registration number; our vat id; our vat no; our vat reg no; vat id; vat number; vat no; abn vat number; vat reg no; cif nif; vat registration number; vat registration no; tax id; vat identification number; our vat number; vat nr; gstin; vat tin; seller vat id; supplier vat number; seller vat number; vat reg; vat registration; vat code; vat id no; vat id number; cnpj; abn; gst no; gst number; gst reg no; gst registration no; gst registration number; gst hst no; gst hst number; gst hst registration number; hst no; hst registration; hst registration no; hst number; gst in; tax registration number; trn; vat registration id; vrn; federal tax id; federal id; fein; ein; uen; company gst no; vat reg number; \
      ust id; ust id nr; ust idnr; umsatzsteuer id; umsatzsteueridentifikationsnummer; umsatzsteuer identifikationsnummer; ustid; ust ident nr; ust identnr; uid; uid nummer; uid nr; mwst nr; ust id no; unsere ust id; ust nr; umsatzsteuer idnr; umsatzsteuer ident nr; umst id nr; mwst nummer; mehrwertsteuernummer; mwst id; mwst idnr; \
      tva intracommunautaire; n tva; numero tva; n de tva; n tva intracom; tva intracom; tva intra; numero de tva; n tva intracommunautaire; no tva; id tva; numero de tva intracommunautaire; n de tva intra communautaire; \
      nif; cif; n i f; c i f; nif cif; partita iva; identificativo fiscale ai fini iva; identificativo fiscale iva; id fiscale iva; p iva; piva; p i; partita iva cf; btw nummer; btw nr; btw id; btw identificatienummer; btw id nr; btw; ob nummer; contribuinte; nipc; n contribuinte; nif emitente; rfc emisor; rfc del emisor; cuit emisor; cuit del emisor; nit emisor; ruc emisor; rut emisor; cnpj do prestador; cnpj prestador; cnpj cpf do prestador; cnpj do emitente; cnpj emitente; cnpj mf; cpf cnpj; cnpj cpf; gstin of supplier; supplier gstin; seller gstin; company s gstin; our gstin; abn no; our abn; uen no; uen gst reg no; gst uen; rut emitente; cuit n; cuit no; nit no; ruc no; p iva e cod fisc; p iva e c f; p iva cod fisc; p iva cod fiscale; p iva e codice fiscale; cod fisc e p iva; cod fisc p iva; c f e p iva; c f p iva; p iva c f; partita iva e codice fiscale; codice fiscale e partita iva; partita iva codice fiscale; codice fiscale partita iva; partita iva e cod fisc; nip; nip pesel; numer vat; nr vat; nr nip; numer nip; numer identyfikacji podatkowej; cuit; rut; ruc; rfc; nit; identificacion fiscal; numero de identificacion fiscal; codigo de identificacion fiscal; numero de contribuinte; contribuinte n; gstin uin; numer identyf; numer identyfikacyjny; vat eu; cvr; momsreg nr; dic; ic dph; adoszam",
    ),
    (
        Concept::BuyerVatId,
        SURE,
        "your vat registration no; your vat registration number; your vat reg no; your tax id; uw btw id; votre tva; your vat number; customer vat number; vat number of customer; client vat number; customer vat id; kunden ust id; ust id des kunden; ust idnr des kunden; umsatzsteuer id des kunden; numero de tva du client; numero de tva du commercant; n tva du client; btw nummer van klant; btw nummer klant; numero de iva do cliente; nif do cliente; numero de iva del cliente; nif del cliente; partita iva del cliente; partita iva cliente; numer nip klienta; nip klienta; customer vat; your vat id; your vat no; vat no customer; ihre ust id; ihre ust idnr; ust id kunde; ihre ust id nr; n tva client; tva client; uw btw nummer; btw klant; rfc receptor; rfc del receptor; rfc cliente; rfc del cliente; cuit cliente; cuit del cliente; nit cliente; nit del cliente; nit adquiriente; ruc cliente; ruc del cliente; rut cliente; rut del cliente; rut receptor; cnpj do tomador; cnpj tomador; cnpj cpf do tomador; cpf cnpj do tomador; cnpj do destinatario; cnpj do cliente; cnpj cliente; gstin of buyer; buyer gstin; customer gstin; gstin of recipient; recipient gstin; gstin of receiver; party gstin; buyer s gstin; customer abn; buyer abn; client abn; customer trn; customer gst no; p iva cessionario committente; identificativo fiscale cessionario; partita iva cessionario; partita iva committente; p iva committente; su nif; su cif; v n contrib; v n contribuinte; vosso n contribuinte; v nif; vosso nif; nif cliente; p iva cliente; nip nabywcy; buyer vat id; gst customer; buyer vat number; buyer vat no; customer vat no; client vat no; client vat id; recipient vat number; vat number of the customer; \
      kunden ust idnr; kunden ust id nr; kunden ust nr; kunden umsatzsteuer id; kunden uid; kunden uid nr; ust idnr kunde; ust idnr des leistungsempfangers; ust idnr empfanger; uid kunde; uid des kunden; ihre uid; ihre uid nr; ihre umsatzsteuer id; \
      n tva intracom client; tva intracom client; n tva intra client; v n contrib; n contribuinte cliente; tva acheteur; n tva acheteur; tva intracommunautaire client; n tva intracommunautaire client; votre n tva; votre numero de tva; nif comprador; nif del comprador; cif cliente; cif del cliente; nif cif cliente; \
      p iva acquirente; partita iva acquirente; p iva cessionario; vostra partita iva; btw nr klant; btw id klant; btw nummer koper; btw nummer afnemer; uw btw nr; nif do adquirente; nif adquirente; contribuinte do cliente; nip odbiorcy; nip kupujacego; nip kontrahenta",
    ),
    (
        Concept::TaxNumber,
        SURE,
        "tax number; tax no; steuernummer; steuernr; st nr; steuer nr; codice fiscale; c f; cod fisc; numero fiscal; fiscal code; tax reg no; taxpayer id; tax id number; steuer nummer; service tax no",
    ),
    (
        Concept::Iban,
        SURE,
        "iban; iban nr; iban no; bank account iban; iban code; verkaufer iban; codice iban; numer iban; kontonummer iban",
    ),
    (
        Concept::Bic,
        SURE,
        "bic; swift; bank identifier code; bic swift; swift code; swift bic; bic code; ifsc; ifsc code; swift bic code; \
      bic nr; bic no; bic number; swift no; swift nr; swift number; bic swift code; swift address; bank bic; bank swift; bank swift code; code bic; code swift; code swift bic; code bic swift; bank identifier; codigo bic; codigo swift; codigo bic swift; codice bic; codice swift; codice bic swift; bic swift bank; kod bic; kod swift; kod bic swift; nr bic; nr swift; kod swift bic; numer swift; numer bic; bic bank; bic banque; bic banca; bic banco; bic der bank; swift banku; swift kod",
    ),
    (
        Concept::Currency,
        SURE,
        "currency; invoice currency; wahrung; rechnungswahrung; devise; monnaie; moneda; divisa; valuta; moeda; waluta; betrage in; all amounts in; currency code",
    ),
    (
        Concept::Phone,
        SURE,
        "contact us; nous contacter; contactez nous; kontaktieren sie uns; contacteer ons; contactenos; contattaci; contacte nos; skontaktuj sie z nami; phone; telephone; tel; tfno; tfn; telf; tlf; tlfn; durchwahl; mobile; phone no; contact no; telephone no; hp; call; fon; telefon; telefonnummer; mobil; handy; telefono; telefoon; telefone; tel fax; telephone number; phone number; hotline; cell; mob; telemovel; movil; cellulare; \
      toll free; freephone; customer service; customer services; customer care; customer support; helpline; helpdesk; support line; enquiries; billing enquiries; telephone enquiries; account enquiries; call us; call us on; call us at; call us free; call us free on; phone us; phone us on; ring us; ring us on; reach us at; reach us on; questions call; contact us on; contact us at; contact number; office phone; office tel; direct line; direct dial; switchboard; landline; mobile no; mobile number; mobile phone; cell phone; tel nr; ph no; tele; whatsapp; text us; \
      rufnummer; telefon nr; servicenummer; service telefon; service hotline; kundenservice; kundendienst; kundenhotline; kundentelefon; kundenbetreuung; infotelefon; service line; beratungstelefon; mobiltelefon; mobilnummer; mobilnr; telefonzentrale; telefonisch unter; telefonisch erreichbar unter; rufen sie uns an; ruckfragen; ruckfragen unter; fragen unter; rechnungshotline; storungsdienst; storungsnummer; handynummer; fernsprecher; telefondurchwahl; direktwahl; hotline nr; wir sind fur sie da; \
      service client; service clients; service clientele; service relation client; relation clients; relation clientele; relations clients; numero vert; n vert; no vert; numero azur; numero cristal; numero gris; numero non surtaxe; ligne directe; ligne client; standard telephonique; accueil telephonique; assistance technique; nous appeler; pour nous joindre; nous joindre; appelez nous; appelez le; appelez; contact telephone; telephone fixe; tel portable; tel fixe; tel mobile; tel direct; tel bureau; n tel; no tel; n de tel; no de tel; n telephone; no telephone; n de telephone; no de telephone; numero de telephone; numero de tel; nous telephoner; votre conseiller; joignable au; joindre au; \
      atencion al cliente; atencion cliente; servicio de atencion al cliente; servicio al cliente; linea de atencion; linea de atencion al cliente; atencion telefonica; atencion comercial; telefono de atencion; telefono de atencion al cliente; telefono gratuito; telefono de contacto; telefono contacto; telefonos; tlfno; tlfnos; telef; tfnos; tfnos contacto; tel movil; tlf movil; telefono movil; telefono fijo; tel fijo; centralita; llamenos; llamenos al; llame al; llamanos; llamanos al; llama al; llamar al; informacion y atencion; informacion al cliente; telefono de informacion; numero de telefono; n telefono; no telefono; n de telefono; no de telefono; telefono averias; telefono de averias; telefono urgencias; tel oficina; contacto telefonico; asistencia tecnica; linea gratuita; tfno contacto; \
      servizio clienti; assistenza clienti; assistenza tecnica; numero verde; n verde; no verde; num verde; centralino; sportello clienti; pronto intervento; segnalazione guasti; servizio guasti; recapito telefonico; recapiti telefonici; tel ufficio; ufficio clienti; num telefono; numero di telefono; numero telefonico; tel cell; chiamaci; chiamaci al; chiami il; chiamare il; chiama il; chiamando il; per informazioni; linea diretta; linea clienti; segreteria tel; numero a pagamento; da cellulare; da rete fissa; da rete mobile; per contattarci; numero unico; amministrazione tel; \
      klantenservice; klantendienst; klantcontact; klantencontact; klantcontactcentrum; klantenservice tel; servicelijn; service desk; infolijn; telefoonnummer; telefoonnr; tel nummer; telefonisch bereikbaar; telefonisch bereikbaar op; bel; bel ons; bel ons op; bel naar; bel met; bel gratis; u kunt ons bellen; u kunt bellen; u kunt ons bellen op; bellen naar; bereikbaar op; bereikbaar via; te bereiken op; mobiel; mobiel nr; mobielnummer; mobiele telefoon; gsm nr; gsm nummer; vast nummer; vaste lijn; storingsnummer; storing melden; spoednummer; vragen bel; doorkiesnummer; doorkies; doorkiesnr; algemeen nummer; contactnummer; debiteurenadministratie tel; groen nummer; gratis nummer; wachtdienst; \
      linha de apoio; linha de apoio ao cliente; apoio ao cliente; apoio cliente; apoio a clientes; linha cliente; linha do cliente; linha de atendimento; linha de atendimento ao cliente; atendimento ao cliente; atendimento telefonico; servico de apoio ao cliente; servico ao cliente; servico de cliente; servico clientes; linha gratuita; linha verde; numero gratuito; linha directa; linha direta; linha azul; linha geral; central telefonica; telefone geral; ligue; ligue para; ligue para o; ligue ja; contacte nos; contacte nos pelo; contactos telefonicos; tlm; telem; telm; tlml; tlmvl; telemoveis; telefones; tel geral; n telefone; no telefone; n de telefone; no de telefone; numero de telefone; linha de avarias; comunicacao de avarias; comunicacao de leituras; assistencia tecnica; celular; para informacoes; rede fixa; rede movel; chamada para a rede fixa nacional; \
      infolinia; infolinia tel; obsluga klienta; biuro obslugi klienta; bok tel; tel bok; telefon bok; biuro obslugi; dzial obslugi klienta; centrum obslugi klienta; centrum kontaktu; telefoniczne centrum obslugi; kontakt telefoniczny; numer telefonu; nr telefonu; nr tel; numer tel; tel kontaktowy; telefon kontaktowy; telefon komorkowy; tel kom; tel komorkowy; komorka; tel stacjonarny; telefon stacjonarny; tel mobilny; tel biuro; zadzwon; zadzwon do nas; zadzwon pod; zadzwon pod numer; prosimy dzwonic; prosimy dzwonic pod numer; dzwon; dzwoniac pod numer; pod numerem; pod numerem telefonu; pod nr tel; telefonicznie pod numerem; pogotowie techniczne; pogotowie energetyczne; pogotowie wodociagowe; pogotowie gazowe; serwis tel; dzial serwisu; zgloszenia awarii; zglaszanie awarii; linia klienta; linia bezplatna; numer bezplatny; pomoc techniczna; telefon do kontaktu; rejestracja tel; dzial sprzedazy; dzial rozliczen; ksiegowosc tel; tel ksiegowosc",
    ),
    (Concept::Fax, SURE, "fax; telefax; fax no; facsimile"),
    (
        Concept::Email,
        SURE,
        "email; e mail; mail; e mail adresse; email address; courriel; correo; correo electronico; posta elettronica; pec; e mailadres; adresse email; \
      mail address; email us; email us at; write to us; write to us at; contact email; e post; mailadresse; e mail an; per e mail; per mail; adresse mail; adresse electronique; courrier electronique; par courriel; par email; correo e; e correo; correo elec; direccion de correo; direccion de correo electronico; por correo electronico; por email; por correo; indirizzo email; indirizzo di posta elettronica; posta certificata; indirizzo pec; email pec; via email; via mail; mailadres; mail ons; mail naar; correio eletronico; correio electronico; endereco de email; endereco eletronico; endereco de correio eletronico; poczta elektroniczna; adres email; adres mailowy; poczta e mail; mailem; mailowo",
    ),
    (Concept::Website, SURE, "website; web; homepage; internet; www; site web; url; im internet"),
    (
        Concept::Address,
        SURE,
        "ship from address; dispatch address; address; street; adresse; anschrift; strasse; direccion; domicilio; indirizzo; adres; morada; endereco; ulica; registered office; head office; siege social; sede legale; sede; alamat; domicile; postal address; \
      registered address; business address; office address; mailing address; correspondence address; trading address; principal place of business; principal office; our address; visiting address; hausanschrift; postanschrift; geschaftsadresse; firmensitz; sitz; sitz der gesellschaft; geschaftssitz; firmenanschrift; besucheradresse; adresse du siege; siege; adresse postale; domicilio social; domicilio fiscal; direccion fiscal; direccion postal; sede social; oficina central; sede operativa; sede amministrativa; sede e uffici; uffici; indirizzo sede; bezoekadres; vestigingsadres; kantooradres; postadres; statutaire zetel; maatschappelijke zetel; hoofdkantoor; correspondentieadres; morada fiscal; sede fiscal; domicilio fiscal; endereco comercial; adres siedziby; siedziba; adres korespondencyjny; adres do korespondencji; adres firmy",
    ),
    (
        Concept::Terms,
        SURE,
        "payment terms; terms; terms of payment; payment term; payment method; zahlungsbedingungen; zahlungsbedingung; zahlungsart; zahlungsform; zahlungsweise; conditions de paiement; mode de paiement; mode de reglement; forma de pago; condiciones de pago; termini di pagamento; condizioni di pagamento; modalita di pagamento; pagamento; betalingsvoorwaarden; betaalwijze; betalingswijze; condicoes de pagamento; forma de pagamento; sposob zaplaty; forma platnosci; sposob platnosci; metode de paiement; payment mode",
    ),
    (
        Concept::Contact,
        SURE,
        "contact; contact person; purchase representative; purchasing agent; your contact; attn; attention; for the attention of; salesperson; sales person; sales rep; account manager; ansprechpartner; sachbearbeiter; bearbeiter; ihr ansprechpartner; geschaftsfuhrer; geschaftsfuhrung; contact commercial; interlocuteur; persona de contacto; contatto; contactpersoon; contacto; kontakt; osoba kontaktowa; vorstand; aufsichtsrat; prepared by; approved by; kassierer; operator; staff; agent; agente; agente di zona; agente comercial; vertreter; vertreterin; aussendienst; aussendienstmitarbeiter; representante; rappresentante; representant; representante comercial; vertegenwoordiger; przedstawiciel; przedstawiciel handlowy; opiekun klienta; sales representative; sales agent; account executive; einkaufer; einkauferin; comprador responsable; technicien; commercial",
    ),
    (Concept::Time, SURE, "time; uhrzeit; zeit; heure; hora; ora; tijd; godzina; masa"),
    (
        Concept::Other,
        SURE,
        "tourist tax; city tax; occupancy tax; accommodation tax; bed tax; visitor tax; kurtaxe; kurabgabe; ortstaxe; citytax; beherbergungssteuer; ubernachtungssteuer; beherbergungsabgabe; bettensteuer; gastebeitrag; nachtigungstaxe; taxe de sejour; taxe de sejour communale; tasa turistica; tasa de turismo; impuesto turistico; impuesto estancias turisticas; impuesto sobre estancias turisticas; ecotasa; imposta di soggiorno; tassa di soggiorno; toeristenbelasting; taxa turistica; taxa municipal turistica; oplata klimatyczna; oplata miejscowa; oplata uzdrowiskowa; importo bollo; bollo; bollo virtuale; imposta di bollo; marca da bollo; exempt from vat; not subject to vat; vat exempt; nicht steuerbar; steuerfrei; exonere de tva; non soumis a la tva; importe no sujeto a iva; no sujeto a iva; exento de iva; esente iva; non soggetto a iva; vrijgesteld van btw; isento de iva; nao sujeito a iva; zwolnione z vat; shipping method; denominazione; ragione sociale; denomination sociale; razon social; raison sociale; firmenname; nazwa; incoterm; incoterms; weight; gewicht; notes; note; remarks; bemerkung; bemerkungen; comments; subject; betreff; bank; bank name; bankname; kreditinstitut; banque; banco; banca; member point; points; points earned; point balance; opening balance; previous balance; capital; kapital; au capital de; capital social; kapitalu; share capital; basic amount; basisbetrag",
    ),
];

/// Names of fields that say a concept without being a label on paper.
pub const FIELD_NAMES: &[(Concept, &str)] = &[
    (
        Concept::DocumentNumber,
        "invoice_number invoice_no invoice_id invoice_num bill_number receipt_number receipt_no document_number number credit_note_number invoice_code",
    ),
    (
        Concept::DocumentDate,
        "invoice_date date issue_date document_date receipt_date purchase_date transaction_date date_of_issue bill_date date_issued",
    ),
    (Concept::DueDate, "due_date payment_due_date payment_due"),
    (
        Concept::OrderNumber,
        "order_number purchase_order po_number order_no purchase_order_number po order_id",
    ),
    (
        Concept::CustomerNumber,
        "customer_number customer_no customer_id client_number client_id account_number",
    ),
    (
        Concept::Total,
        "total_amount total grand_total amount_due total_due invoice_total amount total_gross gross_amount gross total_price total_incl_tax total_paid amount_total",
    ),
    (Concept::Net, "net_amount net subtotal sub_total total_net net_total amount_net total_excl_tax"),
    (Concept::Tax, "tax_amount tax vat vat_amount total_tax tax_total gst gst_amount sales_tax"),
    (
        Concept::Seller,
        "seller_name seller vendor vendor_name supplier supplier_name merchant merchant_name store_name store company company_name issuer issuer_name shop shop_name sender",
    ),
    (
        Concept::Buyer,
        "buyer_name buyer customer_name customer client client_name bill_to bill_to_name recipient recipient_name purchaser purchaser_name billed_to",
    ),
    (Concept::ShipTo, "ship_to ship_to_name delivery_name"),
    (
        Concept::SellerVatId,
        "seller_vat_id vat_id seller_vat_number vat_number supplier_vat_id vendor_vat_id seller_tax_id tax_id vendor_tax_id supplier_vat_number merchant_vat_id vat_registration_number",
    ),
    (Concept::BuyerVatId, "buyer_vat_id customer_vat_id buyer_vat_number customer_vat_number"),
    (Concept::Iban, "iban bank_iban seller_iban iban_number bank_account_iban payment_iban"),
    (Concept::Bic, "bic swift swift_code bic_code"),
    (Concept::Currency, "currency currency_code invoice_currency"),
    (
        Concept::Address,
        "merchant_address seller_address store_address vendor_address supplier_address company_address shop_address address issuer_address",
    ),
    (Concept::Quantity, "quantity qty units count"),
    (Concept::UnitPrice, "unit_price price rate price_per_unit unit_cost"),
    (Concept::LineAmount, "line_total line_amount item_total item_amount"),
    (Concept::Description, "description item item_name product product_name name item_description"),
    (Concept::Paid, "amount_paid paid cash cash_received amount_tendered"),
    (Concept::Change, "change change_due"),
    (Concept::Discount, "discount discount_amount total_discount"),
    (Concept::Shipping, "shipping shipping_cost shipping_amount delivery_charge freight"),
    (Concept::DeliveryDate, "delivery_date service_date ship_date"),
    (Concept::OrderDate, "order_date po_date"),
    (Concept::Email, "email seller_email e_mail email_address"),
    (Concept::Phone, "phone telephone phone_number tel seller_phone merchant_phone"),
    (Concept::TaxRate, "tax_rate vat_rate"),
    (Concept::Terms, "payment_terms terms payment_method"),
];

/// Marks of a company's legal form, folded, as whole words or runs of words.
pub const LEGAL_FORMS: &[&str] = &[
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "ug",
    "ek",
    "gbr",
    "mbh",
    "ggmbh",
    "kgaa",
    "ev",
    "eg",
    "ltd",
    "limited",
    "llc",
    "inc",
    "corp",
    "corporation",
    "plc",
    "llp",
    "lp",
    "incorporated",
    "company",
    "pty",
    "pvt",
    "sa",
    "sarl",
    "sas",
    "sasu",
    "eurl",
    "snc",
    "sci",
    "sprl",
    "scop",
    "sl",
    "slu",
    "scp",
    "srl",
    "spa",
    "sapa",
    "srls",
    "bv",
    "nv",
    "cv",
    "vof",
    "maatschap",
    "bvba",
    "lda",
    "unipessoal",
    "eireli",
    "ltda",
    "spzoo",
    "spj",
    "spk",
    "zoo",
    "sro",
    "as",
    "aps",
    "ab",
    "oy",
    "oyj",
    "kft",
    "zrt",
    "doo",
    "dd",
    "ood",
    "eood",
    "sdnbhd",
    "bhd",
    "berhad",
    "sdn",
    "plt",
    "pte",
    "enterprise",
    "enterprises",
    "trading",
    "gmbhcokg",
    "ughaftungsbeschrankt",
    "sau",
    "slp",
    "slne",
    "coop",
    "scoop",
    "sccl",
    "soccoop",
    "scarl",
    "sagl",
    "cb",
    "asbl",
    "vzw",
    "ekfr",
    "ekfm",
    "cic",
    "cio",
    "aor",
    "gaor",
    "kdor",
    "spp",
    "uab",
    "sia",
    "ou",
    "partg",
    "partgmbb",
    "mbb",
    "ewiv",
    "se",
    "gesmbh",
    "klg",
    "genossenschaft",
    "cyf",
    "cyfyngedig",
    "dac",
    "clg",
    "ulc",
    "teo",
    "teoranta",
    "pllc",
    "lllp",
    "pbc",
    "selarl",
    "selas",
    "selafa",
    "scm",
    "scea",
    "gaec",
    "earl",
    "gie",
    "sca",
    "scs",
    "scic",
    "eirl",
    "sll",
    "scl",
    "aie",
    "ute",
    "sadecv",
    "sapidecv",
    "scpa",
    "scrl",
    "onlus",
    "odv",
    "asd",
    "ssd",
    "ssdarl",
    "commv",
    "cva",
    "cvba",
    "cvoa",
    "gcv",
    "ivzw",
    "aisbl",
    "fup",
    "sgps",
    "crl",
    "eim",
    "epe",
    "ipss",
    "ltdame",
    "ltdaepp",
    "ska",
    "psa",
    "spolkaakcyjna",
    "spolkajawna",
    "spolkacywilna",
    "spolkakomandytowa",
    "spolkazoo",
    "spolkazograniczonaodpowiedzialnoscia",
    "asa",
    "ehf",
    "nyrt",
    "jdoo",
    "spolsro",
    "vos",
    "ead",
    "kkt",
    "ike",
    "opc",
    "npc",
    "ptyltd",
    "pteltd",
];

/// Words that name a kind of shop or firm: weaker than a legal form, but a sign of a name.
pub const TRADE_WORDS: &[&str] = &[
    "restaurant",
    "restoran",
    "cafe",
    "hotel",
    "bakery",
    "mart",
    "supermarket",
    "market",
    "store",
    "stores",
    "shop",
    "hardware",
    "stationery",
    "pharmacy",
    "farmasi",
    "kedai",
    "pasaraya",
    "perniagaan",
    "syarikat",
    "motor",
    "motors",
    "services",
    "service",
    "solutions",
    "group",
    "holding",
    "holdings",
    "studio",
    "international",
    "industries",
    "systems",
    "consulting",
    "technologies",
    "bistro",
    "kitchen",
    "books",
    "gift",
    "electrical",
    "minimarket",
    "kopitiam",
    "foods",
    "food",
    "house",
    "gallery",
    "boutique",
    "boulangerie",
    "patisserie",
    "pharmacie",
    "apotheke",
    "backerei",
    "verlag",
    "handel",
    "libreria",
    "farmacia",
    "ristorante",
    "tienda",
    "winkel",
    "sklep",
    "agency",
    "agentur",
    "partners",
    "associates",
    "bhd",
    "co",
    "corner",
    "centre",
    "center",
    "entreprise",
    "ets",
    "etablissements",
    "garage",
    "autohaus",
    "kanzlei",
    "atelier",
    "ditta",
    "impresa",
    "officina",
    "talleres",
    "zaklad",
    "przedsiebiorstwo",
    "restaurants",
    "brasserie",
    "brewery",
    "brewing",
    "bakers",
    "butcher",
    "butchers",
    "grocery",
    "grocers",
    "deli",
    "florist",
    "florists",
    "nursery",
    "nurseries",
    "salon",
    "barber",
    "barbers",
    "laundry",
    "cleaners",
    "cleaning",
    "clinic",
    "dental",
    "dentist",
    "veterinary",
    "surgery",
    "practice",
    "chambers",
    "solicitors",
    "architects",
    "surveyors",
    "accountants",
    "contractors",
    "builders",
    "plumbing",
    "roofing",
    "joinery",
    "carpentry",
    "electricals",
    "engineering",
    "logistics",
    "transport",
    "haulage",
    "freight",
    "couriers",
    "printing",
    "printers",
    "press",
    "publishing",
    "media",
    "design",
    "designs",
    "photography",
    "crafts",
    "bookshop",
    "pub",
    "inn",
    "tavern",
    "lodge",
    "hostel",
    "camping",
    "campsite",
    "farm",
    "farms",
    "dairy",
    "winery",
    "vineyard",
    "autos",
    "repairs",
    "rentals",
    "hire",
    "supplies",
    "wholesale",
    "distributors",
    "foundation",
    "trust",
    "school",
    "academy",
    "college",
    "taxi",
    "taxis",
    "gasthaus",
    "gasthof",
    "gaststatte",
    "wirtshaus",
    "brauerei",
    "metzgerei",
    "fleischerei",
    "konditorei",
    "confiserie",
    "blumen",
    "gartnerei",
    "baumschule",
    "friseur",
    "tischlerei",
    "schreinerei",
    "zimmerei",
    "malerbetrieb",
    "elektro",
    "sanitar",
    "heizung",
    "bau",
    "bauunternehmen",
    "spedition",
    "druckerei",
    "buchhandlung",
    "optik",
    "praxis",
    "zahnarztpraxis",
    "tierarztpraxis",
    "steuerberatung",
    "steuerberater",
    "rechtsanwalte",
    "notariat",
    "architekten",
    "ingenieurburo",
    "werkstatt",
    "werbeagentur",
    "fahrschule",
    "musikschule",
    "tierklinik",
    "gartenbau",
    "landhandel",
    "weingut",
    "molkerei",
    "kaserei",
    "reinigung",
    "boucherie",
    "charcuterie",
    "fromagerie",
    "epicerie",
    "librairie",
    "fleuriste",
    "coiffure",
    "pressing",
    "auberge",
    "cave",
    "domaine",
    "cabinet",
    "laboratoire",
    "clinique",
    "imprimerie",
    "menuiserie",
    "plomberie",
    "maconnerie",
    "transports",
    "mutuelle",
    "mutualite",
    "assurances",
    "pepiniere",
    "traiteur",
    "friterie",
    "carniceria",
    "panaderia",
    "pescaderia",
    "fruteria",
    "ferreteria",
    "peluqueria",
    "papeleria",
    "floristeria",
    "zapateria",
    "bodega",
    "bodegas",
    "restaurante",
    "cafeteria",
    "taberna",
    "hostal",
    "clinica",
    "asesoria",
    "gestoria",
    "despacho",
    "imprenta",
    "carpinteria",
    "fontaneria",
    "construcciones",
    "transportes",
    "suministros",
    "autoescuela",
    "veterinaria",
    "lavanderia",
    "panificio",
    "pasticceria",
    "gelateria",
    "macelleria",
    "salumeria",
    "trattoria",
    "osteria",
    "pizzeria",
    "ferramenta",
    "fiorista",
    "parrucchiere",
    "tipografia",
    "falegnameria",
    "carrozzeria",
    "autofficina",
    "notaio",
    "commercialista",
    "costruzioni",
    "trasporti",
    "cantina",
    "caseificio",
    "albergo",
    "agriturismo",
    "ottica",
    "merceria",
    "cartoleria",
    "bakkerij",
    "slagerij",
    "bloemist",
    "boekhandel",
    "kapper",
    "drukkerij",
    "schildersbedrijf",
    "bouwbedrijf",
    "installatiebedrijf",
    "aannemersbedrijf",
    "autobedrijf",
    "garagebedrijf",
    "dierenartsenpraktijk",
    "tandartspraktijk",
    "praktijk",
    "advocaten",
    "notarissen",
    "kwekerij",
    "zaadhandel",
    "groothandel",
    "fietsen",
    "rijwielen",
    "stomerij",
    "eetcafe",
    "padaria",
    "pastelaria",
    "talho",
    "mercearia",
    "livraria",
    "florista",
    "cabeleireiro",
    "grafica",
    "oficina",
    "marcenaria",
    "construcoes",
    "lavandaria",
    "adega",
    "hotelaria",
    "piekarnia",
    "cukiernia",
    "restauracja",
    "apteka",
    "ksiegarnia",
    "kwiaciarnia",
    "drukarnia",
    "stolarnia",
    "warsztat",
    "hurtownia",
    "gospodarstwo",
    "kancelaria",
    "gabinet",
    "pralnia",
    "biuro",
    "firma",
    "uslugi",
    "schronisko",
    "pensjonat",
    "przychodnia",
    "serwis",
];
