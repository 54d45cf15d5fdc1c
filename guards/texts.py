"""Whether a text says something, and how a guard's words are put together."""

import re
from collections.abc import Iterable

PLACEHOLDERS = frozenset(
    {"tbd", "tba", "tbc", "todo", "n/a", "na", "none", "nil", "xxx", "pending"}
)
"""Texts that fill a field and say nothing."""

_LONGEST_PLACEHOLDER = max(map(len, PLACEHOLDERS))
_TWO_LETTERS = re.compile(r"[^\W_][\W_]*[^\W_]")


def said(text: str | None) -> bool:
    """Whether a text says something: at least two letters or digits, and no placeholder."""
    plain = (text or "").strip(" \t\n.…-_")
    if len(plain) <= _LONGEST_PLACEHOLDER and plain.casefold() in PLACEHOLDERS:
        return False
    return _TWO_LETTERS.search(plain) is not None


def listed(words: Iterable[str]) -> str:
    """Return words as `a, b, c`, or `none` when there is none."""
    return ", ".join(words) or "none"
