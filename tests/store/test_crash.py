"""A process that is killed in the middle of a change: the change was whole, or never was."""

import random
import signal
from collections.abc import Callable
from dataclasses import replace

import pytest

from lifecycle.adoption import adopt
from lifecycle.amending import amend
from lifecycle.appointing import appoint
from lifecycle.approving import approve
from lifecycle.attaching import Paper, attach
from lifecycle.drafting import apply, propose
from lifecycle.subjects import of_document
from states.ref import Ref
from states.roles import RoleChange
from states.vocabulary import Event, Role, State, Trigger
from tests.builders import complete_agreement
from tests.concurrency.deeds import Give, Pull
from tests.conftest import seldom
from tests.stage import Stage, parsed, policy_file
from tests.store.child import REF, child, edited
from tests.store.dying import dies_before, going_on
from tests.store.raw import everything

STRICTER = policy_file({"deadlines": {"evaluation_days": 20}})
ROUNDS = [
    pytest.param(3, id="3 kills"),
    pytest.param(100, id="100 kills", marks=pytest.mark.reliability),
]


def proposing(stage: Stage) -> Give:
    """Order a new agreement."""
    return Give(stage.day, propose, (complete_agreement(),))


def editing(stage: Stage) -> Give:
    """Order a document and contacts of which nothing is as before, on a later day."""
    ref = stage.propose()
    return Give(stage.on(stage.day.replace(day=2)).day, apply, (ref, edited()))


def signing(stage: Stage) -> Pull:
    """Order a transition."""
    return Pull(stage.day, str(stage.reach(State.NEGOTIATION)), Trigger.SIGN, actor="dora")


def amending(stage: Stage) -> Give:
    """Order what both sides newly agreed on, which somebody else has approved."""
    ref = stage.reach(State.ACTIVE)
    amended = replace(stage.document(ref), renewal_guidelines="Renewed by both sides.")
    word = ("amend", of_document(amended))
    stage.do(lambda u, o: approve(u, o, ref, *word), actor="dora")
    return Give(stage.day, amend, (ref, amended))


def attaching(stage: Stage) -> Give:
    """Order a file to be attached."""
    ref = stage.propose()
    return Give(stage.day, attach, (ref, Paper("signed.pdf", "signed", bytes(100_000))))


def granting(stage: Stage) -> Give:
    """Order the first grant, which makes who gives it admin: two lines."""
    return Give(stage.day, appoint, (RoleChange("dora", Role.DECIDER, granted=True),))


def adopting(stage: Stage) -> Give:
    """Order a policy that another decider has approved; it derives two agreements anew."""
    for _ in range(2):
        stage.reach(State.EVALUATION)
    for name in ("dora", "erin"):
        stage.appoint(name, Role.DECIDER, actor="root")
    order = (STRICTER, parsed(STRICTER), stage.day)
    stage.do(lambda u, o: adopt(u, o, *order), actor="dora")
    assert stage.last(None).event is Event.APPROVED
    return Give(stage.day, adopt, order, actor="erin")


@pytest.mark.sqlite
@pytest.mark.parametrize(
    "deed", seldom([editing, signing, adopting, proposing, amending, attaching, granting], 3)
)
def test_process_killed_before_any_statement_leaves_all_as_it_was(
    stage: Stage, deed: Callable[[Stage], Give | Pull]
) -> None:
    """Its lock dies with it, and the next process carries the same order out."""
    ordered = deed(stage)
    stage.store.close()
    before = everything(stage.url)
    number = 0
    while dies_before(stage.url, ordered, number):
        assert everything(stage.url) == before, number
        number += 1
    assert number > 5
    assert everything(stage.url) != before
    assert stage.verify() == []


@pytest.mark.parametrize("rounds", ROUNDS)
def test_processes_killed_at_any_time_have_done_what_they_told(stage: Stage, rounds: int) -> None:
    """And at most the one thing more that they were at; the next one goes on from there."""
    ref = stage.propose()
    chance = random.Random(rounds)  # noqa: S311 - of a test
    told = 1
    for _ in range(rounds):
        with going_on(stage.url, stage.day, ref) as pipe:
            for _ in range(chance.randint(1, 5)):
                told = pipe.recv()
        while pipe.poll():
            try:
                told = pipe.recv()
            except EOFError:
                break
        assert stage.standing(ref).n in {told, told + 1}
        if stage.standing(ref).state is State.DECISION:
            stage.advance(ref, Trigger.RETURN, ground="needs_changed")
    assert [line.n for line in stage.entries(ref)] == list(range(1, stage.standing(ref).n + 1))
    assert stage.verify() == []


@pytest.fixture
def proposed(stage: Stage) -> Stage:
    """Return a stage with one proposal and no connection of its own."""
    assert stage.propose() == REF
    stage.store.close()
    return stage


@pytest.mark.sqlite
def test_process_killed_after_the_commit_has_done_it(proposed: Stage) -> None:
    """A commit that returned is there, though nobody was left to close the file."""
    assert child("die_afterwards", proposed.path) == (-signal.SIGKILL, "")
    assert proposed.document(REF).title == "Edited"
    assert len(proposed.entries(REF)) == 2
    assert proposed.verify() == []


@pytest.mark.sqlite
def test_numbers_go_on_after_a_process_was_killed(proposed: Stage) -> None:
    """No reference is skipped or given twice."""
    assert dies_before(proposed.url, proposing(proposed), 5)
    assert proposed.propose() == Ref("TOR", 2026, 2)
    assert proposed.verify() == []
