"""Forges a stage's log as whoever owns its database could: lines changed, chains made anew.

What is forged is sound in form, so that nothing but judging its lines once more can find it.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import msgspec

from lifecycle.entry import Entry, GuardResult, digest_of, entry_of, line_of
from lifecycle.recomputing.findings import judged_findings
from lifecycle.replay import Finding
from states.ref import Ref
from states.vocabulary import Event, Outcome, State
from store.reader import Reader
from store.recomputing import StoredArchive
from tests.stage import Stage

Change = Callable[[Entry], Entry]
Forgery = Mapping[Any, Change]
"""What becomes of lines, by their stream (None: the program's) and n."""


class ForgedLog(StoredArchive):
    """A log of which some lines, by stream and n, say something else; `tables` are kept as well."""

    def __init__(
        self,
        unit: Reader,
        changes: Forgery,
        tables: Mapping[str, bytes],
    ) -> None:
        """Read through a unit."""
        super().__init__(unit)
        self._changes, self._tables = changes, tables

    def program_lines(self) -> Iterable[bytes]:
        """Return the program's lines, as they are forged."""
        return self._forged(None, super().program_lines())

    def streams(self) -> Iterator[tuple[int, Iterable[bytes]]]:
        """Yield the agreements' lines, as they are forged."""
        for key, lines in super().streams():
            yield key, self._forged(Ref.of(self.program.code, key), lines)

    def definition(self, digest: str) -> bytes | None:
        """Return a table."""
        return self._tables.get(digest) or super().definition(digest)

    def _forged(self, ref: Ref | None, lines: Iterable[bytes]) -> Iterator[bytes]:
        prev: str | None = None
        for entry in map(entry_of, lines):
            change = self._changes.get((ref, entry.n), _same)
            line = line_of(msgspec.structs.replace(change(entry), prev=prev))
            yield line
            prev = digest_of(line)


def _same(entry: Entry) -> Entry:
    return entry


def forged(
    stage: Stage,
    changes: Forgery,
    tables: Mapping[str, bytes] | None = None,
) -> list[Finding]:
    """Return what judging a stage's log finds once lines of it are forged."""
    with stage.store.reading() as reader:
        return list(judged_findings(ForgedLog(reader, changes, tables or {})))


def told(**fields: Any) -> Change:  # noqa: ANN401 - any field of a line
    """Return a change that lets a line say something else."""
    return lambda entry: msgspec.structs.replace(entry, **fields)


def guard(name: str, *results: str) -> Change:
    """Return a change of a guard's results, each written OUTCOME or OUTCOME:CODE; none: left out.

    One that the line does not have is added to it.
    """
    new = [GuardResult(name, *one.split(":")) for one in results]

    def change(entry: Entry) -> Entry:
        others = [one for one in entry.guards if one.guard != name]
        place = next((i for i, one in enumerate(entry.guards) if one.guard == name), len(others))
        there = (*others[:place], *new, *others[place:])
        return msgspec.structs.replace(entry, guards=there)

    return change


def both(*changes: Change) -> Change:
    """Return a change that makes several, one after the other."""

    def change(entry: Entry) -> Entry:
        for one in changes:
            entry = one(entry)
        return entry

    return change


def moved(to: State) -> Change:
    """Return a change that makes a refusal the transition that was refused."""

    def change(entry: Entry) -> Entry:
        version = (entry.version or 0) + 1
        here = told(event=Event.TRANSITIONED, outcome=Outcome.OK, to=to, version=version)
        return here(entry)

    return change


def denied() -> Change:
    """Return a change that makes a transition the refusal of it."""

    def change(entry: Entry) -> Entry:
        version = (entry.version or 0) - 1
        here = told(event=Event.REFUSED, outcome=Outcome.REFUSED, to=None, version=version)
        return here(entry)

    return change
