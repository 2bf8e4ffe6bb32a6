"""Office files, a web page and a mail with an invoice, written part by part: each shows what its format's reader must cope with."""

import base64
import io
import zipfile
from decimal import Decimal
from html import escape

from content import Invoice

# Zip entries carry a time; a fixed one keeps the bytes the same.
WRITTEN = (1980, 1, 1, 0, 0, 0)


def zipped(parts: dict[str, str]) -> bytes:
    """An archive with these files; the first one uncompressed, as OpenDocument wants its media type."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for index, (name, text) in enumerate(parts.items()):
            entry = zipfile.ZipInfo(name, WRITTEN)
            entry.compress_type = zipfile.ZIP_STORED if index == 0 else zipfile.ZIP_DEFLATED
            archive.writestr(entry, text)
    return file.getvalue()


def money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def facts(invoice: Invoice) -> list[tuple[str, object]]:
    return [
        ("Invoice number", invoice.number),
        ("Invoice date", invoice.issued),
        ("Due date", invoice.due),
        ("Order number", invoice.order_number),
        ("Customer number", invoice.customer_number),
    ]


def sheet(invoice: Invoice) -> list[list[object]]:
    """The rows of an invoice in a spreadsheet. Amounts are Decimals, dates are dates, all else is text."""
    seller, buyer = invoice.seller, invoice.buyer
    rows: list[list[object]] = [[seller.name], *[[part] for part in seller.lines], ["VAT ID", seller.vat_id], []]
    rows += [["INVOICE"], ["Bill to", buyer.name], *[["", part] for part in buyer.lines], []]
    rows += [[label, value] for label, value in facts(invoice)]
    rows += [[], ["Description", "Quantity", "Unit price", "Amount"]]
    rows += [[part.description, str(part.quantity), part.unit_price, part.amount] for part in invoice.lines]
    rows += [[], ["", "", "Net amount", invoice.net]]
    rows += [["", "", f"VAT {rate} %", tax] for rate, _, tax in invoice.taxes]
    rows += [["", "", f"Total amount {invoice.currency}", invoice.total], []]
    rows += [["IBAN", invoice.iban], ["BIC", invoice.bic]]
    return rows


def xlsx(invoice: Invoice) -> bytes:
    """Numbers and dates are stored as binary numbers with formats, texts in one shared table."""
    shared: list[str] = []

    def cell(row: int, column: int, value: object) -> str:
        place = f'r="{"ABCD"[column]}{row}"'
        if isinstance(value, Decimal):
            return f'<c {place} s="1"><v>{float(value)!r}</v></c>'
        if hasattr(value, "toordinal"):
            return f'<c {place} s="2"><v>{value.toordinal() - 693594}</v></c>'
        if value not in shared:
            shared.append(value)
        return f'<c {place} t="s"><v>{shared.index(value)}</v></c>'

    rows = ""
    for number, row in enumerate(sheet(invoice), 1):
        cells = "".join(cell(number, column, value) for column, value in enumerate(row) if value != "")
        rows += f'<row r="{number}">{cells}</row>' if cells else ""
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    overrides = [("workbook", "sheet.main"), ("worksheets/sheet1", "worksheet"), ("styles", "styles"),
                 ("sharedStrings", "sharedStrings")]
    return zipped({
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        + "".join(f'<Override PartName="/xl/{part}.xml" ContentType="{types}.{kind}+xml"/>'
                  for part, kind in overrides) + "</Types>",
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="Invoice" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/worksheet" Target="worksheets/sheet1.xml"/>'
        f'<Relationship Id="rId2" Type="{office}/styles" Target="styles.xml"/>'
        f'<Relationship Id="rId3" Type="{office}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
        "xl/styles.xml": f'{head}<styleSheet xmlns="{main}"><fonts count="1"><font/></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border/></borders>'
        '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="3"><xf/>'
        '<xf numFmtId="4" applyNumberFormat="1"/><xf numFmtId="14" applyNumberFormat="1"/></cellXfs></styleSheet>',
        "xl/worksheets/sheet1.xml": f'{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f'{head}<sst xmlns="{main}">'
        + "".join(f"<si><t>{escape(text)}</t></si>" for text in shared) + "</sst>",
    })


def ods(invoice: Invoice) -> bytes:
    """Values with the text that they were last shown with; empty cells are counted, not listed."""

    def cell(value: object) -> str:
        if isinstance(value, Decimal):
            kind, shown = f'office:value-type="float" office:value="{value}"', money(value)
        elif hasattr(value, "toordinal"):
            kind, shown = f'office:value-type="date" office:date-value="{value}"', f"{value:%d %B %Y}"
        else:
            kind, shown = 'office:value-type="string"', value
        return f"<table:table-cell {kind}><text:p>{escape(shown)}</text:p></table:table-cell>"

    rows = ""
    for row in sheet(invoice):
        empty = sum(value == "" for value in row)
        spaces = f'<table:table-cell table:number-columns-repeated="{empty}"/>' if empty else ""
        rows += f"<table:table-row>{spaces}{''.join(cell(value) for value in row[empty:])}</table:table-row>"
    namespace = "urn:oasis:names:tc:opendocument:xmlns"
    media_type = "application/vnd.oasis.opendocument.spreadsheet"
    return zipped({
        "mimetype": media_type,
        "META-INF/manifest.xml": f'<?xml version="1.0" encoding="UTF-8"?>\n<manifest:manifest '
        f'xmlns:manifest="{namespace}:manifest:1.0" manifest:version="1.3"><manifest:file-entry '
        f'manifest:full-path="/" manifest:media-type="{media_type}"/><manifest:file-entry '
        'manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>',
        "content.xml": f'<?xml version="1.0" encoding="UTF-8"?>\n<office:document-content '
        f'xmlns:office="{namespace}:office:1.0" xmlns:table="{namespace}:table:1.0" '
        f'xmlns:text="{namespace}:text:1.0" office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="Invoice">{rows}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>",
    })


def docx(invoice: Invoice) -> bytes:
    """The seller in the page header and the bank in the footer, facts and lines in tables."""

    def paragraph(*texts: str) -> str:
        runs = "<w:r><w:tab/></w:r>".join(f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>' for text in texts)
        return f"<w:p>{runs}</w:p>"

    def cell(text: str, columns: int = 1) -> str:
        span = f'<w:tcPr><w:gridSpan w:val="{columns}"/></w:tcPr>' if columns > 1 else ""
        return f"<w:tc>{span}{paragraph(text)}</w:tc>"

    def table(rows: list[str]) -> str:
        return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"

    seller, buyer = invoice.seller, invoice.buyer
    stated = [(label, str(value) if isinstance(value, str) else f"{value:%d %B %Y}") for label, value in facts(invoice)]
    lines = [cell("Description") + cell("Quantity") + cell("Unit price") + cell("Amount")]
    lines += [
        cell(part.description) + cell(str(part.quantity)) + cell(money(part.unit_price)) + cell(money(part.amount))
        for part in invoice.lines
    ]
    lines += [cell("Net amount", 3) + cell(money(invoice.net))]
    lines += [cell(f"VAT {rate} %", 3) + cell(money(tax)) for rate, _, tax in invoice.taxes]
    lines += [cell(f"Total amount {invoice.currency}", 3) + cell(money(invoice.total))]
    body = paragraph("INVOICE") + paragraph("Bill to") + "".join(map(paragraph, (buyer.name, *buyer.lines)))
    body += paragraph("") + table([cell(label) + cell(value) for label, value in stated])
    body += paragraph("") + table(lines) + paragraph("Thank you for letting us work on your courtyard.")
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    main = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    types = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    header = "".join(map(paragraph, (seller.name, *seller.lines, f"VAT ID: {seller.vat_id}")))
    return zipped({
        "[Content_Types].xml": f'{head}<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{types}.document.main+xml"/>'
        f'<Override PartName="/word/header1.xml" ContentType="{types}.header+xml"/>'
        f'<Override PartName="/word/footer1.xml" ContentType="{types}.footer+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/officeDocument" Target="word/document.xml"/></Relationships>',
        "word/_rels/document.xml.rels": f'{head}<Relationships xmlns="{package}/relationships">'
        f'<Relationship Id="rId1" Type="{office}/header" Target="header1.xml"/>'
        f'<Relationship Id="rId2" Type="{office}/footer" Target="footer1.xml"/></Relationships>',
        "word/document.xml": f'{head}<w:document {main} xmlns:r="{office}"><w:body>{body}<w:sectPr>'
        '<w:headerReference w:type="default" r:id="rId1"/><w:footerReference w:type="default" r:id="rId2"/>'
        "</w:sectPr></w:body></w:document>",
        "word/header1.xml": f"{head}<w:hdr {main}>{header}</w:hdr>",
        "word/footer1.xml": f"{head}<w:ftr {main}>{paragraph('IBAN: ' + invoice.iban, 'BIC: ' + invoice.bic)}</w:ftr>",
    })


def html(invoice: Invoice) -> bytes:
    """Tables for facts, lines and totals, in the encoding that the page declares."""

    def row(*cells: str, tag: str = "td") -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>\n"

    seller, buyer = invoice.seller, invoice.buyer
    stated = "".join(row(label, value if isinstance(value, str) else f"{value:%d %B %Y}") for label, value in facts(invoice))
    lines = row("Description", "Quantity", "Unit price", "Amount", tag="th")
    lines += "".join(
        row(part.description, str(part.quantity), money(part.unit_price), money(part.amount)) for part in invoice.lines
    )
    totals = row("Net amount", money(invoice.net))
    totals += "".join(row(f"VAT {rate} %", money(tax)) for rate, _, tax in invoice.taxes)
    totals += row(f"Total amount {invoice.currency}", money(invoice.total))
    address = "<br>".join(map(escape, (seller.name, *seller.lines, f"VAT ID: {seller.vat_id}")))
    billed = "<br>".join(map(escape, (buyer.name, *buyer.lines)))
    text = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="windows-1252"><title>Invoice</title>\n'
        "<style>td { padding: 2px }</style><script>console.log('Total amount 1.00')</script></head>\n"
        f"<body><p>{address}</p>\n<h1>Invoice</h1>\n<p>Bill to<br>{billed}</p>\n<table>{stated}</table>\n"
        f"<table>{lines}</table>\n<table>{totals}</table>\n"
        f"<p>IBAN: {invoice.iban}<br>BIC: {invoice.bic}</p>\n<p>© {escape(seller.name)}</p></body></html>\n"
    )
    return text.encode("cp1252")


def eml(invoice: Invoice, pdf: bytes) -> bytes:
    """A letter in text and as a web page, with the invoice attached."""
    seller = invoice.seller
    text = f"Dear customer,\n\nplease find your invoice attached.\n\n{seller.name}\n"
    attached = base64.encodebytes(pdf).decode()
    message = (
        f"Received: from mail.harrowfinch.example by mx.ballinacarra.example; Thu, 14 Nov 2024 09:12:40 +0000\n"
        f"From: {seller.name} <{seller.email}>\nTo: accounts@ballinacarra.example\nSubject: Your invoice\n"
        "Date: Thu, 14 Nov 2024 09:12:31 +0000\nMessage-ID: <20241114091231@harrowfinch.example>\n"
        'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="outer"\n\n--outer\n'
        'Content-Type: multipart/alternative; boundary="inner"\n\n--inner\n'
        f"Content-Type: text/plain; charset=utf-8\n\n{text}\n--inner\n"
        f"Content-Type: text/html; charset=utf-8\n\n<p>{escape(text)}</p>\n--inner--\n--outer\n"
        'Content-Type: application/octet-stream; name="invoice.pdf"\nContent-Transfer-Encoding: base64\n'
        f'Content-Disposition: attachment; filename="invoice.pdf"\n\n{attached}\n--outer--\n'
    )
    return message.replace("\n", "\r\n").encode()
