"""The checks of check.sh: python3 check.py [NAME…] with names from manifest.json."""

import base64
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
SECRET = "whsec_" + base64.b64encode(hashlib.sha256(b"receivers check").digest()).decode()
OTHER = "whsec_" + base64.b64encode(hashlib.sha256(b"another webhook").digest()).decode()
BODY = '{"event":"job.completed","data":{"id":"job_1","extracted_data":{"seller_name":"Grünfeld & Söhne – 5 €","total_amount":1250.50}}}'.encode()
REPLY_S_MAX = 5.0


def hex_signature(body: bytes, secret: str = SECRET) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def standard_signature(body: bytes, id_: str, timestamp: int, secret: str = SECRET) -> str:
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{id_}.{timestamp}.".encode() + body, hashlib.sha256).digest()
    return "v1," + base64.b64encode(digest).decode()


def headers(body: bytes, id_: str, **changes) -> dict:
    """What DocExtract sends with a body. A change to None leaves the header out."""
    timestamp = changes.pop("timestamp", int(time.time()))
    secret = changes.pop("secret", SECRET)
    out = {
        "Content-Type": "application/json",
        "X-DocExtract-Signature": hex_signature(body, secret),
        "X-DocExtract-Event": "job.completed",
        "X-DocExtract-Delivery": f"dlv_{id_}",
        "X-DocExtract-Attempt": "2",
        "webhook-id": id_,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": standard_signature(body, id_, timestamp, secret),
    }
    out |= {name.replace("_", "-"): value for name, value in changes.items()}
    return {name: value for name, value in out.items() if value is not None}


def cases(scheme: str):
    """(what is claimed, body, headers, status expected, duplicate expected)."""
    yield "a good signature", BODY, headers(BODY, "evt_1"), 200, False
    yield "the same id again", BODY, headers(BODY, "evt_1"), 200, True
    yield "another id", BODY, headers(BODY, "evt_2"), 200, False
    yield "another webhook's secret", BODY, headers(BODY, "evt_3", secret=OTHER), 401, False
    yield "a refused id is still new", BODY, headers(BODY, "evt_3"), 200, False
    changed = BODY.replace(b"1250.50", b"9250.50")
    yield "a changed body", changed, headers(BODY, "evt_4"), 401, False
    rewritten = json.dumps(json.loads(BODY)).encode()
    yield "the same JSON written again", rewritten, headers(BODY, "evt_5"), 401, False
    yield "no body", b"", headers(BODY, "evt_6"), 401, False
    large = b'{"event":"webhook.test","data":{"message":"' + b"a" * 1_000_000 + b'"}}'
    yield "a megabyte", large, headers(large, "evt_7"), 200, False
    pretty = b'{ "event" : "webhook.test",\r\n\t"data" : {"message": "caf\\u00e9 \\/"} }\n'
    yield "unusual but signed spacing", pretty, headers(pretty, "evt_8"), 200, False

    if scheme == "hmac":
        good = hex_signature(BODY)
        name = "X-DocExtract-Signature"
        bad = {
            "no signature": None, "an empty signature": "", "a short signature": good[:-2],
            "a long signature": good + "00", "an upper-case signature": good.upper(),
            "a signature outside ASCII": "\xe9" * 64, "a v1 signature in the hex header": "v1," + good,
        }  # fmt: skip
    else:
        now = int(time.time())
        good = standard_signature(BODY, "evt_9", now)
        name = "webhook-signature"
        bad = {
            "no signature": None, "no version": good.removeprefix("v1,"), "another version": "v0," + good[3:],
            "a short signature": good[:-2], "a signature outside ASCII": "v1," + "\xe9" * 44,
        }  # fmt: skip
        stale = now - 3600
        yield "an hour-old timestamp", BODY, headers(BODY, "evt_10", timestamp=stale), 401, False
        yield "a timestamp an hour ahead", BODY, headers(BODY, "evt_11", timestamp=now + 3600), 401, False
        moved = headers(BODY, "evt_12") | {"webhook-id": "evt_13"}
        yield "another id than was signed", BODY, moved, 401, False
        two = standard_signature(BODY, "evt_14", now, OTHER) + " " + standard_signature(BODY, "evt_14", now)
        both = headers(BODY, "evt_14", timestamp=now) | {"webhook-signature": two}
        yield "two secrets during an overlap", BODY, both, 200, False
    for what, value in bad.items():
        sent = headers(BODY, "evt_9") | {name: value}
        yield what, BODY, {k: v for k, v in sent.items() if v is not None}, 401, False


class Receiver:
    def __init__(self, entry: dict):
        env = os.environ | {"PORT": "0", "WEBHOOK_SECRET": SECRET}
        self.process = subprocess.Popen(entry["command"], cwd=HERE, env=env, stdout=subprocess.PIPE, text=True)
        # A receiver that never answers is killed, so that every read below ends.
        self.watchdog = threading.Timer(60, self.process.kill)
        self.watchdog.start()
        first = self.process.stdout.readline().split()
        if len(first) != 2 or first[0] != "listening":
            self.stop()
            raise SystemExit(f"{entry['name']}: first line was {first}, not 'listening <port>'")
        self.port = int(first[1])

    def post(self, body: bytes, headers: dict, method="POST") -> int:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REPLY_S_MAX)
        try:
            connection.request(method, "/webhooks/docextract", body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def line(self) -> dict:
        return json.loads(self.process.stdout.readline())

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()
        finally:
            self.watchdog.cancel()


def problems_of(receiver: Receiver, scheme: str):
    """Yields (claim, problem or None)."""
    for what, body, sent, status, duplicate in cases(scheme):
        got = receiver.post(body, sent)
        line = receiver.line() if got in (200, 401) else None
        if got != status:
            yield what, f"{got}, expected {status}"
            continue
        expected = {
            "accepted": status == 200, "id": sent["webhook-id"], "event": "job.completed",
            "delivery": sent["X-DocExtract-Delivery"], "attempt": 2,
        }  # fmt: skip
        if duplicate:
            expected["duplicate"] = True
        yield what, None if line == expected else f"printed {line}, expected {expected}"
    got = receiver.post(b"", {}, method="GET")
    yield "GET is no webhook", None if got in (404, 405) else f"{got}"
    too_large = b"a" * (6 << 20)
    try:
        got = receiver.post(too_large, headers(too_large, "evt_15"))
    except OSError:
        got = 413  # hung up while the body was still coming
    yield "a body over the limit", None if got == 413 else f"{got}, expected 413"
    yield "it still answers", None if receiver.post(BODY, headers(BODY, "evt_16")) == 200 else "no 200"


def main() -> int:
    passed = failed = 0
    wanted = sys.argv[1:]
    for entry in json.loads((HERE / "manifest.json").read_text()):
        if wanted and entry["name"] not in wanted:
            continue
        receiver = Receiver(entry)
        try:
            for what, problem in problems_of(receiver, entry["scheme"]):
                passed, failed = passed + (problem is None), failed + (problem is not None)
                print(f"{'ok  ' if problem is None else 'FAIL'} {entry['name']}: {what}"
                      + (f": {problem}" if problem else ""))  # fmt: skip
        finally:
            receiver.stop()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
