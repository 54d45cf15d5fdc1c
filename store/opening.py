"""Opens a store: finds the database in order, and the program in it."""

from datetime import date

from lifecycle.ports import ProgramRow
from states.canonical import sha256_hex
from states.table import definition
from store.database import Database
from store.programs import choose, programs
from store.store import Store
from store.version import check_version


def open_store(url: str, code: str | None = None) -> Store:
    """Return the store of a program; raises StoreError for what is missing or out of order."""
    database = Database(url)
    try:
        check_version(database)
        return store_on(database, code)
    except BaseException:
        database.close()
        raise


def program_codes(url: str) -> list[str]:
    """Return the codes of a database's programs; raises StoreError like `open_store`."""
    database = Database(url)
    try:
        check_version(database)
        with database.transaction(write=False) as connection:
            return [facts.code for facts in programs(connection)]
    finally:
        database.close()


def store_on(database: Database, code: str | None = None) -> Store:
    """Return the store of a program in a database that was found to be in order."""
    with database.transaction(write=False) as connection:
        facts = choose(connection, database.where, code)
    row = ProgramRow(facts.id, facts.code, facts.sandbox, sha256_hex(definition()))
    return Store(database, row, date.fromisoformat(facts.stands_at) if facts.stands_at else None)
