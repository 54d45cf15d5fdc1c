"""Goes back to a backup: an empty place becomes the database that the file holds.

1. the file is looked at, and refused where it is none of ours, newer, cut off or altered;
2. it is copied into the empty place, and upgraded to this release;
3. its whole log is replayed, and refused where it does not agree, unless that is asked for;
4. each program in it says on its own stream from which backup it goes on, and who restored it;
5. outgoing mail is held, so that a database restored twice sends nothing twice;
6. only then is it there: whatever stops it before leaves the place empty.

Roles are not asked (ADR 0018). That the file is the newest there is, nobody here can know.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass

from lifecycle.errors import StoreError
from lifecycle.order import Order, Receipt
from lifecycle.ports import ProgramRow
from lifecycle.restoring import tell_restored
from states.canonical import sha256_hex
from states.notes import Restoration
from states.table import definition
from store.backup.contents import MOST_FINDINGS, Contents, contents_of
from store.backup.source import POSTGRESQL, SQLITE, Source, source_at
from store.connection import Connection
from store.database import Database
from store.migrating import keep_definition
from store.night_sql import HOLD_MAIL
from store.policies import Policies
from store.programs import ProgramFacts, programs
from store.reader import Reader
from store.store import Store
from store.version import HEAD

Orders = Callable[[ProgramFacts], Order]
"""Returns the order in which a program's line is written: who restores it, and when."""


@dataclass(frozen=True, slots=True)
class How:
    """How a backup is restored: for good or as a rehearsal, and what is insisted on."""

    keep: bool = True
    sha256: str | None = None
    despite_findings: bool = False


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: from which file, what it held, and each program's own receipt.

    `held` counts the notices that are held back.
    """

    source: Source
    contents: Contents
    receipts: tuple[Receipt, ...]
    held: int

    @property
    def upgraded(self) -> bool:
        """Whether it was upgraded on the way."""
        return self.source.schema != HEAD


def restore(url: str, file: str, orders: Orders, how: How | None = None) -> Restored:
    """Restore a backup into an empty place; raises StoreError, and leaves that empty then."""
    how = how or How()
    source = source_at(file, how.sha256)
    with closing(Database(url)) as database:
        source.made_for(SQLITE if database.path is not None else POSTGRESQL)
        with _into(database)(database, source, keep=how.keep) as connection:
            held = contents_of(connection, source.schema)
            source.findings += _replayed(connection)
            if source.findings and not how.despite_findings:
                raise _not_in_order(source)
            keep_definition(connection)
            receipts = tuple(_told(connection, database, source, held, orders))
            return Restored(source, held, receipts, hold_mail(connection))


def hold_mail(connection: Connection) -> int:
    """Hold every digest that is still to be sent, until somebody lets it go; returns how many."""
    return connection.run(HOLD_MAIL)()


def _into(database: Database) -> Callable[..., AbstractContextManager[Connection]]:
    if database.path is not None:
        from store.backup import into_sqlite  # noqa: PLC0415 - each kind needs its own alone

        return into_sqlite.restored
    from store.backup import into_postgresql  # noqa: PLC0415 - SQLite's commands need no psycopg

    return into_postgresql.restored


def _replayed(connection: Connection) -> Iterator[str]:
    """Yield what of each program's log does not agree, as `lifecycle db check` finds it."""
    for facts in programs(connection):
        row = ProgramRow(facts.id, facts.code, facts.sandbox, sha256_hex(definition()))
        found = Reader(connection, row, Policies()).verify()
        for number, finding in enumerate(found):
            if number < MOST_FINDINGS:
                yield f"{finding.stream}: {finding.message}"


def _told(
    connection: Connection, database: Database, source: Source, held: Contents, orders: Orders
) -> Iterator[Receipt]:
    """Write each program's line."""
    for facts in programs(connection):
        row = ProgramRow(facts.id, facts.code, facts.sandbox, sha256_hex(definition()))
        newest = next(one.newest for one in held.programs if one.code == facts.code)
        restoration = Restoration(
            source.sha256, newest, held.entries, source.schema, len(source.findings)
        )
        unit = Store(database, row, None).unit_on(connection)
        yield tell_restored(unit, orders(facts), restoration)


def _not_in_order(source: Source) -> StoreError:
    count = len(source.findings)
    more = f" (and {count - 1} more)" if count > 1 else ""
    message = f"{source.path} does not agree with its own log: {source.findings[0]}{more}"
    hint = (
        "use another backup; if there is none, --despite-findings restores it as it is, and says so"
        " on its log"
    )
    return StoreError(message, "not_in_order", hint)
