"""What is budgeted, committed, spent and free in a year, by project (R33, R50)."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.resourced import funding_by_year
from lifecycle.census import COMMITTED
from lifecycle.money.accounts import Costs, costs_of
from lifecycle.money.budget import YearBudget, year_budget, years_of
from states.money import Money
from states.vocabulary import State
from tests.builders import program, staff
from tests.lifecycle.money.books import (
    TORONTO,
    YEAR,
    committing,
    costing,
    dossier,
    project,
    spending,
)


def cad(amount: object) -> Money:
    """Return Canadian dollars."""
    return Money(Decimal(str(amount)), "CAD")


def of_2027(*costs: Costs, budget: int | None = 100_000) -> YearBudget:
    """Return the budget of 2027."""
    stated = {} if budget is None else {str(YEAR): Decimal(budget)}
    return year_budget(costs, program(budget=stated), YEAR)


def test_budget_commitments_and_expenditure_are_told_by_project_and_year() -> None:
    """R50: each agreement's projects, what they were given in a year and what they spent of it."""
    mission = project("mission", costing(60_000), costing(20_000, 2028), staff())
    fair = project("fair", costing(15_000), costing("4999.99"))
    records = (spending(25_000), spending("0.01"), spending(5_000, project="fair"))
    costs = costs_of(dossier(mission, fair, spent=records))
    year = of_2027(costs)
    assert [(one.name, one.committed, one.spent) for _costs, one in year.lines] == [
        ("Fair", cad("19999.99"), cad(5_000)),
        ("Mission", cad(60_000), cad("25000.01")),
    ]
    assert (year.committed, year.spent) == (cad("79999.99"), cad("30000.01"))
    assert (year.budget, year.free, year.gap) == (cad(100_000), cad("20000.01"), None)
    assert year_budget([costs], TORONTO, 2028).committed == cad(20_000)


@pytest.mark.parametrize("state", State)
def test_funding_counts_as_committed_in_the_states_that_the_guard_of_signing_counts(
    state: State,
) -> None:
    """What was spent counts in every state: ending an agreement brings nothing back."""
    costs = costs_of(
        dossier(project("mission", costing(60_000)), spent=(spending(25_000),), state=state)
    )
    year = of_2027(costs)
    assert year.committed == cad(60_000 if state in COMMITTED else 0)
    assert (year.spent, year.bound) == (cad(25_000), cad(60_000 if state in COMMITTED else 25_000))


def test_expenditure_over_its_commitment_takes_from_what_is_free() -> None:
    """It is told for the project that it belongs to, and no other project makes up for it."""
    over, under = committing(1, 10_000, 12_500), committing(2, 40_000, 1_000)
    year = of_2027(over, under)
    assert [one.over for _costs, one in year.lines] == [cad(2_500), cad(0)]
    assert (year.bound, year.free) == (cad(52_500), cad(47_500))
    assert year.open == year.bound - year.spent


def test_expenditure_of_a_project_that_is_no_longer_in_the_document_is_told_by_its_id() -> None:
    """A renewed agreement has new projects; what the old ones spent stays spent."""
    costs = costs_of(dossier(project("fair", costing(10)), spent=(spending(70),)))
    assert [(one.name, one.spent) for one in costs.accounts] == [
        ("Fair", cad(0)),
        ("mission", cad(70)),
    ]


@pytest.mark.parametrize("missing", ["value", "currency", "year"])
def test_expenditure_that_does_not_say_all_is_counted_nowhere(missing: str) -> None:
    """No record comes in without them; should there be one, nothing is guessed."""
    record = spending(5, **{missing: None})
    costs = costs_of(dossier(project("mission", costing(9)), spent=(record,)))
    assert [one.spent for one in costs.accounts] == [cad(0)]


def test_other_currencies_are_reported_apart_and_never_added() -> None:
    """The budget is in Canadian dollars; yuan and euros stand beside it, each by itself."""
    mission = project(
        "mission", costing(60_000), costing(7, currency="CNY"), costing(3, currency="EUR")
    )
    year = of_2027(costs_of(dossier(mission, spent=(spending(5, currency="CNY"),))))
    assert (year.committed, year.free) == (cad(60_000), cad(40_000))
    told = {name: (other.committed, other.spent) for name, other in year.others.items()}
    assert told == {
        "CNY": (Money(Decimal(7), "CNY"), Money(Decimal(5), "CNY")),
        "EUR": (Money(Decimal(3), "EUR"), Money.none("EUR")),
    }


def test_funding_without_year_or_currency_is_told_and_counted_in_no_year() -> None:
    """Nothing is guessed: neither this year nor the program's currency."""
    mission = project(
        "mission",
        costing(60_000),
        costing(9, None),
        costing(8, currency=None),
        costing(7, None, None),
    )
    costs = costs_of(dossier(mission))
    assert [(one.project, one.resource.amount, one.lacks) for one in costs.undated] == [
        ("Mission", Decimal(9), "year"),
        ("Mission", Decimal(8), "currency"),
        ("Mission", Decimal(7), "year and currency"),
    ]
    assert of_2027(costs).committed == cad(60_000)


def test_a_year_without_a_budget_has_neither_a_rest_nor_a_gap() -> None:
    """The policy sets none, so nothing is measured against it."""
    year = of_2027(committing(1, 60_000), budget=None)
    assert (year.budget, year.free, year.gap) == (None, None, None)


def test_a_gap_is_what_is_bound_beyond_the_budget() -> None:
    """To the cent; a budget that is just used up has none."""
    assert of_2027(committing(1, "100000.01")).gap == cad("0.01")
    assert of_2027(committing(1, 100_000)).gap is None


def test_years_begin_with_the_first_and_go_on_as_far_as_anything_is_known() -> None:
    """Years without budget, commitment or expenditure are left out."""
    rules = program(budget={"2017": Decimal(1), "2031": Decimal(1)})
    costs = costs_of(dossier(project("mission", costing(1, 2029)), spent=(spending(1, year=2028),)))
    assert years_of([costs], rules, 2026) == [2026, 2028, 2029, 2031]


AMOUNTS = st.decimals("0.0001", "999999999999999", places=4, allow_nan=False)


@given(st.lists(st.tuples(AMOUNTS, st.sampled_from([2027, 2028]), st.sampled_from(["CAD", "USD"]))))
def test_commitments_are_those_that_the_guard_of_signing_adds_up(
    stated: list[tuple[Decimal, int, str]],
) -> None:
    """R33: report and guard never differ, in any year or currency."""
    one = dossier(project("mission", *(costing(*each) for each in stated)))
    guarded = funding_by_year(one.agreement, "CAD")
    for year in (2027, 2028):
        told = year_budget([costs_of(one)], TORONTO, year)
        assert told.committed.amount == guarded.get(year, 0)
        assert told.bound == told.committed


def values(value: Any) -> Iterator[object]:  # noqa: ANN401 - whatever a result holds
    """Yield everything that a result holds, however deep."""
    yield value
    if is_dataclass(value):
        inner: Any = [getattr(value, field.name) for field in fields(value)]
    else:
        inner = value.values() if isinstance(value, dict) else value
    if isinstance(inner, list | tuple) or isinstance(value, dict):
        for each in inner:
            yield from values(each)


def test_no_amount_in_a_budget_is_a_float() -> None:
    """Every value on the way from documents and records to the result is exact."""
    year = of_2027(committing(1, "0.1", "0.2"), committing(2, "1000000.0001"))
    found = list(values(year))
    assert len(found) > 50
    assert not [value for value in found if isinstance(value, float)]
