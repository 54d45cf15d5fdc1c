"""Lines that the product never writes, and how somebody would write them past it.

Each is a real line of the product with something of it changed, over a bare connection of a login
that may call the database's functions.
"""

from dataclasses import dataclass, field
from typing import Any

import psycopg
from msgspec.structs import replace

from lifecycle.entry import Actor, entry_of, line_of
from states.canonical import sha256_hex
from states.codec import encode
from states.ref import Ref
from states.vocabulary import Event, Outcome, Role, State, Trigger
from tests.builders import ANNA, DORA, ERIN
from tests.hands import ADMIN, SYSTEM
from tests.store.logins import City

CALL = (
    b"SELECT written FROM lifecycle.append(1, %(key)s, %(version)s, %(n)s, NULL, NULL, %(line)s,"
    b" %(changed)s, NULL, NULL)"
)
CALL_PROGRAM = b"SELECT lifecycle.append_program(1, %(line)s, %(changed)s)"


@dataclass(frozen=True)
class Try:
    """A line that somebody tries to write on an agreement's stream, and what comes with it."""

    who: str
    change: dict[str, Any]
    says: str
    changed: dict[str, Any] = field(default_factory=dict)
    before: tuple[str, ...] = ()


def next_line(city: City, ref: Ref | None, who: str, **change: Any) -> bytes:  # noqa: ANN401
    """Return the line that would follow a stream's last one, by somebody, changed."""
    lines = city.raw(ref)
    last = entry_of(lines[-1])
    entry = replace(
        last,
        n=last.n + 1,
        prev=sha256_hex(lines[-1]),
        actor=Actor(city.logins.name(who), "database"),
        event=Event.RECORDED if ref else Event.NIGHTLY_COMPLETED,
        trigger=None,
        from_=None,
        to=None,
        role=Role.STAFF if ref else Role.SCHEDULER,
        outcome=Outcome.OK,
        approver=None,
        document=None,
        content=None,
        key=None,
        guards=(),
    )
    return line_of(replace(entry, **change))


def write(own: psycopg.Connection[Any], city: City, ref: Ref, line: bytes, **changed: Any) -> Any:  # noqa: ANN401
    """Write a line past the product; returns what the function answers."""
    standing = city.standing(ref)
    values = {
        "key": ref.key,
        "version": standing.version,
        "n": standing.n,
        "line": line.decode(),
        "changed": encode(changed).decode(),
    }
    return own.execute(CALL, values).fetchone()


def write_program(own: psycopg.Connection[Any], line: bytes, **changed: Any) -> Any:  # noqa: ANN401
    """Write a line of the program's own stream past the product."""
    values = {"line": line.decode(), "changed": encode(changed).decode()}
    return own.execute(CALL_PROGRAM, values).fetchone()


