"""A line that names a right, rules or a move that were not is found, though its chain is whole."""

import json
from datetime import timedelta
from typing import Any

import pytest

from lifecycle.entry import Actor
from lifecycle.subjects import of_note
from states.canonical import sha256_hex
from states.notes import Voiding
from states.ref import Ref
from states.table import definition
from states.vocabulary import Role, State, Trigger
from tests.builders import ANNA, BEN, DORA, ERIN
from tests.forging import Change, both, denied, forged, guard, told
from tests.stage import Stage, policy_file

pytestmark = pytest.mark.sqlite
"""Forged is what was read; where it was read from makes no difference."""

MALLORY = Actor("mallory", "asserted")
AUTHORITY = "authority.differs"


@pytest.mark.parametrize(
    ("n", "change", "expected"),
    [
        (1, told(actor=MALLORY), [AUTHORITY]),
        (2, told(actor=MALLORY), [AUTHORITY]),
        (3, told(actor=MALLORY), [AUTHORITY]),
        (6, told(actor=MALLORY), [AUTHORITY]),
        (7, told(actor=MALLORY), [AUTHORITY]),
        (7, told(role=Role.STAFF), [AUTHORITY]),
        (7, told(role=None), [AUTHORITY]),
        (7, told(approver=ERIN), [AUTHORITY]),
        (7, told(on_behalf_of="City Council", item=None), [AUTHORITY]),
        (7, told(rule="term_starts"), [AUTHORITY]),
        (8, told(rule=None), [AUTHORITY]),
        (8, told(actor=Actor(ANNA, "asserted")), [AUTHORITY]),
        (5, told(actor=MALLORY), [AUTHORITY]),
        (7, told(to=State.ACTIVE), ["move.illegal"]),
        (7, told(from_=State.DECISION), ["move.illegal"]),
        (7, told(from_=State.DECISION, trigger=Trigger.ACCEPT), ["move.illegal"]),
        (7, told(trigger=None), ["move.illegal"]),
        (6, told(to=State.ACTIVE), ["move.illegal"]),
        (7, told(definition="0" * 64), ["definition.unknown"]),
        (7, told(sandbox=True), ["line.foreign"]),
        (7, told(program="BER"), ["line.foreign"]),
        (7, told(agreement="TOR-2026-009"), ["line.foreign"]),
    ],
)
def test_right_move_or_origin_that_was_not_is_found(
    city: Stage, ref: Ref, n: int, change: Change, expected: list[str]
) -> None:
    """Who may not, whose role it was not, who approved nothing, and where nothing leads."""
    found = [one for one in forged(city, {(ref, n): change}) if one.n == n]
    assert [one.code for one in found] == expected


def test_role_that_ended_before_is_found(city: Stage) -> None:
    """What somebody did while they had the role is forged to a day when they had it no more."""
    ref = city.reach(State.NEGOTIATION)
    city.on(city.day + timedelta(days=1)).appoint(DORA, Role.DECIDER, granted=False)
    city.on(city.day + timedelta(days=1))
    receipt = city.advance(ref, Trigger.SIGN, actor=ERIN)
    assert not receipt.refused
    actor = {(ref, receipt.n): told(actor=Actor(DORA, "asserted"))}
    assert [one.code for one in forged(city, actor)] == [AUTHORITY]


def test_approval_that_was_given_for_another_deed_is_found(city: Stage) -> None:
    """An approval stands for one deed, and for the content that it was given for."""
    ref = city.reach(State.NEGOTIATION)
    city.approve(ref, "void", of_note(Voiding(None)), actor=ERIN)
    city.approve(ref, "sign", actor=DORA)
    receipt = city.advance(ref, Trigger.SIGN, actor=BEN)
    assert city.last(ref).approver == DORA
    found = forged(city, {(ref, receipt.n): told(approver=ERIN)})
    assert [one.code for one in found] == [AUTHORITY]
    assert "done as staff on the approval of erin" in found[0].message


