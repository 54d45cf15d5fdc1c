"""The time-bound rule: a term within the type's bounds, or a review date (R21, R26, R47)."""

from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial

from guards.case import Case
from guards.conditions import Unmet
from guards.policy import AgreementType, Policy
from states.agreement import Term
from states.calendar import add_months, add_years, day_after
from states.vocabulary import Guard

_unmet = partial(Unmet, Guard.TIME_BOUND)


def time_bound(case: Case) -> Iterator[Unmet]:
    """Require a term of the type's length, exact at the edges, or a review date if open-ended."""
    agreement, kind = case.agreement, case.policy.types.get(case.standing.type)
    open_ended = kind is not None and kind.open_ended
    if agreement.term is not None:
        yield from _term(agreement.term, kind, case.policy, case.day)
    elif open_ended:
        yield from _review(agreement.review, kind, case.day)
    else:
        yield _unmet(
            "term.missing",
            "The agreement has no term.",
            "add [term] with start and end, the last day included",
            "an agreement is time-bound (R26)",
            "REC7",
            "term",
        )


def reaches(term: Term, years: int, policy: Policy) -> bool:
    """Whether the term lasts at least so many whole years, its last day included."""
    return day_after(term.end) >= add_years(term.start, years, leap_to_march=policy.leap_to_march)


def exceeds(term: Term, years: int, policy: Policy) -> bool:
    """Whether the term lasts longer than so many whole years, if only by a day."""
    return term.end >= add_years(term.start, years, leap_to_march=policy.leap_to_march)


def _term(term: Term, kind: AgreementType | None, policy: Policy, day: date) -> Iterator[Unmet]:
    if term.end < term.start:
        yield _unmet(
            "term.order",
            f"The term ends on {term.end}, before it starts on {term.start}.",
            "set the end to the last day of the term",
            "a term starts, then ends (R26)",
            "REC7",
            "term.end",
        )
        return
    if term.end < day:
        yield _unmet(
            "term.past",
            f"The term ended on {term.end}, before this decision.",
            "agree on a term that still runs",
            "an agreement is signed for a term to come (R26)",
            "REC7",
            "term.end",
        )
    bounds = kind.term_years if kind else None
    if bounds is None:
        return
    if not reaches(term, bounds.min, policy):
        yield _unmet(
            "term.too_short",
            f"The term from {term.start} to {term.end} is shorter than {bounds.min} years.",
            f"end it on {_last_day(term.start, bounds.min, policy)} or later",
            f"a term of {bounds.min} to {bounds.max} years (R26)",
            "BP3",
            "term.end",
        )
    if exceeds(term, bounds.max, policy):
        yield _unmet(
            "term.too_long",
            f"The term from {term.start} to {term.end} is longer than {bounds.max} years.",
            f"end it on {_last_day(term.start, bounds.max, policy)} or earlier",
            f"a term of {bounds.min} to {bounds.max} years (R26)",
            "BP3",
            "term.end",
        )


def _last_day(start: date, years: int, policy: Policy) -> date:
    return add_years(start, years, leap_to_march=policy.leap_to_march) - timedelta(days=1)


def _review(review: date | None, kind: AgreementType | None, day: date) -> Iterator[Unmet]:
    months = kind.review_months if kind and kind.review_months else 0
    latest = add_months(day, months)
    if review is None:
        yield _unmet(
            "review.missing",
            "An agreement without a term needs a review date, and none is set.",
            f"set review to a day no later than {latest}",
            "nothing is ever without a juncture (R47)",
            "REC7",
            "review",
        )
    elif review <= day:
        yield _unmet(
            "review.past",
            f"The review date {review} has passed.",
            f"set review to a later day, no later than {latest}",
            "nothing is ever without a juncture (R47)",
            "REC7",
            "review",
        )
    elif review > latest:
        yield _unmet(
            "review.too_late",
            f"The review date {review} is more than {months} months away.",
            f"set review to a day no later than {latest}",
            "an open-ended agreement is reviewed at the policy's interval (R47)",
            "REC7",
            "review",
        )
