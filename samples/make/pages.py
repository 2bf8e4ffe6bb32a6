"""The three invoice pages, as PDFs with a text layer."""

import io
import pathlib
from datetime import date
from decimal import Decimal

from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from content import Invoice

FONTS = pathlib.Path("/usr/share/fonts/truetype")  # Debian: fonts-liberation, fonts-dejavu-core
WIDTH, HEIGHT = A4
INK = HexColor("#1f2430")
GREY = HexColor("#6b7280")
HAIR = HexColor("#d5d9e0")


def register_fonts() -> None:
    for name, file in {
        "Sans": "liberation/LiberationSans-Regular.ttf",
        "SansBold": "liberation/LiberationSans-Bold.ttf",
        "Serif": "liberation/LiberationSerif-Regular.ttf",
        "SerifBold": "liberation/LiberationSerif-Bold.ttf",
        "Deja": "dejavu/DejaVuSans.ttf",
        "DejaBold": "dejavu/DejaVuSans-Bold.ttf",
    }.items():
        pdfmetrics.registerFont(TTFont(name, FONTS / file))


class Page:
    """A canvas that is measured in millimetres from the top left corner."""

    def __init__(self, title: str, author: str, regular: str, bold: str):
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, invariant=1, initialFontName=regular)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setSubject("A sample with invented content")
        self.fonts = {False: regular, True: bold}

    def text(self, x, y, text, size=9.5, bold=False, align="left", color=INK, spacing=0.0):
        self.canvas.setFillColor(color)
        font = self.fonts[bold]
        self.canvas.setFont(font, size)
        # Measured here for each alignment, so that a text is one run whatever its alignment.
        width = pdfmetrics.stringWidth(text, font, size) + spacing * max(len(text) - 1, 0)
        left = {"left": x * mm, "right": x * mm - width, "center": x * mm - width / 2}[align]
        self.canvas.drawString(left, HEIGHT - y * mm, text, charSpace=spacing)

    def rule(self, x0, x1, y, color=HAIR, width=0.5):
        self.canvas.setStrokeColor(color)
        self.canvas.setLineWidth(width)
        self.canvas.line(x0 * mm, HEIGHT - y * mm, x1 * mm, HEIGHT - y * mm)

    def box(self, x, y, w, h, fill=None, stroke=None, radius=0.0):
        if fill is not None:
            self.canvas.setFillColor(fill)
        if stroke is not None:
            self.canvas.setStrokeColor(stroke)
        shape = (x * mm, HEIGHT - (y + h) * mm, w * mm, h * mm)
        self.canvas.roundRect(*shape, radius * mm, stroke=int(stroke is not None), fill=int(fill is not None))

    def finish(self) -> bytes:
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()


def spaced_iban(iban: str) -> str:
    return " ".join(iban[i : i + 4] for i in range(0, len(iban), 4))


