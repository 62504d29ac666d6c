"""Email addresses: one spelling for one mailbox, and how they are shown to whoever may not know them in full."""

from __future__ import annotations

import re
import unicodedata

import idna

ADDRESS_LENGTH = 254
LOCAL_PART = re.compile(r"[^\s@,;:<>()\[\]\\\"\x00-\x20\x7f]{1,64}")


def canonical_address(typed: str) -> str:
    """One spelling for one mailbox: NFKC, lower case, the domain as ASCII (RFC 5890); raises ValueError.

    Quoted local parts, comments, lists and addresses over 254 octets (RFC 5321 4.5.3.1) are refused: no shop asks
    for them, and each is a way to reach two mailboxes or a mail header.
    """
    address = unicodedata.normalize("NFKC", typed).strip().lower()
    local, at, domain = address.rpartition("@")
    if not at or not LOCAL_PART.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise ValueError("not an email address")
    try:
        domain = idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise ValueError("not an email address") from None
    address = f"{local}@{domain}"
    if "." not in domain or len(address.encode()) > ADDRESS_LENGTH:
        raise ValueError("not an email address")
    return address


def masked_address(email: str) -> str:
    """`a•••@example.com`: enough to recognise, too little to learn."""
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••@{domain}"


def masked_apart(one: str, other: str) -> tuple[str, str]:
    """Two addresses masked so that they can be told from each other, where one more letter is enough: `a•••e@`."""
    masked = masked_address(one), masked_address(other)
    if masked[0] != masked[1]:
        return masked
    return ends(one), ends(other)


def ends(email: str) -> str:
    local, _, domain = email.rpartition("@")
    return f"{local[:1]}•••{local[-1:] if len(local) > 2 else ''}@{domain}"
