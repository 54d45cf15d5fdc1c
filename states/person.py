"""When two names are one person's: they differ in nothing that a reader would see as another name.

Case, width, the encoding of accents, spaces and signs without width don't tell people apart.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\ufe0e\ufe0f")
"""Fillers and selectors of variants, which take no place and are no marks of form (Cf) either."""


@lru_cache(maxsize=4096)
def folded(name: str) -> str:
    """Return the form in which names are compared: `Anna`, `ANNA` and `anna ` are one person."""
    plain = unicodedata.normalize("NFKC", name).casefold()
    seen = "".join(sign for sign in plain if not _unseen(sign))
    return " ".join(unicodedata.normalize("NFKC", seen).split())


def _unseen(sign: str) -> bool:
    return sign in _UNSEEN or unicodedata.category(sign) == "Cf"


def among(name: str, others: Iterable[str]) -> bool:
    """Whether a person is one of others, however the name is written."""
    same = folded(name)
    return any(folded(other) == same for other in others)
