"""A few months of a city's work, as chance has it: what is recorded, and what may be lost of it.

Agreements are proposed, edited, given files and notes, moved along; the nightly check activates and
expires batches of them; the program is closed and opened again, as a command line does it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from random import Random

from states.records import Record
from states.ref import Ref
from states.vocabulary import State, Trigger
from store.opening import open_store
from tests.builders import END, START, complete_agreement
from tests.power.disk import Kind, Op
from tests.power.recorder import Recorder, contents
from tests.stage import Stage, with_cap
from tests.store.raw import query

_NEXT = {
    State.PROPOSAL: Trigger.SUBMIT,
    State.DECISION: Trigger.ACCEPT,
    State.NEGOTIATION: Trigger.SIGN,
}
_LARGEST = 400_000
"""Bytes of an attached file: some fill the write-ahead log, so that SQLite empties it meanwhile."""


@dataclass(frozen=True)
class Trace:
    """What was on disk before, everything that was done to it, and what it held at first."""

    before: dict[str, bytes]
    ops: Sequence[Op]
    at_first: bytes

    def held(self, after: int) -> tuple[bytes, bytes]:
        """Return what was told last before a step, and what the next commit was to make of it."""
        told = [op.data for op in self.ops[:after] if op.kind is Kind.TOLD]
        later = (op.data for op in self.ops[after:] if op.kind is Kind.TOLD)
        last = told[-1] if told else self.at_first
        return last, next(later, last)

    def held_once(self, digest: bytes) -> bool:
        """Whether the database was ever told to hold just this."""
        return digest == self.at_first or any(op.data == digest for op in self.ops)


def recorded(folder: Path, seed: int, deeds: int, synchronous: str = "FULL") -> Trace:
    """Do so many deeds, and what the nights make of them, on a recorded disk."""
    stage = Stage(folder, with_cap(40))
    stage.store.close()
    before = {stage.path.name: stage.path.read_bytes()}
    at_first = contents(lambda sql: query(stage.path, sql))
    recorder = Recorder(seed)
    with recorder.below(synchronous):
        stage.store = open_store(stage.url)
        _Work(stage, Random(seed)).year(deeds)  # noqa: S311 - of a test
        stage.store.close()
    return Trace(before, recorder.ops, at_first)


@dataclass
class _Work:
    stage: Stage
    chance: Random

    def year(self, deeds: int) -> None:
        """Propose and decide until the terms start, and then let them run out."""
        refs: list[Ref] = [self.stage.propose()]
        for _ in range(deeds):
            self.chance.choice([self.propose, self.move, self.move, self.keep, self.reopen])(refs)
        self.stage.on(START).nightly()
        for ref in refs:
            self.keep([ref])
        self.stage.on(END + timedelta(days=1)).nightly()
        self.reopen(refs)
        self.stage.on(END + timedelta(days=2)).nightly()

    def propose(self, refs: list[Ref]) -> None:
        """Propose an agreement, and edit it."""
        ref = self.stage.propose()
        document = complete_agreement(renewal_guidelines="Renewed. " * self.chance.randint(1, 900))
        self.stage.apply(ref, document)
        refs.append(ref)

    def move(self, refs: list[Ref]) -> None:
        """Move an agreement along."""
        ref = self.chance.choice(refs)
        if trigger := _NEXT.get(self.stage.standing(ref).state):
            self.stage.pull(ref, trigger)

    def keep(self, refs: list[Ref]) -> None:
        """Attach a file to an agreement, or record a note."""
        ref = self.chance.choice(refs)
        if self.chance.random() < 0.5:
            body = self.chance.randbytes(self.chance.randint(1, _LARGEST))
            self.stage.attach(ref, body=body)
        else:
            text = "They called. " * self.chance.randint(1, 300)
            self.stage.record(ref, Record("note", self.stage.day, text))

    def reopen(self, _refs: list[Ref]) -> None:
        """Close the database, and open it again."""
        self.stage.store.close()
        self.stage.store = open_store(self.stage.url)
