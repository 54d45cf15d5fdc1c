"""Documents for random users: complete ones, and ones that are broken in random ways."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from hypothesis import strategies as st

from states.agreement import Agreement, Term
from states.records import Evaluation, ProjectOutcome, ScoreSheet
from tests.builders import complete_agreement, complete_project, evaluation, score_sheet
from tests.properties.model import Draft, Rules, months_later
from tests.stage import policy_file

ONE_DAY = timedelta(days=1)
PEOPLE = ("anna", "bob", "dora", "eve")

BREAKS: Mapping[str, Mapping[str, object]] = {
    "origin": {"origin": None},
    "parties": {"parties": ()},
    "projects": {"projects": ()},
    "objectives": {"projects": (complete_project(objectives=()),)},
    "resources": {"projects": (complete_project(resources=()),)},
    "guidelines": {"renewal_guidelines": "tbd"},
}
"""What may be missing from a document, and how."""


@dataclass(frozen=True)
class Wish:
    """What a user wants a document to be: `length` in years and days over, `start` in months."""

    kind: str = "partnership"
    length: tuple[int, int] = (3, 0)
    start: int = 1
    review: int | None = None
    broken: frozenset[str] = frozenset()
    title: str = "Trade"


WISHES = st.builds(
    Wish,
    kind=st.sampled_from(["partnership"] * 5 + ["mou"]),
    length=st.sampled_from([(3, 0), (4, 0), (5, 0), (5, 0), (5, 1), (3, -1), (0, 0), (0, 0)]),
    start=st.sampled_from([-6, -1, 0, 0, 1, 1, 2, 12]),
    review=st.sampled_from([None, -30, 0, 1, 200, 365, 900]),
    broken=st.frozensets(st.sampled_from(sorted(BREAKS)), max_size=2),
    title=st.sampled_from(["Trade", "Culture"]),
)
"""Whole documents, and ones broken in random ways."""

RULES = (
    Rules("ten", cap=10),
    Rules("one place, new rules for all", cap=1, criteria="2030", keeps=False),
    Rules("lapsing", cap=3, lapse=True, notice_days=20, days=(60, 50, 40, 30)),
    Rules("open-ended", cap=None, open_ended=True, days=(90, 90, 90, 90)),
    Rules("lapsing for all", cap=2, lapse=True, keeps=False, open_ended=True, notice_days=5),
)
"""The policies that users adopt, as the model knows them."""


@cache
def policy_of(rules: Rules) -> bytes:
    """Return the policy file of some rules."""
    states = ("decision", "negotiation", "evaluation", "renewal")
    days = {f"{state}_days": days for state, days in zip(states, rules.days, strict=True)}
    partnership: dict[str, object] = {"lapse": rules.lapse, "open_ended": rules.open_ended}
    if rules.open_ended:
        partnership["review_months"] = 12
    return policy_file(
        {
            "cap": None if rules.cap is None else {"at_most": rules.cap},
            "criteria": {"version": rules.criteria},
            "deadlines": days,
            # The model knows of no annual reports.
            "guards": {"reports_complete": "warn"},
            "in_flight": "keep" if rules.keeps else "new",
            "lapse_notice_days": rules.notice_days,
            "types": {"partnership": partnership},
        }
    )


def first_of_month(day: date, months: int) -> date:
    """Return the first day of a month some months away."""
    return months_later(day.replace(day=1), months)


def drafted(today: date, wish: Wish) -> Draft:
    """Return the document that is wished for today, with what the model is to know of it."""
    years, days_over = wish.length
    begun = first_of_month(today, wish.start)
    last = begun.replace(year=begun.year + years) + timedelta(days=days_over) - ONE_DAY
    term = Term(begun, last) if years else None
    end = term.end if term else first_of_month(today, 10)
    document = complete_agreement(
        type=wish.kind,
        title=wish.title,
        term=term,
        review=None if wish.review is None else today + timedelta(days=wish.review),
        projects=(complete_project(end=end, examined=end),),
        milestones=(),
    )
    for name in sorted(wish.broken):
        document = _broken(document, BREAKS[name])
    return Draft(
        document,
        proposable=not wish.broken & {"origin", "parties"},
        signable=not wish.broken - {"origin"},
        years=years,
        days_over=days_over,
    )


def _broken(document: Agreement, changes: Mapping[str, object]) -> Agreement:
    return replace(document, **changes)  # type: ignore[arg-type] # fields by name


def scores(rules: Rules, how: str) -> ScoreSheet:
    """Return a score sheet that is `whole`, or lacks a mandatory score or the factors."""
    if how == "unscored":
        return score_sheet(scores={}, criteria=rules.criteria)
    return score_sheet() if how == "whole" else score_sheet(factors={"criteria": "Yes, all."})


def judged(document: Agreement, *, whole: bool) -> Evaluation:
    """Return an evaluation of every project of a document, or one that judges nothing."""
    if not whole:
        return Evaluation()
    outcomes = tuple(
        ProjectOutcome(project.id or "", "met", "As hoped.") for project in document.projects
    )
    return evaluation(projects=outcomes)
