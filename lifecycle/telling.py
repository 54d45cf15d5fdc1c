"""What is told of a watch: in one sentence what it is about, and which command comes next.

The words of the nightly report, of digests and of `status`; each names the section of the report
that asks for it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from states.standing import Standing
from states.vocabulary import Rule
from states.watch import Watch

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Telling:
    """What is told: in a few words and in a sentence, what to do about it, and who asks for it.

    REF stands for the reference in what to do.
    """

    short: str
    message: str
    fix: str
    report: str


@dataclass(frozen=True, slots=True)
class _Words:
    short: str
    ahead: str
    late: str
    fix: str
    report: str
    day: Callable[[date], date] = lambda due: due


def _last_day(due: date) -> date:
    return due - _DAY


_WORDS: Mapping[Rule, _Words] = {
    Rule.TERM_STARTS: _Words(
        "not active though its term began",
        "its term begins on {day}",
        "its term began on {day} and it could not become active",
        "lifecycle check REF activate",
        "R11",
    ),
    Rule.TERM_OVER: _Words(
        "its term ends",
        "its term ends on {day}",
        "its term ended on {day} and it did not expire",
        "lifecycle check REF",
        "R41",
        _last_day,
    ),
    Rule.REVIEW_DUE: _Words(
        "its review",
        "it has no end date, and its review is due on {day}",
        "its review was due on {day} and it did not come up",
        "lifecycle check REF",
        "R47",
    ),
    Rule.DECISION_DUE: _Words(
        "decide: in {state} since {entered}",
        "a decision is owed by {day}; it has been in {state} since {entered}",
        "a decision was owed by {day}; it has been in {state} since {entered}",
        "lifecycle check REF",
        "R57",
    ),
    Rule.LAPSES: _Words(
        "lapses unless somebody decides",
        "it will lapse unless somebody decides; a decision is owed by {day}",
        "it will lapse unless somebody decides; a decision was owed by {day}",
        "lifecycle check REF",
        "R57",
    ),
    Rule.PROJECT_ENDED: _Words(
        "the project {item} ends",
        "the project {item} ends on {day}",
        "the project {item} ended on {day}",
        "lifecycle record REF actual project={item} item=INDICATOR value=... source=...",
        "R37",
        _last_day,
    ),
    Rule.EXAMINATION_DUE: _Words(
        "results of {item} to be examined",
        "the results of the project {item} are to be examined by {day}",
        "the results of the project {item} were to be examined by {day}",
        "lifecycle record REF actual project={item} item=INDICATOR value=... source=...",
        "R21",
    ),
    Rule.MILESTONE_DUE: _Words(
        "milestone {item}",
        "the milestone {item} is due on {day}",
        "the milestone {item} was due on {day}",
        "lifecycle record REF milestone item={item}",
        "R38",
    ),
    Rule.OBLIGATION_DUE: _Words(
        "obligation {item}",
        "the obligation {item} is due on {day}",
        "the obligation {item} was due on {day}",
        "lifecycle record REF obligation item={item} outcome=...",
        "R45",
    ),
    Rule.ANNUAL_DUE: _Words(
        "annual report for {item}",
        "the annual report for {item} is owed by {day}",
        "the annual report for {item} was owed by {day}",
        "lifecycle record REF annual year={item} text=...",
        "R39",
    ),
    Rule.DORMANT: _Words(
        "no activity, no letter received",
        "it will be called dormant on {day}: no activity and no letter received",
        "it is dormant since {day}: no activity and no letter received",
        "lifecycle record REF activity text=...",
        "R46",
    ),
    Rule.UNPUBLISHED: _Words(
        "to be public",
        "it is to be public by {day}",
        "it was to be public by {day}, and nothing on record says that it is",
        "lifecycle publish DIR --record URL",
        "R28",
    ),
    Rule.NOT_RECLASSIFIED: _Words(
        "to be reclassified ({type})",
        "its type is only taken over, and it is to be reclassified from {day} on",
        "its type ({type}) is only taken over; it has waited to be reclassified since {day}",
        "lifecycle reclassify REF TYPE",
        "R30",
    ),
    Rule.ENDORSEMENT_ENDS: _Words(
        "its endorsement runs out",
        "its endorsement runs out after {day}",
        "its endorsement ran out after {day}",
        "lifecycle show REF --document",
        "R29",
        _last_day,
    ),
    Rule.APPROVAL_ENDS: _Words(
        "approval of {item} runs out",
        "the approval of {item} runs out after {day}",
        "the approval of {item} ran out after {day}",
        "lifecycle check REF",
        "R57",
        _last_day,
    ),
}


def told(standing: Standing, watch: Watch, day: date) -> Telling:
    """Return what is told of a watch on a day."""
    words = _WORDS[watch.rule]
    known = {
        "item": watch.item,
        "day": words.day(watch.due).isoformat(),
        "state": standing.state,
        "entered": standing.entered_on,
        "type": standing.type,
    }
    message = (words.ahead if day < watch.due else words.late).format(**known)
    return Telling(
        words.short.format(**known), message, words.fix.format(item=watch.item), words.report
    )


def shown_on(rule: Rule, due: date) -> date:
    """Return the day that people know a date by: of what ends, the last day that is included."""
    return _WORDS[rule].day(due)


def distance(due: date, day: date) -> str:
    """Return how far a date is, in words."""
    days = (day - due).days
    if days == 0:
        return "today"
    count = f"{abs(days):,} day{'s' if abs(days) > 1 else ''}"
    return f"{count} late" if days > 0 else f"in {count}"