SIGNED = {
    "event": Event.TRANSITIONED,
    "trigger": Trigger.SIGN,
    "from_": State.NEGOTIATION,
    "to": State.SIGNED,
    "role": Role.DECIDER,
}
GIVEN = {
    "deed": "sign", "by": DORA, "at": "2026-09-01T15:00:00.000000Z", "n": 5, "policy": "",
    "until": "2099-01-01", "subject": None, "body": None, "item": None,
}  # fmt: skip
TRIES = {
    "a role that one does not hold": Try(ANNA, SIGNED, "does not hold the role decider"),
    "a trigger that is not one's role's": Try(
        ANNA, SIGNED | {"role": Role.STAFF}, "the role staff may not do sign"
    ),
    "an approval that nobody gave": Try(
        ANNA, SIGNED | {"role": Role.STAFF, "approver": DORA}, "no approval of sign by"
    ),
    "a body without its item": Try(
        ANNA, SIGNED | {"role": Role.STAFF, "on_behalf_of": "city_council"}, "may not do sign"
    ),
    "no role at all": Try(DORA, SIGNED | {"role": None}, "in no role"),
    "the nightly check's own trigger": Try(
        ANNA,
        {"event": Event.TRANSITIONED, "trigger": Trigger.EXPIRE, "from_": State.ACTIVE,
         "to": State.EVALUATION},
        "the role staff may not do expire",
    ),
    "a move that the table does not have": Try(
        DORA, SIGNED | {"to": State.ACTIVE}, "does not lead where the line says"
    ),
    "a move from where it does not stand": Try(
        DORA,
        {"event": Event.TRANSITIONED, "trigger": Trigger.ACCEPT, "from_": State.DECISION,
         "to": State.NEGOTIATION, "role": Role.DECIDER},
        "does not lead where the line says",
    ),
    "a state that is no transition's": Try(
        DORA, {"to": State.SIGNED, "role": Role.DECIDER}, "does not lead where the line says"
    ),
    "a second beginning": Try(
        ANNA, {"event": Event.CREATED, "to": State.PROPOSAL}, "does not lead where the line says"
    ),
    "a way back that nobody came": Try(
        DORA,
        {"event": Event.CORRECTED, "from_": State.NEGOTIATION, "to": State.PROPOSAL,
         "role": Role.DECIDER},
        "does not lead where the line says",
    ),
    "a line of the program's on an agreement": Try(
        SYSTEM,
        {"event": Event.NIGHTLY_COMPLETED, "role": Role.SCHEDULER},
        "does not lead where the line says",
    ),
    "an event of no release": Try(ANNA, {"event": "sold"}, "the role staff may not do sold"),
    "a restored line": Try(
        ANNA, {"event": Event.RESTORED, "role": None}, "only who owns a database restores it"
    ),
    "a refusal that went through": Try(
        ANNA, {"event": Event.REFUSED}, "says another end than it reports"
    ),
    "a transition that was refused": Try(
        ANNA, SIGNED | {"outcome": Outcome.REFUSED}, "says another end than it reports"
    ),
    "a refusal that moves": Try(
        ANNA,
        SIGNED | {"event": Event.REFUSED, "outcome": Outcome.REFUSED},
        "does not lead where the line says",
    ),
    "a refusal that brings a title": Try(
        ANNA,
        {"event": Event.REFUSED, "outcome": Outcome.REFUSED, "role": None},
        "a refusal moves nothing",
        {"title": "Mine"},
    ),
    "a line too far": Try(ANNA, {"n": 99}, "not the next one"),
    "a line before the last": Try(ANNA, {"n": 1}, "not the next one"),
    "a line that follows another one": Try(ANNA, {"prev": "0" * 64}, "not the next one"),
    "a line that follows nothing": Try(ANNA, {"prev": None}, "not the next one"),
    "a version ahead": Try(ANNA, {"version": 50}, "another version than it makes"),
    "no version": Try(ANNA, {"version": None}, "another version than it makes"),
    "another agreement's line": Try(
        ANNA, {"agreement": "TOR-2026-999"}, "the line is one of another stream"
    ),
    "another program's line": Try(
        ANNA, {"program": "MTL"}, "the line is one of another stream"
    ),
    "the program's own line": Try(ANNA, {"agreement": None}, "the line is one of another stream"),
    "a line of a sandbox": Try(ANNA, {"sandbox": True}, "the line is one of another stream"),
    "somebody else's name": Try(ANNA, {"actor": Actor("dora", "database")}, "speaks for dora"),
    "a name that is only asserted": Try(
        ANNA, {"actor": Actor("dora", "asserted")}, "which the database has not proved"
    ),
    "a name of the machine's": Try(
        ANNA, {"actor": Actor("dora", "os")}, "which the database has not proved"
    ),
    "an approval in another's name": Try(
        ANNA, {}, "approvals would stand that nobody gave", {"approvals": encode([GIVEN]).decode()}
    ),
    "a voided agreement": Try(
        ANNA, {}, "nothing but voiding", {"voided": "error"}
    ),
    "a transaction that sees the past": Try(
        ANNA, {}, "sees what is committed", {}, ("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ",)
    ),
    "a role that is taken on": Try(
        ANNA, {"actor": Actor("dora", "database")}, "speaks for dora", {}, ("SET ROLE {staff}",)
    ),
}  # fmt: skip
PROGRAM_TRIES: tuple[tuple[str, dict[str, Any], dict[str, Any], str], ...] = (
        (ADMIN, {"event": Event.RESTORED, "role": None}, {}, "only who owns a database"),
        (ANNA, {}, {}, "does not hold the role scheduler"),
        (DORA, {"event": Event.POLICY_ADOPTED, "role": Role.DECIDER}, {"time_zone": "UTC"},
         "nobody else has approved a policy"),
        (DORA, {"event": Event.POLICY_ADOPTED, "role": Role.DECIDER, "approver": ERIN},
         {"time_zone": "UTC"}, "nobody else has approved a policy"),
        (ADMIN, {"event": Event.POLICY_ADOPTED, "role": Role.ADMIN}, {"time_zone": "UTC"},
         "the role admin may not do policy_adopted"),
        (SYSTEM, {}, {"roles": "[]"}, "puts nothing else in force"),
        (SYSTEM, {}, {"policy": "x"}, "puts nothing else in force"),
        (SYSTEM, {"event": Event.EDITED}, {}, "nothing that happens to a program"),
        (SYSTEM, {"to": State.ACTIVE}, {}, "nothing that happens to a program"),
        (SYSTEM, {"agreement": "TOR-2026-001"}, {}, "one of another stream"),
        (SYSTEM, {"n": 3}, {}, "not the next one"),
        (SYSTEM, {"prev": "0" * 64}, {}, "not the next one"),
        (SYSTEM, {"actor": Actor("anna", "database")}, {}, "speaks for anna"),
        (DORA, {"event": Event.ROLE_CHANGED, "role": Role.ADMIN}, {"roles": "[]"},
         "does not hold the role admin"),
        (ADMIN, {"event": Event.ROLE_CHANGED, "role": Role.ADMIN}, {"roles": "[]"},
         "changes one role"),
)  # fmt: skip
