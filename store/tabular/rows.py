"""The rows of a file, of whatever kind it is."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from lifecycle.intake.columns import Row

_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})
"""What spreadsheet programs show where a formula has no value."""


class FileRows(Protocol):
    """The rows of a file that are not blank, which can be gone through more than once."""

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, numbered as spreadsheets do: the first one is row 1."""

    def __len__(self) -> int:
        """Return about how many rows there are."""

    def merged_from(self, row: int) -> Sequence[str]:
        """Return which cells are merged with others, in a row or below it."""


def errors_in(texts: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the places of cells that show an error of a formula, and say so."""
    for place, text in enumerate(texts):
        if text.startswith("#") and text in _ERRORS:
            yield place, f"the cell shows the error {text}"
