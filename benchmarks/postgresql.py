"""Durable guarded transitions on PostgreSQL: ours against a bare psycopg program with 1, 2, 4 writers.

Both run on one server, with fsync and synchronous_commit on, in round trips of the same number and
kind: BEGIN with the row's lock, which brings the document of 10 kB along; the places that others
hold; the row's update and the log line in one statement; COMMIT. Statements are prepared in both.
The bare program's rows, document and line are copies of ours, in tables without a trigger, a
foreign key or an index of their own. Ours is a program with roles, where every guard of `sign` is
asked. Writers are processes, each with agreements of its own.
"""

import os
import statistics
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.measure import Way, report, timed
from benchmarks.sample import negotiated, order
from benchmarks.writers import Step, together, writers
from lifecycle.advance import advance
from lifecycle.appointing import appoint
from states.ref import Ref
from states.roles import RoleChange
from states.vocabulary import Outcome, Role, Trigger
from store.creating import create_store
from store.opening import open_store
from store.policies import shipped_policy
from tests import postgres

ROUNDS = int(os.environ.get("ROUNDS", "15"))
EACH = 40
WRITERS = (1, 2, 4)
MAY_DIFFER = 0.01

_DURABLE = {
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "autovacuum": "on",
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",
}
_TABLES = """
CREATE SCHEMA bare;
CREATE TABLE bare.agreement (program INT, key BIGINT, state TEXT, version BIGINT, n BIGINT,
    head TEXT, signed_on TEXT, document BIGINT, counted BOOL, PRIMARY KEY (program, key));
CREATE TABLE bare.document (program INT, key BIGINT, version BIGINT, body TEXT,
    PRIMARY KEY (program, key, version));
CREATE TABLE bare.entry (program INT, key BIGINT, n BIGINT, line TEXT,
    PRIMARY KEY (program, key, n));
INSERT INTO bare.agreement SELECT program_id, key, state, version, n, head, NULL, document_version,
    counted FROM lifecycle.agreement;
INSERT INTO bare.document SELECT program_id, key, version, body FROM lifecycle.document;
INSERT INTO bare.entry SELECT program_id, stream, n, line FROM lifecycle.entry WHERE stream > 0;
CREATE INDEX ON bare.agreement (program, counted, key);
VACUUM ANALYZE;
CHECKPOINT;
"""
_LOCK = """
SELECT a.state, a.version, a.n, a.head, d.body FROM bare.agreement a
JOIN bare.document d ON d.program = a.program AND d.key = a.key AND d.version = a.document
WHERE a.program = 1 AND a.key = %s FOR UPDATE OF a
"""
_COUNT = "SELECT count(*) FROM bare.agreement WHERE program = 1 AND counted AND key <> %s"
_WRITE = """
WITH moved AS (
    UPDATE bare.agreement SET state = 'signed', version = %(version)s + 1, n = %(n)s + 1,
        head = %(head)s, signed_on = '2027-01-04'
    WHERE program = 1 AND key = %(key)s AND version = %(version)s AND n = %(n)s RETURNING program
), logged AS (
    INSERT INTO bare.entry SELECT program, %(key)s, %(n)s + 1, %(line)s FROM moved RETURNING n
) SELECT count(*) FROM logged
"""
_LINE = "SELECT line FROM lifecycle.entry WHERE n = 2 AND stream > 0"
_SIGNED = "SELECT count(*), sum(n), sum(octet_length(line)) FROM {}.entry WHERE n = 2 AND {} > 0"


def ours(url: str, keys: Sequence[int]) -> Step:
    """Sign through the library: roles, all guards, the machine, a canonical line, hashes."""
    store = open_store(url)
    left = iter(keys)

    def step() -> None:
        with store.unit() as unit:
            ref = Ref.of(store.program.code, next(left))
            receipt = advance(unit, order("ben"), ref, Trigger.SIGN)
        if receipt.outcome is not Outcome.OK:
            raise RuntimeError(receipt)

    return step


