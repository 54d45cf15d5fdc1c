"""What of a document may change in which state."""

from datetime import date, timedelta
from typing import Any

import pytest

from guards.kept import change_allowed, changed_keys
from states.agreement import Agreement, Contact, TakenOver
from states.vocabulary import State
from tests.builders import complete_agreement, open_ended_policy, policy, standing

TODAY = date(2028, 5, 1)
ONE_DAY = timedelta(days=1)
FRIENDS = complete_agreement(type="friendship")
SIGNED_STATES = (State.SIGNED, State.ACTIVE, State.EVALUATION, State.RENEWAL)


def codes_of(
    state: State, after: Agreement, before: Agreement | None = None, type_: str = "partnership"
) -> list[str]:
    """Return what stands against a change in a state."""
    old = before or complete_agreement()
    under = open_ended_policy() if old.term is None else policy()
    at = standing(old, state=state, type=type_)
    return [u.code for u in change_allowed(at, old, after, under, TODAY)]


def test_changed_keys_are_told_in_the_documents_order() -> None:
    """What differs is named once, by its top-level key."""
    after = complete_agreement(parties=(), title="Other", owner="ben")
    assert changed_keys(complete_agreement(), after) == ("title", "owner", "parties")
    assert changed_keys(after, after) == ()


@pytest.mark.parametrize("state", [State.PROPOSAL, State.DECISION, State.NEGOTIATION])
def test_everything_may_change_while_it_is_drafted(state: State) -> None:
    """Nothing is agreed yet."""
    assert codes_of(state, complete_agreement(title="Other", term=None, owner="ben")) == []


@pytest.mark.parametrize("state", SIGNED_STATES)
def test_agreed_content_does_not_change_once_signed(state: State) -> None:
    """The refusal names the keys, and points at the first."""
    after = complete_agreement(title="Other", term=None)
    at = standing(state=state)
    (condition,) = change_allowed(at, complete_agreement(), after, policy(), TODAY)
    assert (condition.code, condition.field) == ("document.agreed", "title")
    assert condition.message.startswith("title, term was agreed")


@pytest.mark.parametrize("state", SIGNED_STATES)
def test_refusal_names_the_ways_that_are_open(state: State) -> None:
    """While it is in force an amendment, until it ends a correction, and another type."""
    at = standing(state=state)
    for after, typed in ((complete_agreement(title="Other"), False), (FRIENDS, True)):
        (condition,) = change_allowed(at, complete_agreement(), after, policy(), TODAY)
        runs = state in {State.SIGNED, State.ACTIVE}
        assert ("lifecycle amend REF" in condition.fix) is runs
        assert "lifecycle correct REF" in condition.fix
        assert ("lifecycle reclassify REF TYPE" in condition.fix) is typed
        assert "owner" in condition.fix


@pytest.mark.parametrize("state", SIGNED_STATES)
@pytest.mark.parametrize(
    "changes",
    [
        {"owner": "ben"},
        {"division": "Culture"},
        {"aliases": ("Chungking",)},
        {"contacts": (Contact("partner", "Li"),)},
        {"review": date(1999, 1, 1)},
    ],
    ids=["owner", "division", "aliases", "contacts", "review_beside_a_term"],
)
def test_kept_keys_change_in_every_signed_state(state: State, changes: dict[str, Any]) -> None:
    """Staff keep these up for as long as the agreement lives."""
    assert codes_of(state, complete_agreement(**changes)) == []


@pytest.mark.parametrize("state", [State.SUNSET, State.DECLINED])
def test_nothing_changes_in_a_final_state(state: State) -> None:
    """Not even the owner; the same document again is no change."""
    assert codes_of(state, complete_agreement(owner="ben")) == ["document.final"]
    assert codes_of(state, complete_agreement()) == []


@pytest.mark.parametrize(
    ("review", "expected"),
    [
        (None, ["review.not_ahead"]),
        (TODAY, ["review.not_ahead"]),
        (TODAY + ONE_DAY, []),
        (date(2029, 5, 1), []),
        (date(2029, 5, 2), ["review.not_ahead"]),
    ],
)
@pytest.mark.parametrize("type_", ["partnership", "unknown"])
def test_review_that_is_moved_stays_ahead(
    review: date | None, expected: list[str], type_: str
) -> None:
    """Without a term the review is the juncture: after today, within the policy's interval."""
    before = complete_agreement(term=None, review=date(2028, 6, 1))
    after = complete_agreement(term=None, review=review)
    assert codes_of(State.ACTIVE, after, before, type_) == expected


def test_review_that_is_left_alone_may_have_passed() -> None:
    """Changing the owner of an agreement under review is not held up by the review."""
    before = complete_agreement(term=None, review=date(2028, 1, 1))
    after = complete_agreement(term=None, review=date(2028, 1, 1), owner="ben")
    assert codes_of(State.EVALUATION, after, before) == []


@pytest.mark.parametrize("state", [State.PROPOSAL, State.DECISION, State.NEGOTIATION])
def test_type_becomes_one_that_is_created_and_no_other(state: State) -> None:
    """An agreement is not made into an MOU after `submit` asked what may be created (R30)."""
    assert codes_of(state, complete_agreement(type="mou")) == ["type.not_created"]
    assert codes_of(state, complete_agreement(type="alliance")) == ["type.not_created"]
    assert codes_of(state, complete_agreement(type="friendship")) == []


def test_where_it_was_taken_over_from_is_never_changed() -> None:
    """The flag and its source stay for good (R47)."""
    origin = TakenOver("1986", "The archive.")
    assert codes_of(State.NEGOTIATION, complete_agreement(taken_over=origin)) == ["document.origin"]
