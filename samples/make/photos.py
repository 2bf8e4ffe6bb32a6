"""The samples that are pictures: a scanned page, a photographed receipt, a page with nothing on it.

All randomness comes from numpy generators with fixed seeds.
"""

import io

import numpy as np
import pikepdf
import pypdfium2
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from content import Receipt
from pages import FONTS


def smooth_noise(random: np.random.Generator, width: int, height: int, cell: int) -> np.ndarray:
    """Noise between -1 and 1 that changes over about `cell` pixels."""
    small = random.uniform(-1, 1, (height // cell + 2, width // cell + 2)).astype(np.float32)
    return np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC))


def gray(pixels: np.ndarray) -> Image.Image:
    return Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))


def jpeg(image: Image.Image, quality: int, dpi: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True, dpi=(dpi, dpi))
    return out.getvalue()


def scanned(pdf: bytes, dpi: int = 200, skew_degrees: float = 0.7, seed: int = 7) -> bytes:
    """A page as a flat-bed scanner gives it: tilted, a little soft, grey and grainy."""
    random = np.random.default_rng(seed)
    document = pypdfium2.PdfDocument(pdf)
    page = document[0].render(scale=dpi / 72, grayscale=True).to_pil().convert("L")
    width, height = page.size
    tilted = page.rotate(skew_degrees, Image.Resampling.BICUBIC, fillcolor=255)
    pixels = np.asarray(tilted.filter(ImageFilter.GaussianBlur(0.55)), dtype=np.float32)

    # Toner is not black and paper is not white; the ink is uneven.
    ink = (255 - pixels) * (0.83 + 0.06 * smooth_noise(random, width, height, 90))
    pixels = 243 - ink
    pixels += 3 * smooth_noise(random, width, height, 400)
    # The lid does not close: the left edge darkens, and a hair lies on the glass.
    pixels -= 70 * np.exp(-np.arange(width, dtype=np.float32) / 14)[None, :]
    pixels -= 26 * np.exp(-np.arange(height, dtype=np.float32)[::-1] / 8)[:, None]
    grain = random.normal(0, 1, (height, width)).astype(np.float32)
    pixels += 3 * (grain + np.roll(grain, 1, axis=0) + np.roll(grain, 1, axis=1))
    image = gray(pixels)
    draw = ImageDraw.Draw(image)
    for _ in range(130):
        x, y = random.integers(0, width), random.integers(0, height)
        size = int(random.integers(0, 3))
        draw.ellipse((x, y, x + size, y + size), fill=int(random.integers(90, 200)))
    draw.line([(1290, 1985), (1302, 2004), (1309, 2031), (1305, 2052)], fill=150, width=2)

    return image_pdf(jpeg(image, 42, dpi), width, height, dpi)


def image_pdf(data: bytes, width: int, height: int, dpi: int) -> bytes:
    """A PDF of one page that is nothing but this grey JPEG."""
    pdf = pikepdf.new()
    page_size = (width * 72 / dpi, height * 72 / dpi)
    pdf.add_blank_page(page_size=page_size)
    image = pdf.make_stream(
        data,
        Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=width, Height=height,
        ColorSpace=pikepdf.Name.DeviceGray, BitsPerComponent=8, Filter=pikepdf.Name.DCTDecode,
    )  # fmt: skip
    page = pdf.pages[0]
    page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(Scan=image))
    page.Contents = pdf.make_stream(f"q {page_size[0]:.3f} 0 0 {page_size[1]:.3f} 0 0 cm /Scan Do Q".encode())
    pdf.docinfo["/Producer"] = "Samples scanner"
    out = io.BytesIO()
    pdf.save(out, deterministic_id=True, fix_metadata_version=False)
    return out.getvalue()


def money(amount) -> str:
    return f"{amount:.2f}"


def receipt_paper(receipt: Receipt, random: np.random.Generator) -> Image.Image:
    """The strip of thermal paper, flat and evenly lit."""
    width, margin = 760, 48
    mono = {
        (size, bold): ImageFont.truetype(str(FONTS / f"liberation/LiberationMono-{'Bold' if bold else 'Regular'}.ttf"), size)
        for size, bold in ((27, False), (27, True), (40, True), (34, True))
    }
    rows = []  # (left, right, size, bold); right None: centred; left None: a dashed rule

    def centred(text, size=27, bold=False):
        rows.append((text, None, size, bold))

    def pair(left, right, size=27, bold=False):
        rows.append((left, right, size, bold))

    centred(receipt.merchant, 40, True)
    for text in receipt.address:
        centred(text)
    centred("Tel 01632 960417")
    rows.append((None, None, 27, False))
    pair(receipt.bought.strftime("%d/%m/%Y"), receipt.time)
    pair("Till 02  Op MAYA", "No 004417")
    rows.append((None, None, 27, False))
    for name, price, taxed in receipt.lines:
        pair(name + (" *" if taxed else ""), money(price))
    rows.append((None, None, 27, False))
    pair(f"{len(receipt.lines)} items", "")
    pair("TOTAL GBP", money(receipt.total), 40, True)
    pair("CASH", money(receipt.cash))
    pair("CHANGE", money(receipt.cash - receipt.total))
    rows.append((None, None, 27, False))
    pair("* incl. VAT 20.00%", money(receipt.tax))
    centred("")
    centred("Thank you, see you soon!")
    centred("Keep this receipt for returns")

    height = 110 + sum(int(size * 1.5) for *_, size, _ in rows)
    paper = Image.new("L", (width, height), 255)
    draw = ImageDraw.Draw(paper)
    y = 50
    for left, right, size, bold in rows:
        font = mono[size, bold]
        if left is None:
            for x in range(margin, width - margin, 16):
                draw.line((x, y + size * 0.7, x + 8, y + size * 0.7), fill=0, width=2)
        elif right is None:
            draw.text((width / 2, y), left, fill=0, font=font, anchor="ma")
        else:
            draw.text((margin, y), left, fill=0, font=font)
            draw.text((width - margin, y), right, fill=0, font=font, anchor="ra")
        y += int(size * 1.5)

    # Thermal print: grey rather than black, paler in some rows where the head is dirty.
    ink = 255 - np.asarray(paper.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)
    bands = 0.76 + 0.06 * smooth_noise(random, width, height, 26)[:, :1]
    streaks = np.ones(width, dtype=np.float32)
    streaks[random.integers(0, width, 5)] = 0.55
    return gray(246 - ink * bands * streaks[None, :])


