"""What recomputing asks of a log, in a database or in an exported bundle."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Protocol

from lifecycle.ports import ProgramRow
from lifecycle.replay import Sources
from states.standing import Standing


class Archive(Protocol):
    """One program's log with everything that its lines cite; nothing of it is written."""

    @property
    def program(self) -> ProgramRow:
        """The program whose log it is."""

    def program_lines(self) -> Iterable[bytes]:
        """Return the exact lines of the program's own stream."""

    def streams(self) -> Iterator[tuple[int, Iterable[bytes]]]:
        """Yield each agreement's key with its lines, in the order of keys; asked for twice."""

    def sources(self, key: int | None) -> Sources:
        """Return where a stream's lines find what they cite (None: the program's own)."""

    def definition(self, digest: str) -> bytes | None:
        """Return the transition table kept under a digest, or None where there is none."""

    def lapse_notice(self, standing: Standing) -> date | None:
        """Return the day on which the notice of a lapse was given.

        It stands in no line. An archive without such rows answers `date.min`: that it was given.
        """
