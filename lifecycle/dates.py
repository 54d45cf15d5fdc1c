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
from states.canonical import sha256_hex
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import RUNNING, DueRule, Rule
from states.watch import Watch

_DAY = timedelta(days=1)
_HASHED = 16


@dataclass(frozen=True, slots=True)
class Dated:
    """One date of an agreement: the day as people know it, what it is about, what is told."""

    day: date
    rule: Rule
    item: str
    telling: Telling


def decision_ahead(standing: Standing) -> tuple[date | None, DueRule | None]:
    """Return the day by which somebody decides on an agreement's future, and by which rule.

    While it runs that is the last day of its term, or without one its review; else it is the day by
    which a decision is owed, where there is one.
    """
    if standing.state in RUNNING and standing.term_end is not None:
        return standing.term_end, DueRule.TERM_OVER
    if standing.state in RUNNING and standing.review is not None:
        return standing.review, DueRule.REVIEW_DUE
    if standing.due_rule is DueRule.DECISION_DUE:
        return standing.due, standing.due_rule
    return None, None


def uid_of(ref: Ref, rule: Rule, item: str) -> str:
    """Return what a date is called for good, so that a calendar moves it and adds no other."""
    digest = sha256_hex(item.encode())[:_HASHED] if item else ""
    return f"{ref}.{rule}{digest and f'.{digest}'}@{ref.code.lower()}.lifecycle"


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
