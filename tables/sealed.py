"""Text kept encrypted at rest: webhook secrets, and mails that carry a sign-in secret.

Fernet (AES-128-CBC with HMAC-SHA256) under a key derived from SECRET_KEY, so that a copy of the database alone tells
nothing.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken

from settings import settings


def derived_key(purpose: str) -> bytes:
    """32 bytes for one purpose, so that no key serves two."""
    return hmac.digest(settings.secret_key.encode(), purpose.encode(), hashlib.sha256)


box = Fernet(base64.urlsafe_b64encode(derived_key("sealed text")))


def seal(text: str) -> str:
    return box.encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """The text again; raises ValueError when SECRET_KEY is not the one it was sealed with."""
    try:
        return box.decrypt(sealed.encode()).decode()
    except InvalidToken:
        raise ValueError("sealed under another SECRET_KEY") from None