def amount_en(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def amount_de(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


def amount_fr(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans({",": "\u00a0", ".": ","}))


def date_en(day: date) -> str:
    months = "January February March April May June July August September October November December".split()
    return f"{day.day} {months[day.month - 1]} {day.year}"


def english(invoice: Invoice) -> bytes:
    """A design studio's invoice: facts on the right, one table, totals in a tinted box."""
    page = Page(f"Invoice {invoice.number}", invoice.seller.name, "Sans", "SansBold")
    accent, tint = HexColor("#1d5b57"), HexColor("#eef4f3")
    left, right = 20, 190
    seller, buyer = invoice.seller, invoice.buyer

    # Letterhead: two leaning bars as a mark, and the name.
    page.canvas.saveState()
    page.canvas.setFillColor(accent)
    for x, top in ((20, 18), (24.4, 21)):
        path = page.canvas.beginPath()
        path.moveTo(x * mm, HEIGHT - 30 * mm)
        path.lineTo((x + 2.2) * mm, HEIGHT - top * mm)
        path.lineTo((x + 5.4) * mm, HEIGHT - top * mm)
        path.lineTo((x + 3.2) * mm, HEIGHT - 30 * mm)
        path.close()
        page.canvas.drawPath(path, stroke=0, fill=1)
    page.canvas.restoreState()
    page.text(33, 25, seller.name, size=15, bold=True)
    page.text(33, 29.8, "Branding, packaging and photography", size=8.5, color=GREY)
    for i, text in enumerate((*seller.lines, seller.phone, seller.email)):
        page.text(right, 20.5 + i * 4.1, text, size=8.5, align="right", color=GREY)

    page.text(left, 55, "Invoice", size=26, bold=True, color=accent)

    page.text(left, 66, "Bill to", size=8.5, color=GREY)
    page.text(left, 71, buyer.name, size=10.5, bold=True)
    for i, text in enumerate(buyer.lines):
        page.text(left, 76 + i * 4.7, text)

    facts = [
        ("Invoice number", invoice.number), ("Invoice date", date_en(invoice.issued)),
        ("Due date", date_en(invoice.due)), ("PO number", invoice.order_number),
        ("Customer no.", invoice.customer_number), ("Payment terms", "30 days net"),
    ]  # fmt: skip
    for i, (label, value) in enumerate(facts):
        y = 66 + i * 5.6
        page.text(122, y, label, color=GREY)
        page.text(right, y, value, bold=i < 3, align="right")
        page.rule(122, right, y + 1.7)

    y = 112
    page.box(left, y - 5.2, right - left, 8, fill=accent)
    white = HexColor("#ffffff")
    page.text(left + 3, y, "Description", size=8.5, bold=True, color=white)
    for x, label in ((126, "Qty"), (158, "Unit price"), (right - 3, "Amount")):
        page.text(x, y, label, size=8.5, bold=True, align="right", color=white)
    for line in invoice.lines:
        y += 9
        page.text(left + 3, y, line.description)
        page.text(126, y, f"{line.quantity}", align="right")
        page.text(158, y, amount_en(line.unit_price), align="right")
        page.text(right - 3, y, amount_en(line.amount), align="right")
        page.rule(left, right, y + 3.2)

    y += 15
    (rate, _, tax), = invoice.taxes
    page.box(118, y - 6.5, 72, 27.5, fill=tint, radius=1.5)
    page.text(122, y, "Subtotal")
    page.text(right - 3, y, f"€{amount_en(invoice.net)}", align="right")
    page.text(122, y + 6.5, f"VAT {rate}%")
    page.text(right - 3, y + 6.5, f"€{amount_en(tax)}", align="right")
    page.rule(122, right - 3, y + 9.6, color=accent, width=0.8)
    page.text(122, y + 16, "Total due", size=12, bold=True)
    page.text(right - 3, y + 16, f"€{amount_en(invoice.total)}", size=12, bold=True, align="right")

    page.text(left, y, "Thank you for your business.", bold=True)
    page.text(left, y + 5.2, "Please quote the invoice number with your payment.", color=GREY)
    page.text(left, y + 10, "Prices in euro. Licences pass on full payment.", color=GREY)

    page.rule(left, right, 262)
    columns = [
        (left, "Pay to", (f"IBAN {spaced_iban(invoice.iban)}", f"BIC {invoice.bic}", "Fictional Bank of Ireland plc")),
        (93, "Company", (f"VAT no. {seller.vat_id}", "Registered in Ireland, no. 990417")),
        (148, "Questions", ("Orla Finch", seller.email)),
    ]
    for x, head, texts in columns:
        page.text(x, 268, head, size=8, bold=True)
        for i, text in enumerate(texts):
            page.text(x, 272.4 + i * 4, text, size=7.8, color=GREY)
    return page.finish()


def german(invoice: Invoice) -> bytes:
    """A joiner's letter after DIN 5008: window address, facts beside it, a ruled table."""
    page = Page(f"Rechnung {invoice.number}", invoice.seller.name, "Serif", "SerifBold")
    black = HexColor("#101010")
    left, right = 25, 190
    seller, buyer = invoice.seller, invoice.buyer

    def text(x, y, value, **options):
        page.text(x, y, value, **{"size": 10.5, "color": black, **options})

    text(right, 24, seller.name, size=19, bold=True, align="right")
    text(right, 30.5, "Möbel · Innenausbau · Reparatur", size=10.5, align="right")
    page.rule(left, right, 34.5, color=black, width=1.1)

    text(left, 47, f"{seller.name} · {seller.lines[0]} · {seller.lines[1]}", size=7.5)
    page.rule(left, left + 80, 48.3, color=black, width=0.4)
    for i, value in enumerate((buyer.name, *buyer.lines)):
        text(left, 57 + i * 5.6, value, size=11)

    facts = [
        ("Rechnungs-Nr.:", invoice.number), ("Rechnungsdatum:", invoice.issued.strftime("%d.%m.%Y")),
        ("Kunden-Nr.:", invoice.customer_number), ("Ihre Bestellung:", invoice.order_number),
        ("Lieferdatum:", invoice.delivered.strftime("%d.%m.%Y")),
    ]  # fmt: skip
    for i, (label, value) in enumerate(facts):
        text(130, 57 + i * 5.6, label)
        text(right, 57 + i * 5.6, value, align="right")

    text(left, 100, "Rechnung", size=17, bold=True)
    text(left, 109, "Sehr geehrte Frau Sommer,", size=11)
    text(left, 115, "für die gelieferten Möbel und die Montage berechnen wir Ihnen wie folgt:", size=11)

    columns = ((left + 1, "Pos.", "left"), (37, "Bezeichnung", "left"), (122, "Menge", "right"),
               (126, "Einh.", "left"), (163, "Einzelpreis", "right"), (right - 1, "Gesamt", "right"))  # fmt: skip
    y = 127
    page.rule(left, right, y - 5, color=black, width=0.8)
    for x, label, align in columns:
        text(x, y, label, bold=True, align=align)
    page.rule(left, right, y + 2, color=black, width=0.8)
    for number, line in enumerate(invoice.lines, start=1):
        y += 7.4
        quantity = str(line.quantity).replace(".", ",")
        values = (str(number), line.description, quantity, line.unit, amount_de(line.unit_price), amount_de(line.amount))
        for (x, _, align), value in zip(columns, values):
            text(x, y, value, align=align)
    y += 3.2
    page.rule(left, right, y, color=black, width=0.8)

    (rate, _, tax), = invoice.taxes
    for label, amount, bold in (
        ("Summe netto", invoice.net, False), (f"zzgl. {rate} % MwSt.", tax, False),
        ("Rechnungsbetrag", invoice.total, True),
    ):  # fmt: skip
        y += 6.6
        text(120, y, label, bold=bold)
        text(right - 1, y, f"{amount_de(amount)} EUR", align="right", bold=bold)
    page.rule(120, right, y + 1.8, color=black, width=0.8)
    page.rule(120, right, y + 2.6, color=black, width=0.8)

    y += 17
    text(left, y, f"Zahlbar ohne Abzug bis {invoice.due.strftime('%d.%m.%Y')}.", size=11)
    text(left, y + 6, f"Bitte geben Sie bei der Überweisung die Nummer {invoice.number} an.", size=11)
    text(left, y + 17, "Mit freundlichen Grüßen", size=11)
    text(left, y + 26, invoice.extra["head"], size=11)

    page.rule(left, right, 268, color=black, width=0.6)
    footer = [
        (left, (seller.name, *seller.lines, f"Tel. {seller.phone}")),
        (82, (invoice.extra["court"], f"Geschäftsführer: {invoice.extra['head']}",
              f"USt-IdNr.: {seller.vat_id}", f"Steuer-Nr.: {invoice.extra['tax_number']}")),
        (140, ("Bank Beispielhausen eG", f"IBAN {spaced_iban(invoice.iban)}", f"BIC {invoice.bic}", seller.email)),
    ]  # fmt: skip
    for x, texts in footer:
        for i, value in enumerate(texts):
            text(x, 272.6 + i * 4, value, size=8.2)
    return page.finish()


def french(invoice: Invoice) -> bytes:
    """A cannery's invoice with two rates of tax and a table of them."""
    page = Page(f"Facture {invoice.number}", invoice.seller.name, "Deja", "DejaBold")
    accent, tint = HexColor("#8a3b2a"), HexColor("#f7efe9")
    left, right = 18, 192
    seller, buyer = invoice.seller, invoice.buyer

    def text(x, y, value, **options):
        page.text(x, y, value, **{"size": 8.6, **options})

    def euro(amount):
        return f"{amount_fr(amount)} €"

    page.box(0, 0, 210, 7, fill=accent)
    text(left, 22, seller.name, size=13, bold=True, color=accent)
    for i, value in enumerate((*seller.lines[:2], f"Tél. {seller.phone}", seller.email)):
        text(left, 28 + i * 4.4, value, color=GREY)
    text(right, 24, "FACTURE", size=22, bold=True, align="right", spacing=1.5)
    text(right, 31, f"N° {invoice.number}", size=11, bold=True, align="right", color=accent)

    page.box(left, 52, 84, 32, fill=tint, radius=1.5)
    facts = [
        ("Date de facture", invoice.issued), ("Date d'échéance", invoice.due),
        ("Date de livraison", invoice.delivered), ("Votre commande", invoice.order_number),
        ("N° client", invoice.customer_number),
    ]  # fmt: skip
    for i, (label, value) in enumerate(facts):
        text(left + 4, 58.5 + i * 5.4, label, color=GREY)
        value = value.strftime("%d/%m/%Y") if isinstance(value, date) else value
        text(left + 80, 58.5 + i * 5.4, value, align="right", bold=i < 2)
    text(112, 56, "Facturé à", size=8, color=GREY)
    text(112, 62, buyer.name, size=10, bold=True)
    for i, value in enumerate((*buyer.lines, f"N° TVA : {buyer.vat_id}")):
        text(112, 67.4 + i * 4.7, value)

    y = 100
    columns = ((left + 2, "Désignation", "left"), (103, "Quantité", "right"), (127, "P.U. HT", "right"),
               (150, "TVA", "right"), (right - 2, "Montant HT", "right"))  # fmt: skip
    page.rule(left, right, y - 5.5, color=accent, width=1.2)
    for x, label, align in columns:
        text(x, y, label, bold=True, align=align, size=8.2)
    page.rule(left, right, y + 2.8, color=accent, width=0.6)
    for line in invoice.lines:
        y += 8.6
        rate = f"{line.tax_rate} %".replace(".", ",")
        values = (line.description, f"{line.quantity}", euro(line.unit_price), rate, euro(line.amount))
        for (x, _, align), value in zip(columns, values):
            text(x, y, value, align=align)
        page.rule(left, right, y + 3)

    y += 16
    for x, label in ((left + 18, "Taux"), (left + 48, "Base HT"), (left + 76, "Montant TVA")):
        text(x, y, label, size=7.8, bold=True, align="right", color=GREY)
    for i, (rate, base, tax) in enumerate(invoice.taxes, start=1):
        text(left + 18, y + i * 5.4, f"{rate} %".replace(".", ","), align="right")
        text(left + 48, y + i * 5.4, euro(base), align="right")
        text(left + 76, y + i * 5.4, euro(tax), align="right")

    text(125, y, "Total HT")
    text(right - 2, y, euro(invoice.net), align="right")
    text(125, y + 6, "Total TVA")
    text(right - 2, y + 6, euro(invoice.tax), align="right")
    page.box(121, y + 9.4, right - 121, 9.5, fill=accent, radius=1)
    white = HexColor("#ffffff")
    text(125, y + 15.6, "Total TTC", size=10.5, bold=True, color=white)
    text(right - 2, y + 15.6, euro(invoice.total), size=10.5, bold=True, align="right", color=white)

    y += 34
    text(left, y, "Règlement par virement", bold=True)
    text(left, y + 5, f"IBAN {spaced_iban(invoice.iban)}")
    text(left, y + 9.6, f"BIC {invoice.bic}")
    text(left, y + 17, "Pas d'escompte pour paiement anticipé. En cas de retard : pénalités de trois fois le taux légal", size=7.4, color=GREY)
    text(left, y + 20.8, "et indemnité forfaitaire de 40 € pour frais de recouvrement.", size=7.4, color=GREY)

    page.rule(left, right, 278)
    siret = invoice.extra["siret"]
    siret = f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"
    text(105, 283, f"{seller.name} · SIRET {siret} · N° TVA {seller.vat_id}", size=7.4, align="center", color=GREY)
    return page.finish()
