"""Knows countries by name; the names are CLDR's, in English (through Babel).

ISO codes of two or three letters are understood as well.
"""

import unicodedata
from difflib import get_close_matches

from babel.core import Locale, get_global

_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_CODE = 2


class TerritoryNames:
    """Countries by their English names and by their codes."""

    def __init__(self) -> None:
        """Read the names; Babel keeps them in a file of its own."""
        names = Locale("en").territories
        self._names = {
            code: name
            for code, name in names.items()
            if len(code) == _CODE and code.isalpha() and code not in _NO_COUNTRIES
        }
        self._codes = {_plain(name): code for code, name in self._names.items()}
        self._aliases = get_global("territory_aliases")

    def code(self, text: str) -> str | None:
        """Return the two-letter code of a country's name or code, or None."""
        word = text.strip().upper()
        if word in self._names:
            return word
        alias = self._aliases.get(word, ())
        return self._codes.get(_plain(text)) or (alias[0] if len(alias) == 1 else None)

    def close(self, text: str) -> str | None:
        """Return the name that comes closest, or None."""
        close = get_close_matches(_plain(text)[:100], self._codes, n=1)
        return self._names[self._codes[close[0]]] if close else None


def _plain(name: str) -> str:
    """Return a name as it is compared: without case, accents and signs."""
    letters = unicodedata.normalize("NFKD", name.casefold().replace("&", " and "))
    return " ".join(
        "".join(c if c.isalnum() else " " for c in letters if not unicodedata.combining(c)).split()
    )
