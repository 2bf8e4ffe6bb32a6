"""Writes vectors.json: what a body signed with a secret must come out as.

Nothing of DocExtract is used here, only Python's hmac, so the file is an independent
witness for the server, the command line and the SDKs. Published vectors keep the value
that their authors printed; it is compared with what hmac says, and a difference stops the run.

    python3 sdk/make_vectors.py          writes sdk/vectors.json
    python3 sdk/make_vectors.py --check  exits 1 if the committed file differs
"""

import base64
import hashlib
import hmac
import json
import pathlib
import sys

OUT = pathlib.Path(__file__).with_name("vectors.json")

COMMENT = [
    "Signature vectors. Written by make_vectors.py with Python's hmac; do not edit by hand.",
    "vectors[]: name; source; secret (a string, its UTF-8 bytes are the key of x_docextract_signature);"
    " exactly one of body (a string, sent as UTF-8), body_hex (bytes that are not UTF-8) and"
    " body_repeat {text, count} (text repeated count times).",
    "x_docextract_signature: lowercase hex HMAC-SHA256 of the raw body.",
    "webhook_signature: the Standard Webhooks header for id and timestamp (Unix seconds):"
    " 'v1,' + base64 of HMAC-SHA256 over '<id>.<timestamp>.<body>', keyed with the decoded base64 after 'whsec_'."
    " null, as id and timestamp are, where the secret is not a whsec_ secret."
    " The timestamps are in the past: give a verifier that enforces a tolerance a clock that says timestamp.",
    "rejected[]: what a verifier must refuse: scheme (hmac: X-DocExtract-Signature, standardwebhooks:"
    " webhook-signature), signature (the header value, null where the header is missing), and the other fields"
    " as above; why says what is wrong.",
    "accepted[]: further webhook-signature values that a verifier must accept, such as several signatures"
    " during an overlap of secrets. Same fields as rejected[].",
    "RFC 4231 cases 3, 6 and 7 have keys that are not UTF-8 text and case 5 is a truncated digest, so they cannot"
    " stand for a secret that a user pastes.",
]


def whsec(label: str, size: int = 32) -> str:
    """A secret anyone can see is a fixture: bytes derived from a label."""
    return "whsec_" + base64.b64encode(hashlib.sha512(label.encode()).digest()[:size]).decode()


def body_bytes(vector: dict) -> bytes:
    if "body_hex" in vector:
        return bytes.fromhex(vector["body_hex"])
    if "body_repeat" in vector:
        return vector["body_repeat"]["text"].encode() * vector["body_repeat"]["count"]
    return vector["body"].encode()


