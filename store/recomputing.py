"""A database's log as recomputing asks for it; see `lifecycle.recomputing.archive`."""

from collections.abc import Iterable, Iterator
from datetime import date

from lifecycle.ports import ProgramRow
from lifecycle.replay import Sources, sources_in
from states.standing import Standing
from states.vocabulary import Rule
from store.unit import StoreUnit

_BATCH = 200


class StoredArchive:
    """One program's log, read through a unit, and therefore all of one moment."""

    def __init__(self, unit: StoreUnit) -> None:
        """Read through a unit."""
        self._unit = unit

    @property
    def program(self) -> ProgramRow:
        """The program whose log it is."""
        return self._unit.program

    def program_lines(self) -> Iterable[bytes]:
        """Return the lines of the program's own stream."""
        return self._unit.lines(None)

    def streams(self) -> Iterator[tuple[int, Iterable[bytes]]]:
        """Yield each agreement's key with its lines."""
        after = -1
        while batch := self._unit.portfolio(after, _BATCH):
            after = batch[-1].key
            yield from ((standing.key, self._unit.lines(standing.key)) for standing in batch)

    def sources(self, key: int | None) -> Sources:
        """Return where a stream's lines find what they cite."""
        return sources_in(self._unit, key, self._unit.policy_in_force(date.max))

    def definition(self, digest: str) -> bytes | None:
        """Return the transition table kept under a digest."""
        return self._unit.definition(digest)

    def lapse_notice(self, standing: Standing) -> date | None:
        """Return the day on which the notice of a lapse was given."""
        return self._unit.notice_given(standing, Rule.LAPSES)
