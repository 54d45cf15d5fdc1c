"""The quick facts of a program: counts, oldest and newest, and what can't be shown (R59)."""

from decimal import Decimal
from typing import Any

from guards.policy import Cap
from lifecycle.overview.quick_facts import Signed, quick_facts
from states.standing import Standing
from states.vocabulary import State
from tests.builders import policy, program, standing


def signed(key: int, on: str | None, **changes: Any) -> Standing:  # noqa: ANN401 - any field
    """Return where a signed agreement stands."""
    known = {"signed_on": on, "signed_term": 1, "state": State.ACTIVE, "counted": False}
    return standing(key=key, **{**known, "title": f"Agreement {key}", **changes})


PORTFOLIO = [
    signed(1, "1986", country="CN", taken_over=True, counted=True),
    signed(2, "2018-05-02", type="mou", country="PA", taken_over=True),
    signed(3, "2018", type="mou", country=None),
    signed(4, "1991-03-02", state=State.SUNSET, country="DE"),
    signed(5, None, state=State.EVALUATION, country="CN"),
    standing(key=6, state=State.PROPOSAL, country="JP", counted=False),
    standing(key=7, state=State.ACTIVE, voided="error"),
]


def test_portfolio_is_counted_by_type_state_and_year_of_signing() -> None:
    """What is over is on record and not in force, and what was voided is neither."""
    facts = quick_facts(PORTFOLIO, policy())
    assert (facts.agreements, facts.in_force, facts.taken_over, facts.held) == (6, 4, 2, 1)
    assert facts.by_state == {
        State.PROPOSAL: 1,
        State.ACTIVE: 3,
        State.EVALUATION: 1,
        State.SUNSET: 1,
    }
    assert facts.by_type == {"mou": 2, "partnership": 4}
    assert facts.in_force_by_type == {"mou": 2, "partnership": 2}
    assert facts.signed == {
        ("mou", 2018): 2,
        ("partnership", 1986): 1,
        ("partnership", 1991): 1,
    }
    assert facts.countries == 2


def test_oldest_and_newest_are_told_as_precisely_as_they_are_known() -> None:
    """A day is newer than its year alone; what has no date is neither."""
    facts = quick_facts(PORTFOLIO, policy())
    assert facts.oldest == Signed(1, "1986", "Agreement 1")
    assert facts.newest == Signed(2, "2018-05-02", "Agreement 2")
    assert facts.undated == 1


def test_what_the_record_can_not_show_is_said() -> None:
    """With what would show it; what the policy has is shown."""
    bare = quick_facts([], policy(cap=None))
    assert (bare.oldest, bare.newest, bare.cap, bare.agreements) == (None, None, None, 0)
    assert {one.what for one in bare.unshown} >= {
        "agreements that nobody entered",
        "how many goals the program has",
        "the cap",
        "how the budget has changed",
    }
    budget = {"2016": Decimal(984000), "2017": Decimal(900000)}
    rules = policy(cap=Cap(10), program=program(goals={"trade": "Trade"}, budget=budget))
    facts = quick_facts(PORTFOLIO, rules)
    assert (facts.cap, facts.budget, facts.goals) == (
        10,
        {2016: Decimal(984000), 2017: Decimal(900000)},
        {"trade": "Trade"},
    )
    assert [one.what for one in facts.unshown] == [
        "agreements that nobody entered",
        "when 1 signed agreements were signed",
        "how many objectives the policy framework has",
    ]
