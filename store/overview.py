"""What `status` asks of a reader: the runs, what is due soon, the outbox, and the seals."""

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec

from lifecycle.night import Night
from states.standing import Standing
from states.watch import Watch
from store import overview_sql as sql
from store.connection import Connection
from store.night import pair
from store.sealing import sql as sealing_sql
from store.unit import StoreUnit


class Mail(msgspec.Struct, frozen=True):
    """How much of the outbox is in one state, and since when the first of it."""

    state: str
    count: int
    since: str


class Sealing(msgspec.Struct, frozen=True):
    """How far a log is sealed: its newest checkpoint, what waits, and its key's identifier.

    It is what the rows say, whether or not that is true.
    """

    sealed: int
    sealed_at: str | None
    waiting: int
    key: str | None


def sealing_of(connection: Connection, program_id: int) -> Sealing:
    """Return how far a program's log is sealed."""
    last = connection.row(sealing_sql.LAST_SEAL, program_id=program_id)
    waiting = connection.row(sealing_sql.COUNT_WAITING, program_id=program_id)[0]
    keys = connection.rows(sealing_sql.KEYS, program_id=program_id)
    # NAME+ID+KEY; a name has no plus in it.
    key = keys[-1][1].partition("+")[2].partition("+")[0] if keys else None
    return Sealing(last[0] if last else 0, last[3] if last else None, waiting, key)


class Overview(StoreUnit):
    """The reading half of runs and mail; nothing of it is locked."""

    def nights(self, most: int) -> Sequence[Night]:
        """Return the last runs, the latest first."""
        return [_night(*row) for row in self._rows(sql.NIGHTS, most=most)]

    def nights_called(self, beginning: str, most: int) -> Sequence[Night]:
        """Return the runs whose names begin so."""
        escaped = beginning.replace("!", "!!").replace("%", "!%").replace("_", "!_")
        rows = self._rows(sql.NIGHTS_CALLED, pattern=f"{escaped}%", most=most)
        return [_night(*row) for row in rows]

    def last_completed(self) -> Night | None:
        """Return the run that was completed last."""
        rows = self._rows(sql.LAST_COMPLETED)
        return _night(*rows[0]) if rows else None

    def ahead(self, day: date, until: date, most: int) -> Sequence[tuple[Standing, Watch]]:
        """Return what is due from a day until another, in this order."""
        span = {"day": day.isoformat(), "until": until.isoformat()}
        return [pair(row) for row in self._rows(sql.AHEAD, most=most, **span)]

    def count_ahead(self, day: date, until: date) -> int:
        """Return how much is due from a day until another."""
        span = {"day": day.isoformat(), "until": until.isoformat()}
        return int(self._row(sql.COUNT_AHEAD, **span)[0])

    def sealing(self) -> Sealing:
        """Return how far the log is sealed."""
        return sealing_of(self._connection, self._program.id)

    def outbox(self) -> Sequence[Mail]:
        """Return how much mail there is in each state."""
        return [Mail(*row) for row in self._rows(sql.COUNT_MAIL)]


def _night(id_: str, run_date: str, *rest: Any) -> Night:  # noqa: ANN401 - a row's values
    host, outcome, started_at, heartbeat_at, finished_at, counts, cause, log_file, pid = rest
    return Night(
        id=id_,
        run_date=date.fromisoformat(run_date),
        host=host,
        outcome=outcome,
        started_at=started_at,
        heartbeat_at=heartbeat_at,
        finished_at=finished_at,
        counts=json.loads(counts) if counts else {},
        cause=cause,
        log_file=log_file,
        pid=pid,
    )
