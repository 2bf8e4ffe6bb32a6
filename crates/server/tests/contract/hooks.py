"""What schemathesis cannot know from openapi.json, and must not do.

Formats of our own get values that are of them. Nothing leaves this machine: a URL that webhooks are sent to is
turned to the server's own inbox, and the server sends through a proxy that does not exist, so that a URL that
came in some other way goes nowhere either. The key that the run itself uses is not revoked.
"""

import base64
import os
from urllib.parse import urlsplit

import schemathesis
from hypothesis import strategies as st

BASE_URL = os.environ["CONTRACT_BASE_URL"]
OWN_KEY_ID = os.environ["CONTRACT_KEY_ID"]
INBOX = f"{BASE_URL}/dev/inbox"

DIGITS = st.text("0123456789abcdef", min_size=32, max_size=32)

for prefix in ("job", "ext", "wh", "evt", "dlv", "key", "txn", "usr", "inv", "aud"):
    cursors = DIGITS.map(
        lambda digits, prefix=prefix: base64.urlsafe_b64encode(f"{prefix}_{digits}".encode()).decode().rstrip("=")
    )
    schemathesis.openapi.format(f"{prefix}_cursor", cursors)

schemathesis.openapi.format("webhook-url", st.sampled_from([INBOX, f"{INBOX}?a=1", f"{INBOX}#b"]))
# Python's own expressions know things that the server's, which run in linear time, do not.
schemathesis.openapi.format("regex", st.sampled_from(["", "^[0-9]+$", "A-[0-9]{1,4}", "a|b", "[^x]*", r"\d\w"]))
schemathesis.openapi.format(
    "byte", st.binary(min_size=1, max_size=200).map(lambda content: base64.b64encode(content).decode())
)


# Text, not bytes: the library takes every body with bytes in it for a bad one once a link has filled something in.
DOCUMENTS = ["Invoice 4711\nTotal 5.00 EUR\n", "a,b\n1,2\n", "<html><p>Total 5.00", "%PDF-1.7\n", "<Invoice/>"]
schemathesis.openapi.format("binary", st.sampled_from(DOCUMENTS) | st.text(min_size=1, max_size=200))


def at_home(url):
    """The URL itself where it stays on this machine or is none, else the inbox."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    is_url = parts.scheme.lower() in ("http", "https") and parts.hostname
    return INBOX if is_url and parts.hostname not in ("127.0.0.1", "localhost") else url


# What a schema cannot say. A request that is meant to be good gets past these rules; one that is meant to be bad is
# left alone. Without them, a refusal that is right would count as one that is wrong.


def rule_fields(fields, depth=0):
    """Names are unique on a level; only lists and objects have fields, objects always; three levels."""
    for index, field in enumerate(fields):
        if not isinstance(field, dict):
            continue
        if isinstance(field.get("name"), str):
            field["name"] = f"{field['name'][:58]}{index}"
        if isinstance(field.get("pattern"), str) and not is_plain(field["pattern"]):
            field["pattern"] = "^[0-9]+$"
        if field.get("type") not in ("array", "object") or depth == 2:
            field.pop("fields", None)
        if field.get("type") == "object":
            if depth == 2:
                field["type"] = "text"
            elif not field.get("fields"):
                field["fields"] = [{"name": "a", "type": "text"}]
        if isinstance(field.get("fields"), list):
            rule_fields(field["fields"], depth + 1)


def is_plain(pattern):
    """An expression without what only Python's own have."""
    return all(character.isalnum() or character in "^$ -_" for character in pattern)


def rule_webhook(body):
    """A certificate needs its own key, which no generator has; headers of the protocol are taken."""
    body.pop("client_certificate", None)
    headers = body.get("headers")
    if isinstance(headers, dict):
        body["headers"] = {f"X-{index}-{name}": value for index, (name, value) in enumerate(headers.items())}


def rule_replay(body):
    """It begins in the past, and before it ends."""
    body["since"] = "2001-01-01T00:00:00Z"
    body.pop("until", None)
    if isinstance(body.get("status"), list):
        body["status"] = [status for status in body["status"] if status != "pending"] or ["failed"]


def rule_key(body):
    """It expires in the future."""
    if body.get("expires_at") is not None:
        body["expires_at"] = "2999-01-01T00:00:00Z"


def rule_extractor(body):
    """One that was switched off would refuse every later document, by rule."""
    body.pop("is_active", None)
    if isinstance(body.get("field_definitions"), list):
        rule_fields(body["field_definitions"])


def rule_correction(body):
    """Of a field that most documents of the run have."""
    body["fields"] = {"invoice_number": "A-1"}


BODY_RULES = {
    ("PATCH", "/v1/documents/{document_id}/fields"): rule_correction,
    ("POST", "/v1/extractors"): rule_extractor,
    ("PATCH", "/v1/extractors/{extractor_id}"): rule_extractor,
    ("POST", "/v1/webhooks"): rule_webhook,
    ("PATCH", "/v1/webhooks/{webhook_id}"): rule_webhook,
    ("POST", "/v1/webhooks/{webhook_id}/replay"): rule_replay,
    ("POST", "/v1/keys"): rule_key,
}


def follow_rules(case):
    rule = BODY_RULES.get((case.method.upper(), case.path))
    if rule and isinstance(case.body, dict):
        rule(case.body)
    query = case.query or {}
    if case.path == "/v1/documents" and "offset" in query:
        # A page begins after a cursor or at an offset.
        query.pop("cursor", None)
    if case.path.endswith("/stats"):
        # At most 31 days, the first instant before the last.
        for name in ("since", "until"):
            query.pop(name, None)


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta is None or case.meta.generation.mode.is_positive:
        follow_rules(case)
    if isinstance(case.body, dict):
        for name in ("url", "webhook_url", "document_url"):
            if isinstance(case.body.get(name), str):
                case.body[name] = at_home(case.body[name])
        if "document_url" in case.body and "wait" in (case.query or {}):
            # The proxy that does not exist makes it end only when the engine has tried for a while.
            case.query["wait"] = "1s"
    if case.method.upper() == "DELETE" and (case.path_parameters or {}).get("key_id") == OWN_KEY_ID:
        case.path_parameters["key_id"] = "key_00000000000000000000000000000000"


# Where schemathesis.toml lets a request that fits the schema be refused: what it may be refused for, and no more.
REFUSALS = {
    ("GET", "/v1/documents/{document_id}/pages/{page}", 422): ("document_has_no_pages", "page_not_drawn"),
    ("POST", "/v1/deliveries/{delivery_id}/replay", 410): ("event_erased",),
}


@schemathesis.check
def refused_for_its_object_only(context, response, case):
    """A status that is allowed for one reason hides no other one."""
    reasons = REFUSALS.get((case.method.upper(), case.path, response.status_code))
    if reasons and case.meta is not None and case.meta.generation.mode.is_positive:
        code = response.json()["error"]["code"]
        assert code in reasons, f"{code}, which is none of {', '.join(reasons)}"
