"""The priority partnerships of a year: what `record REF priority year=2027` has put on record.

Reads only. How many there may be, and who may put one more on the list, is for `prioritising`.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lifecycle.dossiers import Dossier
from states.records import PRIORITY, Record
from states.standing import Standing
from states.vocabulary import State


@dataclass(frozen=True, slots=True)
class Prioritised:
    """An agreement that has priority in a year: its record, and the line that it stands beside."""

    dossier: Dossier
    n: int
    record: Record


def priority_partnerships(dossiers: Iterable[Dossier], year: int) -> Iterator[Prioritised]:
    """Yield the priority partnerships of a year, each once, from dossiers read with records.

    One that was declined or voided has none any more; one in sunset had it.
    """
    for dossier in dossiers:
        found = [(n, record) for n, record in dossier.of_kind(PRIORITY) if record.year == year]
        if found and holds_priority(dossier.standing):
            yield Prioritised(dossier, *found[0])


def holds_priority(standing: Standing) -> bool:
    """Whether an agreement that was given priority takes one of the year's places."""
    return not standing.voided and standing.state is not State.DECLINED
