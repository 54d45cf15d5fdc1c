"""What the nightly check asks of a transaction: the store's half of `lifecycle.ports.NightUnit`."""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import Any

from lifecycle.night import Digest, Night, Notice
from lifecycle.watching import Watches
from states.standing import Standing
from states.vocabulary import DueRule, Rule
from states.watch import Watch
from store import night_sql as sql
from store.facts import Facts
from store.rows import STANDING, standing_of
from store.urls import shown

_WIDTH = len(STANDING)


class NightStore(Facts):
    """The nightly check's part of a unit of work."""

    def due(
        self, rule: DueRule, day: date, after: tuple[date, int] | None, most: int
    ) -> Sequence[Standing]:
        """Lock and return a batch of what is due, through the index on (rule, due)."""
        if not self._row_locks:
            return self.still_due(rule, day, after, most)
        locking = sql.LOCK_DUE_ONWARDS if after else sql.LOCK_DUE
        return [standing_of(row) for row in self._rows(locking, **_due(rule, day, after, most))]

    def still_due(
        self, rule: DueRule, day: date, after: tuple[date, int] | None, most: int
    ) -> Sequence[Standing]:
        """Return a batch of what is due without locking it."""
        plain = sql.DUE_ONWARDS if after else sql.DUE
        return [standing_of(row) for row in self._rows(plain, **_due(rule, day, after, most))]

    def starts(self, day: date) -> Sequence[date]:
        """Return the due days of terms that begin by a day, but for those refused before."""
        return [date.fromisoformat(due) for (due,) in self._rows(sql.STARTS, day=day.isoformat())]

    def watched(self, day: date, most: int) -> Sequence[tuple[Standing, Watch]]:
        """Lock and return a batch of watches whose next day has come."""
        statement = sql.LOCK_WATCHED if self._row_locks else sql.WATCHED
        return [pair(row) for row in self._rows(statement, day=day.isoformat(), most=most)]

    def still_watched(self, day: date, most: int) -> Sequence[tuple[Standing, Watch]]:
        """Return a batch of watches whose next day has come, without locking them."""
        return [pair(row) for row in self._rows(sql.WATCHED, day=day.isoformat(), most=most)]

    def watch_now(self, key: int, watch: Watch) -> tuple[Standing, Watch] | None:
        """Lock one watch and return it as it is now."""
        statement = sql.LOCK_ONE_WATCH if self._row_locks else sql.ONE_WATCH
        row = self._row(statement, at_key=key, at_rule=watch.rule, at_item=watch.item)
        return pair(row) if row else None

    def watch_on(self, marks: Sequence[tuple[int, Watch]]) -> None:
        """Keep when somebody is told of watches next."""
        self._many(
            sql.MARK_WATCH,
            [
                {
                    "at_key": key,
                    "at_rule": watch.rule,
                    "at_item": watch.item,
                    "to_next": _text(watch.next_on),
                }
                for key, watch in marks
            ],
        )

    def watch(self, changes: Sequence[tuple[int, Watches]]) -> None:
        """Write what is watched of agreements from now on."""
        alike: defaultdict[frozenset[Rule], list[dict[str, int]]] = defaultdict(list)
        for key, watches in changes:
            alike[watches.kept].append({"at_key": key})
        for kept, keys in alike.items():
            self._many(sql.clear_watches(kept), keys)
        rows = [_row(key, watch) for key, watches in changes for watch in watches.rows]
        if rows and self._connection.row_locks:
            self._run(sql.INSERT_WATCHES, rows=json.dumps(rows))
        else:
            self._many(sql.INSERT_WATCH, rows)

    def watches(self, key: int) -> Sequence[Watch]:
        """Return what is watched of an agreement."""
        return [watch_of(row) for row in self._rows(sql.WATCHES, at_key=key)]

    def given(self, keys: Sequence[int]) -> Mapping[tuple[int, Rule, str], Sequence[Notice]]:
        """Return which notices were given of some agreements."""
        found: defaultdict[tuple[int, Rule, str], list[Notice]] = defaultdict(list)
        for row in self._of_many(sql.GIVEN, list(dict.fromkeys(keys))):
            notice = _notice(*row)
            found[(notice.key, notice.rule, notice.item)].append(notice)
        return found

    def give(self, notices: Sequence[Notice]) -> None:
        """Keep that notices are given."""
        self._many(
            sql.INSERT_NOTICE,
            [
                {
                    "key": one.key,
                    "term": one.term,
                    "rule": one.rule,
                    "item": one.item,
                    "threshold": one.threshold,
                    "due": one.due.isoformat(),
                    "given_on": one.given_on.isoformat(),
                    "digest": None,
                }
                for one in notices
            ],
        )

    def notice_given(self, standing: Standing, rule: Rule) -> date | None:
        """Return the day on which people were first told that a due date had come."""
        row = self._row(
            sql.FIRST_NOTICE,
            at_key=standing.key,
            term=standing.term,
            rule=rule,
            due=_text(standing.due) or "",
        )
        return date.fromisoformat(row[0]) if row[0] else None

    def claim_notices(self, run: str) -> None:
        """Take all notices of which no digest tells yet for those of a run."""
        self._run(sql.CLAIM_NOTICES, run=run)

    def claimed(
        self, run: str, after: int, most: int
    ) -> Sequence[tuple[Standing, Sequence[Notice]]]:
        """Return what a run has claimed and still stands, a batch of agreements after a key."""
        while keys := self._rows(sql.CLAIMED, run=run, after=after, most=most):
            after = keys[-1][0]
            rows = self._rows(sql.CLAIMED_OF, run=run, first=keys[0][0], last=after)
            if rows:
                return list(_claimed(rows))
        return []

    def post(self, digests: Sequence[Digest]) -> None:
        """Put digests into the outbox."""
        self._many(
            sql.INSERT_MAIL,
            [
                {
                    "id": one.id,
                    "recipient": one.recipient,
                    "run_date": one.run_date.isoformat(),
                    "subject": one.subject,
                    "body": one.body,
                    "state": "waiting",
                    "attempts": 0,
                    "made_at": one.made_at,
                    "next_at": one.made_at,
                    "sent_at": None,
                    "error": None,
                }
                for one in digests
            ],
        )

    def alerts(self, day: date, most: int) -> Sequence[tuple[Standing, Watch]]:
        """Return what is late on a day and not done, what was due first before all else."""
        return [pair(row) for row in self._rows(sql.ALERTS, day=day.isoformat(), most=most)]

    def count_alerts(self, day: date) -> Mapping[Rule, int]:
        """Return how much is late on a day and not done, by rule."""
        rows = self._rows(sql.COUNT_ALERTS, day=day.isoformat())
        return {Rule(rule): count for rule, count in rows}

    def pending(self, day: date) -> int:
        """Return how much there is to do by a day: agreements to move, watches to tell of."""
        at = day.isoformat()
        return int(self._row(sql.COUNT_DUE, day=at)[0] + self._row(sql.COUNT_WATCHED, day=at)[0])

    def last_night(self) -> date | None:
        """Return the latest run date for which a nightly check was completed."""
        day = self._row(sql.LAST_NIGHT)[0]
        return date.fromisoformat(day) if day else None

    def annul_nights(self, after: date, cause: str) -> None:
        """Let runs that were completed for later days count no more, nor what they told."""
        self._run(sql.ANNUL_RUNS, day=after.isoformat(), to_cause=cause)
        self._run(sql.FORGET_NOTICES, day=after.isoformat())

    def keep_night(self, night: Night) -> None:
        """Keep a run's record as it is now."""
        now = {
            "outcome": night.outcome,
            "heartbeat_at": night.heartbeat_at,
            "finished_at": night.finished_at,
            "counts": json.dumps(night.counts),
            # What failed may have named the database, and how to get in.
            "cause": shown(night.cause) if night.cause else None,
            "log_file": night.log_file,
        }
        moved = {f"to_{name}": value for name, value in now.items()}
        values = {"program_id": self._program.id, "at_id": night.id, **moved}
        if not self._connection.run(sql.UPDATE_RUN, **values)():
            first = {
                "run_date": night.run_date.isoformat(),
                "host": night.host,
                "pid": night.pid,
            }
            self._run(sql.INSERT_RUN, id=night.id, started_at=night.started_at, **first, **now)


