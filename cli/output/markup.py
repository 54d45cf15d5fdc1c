r"""XML as text, piece by piece, from values that anybody may have written.

Control characters and the few others that XML 1.0 has no way to hold are written out as their code
points, like on a terminal (`\u001b`); all else is there as it was.
"""

import re
from xml.sax.saxutils import escape, quoteattr

_PLAIN = re.compile(r"[A-Za-z0-9_.:; -]*")
"""What stands in an attribute as it is, like most of what a log says."""

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

_UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids, and the control characters that it advises against."""


def quoted(value: object) -> str:
    """Return a value as an attribute has it, quotation marks included."""
    said = str(value)
    return f'"{said}"' if _PLAIN.fullmatch(said) else quoteattr(_held(said))


def tag(name: str, /, *, closed: bool = True, **attributes: object) -> str:
    """Return a tag with its attributes."""
    said = "".join(f" {key}={quoted(value)}" for key, value in attributes.items())
    return f"<{name}{said}{'/' if closed else ''}>"


def text(value: object) -> str:
    """Return a value as the text of an element."""
    return escape(_held(str(value)))


def _held(value: str) -> str:
    return _UNHELD.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
