"""Replay of roles, decisions and attachments: what was planted behind the log's back is found."""

from typing import Any

import msgspec
import pytest

from lifecycle.entry import digest_of, entry_of, line_of
from lifecycle.replay import chain_findings
from states.ref import Ref
from states.vocabulary import Event, State, Trigger
from tests.builders import complete_agreement
from tests.stage import Stage, codes

pytestmark = pytest.mark.sqlite
"""What is planted is written for SQLite."""

GUARDING = (
    "entry_no_update",
    "entry_no_delete",
    "beside_no_update",
    "beside_no_delete",
    "attachment_no_update",
    "attachment_no_delete",
)


@pytest.fixture
def ref(city: Stage) -> Ref:
    """Return a friendship with a waiver, an approval and an attached file."""
    found = city.reach(State.NEGOTIATION, complete_agreement(type="friendship"))
    city.waive(found, "endorsed:endorsement.missing", Trigger.SIGN)
    city.approve(found, "sign")
    city.attach(found)
    return found


def planted(stage: Stage, statement: str) -> set[str]:
    """Return the codes of what verify finds after a change behind the product's back."""
    assert stage.verify() == []
    drops = [f"DROP TRIGGER {name}" for name in GUARDING]
    stage.tamper("PRAGMA foreign_keys=OFF", *drops, statement)
    stage.store.close()
    return {finding.code for finding in stage.verify()}


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("UPDATE program SET roles = '[]'", {"roles.differ"}),
        ("UPDATE program SET roles = replace(roles, 'erin', 'eve')", {"roles.differ"}),
        ("UPDATE program SET roles = replace(roles, '2026-09-01', '2020')", {"roles.differ"}),
        ("UPDATE beside SET body = '{}' WHERE kind = 'role'", {"beside.differs", "roles.differ"}),
        ("DELETE FROM beside WHERE kind = 'role'", {"beside.differs", "roles.differ"}),
        ("UPDATE beside SET body = '{}' WHERE kind = 'approval'", {"source.damaged"}),
        ("DELETE FROM beside WHERE kind = 'approval'", {"source.damaged"}),
        ("DELETE FROM beside WHERE kind = 'waiver'", {"source.damaged"}),
        (
            "UPDATE beside SET body = replace(body, 'sign', 'void') WHERE kind = 'approval'",
            {"source.damaged"},
        ),
        ("UPDATE agreement SET approvals = '[]'", {"row.differs"}),
        ("UPDATE agreement SET waivers = '[]'", {"row.differs"}),
        ("UPDATE attachment SET body = x'00'", {"attachment.damaged"}),
        ("DELETE FROM attachment", {"attachment.damaged"}),
    ],
)
def test_planted_role_decision_or_file_is_found(
    city: Stage, ref: Ref, statement: str, expected: set[str]
) -> None:
    """In the rows, beside the lines, and under the digests."""
    assert city.standing(ref).approvals
    assert planted(city, statement) == expected


def test_role_without_anybody_who_granted_it_is_found(city: Stage) -> None:
    """Whoever can write to the file can give themselves a role, and verify says so."""
    given = '{"name":"eve","role":"decider","since":"2020-01-01T00:00:00.000000Z","until":null}'
    sql = f"UPDATE program SET roles = replace(roles, '[{{', '[{given},{{')"  # noqa: S608
    assert planted(city, sql) == {"roles.differ"}
    ref = city.reach(State.DECISION)
    city.score(ref)
    assert not city.advance(ref, Trigger.ACCEPT, actor="eve").refused
    assert {finding.code for finding in city.verify()} == {"roles.differ"}


def test_approval_planted_in_a_row_is_found_before_and_after_it_is_used(city: Stage) -> None:
    """Using it writes a line that names an approver who never approved."""
    ref = city.reach(State.NEGOTIATION)
    given = {
        "deed": "sign",
        "by": "dora",
        "at": "2026-09-02T00:00:00.000000Z",
        "n": 9,
        "policy": city.standing(ref).policy,
        "until": "2030-01-01",
    }
    body = msgspec.json.encode([given]).decode()
    assert planted(city, f"UPDATE agreement SET approvals = '{body}'") == {"row.differs"}  # noqa: S608


def forged(lines: list[bytes], place: int, **told: Any) -> list[bytes]:  # noqa: ANN401
    """Return a chain with one line changed and everything after it chained anew."""
    made: list[bytes] = []
    for index, line in enumerate(lines):
        prev = digest_of(made[-1]) if made else None
        changes = told if index == place else {}
        made.append(line_of(msgspec.structs.replace(entry_of(line), **{"prev": prev, **changes})))
    return made


@pytest.mark.parametrize(
    ("place", "changes"),
    [
        (-1, {"to": State.ACTIVE}),
        (-1, {"from_": State.ACTIVE}),
        (0, {"from_": State.DECISION}),
        (-2, {"event": Event.EDITED, "to": State.ACTIVE}),
        (-2, {"event": Event.CREATED, "to": State.PROPOSAL}),
        (-2, {"event": Event.CORRECTED, "to": State.PROPOSAL}),
    ],
)
def test_chain_that_goes_back_otherwise_than_along_the_last_transition_is_found(
    city: Stage, place: int, changes: dict[str, Any]
) -> None:
    """Only a correction goes back, one step; no other line moves a state at all."""
    ref = city.reach(State.SIGNED)
    city.taken_back(ref)
    lines = city.raw(ref)
    assert list(chain_findings("TOR", lines)) == []
    found = chain_findings("TOR", forged(lines, place % len(lines), **changes))
    assert "move.illegal" in {finding.code for finding in found}


def test_last_line_that_goes_back_can_not_be_forged_twice(city: Stage) -> None:
    """Taken back is what stands, and after it there is nothing more to take back."""
    ref = city.reach(State.SIGNED)
    city.taken_back(ref)
    again = entry_of(city.raw(ref)[-1])
    second = msgspec.structs.replace(
        again,
        n=again.n + 1,
        prev=digest_of(line_of(again)),
        from_=State.NEGOTIATION,
        to=State.DECISION,
    )
    lines = [*city.raw(ref), line_of(second)]
    assert [finding.code for finding in chain_findings("TOR", lines)] == ["move.illegal"]


def test_whole_life_with_every_kind_of_change_replays_to_its_row(city: Stage) -> None:
    """Amended, taken back, waived, attached, reclassified, voided: the log alone gives the row."""
    ref = city.reach(State.SIGNED)
    city.taken_back(ref)
    city.attach(ref)
    city.pull(ref, Trigger.SIGN)
    city.pull(ref, Trigger.ACTIVATE)
    city.pull(ref, Trigger.TERMINATE)
    city.taken_back(ref)
    assert codes(city.reclassify(ref, "friendship"))
    city.voided(ref)
    assert city.verify() == []