def _due(rule: DueRule, day: date, after: tuple[date, int] | None, most: int) -> dict[str, Any]:
    values: dict[str, Any] = {"rule": rule, "day": day.isoformat(), "most": most}
    return values if after is None else values | {"due": after[0].isoformat(), "after": after[1]}


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _row(key: int, watch: Watch) -> dict[str, Any]:
    return {
        "key": key,
        "rule": watch.rule,
        "item": watch.item,
        "due": watch.due.isoformat(),
        "next_on": _text(watch.next_on),
    }


def watch_of(values: Sequence[Any]) -> Watch:
    """Return the watch that a row's rule, item, due and next_on make."""
    rule, item, due, next_on = values
    later = date.fromisoformat(next_on) if next_on else None
    return Watch(Rule(rule), item, date.fromisoformat(due), later)


def pair(row: Sequence[Any]) -> tuple[Standing, Watch]:
    """Return a watch with where its agreement stands, out of a row of both."""
    return standing_of(row), watch_of(row[_WIDTH:])


def _notice(key: int, *rest: Any) -> Notice:  # noqa: ANN401 - a row's values
    term, rule, item, threshold, due, given_on = rest
    days = (date.fromisoformat(due), date.fromisoformat(given_on))
    return Notice(key, term, Rule(rule), item, threshold, *days)


def _claimed(rows: Sequence[Any]) -> Iterator[tuple[Standing, Sequence[Notice]]]:
    for key, alike in groupby(rows, key=lambda row: row[0]):
        some = list(alike)
        yield standing_of(some[0]), [_notice(key, *row[_WIDTH:]) for row in some]
