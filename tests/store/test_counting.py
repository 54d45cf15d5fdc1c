"""What a unit counts of the other agreements, held against a count over their documents."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guards.policy import Limit, Policy
from lifecycle.census import Census
from lifecycle.drafting import propose
from lifecycle.evolve import holds_place
from lifecycle.ports import Unit
from lifecycle.takeover import take_over
from states.agreement import Agreement, TakenOver, Term
from states.ref import Ref
from states.standing import Standing
from states.vocabulary import State
from store.opening import open_store
from store.policies import parse_policy
from tests.builders import complete_agreement, complete_project, funding, partner_party
from tests.conftest import Staging
from tests.stage import Stage, policy_file
from tests.store.raw import add_program

TYPES = ("partnership", "mou", "friendship")
COUNTRIES = ("CN", "JP", "IT", "DE", "BR", None)
YEARS = (2026, 2027, 2028)
RULES = policy_file(
    {
        "regions": {"asia": ["CN", "JP"], "europe": ["IT", "DE"]},
        "types": {"partnership": {"term_years": {"min": 0, "max": 9}}},
        "cap": {"states": ["active", "signed"]},
    }
)
EXAMPLES = settings().max_examples // 5
"""Each is a portfolio of its own."""
RUNNING = frozenset({State.SIGNED, State.ACTIVE})


@dataclass(frozen=True, slots=True)
class One:
    """An agreement of the portfolio, as it was entered."""

    key: int
    state: State
    document: Agreement


def agreements() -> st.SearchStrategy[tuple[State, Agreement]]:
    """Return agreements that differ in all that is counted by."""

    def build(**given: Any) -> tuple[State, Agreement]:  # noqa: ANN401 - what Hypothesis draws
        state, year = given["state"], given["year"]
        signed = None if state is State.PROPOSAL else TakenOver("2020", "The archive.")
        money = [
            funding(amount=Decimal(amount).scaleb(-4), currency=currency, year=when)
            for amount, currency, when in given["money"]
        ]
        projects = [
            complete_project(
                name=f"Project {index}",
                id=f"p{index}",
                start=begun and date(begun, 7, 1),
                resources=tuple(money) if index == 0 else (),
            )
            for index, begun in enumerate(given["projects"])
        ]
        document = complete_agreement(
            type="partnership" if signed is None else given["type"],
            term=year and Term(date(year, 1, 1), date(2031, 12, 31)),
            parties=(partner_party(country=given["country"]),),
            projects=tuple(projects),
            milestones=(),
            taken_over=signed,
        )
        return state, document

    amounts = st.tuples(
        st.integers(0, 10**10), st.sampled_from(("CAD", "EUR")), st.sampled_from(YEARS)
    )
    return st.builds(
        build,
        state=st.sampled_from((State.PROPOSAL, State.SIGNED, State.ACTIVE, State.EVALUATION)),
        type=st.sampled_from(TYPES),
        country=st.sampled_from(COUNTRIES),
        year=st.sampled_from((*YEARS, None)),
        projects=st.lists(st.sampled_from((*YEARS, None)), max_size=3),
        money=st.lists(amounts, max_size=3),
    )


def limits() -> st.SearchStrategy[Limit]:
    """Return limits of every kind."""
    return st.builds(
        Limit,
        code=st.just("one"),
        at_most=st.just(1),
        per=st.sampled_from(("program", "year", "country", "region")),
        types=st.lists(st.sampled_from(TYPES), unique=True, max_size=2).map(tuple),
        states=st.lists(st.sampled_from(list(State)[:6]), unique=True, min_size=1).map(tuple),
    )


def entered(stage: Stage, unit: Unit, drawn: Sequence[tuple[State, Agreement]]) -> Iterator[One]:
    """Enter agreements in a unit."""
    for state, document in drawn:
        if state is State.PROPOSAL:
            receipt = propose(unit, stage.order(), document)
        else:
            receipt = take_over(unit, stage.order(), document, state)
        yield One(Ref.parse(receipt.ref).key, state, document)


def alike(limit: Limit, one: One, other: One, policy: Policy, day: date) -> bool:
    """Whether a limit counts another agreement beside this one, by their documents."""
    here, there = country(one), country(other)
    began = other.document.term.start.year if other.document.term else None
    year = one.document.term.start.year if one.document.term else day.year
    region = policy.region_of(here)
    where = {
        "program": True,
        "year": began == year,
        "country": here is not None and here == there,
        "region": policy.region_of(there) == region
        if region
        else here is not None and here == there,
    }
    fits = not limit.types or other.document.type in limit.types
    return fits and other.state in limit.states and where[limit.per]


def country(one: One) -> str | None:
    """Return the partner's country."""
    return one.document.partner.country if one.document.partner else None


def starts(one: One) -> list[int | None]:
    """Return the year in which each project starts: its own, or the term's."""
    term = one.document.term
    own = [project.start for project in one.document.projects]
    days = [start or (term.start if term else None) for start in own]
    return [day.year if day else None for day in days]


def funded(one: One, currency: str, year: int) -> Decimal:
    """Return what an agreement's document commits in a year."""
    resources = [item for project in one.document.projects for item in project.resources]
    amounts = [
        item.amount or Decimal(0)
        for item in resources
        if (item.currency, item.year) == (currency, year)
    ]
    return sum(amounts, Decimal(0))


