"""What stands on the samples: the one place for both the pages and the answers.

Everything is invented. Bank codes and postcodes are unassigned, phone numbers come from the ranges
that regulators keep for films, domains end in .example. Check digits are right all the same (IBAN,
VAT ids), as an extractor may test them.
"""

from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def iban_is_valid(iban: str) -> bool:
    moved = iban[4:] + iban[:4]
    return int("".join(str(int(c, 36)) for c in moved)) % 97 == 1


@dataclass(frozen=True)
class Party:
    name: str
    lines: tuple[str, ...]
    country: str
    vat_id: str = ""
    phone: str = ""
    email: str = ""
    # So many of the lines say who within the firm a letter is for.
    within: int = 0

    @property
    def address(self) -> str:
        return ", ".join(self.lines[self.within :])


@dataclass(frozen=True)
class Line:
    description: str
    quantity: Decimal
    unit_price: Decimal
    unit: str = ""
    tax_rate: Decimal = Decimal(0)

    @property
    def amount(self) -> Decimal:
        return cents(self.quantity * self.unit_price)


@dataclass(frozen=True)
class Invoice:
    file: str
    number: str
    issued: date
    due: date
    order_number: str
    customer_number: str
    seller: Party
    buyer: Party
    iban: str
    bic: str
    lines: tuple[Line, ...]
    delivered: date | None = None
    currency: str = "EUR"
    extra: dict = field(default_factory=dict)

    def __post_init__(self):
        assert iban_is_valid(self.iban), self.iban

    @property
    def net(self) -> Decimal:
        return sum(line.amount for line in self.lines)

    @property
    def taxes(self) -> list[tuple[Decimal, Decimal, Decimal]]:
        """(rate, base, tax) per rate, lowest rate first."""
        rates = sorted({line.tax_rate for line in self.lines})
        bases = [sum(line.amount for line in self.lines if line.tax_rate == rate) for rate in rates]
        return [(rate, base, cents(base * rate / 100)) for rate, base in zip(rates, bases)]

    @property
    def tax(self) -> Decimal:
        return sum(tax for _, _, tax in self.taxes)

    @property
    def total(self) -> Decimal:
        return self.net + self.tax

    def answer(self) -> dict:
        return {
            "file": self.file,
            "extractor": "invoice",
            "template": self.seller.name,
            "fields": {
                "invoice_number": self.number,
                "invoice_date": self.issued.isoformat(),
                "total_amount": str(self.total),
                "net_amount": str(self.net),
                "tax_amount": str(self.tax),
                "currency": self.currency,
                "seller_name": self.seller.name,
                "buyer_name": self.buyer.name,
                "due_date": self.due.isoformat(),
                "order_number": self.order_number,
                "customer_number": self.customer_number,
                "seller_vat_id": self.seller.vat_id,
                "iban": self.iban,
                "seller_address": self.seller.address,
                "buyer_address": self.buyer.address,
            },
            "line_items": [
                {
                    "description": line.description,
                    "quantity": str(line.quantity),
                    "unit_price": str(line.unit_price),
                    "amount": str(line.amount),
                }
                for line in self.lines
            ],
            "source": "samples/make",
        }


def line(description, quantity, unit_price, unit="", tax_rate="0") -> Line:
    return Line(description, Decimal(quantity), Decimal(unit_price), unit, Decimal(tax_rate))


ENGLISH = Invoice(
    file="invoice.pdf",
    number="HF-2024-0387",
    issued=date(2024, 11, 14),
    due=date(2024, 12, 14),
    order_number="PO-58210",
    customer_number="C-1042",
    seller=Party(
        "Harrow & Finch Studio Ltd",
        ("7 Sycamore Yard", "Dublin 28, D28 X4F7", "Ireland"),
        "IE", "IE9990417O", "+353 20 915 0142", "accounts@harrowfinch.example",
    ),
    buyer=Party(
        "Ballinacarra Foods Ltd",
        ("Accounts Payable", "Unit 12, Carrick Mills", "Ballinacarra, Co. Sligo", "Ireland"),
        "IE",
        within=1,
    ),
    iban="IE59FICT99000012345678",
    bic="FICTIE2D",
    lines=(
        line("Brand workshop, half-day, on site", "2", "640.00", tax_rate="23"),
        line("Packaging design, label variant", "4", "385.50", tax_rate="23"),
        line("Print proof, A3, matt", "12", "18.75", tax_rate="23"),
        line("Product photography, half-day", "1", "720.00", tax_rate="23"),
        line("Typeface licence, desktop, 3 users", "1", "148.45", tax_rate="23"),
        line("Courier Dublin to Ballinacarra", "2", "14.30", tax_rate="23"),
    ),
)