def test_policy_that_was_not_to_judge_is_found(city: Stage) -> None:
    """The one before, one that nobody adopted, and one adopted later."""
    ref = city.reach(State.PROPOSAL)
    first = city.last(ref).policy
    city.on(city.day + timedelta(days=1))
    for who in (DORA, ERIN):
        city.adopt(policy_file({"in_flight": "new"}), actor=who)
    city.on(city.day + timedelta(days=1)).pull(ref, Trigger.SUBMIT)
    second = city.last(ref).policy
    assert city.verify() == []
    for n, other in ((2, first), (1, second)):
        found = forged(city, {(ref, n): told(policy=other)})
        assert [(one.n, one.code) for one in found] == [(n, "policy.differs")]
    (unknown,) = forged(city, {(ref, 2): told(policy="f" * 64)})
    assert (unknown.n, unknown.code) == (None, "not.recomputed")


def table(trigger: Trigger, **changed: Any) -> bytes:  # noqa: ANN401 - any key of a row
    """Return today's table with one row changed."""
    rows = [
        {**row, **changed} if row["trigger"] == trigger else row for row in json.loads(definition())
    ]
    return json.dumps(rows).encode()


GUARDS = {"guards": ["time_bound", "resourced"]}


@pytest.mark.parametrize(
    ("n", "body", "expected"),
    [
        (7, table(Trigger.SUBMIT), []),
        (7, table(Trigger.SIGN, **{"from": ["proposal"]}), ["move.illegal"]),
        (7, table(Trigger.SIGN, to="active"), ["move.illegal"]),
        (7, table(Trigger.SIGN, by=["admin"]), [AUTHORITY]),
        (7, table(Trigger.SIGN, **GUARDS), ["guard.differs"] * 5),
        (7, table(Trigger.SIGN, by=["mayor"]), ["definition.unknown"]),
        (7, b'[{"trigger": "sign"}]', ["definition.unknown"]),
        (7, b"[1]", ["definition.unknown"]),
        (7, b"nothing", ["definition.unknown"]),
        (7, b"[]", ["move.illegal"]),
        (5, b"[]", []),
    ],
)
def test_line_is_judged_by_the_table_that_it_names(
    city: Stage, ref: Ref, n: int, body: bytes, expected: list[str]
) -> None:
    """Where it leads, whose it is and what is asked: by that table, where it can be read."""
    digest = sha256_hex(body)
    found = forged(city, {(ref, n): told(definition=digest)}, {digest: body})
    assert [one.code for one in found] == expected


def test_table_that_is_not_what_its_digest_says_is_not_known(city: Stage, ref: Ref) -> None:
    """A table is kept under the digest of its bytes."""
    found = forged(city, {(ref, 7): told(definition="0" * 64)}, {"0" * 64: definition()})
    assert [one.code for one in found] == ["definition.unknown"]


def refused(name: str, code: str) -> Change:
    """Return a change that makes a line a refusal of this one reason."""
    return both(
        denied(),
        told(guards=()),
        guard(name, f"unmet:{code}"),
    )


@pytest.mark.parametrize(
    ("name", "code", "expected"),
    [
        ("authority", "role.missing", AUTHORITY),
        ("transition", "agreement.void", "refusal.groundless"),
        ("transition", "not_from_here", "refusal.groundless"),
        ("transition", "version_conflict", None),
    ],
)
def test_refusal_for_what_was_no_reason_is_found(
    city: Stage, ref: Ref, name: str, code: str, expected: str | None
) -> None:
    """A denial of who had the role, a void one that was not; what was expected stands nowhere."""
    found = forged(city, {(ref, 8): refused(name, code)})
    assert [one.code for one in found] == ([expected] if expected else [])


def test_denial_for_another_reason_is_found(city: Stage, ref: Ref) -> None:
    """What stood against it is on the line."""
    city.on(city.day + timedelta(days=1))
    receipt = city.advance(ref, Trigger.TERMINATE, actor="mallory", reason="So be it.")
    assert city.verify() == []
    found = forged(city, {(ref, receipt.n): guard("authority", "unmet:item.missing")})
    assert [one.code for one in found] == [AUTHORITY]
    assert "what stood against it was role.missing" in found[0].message


def test_taken_back_where_there_was_nothing_more_to_take_back_is_found(city: Stage) -> None:
    """One step, and along the last transition alone."""
    ref = city.reach(State.SIGNED)
    n = city.taken_back(ref).n
    assert city.verify() == []
    for to in (State.DECISION, State.SIGNED):
        assert [one.code for one in forged(city, {(ref, n): told(to=to)})] == ["move.illegal"]
