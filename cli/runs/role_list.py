"""What `lifecycle role list` does: who holds which role, and who granted it, from the log."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.streams import width
from cli.output.table import Column, table
from cli.output.text import one_line, paragraphs
from cli.past import days_text, seen
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.authority import open_to_all
from lifecycle.entry import Entry
from states.codec import decode
from states.person import among
from states.roles import Holding, RoleChange
from states.vocabulary import Event, Role
from store.reader import Reader

_KEYS = ("name", "role", "since", "until", "expired", "granted_by", "n")
_COLUMNS = (
    Column("WHO", flexible=True),
    Column("ROLE"),
    Column("SINCE"),
    Column("UNTIL"),
    Column("GRANTED BY", flexible=True),
)
_NEEDED = (Role.STAFF, Role.DECIDER, Role.SCHEDULER)


def list_roles(settings: Settings, reading: Reading, name: str | None) -> None:
    """Print who holds which role, or what one person holds."""
    with opened(settings) as session, seen(session, reading) as at:
        reader = at.reader
        grants = _grants(reader)
        shapes = [
            _shape(held, grants[held], at.day)
            for held in reader.roles()
            if name is None or among(held.name, (name,))
        ]
        free = open_to_all(reader)
        head = f"{days_text(reading)}\n" if at.past else ""
        answer = Answer(
            table=lambda: head + _text(session, shapes, name, free=free),
            json=shape(shapes),
            csv=csv_of(_KEYS, shapes),
        )
        give(settings, reading, answer)


def _grants(reader: Reader) -> Mapping[Holding, Entry]:
    """Return the line that granted each role that is held."""
    wanted = set(reader.roles())
    found: dict[Holding, Entry] = {}
    for line in reader.lines_back():
        if line.event is not Event.ROLE_CHANGED or len(found) == len(wanted):
            continue
        change = _change(reader, line)
        since = (line.recorded_at, change.name, change.role)
        found |= {held: line for held in wanted if (held.since, held.name, held.role) == since}
    return found


def _change(reader: Reader, line: Entry) -> RoleChange:
    part = next(part for part in reader.beside(None, line.n) if part.kind == "role")
    return decode(RoleChange, part.body)


def _shape(held: Holding, grant: Entry, today: date) -> dict[str, Any]:
    return {
        "name": held.name,
        "role": held.role,
        "since": held.since,
        "until": held.until,
        "expired": held.until is not None and held.until < today,
        "granted_by": grant.actor.id,
        "n": grant.n,
    }


def _text(
    session: Session, shapes: Sequence[Mapping[str, Any]], name: str | None, *, free: bool
) -> str:
    if free:
        text = (
            "Nobody was granted a role in this sandbox, so everybody has every role. The first"
            " grant makes its giver admin: lifecycle role grant NAME ROLE"
        )
        return paragraphs(text, width()) + "\n"
    if not shapes:
        return f"{one_line(name)} holds no role.\n"
    rows = [_row(session, held) for held in shapes]
    return table(_COLUMNS, rows) + ("" if name else _lacking(shapes))


def _row(session: Session, held: Mapping[str, Any]) -> list[object]:
    since = datetime.fromisoformat(held["since"]).astimezone(ZoneInfo(session.time_zone))
    until = f"{held['until']} (expired)" if held["expired"] else held["until"]
    return [held["name"], held["role"], f"{since:%Y-%m-%d %H:%M}", until, held["granted_by"]]


def _lacking(shapes: Sequence[Mapping[str, Any]]) -> str:
    """Tell which role nobody holds of those that a program can't do without."""
    held = {one["role"] for one in shapes if not one["expired"]}
    lacking = [role for role in _NEEDED if role not in held]
    if not lacking:
        return ""
    named = " or ".join(filter(None, (", ".join(lacking[:-1]), lacking[-1])))
    text = f"Nobody is {named}. An admin grants it: lifecycle role grant NAME"
    return f"\n{paragraphs(f'{text} {lacking[0]}', width())}\n"
