"""Receives DocExtract webhooks with Flask and the published `standardwebhooks` package, which checks
webhook-id, webhook-timestamp and webhook-signature. Unlike the plain HMAC these headers are signed
too, so a recorded request cannot be sent under another id, nor more than five minutes later.

WEBHOOK_SECRET=whsec_… PORT=5000 python receiver_standard.py
"""

import json
import os
import sys
import threading
from collections import OrderedDict

from flask import Flask, request
from standardwebhooks import Webhook, WebhookVerificationError
from waitress import create_server

if not os.environ.get("WEBHOOK_SECRET"):
    sys.exit("Set WEBHOOK_SECRET to the webhook's secret, as shown when you created it (whsec_…).")
webhook = Webhook(os.environ["WEBHOOK_SECRET"])


def signature_is_good(body: bytes, headers: dict[str, str]) -> bool:
    try:
        webhook.verify(body, headers, json_parse=False)
        return True
    except (WebhookVerificationError, ValueError):
        # Missing or stale headers, no matching signature; ValueError is a header that is no signature.
        return False


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
        "accepted": signature_is_good(body, dict(request.headers)),
        "id": request.headers.get("webhook-id"),
        "event": request.headers.get("X-DocExtract-Event"),
        "delivery": request.headers.get("X-DocExtract-Delivery"),
        "attempt": request.headers.get("X-DocExtract-Attempt", type=int),
    }
    if line["accepted"] and is_duplicate(line["id"]):
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
