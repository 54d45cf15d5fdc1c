"""A city of the search: its policies, its people, and documents that are whole or mutilated.

Types differ in how strict they are, on purpose: what one may lack, another may not, and every way
from one to the other is open to whoever finds it.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from typing import Any

from states.agreement import Agreement, Endorsement, Milestone, Party, Term
from states.vocabulary import Role
from tests.builders import complete_agreement, complete_project, home_party, partner_party
from tests.properties.model import months_later
from tests.stage import policy_file

ONE_DAY = timedelta(days=1)
COUNCIL = "City Council"
ADMIN, SYSTEM = "admin", "system"
STAFF = ("anna", "bob", "eve")
DECIDERS = ("dora", "eve", "ANNA")
PEOPLE = ("anna", "bob", "dora", "eve", "ANNA", "mallory")
"""`anna` and `ANNA` are one person, eve has two roles, and mallory has none."""
GRANTS = (
    *((name, Role.STAFF) for name in STAFF),
    *((name, Role.DECIDER) for name in DECIDERS),
    (SYSTEM, Role.SCHEDULER),
)
KINDS = ("partnership", "partnership", "friendship", "friendship", "network", "twinning")
TYPES = ("partnership", "friendship", "network", "twinning", "mou")
COUNTRIES = ("CN", "CN", "BR", "JP")

_SOFT = dict.fromkeys(
    ("smart_complete", "resourced", "time_bound", "guidelines_stated", "endorsed"), "warn"
)


@dataclass(frozen=True)
class Rules:
    """One policy of the city: in which states a place and a limit's share are held, how strict."""

    name: str
    cap: int | None = 2
    held_in: tuple[str, ...] = ("active", "evaluation", "renewal")
    limited_in: tuple[str, ...] = ("active", "evaluation", "renewal")
    per_country: int = 2
    soft: tuple[str, ...] = ("friendship",)
    in_flight: str = "keep"


HELD_LONG = Rules("held until it ends")
HELD_SHORT = Rules("held while active", held_in=("active",), limited_in=("active",))
SPLIT = Rules("one a country while active", limited_in=("active",), per_country=1)
OTHERS = (
    HELD_LONG,
    Rules("soft", soft=("friendship", "partnership", "twinning")),
    Rules("hard", cap=1, soft=(), in_flight="new"),
    Rules("hard and short", held_in=("active",), soft=()),
    Rules("no cap", cap=None, soft=("network",), in_flight="new"),
)
"""Policies that are adopted one after the other."""


@cache
def policy_of(rules: Rules) -> bytes:
    """Return the policy file of some rules."""
    types: dict[str, dict[str, Any]] = {
        "partnership": {"term_years": {"min": 3, "max": 5}},
        "friendship": {"term_years": {"min": 1, "max": 5}, "counts": False, "endorsement": False},
        "network": {"title": "Network", "open_ended": True, "review_months": 12},
        "twinning": {"title": "Twinning", "term_years": {"min": 3, "max": 5}, "endorsement": True},
    }
    for name in rules.soft:
        types[name]["guards"] = _SOFT
    limit = {
        "code": "per_country",
        "at_most": rules.per_country,
        "per": "country",
        "types": ["partnership", "friendship", "network"],
        "states": list(rules.limited_in),
    }
    cap = None if rules.cap is None else {"at_most": rules.cap, "states": list(rules.held_in)}
    changes: dict[str, Any] = {"types": types, "limits": [limit], "in_flight": rules.in_flight}
    # Nobody there writes annual reports, which are not what these properties are about.
    return policy_file({**changes, "cap": cap, "guards": {"reports_complete": "warn"}})


def first_of_month(day: date, months: int) -> date:
    """Return the first day of a month some months away."""
    return months_later(day.replace(day=1), months)


