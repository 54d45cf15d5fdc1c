"""How a worklist burns down: when agreements came onto it and went, from the lines of the log.

On it is what is in force under a type that the policy in force only takes over (R30); it leaves by
being reclassified or by ending. A step is in effect from the day of its act, as `--as-of` has it;
one that was taken back never was, and what was voided never stood on the list.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate

from guards.policy import Policy
from lifecycle.entry import Entry, entry_of, lasting
from states.calendar import add_months, end_of_month
from states.standing import Standing
from states.vocabulary import IN_FORCE, Event, State


class How(StrEnum):
    """How an agreement came onto the worklist or left it; otherwise where a policy made it so."""

    TAKEN_OVER = "taken_over"
    RECLASSIFIED = "reclassified"
    SUNSET = "sunset"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Movement:
    """One agreement that came onto the worklist on a day (+1) or left it (-1)."""

    day: date
    change: int
    how: How


@dataclass(frozen=True, slots=True)
class Point:
    """The worklist at the end of a day, and what had changed since the point before."""

    day: date
    taken_over: int
    reclassified: int
    sunset: int
    otherwise: int
    left: int


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast the worklist shrinks: how many left and came since a day, and when it is empty.

    `empty_on` is None where it does not shrink, or where that lies beyond the calendar.
    """

    since: date
    left: int
    came: int
    empty_on: date | None


@dataclass(frozen=True, slots=True)
class BurnDown:
    """The worklist by date, the last point today; none where nothing ever stood on it."""

    points: tuple[Point, ...]
    pace: Pace | None

    @property
    def remaining(self) -> int:
        """How many agreements are on the worklist today."""
        return self.points[-1].left if self.points else 0


_BY_MONTH, _BY_QUARTER = 18, 60
"""Up to how many months a worklist is told by month, and by quarter; beyond, by year."""

_PACE_MONTHS = 12
_MOST_DAYS = 366 * 100


def movements(
    lines: Iterable[bytes], standing: Standing, policy: Policy, type_of: Callable[[str], str]
) -> Iterator[Movement]:
    """Yield when an agreement came onto the worklist and when it left.

    `type_of` returns the type that its document of a digest states; it is asked only of what was
    reclassified more than once.
    """
    if standing.voided:
        return
    steps = [one for one in lasting(map(entry_of, lines)) if one.to or one.document]
    days = list(accumulate((step.effective for step in reversed(steps)), min))[::-1]
    inside, state = False, State.PROPOSAL
    for step, day, type_ in zip(steps, days, _types(steps, standing, type_of), strict=True):
        state = State(step.to or state)
        now = policy.on_worklist(type_) and state in IN_FORCE
        if now is not inside:
            yield Movement(day, 1 if now else -1, _how(step, came=now))
        inside = now


def _types(
    steps: Sequence[Entry], standing: Standing, type_of: Callable[[str], str]
) -> Iterator[str]:
    """Yield the type that the agreement had after each step, from its signing on."""
    changes = [step for step in steps if step.event is Event.RECLASSIFIED]
    if len(changes) > 1:
        type_ = type_of(steps[0].document or "")
        became = {change.n: type_of(change.document or "") for change in changes}
    else:
        type_ = (standing.former_type if changes else None) or standing.type
        became = {change.n: standing.type for change in changes}
    for step in steps:
        type_ = became.get(step.n, type_)
        yield type_


def _how(step: Entry, *, came: bool) -> How:
    if came:
        return How.TAKEN_OVER if step.event is Event.TAKEN_OVER else How.OTHERWISE
    if step.event is Event.RECLASSIFIED:
        return How.RECLASSIFIED
    return How.SUNSET if step.to is State.SUNSET else How.OTHERWISE


def burn_down(moved: Iterable[Movement], today: date) -> BurnDown:
    """Return the worklist at the end of each month, quarter or year since its first, and today."""
    known = _known(moved, today)
    if not known:
        return BurnDown((), None)
    first = known[0].day
    months = (today.year - first.year) * 12 + today.month - first.month
    step = 1 if months <= _BY_MONTH else 3 if months <= _BY_QUARTER else 12
    points = tuple(_points(known, _ends(first, today, step)))
    return BurnDown(points, _pace(known, first, today, points[-1].left))


def by_year(moved: Iterable[Movement], today: date) -> tuple[Point, ...]:
    """Return the worklist at the end of each year since its first, and today."""
    known = _known(moved, today)
    return tuple(_points(known, _ends(known[0].day, today, 12))) if known else ()


def concerned(standing: Standing, policy: Policy) -> bool:
    """Whether an agreement is or may have been on the worklist."""
    known = standing.type in policy.types and not policy.on_worklist(standing.type)
    return not standing.voided and (not known or standing.former_type is not None)


def _known(moved: Iterable[Movement], today: date) -> list[Movement]:
    return sorted((one for one in moved if one.day <= today), key=lambda one: one.day)


def _points(known: Sequence[Movement], days: Iterable[date]) -> Iterator[Point]:
    left, after = 0, date.min
    for day in days:
        between = [one for one in known if after < one.day <= day]
        left, after = left + sum(one.change for one in between), day
        yield _point(day, between, left)


def _point(day: date, between: Sequence[Movement], left: int) -> Point:
    counts: Counter[How] = Counter()
    for one in between:
        counts[one.how] += one.change if one.how is How.OTHERWISE else 1
    return Point(
        day=day,
        taken_over=counts[How.TAKEN_OVER],
        reclassified=counts[How.RECLASSIFIED],
        sunset=counts[How.SUNSET],
        otherwise=counts[How.OTHERWISE],
        left=left,
    )


def _ends(first: date, today: date, step: int) -> Iterator[date]:
    """Yield the ends of every so many months from a day on, and today as the last."""
    month = first.month + (-first.month % step)
    end = end_of_month(date(first.year, month, 1))
    while end < today:
        yield end
        end = end_of_month(add_months(end, step))
    yield today


def _pace(known: Sequence[Movement], first: date, today: date, remaining: int) -> Pace | None:
    """Return the pace of the last twelve months; what came on the first day is where it began."""
    since = max(first, add_months(today, -_PACE_MONTHS))
    days = (today - since).days
    if not days:
        return None
    recent = [one for one in known if one.day > since]
    left, came = (sum(one.change == change for one in recent) for change in (-1, 1))
    if left <= came:
        return Pace(since, left, came, None)
    wait = -(-remaining * days // (left - came))
    empty = today + timedelta(days=wait) if wait <= _MOST_DAYS else None
    return Pace(since, left, came, empty)
