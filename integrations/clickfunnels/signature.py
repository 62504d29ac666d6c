"""Whether a request was signed by the vendor's ClickFunnels endpoint (ClickFunnels docs: signature-verification)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping, Sequence

import database

SIGNATURE = b"x-webhook-clickfunnels-signature"
TIMESTAMP = b"x-webhook-clickfunnels-timestamp"
UNIX_SECONDS = re.compile(rb"[0-9]{1,12}")
TOLERANCE = 600


def verify(headers: Mapping[bytes, bytes], body: bytes, secrets: Sequence[str]) -> bool:
    """Whether any of the secrets signed `timestamp.body` within the last or next 600 seconds.

    Works on the raw bytes: Rails escapes `<`, `>` and `&`, so a parsed and written body is another body.
    """
    timestamp, signature = headers.get(TIMESTAMP, b""), headers.get(SIGNATURE, b"")
    if not UNIX_SECONDS.fullmatch(timestamp):
        return False
    if abs(database.now().timestamp() - int(timestamp)) > TOLERANCE:
        return False
    # Every secret is tried, so that the time taken does not tell which one matched; an empty one is nobody's.
    matches = [hmac.compare_digest(sign(timestamp, body, secret), signature) for secret in secrets if secret]
    return any(matches)


def sign(timestamp: bytes, body: bytes, secret: str) -> bytes:
    """The lower-case hex signature; the key is the secret as text, not the bytes its hex digits stand for."""
    return hmac.new(secret.encode(), timestamp + b"." + body, hashlib.sha256).hexdigest().encode()
