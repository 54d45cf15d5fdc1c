"""Where lines, or what they cite, are gone or were altered: said once, and never a traceback."""

import pytest

from states.ref import Ref
from states.vocabulary import Event, State
from tests.forging import forged, told
from tests.stage import Stage

pytestmark = pytest.mark.sqlite
"""What is planted is written for SQLite."""


def planted(stage: Stage, *statements: str) -> list[tuple[str, int | None, str]]:
    """Return what judging finds after changes behind the product's back."""
    tables = ("entry", "document", "beside", "policy")
    drops = [f"DROP TRIGGER {name}_no_{verb}" for name in tables for verb in ("update", "delete")]
    stage.tamper("PRAGMA foreign_keys=OFF", *drops, *statements)
    stage.store.close()
    with stage.store.reading() as reader:
        return [(one.stream, one.n, one.code) for one in reader.recompute()]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET line = '{}' WHERE stream > 0 AND n = 3",
        "UPDATE entry SET line = replace(line, 'created', 'healed') WHERE stream > 0 AND n = 1",
        "DELETE FROM document",
        "UPDATE document SET body = '{}'",
    ],
)
def test_stream_that_can_not_be_followed_is_said_once(
    city: Stage, ref: Ref, statement: str
) -> None:
    """And the other streams are judged all the same."""
    city.reach(State.NEGOTIATION)
    statement = statement.replace("stream > 0", f"stream = {ref.key}")
    assert (str(ref), None, "not.recomputed") in planted(city, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET line = '{}' WHERE stream = 0 AND n = 3",
        "DELETE FROM beside WHERE kind = 'role'",
        "UPDATE beside SET body = '{}' WHERE kind = 'role'",
    ],
)
def test_program_that_can_not_be_followed_is_said_once(
    city: Stage, ref: Ref, statement: str
) -> None:
    """Without its roles and policies, no line can be judged."""
    assert city.standing(ref).state is State.ACTIVE
    assert planted(city, statement) == [("TOR", None, "not.recomputed")]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM beside WHERE kind = 'scores'",
        "UPDATE beside SET body = '{}' WHERE kind = 'scores'",
        "DELETE FROM beside WHERE part = 'reason'",
        "UPDATE beside SET body = '' WHERE part = 'reason'",
    ],
)
def test_what_was_erased_is_not_held_against_a_line(city: Stage, ref: Ref, statement: str) -> None:
    """Whether it was erased by right is not asked here; that a reason was stated is on the line."""
    assert city.standing(ref).state is State.ACTIVE
    assert planted(city, statement) == []


def test_stream_without_its_first_line_is_found(city: Stage, ref: Ref) -> None:
    """Nothing enters it, and what it had at first is not there."""
    found = planted(city, f"DELETE FROM entry WHERE stream = {ref.key} AND n = 1")  # noqa: S608
    assert (str(ref), 2, "move.illegal") in found


def test_line_of_an_agreement_that_is_not_entered_is_found(city: Stage, ref: Ref) -> None:
    """The first line enters it."""
    found = forged(city, {(ref, 1): told(event=Event.EDITED, to=None)})
    assert ("move.illegal", 1) in [(one.code, one.n) for one in found]
    again = told(event=Event.TAKEN_OVER)
    assert [one.code for one in forged(city, {(ref, 3): again})][:1] == ["move.illegal"]
