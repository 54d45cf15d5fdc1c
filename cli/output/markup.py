r"""XML as text, piece by piece, from values that anybody may have written.

Control characters and the few others that XML 1.0 has no way to hold are written out as their code
points, like on a terminal (`\u001b`); all else is there as it was.
"""

import re
from xml.sax.saxutils import escape, quoteattr

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'

_UNHELD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
"""What XML 1.0 forbids, and the control characters that it advises against."""


def tag(name: str, /, *, closed: bool = True, **attributes: object) -> str:
    """Return a tag with its attributes; a name ends with `_` where Python has it for itself."""
    said = "".join(f" {key.rstrip('_')}={_value(value)}" for key, value in attributes.items())
    return f"<{name}{said}{'/' if closed else ''}>"


def text(value: object) -> str:
    """Return a value as the text of an element."""
    return escape(_held(str(value)))


def _value(value: object) -> str:
    return quoteattr(_held(str(value)))


def _held(value: str) -> str:
    return _UNHELD.sub(lambda found: f"\\u{ord(found[0]):04x}", value)
