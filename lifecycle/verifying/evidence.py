"""What is verified, wherever it is: a program's lines, its tree and its checkpoints, as a Protocol.

A database and an exported bundle both are evidence. Nothing of it is believed before it is checked.
"""

from collections.abc import Iterator
from typing import Protocol


class Evidence(Protocol):
    """The log of one program as it lies there."""

    @property
    def code(self) -> str:
        """The program's code, which every line must name."""

    def sealed_lines(self) -> Iterator[bytes | None]:
        """Yield the lines that are leaves, the first leaf first; None for one that is gone."""

    def waiting_lines(self) -> Iterator[bytes | None]:
        """Yield the lines that no checkpoint covers yet, each stream's in their order."""

    def tile(self, level: int, index: int) -> bytes | None:
        """Return the hashes of a full tile of the tree, None where no tiles are kept."""

    def checkpoints(self) -> Iterator[tuple[str, bytes]]:
        """Yield every checkpoint's bytes with where it was found, the smallest tree first."""


"""The name is what findings call it by."""
