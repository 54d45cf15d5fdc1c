"""Knows countries by name; the names are CLDR's, in English (through Babel).

ISO codes of two or three letters are understood as well, and the other English names that CLDR
lists of some countries, which Babel leaves out.
"""

from difflib import get_close_matches
from functools import lru_cache

from babel.core import Locale, get_global

from states.names import plain

_NO_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_CODE = 2
_LONGEST = 100
_ALIKE = 0.8

# The alternative names (`alt="variant"`, `alt="short"`) of CLDR's English territories, and the
# official ones of some of them.
_ALSO = {
    "Burma": "MM",
    "Cape Verde": "CV",
    "Czech Republic": "CZ",
    "Democratic Republic of the Congo": "CD",
    "East Timor": "TL",
    "Federated States of Micronesia": "FM",
    "Great Britain": "GB",
    "Holland": "NL",
    "Hong Kong": "HK",
    "Ivory Coast": "CI",
    "Kingdom of the Netherlands": "NL",
    "Macao": "MO",
    "Macau": "MO",
    "Macedonia": "MK",
    "Myanmar": "MM",
    "Palestine": "PS",
    "People's Republic of China": "CN",
    "Republic of China": "TW",
    "Republic of Ireland": "IE",
    "Republic of Korea": "KR",
    "Republic of Macedonia": "MK",
    "Republic of the Congo": "CG",
    "Russian Federation": "RU",
    "Saint Kitts and Nevis": "KN",
    "Saint Lucia": "LC",
    "Saint Vincent and the Grenadines": "VC",
    "Surinam": "SR",
    "Swaziland": "SZ",
    "Turkey": "TR",
    "United States of America": "US",
    "Viet Nam": "VN",
}
_PARTS = dict.fromkeys(("England", "Scotland", "Wales", "Northern Ireland"), "GB")
_MEANT = {plain(part): code for part, code in _PARTS.items()}


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
        self._codes = {plain(name): code for name, code in _ALSO.items()}
        self._codes |= {plain(name): code for code, name in self._names.items()}
        self._aliases = get_global("territory_aliases")
        # A table says the same few names again and again.
        self.code = lru_cache(maxsize=4096)(self._code)
        self.close = lru_cache(maxsize=4096)(self._close)

    def _code(self, text: str) -> str | None:
        """Return the two-letter code of a country's name or code, or None."""
        word = text.strip().upper()
        if word in self._names:
            return word
        alias = self._aliases.get(word, ())
        return self._codes.get(plain(text)) or (alias[0] if len(alias) == 1 else None)

    def _close(self, text: str) -> str | None:
        """Return the name of the country that was probably meant, or None.

        A part of a country means the country, and so do words around its name: `in Italy`.
        """
        said = plain(text[:_LONGEST])
        code = _MEANT.get(said) or self._within(text[:_LONGEST])
        if code is None:
            close = get_close_matches(said, self._codes, n=1, cutoff=_ALIKE)
            code = self._codes[close[0]] if close else None
        return self._names[code] if code else None

    def _within(self, text: str) -> str | None:
        """Return the country whose name stands among other words, at the end best of all."""
        parts = [plain(part) for part in text.replace("(", ",").split(",")]
        found = (self._codes.get(part) or _MEANT.get(part) for part in reversed(parts))
        if code := next(filter(None, found), None):
            return code
        words = plain(text).split()
        ends = (" ".join(words[first:]) for first in range(1, len(words)))
        return next(filter(None, map(self._codes.get, ends)), None)
