"""What a unit of work writes, where the database itself holds every line against what it knows.

On PostgreSQL lines are written by its functions (`store.append`), which move the row along; what
stands beside follows in the same round trip. On SQLite, whose file is its owner's, rows and lines
are written by plain statements (`store.unit`).
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NoReturn

from msgspec.structs import replace

from lifecycle.errors import StoreError
from lifecycle.ports import Change, ProgramRow
from states.codec import encode
from states.standing import Standing
from store.append import calls
from store.connection import Connection
from store.facts import Facts
from store.policies import Policies
from store.rows import changes_of, row_of

_DERIVED = frozenset({"due", "due_rule", "counted"})


class Appending(Facts):
    """The writing of lines on PostgreSQL."""

    def __init__(self, connection: Connection, program: ProgramRow, policies: Policies) -> None:
        """Begin with nothing that waits for its line."""
        super().__init__(connection, program, policies)
        # What the next line of the program's own stream puts in force: roles, a time zone.
        self._with_line: dict[str, Any] = {}

    def _write_more(self, changes: Sequence[Change]) -> None:
        raise NotImplementedError

    def append(self, changes: Sequence[Change]) -> None:
        """Write lines, each with its row, and the rest together with them."""
        if len(changes) == 1 and changes[0].before is not None:
            self._append_one(changes[0])
            return
        rows = [{"program_id": self._program.id, **_values(change)} for change in changes]
        with self._connection.together():
            written = self._connection.run_many(calls.APPEND_EACH, rows)
            self._write_more(changes)
        if written() != len(changes):
            explain(rules_changed=False)

    def _append_one(self, change: Change) -> None:
        judged_by = (self.policy_in_force(date.min), self._roles)
        values = _values(change)
        values["at_policy"], values["at_roles"] = judged_by
        if _moves_term(change):
            values["at_term"] = change.after.term
            values["noted"] = _json(change.term or {})
        answer: Callable[[], Any] = _nothing
        try:
            with self._connection.together():
                answer = self._connection.ask(calls.APPEND, program_id=self._program.id, **values)
                self._write_more([replace(change, term=None) if _moves_term(change) else change])
        finally:
            # What else was sent fails where the row was not moved; the reason is that it was not.
            found = answer()
            if found is not None and found[0] != 1:
                explain(rules_changed=tuple(found[1:]) != judged_by)

    def append_to_program(self, line: bytes) -> None:
        """Write a line of the program's own stream."""
        changed, self._with_line = _json(self._with_line), {}
        self._run(calls.APPEND_PROGRAM, line=line.decode(), changed=changed)

    def restate_all(self, pairs: Sequence[tuple[Standing, Standing]]) -> bool:
        """Write back what a policy derives; returns whether that is all that is to be written."""
        if any(changes_of(*pair).keys() - _DERIVED for pair in pairs):
            return False
        rows = [
            {
                "key": before.key,
                "version": before.version,
                "n": before.n,
                "due": after.due,
                "due_rule": after.due_rule,
                "counted": after.counted,
            }
            for before, after in pairs
        ]
        if pairs and self._row(calls.RESTATE, rows=_json(rows))[0] != len(rows):
            explain(rules_changed=False)
        return True


def explain(*, rules_changed: bool) -> NoReturn:
    """Say why a row was not where it was judged: a fault, unless the rules have changed."""
    if rules_changed:
        message = (
            "The program's rules changed in this very moment (its policy, or who holds which role);"
            " nothing was written."
        )
        raise StoreError(message, "changed_meanwhile", "repeat the command")
    message = "an agreement changed under the lock that should have held it"
    raise StoreError(message, "lost_update", "report this: it is a fault")


def _values(change: Change) -> dict[str, Any]:
    before = change.before
    changed = changes_of(before, change.after) if before else row_of(change.after)
    return {
        "stream": change.after.key,
        "at_version": before.version if before else 0,
        "at_n": before.n if before else 0,
        "at_policy": None,
        "at_roles": None,
        "line": change.line.decode(),
        "changed": _json(changed),
        "at_term": None,
        "noted": None,
    }


def _moves_term(change: Change) -> bool:
    """Whether a term's row that is there moves along with the agreement's."""
    before = change.before
    return bool(change.term) and before is not None and before.term == change.after.term


def _nothing() -> None:
    return None


def _json(values: Any) -> str:  # noqa: ANN401 - whatever JSON can say
    return encode(values).decode()
