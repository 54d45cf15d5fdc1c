"""Words of a table as they are compared, and as they are shown; and the names of countries."""

import unicodedata
from functools import lru_cache
from typing import Protocol

_SHOWN = 60


class Countries(Protocol):
    """The names of countries."""

    def code(self, text: str) -> str | None:
        """Return the two-letter code of a country's name or code, or None for an unknown one."""

    def close(self, text: str) -> str | None:
        """Return the name that was probably meant, or None where none comes close."""


@lru_cache(maxsize=65_536)
def keyed(text: str) -> str:
    """Return a name as it stands in a row's key: without case, in one form, with single blanks.

    Keys stand on the log, so that this never changes.
    """
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def headed(text: str) -> str:
    """Return a heading as it is compared: `Date  signed` is `date_signed`."""
    return "_".join(text.casefold().replace("_", " ").split())


def short(text: str) -> str:
    """Return a text in quotes, cut where it is long."""
    return repr(cut(text))


def cut(text: str) -> str:
    """Return a text, cut where it is long."""
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 3]}..."
