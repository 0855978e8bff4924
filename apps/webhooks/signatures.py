"""Signs what is sent, as the Standard Webhooks specification (1.0) writes it: HMAC-SHA256 over `id.timestamp.body`."""

import base64
import hashlib
import hmac
import secrets
from datetime import datetime

PREFIX, VERSION = "whsec_", "v1"
BYTES = 32


def new_secret() -> str:
    """Return a new secret, as whoever receives keeps it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(BYTES)).decode()


def headers(secret: str, key: str, at: datetime, body: bytes) -> dict[str, str]:
    """Return the headers by which a body proves where it came from, and when."""
    stamp = str(int(at.timestamp()))
    signed = b".".join([key.encode(), stamp.encode(), body])
    digest = hmac.new(base64.b64decode(secret.removeprefix(PREFIX)), signed, hashlib.sha256).digest()
    return {"webhook-id": key, "webhook-timestamp": stamp, "webhook-signature": f"{VERSION},{base64.b64encode(digest).decode()}"}