def perspective(corners, size) -> list[float]:
    """Coefficients that take the four `corners` of the photo back to a sheet of `size`."""
    width, height = size
    sheet = ((0, 0), (width, 0), (width, height), (0, height))
    rows, right = [], []
    for (x, y), (u, v) in zip(corners, sheet):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y])
        right += [u, v]
    return np.linalg.solve(np.array(rows, dtype=float), np.array(right, dtype=float)).tolist()


def photographed(receipt: Receipt, seed: int = 23) -> bytes:
    """The receipt on a wooden table, from slightly below, with a lamp at the top left."""
    random = np.random.default_rng(seed)
    paper = receipt_paper(receipt, random)
    width, height = 1080, 1560

    # The table: planks with a grain that runs across.
    y = np.arange(height, dtype=np.float32)[:, None]
    grain = smooth_noise(random, width, height, 60) + 0.7 * np.sin(
        y / 7 + 4 * smooth_noise(random, width, height, 240)
    )
    wood = 1 + 0.09 * grain - 0.5 * np.exp(-((y % 390) / 3.5) ** 2)
    photo = np.stack([wood * c for c in (112, 78, 54)], axis=-1)

    corners = [(176, 98), (902, 112), (928, 1470), (122, 1452)]
    coefficients = perspective(corners, paper.size)
    shape = (width, height)
    bicubic, flat = Image.Resampling.BICUBIC, Image.Transform.PERSPECTIVE
    sheet = paper.transform(shape, flat, coefficients, bicubic, fillcolor=246)
    mask = Image.new("L", paper.size, 255).transform(shape, flat, coefficients, bicubic, fillcolor=0)
    shadow = Image.new("L", shape, 0)
    shadow.paste(mask, (14, 18))
    shade = np.asarray(shadow.filter(ImageFilter.GaussianBlur(15)), dtype=np.float32)[..., None] / 255
    photo *= 1 - 0.5 * shade
    cover = np.asarray(mask.filter(ImageFilter.GaussianBlur(0.8)), dtype=np.float32)[..., None] / 255
    # The paper curls: two soft folds across it.
    folds = 1 - 0.07 * np.exp(-((y - 560) / 26) ** 2) + 0.03 * np.exp(-((y - 612) / 30) ** 2)
    folds = folds - 0.05 * np.exp(-((y - 1105) / 34) ** 2)
    tint = np.array([1.0, 0.985, 0.95], dtype=np.float32)
    white = (np.asarray(sheet, dtype=np.float32) * folds)[..., None] * tint
    photo = photo * (1 - cover) + white * cover

    # The lamp: bright at the top left, dim at the bottom right.
    x = np.arange(width, dtype=np.float32)[None, :]
    away = np.hypot(x - 300, y - 320) / 1500
    photo *= (1.02 - 0.42 * away**1.3)[..., None]
    image = Image.fromarray(np.clip(photo, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(0.6))
    grain = random.normal(0, 3.2, (height, width, 1)) + random.normal(0, 1.4, (height, width, 3))
    image = Image.fromarray(np.clip(np.asarray(image) + grain, 0, 255).astype(np.uint8))
    return jpeg(image, 68, 150)


def blank_scan(seed: int = 41) -> bytes:
    """A sheet that went through the scanner the wrong way up: grain, dust and a shadow."""
    random = np.random.default_rng(seed)
    width, height = 827, 1169  # A4 at 100 dpi
    pixels = 236 + 5 * smooth_noise(random, width, height, 130) + random.normal(0, 6, (height, width))
    pixels -= 60 * np.exp(-np.arange(width, dtype=np.float32) / 9)[None, :]
    image = gray(pixels)
    draw = ImageDraw.Draw(image)
    for _ in range(160):
        x, y = random.integers(0, width), random.integers(0, height)
        draw.point((int(x), int(y)), fill=int(random.integers(60, 190)))
    levels = np.asarray(image) // 16 * 17  # 16 greys keep the file small
    out = io.BytesIO()
    Image.fromarray(levels.astype(np.uint8)).quantize(16).save(out, "PNG", optimize=True, dpi=(100, 100))
    return out.getvalue()
