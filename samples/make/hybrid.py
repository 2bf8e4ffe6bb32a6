"""An invoice as Factur-X: the CII XML of the EN 16931 profile, and the PDF that carries it.

The PDF follows the rules of PDF/A-3b (embedded fonts, output intent, XMP, /AFRelationship).
"""

import io
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree

import facturx
import pikepdf
from lxml import etree
from PIL import ImageCms

from content import Invoice, Party

RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
UNIT_CODES = {"pot": "H87", "coffret": "H87", "forfait": "C62"}  # UN/ECE Rec 20: piece, one


def node(parent, path: str, text=None, **attributes):
    """Adds the elements of a path such as 'ram:A/ram:B' below parent; returns the last."""
    for step in path.split("/"):
        prefix, name = step.split(":")
        parent = ElementTree.SubElement(parent, f"{{{ {'ram': RAM, 'udt': UDT, 'rsm': RSM}[prefix] }}}{name}")
    if text is not None:
        parent.text = str(text)
    for name, value in attributes.items():
        parent.set(name, value)
    return parent


def day(parent, path: str, value: date) -> None:
    node(parent, f"{path}/udt:DateTimeString", value.strftime("%Y%m%d"), format="102")


def party(parent, name: str, party: Party, legal_id: str, with_contact: bool) -> None:
    out = node(parent, f"ram:{name}")
    node(out, "ram:Name", party.name)
    node(out, "ram:SpecifiedLegalOrganization/ram:ID", legal_id, schemeID="0002")
    if with_contact:
        contact = node(out, "ram:DefinedTradeContact")
        node(contact, "ram:TelephoneUniversalCommunication/ram:CompleteNumber", party.phone)
        node(contact, "ram:EmailURIUniversalCommunication/ram:URIID", party.email)
    address = node(out, "ram:PostalTradeAddress")
    street, town, _ = party.lines
    postcode, _, city = town.partition(" ")
    node(address, "ram:PostcodeCode", postcode)
    node(address, "ram:LineOne", street)
    node(address, "ram:CityName", city)
    node(address, "ram:CountryID", party.country)
    node(out, "ram:SpecifiedTaxRegistration/ram:ID", party.vat_id, schemeID="VA")


def tax(parent, rate: Decimal, base: Decimal | None = None, amount: Decimal | None = None) -> None:
    out = node(parent, "ram:ApplicableTradeTax")
    if amount is not None:
        node(out, "ram:CalculatedAmount", amount)
    node(out, "ram:TypeCode", "VAT")
    if base is not None:
        node(out, "ram:BasisAmount", base)
    node(out, "ram:CategoryCode", "S")
    node(out, "ram:RateApplicablePercent", rate)


def cii(invoice: Invoice) -> bytes:
    for prefix, uri in (("ram", RAM), ("rsm", RSM), ("udt", UDT)):
        ElementTree.register_namespace(prefix, uri)
    root = ElementTree.Element(f"{{{RSM}}}CrossIndustryInvoice")
    node(root, "rsm:ExchangedDocumentContext/ram:GuidelineSpecifiedDocumentContextParameter/ram:ID",
         "urn:cen.eu:en16931:2017")  # fmt: skip
    head = node(root, "rsm:ExchangedDocument")
    node(head, "ram:ID", invoice.number)
    node(head, "ram:TypeCode", "380")
    day(head, "ram:IssueDateTime", invoice.issued)

    trade = node(root, "rsm:SupplyChainTradeTransaction")
    for number, line in enumerate(invoice.lines, start=1):
        item = node(trade, "ram:IncludedSupplyChainTradeLineItem")
        node(item, "ram:AssociatedDocumentLineDocument/ram:LineID", number)
        node(item, "ram:SpecifiedTradeProduct/ram:Name", line.description)
        node(item, "ram:SpecifiedLineTradeAgreement/ram:NetPriceProductTradePrice/ram:ChargeAmount", line.unit_price)
        node(item, "ram:SpecifiedLineTradeDelivery/ram:BilledQuantity", line.quantity, unitCode=UNIT_CODES[line.unit])
        settled = node(item, "ram:SpecifiedLineTradeSettlement")
        tax(settled, line.tax_rate)
        node(settled, "ram:SpecifiedTradeSettlementLineMonetarySummation/ram:LineTotalAmount", line.amount)

    agreed = node(trade, "ram:ApplicableHeaderTradeAgreement")
    node(agreed, "ram:BuyerReference", invoice.customer_number)
    party(agreed, "SellerTradeParty", invoice.seller, invoice.extra["siren"], with_contact=True)
    party(agreed, "BuyerTradeParty", invoice.buyer, invoice.extra["buyer_siren"], with_contact=False)
    node(agreed, "ram:BuyerOrderReferencedDocument/ram:IssuerAssignedID", invoice.order_number)
    delivery = node(trade, "ram:ApplicableHeaderTradeDelivery")
    day(delivery, "ram:ActualDeliverySupplyChainEvent/ram:OccurrenceDateTime", invoice.delivered)

    settled = node(trade, "ram:ApplicableHeaderTradeSettlement")
    node(settled, "ram:PaymentReference", invoice.number)
    node(settled, "ram:InvoiceCurrencyCode", invoice.currency)
    means = node(settled, "ram:SpecifiedTradeSettlementPaymentMeans")
    node(means, "ram:TypeCode", "58")  # SEPA credit transfer
    node(means, "ram:PayeePartyCreditorFinancialAccount/ram:IBANID", invoice.iban)
    node(means, "ram:PayeeSpecifiedCreditorFinancialInstitution/ram:BICID", invoice.bic)
    for rate, base, amount in invoice.taxes:
        tax(settled, rate, base, amount)
    day(settled, "ram:SpecifiedTradePaymentTerms/ram:DueDateDateTime", invoice.due)
    sums = node(settled, "ram:SpecifiedTradeSettlementHeaderMonetarySummation")
    node(sums, "ram:LineTotalAmount", invoice.net)
    node(sums, "ram:TaxBasisTotalAmount", invoice.net)
    node(sums, "ram:TaxTotalAmount", invoice.tax, currencyID=invoice.currency)
    node(sums, "ram:GrandTotalAmount", invoice.total)
    node(sums, "ram:DuePayableAmount", invoice.total)

    ElementTree.indent(root)
    xml = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    facturx.xml_check_xsd(xml, flavor="factur-x", level="en16931")  # raises where it is not valid
    return xml


