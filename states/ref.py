"""The reference of an agreement, `CODE-YEAR-NUMBER` (for example TOR-2026-003).

Its number form is the agreement's key in the store: year x 1,000,000 + number, so that the order
of keys is the order of references.
"""

import re
from dataclasses import dataclass
from typing import Self

_REF = re.compile(r"([A-Z][A-Z0-9]{1,9})-(\d{4})-(\d{3,6})", re.ASCII)
_YEAR = 1_000_000


@dataclass(frozen=True, slots=True, order=True)
class Ref:
    """One agreement's reference within a program."""

    code: str
    year: int
    number: int

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a full reference; raises ValueError with the form that is expected."""
        found = _REF.fullmatch(text.strip().upper())
        if not found:
            message = f"{text!r} is not a reference like TOR-2026-003"
            raise ValueError(message)
        return cls(found[1], int(found[2]), int(found[3]))

    @classmethod
    def of(cls, code: str, key: int) -> Self:
        """Return the reference of the agreement with this key in the program `code`."""
        return cls(code, *divmod(key, _YEAR))

    @property
    def key(self) -> int:
        """The agreement's key within its program; also the number of its stream on the log."""
        return self.year * _YEAR + self.number

    def __str__(self) -> str:
        """Return the reference as people write it."""
        return f"{self.code}-{self.year:04}-{self.number:03}"
