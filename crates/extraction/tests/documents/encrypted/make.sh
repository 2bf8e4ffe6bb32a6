#!/usr/bin/env bash
# Makes the encrypted documents beside this script, with qpdf. The keys of 256 bits are random: those files
# differ from run to run.
set -euo pipefail
cd "$(dirname "$0")"

plain=$(mktemp --suffix=.pdf)
trap 'rm -f "$plain"' EXIT
python3 - > "$plain" <<'PYTHON'
content = b"BT /F 12 Tf 50 700 Td (Invoice number: R-4711) Tj 0 -20 Td (Total: 1,234.50 EUR) Tj ET"
objects = [
    b"<< /Type /Catalog /Pages 2 0 R >>",
    b"<< /Type /Pages /Kids [5 0 R] /Count 1 >>",
    b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content),
    b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R /Resources << /Font << /F 3 0 R >> >> >>",
]
file, offsets = b"%PDF-1.4\n", []
for number, body in enumerate(objects, 1):
    offsets.append(len(file))
    file += b"%d 0 obj\n%s\nendobj\n" % (number, body)
xref = len(file)
file += b"xref\n0 6\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
file += b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % xref
__import__("sys").stdout.buffer.write(file)
PYTHON

encrypt() { # FILE USER-PASSWORD KEY-LENGTH [OPTION…]
  local file=$1 user=$2 bits=$3
  shift 3
  qpdf --static-id --static-aes-iv --allow-weak-crypto --encrypt "$user" owner "$bits" "$@" -- "$plain" "$file"
}
encrypt rc4-40.pdf geheim 40
encrypt rc4-128.pdf geheim 128 --use-aes=n
encrypt aes-128.pdf geheim 128 --use-aes=y
encrypt aes-256.pdf geheim 256
encrypt aes-256-umlaut.pdf größe 256
encrypt open-to-read.pdf "" 256
