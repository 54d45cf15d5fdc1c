"""The digest of what both sides agreed on: the document without the keys that staff keep up."""

from dataclasses import fields, replace
from hashlib import sha256

from states.agreement import KEPT, Agreement
from states.codec import encode

_BLANK = Agreement("", "")
_KEPT = {item.name: getattr(_BLANK, item.name) for item in fields(Agreement) if item.name in KEPT}


def agreed_digest(agreement: Agreement) -> str:
    """Return the SHA-256 that stays the same as long as only kept keys change."""
    return sha256(encode(replace(agreement, **_KEPT))).hexdigest()
