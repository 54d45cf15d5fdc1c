"""Whether the clock agrees with what is recorded in a program. The time is passed in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import MsgspecError
from sqlalchemy import and_, bindparam, select
from sqlalchemy.sql.expression import BindParameter, Select

from lifecycle.entry import entry_of
from lifecycle.errors import StoreError
from store.checks.check import Check, finding, good, note
from store.connection import Connection
from store.facts import PROGRAM_STREAM
from store.programs import ProgramFacts
from store.tables import agreement, entry

_PROGRAM: BindParameter[Any] = bindparam("program_id")
_LAST_OF_AGREEMENTS: Select[Any] = (
    select(entry.c.line)
    .join(
        agreement,
        and_(
            agreement.c.program_id == entry.c.program_id,
            agreement.c.key == entry.c.stream,
            agreement.c.n == entry.c.n,
        ),
    )
    .where(entry.c.program_id == _PROGRAM)
)
_LAST_OF_PROGRAM: Select[Any] = (
    select(entry.c.line)
    .where(entry.c.program_id == _PROGRAM, entry.c.stream == PROGRAM_STREAM)
    .order_by(entry.c.n.desc())
    .limit(1)
)
_JITTER = timedelta(minutes=2)
"""How far two clocks that are both right may lie apart."""

_LONG = timedelta(days=400)
"""A program with a nightly check and yearly reports records something more often."""


def clock(connection: Connection, facts: ProgramFacts, now: datetime) -> Iterator[Check]:
    """Yield whether the clock lies after the last entry, and not long after it."""
    if facts.sandbox:
        day = facts.stands_at or "no day yet"
        yield note("clock", f"{facts.code} is a sandbox and stands at {day}: not compared")
        return
    last = _last_recorded(connection, facts)
    if last is None:
        yield note("clock", f"nothing is recorded in {facts.code} that the clock can be held to")
        return
    here = f"{now.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    there = f"the last entry of {facts.code} is of {last:%Y-%m-%d %H:%M} UTC"
    if now < last - _JITTER:
        message = f"the clock says {here}, and {there}: it went backwards, or was ahead then"
        fix = "set the clock (timedatectl set-ntp true), and write nothing until it is right"
        yield finding("clock", message, fix)
    elif now - last > _LONG:
        message = f"the clock says {here}, and {there}: {(now - last).days} days with nothing"
        fix = "see that the clock is right (timedatectl), and that the nightly check runs"
        yield finding("clock", message, fix)
    else:
        yield good("clock", f"it says {here}, and {there}")


def _last_recorded(connection: Connection, facts: ProgramFacts) -> datetime | None:
    """Return when the latest line was recorded, of the last lines of all streams."""
    lines = connection.rows(_LAST_OF_PROGRAM, program_id=facts.id)
    lines += connection.rows(_LAST_OF_AGREEMENTS, program_id=facts.id)
    try:
        return max((entry_of(line.encode()).recorded for (line,) in lines), default=None)
    except (MsgspecError, ValueError) as error:
        message = "a line of the log can't be read, so the clock can't be held to it"
        raise StoreError(message, "damaged", "lifecycle db check says which") from error