def bare(url: str, keys: Sequence[int], line: str) -> Step:
    """Do the same round trips with psycopg alone: the limit."""
    raw = psycopg.connect(url, autocommit=True, prepare_threshold=1)
    cursor = raw.cursor()
    left = iter(keys)

    def step() -> None:
        key = next(left)
        with raw.pipeline():
            raw.cursor().execute("BEGIN", prepare=False)
            cursor.execute(_LOCK, (key,))
        state, version, n, head, _body = cursor.fetchone() or _lost(key)
        (_count,) = cursor.execute(_COUNT, (key,)).fetchone() or _lost(key)
        values = {"key": key, "version": version, "n": n, "head": head, "line": line}
        (written,) = cursor.execute(_WRITE, values).fetchone() or _lost(key)
        if (state, written) != ("negotiation", 1):
            _lost(key)
        cursor.execute("COMMIT", prepare=False)

    return step


def _lost(key: int) -> Any:  # noqa: ANN401 - never returns
    raise LookupError(key)


def _founded(url: str, count: int) -> list[int]:
    """Found a program with roles, and bring agreements to their signing; returns their keys."""
    policy = shipped_policy("toronto-2018")
    store = create_store(url, order("root"), policy, sandbox=False, admin="root")
    for name, role in (("anna", Role.STAFF), ("ben", Role.DECIDER), ("cleo", Role.STAFF)):
        with store.unit() as unit:
            appoint(unit, order("root"), RoleChange(name, role, granted=True))
    keys = [ref.key for ref in negotiated(store, count)]
    store.close()
    return keys


def run(_folder: Path) -> None:
    """Measure and print."""
    with postgres.running(_DURABLE) as url:
        needed = [_steps(writer) for writer in range(max(WRITERS))]
        keys = iter(_founded(url, sum(needed) + 1))
        with psycopg.connect(url, autocommit=True) as admin:
            for statement in _TABLES.strip().split(";\n"):
                admin.execute(statement.encode())
            first = [next(keys)]
            ours(url, first)()
            (line,) = admin.execute(_LINE).fetchone() or _lost(0)
            bare(url, first, line)()
            shares = [list(islice(keys, count)) for count in needed]
            _measured(url, shares, line)
            _alike(admin)


def _steps(writer: int) -> int:
    return EACH * (ROUNDS + 1) * sum(1 for count in WRITERS if count > writer)


def _measured(url: str, shares: Sequence[Sequence[int]], line: str) -> None:
    with (
        writers(bare, [(url, share, line) for share in shares]) as theirs,
        writers(ours, [(url, share) for share in shares]) as mine,
    ):
        ways: dict[str, Way] = {}
        for count in WRITERS:
            ways[f"bare psycopg, {count} writing"] = together(theirs[:count], EACH)
            ways[f"ours, {count} writing"] = together(mine[:count], EACH)
        taken = timed(ways, ROUNDS)
    loads = ", ".join(f"{load:.1f}" for load in os.getloadavg())
    for count in WRITERS:
        some = {name: times for name, times in taken.items() if name.endswith(f" {count} writing")}
        title = "PostgreSQL, durable guarded transitions (trigger sign, 10 kB document, fsync on)"
        report(f"{title}; load {loads}", some, EACH * count, "transitions")
    for way in ("bare psycopg", "ours"):
        first, *more = ([count / t for t in taken[f"{way}, {count} writing"]] for count in WRITERS)
        for count, rates in zip(WRITERS[1:], more, strict=True):
            gains = [rate / one for rate, one in zip(rates, first, strict=True)]
            spread = f"({min(gains):.2f} .. {max(gains):.2f})"
            print(f"  {way}: {count} writers do {statistics.median(gains):.2f} x of one  {spread}")


def _alike(admin: psycopg.Connection[Any]) -> None:
    """Raise RuntimeError unless both logs hold as many lines, with the same n and alike in size."""
    signed = admin.execute(_SIGNED.format("lifecycle", "stream")).fetchone() or _lost(0)
    theirs = admin.execute(_SIGNED.format("bare", "key")).fetchone() or _lost(0)
    if signed[:2] != theirs[:2] or abs(signed[2] / theirs[2] - 1) > MAY_DIFFER:
        message = f"the logs differ: {signed} and {theirs}"
        raise RuntimeError(message)
    print(f"  each log: {signed[0]:,} lines of a transition, {signed[2] // signed[0]:,} bytes each")