def whole(today: date, kind: str, country: str = "CN", start: int = 1) -> Agreement:
    """Return a document to which nothing is missing for its type; it starts in `start` months."""
    begun = first_of_month(today, start)
    term = None if kind == "network" else Term(begun, begun.replace(year=begun.year + 3) - ONE_DAY)
    end = term.end if term else first_of_month(today, 10)
    return complete_agreement(
        type=kind,
        term=term,
        review=None if term else today + timedelta(days=300),
        parties=(home_party(), partner_party(country=country)),
        projects=(complete_project(end=end, examined=end),),
        milestones=(),
        endorsement=Endorsement("Councillor Lee", today) if kind == "twinning" else None,
    )


Mutation = Callable[[Agreement, date], Agreement]


def _without(**fields: Any) -> Mutation:  # noqa: ANN401 - any field of Agreement
    return lambda document, _today: replace(document, **fields)


def _in_projects(**fields: Any) -> Mutation:  # noqa: ANN401 - any field of Project
    def mutate(document: Agreement, _today: date) -> Agreement:
        return replace(document, projects=tuple(replace(p, **fields) for p in document.projects))

    return mutate


def _review(days: int) -> Mutation:
    return lambda document, today: replace(document, review=today + timedelta(days=days))


def _term(start: int, years: int, days: int = 0) -> Mutation:
    def mutate(document: Agreement, today: date) -> Agreement:
        begun = first_of_month(today, start)
        end = begun.replace(year=begun.year + years) + timedelta(days=days) - ONE_DAY
        projects = tuple(replace(p, start=None, end=end, examined=end) for p in document.projects)
        return replace(document, term=Term(begun, end), projects=projects)

    return mutate


def _kind(name: str) -> Mutation:
    return lambda document, _today: replace(document, type=name)


def _country(code: str) -> Mutation:
    def moved(party: Party) -> Party:
        return replace(party, country=code) if party.side == "partner" else party

    return lambda document, _today: replace(document, parties=tuple(map(moved, document.parties)))


def _mended(document: Agreement, today: date) -> Agreement:
    """Fill in again whatever a mutation took away, but for the term."""
    sound = whole(today, document.type)
    end = document.term.end if document.term else sound.projects[0].end
    projects = tuple(replace(p, end=end, examined=end) for p in sound.projects)
    return replace(
        sound,
        parties=document.parties,
        term=document.term,
        review=document.review if document.term else sound.review,
        projects=projects,
        owner=document.owner,
        title=document.title,
        taken_over=document.taken_over,
    )


def _retitled(document: Agreement, _today: date) -> Agreement:
    return replace(document, title="Arts" if document.title == "Trade" else "Trade")


MUTATIONS: Mapping[str, Mutation] = {
    "no projects": _without(projects=()),
    "no objectives": _in_projects(objectives=()),
    "no resources": _in_projects(resources=()),
    "no examination": _in_projects(examined=None),
    "no guidelines": _without(renewal_guidelines=""),
    "no term": _without(term=None),
    "no review": _without(review=None),
    "no endorsement": _without(endorsement=None),
    "endorsed until 2027": _without(
        endorsement=Endorsement("Councillor Lee", date(2026, 9, 1), date(2027, 12, 31))
    ),
    "review past": _review(-30),
    "review soon": _review(90),
    "review next year": _review(360),
    "review far": _review(2000),
    "term now": _term(0, 3),
    "term later": _term(8, 4),
    "term long": _term(0, 5, 1),
    "term short": _term(-1, 1),
    "term gone": _term(-40, 3),
    "to partnership": _kind("partnership"),
    "to friendship": _kind("friendship"),
    "to network": _kind("network"),
    "to mou": _kind("mou"),
    "to CN": _country("CN"),
    "to BR": _country("BR"),
    "owner": _without(owner="bob"),
    "milestone": _without(milestones=(Milestone("A step", "a-step", None, date(2028, 1, 1)),)),
    "mend": _mended,
    "retitle": _retitled,
}
"""What is done to a document, by name."""
KEPT = ("no review", "review past", "review soon", "review next year", "review far", "owner")
"""Those that touch nothing but what staff keep up."""


def mutated(document: Agreement, names: tuple[str, ...], today: date) -> Agreement:
    """Return a document after some mutations."""
    for name in names:
        document = MUTATIONS[name](document, today)
    return document