def standing(unit: Unit, one: One) -> Standing:
    """Return where an agreement stands."""
    found = unit.lock(one.key)
    assert found is not None
    return found


@pytest.fixture
def counting(staged: Staging) -> Stage:
    """Return a stage under a policy with regions, on which terms may be of any length."""
    return staged(RULES)


# One stage for all examples: each plays in a rehearsal of its own, which leaves nothing.
@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=st.lists(agreements(), min_size=1, max_size=8), limit=limits())
def test_counts_of_others_are_those_of_their_documents(
    counting: Stage, drawn: list[tuple[State, Agreement]], limit: Limit
) -> None:
    """Places, limits, projects and money: for each agreement, exactly the others' are counted."""
    policy = parse_policy(RULES)
    with counting.store.rehearsal() as ledger, ledger.unit() as unit:
        known = list(entered(counting, unit, drawn))
        for one in known:
            others = [other for other in known if other is not one]
            held = [holds_place(standing(unit, other), policy) for other in others]
            assert unit.counted_others(one.key) == sum(held)
            met = [alike(limit, one, other, policy, counting.day) for other in others]
            row = standing(unit, one)
            assert unit.limit_others(limit, row, policy, counting.day) == sum(met)
            active = [year for o in others if o.state is State.ACTIVE for year in starts(o)]
            begun = Counter(active)
            assert unit.projects_of_others(one.key, YEARS) == {y: begun[y] for y in YEARS}
            for currency in ("CAD", "EUR"):
                sums = {
                    year: sum(
                        (funded(o, currency, year) for o in others if o.state in RUNNING),
                        Decimal(0),
                    )
                    for year in YEARS
                }
                expected = sums if currency == "CAD" else dict.fromkeys(YEARS, Decimal(0))
                assert unit.committed_by_others(one.key, currency, YEARS) == expected


@settings(
    max_examples=EXAMPLES,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=st.lists(agreements(), min_size=1, max_size=8), limit=limits())
def test_census_counts_what_the_unit_counts(
    counting: Stage, drawn: list[tuple[State, Agreement]], limit: Limit
) -> None:
    """Counted once for all, limits, projects and money are those that each would be told."""
    policy, census, day = parse_policy(RULES), Census(), counting.day
    with counting.store.rehearsal() as ledger, ledger.unit() as unit:
        known = list(entered(counting, unit, drawn))
        rows = [standing(unit, one) for one in known]
        documents = unit.documents(rows)
        for row in rows:
            census.add(row, documents[row.key], frozenset({"CAD"}))
        for row in rows:
            year = (row.term_start or day).year
            assert census.others(limit, row, policy, year) == unit.limit_others(
                limit, row, policy, day
            )
        assert {y: census.projects[y] for y in YEARS} == unit.projects_of_others(0, YEARS)
        committed = census.committed("CAD")
        sums = {year: committed.get(year, Decimal(0)) for year in YEARS}
        assert sums == unit.committed_by_others(0, "CAD", YEARS)


@pytest.mark.parametrize(
    ("limit", "countries", "count"),
    [
        (Limit("one", 1), ("CN", "JP", "BR"), 2),
        (Limit("one", 1, per="country"), ("CN", "CN", "JP"), 1),
        (Limit("one", 1, per="region"), ("CN", "JP", "IT"), 1),
        (Limit("one", 1, per="region"), ("BR", "BR", "IT"), 1),
        (Limit("one", 1, per="region"), (None, None, "IT"), 0),
        (Limit("one", 1, per="country"), (None, None, "IT"), 0),
        (Limit("one", 1, types=("friendship",)), ("CN", "CN", "CN"), 0),
        (Limit("one", 1, states=(State.SIGNED, State.SUNSET)), ("CN", "CN", "CN"), 0),
    ],
)
def test_limit_counts_the_others_that_it_speaks_of(
    counting: Stage, limit: Limit, countries: tuple[str | None, ...], count: int
) -> None:
    """By country, by region, a country without a region as itself, and nowhere as no place."""
    origin = TakenOver("2020", "The archive.")
    drawn = [
        (
            State.ACTIVE,
            complete_agreement(parties=(partner_party(country=code),), taken_over=origin),
        )
        for code in countries
    ]
    with counting.store.rehearsal() as ledger, ledger.unit() as unit:
        first = standing(unit, next(iter(list(entered(counting, unit, drawn)))))
        assert unit.limit_others(limit, first, parse_policy(RULES), counting.day) == count


def test_nothing_is_counted_across_programs(counting: Stage) -> None:
    """Another program in the same database has its own cap, limits and budget."""
    origin = TakenOver("2020", "The archive.")
    counting.take_over(complete_agreement(taken_over=origin))
    add_program(counting.url, "MTL")
    other = open_store(counting.url, "MTL")
    with other.reading() as reader:
        assert reader.counted_others(0) == 0
        assert reader.projects_of_others(0, YEARS) == dict.fromkeys(YEARS, 0)
        assert reader.committed_by_others(0, "CAD", YEARS) == dict.fromkeys(YEARS, Decimal(0))
        assert reader.lock(Ref("MTL", 2026, 1).key) is None
    other.close()
