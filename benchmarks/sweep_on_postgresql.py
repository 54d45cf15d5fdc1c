"""The nightly sweep on PostgreSQL: one set-based statement pair, and ours.

Each night has a program of its own, a copy of the first one with its own chains; all of them stand
in one database. Both connect anew for each night.
"""

from itertools import count

import psycopg

from benchmarks.hosts import nights
from benchmarks.measure import timed
from benchmarks.national import copy
from benchmarks.postgresql import DURABLE
from benchmarks.sample import copying, order
from store.creating import create_store
from store.policies import shipped_policy
from tests import postgres

PAIR = "one set-based statement pair"

_OURS = "-c search_path=lifecycle"
_WHICH = "program_id = %s AND due_rule = 'term_over' AND due <= '2027-01-04'"
_INSERT = f"""
INSERT INTO entry (program_id, stream, n, line)
SELECT program_id, key, n + 1, rpad('x', 1100, 'x') FROM agreement WHERE {_WHICH}
"""  # noqa: S608 - the benchmark's own words
_UPDATE = f"""
UPDATE agreement SET state = 'evaluation', version = version + 1, n = n + 1,
    due = '2027-07-03', due_rule = 'decision_due' WHERE {_WHICH}
"""  # noqa: S608 - the benchmark's own words


def taken(agreements: int, due: int, rounds: int) -> dict[str, list[float]]:
    """Return the seconds that each way took for the nights of programs of this size."""
    with postgres.running(DURABLE) as url:
        store = create_store(url, order(), shipped_policy("toronto-2018"), sandbox=True)
        with psycopg.connect(url, options=_OURS) as connection:
            for statement in copying(store, agreements - due, due):
                connection.execute(statement.encode())
        store.close()
        copy(url, 1 + 2 * (rounds + 1))
        programs = count(2)

        def pair(_number: int) -> None:
            program = (next(programs),)
            with psycopg.connect(url, options=_OURS) as connection:
                inserted = connection.execute(_INSERT.encode(), program).rowcount
                updated = connection.execute(_UPDATE.encode(), program).rowcount
            if (inserted, updated) != (due, due):
                raise RuntimeError(inserted, updated)

        def ours(_number: int) -> None:
            nights(url, [(f"P{next(programs):05}", 0)], due)()

        return timed({PAIR: pair, "ours": ours}, rounds)
