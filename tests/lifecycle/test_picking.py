"""Picking lines of the log: what each filter takes, and samples that can be drawn again."""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from typing import Any

import msgspec
import pytest

from lifecycle.entry import Actor, Entry, GuardResult, entry_of, line_of
from lifecycle.picking import Logged, Search, picked, sample
from states.vocabulary import Event, Outcome, State, Trigger

TORONTO = "America/Toronto"
FORM = Entry(
    program="TOR",
    agreement="TOR-2026-001",
    n=1,
    event=Event.EDITED,
    recorded_at="2026-09-02T03:30:00.000000Z",
    effective_on="2026-09-01",
    actor=Actor("anna", "os"),
    definition="",
    sandbox=False,
    prev=None,
)
"""Late on 1 September in Toronto, when it is 2 September already in UTC."""


def logged(n: int, stream: int = 7, **changes: Any) -> Logged:  # noqa: ANN401 - any key of a line
    """Return a line that differs from the usual one in some keys."""
    keys = {name: getattr(FORM, name) for name in FORM.__struct_fields__}
    return Logged(stream, n, line_of(Entry(**{**keys, "n": n, **changes})))


STORY = (
    logged(1, event=Event.CREATED, to=State.PROPOSAL),
    logged(2),
    logged(
        3,
        event=Event.TRANSITIONED,
        trigger=Trigger.SUBMIT,
        from_=State.PROPOSAL,
        to=State.DECISION,
        actor=Actor("Ben", "os"),
    ),
    logged(4, event=Event.REFUSED, trigger=Trigger.ACCEPT, outcome=Outcome.REFUSED),
    logged(5, event=Event.WAIVED),
    logged(
        6,
        event=Event.TRANSITIONED,
        trigger=Trigger.ACCEPT,
        from_=State.DECISION,
        to=State.NEGOTIATION,
        guards=(GuardResult("criteria_scored", "waived", "scores.missing"),),
    ),
    logged(7, recorded_at="2026-09-02T04:00:00.000000Z"),
    logged(1, stream=8, recorded_at="2026-10-01T12:00:00.000000Z"),
)


def found(lines: Iterable[Logged] = STORY, **asked: Any) -> list[int]:  # noqa: ANN401
    """Return the numbers of the lines that a search takes."""
    return [line.n for line in picked(lines, Search(time_zone=TORONTO, **asked))]


def test_nothing_asked_takes_everything_unread() -> None:
    """Without a filter, lines are handed on as they are, even those that nobody could read."""
    broken = [Logged(7, 1, b"not a line")]
    assert list(picked(broken, Search())) == broken
    assert len(found()) == len(STORY)


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"actors": frozenset({"BEN "})}, [3]),
        ({"triggers": frozenset({Trigger.ACCEPT})}, [4, 6]),
        ({"events": frozenset({Event.CREATED, Event.WAIVED})}, [1, 5]),
        ({"outcome": Outcome.REFUSED}, [4]),
        ({"outcome": Outcome.OK}, [1, 2, 3, 5, 6, 7, 1]),
        ({"waivers": True}, [5, 6]),
        ({"triggers": frozenset({Trigger.ACCEPT}), "outcome": Outcome.OK}, [6]),
    ],
)
def test_each_filter_takes_what_it_names(asked: dict[str, Any], numbers: list[int]) -> None:
    """Who (as people are told apart), what, how; several filters narrow down together."""
    search = Search(time_zone=TORONTO, **asked)
    assert found(**asked) == numbers
    assert [one.n for one in STORY if search.takes(entry_of(one.line))] == numbers


@pytest.mark.parametrize(
    ("state", "numbers"),
    [
        (State.PROPOSAL, [1, 2, 3]),
        (State.DECISION, [3, 4, 5, 6]),
        (State.NEGOTIATION, [6, 7]),
        (State.ACTIVE, []),
    ],
)
def test_state_takes_what_led_in_and_out_and_all_between(state: State, numbers: list[int]) -> None:
    """A stream's state does not go over into the next stream."""
    assert found(states=frozenset({state})) == numbers


def test_days_are_those_of_the_programs_calendar() -> None:
    """Half past eleven at night is that day still; both ends are included."""
    assert found(until=date(2026, 9, 1)) == [1, 2, 3, 4, 5, 6]
    assert found(since=date(2026, 9, 2)) == [7, 1]
    assert found(since=date(2026, 9, 2), until=date(2026, 9, 2)) == [7]


def test_sample_is_what_anybody_draws_who_has_the_lines() -> None:
    """The N smallest of SHA-256 over seed, line feed and line, whatever order they come in."""
    by_hand = sorted(STORY, key=lambda one: sha256(b"audit\n" + one.line).hexdigest())[:3]
    drawn = sample(STORY, 3, "audit")
    assert sorted(drawn, key=lambda one: one.line) == sorted(by_hand, key=lambda one: one.line)
    assert drawn == sample(reversed(STORY), 3, "audit")
    assert drawn == sorted(drawn, key=lambda one: (one.stream, one.n))
    assert len({tuple(sample(STORY, 3, str(seed))) for seed in range(20)}) > 1


def test_sample_of_more_than_there_is_has_everything() -> None:
    """Nothing stands twice in it."""
    assert sample(STORY, 100, "x") == sorted(STORY, key=msgspec.structs.astuple)
