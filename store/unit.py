"""What the use cases write in a transaction: the writing half of `lifecycle.ports.Unit`.

A change is one UPDATE (or INSERT) of the row and one INSERT of the line, on PostgreSQL in one call
(`store.appending`); documents, texts, terms and the projections of a document follow only where
they change. All of it commits together.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from guards.resourced import funding_by_year
from lifecycle.census import MOST_UNITS, UNITS_OF_MONEY
from lifecycle.entry import Entry, digest_of, salted
from lifecycle.ports import Beside, Change, Stored
from states.agreement import Agreement
from states.codec import encode
from states.roles import Holdings
from states.standing import Standing
from states.vocabulary import Outcome
from store import statements as sql
from store import writes
from store.appending import Appending, explain
from store.erasing import ErasingStore
from store.facts import PROGRAM_STREAM
from store.intake import IntakeStore
from store.night import NightStore
from store.rows import changes_of, projects_of, row_of
from store.sealing.unit import SealStore


class StoreUnit(NightStore, SealStore, ErasingStore, IntakeStore, Appending):
    """A unit of work on a connection that writes."""

    def salt(self) -> bytes:
        """Return 16 random bytes."""
        return secrets.token_bytes(16)

    def write(self, changes: Sequence[Change]) -> None:
        """Write changes of agreements."""
        if not changes:
            return
        if self._connection.row_locks:
            self.append(changes)
            return
        self._write_rows(changes)
        self._many(writes.INSERT_ENTRY, (_entry(c.after.key, c.entry, c.line) for c in changes))
        with self._connection.together():
            self._write_more(changes)

    def _write_more(self, changes: Sequence[Change]) -> None:
        self._write_documents(changes)
        self._write_beside([(c.after.key, c.entry.n, part) for c in changes for part in c.beside])
        self._write_terms(changes)
        self.watch([(change.after.key, change.watches) for change in changes if change.watches])
        self._stand_at(changes[-1].entry)

    def write_program(self, entry: Entry, line: bytes, beside: Sequence[Beside] = ()) -> None:
        """Write a line of the program's own stream."""
        if self._connection.row_locks:
            self.append_to_program(line)
        else:
            self._many(writes.INSERT_ENTRY, [_entry(PROGRAM_STREAM, entry, line)])
            head = {
                "n_": entry.n,
                "head_": digest_of(line),
                "policy_": self.policy_in_force(entry.effective),
            }
            self._run(writes.UPDATE_PROGRAM, **head)
        self._write_beside([(PROGRAM_STREAM, entry.n, part) for part in beside])
        self._stand_at(entry)

    def adopt(self, policy: bytes, digest: str, effective_on: date, n: int) -> None:
        """Keep a policy and put it in force."""
        if self._row(sql.POLICY, digest=digest) is None:
            self._run(writes.INSERT_POLICY, digest=digest, body=policy.decode())
        self._in_force = digest
        zone = self.policy(digest).program.time_zone
        if self._connection.row_locks:
            self._with_line["time_zone"] = zone
            return
        self._run(writes.INSERT_ADOPTION, n=n, digest=digest, effective_on=effective_on.isoformat())
        self._run(writes.SET_ZONE, time_zone_=zone)

    def keep(self, digest: str, body: bytes) -> None:
        """Keep an attached file's bytes, once."""
        if self._row(sql.IS_ATTACHED, digest=digest) is None:
            self._run(writes.INSERT_ATTACHMENT, digest=digest, body=body)

    def hold(self, holdings: Holdings) -> None:
        """Keep who holds which role from now on."""
        self._roles = encode(holdings).decode()
        if self._connection.row_locks:
            self._with_line["roles"] = self._roles
        else:
            self._run(writes.HOLD, roles_=self._roles)

    def restate(self, standings: Sequence[tuple[Standing, Standing]]) -> None:
        """Write back what a policy derives."""
        if not (self._connection.row_locks and self.restate_all(standings)):
            self._update(standings)

    def _write_rows(self, changes: Sequence[Change]) -> None:
        opened = [row_of(change.after) for change in changes if change.before is None]
        self._many(writes.INSERT_AGREEMENT, opened)
        self._update([(c.before, c.after) for c in changes if c.before is not None])

    def _update(self, pairs: Sequence[tuple[Standing, Standing]]) -> None:
        """Set what changed, each row only if it is still where it was when it was judged."""
        alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        for before, after in pairs:
            changed = changes_of(before, after)
            at = {"at_key": before.key, "at_version": before.version, "at_n": before.n}
            alike[tuple(changed)].append({**at, **changed})
        for columns, rows in alike.items():
            if self._many(writes.update_agreement(columns), rows) != len(rows):
                explain(rules_changed=False)

    def _write_documents(self, changes: Sequence[Change]) -> None:
        new = [(c.after, c.document) for c in changes if c.document is not None]
        if not new:
            return
        self._many(writes.INSERT_DOCUMENT, (_document(*one) for one in new))
        # What is new has nothing to be cleared.
        had = [{"key": c.after.key} for c in changes if c.document and c.before]
        self._many(writes.CLEAR_PROJECTS, had)
        self._many(writes.CLEAR_COMMITMENTS, had)
        projects = (row for after, kept in new for row in projects_of(after, kept.agreement))
        self._many(writes.INSERT_PROJECT, projects)
        self._many(writes.INSERT_COMMITMENT, (row for one in new for row in self._committed(*one)))

    def _committed(self, after: Standing, kept: Stored) -> Iterable[dict[str, Any]]:
        currency = self.policy(after.policy).program.currency
        return _commitments(after, kept.agreement, currency)

    def _write_beside(self, parts: Sequence[tuple[int, int, Beside]]) -> None:
        self._many(writes.INSERT_BESIDE, (_beside(*part) for part in parts))

    def _write_terms(self, changes: Sequence[Change]) -> None:
        alike: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
        opened = [
            {"key": c.after.key, "term": c.after.term}
            for c in changes
            if c.term is not None and (c.before is None or c.before.term != c.after.term)
        ]
        self._many(writes.OPEN_TERM, opened)
        for change in changes:
            after, given = change.after, change.term
            if given is None:
                continue
            alike[tuple(given)].append({"at_key": after.key, "at_term": after.term, **given})
        for columns, rows in alike.items():
            self._many(writes.update_term(columns), rows)

    def _stand_at(self, entry: Entry) -> None:
        if self._program.sandbox:
            day = entry.recorded_day(self._time_zone()).isoformat()
            if day != self._stands_at:
                held = self._connection.row_locks
                self._run(writes.STAND_AT_UNLESS_HELD if held else writes.STAND_AT, day_=day)
                self._stands_at = day

    def _time_zone(self) -> str:
        return self.policy(self.policy_in_force(date.min)).program.time_zone


def _entry(stream: int, entry: Entry, line: bytes) -> dict[str, Any]:
    key = entry.key if entry.outcome is Outcome.OK else None
    return {"stream": stream, "n": entry.n, "line": line.decode(), "idempotency_key": key}


def _document(after: Standing, kept: Stored) -> dict[str, Any]:
    return {
        "key": after.key,
        "version": after.document_version,
        "digest": salted(kept.salt, kept.body),
        "salt": kept.salt,
        "body": kept.body.decode(),
    }


def _beside(stream: int, n: int, part: Beside) -> dict[str, Any]:
    return {
        "stream": stream,
        "n": n,
        "part": part.part,
        "kind": part.kind,
        "year": part.year,
        "salt": part.salt,
        "body": part.body.decode(),
        "corrects": part.corrects,
    }


def _commitments(after: Standing, agreement: Agreement, currency: str) -> Iterable[dict[str, Any]]:
    for year, amount in funding_by_year(agreement, currency).items():
        units = max(-MOST_UNITS, min(int(amount * UNITS_OF_MONEY), MOST_UNITS))
        yield {"key": after.key, "year": year, "currency": currency, "amount": units}
