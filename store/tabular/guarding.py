"""What a cell of CSV begins with that a spreadsheet would act on, and the sign that keeps it."""

import re

BEGINNING = r"(?:[\t\r\n]|[\s\x00\ufeff]*[=+\-@\uff1d\uff0b\uff0d\uff20])"
"""What the text of a cell begins with that is taken for a formula."""

GUARDED = re.compile(f"'+{BEGINNING}")
"""What a cell begins with that an apostrophe was put in front of."""


def unguarded(text: str) -> str:
    """Return what a cell says, without the apostrophe that was put in front of it."""
    return text[1:] if GUARDED.match(text) else text
