"""A portfolio with something due on every day of a walk, and what each day has to bring.

What is expected follows from the dates that were put into the portfolio and the days on which the
service was up, by the rules of the documentation, and not from the product's own reckoning.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from states.agreement import (
    Agreement,
    Endorsement,
    Milestone,
    Obligation,
    TakenOver,
    Term,
)
from states.vocabulary import State
from tests.builders import complete_agreement, complete_project

Move = tuple[str, date]
"""A trigger, and the day as of which it takes effect."""

Dated = tuple[str, str, date]
"""A rule, the item that it is about, and the day on which that is due."""

TOLD: dict[str, tuple[tuple[int, ...], int]] = {
    "milestone_due": ((14,), 7),
    "obligation_due": ((14,), 7),
    "project_ended": ((30,), 0),
    "examination_due": ((30,), 7),
    "endorsement_ends": ((60, 14), 30),
}
"""How many days ahead somebody is told of a date, and after how many days again from then on."""

_LATER = timedelta(days=1_000)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """An agreement to be taken over, the moves that its dates demand, and what is to be told."""

    document: Agreement
    state: State
    moves: Sequence[Move] = ()
    told: Sequence[Dated] = ()


def planned(entered: date, days: int, special: Sequence[date], seed: int) -> Iterator[Planned]:
    """Yield an agreement for each day of the walk, and one of each kind for the special days."""
    chance = random.Random(seed)  # noqa: S311 - of a test
    kinds = (_reviewed, _over, _starting, _starting_and_ending, _owing, _endorsed)
    signed = f"{entered.year - 2}-{entered.month:02}"
    base = complete_agreement(
        projects=(), milestones=(), taken_over=TakenOver(signed, "The City Clerk's archive.")
    )
    for number in range(1, days):
        yield kinds[number % len(kinds)](base, entered + timedelta(days=number), chance)
    for day in special:
        for kind in kinds:
            yield kind(base, day, chance)


def _reviewed(base: Agreement, day: date, _chance: random.Random) -> Planned:
    document = replace(base, type="mou", term=None, review=day)
    return Planned(document, State.ACTIVE, [("expire", day)])


def _over(base: Agreement, day: date, _chance: random.Random) -> Planned:
    term = Term(day - _LATER, day - _DAY)
    return Planned(replace(base, term=term), State.ACTIVE, [("expire", day)])


def _starting(base: Agreement, day: date, _chance: random.Random) -> Planned:
    return Planned(replace(base, term=Term(day, day + _LATER)), State.SIGNED, [("activate", day)])


def _starting_and_ending(base: Agreement, day: date, chance: random.Random) -> Planned:
    end = day + timedelta(days=chance.choice((0, 1, 6, 40)))
    moves = [("activate", day), ("expire", end + _DAY)]
    return Planned(replace(base, term=Term(day, end)), State.SIGNED, moves)


def _owing(base: Agreement, day: date, chance: random.Random) -> Planned:
    project = complete_project(end=day - _DAY, examined=day + timedelta(days=chance.randrange(30)))
    milestone, owed = (day + timedelta(days=chance.randrange(20)) for _ in range(2))
    document = replace(
        base,
        term=Term(day - _LATER, day + _LATER),
        projects=(project,),
        milestones=(Milestone("A fair", "a-fair", None, milestone),),
        obligations=(Obligation("a-desk", "partner", "A desk for our staff.", owed),),
    )
    told = [
        ("project_ended", "trade-mission", day),
        ("examination_due", "trade-mission", project.examined or day),
        ("milestone_due", "a-fair", milestone),
        ("obligation_due", "a-desk", owed),
    ]
    return Planned(document, State.ACTIVE, told=told)


def _endorsed(base: Agreement, day: date, _chance: random.Random) -> Planned:
    endorsement = Endorsement("Councillor Lee", day - _LATER, day - _DAY)
    term = Term(day - _LATER, day + _LATER)
    document = replace(base, type="friendship", term=term, endorsement=endorsement)
    return Planned(document, State.ACTIVE, told=[("endorsement_ends", "", day)])


def done_on(due: date, up: Sequence[date]) -> date | None:
    """Return the first day of those on which the service was up that is not before a due date."""
    return next((day for day in up if day >= due), None)


def notices_of(rule: str, due: date, up: Sequence[date]) -> list[tuple[int, date]]:
    """Return at which thresholds somebody is told of a date, and on which of the days."""
    ahead, between = TOLD[rule]
    given: list[tuple[int, date]] = []
    for day in up:
        late = (day - due).days
        thresholds = [-before for before in ahead if -before <= late]
        if late >= 0:
            thresholds.append(late - late % between if between else 0)
        if thresholds and (not given or given[-1][0] < max(thresholds)):
            given.append((max(thresholds), day))
    return given
