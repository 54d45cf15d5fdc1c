"""That `transitions` really decides: what its conditions and rows say is what `advance` does."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest
from transitions import Machine

from guards import registry
from guards.case import Case
from guards.conditions import Unmet, Verdict
from lifecycle import machine
from lifecycle.machine import Decision, decide
from states.table import TRANSITIONS, Transition
from states.vocabulary import Guard, Severity, State, Trigger
from tests.stage import Stage, codes

UNMET = Unmet("a_guard", "a_code", "It lacks something.", "Add it.", "the rule", "BOX1")
ADVICE = msgspec.structs.replace(UNMET, advisory=True)
NO_VERDICTS: tuple[Verdict, ...] = ()


def _always(_case: Case) -> Iterator[Unmet]:
    yield UNMET


@pytest.fixture
def fresh_machine() -> Iterator[None]:
    """Let the machine be built anew, in the test and after it."""
    machine._machine.cache_clear()  # noqa: SLF001 - the cache is what the test is about
    yield
    machine._machine.cache_clear()  # noqa: SLF001


def test_predicate_that_breaks_refuses_what_was_allowed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Breaking one condition changes what advance does, so the condition is what decided."""
    ref = stage.propose()
    broken = {**registry.PREDICATES, Guard.TYPE_ALLOWED: _always}
    monkeypatch.setattr(registry, "PREDICATES", broken)
    refused = stage.advance(ref, Trigger.SUBMIT)
    assert (refused.refused, codes(refused)) == (True, ["a_code"])
    assert stage.standing(ref).state is State.PROPOSAL
    monkeypatch.undo()
    assert stage.advance(ref, Trigger.SUBMIT).to is State.DECISION


def test_predicate_that_is_silenced_allows_what_was_refused(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without its condition a transition goes through: nothing else holds it back."""
    ref = stage.along((Trigger.SUBMIT,))
    assert stage.advance(ref, Trigger.ACCEPT).refused
    silent = {
        **registry.PREDICATES,
        Guard.CRITERIA_SCORED: lambda _case: iter(()),
        Guard.FACTORS_ANSWERED: lambda _case: iter(()),
    }
    monkeypatch.setattr(registry, "PREDICATES", silent)
    assert stage.advance(ref, Trigger.ACCEPT).to is State.NEGOTIATION


@pytest.mark.usefixtures("fresh_machine")
def test_machine_of_a_changed_row_leads_where_that_row_says(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The machine is built from the table's rows and from nothing else."""

    def changed(row: Transition) -> Transition:
        return replace(row, target=State.SUNSET) if row.trigger is Trigger.SUBMIT else row

    monkeypatch.setattr(machine, "TRANSITIONS", tuple(map(changed, TRANSITIONS)))
    assert decide(State.PROPOSAL, Trigger.SUBMIT, lambda: NO_VERDICTS).target is State.SUNSET


@pytest.mark.usefixtures("fresh_machine")
def test_machine_without_a_row_has_no_such_move(monkeypatch: pytest.MonkeyPatch) -> None:
    """A source state taken out of a row can't be left by its trigger any more."""

    def narrowed(row: Transition) -> Transition:
        return replace(row, sources=(State.SIGNED,)) if row.trigger is Trigger.EXPIRE else row

    monkeypatch.setattr(machine, "TRANSITIONS", tuple(map(narrowed, TRANSITIONS)))
    assert not decide(State.ACTIVE, Trigger.EXPIRE, lambda: NO_VERDICTS).legal
    assert decide(State.SIGNED, Trigger.EXPIRE, lambda: NO_VERDICTS).legal


@pytest.mark.usefixtures("fresh_machine")
def test_machine_is_built_once_for_any_number_of_decisions(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Building costs ten times what triggering costs, so it happens once a process."""
    built: list[Machine] = []

    class Counted(Machine):
        def __init__(self, **how: Any) -> None:  # noqa: ANN401 - whatever a Machine takes
            built.append(self)
            super().__init__(**how)

    monkeypatch.setattr(machine, "Machine", Counted)
    for _ in range(50):
        decide(State.PROPOSAL, Trigger.SUBMIT, lambda: NO_VERDICTS)
    assert len(built) == 1


@pytest.mark.usefixtures("fresh_machine")
def test_machine_has_no_way_round_the_guards() -> None:
    """No `to_<state>` trigger exists, and every trigger asks the guards."""
    shared = machine._machine()  # noqa: SLF001
    assert set(shared.events) == set(Trigger)
    for event in shared.events.values():
        for moves in event.transitions.values():
            assert all(len(move.conditions) == 1 for move in moves)
    assert not any(name.startswith("to_") for name in vars(machine))
    assert shared.models == []


@pytest.mark.parametrize(
    ("verdict", "target"),
    [
        (Verdict("g", Severity.BLOCK, (UNMET,)), None),
        (Verdict("g", Severity.BLOCK, (ADVICE,)), State.DECISION),
        (Verdict("g", Severity.WARN, (UNMET,)), State.DECISION),
        (Verdict("g", Severity.OFF), State.DECISION),
        (Verdict("g", Severity.BLOCK), State.DECISION),
    ],
)
def test_only_a_blocking_verdict_stops_the_machine(verdict: Verdict, target: State | None) -> None:
    """Warnings and guards that are off are told, and let the transition through."""
    decision = decide(State.PROPOSAL, Trigger.SUBMIT, lambda: (verdict,))
    assert decision == Decision(target, (verdict,))


def test_guards_are_not_asked_where_the_table_has_no_move() -> None:
    """An illegal trigger costs no reading of facts."""

    def never() -> tuple[Verdict, ...]:
        pytest.fail("the guards were asked")

    assert decide(State.SUNSET, Trigger.SUBMIT, never) == Decision(None, legal=False)


def test_guard_that_raises_is_not_taken_for_a_refusal() -> None:
    """A fault in a guard surfaces as itself; it is neither swallowed nor a decision."""

    def broken() -> tuple[Verdict, ...]:
        message = "a fault"
        raise ZeroDivisionError(message)

    with pytest.raises(ZeroDivisionError, match="a fault"):
        decide(State.PROPOSAL, Trigger.SUBMIT, broken)
    assert decide(State.PROPOSAL, Trigger.SUBMIT, lambda: NO_VERDICTS).target is State.DECISION
