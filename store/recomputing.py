"""A database's log as recomputing asks for it; see `lifecycle.recomputing.archive`."""

from collections.abc import Iterable, Iterator
from datetime import date

from lifecycle.ports import ProgramRow
from lifecycle.replay import Sources, sources_in
from states.standing import Standing
from states.vocabulary import Rule
from store.reader import Reader

_BATCH = 200


class StoredArchive:
    """One program's log, read through a reader, and therefore all of one moment.

    It holds a batch of agreements at a time, with all that their lines cite.
    """

    def __init__(self, unit: Reader) -> None:
        """Read through a reader."""
        self._unit = unit
        self._in_force = unit.policy_in_force(date.max)
        self._batch: dict[int, Sources] = {}

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
            keys = [standing.key for standing in batch]
            read = list(self._unit.streams_of(keys, self._in_force))
            self._batch = {key: sources for key, _lines, sources in read}
            yield from ((key, lines) for key, lines, _sources in read)

    def sources(self, key: int | None) -> Sources:
        """Return where a stream's lines find what they cite."""
        if key is not None and key in self._batch:
            return self._batch[key]
        return sources_in(self._unit, key, self._in_force)

    def definition(self, digest: str) -> bytes | None:
        """Return the transition table kept under a digest."""
        return self._unit.definition_bytes(digest)

    def lapse_notice(self, standing: Standing) -> date | None:
        """Return the day on which the notice of a lapse was given."""
        return self._unit.notice_given(standing, Rule.LAPSES)