GERMAN = Invoice(
    file="invoice-scanned.pdf",
    number="RE-24-1187",
    issued=date(2024, 10, 18),
    due=date(2024, 11, 1),
    delivered=date(2024, 10, 15),
    order_number="B-7731",
    customer_number="20417",
    seller=Party(
        "Tischlerei Eschenwinkel GmbH",
        ("Am Eschenwinkel 4", "09999 Hohenlinde"),
        "DE", "DE999993417", "030 23125 417", "buero@eschenwinkel.example",
    ),
    buyer=Party(
        "Leseladen Wolkenschieber GmbH",
        ("Frau Katrin Sommer", "Marktplatz 9", "09998 Brücken am See"),
        "DE",
        within=1,
    ),
    iban="DE30999999990041719380",
    bic="FICTDE99XXX",
    lines=(
        line("Regal Eiche massiv, geölt, 220 x 90 cm", "2", "489.00", "Stk", "19"),
        line("Tischplatte Buche, 160 x 80 cm", "3", "214.50", "Stk", "19"),
        line("Montage vor Ort", "6.5", "58.00", "Std", "19"),
        line("Anfahrt, Pauschale", "1", "35.00", "psch", "19"),
        line("Kleinmaterial (Schrauben, Leim)", "1", "24.90", "psch", "19"),
    ),
    extra={"court": "Amtsgericht Hohenlinde, HRB 90417", "head": "Jonas Eschenwinkel", "tax_number": "999/417/00380"},
)

FRENCH = Invoice(
    file="invoice-facturx.pdf",
    number="F2024-00312",
    issued=date(2024, 11, 19),
    due=date(2024, 12, 19),
    delivered=date(2024, 11, 18),
    order_number="BC-4471",
    customer_number="CL-0093",
    seller=Party(
        "Conserverie des Trois Tilleuls SARL",
        ("18 chemin des Tilleuls", "99041 Valmorel-sur-Loue", "France"),
        "FR", "FR57999041718", "04 65 71 04 17", "facturation@troistilleuls.example",
    ),
    buyer=Party(
        "Hôtel du Lac Perché SAS",
        ("2 quai des Hérons", "99042 Lac-Perché", "France"),
        "FR", "FR27999052087",
    ),
    iban="FR7699999004170004171938073",
    bic="FICTFRPP",
    lines=(
        line("Confiture d'abricot, pot de 370 g", "48", "4.85", "pot", "5.5"),
        line("Miel de lavande, pot de 500 g", "24", "8.95", "pot", "5.5"),
        line("Coffret cadeau en bois, 6 pots", "12", "17.50", "coffret", "20"),
        line("Livraison sur palette", "1", "28.00", "forfait", "20"),
    ),
    extra={"siret": "99904171800019", "siren": "999041718", "buyer_siren": "999052087"},
)

SHEET = Invoice(
    file="invoice.xlsx",
    number="QM-2024-118",
    issued=date(2024, 11, 5),
    due=date(2024, 12, 5),
    order_number="PO-7719",
    customer_number="C-2087",
    seller=Party("Quillmoor Lighting Ltd", ("3 Lantern Quay", "Dublin 29, D29 X2F8", "Ireland"), "IE", "IE9990417O"),
    buyer=Party("Ballinacarra Foods Ltd", ("Unit 12, Carrick Mills", "Ballinacarra, Co. Sligo"), "IE"),
    iban="IE59FICT99000012345678",
    bic="FICTIE2D",
    lines=(
        line("Track light, 1.5 m, black", "6", "89.90", tax_rate="23"),
        line("Lamp, warm white, 7 W", "24", "6.35", tax_rate="23"),
        line("Fitting on site, hours", "4.5", "52.00", tax_rate="23"),
    ),
)

