"""A portfolio of which everything is due in one night, in each of the ways that there are.

Half of it has no term and comes to its review, most of the rest has passed its term's end. One in
25 starts that day or should have: of those some have ended as well, and for some there is no place
under the cap. One in five has a milestone ahead or late.
"""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from lifecycle.takeover import take_over
from states.agreement import Agreement, Milestone, TakenOver, Term
from states.vocabulary import State
from tests.builders import complete_agreement
from tests.stage import Stage, with_cap

ENTERED = date(2026, 9, 1)
NIGHT = date(2027, 3, 1)
"""The night; for none before it the check was run."""

NO_PLACE = 3
"""How many find no place under the cap."""

_ORIGIN = TakenOver("2024-09", "The City Clerk's archive.")
_OWNERS = ("anna", "ben", "dora", "erin", "frank")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Kinds:
    """How many of so many are due in which way."""

    many: int

    @property
    def starting(self) -> int:
        """Those whose term starts, or started and ended meanwhile."""
        return self.many // 25

    @property
    def over(self) -> int:
        """Of those that start, those whose term is over by now."""
        return self.starting // 10

    @property
    def places(self) -> int:
        """The cap: a place for each that wants one, but for a few; who has no term wants none."""
        return (self.many - self.starting) // 2 + self.starting - NO_PLACE


def all_due(folder: Path, backend: str, many: int) -> Stage:
    """Return a stage on which so many are due on the night, in a sandbox of people with roles."""
    kinds = Kinds(many)
    stage = Stage(folder, with_cap(kinds.places), day=ENTERED, backend=backend).with_people()
    for some in range(0, many, _AT_ONCE):
        with stage.store.unit() as unit:
            for number in range(some, min(some + _AT_ONCE, many)):
                take_over(unit, stage.order(), *_one(number, kinds))
    stage.store.close()
    return stage.on(NIGHT)


def _one(number: int, kinds: Kinds) -> tuple[Agreement, State]:
    before = NIGHT - timedelta(days=number % 60)
    milestone = Milestone("A fair", "a-fair", None, before + timedelta(days=40))
    document = complete_agreement(
        title=f"Trade with partner {number}",
        owner=_OWNERS[number % len(_OWNERS)],
        term=_term(number, kinds),
        projects=(),
        milestones=() if number % 5 else (milestone,),
        taken_over=_ORIGIN,
    )
    if document.term is None:
        document = replace(document, type="mou", review=before)
    return document, State.SIGNED if number < kinds.starting else State.ACTIVE


def _term(number: int, kinds: Kinds) -> Term | None:
    before = NIGHT - timedelta(days=number % 60)
    if number < kinds.over:
        return Term(before - timedelta(days=100), NIGHT - timedelta(days=30))
    if number < kinds.starting:
        return Term(before, date(2030, 12, 31))
    return Term(date(2024, 9, 1), before - timedelta(days=1)) if number % 2 else None
