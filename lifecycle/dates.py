"""The dates that an agreement has ahead or behind it and is not done with, for calendars.

They are what the nightly check watches, and the end and the standing review that it will watch
once the agreement's next juncture is past. Words are told as of before the day, so that the same
record gives the same calendar on whatever day it is asked for.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from lifecycle.telling import Telling, shown_on, told
from states.calendar import day_after
from states.standing import Standing
from states.vocabulary import RUNNING, Rule
from states.watch import Watch

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of an agreement: the day as people know it, what it is about, what is told."""

    day: date
    rule: Rule
    item: str
    telling: Telling


def dates(standing: Standing, watches: Sequence[Watch]) -> list[Dated]:
    """Return an agreement's dates in their order; the last day of a term is the term's end."""
    found = [
        Dated(
            shown_on(watch.rule, watch.due),
            watch.rule,
            watch.item,
            told(standing, watch, watch.due - _DAY),
        )
        for watch in (*watches, *_beyond(standing, watches))
    ]
    return sorted(found, key=lambda one: (one.day, one.rule, one.item))


def _beyond(standing: Standing, watches: Sequence[Watch]) -> Iterator[Watch]:
    """Yield what comes after the juncture that is watched."""
    if standing.state not in RUNNING or standing.voided:
        return
    watched = {watch.rule for watch in watches}
    if standing.term_end is not None and Rule.TERM_OVER not in watched:
        yield Watch(Rule.TERM_OVER, "", day_after(standing.term_end), None)
    if standing.review is not None and Rule.REVIEW_DUE not in watched:
        yield Watch(Rule.REVIEW_DUE, "", standing.review, None)
