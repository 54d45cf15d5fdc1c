"""A program of as many agreements as are wanted, on SQLite, whose log is true.

Twenty agreements are taken over or proposed in the ordinary way, each with a partner of its own.
The others are copies of them under references of their own, with their lines chained anew: a log
that could have been written, and passes `lifecycle log verify`.
"""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from sqlalchemy import Table

from benchmarks.sample import DAY, agreement, order, sandbox
from lifecycle.drafting import propose
from lifecycle.entry import digest_of
from lifecycle.sheets import record
from lifecycle.takeover import take_over
from states.agreement import TakenOver
from states.records import Record
from states.ref import Ref
from states.vocabulary import State
from store import tables
from store.store import Store

MODELS = 20
_PROPOSED, _MEMORANDA, _OVER = {0, 1}, {2, 3}, {4}
_A_YEAR = 100_000
_EXTENDS = "SELECT sql FROM sqlite_master WHERE name = 'entry_extends'"
_OTHERS = (
    *(tables.document, tables.beside, tables.term),
    *(tables.watch, tables.project, tables.commitment),
)

Row = tuple[Any, ...]


def program(path: Path, agreements: int) -> Path:
    """Make the program; of twenty agreements two are proposed, two memoranda, one is evaluated.

    `agreements` is a number of times twenty.
    """
    store = sandbox(path)
    models = list(_models(store))
    store.close()
    with closing(sqlite3.connect(path)) as connection:
        # Nothing of it has to survive a crash, and each line is its stream's next one by making.
        connection.execute("PRAGMA journal_mode = OFF")
        (extends,) = connection.execute(_EXTENDS).fetchone()
        connection.execute("DROP TRIGGER entry_extends")
        _copy(connection, models, agreements // MODELS - 1)
        connection.execute(extends)
        connection.execute("ANALYZE")
        connection.commit()
        connection.execute("PRAGMA journal_mode = WAL")
    return path


def _models(store: Store) -> Iterator[Ref]:
    for number in range(MODELS):
        document = agreement(number, 1_000)
        with store.unit() as unit:
            if number in _PROPOSED:
                yield Ref.parse(propose(unit, order(), document).ref)
                continue
            kind = "mou" if number in _MEMORANDA else "partnership"
            state = State.EVALUATION if number in _OVER else State.ACTIVE
            origin = TakenOver("2026-05-06", "The City Clerk's archive.")
            own = replace(document, type=kind, taken_over=origin)
            ref = Ref.parse(take_over(unit, order(), own, state).ref)
            record(unit, order(), ref, Record("activity", DAY, "A mission of nine firms."))
            yield ref


def _copy(connection: sqlite3.Connection, models: Sequence[Ref], times: int) -> None:
    def copies() -> Iterator[tuple[Ref, Ref]]:
        for number in range(MODELS, MODELS * (times + 1)):
            own = Ref("TOR", 2028 + number // _A_YEAR, number % _A_YEAR + 1)
            yield models[number % MODELS], own

    lines = {ref: [row[3] for row in _rows(connection, tables.entry, ref)] for ref in models}
    entries = (
        (1, own.key, n, line, None)
        for ref, own in copies()
        for n, line in enumerate(_chained(lines[ref], ref, own), 1)
    )
    _insert(connection, tables.entry, entries)
    head = list(tables.agreement.c).index(tables.agreement.c.head)
    of = {ref: _rows(connection, tables.agreement, ref)[0] for ref in models}
    agreements = (
        (1, own.key, *of[ref][2:head], digest_of(last.encode()), *of[ref][head + 1 :])
        for ref, own in copies()
        for last in _chained(lines[ref], ref, own)[-1:]
    )
    _insert(connection, tables.agreement, agreements)
    for table in _OTHERS:
        rows = {ref: _rows(connection, table, ref) for ref in models}
        copied = ((1, own.key, *row[2:]) for ref, own in copies() for row in rows[ref])
        _insert(connection, table, copied)
    connection.commit()


def _chained(lines: Sequence[str], was: Ref, own: Ref) -> list[str]:
    """Return an agreement's lines as another one's, each with the digest of the one before."""
    made: list[str] = []
    for line in lines:
        text = line.replace(f'"{was}"', f'"{own}"')
        if made:
            before = digest_of(lines[len(made) - 1].encode())
            text = text.replace(before, digest_of(made[-1].encode()))
        made.append(text)
    return made


def _rows(connection: sqlite3.Connection, table: Table, ref: Ref) -> list[Row]:
    """Return an agreement's rows of a table, program and key first."""
    names = ", ".join(column.name for column in table.c)
    key = table.c[1].name
    found = connection.execute(f"SELECT {names} FROM {table.name} WHERE {key} = ?", [ref.key])  # noqa: S608 - own words
    return found.fetchall()


def _insert(connection: sqlite3.Connection, table: Table, rows: Iterable[Row]) -> None:
    names = [column.name for column in table.c]
    values = ", ".join("?" * len(names))
    connection.executemany(
        f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({values})",  # noqa: S608 - own words
        rows,
    )
