"""A program with some of everything in its log, sealed over months by three keys, as a bundle."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from lifecycle.erasing.erase import Place, erase_part, erase_words
from lifecycle.sealing.keys import PublicKey
from lifecycle.sealing.rekeying import change_key, name_of
from lifecycle.sealing.seal import seal
from states.records import Record
from states.vocabulary import Role, State, Trigger
from store.bundle.writing import write_bundle
from store.sealing.keys import FileKey, new_key
from tests.hands import ADMIN
from tests.stage import Stage

Files = dict[str, bytes]
"""A bundle's files by their paths."""


@dataclass(frozen=True, slots=True)
class Town:
    """A bundle with what an auditor has from elsewhere: keys, and the checkpoints of each seal."""

    files: Files
    keys: tuple[FileKey, ...]
    notes: tuple[bytes, ...]

    @property
    def first(self) -> PublicKey:
        """The log's first public key, which hands over to the others."""
        return self.keys[0].public


@contextmanager
def stage() -> Iterator[Stage]:
    """Open a stage of its own, outside of any test."""
    with TemporaryDirectory() as folder:
        made = Stage(Path(folder))
        try:
            yield made
        finally:
            made.end()


@cache
def town() -> Town:
    """Return a town's bundle: three keys, four months, papers, refusals, and erased texts."""
    with stage() as at:
        story = _Story(at)
        story.first_month()
        story.second_month()
        story.third_month()
        with TemporaryDirectory() as folder:
            return Town(story.bundle(Path(folder) / "copy"), tuple(story.keys), story.notes())


class _Story:
    def __init__(self, at: Stage) -> None:
        self.at = at
        self.keys: list[FileKey] = []

    def first_month(self) -> None:
        at = self.at
        for name, role in (("anna", Role.STAFF), ("dora", Role.DECIDER), (ADMIN, Role.ADMIN)):
            at.appoint(name, role)
        self.change_key()
        self.active = at.reach(State.ACTIVE)
        at.attach(self.active, reason="As the minutes say.")
        at.attach(self.active, "letter.txt", "letter", b"Dear Jane Doe")
        self.seal()

    def second_month(self) -> None:
        at = self.at
        at.on(at.day + timedelta(days=31))
        self.other = at.propose(reason="Jane Doe asked for it.")
        at.advance(self.other, Trigger.ACCEPT)
        at.record(
            self.active, Record("note", at.day, text="Jane Doe called: \u00fc\u2028\U0001f600.")
        )
        self.change_key()
        at.record(self.active, Record("note", at.day, text="Quiet."), reason="For the file.")
        self.seal()

    def third_month(self) -> None:
        at = self.at
        at.on(at.day + timedelta(days=31))
        place = Place(self.active, self._line("attached"), "attachment")
        at.do(lambda u, o: erase_part(u, o, place), actor=ADMIN, reason="As asked.")
        words = ["Jane Doe"]
        everywhere = [self.active, self.other]
        at.do(lambda u, o: erase_words(u, o, everywhere, words), actor=ADMIN, reason="Asked.")
        self.seal()
        at.propose()
        self.change_key()
        at.propose(reason="After the last key.")
        self.seal()

    def _line(self, event: str) -> int:
        return max(entry.n for entry in self.at.entries(self.active) if entry.event == event)

    def change_key(self) -> None:
        with self.at.store.unit() as unit:
            name = name_of(unit)
        old, new = self.keys[-1] if self.keys else None, new_key(name)
        receipt = self.at.do(lambda u, o: change_key(u, o, new, old), actor=ADMIN)
        assert not receipt.refused, receipt.unmet
        self.keys.append(new)

    def seal(self) -> None:
        seal(self.at.store, self.keys[-1], lambda: self.at.order().now)

    def notes(self) -> tuple[bytes, ...]:
        with self.at.store.reading() as reader:
            return tuple(one.note for one in reader.seals())

    def bundle(self, folder: Path) -> Files:
        with self.at.store.reading() as reader:
            write_bundle(reader, str(folder))
        return files_in(folder)


def files_in(folder: Path) -> Files:
    """Return the files of a bundle."""
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
