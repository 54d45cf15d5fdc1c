"""A process that is killed in the middle of a change: the change was whole, or never was."""

import signal

import pytest

from states.ref import Ref
from states.vocabulary import Event
from tests.stage import Stage
from tests.store.child import REF, child, edit
from tests.store.raw import unchanged

pytestmark = pytest.mark.sqlite

MOMENTS = (
    "BEGIN IMMEDIATE",
    "SELECT agreement",
    "UPDATE agreement",
    "INSERT INTO entry",
    "INSERT INTO document",
    "DELETE FROM project",
    "DELETE FROM commitment",
    "INSERT INTO beside",
    "UPDATE program",
    "COMMIT",
)
"""The statements of one edit with a reason and contacts, on a day after the last one."""


@pytest.fixture
def proposed(stage: Stage) -> Stage:
    """Return a stage with one proposal and no connection of its own."""
    assert stage.propose() == REF
    stage.store.close()
    return stage


@pytest.mark.parametrize("moment", MOMENTS)
def test_process_killed_before_a_statement_leaves_all_as_it_was(
    proposed: Stage, moment: str
) -> None:
    """Its lock dies with it, and the next process carries the same order out."""
    with unchanged(proposed):
        assert child("die", proposed.path, moment) == (-signal.SIGKILL, "")
    edit(proposed.store)
    assert proposed.document(REF).title == "Edited"
    assert [line.event for line in proposed.entries(REF)] == [Event.CREATED, Event.EDITED]
    assert proposed.verify() == []


def test_process_killed_after_the_commit_has_done_it(proposed: Stage) -> None:
    """A commit that returned is there, though nobody was left to close the file."""
    assert child("die_afterwards", proposed.path) == (-signal.SIGKILL, "")
    assert proposed.document(REF).title == "Edited"
    assert len(proposed.entries(REF)) == 2
    assert proposed.verify() == []


def test_numbers_go_on_after_a_process_was_killed(proposed: Stage) -> None:
    """No reference is skipped or given twice."""
    child("die", proposed.path, "COMMIT")
    assert proposed.propose() == Ref("TOR", 2026, 2)
    assert proposed.verify() == []
