"""Text on a terminal: how wide it is, how it wraps, and what of it may reach the terminal.

Stored text was written by others. `clean` makes everything visible that would act instead of
being read: control characters, and the marks that reverse the direction of what follows.
"""

import re
import unicodedata
from functools import lru_cache

_ACTING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
_BREAKING = re.compile(r"[\n\t]+")
_COLOUR = re.compile("\x1b\\[[0-9;]*m")
_WIDE = 2


def clean(text: str) -> str:
    """Return `text` with what would act on a terminal written out as its code point."""
    return _ACTING.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def one_line(text: object) -> str:
    """Return `text`, cleaned, on one line."""
    return _BREAKING.sub(" ", clean(str(text)))


def width_of(text: str) -> int:
    """Return how many columns `text` takes on a terminal; colours take none."""
    if text.isascii() and "\x1b" not in text:
        return len(text)
    return sum(map(_columns, _COLOUR.sub("", text)))


def pad(text: str, width: int, *, right: bool = False) -> str:
    """Return `text` filled up with blanks to `width` columns, aligned left or right."""
    blanks = " " * (width - width_of(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int, *, anywhere: bool = False) -> list[str]:
    """Return the lines of `text`, as far as that can be no wider than `width` columns.

    Breaks at blanks and between wide characters. A longer word, such as a path, stays whole, so
    that it can be copied; `anywhere` breaks that as well.
    """
    lines: list[str] = []
    for paragraph in clean(text).expandtabs(4).split("\n"):
        lines += _wrapped(paragraph, max(width, 2), anywhere)
    return lines


def paragraphs(text: str, width: int, *, first: str = "", rest: str | None = None) -> str:
    """Return `text` wrapped, its first line behind `first`, the others behind `rest`."""
    others = " " * width_of(first) if rest is None else rest
    lines = wrap(text, width - max(width_of(first), width_of(others)))
    return "\n".join(f"{others if index else first}{line}" for index, line in enumerate(lines))


@lru_cache(maxsize=4096)
def _columns(character: str) -> int:
    if unicodedata.category(character) in {"Mn", "Me", "Cf"}:
        return 0
    return _WIDE if unicodedata.east_asian_width(character) in {"W", "F"} else 1


def _wrapped(paragraph: str, width: int, anywhere: bool) -> list[str]:  # noqa: FBT001
    if width_of(paragraph) <= width:
        return [paragraph.rstrip()]
    lines, line = [], ""
    for word in paragraph.split(" "):
        joined = f"{line} {word}" if line else word
        if width_of(joined) <= width:
            line = joined
            continue
        if line:
            lines.append(line)
        *whole, line = _broken(word, width, anywhere)
        lines += whole
    return [*lines, line]


def _broken(word: str, width: int, anywhere: bool) -> list[str]:  # noqa: FBT001
    """Return a word in pieces that fit, where it may be broken; most words are one piece."""
    pieces, piece, taken, last = [], "", 0, 0
    for character in word:
        columns = _columns(character)
        breakable = columns and (anywhere or _WIDE in {columns, last})
        if taken + columns > width and breakable and piece:
            pieces.append(piece)
            piece, taken = "", 0
        piece += character
        taken += columns
        last = columns or last
    return [*pieces, piece]
