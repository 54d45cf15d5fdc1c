"""A national association's database on PostgreSQL: many programs, each with its agreements.

The agreements of one program are proposed, decided, signed, activated and declined in the ordinary
way; the other programs are copies of it under codes of their own. What names a program is written
anew in every copied line, and the hash chains with it, so that each copy is a log that could have
been written, and passes `lifecycle log verify`. The server copies, some programs a statement, as
many statements at once as it has cores; its triggers stand meanwhile, and take each row or refuse
it. Only foreign keys are not asked.
"""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Table

from benchmarks.postgresql import DURABLE
from states.agreement import Milestone, Term
from states.calendar import add_years
from states.vocabulary import State
from store.tables import metadata
from tests import postgres
from tests.builders import START, complete_agreement
from tests.stage import Stage, with_cap

PROGRAMS, EACH = 5_000, 200
STARTING = 5
"""So many agreements of each program are signed, and their terms have begun."""

_AT_ONCE, _CONNECTIONS = 50, 2
_MISSION = date(2028, 10, 1)
_MIX = (
    (State.ACTIVE, 3, 40),
    (State.ACTIVE, 5, 60),
    (State.SIGNED, 5, STARTING),
    (State.NEGOTIATION, 5, 15),
    (State.PROPOSAL, 5, 30),
    (State.DECLINED, 5, 50),
)
"""Which share of a program's agreements stands where, with terms of how many years."""

_PREPARE = """
SET search_path = lifecycle, pg_temp;
SET session_replication_role = replica;
SET synchronous_commit = off;
CREATE TEMP TABLE lines AS SELECT stream, n, idempotency_key, line,
  coalesce(substring(line from '"prev":"([0-9a-f]{64})"'), 'no line before') AS prev
  FROM entry WHERE program_id = 1;
CREATE TEMP TABLE copies (id INT PRIMARY KEY, own_code TEXT, was TEXT, own TEXT);
CREATE TEMP TABLE copied (id INT, stream BIGINT, n BIGINT, own_key TEXT, own_line TEXT,
  own_head TEXT, PRIMARY KEY (id, stream, n));
"""
_BODY = """replace(body, 'code = "TOR"', 'code = "' || own_code || '"')"""
_NAMED = f"""
TRUNCATE copies, copied;
INSERT INTO copies SELECT id, own_code, digest, encode(sha256(convert_to({_BODY}, 'UTF8')), 'hex')
  FROM policy, generate_series({{first}}, {{last}}) id, lpad(id::text, 5, '0') number,
    concat('P', number) own_code WHERE program_id = 1;
"""  # noqa: S608 - own words
_CHAINED = """
INSERT INTO copied
SELECT id, stream, n, key, line, encode(sha256(convert_to(line, 'UTF8')), 'hex') FROM (
  SELECT c.id, l.stream, l.n, l.idempotency_key AS key, replace(replace(replace(replace(l.line,
    '"program":"TOR"', '"program":"' || own_code || '"'), '"TOR-', '"' || own_code || '-'),
    was, own), l.prev, coalesce(b.own_head, '')) AS line
  FROM copies c JOIN lines l ON l.n = %(n)s
  LEFT JOIN copied b ON b.id = c.id AND b.stream = l.stream AND b.n = l.n - 1
) made
"""
_LAST = "copied d ON d.id = c.id AND d.n = o.n AND d.stream"
_OWN: Mapping[str, tuple[Mapping[str, str], str]] = {
    "program": (
        {"id": "c.id", "code": "own_code", "policy": "own", "head": "own_head"},
        f"JOIN program o ON o.id = 1 JOIN {_LAST} = 0",
    ),
    "policy": ({"digest": "own", "body": _BODY}, "JOIN policy o ON program_id = 1"),
    "adoption": ({"digest": "own"}, "JOIN adoption o ON program_id = 1"),
    "entry": ({"line": "own_line", "idempotency_key": "own_key"}, "JOIN copied o USING (id)"),
    "agreement": (
        {"policy": "own", "head": "own_head"},
        f"JOIN agreement o ON program_id = 1 JOIN {_LAST} = key",
    ),
}
"""What a copied row has of its own beside its program's number, and what it is copied from."""

# A definition stands for all programs; what waits for its seal is queued by the database itself.
_AS_IT_IS = metadata.tables.keys() - _OWN.keys() - {"definition", "unsealed"}


@contextmanager
def association(folder: Path, programs: int = PROGRAMS, each: int = EACH) -> Iterator[str]:
    """Run a server with the association's database; yields its URL."""
    settings = {
        **DURABLE,
        "max_wal_size": "8GB",
        "shared_buffers": "1GB",
        "checkpoint_timeout": "1h",
        "maintenance_work_mem": "512MB",
    }
    with postgres.running(settings) as server:
        os.environ[postgres.FOLDER], os.environ[postgres.SERVER] = str(folder), server
        yield founded(folder, programs, each)


def founded(folder: Path, programs: int, each: int = EACH) -> str:
    """Make another database with so many programs on the same server; returns its URL."""
    stage = one_program(folder, each)
    stage.store.close()
    copy(stage.url, programs)
    return stage.url


def one_program(folder: Path, each: int = EACH) -> Stage:
    """Return a program of which each agreement was brought where it stands by what people do."""
    stage = Stage(folder, with_cap(2 * EACH, projects_per_year=2 * EACH), backend="postgresql")
    for state, years, share in _MIX:
        for number in range(share * each // EACH):
            term = Term(START, add_years(START, years) - date.resolution)
            document = complete_agreement(
                title=f"Trade with partner {number + 1} for {years} years",
                term=term,
                milestones=(Milestone("First mission", due=_MISSION),),
            )
            stage.reach(state, document)
            stage.day = min(stage.day, START)
    return stage


def copy(url: str, programs: int) -> None:
    """Copy the first program until there are so many."""
    # Both take from one iterator, so that rows come to the end of each index.
    starts = iter(range(2, programs + 1, _AT_ONCE))
    with ThreadPoolExecutor(_CONNECTIONS) as pool:
        for done in [pool.submit(_copy, url, starts, programs) for _ in range(_CONNECTIONS)]:
            done.result()
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("VACUUM ANALYZE")
        connection.execute("CHECKPOINT")


def _copy(url: str, starts: Iterator[int], programs: int) -> None:
    # Lines come first: texts stand beside a line that is there.
    statements = [_rows(metadata.tables[name]) for name in [*_OWN, *sorted(_AS_IT_IS)]]
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(_PREPARE)
        (longest,) = connection.execute("SELECT max(n) FROM lines").fetchone() or (0,)
        for first in starts:
            last = min(first + _AT_ONCE - 1, programs)
            with connection.transaction():
                connection.execute(_NAMED.format(first=first, last=last).encode())
                for n in range(1, longest + 1):
                    connection.execute(_CHAINED, {"n": n})
                for statement in statements:
                    connection.execute(statement)


def _rows(table: Table) -> sql.SQL:
    """Return the statement that copies a table's rows of the first program."""
    own, source = _OWN.get(table.name, ({}, f"JOIN {table.name} o ON program_id = 1"))
    values = {"program_id": "c.id", **own}
    columns = [column.name for column in table.c]
    copied = ", ".join(values.get(name, f"o.{name}") for name in columns)
    insert = f"INSERT INTO {table.name} ({', '.join(columns)})"
    return sql.SQL(f"{insert} SELECT {copied} FROM copies c {source}")  # noqa: S608 - own words