def hex_signature(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def standard_signature(secret: str, id_: str, timestamp: int, body: bytes) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
    signed = f"{id_}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def vector(name, source, secret, body, id_=None, timestamp=None, expect_hex=None, expect_standard=None):
    out = {"name": name, "source": source, "secret": secret, **body, "id": id_, "timestamp": timestamp}
    raw = body_bytes(out)
    out["x_docextract_signature"] = hex_signature(secret, raw)
    out["webhook_signature"] = standard_signature(secret, id_, timestamp, raw) if id_ else None
    assert expect_hex in (None, out["x_docextract_signature"]), name
    assert expect_standard in (None, out["webhook_signature"]), name
    return out


def published() -> list:
    return [
        vector(
            "standard_webhooks_specification", "Standard Webhooks specification",
            "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", {"body": '{"test": 2432232314}'},
            "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330,
            expect_standard="v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        ),
        vector(
            "its_a_secret_to_everybody", "GitHub's webhook documentation",
            "It's a Secret to Everybody", {"body": "Hello, World!"},
            expect_hex="757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        ),
        vector(
            "rfc_4231_case_1", "RFC 4231, 4.2", "\x0b" * 20, {"body": "Hi There"},
            expect_hex="b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
        ),
        vector(
            "rfc_4231_case_2", "RFC 4231, 4.3", "Jefe", {"body": "what do ya want for nothing?"},
            expect_hex="5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        ),
        vector(
            "rfc_4231_case_4", "RFC 4231, 4.5", bytes(range(1, 26)).decode(), {"body_hex": "cd" * 50},
            expect_hex="82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
        ),
    ]


def of_our_own() -> list:
    source = "DocExtract, computed with Python's hmac"
    completed = (
        '{"event":"job.completed","data":{"id":"job_01hzx3k9","status":"completed","extracted_data":'
        '{"invoice_number":"KB-2024-0117","total_amount":1250.50,"currency":"EUR"},"confidence":0.97}}'
    )
    unicode_body = (
        '{"event":"job.completed","data":{"extracted_data":{"seller_name":"Grünfeld & Söhne GmbH",'
        '"buyer_name":"株式会社さくら","note":"Zażółć gęślą jaźń – 5 € 🧾"}}}'
    )
    escaped = '{"event":"webhook.test","data":{"message":"Gr\\u00fc\\u00dfe \\/ caf\\u00e9"}}'
    rows = [
        ("job_completed", {"body": completed}, 32),
        ("unicode_body", {"body": unicode_body}, 32),
        ("unicode_escapes_stay_as_sent", {"body": escaped}, 32),
        ("empty_body", {"body": ""}, 32),
        ("line_ends_and_spaces_stay_as_sent", {"body": '{ "event" : "webhook.test",\r\n\t"data" : {} }\n'}, 32),
        ("body_with_a_zero_byte_and_invalid_utf_8", {"body_hex": "7b007dff fe80c328 0a".replace(" ", "")}, 32),
        ("one_megabyte", {"body_repeat": {"text": "a", "count": 1_000_000}}, 32),
        ("key_of_24_bytes", {"body": completed}, 24),
        ("key_of_64_bytes", {"body": completed}, 64),
    ]
    return [
        vector(name, source, whsec(f"docextract fixture {name}", size), body, f"evt_fixture{n:02}", 1732356000 + n)
        for n, (name, body, size) in enumerate(rows, start=1)
    ]


def judged(scheme, why, base, signature, **changes):
    out = {"scheme": scheme, "why": why}
    out |= {key: base[key] for key in ("secret", "body", "id", "timestamp")} | {"signature": signature}
    return out | changes


def flip_last(text: str) -> str:
    return text[:-1] + ("0" if text[-1] != "0" else "1")


def rejected(base: dict) -> list:
    hex_, std = base["x_docextract_signature"], base["webhook_signature"]
    other = whsec("docextract fixture, another webhook")
    raw = body_bytes(base)
    respaced = json.dumps(json.loads(base["body"]))
    key = base64.b64decode(base["secret"].removeprefix("whsec_"))
    h, s = "hmac", "standardwebhooks"
    return [
        judged(h, "the header is missing", base, None),
        judged(h, "the header is empty", base, ""),
        judged(h, "one digit differs", base, flip_last(hex_)),
        judged(h, "cut short", base, hex_[:-2]),
        judged(h, "longer than a signature", base, hex_ + "00"),
        judged(h, "signed with another webhook's secret", base, hex_signature(other, raw)),
        judged(h, "keyed with the decoded base64, not with the secret as shown", base,
               hmac.new(key, raw, hashlib.sha256).hexdigest()),
        judged(h, "the body was changed", base, hex_, body=base["body"].replace("1250.50", "9250.50")),
        judged(h, "the body was parsed and written again: same JSON, other bytes", base, hex_, body=respaced),
        judged(h, "base64 instead of hex", base, base64.b64encode(bytes.fromhex(hex_)).decode()),
        judged(s, "the header is missing", base, None),
        judged(s, "signed with another webhook's secret", base,
               standard_signature(other, base["id"], base["timestamp"], raw)),
        judged(s, "the body was changed", base, std, body=base["body"].replace("1250.50", "9250.50")),
        judged(s, "the body was parsed and written again: same JSON, other bytes", base, std, body=respaced),
        judged(s, "the id was changed", base, std, id="evt_other"),
        judged(s, "the timestamp was changed", base, std, timestamp=base["timestamp"] + 1),
        judged(s, "a version that does not exist", base, "v0," + std.removeprefix("v1,")),
        judged(s, "no version", base, std.removeprefix("v1,")),
    ]


def accepted(base: dict) -> list:
    raw = body_bytes(base)
    std = base["webhook_signature"]
    old = standard_signature(whsec("docextract fixture, the secret before"), base["id"], base["timestamp"], raw)
    s = "standardwebhooks"
    return [
        judged("hmac", "the plain case", base, base["x_docextract_signature"]),
        judged(s, "the plain case", base, std),
        judged(s, "overlap: the new secret's signature first", base, f"{std} {old}"),
        judged(s, "overlap: the new secret's signature last", base, f"{old} {std}"),
        judged(s, "an unknown version beside a good one is passed over", base, f"v9,AAAA {std}"),
    ]


def verifies(row: dict) -> bool:
    if row["scheme"] == "hmac":
        return row["signature"] == hex_signature(row["secret"], body_bytes(row))
    expected = standard_signature(row["secret"], row["id"], row["timestamp"], body_bytes(row))
    return expected in (row["signature"] or "").split(" ")


def main() -> int:
    ours = of_our_own()
    document = {
        "_comment": COMMENT,
        "vectors": published() + ours,
        "accepted": accepted(ours[0]),
        "rejected": rejected(ours[0]),
    }
    assert all(verifies(row) for row in document["accepted"])
    assert not any(verifies(row) for row in document["rejected"])
    text = json.dumps(document, indent=2, ensure_ascii=False) + "\n"
    if "--check" in sys.argv[1:]:
        return 0 if OUT.read_text(encoding="utf-8") == text else 1
    OUT.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
