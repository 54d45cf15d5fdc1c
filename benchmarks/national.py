"""A national association's database on PostgreSQL: many programs, each with its agreements.

The agreements of one program are proposed, decided, signed, activated and declined in the ordinary
way; the other programs are copies of it under codes of their own. What names a program is written
anew in every copied line, and the hash chains with it, so that each copy is a log that could have
been written, and passes `lifecycle log verify`. The server copies, some programs a statement.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import Table

from states.agreement import Term
from states.calendar import add_years
from states.vocabulary import State
from store.tables import metadata
from tests import postgres
from tests.builders import START, complete_agreement
from tests.stage import Stage, with_cap

PROGRAMS, EACH = 5_000, 200
DUE_EACH = 5
DUE_ON = add_years(START, 3)
"""On this day the terms of so many agreements of each program are over."""

_AT_ONCE = 50
_MIX = (
    (State.ACTIVE, 3, DUE_EACH),
    (State.ACTIVE, 5, 100 - DUE_EACH),
    (State.SIGNED, 5, 5),
    (State.NEGOTIATION, 5, 10),
    (State.PROPOSAL, 5, 30),
    (State.DECLINED, 5, 50),
)
"""How many agreements of a program stand where, with terms of how many years."""

_CHAINED = """
INSERT INTO copied
SELECT g, stream, n, key, line, encode(sha256(convert_to(line, 'UTF8')), 'hex') FROM (
  SELECT c.g, l.stream, l.n, l.idempotency_key AS key, replace(replace(replace(replace(l.line,
    '"program":"TOR"', '"program":"' || own_code || '"'), '"TOR-', '"' || own_code || '-'),
    p.was, p.own), l.prev, coalesce(b.own_head, '')) AS line
  FROM codes c JOIN policies p ON p.g = c.g JOIN lines l ON l.n = %(n)s
  LEFT JOIN copied b ON b.g = c.g AND b.stream = l.stream AND b.n = l.n - 1
) made
"""
_PREPARE = """
CREATE TEMP TABLE lines AS SELECT stream, n, idempotency_key, line,
  coalesce(substring(line from '"prev":"([0-9a-f]{64})"'), 'no line before') AS prev
  FROM entry WHERE program_id = 1;
CREATE TEMP TABLE codes (g INT PRIMARY KEY, own_code TEXT);
CREATE TEMP TABLE policies (g INT PRIMARY KEY, was TEXT, own TEXT);
CREATE TEMP TABLE copied (g INT, stream BIGINT, n BIGINT, key TEXT, line TEXT, own_head TEXT,
  PRIMARY KEY (g, stream, n));
"""
_NAMES = """
TRUNCATE codes, policies, copied;
INSERT INTO codes SELECT g, 'P' || lpad(g::text, 5, '0') FROM generate_series({first}, {last}) g;
INSERT INTO policies SELECT g, digest, encode(sha256(convert_to(
  replace(body, 'code = "TOR"', 'code = "' || own_code || '"'), 'UTF8')), 'hex')
  FROM codes, policy WHERE program_id = 1;
"""
_ROWS = """
INSERT INTO program SELECT (jsonb_populate_record(o, jsonb_build_object(
  'id', c.g, 'code', own_code, 'policy', own, 'head', own_head))).*
  FROM codes c JOIN policies p ON p.g = c.g JOIN program o ON o.id = 1
  JOIN copied d ON d.g = c.g AND d.stream = 0 AND d.n = o.n;
INSERT INTO policy SELECT c.g, own, replace(body, 'code = "TOR"', 'code = "' || own_code || '"')
  FROM codes c JOIN policies p ON p.g = c.g, policy o WHERE o.program_id = 1;
INSERT INTO adoption SELECT g, n, own, effective_on FROM policies, adoption WHERE program_id = 1;
INSERT INTO entry SELECT g, stream, n, line, key FROM copied;
INSERT INTO agreement SELECT (jsonb_populate_record(o, jsonb_build_object(
  'program_id', p.g, 'policy', own, 'head', own_head))).*
  FROM policies p CROSS JOIN agreement o
  JOIN copied d ON d.g = p.g AND d.stream = o.key AND d.n = o.n WHERE o.program_id = 1;
"""
# What waits for its seal is queued by the database itself.
_NOT_AS_IT_IS = {"program", "agreement", "entry", "policy", "adoption", "definition", "unsealed"}
_OTHERS = tuple(table for table in metadata.sorted_tables if table.name not in _NOT_AS_IT_IS)


@contextmanager
def association(folder: Path, programs: int = PROGRAMS, each: int = EACH) -> Iterator[str]:
    """Run a server with the association's database; yields its URL."""
    settings = {
        "max_wal_size": "16GB",
        "shared_buffers": "1GB",
        "checkpoint_timeout": "1h",
        "maintenance_work_mem": "512MB",
    }
    with postgres.running(settings) as server:
        os.environ[postgres.FOLDER], os.environ[postgres.SERVER] = str(folder), server
        stage = one_program(folder, each)
        stage.store.close()
        copy(stage.url, programs)
        yield stage.url


def one_program(folder: Path, each: int = EACH) -> Stage:
    """Return a program of which each agreement was brought where it stands by what people do."""
    stage = Stage(folder, with_cap(2 * EACH, projects_per_year=2 * EACH), backend="postgresql")
    for state, years, share in _MIX:
        for number in range(share * each // EACH):
            term = Term(START, add_years(START, years) - date.resolution)
            title = f"Trade with partner {number + 1} for {years} years"
            stage.reach(state, complete_agreement(title=title, term=term))
            stage.day = min(stage.day, START)
    return stage


def copy(url: str, programs: int) -> None:
    """Copy the first program until there are so many."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("SET search_path = lifecycle, pg_temp")
        connection.execute("SET session_replication_role = replica")
        connection.execute(_PREPARE)
        (longest,) = connection.execute("SELECT max(n) FROM lines").fetchone() or (0,)
        for first in range(2, programs + 1, _AT_ONCE):
            last = min(first + _AT_ONCE - 1, programs)
            with connection.transaction():
                connection.execute(_NAMES.format(first=first, last=last).encode())
                for n in range(1, longest + 1):
                    connection.execute(_CHAINED, {"n": n})
                connection.execute(_ROWS)
                for table in _OTHERS:
                    connection.execute(_copied(table))
        connection.execute("VACUUM ANALYZE")


def _copied(table: Table) -> sql.Composed:
    columns = [sql.Identifier(column.name) for column in table.c if column.name != "program_id"]
    statement = (
        "INSERT INTO {0} (program_id, {1}) SELECT g, {1} FROM codes, {0} WHERE program_id = 1"
    )
    return sql.SQL(statement).format(sql.Identifier(table.name), sql.SQL(", ").join(columns))
