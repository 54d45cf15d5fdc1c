"""Searches what is written in an agreement's document, in its records and as reasons of its lines.

Case and accents make no difference. Every word has to be there, in whichever of the texts; a word
may be a part of a longer one.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from lifecycle.dossiers import Dossier

_ACCENTS = re.compile("[\u0300-\u036f]")
_AROUND = 30
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Hit:
    """Where a word was found: the key of the document, or the line, and the words around it."""

    where: str
    excerpt: str


def searched(dossier: Dossier, words: Sequence[str]) -> tuple[Hit, ...]:
    """Return the texts in which words were found; none where a word is in no text.

    The dossier has its document, its records and its reasons.
    """
    wanted = tuple(dict.fromkeys(map(_folded, words)))
    hits, open_words = [], set(wanted)
    for where, text in _texts(dossier):
        folded = _folded(text)
        found = [word for word in wanted if word in folded]
        if found:
            open_words.difference_update(found)
            hits.append(Hit(where, _excerpt(text, found[0])))
    return () if open_words else tuple(hits)


def _texts(dossier: Dossier) -> Iterator[tuple[str, str]]:
    yield from _strings(dossier.agreement, "")
    for n, record in dossier.records:
        yield from ((f"line {n}, {where}", text) for where, text in _strings(record, record.kind))
    for n, reason in sorted(dossier.reasons.items()):
        yield f"line {n}, reason", reason


def _strings(value: Any, path: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any part of it
    if isinstance(value, str):
        if value:
            yield path, value
    elif isinstance(value, tuple):
        for index, item in enumerate(value):
            yield from _strings(item, f"{path}[{index}]")
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from _strings(item, f"{path}.{key}")
    elif is_dataclass(value):
        for field in fields(value):
            inner = f"{path}.{field.name}" if path else field.name
            yield from _strings(getattr(value, field.name), inner)


def _folded(text: str) -> str:
    """Return a text without case and accents."""
    if text.isascii():
        return text.lower()
    return _ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))


def _excerpt(text: str, word: str) -> str:
    """Return the whole words around the first place of a word, on one line."""
    line = _BLANKS.sub(" ", text)
    # Folding may change how long a text is, so that the place is looked for sign by sign.
    starts = (place for place in range(len(line)) if _folded(line[place:]).startswith(word))
    at = next(starts, 0)
    first, last = max(0, at - _AROUND), min(len(line), at + len(word) + _AROUND)
    if first:
        first = max(first, line.find(" ", first, at))
    if last < len(line):
        last = max(at + len(word), line.rfind(" ", at + len(word), last))
    before, after = "…" if first else "", "…" if last < len(line) else ""
    return f"{before}{line[first:last].strip()}{after}"