def srgb() -> bytes:
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    profile[24:36] = bytes((7, 232, 0, 1, 0, 1, 0, 0, 0, 0, 0, 0))  # made on 1 January 2024, not now
    return bytes(profile)


def facturx_pdf(page: bytes, invoice: Invoice) -> bytes:
    xml = cii(invoice)
    stamp = invoice.issued.strftime("%Y%m%d") + "090000"
    pdf = pikepdf.open(io.BytesIO(page))
    name, dictionary = pikepdf.Name, pikepdf.Dictionary

    embedded = pdf.make_stream(
        xml, Type=name.EmbeddedFile, Subtype=pikepdf.Name("/text/xml"),
        Params=dictionary(Size=len(xml), ModDate=pikepdf.String(f"D:{stamp}Z")),
    )  # fmt: skip
    file = pdf.make_indirect(
        dictionary(
            Type=name.Filespec, F="factur-x.xml", UF="factur-x.xml", Desc="Factur-X invoice",
            AFRelationship=name.Data, EF=dictionary(F=embedded, UF=embedded),
        )  # fmt: skip
    )
    pdf.Root.Names = dictionary(EmbeddedFiles=dictionary(Names=pikepdf.Array(["factur-x.xml", file])))
    pdf.Root.AF = pikepdf.Array([file])
    pdf.Root.Lang = "fr-FR"
    pdf.Root.OutputIntents = pikepdf.Array([
        dictionary(
            Type=name.OutputIntent, S=name.GTS_PDFA1, OutputConditionIdentifier="sRGB", Info="sRGB",
            DestOutputProfile=pdf.make_stream(srgb(), N=3),
        )
    ])  # fmt: skip

    # XMP and the document information must agree.
    about = {"title": f"Facture {invoice.number}", "author": invoice.seller.name, "subject": "A sample with invented content"}
    pdf.docinfo["/Producer"], pdf.docinfo["/Creator"] = "pikepdf", "samples/make"
    pdf.docinfo["/CreationDate"] = pdf.docinfo["/ModDate"] = pikepdf.String(f"D:{stamp}+00'00'")
    for key in ("/Keywords", "/Trapped"):
        if key in pdf.docinfo:
            del pdf.docinfo[key]
    xmp = facturx.generate_xmp_object({
        **about, "pdfa3_flavor": "B", "producer": "pikepdf", "creator_tool": "samples/make",
        "timestamp": f"{invoice.issued.isoformat()}T09:00:00+00:00", "version": "1.0", "documenttype": "INVOICE",
        "xml_filename": "factur-x.xml", "xmp_level": "EN 16931",
        "urn": "urn:factur-x:pdfa:CrossIndustryDocument:invoice:1p0#",
    })  # fmt: skip
    packet = (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'.encode()
        + etree.tostring(xmp, pretty_print=True)
        + b'<?xpacket end="w"?>'
    )
    pdf.Root.Metadata = pdf.make_stream(packet, Type=name.Metadata, Subtype=name.XML)

    out = io.BytesIO()
    pdf.save(
        out, deterministic_id=True, fix_metadata_version=False, min_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
    )  # fmt: skip
    assert facturx.get_xml_from_pdf(out.getvalue())[1] == xml
    return out.getvalue()
