"""Durable guarded transitions on PostgreSQL, with 1, 2, 4 and 8 writers: ours, and bare psycopg.

Both run on one server, with fsync and synchronous_commit on, in round trips of the same number and
kind: BEGIN with the row's lock, which brings the document of 10 kB along; the places that others
hold; the row's update and the log line in one statement; COMMIT. Statements are prepared in both.
The bare program writes the same line. It runs on the least tables that hold rows, documents and
lines, copied from ours; and once more on our own tables, to tell what their triggers, keys and
indices take from what Python does. Ours is a program with roles, where every guard of `sign` is
asked. Writers are processes, each with agreements of its own.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import Any

import psycopg

from benchmarks.durable import ours
from benchmarks.measure import Result, Taken, Way, spread, timed
from benchmarks.sample import negotiated, order
from benchmarks.writers import Step, together, writers
from lifecycle.appointing import appoint
from states.roles import RoleChange
from states.vocabulary import Role
from store.creating import create_store
from store.policies import shipped_policy
from tests import postgres

ROUNDS = 15
EACH = 40
WRITERS = (1, 2, 4, 8)
MAY_DIFFER = 0.01

_BARE, _SAME = "bare psycopg", "bare psycopg on our tables"

DURABLE = {
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
_LEAST = {
    "lock": """
SELECT a.state, a.version, a.n, a.head, d.body FROM bare.agreement a
JOIN bare.document d ON d.program = a.program AND d.key = a.key AND d.version = a.document
WHERE a.program = 1 AND a.key = %s FOR NO KEY UPDATE OF a
""",
    "count": "SELECT count(*) FROM bare.agreement WHERE program = 1 AND counted AND key <> %s",
    "write": """
WITH moved AS (
    UPDATE bare.agreement SET state = 'signed', version = %(version)s + 1, n = %(n)s + 1,
        head = %(head)s, signed_on = '2027-01-04'
    WHERE program = 1 AND key = %(key)s AND version = %(version)s AND n = %(n)s RETURNING program
), logged AS (
    INSERT INTO bare.entry SELECT program, %(key)s, %(n)s + 1, %(line)s FROM moved RETURNING n
) SELECT count(*) FROM logged
""",
}
_OURS = {
    "lock": """
SELECT a.state, a.version, a.n, a.head, d.body FROM lifecycle.agreement a
JOIN lifecycle.document d ON d.program_id = a.program_id AND d.key = a.key
    AND d.version = a.document_version
WHERE a.program_id = 1 AND a.key = %s FOR NO KEY UPDATE OF a
""",
    "count": "SELECT count(*) FROM lifecycle.agreement"
    " WHERE program_id = 1 AND counted AND key <> %s",
    "write": """
