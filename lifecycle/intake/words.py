"""Words of a table as they are compared, and as they are shown."""

import unicodedata

_SHOWN = 60


def plain(text: str) -> str:
    """Return a name as it is compared: without case, in one form, with single blanks."""
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def short(text: str) -> str:
    """Return a text in quotes, cut where it is long."""
    return repr(text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}...")
