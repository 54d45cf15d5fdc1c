"""The rows of a file, of whatever kind it is."""

from collections.abc import Iterator, Sequence
from typing import Protocol

from lifecycle.intake.columns import Row


class FileRows(Protocol):
    """The rows of a file that are not blank, which can be gone through more than once."""

    def __iter__(self) -> Iterator[Row]:
        """Yield the rows, numbered as spreadsheets do: the first one is row 1."""

    def __len__(self) -> int:
        """Return about how many rows there are."""

    def merged_from(self, row: int) -> Sequence[str]:
        """Return which cells are merged with others, in a row or below it."""
