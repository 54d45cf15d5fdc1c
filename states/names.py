"""When two names of parties are spelt alike, whatever their case, accents and signs.

For finding and matching only: a name is kept and shown as it was written. Two names of one place
(Kyiv and Kiev) are not spelt alike; that takes an alias. People's names are `states.person`'s.
"""

import re
import unicodedata
from functools import lru_cache

_SILENT = re.compile("[.'`\u00b4\u02b9-\u02bc\u02bf\u2018\u2019\u2032]")
"""Signs that stand within words: `St. John's`, `Xi'an`, `D.C.`."""

_BRACKETED = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|\uff08[^\uff08\uff09]*\uff09")
_ACCENTS = re.compile("[\u0300-\u036f]")
_WHOLE = str.maketrans(
    {
        "\u00e6": "ae",
        "\u00f0": "d",
        "\u00f8": "o",
        "\u00fe": "th",
        "\u0111": "d",
        "\u0127": "h",
        "\u0131": "i",
        "\u0142": "l",
        "\u0153": "oe",
        "\u0167": "t",
        "&": " and ",
    }
)
"""Letters that are no letter with an accent, and are written without one all the same."""


@lru_cache(maxsize=65_536)
def plain(name: str) -> str:
    """Return the form in which names are compared: `Łódź`, `LODZ` and `Lodz ` are one.

    Words in brackets count, since they often tell two places apart: `Frankfurt (Oder)`. A name of
    signs alone keeps them.
    """
    whole = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
    letters = _SILENT.sub("", _ACCENTS.sub("", whole).translate(_WHOLE))
    words = "".join(sign if _spelt(sign) else " " for sign in letters).split()
    return " ".join(words or whole.split())


def bare(name: str) -> str:
    """Return the form to compare without what stands in brackets: `Rheinfelden (Baden)`.

    To ask whether two names mean one party, never to answer it.
    """
    return plain(_BRACKETED.sub(" ", name)) or plain(name)


def _spelt(sign: str) -> bool:
    """Whether a sign is part of the spelling: letters and digits, and the marks on letters."""
    return unicodedata.category(sign)[0] in "LNM"
