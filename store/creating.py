"""Makes a new database with one program in it: `lifecycle init`."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from guards.policy import Policy
from lifecycle.adoption import adopt
from lifecycle.appointing import found
from lifecycle.errors import StoreError
from lifecycle.order import Order
from lifecycle.ports import ProgramRow
from states.canonical import sha256_hex
from states.table import definition
from store import statements as sql
from store.database import Database
from store.failures import told
from store.migrating import migrate
from store.policies import parse_policy
from store.rows import NOBODY
from store.store import Store
from store.version import APPLICATION_ID

_PROGRAM_ID = 1
_SIDE_FILES = ("", "-wal", "-shm", "-journal")


def create_store(
    url: str, order: Order, policy: bytes, *, sandbox: bool, admin: str | None = None
) -> Store:
    """Make the database, put the policy in force and return the open store.

    Its first admin is who gives the order, or `admin`; a sandbox has one only where it is named.

    In a sandbox the policy is in force from year 1. Raises InvalidInputError for the policy and
    StoreError where there is a database already, or none can be made; nothing is left behind then.
    """
    rules = parse_policy(policy)
    database = Database(url, create=True)
    path = Path(database.where)
    with _folders_only_for_success(path):
        _claim(path)
        try:
            with told(database.where):
                _prepare(database)
            return _fill(database, order, _Founding(rules, policy, sandbox, admin))
        except BaseException:
            database.close()
            for suffix in _SIDE_FILES:
                with suppress(OSError):
                    path.with_name(path.name + suffix).unlink(missing_ok=True)
            raise


@contextmanager
def _folders_only_for_success(path: Path) -> Iterator[None]:
    """Take away again the folders that were made for a database that could not be made."""
    missing = [folder for folder in path.parents if not _is_there(folder)]
    try:
        yield
    except BaseException:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
        raise


def _is_there(folder: Path) -> bool:
    try:
        return folder.exists()
    except OSError:
        return True


def _claim(path: Path) -> None:
    """Make the empty file, readable by its owner alone, and refuse one that is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        if not path.parent.is_dir():
            message = f"no database can be made at {path}: {path.parent} is no folder"
            raise StoreError(message, "unwritable", "name another place with --db") from error
        message = f"there is something at {path} already"
        raise StoreError(message, "exists", "use it, or name another place with --db") from error
    except OSError as error:
        message = f"no database can be made at {path}: {error.strerror}"
        raise StoreError(
            message, "unwritable", "name a place you can write to with --db"
        ) from error


def _prepare(database: Database) -> None:
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql(f"PRAGMA application_id={APPLICATION_ID}")
    migrate(database)


@dataclass(frozen=True, slots=True)
class _Founding:
    rules: Policy
    policy: bytes
    sandbox: bool
    admin: str | None


def _fill(database: Database, order: Order, founding: _Founding) -> Store:
    rules, sandbox = founding.rules, founding.sandbox
    meaning = definition()
    row = ProgramRow(_PROGRAM_ID, rules.program.code, sandbox, sha256_hex(meaning))
    store = Store(database, row, None)
    today = order.today(rules.program.time_zone)
    with database.transaction(write=True) as connection:
        connection.run(
            sql.INSERT_PROGRAM,
            id=row.id,
            code=row.code,
            sandbox=sandbox,
            n=0,
            head=None,
            policy=None,
            time_zone=rules.program.time_zone,
            roles=NOBODY,
            stands_at=today.isoformat() if sandbox else None,
        )
        connection.run(sql.INSERT_DEFINITION, digest=row.definition, body=meaning.decode())
        unit = store.unit_on(connection)
        adopt(unit, order, founding.policy, rules, date.min if sandbox else today)
        if founding.admin or not sandbox:
            found(unit, replace(order, key=None), founding.admin or order.actor.id)
    if sandbox:
        store.stands_at = today
    return store
