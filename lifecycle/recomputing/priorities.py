"""In which years an agreement has priority, by the lines of its stream so far (R13)."""

from dataclasses import dataclass, field

from lifecycle.entry import Entry
from lifecycle.ports import Beside
from lifecycle.replay import Sources, beside_cited
from states.codec import decode
from states.records import PRIORITY, Record
from states.vocabulary import Event

KIND = f"record.{PRIORITY}"
"""What stands beside a line that gives priority."""

_BRINGING = frozenset({Event.RECORDED, Event.CORRECTED})


def year_of(content: Beside | None) -> int | None:
    """Return the year in which a content gives priority; None where it gives none."""
    known = content is not None and content.kind == KIND
    return decode(Record, content.body).year if content is not None and known else None


@dataclass(slots=True)
class Years:
    """The years in which an agreement has priority, each by the line that says so."""

    _by_line: dict[int, int] = field(default_factory=dict)

    @property
    def known(self) -> frozenset[int]:
        """The years, each once."""
        return frozenset(self._by_line.values())

    def take(self, entry: Entry, sources: Sources) -> bool:
        """Take the next line; returns whether it may have changed the years."""
        content = beside_cited(entry, "content", sources) if entry.event in _BRINGING else None
        if content is None:
            return False
        if content.corrects is not None:
            self._by_line.pop(content.corrects, None)
        year = year_of(content)
        if year is not None:
            self._by_line[entry.n] = year
        return year is not None or content.corrects is not None
