"""What closes a gap: raise the budget, end agreements, or both, each priced (R51)."""

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lifecycle.money.accounts import Costs
from lifecycle.money.budget import YearBudget, year_budget
from lifecycle.money.remedies import MOST_WEIGHED, Choice, Option, Remedies, remedies
from states.money import Money, OtherCurrencyError
from tests.builders import program
from tests.lifecycle.money.books import YEAR, committing

ENDS = (date(2027, 6, 30), date(2028, 12, 31), date(2029, 12, 31))


def cad(amount: object) -> Money:
    """Return Canadian dollars."""
    return Money(Decimal(str(amount)), "CAD")


def short_of(budget: object, costs: Sequence[Costs]) -> YearBudget:
    """Return 2027 under a budget."""
    return year_budget(costs, program(budget={str(YEAR): Decimal(str(budget))}), YEAR)


def closing(budget: object, *costs: Costs, raise_by: Money | None = None) -> Remedies:
    """Return the remedies of 2027 under a budget."""
    return remedies(short_of(budget, costs), costs, raise_by)


def chosen(options: Sequence[Option]) -> dict[Choice, list[int]]:
    """Return the numbers of the agreements that each order chose."""
    return {
        choice: [each.ref.number for each in option.endings]
        for option in options
        for choice in option.choices
    }


PORTFOLIO = (
    committing(1, 50_000, ends=ENDS[2]),
    committing(2, 30_000, ends=ENDS[1]),
    committing(3, 20_000, ends=ENDS[0]),
    committing(4, 15_000, ends=ENDS[0]),
)


def test_the_gap_is_closed_by_raising_the_budget_by_ending_agreements_or_by_both() -> None:
    """R51: 115,000 are committed of 80,000; each of the three ways has its price."""
    told = closing(80_000, *PORTFOLIO)
    assert (told.gap, told.raised.raise_by, told.raised.by_ending) == (
        cad(35_000),
        cad(35_000),
        cad(0),
    )
    assert told.raised.options == ()
    assert chosen(told.ended.options) == {
        Choice.FEWEST: [1],
        Choice.EARLIEST_END: [3, 4],
        Choice.LEAST: [3, 4],
    }
    assert [each.frees for each in told.ended.options] == [cad(50_000), cad(35_000)]
    assert (told.mixed.raise_by, told.mixed.by_ending) == (cad(17_500), cad(17_500))
    assert chosen(told.mixed.options) == {
        Choice.FEWEST: [3],
        Choice.EARLIEST_END: [3],
        Choice.LEAST: [3],
    }


def test_the_mix_raises_by_what_is_said_and_ends_for_the_rest() -> None:
    """More than the gap is not raised; then nothing needs to end."""
    told = closing(80_000, *PORTFOLIO, raise_by=cad(10_000))
    assert (told.mixed.raise_by, told.mixed.by_ending) == (cad(10_000), cad(25_000))
    assert chosen(told.mixed.options)[Choice.FEWEST] == [2]
    whole = closing(80_000, *PORTFOLIO, raise_by=cad(90_000)).mixed
    assert (whole.raise_by, whole.by_ending, whole.options) == (cad(35_000), cad(0), ())


def test_half_of_an_odd_gap_is_rounded_up_to_the_cent() -> None:
    """And of less than a cent all of it is raised."""
    mixed = closing("114999.99", *PORTFOLIO).mixed
    assert (mixed.raise_by, mixed.by_ending) == (cad("0.01"), cad(0))
    mixed = closing("114999.9999", *PORTFOLIO).mixed
    assert (mixed.raise_by, mixed.by_ending) == (cad("0.0001"), cad(0))


def test_a_raise_in_another_currency_is_refused() -> None:
    """The budget has one currency."""
    with pytest.raises(OtherCurrencyError):
        closing(80_000, *PORTFOLIO, raise_by=Money(Decimal(1), "USD"))


def test_ending_an_agreement_frees_only_what_it_has_not_spent() -> None:
    """What is gone is gone; one that has spent all that it was given closes no gap."""
    told = closing(80_000, committing(1, 60_000, 45_000), committing(2, 40_000, 40_000))
    assert told.gap == cad(20_000)
    assert told.ended.options == ()
    assert (told.ended.by_ending, told.ended.open) == (cad(20_000), cad(5_000))
    assert chosen(told.mixed.options)[Choice.FEWEST] == [1]


def test_one_without_a_last_day_comes_last() -> None:
    """Of those that end the same day, the older reference comes first."""
    endless = committing(1, 10_000)
    costs = (endless, committing(3, 10_000, ends=ENDS[1]), committing(2, 10_000, ends=ENDS[1]))
    assert chosen(closing(15_000, *costs).ended.options)[Choice.EARLIEST_END] == [2, 3]


def test_a_year_without_a_gap_has_no_remedies() -> None:
    """There is nothing to mend."""
    with pytest.raises(LookupError):
        closing(900_000, *PORTFOLIO)


def test_of_many_agreements_not_every_set_is_weighed() -> None:
    """The fewest and the first to end are found all the same."""
    costs = [committing(number, number) for number in range(1, MOST_WEIGHED + 2)]
    assert set(chosen(closing(100, *costs).ended.options)) == {Choice.FEWEST, Choice.EARLIEST_END}


PORTFOLIOS = st.lists(st.tuples(st.integers(1, 40), st.sampled_from(ENDS)), min_size=1, max_size=7)


def sets(costs: Sequence[Costs]) -> Iterator[tuple[int, Decimal]]:
    """Yield every set of agreements: how many, and what ending them frees."""
    freed = [each.open_in(YEAR, "CAD").amount for each in costs]
    for size in range(1, len(freed) + 1):
        yield from ((size, sum(some, Decimal())) for some in combinations(freed, size))


@given(PORTFOLIOS, st.integers(0, 120))
def test_every_option_closes_the_gap_and_none_could_leave_one_out(
    portfolio: list[tuple[int, date]], budget: int
) -> None:
    """Held against all sets there are: the fewest are the fewest, the least is the least."""
    costs = [committing(n, amount, ends=ends) for n, (amount, ends) in enumerate(portfolio, 1)]
    year = short_of(budget, costs)
    if year.gap is None:
        return
    gap, told = year.gap, remedies(year, costs).ended
    assert told.open == cad(0)
    enough = [(size, freed) for size, freed in sets(costs) if freed >= gap.amount]
    for option in told.options:
        assert option.frees >= gap
        assert all(option.frees - each.frees < gap for each in option.endings)
    by = {choice: option for option in told.options for choice in option.choices}
    assert set(by) == set(Choice)
    assert len(by[Choice.FEWEST].endings) == min(size for size, _freed in enough)
    assert by[Choice.LEAST].frees.amount == min(freed for _size, freed in enough)