WITH moved AS (
    UPDATE lifecycle.agreement SET state = 'signed', version = %(version)s + 1, n = %(n)s + 1,
        head = %(head)s, signed_on = '2027-01-04', signed_term = 1, moved_n = %(n)s + 1,
        due = '2027-01-04', due_rule = 'term_starts'
    WHERE program_id = 1 AND key = %(key)s AND version = %(version)s AND n = %(n)s
    RETURNING program_id
), noted AS (
    UPDATE lifecycle.term SET signed_on = '2027-01-04' FROM moved
    WHERE term.program_id = moved.program_id AND key = %(key)s AND term = 1
), logged AS (
    INSERT INTO lifecycle.entry SELECT program_id, %(key)s, %(n)s + 1, %(line)s, NULL FROM moved
    RETURNING n
) SELECT count(*) FROM logged
""",
}
_LINE = "SELECT line FROM lifecycle.entry WHERE n = 2 AND stream > 0"
_SIGNED = """
SELECT count(*), sum(n), sum(octet_length(line)) FROM lifecycle.entry
WHERE n = 2 AND stream = ANY(%s)
UNION ALL SELECT count(*), sum(n), sum(octet_length(line)) FROM lifecycle.entry
WHERE n = 2 AND stream = ANY(%s)
UNION ALL SELECT count(*), sum(n), sum(octet_length(line)) FROM bare.entry
WHERE n = 2 AND key = ANY(%s)
"""


def bare(url: str, keys: Sequence[int], line: str, own: Mapping[str, str]) -> Step:
    """Do the same round trips with psycopg alone: the limit."""
    raw = psycopg.connect(url, autocommit=True, prepare_threshold=1)
    cursor = raw.cursor()
    left = iter(keys)

    def step() -> None:
        key = next(left)
        with raw.pipeline():
            raw.cursor().execute("BEGIN", prepare=False)
            cursor.execute(own["lock"], (key,))
        state, version, n, head, _body = cursor.fetchone() or _lost(key)
        (_count,) = cursor.execute(own["count"], (key,)).fetchone() or _lost(key)
        values = {"key": key, "version": version, "n": n, "head": head, "line": line}
        (written,) = cursor.execute(own["write"], values).fetchone() or _lost(key)
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


def run(_folder: Path) -> Iterator[Result]:
    """Measure."""
    with postgres.running(DURABLE) as url:
        needed = [_steps(writer) for writer in range(max(WRITERS))]
        keys = iter(_founded(url, 2 * sum(needed) + 1))
        with psycopg.connect(url, autocommit=True) as admin:
            for statement in _TABLES.strip().split(";\n"):
                admin.execute(statement.encode())
            ours(url, [next(keys)])()
            (line,) = admin.execute(_LINE).fetchone() or _lost(0)
            mine = [list(islice(keys, count)) for count in needed]
            theirs = [list(islice(keys, count)) for count in needed]
            taken = _measured(url, mine, theirs, line)
            alike = _insist_alike(admin, [*chain(*mine)], [*chain(*theirs)])
            yield from _told(taken, alike)


def _steps(writer: int) -> int:
    return EACH * (ROUNDS + 1) * sum(1 for count in WRITERS if count > writer)


def _measured(
    url: str, mine: Sequence[Sequence[int]], theirs: Sequence[Sequence[int]], line: str
) -> Taken:
    with (
        writers(bare, [(url, keys, line, _LEAST) for keys in mine]) as least,
        writers(bare, [(url, keys, line, _OURS) for keys in theirs]) as same,
        writers(ours, [(url, keys) for keys in mine]) as own,
    ):
        ways: dict[str, Way] = {}
        for count in WRITERS:
            ways[f"{_BARE}, {count} writing"] = together(least[:count], EACH)
            ways[f"{_SAME}, {count} writing"] = together(same[:count], EACH)
            ways[f"ours, {count} writing"] = together(own[:count], EACH)
        return timed(ways, ROUNDS)


def _told(taken: Taken, alike: str) -> Iterator[Result]:
    title = "PostgreSQL, durable guarded transitions (trigger sign, 10 kB document, fsync on)"
    for count in WRITERS:
        ends = f", {count} writing"
        some = {name: times for name, times in taken.items() if name.endswith(ends)}
        notes = [
            f"ours at {_quotients(some[way + ends], some['ours' + ends])} of the rate of {way}"
            for way in (_BARE, _SAME)
        ]
        yield Result(f"{title}{ends}", some, EACH * count, "transitions", [*notes, alike])
    gains = [
        f"{way}: {count} writers do {gained} of what one does"
        for way in (_BARE, _SAME, "ours")
        for count in WRITERS[1:]
        for gained in [
            _quotients(taken[f"{way}, 1 writing"], taken[f"{way}, {count} writing"], count)
        ]
    ]
    alone = {f"ours, {count} writing": taken[f"ours, {count} writing"] for count in WRITERS}
    yield Result("PostgreSQL, the same amount a writer by more writers", alone, notes=gains)


def _quotients(over: Sequence[float], under: Sequence[float], times: int = 1) -> str:
    """Return the median of the rounds' quotients, with the least and the most."""
    return spread([times * one / other for one, other in zip(over, under, strict=True)])


def _insist_alike(admin: psycopg.Connection[Any], mine: list[int], theirs: list[int]) -> str:
    """Raise RuntimeError unless the logs hold as many lines, with the same n and alike in size."""
    logs = admin.execute(_SIGNED, (mine, theirs, mine)).fetchall()
    (lines, ns, size), *others = logs
    if any(log[:2] != (lines, ns) or abs(log[2] / size - 1) > MAY_DIFFER for log in others):
        message = f"the logs differ: {logs}"
        raise RuntimeError(message)
    return f"each log: {lines:,} lines of a transition, {size // lines:,} bytes each"
