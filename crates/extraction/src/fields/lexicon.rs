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

/// Every label: its concept, how much it says, and the labels parted by `;`.
pub const LABELS: &[(Concept, f32, &str)] = &[
    (
        Concept::DocumentNumber,
        SURE,
        "korrekturnummer; korrektur nr; rechnungskorrektur; rechnungskorrektur nr; korrekturrechnung; korrekturrechnung nr; note d honoraires; note d honoraires n; honorarnote; honorarnote nr; gebuhrenrechnung; gebuhrenrechnung nr; honorarrechnung; honorarrechnung nr; nota de honorarios; parcella n; kostennota; declaratienummer; invoice number; invoice no; invoice nr; invoice num; invoice id; inv no; inv number; inv nr; tax invoice no; bill number; bill no; invoice reference; \
      credit note number; credit note no; statement number; document no; document number; doc no; tax invoice number; \
      rechnungsnummer; rechnungsnr; rechnung nr; rechnungs nr; rechnung nummer; rechnung no; re nr; belegnummer; belegnr; beleg nr; gutschriftnummer; gutschrift nr; gutschriftsnummer; quittungsnummer; faktura nr; fakturanummer; \
      numero de facture; facture n; facture no; facture numero; n facture; no facture; n de facture; no de facture; num facture; facture nr; numero facture; numero d avoir; avoir n; ref facture; reference facture; \
      numero de factura; factura n; factura no; factura numero; n factura; no factura; n de factura; num factura; numero factura; factura num; nro factura; factura nro; \
      numero fattura; fattura n; fattura nr; n fattura; fattura numero; nr fattura; numero documento; documento n; numero della fattura; fattura no; nr documento; \
      factuurnummer; factuurnr; factuur nr; factuur nummer; factuur no; bonnummer; \
      numero da fatura; fatura n; fatura no; numero fatura; n fatura; fatura nr; n da fatura; n documento; no da fatura; nota fiscal n; numero da nota; \
      notanummer; notanr; nota nr; nota nummer; \
      numer faktury; nr faktury; faktura nr; faktura vat nr; faktura numer; faktura vat; numer dokumentu; \
      fakturanr; fakturanummer; cislo faktury; faktura c; szamla szama; szamlaszam; no resit; no invois; bil no",
    ),
    (
        Concept::DocumentNumber,
        LIKELY,
        "receipt number; receipt no; invoice; bill; our invoice; slip no; receipt; trans no; transaction no; transaction id; check no; booking id; booking number; credit note; folio no; folio; ticket no; tax invoice; consecutivo; \
      rechnung; beleg; gutschrift; quittung nr; vorgangsnummer; facture; avoir; ticket n; recu n; factura; fattura; nota di credito; ricevuta n; factuur; creditnota; fatura; fatura recibo; faktura; numero; \
      belegnummer rechnung; handelsrechnung nr; rechnung vom; \
      creditfactuur; correctiefactuur; facture d avoir; factura rectificativa; nota de abono; nota de credito; faktura korygujaca; stornorechnung; rechnungskorrektur; korrekturrechnung; credit invoice; credit memo",
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
      fakturadatum; datum vystaveni; datum vystavenia; szamla kelte; laskun paivays; tarikh invois",
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
        "valuta; valutadatum; preleve automatiquement a compter du; preleve le; prelevement le; sera preleve le; a prelever le; sera debite le; fecha de cargo; data di addebito; date de prelevement; abbuchung am; wird am; rechnungsbetrag wird am; betrag wird am; incassodatum; data de debito; pague ate; payer avant le; zaplacic do; da pagare entro; due date; payment due; payment due date; pay by; date due; due on; payable by; due by; please pay by; pay before; payment date; due; maturity date; please remit until; please remit by; pay until; please pay until; payable until; payment by; payable without deduction by; payable on or before; no later than; not later than; balance due; te betalen; balance due date; total amount due on; amount due on; payment due by; deadline; \
      falligkeitsdatum; fallig am; fallig; falligkeit; zahlbar bis; bis langstens; langstens bis; zahlungsziel; zahlbar bis zum; falligkeit am; bitte uberweisen sie bis zum; zahlungsfrist; zahldatum; zu zahlen bis; zahlbar netto bis; zahlbar ohne abzug bis; zahlbar ohne abzug bis zum; ohne abzug bis; ohne abzug bis zum; zahlbar rein netto bis; rein netto bis; zahlbar ohne abzug; zahlung bis; zahlung bis zum; bis spatestens; spatestens bis zum; zahlbar spatestens am; zu begleichen bis; bitte zahlen sie bis; bitte zahlen sie bis zum; netto kasse bis; netto kasse bis zum; \
      date d echeance; echeance; a payer avant le; date limite de paiement; date limite; payable le; date de paiement; a regler avant le; a regler au plus tard le; payable au plus tard le; payable avant le; au plus tard le; date echeance; prelevement a partir du; \
      fecha de vencimiento; vencimiento; fecha vencimiento; vence; fecha de pago; pagadero antes del; a pagar antes del; \
      entro il; data di scadenza; scadenza; data scadenza; scadenza pagamento; scadenze; da pagare entro il; pagabile entro il; pagamento entro il; \
      vervaldatum; verval datum; te betalen voor; betalen voor; uiterste betaaldatum; betaaldatum; uiterlijk; betaalbaar uiterlijk; betalingstermijn; \
      data de vencimento; vencimento; data vencimento; data limite de pagamento; pagar ate; \
      termin platnosci; termin zaplaty; platne do; data platnosci; do zaplaty do; \
      forfallodato; forfallsdato; forfallodag; datum splatnosti; splatnost; fizetesi hatarido; erapaiva",
    ),
    (
        Concept::DeliveryDate,
        SURE,
        "delivery date; date of delivery; date of supply; supply date; service date; shipping date; ship date; dispatch date; tax point; date shipped; requested delivery date; requested delivery; delivery required by; deliver by; required by; required date; need by date; needed by; expected delivery; expected delivery date; expected date; expected arrival; date required; date req; deliver on or before; \
      lieferdatum; leistungsdatum; leistungszeitraum datum; liefer und leistungsdatum; datum der lieferung; liefer bzw leistungsdatum; lieferung am; versanddatum; liefertermin; wunschliefertermin; gewunschter liefertermin; gewunschtes lieferdatum; lieferung bis; lieferung bis zum; lieferung gewunscht am; lieferung gewunscht bis; anlieferung am; anliefertermin; lieferung spatestens; zu liefern bis; \
      date de livraison; date livraison; date de prestation; date d expedition; livraison souhaitee; livraison souhaitee le; livraison prevue; livraison prevue le; livraison demandee le; livraison le; a livrer le; a livrer avant le; livraison avant le; date de livraison souhaitee; date de livraison prevue; date livraison souhaitee; date prevue; delai de livraison; \
      fecha de entrega; fecha de operacion; fecha operacion; data di consegna; data ddt; fecha entrega; fecha prevista de entrega; fecha de entrega prevista; fecha de entrega solicitada; entrega prevista; entrega solicitada; entregar antes del; plazo de entrega; plazo maximo de entrega; fecha prevista; data consegna; consegna prevista; consegna richiesta; data di consegna prevista; data di consegna richiesta; consegna entro il; consegna entro; termine di consegna; \
      leverdatum; afleverdatum; levering; leveringsdatum; data de entrega; data de carga; data da operacao; gewenste leverdatum; verwachte leverdatum; levering gewenst op; levering op; levering voor; leveren op; leveren voor; verwachte datum; levertermijn; levertermijn uiterlijk; leveringstermijn; uiterste leverdatum; data de entrega prevista; data prevista de entrega; data de entrega pretendida; entregar ate; data entrega; prazo de entrega; \
      data sprzedazy; data dostawy; data wykonania uslugi; data zakonczenia dostawy; termin dostawy; wymagany termin dostawy; planowana data dostawy; oczekiwana data dostawy; przewidywana data; przewidywana data dostawy; data realizacji; termin realizacji; dostawa do dnia",
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
      numer zamowienia; nr zamowienia; zamowienie; zamowienie nr; ordrenummer; nr zam; zamowienie klienta; numer zamowienia klienta; bestallning; objednavka",
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
      numer klienta; nr klienta; nr abonenta; numer abonenta; numer nabywcy; kod klienta; kundenr; kundnummer; kundnr; asiakasnumero",
    ),
    (
        Concept::OtherNumber,
        SURE,
        "zu rechnung; zu rechnung nr; zur rechnung; zur rechnung nr; ursprungliche rechnung; original invoice no; original invoice number; facture d origine; factura rectificada; fattura di riferimento; oorspronkelijke factuur; faktura korygowana; fatura de origem; delivery note; delivery note no; delivery no; project number; project; contract number; contract no; contract; quote number; quotation no; quote no; job no; serial number; serial no; reg no; company reg no; co reg no; registration number; gst no; gst id; gst reg no; \
      gst id no; gst registration no; sst no; sst id; roc no; table; table no; terminal; terminal id; till; register; pos no; pos; counter; bank account; account; sort code; routing number; case number; policy number; mandate reference; payment reference; cashier; approval code; \
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
      att betala; a betale; i alt; totalt; summa att betala; celkem k uhrade; k uhrade; maksettava; fizetendo; jumlah; at betale",
    ),
    (
        Concept::Total,
        NEARLY,
        "amount due; total due; balance due; bal due; balance payable; amount payable; due payable; zahlbetrag; offener betrag; zu zahlender betrag; falliger betrag; noch zu zahlen; noch zu zahlender betrag; noch zu uberweisen; verbleibender betrag; restbetrag; restzahlung; reste a payer; solde a payer; openstaand bedrag; restante a pagar; pozostalo do zaplaty; saldo a pagar; reste a regler; pendiente de pago; importe pendiente; resta da pagare; saldo da pagare; nog te betalen; nog te voldoen; em falta; pozostaje do zaplaty; nachzahlung; restforderung; zu unseren gunsten; pendiente; pendiente a pagar; door u te betalen",
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
        "net amount; net total; subtotal; sub total; total net; total excl vat; total excluding vat; total ex vat; net; total before tax; amount before tax; taxable amount; net value; total excl tax; total excluding gst; total sales excluding gst; total excl gst; total ex gst; excluded gst sub total; untaxed amount; total excluding taxes; total untaxed; total excl taxes; total net amount; goods total; net invoice amount; total without vat; sub total excluding gst; amount excl vat; total exclusive; total sales excl gst; before tax; total without tax; taxable value; total taxable; \
      nettobetrag; total ohne mwst; zwischensumme; netto; nettosumme; summe netto; gesamt netto; netto gesamt; rechnungssumme ohne ust; nettowert; warenwert; rechnungssumme netto; gesamtbetrag netto; summe ohne mwst; gesamtnetto; nettogesamtbetrag; betrag netto; total netto; netto summe; nettorechnungsbetrag; gesamt exkl mwst; total exkl mwst; summe exkl mwst; zwischensumme netto; rechnungsbetrag netto; entgelt; gesamtnettowert; gesamtnettowert ohne mwst; gesamtnettobetrag; nettogesamtwert; gesamtwert netto; gesamtwert ohne mwst; gesamtbetrag ohne mwst; gesamtsumme netto; gesamtsumme ohne mwst; \
      total ht; montant ht; total hors taxes; valeur nette; sous total; sous total ht; total hors taxes; base ht; net ht; total net ht; montant total ht; total h t; total htva; montant hors taxe; base hors tva; prix ht; \
      base imponible; valor neto; total sin impuestos; subtotal de honorarios; total neto; importe neto; base; total sin iva; suma neta; neto; importe sin iva; \
      imponibile; tot imponibile; valore netto; totale escluse tasse; totale tasse escluse; totale imponibile; totale netto; imponibile iva; importo netto; totale senza iva; totale merce; subtotale; \
      exclusief btw; nettowaarde; totaal zonder belasting; totaal exclusief belastingen; totaal excl btw; subtotaal; totaal exclusief btw; netto bedrag; excl btw; bedrag excl btw; grondslag; nettobedrag; totaal excl; \
      valor liquido; total sem impostos; total excluindo impostos; total liquido; total sem iva; base tributavel; incidencia; total iliquido; mercadoria servicos; \
      wartosc netto; razem bez podatku; suma bez podatku; suma netto; kwota netto; razem netto; sprzedaz opodatk; sprzedaz opodatkowana; sprzed opod ptu; sprzedaz opod ptu; sprzed opodatk ptu; nettobelopp; belop eks mva; zaklad dane; subtotal net",
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
      ptu; suma ptu; kwota ptu; kwota vat; podatek vat; suma vat; podatek; wartosc vat; razem vat; kwota podatku; moms; mva; dph; afa; momsbelopp",
    ),
    (
        Concept::TaxRate,
        SURE,
        "tax rate; vat rate; tax code; tax percent; steuersatz; mwst satz; ust satz; taux tva; taux; tipo iva; aliquota; btw tarief; btw percentage; taxa iva; stawka vat; stawka; vat %; gst summary; tax summary",
    ),
    (
        Concept::Paid,
        SURE,
        "payments credits; payments and credits; payment credits; gezahlte abschlage; abzuglich gezahlter abschlage; geleistete abschlage; abzuglich abschlagszahlung; abzuglich akontozahlung; abzuglich akontozahlungen; abzuglich anzahlung; deposito; deposito recebido; sinal; caparra; voorschotten; in rekening gebrachte voorschotten; paye; payee; geleistete vorschusse; geleisteter vorschusse; geleisteter vorschuss; vorschuss; vorschusse; akontozahlung; akontozahlungen; provisions recues; provision recue; provisions versees; provision versee; anticipi versati; provision de fondos; retainer applied; cash; cash received; amount paid; paid; payment; tendered; cash tendered; amount tendered; received; payment received; amount received; credit card; debit card; paid amount; deposit; prepayment; cash payment; total paid; tender; tunai; debit; paid in cash; amt tendered; paid through; cash rm; amount rcvd; less deposit; deposit paid; amount already paid; already paid; payments received; less payments; less payments received; previous payments; partial payment; part payment; prepaid amount; advance payment; payments; total payments; paid to date; payment made; payments made; paid on; \
      gezahlt; bar; bezahlt; girocard; kartenzahlung; ec cash; kredit karte; gegeben; anzahlung; erhaltene anzahlungen; ec karte; kreditkarte; bereits bezahlt; barzahlung; abschlagszahlung; abschlagszahlungen; abschlagszahlung vom; erhaltene abschlagszahlungen; geleistete abschlagszahlungen; teilzahlung; teilzahlung vom; anzahlung vom; geleistete anzahlung; geleistete anzahlungen; bereits gezahlt; bereits geleistet; bereits erhalten; zahlungseingang; zahlung vom; erhaltene zahlungen; gezahlter betrag; bezahlter betrag; geleistete zahlungen; zahlungen; acompte; especes; carte bancaire; deja paye; acompte verse; regle; acompte du; acomptes verses; acompte regle; deja regle; montant paye; montant deja paye; montant regle; paiement recu; versements; montant verse; total regle; efectivo; pagado; tarjeta; anticipo; entregado; pago a cuenta; pagos a cuenta; entrega a cuenta; importe pagado; ya pagado; pago recibido; pagos; abonado; importe abonado; contanti; pagamento elettronico; bancomat; carta di credito; pagato; acconto; acconto versato; acconti versati; gia pagato; gia versato; importo pagato; versato; incassato; betaald; pin; pinnen; betaald met pin; contant; pago; aanbetaling; reeds betaald; reeds voldaan; al betaald; vooruitbetaling; voorschot; ontvangen betaling; valor pago; voldaan; betaald bedrag; valor recebido; ja pago; adiantamento; pagamento recebido; dinheiro; multibanco; cartao; zaplacono; gotowka; karta; karta platnicza; przedplata; juz zaplacono; kwota zaplacona; wplacono; zaliczka; wplata; wplaty; zaplacone",
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
      rabatt; skonto; nachlass; gesamtbetrag der abschlage; abschlage; gesamtbetrag der zuschlage; zuschlage; remise; escompte; rabais; descuento; dto; sconto; korting; desconto; rabat; upust; diskaun",
    ),
    (
        Concept::Shipping,
        SURE,
        "carriage; carriage net; carriage charge; frachtkosten; frachtpauschale; shipping; shipping cost; delivery charge; freight; postage; handling; service charge; versand; versandkosten; porto; fracht; frais de port; port; livraison; gastos de envio; portes; spese di spedizione; trasporto; verzendkosten; portes de envio; koszty wysylki; shipping handling; verzending; frais de livraison; frais d expedition; expedition; envio; spedizione; costi di spedizione; koszt dostawy; wysylka; svc charge; serv charge",
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
        "ship to; deliver to; delivery address; shipping address; delivered to; consignee; goods recipient; goods receiver; ship to party; shipped to; place of delivery; service address; \
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
      nif; cif; n i f; c i f; nif cif; partita iva; identificativo fiscale ai fini iva; identificativo fiscale iva; id fiscale iva; p iva; piva; p i; partita iva cf; btw nummer; btw nr; btw id; btw identificatienummer; btw id nr; btw; ob nummer; contribuinte; nipc; n contribuinte; nif emitente; nip; nip pesel; numer vat; nr vat; nr nip; numer nip; numer identyfikacji podatkowej; cuit; rut; ruc; rfc; nit; identificacion fiscal; numero de identificacion fiscal; codigo de identificacion fiscal; numero de contribuinte; contribuinte n; gstin uin; numer identyf; numer identyfikacyjny; vat eu; cvr; momsreg nr; dic; ic dph; adoszam",
    ),
    (
        Concept::BuyerVatId,
        SURE,
        "your vat registration no; your vat registration number; your vat reg no; your tax id; uw btw id; votre tva; your vat number; customer vat number; vat number of customer; client vat number; customer vat id; kunden ust id; ust id des kunden; ust idnr des kunden; umsatzsteuer id des kunden; numero de tva du client; numero de tva du commercant; n tva du client; btw nummer van klant; btw nummer klant; numero de iva do cliente; nif do cliente; numero de iva del cliente; nif del cliente; partita iva del cliente; partita iva cliente; numer nip klienta; nip klienta; customer vat; your vat id; your vat no; vat no customer; ihre ust id; ihre ust idnr; ust id kunde; ihre ust id nr; n tva client; tva client; uw btw nummer; btw klant; su nif; nif cliente; p iva cliente; nip nabywcy; buyer vat id; gst customer; buyer vat number; buyer vat no; customer vat no; client vat no; client vat id; recipient vat number; vat number of the customer; \
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
        "bic; swift; bank identifier code; bic swift; swift code; swift bic; bic code; ifsc; ifsc code; swift bic code",
    ),
    (
        Concept::Currency,
        SURE,
        "currency; invoice currency; wahrung; rechnungswahrung; devise; monnaie; moneda; divisa; valuta; moeda; waluta; betrage in; all amounts in; currency code",
    ),
    (
        Concept::Phone,
        SURE,
        "phone; telephone; tel; tfno; tfn; telf; tlf; tlfn; durchwahl; mobile; phone no; contact no; telephone no; hp; call; fon; telefon; telefonnummer; mobil; handy; telefono; telefoon; telefone; tel fax; telephone number; phone number; hotline; cell; mob; telemovel; movil; cellulare",
    ),
    (Concept::Fax, SURE, "fax; telefax; fax no; facsimile"),
    (
        Concept::Email,
        SURE,
        "email; e mail; mail; e mail adresse; email address; courriel; correo; correo electronico; posta elettronica; pec; e mailadres; adresse email",
    ),
    (Concept::Website, SURE, "website; web; homepage; internet; www; site web; url; im internet"),
    (
        Concept::Address,
        SURE,
        "address; street; adresse; anschrift; strasse; direccion; domicilio; indirizzo; adres; morada; endereco; ulica; registered office; head office; siege social; sede legale; sede; alamat; domicile; postal address; \
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
        "contact; contact person; purchase representative; purchasing agent; your contact; attn; attention; for the attention of; salesperson; sales person; sales rep; account manager; ansprechpartner; sachbearbeiter; bearbeiter; ihr ansprechpartner; geschaftsfuhrer; geschaftsfuhrung; contact commercial; interlocuteur; persona de contacto; contatto; contactpersoon; contacto; kontakt; osoba kontaktowa; vorstand; aufsichtsrat; prepared by; approved by; kassierer; operator; staff",
    ),
    (Concept::Time, SURE, "time; uhrzeit; zeit; heure; hora; ora; tijd; godzina; masa"),
    (
        Concept::Other,
        SURE,
        "exempt from vat; not subject to vat; vat exempt; nicht steuerbar; steuerfrei; exonere de tva; non soumis a la tva; importe no sujeto a iva; no sujeto a iva; exento de iva; esente iva; non soggetto a iva; vrijgesteld van btw; isento de iva; nao sujeito a iva; zwolnione z vat; shipping method; denominazione; ragione sociale; denomination sociale; razon social; raison sociale; firmenname; nazwa; incoterm; incoterms; weight; gewicht; notes; note; remarks; bemerkung; bemerkungen; comments; subject; betreff; bank; bank name; bankname; kreditinstitut; banque; banco; banca; member point; points; points earned; point balance; opening balance; previous balance; capital; kapital; au capital de; capital social; kapitalu; share capital; basic amount; basisbetrag",
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
