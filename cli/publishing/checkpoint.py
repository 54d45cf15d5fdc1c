"""The newest checkpoint of the log, as the site shows it and as the file that one keeps."""

from datetime import date

from cli.publishing.manifest import Log
from cli.publishing.pages import Seal
from lifecycle.sealing.notes import note_of
from lifecycle.sealing.ports import Seal as Sealed
from lifecycle.sealing.rekeying import name_of
from store.reader import Reader

FILE = "checkpoint.txt"


def log_of(reader: Reader) -> Log:
    """Return how far a program's log goes, and how far it is sealed."""
    seal = reader.last_seal()
    return Log(
        name=name_of(reader),
        entries=reader.leaf_count() + reader.unsealed_count(),
        sealed=seal.size if seal else 0,
        root=seal.root.hex() if seal else None,
    )


def seal_of(reader: Reader, log: Log, day: date) -> Seal:
    """Return the newest checkpoint with the key that signed it; of a log never sealed, none."""
    seal = reader.last_seal()
    if seal is None:
        return Seal(position=log.entries, on=day)
    return Seal(
        position=log.entries,
        on=day,
        note=seal.note.decode(),
        sealed=seal.size,
        root=seal.root.hex(),
        sealed_at=seal.sealed_at,
        key=_key(reader, seal),
    )


def still_holds(reader: Reader, log: Log) -> bool:
    """Whether a log that was published from is this one: the checkpoint of then is one of its own.

    It is not where lines were cut off, or another copy of the database was restored.
    """
    if not log.sealed:
        return True
    seal = reader.seal_covering(log.sealed - 1)
    return seal is not None and (seal.size, seal.root.hex()) == (log.sealed, log.root)


def checkpoint_file(seal: Seal, log: Log) -> bytes:
    """Return the signed note, byte for byte; of a log never sealed, a sentence that says so."""
    if seal.note is not None:
        return seal.note.encode()
    return f"The log {log.name} has not been sealed yet: it has no checkpoint.\n".encode()


def _key(reader: Reader, seal: Sealed) -> str:
    note = note_of(seal.note)
    return next((one.key.vkey for one in reader.public_keys() if note.by(one.key)), "")
