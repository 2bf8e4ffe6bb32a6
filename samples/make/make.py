"""Writes the samples and answers.jsonl into the folder above. Same input, same bytes.

    python make.py          writes them
    python make.py --check  writes nothing; exits 1 and names each file that would differ
"""

import io
import json
import logging
import pathlib
import sys

import pikepdf

import content
import hybrid
import office
import pages
import photos

SAMPLES = pathlib.Path(__file__).resolve().parent.parent


def truncated(pdf: bytes) -> bytes:
    """What is left of a PDF when its download stopped: a header and part of a font."""
    return pdf[: len(pdf) // 3]


def answers() -> str:
    rows = [sample.answer() for sample in (*content.INVOICES, content.RECEIPT)]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def samples() -> dict[str, bytes]:
    pages.register_fonts()
    english = pages.english(content.ENGLISH)
    return {
        content.ENGLISH.file: english,
        content.GERMAN.file: photos.scanned(pages.german(content.GERMAN)),
        content.FRENCH.file: hybrid.facturx_pdf(pages.french(content.FRENCH), content.FRENCH),
        content.RECEIPT.file: photos.photographed(content.RECEIPT),
        content.SHEET.file: office.xlsx(content.SHEET),
        content.OPEN_SHEET.file: office.ods(content.OPEN_SHEET),
        content.LETTER.file: office.docx(content.LETTER),
        content.PAGE.file: office.html(content.PAGE),
        content.MAIL.file: office.eml(content.MAIL, english),
        "broken.pdf": truncated(english),
        "encrypted.pdf": encrypted(english),
        "blank-scan.png": photos.blank_scan(),
        "answers.jsonl": answers().encode(),
    }


def encrypted(pdf: bytes) -> bytes:
    """The document behind a password. RC4, since newer ciphers draw a random vector and every run would differ."""
    locked = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        encryption = pikepdf.Encryption(user="fernhollow", owner="fernhollow", R=3, aes=False, metadata=False)
        document.save(locked, encryption=encryption, static_id=True)
    return locked.getvalue()


def main() -> int:
    logging.getLogger("factur-x").setLevel(logging.WARNING)
    made = samples()
    if "--check" in sys.argv[1:]:
        stale = [name for name, data in made.items() if (SAMPLES / name).read_bytes() != data]
        for name in stale:
            print(f"{name} differs from what make.py writes")
        return 1 if stale else 0
    for name, data in made.items():
        (SAMPLES / name).write_bytes(data)
        print(f"{name} {len(data):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
