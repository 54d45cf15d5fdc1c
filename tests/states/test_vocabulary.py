"""The closed word lists: names on the log that must never change."""

from enum import StrEnum

import pytest

from states.records import FACTORS, KINDS, OUTCOMES, RECOMMENDATIONS, Record
from states.terms import TermRow
from states.vocabulary import (
    DRAFTED,
    FINAL,
    DueRule,
    Event,
    Guard,
    Outcome,
    Role,
    Severity,
    State,
    Trigger,
)

STATES = "proposal decision negotiation signed active evaluation renewal sunset declined"
TRIGGERS = (
    "submit return accept decline withdraw sign activate conclude expire terminate reinstate "
    "renew renegotiate sunset lapse"
)
GUARDS = (
    "proposal_complete type_allowed grounds_stated never_signed criteria_scored factors_answered "
    "cap_available second_person smart_complete resourced time_bound guidelines_stated endorsed "
    "effective project_focus published evaluation_open term_over review_due term_running evaluated "
    "reports_complete was_signed decision_overdue conditions_met"
)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (State, STATES),
        (Trigger, TRIGGERS),
        (Guard, GUARDS),
        (Role, "staff decider auditor admin scheduler"),
        (Severity, "block warn off"),
        (Outcome, "ok refused unchanged"),
        (DueRule, "term_starts term_over review_due decision_due"),
    ],
)
def test_words_on_the_record_are_those_of_the_contract(words: type[StrEnum], expected: str) -> None:
    """Outside checks rely on these words, and old lines of the log hold them for good."""
    assert [str(word) for word in words] == expected.split()


def test_events_on_the_record_keep_their_names() -> None:
    """Events may be added and are never renamed."""
    assert {
        "created",
        "edited",
        "scored",
        "evaluated",
        "recorded",
        "transitioned",
        "refused",
        "taken_over",
        "policy_adopted",
        "nightly_completed",
    } <= set(Event)


def test_final_and_drafted_states_are_apart() -> None:
    """Nothing leads out of sunset and declined; nothing is signed in the first three states."""
    assert {"sunset", "declined"} == FINAL
    assert {"proposal", "decision", "negotiation"} == DRAFTED


def test_sheets_use_the_reports_words() -> None:
    """Five factors, four outcomes and three recommendations, as the report has them."""
    assert len(FACTORS) == 5
    assert OUTCOMES == ("met", "partly", "missed", "not_delivered")
    assert RECOMMENDATIONS == ("renew", "sunset", "reclassify")


@pytest.mark.parametrize("kind", KINDS)
def test_keys_that_a_kind_of_record_needs_are_keys_of_a_record(kind: str) -> None:
    """No kind asks for a key that could not be given."""
    assert set(KINDS[kind]) <= set(Record.__dataclass_fields__)


def test_term_of_which_only_the_number_is_known_has_no_dates() -> None:
    """A term row starts empty and is filled in as things happen."""
    assert TermRow(term=2) == TermRow(term=2, starts=None, concluded_by=None)
