"""When two names are one person's: they differ in nothing but case, width or accents' encoding."""

import unicodedata
from collections.abc import Iterable


def folded(name: str) -> str:
    """Return the form in which names are compared: `Anna`, `ANNA` and `anna ` are one person."""
    return unicodedata.normalize("NFKC", name).casefold().strip()


def among(name: str, others: Iterable[str]) -> bool:
    """Whether a person is one of others, however the name is written."""
    same = folded(name)
    return any(folded(other) == same for other in others)