OPEN_SHEET = replace(
    SHEET,
    file="invoice.ods",
    number="QM-2024-121",
    issued=date(2024, 11, 12),
    due=date(2024, 12, 12),
    order_number="PO-7741",
    lines=(line("Floor lamp, brass", "2", "219.00", tax_rate="23"), line("Delivery", "1", "24.50", tax_rate="23")),
)

LETTER = Invoice(
    file="invoice.docx",
    number="TP-2024-0562",
    issued=date(2024, 10, 29),
    due=date(2024, 11, 28),
    order_number="PO-3306",
    customer_number="C-0518",
    seller=Party("Thistlepot Gardens Ltd", ("19 Orchard Row", "Dublin 27, D27 X6F1", "Ireland"), "IE", "IE9990417O"),
    buyer=Party("Ballinacarra Foods Ltd", ("Unit 12, Carrick Mills", "Ballinacarra, Co. Sligo"), "IE"),
    iban="IE59FICT99000012345678",
    bic="FICTIE2D",
    lines=(
        line("Planting plan, courtyard", "1", "380.00", tax_rate="23"),
        line("Hornbeam hedge, per metre", "14", "31.75", tax_rate="23"),
        line("Gardener, hours", "11.5", "42.00", tax_rate="23"),
    ),
)

PAGE = replace(
    LETTER,
    file="invoice.html",
    number="TP-2024-0577",
    issued=date(2024, 11, 8),
    due=date(2024, 12, 8),
    order_number="PO-3341",
    lines=(
        line("Winter pruning, hours", "6", "42.00", tax_rate="23"),
        line("Mulch, per bag", "18", "7.95", tax_rate="23"),
    ),
)

MAIL = replace(ENGLISH, file="invoice.eml")

OFFICE = (SHEET, OPEN_SHEET, LETTER, PAGE, MAIL)
INVOICES = (ENGLISH, GERMAN, FRENCH, *OFFICE)


@dataclass(frozen=True)
class Receipt:
    file: str
    merchant: str
    address: tuple[str, ...]
    bought: date
    time: str
    lines: tuple[tuple[str, Decimal, bool], ...]  # name, price, taxed at 20 %
    cash: Decimal
    currency: str = "GBP"

    @property
    def total(self) -> Decimal:
        return sum(price for _, price, _ in self.lines)

    @property
    def tax(self) -> Decimal:
        """The 20 % that the prices of taxed goods include."""
        return cents(sum(price for _, price, taxed in self.lines if taxed) / 6)

    def answer(self) -> dict:
        return {
            "file": self.file,
            "extractor": "receipt",
            "template": self.merchant,
            "fields": {
                "merchant_name": self.merchant,
                "merchant_address": ", ".join(self.address),
                "total_amount": str(self.total),
                "tax_amount": str(self.tax),
                "currency": self.currency,
                "date": self.bought.isoformat(),
                "date_text": self.bought.strftime("%d/%m/%Y"),
            },
            "source": "samples/make",
        }


RECEIPT = Receipt(
    file="receipt.jpg",
    merchant="FERNHOLLOW GROCERS",
    address=("14 Corner Lane", "Fernhollow FH2 7QX"),
    bought=date(2024, 11, 23),
    time="14:37",
    lines=(
        ("Sourdough loaf", Decimal("3.40"), False),
        ("Semi-skimmed milk 2L", Decimal("1.65"), False),
        ("Free range eggs x12", Decimal("3.39"), False),
        ("Cheddar mature 350g", Decimal("4.10"), False),
        ("Apples Braeburn 0.8kg", Decimal("1.92"), False),
        ("Ground coffee 227g", Decimal("4.75"), False),
        ("Dish soap 500ml", Decimal("1.89"), True),
        ("Candles, box of 8", Decimal("2.70"), True),
        ("Kitchen towel x2", Decimal("3.45"), True),
    ),
    cash=Decimal("30.00"),
)
