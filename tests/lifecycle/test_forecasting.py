"""What becomes of the portfolio year by year, as things stand and if something were otherwise."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.policy import Policy
from lifecycle.census import Census
from lifecycle.dossiers import Dossier, Part, dossiers
from lifecycle.evolve import derived, holds_place
from lifecycle.forecasting.asking import wishes
from lifecycle.forecasting.lives import Rules, Wish
from lifecycle.forecasting.years import Case, forecast
from lifecycle.money.accounts import costs_of
from lifecycle.money.budget import year_budget
from states.agreement import Term
from states.problem import InvalidInputError
from states.records import Record
from states.ref import Ref
from states.vocabulary import FINAL, DueRule, State
from tests.builders import complete_agreement, complete_project, funding, policy, staff, standing
from tests.stage import Stage

TODAY = date(2027, 6, 1)
RULES = policy()
Row = Mapping[str, Any]
NOTHING: Row = {}
TERM = Term(date(2027, 1, 1), date(2029, 12, 31))


def dossier(
    number: int,
    state: State = State.ACTIVE,
    *,
    row: Row = NOTHING,
    **told: Any,  # noqa: ANN401
) -> Dossier:
    """Return an agreement in a state, which showed activity lately.

    `row` is how it stands otherwise than follows from document and state.
    """
    document = complete_agreement(**{"term": TERM, **told})
    ref = Ref("TOR", 2026, number)
    at = standing(document, state=state, key=ref.key, **row)
    fresh = Record("activity", date(2027, 5, 1), text="A mission.")
    return Dossier(ref=ref, standing=derived(at, RULES), document=document, records=((9, fresh),))


def case_of(
    *portfolio: Dossier,
    years: int = 4,
    under: Policy = RULES,
    renewed: bool = False,
    **wished: Wish,
) -> Case:
    """Return the forecast of a portfolio; wishes are by number, `n3=Wish.WITH`."""
    keys = {Ref("TOR", 2026, int(name[1:])).key: wish for name, wish in wished.items()}
    rules = Rules(policy=under, today=TODAY, wishes=keys, renewed=renewed)
    [case] = forecast(portfolio, [rules], years)
    return case


def held(case: Case) -> list[int]:
    """Return how many places are held today, and at the end of each year."""
    return [case.now.held, *(year.count.held for year in case.years)]


def active(case: Case) -> list[int]:
    """Return how many agreements are active today, and at the end of each year."""
    return [case.now.active, *(year.count.active for year in case.years)]


STATES = st.sampled_from(State)
TERMS = st.one_of(
    st.none(),
    st.builds(
        lambda start, days: Term(date.fromordinal(start), date.fromordinal(start + days)),
        st.integers(date(2025, 1, 1).toordinal(), date(2028, 12, 31).toordinal()),
        st.integers(0, 2000),
    ),
)
PLACES = st.sets(st.sampled_from(sorted(frozenset(State) - FINAL)), min_size=1)
ROWS = st.fixed_dictionaries({"term": st.sampled_from([1, 2]), "activated": st.booleans()})


@given(
    stated=st.lists(st.tuples(STATES, TERMS, ROWS), max_size=8),
    places=PLACES,
    renewed=st.booleans(),
)
def test_forecast_of_today_is_what_is_counted_today(
    *, stated: Sequence[tuple[State, Term | None, Row]], places: set[State], renewed: bool
) -> None:
    """R11, R50: whatever stands in the portfolio, and in whichever states a place is held."""
    assert RULES.cap is not None
    under = replace(RULES, cap=replace(RULES.cap, states=tuple(places)))
    portfolio = [
        dossier(number, state, term=term, row=row if state is not State.ACTIVE else NOTHING)
        for number, (state, term, row) in enumerate(stated, 1)
    ]
    case = case_of(*portfolio, under=under, renewed=renewed)
    census = Census()
    for one in portfolio:
        census.add(one.standing, one.document, frozenset({"CAD"}))
    assert case.now.active == sum(one.standing.state is State.ACTIVE for one in portfolio)
    assert case.now.held == sum(holds_place(one.standing, under) for one in portfolio)
    for year in case.years:
        assert year.money.committed.amount == census.committed("CAD").get(year.year, 0)
        budget = year_budget(map(costs_of, portfolio), under.program, year.year)
        assert year.money == replace(budget, lines=())


def test_running_agreements_end_with_their_term_and_free_their_place() -> None:
    """The last day is included; what begins later takes its place then."""
    ending = dossier(1, term=Term(date(2025, 1, 1), date(2027, 12, 31)))
    short = dossier(2, term=Term(date(2025, 1, 1), date(2028, 12, 30)))
    coming = dossier(3, State.SIGNED, term=Term(date(2028, 1, 1), date(2030, 12, 31)))
    case = case_of(ending, short, coming)
    assert held(case) == active(case) == [2, 2, 1, 1, 1]
    assert [year.year for year in case.years] == [2027, 2028, 2029, 2030]
    assert case.cap == 10


def test_the_most_places_of_a_year_are_those_of_its_fullest_day() -> None:
    """One that ends in June and one that begins in May both hold a place for a month."""
    ending = dossier(1, term=Term(date(2025, 1, 1), date(2028, 6, 30)))
    coming = dossier(2, State.SIGNED, term=Term(date(2028, 5, 31), date(2031, 5, 30)))
    assert [year.most for year in case_of(ending, coming).years] == [1, 2, 1, 1]


def test_what_waits_for_a_decision_holds_its_place_until_that_is_due() -> None:
    """Overdue, or with no day set, to the end of the year: nobody is assumed to be faster."""
    waiting = dossier(1, State.EVALUATION, row={"activated": True, "deferred": date(2028, 3, 1)})
    late = dossier(2, State.RENEWAL, row={"activated": True, "deferred": date(2027, 3, 1)})
    never = dossier(3, State.EVALUATION, row={"activated": False})
    assert held(case_of(waiting, late, never)) == [2, 2, 0, 0, 0]
    assert [year.most for year in case_of(waiting, late, never).years] == [2, 1, 0, 0]
    assert active(case_of(waiting, late)) == [0] * 5


def test_if_all_are_renewed_none_frees_its_place() -> None:
    """Neither those whose term ends nor those that wait for a decision; money is not assumed."""
    ending = dossier(1, term=Term(date(2025, 1, 1), date(2027, 12, 31)))
    waiting = dossier(2, State.EVALUATION, row={"activated": True, "deferred": date(2027, 9, 1)})
    case = case_of(ending, waiting, renewed=True)
    assert held(case) == [2] * 5
    assert active(case) == [1, 2, 2, 2, 2]
    assert [year.money.committed.amount for year in case.years] == [60_000, 0, 0, 0]


def test_agreement_without_an_end_goes_on_and_is_reviewed() -> None:
    """Its review is a decision that comes up; no day of ending is made up."""
    endless = dossier(1, term=None, review=date(2028, 2, 1))
    case = case_of(endless)
    assert held(case) == [1] * 5
    assert [(one.day, one.rule) for one in case.years[1].due] == [
        (date(2028, 2, 1), DueRule.REVIEW_DUE)
    ]


def test_a_proposal_counts_from_its_term_if_it_is_asked_what_if() -> None:
    """R51: its place, its funding, its staff, and the end of its term as a decision to come."""
    term = Term(date(2028, 1, 1), date(2029, 12, 31))
    proposed = dossier(1, State.NEGOTIATION, term=term, row={"deferred": date(2027, 7, 1)})
    present, case = case_of(proposed), case_of(proposed, n1=Wish.WITH)
    assert (held(present), held(case)) == ([0] * 5, [0, 0, 1, 1, 0])
    assert [year.money.committed.amount for year in present.years] == [0] * 4
    assert [year.money.committed.amount for year in case.years] == [60_000, 0, 0, 0]
    assert [year.staff for year in case.years] == [Decimal("0.5"), 0, 0, 0]
    assert [one.rule for year in present.years for one in year.due] == [DueRule.DECISION_DUE]
    assert [(one.day, one.rule) for year in case.years for one in year.due] == [
        (term.end, DueRule.TERM_OVER)
    ]


def test_a_proposal_whose_term_has_begun_or_is_missing_counts_from_today() -> None:
    """And one whose term is over counts in no year."""
    begun = dossier(1, State.PROPOSAL, term=Term(date(2027, 1, 1), date(2028, 12, 31)))
    without = dossier(2, State.DECISION, term=None)
    over = dossier(3, State.PROPOSAL, term=Term(date(2024, 1, 1), date(2026, 12, 31)))
    case = case_of(begun, without, over, n1=Wish.WITH, n2=Wish.WITH, n3=Wish.WITH)
    assert held(case) == [2, 2, 2, 1, 1]


def test_an_agreement_that_is_left_out_frees_its_place_its_money_and_its_staff() -> None:
    """R51: as if it ended now; what it has spent stays spent."""
    spent = Record(
        "expenditure",
        TODAY,
        project="trade-mission",
        value=Decimal(20_000),
        currency="CAD",
        year=2027,
    )
    one = replace(dossier(1), records=((9, spent),))
    present, case = case_of(one), case_of(one, n1=Wish.WITHOUT)
    assert (held(present), held(case)) == ([1, 1, 1, 1, 0], [0] * 5)
    assert present.years[0].money.bound.amount == 60_000
    assert case.years[0].money.bound.amount == 20_000
    assert present.years[0].staff == Decimal("0.5")
    assert case.years[0].staff == 0
    assert not any(year.due for year in case.years)


def test_a_second_term_keeps_its_place_while_it_is_negotiated() -> None:
    """Counted as if signed, it holds it from today to the end of that term."""
    row = {"term": 2, "activated": True, "deferred": date(2027, 9, 1)}
    term = Term(date(2028, 1, 1), date(2029, 12, 31))
    again = dossier(1, State.NEGOTIATION, term=term, row=row)
    assert held(case_of(again)) == [1, 0, 0, 0, 0]
    assert held(case_of(again, n1=Wish.WITH)) == [1, 1, 1, 1, 0]
    assert held(case_of(again, renewed=True)) == [1] * 5


def test_another_policy_counts_by_its_own_cap_types_and_deadlines() -> None:
    """A type that it does not know counts for nothing, and is told."""
    friendship = replace(RULES.types["friendship"], counts=False)
    under = replace(
        RULES,
        cap=None,
        types={"friendship": friendship},
        deadlines=replace(RULES.deadlines, evaluation_days=10),
    )
    portfolio = (
        dossier(1),
        dossier(2, type="friendship"),
        dossier(3, State.EVALUATION, row={"activated": True, "entered_on": date(2027, 5, 30)}),
        dossier(4, State.DECISION, row={"deferred": date(2028, 7, 1)}),
    )
    case = case_of(*portfolio, under=under)
    assert (case.cap, held(case), active(case)) == (None, [0] * 5, [2, 2, 2, 2, 0])
    assert case.unknown == [Ref("TOR", 2026, 1)]
    assert [(one.day, one.ref.number) for one in case.years[0].due] == [(date(2027, 6, 9), 3)]
    small = replace(RULES, cap=replace(RULES.cap, at_most=2, states=(State.EVALUATION,)))  # type: ignore[type-var] # it has one
    assert held(case_of(*portfolio, under=small)) == [1, 0, 0, 0, 0]


def test_what_is_dormant_today_is_followed_as_long_as_it_is_active() -> None:
    """Dormancy to come is not foretold: nobody knows who will be active."""
    then = Rules(policy=RULES, today=date(2029, 1, 1))
    case_now = case_of(replace(dossier(1), records=()))
    [case] = forecast([replace(dossier(1), records=()), dossier(2)], [then], 3)
    assert case_now.now.dormant == 0
    assert (case.now.dormant, [year.count.dormant for year in case.years]) == (1, [1, 0, 0])


def test_a_decision_that_is_late_is_owed_this_year() -> None:
    """It stands first, with the day on which it was due."""
    late = dossier(1, State.DECISION, row={"deferred": date(2026, 11, 1)})
    soon = dossier(2, term=Term(date(2025, 1, 1), date(2027, 8, 31)))
    [first, second] = case_of(soon, late).years[0].due
    assert (first.day, first.ref.number) == (date(2026, 11, 1), 1)
    assert (second.day, second.rule) == (date(2027, 8, 31), DueRule.TERM_OVER)


def test_staff_are_told_by_year_and_those_without_one_apart() -> None:
    """R20: full-time equivalents as the documents state them, of signed and active agreements."""
    resources = (
        funding(),
        staff(),
        staff(year=2028, amount=Decimal("1.25")),
        staff(year=None, amount=Decimal(2)),
    )
    told = dossier(1, projects=(complete_project(resources=resources),))
    case = case_of(told, dossier(2, State.SIGNED), dossier(3, State.EVALUATION))
    assert [year.staff for year in case.years] == [1, Decimal("1.25"), 0, 0]
    assert case.staff_undated == 2


def test_of_a_whole_portfolio_the_store_counts_the_same(stage: Stage) -> None:
    """An agreement in every state, through a real store: places, activity and commitments agree."""
    for state in State:
        stage.reach(state)
    with stage.store.reading() as reader:
        portfolio = list(dossiers(reader, Part.DOCUMENT, Part.RECORDS))
        rules = reader.policy(reader.policy_in_force(stage.day))
        counted = reader.counted_others(0)
        committed = reader.committed_by_others(0, "CAD", [2027])
    [case] = forecast(portfolio, [Rules(policy=rules, today=stage.day)], 2)
    assert (case.now.held, case.now.active) == (counted, 1)
    [year] = [year for year in case.years if year.year == 2027]
    assert year.money.committed.amount == committed[2027]


def asked(*stated: tuple[int, State], **row: Any) -> list[Any]:  # noqa: ANN401 - any of a row
    """Return agreements that are asked for."""
    return [(d.ref, d.standing) for n, s in stated for d in [dossier(n, s, row=row)]]


def test_only_what_is_ahead_can_be_counted_and_only_what_counts_be_left_out() -> None:
    """All that is wrong with a question is told at once."""
    with pytest.raises(InvalidInputError) as error:
        wishes(
            asked((1, State.ACTIVE), (2, State.SUNSET), (3, State.PROPOSAL)),
            asked((4, State.PROPOSAL), (5, State.DECLINED), (3, State.PROPOSAL)),
        )
    codes = [problem.code for problem in error.value.problems]
    assert codes == ["not_ahead"] * 2 + ["not_counted"] * 3 + ["both_ways"]
    with pytest.raises(InvalidInputError, match="void"):
        wishes(asked((1, State.PROPOSAL), voided="error"), [])
    with pytest.raises(InvalidInputError, match="void"):
        wishes([], asked((1, State.ACTIVE), voided="error"))


def test_several_agreements_may_be_counted_and_left_out() -> None:
    """By their keys; a second term that is negotiated may be either."""
    found = wishes(
        asked((1, State.PROPOSAL), (2, State.NEGOTIATION)),
        asked((3, State.ACTIVE), (4, State.SIGNED), (5, State.NEGOTIATION), activated=True),
    )
    assert list(found.values()) == [Wish.WITH] * 2 + [Wish.WITHOUT] * 3
