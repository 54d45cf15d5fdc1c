"""What `lifecycle log key list` and `export` do: show the log's public keys."""

from collections.abc import Sequence

from cli.output.answers import Answer, csv_of, give, give_bytes, shape
from cli.output.sealing import local
from cli.output.shapes import Shape
from cli.output.streams import width
from cli.output.table import Column, table
from cli.output.text import paragraphs
from cli.session import Session, opened
from cli.settings import Reading, Settings
from lifecycle.entry import entry_of
from lifecycle.sealing.ports import KnownKey
from states.codec import decode
from states.notes import KeyChange
from states.problem import InvalidInputError, Problem
from store.reader import Reader

_KEYS = ("id", "name", "since", "by", "n", "vouched", "key")
_COLUMNS = (
    Column("ID"),
    Column("SINCE"),
    Column("BY", flexible=True),
    Column("VOUCHED FOR", flexible=True),
)
_NONE = (
    "This log has no key yet, so that nothing of it is sealed. An admin makes one:"
    " lifecycle log key create"
)


def list_keys(settings: Settings, reading: Reading) -> None:
    """Print the public keys."""
    with opened(settings) as session, session.store.reading() as reader:
        shapes = [_shape(reader, known) for known in reader.public_keys()]
        answer = Answer(
            table=lambda: _text(session, shapes), json=shape(shapes), csv=csv_of(_KEYS, shapes)
        )
        give(settings, reading, answer)


def export_key(settings: Settings, reading: Reading, identifier: str | None) -> None:
    """Print one public key's file."""
    with opened(settings) as session, session.store.reading() as reader:
        known = reader.public_keys()
        ids = tuple(one.key.id.hex() for one in known)
        wanted = [one for one in known if identifier in {None, one.key.id.hex()}]
        if not wanted:
            message = f"there is no key {identifier}" if identifier else "there is no key yet"
            hint = None if known else "an admin makes one: lifecycle log key create"
            problem = Problem("unknown_key", message, key="ID", allowed=ids, hint=hint)
            raise InvalidInputError([problem])
        give_bytes(settings, reading, wanted[-1].key.file.encode(), _shape(reader, wanted[-1]))


def _shape(reader: Reader, known: KnownKey) -> Shape:
    entry = entry_of(next(reader.lines(None, known.n - 1)))
    parts = [part for part in reader.beside(None, known.n) if part.kind == "key"]
    change = decode(KeyChange, parts[0].body) if parts else None
    return {
        "id": known.key.id.hex(),
        "name": known.key.name,
        "since": entry.recorded_at,
        "by": entry.actor.id,
        "n": known.n,
        "vouched": None if change is None or change.replaces is None else change.signed,
        "key": known.key.vkey,
    }


def _text(session: Session, shapes: Sequence[Shape]) -> str:
    if not shapes:
        return paragraphs(_NONE, width()) + "\n"
    words = {None: "the first key", True: "by the key before", False: "by nobody: it was lost"}
    rows = [
        (one["id"], local(one["since"], session.time_zone), one["by"], words[one["vouched"]])
        for one in shapes
    ]
    return f"{table(_COLUMNS, rows)}\nThe last one signs. lifecycle log key export prints it.\n"
