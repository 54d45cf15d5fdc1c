"""What is derived anew from the log when an older database is upgraded.

What earlier releases did not keep, or kept wrong, follows from lines and documents, by the code
that keeps it from then on. Nothing append-only is touched.
"""

from datetime import date

from msgspec.structs import asdict

from lifecycle.ports import ProgramRow
from lifecycle.rederiving import watch_anew
from lifecycle.replay import rebuilt
from states.canonical import sha256_hex
from states.table import definition
from states.terms import TermRow
from store import writes
from store.connection import Connection
from store.policies import Policies
from store.programs import programs
from store.reader import Reader
from store.recomputing import StoredArchive
from store.unit import StoreUnit

_WATCHES = "0003"
"""The form of databases from which on it is kept what the nightly check watches."""

_TERMS = "0004"
"""From which on an attempt to end a term that was refused does not conclude it."""


def derive_anew(connection: Connection, before: str) -> None:
    """Derive what a database of an earlier form lacks or has wrong."""
    policies, meaning = Policies(), sha256_hex(definition())
    for facts in programs(connection):
        row = ProgramRow(facts.id, facts.code, facts.sandbox, meaning)
        if before < _TERMS:
            _terms(connection, Reader(connection, row, policies))
        if before < _WATCHES:
            watch_anew(StoreUnit(connection, row, policies), date.max)


def _terms(connection: Connection, reader: Reader) -> None:
    archive = StoredArchive(reader)
    for key, lines in archive.streams():
        made = rebuilt(lines, archive.sources(key))
        held = list(reader.terms(key))
        for term in made[1] if made else ():
            if term not in held:
                _write(connection, reader.program.id, key, term)


def _write(connection: Connection, program_id: int, key: int, term: TermRow) -> None:
    values = {name: value for name, value in asdict(term).items() if name != "term"}
    columns = tuple(values)
    said = {name: None if value is None else str(value) for name, value in values.items()}
    at = {"program_id": program_id, "at_key": key, "at_term": term.term}
    connection.run(writes.update_term(columns), **at, **said)
