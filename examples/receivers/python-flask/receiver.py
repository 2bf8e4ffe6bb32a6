"""Receives DocExtract webhooks with Flask. The signature check is hmac and hashlib alone.

WEBHOOK_SECRET=whsec_… PORT=5000 python receiver.py
"""

import hashlib
import hmac
import json
import os
import sys
import threading
from collections import OrderedDict

from flask import Flask, request
from waitress import create_server

SECRET = os.environ.get("WEBHOOK_SECRET", "")
if not SECRET:
    sys.exit("Set WEBHOOK_SECRET to the webhook's secret, as shown when you created it (whsec_…).")


def signature_is_good(body: bytes, signature: str) -> bool:
    """X-DocExtract-Signature is hex HMAC-SHA256 of the raw body.

    The key is the whole secret string, "whsec_" included. `body` must be the bytes as received:
    parsed and written again they differ.
    """
    expected = hmac.new(SECRET.encode(), body, hashlib.sha256).hexdigest()
    # Bytes, since compare_digest refuses strings that are not ASCII. It takes unequal lengths.
    return hmac.compare_digest(expected.encode(), signature.encode())


# Deliveries repeat: a retry or a replay carries the id of its event again. Here the last 100,000 ids
# are kept in memory; several processes share a table with a unique key on the id instead,
# written in the same transaction as what you do with the event.
seen: OrderedDict[str, None] = OrderedDict()
seen_lock = threading.Lock()


def is_duplicate(event_id: str) -> bool:
    with seen_lock:
        if event_id in seen:
            return True
        seen[event_id] = None
        if len(seen) > 100_000:
            seen.popitem(last=False)
        return False


app = Flask(__name__)
app.config["MAX_CONTENT_LENGTH"] = 5 * 1024 * 1024


@app.post("/webhooks/docextract")
def docextract():
    body = request.get_data()  # the bytes. request.get_json() here would lose them.
    line = {
        "accepted": signature_is_good(body, request.headers.get("X-DocExtract-Signature", "")),
        "id": request.headers.get("webhook-id"),
        "event": request.headers.get("X-DocExtract-Event"),
        "delivery": request.headers.get("X-DocExtract-Delivery"),
        "attempt": request.headers.get("X-DocExtract-Attempt", type=int),
    }
    if line["accepted"] and line["id"] and is_duplicate(line["id"]):
        line["duplicate"] = True
    elif line["accepted"]:
        pass  # Yours: put json.loads(body) on a queue here and answer. DocExtract waits 5 seconds
        # for a 2xx, then sends again.
    print(json.dumps(line), flush=True)
    return "", 200 if line["accepted"] else 401  # a duplicate is a success: otherwise it comes again


if __name__ == "__main__":
    # waitress, as Flask's own server is for development only.
    server = create_server(app, host="127.0.0.1", port=int(os.environ.get("PORT", "5000")))
    print(f"listening {server.effective_port}", flush=True)
    server.run()
