"""What `lifecycle status` does: reads the runs, what is due, the outbox and the seals; no more."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from msgspec.structs import replace as replaced

from cli.output.answers import Answer, csv_of, give, shape
from cli.output.status import (
    RUN_KEYS,
    Status,
    age_line,
    age_of,
    run_shape,
    run_text,
    status_shape,
    text,
)
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.night import Night
from states.problem import InvalidInputError, Problem
from store.reader import Reader

NOT_FRESH = 1
USUAL_AGE = timedelta(hours=26)
"""After how long without a completed check it is no longer fresh, unless it is said."""

SILENT = timedelta(minutes=15)
"""After how long without a sign of life a run that says that it runs does not."""

MOST_DUE = 50
MOST_LATE = 10

_DAY = timedelta(days=1)
_MOST_NAMED = 5
_FURTHEST = date(2999, 12, 31)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for: one run or the last ones, how fresh, and how far ahead."""

    run: str | None
    max_age: timedelta | None
    days: int
    most: int


def status(settings: Settings, reading: Reading, asked: Asked) -> int:
    """Print how things stand; returns the exit code."""
    with opened(settings) as session, session.store.reading() as reader:
        found = _found(session, reader, asked)
        answer = Answer(
            table=lambda: _table(found, asked),
            json=shape(status_shape(found)),
            csv=csv_of(RUN_KEYS, [run_shape(night) for night in found.runs]),
        )
        give(settings, reading, answer)
    return NOT_FRESH if asked.max_age and not found.fresh else 0


def _table(found: Status, asked: Asked) -> str:
    if asked.max_age:
        return age_line(found)
    return run_text(found) if asked.run else text(found)


def _found(session: Session, reader: Reader, asked: Asked) -> Status:
    today = session.today
    until = min(_FURTHEST, today + timedelta(days=min(asked.days, (_FURTHEST - today).days)))
    last = reader.last_completed()
    return Status(
        code=session.code,
        zone=session.time_zone,
        today=today,
        until=until,
        max_age=asked.max_age or USUAL_AGE,
        last=last,
        age=age_of(last, session.now),
        runs=[_judged(night, session.now) for night in _runs(reader, asked)],
        due=reader.ahead(today, until, MOST_DUE),
        due_count=reader.count_ahead(today, until),
        # What is due today is no more late than it is ahead, until the night has passed.
        alerts=reader.alerts(today - _DAY, MOST_LATE),
        late=reader.count_alerts(today - _DAY),
        mail=reader.outbox(),
        sealing=reader.sealing(),
    )


def _runs(reader: Reader, asked: Asked) -> Sequence[Night]:
    if asked.run is None:
        return reader.nights(asked.most)
    found = reader.nights_called(asked.run, _MOST_NAMED)
    exact = [night for night in found if night.id == asked.run]
    if len(found) == 1 or exact:
        return exact or found
    if not found:
        message = f"there is no run {asked.run}"
        hint = "lifecycle status shows the last ones, with --runs N more of them"
        raise InvalidInputError([Problem("unknown_run", message, key="RUN", hint=hint)])
    message = f"several runs begin with {asked.run}"
    names = tuple(night.id for night in found)
    raise InvalidInputError([Problem("several_runs", message, key="RUN", allowed=names)])


def _judged(night: Night, now: datetime) -> Night:
    """Return a run; one that only says that it runs is called stopped."""
    if night.outcome != "running":
        return night
    silent = now - datetime.fromisoformat(night.heartbeat_at) > SILENT
    return replaced(night, outcome="stopped") if silent or _is_gone(night) else night


def _is_gone(night: Night) -> bool:
    """Whether a run was a process of this host that is no longer there."""
    if night.pid is None or night.host != os.uname().nodename:
        return False
    try:
        os.kill(night.pid, 0)
    except ProcessLookupError:
        return True
    except OSError:
        return False
    return False
